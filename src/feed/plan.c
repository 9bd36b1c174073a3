/* plan - row by row what a source means; see the header.
 *
 * Twice through the rows: first what is left, moved or taken away, so that a room that becomes free is
 * free; then the new stays, each against all that will be on its doors by then. */
#include "config.h"

#include "feed/plan_parts.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "core/when.h"

static void deciding_free(void *data)
{
	struct deciding *d = data;

	g_free(d->mark);
	if (d->held)
		g_array_unref(d->held);
	g_ptr_array_unref(d->doors);
	g_ptr_array_unref(d->issue);
	g_free(d);
}

/* ---- the first round ---- */

static void count_vanished(struct deciding *d, bool goes)
{
	for (guint i = 0; i < d->held->len; i++) {
		const struct issued *h = &g_array_index(d->held, struct issued, i);

		if (!held_has_code(h) || !instant_before(d->p->rule->now, h->starts_at))
			continue;
		d->p->plan->known++;
		d->p->plan->vanished += goes;
		return;
	}
}

/* The list goes on naming the room that was booked; the guest is where the desk has put them. */
static void follow_moves(struct deciding *d)
{
	for (guint i = 0; i < d->doors->len; i++) {
		const struct feed_lock *lock = d->doors->pdata[i];
		const struct issued *to;

		for (guint moves = 0; lock && moves < d->held->len && (to = held_moved_to(d->held, lock->device_id));
		     moves++)
			lock = planner_lock(d->p, to->lock_no);
		if (lock && !plan_opens(d, lock->lock_no))
			d->doors->pdata[i] = (gpointer)(uintptr_t)lock;
	}
}

static bool find_doors(struct deciding *d, char **why)
{
	const char *words = d->row->fix[FEED_FIX_DOOR] ? d->row->fix[FEED_FIX_DOOR]
			    : d->p->rule->room ? d->p->rule->room : d->row->is.door;

	if (!words) {
		*why = g_strdup(
			_("Which room is not said: write 'room = ...' into its [feed], or Enter names it here"));
		return false;
	}
	if (!door_book_find(d->p->book, words, d->doors, why))
		return false;
	follow_moves(d);
	d->rooms = d->doors->len;
	if (d->p->extra_wrong) {
		*why = g_strdup(d->p->extra_wrong);
		return false;
	}
	for (guint i = 0; i < d->p->extra->len; i++)
		if (!plan_opens(d, ((const struct feed_lock *)d->p->extra->pdata[i])->lock_no))
			g_ptr_array_add(d->doors, d->p->extra->pdata[i]);
	return true;
}

static void name_doors(struct deciding *d)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < d->doors->len; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "", ((const struct feed_lock *)d->doors->pdata[i])->name);
	if (!d->doors->len) {
		const char *door = d->row->fix[FEED_FIX_DOOR] ? d->row->fix[FEED_FIX_DOOR] : d->row->is.door;

		g_string_append(s, door ? door : d->p->rule->room ? d->p->rule->room : "");
	}
	d->out->doors = g_string_free(s, FALSE);
}

/* Where nothing has been made yet, or what was made left no trace. */
static void find_issues(struct deciding *d, GError **err)
{
	for (guint i = 0; i < d->doors->len; i++) {
		const struct feed_lock *lock = d->doors->pdata[i];
		bool held = false;

		for (guint k = 0; k < d->held->len; k++) {
			const struct issued *h = &g_array_index(d->held, struct issued, k);

			held = held || (h->lock_no == lock->lock_no && h->is != HELD_NOTHING);
		}
		if (!held && !*err) {
			struct plan_door *door = planner_door(d->p, lock, err);

			if (door)
				g_ptr_array_add(d->issue, door);
		}
	}
}

static bool is_nobody(const struct deciding *d)
{
	return d->row->is.status == RESERVATION_BLOCK && !d->row->fix[FEED_FIX_GUEST];
}

/* A row that cannot be a stay, or is none any more. True: it is dealt with. */
static bool decide_whole(struct deciding *d)
{
	const struct reservation *is = &d->row->is;
	bool cancelled = is->status == RESERVATION_CANCELLED, goes = d->row->gone || cancelled || is_nobody(d);
	const char *why = d->row->gone ? _("no longer in the list")
			  : cancelled  ? _("cancelled")
				       : _("an owner's block now");

	if (is->refused) {
		plan_block(d, FEED_FIX_NONE, is->refused);
		return true;
	}
	if (!instant_before(d->p->rule->now, is->ends_at)) {
		if (!d->row->gone)
			plan_block(d, FEED_FIX_NONE, _("The stay is over"));
		return true;
	}
	count_vanished(d, goes);
	if (!goes)
		return false;
	plan_decide_held(d, why);
	if (!d->out->words && cancelled)
		plan_at_door(d, BATCH_SAME, 0, _("cancelled, and there is no code"));
	else if (!d->out->words && !d->row->gone) {
		d->out->fix = FEED_FIX_GUEST;
		plan_at_door(d, BATCH_SAME, 0,
			     _("an owner's block: nobody comes. Enter names a guest, if somebody does"));
	}
	return true;
}

