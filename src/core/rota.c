/* rota - days of the week and hours, see the header. */
#include "core/rota.h"

#include <string.h>

#include "core/civil_math.h"
#include "core/error.h"
#include "core/i18n.h"

#define ALL_DAYS     0x7fu
#define EPOCH_SHIFT  3   /* 1970-01-01 was a Thursday */
#define SEARCH_DAYS  22  /* a day of the week comes again after 7, and a gap may have eaten its window */

/* ---- reading ---- */

/* Two letters tell the days apart in each language that is typed here. */
static const struct {
	const char *name;
	unsigned days;
} words[] = {
	{ "weekdays", 0x1f },  { "weekend", 0x60 },    { "weekends", 0x60 },  { "daily", ALL_DAYS },
	{ "everyday", ALL_DAYS }, { "werktags", 0x1f }, { "wochenende", 0x60 }, { "täglich", ALL_DAYS },
	{ "mondays", 0x01 },   { "tuesdays", 0x02 },   { "wednesdays", 0x04 }, { "thursdays", 0x08 },
	{ "fridays", 0x10 },   { "saturdays", 0x20 },  { "sundays", 0x40 },   { "montags", 0x01 },
	{ "dienstags", 0x02 }, { "mittwochs", 0x04 },  { "donnerstags", 0x08 }, { "freitags", 0x10 },
	{ "samstags", 0x20 },  { "sonnabends", 0x20 }, { "sonntags", 0x40 },
};

/* 0: no such word. */
static unsigned days_of(const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; n >= 2 && i < G_N_ELEMENTS(words); i++) {
		/* "weekday" is no beginning of Wednesday's, nor "we" one of the weekend's. */
		bool whole = strcmp(words[i].name, word) == 0;

		if (whole || (i >= 8 && strncmp(words[i].name, word, n) == 0))
			return words[i].days;
	}
	return 0;
}

static bool is_one(unsigned days)
{
	return days && (days & (days - 1)) == 0;
}

/* "mon", "mon-fri", "sat-mon", "weekdays". 0: none of these. */
static unsigned days_word(const char *word)
{
	g_auto(GStrv) ends = g_strsplit(word, "-", 3);
	unsigned from = days_of(ends[0]), until = ends[0] && ends[1] ? days_of(ends[1]) : 0, all = 0;

	if (!ends[0] || !ends[1])
		return from;
	if (ends[2] || !is_one(from) || !is_one(until))
		return 0;
	for (unsigned day = from;; day = day == 0x40 ? 1 : day << 1) {
		all |= day;
		if (day == until)
			return all;
	}
}

/* "8", "08:30", "8.30", "8h", "8am", "14uhr": minutes; -1: none. */
static int clock_of(const char *text)
{
	char *rest;
	guint64 hour = g_ascii_strtoull(text, &rest, 10), minute = 0;

	if (rest == text || rest - text > 2 || !g_ascii_isdigit(*text))
		return -1;
	if ((*rest == ':' || *rest == '.') && g_ascii_isdigit(rest[1]) && g_ascii_isdigit(rest[2])) {
		minute = (guint64)(rest[1] - '0') * 10 + (guint64)(rest[2] - '0');
		rest += 3;
	}
	if ((strcmp(rest, "am") == 0 || strcmp(rest, "pm") == 0) && hour >= 1 && hour <= 12)
		hour = hour % 12 + (*rest == 'p' ? 12 : 0);
	else if (*rest && strcmp(rest, "h") != 0 && strcmp(rest, "uhr") != 0)
		return -1;
	return minute > 59 || hour > 24 || (hour == 24 && minute) ? -1 : (int)(hour * 60 + minute);
}

static bool hours_word(const char *word, struct rota_hours *h)
{
	g_auto(GStrv) ends = g_strsplit(word, "-", 3);

	if (!ends[0] || !ends[1] || ends[2])
		return false;
	h->begins_min = clock_of(ends[0]);
	h->ends_min = clock_of(ends[1]);
	if (h->begins_min < 0 || h->ends_min < 0 || h->begins_min == ROTA_DAY_MIN)
		return false;
	if (h->ends_min <= h->begins_min)
		h->ends_min += ROTA_DAY_MIN;
	return true;
}

/* Small letters, one blank between words and none around a dash. */
static char *plain(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1), *small = g_utf8_strdown(valid, -1);
	g_autoptr(GString) s = g_string_new(small);

	g_string_replace(s, "–", "-", 0);
	g_string_replace(s, ",", " ", 0);
	g_string_replace(s, "\t", " ", 0);
	while (g_string_replace(s, "  ", " ", 0))
		;
	g_string_replace(s, " -", "-", 0);
	g_string_replace(s, "- ", "-", 0);
	return g_strstrip(g_string_free(g_steal_pointer(&s), FALSE));
}

