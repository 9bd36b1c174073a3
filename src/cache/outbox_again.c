/* outbox_again - what was refused, asked for anew as it was.
 *
 * It is another intent, so that what the server said of the first stays to be read; it bears the first one's
 * key, so that a feed, or a lost answer that is settled, knows it again and nothing is made twice. */
#include "cache/outbox_moves.h"
#include "core/i18n.h"
#include "core/jsonin.h"

static struct instant end_of(const struct intent *in)
{
	g_autofree char *text = jsonin_text(in->params, "ends_at");
	struct instant t = INSTANT_NONE;

	if (text)
		instant_parse(text, -1, &t);
	return t;
}

static bool has_window(enum intent_kind kind)
{
	return kind == INTENT_CREATE || kind == INTENT_UPDATE;
}

const char *outbox_why_not_resend(const struct intent *in, struct instant now)
{
	struct instant end;

	if (in->state != INTENT_REFUSED)
		return _("only what was refused can be sent again");
	if (in->dismissed)
		return _("it was put aside, or asked for again already");
	end = has_window(in->kind) ? end_of(in) : INSTANT_NONE;
	if (instant_known(end) && !instant_before(now, end))
		return _("its end has passed: e changes it first");
	return NULL;
}

static bool refuse(GError **err, const char *words)
{
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, words);
	return false;
}

int64_t outbox_again_as(struct cache *c, int64_t intent_no)
{
	QUERY q = db_query(c, STATEMENT_INTENT_AGAIN_AS, NULL);

	if (!q)
		return 0;
	sqlite3_bind_int64(q, 1, intent_no);
	return db_int(c, q, 0);
}

/* What must come first is what was asked for instead of what came first then: a revoke without its
 * replacement is no repetition. 0 with err. */
static int64_t first_again(struct cache *c, int64_t after_no, GError **err)
{
	int64_t no = after_no;

	for (;;) {
		OWN(cache_list) struct cache_list *list = outbox_get(c, no, err);
		const struct intent *in = list ? cache_list_at(list, struct intent, 0) : NULL;
		int64_t again = in && in->state == INTENT_REFUSED ? outbox_again_as(c, no) : 0;

		if (!in)
			return 0;
		if (in->state != INTENT_REFUSED && in->state != INTENT_WITHDRAWN)
			return no;
		if (!again) {
			g_set_error(
				err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				_("it comes after number %ld, which was refused or withdrawn: send that again first"),
				(long)no);
			return 0;
		}
		no = again;
	}
}

static bool is_revoke(enum intent_kind kind)
{
	return kind == INTENT_DELETE || kind == INTENT_DELETE_UNMANAGED;
}

/* Within durable_begin. */
static int64_t resend(struct cache *c, int64_t intent_no, const char *made_by, struct instant now, GError **err)
{
	OWN(cache_list) struct cache_list *list = outbox_get(c, intent_no, err);
	const struct intent *old = list ? cache_list_at(list, struct intent, 0) : NULL;
	const char *why = old ? outbox_why_not_resend(old, now) : NULL;
	struct intent in;

	if (!old || (why && !refuse(err, why)))
		return 0;
	in = (struct intent){
		.kind = old->kind,
		.device_id = old->device_id,
		.access_code_id = old->access_code_id,
		.params = old->params,
		.name = old->name,
		.made_by = made_by,
		.common_code_key = old->common_code_key,
		.again_no = intent_no,
		.undo_ms = is_revoke(old->kind) ? INTENT_UNDO_MS : 0,
	};
	in.after_no = old->after_no ? first_again(c, old->after_no, err) : 0;
	if ((old->after_no && !in.after_no) || !outbox_insert(c, &in, err))
		return 0;
	return in.intent_no;
}

int64_t outbox_resend(struct cache *c, int64_t intent_no, const char *made_by, struct instant now, GError **err)
{
	int64_t no;

	if (!durable_begin(c, err))
		return 0;
	no = resend(c, intent_no, made_by, now, err);
	return durable_end(c, no != 0, err) ? no : 0;
}
