/* events_rows - the window over the events, and the lines made of it; see events.h. */
#include "core/i18n.h"
#include "ui/screens/events.h"
#include "ui/screens/words.h"

enum {
	PAGE = 200,
	PAGES_MAX = 12,	/* more are let go at the other end */
	MARGIN = 60,	/* lines between the cursor and an end that is read further */
	LOOK = 4000,	/* events looked at in one turn */
	COUNT_MAX = 1000,
};

struct event_find events_what(const struct events_screen *s)
{
	return (struct event_find){
		.lock_no = s->code_no ? 0 : s->lock_no,
		.code_no = s->code_no,
		.kinds = events_chip_kinds(s->chip),
		.filter = s->filter,
		.from = { INSTANT_NONE, 0 },
		.limit = PAGE,
		.look = LOOK,
	};
}

const struct zone *events_zone(const struct events_screen *s, const struct event_row *e)
{
	return zone_of(e->zone, s->base.world->zone);
}

static void page_free(void *p)
{
	struct events_page *page = p;

	cache_list_free(page->list);
	g_free(page);
}

void events_window_clear(struct events_screen *s)
{
	if (s->search_timer)
		app_cancel_after(s->base.app, s->search_timer);
	s->search_timer = 0;
	g_clear_pointer(&s->rows, g_ptr_array_unref);
	g_clear_pointer(&s->pages, g_ptr_array_unref);
	g_clear_pointer(&s->lines, g_array_unref);
}

/* ---- reading ---- */

static struct event_key key_of(const struct event_row *e)
{
	return (struct event_key){ e->event.occurred_at, e->event_no };
}

static void list_rows(struct events_screen *s)
{
	g_ptr_array_set_size(s->rows, 0);
	for (guint p = 0; p < s->pages->len; p++) {
		struct events_page *page = s->pages->pdata[p];
		guint n = page->list->rows->len;

		for (guint i = 0; i < n; i++)
			g_ptr_array_add(s->rows,
					cache_list_at(page->list, struct event_row, page->newer ? n - 1 - i : i));
	}
}

/* What lies farthest from where it was read is let go; it can be read again. */
static void let_go(struct events_screen *s, bool newer)
{
	while (s->pages->len > PAGES_MAX) {
		g_ptr_array_remove_index(s->pages, newer ? s->pages->len - 1 : 0);
		list_rows(s);
		if (newer) {
			s->at_oldest = false;
			s->older_from = key_of(s->rows->pdata[s->rows->len - 1]);
		} else {
			s->at_newest = false;
			s->newer_from = key_of(s->rows->pdata[0]);
		}
	}
}

static bool read_page(struct events_screen *s, bool newer)
{
	struct event_find find = events_what(s);
	struct event_found found;
	struct events_page *page;
	struct cache_list *list;
	g_autoptr(GError) err = NULL;

	find.newer = newer;
	if (s->pages->len)
		find.from = newer ? s->newer_from : s->older_from;
	else if (instant_known(s->older_from.at))
		find.from = s->older_from;
	list = cache_find_events(s->base.world->cache, &find, &found, &err);
	if (!list) {
		app_message(s->base.app, true, _("The events cannot be read: %s"), err ? err->message : "?");
		s->at_oldest = s->at_newest = true;
		return false;
	}
	if (newer) {
		s->newer_from = found.next;
		s->at_newest = found.end;
	} else {
		s->older_from = found.next;
		s->at_oldest = found.end;
	}
	if (!list->rows->len) {
		cache_list_free(list);
		return false;
	}
	page = g_new(struct events_page, 1);
	*page = (struct events_page){ list, newer };
	g_ptr_array_insert(s->pages, newer ? 0 : -1, page);
	list_rows(s);
	let_go(s, newer);
	return true;
}

static void search_on(void *ctx)
{
	struct events_screen *s = ctx;

	s->search_timer = 0;
	events_look_further(s);
	app_redraw(s->base.app);
}

/* One step of reading a turn: what is not found at once is looked for between keys. */
void events_look_further(struct events_screen *s)
{
	int lines = (int)s->lines->len;
	bool below = !s->at_oldest && lines - s->at < MARGIN + s->shown;
	bool above = !s->at_newest && s->at < MARGIN;

	if (!below && !above)
		return;
	read_page(s, !below);
	events_make_lines(s);
	below = !s->at_oldest && (int)s->lines->len - s->at < MARGIN + s->shown;
	if (below && !s->search_timer)
		s->search_timer = app_after(s->base.app, 1, search_on, s);
}

void events_read_anew(struct events_screen *s)
{
	struct cache *c = s->base.world->cache;

	events_window_clear(s);
	s->pages = g_ptr_array_new_with_free_func(page_free);
	s->rows = g_ptr_array_new();
	s->lines = g_array_new(FALSE, FALSE, sizeof(struct events_line));
	s->at_newest = true;
	s->at_oldest = false;
	s->older_from = s->newer_from = (struct event_key){ INSTANT_NONE, 0 };
	s->unseen = 0;
	s->seen_no = cache_last_event_no(c);
	s->all = cache_counts(c, s->base.world->now).events;
	s->at = s->top = 0;
	events_make_lines(s);
	events_look_further(s);
}

