/* when_read - the words and numbers of a typed time.
 *
 * The text is cut into tokens, and then each of a list of small readers is asked in turn whether
 * it can take something from where the reading stands: a word, a date, a time of day, a length.
 * So day and time may come in either order, and a new way to say something is a new row. */
#include "core/i18n.h"
#include "core/when_said.h"

#include <string.h>

#include "core/civil_math.h"
#include "core/error.h"
#include "core/text.h"
#include "core/when_words.h"

#define EXAMPLES    N_("tomorrow 15:00, fri 11am, 24 dec 15:00, +2n, 3h")
#define TEXT_MAX    128
#define TOKENS_MAX  24
#define LENGTH_DAYS 36600 /* a century: more is a slip of the finger */

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_WORD, TOKEN_MARK };

struct token {
	enum token_kind kind;
	bool glued; /* no blank before it */
	int value;  /* of a number */
	char text[24];
};

struct reader {
	struct token token[TOKENS_MAX + 1]; /* the last one is TOKEN_END */
	size_t at;
	const char *language;
	struct when_said *said;
	GError **err;
};

/* What a reader answers. */
enum took { TOOK_NOTHING, TOOK_IT, TOOK_OFFENCE };

static enum took offend(struct reader *r, const char *form, ...) G_GNUC_PRINTF(2, 3);

static enum took offend(struct reader *r, const char *form, ...)
{
	va_list args;

	va_start(args, form);
	if (r->err)
		*r->err = g_error_new_valist(KEYRACK_ERROR, KEYRACK_ERROR_USAGE, form, args);
	va_end(args);
	return TOOK_OFFENCE;
}

static const struct token *peek(const struct reader *r, size_t ahead)
{
	static const struct token end = { .kind = TOKEN_END };

	for (size_t i = 0; i < ahead; i++) {
		if (r->token[r->at + i].kind == TOKEN_END)
			return &end;
	}
	return &r->token[r->at + ahead];
}

static bool is_number(const struct reader *r, size_t ahead)
{
	return peek(r, ahead)->kind == TOKEN_NUMBER;
}

static bool is_text(const struct reader *r, size_t ahead, const char *text)
{
	const struct token *t = peek(r, ahead);

	return t->kind != TOKEN_NUMBER && strcmp(t->text, text) == 0;
}

static size_t digits_of(const struct token *t)
{
	return strlen(t->text);
}

static const struct when_word *word_at(const struct reader *r, size_t ahead, enum when_class cls)
{
	const struct token *t = peek(r, ahead);

	return t->kind == TOKEN_WORD ? when_word(r->language, cls, t->text) : NULL;
}

/* The point of "Fr." and "3 Std.". */
static size_t with_point(const struct reader *r, size_t tokens)
{
	return tokens + (is_text(r, tokens, ".") && peek(r, tokens)->glued);
}

static enum took set_day(struct reader *r, enum said_day day, size_t tokens)
{
	if (r->said->day != SAID_NO_DAY)
		return offend(r, _("Two days are named: which one is meant?"));
	r->said->day = day;
	r->at += tokens;
	return TOOK_IT;
}

static enum took set_time(struct reader *r, int seconds, size_t tokens)
{
	if (r->said->has_time)
		return offend(r, _("Two times of day are named: which one is meant?"));
	r->said->has_time = true;
	r->said->time_s = seconds;
	r->at += tokens;
	return TOOK_IT;
}

static enum took take_ago(struct reader *r, bool in_front)
{
	if (r->said->ago || (!in_front && !r->said->has_length))
		return TOOK_NOTHING;
	r->said->ago = true;
	r->at++;
	return TOOK_IT;
}

static enum took take_day_word(struct reader *r)
{
	const struct when_word *w;

	if ((w = word_at(r, 0, WORD_WEEKDAY))) {
		r->said->weekday = w->value;
		return set_day(r, SAID_WEEKDAY, with_point(r, 1));
	}
	if ((w = word_at(r, 0, WORD_RELATIVE))) {
		bool tonight = w->value == 0 && word_at(r, 1, WORD_EVENING);

		r->said->days_from_now = w->value;
		return set_day(r, tonight ? SAID_TONIGHT : SAID_RELATIVE, tonight ? 2 : 1);
	}
	if (word_at(r, 0, WORD_NOW))
		return set_day(r, SAID_NOW, 1);
	if (word_at(r, 0, WORD_TONIGHT))
		return set_day(r, SAID_TONIGHT, 1);
	return TOOK_NOTHING;
}

