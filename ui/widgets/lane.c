/* lane - bars on a time axis; see lane.h.
 *
 * First it is settled which bar owns which cell, then everything is drawn into cells that it owns
 * or that nobody does. So no order of drawing can hide anything by accident. */
#include "ui/widgets/lane.h"

#include <string.h>

/* What a state looks like. The sign says what colour alone must not. */
static const struct look {
	enum role role;
	uint32_t body;
	char ascii;
	uint32_t sign;  /* 0: none */
	bool heavy;     /* the body's weight: how the now line crosses it */
	bool bare;      /* no ends: what is over is only dots */
} looks[CODE_STATE_COUNT] = {
	[CODE_TROUBLE] = { ROLE_ALARM, 0x2501, '=', '!', true, false },
	[CODE_REMOVING] = { ROLE_PENDING, 0x2504, '-', 0xd7, false, false },
	[CODE_QUEUED] = { ROLE_PENDING, 0x2504, '-', '?', false, false },
	[CODE_SETTING] = { ROLE_PENDING, 0x2504, '-', '?', false, false },
	[CODE_SET] = { ROLE_GOOD, 0x2501, '=', 0, true, false },
	[CODE_STORED] = { ROLE_STORED, 0x254c, '~', 0, false, false },
	[CODE_WAITING] = { ROLE_FUTURE, 0x2504, '.', 0, false, false },
	[CODE_UNKNOWN] = { ROLE_PENDING, 0x2501, '~', '?', true, false },
	[CODE_ENDED] = { ROLE_ENDED, 0xb7, ':', 0, false, true },
};

enum {
	LEAD_NATIVE_H = 72,
	LEAD_MINUTES = 60,
	BODY_BEFORE_LABEL = 3,
	LABEL_CUT_MIN = 5, /* a name cut shorter than this says nothing */
};

enum role code_state_role(enum code_state s)
{
	return s >= 0 && s < CODE_STATE_COUNT ? looks[s].role : ROLE_TEXT;
}

/* Where a bar lies, in eighths for its ends and in cells for what it covers. */
struct span {
	int start, end;   /* eighths */
	int first, last;  /* cells; first > last: not in this window */
	bool open_left, open_right; /* goes on beyond the window */
	bool ongoing;     /* has no end */
};

struct lane {
	const struct axis *a;
	struct grid *g;
	int row, col;
	int now;      /* its cell; -1: not in this window */
	const struct bar *bars;
	struct span *spans;
	size_t n;
	int *owner;   /* bar that a cell belongs to, or one of: */
	bool *word;   /* the cell holds a label, or stands beside one */
	unsigned char *depth, *clashes; /* bars with an end that lie in a cell; of them, in a double booking */
	const char *label; /* that is being put */
	int *hidden;  /* by bar: how many others lie wholly under it */
};
enum { NOBODY = -1, SOME_LEAD = -2 };

static struct span span_of(const struct axis *a, const struct bar *b)
{
	struct span s = { .start = -8, .end = a->cells * 8 + 8, .first = 1, .last = 0 };

	if (instant_known(b->from))
		s.start = axis_eighths(a, b->from);
	if (instant_known(b->until)) /* rounded outwards, so that nothing is too short to see */
		s.end = axis_eighths(a, instant_add_ms(b->until, -1)) + 1;
	s.ongoing = !instant_known(b->until);
	if (instant_known(b->from) && instant_known(b->until) && !instant_before(b->from, b->until))
		return s;
	if (s.end <= 0 || s.start >= a->cells * 8)
		return s;
	s.open_left = s.start < 0;
	s.open_right = s.end > a->cells * 8;
	s.first = s.open_left ? 0 : s.start / 8;
	s.last = s.open_right ? a->cells - 1 : (s.end - 1) / 8;
	return s;
}

static void put(struct lane *l, int cell, uint32_t ch, char ascii, enum role role, unsigned mark)
{
	grid_put_char(l->g, l->row, l->col + cell, l->g->ascii ? (uint32_t)ascii : ch, role, mark);
}

