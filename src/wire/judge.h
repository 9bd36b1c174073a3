/* judge - parses long answers beside the main loop, on a thread of its own, one after the other: while a page of a
 * list is read, the page before it is being stored.
 *
 * All of it is called from the main context alone; what is handed over is not touched until it comes back. */
#ifndef KEYRACK_WIRE_JUDGE_H
#define KEYRACK_WIRE_JUDGE_H

#include "wire/answer.h"
#include "wire/transfer.h"

/* From this many bytes on handing an answer over costs less than it spares. */
#define JUDGE_BYTES ((size_t)64 << 10)

struct hearing {
	void *owner;               /* NULL: nobody waits for it any more */
	struct transfer *transfer; /* that reply borrows from */
	struct reply reply;
	struct verdict verdict;
	bool heard;
};

struct judge;

/* ended gets each hearing in turn, and ends it: with judge_forget, or, once it has freed the judge, hearing_free. */
struct judge *judge_new(GMainContext *context, void (*ended)(struct hearing *h, void *ctx), void *ctx);
/* Waits for what is being parsed; what has not ended is forgotten without a word. */
void judge_free(struct judge *j);

struct hearing *judge_hear(struct judge *j, void *owner, struct transfer *transfer, const struct reply *reply);
/* Frees it; the tree too is freed beside the main loop, it is half as dear as the parsing. */
void judge_forget(struct judge *j, struct hearing *h);
void hearing_free(struct hearing *h);

#endif
