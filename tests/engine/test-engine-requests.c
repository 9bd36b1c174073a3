/* What a caller of the API may ask for, what is refused and how, and the backup pool. */
#include "config.h"

#include "house.h"

static struct house *with(void **state, const char *device_type)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", device_type);
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	return h;
}

static struct code_request windowed(int64_t from_ms, int64_t until_ms)
{
	struct code_request r = house_request("d1");

	r.starts_at = AT(from_ms);
	r.ends_at = AT(until_ms);
	return r;
}

#define NEVER (INT64_C(1) << 60)

static void refusals_name_their_parameter(void **state)
{
	static const struct {
		const char *what, *type, *code;
		int64_t from, until; /* NEVER: not given */
		bool pool, offline;
		int status;
		const char *error, *param;
	} rows[] = {
		{ "letters", "nuki_lock", "12a456", NEVER, NEVER, 0, 0, 400, "invalid_input",
		  "code" },
		{ "three digits", "nuki_lock", "246", NEVER, NEVER, 0, 0, 400, "invalid_input",
		  "code" },
		{ "a length of another lock", "nuki_lock", "2468", NEVER, NEVER, 0, 0, 400,
		  "invalid_input", "code" },
		{ "a zero", "nuki_lock", "240813", NEVER, NEVER, 0, 0, 400, "invalid_input",
		  "code" },
		{ "the maker chooses", "salto_lock", "246813", NEVER, NEVER, 0, 0, 400,
		  "invalid_input", "code" },
		{ "a start alone", "nuki_lock", NULL, 0, NEVER, 0, 0, 400, "invalid_input",
		  "ends_at" },
		{ "an end alone", "nuki_lock", NULL, NEVER, HOUR_MS, 0, 0, 400, "invalid_input",
		  "starts_at" },
		{ "an empty window", "nuki_lock", NULL, HOUR_MS, HOUR_MS, 0, 0, 400,
		  "invalid_input", "ends_at" },
		{ "an end before the start", "nuki_lock", NULL, 2 * HOUR_MS, HOUR_MS, 0, 0, 400,
		  "invalid_input", "ends_at" },
		{ "an end that has passed", "nuki_lock", NULL, -2 * HOUR_MS, -HOUR_MS, 0, 0, 400,
		  "invalid_input", "ends_at" },
		{ "an end that is now", "nuki_lock", NULL, -2 * HOUR_MS, 2 * SECOND_MS, 0, 0, 400,
		  "invalid_input", "ends_at" },
		{ "a pool for an ongoing code", "nuki_lock", NULL, NEVER, NEVER, 1, 0, 400,
		  "access_code_not_time_bound", "use_backup_access_code_pool" },
		{ "a pool on Salto", "salto_lock", NULL, 0, HOUR_MS, 1, 0, 400, "invalid_input",
		  "use_backup_access_code_pool" },
		{ "offline where there is none", "nuki_lock", NULL, 0, HOUR_MS, 0, 1, 400,
		  "device_type_not_supported", "is_offline_access_code" },
		{ "online where there is none", "dormakaba_oracode_door", NULL, 0, HOUR_MS, 0, 0,
		  400, "device_type_not_supported", "is_offline_access_code" },
		{ "an offline PIN of one's own", "igloohome_lock", "246813", 0, HOUR_MS, 0, 1, 400,
		  "invalid_input", "code" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;
		struct code_request r;
		const char *id;

		house_up(&own);
		h = with(&own, rows[i].type);
		r = windowed(rows[i].from, rows[i].until);
		if (rows[i].from == NEVER)
			r.starts_at = INSTANT_NONE;
		if (rows[i].until == NEVER)
			r.ends_at = INSTANT_NONE;
		r.code = rows[i].code;
		r.use_backup_pool = rows[i].pool ? TRI_YES : TRI_UNKNOWN;
		r.offline = rows[i].offline ? TRI_YES : TRI_UNKNOWN;
		if (house_make(h, r, &id))
			fail_msg("%s: taken", rows[i].what);
		if (h->no.status != rows[i].status || strcmp(h->no.type, rows[i].error) != 0 ||
		    g_strcmp0(h->no.param, rows[i].param) != 0)
			fail_msg("%s: %d %s %s", rows[i].what, h->no.status, h->no.type,
				 h->no.param);
		house_down(&own);
	}
}

static void unknown_ids_are_404_and_say_which_collection(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = house_request("nowhere");
	const char *id;

	assert_false(house_make(h, r, &id));
	assert_int_equal(h->no.status, 404);
	assert_string_equal(h->no.type, "device_not_found");
	assert_false(engine_delete(h->engine, "nothing", &h->no));
	assert_string_equal(h->no.type, "access_code_not_found");
	id = house_code(h, "d1", "246813", 0, 0);
	assert_false(engine_delete_unmanaged(h->engine, id, &h->no));
	assert_int_equal(h->no.status, 404);
	assert_non_null(strstr(h->no.message, "managed"));
}

static void the_same_pin_twice_is_409_naming_the_holder(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *holder = house_code(h, "d1", "246813", 0, HOUR_MS);
	struct code_request r = windowed(7 * DAY_MS, 8 * DAY_MS);
	struct code_request change = house_request(NULL);
	const char *id;
	bool changed;

	r.code = "246813"; /* the windows do not touch */
	assert_false(house_make(h, r, &id));
	assert_int_equal(h->no.status, 409);
	assert_string_equal(h->no.type, "duplicate_access_code");
	assert_non_null(strstr(h->no.message, holder));
	assert_non_null(strstr(h->no.message, "Anna"));
	r.code = "357924";
	assert_true(house_make(h, r, &id));
	change.access_code_id = id;
	change.code = "246813";
	assert_false(engine_update(h->engine, &change, &changed, &h->no));
	assert_int_equal(h->no.status, 409);
	/* Free again when it is gone. */
	house_run(h, 2 * HOUR_MS);
	assert_status(h, holder, "404");
	assert_true(engine_update(h->engine, &change, &changed, &h->no));
}

static void updates_are_judged_as_a_whole(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", HOUR_MS, 2 * HOUR_MS);
	struct code_request r = house_request(NULL);
	bool changed;

	r.access_code_id = id;
	r.name = "Berta";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_true(instant_eq(house_row(h, id).ends_at, AT(2 * HOUR_MS))); /* the window stays */
	r.ends_at = AT(3 * HOUR_MS);
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_true(instant_eq(house_row(h, id).starts_at, AT(HOUR_MS)));
	r.ends_at = AT(HOUR_MS / 2);
	assert_false(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(h->no.param, "ends_at");
	r.ends_at = INSTANT_NONE;
	r.type = "ongoing";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_false(instant_known(house_row(h, id).starts_at));
	r.type = "time_bound";
	assert_false(engine_update(h->engine, &r, &changed, &h->no));
	assert_true(engine_delete(h->engine, id, &h->no));
	r.type = NULL;
	r.name = "Carla";
	assert_false(engine_update(h->engine, &r, &changed, &h->no)); /* gone or going */
}

static void rate_limits_are_per_device_and_minute(void **state)
{
	struct house *h = *state;
	const char *id;

	fake_add(h->fake, "d1", "nuki_lock");
	fake_add(h->fake, "d2", "nuki_lock");
	h->options.rate_limits = true;
	house_open(h);
	for (int i = 0; i < 10; i++)
		house_code(h, "d1", NULL, 0, 0);
	assert_false(house_make(h, house_request("d1"), &id));
	assert_int_equal(h->no.status, 429);
	assert_int_equal(h->no.retry_after_s, 60);
	assert_true(house_make(h, house_request("d2"), &id));
	house_run(h, 59 * SECOND_MS);
	assert_false(house_make(h, house_request("d1"), &id));
	assert_int_equal(h->no.retry_after_s, 1);
	house_run(h, SECOND_MS);
	assert_true(house_make(h, house_request("d1"), &id));
}

static bool turned(struct house *h, const char *device_id, bool unlock)
{
	g_autofree char *attempt_id = NULL;

	refusal_clear(&h->no);
	return engine_turn(h->engine, device_id, unlock, &attempt_id, &h->no);
}

static void a_door_is_turned_so_often_a_minute(void **state)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", "nuki_lock");
	fake_add(h->fake, "d2", "nuki_lock");
	h->options.rate_limits = true;
	house_open(h);
	for (int i = 0; i < 15; i++)
		assert_true(turned(h, "d1", true));
	assert_false(turned(h, "d1", true));
	assert_int_equal(h->no.status, 429);
	assert_int_equal(h->no.retry_after_s, 60);
	assert_true(turned(h, "d2", true));
	for (int i = 0; i < 15; i++)
		assert_true(turned(h, "d1", false));
	assert_false(turned(h, "d1", false));
	house_run(h, MINUTE_MS);
	assert_true(turned(h, "d1", true));
}

static void rate_limits_are_per_account_too(void **state)
{
	struct house *h = *state;
	const char *id;

	fake_add(h->fake, "d1", "nuki_lock");
	fake_add(h->fake, "d2", "nuki_lock");
	fake_add(h->fake, "d3", "nuki_lock");
	h->options.rate_limits = true;
	h->options.account_share = 2;
	house_open(h);
	for (int i = 0; i < 10; i++) {
		house_code(h, "d1", NULL, 0, 0);
		house_code(h, "d2", NULL, 0, 0);
	}
	assert_false(house_make(h, house_request("d3"), &id));
	assert_int_equal(h->no.status, 429);
	assert_non_null(strstr(h->no.message, "account"));
	house_run(h, MINUTE_MS);
	for (int i = 0; i < 20; i++) /* what was refused did not count */
		assert_true(house_make(h, house_request(i % 2 ? "d2" : "d3"), &id));
}

static void a_group_shares_one_pin_and_is_changed_as_one(void **state)
{
	struct house *h = *state;
	const char *devices[] = { "d1", "d2", NULL };
	struct code_request r = house_request(NULL);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	fake_add(h->fake, "d1", "nuki_lock");
	fake_add(h->fake, "d2", "tedee_lock");
	house_open(h);
	house_run(h, SECOND_MS);
	assert_true(engine_create_multiple(h->engine, devices, &r, ids, &h->no));
	assert_int_equal(ids->len, 2);
	struct store_code a = house_row(h, ids->pdata[0]), b = house_row(h, ids->pdata[1]);
	assert_string_equal(a.pin, b.pin);
	assert_string_equal(a.common_code_key, b.common_code_key);
	assert_true(g_str_has_prefix(a.common_code_key, "auto_set_by_create_multiple_"));
	r.common_code_key = a.common_code_key;
	r.starts_at = AT(HOUR_MS);
	r.ends_at = AT(2 * HOUR_MS);
	assert_true(engine_update_multiple(h->engine, &r, &h->no));
	assert_true(instant_eq(house_row(h, ids->pdata[1]).ends_at, AT(2 * HOUR_MS)));
	r.common_code_key = "nobody's";
	assert_false(engine_update_multiple(h->engine, &r, &h->no));
	assert_int_equal(h->no.status, 404);
}

static void locks_that_cannot_share_a_pin_throw_or_get_their_own(void **state)
{
	struct house *h = *state;
	const char *devices[] = { "d1", "d2", NULL };
	struct code_request r = house_request(NULL);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	fake_add(h->fake, "d1", "nuki_lock");
	fake_add(h->fake, "d2", "smartthings_lock")->system.pins.lengths = 1u << 4;
	house_open(h);
	assert_false(engine_create_multiple(h->engine, devices, &r, ids, &h->no));
	assert_int_equal(ids->len, 0);
	assert_string_equal(h->no.param, "device_ids");
	r.share_or_random = true;
	assert_true(engine_create_multiple(h->engine, devices, &r, ids, &h->no));
	assert_int_equal(strlen(house_row(h, ids->pdata[0]).pin), 6);
	assert_int_equal(strlen(house_row(h, ids->pdata[1]).pin), 4);
}

static const char *member_of(struct house *h, const char *device_id, const char *pin)
{
	struct code_request r = house_request(device_id);
	const char *id;

	r.common_code_key = "party";
	r.code = pin;
	if (!house_make(h, r, &id))
		fail_msg("%s: %s", device_id, h->no.message);
	return id;
}

static void a_pin_that_is_shared_changes_on_every_lock_or_on_none(void **state)
{
	struct house *h = *state;
	struct code_request change = house_request(NULL);
	const char *first, *second;
	bool changed;

	fake_add(h->fake, "d1", "nuki_lock");
	fake_add(h->fake, "d2", "nuki_lock");
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	first = member_of(h, "d1", "246813");
	second = member_of(h, "d2", NULL);
	house_code(h, "d2", "357924", 0, 0);
	house_run(h, 10 * SECOND_MS);
	change.access_code_id = first;
	change.name = "Anna";
	change.code = "468135";
	assert_true(engine_update(h->engine, &change, &changed, &h->no));
	house_run(h, 10 * SECOND_MS);
	assert_string_equal(house_row(h, second).pin, "468135");
	assert_non_null(fake_code(fake_lock(h->fake, "d1"), "468135"));
	assert_non_null(fake_code(fake_lock(h->fake, "d2"), "468135"));
	change.code = "357924";
	assert_false(engine_update(h->engine, &change, &changed, &h->no));
	assert_int_equal(h->no.status, 409);
	assert_non_null(strstr(h->no.message, "d2"));
	assert_null(strstr(h->no.message, "357924"));
	assert_string_equal(house_row(h, first).pin, "468135");
	assert_string_equal(house_row(h, second).pin, "468135");
	/* One that is being removed is asked no more, and says nothing of what is common. */
	fake_online(h->fake, "d2", false);
	assert_true(engine_delete(h->engine, second, &h->no));
	change.code = "579246";
	assert_true(engine_update(h->engine, &change, &changed, &h->no));
	fake_add(h->fake, "d3", "nuki_lock");
	fake_tell(h->fake, fake_lock(h->fake, "d3"));
	house_run(h, SECOND_MS);
	assert_string_equal(house_row(h, member_of(h, "d3", NULL)).pin, "579246");
}

static guint pool_members(struct house *h, enum backup_role role)
{
	struct store_code_filter f = { .device_id = "d1", .managed = 1, .with_pool = true };
	OWN(store_list) struct store_list *l = store_codes(h->store, &f, NULL, NULL);
	guint n = 0;

	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_code *c = store_at(l, struct store_code, i);

		n += c->backup == role;
		if (c->backup != BACKUP_NO) {
			g_autofree char *name =
				g_strdup_printf("Backup %s (Seam)", c->access_code_id);

			assert_string_equal(c->name, name);
		}
	}
	return n;
}

