/* Answers that are kept are those that would be made: whatever happens to locks and codes, in any order. The rig asks
 * each list and each code twice, in words that have been used before and in words that have not, and compares. */
#include "config.h"

#include "tests/server/codes.h"

#define DOORS                                                                                                          \
	"[lock Native]\ntype = two_n_intercom\n"                                                                      \
	"[lock Simple]\ntype = smartthings_lock\nslots = 6\n"                                                         \
	"[lock Held]\ntype = lockly_lock\nlengths = 6\n"

static const char *const doors[] = { "Native", "Simple", "Held" };

struct walk {
	struct rig *r;
	GRand *dice;
	GPtrArray *codes; /* ids, interned */
	int pins;
};

static const char *some_door(struct walk *w)
{
	return doors[g_rand_int_range(w->dice, 0, G_N_ELEMENTS(doors))];
}

static const char *some_code(struct walk *w)
{
	return w->codes->len ? g_ptr_array_index(w->codes, g_rand_int_range(w->dice, 0, (gint32)w->codes->len))
			     : "none";
}

static int64_t some_time(struct walk *w)
{
	static const int64_t some[] = { 0, SECOND_MS, MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS, 20 * HOUR_MS };

	return some[g_rand_int_range(w->dice, 0, G_N_ELEMENTS(some))];
}

static const char *when(struct walk *w, int64_t from_ms)
{
	char text[INSTANT_TEXT_MAX];

	return g_intern_string(instant_format(instant_add_ms(clock_now(w->r->clock), from_ms + some_time(w)), text));
}

/* ---- what can happen; each may be refused ---- */

static void make(struct walk *w)
{
	const json_t *a = rig_call(w->r, "POST /access_codes/create",
				   "{'device_id':'%s','name':'Guest','code':'%06d','starts_at':'%s','ends_at':'%s'}",
				   rig_device(w->r, some_door(w)), 194628 + 37 * w->pins++, when(w, 0),
				   when(w, 21 * HOUR_MS));
	const char *id = rig_text(a, "access_code.access_code_id");

	if (id)
		g_ptr_array_add(w->codes, (char *)(uintptr_t)g_intern_string(id));
}

static void rename_it(struct walk *w)
{
	rig_call(w->r, "POST /access_codes/update", "{'access_code_id':'%s','name':'Guest %d'}", some_code(w),
		 w->pins++);
}

static void lengthen(struct walk *w)
{
	rig_call(w->r, "POST /access_codes/update", "{'access_code_id':'%s','ends_at':'%s'}", some_code(w),
		 when(w, 2 * HOUR_MS));
}

static void revoke_it(struct walk *w)
{
	rig_call(w->r, "POST /access_codes/delete", "{'access_code_id':'%s'}", some_code(w));
}

static void pull_backup(struct walk *w)
{
	rig_call(w->r, "POST /access_codes/pull_backup_access_code", "{'access_code_id':'%s'}", some_code(w));
}

static void trouble(struct walk *w)
{
	static const char *const faults[] = { "offline", "slow",	"lost_answer",
					      "refused", "full_memory", "account_lost" };

	codes_fault(w->r, some_door(w), faults[g_rand_int_range(w->dice, 0, G_N_ELEMENTS(faults))],
		    g_rand_boolean(w->dice));
}

static void somebody_at_the_app(struct walk *w)
{
	static const char *const changes[] = { "'change':{'name':'Else'}", "'change':{'code':'555111'}",
					       "'remove':true" };
	const char *door = some_door(w);

	rig_call(w->r, "POST /keyrackd/simulate/app", "{'device_id':'%s','access_code_id':'%s',%s}",
		 rig_device(w->r, door), some_code(w), changes[g_rand_int_range(w->dice, 0, G_N_ELEMENTS(changes))]);
}

static void pool(struct walk *w)
{
	rig_call(w->r, "POST /devices/update", "{'device_id':'%s','backup_access_code_pool_enabled':%s}",
		 rig_device(w->r, some_door(w)), g_rand_boolean(w->dice) ? "true" : "false");
}

static void rename_the_door(struct walk *w)
{
	rig_call(w->r, "POST /devices/update", "{'device_id':'%s','name':'Door %d'}", rig_device(w->r, some_door(w)),
		 w->pins++);
}

static void let_time_pass(struct walk *w)
{
	rig_advance(w->r, some_time(w));
}

static void (*const happenings[])(struct walk *w) = {
	make,
	make,
	make,
	rename_it,
	lengthen,
	revoke_it,
	pull_backup,
	trouble,
	somebody_at_the_app,
	pool,
	rename_the_door,
	let_time_pass,
	let_time_pass,
	let_time_pass,
	let_time_pass,
};

static void walk(int seed)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	struct walk w = { .r = r, .dice = g_rand_new_with_seed((guint32)seed), .codes = g_ptr_array_new() };

	for (int step = 0; step < 200; step++) {
		happenings[g_rand_int_range(w.dice, 0, G_N_ELEMENTS(happenings))](&w);
		for (size_t i = 0; i < G_N_ELEMENTS(doors); i++)
			rig_ok(r, "POST /access_codes/list", "{'device_id':'%s'}", rig_device(r, doors[i]));
		for (guint i = w.codes->len; i > 0 && i + 8 > w.codes->len; i--)
			rig_call(r, "POST /access_codes/get", "{'access_code_id':'%s'}",
				 (const char *)g_ptr_array_index(w.codes, i - 1));
	}
	g_ptr_array_free(w.codes, TRUE);
	g_rand_free(w.dice);
}

static void nothing_that_happens_leaves_an_old_answer(void **state)
{
	(void)state;
	for (int seed = 1; seed <= 3; seed++)
		walk(seed);
}

/* Another key, another role: what was kept is no way around. */
static void what_is_kept_is_not_for_who_may_not(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = codes_make(r, "Native", "'code':'482162'");

	(void)state;
	codes_get(r, id);
	codes_get(r, id);
	r->as = NULL;
	rig_refused(r, 401, "unauthorized", "POST /access_codes/get", "{'access_code_id':'%s'}", id);
	r->as = "seam_11111111_111111111111111111111111";
	rig_refused(r, 401, "unauthorized", "POST /access_codes/get", "{'access_code_id':'%s'}", id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_happens_leaves_an_old_answer),
		cmocka_unit_test(what_is_kept_is_not_for_who_may_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
