/* help - every command with its keys, from the tables that make them work.
 *
 * Typing searches; Enter runs the command under the cursor on the screen that help was called
 * from. So it is the list of all that can be done and the way to do what has no key in mind. */
#include <string.h>

#include "ui/app_core.h"
#include "core/i18n.h"
#include "ui/screens/page.h"
#include "ui/widgets/field.h"

struct help {
	struct screen base;
	struct page page;
	struct field find;
	enum view about;
};

/* The groups, each a run of COMMANDS(X) beginning with the command named. */
static const struct {
	enum command first;
	const char *title;
} groups[] = {
	{ COMMAND_UP, N_("Moving") },
	{ COMMAND_OPEN, N_("Opening") },
	{ COMMAND_NEXT_BAR, N_("Time") },
	{ COMMAND_NEW, N_("Codes and doors") },
	{ COMMAND_FIND, N_("Finding") },
	{ COMMAND_EVENTS, N_("Other screens") },
	{ COMMAND_THEME, N_("The screen itself") },
};

/* Letters of needle in this order within hay: "nc" finds "New access code". */
static bool fuzzy(const char *hay, const char *needle)
{
	g_autofree gunichar *h = g_utf8_to_ucs4_fast(hay, -1, NULL), *n = g_utf8_to_ucs4_fast(needle, -1, NULL);
	const gunichar *want = n;

	for (const gunichar *p = h; *p && *want; p++)
		want += *p == *want;
	return !*want;
}

/* Its keys in that view; without one there, as it is called from the palette. */
static char *keys_of(enum view v, enum command c)
{
	const char *keys[4];
	size_t n = keymap_keys(v, c, keys, G_N_ELEMENTS(keys));
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(s, "%s%s", i ? "  " : "", keys[i]);
	if (!n)
		g_string_append_printf(s, ":%s", command_info(c)->name);
	return g_string_free(s, FALSE);
}

/* What has a key on other screens alone is not listed: it is done there. What has none anywhere is. */
static bool is_listed(enum view about, enum command c)
{
	const char *key;
	bool elsewhere = false;

	for (enum view v = VIEW_ANY; v < VIEW_COUNT && !elsewhere; v++)
		elsewhere = keymap_keys(v, c, &key, 1) > 0;
	return !elsewhere || keymap_keys(about, c, &key, 1) > 0;
}

/* As words, by what it is called and by what desks call it. */
static bool says(enum command c, const char *needle)
{
	const struct command_info *info = command_info(c);
	g_autofree char *said = g_strconcat(info->name, " ", info->help, " ", command_also(c), NULL);
	g_autofree char *hay = text_fold(said);

	return strstr(hay, needle) != NULL;
}

static bool wanted(const struct help *h, enum command c, const char *needle)
{
	const struct command_info *info = command_info(c);
	g_autofree char *said = g_strconcat(info->name, " ", info->help, NULL), *hay = text_fold(said);

	(void)h;
	return !*needle || says(c, needle) || fuzzy(hay, needle);
}

/* What stands as words beats what only has the letters: with a search, those come first. */
static void fill_found(struct help *h, const char *needle)
{
	for (int exact = 1; exact >= 0; exact--)
		for (int c = 0; c < COMMAND_COUNT; c++) {
			const struct command_info *info = command_info((enum command)c);
			g_autofree char *keys = keys_of(h->about, (enum command)c);

			if (!wanted(h, (enum command)c, needle) || says((enum command)c, needle) != exact)
				continue;
			page_add(&h->page, keys, g_strdup(info->help), ROLE_TEXT, c + 1);
		}
	if (!h->page.lines->len)
		page_add(&h->page, NULL, g_strdup(_("Nothing does that. Backspace widens the search.")), ROLE_DIM, 0);
}

/* What the bars and signs of the rack mean; the same shapes as ui/widgets/lane.h draws. */
static const struct {
	const char *sign, *ascii, *words;
	enum role role;
} legend[] = {
	{ "!", "!", N_("something is wrong: the line under the list says what to do"), ROLE_ALARM },
	{ "≈", "~", N_("its PIN is easily taken for another's on the same lock"), ROLE_WARN },
	{ "━━━", "===", N_("set: the PIN is on the lock and opens it in these hours"), ROLE_GOOD },
	{ "╌╌╌", "~~~", N_("stored: on the lock already, its hours are still to come"), ROLE_STORED },
	{ "┄┄┄", "...", N_("to come: not on the lock yet"), ROLE_FUTURE },
	{ "┄┄?", "--?", N_("asked for, or being set: not confirmed by the lock"), ROLE_PENDING },
	{ "━━!", "==!", N_("trouble: it may not open the door"), ROLE_ALARM },
	{ "━━▶", "==>", N_("goes on without an end"), ROLE_TEXT },
	{ "···", ":::", N_("over"), ROLE_ENDED },
	{ "░░", "..", N_("when it will be written to the lock"), ROLE_LEAD },
	{ "┃", "|", N_("now"), ROLE_NOW },
	{ N_("unmanaged"), N_("unmanaged"), N_("on the lock, but made elsewhere: a manages it from here"), ROLE_DIM },
	{ N_("bat"), N_("bat"), N_("the lock's battery is low"), ROLE_WARN },
	{ N_("~Name"), N_("~Name"), N_("a name that was concluded, not reported by the lock"), ROLE_INFERRED },
	{ "5 j", "5 j", N_("a number before a key repeats it"), ROLE_TEXT },
};

