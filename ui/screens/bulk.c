/* bulk - several marked, one command: see the header. What a row means for each kind of change is one
 * function here; whether it may be done is said by the same words as for one code. */
#include "ui/screens/bulk.h"

#include <string.h>

#include "core/draft.h"
#include "core/i18n.h"
#include "core/jsonout.h"
#include "core/text.h"
#include "core/when.h"
#include "ui/screens/actions.h"
#include "ui/screens/batch.h"
#include "ui/screens/rack.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

struct bulk {
	struct world *world;
	GArray *marked;       /* of struct marked, in their order */
	const struct kind *kind;
	char *typed;          /* the new end; NULL */
	struct batch *batch;  /* while it is made */
	GPtrArray *renewed;   /* of struct renewed *: one new PIN a guest */
	GHashTable *doors;    /* int64_t: those that are in the batch already */
};

struct kind {
	enum command command;
	const char *title;    /* of the batch */
	const char *question; /* asked first; NULL: nothing is typed */
	const char *detail, *initial;
	void (*code)(struct bulk *k, const struct code_row *c);
	void (*lock)(struct bulk *k, const struct lock_row *l); /* NULL: not done to doors */
};

struct renewed {
	char *folded, *was;
	int64_t code_no;      /* of the first */
	GArray *locks;
	char pin[PIN_MAX + 1];
	bool found;
};

static void renewed_free(void *p)
{
	struct renewed *r = p;

	explicit_bzero(r->pin, sizeof r->pin);
	if (r->was)
		explicit_bzero(r->was, strlen(r->was));
	g_free(r->was);
	g_free(r->folded);
	g_array_unref(r->locks);
	g_free(r);
}

static void bulk_free(void *p)
{
	struct bulk *k = p;

	g_array_unref(k->marked);
	g_free(k->typed);
	g_free(k);
}

/* ---- rows ---- */

static void add_blocked(struct bulk *k, const struct code_row *c, const char *why)
{
	batch_add_code(k->batch, BATCH_BLOCKED, c)->words = g_strdup(why);
}

static void add_plain(struct bulk *k, enum batch_sign sign, enum intent_kind kind, const struct code_row *c,
		      char *words)
{
	struct batch_row *r = batch_add_code(k->batch, sign, c);

	r->kind = kind;
	r->words = words;
	r->params = batch_code_params(c->code.access_code_id);
}

static void row_revoke(struct bulk *k, const struct code_row *c)
{
	const struct world *w = k->world;
	g_autofree char *window = words_window_short(&c->code, zone_of(c->zone, w->zone), w->now);
	g_autofree char *others = cache_other_doors(w->cache, c->code_no, w->now);

	if (c->state == CODE_ENDED || c->state == CODE_REMOVING)
		batch_add_code(k->batch, BATCH_SAME, c)->words =
			g_strdup(c->state == CODE_ENDED ? _("has ended already") : _("is being removed already"));
	else if (c->code.is_offline_access_code == TRI_YES)
		add_blocked(k, c, _("an offline code opens until its end: nobody can revoke it"));
	else if (!c->code.managed && c->code.cannot_delete == TRI_YES)
		add_blocked(k, c, _("it can only be deleted in the lock maker's own app"));
	else
		add_plain(k, BATCH_REVOKE, c->code.managed ? INTENT_DELETE : INTENT_DELETE_UNMANAGED, c,
			  others ? g_strdup_printf(_("%1$s; the same PIN also opens %2$s"), window, others)
				 : g_strdup(window));
}

static void row_evict(struct bulk *k, const struct code_row *c)
{
	if (c->code.managed)
		add_blocked(k, c, _("it is managed from here: revoke it instead"));
	else
		row_revoke(k, c);
}

