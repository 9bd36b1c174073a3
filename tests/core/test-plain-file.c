/* plain_file: what stands in the place of a file is read at once, or said at once to be none. */
#include "config.h"

#include "tests/core/rows.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/plain_file.h"

static void put_nothing(const char *path) { g_unlink(path); }
static void put_text(const char *path) { assert_true(g_file_set_contents(path, "[a]\nb = 1\n", -1, NULL)); }
static void put_empty(const char *path) { assert_true(g_file_set_contents(path, "", 0, NULL)); }
static void put_pipe(const char *path) { assert_int_equal(mkfifo(path, 0600), 0); }
static void put_zero(const char *path) { assert_int_equal(symlink("/dev/zero", path), 0); }
static void put_folder(const char *path) { assert_int_equal(symlink("/", path), 0); }
/* A terabyte, of which nothing is there. */
static void put_endless(const char *path)
{
	put_text(path);
	assert_int_equal(truncate(path, (off_t)1 << 40), 0);
}
static void put_all_that_may_be(const char *path)
{
	put_text(path);
	assert_int_equal(truncate(path, PLAIN_FILE_BYTES_MAX), 0);
}

static void only_an_ordinary_file_of_sensible_size_is_read(void **state)
{
	static const struct {
		const char *what;
		void (*put)(const char *path);
		int code; /* of G_FILE_ERROR; -1: it is read */
		const char *says;
	} rows[] = {
		{ "a text", put_text, -1, "" },
		{ "nothing in it", put_empty, -1, "" },
		{ "as large as it may be", put_all_that_may_be, -1, "" },
		{ "none", put_nothing, G_FILE_ERROR_NOENT, "No such file" },
		{ "a pipe", put_pipe, G_FILE_ERROR_INVAL, "it is no ordinary file" },
		{ "/dev/zero", put_zero, G_FILE_ERROR_INVAL, "it is no ordinary file" },
		{ "a folder", put_folder, G_FILE_ERROR_INVAL, "it is no ordinary file" },
		{ "a terabyte", put_endless, G_FILE_ERROR_FAILED, "it is too large" },
	};
	g_autofree char *folder = g_dir_make_tmp("keyrack-plain-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "file.conf", NULL);

	(void)state;
	alarm(30); /* what waits for ever fails */
	FOR_ROWS(i, rows) {
		g_autoptr(GError) err = NULL, again = NULL;
		g_autoptr(GKeyFile) file = g_key_file_new();
		g_autofree char *text = NULL;

		rows[i].put(path);
		text = plain_file_read(path, &err);
		ROW_INT(rows[i].what, text != NULL, rows[i].code < 0);
		ROW_INT(rows[i].what, err ? err->code : -1, rows[i].code);
		if (err && (!strstr(err->message, rows[i].says) || !strstr(err->message, path)))
			fail_msg("%s: %s", rows[i].what, err->message);
		ROW_INT(rows[i].what, plain_file_keys(file, path, &again), rows[i].code < 0);
		g_unlink(path);
	}
	alarm(0);
	g_rmdir(folder);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_an_ordinary_file_of_sensible_size_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
