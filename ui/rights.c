/* rights - what this console, its kiosk or the operator's role keeps off, said in one place: for a key, for the
 * palette, and for what a screen wishes. */
#include "ui/app_core.h"

#include "core/i18n.h"

static char *who_only_looks(const struct app *app)
{
	const struct world *w = &app->world;

	if (w->role > OPERATOR_READ || app->begun_read_only)
		return g_strdup(_("this console is read-only"));
	if (app->line_mode)
		return g_strdup(_("in the line mode nobody says who they are, and may only look (role read)"));
	return g_strdup_printf(_("%s may only look here (role read); the roles desk and admin may do it"),
			       w->operator_name ? w->operator_name : _("whoever this is"));
}

/* To look is not to have everybody's PIN. */
static char *who_sees_no_pin(const struct app *app)
{
	const struct world *w = &app->world;

	if (app->line_mode)
		return g_strdup(_("in the line mode nobody says who they are, and may only look (role read)"));
	return g_strdup_printf(_("%s may only look here (role read); PINs are for the roles desk and admin"),
			       w->operator_name ? w->operator_name : _("whoever this is"));
}

bool world_hides(const struct world *w, unsigned flags)
{
	return (w->read_only && (flags & COMMAND_WRITES)) || (w->role == OPERATOR_READ && (flags & COMMAND_PINS));
}

char *app_why_off(const struct app *app, unsigned flags)
{
	const struct world *w = &app->world;

	if (w->read_only && (flags & COMMAND_WRITES))
		return who_only_looks(app);
	if (world_hides(w, flags))
		return who_sees_no_pin(app);
	if ((flags & COMMAND_ADMIN) && w->role < OPERATOR_ADMIN)
		return g_strdup_printf(_("%s has the role %s here; it takes the role admin"),
				       w->operator_name ? w->operator_name : _("whoever this is"),
				       operator_role_word(w->role));
	if (w->kiosk && ((flags & COMMAND_OUTSIDE) || ((flags & COMMAND_PRINTS) && !w->profile->kiosk_print)))
		return g_strdup(_("this desk is a kiosk"));
	return NULL;
}

bool app_may_write(struct app *app)
{
	g_autofree char *why = app_why_off(app, COMMAND_WRITES);

	if (why)
		app_message(app, true, _("Nothing is changed: %s."), why);
	return !why;
}
