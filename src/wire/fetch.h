/* fetch - a file from an address that is not the API's: a calendar, a list.
 *
 * The address may hold a secret: it goes to libcurl and nowhere else, no sentence and no log has more of
 * it than the host. What comes is bounded in bytes, also unpacked, and in time. */
#ifndef KEYRACK_WIRE_FETCH_H
#define KEYRACK_WIRE_FETCH_H

#include <glib.h>
#include <stdbool.h>

struct fetch_request {
	const char *url;
	const char *etag, *last_modified; /* of what is there already; NULL */
	size_t bytes_max;
	int deadline_ms;                  /* for all of it; 0: a minute */
};
struct fetch_answer {
	bool same;           /* it has not changed since */
	const char *body;    /* NULL: trouble, or same */
	size_t len;
	const char *etag, *last_modified;
	const char *trouble; /* a sentence; NULL: all is well */
};
typedef void fetch_done(const struct fetch_answer *a, void *ctx);

struct fetcher;
struct fetcher *fetcher_new(GMainContext *context);
/* What is under way ends without a call of done. */
void fetcher_free(struct fetcher *f);
/* Calls done once, from the main loop. */
void fetcher_get(struct fetcher *f, const struct fetch_request *request, fetch_done *done, void *ctx);

#endif
