/* Files old, new, foreign, damaged, and a disk that is full. */
#include "config.h"

#include "tests/cache/fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache/schema.h"
#include "cache/shift.h"

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void close_sync(struct fixture *f)
{
	cache_close(f->sync);
	f->sync = NULL;
}

static void add_intents(struct cache *c, int n)
{
	put_lock(c, a_lock("d1", "Garden"));
	for (int i = 0; i < n; i++) {
		g_autofree char *params = g_strdup_printf("{\"name\":\"guest %d\"}", i);

		add_intent(c, (struct intent){ .kind = INTENT_CREATE, .device_id = "d1",
					       .params = params });
	}
}

static void a_file_is_its_owners_or_its_groups(void **state)
{
	struct fixture *f = *state;
	g_autofree char *shared = g_build_filename(f->folder, "shared.db", NULL);
	struct stat st;

	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	cache_close(cache_open(shared, CACHE_DESK, true, NULL));
	assert_int_equal(stat(shared, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
}

static void every_earlier_version_becomes_todays(void **state)
{
	struct fixture *f = *state;

	for (int version = 0; version < CACHE_VERSION; version++) {
		g_autofree char *path = g_strdup_printf("%s/v%d.db", f->folder, version);
		g_autofree char *mark = g_strdup_printf(
			"PRAGMA application_id = %d; PRAGMA user_version = %d",
			version ? CACHE_APPLICATION_ID : 0, version);
		g_autoptr(GError) err = NULL;
		OWN(cache) struct cache *c = NULL;

		for (int n = 0; n < version; n++)
			run_sql(path, schema_migration(n));
		run_sql(path, mark);
		c = cache_open(path, CACHE_SYNC, false, &err);
		assert_no_error(err);
		add_intents(c, 1);
	}
}

/* Dumps of files as each version left them; what was in them is still there. */
static void a_file_of_an_earlier_version_keeps_what_it_has(void **state)
{
	const char *src = g_getenv("srcdir");
	struct fixture *f = *state;

	for (int version = 1; version < CACHE_VERSION; version++) {
		g_autofree char *dump = g_strdup_printf("%s/tests/cache/v%d.sql", src ? src : ".", version);
		g_autofree char *path = g_strdup_printf("%s/dump%d.db", f->folder, version);
		g_autofree char *sql = NULL;
		g_autoptr(GError) err = NULL;
		OWN(cache) struct cache *c = NULL;
		struct cache_counts n;

		assert_true(g_file_get_contents(dump, &sql, NULL, NULL));
		run_sql(path, sql);
		c = cache_open(path, CACHE_SYNC, false, &err);
		assert_no_error(err);
		n = cache_counts(c, NOW);
		assert_int_equal(n.locks, 1);
		assert_int_equal(n.codes, 1);
		assert_int_equal(n.events, 1);
		assert_int_equal(n.outbox_waiting, 1);
		assert_true(cache_put_explanation(c, "code-1", &(struct explanation){ NOW, "{}", NULL }, NULL));
		OWN(cache_list) struct cache_list *why = cache_explanation(c, cache_code_no(c, "code-1"), NULL);
		assert_int_equal(why->rows->len, 1);
		assert_true(cache_ignore(c, cache_code_no(c, "code-1"), "the plumber's", "mk", NOW, NULL));
		g_autoptr(GArray) strays = cache_strays(c, 0, NOW, NULL);
		assert_int_equal(strays->len, 1);
	}
}

static void what_is_not_ours_to_open_is_left_untouched(void **state)
{
	static const struct {
		const char *sql;
		enum keyrack_error code;
	} rows[] = {
		{ "PRAGMA application_id = 1801812338; CREATE TABLE other(x);"
		  "PRAGMA user_version = 999", KEYRACK_ERROR_TOO_NEW },
		{ "CREATE TABLE other(x); INSERT INTO other VALUES(1)", KEYRACK_ERROR_FAILED },
		{ "CREATE TABLE other(x); PRAGMA application_id = 7", KEYRACK_ERROR_FAILED },
	};
	struct fixture *f = *state;

	assert_int_equal(CACHE_APPLICATION_ID, 1801812338);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/other%zu.db", f->folder, i);
		g_autofree char *before = NULL, *after = NULL;
		g_autoptr(GError) err = NULL;
		gsize before_len, after_len;

		run_sql(path, rows[i].sql);
		assert_true(g_file_get_contents(path, &before, &before_len, NULL));
		assert_null(cache_open(path, CACHE_SYNC, false, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, (int)rows[i].code));
		assert_true(g_file_get_contents(path, &after, &after_len, NULL));
		assert_int_equal(before_len, after_len);
		assert_memory_equal(before, after, before_len);
	}
}

/* Root page of a table or index, and where its bytes lie. */
static long page_of(const char *path, const char *name)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT rootpage FROM sqlite_schema WHERE name = '%s'", name);
	sqlite3_stmt *q;
	sqlite3 *db;
	long page;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	page = (long)sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return page;
}

