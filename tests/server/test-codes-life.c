/* When a code is on its lock and opens, seen over the API with a clock that stands: a second
 * before, at, and a second after 72 hours, 60 minutes, starts_at and ends_at. What the lock does is
 * asked at its keypad, not of the engine. */
#include "config.h"

#include "tests/server/codes.h"

#define DOORS                                                                                      \
	"[lock Native]\ntype = two_n_intercom\n"                                                      \
	"[lock Simple]\ntype = smartthings_lock\n"                                                 \
	"[lock Held]\ntype = lockly_lock\nlengths = 6\n"

/* From noon: 80 hours, and a day more. */
#define STARTS "2026-01-08T20:00:00Z"
#define ENDS   "2026-01-09T20:00:00Z"

#define GONE "gone" /* the API answers 404 */

struct moment_row {
	const char *at;
	const char *status, *pending; /* pending NULL: nothing */
	bool scheduled, opens;
};

static void see_row(struct rig *r, const char *lock, const char *id, const char *pin,
		    const struct moment_row *m)
{
	g_autofree char *name = g_strdup_printf("%s at %s", lock, m->at);
	const json_t *a;

	rig_until(r, m->at);
	a = rig_call(r, "POST /access_codes/get", "{'access_code_id':'%s'}", id);
	ROW_INT(name, codes_opens(r, lock, pin), m->opens);
	if (strcmp(m->status, GONE) == 0) {
		ROW_INT(name, r->status, 404);
		return;
	}
	ROW_TEXT(name, rig_text(a, "access_code.status"), m->status);
	ROW_TEXT(name, rig_text(a, "access_code.is_scheduled_on_device"),
		 m->scheduled ? "true" : "false");
	ROW_INT(name, rig_count(a, "access_code.pending_mutations"), m->pending ? 1 : 0);
	if (m->pending)
		ROW_TEXT(name, rig_text(a, "access_code.pending_mutations.0.mutation_code"),
			 m->pending);
}

static void see_life(const char *lock, const char *more, const struct moment_row *rows, size_t n)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, lock,
				    "'code':'482162','starts_at':'" STARTS "','ends_at':'" ENDS
				    "'%s",
				    more);

	for (size_t i = 0; i < n; i++)
		see_row(r, lock, id, "482162", &rows[i]);
}
#define SEE_LIFE(lock, more, rows) see_life(lock, more, rows, G_N_ELEMENTS(rows))

static const struct moment_row native[] = {
	{ "2026-01-05T19:59:59Z", "unset", "deferring_creation", false, false },
	{ "2026-01-05T20:00:00Z", "unset", "creating", false, false },
	{ "2026-01-05T20:00:02Z", "unset", NULL, true, false },
	{ "2026-01-05T20:00:20Z", "unset", NULL, true, false },
	{ "2026-01-08T19:59:59Z", "unset", NULL, true, false },
	{ "2026-01-08T20:00:00Z", "set", NULL, false, true },
	{ "2026-01-08T20:00:01Z", "set", NULL, false, true },
	{ "2026-01-09T19:59:59Z", "set", NULL, false, true },
	{ "2026-01-09T20:00:00Z", "removing", "deleting", false, false },
	{ "2026-01-09T20:00:20Z", GONE, NULL, false, false },
};

static void a_native_code_is_loaded_72_hours_before_its_start(void **state)
{
	(void)state;
	SEE_LIFE("Native", "", native);
}

/* No schedule: it opens as soon as it is written, which the object says beforehand. */
static const struct moment_row just_in_time[] = {
	{ "2026-01-05T20:00:20Z", "unset", "deferring_creation", false, false },
	{ "2026-01-08T18:59:59Z", "unset", "deferring_creation", false, false },
	{ "2026-01-08T19:00:00Z", "setting", "creating", false, false },
	{ "2026-01-08T19:00:30Z", "set", NULL, false, true },
	{ "2026-01-08T19:59:59Z", "set", NULL, false, true },
	{ "2026-01-08T20:00:00Z", "set", NULL, false, true },
	{ "2026-01-09T19:59:59Z", "set", NULL, false, true },
	{ "2026-01-09T20:00:30Z", GONE, NULL, false, false },
};

static void a_code_without_a_schedule_is_written_60_minutes_before_its_start(void **state)
{
	(void)state;
	SEE_LIFE("Simple", "", just_in_time);
}

