/* The machine: a sync process, a scripted server in this one, and the cache between them.
 *
 * Nothing sleeps: each wait is for a condition, looked at whenever sync pokes, with a deadline. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "rig.h"

/* ---- wishes and what became of them ---- */

static int64_t wish(enum intent_kind kind, const char *device_id, const char *code_id,
		    const char *name, const char *params)
{
	struct intent in = {
		.kind = kind,
		.device_id = device_id,
		.access_code_id = code_id,
		.name = name,
		.params = params,
		.made_by = "clerk",
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
		.made_at = INSTANT_NONE,
	};
	int64_t no;

	if (kind == INTENT_LOCK || kind == INTENT_UNLOCK)
		in.expires_at = instant_add_ms(instant_now(), INTENT_DOOR_LIFE_MS);
	no = outbox_add(t.desk, &in, NULL);
	assert_true(no > 0);
	return no;
}

static int64_t wish_create(const char *name, const char *pin, const char *key)
{
	g_autofree char *pin_part = pin ? g_strdup_printf(", \"code\": \"%s\"", pin) : g_strdup("");
	g_autofree char *key_part =
		key ? g_strdup_printf(", \"common_code_key\": \"%s\"", key) : g_strdup("");
	g_autofree char *params =
		g_strdup_printf("{\"device_id\": \"lock-1\", \"name\": \"%s\"%s%s}", name, pin_part,
				key_part);

	return wish(INTENT_CREATE, "lock-1", NULL, name, params);
}

static int64_t wish_about(enum intent_kind kind, const char *id, const char *more)
{
	g_autofree char *params =
		g_strdup_printf("{\"access_code_id\": \"%s\"%s}", id, more ? more : "");

	return wish(kind, "lock-1", id, "about", params);
}

static int64_t wish_door(enum intent_kind kind)
{
	return wish(kind, "lock-1", NULL, NULL, "{\"device_id\": \"lock-1\"}");
}

static enum intent_state state_of(int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(t.desk, intent_no, NULL);

	return list && list->rows->len ? cache_list_at(list, struct intent, 0)->state
				       : INTENT_STATE_COUNT;
}

static char *message_of(int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(t.desk, intent_no, NULL);

	return list && list->rows->len ? g_strdup(cache_list_at(list, struct intent, 0)->message)
				       : NULL;
}

static bool has_next_try(int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(t.desk, intent_no, NULL);

	return list && list->rows->len && instant_known(cache_list_at(list, struct intent, 0)->next_try_at);
}

static bool message_has(int64_t intent_no, const char *words)
{
	g_autofree char *message = message_of(intent_no);

	return message && strstr(message, words);
}

/* ---- pulling ---- */

static void first_pull_has_locks_codes_and_events(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);
	g_autofree char *other = server_add_code(t.server, "lock-2", "Bert", "2345", true, true);
	g_autofree char *foreign =
		server_add_code(t.server, "lock-2", "Foreign", "99", false, true);

	(void)state;
	server_add_event(t.server, "lock.unlocked", "lock-1", id);
	start_and_follow();
	assert_int_equal(cached_locks(), 2);
	assert_int_equal(cached_codes(), 3);
	assert_int_equal(cached_events(), server_events(t.server));
	assert_true(unlocked_by("Anna"));
	assert_false(is_managed(foreign));
	assert_true(is_managed(other));
	stop_sync();
}

static void pages_are_all_pulled(void **state)
{
	(void)state;
	server_page_max(t.server, 3);
	for (int i = 0; i < 20; i++) {
		g_autofree char *lock = g_strdup_printf("more-%d", i);
		g_autofree char *name = g_strdup_printf("Guest %d", i);
		g_autofree char *pin = g_strdup_printf("%d", 1000 + i);

		server_add_lock(t.server, lock);
		g_free(server_add_code(t.server, "lock-1", name, pin, true, false));
		g_free(server_add_code(t.server, "lock-1", name, pin, false, false));
	}
	start_and_follow();
	assert_int_equal(cached_locks(), 22);
	assert_int_equal(cached_codes(), 40);
}

static void a_server_that_ignores_filters_and_limits_is_understood(void **state)
{
	(void)state;
	server_ignore_filters(t.server, true);
	server_oldest_first(t.server, true);
	for (int i = 0; i < 5; i++)
		g_free(server_add_code(t.server, i % 2 ? "lock-1" : "lock-2", "Guest", NULL, i != 3,
				       true));
	start_and_follow();
	assert_int_equal(cached_codes(), 5);
	g_autofree char *id = server_add_code(t.server, "lock-1", "Late", "8642", true, true);
	wait_for(cached_named("Late") == 1);
	server_delete_code(t.server, id, true);
	wait_for(is_deleted(id));
	assert_int_equal(cached_codes(), 5);
}

static void a_server_without_unmanaged_codes_is_no_failure(void **state)
{
	(void)state;
	server_fault(t.server, "/access_codes/unmanaged/list", FAULT_404, -1);
	server_fault(t.server, "/access_codes/unmanaged/get", FAULT_404, -1);
	g_free(server_add_code(t.server, "lock-1", "Anna", NULL, true, false));
	start_and_follow();
	assert_int_equal(cached_codes(), 1);
}

