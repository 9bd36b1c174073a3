/* http_request - one request from its first line to the end of its answer, as libmicrohttpd tells
 * it; and the connections that they come over. */
#include "config.h"

#include "core/zone.h"
#include "server/http_inside.h"

#include <glib-unix.h>
#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>

struct request {
	struct http *http;
	struct MHD_Connection *connection;
	char *path, *query;      /* as they came */
	GByteArray *body;
	size_t dropped;          /* of a body that is too large */
	int away;                /* the status it is turned away with; 0 */
	bool headers_seen, begun;
	/* while it waits */
	struct call *call;
	GSource *gone;           /* its client goes */
	/* what it was answered with, until it can be queued */
	struct MHD_Response *response;
	unsigned status;
};

/* ---- connections ---- */

/* "unix" opens doors (ROUTE_OPEN_UNIX): nobody else is ever called so. */
static char *peer_of(const struct http *h, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	g_autoptr(GSocketAddress) at = NULL;

	if (h->listener.local)
		return g_strdup("unix");
	if (info && info->client_addr)
		at = g_socket_address_new_from_native(info->client_addr,
						      sizeof(struct sockaddr_storage));
	if (!at || !G_IS_INET_SOCKET_ADDRESS(at))
		return g_strdup("unknown");
	return g_inet_address_to_string(
		g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(at)));
}

/* Who it is, by the kernel's word. The name is looked up once a user: that may read files. */
static char *user_of(struct MHD_Connection *c)
{
	static GHashTable *known; /* uid -> "1000 anna"; as many as this machine has users */
#ifdef SO_PEERCRED
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct ucred who;
	socklen_t len = sizeof who;
	const struct passwd *row;
	char *text;

	if (!info || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
		return NULL;
	if (!known)
		known = g_hash_table_new(NULL, NULL);
	text = g_hash_table_lookup(known, GUINT_TO_POINTER(who.uid));
	if (!text) {
		row = getpwuid(who.uid);
		text = g_strdup_printf("%u%s%s", who.uid, row ? " " : "", row ? row->pw_name : "");
		g_hash_table_insert(known, GUINT_TO_POINTER(who.uid), text);
	}
	return g_strdup(text);
#else
	(void)c, (void)known;
	return NULL;
#endif
}

static unsigned count_peer(struct http *h, const char *peer, int step)
{
	unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(h->peers, peer)) + (unsigned)step;

	if (n == 0)
		g_hash_table_remove(h->peers, peer);
	else
		g_hash_table_replace(h->peers, g_strdup(peer), GUINT_TO_POINTER(n));
	return n;
}

void connection_noted(void *http, struct MHD_Connection *c, void **socket_context,
		      enum MHD_ConnectionNotificationCode code)
{
	struct http *h = http;
	struct connection *own = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		own = g_new0(struct connection, 1);
		own->peer = peer_of(h, c);
		own->user = h->listener.local ? user_of(c) : NULL;
		h->counts.connections_now++;
		own->away = h->counts.connections_now > h->connections_max;
		if (count_peer(h, own->peer, 1) > h->per_address_max && !h->listener.local)
			own->away = true;
		*socket_context = own;
	} else if (own) {
		h->counts.connections_now--;
		count_peer(h, own->peer, -1);
		g_free(own->peer);
		g_free(own->user);
		g_free(own);
		*socket_context = NULL;
	}
}

static struct connection *connection_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* ---- answers ---- */

static void bytes_done(void *bytes)
{
	g_bytes_unref(bytes);
}

static void header(struct MHD_Response *to, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(to, name, value);
}

/* As HTTP writes it, whatever the locale. Followers take the server's 'now' from it. */
static void date_header(struct MHD_Response *to, struct instant t)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c = civil_at(zone_get("UTC"), t);
	g_autofree char *text = g_strdup_printf("%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
						days + 3 * (c.weekday - 1), c.day,
						months + 3 * (c.month - 1), c.year, c.hour,
						c.minute, c.second);

	header(to, "Date", text);
}

/* The body is not copied: the response keeps a reference to it. */
static struct MHD_Response *response_of(const struct http *h, const struct http_reply *a)
{
	gsize len;
	const void *data = g_bytes_get_data(a->bytes, &len);
	struct MHD_Response *to = MHD_create_response_from_buffer_with_free_callback_cls(
		len, (void *)(uintptr_t)(len ? data : ""), bytes_done, g_bytes_ref(a->bytes));

