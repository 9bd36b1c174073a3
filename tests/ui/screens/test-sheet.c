/* test-sheet - the night sheet: what stands on it, that it fits a printer's page, who gets PINs on it, and that
 * whoever takes it out of the house is written down. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include "cache/night_sheet.h"
#include "cache/shift.h"
#include "core/operators.h"
#include "core/text.h"
#include "desk.h"
#include "ui/seal.h"

static const char *const pins[] = { "48 21",   "90 34", "33 16", "551 203", "64 17",
				    "118 264", "25 80", "4821",	 "551203" };

static struct sheet *of_house(struct desk *d, bool with_pins, struct instant day, GError **err)
{
	const struct night_sheet_query q = {
		.property = "Harbour House", .made_by = "anna", .zone = zone_get("Europe/Berlin"), .now = HOUSE_NOW,
		.day = day, .as_of = HOUSE_NOW, .check_out = 11 * 60, .pins = with_pins,
	};

	return night_sheet(d->cache, &q, err);
}

static void it_has_what_a_night_without_power_needs(void **state)
{
	static const char *const words[] = {
		"Harbour House",
		"Made Sun 22 Nov 2026 21:18 CET by anna",
		"Without PINs",
		"Good until Mon 23 Nov 2026 11:00 CET",
		"Shred it when the next one is printed",
		"Laundry             battery 17 %",
		"offline since Sun 22 Nov 19:20",
		"101 Garden          Anna Berg",
		"Sat 21 Nov 15:00 to Tue 24 Nov 11:00",
		"AT RISK",
		"A backup code waits",
		"Priya N.            Gym",
	};
	struct desk *d = *state;
	OWN(sheet) struct sheet *s = of_house(d, false, INSTANT_NONE, NULL);
	g_autofree char *text = sheet_text(s);

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strstr(text, words[i]))
			fail_msg("'%s' is not in\n%s", words[i], text);
	for (size_t i = 0; i < G_N_ELEMENTS(pins); i++)
		assert_null(strstr(text, pins[i]));
	assert_null(strchr(text, '\033'));
	/* In the order of the doors, and nobody who comes after it is over. */
	assert_true(strstr(text, "101 Garden") < strstr(text, "102 Garden"));
	assert_null(strstr(text, "伊藤"));
	assert_int_equal(s->n_pins, 0);
}

static void pins_stand_on_it_only_when_asked_for(void **state)
{
	struct desk *d = *state;
	OWN(sheet) struct sheet *s = of_house(d, true, INSTANT_NONE, NULL);
	g_autofree char *text = sheet_text(s), *head = g_strdup_printf("WITH %d PINS", s->n_pins);
	int seen = 0;

	for (const char *p = text; (p = strstr(p, "PIN ")) && p[4] != 'n'; p += 4)
		seen++;
	for (size_t i = 0; i + 2 < G_N_ELEMENTS(pins); i++)
		if (!strstr(text, pins[i]))
			fail_msg("%s is not in\n%s", pins[i], text);
	assert_non_null(strstr(text, head));
	assert_int_equal(seen, s->n_pins);
}

static void another_night_has_its_own_guests(void **state)
{
	struct desk *d = *state;
	g_autoptr(GError) err = NULL;
	OWN(sheet) struct sheet *tomorrow = of_house(d, false, instant_add_ms(HOUSE_NOW, DAY_MS), NULL);
	OWN(sheet) struct sheet *past = of_house(d, false, instant_add_ms(HOUSE_NOW, -2 * DAY_MS), &err);
	g_autofree char *text = sheet_text(tomorrow);

	assert_non_null(strstr(text, "伊藤"));
	assert_null(strstr(text, "Mueller, J."));
	assert_non_null(strstr(text, "Good until Tue 24 Nov 2026 11:00 CET"));
	assert_null(past);
	assert_int_equal(err->code, KEYRACK_ERROR_USAGE);
}

static void a_page_is_no_longer_or_wider_than_a_printer_has(void **state)
{
	static const int counts[] = { 0, 1, 9, 10, 11, 60, 400 };

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(counts); k++) {
		OWN(sheet) struct sheet *s = sheet_new();

		s->zone = zone_get("Europe/Berlin");
		s->property =
			"The house with a name that is as long as no house's name should ever be, and longer still";
		s->made_at = s->good_until = HOUSE_NOW;
		s->pins = true;
		for (int i = 0; i < counts[k]; i++) {
			struct sheet_stay stay = {
				.door = g_string_chunk_insert(s->chunk, i % 7 ? "301 伊藤伊藤伊藤伊藤伊藤" : "7"),
				.name = i % 3 ? "Maximiliane von und zu "
						"Hohenlohe-Waldenburg-Schillingsfürst der Länge nach"
					      : "x",
				.window = "Sat 21 Nov 15:00 to Tue 24 Nov 11:00",
				.verdict = "AT RISK",
				.why = i % 5 ? "A reason that is longer than the room there is for it, so "
					       "that it goes on below"
					     : NULL,
				.pin = "48 21",
				.starts_at = HOUSE_NOW,
			};

			g_array_append_val(s->stays, stay);
		}
		g_autofree char *text = sheet_text(s);
		g_auto(GStrv) pages = g_strsplit(text, "\f", -1);
		int stays = 0;

		for (char **page = pages; *page; page++) {
			g_auto(GStrv) lines = g_strsplit(*page, "\n", -1);
			guint n = g_strv_length(lines) - 1;

			if (n > SHEET_ROWS)
				fail_msg("%d stays: a page of %u lines", counts[k], n);
			for (guint i = 0; i < n; i++) {
				assert_in_range(text_width(lines[i]), 0, SHEET_COLS);
				stays += strstr(lines[i], "PIN 48 21") != NULL;
				/* A stay is whole: its window stands below its name, its PIN below that. */
				if (strstr(lines[i], "AT RISK"))
					assert_non_null(strstr(lines[i + 1], "Sat 21 Nov"));
			}
			assert_non_null(strstr(lines[n - 1], "Good until"));
			assert_non_null(strstr(lines[0], "page"));
			assert_string_equal(lines[n], "");
		}
		assert_int_equal(stays, counts[k]);
	}
}

