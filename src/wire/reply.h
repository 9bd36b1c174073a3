/* reply - what the transport brought back, before anybody has judged it.
 *
 * Plain values, so that the judging (answer.h) needs no network to be tested. */
#ifndef KEYRACK_WIRE_REPLY_H
#define KEYRACK_WIRE_REPLY_H

#include "core/instant.h"

enum reply_end {
	REPLY_WHOLE,     /* a status and a body, complete by HTTP's own rules */
	REPLY_UNSENT,    /* not a byte of the request's body was handed over */
	REPLY_LOST,      /* handed over, and then no complete answer */
	REPLY_CANCELLED,
};

struct reply {
	enum reply_end end;
	bool untrusted;      /* UNSENT: the other side's certificate did not convince */
	bool too_large;      /* LOST: longer than answer_bytes_max */
	const char *trouble; /* a sentence for people unless WHOLE */
	int status;          /* 0: none came */
	const char *location, *retry_after, *date, *request_id, *live; /* headers; NULL */
	const char *body;
	size_t body_len;
	const char *host;    /* asked, for messages */
	const char *api_key; /* to be struck out of messages; NULL */
	struct instant now;
	int64_t took_ms;
};

#endif
