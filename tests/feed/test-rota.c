/* rota: what is made when, for somebody who works on some days of the week. */
#include "tests/feed/world.h"

#include "feed/rota_plan.h"

/* ---- one door, one moment ---- */

#define MON_8  "2026-11-23T07:00:00Z" /* 08:00 in Berlin */
#define MON_14 "2026-11-23T13:00:00Z"
#define TUE_8  "2026-11-24T07:00:00Z"
#define TUE_14 "2026-11-24T13:00:00Z"
#define WED_8  "2026-11-25T07:00:00Z"
#define WED_14 "2026-11-25T13:00:00Z"
#define SUN    "2026-11-22T20:18:00Z"
#define MON_10 "2026-11-23T09:00:00Z"

static struct instant when(const char *iso)
{
	return iso ? at(iso) : INSTANT_NONE;
}

static void each_moment_has_one_thing_to_do(void **state)
{
	static const struct {
		const char *name, *now;
		enum held_is is;
		const char *asked[2], *has[2]; /* NULL: not */
		enum rota_do act;
		const char *window;            /* of what is done: its start; NULL: not looked at */
		const char *asked_pin, *has_pin, *pin;
		bool open, unwanted, held, ended;
		const char *learn;
	} rows[] = {
		{ "nothing yet", SUN, HELD_NOTHING, .act = ROTA_MAKE, .window = MON_8 },
		{ "nothing yet, in its hours", MON_10, HELD_NOTHING, .act = ROTA_MAKE, .window = MON_8 },
		{ "on its way", SUN, HELD_QUEUED, .asked = { MON_8, MON_14 }, .open = true, .act = ROTA_REST },
		{ "on its way, of a start that was then", MON_10, HELD_QUEUED, .asked = { MON_10, MON_14 },
		  .open = true, .act = ROTA_REST },
		{ "offline for three days: never left", WED_8, HELD_QUEUED, .asked = { MON_8, MON_14 }, .open = true,
		  .act = ROTA_WITHDRAW },
		{ "hours changed before it left", SUN, HELD_QUEUED, .asked = { "2026-11-23T05:00:00Z", MON_14 },
		  .open = true, .act = ROTA_WITHDRAW },
		{ "PIN changed before it left", SUN, HELD_QUEUED, .asked = { MON_8, MON_14 }, .open = true,
		  .act = ROTA_WITHDRAW, .asked_pin = "1111", .pin = "2222" },
		{ "suspended before it left", SUN, HELD_QUEUED, .asked = { MON_8, MON_14 }, .open = true,
		  .held = true, .act = ROTA_WITHDRAW },
		{ "accepted, not seen yet", SUN, HELD_QUEUED, .asked = { MON_8, MON_14 }, .act = ROTA_REST },
		{ "accepted, and gone unseen", TUE_8, HELD_QUEUED, .asked = { MON_8, MON_14 }, .act = ROTA_MAKE,
		  .window = TUE_8 },
		{ "there", SUN, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 }, .act = ROTA_REST,
		  .window = MON_8 },
		{ "there, in its hours", MON_10, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REST, .window = MON_8 },
		{ "seconds cut off", SUN, HELD_LIVE, .asked = { MON_8, MON_14 },
		  .has = { "2026-11-23T07:00:59Z", MON_14 }, .act = ROTA_REST, .window = MON_8 },
		{ "over, not gone", "2026-11-23T13:00:01Z", HELD_LIVE, .asked = { MON_8, MON_14 },
		  .has = { MON_8, MON_14 }, .act = ROTA_REST },
		{ "over, and stuck until it is late", "2026-11-24T05:00:00Z", HELD_LIVE, .asked = { MON_8, MON_14 },
		  .has = { MON_8, MON_14 }, .act = ROTA_MAKE, .window = TUE_8 },
		{ "over and gone", "2026-11-23T13:00:01Z", HELD_GONE, .asked = { MON_8, MON_14 }, .act = ROTA_MAKE,
		  .window = TUE_8 },
		{ "gone by a clock that is ahead", "2026-11-23T12:59:50Z", HELD_GONE, .asked = { MON_8, MON_14 },
		  .act = ROTA_MAKE, .window = TUE_8 },
		{ "revoked by hand in its hours", MON_10, HELD_GONE, .asked = { MON_8, MON_14 }, .act = ROTA_MAKE,
		  .window = TUE_8 },
		{ "taken back by hand", SUN, HELD_TAKEN_BACK, .asked = { MON_8, MON_14 }, .act = ROTA_MAKE,
		  .window = TUE_8 },
		{ "being changed", SUN, HELD_CHANGING, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REST },
		{ "being revoked", SUN, HELD_LEAVING, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REST },
		{ "refused: for this window", SUN, HELD_REFUSED, .asked = { MON_8, MON_14 }, .act = ROTA_REST },
		{ "refused: the next one is tried", "2026-11-23T13:00:01Z", HELD_REFUSED, .asked = { MON_8, MON_14 },
		  .act = ROTA_MAKE, .window = TUE_8 },
		{ "hours changed, to come", SUN, HELD_LIVE, .asked = { "2026-11-23T05:00:00Z", MON_14 },
		  .has = { "2026-11-23T05:00:00Z", MON_14 }, .act = ROTA_CHANGE, .window = MON_8 },
		{ "hours changed, in them before and after", MON_10, HELD_LIVE,
		  .asked = { "2026-11-23T05:00:00Z", "2026-11-23T15:00:00Z" },
		  .has = { "2026-11-23T05:00:00Z", "2026-11-23T15:00:00Z" }, .act = ROTA_CHANGE, .window = MON_8 },
		{ "hours changed, not in them any more", "2026-11-23T13:30:00Z", HELD_LIVE,
		  .asked = { MON_8, "2026-11-23T15:00:00Z" }, .has = { MON_8, "2026-11-23T15:00:00Z" },
		  .act = ROTA_REMOVE },
		{ "longer by hand", MON_10, HELD_LIVE, .asked = { MON_8, MON_14 },
		  .has = { MON_8, "2026-11-23T15:00:00Z" }, .act = ROTA_REST },
		{ "PIN by hand", SUN, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REST, .asked_pin = "1111", .has_pin = "3333", .pin = "1111", .learn = "3333" },
		{ "PIN by the rota", SUN, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_CHANGE, .asked_pin = "1111", .has_pin = "1111", .pin = "2222" },
		{ "suspended", MON_10, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REMOVE, .held = true },
		{ "ended", MON_10, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REMOVE, .ended = true },
		{ "no door of it any more", MON_10, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REMOVE, .unwanted = true },
		{ "suspended, and gone", MON_10, HELD_NOTHING, .asked = { MON_8, MON_14 }, .held = true,
		  .act = ROTA_REST },
		{ "suspended, and over", TUE_8, HELD_LIVE, .asked = { MON_8, MON_14 }, .has = { MON_8, MON_14 },
		  .act = ROTA_REST, .held = true },
		{ "made in its hours, for as soon as the lock takes it", MON_10, HELD_LIVE,
		  .asked = { "2026-11-23T09:16:00Z", MON_14 }, .has = { "2026-11-23T09:16:00Z", MON_14 },
		  .act = ROTA_REST, .window = MON_8 },
		{ "begins much later than its hours", MON_10, HELD_LIVE, .asked = { "2026-11-23T11:00:00Z", MON_14 },
		  .has = { "2026-11-23T11:00:00Z", MON_14 }, .act = ROTA_CHANGE, .window = MON_8 },
		{ "let in again", MON_10, HELD_NOTHING, .asked = { MON_8, MON_14 }, .act = ROTA_MAKE,
		  .window = MON_8 },
	};
	const struct zone *z = zone_get("Europe/Berlin");

	(void)state;
	FOR_ROWS(i, rows) {
		struct rota r = { .name = "Ines",
				  .first_day = 0,
				  .last_day = ROTA_NO_END,
				  .held_at = INSTANT_NONE,
				  .ended_at = INSTANT_NONE };
		struct rota_seen seen = {
			.is = rows[i].is,
			.open = rows[i].open,
			.asked = { when(rows[i].asked[0]), when(rows[i].asked[1]) },
			.has = { when(rows[i].has[0]), when(rows[i].has[1]) },
			.asked_pin = rows[i].asked_pin,
			.has_pin = rows[i].has_pin,
			.asked_name = "Ines",
			.has_name = "Ines",
		};
		struct rota_step step;

		assert_true(rota_hours_parse("mon-fri 8-14", &r.hours, NULL));
		if (rows[i].held)
			r.held_at = at(SUN);
		if (rows[i].ended)
			r.ended_at = at(SUN);
		step = rota_decide(&r, !rows[i].unwanted, rows[i].pin, z, &seen, at(rows[i].now));
		ROW_INT(rows[i].name, step.act, rows[i].act);
		if (rows[i].window)
			ROW_INT(rows[i].name, step.window.from.ms, at(rows[i].window).ms);
		if (rows[i].learn || step.learn_pin)
			ROW_TEXT(rows[i].name, step.learn_pin, rows[i].learn);
	}
}

