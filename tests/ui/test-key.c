/* test-key - names of keys, the bytes they come as, and the keymap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ui/keymap.h"
#include "ui/term/input.h"

static void every_name_parses_back(void **state)
{
	static const char *const labels[] = {
		"n", "N", "Ctrl-L", "PgUp", "PgDn", "Space", "Enter", "Esc", "Tab", "Shift-Tab", "F1",
		"F12", "Alt-x", "<", "+", "-", "?", "/", ".", "Del", "Ins", "Home", "End", "Up", "Left",
		"Shift-Left", "Shift-Right", "Backspace", "Alt-Backspace", "Ctrl-Left", "\xc3\xa9",
		"Alt--", "Ctrl-Space", "Wheel-Up",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		char buf[KEY_NAME_MAX];
		struct key k;

		if (!key_parse(labels[i], &k))
			fail_msg("'%s' is not understood", labels[i]);
		assert_string_equal(key_label(&k, buf), labels[i]);
	}
}

static void other_spellings_are_the_same_key(void **state)
{
	static const char *const pairs[][2] = {
		{ "ctrl-l", "Ctrl-L" }, { "C-l", "Ctrl-L" },     { "PageDown", "PgDn" },
		{ "escape", "Esc" },    { "Delete", "Del" },     { "return", "Enter" },
	};
	struct key raw = { .ch = 12 }, k;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		struct key a, b;

		assert_true(key_parse(pairs[i][0], &a) && key_parse(pairs[i][1], &b));
		assert_true(key_same(&a, &b));
	}
	assert_true(key_parse("Ctrl-L", &k));
	assert_true(key_same(&raw, &k));
	assert_true(key_parse("n", &k));
	assert_true(key_parse("N", &raw));
	assert_false(key_same(&raw, &k));
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const bad[] = { "", "nn", "Ctrl-", "F13", "F0", "Hyper-x", "\033", "\xff",
					   "Alt-Alt-x", "Ctrl-F99" };
	struct key k = { .ch = 'z' };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		if (key_parse(bad[i], &k))
			fail_msg("'%s' was taken for a key", bad[i]);
	assert_false(key_parse(NULL, &k));
	assert_int_equal(k.ch, 'z');
}

/* Feeds bytes one by one and writes down what comes out: "Up Esc n". */
static char *keys_of(const char *bytes, size_t n, bool one_by_one)
{
	GString *out = g_string_new(NULL);
	struct input in;
	struct key k;

	input_init(&in);
	for (size_t i = 0; i < n; i += one_by_one ? 1 : n) {
		input_add(&in, bytes + i, one_by_one ? 1 : n);
		for (bool last = i + (one_by_one ? 1 : n) >= n;
		     input_next(&in, last, &k) == INPUT_KEY;) {
			char buf[KEY_NAME_MAX];

			g_string_append_printf(out, "%s%s", out->len ? " " : "", key_label(&k, buf));
			if (k.code == KEYCODE_PASTE)
				g_string_append_printf(out, "(%s)", k.text);
			if (k.code >= KEYCODE_MOUSE_PRESS && k.code <= KEYCODE_MOUSE_WHEEL_DOWN)
				g_string_append_printf(out, "(%d,%d)", k.row, k.col);
			g_free(k.text);
		}
	}
	input_done(&in);
	return g_string_free(out, FALSE);
}

