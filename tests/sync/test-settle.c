/* What an answer, or none, means for an intent; and which code a lost create made. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "sync/settle.h"

/* ---- steps ---- */

#define OK            { WIRE_OK, 200, false, false }
#define REFUSED(code) { WIRE_REFUSED, code, true, false }
#define NO_ROUTE      { WIRE_REFUSED, 404, false, false }
#define NO_KEY        { WIRE_REFUSED, 401, true, true }
#define LIMITED       { WIRE_LIMITED, 429, true, false }
#define UNSENT        { WIRE_UNSENT, 0, false, false }
#define LOST          { WIRE_LOST, 0, false, false }
#define BROKEN(code)  { WIRE_LOST, code, false, false }
#define CANCELLED     { WIRE_CANCELLED, 0, false, false }

static const struct {
	enum intent_kind kind;
	struct settle_answer answer;
	int tries;
	enum settle_step step;
} steps[] = {
	{ INTENT_CREATE, OK, 1, SETTLE_ACCEPT },
	{ INTENT_CREATE, REFUSED(400), 1, SETTLE_REFUSE },
	{ INTENT_CREATE, REFUSED(409), 1, SETTLE_REFUSE },
	{ INTENT_CREATE, REFUSED(409), 2, SETTLE_READ_BACK }, /* perhaps with itself */
	{ INTENT_CREATE, NO_KEY, 1, SETTLE_AGAIN },
	{ INTENT_CREATE, LIMITED, 1, SETTLE_AGAIN },
	{ INTENT_CREATE, UNSENT, 1, SETTLE_AGAIN },
	{ INTENT_CREATE, LOST, 1, SETTLE_READ_BACK },
	{ INTENT_CREATE, BROKEN(500), 1, SETTLE_READ_BACK },
	{ INTENT_CREATE, BROKEN(503), 9, SETTLE_READ_BACK },
	{ INTENT_CREATE, CANCELLED, 1, SETTLE_LEAVE },
	{ INTENT_UPDATE, LOST, 1, SETTLE_REPEAT },
	{ INTENT_UPDATE, REFUSED(404), 1, SETTLE_REFUSE },
	{ INTENT_UPDATE, BROKEN(500), 7, SETTLE_REPEAT },
	{ INTENT_UPDATE, BROKEN(500), 8, SETTLE_REFUSE }, /* it never takes it */
	{ INTENT_UPDATE, BROKEN(503), 800, SETTLE_REPEAT }, /* an outage passes */
	{ INTENT_DELETE, OK, 1, SETTLE_ACCEPT },
	{ INTENT_DELETE, REFUSED(404), 1, SETTLE_CHECK_GONE },
	{ INTENT_DELETE, NO_ROUTE, 1, SETTLE_REFUSE },
	{ INTENT_DELETE, LOST, 1, SETTLE_REPEAT },
	{ INTENT_DELETE_UNMANAGED, REFUSED(404), 1, SETTLE_CHECK_GONE },
	{ INTENT_DELETE_UNMANAGED, NO_ROUTE, 1, SETTLE_REFUSE },
	{ INTENT_PULL_BACKUP, LOST, 1, SETTLE_REPEAT },
	{ INTENT_PULL_BACKUP, REFUSED(404), 1, SETTLE_REFUSE },
	{ INTENT_ADOPT, LOST, 1, SETTLE_REPEAT },
	{ INTENT_ADOPT, NO_ROUTE, 1, SETTLE_FALLBACK },
	{ INTENT_ADOPT, REFUSED(404), 1, SETTLE_REFUSE },
	{ INTENT_ADOPT, REFUSED(404), 2, SETTLE_CHECK_MANAGED },
	{ INTENT_LOCK, OK, 1, SETTLE_ATTEMPT },
	{ INTENT_LOCK, LOST, 1, SETTLE_LOST_DOOR },
	{ INTENT_UNLOCK, BROKEN(502), 1, SETTLE_LOST_DOOR },
	{ INTENT_UNLOCK, UNSENT, 1, SETTLE_AGAIN },
	{ INTENT_UNLOCK, LIMITED, 1, SETTLE_AGAIN },
	{ INTENT_UNLOCK, REFUSED(400), 1, SETTLE_REFUSE },
};

static void each_answer_leads_to_one_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		enum settle_step got =
			settle_step_of(steps[i].kind, &steps[i].answer, steps[i].tries);

		if (got != steps[i].step)
			fail_msg("row %zu: step %d, expected %d", i, got, steps[i].step);
	}
}

static void a_lost_answer_never_creates_or_moves_twice(void **state)
{
	static const enum settle_step expected[INTENT_KIND_COUNT] = {
		[INTENT_CREATE] = SETTLE_READ_BACK,	 [INTENT_UPDATE] = SETTLE_REPEAT,
		[INTENT_DELETE] = SETTLE_REPEAT,	 [INTENT_PULL_BACKUP] = SETTLE_REPEAT,
		[INTENT_ADOPT] = SETTLE_REPEAT,		 [INTENT_DELETE_UNMANAGED] = SETTLE_REPEAT,
		[INTENT_LOCK] = SETTLE_LOST_DOOR,	 [INTENT_UNLOCK] = SETTLE_LOST_DOOR,
	};

	(void)state;
	for (int k = 0; k < INTENT_KIND_COUNT; k++)
		assert_int_equal(settle_step_of_lost((enum intent_kind)k), expected[k]);
}

/* ---- finding ---- */

