/* receiver - where a webhook's events arrive, in the test's own main context.
 *
 * What it answers is a list: one entry for each request, the last one for ever. Numbers are HTTP
 * statuses; the rest is what receivers do that are not well. */
#ifndef KEYRACK_TESTS_SERVER_RECEIVER_H
#define KEYRACK_TESTS_SERVER_RECEIVER_H

#include "tests/server/rig.h"

enum receiver_way {
	RECEIVER_SILENT = -1,   /* reads, and says nothing */
	RECEIVER_CLOSE = -2,    /* reads, and closes without an answer */
	RECEIVER_ENDLESS = -3,  /* 200, and a body that does not end */
	RECEIVER_CUT = -4,      /* 200, and closes in the middle of the body */
	RECEIVER_REDIRECT = -5, /* 302 to /elsewhere of its own */
};

struct received {
	char *head, *body;
};

struct receiver;
struct receiver *receiver_new(void); /* answers 200 */
void receiver_free(struct receiver *rc);
DEFINE_OWN(struct receiver, receiver, receiver_free)
const char *receiver_url(const struct receiver *rc);
void receiver_answers(struct receiver *rc, const int *ways, size_t n);
#define receiver_says(rc, ...)                                                                     \
	receiver_answers(rc, (const int[]){ __VA_ARGS__ },                                         \
			 sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))
/* Nobody listens there; and again, at the same port. */
void receiver_shut(struct receiver *rc);
void receiver_open(struct receiver *rc);

int receiver_count(const struct receiver *rc);
const struct received *receiver_got(const struct receiver *rc, int i); /* fails where it is not */
char *receiver_header(const struct receiver *rc, int i, const char *name); /* NULL: not there */
/* Member of the event's body. */
const char *receiver_text(const struct receiver *rc, struct rig *r, int i, const char *path);

/* An event: the lock that was 'Door' is called 'Door N' from now on. */
void rename_to(struct rig *r, int n);

/* Lets the loop run until there are so many; fails the test after a minute. */
void receiver_await(struct receiver *rc, int n);
/* Lets the loop run until nothing is on its way and nothing more is begun. */
void loop_quiet(struct rig *r);

#endif
