/* could - could this code have opened its door at a moment that has passed?
 *
 * What was declared, what the lock is known to have held, and who came in are three things, and of each
 * only what was written down is known. Pure: judged from facts, and where they do not say, neither does
 * this. */
#ifndef KEYRACK_CORE_COULD_H
#define KEYRACK_CORE_COULD_H

#include "core/access_code.h"
#include "core/event.h"
#include "core/zone.h"

#define COULD_AROUND_MS (30 * MINUTE_MS) /* a use so near the moment is told beside it */

enum could_trace {
	TRACE_NONE,
	TRACE_SET,         /* on the lock, or stored in it */
	TRACE_NOT_SET,
	TRACE_REMOVED,
	TRACE_DELETED,     /* at the server */
	TRACE_TIMES,       /* its window was changed */
	TRACE_CHANGED,     /* something was, it is not said what */
	TRACE_USED,
	TRACE_USED_PERHAPS, /* by a conclusion */
};
struct could_event {
	enum could_trace what;
	struct instant at;
};
/* Of an event's type; TRACE_NONE: says nothing of this. unlock: what one counts as. */
enum could_trace could_trace_of(const char *event_type, enum attribution how);

/* As it was before a change that was seen here at 'until'. */
struct could_version {
	struct instant until, gone_at; /* gone_at: it was deleted then, and came back at 'until' */
	struct instant starts_at, ends_at;
};
/* What this desk asked for and got. */
struct could_told {
	struct instant at, starts_at, ends_at;
};
struct could_facts {
	struct access_code code;      /* as it is now; no PIN */
	struct instant deleted_at, first_seen; /* by this cache */
	const struct could_version *was; /* oldest first, as the others */
	size_t n_was;
	const struct could_told *told;
	size_t n_told;
	const struct could_event *event;
	size_t n_events;
	bool native;                  /* the lock keeps the window itself */
	struct instant offline_from;  /* at that moment it had been away since then; NONE */
	struct instant early_from;    /* from when it opens although its window has not begun; NONE */
};

enum could_verdict { COULD_YES, COULD_UNSURE, COULD_NO, COULD_VERDICT_COUNT };
enum could_reason {
	COULD_USED,          /* at: the use that proves it */
	COULD_SET,           /* at: since when it was on the lock */
	COULD_SAID_SET,      /* the server says so, nothing says since when */
	COULD_COMPUTED,
	COULD_UNMANAGED,
	COULD_EARLY,         /* at: from when; other: its start */
	COULD_USED_AFTER,    /* at: the use; other: its end */
	COULD_TIMES_CHANGED, /* at: when, and what they were is not known */
	COULD_NOT_SEEN_YET,  /* at: first seen here */
	COULD_REMOVAL_LATE,  /* other: its end or deletion; at: removed only then */
	COULD_STILL_THERE,   /* other: its end */
	COULD_USED_PERHAPS,  /* at */
	COULD_OFFLINE,       /* at: since when */
	COULD_NO_TRACE,
	COULD_NO_REVOKING,   /* an offline code that was deleted */
	COULD_MADE_LATER,    /* at, as in all of these */
	COULD_DELETED,
	COULD_USED_UP,
	COULD_NOT_BEGUN,
	COULD_ENDED,
	COULD_REMOVED,
	COULD_SET_LATER,
	COULD_NOT_SET,
	COULD_REASON_COUNT,
};
struct could {
	enum could_verdict verdict;
	enum could_reason reason;
	struct instant at, other;
	bool times_known;
	struct instant starts_at, ends_at; /* the window then */
	struct instant used_at;            /* the use nearest to the moment, around it; NONE */
	bool used_perhaps;                 /* that one is a conclusion */
};
struct could could_judge(const struct could_facts *f, struct instant t);

const char *could_verdict_words(enum could_verdict v); /* "would have opened" */
/* The reason as a sentence without its full stop. Newly allocated. */
char *could_words(const struct could *c, const struct zone *z, struct instant t);
/* "Fri 15:00 to Mon 11:00", "ongoing", "times not known". Newly allocated. */
char *could_window(const struct could *c, const struct zone *z);

#endif
