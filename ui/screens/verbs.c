/* verbs - what the verbs of a stay share; see the header. */
#include "ui/screens/verbs.h"

#include "core/draft.h"
#include "core/i18n.h"
#include "core/jsonout.h"
#include "ui/screens/batch.h"
#include "ui/screens/stay.h"
#include "ui/screens/words.h"

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

struct batch_row *verb_change(struct batch *b, const struct code_row *c, struct instant until, const char *pin,
			      char *words)
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

char *verb_occupant(struct world *w, const struct code_row *c, const struct lock_row *to, struct instant from,
		    const struct stay *with)
{
	struct code_query all = { .lock_no = to->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 200 };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &all, w->now, NULL);
	int64_t locks[STAY_DOORS_MAX + 1] = { to->lock_no };
	struct occupied_query q = { .from = from,
				    .until = c->code.ends_at,
				    .now = w->now,
				    .zone = zone_of(to->lock.zone, w->zone),
				    .door = to->lock.name ? to->lock.name : "?",
				    .but_code_no = c->code_no,
				    .name = c->code.name,
				    .locks = locks,
				    .n_locks = 1 };

	for (size_t i = 0; with && i < with->n; i++)
		locks[q.n_locks++] = with->at[i]->lock_no;
	return codes ? cache_taken(w->cache, codes, &q) : NULL;
}

char *verb_clash(struct world *w, const struct code_row *c, struct instant from, struct instant until)
{
	struct code_query all = { .lock_no = c->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 200 };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &all, w->now, NULL);
	struct occupied_query q = { .from = from,
				    .until = until,
				    .was_from = c->code.starts_at,
				    .was_until = c->code.ends_at,
				    .now = w->now,
				    .zone = zone_of(c->zone, w->zone),
				    .door = c->lock_name ? c->lock_name : "?",
				    .but_code_no = c->code_no,
				    .name = c->code.name };

	return codes ? cache_taken(w->cache, codes, &q) : NULL;
}

void verb_ask_taken(struct app *app, const char *door, const char *taken, const char *yes_word,
		    void (*yes)(struct app *app, void *ctx), void *ctx, GDestroyNotify free_ctx)
{
	g_autofree char *question = g_strdup_printf(_("%s is taken. All the same?"), door ? door : "?");
	g_autofree char *detail = g_strdup_printf(_("%s. Whoever has this PIN could walk in on them."), taken);

	app_ask(app, question, detail, yes_word, yes, ctx, free_ctx);
}