static guint pool_ready(struct house *h)
{
	struct store_code_filter f = { .device_id = "d1", .managed = 1, .with_pool = true };
	OWN(store_list) struct store_list *l = store_codes(h->store, &f, NULL, NULL);
	guint ready = 0;

	for (guint i = 0; i < l->rows->len; i++)
		ready += g_strcmp0(store_at(l, struct store_code, i)->status, "set") == 0;
	return ready;
}

/* What it refuses is the PIN: another may do. A lock that refuses each is not asked for ever. */
static void a_member_of_the_pool_that_is_refused_is_replaced(void **state)
{
	static const struct {
		enum driver_result says;
		int times;
		guint ready;
		int asked_most;
	} rows[] = {
		{ DRIVER_REFUSED, 1, 2, 3 },	 { DRIVER_DUPLICATE, 1, 2, 3 },
		{ DRIVER_REFUSED, 5, 2, 7 },	 { DRIVER_REFUSED, 1000, 0, 9 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;

		house_up(&own);
		h = with(&own, "nuki_lock");
		fake_fail(h->fake, "d1", rows[i].says, rows[i].times);
		assert_true(engine_device_update(h->engine, "d1", NULL, false, TRI_UNKNOWN, TRI_YES,
						 &h->no));
		house_run(h, HOUR_MS);
		if (pool_members(h, BACKUP_POOL) != 2 || pool_ready(h) != rows[i].ready)
			fail_msg("row %zu: %u, %u ready", i, pool_members(h, BACKUP_POOL),
				 pool_ready(h));
		assert_in_range(fake_lock(h->fake, "d1")->sets, 2, rows[i].asked_most);
		house_down(&own);
	}
}

/* Nobody edits a member of the pool: it has to come back by itself. */
static void a_pool_that_was_refused_is_there_again_when_the_lock_takes_codes(void **state)
{
	struct house *h = with(state, "nuki_lock");

	fake_fail(h->fake, "d1", DRIVER_REFUSED, 1000);
	assert_true(engine_device_update(h->engine, "d1", NULL, false, TRI_UNKNOWN, TRI_YES,
					 &h->no));
	house_run(h, HOUR_MS);
	fake_fail(h->fake, "d1", DRIVER_OK, 0);
	house_code(h, "d1", "246813", 0, 0);
	house_run(h, MINUTE_MS);
	assert_int_equal(pool_ready(h), 3); /* with the guest's own */
}

static void the_pool_fills_serves_once_and_refills(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = windowed(0, 5 * HOUR_MS);
	g_autofree char *backup = NULL, *again = NULL;
	const char *id;

	r.use_backup_pool = TRI_YES;
	assert_true(house_make(h, r, &id));
	assert_int_equal(pool_members(h, BACKUP_POOL), 2);
	assert_false(engine_pull_backup(h->engine, id, &backup, &h->no));
	assert_int_equal(h->no.status, 404);
	assert_string_equal(h->no.type, "backup_access_code_not_found");
	house_run(h, MINUTE_MS);
	struct store_code row = house_row(h, id);
	assert_true(engine_backup_ready(h->engine, &row));
	assert_true(engine_pull_backup(h->engine, id, &backup, &h->no));
	assert_true(engine_pull_backup(h->engine, id, &again, &h->no));
	assert_string_equal(backup, again);
	assert_status(h, backup, "set");
	assert_int_equal(house_row(h, backup).backup, BACKUP_PULLED);
	assert_true(instant_eq(house_row(h, backup).ends_at, AT(5 * HOUR_MS)));
	assert_string_equal(house_row(h, id).pulled_backup_id, backup);
	assert_int_equal(pool_members(h, BACKUP_POOL), 2);
	house_run(h, MINUTE_MS);
	assert_status(h, backup, "set");
	house_run(h, 5 * HOUR_MS);
	assert_status(h, backup, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 2);
	assert_true(
		engine_device_update(h->engine, "d1", NULL, false, TRI_UNKNOWN, TRI_NO, &h->no));
	house_run(h, MINUTE_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 0);
	assert_int_equal(pool_members(h, BACKUP_POOL), 0);
}

static void an_offline_code_is_computed_and_never_written(void **state)
{
	struct house *h = with(state, "igloohome_lock");
	struct code_request r = windowed(HOUR_MS, 5 * HOUR_MS), change = house_request(NULL);
	int sets = fake_lock(h->fake, "d1")->sets;
	const char *id[4];
	bool changed;

	r.offline = TRI_YES;
	for (int i = 0; i < 3; i++)
		assert_true(house_make(h, r, &id[i]));
	assert_string_not_equal(house_row(h, id[0]).pin, house_row(h, id[1]).pin);
	assert_false(house_make(h, r, &id[3])); /* three per start hour */
	change.access_code_id = id[0];
	change.name = "Other";
	assert_false(engine_update(h->engine, &change, &changed, &h->no));
	assert_false(engine_delete(h->engine, id[0], &h->no));
	house_run(h, 2 * HOUR_MS);
	assert_status(h, id[0], "set");
	house_run(h, 4 * HOUR_MS);
	assert_status(h, id[0], "404");
	assert_events(h, id[0], "created set_on_device deleted");
	assert_int_equal(fake_lock(h->fake, "d1")->sets, sets);
}

static void a_one_time_code_ends_with_its_use(void **state)
{
	struct house *h = with(state, "igloohome_lock");
	struct code_request r = windowed(0, 0);
	const char *id;

	r.offline = r.one_time = TRI_YES;
	r.ends_at = INSTANT_NONE;
	assert_true(house_make(h, r, &id));
	house_run(h, MINUTE_MS);
	assert_status(h, id, "set");
	h->fake->driver.events.door("d1", true, "keycode", NULL, house_row(h, id).pin, AT(0),
				    h->fake->driver.events_ctx);
	assert_status(h, id, "404");
	assert_events(h, id, "created set_on_device deleted");
}

static void an_unmanaged_device_lets_go_of_its_codes(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *there = house_code(h, "d1", "246813", 0, 0), *coming;

	house_run(h, 5 * SECOND_MS);
	coming = house_code(h, "d1", "357924", 100 * HOUR_MS, 101 * HOUR_MS);
	assert_true(
		engine_device_update(h->engine, "d1", NULL, false, TRI_NO, TRI_UNKNOWN, &h->no));
	house_run(h, 200 * HOUR_MS);
	assert_false(house_row(h, there).managed);
	assert_status(h, coming, "404");
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
	assert_false(engine_create(h->engine, &(struct code_request){ .device_id = "d1" },
				   &(char *){ NULL }, &h->no));
	assert_true(
		engine_device_update(h->engine, "d1", NULL, false, TRI_YES, TRI_UNKNOWN, &h->no));
	house_run(h, 5 * SECOND_MS);
	assert_false(house_row(h, there).managed);
}

static void a_deleted_account_leaves_the_codes_on_the_locks(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, 5 * SECOND_MS);
	assert_true(engine_account_delete(h->engine, "acc", &h->no));
	assert_status(h, id, "404");
	assert_events(h, id, "created set_on_device deleted");
	fake_online(h->fake, "d1", true);
	house_run(h, HOUR_MS);
	assert_int_equal(fake_lock(h->fake, "d1")->n_codes, 1);
	assert_false(engine_account_delete(h->engine, "acc", &h->no));
	assert_int_equal(h->no.status, 404);
}

