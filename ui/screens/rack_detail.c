/* rack_detail - what the cursor is on, in words: who, until when, on the lock or not, and what to
 * do about it. */
#include "core/i18n.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "ui/screens/actions.h"
#include "ui/screens/rack.h"
#include "ui/screens/words.h"

/* The worst thing first; what is repeated from the device is said on the lock, not on each code. */
static char *worst_issue(struct cache_list *issues, const struct code_row *code,
			 const struct lock *lock, struct instant now, enum role *role)
{
	const struct issue_row *worst = NULL;

	for (guint i = 0; issues && i < issues->rows->len; i++) {
		const struct issue_row *one = cache_list_at(issues, struct issue_row, i);

		if (one->kind == 'p' || (code && (one->of_device || one->of_account)))
			continue;
		if (!worst || words_severity(one) > words_severity(worst))
			worst = one;
	}
	if (!worst)
		return NULL;
	g_autofree char *words = words_issue(worst->code, worst->message);
	const char *remedy = words_remedy(worst->code);
	const char *way = code && problem_keeps_out(worst->code) ? words_way_in(code, lock, now) : NULL;

	*role = words_severity(worst) >= 2 ? ROLE_ALARM : ROLE_WARN;
	return g_strdup_printf("! %s%s%s%s%s", words, way ? ". " : "", way ? way : "",
			       remedy ? (way ? " " : ". ") : "", remedy ? remedy : "");
}

/* "Anna Berg and 204 are easily confused: one digit differs". No PIN is in it. */
static char *rival_words(struct rack *r, struct rack_lock *l, const struct code_row *c, bool ascii)
{
	struct world *w = r->base.world;
	enum pin_likeness how;
	const struct pin_holder *h = rack_lock_rival(&r->rows, l, c, &how);
	OWN(cache_list) struct cache_list *list = h && h->code_no ? cache_code(w->cache, h->code_no, w->now, NULL)
								  : NULL;
	char mine[NAME_SHOWN_MAX], other[NAME_SHOWN_MAX];

	if (!h)
		return NULL;
	return g_strdup_printf(_("%s %s and %s are easily confused: %s"), ascii ? "~" : "≈",
			       code_name_shown(&c->code, ascii, mine),
			       list ? code_name_shown(&cache_list_at(list, struct code_row, 0)->code, ascii, other)
				    : _("a code still in the outbox"), pin_likeness_words(how));
}

static bool pin_is_shown(const struct rack *r, const struct code_row *c)
{
	return c->code_no ? c->code_no == r->shown_code_no
			  : c->intent_no && c->intent_no == r->shown_intent_no;
}

enum { NOTES = 6 };
struct note {
	const char *words; /* NULL, "": none */
	enum role role;
};

/* The first, as there is mostly one row for them; all where there are more. */
static void put_notes(struct grid *g, struct rect *area, int *spare, bool all, const struct note notes[static NOTES])
{
	for (int i = 0; i < NOTES; i++) {
		if (!notes[i].words || !*notes[i].words)
			continue;
		page_put(g, area, spare, notes[i].words, notes[i].role);
		if (!all)
			return;
	}
}

static void draw_code(struct rack *r, struct rack_lock *l, const struct code_row *c,
		      struct grid *g, struct rect area)
{
	struct world *w = r->base.world;
	const struct access_code *ac = &c->code;
	OWN(cache_list) struct cache_list *issues = NULL;
	g_autofree char *window = words_window(ac, zone_of(c->zone, w->zone), w->now);
	g_autofree char *state = words_state(c, l->row && lock_is_native(&l->row->lock), w->zone,
						  w->now);
	g_autofree char *intent = words_intent(c), *issue = NULL, *pin = NULL;
	g_autofree char *rival = rival_words(r, l, c, g->ascii), *twice = rack_double_words(r, l, c, g->ascii);
	g_autofree char *alike = words_alike(ac->name, ac->alike), *outlook = words_outlook(ac, zone_of(c->zone, w->zone), w->now);
	g_autoptr(GString) first = g_string_new(c->lock_name ? c->lock_name : ""),
			   second = g_string_new(window);
	enum role role = ROLE_ALARM;
	char shown[NAME_SHOWN_MAX];
	int spare = MAX(area.rows - 3, 0);
	bool all = spare > 0;

