/* test-line - the console as lines, through a pipe and on a terminal that is dumb: what is typed and what
 * comes back, the same intents as by the screens, and never a byte that moves a cursor. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gio/gio.h>

#include "tests/ui/vt.h"

enum { SOON_MS = 20000 };

/* Each line of words must come, in this order; what begins with NEVER must not come any more. */
#define NEVER "\1"
static const struct {
	const char *how, *typed, *words[8];
} talks[] = {
	{ "the rows have numbers, and a number goes there",
	  "list\n4\n",
	  { "keyrack: Harbour House", "1. 101 Garden: locked, battery 82 %, 1 code now (here)",
	    "2. Anna Berg on 101 Garden: set, until Tue 11:00", "There are more", "Mueller, J. on 102 Garden" } },
	{ "a long list goes on", "list\nmore\nmore\n", { "20. ", "21. ", "That was all" } },
	{ "find, and open what was found",
	  "find berg\nopen 2\nback\n",
	  { "2. Anna Berg", "Code:", "state  set, opens the door", "Rack: Anna Berg" } },
	{ "by name or by key", "find berg\nwhy\nback\nw\n", { "Why:", "What helps", "Rack: Anna Berg", "Why:" } },
	{ "a question is answered with yes",
	  "find berg\nrevoke\nperhaps\nyes\noutbox\n",
	  { "Revoke Anna Berg on 101 Garden?", "yes or no?", "Answer yes or no", "revoke queued", "1. ",
	    "revoke Anna Berg  101 Garden" } },
	{ "or no, and the end of the input is no yes",
	  "find berg\nrevoke\nno\noutbox\nback\nrevoke\n",
	  { "Nothing was changed", "Outbox:", "Revoke Anna Berg" } },
	{ "a new code is asked for field by field, with the form's checks",
	  "find 101\nnew\n\n\nAna\nblursday\nfri 11am\n+2n\n\nyes\n",
	  { "Doors [101 Garden]", "Name []: ! A name is needed", "'blursday' is not understood",
	    "Fri 27 Nov 2026 11:00 CET", "2 nights", "PIN [chosen for you]",
	    "Do it, yes or no, or an option's number?", "Queued: new code Ana" } },
	{ "another door, and a PIN that is taken",
	  "find 101\nnew\ngym\nnowhere\n\nAna\n\n\n4821\n",
	  { "Doors [101 Garden, Gym]", "No door is called 'nowhere'", "PIN [", "! " } },
	{ "a form is left with a point",
	  "find 101\nnew\n\nAna\n.\nyes\n",
	  { "Throw away what was typed?", "Rack: " } },
	{ "tonight", "tonight\n", { "Tonight:", "READY", "AT RISK" } },
	{ "what is no command",
	  "foo\n204\nopen 99\n",
	  { "'foo' is no command here", "No lock has the number 204", "There is no row 99" } },
	{ "help names commands and keys", "help\n", { "A number goes to that row", "revoke, x: Revoke this code" } },
	{ "the last line needs no newline", "tonight", { "Tonight:" } },
	/* A desk's hour. */
	{ "longer: a number is the popup's, and is heard before Enter",
	  "find berg\nextend\n3\n2\n\noutbox\n",
	  { "How many nights longer", "Enter does it", "3  until", "2  until Thu 26 Nov", "Queued: change Anna Berg",
	    "change Anna Berg" } },
	{ "longer, left with a point",
	  "find berg\nE\n4\n.\noutbox\n",
	  { "4  until", "Nothing was changed", "Nothing has been asked for" } },
	{ "longer: what is no number of nights is refused whole",
	  "find berg\nextend\n205\nshow\nlonger 2\n100\n\noutbox\n",
	  { ". leaves it, or type", "'205' is no number of nights: 1 to 99", "'show' is no number", "'longer 2' is no",
	    "1  until Wed 25 Nov", "'100' is no", "change Anna Berg" } },
	{ "quit leaves, also from a question",
	  "find berg\nextend\nquit\nfind 102\n",
	  { "How many nights", "Nothing was changed", NEVER "102" } },
	{ "and it is no yes", "find berg\nrevoke\nquit\noutbox\n", { "Revoke Anna", "Nothing was changed", NEVER "Outbox" } },
	{ "undo is heard of, and done",
	  "find berg\nrevoke\nyes\nundo\noutbox\n",
	  { "Revoking Anna Berg on 101 Garden in 10 s", "revoke queued", "Undone: Anna Berg", "withdrawn" } },
	{ "a door that is no door does not keep the form",
	  "find 101\nnew\nnowhere\ngym\ngym\n\nAna\n\n\n\nyes\nyes\n",
	  { "No door is called 'nowhere'", "Doors [101 Garden], a", "Doors [101 Garden, Gym]",
	    "Doors [101 Garden], a", "Name []", "101 Garden is taken. All the same?", "Queued: new code Ana" } },
	{ "options are heard and chosen by their number",
	  "find 101\nnew\n\nAna\n\n\n\n1\n9\n",
	  { "Option 1, off: ", "an option's number?", "Option 1, on: ", "From the start again" } },
	{ "a stay's end is moved, heard, and sent",
	  "find berg\n]\npress Enter\noutbox\n",
	  { "Not sent yet: ", "ends 30 m later", "Queued: change Anna Berg" } },
	{ "moved to another room, with what that means read first",
	  "find berg\nmove\nnowhere\n104\n\nyes\n",
	  { "to which room?", "No lock is called that", "104 Sea", "which is taken?", "Batch:", "+ 104 Sea",
	    "~ 101 Garden" } },
	{ "why it does not open",
	  "find berg\ntriage\nback\n",
	  { "window open?", "door itself?", "What to do", "Rack:" } },
	{ "next at risk is one row", "tonight\nnext-risk\nback\n", { "Tonight:", "Tonight> !", "Tonight> Rack" } },
	{ "events, and who could",
	  "events\nback\nfind berg\nwho-could\n",
	  { "Events:\n1. ", "Who could open:\n1. " } },
	{ "a note, and the shift taken over",
	  "handover\nnote\nTowels to 204\nlist\nacknowledge\n",
	  { "Handover:", "Note for the next shift", "Noted", "Towels to 204", "Taken over by" } },
	{ "marks are heard", "find berg\nmark\n", { "marked" } },
	{ "a name that would drive the terminal is only words",
	  "find owned\nopen 2\nback\nedit 2\n.\n",
	  { "owned", "Code:", "owned", "Name [x" } },
	{ "a lock's health in words", "locks\n", { "Locks:\n1. ", "codes on it" } },
	{ "what happens is read out only to who follows",
	  "follow\nfollow\nfollow off\n",
	  { "read out as it comes", "not read out any more", "not read out any more" } },
};

