/* outbox_moves - an intent from state to state: each move one durable transaction. */
#include "cache/outbox_moves.h"

#include "cache/db.h"
#include "core/i18n.h"
#include "core/zone.h"

void cache_shut(struct cache *c, bool shut)
{
	c->shut = shut;
}

void cache_clock(struct cache *c, struct instant (*clock)(void))
{
	c->clock = clock;
}

struct instant cache_now(const struct cache *c)
{
	return c->clock ? c->clock() : instant_now();
}

bool desk_may(const struct cache *c, GError **err)
{
	if (!c->shut)
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED, "who stands at this desk may only look");
	return false;
}

/* What is written into a file that has been set aside or deleted nobody will read. */
static bool is_kept(struct cache *c, GError **err)
{
	if (cache_is_in_place(c))
		return true;
	cache_rollback(c);
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY, "%s",
		    _("the cache has just been made anew: nothing was queued, try again"));
	return false;
}

bool durable_begin(struct cache *c, GError **err)
{
	if (!desk_may(c, err) || !cache_flush(c, err))
		return false;
	if (!sqlite3_get_autocommit(c->db)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "the outbox was moved within a transaction of the cache (a fault of "
			    "this program)");
		return false;
	}
	if (c->mode == CACHE_SYNC && !db_exec(c->db, "PRAGMA synchronous = FULL", err))
		return false;
	if (cache_begin(c, err) && is_kept(c, err))
		return true;
	if (c->mode == CACHE_SYNC)
		db_exec(c->db, "PRAGMA synchronous = NORMAL", NULL);
	return false;
}

bool durable_end(struct cache *c, bool ok, GError **err)
{
	if (ok)
		ok = cache_commit(c, err);
	else
		cache_rollback(c);
	if (c->mode == CACHE_SYNC)
		db_exec(c->db, "PRAGMA synchronous = NORMAL", NULL);
	return ok;
}

/* What a move binds after ?1, the intent's number. */
enum kind_of_value { VALUE_TEXT, VALUE_INT };
struct value {
	enum kind_of_value kind;
	const char *text;
	int64_t number;
};
#define TEXT(s) { VALUE_TEXT, (s), 0 }
#define INT(n)	{ VALUE_INT, NULL, (n) }

static int run_with(struct cache *c, enum statement s, int64_t intent_no, const struct value *v,
		    size_t n, GError **err)
{
	QUERY q = db_query(c, s, err);

	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, intent_no);
	for (size_t i = 0; i < n; i++) {
		if (v[i].kind == VALUE_TEXT)
			bind_text(q, (int)i + 2, v[i].text);
		else
			bind_when(q, (int)i + 2, (struct instant){ v[i].number });
	}
	return db_run(c, q, err) ? sqlite3_changes(c->db) : -1;
}

static void explain_stuck(struct cache *c, int64_t intent_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENT_STATE, err);
	int found;

	if (!q)
		return;
	sqlite3_bind_int64(q, 1, intent_no);
	found = db_next(c, q, err);
	if (found == 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
			    "there is no such entry in the outbox");
	if (found > 0)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
			    "this entry of the outbox cannot be moved: it is already %s",
			    intent_state_word((enum intent_state)sqlite3_column_int(q, 0)));
}

/* A move, and what it means for the intents that follow a create. */
struct move {
	enum statement move, after;
	bool has_after;
};

static bool move(struct cache *c, const struct move *m, int64_t intent_no, const struct value *v,
		 size_t n, const struct value *after, size_t after_n, GError **err)
{
	int moved;
	bool ok;

	if (!durable_begin(c, err))
		return false;
	moved = run_with(c, m->move, intent_no, v, n, err);
	if (moved == 0)
		explain_stuck(c, intent_no, err);
	ok = moved > 0 &&
	     (!m->has_after || run_with(c, m->after, intent_no, after, after_n, err) >= 0);
	return durable_end(c, ok, err);
}

static void claim(struct cache *c, int64_t intent_no)
{
	g_hash_table_add(c->under_way, g_memdup2(&intent_no, sizeof(intent_no)));
}

static bool release(struct cache *c, int64_t intent_no, bool moved)
{
	if (moved)
		g_hash_table_remove(c->under_way, &intent_no);
	return moved;
}

bool outbox_withdraw(struct cache *c, int64_t intent_no, GError **err)
{
	static const struct move m = { STATEMENT_INTENT_WITHDRAW, STATEMENT_AFTER_WITHDRAWN, true };
	const struct value now[] = { INT(cache_now(c).ms) };

	return move(c, &m, intent_no, now, 1, now, 1, err);
}

bool outbox_dismiss(struct cache *c, int64_t intent_no, GError **err)
{
	static const struct move m = { .move = STATEMENT_INTENT_DISMISS };

	return move(c, &m, intent_no, NULL, 0, NULL, 0, err);
}

void outbox_settling(struct cache *c, int64_t intent_no)
{
	claim(c, intent_no);
}

bool outbox_sending(struct cache *c, int64_t intent_no, struct instant now, struct instant there, GError **err)
{
	static const struct move m = { .move = STATEMENT_INTENT_SENDING };
	const struct value v[] = { INT(now.ms), INT(there.ms) };

	if (!move(c, &m, intent_no, v, G_N_ELEMENTS(v), NULL, 0, err))
		return false;
	claim(c, intent_no);
	return true;
}

