/* test-theme - theme files: what they mean, what is wrong with them, and whether one can read what
 * they paint. */
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ui/term/paint.h"
#include "ui/term/theme.h"

static struct theme *load_text(const char *text)
{
	g_autofree char *path = NULL;
	struct theme *t;
	int fd = g_file_open_tmp("theme-XXXXXX", &path, NULL);

	assert_true(fd >= 0);
	g_close(fd, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	t = theme_load(path);
	g_unlink(path);
	return t;
}

static void colours_are_read(void **state)
{
	static const struct {
		const char *word;
		int32_t rgb;
		int index, basic;
	} rows[] = {
		{ "default", -1, -1, -1 },      { "red", -1, 1, 1 },
		{ "bright-red", -1, 9, 9 },     { "7", -1, 7, 7 },
		{ "231", -1, 231, 15 },         { "#ff0000", 0xff0000, 196, 9 },
		{ "#ff6b6b/red", 0xff6b6b, 203, 1 }, { "208/yellow", -1, 208, 3 },
		{ "#FFFFFF/default", 0xffffff, 231, -1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("[roles]\nalarm = %s on default bold\n",
							rows[i].word);
		struct theme *t = load_text(text);
		struct style *s = &t->style[ROLE_ALARM];

		assert_int_equal(t->warnings->len, 0);
		assert_int_equal(s->fg.rgb, rows[i].rgb);
		assert_int_equal(s->fg.index, rows[i].index);
		assert_int_equal(s->fg.basic, rows[i].basic);
		assert_int_equal(s->bg.index, -1);
		assert_int_equal(s->attr, ATTR_BOLD);
		theme_free(t);
	}
}

static void mistakes_are_told_with_their_line_and_stop_nothing(void **state)
{
	static const struct {
		const char *text, *warning;
	} rows[] = {
		{ "[roles]\nalarms = red\n", ":2: there is no role 'alarms'" },
		{ "[roles]\n\nalarm = redd\n", ":3: 'redd' is no colour and no attribute" },
		{ "[roles]\nalarm = #12345\n", ":2: '#12345' is no colour" },
		{ "[roles]\nalarm = 256\n", ":2: '256' is no colour" },
		{ "[roles]\nalarm = red on default blink\n", ":2: 'blink' is no colour" },
		{ "[roles]\nalarm red\n", ":2: 'alarm red' has no '='" },
		{ "[colors]\nalarm = red\n", ":1: there is no section [colors]" },
		{ "[theme]\nbackground = black\n", ":2: a background is #rrggbb" },
		{ "[theme]\ninherits = nowhere\n", "there is no theme 'nowhere'" },
		{ "[theme]\nversion = 2\n", ":2: there is no setting 'version'" },
		{ "[mono]\nalarm = red\n", ":2: 'red' is no attribute" },
		{ "[roles]\n\033[31m = red\n", "there is no role" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strconcat(rows[i].text, "[roles]\ngood = green\n", NULL);
		struct theme *t = load_text(text);

		assert_int_equal(t->warnings->len, 1);
		if (!strstr(t->warnings->pdata[0], rows[i].warning))
			fail_msg("'%s' instead of '%s'", (char *)t->warnings->pdata[0],
				 rows[i].warning);
		assert_null(strchr(t->warnings->pdata[0], 0x1b));
		assert_int_equal(t->style[ROLE_GOOD].fg.index, 2);
		theme_free(t);
	}
}

static void a_theme_inherits_and_changes_only_what_it_names(void **state)
{
	struct theme *dark = theme_load("dark");
	struct theme *t = load_text("[theme]\nname = mine\ninherits = dark\n[roles]\ngood = 46\n"
				    "[mono]\ngood = underline\n");

	(void)state;
	assert_string_equal(t->name, "mine");
	assert_int_equal(t->style[ROLE_GOOD].fg.index, 46);
	assert_int_equal(t->style[ROLE_GOOD].mono_attr, ATTR_UNDERLINE);
	assert_memory_equal(&t->style[ROLE_ALARM], &dark->style[ROLE_ALARM], sizeof(struct style));
	theme_free(t);
	theme_free(dark);
}

static void what_is_not_there_is_dark_with_a_warning(void **state)
{
	static const char *const names[] = { "nowhere", "/no/such.theme", "../dark", "/", "/dev/null/x" };
	struct theme *dark = theme_load(NULL);

	(void)state;
	assert_int_equal(dark->warnings->len, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct theme *t = theme_load(names[i]);

		assert_true(t->warnings->len >= 1);
		theme_free(t);
	}
	theme_free(dark);
}

static void a_circle_of_themes_ends(void **state)
{
	g_autofree char *dir = g_dir_make_tmp("themes-XXXXXX", NULL);
	g_autofree char *a = g_build_filename(dir, "a.theme", NULL);
	g_autofree char *text = g_strdup_printf("[theme]\ninherits = %s\n", a);
	struct theme *t;

	(void)state;
	assert_true(g_file_set_contents(a, text, -1, NULL));
	t = theme_load(a);
	assert_int_equal(t->warnings->len, 1);
	assert_non_null(strstr(t->warnings->pdata[0], "circle"));
	theme_free(t);
	g_unlink(a);
	g_rmdir(dir);
}

static void one_s_own_folder_comes_before_the_built_in(void **state)
{
	g_autofree char *folder = g_build_filename(g_get_user_config_dir(), "keyrack", "themes", NULL);
	g_autofree char *path = g_build_filename(folder, "light.theme", NULL);
	g_auto(GStrv) names = NULL;
	struct theme *t;

	(void)state;
	g_mkdir_with_parents(folder, 0700);
	assert_true(g_file_set_contents(path, "[roles]\ngood = 99\n", -1, NULL));
	t = theme_load("light");
	assert_int_equal(t->style[ROLE_GOOD].fg.index, 99);
	theme_free(t);
	names = theme_names();
	assert_true(g_strv_contains((const char *const *)names, "light"));
	assert_int_equal(g_strv_length(names), 5); /* not twice */
	g_unlink(path);
}

static const char *const built_in[] = { "dark", "light", "high-contrast", "colour-blind", "mono" };

static int32_t seen(struct colour c, int depth, int32_t otherwise)
{
	if (c.index < 0)
		return otherwise;
	return depth && c.rgb >= 0 ? c.rgb : colour_rgb_of(c.index);
}

/* On the background the theme was made for, in 24 bits and in 256 colours. */
static void everything_can_be_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(built_in); i++) {
		struct theme *t = theme_load(built_in[i]);
		double least = strcmp(built_in[i], "high-contrast") == 0 ? 7.0 : 4.5;

		assert_int_equal(t->warnings->len, 0);
		assert_string_equal(t->name, built_in[i]);
		for (int r = 0; r < ROLE_COUNT && t->background >= 0; r++) {
			int32_t plain = colour_contrast(t->background, 0) > 7 ? 0 : 0xffffff;

			for (int rgb = 0; rgb < 2; rgb++) {
				int32_t fg = seen(t->style[r].fg, rgb, plain);
				int32_t bg = seen(t->style[r].bg, rgb, t->background);

				if (colour_contrast(fg, bg) < least)
					fail_msg("%s: %s has %.2f (#%06x on #%06x)", built_in[i],
						 role_name((enum role)r), colour_contrast(fg, bg),
						 (unsigned)fg, (unsigned)bg);
			}
		}
		theme_free(t);
	}
}

/* The colour that a paint has on the screen; where it is the terminal's own, what it is thought to be. */
static int32_t painted(int32_t number, enum depth depth, int32_t own)
{
	return number < 0 ? own : depth == DEPTH_DIRECT && number >= 8 ? number : colour_rgb_of(number);
}

/* As painted, at every depth: on black where the theme is made for dark terminals, on white for light
 * ones, and with many colours on its own paper too. */
static void everything_can_be_read_at_every_depth(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(built_in); i++) {
		struct theme *t = theme_load(built_in[i]);
		double least = strcmp(built_in[i], "high-contrast") == 0 ? 7.0 : 4.5;
		bool dark = colour_contrast(MAX(t->background, 0), 0xffffff) > 7;
		const int32_t papers[] = { t->background, dark ? 0x000000 : 0xffffff };

		for (int cell = 0; cell < 4 * 2 * ROLE_COUNT && t->background >= 0; cell++) {
			static const enum depth depths[] = { DEPTH_DIRECT, DEPTH_256, DEPTH_16, DEPTH_8 };
			enum depth depth = depths[cell / (2 * ROLE_COUNT)];
			enum role role = (enum role)(cell % ROLE_COUNT);
			int32_t paper = papers[depth <= DEPTH_16 ? 1 : cell / ROLE_COUNT % 2];
			struct paint p = paint_of(t, depth, role, 0);
			/* Bold is how eight colours are made sixteen. */
			bool bright = depth == DEPTH_8 && p.fg >= 0 && (p.attr & ATTR_BOLD);
			int32_t fg = painted(bright ? p.fg + 8 : p.fg, depth, dark ? 0xffffff : 0x000000);
			int32_t bg = painted(p.bg, depth, paper);

			if (colour_contrast(fg, bg) < least)
				fail_msg("%s: %s at depth %d has %.2f (#%06x on #%06x)", built_in[i], role_name(role),
					 (int)depth, colour_contrast(fg, bg), (unsigned)fg, (unsigned)bg);
		}
		theme_free(t);
	}
}