	if (c->code_no)
		issues = cache_issues_of_code(w->cache, c->code_no, NULL);
	issue = worst_issue(issues, c, l->row ? &l->row->lock : NULL, w->now, &role);
	if (!issue && l->row && l->row->lock.online == TRI_NO && c->state != CODE_SET &&
	    c->state != CODE_STORED)
		issue = g_strdup(_("! The lock is offline: the code will be set when it returns"));
	pin = action_pin_words(w, c, ac->code, pin_is_shown(r, c), g->ascii);
	words_also(first, g->ascii, code_name_shown(ac, g->ascii, shown));
	words_also(first, g->ascii, pin);
	words_also(first, g->ascii, state);
	words_also(second, g->ascii, intent);
	if (area.rows == 1 && issue)
		words_also(first, g->ascii, issue);
	page_put(g, &area, &spare, first->str, ROLE_TEXT);
	if (area.rows == 1 && issue)
		page_put(g, &area, &spare, issue, role);
	page_put(g, &area, &spare, second->str, c->intent_state == INTENT_REFUSED && intent ? ROLE_ALARM : ROLE_DIM);
	put_notes(g, &area, &spare, all, (const struct note[NOTES]){
		{ role == ROLE_ALARM ? issue : NULL, role }, { twice, ROLE_ALARM }, { alike, ROLE_WARN },
		{ role == ROLE_ALARM ? NULL : issue, role }, { rival, ROLE_WARN }, { outlook, ROLE_DIM } });
}

static char *counts_text(const struct lock_row *row, const struct zone *z, struct instant now)
{
	GString *s = g_string_new(NULL);
	char at[CIVIL_TEXT_MAX];

	g_string_printf(s, _("%d %s now, %d to come"), row->codes_now, row->codes_now == 1 ? _("code") : _("codes"),
			row->codes_to_come);
	if (instant_known(row->next_start))
		g_string_append_printf(s, _(", next %s"), civil_near(z, row->next_start, now, at));
	if (row->codes_unmanaged)
		g_string_append_printf(s, _(", %d not managed from here"), row->codes_unmanaged);
	if (row->codes_trouble)
		g_string_append_printf(s, _(", %d in trouble"), row->codes_trouble);
	g_string_append(s, lock_is_native(&row->lock) ? _("; the lock keeps start and end itself")
						      : _("; codes are written an hour ahead"));
	return g_string_free(s, FALSE);
}

static char *lock_issue(struct rack *r, const struct lock_row *row, enum role *role)
{
	OWN(cache_list) struct cache_list *issues =
		cache_issues_of_lock(r->base.world->cache, row->lock_no, NULL);
	char *said = worst_issue(issues, NULL, &row->lock, r->base.world->now, role);

	if (said || !row->worst || row->worst_severity < 1)
		return said;
	/* Then it is one of its codes that is in trouble. */
	g_autofree char *words = words_issue(row->worst, NULL);

	*role = row->worst_severity >= 2 ? ROLE_ALARM : ROLE_WARN;
	return g_strdup_printf(_("! One of its codes: %s. Right shows which"), words);
}

static void draw_lock(struct rack *r, struct rack_lock *l, struct grid *g, struct rect area)
{
	struct world *w = r->base.world;
	const struct lock *lock = &l->row->lock;
	const struct zone *z = zone_of(lock->zone, w->zone);
	enum role role = ROLE_TEXT, issue_role = ROLE_ALARM;
	g_autofree char *state = words_lock_state(lock, l->offline_since, w->now, &role);
	g_autofree char *counts = counts_text(l->row, z, w->now), *issue = lock_issue(r, l->row, &issue_role);
	g_autofree char *twice = rack_double_words(r, l, NULL, g->ascii), *alike = words_lock_alike(lock);
	g_autoptr(GString) first = g_string_new(lock->name ? lock->name : _("(no name)"));
	g_autofree char *battery = lock->battery_pct >= 0
		? g_strdup_printf(_("battery %d %%%s%s%s"), lock->battery_pct,
				  lock->battery_status ? " (" : "",
				  lock->battery_status ? lock->battery_status : "",
				  lock->battery_status ? ")" : "")
		: NULL;
	int spare = MAX(area.rows - 3, 0);

	words_also(first, g->ascii, lock->place);
	words_also(first, g->ascii, lock->room);
	words_also(first, g->ascii, brand_of(lock->device_type, lock->manufacturer));
	words_also(first, g->ascii, state);
	words_also(first, g->ascii, battery);
	if (z != w->zone)
		words_also(first, g->ascii, zone_is_known(z) ? zone_name(z) : _("time zone unknown, times are UTC"));
	page_put(g, &area, &spare, first->str, ROLE_TEXT);
	if (area.rows == 1 && issue)
		page_put(g, &area, &spare, issue, issue_role);
	page_put(g, &area, &spare, counts, ROLE_DIM);
	if (alike)
		page_put(g, &area, &spare, alike, ROLE_WARN);
	if (twice && (!issue || issue_role != ROLE_ALARM))
		page_put(g, &area, &spare, twice, ROLE_ALARM);
	page_put(g, &area, &spare, issue, issue_role);
}

void rack_draw_detail(struct rack *r, struct grid *g, struct rect area)
{
	struct rack_lock *l = rack_lock(r);
	const struct code_row *c = rack_code(r);

	if (!l || !l->row)
		return;
	if (rack_nudging(r, c))
		rack_draw_nudge(r, c, g, area);
	else if (c)
		draw_code(r, l, c, g, area);
	else
		draw_lock(r, l, g, area);
}
