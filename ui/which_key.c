/* which_key - after the first key of two: a box above the bottom line with what may follow. */
#include "ui/app_core.h"

#include "core/i18n.h"

#define CELL 26

void app_draw_which_key(struct app *app, struct grid *g)
{
	const struct screen *s = app_top(app);
	g_autoptr(GArray) after = NULL;
	int per_row = MAX((g->cols - 4) / CELL, 1), rows, n;
	char label[KEY_NAME_MAX];
	g_autofree char *title = NULL;

	if (!app->prefixed)
		return;
	key_label(&app->prefix, label);
	title = app->prefix_count > 1 ? g_strdup_printf("%d %s", app->prefix_count, label) : g_strdup(label);
	after = keymap_after(s->ops->view, &app->prefix);
	n = (int)after->len;
	rows = MIN((n + per_row - 1) / per_row, g->rows - 5);
	struct rect box = { g->rows - 3 - rows, 0, rows + 2, g->cols };

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, title, ROLE_RULE);
	for (int i = 0; i < n && i / per_row < rows; i++) {
		const struct binding *b = &g_array_index(after, struct binding, (guint)i);
		int row = box.row + 1 + i / per_row, col = 2 + i % per_row * CELL;
		int used = grid_put(g, row, col, 8, b->key, ROLE_HINT_KEY) + 1;

		grid_put(g, row, col + used, CELL - used - 1, command_info(b->command)->name, ROLE_TEXT);
	}
}

/* True: the key was the first of two, or the second. */
bool app_take_prefix(struct app *app, const struct key *k, enum command *c)
{
	enum view v = app_top(app) ? app_top(app)->ops->view : VIEW_ANY;
	char first[KEY_NAME_MAX], second[KEY_NAME_MAX];
	bool was = app->prefixed;

	*c = COMMAND_NONE;
	app->prefixed = false;
	if (was) {
		app_redraw(app);
		*c = keymap_find_after(v, &app->prefix, k);
		if (*c == COMMAND_NONE && k->code != KEYCODE_ESC)
			app_message(app, false, _("%1$s %2$s stands for nothing here."), key_label(&app->prefix, first),
				    key_label(k, second));
		return true;
	}
	if (!keymap_is_prefix(v, k))
		return false;
	app->prefixed = true;
	app->prefix = (struct key){ .code = k->code, .ch = k->ch, .ctrl = k->ctrl, .alt = k->alt };
	app_redraw(app);
	return true;
}
