/* strays - unmanaged codes, of the whole property or of one lock: who might they be, since when, and
 * adopt, evict or leave each.
 *
 * What somebody chose to leave stands at the end, dimmed, with the reason. Only numbers are held;
 * a row is read when it is shown. */
#include "ui/screens/actions.h"
#include "ui/screens/bulk.h"
#include "core/i18n.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define SEEN_MAX 256

/* What a row says, while it is shown. */
struct stray {
	int64_t code_no;
	struct cache_list *list, *more;  /* one struct code_row, one struct stray_row */
	const struct code_row *code;     /* NULL: gone meanwhile */
	const struct stray_row *about;
	enum pin_likeness like;          /* of its PIN to that of a managed code there */
	char *twin;                      /* that code's name */
};

struct strays {
	struct screen base;
	int64_t lock_no;     /* 0: of every lock */
	GArray *order;       /* of int64_t code_no; NULL: to be read */
	GHashTable *seen;    /* code_no -> struct stray */
	int64_t code_no;     /* the cursor */
	int at, top, rows;
	struct marks *marks;
	int batches_applied; /* when the marks were looked at last */
	int64_t shown_no;    /* whose PIN is readable now */
	unsigned shown_timer;
};

static void stray_free(void *p)
{
	struct stray *s = p;

	if (s->list)
		cache_list_free(s->list);
	if (s->more)
		cache_list_free(s->more);
	g_free(s->twin);
	g_free(s);
}

/* ---- reading ---- */

/* Only managed ones of the same lock: a person who has a code there, and typed it in by hand too. */
static void find_twin(struct world *w, struct stray *s)
{
	OWN(cache_list) struct cache_list *holders = cache_pin_uses(w->cache, s->code->lock_no, w->now, NULL),
					  *twin = NULL;
	g_autoptr(GArray) uses = g_array_new(FALSE, FALSE, sizeof(struct pin_use)),
			  whose = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct pin_use mine = { s->code->code.code, s->code->code.starts_at, s->code->code.ends_at };
	int rival;

	g_array_append_val(uses, mine);
	g_array_append_val(whose, s->code_no);
	for (guint i = 0; holders && i < holders->rows->len; i++) {
		const struct pin_holder *h = cache_list_at(holders, struct pin_holder, i);

		if (!h->managed || !h->code_no)
			continue;
		g_array_append_val(uses, h->use);
		g_array_append_val(whose, h->code_no);
	}
	rival = pin_rival((const struct pin_use *)(const void *)uses->data, uses->len, 0, &s->like);
	if (rival < 0)
		return;
	twin = cache_code(w->cache, g_array_index(whose, int64_t, rival), w->now, NULL);
	if (twin)
		s->twin = g_strdup(code_name(&cache_list_at(twin, struct code_row, 0)->code));
	else
		s->like = PIN_UNLIKE;
}

static struct stray *see(struct strays *l, int64_t code_no)
{
	struct world *w = l->base.world;
	struct stray *s = g_hash_table_lookup(l->seen, &code_no);

	if (s)
		return s;
	if (g_hash_table_size(l->seen) >= SEEN_MAX)
		g_hash_table_remove_all(l->seen);
	s = g_new0(struct stray, 1);
	s->code_no = code_no;
	s->list = cache_code(w->cache, code_no, w->now, NULL);
	s->more = cache_stray(w->cache, code_no, NULL);
	if (s->list && s->more) {
		s->code = cache_list_at(s->list, struct code_row, 0);
		s->about = cache_list_at(s->more, struct stray_row, 0);
		find_twin(w, s);
	}
	g_hash_table_insert(l->seen, &s->code_no, s);
	return s;
}

static int count(const struct strays *l)
{
	return l->order ? (int)l->order->len : 0;
}

static struct stray *at(struct strays *l, int i)
{
	struct stray *s = i >= 0 && i < count(l) ? see(l, g_array_index(l->order, int64_t, i)) : NULL;

	return s && s->code ? s : NULL;
}

