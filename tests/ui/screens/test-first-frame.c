/* test-first-frame - the whole console on terminals that say their background early, late, wrongly or never:
 * it is shown before anybody has answered, in the theme that is likely, and again in the one that fits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/ui/vt.h"

enum { SOON_MS = 20000, DARK = -1, LIGHT = 230 }; /* what a row of the rack stands on, of 256 */

#define HERE "LC_ALL=C.UTF-8", "TERM=xterm-256color", "TMUX", "TERM_PROGRAM", "NO_COLOR", \
	"DBUS_SESSION_BUS_ADDRESS"
#define WHITE "\033]11;rgb:ffff/ffff/ffff\033\\"
#define BLACK "\033]11;rgb:0000/0000/0000\033\\"
#define FENCE "\033[?62c"

static bool is_paper(struct vt *vt, const void *wanted)
{
	return vt_cell(vt, 4, 1).bg == *(const int *)wanted;
}

struct row {
	const char *how, *colorfgbg;
	const char *chosen; /* keys before it answers */
	const char *answer; /* to its question, when the screen has long been there */
	int first, then;
};

static void look(const struct row *r, bool by_bytes)
{
	static const char *const script[] = { "no such question", "", NULL };
	const char *argv[] = { "tests/ui/screens/frame", "--live", NULL };
	const char *env[] = { HERE, r->colorfgbg, NULL };
	const struct vt_options opt = { .argv = argv, .env = env, .rows = 24, .cols = 100, .script = script };
	struct vt *vt = vt_start(&opt);

	if (!vt_wait_text(vt, "101 Garden", SOON_MS) || !vt_wait(vt, is_paper, &r->first, SOON_MS))
		fail_msg("%s: not shown before it is answered", r->how);
	vt_send(vt, r->chosen);
	for (const char *p = r->answer; by_bytes && *p; p++)
		vt_send(vt, (char[]){ *p, 0 });
	vt_send(vt, by_bytes ? "" : r->answer);
	if (!vt_wait(vt, is_paper, &r->then, SOON_MS))
		fail_msg("%s: not in the theme that fits", r->how);
	/* Of what was answered nothing is a key: it would have moved, opened or ended something. */
	vt_send(vt, "V");
	if (!vt_wait_text(vt, "Rack › Messages", SOON_MS))
		fail_msg("%s: V does not open the messages", r->how);
	vt_send(vt, "\033");
	if (!vt_wait_gone(vt, "Messages", SOON_MS) || !vt_wait(vt, is_paper, &r->then, SOON_MS))
		fail_msg("%s: the theme has changed", r->how);
	vt_send(vt, "q");
	assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
	vt_free(vt);
}

static void the_screen_comes_first_and_the_theme_when_it_is_known(void **state)
{
	static const struct row rows[] = {
		{ "white, late", "COLORFGBG", "", WHITE FENCE, DARK, LIGHT },
		{ "never", "COLORFGBG", "", "", DARK, DARK },
		{ "never, and COLORFGBG is light", "COLORFGBG=0;15", "", "", LIGHT, LIGHT },
		{ "black, and COLORFGBG is light", "COLORFGBG=0;15", "", BLACK FENCE, LIGHT, DARK },
		{ "garbage", "COLORFGBG", "", "\033]11;rgb:zz/\033\\\033]11;blue\007" FENCE, DARK, DARK },
		{ "garbage before white", "COLORFGBG", "", "\033[?\033]11;blue\007" WHITE FENCE, DARK, LIGHT },
		{ "all at once, with versions and modes", "COLORFGBG", "",
		  WHITE "\033P>|foot(1.16.2)\033\\\033[?2026;2$y\033[?2004;1$y\033[?1004;1$y" FENCE, DARK, LIGHT },
		{ "black, when light was chosen", "COLORFGBG", ":theme light\r", BLACK FENCE, DARK, LIGHT },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int by_bytes = 0; by_bytes < 2; by_bytes++)
			look(&rows[i], by_bytes);
}

/* Most terminals answer before anything is drawn. */
static void an_answer_at_once_is_heeded(void **state)
{
	static const char *const script[] = { "\033]11;?\033\\", WHITE, "\033[c", FENCE, NULL };
	static const int light = LIGHT;
	const char *argv[] = { "tests/ui/screens/frame", "--live", NULL };
	const char *env[] = { HERE, "COLORFGBG", NULL };
	const struct vt_options opt = { .argv = argv, .env = env, .rows = 24, .cols = 100, .script = script };
	struct vt *vt = vt_start(&opt);

	(void)state;
	assert_true(vt_wait_text(vt, "101 Garden", SOON_MS));
	assert_true(vt_wait(vt, is_paper, &light, SOON_MS));
	vt_free(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_screen_comes_first_and_the_theme_when_it_is_known),
		cmocka_unit_test(an_answer_at_once_is_heeded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
