/* code - everything about one access code: what was declared, what the provider says, what is
 * known of the lock, what is on its way, and what happened. */
#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "ui/screens/actions.h"
#include "ui/screens/outbox.h"
#include "ui/screens/page_rows.h"
#include "ui/screens/words.h"

#define EVENTS_SHOWN 50

struct code_screen {
	struct screen base;
	int64_t code_no;
	struct cache_list *list;  /* one struct code_row */
	struct page page;
	bool stale;
	bool pin_shown;
	unsigned pin_timer;
};

static const struct code_row *row_of(const struct code_screen *s)
{
	return s->list && s->list->rows->len ? cache_list_at(s->list, struct code_row, 0) : NULL;
}

/* ---- what was declared ---- */

static void add_instant(struct page *p, const char *label, struct instant t, const struct zone *z)
{
	char here[CIVIL_TEXT_MAX], utc[INSTANT_TEXT_MAX];

	if (!instant_known(t))
		return;
	page_add(p, label, g_strdup_printf("%s   (%s)", civil_full(z, t, here), instant_format(t, utc)),
		 ROLE_TEXT, 0);
}

static const struct {
	const char *label;
	size_t offset; /* of an enum tri in struct access_code */
	const char *yes, *no;
} flags[] = {
	{ N_("stored ahead"), offsetof(struct access_code, is_scheduled_on_device),
	  N_("yes: the lock keeps the schedule itself"), N_("no: it is written when its time comes") },
	{ N_("outside edits"), offsetof(struct access_code, is_external_modification_allowed),
	  N_("allowed: changes made in the maker's app stand"), N_("put back when somebody changes it elsewhere") },
	{ N_("offline code"), offsetof(struct access_code, is_offline_access_code),
	  N_("yes: works without any connection, cannot be revoked"), NULL },
	{ N_("one use"), offsetof(struct access_code, is_one_time_use), N_("ends after it was used once"), NULL },
	{ N_("backup"), offsetof(struct access_code, is_backup), N_("this is a backup code"), NULL },
	{ N_("backup ready"), offsetof(struct access_code, is_backup_access_code_available),
	  N_("a spare PIN is on the lock: b pulls it"), NULL },
	{ N_("PIN"), offsetof(struct access_code, is_waiting_for_code_assignment),
	  N_("not chosen by the provider yet"), NULL },
};

/* When it is written is no news of what is there already. */
static bool is_past(const struct code_row *c, size_t flag)
{
	bool to_come = c->state == CODE_WAITING || c->state == CODE_STORED || c->state == CODE_QUEUED ||
		       c->state == CODE_SETTING || c->state == CODE_TROUBLE;

	return flag == offsetof(struct access_code, is_scheduled_on_device) &&
	       (!to_come || !instant_known(c->code.starts_at));
}

static void add_declared(struct code_screen *s, const struct code_row *c, const struct zone *z)
{
	const struct access_code *ac = &c->code;
	struct world *w = s->base.world;
	struct page *p = &s->page;
	g_autofree char *window = words_window(ac, z, w->now);
	g_autofree char *pin = action_pin_words(w, c, ac->code, s->pin_shown, w->ascii);

	page_heading(p, _("Declared"));
	page_add(p, _("window"), g_steal_pointer(&window), ROLE_TEXT, 0);
	add_instant(p, _("from"), ac->starts_at, z);
	add_instant(p, _("until"), ac->ends_at, z);
	page_add(p, _("time zone"), g_strdup_printf("%s%s", zone_name(z), zone_is_known(z) ? "" : _(" (not known: shown as UTC)")),
		 zone_is_known(z) ? ROLE_DIM : ROLE_WARN, 0);
	if (ac->pulled_backup_access_code_id && ac->code)
		page_add(p, _("PIN"), g_strdup_printf("%s   %s", pin, s->pin_shown ? _("hidden again in ten seconds") : _("p shows it")),
			 ROLE_TEXT, 0);
	else
		page_add(p, _("PIN"), !ac->code ? g_strdup(_("not known here"))
				   : s->pin_shown ? g_strdup_printf(_("%s   hidden again in ten seconds"), ac->code)
						  : g_strdup_printf(_("%s   p shows it"), PIN_HIDDEN(w->ascii)),
			 ROLE_TEXT, 0);
	rows_doors(p, w, c);
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		enum tri v = *(const enum tri *)(const void *)((const char *)ac + flags[i].offset);
		const char *said = v == TRI_YES ? flags[i].yes : v == TRI_NO ? flags[i].no : NULL;

		if (said && !is_past(c, flags[i].offset))
			page_add(p, _(flags[i].label), g_strdup(_(said)), ROLE_DIM, 0);
	}
	add_instant(p, _("made"), ac->created_at, z);
}

