/* site - see site.h. */
#include "config.h"

#include "tests/server/site.h"

#include <gio/gunixsocketaddress.h>
#include <stdlib.h>

/* ---- the server ---- */

struct call *site_waiting;
int site_unhooked;

static void on_cancelled(struct call *c)
{
	assert_ptr_equal(c, site_waiting);
	site_waiting = NULL;
	site_unhooked++;
}

static enum call_end waits(struct call *c)
{
	site_waiting = c;
	c->cancelled = on_cancelled;
	return CALL_LATER;
}

static enum call_end echo(struct call *c)
{
	jsonout_string(c->out, "say", params_text(c->params, "say"));
	return CALL_DONE;
}

static enum call_end large(struct call *c)
{
	for (int i = 0; i < 100000; i++)
		jsonout_int(c->out, i % 2 ? "odd" : "even", i);
	return CALL_DONE;
}

static const struct route own[] = {
	{ .path = "/t/echo", .methods = METHODS_READ | METHODS_DELETE, .role = KEY_READ,
	  .handle = echo, PARAMS({ .name = "say", .kind = PARAM_TEXT }) },
	{ .path = "/t/wait", .methods = METHODS_READ, .role = KEY_READ, .handle = waits },
	{ .path = "/t/large", .methods = METHODS_READ, .role = KEY_READ, .handle = large },
	{ .path = "/t/open", .methods = METHOD_GET, .handle = echo, .flags = ROUTE_OPEN },
};

struct site site_of(struct http_options opt)
{
	struct site s = { .rig = rig_new("[lock Door]\ntype = august_lock\n") };
	g_autoptr(GError) err = NULL;
	g_autofree char *listen = NULL;

	FOR_ROWS (i, own)
		g_hash_table_insert(s.rig->server->routes, (char *)(uintptr_t)own[i].path,
				    (void *)(uintptr_t)&own[i]);
	s.path = g_build_filename(s.rig->folder, "d.sock", NULL);
	if (!opt.listen)
		opt.listen = listen = g_strconcat("unix:", s.path, NULL);
	opt.body_bytes_max = SITE_BODY_MAX;
	s.http = http_new(s.rig->server, &opt, &err);
	if (!s.http)
		fail_msg("%s", err->message);
	site_unhooked = 0;
	site_waiting = NULL;
	return s;
}

void site_done(struct site *s)
{
	http_free(s->http);
	rig_free(s->rig);
	g_free(s->path);
}
/* ---- a client ---- */

void site_turn(void)
{
	for (int i = 0; i < 50 && g_main_context_iteration(NULL, FALSE); i++)
		;
}

GSocketAddress *site_address(const struct site *s)
{
	const char *at = http_endpoint(s->http);
	const char *colon = strrchr(at, ':');

	if (g_str_has_prefix(at, "unix:"))
		return g_unix_socket_address_new(s->path);
	return g_inet_socket_address_new_from_string("127.0.0.1", (guint)atoi(colon + 1));
}

struct client *client_new(const struct site *s)
{
	struct client *c = g_new0(struct client, 1);
	g_autoptr(GSocketAddress) to = site_address(s);
	g_autoptr(GError) err = NULL;

	c->in = g_string_new(NULL);
	c->socket = g_socket_new(g_socket_address_get_family(to), G_SOCKET_TYPE_STREAM, 0, NULL);
	if (!g_socket_connect(c->socket, to, NULL, &err))
		fail_msg("%s", err->message);
	g_socket_set_blocking(c->socket, FALSE);
	return c;
}

void client_free(struct client *c)
{
	g_socket_close(c->socket, NULL);
	g_object_unref(c->socket);
	g_string_free(c->in, TRUE);
	g_free(c->headers);
	g_free(c->body);
	g_free(c);
	site_turn();
}
void client_say_bytes(struct client *c, const char *text, size_t len)
{
	int64_t until = g_get_monotonic_time() + SITE_DEADLINE_US;

	while (len > 0 && g_get_monotonic_time() < until) {
		g_autoptr(GError) err = NULL;
		gssize n = g_socket_send(c->socket, text, len, NULL, &err);

		if (n < 0 && !g_error_matches(err, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
			return; /* hung up: what it said first will be heard */
		text += MAX(n, 0);
		len -= (size_t)MAX(n, 0);
		site_turn();
	}
}

void client_say(struct client *c, const char *text)
{
	client_say_bytes(c, text, strlen(text));
}

void client_ask(struct client *c, const struct site *s, const char *what, const char *body, ...)
{
	va_list args;
	g_autofree char *text = NULL, *all = NULL;

	va_start(args, body);
	text = g_strdup_vprintf(body, args);
	va_end(args);
	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	all = g_strdup_printf("%s HTTP/1.1\r\nHost: keyrackd\r\nAuthorization: Bearer %s\r\n"
			      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			      what, s->rig->key, strlen(text), text);
	client_say(c, all);
}

void client_take_in(struct client *c)
{
	char buf[65536];
	g_autoptr(GError) err = NULL;
	gssize n;

	site_turn();
	n = g_socket_receive(c->socket, buf, sizeof buf, NULL, &err);
	if (n > 0)
		g_string_append_len(c->in, buf, n);
	else if (n == 0 || !g_error_matches(err, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		c->closed = true;
}

/* Takes one whole answer out of what has come. */
static bool whole(struct client *c, bool no_body)
{
	char *end = strstr(c->in->str, "\r\n\r\n"), *length;
	size_t len = 0, head = end ? (size_t)(end - c->in->str) + 4 : 0;

	if (!end)
		return false;
	g_free(c->headers);
	c->headers = g_strndup(c->in->str, head);
	length = strstr(c->headers, "Content-Length: ");
	if (length && !no_body)
		len = (size_t)atoi(length + strlen("Content-Length: "));
	if (c->in->len < head + len)
		return false;
	g_free(c->body);
	c->body = g_strndup(c->in->str + head, len);
	c->status = atoi(c->headers + strlen("HTTP/1.1 "));
	g_string_erase(c->in, 0, (gssize)(head + len));
	return true;
}

int client_hear_some(struct client *c, bool no_body)
{
	int64_t until = g_get_monotonic_time() + SITE_DEADLINE_US;

	c->status = 0;
	while (!whole(c, no_body) && !c->closed && g_get_monotonic_time() < until)
		client_take_in(c);
	return c->status;
}

/* The status of the next answer; 0: the connection ended, or nothing came. */
int client_hear(struct client *c)
{
	return client_hear_some(c, false);
}

bool client_hears_the_end(struct client *c)
{
	int64_t until = g_get_monotonic_time() + SITE_DEADLINE_US;

	while (!c->closed && g_get_monotonic_time() < until)
		client_take_in(c);
	return c->closed;
}

void site_until(const bool *flag)
{
	int64_t until = g_get_monotonic_time() + SITE_DEADLINE_US;

	while (!*flag && g_get_monotonic_time() < until)
		site_turn();
	assert_true(*flag);
}