/* U+2588 is a whole block, U+258F the left eighth of one. */
static uint32_t left_eighths(int n)
{
	return n <= 0 ? ' ' : 0x2590 - (uint32_t)MIN(n, 8);
}

static void put_end(struct lane *l, int cell, const struct span *s, const struct look *look,
		    unsigned mark)
{
	bool starts = cell == s->first && !s->open_left, ends = cell == s->last && !s->open_right;
	int from = starts ? s->start % 8 : 0, until = ends ? (s->end - 1) % 8 + 1 : 8;
	char ascii = starts && ends ? '#' : starts ? '[' : ']';

	/* A block begins at the left of its cell. One that begins later is the reverse of what is
	 * missing; one that does neither is shown by the end that is nearer to an edge. */
	if (from > 0 && (until == 8 || 8 - until < from))
		put(l, cell, left_eighths(from), ascii, look->role, mark | MARK_REVERSE);
	else
		put(l, cell, left_eighths(until), ascii, look->role, mark);
}

static bool is_end(const struct span *s, const struct look *look, int cell)
{
	return !look->bare && ((cell == s->first && !s->open_left) ||
			       (cell == s->last && !s->open_right));
}

static enum role bar_role(const struct bar *b)
{
	return b->dim && b->state != CODE_TROUBLE ? ROLE_DIM : looks[b->state].role;
}

static void put_body(struct lane *l, int cell, const struct bar *b, const struct span *s)
{
	struct look look = looks[b->state];
	unsigned mark = b->selected ? MARK_BOLD : 0;

	look.role = bar_role(b);
	if (l->clashes[cell] > 1 && b->clash)
		put(l, cell, 0x256a, '&', ROLE_ALARM, mark);
	else if (is_end(s, &look, cell))
		put_end(l, cell, s, &look, mark);
	else if (l->depth[cell] > 1 && !s->ongoing && !look.bare)
		put(l, cell, 0x2550, '%', look.role, mark);
	else if (cell == s->last && s->ongoing && !look.bare)
		put(l, cell, 0x25b6, '>', look.role, mark);
	else
		put(l, cell, look.body, look.ascii, look.role, mark);
}

/* The now line crosses whatever is there and takes the shape of the crossing. */
static void put_now(struct lane *l)
{
	static const uint32_t crossing[2][4] = { /* across, at a start, at an end, both */
		{ 0x2542, 0x2520, 0x2528, 0x2503 }, { 0x254b, 0x2523, 0x252b, 0x2503 } };
	int who;

	if (l->now < 0)
		return;
	who = l->owner[l->now];
	if (who < 0 || looks[l->bars[who].state].bare) {
		put(l, l->now, 0x2503, '|', ROLE_NOW, 0);
	} else {
		const struct span *s = &l->spans[who];
		int shape = (l->now == s->first && !s->open_left) |
			    (l->now == s->last && !s->open_right) << 1;

		put(l, l->now, crossing[looks[l->bars[who].state].heavy][shape],
		    shape == 3 ? '|' : '+', ROLE_NOW, 0);
	}
}

static void own_cells(struct lane *l)
{
	for (int cell = 0; cell < l->a->cells; cell++)
		l->owner[cell] = NOBODY;
	for (size_t i = 0; i < l->n; i++) {
		const struct span *s = &l->spans[i];

		for (int cell = s->first; cell <= s->last; cell++)
			if (l->owner[cell] == NOBODY)
				l->owner[cell] = (int)i;
	}
}

/* What has ended lies on nobody. */
static void count_cells(struct lane *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct span *s = &l->spans[i];
		bool seen = s->first > s->last;

		for (int cell = s->first; cell <= s->last; cell++) {
			bool counts = !s->ongoing && !looks[l->bars[i].state].bare;

			l->depth[cell] = (unsigned char)MIN(l->depth[cell] + counts, 9);
			l->clashes[cell] = (unsigned char)MIN(l->clashes[cell] + (l->bars[i].clash && counts), 9);
			seen = seen || l->owner[cell] == (int)i;
		}
		if (!seen && !looks[l->bars[i].state].bare)
			l->hidden[l->owner[(s->first + s->last) / 2]]++;
	}
}