/* A proxy in the server's place, or an endpoint with a slip in its path, answers each address so. */
static void a_code_whose_address_is_missing_is_kept(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "8642", true, true);
	int asked;

	(void)state;
	start_and_follow();
	asked = server_requests(t.server, "/access_codes/get");
	server_fault(t.server, "/access_codes/list", FAULT_404, -1);
	server_fault(t.server, "/access_codes/get", FAULT_404, 2);
	server_fault(t.server, "/access_codes/unmanaged/get", FAULT_404, 2);
	server_rename_code(t.server, id, "Anna B.", true);
	wait_for(server_requests(t.server, "/access_codes/get") > asked + 1);
	assert_int_equal(cached_named("Anna"), 1);
	wait_for(cached_named("Anna B.") == 1);
}

static void more_events_than_a_page_at_one_instant_are_all_kept(void **state)
{
	char at[INSTANT_TEXT_MAX];

	(void)state;
	server_add_events_at(t.server, "lock-1",
			     instant_format(instant_add_ms(instant_now(), -HOUR_MS), at), 1203);
	start_and_follow();
	assert_int_equal(cached_events(), 1203);
	server_add_events_at(t.server, "lock-1", instant_format(instant_now(), at), 700);
	wait_for(cached_events() == 1903);
}

static void what_happens_during_the_first_pull_is_not_missed(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		g_autofree char *lock = g_strdup_printf("more-%d", i);

		server_add_lock(t.server, lock);
	}
	start_sync();
	wait_for(server_requests(t.server, "/access_codes/list") > 2);
	g_autofree char *id = server_add_code(t.server, "lock-1", "During", "4321", true, true);
	wait_for(cached_named("During") == 1);
	server_delete_code(t.server, id, true);
	wait_for(cached_named("During") == 0);
}

static void an_interrupted_first_pull_goes_on(void **state)
{
	enum { LOCKS = 200 };
	int before;

	(void)state;
	for (int i = 0; i < LOCKS; i++) {
		g_autofree char *lock = g_strdup_printf("more-%d", i);

		server_add_lock(t.server, lock);
		g_free(server_add_code(t.server, lock, "Guest", NULL, true, false));
	}
	start_sync();
	wait_for(cached_named("Guest") > 0); /* a first pull commits several locks at a time */
	kill_sync();
	before = server_requests(t.server, "/access_codes/unmanaged/list");
	start_and_follow();
	assert_int_equal(cached_codes(), LOCKS);
	assert_true(server_requests(t.server, "/access_codes/unmanaged/list") - before < LOCKS);
}

/* ---- following ---- */

static void a_change_an_unlock_and_a_delete_are_followed(void **state)
{
	(void)state;
	start_and_follow();
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, true);
	wait_for(cached_named("Anna") == 1);
	server_rename_code(t.server, id, "Anna Smith", true);
	wait_for(cached_named("Anna Smith") == 1);
	server_add_event(t.server, "lock.unlocked", "lock-1", id);
	wait_for(unlocked_by("Anna Smith"));
	server_delete_code(t.server, id, true);
	wait_for(is_deleted(id));
	assert_true(unlocked_by("Anna Smith"));
}

static void an_unlock_by_a_code_not_known_yet_has_its_name(void **state)
{
	(void)state;
	start_and_follow();
	/* No event tells of the code: only the unlock names it. */
	g_autofree char *id = server_add_code(t.server, "lock-1", "Stranger", "1234", true, false);
	server_add_event(t.server, "lock.unlocked", "lock-1", id);
	wait_for(unlocked_by("Stranger"));
	g_autofree char *foreign =
		server_add_code(t.server, "lock-1", "Foreign", "77", false, false);
	server_add_event(t.server, "lock.unlocked", "lock-1", foreign);
	wait_for(unlocked_by("Foreign"));
}

static void a_backup_that_lists_leave_out_is_fetched_and_kept(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Backup X", "1234", true, false);

	(void)state;
	server_set(t.server, id, "is_backup", json_true());
	start_sync_with("service", "300");
	wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
	server_add_event(t.server, "access_code.set_on_device", "lock-1", id);
	wait_for(cached_named("Backup X") == 1);
	say("compare\n");
	int n = server_requests(t.server, "/access_codes/list");
	wait_for(server_requests(t.server, "/access_codes/list") > n + 4);
	assert_false(is_deleted(id));
}

static void a_new_lock_and_a_lost_one_are_followed(void **state)
{
	(void)state;
	start_and_follow();
	server_add_lock(t.server, "lock-3");
	server_add_event(t.server, "device.added", "lock-3", NULL);
	wait_for(cached_locks() == 3);
}

static void what_no_event_tells_is_found_by_comparing(void **state)
{
	g_autofree char *gone = server_add_code(t.server, "lock-1", "Gone", "1111", true, false);
	g_autofree char *foreign =
		server_add_code(t.server, "lock-1", "Foreign", "5", false, false);

	(void)state;
	start_and_follow();
	server_delete_code(t.server, gone, false);
	server_delete_code(t.server, foreign, false);
	g_free(server_add_code(t.server, "lock-2", "New", "2222", true, false));
	say("compare\n");
	wait_for(cached_named("New") == 1 && is_deleted(gone) && is_deleted(foreign));
	wait_for(t.status.phase == SYNC_FOLLOWING);
}

static void comparing_comes_by_itself(void **state)
{
	g_autofree char *gone = server_add_code(t.server, "lock-1", "Gone", "1111", true, false);

	(void)state;
	start_sync_with("service", "400");
	wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
	server_delete_code(t.server, gone, false);
	wait_for(is_deleted(gone));
}

