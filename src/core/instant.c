/* instant - reading and writing moments as ISO 8601, and arithmetic that never overflows. */
#include "core/instant.h"

#include <string.h>

#include "core/civil_math.h"

struct instant instant_add_ms(struct instant t, int64_t ms)
{
	int64_t sum;

	if (!instant_known(t))
		return INSTANT_NONE;
	if (__builtin_add_overflow(t.ms, ms, &sum))
		return ms < 0 ? INSTANT_MIN : INSTANT_MAX;
	return sum == INT64_MIN ? INSTANT_MIN : (struct instant){ sum };
}

int64_t instant_diff_ms(struct instant a, struct instant b)
{
	int64_t diff;

	if (__builtin_sub_overflow(a.ms, b.ms, &diff))
		return a.ms < b.ms ? INT64_MIN : INT64_MAX;
	return diff;
}

struct instant instant_now(void)
{
	return (struct instant){ g_get_real_time() / 1000 };
}

/* What is still to be read. The text need not end with a NUL. */
struct span {
	const char *at, *end;
};

static bool take_char(struct span *s, const char *one_of)
{
	if (s->at == s->end || *s->at == '\0' || !strchr(one_of, *s->at))
		return false;
	s->at++;
	return true;
}

static bool take_digits(struct span *s, int count, int *out)
{
	int value = 0;

	if (s->end - s->at < count)
		return false;
	for (int i = 0; i < count; i++) {
		if (!g_ascii_isdigit(s->at[i]))
			return false;
		value = value * 10 + (s->at[i] - '0');
	}
	s->at += count;
	*out = value;
	return true;
}

static bool take_date(struct span *s, int64_t *day)
{
	int year, month, dom;

	if (!take_digits(s, 4, &year) || !take_char(s, "-") || !take_digits(s, 2, &month) ||
	    !take_char(s, "-") || !take_digits(s, 2, &dom))
		return false;
	if (month < 1 || month > 12 || dom < 1 || dom > month_days(year, month))
		return false;
	*day = day_number(year, month, dom);
	return true;
}

/* 0 to 9 digits after the point, of which three are kept. */
static bool take_fraction(struct span *s, int *ms)
{
	int count = 0;

	*ms = 0;
	if (!take_char(s, ".,"))
		return true;
	for (; s->at < s->end && g_ascii_isdigit(*s->at); s->at++, count++) {
		if (count < 3)
			*ms = *ms * 10 + (*s->at - '0');
	}
	for (int i = count; i < 3; i++)
		*ms *= 10;
	return count >= 1 && count <= 9;
}

/* A leap second (":60") is the first second of the next minute: POSIX time has no room for it. */
static bool take_time(struct span *s, int64_t *ms)
{
	int hour, minute, second = 0, fraction = 0;

	if (!take_digits(s, 2, &hour) || !take_char(s, ":") || !take_digits(s, 2, &minute))
		return false;
	if (take_char(s, ":") && (!take_digits(s, 2, &second) || !take_fraction(s, &fraction)))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*ms = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + fraction;
	return true;
}

static bool take_offset(struct span *s, int64_t *ms)
{
	int hour, minute = 0;
	bool west = s->at < s->end && *s->at == '-';

	*ms = 0;
	if (take_char(s, "Zz"))
		return true;
	if (!take_char(s, "+-") || !take_digits(s, 2, &hour))
		return false;
	if (take_char(s, ":") || s->at < s->end) {
		if (!take_digits(s, 2, &minute))
			return false;
	}
	if (hour > 23 || minute > 59)
		return false;
	*ms = hour * HOUR_MS + minute * MINUTE_MS;
	if (west)
		*ms = -*ms;
	return true;
}

bool instant_parse(const char *text, gssize len, struct instant *out)
{
	if (!text)
		return false;

	struct span s = { text, text + (len < 0 ? strlen(text) : (size_t)len) };
	int64_t day, time_ms, offset_ms;

	if (!take_date(&s, &day) || !take_char(&s, "Tt ") || !take_time(&s, &time_ms) ||
	    !take_offset(&s, &offset_ms) || s.at != s.end)
		return false;

	int64_t ms = day * DAY_MS + time_ms - offset_ms;

	/* An offset may carry over the edge of what four digits of a year can say. */
	if (ms < day_number(0, 1, 1) * DAY_MS || ms >= day_number(10000, 1, 1) * DAY_MS)
		return false;
	*out = (struct instant){ ms };
	return true;
}

/* n with that many digits, or more where it has them; where to go on. */
static char *put_digits(char *to, int n, int digits)
{
	char all[12];
	int have = 0;

	do
		all[have++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	while (have < digits)
		all[have++] = '0';
	while (have > 0)
		*to++ = all[--have];
	return to;
}

static char *put_after(char *to, char mark, int n, int digits)
{
	*to++ = mark;
	return put_digits(to, n, digits);
}

const char *instant_format(struct instant t, char buf[static INSTANT_TEXT_MAX])
{
	int year, month, day;
	char *to = buf;

	if (!instant_known(t)) {
		buf[0] = '\0';
		return buf;
	}
	day_split(floor_div(t.ms, DAY_MS), &year, &month, &day);

	int ms = (int)floor_mod(t.ms, DAY_MS);
	/* ISO 8601 wants a sign before a year of more than four digits. */
	if (year > 9999 || year < 0)
		*to++ = year < 0 ? '-' : '+';
	to = put_digits(to, ABS(year), 4);
	to = put_after(to, '-', month, 2);
	to = put_after(to, '-', day, 2);
	to = put_after(to, 'T', ms / 3600000, 2);
	to = put_after(to, ':', ms / 60000 % 60, 2);
	to = put_after(to, ':', ms / 1000 % 60, 2);
	to = put_after(to, '.', ms % 1000, 3);
	*to++ = 'Z';
	*to = '\0';
	return buf;
}
