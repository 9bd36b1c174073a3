/* walk - the walk list: the locks that need hands, floor by floor, as plain text for paper. */
#include "ui/screens/locks.h"
#include "core/i18n.h"
#include "ui/screens/words.h"

static void add_lock(GString *out, struct world *w, const struct round_row *r, const struct lock *lock)
{
	const struct zone *z = zone_of(lock->zone, w->zone);
	g_autofree char *name = text_safe(lock->name ? lock->name : _("(no name)"));
	g_autofree char *room = text_safe(lock->room);
	g_autofree char *trouble = NULL;
	char at[CIVIL_TEXT_MAX];
	bool loud;

	g_string_append_printf(out, "  [ ] %s%s%s\n", name, *room ? ", " : "", room);
	if (r->health.offline && instant_known(r->health.offline_since))
		g_string_append_printf(out, _("      offline since %s\n"), civil_full(z, r->health.offline_since, at));
	trouble = locks_trouble(w, r, lock, &loud);
	if (trouble) {
		g_autofree char *safe = text_safe(trouble);

		g_string_append_printf(out, "      %s\n", safe);
	}
	g_string_append_c(out, '\n');
}

/* Floor order is the order in which the round is read. */
char *walk_list(struct locks *l, int *n)
{
	struct world *w = l->base.world;
	const char *house = w->profile->name ? w->profile->name : w->profile->id;
	g_autofree char *title = text_safe(house);
	GString *out = g_string_new(NULL), *body = g_string_new(NULL);
	char at[CIVIL_TEXT_MAX];
	int group = -1;

	locks_load(l);
	*n = 0;
	for (guint i = 0; i < l->round->len; i++) {
		const struct round_row *r = &g_array_index(l->round, struct round_row, i);
		const struct locks_seen *s = health_needs_hands(&r->health) ? locks_see(l, r->lock_no) : NULL;

		if (!s || !s->row)
			continue;
		if (locks_group(l, r) != group) {
			g_autofree char *where = text_safe(locks_group_name(l, &s->row->lock));

			g_string_append_printf(body, "%s\n", where);
		}
		group = locks_group(l, r);
		add_lock(body, w, r, &s->row->lock);
		++*n;
	}
	g_string_printf(out, _("%s: locks that need hands, as of %s\n%d of %u locks, floor by floor\n\n%s"), title,
			civil_full(w->zone, w->now, at), *n, l->round->len, body->str);
	g_string_free(body, TRUE);
	return g_string_free(out, FALSE);
}
