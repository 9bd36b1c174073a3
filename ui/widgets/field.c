/* field - a line editor; see field.h.
 *
 * Has no state for scrolling: what shows follows from the text, the caret and the width alone, so
 * a resize in the middle of typing needs nothing. */
#include "ui/widgets/field.h"

#include <string.h>

#include "core/pin.h"

void field_init(struct field *f, const char *text, size_t bytes_max)
{
	*f = (struct field){ .text = g_string_new(NULL), .bytes_max = bytes_max };
	field_set(f, text);
}

void field_done(struct field *f)
{
	if (f->text) {
		/* It may have been a PIN. */
		memset(f->text->str, 0, f->text->allocated_len);
		g_string_free(f->text, TRUE);
	}
	f->text = NULL;
}

static size_t next_boundary(const struct field *f, size_t at)
{
	struct glyph glyph;

	return at + glyph_next(f->text->str + at, (gssize)(f->text->len - at), &glyph);
}

static size_t previous_boundary(const struct field *f, size_t at)
{
	size_t last = 0, next = 0;

	while (next < at) {
		last = next;
		next = next_boundary(f, last);
		if (next == last)
			break;
	}
	return last;
}

/* The boundary at or after a place: a combining mark that was typed joins what stands before it. */
static size_t boundary_from(const struct field *f, size_t at)
{
	size_t b = 0, next;

	while (b < at && (next = next_boundary(f, b)) > b)
		b = next;
	return b;
}

static bool is_word(const struct field *f, size_t at)
{
	return g_unichar_isalnum(g_utf8_get_char(f->text->str + at));
}

static size_t word_before(const struct field *f, size_t at)
{
	while (at > 0 && !is_word(f, previous_boundary(f, at)))
		at = previous_boundary(f, at);
	while (at > 0 && is_word(f, previous_boundary(f, at)))
		at = previous_boundary(f, at);
	return at;
}

static size_t word_after(const struct field *f, size_t at)
{
	while (at < f->text->len && !is_word(f, at))
		at = next_boundary(f, at);
	while (at < f->text->len && is_word(f, at))
		at = next_boundary(f, at);
	return at;
}

/* Typed or pasted text without what a field cannot hold: control characters, broken bytes. */
static char *acceptable(const struct field *f, const char *s)
{
	g_autofree char *valid = g_utf8_make_valid(s, -1);
	GString *out = g_string_new(NULL);
	bool was_break = false;

	for (const char *p = valid; *p; p += g_utf8_skip[(guchar)*p]) {
		gunichar ch = g_utf8_get_char(p);
		bool is_break = ch == '\n' || ch == '\r' || ch == '\t';

		if (f->digits_only ? !pin_digit(ch) : g_unichar_iscntrl(ch) && !is_break)
			continue;
		if (f->digits_only)
			g_string_append_c(out, pin_digit(ch)); /* as the keypad has it, whatever the keyboard writes */
		else if (!is_break)
			g_string_append_unichar(out, ch);
		else if (!was_break)
			g_string_append_c(out, ' ');
		was_break = is_break;
	}
	return g_string_free(out, FALSE);
}

/* Inserts as many whole characters of s as there is room for. */
static void insert(struct field *f, const char *s)
{
	g_autofree char *good = acceptable(f, s);
	size_t room = f->bytes_max > f->text->len ? f->bytes_max - f->text->len : 0;
	size_t n = 0;

	while (good[n]) {
		size_t step = (size_t)g_utf8_skip[(guchar)good[n]];

		if (n + step > room)
			break;
		n += step;
	}
	g_string_insert_len(f->text, (gssize)f->caret, good, (gssize)n);
	f->caret = boundary_from(f, f->caret + n);
	memset(good, 0, strlen(good));
}

static void erase(struct field *f, size_t from, size_t to)
{
	g_string_erase(f->text, (gssize)from, (gssize)(to - from));
	f->caret = boundary_from(f, from);
}

void field_set(struct field *f, const char *text)
{
	g_string_truncate(f->text, 0);
	f->caret = 0;
	if (text)
		insert(f, text);
}

static void to_start(struct field *f)
{
	f->caret = 0;
}

static void to_end(struct field *f)
{
	f->caret = f->text->len;
}

static void left(struct field *f)
{
	f->caret = previous_boundary(f, f->caret);
}

static void right(struct field *f)
{
	f->caret = next_boundary(f, f->caret);
}

static void word_left(struct field *f)
{
	f->caret = word_before(f, f->caret);
}

static void word_right(struct field *f)
{
	f->caret = word_after(f, f->caret);
}

static void erase_before(struct field *f)
{
	erase(f, previous_boundary(f, f->caret), f->caret);
}

static void erase_here(struct field *f)
{
	erase(f, f->caret, next_boundary(f, f->caret));
}

static void erase_word_before(struct field *f)
{
	size_t from = f->caret;

	/* As in a shell: to the last blank, whatever stands between. */
	while (from > 0 && f->text->str[from - 1] == ' ')
		from--;
	while (from > 0 && f->text->str[from - 1] != ' ')
		from--;
	erase(f, from, f->caret);
}

static void erase_word_after(struct field *f)
{
	erase(f, f->caret, word_after(f, f->caret));
}

