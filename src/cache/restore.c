/* restore - what an export says, beside what is so: see the header.
 *
 * A code is the one with its id; where that is gone, the one at the same lock with the same name and
 * window, which is what a restore that was done twice would find. Nothing is revoked. */
#include "config.h"

#include "cache/restore.h"

#include <string.h>

#include "core/draft.h"
#include "core/i18n.h"
#include "core/text.h"

struct restoring {
	struct cache *cache;
	const struct codes_file *e;
	struct batch *batch;
	const struct zone *zone;
	struct instant now;
	GHashTable *met;   /* int64_t code_no: in the cache and in the export */
	GPtrArray *drawn;  /* new PINs of this batch */
};

static char *window_words(const struct restoring *r, const struct access_code *ac)
{
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

	if (!instant_known(ac->ends_at))
		return g_strdup(_("ongoing"));
	return g_strdup_printf(_("%1$s to %2$s"), civil_near(r->zone, ac->starts_at, r->now, from),
			       civil_near(r->zone, ac->ends_at, r->now, until));
}

static struct batch_row *add(struct restoring *r, enum batch_sign sign, const struct access_code *ac, const char *door,
			     int64_t lock_no, char *words)
{
	struct batch_row *row = batch_add(r->batch, sign);

	row->name = g_strdup(ac->name);
	row->door = g_strdup(door);
	row->lock_no = lock_no;
	row->starts_at = ac->starts_at;
	row->ends_at = ac->ends_at;
	row->words = words;
	return row;
}

/* ---- which one it is ---- */

static bool is_there(const struct code_row *c)
{
	return !instant_known(c->deleted_at) && c->state != CODE_REMOVING;
}

static bool is_the_same(const struct code_row *c, const struct access_code *ac)
{
	return c->code.managed && is_there(c) && g_strcmp0(c->code.name, ac->name) == 0 &&
	       instant_eq(c->code.starts_at, ac->starts_at) && instant_eq(c->code.ends_at, ac->ends_at);
}

/* One struct code_row; NULL: it is not there. */
static struct cache_list *find(struct restoring *r, const struct access_code *ac, int64_t lock_no)
{
	struct code_query q = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 1000 };
	int64_t code_no = cache_code_no(r->cache, ac->access_code_id);
	struct cache_list *list = code_no ? cache_code(r->cache, code_no, r->now, NULL) : NULL;

	if (list && list->rows->len && is_there(cache_list_at(list, struct code_row, 0)))
		return list;
	if (list)
		cache_list_free(list);
	list = lock_no ? cache_codes(r->cache, &q, r->now, NULL) : NULL;
	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);

		if (!is_the_same(c, ac))
			continue;
		struct code_row own = *c; /* its texts are the list's */

		g_array_set_size(list->rows, 0);
		g_array_append_val(list->rows, own);
		return list;
	}
	if (list)
		cache_list_free(list);
	return NULL;
}

/* ---- PINs ---- */

struct taken {
	GPtrArray *there, *drawn;
};

static bool is_near(const GPtrArray *pins, const char *pin)
{
	for (guint i = 0; i < pins->len; i++)
		if (pin_confusable(pins->pdata[i], pin))
			return true;
	return false;
}

static bool is_taken(const char *pin, const void *data)
{
	const struct taken *t = data;

	return is_near(t->there, pin) || is_near(t->drawn, pin);
}

static void pin_free(void *p)
{
	explicit_bzero(p, strlen(p));
	g_free(p);
}

/* A new one, where the file has none. */
static bool draw_pin(struct restoring *r, const struct lock_row *lock, char out[static PIN_MAX + 1])
{
	g_autoptr(GPtrArray) there = cache_pins(r->cache, lock->lock_no, NULL);
	struct pin_rules rules = pin_rules_of(&lock->lock);
	struct taken t = { there, r->drawn };

	if (!there || !pin_generate(&rules, 0, is_taken, &t, out))
		return false;
	g_ptr_array_add(r->drawn, g_strdup(out));
	return true;
}

