/* dates - days as files have them: said whole, in the order that the whole file shows.
 *
 * What people type at the desk ("fri", "tomorrow") means another day when the file is read a week
 * later, so a year must be there. 03/04/2026 is two days: a date of the same file that can be only one
 * of them (24/12/2026) tells which comes first; without one it is refused. */
#include "feed/parse_parts.h"

#include <string.h>

#include "core/text.h"
#include "core/when.h"

/* Of the parts of 24/12/2026; false for anything else. rest: what follows. */
static bool take_slashed(const char *text, int part[3], const char **rest)
{
	for (int i = 0; i < 3; i++) {
		size_t n = strspn(text, "0123456789");

		if (n < 1 || n > 4 || (i < 2 && text[n] != '/'))
			return false;
		part[i] = (int)g_ascii_strtoll(text, NULL, 10);
		text += n + (i < 2);
	}
	*rest = text;
	return part[0] > 31 ? part[1] <= 12 && part[2] <= 31 : part[0] <= 31 && part[1] <= 31;
}

enum day_order dates_order(enum day_order so_far, const char *text)
{
	const char *rest;
	int part[3];
	enum day_order this;

	if (!take_slashed(text, part, &rest) || part[0] > 31 || (part[0] <= 12 && part[1] <= 12))
		return so_far;
	this = part[0] > 12 ? ORDER_DAY_FIRST : ORDER_MONTH_FIRST;
	return so_far == ORDER_UNKNOWN || so_far == this ? this : ORDER_MIXED;
}

static const struct {
	const char *german, *english;
} months[] = {
	{ "januar", "january" }, { "janner", "january" }, { "februar", "february" }, { "marz", "march" },
	{ "maerz", "march" },	 { "mrz", "march" },	  { "mai", "may" },	     { "juni", "june" },
	{ "juli", "july" },	 { "oktober", "october" }, { "okt", "october" },    { "dezember", "december" },
	{ "dez", "december" },
};

/* Its words in English; a weekday in front of a whole date says nothing more. */
static char *in_english(const char *text)
{
	g_autofree char *folded = text_fold(text);
	g_auto(GStrv) words = g_strsplit_set(folded, " ,", -1);
	GString *s = g_string_new(NULL);

	for (char **w = words; *w; w++) {
		const char *said = *w;
		size_t len = strlen(said);
		bool dotted = len && said[len - 1] == '.' && g_ascii_isalpha(said[0]);
		g_autofree char *bare = g_strndup(said, dotted ? len - 1 : len);
		static const char *const aside[] = {
			"mo",	    "di",	  "mi",	      "do",	 "fr",	    "sa",     "so",	 "mon",
			"tue",	    "wed",	  "thu",      "fri",	 "sat",	    "sun",    "montag",	 "dienstag",
			"mittwoch", "donnerstag", "freitag",  "samstag", "sonntag", "monday", "tuesday", "wednesday",
			"thursday", "friday",	  "saturday", "sunday",	 "uhr",	    "um",     NULL
		};

		if (!*bare || g_strv_contains(aside, bare))
			continue;
		said = bare;
		for (size_t i = 0; i < G_N_ELEMENTS(months); i++)
			if (strcmp(months[i].german, bare) == 0)
				said = months[i].english;
		g_string_append_printf(s, "%s%s", s->len ? " " : "", said);
	}
	return g_string_free(s, FALSE);
}

/* 2026 somewhere, or the 26 of 24.12.26. */
static bool has_year(const char *text)
{
	for (const char *p = text; *p; p++) {
		size_t n = strspn(p, "0123456789");

		if (n == 4 && (strncmp(p, "19", 2) == 0 || strncmp(p, "20", 2) == 0) && p[n] != ':')
			return true;
		if (n == 2 && p - text >= 4 && p[-1] == '.' && strchr("0123456789", p[-2]) && p[n] != '.' &&
		    p[n] != ':')
			return true;
		if (n)
			p += n - 1;
	}
	return false;
}

static char *unslashed(const char *text, const struct date_context *ctx, GError **err)
{
	const char *rest;
	int part[3];

	if (!take_slashed(text, part, &rest))
		return in_english(text);
	if (part[0] > 31)
		return g_strdup_printf("%04d-%02d-%02d%s", part[0], part[1], part[2], rest);
	if (part[2] < 100)
		part[2] += 2000;
	if (ctx->order == ORDER_DAY_FIRST || ctx->order == ORDER_MONTH_FIRST) {
		bool day_first = ctx->order == ORDER_DAY_FIRST;

		return g_strdup_printf("%04d-%02d-%02d%s", part[2], part[day_first ? 1 : 0], part[day_first ? 0 : 1],
				       rest);
	}
	parse_fail(
		err,
		ctx->order == ORDER_MIXED
			? "'%.20s' could be two days, and the file writes some day first and some month "
			  "first: write 2026-12-24"
			: "'%.20s' could be two days, and no row of the file shows which is meant: write 2026-12-24",
		text);
	return NULL;
}

bool dates_read(const char *day, const char *time, const struct date_context *ctx, struct instant *out, GError **err)
{
	g_autofree char *plain = NULL, *whole = NULL, *safe = NULL, *hour = in_english(time ? time : "");
	struct when_context when = {
		.zone = ctx->parse->zone,
		.now = ctx->parse->now,
		.base = ctx->parse->now,
		.default_minutes = ctx->is_end ? ctx->parse->check_out : ctx->parse->check_in,
		.is_end = ctx->is_end,
		.language = "en", /* a file says the same to everybody; in_english has made it so */
	};

	if (!day || !*day)
		return parse_fail(err, "The %s is missing", ctx->is_end ? "departure" : "arrival");
	if (instant_parse(day, -1, out))
		return true;
	plain = unslashed(day, ctx, err);
	if (!plain)
		return false;
	if (!has_year(plain)) {
		safe = text_fit(day, 24, CUT_END, true);
		return parse_fail(err, "'%s' is no whole date: write 2026-12-24", safe);
	}
	whole = *hour && !strchr(plain, ':') ? g_strdup_printf("%s %s", plain, hour) : g_strdup(plain);
	return when_parse(whole, &when, out, NULL, err);
}

struct instant dates_after_nights(struct instant start, int nights, const struct parse_context *ctx)
{
	struct civil c = civil_at(ctx->zone, start);
	struct instant out;

	c.day += nights;
	c.hour = ctx->check_out / 60;
	c.minute = ctx->check_out % 60;
	c.second = 0;
	civil_resolve(ctx->zone, c, &out);
	return out;
}
