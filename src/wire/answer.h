/* answer - from status, headers and body to an outcome and a sentence for people. Pure. */
#ifndef KEYRACK_WIRE_ANSWER_H
#define KEYRACK_WIRE_ANSWER_H

#include "wire/client.h"
#include "wire/reply.h"

struct verdict {
	struct wire_answer answer; /* borrows from here and from the reply */
	json_t *body;
	char *message;
};

void verdict_init(struct verdict *v, const struct reply *reply);
void verdict_done(struct verdict *v);

/* How long to wait before a read is tried again; -1: it is not. tries: made so far, this one
 * included. jitter: 0 up to 1. */
int64_t retry_delay_ms(int tries, const struct wire_answer *answer, bool too_large, double jitter);

/* Milliseconds of a Retry-After header (seconds, or a date as seen from now); 0: it says nothing.
 * Never more than a day. */
int64_t retry_after_parse(const char *text, struct instant now);

/* Parses an answer's body. Where it is no JSON only because of text that a server cut in the
 * middle of a character, or a number too large for us, it is repaired and parsed again: one
 * bad name must not keep a whole page away. NULL: no JSON at all. */
json_t *answer_parse(const char *body, size_t len);

#endif