static void draw_lead(struct lane *l, size_t i)
{
	const struct bar *b = &l->bars[i];
	int64_t ms = b->native ? LEAD_NATIVE_H * HOUR_MS : LEAD_MINUTES * MINUTE_MS;
	int first, last;

	if (!b->show_lead || !instant_known(b->from))
		return;
	first = MAX(axis_eighths(l->a, instant_add_ms(b->from, -ms)), 0) / 8;
	last = MIN(axis_eighths(l->a, instant_add_ms(b->from, -1)), l->a->cells * 8 - 1) >> 3;
	for (int cell = first; cell <= last; cell++) {
		if (l->owner[cell] == NOBODY || l->owner[cell] == SOME_LEAD) {
			l->owner[cell] = SOME_LEAD;
			put(l, cell, 0x2591, '.', ROLE_LEAD, 0);
		}
	}
}

/* Cells first..last in which a label may stand. */
struct run {
	int first, last;
};

static int run_cells(struct run r)
{
	return r.last - r.first + 1;
}

/* The next run of cells that belong to bar i and hold neither its ends nor the now line. */
static bool next_run(const struct lane *l, size_t i, int from, struct run *out)
{
	const struct span *s = &l->spans[i];
	const struct look *look = &looks[l->bars[i].state];
	int cell = MAX(from, s->first);

	for (out->first = -1; cell <= s->last; cell++) {
		bool good = l->owner[cell] == (int)i && cell != l->now && !is_end(s, look, cell) &&
			    !(cell == s->last && s->ongoing);

		if (good && out->first < 0)
			out->first = cell;
		if (!good && out->first >= 0)
			break;
	}
	out->last = cell - 1;
	return out->first >= 0;
}

static int put_words(struct lane *l, int cell, int cells, const struct bar *b)
{
	unsigned mark = b->selected ? MARK_BOLD | MARK_REVERSE : 0;
	struct rect r = { l->row, l->col + cell, 1, cells };
	int used;

	r.cols = used = grid_put(l->g, l->row, l->col + cell, cells, l->label, bar_role(b));
	grid_mark(l->g, r, mark);
	for (int i = MAX(cell - 1, 0); i < MIN(cell + used + 1, l->a->cells); i++)
		l->word[i] = true;
	return used;
}

/* " Anna Berg " into a run of the bar's own cells, a little behind its beginning, with the sign
 * before it. */
static void put_inside(struct lane *l, size_t i, struct run r, int width)
{
	const struct look *look = &looks[l->bars[i].state];
	int before = CLAMP(run_cells(r) - width - 2, 0, BODY_BEFORE_LABEL);
	int at = r.first + before, used;

	put(l, at, ' ', ' ', look->role, 0);
	used = put_words(l, at + 1, width, &l->bars[i]); /* a wide glyph may not have fitted */
	put(l, at + 1 + used, ' ', ' ', look->role, 0);
	if (look->sign)
		put(l, at - 1, look->sign, look->sign < 128 ? (char)look->sign : 'x', look->role,
		    MARK_BOLD);
}

/* Without a label the sign stands behind the start; a bar too short for both is only the sign. */
static void put_sign(struct lane *l, size_t i)
{
	const struct look *look = &looks[l->bars[i].state];
	const struct span *s = &l->spans[i];
	int at = -1;

	if (!look->sign)
		return;
	for (int cell = s->first; cell <= s->last; cell++) {
		if (l->owner[cell] != (int)i || cell == l->now)
			continue;
		at = cell;
		if (cell > s->first)
			break;
	}
	if (at >= 0)
		put(l, at, look->sign, look->sign < 128 ? (char)look->sign : 'x', look->role,
		    MARK_BOLD);
}

/* Of a bar that crosses the now line the part to come is looked at first, so that the names of
 * those who are in stand below each other. */
