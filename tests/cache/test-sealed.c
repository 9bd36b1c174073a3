/* test-sealed - no PIN lies readable in a cache's files, each is found where it is looked for, and what becomes of
 * it when the file is altered, the key changed, interrupted, lost or not to be made. */
#include "config.h"

#include "tests/cache/fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cache/db.h"
#include "cache/rekey.h"
#include "cache/rotas.h"
#include "cache/shift.h"
#include "cache/staff.h"
#include "core/vault.h"

struct sealed {
	struct fixture *f;
	char *state, *key;
};

static int up(void **state)
{
	struct sealed *s = g_new0(struct sealed, 1);
	void *f;

	s->state = g_dir_make_tmp("keyrack-state-XXXXXX", NULL);
	s->key = g_build_filename(s->state, "keyrack", "vault.key", NULL);
	g_setenv("XDG_STATE_HOME", s->state, TRUE);
	fixture_up(&f);
	s->f = f;
	*state = s;
	return 0;
}

static int down(void **state)
{
	struct sealed *s = *state;
	void *f = s->f;
	g_autofree char *folder = g_path_get_dirname(s->key);

	fixture_down(&f);
	g_unlink(s->key);
	g_rmdir(folder);
	g_remove(s->state);
	g_free(s->state);
	g_free(s->key);
	g_free(s);
	return 0;
}

static void run(struct cache *c, const char *sql)
{
	g_autoptr(GError) err = NULL;

	db_exec(c->db, sql, &err);
	assert_no_error(err);
}

/* ---- the scan ---- */

static bool holds(const char *bytes, gsize n, const char *pin, int step)
{
	gsize len = strlen(pin), span = len * (gsize)step;

	for (gsize at = 0; at + span <= n; at++) {
		gsize i = 0;

		while (i < len && bytes[at + i * (gsize)step] == pin[i] &&
		       (step == 1 || bytes[at + i * (gsize)step + 1] == 0))
			i++;
		if (i == len)
			return true;
	}
	return false;
}

/* In no file of the folder, as bytes or as UTF-16. */
static void nowhere(const char *folder, const char *const *pins)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int files = 0;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
		gsize n;

		assert_true(g_file_get_contents(path, &bytes, &n, NULL));
		files++;
		for (const char *const *p = pins; *p; p++)
			for (int step = 1; step <= 2; step++)
				if (holds(bytes, n, *p, step))
					fail_msg("%s lies readable in %s", *p, name);
	}
	assert_true(files > 0);
}

static const char *const pins_of_v6[] = { "104729", "480211", "593174", "771204", "118264", "660318", "248613", NULL };

static struct cache *open_v6(struct sealed *s, enum cache_mode mode)
{
	const char *src = g_getenv("srcdir");
	g_autofree char *dump = g_strdup_printf("%s/tests/cache/v6.sql", src ? src : ".");
	g_autofree char *path = g_build_filename(s->f->folder, "old.db", NULL), *sql = NULL;
	g_autoptr(GError) err = NULL;
	struct cache *c;
	sqlite3 *db;

