/* access_code: where a code stands, for every status and moment. */
#include "tests/core/rows.h"

#include "core/access_code.h"

/* The window of every time-bound row. */
#define START "2026-11-22T15:00:00Z"
#define END   "2026-11-25T11:00:00Z"

enum moment { BEFORE, FIRST, DURING, LAST, AFTER };
static const char *const moments[] = {
	[BEFORE] = "2026-11-22T14:59:59.999Z", [FIRST] = START, [DURING] = "2026-11-23T00:00:00Z",
	[LAST] = "2026-11-25T10:59:59.999Z",   [AFTER] = END,
};

enum { NONE = 0, ONGOING = 1, SCHEDULED = 2, FAILED = 4, OFFLINE = 8, NO_PIN = 16, FOREIGN = 32 };

static void the_state_follows_from_status_window_and_time(void **state)
{
	static const struct {
		const char *status;
		unsigned with;
		enum moment now;
		enum code_state want;
	} row[] = {
		{ "set", ONGOING, DURING, CODE_SET },
		{ "set", NONE, DURING, CODE_SET },
		{ "set", NONE, FIRST, CODE_SET },
		{ "set", NONE, LAST, CODE_SET },
		{ "set", NONE, AFTER, CODE_ENDED },
		{ "set", NONE, BEFORE, CODE_SET }, /* just in time: opens from when it is written */
		{ "set", SCHEDULED, BEFORE, CODE_STORED },
		{ "set", SCHEDULED, FIRST, CODE_SET },
		{ "unset", NONE, BEFORE, CODE_WAITING },
		{ "unset", SCHEDULED, BEFORE, CODE_STORED },
		{ "unset", NONE, FIRST, CODE_SETTING },
		{ "unset", SCHEDULED, FIRST,
		  CODE_SETTING }, /* its time has come, nobody confirms */
		{ "unset", ONGOING, DURING, CODE_SETTING },
		{ "unset", NONE, AFTER, CODE_ENDED },
		{ "unset", ONGOING | FOREIGN, DURING, CODE_UNKNOWN }, /* nobody is writing it */
		{ "unset", FOREIGN, BEFORE, CODE_WAITING },
		{ "set", ONGOING | FOREIGN, DURING, CODE_SET },
		{ "setting", NONE, BEFORE, CODE_SETTING },
		{ "setting", ONGOING, DURING, CODE_SETTING },
		{ "setting", NONE, AFTER, CODE_ENDED },
		{ "removing", NONE, DURING, CODE_REMOVING },
		{ "removing", ONGOING, DURING, CODE_REMOVING },
		{ "removing", NONE, AFTER, CODE_REMOVING },
		{ "unknown", NONE, DURING, CODE_UNKNOWN },
		{ "unknown", NONE, AFTER, CODE_ENDED },
		{ "polished", ONGOING, DURING, CODE_UNKNOWN }, /* a word of the future */
		{ "", ONGOING, DURING, CODE_UNKNOWN },
		{ NULL, ONGOING, DURING, CODE_UNKNOWN },
		/* An error of its own. */
		{ "setting", FAILED, DURING, CODE_TROUBLE },
		{ "unset", FAILED, BEFORE, CODE_TROUBLE },
		{ "set", FAILED, DURING, CODE_TROUBLE },
		{ "removing", FAILED | ONGOING, DURING, CODE_TROUBLE },
		{ "setting", FAILED, AFTER, CODE_ENDED },
		{ "unset", FAILED, AFTER, CODE_ENDED },
		{ "removing", FAILED, AFTER, CODE_TROUBLE }, /* it may still open */
		{ "set", FAILED, AFTER, CODE_TROUBLE },
		/* An offline code is known to its lock as soon as there is a PIN. */
		{ "setting", OFFLINE, DURING, CODE_SET },
		{ "unset", OFFLINE, DURING, CODE_SET },
		{ "unset", OFFLINE, BEFORE, CODE_STORED },
		{ "setting", OFFLINE | NO_PIN, DURING, CODE_SETTING },
		{ "unset", OFFLINE | NO_PIN, BEFORE, CODE_WAITING },
		{ "set", OFFLINE, AFTER, CODE_ENDED },
		{ "removing", OFFLINE, DURING, CODE_REMOVING },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		bool bound = !(row[i].with & ONGOING);
		struct access_code ac = {
			.managed = !(row[i].with & FOREIGN),
			.status = row[i].status,
			.time_bound = bound,
			.starts_at = bound ? at(START) : INSTANT_NONE,
			.ends_at = bound ? at(END) : INSTANT_NONE,
			.is_scheduled_on_device = row[i].with & SCHEDULED ? TRI_YES : TRI_NO,
			.is_offline_access_code = row[i].with & OFFLINE ? TRI_YES : TRI_UNKNOWN,
			.code = row[i].with & NO_PIN ? NULL : "2468",
		};
		g_autofree char *name = g_strdup_printf("row %zu, %s", i, row[i].status);

		ROW_INT(name, access_code_state(&ac, row[i].with & FAILED, at(moments[row[i].now])),
			row[i].want);
	}
}

static void the_window_is_open_at_its_start_and_closed_at_its_end(void **state)
{
	static const bool inside[] = {
		[BEFORE] = false, [FIRST] = true, [DURING] = true, [LAST] = true, [AFTER] = false
	};
	struct access_code bound = { .starts_at = at(START), .ends_at = at(END) };
	struct access_code ongoing = { .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE };
	struct access_code from = { .starts_at = at(START), .ends_at = INSTANT_NONE };

	(void)state;
	FOR_ROWS(i, moments)
	{
		ROW_INT(moments[i], access_code_in_window(&bound, at(moments[i])), inside[i]);
		ROW_INT(moments[i], access_code_in_window(&ongoing, at(moments[i])), true);
		ROW_INT(moments[i], access_code_in_window(&from, at(moments[i])), i != BEFORE);
	}
}

static void every_state_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (enum code_state s = 0; s < CODE_STATE_COUNT; s++) {
		assert_true(strlen(code_state_word(s)) > 2);
		for (enum code_state other = 0; other < s; other++)
			assert_string_not_equal(code_state_word(s), code_state_word(other));
	}
	assert_string_equal(code_state_word((enum code_state)99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_follows_from_status_window_and_time),
		cmocka_unit_test(the_window_is_open_at_its_start_and_closed_at_its_end),
		cmocka_unit_test(every_state_has_a_word_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
