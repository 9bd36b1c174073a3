/* rack_twin - the rack's row in words, without its bars; see screen.h. */
#include "ui/screens/rack.h"

#include "core/i18n.h"
#include "ui/screens/words.h"
#include "ui/twin.h"

#define NUDGE_ROWS 3
#define NUDGE_COLS 240

/* What a nudge would mean is drawn below the list; who has only this row hears it here. */
static char *nudge_twin(struct rack *r, const struct code_row *c)
{
	GString *out = g_string_new(NULL);
	struct grid g;

	grid_init(&g);
	grid_resize(&g, NUDGE_ROWS, NUDGE_COLS);
	rack_draw_nudge(r, c, &g, (struct rect){ 0, 0, NUDGE_ROWS, NUDGE_COLS });
	for (int row = 0; row < NUDGE_ROWS; row++) {
		g_autofree char *words = twin_of_row(&g, row);

		if (*words)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", words);
	}
	grid_done(&g);
	return g_string_free(out, FALSE);
}

static const char *marked_words(const struct rack *r, struct marked what)
{
	return marks_has(r->marks, what) ? _(", marked") : "";
}

static char *code_twin(struct rack *r, const struct code_row *c)
{
	const struct world *w = r->base.world;
	g_autofree char *window = words_window_short(&c->code, zone_of(c->zone, w->zone), w->now);
	g_autofree char *intent = words_intent(c), *row = NULL, *nudge = NULL;

	row = g_strdup_printf(_("%1$s on %2$s: %3$s, %4$s"), code_name(&c->code), c->lock_name,
			      intent ? intent : words_state_short(c), window);
	if (r->nudge.code_no && r->nudge.code_no == c->code_no) {
		nudge = nudge_twin(r, c);
		return g_strdup_printf(_("Not sent yet: %s"), nudge);
	}
	return g_strconcat(row, marked_words(r, mark_of_code(c)), NULL);
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
	g_string_append(out, marked_words(r, (struct marked){ .lock_no = l->row->lock_no }));
	return g_string_free(out, FALSE);
}
