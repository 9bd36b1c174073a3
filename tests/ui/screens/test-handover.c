/* test-handover - the list for the next shift: made from data, added to, taken over, and read again. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "cache/shift.h"
#include "desk.h"
#include "ui/notify.h"
#include "ui/screens/handover.h"

/* Row 24 of the tasks of a day: H and Enter. */
static void taking_over_costs_two_keys(void **state)
{
	struct desk *d = *state;

	press(d, "H");
	assert_true(shows(d, "no shift was handed over yet"));
	press(d, "Enter");
	assert_true(shows(d, "Taken over by"));
	OWN(cache_list) struct cache_list *list = shift_past(d->cache, 0, NULL);
	const struct shift *s = cache_list_at(list, struct shift, 0);

	assert_int_equal(list->rows->len, 1);
	assert_string_equal(s->taken_by, g_get_user_name());
	assert_false(instant_known(s->since));
	assert_non_null(strstr(s->list, "Dubois on 201 Sea"));
	assert_true(shows(d, "since 21:18, taken by"));
	/* A stray that the shift before has seen is no news; the house's were seen by the true clock. */
	d->app->world.now = instant_add_ms(instant_now(), SECOND_MS);
	press(d, "a");
	assert_true(hides(d, "left over"));
}

static void the_list_is_made_from_what_is_known(void **state)
{
	static const char *const words[] = { "At risk tonight", "Dubois on 201 Sea", "offline since", "battery 17 %",
					     "left over" };
	struct desk *d = *state;

	press(d, "H");
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		assert_true(shows(d, words[i]));
}

static void a_promise_is_noted_told_of_at_its_hour_and_done(void **state)
{
	struct desk *d = *state;
	guint before, after;

	d->profile->notify_arrival = true;
	press(d, "H n =told_204_we_extend_to_13:00_@_tomorrow_13:00 Enter");
	assert_true(shows(d, "told 204 we extend to 13:00 ("));
	assert_true(shows(d, "tomorrow 13:00"));
	g_autoptr(GPtrArray) early = notify_causes(&d->app->world);

	before = early->len;
	d->app->world.now = instant_add_ms(HOUSE_NOW, 16 * HOUR_MS);
	app_changed(d->app, 0);
	app_draw(d->app, &d->grid);
	assert_true(shows(d, "DUE: told 204 we extend"));
	g_autoptr(GPtrArray) late = notify_causes(&d->app->world);

	after = 0;
	for (guint i = 0; i < late->len; i++)
		after += strstr(((struct notice *)late->pdata[i])->text, "told 204") != NULL;
	for (guint i = 0; i < before; i++)
		assert_null(strstr(((struct notice *)early->pdata[i])->text, "told 204"));
	assert_int_equal(after, 1);
	press(d, "Home x");
	assert_true(hides(d, "told 204"));
	press(d, "x");
	assert_true(shows(d, "Only a note is done by hand"));
}

static void shifts_that_were_taken_can_be_read(void **state)
{
	struct desk *d = *state;

	press(d, "H n =first_night Enter a n =second_night Enter a [");
	assert_true(shows(d, "As handed by"));
	assert_true(shows(d, "second night"));
	press(d, "[");
	assert_true(shows(d, "first night"));
	assert_true(hides(d, "second night"));
	press(d, "[");
	assert_true(shows(d, "There is no handover before this one."));
	press(d, "a");
	assert_true(shows(d, "taken over already"));
	press(d, "] ]");
	assert_true(shows(d, "since 21:18"));
}

/* Taking over mends nothing: what nobody manages is on the locks as it was. */
static void what_was_seen_before_is_counted_still(void **state)
{
	struct desk *d = *state;

	/* When a stray was first seen is by this computer's clock. */
	d->app->world.now = (struct instant){ g_get_real_time() / 1000 + DAY_MS };
	press(d, "H");
	assert_true(shows(d, "left over"));
	assert_true(hides(d, "still there"));
	press(d, "Enter");
	d->app->world.now = instant_add_ms(d->app->world.now, HOUR_MS);
	press(d, "Esc H");
	assert_true(hides(d, "left over"));
	assert_true(shows(d, "1 that the last shift saw is still there: see the strays"));
}

static void a_note_is_words_and_perhaps_an_hour(void **state)
{
	static const struct {
		const char *typed, *text;
		bool ok, due;
	} rows[] = {
		{ "call a plumber", "call a plumber", true, false },
		{ "late check-out @ 13:00", "late check-out", true, true },
		{ "mail to a@b.example @ tomorrow 9:00", "mail to a@b.example", true, true },
		{ "at noon @ whenever", NULL, false, false },
		{ "@ 13:00", NULL, false, false },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = NULL;
		g_autoptr(GError) err = NULL;
		struct instant due;

		assert_int_equal(handover_parse_note(rows[i].typed, &d->app->world, &text, &due, &err), rows[i].ok);
		assert_int_equal(err == NULL, rows[i].ok);
		if (!rows[i].ok)
			continue;
		assert_string_equal(text, rows[i].text);
		assert_int_equal(instant_known(due), rows[i].due);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_a_desk(taking_over_costs_two_keys),
		on_a_desk(the_list_is_made_from_what_is_known),
		on_a_desk(a_promise_is_noted_told_of_at_its_hour_and_done),
		on_a_desk(shifts_that_were_taken_can_be_read),
		on_a_desk(what_was_seen_before_is_counted_still),
		on_a_desk(a_note_is_words_and_perhaps_an_hour),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