/* Runs it with that typed; all that it says. */
static char *talk(const char *typed, const char *way)
{
	const char *argv[] = { "tests/ui/screens/frame", "--live", way, NULL };
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
	g_autoptr(GSubprocess) child = NULL;
	g_autoptr(GError) err = NULL;
	char *out = NULL;

	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	child = g_subprocess_launcher_spawnv(launcher, argv, &err);
	if (!child || !g_subprocess_communicate_utf8(child, typed, NULL, &out, NULL, &err))
		fail_msg("%s", err->message);
	assert_true(g_subprocess_get_successful(child));
	return out;
}

static void what_is_typed_is_answered(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(talks); i++) {
		g_autofree char *out = talk(talks[i].typed, "line");
		const char *at = out;

		for (const char *const *w = talks[i].words; w < talks[i].words + G_N_ELEMENTS(talks[i].words) && *w;
		     w++) {
			const bool never = **w == *NEVER;
			const char *found = strstr(at, *w + never);

			if (!found != never)
				fail_msg("%s: %s '%s' in\n%s", talks[i].how, never ? "but" : "no", *w + never, at);
			at = found ? found + 1 : at;
		}
		/* Lines alone: nothing moves a cursor, rings or paints; no bars either. */
		for (const char *p = out; *p; p++)
			assert_true((unsigned char)*p >= 0x20 || *p == '\n');
		assert_null(strstr(out, "\xe2\x80\xae")); /* nor turns a line round */
		assert_null(strstr(out, "\xe2\x94"));
		assert_null(strstr(out, "\xe2\x96"));
	}
}

static void what_is_long_waits_for_more(void **state)
{
	static const char *const argv[] = { "tests/ui/screens/frame", "--live", "line", NULL };
	static const char *const env[] = { "LC_ALL=C.UTF-8", "TERM=dumb", NULL };
	struct vt *vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 40, .cols = 100 });

	(void)state;
	assert_true(vt_wait_text(vt, "Rack>", SOON_MS));
	vt_send(vt, "help\r");
	assert_true(vt_wait_text(vt, "more?", SOON_MS));
	assert_null(strstr(vt_output(vt)->str, "revoke, x"));
	vt_send(vt, "\r");
	assert_true(vt_wait_text(vt, "revoke, x", SOON_MS));
	vt_send(vt, "more\r");
	assert_true(vt_wait_text(vt, "who-could, O", SOON_MS));
	/* A command is one there too, and what waited is not said any more. */
	vt_send(vt, "tonight\r");
	assert_true(vt_wait_text(vt, "Tonight>", SOON_MS));
	assert_null(strstr(vt_output(vt)->str, "redraw, Ctrl-L"));
	vt_send(vt, "\004");
	assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
	vt_free(vt);
}

static void without_a_terminal_it_comes_by_itself(void **state)
{
	g_autofree char *out = talk("tonight\n", NULL);

	(void)state;
	assert_non_null(strstr(out, "Rack> Tonight:"));
}

static void a_dumb_terminal_gets_lines(void **state)
{
	static const char *const argv[] = { "tests/ui/screens/frame", "--live", NULL };
	static const char *const env[] = { "LC_ALL=C.UTF-8", "TERM=dumb", NULL };
	struct vt *vt = vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 40, .cols = 100 });

	(void)state;
	assert_true(vt_wait_text(vt, "Rack>", SOON_MS));
	vt_send(vt, "find berg\r");
	assert_true(vt_wait_text(vt, "2. Anna Berg on 101 Garden", SOON_MS));
	vt_send(vt, "\004"); /* the end of input */
	assert_int_equal(vt_wait_end(vt, SOON_MS), 0);
	assert_null(strchr(vt_output(vt)->str, 0x1b));
	vt_free(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_answered),
		cmocka_unit_test(what_is_long_waits_for_more),
		cmocka_unit_test(without_a_terminal_it_comes_by_itself),
		cmocka_unit_test(a_dumb_terminal_gets_lines),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
