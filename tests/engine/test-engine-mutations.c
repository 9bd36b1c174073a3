/* An edit of a code from its request to the moment at which the lock has it: what is pending, and
 * what is told. */
#include "config.h"

#include <inttypes.h>

#include "house.h"

static struct house *with(void **state, const char *device_type)
{
	struct house *h = *state;

	fake_add(h->fake, "d1", device_type);
	house_open(h);
	house_run(h, 2 * SECOND_MS);
	return h;
}

/* "updating_code 246813>357924 updating_name Anna>Berta"; interned. */
static const char *pending(struct house *h, const char *id)
{
	OWN(store_list) struct store_list *l = store_code(h->store, id, NULL);
	struct engine_mutation m[ENGINE_MUTATIONS_MAX];
	g_autoptr(GString) s = g_string_new(NULL);
	int n = l ? engine_mutations(h->engine, store_at(l, struct store_code, 0), m) : 0;

	for (int i = 0; i < n; i++) {
		assert_true(m[i].message && m[i].created_at.ms >= NOON);
		g_string_append_printf(s, "%s%s", i ? " " : "", m[i].code);
		if (strcmp(m[i].code, "updating_code") == 0)
			g_string_append_printf(s, " %s>%s", m[i].from.code, m[i].to.code);
		if (strcmp(m[i].code, "updating_name") == 0)
			g_string_append_printf(s, " %s>%s", m[i].from.name, m[i].to.name);
		if (strcmp(m[i].code, "updating_time_frame") == 0)
			g_string_append_printf(
				s, " %" PRId64 "h>%" PRId64 "h",
				instant_diff_ms(m[i].from.ends_at, AT(0)) / HOUR_MS,
				instant_diff_ms(m[i].to.ends_at, AT(0)) / HOUR_MS);
		if (instant_known(m[i].scheduled_at))
			g_string_append_printf(s, " at %" PRId64 "h",
					       instant_diff_ms(m[i].scheduled_at, AT(0)) / HOUR_MS);
	}
	return g_intern_string(s->str);
}

static char *body_of(struct house *h, const char *id, const char *type)
{
	const char *ids[] = { id, NULL }, *types[] = { type, NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE, .until = INSTANT_NONE,
					      .access_code_ids = ids, .types = types };
	OWN(store_list) struct store_list *l = store_events(h->store, &f, NULL);

	assert_int_equal(l->rows->len, 1);
	return g_strdup(store_at(l, struct store_event, 0)->body);
}

#define assert_told(h, id, type, text)                                                             \
	do {                                                                                       \
		g_autofree char *told = body_of(h, id, type);                                      \
		if (!strstr(told, text))                                                           \
			fail_msg("%s", told);                                                      \
	} while (0)

static struct code_request edit_of(const char *id)
{
	struct code_request r = house_request(NULL);

	r.access_code_id = id;
	r.name = NULL;
	return r;
}

