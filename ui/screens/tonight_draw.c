/* tonight_draw - the board as rows: a guest or a door, its four facts, and what they come to. */
#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "core/when.h"
#include "ui/screens/tonight.h"
#include "ui/screens/words.h"

/* The widths of a row; 0: left out. What it comes to stands last, before the reason where there is
 * room for it. */
struct board_columns {
	int at, in, door, guest, declared, window, provider, lock, verdict, why;
	bool brief;
};

#define BRIEF_CELLS 80
#define WHOLE_CELLS 107
#define WHY_CELLS   40
#define WHY_LEAST   24 /* beside the pane, which tells of the cursor's row alone */

/* In less than 80 cells the facts that are mostly the same go first; what it comes to never does. */
static void narrow(struct board_columns *c, int missing)
{
	if (missing > 0) {
		missing -= c->window + 1;
		c->window = 0;
	}
	if (missing > 0) {
		missing -= c->declared + 1;
		c->declared = 0;
	}
	c->guest = MAX(c->guest - (missing + 1) / 2, 6);
	c->door = MAX(c->door - missing / 2, 6);
}

static struct board_columns columns_of(int cols, bool has_pane)
{
	struct board_columns c = { 5, 4, 10, 11, 8, 6, 8, 10, 9, 0, true };
	int spare = cols - BRIEF_CELLS;

	if (has_pane && spare > WHY_LEAST && cols < WHOLE_CELLS + WHY_CELLS) {
		int names = MIN((spare - 1 - WHY_LEAST), 15);

		c.why = spare - 1 - names;
		c.door += names / 3;
		c.guest += names - names / 3;
		return c;
	}
	if (cols >= WHOLE_CELLS) {
		c = (struct board_columns){ 5, 4, 14, 20, 8, 6, 8, 19, 14, 0, false };
		spare = cols - WHOLE_CELLS;
	}
	if (spare < 0) {
		narrow(&c, -spare);
		return c;
	}
	if (spare >= WHY_CELLS) {
		c.why = spare - 17;
		spare = 16;
	}
	c.door += spare / 2;
	c.guest += spare - spare / 2;
	return c;
}

enum role tonight_role(enum ready_verdict v)
{
	static const enum role roles[READY_COUNT] = {
		[READY_REMOVED] = ROLE_ENDED,  [READY_REVOKED] = ROLE_ENDED,   [READY_STAYING] = ROLE_TEXT,
		[READY_YES] = ROLE_GOOD,       [READY_WAITING] = ROLE_FUTURE,  [READY_LEAVING] = ROLE_PENDING,
		[READY_UNPROVEN] = ROLE_PENDING, [READY_DOUBLE] = ROLE_ALARM,
		[READY_AT_RISK] = ROLE_ALARM,
	};

	return roles[v];
}

static void put_cell(struct grid *g, int row, int *col, int cells, const char *s, enum role role)
{
	if (cells <= 0)
		return;
	grid_put_field(g, row, *col, cells, -1, CUT_END, s ? s : "", role);
	*col += cells + 1;
}

/* ---- the head: the day, and how many stand how ---- */

static void put_count(GString *s, int n, const char *word)
{
	g_string_append_printf(s, "%s%d %s", s->len ? ", " : "", n, word);
}

/* The worst first, and none of whom there is none: at 80 columns the last word is cut. */
static char *arrivals_text(const struct board *b)
{
	static const struct {
		enum ready_verdict verdict;
		const char *word;
	} kinds[] = {
		{ READY_AT_RISK, N_("at risk") },   { READY_DOUBLE, N_("double") },   { READY_REVOKED, N_("revoked") },
		{ READY_UNPROVEN, N_("unproven") }, { READY_WAITING, N_("waiting") },
	};
	const int *of = b->counts.of[0];
	g_autoptr(GString) s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (of[kinds[i].verdict])
			put_count(s, of[kinds[i].verdict], _(kinds[i].word));
	put_count(s, of[READY_YES], _("ready"));
	return g_strdup_printf("%d %s: %s", b->counts.arrivals, b->counts.arrivals == 1 ? _("arrival") : _("arrivals"),
			       s->str);
}

