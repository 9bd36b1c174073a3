/* batch - what several changes would do: see the header.
 *
 * Blocked rows come first and are never folded away: they are what a person must do by other means.
 * What is applied is what stands here, or nothing. */
#include "ui/screens/batch.h"

#include "cache/alike.h"
#include "core/i18n.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

struct batch_screen {
	struct screen base;
	struct batch *batch;
	GArray *order; /* of guint: rows as they are listed */
	int at, top, rows, first; /* first: of the list, on the grid */
};

static const struct {
	char sign;
	enum role role;
	const char *words;
} signs[BATCH_SIGN_COUNT] = {
	[BATCH_ISSUE] = { '+', ROLE_GOOD, N_("issue") },
	[BATCH_CHANGE] = { '~', ROLE_PENDING, N_("change") },
	[BATCH_REVOKE] = { '-', ROLE_WARN, N_("revoke") },
	[BATCH_BLOCKED] = { '!', ROLE_ALARM, N_("blocked") },
	[BATCH_SAME] = { '=', ROLE_DIM, N_("already so") },
};
static const enum batch_sign listed[BATCH_SIGN_COUNT] = {
	BATCH_BLOCKED, BATCH_ISSUE, BATCH_CHANGE, BATCH_REVOKE, BATCH_SAME,
};

char batch_sign(enum batch_sign s)
{
	return (unsigned)s < BATCH_SIGN_COUNT ? signs[s].sign : '?';
}

static char *count_words(const struct batch *b, enum batch_sign s)
{
	int n = batch_count(b, s);

	return n ? g_strdup_printf("%c%d %s", signs[s].sign, n, _(signs[s].words)) : NULL;
}

