/* rack_rows - the rack's list; see the header. */
#include "ui/screens/rack_rows.h"

#include <string.h>

static void rack_lock_free(void *p)
{
	struct rack_lock *l = p;

	if (l->lock_list)
		cache_list_free(l->lock_list);
	if (l->codes)
		cache_list_free(l->codes);
	g_slist_free_full(l->before, (GDestroyNotify)cache_list_free);
	if (l->pins)
		cache_list_free(l->pins);
	if (l->opened)
		cache_list_free(l->opened);
	if (l->doubles)
		cache_list_free(l->doubles);
	g_free(l);
}

void rack_rows_init(struct rack_rows *r, struct cache *cache)
{
	memset(r, 0, sizeof *r);
	r->cache = cache;
	r->look = INSTANT_NONE;
	r->order = g_array_new(FALSE, FALSE, sizeof(int64_t));
	r->other_way = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	r->kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, rack_lock_free);
	r->headings = g_array_new(FALSE, FALSE, sizeof(struct rack_heading));
	r->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_queue_init(&r->ages);
}

void rack_rows_done(struct rack_rows *r)
{
	rack_rows_forget(r, r->now);
	g_array_unref(r->order);
	g_hash_table_destroy(r->other_way);
	g_hash_table_destroy(r->kept);
	g_hash_table_destroy(r->folded);
	g_array_unref(r->headings);
	g_free(r->find);
}

void rack_rows_forget(struct rack_rows *r, struct instant now)
{
	r->now = now;
	g_queue_clear(&r->ages);
	g_hash_table_remove_all(r->kept);
}

bool rack_rows_load(struct rack_rows *r, struct instant now, GError **err)
{
	enum lock_sort sort = (enum lock_sort)(r->sort | (r->reversed ? LOCKS_BACKWARDS : 0));
	GArray *order;

	cache_yield_begin(r->cache, &r->yield);
	order = cache_lock_order_found(r->cache, sort, r->find, now, &r->found, err);
	cache_yield_end(r->cache);
	rack_rows_forget(r, now);
	if (!order)
		return false;
	g_array_unref(r->order);
	r->order = order;
	return rack_rows_arrange(r, err);
}

static int64_t lock_no_at(const struct rack_rows *r, int lock)
{
	return g_array_index(r->order, int64_t, lock);
}

/* A search shows the codes that it found; a lock found by its own name shows them all. */
static void fetch_codes(struct rack_rows *r, struct rack_lock *l, struct instant until)
{
	struct code_query q = {
		.lock_no = l->lock_no,
		.from = INSTANT_NONE,
		.until = r->find || instant_eq(until, INSTANT_MAX) ? INSTANT_NONE : until,
		.find = r->find,
		.limit = RACK_CODES_MAX,
	};

	if (l->codes)
		l->before = g_slist_prepend(l->before, l->codes);
	l->until = r->find ? INSTANT_MAX : until;
	l->codes = cache_codes(r->cache, &q, r->now, NULL);
	if (!r->find)
		return;
	l->found = l->codes && l->codes->rows->len;
	if (l->found)
		return;
	g_clear_pointer(&l->codes, cache_list_free);
	q.find = NULL;
	l->codes = cache_codes(r->cache, &q, r->now, NULL);
}

static struct rack_lock *fetch(struct rack_rows *r, int64_t lock_no, struct instant until)
{
	struct rack_lock *l = g_new0(struct rack_lock, 1);

	l->lock_no = lock_no;
	l->lock_list = cache_lock(r->cache, lock_no, r->now, NULL);
	if (l->lock_list && l->lock_list->rows->len)
		l->row = cache_list_at(l->lock_list, struct lock_row, 0);
	fetch_codes(r, l, until);
	/* Only a lock that is away is asked since when. */
	l->offline_since = l->row && l->row->lock.online == TRI_NO ? cache_offline_since(r->cache, lock_no)
								   : INSTANT_NONE;
	return l;
}