static void row_adopt(struct bulk *k, const struct code_row *c)
{
	if (c->code.managed)
		batch_add_code(k->batch, BATCH_SAME, c)->words = g_strdup(_("is managed from here already"));
	else if (c->code.cannot_be_managed == TRI_YES)
		add_blocked(k, c, _("its maker lets nobody else manage it"));
	else if (c->state == CODE_ENDED || c->state == CODE_REMOVING)
		add_blocked(k, c, _("it has ended"));
	else
		add_plain(k, BATCH_CHANGE, INTENT_ADOPT, c, g_strdup(_("managed from here; its PIN stays")));
}

/* Somebody else's stay in what would be added; NULL: nobody's. Newly allocated. */
static char *clash(const struct world *w, const struct code_row *c, struct instant until)
{
	struct code_query all = { .lock_no = c->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 200 };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &all, w->now, NULL);
	struct occupied_query q = {
		.from = c->code.ends_at, .until = until, .now = w->now, .zone = zone_of(c->zone, w->zone),
		.door = c->lock_name ? c->lock_name : "?", .but_code_no = c->code_no,
	};

	return codes && instant_known(c->code.ends_at) && instant_before(c->code.ends_at, until)
		       ? cache_occupied(w->cache, codes, &q) : NULL;
}

static const char *window_problem(const struct world *w, const struct code_row *c, struct instant until)
{
	OWN(cache_list) struct cache_list *lock = cache_lock(w->cache, c->lock_no, w->now, NULL);
	struct draft_change to = { .from = INSTANT_NONE, .until = until };
	struct draft after = draft_changed(&to, &c->code);
	const char *problem = NULL;

	if (!lock || !lock->rows->len)
		return _("its lock is gone");
	draft_check_but(&after, &cache_list_at(lock, struct lock_row, 0)->lock, w->now,
			1u << DRAFT_FROM | 1u << DRAFT_NAME | 1u << DRAFT_PIN | 1u << DRAFT_OPTIONS, &problem);
	return problem;
}

static void row_end(struct bulk *k, const struct code_row *c)
{
	const struct world *w = k->world;
	const struct zone *z = zone_of(c->zone, w->zone);
	struct instant end = c->code.ends_at, from = c->code.starts_at, until;
	struct when_context ctx = {
		.zone = z, .now = w->now, .base = instant_known(from) ? from : w->now,
		.default_minutes = w->profile->check_out, .is_end = true, .present = instant_known(end) ? &end : NULL,
	};
	g_autoptr(GError) err = NULL;
	const char *why = action_why_not_edit(c);
	g_autofree char *taken = NULL;
	char was[CIVIL_TEXT_MAX], then[CIVIL_TEXT_MAX];

	if (!why && !instant_known(end))
		why = _("it has no end");
	if (!why && !when_parse(k->typed, &ctx, &until, NULL, &err))
		why = err->message;
	if (!why)
		why = window_problem(w, c, until);
	if (why) {
		add_blocked(k, c, why);
		return;
	}
	if (instant_eq(until, end)) {
		batch_add_code(k->batch, BATCH_SAME, c)->words = g_strdup(_("ends then already"));
		return;
	}
	taken = clash(w, c, until);
	verb_change(k->batch, c, until, NULL,
		    taken ? g_strdup_printf(_("until %1$s (was %2$s); ! %3$s"), civil_near(z, until, w->now, then),
					    civil_near(z, end, w->now, was), taken)
			  : g_strdup_printf(_("until %1$s (was %2$s)"), civil_near(z, until, w->now, then),
					    civil_near(z, end, w->now, was)));
}

/* ---- new PINs ---- */

static struct renewed *renewed_of(struct bulk *k, const struct code_row *c)
{
	g_autofree char *folded = text_fold(c->code.name ? c->code.name : "");

	for (guint i = 0; *folded && i < k->renewed->len; i++) {
		struct renewed *r = g_ptr_array_index(k->renewed, i);

		if (strcmp(r->folded, folded) == 0 && g_strcmp0(r->was, c->code.code) == 0)
			return r;
	}
	return NULL;
}

