/* views - the kinds of screens there are: their names, their keys, what their bottom line says.
 *
 * To add one: a row in VIEWS (ui/command.h) and a block in views.c. */
#ifndef KEYRACK_UI_VIEWS_H
#define KEYRACK_UI_VIEWS_H

#include "ui/command.h"

struct view_key {
	enum command command;
	const char *keys; /* as key_parse takes them, blanks between, best first: "Home g" */
};
struct view_hint {
	enum command command;
	const char *words; /* NULL: the command's own */
};
struct view_info {
	const char *name, *title;
	unsigned flags; /* enum view_flags */
	const struct view_key *keys;
	size_t n_keys;
	const struct view_hint *hints;
	size_t n_hints;
};
const struct view_info *view_info(enum view v);
enum view view_by_name(const char *name); /* VIEW_COUNT: no such view */

#endif
