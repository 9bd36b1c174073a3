/* test-triage - 'my code does not work': a situation a row, with the answer to one of the questions and
 * how much it weighs, or with what is to be done. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "desk.h"
#include "ui/screens/triage.h"

/* 2026-11-22T20:18Z, 21:18 at the door. */
#define T(minutes_) { INT64_C(1795378680000) + (int64_t)(minutes_) * MINUTE_MS }
#define NONE { INT64_MIN }
#define DENIED(reason, m) { .event = { .event_type = "lock.access_denied", .occurred_at = T(m), \
	.object = "{\"reason\":{\"reason_code\":\"" reason "\"}}" } }
#define EV(type, how_, m) { .event = { .event_type = type, .occurred_at = T(m), .object = "{}" }, .how = how_ }
#define ISSUE(k, c) { .kind = k, .code = c, .created_at = T(-30), .scheduled_at = NONE }
#define ROW(no, name_, pin, lock_, from, until) { .code_no = no, .lock_no = lock_, .state = CODE_SET, \
	.lock_name = "Door " #lock_, .code = { .name = name_, .code = pin, .starts_at = from, .ends_at = until } }
#define KEYRACKD(more) "{\"keyrackd\":{\"reason\":\"x\"," more "}}"

enum { LOCK_WELL, LOCK_AWAY, LOCK_LOW, LOCK_OPEN, LOCK_UNLOCKED, LOCK_CANNOT, LOCK_FUTURE };
#define FUTURE_ONLY "[{\"constraint_type\":\"start_date_in_future\"}]"
#define FIXES (-1)
#define OPEN .starts = T(-100), .ends = T(402)
#define SOON .starts = T(20), .ends = T(402)
#define LATER .starts = T(117), .ends = T(5142)
#define PAST .starts = T(-900), .ends = T(-60)

struct situation {
	const char *name;
	enum code_state state;
	struct instant starts, ends;
	int lock;
	bool nobody;        /* it is not known who stands there */
	bool spare, pulled, no_pin;
	const char *rest;
	struct issue_row issue, lock_issue;
	struct event_row event, door[6];
	struct code_row here[2], elsewhere[2];
	int ask;            /* a question, or FIXES */
	enum triage_weight weight;
	const char *words;  /* "a|b|!c"; of fixes their first words, in order */
};

