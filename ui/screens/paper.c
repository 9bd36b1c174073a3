/* paper - plain text to a file or to lp; see the header.
 *
 * Nothing is written over unasked, a file is its owner's alone, and what became of a print is said when it
 * is known. Who took something out of the house is in the journal before it is out. */
#include "ui/screens/paper.h"

#include <string.h>

#include "core/i18n.h"
#include "core/printer.h"
#include "ui/app_core.h"

/* what: in a sentence; file: the name that is offered, before the day; the others are the acts in the
 * journal, which is kept in English and shown translated. */
static const struct {
	const char *what, *file, *printed, *filed, *failed;
} kinds[PAPER_KIND_COUNT] = {
	[PAPER_WALK_LIST] = { N_("walk list"), N_("walk-list"), N_("walk list printed"), N_("walk list to a file"),
			      N_("walk list not printed") },
	[PAPER_EVENTS] = { N_("event list"), N_("keyrack-events"), N_("event list printed"),
			   N_("event list to a file"), N_("event list not printed") },
	[PAPER_SLIP] = { N_("slip"), N_("keyrack-slip"), N_("slip printed"), N_("slip to a file"),
			 N_("slip not printed") },
	[PAPER_SHEET] = { N_("night sheet"), N_("night-sheet"), N_("night sheet printed"),
			  N_("night sheet to a file"), N_("night sheet not printed") },
};

struct paper {
	enum paper_kind kind;
	char *text, *about, *path;
};

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	g_free(text);
}

/* Takes text. */
static struct paper *paper_new(enum paper_kind kind, char *text, const char *about, const char *path)
{
	struct paper *p = g_new0(struct paper, 1);

	*p = (struct paper){ kind, text, g_strdup(about), g_strdup(path) };
	return p;
}

static void paper_free(void *data)
{
	struct paper *p = data;

	wipe(p->text);
	g_free(p->about);
	g_free(p->path);
	g_free(p);
}

/* False, and nothing may leave: the journal cannot be written. */
static bool note(struct app *app, const struct paper *p, const char *act, const char *more)
{
	const struct world *w = &app->world;
	g_autofree char *about = g_strdup_printf("%s%s%s", p->about ? p->about : "", p->about && more ? ", " : "",
						 more ? more : "");
	g_autoptr(GError) err = NULL;

	if (cache_note_act(w->cache, act, about, w->operator_name, w->now, &err))
		return true;
	app_message(app, true, _("Not done, since the desk's journal cannot be written: %s"), err->message);
	return false;
}

/* ---- the printer ---- */

struct printing {
	struct app *app;
	GCancellable *ending; /* the console is gone: nobody is told */
	struct paper *paper;  /* without its text */
};

static void printing_free(struct printing *p)
{
	g_object_unref(p->ending);
	paper_free(p->paper);
	g_free(p);
}

static void printed(const GError *err, void *ctx)
{
	struct printing *p = ctx;
	const char *what = _(kinds[p->paper->kind].what);

	if (!g_cancellable_is_cancelled(p->ending)) {
		if (err)
			note(p->app, p->paper, kinds[p->paper->kind].failed, err->message);
		if (err)
			app_message(p->app, true, _("Not printed (%1$s): %2$s."), what, err->message);
		else
			app_message(p->app, false, _("With the printer: %s."), what);
		app_redraw(p->app);
	}
	printing_free(p);
}

static bool is_off(struct app *app)
{
	if (!app->world.kiosk || app->world.profile->kiosk_print)
		return false;
	app_message(app, true, "%s", _("This desk does not print: 'kiosk-print = yes' below [desk] allows it."));
	return true;
}

static void print(struct app *app, const struct paper *paper)
{
	g_autoptr(GError) err = NULL;
	struct printing *p;

	if (is_off(app) || !note(app, paper, kinds[paper->kind].printed, NULL))
		return;
	p = g_new0(struct printing, 1);
	*p = (struct printing){ app, g_object_ref(app->ending), paper_new(paper->kind, NULL, paper->about, NULL) };
	app_message(app, false, _("Goes to the printer: %s."), _(kinds[paper->kind].what));
	if (!printer_send(paper->text, PRINTER_WAIT_MS, printed, p, &err))
		printed(err, p);
}

/* ---- a file ---- */

static void save(struct app *app, void *ctx)
{
	struct paper *p = ctx;
	g_autoptr(GError) err = NULL;

	if (!note(app, p, kinds[p->kind].filed, p->path))
		return;
	if (g_file_set_contents_full(p->path, p->text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &err))
		app_message(app, false, _("Written for you alone: %s"), p->path);
	else if (note(app, p, kinds[p->kind].failed, err->message))
		app_message(app, true, _("Not written: %s"), err->message);
}

char *paper_path(const char *typed)
{
	if (typed[0] == '~' && (typed[1] == '/' || !typed[1]))
		return g_build_filename(g_get_home_dir(), typed + 1, NULL);
	return g_canonicalize_filename(typed, g_get_home_dir());
}

static void named(struct app *app, const char *typed, void *ctx)
{
	struct paper *p = ctx;
	g_autofree char *path = paper_path(typed), *question = NULL;

	if (g_strcmp0(typed, "lp") == 0) {
		print(app, p);
		return;
	}
	struct paper *mine = paper_new(p->kind, g_steal_pointer(&p->text), p->about, path);

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		save(app, mine);
		paper_free(mine);
		return;
	}
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
		app_message(app, true, _("Not written: %s is no plain file; give another name."), path);
		paper_free(mine);
		return;
	}
	question = g_strdup_printf(_("Replace %s?"), path);
	app_ask(app, question, _("There is a file of this name already. What is in it now would be lost."),
		_("Replace"), save, mine, paper_free);
}

void paper_ask(struct app *app, enum paper_kind kind, char *text, const char *about)
{
	struct paper *p = paper_new(kind, text, about, NULL);
	struct civil c = civil_at(app->world.zone, app->world.now);
	g_autofree char *question = NULL, *offered = NULL;

	if (app->world.kiosk) {
		print(app, p);
		paper_free(p);
		return;
	}
	question = g_strdup_printf(_("Write it to which file? (%s)"), _(kinds[kind].what));
	offered = g_strdup_printf("~/%s-%04d-%02d-%02d.txt", _(kinds[kind].file), c.year, c.month, c.day);
	app_ask_line(app, question, _("lp instead of a name prints it."), offered, named, p, paper_free);
}

void paper_print(struct app *app, enum paper_kind kind, char *text, const char *about)
{
	g_autofree char *lp = g_find_program_in_path("lp");
	struct paper *p;

	if (!lp && !app->world.kiosk) {
		paper_ask(app, kind, text, about);
		app_message(app, true, "%s", _("This computer has no 'lp': the package cups-client brings it."));
		return;
	}
	p = paper_new(kind, text, about, NULL);
	print(app, p);
	paper_free(p);
}
