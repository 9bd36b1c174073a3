/* outbox - intents made, listed, and handed to sync in order. The moves are in outbox_moves.c. */
#include "cache/outbox.h"

#include <string.h>

#include "cache/outbox_moves.h"
#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/text.h"

static const char *const state_words[INTENT_STATE_COUNT] = {
	[INTENT_QUEUED] = N_("queued"),	[INTENT_SENDING] = N_("sending"),
	[INTENT_ACCEPTED] = N_("accepted"), [INTENT_REFUSED] = N_("refused"),
	[INTENT_WITHDRAWN] = N_("withdrawn"),
};

static const struct intent_kind_info kinds[INTENT_KIND_COUNT] = {
	[INTENT_CREATE] = { "create", "/access_codes/create", N_("new code"), false, false },
	[INTENT_UPDATE] = { "update", "/access_codes/update", N_("change"), true, false },
	[INTENT_DELETE] = { "delete", "/access_codes/delete", N_("revoke"), true, false },
	[INTENT_PULL_BACKUP] = { "pull_backup", "/access_codes/pull_backup_access_code",
				 N_("backup code"), true, false },
	[INTENT_ADOPT] = { "adopt", "/access_codes/unmanaged/convert_to_managed", N_("adopt"), true,
			   false },
	[INTENT_DELETE_UNMANAGED] = { "delete_unmanaged", "/access_codes/unmanaged/delete",
				      N_("delete unmanaged"), true, false },
	[INTENT_LOCK] = { "lock", "/locks/lock_door", N_("lock"), false, true },
	[INTENT_UNLOCK] = { "unlock", "/locks/unlock_door", N_("unlock"), false, true },
};

const char *intent_state_word(enum intent_state s)
{
	g_return_val_if_fail((unsigned)s < INTENT_STATE_COUNT, "");
	return state_words[s];
}

const struct intent_kind_info *intent_kind_info(enum intent_kind k)
{
	g_return_val_if_fail((unsigned)k < INTENT_KIND_COUNT, NULL);
	return &kinds[k];
}

enum intent_kind intent_kind_of(const char *name)
{
	int k = 0;

	while (k < INTENT_KIND_COUNT && (!name || strcmp(kinds[k].name, name) != 0))
		k++;
	return (enum intent_kind)k;
}

static bool usage(GError **err, const char *words)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s", words);
	return false;
}

/* What is worked out of an intent before it is stored. */
struct prepared {
	struct intent in;
	struct instant starts_at, ends_at; /* stored spans: MIN and MAX where open */
	char *device_id, *name, *folded;
};

static void prepared_clear(struct prepared *p)
{
	g_free(p->device_id);
	g_free(p->name);
	g_free(p->folded);
}

static void read_instant(sqlite3_stmt *q, int i, struct instant *out)
{
	const char *text = (const char *)sqlite3_column_text(q, i);

	if (text)
		instant_parse(text, -1, out);
}

static bool read_params(struct cache *c, struct prepared *p, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENT_CHECK, err);

	p->starts_at = INSTANT_MIN;
	p->ends_at = INSTANT_MAX;
	if (!q)
		return false;
	bind_text(q, 1, p->in.params);
	if (!p->in.params || db_next(c, q, NULL) <= 0 || sqlite3_column_int(q, 0) == 0)
		return usage(err, "an intent's parameters must be a JSON object");
	read_instant(q, 1, &p->starts_at);
	read_instant(q, 2, &p->ends_at);
	if (!p->in.name)
		p->in.name = p->name = g_strdup((const char *)sqlite3_column_text(q, 3));
	return true;
}

static bool read_device(struct cache *c, struct prepared *p, GError **err)
{
	QUERY q = NULL;

	if (p->in.device_id)
		return true;
	q = db_query(c, STATEMENT_LOCK_DEVICE, err);
	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, p->in.lock_no);
	if (db_next(c, q, err) <= 0) {
		if (err && !*err)
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
				    "there is no such lock");
		return false;
	}
	p->in.device_id = p->device_id = g_strdup((const char *)sqlite3_column_text(q, 0));
	return true;
}

