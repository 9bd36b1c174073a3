/* ical - a calendar of reservations, read by libical: each event becomes one, or a reason with its line.
 *
 * Before libical sees it the text is unfolded and known to be whole and flat: each BEGIN has its END,
 * nothing lies deeper than an alarm in an event, and there are no more events than anybody has stays. Zones are our
 * own where we know their name; the feed's own definition is asked only for names we do not know. */
#include "config.h"

#include "feed/parse_parts.h"

#include <string.h>

#ifdef HAVE_LIBICAL
#include <libical/ical.h>

#include "core/text.h"

#define DEPTH_MAX 4
#define LENGTH_HOURS_MAX (10 * 366 * 24) /* parse.c says what a stay is; this is what libical can count */
#define DIGITS_MAX 9 /* of a number in a length: what libical can read */

/* ---- before libical ---- */

struct scan {
	GArray *event_lines; /* of int: where each VEVENT begins */
	GString *text;       /* the calendar anew: a property a line, as libical is given it */
	char open[DEPTH_MAX][32];
	int depth;
	bool ended;          /* a calendar was closed, and none opened since */
};

static bool open_one(struct scan *s, const char *name, int line, GError **err)
{
	bool event = strcmp(name, "VEVENT") == 0;

	if (s->depth >= DEPTH_MAX || (event && (s->depth != 1 || strcmp(s->open[0], "VCALENDAR") != 0)) ||
	    (s->depth == 0) != (strcmp(name, "VCALENDAR") == 0))
		return parse_fail(err, "Line %d opens a %.20s where none can be: it is no calendar", line, name);
	g_strlcpy(s->open[s->depth++], name, sizeof s->open[0]);
	s->ended = false;
	if (!event)
		return true;
	if (s->event_lines->len >= FEED_ROWS_MAX)
		return parse_fail(err, "It has more than %d events", FEED_ROWS_MAX);
	g_array_append_val(s->event_lines, line);
	return true;
}

static bool close_one(struct scan *s, const char *name, int line, GError **err)
{
	if (!s->depth || strcmp(s->open[s->depth - 1], name) != 0)
		return parse_fail(err, "Line %d closes a %.20s that is not open: the calendar is broken", line, name);
	s->ended = --s->depth == 0;
	return true;
}

/* More digits than libical can read become another number there: as many as it can say the same. */
static void bound_length(GString *line)
{
	gsize digits = 0;

	if (g_ascii_strncasecmp(line->str, "DURATION", 8) != 0)
		return;
	for (gsize i = 8; i < line->len; i++) {
		digits = g_ascii_isdigit(line->str[i]) ? digits + 1 : 0;
		if (digits > DIGITS_MAX) {
			g_string_assign(line, "DURATION:P999999999D");
			return;
		}
	}
}

/* Its BEGIN and END lines are checked and written plainly; all else goes as it is. */
static bool take_line(struct scan *s, GString *line, int no, GError **err)
{
	bool begin = g_ascii_strncasecmp(line->str, "BEGIN", 5) == 0,
	     end = g_ascii_strncasecmp(line->str, "END", 3) == 0;
	const char *rest = line->str + (begin ? 5 : 3);
	g_autofree char *name = NULL;

	if ((begin || end) && *rest == ':') {
		name = g_strstrip(g_ascii_strup(rest + 1, -1));
		if (strlen(name) >= sizeof s->open[0] ||
		    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789") != strlen(name))
			return parse_fail(err, "Line %d opens or closes something without a proper name", no);
		g_string_append_printf(s->text, "%s:%s\n", begin ? "BEGIN" : "END", name);
		return (begin ? open_one : close_one)(s, name, no, err);
	}
	if ((begin || end) && (*rest == ';' || *rest == '\0' || g_ascii_isspace(*rest)))
		return parse_fail(err, "Line %d is broken", no);
	bound_length(line);
	if (s->depth && line->len)
		g_string_append_printf(s->text, "%s\n", line->str);
	return true;
}

static bool scan(struct scan *s, const char *data, size_t len, GError **err)
{
	g_autoptr(GString) line = g_string_new(NULL);
	int no = 0, begun = 1;

	for (const char *at = data, *end = data + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop ? stop : end) - at);
		bool folded = no > 0 && (*at == ' ' || *at == '\t');

		no++;
		if (!folded) {
			if (!take_line(s, line, begun, err))
				return false;
			g_string_truncate(line, 0);
			begun = no;
		}
		for (size_t i = folded; i < n; i++)
			if (at[i] != '\r')
				g_string_append_c(line, at[i]);
		if (line->len > FEED_LINE_MAX)
			return parse_fail(err, "Line %d is longer than any event's could be", begun);
		at += n + (stop != NULL);
	}
	if (!take_line(s, line, begun, err))
		return false;
	return s->ended ||
	       parse_fail(err, "It is cut off: its end (END:VCALENDAR) is missing, so stays may be missing too");
}

