/* fakelock - locks behind driver.h that do exactly what a test says, and nothing on their own. */
#ifndef KEYRACK_TESTS_FAKELOCK_H
#define KEYRACK_TESTS_FAKELOCK_H

#include "engine/driver.h"

#define FAKE_SLOTS 64

struct fake_code {
	char *handle, *pin, *name;
	struct instant starts_at, ends_at;
	bool enabled, hidden; /* hidden: its PIN is never told */
};

struct fake_lock {
	char *device_id, *account_id;
	struct lock_system system;
	struct fake_code code[FAKE_SLOTS];
	size_t n_codes;
	int next_handle;
	bool online, locked, removed;
	enum driver_result next;  /* of the next set or remove, then OK again; */
	int next_count;		  /* so many times */
	int reads_that_fail;
	bool lost_but_done;	  /* a LOST that did it all the same */
	bool forgets;		  /* takes every code and keeps none */
	int reads, sets, removes; /* how often it was asked */
	int64_t latency_ms;
	int in_flight, in_flight_most;
};

struct fake {
	struct driver driver;
	GPtrArray *locks;
	GString *log; /* "set d1 1234\n": every request in order */
	GPtrArray *pending;
};

struct fake *fake_new(struct clock *clock);
void fake_free(struct fake *f);
struct fake_lock *fake_add(struct fake *f, const char *device_id, const char *device_type);
struct fake_lock *fake_lock(struct fake *f, const char *device_id);
/* Tells the engine how the lock is now. */
void fake_tell(struct fake *f, struct fake_lock *l);
void fake_online(struct fake *f, const char *device_id, bool online);
struct fake_code *fake_code(struct fake_lock *l, const char *pin); /* NULL: not on it */
/* Somebody with the maker's app. */
void fake_app_add(struct fake *f, const char *device_id, const char *pin, const char *name);
void fake_app_pin(struct fake *f, const char *device_id, const char *pin, const char *other);
void fake_app_remove(struct fake *f, const char *device_id, const char *pin);
void fake_fail(struct fake *f, const char *device_id, enum driver_result result, int times);

#endif
