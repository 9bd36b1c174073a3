/* command - the table of commands and the keys that stand for them; see command.h.
 *
 * Keys avoided on purpose: Ctrl-A, Ctrl-B, Ctrl-Q, Ctrl-S and Ctrl-Space belong to multiplexers and
 * flow control, Delete and Backspace must never revoke anything, and nothing is reachable by a
 * function key or Alt alone. */
#include "ui/command.h"

#include <glib.h>
#include <string.h>

static const struct command_info commands[COMMAND_COUNT] = {
#define AS_ROW(id, name, hint, help, flags) [COMMAND_##id] = { name, hint, help, flags },
	COMMANDS(AS_ROW)
#undef AS_ROW
};

/* Within a view the first key of a command is the one that hints show. */
static const struct binding bindings[] = {
	{ VIEW_ANY, "Up", COMMAND_UP },
	{ VIEW_ANY, "k", COMMAND_UP },
	{ VIEW_ANY, "Down", COMMAND_DOWN },
	{ VIEW_ANY, "j", COMMAND_DOWN },
	{ VIEW_ANY, "PgUp", COMMAND_PAGE_UP },
	{ VIEW_ANY, "Ctrl-U", COMMAND_PAGE_UP },
	{ VIEW_ANY, "PgDn", COMMAND_PAGE_DOWN },
	{ VIEW_ANY, "Ctrl-D", COMMAND_PAGE_DOWN },
	{ VIEW_ANY, "Home", COMMAND_FIRST },
	{ VIEW_ANY, "g", COMMAND_FIRST },
	{ VIEW_ANY, "End", COMMAND_LAST },
	{ VIEW_ANY, "G", COMMAND_LAST },
	{ VIEW_ANY, "Enter", COMMAND_OPEN },
	{ VIEW_ANY, "A", COMMAND_TONIGHT },
	{ VIEW_ANY, "F2", COMMAND_TONIGHT },
	{ VIEW_ANY, "o", COMMAND_OUTBOX },
	{ VIEW_ANY, "F4", COMMAND_LOCKS },
	{ VIEW_ANY, "R", COMMAND_LOCKS },
	{ VIEW_ANY, "F5", COMMAND_STRAYS },
	{ VIEW_ANY, "U", COMMAND_STRAYS },
	{ VIEW_ANY, "C", COMMAND_COMPARE },
	{ VIEW_ANY, "T", COMMAND_THEME },
	{ VIEW_ANY, "m", COMMAND_MOUSE },
	{ VIEW_ANY, "Ctrl-L", COMMAND_REDRAW },
	{ VIEW_ANY, "?", COMMAND_HELP },
	{ VIEW_ANY, "F1", COMMAND_HELP },
	{ VIEW_ANY, "Esc", COMMAND_BACK },
	{ VIEW_ANY, "Ctrl-Z", COMMAND_SUSPEND },
	{ VIEW_ANY, "q", COMMAND_QUIT },
	{ VIEW_ANY, "Ctrl-C", COMMAND_QUIT },

	{ VIEW_RACK, "Right", COMMAND_UNFOLD },
	{ VIEW_RACK, "l", COMMAND_UNFOLD },
	{ VIEW_RACK, "Space", COMMAND_UNFOLD },
	{ VIEW_RACK, "Left", COMMAND_FOLD },
	{ VIEW_RACK, "h", COMMAND_FOLD },
	{ VIEW_RACK, "z", COMMAND_UNFOLD_ALL },
	{ VIEW_RACK, "Tab", COMMAND_NEXT_BAR },
	{ VIEW_RACK, "Shift-Tab", COMMAND_PREVIOUS_BAR },
	{ VIEW_RACK, "W", COMMAND_NEXT_PANE },
	{ VIEW_RACK, "+", COMMAND_ZOOM_IN },
	{ VIEW_RACK, "=", COMMAND_ZOOM_IN },
	{ VIEW_RACK, "-", COMMAND_ZOOM_OUT },
	{ VIEW_RACK, "<", COMMAND_PAN_LEFT },
	{ VIEW_RACK, "Shift-Left", COMMAND_PAN_LEFT },
	{ VIEW_RACK, ">", COMMAND_PAN_RIGHT },
	{ VIEW_RACK, "Shift-Right", COMMAND_PAN_RIGHT },
	{ VIEW_RACK, ".", COMMAND_GO_NOW },
	{ VIEW_RACK, "n", COMMAND_NEW },
	{ VIEW_RACK, "e", COMMAND_EDIT },
	{ VIEW_RACK, "x", COMMAND_REVOKE },
	{ VIEW_RACK, "b", COMMAND_BACKUP },
	{ VIEW_RACK, "a", COMMAND_ADOPT },
	{ VIEW_RACK, "L", COMMAND_LOCK },
	{ VIEW_RACK, "u", COMMAND_UNLOCK },
	{ VIEW_RACK, "p", COMMAND_REVEAL },
	{ VIEW_RACK, "/", COMMAND_FIND },
	{ VIEW_RACK, "f", COMMAND_FIND_NEXT },
	{ VIEW_RACK, "F", COMMAND_FIND_PREVIOUS },
	{ VIEW_RACK, "s", COMMAND_SORT },
	{ VIEW_RACK, "v", COMMAND_EVENTS },
	{ VIEW_RACK, "w", COMMAND_WHY },
	{ VIEW_RACK, "t", COMMAND_TRIAGE },

	{ VIEW_LOCK, "n", COMMAND_NEW },
	{ VIEW_LOCK, "L", COMMAND_LOCK },
	{ VIEW_LOCK, "u", COMMAND_UNLOCK },
	{ VIEW_LOCK, "v", COMMAND_EVENTS },
	{ VIEW_LOCK, "w", COMMAND_WHY },
	{ VIEW_LOCK, "t", COMMAND_TRIAGE },
	{ VIEW_LOCK, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_LOCK, "q", COMMAND_BACK },

	{ VIEW_CODE, "e", COMMAND_EDIT },
	{ VIEW_CODE, "x", COMMAND_REVOKE },
	{ VIEW_CODE, "b", COMMAND_BACKUP },
	{ VIEW_CODE, "a", COMMAND_ADOPT },
	{ VIEW_CODE, "L", COMMAND_LOCK },
	{ VIEW_CODE, "u", COMMAND_UNLOCK },
	{ VIEW_CODE, "p", COMMAND_REVEAL },
	{ VIEW_CODE, "v", COMMAND_EVENTS },
	{ VIEW_CODE, "w", COMMAND_WHY },
	{ VIEW_CODE, "t", COMMAND_TRIAGE },
	{ VIEW_CODE, "n", COMMAND_NEW },
	{ VIEW_CODE, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_CODE, "q", COMMAND_BACK },

	{ VIEW_EVENTS, "Tab", COMMAND_NEXT_PANE },
	{ VIEW_EVENTS, "w", COMMAND_WHY },
	{ VIEW_EVENTS, "t", COMMAND_TRIAGE },
	{ VIEW_EVENTS, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_EVENTS, "q", COMMAND_BACK },

	{ VIEW_OUTBOX, "e", COMMAND_EDIT },
	{ VIEW_OUTBOX, "x", COMMAND_REVOKE },
	{ VIEW_OUTBOX, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_OUTBOX, "q", COMMAND_BACK },

	{ VIEW_WHY, "b", COMMAND_BACKUP },
	{ VIEW_WHY, "e", COMMAND_EDIT },
	{ VIEW_WHY, "u", COMMAND_UNLOCK },
	{ VIEW_WHY, "c", COMMAND_CODES },
	{ VIEW_WHY, "x", COMMAND_REVOKE },
	{ VIEW_WHY, "a", COMMAND_ADOPT },
	{ VIEW_WHY, "v", COMMAND_EVENTS },
	{ VIEW_WHY, "t", COMMAND_TRIAGE },
	{ VIEW_WHY, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_WHY, "w", COMMAND_BACK },
	{ VIEW_WHY, "q", COMMAND_BACK },

	{ VIEW_TONIGHT, "n", COMMAND_NEXT_RISK },
	{ VIEW_TONIGHT, "[", COMMAND_DAY_BEFORE },
	{ VIEW_TONIGHT, "]", COMMAND_DAY_AFTER },
	{ VIEW_TONIGHT, "d", COMMAND_DAY },
	{ VIEW_TONIGHT, ".", COMMAND_GO_NOW },
	{ VIEW_TONIGHT, "Tab", COMMAND_NEXT_PANE },
	{ VIEW_TONIGHT, "Right", COMMAND_UNFOLD },
	{ VIEW_TONIGHT, "l", COMMAND_UNFOLD },
	{ VIEW_TONIGHT, "Space", COMMAND_UNFOLD },
	{ VIEW_TONIGHT, "Left", COMMAND_FOLD },
	{ VIEW_TONIGHT, "h", COMMAND_FOLD },
	{ VIEW_TONIGHT, "z", COMMAND_UNFOLD_ALL },
	{ VIEW_TONIGHT, "w", COMMAND_WHY },
	{ VIEW_TONIGHT, "t", COMMAND_TRIAGE },
	{ VIEW_TONIGHT, "b", COMMAND_BACKUP },
	{ VIEW_TONIGHT, "u", COMMAND_UNLOCK },
	{ VIEW_TONIGHT, "L", COMMAND_LOCK },
	{ VIEW_TONIGHT, "e", COMMAND_EDIT },
	{ VIEW_TONIGHT, "x", COMMAND_REVOKE },
	{ VIEW_TONIGHT, "p", COMMAND_REVEAL },
	{ VIEW_TONIGHT, "v", COMMAND_EVENTS },
	{ VIEW_TONIGHT, "q", COMMAND_BACK },

	{ VIEW_LOCKS, "s", COMMAND_SORT },
	{ VIEW_LOCKS, "P", COMMAND_GROUP },
	{ VIEW_LOCKS, "p", COMMAND_WALK_LIST },
	{ VIEW_LOCKS, "v", COMMAND_EVENTS },
	{ VIEW_LOCKS, "t", COMMAND_TRIAGE },
	{ VIEW_LOCKS, "L", COMMAND_LOCK },
	{ VIEW_LOCKS, "u", COMMAND_UNLOCK },
	{ VIEW_LOCKS, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_LOCKS, "q", COMMAND_BACK },

	{ VIEW_STRAYS, "a", COMMAND_ADOPT },
	{ VIEW_STRAYS, "e", COMMAND_EVICT },
	{ VIEW_STRAYS, "x", COMMAND_EVICT },
	{ VIEW_STRAYS, "i", COMMAND_IGNORE },
	{ VIEW_STRAYS, "p", COMMAND_REVEAL },
	{ VIEW_STRAYS, "v", COMMAND_EVENTS },
	{ VIEW_STRAYS, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_STRAYS, "q", COMMAND_BACK },

	{ VIEW_TRIAGE, "p", COMMAND_REVEAL },
	{ VIEW_TRIAGE, "b", COMMAND_BACKUP },
	{ VIEW_TRIAGE, "u", COMMAND_UNLOCK },
	{ VIEW_TRIAGE, "e", COMMAND_EDIT },
	{ VIEW_TRIAGE, "n", COMMAND_NEW },
	{ VIEW_TRIAGE, "w", COMMAND_WHY },
	{ VIEW_TRIAGE, "c", COMMAND_CODES },
	{ VIEW_TRIAGE, "x", COMMAND_REVOKE },
	{ VIEW_TRIAGE, "a", COMMAND_ADOPT },
	{ VIEW_TRIAGE, "v", COMMAND_EVENTS },
	{ VIEW_TRIAGE, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_TRIAGE, "t", COMMAND_BACK },
	{ VIEW_TRIAGE, "q", COMMAND_BACK },

	{ VIEW_HELP, "Space", COMMAND_PAGE_DOWN },
	{ VIEW_HELP, "q", COMMAND_BACK },
};