static void decide_first(struct deciding *d, GError **err)
{
	g_autofree char *why = NULL;
	bool found = find_doors(d, &why);

	name_doors(d);
	if (decide_whole(d))
		return;
	if (!found) {
		plan_block(d, FEED_FIX_DOOR, why);
		return;
	}
	if (!d->guest) {
		plan_block(d, FEED_FIX_GUEST, _("Who comes is not said: Enter writes the name"));
		return;
	}
	d->stands = true;
	plan_decide_held(d, "");
	find_issues(d, err);
}

/* ---- the second round ---- */

static struct instant start_of(const struct deciding *d)
{
	struct instant from = d->row->is.starts_at, now = d->p->rule->now;

	return instant_before(from, now) ? now : from;
}

/* A code of this name and window that nobody imported: made by hand, or by a cache that was lost. */
static const struct code_row *made_already(const struct deciding *d, const struct plan_door *door)
{
	g_autofree char *name = text_fold(d->guest);

	for (guint i = 0; i < door->codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(door->codes, struct code_row, i);
		g_autofree char *other = c->code.time_bound && c->state != CODE_ENDED
						 ? text_fold(c->code.name ? c->code.name : "")
						 : NULL;

		if (other && strcmp(name, other) == 0 && instant_known(c->code.starts_at) &&
		    instant_known(c->code.ends_at) &&
		    plan_same_window(d, d->row->is.starts_at, d->row->is.ends_at, c->code.starts_at, c->code.ends_at))
			return c;
	}
	return NULL;
}

static char *booked(const struct deciding *d, const struct plan_door *door)
{
	struct occupied_query q = {
		.from = start_of(d),
		.until = d->row->is.ends_at,
		.now = d->p->rule->now,
		.zone = d->p->rule->zone,
		.door = door->lock->name,
	};
	g_autofree char *who = cache_occupied(d->p->cache, door->codes, &q);

	return who ? g_strdup_printf(_("Double booking: %s"), who) : NULL;
}

static bool is_room(const struct deciding *d, const struct plan_door *door)
{
	for (guint i = 0; i < d->rooms; i++)
		if (d->doors->pdata[i] == door->lock)
			return true;
	return false;
}

/* Leaves in d->issue where a code can be made; false: the stay as a whole cannot be. */
static bool check_issues(struct deciding *d)
{
	for (guint i = d->issue->len; i-- > 0;) {
		struct plan_door *door = d->issue->pdata[i];
		const struct code_row *there = made_already(d, door);
		g_autofree char *taken = !there && is_room(d, door) ? booked(d, door) : NULL;

		if (taken) {
			plan_block(d, FEED_FIX_NONE, taken);
			return false;
		}
		if (!there)
			continue;
		plan_at_code(d, BATCH_SAME, there, _("has a code of that name and time already"));
		g_ptr_array_remove_index(d->issue, i);
	}
	return true;
}

static const char *pin_of_others(const struct deciding *d)
{
	for (guint i = 0; i < d->held->len; i++) {
		const struct issued *h = &g_array_index(d->held, struct issued, i);

		if (h->list && held_has_code(h) && held_code(h)->code.code)
			return held_code(h)->code.code;
	}
	return NULL;
}

/* As it will be there, for the next stay to be compared with. */
static void add_future(struct deciding *d, struct plan_door *door)
{
	struct code_row c = {
		.lock_no = door->lock->lock_no,
		.code = { .name = g_string_chunk_insert(door->codes->chunk, d->guest),
			  .time_bound = true,
			  .managed = true,
			  .starts_at = start_of(d),
			  .ends_at = d->row->is.ends_at },
		.deleted_at = INSTANT_NONE,
		.state = CODE_QUEUED,
	};

	g_array_append_val(door->codes->rows, c);
}

static void issue_one(struct deciding *d, struct plan_door *door, const char *pin, const char *words)
{
	g_autofree char *unique = g_uuid_string_random(), *whole = NULL;
	struct draft draft = { .name = d->guest, .from = start_of(d), .until = d->row->is.ends_at };
	const struct lock *lock = plan_door_lock(door);
	bool theirs = draft_pin_is_theirs(&draft, lock);
	g_autofree char *key = g_strdup_printf("%s.%.13s", d->mark, unique);
	const char *problem = NULL;
	enum draft_field field;
	struct batch_row *r;

	draft.pin = theirs ? NULL : pin;
	draft.common_code_key = key;
	field = draft_check(&draft, lock, d->p->rule->now, &problem);
	if (field != DRAFT_FINE) {
		if (field == DRAFT_NAME)
			d->out->fix = FEED_FIX_GUEST;
		plan_at_door(d, BATCH_BLOCKED, door->lock->lock_no, problem);
		return;
	}
	whole = d->row->is.note
			? g_strdup_printf("%s. %s", theirs ? _("new code, PIN chosen by the lock's maker") : words,
					  d->row->is.note)
			: g_strdup(theirs ? _("new code, PIN chosen by the lock's maker") : words);
	plan_at_door(d, BATCH_ISSUE, door->lock->lock_no, whole);
	r = d->p->plan->batch->rows->pdata[d->p->plan->batch->rows->len - 1];
	r->kind = INTENT_CREATE;
	r->starts_at = draft.from;
	r->params = draft_create_params(&draft, lock->device_id);
	r->common_code_key = g_steal_pointer(&key);
	add_future(d, door);
}

