/* put_event - events stored once, with the name of whoever they are about. */
#include "cache/attribute.h"
#include "cache/db.h"

/* Facts and the texts they borrow. */
struct lookup {
	struct who_facts facts;
	int64_t lock_no;
	GStringChunk *chunk;
};

/* 1 yes, 0 no, -1 failed */
static int is_known(struct cache *c, const char *event_id, GError **err)
{
	QUERY q = db_query(c, STATEMENT_EVENT_KNOWN, err);

	if (!q)
		return -1;
	bind_text(q, 1, event_id);
	return db_next(c, q, err);
}

static bool look_up_named(struct cache *c, struct lookup *l, GError **err)
{
	QUERY q = db_query(c, STATEMENT_CODE_FACTS, err);
	int found;

	if (!q)
		return false;
	bind_text(q, 1, l->facts.event->access_code_id);
	found = db_next(c, q, err);
	if (found > 0) {
		l->facts.named.code_no = sqlite3_column_int64(q, 0);
		l->lock_no = sqlite3_column_int64(q, 1);
		l->facts.named.name = column_text(q, 2, l->chunk);
	}
	return found >= 0;
}

static const struct zone *zone_or_none(const char *iana)
{
	return iana && *iana ? zone_get(iana) : NULL;
}

/* By the device's id; an unlock may leave it out and name only the code. */
static bool look_up_lock(struct cache *c, struct lookup *l, GError **err)
{
	const char *device_id = l->facts.event->device_id;
	QUERY q = db_query(c, device_id ? STATEMENT_LOCK_FACTS : STATEMENT_LOCK_FACTS_BY_NO, err);
	int found;

	if (!q)
		return false;
	if (device_id)
		bind_text(q, 1, device_id);
	else
		sqlite3_bind_int64(q, 1, l->lock_no);
	found = db_next(c, q, err);
	if (found > 0) {
		l->lock_no = sqlite3_column_int64(q, 0);
		l->facts.traits = traits_of((const char *)sqlite3_column_text(q, 1));
		l->facts.zone = zone_or_none((const char *)sqlite3_column_text(q, 2));
	}
	return found >= 0;
}

/* Codes with that PIN which existed then; where there are several, those in their window. */
static bool look_up_pin(struct cache *c, struct lookup *l, GError **err)
{
	const struct event *ev = l->facts.event;
	QUERY q = db_query(c, STATEMENT_PIN_HELD_AT, err);
	int all = 0, in_window = 0, more;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, l->lock_no);
	sqlite3_bind_int64(q, 2, ev->occurred_at.ms);
	bind_text(q, 3, ev->code);
	while ((more = db_next(c, q, err)) > 0) {
		bool valid = sqlite3_column_int(q, 2) != 0;

		if (all == 0 || (valid && in_window == 0))
			l->facts.of_pin =
				(struct who_code){ sqlite3_column_int64(q, 0),
						   column_text(q, 1, l->chunk) };
		all++;
		in_window += valid;
	}
	l->facts.pin_holders = in_window == 1 ? 1 : all;
	return more == 0;
}

static bool look_up_valid(struct cache *c, struct lookup *l, GError **err)
{
	QUERY q = db_query(c, STATEMENT_VALID_AT, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, l->lock_no);
	sqlite3_bind_int64(q, 2, l->facts.event->occurred_at.ms);
	if (db_next(c, q, err) <= 0)
		return false;
	l->facts.valid = sqlite3_column_int(q, 0);
	l->facts.only_valid = (struct who_code){ sqlite3_column_int64(q, 1),
						 column_text(q, 2, l->chunk) };
	return true;
}

static bool look_up_near(struct cache *c, struct lookup *l, GError **err)
{
	QUERY q = db_query(c, STATEMENT_NEAR_AT, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, l->lock_no);
	sqlite3_bind_int64(q, 2, l->facts.event->occurred_at.ms);
	sqlite3_bind_int64(q, 3, WHO_NEAR_MS);
	if (db_next(c, q, err) <= 0)
		return false;
	l->facts.near = sqlite3_column_int(q, 0);
	l->facts.of_near = (struct who_code){ sqlite3_column_int64(q, 1), column_text(q, 2, l->chunk) };
	l->facts.near_how = (enum who_near)sqlite3_column_int(q, 3);
	l->facts.near_at = (struct instant){ sqlite3_column_int64(q, 4) };
	return true;
}