static void native_scheduling_can_be_declined(void **state)
{
	(void)state;
	SEE_LIFE("Native", ",'prefer_native_scheduling':false", just_in_time);
}

static const struct moment_row held[] = {
	{ "2026-01-08T18:59:59Z", "unset", "deferring_creation", false, false },
	{ "2026-01-08T19:00:00Z", "unset", "creating", false, false },
	{ "2026-01-08T19:00:20Z", "unset", NULL, false, false },
	{ "2026-01-08T19:59:59Z", "unset", NULL, false, false },
	{ "2026-01-08T20:00:20Z", "set", NULL, false, true },
	{ "2026-01-09T19:59:59Z", "set", NULL, false, true },
	{ "2026-01-09T20:00:20Z", GONE, NULL, false, false },
};

static void a_code_held_disabled_opens_from_its_start_on(void **state)
{
	(void)state;
	SEE_LIFE("Held", "", held);
}

static void the_attempt_for_a_code_that_is_held_does_not_wait_for_its_start(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_ok(r, "POST /access_codes/create",
				 "{'device_id':'%s','starts_at':'2026-01-05T12:50:00Z',"
				 "'ends_at':'" ENDS "'}",
				 rig_device(r, "Held"));

	(void)state;
	rig_advance(r, MINUTE_MS);
	a = rig_ok(r, "POST /action_attempts/get", "{'action_attempt_id':'%s'}",
		   rig_text(a, "action_attempt.action_attempt_id"));
	assert_text(rig_text(a, "action_attempt.status"), "success");
	assert_text(rig_text(a, "action_attempt.result.access_code.status"), "unset");
}

/* ---- what opens early says so ---- */

static const struct early_row {
	const char *lock, *more, *early_from;
} early[] = {
	{ "Native", "", "null" },
	{ "Native", ",'prefer_native_scheduling':false", "2026-01-08T19:00:00.000Z" },
	{ "Simple", "", "2026-01-08T19:00:00.000Z" },
	{ "Held", "", "null" },
};

static void the_early_hour_is_shown_on_the_code(void **state)
{
	(void)state;
	FOR_ROWS (i, early) {
		OWN(rig) struct rig *r = rig_new(DOORS);
		const char *id = codes_make(r, early[i].lock,
					    "'starts_at':'" STARTS "','ends_at':'" ENDS "'%s",
					    early[i].more);
		const json_t *a = codes_get(r, id);

		ROW_TEXT(early[i].lock, rig_text(a, "access_code.keyrackd.early_from"),
			 early[i].early_from);
		ROW_TEXT(early[i].lock, rig_text(a, "access_code.keyrackd.reason"), "not-due");
		ROW_TEXT(early[i].lock, rig_text(a, "access_code.keyrackd.proof"), "none");
	}
}

/* ---- edits that cross a line ---- */

