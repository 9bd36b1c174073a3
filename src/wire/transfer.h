/* transfer - one attempt of one request: its libcurl handle, what has been received so far, and
 * whether the request may have left. */
#ifndef KEYRACK_WIRE_TRANSFER_H
#define KEYRACK_WIRE_TRANSFER_H

#include <curl/curl.h>
#include <glib.h>

#include "wire/client.h"
#include "wire/endpoint.h"
#include "wire/reply.h"

/* What all attempts of a client have in common. */
struct transfer_config {
	struct endpoint endpoint;
	char *api_key;
	char *ca_file;
	struct curl_slist *headers;
	int connect_timeout_ms, timeout_ms;
	size_t answer_bytes_max;
};

struct transfer;

/* body is borrowed until the free. owner is what transfer_owner gives back. silent (ctx owner) is
 * called from the main context when a read has received nothing for timeout_ms. */
struct transfer *transfer_new(const struct transfer_config *config, enum wire_kind kind,
			      const char *path, const char *body, GMainContext *context,
			      void (*silent)(void *owner), void *owner);
void transfer_free(struct transfer *t);

/* One header more, before it begins; NULL: none. */
void transfer_say(struct transfer *t, const char *header);
CURL *transfer_easy(struct transfer *t);
void *transfer_owner(CURL *easy);

/* How it went, once it has ended: silent is not called any more. Borrows from t and config. */
void transfer_reply(struct transfer *t, CURLcode result, struct reply *out);

#endif
