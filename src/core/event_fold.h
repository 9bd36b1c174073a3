/* event_fold - events of one lock that are one thing to a person: entries refused in a row, the same
 * once more. Pure. */
#ifndef KEYRACK_CORE_EVENT_FOLD_H
#define KEYRACK_CORE_EVENT_FOLD_H

#include "core/vocab.h"

#define FOLD_BURST	3               /* entries refused ... */
#define FOLD_BURST_MS	(2 * MINUTE_MS) /* ... within this are a burst */
#define FOLD_REPEAT_MS	(10 * MINUTE_MS)

struct fold_event {
	struct instant at;
	int64_t lock_no, code_no;
	enum event_kind kind;
	const char *type;
};
struct fold {
	size_t head;     /* the newest of those it is folded with; its own index where alone */
	int count;       /* of the head: how many there are */
	int64_t span_ms; /* of the head: from the first to the last */
};

/* Newest first, in and out. repeats: also others that repeat. */
void event_fold(const struct fold_event *e, size_t n, bool repeats, struct fold *out);

#endif
