/* rack_twin - the rack's row in words, without its bars; see screen.h. */
#include "ui/screens/rack.h"

#include "core/i18n.h"
#include "ui/screens/words.h"

static char *code_twin(const struct rack *r, const struct code_row *c)
{
	const struct world *w = r->base.world;
	g_autofree char *window = words_window_short(&c->code, zone_of(c->zone, w->zone), w->now);
	g_autofree char *intent = words_intent(c);

	return g_strdup_printf(_("%1$s on %2$s: %3$s, %4$s"), code_name(&c->code), c->lock_name,
			       intent ? intent : words_state_short(c), window);
}

char *rack_twin(struct screen *s)
{
	struct rack *r = rack_of(s);
	const struct code_row *c = rack_code(r);
	struct rack_lock *l = rack_lock(r);
	enum role role;
	GString *out;

	if (r->feed_focus || !l || !l->row)
		return NULL;
	if (c)
		return code_twin(r, c);
	g_autofree char *state = words_lock_state(&l->row->lock, l->offline_since, s->world->now, &role);

	out = g_string_new(NULL);
	g_string_printf(out, "%s: %s", l->row->lock.name, state);
	if (l->row->lock.battery_pct >= 0)
		g_string_append_printf(out, _(", battery %d %%"), l->row->lock.battery_pct);
	g_string_append_printf(out, P_(", %d code now", ", %d codes now", l->row->codes_now), l->row->codes_now);
	if (l->row->codes_to_come)
		g_string_append_printf(out, P_(", %d to come", ", %d to come", l->row->codes_to_come),
				       l->row->codes_to_come);
	if (l->row->codes_trouble)
		g_string_append_printf(out, _(", %d in trouble"),
				       l->row->codes_trouble);
	return g_string_free(out, FALSE);
}
