/* events_paper - what the filter shows as a page for whoever asks: one night of one lock, on paper. */
#include "core/i18n.h"
#include "core/vocab.h"
#include "ui/screens/events.h"
#include "ui/screens/feed.h"
#include "ui/screens/paper.h"

enum { PAPER_MAX = 2000, PAPER_LOOK = 100000 };

static void add_line(GString *out, const struct events_screen *s, const struct event_row *e, struct instant *day)
{
	const struct zone *z = events_zone(s, e);
	const struct event_info *info = event_lookup(e->event.event_type);
	const char *method = method_words(e->event.method);
	struct instant of = zone_day_start(z, e->event.occurred_at, 0);
	g_autofree char *lock = text_safe(e->lock_name), *who = text_safe(e->who), *why = text_safe(e->why);
	char buf[CIVIL_TEXT_MAX];

	if (!instant_eq(of, *day))
		g_string_append_printf(out, "\n%s %d\n", civil_day(z, e->event.occurred_at, buf),
				       civil_at(z, e->event.occurred_at).year);
	*day = of;
	g_string_append_printf(out, "  %s  ", civil_seconds(z, e->event.occurred_at, buf));
	if (!s->lock_no)
		g_string_append_printf(out, "%s: ", lock);
	g_string_append(out, info->words ? info->words : e->event.event_type);
	if (*who)
		g_string_append_printf(out, ", %s%s", e->how == WHO_INFERRED ? "~" : "", who);
	if (*why)
		g_string_append_printf(out, " (%s)", why);
	if (*method)
		g_string_append_printf(out, ", %s", method);
	if (feed_late_ms(&e->event))
		g_string_append_printf(out, _(", told only %s"), civil_full(z, e->event.created_at, buf));
	g_string_append_c(out, '\n');
}

/* From the newest back as far as a page list goes, and then in the order in which it happened. */
void events_paper_ask(struct events_screen *s)
{
	struct world *w = s->base.world;
	struct event_find find = events_what(s);
	struct event_found found;
	g_autoptr(GError) err = NULL;
	char now[CIVIL_TEXT_MAX];
	struct instant day = INSTANT_NONE;

	find.limit = PAPER_MAX;
	find.look = PAPER_LOOK;
	OWN(cache_list) struct cache_list *list = cache_find_events(w->cache, &find, &found, &err);

	if (!list) {
		app_message(s->base.app, true, _("The events cannot be read: %s"), err ? err->message : "?");
		return;
	}
	if (!list->rows->len) {
		app_message(s->base.app, false, _("There is nothing to print."));
		return;
	}
	const char *house = w->profile->name ? w->profile->name : w->profile->id;
	g_autofree char *about = text_safe(s->about), *title = text_safe(house), *line = text_safe(s->find.text->str);
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, _("%1$s: what happened, %2$s\n%3$s%4$sas of %5$s, on the clock of %6$s\n"), title,
			       about, line, *line ? "\n" : "", civil_full(w->zone, w->now, now), zone_name(w->zone));
	if (!found.end)
		g_string_append_printf(out, _("Only the newest %u of them.\n"), list->rows->len);
	g_string_append(out, _("A name with ~ before it is a conclusion, not a report.\n"));
	for (guint i = list->rows->len; i > 0; i--)
		add_line(out, s, cache_list_at(list, struct event_row, i - 1), &day);
	g_autofree char *noted = g_strdup_printf("%u events, filter '%s'", list->rows->len, s->find.text->str);

	paper_ask(s->base.app, PAPER_EVENTS, g_string_free(out, FALSE), noted);
}
