/* find_events - the events that a person looks for, however many there are.
 *
 * An index gives places (time, number, kind) in order; what more a filter asks is read of those that
 * are left. Which index: that of the locks or codes whose names fit, one after the other and merged,
 * while they are few; that of refused entries and trouble; else that of all events. Each step reads a
 * bounded number, and the next begins where it ended. */
#include <string.h>

#include "cache/alike.h"
#include "cache/db.h"
#include "core/text.h"

enum {
	LIMIT_DEFAULT = 100,
	NAMES_MAX = 2000,	/* locks or codes that are followed one by one */
	STEP_FIRST = 512,	/* places read at once, of all names together; then more and more */
	STEP_MOST = 16384,
	STEP_LEAST = 16,	/* of each of many */
};
/* As the index event_rare has them. */
#define RARE (1u << EVENT_DENIED | 1u << EVENT_CODE_TROUBLE | 1u << EVENT_DEVICE_TROUBLE | 1u << EVENT_ACCOUNT)

enum way { WAY_TIME, WAY_RARE, WAY_LOCKS, WAY_CODES, WAY_COUNT };
static const enum statement way_statement[WAY_COUNT][2] = {
	[WAY_TIME] = { STATEMENT_EVENTS_OLDER, STATEMENT_EVENTS_NEWER },
	[WAY_RARE] = { STATEMENT_EVENTS_OLDER_RARE, STATEMENT_EVENTS_NEWER_RARE },
	[WAY_LOCKS] = { STATEMENT_EVENTS_OLDER_OF_LOCK, STATEMENT_EVENTS_NEWER_OF_LOCK },
	[WAY_CODES] = { STATEMENT_EVENTS_OLDER_OF_CODE, STATEMENT_EVENTS_NEWER_OF_CODE },
};

struct place {
	struct event_key key;
	int kind;
};

struct search {
	struct cache *c;
	const struct event_find *find;
	unsigned kinds;
	bool asks_more;       /* than the index says */
	GArray *locks, *codes; /* of int64_t: one of which it must be; NULL: any */
	bool words_too;       /* ... or what happened fits, so that neither list is enough */
	struct event_key from;
	struct instant bound; /* in the direction of the search */
	int step;             /* places to read next, in all */
	int64_t looked;       /* places read so far */
};

/* ---- which way ---- */

static GArray *called(struct cache *c, enum statement s, const struct filter_term *t)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));
	QUERY q = db_query(c, s, NULL);

	if (!q)
		return out;
	bind_text(q, 1, t->folded);
	bind_text(q, 2, t->respelled);
	sqlite3_bind_int(q, 3, NAMES_MAX + 1);
	while (db_next(c, q, NULL) > 0) {
		int64_t no = sqlite3_column_int64(q, 0);

		g_array_append_val(out, no);
	}
	return out;
}

/* The shorter of two lists that both hold. */
static void keep(GArray **kept, GArray *other)
{
	if (!*kept || other->len < (*kept)->len) {
		GArray *longer = *kept;

		*kept = other;
		other = longer;
	}
	if (other)
		g_array_unref(other);
}

static void one(GArray **kept, int64_t no)
{
	GArray *only = g_array_new(FALSE, FALSE, sizeof(int64_t));

	g_array_append_val(only, no);
	keep(kept, only);
}

static bool may_be_what_happened(const struct filter_term *t)
{
	size_t n;
	const struct event_info *table = event_table(&n);

	for (size_t i = 0; i < n; i++) {
		struct filter_facts f = { .type = table[i].type };

		if (filter_term_fits(&(struct filter_term){ .field = FILTER_WORD, .folded = t->folded,
							    .respelled = t->respelled }, &f))
			return true;
	}
	return false;
}

/* Of which kinds the events are that a word says; what the table does not know is 'other'. */
static unsigned kinds_said(const struct filter_term *t)
{
	size_t n;
	const struct event_info *table = event_table(&n);
	unsigned kinds = 0;

	for (size_t i = 0; i < n; i++)
		if (filter_term_fits(t, &(struct filter_facts){ .type = table[i].type }))
			kinds |= 1u << table[i].kind;
	return kinds && !(kinds & ~RARE) ? kinds : kinds | 1u << EVENT_OTHER;
}

