/* test-why - what a dossier says: a situation a row, the words looked for. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "desk.h"
#include "engine/plan.h"
#include "ui/screens/server_words.h"
#include "ui/screens/why.h"

/* 2026-11-22T20:18Z, 21:18 at the door. */
#define T(minutes_) { INT64_C(1795378680000) + (int64_t)(minutes_) * MINUTE_MS }
#define NONE { INT64_MIN }
#define KEYRACKD(proof) "{\"keyrackd\":{\"reason\":\"x\",\"words\":\"so it is\",\"proof\":\"" proof "\"}}"

enum { NATIVE, PLAIN, AWAY };
static const char *const types[] = { "august_lock", "smartthings_lock", "smartthings_lock" };

struct situation {
	const char *name;
	int lock;
	enum code_state state;
	struct instant starts, ends, made;
	bool unmanaged;
	const char *rest;
	struct issue_row issue;    /* code NULL: none */
	struct event_row event;    /* event_type NULL: none */
	struct event_row door;
	struct intent intent;      /* made_by NULL: none */
	const char *body, *refused;
	int fact;                  /* that is looked at; or CHAIN, NEXT, HELPS */
	const char *words, *source;
	struct instant since;
};

#define CHAIN (-1)
#define NEXT (-2)
#define HELPS (-3)
#define EV(type, how_, m) { .event = { .event_type = type, .occurred_at = T(m) }, .how = how_ }
#define ISSUE(k, c, m) { .kind = k, .code = c, .created_at = T(m), .scheduled_at = NONE }
#define DECIDED "{\"words\":\"w\",\"on_lock\":{\"belief\":\"%s\"}," \
	"\"next\":{\"at\":\"2026-11-22T20:30:00Z\",\"words\":\"It is written at 21:30.\"}," \
	"\"decisions\":[{\"at\":\"2026-11-22T17:00:00Z\",\"words\":\"due to be loaded\",\"text\":null}," \
	"{\"at\":\"2026-11-22T18:21:00Z\",\"words\":\"the lock cannot be reached\"}," \
	"{\"at\":\"2026-11-22T18:31:00Z\",\"words\":\"the lock cannot be reached\"}," \
	"{\"at\":\"2026-11-22T19:01:00Z\",\"words\":\"the lock cannot be reached\"}," \
	"{\"at\":\"2026-11-22T20:01:00Z\",\"words\":\"the lock refused\",\"text\":\"E7 slot busy\"}]}"
#define BELIEF(b) "{\"on_lock\":{\"belief\":\"" b "\"},\"decisions\":[]}"
#define COMING .starts = T(117), .ends = T(5142), .made = T(-12000)
#define OPEN   .starts = T(-100), .ends = T(402), .made = T(-12000)
#define PAST   .starts = T(-900), .ends = T(-60), .made = T(-12000)
#define ONGOING .starts = NONE, .ends = NONE, .made = T(-12000)

