/* Commands that ask for something, against a small house in a cache, without a server: what lies in the outbox
 * afterwards, and what is refused before it comes to that. */
#include "config.h"

#include "tests/cli/desk.h"
#include "tests/cli/lines.h"

#include <glib/gstdio.h>
#include <string.h>

/* The only intent that waits, as --json prints it with its PIN. */
static json_t *the_intent(void)
{
	json_t *lines = lines_of(desk_run("outbox", "--json", "--pins", NULL));

	assert_int_equal(json_array_size(lines), 1);
	json_t *in = json_incref(json_array_get(lines, 0));
	json_decref(lines);
	return in;
}

static json_t *param(json_t *intent, const char *key)
{
	return json_object_get(json_object_get(intent, "params"), key);
}

static const char *param_text(json_t *intent, const char *key)
{
	return json_string_value(param(intent, key));
}

static char *pin_file(void **state, const char *text)
{
	char *path = g_build_filename(desk_house(state)->folder, "pin", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static void a_new_code_waits_in_the_outbox_with_what_the_server_takes(void **state)
{
	g_autofree char *path = pin_file(state, "  7٣９182 \n"); /* as some keyboards write it */
	const struct outcome *o =
		desk_run("code", "create", "--lock", "Gym", "--name", "Haddad, Leila", "--from",
			 "tomorrow 15:00", "--until", "+3n 11:00", "--pin-file", path,
			 "--just-in-time", "--external-ok", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "Mon 23 Nov 2026 15:00 CET");
	assert_says(o->out, "Thu 26 Nov 2026 11:00 CET");
	assert_says(o->out, "queued");
	assert_silent_about(o->out, "739182");
	assert_silent_about(o->err, "739182");
	json_t *in = the_intent();
	assert_string_equal(json_string_value(json_object_get(in, "kind")), "create");
	assert_string_equal(json_string_value(json_object_get(in, "state")), "queued");
	assert_string_equal(param_text(in, "device_id"), "dev-gym");
	assert_string_equal(param_text(in, "name"), "Haddad, Leila");
	assert_string_equal(param_text(in, "code"), "739182");
	assert_string_equal(param_text(in, "starts_at"), "2026-11-23T14:00:00.000Z");
	assert_string_equal(param_text(in, "ends_at"), "2026-11-26T10:00:00.000Z");
	assert_true(json_is_false(param(in, "prefer_native_scheduling")));
	assert_true(json_is_true(param(in, "is_external_modification_allowed")));
	assert_non_null(param_text(in, "common_code_key"));
	assert_null(param(in, "is_offline_access_code"));
	json_decref(in);
}

/* As in the console: no word for now is refused where the lock wants a start to come. */
static void now_is_as_soon_as_the_lock_takes_it(void **state)
{
	static const char *const from[] = { "now", "2026-11-22T20:18:00Z" };
	struct lock lock = a_lock("dev-cellar", "Cellar");
	const struct outcome *o;

	lock.code_constraints = "[{\"constraint_type\":\"start_date_in_future\"}]";
	put_lock(desk_house(state)->sync, lock);
	for (size_t i = 0; i <= G_N_ELEMENTS(from); i++) {
		if (i < G_N_ELEMENTS(from))
			o = desk_run("code", "create", "--lock", "Cellar", "--name", "Ana", "--until", "+1n", "--from",
				     from[i], NULL);
		else
			o = desk_run("code", "create", "--lock", "Cellar", "--name", "Ana", "--until", "+1n", NULL);
		assert_int_equal(o->code, EXIT_OK);
		assert_says(o->err, "starts at Sun 22 Nov 2026 21:34 CET, the soonest this lock takes");
		assert_says(o->out, "from Sun 22 Nov 2026 21:34 CET");
	}
}

static void a_pin_is_made_that_fits_every_door_and_is_the_same(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "create", "--lock", "Gym", "--lock",
					   "101 Garden", "--lock", "Gym", "--name", "Both", NULL);

	assert_int_equal(o->code, EXIT_OK);
	json_t *lines = lines_of(desk_run("outbox", "--json", "--pins", NULL));
	assert_int_equal(json_array_size(lines), 2);
	const char *a = param_text(json_array_get(lines, 0), "code");
	const char *b = param_text(json_array_get(lines, 1), "code");
	assert_int_equal(strlen(a), 6);
	assert_string_equal(a, b);
	assert_null(param(json_array_get(lines, 0), "starts_at"));
	json_decref(lines);
}

static void a_pin_in_use_is_refused_with_the_holder_and_nothing_is_queued(void **state)
{
	g_autofree char *path = pin_file(state, PIN_ANNA "\n");
	const struct outcome *o = desk_run("code", "create", "--lock", "101", "--name", "New",
					   "--pin-file", path, NULL);

	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "Anna Berg");
	assert_silent_about(o->err, PIN_ANNA);
	o = desk_run("code", "edit", "Ito", "--pin-file", path, NULL);
	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "Anna Berg");
	assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
}

