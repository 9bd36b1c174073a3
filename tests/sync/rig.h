/* rig - what a test of the machine stands on: a sync process, a scripted server in this one, and the
 * cache between them.
 *
 * Nothing sleeps: each wait is for a condition, looked at whenever sync pokes, with a deadline. */
#ifndef KEYRACK_TESTS_SYNC_RIG_H
#define KEYRACK_TESTS_SYNC_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/poke.h"
#include "server.h"

#define DEADLINE_MS 20000

/* Everything a test needs; made anew for each. */
struct rig {
	char *folder, *cache_path, *endpoint;
	struct server *server;
	struct cache *desk;
	pid_t sync;
	GSocket *poke;
	GString *heard;           /* what has not been split into lines yet */
	struct poke_status status;
	bool status_known;
};
extern struct rig t;

int rig_setup(void **state);
int rig_teardown(void **state);

/* ---- the sync process ---- */
void start_sync_with(const char *mode, const char *compare_ms);
void start_sync(void);
void start_and_follow(void);
int wait_sync(void); /* its exit code; -1 when it was killed or does not end in time */
void kill_sync(void);
void stop_sync(void);
/* The clock of this desk, console and sync, is set: so far ahead of the server's. */
void set_clock(int64_t ahead_ms);

/* ---- listening ---- */
bool connect_poke(void); /* to t.poke; true: it is connected */
void forget_poke(void);
/* Until sync says something, for at most a moment: what is waited for may be at the server. */
void listen_a_moment(void);
void say(const char *line);

#define wait_for(condition)                                                                        \
	do {                                                                                       \
		gint64 wait_until = g_get_monotonic_time() + DEADLINE_MS * 1000;                   \
		while (!(condition) && g_get_monotonic_time() < wait_until)                        \
			listen_a_moment();                                                         \
		if (!(condition))                                                                  \
			fail_msg("in vain waited for: %s", #condition);                            \
	} while (0)

/* ---- looking into the cache ---- */
struct cache_list *all_codes(bool with_deleted);
int cached_codes(void); /* from the server, not the outbox's, that are not deleted */
int cached_named(const char *name);
bool is_deleted(const char *id);
bool is_managed(const char *id);
int64_t cached_locks(void);
int64_t cached_events(void);
bool lock_is_locked(const char *device_id);
char *newest_unlocker(void); /* the name beside the newest unlock; to be freed */
bool unlocked_by(const char *who);

#endif
