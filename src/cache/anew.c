/* anew - see the header. No key is needed to see where something sealed stands: its words begin with '~'. */
#include "cache/anew.h"

#include "core/text.h"

#define NAMED_MAX 5

/* A sealed word within JSON. A name that begins so is counted too, which only asks once too often. */
#define SEALED_PARAMS "instr(params, '\"~') > 0"

static const struct {
	const char *words; /* with the number before it */
	const char *sql;   /* whose they are, one row each; NULL where nobody is named */
} kept[] = {
	{ "not done yet", "SELECT coalesce(name, kind) FROM intent WHERE " SEALED_PARAMS
			  " AND (state < 2 OR (state = 3 AND dismissed = 0)) ORDER BY intent_no" },
	{ "of rotas", "SELECT name FROM rota r WHERE ended_at IS NULL AND (pin IS NOT NULL OR EXISTS"
		      " (SELECT 1 FROM rota_door d WHERE d.rota_no = r.rota_no AND d.pin IS NOT NULL))" },
	{ "of suspended staff", "SELECT name FROM suspended WHERE pin IS NOT NULL" },
};

/* Appends "2 of rotas (Ines, Rui)". False: it cannot be read. */
static bool add(sqlite3 *db, const char *sql, const char *words, GString *to)
{
	g_autoptr(GString) names = g_string_new(NULL);
	sqlite3_stmt *q = NULL;
	int n = 0, result = sqlite3_prepare_v2(db, sql, -1, &q, NULL);

	while (result == SQLITE_OK || result == SQLITE_ROW) {
		result = sqlite3_step(q);
		if (result != SQLITE_ROW)
			break;
		if (n++ < NAMED_MAX) {
			g_autofree char *name = text_safe((const char *)sqlite3_column_text(q, 0));

			g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
		}
	}
	sqlite3_finalize(q);
	if (n > NAMED_MAX)
		g_string_append(names, ", ...");
	if (n)
		g_string_append_printf(to, "%s%d %s (%s)", to->len ? ", " : "", n, words, names->str);
	return result == SQLITE_DONE;
}

bool anew_would_lose(sqlite3 *db, char **what)
{
	g_autoptr(GString) all = g_string_new(NULL);

	*what = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		if (!add(db, kept[i].sql, kept[i].words, all))
			return false;
	if (all->len)
		*what = g_strdup_printf("the PINs of what only this computer knows: %s", all->str);
	return true;
}
