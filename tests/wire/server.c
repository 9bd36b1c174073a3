#include "tests/wire/server.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#define DRIP_MS 3

struct server {
	const struct step *steps;
	size_t n, at;
	GSocketService *service;
	char *endpoint;
	char *unix_path;
	GPtrArray *peers;    /* of struct peer, owned */
	GPtrArray *requests; /* of char * */
	int connections;
};

struct peer {
	struct server *server;
	GSocketConnection *connection;
	GSocket *socket;
	GSource *in, *out, *drip;
	GString *got;
	GByteArray *to_say;
	enum step_kind kind;
	bool held;
};

static void source_drop(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_clear_pointer(source, g_source_unref);
}

static void peer_free(void *data)
{
	struct peer *p = data;

	source_drop(&p->in);
	source_drop(&p->out);
	source_drop(&p->drip);
	g_object_unref(p->connection);
	g_string_free(p->got, TRUE);
	g_byte_array_unref(p->to_say);
	g_free(p);
}

static void peer_close(struct peer *p)
{
	g_socket_close(p->socket, NULL);
	g_ptr_array_remove_fast(p->server->peers, p);
}

static void peer_reset(struct peer *p)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(g_socket_get_fd(p->socket), SOL_SOCKET, SO_LINGER, &now, sizeof now);
	peer_close(p);
}

static void peer_said(struct peer *p)
{
	if (p->kind == STEP_SAY_CLOSE)
		peer_close(p);
	else if (p->kind == STEP_SAY_RESET)
		peer_reset(p);
}

/* Sends up to most bytes; false when the peer is gone. */
static bool peer_send(struct peer *p, size_t most)
{
	if (!p->to_say->len)
		return true;

	gssize sent = g_socket_send(p->socket, (const char *)p->to_say->data,
				    MIN(p->to_say->len, most), NULL, NULL);

	if (sent < 0) {
		peer_close(p);
		return false;
	}
	g_byte_array_remove_range(p->to_say, 0, (guint)sent);
	return true;
}

static gboolean on_writable(GSocket *socket, GIOCondition c, gpointer data)
{
	struct peer *p = data;
	static const guint8 FILLING[4096] = { 0 };

	(void)socket;
	(void)c;
	if (!peer_send(p, G_MAXSIZE))
		return G_SOURCE_REMOVE;
	if (p->kind == STEP_ENDLESS) {
		g_byte_array_append(p->to_say, FILLING, sizeof FILLING);
		return G_SOURCE_CONTINUE;
	}
	if (p->to_say->len)
		return G_SOURCE_CONTINUE;
	source_drop(&p->out);
	peer_said(p);
	return G_SOURCE_REMOVE;
}