const struct command_info *command_info(enum command c)
{
	static const struct command_info none = { "", "", "", 0 };

	return c >= 0 && c < COMMAND_COUNT ? &commands[c] : &none;
}

enum command command_by_name(const char *name)
{
	for (int i = 0; name && i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return (enum command)i;
	return COMMAND_NONE;
}

const struct binding *keymap(size_t *n)
{
	*n = G_N_ELEMENTS(bindings);
	return bindings;
}

static enum command find_in(enum view view, const struct key *k)
{
	struct key bound;

	for (size_t i = 0; i < G_N_ELEMENTS(bindings); i++)
		if (bindings[i].view == view && key_parse(bindings[i].key, &bound) &&
		    key_same(&bound, k))
			return bindings[i].command;
	return COMMAND_NONE;
}

enum command keymap_find(enum view view, const struct key *k)
{
	enum command c = find_in(view, k);

	return c == COMMAND_NONE ? find_in(VIEW_ANY, k) : c;
}

size_t keymap_keys(enum view view, enum command c, const char **out, size_t max)
{
	size_t n = 0;

	/* A key that the view gives to something else is not a key of this command here. */
	for (int pass = 0; pass < (view == VIEW_ANY ? 1 : 2); pass++) {
		for (size_t i = 0; i < G_N_ELEMENTS(bindings); i++) {
			const struct binding *b = &bindings[i];
			struct key k;

			if (b->view != (pass == 0 ? view : VIEW_ANY) || b->command != c)
				continue;
			if (n < max && key_parse(b->key, &k) && keymap_find(view, &k) == c)
				out[n++] = b->key;
		}
	}
	if (n < max)
		out[n] = NULL;
	return n;
}
