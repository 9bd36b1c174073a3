/* event_filter - what is looked for among the events, as a person types it.
 *
 *   lock:204 code:berg kind:denied since:yesterday until:fri !offline
 *
 * Words stand beside each other and all must fit; '!' before one turns it round; "..." holds blanks
 * together. A word without a field fits a lock's name, a person's, or what happened ("offline").
 * Pure: the time is a parameter. Used by the events screen and keyrack events --find. */
#ifndef KEYRACK_CORE_EVENT_FILTER_H
#define KEYRACK_CORE_EVENT_FILTER_H

#include "core/error.h"
#include "core/event.h"
#include "core/own.h"
#include "core/vocab.h"
#include "core/zone.h"

enum filter_field {
	FILTER_WORD,
	FILTER_LOCK,
	FILTER_CODE,  /* whose code it was, by name */
	FILTER_KIND,
	FILTER_WHAT,  /* the event's own words */
	FILTER_HOW,   /* keypad, by hand ... */
	FILTER_SINCE,
	FILTER_UNTIL,
	FILTER_FIELD_COUNT,
};

struct filter_term {
	enum filter_field field;
	bool turned;        /* with '!' */
	size_t from, until; /* the bytes of the line that it stands in */
	char *folded;       /* what is looked for; "" of the last three */
	char *respelled;    /* the same as others spell it */
	unsigned kinds;     /* bits 1 << enum event_kind, of FILTER_KIND */
	struct instant at;  /* of FILTER_SINCE, FILTER_UNTIL */
	char *wrong;        /* why it is not understood; NULL: it is */
};
struct event_filter {
	GArray *terms;      /* of struct filter_term */
	unsigned kinds;     /* all that 'kind:' leaves; 0: any */
	struct instant from, until; /* the narrowest; NONE: open */
	const char *wrong;  /* of the first term that is not understood; NULL */
};

/* Never NULL; a term that is not understood is in it, and fits everything. zone: of the property. */
struct event_filter *event_filter_parse(const char *line, const struct zone *zone, struct instant now);
void event_filter_free(struct event_filter *f);
DEFINE_OWN(struct event_filter, event_filter, event_filter_free)

/* What is known of an event, as far as a filter asks. lock and who are folded; NULL: none. */
struct filter_facts {
	const char *type, *method;
	enum event_kind kind;
	const char *lock, *who;
};
/* Of one term; times and kinds are for who reads the events to keep to, and fit here. */
bool filter_term_fits(const struct filter_term *t, const struct filter_facts *f);

/* "denied", "code-good": as typed after kind: and --kind. Static. */
const char *event_kind_name(enum event_kind k);
/* "unlock,denied", and what several are together: "doors", "codes", "trouble". 0 with err. */
unsigned event_kinds_named(const char *text, GError **err);

/* A typed time that is meant of what has happened: "fri" is the last one, "3h" is three hours ago, and
 * the end of a day without an hour is its midnight. */
bool when_past(const char *text, const struct zone *zone, struct instant now, bool is_end, struct instant *out,
	       GError **err);

#endif
