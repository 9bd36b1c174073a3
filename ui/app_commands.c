/* app_commands - the commands that are the app's own: screens that open from anywhere, back, the palette. */
#include "ui/app_core.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/screens/batch.h"
#include "ui/views.h"
#include "ui/seal.h"
#include "ui/tour.h"
#include "ui/undo.h"

/* Back to a screen of this kind that is open already, over screens that are only to be read: else
 * help about help about help would pile up. */
static bool go_back_to(struct app *app, enum view view)
{
	for (guint at = app->stack->len; at-- > 1;) {
		enum view v = ((struct screen *)app->stack->pdata[at])->ops->view;

		if (v == view) {
			while (app->stack->len > at + 1)
				app_pop(app);
			return true;
		}
		if (!(view_info(v)->flags & VIEW_READS))
			return false;
	}
	return false;
}

static struct screen *open_help(struct app *app, struct world *w)
{
	return help_new(app, w, app_top(app)->ops->view);
}

static struct screen *open_events(struct app *app, struct world *w)
{
	return events_new(app, w, 0, 0);
}

static struct screen *open_strays(struct app *app, struct world *w)
{
	return strays_new(app, w, 0);
}

/* Commands that open a screen from anywhere; where one is open already within reach, it is gone back to. */
static const struct {
	enum command command;
	enum view view; /* VIEW_ANY: always a new one */
	struct screen *(*make)(struct app *app, struct world *w);
} openers[] = {
	{ COMMAND_HELP, VIEW_HELP, open_help },
	{ COMMAND_EVENTS, VIEW_ANY, open_events },
	{ COMMAND_TONIGHT, VIEW_TONIGHT, tonight_new },
	{ COMMAND_OUTBOX, VIEW_OUTBOX, outbox_new },
	{ COMMAND_HANDOVER, VIEW_HANDOVER, handover_new },
	{ COMMAND_JOURNAL, VIEW_JOURNAL, journal_new },
	{ COMMAND_SHEET, VIEW_SHEET, sheet_screen_new },
	{ COMMAND_FREE, VIEW_FREE, free_rooms_new },
	{ COMMAND_LOCKS, VIEW_LOCKS, locks_new },
	{ COMMAND_STRAYS, VIEW_STRAYS, open_strays },
	{ COMMAND_MESSAGES, VIEW_MESSAGES, messages_new },
	{ COMMAND_IMPORTS, VIEW_IMPORTS, imports_new },
	{ COMMAND_STAFF, VIEW_STAFF, staff_new },
	{ COMMAND_LEAKED, VIEW_ANY, leaked_new },
};

static bool open_screen(struct app *app, enum command c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(openers); i++) {
		if (openers[i].command != c)
			continue;
		if (openers[i].view == VIEW_ANY || !go_back_to(app, openers[i].view))
			app_push(app, openers[i].make(app, &app->world));
		return true;
	}
	return false;
}

/* What is being typed or asked is not lost by leaving for the rack: those screens keep their keys. */
static void to_the_rack(struct app *app)
{
	for (guint i = 1; i < app->stack->len; i++) {
		const struct screen *s = g_ptr_array_index(app->stack, i);

		if (s->ops->view == VIEW_ANY) {
			app_message(app, true, _("Something is being written or asked: Esc leaves it first."));
			return;
		}
	}
	while (app->stack->len > 1)
		app_pop(app);
}

static void open_palette(struct app *app, const char *typed)
{
	if (app_top(app)->ops->view == VIEW_ANY)
		app_message(app, true, _("Something is being written or asked: Esc leaves it first."));
	else
		app_push(app, palette_new(app, &app->world, typed));
}

/* Screens that have no places of their own leave it to the rack. */
static void go_to(struct app *app)
{
	struct screen *rack = app->stack->pdata[0];

	if (!app->argument) {
		open_palette(app, "go ");
		return;
	}
	if (!app->argument[strspn(app->argument, "0123456789")]) {
		app_jump(app, app->argument);
		return;
	}
	to_the_rack(app);
	if (app_top(app) == rack)
		rack->ops->command(rack, COMMAND_GO, 1);
}

/* The lowest screen that is not a popup and its popups are drawn; a popup's commands do not fall
 * through to what lies under it. */
bool app_own_command(struct app *app, enum command c)
{
	if (open_screen(app, c))
		return true;
	switch ((int)c) {
	case COMMAND_QUIT:
		app->quit = true;
		return true;
	case COMMAND_BACK:
		if (app->stack->len > 1)
			app_pop(app);
		else
			app_message(app, false, _("This is the first screen; q leaves keyrack."));
		return true;
	case COMMAND_PALETTE:
		open_palette(app, NULL);
		return true;
	case COMMAND_GO:
		go_to(app);
		return true;
	case COMMAND_UNDO:
		undo_last(app->undo);
		return true;
	case COMMAND_TOUR:
		tour_toggle(app);
		return true;
	case COMMAND_TOUR_NEXT:
		tour_next(app);
		return true;
	case COMMAND_RACK:
		to_the_rack(app);
		return true;
	case COMMAND_RESTORE:
		batch_restore_ask(app, &app->world);
		return true;
	case COMMAND_COMPARE:
		if (!app->world.sync_connected) {
			app_message(app, true, _("sync is not running: nothing to compare with."));
			return true;
		}
		app->host.tell_sync("compare", app->host.ctx);
		app_message(app, false, _("Comparing everything with the server."));
		return true;
	case COMMAND_SEAL:
		seal_begin(app);
		return true;
	case COMMAND_COPY:
		return app_copy_row(app) || true;
	default:
		return app->host.command && app->host.command(c, app->host.ctx);
	}
}