static void what_is_pending_of_a_new_code(void **state)
{
	static const struct {
		const char *system;
		int64_t from_h, until_h;
		const char *pending, *later; /* after a minute */
	} rows[] = {
		{ "nuki_lock", 0, 0, "creating", "" },
		{ "nuki_lock", 1, 9, "creating", "" },
		{ "nuki_lock", 80, 90, "deferring_creation at 8h", "deferring_creation at 8h" },
		{ "smartthings_lock", 3, 9, "deferring_creation at 2h", "deferring_creation at 2h" },
		{ "smartthings_lock", 1, 9, "creating", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		struct house *h;
		const char *id;

		house_up(&own);
		h = with(&own, rows[i].system);
		id = house_code(h, "d1", "246813", rows[i].from_h * HOUR_MS,
				rows[i].until_h * HOUR_MS);
		assert_string_equal(pending(h, id), rows[i].pending);
		house_run(h, MINUTE_MS);
		assert_string_equal(pending(h, id), rows[i].later);
		house_down(&own);
	}
}

static void an_edit_is_pending_until_the_lock_has_it(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct code_request r = edit_of(id);
	bool changed;

	house_run(h, MINUTE_MS);
	r.code = "357924";
	r.name = "Berta";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(pending(h, id),
			    "updating_code 246813>357924 updating_name Anna>Berta");
	assert_events(h, id, "created set_on_device changed mutations_requested");
	assert_told(h, id, "access_code.mutations_requested",
		    "\"requested_mutations\":[{\"mutation_code\":\"updating_code\","
		    "\"from\":{\"code\":\"246813\"},\"to\":{\"code\":\"357924\"}},"
		    "{\"mutation_code\":\"updating_name\",\"from\":{\"name\":\"Anna\"},"
		    "\"to\":{\"name\":\"Berta\"}}]");
	house_run(h, MINUTE_MS);
	assert_string_equal(pending(h, id), "");
	assert_events(h, id,
		      "created set_on_device changed mutations_requested set_on_device "
		      "code_changed name_changed");
	assert_told(h, id, "access_code.code_changed",
		    "\"from\":{\"code\":\"246813\"},\"to\":{\"code\":\"357924\"},\"description\":");
	assert_told(h, id, "access_code.name_changed",
		    "\"from\":{\"name\":\"Anna\"},\"to\":{\"name\":\"Berta\"},\"description\":");
}

static void a_window_is_confirmed_by_a_lock_that_keeps_it(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", HOUR_MS, 9 * HOUR_MS);
	struct code_request r = edit_of(id);
	bool changed;

	house_run(h, MINUTE_MS);
	r.ends_at = AT(10 * HOUR_MS);
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(pending(h, id), "updating_time_frame 9h>10h");
	house_run(h, MINUTE_MS);
	assert_string_equal(pending(h, id), "");
	assert_told(h, id, "access_code.time_frame_changed",
		    "\"from\":{\"starts_at\":\"2026-01-05T13:00:00.000Z\","
		    "\"ends_at\":\"2026-01-05T21:00:00.000Z\"},"
		    "\"to\":{\"starts_at\":\"2026-01-05T13:00:00.000Z\","
		    "\"ends_at\":\"2026-01-05T22:00:00.000Z\"}");
}

static void what_no_lock_has_to_be_told_is_done_at_once(void **state)
{
	struct house *h = with(state, "smartthings_lock");
	const char *id = house_code(h, "d1", "2468", -HOUR_MS, 9 * HOUR_MS);
	struct code_request r = edit_of(id);
	bool changed;

	house_run(h, MINUTE_MS);
	r.ends_at = AT(10 * HOUR_MS); /* keyrackd itself takes it off then */
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(pending(h, id), "");
	assert_events(h, id, "created set_on_device changed mutations_requested time_frame_changed");
}

static void an_edit_before_it_was_ever_set_is_part_of_its_creation(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id;
	struct code_request r;
	bool changed;

	fake_online(h->fake, "d1", false);
	id = house_code(h, "d1", "246813", 0, 0);
	r = edit_of(id);
	r.code = "357924";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(pending(h, id), "creating");
	fake_online(h->fake, "d1", true);
	house_run(h, MINUTE_MS);
	assert_events(h, id, "created changed set_on_device");
}

static void edits_on_the_way_are_one(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);
	struct code_request r = edit_of(id);
	bool changed;

	house_run(h, MINUTE_MS);
	fake_online(h->fake, "d1", false);
	r.code = "357924";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	r.code = "468135";
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	house_kill(h); /* what the lock has is not forgotten with the program */
	house_open(h);
	assert_string_equal(pending(h, id), "updating_code 246813>468135");
	r.code = "246813"; /* and back: the lock never had another */
	assert_true(engine_update(h->engine, &r, &changed, &h->no));
	assert_string_equal(pending(h, id), "");
	fake_online(h->fake, "d1", true);
	house_run(h, MINUTE_MS);
	assert_null(strstr(house_events(h, id), "code_changed"));
	assert_status(h, id, "set");
}

static void a_deleted_code_is_being_deleted(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, MINUTE_MS);
	fake_online(h->fake, "d1", false);
	assert_true(engine_delete(h->engine, id, &h->no));
	assert_string_equal(pending(h, id), "deleting");
}

static void what_was_changed_outside_is_on_its_way_back(void **state)
{
	struct house *h = with(state, "nuki_lock");
	const char *id = house_code(h, "d1", "246813", 0, 0);

	house_run(h, MINUTE_MS);
	fake_fail(h->fake, "d1", DRIVER_UNREACHABLE, 20);
	fake_app_pin(h->fake, "d1", "246813", "999000");
	house_run(h, 10 * SECOND_MS);
	assert_string_equal(pending(h, id), "updating_code 999000>246813");
}

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_up, house_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_pending_of_a_new_code),
		IN_HOUSE(an_edit_is_pending_until_the_lock_has_it),
		IN_HOUSE(a_window_is_confirmed_by_a_lock_that_keeps_it),
		IN_HOUSE(what_no_lock_has_to_be_told_is_done_at_once),
		IN_HOUSE(an_edit_before_it_was_ever_set_is_part_of_its_creation),
		IN_HOUSE(edits_on_the_way_are_one),
		IN_HOUSE(a_deleted_code_is_being_deleted),
		IN_HOUSE(what_was_changed_outside_is_on_its_way_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