static void erase_to_start(struct field *f)
{
	erase(f, 0, f->caret);
}

static void erase_to_end(struct field *f)
{
	erase(f, f->caret, f->text->len);
}

static const struct {
	struct key key;
	void (*edit)(struct field *f);
} edits[] = {
	{ { .code = KEYCODE_LEFT }, left },
	{ { .ch = 'b', .ctrl = true }, left },
	{ { .code = KEYCODE_RIGHT }, right },
	{ { .ch = 'f', .ctrl = true }, right },
	{ { .code = KEYCODE_HOME }, to_start },
	{ { .ch = 'a', .ctrl = true }, to_start },
	{ { .code = KEYCODE_END }, to_end },
	{ { .ch = 'e', .ctrl = true }, to_end },
	{ { .ch = 'b', .alt = true }, word_left },
	{ { .ch = 'f', .alt = true }, word_right },
	{ { .code = KEYCODE_BACKSPACE }, erase_before },
	{ { .ch = 'h', .ctrl = true }, erase_before },
	{ { .code = KEYCODE_DELETE }, erase_here },
	{ { .ch = 'd', .ctrl = true }, erase_here },
	{ { .ch = 'w', .ctrl = true }, erase_word_before },
	{ { .code = KEYCODE_BACKSPACE, .alt = true }, erase_word_before },
	{ { .ch = 'd', .alt = true }, erase_word_after },
	{ { .ch = 'u', .ctrl = true }, erase_to_start },
	{ { .ch = 'k', .ctrl = true }, erase_to_end },
};

static bool is_text(const struct key *k)
{
	return k->code == KEYCODE_CHAR && !k->ctrl && !k->alt && k->ch >= ' ' && k->ch != 0x7f &&
	       g_unichar_validate(k->ch) && !g_unichar_iscntrl(k->ch);
}

static bool edit(struct field *f, const struct key *k)
{
	char utf8[7] = "";

	for (size_t i = 0; i < G_N_ELEMENTS(edits); i++) {
		if (key_same(&edits[i].key, k)) {
			edits[i].edit(f);
			return true;
		}
	}
	if (k->code == KEYCODE_PASTE) {
		insert(f, k->text ? k->text : "");
		return true;
	}
	if (!is_text(k))
		return false;
	g_unichar_to_utf8(k->ch, utf8);
	insert(f, utf8);
	return true;
}

bool field_key(struct field *f, const struct key *k, bool *changed)
{
	g_autofree char *before = g_strdup(f->text->str);
	bool used = edit(f, k);

	if (changed)
		*changed = strcmp(before, f->text->str) != 0;
	memset(before, 0, strlen(before));
	return used;
}

static int glyph_cells(const struct field *f, const struct glyph *glyph)
{
	return f->masked ? 1 : glyph->width;
}

static int cells_before(const struct field *f, size_t end)
{
	struct glyph glyph;
	size_t at = 0, n;
	int cells = 0;

	while (at < end && (n = glyph_next(f->text->str + at, (gssize)(f->text->len - at),
					   &glyph)) > 0) {
		at += n;
		cells += glyph_cells(f, &glyph);
	}
	return cells;
}

/* Cells hidden on the left. Moves by half a field at a time, so that the text stands still while
 * the caret walks through it. */
static int hidden(int caret, int cells)
{
	int step = MAX(cells / 2, 1);

	return caret < cells ? 0 : (caret - cells + step) / step * step;
}

void field_draw(const struct field *f, struct grid *g, int row, int col, int cells, bool focused)
{
	enum role role = focused ? ROLE_FIELD_FOCUS : ROLE_FIELD;
	int caret = cells_before(f, f->caret), total = cells_before(f, f->text->len);
	int skip = hidden(caret, cells), x = -skip;
	size_t at = 0, n;
	struct glyph glyph;

	if (cells <= 0)
		return;
	grid_fill(g, (struct rect){ row, col, 1, cells }, ' ', role);
	while (x < cells && (n = glyph_next(f->text->str + at, (gssize)(f->text->len - at),
					    &glyph)) > 0) {
		g_autofree char *one = g_strndup(f->text->str + at, n);
		int width = glyph_cells(f, &glyph);

		if (x >= 0 && x + width <= cells) {
			if (f->masked)
				grid_put_char(g, row, col + x, 0x2022, role, 0);
			else
				grid_put(g, row, col + x, width, one, role);
		}
		memset(one, 0, n);
		x += width;
		at += n;
	}
	/* Marks that there is more to either side; never where the caret is. */
	if (skip > 0 && cells > 1)
		grid_put_char(g, row, col, 0x2039, role, MARK_BOLD);
	if (total - skip > cells && caret - skip != cells - 1)
		grid_put_char(g, row, col + cells - 1, 0x203a, role, MARK_BOLD);
	if (focused) {
		g->cursor_row = row;
		g->cursor_col = col + caret - skip;
	}
}

bool field_replaces(const struct key *k)
{
	return (k->code == KEYCODE_CHAR && !k->ctrl && !k->alt) || k->code == KEYCODE_PASTE ||
	       k->code == KEYCODE_BACKSPACE || k->code == KEYCODE_DELETE;
}
