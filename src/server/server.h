/* server - keyrackd's HTTP side: Seam's API over an engine.
 *
 * libmicrohttpd with its epoll descriptor in the GLib main loop. Routes are rows (path, methods,
 * role, parameters, handler); parameters are rows too, so that every validation error comes out in
 * the documented tree. Extensions of ours lie under /keyrackd/. */
#ifndef KEYRACK_SERVER_SERVER_H
#define KEYRACK_SERVER_SERVER_H

#include "engine/engine.h"

struct server;
struct server_options {
	const char *listen;            /* "unix:PATH" (0660) or "HOST:PORT" */
	const char *tls_cert, *tls_key;/* needed for a HOST that is not loopback */
	struct driver *simulated;      /* NULL: no simulate endpoints */
	const char *version;
	size_t body_bytes_max;         /* 0: 1 MiB */
	int connections_max;           /* 0: 1,000 */
};
struct server *server_new(struct engine *engine, struct store *store, struct clock *clock,
			  const struct server_options *opt, GError **err);
/* The port or path that it listens on, as an endpoint for clients. */
const char *server_endpoint(const struct server *s);
void server_free(struct server *s);

/* Webhooks (server/webhook.h) are sent by libcurl from the same loop, signed by the Svix scheme. */

#endif