/* What is asked for, and what is seen half a minute later. */
static const struct edit_row {
	const char *name, *lock;
	const char *first;	 /* of create */
	const char *at, *edit;	 /* of update */
	const char *status, *type;
	bool scheduled, opens;
} edits[] = {
	{ "native, into the 72 hours", "Native", "'starts_at':'" STARTS "','ends_at':'" ENDS "'",
	  "2026-01-05T13:00:00Z", "'starts_at':'2026-01-08T12:59:00Z'", "unset", "time_bound", true,
	  false },
	{ "native, to now", "Native", "'starts_at':'" STARTS "','ends_at':'" ENDS "'",
	  "2026-01-05T13:00:00Z", "'starts_at':'2026-01-05T13:00:00Z'", "set", "time_bound", false,
	  true },
	{ "native, out of its window", "Native",
	  "'starts_at':'2026-01-05T12:00:00Z','ends_at':'" ENDS "'", "2026-01-05T13:00:00Z",
	  "'starts_at':'" STARTS "'", "unset", "time_bound", false, false },
	{ "just in time, into the hour", "Simple", "'starts_at':'" STARTS "','ends_at':'" ENDS "'",
	  "2026-01-05T13:00:00Z", "'starts_at':'2026-01-05T13:59:00Z'", "set", "time_bound", false,
	  true },
	{ "just in time, out of the hour", "Simple",
	  "'starts_at':'2026-01-05T13:30:00Z','ends_at':'" ENDS "'", "2026-01-05T13:00:00Z",
	  "'starts_at':'2026-01-05T16:00:00Z'", "unset", "time_bound", false, false },
	{ "held, out of its window", "Held",
	  "'starts_at':'2026-01-05T12:30:00Z','ends_at':'" ENDS "'", "2026-01-05T13:00:00Z",
	  "'starts_at':'2026-01-05T16:00:00Z'", "unset", "time_bound", false, false },
	{ "an ongoing code gets a window to come", "Native", "'name':'Cleaner'",
	  "2026-01-05T13:00:00Z", "'starts_at':'2026-01-08T12:00:00Z','ends_at':'" ENDS "'",
	  "unset", "time_bound", true, false },
	{ "an ongoing code gets a window that is open", "Native", "'name':'Cleaner'",
	  "2026-01-05T13:00:00Z", "'starts_at':'2026-01-05T12:00:00Z','ends_at':'" ENDS "'", "set",
	  "time_bound", false, true },
	{ "an ongoing code without a schedule gets a window to come", "Simple", "'name':'Cleaner'",
	  "2026-01-05T13:00:00Z", "'starts_at':'" STARTS "','ends_at':'" ENDS "'", "unset",
	  "time_bound", false, false },
	{ "a native code becomes ongoing", "Native", "'starts_at':'" STARTS "','ends_at':'" ENDS "'",
	  "2026-01-05T21:00:00Z", "'type':'ongoing'", "set", "ongoing", false, true },
	{ "a code that is not due becomes ongoing", "Simple",
	  "'starts_at':'" STARTS "','ends_at':'" ENDS "'", "2026-01-05T13:00:00Z",
	  "'type':'ongoing'", "set", "ongoing", false, true },
	{ "a new name is no new window", "Native", "'starts_at':'" STARTS "','ends_at':'" ENDS "'",
	  "2026-01-05T21:00:00Z", "'name':'Anna'", "unset", "time_bound", true, false },
};

static void an_edit_takes_the_code_over_the_line(void **state)
{
	(void)state;
	FOR_ROWS (i, edits) {
		const struct edit_row *row = &edits[i];
		OWN(rig) struct rig *r = rig_new(DOORS);
		const char *id = codes_make(r, row->lock, "'code':'482162',%s", row->first);
		const json_t *a;

		rig_until(r, row->at);
		rig_ok(r, "PATCH /access_codes/update", "{'access_code_id':'%s',%s}", id,
		       row->edit);
		rig_advance(r, 30 * SECOND_MS);
		a = codes_get(r, id);
		ROW_TEXT(row->name, rig_text(a, "access_code.status"), row->status);
		ROW_TEXT(row->name, rig_text(a, "access_code.type"), row->type);
		ROW_TEXT(row->name, rig_text(a, "access_code.is_scheduled_on_device"),
			 row->scheduled ? "true" : "false");
		ROW_INT(row->name, codes_opens(r, row->lock, "482162"), row->opens);
		if (strcmp(row->type, "ongoing") == 0)
			ROW_TEXT(row->name, rig_text(a, "access_code.ends_at"), "null");
	}
}

static void a_later_end_is_kept(void **state)
{
	static const char *const locks[] = { "Native", "Simple", "Held" };

	(void)state;
	FOR_ROWS (i, locks) {
		OWN(rig) struct rig *r = rig_new(DOORS);
		const char *id = codes_make(r, locks[i],
					    "'code':'482162','starts_at':'2026-01-05T12:00:00Z',"
					    "'ends_at':'2026-01-05T15:00:00Z'");

		rig_until(r, "2026-01-05T14:59:00Z");
		rig_ok(r, "POST /access_codes/update",
		       "{'access_code_id':'%s','ends_at':'2026-01-05T16:00:00Z'}", id);
		rig_until(r, "2026-01-05T15:59:59Z");
		ROW_TEXT(locks[i], rig_text(codes_get(r, id), "access_code.status"), "set");
		ROW_INT(locks[i], codes_opens(r, locks[i], "482162"), true);
		rig_until(r, "2026-01-05T16:00:30Z");
		rig_refused(r, 404, "access_code_not_found", "POST /access_codes/get",
			    "{'access_code_id':'%s'}", id);
		ROW_INT(locks[i], codes_opens(r, locks[i], "482162"), false);
	}
}

