/* escape - see escape.h. */
#include "ui/term/escape.h"

#include <glib.h>
#include <string.h>

#include "core/text.h"

enum {
	NOTICE_CELLS = 200,
	COPY_BYTES_MAX = 48 * 1024, /* what terminals take is about 100,000 bytes of base64 */
};

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

/* tmux keeps to itself what it does not know, unless it is wrapped; and then its user may still
 * have forbidden it. */
static char *through_tmux(char *s)
{
	GString *out;

	if (!g_getenv("TMUX"))
		return s;
	out = g_string_new("\033Ptmux;");
	for (const char *p = s; *p; p++) {
		if (*p == '\033')
			g_string_append_c(out, '\033');
		g_string_append_c(out, *p);
	}
	g_string_append(out, "\033\\");
	g_free(s);
	return g_string_free(out, FALSE);
}

/* ---- notifications ---- */

enum notice { NOTICE_9, NOTICE_777, NOTICE_99 };

/* What names itself, what TERM is called, and what the terminal leaves in the environment, which
 * also tells who is behind tmux. */
static const struct {
	const char *version, *name, *variable;
	enum notice kind;
} notices[] = {
	{ "kitty", "xterm-kitty", "KITTY_WINDOW_ID", NOTICE_99 },
	{ "ghostty", "xterm-ghostty", "GHOSTTY_RESOURCES_DIR", NOTICE_777 },
	{ "WezTerm", "wezterm", "WEZTERM_PANE", NOTICE_777 },
	{ "iTerm2", "iterm", "ITERM_SESSION_ID", NOTICE_9 },
	{ "foot", "foot", NULL, NOTICE_777 },
	{ "rxvt-unicode", "rxvt-unicode", NULL, NOTICE_777 },
	{ "contour", "contour", NULL, NOTICE_777 },
};

static bool is_terminal(size_t i, const char *name, const char *version)
{
	const char *variable = notices[i].variable;

	if (g_getenv("TMUX"))
		return variable && g_getenv(variable);
	if (version && *version)
		return g_ascii_strncasecmp(version, notices[i].version, strlen(notices[i].version)) == 0;
	return (name && g_str_has_prefix(name, notices[i].name)) || (variable && g_getenv(variable));
}

/* Safe and short, and without what would end a sequence early. */
static char *notice(const char *text)
{
	g_autofree char *safe = text_fit(text ? text : "", NOTICE_CELLS, CUT_END, false);

	return g_strdelimit(g_steal_pointer(&safe), ";", ',');
}

static char *notice_text(enum notice kind, const char *title, const char *text)
{
	switch (kind) {
	case NOTICE_777:
		return g_strdup_printf("\033]777;notify;%s;%s\033\\", title, text);
	case NOTICE_99: /* one notification of ours, in two parts */
		return g_strdup_printf("\033]99;i=keyrack:d=0;%s\033\\\033]99;i=keyrack:d=1:p=body;%s\033\\",
				       title, text);
	case NOTICE_9:
		break;
	}
	return g_strdup_printf("\033]9;%s: %s\033\\", title, text);
}

char *escape_notice(const char *terminal, const char *version, const char *title, const char *text)
{
	g_autofree char *a = notice(title), *b = notice(text);

	for (size_t i = 0; i < G_N_ELEMENTS(notices); i++)
		if (is_terminal(i, terminal, version))
			return through_tmux(notice_text(notices[i].kind, a, b));
	return NULL;
}

char *escape_title(const char *text)
{
	g_autofree char *a = notice(text);

	return g_strdup_printf("\033]2;%s\033\\", a);
}

char *escape_copy(const char *text)
{
	size_t n = strlen(text);
	g_autofree char *coded = n <= COPY_BYTES_MAX ? g_base64_encode((const guchar *)text, n) : NULL;

	return coded ? through_tmux(g_strdup_printf("\033]52;c;%s\033\\", coded)) : NULL;
}
