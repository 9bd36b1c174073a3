/* Marks: a set of things by number that outlives every reading of the list. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"
#include "ui/screens/marks.h"

static void a_thing_is_marked_once(void **state)
{
	static const struct {
		struct marked what;
		bool is_new;
		int count, locks;
	} rows[] = {
		{ { 1, 7, 0 }, true, 1, 0 },
		{ { 2, 7, 0 }, false, 1, 0 }, /* the same code, whatever is said of its door */
		{ { 1, 0, 7 }, true, 2, 0 },  /* an intent is no code */
		{ { 7, 0, 0 }, true, 3, 1 },
		{ { 1, 0, 0 }, true, 4, 2 },
		{ { 7, 0, 0 }, false, 4, 2 },
	};
	struct marks *m = marks_new();
	g_autofree char *words = NULL;

	(void)state;
	assert_null(marks_words(m));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_int_equal(marks_add(m, rows[i].what), rows[i].is_new);
		assert_int_equal(marks_count(m), rows[i].count);
		assert_int_equal(marks_locks(m), rows[i].locks);
		assert_true(marks_has(m, rows[i].what));
	}
	words = marks_words(m);
	assert_string_equal(words, "2 codes and 2 locks marked");
	assert_true(marks_remove(m, (struct marked){ 7, 0, 0 }));
	assert_false(marks_remove(m, (struct marked){ 7, 0, 0 }));
	assert_int_equal(marks_locks(m), 1);
	marks_clear(m);
	assert_int_equal(marks_count(m) + marks_locks(m), 0);
	assert_false(marks_has(m, (struct marked){ 1, 7, 0 }));
	marks_free(m);
}

static void note_number(const struct marked *k, void *ctx)
{
	g_string_append_printf(ctx, "%d ", (int)(k->code_no ? k->code_no : k->lock_no));
}

static void marks_come_in_the_order_they_were_made(void **state)
{
	struct marks *m = marks_new();
	g_autoptr(GString) s = g_string_new(NULL);

	(void)state;
	for (int no = 9; no > 4; no--)
		marks_add(m, (struct marked){ 1, no, 0 });
	marks_remove(m, (struct marked){ 1, 7, 0 });
	marks_each(m, note_number, s);
	assert_string_equal(s->str, "9 8 6 5 ");
	marks_free(m);
}

static void what_is_gone_is_no_longer_marked(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	int64_t berg = cache_code_no(d->cache, "code-berg"), ito = cache_code_no(d->cache, "code-ito");
	int64_t lock = cache_lock_no(d->cache, "lock-101");
	struct marks *m = marks_new();
	struct intent in = { .kind = INTENT_CREATE, .lock_no = lock, .device_id = "lock-101", .name = "New",
			     .params = "{\"device_id\":\"lock-101\"}", .expires_at = INSTANT_NONE,
			     .next_try_at = INSTANT_NONE, .sent_at = INSTANT_NONE };
	int64_t made = outbox_add(d->cache, &in, NULL);

	marks_add(m, (struct marked){ lock, berg, 0 });
	marks_add(m, (struct marked){ lock, ito, 0 });
	marks_add(m, (struct marked){ lock, 0, 0 });
	marks_add(m, (struct marked){ 4711, 0, 0 });
	marks_add(m, (struct marked){ lock, 0, made });
	assert_int_equal(marks_refresh(m, d->cache), 1);
	assert_int_equal(marks_count(m), 4);
	assert_true(cache_delete_code(sync, "code-berg", HOUSE_NOW, NULL));
	assert_int_equal(marks_refresh(m, d->cache), 1);
	assert_false(marks_has(m, (struct marked){ lock, berg, 0 }));
	/* What the server has taken is the same code by another name. */
	assert_true(outbox_sending(sync, made, HOUSE_NOW, HOUSE_NOW, NULL));
	assert_true(outbox_accepted(sync, made, "code-rossi", 200, NULL));
	assert_int_equal(marks_refresh(m, d->cache), 0);
	assert_true(marks_has(m, (struct marked){ lock, cache_code_no(d->cache, "code-rossi"), 0 }));
	assert_int_equal(marks_count(m), 3);
	marks_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thing_is_marked_once),
		cmocka_unit_test(marks_come_in_the_order_they_were_made),
		on_a_desk(what_is_gone_is_no_longer_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