static const struct situation situations[] = {
	{ "its span", PLAIN, CODE_WAITING, COMING, .fact = WHY_DECLARED,
	  .words = "Sun 22 Nov 23:15 to Thu 26 Nov 11:00", .source = "server", .since = T(-12000) },
	{ "who asked", PLAIN, CODE_WAITING, COMING, .fact = WHY_DECLARED,
	  .intent = { .kind = INTENT_CREATE, .made_by = "mk", .made_at = T(-50) }, .source = "desk (mk)",
	  .since = T(-50) },
	{ "who changed it", PLAIN, CODE_WAITING, COMING, .fact = WHY_DECLARED,
	  .intent = { .kind = INTENT_UPDATE, .state = INTENT_ACCEPTED, .made_by = "mk", .made_at = T(-50) },
	  .source = "changed (mk)", .since = T(-50) },
	{ "a change that is not taken changes no author", PLAIN, CODE_WAITING, COMING, .fact = WHY_DECLARED,
	  .intent = { .kind = INTENT_UPDATE, .state = INTENT_REFUSED, .made_by = "mk", .made_at = T(-50) },
	  .source = "server", .since = T(-12000) },
	{ "without an end", PLAIN, CODE_SET, ONGOING, .fact = WHY_DECLARED, .words = "ongoing, no end",
	  .since = T(-12000) },
	{ "not ours", PLAIN, CODE_SET, ONGOING, .unmanaged = true, .fact = WHY_DECLARED, .source = "the lock's app",
	  .since = T(-12000) },
	{ "to come", PLAIN, CODE_WAITING, COMING, .fact = WHY_WINDOW, .words = "no, opens in 1 h 57 m",
	  .since = NONE },
	{ "open", PLAIN, CODE_SET, OPEN, .fact = WHY_WINDOW, .words = "yes, for another 6 h 42 m", .since = T(-100) },
	{ "the last minute is open", PLAIN, CODE_SET, .starts = T(-1), .ends = T(1), .made = NONE, .fact = WHY_WINDOW,
	  .words = "yes, for another 1 m", .since = T(-1) },
	{ "the end itself is closed", PLAIN, CODE_SET, .starts = T(-1), .ends = T(0), .made = NONE,
	  .fact = WHY_WINDOW, .words = "no, closed 0 s ago", .since = T(0) },
	{ "over", PLAIN, CODE_ENDED, PAST, .fact = WHY_WINDOW, .words = "no, closed 1 h", .since = T(-60) },
	{ "always", PLAIN, CODE_SET, ONGOING, .fact = WHY_WINDOW, .words = "yes, it has no end", .since = NONE },
	{ "failed, by the error's words", PLAIN, CODE_TROUBLE, OPEN,
	  .issue = ISSUE('e', "no_space_for_access_code_on_device", -30), .fact = WHY_PROVIDER,
	  .words = "failed: The lock's memory is full", .source = "SmartThings", .since = T(-30) },
	{ "what is on its way is no error", NATIVE, CODE_SETTING, OPEN, .issue = ISSUE('p', "creating", -30),
	  .fact = WHY_PROVIDER, .words = "being set, not confirmed", .source = "August", .since = NONE },
	{ "set since the event", NATIVE, CODE_SET, OPEN, .event = EV("access_code.set_on_device", WHO_NOT_ASKED, -99),
	  .fact = WHY_PROVIDER, .words = "set", .since = T(-99) },
	{ "proven", NATIVE, CODE_SET, OPEN, .rest = KEYRACKD("proven"), .fact = WHY_LOCK, .words = "read back",
	  .source = "keyrackd", .since = NONE },
	{ "acknowledged", NATIVE, CODE_SET, OPEN, .rest = KEYRACKD("acknowledged"), .fact = WHY_LOCK,
	  .words = "cannot be read", .source = "keyrackd", .since = NONE },
	{ "by the explanation", PLAIN, CODE_SETTING, OPEN, .body = BELIEF("uncertain"), .fact = WHY_LOCK,
	  .words = "never said whether", .source = "keyrackd", .since = NONE },
	{ "absent", PLAIN, CODE_WAITING, COMING, .body = BELIEF("absent"), .fact = WHY_LOCK,
	  .words = "does not have it", .since = NONE },
	{ "taken away", PLAIN, CODE_SET, OPEN, .body = BELIEF("gone"), .fact = WHY_LOCK, .words = "no longer has it",
	  .since = NONE },
	{ "offline", AWAY, CODE_TROUBLE, COMING, .door = EV("device.disconnected", WHO_NOT_ASKED, -118),
	  .fact = WHY_LOCK, .words = "nothing: it is offline", .source = "server", .since = T(-118) },
	{ "offline, but it had it", AWAY, CODE_SET, OPEN, .rest = KEYRACKD("proven"), .fact = WHY_LOCK,
	  .words = "offline; last known: it has it", .since = NONE },
	{ "proven by use", NATIVE, CODE_SET, OPEN, .event = EV("lock.unlocked", WHO_REPORTED, -7), .fact = WHY_LOCK,
	  .words = "has opened the door", .source = "unlock event", .since = T(-7) },
	{ "a conclusion proves nothing", NATIVE, CODE_SET, OPEN, .event = EV("lock.unlocked", WHO_INFERRED, -7),
	  .fact = WHY_LOCK, .words = "only the provider's word", .source = "-", .since = NONE },
	{ "nothing known", PLAIN, CODE_SETTING, OPEN, .fact = WHY_LOCK, .words = "nothing known", .since = NONE },

	{ "rule of a lock without times", PLAIN, CODE_WAITING, COMING, .fact = CHAIN,
	  .words = "60 minutes before its start" },
	{ "rule of one that keeps them", NATIVE, CODE_STORED, COMING, .fact = CHAIN,
	  .words = "up to 72 hours ahead" },
	{ "due, once it has been", NATIVE, CODE_STORED, COMING, .fact = CHAIN, .words = "Due to be written" },
	{ "the event that an error tells of is told once", PLAIN, CODE_TROUBLE, COMING,
	  .issue = ISSUE('e', "failed_to_set_on_device", -30),
	  .event = EV("access_code.failed_to_set_on_device", WHO_NOT_ASKED, -30), .fact = CHAIN,
	  .words = "The code could not be set|!Code not set" },
	{ "held back", PLAIN, CODE_WAITING, COMING, .issue = ISSUE('p', "deferring_creation", -30), .fact = CHAIN,
	  .words = "Held back" },
	{ "what keyrackd says beside the API", NATIVE, CODE_SET, OPEN, .rest = KEYRACKD("proven"), .fact = CHAIN,
	  .words = "keyrackd: so it is" },
	{ "trouble of the door", AWAY, CODE_TROUBLE, COMING, .door = EV("device.disconnected", WHO_NOT_ASKED, -118),
	  .fact = CHAIN, .words = "The lock: offline" },
	{ "a door's trouble before its time is another's", AWAY, CODE_TROUBLE, COMING,
	  .door = EV("device.disconnected", WHO_NOT_ASKED, -13000), .fact = CHAIN, .words = "!The lock: offline" },
	{ "a refused wish", PLAIN, CODE_SET, OPEN,
	  .intent = { .kind = INTENT_UPDATE,
		      .state = INTENT_REFUSED,
		      .made_by = "mk",
		      .message = "too late",
		      .made_at = T(-5) },
	  .fact = CHAIN, .words = "by mk: |refused: too late" },
	{ "its decisions", PLAIN, CODE_TROUBLE, COMING, .body = DECIDED, .fact = CHAIN,
	  .words =
		  "Due to be loaded|The lock cannot be reached; again 19:31, 20:01|The lock refused: \"E7 "
		  "slot busy\"|60 minutes before|!Due to be written" },
	{ "the server refused to say", PLAIN, CODE_SET, OPEN, .refused = "no such code", .fact = CHAIN,
	  .words = "asked why: no such code" },

	{ "keyrackd's next step", PLAIN, CODE_TROUBLE, COMING, .body = DECIDED, .fact = NEXT,
	  .words = "It is written at 21:30.|Its window opens|Its window ends" },
	{ "closed", PLAIN, CODE_ENDED, PAST, .body = "{\"next\":null}", .fact = NEXT,
	  .words = "Nothing: it is closed|!Its window" },
	{ "to be written", PLAIN, CODE_WAITING, COMING, .fact = NEXT, .words = "It is written to the lock" },
	{ "once it is back", AWAY, CODE_TROUBLE, COMING, .fact = NEXT, .words = "As soon as the lock is back" },
	{ "what a person must do", PLAIN, CODE_TROUBLE, OPEN,
	  .issue = ISSUE('e', "no_space_for_access_code_on_device", -30), .fact = NEXT, .words = "elete" },
	{ "no place on the lock: what is written anew finds none either", PLAIN, CODE_TROUBLE, COMING,
	  .issue = ISSUE('e', "no_space_for_access_code_on_device", -30), .fact = HELPS, .words = "make room|!written anew" },
	{ "not set", PLAIN, CODE_TROUBLE, COMING, .issue = ISSUE('e', "failed_to_set_on_device", -30), .fact = HELPS,
	  .words = "written anew|!make room" },
	{ "for ever", PLAIN, CODE_SET, ONGOING, .fact = NEXT, .words = "Nothing, until somebody" },
};