/* ---- what is so ---- */

/* What keyrackd says beyond the API. */
static void add_outlook(struct code_screen *s, const struct access_code *ac, const struct zone *z)
{
	struct instant now = s->base.world->now;
	char *sure = words_sure(ac), *next = words_next(ac, z, now), *why = words_why(ac),
	     *early = words_early(ac, z, now);

	if (sure)
		page_add(&s->page, _("how sure"), sure, ROLE_TEXT, 0);
	if (next)
		page_add(&s->page, _("next"), next, ROLE_TEXT, 0);
	if (why)
		page_add(&s->page, _("why"), why, ROLE_TEXT, 0);
	if (early)
		page_add(&s->page, _("early"), early, ROLE_WARN, 0);
}

static void add_state(struct code_screen *s, const struct code_row *c, const struct lock_row *l)
{
	const struct access_code *ac = &c->code;
	struct world *w = s->base.world;
	g_autofree char *intent = words_intent(c), *shown = jsonin_text(ac->appearance, "name"),
			*why = words_why(ac);
	struct page *p = &s->page;
	enum role role;

	page_heading(p, _("On the lock"));
	if (ac->alike)
		page_add(p, _("name"), words_alike(ac->name, ac->alike), ROLE_WARN, 0);
	page_add(p, _("state"), words_state(c, l && lock_is_native(&l->lock), w->zone, w->now), words_state_role(c), 0);
	add_outlook(s, ac, zone_of(c->zone, w->zone));
	page_add(p, _("as sent"), g_strdup_printf(_("status %s, type %s"), ac->status ? ac->status : _("not given"),
					       ac->type ? ac->type : _("not given")), ROLE_DIM, 0);
	if (l) {
		g_autofree char *state = words_lock_state(&l->lock, INSTANT_NONE, w->now, &role);

		page_add(p, _("lock"), g_strdup_printf("%s, %s, %s", l->lock.name ? l->lock.name : _("(no name)"),
						    brand_of(l->lock.device_type, l->lock.manufacturer), state),
			 role == ROLE_ALARM ? role : ROLE_TEXT, 0);
		if (!why && !lock_is_native(&l->lock) && instant_known(ac->starts_at))
			page_add(p, NULL, g_strdup(_("This lock has no schedule: a code works from up to an hour before its start.")),
				 ROLE_DIM, 0);
	}
	if (!ac->managed && c->code_no)
		page_add(p, _("managed"), g_strdup(ac->cannot_be_managed == TRI_YES
			 ? _("not from here, and the lock's maker lets nobody else do it")
			 : _("not from here: a adopts it")), ROLE_WARN, 0);
	if (shown)
		page_add(p, _("shown there"), g_steal_pointer(&shown), ROLE_TEXT, 0);
	if (intent)
		page_add(p, _("asked for"), g_steal_pointer(&intent),
			 c->intent_state == INTENT_REFUSED ? ROLE_ALARM : ROLE_PENDING, 0);
}

static const struct {
	char kind;
	const char *label;
	enum role role;
} issue_kinds[] = {
	{ 'e', N_("error"), ROLE_ALARM },
	{ 'w', N_("warning"), ROLE_WARN },
	{ 'p', N_("on its way"), ROLE_PENDING },
};

static void add_issue(struct code_screen *s, const struct issue_row *i, const struct zone *z)
{
	const char *label = "", *remedy = words_remedy(i->code);
	struct page *p = &s->page;
	struct world *w = s->base.world;
	enum role role = ROLE_TEXT;
	char at[CIVIL_TEXT_MAX];
	g_autofree char *words = words_issue(i->code, i->message);

	for (size_t k = 0; k < G_N_ELEMENTS(issue_kinds); k++)
		if (issue_kinds[k].kind == i->kind) {
			label = _(issue_kinds[k].label);
			role = issue_kinds[k].role;
		}
	page_add(p, label, g_strdup_printf("%s%s", words, i->of_account ? _(" (of the account)")
								: i->of_device ? _(" (of the lock)") : ""), role, 0);
	if (instant_known(i->created_at))
		page_add(p, NULL, g_strdup_printf(_("since %s"), civil_near(z, i->created_at, w->now, at)), ROLE_DIM, 0);
	if (instant_known(i->scheduled_at))
		page_add(p, NULL, g_strdup_printf(_("planned for %s"), civil_near(z, i->scheduled_at, w->now, at)), ROLE_DIM, 0);
	if (remedy)
		page_add(p, NULL, g_strdup(remedy), ROLE_TEXT, 0);
	if (i->message && *i->message && strcmp(i->message, words) != 0)
		page_add(p, NULL, g_strdup_printf("\"%s\" (%s)", i->message, i->code ? i->code : "?"), ROLE_DIM, 0);
	if (i->detail)
		page_add(p, NULL, g_strdup(i->detail), ROLE_DIM, 0);
}