/* ---- with a cache, an outbox, and a server that takes what comes ---- */

static int64_t lock_of(struct house *w, const char *name)
{
	int64_t no = cache_lock_find(w->desk, name, NULL);

	assert_true(no > 0);
	return no;
}

static int64_t add_rota(struct house *w, const char *name, const char *hours, const char *pin, const char *const *doors)
{
	struct rota r = {
		.name = name, .pin = pin, .first_day = rota_day(w->rule.zone, w->rule.now), .last_day = ROTA_NO_END
	};
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	GError *err = NULL;
	int64_t no;

	assert_true(rota_hours_parse(hours, &r.hours, NULL));
	for (; *doors; doors++) {
		int64_t lock_no = lock_of(w, *doors);

		g_array_append_val(locks, lock_no);
	}
	no = cache_rota_add(w->desk, &r, locks, "mk", w->rule.now, &err);
	must_(no != 0, err);
	return no;
}

static int keep(struct house *w)
{
	GError *err = NULL;
	struct instant again;
	int n = rota_keep_all(w->desk, w->rule.zone, w->rule.now, &again, &err);

	must_(n >= 0, err);
	return n;
}

/* Accepted, pulled: with the mark that a server keeps. */
static void server_takes(struct house *w)
{
	OWN(cache_list) struct cache_list *list = outbox_list(w->sync, 1u << INTENT_QUEUED, 0, NULL);
	GError *err = NULL;

	for (guint i = list->rows->len; i-- > 0;) {
		const struct intent *in = cache_list_at(list, struct intent, i);
		g_autofree char *id = g_strdup_printf("made-%" PRId64, in->intent_no),
				*name = jsonin_text(in->params, "name"), *pin = jsonin_text(in->params, "code"),
				*from = jsonin_text(in->params, "starts_at"),
				*until = jsonin_text(in->params, "ends_at"),
				*key = jsonin_text(in->params, "common_code_key");
		struct access_code ac = { .access_code_id = id,
					  .device_id = in->device_id,
					  .managed = true,
					  .time_bound = true,
					  .type = "time_bound",
					  .status = "set",
					  .name = name,
					  .code = pin,
					  .common_code_key = key,
					  .created_at = w->rule.now };

		must_(outbox_sending(w->sync, in->intent_no, w->rule.now, w->rule.now, &err), err);
		if (in->kind == INTENT_CREATE) {
			ac.starts_at = at(from);
			ac.ends_at = at(until);
			must_(outbox_accepted(w->sync, in->intent_no, id, 200, &err), err);
			must_(cache_put_code(w->sync, &ac, 0, &err) >= 0, err);
			continue;
		}
		if (in->kind == INTENT_DELETE)
			must_(cache_delete_code(w->sync, in->access_code_id, w->rule.now, &err), err);
		else
			put_window(w, in->access_code_id, name, from, until);
		must_(outbox_accepted(w->sync, in->intent_no, in->access_code_id, 200, &err), err);
	}
}

