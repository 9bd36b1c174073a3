/* operators - who may unlock a desk that was left alone, each by a PIN of their own.
 *
 * A file of the program's own beside the configuration, for its owner alone (0600). It holds no PIN, only
 * what Argon2id makes of one. Wrong tries make the next one wait, longer each time, also after a
 * restart. */
#ifndef KEYRACK_CORE_OPERATORS_H
#define KEYRACK_CORE_OPERATORS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/instant.h"
#include "core/own.h"

#define OPERATOR_PIN_MIN 4
#define OPERATOR_PIN_MAX 64
#define OPERATOR_NAME_MAX 40 /* characters */

/* What an operator may at this desk. Where no operator has a role, everybody may everything, as the file's owner. */
enum operator_role {
	OPERATOR_READ,  /* look */
	OPERATOR_DESK,  /* all that a shift does */
	OPERATOR_ADMIN, /* also what changes many codes by a file */
	OPERATOR_ROLE_COUNT,
};
const char *operator_role_word(enum operator_role role); /* "read", "desk", "admin": as written and typed */
bool operator_role_of(const char *word, enum operator_role *role); /* false: it is none */

struct operators;

char *operators_path(void); /* operators.conf beside keyrack.conf; newly allocated */
/* A file that is not there has no operators. KEYRACK_ERROR_CONFIG: others can read it, or it is none. */
struct operators *operators_load(const char *path, GError **err);
void operators_free(struct operators *o);
DEFINE_OWN(struct operators, operators, operators_free)

char **operators_names(const struct operators *o); /* by name; NULL-terminated, newly allocated */

/* What a guess costs. */
struct operators_cost {
	unsigned long long operations;
	size_t memory;
};
extern const struct operators_cost operators_cost_usual; /* libsodium's moderate: 256 MB, about a second */

/* Each writes the file. A name that is there already gets the new PIN. */
bool operators_add(struct operators *o, const char *name, const char *pin, const struct operators_cost *cost,
		   GError **err);
bool operators_remove(struct operators *o, const char *name, GError **err);

/* One without a role of their own: OPERATOR_ADMIN. A word in the file that is none: OPERATOR_READ. */
enum operator_role operators_role(const struct operators *o, const char *name);
bool operators_have_roles(const struct operators *o); /* has anybody one? */
bool operators_set_role(struct operators *o, const char *name, enum operator_role role, GError **err); /* NOT_FOUND */

/* What a PIN is held against; NULL: there is no such name. Newly allocated. */
char *operators_hash(const struct operators *o, const char *name);
/* Takes about a second, on any thread. */
bool operators_right(const char *hash, const char *pin);

/* How long until a try is taken: 1, 2, 4 ... 60 s after the last wrong one. */
int operators_wait_ms(const struct operators *o, struct instant now);
/* Writes that one is made, before it is judged: else ending the program would undo it. */
bool operators_note_try(struct operators *o, struct instant now, GError **err);
bool operators_note_right(struct operators *o, GError **err);

#endif
