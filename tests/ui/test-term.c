/* test-term - the terminal through a pseudo-terminal and an emulator: what is shown, what it costs,
 * what is typed, what the terminal says of itself, and that it comes back after a stop. How it ends is
 * test-term-ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ui/term-frame.h"
#include "tests/ui/term-rig.h"
#include "ui/term/paint.h"

/* --- what is shown --------------------------------------------------------------------------- */

static bool is_blank(const uint32_t *ch)
{
	return !ch[0] || (ch[0] == ' ' && !ch[1]);
}

/* Says what is wrong with a cell, or gives NULL. */
static char *cell_fault(struct vt *vt, const struct grid *g, int row, int col,
			const struct theme *theme, enum depth depth)
{
	const struct cell *want = &g->cell[row * g->cols + col];
	struct vt_cell got = vt_cell(vt, row, col);
	bool blank = is_blank(got.ch);
	struct paint p = paint_of(theme, depth, want->role, want->mark);

	if (want->glyph.width == 0) /* painted with the half before it */
		return NULL;
	if (is_blank(want->glyph.ch) != blank ||
	    (!blank && memcmp(got.ch, want->glyph.ch, sizeof want->glyph.ch) != 0))
		return g_strdup_printf("row %d col %d: U+%04X instead of U+%04X", row, col,
				       got.ch[0], want->glyph.ch[0]);
	if ((!blank && got.fg != p.fg) || got.bg != p.bg)
		return g_strdup_printf("row %d col %d: colours %d on %d instead of %d on %d", row,
				       col, got.fg, got.bg, p.fg, p.bg);
	if (got.reverse != !!(p.attr & ATTR_REVERSE) ||
	    got.underline != !!(p.attr & ATTR_UNDERLINE) ||
	    (!blank && got.bold != !!(p.attr & ATTR_BOLD)))
		return g_strdup_printf("row %d col %d: attributes differ", row, col);
	return NULL;
}

struct wanted {
	struct grid g;
	struct theme *theme;
	enum depth depth;
};

static char *frame_fault(struct vt *vt, const struct wanted *w)
{
	int row, col;
	char *fault = NULL;

	for (row = 0; row < w->g.rows; row++)
		for (col = 0; col < w->g.cols && !fault; col++)
			fault = cell_fault(vt, &w->g, row, col, w->theme, w->depth);
	vt_cursor(vt, &row, &col);
	if (!fault && (row != w->g.cursor_row || col != w->g.cursor_col))
		fault = g_strdup_printf("the cursor is at row %d col %d", row, col);
	return fault;
}

static bool frame_is_right(struct vt *vt, const void *ctx)
{
	g_autofree char *fault = frame_fault(vt, ctx);

	return fault == NULL;
}

static void assert_frame(struct vt *vt, int rows, int cols, bool ascii, int top, const char *key,
			 enum depth depth, const char *theme_name)
{
	struct wanted w = { .theme = theme_load(theme_name), .depth = depth };
	g_autofree char *fault = NULL;

	grid_init(&w.g);
	grid_resize(&w.g, rows, cols);
	w.g.ascii = ascii;
	frame_draw(&w.g, top, key);
	if (!vt_wait(vt, frame_is_right, &w, SOON_MS)) {
		g_autofree char *text = vt_text(vt);

		fault = frame_fault(vt, &w);
		fail_msg("%dx%d, depth %d, %s: %s in\n%s", rows, cols, (int)depth, theme_name,
			 fault, text);
	}
	grid_done(&w.g);
	theme_free(w.theme);
}

