/* What is put into a store beside the codes comes out of it: decisions, devices, attempts, marks, webhooks,
 * facts. */
#include "tests/engine/store-fixture.h"

#include <string.h>

static void decisions_are_kept_in_order(void **state)
{
	static const struct store_decision rows[] = {
		{ AT(3), REASON_PRELOAD, STEP_WRITE, NULL },
		{ AT(2), REASON_BACKOFF, STEP_WAIT, "no answer" },
		{ AT(4), REASON_PROVEN, STEP_READ, "" },
	};
	struct fixture *f = *state;
	OWN(store_list) struct store_list *list = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_true(store_add_decision(f->s, "c", &rows[i], NULL));
		assert_true(store_add_decision(f->s, "other", &rows[0], NULL));
	}
	list = store_decisions(f->s, "c", NULL);
	assert_int_equal(list->rows->len, G_N_ELEMENTS(rows));
	for (guint i = 0; i < list->rows->len; i++) {
		const struct store_decision *d = store_at(list, struct store_decision, i);

		same_time(d->at, rows[i].at);
		assert_int_equal(d->reason, rows[i].reason);
		assert_int_equal(d->step, rows[i].step);
		same_text(d->text, rows[i].text);
	}
}

static void a_device_comes_out_as_it_was_put(void **state)
{
	static const struct store_device d = {
		"id", "august_lock", "name", "nickname", "place", "room", "zone", "model", "serial",
		"account", "account name", .created_at = AT(1), .managed = true, .locked = true,
		.removed = true, .battery_pct = -1, .can_unlock = true, .backup_pool = true,
		.code_lengths = "[4,6]", .metadata = "{\"a\":1}", .read_at = AT(2),
		.first_read_done = true, .has_keypad = true, .auto_lock = TRI_UNKNOWN,
		.zone_reported = "reported",
	};
	struct fixture *f = *state;
	struct store_device changed = d;
	OWN(store_list) struct store_list *list = NULL;
	const struct store_device *got;

	assert_true(store_put_device(f->s, &d, NULL));
	changed.online = true;
	changed.locked = false;
	changed.battery_pct = 55;
	changed.auto_lock = TRI_YES;
	changed.auto_lock_delay_s = 30;
	changed.read_at = INSTANT_NONE;
	assert_true(store_put_device(f->s, &changed, NULL));
	list = store_device(f->s, "id", NULL);
	assert_int_equal(list->rows->len, 1);
	got = store_at(list, struct store_device, 0);
	same_text(got->device_id, d.device_id);
	same_text(got->device_type, d.device_type);
	same_text(got->name, d.name);
	same_text(got->nickname, d.nickname);
	same_text(got->place, d.place);
	same_text(got->room, d.room);
	same_text(got->zone, d.zone);
	same_text(got->model, d.model);
	same_text(got->serial, d.serial);
	same_text(got->account_id, d.account_id);
	same_text(got->account_name, d.account_name);
	same_time(got->created_at, d.created_at);
	assert_true(got->managed && got->online && !got->locked && !got->account_lost);
	assert_true(got->removed && !got->can_lock && got->can_unlock && got->backup_pool);
	assert_int_equal(got->battery_pct, 55);
	same_text(got->code_lengths, d.code_lengths);
	same_text(got->metadata, d.metadata);
	same_time(got->read_at, INSTANT_NONE);
	assert_true(got->first_read_done && got->has_keypad);
	assert_int_equal(got->auto_lock, TRI_YES);
	assert_int_equal(got->auto_lock_delay_s, 30);
	same_text(got->zone_reported, d.zone_reported);
	assert_true(store_delete_device(f->s, "id", NULL));
	assert_null(store_device(f->s, "id", NULL));
}

