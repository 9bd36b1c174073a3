/* app_copy - what may be copied out of the console, and the row that the cursor is on as text. */
#include "ui/app_core.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/twin.h"

/* Line by line: a line's end is the only control character that may leave. */
static char *safe_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		char *safe = text_safe(*line);

		g_free(*line);
		*line = safe;
	}
	return g_strjoinv("\n", lines);
}

bool app_copy(struct app *app, const char *text, bool secret)
{
	g_autofree char *safe = NULL;

	if (app->world.kiosk) {
		app_message(app, true, _("Not copied: this desk keeps everything on its screen."));
		return false;
	}
	if (secret && !app->world.profile->copy_pins) {
		app_message(app, true, "%s", _("A PIN is not copied: others could paste it. "
					 "'copy-pins = yes' below [screen] allows it."));
		return false;
	}
	if (!text || !*text || !app->host.copy) {
		app_message(app, false, "%s", _("There is nothing to copy here."));
		return false;
	}
	safe = safe_lines(text);
	app->host.copy(safe, secret, app->host.ctx);
	if (secret)
		memset(safe, 0, strlen(safe));
	return true;
}

char *app_row_twin(struct app *app)
{
	struct screen *s = app->stack->len ? g_ptr_array_index(app->stack, app->stack->len - 1) : NULL;
	struct grid g;
	char *twin = s && s->ops->twin ? s->ops->twin(s) : NULL;
	int row;

	if (twin || !s || !app->rows)
		return twin;
	grid_init(&g);
	grid_resize(&g, app->rows, app->cols);
	g.ascii = app->world.ascii;
	app_draw(app, &g);
	row = twin_cursor_row(&g);
	if (row >= 0)
		twin = twin_of_row(&g, row);
	grid_done(&g);
	return twin;
}

/* A PIN that is shown at this moment stands on its row, and is no less a PIN there. */
static bool shows_pin(const char *twin)
{
	return twin && g_regex_match_simple("\\b(PIN|backup)\\b.*[0-9]{4,}", twin, 0, 0);
}

bool app_copy_row(struct app *app)
{
	g_autofree char *twin = app_row_twin(app);

	return app_copy(app, twin, shows_pin(twin));
}
