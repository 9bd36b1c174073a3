/* sim - what the files of the simulated driver share.
 *
 * A lock is memory, clock and keypad (sim_lock.c); what reaches it goes through its radio
 * (sim_radio.c); what it tells goes through sim_tell_* (sim_tell.c), which keep it back while the
 * lock has no connection. Whatever changes in a lock is written down (sim_memory.c) at once. */
#ifndef KEYRACK_DRIVERS_SIM_H
#define KEYRACK_DRIVERS_SIM_H

#include "core/own.h"
#include "core/zone.h"
#include "drivers/simulated.h"

/* ---- chance: one stream per lock, so that a lock more does not change what the others do ---- */
uint64_t sim_dice_seed(uint64_t seed, const char *name);
uint64_t sim_dice(uint64_t *state);
int64_t sim_dice_between(uint64_t *state, int64_t low, int64_t high); /* both included */
bool sim_dice_hits(uint64_t *state, unsigned percent);

/* ---- how a lock system behaves beyond what planning needs to know ---- */
struct sim_nature {
	const char *device_type;
	const char *model;
	int latency_min_ms, latency_max_ms; /* from asking to the answer */
	int deny_after;	 /* wrong PINs in a row that it reports; 0: it never does */
	int block_after; /* wrong PINs in a row that block the keypad; 0: never */
	int block_ms;
	int relock_ms; /* locks itself again; 0: never */
	bool can_lock;
	bool refuses_long_names; /* else it cuts them */
	bool hides_foreign_pins; /* of codes made in the maker's app */
};
const struct sim_nature *sim_nature_of(const char *device_type);

enum sim_fault {
#define AS_ENUM(id, name) SIM_##id,
	SIMULATED_FAULTS(AS_ENUM)
#undef AS_ENUM
		SIM_FAULT_COUNT
};
#define SIM_BIT(fault) (1u << (fault))
const char *sim_fault_name(unsigned fault);
int sim_fault_of(const char *name); /* -1 */

struct sim_code {
	unsigned handle; /* never used twice in the life of a lock */
	char *pin, *name;
	struct instant starts_at, ends_at;
	bool enabled;
	bool foreign; /* made in the maker's app */
};

/* An offline code that has been typed: alive for good, or, if it was for once, dead. */
struct sim_entered {
	char pin[PIN_MAX + 1];
	struct instant starts_at, ends_at;
};

struct sim_account {
	char *account_id, *name, *device_type;
};

struct sim;
struct sim_job;
struct sim_lock {
	struct sim *sim;
	char *device_id, *name, *room, *model, *serial, *token;
	const struct zone *zone;
	const struct sim_account *account;
	const struct sim_nature *nature;
	struct lock_system system; /* this unit's */
	/* from the property file */
	int battery_pct;
	int64_t late_ms; /* its clock is so much behind */
	double opens_per_hour;
	bool relocks, has_keypad;
	int relock_ms;
	/* its memory */
	GPtrArray *codes;     /* struct sim_code, by handle */
	GArray *entered;      /* struct sim_entered */
	GHashTable *assigned; /* PINs that its provider has chosen, where it chooses */
	unsigned next_handle;
	unsigned faults; /* SIM_BIT */
	bool locked;
	bool remembered; /* it was in the memory file: what the property file says of the
			    beginning is long over */
	/* its keypad and motor, which a power cut makes forget */
	int wrong_in_row;
	struct instant blocked_until;
	uint64_t relock_timer;
	/* its radio */
	uint64_t dice;
	GQueue jobs;   /* struct sim_job; the first is under way */
	GQueue unsaid; /* struct sim_said, kept back while there is no connection */
	bool codes_changed_unsaid;
};

struct sim {
	struct driver driver; /* first: a struct driver * is a struct sim * */
	uint64_t seed;
	bool started;
	bool people;
	int people_times; /* 1: as the property file says */
	char *property_name;
	GPtrArray *locks;  /* struct sim_lock, as in the file */
	GHashTable *by_id; /* device_id -> struct sim_lock */
	GPtrArray *accounts;
	GStringChunk *chunk;
	struct instant born;	   /* the first start of these locks */
	GArray *stays;		   /* struct simulated_code */
	struct sim_memory *memory; /* NULL: not kept */
	GPtrArray *visits;	   /* struct sim_visit: one for each door that people use */
	GQueue refusals;	   /* struct sim_refusal, about to be told */
};

static inline struct sim *sim_of(struct driver *d)
{
	return (struct sim *)d;
}
struct sim_lock *sim_find(struct sim *sim, const char *device_id, GError **err);
bool sim_has(const struct sim_lock *lock, enum sim_fault fault);
bool sim_reachable(const struct sim_lock *lock);

/* ---- property: the file ---- */
/* The locks, as they are built. */
bool sim_property_locks(struct sim *sim, GKeyFile *file, const char *path, GError **err);
/* What counts from when these locks were new (sim->born): the codes to be declared. sim_stays.c */
bool sim_property_stays(struct sim *sim, GKeyFile *file, const char *path, GError **err);
/* What a lock that has no memory yet holds from the beginning: codes made by hand, faults. */
bool sim_property_contents(struct sim *sim, GKeyFile *file, const char *path, GError **err);
/* "-2 15:00", "in 45 min", "in 45 min + 3 d", counted from born. */
bool sim_time_parse(const char *text, const struct zone *zone, struct instant born,
		    struct instant *out);