static void decide_second(struct deciding *d)
{
	const char *phone = d->phone;
	char pin[PIN_MAX + 1] = "";
	g_autofree char *words = NULL;
	g_autoptr(GPtrArray) ours = g_ptr_array_new();

	if (!d->stands || !d->issue->len || !check_issues(d) || !d->issue->len)
		return;
	for (guint i = 0; i < d->issue->len; i++) {
		struct plan_door *door = d->issue->pdata[i];

		if (!draft_pin_is_theirs(&(struct draft){ .pin = NULL }, plan_door_lock(door)))
			g_ptr_array_add(ours, door);
	}
	if (ours->len && !plan_choose_pin(d->p, ours, phone, pin_of_others(d), pin, &words)) {
		plan_block(d, FEED_FIX_NONE, words);
		return;
	}
	if (d->p->rule->pin_from_phone && !phone)
		d->out->fix = FEED_FIX_PHONE;
	for (guint i = 0; i < d->issue->len; i++)
		issue_one(d, d->issue->pdata[i], pin, words);
	explicit_bzero(pin, sizeof pin);
}

/* ---- all of them ---- */

static void plan_row_free(void *data)
{
	struct plan_row *r = data;

	g_free(r->guest);
	g_free(r->doors);
	g_free(r->words);
	g_free(r);
}

static struct deciding *begin(struct planner *p, const struct feed_row *row, GError **err)
{
	struct deciding *d = g_new0(struct deciding, 1);
	const char *guest = row->fix[FEED_FIX_GUEST] ? row->fix[FEED_FIX_GUEST] : row->is.guest;

	d->p = p;
	d->row = row;
	d->guest = guest;
	d->phone = row->fix[FEED_FIX_PHONE] ? row->fix[FEED_FIX_PHONE] : row->is.phone;
	d->doors = g_ptr_array_new();
	d->issue = g_ptr_array_new();
	d->mark = feed_mark(p->rule->source, &row->is);
	d->out = g_new0(struct plan_row, 1);
	d->out->row = row;
	d->out->sign = BATCH_SAME;
	d->out->answer = PLAN_UNCHANGED;
	d->out->fix = FEED_FIX_NONE;
	d->out->guest = g_strdup(guest);
	d->held = row->is.refused ? g_array_new(FALSE, TRUE, sizeof(struct issued))
				  : held_read(p->cache, d->mark, p->rule->now, err);
	return d;
}

static bool decide_all(struct planner *p, const struct cache_list *rows, GError **err)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(deciding_free);
	GError *wrong = NULL;

	for (guint i = 0; !wrong && i < rows->rows->len; i++) {
		struct deciding *d = begin(p, cache_list_at(rows, struct feed_row, i), &wrong);

		g_ptr_array_add(all, d);
		g_ptr_array_add(p->plan->rows, d->out);
		if (!wrong)
			decide_first(d, &wrong);
	}
	for (guint i = 0; !wrong && i < all->len; i++)
		decide_second(all->pdata[i]);
	for (guint i = all->len; !wrong && i-- > 0;) {
		struct deciding *d = all->pdata[i];

		if (d->row->gone && !d->out->words)
			g_ptr_array_remove_index(p->plan->rows, i); /* it was told before */
		else if (!d->row->gone)
			p->plan->answers[d->out->answer]++;
	}
	if (!wrong)
		return true;
	g_propagate_error(err, wrong);
	return false;
}

static void guard(struct plan *plan, const struct plan_rule *rule, const struct cache_list *rows)
{
	bool empty = true;

	for (guint i = 0; i < rows->rows->len; i++)
		empty = empty && cache_list_at(rows, struct feed_row, i)->gone;
	plan->batch->guard = batch_guard(rule->source, plan->known, plan->vanished);
	if (!plan->batch->guard && empty && plan->vanished)
		plan->batch->guard = g_strdup_printf(
			_("%s is empty, and had stays to come: see whether the list is whole."), rule->source);
}

struct plan *plan_make(struct cache *c, const struct cache_list *rows, const struct plan_rule *rule, GError **err)
{
	OWN(plan) struct plan *plan = g_new0(struct plan, 1);
	struct planner p = { .cache = c, .rule = rule, .plan = plan };
	bool ok;

	plan->batch = batch_new(_("Import"), rule->source);
	plan->rows = g_ptr_array_new_with_free_func(plan_row_free);
	ok = planner_open(&p, err) && decide_all(&p, rows, err);
	planner_close(&p);
	if (!ok)
		return NULL;
	guard(plan, rule, rows);
	return g_steal_pointer(&plan);
}

struct batch *plan_take_batch(struct plan *p)
{
	struct batch *b = g_steal_pointer(&p->batch);

	plan_free(p);
	return b;
}

void plan_free(struct plan *p)
{
	if (p->batch)
		batch_free(p->batch);
	g_ptr_array_unref(p->rows);
	g_free(p);
}