static void overwrite_page(const char *path, long page)
{
	g_autofree char *junk = g_malloc(4096);
	FILE *file = fopen(path, "r+b");

	memset(junk, 0xa5, 4096);
	assert_non_null(file);
	assert_int_equal(fseek(file, (page - 1) * 4096, SEEK_SET), 0);
	assert_int_equal(fwrite(junk, 4096, 1, file), 1);
	fclose(file);
}

static void a_damaged_cache_is_set_aside_and_its_outbox_saved(void **state)
{
	enum { INTENTS = 300 };
	static const struct {
		const char *what;
		const char *root; /* the page that is lost; NULL: */
		long page;        /* this one; 0: one in the middle of intent */
		int saved_min;
		bool opens;       /* what is damaged is not looked at when it is opened */
		bool counted;     /* what is lost can be told */
	} rows[] = {
		{ "access_code", "access_code", 0, INTENTS, false, true },
		{ "event", "event", 0, INTENTS, false, true },
		{ "a page of the outbox", NULL, 0, INTENTS - 60, true, true },
		{ "an index of the outbox", "intent_open", 0, INTENTS, true, true },
		{ "the list of tables", NULL, 1, INTENTS, false, true },
		{ "all of the outbox", "intent", 0, 0, false, true },
		{ "the list of tables, and all of the outbox", "intent", 1, 0, false, false },
	};
	struct fixture *f = *state;

	close_sync(f);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/damaged%zu.db", f->folder, i), *words = NULL;
		g_autoptr(GError) err = NULL;
		struct cache *c = cache_open(path, CACHE_SYNC, false, NULL);
		struct cache_rescued r;
		long page;

		add_intents(c, INTENTS);
		cache_close(c);
		/* Pages were given out in order, so the last leaf of intent is the file's end. */
		page = rows[i].root ? page_of(path, rows[i].root) : rows[i].page;
		if (!page) {
			struct stat st;

			assert_int_equal(stat(path, &st), 0);
			page = (long)(st.st_size / 4096) - 3;
		}
		overwrite_page(path, page);
		if (rows[i].page && page != rows[i].page)
			overwrite_page(path, rows[i].page);
		c = cache_open(path, CACHE_SYNC, false, &err);
		if (!rows[i].opens)
			assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT));
		cache_close(c);
		g_clear_error(&err);
		assert_true(cache_rescue(path, false, &r, &err));
		assert_no_error(err);
		if (r.saved < rows[i].saved_min)
			fail_msg("%s: only %d saved", rows[i].what, r.saved);
		if (r.waiting_lost != (rows[i].counted ? INTENTS - r.saved : -1))
			fail_msg("%s: %d lost, it says, of which %d saved", rows[i].what, r.waiting_lost, r.saved);
		words = cache_rescued_words(&r);
		assert_non_null(strstr(words, r.waiting_lost < 0    ? "could not be read"
					      : r.waiting_lost ? "are LOST, at Garden"
							       : "nothing that was queued is lost"));
		assert_true(g_file_test(r.aside, G_FILE_TEST_EXISTS));
		c = cache_open(path, CACHE_SYNC, false, &err);
		assert_no_error(err);
		assert_int_equal(cache_counts(c, NOW).outbox_waiting, r.saved);
		{
			OWN(cache_list) struct cache_list *acts = desk_acts(c, 1, NULL);

			assert_string_equal(cache_list_at(acts, struct desk_act, 0)->about, words);
		}
		/* The lock comes back with the next pull, and its intents know it again. */
		put_lock(c, a_lock("d1", "Garden"));
		if (r.saved) {
			OWN(cache_list) struct cache_list *list = outbox_list(c, 0, 1, NULL);

			assert_string_equal(cache_list_at(list, struct intent, 0)->lock_name,
					    "Garden");
		}
		cache_close(c);
		cache_rescued_clear(&r);
	}
}

