/* keymap - which key stands for which command where; read by help, hints and the manual page alike. */
#ifndef KEYRACK_UI_KEYMAP_H
#define KEYRACK_UI_KEYMAP_H

#include "ui/command.h"

struct binding {
	enum view view;
	const char *key; /* as key_parse takes it */
	enum command command;
};
const struct binding *keymap(size_t *n);
enum command keymap_find(enum view view, const struct key *k);
/* The keys of a command in a view, best first: "Home", "g"; borrowed. Returns how many, at most
 * max; out[] is NULL-terminated where there is room. */
size_t keymap_keys(enum view view, enum command c, const char **out, size_t max);

#endif
