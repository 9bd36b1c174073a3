/* app_number - digits before a key: how often, or before Enter which room. */
#include <stdlib.h>
#include <string.h>

#include "ui/app_core.h"

#define COUNT_MAX 9999

static bool take_digit(struct app *app, const struct key *k)
{
	size_t len = strlen(app->digits);

	if (k->code != KEYCODE_CHAR || k->ctrl || k->alt || !g_unichar_isdigit(k->ch) || k->ch > '9')
		return false;
	if (len + 1 < sizeof app->digits)
		app->digits[len] = (char)k->ch;
	app_redraw(app);
	return true;
}

/* The top screen that knows a lock by this number takes it; what lay over it is left. */
void app_jump(struct app *app, const char *digits)
{
	for (guint at = app->stack->len; at-- > 0;) {
		struct screen *s = g_ptr_array_index(app->stack, at);

		if (!s->ops->jump)
			continue;
		if (s->ops->jump(s, digits))
			while (app->stack->len > at + 1)
				app_pop(app);
		return;
	}
}

bool app_take_number(struct app *app, const struct key *k, int *count)
{
	char digits[sizeof app->digits];

	*count = 1;
	if (take_digit(app, k))
		return true;
	app->counted = app->digits[0] != '\0';
	if (!app->counted)
		return false;
	memcpy(digits, app->digits, sizeof digits);
	memset(app->digits, 0, sizeof app->digits);
	app_redraw(app);
	if (k->code == KEYCODE_ENTER)
		app_jump(app, digits);
	else if (k->code == KEYCODE_BACKSPACE)
		memcpy(app->digits, digits, strlen(digits) - 1);
	*count = CLAMP(atoi(digits), 1, COUNT_MAX);
	/* Esc first ends a count. */
	return k->code == KEYCODE_ENTER || k->code == KEYCODE_BACKSPACE || k->code == KEYCODE_ESC;
}