/* What ends is forgotten. */
static void server_forgets(struct house *w)
{
	struct code_query q = { .with_ended = true, .from = INSTANT_NONE, .until = INSTANT_NONE };
	OWN(cache_list) struct cache_list *list = cache_codes(w->sync, &q, w->rule.now, NULL);

	for (guint i = 0; i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);

		if (c->code.access_code_id && instant_known(c->code.ends_at) &&
		    !instant_before(w->rule.now, c->code.ends_at))
			cache_delete_code(w->sync, c->code.access_code_id, w->rule.now, NULL);
	}
}

/* "Gym 07:00Z 481620; ": the codes of that name that are there or on their way. */
static char *codes_of(struct house *w, const char *name)
{
	struct code_query q = { .find = name, .from = INSTANT_NONE, .until = INSTANT_NONE };
	OWN(cache_list) struct cache_list *list = cache_codes(w->desk, &q, w->rule.now, NULL);
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);
		char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];

		instant_format(c->code.starts_at, from);
		instant_format(c->code.ends_at, until);
		g_string_append_printf(s, "%s%s %.16s-%.16s %s", s->len ? "; " : "", c->lock_name, from, until,
				       c->code.code);
	}
	return g_string_free(s, FALSE);
}
#define assert_codes(w, name, want)                                                                \
	do {                                                                                       \
		g_autofree char *codes_ = codes_of(w, name);                                       \
		ROW_TEXT(name, codes_, want);                                                      \
	} while (0)

