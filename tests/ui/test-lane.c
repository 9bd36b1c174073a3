/* test-lane - bars and axes, cell by cell.
 *
 * An axis of 40 cells of 30 minutes from Sunday 22 November 2026 15:00 in Berlin (14:00Z): cell n
 * begins at 15:00 + n/2 hours, 'now' is 21:10, in cell 12. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/widgets/lane.h"

static struct instant at(const char *text)
{
	struct instant t = INSTANT_NONE;

	if (*text && !instant_parse(text, -1, &t))
		fail_msg("'%s' is no instant", text);
	return t;
}

static char *printed(const struct grid *g)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	grid_print(g, f);
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static char *drawn(const struct axis *a, const struct bar *bars, size_t n, struct instant now,
		   bool ascii)
{
	struct grid g;
	char *text;

	grid_init(&g);
	grid_resize(&g, 1, a->cells);
	g.ascii = ascii;
	lane_draw(a, bars, n, now, &g, 0, 0);
	text = printed(&g);
	grid_done(&g);
	return text;
}

static struct axis evening(void)
{
	return (struct axis){ .from = at("2026-11-22T14:00:00Z"), .ms_per_cell = 30 * MINUTE_MS,
			      .cells = 40, .zone = zone_get("Europe/Berlin") };
}

static void a_bar_looks_like_its_state(void **state)
{
	static const struct {
		const char *from, *until;
		enum code_state state;
		const char *label;
		const char *utf8, *ascii;
	} rows[] = {
		/* 16:00 to 20:00 are cells 2 to 9, on edges: whole blocks */
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_SET, "", "  █━━━━━━█  ┃",
		  "  [======]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_STORED, "", "  █╌╌╌╌╌╌█  ┃",
		  "  [~~~~~~]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_WAITING, "", "  █┄┄┄┄┄┄█  ┃",
		  "  [......]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_SETTING, "", "  █?┄┄┄┄┄█  ┃",
		  "  [?-----]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_QUEUED, "Ito", "  █? Ito █  ┃",
		  "  [? Ito ]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_TROUBLE, "", "  █!━━━━━█  ┃",
		  "  [!=====]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_REMOVING, "", "  █×┄┄┄┄┄█  ┃",
		  "  [x-----]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_UNKNOWN, "", "  █?━━━━━█  ┃",
		  "  [?~~~~~]  |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T19:00:00Z", CODE_ENDED, "", "  ········  ┃",
		  "  ::::::::  |" },
		/* ends at eighths: from 16:15 (half of cell 2: its right half) to 19:41:15 (three
		 * eighths of cell 9) */
		{ "2026-11-22T15:15:00Z", "2026-11-22T18:41:15Z", CODE_SET, "", "  ▌━━━━━━▍  ┃",
		  "  [======]  |" },
		/* a last moment that only touches a cell still shows */
		{ "2026-11-22T15:00:00Z", "2026-11-22T18:30:00.001Z", CODE_SET, "", "  █━━━━━━▏  ┃",
		  "  [======]  |" },
		/* within one cell: from the left, to the right, and all of it */
		{ "2026-11-22T15:00:00Z", "2026-11-22T15:15:00Z", CODE_SET, "", "  ▌         ┃",
		  "  #         |" },
		{ "2026-11-22T15:15:00Z", "2026-11-22T15:30:00Z", CODE_SET, "", "  ▌         ┃",
		  "  #         |" },
		{ "2026-11-22T15:00:00Z", "2026-11-22T15:00:01Z", CODE_TROUBLE, "", "  !         ┃",
		  "  !         |" },
		/* across now: the line stays, in the shape of what it crosses */
		{ "2026-11-22T15:00:00Z", "2026-11-23T00:00:00Z", CODE_SET, "",
		  "  █━━━━━━━━━╋━━━━━━█", "  [=========+======]" },
		{ "2026-11-22T15:00:00Z", "2026-11-23T00:00:00Z", CODE_STORED, "",
		  "  █╌╌╌╌╌╌╌╌╌╂╌╌╌╌╌╌█", "  [~~~~~~~~~+~~~~~~]" },
		{ "2026-11-22T20:00:00Z", "2026-11-22T22:00:00Z", CODE_SET, "", "            ┣━━█",
		  "            +==]" },
		{ "2026-11-22T17:00:00Z", "2026-11-22T20:20:00Z", CODE_SET, "", "      █━━━━━┫",
		  "      [=====+" },
		{ "2026-11-22T15:00:00Z", "2026-11-23T00:00:00Z", CODE_ENDED, "",
		  "  ··········┃·······", "  ::::::::::|:::::::" },
		/* open: no end of its own on that side; an arrow only where it never ends */
		{ "", "", CODE_SET, "staff", "━━━━━━━━━━━━╋━━━ staff ━━━━━━━━━━━━━━━━▶",
		  "============+=== staff ================>" },
		{ "2026-11-20T00:00:00Z", "2026-11-30T00:00:00Z", CODE_SET, "",
		  "━━━━━━━━━━━━╋━━━━━━━━━━━━━━━━━━━━━━━━━━━", "============+===========================" },
		{ "2026-11-22T23:00:00Z", "", CODE_STORED, "Ito",
		  "            ┃     █╌╌╌ Ito ╌╌╌╌╌╌╌╌╌╌╌╌▶", "            |     [~~~ Ito ~~~~~~~~~~~~>" },
		/* exactly the window: both ends are seen */
		{ "2026-11-22T14:00:00Z", "2026-11-23T10:00:00Z", CODE_SET, "",
		  "█━━━━━━━━━━━╋━━━━━━━━━━━━━━━━━━━━━━━━━━█", "[===========+==========================]" },
		/* outside, and none at all */
		{ "2026-11-20T15:00:00Z", "2026-11-22T14:00:00Z", CODE_SET, "x", "            ┃",
		  "            |" },
		{ "2026-11-23T10:00:00Z", "2026-11-24T14:00:00Z", CODE_SET, "x", "            ┃",
		  "            |" },
		{ "2026-11-22T18:00:00Z", "2026-11-22T18:00:00Z", CODE_SET, "x", "            ┃",
		  "            |" },
	};
	struct axis a = evening();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct bar b = { at(rows[i].from), at(rows[i].until), .state = rows[i].state,
				 .label = rows[i].label };

		for (int ascii = 0; ascii < 2; ascii++) {
			const char *want = ascii ? rows[i].ascii : rows[i].utf8;
			char *got = drawn(&a, &b, 1, at("2026-11-22T20:10:00Z"), ascii);

			if (strcmp(got, want) != 0)
				fail_msg("row %zu:\n%s| instead of\n%s|", i, got, want);
			free(got);
		}
	}
}

