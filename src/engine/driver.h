/* driver - what the engine asks of a lock system, and what a lock system tells it.
 *
 * A driver carries out one step at a time per lock and reports what it sees. It schedules nothing,
 * decides nothing, retries nothing. Every request is answered exactly once through its 'done',
 * later, never from within the call. */
#ifndef KEYRACK_ENGINE_DRIVER_H
#define KEYRACK_ENGINE_DRIVER_H

#include "core/event.h"
#include "engine/clock.h"
#include "engine/plan.h"

enum driver_result {
	DRIVER_OK,          /* acknowledged by the lock */
	DRIVER_UNREACHABLE, /* it did not reach the lock: nothing has changed */
	DRIVER_LOST,        /* no answer: it may have been done */
	DRIVER_REFUSED,     /* the lock will not: constraints, name; text says why */
	DRIVER_FULL,
	DRIVER_DUPLICATE,   /* another code holds the PIN */
	DRIVER_NOT_THERE,   /* remove, enable: no such code on the lock */
	DRIVER_JAMMED,      /* lock, unlock */
	DRIVER_BUSY,        /* a rate limit: try again after retry_after_ms */
};

/* A code in a lock's memory. handle is the driver's own name for it (slot, id), kept by the engine
 * and given back in later requests. */
struct driver_code {
	const char *handle;
	struct on_lock is;
};

struct driver_answer {
	enum driver_result result;
	const char *text;              /* for people; NULL */
	int64_t retry_after_ms;
	const char *handle;            /* set: of the code written */
	const char *pin;               /* set: chosen by the provider, where it chooses */
	const struct driver_code *codes; /* read */
	size_t n_codes;
};
typedef void driver_done(const struct driver_answer *a, void *ctx);

struct driver_device {
	const char *device_id;         /* stable over restarts */
	const char *device_type;
	const char *name, *place, *room, *zone, *model, *serial;
	const char *account_id, *account_name;
	bool online, locked, has_keypad;
	int battery_pct;               /* -1 unknown */
	bool can_lock, can_unlock;
	enum tri auto_lock;            /* does it lock itself? UNKNOWN: it cannot be told to */
	int auto_lock_delay_s;         /* after so long; 0: not known */
	const struct lock_system *system; /* this unit's: lengths, slots */
};

/* What a driver tells without being asked. Strings are borrowed for the call. */
struct driver_events {
	void (*device)(const struct driver_device *d, void *ctx);   /* found, or something of it changed */
	void (*removed)(const char *device_id, void *ctx);
	void (*account)(const char *account_id, bool connected, void *ctx);
	/* unlocked or locked: handle and pin NULL where the lock does not say. */
	void (*door)(const char *device_id, bool unlocked, const char *method, const char *handle,
		     const char *pin, struct instant at, void *ctx);
	void (*denied)(const char *device_id, const char *reason_code, struct instant at, void *ctx);
	/* Codes on the lock have changed without us: read them. */
	void (*codes_changed)(const char *device_id, void *ctx);
};

struct driver;
struct driver_ops {
	const char *name; /* "simulated" */
	/* Starts telling; every device that is there is told before this returns, or its account is told to be lost:
	 * what is not told has gone. Asked again, it tells all of them again. */
	void (*start)(struct driver *d);
	void (*read)(struct driver *d, const char *device_id, driver_done *done, void *ctx);
	/* handle NULL: a new code; else replace that one. */
	void (*set)(struct driver *d, const char *device_id, const char *handle,
		    const struct on_lock *code, driver_done *done, void *ctx);
	void (*remove)(struct driver *d, const char *device_id, const char *handle, driver_done *done,
		       void *ctx);
	void (*turn)(struct driver *d, const char *device_id, bool unlock, driver_done *done, void *ctx);
	/* Lock itself again, or no longer. delay_s 0: as it was. NULL: no lock can be told to. */
	void (*auto_lock)(struct driver *d, const char *device_id, bool enabled, int delay_s,
			  driver_done *done, void *ctx);
	/* The token that offline codes of this lock are computed from; NULL: it has none. */
	const char *(*offline_token)(struct driver *d, const char *device_id);
	void (*free)(struct driver *d);
};
struct driver {
	const struct driver_ops *ops;
	struct clock *clock;
	struct driver_events events;
	void *events_ctx;
};

#endif
