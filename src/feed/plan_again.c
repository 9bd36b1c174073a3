/* plan_again - a plan that is held against the world once more when it is applied: another desk, sync or the same
 * list at the same moment may have been there first. See plan.h. */
#include "feed/plan.h"

struct again {
	struct cache *cache;
	char *source, *room, *doors;
	struct plan_rule rule;
	const struct instant *now;
};

static void again_free(void *p)
{
	struct again *a = p;

	g_free(a->source);
	g_free(a->room);
	g_free(a->doors);
	g_free(a);
}

static struct batch *make(void *ctx)
{
	struct again *a = ctx;
	OWN(cache_list) struct cache_list *rows = cache_feed_rows(a->cache, a->source, NULL);
	struct plan *plan;

	a->rule.now = *a->now;
	plan = rows ? plan_make(a->cache, rows, &a->rule, NULL) : NULL;
	return plan ? plan_take_batch(plan) : NULL;
}

void plan_hold(struct plan *p, struct cache *c, const struct plan_rule *rule, const struct instant *now)
{
	struct again *a = g_new0(struct again, 1);
	struct batch *b = p->batch;

	*a = (struct again){ c, g_strdup(rule->source), g_strdup(rule->room), g_strdup(rule->doors), *rule, now };
	a->rule.source = a->source;
	a->rule.room = a->room;
	a->rule.doors = a->doors;
	b->strict = true;
	b->again = make;
	b->again_ctx = a;
	b->again_free = again_free;
}