static void bytes_become_keys(void **state)
{
	static const struct {
		const char *bytes, *keys;
	} rows[] = {
		{ "n", "n" },
		{ "\033", "Esc" },
		{ "\033\033", "Esc Esc" },
		{ "\033\033[A", "Esc Up" },
		{ "\033[A\033[B\033[C\033[D", "Up Down Right Left" },
		{ "\033OA\033OH\033OF\033OP", "Up Home End F1" },
		{ "\033[1~\033[2~\033[3~\033[4~\033[5~\033[6~", "Home Ins Del End PgUp PgDn" },
		{ "\033[11~\033[15~\033[17~\033[24~", "F1 F5 F6 F12" },
		{ "\033[[A\033[[E", "F1 F5" },
		{ "\033[1;2C\033[1;5D\033[1;3A", "Shift-Right Ctrl-Left Alt-Up" },
		{ "\033[Z", "Shift-Tab" },
		{ "\033Oj\033Ok\033Op\033OM", "* + 0 Enter" },
		{ "\033x\033\177\033[", "Alt-x Alt-Backspace" },
		{ "\r\n\t\177\010 ", "Enter Enter Tab Backspace Backspace Space" },
		{ "\001\032\034", "Ctrl-A Ctrl-Z Ctrl-\\" },
		{ "\xc3\xa9\xe4\xbc\x8a", "\xc3\xa9 \xe4\xbc\x8a" },
		{ "\xff\xc3(\x80n", "( n" },
		{ "\033[<0;7;3M\033[<0;7;3m", "Click(2,6)" },
		{ "\033[<64;1;1M\033[<65;1;1M\033[<32;1;1M\033[<2;1;1M", "Wheel-Up(0,0) Wheel-Down(0,0)" },
		{ "\033[M !!", "Click(0,0)" },
		{ "\033[200~q\033[31m x\nrm -rf\033[201~n", "Paste(q\033[31m x\nrm -rf) n" },
		{ "\033[I\033[O", "Focus-In Focus-Out" },
		{ "\033[113;1u\033[13u", "q Enter" },
		/* answers and noise: swallowed, and what follows is not */
		{ "\033[?2026;2$yn", "n" },
		{ "\033[?62;1;4cn", "n" },
		{ "\033[12;40Rn", "n" },
		{ "\033]11;rgb:00/00/00\007n", "n" },
		{ "\033]11;rgb:00/00/00\033\\n", "n" },
		{ "\033P1$r0m\033\\n", "n" },
		{ "\033[99999999999;1Xn", "n" },
		{ "\033[1;2;3;4;5;6;7;8zn", "n" },
		{ "\033[12\033[A", "Up" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (int split = 0; split < 2; split++) {
			g_autofree char *got = keys_of(rows[i].bytes, strlen(rows[i].bytes), split);

			if (strcmp(got, rows[i].keys) != 0)
				fail_msg("row %zu%s: '%s' instead of '%s'", i,
					 split ? ", byte by byte" : "", got, rows[i].keys);
		}
	}
}

static void an_escape_waits_for_what_may_follow(void **state)
{
	struct input in;
	struct key k;

	(void)state;
	input_init(&in);
	assert_int_equal(input_next(&in, false, &k), INPUT_EMPTY);
	input_add(&in, "\033", 1);
	assert_int_equal(input_next(&in, false, &k), INPUT_ESC);
	input_add(&in, "[", 1);
	assert_int_equal(input_next(&in, true, &k), INPUT_PART); /* the rest will come */
	input_add(&in, "A", 1);
	assert_int_equal(input_next(&in, false, &k), INPUT_KEY);
	assert_int_equal(k.code, KEYCODE_UP);
	input_done(&in);
}

static void only_a_yes_turns_synchronized_output_on(void **state)
{
	static const struct {
		const char *answer;
		bool known;
	} rows[] = {
		{ "\033[?2026;0$y", false }, { "\033[?2026;1$y", true }, { "\033[?2026;2$y", true },
		{ "\033[?2026;3$y", false }, { "\033[?2026;4$y", false }, { "\033[?2004;1$y", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct input in;
		struct key k;

		input_init(&in);
		input_add(&in, rows[i].answer, strlen(rows[i].answer));
		assert_int_equal(input_next(&in, true, &k), INPUT_EMPTY);
		assert_int_equal(in.said.sync == ANSWER_YES, rows[i].known);
		input_done(&in);
	}
}

static void no_bytes_can_hang_or_crash_the_reader(void **state)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	static const char alphabet[] = "\033\033[]OP;?<$~0123456789Mmhlyu\007\\\xc3\xa9 x";

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char bytes[40];
		size_t n = (size_t)g_rand_int_range(rand, 1, sizeof bytes);

		for (size_t j = 0; j < n; j++)
			bytes[j] = alphabet[g_rand_int_range(rand, 0, sizeof alphabet)];
		g_free(keys_of(bytes, n, i % 2));
	}
}

/* --- the keymap ------------------------------------------------------------------------------ */