static struct rack_lock *lock_until(struct rack_rows *r, int lock, struct instant until)
{
	struct rack_lock *l;
	int64_t no;

	if (lock < 0 || lock >= (int)r->order->len)
		return NULL;
	no = lock_no_at(r, lock);
	l = g_hash_table_lookup(r->kept, &no);
	if (l) {
		g_queue_unlink(&r->ages, l->age);
		g_queue_push_tail_link(&r->ages, l->age);
		if (instant_before(l->until, until))
			fetch_codes(r, l, until);
		return l;
	}
	if (r->ages.length >= RACK_KEPT_LOCKS) {
		struct rack_lock *oldest = g_queue_pop_head(&r->ages);

		g_hash_table_remove(r->kept, &oldest->lock_no);
	}
	l = fetch(r, no, until);
	g_queue_push_tail(&r->ages, l);
	l->age = r->ages.tail;
	g_hash_table_insert(r->kept, &l->lock_no, l);
	return l;
}

struct rack_lock *rack_rows_at(struct rack_rows *r, int lock)
{
	return lock_until(r, lock, INSTANT_MAX);
}

struct rack_lock *rack_rows_look(struct rack_rows *r, int lock)
{
	return lock_until(r, lock, instant_before(r->look, r->now) ? r->now : r->look);
}

bool rack_lock_has_codes(const struct rack_lock *l)
{
	return rack_lock_codes(l) > 0 || (l && l->row && l->row->codes_all > 0);
}

/* While searching, what was found by its codes stands open. */
static bool unfolded_unless_told(struct rack_rows *r, int lock)
{
	return r->find ? rack_rows_at(r, lock)->found : r->all_unfolded;
}

bool rack_rows_is_unfolded(struct rack_rows *r, int lock)
{
	int64_t no;

	if (lock < 0 || lock >= (int)r->order->len)
		return false;
	no = lock_no_at(r, lock);
	return unfolded_unless_told(r, lock) != g_hash_table_contains(r->other_way, &no);
}

void rack_rows_set_unfolded(struct rack_rows *r, int lock, bool unfolded)
{
	int64_t no;

	if (lock < 0 || lock >= (int)r->order->len)
		return;
	no = lock_no_at(r, lock);
	if (unfolded == unfolded_unless_told(r, lock))
		g_hash_table_remove(r->other_way, &no);
	else
		g_hash_table_add(r->other_way, g_memdup2(&no, sizeof no));
}

void rack_rows_keep_open(struct rack_rows *r, int64_t lock_no)
{
	if (lock_no && !r->find && !r->all_unfolded)
		g_hash_table_add(r->other_way, g_memdup2(&lock_no, sizeof lock_no));
}

void rack_rows_unfold_all(struct rack_rows *r, bool unfolded)
{
	r->all_unfolded = unfolded;
	g_hash_table_remove_all(r->other_way);
}

int rack_lock_codes(const struct rack_lock *l)
{
	return l && l->codes ? (int)l->codes->rows->len : 0;
}

const struct code_row *rack_lock_code(const struct rack_lock *l, int i)
{
	if (i < 0 || i >= rack_lock_codes(l))
		return NULL;
	return cache_list_at(l->codes, struct code_row, (guint)i);
}

static bool holds(const struct pin_holder *h, const struct code_row *c)
{
	return c->code_no ? h->code_no == c->code_no : h->intent_no == c->intent_no && !h->code_no;
}

/* Asked of the whole lock, whatever a search shows of it. */
const struct pin_holder *rack_lock_rival(struct rack_rows *r, struct rack_lock *l, const struct code_row *c,
					 enum pin_likeness *how)
{
	struct pin_use mine = { c->code.code, c->code.starts_at, c->code.ends_at };
	const struct pin_holder *rival = NULL;