static bool look_up(struct cache *c, struct lookup *l, GError **err)
{
	const struct event *ev = l->facts.event;

	if (ev->access_code_id && !look_up_named(c, l, err))
		return false;
	if ((ev->device_id || l->lock_no != 0) && !look_up_lock(c, l, err))
		return false;
	if (l->lock_no == 0)
		return true;
	if (ev->code && l->facts.named.code_no == 0 && !look_up_pin(c, l, err))
		return false;
	if (attribute_needs_near(&l->facts) && !look_up_near(c, l, err))
		return false;
	return !attribute_needs_valid(&l->facts) || look_up_valid(c, l, err);
}

static void bind_number(sqlite3_stmt *q, int i, int64_t n)
{
	if (n != 0)
		sqlite3_bind_int64(q, i, n);
	else
		sqlite3_bind_null(q, i);
}

static bool store(struct cache *c, const struct event *ev, const struct lookup *l,
		  const struct who *who, GError **err)
{
	QUERY q = db_query(c, STATEMENT_EVENT_INSERT, err);

	if (!q)
		return false;
	bind_text(q, 1, ev->event_id);
	sqlite3_bind_int(q, 2, l->facts.kind);
	bind_number(q, 3, l->lock_no);
	bind_number(q, 4, who->code_no);
	bind_text(q, 5, who->name);
	sqlite3_bind_int(q, 6, who->how);
	bind_text(q, 7, *who->why ? who->why : NULL);
	columns_bind(q, 8, event_columns, EVENT_FIELD_COUNT, ev);
	c->tally.events++;
	return db_run(c, q, err);
}

static bool name_and_store(struct cache *c, const struct event *ev, GError **err)
{
	struct event timed = *ev;
	struct lookup l = { .facts = { .event = &timed,
				       .kind = event_lookup(ev->event_type)->kind } };
	bool ok;

	if (!instant_known(timed.occurred_at))
		timed.occurred_at = instant_known(ev->created_at) ? ev->created_at : instant_now();
	l.chunk = g_string_chunk_new(256);
	ok = look_up(c, &l, err);
	if (ok) {
		struct who who = attribute(&l.facts);

		ok = store(c, &timed, &l, &who, err);
	}
	g_string_chunk_free(l.chunk);
	return ok;
}

enum cache_put cache_put_event(struct cache *c, const struct event *ev, GError **err)
{
	struct scope scope;
	int known;
	bool ok;

	g_return_val_if_fail(ev->event_id && ev->event_type, CACHE_PUT_FAILED);
	if (!scope_begin(c, &scope, err))
		return CACHE_PUT_FAILED;
	c->awaited = AWAITED_UNKNOWN;
	known = is_known(c, ev->event_id, err);
	ok = known > 0 || (known == 0 && name_and_store(c, ev, err));
	if (!scope_end(c, &scope, ok, err))
		return CACHE_PUT_FAILED;
	return known ? CACHE_PUT_SAME : CACHE_PUT_NEW;
}

static int forget(struct cache *c, struct instant before, int limit, GError **err)
{
	QUERY q = db_query(c, STATEMENT_EVENTS_FORGET, err);
	int n;

	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, before.ms);
	sqlite3_bind_int(q, 2, limit > 0 ? limit : -1);
	n = db_run(c, q, err) ? sqlite3_changes(c->db) : -1;
	c->tally.events -= MAX(n, 0);
	return n;
}

int cache_forget_events(struct cache *c, struct instant before, int limit, GError **err)
{
	struct scope scope;
	int n;

	if (!scope_begin(c, &scope, err))
		return -1;
	n = forget(c, before, limit, err);
	return scope_end(c, &scope, n >= 0, err) ? n : -1;
}