static const struct situation situations[] = {
	{ "right: it has a code here", CODE_SET, OPEN, .ask = TRIAGE_DOOR, .weight = TRIAGE_FINE,
	  .words = "yes|!also" },
	{ "right, and others too", CODE_SET, OPEN, .elsewhere = { ROW(7, "A", "1", 2, T(-1000), T(1000)) },
	  .ask = TRIAGE_DOOR, .weight = TRIAGE_FINE, .words = "yes|also at Door 2" },
	{ "wrong: the open one is elsewhere", CODE_WAITING, LATER,
	  .elsewhere = { ROW(7, "A", "1", 2, T(-1000), T(1000)) }, .ask = TRIAGE_DOOR, .weight = TRIAGE_BAD,
	  .words = "no: what is open now is for Door 2" },
	{ "elsewhere, but not yet", CODE_WAITING, LATER, .elsewhere = { ROW(7, "A", "1", 2, T(5), T(9)) },
	  .ask = TRIAGE_DOOR, .weight = TRIAGE_FINE, .words = "yes|also at Door 2" },
	{ "a newer code here counts", CODE_ENDED, PAST, .elsewhere = { ROW(7, "A", "1", 1, T(-1000), T(1000)) },
	  .ask = TRIAGE_DOOR, .weight = TRIAGE_DOUBT, .words = "another code of this name" },
	{ "nobody, several", .nobody = true,
	  .here = { ROW(7, "A", "1", 1, T(-1000), T(1000)), ROW(8, "B", "2", 1, T(-1000), T(1000)) },
	  .ask = TRIAGE_DOOR, .weight = TRIAGE_UNKNOWN, .words = "2 codes may open now" },
	{ "nobody, and none", .nobody = true, .here = { ROW(7, "A", "1", 1, T(5), T(9)) }, .ask = TRIAGE_DOOR,
	  .weight = TRIAGE_BAD, .words = "no code may open" },

	{ "open", CODE_SET, OPEN, .ask = TRIAGE_WINDOW, .weight = TRIAGE_FINE, .words = "yes, until tomorrow 04:00" },
	{ "without an end", CODE_SET, .starts = NONE, .ends = NONE, .ask = TRIAGE_WINDOW, .weight = TRIAGE_FINE,
	  .words = "without an end" },
	{ "to come", CODE_WAITING, LATER, .ask = TRIAGE_WINDOW, .weight = TRIAGE_BAD,
	  .words = "no: it opens 23:15, in 1 h 57 m" },
	{ "from this very moment", CODE_SET, .starts = T(0), .ends = T(9), .ask = TRIAGE_WINDOW,
	  .weight = TRIAGE_FINE, .words = "yes" },
	{ "until this very moment", CODE_SET, .starts = T(-9), .ends = T(0), .ask = TRIAGE_WINDOW,
	  .weight = TRIAGE_BAD, .words = "no: it ended 21:18" },
	{ "over", CODE_ENDED, PAST, .ask = TRIAGE_WINDOW, .weight = TRIAGE_BAD, .words = "no: it ended 20:18" },
	{ "opens early", CODE_SETTING, SOON, .rest = KEYRACKD("\"early_from\":\"2026-11-22T20:00:00Z\""),
	  .ask = TRIAGE_WINDOW, .weight = TRIAGE_FINE, .words = "lets it in before 21:38" },
	{ "opens early, but not yet", CODE_WAITING, SOON, .rest = KEYRACKD("\"early_from\":\"2026-11-22T20:30:00Z\""),
	  .ask = TRIAGE_WINDOW, .weight = TRIAGE_BAD, .words = "no: it opens 21:38" },

	{ "proven", CODE_SET, OPEN, .rest = KEYRACKD("\"proof\":\"proven\""), .ask = TRIAGE_LOCK,
	  .weight = TRIAGE_FINE, .words = "yes|proven" },
	{ "acknowledged", CODE_SET, OPEN, .rest = KEYRACKD("\"proof\":\"acknowledged\""), .ask = TRIAGE_LOCK,
	  .weight = TRIAGE_FINE, .words = "yes|acknowledged" },
	{ "the provider's word", CODE_SET, OPEN, .ask = TRIAGE_LOCK, .weight = TRIAGE_FINE,
	  .words = "yes|provider's word" },
	{ "proven by use", CODE_SET, OPEN, .event = EV("lock.unlocked", WHO_REPORTED, -50), .ask = TRIAGE_LOCK,
	  .weight = TRIAGE_FINE, .words = "roven by use" },
	{ "failed, and its hour is here", CODE_TROUBLE, OPEN,
	  .issue = ISSUE('e', "no_space_for_access_code_on_device"), .ask = TRIAGE_LOCK, .weight = TRIAGE_BAD,
	  .words = "no|lock's memory is full" },
	{ "late", CODE_SETTING, OPEN, .ask = TRIAGE_LOCK, .weight = TRIAGE_BAD, .words = "no|not on the lock" },
	{ "not due", CODE_WAITING, LATER, .ask = TRIAGE_LOCK, .weight = TRIAGE_FINE,
	  .words = "not due|loaded 22:15" },
	{ "its backup stands in", CODE_SET, OPEN, .pulled = true, .ask = TRIAGE_LOCK, .weight = TRIAGE_BAD,
	  .words = "backup code stands in" },

	{ "no refusal", CODE_SET, OPEN, .ask = TRIAGE_TYPED, .weight = TRIAGE_FINE, .words = "no refused entry" },
	{ "wrong PINs", CODE_SET, OPEN, .door = { DENIED("unknown_code", -2), DENIED("unknown_code", -3) },
	  .ask = TRIAGE_TYPED, .weight = TRIAGE_DOUBT, .words = "2 wrong PINs lately" },
	{ "one wrong PIN", CODE_SET, OPEN, .door = { DENIED("unknown_code", -2) }, .ask = TRIAGE_TYPED,
	  .weight = TRIAGE_DOUBT, .words = "1 wrong PIN lately" },
	{ "a reason that nobody knows", CODE_SET, OPEN, .door = { DENIED("gremlins", -2) }, .ask = TRIAGE_TYPED,
	  .weight = TRIAGE_DOUBT, .words = "1 wrong PIN" },
	{ "this morning's wrong PIN was another's", CODE_SET, OPEN, .door = { DENIED("unknown_code", -300) },
	  .ask = TRIAGE_TYPED, .weight = TRIAGE_FINE, .words = "no refused entry" },
	{ "an old code was typed", CODE_SET, OPEN, .door = { DENIED("expired_code", -2) }, .ask = TRIAGE_TYPED,
	  .weight = TRIAGE_DOUBT, .words = "time has passed" },
	{ "a code one digit off", CODE_SET, OPEN, .here = { ROW(7, "Staff", "4822", 1, T(-1000), T(1000)) },
	  .ask = TRIAGE_TYPED, .weight = TRIAGE_UNKNOWN, .words = "easily taken for it|Staff: |!4822" },
	{ "one digit off, at another time", CODE_SET, OPEN, .here = { ROW(7, "Staff", "4822", 1, T(500), T(900)) },
	  .ask = TRIAGE_TYPED, .weight = TRIAGE_FINE, .words = "!Staff" },
	{ "its own PIN is no rival", CODE_SET, OPEN, .here = { ROW(1, "Me", "4821", 1, T(-1000), T(1000)) },
	  .ask = TRIAGE_TYPED, .weight = TRIAGE_FINE, .words = "!Me" },
	{ "a PIN that nobody knows", CODE_SET, OPEN, .no_pin = true, .ask = TRIAGE_TYPED, .weight = TRIAGE_UNKNOWN,
	  .words = "not known here" },

	{ "not blocked", CODE_SET, OPEN, .ask = TRIAGE_KEYPAD, .weight = TRIAGE_FINE, .words = "no sign" },
	{ "blocked", CODE_SET, OPEN, .door = { DENIED("too_many_attempts", -1) }, .ask = TRIAGE_KEYPAD,
	  .weight = TRIAGE_BAD, .words = "too many wrong tries" },
	{ "was blocked", CODE_SET, OPEN, .door = { DENIED("too_many_attempts", -11) }, .ask = TRIAGE_KEYPAD,
	  .weight = TRIAGE_FINE, .words = "no sign" },
	{ "the PIN is blocked", CODE_SET, OPEN, .door = { DENIED("blocklisted_code", -11) }, .ask = TRIAGE_KEYPAD,
	  .weight = TRIAGE_BAD, .words = "PIN itself" },
	{ "privacy", CODE_SET, OPEN, .door = { DENIED("blocked_by_privacy_mode", -11) }, .ask = TRIAGE_KEYPAD,
	  .weight = TRIAGE_BAD, .words = "privacy mode" },
	{ "five in a row", CODE_SET, OPEN,
	  .door = { DENIED("unknown_code", -1), DENIED("unknown_code", -1), DENIED("unknown_code", -2),
		    DENIED("unknown_code", -2), DENIED("unknown_code", -3) },
	  .ask = TRIAGE_KEYPAD, .weight = TRIAGE_DOUBT, .words = "5 wrong tries" },
	{ "four are none", CODE_SET, OPEN,
	  .door = { DENIED("unknown_code", -1), DENIED("unknown_code", -1), DENIED("unknown_code", -2),
		    DENIED("unknown_code", -3), DENIED("unknown_code", -9) },
	  .ask = TRIAGE_KEYPAD, .weight = TRIAGE_FINE, .words = "no sign" },

	{ "well", CODE_SET, OPEN, .ask = TRIAGE_HEALTH, .weight = TRIAGE_FINE, .words = "online|battery 80 %" },
	{ "offline", CODE_SET, OPEN, LOCK_AWAY, .door = { EV("device.disconnected", WHO_NOT_ASKED, -90) },
	  .ask = TRIAGE_HEALTH, .weight = TRIAGE_DOUBT, .words = "offline" },
	{ "battery", CODE_SET, OPEN, LOCK_LOW, .ask = TRIAGE_HEALTH, .weight = TRIAGE_DOUBT,
	  .words = "battery is low|9 % left" },
	{ "account", CODE_SET, OPEN, .lock_issue = ISSUE('e', "account_disconnected"), .ask = TRIAGE_HEALTH,
	  .weight = TRIAGE_DOUBT, .words = "login" },

	{ "locked", CODE_SET, OPEN, .ask = TRIAGE_ITSELF, .weight = TRIAGE_FINE, .words = "locked" },
	{ "stands open", CODE_SET, OPEN, LOCK_OPEN, .ask = TRIAGE_ITSELF, .weight = TRIAGE_DOUBT,
	  .words = "stands open" },
	{ "unlocked", CODE_SET, OPEN, LOCK_UNLOCKED, .ask = TRIAGE_ITSELF, .weight = TRIAGE_DOUBT,
	  .words = "unlocked already" },
	{ "jammed", CODE_SET, OPEN, .door = { EV("action_attempt.unlock_door.failed", WHO_NOT_ASKED, -4) },
	  .ask = TRIAGE_ITSELF, .weight = TRIAGE_DOUBT, .words = "jammed" },
	{ "has just opened", CODE_SET, OPEN, .event = EV("lock.unlocked", WHO_REPORTED, -3), .ask = TRIAGE_ITSELF,
	  .weight = TRIAGE_DOUBT, .words = "just opened" },
	{ "opened long ago", CODE_SET, OPEN, .event = EV("lock.unlocked", WHO_REPORTED, -30), .ask = TRIAGE_ITSELF,
	  .weight = TRIAGE_FINE, .words = "locked" },
	{ "office mode", CODE_SET, OPEN, .lock_issue = ISSUE('w', "salto_ks_office_mode"), .ask = TRIAGE_ITSELF,
	  .weight = TRIAGE_DOUBT, .words = "office mode" },

	{ "all well: the PIN first", CODE_SET, OPEN, .spare = true, .ask = FIXES,
	  .words = "go through|give a backup|unlock|walk" },
	{ "no spare", CODE_SET, OPEN, .ask = FIXES, .words = "go through|unlock|walk" },
	{ "twenty minutes early", CODE_STORED, SOON, .spare = true, .ask = FIXES,
	  .words = "wait until 21:38|unlock|let the window|walk" },
	{ "two hours early: nobody waits so long", CODE_STORED, LATER, .ask = FIXES,
	  .words = "unlock|let the window|walk" },
	{ "blocked", CODE_SET, OPEN, .door = { DENIED("too_many_attempts", -1) }, .ask = FIXES,
	  .words = "wait ten|go through|unlock|walk" },
	{ "the wrong door", CODE_WAITING, LATER, .elsewhere = { ROW(7, "A", "1", 2, T(-1000), T(1000)) },
	  .ask = FIXES, .words = "send the guest|unlock|let the window|walk" },
	{ "not on the lock", CODE_TROUBLE, OPEN, .spare = true, .issue = ISSUE('e', "failed_to_set_on_device"),
	  .ask = FIXES, .words = "give a backup|unlock|change the PIN|walk" },
	{ "offline", CODE_SET, OPEN, LOCK_AWAY, .ask = FIXES, .words = "go through|walk" },
	{ "offline, and not on the lock: a change would not get there", CODE_TROUBLE, LATER, LOCK_AWAY,
	  .issue = ISSUE('e', "failed_to_set_on_device"), .ask = FIXES, .words = "move the guest|walk" },
	{ "no place: the strays first, and nothing that would have to be written", CODE_TROUBLE, LATER,
	  .issue = ISSUE('e', "no_space_for_access_code_on_device"),
	  .here = { ROW(7, "Painter", "1", 1, NONE, NONE), ROW(8, "Former", "2", 1, NONE, NONE) }, .ask = FIXES,
	  .words = "make room: 2 codes on this lock nobody manages|unlock|move the guest|walk" },
	{ "no place, and all codes are somebody's", CODE_TROUBLE, OPEN,
	  .issue = ISSUE('e', "no_space_for_access_code_on_device"), .ask = FIXES,
	  .words = "make room: revoke|unlock|move the guest|walk" },
	{ "no place: the lock is not well", CODE_TROUBLE, OPEN, .issue = ISSUE('e', "no_space_for_access_code_on_device"),
	  .ask = TRIAGE_HEALTH, .weight = TRIAGE_DOUBT, .words = "its memory is full" },
	{ "as soon as this lock can", CODE_STORED, .starts = T(10), .ends = T(402), LOCK_FUTURE, .ask = FIXES,
	  .words = "wait until 21:28|unlock|walk" },
	{ "empty", CODE_SET, OPEN, LOCK_LOW, .ask = FIXES,
	  .words = "go through|unlock|walk there with a key, and with batteries" },
	{ "cannot be turned from afar", CODE_SET, OPEN, LOCK_CANNOT, .ask = FIXES, .words = "go through|walk" },
	{ "over", CODE_ENDED, PAST, .ask = FIXES, .words = "unlock|make a new code|walk" },
	{ "pulled", CODE_SET, OPEN, .pulled = true, .ask = FIXES,
	  .words = "give the PIN of its backup|unlock|change the PIN|walk" },
	{ "nobody", .nobody = true, .ask = FIXES, .words = "unlock|walk" },
};

