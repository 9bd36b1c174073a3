/* imports: what stands on F6, how a row is mended there, and what is queued only when it was looked at. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "desk.h"

static void feeds_and_files_are_shown_with_their_state_and_age(void **state)
{
	struct desk *d = *state;

	press(d, "F6");
	assert_true(shows(d, "airbnb-101"));
	assert_true(shows(d, "4m"));
	assert_true(shows(d, "hausliste.csv"));
	assert_true(shows(d, "1d"));
	assert_true(shows(d, "failed"));
	assert_true(shows(d, "new by itself"));
	assert_true(shows(d, "Who comes is not said"));
	press(d, "Tab");
	assert_true(shows(d, "https://www.airbnb.com/..."));
	press(d, "Down");
	assert_true(shows(d, "no answer within 60 s"));
	assert_true(hides(d, "SECRET"));
}

/* Task 25 of a day: three keys and the field. */
static void a_missing_name_is_written_in_three_keys(void **state)
{
	struct desk *d = *state;

	press(d, "F6 Enter =Chidi_Okafor Enter");
	assert_true(shows(d, "Chidi Okafor: new code, random PIN"));
	assert_true(shows(d, "+ Chidi Okafor"));
	cache_list_free(outbox(d, 0));
}

static void what_was_written_stays_and_can_be_taken_back(void **state)
{
	struct desk *d = *state;

	press(d, "F6 Enter =Chidi_Okafor Enter Esc F6 Tab Up Up Tab");
	assert_true(shows(d, "+ Chidi Okafor"));
	assert_true(hides(d, "Who comes is not said"));
	press(d, "n");
	assert_true(shows(d, "takes it back"));
	press(d, "Ctrl-U =- Enter");
	assert_true(shows(d, "Who comes is not said"));
}

static void the_batch_is_seen_before_anything_is_queued(void **state)
{
	struct desk *d = *state;
	OWN(cache_list) struct cache_list *list = NULL;

	press(d, "F6 a");
	assert_true(shows(d, "› Imports › Batch"));
	assert_true(shows(d, "Okafor, Chidi"));
	cache_list_free(outbox(d, 0));
	press(d, "a");
	list = outbox(d, 1);
	assert_param(cache_list_at(list, struct intent, 0), "name", "Okafor, Chidi");
	assert_param(cache_list_at(list, struct intent, 0), "device_id", "lock-101");
	assert_true(g_str_has_prefix(cache_list_at(list, struct intent, 0)->common_code_key, "feed-"));
	press(d, "F6");
	assert_true(shows(d, "its code is on its way"));
}

/* Another desk, while this one looks at the batch. */
static void the_batch_is_shown_anew_when_the_world_has_moved(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);
	struct access_code ac = { .access_code_id = "theirs", .device_id = "lock-101", .managed = true,
				  .time_bound = true, .type = "time_bound", .status = "set", .name = "Somebody Else",
				  .code = "739164", .starts_at = HOUSE_NOW, .created_at = HOUSE_NOW,
				  .ends_at = { HOUSE_NOW.ms + 300 * DAY_MS } };

	press(d, "F6 a");
	assert_true(shows(d, "+1 issue"));
	assert_true(cache_put_code(sync, &ac, 0, NULL) >= 0);
	press(d, "a");
	assert_true(shows(d, "Okafor, Chidi on 101 Garden is no longer as it was"));
	assert_true(shows(d, "› Imports › Batch"));
	assert_true(shows(d, "Double booking: Somebody Else"));
	assert_true(hides(d, "+1 issue"));
	cache_list_free(outbox(d, 0));
	cache_close(sync);
}

static void rows_that_cannot_be_say_why(void **state)
{
	static const char *const words[] = { "No lock here is called '999'", "Double booking",
					     "That month has no day 30", "has a code of that name and time already",
					     "cancelled, and there is no code" };
	struct desk *d = *state;

	press(d, "F6 Tab Down Down Tab");
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		assert_true(shows(d, words[i]));
	assert_true(hides(d, "\x1b"));
	press(d, "Enter =103 Enter");
	assert_true(shows(d, "Double booking: Gro"));
}

static void a_file_is_imported_by_its_name(void **state)
{
	struct desk *d = *state;
	g_autofree char *path = g_build_filename(d->folder, "list.csv", NULL);
	g_autofree char *keys = g_strdup_printf("F6 f =%s Enter", path);

	assert_true(
		g_file_set_contents(path, "guest,room,arrival,departure\nAna,201,2027-01-02,2027-01-05\n", -1, NULL));
	press(d, keys);
	assert_true(shows(d, "list.csv: 1 accepted, 0 unchanged, 0 refused"));
	assert_true(shows(d, "+ Ana"));
	press(d, "f =/nowhere.csv Enter");
	assert_true(shows(d, "Nothing was imported: /nowhere.csv cannot be read"));
	g_unlink(path);
}

static void read_only_writes_nothing(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	press(d, "F6 Enter");
	assert_true(hides(d, "takes it back"));
	press(d, "a");
	assert_true(shows(d, "is off: this console is read-only"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_a_desk(feeds_and_files_are_shown_with_their_state_and_age),
		on_a_desk(a_missing_name_is_written_in_three_keys),
		on_a_desk(what_was_written_stays_and_can_be_taken_back),
		on_a_desk(the_batch_is_seen_before_anything_is_queued),
		on_a_desk(the_batch_is_shown_anew_when_the_world_has_moved),
		on_a_desk(rows_that_cannot_be_say_why),
		on_a_desk(a_file_is_imported_by_its_name),
		on_a_desk(read_only_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
