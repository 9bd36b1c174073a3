/* follow - waiting for what sync says, in the main loop: no polling.
 *
 * Starts sync when there is none (where the command may), and tries again when it goes. */
#ifndef KEYRACK_CLI_FOLLOW_H
#define KEYRACK_CLI_FOLLOW_H

#include "cache/poke.h"
#include "cli/cli.h"

struct follow_ops {
	/* Something changed (enum poke_changed); also called once at the start with POKE_ALL.
	 * Returns false to end the wait. */
	bool (*changed)(unsigned mask, void *ctx);
	/* May be NULL. Returns false to end. */
	bool (*status)(const struct poke_status *s, void *ctx);
};

enum follow_end { FOLLOW_DONE, FOLLOW_TIMEOUT, FOLLOW_FAILED };

/* greeting: a line to send once connected ("outbox"); NULL: none. timeout_ms 0: for ever. Ends
 * with FOLLOW_FAILED and err when there is no sync and none can be started. */
enum follow_end follow_sync(struct cli *cli, const struct follow_ops *ops, void *ctx,
			    const char *greeting, int timeout_ms, GError **err);

/* Tells a running sync one line, or starts one (which looks at the outbox by itself), and does not
 * wait. False with err when neither was possible. */
bool follow_nudge(struct cli *cli, const char *line, GError **err);

#endif
