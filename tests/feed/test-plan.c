/* plan: what a list means for the locks, from one reading of it to the next. */
#include "tests/feed/world.h"

#define ANA  "1,Ana Lima,103,2026-11-26,2026-11-28,+49 151 2344711,\n"
#define BEN  "2,Ben Okri,104,2026-11-26,2026-11-28,,\n"
#define CEM  "3,Cem Öz,101,2026-12-01,2026-12-03,,\n"

static void each_row_has_an_answer(void **state)
{
	static const struct {
		const char *row, *want;
	} rows[] = {
		{ "1,Ana,103 Sea,2026-11-26,2026-11-28,,", "+ Ana | 103 Sea | new code, random PIN\n" },
		{ "1,Ana,103,2026-11-26,2026-11-28,,", "+ Ana | 103 Sea | new code, random PIN\n" },
		{ "1,Ana,Room 0103,2026-11-26,2026-11-28,,", "+ Ana | 103 Sea | new code, random PIN\n" },
		{ "1,Ana,GYM,2026-11-26,2026-11-28,,", "+ Ana | Gym | new code, random PIN\n" },
		{ "1,Ana,\"101 Garden, Gym\",2026-11-26,2026-11-28,,",
		  "+ Ana | 101 Garden, Gym | new code, random PIN\n" },
		{ "1,Ana,999,2026-11-26,2026-11-28,,",
		  "! Ana | 999 | No lock here is called '999': write the lock's name instead\n" },
		{ "1,Ana,Sea,2026-11-26,2026-11-28,,",
		  "! Ana | Sea | No lock here is called 'Sea': write the lock's name instead\n" },
		{ "1,Ana,,2026-11-26,2026-11-28,,",
		  "! Ana |  | Which room is not said: write 'room = ...' into its [feed], or Enter names it here\n" },
		{ "1,,103,2026-11-26,2026-11-28,,",
		  "! ? | 103 Sea | Who comes is not said: Enter writes the name\n" },
		{ "1,Ana,103,2026-11-01,2026-11-03,,", "! Ana | 103 Sea | The stay is over\n" },
		{ "1,Ana,103,soon,2026-11-03,,", "! Ana | 103 Sea | 'soon' is no whole date: write 2026-12-24\n" },
		{ "1,Ana,103,2026-11-26,2026-11-28,,cancelled",
		  "= Ana | 103 Sea | cancelled, and there is no code\n" },
		{ "1,,103,2026-11-26,2026-11-28,,blocked",
		  "= ? | 103 Sea | an owner's block: nobody comes. Enter names a guest, if somebody does\n" },
		{ "1,Ana,101,2026-11-23,2026-11-28,,",
		  "! Ana | 101 Garden | Double booking: Anna Berg has 101 Garden until Tue 11:00\n" },
		/* The room is free from eleven, and the next guest comes at three. */
		{ "1,Ana,101,2026-11-24,2026-11-28,,", "+ Ana | 101 Garden | new code, random PIN\n" },
		{ "1,Anna Berg,101,2026-11-21T14:00:00Z,2026-11-24T10:00:00Z,,",
		  "= Anna Berg | 101 Garden | has a code of that name and time already\n" },
	};

	FOR_ROWS(i, rows) {
		struct house *w;
		g_autofree char *text = g_strconcat(rows[i].row, "\n", NULL), *got = NULL;

		house_up(state);
		w = *state;
		feed(w, text);
		got = said(w);
		ROW_TEXT(rows[i].row, got, rows[i].want);
		house_down(state);
	}
}

static void counts_add_up(void **state)
{
	struct house *w = *state;
	OWN(cache_list) struct cache_list *rows = NULL;

	feed(w,
	     ANA BEN "3,,105,2026-11-26,2026-11-28,,\n4,Dan,103,x,y,,\n5,Eva,201,2027-01-02,2027-01-05,,cancelled\n");
	OWN(plan) struct plan *p = plan(w, &rows);
	ROW_INT("accepted", p->answers[PLAN_ACCEPTED], 2);
	ROW_INT("unchanged", p->answers[PLAN_UNCHANGED], 1);
	ROW_INT("refused", p->answers[PLAN_REFUSED], 2);
}

