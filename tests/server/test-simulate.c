/* The simulate endpoints: the clock moved, PINs typed, faults asked for, somebody with the maker's
 * app; and that none of it is there without simulated locks, or for who is no admin. */
#include "tests/server/made.h"

#include "engine/store_sqlite.h"
#include "server/route.h"

#define PIN	  "482193"
#define OTHER_PIN "482194"

#define DOORS                                                                                      \
	"[lock Native]\ntype = august_lock\nbattery = 80\n"                                       \
	"[lock Plain]\ntype = smartthings_lock\n"                                                  \
	"[lock Held]\ntype = lockly_lock\n"                                                        \
	"[lock Nuki]\ntype = nuki_lock\n"                                                          \
	"[lock Alone]\ntype = schlage_lock\n"

static const char *now_of(struct rig *r)
{
	return rig_text(rig_ok(r, "GET /keyrackd/simulate/now", NULL), "now");
}

static bool opens(struct rig *r, const char *door, const char *pin)
{
	const json_t *a = rig_ok(r, "POST /keyrackd/simulate/enter",
				 "{'device_id':'%s','code':'%s'}", rig_device(r, door), pin);

	return strcmp(rig_text(a, "opened"), "true") == 0;
}

static const json_t *lock_of(struct rig *r, const char *door)
{
	return rig_ok(r, "POST /keyrackd/simulate/lock", "{'device_id':'%s'}", rig_device(r, door));
}

/* Through the endpoint. */
static void advance_to(struct rig *r, const char *iso)
{
	int64_t ms = instant_diff_ms(at(iso), clock_now(r->clock));
	const json_t *a = rig_ok(r, "POST /keyrackd/simulate/advance", "{'seconds':%d}",
				 (int)(ms / SECOND_MS));

	assert_true(instant_eq(at(rig_text(a, "now")), at(iso)));
}

/* ---- who may, and where ---- */

static void without_simulated_locks_there_is_none_of_it(void **state)
{
	struct rig_options opt = { .real = true };
	OWN(rig) struct rig *r = rig_new_with(DOORS, &opt);

	(void)state;
	assert_true(routes_simulate.n >= 16);
	for (size_t i = 0; i < routes_simulate.n; i++) {
		g_autofree char *what = g_strconcat("POST ", routes_simulate.routes[i].path, NULL);

		rig_refused(r, 404, "not_found", what, "{}");
	}
}

static void only_an_admin_may(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	r->as = r->desk_key;
	for (size_t i = 0; i < routes_simulate.n; i++) {
		g_autofree char *what = g_strconcat("POST ", routes_simulate.routes[i].path, NULL);

		rig_refused(r, 403, "insufficient_permissions", what, "{}");
	}
}

/* ---- the clock ---- */

static void the_clock_is_moved_and_what_is_due_on_the_way_is_done(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = made(r, "Native", PIN, "2026-01-10T15:00:00Z", "2026-01-12T11:00:00Z");

	(void)state;
	assert_text(now_of(r), "2026-01-05T12:00:00.000Z");
	assert_text(explained(r, id, "status"), "unset");
	advance_to(r, "2026-01-10T15:00:00Z");
	assert_text(explained(r, id, "status"), "set");
	advance_to(r, "2027-01-01T00:00:00Z");
	assert_text(now_of(r), "2027-01-01T00:00:00.000Z");
	assert_text(explained(r, id, "reason"), "gone");
	assert_int_equal(rig_count(lock_of(r, "Native"), "lock.codes"), 0);
	rig_refused(r, 400, "invalid_input", "POST /keyrackd/simulate/advance", "{'seconds':-1}");
	rig_refused(r, 400, "invalid_input", "POST /keyrackd/simulate/advance", "{}");
	assert_text(now_of(r), "2027-01-01T00:00:00.000Z");
}