static bool keeps_out(struct cache_list *issues)
{
	for (guint i = 0; issues && i < issues->rows->len; i++)
		if (problem_keeps_out(cache_list_at(issues, struct issue_row, i)->code))
			return true;
	return false;
}

/* Why the PIN does not open the door now, the plainest reason first, and what to do meanwhile. */
static void add_issues(struct code_screen *s, const struct code_row *c, const struct lock_row *l,
		       const struct zone *z)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *issues = cache_issues_of_code(w->cache, s->code_no, NULL);
	g_autofree char *not_open = words_not_open(c, z, w->now);
	bool absent = c->state != CODE_SET && c->state != CODE_STORED && c->state != CODE_ENDED;
	bool offline = absent && l && l->lock.online == TRI_NO;
	struct page *p = &s->page;

	if ((!issues || !issues->rows->len) && !not_open && !offline)
		return;
	page_heading(p, _("What stands in the way"));
	if (not_open)
		page_add(p, _("window"), g_steal_pointer(&not_open), ROLE_TEXT, 0);
	if (offline)
		page_add(p, _("lock"), g_strdup(_("The lock is offline: what is not on it cannot get there now")), ROLE_ALARM, 0);
	for (guint i = 0; issues && i < issues->rows->len; i++)
		add_issue(s, cache_list_at(issues, struct issue_row, i), z);
	if (keeps_out(issues) || offline)
		page_add(p, _("do this"), g_strdup(words_way_in(c, l ? &l->lock : NULL, w->now)), ROLE_NAME, 0);
}

static void add_backup(struct code_screen *s, const struct access_code *ac, bool native)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = action_spare(w, ac);

	if (!ac->pulled_backup_access_code_id)
		return;
	page_heading(&s->page, _("Backup code"));
	if (!list) {
		page_add(&s->page, _("pulled"), g_strdup(_("its row has not come from the server yet")), ROLE_PENDING, 0);
		return;
	}
	const struct code_row *b = cache_list_at(list, struct code_row, 0);

	page_add(&s->page, _("name"), g_strdup(code_name(&b->code)), ROLE_TEXT, b->code_no);
	page_add(&s->page, _("PIN"), g_strdup(!b->code.code ? _("not known")
					   : s->pin_shown ? b->code.code : PIN_HIDDEN(w->ascii)), ROLE_TEXT, 0);
	page_add(&s->page, _("state"), words_state(b, native, w->zone, w->now), words_state_role(b), 0);
	page_add(&s->page, _("window"), words_window(&b->code, zone_of(b->zone, w->zone), w->now), ROLE_TEXT, 0);
}

/* ---- what happened, what was asked ---- */

#define INTENTS_SHOWN 20

static void add_intents(struct code_screen *s, const struct code_row *c)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list =
		c->code_no ? outbox_of_code(w->cache, c->code.access_code_id, INTENTS_SHOWN, NULL) : NULL;

	if (list && list->rows->len)
		rows_intents(&s->page, w, cache_list_at(list, struct intent, 0), list->rows->len);
}

static void add_events(struct code_screen *s, const struct zone *z)
{
	struct world *w = s->base.world;
	struct event_query q = {
		.code_no = s->code_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = EVENTS_SHOWN
	};
	OWN(cache_list) struct cache_list *list = cache_events(w->cache, &q, NULL);

	page_heading(&s->page, _("Events"));
	if (!list || !list->rows->len)
		page_add(&s->page, NULL, g_strdup(_("none that names this code")), ROLE_DIM, 0);
	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct event_row *e = cache_list_at(list, struct event_row, i);
		const struct event_info *info = event_lookup(e->event.event_type);
		const char *how = method_words(e->event.method);
		char at[CIVIL_TEXT_MAX];

		page_add(&s->page, civil_near(z, e->event.occurred_at, w->now, at),
			 g_strdup_printf("%s%s%s%s", info->words ? info->words : e->event.event_type,
					 how && *how ? ", " : "", how ? how : "",
					 e->how == WHO_INFERRED ? _(" (inferred)") : ""),
			 info->kind == EVENT_CODE_TROUBLE ? ROLE_ALARM : ROLE_TEXT, 0);
	}
}

/* ---- the screen ---- */

