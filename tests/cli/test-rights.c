/* test-rights - what each command changes, said once more: a new one without its row fails, one that changes something is
 * refused on a command line that may only look, and one that only looks changes nothing.
 *
 * The command line has its user's rights: roles of operators bind who stands at a console (docs/architecture.md), and
 * what a key may is the server's to say (tests/server/test-rights). */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "core/operators.h"
#include "desk.h"

enum does {
	LOOKS,   /* at what is here */
	ASKS,    /* puts something into the outbox, or takes it out */
	DESK,    /* what this desk keeps for itself: rotas, the key of its PINs */
	PEOPLE,  /* who may unlock it */
	MACHINE, /* other programs, the network, the configuration: not run here */
};

static const struct {
	const char *words;
	enum does does;
	const char *line; /* an example that does it */
} rows[] = {
	{ "locks", LOOKS, "locks" },
	{ "codes", LOOKS, "codes --pins" },
	{ "events", LOOKS, "events" },
	{ "who", LOOKS, "who Gym" },
	{ "doors", LOOKS, "doors Ito" },
	{ "code create", ASKS, "code create --lock Gym --name Rui" },
	{ "code show", LOOKS, "code show code-anna --pins" },
	{ "code edit", ASKS, "code edit code-anna --name Anne" },
	{ "code delete", ASKS, "code delete code-anna --yes" },
	{ "lock", ASKS, "lock Gym --yes" },
	{ "unlock", ASKS, "unlock Gym --yes" },
	{ "journal", LOOKS, "journal" },
	{ "night-sheet", LOOKS, "night-sheet --pins" },
	{ "export", LOOKS, "export -" },
	{ "restore", ASKS, NULL },
	{ "outbox withdraw", ASKS, "outbox withdraw 1" },
	{ "outbox dismiss", ASKS, "outbox dismiss 3" },
	{ "outbox retry", ASKS, "outbox retry 2" },
	{ "outbox", LOOKS, "outbox --pins" },
	{ "import", ASKS, NULL },
	{ "operator add", PEOPLE, NULL },
	{ "operator remove", PEOPLE, "operator remove Bo" },
	{ "operator list", LOOKS, "operator list" },
	{ "rota add", DESK, "rota add --name Ines --hours 'mon-fri 8-14' --lock Gym" },
	{ "rota end", DESK, "rota end Ana --yes" },
	{ "rota list", LOOKS, "rota list --pins" },
	{ "sync", MACHINE, NULL },
	{ "cache rekey", DESK, "cache rekey" },
	{ "setup", MACHINE, NULL },
	{ "demo", MACHINE, NULL },
	{ "audit verify", LOOKS, NULL },
	{ "doctor", LOOKS, NULL },
	{ "help", LOOKS, "help" },
};

static const struct cli_command *command_of(const char *words)
{
	for (const struct cli_command *c = cli_command; c->words; c++)
		if (strcmp(c->words, words) == 0)
			return c;
	return NULL;
}

static void each_command_has_its_row(void **state)
{
	(void)state;
	for (const struct cli_command *c = cli_command; c->words; c++) {
		size_t i = 0;

		while (i < G_N_ELEMENTS(rows) && strcmp(rows[i].words, c->words) != 0)
			i++;
		if (i == G_N_ELEMENTS(rows))
			fail_msg("'%s' has no row: write what it changes into the table", c->words);
		if (rows[i].does != MACHINE && (rows[i].does != LOOKS) != ((c->flags & CLI_WRITES) != 0))
			fail_msg("'%s': CLI_WRITES and the table do not agree", c->words);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (!command_of(rows[i].words))
			fail_msg("'%s' is no command", rows[i].words);
}

/* ---- what there is ---- */

static char *told(struct fixture *f)
{
	static const char *const all[] = {
		"SELECT intent_no || kind || state || dismissed FROM intent", "SELECT rota_no || name || coalesce(ended_at, '') FROM rota",
		"SELECT value FROM fact WHERE key = 'vault.key'", "SELECT name FROM suspended", "SELECT text FROM shift_note",
	};
	g_autofree char *path = g_build_filename(f->folder, "cache.db", NULL), *people = operators_path();
	OWN(operators) struct operators *o = operators_load(people, NULL);
	g_auto(GStrv) names = operators_names(o);
	GString *s = g_string_new(NULL);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		sqlite3_stmt *q = NULL;

		if (sqlite3_prepare_v2(db, all[i], -1, &q, NULL) != SQLITE_OK)
			fail_msg("%s", sqlite3_errmsg(db));
		while (sqlite3_step(q) == SQLITE_ROW)
			g_string_append_printf(s, "%s\n", sqlite3_column_text(q, 0));
		sqlite3_finalize(q);
	}
	sqlite3_close(db);
	for (char **n = names; *n; n++)
		g_string_append_printf(s, "%s\n", *n);
	return g_string_free(s, FALSE);
}

/* Something of each that the examples are about: an intent that waits, two that were refused, a rota, an operator. */
static void prepare(struct fixture *f)
{
	static const struct operators_cost cheap = { 1, 8192 };
	g_autofree char *people = operators_path();
	OWN(operators) struct operators *o = operators_load(people, NULL);
	struct intent in = { .kind = INTENT_UNLOCK, .device_id = "dev-101", .params = "{}" };

	assert_true(operators_add(o, "Bo", "4802", &cheap, NULL));
	assert_int_equal(outbox_add(f->sync, &in, NULL), 1);
	in = (struct intent){ .kind = INTENT_CREATE, .device_id = "dev-gym", .name = "Rui",
			      .params = "{\"device_id\":\"dev-gym\",\"name\":\"Rui\"}" };
	for (int64_t no = 2; no <= 3; no++) {
		assert_int_equal(outbox_add(f->sync, &in, NULL), no);
		assert_true(outbox_sending(f->sync, no, NOW, NOW, NULL));
		assert_true(outbox_refused(f->sync, no, 400, "invalid_input", "no", NULL, NULL));
	}
	assert_int_equal(desk_run_line("rota add --name Ana --hours 'mon-fri 8-14' --lock Gym")->code, EXIT_OK);
}

static int run_again(void **state, const char *line, char **after)
{
	int code = desk_run_line(line)->code;

	*after = told(desk_house(state));
	return code;
}

static void what_changes_something_is_refused_to_who_may_only_look(void **state)
{
	prepare(desk_house(state));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *before = told(desk_house(state)), *after = NULL, *line = NULL;

		if (!rows[i].line)
			continue;
		line = g_strconcat("--read-only ", rows[i].line, NULL);
		if ((run_again(state, line, &after) == EXIT_USAGE) != (rows[i].does != LOOKS) || strcmp(before, after) != 0)
			fail_msg("%s:\n%s%s", line, before, after);
	}
}

/* Else the row above says nothing: each example does what its row says. */
static void the_examples_do_what_they_say(void **state)
{
	prepare(desk_house(state));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *before = told(desk_house(state)), *after = NULL;

		if (rows[i].line && (run_again(state, rows[i].line, &after) != EXIT_OK ||
				     (strcmp(before, after) != 0) != (rows[i].does != LOOKS)))
			fail_msg("%s:\n%s%s", rows[i].line, before, after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_command_has_its_row),
		cmocka_unit_test_setup_teardown(what_changes_something_is_refused_to_who_may_only_look, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(the_examples_do_what_they_say, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
