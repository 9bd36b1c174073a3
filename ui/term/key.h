/* key - one thing the operator did at the keyboard or with the mouse. */
#ifndef KEYRACK_UI_KEY_H
#define KEYRACK_UI_KEY_H

#include <stdbool.h>
#include <stdint.h>

enum key_code {
	KEYCODE_CHAR = 0, /* ch holds the character */
	KEYCODE_UP,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_PAGE_UP,
	KEYCODE_PAGE_DOWN,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_SHIFT_LEFT,
	KEYCODE_SHIFT_RIGHT,
	KEYCODE_SHIFT_TAB,
	KEYCODE_ENTER,
	KEYCODE_ESC,
	KEYCODE_TAB,
	KEYCODE_BACKSPACE,
	KEYCODE_DELETE,
	KEYCODE_INSERT,
	KEYCODE_F1, /* F1 to F12 follow each other */
	KEYCODE_F12 = KEYCODE_F1 + 11,
	KEYCODE_MOUSE_PRESS,
	KEYCODE_MOUSE_WHEEL_UP,
	KEYCODE_MOUSE_WHEEL_DOWN,
	KEYCODE_RESIZED,
	KEYCODE_PASTE, /* text holds it */
	KEYCODE_FOCUS_IN,
	KEYCODE_FOCUS_OUT,
	KEYCODE_EOF, /* the terminal is gone */
};

struct key {
	enum key_code code;
	uint32_t ch;     /* KEYCODE_CHAR: a Unicode character */
	bool ctrl;       /* Ctrl-L is ch 'l' with ctrl; key_same also takes ch 12 for it */
	bool alt;
	int row, col;    /* mouse */
	char *text;      /* KEYCODE_PASTE; g_free by the reader */
};

#define KEY_NAME_MAX 16
/* "n", "Ctrl-L", "PgDn", "Shift-Left", "Alt-x", "Space": as help and hints write it. */
const char *key_label(const struct key *k, char buf[static KEY_NAME_MAX]);
bool key_parse(const char *name, struct key *out);
bool key_same(const struct key *a, const struct key *b);

#endif
