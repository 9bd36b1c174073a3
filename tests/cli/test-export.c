/* An export is read again as it was written, or not at all; a restore does what it prints. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/codes_file.h"
#include "core/jsonin.h"
#include "tests/cli/desk.h"

static char *export_to(void **state, bool pins)
{
	char *path = g_build_filename(desk_house(state)->folder, "codes.jsonl", NULL);
	const struct outcome *o = pins ? desk_run("export", "--pins", path, NULL) : desk_run("export", path, NULL);

	if (o->code != EXIT_OK)
		fail_msg("%d: %s", o->code, o->err);
	return path;
}

static char *text_of(const char *path)
{
	char *text = NULL;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static int waiting(void **state)
{
	return (int)cache_counts(desk_house(state)->sync, NOW).outbox_waiting;
}

static void a_pin_is_in_the_file_only_when_asked_for(void **state)
{
	static const char *const pins[] = { PIN_ANNA, PIN_ITO, "551177", "882211", "4466", "119933" };

	for (int with = 0; with < 2; with++) {
		g_autofree char *path = export_to(state, with);
		g_autofree char *text = text_of(path);
		GStatBuf st;

		for (size_t i = 0; i < G_N_ELEMENTS(pins); i++)
			if (with)
				assert_says(text, pins[i]);
			else
				assert_silent_about(text, pins[i]);
		assert_int_equal(g_stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_says(text, "\"device_id\":\"dev-101\"");
		g_unlink(path);
	}
}

static void what_was_written_is_read(void **state)
{
	g_autofree char *path = export_to(state, true);
	g_autoptr(GError) err = NULL;
	OWN(codes_file) struct codes_file *e = codes_file_load(path, &err);

	assert_no_error(err);
	assert_true(e->head.pins);
	assert_int_equal(e->head.codes, 6);
	assert_int_equal(e->codes->len, 6);
	assert_true(instant_eq(e->head.made_at, NOW));
	for (guint i = 0; i < e->codes->len; i++) {
		const struct access_code *ac = e->codes->pdata[i];

		if (g_strcmp0(ac->access_code_id, "code-ito") != 0)
			continue;
		assert_string_equal(ac->name, "Ito");
		assert_string_equal(ac->code, PIN_ITO);
		assert_true(ac->managed && ac->time_bound);
		assert_true(instant_eq(ac->ends_at, AFTER(3 * DAY_MS)));
	}
}

/* to NULL: cut there. */
static char *changed(const char *text, const char *from, const char *to)
{
	g_auto(GStrv) parts = g_strsplit(text, from, 2);

	assert_int_equal(g_strv_length(parts), 2);
	return to ? g_strjoinv(to, parts) : g_strdup(parts[0]);
}

static void what_is_damaged_or_foreign_changes_nothing(void **state)
{
	static const struct {
		const char *what, *from, *to; /* to NULL: cut there */
		const char *words;
	} rows[] = {
		{ "a name changed", "Anna Berg", "Anna Borg", "digest does not fit" },
		{ "cut in the middle", "Dubois", NULL, "cut short" },
		{ "without its end", "{\"keyrack_export_end\"", NULL, "cut short" },
		{ "newer", "{\"keyrack_export\":1", "{\"keyrack_export\":2", "newer keyrack" },
		{ "of something else", "{\"keyrack_export\":1", "{\"other\":1", "no keyrack export" },
		{ "a broken line", "\"device_id\":\"dev-101\"", "\"device_id\":{{", "is no access code" },
		{ "nothing", "{\"keyrack_export\":1", NULL, "no keyrack export" },
		{ "more behind it", "\"sha256\":\"", "\"sha256\":\"0", "digest does not fit" },
	};
	g_autofree char *path = export_to(state, true), *whole = text_of(path);

	g_unlink(path);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = changed(whole, rows[i].from, rows[i].to);
		const struct outcome *o;

		assert_true(g_file_set_contents(path, text, -1, NULL));
		o = desk_run("restore", path, "--yes", NULL);
		if (o->code == EXIT_OK || !strstr(o->err, rows[i].words))
			fail_msg("%s: %d %s", rows[i].what, o->code, o->err);
		assert_silent_about(o->err, PIN_ANNA);
		assert_int_equal(waiting(state), 0);
	}
	/* Another property's, whole. */
	g_autoptr(GString) other = g_string_new(NULL);
	g_autofree char *id = g_strdup("elsewhere");
	struct codes_file_head head = { .property = id, .made_at = NOW };

	codes_file_begin(other, &head);
	codes_file_end(other, 0);
	assert_true(g_file_set_contents(path, other->str, -1, NULL));
	assert_says(desk_run("restore", path, "--yes", NULL)->err, "This export is of “elsewhere”");
}