static void devices_have_pages(void **state)
{
	struct fixture *f = *state;
	struct store_page page = { .limit = 2 };
	char last[8] = "";
	int seen = 0;

	for (int i = 0; i < 5; i++) {
		g_autofree char *id = g_strdup_printf("d%d", i);
		struct store_device d = { .device_id = id, .created_at = AT(5 - i) };

		assert_true(store_put_device(f->s, &d, NULL));
	}
	do {
		OWN(store_list) struct store_list *list = store_devices(f->s, &page, NULL);
		const struct store_device *d = NULL;

		for (guint i = 0; i < list->rows->len; i++, seen++) {
			d = store_at(list, struct store_device, i);
			assert_int_equal(d->device_id[1] - '0', 4 - seen);
		}
		g_strlcpy(last, d->device_id, sizeof(last));
		page.after_id = last;
		page.after_created_at = d->created_at;
	} while (page.has_more);
	assert_int_equal(seen, 5);
}

static void action_attempts_are_kept(void **state)
{
	static const char *const ids[] = { "a2", "a3", "none", NULL };
	struct fixture *f = *state;
	struct store_attempt a = { "a1", "UNLOCK_DOOR", "pending", "d1", NULL, NULL, AT(1), NULL };
	OWN(store_list) struct store_list *one = NULL;
	OWN(store_list) struct store_list *some = NULL;
	OWN(store_list) struct store_list *of_device = NULL;
	OWN(store_list) struct store_list *all = NULL;
	const struct store_attempt *got;

	assert_true(store_put_attempt(f->s, &a, NULL));
	a.status = "error";
	a.error = "{\"type\":\"jammed\"}";
	assert_true(store_put_attempt(f->s, &a, NULL));
	a.action_attempt_id = "a2";
	a.created_at = AT(2);
	assert_true(store_put_attempt(f->s, &a, NULL));
	a.action_attempt_id = "a3";
	a.device_id = "d2";
	a.result = "{}";
	assert_true(store_put_attempt(f->s, &a, NULL));
	some = store_attempts(f->s, ids, NULL, NULL, NULL);
	assert_int_equal(some->rows->len, 2);
	one = store_attempts(f->s, ids, "d2", NULL, NULL);
	assert_int_equal(one->rows->len, 1);
	got = store_at(one, struct store_attempt, 0);
	same_text(got->action_attempt_id, "a3");
	same_text(got->action_type, "UNLOCK_DOOR");
	same_text(got->status, "error");
	same_text(got->result, "{}");
	same_text(got->error, "{\"type\":\"jammed\"}");
	same_time(got->created_at, AT(2));
	of_device = store_attempts(f->s, NULL, "d1", NULL, NULL);
	assert_int_equal(of_device->rows->len, 2);
	same_text(store_at(of_device, struct store_attempt, 0)->action_attempt_id, "a1");
	all = store_attempts(f->s, NULL, NULL, NULL, NULL);
	assert_int_equal(all->rows->len, 3);
}

static void attempts_about_codes_are_found_while_they_are_pending(void **state)
{
	struct fixture *f = *state;
	struct store_attempt a = { .action_attempt_id = "a1", .action_type = "CREATE_ACCESS_CODE",
				   .status = "pending", .device_id = "d1", .created_at = AT(1),
				   .access_code_id = "c1" };
	OWN(store_list) struct store_list *all = NULL;
	OWN(store_list) struct store_list *none = NULL;

	assert_true(store_put_attempt(f->s, &a, NULL));
	a.action_attempt_id = "a2"; /* about the lock */
	a.access_code_id = NULL;
	assert_true(store_put_attempt(f->s, &a, NULL));
	all = store_attempts_pending(f->s, NULL);
	assert_int_equal(all->rows->len, 1);
	same_text(store_at(all, struct store_attempt, 0)->action_attempt_id, "a1");
	same_text(store_at(all, struct store_attempt, 0)->access_code_id, "c1");
	a.action_attempt_id = "a1";
	a.access_code_id = "c1";
	a.status = "success";
	assert_true(store_put_attempt(f->s, &a, NULL));
	none = store_attempts_pending(f->s, NULL);
	assert_int_equal(none->rows->len, 0);
}

