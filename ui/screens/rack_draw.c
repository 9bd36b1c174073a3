/* rack_draw - the opening screen's picture: the list with its lanes, words, the live feed.
 *
 * A row is a thing and runs the whole width, so that the terminal can scroll it. Columns come
 * and go with the width; the lane takes what is left and is never the one to go. */
#include <string.h>

#include "core/i18n.h"
#include "core/traits.h"
#include "ui/screens/feed.h"
#include "ui/screens/rack.h"
#include "ui/screens/words.h"

#define RIVAL_SIGN(ascii) ((ascii) ? "~" : "≈") /* its PIN is easily taken for another's */
#define FEED_EXTRA 20 /* rows fetched beyond those shown: a burst need not be read again */

#define FOLD_COLS 2 /* the fold mark before the name, and whether it is marked */

static void put(struct grid *g, int row, const struct columns_layout *l, enum column c, const char *s,
		enum role role)
{
	if (l->width[c])
		grid_put_field(g, row, l->col[c], l->width[c], column_info(c)->align, CUT_END, s, role);
}

/* ---- the head ---- */

/* Underlined, and an arrow where there is room: down as the order is called, up the other way. Plainly by
 * name needs none. */
static void draw_sorted(struct rack *r, struct grid *g, int row, int col, int width, int align,
			const char *title)
{
	int at = align > 0 ? 0 : text_width(title);
	const char *arrow = g->ascii ? (r->rows.reversed ? "^" : "v") : r->rows.reversed ? "▴" : "▾";

	grid_mark(g, (struct rect){ row, col, 1, width }, MARK_UNDERLINE);
	if (text_width(title) < width && (r->rows.sort != LOCKS_BY_NAME || r->rows.reversed))
		grid_put(g, row, col + at, 1, arrow, ROLE_HEADER);
}

static void draw_head(struct rack *r, struct grid *g, int row, const struct columns_layout *l)
{
	bool said = false;

	grid_fill(g, (struct rect){ row, 0, 1, r->list_cols }, ' ', ROLE_HEADER);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *info = column_info((enum column)c);

		if (!l->width[c])
			continue;
		put(g, row, l, (enum column)c, _(info->title), ROLE_HEADER);
		if (said || info->sort != (int)r->rows.sort)
			continue;
		said = true;
		draw_sorted(r, g, row, l->col[c], l->width[c], info->align, _(info->title));
	}
	axis_draw(&r->axis, g, row, l->lane);
}

/* ---- bars ---- */

static struct bar bar_of(struct rack *r, struct rack_lock *l, const struct code_row *row)
{
	bool native = l->row && lock_is_native(&l->row->lock);
	struct instant now = r->base.world->now, made = row->code.created_at;
	struct bar b = {
		.dim = code_is_foreign(row),
		.clash = rack_double(r, l, row) != NULL,
		.from = row->code.starts_at,
		.until = row->code.ends_at,
		.state = row->state,
		.native = native,
		.show_lead = (row->state == CODE_WAITING || row->state == CODE_QUEUED) &&
			     instant_known(row->code.starts_at),
		.label = code_name(&row->code),
	};

	if (rack_nudging(r, row)) {
		b.from = r->nudge.from;
		b.until = r->nudge.until;
		b.state = CODE_QUEUED;
		return b;
	}
	/* An ongoing code has no past before it was made. */
	if (!instant_known(b.from) && !row->code_no)
		b.from = now;
	else if (!instant_known(b.from) && instant_known(made) && instant_before(r->axis.from, made))
		b.from = made;
	if (instant_known(row->deleted_at) &&
	    (!instant_known(b.until) || instant_before(row->deleted_at, b.until)))
		b.until = row->deleted_at;
	return b;
}

/* The chosen bar first, then trouble, then stays, then who may always come in: earlier ones are
 * not covered by later ones. */
