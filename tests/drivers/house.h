/* house - a property of its own for each test, with a clock that stands still, and what its locks
 * have told. */
#ifndef KEYRACK_TESTS_DRIVERS_HOUSE_H
#define KEYRACK_TESTS_DRIVERS_HOUSE_H

#include "tests/core/rows.h"

#include <glib/gstdio.h>

#include "core/jsonin.h"
#include "drivers/simulated.h"

#define NOON "2026-01-05T12:00:00Z"

struct house {
	struct clock *clock;
	struct driver *driver;
	GString *told, *said; /* a line for everything that a lock has told */
	GHashTable *ids;      /* name -> device_id */
	char *folder, *property, *memory;
	const struct lock_system *system; /* of the lock told last */
};

/* property: the file's text, without [property]. */
struct house *house_new(const char *property, uint64_t seed);
struct house *house_on(const char *path, uint64_t seed, bool people);
/* The same locks again, as after a restart; the clock stands where it stood. */
void house_restart(struct house *h);
void house_free(struct house *h);
DEFINE_OWN(struct house, house, house_free)

const char *house_id(struct house *h, const char *name);
/* The lines told since the last time that was asked. Lent until then. */
const char *house_told(struct house *h);

/* A request, and the clock moved until it is answered. */
struct house_answer {
	bool answered;
	enum driver_result result;
	char text[128], handle[16], pin[PIN_MAX + 1];
	int64_t took_ms;
	GString *codes; /* of a read: "handle pin name starts ends enabled" a line */
};
void house_answer_clear(struct house_answer *a);
struct house_answer house_set(struct house *h, const char *name, const char *handle,
			      const struct on_lock *code);
struct house_answer house_remove(struct house *h, const char *name, const char *handle);
struct house_answer house_read(struct house *h, const char *name);
struct house_answer house_turn(struct house *h, const char *name, bool unlock);

bool house_opens(struct house *h, const char *name, const char *pin);
void house_until(struct house *h, const char *iso); /* moves the clock on to then */
char *house_json(struct house *h, const char *name, const char *path); /* of simulated_lock_json */

#define assert_text(got, want) ROW_TEXT(#got, got, want)

#endif
