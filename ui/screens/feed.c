/* feed - events as rows; see the header.
 *
 * A name that the lock reported and a name that was concluded never look the same: the second
 * has '~' before it, another role, and 'inferred' behind it. */
#include "ui/screens/feed.h"

#include <string.h>

#include "core/i18n.h"
#include "core/vocab.h"
#include "ui/screens/words.h"

static const enum role kind_roles[EVENT_KIND_COUNT] = {
	[EVENT_OTHER] = ROLE_DIM,
	[EVENT_UNLOCK] = ROLE_TEXT,
	[EVENT_LOCK] = ROLE_DIM,
	[EVENT_DENIED] = ROLE_WARN,
	[EVENT_CODE_GOOD] = ROLE_GOOD,
	[EVENT_CODE_TROUBLE] = ROLE_ALARM,
	[EVENT_CODE_CHANGE] = ROLE_TEXT,
	[EVENT_DEVICE_GOOD] = ROLE_GOOD,
	[EVENT_DEVICE_TROUBLE] = ROLE_ALARM,
	[EVENT_ACCOUNT] = ROLE_WARN,
};

struct feed_columns feed_columns(int cells, bool with_lock)
{
	struct feed_columns c = { .time = 8, .lock = 12, .what = 17, .who = 16 };

	if (cells >= 96)
		c = (struct feed_columns){ .time = 8, .lock = 16, .what = 26, .who = 20 };
	if (cells >= 110)
		c = (struct feed_columns){ .time = 12, .lock = 18, .what = 26, .who = 22 };
	if (cells >= 140)
		c = (struct feed_columns){ .time = 14, .lock = 24, .what = 28, .who = 30 };
	if (!with_lock)
		c.lock = 0;
	return c;
}

/* Seconds while it is today; else the day, with the hour where there is room. */
static const char *time_text(const struct zone *z, struct instant t, struct instant now, int cells,
			     char buf[static CIVIL_TEXT_MAX])
{
	struct instant today = zone_day_start(z, now, 0);
	char day[CIVIL_TEXT_MAX], clock[CIVIL_TEXT_MAX];
	const char *date;

	if (!instant_before(t, today))
		return civil_seconds(z, t, buf);
	date = strchr(civil_day(z, t, day), ' '); /* without the weekday */
	date = date ? date + 1 : day;
	if (cells < 12)
		g_strlcpy(buf, date, CIVIL_TEXT_MAX);
	else
		g_snprintf(buf, CIVIL_TEXT_MAX, "%s %s", date, civil_clock(z, t, clock));
	return buf;
}

static void draw_who(const struct event_row *e, struct grid *g, int row, int col, int cells)
{
	char shown[NAME_SHOWN_MAX];

	switch (e->how) {
	case WHO_INFERRED:
		grid_putf(g, row, col, cells, ROLE_INFERRED, "~%s",
			  name_shown(e->who ? e->who : "?", e->event.access_code_id, e->alike, g->ascii, shown));
		return;
	case WHO_UNKNOWN:
		return; /* said with its reason, over both columns */
	case WHO_REPORTED:
	case WHO_BY_PIN:
	case WHO_NOT_ASKED:
	case WHO_BY_METHOD:
		break;
	}
	if (e->who)
		grid_put(g, row, col, cells,
			 name_shown(e->who, e->event.access_code_id, e->alike, g->ascii, shown), ROLE_NAME);
}

static char *how_text(const struct event_row *e, const struct event_info *info)
{
	const char *method = method_words(e->event.method);

	if (e->how == WHO_UNKNOWN)
		return g_strdup(e->why ? e->why : _("the event names nobody"));
	if (e->how == WHO_INFERRED)
		return g_strdup(info->kind == EVENT_DENIED && e->why ? e->why : _("inferred")); /* why is said where there is room */
	if (method && *method)
		return g_strdup(method);
	/* What the server says in its own words only where we have none. */
	return g_strdup(!info->words && e->event.description ? e->event.description : "");
}

/* A lock that was away tells of its night when it is back. */
#define LATE_MS (10 * MINUTE_MS)

int64_t feed_late_ms(const struct event *e)
{
	int64_t ms = instant_known(e->created_at) && instant_known(e->occurred_at)
			     ? instant_diff_ms(e->created_at, e->occurred_at) : 0;

	return ms >= LATE_MS ? ms : 0;
}

/* "entry refused x5 in 40 s" */
static char *what_text(const char *what, int count, int64_t span_ms, bool ascii)
{
	char span[CIVIL_TEXT_MAX];

	if (count < 2)
		return g_strdup(what ? what : "");
	return g_strdup_printf(_("%1$s %2$s%3$d in %4$s"), what ? what : "", ascii ? "x" : "\u00d7", count,
			       duration_text(span_ms, span));
}

void feed_draw_row(const struct world *w, const struct feed_columns *c, const struct event_row *e,
		   struct grid *g, struct rect r)
{
	feed_draw_folded(w, c, e, 1, 0, g, r);
}

void feed_draw_folded(const struct world *w, const struct feed_columns *c, const struct event_row *e, int count,
		      int64_t span_ms, struct grid *g, struct rect r)
{
	const struct event_info *info = event_lookup(e->event.event_type);
	const char *what = info->words ? info->words : e->event.event_type;
	g_autofree char *how = how_text(e, info);
	g_autofree char *said = what_text(what, count, span_ms, g->ascii);
	int64_t late_ms = feed_late_ms(&e->event);
	char at[CIVIL_TEXT_MAX], late[CIVIL_TEXT_MAX];
	int col = r.col, end = r.col + r.cols, what_cells = c->what;

	grid_put_field(g, r.row, col, c->time, -1, CUT_END,
		       time_text(zone_of(e->zone, w->zone), e->event.occurred_at, w->now, c->time, at),
		       ROLE_DIM);
	col += c->time + 2;
	if (c->lock) {
		grid_put_field(g, r.row, col, c->lock, -1, CUT_END, e->lock_name ? e->lock_name : "",
			       ROLE_TEXT);
		col += c->lock + 1;
	}
	/* Whether it failed must not be cut off: where nobody is named the words may go on. */
	if (!e->who && !*how && !late_ms)
		what_cells = end - col;
	else if (count > 1)
		what_cells = MAX(what_cells, text_width(said));
	grid_put_field(g, r.row, col, MIN(what_cells, end - col), -1, CUT_END, said, kind_roles[info->kind]);
	col += MAX(c->what, count > 1 ? what_cells : 0) + 1;
	if (late_ms && col < end)
		col += grid_putf(g, r.row, col, end - col, ROLE_WARN, _("late %s"), duration_short(late_ms, late)) + 1;
	if (col >= end)
		return;
	if (e->how == WHO_UNKNOWN) {
		grid_putf(g, r.row, col, end - col, ROLE_DIM, _("unknown: %s"), how);
		return;
	}
	draw_who(e, g, r.row, col, MIN(c->who, end - col));
	col += c->who + 1;
	if (col < end)
		grid_put(g, r.row, col, end - col, how, ROLE_DIM);
}