static void a_week_has_one_code_a_day_with_one_pin(void **state)
{
	static const struct {
		const char *now, *codes;
	} rows[] = {
		{ SUN, "Gym 2026-11-23T07:00-2026-11-23T13:00 481620" },
		{ MON_10, "Gym 2026-11-23T07:00-2026-11-23T13:00 481620" },
		{ "2026-11-23T13:00:05Z", "Gym 2026-11-24T07:00-2026-11-24T13:00 481620" },
		{ "2026-11-24T13:00:05Z", "Gym 2026-11-25T07:00-2026-11-25T13:00 481620" },
		/* Nobody was there for three days. */
		{ "2026-11-28T10:00:00Z", "Gym 2026-11-30T07:00-2026-11-30T13:00 481620" },
	};
	static const char *const doors[] = { "Gym", NULL };
	struct house *w = *state;

	add_rota(w, "Ines", "mon-fri 8-14", "481620", doors);
	FOR_ROWS(i, rows) {
		w->rule.now = at(rows[i].now);
		server_forgets(w);
		keep(w);
		ROW_INT("the same moment again", keep(w), 0);
		server_takes(w);
		ROW_INT("and when it is there", keep(w), 0);
		assert_codes(w, "Ines", rows[i].codes);
	}
}

static void what_never_left_is_taken_back_and_made_for_today(void **state)
{
	static const char *const doors[] = { "Gym", NULL };
	struct house *w = *state;

	add_rota(w, "Ines", "mon-fri 8-14", "481620", doors);
	ROW_INT("made", keep(w), 1);
	w->rule.now = at("2026-11-25T06:00:00Z");
	keep(w);
	keep(w);
	ROW_INT("and no more", keep(w), 0);
	assert_codes(w, "Ines", "Gym 2026-11-25T07:00-2026-11-25T13:00 481620");
}

static void an_answer_that_is_in_doubt_is_waited_for(void **state)
{
	static const char *const doors[] = { "Gym", NULL };
	struct house *w = *state;
	GError *err = NULL;
	int64_t no;

	add_rota(w, "Ines", "mon-fri 8-14", "481620", doors);
	keep(w);
	{
		OWN(cache_list) struct cache_list *list = outbox_list(w->sync, 1u << INTENT_QUEUED, 0, NULL);

		no = cache_list_at(list, struct intent, 0)->intent_no;
	}
	must_(outbox_sending(w->sync, no, w->rule.now, w->rule.now, &err), err);
	must_(outbox_doubt(w->sync, no, w->rule.now, "no answer", &err), err);
	ROW_INT("nothing", keep(w), 0);
	w->rule.now = at(TUE_8);
	ROW_INT("nothing, also when its window is over", keep(w), 0);
}

static void two_who_decide_at_once_make_one(void **state)
{
	static const char *const doors[] = { "Gym", NULL };
	struct house *w = *state;
	int64_t no = add_rota(w, "Ines", "mon-fri 8-14", "481620", doors);
	OWN(cache_list) struct cache_list *list = cache_rota(w->desk, no, NULL);
	const struct rota *r = cache_list_at(list, struct rota, 0);
	OWN(rota_plan) struct rota_plan *a = rota_plan_make(w->desk, r, w->rule.zone, w->rule.now, NULL);
	OWN(rota_plan) struct rota_plan *b = rota_plan_make(w->sync, r, w->rule.zone, w->rule.now, NULL);
	g_autoptr(GError) err = NULL;

	ROW_INT("the first", rota_plan_apply(w->desk, a, r, w->rule.now, NULL), 1);
	ROW_INT("the second", rota_plan_apply(w->sync, b, r, w->rule.now, &err), -1);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
}

