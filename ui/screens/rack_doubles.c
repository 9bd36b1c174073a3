/* rack_doubles - rooms that two guests have at once, as the rack marks and says them. */
#include "core/i18n.h"
#include "ui/screens/rack.h"
#include "ui/screens/words.h"

/* Asked of the whole lock, whatever a search shows of it, and kept as long as its codes are. */
static const struct cache_list *doubles_of(struct rack *r, struct rack_lock *l)
{
	const struct world *w = r->base.world;
	struct code_query q = {
		.lock_no = l->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = RACK_CODES_MAX
	};
	OWN(cache_list) struct cache_list *all = NULL;

	if (l->has_doubles)
		return l->doubles;
	l->has_doubles = true;
	if (!cache_lock_spans_meet(w->cache, l->lock_no, w->now))
		return NULL;
	if (r->rows.find || !instant_eq(l->until, INSTANT_MAX))
		all = cache_codes(w->cache, &q, w->now, NULL);
	if (all || l->codes)
		l->doubles = cache_doubles_among(w->cache, all ? all : l->codes, w->zone, w->now);
	return l->doubles;
}

const struct double_row *rack_double(struct rack *r, struct rack_lock *l, const struct code_row *c)
{
	const struct cache_list *all = doubles_of(r, l);

	if (c)
		return double_of(all, c->code_no, c->intent_no);
	return all && all->rows->len ? cache_list_at(all, struct double_row, 0) : NULL;
}

char *rack_double_words(struct rack *r, struct rack_lock *l, const struct code_row *c, bool ascii)
{
	const struct world *w = r->base.world;
	const struct double_row *d = rack_double(r, l, c);
	const struct double_stay *other = d && c ? double_other(d, c->code_no, c->intent_no) : NULL;
	const struct zone *z = d ? zone_of(d->zone, w->zone) : NULL;
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

	if (!d)
		return NULL;
	civil_near(z, d->from, w->now, from);
	civil_near(z, d->until, w->now, until);
	if (other)
		return g_strdup_printf(_("%1$s Double booking: %2$s has this room too, from %3$s until %4$s"),
				       DOUBLE_SIGN(ascii), other->name, from, until);
	return g_strdup_printf(_("%1$s Double booking: %2$s and %3$s both have it from %4$s until %5$s"),
			       DOUBLE_SIGN(ascii), d->stay[0].name, d->stay[1].name, from, until);
}
