/* why - the screen that says why a code is as it is: four facts, the reasons in the order of time,
 * what comes next, and the keys that help.
 *
 * It asks the server, through sync, when it opens and whenever the code has changed, and shows what
 * the cache has meanwhile. It never waits. */
#include "ui/screens/why.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/actions.h"
#include "ui/screens/page_rows.h"
#include "ui/screens/words.h"

#define LABEL_CELLS 16
#define FACT_CELLS  15 /* or as many as the words of another language need */

struct why_screen {
	struct screen base;
	int64_t code_no;
	struct dossier d;
	struct page page;
	bool stale;
	guint asked_for; /* how the code stood when the server was asked last; 0: it was not */
	bool waiting;    /* no answer yet */
};

/* ---- asking ---- */

/* What would make an older answer a wrong one. */
static guint standing(const struct dossier *d)
{
	const struct access_code *ac = &d->code->code;
	g_autofree char *all = g_strdup_printf(
		"%s|%s|%s|%s|%s|%d|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT, ac->status ? ac->status : "",
		ac->errors ? ac->errors : "", ac->warnings ? ac->warnings : "",
		ac->pending_mutations ? ac->pending_mutations : "", ac->rest ? ac->rest : "",
		d->lock ? (int)d->lock->lock.online : 0, ac->starts_at.ms, ac->ends_at.ms);

	return MAX(g_str_hash(all), 1);
}

/* Nothing is asked anew while nothing has changed, or the answer to that is still to come. */
static void ask(struct why_screen *s)
{
	const struct world *w = s->base.world;
	guint now;

	if (!w->sync_connected || (w->sync->phase != SYNC_FOLLOWING && w->sync->phase != SYNC_COMPARING)) {
		s->asked_for = 0; /* what was asked is lost: again when it is back */
		s->waiting = false;
		return;
	}
	if (!s->d.code || s->waiting)
		return;
	now = standing(&s->d);
	if (now == s->asked_for || !app_ask_why(s->base.app, s->d.code->code.access_code_id))
		return;
	s->asked_for = now;
	s->waiting = true;
	s->stale = true;
}

/* ---- what is shown ---- */

static void add_help(struct why_screen *s)
{
	struct why_help help[WHY_HELP_MAX];

	why_help(&s->d, help);
	page_heading(&s->page, _("What helps"));
	for (size_t i = 0; help[i].command != COMMAND_NONE; i++) {
		const char *key;

		if (world_hides(s->base.world, command_info(help[i].command)->flags) ||
		    !keymap_keys(VIEW_WHY, help[i].command, &key, 1))
			continue;
		page_add(&s->page, key, g_strdup(help[i].words), ROLE_TEXT, (int64_t)help[i].command + 1);
	}
}

static void fill(struct why_screen *s)
{
	g_autofree char *source = NULL;

	dossier_done(&s->d);
	dossier_read(&s->d, s->base.world, s->code_no);
	s->d.more_coming = s->waiting;
	s->stale = false;
	page_clear(&s->page);
	if (!s->d.code) {
		page_add(&s->page, NULL, g_strdup(_("This code is not in the cache any more. Esc goes back.")),
			 ROLE_WARN, 0);
		return;
	}
	source = why_source(&s->d);
	page_heading(&s->page, source);
	rows_why(&s->page, &s->d, why_chain(&s->d), G_MAXUINT);
	page_heading(&s->page, _("What happens next"));
	rows_why(&s->page, &s->d, why_next(&s->d), G_MAXUINT);
	add_help(s);
}