/* ---- times ---- */

struct calendar {
	struct reservations *out;
	GHashTable *seen;
	const struct parse_context *ctx;
	const GArray *event_lines;
};

static struct civil civil_of(struct icaltimetype t)
{
	return (struct civil){ .year = t.year, .month = t.month, .day = t.day, .hour = t.hour, .minute = t.minute,
			       .second = t.second };
}

static const char *tzid_of(icalcomponent *event, icalproperty_kind kind)
{
	icalproperty *p = icalcomponent_get_first_property(event, kind);
	icalparameter *zone = p ? icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER) : NULL;

	return zone ? icalparameter_get_tzid(zone) : NULL;
}

/* False: its zone is not known. */
static bool resolve(const struct calendar *c, struct icaltimetype t, const char *tzid, int minutes, struct instant *out)
{
	struct civil civil = civil_of(t);
	const struct zone *zone = c->ctx->zone;

	if (t.is_date) {
		civil.hour = minutes / 60;
		civil.minute = minutes % 60;
		civil.second = 0;
		civil_resolve(zone, civil, out);
		return true;
	}
	if (icaltime_is_utc(t))
		zone = zone_get("UTC");
	else if (tzid && *tzid && zone_is_known(zone_get(tzid)))
		zone = zone_get(tzid);
	else if (tzid && t.zone) {
		*out = (struct instant){ (int64_t)icaltime_as_timet_with_zone(t, t.zone) * SECOND_MS };
		return true;
	} else if (tzid && *tzid)
		return false;
	civil_resolve(zone, civil, out);
	return true;
}

static bool is_sane(struct icaltimetype t)
{
	return !icaltime_is_null_time(t) && t.year >= 1970 && t.year <= 9999 && t.month >= 1 && t.month <= 12 &&
	       t.day >= 1 && t.day <= 31 && t.hour >= 0 && t.hour < 24 && t.minute >= 0 && t.minute < 60 &&
	       t.second >= 0 && t.second <= 60;
}

/* Of either kind, also one that libical has thrown out as no end. */
static bool has_end(icalcomponent *event)
{
	icalproperty *p;

	if (icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY) ||
	    icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY))
		return true;
	for (p = icalcomponent_get_first_property(event, ICAL_XLICERROR_PROPERTY); p;
	     p = icalcomponent_get_next_property(event, ICAL_XLICERROR_PROPERTY)) {
		const char *said = icalproperty_get_xlicerror(p);

		if (said && (strstr(said, "DTEND") || strstr(said, "DURATION")))
			return true;
	}
	return false;
}

/* In libical's own arithmetic such a length becomes another one. */
static bool is_endless(icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
	struct icaldurationtype d = p ? icalproperty_get_duration(p) : icaldurationtype_null_duration();
	int64_t hours = (int64_t)d.weeks * 168 + (int64_t)d.days * 24 + (int64_t)d.hours;

	return hours + (int64_t)d.minutes / 60 + (int64_t)d.seconds / 3600 > LENGTH_HOURS_MAX;
}

static const char *read_window(const struct calendar *c, icalcomponent *event, struct reservation *one)
{
	struct icaltimetype from = icalcomponent_get_dtstart(event), until = icalcomponent_get_dtend(event);
	const char *from_zone = tzid_of(event, ICAL_DTSTART_PROPERTY),
		   *until_zone = tzid_of(event, ICAL_DTEND_PROPERTY);

	if (!is_sane(from))
		return "It has no start (DTSTART) that can be read";
	if (is_endless(event))
		return "Its length (DURATION) is no stay's";
	/* A day without an end is that one night; and so is one that ends on the day it begins. */
	if (from.is_date && (!(is_sane(until) || has_end(event)) || icaltime_compare_date_only(from, until) == 0)) {
		until = from;
		icaltime_adjust(&until, 1, 0, 0, 0);
	}
	if (!is_sane(until))
		return "It has no end (DTEND) that can be read";
	if (!until_zone && !icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY))
		until_zone = from_zone;
	if (!resolve(c, from, from_zone, c->ctx->check_in, &one->starts_at) ||
	    !resolve(c, until, until_zone, c->ctx->check_out, &one->ends_at)) {
		g_autofree char *safe = text_fit(from_zone ? from_zone : until_zone, 40, CUT_END, true);

		return reservations_keepf(c->out, "Its time zone '%s' is not known", safe);
	}
	return NULL;
}

/* ---- events ---- */

