/* palette_words - the words that may follow a command, and which commands take one. */
#include <string.h>

#include "core/event_filter.h"
#include "core/i18n.h"
#include "core/text.h"
#include "ui/app_core.h"
#include "ui/screens/locks.h"
#include "ui/screens/palette.h"
#include "ui/screens/rack.h"

#define SUGGESTED_LOCKS 20

void palette_add_word(GPtrArray *words, const char *word, const char *meaning)
{
	struct palette_word *w = g_new(struct palette_word, 1);

	*w = (struct palette_word){ g_strdup(word), g_strdup(meaning ? meaning : "") };
	g_ptr_array_add(words, w);
}

static void add_all(GPtrArray *words, const char *const *list)
{
	for (; *list; list++)
		palette_add_word(words, *list, NULL);
}

static void list_themes(struct app *app, const char *typed, GPtrArray *words)
{
	g_auto(GStrv) names = theme_names();

	(void)app;
	(void)typed;
	add_all(words, (const char *const *)names);
}

static void list_on_off(struct app *app, const char *typed, GPtrArray *words)
{
	(void)app;
	(void)typed;
	palette_add_word(words, "on", NULL);
	palette_add_word(words, "off", NULL);
}

/* NULL: no column is called that. */
static const char *column_help(const char *name)
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		if (strcmp(column_info((enum column)c)->name, name) == 0)
			return _(column_info((enum column)c)->help);
	return NULL;
}

static void list_rack_sorts(struct app *app, const char *typed, GPtrArray *words)
{
	g_autoptr(GPtrArray) sorts = rack_sort_words();

	(void)app;
	(void)typed;
	for (guint i = 0; i + 1 < sorts->len; i++)
		palette_add_word(words, sorts->pdata[i], column_help(sorts->pdata[i]));
}

static void list_rack_columns(struct app *app, const char *typed, GPtrArray *words)
{
	(void)app;
	(void)typed;
	for (int c = COLUMN_STATE; c < COLUMN_COUNT; c++)
		palette_add_word(words, column_info((enum column)c)->name, _(column_info((enum column)c)->help));
	palette_add_word(words, RACK_COLUMNS_STANDARD, _("as many as there is room for"));
}

/* A filter is a line of terms: what is typed before the last one stays. */
static void list_events_filters(struct app *app, const char *typed, GPtrArray *words)
{
	static const char *const fields[] = { "lock:", "code:", "what:", "how:", "since:", "until:", NULL };
	const char *last = strrchr(typed, ' ');
	g_autofree char *before = last ? g_strndup(typed, (gsize)(last + 1 - typed)) : g_strdup("");

	(void)app;
	for (int k = 0; k < EVENT_KIND_COUNT; k++) {
		g_autofree char *word = g_strconcat(before, "kind:", event_kind_name((enum event_kind)k), NULL);

		palette_add_word(words, word, NULL);
	}
	for (const char *const *f = fields; *f; f++) {
		g_autofree char *word = g_strconcat(before, *f, NULL);

		palette_add_word(words, word, NULL);
	}
}

static void list_zooms(struct app *app, const char *typed, GPtrArray *words)
{
	(void)app;
	(void)typed;
	add_all(words, rack_zooms);
}

static void list_locks_sorts(struct app *app, const char *typed, GPtrArray *words)
{
	(void)app;
	(void)typed;
	for (int c = 0; c < LOCKS_COLUMN_COUNT; c++)
		if (locks_sort_words((enum locks_column)c))
			palette_add_word(words, locks_sort_names[c], locks_sort_words((enum locks_column)c));
}

static void list_days(struct app *app, const char *typed, GPtrArray *words)
{
	(void)app;
	(void)typed;
	palette_add_word(words, _("today"), NULL);
	palette_add_word(words, _("tomorrow"), NULL);
	for (int weekday = 1; weekday <= 7; weekday++) {
		g_autofree char *word = g_utf8_strdown(weekday_name(weekday), -1);

		palette_add_word(words, word, NULL);
	}
}

/* Of a large property only what the typed letters are in. */
static void list_places(struct app *app, const char *typed, GPtrArray *words)
{
	struct world *w = &app->world;
	g_autoptr(GArray) locks = cache_lock_order(w->cache, LOCKS_BY_NAME, typed, w->now, NULL);

	for (guint i = 0; locks && i < MIN(locks->len, SUGGESTED_LOCKS); i++) {
		OWN(cache_list) struct cache_list *list =
			cache_lock(w->cache, g_array_index(locks, int64_t, i), w->now, NULL);
		const struct lock *l = list && list->rows->len ? &cache_list_at(list, struct lock_row, 0)->lock : NULL;

		if (l)
			palette_add_word(words, l->name, l->room && *l->room ? l->room : l->place);
	}
}

static void list_no_words(struct app *app, const char *typed, GPtrArray *words)
{
	(void)app;
	(void)typed;
	(void)words;
}

static const struct palette_argument arguments[] = {
	{ COMMAND_GO, VIEW_ANY, N_("a room, a lock or a guest"), true, list_places },
	{ COMMAND_FIND, VIEW_RACK, N_("a lock, a guest, a PIN"), true, list_places },
	{ COMMAND_SORT, VIEW_RACK, N_("what to sort by"), false, list_rack_sorts },
	{ COMMAND_SORT, VIEW_LOCKS, N_("what to sort by"), false, list_locks_sorts },
	{ COMMAND_COLUMNS, VIEW_RACK, N_("a column, or state, battery, now"), true, list_rack_columns },
	{ COMMAND_FIND, VIEW_EVENTS, N_("lock:204 code:berg kind:denied since:yesterday until:fri !offline"), true,
	  list_events_filters },
	{ COMMAND_ZOOM, VIEW_RACK, N_("how much time"), false, list_zooms },
	{ COMMAND_DAY, VIEW_TONIGHT, N_("a day: tomorrow, fri, 24.12."), true, list_days },
	{ COMMAND_THEME, VIEW_ANY, N_("a theme"), false, list_themes },
	{ COMMAND_MOUSE, VIEW_ANY, N_("on or off"), false, list_on_off },
	{ COMMAND_RESTORE, VIEW_ANY, N_("the name of an export"), true, list_no_words },
};

const struct palette_argument *palette_argument(enum command c, enum view view)
{
	for (size_t i = 0; i < G_N_ELEMENTS(arguments); i++)
		if (arguments[i].command == c && (arguments[i].view == VIEW_ANY || arguments[i].view == view))
			return &arguments[i];
	return NULL;
}

int palette_pick(struct app *app, const char *typed, const char *const *words)
{
	g_autofree char *wanted = text_fold(typed);
	g_autoptr(GString) all = g_string_new(NULL);
	int found = -1, n = 0;

	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], wanted) == 0)
			return i;
		if (*words[i] && g_str_has_prefix(words[i], wanted)) {
			found = i;
			n++;
		}
		if (*words[i])
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", words[i]);
	}
	if (n == 1)
		return found;
	app_message(app, true, _("'%1$s' is none of: %2$s"), typed, all->str);
	return -1;
}
