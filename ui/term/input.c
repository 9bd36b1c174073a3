/* input - see input.h. */
#include "ui/term/input.h"

#include <string.h>

enum {
	ESC = 0x1b,
	PASTE_MAX = 1 << 20,
	STRING_MAX = 4096, /* an answer longer than this is none */
	PARAMS_MAX = 4,
};

void input_init(struct input *in)
{
	*in = (struct input){ .bytes = g_byte_array_new(), .said.background = -1 };
}

void input_done(struct input *in)
{
	g_byte_array_unref(in->bytes);
	if (in->paste)
		g_string_free(in->paste, TRUE);
}

void input_add(struct input *in, const void *bytes, size_t n)
{
	g_byte_array_append(in->bytes, bytes, (guint)n);
}

static void drop(struct input *in, size_t n)
{
	g_byte_array_remove_range(in->bytes, 0, (guint)n);
}

/* What one look at the front of the buffer gave. */
struct step {
	enum { STEP_KEY, STEP_NOTHING, STEP_ESC, STEP_PART } kind;
	size_t used;
};

static struct step step_key(struct key *out, struct key k, size_t used)
{
	*out = k;
	return (struct step){ STEP_KEY, used };
}

static struct step step_skip(size_t used)
{
	return (struct step){ STEP_NOTHING, used };
}

static const struct {
	char final;
	enum key_code code, shifted;
} letters[] = { /* ESC [ A and ESC O A */
	{ 'A', KEYCODE_UP, KEYCODE_UP },
	{ 'B', KEYCODE_DOWN, KEYCODE_DOWN },
	{ 'C', KEYCODE_RIGHT, KEYCODE_SHIFT_RIGHT },
	{ 'D', KEYCODE_LEFT, KEYCODE_SHIFT_LEFT },
	{ 'F', KEYCODE_END, KEYCODE_END },
	{ 'H', KEYCODE_HOME, KEYCODE_HOME },
	{ 'P', KEYCODE_F1, KEYCODE_F1 },
	{ 'Q', KEYCODE_F1 + 1, KEYCODE_F1 + 1 },
	{ 'R', KEYCODE_F1 + 2, KEYCODE_F1 + 2 },
	{ 'S', KEYCODE_F1 + 3, KEYCODE_F1 + 3 },
	{ 'Z', KEYCODE_SHIFT_TAB, KEYCODE_SHIFT_TAB },
	{ 'c', KEYCODE_SHIFT_RIGHT, KEYCODE_SHIFT_RIGHT }, /* rxvt */
	{ 'd', KEYCODE_SHIFT_LEFT, KEYCODE_SHIFT_LEFT },
	{ 'I', KEYCODE_FOCUS_IN, KEYCODE_FOCUS_IN },
	{ 'O', KEYCODE_FOCUS_OUT, KEYCODE_FOCUS_OUT },
};

static const struct {
	int number;
	enum key_code code;
} numbers[] = { /* ESC [ 5 ~ */
	{ 1, KEYCODE_HOME },     { 2, KEYCODE_INSERT },   { 3, KEYCODE_DELETE },
	{ 4, KEYCODE_END },      { 5, KEYCODE_PAGE_UP },  { 6, KEYCODE_PAGE_DOWN },
	{ 7, KEYCODE_HOME },     { 8, KEYCODE_END },      { 11, KEYCODE_F1 },
	{ 12, KEYCODE_F1 + 1 },  { 13, KEYCODE_F1 + 2 },  { 14, KEYCODE_F1 + 3 },
	{ 15, KEYCODE_F1 + 4 },  { 17, KEYCODE_F1 + 5 },  { 18, KEYCODE_F1 + 6 },
	{ 19, KEYCODE_F1 + 7 },  { 20, KEYCODE_F1 + 8 },  { 21, KEYCODE_F1 + 9 },
	{ 23, KEYCODE_F1 + 10 }, { 24, KEYCODE_F1 + 11 },
};

/* xterm's modifiers: 1 + Shift 1 + Alt 2 + Ctrl 4. */
static struct key with_modifiers(struct key k, int modifiers)
{
	int bits = modifiers > 0 ? modifiers - 1 : 0;

