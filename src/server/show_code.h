/* show_code - access codes as objects of the API, one or 55,000.
 *
 * What codes of one lock have in common (its errors, its system) is looked up once for all that a
 * shower writes; so a shower lives no longer than one answer. */
#ifndef KEYRACK_SERVER_SHOW_CODE_H
#define KEYRACK_SERVER_SHOW_CODE_H

#include "server/inside.h"

struct code_shower;
struct code_shower *code_shower_new(struct server *s);
/* Managed or unmanaged, as the row says. */
void code_shower_show(struct code_shower *w, GString *out, const char *key,
		      const struct store_code *c);
/* As long as nothing happens to these codes and their locks all that was shown is so until then. */
struct instant code_shower_until(const struct code_shower *w);
void code_shower_free(struct code_shower *w);
DEFINE_OWN(struct code_shower, code_shower, code_shower_free)

/* How the lock shows it; null: not on it. */
void show_code_appearance(GString *out, const struct store_code *c);

/* The parts of it: show_code_issues.c. */
void show_code_errors(struct server *s, GString *out, const struct store_code *c);
void show_code_warnings(struct server *s, GString *out, const struct store_code *c);
void show_code_pending(struct server *s, GString *out, const struct store_code *c);

#endif
