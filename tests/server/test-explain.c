/* Why a code is as it is, and what happens next: a row for each situation that a desk can meet, led
 * to by a few words; and codes that are closed. */
#include "tests/server/made.h"

#include <stdlib.h>

#define PIN "482193"
#define DOORS                                                                                      \
	"[lock Native]\ntype = august_lock\n"                                                      \
	"[lock Plain]\ntype = smartthings_lock\n"                                                  \
	"[lock Held]\ntype = lockly_lock\n"                                                        \
	"[lock Algo]\ntype = igloohome_lock\n"

#define FROM  "2026-01-10T15:00:00Z"
#define UNTIL "2026-01-12T11:00:00Z"

/* ---- how a situation comes about ---- */

struct story {
	struct rig *r;
	const char *door, *from, *until, *id;
	struct code_request q;
};

static void do_make(struct story *s, const char *what)
{
	(void)what;
	s->id = made_with(s->r, s->q, s->door, s->from, s->until);
}

static void do_wait(struct story *s, const char *seconds)
{
	rig_advance(s->r, atoi(seconds) * SECOND_MS);
}

static void do_until(struct story *s, const char *iso)
{
	rig_until(s->r, iso);
}

static void do_fault(struct story *s, const char *name)
{
	fault(s->r, s->door, name, true);
}

static void do_mend(struct story *s, const char *name)
{
	fault(s->r, s->door, name, false);
}

static void do_app(struct story *s, const char *what)
{
	rig_ok(s->r, "POST /keyrackd/simulate/app", "{'device_id':'%s',%s}",
	       rig_device(s->r, s->door), what);
}

static void do_allow(struct story *s, const char *what)
{
	(void)what;
	s->q.external_ok = TRI_YES;
}

static void do_offline(struct story *s, const char *what)
{
	(void)what;
	s->q.offline = TRI_YES;
	s->q.code = NULL;
}

static void do_delete(struct story *s, const char *what)
{
	struct refusal no = { 0 };

	(void)what;
	assert_true(engine_delete(s->r->engine, s->id, &no));
	rig_advance(s->r, 0);
}

static void do_rename(struct story *s, const char *name)
{
	struct code_request q = asked(NULL);
	struct refusal no = { 0 };
	bool changed;

	q.access_code_id = s->id;
	q.name = name;
	q.has_name = true;
	q.starts_at = q.ends_at = INSTANT_NONE;
	if (!engine_update(s->r->engine, &q, &changed, &no))
		fail_msg("%s", no.message);
	rig_advance(s->r, 0);
}

/* Second by second, until this is the reason. */
static void do_see(struct story *s, const char *reason)
{
	for (int i = 0; i < 600; i++) {
		if (strcmp(explained(s->r, s->id, "reason"), reason) == 0)
			return;
		rig_advance(s->r, SECOND_MS);
	}
	fail_msg("%s never came; it is %s", reason, explained(s->r, s->id, "reason"));
}

/* So often that it is no longer put back. */
static void do_fight(struct story *s, const char *what)
{
	static const char *const pins[] = { "917304", "730491" };

	(void)what;
	for (int i = 0; i < 12 && strcmp(explained(s->r, s->id, "reason"), "fight") != 0; i++) {
		rig_ok(s->r, "POST /keyrackd/simulate/app",
		       "{'device_id':'%s','code':'" PIN "','change':{'code':'%s'}}",
		       rig_device(s->r, s->door), pins[i % 2]);
		rig_advance(s->r, 10 * MINUTE_MS);
	}
}

static const struct {
	const char *word;
	void (*act)(struct story *s, const char *what);
} acts[] = {
	{ "make", do_make },   { "wait", do_wait },	  { "until", do_until },
	{ "fault", do_fault }, { "mend", do_mend },	  { "app", do_app },
	{ "allow", do_allow }, { "offline", do_offline }, { "delete", do_delete },
	{ "rename", do_rename }, { "see", do_see },	  { "fight", do_fight },
};

