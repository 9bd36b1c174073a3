/* http_inside - what the http*.c share: a daemon of libmicrohttpd as a GSource, its connections and
 * their requests. */
#ifndef KEYRACK_SERVER_HTTP_INSIDE_H
#define KEYRACK_SERVER_HTTP_INSIDE_H

#include <gio/gio.h>
#include <microhttpd.h>

#include "core/error.h"
#include "server/http.h"

#define HEADERS_MAX   (32 * 1024)
#define POOL_BYTES    (64 * 1024) /* of a connection: headers, and what is read at once */
#define CONNECTIONS_SPARE 64      /* these are told 503; what comes beyond waits to be accepted */
/* A body that is too large is read and dropped up to so many times what is taken, for a client that
 * only listens when it has said all. */
#define DROP_TIMES    16

/* ---- http_listen.c ---- */
struct listener {
	int fd;
	char *endpoint;
	char *path;             /* of a unix socket; NULL */
	guint64 device, inode;  /* of path: what another has put there is left alone */
	bool tls, local;        /* local: unix: */
	char *cert, *key;       /* PEM; NULL */
};
bool listener_open(struct listener *l, const struct http_options *opt, GError **err);
void listener_unlink(struct listener *l); /* the path, if it is still ours */
void listener_close(struct listener *l);

/* ---- http.c ---- */
struct http {
	struct server *server;
	struct MHD_Daemon *mhd;
	GSource *source;
	struct listener listener;
	size_t body_bytes_max;
	unsigned connections_max, per_address_max;
	GHashTable *peers;      /* address -> how many connections, GUINT_TO_POINTER */
	GHashTable *waiting;    /* set of struct request */
	struct http_counts counts;
	unsigned under_way;     /* requests */
	bool stopping;          /* each answer ends its connection */
};

/* ---- http_request.c ---- */
struct connection {
	char *peer;
	char *user;             /* over a unix socket: "1000 anna"; NULL */
	bool away;              /* one too many: it is told so */
};
void connection_noted(void *http, struct MHD_Connection *c, void **socket_context,
		      enum MHD_ConnectionNotificationCode code);
void *request_begun(void *http, const char *uri, struct MHD_Connection *c);
enum MHD_Result request_moved(void *http, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *data_len, void **request);
void request_ended(void *http, struct MHD_Connection *c, void **request,
		   enum MHD_RequestTerminationCode code);
void requests_cancel(struct http *h); /* those that wait */

#endif
