/* events_export - what the filter shows, into a file that the operator names; a few hundred rows a turn,
 * so that keys are answered meanwhile. */
#include "cache/export.h"
#include "core/i18n.h"
#include "ui/screens/events.h"
#include "ui/screens/paper.h"

enum { STEP = 500 };

struct events_export {
	struct events_screen *s;
	struct export *x;
	struct event_filter *filter;
	char *path;
	unsigned timer;
	int steps;
};

void events_export_end(struct events_screen *s)
{
	struct events_export *e = s->export;

	if (!e)
		return;
	app_cancel_after(s->base.app, e->timer);
	export_free(e->x);
	event_filter_free(e->filter);
	g_free(e->path);
	g_free(e);
	s->export = NULL;
}

static void failed(struct events_screen *s, const GError *err)
{
	app_message(s->base.app, true, _("Not exported: %s"), err ? err->message : "?");
	events_export_end(s);
}

/* Who took a list out of the house is in the desk's journal. */
static void note(struct events_screen *s, struct events_export *e)
{
	struct world *w = s->base.world;
	g_autofree char *about = g_strdup_printf("%" G_GINT64_FORMAT " events, filter '%s', %s, sha256 %s",
						 export_count(e->x), s->find.text->str, e->path, export_digest(e->x));
	g_autoptr(GError) err = NULL;

	if (cache_note_act(w->cache, "events exported", about, w->operator_name, w->now, &err))
		app_message(s->base.app, false, P_("%1$ld event is in %2$s, its digest in %2$s.sha256.",
						   "%1$ld events are in %2$s, their digest in %2$s.sha256.",
						   export_count(e->x)), (long)export_count(e->x), e->path);
	else
		app_message(s->base.app, true, _("Exported, but the desk's journal does not say so: %s"),
			    err ? err->message : "?");
}

static void step(void *ctx)
{
	struct events_screen *s = ctx;
	struct events_export *e = s->export;
	g_autoptr(GError) err = NULL;
	bool done = false;

	e->timer = 0;
	if (!export_step(e->x, STEP, &done, &err)) {
		failed(s, err);
	} else if (done && !export_count(e->x)) {
		app_message(s->base.app, false, "%s", _("No event fits: no file was written."));
		events_export_end(s);
	} else if (done && !export_finish(e->x, &err)) {
		failed(s, err);
	} else if (done) {
		note(s, e);
		events_export_end(s);
	} else {
		e->timer = app_after(s->base.app, 1, step, s);
		if (++e->steps % 20 == 0)
			app_message(s->base.app, false, _("Exporting: %ld events so far"), (long)export_count(e->x));
	}
	app_redraw(s->base.app);
}

/* ---- which file ---- */

struct asked {
	struct events_screen *s;
	char *path;
};

static void asked_free(void *p)
{
	struct asked *a = p;

	g_free(a->path);
	g_free(a);
}

static void begin(struct asked *a, bool replace)
{
	struct events_screen *s = a->s;
	struct world *w = s->base.world;
	struct events_export *e = g_new0(struct events_export, 1);
	struct event_find find = events_what(s);
	g_autoptr(GError) err = NULL;
	enum export_form form;

	events_export_end(s);
	e->filter = event_filter_parse(s->find.text->str, w->zone, w->now);
	e->path = g_strdup(a->path);
	find.filter = e->filter;
	if (export_form_of(a->path, &form, &err))
		e->x = export_new(w->cache, &find, w->zone, a->path, form, replace, &err);
	if (!e->x) {
		app_message(s->base.app, true, _("Not exported: %s"), err->message);
		event_filter_free(e->filter);
		g_free(e->path);
		g_free(e);
		return;
	}
	s->export = e;
	step(s);
}

static void replace(struct app *app, void *ctx)
{
	(void)app;
	begin(ctx, true);
}

static void named(struct app *app, const char *typed, void *ctx)
{
	struct asked *a = ctx;
	g_autoptr(GError) err = NULL;
	enum export_form form;

	g_free(a->path);
	a->path = paper_path(typed);
	if (!export_form_of(a->path, &form, &err)) {
		app_message(app, true, "%s", err->message);
		return;
	}
	if (!g_file_test(a->path, G_FILE_TEST_EXISTS)) {
		begin(a, false);
		return;
	}
	g_autofree char *question = g_strdup_printf(_("Replace %s?"), a->path);
	struct asked *again = g_new(struct asked, 1);

	*again = (struct asked){ a->s, g_strdup(a->path) };
	app_ask(app, question, _("There is a file of this name already. What is in it now would be lost."),
		_("Replace"), replace, again, asked_free);
}

void events_export_ask(struct events_screen *s)
{
	struct asked *a = g_new0(struct asked, 1);
	struct civil c = civil_at(s->base.world->zone, s->base.world->now);
	g_autofree char *offered = g_strdup_printf("~/keyrack-events-%04d-%02d-%02d.csv", c.year, c.month, c.day);

	a->s = s;
	app_ask_line(s->base.app, _("Write the events that are shown into which file?"),
		     _("The ending says how: .csv or .jsonl. Without PINs; a digest is written beside it."), offered,
		     named, a, asked_free);
}