static void look_at_term(struct search *s, const struct filter_term *t)
{
	bool times = t->field == FILTER_SINCE || t->field == FILTER_UNTIL || t->field == FILTER_KIND;

	if (t->wrong || times)
		return;
	s->asks_more = true;
	if (t->turned)
		return;
	if (t->field == FILTER_WHAT)
		s->kinds &= kinds_said(t);
	if (t->field == FILTER_LOCK)
		keep(&s->locks, called(s->c, STATEMENT_LOCKS_CALLED, t));
	if (t->field == FILTER_CODE)
		keep(&s->codes, called(s->c, STATEMENT_CODES_CALLED, t));
}

/* A word by itself: of a lock or of a person. Only where nothing narrower was said. */
static void look_at_words(struct search *s)
{
	const struct event_filter *f = s->find->filter;

	for (guint i = 0; f && i < f->terms->len && !s->locks && !s->codes; i++) {
		const struct filter_term *t = &g_array_index(f->terms, struct filter_term, i);

		if (t->wrong || t->turned || t->field != FILTER_WORD || may_be_what_happened(t))
			continue;
		s->locks = called(s->c, STATEMENT_LOCKS_CALLED, t);
		s->codes = called(s->c, STATEMENT_CODES_CALLED, t);
		s->words_too = true;
	}
}

static struct event_key start_of(const struct event_find *find)
{
	const struct event_filter *f = find->filter;
	struct instant edge = !f ? INSTANT_NONE : find->newer ? f->from : f->until;
	struct event_key key = find->newer ? (struct event_key){ INSTANT_MIN, INT64_MIN }
					   : (struct event_key){ INSTANT_MAX, INT64_MAX };

	/* until is not among them, from is: no number is below the smallest. */
	if (instant_known(edge))
		key = (struct event_key){ edge, INT64_MIN };
	if (!instant_known(find->from.at))
		return key;
	if (instant_known(edge) && (find->newer ? instant_before(find->from.at, edge) : !instant_before(find->from.at, edge)))
		return key;
	return find->from;
}

static void search_init(struct search *s, struct cache *c, const struct event_find *find)
{
	const struct event_filter *f = find->filter;
	unsigned all = (1u << (EVENT_KIND_COUNT + 1)) - 1;

	*s = (struct search){ .c = c, .find = find, .from = start_of(find), .step = STEP_FIRST };
	s->kinds = (find->kinds ? find->kinds : all) & (f && f->kinds ? f->kinds : all);
	s->bound = find->newer ? INSTANT_MAX : (struct instant){ INT64_MIN };
	if (f && instant_known(find->newer ? f->until : f->from))
		s->bound = find->newer ? f->until : f->from;
	if (find->lock_no)
		one(&s->locks, find->lock_no);
	if (find->code_no)
		one(&s->codes, find->code_no);
	for (guint i = 0; f && i < f->terms->len; i++)
		look_at_term(s, &g_array_index(f->terms, struct filter_term, i));
	s->asks_more = s->asks_more || (find->lock_no && find->code_no);
	look_at_words(s);
}

static void search_done(struct search *s)
{
	if (s->locks)
		g_array_unref(s->locks);
	if (s->codes)
		g_array_unref(s->codes);
}

/* ---- places ---- */

static int older_first(const void *a, const void *b)
{
	const struct event_key *x = &((const struct place *)a)->key, *y = &((const struct place *)b)->key;

	if (x->at.ms != y->at.ms)
		return x->at.ms < y->at.ms ? -1 : 1;
	return x->event_no < y->event_no ? -1 : x->event_no > y->event_no;
}

static int newer_first(const void *a, const void *b)
{
	return older_first(b, a);
}

