/* verbs - what the verbs of a stay share; see the header. */
#include "ui/screens/verbs.h"

#include "core/draft.h"
#include "core/i18n.h"
#include "core/jsonout.h"
#include "ui/screens/batch.h"
#include "ui/screens/words.h"

enum { ROOM_GUESTS_MAX = 2 };

struct batch_row *verb_issue(struct batch *b, const struct world *w, const struct lock_row *lock, const char *name,
			     const char *pin, const char *key, struct instant from, struct instant until, char *words)
{
	struct draft d = { .name = name, .pin = pin, .from = from, .until = until, .common_code_key = key };
	const char *problem;
	bool fits = draft_check(&d, &lock->lock, w->now, &problem) == DRAFT_FINE;
	struct batch_row *r = batch_add(b, fits ? BATCH_ISSUE : BATCH_BLOCKED);

	r->lock_no = lock->lock_no;
	r->name = g_strdup(name);
	r->door = g_strdup(lock->lock.name);
	r->words = fits ? words : g_strdup(problem);
	r->starts_at = from;
	r->ends_at = until;
	if (!fits) {
		g_free(words);
		return r;
	}
	r->kind = INTENT_CREATE;
	r->params = draft_create_params(&d, lock->lock.device_id);
	r->common_code_key = g_strdup(key);
	return r;
}

struct batch_row *verb_revoke(struct batch *b, const struct code_row *c, char *words)
{
	struct batch_row *r = batch_add_code(b, BATCH_REVOKE, c);
	GString *s = g_string_new(NULL);

	jsonout_object(s, NULL);
	jsonout_string(s, "access_code_id", c->code.access_code_id);
	jsonout_object_end(s);
	g_free(r->words);
	r->words = words;
	r->kind = INTENT_DELETE;
	r->params = g_string_free(s, FALSE);
	return r;
}

struct batch_row *verb_change(struct batch *b, const struct code_row *c, struct instant until, const char *pin, char *words)
{
	/* A window has both ends: what has none begins now. */
	bool ongoing = instant_known(until) && !instant_known(c->code.starts_at);
	struct draft_change d = { .pin = pin, .until = until, .from = ongoing ? c->code.created_at : INSTANT_NONE };
	struct batch_row *r = batch_add_code(b, BATCH_CHANGE, c);

	g_free(r->words);
	r->words = words;
	r->kind = INTENT_UPDATE;
	r->starts_at = c->code.starts_at;
	r->ends_at = instant_known(until) ? until : c->code.ends_at;
	r->params = draft_update_params(&d, &c->code);
	return r;
}

static void put_one(struct app *app, const struct world *w, const struct batch_row *r)
{
	OWN(cache_list) struct cache_list *lock = cache_lock(w->cache, r->lock_no, w->now, NULL);
	struct intent in = {
		.kind = r->kind,
		.lock_no = r->lock_no,
		.code_no = r->code_no,
		.device_id = lock && lock->rows->len ? cache_list_at(lock, struct lock_row, 0)->lock.device_id : NULL,
		.access_code_id = r->access_code_id,
		.params = r->params,
		.name = r->name,
		.common_code_key = r->common_code_key,
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};

	app_intend(app, &in);
}

void verb_submit(struct app *app, struct world *w, struct batch *b)
{
	const struct batch_row *only = b->rows->len == 1 ? g_ptr_array_index(b->rows, 0) : NULL;

	if (!only && b->rows->len) {
		app_push(app, batch_screen_new(app, w, b));
		return;
	}
	if (only && (only->sign == BATCH_BLOCKED || only->sign == BATCH_SAME))
		app_message(app, true, "%s", only->words);
	else if (only)
		put_one(app, w, only);
	batch_free(b);
}

/* A gym, a garage: more people's codes open it at once than sleep in a room. Spares are nobody's. */
static bool is_common(const struct cache_list *codes, struct instant now)
{
	int people = 0;

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct access_code *ac = &cache_list_at(codes, struct code_row, i)->code;
		bool begun = !instant_known(ac->starts_at) || !instant_before(now, ac->starts_at);

		people += begun && ac->is_backup != TRI_YES;
	}
	return people > ROOM_GUESTS_MAX;
}

char *verb_occupant(struct world *w, const struct code_row *c, const struct lock_row *to, struct instant from)
{
	struct code_query all = { .lock_no = to->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 200 };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &all, w->now, NULL);
	struct occupied_query q = { .from = from, .until = c->code.ends_at, .now = w->now,
				    .zone = zone_of(to->lock.zone, w->zone), .door = to->lock.name ? to->lock.name : "?",
				    .but_code_no = c->code_no };

	return codes && !is_common(codes, w->now) ? cache_occupied(codes, &q) : NULL;
}
