/* intent - one that was asked for, in full: what, what came of it, what it waits for and what waits for it.
 *
 * What the server said of a field stands beside that field. A PIN is dots until it is asked for. */
#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/vocab.h"
#include "ui/screens/actions.h"
#include "ui/screens/outbox.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define LABEL_CELLS   18
#define FOLLOWERS_MAX 20

struct intent_screen {
	struct screen base;
	int64_t intent_no;
	struct cache_list *list; /* one struct intent */
	struct page page;        /* ref of a line: code_no, or minus the intent_no of another */
	bool stale;
	bool pin_shown;
	unsigned pin_timer;
};

static const struct intent *intent_of(const struct intent_screen *s)
{
	return s->list && s->list->rows->len ? cache_list_at(s->list, struct intent, 0) : NULL;
}

static void add_moment(struct page *p, const char *label, struct instant t, const struct zone *z)
{
	char at[CIVIL_TEXT_MAX];

	if (instant_known(t))
		page_add(p, label, g_strdup(civil_full(z, t, at)), ROLE_TEXT, 0);
}

/* ---- what was asked for ---- */

enum member_kind { MEMBER_TEXT, MEMBER_TIME, MEMBER_PIN, MEMBER_FLAG, MEMBER_SILENT };

/* What the server takes, by its own names. A flag is told when it has that value. */
static const struct member {
	const char *name;
	enum member_kind kind;
	const char *label, *value, *words;
} members[] = {
	{ "name", MEMBER_TEXT, N_("name"), NULL, NULL },
	{ "starts_at", MEMBER_TIME, N_("from"), NULL, NULL },
	{ "ends_at", MEMBER_TIME, N_("until"), NULL, NULL },
	{ "code", MEMBER_PIN, N_("PIN"), NULL, NULL },
	{ "type", MEMBER_FLAG, N_("window"), "ongoing", N_("without an end from now on") },
	{ "prefer_native_scheduling", MEMBER_FLAG, N_("stored ahead"), "false", N_("no: it is written when its time comes") },
	{ "is_external_modification_allowed", MEMBER_FLAG, N_("outside edits"), "true",
	  N_("allowed: changes made in the maker's app stand") },
	{ "use_backup_access_code_pool", MEMBER_FLAG, N_("backup"), "true", N_("backup codes are kept ready on the lock") },
	{ "is_offline_access_code", MEMBER_FLAG, N_("offline code"), "true",
	  N_("yes: works without any connection, cannot be revoked") },
	{ "is_one_time_use", MEMBER_FLAG, N_("one use"), "true", N_("ends after it was used once") },
	{ "max_time_rounding", MEMBER_FLAG, N_("rounding"), "1d", N_("its times may be moved by a day") },
	{ "access_code_id", MEMBER_SILENT, NULL, NULL, NULL },
	{ "device_id", MEMBER_SILENT, NULL, NULL, NULL },
	{ "common_code_key", MEMBER_SILENT, NULL, NULL, NULL },
};