bool outbox_accepted(struct cache *c, int64_t intent_no, const char *access_code_id, int status,
		     GError **err)
{
	static const struct move named = { STATEMENT_INTENT_ACCEPTED, STATEMENT_AFTER_ACCEPTED,
					   true };
	/* A create without an id: what follows it has nothing to name. */
	static const struct move nameless = { STATEMENT_INTENT_ACCEPTED, STATEMENT_AFTER_NAMELESS,
					      true };
	int64_t now = instant_now().ms;
	const struct value v[] = { INT(status), TEXT(access_code_id), INT(now) };
	const struct value id[] = { TEXT(access_code_id) };
	const struct value why[] = { INT(now), TEXT("the server did not name the new code: "
						    "ask again once it is shown") };
	bool ok = access_code_id ? move(c, &named, intent_no, v, 3, id, 1, err) :
				   move(c, &nameless, intent_no, v, 3, why, 2, err);

	return release(c, intent_no, ok);
}

bool outbox_heard(struct cache *c, int64_t intent_no, const char *request_id, enum intent_settled how,
		  GError **err)
{
	const struct value v[] = { TEXT(request_id), INT(how) };

	return run_with(c, STATEMENT_INTENT_HEARD, intent_no, v, G_N_ELEMENTS(v), err) >= 0;
}

bool outbox_hurry(struct cache *c, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENTS_HURRY, err);

	return q && db_run(c, q, err);
}

bool outbox_note(struct cache *c, int64_t intent_no, const char *message, GError **err)
{
	static const struct move m = { .move = STATEMENT_INTENT_NOTE };
	const struct value v[] = { TEXT(message) };

	return move(c, &m, intent_no, v, 1, NULL, 0, err);
}

bool outbox_refused(struct cache *c, int64_t intent_no, int status, const char *error_type,
		    const char *message, const char *validation_errors, GError **err)
{
	static const struct move m = { STATEMENT_INTENT_REFUSED, STATEMENT_AFTER_REFUSED, true };
	int64_t now = instant_now().ms;
	const struct value v[] = { INT(status), INT(now), TEXT(error_type), TEXT(message),
				   TEXT(validation_errors) };
	const struct value after[] = { INT(now), TEXT("the new code it changes was refused"),
				       TEXT("what was to come first was refused: this was not done") };

	return release(c, intent_no, move(c, &m, intent_no, v, 5, after, 3, err));
}

bool outbox_again(struct cache *c, int64_t intent_no, struct instant next_try_at, const char *why,
		  GError **err)
{
	static const struct move m = { .move = STATEMENT_INTENT_AGAIN };
	const struct value v[] = { INT(next_try_at.ms), TEXT(why) };

	return release(c, intent_no, move(c, &m, intent_no, v, 2, NULL, 0, err));
}

bool outbox_doubt(struct cache *c, int64_t intent_no, struct instant next_try_at, const char *why,
		  GError **err)
{
	static const struct move m = { .move = STATEMENT_INTENT_DOUBT };
	const struct value v[] = { INT(next_try_at.ms), TEXT(why) };

	return release(c, intent_no, move(c, &m, intent_no, v, 2, NULL, 0, err));
}

struct late {
	int64_t intent_no;
	char *message;
};

static void late_clear(void *data)
{
	g_free(((struct late *)data)->message);
}

static bool find_late(struct cache *c, struct instant now, GArray *late, GError **err)
{
	g_autoptr(GStringChunk) chunk = g_string_chunk_new(256);
	QUERY q = db_query(c, STATEMENT_INTENT_LATE, err);
	int more;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, now.ms);
	while ((more = db_next(c, q, err)) > 0) {
		char clock[CIVIL_TEXT_MAX];
		struct intent in = { 0 };
		struct late one;

		intent_read(q, &in, chunk);
		one.intent_no = in.intent_no;
		one.message = g_strdup_printf("too late: asked at %s, the server was away",
					      civil_seconds(zone_get(in.zone), in.made_at, clock));
		g_array_append_val(late, one);
	}
	return more == 0;
}

/* BUSY: somebody else has moved it meanwhile. */
static bool refuse(struct cache *c, int64_t intent_no, const char *error_type, const char *message, GError **err)
{
	g_autoptr(GError) raced = NULL;

	if (outbox_refused(c, intent_no, 0, error_type, message, NULL, &raced) ||
	    g_error_matches(raced, KEYRACK_ERROR, KEYRACK_ERROR_BUSY))
		return true;
	g_propagate_error(err, g_steal_pointer(&raced));
	return false;
}

/* Sent without its PIN the lock system would choose one, and the guest would stand there with another. */
int outbox_refuse_closed(struct cache *c, struct cache_list *list, GError **err)
{
	int n = 0;

	for (guint i = list->rows->len; i-- > 0;) {
		const struct intent *in = cache_list_at(list, struct intent, i);
		g_autofree char *pin = intent_pin(in);

		if (g_strcmp0(pin, PIN_LOST) != 0)
			continue;
		if (!refuse(c, in->intent_no, "key_lost",
			    "its PIN can no longer be read (the key is lost, or the file was altered): enter it again "
			    "if it is still wanted",
			    err))
			return -1;
		g_array_remove_index(list->rows, i);
		n++;
	}
	return n;
}

bool outbox_refuse_late(struct cache *c, struct instant now, GError **err)
{
	g_autoptr(GArray) late = g_array_new(FALSE, FALSE, sizeof(struct late));

	g_array_set_clear_func(late, late_clear);
	if (!find_late(c, now, late, err))
		return false;
	for (guint i = 0; i < late->len; i++) {
		const struct late *one = &g_array_index(late, struct late, i);

		if (!refuse(c, one->intent_no, "expired", one->message, err))
			return false;
	}
	return true;
}