/* Until the new one is whole the damaged one stays where it is, and what was made of it is begun again. */
static void a_rescue_that_was_stopped_is_done_again(void **state)
{
	static const struct {
		const char *what, *left; /* beside the damaged cache, by the one that was stopped */
		bool moved;              /* its -wal has got its new name already */
	} rows[] = {
		{ "while it copied", ".rescue", false },
		{ "when it had copied", ".rescued", true },
	};
	struct fixture *f = *state;

	close_sync(f);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/stopped%zu.db", f->folder, i);
		g_autofree char *left = g_strconcat(path, rows[i].left, NULL);
		g_autofree char *bytes = NULL;
		g_autoptr(GError) err = NULL;
		struct cache *c = cache_open(path, CACHE_SYNC, false, NULL);
		struct cache_rescued r;
		gsize n;

		add_intents(c, 5);
		cache_close(c);
		assert_true(g_file_get_contents(path, &bytes, &n, NULL));
		assert_true(g_file_set_contents(left, rows[i].moved ? bytes : "half of it", rows[i].moved ? (gssize)n : -1, NULL));
		overwrite_page(path, page_of(path, "access_code"));
		if (rows[i].moved)
			overwrite_page(path, 2);
		assert_null(cache_open(path, CACHE_SYNC, false, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT));
		g_clear_error(&err);
		assert_true(cache_rescue(path, false, &r, &err));
		assert_no_error(err);
		assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
		assert_int_equal(r.waiting_lost, 0);
		c = cache_open(path, CACHE_SYNC, false, &err);
		assert_no_error(err);
		assert_int_equal(cache_counts(c, NOW).outbox_waiting, 5);
		cache_close(c);
		cache_rescued_clear(&r);
	}
}

/* A console that has the damaged file open still. */
static void nothing_is_queued_in_what_was_set_aside(void **state)
{
	struct fixture *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "open.db", NULL);
	struct cache *c = cache_open(path, CACHE_SYNC, false, NULL), *desk;
	struct intent in = { .kind = INTENT_CREATE, .device_id = "d1", .params = "{}", .made_by = "desk" };
	g_autoptr(GError) err = NULL;
	struct cache_rescued r;

	add_intents(c, 1);
	cache_close(c);
	desk = cache_open(path, CACHE_DESK, false, NULL);
	assert_true(outbox_add(desk, &in, &err) > 0);
	assert_true(cache_rescue(path, false, &r, NULL));
	assert_int_equal(r.saved, 2);
	assert_int_equal(outbox_add(desk, &in, &err), 0);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	assert_true(cache_reopen(desk, false, NULL));
	assert_true(outbox_add(desk, &in, NULL) > 0);
	cache_close(desk);
	cache_rescued_clear(&r);
}

/* What is damaged was perhaps never opened by the program that has learned more columns. */
static void an_outbox_of_any_version_is_saved(void **state)
{
	const char *src = g_getenv("srcdir");
	struct fixture *f = *state;

	for (int version = 1; version < CACHE_VERSION; version++) {
		g_autofree char *dump = g_strdup_printf("%s/tests/cache/v%d.sql", src ? src : ".", version);
		g_autofree char *path = g_strdup_printf("%s/old%d.db", f->folder, version);
		g_autofree char *sql = NULL;
		g_autoptr(GError) err = NULL;
		struct cache_rescued r;

		assert_true(g_file_get_contents(dump, &sql, NULL, NULL));
		run_sql(path, sql);
		assert_true(cache_rescue(path, false, &r, &err));
		assert_no_error(err);
		assert_int_equal(r.saved, 1);
		assert_int_equal(r.waiting_lost, 0);
		cache_rescued_clear(&r);
	}
}

static void no_database_at_all_is_damage(void **state)
{
	struct fixture *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "text.db", NULL);
	g_autoptr(GError) err = NULL;
	struct cache_rescued r;
	char text[5000];

	memset(text, 'x', sizeof(text));
	assert_true(g_file_set_contents(path, text, sizeof(text), NULL));
	assert_null(cache_open(path, CACHE_SYNC, false, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT));
	assert_true(cache_rescue(path, false, &r, NULL));
	assert_int_equal(r.saved, 0);
	assert_int_equal(r.waiting_lost, -1);
	cache_rescued_clear(&r);
	cache_close(cache_open(path, CACHE_DESK, false, NULL));
}