/* For readers of values: a CONFIG error that says file, group and key. Returns false. */
bool sim_property_wrong(GError **err, const char *path, const char *group, const char *key,
			const char *must);
/* The groups of one kind, "lock " or "code ". Free with g_strfreev. */
char **sim_property_groups(GKeyFile *file, const char *prefix);
bool sim_property_known(GKeyFile *file, const char *path, const char *group,
			const char *const *keys, GError **err);
struct sim_lock *sim_property_door(struct sim *sim, const char *name);

/* ---- lock: memory, clock, keypad ---- */
struct sim_lock *sim_lock_new(struct sim *sim, const char *name);
void sim_lock_free(struct sim_lock *lock);
struct instant sim_lock_clock(const struct sim_lock *lock);
struct sim_code *sim_lock_code(const struct sim_lock *lock, const char *handle);
struct sim_code *sim_lock_code_of_pin(const struct sim_lock *lock, const char *pin);
bool sim_lock_opens(const struct sim_lock *lock, const struct sim_code *code);
/* What came of a request; text is static. */
struct sim_outcome {
	enum driver_result result;
	const char *text;
	struct sim_code *code;
};
struct sim_outcome sim_lock_set(struct sim_lock *lock, const char *handle,
				const struct on_lock *code, bool foreign);
struct sim_outcome sim_lock_remove(struct sim_lock *lock, const char *handle);
/* True: it opens. *code is the one that did it (NULL for an offline code), *reason otherwise. */
bool sim_lock_type(struct sim_lock *lock, const char *pin, struct sim_code **code,
		   const char **reason);
/* Puts a code there as it is, for the memory file and the property. Takes nothing over. */
struct sim_code *sim_lock_put(struct sim_lock *lock, const struct sim_code *code);
void sim_lock_drop(struct sim_lock *lock, unsigned handle);
bool sim_lock_has_entered(const struct sim_lock *lock, const char *pin, struct instant starts_at);
void sim_lock_note_entered(struct sim_lock *lock, const struct sim_entered *e);

/* ---- door: the bolt, and typing with everything that follows ---- */
enum driver_result sim_door_turn(struct sim_lock *lock, bool unlock, const char *method,
				 const struct sim_code *code);
bool sim_door_type(struct sim_lock *lock, const char *pin);
void sim_door_start(struct sim_lock *lock); /* an open one locks itself again */

/* ---- radio ---- */
void sim_radio_read(struct driver *d, const char *device_id, driver_done *done, void *ctx);
void sim_radio_set(struct driver *d, const char *device_id, const char *handle,
		   const struct on_lock *code, driver_done *done, void *ctx);
void sim_radio_remove(struct driver *d, const char *device_id, const char *handle,
		      driver_done *done, void *ctx);
void sim_radio_turn(struct driver *d, const char *device_id, bool unlock, driver_done *done,
		    void *ctx);
void sim_radio_auto_lock(struct driver *d, const char *device_id, bool enabled, int delay_s,
			 driver_done *done, void *ctx);
/* Requests under way stay without an answer. */
void sim_radio_drop(struct sim_lock *lock);
void sim_radio_drop_refusals(struct sim *sim);

/* ---- telling ---- */
void sim_tell_device(struct sim_lock *lock);
void sim_tell_door(struct sim_lock *lock, bool unlocked, const char *method,
		   const struct sim_code *code);
void sim_tell_denied(struct sim_lock *lock, const char *reason_code);
void sim_tell_codes_changed(struct sim_lock *lock);
void sim_tell_fault(struct sim_lock *lock, enum sim_fault fault, bool on);
void sim_tell_account(struct sim_lock *lock, bool connected);
void sim_tell_drop(struct sim_lock *lock);

/* ---- memory: the file ---- */
struct sim_memory;
/* Reads what is there into the locks and sim->born; nothing is written before the first rewrite,
 * which puts the whole anew and keeps it open for more. */
struct sim_memory *sim_memory_open(struct sim *sim, const char *path, GError **err);
bool sim_memory_rewrite(struct sim_memory *m, GError **err);
void sim_memory_code(struct sim_lock *lock, const struct sim_code *code);
void sim_memory_gone(struct sim_lock *lock, unsigned handle);
void sim_memory_entered(struct sim_lock *lock, const struct sim_entered *e);
void sim_memory_assigned(struct sim_lock *lock, const char *pin);
void sim_memory_state(struct sim_lock *lock); /* bolt, faults, next handle */
/* How far the file has been written; and true once it is on the disk up to there (or nothing is
 * kept). One wait for the disk covers every change before it: with many locks at work there are
 * far fewer waits than answers. */
uint64_t sim_memory_mark(const struct sim *sim);
bool sim_memory_sync(struct sim *sim, uint64_t mark);
void sim_memory_close(struct sim_memory *m);

/* ---- people ---- */
void sim_people_start(struct sim *sim);
void sim_people_stop(struct sim *sim);

#endif