static char *lines_text(GArray *lines)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++) {
		const struct why_line *l = &g_array_index(lines, struct why_line, i);

		assert_true(i == 0 || l[-1].at.ms <= l->at.ms);
		g_string_append_printf(s, "%s\n", l->text);
	}
	g_array_unref(lines);
	return g_string_free(s, FALSE);
}

/* "a|b|!c": a and b are said, c is not. */
static void assert_says(const char *name, const char *text, const char *words)
{
	g_auto(GStrv) all = g_strsplit(words, "|", -1);

	for (char **w = all; *w; w++)
		if ((strstr(text, **w == '!' ? *w + 1 : *w) != NULL) == (**w == '!'))
			fail_msg("%s: \"%s\" in:\n%s", name, *w, text);
}

static char *help_text(const struct dossier *d)
{
	struct why_help help[WHY_HELP_MAX];
	GString *s = g_string_new(NULL);

	why_help(d, help);
	for (size_t i = 0; help[i].command != COMMAND_NONE; i++)
		g_string_append_printf(s, "%s\n", help[i].words);
	return g_string_free(s, FALSE);
}

static void check(const struct situation *t)
{
	struct code_row code = {
		.code_no = 1, .state = t->state,
		.code = { .managed = !t->unmanaged, .time_bound = t->ends.ms != INT64_MIN, .starts_at = t->starts,
			  .ends_at = t->ends, .created_at = t->made, .rest = t->rest },
	};
	struct lock_row lock = { .lock = { .device_type = types[t->lock],
					   .online = t->lock == AWAY ? TRI_NO : TRI_YES } };
	struct explanation said = { HOUSE_NOW, t->body, t->refused };
	struct dossier d = {
		.now = HOUSE_NOW,
		.zone = zone_get("Europe/Berlin"),
		.code = &code,
		.lock = &lock,
		.issues = { &t->issue, t->issue.code ? 1 : 0 },
		.events = { &t->event, t->event.event.event_type ? 1 : 0 },
		.door_events = { &t->door, t->door.event.event_type ? 1 : 0 },
		.intents = { &t->intent, t->intent.made_by ? 1 : 0 },
		.explained = t->body || t->refused ? &said : NULL,
	};
	struct why_fact f[WHY_FACTS];
	g_autofree char *text = NULL;

	if (t->fact == HELPS) {
		assert_says(t->name, text = help_text(&d), t->words);
		return;
	}
	if (t->fact < 0) {
		text = lines_text(t->fact == CHAIN ? why_chain(&d) : why_next(&d));
		assert_says(t->name, text, t->words);
		return;
	}
	why_facts(&d, f);
	if (t->words)
		assert_says(t->name, f[t->fact].what, t->words);
	if (t->source && strcmp(f[t->fact].source, t->source) != 0)
		fail_msg("%s: by %s", t->name, f[t->fact].source);
	if (f[t->fact].since.ms != t->since.ms)
		fail_msg("%s: since %" G_GINT64_FORMAT, t->name, (f[t->fact].since.ms - HOUSE_NOW.ms) / MINUTE_MS);
	why_facts_clear(f);
}