	header(to, "Content-Type", a->content_type);
	header(to, "seam-request-id", a->request_id);
	header(to, "keyrackd-live", a->live);
	header(to, "Allow", a->allow);
	header(to, "Cache-Control", "no-store"); /* there are PINs in it */
	date_header(to, a->date);
	if (a->retry_after_s > 0) {
		g_autofree char *s = g_strdup_printf("%d", a->retry_after_s);

		header(to, "Retry-After", s);
	}
	if (h->stopping)
		header(to, "Connection", "close");
	return to;
}

static void stop_watching(struct request *rq)
{
	if (!rq->gone)
		return;
	g_source_destroy(rq->gone);
	g_clear_pointer(&rq->gone, g_source_unref);
}

/* It was suspended: libmicrohttpd asks for its answer again. */
static void wake(struct request *rq)
{
	stop_watching(rq);
	rq->call = NULL;
	g_hash_table_remove(rq->http->waiting, rq);
	MHD_resume_connection(rq->connection);
	g_source_set_ready_time(rq->http->source, 0); /* it does not wake the loop itself */
}

static void on_reply(const struct http_reply *a, void *ctx)
{
	struct request *rq = ctx;

	rq->response = response_of(rq->http, a);
	rq->status = (unsigned)a->status;
	if (rq->call)
		wake(rq);
}

/* NO ends the connection: there is no answer, nobody is there to hear one. */
static enum MHD_Result queue(struct request *rq)
{
	enum MHD_Result ok;

	if (!rq->response)
		return MHD_NO;
	ok = MHD_queue_response(rq->connection, rq->status, rq->response);
	MHD_destroy_response(rq->response);
	rq->response = NULL;
	return ok;
}

static enum MHD_Result turn_away(struct request *rq)
{
	rq->http->counts.turned_away++;
	server_turn_away(rq->http->server, rq->away, on_reply, rq);
	header(rq->response, "Connection", "close");
	return queue(rq);
}

/* ---- waiting ---- */

/* A client that has shut its sending side is gone too: it would not send that to us otherwise. */
static gboolean on_gone(gint fd, GIOCondition condition, gpointer ctx)
{
	struct request *rq = ctx;
	struct call *call = rq->call;

	(void)fd, (void)condition;
	wake(rq);
	server_cancel(call);
	return G_SOURCE_REMOVE;
}

static enum MHD_Result suspend(struct request *rq, struct call *call)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(rq->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	rq->call = call;
	g_hash_table_add(rq->http->waiting, rq);
	/* POLLRDHUP, not IN: what is sent ahead must not keep the loop awake. */
	rq->gone = g_unix_fd_source_new(info->connect_fd,
					(GIOCondition)(POLLRDHUP | G_IO_HUP | G_IO_ERR));
	g_source_set_callback(rq->gone, (GSourceFunc)(void (*)(void))on_gone, rq, NULL);
	g_source_attach(rq->gone, g_source_get_context(rq->http->source));
	MHD_suspend_connection(rq->connection);
	return MHD_YES;
}

void requests_cancel(struct http *h)
{
	GHashTableIter iter;
	gpointer key;

	for (;;) {
		struct request *rq;
		struct call *call;

		g_hash_table_iter_init(&iter, h->waiting);
		if (!g_hash_table_iter_next(&iter, &key, NULL))
			return;
		rq = key;
		call = rq->call;
		wake(rq);
		server_cancel(call);
	}
}

/* ---- a request's way ---- */

