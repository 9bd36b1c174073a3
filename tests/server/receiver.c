/* receiver - see receiver.h. */
#include "config.h"

#include "tests/server/receiver.h"

#include <gio/gio.h>
#include <stdlib.h>

struct receiver {
	GSocketListener *listener; /* NULL: shut */
	GCancellable *stop;
	guint16 port;
	char *url;
	int ways[16];
	size_t n_ways, way;
	GPtrArray *got;	  /* struct received */
	GPtrArray *peers; /* struct peer, open */
};

struct peer {
	struct receiver *receiver;
	GSocketConnection *connection;
	GCancellable *stop;
	GString *in;
	char buffer[4096];
};

static void listen_on(struct receiver *rc);

static void peer_close(struct peer *p)
{
	g_ptr_array_remove_fast(p->receiver->peers, p);
	g_cancellable_cancel(p->stop);
	g_io_stream_close(G_IO_STREAM(p->connection), NULL, NULL);
	g_object_unref(p->connection);
	g_object_unref(p->stop);
	g_string_free(p->in, TRUE);
	g_free(p);
}

static void say(struct peer *p, const char *text)
{
	GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(p->connection));

	g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL);
}

static void say_status(struct peer *p, int status)
{
	g_autofree char *text =
		g_strdup_printf("HTTP/1.1 %d x\r\nContent-Length: 2\r\n\r\n{}", status);

	say(p, text);
}

/* More than anybody reads of an answer, and still not all of it. */
static void say_endless(struct peer *p)
{
	g_autofree char *much = g_strnfill(200000, 'x');

	say(p, "HTTP/1.1 200 x\r\nContent-Length: 999999999\r\n\r\n");
	say(p, much);
}

/* false: the connection is over. */
static bool answer(struct peer *p)
{
	struct receiver *rc = p->receiver;
	int way = rc->ways[MIN(rc->way, rc->n_ways - 1)];

	rc->way++;
	switch (way) {
	case RECEIVER_SILENT:
		return true;
	case RECEIVER_CLOSE:
		return false;
	case RECEIVER_ENDLESS:
		say_endless(p);
		return true;
	case RECEIVER_CUT:
		say(p, "HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\n{");
		return false;
	case RECEIVER_REDIRECT:
		say(p, "HTTP/1.1 302 x\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
		return true;
	default:
		say_status(p, way);
		return true;
	}
}

/* One whole request out of what has come; false: not yet. */
static bool take_request(struct peer *p)
{
	const char *end = strstr(p->in->str, "\r\n\r\n"), *length;
	struct received *got;
	gsize head, body;

	if (!end)
		return false;
	head = (gsize)(end - p->in->str) + 4;
	length = strcasestr(p->in->str, "content-length:");
	assert_true(length && length < end); /* bodies come with their length */
	body = strtoul(length + strlen("content-length:"), NULL, 10);
	if (p->in->len < head + body)
		return false;
	got = g_new0(struct received, 1);
	got->head = g_strndup(p->in->str, head);
	got->body = g_strndup(p->in->str + head, body);
	g_ptr_array_add(p->receiver->got, got);
	g_string_erase(p->in, 0, (gssize)(head + body));
	return true;
}

static void on_bytes(GObject *from, GAsyncResult *result, gpointer ctx)
{
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(from), result, NULL);
	struct peer *p = ctx;

	if (n < 0) /* closed by us, and p with it; or broken off */
		return;
	g_string_append_len(p->in, p->buffer, n);
	while (take_request(p)) {
		if (!answer(p)) {
			peer_close(p);
			return;
		}
	}
	if (n > 0)
		g_input_stream_read_async(G_INPUT_STREAM(from), p->buffer, sizeof p->buffer, 0,
					  p->stop, on_bytes, p);
}

static void on_connection(GObject *from, GAsyncResult *result, gpointer ctx)
{
	GSocketConnection *c =
		g_socket_listener_accept_finish(G_SOCKET_LISTENER(from), result, NULL, NULL);
	struct receiver *rc = ctx;
	struct peer *p;

	if (!c) /* shut */
		return;
	p = g_new0(struct peer, 1);
	p->receiver = rc;
	p->connection = c;
	p->stop = g_cancellable_new();
	p->in = g_string_new(NULL);
	g_ptr_array_add(rc->peers, p);
	g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(c)), p->buffer,
				  sizeof p->buffer, 0, p->stop, on_bytes, p);
	g_socket_listener_accept_async(rc->listener, rc->stop, on_connection, rc);
}

