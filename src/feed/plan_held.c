/* plan_held - what becomes of the codes that a reservation has: kept, moved, taken away; and how a plan
 * says what it decides. See plan_parts.h. */
#include "feed/plan_parts.h"

#include "core/i18n.h"

#define SAME_MS MINUTE_MS /* providers cut seconds off */

/* ---- saying ---- */

static enum plan_answer answer_of(enum batch_sign s)
{
	return s == BATCH_SAME ? PLAN_UNCHANGED : s == BATCH_BLOCKED ? PLAN_REFUSED : PLAN_ACCEPTED;
}

/* What is done outweighs what cannot be, and that what stays as it is. */
static int weight(enum batch_sign s)
{
	static const int weights[BATCH_SIGN_COUNT] = { [BATCH_ISSUE] = 4, [BATCH_CHANGE] = 3, [BATCH_REVOKE] = 2,
						       [BATCH_BLOCKED] = 1, [BATCH_SAME] = 0 };

	return weights[s];
}

static void say(struct deciding *d, enum batch_sign sign, const char *words)
{
	if (d->out->words && weight(d->out->sign) >= weight(sign))
		return;
	d->out->sign = sign;
	d->out->answer = answer_of(sign);
	g_free(d->out->words);
	d->out->words = g_strdup(words);
}

static struct batch_row *fill(struct deciding *d, struct batch_row *r, const char *words)
{
	if (!r->name)
		r->name = g_strdup(d->guest ? d->guest : _("nobody named"));
	r->words = g_strdup(words);
	say(d, r->sign, words);
	return r;
}

/* Of the reservation, whatever its doors. */
void plan_block(struct deciding *d, enum feed_fix fix, const char *words)
{
	struct batch_row *r = batch_add(d->p->plan->batch, BATCH_BLOCKED);

	r->starts_at = d->row->is.starts_at;
	r->ends_at = d->row->is.ends_at;
	r->door = g_strdup(d->out->doors ? d->out->doors : "");
	d->out->fix = fix;
	fill(d, r, words);
}

void plan_at_code(struct deciding *d, enum batch_sign sign, const struct code_row *code, const char *words)
{
	fill(d, batch_add_code(d->p->plan->batch, sign, code), words);
}

void plan_at_door(struct deciding *d, enum batch_sign sign, int64_t lock_no, const char *words)
{
	const struct feed_lock *lock = planner_lock(d->p, lock_no);
	struct batch_row *r = batch_add(d->p->plan->batch, sign);

	r->lock_no = lock_no;
	r->door = g_strdup(lock && lock->name ? lock->name : "");
	r->starts_at = d->row->is.starts_at;
	r->ends_at = d->row->is.ends_at;
	fill(d, r, words);
}

static const char *until_words(const struct deciding *d, struct instant t, char buf[static CIVIL_TEXT_MAX])
{
	return civil_near(d->p->rule->zone, t, d->p->rule->now, buf);
}

/* ---- what is there already ---- */

static bool near_enough(struct instant a, struct instant b)
{
	return ABS(instant_diff_ms(a, b)) < SAME_MS;
}

/* A start that has passed is past, whichever it was. */
bool plan_same_window(const struct deciding *d, struct instant from, struct instant until, struct instant other_from,
			struct instant other_until)
{
	struct instant now = d->p->rule->now;
	bool both_begun = !instant_before(now, from) && !instant_before(now, other_from);

	return (both_begun || near_enough(from, other_from)) && near_enough(until, other_until);
}

static struct code_row *future_of(struct plan_door *door, int64_t code_no)
{
	for (guint i = 0; i < door->codes->rows->len; i++) {
		struct code_row *c = cache_list_at(door->codes, struct code_row, i);

		if (code_no && c->code_no == code_no)
			return c;
	}
	return NULL;
}

static struct plan_door *door_of_code(const struct deciding *d, const struct code_row *code)
{
	const struct feed_lock *lock = planner_lock(d->p, code->lock_no);

	return lock ? planner_door(d->p, lock, NULL) : NULL;
}

static void take_away(struct deciding *d, const struct issued *h, const char *why)
{
	const struct code_row *code = held_code(h);
	struct plan_door *door;
	struct code_row *future;
	struct batch_row *r;

	if (h->is == HELD_QUEUED || h->is == HELD_CHANGING) {
		g_autofree char *words = g_strdup_printf(
			_("%s, but what was asked for its code is still on its way: try again then"), why);

		plan_at_door(d, BATCH_BLOCKED, h->lock_no, words);
		return;
	}
	if (!instant_before(d->p->rule->now, code->code.starts_at)) {
		g_autofree char *words =
			g_strdup_printf(_("%s, but the stay has begun: its code is never revoked by itself"), why);

		plan_at_code(d, BATCH_BLOCKED, code, words);
		return;
	}
	plan_at_code(d, BATCH_REVOKE, code, why);
	r = d->p->plan->batch->rows->pdata[d->p->plan->batch->rows->len - 1];
	r->kind = INTENT_DELETE;
	r->params = g_strdup_printf("{\"access_code_id\":\"%s\"}", code->code.access_code_id);
	r->common_code_key = g_strdup_printf("%s.%s", d->mark, code->code.access_code_id);
	door = door_of_code(d, code);
	future = door ? future_of(door, code->code_no) : NULL;
	if (future)
		future->state = CODE_ENDED;
}

