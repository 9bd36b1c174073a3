/* Rooms that two guests have at once, in a cache as sync filled it. */
#include "tests/cache/fixture.h"

#include "cache/doubles.h"

#define ZONE zone_get("Europe/Berlin")

static struct access_code stay(const char *id, const char *lock, const char *name, const char *pin, int from_h,
			       int until_h)
{
	struct access_code ac = a_code(id, lock, name, pin);

	ac.managed = true;
	ac.time_bound = true;
	ac.is_backup = TRI_NO;
	ac.starts_at = AFTER(from_h * HOUR_MS);
	ac.ends_at = AFTER(until_h * HOUR_MS);
	return ac;
}

static char *said(struct cache *c, int from_h, int until_h)
{
	g_autoptr(GError) err = NULL;
	OWN(cache_list) struct cache_list *list =
		cache_doubles(c, AFTER(from_h * HOUR_MS), AFTER(until_h * HOUR_MS), ZONE, NOW, &err);
	GString *s = g_string_new(NULL);

	assert_no_error(err);
	for (guint i = 0; i < list->rows->len; i++) {
		const struct double_row *d = cache_list_at(list, struct double_row, i);

		g_string_append_printf(s, "%s: %s, %s %d-%d\n", d->lock_name, d->stay[0].name, d->stay[1].name,
				       (int)(instant_diff_ms(d->from, NOW) / HOUR_MS),
				       (int)(instant_diff_ms(d->until, NOW) / HOUR_MS));
	}
	return g_string_free(s, FALSE);
}

/* Hours from now; a name, a PIN and a time each. */
struct booking {
	const char *lock, *name, *pin;
	int from, until;
};