static void labels_go_where_there_is_room(void **state)
{
	static const struct {
		const char *from, *until, *label, *row;
	} rows[] = {
		/* inside: width and four */
		{ "2026-11-22T22:00:00Z", "2026-11-23T02:00:00Z", "Anna", "            ┃   █ Anna █" },
		{ "2026-11-22T22:00:00Z", "2026-11-23T02:30:00Z", "Anna", "            ┃   █━ Anna █" },
		/* behind, when it is too narrow */
		{ "2026-11-22T22:00:00Z", "2026-11-23T02:00:00Z", "Anna B",
		  "            ┃   █━━━━━━█ Anna B" },
		/* cut inside, when there is no room behind either */
		{ "2026-11-23T02:00:00Z", "2026-11-23T09:30:00Z", "Anna Bergstrand",
		  "            ┃           █ Anna Bergs… █" },
		{ "2026-11-23T02:00:00Z", "2026-11-23T09:30:00Z", "x伊藤伊藤伊藤",
		  "            ┃           █ x伊藤伊藤… ━█" },
		/* nothing, when a cut would say nothing */
		{ "2026-11-23T07:00:00Z", "2026-11-23T10:00:00Z", "Anna Berg",
		  "            ┃                     █━━━━█" },
		/* never through the now line: after it, when before it is too little */
		{ "2026-11-22T17:00:00Z", "2026-11-23T03:00:00Z", "Anna Berg",
		  "      █━━━━━╋━ Anna Berg █" },
		{ "2026-11-22T14:00:00Z", "2026-11-23T03:00:00Z", "Anna Berg",
		  "█━━━━━━━━━━━╋━ Anna Berg █" },
		/* wide glyphs count twice */
		{ "2026-11-22T22:00:00Z", "2026-11-23T02:00:00Z", "伊藤", "            ┃   █ 伊藤 █" },
	};
	struct axis a = evening();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct bar b = { at(rows[i].from), at(rows[i].until), .state = CODE_SET,
				 .label = rows[i].label };
		char *got = drawn(&a, &b, 1, at("2026-11-22T20:10:00Z"), false);

		if (strcmp(got, rows[i].row) != 0)
			fail_msg("row %zu:\n%s| instead of\n%s|", i, got, rows[i].row);
		free(got);
	}
}

