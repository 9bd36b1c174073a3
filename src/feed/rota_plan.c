/* rota_plan - a rota's doors one by one, and what comes of it in the outbox; see the header. */
#include "config.h"

#include "feed/rota_plan.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"

#define ENDED_KEPT_MS (30 * DAY_MS) /* so long the codes of one that has ended are looked for */
#define STUCK_MS      (2 * HOUR_MS) /* as in rota_decide.c */

struct planning {
	struct cache *cache;
	const struct rota *r;
	const struct zone *here;
	struct instant now;
	struct rota_plan *plan;
	char *mark;
	GArray *held;              /* of struct issued */
	struct cache_list *doors;  /* of struct rota_door */
	char pin[PIN_MAX + 1];     /* the rota's own; "": none yet */
};

static void at_free(void *data)
{
	struct rota_at *at = data;

	g_free(at->door);
	g_free(at->words);
	g_free(at);
}

void rota_plan_free(struct rota_plan *p)
{
	if (!p)
		return;
	g_ptr_array_unref(p->at);
	batch_free(p->batch);
	g_array_unref(p->withdraw);
	g_free(p);
}

const char *rota_why_not(const struct lock *lock)
{
	if (draft_pin_is_theirs(&(struct draft){ .pin = NULL }, lock))
		return _("its maker chooses the PINs, and a rota needs the same one each week");
	if (lock->can_program_online == TRI_NO)
		return _("it takes only offline codes, which nobody can make again by themselves");
	return NULL;
}

/* ---- PINs ---- */

bool rota_choose_pin(struct cache *c, const GArray *lock_nos, struct instant now, char pin[static PIN_MAX + 1])
{
	struct plan_rule rule = { .source = "rota", .now = now };
	struct planner p = { .cache = c, .rule = &rule };
	g_autoptr(GPtrArray) doors = g_ptr_array_new();
	g_autofree char *words = NULL;
	bool ok = planner_open(&p, NULL);

	for (guint i = 0; ok && i < lock_nos->len; i++) {
		const struct feed_lock *lock = planner_lock(&p, g_array_index(lock_nos, int64_t, i));
		struct plan_door *door = lock ? planner_door(&p, lock, NULL) : NULL;

		if (door && !rota_why_not(plan_door_lock(door)))
			g_ptr_array_add(doors, door);
	}
	ok = ok && doors->len && plan_choose_pin(&p, doors, NULL, NULL, pin, &words);
	planner_close(&p);
	return ok;
}

/* One for all of its doors, where one fits; kept before it is used. */
static bool need_pin(struct planning *p, GError **err)
{
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));

	if (*p->pin)
		return true;
	for (guint i = 0; i < p->doors->rows->len; i++) {
		const struct rota_door *d = cache_list_at(p->doors, struct rota_door, i);

		if (d->lock_no)
			g_array_append_val(locks, d->lock_no);
	}
	return !rota_choose_pin(p->cache, locks, p->now, p->pin) ||
	       cache_rota_pin(p->cache, p->r->rota_no, NULL, p->pin, err);
}

enum pin_at { PIN_FREE, PIN_OURS, PIN_OURS_ENDED, PIN_OTHERS };

/* Who has this PIN there: a code of this rota that is still to go, or somebody else. */
static enum pin_at holder_of(const struct planning *p, int64_t lock_no, const char *pin)
{
	OWN(cache_list) struct cache_list *list = cache_pin_holders(p->cache, lock_no, pin, p->now, NULL);
	enum pin_at most = PIN_FREE;

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);
		const char *key = c->code.common_code_key;
		bool ours = key && g_str_has_prefix(key, p->mark) && key[strlen(p->mark)] == '.';
		bool ended = instant_known(c->code.ends_at) && !instant_before(p->now, c->code.ends_at);

		most = MAX(most, !ours ? PIN_OTHERS : ended ? PIN_OURS_ENDED : PIN_OURS);
	}
	return most;
}

/* ---- one door ---- */

static void say(struct rota_at *at, enum batch_sign sign, const char *words)
{
	at->sign = sign;
	g_free(at->words);
	at->words = g_strdup(words);
}

static char *intent_key(const struct planning *p, const char *device_id, struct instant start)
{
	OWN(cache_list) struct cache_list *acts = cache_feed_acts(p->cache, p->mark, NULL);
	g_autofree char *door = g_compute_checksum_for_string(G_CHECKSUM_SHA256, device_id, -1);
	int n = 0;

	for (guint i = 0; acts && i < acts->rows->len; i++)
		n += strcmp(cache_list_at(acts, struct feed_act, i)->device_id, device_id) == 0;
	/* Whoever decides the same at the same moment makes the same key, and batch_apply takes only one. */
	return g_strdup_printf("%s.%.8s.%" G_GINT64_FORMAT ".%d", p->mark, door, start.ms / SECOND_MS, n);
}

