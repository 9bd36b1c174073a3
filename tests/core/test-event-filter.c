/* What a person types to find an event, and what is folded into one row. */
#include "rows.h"

#include "core/event_filter.h"
#include "core/event_fold.h"

/* Sunday 22 November 2026, 21:18 in Berlin. */
static const struct instant now = { INT64_C(1795378680000) };

static void a_line_is_understood_term_by_term(void **state)
{
	static const struct {
		const char *line;
		guint terms;
		unsigned kinds;
		const char *from, *until, *wrong; /* NULL: open; nothing wrong */
	} table[] = {
		{ "", 0, 0, NULL, NULL, NULL },
		{ "berg", 1, 0, NULL, NULL, NULL },
		{ "lock:204 code:berg !offline", 3, 0, NULL, NULL, NULL },
		{ "kind:denied", 1, 1u << EVENT_DENIED, NULL, NULL, NULL },
		{ "kind:unlock,denied", 1, 1u << EVENT_DENIED | 1u << EVENT_UNLOCK, NULL, NULL, NULL },
		{ "kind:doors !kind:lock", 2, 1u << EVENT_DENIED | 1u << EVENT_UNLOCK, NULL, NULL, NULL },
		{ "kind:lock kind:denied", 2, 1u << EVENT_KIND_COUNT, NULL, NULL, NULL },
		{ "since:yesterday", 1, 0, "2026-11-20T23:00:00Z", NULL, NULL },
		{ "since:yesterday 23:00", 1, 0, "2026-11-21T22:00:00Z", NULL, NULL },
		{ "since:yesterday 204", 2, 0, "2026-11-20T23:00:00Z", NULL, NULL },
		{ "since:fri", 1, 0, "2026-11-19T23:00:00Z", NULL, NULL },
		{ "until:fri", 1, 0, NULL, "2026-11-20T23:00:00Z", NULL },
		{ "until:today", 1, 0, NULL, "2026-11-22T23:00:00Z", NULL },
		{ "since:3h", 1, 0, "2026-11-22T17:18:00Z", NULL, NULL },
		{ "since:\"3h ago\" anna", 2, 0, "2026-11-22T17:18:00Z", NULL, NULL },
		{ "since:22:00", 1, 0, "2026-11-21T21:00:00Z", NULL, NULL },
		{ "since:fri since:sat", 2, 0, "2026-11-20T23:00:00Z", NULL, NULL },
		{ "!since:sat", 1, 0, NULL, "2026-11-21T23:00:00Z", NULL },
		{ "kind:denyed", 1, 0, NULL, NULL, "There is no kind 'denyed'" },
		{ "room:204", 1, 0, NULL, NULL, "There is no 'room:'" },
		{ "since:someday", 1, 0, NULL, NULL, "someday" },
		{ "lock:", 1, 0, NULL, NULL, "missing" },
		{ "!", 1, 0, NULL, NULL, "missing" },
		{ "kind:x berg", 2, 0, NULL, NULL, "There is no kind 'x'" },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		const char *name = table[i].line;
		OWN(event_filter) struct event_filter *f = event_filter_parse(name, zone_get("Europe/Berlin"), now);
		struct instant from = table[i].from ? at(table[i].from) : INSTANT_NONE;
		struct instant until = table[i].until ? at(table[i].until) : INSTANT_NONE;

		ROW_INT(name, f->terms->len, table[i].terms);
		ROW_INT(name, f->kinds, table[i].kinds);
		ROW_INT(name, f->from.ms, from.ms);
		ROW_INT(name, f->until.ms, until.ms);
		if (!f->wrong != !table[i].wrong || (f->wrong && !strstr(f->wrong, table[i].wrong)))
			fail_msg("%s: %s", name, f->wrong ? f->wrong : "nothing is wrong");
	}
}

static void a_term_knows_where_it_stands(void **state)
{
	static const char line[] = "  lock:204   since:yesterday 23:00 berg";
	OWN(event_filter) struct event_filter *f = event_filter_parse(line, zone_get("Europe/Berlin"), now);
	static const char *const want[] = { "lock:204", "since:yesterday 23:00", "berg" };

	(void)state;
	assert_int_equal(f->terms->len, 3);
	FOR_ROWS(i, want)
	{
		const struct filter_term *t = &g_array_index(f->terms, struct filter_term, i);
		g_autofree char *said = g_strndup(line + t->from, t->until - t->from);

		ROW_TEXT(want[i], said, want[i]);
	}
}