	assert_true(g_file_get_contents(dump, &sql, NULL, NULL));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	/* Not every SQLite writes zeros over what is deleted. */
	assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA secure_delete = OFF", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	/* Free pages that held one, as a file that was in use has. */
	assert_int_equal(
		sqlite3_exec(db,
			     "CREATE TABLE x(t TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			     " LIMIT 2000) INSERT INTO x SELECT 'was 104729 here' FROM n; DROP TABLE x",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	c = cache_open(path, mode, false, &err);
	assert_no_error(err);
	return c;
}

static const struct code_row *code_of(struct cache_list *list)
{
	assert_non_null(list);
	assert_int_equal(list->rows->len, 1);
	return cache_list_at(list, struct code_row, 0);
}

static struct cache_list *code_row_of(struct cache *c, const char *id)
{
	return cache_code(c, cache_code_no(c, id), NOW, NULL);
}

static void a_file_of_version_6_is_sealed_and_swept(void **state)
{
	struct sealed *s = *state;
	OWN(cache) struct cache *c = open_v6(s, CACHE_SYNC);
	OWN(cache_list) struct cache_list *row = code_row_of(c, "code-1");
	OWN(cache_list) struct cache_list *intent = outbox_get(c, 1, NULL);
	OWN(cache_list) struct cache_list *rotas = cache_rotas(c, NOW, NULL);
	OWN(cache_list) struct cache_list *why = cache_explanation(c, cache_code_no(c, "code-1"), NULL);
	g_autofree char *pin = NULL, *kept = NULL;
	struct cache_key key;

	nowhere(s->f->folder, pins_of_v6); /* also while it is open: -wal, -shm */
	assert_string_equal(code_of(row)->code.code, "104729");
	assert_string_equal(
		code_of(row)->code.pending_mutations,
		"[{\"mutation_code\":\"updating_code\",\"from\":{\"code\":\"104729\"},\"to\":{\"code\":\"771204\"}}]");
	pin = intent_pin(cache_list_at(intent, struct intent, 0));
	assert_string_equal(pin, "480211");
	assert_string_equal(cache_list_at(rotas, struct rota, 0)->pin, "118264");
	assert_string_equal(cache_list_at(why, struct explanation, 0)->body, "{\"code\":\"104729\"}");
	kept = cache_staff_pin(c, 1, "tom");
	assert_string_equal(kept, "248613");
	assert_true(cache_key(c, &key, NULL));
	assert_int_equal(key.closed, 0);
	assert_false(key.sweep_due);
	assert_string_equal(key.path, s->key);
	cache_key_clear(&key);
}

/* Somebody reads while it would be swept: the next one who opens it does it. */
static void what_could_not_be_swept_is_swept_later(void **state)
{
	struct sealed *s = *state;
	g_autofree char *path = g_build_filename(s->f->folder, "old.db", NULL);
	struct cache *c = open_v6(s, CACHE_DESK);
	struct cache_key key;
	sqlite3 *reader;

	run(c, "INSERT INTO fact VALUES('vault.sweep', 'due')");
	assert_int_equal(sqlite3_open(path, &reader), SQLITE_OK);
	assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT * FROM fact", NULL, NULL, NULL), SQLITE_OK);
	cache_close(c);
	c = cache_open(path, CACHE_DESK, false, NULL);
	assert_true(cache_key(c, &key, NULL));
	assert_true(key.sweep_due);
	cache_key_clear(&key);
	cache_close(c);
	sqlite3_close(reader);
	c = cache_open(path, CACHE_DESK, false, NULL);
	assert_true(cache_key(c, &key, NULL));
	assert_false(key.sweep_due);
	cache_key_clear(&key);
	cache_close(c);
}

/* Everything that is ever stored with a PIN in it. */
static void fill(struct cache *c)
{
	struct access_code ac = a_code("code-1", "d1", "Anna", "480211");
	struct event ev = an_event("e1", "lock.unlocked", "d1", NOW);

	put_lock(c, a_lock("d1", "Garden"));
	put_lock(c, a_lock("d2", "Attic"));
	ac.errors = "[{\"error_code\":\"code_modified_external_to_seam\",\"modified_fields\":"
		    "[{\"field\":\"code\",\"from\":\"480211\",\"to\":\"771204\"}]}]";
	ac.pending_mutations = "[{\"to\":{\"code\":\"593174\"}}]";
	ac.rest = "{\"keyrackd\":{\"code\": 660318}}";
	put_code(c, ac);
	put_code(c, a_code("code-2", "d2", "Anna", "480211"));
	put_code(c, a_code("code-3", "d2", "Bo", "248613"));
	ev.code = "480211";
	ev.object = "{\"code\":\"480211\"}";
	assert_int_equal(cache_put_event(c, &ev, NULL), CACHE_PUT_NEW);
	add_intent(c, (struct intent){ .kind = INTENT_CREATE, .device_id = "d1",
				       .params = "{\"name\":\"Carl\",\"code\":\"902846\"}" });
	assert_true(cache_staff_keep(c, cache_code_no(c, "code-3"), "mk", NOW, NULL));
	assert_true(cache_put_explanation(c, "code-1", &(struct explanation){ NOW, "{\"code\":\"480211\"}", NULL },
					  NULL));
}

static const char *const pins_of_fill[] = { "480211", "771204", "593174", "660318", "248613", "902846", NULL };

static int holders(struct cache *c, const char *device_id, const char *pin)
{
	OWN(cache_list) struct cache_list *list =
		cache_pin_holders(c, cache_lock_no(c, device_id), pin, NOW, NULL);

	return list ? (int)list->rows->len : -1;
}

static int found(struct cache *c, const char *words)
{
	struct code_query q = { .find = words, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 10 };
	OWN(cache_list) struct cache_list *list = cache_codes(c, &q, NOW, NULL);

	return list ? (int)list->rows->len : -1;
}

static void nothing_is_readable_and_everything_is_found(void **state)
{
	struct sealed *s = *state;
	struct cache *c = s->f->sync;

	fill(c);
	nowhere(s->f->folder, pins_of_fill);
	OWN(cache_list) struct cache_list *row = code_row_of(c, "code-1");

	assert_string_equal(code_of(row)->code.code, "480211");
	assert_string_equal(code_of(row)->code.pending_mutations, "[{\"to\":{\"code\":\"593174\"}}]");
	assert_string_equal(code_of(row)->code.rest, "{\"keyrackd\":{\"code\": 660318}}");
	assert_int_equal(holders(c, "d1", "480211"), 1);
	assert_int_equal(holders(c, "d1", "902846"), 1); /* the create that is queued */
	assert_int_equal(holders(c, "d1", "248613"), 0);
	assert_int_equal(found(c, "480211"), 2);
	assert_int_equal(found(c, "902846"), 1);
	assert_int_equal(found(c, "48021"), 0);
	g_autoptr(GPtrArray) pins = cache_pins(c, cache_lock_no(c, "d1"), NULL);

	assert_int_equal(pins->len, 2);
	/* What has not changed is known to be the same: no needless writing. */
	struct access_code same = a_code("code-3", "d2", "Bo", "248613"), other = same;

	assert_int_equal(cache_put_code(c, &same, 0, NULL), CACHE_PUT_SAME);
	other.code = "248614";
	assert_int_equal(cache_put_code(c, &other, 0, NULL), CACHE_PUT_CHANGED);
	assert_int_equal(holders(c, "d2", "248613"), 0);
	assert_int_equal(holders(c, "d2", "248614"), 1);
}

/* ---- an altered file ---- */

static void an_altered_pin_is_never_shown_and_heals(void **state)
{
	static const char *const alterations[] = {
		/* another row's, as it was sealed */
		("UPDATE access_code SET code = (SELECT code FROM access_code WHERE access_code_id = 'code-2')"
		 " WHERE access_code_id = 'code-3'"),
		"UPDATE access_code SET code = '111222' WHERE access_code_id = 'code-3'",
		"UPDATE access_code SET code = substr(code, 1, 40) WHERE access_code_id = 'code-3'",
		"UPDATE access_code SET code = replace(code, substr(code, 60, 1), 'A') || 'A' WHERE "
		"access_code_id = 'code-3'",
		"UPDATE access_code SET code = '~' WHERE access_code_id = 'code-3'",
		"UPDATE access_code SET code = '' WHERE access_code_id = 'code-3'",
		"UPDATE access_code SET code = (SELECT pin FROM suspended) WHERE access_code_id = 'code-3'",
	};
	struct sealed *s = *state;
	struct cache *c = s->f->sync;
	struct access_code ac = a_code("code-3", "d2", "Bo", "248613");

	fill(c);
	for (size_t i = 0; i < G_N_ELEMENTS(alterations); i++) {
		struct cache_key key;

		run(c, alterations[i]);
		OWN(cache_list) struct cache_list *row = code_row_of(c, "code-3");

		if (code_of(row)->code.code)
			fail_msg("%zu: a PIN is shown", i);
		assert_true(cache_key(c, &key, NULL));
		assert_int_equal(key.closed, 1);
		cache_key_clear(&key);
		assert_int_equal(cache_put_code(c, &ac, 0, NULL), CACHE_PUT_CHANGED);
		OWN(cache_list) struct cache_list *again = code_row_of(c, "code-3");
		assert_string_equal(code_of(again)->code.code, "248613");
	}
}

static void what_would_be_sent_without_its_pin_is_refused(void **state)
{
	struct sealed *s = *state;
	struct cache *c = s->f->sync;

	fill(c);
	add_intent(c, (struct intent){ .kind = INTENT_CREATE, .device_id = "d2",
				       .params = "{\"name\":\"Dora\",\"code\":\"551907\"}" });
	run(c, "UPDATE intent SET params = (SELECT params FROM intent WHERE intent_no = 2) WHERE intent_no = 1");
	OWN(cache_list) struct cache_list *due = outbox_due(c, AFTER(DAY_MS), 0, NULL);

	assert_int_equal(due->rows->len, 1);
	assert_int_equal(cache_list_at(due, struct intent, 0)->intent_no, 2);
	OWN(cache_list) struct cache_list *one = outbox_get(c, 1, NULL);
	const struct intent *in = cache_list_at(one, struct intent, 0);

	assert_int_equal(in->state, INTENT_REFUSED);
	assert_non_null(strstr(in->message, "enter it again"));
}

/* ---- another key ---- */

static uint32_t key_in_use(struct cache *c, bool *newest)
{
	struct cache_key key;
	uint32_t number;

	assert_true(cache_key(c, &key, NULL));
	assert_int_equal(key.closed, 0);
	number = key.in_use;
	*newest = key.is_newest;
	cache_key_clear(&key);
	return number;
}

static void all_is_there(struct cache *c)
{
	OWN(cache_list) struct cache_list *row = code_row_of(c, "code-1");
	OWN(cache_list) struct cache_list *one = outbox_get(c, 1, NULL);
	g_autofree char *pin = intent_pin(cache_list_at(one, struct intent, 0));
	g_autofree char *kept = cache_staff_pin(c, cache_lock_no(c, "d2"), "bo");

	assert_string_equal(code_of(row)->code.code, "480211");
	assert_string_equal(code_of(row)->code.rest, "{\"keyrackd\":{\"code\": 660318}}");
	assert_string_equal(pin, "902846");
	assert_string_equal(kept, "248613");
	assert_int_equal(holders(c, "d2", "480211"), 1);
	assert_int_equal(found(c, "480211"), 2);
}

static void another_key_seals_all_anew_also_for_who_looks_on(void **state)
{
	struct sealed *s = *state;
	OWN(cache) struct cache *desk = cache_open(s->f->path, CACHE_DESK, false, NULL);
	g_autoptr(GError) err = NULL;
	uint32_t before, after;
	bool newest;

	fill(s->f->sync);
	all_is_there(desk);
	before = key_in_use(desk, &newest);
	assert_true(cache_rekey(s->f->sync, &err));
	assert_no_error(err);
	all_is_there(s->f->sync);
	all_is_there(desk); /* which had the vault open before */
	after = key_in_use(desk, &newest);
	assert_true(before != after && newest);
	/* What the other one writes now is sealed with the new key, too. */
	put_code(desk, a_code("code-9", "d1", "Eva", "339105"));
	assert_int_equal(holders(s->f->sync, "d1", "339105"), 1);
	nowhere(s->f->folder, pins_of_fill);
}

static void what_a_shift_writes_is_sealed_too(void **state)
{
	static const char *const pins[] = { "480211", "593174", NULL };
	struct sealed *s = *state;

	/* As a file of before has it. */
	run(s->f->sync, "INSERT INTO shift_note(made_at, text) VALUES(7, 'call the plumber')");
	assert_true(shift_note_add(s->f->sync, "the safe has 480211", INSTANT_NONE, "Bo", NOW, NULL));
	assert_true(shift_take(s->f->sync, "Eva", "Anna's PIN is 593174", NOW, NULL));
	for (int keys = 1; keys <= 2; keys++) {
		OWN(cache_list) struct cache_list *notes = shift_notes(s->f->sync, NULL);
		OWN(cache_list) struct cache_list *past = shift_past(s->f->sync, 0, NULL);

		assert_int_equal(notes->rows->len, 2);
		assert_string_equal(cache_list_at(notes, struct shift_note, 0)->text, "call the plumber");
		assert_string_equal(cache_list_at(notes, struct shift_note, 1)->text, "the safe has 480211");
		assert_string_equal(cache_list_at(past, struct shift, 0)->list, "Anna's PIN is 593174");
		nowhere(s->f->folder, pins);
		assert_true(cache_rekey(s->f->sync, NULL));
	}
}

static int stop_at(void *left)
{
	return --*(int *)left <= 0;
}

/* Stopped after 1, 2, 4 ... hundred steps of the walk, and between file and walk. */
static void a_change_that_is_interrupted_leaves_all_whole(void **state)
{
	struct sealed *s = *state;
	bool newest, done = false;
	int stops = 0;

	fill(s->f->sync);
	for (int steps = 1; !done; steps *= 2) {
		int left = steps;
		uint32_t was = key_in_use(s->f->sync, &newest), now;

		sqlite3_progress_handler(s->f->sync->db, 20, stop_at, &left);
		done = cache_rekey(s->f->sync, NULL);
		sqlite3_progress_handler(s->f->sync->db, 0, NULL, NULL);
		all_is_there(s->f->sync);
		OWN(cache) struct cache *other = cache_open(s->f->path, CACHE_DESK, false, NULL);

		all_is_there(other);
		now = key_in_use(other, &newest);
		assert_int_equal(done, now != was);
		assert_int_equal(done, newest);
		stops += !done;
	}
	assert_true(stops >= 3);
	/* However often it was stopped, one new key was made. */
	OWN(vault) struct vault *v = vault_open(s->key, VAULT_FIND, NULL);

	assert_int_equal(vault_count(v), 2);
}

/* ---- a key that is gone ---- */

static void lose_key(struct sealed *s, bool another)
{
	g_unlink(s->key);
	if (another)
		vault_free(vault_open(s->key, VAULT_MAKE, NULL));
}

static void a_lost_key_is_said_and_forgotten_only_when_told(void **state)
{
	struct sealed *s = *state;

	for (int another = 0; another < 2; another++) {
		g_autofree char *path = g_strdup_printf("%s/lost%d.db", s->f->folder, another);
		struct cache *c = cache_open(path, CACHE_SYNC, false, NULL);
		struct access_code ac = a_code("code-2", "d2", "Anna", "480211");
		g_autoptr(GError) err = NULL;
		struct cache_lost lost;

		fill(c);
		add_intent(c, (struct intent){ .kind = INTENT_UNLOCK, .device_id = "d1", .params = "{}" });
		assert_false(cache_forget_key(path, false, &lost, NULL)); /* it is there */
		cache_close(c);
		lose_key(s, another);
		assert_null(cache_open(path, CACHE_SYNC, false, &err));
		assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_KEY_LOST));
		assert_non_null(strstr(err->message, "rekey --lost"));
		assert_non_null(strstr(err->message, s->key));
		assert_non_null(strstr(err->message, "1 not done yet (Carl), 1 of suspended staff (Bo) would be lost"));
		/* Nothing is done behind anybody's back: not even a new key. */
		assert_int_equal(g_file_test(s->key, G_FILE_TEST_EXISTS), another);
		assert_true(cache_forget_key(path, false, &lost, NULL));
		assert_int_equal(lost.intents, 1);
		assert_int_equal(lost.staff, 1);
		assert_int_equal(lost.codes, 3);
		c = cache_open(path, CACHE_SYNC, false, NULL);
		assert_non_null(c);
		OWN(cache_list) struct cache_list *refused = outbox_list(c, 1u << INTENT_REFUSED, 0, NULL);
		OWN(cache_list) struct cache_list *queued = outbox_list(c, 1u << INTENT_QUEUED, 0, NULL);