static const char *why_pin_not(struct restoring *r, const struct lock_row *lock, const char *pin, int64_t but)
{
	OWN(cache_list) struct cache_list *holders = cache_pin_holders(r->cache, lock->lock_no, pin, r->now, NULL);

	for (guint i = 0; holders && i < holders->rows->len; i++)
		if (cache_list_at(holders, struct code_row, i)->code_no != but || !but)
			return _("somebody else at this lock has its PIN now");
	return NULL;
}

/* ---- rows ---- */

static void issue(struct restoring *r, const struct access_code *ac, const struct lock_row *lock)
{
	char pin[PIN_MAX + 1] = "";
	g_autofree char *key = g_uuid_string_random(), *own_key = g_strdup_printf("keyrack-%s", key);
	struct draft d = {
		.name = ac->name, .from = ac->starts_at, .until = ac->ends_at, .pin = ac->code,
		.external_ok = ac->is_external_modification_allowed == TRI_YES, .common_code_key = own_key,
	};
	g_autofree char *window = window_words(r, ac);
	const char *why = NULL;
	struct batch_row *row;
	bool theirs = draft_pin_is_theirs(&d, &lock->lock);

	if (instant_known(d.until) && !instant_known(d.from))
		d.from = r->now;
	if (ac->is_offline_access_code == TRI_YES)
		why = _("an offline code cannot be made again with the PIN that it had");
	else if (ac->is_backup == TRI_YES)
		why = _("a spare is the server's to make");
	else if (theirs)
		d.pin = NULL;
	else if (d.pin)
		why = why_pin_not(r, lock, d.pin, 0);
	else if (draw_pin(r, lock, pin))
		d.pin = pin;
	else
		why = _("no free PIN was found that this lock takes");
	if (!why)
		draft_check_but(&d, &lock->lock, r->now, 1u << DRAFT_FROM, &why);
	if (why) {
		add(r, BATCH_BLOCKED, ac, lock->lock.name, lock->lock_no, g_strdup(why));
		return;
	}
	row = add(r, BATCH_ISSUE, ac, lock->lock.name, lock->lock_no,
		  g_strdup_printf(theirs     ? _("%s; the lock system chooses its PIN")
				  : ac->code ? _("%s, with the PIN that it had")
					     : _("%s, with a new PIN: the export has none"),
				  window));
	row->kind = INTENT_CREATE;
	row->params = draft_create_params(&d, lock->lock.device_id);
	row->common_code_key = g_steal_pointer(&own_key);
	explicit_bzero(pin, sizeof pin);
}

/* What is to become different: its words, in to; "" nothing. */
static char *difference(struct restoring *r, const struct access_code *ac, const struct code_row *c,
			struct draft_change *to)
{
	g_autoptr(GString) words = g_string_new(NULL);
	bool ends = instant_known(ac->ends_at);

	if (ac->name && g_strcmp0(ac->name, c->code.name) != 0) {
		to->name = ac->name;
		g_string_append_printf(words, _("name again %s"), ac->name);
	}
	if (!instant_eq(ac->starts_at, c->code.starts_at) || !instant_eq(ac->ends_at, c->code.ends_at)) {
		g_autofree char *then = window_words(r, ac), *now = window_words(r, &c->code);

		to->ongoing = !ends;
		to->from = ends ? ac->starts_at : INSTANT_NONE;
		to->until = ends ? ac->ends_at : INSTANT_NONE;
		if (words->len)
			g_string_append(words, "; ");
		g_string_append_printf(words, _("%1$s (now %2$s)"), then, now);
	}
	if (ac->code && g_strcmp0(ac->code, c->code.code) != 0) {
		to->pin = ac->code;
		g_string_append_printf(words, "%s%s", words->len ? "; " : "", _("the PIN that it had"));
	}
	return g_string_free(g_steal_pointer(&words), FALSE);
}