	k.alt = bits & 2;
	k.ctrl = bits & 4;
	return k;
}

static struct step letter_key(char final, int modifiers, size_t used, struct key *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
		bool shift = modifiers > 0 && ((modifiers - 1) & 1);
		struct key k = { .code = shift ? letters[i].shifted : letters[i].code };

		if (letters[i].final == final)
			return step_key(out, with_modifiers(k, modifiers), used);
	}
	return step_skip(used);
}

static struct step number_key(struct input *in, const int *param, size_t used, struct key *out)
{
	if (param[0] == 200) {
		in->paste = g_string_new(NULL);
		return step_skip(used);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (numbers[i].number == param[0])
			return step_key(out, with_modifiers((struct key){ .code = numbers[i].code },
							    param[1]), used);
	return step_skip(used);
}

/* The button: 0 left, 64 and 65 the wheel; 32 and more is motion, which is not wanted. */
static struct step mouse_key(int button, int col, int row, size_t used, struct key *out)
{
	struct key k = { .row = MAX(row - 1, 0), .col = MAX(col - 1, 0) };

	switch (button & ~0x1c) { /* without Shift, Alt, Ctrl */
	case 0:
		k.code = KEYCODE_MOUSE_PRESS;
		break;
	case 64:
		k.code = KEYCODE_MOUSE_WHEEL_UP;
		break;
	case 65:
		k.code = KEYCODE_MOUSE_WHEEL_DOWN;
		break;
	default:
		return step_skip(used);
	}
	return step_key(out, k, used);
}

static struct step char_key(uint32_t ch, bool alt, size_t used, struct key *out);

/* 1 on, 2 off, 3 always on; 0 not known, 4 never on. */
static void note_mode(struct answers *said, int mode, int state)
{
	enum answer a = state >= 1 && state <= 3 ? ANSWER_YES : ANSWER_NO;

	if (mode == 2026) /* always on is no frame */
		said->sync = state == 3 ? ANSWER_NO : a;
	else if (mode == 2004)
		said->paste = a;
	else if (mode == 1004)
		said->focus = a;
}

/* ESC [ parameters intermediates final. */
static struct step control_sequence(struct input *in, const uint8_t *s, size_t n, struct key *out)
{
	int param[PARAMS_MAX] = { 0 };
	size_t at = 2, params = 0;
	char mark = 0, middle = 0, final;

	if (n > 2 && s[2] == '[') /* the Linux console's F1 to F5 */
		return n == 3 ? (struct step){ STEP_PART, 0 }
		       : s[3] >= 'A' && s[3] <= 'E'
			       ? step_key(out, (struct key){ .code = KEYCODE_F1 + (s[3] - 'A') }, 4)
			       : step_skip(4);
	if (n > 2 && strchr("<=>?", s[2]) && s[2])
		mark = (char)s[at++];
	for (; at < n && s[at] >= 0x20 && s[at] < 0x40; at++) {
		if (g_ascii_isdigit((char)s[at]) && params < PARAMS_MAX)
			param[params] = MIN(param[params] * 10 + (s[at] - '0'), 100000);
		else if (s[at] == ';' || s[at] == ':')
			params++;
		else
			middle = (char)s[at];
		if (at > STRING_MAX)
			return step_skip(at);
	}
	if (at == n)
		return (struct step){ STEP_PART, 0 };
	final = (char)s[at++];
	if ((uint8_t)final < 0x40 || (uint8_t)final > 0x7e)
		return step_skip(at - 1); /* broken off: what follows is read anew */
	if (mark == '<' && (final == 'M' || final == 'm'))
		return final == 'M' ? mouse_key(param[0], param[1], param[2], at, out)
				    : step_skip(at);
	if (mark == '?' && middle == '$' && final == 'y')
		note_mode(&in->said, param[0], param[1]);
	if (mark == '?' && !middle && final == 'c')
		in->said.fence = true;
	if (mark || middle)
		return step_skip(at);
	if (final == 'M' && params == 0 && at == 3) /* a mouse of before SGR */
		return n < 6 ? (struct step){ STEP_PART, 0 }
			     : mouse_key(s[3] - 32, s[4] - 32, s[5] - 32, 6, out);
	if (final == '~')
		return number_key(in, param, at, out);
	if (final == 'u' && param[1] <= 1)
		return char_key((uint32_t)param[0], false, at, out);
	if (final == 'R' && param[0] != 1 && params > 0) /* where the cursor is */
		return step_skip(at);
	return letter_key(final, param[1], at, out);
}

/* ESC O A: keys of a terminal whose keypad is in application mode. */
static struct step keypad_sequence(const uint8_t *s, size_t n, struct key *out)
{
	static const char digits[] = "*+,-./0123456789";

