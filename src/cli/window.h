/* window - --from and --until: times as people say them, on the clock beside a lock. */
#ifndef KEYRACK_CLI_WINDOW_H
#define KEYRACK_CLI_WINDOW_H

#include "cli/cli.h"

struct window {
	struct instant from, until; /* NONE: not given */
};

/* soonest: when an end without a start, and 'now', start (draft_soonest); NONE: there they need not. present: the window that is being changed, from
 * whose end a new end is counted; NULL: a new one. Says on cli->err when daylight saving moved a
 * time. */
bool window_of(struct cli *cli, const struct args *args, const char *zone, struct instant soonest,
	       const struct window *present, struct window *out, GError **err);

/* "from Sun 22 Nov 2026 15:00 CET until ... (2 d 20 h)", "ongoing". Newly allocated. */
char *window_words(const struct cli *cli, const char *zone, struct window w);

#endif
