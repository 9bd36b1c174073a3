/* sync - the one process per cache that keeps it in step with a server.
 *
 * First pull, then follow: poll events, refetch only what they name, compare everything slowly;
 * and carry out the outbox. It runs in the default GLib main context. */
#ifndef KEYRACK_SYNC_SYNC_H
#define KEYRACK_SYNC_SYNC_H

#include "cache/poke.h"
#include "core/profile.h"

struct sync;

struct sync_options {
	bool once;      /* pull and push, then end */
	bool service;   /* stay when no console is there */
	int idle_ms;    /* how long to stay after the last console has gone; 0: 10,000 */
	int compare_ms; /* between two full comparisons; 0: 900,000 */
	/* Told of every status; for --once and for printing progress. May be NULL. */
	void (*on_status)(const struct poke_status *s, void *ctx);
	void *ctx;
};

/* Takes the lock, opens (or rescues) the cache, listens. KEYRACK_ERROR_BUSY: another sync has it. */
struct sync *sync_new(const struct profile *profile, const struct sync_options *opt, GError **err);
/* Runs until SIGTERM, SIGINT, the last console has gone, or once is done. An exit code:
 * 0, or EXIT_* of cli/exit.h by what went wrong. */
int sync_run(struct sync *s, GError **err);
void sync_free(struct sync *s);

/* sync/lockfile.h: held by the kernel, gone with the process. */
int sync_lock_take(const char *folder, bool group, GError **err); /* fd; -1 with BUSY, IO */
bool sync_lock_is_held(const char *folder);

/* sync/credential.h */
/* The API key: KEYRACK_API_KEY, api-key-file (CONFIG when others can read it), the systemd
 * credential keyrack-api-key-<profile> or keyrack-api-key, the keyring. Never logged. Free with
 * credential_wipe. */
char *credential_load(const struct profile *p, char **where, GError **err);
void credential_wipe(char *key);

#endif