static void each_situation_has_its_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(situations); i++)
		check(&situations[i]);
}

/* ---- the screen ---- */

static GPtrArray *told;

static void tell(const char *line, void *ctx)
{
	(void)ctx;
	g_ptr_array_add(told, g_strdup(line));
}

static struct desk *with_sync(void **state)
{
	struct desk *d = *state;

	told = g_ptr_array_new_with_free_func(g_free);
	d->app->host.tell_sync = tell;
	d->sync.explains = true;
	return d;
}

static int desk_down_told(void **state)
{
	g_clear_pointer(&told, g_ptr_array_unref);
	return desk_down(state);
}

static void answer(struct desk *d, const char *id, const char *body)
{
	g_autofree char *path = g_build_filename(d->folder, "cache.db", NULL);
	OWN(cache) struct cache *sync = cache_open(path, CACHE_SYNC, false, NULL);

	assert_true(cache_put_explanation(sync, id, &(struct explanation){ HOUSE_NOW, body, NULL }, NULL));
	app_changed(d->app, POKE_EXPLAINED);
	app_draw(d->app, &d->grid);
}

static void the_server_is_asked_once_and_its_answer_shown(void **state)
{
	struct desk *d = with_sync(state);

	press(d, "/ =dubois Enter Down w");
	assert_true(shows(d, "derived from status and events; more is coming"));
	assert_int_equal(told->len, 1);
	assert_string_equal(told->pdata[0], "explain code-dubois");
	app_changed(d->app, POKE_ALL & ~POKE_EXPLAINED);
	app_draw(d->app, &d->grid);
	assert_int_equal(told->len, 1);
	answer(d, "code-dubois", DECIDED);
	assert_true(shows(d, "keyrackd's account of 21:18"));
	assert_true(shows(d, "The lock refused: \"E7 slot busy\""));
	app_changed(d->app, POKE_ALL);
	app_draw(d->app, &d->grid);
	assert_int_equal(told->len, 1);
}