static bool fail(GError **err, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s", why);
	return false;
}

bool rota_hours_parse(const char *text, struct rota_hours *out, GError **err)
{
	g_autofree char *small = plain(text);
	g_auto(GStrv) parts = g_strsplit(small, " ", -1);
	struct rota_hours h = { 0 };
	bool hours = false;

	for (char **part = parts; *part; part++) {
		unsigned days = days_word(*part);

		if (days) {
			h.days |= days;
		} else if (!hours && hours_word(*part, &h)) {
			hours = true;
		} else if (**part) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    _("'%s' is no day of the week and no hours: mon-fri 8-14"), *part);
			return false;
		}
	}
	if (!h.days)
		return fail(err, _("On which days? mon-fri 8-14"));
	if (!hours)
		return fail(err, _("From when until when? mon-fri 8-14"));
	if ((h.days & (h.days - 1)) && h.begins_min != 0 && h.ends_min - h.begins_min == ROTA_DAY_MIN)
		return fail(err, _("From an hour to the same hour is day and night: write 0-24 if that is meant"));
	if (h.days == ALL_DAYS && h.ends_min - h.begins_min == ROTA_DAY_MIN)
		return fail(err, _("Every hour of every day: that is a code without an end"));
	*out = h;
	return true;
}

/* ---- saying ---- */

static const char *const day_names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun") };

char *rota_hours_text(const struct rota_hours *h)
{
	GString *s = g_string_new(NULL);

	for (int i = 0; i < 7; i++) {
		int last = i;

		if (!(h->days >> i & 1))
			continue;
		while (last < 6 && (h->days >> (last + 1) & 1))
			last++;
		g_string_append_printf(s, "%s%s", s->len ? " " : "", _(day_names[i]));
		if (last > i)
			g_string_append_printf(s, "%s%s", last > i + 1 ? "-" : " ", _(day_names[last]));
		i = last;
	}
	/* The midnight that ends a day is written 24:00, so that it is not taken for the one before. */
	int ends = h->ends_min > ROTA_DAY_MIN ? h->ends_min - ROTA_DAY_MIN : h->ends_min;

	g_string_append_printf(s, " %02d:%02d-%02d:%02d", h->begins_min / 60, h->begins_min % 60, ends / 60, ends % 60);
	return g_string_free(s, FALSE);
}

/* ---- windows ---- */

int64_t rota_day(const struct zone *z, struct instant t)
{
	struct civil c = civil_at(z, t);

	return day_number(c.year, c.month, c.day);
}

static struct instant wall(const struct zone *z, int64_t day, int minutes, bool is_end)
{
	struct civil c = { .minute = minutes };
	struct instant t;

	day_split(day, &c.year, &c.month, &c.day);
	c.hour = minutes / 60;
	c.minute = minutes % 60;
	if (civil_resolve(z, c, &t) != CIVIL_TWICE || !is_end)
		return t;
	/* The wall shows it once more, half an hour or an hour later: nobody is shut out in between. */
	for (int64_t later = 2 * HOUR_MS; later > 0; later -= 30 * MINUTE_MS) {
		struct civil again = civil_at(z, instant_add_ms(t, later));

		if (again.hour == c.hour % 24 && again.minute == c.minute)
			return instant_add_ms(t, later);
	}
	return t;
}

struct instant rota_day_start(const struct zone *z, int64_t day)
{
	return wall(z, day, 0, false);
}

static bool is_on(const struct rota_hours *h, int64_t first_day, int64_t last_day, int64_t day)
{
	return day >= first_day && day <= last_day && (h->days >> floor_mod(day + EPOCH_SHIFT, 7) & 1);
}

bool rota_window_after(const struct rota_hours *h, int64_t first_day, int64_t last_day, const struct zone *z,
		       struct instant t, struct rota_window *out)
{
	bool whole_day = h->ends_min - h->begins_min == ROTA_DAY_MIN;
	int64_t day = MAX(rota_day(z, t) - 8, first_day), end = MIN(day + SEARCH_DAYS, last_day);

	for (; day <= end; day++) {
		int64_t last = day;

		if (!is_on(h, first_day, last_day, day) || (whole_day && is_on(h, first_day, last_day, day - 1)))
			continue;
		while (whole_day && is_on(h, first_day, last_day, last + 1))
			last++;
		out->from = wall(z, day, h->begins_min, false);
		out->until = wall(z, last, h->ends_min, true);
		if (instant_before(t, out->until) && instant_before(out->from, out->until))
			return true;
	}
	return false;
}