static void a_house_that_has_not_changed_needs_nothing(void **state)
{
	g_autofree char *path = export_to(state, true);
	const struct outcome *o = desk_run("restore", path, "--yes", NULL);

	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "0 to issue, 0 to change, 0 blocked, 6 so already");
	assert_says(o->out, "Nothing to do");
	assert_int_equal(waiting(state), 0);
}

/* Anna is gone, Ito's window and PIN are others, somebody new has come. */
static void move_house(void **state)
{
	struct cache *c = desk_house(state)->sync;
	struct access_code ac = a_code("code-ito", "dev-101", "Ito", "604400");

	ac.type = "time_bound";
	ac.time_bound = true;
	ac.starts_at = AFTER(DAY_MS);
	ac.ends_at = AFTER(2 * DAY_MS);
	put_code(c, ac);
	assert_true(cache_delete_code(c, "code-anna", NOW, NULL));
	put_code(c, a_code("code-new", "dev-gym", "Newcomer", "201938"));
}

static void a_restore_does_what_it_prints(void **state)
{
	g_autofree char *path = export_to(state, true);
	const struct outcome *o;

	move_house(state);
	o = desk_run("restore", path, NULL);
	assert_int_not_equal(o->code, EXIT_OK);
	assert_says(o->err, "add --yes");
	assert_int_equal(waiting(state), 0);
	o = desk_run("restore", path, "--yes", NULL);
	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "+ 101 Garden, Anna Berg: ongoing, with the PIN that it had");
	assert_says(o->out, "~ 101 Garden, Ito: ");
	assert_says(o->out, "1 to issue, 1 to change, 0 blocked, 4 so already");
	assert_says(o->out, "1 code is here that the export does not name");
	assert_silent_about(o->out, PIN_ANNA);
	assert_silent_about(o->out, PIN_ITO);
	OWN(cache_list) struct cache_list *list = outbox_list(desk_house(state)->sync, 0, 10, NULL);

	assert_int_equal(list->rows->len, 2);
	for (guint i = 0; i < 2; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);
		g_autofree char *pin = jsonin_text(in->params, "code"), *end = jsonin_text(in->params, "ends_at");

		assert_string_equal(pin, in->kind == INTENT_CREATE ? PIN_ANNA : PIN_ITO);
		assert_int_equal(in->kind == INTENT_CREATE, end == NULL);
	}
}

static void without_pins_a_new_one_is_made(void **state)
{
	g_autofree char *path = export_to(state, false);
	const struct outcome *o;

	move_house(state);
	o = desk_run("restore", path, "--yes", NULL);
	assert_says(o->out, "with a new PIN: the export has none");
	OWN(cache_list) struct cache_list *list = outbox_list(desk_house(state)->sync, 0, 10, NULL);

	for (guint i = 0; i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);
		g_autofree char *pin = jsonin_text(in->params, "code");

		if (in->kind == INTENT_CREATE)
			assert_int_equal(strlen(pin), 6);
		else
			assert_null(pin);
	}
}

static void a_pin_that_somebody_has_now_is_blocked(void **state)
{
	g_autofree char *path = export_to(state, true);
	const struct outcome *o;

	move_house(state);
	put_code(desk_house(state)->sync, a_code("code-taker", "dev-101", "Taker", PIN_ANNA));
	o = desk_run("restore", path, "--yes", NULL);
	assert_says(o->out, "! 101 Garden, Anna Berg: somebody else at this lock has its PIN now");
	assert_int_equal(waiting(state), 1);
}

static void one_lock_can_be_exported(void **state)
{
	const struct outcome *o = desk_run("export", "--lock", "Gym", "-", NULL);

	(void)state;
	assert_int_equal(o->code, EXIT_OK);
	assert_says(o->out, "\"device_ids\":[\"dev-gym\"]");
	assert_says(o->out, "Plumber");
	assert_silent_about(o->out, "Anna Berg");
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		ON_A_DESK(a_pin_is_in_the_file_only_when_asked_for),
		ON_A_DESK(what_was_written_is_read),
		ON_A_DESK(what_is_damaged_or_foreign_changes_nothing),
		ON_A_DESK(a_house_that_has_not_changed_needs_nothing),
		ON_A_DESK(a_restore_does_what_it_prints),
		ON_A_DESK(without_pins_a_new_one_is_made),
		ON_A_DESK(a_pin_that_somebody_has_now_is_blocked),
		ON_A_DESK(one_lock_can_be_exported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