static bool prepare(struct cache *c, const struct intent *in, struct prepared *p, GError **err)
{
	struct instant now = cache_now(c);
	bool needs_code;

	*p = (struct prepared){ .in = *in };
	if ((unsigned)in->kind >= INTENT_KIND_COUNT)
		return usage(err, "there is no such kind of intent");
	needs_code = in->kind != INTENT_CREATE && !kinds[in->kind].expires;
	if (needs_code && !in->access_code_id && in->after_no == 0)
		return usage(err, "an intent about a code must name it");
	if (!read_params(c, p, err) || !read_device(c, p, err))
		return false;
	p->folded = text_fold(p->in.name ? p->in.name : "");
	p->in.made_at = now;
	p->in.sent_at = INSTANT_NONE;
	p->in.next_try_at = in->undo_ms > 0 ? instant_add_ms(now, in->undo_ms) : INSTANT_NONE;
	p->in.tries = p->in.status = 0;
	p->in.error_type = p->in.message = p->in.validation_errors = NULL;
	/* {0} from a designated initializer is no time either. */
	if (p->in.expires_at.ms == 0)
		p->in.expires_at = INSTANT_NONE;
	if (kinds[in->kind].expires && !instant_known(p->in.expires_at))
		p->in.expires_at = instant_add_ms(now, INTENT_DOOR_LIFE_MS);
	return true;
}

static int64_t insert(struct cache *c, const struct prepared *p, GError **err)
{
	QUERY next = db_query(c, STATEMENT_INTENT_NEXT_NO, err);
	QUERY q = next ? db_query(c, STATEMENT_INTENT_ADD, err) : NULL;

	if (!q)
		return 0;
	sqlite3_bind_int64(q, 1, db_int(c, next, 1));
	bind_text(q, 2, kinds[p->in.kind].name);
	if (p->in.after_no != 0)
		sqlite3_bind_int64(q, 3, p->in.after_no);
	sqlite3_bind_int64(q, 4, p->starts_at.ms);
	sqlite3_bind_int64(q, 5, p->ends_at.ms);
	bind_text(q, 6, p->folded);
	if (p->in.again_no != 0)
		sqlite3_bind_int64(q, 7, p->in.again_no);
	columns_bind(q, 8, intent_columns, INTENT_FIELD_COUNT, &p->in);
	return db_run(c, q, err) ? sqlite3_last_insert_rowid(c->db) : 0;
}

/* The create it follows may have been answered while the form was open. */
static bool follow(struct cache *c, int64_t after_no, GError **err)
{
	g_autofree char *id = NULL;
	int state;
	{
		QUERY q = db_query(c, STATEMENT_INTENT_STATE, err);

		if (!q)
			return false;
		sqlite3_bind_int64(q, 1, after_no);
		if (db_next(c, q, err) <= 0)
			return usage(err, "what it is to come after is not in the outbox");
		state = sqlite3_column_int(q, 0);
		id = g_strdup((const char *)sqlite3_column_text(q, 1));
	}
	if (state == INTENT_REFUSED || state == INTENT_WITHDRAWN)
		return usage(err, "what it is to come after was refused or withdrawn");
	if (state == INTENT_ACCEPTED) {
		QUERY q = db_query(c, STATEMENT_AFTER_ACCEPTED, err);

		if (!q)
			return false;
		sqlite3_bind_int64(q, 1, after_no);
		bind_text(q, 2, id);
		return db_run(c, q, err);
	}
	return true;
}

/* What is asked for anew is dealt with, once: of two desks that do it at the same time one comes too late. */
static bool answer_refusal(struct cache *c, int64_t again_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENT_ANSWERED, err);

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, again_no);
	if (!db_run(c, q, err))
		return false;
	if (sqlite3_changes(c->db) > 0)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
		    "somebody else has dealt with this refusal already: look into the outbox");
	return false;
}

bool outbox_insert(struct cache *c, struct intent *in, GError **err)
{
	struct prepared p;
	bool ok = prepare(c, in, &p, err) && (!in->again_no || answer_refusal(c, in->again_no, err));

	if (ok)
		in->intent_no = insert(c, &p, err);
	prepared_clear(&p);
	return ok && in->intent_no != 0 && (in->after_no == 0 || follow(c, in->after_no, err));
}

bool outbox_add_all(struct cache *c, struct intent *in, size_t n, GError **err)
{
	bool ok = true;

	if (!durable_begin(c, err))
		return false;
	for (size_t i = 0; i < n && ok; i++)
		ok = outbox_insert(c, &in[i], err);
	return durable_end(c, ok, err);
}

