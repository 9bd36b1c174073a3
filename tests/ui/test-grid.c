/* test-grid - cells: clipping, wide glyphs, ASCII, and names that want to be more than names. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/term/grid.h"

static struct grid make(int rows, int cols, bool ascii)
{
	struct grid g;

	grid_init(&g);
	grid_resize(&g, rows, cols);
	g.ascii = ascii;
	return g;
}

static char *printed(const struct grid *g)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	grid_print(g, f);
	fclose(f);
	return text;
}

static void assert_prints(const struct grid *g, const char *want)
{
	char *got = printed(g);

	assert_string_equal(got, want);
	free(got);
}

/* What holds for every grid, whatever was drawn. */
static void assert_sound(const struct grid *g)
{
	for (int row = 0; row < g->rows; row++) {
		for (int col = 0; col < g->cols; col++) {
			const struct cell *c = &g->cell[row * g->cols + col];
			const struct cell *after = col + 1 < g->cols ? c + 1 : NULL;

			assert_in_range(c->glyph.width, 0, 2);
			if (c->glyph.width == 0)
				assert_true(col > 0 && c[-1].glyph.width == 2);
			if (c->glyph.width == 2)
				assert_true(after && after->glyph.width == 0);
			for (size_t i = 0; i < G_N_ELEMENTS(c->glyph.ch) && c->glyph.ch[i]; i++) {
				uint32_t ch = c->glyph.ch[i];

				assert_false(ch < 0x20 || (ch >= 0x7f && ch < 0xa0));
				assert_false((ch >= 0x202a && ch <= 0x202e) ||
					     (ch >= 0x2066 && ch <= 0x2069) || ch == 0x200e ||
					     ch == 0x200f);
				assert_true(!g->ascii || ch < 0x7f);
			}
		}
	}
}

static const char *const hostile[] = {
	"\033[2J\033[H",
	"\033]0;title\007",
	"\033]52;c;aGk=\033\\",
	"\xc2\x9b" "31m C1",
	"\x9b" "31m",
	"tab\there\r\nnew",
	"\xe2\x80\xae" "evil\xe2\x80\xac override",
	"\xe2\x81\xa7isolate\xe2\x81\xa9",
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 family",
	"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa flag",
	"\xe2\x9d\xa4\xef\xb8\x8f heart",
	"\xcc\x88starts with a mark",
	"a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88 many marks",
	"\xe4\xbc\x8a\xe8\x97\xa4\xe4\xbc\x8a\xe8\x97\xa4\xe4\xbc\x8a\xe8\x97\xa4",
	"\xff\xfe\xc0\x80 broken",
	"\xed\xa0\x80 surrogate",
	"zero\xe2\x80\x8bwidth\xef\xbb\xbf",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",
	"\x7f\x01\x02\x1f",
	"",
};

static void nothing_that_is_written_can_be_a_control(void **state)
{
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
			for (int cols = 0; cols <= 24; cols++) {
				struct grid g = make(3, cols, ascii);

				for (int col = -4; col <= cols + 2; col++) {
					int used = grid_put(&g, 1, col, 12, hostile[i], ROLE_NAME);

					assert_in_range(used, 0, 12);
					grid_put_field(&g, 2, col, 9, (int)i % 3 - 1,
						       i % 2 ? CUT_END : CUT_MIDDLE, hostile[i],
						       ROLE_TEXT);
					grid_put_char(&g, 0, col, 0x1b, ROLE_TEXT, 0);
					assert_sound(&g);
				}
				grid_done(&g);
			}
		}
	}
}

static void a_name_of_ten_megabytes_costs_no_more_than_a_row(void **state)
{
	struct grid g = make(1, 10, false);
	char *name = malloc(10 << 20);
	gint64 start = g_get_monotonic_time();

	(void)state;
	memset(name, 'x', (10 << 20) - 1);
	name[(10 << 20) - 1] = '\0';
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(grid_put(&g, 0, 0, 10, name, ROLE_NAME), 10);
		grid_put_field(&g, 0, 0, 10, -1, CUT_END, name, ROLE_NAME);
	}
	assert_prints(&g, "xxxxxxxxx\xe2\x80\xa6\n");
	assert_true(g_get_monotonic_time() - start < 2 * G_USEC_PER_SEC); /* 20 GB/s otherwise */
	free(name);
	grid_done(&g);
}