	*how = PIN_UNLIKE;
	if (!mine.pin || c->state == CODE_ENDED || c->state == CODE_REMOVING)
		return NULL;
	if (!l->pins)
		l->pins = cache_pin_uses(r->cache, l->lock_no, r->now, NULL);
	for (guint i = 0; l->pins && i < l->pins->rows->len; i++) {
		const struct pin_holder *h = cache_list_at(l->pins, struct pin_holder, i);
		enum pin_likeness like = holds(h, c) ? PIN_UNLIKE : pin_use_likeness(&mine, &h->use);

		if (like <= *how)
			continue;
		*how = like;
		rival = h;
	}
	return rival;
}

/* Rows under the lock's own. */
static int rows_under(struct rack_rows *r, int lock)
{
	if (!rack_rows_is_unfolded(r, lock))
		return 0;
	return rack_lock_codes(rack_rows_at(r, lock));
}

/* Onto a lock from above: by its heading, where it is the first under one. */
static struct place enter(const struct rack_rows *r, int lock)
{
	const struct rack_heading *h = rack_rows_heading(r, lock);

	return (struct place){ lock, h && h->first == lock ? PLACE_HEAD : -1 };
}

static bool step_down(struct rack_rows *r, struct place *p)
{
	const struct rack_heading *h = rack_rows_heading(r, p->lock);
	int next = h && h->folded ? h->first + h->n : p->lock + 1;

	if (p->code == PLACE_HEAD && !h->folded) {
		p->code = -1;
		return true;
	}
	if (p->code != PLACE_HEAD && p->code + 1 < rows_under(r, p->lock)) {
		p->code++;
		return true;
	}
	if (next >= (int)r->order->len)
		return false;
	*p = enter(r, next);
	return true;
}

static bool step_up(struct rack_rows *r, struct place *p)
{
	const struct rack_heading *h = rack_rows_heading(r, p->lock);

	if (p->code >= 0 || (p->code == -1 && h && h->first == p->lock)) {
		p->code = p->code >= 0 ? p->code - 1 : PLACE_HEAD;
		return true;
	}
	if (p->lock <= 0)
		return false;
	p->lock--;
	h = rack_rows_heading(r, p->lock);
	*p = h && h->folded ? (struct place){ h->first, PLACE_HEAD }
			    : (struct place){ p->lock, rows_under(r, p->lock) - 1 };
	return true;
}

int rack_rows_move(struct rack_rows *r, struct place *p, int n)
{
	int moved = 0;

	while (moved < n && step_down(r, p))
		moved++;
	while (moved > n && step_up(r, p))
		moved--;
	return moved;
}

struct place rack_rows_last(struct rack_rows *r)
{
	int lock = MAX((int)r->order->len - 1, 0);
	const struct rack_heading *h = rack_rows_heading(r, lock);

	if (h && h->folded)
		return (struct place){ h->first, PLACE_HEAD };
	return (struct place){ lock, rows_under(r, lock) - 1 };
}

static int place_compare(struct place a, struct place b)
{
	return a.lock != b.lock ? (a.lock > b.lock) - (a.lock < b.lock)
				: (a.code > b.code) - (a.code < b.code);
}

int rack_rows_distance(struct rack_rows *r, struct place a, struct place b, int max)
{
	bool back = place_compare(a, b) > 0;
	struct place p = back ? b : a, end = back ? a : b;
	int n = 0;

	while (n < max && place_compare(p, end) < 0 && step_down(r, &p))
		n++;
	return back ? -n : n;
}

int rack_rows_find_lock(const struct rack_rows *r, int64_t lock_no)
{
	for (guint i = 0; i < r->order->len; i++)
		if (g_array_index(r->order, int64_t, i) == lock_no)
			return (int)i;
	return -1;
}

int rack_lock_find_code(const struct rack_lock *l, int64_t code_no, int64_t intent_no)
{
	for (int i = 0; i < rack_lock_codes(l); i++) {
		const struct code_row *row = rack_lock_code(l, i);

		if (code_no ? row->code_no == code_no : row->intent_no == intent_no && !row->code_no)
			return i;
	}
	return -1;
}
