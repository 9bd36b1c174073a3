/* poke_client - a console's end of the socket, in the default main context.
 *
 * Lines come in as bytes do; a line that never ends is a fault of the other side and ends the
 * connection. 'gone' is said once for each connection, after the last of its lines. */
#include <string.h>
#include <unistd.h>

#include "cache/poke.h"
#include "core/error.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

struct poke_client {
	char *folder;
	struct poke_callbacks callbacks;
	void *ctx;
	GSocket *socket;
	GSource *readable;
	GString *in, *out;
	GSource *writable;
	bool in_callback; /* freed from within one of its own callbacks */
	bool freed;
};

static void drop_source(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_source_unref(*source);
	*source = NULL;
}

static void disconnect(struct poke_client *p)
{
	drop_source(&p->readable);
	drop_source(&p->writable);
	if (p->socket)
		g_socket_close(p->socket, NULL);
	g_clear_object(&p->socket);
	g_string_truncate(p->in, 0);
	g_string_truncate(p->out, 0);
}

static void destroy(struct poke_client *p)
{
	disconnect(p);
	g_string_free(p->in, TRUE);
	g_string_free(p->out, TRUE);
	g_free(p->folder);
	g_free(p);
}

static void take_line(struct poke_client *p, char *line)
{
	struct poke_status status;

	if (g_str_has_prefix(line, "changed ")) {
		guint64 mask;

		if (p->callbacks.changed &&
		    g_ascii_string_to_unsigned(line + 8, 10, 0, G_MAXUINT, &mask, NULL))
			p->callbacks.changed((unsigned)mask, p->ctx);
	} else if (poke_status_parse(line, &status)) {
		if (p->callbacks.status)
			p->callbacks.status(&status, p->ctx);
		poke_status_clear(&status);
	}
}

/* The whole lines that have come; false when what is left is too long to be one. */
static bool take_lines(struct poke_client *p)
{
	char *end;

	while (p->socket && !p->freed && (end = memchr(p->in->str, '\n', p->in->len))) {
		gsize len = (gsize)(end - p->in->str);
		g_autofree char *line = g_strndup(p->in->str, len);

		g_string_erase(p->in, 0, (gssize)len + 1);
		take_line(p, line);
	}
	return p->in->len <= LINE_MAX_BYTES;
}

static void end_connection(struct poke_client *p)
{
	if (!p->socket)
		return;
	disconnect(p);
	if (p->callbacks.gone)
		p->callbacks.gone(p->ctx);
}

static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
	struct poke_client *p = data;
	g_autoptr(GError) err = NULL;
	char buf[4096];
	gssize n = g_socket_receive(socket, buf, sizeof(buf), NULL, &err);

	(void)condition;
	if (n < 0 && g_error_matches(err, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		return G_SOURCE_CONTINUE;
	p->in_callback = true;
	if (n > 0)
		g_string_append_len(p->in, buf, n);
	/* A callback may connect anew or free: only this socket's own end is ours to tell. */
	if ((n > 0 ? !take_lines(p) : true) && !p->freed && p->socket == socket)
		end_connection(p);
	p->in_callback = false;
	if (p->freed) {
		destroy(p);
		return G_SOURCE_REMOVE;
	}
	return p->socket == socket ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* True when all is out; false when the rest must wait. A broken socket shows itself by reading. */
static bool flush(struct poke_client *p)
{
	while (p->out->len > 0) {
		gssize n = g_socket_send(p->socket, p->out->str, p->out->len, NULL, NULL);

		if (n <= 0)
			return false;
		g_string_erase(p->out, 0, n);
	}
	return true;
}

static gboolean on_writable(GSocket *socket, GIOCondition condition, gpointer data)
{
	struct poke_client *p = data;

	(void)socket;
	if (!(condition & (G_IO_HUP | G_IO_ERR)) && !flush(p))
		return G_SOURCE_CONTINUE;
	drop_source(&p->writable);
	return G_SOURCE_REMOVE;
}

static GSource *watch(struct poke_client *p, GIOCondition condition, GSocketSourceFunc fn)
{
	GSource *source = g_socket_create_source(p->socket, condition, NULL);

	g_source_set_callback(source, G_SOURCE_FUNC(fn), p, NULL);
	g_source_attach(source, NULL);
	return source;
}

void poke_client_send(struct poke_client *p, const char *line)
{
	if (!p->socket)
		return;
	g_string_append(p->out, line);
	g_string_append_c(p->out, '\n');
	if (!p->writable && !flush(p))
		p->writable = watch(p, G_IO_OUT, on_writable);
}

struct poke_client *poke_client_new(const char *folder, const struct poke_callbacks *cb, void *ctx)
{
	struct poke_client *p = g_new0(struct poke_client, 1);

	p->folder = g_strdup(folder);
	p->callbacks = *cb;
	p->ctx = ctx;
	p->in = g_string_new(NULL);
	p->out = g_string_new(NULL);
	return p;
}

bool poke_client_connect(struct poke_client *p, GError **err)
{
	g_autofree char *hello = g_strdup_printf("hello %ld", (long)getpid());

	if (p->socket)
		return true;
	p->socket = poke_connect(p->folder, err);
	if (!p->socket)
		return false;
	p->readable = watch(p, G_IO_IN, on_readable);
	poke_client_send(p, hello);
	return true;
}

bool poke_client_is_connected(const struct poke_client *p)
{
	return p->socket != NULL;
}

void poke_client_free(struct poke_client *p)
{
	if (!p)
		return;
	disconnect(p);
	if (p->in_callback)
		p->freed = true;
	else
		destroy(p);
}