/* "make; wait 60; fault offline" */
static void tell_story(struct story *s, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "; ", -1);

	for (size_t i = 0; parts[i]; i++) {
		g_auto(GStrv) word = g_strsplit(parts[i], " ", 2);
		size_t k = 0;

		while (k < G_N_ELEMENTS(acts) && strcmp(acts[k].word, word[0]) != 0)
			k++;
		if (k == G_N_ELEMENTS(acts))
			fail_msg("no such act: %s", word[0]);
		acts[k].act(s, word[1]);
	}
}

/* ---- the situations ---- */

#define REMOVED_APP "app 'code':'" PIN "','remove':true"
#define CHANGED_APP "app 'code':'" PIN "','change':{'code':'917304'}"

static const struct situation {
	const char *door, *from, *until, *story;
	const char *reason, *status;
	const char *step, *at; /* "now", "some": at a time that chance has in it; NULL: none */
	const char *words;     /* part of the sentence */
	const char *next;      /* part of what comes next */
} situations[] = {
	/* before its time; Berlin is an hour ahead of Z */
	{ "Native", FROM, UNTIL, "make", "not-due", "unset", "write", "2026-01-07T15:00:00Z",
	  "not on Native yet: it is put there on Wed 16:00.", "written to Native on Wed 16:00." },
	{ "Plain", FROM, UNTIL, "make", "not-due", "unset", "write", "2026-01-10T14:00:00Z",
	  "it opens from Sat 15:00 on, before its start.", "written to Plain on Sat 15:00." },
	{ "Held", FROM, UNTIL, "make", "not-due", "unset", "write", "2026-01-10T14:00:00Z",
	  "put there on Sat 15:00.", "written to Held" },
	/* on its way to the lock */
	{ "Native", FROM, UNTIL, "make; until 2026-01-07T15:00:00Z", "preload", "unset", "write", "now",
	  "being loaded on Native", "written to Native now." },
	{ "Plain", FROM, UNTIL, "make; until 2026-01-10T14:00:00Z", "just-in-time", "setting", "write",
	  "now", "this lock keeps no times itself", "written to Plain now." },
	{ "Native", NULL, NULL, "make; wait 0", "ongoing", "setting", "write", "now",
	  "It is being put on Native.", "written to Native now." },
	{ "Native", NULL, NULL, "make; see verify", "verify", "set", "read", "now",
	  "now read to make sure", "Native is read now." },
	{ "Native", NULL, NULL, "make; wait 60; rename Somebody else", "changed", "setting", "remove",
	  "now", "being brought up to date", "taken off Native now, to be written anew." },
	{ "Native", FROM, UNTIL,
	  "fault offline; make; until 2026-01-10T16:00:00Z; mend offline; see late", "late", "setting",
	  "write", "now", "should open by now", "written to Native now." },
	/* on the lock */
	{ "Native", NULL, NULL, "make; wait 60", "proven", "set", "wait", NULL,
	  "It works: it is on Native, read back and right.", "Nothing, until somebody" },
	{ "Native", FROM, UNTIL, "make; until 2026-01-07T16:00:00Z", "proven", "unset", "remove", UNTIL,
	  "it opens from Sat 16:00 on.", "taken off Native on Mon 12:00." },
	{ "Native", FROM, UNTIL, "make; until 2026-01-10T16:00:00Z", "started", "set", "remove", UNTIL,
	  "Native has switched it on by itself", "taken off Native on Mon 12:00." },
	{ "Plain", FROM, UNTIL, "make; until 2026-01-10T16:00:00Z", "acknowledged", "set", "remove",
	  UNTIL, "cannot be read", "taken off Plain on Mon 12:00." },
	{ "Plain", NULL, NULL, "make; wait 60", "acknowledged", "set", "wait", NULL,
	  "so nobody can be surer", "Nothing, until" },
	{ "Held", FROM, UNTIL, "make; until 2026-01-10T14:10:00Z", "proven", "unset", "enable", FROM,
	  "it opens from 16:00 on.", "switched on at Held at 16:00." },
	{ "Held", FROM, UNTIL, "make; until " FROM, "enable", "setting", "enable", "now",
	  "being switched on at Held", "switched on at Held now." },
	{ "Held", FROM, UNTIL, "make; until 2026-01-10T15:10:00Z", "proven", "set", "remove", UNTIL,
	  "It works", "taken off Held" },
	/* what hinders it */
	{ "Native", NULL, NULL, "fault offline; make; wait 60", "unreachable", "setting", "wait", NULL,
	  "See to the lock's power and network.", "as soon as Native is back." },
	{ "Native", FROM, UNTIL, "fault offline; make; until 2026-01-10T16:00:00Z", "unreachable",
	  "setting", "close", UNTIL, "longer than it should", "back. It is closed on Mon 12:00." },
	{ "Native", NULL, NULL, "make; wait 60; fault account_lost; wait 60", "account-lost", "unknown",
	  "wait", NULL, "is disconnected", "account is connected again." },
	{ "Native", NULL, NULL, "fault refused; make; wait 60", "refused", "setting", "wait", NULL,
	  "refuses this code: change its PIN or its name. It said: ", "Nothing, until its PIN" },
	{ "Native", NULL, NULL, "fault full_memory; make; wait 60", "full", "setting", "wait", NULL,
	  "memory of Native is full", "a code leaves Native." },
	{ "Native", NULL, NULL, "app 'add':{'code':'" PIN "'}; wait 60; make; wait 60", "duplicate",
	  "setting", "wait", NULL, "has the same PIN", "PIN is free on Native." },
	{ "Native", NULL, NULL, "fault lost_answer; make; see uncertain", "uncertain", "setting", "read",
	  "some", "did not say whether it was done", "Native is read" },
	/* somebody with the maker's app */
	{ "Native", NULL, NULL, "make; wait 60; " CHANGED_APP "; see outside", "outside", "setting",
	  "remove", "now", "being put back on Native", "taken off Native now, to be written anew." },
	{ "Native", NULL, NULL, "make; wait 60; " REMOVED_APP "; see outside", "outside", "setting",
	  "write", "now", "being put back on Native", "written to Native now." },
	{ "Native", FROM, UNTIL, "allow; make; until 2026-01-10T16:00:00Z; " CHANGED_APP "; wait 60",
	  "outside-ok", "set", "remove", UNTIL, "which this code allows", "taken off Native" },
	{ "Native", NULL, NULL, "make; wait 60; fight", "fight", "setting", "wait", NULL,
	  "no longer put back. Find out who it is", "Nothing, until somebody" },
	/* on its way off the lock */
	{ "Native", NULL, NULL, "make; wait 60; delete", "revoked", "removing", "remove", "now",
	  "It was deleted: it is being taken off Native.", "taken off Native now." },
	{ "Native", FROM, UNTIL, "make; until " UNTIL, "ended", "removing", "remove", "now",
	  "Its end has come", "taken off Native now." },
	{ "Native", NULL, NULL, "make; wait 60; fault offline; delete; wait 600", "unreachable",
	  "removing", "wait", NULL, "it may still open. See to the lock's power and network. It has "
	  "been tried since 13:01.", "as soon as Native is back." },
	/* computed, never written */
	{ "Algo", FROM, UNTIL, "offline; make", "offline-code", "unset", "close", UNTIL,
	  "An offline code: nothing is sent to Algo, which knows the PIN by itself from Sat 16:00 on.",
	  "It is closed on 12 Jan 12:00." },
	/* closed */
	{ "Native", NULL, NULL, "make; wait 60; delete; wait 60", "revoked", "removed", NULL, NULL,
	  "It was deleted, and is no longer on Native.", NULL },
	{ "Native", FROM, UNTIL, "make; delete; wait 60", "revoked", "unset", NULL, NULL,
	  "deleted before it was on Native: it never opened.", NULL },
	{ "Native", FROM, UNTIL, "make; until 2026-01-12T12:00:00Z", "gone", "removed", NULL, NULL,
	  "It ended at 12:00, and was taken off Native.", NULL },
	{ "Native", FROM, UNTIL, "fault offline; make; until 2026-01-12T12:00:00Z", "missed", "unset",
	  NULL, NULL, "before it could be put on Native: it never opened.", NULL },
	{ "Algo", FROM, UNTIL, "offline; make; until 2026-01-12T12:00:00Z", "ended", "removed", NULL, NULL,
	  "It ended at 12:00.", NULL },
};

