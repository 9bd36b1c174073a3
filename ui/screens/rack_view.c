/* rack_view - where the rack's cursor is, and which time its lanes show. */
#include "ui/screens/palette.h"
#include "ui/screens/rack.h"

#include "core/i18n.h"
#include "core/when.h"

#define NOW_SHARE 0.25 /* a quarter of the past is enough to see who came */
#define BAR_SEARCH_LOCKS 500

static int chosen(const struct rack *r)
{
	return r->at.code >= 0 ? r->at.code : r->bar;
}

struct rack_lock *rack_lock(struct rack *r)
{
	if (r->at.code == PLACE_HEAD)
		return NULL;
	return chosen(r) < 0 ? rack_rows_look(&r->rows, r->at.lock) : rack_rows_at(&r->rows, r->at.lock);
}

const struct code_row *rack_code(struct rack *r)
{
	return rack_lock_code(rack_lock(r), chosen(r));
}

void rack_note_place(struct rack *r)
{
	struct rack_lock *l = rack_lock(r);
	const struct code_row *row = rack_lock_code(l, chosen(r));

	r->lock_no = l ? l->lock_no : 0;
	r->code_no = row ? row->code_no : 0;
	r->intent_no = row ? row->intent_no : 0;
	r->heading = r->at.code == PLACE_HEAD && rack_rows_heading(&r->rows, r->at.lock)
			     ? rack_rows_heading(&r->rows, r->at.lock)->name : NULL;
}

static int64_t code_of_intent(const struct world *w, int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(w->cache, intent_no, NULL);
	const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;

	return in && in->access_code_id ? cache_code_no(w->cache, in->access_code_id) : 0;
}

static void find_again(struct rack *r)
{
	int last = MAX((int)r->rows.order->len - 1, 0);
	int lock = r->lock_no ? rack_rows_find_lock(&r->rows, r->lock_no) : -1;
	bool row = r->at.code >= 0;
	struct rack_lock *l;
	int code = -1;

	for (guint i = 0; r->heading && i < r->rows.headings->len; i++) {
		const struct rack_heading *h = &g_array_index(r->rows.headings, struct rack_heading, i);

		if (h->name != r->heading)
			continue;
		r->at = (struct place){ h->first, PLACE_HEAD };
		return;
	}
	if (lock < 0) {
		/* It has gone: the cursor stays at its height, on a lock's own row. */
		r->at = (struct place){ CLAMP(r->at.lock, 0, last), -1 };
		r->bar = -1;
		return;
	}
	r->at.lock = lock;
	l = r->code_no || r->intent_no || row ? rack_rows_at(&r->rows, lock) : rack_lock(r);
	if (r->code_no || r->intent_no)
		code = rack_lock_find_code(l, r->code_no, r->intent_no);
	/* A new code that the server has taken meanwhile goes by its own number now. */
	if (code < 0 && !r->code_no && r->intent_no)
		code = rack_lock_find_code(l, code_of_intent(r->base.world, r->intent_no), 0);
	if (row && rack_rows_is_unfolded(&r->rows, lock)) {
		/* A code that has gone leaves the cursor at its height within the lock. */
		r->at.code = code >= 0 ? code : MIN(r->at.code, rack_lock_codes(l) - 1);
		r->bar = -1;
	} else {
		r->at.code = -1;
		r->bar = code;
	}
}

void rack_reload(struct rack *r)
{
	struct world *w = r->base.world;
	g_autoptr(GError) err = NULL;
	struct cache_counts counts = cache_counts(w->cache, w->now);
	int height = rack_rows_distance(&r->rows, r->top, r->at, MAX(r->list_rows, 1));

	if (!rack_rows_load(&r->rows, w->now, &err) && !r->rows.yield.gave_way)
		app_message(r->base.app, true, _("The cache cannot be read: %s"), err->message);
	find_again(r);
	rack_note_place(r);
	r->top = r->at;
	rack_rows_move(&r->rows, &r->top, -MAX(height, 0));
	r->rows_in_all = counts.locks + counts.codes + r->rows.headings->len;
}

static bool go_made(struct rack *r)
{
	struct world *w = r->base.world;
	int lock = rack_rows_find_lock(&r->rows, w->made_lock_no);
	int code = lock < 0 ? -1 : rack_lock_find_code(rack_rows_at(&r->rows, lock), 0, w->made_intent_no);

	if (code < 0)
		return false;
	rack_rows_set_unfolded(&r->rows, lock, true);
	rack_go(r, (struct place){ lock, code });
	return true;
}

/* The cursor goes to the code just made: what comes next (its PIN, a correction) is about it. */
void rack_go_to_made(struct rack *r)
{
	struct world *w = r->base.world;

	if (!go_made(r) && r->rows.find) {
		rack_find_end(r); /* the search hides it */
		go_made(r);
	}
	w->made_intent_no = w->made_lock_no = 0;
	r->settled = true;
	r->feed_focus = false;
}

/* Rows of context kept above and below the cursor while scrolling. */
void rack_scroll(struct rack *r)
{
	int margin = r->list_rows >= 10 ? 1 : 0, max = r->list_rows + 1;
	int below, height = rack_rows_distance(&r->rows, r->top, r->at, max);
	struct place end;

	if (height < margin) {
		r->top = r->at;
		rack_rows_move(&r->rows, &r->top, -margin);
	} else if (height > r->list_rows - 1 - margin) {
		r->top = r->at;
		rack_rows_move(&r->rows, &r->top, -(r->list_rows - 1 - margin));
	}
	/* No blank rows at the end while there is something above. */
	end = r->top;
	below = rack_rows_move(&r->rows, &end, r->list_rows - 1);
	if (below < r->list_rows - 1)
		rack_rows_move(&r->rows, &r->top, -(r->list_rows - 1 - below));
}