static const char *why_no_new_pin(const struct world *w, const struct code_row *c)
{
	OWN(cache_list) struct cache_list *lock = cache_lock(w->cache, c->lock_no, w->now, NULL);
	struct draft d = { 0 };
	const char *why = action_why_not_edit(c);

	if (!why && lock && lock->rows->len &&
	    draft_pin_is_theirs(&d, &cache_list_at(lock, struct lock_row, 0)->lock))
		why = _("this lock system chooses the PIN itself");
	return why;
}

/* The codes of a guest come one by one: which doors a PIN must fit is known after all of them. */
static void note_renewal(struct bulk *k, const struct code_row *c)
{
	struct renewed *r = why_no_new_pin(k->world, c) ? NULL : renewed_of(k, c);

	if (why_no_new_pin(k->world, c))
		return;
	if (!r) {
		r = g_new0(struct renewed, 1);
		r->folded = text_fold(c->code.name ? c->code.name : "");
		r->was = g_strdup(c->code.code);
		r->code_no = c->code_no;
		r->locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_ptr_array_add(k->renewed, r);
	}
	g_array_append_val(r->locks, c->lock_no);
}

static bool is_drawn(const struct bulk *k, const struct renewed *own)
{
	for (guint i = 0; i < k->renewed->len; i++) {
		const struct renewed *r = g_ptr_array_index(k->renewed, i);

		if (r != own && r->found && pin_confusable(r->pin, own->pin))
			return true;
	}
	return own->was && pin_confusable(own->was, own->pin);
}

static void draw_pins(struct bulk *k)
{
	enum { DRAWS_MAX = 50 };

	for (guint i = 0; i < k->renewed->len; i++) {
		struct renewed *r = g_ptr_array_index(k->renewed, i);
		int length = r->was ? (int)strlen(r->was) : 0;

		for (int n = 0; n < DRAWS_MAX && !r->found; n++) {
			if (!verb_pin_new(k->world, (const int64_t *)(const void *)r->locks->data, r->locks->len,
					  length, INSTANT_NONE, INSTANT_NONE, r->pin))
				break;
			r->found = !is_drawn(k, r);
		}
	}
}

static void row_renew(struct bulk *k, const struct code_row *c)
{
	const char *why = why_no_new_pin(k->world, c);
	const struct renewed *r = why ? NULL : renewed_of(k, c);

	for (guint i = 0; !why && !r && i < k->renewed->len; i++) {
		const struct renewed *one = g_ptr_array_index(k->renewed, i);

		r = one->code_no == c->code_no ? one : NULL;
	}
	if (!why && (!r || !r->found))
		why = _("no free PIN was found that fits all its doors");
	if (why)
		add_blocked(k, c, why);
	else
		verb_change(
			k->batch, c, INSTANT_NONE, r->pin,
			g_strdup(
				r->locks->len > 1
					? _("a new PIN, the same on all the guest's doors; the old one "
					    "opens until the lock has it")
					: _("a new PIN; the old one opens until the lock has it")));
}

/* ---- doors ---- */

static void row_door(struct bulk *k, const struct lock_row *l, bool opens)
{
	bool cannot = lock_cannot_turn(&l->lock, opens);
	struct batch_row *r;
	GString *params = g_string_new(NULL);

	if (!g_hash_table_add(k->doors, g_memdup2(&l->lock_no, sizeof l->lock_no))) {
		g_string_free(params, TRUE);
		return;
	}
	r = batch_add(k->batch, cannot ? BATCH_BLOCKED : BATCH_CHANGE);
	r->lock_no = l->lock_no;
	r->door = g_strdup(l->lock.name);
	r->kind = opens ? INTENT_UNLOCK : INTENT_LOCK;
	r->words =
		g_strdup(cannot ? (opens ? _("it cannot be unlocked from afar") : _("it cannot be locked from afar"))
			 : l->lock.online == TRI_NO ? _("offline: given up when it does not answer within a minute")
			 : opens		    ? _("unlocked now; given up after a minute")
						    : _("locked now; given up after a minute"));
	jsonout_object(params, NULL);
	jsonout_string(params, "device_id", l->lock.device_id);
	jsonout_object_end(params);
	r->params = g_string_free(params, FALSE);
}