/* ---- the events of a life ---- */

static const struct story_row {
	const char *lock, *more;
	const char *events; /* without access_code. */
} stories[] = {
	{ "Native", "", "created scheduled_on_device set_on_device removed_from_device deleted" },
	{ "Simple", "", "created set_on_device removed_from_device deleted" },
	{ "Held", "", "created set_on_device removed_from_device deleted" },
};

static void a_life_is_told_in_order(void **state)
{
	(void)state;
	FOR_ROWS (i, stories) {
		OWN(rig) struct rig *r = rig_new(DOORS);
		const char *id = codes_make(r, stories[i].lock,
					    "'starts_at':'" STARTS "','ends_at':'" ENDS "'%s",
					    stories[i].more);

		rig_until(r, "2026-01-10T00:00:00Z");
		ROW_TEXT(stories[i].lock, codes_story(r, id), stories[i].events);
	}
}

static void a_code_deleted_before_it_was_written_was_never_removed(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id =
		codes_make(r, "Simple", "'starts_at':'" STARTS "','ends_at':'" ENDS "'");

	(void)state;
	codes_remove(r, id);
	rig_advance(r, MINUTE_MS);
	assert_text(codes_story(r, id), "created deleted");
}

/* Its window passes while the lock is away: it is never written. */
static void a_code_whose_window_passed_meanwhile_is_never_written(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id;

	(void)state;
	codes_fault(r, "Simple", "offline", true);
	id = codes_make(r, "Simple",
			"'code':'482162','starts_at':'2026-01-05T12:30:00Z',"
			"'ends_at':'2026-01-05T14:00:00Z'");
	rig_until(r, "2026-01-05T14:30:00Z");
	codes_fault(r, "Simple", "offline", false);
	rig_advance(r, HOUR_MS);
	assert_false(codes_opens(r, "Simple", "482162"));
	assert_null(strstr(codes_story(r, id), "set_on_device"));
}

static void a_late_code_is_set_when_its_lock_returns(void **state)
{
	static const char *const locks[] = { "Native", "Simple" };

	(void)state;
	FOR_ROWS (i, locks) {
		OWN(rig) struct rig *r = rig_new(DOORS);
		const json_t *a;
		const char *id;

		codes_fault(r, locks[i], "offline", true);
		id = codes_make(r, locks[i],
				"'code':'482162','starts_at':'2026-01-05T12:30:00Z',"
				"'ends_at':'2026-01-05T18:00:00Z'");
		rig_until(r, "2026-01-05T12:40:00Z");
		a = codes_get(r, id);
		ROW_TEXT(locks[i], rig_text(a, "access_code.status"), "setting");
		ROW_TEXT(locks[i], rig_text(a, "access_code.pending_mutations.0.mutation_code"),
			 "creating");
		ROW_TEXT(locks[i], codes_problem(a, "errors", "device_disconnected",
						 "is_device_error"), "true");
		codes_fault(r, locks[i], "offline", false);
		rig_advance(r, 2 * MINUTE_MS);
		a = codes_get(r, id);
		ROW_TEXT(locks[i], rig_text(a, "access_code.status"), "set");
		ROW_INT(locks[i], rig_count(a, "access_code.errors"), 0);
		ROW_INT(locks[i], codes_opens(r, locks[i], "482162"), true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_native_code_is_loaded_72_hours_before_its_start),
		cmocka_unit_test(a_code_without_a_schedule_is_written_60_minutes_before_its_start),
		cmocka_unit_test(native_scheduling_can_be_declined),
		cmocka_unit_test(a_code_held_disabled_opens_from_its_start_on),
		cmocka_unit_test(
			the_attempt_for_a_code_that_is_held_does_not_wait_for_its_start),
		cmocka_unit_test(the_early_hour_is_shown_on_the_code),
		cmocka_unit_test(an_edit_takes_the_code_over_the_line),
		cmocka_unit_test(a_later_end_is_kept),
		cmocka_unit_test(a_life_is_told_in_order),
		cmocka_unit_test(a_code_deleted_before_it_was_written_was_never_removed),
		cmocka_unit_test(a_code_whose_window_passed_meanwhile_is_never_written),
		cmocka_unit_test(a_late_code_is_set_when_its_lock_returns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