static void a_code_whose_window_begins_is_looked_at_again(void **state)
{
	char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, false);

	(void)state;
	instant_format(instant_add_ms(instant_now(), 1000), from);
	instant_format(instant_add_ms(instant_now(), HOUR_MS), until);
	server_set(t.server, id, "starts_at", json_string(from));
	server_set(t.server, id, "ends_at", json_string(until));
	start_and_follow();
	server_set(t.server, id, "name", json_string("Anna is in")); /* and no event */
	wait_for(cached_named("Anna is in") == 1);
}

static void the_server_goes_away_and_comes_back(void **state)
{
	(void)state;
	start_and_follow();
	server_stop(t.server);
	wait_for(t.status.phase == SYNC_WAITING && t.status.text &&
		 instant_known(t.status.next_at));
	g_free(server_add_code(t.server, "lock-1", "Meanwhile", "1234", true, true));
	int64_t no = wish_create("Queued", "5678", NULL);
	say("outbox\n");
	assert_int_equal(state_of(no), INTENT_QUEUED);
	server_start(t.server);
	say("hello 1\n");
	wait_for(cached_named("Meanwhile") == 1 && state_of(no) == INTENT_ACCEPTED);
	assert_int_equal(server_codes_named(t.server, "Queued"), 1);
	wait_for(t.status.phase == SYNC_FOLLOWING);
}

static void a_refetch_that_fails_is_done_later(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/access_codes/list", FAULT_503, 4); /* the client retries twice */
	g_free(server_add_code(t.server, "lock-1", "Anna", "1234", true, true));
	wait_for(cached_named("Anna") == 1);
}

static void a_limit_is_kept_to(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/events/list", FAULT_429, 4);
	wait_for(t.status.phase == SYNC_WAITING);
	assert_true(t.status.interval_ms >= 500);
	wait_for(t.status.phase == SYNC_FOLLOWING);
}

static void a_refused_key_is_said_and_tried_again(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/events/list", FAULT_401, -1);
	wait_for(t.status.phase == SYNC_NO_ACCESS);
	server_fault(t.server, "/events/list", FAULT_NONE, 0);
	say("hello 1\n"); /* the person who mended it looks again */
	wait_for(t.status.phase == SYNC_FOLLOWING);
}

/* ---- the outbox ---- */

static void a_create_is_accepted_and_shown(void **state)
{
	(void)state;
	start_and_follow();
	int64_t no = wish_create("Anna", "1234", NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED);
	assert_int_equal(cached_named("Anna"), 1);
	OWN(cache_list) struct cache_list *list = outbox_get(t.desk, no, NULL);
	assert_non_null(cache_list_at(list, struct intent, 0)->access_code_id);
}

static void a_refusal_has_the_servers_words_and_tree(void **state)
{
	(void)state;
	start_and_follow();
	int64_t no = wish_create("Anna", "12x4", NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_REFUSED);
	OWN(cache_list) struct cache_list *list = outbox_get(t.desk, no, NULL);
	const struct intent *in = cache_list_at(list, struct intent, 0);
	assert_string_equal(in->message, "digits only");
	assert_string_equal(in->error_type, "invalid_input");
	assert_non_null(strstr(in->validation_errors, "\"code\""));
	assert_int_equal(in->status, 400);
	assert_true(g_str_has_prefix(in->request_id, "request-"));
	assert_int_equal(in->settled_how, INTENT_BY_ANSWER);
}

static const struct lost_row {
	enum fault fault;
	const char *pin, *key;
} lost_rows[] = {
	{ FAULT_RESET_AFTER, "1234", "key-1" },	 { FAULT_RESET_AFTER, "1234", NULL },
	{ FAULT_RESET_AFTER, NULL, "key-1" },	 { FAULT_RESET_AFTER, NULL, NULL },
	{ FAULT_RESET_BEFORE, "1234", "key-1" }, { FAULT_RESET_BEFORE, "1234", NULL },
	{ FAULT_RESET_BEFORE, NULL, "key-1" },	 { FAULT_RESET_BEFORE, NULL, NULL },
	{ FAULT_503_AFTER, "1234", NULL },	 { FAULT_503, "1234", NULL },
	{ FAULT_500, NULL, NULL },
};

static void a_lost_create_makes_exactly_one_code(void **state)
{
	int64_t nos[G_N_ELEMENTS(lost_rows)];

	(void)state;
	start_and_follow();
	for (size_t i = 0; i < G_N_ELEMENTS(lost_rows); i++) {
		const struct lost_row *r = &lost_rows[i];
		g_autofree char *name = g_strdup_printf("Guest %zu", i);
		g_autofree char *pin = r->pin ? g_strdup_printf("%zu%s", i + 1, r->pin) : NULL;
		g_autofree char *key = r->key ? g_strdup_printf("%s-%zu", r->key, i) : NULL;
		int sent = server_requests(t.server, "/access_codes/create");

		server_fault(t.server, "/access_codes/create", r->fault, 1);
		nos[i] = wish_create(name, pin, key);
		say("outbox\n");
		wait_for(server_requests(t.server, "/access_codes/create") > sent);
		wait_for(state_of(nos[i]) == INTENT_ACCEPTED);
		assert_int_equal(server_codes_named(t.server, name), 1);
		wait_for(cached_named(name) == 1);
		/* What was carried out is found; what was not is sent again, and then answered. */
		bool found = r->fault == FAULT_RESET_AFTER || r->fault == FAULT_503_AFTER;
		OWN(cache_list) struct cache_list *list = outbox_get(t.desk, nos[i], NULL);
		const struct intent *in = cache_list_at(list, struct intent, 0);

		assert_int_equal(in->settled_how, found ? INTENT_BY_READING_BACK : INTENT_BY_ANSWER);
		assert_true(g_str_has_prefix(in->request_id, "request-"));
	}
}

