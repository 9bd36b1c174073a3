/* fuzz-words: what a person types in a language of ours is understood or refused in words, and what was
 * understood, written as we write it, is understood the same. The first byte says which language. */
#include "config.h"

#include <string.h>

#include "core/args.h"
#include "core/event_filter.h"
#include "core/fuzzy.h"
#include "core/rota.h"
#include "tests/fuzz/fuzz.h"
#include "ui/screens/columns.h"

#define NOW ((struct instant){ INT64_C(1795378680000) })

/* It may quote what was typed: whoever shows one makes it safe. */
static void look_at_error(const GError *err)
{
	g_assert_nonnull(err);
	g_assert_true(*err->message);
}

/* ---- of the events ---- */

static void look_at_term(const struct filter_term *t, size_t len)
{
	static const struct filter_facts facts = { "lock.unlocked", "keycode", EVENT_UNLOCK, "204 sea", "anna" };

	g_assert_cmpuint(t->from, <=, t->until);
	g_assert_cmpuint(t->until, <=, len);
	g_assert_true(!t->wrong || *t->wrong);
	filter_term_fits(t, &facts);
}

static void events(const char *text)
{
	OWN(event_filter) struct event_filter *f = event_filter_parse(text, zone_get("Europe/Berlin"), NOW);

	for (guint i = 0; i < f->terms->len; i++)
		look_at_term(&g_array_index(f->terms, struct filter_term, i), strlen(text));
}

static void kinds(const char *text)
{
	g_autoptr(GError) err = NULL;

	if (!event_kinds_named(text, &err))
		look_at_error(err);
}

static void past(const char *text)
{
	g_autoptr(GError) err = NULL;
	struct instant t;

	if (!when_past(text, zone_get("America/New_York"), NOW, false, &t, &err))
		look_at_error(err);
}

/* ---- of a rota ---- */

static void look_at_windows(const struct rota_hours *h, const struct zone *z)
{
	int64_t today = rota_day(z, NOW);
	struct instant t = NOW;
	struct rota_window w;

	for (int i = 0; i < 5 && rota_window_after(h, today - 2, today + 40, z, t, &w); i++) {
		g_assert_true(instant_before(w.from, w.until));
		g_assert_true(instant_before(t, w.until));
		t = w.until;
	}
}

static void rota(const char *text)
{
	g_autoptr(GError) err = NULL;
	struct rota_hours h, again;

	if (!rota_hours_parse(text, &h, &err)) {
		look_at_error(err);
		return;
	}
	g_autofree char *written = rota_hours_text(&h);

	g_assert_true(rota_hours_parse(written, &again, NULL));
	g_assert_cmpuint(h.days, ==, again.days);
	g_assert_cmpint(h.begins_min, ==, again.begins_min);
	g_assert_cmpint(h.ends_min, ==, again.ends_min);
	look_at_windows(&h, zone_get("Australia/Lord_Howe"));
}

/* ---- of the rack ---- */

static void columns(const char *text)
{
	struct columns c, again;
	g_autofree char *unknown = NULL;

	if (!columns_parse(text, &c, &unknown)) {
		g_assert_nonnull(unknown);
		return;
	}
	g_autofree char *written = columns_format(&c), *twice = NULL;

	g_assert_true(columns_parse(written, &again, NULL));
	twice = columns_format(&again);
	g_assert_cmpstr(written, ==, twice);
}

/* ---- of the palette: what is looked for, a line feed, and where ---- */

static void letters(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "\n", 2);
	struct fuzzy found;

	if (!parts[0])
		return;
	g_assert_true(!parts[1] || !*g_strstrip(parts[1]) || strlen(parts[1]) > FUZZY_NEEDLE_MAX / 4 ||
		      strlen(parts[1]) > FUZZY_HAY_MAX / 4 || !g_str_is_ascii(parts[1]) ||
		      fuzzy_match(parts[1], parts[1], &found));
	if (fuzzy_match(parts[1] ? parts[1] : "", parts[0], &found))
		g_assert_cmpint(found.letters, <=, FUZZY_NEEDLE_MAX);
}

/* ---- of a command line: words parted by line feeds ---- */

static const struct option_row options[] = {
	{ "json", 0, OPTION_FLAG, NULL, "as JSON" },	  { "lock", 'l', OPTION_TEXTS, "NAME", "which lock" },
	{ "output", 'o', OPTION_TEXT, "FILE", "where" },  { "limit", 'n', OPTION_NUMBER, "N", "how many" },
	{ "code", 0, OPTION_REFUSED, "PIN", "not here" }, OPTION_END,
};

static void command_line(const char *text)
{
	static const struct option_row *const tables[] = { options, NULL };
	static const char *const list[] = { "locks", "codes", "events", NULL };
	g_auto(GStrv) words = g_strsplit(text, "\n", 20);
	g_autoptr(GError) err = NULL;
	OWN(args) struct args *a = args_parse(words, tables, &err);

	g_assert_true((a != NULL) != (err != NULL));
	if (a)
		g_assert_cmpint(args_number(a, "limit", 0), >=, 0);
	if (words[0])
		args_nearest(words[0], list);
}

static const struct {
	char first;
	void (*read)(const char *text);
} languages[] = {
	{ 'f', events }, { 'k', kinds },   { 'p', past },	  { 'r', rota },
	{ 'c', columns }, { 'z', letters }, { 'a', command_line },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = size ? g_strndup((const char *)data + 1, size - 1) : NULL;

	for (size_t i = 0; size && i < G_N_ELEMENTS(languages); i++) {
		if (data[0] == (uint8_t)languages[i].first)
			languages[i].read(text);
	}
	return 0;
}