/* The PIN for a new code there. False: none now, and at says why. */
static bool choose(struct planning *p, const struct rota_door *d, const struct lock *lock, struct rota_at *at,
		   char pin[static PIN_MAX + 1], bool *other, GError **err)
{
	g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct pin_rules rules = pin_rules_of(lock);
	bool soon = !instant_before(p->now, instant_add_ms(at->next.from, -STUCK_MS));
	enum pin_at who;

	if (!d->pin && !need_pin(p, err))
		return false;
	g_strlcpy(pin, d->pin ? d->pin : p->pin, PIN_MAX + 1);
	who = *pin ? holder_of(p, d->lock_no, pin) : PIN_FREE;
	if (who == PIN_OURS || (who == PIN_OURS_ENDED && !soon)) {
		say(at, BATCH_SAME, _("the code before is still on the lock: the next one follows it"));
		return false;
	}
	if (*pin && who == PIN_FREE && !pin_check(pin, &rules))
		return true;
	g_array_append_val(one, d->lock_no);
	*other = true;
	if (!rota_choose_pin(p->cache, one, p->now, pin)) {
		say(at, BATCH_BLOCKED, _("No free PIN was found that its door takes"));
		return false;
	}
	return cache_rota_pin(p->cache, p->r->rota_no, d->device_id, pin, err);
}

/* A window that has begun begins now, or as soon as the lock takes it. */
static struct instant soonest(const struct planning *p, const struct lock *lock, struct instant from)
{
	return instant_before(p->now, from) ? from
	       : draft_soonest(lock ? pin_rules_of(lock).rules : 0, p->now);
}

static bool issue(struct planning *p, const struct rota_door *d, struct rota_at *at, GError **err)
{
	OWN(cache_list) struct cache_list *list = cache_lock(p->cache, d->lock_no, p->now, err);
	const struct lock *lock = list && list->rows->len ? &cache_list_at(list, struct lock_row, 0)->lock : NULL;
	const char *problem = lock ? rota_why_not(lock) : NULL;
	struct draft draft = { .name = p->r->name, .until = at->next.until };
	char pin[PIN_MAX + 1] = "";
	bool other = false;
	struct batch_row *row;
	GError *wrong = NULL;

	if (!lock)
		return false;
	if (problem) {
		say(at, BATCH_BLOCKED, problem);
		return true;
	}
	if (!choose(p, d, lock, at, pin, &other, &wrong)) {
		bool ok = !wrong;

		if (wrong)
			g_propagate_error(err, wrong);
		return ok;
	}
	g_autofree char *key = intent_key(p, d->device_id, at->next.from);

	draft.from = soonest(p, lock, at->next.from);
	draft.pin = pin;
	draft.common_code_key = key;
	if (draft_check(&draft, lock, p->now, &problem) != DRAFT_FINE) {
		say(at, BATCH_BLOCKED, problem);
	} else {
		say(at, BATCH_ISSUE, other ? _("new code, another PIN: the rota's own is taken there") : _("new code"));
		row = batch_add(p->plan->batch, BATCH_ISSUE);
		row->lock_no = d->lock_no;
		row->name = g_strdup(p->r->name);
		row->door = g_strdup(at->door);
		row->words = g_strdup(at->words);
		row->starts_at = draft.from;
		row->ends_at = draft.until;
		row->kind = INTENT_CREATE;
		row->params = draft_create_params(&draft, lock->device_id);
		row->common_code_key = g_steal_pointer(&key);
	}
	explicit_bzero(pin, sizeof pin);
	return true;
}

static void change(struct planning *p, const struct code_row *code, const struct rota_seen *seen, const char *pin,
		   const struct rota_step *step)
{
	bool begun = !instant_before(p->now, code->code.starts_at) && !instant_before(p->now, step->window.from);
	OWN(cache_list) struct cache_list *list = cache_lock(p->cache, code->lock_no, p->now, NULL);
	struct instant from =
		soonest(p, list && list->rows->len ? &cache_list_at(list, struct lock_row, 0)->lock : NULL,
			step->window.from);
	struct draft_change what = {
		.name = g_strcmp0(seen->asked_name, seen->has_name) == 0 && g_strcmp0(p->r->name, seen->has_name) != 0
				? p->r->name
				: NULL,
		.pin = pin && !step->learn_pin && g_strcmp0(pin, seen->has_pin) != 0 ? pin : NULL,
		.from = begun ? code->code.starts_at : from,
		.until = step->window.until,
	};
	struct batch_row *row = batch_add_code(p->plan->batch, BATCH_CHANGE, code);

	row->words = g_strdup(_(step->why));
	row->starts_at = what.from;
	row->ends_at = what.until;
	row->kind = INTENT_UPDATE;
	row->params = draft_update_params(&what, &code->code);
	row->common_code_key = g_strdup_printf("%s.%s", p->mark, code->code.access_code_id);
}