/* Ito has 101 from tomorrow 21:18 for two days. */
static void a_double_booking_is_warned_of_and_made_all_the_same(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "create", "--lock", "101", "--name", "New", "--from",
					   "+2n 15:00", "--until", "+1n 11:00", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->err, "Ito has 101 Garden from tomorrow 21:18 until Wed 21:18");
	o = desk_run("code", "create", "--lock", "Gym", "--name", "New", "--until", "+1n", NULL);
	assert_silent_about(o->err, " has ");
}

static void a_pin_that_breaks_the_locks_rules_is_refused(void **state)
{
	g_autofree char *path = pin_file(state, "73918\n");
	const struct outcome *o = desk_run("code", "create", "--lock", "101", "--name", "New",
					   "--pin-file", path, NULL);

	assert_int_equal(o->code, EXIT_USAGE);
	assert_says(o->err, "101 Garden: ");
	assert_silent_about(o->err, "73918");
	assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
}

static const struct {
	const char *line;
	const char *key[3], *text[3];
	size_t members; /* of the parameters, access_code_id among them */
} edit_row[] = {
	{ "code edit 'Anna Berg' --name Anna", { "name" }, { "Anna" }, 2 },
	{ "code edit Ito --until +5d", { "starts_at", "ends_at" },
	  { "2026-11-23T20:18:00.000Z", "2026-11-30T20:18:00.000Z" }, 3 },
	{ "code edit Ito --ongoing", { "type" }, { "ongoing" }, 2 },
	{ "code edit 'Anna Berg' --until +2h", { "starts_at", "ends_at" },
	  { "2026-11-22T20:18:00.000Z", "2026-11-22T22:18:00.000Z" }, 3 },
};

static void an_edit_sends_what_is_to_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(edit_row); i++) {
		const struct outcome *o = desk_run_line(edit_row[i].line);
		if (o->code != EXIT_OK)
			fail_msg("%s: %d %s", edit_row[i].line, o->code, o->err);
		json_t *in = the_intent();
		assert_string_equal(json_string_value(json_object_get(in, "kind")), "update");
		assert_int_equal(json_object_size(json_object_get(in, "params")),
				 edit_row[i].members);
		for (size_t j = 0; j < 3 && edit_row[i].key[j]; j++)
			assert_string_equal(param_text(in, edit_row[i].key[j]),
					    edit_row[i].text[j]);
		g_autofree char *withdraw = g_strdup_printf(
			"outbox withdraw %d",
			(int)json_integer_value(json_object_get(in, "intent_no")));
		json_decref(in);
		assert_int_equal(desk_run_line(withdraw)->code, EXIT_OK);
	}
}

static const struct {
	const char *line, *kind, *key, *text;
} other_row[] = {
	{ "code delete Ito --yes", "delete", "access_code_id", "code-ito" },
	{ "code delete Plumber --yes", "delete_unmanaged", "access_code_id", "code-stray" },
	{ "lock Gym", "lock", "device_id", "dev-gym" },
	{ "unlock Gym --yes", "unlock", "device_id", "dev-gym" },
};

static void other_wishes_are_queued_too_and_can_be_taken_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(other_row); i++) {
		const struct outcome *o = desk_run_line(other_row[i].line);
		if (o->code != EXIT_OK)
			fail_msg("%s: %d %s", other_row[i].line, o->code, o->err);
		json_t *in = the_intent();
		assert_string_equal(json_string_value(json_object_get(in, "kind")),
				    other_row[i].kind);
		assert_string_equal(param_text(in, other_row[i].key), other_row[i].text);
		g_autofree char *withdraw = g_strdup_printf(
			"outbox withdraw %d",
			(int)json_integer_value(json_object_get(in, "intent_no")));
		json_decref(in);
		assert_int_equal(desk_run_line(withdraw)->code, EXIT_OK);
		assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
	}
	assert_int_equal(desk_run("outbox", "withdraw", "999", NULL)->code, EXIT_NOT_FOUND);
}

static void a_delete_says_that_the_backup_goes_on(void **state)
{
	const struct outcome *o;

	(void)state;
	o = desk_run("code", "delete", "Dubois", "--yes", NULL);
	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->err, "Its backup code goes on opening until ");
	assert_says(o->err, "revoke that too");
	json_t *in = the_intent();
	g_autofree char *withdraw =
		g_strdup_printf("outbox withdraw %d",
				(int)json_integer_value(json_object_get(in, "intent_no")));
	json_decref(in);
	assert_int_equal(desk_run_line(withdraw)->code, EXIT_OK);
}

