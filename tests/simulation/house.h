/* house - one property in simulation: locks, keyrackd over them, and what was promised to whom.
 *
 * The locks are the simulated ones and outlive keyrackd, which can die at any write and comes back
 * later. Between the two is the gate (gate.h), which loses, delays and doubles. Requests go to the
 * server's own dispatch; what it acknowledged is kept as a promise, and judge.h compares. */
#ifndef KEYRACK_TESTS_SIMULATION_HOUSE_H
#define KEYRACK_TESTS_SIMULATION_HOUSE_H

#include <jansson.h>

#include "drivers/sim.h"
#include "server/server.h"
#include "tests/simulation/density.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/gate.h"
#include "tests/simulation/world.h"

/* What was acknowledged of one code. */
struct promise {
	char *access_code_id, *device_id;
	char *pin;                         /* NULL: not known yet */
	struct instant starts_at, ends_at; /* NONE: ongoing */
	bool native, edited, deleted, offline;
	bool unsure;                       /* the last answer was lost: either is right */
	int64_t deleted_ms;                /* world_mono_ms */
};

#define DESKS 2

struct desk;
struct house {
	uint64_t seed;
	const struct density *density;
	struct desk *desk[DESKS];          /* NULL: has not been opened yet */
	char *folder, *property, *url;
	struct clock *clock;
	struct driver *locks;
	struct gate *gate;
	struct store *store;               /* NULL: keyrackd is down */
	struct engine *engine;
	struct server *server;
	char *key;
	struct disk disk;
	int64_t disk_well_ms;              /* since when */
	bool power;                        /* the next death is a power cut */
	int64_t up_at_ms;                  /* when it comes back */
	uint64_t dice;                     /* of power cuts and how long one is down */
	GHashTable *promises;              /* id -> struct promise */
	GHashTable *troubled;              /* device_id -> int64_t *: not calm before */
	GPtrArray *pending;                /* struct later */
	int64_t clock_wrong_ms;            /* the host's, against the locks' */
	int64_t seen_seq;
	int64_t judged_writes;             /* what had been written when it was judged last */
	int64_t wrong_until_ms;            /* the host's clock was wrong lately */
	/* figures */
	int64_t calls, refused, unanswered, deaths, judged, opened, entered;
};

struct house *house_new(uint64_t seed, const struct density *density);
void house_free(struct house *h);
/* So much time passes; what is to end meanwhile ends. */
void house_run(struct house *h, int64_t ms);
/* The same, but no longer than until *over, which whoever sets it tells world_halt. */
void house_run_until(struct house *h, int64_t ms, const bool *over);
/* As kill -9, or a power cut, now. */
void house_kill(struct house *h);
bool house_is_up(const struct house *h);

/* POST path. body is taken over. The answer (freed with json_decref), NULL: none came, *status 0 when
 * it certainly did not arrive, -1 when it may have been carried out. */
json_t *house_call(struct house *h, const char *path, json_t *body, int *status);

/* fn after so much time, whatever else happens. The device may be NULL. */
typedef void house_later_fn(struct house *h, const char *device_id, int64_t value);
void house_later(struct house *h, int64_t ms, house_later_fn *fn, const char *device_id, int64_t value);

/* Nothing is expected of this lock for so long. NULL: of all. */
void house_disturb(struct house *h, const char *device_id, int64_t ms);
int64_t house_calm_ms(struct house *h, const char *device_id); /* for how long it has been calm */

struct sim_lock *house_lock(struct house *h, uint64_t *dice);
guint house_locks(const struct house *h);
struct sim_lock *house_lock_at(const struct house *h, guint i);
struct promise *house_promise(struct house *h, uint64_t *dice, const char *device_id); /* alive; NULL */

#endif