static void take_away(struct planning *p, const struct code_row *code, const char *why)
{
	struct batch_row *row = batch_add_code(p->plan->batch, BATCH_REVOKE, code);

	row->words = g_strdup(_(why));
	row->kind = INTENT_DELETE;
	row->params = batch_code_params(code->code.access_code_id);
	row->common_code_key = g_strdup_printf("%s.%s", p->mark, code->code.access_code_id);
}

static struct rota_seen seen_of(const struct issued *h)
{
	const struct code_row *code = h ? held_code(h) : NULL;
	struct rota_seen s = { .is = h ? h->is : HELD_NOTHING, .has = { INSTANT_NONE, INSTANT_NONE },
			       .asked = { INSTANT_NONE, INSTANT_NONE } };

	if (h) {
		s.asked = (struct rota_window){ h->starts_at, h->ends_at };
		s.open = h->intent_no != 0;
		s.asked_pin = h->pin;
		s.asked_name = h->name;
	}
	if (code && !instant_known(code->deleted_at)) {
		s.has = (struct rota_window){ code->code.starts_at, code->code.ends_at };
		s.has_pin = code->code.code;
		s.has_name = code->code.name;
	}
	return s;
}

static void come_back(struct planning *p, struct instant t)
{
	if (instant_known(t) && instant_before(p->now, t) &&
	    (!instant_known(p->plan->again) || instant_before(t, p->plan->again)))
		p->plan->again = t;
}

static bool decide(struct planning *p, const struct rota_door *d, const struct issued *h, bool wanted, GError **err)
{
	struct rota_at *at = g_new0(struct rota_at, 1);
	struct rota_seen seen = seen_of(h);
	const struct code_row *code = h ? held_code(h) : NULL;
	const char *pin = d->pin ? d->pin : *p->pin ? p->pin : NULL;
	struct rota_step step;

	at->lock_no = d->lock_no;
	at->door = g_strdup(d->lock_name ? d->lock_name : "?");
	at->zone = d->zone && *d->zone ? zone_get(d->zone) : p->here;
	step = rota_decide(p->r, wanted, pin, at->zone, &seen, p->now);
	at->next = step.window;
	at->code_no = code && !instant_known(code->deleted_at) ? code->code_no : 0;
	at->intent_no = h ? h->intent_no : 0;
	if (wanted)
		g_ptr_array_add(p->plan->at, at);
	say(at, BATCH_SAME, _(step.why));
	come_back(p, seen.has.until);
	come_back(p, seen.asked.until);
	if (instant_known(at->next.from)) {
		come_back(p, at->next.until);
		come_back(p, instant_add_ms(at->next.from, -STUCK_MS));
	}
	bool ok = !step.learn_pin || cache_rota_pin(p->cache, p->r->rota_no, d->device_id, step.learn_pin, err);

	if (!d->lock_no)
		say(at, BATCH_BLOCKED, _("this lock is not there any more"));
	else if (step.act == ROTA_MAKE)
		ok = ok && issue(p, d, at, err);
	else if (step.act == ROTA_WITHDRAW)
		g_array_append_val(p->plan->withdraw, h->intent_no);
	else if (step.act == ROTA_CHANGE && code)
		change(p, code, &seen, pin, &step);
	else if (step.act == ROTA_REMOVE && code)
		take_away(p, code, step.why);
	if (!wanted)
		at_free(at);
	return ok;
}

static const struct issued *held_at(const GArray *held, const char *device_id)
{
	for (guint i = 0; i < held->len; i++)
		if (strcmp(g_array_index(held, struct issued, i).device_id, device_id) == 0)
			return &g_array_index(held, struct issued, i);
	return NULL;
}

static bool is_door(const struct planning *p, const char *device_id)
{
	for (guint i = 0; i < p->doors->rows->len; i++)
		if (strcmp(cache_list_at(p->doors, struct rota_door, i)->device_id, device_id) == 0)
			return true;
	return false;
}