static void waiting_without_sync_ends_and_the_wish_stays_queued(void **state)
{
	(void)state;
	const struct outcome *o = desk_run("code", "create", "--lock", "Gym", "--name", "Late",
					   "--wait", "--timeout", "1", NULL);

	assert_int_equal(o->code, EXIT_TIMEOUT);
	assert_says(o->err, "stays queued");
	json_t *in = the_intent();
	assert_string_equal(json_string_value(json_object_get(in, "state")), "queued");
	json_decref(in);
}

static void what_the_server_refused_is_shown_with_its_reasons(void **state)
{
	struct cache *c = desk_house(state)->sync;
	g_autoptr(GError) err = NULL;

	assert_int_equal(desk_run("code", "edit", "Ito", "--name", "I", NULL)->code, EXIT_OK);
	json_t *in = the_intent();
	int64_t no = json_integer_value(json_object_get(in, "intent_no"));
	json_decref(in);
	outbox_sending(c, no, NOW, NOW, &err);
	assert_no_error(err);
	outbox_refused(c, no, 400, "invalid_input", "name is too short",
		       "{\"_errors\":[],\"name\":{\"_errors\":[\"two letters at least\"]}}", &err);
	assert_no_error(err);
	const struct outcome *o = desk_run("outbox", NULL);
	assert_says(o->out, "refused");
	assert_says(o->out, "name is too short");
	assert_says(o->out, "name: two letters at least");
	json_t *lines = lines_of(desk_run("outbox", "--json", NULL));
	json_t *error = json_object_get(json_array_get(lines, 0), "error");
	assert_string_equal(json_string_value(json_object_get(error, "type")), "invalid_input");
	assert_true(json_is_object(json_object_get(error, "validation_errors")));
	json_decref(lines);
	/* It cannot be taken back any more; it can be put aside. */
	/* Asked for again it is another entry; the refused one is put aside, and not asked for a third time. */
	g_autofree char *retry = g_strdup_printf("outbox retry %d", (int)no);
	g_autofree char *second = g_strdup_printf("outbox withdraw %d", (int)no + 1);
	assert_int_equal(desk_run_line(second)->code, EXIT_NOT_FOUND);
	assert_int_equal(desk_run("outbox", "--state", "refused", "--json", NULL)->code, EXIT_OK);
	assert_int_equal(desk_run("outbox", "--state", "lost", NULL)->code, EXIT_USAGE);
	assert_int_equal(desk_run("outbox", "retry", "999", NULL)->code, EXIT_NOT_FOUND);
	assert_int_equal(desk_run_line(retry)->code, EXIT_OK);
	assert_says(desk_run("outbox", "--state", "waiting", NULL)->out, "queued");
	assert_string_equal(desk_run("outbox", "--state", "refused", "--json", NULL)->out, "");
	assert_says(desk_run("outbox", "--state", "aside", NULL)->out, "refused");
	o = desk_run_line(retry);
	assert_int_equal(o->code, EXIT_REFUSED);
	assert_says(o->err, "asked for again already");
	assert_int_equal(desk_run_line(second)->code, EXIT_OK);
	g_autofree char *withdraw = g_strdup_printf("outbox withdraw %d", (int)no);
	g_autofree char *dismiss = g_strdup_printf("outbox dismiss %d", (int)no);
	o = desk_run_line(withdraw);
	assert_int_equal(o->code, EXIT_REFUSED);
	assert_says(o->err, "keyrack outbox dismiss");
	assert_int_equal(desk_run_line(dismiss)->code, EXIT_OK);
	assert_string_equal(desk_run("outbox", "--json", NULL)->out, "");
	assert_int_equal(desk_run("outbox", "dismiss", "999", NULL)->code, EXIT_NOT_FOUND);
}

static void a_door_is_named_once(void **state)
{
	(void)state;
	assert_int_equal(desk_run("unlock", "Gym", "--yes", NULL)->code, EXIT_OK);
	const struct outcome *o = desk_run("outbox", NULL);
	assert_says(o->out, "unlock Gym");
	assert_silent_about(o->out, "on Gym");
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest test[] = {
		DESK(a_new_code_waits_in_the_outbox_with_what_the_server_takes),
		DESK(now_is_as_soon_as_the_lock_takes_it),
		DESK(a_pin_is_made_that_fits_every_door_and_is_the_same),
		DESK(a_pin_in_use_is_refused_with_the_holder_and_nothing_is_queued),
		DESK(a_double_booking_is_warned_of_and_made_all_the_same),
		DESK(a_pin_that_breaks_the_locks_rules_is_refused),
		DESK(an_edit_sends_what_is_to_change),
		DESK(other_wishes_are_queued_too_and_can_be_taken_back),
		DESK(a_delete_says_that_the_backup_goes_on),
		DESK(waiting_without_sync_ends_and_the_wish_stays_queued),
		DESK(what_the_server_refused_is_shown_with_its_reasons),
		DESK(a_door_is_named_once),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
