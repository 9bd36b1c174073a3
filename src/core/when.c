/* when - what a typed time means on the clock of the lock's zone. */
#include "core/i18n.h"
#include "core/when.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil_math.h"
#include "core/error.h"
#include "core/when_said.h"

#define EVENING_S   (18 * 3600) /* "tonight" without an hour is not before */
#define NIGHT_END_S (6 * 3600)	/* "tonight 2:00" is after midnight */
#define SMALL_HOURS 5		/* before it a day has not begun for who counts nights */
#define NIGHT_MS    (5 * HOUR_MS) /* whoever stays less has not slept there */
#define NIGHTS_MAX  31		/* a bare number beyond is no stay */
#define RECENT_DAYS 30		/* a date without a year may lie this far back */

static const char *const note_of_fit[] = {
	[CIVIL_ONCE] = NULL,
	[CIVIL_TWICE] =
		N_("The clocks go back that night: this time comes twice, the earlier is meant"),
	[CIVIL_NEVER] = N_("The clocks go forward over this time: the first moment after it is meant"),
};

static bool fail(GError **err, const char *message)
{
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, message);
	return false;
}

struct meaning {
	const struct when_context *ctx;
	const struct when_said *said;
	struct instant from; /* what a day counts from: the start of a stay to come, else now */
	struct instant base; /* what a length counts from */
	struct instant *out;
	const char *note;
};

static struct civil at_time(struct civil day, int seconds)
{
	day.hour = day.minute = 0;
	day.second = seconds; /* civil_resolve carries it over */
	return day;
}

static void resolve(struct meaning *m, struct civil c)
{
	m->note = note_of_fit[civil_resolve(m->ctx->zone, c, m->out)];
	if (m->note)
		m->note = _(m->note);
}

static int time_or_default(const struct meaning *m)
{
	return m->said->has_time ? m->said->time_s : m->ctx->default_minutes * 60;
}

static bool mean_now(struct meaning *m, GError **err)
{
	if (m->said->has_time)
		return fail(err, _("'now' stands alone, without a time of day"));
	*m->out = m->ctx->now;
	return true;
}

static bool mean_relative(struct meaning *m, GError **err)
{
	struct civil c = civil_at(m->ctx->zone, m->ctx->now);

	(void)err;
	c.day += m->said->days_from_now;
	resolve(m, at_time(c, time_or_default(m)));
	return true;
}

/* The night that is coming, or the one that it still is before six in the morning. */
static bool mean_tonight(struct meaning *m, GError **err)
{
	struct civil c = civil_at(m->ctx->zone, m->ctx->now);
	int now_s = c.hour * 3600 + c.minute * 60 + c.second;
	int time_s =
		m->said->has_time ? m->said->time_s : MAX(m->ctx->default_minutes * 60, EVENING_S);

	if (!m->said->has_time && !m->ctx->is_end && c.hour < SMALL_HOURS) {
		*m->out = m->ctx->now;
		m->note = _("It is still last night: now is meant");
		return true;
	}
	if (time_s >= NIGHT_END_S && time_s < 12 * 3600)
		return fail(err, _("Tonight has no morning: write for example tonight 9pm, or "
				 "tomorrow 9:00"));
	if (time_s < NIGHT_END_S && time_s < now_s)
		c.day++;
	resolve(m, at_time(c, time_s));
	return true;
}

static bool mean_weekday(struct meaning *m, GError **err)
{
	struct civil c = civil_at(m->ctx->zone, m->from);
	int days = (m->said->weekday - c.weekday + 7) % 7;

	(void)err;
	c.day += days;
	resolve(m, at_time(c, time_or_default(m)));
	if (days == 0 && !instant_before(m->from, *m->out)) {
		c.day += 7;
		resolve(m, at_time(c, time_or_default(m)));
	}
	return true;
}

/* Without a year: the next such day, or one that has just been (no stay is booked for a day that
 * has passed, but a list may be asked for since then). An end lies behind its start. */
static int year_of_date(const struct meaning *m)
{
	const struct when_said *said = m->said;
	struct civil c = civil_at(m->ctx->zone, m->from);
	int64_t earliest = day_number(c.year, c.month, c.day) - (m->ctx->is_end ? 0 : RECENT_DAYS);
	int year = c.year - 1;

	while (said->dom > month_days(year, said->month) ||
	       day_number(year, said->month, said->dom) < earliest)
		year++;
	return year;
}

