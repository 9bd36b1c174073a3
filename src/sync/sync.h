/* sync - the one process per cache that keeps it in step with a server.
 *
 * First pull, then follow: poll events, refetch only what they name, compare everything slowly;
 * and carry out the outbox. It runs in the default GLib main context. */
#ifndef KEYRACK_SYNC_SYNC_H
#define KEYRACK_SYNC_SYNC_H

#include "cache/poke.h"
#include "core/own.h"
#include "core/profile.h"
#include "sync/credential.h"
#include "sync/lockfile.h"

struct sync;

struct sync_options {
	bool once;      /* pull and push, then end */
	bool service;   /* stay when no console is there */
	int idle_ms;    /* how long to stay after the last console has gone; 0: 10,000 */
	int doubt_ms;   /* once: how long to wait for what is in doubt; 0: 20,000 */
	int compare_ms; /* between two full comparisons; 0: 900,000 */
	int history_ms; /* how far back the first pull fetches events; 0: 7 days */
	/* Told of every status; for --once and for printing progress. May be NULL. */
	void (*on_status)(const struct poke_status *s, void *ctx);
	void *ctx;
};

/* Takes the lock, opens (or rescues) the cache, listens. KEYRACK_ERROR_BUSY: another sync has it.
 * The profile must outlive it. */
struct sync *sync_new(const struct profile *profile, const struct sync_options *opt, GError **err);
/* Runs until SIGTERM, SIGINT, the last console has gone, or once is done. An exit code:
 * 0, or EXIT_* of core/exit.h by what went wrong. */
int sync_run(struct sync *s, GError **err);
void sync_free(struct sync *s);
DEFINE_OWN(struct sync, sync, sync_free)

#endif