/* A create whose answer was lost, and whose code another desk has revoked before anybody looked, is
 * not made again: keyrackd's history says that it was there. Any other server cannot say so. Whether
 * the desk's clock is right has nothing to do with it, nor whether it is set meanwhile. */
static const struct gone_row {
	bool keyrackd, with_key, was_made;
	int codes_then;
	int64_t ahead_ms, then_ms; /* when it is asked for, and when it is looked for */
} gone_rows[] = {
	{ true, true, true, 0, 0, 0 },
	{ true, false, true, 0, 0, 0 },
	{ true, true, false, 1, 0, 0 },
	{ true, false, false, 1, 0, 0 },
	{ false, true, true, 1, 0, 0 },
	{ true, true, true, 0, 3 * HOUR_MS, 3 * HOUR_MS },
	{ true, false, true, 0, 3 * HOUR_MS, 3 * HOUR_MS },
	{ true, false, false, 1, 3 * HOUR_MS, 3 * HOUR_MS },
	{ true, true, true, 0, 3 * HOUR_MS, 0 },
	{ true, false, true, 0, 3 * HOUR_MS, 0 },
	{ true, false, true, 0, -3 * HOUR_MS, 3 * HOUR_MS },
	{ true, false, true, 0, 0, -3 * HOUR_MS },
};

static void a_lost_create_that_somebody_revoked_is_not_made_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(gone_rows); i++) {
		const struct gone_row *r = &gone_rows[i];
		g_autofree char *name = g_strdup_printf("Gone %zu", i);
		g_autofree char *pin = g_strdup_printf("77%zu12", i);
		g_autofree char *key = r->with_key ? g_strdup_printf("gone-%zu", i) : NULL;
		g_autofree char *id = NULL;
		int looks;
		int64_t no;

		server_live(t.server, r->keyrackd);
		set_clock(r->ahead_ms);
		start_sync();
		wait_for(t.status_known && t.status.explains == r->keyrackd &&
			 (t.status.phase == SYNC_FOLLOWING || t.status.phase == SYNC_COMPARING));
		/* The list cannot be had until the other desk has been there. */
		server_fault(t.server, "/access_codes/list", FAULT_RESET_BEFORE, -1);
		server_fault(t.server, "/access_codes/create",
			     r->was_made ? FAULT_RESET_AFTER : FAULT_RESET_BEFORE, 1);
		looks = server_requests(t.server, "/access_codes/list");
		no = wish_create(name, pin, key);
		say("outbox\n");
		wait_for(state_of(no) == INTENT_SENDING &&
			 server_requests(t.server, "/access_codes/list") > looks);
		id = server_id_named(t.server, name);
		if (id)
			server_delete_code(t.server, id, true);
		set_clock(r->then_ms);
		server_fault(t.server, "/access_codes/list", FAULT_NONE, 0);
		wait_for(state_of(no) == INTENT_ACCEPTED);
		if (server_codes_named(t.server, name) != r->codes_then)
			fail_msg("row %zu: %d codes, not %d", i, server_codes_named(t.server, name), r->codes_then);
		stop_sync();
	}
}

/* A clock that is set while sync runs, either way, or was while it did not: what waits to be tried again, and
 * comparing, wait no longer for it. */
static void a_clock_that_is_set_holds_nothing_up(void **state)
{
	static const struct {
		bool running;
		int64_t before_ms, ahead_ms;
	} sets[] = {
		{ true, 0, -3 * HOUR_MS }, { true, 0, 3 * HOUR_MS },	    { true, 3 * HOUR_MS, 0 },
		{ false, 3 * HOUR_MS, 0 }, { false, 0, -10 * MINUTE_MS },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
		g_autofree char *name = g_strdup_printf("Set %zu", i);
		g_autofree char *gone = server_add_code(t.server, "lock-2", "Gone", NULL, true, false);
		int64_t no;

		set_clock(sets[i].before_ms);
		start_sync_with("service", "400");
		wait_for(cache_code_no(t.desk, gone));
		server_fault(t.server, "/access_codes/create", FAULT_503, -1);
		server_fault(t.server, "/access_codes/list", FAULT_503, -1);
		no = wish_create(name, NULL, NULL);
		say("outbox\n");
		wait_for(state_of(no) == INTENT_SENDING && has_next_try(no));
		if (!sets[i].running)
			stop_sync();
		set_clock(sets[i].ahead_ms);
		server_delete_code(t.server, gone, false);
		server_fault(t.server, "/access_codes/create", FAULT_NONE, 0);
		server_fault(t.server, "/access_codes/list", FAULT_NONE, 0);
		if (!sets[i].running)
			start_sync_with("service", "400");
		wait_for(state_of(no) == INTENT_ACCEPTED && server_codes_named(t.server, name) == 1);
		wait_for(is_deleted(gone));
		stop_sync();
	}
}