static void a_clock_that_runs_is_not_moved(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	OWN(clock) struct clock *system = clock_new_system();
	struct server_options opt = { .workspace_id = RIG_WORKSPACE,
				      .workspace_name = "Test",
				      .version = "0",
				      .simulated = r->driver };
	struct server *own = r->server;
	const json_t *a;

	(void)state;
	r->server = server_new(r->engine, r->store, system, &opt, NULL);
	a = rig_refused(r, 400, "clock_is_running", "POST /keyrackd/simulate/advance",
			"{'seconds':60}");
	assert_non_null(strstr(rig_text(a, "error.message"), "--clock"));
	assert_text(rig_text(rig_ok(r, "GET /keyrackd/simulate/now", NULL), "standing"), "false");
	server_free(r->server);
	r->server = own;
	assert_text(rig_text(rig_ok(r, "GET /keyrackd/simulate/now", NULL), "standing"), "true");
}

/* Berlin's clocks go forward on 29 March at 01:00Z, and back on 25 October at 01:00Z. */
static void a_stay_over_a_night_of_changing_clocks_has_its_own_length(void **state)
{
	static const struct {
		const char *door, *from, *last, *until;
	} rows[] = {
		/* 15:00 to 11:00 on the wall: 19 hours and 21 */
		{ "Native", "2026-03-28T14:00:00Z", "2026-03-29T08:59:59Z", "2026-03-29T09:00:00Z" },
		{ "Plain", "2026-03-28T14:00:00Z", "2026-03-29T08:59:59Z", "2026-03-29T09:00:00Z" },
		{ "Held", "2026-03-28T14:00:00Z", "2026-03-29T08:59:59Z", "2026-03-29T09:00:00Z" },
		{ "Native", "2026-10-24T13:00:00Z", "2026-10-25T09:59:59Z", "2026-10-25T10:00:00Z" },
		{ "Plain", "2026-10-24T13:00:00Z", "2026-10-25T09:59:59Z", "2026-10-25T10:00:00Z" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		OWN(rig) struct rig *r = rig_new(DOORS);

		made(r, rows[i].door, PIN, rows[i].from, rows[i].until);
		advance_to(r, rows[i].from);
		rig_advance(r, MINUTE_MS);
		ROW_INT(rows[i].door, opens(r, rows[i].door, PIN), true);
		advance_to(r, rows[i].last);
		ROW_INT(rows[i].door, opens(r, rows[i].door, PIN), true);
		advance_to(r, rows[i].until);
		rig_advance(r, MINUTE_MS);
		ROW_INT(rows[i].door, opens(r, rows[i].door, PIN), false);
		ROW_INT(rows[i].door, rig_count(lock_of(r, rows[i].door), "lock.codes"), 0);
	}
}

/* ---- typing ---- */

/* The stay is from the 10th, 15:00, to the 12th, 11:00. A lock that keeps its times itself is exact
 * at both ends; one that holds a code disabled is enabled and emptied from afar, which takes its
 * moment; one that can do neither opens an hour early. */
static void a_pin_opens_within_its_window(void **state)
{
	static const struct {
		const char *door, *when;
		bool opens;
	} rows[] = {
		{ "Native", "2026-01-07T15:01:00Z", false }, /* loaded: 72 hours before */
		{ "Native", "2026-01-10T14:59:59Z", false },
		{ "Native", "2026-01-10T15:00:00Z", true },
		{ "Native", "2026-01-12T10:59:59Z", true },
		{ "Native", "2026-01-12T11:00:00Z", false },
		{ "Plain", "2026-01-10T13:59:59Z", false },
		{ "Plain", "2026-01-10T14:01:00Z", true }, /* 60 minutes before */
		{ "Plain", "2026-01-10T15:00:00Z", true },
		{ "Plain", "2026-01-12T10:59:59Z", true },
		{ "Plain", "2026-01-12T11:01:00Z", false },
		{ "Held", "2026-01-10T14:01:00Z", false },
		{ "Held", "2026-01-10T14:59:59Z", false },
		{ "Held", "2026-01-10T15:01:00Z", true },
		{ "Held", "2026-01-12T10:59:59Z", true },
		{ "Held", "2026-01-12T11:01:00Z", false },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		OWN(rig) struct rig *r = rig_new(DOORS);

		made(r, rows[i].door, PIN, "2026-01-10T15:00:00Z", "2026-01-12T11:00:00Z");
		advance_to(r, rows[i].when);
		ROW_INT(rows[i].when, opens(r, rows[i].door, PIN), rows[i].opens);
		ROW_INT(rows[i].when, opens(r, rows[i].door, OTHER_PIN), false);
	}
}

static void typing_of_the_apis_own_is_an_attempt(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Native");
	const json_t *a;

	(void)state;
	made(r, "Native", PIN, NULL, NULL);
	rig_advance(r, MINUTE_MS);
	a = rig_ok(r, "POST /locks/simulate/keypad_code_entry",
		   "{'device_id':'%s','code':'" PIN "'}", door);
	assert_text(rig_text(a, "action_attempt.action_type"), "SIMULATE_KEYPAD_CODE_ENTRY");
	assert_text(rig_text(a, "action_attempt.status"), "success");
	assert_text(rig_text(a, "action_attempt.result"), "{}");
	assert_text(rig_text(lock_of(r, "Native"), "lock.locked"), "false");
	a = rig_ok(r, "POST /locks/simulate/manual_lock_via_keypad", "{'device_id':'%s'}", door);
	assert_text(rig_text(a, "action_attempt.action_type"), "SIMULATE_MANUAL_LOCK_VIA_KEYPAD");
	assert_text(rig_text(a, "action_attempt.status"), "success");
	assert_text(rig_text(lock_of(r, "Native"), "lock.locked"), "true");
	fault(r, "Native", "jammed", true);
	a = rig_ok(r, "POST /locks/simulate/manual_lock_via_keypad", "{'device_id':'%s'}", door);
	assert_text(rig_text(a, "action_attempt.status"), "error");
	assert_text(rig_text(a, "action_attempt.error.message"), "The bolt does not move.");
	rig_refused(r, 404, "device_not_found", "POST /locks/simulate/keypad_code_entry",
		    "{'device_id':'nowhere','code':'" PIN "'}");
}

/* Each attempt that ended has one event in the journal. */
static void an_attempt_that_ended_is_in_the_journal(void **state)
{
	static const char *const types[] = {
		"action_attempt.simulate_keypad_code_entry.succeeded",
		"action_attempt.simulate_manual_lock_via_keypad.failed", NULL
	};
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Native");

	(void)state;
	fault(r, "Native", "jammed", true);
	rig_ok(r, "POST /locks/simulate/keypad_code_entry", "{'device_id':'%s','code':'9999'}", door);
	rig_ok(r, "POST /locks/simulate/manual_lock_via_keypad", "{'device_id':'%s'}", door);
	FOR_ROWS(i, types) {
		const char *one[] = { types[i], NULL };
		struct store_event_filter f = { .since = INSTANT_NONE,
						.until = INSTANT_NONE,
						.types = one };
		OWN(store_list) struct store_list *l = NULL;

		if (!types[i])
			continue;
		l = store_events(r->store, &f, NULL);
		assert_non_null(l);
		ROW_INT(types[i], l->rows->len, 1);
	}
}

/* ---- faults: each changes what the lock does ---- */

#define FROM  "2026-01-06T15:00:00Z"
#define UNTIL "2026-01-08T11:00:00Z"

static void check_offline(struct rig *r, const char *id, bool on)
{
	assert_text(explained(r, id, "reason"), on ? "unreachable" : "proven");
	assert_int_equal(rig_count(lock_of(r, "Native"), "lock.codes"), on ? 0 : 1);
}

static void check_refused(struct rig *r, const char *id, bool on)
{
	assert_text(explained(r, id, "reason"), on ? "refused" : "proven");
	assert_int_equal(rig_count(lock_of(r, "Native"), "lock.codes"), on ? 0 : 1);
}

/* It did what it was asked, and the answer was lost: read, and found there. */
static void check_lost(struct rig *r, const char *id, bool on)
{
	assert_int_equal(decided(r, id, "uncertain"), on);
	assert_int_equal(rig_count(lock_of(r, "Native"), "lock.codes"), 1);
}

static void check_full(struct rig *r, const char *id, bool on)
{
	if (on)
		assert_text(explained(r, id, "problems.0.error_code"),
			    "no_space_for_access_code_on_device");
	else
		assert_int_equal(rig_count(lock_of(r, "Native"), "lock.codes"), 1);
}

/* Ten minutes late: opens ten minutes after its time. */
static void check_drift(struct rig *r, const char *id, bool on)
{
	(void)id;
	advance_to(r, "2026-01-06T15:05:00Z");
	assert_int_equal(opens(r, "Native", PIN), !on);
	assert_text(rig_text(lock_of(r, "Native"), "lock.clock"),
		    on ? "2026-01-06T14:55:00.000Z" : "2026-01-06T15:05:00.000Z");
	advance_to(r, "2026-01-06T15:10:00Z");
	assert_true(opens(r, "Native", PIN));
}

static void check_jammed(struct rig *r, const char *id, bool on)
{
	(void)id;
	advance_to(r, FROM);
	assert_int_equal(opens(r, "Native", PIN), !on);
	assert_text(rig_text(lock_of(r, "Native"), "lock.locked"), on ? "true" : "false");
}

/* Twenty seconds for each answer. */
static void check_slow(struct rig *r, const char *id, bool on)
{
	(void)id;
	advance_to(r, FROM);
	made(r, "Native", "7304", NULL, NULL);
	rig_advance(r, 12 * SECOND_MS);
	assert_int_equal(opens(r, "Native", "7304"), !on);
	rig_advance(r, MINUTE_MS);
	assert_true(opens(r, "Native", "7304"));
}

static void check_battery(struct rig *r, const char *id, bool on)
{
	OWN(store_list)
	struct store_list *l = store_device(r->store, rig_device(r, "Native"), NULL);

	(void)id;
	assert_int_equal(store_at(l, struct store_device, 0)->battery_pct < 10, on);
}

static void check_account(struct rig *r, const char *id, bool on)
{
	assert_text(explained(r, id, "status"), on ? "unknown" : "unset");
	assert_text(explained(r, id, "reason"), on ? "account-lost" : "proven");
}

static void check_removed(struct rig *r, const char *id, bool on)
{
	OWN(store_list)
	struct store_list *l = store_device(r->store, rig_device(r, "Native"), NULL);

	assert_int_equal(store_at(l, struct store_device, 0)->removed, on);
	assert_text(explained(r, id, "reason"), on ? "unreachable" : "proven");
}

static void every_fault_changes_what_the_lock_does(void **state)
{
	static const struct {
		const char *fault;
		void (*check)(struct rig *r, const char *id, bool on);
	} rows[] = {
		{ "offline", check_offline },	{ "slow", check_slow },
		{ "lost_answer", check_lost },	{ "refused", check_refused },
		{ "jammed", check_jammed },	{ "full_memory", check_full },
		{ "clock_drift", check_drift }, { "low_battery", check_battery },
		{ "account_lost", check_account }, { "removed", check_removed },
	};
	static const char *const all[] = {
#define AS_WORD(id, name) name,
		SIMULATED_FAULTS(AS_WORD)
#undef AS_WORD
	};

	(void)state;
	assert_int_equal(G_N_ELEMENTS(rows), G_N_ELEMENTS(all));
	FOR_ROWS(i, rows) {
		for (int on = 0; on < 2; on++) {
			OWN(rig) struct rig *r = rig_new(DOORS);
			const char *id;

			ROW_TEXT("order", rows[i].fault, all[i]);
			/* On and off again is as if it had not been. */
			fault(r, "Native", rows[i].fault, true);
			if (on)
				assert_text(rig_text(lock_of(r, "Native"), "lock.faults.0"),
					    rows[i].fault);
			else
				fault(r, "Native", rows[i].fault, false);
			id = made(r, "Native", PIN, FROM, UNTIL);
			rig_advance(r, 5 * MINUTE_MS);
			rows[i].check(r, id, on);
		}
	}
}

static void an_unknown_fault_is_told_which_there_are(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const json_t *a = rig_refused(r, 400, "invalid_input", "POST /keyrackd/simulate/fault",
				      "{'device_id':'%s','fault':'fire','on':true}",
				      rig_device(r, "Native"));
	const char *text = rig_text(a, "error.validation_errors.fault._errors.0");

	(void)state;
#define AS_CHECK(id, name) assert_non_null(strstr(text, name));
	SIMULATED_FAULTS(AS_CHECK)
#undef AS_CHECK
	rig_refused(r, 404, "device_not_found", "POST /keyrackd/simulate/fault",
		    "{'device_id':'nowhere','fault':'offline','on':true}");
}

/* ---- the API's own switches, and the way back ---- */

static void the_apis_own_switches_do_what_they_say(void **state)
{
	static const struct {
		const char *door, *path, *body;
		int status;
		const char *fault; /* on afterwards; "" none */
	} rows[] = {
		{ "Native", "disconnect", "", 200, "offline" },
		{ "Native", "connect", "", 200, "" },
		{ "Native", "disconnect_from_hub", "", 200, "offline" },
		{ "Native", "connect_to_hub", "", 200, "" },
		{ "Alone", "disconnect_from_hub", "", 400, "" },
		{ "Nuki", "paid_subscription", ",'is_expired':true", 200, "offline" },
		{ "Nuki", "paid_subscription", ",'is_expired':false", 200, "" },
		{ "Native", "paid_subscription", ",'is_expired':true", 400, "" },
		{ "Nuki", "paid_subscription", "", 400, "" },
		{ "Plain", "remove", "", 200, "removed" },
	};
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	FOR_ROWS(i, rows) {
		g_autofree char *what = g_strconcat("POST /devices/simulate/", rows[i].path, NULL);
		const char *is;

		rig_call(r, what, "{'device_id':'%s'%s}", rig_device(r, rows[i].door),
			 rows[i].body);
		ROW_INT(rows[i].path, r->status, rows[i].status);
		is = rig_text(lock_of(r, rows[i].door), "lock.faults.0");
		ROW_TEXT(rows[i].path, is ? is : "", rows[i].fault);
	}
}

static void an_account_is_lost_and_comes_back(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = made(r, "Native", PIN, NULL, NULL);
	OWN(store_list)
	struct store_list *l = store_device(r->store, rig_device(r, "Native"), NULL);
	const char *account = store_at(l, struct store_device, 0)->account_id;

	(void)state;
	rig_advance(r, MINUTE_MS);
	assert_text(explained(r, id, "status"), "set");
	rig_ok(r, "POST /connected_accounts/simulate/disconnect", "{'connected_account_id':'%s'}",
	       account);
	assert_text(explained(r, id, "status"), "unknown");
	rig_ok(r, "POST /keyrackd/simulate/account",
	       "{'connected_account_id':'%s','connected':true}", account);
	rig_advance(r, MINUTE_MS);
	assert_text(explained(r, id, "status"), "set");
	rig_refused(r, 404, "connected_account_not_found", "POST /keyrackd/simulate/account",
		    "{'connected_account_id':'nobody','connected':true}");
}

/* ---- the maker's app ---- */

static void what_the_app_changes_is_put_back(void **state)
{
	static const struct {
		const char *what, *path, *seen; /* in the lock, while it stands */
	} rows[] = {
		{ "'change':{'code':'9173'}", "lock.codes.0.code", "9173" },
		{ "'change':{'name':'Someone else'}", "lock.codes.0.name", "Someone else" },
		{ "'change':{'ends_at':'2026-01-20T11:00:00Z'}", "lock.codes.0.ends_at",
		  "2026-01-20T11:00:00.000Z" },
		{ "'remove':true", "lock.codes", "[]" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		for (int by_id = 0; by_id < 2; by_id++) {
			OWN(rig) struct rig *r = rig_new(DOORS);
			const char *id = made(r, "Native", PIN, "2026-01-05T12:00:00Z",
					      "2026-01-12T11:00:00Z");
			const json_t *lock;

			rig_advance(r, MINUTE_MS);
			lock = rig_ok(r, "POST /keyrackd/simulate/app",
				      "{'device_id':'%s','%s':'%s',%s}", rig_device(r, "Native"),
				      by_id ? "access_code_id" : "code", by_id ? id : PIN,
				      rows[i].what);
			ROW_TEXT(rows[i].what, rig_text(lock, rows[i].path), rows[i].seen);
			rig_advance(r, 5 * MINUTE_MS);
			lock = lock_of(r, "Native");
			ROW_INT(rows[i].what, rig_count(lock, "lock.codes"), 1);
			ROW_TEXT(rows[i].what, rig_text(lock, "lock.codes.0.code"), PIN);
			ROW_TEXT(rows[i].what, rig_text(lock, "lock.codes.0.ends_at"),
				 "2026-01-12T11:00:00.000Z");
			ROW_INT(rows[i].what, decided(r, id, "outside"), true);
			ROW_TEXT(rows[i].what, explained(r, id, "reason"), "proven");
		}
	}
}

static void a_code_made_in_the_app_is_found(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *door = rig_device(r, "Native");
	struct store_code_filter f = { .device_id = door, .managed = 0 };
	const json_t *a = rig_ok(r, "POST /keyrackd/simulate/app",
				 "{'device_id':'%s','add':{'code':'7777','name':'Cleaner'}}", door);

	(void)state;
	assert_text(rig_text(a, "lock.codes.0.name"), "Cleaner");
	assert_text(rig_text(a, "lock.codes.0.made_in_app"), "true");
	assert_true(opens(r, "Native", "7777"));
	rig_advance(r, MINUTE_MS);
	OWN(store_list) struct store_list *l = store_codes(r->store, &f, NULL, NULL);
	assert_int_equal(l->rows->len, 1);
	assert_text(store_at(l, struct store_code, 0)->name, "Cleaner");
	rig_refused(r, 404, "access_code_not_found", "POST /keyrackd/access_codes/explain",
		    "{'access_code_id':'%s'}", store_at(l, struct store_code, 0)->access_code_id);
}

static void what_makes_no_sense_in_the_app_is_refused(void **state)
{
	static const struct {
		const char *door, *body;
		int status;
		const char *type;
	} rows[] = {
		{ "Native", "'code':'" PIN "'", 400, "invalid_input" },
		{ "Native", "'code':'" PIN "','remove':true,'change':{'name':'x'}", 400,
		  "invalid_input" },
		{ "Native", "'remove':true", 400, "invalid_input" },
		{ "Native", "'code':'" PIN "','change':{}", 400, "invalid_input" },
		{ "Native", "'code':'" PIN "','change':{'pin':'9173'}", 400, "invalid_input" },
		{ "Native", "'code':'" PIN "','change':{'code':9173}", 400, "invalid_input" },
		{ "Native", "'code':'" PIN "','change':{'ends_at':'tomorrow'}", 400, "invalid_input" },
		{ "Native", "'add':{'name':'No PIN'}", 400, "invalid_input" },
		{ "Native", "'code':'0000','remove':true", 404, "access_code_not_found" },
		{ "Native", "'access_code_id':'nobody','remove':true", 404,
		  "access_code_not_found" },
		{ "Plain", "'code':'" PIN "','change':{'ends_at':'2026-02-01T00:00:00Z'}", 400,
		  "invalid_input" },
	};
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	made(r, "Native", PIN, NULL, NULL);
	made(r, "Plain", PIN, NULL, NULL);
	rig_advance(r, MINUTE_MS);
	FOR_ROWS(i, rows) {
		rig_call(r, "POST /keyrackd/simulate/app", "{'device_id':'%s',%s}",
			 rig_device(r, rows[i].door), rows[i].body);
		ROW_INT(rows[i].body, r->status, rows[i].status);
		ROW_INT(rows[i].body, strstr(r->text, rows[i].type) != NULL, true);
		ROW_INT(rows[i].body, strstr(r->text, "9173") == NULL, true); /* no PIN comes back */
	}
	rig_refused(r, 404, "device_not_found", "POST /keyrackd/simulate/app",
		    "{'device_id':'nowhere','code':'" PIN "','remove':true}");
}

/* The clock would be moved for ever over a store that cannot be written. */
static void a_store_that_fails_stops_the_clock(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = august_lock\n");
	sqlite3 *db = sq_of(r->store)->db;
	const char *door = rig_device(r, "Door");

	(void)state;
	rig_ok(r, "POST /access_codes/create",
	       "{'device_id':'%s','starts_at':'2026-01-05T18:00:00Z',"
	       "'ends_at':'2026-01-06T18:00:00Z'}", door);
	rig_ok(r, "GET /health", NULL);
	assert_int_equal(sqlite3_exec(db, "PRAGMA query_only = 1", NULL, NULL, NULL), SQLITE_OK);
	rig_refused(r, 503, "store_failed", "POST /keyrackd/simulate/advance",
		    "{'seconds':34560000}");
	rig_refused(r, 503, "store_failed", "POST /access_codes/create", "{'device_id':'%s'}", door);
	assert_int_equal(r->retry_after_s, 5);
	rig_refused(r, 503, "store_failed", "GET /health", NULL);
	assert_int_equal(sqlite3_exec(db, "PRAGMA query_only = 0", NULL, NULL, NULL), SQLITE_OK);
	rig_ok(r, "GET /health", NULL);
	rig_ok(r, "POST /keyrackd/simulate/advance", "{'seconds':86400}");
	rig_ok(r, "POST /access_codes/create", "{'device_id':'%s'}", door);
	rig_refused(r, 400, "invalid_input", "POST /keyrackd/simulate/advance",
		    "{'seconds':34560001}");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_simulated_locks_there_is_none_of_it),
		cmocka_unit_test(only_an_admin_may),
		cmocka_unit_test(the_clock_is_moved_and_what_is_due_on_the_way_is_done),
		cmocka_unit_test(a_clock_that_runs_is_not_moved),
		cmocka_unit_test(a_stay_over_a_night_of_changing_clocks_has_its_own_length),
		cmocka_unit_test(a_pin_opens_within_its_window),
		cmocka_unit_test(typing_of_the_apis_own_is_an_attempt),
		cmocka_unit_test(an_attempt_that_ended_is_in_the_journal),
		cmocka_unit_test(every_fault_changes_what_the_lock_does),
		cmocka_unit_test(an_unknown_fault_is_told_which_there_are),
		cmocka_unit_test(the_apis_own_switches_do_what_they_say),
		cmocka_unit_test(an_account_is_lost_and_comes_back),
		cmocka_unit_test(what_the_app_changes_is_put_back),
		cmocka_unit_test(a_code_made_in_the_app_is_found),
		cmocka_unit_test(what_makes_no_sense_in_the_app_is_refused),
		cmocka_unit_test(a_store_that_fails_stops_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
