/* client - calls to a server of Seam's API, in the GLib main loop.
 *
 * Every call is a POST with a JSON body (each endpoint takes it) to endpoint + path. libcurl's
 * multi interface does the transport: http://, https://, unix:/path; keep-alive, HTTP/2 where it
 * is offered, compressed answers. TLS is always verified. Nothing here blocks, nothing here
 * touches the cache. */
#ifndef KEYRACK_WIRE_CLIENT_H
#define KEYRACK_WIRE_CLIENT_H

#include <jansson.h>

#include "core/error.h"
#include "core/instant.h"

struct wire_client;

struct wire_config {
	const char *endpoint;
	const char *api_key;      /* copied, wiped at free */
	const char *workspace;    /* seam-workspace header; NULL: none */
	const char *ca_file;      /* NULL: the system's */
	int connect_timeout_ms;   /* 0: 10,000 */
	int timeout_ms;           /* 0: 30,000, as the official clients. For a change from beginning
				     to end; for a read of silence (in all, 20 times that) */
	int parallel;             /* requests under way at once, calls that wait not counted; 0: 4 */
	size_t answer_bytes_max;  /* 0: 64 MiB */
};

/* What came of a call, by what may be done next. */
enum wire_outcome {
	WIRE_OK,        /* 2xx with a JSON object */
	WIRE_REFUSED,   /* 4xx with a reason: final, do not repeat unchanged */
	WIRE_LIMITED,   /* 429: not carried out; wait retry_after_ms */
	WIRE_UNSENT,    /* it never reached the server (name, connect, TLS): may be repeated */
	WIRE_LOST,      /* it may have been carried out: time-out, reset, 5xx, an answer that is no
			   JSON. A read may be repeated; a change must be settled by reading back */
	WIRE_CANCELLED,
};

struct wire_answer {
	enum wire_outcome outcome;
	int status;               /* HTTP; 0 when there was none */
	json_t *body;             /* borrowed; NULL unless a JSON object came */
	const char *error_type;   /* "invalid_input"; NULL */
	const char *message;      /* for people, never NULL unless WIRE_OK; no key, no stack, no
				     PIN: 4 to 12 digits are shown as "••••", see wire/mask.h */
	json_t *validation_errors;/* borrowed tree, NULL */
	const char *request_id;   /* seam-request-id; NULL */
	int64_t retry_after_ms;   /* 0: not said */
	int64_t took_ms;
	struct instant server_date; /* the Date header; NONE */
	int64_t bytes;            /* of body, decompressed */
	bool auth;                /* 401: the key is wrong */
	bool tls;                 /* UNSENT because the other side is not trusted */
	const char *live;         /* path at this server of a call that waits for events; NULL */
};

/* 404 without the API's envelope: there is no such address, or somebody else answers in the server's place. With it,
 * the object is not there. Of an address that each server has it says nothing about any object. */
static inline bool wire_no_route(const struct wire_answer *answer)
{
	return answer->status == 404 && !answer->error_type;
}

typedef void wire_done(const struct wire_answer *answer, void *ctx);

struct wire_client *wire_client_new(const struct wire_config *config, GError **err);
/* Calls under way are answered WIRE_CANCELLED first. NULL is fine, and so is a call from within
 * any callback. */
void wire_client_free(struct wire_client *client);

enum wire_kind {
	WIRE_READ,   /* get, list: retried at most twice by the client itself, after 200 ms and
			400 ms plus jitter, or Retry-After when longer (a rest of more than
			10 s is answered at once, for the caller to keep); on UNSENT,
			LOST, LIMITED */
	WIRE_CHANGE, /* sent once, whatever happens */
	WIRE_WAIT,   /* a read that the server answers when it has something to say: silence for
			WIRE_WAIT_MS more than timeout_ms is fine. Sent once, and beside the others:
			it takes no turn from them */
};

#define WIRE_WAIT_MS 30000 /* no call asks a server to wait longer */

/* Queues POST path with params (borrowed; NULL: {}). done is called exactly once, from the main
 * loop, never from within wire_call. Returns a number for wire_cancel, never 0. Changes go before
 * reads that wait. */
unsigned wire_call(struct wire_client *client, enum wire_kind kind, const char *path,
		   const json_t *params, wire_done *done, void *ctx);
/* Says, with a call that has just been queued, for whom it is: 'keyrack-operator', which keyrackd writes into its
 * audit. Not to be said to anybody else: it is the name of a person. NULL: nobody. */
void wire_call_for(struct wire_client *client, unsigned call, const char *operator_name);
/* Answers it WIRE_CANCELLED before returning; ctx may be freed after that. A change that was under
 * way may have been carried out. A number that has been answered is fine. */
void wire_cancel(struct wire_client *client, unsigned call);

/* Walks a list endpoint page by page: page is called for each with the array under key, then done
 * once with the last answer (or the first that failed). Other params are repeated unchanged, the
 * cursor comes from pagination.next_page_cursor; a repeated cursor or a missing pagination
 * object ends the walk. An answer without the array ends it as WIRE_LOST: it is no empty list. */
typedef void wire_page(json_t *array, const struct wire_answer *answer, void *ctx);
unsigned wire_walk(struct wire_client *client, const char *path, const json_t *params,
		   const char *key, wire_page *page, wire_done *done, void *ctx);

/* The text of a validation tree for a parameter: "Required", NULL when there is none. First
 * message only; param NULL: the root's own. Borrowed from the tree. */
const char *wire_validation_text(const json_t *tree, const char *param);

/* The outcome as an error for people. */
void wire_answer_to_error(const struct wire_answer *answer, GError **err);

struct wire_stats {
	int64_t requests, bytes, retries;
	int waiting, under_way;
};
struct wire_stats wire_client_stats(const struct wire_client *client);

#endif
