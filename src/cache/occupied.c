/* occupied - who has a door at the time that a new code is for: the warning of a double booking.
 *
 * A room's door knows more codes than its guest's: the cleaners', every morning. Those are told from a
 * stay by their hours - within one day, or again and again - so that the stay is found among them. Where one
 * guest would walk in on another, telling is not enough: cache_taken is what is asked about. */
#include "cache/common_door.h"
#include "cache/doubles.h"
#include "core/i18n.h"
#include "core/when.h"

#define VISITORS_MAX	 2 /* more who come for hours at once tell of nobody */
#define NAMED_MAX	 2
#define KEYS_FOR_EVER	 3 /* so many on a door: one more is no news to whoever sleeps behind it */

static bool shares_time(const struct code_row *c, const struct occupied_query *q)
{
	const struct access_code *ac = &c->code;

	if (!ac->time_bound || c->state == CODE_ENDED || c->state == CODE_REMOVING || ac->is_backup == TRI_YES)
		return false;
	if ((q->but_code_no && c->code_no == q->but_code_no) || (q->but_intent_no && c->intent_no == q->but_intent_no))
		return false;
	return instant_known(ac->starts_at) && instant_known(ac->ends_at) && instant_known(q->from) &&
	       instant_known(q->until) && instant_before(ac->starts_at, q->until) &&
	       instant_before(q->from, ac->ends_at);
}

static bool is_within_a_day(const struct code_row *c, const struct occupied_query *q)
{
	return when_nights(q->zone, c->code.starts_at, c->code.ends_at) < 1;
}

/* The same name on this door on another day: whoever cleans, not whoever sleeps there. */
static bool comes_again(const struct cache_list *codes, const struct code_row *c,
			const struct occupied_query *q)
{
	for (guint i = 0; i < codes->rows->len; i++) {
		const struct code_row *other = cache_list_at(codes, struct code_row, i);

		if (other != c && other->code.time_bound && g_strcmp0(other->code.name, c->code.name) == 0 &&
		    is_within_a_day(other, q))
			return true;
	}
	return false;
}

static GPtrArray *choose(const struct cache_list *codes, const struct occupied_query *q, bool stays)
{
	GPtrArray *chosen = g_ptr_array_new();

	for (guint i = 0; i < codes->rows->len; i++) {
		struct code_row *c = cache_list_at(codes, struct code_row, i);

		if (shares_time(c, q) && is_within_a_day(c, q) != stays && (stays || !comes_again(codes, c, q)))
			g_ptr_array_add(chosen, c);
	}
	return chosen;
}

/* So many as ever have it at one moment: that is when one of them begins. */
static guint most_at_once(const GPtrArray *chosen)
{
	guint most = 0;

	for (guint i = 0; i < chosen->len; i++) {
		const struct code_row *at = g_ptr_array_index(chosen, i);
		guint n = 0;

		for (guint k = 0; k < chosen->len; k++) {
			const struct code_row *c = g_ptr_array_index(chosen, k);

			n += !instant_before(at->code.starts_at, c->code.starts_at) &&
			     instant_before(at->code.starts_at, c->code.ends_at);
		}
		most = MAX(most, n);
	}
	return most;
}

static char *names_of(const GPtrArray *chosen)
{
	const char *name[NAMED_MAX + 1] = { NULL };
	g_autofree char *some = NULL;

	for (guint i = 0; i < MIN(chosen->len, NAMED_MAX); i++)
		name[i] = access_code_called(&((const struct code_row *)g_ptr_array_index(chosen, i))->code);
	if (chosen->len == 2 && name[1])
		return g_strdup_printf(_("%1$s and %2$s"), name[0], name[1]);
	some = g_strjoinv(", ", (char **)(uintptr_t)name);
	return chosen->len > NAMED_MAX ? g_strdup_printf(_("%1$s and %2$u more"), some, chosen->len - NAMED_MAX)
				       : g_steal_pointer(&some);
}

/* Who has the door meanwhile, from when (where that is still to come) until when. */
static char *say(const GPtrArray *chosen, const struct occupied_query *q)
{
	const struct code_row *one = g_ptr_array_index(chosen, 0);
	struct instant first = one->code.starts_at, last = one->code.ends_at;
	char until[CIVIL_TEXT_MAX], from[CIVIL_TEXT_MAX];
	g_autofree char *names = names_of(chosen);

	for (guint i = 0; i < chosen->len; i++) {
		const struct access_code *ac = &((const struct code_row *)g_ptr_array_index(chosen, i))->code;

		first = instant_before(ac->starts_at, first) ? ac->starts_at : first;
		last = instant_before(last, ac->ends_at) ? ac->ends_at : last;
	}
	civil_near(q->zone, last, q->now, until);
	if (!instant_before(q->now, first))
		return g_strdup_printf(P_("%1$s has %2$s until %3$s", "%1$s have %2$s until %3$s", chosen->len), names,
				       q->door, until);
	return g_strdup_printf(
		P_("%1$s has %2$s from %3$s until %4$s", "%1$s have %2$s from %3$s until %4$s", chosen->len), names,
		q->door, civil_near(q->zone, first, q->now, from), until);
}