static void the_first_bar_is_never_covered(void **state)
{
	const struct bar bars[] = {
		{ at("2026-11-22T15:00:00Z"), at("2026-11-22T19:00:00Z"), .state = CODE_TROUBLE,
		  .label = "Ito" },
		{ at("2026-11-22T14:00:00Z"), at("2026-11-22T23:00:00Z"), .state = CODE_SET,
		  .label = "staff" },
	};
	struct axis a = evening();
	char *got = drawn(&a, bars, 2, at("2026-11-22T20:10:00Z"), false);

	(void)state;
	assert_string_equal(got, "█━█! Ito █━━╋━━━━█ staff");
	free(got);
}

static void lead_time_is_shaded_only_when_asked(void **state)
{
	static const struct {
		bool show, native;
		const char *row;
	} rows[] = {
		{ false, false, "            ┃           █┄┄┄┄┄┄█" },
		{ true, false, "            ┃         ░░█┄┄┄┄┄┄█" }, /* 60 minutes */
		{ true, true, "░░░░░░░░░░░░┃░░░░░░░░░░░█┄┄┄┄┄┄█" }, /* 72 hours */
	};
	struct axis a = evening();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct bar b = { at("2026-11-23T02:00:00Z"), at("2026-11-23T06:00:00Z"),
				 .state = CODE_WAITING, .show_lead = rows[i].show,
				 .native = rows[i].native };
		char *got = drawn(&a, &b, 1, at("2026-11-22T20:10:00Z"), false);

		assert_string_equal(got, rows[i].row);
		free(got);
	}
}

static void the_selected_bar_is_seen_without_colour(void **state)
{
	struct axis a = evening();
	struct bar b = { at("2026-11-22T22:00:00Z"), at("2026-11-23T02:00:00Z"), .state = CODE_SET,
			 .selected = true };

	(void)state;
	for (int labelled = 0; labelled < 2; labelled++) {
		struct grid g;

		b.label = labelled ? "Anna" : NULL;
		grid_init(&g);
		grid_resize(&g, 1, 40);
		lane_draw(&a, &b, 1, INSTANT_NONE, &g, 0, 0);
		assert_true(g.cell[18].mark & (labelled ? MARK_REVERSE : MARK_UNDERLINE));
		assert_false(g.cell[15].mark);
		assert_false(g.cell[25].mark);
		grid_done(&g);
	}
}

