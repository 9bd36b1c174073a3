/* keymap - which key stands for which command where: the keys of views.c, and the operator's file over them.
 *
 * Help, hints, palette and the bottom box read it from here, so they cannot disagree with what happens. A
 * binding is one key ("Home") or two after each other ("g g"); the first of two is then no command itself. */
#ifndef KEYRACK_UI_KEYMAP_H
#define KEYRACK_UI_KEYMAP_H

#include <glib.h>
#include <stdio.h>

#include "ui/command.h"

struct binding {
	enum view view;
	const char *key; /* as key_parse takes it; two with a blank between */
	enum command command;
};
const struct binding *keymap(size_t *n);
enum command keymap_find(enum view view, const struct key *k);
/* The keys of a command in a view, best first: "Home", "g"; borrowed. Returns how many, at most
 * max; out[] is NULL-terminated where there is room. */
size_t keymap_keys(enum view view, enum command c, const char **out, size_t max);

/* Does k begin a sequence there? What may follow: bindings whose key is the second one alone. */
bool keymap_is_prefix(enum view view, const struct key *k);
enum command keymap_find_after(enum view view, const struct key *first, const struct key *k);
GArray *keymap_after(enum view view, const struct key *first); /* of struct binding; free it */

/* keymap_file.c. Lays the file over what is there; what it says and cannot be done goes to warnings
 * ("line 12: ..."), of char *. A file that is not there says nothing. */
void keymap_load(const char *path, GPtrArray *warnings);
/* The keys that are in force as a file to begin with, with what each command does. */
void keymap_print(FILE *out);
char *keymap_path(void); /* of the operator's file */

/* For keymap_file.c: takes away a command's keys there, but for those that cannot be lost; adds one. */
void keymap_clear(enum view view, enum command c);
/* False: no key, or one that cannot be lost; *taken_from: who had it there, COMMAND_NONE nobody. */
bool keymap_add(enum view view, enum command c, const char *key, enum command *taken_from);
/* Back to what is built in. */
void keymap_reset(void);

#endif
