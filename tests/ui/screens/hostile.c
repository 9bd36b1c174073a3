/* hostile - see the header. Folded names stay as they were, so that keys typed by a test find their rows. */
#include "config.h"

#include "hostile.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* What came from a server, a calendar or another desk, a row a table. */
static const struct {
	const char *table, *columns[8];
} words[] = {
	{ "lock", { "name", "place", "room", "manufacturer", "model", "battery_status" } },
	{ "access_code", { "name" } },
	{ "event", { "who", "why", "description", "method" } },
	{ "intent", { "name", "made_by", "lock_name", "message", "error_type", "request_id" } },
	{ "issue", { "message" } },
	{ "ignored", { "reason", "made_by" } },
	{ "desk_act", { "made_by", "about" } },
	{ "shift_note", { "text", "made_by", "done_by" } },
	{ "shift", { "handed_by", "taken_by" } },
	{ "feed", { "error" } },
	{ "feed_row", { "guest", "door", "phone", "refused", "note", "fix_guest", "fix_by" } },
	{ "suspended", { "name", "made_by" } },
	{ "code_was", { "name" } },
	{ "rota", { "name", "made_by", "held_by" } },
};

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *names_read(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(HOSTILE_NAMES, 0, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir)))
		g_ptr_array_add(files, g_build_filename(HOSTILE_NAMES, file, NULL));
	g_ptr_array_sort(files, by_name);
	for (guint i = 0; i < files->len; i++) {
		char *text = NULL;
		gsize n = 0;

		if (!g_file_get_contents(files->pdata[i], &text, &n, NULL))
			g_error("%s cannot be read", (char *)files->pdata[i]);
		g_ptr_array_add(names, g_bytes_new_take(text, n));
	}
	if (names->len == 0)
		g_error("no names in %s", HOSTILE_NAMES);
	return names;
}

struct choice {
	GPtrArray *names;
	unsigned next;
};

/* hostile(was): half of the time instead of it, half of the time behind it; nothing stays nothing. */
static void choose(sqlite3_context *ctx, int n, sqlite3_value **values)
{
	struct choice *c = sqlite3_user_data(ctx);
	const char *was = (const char *)sqlite3_value_text(values[0]);
	unsigned which = c->next++;
	gsize len;
	const char *name = g_bytes_get_data(c->names->pdata[which % c->names->len], &len);
	g_autoptr(GString) text = g_string_new(which / c->names->len % 2 ? was : NULL);

	(void)n;
	if (!was)
		return;
	g_string_append_len(text, name, (gssize)len);
	sqlite3_result_text(ctx, text->str, (int)strlen(text->str),
			    SQLITE_TRANSIENT); /* the cache's texts end at a NUL */
}

static bool has_column(sqlite3 *db, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(db, NULL, table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

static void update(sqlite3 *db, const char *table, const char *column)
{
	g_autofree char *sql = g_strdup_printf("UPDATE \"%s\" SET \"%s\" = hostile(\"%s\")", table, column, column);

	if (!has_column(db, table, column))
		return; /* another version's */
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(db));
}

void hostile_make(const char *path, unsigned pass)
{
	g_autoptr(GPtrArray) names = names_read();
	struct choice choice = { names, pass };
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_create_function(db, "hostile", 1, SQLITE_UTF8, &choice, choose, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", path, sqlite3_errmsg(db));
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(words[i].columns) && words[i].columns[k]; k++)
			update(db, words[i].table, words[i].columns[k]);
	if (sqlite3_changes(db) < 0 || sqlite3_close(db) != SQLITE_OK)
		g_error("%s cannot be closed", path);
}

/* What moves the cursor, turns the line around or cannot be seen. */
static bool is_obeyed(gunichar ch)
{
	switch (g_unichar_type(ch)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return true;
	default:
		return ch >= 0xe0000;
	}
}

static int cell_complaints(const struct grid *g, int row, int col)
{
	const struct cell *c = &g->cell[row * g->cols + col];
	bool half = col > 0 && c[-1].glyph.width == 2, flag = c->glyph.ch[0] >= 0x1f1e6 && c->glyph.ch[0] <= 0x1f1ff;
	int n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(c->glyph.ch) && c->glyph.ch[i]; i++)
		n += is_obeyed(c->glyph.ch[i]) || (g->ascii && c->glyph.ch[i] > '~') ||
		     (i > 0 && !flag && !g_unichar_iszerowidth(c->glyph.ch[i]) && c->glyph.ch[i] < 0xd7b0);
	n += half != (c->glyph.width == 0) || (c->glyph.width == 2 && col == g->cols - 1);
	n += !half && (g_unichar_iszerowidth(c->glyph.ch[0]) ||
		       (g_unichar_iswide(c->glyph.ch[0]) || flag) != (c->glyph.width == 2));
	if (n)
		fprintf(stderr, "row %d, cell %d: U+%04X in %d\n", row, col, (unsigned)c->glyph.ch[0], c->glyph.width);
	return n;
}

int hostile_complaints(const struct grid *g)
{
	int n = 0;

	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			n += cell_complaints(g, row, col);
	return n;
}