static bool mean_date(struct meaning *m, GError **err)
{
	struct civil c = { .year = m->said->year, .month = m->said->month, .day = m->said->dom };

	(void)err;
	if (c.year == 0)
		c.year = year_of_date(m);
	resolve(m, at_time(c, time_or_default(m)));
	return true;
}

static bool mean_time_alone(struct meaning *m, GError **err)
{
	struct civil c = civil_at(m->ctx->zone, m->ctx->present ? *m->ctx->present : m->from);

	(void)err;
	resolve(m, at_time(c, m->said->time_s));
	if (m->ctx->is_end && !m->ctx->present && !instant_before(m->from, *m->out)) {
		c.day++;
		resolve(m, at_time(c, m->said->time_s));
	}
	return true;
}

/* Days are those of the calendar, so that 15:00 stays 15:00 when the clocks change. Hours are
 * counted. */
static bool mean_length(struct meaning *m, GError **err)
{
	const struct when_said *said = m->said;
	struct civil c = civil_at(m->ctx->zone, m->base);
	bool in_days = said->days > 0 || said->has_nights;
	bool keeps_time = !said->has_time && (!said->has_nights || m->ctx->present);
	int sign = said->ago ? -1 : 1;

	if (said->day != SAID_NO_DAY)
		return fail(err, _("Write either a day or a length, not both"));
	if (said->has_nights && said->ms)
		return fail(err,
			    _("Nights and hours do not go together: write for example +2n 11:00"));
	if (said->has_time && (!in_days || said->ms))
		return fail(err, _("Only days and nights take a time of day, as in +2n 11:00"));

	*m->out = m->base;
	if (in_days) {
		if (said->has_nights && !m->ctx->present && c.hour < SMALL_HOURS)
			c.day--;
		c.day += sign * (int)said->days;
		if (!keeps_time)
			c = at_time(c, time_or_default(m));
		resolve(m, c);
		if (keeps_time)
			*m->out = instant_add_ms(*m->out, floor_mod(m->base.ms, 1000));
	}
	*m->out = instant_add_ms(*m->out, sign * said->ms);
	return true;
}

static bool (*const mean_day[])(struct meaning *m, GError **err) = {
	[SAID_NO_DAY] = mean_time_alone, [SAID_NOW] = mean_now,
	[SAID_RELATIVE] = mean_relative, [SAID_TONIGHT] = mean_tonight,
	[SAID_WEEKDAY] = mean_weekday,	 [SAID_DATE] = mean_date,
};

/* The day that a night belongs to. */
static int64_t day_of_night(const struct zone *zone, struct instant t)
{
	struct civil c = civil_at(zone, t);

	return day_number(c.year, c.month, c.day) - (c.hour < SMALL_HOURS ? 1 : 0);
}

int when_nights(const struct zone *zone, struct instant from, struct instant until)
{
	if (instant_diff_ms(until, from) < NIGHT_MS)
		return 0;
	return (int)MAX(day_of_night(zone, until) - day_of_night(zone, from), 0);
}

static struct instant later_of(struct instant a, struct instant b)
{
	return instant_before(a, b) ? b : a;
}

/* What a desk types most: "2" of an end is two nights. Only of a new stay: of one that is moved nobody
 * knows whether the day or the length is meant. */
static bool read_nights(const char *text, const struct when_context *ctx, struct when_said *said)
{
	size_t n = strspn(text, "0123456789");
	int nights = n && n <= 2 && !text[n] ? atoi(text) : 0;

	if (!ctx->is_end || ctx->present || nights < 1 || nights > NIGHTS_MAX)
		return false;
	*said = (struct when_said){ .has_length = true, .has_nights = true, .days = nights };
	return true;
}

bool when_parse(const char *text, const struct when_context *ctx, struct instant *out,
		const char **note, GError **err)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));
	struct when_said said;
	struct instant result;
	struct meaning m = {
		.ctx = ctx,
		.said = &said,
		.from = ctx->is_end && instant_known(ctx->base) ? later_of(ctx->base, ctx->now)
								: ctx->now,
		.base = ctx->present ? *ctx->present : ctx->base,
		.out = &result,
	};

	if (note)
		*note = NULL;
	if (instant_parse(trimmed, -1, &result)) {
		/* Exactly that. */
	} else if (!read_nights(trimmed, ctx, &said) && !when_read(trimmed, ctx->language, &said, err)) {
		return false;
	} else if (!(said.has_length ? mean_length : mean_day[said.day])(&m, err)) {
		return false;
	}
	*out = result;
	if (note)
		*note = m.note;
	return true;
}