static void load(struct strays *l)
{
	g_autoptr(GError) err = NULL;

	if (l->order)
		return;
	l->order = cache_strays(l->base.world->cache, l->lock_no, l->base.world->now, &err);
	if (!l->order) {
		app_message(l->base.app, true, _("The strays cannot be read: %s"), err->message);
		l->order = g_array_new(FALSE, FALSE, sizeof(int64_t));
	}
	for (int i = 0; l->code_no && i < count(l); i++)
		if (g_array_index(l->order, int64_t, i) == l->code_no)
			l->at = i;
	l->at = CLAMP(l->at, 0, MAX(count(l) - 1, 0));
	l->code_no = count(l) ? g_array_index(l->order, int64_t, l->at) : 0;
}

/* The server may have known it before this desk did. */
static struct instant since(const struct stray *s)
{
	struct instant made = s->code->code.created_at, here = s->about->first_seen;

	return instant_known(made) && instant_before(made, here) ? made : here;
}

/* ---- drawing ---- */

/* The widths of a row; 0: left out. What is left is for the likeness. */
struct columns {
	int lock, name, pin, window, since;
};

static struct columns columns_of(int cols, bool one_lock)
{
	if (cols >= 140)
		return (struct columns){ one_lock ? 0 : 26, 32, 12, 22, 20 };
	if (cols >= 100)
		return (struct columns){ one_lock ? 0 : 20, 24, 10, 20, 14 };
	return (struct columns){ one_lock ? 0 : 14, one_lock ? 24 : 16, 8, 17, 0 };
}

static void put_cell(struct grid *g, int row, int *col, int cells, const char *s, enum role role)
{
	if (!cells)
		return;
	grid_put_field(g, row, *col, cells, -1, CUT_END, s ? s : "", role);
	*col += cells + 1;
}

/* "same PIN: Anna Berg", "near: Anna Berg": a word and then the name, which may be cut. */
static char *twin_text(const struct stray *s)
{
	if (s->like == PIN_UNLIKE)
		return g_strdup("");
	return g_strdup_printf("%s: %s", s->like == PIN_EQUAL ? _("same PIN") : _("near"), s->twin);
}

static const char *pin_text(const struct strays *l, const struct stray *s, bool ascii)
{
	const char *pin = s->code->code.code;

	return !pin ? _("not known") : s->code_no == l->shown_no ? pin : PIN_HIDDEN(ascii);
}

static void draw_row(struct strays *l, const struct stray *s, struct grid *g, struct rect r)
{
	const struct world *w = l->base.world;
	struct columns c = columns_of(r.cols, l->lock_no != 0);
	bool left = s->about->reason != NULL, going = s->code->intent_no && s->code->intent_state < INTENT_ACCEPTED;
	const struct zone *z = zone_of(s->code->zone, w->zone);
	enum role role = left ? ROLE_DIM : ROLE_TEXT;
	g_autofree char *window = words_window_short(&s->code->code, z, w->now), *twin = twin_text(s),
			*intent = words_intent(s->code);
	char shown[NAME_SHOWN_MAX], day[CIVIL_TEXT_MAX];
	const char *said = going ? intent : left ? s->about->reason : twin;
	int col = r.col + 1, end = r.col + r.cols;

	if (marks_has(l->marks, mark_of_code(s->code)))
		grid_put(g, r.row, r.col, 1, MARK_SIGN(g->ascii), ROLE_MATCH);
	put_cell(g, r.row, &col, c.lock, s->code->lock_name, role);
	put_cell(g, r.row, &col, c.name, code_name_shown(&s->code->code, g->ascii, shown), role);
	put_cell(g, r.row, &col, c.pin, pin_text(l, s, g->ascii), role);
	put_cell(g, r.row, &col, c.window, window, ROLE_DIM);
	put_cell(g, r.row, &col, c.since, civil_near(z, since(s), w->now, day), ROLE_DIM);
	if (left && !going)
		put_cell(g, r.row, &col, 5, _("left:"), ROLE_DIM);
	if (col < end)
		grid_put(g, r.row, col, end - col, said ? said : "",
			 going ? ROLE_PENDING : left ? ROLE_DIM : ROLE_WARN);
}