static void text_is_cut_by_cells(void **state)
{
	static const struct {
		const char *text;
		int cells, used;
		const char *printed, *ascii;
	} rows[] = {
		{ "abc", 5, 3, "abc\n", "abc\n" },
		{ "abcde", 5, 5, "abcde\n", "abcde\n" },
		{ "abcdef", 5, 5, "abcd\xe2\x80\xa6\n", "abcd~\n" },
		{ "abcdef", 1, 1, "\xe2\x80\xa6\n", "~\n" },
		{ "abc", 0, 0, "\n", "\n" },
		{ "abc", -3, 0, "\n", "\n" },
		{ NULL, 5, 0, "\n", "\n" },
		{ "\xe4\xbc\x8a\xe8\x97\xa4", 4, 4, "\xe4\xbc\x8a\xe8\x97\xa4\n", "????\n" },
		{ "\xe4\xbc\x8a\xe8\x97\xa4", 3, 3, "\xe4\xbc\x8a\xe2\x80\xa6\n", "??~\n" },
		{ "\xe4\xbc\x8a\xe8\x97\xa4", 2, 1, "\xe2\x80\xa6\n", "~\n" },
		{ "M\xc3\xbcller \xe2\x80\x94 \xe2\x80\xa6", 20, 10,
		  "M\xc3\xbcller \xe2\x80\x94 \xe2\x80\xa6\n", "Muller - ~\n" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (int ascii = 0; ascii < 2; ascii++) {
			struct grid g = make(1, 20, ascii);

			assert_int_equal(grid_put(&g, 0, 0, rows[i].cells, rows[i].text, ROLE_TEXT),
					 rows[i].used);
			assert_prints(&g, ascii ? rows[i].ascii : rows[i].printed);
			grid_done(&g);
		}
	}
}

static void fields_are_aligned_and_filled(void **state)
{
	struct grid g = make(4, 12, false);

	(void)state;
	grid_fill(&g, (struct rect){ 0, 0, 4, 12 }, '.', ROLE_TEXT);
	grid_put_field(&g, 0, 1, 8, -1, CUT_END, "left", ROLE_GOOD);
	grid_put_field(&g, 1, 1, 8, 1, CUT_END, "right", ROLE_GOOD);
	grid_put_field(&g, 2, 1, 8, 0, CUT_END, "mid", ROLE_GOOD);
	grid_put_field(&g, 3, 1, 8, 1, CUT_END, "much too long", ROLE_GOOD);
	assert_prints(&g, ".left    ...\n.   right...\n.  mid   ...\n.much to\xe2\x80\xa6...\n");
	assert_int_equal(g.cell[1].role, ROLE_GOOD);
	assert_int_equal(g.cell[8].role, ROLE_GOOD);
	assert_int_equal(g.cell[9].role, ROLE_TEXT);
	grid_done(&g);
}

static void half_of_a_wide_glyph_never_stays(void **state)
{
	static const struct {
		int col;
		const char *want;
	} rows[] = { { 2, "  x \n" }, { 3, "   x\n" } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct grid g = make(1, 6, false);

		grid_put(&g, 0, 2, 2, "\xe4\xbc\x8a", ROLE_TEXT);
		grid_put_char(&g, 0, rows[i].col, 'x', ROLE_TEXT, 0);
		assert_sound(&g);
		assert_int_equal(g.cell[rows[i].col].glyph.ch[0], 'x');
		assert_int_equal(g.cell[rows[i].col == 2 ? 3 : 2].glyph.ch[0], ' ');
		grid_done(&g);
	}
}

static void frames_and_rules(void **state)
{
	struct grid g = make(4, 14, false), a = make(4, 14, true);

	(void)state;
	grid_frame(&g, (struct rect){ 0, 0, 3, 14 }, "New code", ROLE_RULE);
	grid_rule(&g, 3, NULL, ROLE_RULE);
	assert_prints(&g, "\xe2\x94\x8c New code \xe2\x94\x80\xe2\x94\x80\xe2\x94\x90\n"
			  "\xe2\x94\x82            \xe2\x94\x82\n"
			  "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
			  "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
			  "\xe2\x94\x80\xe2\x94\x98\n"
			  "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
			  "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
			  "\xe2\x94\x80\xe2\x94\x80\n");
	grid_frame(&a, (struct rect){ 0, 0, 3, 14 }, "New code", ROLE_RULE);
	grid_rule(&a, 3, "Feed", ROLE_RULE);
	assert_prints(&a, "+ New code --+\n|            |\n+------------+\n- Feed -------\n");
	grid_done(&g);
	grid_done(&a);
}

static void marks_and_paint_stay_inside(void **state)
{
	struct grid g = make(2, 4, false);
	char *roles = NULL;
	size_t n;
	FILE *f = open_memstream(&roles, &n);

	(void)state;
	grid_paint(&g, (struct rect){ -1, -1, 2, 3 }, ROLE_DIM);
	grid_mark(&g, (struct rect){ 1, 3, 99, 99 }, MARK_CURSOR);
	grid_mark(&g, (struct rect){ 0, 0, 1, 1 }, MARK_BOLD);
	grid_print_roles(&g, f);
	fclose(f);
	assert_string_equal(roles, "Aa..\n...:\n");
	free(roles);
	grid_done(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_is_written_can_be_a_control),
		cmocka_unit_test(a_name_of_ten_megabytes_costs_no_more_than_a_row),
		cmocka_unit_test(text_is_cut_by_cells),
		cmocka_unit_test(fields_are_aligned_and_filled),
		cmocka_unit_test(half_of_a_wide_glyph_never_stays),
		cmocka_unit_test(frames_and_rules),
		cmocka_unit_test(marks_and_paint_stay_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