static void lost_repeatable_changes_are_done_once_in_effect(void **state)
{
	static const enum fault faults[] = { FAULT_RESET_AFTER, FAULT_RESET_BEFORE,
					     FAULT_503_AFTER };

	(void)state;
	start_and_follow();
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *id = server_add_code(t.server, "lock-1", "Old", NULL, true, true);
		g_autofree char *foreign =
			server_add_code(t.server, "lock-1", "Foreign", NULL, false, true);
		g_autofree char *stray =
			server_add_code(t.server, "lock-1", "Stray", NULL, false, true);

		wait_for(cache_code_no(t.desk, id) && cache_code_no(t.desk, foreign) &&
			 cache_code_no(t.desk, stray));
		server_fault(t.server, "/access_codes/update", faults[i], 1);
		server_fault(t.server, "/access_codes/pull_backup_access_code", faults[i], 1);
		server_fault(t.server, "/access_codes/unmanaged/convert_to_managed", faults[i], 1);
		server_fault(t.server, "/access_codes/unmanaged/delete", faults[i], 1);
		server_fault(t.server, "/access_codes/delete", faults[i], 1);
		int backups = server_codes_named(t.server, "Backup");
		int64_t update = wish_about(INTENT_UPDATE, id, ", \"name\": \"New\"");
		int64_t pull = wish_about(INTENT_PULL_BACKUP, id, NULL);
		int64_t adopt = wish_about(INTENT_ADOPT, foreign, NULL);
		int64_t drop = wish_about(INTENT_DELETE_UNMANAGED, stray, NULL);
		int64_t delete = wish_about(INTENT_DELETE, id, NULL);
		say("outbox\n");
		wait_for(state_of(update) == INTENT_ACCEPTED && state_of(pull) == INTENT_ACCEPTED &&
			 state_of(adopt) == INTENT_ACCEPTED && state_of(drop) == INTENT_ACCEPTED &&
			 state_of(delete) == INTENT_ACCEPTED);
		assert_int_equal(server_codes_named(t.server, "Backup"), backups + 1);
		wait_for(is_deleted(id) && is_deleted(stray) && is_managed(foreign));
	}
}

static void a_delete_of_what_is_gone_is_done_and_of_a_foreign_code_is_not(void **state)
{
	g_autofree char *gone = server_add_code(t.server, "lock-1", "Gone", NULL, true, false);
	g_autofree char *foreign =
		server_add_code(t.server, "lock-1", "Foreign", NULL, false, false);

	(void)state;
	start_and_follow();
	server_delete_code(t.server, gone, false);
	int64_t no = wish_about(INTENT_DELETE, gone, NULL);
	int64_t wrong = wish_about(INTENT_DELETE, foreign, NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED && is_deleted(gone));
	wait_for(state_of(wrong) == INTENT_REFUSED);
	assert_false(is_deleted(foreign));
}

static void an_older_server_adopts_by_its_older_route(void **state)
{
	g_autofree char *foreign =
		server_add_code(t.server, "lock-1", "Foreign", NULL, false, false);

	(void)state;
	server_fault(t.server, "/access_codes/unmanaged/convert_to_managed", FAULT_404, -1);
	start_and_follow();
	int64_t no = wish_about(INTENT_ADOPT, foreign, NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED && is_managed(foreign));
}

static void a_door_moves_once_and_its_state_is_shown(void **state)
{
	(void)state;
	start_and_follow();
	assert_true(lock_is_locked("lock-1"));
	int64_t no = wish_door(INTENT_UNLOCK);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED && !lock_is_locked("lock-1"));
	assert_int_equal(server_carried_out(t.server, "/locks/unlock_door"), 1);
}

static void a_door_that_does_not_confirm_is_said_to(void **state)
{
	(void)state;
	server_confirm(t.server, false);
	start_and_follow();
	int64_t no = wish_door(INTENT_UNLOCK);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED && message_has(no, "not confirmed"));
}

static void a_jammed_door_is_refused_in_its_words(void **state)
{
	(void)state;
	server_accept_then_hold(t.server, "error");
	start_and_follow();
	int64_t no = wish_door(INTENT_LOCK);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_REFUSED);
	assert_true(message_has(no, "jammed"));
}

static void a_door_whose_answer_was_lost_is_not_moved_again(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/locks/unlock_door", FAULT_RESET_AFTER, 1);
	int64_t no = wish_door(INTENT_UNLOCK);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_REFUSED);
	assert_true(message_has(no, "look at the door"));
	assert_int_equal(server_requests(t.server, "/locks/unlock_door"), 1);
}

static void a_limited_change_goes_later_and_once(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/access_codes/create", FAULT_429, 2);
	int64_t no = wish_create("Anna", "1234", NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED);
	assert_int_equal(server_codes_named(t.server, "Anna"), 1);
	assert_int_equal(server_requests(t.server, "/access_codes/create"), 3);
}

/* Within two minutes of now, and later than at once. */
static bool goes_within_minutes(int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(t.desk, intent_no, NULL);
	const struct intent *in = list && list->rows->len > 0 ? cache_list_at(list, struct intent, 0) : NULL;
	int64_t in_ms = in && instant_known(in->next_try_at) ? instant_diff_ms(in->next_try_at, instant_now()) : 0;

	return in_ms > 10 * SECOND_MS && in_ms < 2 * MINUTE_MS;
}

static void a_rest_of_a_year_is_kept_for_a_minute_and_said(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/access_codes/create", FAULT_429_YEAR, -1);
	int64_t no = wish_create("Anna", "1234", NULL);
	say("outbox\n");
	wait_for(message_has(no, "wants at least 1 d without a request, and is asked again sooner"));
	assert_true(goes_within_minutes(no));
	server_fault(t.server, "/events/list", FAULT_429_YEAR, -1);
	wait_for(t.status.phase == SYNC_WAITING);
	assert_non_null(strstr(t.status.text, "is asked again sooner"));
	assert_true(instant_diff_ms(t.status.next_at, instant_now()) <= MINUTE_MS);
}