static void a_generated_pin_keeps_the_rules_and_reserves_nothing(void **state)
{
	struct house *h = with(state, "nuki_lock");
	char pin[PIN_MAX + 1];

	for (int i = 0; i < 200; i++) {
		assert_true(engine_generate_code(h->engine, "d1", pin, &h->no));
		assert_int_equal(strlen(pin), 6);
		assert_null(strchr(pin, '0'));
		assert_false(g_str_has_prefix(pin, "12"));
		assert_false(pin_is_weak(pin));
	}
}

static void a_device_s_story_is_told_once(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct driver_events *ev = &h->fake->driver.events;

	fake_tell(h->fake, fake_lock(h->fake, "d1"));
	assert_string_equal(house_device_events(h, "d1"), "added connected");
	fake_online(h->fake, "d1", false);
	fake_online(h->fake, "d1", false);
	fake_online(h->fake, "d1", true);
	ev->removed("d1", h->fake->driver.events_ctx);
	ev->removed("d1", h->fake->driver.events_ctx);
	fake_tell(h->fake, fake_lock(h->fake, "d1"));
	house_run(h, SECOND_MS);
	assert_string_equal(house_device_events(h, "d1"),
			    "added connected disconnected connected removed added connected");
	house_kill(h);
	house_open(h); /* what is as it was is no event */
	house_run(h, SECOND_MS);
	assert_string_equal(house_device_events(h, "d1"),
			    "added connected disconnected connected removed added connected");
}