static void fill_legend(struct help *h)
{
	page_heading(&h->page, _("Signs"));
	for (size_t i = 0; i < G_N_ELEMENTS(legend); i++)
		page_add(&h->page, _(h->base.world->ascii ? legend[i].ascii : legend[i].sign),
			 g_strdup(_(legend[i].words)), legend[i].role, 0);
}

static void fill(struct help *h)
{
	g_autofree char *needle = text_fold(h->find.text->str);

	page_clear(&h->page);
	if (*needle) {
		fill_found(h, needle);
		return;
	}
	for (int c = 0; c < COMMAND_COUNT; c++) {
		g_autofree char *keys = keys_of(h->about, (enum command)c);

		for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
			if ((int)groups[i].first == c)
				page_heading(&h->page, _(groups[i].title));
		if (is_listed(h->about, (enum command)c))
			page_add(&h->page, keys, g_strdup(command_info((enum command)c)->help), ROLE_TEXT, c + 1);
	}
	fill_legend(h);
}

static void help_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct help *h = (struct help *)s;
	int at = area.col + 1;

	at += grid_put(g, area.row, at, area.cols / 3, _("Search "), ROLE_HINT_KEY);
	field_draw(&h->find, g, area.row, at, MIN(area.cols - at - 2, 40), true);
	int row = g->cursor_row, col = g->cursor_col;

	page_draw(&h->page, g, (struct rect){ area.row + 2, area.col, area.rows - 2, area.cols });
	/* Typing goes to the search, so that is where the cursor stands. */
	g->cursor_row = row;
	g->cursor_col = col;
}

static void run_chosen(struct help *h)
{
	const struct page_line *l = page_chosen(&h->page);
	struct app *app = h->base.app;

	if (!l)
		return;
	app_pop(app);
	app_run_command(app, (enum command)(l->ref - 1));
}

/* Letters search; only keys that are no text move. */
static bool help_key(struct screen *s, const struct key *k)
{
	struct help *h = (struct help *)s;
	bool changed = false;

	if (k->code == KEYCODE_ENTER) {
		run_chosen(h);
		return true;
	}
	if (k->code == KEYCODE_ESC && h->find.text->len) {
		field_set(&h->find, "");
		fill(h);
		return true;
	}
	if (k->code == KEYCODE_HOME || k->code == KEYCODE_END)
		return false;
	if (k->code == KEYCODE_CHAR && (k->ctrl || k->ch < ' ') && (k->ch == 'd' || k->ch == 4))
		return false;
	/* Where search begins everywhere else, it has begun already. */
	if (k->code == KEYCODE_CHAR && k->ch == '/' && !h->find.text->len)
		return true;
	if (!field_key(&h->find, k, &changed))
		return false;
	if (changed) {
		h->page.at = -1;
		h->page.top = 0;
		fill(h);
	}
	return true;
}

static bool help_command(struct screen *s, enum command c, int count)
{
	return page_command(&((struct help *)s)->page, c, count);
}

static const char *const *help_hints(struct screen *s)
{
	static const char *const hints[] = { N_("type"), N_("search"), "Up Down", N_("choose"), "Enter", N_("do it"),
					     "Esc", N_("back"), NULL };
	(void)s;
	return hints;
}

static void help_free(struct screen *s)
{
	struct help *h = (struct help *)s;

	page_done(&h->page);
	field_done(&h->find);
	g_free(h);
}

static const struct screen_ops help_ops = {
	.name = N_("Help"),
	.view = VIEW_HELP,
	.draw = help_draw,
	.command = help_command,
	.key = help_key,
	.hints = help_hints,
	.free = help_free,
};

struct screen *help_new(struct app *app, struct world *w, enum view about)
{
	struct help *h = g_new0(struct help, 1);

	h->base = (struct screen){ .ops = &help_ops, .app = app, .world = w };
	h->about = about;
	page_init(&h->page, 26);
	field_init(&h->find, "", 60);
	fill(h);
	return &h->base;
}