static void a_pin_in_the_servers_words_is_struck_out(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "480211", true, false);
	OWN(cache_list) struct cache_list *refused = NULL, *codes = NULL;

	(void)state;
	server_set(t.server, id, "errors",
		   json_pack("[{s:s, s:s, s:b}]", "error_code", "weak_pin", "message", "480211 is weak",
			     "is_access_code_error", 1));
	start_and_follow();
	codes = cache_code(t.desk, cache_code_no(t.desk, id), instant_now(), NULL);
	assert_string_equal(cache_list_at(codes, struct code_row, 0)->code.code, "480211");
	assert_non_null(strstr(cache_list_at(codes, struct code_row, 0)->code.errors, "•••• is weak"));
	int64_t no = wish_create("Bert", "593174593", NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_REFUSED);
	assert_true(message_has(no, "•••• is too long"));
	refused = outbox_get(t.desk, no, NULL);
	assert_null(strstr(cache_list_at(refused, struct intent, 0)->validation_errors, "593174593"));
}

static void what_was_queued_offline_goes_in_order(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "One", NULL, true, false);
	int64_t first, last;

	(void)state;
	start_and_follow();
	stop_sync();
	server_stop(t.server);
	first = wish_about(INTENT_UPDATE, id, ", \"name\": \"Two\"");
	wish_about(INTENT_UPDATE, id, ", \"name\": \"Three\"");
	last = wish_about(INTENT_UPDATE, id, ", \"name\": \"Four\"");
	start_sync();
	wait_for(t.status_known && t.status.phase == SYNC_WAITING);
	server_start(t.server);
	say("hello 1\n");
	wait_for(state_of(last) == INTENT_ACCEPTED);
	assert_int_equal(state_of(first), INTENT_ACCEPTED);
	assert_int_equal(server_carried_out(t.server, "/access_codes/update"), 3);
	wait_for(cached_named("Four") == 1);
}

/* ---- what can be taken back for a while ---- */

enum { HELD_MS = 1500 }; /* far above what sync waits for a console that has gone */

static int64_t wish_held(const char *id)
{
	g_autofree char *params = g_strdup_printf("{\"access_code_id\": \"%s\"}", id);
	struct intent in = { .kind = INTENT_DELETE, .device_id = "lock-1", .access_code_id = id,
			     .params = params, .undo_ms = HELD_MS };
	int64_t no = outbox_add(t.desk, &in, NULL);

	assert_true(no > 0);
	return no;
}

/* The console quits, or is killed, or sync itself is: the revocation leaves at its hour, once. */
static void a_held_revocation_leaves_whoever_ends_meanwhile(void **state)
{
	static const enum { CONSOLE_GOES, SYNC_IS_KILLED, ONLY_ONCE } ways[] = { CONSOLE_GOES, SYNC_IS_KILLED,
										  ONLY_ONCE };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autofree char *id = server_add_code(t.server, "lock-1", "Guest", NULL, true, false);
		bool by_once = ways[i] == ONLY_ONCE;
		struct instant made;
		int64_t no;

		if (!by_once)
			start_sync_with("console", NULL);
		if (!by_once)
			wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
		made = instant_now();
		no = wish_held(id);
		if (by_once) {
			start_sync_with("once", NULL);
		} else {
			say("outbox\n");
			forget_poke();
		}
		if (ways[i] == SYNC_IS_KILLED) {
			kill_sync();
			assert_int_equal(state_of(no), INTENT_QUEUED);
			start_sync_with("once", NULL);
		}
		assert_int_equal(wait_sync(), 0);
		assert_true(instant_diff_ms(instant_now(), made) >= HELD_MS);
		assert_int_equal(state_of(no), INTENT_ACCEPTED);
		assert_int_equal(server_carried_out(t.server, "/access_codes/delete"), (int)i + 1);
		t.status_known = false;
	}
}

static void a_held_revocation_that_was_taken_back_never_leaves(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Guest", NULL, true, false);
	int64_t no;

	(void)state;
	start_sync_with("console", NULL);
	wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
	no = wish_held(id);
	say("outbox\n");
	listen_a_moment();
	assert_true(outbox_withdraw(t.desk, no, NULL));
	say("outbox\n");
	forget_poke();
	assert_int_equal(wait_sync(), 0);
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 0);
	assert_int_equal(state_of(no), INTENT_WITHDRAWN);
	assert_int_equal(server_carried_out(t.server, "/access_codes/delete"), 0);
}

/* ---- processes ---- */

static void once_pulls_pushes_and_ends(void **state)
{
	(void)state;
	g_free(server_add_code(t.server, "lock-1", "Anna", NULL, true, false));
	int64_t no = wish_create("Bert", "1234", NULL);
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 0);
	assert_int_equal(state_of(no), INTENT_ACCEPTED);
	assert_int_equal(cached_codes(), 2);
	g_free(server_add_code(t.server, "lock-1", "Carl", NULL, true, false));
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 0);
	assert_int_equal(cached_codes(), 3);
	server_stop(t.server);
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 4);
}

static void it_ends_after_the_last_console_has_gone(void **state)
{
	(void)state;
	start_sync_with("console", NULL);
	wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
	forget_poke();
	assert_int_equal(wait_sync(), 0);
}

