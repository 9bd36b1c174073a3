/* batch - several changes as one: see the header. */
#include "config.h"

#include "cache/batch.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "cache/outbox_moves.h"
#include "cache/rotas.h"
#include "core/i18n.h"
#include "core/jsonout.h"
#include "core/text.h"

static void row_free(void *p)
{
	struct batch_row *r = p;

	g_free(r->name);
	g_free(r->door);
	g_free(r->words);
	g_free(r->access_code_id);
	g_free(r->params);
	g_free(r->common_code_key);
	g_free(r->seen);
	g_free(r);
}

struct batch *batch_new(const char *title, const char *source)
{
	struct batch *b = g_new0(struct batch, 1);

	b->title = g_strdup(title);
	b->source = g_strdup(source);
	b->rows = g_ptr_array_new_with_free_func(row_free);
	return b;
}

void batch_free(struct batch *b)
{
	if (b->again_free)
		b->again_free(b->again_ctx);
	g_ptr_array_unref(b->rows);
	g_free(b->title);
	g_free(b->source);
	g_free(b->about);
	g_free(b->act);
	if (b->pin_seen)
		explicit_bzero(b->pin_seen, strlen(b->pin_seen));
	g_free(b->pin_seen);
	g_free(b->guard);
	g_free(b);
}

struct batch_row *batch_add(struct batch *b, enum batch_sign sign)
{
	struct batch_row *r = g_new0(struct batch_row, 1);

	r->sign = sign;
	r->starts_at = r->ends_at = INSTANT_NONE;
	r->after = -1;
	g_ptr_array_add(b->rows, r);
	return r;
}

struct batch_row *batch_add_code(struct batch *b, enum batch_sign sign, const struct code_row *c)
{
	struct batch_row *r = batch_add(b, sign);

	r->lock_no = c->lock_no;
	r->code_no = c->code_no;
	r->name = g_strdup(c->code.name);
	r->door = g_strdup(c->lock_name);
	r->starts_at = c->code.starts_at;
	r->ends_at = c->code.ends_at;
	r->access_code_id = g_strdup(c->code.access_code_id);
	r->seen = batch_fingerprint(c);
	return r;
}

char *batch_code_params(const char *access_code_id)
{
	GString *out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_string(out, "access_code_id", access_code_id);
	jsonout_object_end(out);
	return g_string_free(out, FALSE);
}

static const struct batch_row *row_at(const struct batch *b, int i)
{
	return i >= 0 && i < (int)b->rows->len ? g_ptr_array_index(b->rows, i) : NULL;
}

static bool is_change(const struct batch_row *r)
{
	return r->sign != BATCH_BLOCKED && r->sign != BATCH_SAME;
}

bool batch_applies(const struct batch *b, guint row)
{
	const struct batch_row *r = row_at(b, (int)row);
	bool applies = r && is_change(r);

	/* As many steps as there are rows: a ring would have no end. */
	for (guint n = 0; r && applies && r->sign != BATCH_SAME && n <= b->rows->len; n++) {
		applies = !r->left_out && r->sign != BATCH_BLOCKED && n < b->rows->len;
		r = row_at(b, r->after);
	}
	return applies;
}

int batch_count(const struct batch *b, enum batch_sign sign)
{
	int n = 0;

	for (guint i = 0; i < b->rows->len; i++) {
		const struct batch_row *r = row_at(b, (int)i);

		n += r->sign == sign && (is_change(r) ? batch_applies(b, i) : !r->left_out);
	}
	return n;
}

int batch_doors(const struct batch *b)
{
	g_autoptr(GHashTable) doors = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < b->rows->len; i++) {
		struct batch_row *r = g_ptr_array_index(b->rows, i);

		if (batch_applies(b, i))
			g_hash_table_add(doors, &r->lock_no);
	}
	return (int)g_hash_table_size(doors);
}

int batch_guard_number(const struct batch *b)
{
	int revoked = batch_count(b, BATCH_REVOKE);

	return revoked ? revoked : batch_count(b, BATCH_ISSUE) + batch_count(b, BATCH_CHANGE);
}

char *batch_guard(const char *source, int known, int vanished)
{
	if (vanished < BATCH_VANISH_MIN || vanished <= known * BATCH_VANISH_SHARE)
		return NULL;
	return g_strdup_printf(_("%1$d of the %2$d stays to come are no longer in %3$s. So many at once are "
				 "rarely guests who cancelled: see whether the list is whole."),
			       vanished, MAX(known, vanished), source ? source : _("the list"));
}

/* ---- what was seen ---- */

/* A digest of four digits is found by trying: the key dies with this process. */
#define KEY_SIZE 32
static const guchar *fingerprint_key(void)
{
	static guchar key[KEY_SIZE];
	static gsize made;

	if (g_once_init_enter(&made)) {
		if (getrandom(key, sizeof(key), 0) != sizeof(key))
			g_error("this system gives no randomness: %s", g_strerror(errno));
		g_once_init_leave(&made, 1);
	}
	return key;
}

static void digest_text(GHmac *h, const char *s)
{
	/* Its length first, and that of NULL is no length: "ab", "c" is not "a", "bc". */
	gint64 n = s ? (gint64)strlen(s) : -1;

	g_hmac_update(h, (const guchar *)&n, sizeof(n));
	if (s)
		g_hmac_update(h, (const guchar *)s, (gssize)n);
}