static void the_terminal_chooses_between_dark_and_light(void **state)
{
	static const struct {
		int32_t background;
		const char *colorfgbg, *name;
	} rows[] = {
		{ 0x000000, NULL, "dark" },	 { 0xffffff, NULL, "light" },	{ 0x002b36, NULL, "dark" },
		{ 0xfdf6e3, NULL, "light" },	 { 0x000000, "0;15", "dark" },	{ -1, "0;15", "light" },
		{ -1, "15;0", "dark" },		 { -1, "0;default;7", "light" }, { -1, "15;default;0", "dark" },
		{ -1, "12;8", "dark" },		 { -1, "0;default", "dark" },	{ -1, "", "dark" },
		{ -1, "0;99", "dark" },		 { -1, NULL, "dark" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_string_equal(theme_for(rows[i].background, rows[i].colorfgbg), rows[i].name);
}

/* Black letters need a paper of their own: the terminal may be dark. */
static void themes_for_one_paper_bring_it_along(void **state)
{
	static const char *const names[] = { "light", "high-contrast" };
	struct theme *dark = theme_load("dark");

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct theme *t = theme_load(names[i]);

		for (int r = 0; r < ROLE_COUNT; r++)
			if (memcmp(&t->style[r].bg, &dark->style[ROLE_TEXT].bg, sizeof t->style[r].bg) == 0)
				fail_msg("%s: %s lies on whatever there is", names[i], role_name((enum role)r));
		theme_free(t);
	}
	/* And the dark one, without a paper, has names in the terminal's own ink. */
	assert_memory_equal(&dark->style[ROLE_NAME].fg, &dark->style[ROLE_TEXT].fg,
			    sizeof dark->style[ROLE_TEXT].fg);
	theme_free(dark);
}

static void states_differ_without_colour_where_it_matters(void **state)
{
	static const enum role must[] = { ROLE_ALARM, ROLE_MESSAGE_BAD, ROLE_CURSOR, ROLE_FIELD_FOCUS,
					  ROLE_TITLE, ROLE_MATCH, ROLE_HINT_KEY };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(built_in); i++) {
		struct theme *t = theme_load(built_in[i]);

		for (size_t j = 0; j < G_N_ELEMENTS(must); j++)
			assert_int_not_equal(paint_of(t, DEPTH_MONO, must[j], 0).attr,
					     paint_of(t, DEPTH_MONO, ROLE_TEXT, 0).attr);
		theme_free(t);
	}
}