static bool decide_all(struct planning *p, GError **err)
{
	bool ok = true;

	for (guint i = 0; ok && i < p->doors->rows->len; i++) {
		const struct rota_door *d = cache_list_at(p->doors, struct rota_door, i);

		ok = decide(p, d, held_at(p->held, d->device_id), true, err);
	}
	for (guint i = 0; ok && i < p->held->len; i++) {
		const struct issued *h = &g_array_index(p->held, struct issued, i);
		const struct code_row *code = held_code(h);
		struct rota_door d = { .device_id = h->device_id, .lock_no = h->lock_no,
				       .lock_name = code ? code->lock_name : NULL, .zone = code ? code->zone : NULL };

		if (!is_door(p, h->device_id))
			ok = decide(p, &d, h, false, err);
	}
	return ok;
}

struct rota_plan *rota_plan_make(struct cache *c, const struct rota *r, const struct zone *here, struct instant now,
				 GError **err)
{
	OWN(rota_plan) struct rota_plan *plan = g_new0(struct rota_plan, 1);
	struct planning p = { .cache = c, .r = r, .here = here, .now = now, .plan = plan, .mark = rota_mark(r) };
	bool ok;

	plan->at = g_ptr_array_new_with_free_func(at_free);
	plan->batch = batch_new(_("Rota"), NULL);
	plan->batch->at_once = true; /* ending it was asked about already */
	plan->batch->once = true;
	plan->withdraw = g_array_new(FALSE, FALSE, sizeof(int64_t));
	plan->again = INSTANT_NONE;
	if (r->pin)
		g_strlcpy(p.pin, r->pin, sizeof p.pin);
	p.held = held_read(c, p.mark, now, err);
	p.doors = p.held ? cache_rota_doors(c, r->rota_no, err) : NULL;
	ok = p.doors && decide_all(&p, err);
	g_clear_pointer(&p.doors, cache_list_free);
	g_clear_pointer(&p.held, g_array_unref);
	g_free(p.mark);
	explicit_bzero(p.pin, sizeof p.pin);
	return ok ? g_steal_pointer(&plan) : NULL;
}

/* ---- doing it ---- */

static bool is_any(const struct batch *b)
{
	for (guint i = 0; i < b->rows->len; i++)
		if (batch_applies(b, i))
			return true;
	return false;
}

int rota_plan_apply(struct cache *c, const struct rota_plan *p, const struct rota *r, struct instant now, GError **err)
{
	g_autofree char *by = g_strdup_printf("rota (%s)", r->made_by ? r->made_by : "?");
	g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int n = 0;

	/* One that has left meanwhile is dealt with once it has been answered. */
	for (guint i = 0; i < p->withdraw->len; i++)
		n += outbox_withdraw(c, g_array_index(p->withdraw, int64_t, i), NULL);
	if (is_any(p->batch) && !batch_apply(c, p->batch, by, now, made, err))
		return -1;
	return n + (int)made->len;
}

bool rota_carry_out(struct cache *c, int64_t rota_no, const struct zone *here, struct instant now, GError **err)
{
	OWN(cache_list) struct cache_list *list = cache_rota(c, rota_no, err);
	const struct rota *r = list && list->rows->len ? cache_list_at(list, struct rota, 0) : NULL;
	OWN(rota_plan) struct rota_plan *plan = r ? rota_plan_make(c, r, here, now, err) : NULL;
	g_autoptr(GError) wrong = NULL;

	if (!plan)
		return list && !r;
	if (rota_plan_apply(c, plan, r, now, &wrong) >= 0 || g_error_matches(wrong, KEYRACK_ERROR, KEYRACK_ERROR_BUSY))
		return true;
	g_propagate_error(err, g_steal_pointer(&wrong));
	return false;
}

static void sooner(struct instant *again, struct instant t)
{
	if (instant_known(t) && (!instant_known(*again) || instant_before(t, *again)))
		*again = t;
}

int rota_keep_all(struct cache *c, const struct zone *here, struct instant now, struct instant *again, GError **err)
{
	OWN(cache_list) struct cache_list *list = cache_rotas(c, instant_add_ms(now, -ENDED_KEPT_MS), err);
	int n = list ? 0 : -1;

	*again = INSTANT_NONE;
	for (guint i = 0; n >= 0 && i < list->rows->len; i++) {
		const struct rota *r = cache_list_at(list, struct rota, i);
		g_autoptr(GError) wrong = NULL;
		OWN(rota_plan) struct rota_plan *plan = rota_plan_make(c, r, here, now, &wrong);
		int made = plan ? rota_plan_apply(c, plan, r, now, &wrong) : -1;

		/* What is busy is looked at again with the next turn. */
		if (made < 0 && !g_error_matches(wrong, KEYRACK_ERROR, KEYRACK_ERROR_BUSY)) {
			g_propagate_error(err, g_steal_pointer(&wrong));
			return -1;
		}
		n += MAX(made, 0);
		if (plan)
			sooner(again, plan->again);
	}
	return n;
}
