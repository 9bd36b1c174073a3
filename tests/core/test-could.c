/* Could this code have opened its door then? A row is a small history. */
#include "rows.h"

#include <stdlib.h>

#include "core/could.h"

/* Saturday 21 November 2026, 23:00 in Berlin: the moment that is asked about. */
static const struct instant T = { INT64_C(1795298400000) };
#define NONE_H 100000

static struct instant hours(double h)
{
	return h == NONE_H ? INSTANT_NONE : (struct instant){ T.ms + (int64_t)(h * (double)HOUR_MS) };
}

/* "S-8 U0.1": hours from the moment. S set, N not set, R removed, D deleted, T times changed, C
 * changed, U used, P perhaps. */
static size_t read_events(const char *said, struct could_event *out)
{
	static const char signs[] = "?SNRDTCUP";
	g_auto(GStrv) words = g_strsplit(said ? said : "", " ", -1);
	size_t n = 0;

	for (char **w = words; *w && **w; w++, n++)
		out[n] = (struct could_event){ (enum could_trace)(strchr(signs, **w) - signs),
					       hours(g_ascii_strtod(*w + 1, NULL)) };
	return n;
}

/* Windows are in hours from the moment; of a stay unless said otherwise: from -8 to 12. */
static const struct row {
	const char *name, *events;
	double from, until;      /* 0 0: the stay */
	double deleted, made;    /* 0: not; long ago */
	const char *status;
	bool native, unmanaged, offline_code, one_time;
	double away;             /* the lock, since then; 0: it was there */
	double early;
	struct could_version was; size_t n_was;
	struct could_told told; size_t n_told;
	double first_seen;       /* 0: long ago */
	enum could_verdict verdict;
	enum could_reason reason;
	double at;               /* 0: not looked at */
} table[] = {
	{ "set before", "S-9", .verdict = COULD_YES, .reason = COULD_SET, .at = -9 },
	{ "used before", "S-9 U-7", .verdict = COULD_YES, .reason = COULD_USED, .at = -7 },
	{ "used after, nothing between", "S-9 U2", .verdict = COULD_YES, .reason = COULD_USED, .at = 2 },
	{ "used after it was set anew", "S1 U2", .verdict = COULD_NO, .reason = COULD_SET_LATER, .at = 1 },
	{ "removed meanwhile", "S-9 U-7 R-1", .verdict = COULD_NO, .reason = COULD_REMOVED, .at = -1 },
	{ "removed and set again", "S-9 R-3 S-2", .verdict = COULD_YES, .reason = COULD_SET, .at = -2 },
	{ "the lock did not take it", "N-9", .verdict = COULD_NO, .reason = COULD_NOT_SET, .at = -9 },
	{ "not at first, then it did", "N-9 S-8", .verdict = COULD_YES, .reason = COULD_SET, .at = -8 },
	{ "made while the lock was away", "S3", .made = -2, .away = -5, .verdict = COULD_NO, .reason = COULD_OFFLINE,
	  .at = -5 },
	{ "on it before the lock went away", "S-9", .away = -5, .verdict = COULD_YES, .reason = COULD_SET },
	{ "no trace and the lock away", NULL, .away = -5, .status = "unset", .verdict = COULD_UNSURE,
	  .reason = COULD_OFFLINE, .at = -5 },
	{ "no trace", NULL, .status = "unset", .verdict = COULD_UNSURE, .reason = COULD_NO_TRACE },
	{ "no trace, but set by the server's word", NULL, .status = "set", .verdict = COULD_YES,
	  .reason = COULD_SAID_SET },
	{ "a conclusion is no proof", "P-1", .status = "unset", .verdict = COULD_UNSURE, .reason = COULD_USED_PERHAPS,
	  .at = -1 },
	{ "not begun", "S-9", .from = 1, .until = 12, .verdict = COULD_NO, .reason = COULD_NOT_BEGUN, .at = 1 },
	{ "opens early", "S-0.5", .from = 0.5, .until = 12, .early = -0.5, .verdict = COULD_YES,
	  .reason = COULD_EARLY, .at = -0.5 },
	{ "a lock with a schedule does not", "S-0.5", .from = 0.5, .until = 12, .early = -0.5, .native = true,
	  .verdict = COULD_NO, .reason = COULD_NOT_BEGUN },
	{ "opens early and was used", "S-0.5 U-0.1", .from = 0.5, .until = 12, .verdict = COULD_YES,
	  .reason = COULD_USED },
	{ "ended, by the lock itself", "S-9 R2", .from = -8, .until = -1, .native = true, .verdict = COULD_NO,
	  .reason = COULD_ENDED, .at = -1 },
	{ "ended and removed", "S-9 R-0.5", .from = -8, .until = -1, .verdict = COULD_NO, .reason = COULD_REMOVED,
	  .at = -0.5 },
	{ "ended, removed later", "S-9 R0.3", .from = -8, .until = -1, .verdict = COULD_UNSURE,
	  .reason = COULD_REMOVAL_LATE, .at = 0.3 },
	{ "ended, gone later", "S-9", .from = -8, .until = -1, .deleted = 0.5, .verdict = COULD_UNSURE,
	  .reason = COULD_REMOVAL_LATE, .at = 0.5 },
	{ "ended, still there today", "S-9", .from = -8, .until = -1, .status = "removing", .verdict = COULD_UNSURE,
	  .reason = COULD_STILL_THERE },
	{ "ended, and opened after", "S-9 U1", .from = -8, .until = -1, .verdict = COULD_YES,
	  .reason = COULD_USED_AFTER, .at = 1 },
	{ "deleted before", "S-9 D-2", .deleted = -2, .verdict = COULD_NO, .reason = COULD_DELETED, .at = -2 },
	{ "deleted before, removed later", "S-9 D-2 R1", .deleted = -2, .verdict = COULD_UNSURE,
	  .reason = COULD_REMOVAL_LATE, .at = 1 },
	{ "deleted before, seen here later", "S-9 D-2", .deleted = 3, .verdict = COULD_NO, .reason = COULD_DELETED,
	  .at = -2 },
	{ "deleted after", "S-9 D2", .deleted = 2, .verdict = COULD_YES, .reason = COULD_SET },
	{ "made after", "S2", .made = 1, .verdict = COULD_NO, .reason = COULD_MADE_LATER, .at = 1 },
	{ "unmanaged", NULL, .unmanaged = true, .from = NONE_H, .until = NONE_H, .verdict = COULD_YES,
	  .reason = COULD_UNMANAGED },
	{ "unmanaged, first seen after", NULL, .unmanaged = true, .from = NONE_H, .until = NONE_H, .first_seen = 4,
	  .verdict = COULD_UNSURE, .reason = COULD_NOT_SEEN_YET, .at = 4 },
	{ "an offline code", NULL, .offline_code = true, .status = "unset", .verdict = COULD_YES,
	  .reason = COULD_COMPUTED },
	{ "an offline code that was deleted", NULL, .offline_code = true, .deleted = -2, .verdict = COULD_UNSURE,
	  .reason = COULD_NO_REVOKING },
	{ "one use, used", "S-9 U-3", .one_time = true, .verdict = COULD_NO, .reason = COULD_USED_UP, .at = -3 },
	{ "one use, used then", "S-9 U-0.1", .one_time = true, .verdict = COULD_YES, .reason = COULD_USED },
	{ "its window was longer then", "S-9", .from = -8, .until = -1, .was = { { 0 }, { 0 }, { 0 }, { 0 } },
	  .n_was = 1, .verdict = COULD_YES, .reason = COULD_SET },
	{ "changed since, and nobody knows what it was", "S-9 T3", .verdict = COULD_UNSURE,
	  .reason = COULD_TIMES_CHANGED, .at = 3 },
	{ "something was changed since", "S-9 C3", .verdict = COULD_UNSURE, .reason = COULD_TIMES_CHANGED, .at = 3 },
	{ "changed since, but used just then", "S-9 T3 U0.1", .verdict = COULD_YES, .reason = COULD_USED, .at = 0.1 },
	{ "changed before", "S-9 T-3", .verdict = COULD_YES, .reason = COULD_SET },
	{ "changed since, and this desk had asked for what it was", "S-9 T-5 T3", .from = 20, .until = 30,
	  .n_told = 1, .verdict = COULD_YES, .reason = COULD_SET },
	{ "this desk had asked, then another changed it", "S-9 T-5 T-3 T3", .from = 20, .until = 30, .n_told = 1,
	  .verdict = COULD_UNSURE, .reason = COULD_TIMES_CHANGED },
};