static void fill(struct code_screen *s)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *locks = NULL;
	const struct lock_row *l;
	const struct code_row *c;
	const struct zone *z;

	g_clear_pointer(&s->list, cache_list_free);
	s->list = cache_code(w->cache, s->code_no, w->now, NULL);
	s->stale = false;
	page_clear(&s->page);
	c = row_of(s);
	if (!c) {
		page_add(&s->page, NULL, g_strdup(_("This code is not in the cache any more. Esc goes back.")), ROLE_WARN, 0);
		return;
	}
	z = zone_of(c->zone, w->zone);
	locks = cache_lock(w->cache, c->lock_no, w->now, NULL);
	l = locks && locks->rows->len ? cache_list_at(locks, struct lock_row, 0) : NULL;
	add_issues(s, c, l, z);
	add_state(s, c, l);
	add_backup(s, &c->code, l && lock_is_native(&l->lock));
	add_declared(s, c, z);
	add_intents(s, c);
	add_events(s, z);
}

static void code_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct code_screen *s = (struct code_screen *)screen;
	const struct code_row *c;
	char shown[NAME_SHOWN_MAX];
	int col = area.col + 1;

	if (s->stale)
		fill(s);
	c = row_of(s);
	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	if (c) {
		col += grid_put(g, area.row, col, area.cols / 2, code_name_shown(&c->code, g->ascii, shown), ROLE_NAME);
		grid_mark(g, (struct rect){ area.row, area.col + 1, 1, col - 1 }, MARK_BOLD);
		col += grid_put(g, area.row, col, area.cols / 6, _(" on "), ROLE_HEADER);
		grid_put(g, area.row, col, area.cols - col - 1, c->lock_name ? c->lock_name : "?", ROLE_HEADER);
	}
	page_draw(&s->page, g, (struct rect){ area.row + 1, area.col, area.rows - 1, area.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = area.row;
		g->cursor_col = 1;
	}
}

static void hide_pin(void *ctx)
{
	struct code_screen *s = ctx;

	s->pin_timer = 0;
	s->pin_shown = false;
	s->stale = true;
	app_redraw(s->base.app);
}

static void show_pin(struct code_screen *s)
{
	const struct code_row *c = row_of(s);

	if (c && c->code.code)
		action_pin_shown(s->base.world, code_name(&c->code), c->lock_name);
	app_cancel_after(s->base.app, s->pin_timer);
	s->pin_shown = true;
	s->stale = true;
	s->pin_timer = app_after(s->base.app, PIN_SHOWN_MS, hide_pin, s);
}

static bool code_command(struct screen *screen, enum command cmd, int count)
{
	struct code_screen *s = (struct code_screen *)screen;
	const struct code_row *c = row_of(s);
	const struct page_line *l = page_chosen(&s->page);
	struct app *app = screen->app;

	if (page_command(&s->page, cmd, count))
		return true;
	switch ((int)cmd) {
	case COMMAND_REVEAL:
		show_pin(s);
		return true;
	case COMMAND_OPEN:
		if (l)
			app_push(app, l->ref > 0 ? code_new(app, screen->world, l->ref)
						 : intent_new(app, screen->world, -l->ref));
		return true;
	case COMMAND_EVENTS:
		app_push(app, events_new(app, screen->world, c ? c->lock_no : 0, s->code_no));
		return true;
	case COMMAND_COULD:
		app_push(app, could_new(app, screen->world, 0, s->code_no, INSTANT_NONE));
		return true;
	case COMMAND_TRIAGE:
		if (c)
			app_push(app, triage_new(app, screen->world, c->lock_no, s->code_no));
		return true;
	case COMMAND_WHY:
		if (c)
			app_push(app, why_new(app, screen->world, s->code_no));
		return true;
	case COMMAND_NEW:
		if (c)
			app_push(app, code_form_new(app, screen->world, c->lock_no));
		return true;
	default:
		return action_run(app, screen->world, cmd, c ? c->lock_no : 0, c);
	}
}

static const char *code_hint_of(struct screen *screen, enum command c)
{
	const struct code_row *row = row_of((struct code_screen *)screen);

	if (row)
		return code_hint(row, c);
	return c == COMMAND_BACK || c == COMMAND_HELP ? NULL : "";
}

static bool code_changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	((struct code_screen *)screen)->stale = true;
	return true;
}

static void code_free(struct screen *screen)
{
	struct code_screen *s = (struct code_screen *)screen;

	app_cancel_after(screen->app, s->pin_timer);
	if (s->list)
		cache_list_free(s->list);
	page_done(&s->page);
	g_free(s);
}

static const struct screen_ops code_ops = {
	.name = N_("Code"),
	.view = VIEW_CODE,
	.draw = code_draw,
	.command = code_command,
	.changed = code_changed,
	.hint = code_hint_of,
	.free = code_free,
};

struct screen *code_new(struct app *app, struct world *w, int64_t code_no)
{
	struct code_screen *s = g_new0(struct code_screen, 1);

	s->base = (struct screen){ .ops = &code_ops, .app = app, .world = w };
	s->code_no = code_no;
	page_init(&s->page, 20);
	fill(s);
	return &s->base;
}