static void draw_head(struct strays *l, struct grid *g, struct rect r)
{
	struct columns c = columns_of(r.cols, l->lock_no != 0);
	int col = r.col + 1;

	grid_fill(g, r, ' ', ROLE_HEADER);
	put_cell(g, r.row, &col, c.lock, _("LOCK"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.name, _("NAME"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.pin, _("PIN"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.window, _("WINDOW"), ROLE_HEADER);
	put_cell(g, r.row, &col, c.since, _("SEEN SINCE"), ROLE_HEADER);
	put_cell(g, r.row, &col, r.col + r.cols - col, _("WHOSE?"), ROLE_HEADER);
}

/* What can be done to it, and what its maker does not let anybody else do. */
static const char *advice(const struct stray *s)
{
	bool adopt = s->code->code.cannot_be_managed != TRI_YES, evict = s->code->code.cannot_delete != TRI_YES;

	if (s->about->reason)
		return _("i takes that back.");
	return adopt && evict ? _("a manages it from here, e deletes it from the lock, i leaves it with a reason.")
	       : adopt ? _("a manages it from here; it can be deleted in its maker's own app only. i leaves it.")
	       : evict ? _("e deletes it from the lock; its maker lets nobody else manage it. i leaves it.")
		       : _("It can be managed and deleted in its maker's own app only. i leaves it with a reason.");
}

static char *whose(const struct world *w, const struct stray *s)
{
	const struct zone *z = zone_of(s->code->zone, w->zone);
	char at[CIVIL_TEXT_MAX];

	if (s->about->reason)
		return g_strdup_printf(_("Left by %s on %s: %s"),
				       s->about->ignored_by ? s->about->ignored_by : _("somebody"),
				       civil_full(z, s->about->ignored_at, at), s->about->reason);
	if (s->like == PIN_UNLIKE)
		return g_strdup_printf(_("Seen since %s. No managed code of this lock is like it."),
				       civil_full(z, since(s), at));
	return g_strdup_printf(_("Seen since %s. Beside %s, a managed code of this lock, %s."),
			       civil_full(z, since(s), at), s->twin, pin_likeness_words(s->like));
}

static void draw_detail(struct strays *l, struct grid *g, struct rect area)
{
	const struct world *w = l->base.world;
	const struct stray *s = at(l, l->at);
	const char *dot = g->ascii ? " - " : " · ";
	g_autofree char *first = NULL, *second = NULL, *window = NULL;
	char shown[NAME_SHOWN_MAX];
	int row = area.row;

	if (!s)
		return;
	window = words_window(&s->code->code, zone_of(s->code->zone, w->zone), w->now);
	first = g_strdup_printf(_("%s%s%s%sPIN %s%s%s"), s->code->lock_name ? s->code->lock_name : "", dot,
				code_name_shown(&s->code->code, g->ascii, shown), dot, pin_text(l, s, g->ascii), dot,
				window);
	second = whose(w, s);
	grid_put(g, row++, 1, g->cols - 2, first, ROLE_TEXT);
	if (area.rows > 2)
		row += page_wrap(g, (struct rect){ row, 1, area.rows - 2, g->cols - 2 }, second,
				 s->like != PIN_UNLIKE && !s->about->reason ? ROLE_WARN : ROLE_TEXT);
	if (row < area.row + area.rows)
		grid_put(g, row, 1, g->cols - 2, advice(s), ROLE_DIM);
}

static void strays_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct strays *l = (struct strays *)screen;
	int detail = area.rows >= 20 ? 4 : area.rows >= 14 ? 3 : 2, list = MAX(area.rows - 2 - detail, 1);
	g_autofree char *marked = marks_words(l->marks);

	load(l);
	l->rows = list;
	l->top = CLAMP(l->top, MAX(l->at - list + 1, 0), l->at);
	draw_head(l, g, (struct rect){ area.row, area.col, 1, area.cols });
	if (!count(l))
		grid_put(g, area.row + 1, 1, g->cols - 2, l->lock_no
			 ? _("Every code on this lock is managed from here.")
			 : _("No strays: every code on every lock is managed from here."), ROLE_DIM);
	for (int i = 0; i < list && l->top + i < count(l); i++) {
		struct rect r = { area.row + 1 + i, area.col, 1, area.cols };
		const struct stray *s = at(l, l->top + i);

		if (s)
			draw_row(l, s, g, r);
		if (l->top + i != l->at)
			continue;
		grid_mark(g, r, MARK_CURSOR);
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
	grid_rule(g, area.row + 1 + list, marked, ROLE_RULE);
	draw_detail(l, g, (struct rect){ area.row + 2 + list, area.col, detail, area.cols });
}

/* ---- commands ---- */

static void hide_pin(void *ctx)
{
	struct strays *l = ctx;

	l->shown_no = 0;
	l->shown_timer = 0;
	app_redraw(l->base.app);
}

static void reveal(struct strays *l, const struct stray *s)
{
	if (!s || !s->code->code.code) {
		app_message(l->base.app, false, s ? _("This PIN is not known here.") : _("There is no code here."));
		return;
	}
	app_cancel_after(l->base.app, l->shown_timer);
	l->shown_no = s->code_no;
	action_pin_shown(l->base.world, code_name(&s->code->code), s->code->lock_name);
	l->shown_timer = app_after(l->base.app, PIN_SHOWN_MS, hide_pin, l);
}

/* ---- marks ---- */

static void move(struct strays *l, int n)
{
	l->at = CLAMP(l->at + n, 0, MAX(count(l) - 1, 0));
	l->code_no = count(l) ? g_array_index(l->order, int64_t, l->at) : 0;
}

static void mark(struct strays *l, int n)
{
	for (; n > 0; n--) {
		const struct stray *s = at(l, l->at);
		struct marked what;

		if (!s)
			return;
		what = mark_of_code(s->code);
		if (!marks_remove(l->marks, what))
			marks_add(l->marks, what);
		move(l, 1);
	}
}

/* All of them but those that somebody chose to leave. */
static void mark_all(struct strays *l)
{
	for (int i = 0; i < count(l) && marks_count(l->marks) < MARKS_MAX; i++) {
		const struct stray *s = at(l, i);

		if (s && !s->about->reason)
			marks_add(l->marks, mark_of_code(s->code));
	}
}

/* The reason comes from a question over this screen, which outlives it. */
struct leaving {
	struct strays *screen;
	int64_t code_no;
	char *name;
};

static void leaving_free(void *p)
{
	struct leaving *v = p;

	g_free(v->name);
	g_free(v);
}

static void forget(struct strays *l)
{
	g_hash_table_remove_all(l->seen);
	g_clear_pointer(&l->order, g_array_unref);
}

static void leave(struct app *app, const char *reason, void *ctx)
{
	struct leaving *v = ctx;
	struct world *w = v->screen->base.world;
	g_autoptr(GError) err = NULL;

	if (cache_ignore(w->cache, v->code_no, reason, w->operator_name, w->now, &err))
		app_message(app, false, _("%s is left alone. i takes that back."), v->name);
	else
		app_message(app, true, _("It could not be kept: %s"), err->message);
	forget(v->screen);
}

static void ignore(struct strays *l, const struct stray *s)
{
	struct world *w = l->base.world;
	g_autofree char *question = NULL, *name = NULL;
	g_autoptr(GError) err = NULL;
	struct leaving *v;

	if (!s)
		return;
	name = text_safe(code_name(&s->code->code));
	if (s->about->reason) {
		if (cache_ignore(w->cache, s->code_no, NULL, NULL, w->now, &err))
			app_message(l->base.app, false, _("%s is a stray again."), name);
		else
			app_message(l->base.app, true, _("It could not be taken back: %s"), err->message);
		forget(l);
		return;
	}
	v = g_new0(struct leaving, 1);
	*v = (struct leaving){ l, s->code_no, g_strdup(name) };
	question = g_strdup_printf(_("Why is %s on %s left alone?"), name,
				   s->code->lock_name ? s->code->lock_name : _("this lock"));
	app_ask_line(l->base.app, question, _("The code goes on opening the door. Whoever looks next reads "
		     "your reason here."), "", leave, v, leaving_free);
}

static bool strays_command(struct screen *screen, enum command c, int n)
{
	struct strays *l = (struct strays *)screen;
	const struct stray *s;

	load(l);
	s = at(l, l->at);
	if (marks_count(l->marks) && bulk_run(screen->app, screen->world, l->marks, c))
		return true;
	if (c == COMMAND_BACK && marks_count(l->marks)) {
		marks_clear(l->marks);
		return true;
	}
	switch ((int)c) {
	case COMMAND_MARK: mark(l, n); return true;
	case COMMAND_MARK_ALL: mark_all(l); return true;
	case COMMAND_UP: move(l, -n); return true;
	case COMMAND_DOWN: move(l, n); return true;
	case COMMAND_PAGE_UP: move(l, -n * MAX(l->rows - 1, 1)); return true;
	case COMMAND_PAGE_DOWN: move(l, n * MAX(l->rows - 1, 1)); return true;
	case COMMAND_FIRST: move(l, -count(l)); return true;
	case COMMAND_LAST: move(l, count(l)); return true;
	case COMMAND_REVEAL: reveal(l, s); return true;
	case COMMAND_IGNORE: ignore(l, s); return true;
	case COMMAND_STRAYS: return true; /* here already */
	case COMMAND_OPEN:
		if (s)
			app_push(l->base.app, code_new(l->base.app, l->base.world, s->code_no));
		return true;
	case COMMAND_EVENTS:
		app_push(l->base.app, events_new(l->base.app, l->base.world, s ? s->code->lock_no : l->lock_no,
						 s ? s->code_no : 0));
		return true;
	case COMMAND_ADOPT:
	case COMMAND_EVICT:
		if (s)
			return action_run(l->base.app, l->base.world, c, s->code->lock_no, s->code);
		app_message(l->base.app, false, _("There is no code here."));
		return true;
	default: return false;
	}
}

static bool strays_key(struct screen *screen, const struct key *k)
{
	struct strays *l = (struct strays *)screen;
	int line = l->top + k->row - 2; /* the title and the head are above */

	if (k->code != KEYCODE_MOUSE_PRESS || k->row < 2 || k->row >= 2 + l->rows)
		return false;
	if (line >= count(l))
		return true;
	if (line == l->at)
		return strays_command(screen, COMMAND_OPEN, 1);
	move(l, line - l->at);
	return true;
}

static const char *strays_hint(struct screen *screen, enum command c)
{
	struct strays *l = (struct strays *)screen;
	const struct stray *s = at(l, l->at);
	bool about_one = c == COMMAND_ADOPT || c == COMMAND_EVICT || c == COMMAND_IGNORE || c == COMMAND_REVEAL ||
			 c == COMMAND_OPEN;

	if (!s)
		return about_one ? "" : NULL;
	if (c == COMMAND_EVICT)
		return s->code->code.cannot_delete == TRI_YES ? "" : NULL;
	if (c == COMMAND_IGNORE)
		return s->about->reason ? _("not ignore") : NULL;
	return about_one && c != COMMAND_OPEN ? code_hint(s->code, c) : NULL;
}

static bool strays_changed(struct screen *screen, unsigned mask)
{
	struct strays *l = (struct strays *)screen;

	g_hash_table_remove_all(l->seen);
	if (!mask || mask & (POKE_LOCKS | POKE_CODES))
		g_clear_pointer(&l->order, g_array_unref);
	if (mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX))
		bulk_check_marks(screen->app, screen->world, l->marks, &l->batches_applied);
	return true;
}

static void strays_free(struct screen *screen)
{
	struct strays *l = (struct strays *)screen;

	app_cancel_after(screen->app, l->shown_timer);
	g_clear_pointer(&l->order, g_array_unref);
	g_hash_table_destroy(l->seen);
	marks_free(l->marks);
	g_free(l);
}

static const struct screen_ops strays_ops = {
	.name = N_("Strays"),
	.view = VIEW_STRAYS,
	.draw = strays_draw,
	.command = strays_command,
	.key = strays_key,
	.changed = strays_changed,
	.hint = strays_hint,
	.free = strays_free,
};

struct screen *strays_new(struct app *app, struct world *w, int64_t lock_no)
{
	struct strays *l = g_new0(struct strays, 1);

	l->base = (struct screen){ .ops = &strays_ops, .app = app, .world = w };
	l->lock_no = lock_no;
	l->marks = marks_new();
	l->batches_applied = w->batches_applied;
	l->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, stray_free);
	return &l->base;
}