		assert_int_equal(refused->rows->len, 1);
		assert_string_equal(cache_list_at(refused, struct intent, 0)->name, "Carl");
		assert_int_equal(queued->rows->len, 1); /* what has no PIN goes on */
		assert_int_equal(cache_put_code(c, &ac, 0, NULL), CACHE_PUT_CHANGED);
		assert_int_equal(holders(c, "d2", "480211"), 1);
		cache_close(c);
	}
}

/* What the server says again is no reason to stand still in the night. Each row: what else there is. */
static void a_lost_key_stops_nothing_where_nothing_would_be_lost(void **state)
{
	static const struct {
		const char *name, *params; /* of a create */
		enum { WAITS, WITHDRAWN, NONE } then;
		bool opens;
	} rows[] = {
		{ "nothing", "{}", NONE, true },
		{ "one without a PIN", "{\"name\":\"Carl\"}", WAITS, true },
		{ "one that was taken back", "{\"name\":\"Carl\",\"code\":\"902846\"}", WITHDRAWN, true },
		{ "one that waits", "{\"name\":\"Carl\",\"code\":\"902846\"}", WAITS, false },
	};
	struct sealed *s = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("%s/anew%zu.db", s->f->folder, i);
		struct cache *c = cache_open(path, CACHE_SYNC, false, NULL);
		struct access_code ac = a_code("code-1", "d1", "Anna", "480211");
		struct intent in = { .kind = INTENT_CREATE, .device_id = "d1", .params = rows[i].params };

		put_lock(c, a_lock("d1", "Garden"));
		put_code(c, ac);
		assert_false(cache_begun_anew(c));
		if (rows[i].then != NONE)
			add_intent(c, in);
		if (rows[i].then == WITHDRAWN)
			assert_true(outbox_withdraw(c, 1, NULL));
		cache_close(c);
		lose_key(s, i % 2);
		c = cache_open(path, CACHE_DESK, false, NULL);
		if (rows[i].opens != (c && cache_begun_anew(c)))
			fail_msg("%s", rows[i].name);
		if (!c)
			continue;
		cache_close(c);
		c = cache_open(path, CACHE_SYNC, false, NULL); /* the next one finds all in order */
		assert_non_null(c);
		assert_false(cache_begun_anew(c));
		assert_int_equal(cache_put_code(c, &ac, 0, NULL), CACHE_PUT_CHANGED);
		assert_int_equal(holders(c, "d1", "480211"), 1);
		cache_close(c);
	}
}

