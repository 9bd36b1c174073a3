/* The lock on a cache, and where the API key comes from: what lies in folders. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <glib/gstdio.h>

#include "core/error.h"
#include "sync/credential.h"
#include "sync/lockfile.h"

static char *folder;

static int make_folder(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("keyrack-sync-XXXXXX", NULL);
	g_unsetenv("KEYRACK_API_KEY");
	g_unsetenv("CREDENTIALS_DIRECTORY");
	g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
	return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "cache.lock", "key", "keyrack-api-key",
					     "keyrack-api-key-harbour" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
	g_clear_pointer(&folder, g_free);
	return 0;
}

/* ---- the lock ---- */

static void a_second_sync_is_busy(void **state)
{
	g_autoptr(GError) err = NULL;
	int fd;

	(void)state;
	assert_false(sync_lock_is_held(folder));
	fd = sync_lock_take(folder, false, &err);
	assert_true(fd >= 0);
	assert_true(sync_lock_is_held(folder));
	assert_int_equal(sync_lock_take(folder, false, &err), -1);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	close(fd);
	assert_false(sync_lock_is_held(folder));
	g_clear_error(&err);
	fd = sync_lock_take(folder, false, &err);
	assert_true(fd >= 0);
	close(fd);
}

static void looking_does_not_take_or_drop_the_lock(void **state)
{
	int fd = sync_lock_take(folder, false, NULL);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(sync_lock_is_held(folder));
	assert_int_equal(sync_lock_take(folder, false, NULL), -1);
	assert_true(sync_lock_is_held(folder));
	close(fd);
}

static void a_killed_holder_holds_nothing(void **state)
{
	int ready[2], fd;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		int held = sync_lock_take(folder, false, NULL);

		if (held >= 0 && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_true(sync_lock_is_held(folder));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	fd = sync_lock_take(folder, false, NULL);
	assert_true(fd >= 0);
	close(fd);
	close(ready[0]);
	close(ready[1]);
}

static void a_missing_folder_is_said(void **state)
{
	g_autoptr(GError) err = NULL;

	(void)state;
	assert_int_equal(sync_lock_take("/nonexistent/keyrack", false, &err), -1);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	assert_false(sync_lock_is_held("/nonexistent/keyrack"));
}

/* ---- the key ---- */

#define SECRET "seam_secret_key"

enum place { IN_FILE, IN_ENVIRONMENT, IN_CREDENTIAL, IN_OWN_CREDENTIAL };

static const struct key_row {
	const char *what;
	enum place place;
	const char *content;
	mode_t mode;
	bool group;
	const char *key;   /* NULL: an error */
	const char *words; /* in the error */
} keys[] = {
	{ "a file", IN_FILE, SECRET, 0600, false, SECRET, NULL },
	{ "a new line at its end", IN_FILE, SECRET "\n", 0600, false, SECRET, NULL },
	{ "a line end of Windows", IN_FILE, SECRET "\r\n", 0400, false, SECRET, NULL },
	{ "readable by the group", IN_FILE, SECRET, 0640, false, NULL, "chmod 600" },
	{ "readable by all", IN_FILE, SECRET, 0644, false, NULL, "chmod 600" },
	{ "the group of a shared profile", IN_FILE, SECRET, 0640, true, SECRET, NULL },
	{ "all, in a shared profile", IN_FILE, SECRET, 0644, true, NULL, "chmod 640" },
	{ "writable by the group", IN_FILE, SECRET, 0660, true, NULL, "chmod 640" },
	{ "an empty file", IN_FILE, "\n", 0600, false, NULL, "empty" },
	{ "two lines", IN_FILE, SECRET "\nmore", 0600, false, NULL, "one line" },
	{ "a header smuggled in", IN_FILE, SECRET "\r\nX: y", 0600, false, NULL, "one line" },
	{ "no ASCII", IN_FILE, "seam_schl\xc3\xbcssel", 0600, false, NULL, "one line" },
	{ "the environment", IN_ENVIRONMENT, SECRET "\n", 0, false, SECRET, NULL },
	{ "a systemd credential", IN_CREDENTIAL, SECRET "\n", 0400, false, SECRET, NULL },
	{ "a credential of this profile", IN_OWN_CREDENTIAL, SECRET, 0400, false, SECRET, NULL },
};

static void put_file(const char *name, const char *content, mode_t mode)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	g_unlink(path);
	assert_true(g_file_set_contents(path, content, -1, NULL));
	assert_int_equal(chmod(path, mode), 0);
}

static void try_key(const struct key_row *r)
{
	g_autofree char *path = g_build_filename(folder, "key", NULL);
	g_autofree char *where = NULL;
	g_autoptr(GError) err = NULL;
	struct profile p = { 0 };
	char id[] = "harbour";
	char *key;

	p.id = id;
	p.group = r->group;
	if (r->place == IN_FILE) {
		p.api_key_file = path;
		put_file("key", r->content, r->mode);
	} else if (r->place == IN_ENVIRONMENT) {
		g_setenv("KEYRACK_API_KEY", r->content, TRUE);
	} else {
		put_file("keyrack-api-key",
			 r->place == IN_CREDENTIAL ? r->content : "seam_other", 0400);
		if (r->place == IN_OWN_CREDENTIAL)
			put_file("keyrack-api-key-harbour", r->content, r->mode);
		g_setenv("CREDENTIALS_DIRECTORY", folder, TRUE);
	}
	key = credential_load(&p, &where, &err);
	if (g_strcmp0(key, r->key) != 0)
		fail_msg("%s: %s", r->what, err ? err->message : "another key");
	if (!r->key) {
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
		if (!strstr(err->message, r->words) || strstr(err->message, "seam_"))
			fail_msg("%s: says '%s'", r->what, err->message);
	} else {
		assert_non_null(where);
	}
	credential_wipe(key);
	g_unsetenv("KEYRACK_API_KEY");
	g_unsetenv("CREDENTIALS_DIRECTORY");
}

static void keys_come_from_their_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		try_key(&keys[i]);
}

static void no_key_says_what_to_do(void **state)
{
	g_autoptr(GError) err = NULL;
	char id[] = "harbour";
	struct profile p = { .id = id };

	(void)state;
	assert_null(credential_load(&p, NULL, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
	assert_non_null(strstr(err->message, "api-key-file"));
}

static void a_pipe_as_key_file_is_refused_and_not_waited_for(void **state)
{
	g_autofree char *path = g_build_filename(folder, "key", NULL);
	struct profile p = { .id = folder, .api_key_file = path };
	g_autoptr(GError) err = NULL;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(10);
	assert_null(credential_load(&p, NULL, &err));
	alarm(0);
	assert_non_null(strstr(err->message, "is not a file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_second_sync_is_busy, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(looking_does_not_take_or_drop_the_lock, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_killed_holder_holds_nothing, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_missing_folder_is_said, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(keys_come_from_their_places, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_pipe_as_key_file_is_refused_and_not_waited_for,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(no_key_says_what_to_do, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