static const struct member *member_named(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

/* How a member's value reads; NULL: it goes without saying. Newly allocated. */
static char *value_words(const struct intent_screen *s, const struct member *m, const char *text, const struct zone *z)
{
	char at[CIVIL_TEXT_MAX];
	struct instant t;

	switch (m->kind) {
	case MEMBER_TIME:
		return g_strdup(instant_parse(text, -1, &t) ? civil_full(z, t, at) : text);
	case MEMBER_PIN:
		return g_strdup_printf("%s   %s", s->pin_shown ? text : PIN_HIDDEN(s->base.world->ascii),
				       s->pin_shown ? _("hidden again in ten seconds") : _("p shows it"));
	case MEMBER_FLAG:
		return strcmp(text, m->value) == 0 ? g_strdup(_(m->words)) : NULL;
	case MEMBER_TEXT:
		return g_strdup(text);
	case MEMBER_SILENT:
		break;
	}
	return NULL;
}

/* The server's word on a field, under it. */
static void add_error(struct page *p, const char *said)
{
	if (said)
		page_add(p, NULL, g_strdup_printf(_("! the server: %s"), said), ROLE_ALARM, 0);
}

static void add_member(struct intent_screen *s, const struct intent *in, const struct member *m, const struct zone *z)
{
	g_autofree char *text = jsonin_text(in->params, m->name), *said = jsonin_validation_of(in->validation_errors, m->name);
	char *words = text ? value_words(s, m, text, z) : NULL;

	if (words)
		page_add(&s->page, _(m->label), words, ROLE_TEXT, 0);
	else if (said)
		page_add(&s->page, m->label ? _(m->label) : m->name, g_strdup(text && m->kind != MEMBER_SILENT ? text : _("not given")),
			 ROLE_DIM, 0);
	add_error(&s->page, said);
}

/* What no row of the table is about: a word of a newer server, and what is said of it. */
struct strange {
	struct page *page;
	const char *errors;
};

static void add_strange(const char *path, const char *text, void *ctx)
{
	const struct strange *x = ctx;
	g_autofree char *said = NULL;

	if (member_named(path) || !text)
		return;
	said = jsonin_validation_of(x->errors, path);
	page_add(x->page, path, g_strdup(text), ROLE_DIM, 0);
	add_error(x->page, said);
}

/* Errors of the whole, and of fields that were not sent and have no row: "_errors.0", "doors._errors.0". */
static void add_other_errors(struct page *p, const struct intent *in)
{
	g_autofree char *lines = jsonin_validation_lines(in->validation_errors);
	g_auto(GStrv) each = g_strsplit(lines ? lines : "", "\n", -1);

	for (char **line = each; *line; line++) {
		const char *colon = strstr(*line, ": ");
		g_autofree char *field = colon ? g_strndup(*line, (gsize)(colon - *line)) : NULL;
		g_autofree char *sent = field ? jsonin_text(in->params, field) : NULL;

		if (**line && (!field || (!member_named(field) && !sent)))
			add_error(p, *line);
	}
}

static void add_asked(struct intent_screen *s, const struct intent *in, const struct zone *z)
{
	struct world *w = s->base.world;
	struct page *p = &s->page;

	page_heading(p, _("Asked for"));
	page_add(p, _("what"), g_strdup(_(intent_kind_info(in->kind)->words)), ROLE_TEXT, 0);
	page_add(p, _("where"), g_strdup(in->lock_name ? in->lock_name : _("a lock that is not known here any more")),
		 ROLE_TEXT, 0);
	if (in->name && !intent_is_door(in) && !g_strrstr(in->params, "\"name\""))
		page_add(p, _("whose"), g_strdup(in->name), ROLE_TEXT, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		add_member(s, in, &members[i], z);
	jsonin_walk(in->params, add_strange, &(struct strange){ p, in->validation_errors });
	add_other_errors(p, in);
	page_add(p, _("time zone"), g_strdup_printf("%s%s", zone_name(z), zone_is_known(z) ? "" : _(" (not known: shown as UTC)")),
		 ROLE_DIM, 0);
	page_add(p, _("by"), g_strdup(in->made_by ? in->made_by : "?"), ROLE_TEXT, 0);
	add_moment(p, _("asked"), in->made_at, w->zone);
}

/* ---- what came of it ---- */

/* A revocation's hour: until then it can be taken back, and nothing here counts. */
static void add_hours(struct intent_screen *s, const struct intent *in)
{
	const struct world *w = s->base.world;
	struct page *p = &s->page;
	char at[CIVIL_TEXT_MAX];

	if (intent_is_held(in) && instant_before(w->now, in->next_try_at))
		page_add(p, _("leaves"), g_strdup_printf(_("%s: until then Z takes it back"),
							 civil_seconds(w->zone, in->next_try_at, at)), ROLE_PENDING, 0);
	add_moment(p, _("last sent"), in->sent_at, w->zone);
	if (in->tries)
		page_add(p, _("tries"), g_strdup_printf("%d", in->tries), ROLE_TEXT, 0);
	if (!intent_is_held(in) && in->state <= INTENT_SENDING && instant_known(in->next_try_at))
		page_add(p, in->state == INTENT_SENDING ? _("looks again") : _("next try"),
			 g_strdup(civil_near(w->zone, in->next_try_at, w->now, at)), ROLE_PENDING, 0);
	if (instant_known(in->expires_at))
		page_add(p, _("given up"), g_strdup(civil_full(w->zone, in->expires_at, at)), ROLE_DIM, 0);
	add_moment(p, in->state == INTENT_WITHDRAWN ? _("withdrawn") : _("settled"), in->settled_at, w->zone);
}

static void add_answer(struct intent_screen *s, const struct intent *in)
{
	const struct problem_info *known = in->error_type ? problem_lookup(in->error_type) : NULL;
	enum role loud = in->state == INTENT_REFUSED && !in->dismissed ? ROLE_ALARM : ROLE_TEXT;
	struct page *p = &s->page;

	if (known)
		page_add(p, _("problem"), g_strdup(_(known->words)), loud, 0);
	if (in->message && *in->message)
		page_add(p, in->state == INTENT_QUEUED || in->state == INTENT_SENDING ? _("why") : _("message"),
			 g_strdup(in->message), loud, 0);
	if (in->status)
		page_add(p, _("answer"), in->error_type ? g_strdup_printf(_("HTTP status %1$d, %2$s"), in->status, in->error_type)
							: g_strdup_printf(_("HTTP status %d"), in->status), ROLE_DIM, 0);
	else if (in->error_type)
		page_add(p, _("answer"), g_strdup(in->error_type), ROLE_DIM, 0);
	if (in->request_id)
		page_add(p, _("request"), g_strdup_printf(_("%s (for whoever runs the server)"), in->request_id), ROLE_DIM, 0);
	if (in->settled_how == INTENT_BY_READING_BACK)
		page_add(p, _("known by"), g_strdup(_("reading back: its own answer was lost, and the server's list told what came of it")),
			 ROLE_WARN, 0);
}

static void add_outcome(struct intent_screen *s, const struct intent *in)
{
	struct page *p = &s->page;

	page_heading(p, _("What came of it"));
	page_add(p, _("state"), g_strdup(intent_state_said(in)), intent_role(in), 0);
	add_answer(s, in);
	add_hours(s, in);
	if (in->code_no && in->kind == INTENT_CREATE)
		page_add(p, _("the code"), g_strdup_printf(_("%s on %s (Enter)"), in->name ? in->name : _("a code"),
							in->lock_name ? in->lock_name : "?"), ROLE_NAME, in->code_no);
	else if (in->code_no)
		page_add(p, _("the code"), g_strdup(_("as it is now (Enter)")), ROLE_NAME, in->code_no);
	page_add(p, _("do this"), g_strdup(intent_advice(in)), ROLE_TEXT, 0);
}

/* ---- before and after ---- */

/* "number 12: new code Anna Berg on 101 Garden, refused". */
static void add_other(struct intent_screen *s, const char *label, const struct intent *other)
{
	g_autofree char *what = intent_what(s->base.world, other, s->base.world->ascii);

	page_add(&s->page, label, g_strdup_printf(_("number %1$ld: %2$s on %3$s, %4$s"), (long)other->intent_no, what,
						  other->lock_name ? other->lock_name : "?", intent_state_said(other)),
		 intent_role(other), -other->intent_no);
}

static bool add_numbered(struct intent_screen *s, const char *label, int64_t no)
{
	OWN(cache_list) struct cache_list *list = no ? outbox_get(s->base.world->cache, no, NULL) : NULL;

	if (list)
		add_other(s, label, cache_list_at(list, struct intent, 0));
	return list != NULL;
}

static void add_around(struct intent_screen *s, const struct intent *in)
{
	struct cache *cache = s->base.world->cache;
	OWN(cache_list) struct cache_list *after = outbox_after(cache, in->intent_no, FOLLOWERS_MAX, NULL);
	int64_t again = in->state == INTENT_REFUSED ? outbox_again_as(cache, in->intent_no) : 0;

	if (!in->after_no && !in->again_no && !again && (!after || !after->rows->len))
		return;
	page_heading(&s->page, _("Before and after"));
	add_numbered(s, _("comes after"), in->after_no);
	for (guint i = 0; after && i < after->rows->len; i++)
		add_other(s, i ? NULL : _("waits for it"), cache_list_at(after, struct intent, i));
	add_numbered(s, _("again, after"), in->again_no);
	add_numbered(s, _("asked again as"), again);
}

/* ---- the screen ---- */

static void fill(struct intent_screen *s)
{
	struct world *w = s->base.world;
	const struct intent *in;
	const struct zone *z;

	g_clear_pointer(&s->list, cache_list_free);
	s->list = outbox_get(w->cache, s->intent_no, NULL);
	s->stale = false;
	page_clear(&s->page);
	in = intent_of(s);
	if (!in) {
		page_add(&s->page, NULL, g_strdup(_("This is not in the outbox any more. Esc goes back.")), ROLE_WARN, 0);
		return;
	}
	z = zone_of(in->zone, w->zone);
	add_outcome(s, in);
	add_asked(s, in, z);
	add_around(s, in);
}

static void draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct intent_screen *s = (struct intent_screen *)screen;
	const struct intent *in;
	int col = area.col + 1;

	if (s->stale)
		fill(s);
	in = intent_of(s);
	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	if (in) {
		g_autofree char *what = intent_what(s->base.world, in, g->ascii),
				*head = g_strdup_printf(_("Number %1$ld: %2$s on %3$s"), (long)in->intent_no, what,
							in->lock_name ? in->lock_name : "?");

		grid_put(g, area.row, col, area.cols - 2, head, ROLE_HEADER);
		grid_mark(g, (struct rect){ area.row, col, 1, area.cols - 2 }, MARK_BOLD);
	}
	page_draw(&s->page, g, (struct rect){ area.row + 1, area.col, area.rows - 1, area.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = area.row;
		g->cursor_col = 1;
	}
}

static void hide_pin(void *ctx)
{
	struct intent_screen *s = ctx;

	s->pin_timer = 0;
	s->pin_shown = false;
	s->stale = true;
	app_redraw(s->base.app);
}

static void reveal(struct intent_screen *s)
{
	const struct intent *in = intent_of(s);
	g_autofree char *pin = in ? intent_pin(in) : NULL;

	if (!pin) {
		app_message(s->base.app, false, _("It asks for no PIN of its own."));
		return;
	}
	app_cancel_after(s->base.app, s->pin_timer);
	s->pin_shown = true;
	s->stale = true;
	action_pin_shown(s->base.world, in->name, in->lock_name);
	s->pin_timer = app_after(s->base.app, PIN_SHOWN_MS, hide_pin, s);
}

static void open_line(struct intent_screen *s)
{
	const struct page_line *l = page_chosen(&s->page);
	struct app *app = s->base.app;

	if (!l)
		app_message(app, false, _("Nothing here leads further."));
	else
		app_push(app, l->ref > 0 ? code_new(app, s->base.world, l->ref) : intent_new(app, s->base.world, -l->ref));
}

static bool command(struct screen *screen, enum command c, int n)
{
	struct intent_screen *s = (struct intent_screen *)screen;

	if (s->stale)
		fill(s);
	if (page_command(&s->page, c, n))
		return true;
	if (c == COMMAND_REVEAL)
		reveal(s);
	else if (c == COMMAND_OPEN)
		open_line(s);
	else
		return intent_act(screen->app, screen->world, c, intent_of(s));
	return true;
}

static const char *hint(struct screen *screen, enum command c)
{
	struct intent_screen *s = (struct intent_screen *)screen;

	if (c == COMMAND_OPEN)
		return page_chosen(&s->page) ? NULL : "";
	return intent_hint(intent_of(s), c);
}

static bool changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	((struct intent_screen *)screen)->stale = true;
	return true;
}

static void end(struct screen *screen)
{
	struct intent_screen *s = (struct intent_screen *)screen;

	app_cancel_after(screen->app, s->pin_timer);
	if (s->list)
		cache_list_free(s->list);
	page_done(&s->page);
	g_free(s);
}

static const struct screen_ops intent_ops = {
	.name = N_("Outbox entry"),
	.view = VIEW_INTENT,
	.draw = draw,
	.command = command,
	.changed = changed,
	.hint = hint,
	.free = end,
};

struct screen *intent_new(struct app *app, struct world *w, int64_t intent_no)
{
	struct intent_screen *s = g_new0(struct intent_screen, 1);

	s->base = (struct screen){ .ops = &intent_ops, .app = app, .world = w };
	s->intent_no = intent_no;
	page_init(&s->page, LABEL_CELLS);
	fill(s);
	return &s->base;
}