/* How often it was told of its lock that it is 'added' or 'removed'. */
static int times_told(struct house *h, const char *device_id, const char *what)
{
	g_auto(GStrv) told = g_strsplit(house_device_events(h, device_id), " ", -1);
	int n = 0;

	for (char **one = told; *one; one++)
		n += strcmp(*one, what) == 0;
	return n;
}

/* Nobody can say which locks a lost account has: that is known once it is back. */
static void a_lock_that_went_with_its_account_is_known_to_be_gone_once_that_is_back(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct driver_events *ev = &h->fake->driver.events;
	const char *account = fake_lock(h->fake, "d1")->account_id;

	ev->account(account, false, h->fake->driver.events_ctx);
	fake_lock(h->fake, "d1")->removed = true;
	house_run(h, MINUTE_MS);
	assert_int_equal(times_told(h, "d1", "removed"), 0);
	ev->account(account, true, h->fake->driver.events_ctx);
	house_run(h, MINUTE_MS);
	assert_int_equal(times_told(h, "d1", "removed"), 1);
}

/* A lock that left its account while keyrackd was down, and comes back: both are told once, its codes are as they were,
 * and what the pool gave meanwhile has another in its place. */
static void a_lock_that_went_while_nobody_listened_is_known_to_be_gone(void **state)
{
	struct house *h = with(state, "nuki_lock");
	struct code_request r = windowed(0, 5 * HOUR_MS);
	g_autofree char *backup = NULL;
	const char *id;

	fake_add(h->fake, "d2", "nuki_lock");
	fake_tell(h->fake, fake_lock(h->fake, "d2"));
	r.use_backup_pool = TRI_YES;
	assert_true(house_make(h, r, &id));
	house_run(h, MINUTE_MS);
	house_kill(h);
	fake_lock(h->fake, "d1")->removed = true;
	house_open(h);
	house_run(h, MINUTE_MS);
	house_kill(h);
	house_open(h);
	assert_int_equal(times_told(h, "d1", "removed"), 1);
	assert_int_equal(times_told(h, "d2", "removed"), 0);
	assert_true(engine_pull_backup(h->engine, id, &backup, &h->no));
	house_run(h, MINUTE_MS);
	fake_lock(h->fake, "d1")->removed = false;
	fake_tell(h->fake, fake_lock(h->fake, "d1"));
	house_run(h, 2 * MINUTE_MS);
	assert_int_equal(times_told(h, "d1", "removed"), 1);
	assert_int_equal(times_told(h, "d1", "added"), 2);
	assert_status(h, id, "set");
	assert_status(h, backup, "set");
	assert_int_equal(pool_members(h, BACKUP_POOL), 2);
	assert_int_equal(pool_ready(h), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, house_up, house_down)
		cmocka_unit_test(refusals_name_their_parameter),
		T(unknown_ids_are_404_and_say_which_collection),
		T(the_same_pin_twice_is_409_naming_the_holder),
		T(updates_are_judged_as_a_whole),
		T(rate_limits_are_per_device_and_minute),
		T(a_door_is_turned_so_often_a_minute),
		T(rate_limits_are_per_account_too),
		T(a_group_shares_one_pin_and_is_changed_as_one),
		T(locks_that_cannot_share_a_pin_throw_or_get_their_own),
		T(a_pin_that_is_shared_changes_on_every_lock_or_on_none),
		T(the_pool_fills_serves_once_and_refills),
		cmocka_unit_test(a_member_of_the_pool_that_is_refused_is_replaced),
		T(a_lock_that_went_with_its_account_is_known_to_be_gone_once_that_is_back),
		T(a_lock_that_went_while_nobody_listened_is_known_to_be_gone),
		T(a_pool_that_was_refused_is_there_again_when_the_lock_takes_codes),
		T(an_offline_code_is_computed_and_never_written),
		T(a_one_time_code_ends_with_its_use),
		T(an_unmanaged_device_lets_go_of_its_codes),
		T(a_deleted_account_leaves_the_codes_on_the_locks),
		T(a_generated_pin_keeps_the_rules_and_reserves_nothing),
		T(a_device_s_story_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