static struct could judge(const struct row *r)
{
	struct could_event e[32];
	bool stay = r->from == 0 && r->until == 0;
	struct could_version was = { hours(2), INSTANT_NONE, hours(-8), hours(12) };
	struct could_told told = { hours(-5), hours(-8), hours(12) };
	struct could_facts f = {
		.code = { .managed = !r->unmanaged, .status = r->status ? r->status : "unset",
			  .starts_at = hours(stay ? -8 : r->from), .ends_at = hours(stay ? 12 : r->until),
			  .created_at = hours(r->made != 0 ? r->made : -100),
			  .is_offline_access_code = r->offline_code ? TRI_YES : TRI_NO,
			  .is_one_time_use = r->one_time ? TRI_YES : TRI_NO },
		.deleted_at = r->deleted != 0 ? hours(r->deleted) : INSTANT_NONE,
		.first_seen = hours(r->first_seen != 0 ? r->first_seen : -100),
		.was = &was, .n_was = r->n_was, .told = &told, .n_told = r->n_told,
		.event = e, .native = r->native,
		.offline_from = r->away != 0 ? hours(r->away) : INSTANT_NONE,
		.early_from = r->early != 0 ? hours(r->early) : INSTANT_NONE,
	};

	f.n_events = read_events(r->events, e);
	return could_judge(&f, T);
}

