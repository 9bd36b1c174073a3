/* outbox_draw - the outbox as it looks: what is shown and how much of it there is, the rows, what can be done
 * about the one under the cursor. */
#include "ui/screens/outbox.h"

#include "core/i18n.h"
#include "ui/screens/words.h"

#define DETAIL_ROWS 2

static const char *const chips[OUTBOX_SHOW_COUNT] = {
	[OUTBOX_ALL] = N_("all"),
	[OUTBOX_WAITING] = N_("waiting"),
	[OUTBOX_REFUSED] = N_("refused"),
	[OUTBOX_ACCEPTED] = N_("accepted"),
	[OUTBOX_ASIDE] = N_("aside"),
};

/* The widths of a row; 0: left out. Why something was refused needs the most room. */
struct columns {
	int no, made, state, what, lock, by;
};

static struct columns columns_of(int cols)
{
	if (cols >= 140)
		return (struct columns){ 6, 14, 9, 34, 20, 10 };
	if (cols >= 96)
		return (struct columns){ 0, 13, 9, 24, 16, 0 };
	return (struct columns){ 0, 12, 9, 20, 11, 0 };
}

static void put_cell(struct grid *g, int row, int *col, int cells, const char *s, enum role role)
{
	if (!cells)
		return;
	grid_put_field(g, row, *col, cells, -1, CUT_END, s ? s : "", role);
	*col += cells + 1;
}

/* ---- the head ---- */

/* "3 marked", "looking", "12 found": what stands at the right end. Newly allocated. */
static char *state_text(const struct outbox_screen *o)
{
	int marked = marks_count(o->marks), n = o->rows ? (int)o->rows->len : 0;

	if (marked)
		return g_strdup_printf(P_("%d marked", "%d marked", marked), marked);
	if (!o->find.text->len)
		return g_strdup("");
	if (o->search_timer)
		return g_strdup(_("looking ..."));
	if (o->at_start && o->at_end)
		return g_strdup_printf(P_("%d found", "%d found", n), n);
	return g_strdup_printf(P_("over %d found", "over %d found", n), n);
}

static char *chip_text(const struct outbox_screen *o, int show, bool chosen)
{
	const char *word = _(chips[show]);

	if (o->count[show] < 0)
		return g_strdup_printf(chosen ? "[%s]" : " %s ", word);
	return g_strdup_printf(chosen ? "[%s %ld]" : " %s %ld ", word, (long)o->count[show]);
}

static void draw_chips(const struct outbox_screen *o, struct grid *g, struct rect r)
{
	g_autofree char *state = state_text(o);
	int said = text_width(state), end = r.col + r.cols - (said ? said + 2 : 0), col = r.col + 1, need = 0;
	bool whole;

	grid_fill(g, r, ' ', ROLE_HEADER);
	grid_put(g, r.row, end, said, state, ROLE_MATCH);
	for (int i = 0; i < OUTBOX_SHOW_COUNT; i++)
		need += text_width(_(chips[i])) + 9;
	if (o->about && !o->wide)
		col += grid_put(g, r.row, col, MAX(end - col - need, r.cols / 4), o->about, ROLE_NAME) + 2;
	whole = col + need - 5 * OUTBOX_SHOW_COUNT <= end;
	for (int i = 0; i < OUTBOX_SHOW_COUNT; i++) {
		bool chosen = i == (int)o->show;
		g_autofree char *word = chip_text(o, i, chosen);
		int cells = text_width(word);

		if ((!whole && !chosen) || (col + cells > end && !chosen))
			continue;
		grid_put(g, r.row, col, MIN(cells, end - col), word,
			 i == OUTBOX_REFUSED && o->count[i] > 0 ? ROLE_ALARM : chosen ? ROLE_HEADER : ROLE_HINT);
		if (chosen)
			grid_mark(g, (struct rect){ r.row, col, 1, MIN(cells, end - col) }, MARK_BOLD);
		col += cells + 1;
	}
}