static void a_key_that_cannot_be_made_stops_all(void **state)
{
	struct sealed *s = *state;
	g_autofree char *path = g_build_filename(s->f->folder, "new.db", NULL);
	g_autofree char *folder = g_path_get_dirname(s->key);
	g_autoptr(GError) err = NULL;
	struct rlimit limit;

	cache_close(s->f->sync);
	s->f->sync = NULL;
	g_unlink(s->key);
	g_rmdir(folder);
	/* A disk that is full, for small files too. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 20, limit.rlim_max });
	assert_null(cache_open(path, CACHE_SYNC, false, &err));
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	assert_false(g_file_test(s->key, G_FILE_TEST_EXISTS));
	g_clear_error(&err);
	/* A folder that is none, so that root is kept out as well. */
	g_rmdir(folder);
	assert_true(g_file_set_contents(folder, "", 0, NULL));
	assert_null(cache_open(path, CACHE_SYNC, false, &err));
	assert_non_null(strstr(err->message, s->key));
	g_unlink(folder);
	s->f->sync = cache_open(path, CACHE_SYNC, false, NULL);
	assert_non_null(s->f->sync);
	fill(s->f->sync);
	all_is_there(s->f->sync);
}

/* Users who share a cache have the key beside it. */
static void a_group_shares_the_key(void **state)
{
	struct sealed *s = *state;
	g_autofree char *path = g_build_filename(s->f->folder, "group.db", NULL);
	g_autofree char *key = g_build_filename(s->f->folder, "vault.key", NULL);
	OWN(cache) struct cache *c = cache_open(path, CACHE_SYNC, true, NULL);
	GStatBuf st;

	assert_non_null(c);
	assert_int_equal(g_stat(key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	fill(c);
	all_is_there(c);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up, down)
	const struct CMUnitTest tests[] = {
		T(a_file_of_version_6_is_sealed_and_swept),
		T(what_could_not_be_swept_is_swept_later),
		T(nothing_is_readable_and_everything_is_found),
		T(an_altered_pin_is_never_shown_and_heals),
		T(what_would_be_sent_without_its_pin_is_refused),
		T(another_key_seals_all_anew_also_for_who_looks_on),
		T(what_a_shift_writes_is_sealed_too),
		T(a_change_that_is_interrupted_leaves_all_whole),
		T(a_lost_key_is_said_and_forgotten_only_when_told),
		T(a_lost_key_stops_nothing_where_nothing_would_be_lost),
		T(a_key_that_cannot_be_made_stops_all),
		T(a_group_shares_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