static void every_cell_is_as_drawn(void **state)
{
	static const struct {
		const char *env[9];
		bool ascii;
		enum depth depth;
		const char *theme;
	} rows[] = {
		{ { UTF8 }, false, DEPTH_256, "dark" },
		{ { UTF8 }, false, DEPTH_256, "light" },
		{ { UTF8 }, false, DEPTH_256, "high-contrast" },
		{ { "LC_ALL=C", "TERM=xterm-256color", "NO_COLOR" }, true, DEPTH_256, "dark" },
		{ { "LC_ALL=C.UTF-8", "TERM=xterm-16color", "NO_COLOR" }, false, DEPTH_16, "dark" },
		{ { "LC_ALL=C.UTF-8", "TERM=xterm", "NO_COLOR" }, false, DEPTH_8, "dark" },
		{ { "LC_ALL=C.UTF-8", "TERM=xterm-256color", "NO_COLOR=1" }, false, DEPTH_MONO,
		  "dark" },
		{ { "LC_ALL=C", "TERM=vt100", "NO_COLOR" }, true, DEPTH_MONO, "mono" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *argv[] = { TERM_DEMO, rows[i].theme, NULL };
		struct vt *vt = begin_with(
			&(struct vt_options){ .argv = argv, .env = rows[i].env });

		assert_true(vt_wait_text(vt, "key: -", SOON_MS));
		assert_frame(vt, 24, 80, rows[i].ascii, 0, "-", rows[i].depth, rows[i].theme);
		vt_send(vt, "jx"); /* an odd top: the cursor's row is marked */
		assert_true(vt_wait_text(vt, "key: x", SOON_MS));
		assert_frame(vt, 24, 80, rows[i].ascii, 1, "x", rows[i].depth, rows[i].theme);
		if (rows[i].depth == DEPTH_MONO) {
			assert_false(vt_any_colour(vt));
			assert_true(vt_any_attribute(vt));
		}
		vt_free(vt);
	}
}

static void every_size_is_drawn_after_a_resize(void **state)
{
	static const int sizes[][2] = { { 40, 120 }, { 60, 200 }, { 10, 40 }, { 5, 20 }, { 24, 80 } };
	struct vt *vt = begin();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		char text[8] = { 'k', 'e', 'y', ':', ' ', (char)('A' + i) };

		vt_resize(vt, sizes[i][0], sizes[i][1]);
		vt_send(vt, text + 5);
		assert_true(vt_wait_text(vt, text, SOON_MS));
		assert_frame(vt, sizes[i][0], sizes[i][1], false, 0, text + 5, DEPTH_256, "dark");
	}
	vt_resize(vt, 1, 1);
	vt_resize(vt, 2, 500);
	vt_send(vt, "Z");
	assert_true(vt_wait_text(vt, "key: Z", SOON_MS));
	vt_free(vt);
}

/* --- what it costs --------------------------------------------------------------------------- */

static void a_scrolled_list_costs_a_few_rows(void **state)
{
	struct vt *vt = begin_with(&(struct vt_options){ .rows = 63, .cols = 120 });
	size_t whole, one;

	(void)state;
	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	whole = vt_output(vt)->len;
	cost_of(vt, "jj", "0062");
	one = cost_of(vt, "jj", "0064") / 2; /* two, so that the marked row is even again */
	print_message("first frame %zu bytes, one row scrolled %zu\n", whole, one);
	assert_true(one < 600);
	vt_free(vt);
}

static void nothing_is_sent_when_nothing_changed(void **state)
{
	struct vt *vt = begin();

	(void)state;
	/* The end of the frame before may be counted in; one needless frame costs thousands. */
	cost_of(vt, "x", "key: x");
	assert_true(cost_of(vt, "xxxxxxxxxxy", "key: y") < 400);
	vt_free(vt);
}

static int count(const GString *s, const char *what)
{
	int n = 0;

	for (const char *p = s->str; (p = strstr(p, what)); p++)
		n++;
	return n;
}

static void the_screen_is_cleared_only_when_told(void **state)
{
	struct vt *vt = begin();
	int cleared = count(vt_output(vt), "\033[2J");

	(void)state;
	cost_of(vt, "jjjkkxyz", "key: z");
	assert_int_equal(count(vt_output(vt), "\033[2J"), cleared);
	cost_of(vt, "ra", "key: a");
	assert_int_equal(count(vt_output(vt), "\033[2J"), cleared + 1);
	vt_free(vt);
}

static void frames_are_synchronized_where_the_terminal_can(void **state)
{
	struct vt *vt = begin_with(&(struct vt_options){ .sync = true });

	(void)state;
	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	cost_of(vt, "x", "key: x");
	cost_of(vt, "y", "key: y");
	assert_true(vt_wait_mode(vt, 2026, false, SOON_MS));
	assert_true(count(vt_output(vt), "\033[?2026h") >= 1);
	vt_free(vt);
	vt = begin();
	cost_of(vt, "x", "key: x");
	assert_int_equal(count(vt_output(vt), "\033[?2026h"), 0);
	vt_free(vt);
}

/* --- what is typed --------------------------------------------------------------------------- */