static void a_second_sync_is_busy_until_the_first_is_killed(void **state)
{
	pid_t first;

	(void)state;
	start_and_follow();
	first = t.sync;
	start_sync();
	assert_int_equal(wait_sync(), 7);
	t.sync = first;
	kill_sync();
	start_and_follow();
}

static void a_damaged_cache_is_rescued_and_pulled_anew(void **state)
{
	static const char rubbish[4096] = "this is not a cache";
	int fd;

	(void)state;
	g_free(server_add_code(t.server, "lock-1", "Anna", NULL, true, false));
	start_and_follow();
	stop_sync();
	cache_close(t.desk);
	fd = open(t.cache_path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, rubbish, sizeof rubbish), sizeof rubbish);
	close(fd);
	start_sync();
	wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
	t.desk = cache_open(t.cache_path, CACHE_DESK, false, NULL);
	assert_non_null(t.desk);
	assert_int_equal(cached_codes(), 1);
}

/* Killed at any moment of a loop of pushes, nothing is lost and nothing doubled. */
static void killing_it_at_random_loses_and_doubles_nothing(void **state)
{
	enum { ROUNDS = 40 };
	int64_t nos[ROUNDS];
	GRand *dice = g_rand_new_with_seed(4711);

	(void)state;
	start_and_follow();
	for (int i = 0; i < ROUNDS; i++) {
		g_autofree char *name = g_strdup_printf("Guest %d", i);
		g_autofree char *pin = g_strdup_printf("%d", 100000 + i);
		gint64 until = g_get_monotonic_time() + g_rand_int_range(dice, 0, 12000);

		nos[i] = wish_create(name, i % 3 ? pin : NULL, i % 2 ? name : NULL);
		say("outbox\n");
		while (g_get_monotonic_time() < until) /* the moment is what is random here */
			g_thread_yield();
		kill_sync();
		start_sync();
		wait_for(connect_poke());
	}
	g_rand_free(dice);
	for (int i = 0; i < ROUNDS; i++) {
		g_autofree char *name = g_strdup_printf("Guest %d", i);

		wait_for(state_of(nos[i]) == INTENT_ACCEPTED);
		assert_int_equal(server_codes_named(t.server, name), 1);
	}
	assert_int_equal(server_codes(t.server), ROUNDS);
	wait_for(cached_codes() == ROUNDS);
}

/* ---- a disk that takes no more ---- */