static int bar_rank(const struct bar *b)
{
	bool stay = instant_known(b->until);

	if (b->selected)
		return 0;
	if (b->state == CODE_TROUBLE)
		return 1;
	if (b->state == CODE_ENDED)
		return 4;
	return stay ? 2 : 3;
}

static int compare_bars(gconstpointer a, gconstpointer b)
{
	const struct bar *x = a, *y = b;
	int d = bar_rank(x) - bar_rank(y);

	return d ? d : (x->from.ms > y->from.ms) - (x->from.ms < y->from.ms);
}

static bool is_plain_ongoing(const struct bar *b)
{
	return !b->selected && b->state != CODE_TROUBLE && !instant_known(b->until) &&
	       !instant_known(b->from);
}

/* A folded lock: its ongoing codes become one bar, since they would lie on each other. */
static void draw_lock_lane(struct rack *r, struct rack_lock *l, bool chosen, struct grid *g,
			   int row, int col)
{
	struct instant now = r->base.world->now;
	g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(struct bar));
	GStringChunk *labels = g_string_chunk_new(256);
	g_autofree char *together = NULL;
	int ongoing = 0, first = -1;

	for (int i = 0; i < rack_lock_codes(l); i++) {
		const struct code_row *c = rack_lock_code(l, i);
		struct bar b = bar_of(r, l, c);
		char shown[NAME_SHOWN_MAX];

		b.label = g_string_chunk_insert(labels, code_name_shown(&c->code, g->ascii, shown));
		if (rack_is_marked(r, l->lock_no, c)) {
			g_autofree char *marked = g_strdup_printf("%s %s", MARK_SIGN(g->ascii), b.label);

			b.label = g_string_chunk_insert(labels, marked);
		}
		b.selected = chosen && i == r->bar;
		if (is_plain_ongoing(&b) && ongoing++) {
			struct bar *all = &g_array_index(bars, struct bar, first);

			all->state = MIN(all->state, b.state);
			all->dim = all->dim && b.dim;
			continue;
		}
		if (is_plain_ongoing(&b))
			first = (int)bars->len;
		g_array_append_val(bars, b);
	}
	if (ongoing > 1) {
		together = g_strdup_printf(_("%d ongoing"), ongoing);
		g_array_index(bars, struct bar, first).label = together;
	}
	g_array_sort(bars, compare_bars);
	lane_draw(&r->axis, (const struct bar *)(const void *)bars->data, bars->len, now, g, row, col);
	g_string_chunk_free(labels);
}

/* ---- rows ---- */

static void draw_lock_row(struct rack *r, struct rack_lock *l, int index, bool cursor, struct grid *g, int row,
			  const struct columns_layout *lay)
{
	struct instant now = r->base.world->now;
	bool open = rack_rows_is_unfolded(&r->rows, index), has = rack_lock_has_codes(l);

	if (!l->row)
		return;
	if (has)
		grid_put(g, row, 0, 1, g->ascii ? (open ? "-" : "+") : open ? "▾" : "▸", ROLE_DIM);
	if (rack_is_marked(r, l->lock_no, NULL))
		grid_put(g, row, 1, 1, MARK_SIGN(g->ascii), ROLE_MATCH);
	rack_draw_cells(r, l, g, row, lay);
	if (open && has)
		lane_draw(&r->axis, NULL, 0, now, g, row, lay->lane);
	else
		draw_lock_lane(r, l, cursor, g, row, lay->lane);
}

/* Is this what was searched for? */
static bool is_match(const struct rack *r, const char *name)
{
	g_autofree char *hay = NULL, *needle = NULL, *other = NULL;

	if (!r->rows.find || !*r->rows.find || !name)
		return false;
	hay = text_fold(name);
	needle = text_fold(r->rows.find);
	other = text_respell(r->rows.find);
	return strstr(hay, needle) || strstr(hay, other);
}