char *batch_words(const struct batch *b)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (int s = 0; s < BATCH_SIGN_COUNT; s++) {
		g_autofree char *words = count_words(b, (enum batch_sign)s);

		if (words)
			g_string_append_printf(out, "%s%s", out->len ? "  " : "", words);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static struct batch_row *row_at(const struct batch_screen *s, int i)
{
	return i >= 0 && i < (int)s->order->len
		       ? g_ptr_array_index(s->batch->rows, g_array_index(s->order, guint, i)) : NULL;
}

static void put_in_order(struct batch_screen *s)
{
	g_array_set_size(s->order, 0);
	for (size_t k = 0; k < G_N_ELEMENTS(listed); k++)
		for (guint i = 0; i < s->batch->rows->len; i++)
			if (((struct batch_row *)g_ptr_array_index(s->batch->rows, i))->sign == listed[k])
				g_array_append_val(s->order, i);
	s->at = CLAMP(s->at, 0, MAX((int)s->order->len - 1, 0));
}

/* ---- drawing ---- */

static int left_out(const struct batch *b)
{
	int n = 0;

	for (guint i = 0; i < b->rows->len; i++) {
		const struct batch_row *r = g_ptr_array_index(b->rows, i);

		n += r->sign != BATCH_BLOCKED && r->sign != BATCH_SAME && !batch_applies(b, i);
	}
	return n;
}

static int draw_counts(const struct batch *b, struct grid *g, int row)
{
	int col = 1, out = left_out(b);

	for (int s = 0; s < BATCH_SIGN_COUNT; s++) {
		g_autofree char *words = count_words(b, (enum batch_sign)s);

		if (words)
			col += grid_put(g, row, col, g->cols - col - 1, words, signs[s].role) + 2;
	}
	if (out && col < g->cols) {
		g_autofree char *words = g_strdup_printf(P_("%d left out", "%d left out", out), out);

		grid_put(g, row, col, g->cols - col - 1, words, ROLE_DIM);
	}
	return row + 1;
}

/* Title, counts, cost, guard: the rows used. */
static int draw_top(const struct batch *b, struct grid *g, struct rect area)
{
	int row = area.row, doors = batch_doors(b), col = 1;
	g_autofree char *cost = doors ? g_strdup_printf(P_("%d door is written to.", "%d doors are written to.", doors), doors)
				      : g_strdup(_("No door is written to."));

	col += grid_put(g, row, col, g->cols - 2, b->title, ROLE_TEXT);
	grid_mark(g, (struct rect){ row, 1, 1, col - 1 }, MARK_BOLD);
	if (b->source && col + 4 < g->cols)
		grid_put(g, row, col + 2, g->cols - col - 3, b->source, ROLE_DIM);
	row++;
	if (b->about)
		row += page_wrap(g, (struct rect){ row, 1, area.rows > 16 ? 3 : 2, g->cols - 2 }, b->about, ROLE_TEXT);
	row = draw_counts(b, g, row);
	grid_put(g, row++, 1, g->cols - 2, cost, ROLE_DIM);
	if (b->guard)
		row += page_wrap(g, (struct rect){ row, 1, area.rows > 16 ? 3 : 2, g->cols - 2 }, b->guard, ROLE_WARN);
	return row - area.row;
}

/* The widths of a row. What is left is for the words. */
struct columns {
	int door, name;
};

static struct columns columns_of(int cols)
{
	if (cols >= 140)
		return (struct columns){ 28, 34 };
	if (cols >= 100)
		return (struct columns){ 20, 24 };
	return (struct columns){ 13, 16 };
}

static void put_cell(struct grid *g, int row, int *col, int cells, const char *s, enum role role)
{
	grid_put_field(g, row, *col, cells, -1, CUT_END, s ? s : "", role);
	*col += cells + 1;
}

static char *row_words(const struct batch_screen *s, guint i)
{
	const struct batch_row *r = g_ptr_array_index(s->batch->rows, i);
	const char *words = r->words ? r->words : "";
	bool change = r->sign != BATCH_BLOCKED && r->sign != BATCH_SAME;

	if (!change || batch_applies(s->batch, i))
		return g_strdup(words);
	return r->left_out ? g_strdup_printf(_("left out: %s"), words)
			   : g_strdup_printf(_("not without what it comes after: %s"), words);
}

static void draw_row(const struct batch_screen *s, int i, struct grid *g, struct rect r)
{
	guint index = g_array_index(s->order, guint, i);
	const struct batch_row *row = row_at(s, i);
	struct columns c = columns_of(r.cols);
	bool out = row->sign != BATCH_BLOCKED && row->sign != BATCH_SAME && !batch_applies(s->batch, index);
	enum role role = out || row->sign == BATCH_SAME ? ROLE_DIM : ROLE_TEXT;
	g_autofree char *words = row_words(s, index);
	g_autofree char *alike = cache_alike_code(s->base.world->cache, row->name, NULL);
	char shown[NAME_SHOWN_MAX];
	int col = r.col + 3;

	grid_put_char(g, r.row, r.col + 1, out ? ' ' : (uint32_t)signs[row->sign].sign, signs[row->sign].role, MARK_BOLD);
	put_cell(g, r.row, &col, c.door, row->door, role);
	put_cell(g, r.row, &col, c.name,
		 row->name ? name_shown(row->name, row->access_code_id, alike, g->ascii, shown) : "", role);
	if (col < r.col + r.cols)
		grid_put(g, r.row, col, r.col + r.cols - col, words,
			 row->sign == BATCH_BLOCKED && !out ? ROLE_ALARM : role);
}

static void draw_head(struct grid *g, struct rect r)
{
	struct columns c = columns_of(r.cols);
	int col = r.col + 3;

	grid_fill(g, r, ' ', ROLE_HEADER);
	put_cell(g, r.row, &col, c.door, _("DOOR"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.name, _("NAME"), ROLE_HEADER);
	put_cell(g, r.row, &col, r.col + r.cols - col, _("WHAT"), ROLE_HEADER);
}

static const char *advice(const struct batch_screen *s, const struct batch_row *r)
{
	if (r->sign == BATCH_BLOCKED)
		return _("Not done from here, whatever is applied: this needs a person.");
	if (r->sign == BATCH_SAME)
		return _("It is so already.");
	if (s->batch->guard)
		return _("a applies what is not left out, after a number is typed; x leaves this row out or in.");
	return _("a applies what is not left out, at once; x leaves this row out or in.");
}

static void draw_detail(const struct batch_screen *s, struct grid *g, struct rect area)
{
	const struct batch_row *r = row_at(s, s->at);
	const char *dot = g->ascii ? " - " : " · ";
	g_autofree char *words = NULL, *all = NULL, *alike = NULL;
	char shown[NAME_SHOWN_MAX];

	if (!r)
		return;
	words = row_words(s, g_array_index(s->order, guint, s->at));
	alike = cache_alike_code(s->base.world->cache, r->name, NULL);
	all = g_strdup_printf("%s%s%s%s%s", r->door ? r->door : "", r->door ? dot : "",
			      r->name ? name_shown(r->name, r->access_code_id, alike, g->ascii, shown) : "",
			      r->name ? dot : "", words);
	page_wrap(g, (struct rect){ area.row, 1, area.rows - 1, g->cols - 2 }, all,
		  r->sign == BATCH_BLOCKED ? ROLE_ALARM : ROLE_TEXT);
	grid_put(g, area.row + area.rows - 1, 1, g->cols - 2, advice(s, r), ROLE_DIM);
}

static void batch_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct batch_screen *s = (struct batch_screen *)screen;
	int top = draw_top(s->batch, g, area), detail = area.rows >= 20 ? 4 : area.rows >= 14 ? 3 : 2;
	int list = MAX(area.rows - top - 2 - detail, 1), first = area.row + top + 1;

	s->rows = list;
	s->first = first;
	s->top = CLAMP(s->top, MAX(s->at - list + 1, 0), s->at);
	draw_head(g, (struct rect){ area.row + top, area.col, 1, area.cols });
	if (!s->order->len)
		grid_put(g, first, 1, g->cols - 2, _("There is nothing to be done."), ROLE_DIM);
	for (int i = 0; i < list && row_at(s, s->top + i); i++) {
		struct rect r = { first + i, area.col, 1, area.cols };

		draw_row(s, s->top + i, g, r);
		if (s->top + i != s->at)
			continue;
		grid_mark(g, r, MARK_CURSOR);
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
	if (s->top + list < (int)s->order->len)
		grid_putf(g, first + list - 1, area.col + area.cols - 8, 8, ROLE_DIM, "%7d+",
			  (int)s->order->len - s->top - list);
	grid_rule(g, first + list, NULL, ROLE_RULE);
	draw_detail(s, g, (struct rect){ first + list + 1, area.col, detail, area.cols });
}

/* ---- commands ---- */

static void move(struct batch_screen *s, int n)
{
	s->at = CLAMP(s->at + n, 0, MAX((int)s->order->len - 1, 0));
}

static void leave_out(struct batch_screen *s, struct batch_row *r)
{
	if (!r || r->sign == BATCH_BLOCKED || r->sign == BATCH_SAME)
		app_message(s->base.app, false, _("Nothing is done about this row anyway."));
	else
		r->left_out = !r->left_out;
}

static void open_code(struct batch_screen *s, const struct batch_row *r)
{
	if (r && r->code_no)
		app_push(s->base.app, code_new(s->base.app, s->base.world, r->code_no));
	else if (r && r->lock_no)
		app_push(s->base.app, lock_new(s->base.app, s->base.world, r->lock_no));
}

static void apply(struct batch_screen *s)
{
	struct app *app = s->base.app;
	g_autoptr(GError) err = NULL;
	struct batch *made;

	if (app_intend_batch(app, s->batch, &err)) {
		app_pop(app);
		return;
	}
	made = g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY) ? batch_make_again(s->batch) : NULL;
	if (!made) {
		app_message(app, true, _("Not queued: %s"), err->message);
		return;
	}
	batch_free(s->batch);
	s->batch = made;
	put_in_order(s);
	app_message(app, true, _("%s. This is how it would be now."), err->message);
}

static void number_typed(struct app *app, const char *text, void *ctx)
{
	struct batch_screen *s = ctx;
	g_autofree char *wanted = g_strdup_printf("%d", batch_guard_number(s->batch));

	if (g_strcmp0(text, wanted) == 0)
		apply(s);
	else
		app_message(app, true, _("Nothing was changed: that is not the number."));
}

static void ask_to_apply(struct batch_screen *s)
{
	int n = batch_guard_number(s->batch), revoked = batch_count(s->batch, BATCH_REVOKE);
	g_autofree char *question = NULL;

	if (!s->batch->guard || !n) {
		apply(s);
		return;
	}
	question = revoked ? g_strdup_printf(P_("Type %d to revoke that one code", "Type %d to revoke that many codes", n), n)
			   : g_strdup_printf(P_("Type %d to make that one change", "Type %d to make that many changes", n), n);
	app_ask_line(s->base.app, question, s->batch->guard, "", number_typed, s, NULL);
}

static bool batch_command(struct screen *screen, enum command c, int n)
{
	struct batch_screen *s = (struct batch_screen *)screen;
	struct batch_row *r = row_at(s, s->at);

	switch ((int)c) {
	case COMMAND_UP: move(s, -n); return true;
	case COMMAND_DOWN: move(s, n); return true;
	case COMMAND_PAGE_UP: move(s, -n * MAX(s->rows - 1, 1)); return true;
	case COMMAND_PAGE_DOWN: move(s, n * MAX(s->rows - 1, 1)); return true;
	case COMMAND_FIRST: move(s, -(int)s->order->len); return true;
	case COMMAND_LAST: move(s, (int)s->order->len); return true;
	case COMMAND_LEAVE_OUT: leave_out(s, r); return true;
	case COMMAND_APPLY: ask_to_apply(s); return true;
	case COMMAND_OPEN: open_code(s, r); return true;
	default: return false;
	}
}

static bool batch_key(struct screen *screen, const struct key *k)
{
	struct batch_screen *s = (struct batch_screen *)screen;

	if (k->code != KEYCODE_MOUSE_PRESS || k->row < s->first || k->row >= s->first + s->rows)
		return false;
	if (row_at(s, s->top + k->row - s->first))
		s->at = s->top + k->row - s->first;
	return true;
}

static const char *batch_hint(struct screen *screen, enum command c)
{
	struct batch_screen *s = (struct batch_screen *)screen;
	const struct batch_row *r = row_at(s, s->at);

	if (c == COMMAND_LEAVE_OUT)
		return !r || r->sign == BATCH_BLOCKED || r->sign == BATCH_SAME ? ""
		       : r->left_out ? N_("take it in") : NULL;
	if (c == COMMAND_APPLY)
		return batch_doors(s->batch) ? NULL : "";
	if (c == COMMAND_OPEN)
		return !r || (!r->code_no && !r->lock_no) ? "" : r->code_no ? NULL : N_("open lock");
	return NULL;
}

static void batch_screen_free(struct screen *screen)
{
	struct batch_screen *s = (struct batch_screen *)screen;

	batch_free(s->batch);
	g_array_unref(s->order);
	g_free(s);
}

static const struct screen_ops batch_ops = {
	.name = N_("Batch"),
	.view = VIEW_BATCH,
	.draw = batch_draw,
	.command = batch_command,
	.key = batch_key,
	.hint = batch_hint,
	.free = batch_screen_free,
};

struct screen *batch_screen_new(struct app *app, struct world *w, struct batch *b)
{
	struct batch_screen *s = g_new0(struct batch_screen, 1);

	s->base = (struct screen){ .ops = &batch_ops, .app = app, .world = w };
	s->batch = b;
	s->order = g_array_new(FALSE, FALSE, sizeof(guint));
	put_in_order(s);
	return &s->base;
}
