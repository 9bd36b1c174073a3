/* http - libmicrohttpd in the GLib main loop, in front of a server. The only file that includes it
 * is http*.c.
 *
 * Keep-alive, limits (bytes of a body and of headers, connections, connections of one address,
 * seconds of silence), TLS. A body that has come whole is handed to server_handle; a call that
 * waits suspends its connection and is cancelled when the client goes. */
#ifndef KEYRACK_SERVER_HTTP_H
#define KEYRACK_SERVER_HTTP_H

#include "server/server.h"

struct http;
struct http_options {
	const char *listen;             /* "unix:PATH" (mode 0660) or "HOST:PORT", PORT 0: any free */
	const char *tls_cert, *tls_key; /* PEM files; needed where HOST is not loopback */
	size_t body_bytes_max;          /* 0: 1 MiB */
	unsigned connections_max;       /* 0: 1,000 */
	unsigned per_address_max;       /* 0: 200; not for unix: */
	unsigned silence_s_max;         /* 0: 60; a call that waits does not count */
};
/* CONFIG: what is asked for is not allowed or makes no sense; IO: the address is in use, the path
 * cannot be made. A socket left behind by a kill is taken over; one that answers is IO. */
struct http *http_new(struct server *s, const struct http_options *opt, GError **err);
/* As clients write it: "http://127.0.0.1:7171", "https://…", "unix:/run/keyrackd.sock". */
const char *http_endpoint(const struct http *h);
/* New connections are refused; what is under way goes on. */
void http_stop_listening(struct http *h);
bool http_idle(const struct http *h); /* no request under way */
void http_free(struct http *h);
DEFINE_OWN(struct http, http, http_free)

/* For /metrics. */
struct http_counts {
	uint64_t requests, connections_now, turned_away;
};
struct http_counts http_counts(const struct http *h);

#endif