static void draw_code_row(struct rack *r, struct rack_lock *l, const struct code_row *c,
			  struct grid *g, int row, const struct columns_layout *lay)
{
	struct world *w = r->base.world;
	struct bar b = bar_of(r, l, c);
	char shown[NAME_SHOWN_MAX];
	enum role role = words_state_role(c), name_role = ROLE_TEXT;
	enum pin_likeness like;
	const char *name = code_name_shown(&c->code, g->ascii, shown);
	int window_at = lay->words + lay->state_cells + 1, room = lay->lane - window_at - 1;

	if (is_match(r, c->code.name) || (r->rows.find && l->found && !is_match(r, c->code.name)))
		name_role = ROLE_MATCH;
	else if (!c->code.managed && c->code_no)
		name_role = ROLE_DIM;
	if (rack_is_marked(r, l->lock_no, c))
		grid_put(g, row, 1, 1, MARK_SIGN(g->ascii), ROLE_MATCH);
	grid_put(g, row, FOLD_COLS + 1, lay->width[COLUMN_NAME] - 1, name, name_role);
	if (role == ROLE_ALARM || c->errors_own)
		put(g, row, lay, COLUMN_SIGN, "!", ROLE_ALARM);
	else if (b.clash)
		put(g, row, lay, COLUMN_SIGN, DOUBLE_SIGN(g->ascii), ROLE_ALARM);
	else if (rack_lock_rival(&r->rows, l, c, &like))
		put(g, row, lay, COLUMN_SIGN, RIVAL_SIGN(g->ascii), ROLE_WARN);
	grid_put_field(g, row, lay->words, lay->state_cells, -1, CUT_END, words_state_short(c), role);
	if (room >= 14) {
		g_autofree char *window = words_window_short(&c->code, zone_of(c->zone, w->zone), w->now);

		grid_put(g, row, window_at, room, window, ROLE_DIM);
	}
	b.selected = false;
	b.label = name;
	lane_draw(&r->axis, &b, 1, w->now, g, row, lay->lane);
}

static void draw_empty(struct rack *r, struct grid *g, int row)
{
	const struct poke_status *st = r->base.world->sync;
	const char *said = _("No locks yet. sync brings them as soon as it has reached the server.");

	if (r->rows.find)
		said = _("Nothing matches. Esc shows everything again.");
	else if (r->base.world->sync_connected && st->phase == SYNC_FOLLOWING)
		said = _("This server has no locks for this key.");
	grid_put(g, row, FOLD_COLS, r->list_cols - FOLD_COLS, said, ROLE_DIM);
}

static void draw_heading(const struct rack_heading *h, int cols, struct grid *g, int row)
{
	g_autofree char *words = g_strdup_printf(P_("%1$s, %2$d lock", "%1$s, %2$d locks", h->n),
						 *h->name ? h->name : _("(not said)"), h->n);

	grid_put(g, row, 0, 1, g->ascii ? (h->folded ? "+" : "-") : h->folded ? "▸" : "▾", ROLE_DIM);
	grid_put(g, row, FOLD_COLS, cols - FOLD_COLS, words, ROLE_HINT_KEY);
}

/* Its name alone, and not the row: a lane is a hundred characters of three bytes, and a line over SSH or
 * a modem would carry two of them with each step. */
static void mark_cursor(struct grid *g, const struct columns_layout *lay, int row, bool code)
{
	int col = FOLD_COLS + code;

	grid_mark(g, (struct rect){ row, col, 1, lay->width[COLUMN_NAME] - code }, MARK_CURSOR);
	g->cursor_row = row;
	g->cursor_col = col;
}