static void in_the_file(const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(t.cache_path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* What fails is the mark 'sending', as soon as the first page of locks shows that the server is
 * there: in the middle of the first pull. */
static void an_intent_the_disk_refuses_stops_the_first_pull_in_order(void **state)
{
	int64_t no = wish_create("Anna", "1234", NULL);

	(void)state;
	in_the_file("CREATE TRIGGER no_room BEFORE UPDATE OF state ON intent "
		    "BEGIN SELECT RAISE(FAIL, 'no room'); END");
	start_sync();
	wait_for(t.status_known && t.status.phase == SYNC_STOPPED);
	assert_int_equal(state_of(no), INTENT_QUEUED);
	in_the_file("DROP TRIGGER no_room");
	say("outbox\n");
	wait_for(t.status.phase == SYNC_FOLLOWING && state_of(no) == INTENT_ACCEPTED);
	assert_int_equal(server_codes_named(t.server, "Anna"), 1);
	stop_sync();
}

/* The cache fails while a poll is on its way, and the next turn begins before its answer: that turn
 * once waited for it for ever. */
static void a_poll_that_outlives_a_failure_of_the_disk_begins_the_next(void **state)
{
	int polls;
	int64_t no;

	(void)state;
	start_and_follow();
	polls = server_requests(t.server, "/events/list");
	server_fault(t.server, "/events/list", FAULT_RESET_BEFORE, -1);
	say("compare\n");
	wait_for(server_requests(t.server, "/events/list") > polls);
	in_the_file("CREATE TRIGGER no_room BEFORE UPDATE OF state ON intent "
		    "BEGIN SELECT RAISE(FAIL, 'no room'); END");
	no = wish_create("Anna", "1234", NULL);
	say("outbox\n");
	wait_for(t.status.phase == SYNC_STOPPED);
	in_the_file("DROP TRIGGER no_room");
	say("compare\n");
	say("compare\n");
	server_fault(t.server, "/events/list", FAULT_NONE, 0);
	wait_for(t.status.phase == SYNC_FOLLOWING && state_of(no) == INTENT_ACCEPTED);
	stop_sync();
}

/* ---- ends ---- */

static void a_lost_create_on_a_lock_the_server_forgot_is_refused(void **state)
{
	(void)state;
	start_and_follow();
	server_fault(t.server, "/access_codes/create", FAULT_RESET_BEFORE, 1);
	int64_t no = wish(INTENT_CREATE, "lock-9", NULL, "Anna",
			  "{\"device_id\": \"lock-9\", \"name\": \"Anna\"}");
	say("outbox\n");
	wait_for(state_of(no) == INTENT_REFUSED);
	assert_true(message_has(no, "no longer knows this lock"));
}

static void once_does_not_wait_for_ever_for_what_is_in_doubt(void **state)
{
	g_autofree char *id = server_add_code(t.server, "lock-1", "Anna", "1234", true, false);

	(void)state;
	server_fault(t.server, "/access_codes/update", FAULT_503, -1);
	int64_t no = wish_about(INTENT_UPDATE, id, ", \"name\": \"Anna B\"");
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 9);
	assert_int_equal(state_of(no), INTENT_SENDING);
}

static void once_gives_up_where_it_is_always_too_much(void **state)
{
	(void)state;
	server_fault(t.server, "/devices/list", FAULT_429, -1);
	start_sync_with("once", NULL);
	assert_int_equal(wait_sync(), 4);
}

static void once_that_is_interrupted_does_not_say_that_all_is_well(void **state)
{
	(void)state;
	server_fault(t.server, "/devices/list", FAULT_429, -1);
	start_sync_with("once", NULL);
	wait_for(server_requests(t.server, "/devices/list") > 0);
	kill(t.sync, SIGTERM);
	assert_int_equal(wait_sync(), 1);
}

static void what_was_entered_for_one_server_is_not_carried_out_at_another(void **state)
{
	int64_t no = wish_create("Anna", "1234", NULL);

	(void)state;
	in_the_file("INSERT OR REPLACE INTO fact VALUES('server', 'https://elsewhere.example ')");
	start_and_follow();
	assert_int_equal(state_of(no), INTENT_REFUSED);
	assert_true(message_has(no, "https://elsewhere.example"));
	assert_int_equal(server_codes(t.server), 0);
	no = wish_create("Bert", "2345", NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED);
}

static void a_cache_deleted_under_it_is_made_and_filled_anew(void **state)
{
	static const char *const parts[] = { "", "-wal", "-shm" };

	(void)state;
	g_free(server_add_code(t.server, "lock-1", "Anna", "1234", true, false));
	start_and_follow();
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path = g_strconcat(t.cache_path, parts[i], NULL);

		g_unlink(path);
	}
	assert_false(cache_is_in_place(t.desk));
	assert_true(cache_reopen(t.desk, false, NULL));
	assert_true(cache_is_in_place(t.desk));
	wait_for(cached_codes() == 1 && cached_locks() == 2);
	int64_t no = wish_create("Bert", "2345", NULL);
	say("outbox\n");
	wait_for(state_of(no) == INTENT_ACCEPTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(first_pull_has_locks_codes_and_events),
		TEST(pages_are_all_pulled),
		TEST(a_server_that_ignores_filters_and_limits_is_understood),
		TEST(a_server_without_unmanaged_codes_is_no_failure),
		TEST(a_code_whose_address_is_missing_is_kept),
		TEST(more_events_than_a_page_at_one_instant_are_all_kept),
		TEST(what_happens_during_the_first_pull_is_not_missed),
		TEST(an_interrupted_first_pull_goes_on),
		TEST(a_change_an_unlock_and_a_delete_are_followed),
		TEST(an_unlock_by_a_code_not_known_yet_has_its_name),
		TEST(a_backup_that_lists_leave_out_is_fetched_and_kept),
		TEST(a_new_lock_and_a_lost_one_are_followed),
		TEST(what_no_event_tells_is_found_by_comparing),
		TEST(comparing_comes_by_itself),
		TEST(a_code_whose_window_begins_is_looked_at_again),
		TEST(the_server_goes_away_and_comes_back),
		TEST(a_refetch_that_fails_is_done_later),
		TEST(a_limit_is_kept_to),
		TEST(a_refused_key_is_said_and_tried_again),
		TEST(a_create_is_accepted_and_shown),
		TEST(a_refusal_has_the_servers_words_and_tree),
		TEST(a_lost_create_makes_exactly_one_code),
		TEST(a_lost_create_that_somebody_revoked_is_not_made_again),
		TEST(a_clock_that_is_set_holds_nothing_up),
		TEST(lost_repeatable_changes_are_done_once_in_effect),
		TEST(a_delete_of_what_is_gone_is_done_and_of_a_foreign_code_is_not),
		TEST(an_older_server_adopts_by_its_older_route),
		TEST(a_door_moves_once_and_its_state_is_shown),
		TEST(a_door_that_does_not_confirm_is_said_to),
		TEST(a_jammed_door_is_refused_in_its_words),
		TEST(a_door_whose_answer_was_lost_is_not_moved_again),
		TEST(a_limited_change_goes_later_and_once),
		TEST(a_rest_of_a_year_is_kept_for_a_minute_and_said),
		TEST(a_pin_in_the_servers_words_is_struck_out),
		TEST(what_was_queued_offline_goes_in_order),
		TEST(a_held_revocation_leaves_whoever_ends_meanwhile),
		TEST(a_held_revocation_that_was_taken_back_never_leaves),
		TEST(once_pulls_pushes_and_ends),
		TEST(it_ends_after_the_last_console_has_gone),
		TEST(a_second_sync_is_busy_until_the_first_is_killed),
		TEST(a_damaged_cache_is_rescued_and_pulled_anew),
		TEST(killing_it_at_random_loses_and_doubles_nothing),
		TEST(an_intent_the_disk_refuses_stops_the_first_pull_in_order),
		TEST(a_poll_that_outlives_a_failure_of_the_disk_begins_the_next),
		TEST(a_lost_create_on_a_lock_the_server_forgot_is_refused),
		TEST(once_does_not_wait_for_ever_for_what_is_in_doubt),
		TEST(once_gives_up_where_it_is_always_too_much),
		TEST(once_that_is_interrupted_does_not_say_that_all_is_well),
		TEST(what_was_entered_for_one_server_is_not_carried_out_at_another),
		TEST(a_cache_deleted_under_it_is_made_and_filled_anew),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