static void draw_head(struct grid *g, struct rect r)
{
	struct columns c = columns_of(r.cols);
	int col = r.col + 2;

	grid_fill(g, r, ' ', ROLE_HEADER);
	put_cell(g, r.row, &col, c.no, _("NO"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.made, _("MADE"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.state, _("STATE"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.what, _("WHAT"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.lock, _("LOCK"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.by, _("BY"), ROLE_HEADER);
	put_cell(g, r.row, &col, MIN(10, r.col + r.cols - col), _("WHY"), ROLE_HEADER);
}

/* ---- the rows ---- */

static bool is_marked(const struct outbox_screen *o, const struct intent *in)
{
	return marks_has(o->marks, (struct marked){ .intent_no = in->intent_no });
}

static void draw_row(const struct outbox_screen *o, const struct intent *in, struct grid *g, struct rect r)
{
	const struct world *w = o->base.world;
	struct columns c = columns_of(r.cols);
	bool open_refusal = in->state == INTENT_REFUSED && !in->dismissed;
	char at[CIVIL_TEXT_MAX], no[24];
	g_autofree char *what = intent_what(w, in, g->ascii), *said = intent_outcome(w, in);
	int col = r.col + 2, end = r.col + r.cols;

	if (is_marked(o, in))
		grid_put(g, r.row, r.col, 1, MARK_SIGN(g->ascii), ROLE_MATCH);
	g_snprintf(no, sizeof no, "%ld", (long)in->intent_no);
	put_cell(g, r.row, &col, c.no, no, ROLE_DIM);
	put_cell(g, r.row, &col, c.made, civil_near(w->zone, in->made_at, w->now, at), ROLE_DIM);
	put_cell(g, r.row, &col, c.state, intent_state_said(in), intent_role(in));
	put_cell(g, r.row, &col, c.what, what, in->dismissed && in->state == INTENT_REFUSED ? ROLE_DIM : ROLE_TEXT);
	put_cell(g, r.row, &col, c.lock, in->lock_name, ROLE_TEXT);
	put_cell(g, r.row, &col, c.by, in->made_by, ROLE_DIM);
	if (col < end)
		grid_put(g, r.row, col, end - col, said, open_refusal ? ROLE_ALARM : ROLE_DIM);
}

static const char *nothing_words(const struct outbox_screen *o)
{
	if (o->search_timer)
		return _("Looking ...");
	if (o->find.text->len || o->show != OUTBOX_ALL)
		return _("Nothing of that. Esc shows all again.");
	if (o->lock_no && !o->wide)
		return _("Nothing was asked for at this door from this desk. o shows all.");
	return o->about && !o->wide ? _("Nothing was asked for about this code from this desk. o shows all.")
				    : _("Nothing has been asked for from this desk.");
}

static void draw_rows(struct outbox_screen *o, struct grid *g, struct rect r)
{
	int n = o->rows ? (int)o->rows->len : 0;

	o->top = CLAMP(o->top, MAX(o->at - r.rows + 1, 0), o->at);
	if (!n)
		grid_put(g, r.row, r.col + 2, r.cols - 3, nothing_words(o), ROLE_DIM);
	for (int i = 0; i < r.rows && o->top + i < n; i++) {
		struct rect row = { r.row + i, r.col, 1, r.cols };

		draw_row(o, outbox_row(o, o->top + i), g, row);
		if (o->top + i != o->at)
			continue;
		grid_mark(g, row, MARK_CURSOR);
		g->cursor_row = row.row;
		g->cursor_col = 1;
	}
}

/* ---- the screen ---- */

static bool has_find_row(const struct outbox_screen *o)
{
	return o->typing || o->find.text->len;
}

int outbox_row_at(const struct outbox_screen *o, int screen_row)
{
	int first = 3 + has_find_row(o); /* under the title, what is shown, what is looked for, the head */

	return screen_row >= first && screen_row < first + o->shown && outbox_row(o, o->top + screen_row - first)
		       ? o->top + screen_row - first : -1;
}

static void draw_detail(const struct outbox_screen *o, struct grid *g, int row)
{
	const struct intent *in = outbox_chosen(o);

	if (!in)
		return;
	if (in->message)
		grid_put(g, row, 1, g->cols - 2, in->message,
			 in->state == INTENT_REFUSED && !in->dismissed ? ROLE_ALARM : ROLE_TEXT);
	grid_put(g, row + 1, 1, g->cols - 2, intent_advice(in), ROLE_DIM);
}

void outbox_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct outbox_screen *o = (struct outbox_screen *)screen;
	int row = area.row;

	o->shown = MAX(area.rows - 2 - has_find_row(o) - 1 - DETAIL_ROWS, 1);
	outbox_read(o);
	draw_chips(o, g, (struct rect){ row++, area.col, 1, area.cols });
	if (has_find_row(o)) {
		grid_put(g, row, 1, 1, "/", ROLE_HINT_KEY);
		field_draw(&o->find, g, row++, 3, area.cols - 4, o->typing);
	}
	draw_head(g, (struct rect){ row++, area.col, 1, area.cols });
	draw_rows(o, g, (struct rect){ row, area.col, o->shown, area.cols });
	row += o->shown;
	grid_rule(g, row++, NULL, ROLE_RULE);
	draw_detail(o, g, row);
	if (o->typing)
		field_draw(&o->find, g, area.row + 1, 3, area.cols - 4, true); /* the hardware cursor is on what is typed */
}