	if (n < 3)
		return (struct step){ STEP_ESC, 0 };
	if (s[2] == 'M')
		return step_key(out, (struct key){ .code = KEYCODE_ENTER }, 3);
	if (s[2] >= 'j' && s[2] <= 'y')
		return step_key(out, (struct key){ .ch = (uint8_t)digits[s[2] - 'j'] }, 3);
	return letter_key((char)s[2], 0, 3, out);
}

/* One part of rgb:RRRR/GGGG/BBBB, of one to four digits, as 0 to 255; -1: it is none. */
static int colour_part(const char **p)
{
	int value = 0, digits = 0;

	for (; g_ascii_isxdigit(**p) && digits < 4; (*p)++, digits++)
		value = value * 16 + g_ascii_xdigit_value(**p);
	return digits ? value * 255 / ((1 << (4 * digits)) - 1) : -1;
}

static void note_background(struct answers *said, const char *text)
{
	int part[3];

	if (!g_str_has_prefix(text, "11;rgb"))
		return;
	text += strlen("11;rgb");
	text += *text == 'a'; /* rgba: */
	for (int i = 0; i < 3; i++) {
		if (*text++ != (i ? '/' : ':') || (part[i] = colour_part(&text)) < 0)
			return;
	}
	said->background = part[0] << 16 | part[1] << 8 | part[2];
}

static void note_version(struct answers *said, const char *text)
{
	size_t n = 0;

	if (!g_str_has_prefix(text, ">|"))
		return;
	for (text += 2; *text && n + 1 < sizeof said->version; text++)
		if (g_ascii_isprint(*text))
			said->version[n++] = *text;
	said->version[n] = '\0';
}

static void note_string(struct answers *said, const uint8_t *s, size_t n)
{
	g_autofree char *text = g_strndup((const char *)s + 2, n - 2);

	if (s[1] == ']')
		note_background(said, text);
	else if (s[1] == 'P')
		note_version(said, text);
}

/* ESC ] and its like: a text up to BEL or ESC \, an answer to somebody's question. */
static struct step string_sequence(struct input *in, const uint8_t *s, size_t n)
{
	if (n == 2)
		return (struct step){ STEP_ESC, 0 };
	for (size_t i = 2; i < n && i < STRING_MAX; i++) {
		bool ends = s[i] == 0x07 || (s[i] == ESC && i + 1 < n && s[i + 1] == '\\');

		/* Answers are printable: a key that is not was typed after one that broke off. */
		if (s[i] < 0x20 && s[i] != 0x07 && s[i] != ESC)
			return step_skip(i);
		if (ends)
			note_string(&in->said, s, i);
		if (s[i] == 0x07)
			return step_skip(i + 1);
		if (s[i] == ESC && i + 1 < n)
			return step_skip(ends ? i + 2 : i);
	}
	return n > STRING_MAX ? step_skip(n) : (struct step){ STEP_PART, 0 };
}

static struct step char_key(uint32_t ch, bool alt, size_t used, struct key *out)
{
	struct key k = { .code = KEYCODE_CHAR, .ch = ch, .alt = alt };