static void has_part(const struct situation *row, const char *what, const char *text,
		     const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("%s, %s: the %s is '%s', without '%s'", row->door, row->story, what,
			 text ? text : "(null)", part);
}

static void check_next(struct rig *r, const struct situation *row, const char *id)
{
	const char *when = explained(r, id, "next.at");
	char now[INSTANT_TEXT_MAX];

	if (!row->step) {
		ROW_TEXT(row->story, explained(r, id, "next"), "null");
		assert_true(instant_known(at(explained(r, id, "closed_at"))));
		return;
	}
	ROW_TEXT(row->story, explained(r, id, "next.step"), row->step);
	if (!row->at)
		ROW_TEXT(row->story, when, "null");
	else if (strcmp(row->at, "now") == 0)
		ROW_TEXT(row->story, when, instant_format(clock_now(r->clock), now));
	else if (strcmp(row->at, "some") == 0)
		assert_true(instant_before(clock_now(r->clock),
					   instant_add_ms(at(when), SECOND_MS)));
	else
		ROW_INT(row->story, at(when).ms, at(row->at).ms);
	has_part(row, "next", explained(r, id, "next.words"), row->next);
}

static void every_situation_is_explained(void **state)
{
	(void)state;
	assert_true(G_N_ELEMENTS(situations) >= 25);
	FOR_ROWS(i, situations) {
		const struct situation *row = &situations[i];
		OWN(rig) struct rig *r = rig_new(DOORS);
		struct story s = { r, row->door, row->from, row->until, NULL, asked(PIN) };

		tell_story(&s, row->story);
		ROW_TEXT(row->story, explained(r, s.id, "reason"), row->reason);
		ROW_TEXT(row->story, explained(r, s.id, "status"), row->status);
		has_part(row, "sentence", explained(r, s.id, "words"), row->words);
		check_next(r, row, s.id);
		/* Every sentence whole, and no PIN in any of it. */
		assert_null(strchr(explained(r, s.id, "words"), '{'));
		assert_null(strstr(r->text, PIN));
		assert_null(strstr(r->text, "917304"));
	}
}