/* ---- lines ---- */

const struct event_row *events_row(const struct events_screen *s, int line)
{
	int row = s->lines && line >= 0 && line < (int)s->lines->len
			  ? g_array_index(s->lines, struct events_line, line).row : -1;

	return row < 0 ? NULL : s->rows->pdata[row];
}

static struct fold *fold_rows(const struct events_screen *s)
{
	size_t n = s->rows->len;
	struct fold *out = g_new(struct fold, MAX(n, 1));
	struct fold_event *e = g_new(struct fold_event, MAX(n, 1));

	for (size_t i = 0; i < n; i++) {
		const struct event_row *r = s->rows->pdata[i];

		e[i] = (struct fold_event){ r->event.occurred_at, r->lock_no, r->code_no,
					    event_lookup(r->event.event_type)->kind, r->event.event_type };
	}
	event_fold(e, n, s->repeats, out);
	g_free(e);
	return out;
}

static void add_line(struct events_screen *s, struct instant *day, struct events_line line)
{
	const struct event_row *e = s->rows->pdata[line.row];
	struct instant of = zone_day_start(events_zone(s, e), e->event.occurred_at, 0);

	if (!instant_eq(of, *day)) {
		struct events_line heading = { .row = -1 };

		g_array_append_val(s->lines, heading);
	}
	*day = of;
	g_array_append_val(s->lines, line);
}

/* The cursor stays on its event; on what it was folded into; else near where it was. */
static void find_cursor(struct events_screen *s, const struct fold *fold)
{
	int64_t no = s->at_no;

	for (guint i = 0; no && i < s->rows->len; i++) {
		const struct event_row *e = s->rows->pdata[i], *head = s->rows->pdata[fold[i].head];

		if (e->event_no == no && !g_hash_table_contains(s->unfolded, &head->event_no))
			no = head->event_no;
	}
	for (guint i = 0; i < s->lines->len; i++) {
		const struct event_row *e = events_row(s, (int)i);

		if (!e || (no && e->event_no != no))
			continue;
		s->top = no ? s->top + (int)i - s->at : 0;
		s->at = (int)i;
		return;
	}
	s->at = CLAMP(s->at, 0, MAX((int)s->lines->len - 1, 0));
	if (!events_row(s, s->at) && s->at + 1 < (int)s->lines->len)
		s->at++;
	if (no && events_row(s, s->at))
		s->at_no = events_row(s, s->at)->event_no;
}

void events_make_lines(struct events_screen *s)
{
	g_autofree struct fold *fold = fold_rows(s);
	struct instant day = INSTANT_NONE;

	g_array_set_size(s->lines, 0);
	for (guint i = 0; i < s->rows->len; i++) {
		const struct event_row *e = s->rows->pdata[i];
		bool open = fold[i].count > 1 && g_hash_table_contains(s->unfolded, &e->event_no);

		if (fold[i].head != i)
			continue;
		add_line(s, &day, (struct events_line){ (int)i, fold[i].count, fold[i].span_ms, open, false });
		for (guint k = i + 1; open && k < s->rows->len; k++)
			if (fold[k].head == i)
				add_line(s, &day, (struct events_line){ (int)k, 1, 0, false, true });
	}
	find_cursor(s, fold);
}

/* ---- the cursor ---- */

static int next_event(const struct events_screen *s, int line, int step)
{
	for (int i = line + step; i >= 0 && i < (int)s->lines->len; i += step)
		if (events_row(s, i))
			return i;
	return line;
}

void events_move(struct events_screen *s, int n)
{
	for (; n; n += n < 0 ? 1 : -1) {
		int to = next_event(s, s->at, n < 0 ? -1 : 1);

		if (to == s->at)
			break;
		s->at = to;
	}
	s->at_no = events_row(s, s->at) ? events_row(s, s->at)->event_no : 0;
	/* On the newest of all it follows again. */
	if (s->at_newest && next_event(s, s->at, -1) == s->at) {
		if (s->unseen)
			events_read_anew(s);
		s->at_no = 0;
		s->top = 0;
	}
	events_look_further(s);
}

void events_go(struct events_screen *s, bool newest)
{
	if (newest) {
		s->at_no = 0;
		events_read_anew(s);
		return;
	}
	/* The oldest, however far: read from that end. */
	if (!s->at_oldest) {
		events_window_clear(s);
		s->pages = g_ptr_array_new_with_free_func(page_free);
		s->rows = g_ptr_array_new();
		s->lines = g_array_new(FALSE, FALSE, sizeof(struct events_line));
		s->at_newest = false;
		s->at_oldest = true;
		s->older_from = s->newer_from = (struct event_key){ INSTANT_NONE, 0 };
		read_page(s, true);
		events_make_lines(s);
	}
	s->at_no = 0;
	if (s->lines->len) {
		s->at = (int)s->lines->len - 1;
		s->at_no = events_row(s, s->at)->event_no;
		s->top = MAX(s->at - s->shown + 1, 0);
	}
	events_look_further(s);
}

bool events_paused(const struct events_screen *s)
{
	return s->at_no != 0;
}