static void no_view_has_two_commands_on_one_key(void **state)
{
	size_t n;
	const struct binding *b = keymap(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			struct key x, y;

			if (b[i].view != b[j].view)
				continue;
			assert_true(key_parse(b[i].key, &x) && key_parse(b[j].key, &y));
			if (key_same(&x, &y))
				fail_msg("'%s' twice in view %d", b[i].key, (int)b[i].view);
		}
	}
}

static void every_key_in_the_map_is_one_and_is_written_as_shown(void **state)
{
	size_t n;
	const struct binding *b = keymap(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char buf[KEY_NAME_MAX];
		struct key k;

		if (!key_parse(b[i].key, &k))
			fail_msg("'%s' is no key", b[i].key);
		assert_string_equal(key_label(&k, buf), b[i].key);
		assert_int_equal(keymap_find(b[i].view, &k), b[i].command);
	}
}

/* What needs a word is typed, with it; what is done once a year too. */
static bool is_typed(enum command c)
{
	static const enum command typed[] = { COMMAND_GO, COMMAND_ZOOM, COMMAND_RESTORE, COMMAND_RELOAD,
					      COMMAND_TOUR };

	for (size_t i = 0; i < G_N_ELEMENTS(typed); i++)
		if (c == typed[i])
			return true;
	return false;
}

static void every_command_has_a_key_and_a_name(void **state)
{
	(void)state;
	for (int c = 0; c < COMMAND_COUNT; c++) {
		const struct command_info *info = command_info((enum command)c);
		size_t keys = 0;

		for (int v = 0; v < VIEW_COUNT; v++) {
			const char *out[8];

			keys += keymap_keys((enum view)v, (enum command)c, out, G_N_ELEMENTS(out));
		}
		if (keys == 0 && !is_typed((enum command)c))
			fail_msg("no key for '%s'", info->name);
		assert_true(*info->help != '\0');
		assert_int_equal(command_by_name(info->name), c);
	}
	assert_int_equal(command_by_name("no-such"), COMMAND_NONE);
	assert_int_equal(command_by_name(NULL), COMMAND_NONE);
}

static void what_a_view_binds_comes_first(void **state)
{
	struct key q;
	const char *out[4];

	(void)state;
	assert_true(key_parse("q", &q));
	assert_int_equal(keymap_find(VIEW_RACK, &q), COMMAND_QUIT);
	assert_int_equal(keymap_find(VIEW_HELP, &q), COMMAND_BACK);
	/* ... so in the help q is no key of quit any more */
	assert_int_equal(keymap_keys(VIEW_HELP, COMMAND_QUIT, out, 4), 1);
	assert_string_equal(out[0], "Ctrl-C");
	assert_null(out[1]);
	assert_int_equal(keymap_keys(VIEW_HELP, COMMAND_QUIT, out, 0), 0);
}

static void nothing_destructive_is_on_an_easy_slip(void **state)
{
	static const char *const slips[] = { "Del", "Backspace", "Ctrl-D", "Ctrl-K", "Ctrl-U", "Enter",
					     "Space", "Tab", "Up", "Down", "j", "k", "h", "l", "g" };

	(void)state;
	for (int v = 0; v < VIEW_COUNT; v++) {
		for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
			struct key k;
			enum command c;

			assert_true(key_parse(slips[i], &k));
			c = keymap_find((enum view)v, &k);
			/* taking the shift over is no change of a door, and costs two keys */
			if (c != COMMAND_NONE && c != COMMAND_ACKNOWLEDGE)
				assert_false(command_info(c)->flags & COMMAND_WRITES);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_parses_back),
		cmocka_unit_test(other_spellings_are_the_same_key),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(bytes_become_keys),
		cmocka_unit_test(an_escape_waits_for_what_may_follow),
		cmocka_unit_test(only_a_yes_turns_synchronized_output_on),
		cmocka_unit_test(no_bytes_can_hang_or_crash_the_reader),
		cmocka_unit_test(no_view_has_two_commands_on_one_key),
		cmocka_unit_test(every_key_in_the_map_is_one_and_is_written_as_shown),
		cmocka_unit_test(every_command_has_a_key_and_a_name),
		cmocka_unit_test(what_a_view_binds_comes_first),
		cmocka_unit_test(nothing_destructive_is_on_an_easy_slip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