#define COUNT_OF(array, member) count_rows(&(array)[0].member, sizeof (array)[0], G_N_ELEMENTS(array))

/* Rows of a table that are filled: those whose member is not NULL. */
static size_t count_rows(const void *member, size_t step, size_t max)
{
	size_t n = 0;

	while (n < max && *(const void *const *)(const void *)((const char *)member + n * step))
		n++;
	return n;
}

static void check_answer(const struct situation *t, const struct triage_answer *a)
{
	g_auto(GStrv) all = g_strsplit(t->words, "|", -1);

	for (int i = 0; i < TRIAGE_QUESTIONS; i++) {
		if ((int)a[i].question != t->ask)
			continue;
		g_autofree char *text = g_strdup_printf("%s; %s", a[i].answer, a[i].evidence ? a[i].evidence : "");

		if (a[i].weight != t->weight)
			fail_msg("%s: weighs %d: %s", t->name, (int)a[i].weight, text);
		for (char **w = all; *w; w++)
			if ((strstr(text, **w == '!' ? *w + 1 : *w) != NULL) == (**w == '!'))
				fail_msg("%s: \"%s\" in: %s", t->name, *w, text);
	}
	for (int i = 1; i < TRIAGE_QUESTIONS; i++)
		assert_true(a[i - 1].weight >= a[i].weight);
}