static enum took take_word(struct reader *r)
{
	const struct when_word *time = word_at(r, 0, WORD_TIME);

	if (time)
		return set_time(r, time->value, 1);
	if (word_at(r, 0, WORD_AGO))
		return take_ago(r, false);
	/* "vor 2 Stunden", but not "vor Freitag". */
	if (word_at(r, 0, WORD_BEFORE) && is_number(r, 1) && word_at(r, 2, WORD_UNIT))
		return take_ago(r, true);
	/* "at 15:00", but not a text that ends with "at". */
	if (word_at(r, 0, WORD_FILLER) && peek(r, 1)->kind != TOKEN_END) {
		r->at++;
		return TOOK_IT;
	}
	return TOOK_NOTHING;
}

static enum took set_date(struct reader *r, int year, int month, int dom, size_t tokens)
{
	/* The 29th of February is a date in some year; which one is when.c's question. */
	int longest = month >= 1 && month <= 12 ? month_days(year ? year : 2000, month) : 0;

	if (longest == 0)
		return offend(r,
			      _("There is no month %d. Write for example: 24 dec, 24.12. or "
			      "2026-12-24"),
			      month);
	if (dom < 1 || dom > longest)
		return offend(r, _("That month has no day %d"), dom);
	r->said->year = year;
	r->said->month = month;
	r->said->dom = dom;
	return set_day(r, SAID_DATE, tokens);
}

/* A year standing free after a date: only these, as 1500 and 2130 are times of day. */
static bool is_free_year(const struct reader *r, size_t ahead)
{
	const struct token *t = peek(r, ahead);

	return t->kind == TOKEN_NUMBER && digits_of(t) == 4 && t->value >= 2000 &&
	       t->value <= 2099 && !is_text(r, ahead + 1, ":");
}

/* 2026-12-24, and the "T" of ISO 8601 behind it. */
static enum took take_iso_date(struct reader *r)
{
	if (!is_number(r, 0) || digits_of(peek(r, 0)) != 4 || !is_text(r, 1, "-") ||
	    !is_number(r, 2) || !is_text(r, 3, "-") || !is_number(r, 4))
		return TOOK_NOTHING;
	if (peek(r, 0)->value < 1970)
		return offend(r, _("The year %s is too long ago"), peek(r, 0)->text);
	return set_date(r, peek(r, 0)->value, peek(r, 2)->value, peek(r, 4)->value,
			is_text(r, 5, "t") ? 6 : 5);
}

/* 24.12. and 24.12.2026 */
static enum took take_dotted_date(struct reader *r)
{
	size_t tokens = 3;
	int year = 0;

	if (!is_number(r, 0) || !is_text(r, 1, ".") || !is_number(r, 2))
		return TOOK_NOTHING;
	if (peek(r, 2)->value > 12 && digits_of(peek(r, 2)) == 2)
		return offend(r, _("'%s.%s' is no date. A time is written %s:%s"), peek(r, 0)->text,
			      peek(r, 2)->text, peek(r, 0)->text, peek(r, 2)->text);
	if (is_text(r, 3, ".")) {
		const struct token *t = peek(r, 4);

		tokens = 4;
		if (t->kind == TOKEN_NUMBER && t->glued && digits_of(t) == 2)
			year = 2000 + t->value;
		else if ((t->kind == TOKEN_NUMBER && t->glued && digits_of(t) == 4) ||
			 is_free_year(r, 4))
			year = t->value;
		tokens += year != 0;
	}
	return set_date(r, year, peek(r, 2)->value, peek(r, 0)->value, tokens);
}

/* 24 dec, dec 24, 24th december 2026 */
static enum took take_named_date(struct reader *r)
{
	bool day_first = is_number(r, 0);
	size_t tokens = 1, number = day_first ? 0 : 1;
	const struct when_word *month = day_first ? NULL : word_at(r, 0, WORD_MONTH);

	if (!day_first && (!month || !is_number(r, 1)))
		return TOOK_NOTHING;
	tokens = number + 1;
	if (word_at(r, tokens, WORD_ORDINAL) || (day_first && is_text(r, tokens, ".")))
		tokens++;
	if (day_first) {
		month = word_at(r, tokens, WORD_MONTH);
		if (!month)
			return TOOK_NOTHING;
		tokens++;
	}
	if (is_text(r, tokens, "."))
		tokens++;

	int year = is_free_year(r, tokens) ? peek(r, tokens)->value : 0;

	return set_date(r, year, month->value, peek(r, number)->value, tokens + (year != 0));
}