/* True when there are more behind those. */
static bool read_places(struct search *s, enum way way, int64_t whose, int n, GArray *out, GError **err)
{
	QUERY q = db_query(s->c, way_statement[way][s->find->newer], err);
	int got = 0;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, s->from.at.ms);
	sqlite3_bind_int64(q, 2, s->from.event_no);
	sqlite3_bind_int64(q, 3, s->bound.ms);
	sqlite3_bind_int(q, 4, n);
	sqlite3_bind_int64(q, 5, whose);
	while (db_next(s->c, q, err) > 0) {
		struct place p = { { { sqlite3_column_int64(q, 0) }, sqlite3_column_int64(q, 1) },
				   sqlite3_column_int(q, 2) };

		g_array_append_val(out, p);
		got++;
	}
	s->looked += got;
	return got == n;
}

static bool few(const GArray *names)
{
	return names && names->len <= NAMES_MAX;
}

/* *whole: until there the places read are all that there are, by the names of which more are left. */
static void read_each(struct search *s, enum way way, const GArray *names, int n, GArray *out,
		      struct place *whole, bool *more, GError **err)
{
	int (*order)(const void *, const void *) = s->find->newer ? older_first : newer_first;

	for (guint i = 0; i < names->len; i++) {
		if (!read_places(s, way, g_array_index(names, int64_t, i), n, out, err))
			continue;
		const struct place *last = &g_array_index(out, struct place, out->len - 1);

		if (!*more || order(last, whole) < 0)
			*whole = *last;
		*more = true;
	}
}

/* The next places in order; false in *more where there are none behind them. */
static GArray *next_places(struct search *s, bool *more, GError **err)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct place));
	int (*order)(const void *, const void *) = s->find->newer ? older_first : newer_first;
	bool by_codes = few(s->codes), by_locks = few(s->locks);
	struct place whole = { 0 };
	guint names;
	int n = s->step;

	*more = false;
	s->step = MIN(s->step * 4, STEP_MOST);

	if (s->words_too && !(by_codes && by_locks))
		by_codes = by_locks = false;
	else if (!s->words_too && by_codes && by_locks)
		by_locks = s->locks->len < s->codes->len, by_codes = !by_locks;
	if (!by_codes && !by_locks) {
		enum way way = s->kinds & ~RARE ? WAY_TIME : WAY_RARE;

		*more = read_places(s, way, 0, n, out, err);
		return out;
	}
	names = (by_codes ? s->codes->len : 0) + (by_locks ? s->locks->len : 0);
	n = MAX(n / (int)MAX(names, 1), STEP_LEAST);
	if (by_codes)
		read_each(s, WAY_CODES, s->codes, n, out, &whole, more, err);
	if (by_locks)
		read_each(s, WAY_LOCKS, s->locks, n, out, &whole, more, err);
	g_array_sort(out, order);
	while (*more && order(&g_array_index(out, struct place, out->len - 1), &whole) > 0)
		g_array_set_size(out, out->len - 1);
	return out;
}

/* ---- does it fit? ---- */

static bool fits(struct search *s, const struct place *p, GError **err)
{
	const struct event_filter *f = s->find->filter;
	struct filter_facts facts = { .kind = (enum event_kind)p->kind };
	g_autofree char *who = NULL;

	if (!((s->kinds >> p->kind) & 1))
		return false;
	if (!s->asks_more)
		return true;
	QUERY q = db_query(s->c, STATEMENT_EVENT_FACTS, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, p->key.event_no);
	if (db_next(s->c, q, err) <= 0)
		return false;
	if ((s->find->lock_no && sqlite3_column_int64(q, 3) != s->find->lock_no) ||
	    (s->find->code_no && sqlite3_column_int64(q, 4) != s->find->code_no))
		return false;
	facts.type = (const char *)sqlite3_column_text(q, 0);
	facts.method = (const char *)sqlite3_column_text(q, 1);
	if (sqlite3_column_type(q, 2) != SQLITE_NULL)
		facts.who = who = text_fold((const char *)sqlite3_column_text(q, 2));
	facts.lock = (const char *)sqlite3_column_text(q, 5);
	for (guint i = 0; f && i < f->terms->len; i++)
		if (!filter_term_fits(&g_array_index(f->terms, struct filter_term, i), &facts))
			return false;
	return true;
}