static void one_pin_fits_all_doors_of_a_stay(void **state)
{
	struct house *w = *state;
	OWN(cache_list) struct cache_list *list = NULL;
	g_autofree char *first = NULL, *second = NULL;

	w->rule.doors = "Gym";
	feed(w, ANA);
	assert_said(w, "+ Ana Lima | 103 Sea, Gym | new code, random PIN\n");
	ROW_INT("made", apply(w), 2);
	list = outbox_list(w->desk, 1u << INTENT_QUEUED, 0, NULL);
	first = jsonin_text(cache_list_at(list, struct intent, 0)->params, "code");
	second = jsonin_text(cache_list_at(list, struct intent, 1)->params, "code");
	ROW_TEXT("the same PIN", first, second);
	ROW_INT("six digits, for the gym", strlen(first), 6);
}

static void a_door_more_gets_the_same_pin(void **state)
{
	struct house *w = *state;

	feed(w, "1,Ana,201,2026-12-26,2026-12-28,,\n");
	ROW_INT("made", apply(w), 1);
	server_takes_all(w);
	w->rule.doors = "101 Garden";
	assert_said(w, "+ Ana | 201 Sea, 101 Garden | new code, the same PIN\n");
	ROW_INT("made", apply(w), 1);
}

static void what_was_imported_is_known_again(void **state)
{
	struct house *w = *state;

	feed(w, ANA);
	assert_said(w, "+ Ana Lima | 103 Sea | new code, random PIN\n");
	apply(w);
	assert_said(w, "= Ana Lima | 103 Sea | its code is on its way\n");
	server_takes_all(w);
	assert_said(w, "= Ana Lima | 103 Sea | has its code\n");
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-29,,\n");
	assert_said(w, "~ Ana Lima | 103 Sea | until 29 Nov 11:00 (was Sat 11:00), same PIN\n");
	ROW_INT("made", apply(w), 1);
	assert_said(w, "= Ana Lima | 103 Sea | a change of its code is on its way\n");
	server_takes_all(w);
	assert_said(w, "= Ana Lima | 103 Sea | has its code\n");
	feed(w, "1,Ana L. Lima,103,2026-11-26,2026-11-29,,\n");
	assert_said(w, "~ Ana L. Lima | 103 Sea | name, was Ana Lima\n");
	apply(w);
	server_takes_all(w);
	feed(w, "1,Ana L. Lima,103,2026-11-26,2026-11-29,,cancelled\n");
	assert_said(w, "- Ana L. Lima | 103 Sea | cancelled\n");
	apply(w);
	server_takes_all(w);
	assert_said(w, "= Ana L. Lima | 103 Sea | cancelled, and there is no code\n");
	feed(w, "1,Ana L. Lima,103,2026-11-26,2026-11-29,,\n");
	assert_said(w, "+ Ana L. Lima | 103 Sea | new code, random PIN\n");
}

static const char *only_made(struct house *w)
{
	OWN(cache_list) struct cache_list *list = outbox_list(w->desk, 1u << INTENT_ACCEPTED, 0, NULL);

	return g_intern_string(cache_list_at(list, struct intent, 0)->access_code_id);
}

static void what_staff_did_by_hand_stays(void **state)
{
	struct house *w = *state;
	GError *err = NULL;

	feed(w, ANA);
	apply(w);
	server_takes_all(w);
	put_window(w, only_made(w), NULL, NULL, "2026-11-28T14:00:00Z");
	assert_said(w, "= Ana Lima | 103 Sea | window changed here by hand, until Sat 15:00: left as it is\n");
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-30,,\n");
	assert_said(
		w,
		"! Ana Lima | 103 Sea | window changed here by hand, until Sat 15:00; the list now says 30 Nov 11:00: "
		"e on the code changes it\n");
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-28T14:00:00Z,,\n");
	assert_said(w, "= Ana Lima | 103 Sea | has its code\n");
	put_window(w, only_made(w), "Lima (VIP)", NULL, NULL);
	feed(w, "1,Anna Lima,103,2026-11-26,2026-11-28T14:00:00Z,,\n");
	assert_said(w, "= Anna Lima | 103 Sea | has its code\n");
	must_(cache_delete_code(w->sync, only_made(w), w->rule.now, &err), err);
	assert_said(w, "= Anna Lima | 103 Sea | its code was revoked here: not made again by itself\n");
}

