/* Explanations: the last of each code, of few codes, and none that is endless. */
#include "tests/cache/fixture.h"

#include <string.h>

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)

static void put(struct cache *c, const char *id, int64_t at_ms, const char *body, const char *refused)
{
	struct explanation e = { AFTER(at_ms), body, refused };
	GError *err = NULL;

	assert_true(cache_put_explanation(c, id, &e, &err));
	assert_no_error(err);
}

static struct cache_list *of(struct cache *c, int64_t code_no)
{
	struct cache_list *list = cache_explanation(c, code_no, NULL);

	assert_non_null(list);
	return list;
}

static void the_last_answer_counts(void **state)
{
	static const struct {
		const char *body, *refused;
	} rows[] = { { "{\"words\":\"a\"}", NULL }, { NULL, "There is no code" }, { "{}", NULL } };
	struct fixture *f = *state;
	int64_t no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	no = put_code(f->sync, a_code("c1", "d1", "Anna", "1234"));
	cache_list_free(of(f->sync, no));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		put(f->sync, "c1", (int64_t)i, rows[i].body, rows[i].refused);

		OWN(cache_list) struct cache_list *list = of(f->sync, no);

		assert_int_equal(list->rows->len, 1);
		const struct explanation *e = cache_list_at(list, struct explanation, 0);

		assert_int_equal(e->at.ms, AFTER((int64_t)i).ms);
		assert_int_equal(g_strcmp0(e->body, rows[i].body), 0);
		assert_int_equal(g_strcmp0(e->refused, rows[i].refused), 0);
	}
}

static void nobody_knows_the_code_and_nothing_fails(void **state)
{
	struct fixture *f = *state;

	put(f->sync, "nobody", 0, "{}", NULL);
	OWN(cache_list) struct cache_list *list = of(f->sync, 77);
	assert_int_equal(list->rows->len, 0);
}

static void only_the_codes_asked_about_lately_are_kept(void **state)
{
	enum { CODES = EXPLANATIONS_KEPT + 10 };
	struct fixture *f = *state;
	int64_t no[CODES];

	put_lock(f->sync, a_lock("d1", "Garden"));
	for (int i = 0; i < CODES; i++) {
		g_autofree char *id = g_strdup_printf("c%d", i);

		no[i] = put_code(f->sync, a_code(id, "d1", id, "1234"));
		put(f->sync, id, i, "{}", NULL);
	}
	for (int i = 0; i < CODES; i++) {
		OWN(cache_list) struct cache_list *list = of(f->sync, no[i]);

		assert_int_equal(list->rows->len, i >= CODES - EXPLANATIONS_KEPT);
	}
}

static void an_endless_answer_is_not_kept_but_told(void **state)
{
	struct fixture *f = *state;
	g_autofree char *huge = g_strnfill(EXPLANATION_BYTES_MAX + 1, ' ');
	int64_t no;

	put_lock(f->sync, a_lock("d1", "Garden"));
	no = put_code(f->sync, a_code("c1", "d1", "Anna", "1234"));
	put(f->sync, "c1", 0, huge, NULL);
	OWN(cache_list) struct cache_list *list = of(f->sync, no);
	assert_null(cache_list_at(list, struct explanation, 0)->body);
	assert_non_null(strstr(cache_list_at(list, struct explanation, 0)->refused, "too long"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CACHE(the_last_answer_counts),
		WITH_CACHE(nobody_knows_the_code_and_nothing_fails),
		WITH_CACHE(only_the_codes_asked_about_lately_are_kept),
		WITH_CACHE(an_endless_answer_is_not_kept_but_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