static gboolean on_drip(gpointer data)
{
	struct peer *p = data;

	if (!p->to_say->len) {
		source_drop(&p->drip);
		return G_SOURCE_REMOVE;
	}
	return peer_send(p, 1) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void peer_speak(struct peer *p)
{
	if (p->kind == STEP_DRIP) {
		p->drip = g_timeout_source_new(DRIP_MS);
		g_source_set_callback(p->drip, on_drip, p, NULL);
		g_source_attach(p->drip, NULL);
		return;
	}
	if (p->out)
		return;
	p->out = g_socket_create_source(p->socket, G_IO_OUT, NULL);
	g_source_set_callback(p->out, G_SOURCE_FUNC(on_writable), p, NULL);
	g_source_attach(p->out, NULL);
}

static const struct step *step_next(struct server *s)
{
	const struct step *step = &s->steps[s->at];

	if (s->at + 1 < s->n)
		s->at++;
	return step;
}

/* The length of the complete request at the beginning of what was got; 0: not yet. */
static size_t request_length(const GString *got)
{
	const char *end = strstr(got->str, "\r\n\r\n");

	if (!end)
		return 0;

	size_t head = (size_t)(end - got->str) + 4;
	g_autofree char *text = g_ascii_strdown(got->str, (gssize)head);
	const char *length = strstr(text, "\r\ncontent-length:");
	size_t body = length ? (size_t)g_ascii_strtoull(strchr(length, ':') + 1, NULL, 10) : 0;

	return got->len >= head + body ? head + body : 0;
}

static void peer_answer(struct peer *p, size_t len)
{
	struct server *s = p->server;
	const struct step *step = step_next(s);

	g_ptr_array_add(s->requests, g_strndup(p->got->str, len));
	g_string_erase(p->got, 0, (gssize)len);
	p->kind = step->kind;
	if (step->bytes)
		g_byte_array_append(p->to_say, (const guint8 *)step->bytes,
				    (guint)(step->len ? step->len : strlen(step->bytes)));
	p->held = step->kind == STEP_HOLD;
	if (step->kind != STEP_SILENT && !p->held)
		peer_speak(p);
}

static gboolean on_readable(GSocket *socket, GIOCondition c, gpointer data)
{
	struct peer *p = data;
	char buffer[4096];
	gssize got = g_socket_receive(socket, buffer, sizeof buffer, NULL, NULL);
	size_t len;

	(void)c;
	if (got <= 0) {
		peer_close(p);
		return G_SOURCE_REMOVE;
	}
	g_string_append_len(p->got, buffer, got);
	while ((len = request_length(p->got)))
		peer_answer(p, len);
	return G_SOURCE_CONTINUE;
}

static gboolean on_incoming(GSocketService *service, GSocketConnection *connection,
			    GObject *source, gpointer data)
{
	struct server *s = data;
	struct peer *p = g_new0(struct peer, 1);

	(void)service;
	(void)source;
	s->connections++;
	p->server = s;
	p->connection = g_object_ref(connection);
	p->socket = g_socket_connection_get_socket(connection);
	p->got = g_string_new(NULL);
	p->to_say = g_byte_array_new();
	g_socket_set_blocking(p->socket, FALSE);
	g_ptr_array_add(s->peers, p);
	if (s->steps[s->at].kind == STEP_RESET_UNREAD) {
		step_next(s);
		peer_reset(p);
		return TRUE;
	}
	p->in = g_socket_create_source(p->socket, G_IO_IN | G_IO_HUP, NULL);
	g_source_set_callback(p->in, G_SOURCE_FUNC(on_readable), p, NULL);
	g_source_attach(p->in, NULL);
	return TRUE;
}

struct server *server_new(const struct step *steps, size_t n, const char *unix_path)
{
	struct server *s = g_new0(struct server, 1);
	g_autoptr(GSocketAddress) want = NULL;
	g_autoptr(GSocketAddress) have = NULL;

	s->steps = steps;
	s->n = n;
	s->unix_path = g_strdup(unix_path);
	s->peers = g_ptr_array_new_with_free_func(peer_free);
	s->requests = g_ptr_array_new_with_free_func(g_free);
	s->service = g_socket_service_new();
	want = unix_path ? g_unix_socket_address_new(unix_path) :
			   g_inet_socket_address_new_from_string("127.0.0.1", 0);
	if (!g_socket_listener_add_address(G_SOCKET_LISTENER(s->service), want, G_SOCKET_TYPE_STREAM,
					   G_SOCKET_PROTOCOL_DEFAULT, NULL, &have, NULL))
		g_error("the test's server cannot listen");
	s->endpoint = unix_path ? g_strdup_printf("unix:%s", unix_path) :
		g_strdup_printf("http://127.0.0.1:%d", g_inet_socket_address_get_port(
				G_INET_SOCKET_ADDRESS(have)));
	g_signal_connect(s->service, "incoming", G_CALLBACK(on_incoming), s);
	return s;
}

void server_free(struct server *s)
{
	g_socket_service_stop(s->service);
	g_socket_listener_close(G_SOCKET_LISTENER(s->service));
	g_object_unref(s->service);
	g_ptr_array_unref(s->peers);
	g_ptr_array_unref(s->requests);
	if (s->unix_path)
		g_unlink(s->unix_path);
	g_free(s->unix_path);
	g_free(s->endpoint);
	g_free(s);
}

const char *server_endpoint(const struct server *s)
{
	return s->endpoint;
}

int server_connections(const struct server *s)
{
	return s->connections;
}

int server_requests(const struct server *s)
{
	return (int)s->requests->len;
}

const char *server_request(const struct server *s, int i)
{
	return s->requests->pdata[i];
}

int server_holding(const struct server *s)
{
	int n = 0;

	for (guint i = 0; i < s->peers->len; i++)
		n += ((const struct peer *)s->peers->pdata[i])->held;
	return n;
}

void server_release(struct server *s)
{
	for (guint i = 0; i < s->peers->len; i++) {
		struct peer *p = s->peers->pdata[i];

		if (p->held) {
			p->held = false;
			peer_speak(p);
		}
	}
}

char *http_answer(int status, const char *headers, const char *body)
{
	return g_strdup_printf("HTTP/1.1 %d x\r\n%sContent-Length: %zu\r\n\r\n%s", status,
			       headers ? headers : "", strlen(body), body);
}
