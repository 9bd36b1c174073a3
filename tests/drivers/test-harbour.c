/* Harbour House under the engine: every declared code is taken, comes onto its lock, opens, and is
 * gone when it is over; the full lock has the one that fails. */
#include "tests/drivers/house.h"

#include "daemon/first.h"
#include "engine/engine.h"

struct hotel {
	struct clock *clock;
	struct driver *driver;
	struct store *store;
	struct engine *engine;
	char *folder, *memory, *url, *path;
	GPtrArray *lists; /* what code_of has lent */
};

static void list_free(void *list)
{
	store_list_free(list);
}

/* In memory where there is such a folder: what is slow here is waiting for a disk, and how that
 * is done is tested elsewhere. */
static char *scratch_folder(void)
{
	char *folder = g_strdup("/dev/shm/keyrack-harbour-XXXXXX");

	if (g_mkdtemp(folder))
		return folder;
	g_free(folder);
	return g_dir_make_tmp("keyrack-harbour-XXXXXX", NULL);
}

static void hotel_open(struct hotel *h, const char *now)
{
	struct simulated_options opt = { .property = TOP "/data/properties/harbour-house.ini",
					 .seed = 1 };
	struct engine_options how = { .workspace_id = "w", .workspace_name = "Harbour", .seed = 1 };
	g_autoptr(GError) why = NULL;

	h->lists = g_ptr_array_new_with_free_func(list_free);
	h->folder = scratch_folder();
	assert_non_null(h->folder);
	h->memory = g_build_filename(h->folder, "locks", NULL);
	h->path = g_build_filename(h->folder, "store", NULL);
	h->url = g_strconcat("sqlite:", h->path, NULL);
	opt.memory = h->memory;
	h->clock = clock_new_standing(at(now));
	h->driver = simulated_new(h->clock, &opt, &why);
	assert_null(why);
	h->store = store_open(h->url, &why);
	assert_null(why);
	h->engine = engine_new(h->store, h->clock, h->driver, &how, &why);
	assert_null(why);
}

static void hotel_close(struct hotel *h)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-lock", ".lock" };

	g_ptr_array_unref(h->lists);
	engine_free(h->engine);
	h->driver->ops->free(h->driver);
	store_close(h->store);
	clock_free(h->clock);
	g_unlink(h->memory);
	FOR_ROWS(i, ends)
	{
		g_autofree char *file = g_strconcat(h->path, ends[i], NULL);

		g_unlink(file);
	}
	g_rmdir(h->folder);
	g_free(h->folder);
	g_free(h->memory);
	g_free(h->path);
	g_free(h->url);
}

static void declare_everything(struct hotel *h)
{
	struct store_code_filter filter = { .managed = 1 };
	size_t n;

	simulated_property_codes(h->driver, &n);
	assert_true(first_property_codes(h->engine, h->store, h->driver, NULL));
	OWN(store_list) struct store_list *l = store_codes(h->store, &filter, NULL, NULL);
	assert_int_equal(l->rows->len, n);
}

static struct store_list *all_codes(struct hotel *h)
{
	struct store_code_filter filter = { .managed = 1, .with_pool = true };
	struct store_list *l = store_codes(h->store, &filter, NULL, NULL);

	assert_non_null(l);
	return l;
}

static void check_opens(struct hotel *h, const struct store_code *c)
{
	bool opened = false;

	assert_true(simulated_enter(h->driver, c->device_id, c->pin, &opened, NULL));
	if (!opened)
		fail_msg("%s does not open", c->name);
}

static void each_code_of_the_house_comes_onto_its_lock(void **state)
{
	struct hotel h = { 0 };
	int set = 0, unset = 0;

	(void)state;
	hotel_open(&h, NOON);
	clock_advance(h.clock, MINUTE_MS);
	declare_everything(&h);
	clock_advance(h.clock, 10 * MINUTE_MS);

	OWN(store_list) struct store_list *codes = all_codes(&h);
	struct instant now = clock_now(h.clock);

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);
		bool due = !instant_known(c->starts_at) || !instant_before(now, c->starts_at);

		if (c->problems && strcmp(c->name, "Moreau") != 0)
			fail_msg("%s has problems %x", c->name, c->problems);
		if (c->offline) /* computed, never written */
			continue;
		set += strcmp(c->status, "set") == 0;
		unset += strcmp(c->status, "unset") == 0;
		if (due != (strcmp(c->status, "set") == 0))
			fail_msg("%s is %s", c->name, c->status);
		if (due)
			check_opens(&h, c);
	}
	assert_true(set >= 28);
	assert_true(unset >= 15);
	hotel_close(&h);
}

static void the_computed_codes_open_by_what_the_engine_says(void **state)
{
	struct hotel h = { 0 };
	int opened = 0;

	(void)state;
	hotel_open(&h, NOON);
	declare_everything(&h);
	clock_advance(h.clock, 21 * HOUR_MS); /* the day after, 10:00 on the wall */

	OWN(store_list) struct store_list *codes = all_codes(&h);

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (!c->offline)
			continue;
		check_opens(&h, c);
		opened++;
	}
	assert_int_equal(opened, 3);
	hotel_close(&h);
}

