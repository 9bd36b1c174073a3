/* The store as a file: who may have it, what it may be, a full disk, and kill -9. */
#include "config.h"

#include "tests/engine/store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/store_sqlite.h"

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int exit_status(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_url_must_name_a_store(void **state)
{
	static const char *const rows[] = { "", "sqlite", "sqlite:", "postgres://x", "/tmp/x.db" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;

		assert_null(store_open(rows[i], &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
	}
}

static void a_file_is_its_owners_alone(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
	struct fixture *f = *state;

	put_code(f->s, a_code("c", "d"));
	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *path = g_strconcat(f->path, suffixes[i], NULL);
		struct stat st;

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void every_commit_waits_for_the_disk(void **state)
{
	static const struct {
		const char *pragma, *value;
	} rows[] = { { "PRAGMA journal_mode", "wal" }, { "PRAGMA synchronous", "2" } };
	struct fixture *f = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		sqlite3_stmt *q;

		sqlite3_prepare_v2(sq_of(f->s)->db, rows[i].pragma, -1, &q, NULL);
		assert_int_equal(sqlite3_step(q), SQLITE_ROW);
		assert_string_equal(sqlite3_column_text(q, 0), rows[i].value);
		sqlite3_finalize(q);
	}
}

/* What would be acknowledged is nowhere. */
static void a_store_that_was_moved_away_takes_nothing(void **state)
{
	struct fixture *f = *state;
	g_autofree char *away = g_strconcat(f->path, ".away", NULL);
	g_autoptr(GError) err = NULL;
	struct store_code c = a_code("c", "d");

	assert_int_equal(rename(f->path, away), 0);
	assert_false(store_put_code(f->s, &c, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	assert_true(store_fails(f->s));
	assert_false(store_begin(f->s, NULL));
	assert_true(g_file_set_contents(f->path, "", 0, NULL));
	assert_false(store_begin(f->s, NULL));
	assert_int_equal(rename(away, f->path), 0);
	assert_false(store_fails(f->s));
	assert_true(store_put_code(f->s, &c, NULL));
}

static void a_file_of_two_names_is_refused(void **state)
{
	struct fixture *f = *state;
	g_autofree char *other = g_build_filename(f->folder, "other.db", NULL);
	g_autofree char *url = g_strconcat("sqlite:", other, NULL);
	g_autoptr(GError) err = NULL;

	assert_int_equal(link(f->path, other), 0);
	assert_null(store_open(url, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	assert_null(store_open_beside(url, NULL));
	/* The one that runs goes on. */
	put_code(f->s, a_code("c", "d"));
	assert_int_equal(unlink(other), 0);
}

/* In this process, in another one, and through a link. */
static void a_second_keyrackd_is_refused(void **state)
{
	struct fixture *f = *state;
	g_autofree char *link_path = g_build_filename(f->folder, "link.db", NULL);
	g_autofree char *link_url = g_strconcat("sqlite:", link_path, NULL);
	const char *const urls[] = { f->url, link_url };
	pid_t child;

	assert_int_equal(symlink(f->path, link_path), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_autoptr(GError) err = NULL;

		assert_null(store_open(urls[i], &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	}
	/* One that was refused has taken nothing from the one that runs. */
	put_code(f->s, a_code("c", "d"));
	child = fork();
	if (child == 0) {
		g_autoptr(GError) err = NULL;
		struct store *s = store_open(f->url, &err);

		_exit(s || !g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	}
	assert_int_equal(exit_status(child), 0);
	store_close(f->s);
	f->s = store_open(f->url, NULL);
	assert_non_null(f->s);
}

/* What takes a later step back, by the version that it leads from: from the sealed ones on a step needs functions that
 * only an open store has. */
static const struct {
	int version;
	const char *back;
} steps_back[] = {
	{ 10, "ALTER TABLE webhook DROP COLUMN secret_before; ALTER TABLE webhook DROP COLUMN before_until" },
};

static void make_version(const char *path, const char *url, int version)
{
	enum { SEALED = 10 };
	g_autoptr(GError) err = NULL;

	for (int n = 0; version < SEALED && n < version; n++)
		run_sql(path, schema_of_store(n));
	if (version < SEALED)
		return;
	store_close(store_open(url, &err));
	assert_no_error(err);
	for (size_t i = G_N_ELEMENTS(steps_back); i-- > 0;) {
		if (steps_back[i].version >= version)
			run_sql(path, steps_back[i].back);
	}
}

static void every_earlier_version_becomes_todays(void **state)
{
	struct fixture *f = *state;

	for (int version = 0; version < STORE_VERSION; version++) {
		g_autofree char *path = g_strdup_printf("%s/v%d.db", f->folder, version);
		g_autofree char *url = g_strconcat("sqlite:", path, NULL);
		g_autofree char *mark = g_strdup_printf(
			"PRAGMA application_id = %d; PRAGMA user_version = %d",
			version ? STORE_APPLICATION_ID : 0, version);
		g_autoptr(GError) err = NULL;
		OWN(store) struct store *s = NULL;

		make_version(path, url, version);
		run_sql(path, mark);
		s = store_open(url, &err);
		assert_no_error(err);
		put_code(s, a_code("c", "d"));
	}
}

static void what_is_not_ours_to_open_is_left_untouched(void **state)
{
	static const struct {
		const char *sql;
		enum keyrack_error code;
	} rows[] = {
		{ "PRAGMA application_id = 1801812324; CREATE TABLE other(x);"
		  "PRAGMA user_version = 999", KEYRACK_ERROR_TOO_NEW },
		{ "CREATE TABLE other(x); INSERT INTO other VALUES(1)", KEYRACK_ERROR_FAILED },
		{ "CREATE TABLE other(x); PRAGMA application_id = 7", KEYRACK_ERROR_FAILED },
	};
	struct fixture *f = *state;

	assert_int_equal(STORE_APPLICATION_ID, 1801812324);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/other%zu.db", f->folder, i);
		g_autofree char *url = g_strconcat("sqlite:", path, NULL);
		g_autofree char *before = NULL, *after = NULL;
		g_autoptr(GError) err = NULL;
		gsize before_len, after_len;

		run_sql(path, rows[i].sql);
		assert_true(g_file_get_contents(path, &before, &before_len, NULL));
		assert_null(store_open(url, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, (int)rows[i].code));
		assert_true(g_file_get_contents(path, &after, &after_len, NULL));
		assert_int_equal(before_len, after_len);
		assert_memory_equal(before, after, before_len);
	}
}

/* The page where a table or index begins is lost; NULL: there is no database at all. */
static void damage_is_said(void **state)
{
	static const char *const rows[] = { "access_code", "event", "device", "decision", NULL };
	struct fixture *f = *state;
	g_autofree char *junk = g_malloc(4096);

	memset(junk, 0xa5, 4096);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/damaged%zu.db", f->folder, i);
		g_autofree char *url = g_strconcat("sqlite:", path, NULL);
		g_autoptr(GError) err = NULL;
		struct store *s = store_open(url, NULL);
		long page = 1;
		FILE *file;

		put_code(s, a_code("c", "d"));
		if (rows[i]) {
			g_autofree char *sql = g_strdup_printf(
				"SELECT rootpage FROM sqlite_schema WHERE name = '%s'", rows[i]);
			sqlite3_stmt *q;

			sqlite3_prepare_v2(sq_of(s)->db, sql, -1, &q, NULL);
			assert_int_equal(sqlite3_step(q), SQLITE_ROW);
			page = (long)sqlite3_column_int64(q, 0);
			sqlite3_finalize(q);
		}
		store_close(s);
		file = fopen(path, "r+b");
		assert_int_equal(fseek(file, (page - 1) * 4096, SEEK_SET), 0);
		assert_int_equal(fwrite(junk, 4096, 1, file), 1);
		fclose(file);
		assert_null(store_open(url, &err));
		if (!g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT))
			fail_msg("%s: %s", rows[i] ? rows[i] : "all", err->message);
	}
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
	struct fixture *f = *state;
	g_autofree char *url = g_strconcat("sqlite:", f->path, "/inside/a.db", NULL);
	g_autoptr(GError) err = NULL;

	assert_null(store_open(url, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
}

/* One guest's arrival: what the engine commits together. */
static bool arrive(struct store *s, int i, GError **err)
{
	g_autofree char *id = g_strdup_printf("code-%06d", i);
	struct store_code c = a_code(id, "d");
	struct store_event e = an_event(id, "access_code.created", AT(i));
	struct store_decision d = { AT(i), REASON_ONGOING, STEP_WRITE, NULL };

	e.access_code_id = id;
	if (!store_begin(s, err))
		return false;
	if (store_put_code(s, &c, err) && store_add_decision(s, id, &d, err) &&
	    store_add_event(s, &e, err))
		return store_commit(s, err);
	store_rollback(s);
	return false;
}

/* Whole arrivals only, one after the other from 0. How many. */
static int count_arrivals(struct store *s)
{
	struct store_event_filter all = { .since = INSTANT_NONE, .until = INSTANT_NONE,
					  .oldest_first = true };
	struct store_code_filter any = { .managed = -1 };
	OWN(store_list) struct store_list *events = store_events(s, &all, NULL);
	OWN(store_list) struct store_list *codes = store_codes(s, &any, NULL, NULL);

	assert_non_null(events);
	assert_non_null(codes);
	assert_int_equal(events->rows->len, codes->rows->len);
	for (guint i = 0; i < events->rows->len; i++) {
		g_autofree char *id = g_strdup_printf("code-%06u", i);
		const struct store_event *e = store_at(events, struct store_event, i);
		OWN(store_list) struct store_list *why = store_decisions(s, id, NULL);

		assert_int_equal(e->seq, i + 1);
		assert_string_equal(e->event_id, id);
		assert_string_equal(store_at(codes, struct store_code, i)->access_code_id, id);
		assert_int_equal(why->rows->len, 1);
	}
	return (int)events->rows->len;
}

/* In a child, whose files may not grow beyond a limit: as on a full disk, nothing is half written
 * and the words say what to do. */
static void a_full_disk_is_said_and_loses_nothing(void **state)
{
	struct fixture *f = *state;
	int acknowledged, pipe_fds[2];
	pid_t child;

	store_close(f->s);
	f->s = NULL;
	assert_int_equal(pipe(pipe_fds), 0);
	child = fork();
	if (child == 0) {
		struct rlimit small = { 1024 * 1024, 1024 * 1024 };
		struct store *s = store_open(f->url, NULL);
		g_autoptr(GError) err = NULL;
		int n = 0;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &small);
		while (s && n < 100000 && arrive(s, n, &err))
			n++;
		if (!err || err->code != KEYRACK_ERROR_IO || !strstr(err->message, "disk"))
			_exit(1);
		_exit(write(pipe_fds[1], &n, sizeof(n)) != sizeof(n));
	}
	assert_int_equal(exit_status(child), 0);
	assert_int_equal(read(pipe_fds[0], &acknowledged, sizeof(acknowledged)),
			 sizeof(acknowledged));
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	assert_true(acknowledged > 10);
	f->s = store_open(f->url, NULL);
	assert_int_equal(count_arrivals(f->s), acknowledged);
	assert_true(arrive(f->s, acknowledged, NULL));
}

/* Says each number once it is committed, until it is killed. */
static void arrive_for_ever(const char *url, int from, int fd)
{
	struct store *s = store_open(url, NULL);

	for (int i = from; s && arrive(s, i, NULL); i++)
		if (write(fd, &i, sizeof(i)) != sizeof(i))
			break;
	_exit(1);
}

static void kill_9_keeps_what_was_acknowledged(void **state)
{
	enum { ROUNDS = 25 };
	struct fixture *f = *state;
	g_autoptr(GRand) dice = g_rand_new_with_seed(4711);
	int stored = 0;

	store_close(f->s);
	f->s = NULL;
	for (int round = 0; round < ROUNDS; round++) {
		int enough = g_rand_int_range(dice, 0, 12), last = stored - 1, fds[2], n;
		gulong moment = (gulong)g_rand_int_range(dice, 0, 3000);
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		if (child == 0)
			arrive_for_ever(f->url, stored, fds[1]);
		close(fds[1]);
		for (int got = 0; got < enough; got++)
			assert_int_equal(read(fds[0], &last, sizeof(last)), sizeof(last));
		g_usleep(moment); /* anywhere in what comes next */
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		while (read(fds[0], &n, sizeof(n)) == sizeof(n))
			last = n;
		close(fds[0]);
		f->s = store_open(f->url, NULL);
		assert_non_null(f->s); /* the lock has died with its process */
		stored = count_arrivals(f->s);
		/* At most the one that was committed and not yet said. */
		assert_in_range(stored, last + 1, last + 2);
		store_close(f->s);
		f->s = NULL;
	}
	assert_true(stored > ROUNDS);
}

static void transactions_do_not_nest(void **state)
{
	struct fixture *f = *state;

	assert_true(store_begin(f->s, NULL));
	assert_false(store_begin(f->s, NULL));
	put_code(f->s, a_code("c", "d"));
	store_rollback(f->s);
	store_rollback(f->s);
	assert_null(store_code(f->s, "c", NULL));
}

static void a_close_rolled_back_leaves_the_code(void **state)
{
	struct fixture *f = *state;

	put_code(f->s, a_code("c", "d"));
	assert_true(store_begin(f->s, NULL));
	assert_true(store_close_code(f->s, "c", "unset", REASON_ENDED, AT(1), NULL));
	store_rollback(f->s);
	{
		OWN(store_list) struct store_list *list = store_code(f->s, "c", NULL);
		OWN(store_list) struct store_list *past = store_history(f->s, NULL, "c", NULL, NULL);

		assert_int_equal(list->rows->len, 1);
		assert_int_equal(past->rows->len, 0);
	}
}

static void holds_fact(struct store *s, const char *key, const char *want)
{
	g_autofree char *got = store_fact_get(s, key);

	if (g_strcmp0(got, want) != 0)
		fail_msg("%s is %s, not %s", key, got ? got : "(null)", want ? want : "(null)");
}

static void what_is_read_together_is_of_one_moment_and_a_write_ends_it(void **state)
{
	struct fixture *f = *state;
	OWN(store) struct store *other = store_open_beside(f->url, NULL);

	store_read_begin(f->s);
	holds_fact(f->s, "a", NULL);
	assert_true(store_fact_set(other, "a", "1", NULL));
	holds_fact(f->s, "a", NULL);
	store_read_end(f->s);
	holds_fact(f->s, "a", "1");

	/* A write by itself is committed when it returns, and has not to wait for anybody. */
	store_read_begin(f->s);
	holds_fact(f->s, "a", "1");
	assert_true(store_fact_set(other, "a", "2", NULL));
	assert_true(store_fact_set(f->s, "b", "1", NULL));
	holds_fact(other, "b", "1");
	holds_fact(f->s, "a", "2");
	store_read_end(f->s);

	/* So is a transaction, and one that is taken back leaves nothing. */
	store_read_begin(f->s);
	holds_fact(f->s, "b", "1");
	assert_true(store_begin(f->s, NULL));
	assert_true(store_fact_set(f->s, "b", "2", NULL));
	store_rollback(f->s);
	assert_true(store_begin(f->s, NULL));
	assert_true(store_fact_set(f->s, "c", "1", NULL));
	assert_true(store_commit(f->s, NULL));
	holds_fact(other, "b", "1");
	holds_fact(other, "c", "1");
	store_read_end(f->s);
	store_read_end(f->s);
	assert_true(store_begin(f->s, NULL));
	assert_true(store_commit(f->s, NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_must_name_a_store),
		WITH_STORE(what_is_read_together_is_of_one_moment_and_a_write_ends_it),
		WITH_STORE(a_file_is_its_owners_alone),
		WITH_STORE(every_commit_waits_for_the_disk),
		WITH_STORE(a_second_keyrackd_is_refused),
		WITH_STORE(a_store_that_was_moved_away_takes_nothing),
		WITH_STORE(a_file_of_two_names_is_refused),
		WITH_STORE(every_earlier_version_becomes_todays),
		WITH_STORE(what_is_not_ours_to_open_is_left_untouched),
		WITH_STORE(damage_is_said),
		WITH_STORE(a_folder_that_cannot_be_made_is_said),
		WITH_STORE(a_full_disk_is_said_and_loses_nothing),
		WITH_STORE(kill_9_keeps_what_was_acknowledged),
		WITH_STORE(transactions_do_not_nest),
		WITH_STORE(a_close_rolled_back_leaves_the_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