static void keys_arrive_by_name(void **state)
{
	static const struct {
		const char *bytes, *shown;
	} rows[] = {
		{ "n", "key: n" },
		{ "\033[A", "key: Up" },
		{ "\033OB", "key: Down" },
		{ "\033", "key: Esc" },
		{ "\033x", "key: Alt-x" },
		{ "\014", "key: Ctrl-L" },
		{ "\032", "key: Ctrl-Z" },
		{ "\003", "key: Ctrl-C" },
		{ "\r", "key: Enter" },
		{ "\t", "key: Tab" },
		{ "\033[Z", "key: Shift-Tab" },
		{ "\033[1;2D", "key: Shift-Left" },
		{ "\177", "key: Backspace" },
		{ "\033[3~", "key: Del" },
		{ "\033OP", "key: F1" },
		{ "\xc3\xa9", "key: \xc3\xa9" },
		{ " ", "key: Space" },
		{ "\033[<0;5;3M", "key: Click 2 4" },
		{ "\033[<65;5;3M", "key: Wheel-Down" },
		{ "\033[200~one\ntwo q\033[31m\033[201~", "key: Paste one" },
	};
	struct vt *vt = begin();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		vt_send(vt, rows[i].bytes);
		if (!vt_wait_text(vt, rows[i].shown, SOON_MS))
			fail_msg("row %zu: no '%s'", i, rows[i].shown);
	}
	vt_free(vt);
}

static void answers_of_the_terminal_are_never_keys(void **state)
{
	static const char *const answers[] = {
		"\033[?2026;0$y", "\033[?62;22c", "\033]11;rgb:1616/1818/1d1d\033\\", "\033[24;80R",
		"\033P1$r0m\033\\", "\033[I", "\033[?997;1n", "\033]11;rgb:ffff/ffff/ffff\007",
	};
	struct vt *vt = begin();

	(void)state;
	vt_send(vt, "x");
	assert_true(vt_wait_text(vt, "key: x", SOON_MS));
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		if (strcmp(answers[i], "\033[I") == 0) /* focus is a key of its own */
			continue;
		vt_send(vt, answers[i]);
		vt_send(vt, "j");
		assert_true(vt_wait_text(vt, "key: j", SOON_MS));
		vt_send(vt, "k");
		assert_true(vt_wait_text(vt, "key: k", SOON_MS));
	}
	assert_frame(vt, 24, 80, false, 0, "k", DEPTH_256, "dark");
	vt_free(vt);
}

static void a_title_cannot_carry_a_sequence(void **state)
{
	struct vt *vt = begin();

	(void)state;
	cost_of(vt, "t", "key: t");
	assert_true(g_str_has_prefix(vt_title(vt), "two locks"));
	assert_null(strstr(vt_output(vt)->str, "\033]0;"));
	vt_free(vt);
}

/* --- what the terminal says of itself ---------------------------------------------------------- */

#define FENCE "\033[c"
#define BACKGROUND "\033]11;?\033\\"

/* Each says what it says, at once, in pieces, wrong, or never: the screen comes, and the keys typed
 * before it are all there, and no other. */