static char *departures_text(const struct board *b)
{
	const int *of = b->counts.of[1];
	g_autoptr(GString) s = g_string_new(NULL);

	put_count(s, of[READY_STAYING] + of[READY_LEAVING], _("to leave"));
	put_count(s, of[READY_REMOVED], _("removed"));
	put_count(s, of[READY_AT_RISK], _("still on the lock"));
	return g_strdup_printf("%d %s: %s", b->counts.departures,
			       b->counts.departures == 1 ? _("departure") : _("departures"), s->str);
}

bool tonight_parse_day(const char *text, const struct world *w, struct instant *out, GError **err)
{
	struct when_context ctx = {
		.zone = w->zone,
		.now = w->now,
		.base = w->now,
		.default_minutes = 12 * 60,
	};

	return when_parse(text, &ctx, out, NULL, err);
}

static void draw_typing(struct tonight *t, struct grid *g, struct rect r)
{
	const struct world *w = t->base.world;
	g_autoptr(GError) err = NULL;
	struct instant day, from, until;
	char text[CIVIL_TEXT_MAX];
	int col = r.col + 1;

	col += grid_put(g, r.row, col, r.cols / 4, _("Day "), ROLE_HINT_KEY);
	field_draw(&t->typed, g, r.row, col, 20, true);
	col += 22;
	if (!t->typed.text->len) {
		grid_put(g, r.row, col, r.cols - col - 1, _("tomorrow, fri, 24.12., yesterday"), ROLE_DIM);
	} else if (tonight_parse_day(t->typed.text->str, w, &day, &err)) {
		ready_day(w->zone, day, 0, &from, &until);
		grid_put(g, r.row, col, r.cols - col - 1, civil_day(w->zone, from, text), ROLE_TEXT);
	} else {
		grid_put(g, r.row, col, r.cols - col - 1, err->message, ROLE_WARN);
	}
}

static void draw_day(struct tonight *t, struct grid *g, struct rect r)
{
	const struct board *b = &t->board;
	const struct zone *z = t->base.world->zone;
	g_autofree char *counts = arrivals_text(b);
	int risk = b->counts.of[0][READY_AT_RISK] + b->counts.of[0][READY_DOUBLE], used;
	char day[CIVIL_TEXT_MAX];

	if (t->typing) {
		draw_typing(t, g, r);
		return;
	}
	used = 1 + grid_putf(g, r.row, r.col + 1, r.cols - 2, ROLE_TEXT, "%s%s", b->today ? _("Tonight ") : "",
			     civil_day(z, b->from, day));
	grid_mark(g, (struct rect){ r.row, r.col + 1, 1, used - 1 }, MARK_BOLD);
	used += r.cols >= 100 ? 4 : 2;
	grid_put(g, r.row, r.col + used, r.cols - used - 1, counts,
		 risk ? ROLE_ALARM : b->counts.of[0][READY_UNPROVEN] ? ROLE_PENDING : ROLE_GOOD);
}