static void the_house_can_be_opened_at_any_hour(void **state)
{
	static const char *const hours[] = { "2026-03-29T00:59:59Z", "2026-10-25T00:30:00Z",
					     "2026-06-01T13:10:00Z" };

	(void)state;
	FOR_ROWS(i, hours)
	{
		struct hotel h = { 0 };

		hotel_open(&h, hours[i]);
		declare_everything(&h);
		hotel_close(&h);
	}
}

/* The only code of that name, as it is now. */
static struct store_code code_of(struct hotel *h, const char *name, bool managed)
{
	struct store_code_filter filter = { .search = name, .managed = managed };
	struct store_list *l = store_codes(h->store, &filter, NULL, NULL);

	assert_non_null(l);
	g_ptr_array_add(h->lists, l);
	assert_int_equal(l->rows->len, 1);
	return *store_at(l, struct store_code, 0);
}

static void the_failing_code_is_mended_by_what_its_remedy_says(void **state)
{
	struct hotel h = { 0 };
	struct store_code moreau, painter;
	struct refusal no = { 0 };

	(void)state;
	hotel_open(&h, NOON);
	clock_advance(h.clock, MINUTE_MS);
	declare_everything(&h);
	clock_advance(h.clock, 2 * MINUTE_MS);
	moreau = code_of(&h, "Moreau", true);
	painter = code_of(&h, "Painter", false);
	assert_int_equal(moreau.problems, PROBLEM_NO_SPACE);
	assert_true(engine_delete_unmanaged(h.engine, painter.access_code_id, &no));
	clock_advance(h.clock, 5 * MINUTE_MS);
	moreau = code_of(&h, "Moreau", true);
	assert_int_equal(moreau.problems, 0);
	assert_true(moreau.scheduled_on_device);
	clock_advance(h.clock, instant_diff_ms(moreau.starts_at, clock_now(h.clock)));
	check_opens(&h, &moreau);
	hotel_close(&h);
}

/* Out of reach when the guest stands before the door: said two minutes later, and mended by
 * itself once the lock is back. */
static void the_lock_out_of_reach_has_its_guest_waiting(void **state)
{
	struct hotel h = { 0 };
	struct store_code dubois;

	(void)state;
	hotel_open(&h, NOON);
	declare_everything(&h);
	dubois = code_of(&h, "Dubois", true);
	clock_advance(h.clock, instant_diff_ms(dubois.starts_at, clock_now(h.clock)) +
				       PLAN_DELAY_WARNING_MS);
	dubois = code_of(&h, "Dubois", true);
	assert_string_equal(dubois.status, "setting");
	assert_int_equal(dubois.problems, PROBLEM_DELAY_IN_SETTING);
	assert_true(simulated_fault(h.driver, dubois.device_id, "offline", false, NULL));
	clock_advance(h.clock, MINUTE_MS);
	dubois = code_of(&h, "Dubois", true);
	assert_string_equal(dubois.status, "set");
	assert_int_equal(dubois.problems, 0);
	check_opens(&h, &dubois);
	hotel_close(&h);
}

/* A month later no lock holds anything but what is ongoing, and a backup or two. */
static void nothing_that_is_over_stays_on_a_lock(void **state)
{
	struct hotel h = { 0 };

	(void)state;
	hotel_open(&h, NOON);
	declare_everything(&h);
	clock_advance(h.clock, 30 * DAY_MS);

	OWN(store_list) struct store_list *codes = all_codes(&h);

	for (guint i = 0; i < codes->rows->len; i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (instant_known(c->ends_at))
			fail_msg("%s is still there, %s", c->name, c->status);
	}

	OWN(store_list) struct store_list *devices = store_devices(h.store, NULL, NULL);

	for (guint i = 0; i < devices->rows->len; i++) {
		const struct store_device *d = store_at(devices, struct store_device, i);
		g_autofree char *json = simulated_lock_json(h.driver, d->device_id, NULL);
		g_autofree char *lock = g_strdup(strstr(json, "\"codes\""));

		if (strstr(lock, "\"starts_at\":\"") && !strstr(lock, "offline_codes_entered\":[{"))
			fail_msg("%s still holds %s", d->name, lock);
	}
	hotel_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_code_of_the_house_comes_onto_its_lock),
		cmocka_unit_test(the_computed_codes_open_by_what_the_engine_says),
		cmocka_unit_test(the_house_can_be_opened_at_any_hour),
		cmocka_unit_test(the_failing_code_is_mended_by_what_its_remedy_says),
		cmocka_unit_test(the_lock_out_of_reach_has_its_guest_waiting),
		cmocka_unit_test(nothing_that_is_over_stays_on_a_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
