/* outbox_rows - the window of intents that is held: around the cursor, read further as it moves.
 *
 * The cursor is an intent's number, so that nothing that comes or is answered moves it from under a hand. When
 * what it was on is no longer shown it goes to what stands there now. */
#include "ui/screens/outbox.h"

#include "core/i18n.h"

#define MARGIN   60   /* rows read beyond those that are seen */
#define ROWS_MAX 3000 /* then the window is made anew around the cursor */
#define LOOK_MAX 3000 /* intents that a search looks at between two keys */

const struct intent *outbox_row(const struct outbox_screen *o, int row)
{
	return o->rows && row >= 0 && row < (int)o->rows->len ? &g_array_index(o->rows, struct intent, row) : NULL;
}

static int rows_of(const struct outbox_screen *o)
{
	return o->rows ? (int)o->rows->len : 0;
}

static struct outbox_query query_of(const struct outbox_screen *o)
{
	return (struct outbox_query){
		.show = o->show,
		.find = o->find.text->len ? o->find.text->str : NULL,
		.access_code_id = o->wide ? NULL : o->access_code_id,
		.intent_no = o->wide ? 0 : o->about_no,
		.lock_no = o->wide ? 0 : o->lock_no,
		.look = LOOK_MAX,
	};
}

/* Rows further up or down; false: there are none, or it cannot be read. */
static bool extend(struct outbox_screen *o, bool up, int limit)
{
	struct outbox_query q = query_of(o);
	g_autoptr(GError) err = NULL;
	struct outbox_found found;
	struct cache_list *list;

	if (up ? o->at_start : o->at_end)
		return false;
	q.up = up;
	q.from = up ? o->up : o->down;
	q.limit = limit;
	list = outbox_find(o->base.world->cache, &q, &found, &err);
	if (!list) {
		app_message(o->base.app, true, _("The outbox cannot be read: %s"), err->message);
		o->at_start = o->at_end = true;
		return false;
	}
	g_ptr_array_add(o->lists, list);
	for (guint i = 0; i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);

		if (up)
			g_array_prepend_val(o->rows, *in);
		else
			g_array_append_val(o->rows, *in);
	}
	*(up ? &o->up : &o->down) = found.next;
	*(up ? &o->at_start : &o->at_end) = found.end;
	o->at += up ? (int)list->rows->len : 0;
	return list->rows->len > 0;
}

/* ---- how many there are ---- */

static void count_about(struct outbox_screen *o)
{
	struct outbox_query q = query_of(o), of;
	struct outbox_found found;
	OWN(cache_list) struct cache_list *all = NULL;

	q.show = OUTBOX_ALL;
	q.find = NULL;
	all = outbox_find(o->base.world->cache, &q, &found, NULL);
	for (int show = 0; show < OUTBOX_SHOW_COUNT; show++) {
		of = q;
		of.show = (enum outbox_show)show;
		o->count[show] = 0;
		for (guint i = 0; all && i < all->rows->len; i++)
			o->count[show] += outbox_fits(&of, cache_list_at(all, struct intent, i));
	}
}

static void count(struct outbox_screen *o)
{
	if (!o->wide && (o->access_code_id || o->about_no))
		count_about(o);
	else if (!o->wide && o->lock_no) /* years of them would have to be read */
		memset(o->count, 0xff, sizeof o->count);
	else if (!outbox_count(o->base.world->cache, o->count, NULL))
		memset(o->count, 0, sizeof o->count);
}

/* ---- reading ---- */

static void on_search(void *ctx);

/* A search that has found too little goes on between keys. */
static void read_around(struct outbox_screen *o)
{
	int want = MAX(o->shown, 1) + MARGIN;
	bool more = false;

	if (rows_of(o) - o->at < want && !o->at_end) {
		extend(o, false, want);
		more = rows_of(o) - o->at < want && !o->at_end;
	}
	if (o->at < want && !o->at_start) {
		extend(o, true, want);
		more = more || (o->at < want && !o->at_start);
	}
	if (more && !o->search_timer)
		o->search_timer = app_after(o->base.app, 1, on_search, o);
}

static void keep_place(struct outbox_screen *o)
{
	struct outbox_query q = query_of(o);
	const struct intent *in = outbox_chosen(o);

	if (in)
		outbox_place_of(&q, in, &o->place);
}

static void on_search(void *ctx)
{
	struct outbox_screen *o = ctx;

	o->search_timer = 0;
	outbox_read(o);
	app_redraw(o->base.app);
}

/* Where the cursor's intent stands now; where it stood, when it is not shown any more. */
static void find_place(struct outbox_screen *o)
{
	struct outbox_query q = query_of(o);
	OWN(cache_list) struct cache_list *list =
		o->intent_no > 0 ? outbox_get(o->base.world->cache, o->intent_no, NULL) : NULL;

	if (list)
		outbox_place_of(&q, cache_list_at(list, struct intent, 0), &o->place);
}

void outbox_read(struct outbox_screen *o)
{
	if (o->rows && rows_of(o) > ROWS_MAX)
		outbox_forget(o);
	if (!o->rows) {
		o->rows = g_array_new(FALSE, FALSE, sizeof(struct intent));
		o->lists = g_ptr_array_new_with_free_func((GDestroyNotify)cache_list_free);
		if (o->intent_no)
			find_place(o);
		else
			o->place = (struct outbox_place){ 0 };
		o->up = o->down = o->place;
		o->at_start = !o->intent_no;
		o->at_end = false;
		o->at = 0;
		count(o);
	}
	read_around(o);
	o->at = CLAMP(o->at, 0, MAX(rows_of(o) - 1, 0));
}

void outbox_forget(struct outbox_screen *o)
{
	app_cancel_after(o->base.app, o->search_timer);
	o->search_timer = 0;
	if (o->rows)
		g_array_unref(o->rows);
	if (o->lists)
		g_ptr_array_unref(o->lists);
	o->rows = NULL;
	o->lists = NULL;
}

/* ---- moving ---- */

void outbox_move(struct outbox_screen *o, int rows)
{
	int to;

	outbox_read(o);
	to = o->at + rows;
	while (to >= rows_of(o) && extend(o, false, to - rows_of(o) + MARGIN))
		;
	while (to < 0) {
		int before = o->at;

		if (!extend(o, true, -to + MARGIN))
			break;
		to += o->at - before;
	}
	o->at = CLAMP(to, 0, MAX(rows_of(o) - 1, 0));
	o->intent_no = o->at == 0 && o->at_start ? 0 : outbox_chosen(o) ? outbox_chosen(o)->intent_no : 0;
	keep_place(o);
}

void outbox_first(struct outbox_screen *o)
{
	outbox_forget(o);
	o->intent_no = 0;
	o->top = 0;
	outbox_read(o);
}

void outbox_last(struct outbox_screen *o)
{
	outbox_forget(o);
	o->intent_no = -1; /* none, and not the first */
	o->place = outbox_end(o->show);
	outbox_read(o);
	o->at = MAX(rows_of(o) - 1, 0);
	if (outbox_chosen(o))
		o->intent_no = outbox_chosen(o)->intent_no;
	keep_place(o);
}

GArray *outbox_all(struct outbox_screen *o, int max)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct outbox_query q = query_of(o);
	struct outbox_found found;
	OWN(cache_list) struct cache_list *list = NULL;

	q.look = 0;
	q.limit = max;
	list = outbox_find(o->base.world->cache, &q, &found, NULL);
	for (guint i = 0; list && i < list->rows->len; i++)
		g_array_append_val(all, cache_list_at(list, struct intent, i)->intent_no);
	return all;
}