/* ---- the rest of an explanation ---- */

static void proof_is_told_from_acknowledgement(void **state)
{
	static const struct {
		const char *door, *proof, *belief;
	} rows[] = {
		{ "Native", "proven", "proven" },
		{ "Plain", "acknowledged", "written" },
	};
	OWN(rig) struct rig *r = rig_new(DOORS);

	(void)state;
	FOR_ROWS(i, rows) {
		const char *id = made(r, rows[i].door, PIN, NULL, NULL);

		rig_advance(r, MINUTE_MS);
		ROW_TEXT(rows[i].door, explained(r, id, "proof"), rows[i].proof);
		ROW_TEXT(rows[i].door, explained(r, id, "on_lock.belief"), rows[i].belief);
		ROW_TEXT(rows[i].door, explained(r, id, "on_lock.enabled"), "true");
	}
	const char *id = made(r, "Native", "730491", FROM, UNTIL);
	assert_text(explained(r, id, "proof"), "null");
	assert_text(explained(r, id, "appearance"), "null");
	assert_text(explained(r, id, "on_lock.belief"), "absent");
	assert_text(explained(r, id, "due_at"), "2026-01-07T15:00:00.000Z");
	assert_text(explained(r, id, "early_from"), "null");
	id = made(r, "Plain", "730491", FROM, UNTIL);
	assert_text(explained(r, id, "early_from"), "2026-01-10T14:00:00.000Z");
}

