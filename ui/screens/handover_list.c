/* handover_list - the lines of a handover, each kind from what the cache knows; see handover.h. */
#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "core/when.h"
#include "ui/night_watch.h"
#include "ui/screens/handover.h"
#include "ui/screens/tonight.h"
#include "ui/screens/words.h"

#define LINES_MAX 100 /* of a kind: more is another screen's matter */

struct making {
	const struct world *w;
	struct page *page;
	GArray *targets;
	struct instant since;
	struct board board;
	int open;
};

static void add(struct making *m, const char *label, char *text, enum role role, struct handover_target t)
{
	g_array_append_val(m->targets, t);
	page_add(m->page, label, text, role, m->targets->len);
	m->open++;
}

/* ---- tonight ---- */

static void doors_at_risk(struct making *m, bool departs)
{
	const struct world *w = m->w;

	for (guint i = 0; i < m->board.doors->len; i++) {
		const struct board_door *d = &g_array_index(m->board.doors, struct board_door, i);
		const struct night_row *row = d->row;
		const struct zone *z = zone_of(row->zone, w->zone);
		g_autofree char *why = NULL;
		char at[CIVIL_TEXT_MAX];

		if (d->ready.verdict != READY_AT_RISK || row->facts.departs != departs)
			continue;
		why = ready_words(&row->facts, &d->ready, z, w->now);
		add(m, civil_near(z, departs ? row->facts.code.ends_at : row->facts.code.starts_at, w->now, at),
		    g_strdup_printf(_("%1$s on %2$s: %3$s"), code_name(&row->facts.code), row->lock_name, why),
		    ROLE_ALARM, (struct handover_target){ .lock_no = row->lock_no, .code_no = row->code_no });
	}
}

static void doubles(struct making *m)
{
	const struct world *w = m->w;
	OWN(cache_list) struct cache_list *ahead = doubles_ahead(w);

	for (guint i = 0; ahead && i < ahead->rows->len; i++) {
		const struct double_row *d = cache_list_at(ahead, struct double_row, i);
		const struct zone *z = zone_of(d->zone, w->zone);
		char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

		add(m, d->lock_name ? d->lock_name : "?",
		    g_strdup_printf(_("%1$s and %2$s both have it from %3$s until %4$s"), d->stay[0].name,
				    d->stay[1].name, civil_near(z, d->from, w->now, from),
				    civil_near(z, d->until, w->now, until)),
		    ROLE_ALARM, (struct handover_target){ .lock_no = d->lock_no, .code_no = d->stay[1].code_no });
	}
}

static void arrivals(struct making *m)
{
	doors_at_risk(m, false);
}

static bool revokes(const struct intent *in)
{
	return in->kind == INTENT_DELETE || in->kind == INTENT_DELETE_UNMANAGED;
}

static void intents(struct making *m, unsigned states, bool only_revokes)
{
	OWN(cache_list) struct cache_list *list = outbox_list(m->w->cache, states, LINES_MAX, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);
		bool refused = in->state == INTENT_REFUSED;
		char at[CIVIL_TEXT_MAX];

		if (only_revokes && !revokes(in))
			continue;
		add(m, civil_near(m->w->zone, in->made_at, m->w->now, at),
		    g_strdup_printf(_("%1$s %2$s on %3$s: %4$s"), _(intent_kind_info(in->kind)->words),
				    in->name ? in->name : "", in->lock_name ? in->lock_name : _("its door"),
				    in->message ? in->message : refused ? _("no reason was given") : _("not sent yet")),
		    refused ? ROLE_ALARM : ROLE_PENDING, (struct handover_target){ .outbox = true });
	}
}

static void revocations(struct making *m)
{
	doors_at_risk(m, true);
	intents(m, 1u << INTENT_QUEUED | 1u << INTENT_SENDING, true);
}

static void refusals(struct making *m)
{
	intents(m, 1u << INTENT_REFUSED, false);
}

/* ---- locks ---- */

static void lock_line(struct making *m, const struct round_row *r)
{
	const struct world *w = m->w;
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, r->lock_no, w->now, NULL);
	const struct lock *lock = list && list->rows->len ? &cache_list_at(list, struct lock_row, 0)->lock : NULL;
	struct handover_target t = { .lock_no = r->lock_no };
	char at[CIVIL_TEXT_MAX];

	if (!lock)
		return;
	if (r->health.offline)
		add(m, lock->name, instant_known(r->health.offline_since)
			? g_strdup_printf(_("offline since %s"), civil_near(zone_of(lock->zone, w->zone),
									    r->health.offline_since, w->now, at))
			: g_strdup(_("offline")), ROLE_ALARM, t);
	if (r->health.battery_low)
		add(m, lock->name, r->health.battery_pct >= 0
			? g_strdup_printf(_("battery %d %%"), r->health.battery_pct) : g_strdup(_("battery low")),
		    ROLE_WARN, t);
}