static void answers_choose_the_theme_and_are_never_waited_for(void **state)
{
	static const struct {
		const char *how, *colorfgbg, *script[5], *shown;
	} rows[] = {
		{ "white",
		  "COLORFGBG",
		  { BACKGROUND, "\033]11;rgb:ffff/ffff/ffff\033\\", FENCE, "\033[?62c" },
		  "theme light, background ffffff" },
		{ "dark, of two digits, ended by BEL",
		  "COLORFGBG=0;15",
		  { BACKGROUND, "\033]11;rgb:1e/1e/2e\007", FENCE, "\033[?62c" },
		  "theme dark, background 1e1e2e" },
		{ "not said", "COLORFGBG=0;15", { FENCE, "\033[?62c" }, "theme light, background ffffff" },
		{ "not said, nor by COLORFGBG", "COLORFGBG=0;default", { FENCE, "\033[?62c" }, "theme dark" },
		{ "never", "COLORFGBG", { "no such question", "" }, "theme dark" },
		{ "never", "COLORFGBG=12;8", { "no such question", "" }, "theme dark" },
		{ "garbage",
		  "COLORFGBG",
		  { BACKGROUND, "\033]11;rgb:zz/\033\\\033[?\033]11;blue\007", FENCE, "\033[?62c" },
		  "theme dark" },
		{ "broken off",
		  "COLORFGBG",
		  { BACKGROUND, "\033]11;rgb:ffff/ff", FENCE, "\r\033[?62c" },
		  "theme dark" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *env[] = { "LC_ALL=C.UTF-8", "TERM=xterm-256color", "NO_COLOR", "TMUX",
				      rows[i].colorfgbg, NULL };
		struct vt *vt = begin_with(&(struct vt_options){ .env = env, .script = rows[i].script });

		vt_send(vt, "jjj"); /* before anything is shown */
		assert_true(vt_wait_text(vt, "0004", SOON_MS));
		assert_true(vt_wait_gone(vt, "0003", SOON_MS));
		vt_send(vt, "i");
		if (!vt_wait_text(vt, rows[i].shown, SOON_MS))
			fail_msg("%s: no '%s'", rows[i].how, rows[i].shown);
		vt_free(vt);
	}
}

/* An answer that comes when nobody waits for it any more is none; in any piece; the keys around it are. */
static void late_answers_are_never_keys(void **state)
{
	static const char *const script[] = { "no such question", "", NULL };
	static const char *const late[] = {
		"j\033]11;rgb:ffff/ffff/ffff\033\\k", "j\033P>|foot(1.16.2)\033\\k", "j\033[?2026;2$yk",
		"j\033[?62;c4k\033[?62;22ck", "j\033[?2004;0$yk",
	};
	struct vt *vt = begin_with(&(struct vt_options){ .script = script });

	(void)state;
	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	for (size_t i = 0; i < G_N_ELEMENTS(late); i++) {
		for (const char *p = late[i]; *p; p++) /* byte by byte, each a write of its own */
			vt_send(vt, (char[]){ *p, 0 });
		vt_send(vt, i == 3 ? "j" : "");
		assert_true(vt_wait_text(vt, "key: ", SOON_MS));
		vt_send(vt, "x");
		assert_true(vt_wait_text(vt, "key: x", SOON_MS));
		vt_send(vt, "z");
		assert_true(vt_wait_text(vt, "key: z", SOON_MS));
	}
	vt_send(vt, "i");
	assert_true(vt_wait_text(vt, "theme light, background ffffff", SOON_MS));
	vt_free(vt);
}

static void modes_go_off_where_the_terminal_does_not_know_them(void **state)
{
	static const char *const script[] = { "\033[?2004$p", "\033[?2004;0$y", "\033[?1004$p", "\033[?1004;0$y",
					      FENCE, "\033[?62c", NULL };
	struct vt *vt = begin_with(&(struct vt_options){ .script = script });

	(void)state;
	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	cost_of(vt, "x", "key: x");
	assert_true(vt_wait_mode(vt, 2004, false, SOON_MS));
	assert_true(vt_wait_mode(vt, 1004, false, SOON_MS));
	vt_free(vt);
	vt = begin();
	assert_true(vt_wait_mode(vt, 2004, true, SOON_MS));
	assert_true(vt_wait_mode(vt, 1004, true, SOON_MS));
	vt_free(vt);
}

/* Where pastes come unmarked they are told by their pace; a key held down is not one, nor what a person
 * types ahead in a few keys. */
static void a_burst_is_a_paste_where_pastes_are_not_marked(void **state)
{
	static const char *const vt100[] = { "LC_ALL=C.UTF-8", "TERM=vt100", "NO_COLOR", NULL };
	static const struct {
		const char *bytes, *shown;
	} rows[] = {
		{ "quit now all", "key: Paste quit now all" },
		{ "jjjjjjjjjjjx", "key: Paste jjjjjjjjjjjx" },
		{ "one\rtwo\rthree", "key: Paste one" },
		{ "nopuvwx", "key: x" },
		{ "zzzzzzzzzzzzzz", "key: z" },
		{ "abcdefgh\014", "key: Ctrl-L" },
	};
	struct vt *vt = begin_with(&(struct vt_options){ .env = vt100 });

	(void)state;
	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		vt_send(vt, rows[i].bytes);
		if (!vt_wait_text(vt, rows[i].shown, SOON_MS))
			fail_msg("row %zu: no '%s'", i, rows[i].shown);
	}
	vt_free(vt);
	vt = begin(); /* it marks them: then these are keys */
	vt_send(vt, "xyzxyzxyzxyzw");
	assert_true(vt_wait_text(vt, "key: w", SOON_MS));
	vt_free(vt);
}

static bool has_sent(struct vt *vt, const void *what)
{
	return strstr(vt_output(vt)->str, what) != NULL;
}