static void row_lock(struct bulk *k, const struct lock_row *l)
{
	row_door(k, l, false);
}

static void row_unlock(struct bulk *k, const struct lock_row *l)
{
	row_door(k, l, true);
}

/* ---- the batch ---- */

static const struct kind kinds[] = {
	{ COMMAND_REVOKE, N_("Revoke what is marked"), NULL, NULL, NULL, row_revoke, NULL },
	{ COMMAND_EVICT, N_("Evict what is marked"), NULL, NULL, NULL, row_evict, NULL },
	{ COMMAND_ADOPT, N_("Adopt what is marked"), NULL, NULL, NULL, row_adopt, NULL },
	{ COMMAND_RENEW, N_("New PINs for what is marked"), NULL, NULL, NULL, row_renew, NULL },
	{ COMMAND_EXTEND, N_("Longer stays"), N_("How much longer do they all stay?"),
	  N_("+1n is a night from each one's own end; fri 11:00 is the same end for all."), "+1n", row_end, NULL },
	{ COMMAND_EDIT, N_("Another end"), N_("Until when are they all to be?"),
	  N_("fri 11:00, 24.12. 11:00; +1n is a night from each one's own end."), "", row_end, NULL },
	{ COMMAND_LOCK, N_("Lock these doors"), NULL, NULL, NULL, NULL, row_lock },
	{ COMMAND_UNLOCK, N_("Unlock these doors"), NULL, NULL, NULL, NULL, row_unlock },
};

static void put_lock(struct bulk *k, int64_t lock_no)
{
	OWN(cache_list) struct cache_list *list = cache_lock(k->world->cache, lock_no, k->world->now, NULL);
	const struct lock_row *l = list && list->rows->len ? cache_list_at(list, struct lock_row, 0) : NULL;
	struct batch_row *r;

	if (!l)
		return;
	if (k->kind->lock) {
		k->kind->lock(k, l);
		return;
	}
	r = batch_add(k->batch, BATCH_BLOCKED);
	r->lock_no = lock_no;
	r->door = g_strdup(l->lock.name);
	r->words = g_strdup(_("nobody stays there, and nobody is to come: mark a code"));
}

static void put_unsent(struct bulk *k, const struct marked *m)
{
	OWN(cache_list) struct cache_list *list = outbox_get(k->world->cache, m->intent_no, NULL);
	const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;
	struct batch_row *r;

	if (!in)
		return;
	r = batch_add(k->batch, BATCH_BLOCKED);
	r->lock_no = in->lock_no;
	r->name = g_strdup(in->name);
	r->door = g_strdup(in->lock_name);
	r->words = g_strdup(_("not sent yet: x in the outbox withdraws it"));
}

static void put(struct bulk *k, const struct marked *m, void (*code)(struct bulk *k, const struct code_row *c))
{
	OWN(cache_list) struct cache_list *list = NULL;

	if (k->kind->lock || (!m->code_no && !m->intent_no)) {
		put_lock(k, m->lock_no);
		return;
	}
	if (!m->code_no) {
		put_unsent(k, m);
		return;
	}
	list = cache_code(k->world->cache, m->code_no, k->world->now, NULL);
	if (list && list->rows->len)
		code(k, cache_list_at(list, struct code_row, 0));
}

static struct batch *make(void *ctx)
{
	struct bulk *k = ctx;

	k->batch = batch_new(_(k->kind->title), NULL);
	k->renewed = g_ptr_array_new_with_free_func(renewed_free);
	k->doors = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; k->kind->code == row_renew && i < k->marked->len; i++) {
		const struct marked *m = &g_array_index(k->marked, struct marked, i);

		if (m->code_no)
			put(k, m, note_renewal);
	}
	draw_pins(k);
	for (guint i = 0; i < k->marked->len; i++)
		put(k, &g_array_index(k->marked, struct marked, i), k->kind->code);
	g_clear_pointer(&k->renewed, g_ptr_array_unref);
	g_clear_pointer(&k->doors, g_hash_table_destroy);
	return g_steal_pointer(&k->batch);
}