static void terms_fit_what_they_say(void **state)
{
	static const struct filter_facts anna = { "lock.unlocked", "keycode", EVENT_UNLOCK, "204 garden", "anna berg" };
	static const struct filter_facts away = { "device.disconnected", NULL, EVENT_DEVICE_TROUBLE, "pool gate",
						  NULL };
	static const struct filter_facts muller = { "lock.unlocked", "manual", EVENT_UNLOCK, "105 sea", "j. muller" };
	static const struct {
		const char *line;
		bool anna, away, muller;
	} table[] = {
		{ "204", true, false, false },	  { "Berg", true, false, false },
		{ "lock:204", true, false, false }, { "code:204", false, false, false },
		{ "code:BERG", true, false, false }, { "offline", false, true, false },
		{ "!offline", true, false, true },  { "what:offline", false, true, false },
		{ "unlocked", true, false, true },  { "mueller", false, false, true },
		{ "Müller", false, false, true },   { "how:hand", false, false, true },
		{ "how:keypad", true, false, false }, { "!how:keypad", false, true, true },
		{ "what:device.disconnected", false, true, false },
		{ "room:204", true, true, true },   { "lock", false, false, false },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		OWN(event_filter) struct event_filter *f =
			event_filter_parse(table[i].line, zone_get("Europe/Berlin"), now);
		const struct filter_term *t = &g_array_index(f->terms, struct filter_term, 0);

		ROW_INT(table[i].line, filter_term_fits(t, &anna), table[i].anna);
		ROW_INT(table[i].line, filter_term_fits(t, &away), table[i].away);
		ROW_INT(table[i].line, filter_term_fits(t, &muller), table[i].muller);
	}
}

/* Events as letters, newest first: "D1 40" is a refusal at lock 1, 40 seconds ago; U unlock, L lock. */
static size_t read_events(const char *said, struct fold_event *out)
{
	g_auto(GStrv) words = g_strsplit(said, " ", -1);
	size_t n = 0;

	for (char **w = words; w[0] && w[1]; w += 2) {
		static const struct {
			char sign;
			enum event_kind kind;
			const char *type;
		} kinds[] = { { 'D', EVENT_DENIED, "lock.access_denied" }, { 'U', EVENT_UNLOCK, "lock.unlocked" },
			      { 'L', EVENT_LOCK, "lock.locked" } };
		struct fold_event e = { { now.ms - atoi(w[1]) * SECOND_MS }, w[0][1] - '0', 0, EVENT_OTHER, "" };

		FOR_ROWS(i, kinds)
		{
			if (kinds[i].sign != w[0][0])
				continue;
			e.kind = kinds[i].kind;
			e.type = kinds[i].type;
		}
		out[n++] = e;
	}
	return n;
}

static void tries_in_a_row_are_one_row(void **state)
{
	static const struct {
		const char *said;
		bool repeats;
		const char *rows; /* index of each event's head */
	} table[] = {
		{ "D1 0 D1 20 D1 40", false, "0 0 0 " },
		{ "D1 0 D1 20", false, "0 1 " },
		{ "D1 0 D2 10 D1 20 D2 25 D1 40", false, "0 1 0 3 0 " },
		{ "D1 0 D1 61 D1 121", false, "0 1 2 " },
		{ "D1 0 D1 60 D1 120", false, "0 0 0 " },
		{ "D1 0 D1 110 D1 220 D1 230 D1 240", false, "0 0 0 0 0 " },
		{ "D1 0 D1 121 D1 130 D1 140", false, "0 1 1 1 " },
		{ "D1 0 U1 10 D1 20 D1 30", false, "0 1 2 3 " },
		{ "D1 0 L1 10 D1 20 D1 30", false, "0 1 0 0 " },
		{ "U1 0 U1 20 U1 40", false, "0 1 2 " },
		{ "U1 0 U1 20 U1 40", true, "0 0 0 " },
		{ "U1 0 L1 10 U1 20", true, "0 1 2 " },
		{ "U1 0 U1 700", true, "0 1 " },
		{ "D0 0 D0 1 D0 2", false, "0 1 2 " },
	};

	(void)state;
	FOR_ROWS(i, table)
	{
		struct fold_event e[16];
		struct fold out[16];
		size_t n = read_events(table[i].said, e);
		g_autoptr(GString) got = g_string_new(NULL);

		event_fold(e, n, table[i].repeats, out);
		for (size_t k = 0; k < n; k++)
			g_string_append_printf(got, "%zu ", out[k].head);
		ROW_TEXT(table[i].said, got->str, table[i].rows);
	}
}

static void a_burst_says_how_many_in_how_long(void **state)
{
	struct fold_event e[16];
	struct fold out[16];
	size_t n = read_events("D1 0 D1 10 D1 20 D1 30 D1 40", e);

	(void)state;
	event_fold(e, n, false, out);
	assert_int_equal(out[0].count, 5);
	assert_int_equal(out[0].span_ms, 40 * SECOND_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_understood_term_by_term),
		cmocka_unit_test(a_term_knows_where_it_stands),
		cmocka_unit_test(terms_fit_what_they_say),
		cmocka_unit_test(tries_in_a_row_are_one_row),
		cmocka_unit_test(a_burst_says_how_many_in_how_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
