/* One command on all that is marked: a batch, with each row's own reason, and the marks gone after it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/jsonin.h"
#include "desk.h"
#include "ui/screens/bulk.h"

static void mark(struct desk *d, struct marks *m, const char *id)
{
	int64_t no = cache_code_no(d->cache, id);
	OWN(cache_list) struct cache_list *list = cache_code(d->cache, no, HOUSE_NOW, NULL);

	marks_add(m, mark_of_code(cache_list_at(list, struct code_row, 0)));
}

static void run(struct desk *d, struct marks *m, enum command c)
{
	assert_true(bulk_run(d->app, &d->app->world, m, c));
	marks_free(m);
	app_draw(d->app, &d->grid);
}

static void each_command_makes_its_intents(void **state)
{
	static const struct {
		enum command command;
		const char *codes[3], *keys; /* typed before a */
		const char *shown;
		enum intent_kind kind;
		guint intents;
		const char *param, *value;
	} rows[] = {
		{ COMMAND_REVOKE, { "code-berg", "code-rossi" }, "", "-2 revoke", INTENT_DELETE, 2, NULL, NULL },
		{ COMMAND_EVICT,
		  { "code-stray", "code-berg" },
		  "",
		  "-1 revoke  !1 blocked",
		  INTENT_DELETE_UNMANAGED,
		  1,
		  NULL,
		  NULL },
		{ COMMAND_ADOPT,
		  { "code-stray", "code-berg" },
		  "",
		  "~1 change  =1 already so",
		  INTENT_ADOPT,
		  1,
		  NULL,
		  NULL },
		/* Two nights after each one's own end, Tuesday 11:00 and Wednesday 11:00. */
		{ COMMAND_EXTEND,
		  { "code-berg", "code-priya" },
		  "Ctrl-U =+2n Enter",
		  "~1 change  !1 blocked",
		  INTENT_UPDATE,
		  1,
		  "ends_at",
		  "2026-11-26T10:00:00.000Z" },
		{ COMMAND_EDIT,
		  { "code-berg", "code-rossi" },
		  "=thu_11:00 Enter",
		  "~2 change",
		  INTENT_UPDATE,
		  2,
		  "ends_at",
		  "2026-11-26T10:00:00.000Z" },
		{ COMMAND_LOCK,
		  { "code-berg", "code-mueller" },
		  "",
		  "2 doors are written to",
		  INTENT_LOCK,
		  2,
		  "device_id",
		  NULL },
		{ COMMAND_UNLOCK,
		  { "code-mueller", "code-ito" },
		  "",
		  "1 door is written to",
		  INTENT_UNLOCK,
		  1,
		  "device_id",
		  "lock-102" },
	};
	struct desk *d = *state;
	guint before = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct marks *m = marks_new();

		for (int k = 0; k < 3 && rows[i].codes[k]; k++)
			mark(d, m, rows[i].codes[k]);
		run(d, m, rows[i].command);
		if (*rows[i].keys)
			press(d, rows[i].keys);
		assert_true(shows(d, rows[i].shown));
		press(d, "a");
		assert_int_equal(d->app->stack->len, 1);
		OWN(cache_list) struct cache_list *list = outbox(d, before + rows[i].intents);

		for (guint k = 0; k < rows[i].intents; k++) {
			const struct intent *in = cache_list_at(list, struct intent, k);

			assert_int_equal(in->kind, rows[i].kind);
			if (rows[i].value)
				assert_param(in, rows[i].param, rows[i].value);
			/* The next row wants the codes as they were. */
			assert_true(outbox_withdraw(d->cache, in->intent_no, NULL));
		}
		before += rows[i].intents;
	}
}

static void the_codes_of_one_guest_get_one_new_pin(void **state)
{
	struct desk *d = *state;
	struct marks *m = marks_new();
	g_autofree char *pin = NULL, *other = NULL;
	const struct intent *in[3];

	mark(d, m, "code-haddad");
	mark(d, m, "code-berg");
	mark(d, m, "code-haddad-gym");
	run(d, m, COMMAND_RENEW);
	assert_true(shows(d, "~3 change"));
	press(d, "a");
	OWN(cache_list) struct cache_list *list = outbox(d, 3);

	for (guint i = 0; i < 3; i++)
		in[i] = cache_list_at(list, struct intent, i);
	pin = jsonin_text(in[0]->params, "code");
	other = jsonin_text(in[1]->params, "code");
	assert_param(in[2], "code", pin);
	assert_string_not_equal(pin, other);
	assert_int_equal(strlen(pin), 6);
}

static void other_commands_are_not_for_several(void **state)
{
	struct desk *d = *state;
	struct marks *m = marks_new();

	assert_false(bulk_run(d->app, &d->app->world, m, COMMAND_REVOKE)); /* nothing is marked */
	mark(d, m, "code-berg");
	assert_false(bulk_run(d->app, &d->app->world, m, COMMAND_WHY));
	marks_free(m);
}

/* A room stands for its guest where a verb is about stays, once, and says so where there is none. */
static void a_room_among_codes_is_its_guest(void **state)
{
	struct desk *d = *state;
	struct marks *m = marks_new();
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	/* Only staff has a code there now. */
	assert_true(cache_delete_code(sync, "code-evil", HOUSE_NOW, NULL));
	marks_add(m, (struct marked){ cache_lock_no(d->cache, "lock-101"), 0, 0 });
	marks_add(m, (struct marked){ cache_lock_no(d->cache, "lock-103"), 0, 0 });
	marks_add(m, (struct marked){ cache_lock_no(d->cache, "lock-laundry"), 0, 0 });
	mark(d, m, "code-rossi");
	run(d, m, COMMAND_REVOKE);
	assert_true(shows(d, "-2 revoke  !1 blocked"));
	assert_true(shows(d, "Anna Berg"));
	assert_true(shows(d, "nobody stays there, and nobody is to come: mark a code"));
}

static void the_racks_marks_go_when_they_were_dealt_with(void **state)
{
	struct desk *d = *state;

	/* A lock and its code are one door; Esc on the batch leaves the marks. */
	press(d, "Space Space L");
	assert_true(shows(d, "Lock these doors"));
	press(d, "Esc");
	assert_true(shows(d, "◆101 Garden"));
	press(d, "L a");
	cache_list_free(outbox(d, 1));
	assert_true(hides(d, "◆"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_desk(each_command_makes_its_intents),
		on_a_desk(the_codes_of_one_guest_get_one_new_pin),
		on_a_desk(other_commands_are_not_for_several),
		on_a_desk(a_room_among_codes_is_its_guest),
		on_a_desk(the_racks_marks_go_when_they_were_dealt_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
