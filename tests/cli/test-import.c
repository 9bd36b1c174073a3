/* import: a list on the command line, from the first look at it to the codes that are queued. */
#include "config.h"

#include "cache/db.h"
#include "tests/cli/desk.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#define HEAD "id,guest,room,arrival,departure,phone\n"
#define ANA  "1,Ana Lima,102,2027-11-26,2027-11-28,0151 2344837\n"
#define BEN  "2,Ben Okri,Gym,2027-11-26,2027-11-28,\n"
#define BAD  "3,Cem,999,2027-11-26,2027-11-28,\n"

static const char *list(void **state, const char *rows)
{
	g_autofree char *text = g_strconcat(HEAD, rows, NULL);
	g_autofree char *path = g_build_filename(desk_house(state)->folder, "list.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return g_intern_string(path);
}

static int queued(void)
{
	const struct outcome *o = desk_run("outbox", "--json", NULL);
	int n = 0;

	for (const char *p = o->out; *p; p++)
		n += *p == '\n';
	return n;
}

static void it_is_shown_first_and_done_only_when_asked(void **state)
{
	const char *file = list(state, ANA BEN BAD);
	const struct outcome *o = desk_run("import", file, "--dry-run", NULL);

	assert_int_equal(o->code, EXIT_FAILED);
	assert_says(o->out, "+     2  Ana Lima  102 Garden");
	assert_says(o->out, "Ana Lima");
	assert_says(o->out, "No lock here is called '999'");
	assert_says(o->err,
		    "list.csv: 3 rows, 2 accepted, 0 unchanged, 1 refused. Codes: +2 issue, ~0 change, -0 revoke");
	assert_int_equal(queued(), 0);
	o = desk_run("import", file, NULL);
	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "add --yes to do it");
	assert_int_equal(queued(), 0);
	o = desk_run("import", file, "--yes", NULL);
	assert_int_equal(o->code, EXIT_FAILED); /* one row was refused */
	assert_says(o->err, "Queued: +2 ~0 -0");
	assert_int_equal(queued(), 2);
	o = desk_run("import", file, "--yes", NULL);
	assert_says(o->err, "3 rows, 0 accepted, 2 unchanged, 1 refused");
	assert_int_equal(queued(), 2);
}

static void json_has_a_line_a_row_and_no_pin(void **state)
{
	const struct outcome *o = desk_run("import", list(state, ANA BAD), "--json", "--dry-run", NULL);
	g_auto(GStrv) lines = g_strsplit(g_strchomp(o->out), "\n", -1);
	static const char *const want[][2] = { { "answer", "accepted" }, { "answer", "refused" } };

	assert_int_equal(g_strv_length(lines), 2);
	for (int i = 0; i < 2; i++) {
		json_t *row = json_loads(lines[i], 0, NULL);

		assert_non_null(row);
		assert_string_equal(json_string_value(json_object_get(row, want[i][0])), want[i][1]);
		assert_int_equal(json_integer_value(json_object_get(row, "line")), i + 2);
		assert_null(json_object_get(row, "code"));
		json_decref(row);
	}
}

static void what_was_asked_for_is_in_the_desks_journal(void **state)
{
	sqlite3_stmt *q = NULL;

	desk_run("import", list(state, ANA), "--yes", NULL);
	assert_int_equal(
		sqlite3_prepare_v2(desk_house(state)->sync->db, "SELECT act, about FROM desk_act", -1, &q, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(q, 0), "import");
	assert_string_equal((const char *)sqlite3_column_text(q, 1),
			    "list.csv: 1 issued, 0 changed, 0 revoked, 0 refused");
	sqlite3_finalize(q);
}

static void a_room_for_all_and_a_file_that_cannot_be(void **state)
{
	const struct outcome *o =
		desk_run("import", list(state, "1,Ana,,2027-11-26,2027-11-28,\n"), "--room", "Gym", "--yes", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_int_equal(queued(), 1);
	o = desk_run("import", "/nowhere.csv", "--yes", NULL);
	assert_int_equal(o->code, EXIT_CACHE);
	assert_says(o->err, "/nowhere.csv cannot be read: No such file or directory");
	o = desk_run("import", list(state, "1,\"Ana"), "--yes", NULL);
	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "list.csv: The quote that opens in line 2 is never closed");
}

/* The server has taken what was queued: the codes are there. */
static void take_all(void **state)
{
	struct cache *c = desk_house(state)->sync;
	OWN(cache_list) struct cache_list *all = outbox_list(c, 1u << INTENT_QUEUED, 0, NULL);

	for (guint i = 0; i < all->rows->len; i++) {
		const struct intent *in = cache_list_at(all, struct intent, i);
		g_autofree char *id = g_strdup_printf("made-%d", (int)in->intent_no);
		struct access_code ac = a_code(id, in->device_id, in->name, NULL);
		struct instant from, until;

		instant_parse("2027-11-26T14:00:00Z", -1, &from);
		instant_parse("2027-11-28T10:00:00Z", -1, &until);
		ac.time_bound = true;
		ac.starts_at = from;
		ac.ends_at = until;
		assert_true(outbox_sending(c, in->intent_no, NOW, NOW, NULL));
		put_code(c, ac);
		assert_true(outbox_accepted(c, in->intent_no, id, 200, NULL));
	}
}

static void so_many_removals_want_their_number(void **state)
{
	const struct outcome *o;

	desk_run("import", list(state, "1,A,102,2027-11-26,2027-11-28,\n2,B,Gym,2027-11-26,2027-11-28,\n"
				       "3,C,101,2027-11-26,2027-11-28,\n"), "--yes", NULL);
	assert_int_equal(queued(), 3);
	take_all(state);
	o = desk_run("import", list(state, ""), "--yes", NULL);
	assert_int_equal(o->code, EXIT_FAILED);
	assert_says(o->err, "3 of the 3 stays to come are no longer in list.csv");
	assert_says(o->err, "--accept-removals 3 does it");
	assert_int_equal(queued(), 0);
	assert_int_equal(desk_run("import", list(state, ""), "--yes", "--accept-removals", "2", NULL)->code,
			 EXIT_FAILED);
	assert_int_equal(desk_run("import", list(state, ""), "--yes", "--accept-removals", "3", NULL)->code, EXIT_OK);
	assert_int_equal(queued(), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_up, desk_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(it_is_shown_first_and_done_only_when_asked),
		TEST(json_has_a_line_a_row_and_no_pin),
		TEST(what_was_asked_for_is_in_the_desks_journal),
		TEST(a_room_for_all_and_a_file_that_cannot_be),
		TEST(so_many_removals_want_their_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