/* Its stay moved, or its guest is called otherwise: what of the code that is there is to be changed. */
static void change(struct deciding *d, const struct issued *h)
{
	const struct code_row *code = held_code(h);
	const struct reservation *is = &d->row->is;
	bool moved = !plan_same_window(d, is->starts_at, is->ends_at, code->code.starts_at, code->code.ends_at);
	bool renamed = d->guest && g_strcmp0(d->guest, h->name) != 0 && g_strcmp0(code->code.name, h->name) == 0;
	struct draft_change what = {
		.name = renamed ? d->guest : code->code.name,
		.from = instant_before(is->starts_at, d->p->rule->now) ? code->code.starts_at : is->starts_at,
		.until = is->ends_at,
	};
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX], was[CIVIL_TEXT_MAX];
	g_autofree char *words = NULL;
	struct plan_door *door = door_of_code(d, code);
	struct code_row *future = door ? future_of(door, code->code_no) : NULL;
	struct batch_row *r;

	if (!moved)
		words = g_strdup_printf(_("name, was %s"), h->name);
	else if (!near_enough(what.from, code->code.starts_at))
		words = g_strdup_printf(_("from %1$s until %2$s, same PIN"), until_words(d, what.from, from),
					until_words(d, what.until, until));
	else
		words = g_strdup_printf(_("until %1$s (was %2$s), same PIN"), until_words(d, what.until, until),
					until_words(d, code->code.ends_at, was));
	plan_at_code(d, BATCH_CHANGE, code, words);
	r = d->p->plan->batch->rows->pdata[d->p->plan->batch->rows->len - 1];
	r->kind = INTENT_UPDATE;
	r->params = draft_update_params(&what, &code->code);
	r->starts_at = what.from;
	r->ends_at = what.until;
	r->common_code_key = g_strdup_printf("%s.%s", d->mark, code->code.access_code_id);
	g_free(r->name);
	r->name = g_strdup(what.name);
	if (!future)
		return;
	future->code.starts_at = what.from;
	future->code.ends_at = what.until;
}

/* A code that is there, and a stay that stands. */
static void keep(struct deciding *d, const struct issued *h)
{
	const struct code_row *code = held_code(h);
	const struct reservation *is = &d->row->is;
	bool as_imported = plan_same_window(d, is->starts_at, is->ends_at, h->starts_at, h->ends_at);
	bool by_hand = !plan_same_window(d, code->code.starts_at, code->code.ends_at, h->starts_at, h->ends_at);
	bool as_wanted = plan_same_window(d, is->starts_at, is->ends_at, code->code.starts_at, code->code.ends_at);
	bool renamed = d->guest && g_strcmp0(d->guest, h->name) != 0 && g_strcmp0(code->code.name, h->name) == 0;
	g_autofree char *words = NULL;
	char until[CIVIL_TEXT_MAX], now_until[CIVIL_TEXT_MAX];

	if (as_wanted && !renamed) {
		plan_at_code(d, BATCH_SAME, code,
			     feed_moved_from(h->key, NULL) ? _("has its code, moved here by the desk")
							   : _("has its code"));
	} else if (as_wanted || !by_hand) {
		change(d, h);
	} else if (as_imported) {
		words = g_strdup_printf(_("window changed here by hand, until %s: left as it is"),
					until_words(d, code->code.ends_at, until));
		plan_at_code(d, BATCH_SAME, code, words);
	} else {
		words = g_strdup_printf(
			_("window changed here by hand, until %1$s; the list now says %2$s: e on the code changes it"),
			until_words(d, code->code.ends_at, until), until_words(d, is->ends_at, now_until));
		plan_at_code(d, BATCH_BLOCKED, code, words);
	}
}

static const char *const held_words[] = {
	[HELD_QUEUED] = N_("its code is on its way"),
	[HELD_CHANGING] = N_("a change of its code is on its way"),
	[HELD_LEAVING] = N_("its code is being revoked: not made again by itself"),
	[HELD_GONE] = N_("its code was revoked here: not made again by itself"),
	[HELD_TAKEN_BACK] = N_("its code was taken back here: not made again by itself"),
};

static void refused(struct deciding *d, const struct issued *h)
{
	g_autofree char *words = g_strdup_printf(_("the server refused it: %s. o shows it, and can put it aside"),
						 h->message ? h->message : "?");

	plan_at_door(d, BATCH_BLOCKED, h->lock_no, words);
}

bool plan_opens(const struct deciding *d, int64_t lock_no)
{
	for (guint i = 0; i < d->doors->len; i++)
		if (((const struct feed_lock *)d->doors->pdata[i])->lock_no == lock_no)
			return true;
	return false;
}

/* Every door where something was made before. */
void plan_decide_held(struct deciding *d, const char *gone_why)
{
	for (guint i = 0; i < d->held->len; i++) {
		const struct issued *h = &g_array_index(d->held, struct issued, i);
		bool wanted = d->stands && plan_opens(d, h->lock_no);

		if (h->is == HELD_NOTHING)
			continue;
		/* Its end is the move's business. */
		if (!wanted && held_moved_to(d->held, h->device_id))
			continue;
		if (!wanted && held_has_code(h))
			take_away(d, h, d->stands ? _("no longer a door of this stay") : gone_why);
		else if (!wanted)
			continue;
		else if (h->is == HELD_REFUSED)
			refused(d, h);
		else if (h->is == HELD_LIVE)
			keep(d, h);
		else if ((h->is == HELD_QUEUED || h->is == HELD_CHANGING) &&
			 !plan_same_window(d, d->row->is.starts_at, d->row->is.ends_at, h->starts_at, h->ends_at))
			plan_at_door(
				d, BATCH_BLOCKED, h->lock_no,
				_("it moved, but what was asked for its code is still on its way: try again then"));
		else
			plan_at_door(d, BATCH_SAME, h->lock_no, _(held_words[h->is]));
	}
}