static const char *header_of(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

/* "http://host/path" is what a proxy is asked for; the path is what we want of it. */
static const char *without_host(const char *uri)
{
	const char *scheme = strstr(uri, "://");
	const char *slash;

	if (*uri == '/' || !scheme)
		return uri;
	slash = strchr(scheme + 3, '/');
	return slash ? slash : "/";
}

void *request_begun(void *http, const char *uri, struct MHD_Connection *c)
{
	struct http *h = http;
	struct request *rq = g_new0(struct request, 1);
	const char *from = without_host(uri), *mark = strchr(from, '?');

	rq->http = h;
	rq->connection = c;
	rq->path = mark ? g_strndup(from, (size_t)(mark - from)) : g_strdup(from);
	rq->query = mark ? g_strdup(mark + 1) : NULL;
	h->under_way++;
	h->counts.requests++;
	return rq;
}

static enum MHD_Result count_length(void *ctx, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	(void)kind;
	(void)value;
	*(int *)ctx += name && g_ascii_strcasecmp(name, "Content-Length") == 0;
	return MHD_YES;
}

/* A length given twice, or beside chunks: a proxy in front may believe the other one. */
static bool has_two_lengths(struct MHD_Connection *c)
{
	int n = 0;

	MHD_get_connection_values(c, MHD_HEADER_KIND, count_length, &n);
	return n > 1 || (n == 1 && header_of(c, "Transfer-Encoding"));
}

static enum MHD_Result look_at_headers(struct request *rq)
{
	struct http *h = rq->http;
	struct MHD_Connection *c = rq->connection;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	const struct connection *own = connection_of(c);
	const char *declared = header_of(c, "Content-Length");
	guint64 length = declared ? g_ascii_strtoull(declared, NULL, 10) : 0;

	rq->headers_seen = true;
	if (own && own->away)
		rq->away = 503;
	else if (info && info->header_size > HEADERS_MAX)
		rq->away = 431;
	else if (has_two_lengths(c))
		rq->away = 400;
	if (rq->away)
		return turn_away(rq);
	if (length > h->body_bytes_max) {
		rq->away = 413;
		if (length / DROP_TIMES > h->body_bytes_max || header_of(c, "Expect"))
			return turn_away(rq);
	}
	rq->body = g_byte_array_sized_new(rq->away ? 0 : (guint)length);
	return MHD_YES;
}

static enum MHD_Result take(struct request *rq, const char *data, size_t *len)
{
	size_t most = rq->http->body_bytes_max, n = *len;

	*len = 0;
	if (!rq->away && rq->body->len + n <= most) {
		g_byte_array_append(rq->body, (const guint8 *)data, (guint)n);
		return MHD_YES;
	}
	rq->away = 413;
	rq->dropped += n;
	return rq->dropped / DROP_TIMES > most ? MHD_NO : MHD_YES;
}

static enum MHD_Result hand_over(struct request *rq, const char *method)
{
	struct MHD_Connection *c = rq->connection;
	const struct connection *own = connection_of(c);
	const char *session = header_of(c, "seam-client-session-token");
	struct http_request in = {
		.method = method,
		.path = rq->path,
		.query = rq->query,
		.content_type = header_of(c, "Content-Type"),
		.authorization = header_of(c, "Authorization"),
		.client_session = session ? session : header_of(c, "client-session-token"),
		.workspace = header_of(c, "seam-workspace"),
		.host = header_of(c, "Host"),
		.tls = rq->http->listener.tls,
		.body = (const char *)rq->body->data,
		.body_len = rq->body->len,
		.peer = own ? own->peer : "unknown",
		.user = own ? own->user : NULL,
		.operator_name = header_of(c, "keyrack-operator"),
	};
	struct call *call;

	rq->begun = true;
	call = server_handle(rq->http->server, &in, on_reply, rq);
	g_clear_pointer(&rq->body, g_byte_array_unref);
	return call ? suspend(rq, call) : queue(rq);
}

enum MHD_Result request_moved(void *http, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *data_len, void **request)
{
	struct request *rq = *request;

	(void)http, (void)c, (void)url, (void)version;
	if (!rq->headers_seen)
		return look_at_headers(rq);
	if (*data_len > 0)
		return take(rq, data, data_len);
	if (rq->away)
		return turn_away(rq);
	return rq->begun ? queue(rq) : hand_over(rq, method);
}

void request_ended(void *http, struct MHD_Connection *c, void **request,
		   enum MHD_RequestTerminationCode code)
{
	struct http *h = http;
	struct request *rq = *request;

	(void)c, (void)code;
	if (!rq)
		return;
	*request = NULL;
	stop_watching(rq);
	if (rq->call) {
		g_hash_table_remove(h->waiting, rq);
		server_cancel(rq->call);
	}
	if (rq->response)
		MHD_destroy_response(rq->response);
	if (rq->body)
		g_byte_array_unref(rq->body);
	g_free(rq->path);
	g_free(rq->query);
	g_free(rq);
	h->under_way--;
}