#define T0   INT64_C(1764000000000)
#define AT(ms)  { T0 + (ms) }
#define NONE    { INT64_MIN }

struct code {
	const char *id, *device, *name, *pin, *key;
	struct instant created, starts, ends;
};

static const struct find_row {
	const char *what;
	struct settle_want want;
	struct code codes[3];
	const char *claimed;
	const char *found;  /* id; NULL: none */
	const char *holder; /* id; NULL: none */
} finds[] = {
	{ "the key proves it, whatever else was changed",
	  { "d", "key1", "Anna", NULL, false, AT(0), AT(DAY_MS), AT(0), AT(0) },
	  { { "a", "d", "Renamed", "1111", "key1", AT(1000), NONE, NONE } }, NULL, "a", NULL },
	{ "the key on another lock is another code",
	  { "d", "key1", "Anna", NULL, false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "other", "Anna", "1111", "key1", AT(1000), NONE, NONE } }, NULL, NULL, NULL },
	{ "PIN, name and window, made since",
	  { "d", NULL, "Anna", "4471", false, AT(0), AT(DAY_MS), AT(0), AT(0) },
	  { { "a", "d", "Anna", "4471", NULL, AT(900), AT(0), AT(DAY_MS) } }, NULL, "a", NULL },
	{ "the PIN under another name is somebody else's",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "d", "Bert", "4471", NULL, AT(900), NONE, NONE } }, NULL, NULL, "a" },
	{ "a twin of last week is not ours",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "d", "Anna", "4471", NULL, AT(-7 * DAY_MS), NONE, NONE } }, NULL, NULL, "a" },
	{ "a first attempt that came through long before the last one",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(HOUR_MS) },
	  { { "a", "d", "Anna", "4471", NULL, AT(1000), NONE, NONE } }, NULL, "a", NULL },
	{ "the server's clock is a minute behind ours",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "d", "Anna", "4471", NULL, AT(-MINUTE_MS), NONE, NONE } }, NULL, "a", NULL },
	{ "without a PIN: name, window and age",
	  { "d", NULL, "Anna", NULL, false, AT(0), AT(DAY_MS), AT(0), AT(0) },
	  { { "b", "d", "Anna", "9", NULL, AT(900), AT(0), AT(2 * DAY_MS) },
	    { "a", "d", "Anna", "8", NULL, AT(900), AT(0), AT(DAY_MS) } }, NULL, "a", NULL },
	{ "without a PIN: an older one of the same name is not ours",
	  { "d", NULL, "Cleaner", NULL, false, NONE, NONE, AT(0), AT(HOUR_MS) },
	  { { "a", "d", "Cleaner", "8", NULL, AT(0), NONE, NONE } }, NULL, NULL, NULL },
	{ "what another intent has got is not ours",
	  { "d", NULL, "Cleaner", NULL, false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "d", "Cleaner", "8", NULL, AT(0), NONE, NONE },
	    { "b", "d", "Cleaner", "9", NULL, AT(1), NONE, NONE } }, "a", "b", NULL },
	{ "ongoing is not the same as a window",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "d", "Anna", "4471", NULL, AT(1), AT(0), AT(DAY_MS) } }, NULL, NULL, "a" },
	{ "offline codes are rounded by their maker",
	  { "d", NULL, "Anna", NULL, true, AT(0), AT(DAY_MS), AT(0), AT(0) },
	  { { "a", "d", "Anna", "123456789", NULL, AT(1), AT(-20 * HOUR_MS), AT(DAY_MS) } }, NULL,
	  "a", NULL },
	{ "a code of unknown age proves nothing",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(0) },
	  { { "a", "d", "Anna", "4471", NULL, NONE, NONE, NONE } }, NULL, NULL, "a" },
	{ "nothing there",
	  { "d", NULL, "Anna", "4471", false, NONE, NONE, AT(0), AT(0) },
	  { { 0 } }, NULL, NULL, NULL },
};

static bool is_claimed(const char *id, void *ctx)
{
	return ctx && strcmp(id, ctx) == 0;
}

static void a_create_is_found_only_when_it_is_ours(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
		const struct find_row *r = &finds[i];
		struct access_code codes[3] = { 0 };
		size_t n = 0;
		int found, holder;
		const char *found_id, *holder_id;

		for (; n < 3 && r->codes[n].id; n++) {
			codes[n].access_code_id = r->codes[n].id;
			codes[n].device_id = r->codes[n].device;
			codes[n].name = r->codes[n].name;
			codes[n].code = r->codes[n].pin;
			codes[n].common_code_key = r->codes[n].key;
			codes[n].created_at = r->codes[n].created;
			codes[n].starts_at = r->codes[n].starts;
			codes[n].ends_at = r->codes[n].ends;
		}
		found = settle_find(&r->want, codes, n, is_claimed, (void *)(uintptr_t)r->claimed,
				    &holder);
		found_id = found < 0 ? NULL : codes[found].access_code_id;
		holder_id = found >= 0 || holder < 0 ? NULL : codes[holder].access_code_id;
		if (g_strcmp0(found_id, r->found) != 0 || g_strcmp0(holder_id, r->holder) != 0)
			fail_msg("%s: found %s, holder %s", r->what, found_id ? found_id : "none",
				 holder_id ? holder_id : "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_leads_to_one_step),
		cmocka_unit_test(a_lost_answer_never_creates_or_moves_twice),
		cmocka_unit_test(a_create_is_found_only_when_it_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
