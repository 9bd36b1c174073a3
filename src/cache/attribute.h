/* attribute - whose hand was on the door: how an event gets its name.
 *
 * attribute() is pure: put_event.c looks up what it asks for and gives it the facts. The rules, in
 * order:
 *   1. the server names the code: its name                                  REPORTED
 *   2. the server gives the PIN, and exactly one code on the lock has it    BY_PIN
 *   3. by hand, remotely, by card, by itself                                BY_METHOD
 *   4. a keypad, and a brand that never names the code:
 *      exactly one code was valid then                                      INFERRED
 *   5. refused, and exactly one code of the lock began or ended near then   INFERRED, with why
 *   6. else                                                                 UNKNOWN, with why */
#ifndef KEYRACK_CACHE_ATTRIBUTE_H
#define KEYRACK_CACHE_ATTRIBUTE_H

#include "core/event.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "core/zone.h"

struct who_code {
	int64_t code_no;  /* 0: none */
	const char *name; /* NULL: has none */
};

/* Valid codes are counted no further than this: a staff door may have thousands. */
#define WHO_VALID_MAX 50

/* So far from its start or end somebody tries a code in good faith. */
#define WHO_NEAR_MS (6 * HOUR_MS)
enum who_near { WHO_NEAR_START, WHO_NEAR_END, WHO_NEAR_REMOVED };

struct who_facts {
	const struct event *event;
	enum event_kind kind;
	const struct traits *traits;  /* of the lock; NULL: type not known */
	struct who_code named;        /* the code of event->access_code_id, where known here */
	int pin_holders;              /* codes on the lock with event->code; of_pin when it is 1 */
	struct who_code of_pin;
	int valid;                    /* codes valid at that moment, at most WHO_VALID_MAX + 1;
					 only_valid when it is 1 */
	struct who_code only_valid;
	/* Of a refused entry: codes of which the guest might have been too early or too late. */
	int near;                     /* counted to 2; the others are of it when it is 1 */
	struct who_code of_near;
	enum who_near near_how;
	struct instant near_at;       /* its start, its end, or when it was removed */
	const struct zone *zone;      /* of the lock; NULL: not known */
};

#define WHO_WHY_MAX 120
struct who {
	enum attribution how;
	int64_t code_no;
	const char *name;      /* NULL: none */
	char why[WHO_WHY_MAX]; /* "" where nothing needs to be said */
};

/* True when the rules come down to which codes were valid: the lookup is not free. */
bool attribute_needs_valid(const struct who_facts *f);
/* The same of the codes that begin or end about then. */
bool attribute_needs_near(const struct who_facts *f);
struct who attribute(const struct who_facts *f);

#endif