static void compare(struct restoring *r, const struct access_code *ac, const struct code_row *c,
		    const struct lock_row *lock)
{
	struct draft_change to = { .from = INSTANT_NONE, .until = INSTANT_NONE };
	g_autofree char *words = difference(r, ac, c, &to);
	const char *why = NULL;
	struct batch_row *row;

	g_hash_table_add(r->met, g_memdup2(&c->code_no, sizeof c->code_no));
	if (!*words || !ac->managed) {
		batch_add_code(r->batch, BATCH_SAME, c)->words = g_strdup(_("is so"));
		return;
	}
	if (!c->code_no || !c->code.managed)
		why = _("it is not managed from here now");
	else if (c->code.is_offline_access_code == TRI_YES)
		why = _("an offline code cannot be changed");
	else if (to.pin)
		why = why_pin_not(r, lock, to.pin, c->code_no);
	if (!why) {
		struct draft after = draft_changed(&to, &c->code);

		draft_check_but(&after, &lock->lock, r->now, 1u << DRAFT_FROM | (to.name ? 0 : 1u << DRAFT_NAME), &why);
	}
	row = batch_add_code(r->batch, why ? BATCH_BLOCKED : BATCH_CHANGE, c);
	row->words = why ? g_strdup(why) : g_steal_pointer(&words);
	row->kind = INTENT_UPDATE;
	row->params = why ? NULL : draft_update_params(&to, &c->code);
}

static void put(struct restoring *r, const struct access_code *ac, const char *door)
{
	int64_t lock_no = cache_lock_no(r->cache, ac->device_id);
	OWN(cache_list) struct cache_list *lock = lock_no ? cache_lock(r->cache, lock_no, r->now, NULL) : NULL;
	const struct lock_row *l = lock && lock->rows->len ? cache_list_at(lock, struct lock_row, 0) : NULL;
	OWN(cache_list) struct cache_list *found = NULL;

	if (instant_known(ac->ends_at) && !instant_before(r->now, ac->ends_at)) {
		add(r, BATCH_SAME, ac, door, lock_no, g_strdup(_("has ended since")));
		return;
	}
	if (!l || instant_known(l->deleted_at)) {
		add(r, BATCH_BLOCKED, ac, door, lock_no, g_strdup(_("its lock is not in this property now")));
		return;
	}
	found = find(r, ac, lock_no);
	if (found && cache_list_at(found, struct code_row, 0)->lock_no != lock_no)
		add(r, BATCH_BLOCKED, ac, door, lock_no, g_strdup(_("it is at another lock now")));
	else if (found)
		compare(r, ac, cache_list_at(found, struct code_row, 0), l);
	else if (!ac->managed)
		add(r, BATCH_BLOCKED, ac, door, lock_no,
		    g_strdup(_("it was a stray: nobody here made it, and it is gone")));
	else
		issue(r, ac, l);
}

/* How many codes the export does not name, at the locks that it is about. */
static int count_others(struct restoring *r)
{
	struct code_query q = { .from = INSTANT_NONE, .until = INSTANT_NONE, .only_managed = true, .limit = 100000 };
	OWN(cache_list) struct cache_list *list = cache_codes(r->cache, &q, r->now, NULL);
	const char *const *only = (const char *const *)r->e->head.device_ids;
	int n = 0;

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);

		n += c->code_no && !g_hash_table_contains(r->met, &c->code_no) &&
		     (!only || (c->code.device_id && g_strv_contains(only, c->code.device_id)));
	}
	return n;
}

struct batch *restore_batch(struct cache *c, const struct codes_file *e, const char *property, const struct zone *zone,
			    struct instant now, GError **err)
{
	struct restoring r = { .cache = c, .e = e, .zone = zone, .now = now };
	char made[CIVIL_TEXT_MAX];
	int others;

	if (g_strcmp0(e->head.property, property) != 0) {
		g_autofree char *theirs = text_safe(e->head.property);

		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    _("This export is of “%1$s”, and this is “%2$s”. Nothing was changed."), theirs, property);
		return NULL;
	}
	g_autofree char *title = g_strdup_printf(_("Restore what was on %s"), civil_full(zone, e->head.made_at, made));

	r.batch = batch_new(title, NULL);
	r.met = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	r.drawn = g_ptr_array_new_with_free_func(pin_free);
	for (guint i = 0; i < e->codes->len; i++)
		put(&r, e->codes->pdata[i], e->lock_names->pdata[i]);
	others = count_others(&r);
	if (others)
		r.batch->about = g_strdup_printf(
			P_("%d code is here that the export does not name: it is left alone.",
			   "%d codes are here that the export does not name: they are left alone.", others),
			others);
	g_hash_table_destroy(r.met);
	g_ptr_array_unref(r.drawn);
	return r.batch;
}