static bool label_inside(struct lane *l, size_t i, int width, bool cut)
{
	int around = looks[l->bars[i].state].sign ? 3 : 2; /* two blanks, and the sign */
	const struct span *s = &l->spans[i];
	struct run r, longest = { 0, -1 };

	if (!cut && s->first < l->now && next_run(l, i, l->now, &r) && run_cells(r) >= width + around) {
		put_inside(l, i, r, width);
		return true;
	}
	for (int from = 0; next_run(l, i, from, &r); from = r.last + 1) {
		if (!cut && run_cells(r) >= width + around) {
			put_inside(l, i, r, width);
			return true;
		}
		if (run_cells(r) > run_cells(longest))
			longest = r;
	}
	if (!cut || run_cells(longest) < LABEL_CUT_MIN + around)
		return false;
	put_inside(l, i, longest, run_cells(longest) - around);
	return true;
}

/* Right of the bar, after a blank, and with one behind it. */
static bool label_behind(struct lane *l, size_t i, int width)
{
	const struct span *s = &l->spans[i];
	int first = s->last + 2, end = first + width;

	if (s->open_right || end > l->a->cells)
		return false;
	for (int cell = s->last + 1; cell < MIN(end + 1, l->a->cells); cell++)
		if (l->owner[cell] != NOBODY || l->word[cell] || cell == l->now)
			return false;
	put_words(l, first, width, &l->bars[i]);
	return true;
}

static void draw_label(struct lane *l, size_t i)
{
	const struct bar *b = &l->bars[i];
	const struct span *s = &l->spans[i];
	g_autofree char *more = b->label && l->hidden[i] ? g_strdup_printf("%s +%d", b->label, l->hidden[i]) : NULL;
	int width;

	l->label = more ? more : b->label;
	width = l->label ? text_width(l->label) : 0;

	if (s->first > s->last)
		return;
	if (width > 0 && label_inside(l, i, width, false))
		return;
	if (width > 0 && label_behind(l, i, width)) {
		put_sign(l, i);
		return;
	}
	if (width > 0 && label_inside(l, i, width, true))
		return;
	put_sign(l, i);
	if (b->selected) /* no label that could show it */
		for (int cell = s->first; cell <= s->last; cell++)
			if (l->owner[cell] == (int)i && cell != l->now)
				grid_mark(l->g, (struct rect){ l->row, l->col + cell, 1, 1 },
					  MARK_UNDERLINE);
}

void lane_draw(const struct axis *a, const struct bar *bars, size_t n, struct instant now,
	       struct grid *g, int row, int col)
{
	gsize cells = (gsize)MAX(a->cells, 1);
	g_autofree int *owner = g_new(int, cells);
	g_autofree bool *word = g_new0(bool, cells);
	g_autofree struct span *spans = g_new(struct span, MAX(n, 1));
	g_autofree unsigned char *depth = g_new0(unsigned char, cells), *clashes = g_new0(unsigned char, cells);
	g_autofree int *hidden = g_new0(int, MAX(n, 1));
	struct lane l = { .a = a, .g = g, .row = row, .col = col, .now = -1, .bars = bars,
			  .spans = spans, .n = n, .owner = owner, .word = word,
			  .depth = depth, .clashes = clashes, .hidden = hidden };
	int eighths = instant_known(now) ? axis_eighths(a, now) : -1;

	if (eighths >= 0 && eighths < a->cells * 8)
		l.now = eighths / 8;
	for (size_t i = 0; i < n; i++)
		spans[i] = span_of(a, &bars[i]);
	own_cells(&l);
	count_cells(&l);
	for (size_t i = 0; i < n; i++)
		draw_lead(&l, i);
	for (int cell = 0; cell < a->cells; cell++)
		if (owner[cell] >= 0)
			put_body(&l, cell, &bars[owner[cell]], &spans[owner[cell]]);
	put_now(&l);
	for (size_t i = 0; i < n; i++)
		draw_label(&l, i);
}