/* Takes k. */
static void show(struct app *app, struct bulk *k)
{
	struct batch *b = make(k);

	if (!b->rows->len) {
		app_message(app, true, _("What was marked is gone."));
		batch_free(b);
		bulk_free(k);
		return;
	}
	b->again = make;
	b->again_ctx = k;
	b->again_free = bulk_free;
	app_push(app, batch_screen_new(app, k->world, b));
}

static struct bulk *bulk_copy(const struct bulk *k, const char *typed)
{
	struct bulk *copy = g_new0(struct bulk, 1);

	copy->world = k->world;
	copy->kind = k->kind;
	copy->marked = g_array_ref(k->marked);
	copy->typed = g_strdup(typed);
	return copy;
}

static void typed(struct app *app, const char *text, void *ctx)
{
	const struct bulk *k = ctx;
	struct instant any, present = instant_add_ms(k->world->now, DAY_MS);
	struct when_context when = {
		.zone = k->world->zone, .now = k->world->now, .base = k->world->now,
		.default_minutes = k->world->profile->check_out, .is_end = true, .present = &present,
	};
	g_autoptr(GError) err = NULL;

	if (when_parse(text, &when, &any, NULL, &err))
		show(app, bulk_copy(k, text));
	else
		app_message(app, true, "%s", err->message);
}

static bool is_in(const GArray *marked, struct marked what)
{
	for (guint i = 0; i < marked->len; i++)
		if (g_array_index(marked, struct marked, i).code_no == what.code_no)
			return true;
	return false;
}

/* What is done to a stay means, at a room, the guest whom its number means: who is in, else who comes next. */
static GArray *guests_of_rooms(const struct world *w, GArray *marked)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct marked));

	for (guint i = 0; i < marked->len; i++) {
		struct marked m = g_array_index(marked, struct marked, i);
		struct code_query q = {
			.lock_no = m.lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = RACK_CODES_MAX
		};
		bool room = !m.code_no && !m.intent_no;
		OWN(cache_list) struct cache_list *codes = room ? cache_codes(w->cache, &q, w->now, NULL) : NULL;
		struct rack_lock l = { .lock_no = m.lock_no, .codes = codes };
		int guest = codes ? rack_guest(&l, w->zone, w->now) : -1;

		if (guest >= 0)
			m = mark_of_code(rack_lock_code(&l, guest));
		if (!m.code_no || !is_in(out, m))
			g_array_append_val(out, m);
	}
	g_array_unref(marked);
	return out;
}

static void note_mark(const struct marked *m, void *ctx)
{
	g_array_append_vals(ctx, m, 1);
}

bool bulk_run(struct app *app, struct world *w, const struct marks *marks, enum command c)
{
	const struct kind *kind = NULL;
	struct bulk *k;

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].command == c)
			kind = &kinds[i];
	if (!kind || !marks_count(marks))
		return false;
	k = g_new0(struct bulk, 1);
	k->world = w;
	k->kind = kind;
	k->marked = g_array_new(FALSE, FALSE, sizeof(struct marked));
	marks_each(marks, note_mark, k->marked);
	if (kind->code)
		k->marked = guests_of_rooms(w, k->marked);
	if (c == COMMAND_EXTEND && app_count(app) > 1) {
		k->typed = g_strdup_printf("+%dn", app_count(app));
		show(app, k);
	} else if (kind->question)
		app_ask_line(app, _(kind->question), _(kind->detail), kind->initial, typed, k, bulk_free);
	else
		show(app, k);
	return true;
}

void bulk_check_marks(struct app *app, const struct world *w, struct marks *marks, int *applied)
{
	int gone = 0;

	if (*applied != w->batches_applied)
		marks_clear(marks);
	else
		gone = marks_refresh(marks, w->cache);
	*applied = w->batches_applied;
	if (gone)
		app_message(app, false, P_("%d that was marked is gone, and no longer marked.",
					   "%d that were marked are gone, and no longer marked.", gone), gone);
}