/* As M does: a code there, marked as one that was moved, and the old one's end comes (or it goes). */
static void desk_moves(struct house *w, const char *from, const char *to, const char *starts)
{
	const char *id = NULL;
	g_autofree char *key = NULL, *params = NULL;
	struct intent in = { .kind = INTENT_CREATE,
			     .lock_no = cache_lock_no(w->desk, to),
			     .device_id = to,
			     .name = "Ana Lima",
			     .expires_at = INSTANT_NONE,
			     .next_try_at = INSTANT_NONE,
			     .sent_at = INSTANT_NONE };
	GError *err = NULL;

	OWN(cache_list) struct cache_list *list = outbox_list(w->desk, 1u << INTENT_ACCEPTED, 0, NULL);

	for (guint i = list->rows->len; i-- > 0;) {
		const struct intent *made = cache_list_at(list, struct intent, i);

		if (made->kind == INTENT_CREATE && strcmp(made->device_id, from) == 0)
			id = made->access_code_id;
	}
	assert_non_null(id);
	key = cache_feed_moved_key(w->desk, id, from);
	assert_non_null(key);
	params = g_strdup_printf("{\"device_id\":\"%s\",\"name\":\"Ana Lima\",\"starts_at\":\"%s\","
				 "\"ends_at\":\"2026-11-28T10:00:00Z\",\"common_code_key\":\"%s\"}", to, starts, key);
	in.params = params;
	in.common_code_key = key;
	must_(outbox_add(w->desk, &in, &err) > 0, err);
	must_(cache_delete_code(w->sync, id, w->rule.now, &err), err);
}

/* The list goes on naming the room that was booked. */
static void a_guest_whom_the_desk_moved_is_where_the_desk_says(void **state)
{
	struct house *w = *state;

	feed(w, ANA);
	apply(w);
	server_takes_all(w);
	desk_moves(w, "lock-103", "lock-104", "2026-11-26T14:00:00Z");
	assert_said(w, "= Ana Lima | 104 Sea | its code is on its way\n");
	server_takes_all(w);
	assert_said(w, "= Ana Lima | 104 Sea | has its code, moved here by the desk\n");
	/* What the list says of the stay now is done there. */
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-29,,\n");
	assert_said(w, "~ Ana Lima | 104 Sea | until 29 Nov 11:00 (was Sat 11:00), same PIN\n");
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-28,,cancelled\n");
	assert_said(w, "- Ana Lima | 104 Sea | cancelled\n");
	feed(w, ANA);
	/* Once more, and back again. */
	desk_moves(w, "lock-104", "lock-201", "2026-11-26T14:00:00Z");
	server_takes_all(w);
	assert_said(w, "= Ana Lima | 201 Sea | has its code, moved here by the desk\n");
	desk_moves(w, "lock-201", "lock-103", "2026-11-26T14:00:00Z");
	server_takes_all(w);
	assert_said(w, "= Ana Lima | 103 Sea | has its code, moved here by the desk\n");
}

static void never_revoked_inside_the_stay(void **state)
{
	struct house *w = *state;

	feed(w, ANA);
	apply(w);
	server_takes_all(w);
	w->rule.now = at("2026-11-27T09:00:00Z");
	feed(w, "9,Else,201,2027-01-02,2027-01-05,,\n");
	assert_said(
		w,
		"! Ana Lima | 103 Sea | no longer in the list, but the stay has begun: its code is never "
		"revoked by itself\n"
		"+ Else | 201 Sea | new code, random PIN\n");
	/* The clock of the list is not the stay's: what has begun has begun. */
	feed(w, ANA);
	assert_said(w, "= Ana Lima | 103 Sea | has its code\n");
}

static void a_room_that_becomes_free_is_free(void **state)
{
	struct house *w = *state;

	feed(w, ANA);
	apply(w);
	server_takes_all(w);
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-28,,cancelled\n2,Ben,103,2026-11-26,2026-11-28,,\n"
		"3,Cem,103,2026-11-27,2026-11-29,,\n");
	assert_said(w, "- Ana Lima | 103 Sea | cancelled\n+ Ben | 103 Sea | new code, random PIN\n"
		       "! Cem | 103 Sea | Double booking: Ben has 103 Sea from Thu 15:00 until Sat 11:00\n");
}

static void the_same_name_twice_is_two_stays(void **state)
{
	struct house *w = *state;

	feed(w, "1,Kim,103,2026-11-26,2026-11-28,,\n2,Kim,104,2026-11-26,2026-11-28,,\n");
	ROW_INT("made", apply(w), 2);
	server_takes_all(w);
	feed(w, "2,Kim,104,2026-11-26,2026-11-28,,\n");
	assert_said(w, "- Kim | 103 Sea | no longer in the list\n= Kim | 104 Sea | has its code\n");
}