void rack_go(struct rack *r, struct place p)
{
	const struct rack_heading *h = rack_rows_heading(&r->rows, p.lock);

	if (h && h->folded && p.code != PLACE_HEAD)
		rack_rows_fold_group(&r->rows, p.lock, false);
	r->at = p;
	r->bar = -1;
	rack_note_place(r);
}

void rack_move(struct rack *r, int n)
{
	struct place p = r->at;

	if (rack_rows_move(&r->rows, &p, n))
		rack_go(r, p);
}

/* ---- time ---- */

struct axis rack_axis(const struct rack *r, int cells)
{
	const struct world *w = r->base.world;

	return axis_at(r->zoom, r->follow ? w->now : r->anchor, r->share, MAX(cells, 1), w->zone);
}

void rack_now(struct rack *r)
{
	r->follow = true;
	r->share = NOW_SHARE;
}

void rack_pan(struct rack *r, int eighths)
{
	int64_t span = r->axis.ms_per_cell * MAX(r->axis.cells, 8);

	if (r->follow)
		r->anchor = r->base.world->now;
	r->follow = false;
	r->anchor = instant_add_ms(r->anchor, span / 8 * eighths);
}

/* The lanes begin with that day's midnight, so that all of it is seen. */
void rack_show_day(struct rack *r, const char *typed)
{
	struct world *w = r->base.world;
	struct when_context ctx = { .zone = w->zone, .now = w->now, .base = w->now, .default_minutes = 12 * 60 };
	g_autoptr(GError) err = NULL;
	struct instant at;

	if (!when_parse(typed, &ctx, &at, NULL, &err)) {
		app_message(r->base.app, true, "%s", err->message);
		return;
	}
	r->follow = false;
	r->share = 0;
	r->anchor = zone_day_start(w->zone, at, 0);
}

static bool on_axis(const struct axis *a, struct instant t)
{
	int at = axis_eighths(a, t);

	return instant_known(t) && at >= 0 && at < a->cells * 8;
}

/* What the operator is looking at: an end of the chosen bar, else now, else the middle. */
static struct instant focus(struct rack *r)
{
	const struct code_row *row = rack_code(r);

	if (row && on_axis(&r->axis, row->code.starts_at))
		return row->code.starts_at;
	if (row && on_axis(&r->axis, row->code.ends_at))
		return row->code.ends_at;
	if (on_axis(&r->axis, r->base.world->now))
		return r->base.world->now;
	return axis_instant(&r->axis, r->axis.cells / 2);
}

/* The moment in focus keeps its column. */
void rack_zoom(struct rack *r, int by)
{
	int to = CLAMP((int)r->zoom + by, 0, ZOOM_COUNT - 1);
	struct instant t = focus(r);

	if (to == (int)r->zoom) {
		app_message(r->base.app, false, by < 0 ? _("No closer than hours.") : _("No further than months."));
		return;
	}
	if (r->axis.cells > 0)
		r->share = CLAMP(axis_eighths(&r->axis, t) / (8.0 * r->axis.cells), 0.0, 1.0);
	r->follow = instant_eq(t, r->base.world->now);
	r->anchor = t;
	r->zoom = (enum zoom)to; /* kept when the rack closes: a file at each key would be felt */
}

void rack_zoom_to(struct rack *r, int n)
{
	const char *asked = app_argument(r->base.app);
	int zoom;

	(void)n;
	if (!asked) {
		app_push(r->base.app, palette_new(r->base.app, r->base.world, "zoom "));
		return;
	}
	zoom = palette_pick(r->base.app, asked, rack_zooms);
	if (zoom >= 0 && zoom != (int)r->zoom)
		rack_zoom(r, zoom - (int)r->zoom);
}

/* Brings a bar that lies outside into the lanes. */
static void show_bar(struct rack *r, const struct code_row *row)
{
	struct instant from = row->code.starts_at, until = row->code.ends_at;
	int cells = r->axis.cells;

	if (cells < 1 || (!instant_known(from) && !instant_known(until)))
		return;
	if ((!instant_known(until) || axis_eighths(&r->axis, until) > 0) &&
	    (!instant_known(from) || axis_eighths(&r->axis, from) < cells * 8))
		return;
	r->follow = false;
	r->share = NOW_SHARE;
	r->anchor = instant_known(from) ? from : until;
}

void rack_choose(struct rack *r, int lock, int code)
{
	bool open = rack_rows_is_unfolded(&r->rows, lock);

	rack_go(r, (struct place){ lock, open ? code : -1 });
	r->bar = open ? -1 : code;
	rack_note_place(r);
	if (code >= 0)
		show_bar(r, rack_code(r));
}

/* From bar to bar, and on to the next lock that has one. */
void rack_next_bar(struct rack *r, int direction)
{
	int lock = r->at.lock, code = chosen(r) + direction;
	int tries = BAR_SEARCH_LOCKS;

	if (direction < 0 && chosen(r) < 0)
		code = -1;
	while (tries-- > 0) {
		struct rack_lock *l = rack_rows_at(&r->rows, lock);

		if (!l)
			return;
		if (code >= 0 && code < rack_lock_codes(l)) {
			rack_choose(r, lock, code);
			return;
		}
		lock += direction;
		code = direction > 0 ? 0 : rack_lock_codes(rack_rows_at(&r->rows, lock)) - 1;
	}
}