static void nothing_is_drawn_outside_the_lane(void **state)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	static const char *const labels[] = { "", "x", "Anna Berg", "伊藤 太郎", "a\033[2Jb", NULL };

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct axis a = axis_at((enum zoom)(i % ZOOM_COUNT), at("2026-11-22T20:10:00Z"),
					g_rand_double(rand), g_rand_int_range(rand, 1, 90),
					zone_get("Europe/Berlin"));
		struct bar bars[5];
		struct grid g;

		for (size_t j = 0; j < G_N_ELEMENTS(bars); j++)
			bars[j] = (struct bar){
				.from = instant_add_ms(a.from, g_rand_int_range(rand, -99, 99) * HOUR_MS),
				.until = g_rand_boolean(rand) ? INSTANT_NONE : instant_add_ms(
					a.from, g_rand_int_range(rand, -99, 99) * 7 * MINUTE_MS),
				.state = (enum code_state)g_rand_int_range(rand, 0, CODE_STATE_COUNT),
				.label = labels[g_rand_int_range(rand, 0, G_N_ELEMENTS(labels))],
				.show_lead = g_rand_boolean(rand), .native = g_rand_boolean(rand),
				.selected = g_rand_boolean(rand),
			};
		grid_init(&g);
		grid_resize(&g, 3, a.cells + 4);
		g.ascii = i % 2;
		axis_draw(&a, &g, 1, 2);
		lane_draw(&a, bars, G_N_ELEMENTS(bars), at("2026-11-22T20:10:00Z"), &g, 1, 2);
		for (int n = 0; n < 3 * g.cols; n++)
			if (n / g.cols != 1 || n % g.cols < 2 || n % g.cols >= a.cells + 2)
				assert_int_equal(g.cell[n].glyph.ch[0], ' ');
		grid_done(&g);
	}
}

/* --- axes ------------------------------------------------------------------------------------ */

