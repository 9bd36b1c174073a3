/* server - an HTTP server for tests that answers byte for byte what its script says.
 *
 * It runs in the main context of the test itself, so nothing is concurrent and nothing sleeps. The
 * steps of the script are used up in order, one for each complete request (or connection, for
 * those that do not wait for a request); the last one goes on for ever. */
#ifndef KEYRACK_TESTS_WIRE_SERVER_H
#define KEYRACK_TESTS_WIRE_SERVER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum step_kind {
	STEP_SAY,          /* bytes, then wait for the next request */
	STEP_SAY_CLOSE,    /* bytes, then an orderly end */
	STEP_SAY_RESET,    /* bytes, then a reset of the connection */
	STEP_SILENT,       /* nothing, ever */
	STEP_DRIP,         /* bytes, one by one, a few milliseconds apart */
	STEP_ENDLESS,      /* bytes, and then filling for as long as anybody reads */
	STEP_HOLD,         /* bytes, once server_release is called */
	STEP_RESET_UNREAD, /* on connecting: a reset, not a byte read */
};

struct step {
	enum step_kind kind;
	const char *bytes; /* the whole answer, head and all */
	size_t len;        /* 0: to the NUL */
};

struct server;

/* unix_path NULL: a free port of 127.0.0.1. The steps are borrowed. */
struct server *server_new(const struct step *steps, size_t n, const char *unix_path);
void server_free(struct server *s);

const char *server_endpoint(const struct server *s);
int server_connections(const struct server *s);
int server_requests(const struct server *s);              /* complete ones */
const char *server_request(const struct server *s, int i); /* "POST /path HTTP/1.1\r\n...body" */
int server_holding(const struct server *s);
void server_release(struct server *s);

/* "HTTP/1.1 STATUS x", headers (each ended by \r\n; NULL: none), Content-Length, body. Free with
 * g_free. */
char *http_answer(int status, const char *headers, const char *body);

#endif