/* What is set aside holds PINs. */
static void of_what_was_set_aside_only_the_newest_stays_and_what_something_was_lost_with(void **state)
{
	struct fixture *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "twice.db", NULL);
	struct cache_rescued r[3];

	assert_true(g_file_set_contents(path, "no cache at all, and who knows what it was before", -1, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(r); i++) {
		assert_true(cache_rescue(path, false, &r[i], NULL));
		assert_true(g_file_test(r[i].aside, G_FILE_TEST_EXISTS));
	}
	assert_true(g_file_test(r[0].aside, G_FILE_TEST_EXISTS));
	assert_false(g_file_test(r[1].aside, G_FILE_TEST_EXISTS));
	for (size_t i = 0; i < G_N_ELEMENTS(r); i++)
		cache_rescued_clear(&r[i]);
}

static void a_cache_that_lost_its_version_is_damaged(void **state)
{
	struct fixture *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "nil.db", NULL);
	g_autoptr(GError) err = NULL;
	sqlite3 *db = NULL;

	cache_close(cache_open(path, CACHE_DESK, false, NULL));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 0", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_null(cache_open(path, CACHE_SYNC, false, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT));
}

/* As on a full disk: files may not grow beyond a limit. How many were added more than are there, or -1. */
static int add_until_full(const char *path, int before)
{
	const struct rlimit small = { 600 * 1024, 600 * 1024 };
	OWN(cache) struct cache *c = NULL;
	g_autoptr(GError) err = NULL;
	int added = 0;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	c = cache_open(path, CACHE_DESK, false, NULL);
	while (c && added < 100000) {
		struct intent in = { .kind = INTENT_CREATE, .device_id = "d1", .params = "{}" };

		if (outbox_add(c, &in, &err) == 0)
			break;
		added++;
	}
	if (!c || !err || err->code != KEYRACK_ERROR_IO || !strstr(err->message, "disk"))
		return -1;
	return before + added - (int)cache_counts(c, NOW).outbox_waiting;
}

/* In a child: nothing is half written and the words say what to do. */
static void a_full_disk_is_said_and_loses_nothing(void **state)
{
	struct fixture *f = *state;
	int status, before;
	pid_t child;

	add_intents(f->sync, 5);
	before = (int)cache_counts(f->sync, NOW).outbox_waiting;
	child = fork();
	if (child == 0)
		_exit(add_until_full(f->path, before) == 0 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	add_intents(f->sync, 1);
}

static void a_torn_pull_leaves_no_trace(void **state)
{
	struct fixture *f = *state;
	OWN(cache) struct cache *desk = cache_open(f->path, CACHE_DESK, false, NULL);
	struct cache_counts counts;
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct cache *c = cache_open(f->path, CACHE_SYNC, false, NULL);

		cache_begin(c, NULL);
		for (int i = 0; i < 2000; i++) {
			g_autofree char *id = g_strdup_printf("d%d", i);
			struct lock lock = a_lock(id, id);

			cache_put_lock(c, &lock, 0, NULL);
		}
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	counts = cache_counts(desk, NOW);
	assert_int_equal(counts.locks, 0);
	assert_int_equal(put_lock(f->sync, a_lock("d1", "Garden")), 1);
	assert_int_equal(cache_counts(desk, NOW).locks, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_CACHE(a_file_is_its_owners_or_its_groups),
		WITH_CACHE(every_earlier_version_becomes_todays),
		WITH_CACHE(a_file_of_an_earlier_version_keeps_what_it_has),
		WITH_CACHE(what_is_not_ours_to_open_is_left_untouched),
		WITH_CACHE(of_what_was_set_aside_only_the_newest_stays_and_what_something_was_lost_with),
		WITH_CACHE(a_cache_that_lost_its_version_is_damaged),
		WITH_CACHE(a_damaged_cache_is_set_aside_and_its_outbox_saved),
		WITH_CACHE(a_rescue_that_was_stopped_is_done_again),
		WITH_CACHE(nothing_is_queued_in_what_was_set_aside),
		WITH_CACHE(an_outbox_of_any_version_is_saved),
		WITH_CACHE(no_database_at_all_is_damage),
		WITH_CACHE(a_full_disk_is_said_and_loses_nothing),
		WITH_CACHE(a_torn_pull_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