static void check_fixes(const struct situation *t, const struct dossier *d, const struct triage_answer *a)
{
	g_auto(GStrv) all = g_strsplit(t->words, "|", -1);
	struct triage_fix f[TRIAGE_FIXES_MAX];
	size_t n = triage_fixes(d, a, f);
	g_autoptr(GString) text = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(text, "%s\n", f[i].words);
	if (n != g_strv_length(all))
		fail_msg("%s: other fixes:\n%s", t->name, text->str);
	for (size_t i = 0; i < n; i++)
		if (!g_str_has_prefix(f[i].words, all[i]))
			fail_msg("%s: not \"%s\" in its place:\n%s", t->name, all[i], text->str);
	triage_fixes_clear(f, n);
}

static void check(const struct situation *t)
{
	struct code_row code = {
		.code_no = 1, .lock_no = 1, .state = t->state, .lock_name = "Door 1",
		.errors_own = t->issue.kind == 'e',
		.deleted_at = NONE,
		.code = { .managed = true, .time_bound = instant_known(t->ends), .name = "Me", .status = "set",
			  .code = t->no_pin ? NULL : "4821", .starts_at = t->starts, .ends_at = t->ends,
			  .created_at = T(-12000), .rest = t->rest, .is_offline_access_code = TRI_NO,
			  .is_backup_access_code_available = t->spare ? TRI_YES : TRI_NO,
			  .pulled_backup_access_code_id = t->pulled ? "spare" : NULL },
	};
	struct lock_row lock = { .lock_no = 1,
				 .lock = { .device_type = "smartthings_lock",
					   .online = t->lock == LOCK_AWAY ? TRI_NO : TRI_YES,
					   .locked = t->lock == LOCK_UNLOCKED ? TRI_NO : TRI_YES,
					   .door_open = t->lock == LOCK_OPEN ? TRI_YES : TRI_NO,
					   .battery_pct = t->lock == LOCK_LOW ? 9 : 80,
					   .can_lock = TRI_YES,
					   .code_constraints = t->lock == LOCK_FUTURE ? FUTURE_ONLY : NULL,
					   .can_unlock = t->lock == LOCK_CANNOT ? TRI_NO : TRI_YES } };
	struct dossier d = {
		.now = HOUSE_NOW,
		.zone = zone_get("Europe/Berlin"),
		.code = t->nobody ? NULL : &code,
		.lock = &lock,
		.issues = { &t->issue, t->issue.code ? 1 : 0 },
		.lock_issues = { &t->lock_issue, t->lock_issue.code ? 1 : 0 },
		.events = { &t->event, t->event.event.event_type ? 1 : 0 },
		.door_events = { t->door, COUNT_OF(t->door, event.event_type) },
		.here = { t->here, COUNT_OF(t->here, code.name) },
		.elsewhere = { t->elsewhere, COUNT_OF(t->elsewhere, code.name) },
	};
	struct triage_answer a[TRIAGE_QUESTIONS];

	/* As the state would be by itself: what the provider says decides it. */
	if (t->state == CODE_WAITING || t->state == CODE_TROUBLE)
		code.code.status = "unset";
	if (t->state == CODE_SETTING)
		code.code.status = "setting";
	triage_answers(&d, a);
	if (t->ask == FIXES)
		check_fixes(t, &d, a);
	else
		check_answer(t, a);
	triage_answers_clear(a);
}