static void locks(struct making *m)
{
	g_autoptr(GArray) round = cache_round(m->w->cache, m->w->now, NULL);

	for (guint i = 0; round && i < round->len; i++) {
		const struct round_row *r = &g_array_index(round, struct round_row, i);

		if (r->health.offline || r->health.battery_low)
			lock_line(m, r);
	}
}

static void strays(struct making *m)
{
	g_autoptr(GArray) all = cache_strays(m->w->cache, 0, m->w->now, NULL);

	int before = 0;

	for (guint i = 0, n = 0; all && i < all->len && n < LINES_MAX; i++) {
		int64_t no = g_array_index(all, int64_t, i);
		OWN(cache_list) struct cache_list *about = cache_stray(m->w->cache, no, NULL);
		OWN(cache_list) struct cache_list *code = cache_code(m->w->cache, no, m->w->now, NULL);
		const struct stray_row *s = about ? cache_list_at(about, struct stray_row, 0) : NULL;
		const struct code_row *c = code && code->rows->len ? cache_list_at(code, struct code_row, 0) : NULL;

		if (!s || !c || s->reason)
			continue;
		if (instant_known(m->since) && instant_before(s->first_seen, m->since)) {
			before++;
			continue;
		}
		n++;
		add(m, c->lock_name, g_strdup(code_name(&c->code)),
		    ROLE_WARN, (struct handover_target){ .lock_no = c->lock_no, .code_no = no });
	}
	if (before)
		page_add(m->page, NULL, g_strdup_printf(P_("%d that the last shift saw is still there: see the strays",
							   "%d that the last shift saw are still there: see the strays",
							   before), before), ROLE_DIM, 0);
}

/* ---- notes ---- */

static void notes(struct making *m)
{
	OWN(cache_list) struct cache_list *list = shift_notes(m->w->cache, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct shift_note *n = cache_list_at(list, struct shift_note, i);
		bool due = instant_known(n->due_at) && !instant_before(m->w->now, n->due_at);
		char at[CIVIL_TEXT_MAX], made[CIVIL_TEXT_MAX];

		civil_near(m->w->zone, n->made_at, m->w->now, made);
		add(m, instant_known(n->due_at) ? civil_near(m->w->zone, n->due_at, m->w->now, at) : _("note"),
		    g_strdup_printf(due ? _("DUE: %1$s (%2$s, %3$s)") : _("%1$s (%2$s, %3$s)"), n->text,
				    n->made_by ? n->made_by : "?", made),
		    due ? ROLE_ALARM : ROLE_TEXT, (struct handover_target){ .note_no = n->note_no });
	}
}

static const struct {
	const char *heading, *none;
	void (*make)(struct making *m);
} kinds[] = {
	{ N_("Promises and notes"), NULL, notes },
	{ N_("At risk tonight"), N_("Every arrival of tonight is ready or has time."), arrivals },
	{ N_("Rooms given twice"), NULL, doubles },
	{ N_("Revocations that are late or not proven"), NULL, revocations },
	{ N_("Refused by the server"), NULL, refusals },
	{ N_("Locks: offline, or a low battery"), NULL, locks },
	{ N_("New codes that nobody manages"), NULL, strays },
};

int handover_list(const struct world *w, struct instant since, struct page *page, GArray *targets)
{
	struct making m = { .w = w, .page = page, .targets = targets, .since = since };

	page_clear(page);
	g_array_set_size(targets, 0);
	board_init(&m.board);
	board_load(&m.board, w, w->now, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		guint before;

		page_heading(page, _(kinds[i].heading));
		before = page->lines->len;
		kinds[i].make(&m);
		if (page->lines->len == before)
			page_add(page, NULL, g_strdup(kinds[i].none ? _(kinds[i].none) : _("none")), ROLE_DIM, 0);
	}
	board_done(&m.board);
	return m.open;
}

char *handover_text(const struct page *page)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < page->lines->len; i++) {
		const struct page_line *l = g_ptr_array_index(page->lines, i);
		g_autofree char *label = text_safe(l->label), *text = text_safe(l->text);

		g_string_append_printf(s, "%s%s%s%s\n", l->heading || !*text ? "" : "  ", label, *label ? ": " : "",
				       text);
	}
	return g_string_free(s, FALSE);
}

bool handover_parse_note(const char *typed, const struct world *w, char **text, struct instant *due, GError **err)
{
	const char *at = strrchr(typed, '@');
	g_autofree char *when = at ? g_strstrip(g_strdup(at + 1)) : NULL;
	struct when_context ctx = { .zone = w->zone, .now = w->now, .base = w->now, .is_end = true,
				    .default_minutes = w->profile->check_out };

	*due = INSTANT_NONE;
	*text = NULL;
	if (when && *when && !when_parse(when, &ctx, due, NULL, err))
		return false;
	*text = g_strstrip(when && *when ? g_strndup(typed, (gsize)(at - typed)) : g_strdup(typed));
	if (**text)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s", _("a note needs words"));
	g_clear_pointer(text, g_free);
	return false;
}
