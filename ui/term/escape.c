/* escape - see escape.h. */
#include "ui/term/escape.h"

#include <glib.h>

#include "core/text.h"

enum { NOTICE_CELLS = 200 };

static bool starts_with_any(const char *s, const char *const *prefix)
{
	for (; s && *prefix; prefix++)
		if (g_str_has_prefix(s, *prefix))
			return true;
	return false;
}

bool escape_is_modern(const char *name)
{
	static const char *const known[] = { "xterm",   "screen", "tmux",    "rxvt",   "foot",
					     "alacritty", "kitty", "wezterm", "ghostty", "contour",
					     "vte",     "gnome",  "konsole", "mintty", "iterm",
					     "st-",     "putty",  "mlterm",  NULL };

	return starts_with_any(name, known);
}

/* Safe and short, and without what would end a sequence early. */
static char *notice(const char *text)
{
	g_autofree char *safe = text_fit(text ? text : "", NOTICE_CELLS, CUT_END, false);

	return g_strdelimit(g_steal_pointer(&safe), ";", ',');
}

char *escape_notice(const char *terminal, const char *title, const char *text)
{
	static const char *const osc9[] = { "iTerm", "WezTerm", "ghostty", NULL };
	static const char *const osc777[] = { "rxvt-unicode", "foot", NULL };
	g_autofree char *a = notice(title), *b = notice(text);

	if (g_getenv("TMUX")) /* would keep it to itself */
		return NULL;
	if (starts_with_any(g_getenv("TERM_PROGRAM"), osc9))
		return g_strdup_printf("\033]9;%s: %s\033\\", a, b);
	if (starts_with_any(terminal, osc777))
		return g_strdup_printf("\033]777;notify;%s;%s\033\\", a, b);
	return NULL;
}

char *escape_title(const char *text)
{
	g_autofree char *a = notice(text);

	return g_strdup_printf("\033]2;%s\033\\", a);
}