static void draw_list(struct rack *r, struct grid *g, const struct columns_layout *lay)
{
	struct place p = r->top;
	int row = r->list_row, end = r->list_row + r->list_rows;

	if (!r->rows.order->len) {
		draw_empty(r, g, row);
		return;
	}
	for (; row < end; row++) {
		bool cursor = p.lock == r->at.lock && p.code == r->at.code && !r->feed_focus;
		struct rack_lock *l = p.code < 0 ? rack_rows_look(&r->rows, p.lock) : rack_rows_at(&r->rows, p.lock);
		const struct code_row *c = rack_lock_code(l, p.code);

		if (!l)
			break;
		if (p.code == PLACE_HEAD)
			draw_heading(rack_rows_heading(&r->rows, p.lock), r->list_cols, g, row);
		else if (p.code < 0)
			draw_lock_row(r, l, p.lock, cursor, g, row, lay);
		else if (c)
			draw_code_row(r, l, c, g, row, lay);
		if (cursor) {
			mark_cursor(g, lay, row, p.code >= 0);
		}
		if (!rack_rows_move(&r->rows, &p, 1))
			break;
	}
}

/* ---- the feed ---- */

static void draw_feed(struct rack *r, struct grid *g, int row, int rows)
{
	struct world *w = r->base.world;
	struct feed_columns c = feed_columns(g->cols - 2, true);

	if (r->feed && r->feed_rows < rows)
		g_clear_pointer(&r->feed, cache_list_free);
	if (!r->feed) {
		struct event_query q = {
			.from = INSTANT_NONE, .until = INSTANT_NONE, .limit = rows + FEED_EXTRA
		};

		r->feed = cache_events(w->cache, &q, NULL);
		r->feed_rows = rows + FEED_EXTRA;
	}
	if (!r->feed || !r->feed->rows->len) {
		grid_put(g, row, 1, g->cols - 2, _("Nothing has happened yet."), ROLE_DIM);
		return;
	}
	r->feed_at = CLAMP(r->feed_at, 0, MIN(rows, (int)r->feed->rows->len) - 1);
	for (int i = 0; i < rows && i < (int)r->feed->rows->len; i++) {
		const struct event_row *e = cache_list_at(r->feed, struct event_row, (guint)i);

		feed_draw_row(w, &c, e, g, (struct rect){ row + i, 1, 1, g->cols - 2 });
		if (!r->feed_focus || i != r->feed_at)
			continue;
		grid_mark(g, (struct rect){ row + i, 0, 1, g->cols }, MARK_CURSOR);
		g->cursor_row = row + i;
		g->cursor_col = 1;
	}
}

/* ---- the search line ---- */

/* Once it is kept, Enter opens what the cursor is on. */
static char *found_text(int locks, int64_t codes, bool typing)
{
	g_autofree char *doors = g_strdup_printf(P_("%d lock", "%d locks", locks), locks);
	g_autofree char *people = g_strdup_printf(P_("%ld code", "%ld codes", (unsigned long)codes), (long)codes);

	return g_strdup_printf(typing ? _("%1$s, %2$s   Enter keep   Esc all") : _("%1$s, %2$s   / another   Esc all"),
			       doors, people);
}

static void draw_find(struct rack *r, struct grid *g, int row)
{
	g_autofree char *found = NULL;
	int at = 1, room;

	if (r->rows.find)
		found = found_text((int)r->rows.order->len, r->rows.found, r->finding);
	else
		found = g_strdup(_("a lock, a guest, a place, a PIN"));
	room = text_width(found);
	at += grid_put(g, row, at, r->list_cols / 4, _("Find "), ROLE_HINT_KEY);
	field_draw(&r->find, g, row, at, MAX(r->list_cols - at - room - 3, 8), r->finding);
	grid_put(g, row, r->list_cols - room - 1, room, found, ROLE_DIM);
}

/* ---- all of it ---- */

/* The list needs no more than all its rows; the feed takes what is left over. */
static int list_height(const struct rack *r, int room, int feed, bool pane)
{
	int64_t wanted = MAX(r->rows_in_all, 6);

	/* The pane beside it needs the height. */
	if (pane)
		return room - feed;
	return (int)MIN((int64_t)(room - feed), wanted);
}

static bool first_pull(const struct world *w)
{
	return w->sync_connected && w->sync->phase <= SYNC_PULLING;
}

