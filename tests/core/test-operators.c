/* test-operators - who may unlock a desk: a file that holds no PIN, and tries that wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <sodium.h>

#include "core/error.h"
#include "core/operators.h"

static const struct operators_cost cheap = { crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN };

struct place {
	char *folder, *path;
};

static int up(void **state)
{
	struct place *p = g_new0(struct place, 1);

	p->folder = g_dir_make_tmp("operators-XXXXXX", NULL);
	p->path = g_build_filename(p->folder, "operators.conf", NULL);
	*state = p;
	return 0;
}

static int down(void **state)
{
	struct place *p = *state;

	g_unlink(p->path);
	g_rmdir(p->folder);
	g_free(p->path);
	g_free(p->folder);
	g_free(p);
	return 0;
}

static struct operators *load(struct place *p)
{
	g_autoptr(GError) err = NULL;
	struct operators *o = operators_load(p->path, &err);

	if (!o)
		fail_msg("%s", err->message);
	return o;
}

static void a_pin_is_recognized_and_stands_nowhere(void **state)
{
	struct place *p = *state;
	OWN(operators) struct operators *o = load(p);
	g_autofree char *text = NULL, *hash = NULL, *none = NULL;
	struct stat st;

	assert_true(operators_add(o, "Anna", "480211", &cheap, NULL));
	assert_true(operators_add(o, "Bo Lindqvist", "7777", &cheap, NULL));
	OWN(operators) struct operators *again = load(p);
	g_auto(GStrv) names = operators_names(again);

	assert_string_equal(names[0], "Anna");
	assert_string_equal(names[1], "Bo Lindqvist");
	assert_null(names[2]);
	hash = operators_hash(again, "Anna");
	assert_true(g_str_has_prefix(hash, "$argon2id$"));
	assert_true(operators_right(hash, "480211"));
	assert_false(operators_right(hash, "480212"));
	assert_false(operators_right(hash, ""));
	assert_false(operators_right("nonsense", "480211"));
	none = operators_hash(again, "Carl");
	assert_null(none);
	assert_true(g_file_get_contents(p->path, &text, NULL, NULL));
	assert_null(strstr(text, "480211"));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_new_pin_replaces_and_a_removed_name_is_gone(void **state)
{
	OWN(operators) struct operators *o = load(*state);
	g_autofree char *hash = NULL, *gone = NULL;

	assert_true(operators_add(o, "Anna", "1111", &cheap, NULL));
	assert_true(operators_add(o, "Anna", "2222", &cheap, NULL));
	hash = operators_hash(o, "Anna");
	assert_false(operators_right(hash, "1111"));
	assert_true(operators_right(hash, "2222"));
	assert_true(operators_remove(o, "Anna", NULL));
	gone = operators_hash(o, "Anna");
	assert_null(gone);
	assert_false(operators_remove(o, "Anna", NULL));
}

static void what_cannot_be_a_name_or_a_pin_is_refused(void **state)
{
	static const struct {
		const char *name, *pin;
	} rows[] = {
		{ "", "1234" }, { " Anna", "1234" }, { "An]na", "1234" }, { "An\nna", "1234" },
		{ "An\033na", "1234" }, { "Anna", "123" }, { "Anna", "" },
		{ "a name that is longer than anybody's is, by far", "1234" },
	};
	OWN(operators) struct operators *o = load(*state);
	g_auto(GStrv) names = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;

		assert_false(operators_add(o, rows[i].name, rows[i].pin, &cheap, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE));
		assert_true(!*rows[i].pin || !strstr(err->message, rows[i].pin));
	}
	names = operators_names(o);
	assert_null(names[0]);
}

static void a_file_that_others_can_read_is_refused(void **state)
{
	struct place *p = *state;
	g_autoptr(GError) err = NULL;

	assert_true(g_file_set_contents(p->path, "[operator Anna]\nargon2id=x\n", -1, NULL));
	assert_int_equal(g_chmod(p->path, 0644), 0);
	assert_null(operators_load(p->path, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
}

/* Seconds until the next try after so many wrong ones, also by whoever reads the file anew. */
static void wrong_tries_wait_longer_each_time(void **state)
{
	static const int seconds[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct place *p = *state;
	struct instant now = { INT64_C(1795378680000) };
	OWN(operators) struct operators *o = load(p);

	assert_int_equal(operators_wait_ms(o, now), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
		OWN(operators) struct operators *restarted = NULL;

		assert_true(operators_note_try(o, now, NULL));
		assert_int_equal(operators_wait_ms(o, now), seconds[i] * 1000);
		restarted = load(p);
		assert_int_equal(operators_wait_ms(restarted, now), seconds[i] * 1000);
		assert_int_equal(operators_wait_ms(o, instant_add_ms(now, 400)), seconds[i] * 1000 - 400);
		/* A clock set back does not make it longer, nor shorter. */
		assert_int_equal(operators_wait_ms(o, instant_add_ms(now, -DAY_MS)), seconds[i] * 1000);
		now = instant_add_ms(now, seconds[i] * 1000);
		assert_int_equal(operators_wait_ms(o, now), 0);
	}
	assert_true(operators_note_right(o, NULL));
	assert_true(operators_note_try(o, now, NULL));
	assert_int_equal(operators_wait_ms(o, now), 1000);
}

/* What the file says, and what it means; a word that nobody knows is the least. */
static void a_role_is_what_the_file_says(void **state)
{
	static const struct {
		const char *name, *written; /* NULL: nothing */
		enum operator_role role;
	} rows[] = {
		{ "none", NULL, OPERATOR_ADMIN },
		{ "read", "read", OPERATOR_READ },
		{ "desk", "desk", OPERATOR_DESK },
		{ "admin", "admin", OPERATOR_ADMIN },
		{ "nonsense", "Admin", OPERATOR_READ },
		{ "empty", "", OPERATOR_READ },
	};
	struct place *p = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct operators *o;
		g_autoptr(GKeyFile) file = g_key_file_new();
		enum operator_role role;

		g_unlink(p->path);
		o = load(p);
		assert_true(operators_add(o, "Anna", "4802", &cheap, NULL));
		assert_false(operators_have_roles(o));
		operators_free(o);
		if (rows[i].written) {
			assert_true(g_key_file_load_from_file(file, p->path, G_KEY_FILE_NONE, NULL));
			g_key_file_set_string(file, "operator Anna", "role", rows[i].written);
			assert_true(g_key_file_save_to_file(file, p->path, NULL));
			assert_int_equal(chmod(p->path, 0600), 0);
		}
		o = load(p);
		if (operators_role(o, "Anna") != rows[i].role)
			fail_msg("%s: %s", rows[i].name, operator_role_word(operators_role(o, "Anna")));
		assert_int_equal(operators_have_roles(o), rows[i].written != NULL);
		/* A new PIN leaves the role as it is. */
		assert_true(operators_set_role(o, "Anna", OPERATOR_DESK, NULL));
		assert_true(operators_add(o, "Anna", "9999", &cheap, NULL));
		assert_int_equal(operators_role(o, "Anna"), OPERATOR_DESK);
		assert_false(operators_set_role(o, "Nobody", OPERATOR_READ, NULL));
		assert_true(operator_role_of(operator_role_word(rows[i].role), &role) && role == rows[i].role);
		operators_free(o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pin_is_recognized_and_stands_nowhere, up, down),
		cmocka_unit_test_setup_teardown(a_new_pin_replaces_and_a_removed_name_is_gone, up, down),
		cmocka_unit_test_setup_teardown(what_cannot_be_a_name_or_a_pin_is_refused, up, down),
		cmocka_unit_test_setup_teardown(a_file_that_others_can_read_is_refused, up, down),
		cmocka_unit_test_setup_teardown(a_role_is_what_the_file_says, up, down),
		cmocka_unit_test_setup_teardown(wrong_tries_wait_longer_each_time, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