/* "Rossi family" in base64 is Um9zc2kgZmFtaWx5. */
static void what_is_sent_outside_fits_the_terminal(void **state)
{
	static const struct {
		const char *term, *more, *key, *sent, *not_sent;
	} rows[] = {
		{ "TERM=xterm-256color", "TMUX", "y", "\033]52;c;Um9zc2kgZmFtaWx5\033\\", "tmux;" },
		{ "TERM=xterm-256color", "TMUX=/tmp/x,1,0", "y",
		  "\033Ptmux;\033\033]52;c;Um9zc2kgZmFtaWx5\033\033\\\033\\", NULL },
		{ "TERM=vt100", "TMUX", "y", NULL, "]52;" },
		{ "TERM=xterm-256color", "KITTY_WINDOW_ID=1", "b",
		  "\033]99;i=keyrack:d=0;title\033\\\033]99;i=keyrack:d=1:p=body;text\033\\", "]9;" },
		{ "TERM=xterm-256color", "WEZTERM_PANE=1", "b", "\033]777;notify;title;text\033\\", "]99;" },
		{ "TERM=xterm-256color", "ITERM_SESSION_ID=1", "b", "\033]9;title: text\033\\", "]99;" },
		{ "TERM=xterm-256color", "TMUX", "b", "\a", "]9;" },
		{ "TERM=xterm-256color", "TMUX", "t", "\033[22;0t\033]2;two locks", NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *env[] = { "LC_ALL=C.UTF-8", "NO_COLOR", "TMUX", "KITTY_WINDOW_ID", "WEZTERM_PANE",
				      "ITERM_SESSION_ID", "GHOSTTY_RESOURCES_DIR", rows[i].term, rows[i].more, NULL };
		struct vt *vt = begin_with(&(struct vt_options){ .env = env, .silent = true });

		assert_true(vt_wait_text(vt, "key: -", SOON_MS));
		cost_of(vt, rows[i].key, "key: ");
		cost_of(vt, "x", "key: x");
		if (rows[i].sent && !vt_wait(vt, has_sent, rows[i].sent, SOON_MS))
			fail_msg("row %zu: not sent", i);
		if (rows[i].not_sent && has_sent(vt, rows[i].not_sent))
			fail_msg("row %zu: '%s' was sent", i, rows[i].not_sent);
		vt_send(vt, "q");
		assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
		if (strcmp(rows[i].key, "t") == 0)
			assert_non_null(strstr(vt_output(vt)->str, "\033[23;0t"));
		vt_free(vt);
	}
}

static void stops_and_comes_back(void **state)
{
	static const struct {
		const char *how;
		int signal; /* 0: the key */
		bool leaves;
	} rows[] = {
		{ "^Z", 0, true },
		{ "SIGTSTP", SIGTSTP, true },
		{ "SIGSTOP", SIGSTOP, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct vt *vt = begin();
		size_t before;

		print_message("%s\n", rows[i].how);
		if (rows[i].signal)
			kill(vt_pid(vt), rows[i].signal);
		else
			vt_send(vt, "s");
		assert_true(vt_wait_stopped(vt, SOON_MS));
		if (rows[i].leaves)
			assert_shell_has_its_terminal(vt);
		before = vt_output(vt)->len;
		vt_resize(vt, 30, 100); /* while it was away */
		vt_continue(vt);
		assert_true(vt_wait_mode(vt, 1049, true, SOON_MS));
		vt_send(vt, "y");
		assert_true(vt_wait_text(vt, "key: y", SOON_MS));
		assert_screen_is_ours(vt);
		assert_frame(vt, 30, 100, false, 0, "y", DEPTH_256, "dark");
		assert_true(vt_output(vt)->len - before > 500); /* all of it anew */
		vt_send(vt, "q");
		assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
		assert_shell_has_its_terminal(vt);
		vt_free(vt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_is_as_drawn),
		cmocka_unit_test(every_size_is_drawn_after_a_resize),
		cmocka_unit_test(a_scrolled_list_costs_a_few_rows),
		cmocka_unit_test(nothing_is_sent_when_nothing_changed),
		cmocka_unit_test(answers_choose_the_theme_and_are_never_waited_for),
		cmocka_unit_test(late_answers_are_never_keys),
		cmocka_unit_test(modes_go_off_where_the_terminal_does_not_know_them),
		cmocka_unit_test(a_burst_is_a_paste_where_pastes_are_not_marked),
		cmocka_unit_test(what_is_sent_outside_fits_the_terminal),
		cmocka_unit_test(the_screen_is_cleared_only_when_told),
		cmocka_unit_test(frames_are_synchronized_where_the_terminal_can),
		cmocka_unit_test(keys_arrive_by_name),
		cmocka_unit_test(answers_of_the_terminal_are_never_keys),
		cmocka_unit_test(a_title_cannot_carry_a_sequence),
		cmocka_unit_test(stops_and_comes_back),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