static void a_mark_is_a_place_to_come_back_to(void **state)
{
	struct fixture *f = *state;

	assert_true(store_begin(f->s, NULL));
	assert_true(store_fact_set(f->s, "before", "1", NULL));
	assert_true(store_mark(f->s, NULL));
	assert_true(store_fact_set(f->s, "undone", "1", NULL));
	assert_true(store_unmark(f->s, false, NULL));
	assert_true(store_mark(f->s, NULL));
	assert_true(store_fact_set(f->s, "kept", "1", NULL));
	assert_true(store_unmark(f->s, true, NULL));
	assert_true(store_commit(f->s, NULL));
	g_autofree char *before = store_fact_get(f->s, "before");
	g_autofree char *undone = store_fact_get(f->s, "undone");
	g_autofree char *kept = store_fact_get(f->s, "kept");
	same_text(before, "1");
	assert_null(undone);
	same_text(kept, "1");
}

static void webhooks_are_kept_in_the_order_they_were_made(void **state)
{
	struct fixture *f = *state;
	struct store_webhook z = { "z", "https://z", "whsec_z", "[\"a\"]", 5, 1, AT(1), AT(2), false,
				   "whsec_y", AT(3) };
	struct store_webhook a = { "a", "https://a", "whsec_a", "[]", 0, 0, INSTANT_NONE,
				   INSTANT_NONE, true, NULL, INSTANT_NONE };
	OWN(store_list) struct store_list *list = NULL;
	OWN(store_list) struct store_list *one = NULL;
	OWN(store_list) struct store_list *none = NULL;
	const struct store_webhook *got;

	assert_true(store_put_webhook(f->s, &z, NULL));
	assert_true(store_put_webhook(f->s, &a, NULL));
	z.delivered_seq = INT64_C(1) << 40;
	z.next_try_at = AT(3);
	assert_true(store_put_webhook(f->s, &z, NULL));
	list = store_webhooks(f->s, NULL, NULL);
	assert_int_equal(list->rows->len, 2);
	got = store_at(list, struct store_webhook, 0);
	same_text(got->webhook_id, "z");
	same_text(got->secret_before, "whsec_y");
	assert_true(instant_eq(got->before_until, AT(3)));
	same_text(got->url, z.url);
	same_text(got->secret, z.secret);
	same_text(got->event_types, z.event_types);
	assert_int_equal(got->delivered_seq, z.delivered_seq);
	assert_int_equal(got->tries, 1);
	same_time(got->next_try_at, AT(3));
	same_time(got->failing_since, AT(2));
	assert_false(got->disabled);
	one = store_webhooks(f->s, "a", NULL);
	assert_int_equal(one->rows->len, 1);
	assert_true(store_at(one, struct store_webhook, 0)->disabled);
	assert_true(store_delete_webhook(f->s, "a", NULL));
	none = store_webhooks(f->s, "a", NULL);
	assert_int_equal(none->rows->len, 0);
}

static void facts_are_set_changed_and_dropped(void **state)
{
	static const char *const values[] = { "1", "", "two\nlines", NULL, "again" };
	struct fixture *f = *state;

	assert_null(store_fact_get(f->s, "k"));
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *got = NULL;

		assert_true(store_fact_set(f->s, "k", values[i], NULL));
		got = store_fact_get(f->s, "k");
		same_text(got, values[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_STORE(decisions_are_kept_in_order),
		WITH_STORE(a_device_comes_out_as_it_was_put),
		WITH_STORE(devices_have_pages),
		WITH_STORE(action_attempts_are_kept),
		WITH_STORE(attempts_about_codes_are_found_while_they_are_pending),
		WITH_STORE(a_mark_is_a_place_to_come_back_to),
		WITH_STORE(webhooks_are_kept_in_the_order_they_were_made),
		WITH_STORE(facts_are_set_changed_and_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