static void a_cell_is_a_length_people_know(void **state)
{
	static const struct {
		enum zoom zoom;
		int cells, minutes;
	} rows[] = {
		{ ZOOM_HOUR, 70, 5 },   { ZOOM_HOUR, 36, 10 },  { ZOOM_DAY, 70, 30 },
		{ ZOOM_DAY, 40, 60 },   { ZOOM_DAY, 150, 15 },  { ZOOM_WEEK, 70, 180 },
		{ ZOOM_MONTH, 70, 720 }, { ZOOM_MONTH, 40, 1440 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct instant now = at("2026-11-22T20:10:00Z");
		struct axis a = axis_at(rows[i].zoom, now, 0.25, rows[i].cells, zone_get("Europe/Berlin"));
		int cell = axis_eighths(&a, now) / 8;

		assert_int_equal(a.ms_per_cell, rows[i].minutes * MINUTE_MS);
		assert_int_equal(cell, rows[i].cells / 4);
		/* it stands still until a cell is over, then moves by one */
		assert_true(instant_eq(axis_at(rows[i].zoom, axis_instant(&a, cell), 0.25, rows[i].cells,
					       a.zone).from, a.from));
		assert_int_equal(axis_instant(&a, 3).ms - a.from.ms, 3 * a.ms_per_cell);
		assert_int_equal(axis_pan(a, -2).from.ms, a.from.ms - 2 * a.ms_per_cell);
	}
}

static void eighths_are_clamped(void **state)
{
	struct axis a = evening();
	static const struct {
		const char *t;
		int eighths;
	} rows[] = {
		{ "2026-11-22T14:00:00Z", 0 },    { "2026-11-22T13:59:59Z", -1 },
		{ "2026-11-22T14:03:45Z", 1 },    { "2026-11-22T14:03:44Z", 0 },
		{ "2026-11-23T10:00:00Z", 320 },  { "2026-11-23T10:30:00Z", 328 },
		{ "9999-01-01T00:00:00Z", 328 },  { "1970-01-01T00:00:00Z", -8 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_int_equal(axis_eighths(&a, at(rows[i].t)), rows[i].eighths);
	assert_int_equal(axis_eighths(&a, INSTANT_MAX), 328);
	assert_int_equal(axis_eighths(&a, INSTANT_MIN), -8);
}

static void labels_follow_the_clock_on_the_wall(void **state)
{
	static const struct {
		const char *zone, *from;
		int minutes, cells;
		const char *row;
	} rows[] = {
		/* a usual night: 12 cells of 30 minutes are 6 hours */
		{ "Europe/Berlin", "2026-11-22T14:00:00Z", 30, 40,
		  "15    18    21    Mon 23 Nov  06    09" },
		/* 29 March, 23 hours: 03:00 comes two hours after midnight, and says why */
		{ "Europe/Berlin", "2026-03-28T17:00:00Z", 30, 40,
		  "Sat 28 Mar  Sun 03+1h 06    09    12" },
		{ "Europe/Berlin", "2026-03-28T22:00:00Z", 10, 60,
		  "23    Sun 29 Mar  03+1h 04    05    06    07    08    09" },
		/* 25 October, 25 hours: 02:00 comes twice */
		{ "Europe/Berlin", "2026-10-24T16:00:00Z", 30, 44,
		  "Sat 24 Oct  Sun   02 -1h  06    09    12" },
		{ "Europe/Berlin", "2026-10-24T22:00:00Z", 10, 48,
		  "Sun 25 Oct  02    02-1h 03    04    05    06" },
		{ "Europe/Berlin", "2026-10-25T00:00:00Z", 3, 60, /* from 02:00 the first time */
		  "Sun 25 Oct          02 -1h    02:30     03:00     03:30" },
		/* New York changes at 2 in the morning, to 3 and to 1 */
		{ "America/New_York", "2026-03-08T00:00:00Z", 30, 40,
		  "Sat 7 Mar Sun 03+1h 06    09    12    15" },
		{ "America/New_York", "2026-10-31T23:00:00Z", 30, 40,
		  "    21    Sun -1h 03    06    09    12" },
		/* days: the short one has fewer cells, so the next begins earlier */
		{ "Europe/Berlin", "2026-03-26T23:00:00Z", 180, 40,
		  "Fri 27  Sat 28  29 +1h Mon 30  Tue 31" },
		{ "Europe/Berlin", "2026-10-22T22:00:00Z", 180, 40,
		  "Fri 23  Sat 24  Sun -1h Mon 26  Tue 27" },
		/* Mondays */
		{ "Europe/Berlin", "2026-11-15T23:00:00Z", 720, 40,
		  "Mon 16 Nov    Mon 23 Nov    Mon 30 Nov" },
		/* no midnight in sight: the day at the left */
		{ "Europe/Berlin", "2026-11-22T11:00:00Z", 5, 40, "Sun 22 Nov  13:00       14:00" },
		/* not enough room for anything but one */
		{ "Europe/Berlin", "2026-11-22T11:00:00Z", 60, 8, "12    18" },
		{ "Europe/Berlin", "2026-11-22T11:00:00Z", 60, 3, "12" },
		{ "Europe/Berlin", "2026-11-22T11:00:00Z", 60, 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct axis a = { .from = at(rows[i].from), .ms_per_cell = rows[i].minutes * MINUTE_MS,
				  .cells = rows[i].cells, .zone = zone_get(rows[i].zone) };
		struct grid g;
		char *got;

		grid_init(&g);
		grid_resize(&g, 1, a.cells);
		axis_draw(&a, &g, 0, 0);
		got = printed(&g);
		if (strcmp(got, rows[i].row) != 0)
			fail_msg("row %zu:\n%s| instead of\n%s|", i, got, rows[i].row);
		free(got);
		grid_done(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bar_looks_like_its_state),
		cmocka_unit_test(labels_go_where_there_is_room),
		cmocka_unit_test(the_first_bar_is_never_covered),
		cmocka_unit_test(lead_time_is_shaded_only_when_asked),
		cmocka_unit_test(the_selected_bar_is_seen_without_colour),
		cmocka_unit_test(nothing_is_drawn_outside_the_lane),
		cmocka_unit_test(a_cell_is_a_length_people_know),
		cmocka_unit_test(eighths_are_clamped),
		cmocka_unit_test(labels_follow_the_clock_on_the_wall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