/* Of what is not in order libical may give half a character, though the file was UTF-8. */
static const char *text_of(const struct calendar *c, icalcomponent *event, icalproperty_kind kind)
{
	icalproperty *p = icalcomponent_get_first_property(event, kind);
	icalvalue *v = p ? icalproperty_get_value(p) : NULL;
	const char *text = v && icalvalue_isa(v) == ICAL_TEXT_VALUE ? icalvalue_get_text(v) : NULL;
	g_autofree char *whole = text && !g_utf8_validate(text, -1, NULL) ? g_utf8_make_valid(text, -1) : NULL;

	return whole ? reservations_keep(c->out, whole) : text;
}

static void read_words(const struct calendar *c, icalcomponent *event, struct reservation *one)
{
	const char *description = text_of(c, event, ICAL_DESCRIPTION_PROPERTY);
	g_autofree char *guest = NULL, *named = dialect_guest(description), *phone = dialect_phone(description),
			*room = dialect_room(description),
			*place = parse_label(text_of(c, event, ICAL_LOCATION_PROPERTY));
	bool more = named || dialect_tells_of_a_guest(description);

	one->status = dialect_summary(text_of(c, event, ICAL_SUMMARY_PROPERTY), more, &guest);
	if (one->status == RESERVATION_CONFIRMED && !guest)
		guest = g_steal_pointer(&named);
	one->guest = reservations_keep(c->out, guest);
	one->phone = reservations_keep(c->out, phone);
	one->door = reservations_keep(c->out, room ? room : place);
}

static const char *read_status(icalcomponent *event, struct reservation *one)
{
	enum icalproperty_status status = icalcomponent_get_status(event);

	if (status == ICAL_STATUS_CANCELLED)
		one->status = RESERVATION_CANCELLED;
	return status == ICAL_STATUS_TENTATIVE ? "It is not settled yet: STATUS:TENTATIVE" : NULL;
}

static void take_event(const struct calendar *c, icalcomponent *event, int line)
{
	g_autofree char *uid = parse_label(text_of(c, event, ICAL_UID_PROPERTY));
	struct reservation one = {
		.line = line,
		.key = uid ? reservations_keep(c->out, uid) : reservations_keepf(c->out, "line %d", line),
		.starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE,
	};

	read_words(c, event, &one);
	one.refused = uid ? read_status(event, &one) : "It has no UID, by which it could be known again";
	if (!one.refused && icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY))
		one.refused = "It moves one time of an event that repeats: that is not followed";
	if (!one.refused)
		one.refused = read_window(c, event, &one);
	if (icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY))
		one.note = "It repeats in the calendar: only the first time is taken";
	reservations_add(c->out, c->seen, &one);
}

/* One calendar, or several one after the other. */
static void take_all(const struct calendar *c, icalcomponent *root, guint *n)
{
	icalcomponent *inner;

	for (inner = icalcomponent_get_first_component(root, ICAL_ANY_COMPONENT); inner;
	     inner = icalcomponent_get_next_component(root, ICAL_ANY_COMPONENT)) {
		if (icalcomponent_isa(inner) == ICAL_VCALENDAR_COMPONENT)
			take_all(c, inner, n);
		if (icalcomponent_isa(inner) != ICAL_VEVENT_COMPONENT)
			continue;
		take_event(c, inner, *n < c->event_lines->len ? g_array_index(c->event_lines, int, *n) : 0);
		(*n)++;
	}
}

struct reservations *ical_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err)
{
	g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int));
	g_autoptr(GHashTable) seen = reservations_seen_new();
	OWN(reservations) struct reservations *out = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	struct scan s = { .event_lines = lines, .text = text };
	icalcomponent *root;
	guint n = 0;

	if (!scan(&s, data, len, err))
		return NULL;
	icalerror_set_errors_are_fatal(0);
	root = icalparser_parse_string(text->str);
	if (!root) {
		parse_fail(err, "It is no calendar that can be read");
		return NULL;
	}
	out = reservations_new();
	take_all(&(struct calendar){ out, seen, ctx, lines }, root, &n);
	icalcomponent_free(root);
	icalmemory_free_ring();
	if (n != lines->len) {
		parse_fail(err, "Of its %u events only %u could be read: the calendar is broken", lines->len, n);
		return NULL;
	}
	return g_steal_pointer(&out);
}

bool feed_knows_ical(void)
{
	return true;
}

#else

struct reservations *ical_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err)
{
	(void)data;
	(void)len;
	(void)ctx;
	parse_fail(err, "It is a calendar, and this keyrack was built without iCalendar (libical)");
	return NULL;
}

bool feed_knows_ical(void)
{
	return false;
}
#endif