	if (ch == '\r' || ch == '\n')
		k.code = KEYCODE_ENTER;
	else if (ch == '\t')
		k.code = KEYCODE_TAB;
	else if (ch == 0x7f || ch == 0x08)
		k.code = KEYCODE_BACKSPACE;
	else if (ch == ESC)
		k.code = KEYCODE_ESC;
	if (k.code != KEYCODE_CHAR) {
		k.ch = 0;
	} else if (ch < 0x20) {
		k.ctrl = true;
		k.ch = ch == 0 ? ' ' : ch <= 26 ? ch + 'a' - 1 : ch + '@';
	} else if (!g_unichar_validate(ch) || g_unichar_iscntrl(ch)) {
		return step_skip(used);
	}
	return step_key(out, k, used);
}

/* One character of UTF-8; a byte that is none is dropped. */
static struct step character(const uint8_t *s, size_t n, bool alt, size_t before, struct key *out)
{
	gunichar ch = *s < 0x80 ? *s : g_utf8_get_char_validated((const char *)s, (gssize)n);

	if (ch == (gunichar)-2)
		return (struct step){ STEP_PART, 0 };
	if (ch == (gunichar)-1)
		return step_skip(before + 1);
	return char_key(ch, alt, before + (size_t)(*s ? g_unichar_to_utf8(ch, NULL) : 1), out);
}

static struct step escape(struct input *in, const uint8_t *s, size_t n, bool final, struct key *out)
{
	struct step step;

	if (n == 1)
		step = (struct step){ STEP_ESC, 0 };
	else if (s[1] == '[')
		step = control_sequence(in, s, n, out);
	else if (s[1] == 'O')
		step = keypad_sequence(s, n, out);
	else if (strchr("]PX^_", s[1]) && s[1])
		step = string_sequence(in, s, n);
	else if (s[1] == ESC)
		step = step_key(out, (struct key){ .code = KEYCODE_ESC }, 1);
	else
		step = character(s + 1, n - 1, true, 1, out);
	if (step.kind != STEP_ESC || !final)
		return step;
	return n == 1 ? step_key(out, (struct key){ .code = KEYCODE_ESC }, 1)
		      : character(s + 1, n - 1, true, 1, out);
}

static const uint8_t *find(const uint8_t *s, size_t n, const char *what)
{
	size_t len = strlen(what);

	for (size_t i = 0; i + len <= n; i++)
		if (s[i] == (uint8_t)*what && memcmp(s + i, what, len) == 0)
			return s + i;
	return NULL;
}

/* All up to ESC [ 201 ~ is text, whatever it looks like. */
static struct step pasted(struct input *in, const uint8_t *s, size_t n, struct key *out)
{
	static const char end[] = "\033[201~";
	const uint8_t *found = find(s, n, end);
	size_t text = found ? (size_t)(found - s) : n > strlen(end) ? n - strlen(end) : 0;

	if (in->paste->len < PASTE_MAX)
		g_string_append_len(in->paste, (const char *)s,
				    (gssize)MIN(text, PASTE_MAX - in->paste->len));
	if (!found) {
		drop(in, text);
		return (struct step){ STEP_PART, 0 };
	}
	*out = (struct key){ .code = KEYCODE_PASTE };
	out->text = g_utf8_make_valid(in->paste->str, (gssize)in->paste->len);
	g_string_free(in->paste, TRUE);
	in->paste = NULL;
	return (struct step){ STEP_KEY, text + strlen(end) };
}

void input_break(struct input *in)
{
	const uint8_t *s = in->bytes->data;

	if (!in->paste && in->bytes->len > 1 && s[0] == ESC && s[1] != 0 && strchr("]PX^_", s[1]))
		drop(in, in->bytes->len);
}

enum input_result input_next(struct input *in, bool final, struct key *out)
{
	while (in->bytes->len > 0) {
		const uint8_t *s = in->bytes->data;
		size_t n = in->bytes->len;
		struct step step = in->paste   ? pasted(in, s, n, out)
				   : *s == ESC ? escape(in, s, n, final, out)
					       : character(s, n, false, 0, out);

		if (step.kind == STEP_ESC)
			return INPUT_ESC;
		if (step.kind == STEP_PART)
			return INPUT_PART;
		drop(in, step.used);
		if (step.kind == STEP_KEY)
			return INPUT_KEY;
	}
	return INPUT_EMPTY;
}