static void two_stays_of_different_guests_in_one_room_are_a_double_booking(void **state)
{
	static const struct {
		const char *what;
		struct booking code[8];
		const char *said;
	} rows[] = {
		{ "alone", { { "101", "Berg", "1111", -20, 40 } }, "" },
		{ "one after the other",
		  { { "101", "Berg", "1111", -20, 14 }, { "101", "Ito", "2222", 14, 60 } },
		  "" },
		{ "an hour together",
		  { { "101", "Berg", "1111", -20, 15 }, { "101", "Ito", "2222", 14, 60 } },
		  "101: Berg, Ito 14-15\n" },
		{ "the same nights",
		  { { "101", "Berg", "1111", 2, 40 }, { "101", "Ito", "2222", 2, 40 } },
		  "101: Berg, Ito 2-40\n" },
		{ "another room", { { "101", "Berg", "1111", 2, 40 }, { "102", "Ito", "2222", 2, 40 } }, "" },
		{ "one guest, two codes",
		  { { "101", "Berg", "1111", 2, 40 }, { "101", "Berg", "2222", 10, 50 } },
		  "" },
		{ "one PIN", { { "101", "Berg", "1111", 2, 40 }, { "101", "Berg, A.", "1111", 2, 40 } }, "" },
		{ "the cleaner", { { "101", "Berg", "1111", -20, 40 }, { "101", "Cleaner", "2222", 12, 15 } }, "" },
		{ "a lodger", { { "101", "Berg", "1111", -20, 40 }, { "101", "Works", "2222", -500, 2000 } }, "" },
		{ "a third guest",
		  { { "101", "A", "1111", -20, 40 }, { "101", "B", "2222", -10, 40 }, { "101", "C", "3333", -5, 40 } },
		  "101: A, B -10-40\n101: A, C -5-40\n101: B, C -5-40\n" },
		{ "a third guest, who has more doors",
		  { { "101", "A", "1111", -20, 40 },
		    { "101", "B", "2222", 30, 60 },
		    { "101", "C", "3333", -5, 40 },
		    { "102", "C", "3333", -5, 40 },
		    { "Gym", "C", "3333", -5, 40 } },
		  "101: A, C -5-40\n101: A, B 30-40\n101: C, B 30-40\n" },
		{ "a room that five have one after the other, and two of them at once",
		  { { "101", "A", "1111", -20, 20 },
		    { "101", "B", "2222", 20, 40 },
		    { "101", "C", "3333", 30, 60 },
		    { "101", "D", "4444", 60, 90 },
		    { "101", "E", "5555", 90, 120 } },
		  "101: B, C 30-40\n" },
		{ "a dormitory",
		  { { "101", "A", "1111", -20, 40 },
		    { "101", "B", "2222", -10, 40 },
		    { "101", "C", "3333", -5, 40 },
		    { "101", "D", "4444", -5, 40 },
		    { "101", "E", "5555", -5, 60 },
		    { "101", "F", "6666", 39, 60 } },
		  "" },
		{ "a dormitory with few in it, that had more",
		  { { "101", "A", "1111", -20, 40 },
		    { "101", "B", "2222", -10, 40 },
		    { "101", "C", "3333", -5, 40 },
		    { "101", "D", "4444", -200, -150 },
		    { "101", "E", "5555", -190, -150 },
		    { "101", "F", "6666", -180, -150 } },
		  "" },
		{ "a gym, of three who have rooms",
		  { { "101", "A", "1111", -20, 40 },
		    { "102", "B", "2222", -10, 40 },
		    { "103", "C", "3333", -5, 40 },
		    { "Gym", "A", "1111", -20, 40 },
		    { "Gym", "B", "2222", -10, 40 },
		    { "Gym", "C", "3333", -5, 40 } },
		  "" },
		{ "a gym, of three who have rooms and one who has none here",
		  { { "101", "A", "1111", -20, 40 },
		    { "102", "B", "2222", -10, 40 },
		    { "103", "C", "3333", -5, 40 },
		    { "Gym", "A", "1111", -20, 40 },
		    { "Gym", "B", "2222", -10, 40 },
		    { "Gym", "C", "3333", -5, 40 },
		    { "Gym", "D", "4444", -5, 40 } },
		  "" },
		{ "a common door that two have tonight, and many next week",
		  { { "Gym", "A", "1111", 2, 40 },
		    { "Gym", "B", "2222", 2, 40 },
		    { "Gym", "C", "3333", 200, 260 },
		    { "Gym", "D", "4444", 200, 260 },
		    { "Gym", "E", "5555", 200, 260 },
		    { "Gym", "F", "6666", 200, 260 },
		    { "Gym", "G", "7777", 200, 260 },
		    { "Gym", "H", "8888", 200, 260 } },
		  "" },
		{ "each has a room",
		  { { "101", "A", "1111", -20, 40 },
		    { "102", "B", "2222", -10, 44 },
		    { "Gym", "A", "1111", -20, 40 },
		    { "Gym", "B", "2222", -10, 44 } },
		  "" },
		{ "both have the gym",
		  { { "101", "A", "1111", -20, 40 },
		    { "101", "B", "2222", 10, 64 },
		    { "Gym", "A", "1111", -20, 40 } },
		  "101: A, B 10-40\n" },
		{ "next week", { { "101", "A", "1111", 200, 260 }, { "101", "B", "2222", 210, 270 } }, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fixture *f;
		g_autofree char *got = NULL;

		fixture_up(state);
		f = *state;
		put_lock(f->sync, a_lock("101", "101"));
		put_lock(f->sync, a_lock("102", "102"));
		put_lock(f->sync, a_lock("103", "103"));
		put_lock(f->sync, a_lock("Gym", "Gym"));
		for (int k = 0; k < 8 && rows[i].code[k].name; k++) {
			const struct booking *b = &rows[i].code[k];
			g_autofree char *id = g_strdup_printf("code-%d", k);

			put_code(f->sync, stay(id, b->lock, b->name, b->pin, b->from, b->until));
		}
		got = said(f->sync, -16, 48);
		if (g_strcmp0(got, rows[i].said) != 0)
			fail_msg("%s: '%s', not '%s'", rows[i].what, got, rows[i].said);
		fixture_down(state);
	}
}

static struct intent create(const char *key, int64_t lock_no)
{
	return (struct intent){
		.kind = INTENT_CREATE,
		.lock_no = lock_no,
		.name = "Lee",
		.common_code_key = key,
		.params = "{\"device_id\":\"101\",\"name\":\"Lee\",\"starts_at\":\"2026-11-22T22:00:00Z\","
			  "\"ends_at\":\"2026-11-24T10:00:00Z\"}",
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE
	};
}

/* Whoever was put into the room as a second guest, sent or not, and whether the server keeps the key or not. */
static void a_second_guest_is_no_double_booking(void **state)
{
	static const struct {
		const char *key;
		bool taken;
		const char *said;
	} rows[] = {
		{ "keyrack-1", false, "101: Berg, Lee 1-37\n" }, /* still in the outbox */
		{ "keyrack-1", true, "101: Berg, Lee 1-37\n" },
		{ DOUBLE_BESIDE "1", false, "" },
		{ DOUBLE_BESIDE "1", true, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fixture *f;
		g_autofree char *got = NULL;
		g_autoptr(GError) err = NULL;
		int64_t lock, no;

		fixture_up(state);
		f = *state;
		lock = put_lock(f->sync, a_lock("101", "101"));
		put_code(f->sync, stay("code-berg", "101", "Berg", "1111", -20, 40));
		no = add_intent(f->sync, create(rows[i].key, lock));
		if (rows[i].taken) {
			struct access_code ac = stay("code-lee", "101", "Lee", "2222", 0, 0);

			ac.starts_at = (struct instant){ INT64_C(1795384800000) };
			ac.ends_at = (struct instant){ INT64_C(1795514400000) };
			assert_true(outbox_sending(f->sync, no, NOW, NOW, &err));
			assert_true(outbox_accepted(f->sync, no, "code-lee", 200, &err));
			put_code(f->sync, ac);
		}
		got = said(f->sync, -16, 48);
		if (g_strcmp0(got, rows[i].said) != 0)
			fail_msg("row %zu: '%s', not '%s'", i, got, rows[i].said);
		fixture_down(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_stays_of_different_guests_in_one_room_are_a_double_booking),
		cmocka_unit_test(a_second_guest_is_no_double_booking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
