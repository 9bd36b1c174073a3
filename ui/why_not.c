/* why_not - why a command would do nothing now, in words that say what helps. */
#include "ui/app_core.h"
#include "ui/screens/palette.h"
#include "ui/tour.h"
#include "ui/views.h"

/* What has to be under the cursor, for commands that need something there. */
static const struct {
	enum command command;
	const char *words;
} needs[] = {
	{ COMMAND_OPEN, N_("choose a lock or a code first") },
	{ COMMAND_EDIT, N_("choose a code that is managed from here and not over") },
	{ COMMAND_REVOKE, N_("choose a code that is not over, or one that is not sent yet") },
	{ COMMAND_BACKUP, N_("choose a code whose lock keeps backup codes and that has not used its own") },
	{ COMMAND_ADOPT, N_("choose an unmanaged code") },
	{ COMMAND_EVICT, N_("choose an unmanaged code that is on a lock") },
	{ COMMAND_IGNORE, N_("choose an unmanaged code") },
	{ COMMAND_LOCK, N_("choose a lock that can be locked from afar and is online") },
	{ COMMAND_UNLOCK, N_("choose a lock that can be unlocked from afar and is online") },
	{ COMMAND_REVEAL, N_("choose a code whose PIN is known here") },
	{ COMMAND_WHY, N_("choose a code first") },
	{ COMMAND_TRIAGE, N_("choose a code or a lock first") },
	{ COMMAND_EVENTS, N_("choose a code or a lock first") },
	{ COMMAND_FIND_NEXT, N_("search for something first") },
	{ COMMAND_FIND_PREVIOUS, N_("search for something first") },
	{ COMMAND_NEXT_RISK, N_("nobody is at risk") },
	{ COMMAND_GO_NOW, N_("this is now already") },
};

static bool held_in(enum view v, enum command c)
{
	const struct view_info *info = view_info(v);

	for (size_t i = 0; i < info->n_keys; i++)
		if (info->keys[i].command == c)
			return true;
	return palette_argument(c, v) != NULL;
}

/* "only on: Rack, Tonight". */
static char *where_done(enum command c)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (enum view v = VIEW_ANY + 1; v < VIEW_COUNT; v++)
		if (held_in(v, c))
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", _(view_info(v)->title));
	return s->len ? g_strdup_printf(_("only on: %s"), s->str) : g_strdup(_("not here"));
}

char *app_why_not(struct app *app, enum command c)
{
	struct screen *s = app_below(app);
	char *off = app_why_off(app, command_info(c)->flags);
	const char *hint;

	if (off)
		return off;
	if (c == COMMAND_COMPARE && !app->world.sync_connected)
		return g_strdup(_("sync is not running"));
	if (c == COMMAND_TOUR)
		return g_strdup(tour_why_not(app));
	if (!s || (!held_in(VIEW_ANY, c) && !held_in(s->ops->view, c)))
		return where_done(c);
	hint = s->ops->hint ? s->ops->hint(s, c) : NULL;
	if (!hint || *hint)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
		if (needs[i].command == c)
			return g_strdup(_(needs[i].words));
	return g_strdup(_("there is nothing here to do it to"));
}