int64_t outbox_add(struct cache *c, const struct intent *in, GError **err)
{
	struct intent copy = *in;

	return outbox_add_all(c, &copy, 1, err) ? copy.intent_no : 0;
}

void intent_read(sqlite3_stmt *q, struct intent *in, GStringChunk *chunk)
{
	in->intent_no = sqlite3_column_int64(q, 0);
	in->kind = intent_kind_of((const char *)sqlite3_column_text(q, 1));
	in->state = (enum intent_state)sqlite3_column_int(q, 2);
	in->lock_no = sqlite3_column_int64(q, 3);
	in->code_no = sqlite3_column_int64(q, 4);
	in->lock_name = column_text(q, 5, chunk);
	in->after_no = sqlite3_column_int64(q, 6);
	in->zone = column_text(q, 7, chunk);
	in->again_no = sqlite3_column_int64(q, 8);
	in->settled_at = column_when(q, 9);
	in->dismissed = sqlite3_column_int(q, 10) != 0;
	columns_read(q, 11, intent_columns, INTENT_FIELD_COUNT, in, chunk);
}

struct cache_list *intent_list_read(struct cache *c, sqlite3_stmt *q, int limit,
				    bool (*keep)(struct cache *c, const struct intent *in), GError **err)
{
	struct cache_list *list = list_new(sizeof(struct intent));
	int more = 0;

	while ((limit <= 0 || (int)list->rows->len < limit) && (more = db_next(c, q, err)) > 0) {
		struct intent in = { 0 };

		intent_read(q, &in, list->chunk);
		if (in.kind != INTENT_KIND_COUNT && (!keep || keep(c, &in)))
			g_array_append_val(list->rows, in);
	}
	if (more >= 0)
		return list;
	cache_list_free(list);
	return NULL;
}

struct cache_list *outbox_get(struct cache *c, int64_t intent_no, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENT_GET, err);
	struct cache_list *list;

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, intent_no);
	list = intent_list_read(c, q, 1, NULL, err);
	if (list && list->rows->len == 0) {
		cache_list_free(list);
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
			    "there is no such entry in the outbox");
		return NULL;
	}
	return list;
}

struct cache_list *outbox_list(struct cache *c, unsigned states, int limit, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENT_LIST, err);

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, states ? (int64_t)states : INT64_MAX);
	sqlite3_bind_int(q, 2, limit > 0 ? limit : -1);
	return intent_list_read(c, q, limit, NULL, err);
}

struct cache_list *outbox_of_code(struct cache *c, const char *access_code_id, int limit, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENTS_OF_CODE, err);

	if (!q)
		return NULL;
	bind_text(q, 1, access_code_id);
	sqlite3_bind_int(q, 2, limit > 0 ? limit : -1);
	return intent_list_read(c, q, limit, NULL, err);
}

static bool is_free(struct cache *c, const struct intent *in)
{
	return !g_hash_table_contains(c->under_way, &in->intent_no);
}

struct cache_list *outbox_due(struct cache *c, struct instant now, int limit, GError **err)
{
	struct cache_list *list;
	QUERY q = NULL;

	if (!outbox_refuse_late(c, now, err))
		return NULL;
	q = db_query(c, STATEMENT_INTENT_DUE, err);
	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, now.ms);
	list = intent_list_read(c, q, limit, is_free, err);
	db_release(&q);
	if (list && outbox_refuse_closed(c, list, err) >= 0)
		return list;
	if (list)
		cache_list_free(list);
	return NULL;
}

char *intent_pin(const struct intent *in)
{
	return jsonin_text(in->params, "code");
}

bool intent_is_held(const struct intent *in)
{
	return in->state == INTENT_QUEUED && in->tries == 0 && instant_known(in->next_try_at);
}

struct instant outbox_held_until(struct cache *c, struct instant now)
{
	QUERY q = db_query(c, STATEMENT_INTENT_HELD, NULL);

	if (!q)
		return INSTANT_NONE;
	sqlite3_bind_int64(q, 1, now.ms);
	return (struct instant){ db_int(c, q, INT64_MIN) };
}

struct instant outbox_next_due(struct cache *c, struct instant now)
{
	QUERY q = db_query(c, STATEMENT_INTENT_NEXT, NULL);

	if (!q)
		return INSTANT_NONE;
	sqlite3_bind_int64(q, 1, now.ms);
	return (struct instant){ db_int(c, q, INT64_MIN) };
}