static void draw_head(struct grid *g, struct rect r, const struct board_columns *c)
{
	int col = r.col + 1;

	grid_fill(g, r, ' ', ROLE_HEADER);
	put_cell(g, r.row, &col, c->at, _("AT"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->in, _("IN"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->door, _("DOOR"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->guest, _("GUEST"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->declared, _("DECLARED"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->window, _("WINDOW"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->provider, _("PROVIDER"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->lock, _("LOCK"), ROLE_HEADER);
	put_cell(g, r.row, &col, c->verdict, "", ROLE_HEADER);
	put_cell(g, r.row, &col, c->why, _("WHY"), ROLE_HEADER);
}

/* ---- rows ---- */

static enum role lock_role(enum ready_lock l)
{
	switch (l) {
	case ON_LOCK_PROVEN:
	case ON_LOCK_ACKNOWLEDGED:
	case ON_LOCK_USED:
		return ROLE_GOOD;
	case ON_LOCK_STORED:
	case ON_LOCK_ACCEPTED:
	case ON_LOCK_COMPUTED:
		return ROLE_STORED;
	case ON_LOCK_OFFLINE:
		return ROLE_ALARM;
	case ON_LOCK_REMOVED:
		return ROLE_ENDED;
	default:
		return ROLE_DIM;
	}
}

static char *time_left(struct instant at, struct instant now)
{
	int64_t ms = instant_diff_ms(at, now);
	char span[CIVIL_TEXT_MAX];

	duration_short(ms < 0 ? -ms : ms, span);
	return g_strdup_printf("%s%s", ms <= -MINUTE_MS ? "-" : "", span);
}

/* "104 Sea", and folded "104 Sea +1": the worst of several. */
static char *door_text(const struct tonight *t, const struct board_line *line, const struct board_door *d,
		       int cells, bool ascii)
{
	const struct board_guest *guest = board_guest(&t->board, line->guest);
	const char *name = d->row->lock_name ? d->row->lock_name : "?";

	if (line->door >= 0 || guest->n == 1)
		return g_strdup(name);
	if (board_is_unfolded(&t->board, line->guest))
		return g_strdup_printf(_("%u doors"), guest->n);
	g_autofree char *more = g_strdup_printf(" +%u", guest->n - 1);
	g_autofree char *fits = text_fit(name, MAX(cells - (int)strlen(more), 2), CUT_END, ascii);

	return g_strconcat(fits, more, NULL);
}

/* Of a child only the hour that differs is told again. */
static void draw_facts(struct tonight *t, const struct board_door *d, struct grid *g, int row, int col,
		       const struct board_columns *c)
{
	const struct world *w = t->base.world;
	const struct zone *z = zone_of(d->row->zone, w->zone);
	const struct ready_facts *f = &d->row->facts;
	g_autofree char *lock = ready_lock_word(f, &d->ready, c->brief, z, w->now);
	g_autofree char *verdict = ready_verdict_text(f, &d->ready, c->brief, z, w->now);
	g_autofree char *why = c->why ? ready_words(f, &d->ready, z, w->now) : NULL;
	enum role role = tonight_role(d->ready.verdict);

	put_cell(g, row, &col, c->declared, ready_declared_word(d->ready.declared),
		 d->ready.declared == DECLARED_YES ? ROLE_DIM
		 : d->ready.declared == DECLARED_REFUSED ? ROLE_ALARM : ROLE_PENDING);
	put_cell(g, row, &col, c->window, ready_window_word(d->ready.window),
		 d->ready.window == WINDOW_OPEN ? ROLE_TEXT : ROLE_DIM);
	put_cell(g, row, &col, c->provider, ready_provider_word(d->ready.provider),
		 d->ready.provider == PROVIDER_FAILED ? ROLE_ALARM : ROLE_TEXT);
	put_cell(g, row, &col, c->lock, lock, lock_role(d->ready.lock));
	put_cell(g, row, &col, c->verdict, verdict, role);
	put_cell(g, row, &col, c->why, why, role == ROLE_ALARM ? ROLE_ALARM : ROLE_DIM);
}

static void draw_line(struct tonight *t, int i, struct grid *g, struct rect r, const struct board_columns *c)
{
	const struct world *w = t->base.world;
	const struct board_line *line = board_line(&t->board, i);
	const struct board_door *d = board_door(&t->board, i);
	bool child = line->door >= 0;
	struct instant at = child ? (d->row->facts.departs ? d->row->facts.code.ends_at
							   : d->row->facts.code.starts_at)
				  : board_guest(&t->board, line->guest)->at;
	g_autofree char *left = time_left(at, w->now), *door = door_text(t, line, d, c->door, g->ascii);
	char clock[CIVIL_TEXT_MAX], shown[NAME_SHOWN_MAX];
	int col = r.col + 1;

	/* In the alarm's place: what it comes to still says it. */
	if (tonight_is_marked(t, i))
		grid_put(g, r.row, r.col, 1, MARK_SIGN(g->ascii), ROLE_MATCH);
	else if (d->ready.verdict >= READY_DOUBLE)
		grid_put_char(g, r.row, r.col, '!', ROLE_ALARM, MARK_BOLD);
	put_cell(g, r.row, &col, c->at, civil_clock(zone_of(d->row->zone, w->zone), at, clock),
		 child ? ROLE_DIM : ROLE_TEXT);
	put_cell(g, r.row, &col, c->in, left, ROLE_DIM);
	put_cell(g, r.row, &col, c->door, door, ROLE_TEXT);
	put_cell(g, r.row, &col, c->guest, child ? "" : code_name_shown(&d->row->facts.code, g->ascii, shown),
		 ROLE_NAME);
	if (child) {
		int tree = col - c->guest - 1;

		grid_put(g, r.row, tree, c->guest, g->ascii ? "`-" : "└╴", ROLE_RULE);
	}
	draw_facts(t, d, g, r.row, col, c);
}

static void draw_list(struct tonight *t, struct grid *g, struct rect r, const struct board_columns *c)
{
	for (int i = 0; i < r.rows && t->top + i < board_lines(&t->board); i++) {
		struct rect one = { r.row + i, r.col, 1, r.cols };
		int at = t->top + i;

		if (board_line(&t->board, at)->guest < 0) {
			g_autofree char *head = departures_text(&t->board);

			grid_fill(g, one, ' ', ROLE_HEADER);
			grid_put(g, one.row, one.col + 1, one.cols - 2, head, ROLE_HEADER);
			continue;
		}
		draw_line(t, at, g, one, c);
		if (at != t->at)
			continue;
		grid_mark(g, one, MARK_CURSOR);
		if (!t->typing) {
			g->cursor_row = one.row;
			g->cursor_col = one.col + 1;
		}
	}
}

static void draw_nobody(struct tonight *t, struct grid *g, struct rect r)
{
	const struct board *b = &t->board;

	if (b->counts.arrivals || b->counts.of[0][READY_REVOKED] || b->counts.of[0][READY_REMOVED])
		return;
	if (!b->counts.departures)
		grid_put(g, r.row, r.col + 1, r.cols - 2,
			 _("Nobody arrives and nobody leaves on this day. ] is the next."), ROLE_DIM);
}

/* Of a guest with several doors: the worst. */
static void draw_pane(struct tonight *t, struct grid *g, struct rect area)
{
	const struct world *w = t->base.world;
	const struct board_door *d = board_door(&t->board, t->at);
	g_autofree char *verdict = NULL;
	struct side_of of = { 0 };

	if (d) {
		const struct ready_facts *f = &d->row->facts;

		const struct zone *z = zone_of(d->row->zone, w->zone);
		g_autofree char *word = ready_verdict_text(f, &d->ready, false, z, w->now);
		g_autofree char *why = ready_words(f, &d->ready, z, w->now);

		verdict = g_strdup_printf("%s: %s", word, why);
		of = (struct side_of){ d->row->lock_no, d->row->code_no, d->row->code_no ? 0 : d->row->intent_no,
				       d->row->code_no ? NULL : &f->code, verdict, tonight_role(d->ready.verdict) };
	}
	side_draw(&t->side, t->base.world, &of, g, area);
}

void tonight_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct tonight *t = (struct tonight *)s;
	int pane = side_cols(area.cols), cols = area.cols - pane;
	struct board_columns c = columns_of(cols, pane > 0);
	g_autofree char *marked = marks_words(t->marks);
	int detail = side_is_tall(area.rows) ? 6 : area.rows >= 18 ? 4 : area.rows >= 13 ? 3 : 2, row = area.row;
	struct rect list = { row + 2, area.col, MAX(area.rows - 3 - detail, 1), cols };

	tonight_load(t);
	t->list_row = list.row;
	t->list_rows = list.rows;
	t->list_cols = cols;
	t->top = CLAMP(t->top, MAX(t->at - list.rows + 1, 0), MAX(t->at, 0));
	t->top = MIN(t->top, MAX(board_lines(&t->board) - list.rows, 0));
	draw_day(t, g, (struct rect){ row, area.col, 1, cols });
	draw_head(g, (struct rect){ row + 1, area.col, 1, cols }, &c);
	draw_list(t, g, list, &c);
	draw_nobody(t, g, list);
	grid_rule(g, list.row + list.rows, marked, ROLE_RULE);
	tonight_draw_detail(t, g, (struct rect){ list.row + list.rows + 1, area.col, detail, cols });
	if (pane)
		draw_pane(t, g, (struct rect){ area.row, area.col + cols, area.rows, pane });
}