static void a_change_in_the_middle_of_a_window(void **state)
{
	static const char *const doors[] = { "Gym", NULL };
	struct house *w = *state;
	int64_t no = add_rota(w, "Ines", "mon-fri 8-14", "481620", doors);
	struct rota r = { .rota_no = no, .name = "Ines", .first_day = 0, .last_day = ROTA_NO_END };
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int64_t gym = lock_of(w, "Gym"), laundry = lock_of(w, "Laundry");

	keep(w);
	server_takes(w);
	w->rule.now = at(MON_10);
	g_array_append_val(locks, gym);
	g_array_append_val(locks, laundry);
	assert_true(rota_hours_parse("mon-fri 8-16", &r.hours, NULL));
	assert_true(cache_rota_change(w->desk, &r, locks, "mk", w->rule.now, NULL));
	ROW_INT("a change and a new one", keep(w), 2);
	server_takes(w);
	assert_codes(
		w, "Ines",
		"Gym 2026-11-23T07:00-2026-11-23T15:00 481620; Laundry 2026-11-23T09:00-2026-11-23T15:00 481620");
	assert_true(cache_rota_hold(w->desk, no, true, "mk", w->rule.now, NULL));
	ROW_INT("both go", keep(w), 2);
	server_takes(w);
	assert_codes(w, "Ines", "");
	assert_true(cache_rota_hold(w->desk, no, false, "mk", w->rule.now, NULL));
	ROW_INT("both come again", keep(w), 2);
	server_takes(w);
	assert_codes(
		w, "Ines",
		"Gym 2026-11-23T09:00-2026-11-23T15:00 481620; Laundry 2026-11-23T09:00-2026-11-23T15:00 481620");
	assert_true(cache_rota_end(w->desk, no, "mk", w->rule.now, NULL));
	ROW_INT("both go for good", keep(w), 2);
	server_takes(w);
	w->rule.now = at(TUE_8);
	ROW_INT("nothing any more", keep(w), 0);
	assert_codes(w, "Ines", "");
}

static void a_pin_that_is_taken_is_another_at_that_door(void **state)
{
	static const char *const doors[] = { "Gym", "Laundry", NULL };
	struct house *w = *state;
	struct rota_door *d;
	OWN(cache_list) struct cache_list *list = NULL;
	struct access_code taken = { .access_code_id = "x1",
				     .managed = true,
				     .type = "ongoing",
				     .status = "set",
				     .name = "Tom",
				     .code = "481620",
				     .starts_at = INSTANT_NONE,
				     .ends_at = INSTANT_NONE,
				     .created_at = w->rule.now };
	int64_t no;

	OWN(cache_list) struct cache_list *gym = cache_lock(w->desk, lock_of(w, "Gym"), w->rule.now, NULL);
	taken.device_id = cache_list_at(gym, struct lock_row, 0)->lock.device_id;
	assert_true(cache_put_code(w->sync, &taken, 0, NULL) >= 0);
	no = add_rota(w, "Ines", "mon-fri 8-14", "481620", doors);
	ROW_INT("made", keep(w), 2);
	list = cache_rota_doors(w->desk, no, NULL);
	d = cache_list_at(list, struct rota_door, 0);
	ROW_TEXT("the gym's", d->lock_name, "Gym");
	assert_non_null(d->pin);
	assert_string_not_equal(d->pin, "481620");
	assert_null(cache_list_at(list, struct rota_door, 1)->pin);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_moment_has_one_thing_to_do),
		in_the_house(a_week_has_one_code_a_day_with_one_pin),
		in_the_house(what_never_left_is_taken_back_and_made_for_today),
		in_the_house(an_answer_that_is_in_doubt_is_waited_for),
		in_the_house(two_who_decide_at_once_make_one),
		in_the_house(a_change_in_the_middle_of_a_window),
		in_the_house(a_pin_that_is_taken_is_another_at_that_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