static void no_depth_paints_a_colour_on_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(built_in); i++) {
		struct theme *t = theme_load(built_in[i]);

		for (int d = DEPTH_MONO; d <= DEPTH_DIRECT; d++) {
			for (int r = 0; r < ROLE_COUNT; r++) {
				for (unsigned mark = 0; mark < 16; mark++) {
					struct paint p = paint_of(t, (enum depth)d, (enum role)r, mark);
					int32_t most = d == DEPTH_MONO ? -1 : d == DEPTH_8 ? 7
						     : d == DEPTH_16 ? 15 : d == DEPTH_256 ? 255 : 0xffffff;

					assert_true(p.fg == -1 || p.fg != p.bg);
					assert_in_range(p.fg + 1, 0, most + 1);
					assert_in_range(p.bg + 1, 0, most + 1);
				}
			}
		}
		theme_free(t);
	}
}

static void rows_under_the_cursor_can_be_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(built_in); i++) {
		struct theme *t = theme_load(built_in[i]);

		for (int r = 0; r < ROLE_COUNT; r++) {
			struct paint p = paint_of(t, DEPTH_256, (enum role)r, MARK_CURSOR);

			if (p.fg >= 0 && p.bg >= 0)
				assert_true(colour_contrast(colour_rgb_of(p.fg), colour_rgb_of(p.bg)) >= 3.0);
		}
		theme_free(t);
	}
}

static void colours_become_the_nearest(void **state)
{
	static const struct {
		int32_t rgb;
		int c256, c16;
	} rows[] = {
		{ 0x000000, 16, 0 },  { 0xffffff, 231, 15 }, { 0xff0000, 196, 9 },
		{ 0x00ff00, 46, 10 }, { 0x808080, 244, 8 },  { 0xd7af5f, 179, 3 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_int_equal(colour_to_256(rows[i].rgb), rows[i].c256);
		assert_int_equal(colour_to_16(rows[i].rgb), rows[i].c16);
	}
	/* a dark blue stays blue though a grey would be nearer */
	assert_true(colour_to_256(0x2b4a6f) < 232);
	assert_true(colour_contrast(0x000000, 0xffffff) > 20.9);
	assert_true(colour_contrast(0x777777, 0x777777) < 1.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_are_read),
		cmocka_unit_test(mistakes_are_told_with_their_line_and_stop_nothing),
		cmocka_unit_test(a_theme_inherits_and_changes_only_what_it_names),
		cmocka_unit_test(what_is_not_there_is_dark_with_a_warning),
		cmocka_unit_test(a_circle_of_themes_ends),
		cmocka_unit_test(one_s_own_folder_comes_before_the_built_in),
		cmocka_unit_test(everything_can_be_read),
		cmocka_unit_test(everything_can_be_read_at_every_depth),
		cmocka_unit_test(the_terminal_chooses_between_dark_and_light),
		cmocka_unit_test(themes_for_one_paper_bring_it_along),
		cmocka_unit_test(states_differ_without_colour_where_it_matters),
		cmocka_unit_test(no_depth_paints_a_colour_on_itself),
		cmocka_unit_test(rows_under_the_cursor_can_be_read),
		cmocka_unit_test(colours_become_the_nearest),
	};
	g_autofree char *home = g_dir_make_tmp("config-XXXXXX", NULL);

	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
