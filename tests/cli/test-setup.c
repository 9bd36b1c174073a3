/* The first configuration: what is wrong with an answer, and a file that is written once and whole. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/setup.h"
#include "core/profile.h"

static void a_wrong_answer_is_told_what_is_meant(void **state)
{
	static const struct {
		const char *(*wrong)(const char *text);
		const char *text;
		const char *said; /* NULL: nothing is wrong */
	} rows[] = {
		{ setup_wrong_endpoint, "https://connect.getseam.com", NULL },
		{ setup_wrong_endpoint, "http://127.0.0.1:8080", NULL },
		{ setup_wrong_endpoint, "unix:/run/keyrackd.sock", NULL },
		{ setup_wrong_endpoint, "unix:run/keyrackd.sock", "whole path" },
		{ setup_wrong_endpoint, "connect.getseam.com", "begins with https://" },
		{ setup_wrong_endpoint, "", "begins with https://" },
		{ setup_wrong_endpoint, "https://", "name is missing" },
		{ setup_wrong_endpoint, "https:///x", "name is missing" },
		{ setup_wrong_endpoint, "https://a b", "blank" },
		{ setup_wrong_key, "seam_test_123", NULL },
		{ setup_wrong_key, "", "missing" },
		{ setup_wrong_key, "two words", "one word" },
		{ setup_wrong_key, "schlüssel", "one word" },
		{ setup_wrong_zone, "", NULL },
		{ setup_wrong_zone, "Europe/Berlin", NULL },
		{ setup_wrong_zone, "Berlin", "Europe/Berlin" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *said = rows[i].wrong(rows[i].text);

		if (!said != !rows[i].said || (said && !strstr(said, rows[i].said)))
			fail_msg("'%s': %s", rows[i].text, said ? said : "nothing");
	}
}

static void a_name_makes_an_id(void **state)
{
	static const struct {
		const char *name, *id;
	} rows[] = {
		{ "Harbour House", "harbour-house" }, { "Höfe 山手 ", "hofe" }, { "--", "house" },
		{ "A/../B", "a-b" },		      { "", "house" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *id = setup_id(rows[i].name);

		assert_string_equal(id, rows[i].id);
	}
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void what_was_answered_is_saved_for_one_alone_and_never_over_another(void **state)
{
	g_autofree char *home = g_dir_make_tmp("keyrack-setup-XXXXXX", NULL);
	struct setup s = { g_strdup("https://example.net"), g_strdup("key123"), g_strdup("Harbour House"),
			   g_strdup("Europe/Berlin") };
	g_autoptr(GError) err = NULL, again = NULL;
	g_autofree char *folder = g_build_filename(home, "keyrack", NULL), *text = NULL;
	g_autofree char *config = g_build_filename(folder, "keyrack.conf", NULL);
	g_autofree char *key = g_build_filename(folder, "harbour-house.key", NULL);

	(void)state;
	assert_true(setup_save(&s, config, &err));
	assert_int_equal(mode_of(folder), 0700);
	assert_int_equal(mode_of(config), 0600);
	assert_int_equal(mode_of(key), 0600);
	assert_true(g_file_get_contents(key, &text, NULL, NULL));
	assert_string_equal(text, "key123\n");
	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	g_unsetenv("KEYRACK_ENDPOINT");
	struct profile *p = profile_load(NULL, &err);
	assert_non_null(p);
	assert_string_equal(p->name, "Harbour House");
	assert_string_equal(p->endpoint, "https://example.net");
	assert_string_equal(p->zone, "Europe/Berlin");
	profile_free(p);
	assert_false(setup_save(&s, config, &again));
	assert_non_null(again);
	assert_null(strstr(again->message, "key123"));
	/* a configuration that is there already loses no key to a failure, and leaves none behind */
	g_unlink(key);
	g_clear_error(&again);
	assert_false(setup_save(&s, config, &again));
	assert_false(g_file_test(key, G_FILE_TEST_EXISTS));
	g_unlink(config);
	assert_int_equal(g_rmdir(folder), 0); /* nothing else was left in it */
	g_rmdir(home);
	setup_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_answer_is_told_what_is_meant),
		cmocka_unit_test(a_name_makes_an_id),
		cmocka_unit_test(what_was_answered_is_saved_for_one_alone_and_never_over_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