static void each_situation_is_answered_and_mended(void **state)
{
	(void)state;
	assert_true(G_N_ELEMENTS(situations) >= 40);
	for (size_t i = 0; i < G_N_ELEMENTS(situations); i++)
		check(&situations[i]);
}

/* ---- the screen ---- */

/* Keys that are commands; what is typed as a name is a field. */
static int command_keys(const char *keys)
{
	g_auto(GStrv) all = g_strsplit(keys, " ", -1);
	int n = 0;

	for (char **k = all; *k; k++)
		n += **k != '=' || !(*k)[1];
	return n;
}

/* Two to the diagnosis of a room, one more for a search by name; then one a fix. */
static void a_name_leads_to_the_diagnosis_in_three_keys_and_each_fix_takes_one(void **state)
{
	static const struct {
		const char *keys, *words, *fix, *done;
	} rows[] = {
		{ "/ =berg Enter t", "yes, until", "e", "Change code" },
		{ "/ =rossi Enter t", "it has just opened", "b", "Pull a backup code" },
		{ "/ =mueller Enter t", "yes, until tomorrow 04:00", "u", "Unlock 102 Garden now?" },
		{ "/ =mueller Enter t", "go through the PIN", "p", "digit by digit: 9034" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_int_equal(command_keys(rows[i].keys), 3);
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].words));
		assert_true(hides(d, rows[i].done));
		press(d, rows[i].fix);
		assert_true(shows(d, rows[i].done));
		press(d, "Esc Esc Esc Esc");
	}
}