static void the_phone_gives_the_pin_or_the_reason_why_not(void **state)
{
	struct house *w = *state;
	OWN(cache_list) struct cache_list *list = NULL;
	g_autofree char *pin = NULL;

	w->rule.pin_from_phone = true;
	feed(w, "1,A,103,2026-12-01,2026-12-02,0151 2344837,\n2,B,103,2026-12-02,2026-12-03,0160 9994837,\n"
		"3,C,103,2026-12-03,2026-12-04,,\n4,D,104,2026-12-04,2026-12-05,0151 2340815,\n"
		"5,E,103,2026-12-05,2026-12-06,0151 2341234,\n");
	assert_said(w, "+ A | 103 Sea | new code, PIN: the phone's last four digits\n"
		       "+ B | 103 Sea | new code, random PIN, as the phone's last four digits are in use\n"
		       "+ C | 103 Sea | new code, random PIN, as no phone is known\n"
		       "+ D | 104 Sea | new code, random PIN, as the doors do not take the phone's last four digits\n"
		       "+ E | 103 Sea | new code, random PIN, as the phone's last four digits are guessed first\n");
	ROW_INT("made", apply(w), 5);
	list = outbox_list(w->desk, 1u << INTENT_QUEUED, 0, NULL);
	pin = jsonin_text(cache_list_at(list, struct intent, 4)->params, "code");
	ROW_TEXT("PIN", pin, "4837");
}

static void the_desks_word_survives_the_next_reading(void **state)
{
	struct house *w = *state;
	OWN(cache_list) struct cache_list *rows = NULL;
	GError *err = NULL;
	const char *list =
		"1,,103,2026-11-26,2026-11-28,,\n2,,104,2026-11-26,2026-11-28,,blocked\n3,Cem,X,2026-11-26,"
		"2026-11-28,,\n";

	feed(w, list);
	rows = cache_feed_rows(w->desk, "list", NULL);
	must_(cache_feed_fix(w->desk, cache_list_at(rows, struct feed_row, 0)->row_no, FEED_FIX_GUEST, "Ana", "desk",
			     w->rule.now, &err), err);
	must_(cache_feed_fix(w->desk, cache_list_at(rows, struct feed_row, 1)->row_no, FEED_FIX_GUEST, "Ben", "desk",
			     w->rule.now, &err), err);
	must_(cache_feed_fix(w->desk, cache_list_at(rows, struct feed_row, 2)->row_no, FEED_FIX_DOOR, "101", "desk",
			     w->rule.now, &err), err);
	feed(w, list);
	assert_said(
		w,
		"+ Ana | 103 Sea | new code, random PIN\n+ Ben | 104 Sea | new code, random PIN\n+ Cem | "
		"101 Garden | new code, random PIN\n");
	ROW_INT("made", apply(w), 3);
	server_takes_all(w);
	feed(w, list);
	assert_said(
		w,
		"= Ana | 103 Sea | has its code\n= Ben | 104 Sea | has its code\n= Cem | 101 Garden | has its code\n");
}

static char *many(int from, int until)
{
	GString *s = g_string_new(NULL);

	for (int i = from; i < until; i++)
		g_string_append_printf(s, "%d,Guest %d,103,2027-0%d-01,2027-0%d-03,,\n", i, i, 1 + i % 9, 1 + i % 9);
	return g_string_free(s, FALSE);
}

static void so_many_that_go_at_once_are_held(void **state)
{
	static const struct {
		const char *name;
		int left;
		bool guarded;
	} rows[] = {
		{ "none gone", 9, false },   { "one gone", 8, false }, { "two gone", 7, false },
		{ "a third gone", 6, true }, { "half gone", 4, true }, { "empty", 0, true },
	};
	struct house *w = *state;
	g_autofree char *all = many(0, 9);

	feed(w, all);
	ROW_INT("made", apply(w), 9);
	server_takes_all(w);
	/* Read again and again: what is held stays held, and is free once the list is whole again. */
	FOR_ROWS(i, rows) {
		OWN(cache_list) struct cache_list *list = NULL;
		g_autofree char *text = many(0, rows[i].left);

		feed(w, text);
		feed(w, text);
		OWN(plan) struct plan *p = plan(w, &list);
		ROW_INT(rows[i].name, p->batch->guard != NULL, rows[i].guarded);
		ROW_INT(rows[i].name, batch_count(p->batch, BATCH_REVOKE), 9 - rows[i].left);
	}
	feed(w, all);
	OWN(cache_list) struct cache_list *list = NULL;
	OWN(plan) struct plan *p = plan(w, &list);
	ROW_INT("whole again", p->batch->guard != NULL, false);
	ROW_INT("whole again", batch_count(p->batch, BATCH_SAME), 9);
}

