/* server - Seam's API over an engine: a request in, an answer out. No sockets here (see http.h).
 *
 * A request goes through auth, its route's row, its parameters' rows and one handler; a refusal on
 * the way is an answer too. Everything is plain values, so tests, fuzzers and benches call
 * server_handle as http.c does. What Seam's API does not have lies under /keyrackd/. */
#ifndef KEYRACK_SERVER_SERVER_H
#define KEYRACK_SERVER_SERVER_H

#include "engine/engine.h"

struct server;
struct server_options {
	const char *workspace_id, *workspace_name;
	const char *version;           /* of keyrackd, for /health, /metrics and the workspace */
	struct driver *simulated;      /* NULL: real locks, and no simulate endpoint is there */
	bool sandbox;                  /* is_sandbox of the workspace */
};
/* Borrows all three; one thread, the default main context. */
struct server *server_new(struct engine *engine, struct store *store, struct clock *clock,
			  const struct server_options *opt, GError **err);
/* Requests that wait are answered 503 first. */
void server_free(struct server *s);
DEFINE_OWN(struct server, server, server_free)

/* One request. Everything is borrowed for the call of server_handle. */
struct http_request {
	const char *method;            /* "POST" */
	const char *path;              /* "/access_codes/create": no query, not decoded */
	const char *query;             /* what stood behind '?', not decoded; NULL */
	const char *content_type;      /* NULL */
	const char *authorization;     /* NULL */
	const char *client_session;    /* seam-client-session-token or client-session-token; NULL */
	const char *workspace;         /* seam-workspace; NULL */
	const char *host;              /* as the client calls us, for next_page_url; NULL */
	bool tls;                      /* the same: https */
	const char *body;              /* not terminated */
	size_t body_len;
	const char *peer;              /* address, or "unix": whose guesses at keys are counted */
	const char *user;              /* of the machine, as the kernel says: "1000 anna"; NULL: over a network */
	const char *operator_name;     /* keyrack-operator: who at the desk wants it, percent-encoded; NULL */
};

struct http_reply {
	int status;
	const char *content_type;
	const char *request_id;        /* seam-request-id, on every answer */
	const char *allow;             /* 405: the methods; NULL */
	int retry_after_s;             /* 0: none */
	struct instant date;           /* by the engine's clock, which may be a simulated one */
	const char *live;              /* path of the live call: header keyrackd-live; NULL */
	const char *body;
	size_t body_len;
	GBytes *bytes;                 /* the body again: who needs it longer takes a reference */
};
/* Called exactly once for each request; the reply is borrowed for the call. */
typedef void http_reply_fn(const struct http_reply *r, void *ctx);

struct call;
/* NULL: answered before it returned. Else the call waits (the live path), and is answered later
 * unless it is cancelled first. */
struct call *server_handle(struct server *s, const struct http_request *rq, http_reply_fn *reply,
			   void *ctx);
/* Whoever asked has gone: no reply will be called. */
void server_cancel(struct call *call);
/* What to answer to whom is turned away before a request is whole: 413, 431, 503, 400. */
void server_turn_away(struct server *s, int status, http_reply_fn *reply, void *ctx);

/* SIGTERM: calls that wait are answered at once, and from now on each new one too. */
void server_drain(struct server *s);
/* Is nothing on its way that somebody should be told of before the end? (webhooks under way) */
bool server_quiet(const struct server *s);

#endif