static void listen_on(struct receiver *rc)
{
	g_autoptr(GInetAddress) here = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
	g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new(here, rc->port);
	g_autoptr(GSocketAddress) got = NULL;
	GError *err = NULL;

	rc->listener = g_socket_listener_new();
	rc->stop = g_cancellable_new();
	if (!g_socket_listener_add_address(rc->listener, wanted, G_SOCKET_TYPE_STREAM,
					   G_SOCKET_PROTOCOL_TCP, NULL, &got, &err))
		fail_msg("%s", err->message);
	rc->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
	g_socket_listener_accept_async(rc->listener, rc->stop, on_connection, rc);
}

static void received_free(gpointer data)
{
	struct received *got = data;

	g_free(got->head);
	g_free(got->body);
	g_free(got);
}

struct receiver *receiver_new(void)
{
	struct receiver *rc = g_new0(struct receiver, 1);

	rc->got = g_ptr_array_new_with_free_func(received_free);
	rc->peers = g_ptr_array_new();
	receiver_says(rc, 200);
	listen_on(rc);
	rc->url = g_strdup_printf("http://127.0.0.1:%u/hook?token=7", rc->port);
	return rc;
}

/* What was begun with the cancellables is told that it is over before they go. */
static void run_out(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

void receiver_shut(struct receiver *rc)
{
	g_cancellable_cancel(rc->stop);
	g_socket_listener_close(rc->listener);
	while (rc->peers->len)
		peer_close(rc->peers->pdata[0]);
	run_out();
	g_clear_object(&rc->listener);
	g_clear_object(&rc->stop);
}

void receiver_open(struct receiver *rc)
{
	listen_on(rc);
}

void receiver_free(struct receiver *rc)
{
	if (rc->listener)
		receiver_shut(rc);
	g_ptr_array_free(rc->got, TRUE);
	g_ptr_array_free(rc->peers, TRUE);
	g_free(rc->url);
	g_free(rc);
}

const char *receiver_url(const struct receiver *rc)
{
	return rc->url;
}

void receiver_answers(struct receiver *rc, const int *ways, size_t n)
{
	assert_in_range(n, 1, G_N_ELEMENTS(rc->ways));
	memcpy(rc->ways, ways, n * sizeof *ways);
	rc->n_ways = n;
	rc->way = 0;
}

int receiver_count(const struct receiver *rc)
{
	return (int)rc->got->len;
}

const struct received *receiver_got(const struct receiver *rc, int i)
{
	assert_in_range(i, 0, rc->got->len - 1);
	return rc->got->pdata[i];
}

char *receiver_header(const struct receiver *rc, int i, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(receiver_got(rc, i)->head, "\r\n", -1);
	size_t len = strlen(name);

	for (int k = 1; lines[k]; k++) {
		if (g_ascii_strncasecmp(lines[k], name, len) == 0 && lines[k][len] == ':')
			return g_strstrip(g_strdup(lines[k] + len + 1));
	}
	return NULL;
}

const char *receiver_text(const struct receiver *rc, struct rig *r, int i, const char *path)
{
	json_t *body = json_loads(receiver_got(rc, i)->body, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(body);
	g_ptr_array_add(r->answers, body);
	return rig_text(body, path);
}

void rename_to(struct rig *r, int n)
{
	g_autofree char *name = g_strdup_printf("Door %d", n);
	struct refusal no = { 0 };

	if (!engine_device_update(r->engine, rig_device(r, "Door"), name, true, TRI_UNKNOWN,
				  TRI_UNKNOWN, &no))
		fail_msg("%s", no.message);
}

/* ---- waiting ---- */

static gboolean on_late(gpointer late)
{
	*(bool *)late = true;
	return G_SOURCE_CONTINUE;
}

void receiver_await(struct receiver *rc, int n)
{
	bool late = false;
	guint timer = g_timeout_add_seconds(60, on_late, &late);

	while ((int)rc->got->len < n && !late)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
	if ((int)rc->got->len < n)
		fail_msg("%u requests, not %d", rc->got->len, n);
}

void loop_quiet(struct rig *r)
{
	bool late = false;
	guint timer = g_timeout_add_seconds(60, on_late, &late);

	do {
		while (g_main_context_iteration(NULL, FALSE) && !late)
			;
		if (!server_quiet(r->server))
			g_main_context_iteration(NULL, TRUE);
	} while (!late && (!server_quiet(r->server) || g_main_context_pending(NULL)));
	g_source_remove(timer);
	if (late)
		fail_msg("something is still on its way");
}