static void an_empty_list_is_held_however_short_it_was(void **state)
{
	struct house *w = *state;

	feed(w, ANA);
	apply(w);
	server_takes_all(w);
	feed(w, "");
	assert_said(w, "- Ana Lima | 103 Sea | no longer in the list\n"
		       "guard: list is empty, and had stays to come: see whether the list is whole.\n");
}

static void a_refusal_is_shown_until_somebody_puts_it_aside(void **state)
{
	struct house *w = *state;
	OWN(cache_list) struct cache_list *list = NULL;
	GError *err = NULL;
	int64_t no;

	feed(w, ANA);
	apply(w);
	list = outbox_list(w->sync, 0, 0, NULL);
	no = cache_list_at(list, struct intent, 0)->intent_no;
	must_(outbox_refused(w->sync, no, 400, "x", "the lock is full", NULL, &err), err);
	assert_said(
		w,
		"! Ana Lima | 103 Sea | the server refused it: the lock is full. o shows it, and can put it aside\n");
	must_(outbox_dismiss(w->desk, no, &err), err);
	assert_said(w, "+ Ana Lima | 103 Sea | new code, random PIN\n");
	apply(w);
	list = (cache_list_free(list), outbox_list(w->desk, 1u << INTENT_QUEUED, 0, NULL));
	must_(outbox_withdraw(w->desk, cache_list_at(list, struct intent, 0)->intent_no, &err), err);
	assert_said(w, "= Ana Lima | 103 Sea | its code was taken back here: not made again by itself\n");
}

static void only_what_is_allowed_is_done_unasked(void **state)
{
	static const struct {
		const char *name;
		enum feed_auto what;
		int made;
	} rows[] = { { "no", FEED_AUTO_NO, 0 }, { "new", FEED_AUTO_NEW, 1 }, { "all", FEED_AUTO_ALL, 3 } };
	struct house *w = *state;

	feed(w, ANA BEN);
	apply(w);
	server_takes_all(w);
	feed(w, "1,Ana Lima,103,2026-11-26,2026-11-29,,\n2,Ben Okri,104,2026-11-26,2026-11-28,,cancelled\n" CEM);
	FOR_ROWS(i, rows) {
		OWN(cache_list) struct cache_list *list = NULL;
		OWN(plan) struct plan *p = plan(w, &list);
		int n = 0;

		ROW_INT(rows[i].name, plan_keep_auto(p->batch, rows[i].what), rows[i].made > 0);
		for (guint k = 0; k < p->batch->rows->len; k++)
			n += batch_applies(p->batch, k);
		ROW_INT(rows[i].name, n, rows[i].made);
	}
}

/* ---- what is applied is what was shown ---- */

/* As another desk does it: through a connection of its own. */
static void somebody_is_given_the_room(struct house *w, const char *guest, const char *pin)
{
	struct access_code ac = { .access_code_id = "theirs",
				  .device_id = "lock-103",
				  .managed = true,
				  .time_bound = true,
				  .type = "time_bound",
				  .status = "set",
				  .name = guest,
				  .code = pin,
				  .starts_at = at(pin ? "2027-03-01T14:00:00Z" : "2026-11-26T14:00:00Z"),
				  .ends_at = at(pin ? "2027-03-03T10:00:00Z" : "2026-11-28T10:00:00Z"),
				  .created_at = w->rule.now };
	GError *err = NULL;

	must_(cache_put_code(w->sync, &ac, 0, &err) >= 0, err);
}

static void nothing_happens(struct house *w, const struct batch *b) { (void)w, (void)b; }
static void the_same_list_is_done(struct house *w, const struct batch *b) { (void)b, apply(w); }
static void another_guest_has_it(struct house *w, const struct batch *b)
{
	(void)b, somebody_is_given_the_room(w, "Somebody Else", NULL);
}
static void she_has_a_code_already(struct house *w, const struct batch *b)
{
	(void)b, somebody_is_given_the_room(w, "Ana Lima", NULL);
}
static void the_pin_is_given_away(struct house *w, const struct batch *b)
{
	g_autofree char *pin = jsonin_text(((const struct batch_row *)b->rows->pdata[0])->params, "code");

	somebody_is_given_the_room(w, "Somebody Else", pin);
}
static void the_list_is_without_her(struct house *w, const struct batch *b) { (void)b, feed(w, BEN); }
static void the_list_has_another_day(struct house *w, const struct batch *b)
{
	(void)b, feed(w, "1,Ana Lima,103,2026-11-26,2026-11-29,+49 151 2344711,\n");
}
static void the_list_has_a_row_more(struct house *w, const struct batch *b) { (void)b, feed(w, ANA BEN); }
static void her_stay_begins(struct house *w, const struct batch *b) { (void)b, w->rule.now.ms += 3 * DAY_MS; }
static void her_stay_is_over(struct house *w, const struct batch *b) { (void)b, w->rule.now.ms += 6 * DAY_MS; }