static void digest_number(GHmac *h, int64_t n)
{
	g_hmac_update(h, (const guchar *)&n, sizeof(n));
}

static bool is_under_way(const struct code_row *c)
{
	return c->intent_no && (c->intent_state == INTENT_QUEUED || c->intent_state == INTENT_SENDING);
}

char *batch_fingerprint(const struct code_row *c)
{
	GHmac *h = g_hmac_new(G_CHECKSUM_SHA256, fingerprint_key(), KEY_SIZE);
	char *digest;

	digest_text(h, c->code.access_code_id);
	digest_text(h, c->code.name);
	digest_text(h, c->code.code);
	digest_number(h, c->code.starts_at.ms);
	digest_number(h, c->code.ends_at.ms);
	digest_number(h, c->code.managed);
	digest_number(h, instant_known(c->deleted_at));
	digest_number(h, is_under_way(c) ? c->intent_no : 0);
	digest = g_strdup(g_hmac_get_string(h));
	g_hmac_unref(h);
	return digest;
}

/* ---- applying ---- */

struct applying {
	struct cache *cache;
	const struct batch *batch;
	const char *made_by;
	struct instant now;
	int64_t *intent_no; /* of each row; 0: not put */
};

static bool is_as_seen(const struct applying *a, const struct batch_row *r)
{
	int64_t code_no = cache_code_no(a->cache, r->access_code_id);
	OWN(cache_list) struct cache_list *list = code_no ? cache_code(a->cache, code_no, a->now, NULL) : NULL;
	g_autofree char *is = NULL;

	if (!list || !list->rows->len)
		return false;
	is = batch_fingerprint(cache_list_at(list, struct code_row, 0));
	return strcmp(is, r->seen) == 0;
}

static bool is_made_already(const struct applying *a, const struct batch_row *r)
{
	QUERY q = a->batch->once && r->sign == BATCH_ISSUE ? db_query(a->cache, STATEMENT_INTENT_OF_KEY, NULL) : NULL;

	if (!q)
		return false;
	bind_text(q, 1, r->common_code_key);
	return db_int(a->cache, q, 0) != 0;
}

static bool refuse(const struct batch_row *r, GError **err)
{
	g_autofree char *name = text_safe(r->name && *r->name ? r->name : _("a code without a name"));
	g_autofree char *door = text_safe(r->door ? r->door : _("its door"));

	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
		    _("%1$s on %2$s is no longer as it was when this was made: nothing was changed"), name, door);
	return false;
}

static bool check_rows(const struct applying *a, GError **err)
{
	const struct batch_row *moved = NULL;

	for (guint i = 0; i < a->batch->rows->len; i++) {
		const struct batch_row *r = row_at(a->batch, (int)i);

		if (batch_applies(a->batch, i) && !(r->seen ? is_as_seen(a, r) : !is_made_already(a, r)))
			return refuse(r, err);
	}
	return batch_still_so(a->batch, a->cache, a->now, &moved, err) || (moved && refuse(moved, err));
}

static bool put_row(struct applying *a, guint i, GError **err)
{
	const struct batch_row *r = row_at(a->batch, (int)i), *first = row_at(a->batch, r->after);
	struct intent in = {
		.kind = r->kind,
		.lock_no = r->lock_no,
		.code_no = r->code_no,
		.access_code_id = r->access_code_id,
		.params = r->params,
		.name = r->name,
		.common_code_key = r->common_code_key,
		.made_by = a->made_by,
		.expires_at = INSTANT_NONE,
		.undo_ms = r->sign == BATCH_REVOKE && r->after < 0 && !a->batch->at_once ? INTENT_UNDO_MS : 0,
	};

	if (a->intent_no[i])
		return true;
	/* What is so already need not be waited for. */
	if (first && first->sign != BATCH_SAME) {
		if (!put_row(a, (guint)r->after, err))
			return false;
		in.after_no = a->intent_no[r->after];
	}
	if (!outbox_insert(a->cache, &in, err))
		return false;
	a->intent_no[i] = in.intent_no;
	return true;
}

bool batch_apply(struct cache *c, struct batch *b, const char *made_by, struct instant now, GArray *intents,
		 GError **err)
{
	g_autofree int64_t *numbers = g_new0(int64_t, b->rows->len + 1);
	struct applying a = { c, b, made_by, now, numbers };
	int n = 0;
	bool ok;

	for (guint i = 0; i < b->rows->len; i++)
		n += batch_applies(b, i);
	if (n == 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s", _("there is nothing to be changed"));
		return false;
	}
	if (!durable_begin(c, err))
		return false;
	ok = check_rows(&a, err);
	for (guint i = 0; i < b->rows->len && ok; i++)
		ok = !batch_applies(b, i) || put_row(&a, i, err);
	if (ok && b->pin_seen)
		ok = cache_rota_pin_seen(c, b->pin_seen, err);
	if (!durable_end(c, ok, err))
		return false;
	for (guint i = 0; i < b->rows->len && intents; i++)
		if (numbers[i])
			g_array_append_val(intents, numbers[i]);
	return true;
}