static void of_a_lock_the_guest_is_chosen(void **state)
{
	struct desk *d = *state;

	press(d, "/ =gym Enter Left t");
	assert_true(shows(d, "3 codes may open now"));
	assert_true(shows(d, "Who is it?"));
	press(d, "Enter");
	assert_true(shows(d, "Priya N. on Gym"));
	assert_true(hides(d, "Who is it?"));
}

static void where_one_alone_may_open_it_is_meant(void **state)
{
	struct desk *d = *state;

	press(d, "/ =laundry Enter Left t");
	assert_true(shows(d, "staff on Laundry"));
	assert_true(shows(d, "its battery is low"));
}

static void every_screen_with_a_code_leads_there(void **state)
{
	static const char *const ways[] = { "/ =dubois Enter Down t", "/ =dubois Enter Down Enter t",
					    "/ =dubois Enter Down w t", "/ =dubois Enter Down v t" };
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		press(d, ways[i]);
		assert_true(shows(d, "Does not open: Dubois on 201 Sea"));
		press(d, "t w");
		press(d, "Esc Esc Esc Esc Esc");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_situation_is_answered_and_mended),
		TEST(a_name_leads_to_the_diagnosis_in_three_keys_and_each_fix_takes_one),
		TEST(of_a_lock_the_guest_is_chosen),
		TEST(where_one_alone_may_open_it_is_meant),
		TEST(every_screen_with_a_code_leads_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