/* Whoever gets a key for ever walks in on whoever is there as it begins; who comes in a month is asked then. */
static struct occupied_query with_end(const struct occupied_query *q)
{
	struct occupied_query bounded = *q;

	if (instant_known(q->from) && instant_eq(q->until, INSTANT_MAX))
		bounded.until = instant_add_ms(q->from, DAY_MS);
	return bounded;
}

static bool is_common(struct cache *c, const struct cache_list *codes, const struct occupied_query *q)
{
	g_autoptr(GPtrArray) stays = double_stays(codes, q->zone);

	return common_door(c, stays, q->now);
}

char *cache_occupied(struct cache *c, const struct cache_list *codes, const struct occupied_query *query)
{
	struct occupied_query q = with_end(query);
	g_autoptr(GPtrArray) stays = choose(codes, &q, true), visits = NULL;

	if (stays->len)
		return is_common(c, codes, &q) ? NULL : say(stays, &q);
	visits = choose(codes, &q, false);
	return visits->len && most_at_once(visits) <= VISITORS_MAX ? say(visits, &q) : NULL;
}

/* ---- where somebody sleeps ---- */

bool cache_is_free(const struct cache_list *codes, const struct occupied_query *q)
{
	g_autoptr(GPtrArray) stays = choose(codes, q, true);

	return stays->len == 0;
}

static bool is_asked_for(const struct occupied_query *q, int64_t lock_no)
{
	for (size_t i = 0; i < q->n_locks; i++)
		if (q->locks[i] == lock_no)
			return true;
	return false;
}

/* Each of the two has another door that the other has not: this one they share. */
static bool has_a_room_elsewhere(struct cache *c, const struct code_row *row, const struct occupied_query *q)
{
	OWN(cache_list) struct cache_list *others =
		q->n_locks > 1 && row->code_no ? cache_codes_of_guest(c, row->code_no, q->now, NULL) : NULL;
	size_t shared = 1;
	bool elsewhere = false;

	for (guint i = 0; others && i < others->rows->len; i++) {
		const struct code_row *r = cache_list_at(others, struct code_row, i);

		if (r->lock_no == row->lock_no || !shares_time(r, q))
			continue;
		shared += is_asked_for(q, r->lock_no);
		elsewhere = elsewhere || !is_asked_for(q, r->lock_no);
	}
	return elsewhere && shared < q->n_locks;
}

static bool is_another_guest(struct cache *c, const struct code_row *row, const struct occupied_query *q)
{
	const struct access_code *ac = &row->code;

	return shares_time(row, q) && double_is_stay(row, q->zone) && (!q->name || g_strcmp0(ac->name, q->name) != 0) &&
	       !(instant_before(ac->starts_at, q->was_until) && instant_before(q->was_from, ac->ends_at)) &&
	       !has_a_room_elsewhere(c, row, q);
}

static bool has_keys_for_ever(const struct cache_list *codes)
{
	int n = 0;

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(codes, struct code_row, i);

		n += !c->code.time_bound && c->code.managed && c->code.is_backup != TRI_YES && c->state != CODE_REMOVING;
	}
	return n >= KEYS_FOR_EVER;
}

char *cache_taken(struct cache *c, const struct cache_list *codes, const struct occupied_query *query)
{
	struct occupied_query q = with_end(query);
	g_autoptr(GPtrArray) stays = g_ptr_array_new();

	if (!instant_known(q.from) || !instant_known(q.until) || when_nights(q.zone, q.from, q.until) < 1 ||
	    (instant_eq(query->until, INSTANT_MAX) && has_keys_for_ever(codes)))
		return NULL;
	for (guint i = 0; i < codes->rows->len; i++) {
		struct code_row *row = cache_list_at(codes, struct code_row, i);

		if (is_another_guest(c, row, &q))
			g_ptr_array_add(stays, row);
	}
	return stays->len && !is_common(c, codes, &q) ? say(stays, &q) : NULL;
}