static void problems_say_since_when(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id;

	(void)state;
	fault(r, "Native", "full_memory", true);
	id = made(r, "Native", PIN, NULL, NULL);
	rig_advance(r, MINUTE_MS);
	assert_text(explained(r, id, "problems.0.error_code"), "no_space_for_access_code_on_device");
	const char *since = explained(r, id, "problems.0.since");
	assert_true(instant_before(at(since), clock_now(r->clock)));
	rig_advance(r, MINUTE_MS / 2); /* after two minutes it is late, too, and that comes first */
	assert_text(explained(r, id, "problems.0.since"), since);
	assert_true(decided(r, id, "full"));
}

static void who_may_not_know_is_not_told(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *id = made(r, "Native", PIN, NULL, NULL);

	(void)state;
	r->as = r->read_key;
	assert_text(explained(r, id, "access_code_id"), id);
	r->as = NULL;
	rig_refused(r, 401, "unauthorized", "POST /keyrackd/access_codes/explain",
		    "{'access_code_id':'%s'}", id);
	r->as = r->key;
	rig_refused(r, 404, "access_code_not_found", "POST /keyrackd/access_codes/explain",
		    "{'access_code_id':'nobody'}");
	rig_refused(r, 400, "invalid_input", "POST /keyrackd/access_codes/explain", "{}");
}

/* ---- history ---- */

static void closed_codes_come_in_pages_with_how_they_ended(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOORS);
	const char *ids[5];
	const json_t *a;
	struct refusal no = { 0 };
	int seen = 0;
	g_autofree char *cursor = g_strdup("null");

	(void)state;
	for (int i = 0; i < 5; i++) {
		g_autofree char *pin = g_strdup_printf("48%d193", i);

		ids[i] = made(r, i < 4 ? "Native" : "Plain", pin, NULL, NULL);
		rig_advance(r, MINUTE_MS);
	}
	for (int i = 0; i < 5; i++)
		assert_true(engine_delete(r->engine, ids[i], &no));
	rig_advance(r, HOUR_MS);
	do {
		bool quoted = strcmp(cursor, "null") != 0;

		a = rig_ok(r, "POST /keyrackd/access_codes/history",
			   "{'device_id':'%s','limit':3,'page_cursor':%s%s%s}",
			   rig_device(r, "Native"), quoted ? "'" : "", cursor, quoted ? "'" : "");
		for (int i = 0; i < rig_count(a, "access_codes"); i++) {
			g_autofree char *path = g_strdup_printf("access_codes.%d.access_code_id", i);

			assert_text(rig_text(a, path), ids[seen++]);
		}
		g_free(cursor);
		cursor = g_strdup(rig_text(a, "pagination.next_page_cursor"));
	} while (strcmp(rig_text(a, "pagination.has_next_page"), "true") == 0);
	assert_int_equal(seen, 4);
	assert_null(strstr(r->text, "193"));
	a = rig_ok(r, "POST /keyrackd/access_codes/history", "{'access_code_id':'%s'}", ids[4]);
	assert_int_equal(rig_count(a, "access_codes"), 1);
	assert_text(rig_text(a, "access_codes.0.final_status"), "removed");
	assert_text(rig_text(a, "access_codes.0.reason"), "revoked");
	assert_true(instant_known(at(rig_text(a, "access_codes.0.closed_at"))));
	a = rig_ok(r, "POST /keyrackd/access_codes/history", "{'access_code_id':'nobody'}");
	assert_int_equal(rig_count(a, "access_codes"), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_situation_is_explained),
		cmocka_unit_test(proof_is_told_from_acknowledgement),
		cmocka_unit_test(problems_say_since_when),
		cmocka_unit_test(who_may_not_know_is_not_told),
		cmocka_unit_test(closed_codes_come_in_pages_with_how_they_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
