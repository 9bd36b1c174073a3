/* key - names of keys, both ways; see key.h. */
#include "ui/term/key.h"

#include <glib.h>
#include <string.h>

/* The first name of a code is the one that is shown. */
static const struct {
	const char *name;
	struct key key;
} names[] = {
	{ "Up", { .code = KEYCODE_UP } },
	{ "Down", { .code = KEYCODE_DOWN } },
	{ "Left", { .code = KEYCODE_LEFT } },
	{ "Right", { .code = KEYCODE_RIGHT } },
	{ "PgUp", { .code = KEYCODE_PAGE_UP } },
	{ "PageUp", { .code = KEYCODE_PAGE_UP } },
	{ "PgDn", { .code = KEYCODE_PAGE_DOWN } },
	{ "PageDown", { .code = KEYCODE_PAGE_DOWN } },
	{ "Home", { .code = KEYCODE_HOME } },
	{ "End", { .code = KEYCODE_END } },
	{ "Shift-Left", { .code = KEYCODE_SHIFT_LEFT } },
	{ "Shift-Right", { .code = KEYCODE_SHIFT_RIGHT } },
	{ "Shift-Tab", { .code = KEYCODE_SHIFT_TAB } },
	{ "Enter", { .code = KEYCODE_ENTER } },
	{ "Return", { .code = KEYCODE_ENTER } },
	{ "Esc", { .code = KEYCODE_ESC } },
	{ "Escape", { .code = KEYCODE_ESC } },
	{ "Tab", { .code = KEYCODE_TAB } },
	{ "Backspace", { .code = KEYCODE_BACKSPACE } },
	{ "Del", { .code = KEYCODE_DELETE } },
	{ "Delete", { .code = KEYCODE_DELETE } },
	{ "Ins", { .code = KEYCODE_INSERT } },
	{ "Insert", { .code = KEYCODE_INSERT } },
	{ "F1", { .code = KEYCODE_F1 } },
	{ "F2", { .code = KEYCODE_F1 + 1 } },
	{ "F3", { .code = KEYCODE_F1 + 2 } },
	{ "F4", { .code = KEYCODE_F1 + 3 } },
	{ "F5", { .code = KEYCODE_F1 + 4 } },
	{ "F6", { .code = KEYCODE_F1 + 5 } },
	{ "F7", { .code = KEYCODE_F1 + 6 } },
	{ "F8", { .code = KEYCODE_F1 + 7 } },
	{ "F9", { .code = KEYCODE_F1 + 8 } },
	{ "F10", { .code = KEYCODE_F1 + 9 } },
	{ "F11", { .code = KEYCODE_F1 + 10 } },
	{ "F12", { .code = KEYCODE_F12 } },
	{ "Click", { .code = KEYCODE_MOUSE_PRESS } },
	{ "Wheel-Up", { .code = KEYCODE_MOUSE_WHEEL_UP } },
	{ "Wheel-Down", { .code = KEYCODE_MOUSE_WHEEL_DOWN } },
	{ "Resized", { .code = KEYCODE_RESIZED } },
	{ "Paste", { .code = KEYCODE_PASTE } },
	{ "Focus-In", { .code = KEYCODE_FOCUS_IN } },
	{ "Focus-Out", { .code = KEYCODE_FOCUS_OUT } },
	{ "EOF", { .code = KEYCODE_EOF } },
	{ "Space", { .code = KEYCODE_CHAR, .ch = ' ' } },
};

/* One form for each key: Ctrl-L is ch 'l' with ctrl, whichever way it was written. */
static struct key normal(const struct key *k)
{
	struct key n = { .code = k->code, .ch = k->ch, .ctrl = k->ctrl, .alt = k->alt };

	if (n.code != KEYCODE_CHAR) {
		n.ch = 0;
	} else if (n.ch >= 1 && n.ch <= 26) {
		n.ch = 'a' + n.ch - 1;
		n.ctrl = true;
	} else if (n.ctrl && n.ch >= 'A' && n.ch <= 'Z') {
		n.ch = n.ch - 'A' + 'a';
	}
	return n;
}

bool key_same(const struct key *a, const struct key *b)
{
	struct key x = normal(a), y = normal(b);

	return x.code == y.code && x.ch == y.ch && x.ctrl == y.ctrl && x.alt == y.alt;
}

static const char *name_of(enum key_code code, uint32_t ch)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].key.code == code && names[i].key.ch == ch)
			return names[i].name;
	return NULL;
}

const char *key_label(const struct key *k, char buf[static KEY_NAME_MAX])
{
	struct key n = normal(k);
	char utf8[7] = "";
	const char *base = name_of(n.code, n.ch);

	if (!base && n.code == KEYCODE_CHAR && g_unichar_isprint(n.ch)) {
		uint32_t shown = n.ctrl ? g_unichar_toupper(n.ch) : n.ch;

		utf8[g_unichar_to_utf8(shown, utf8)] = '\0';
		base = utf8;
	}
	g_snprintf(buf, KEY_NAME_MAX, "%s%s%s", n.alt ? "Alt-" : "", n.ctrl ? "Ctrl-" : "",
		   base ? base : "?");
	return buf;
}

/* Takes "Ctrl-" off the front; never the whole of a name, so that "-" stays a key. */
static bool take(const char **name, const char *prefix)
{
	size_t n = strlen(prefix);

	if (g_ascii_strncasecmp(*name, prefix, n) != 0 || (*name)[n] == '\0')
		return false;
	*name += n;
	return true;
}

bool key_parse(const char *name, struct key *out)
{
	struct key k = { .code = KEYCODE_CHAR };
	gunichar ch;

	if (!name)
		return false;
	for (;;) {
		if (!k.alt && take(&name, "Alt-"))
			k.alt = true;
		else if (!k.ctrl && (take(&name, "Ctrl-") || take(&name, "C-")))
			k.ctrl = true;
		else
			break;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strcasecmp(name, names[i].name) == 0) {
			k.code = names[i].key.code;
			k.ch = names[i].key.ch;
			*out = normal(&k);
			return true;
		}
	}
	ch = g_utf8_get_char_validated(name, -1);
	if (ch >= (gunichar)-2 || !g_unichar_isprint(ch) || g_utf8_strlen(name, -1) != 1)
		return false;
	k.ch = ch;
	*out = normal(&k);
	return true;
}