static void a_server_that_comes_back_is_asked_again(void **state)
{
	struct desk *d = with_sync(state);

	press(d, "/ =dubois Enter Down w");
	d->sync.phase = SYNC_WAITING;
	app_draw(d->app, &d->grid);
	assert_int_equal(told->len, 1);
	d->sync.phase = SYNC_FOLLOWING;
	app_draw(d->app, &d->grid);
	assert_int_equal(told->len, 2);
}

static void another_server_is_not_asked(void **state)
{
	struct desk *d = with_sync(state);

	d->sync.explains = false;
	press(d, "/ =dubois Enter Down w");
	assert_int_equal(told->len, 0);
	assert_true(hides(d, "more is coming"));
}

static void every_way_leads_there_and_back(void **state)
{
	static const struct {
		const char *keys, *words;
	} rows[] = {
		{ "/ =dubois Enter Down w", "Why: Dubois on 201 Sea" },
		{ "/ =dubois Enter Down Enter w", "Why: Dubois on 201 Sea" },
		{ "/ =rossi Enter Down v w", "Why: Rossi family" },
		{ "/ =laundry Enter Left Enter w", "Why: staff on Laundry" },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		press(d, rows[i].keys);
		assert_true(shows(d, rows[i].words));
		press(d, "Esc Esc Esc Esc Esc Esc");
		assert_true(hides(d, rows[i].words));
	}
}

static void enter_does_what_the_line_says(void **state)
{
	struct desk *d = *state;

	press(d, "/ =rossi Enter Down w Enter");
	assert_true(shows(d, "Pull a backup code for Rossi family"));
	press(d, "Esc Down Enter");
	assert_true(shows(d, "Change code"));
}

static void read_only_helps_with_looking(void **state)
{
	struct desk *d = *state;

	d->app->world.read_only = true;
	press(d, "/ =rossi Enter Down w");
	assert_true(hides(d, "backup code"));
	assert_true(shows(d, "see all codes of this lock"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_up, desk_down_told)

/* A reason that is known comes as the table's own words, which are translated; else the server's stand. */
static void each_reason_of_the_planner_can_be_translated(void **state)
{
	static const char *const said[] = {
#define AS_WORDS(id, name, words) words,
		PLAN_REASONS(AS_WORDS)
#undef AS_WORDS
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
		g_autofree char *copy = g_strdup(said[i]);

		if (server_words(copy) == copy)
			fail_msg("no translation for '%s'", copy);
		assert_string_equal(server_words(copy), copy);
	}
	assert_string_equal(server_words("something new"), "something new");
	assert_null(server_words(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_of_the_planner_can_be_translated),
		cmocka_unit_test(each_situation_has_its_reasons),
		TEST(the_server_is_asked_once_and_its_answer_shown),
		TEST(a_server_that_comes_back_is_asked_again),
		TEST(another_server_is_not_asked),
		TEST(every_way_leads_there_and_back),
		TEST(enter_does_what_the_line_says),
		TEST(read_only_helps_with_looking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
