/* PINs in a store: in no byte of its files, back with the right key alone, and through a change of keys that
 * is interrupted anywhere. */
#include "config.h" /* memmem */

#include "tests/engine/store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/store_sqlite.h"
#include "tests/core/rows.h"

/* Of v8.sql: set, closed, what the lock still has, what is to come. */
#define SET_CODE  "d49257f2-e7f9-461a-8bd6-84ce821323d6"
#define EDITED	  "8556c0c5-5220-4670-be96-10e82a1afca7"
#define CLOSED	  "6fac1c42-aab8-4c3a-a321-52fdaaa7296f"
#define SET_PIN	  "730146"
#define CLOSED_PIN "740257"
#define OLD_PIN	  "851364"
#define NEW_PIN	  "962475"
#define LEFT_PIN  "583920" /* dropped before: in a page's unused part */
static const char *const old_pins[] = { SET_PIN, CLOSED_PIN, OLD_PIN, NEW_PIN, LEFT_PIN };

static bool file_holds(const char *path, const char *text)
{
	g_autofree char *bytes = NULL;
	gsize len;

	return g_file_get_contents(path, &bytes, &len, NULL) && memmem(bytes, len, text, strlen(text));
}

/* Which of the folder's files but keys holds it; newly allocated. */
static char *holder_of(const struct fixture *f, const char *text)
{
	g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(f->folder, name, NULL);

		if (!g_str_has_suffix(name, ".key") && file_holds(path, text))
			return g_strdup(name);
	}
	return NULL;
}

static void nothing_holds(const struct fixture *f, const char *const *pins, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree char *name = holder_of(f, pins[i]);

		if (name)
			fail_msg("%s is in %s", pins[i], name);
	}
}

