/* deliver - an intent from the command line on its way: committed, told to sync, waited for. */
#ifndef KEYRACK_CLI_DELIVER_H
#define KEYRACK_CLI_DELIVER_H

#include "cache/outbox.h"
#include "cli/cli.h"

/* Commits the intents (all or none), prints what was queued, tells sync, and with --wait waits
 * until each is accepted or refused and prints what came of it. Fills made_by. Returns an exit
 * code: 0, REFUSED, TIMEOUT; or sets err when nothing was queued. */
int deliver(struct cli *cli, const struct args *args, struct intent *in, size_t n, GError **err);

#endif