/* WHAT takes what SINCE and SOURCE leave. */
static void draw_facts(const struct why_screen *s, struct grid *g, struct rect r)
{
	struct why_fact f[WHY_FACTS];
	int source = r.cols >= 110 ? 24 : 13, since = r.cols >= 110 ? 16 : 13;
	int label = FACT_CELLS, what;

	why_facts(&s->d, f);
	for (int i = 0; i < WHY_FACTS; i++)
		label = MAX(label, MIN(text_width(f[i].label) + 1, r.cols / 4));
	what = MIN(r.cols - 2 - label - since - source, 64);
	grid_put(g, r.row, r.col + 1 + label + what, since, _("SINCE"), ROLE_DIM);
	grid_put(g, r.row, r.col + 1 + label + what + since, source, _("ON WHOSE WORD"), ROLE_DIM);
	for (int i = 0; i < WHY_FACTS; i++) {
		int row = r.row + 1 + i, col = r.col + 1;
		char at[CIVIL_TEXT_MAX];

		grid_put(g, row, col, label - 1, f[i].label, ROLE_DIM);
		grid_put_field(g, row, col + label, what - 1, -1, CUT_END, f[i].what, f[i].role);
		grid_put_field(g, row, col + label + what, since - 1, -1, CUT_END,
			       instant_known(f[i].since) ? civil_near(s->d.zone, f[i].since, s->d.now, at) : "-",
			       ROLE_TEXT);
		grid_put_field(g, row, col + label + what + since, source, -1, CUT_END, f[i].source,
			       ROLE_TEXT);
	}
	why_facts_clear(f);
}

static void why_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct why_screen *s = (struct why_screen *)screen;
	int head = 1;

	if (s->stale)
		fill(s);
	ask(s);
	if (s->stale)
		fill(s);
	rows_draw_head(g, area, _("Why: "), s->d.code);
	if (s->d.code) {
		draw_facts(s, g, (struct rect){ area.row + 1, area.col, 5, area.cols });
		head = 7;
	}
	page_draw(&s->page, g, (struct rect){ area.row + head, area.col, area.rows - head, area.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = area.row;
		g->cursor_col = 1;
	}
}

/* ---- what can be done ---- */

static bool why_command(struct screen *screen, enum command cmd, int count)
{
	struct why_screen *s = (struct why_screen *)screen;
	const struct code_row *c = s->d.code;
	const struct page_line *l = page_chosen(&s->page);
	struct app *app = screen->app;

	if (page_command(&s->page, cmd, count))
		return true;
	switch ((int)cmd) {
	case COMMAND_OPEN:
		if (l)
			app_run_command(app, (enum command)(l->ref - 1));
		return true;
	case COMMAND_TRIAGE:
		if (c)
			app_push(app, triage_new(app, screen->world, c->lock_no, s->code_no));
		return true;
	case COMMAND_CODES:
		if (c)
			app_push(app, lock_new(app, screen->world, c->lock_no));
		return true;
	case COMMAND_COULD:
		app_push(app, could_new(app, screen->world, 0, s->code_no, INSTANT_NONE));
		return true;
	case COMMAND_EVENTS:
		app_push(app, events_new(app, screen->world, c ? c->lock_no : 0, s->code_no));
		return true;
	default:
		return action_run(app, screen->world, cmd, c ? c->lock_no : 0, c);
	}
}

static const char *why_hint(struct screen *screen, enum command c)
{
	const struct why_screen *s = (const struct why_screen *)screen;

	if (c == COMMAND_OPEN)
		return page_chosen(&s->page) ? _("do it") : "";
	if (!s->d.code)
		return c == COMMAND_BACK || c == COMMAND_HELP ? NULL : "";
	if (c == COMMAND_UNLOCK && s->d.lock && lock_cannot_turn(&s->d.lock->lock, true))
		return "";
	return code_hint(s->d.code, c);
}

static bool why_changed(struct screen *screen, unsigned mask)
{
	struct why_screen *s = (struct why_screen *)screen;

	if (mask & POKE_EXPLAINED)
		s->waiting = false;
	s->stale = true;
	return true;
}

static void why_free(struct screen *screen)
{
	struct why_screen *s = (struct why_screen *)screen;

	dossier_done(&s->d);
	page_done(&s->page);
	g_free(s);
}

static const struct screen_ops why_ops = {
	.name = N_("Why"),
	.view = VIEW_WHY,
	.draw = why_draw,
	.command = why_command,
	.changed = why_changed,
	.hint = why_hint,
	.free = why_free,
};

struct screen *why_new(struct app *app, struct world *w, int64_t code_no)
{
	struct why_screen *s = g_new0(struct why_screen, 1);

	s->base = (struct screen){ .ops = &why_ops, .app = app, .world = w };
	s->code_no = code_no;
	page_init(&s->page, LABEL_CELLS);
	fill(s);
	return &s->base;
}
