/* test-journal - who did what at this desk: acts and intents in one order, a page at a time, and found again. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "cache/journal.h"
#include "core/text.h"
#include "cache/shift.h"
#include "desk.h"

static void note(struct desk *d, const char *act, const char *about, const char *by, int minutes)
{
	assert_true(cache_note_act(d->cache, act, about, by, instant_add_ms(HOUSE_NOW, minutes * MINUTE_MS), NULL));
}

static void acts_and_what_was_asked_stand_in_one_order(void **state)
{
	struct desk *d = *state;
	g_autofree char *words = NULL;
	struct journal_key at = JOURNAL_NEWEST;
	g_autoptr(GString) seen = g_string_new(NULL);
	guint got = 2;

	note(d, "export", "3 codes without PINs to codes.jsonl", "anna", -60 * 24 * 365);
	press(d, "/ =berg Enter Down x y"); /* by the true clock: later than what was noted above */
	note(d, "slip printed", "Rossi family, 103 Sea, 1 PIN", "bo", 60 * 24 * 365 * 20);
	while (got == 2) {
		OWN(cache_list) struct cache_list *list = journal_page(d->cache, &at, 2, NULL);

		got = list->rows->len;
		for (guint i = 0; i < got; i++) {
			const struct journal_row *r = cache_list_at(list, struct journal_row, i);

			words = journal_words(r);
			g_string_append_printf(seen, "%s by %s\n", words, r->by);
			g_clear_pointer(&words, g_free);
		}
	}
	const char *slip = strstr(seen->str, "slip printed: Rossi family, 103 Sea, 1 PIN by bo\n");
	const char *revoke = strstr(seen->str, "revoke: Anna Berg on 101 Garden, queued by ");
	const char *export = strstr(seen->str, "export: 3 codes without PINs to codes.jsonl by anna\n");

	if (!slip || !revoke || !export || slip > revoke || revoke > export)
		fail_msg("not in order:\n%s", seen->str);
}

static void rows_are_found_by_their_words(void **state)
{
	static const struct {
		const char *words;
		bool fits;
	} rows[] = {
		{ "", true },	      { "ROSSI", true },       { "bo slip", true },
		{ "rossi bo", true }, { "rossi anna", false }, { "103", true },
	};
	const struct journal_row r = {
		.act_no = 1, .act = "slip printed", .about = "Rossi family, 103 Sea, 1 PIN", .by = "bo"
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folded = text_fold(rows[i].words);

		if (journal_fits(&r, folded) != rows[i].fits)
			fail_msg("'%s'", rows[i].words);
	}
}

static void a_long_journal_is_read_a_page_at_a_time(void **state)
{
	struct desk *d = *state;

	for (int i = 0; i < 950; i++) {
		g_autofree char *about = g_strdup_printf("number %d.", i);

		note(d, "export", about, i == 3 ? "carla" : "anna", i);
	}
	press(d, "J");
	assert_true(shows(d, "number 949."));
	for (int i = 0; i < 5; i++) /* to the end of each page, and over it */
		press(d, "End Down");
	press(d, "End");
	assert_true(shows(d, "number 0."));
	press(d, "Home");
	assert_true(shows(d, "number 949."));
	press(d, "End Down Up");
	assert_true(shows(d, "number 750."));
	press(d, "/ =carla Enter");
	assert_true(shows(d, "carla: export: number 3."));
	assert_true(hides(d, "number 949."));
	press(d, "/");
	assert_true(shows(d, "number 949."));
	press(d, "/ =nobody Enter");
	assert_true(shows(d, "Nothing fits"));
}

static int shown(struct desk *d)
{
	OWN(cache_list) struct cache_list *acts = desk_acts(d->cache, 100, NULL);
	int n = 0;

	for (guint i = 0; i < acts->rows->len; i++) {
		const struct desk_act *a = cache_list_at(acts, struct desk_act, i);

		if (g_strcmp0(a->act, "PIN shown") == 0) {
			assert_non_null(strstr(a->about, ", "));
			n++;
		}
	}
	return n;
}

static void who_looks_at_a_pin_is_written_down_once(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	press(d, "A p");
	assert_int_equal(shown(d), 0);
	d->app->world.read_only = false;
	press(d, "p p");
	assert_int_equal(shown(d), 1);
	d->app->world.now = instant_add_ms(HOUSE_NOW, 10 * MINUTE_MS);
	press(d, "p");
	assert_int_equal(shown(d), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_a_desk(who_looks_at_a_pin_is_written_down_once),
		on_a_desk(acts_and_what_was_asked_stand_in_one_order),
		cmocka_unit_test(rows_are_found_by_their_words),
		on_a_desk(a_long_journal_is_read_a_page_at_a_time),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