static void sql(const struct fixture *f, const char *text)
{
	if (sqlite3_exec(sq_of(f->s)->db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(sq_of(f->s)->db));
}

static char *key_of(const struct fixture *f)
{
	return g_strconcat(f->path, ".seal.key", NULL);
}

static void close_store(struct fixture *f)
{
	g_clear_pointer(&f->s, store_close);
}

static void open_store(struct fixture *f)
{
	g_autoptr(GError) err = NULL;

	f->s = store_open(f->url, &err);
	assert_no_error(err);
}

static void has_pin(struct store *s, const char *id, const char *pin)
{
	g_autoptr(GError) err = NULL;
	OWN(store_list) struct store_list *l = store_code(s, id, &err);

	assert_no_error(err);
	ROW_TEXT(id, store_at(l, struct store_code, 0)->pin, pin);
}

static int found_by(struct store *s, const char *device_id, const char *pin)
{
	OWN(store_list) struct store_list *l = store_code_by_pin(s, device_id, pin, NULL);

	return l ? (int)l->rows->len : -1;
}

/* ---- an older store ---- */

static void make_v8(struct fixture *f)
{
	const char *src = g_getenv("srcdir");
	g_autofree char *path = g_build_filename(src ? src : ".", "tests/engine/v8.sql", NULL);
	g_autofree char *text = NULL;
	sqlite3 *db;

	close_store(f);
	g_unlink(f->path);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "PRAGMA secure_delete = OFF; INSERT INTO fact VALUES('x', '" LEFT_PIN "');"
				      "DELETE FROM fact WHERE key = 'x'", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int bodies_with(struct store *s, const char *pin)
{
	const struct store_event_filter all = { .since = INSTANT_NONE, .until = INSTANT_NONE };
	g_autofree char *quoted = g_strdup_printf("\"%s\"", pin);
	OWN(store_list) struct store_list *l = store_events(s, &all, NULL);
	int n = 0;

	assert_non_null(l);
	for (guint i = 0; i < l->rows->len; i++)
		n += strstr(store_at(l, struct store_event, i)->body, quoted) != NULL;
	return n;
}

static void all_of_v8_is_there(struct store *s)
{
	OWN(store_list) struct store_list *edited = store_code(s, EDITED, NULL);
	OWN(store_list) struct store_list *closed = store_history(s, NULL, CLOSED, NULL, NULL);
	const struct store_code *c = store_at(edited, struct store_code, 0);

	has_pin(s, SET_CODE, SET_PIN);
	has_pin(s, EDITED, NEW_PIN);
	assert_string_equal(c->done.last.pin, OLD_PIN);
	assert_non_null(strstr(c->changing, "\"code\":\"" OLD_PIN "\""));
	assert_string_equal(store_at(closed, struct store_code, 0)->pin, CLOSED_PIN);
	assert_string_equal(store_at(closed, struct store_code, 0)->done.last.pin, CLOSED_PIN);
	assert_int_equal(found_by(s, c->device_id, NEW_PIN), 1);
	assert_int_equal(found_by(s, c->device_id, OLD_PIN), 0);
	assert_int_equal(bodies_with(s, SET_PIN), 1);
	assert_int_equal(bodies_with(s, CLOSED_PIN), 2);
	assert_int_equal(bodies_with(s, OLD_PIN), 3);
	assert_int_equal(bodies_with(s, NEW_PIN), 2);
}

static void an_older_store_is_sealed_and_keeps_no_pin_in_unused_parts(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GError) err = NULL;

	make_v8(f);
	for (size_t i = 0; i < G_N_ELEMENTS(old_pins); i++)
		ROW_INT(old_pins[i], file_holds(f->path, old_pins[i]), true);
	/* A command that has no key leaves it alone. */
	assert_null(store_open_beside(f->url, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	open_store(f);
	all_of_v8_is_there(f->s);
	nothing_holds(f, old_pins, G_N_ELEMENTS(old_pins));
	close_store(f);
	nothing_holds(f, old_pins, G_N_ELEMENTS(old_pins));
	open_store(f);
	all_of_v8_is_there(f->s);
}

/* ---- interrupted anywhere ---- */

static void kill_after(const char *url, void (*what)(const char *url), gulong us)
{
	pid_t child = fork();

	if (child == 0) {
		what(url);
		_exit(0);
	}
	g_usleep(us);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void just_open(const char *url)
{
	store_close(store_open(url, NULL));
}

static void rekey(const char *url)
{
	struct store *s = store_open(url, NULL);

	if (s)
		store_rekey(s, NULL);
	store_close(s);
}

static void a_kill_while_it_is_sealed_loses_nothing(void **state)
{
	enum { ROUNDS = 12 };
	struct fixture *f = *state;

	for (int round = 0; round < ROUNDS; round++) {
		make_v8(f);
		kill_after(f->url, just_open, (gulong)round * 1500);
		open_store(f);
		all_of_v8_is_there(f->s);
		nothing_holds(f, old_pins, G_N_ELEMENTS(old_pins));
	}
}

static void a_kill_while_keys_change_loses_nothing(void **state)
{
	enum { ROUNDS = 25 };
	struct fixture *f = *state;

	make_v8(f);
	for (int round = 0; round < ROUNDS; round++) {
		kill_after(f->url, rekey, (gulong)round * 1000);
		open_store(f);
		all_of_v8_is_there(f->s);
		close_store(f);
	}
}

/* ---- what is put ---- */

static struct store_code with_pin(const char *id, const char *device_id, const char *pin)
{
	struct store_code c = a_code(id, device_id);

	c.pin = c.done.last.pin = pin;
	return c;
}

static void no_file_holds_a_pin_that_was_put(void **state)
{
	static const char *const pins[] = { "482915", "173846", "946217", "385172" };
	struct fixture *f = *state;
	struct store_code c = with_pin("c", "d", pins[0]);
	struct store_event e = an_event("e", "access_code.set_on_device", AT(0));

	put_code(f->s, c);
	c.done.last.pin = pins[1];
	c.changing = "{\"code\":\"946217\",\"name\":\"~Tilde\"}";
	put_code(f->s, c);
	e.body = "{\"name\":\"~Tilde\",\"from\":\"~AAAAAAAAAAAA\",\"code\":\"385172\"}";
	add_event(f->s, e);
	assert_true(store_close_code(f->s, "c", "unset", REASON_ENDED, AT(1), NULL));
	nothing_holds(f, pins, G_N_ELEMENTS(pins));
	close_store(f);
	nothing_holds(f, pins, G_N_ELEMENTS(pins));
	open_store(f);
	{
		OWN(store_list) struct store_list *l = store_history(f->s, NULL, "c", NULL, NULL);
		const struct store_code *was = store_at(l, struct store_code, 0);
		const struct store_event_filter all = { .since = INSTANT_NONE, .until = INSTANT_NONE };
		OWN(store_list) struct store_list *events = store_events(f->s, &all, NULL);

		assert_string_equal(was->pin, pins[0]);
		assert_string_equal(was->done.last.pin, pins[1]);
		assert_string_equal(was->changing, c.changing);
		assert_string_equal(store_at(events, struct store_event, 0)->body, e.body);
	}
}

static void a_pin_is_found_on_its_lock_alone_and_by_a_part_of_it(void **state)
{
	struct fixture *f = *state;
	struct store_code_filter by_part = { .managed = -1, .search = "8291" };
	OWN(store_list) struct store_list *l = NULL;

	put_code(f->s, with_pin("c1", "d1", "482915"));
	put_code(f->s, with_pin("c2", "d2", "482915"));
	put_code(f->s, with_pin("c3", "d2", "173846"));
	assert_int_equal(found_by(f->s, "d1", "482915"), 1);
	assert_int_equal(found_by(f->s, "d1", "173846"), 0);
	assert_int_equal(found_by(f->s, "d2", "173846"), 1);
	/* That they are the same does not show. */
	sql(f, "CREATE TEMP TABLE marks AS SELECT DISTINCT pin_mark FROM access_code;"
	       "CREATE TEMP TABLE three(n INTEGER CHECK (n = 3));"
	       "INSERT INTO three SELECT count(*) FROM marks");
	l = store_codes(f->s, &by_part, NULL, NULL);
	assert_int_equal(l->rows->len, 2);
}

/* ---- what was done to it ---- */

static void what_was_tampered_with_is_said(void **state)
{
	static const char *const rows[] = {
		"UPDATE access_code SET pin = (SELECT pin FROM access_code WHERE access_code_id = 'c2') WHERE access_code_id = 'c1'",
		"UPDATE access_code SET pin = substr(pin, 1, length(pin) - 4)",
		"UPDATE access_code SET pin = '482915'",
		"UPDATE access_code SET pin = '~'",
		"UPDATE access_code SET pin = ''",
		"UPDATE access_code SET pin = substr(pin, 1, 40) || iif(substr(pin, 41, 1) = 'A', 'B', 'A') || substr(pin, 42)",
		"UPDATE access_code SET last_pin = pin",
		"UPDATE access_code SET changing = '{\"code\":\"' || pin || '\"}'",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;

		put_code(f->s, with_pin("c1", "d", "482915"));
		put_code(f->s, with_pin("c2", "d", "173846"));
		has_pin(f->s, "c1", "482915");
		sql(f, rows[i]);
		if (store_code(f->s, "c1", &err))
			fail_msg("%s: it was read", rows[i]);
		ROW_INT(rows[i], g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT), true);
		ROW_INT(rows[i], strstr(err->message, "482915") == NULL && strstr(err->message, "c1"), true);
		sql(f, "DELETE FROM access_code");
	}
}

static void lose(const char *key)
{
	g_unlink(key);
}

static void another(const char *key)
{
	g_unlink(key);
	vault_free(vault_open(key, VAULT_MAKE, NULL));
}

static void for_all_to_read(const char *key)
{
	g_chmod(key, 0640);
}

static void cut(const char *key)
{
	assert_int_equal(truncate(key, 50), 0);
}

static void a_key_that_is_not_right_is_refused_and_says_so(void **state)
{
	static const struct {
		const char *name;
		void (*harm)(const char *key);
		const char *words;
	} rows[] = {
		{ "lost", lose, "there is no key" },
		{ "another", another, "another key is needed" },
		{ "open to others", for_all_to_read, "chmod 600" },
		{ "cut", cut, "cut or edited" },
	};
	struct fixture *f = *state;
	g_autofree char *key = key_of(f), *kept = NULL;

	put_code(f->s, with_pin("c", "d", "482915"));
	assert_true(g_file_get_contents(key, &kept, NULL, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;

		close_store(f);
		rows[i].harm(key);
		assert_null(store_open(f->url, &err));
		ROW_INT(rows[i].name, g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG), true);
		ROW_INT(rows[i].name, strstr(err->message, rows[i].words) && strstr(err->message, key), true);
		g_unlink(key);
		assert_true(g_file_set_contents_full(key, kept, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
		open_store(f);
		has_pin(f->s, "c", "482915");
	}
}

static void the_key_may_lie_elsewhere(void **state)
{
	struct fixture *f = *state;
	g_autofree char *key = g_build_filename(f->folder, "elsewhere.key", NULL);
	g_autofree char *path = g_build_filename(f->folder, "other.db", NULL);
	g_autofree char *url = g_strconcat("sqlite:", path, NULL), *beside = g_strconcat(path, ".seal.key", NULL);
	struct store *s = store_open_sealed(url, key, NULL);

	put_code(s, with_pin("c", "d", "482915"));
	store_close(s);
	assert_false(g_file_test(beside, G_FILE_TEST_EXISTS));
	assert_null(store_open(url, NULL));
	s = store_open_sealed(url, key, NULL);
	has_pin(s, "c", "482915");
	store_close(s);
}

/* ---- another key ---- */

/* How all that the key in use has sealed begins. */
static char *beginning(const struct fixture *f)
{
	sqlite3_stmt *q;
	char *word;

	sqlite3_prepare_v2(sq_of(f->s)->db, "SELECT proof FROM sealing", -1, &q, NULL);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	word = g_strndup((const char *)sqlite3_column_text(q, 0), 6);
	sqlite3_finalize(q);
	return word;
}

static void a_new_key_seals_all_and_leaves_nothing_of_the_old(void **state)
{
	struct fixture *f = *state;
	g_autofree char *key = key_of(f), *old_key = NULL, *old = NULL, *new = NULL, *holder = NULL;
	g_autoptr(GError) err = NULL;

	make_v8(f);
	open_store(f);
	assert_true(g_file_get_contents(key, &old_key, NULL, NULL));
	old = beginning(f);
	holder = holder_of(f, old);
	assert_non_null(holder);
	assert_true(store_rekey(f->s, &err));
	assert_no_error(err);
	new = beginning(f);
	assert_string_not_equal(old, new);
	nothing_holds(f, (const char *const[]){ old }, 1);
	all_of_v8_is_there(f->s);
	close_store(f);
	g_file_set_contents_full(key, old_key, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
	assert_null(store_open(f->url, NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_STORE(an_older_store_is_sealed_and_keeps_no_pin_in_unused_parts),
		WITH_STORE(a_kill_while_it_is_sealed_loses_nothing),
		WITH_STORE(a_kill_while_keys_change_loses_nothing),
		WITH_STORE(no_file_holds_a_pin_that_was_put),
		WITH_STORE(a_pin_is_found_on_its_lock_alone_and_by_a_part_of_it),
		WITH_STORE(what_was_tampered_with_is_said),
		WITH_STORE(a_key_that_is_not_right_is_refused_and_says_so),
		WITH_STORE(the_key_may_lie_elsewhere),
		WITH_STORE(a_new_key_seals_all_and_leaves_nothing_of_the_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