/* 12 am is midnight's hour and 12 pm is noon's. -1: there is no such hour. */
static int hour_of_half(int hour, bool pm)
{
	if (hour < 1 || hour > 12)
		return -1;
	return hour % 12 + (pm ? 12 : 0);
}

static enum took set_clock(struct reader *r, int hour, int minute, int second, size_t tokens)
{
	bool pm = is_text(r, tokens, "pm");

	if (pm || is_text(r, tokens, "am")) {
		if (hour_of_half(hour, pm) < 0)
			return offend(r, _("There is no %d %s"), hour, pm ? "pm" : "am");
		hour = hour_of_half(hour, pm);
		tokens++;
	}
	if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute > 0 || second > 0)))
		return offend(r, _("There is no time %02d:%02d; a day ends at 24:00"), hour, minute);
	return set_time(r, hour * 3600 + minute * 60 + second, tokens);
}

/* 15:00, 15:00:30, 3pm, 3:30 pm, 1500 */
static enum took take_clock(struct reader *r)
{
	const struct token *t = peek(r, 0);

	if (t->kind != TOKEN_NUMBER)
		return TOOK_NOTHING;
	if (is_text(r, 1, ":") && is_number(r, 2)) {
		bool seconds = is_text(r, 3, ":") && is_number(r, 4);

		if (digits_of(t) > 2 || digits_of(peek(r, 2)) != 2 ||
		    (seconds && digits_of(peek(r, 4)) != 2))
			return offend(r,
				      _("'%s:%s' is no time of day. Write for example 15:00 or 9:30"),
				      t->text, peek(r, 2)->text);
		return set_clock(r, t->value, peek(r, 2)->value, seconds ? peek(r, 4)->value : 0,
				 seconds ? 5 : 3);
	}
	if (digits_of(t) <= 2 && (is_text(r, 1, "am") || is_text(r, 1, "pm")))
		return set_clock(r, t->value, 0, 0, 1);
	if (digits_of(t) == 4 && !word_at(r, 1, WORD_UNIT) && !is_text(r, 1, "-"))
		return set_clock(r, t->value / 100, t->value % 100, 0, 1);
	return TOOK_NOTHING;
}

/* 15h and 15h30. Alone only from 13 to 23, as "3h" is a length; after a day any hour. */
static enum took take_hour_clock(struct reader *r)
{
	const struct token *t = peek(r, 0), *minute = peek(r, 2);
	bool day_said = r->said->day != SAID_NO_DAY;

	if (t->kind != TOKEN_NUMBER || !is_text(r, 1, "h") || !peek(r, 1)->glued || t->value > 23 ||
	    (t->value < 13 && !day_said))
		return TOOK_NOTHING;
	if (minute->kind == TOKEN_NUMBER && minute->glued && digits_of(minute) == 2)
		return set_clock(r, t->value, minute->value, 0, 3);
	return set_clock(r, t->value, 0, 0, 2);
}

/* 15 Uhr, 15 Uhr 30; behind a written time ("15:30 Uhr") it says nothing more. */
static enum took take_named_clock(struct reader *r)
{
	const struct token *t = peek(r, 0), *minute = peek(r, 2);

	if (r->said->has_time && word_at(r, 0, WORD_CLOCK)) {
		r->at++;
		return TOOK_IT;
	}
	if (t->kind != TOKEN_NUMBER || digits_of(t) > 2 || !word_at(r, 1, WORD_CLOCK))
		return TOOK_NOTHING;
	if (minute->kind == TOKEN_NUMBER && digits_of(minute) == 2 && !is_text(r, 3, ".") &&
	    !word_at(r, 3, WORD_MONTH))
		return set_clock(r, t->value, minute->value, 0, 3);
	return set_clock(r, t->value, 0, 0, 2);
}

static bool add_length(struct when_said *said, int n, int unit)
{
	static const int64_t unit_ms[] = { [UNIT_MINUTE] = 60000, [UNIT_HOUR] = 3600000 };
	static const int unit_days[] = { [UNIT_DAY] = 1, [UNIT_WEEK] = 7, [UNIT_NIGHT] = 1 };

	if (unit == UNIT_MINUTE || unit == UNIT_HOUR)
		said->ms += n * unit_ms[unit];
	else
		said->days += (int64_t)n * unit_days[unit];
	said->has_length = true;
	said->has_nights |= unit == UNIT_NIGHT;
	return said->days + said->ms / 86400000 <= LENGTH_DAYS;
}