static void add_row(struct search *s, int64_t event_no, struct cache_list *list, GError **err)
{
	QUERY q = db_query(s->c, STATEMENT_EVENT_ROW, err);
	struct event_row row = { 0 };

	if (!q)
		return;
	sqlite3_bind_int64(q, 1, event_no);
	if (db_next(s->c, q, err) <= 0)
		return;
	event_row_read(q, &row, list->chunk);
	row.alike = cache_alike_code(s->c, row.who, list->chunk);
	g_array_append_val(list->rows, row);
}

struct cache_list *cache_find_events(struct cache *c, const struct event_find *find, struct event_found *found,
				     GError **err)
{
	struct cache_list *list = list_new(sizeof(struct event_row));
	guint limit = find->limit > 0 ? (guint)find->limit : LIMIT_DEFAULT;
	GError *failed = NULL;
	struct search s;
	bool more;

	search_init(&s, c, find);
	more = s.kinds & ((1u << EVENT_KIND_COUNT) - 1);
	while (more && !failed && list->rows->len < limit && (!find->look || s.looked < find->look)) {
		GArray *places = next_places(&s, &more, &failed);
		guint i = 0;

		for (; i < places->len && !failed && list->rows->len < limit; i++) {
			const struct place *p = &g_array_index(places, struct place, i);
			bool again = i && p->key.event_no == s.from.event_no; /* by its lock and by its code */

			s.from = p->key;
			if (!again && fits(&s, p, &failed))
				add_row(&s, p->key.event_no, list, &failed);
		}
		more = more || i < places->len;
		g_array_unref(places);
	}
	*found = (struct event_found){ s.from, !more };
	search_done(&s);
	if (!failed)
		return list;
	g_propagate_error(err, failed);
	cache_list_free(list);
	return NULL;
}

bool event_row_fits(const struct event_row *row, const struct event_filter *f)
{
	struct instant at = row->event.occurred_at;
	g_autofree char *lock = row->lock_name ? text_fold(row->lock_name) : NULL;
	g_autofree char *who = row->who ? text_fold(row->who) : NULL;
	struct filter_facts facts = { row->event.event_type, row->event.method,
				      event_lookup(row->event.event_type)->kind, lock, who };

	if ((f->kinds && !((f->kinds >> facts.kind) & 1)) || (instant_known(f->from) && instant_before(at, f->from)) ||
	    (instant_known(f->until) && !instant_before(at, f->until)))
		return false;
	for (guint i = 0; i < f->terms->len; i++)
		if (!filter_term_fits(&g_array_index(f->terms, struct filter_term, i), &facts))
			return false;
	return true;
}

int cache_count_events_after(struct cache *c, const struct event_find *find, int64_t after_no, int max)
{
	struct event_find narrow = *find;
	QUERY q = db_query(c, STATEMENT_EVENTS_STORED_AFTER, NULL);
	struct search s;
	int n = 0;

	if (!q)
		return 0;
	search_init(&s, c, &narrow);
	s.asks_more = s.asks_more || find->lock_no || find->code_no;
	sqlite3_bind_int64(q, 1, after_no);
	sqlite3_bind_int(q, 2, max);
	while (db_next(c, q, NULL) > 0) {
		struct place p = { { { sqlite3_column_int64(q, 0) }, sqlite3_column_int64(q, 1) },
				   sqlite3_column_int(q, 2) };
		const struct event_filter *f = find->filter;
		bool in = !f || ((!instant_known(f->from) || !instant_before(p.key.at, f->from)) &&
				 (!instant_known(f->until) || instant_before(p.key.at, f->until)));

		n += in && fits(&s, &p, NULL);
	}
	search_done(&s);
	return n;
}
