/* test-questions - what Enter says to each question of the console: No where somebody could be harmed, Yes where
 * what is asked about is wanted and harms nobody (docs/architecture.md). */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

enum enter { SAYS_NO, DOES_IT };

static const struct {
	const char *keys, *question;
	enum enter enter;
} questions[] = {
	{ "/ =berg Enter x", "Revoke Anna Berg on 101 Garden?", SAYS_NO },
	{ "/ =laundry Enter n =Ana Enter Enter x", "Withdraw: new code Ana?", SAYS_NO },
	{ "/ =101 Enter n =Ana Enter Enter", "101 Garden is taken. All the same?", SAYS_NO },
	{ "/ =101 Enter n =Porter Tab Tab C-u =ongoing Enter", "101 Garden is taken. All the same?", SAYS_NO },
	{ "/ =mueller Enter 2 E Enter", "102 Garden is taken. All the same?", SAYS_NO },
	{ "/ =berg Enter M =103 Enter", "Move into 103 Sea, which is taken?", SAYS_NO },
	{ "/ =berg Enter D =103 Enter", "103 Sea for Anna Berg too?", SAYS_NO },
	{ "/ =berg Enter D =gym Enter", "Gym for Anna Berg, with another PIN?", DOES_IT },
	{ "/ =rossi Enter b", "Pull a backup code for Rossi family on 103 Sea?", DOES_IT },
	{ "/ =rossi Enter r", "PIN for Rossi family", SAYS_NO },
	{ "/ =101 Enter u", "Unlock 101 Garden now?", SAYS_NO },
	{ "/ =101 Enter L", "Lock 101 Garden now?", DOES_IT },
	{ "n =Ana Esc", "Throw away what was typed?", SAYS_NO },
	{ "F5 a", "from here?", SAYS_NO },
	{ "F5 e", "Evict left over", SAYS_NO },
	{ "N P", "Show the sheet with the PINs of all rooms?", SAYS_NO },
	{ "S z", "Suspend ", SAYS_NO },
};

static guint asked_for(struct desk *d)
{
	OWN(cache_list) struct cache_list *list = outbox_list(d->cache, 0, 100, NULL);

	return list->rows->len;
}

static void enter_harms_nobody(void **state)
{
	desk_down(state);
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
		struct desk *d;
		guint before;

		desk_up(state);
		d = *state;
		press(d, questions[i].keys);
		before = asked_for(d);
		if (!shows(d, questions[i].question) || !shows(d, questions[i].enter == DOES_IT ? "[y " : "[n "))
			fail_msg("%s", questions[i].keys);
		press(d, "Enter");
		if (asked_for(d) != before + (questions[i].enter == DOES_IT))
			fail_msg("%s: Enter did otherwise", questions[i].keys);
		if (i + 1 < G_N_ELEMENTS(questions))
			desk_down(state);
	}
}

static void esc_is_never_a_yes(void **state)
{
	desk_down(state);
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
		struct desk *d;
		guint before;

		desk_up(state);
		d = *state;
		press(d, questions[i].keys);
		before = asked_for(d);
		press(d, "Esc");
		assert_int_equal(asked_for(d), before);
		if (i + 1 < G_N_ELEMENTS(questions))
			desk_down(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(enter_harms_nobody),
		on_a_desk(esc_is_never_a_yes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