/* +2n, 3 hours, 1h30, 2d 4h: one number and its unit at a time. */
static enum took take_length(struct reader *r)
{
	size_t sign = is_text(r, 0, "+");
	const struct token *n = peek(r, sign), *extra = peek(r, sign + 2);
	const struct when_word *unit = word_at(r, sign + 1, WORD_UNIT);

	if (n->kind != TOKEN_NUMBER || !unit)
		return TOOK_NOTHING;
	r->at += with_point(r, sign + 2);
	if (!add_length(r->said, n->value, unit->value))
		return offend(r, _("That is more than a hundred years away"));
	/* The 30 of 1h30; in "1h30m" it has a unit of its own and comes next. */
	if (unit->value == UNIT_HOUR && extra->kind == TOKEN_NUMBER && extra->glued &&
	    !word_at(r, 1, WORD_UNIT)) {
		if (extra->value > 59)
			return offend(r, _("There are no %d minutes after the hours"), extra->value);
		add_length(r->said, extra->value, UNIT_MINUTE);
		r->at++;
	}
	return TOOK_IT;
}

static enum took take_nothing_known(struct reader *r)
{
	const struct token *t = peek(r, 0);
	g_autofree char *shown = text_fit(t->text, 20, CUT_END, true);

	if (is_text(r, 0, "/") || is_text(r, 1, "/"))
		return offend(r, _("Dates with '/' mean different days in different countries. Write "
				 "for example 24 dec or 2026-12-24"));
	if (is_text(r, 0, "+") && is_number(r, 1) && peek(r, 2)->kind == TOKEN_END) {
		int n = peek(r, 1)->value;

		return offend(r, _("'+%d' of what? Write for example +%dn (nights), +%dd or +%dh"), n, n, n, n);
	}
	if (t->kind == TOKEN_NUMBER && t->value <= 23)
		return offend(r, _("'%s' of what? Write for example %s:00, %s dec or +%sh"), shown,
			      shown, shown, shown);
	return offend(r, _("'%s' is not understood. Write for example: %s"), shown, _(EXAMPLES));
}

/* In this order: the first that takes something wins. */
static enum took (*const readers[])(struct reader *r) = {
	take_day_word,	  take_word,  take_iso_date,   take_dotted_date, take_named_date,
	take_named_clock, take_clock, take_hour_clock, take_length,	 take_nothing_known,
};

static enum token_kind kind_of(char ch)
{
	if (g_ascii_isdigit(ch))
		return TOKEN_NUMBER;
	return g_ascii_isalpha(ch) || (guchar)ch >= 0x80 ? TOKEN_WORD : TOKEN_MARK;
}

/* Returns false when a word or a number is longer than any could be, or there are too many. */
static bool cut_into_tokens(struct reader *r, const char *typed)
{
	g_autofree char *valid = g_utf8_make_valid(typed, -1), *text = g_utf8_strdown(valid, -1);
	size_t count = 0;

	for (const char *p = text; *p;) {
		size_t blanks = strspn(p, " \t,"), len = 1;
		struct token *t = &r->token[count];

		p += blanks;
		if (!*p)
			break;
		t->glued = blanks == 0 && count > 0;
		t->kind = kind_of(*p);
		while (t->kind != TOKEN_MARK && p[len] && kind_of(p[len]) == t->kind)
			len++;
		if (++count > TOKENS_MAX || len >= sizeof t->text ||
		    (t->kind == TOKEN_NUMBER && len > 6))
			return false;
		memcpy(t->text, p, len);
		if (t->kind == TOKEN_NUMBER)
			t->value = (int)g_ascii_strtoll(t->text, NULL, 10);
		p += len;
	}
	return true;
}

bool when_read(const char *text, const char *language, struct when_said *said, GError **err)
{
	struct reader r = { .language = language, .said = said, .err = err };
	enum took took = TOOK_IT;

	*said = (struct when_said){ 0 };
	if (strlen(text) > TEXT_MAX || !cut_into_tokens(&r, text)) {
		g_autofree char *shown = text_fit(text, 30, CUT_END, true);

		offend(&r, _("'%s' is not understood. Write for example: %s"), shown, _(EXAMPLES));
		return false;
	}
	if (r.token[0].kind == TOKEN_END) {
		offend(&r, _("A time is missing. Write for example: %s"), _(EXAMPLES));
		return false;
	}
	while (took == TOOK_IT && peek(&r, 0)->kind != TOKEN_END) {
		took = TOOK_NOTHING;
		for (size_t i = 0; i < G_N_ELEMENTS(readers) && took == TOOK_NOTHING; i++)
			took = readers[i](&r);
	}
	return took == TOOK_IT;
}