/* ---- on the screen ---- */

static char *about_of(struct desk *d, const char *act)
{
	OWN(cache_list) struct cache_list *acts = desk_acts(d->cache, 100, NULL);

	for (guint i = 0; i < acts->rows->len; i++) {
		const struct desk_act *a = cache_list_at(acts, struct desk_act, i);

		if (g_strcmp0(a->act, act) == 0)
			return g_strdup(a->about);
	}
	return NULL;
}

static void the_screen_is_the_page(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 80, 80);
	press(d, "N");
	for (size_t i = 0; i < G_N_ELEMENTS(pins); i++)
		assert_true(hides(d, pins[i]));
	OWN(sheet) struct sheet *s = of_house(d, false, INSTANT_NONE, NULL);

	s->made_by = g_get_user_name();
	g_autofree char *text = sheet_text(s);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **l = lines; *l; l++)
		assert_true(shows(d, *l));
}

static void pins_are_asked_for_in_words_and_go_again(void **state)
{
	struct desk *d = *state;

	grid_resize(&d->grid, 80, 80);
	press(d, "N P");
	assert_true(shows(d, "Show the sheet with the PINs of all rooms?"));
	press(d, "Enter"); /* the default is no */
	assert_true(hides(d, "48 21"));
	press(d, "P y");
	assert_true(shows(d, "48 21"));
	g_autofree char *about = about_of(d, "PIN shown");

	assert_string_equal(about, "night sheet");
	press(d, "P");
	assert_true(hides(d, "48 21"));
}

static void what_leaves_the_house_is_written_down(void **state)
{
	struct desk *d = *state;
	g_autofree char *file = g_build_filename(d->folder, "sheet.txt", NULL), *page = NULL, *about = NULL;
	g_autofree char *keys = g_strdup_printf("N P y f Ctrl-U =%s Enter", file);
	struct stat st;

	press(d, keys);
	assert_true(shows(d, file));
	assert_true(g_file_get_contents(file, &page, NULL, NULL));
	assert_non_null(strstr(page, "48 21"));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	about = about_of(d, "night sheet to a file");
	assert_non_null(strstr(about, "stays, 11 PINs, "));
	assert_non_null(strstr(about, file));
	assert_null(strstr(about, "48"));
	g_unlink(file);
}

/* ---- with operators ---- */

static void until_open(struct desk *d, const char *words)
{
	while (!d->app->message || !strstr(d->app->message, words))
		g_main_context_iteration(NULL, TRUE);
	app_draw(d->app, &d->grid);
}

static void where_operators_are_known_one_says_so_with_a_pin(void **state)
{
	static const struct operators_cost cheap = { 1, 8192 };
	struct desk *d = *state;
	g_autofree char *config = g_build_filename(d->folder, "config", NULL), *path = NULL, *folder = NULL;

	g_setenv("XDG_CONFIG_HOME", config, TRUE);
	path = operators_path();
	folder = g_path_get_dirname(path);
	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	OWN(operators) struct operators *o = operators_load(path, NULL);

	assert_true(operators_add(o, "Berta", "2468", &cheap, NULL));
	grid_resize(&d->grid, 80, 80);
	press(d, "N P");
	assert_true(shows(d, "The PINs of all rooms"));
	assert_true(hides(d, "Anna Berg"));
	press(d, "Esc");
	assert_null(d->app->seal);
	assert_true(shows(d, "Without PINs"));
	press(d, "P =2468 Enter");
	until_open(d, "Berta has the desk");
	assert_true(shows(d, "48 21"));
	/* A desk that locks itself meanwhile is not opened by leaving the question. */
	press(d, "P P");
	assert_true(seal_begin(d->app));
	press(d, "Esc");
	assert_true(d->app->seal != NULL);
	g_unlink(path);
	g_rmdir(folder);
	g_rmdir(config);
	g_unsetenv("XDG_CONFIG_HOME");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_a_desk(it_has_what_a_night_without_power_needs),
		on_a_desk(pins_stand_on_it_only_when_asked_for),
		on_a_desk(another_night_has_its_own_guests),
		cmocka_unit_test(a_page_is_no_longer_or_wider_than_a_printer_has),
		on_a_desk(the_screen_is_the_page),
		on_a_desk(pins_are_asked_for_in_words_and_go_again),
		on_a_desk(what_leaves_the_house_is_written_down),
		on_a_desk(where_operators_are_known_one_says_so_with_a_pin),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