static void a_plan_is_applied_as_it_was_shown_or_not_at_all(void **state)
{
	static const struct {
		const char *name;
		void (*meanwhile)(struct house *w, const struct batch *b);
		bool applied;
	} rows[] = {
		{ "nothing", nothing_happens, true },
		{ "the same list, at the same moment", the_same_list_is_done, false },
		{ "another guest", another_guest_has_it, false },
		{ "a code of hers, by hand", she_has_a_code_already, false },
		{ "her PIN, later on that door", the_pin_is_given_away, false },
		{ "the list without her", the_list_is_without_her, false },
		{ "another day", the_list_has_another_day, false },
		{ "a row more", the_list_has_a_row_more, true },
		{ "her stay has begun", her_stay_begins, true },
		{ "her stay is over", her_stay_is_over, false },
	};

	FOR_ROWS(i, rows) {
		struct cache_list *list = NULL;
		g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_autoptr(GError) err = NULL;
		struct house *w;
		struct batch *b, *anew;
		struct plan *p;

		house_up(state);
		w = *state;
		feed(w, ANA);
		p = plan(w, &list);
		plan_hold(p, w->desk, &w->rule, &w->rule.now);
		b = plan_take_batch(p);
		rows[i].meanwhile(w, b);
		ROW_INT(rows[i].name, batch_apply(w->desk, b, "desk", w->rule.now, made, &err), rows[i].applied);
		ROW_INT(rows[i].name, made->len, rows[i].applied ? 1 : 0);
		ROW_INT(rows[i].name, g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY), !rows[i].applied);
		anew = batch_make_again(b);
		assert_non_null(anew);
		ROW_INT(rows[i].name, anew->strict, true);
		batch_free(anew);
		batch_free(b);
		cache_list_free(list);
		house_down(state);
	}
}

/* Not what is new is in doubt then, but the list. */
static void what_goes_at_once_after_it_was_shown_is_held(void **state)
{
	struct house *w = *state;
	struct cache_list *list = NULL;
	g_autoptr(GError) err = NULL;
	struct batch *b;
	struct plan *p;

	feed(w, ANA BEN CEM);
	apply(w);
	server_takes_all(w);
	feed(w, ANA BEN CEM "4,Dan,Gym,2026-11-26,2026-11-28,,\n");
	p = plan(w, &list);
	plan_hold(p, w->desk, &w->rule, &w->rule.now);
	b = plan_take_batch(p);
	feed(w, "4,Dan,Gym,2026-11-26,2026-11-28,,\n");
	assert_false(batch_apply(w->desk, b, "desk", w->rule.now, NULL, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	assert_non_null(strstr(err->message, "are no longer in list"));
	batch_free(b);
	cache_list_free(list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_has_an_answer),
		in_the_house(counts_add_up),
		in_the_house(one_pin_fits_all_doors_of_a_stay),
		in_the_house(a_door_more_gets_the_same_pin),
		in_the_house(what_was_imported_is_known_again),
		in_the_house(what_staff_did_by_hand_stays),
		in_the_house(a_guest_whom_the_desk_moved_is_where_the_desk_says),
		in_the_house(never_revoked_inside_the_stay),
		in_the_house(a_room_that_becomes_free_is_free),
		in_the_house(the_same_name_twice_is_two_stays),
		in_the_house(the_phone_gives_the_pin_or_the_reason_why_not),
		in_the_house(the_desks_word_survives_the_next_reading),
		in_the_house(so_many_that_go_at_once_are_held),
		in_the_house(an_empty_list_is_held_however_short_it_was),
		in_the_house(a_refusal_is_shown_until_somebody_puts_it_aside),
		in_the_house(only_what_is_allowed_is_done_unasked),
		cmocka_unit_test(a_plan_is_applied_as_it_was_shown_or_not_at_all),
		in_the_house(what_goes_at_once_after_it_was_shown_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