static void a_history_is_judged_by_what_it_says(void **state)
{
	(void)state;
	FOR_ROWS(i, table)
	{
		struct could c = judge(&table[i]);

		ROW_INT(table[i].name, c.reason, table[i].reason);
		ROW_INT(table[i].name, c.verdict, table[i].verdict);
		if (table[i].at != 0)
			ROW_INT(table[i].name, c.at.ms, hours(table[i].at).ms);
	}
}

/* A code that had gone and came back: in between it was not there. */
static void what_came_back_was_gone_meanwhile(void **state)
{
	static const struct {
		double gone, back;
		enum could_verdict verdict;
	} rows[] = { { -3, 5, COULD_NO }, { 3, 5, COULD_YES }, { -5, -3, COULD_YES } };

	(void)state;
	FOR_ROWS(i, rows)
	{
		struct could_event set = { TRACE_SET, hours(-9) };
		struct could_version was = { hours(rows[i].back), hours(rows[i].gone), hours(-8), hours(12) };
		struct could_facts f = { .code = { .managed = true,
						   .status = "set",
						   .starts_at = hours(-8),
						   .ends_at = hours(12),
						   .created_at = hours(-100) },
					 .deleted_at = INSTANT_NONE,
					 .first_seen = hours(-100),
					 .was = &was,
					 .n_was = 1,
					 .event = &set,
					 .n_events = 1,
					 .offline_from = INSTANT_NONE,
					 .early_from = INSTANT_NONE };

		ROW_INT("a code that came back", could_judge(&f, T).verdict, rows[i].verdict);
	}
}

static void words_are_on_the_clock_of_the_lock(void **state)
{
	static const struct {
		const char *row, *words, *window;
	} rows[] = {
		{ "used before", "in its window, proven by a use at 16:00", "Sat 21 Nov 15:00 – Sun 22 Nov 11:00" },
		{ "ended, removed later", "ended 22:00, removal not proven until 23:18",
		  "Sat 21 Nov 15:00 – Sat 21 Nov 22:00" },
		{ "no trace and the lock away", "declared, but the lock was offline since 18:00",
		  "Sat 21 Nov 15:00 – Sun 22 Nov 11:00" },
		{ "deleted before", "deleted 21:00", "Sat 21 Nov 15:00 – Sun 22 Nov 11:00" },
		{ "ended, and opened after", "ended 22:00, and opened still at Sun 22 Nov 00:00", NULL },
		{ "unmanaged", "on the lock, and nobody manages it from here", "ongoing" },
		{ "changed since, and nobody knows what it was",
		  "changed Sun 22 Nov 02:00; its times before that are not known", "times not known" },
	};

	(void)state;
	FOR_ROWS(i, rows)
	FOR_ROWS(k, table)
	{
		if (strcmp(rows[i].row, table[k].name) != 0)
			continue;
		struct could c = judge(&table[k]);
		g_autofree char *words = could_words(&c, zone_get("Europe/Berlin"), T);
		g_autofree char *window = could_window(&c, zone_get("Europe/Berlin"));

		ROW_TEXT(rows[i].row, words, rows[i].words);
		if (rows[i].window)
			ROW_TEXT(rows[i].row, window, rows[i].window);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_history_is_judged_by_what_it_says),
		cmocka_unit_test(what_came_back_was_gone_meanwhile),
		cmocka_unit_test(words_are_on_the_clock_of_the_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
