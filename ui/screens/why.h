/* why - what a dossier says: four facts, a chain of reasons, what comes next, which keys help.
 *
 * Pure: a dossier in, lines out. Where keyrackd has explained the code, the chain is its own account
 * of what it decided; else it is put together here from status, errors, events and what is known of
 * the brand, and says so. */
#ifndef KEYRACK_UI_WHY_H
#define KEYRACK_UI_WHY_H

#include "ui/screens/dossier.h"

/* One of the four facts, in this order: declared, in its window, provider says, lock says. */
enum { WHY_DECLARED, WHY_WINDOW, WHY_PROVIDER, WHY_LOCK, WHY_FACTS };
struct why_fact {
	const char *label;
	char *what;
	struct instant since;
	char *source;
	enum role role;
};
void why_facts(const struct dossier *d, struct why_fact out[static WHY_FACTS]);
void why_facts_clear(struct why_fact f[static WHY_FACTS]);

struct why_line {
	struct instant at; /* NONE: no moment of its own */
	char *text;
	enum role role;
};
/* Of struct why_line, in the order of time. Newly allocated, with its texts. */
GArray *why_chain(const struct dossier *d);
GArray *why_next(const struct dossier *d);
/* The chain's heading says where it comes from: "How it came to this: keyrackd's account of 21:18".
 * Newly allocated. */
char *why_source(const struct dossier *d);
bool why_is_explained(const struct dossier *d);

/* The commands that help with this code now, best first, with what each would do; ends with
 * COMMAND_NONE. */
enum { WHY_HELP_MAX = 8 };
struct why_help {
	enum command command;
	const char *words;
};
void why_help(const struct dossier *d, struct why_help out[static WHY_HELP_MAX]);

#endif