/* Last, over what the list left of its columns. */
static void draw_pane(struct rack *r, struct grid *g, struct rect area)
{
	const struct rack_lock *l = rack_lock(r);
	const struct code_row *c = rack_code(r);
	struct side_of of = { .lock_no = l ? l->lock_no : 0 };

	if (c) {
		of.code_no = c->code_no;
		of.intent_no = c->code_no ? 0 : c->intent_no;
		of.unsent = c->code_no ? NULL : &c->code;
	}
	side_draw(&r->side, r->base.world, &of, g, area);
}

void rack_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct rack *r = rack_of(s);
	bool find = r->finding || r->rows.find || r->find_stale;
	bool tall = side_is_tall(area.rows);
	int detail = tall ? 5 : area.rows >= 20 ? 3 : area.rows >= 14 ? 2 : 1;
	int feed = tall ? area.rows / 3 : CLAMP(area.rows / 4, 2, 16), row = area.row, pane = side_cols(area.cols);
	bool rule = area.rows >= 20;
	g_autofree char *marked = NULL;
	int room = area.rows - 2 - detail - (find ? 1 : 0) - (rule ? 1 : 0); /* head and the feed's rule */

	r->list_cols = area.cols - pane;
	columns_lay(&r->columns, r->list_cols, FOLD_COLS, s->world->property.place != NULL, &r->lay);
	rack_find_unless_typing(r);
	r->list_row = row + 1;
	r->list_rows = MAX(list_height(r, room, feed, pane > 0), 1);
	feed = room - r->list_rows;
	if (!r->settled) {
		/* While the first copy comes in the property grows; then it stays as it is. */
		r->settled = r->rows_in_all && !first_pull(s->world);
		rack_rows_unfold_all(&r->rows, r->rows_in_all <= r->list_rows);
	}
	r->axis = rack_axis(r, r->lay.lane_cells);
	/* What begins later is not drawn, but for the lead before it. */
	r->rows.look = instant_add_ms(axis_instant(&r->axis, r->axis.cells), PRELOAD_LEAD_MS);
	rack_scroll(r);
	draw_head(r, g, row, &r->lay);
	draw_list(r, g, &r->lay);
	row += 1 + r->list_rows;
	if (find)
		draw_find(r, g, row++);
	marked = marks_words(r->marks);
	if (rule)
		grid_rule(g, row++, marked, ROLE_RULE);
	rack_draw_detail(r, g, (struct rect){ row, area.col, detail, r->list_cols });
	row += detail;
	if (pane)
		draw_pane(r, g, (struct rect){ area.row, area.col + r->list_cols, row - area.row, pane });
	grid_rule(g, row++, marked && !rule ? marked : _("Live"), ROLE_RULE);
	draw_feed(r, g, row, feed);
}

/* ---- the bottom line: what can be done to what the cursor is on ---- */

static const char *lock_hint(struct rack *r, const struct rack_lock *l, enum command c)
{
	bool open = rack_rows_is_unfolded(&r->rows, r->at.lock);

	switch ((int)c) {
	case COMMAND_EDIT:
	case COMMAND_REVOKE:
	case COMMAND_REVEAL:
	case COMMAND_BACKUP:
	case COMMAND_ADOPT:
	case COMMAND_WHY:
		return ""; /* of a code only */
	case COMMAND_UNFOLD:
		return !rack_lock_has_codes(l) || open ? "" : NULL;
	default:
		return NULL;
	}
}

const char *rack_hint(struct screen *s, enum command c)
{
	struct rack *r = rack_of(s);
	struct rack_lock *l = rack_lock(r);
	const struct code_row *code = rack_code(r);

	if (!l || !l->row)
		return NULL;
	if (c == COMMAND_UNLOCK && l->row->lock.can_unlock == TRI_NO)
		return "";
	if ((c == COMMAND_UNFOLD && r->at.code >= 0) || (c == COMMAND_CHECK_IN && !code))
		return "";
	return code ? code_hint(code, c) : lock_hint(r, l, c);
}
