/* pick - the code that a command is about, found by what was typed. */
#ifndef KEYRACK_CLI_PICK_H
#define KEYRACK_CLI_PICK_H

#include "cli/cli.h"

struct picked {
	struct cache_list *codes, *locks; /* own the rows */
	const struct code_row *code;
	const struct lock_row *lock;
};

/* By the first word of args, an id or a name, and --lock. NOT_FOUND, or AMBIGUOUS with the
 * candidates in the message. */
bool pick_code(struct cli *cli, const struct args *args, struct picked *out, GError **err);
void picked_clear(struct picked *p);

/* The locks of the door sets of these names, added to lock_nos (GArray of int64_t) each once; what a set names
 * that is no lock is said on cli->err. KEYRACK_ERROR_USAGE where no set is called so, or one is empty. */
bool pick_door_sets(struct cli *cli, const GPtrArray *names, GArray *lock_nos, GError **err);

#endif
