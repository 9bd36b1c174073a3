/* See announce.h. Non-blocking sockets with GLib sources; one struct per console. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "sync/announce.h"

#define LINE_MAX_BYTES    512
#define PENDING_MAX_BYTES 65536
#define CONSOLES_MAX      200

struct console {
	struct announce *a;
	GSocket *socket;
	GSource *reader;
	GSource *writer;  /* NULL while everything has left */
	GString *in;
	GString *out;
};

struct announce {
	struct announce_callbacks cb;
	void *ctx;
	GSocket *listener;
	GSource *acceptor;
	GPtrArray *consoles; /* of struct console *, owning */
	char *status;        /* the latest line */
	unsigned changed;
	gint64 told_us[ANNOUNCE_BURST]; /* monotonic: the last ones, in a ring */
	guint told_next;
	guint timer;
	guint count_idle;    /* the number of consoles has changed: told outside of any loop */
	char *socket_path;
};

static void drop_source(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_source_unref(*source);
	*source = NULL;
}

static void console_free(void *data)
{
	struct console *c = data;

	drop_source(&c->reader);
	drop_source(&c->writer);
	g_socket_close(c->socket, NULL);
	g_object_unref(c->socket);
	g_string_free(c->in, TRUE);
	g_string_free(c->out, TRUE);
	g_free(c);
}

static gboolean on_count(gpointer data)
{
	struct announce *a = data;

	a->count_idle = 0;
	if (a->cb.consoles)
		a->cb.consoles((int)a->consoles->len, a->ctx);
	return G_SOURCE_REMOVE;
}

/* Told later: a callback may lead to a status line, and that to the dropping of more consoles. */
static void count_changed(struct announce *a)
{
	if (!a->count_idle)
		a->count_idle = g_idle_add(on_count, a);
}

static void console_drop(struct console *c)
{
	struct announce *a = c->a;

	g_ptr_array_remove_fast(a->consoles, c);
	count_changed(a);
}

static gboolean on_writable(GSocket *socket, GIOCondition condition, gpointer data);

/* Sends what it can; false when the console has not read for long: it will connect again. One that
 * has closed is left to its reader, which first takes what it said before. */
static bool console_write(struct console *c)
{
	while (c->out->len > 0) {
		g_autoptr(GError) wrong = NULL;
		gssize n = g_socket_send(c->socket, c->out->str, c->out->len, NULL, &wrong);

		if (n > 0) {
			g_string_erase(c->out, 0, n);
			continue;
		}
		if (!g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
			g_string_truncate(c->out, 0);
			break;
		}
		if (c->out->len > PENDING_MAX_BYTES)
			return false;
		if (!c->writer) {
			c->writer = g_socket_create_source(c->socket, G_IO_OUT, NULL);
			g_source_set_callback(c->writer, G_SOURCE_FUNC(on_writable), c, NULL);
			g_source_attach(c->writer, NULL);
		}
		return true;
	}
	drop_source(&c->writer);
	return true;
}

static gboolean on_writable(GSocket *socket, GIOCondition condition, gpointer data)
{
	struct console *c = data;

	(void)socket;
	(void)condition;
	if (!console_write(c)) {
		console_drop(c);
		return G_SOURCE_REMOVE;
	}
	return c->writer ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void tell_all(struct announce *a, const char *line)
{
	for (guint i = a->consoles->len; i > 0; i--) {
		struct console *c = a->consoles->pdata[i - 1];

		g_string_append(c->out, line);
		if (!console_write(c))
			console_drop(c);
	}
}

/* ---- what consoles say ---- */

struct word {
	const char *word;
	size_t callback; /* offset in struct announce_callbacks */
};
static const struct word words[] = {
	{ "hello", offsetof(struct announce_callbacks, hello) },
	{ "outbox", offsetof(struct announce_callbacks, outbox) },
	{ "compare", offsetof(struct announce_callbacks, compare) },
};

/* The id of a code that a console wants explained; of several on one breath only the last. */
static void heard_explain(const char *line, char **id)
{
	size_t len;

	if (!g_str_has_prefix(line, "explain "))
		return;
	line += strlen("explain ");
	len = strcspn(line, " \r");
	if (len == 0)
		return;
	g_free(*id);
	*id = g_strndup(line, len);
}

static unsigned heard(const char *line)
{
	size_t len = strcspn(line, " \r");

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strlen(words[i].word) == len && strncmp(words[i].word, line, len) == 0)
			return 1u << i;
	}
	return 0;
}

/* After the last use of the console: what is called may drop it. */
static void pass_on(struct announce *a, unsigned said, const char *explain)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		void (*fn)(void *ctx);

		memcpy(&fn, (const char *)&a->cb + words[i].callback, sizeof fn);
		if ((said & 1u << i) && fn)
			fn(a->ctx);
	}
	if (explain && a->cb.explain)
		a->cb.explain(explain, a->ctx);
}

static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
	struct console *c = data;
	struct announce *a = c->a;
	g_autoptr(GError) wrong = NULL;
	g_autofree char *explain = NULL;
	char buf[LINE_MAX_BYTES];
	unsigned said = 0;
	char *end;
	gssize n;

	(void)condition;
	n = g_socket_receive(socket, buf, sizeof buf, NULL, &wrong);
	if (n < 0 && g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		console_drop(c);
		return G_SOURCE_REMOVE;
	}
	g_string_append_len(c->in, buf, n);
	while ((end = memchr(c->in->str, '\n', c->in->len))) {
		*end = '\0';
		said |= heard(c->in->str);
		heard_explain(c->in->str, &explain);
		g_string_erase(c->in, 0, end - c->in->str + 1);
	}
	if (c->in->len >= LINE_MAX_BYTES) { /* nobody says that much on one line */
		console_drop(c);
		return G_SOURCE_REMOVE;
	}
	pass_on(a, said, explain);
	return G_SOURCE_CONTINUE;
}

static gboolean on_console(GSocket *listener, GIOCondition condition, gpointer data)
{
	struct announce *a = data;
	GSocket *socket = g_socket_accept(listener, NULL, NULL);
	struct console *c;

	(void)condition;
	if (!socket)
		return G_SOURCE_CONTINUE;
	if (a->consoles->len >= CONSOLES_MAX) {
		g_object_unref(socket);
		return G_SOURCE_CONTINUE;
	}
	g_socket_set_blocking(socket, FALSE);
	c = g_new0(struct console, 1);
	c->a = a;
	c->socket = socket;
	c->in = g_string_new(NULL);
	c->out = g_string_new(a->status);
	c->reader = g_socket_create_source(socket, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
	g_source_set_callback(c->reader, G_SOURCE_FUNC(on_readable), c, NULL);
	g_source_attach(c->reader, NULL);
	g_ptr_array_add(a->consoles, c);
	console_write(c);
	count_changed(a);
	return G_SOURCE_CONTINUE;
}

/* ---- what consoles are told ---- */

void announce_flush(struct announce *a)
{
	char line[32];

	g_clear_handle_id(&a->timer, g_source_remove);
	if (!a->changed)
		return;
	g_snprintf(line, sizeof line, "changed %u\n", a->changed);
	a->changed = 0;
	a->told_us[a->told_next] = g_get_monotonic_time();
	a->told_next = (a->told_next + 1) % ANNOUNCE_BURST;
	tell_all(a, line);
}

static gboolean on_gap_over(gpointer data)
{
	struct announce *a = data;

	a->timer = 0;
	announce_flush(a);
	return G_SOURCE_REMOVE;
}

void announce_changed(struct announce *a, unsigned mask)
{
	guint newest = (a->told_next + ANNOUNCE_BURST - 1) % ANNOUNCE_BURST;
	gint64 now_us = g_get_monotonic_time();
	gint64 since_ms = (now_us - a->told_us[newest]) / 1000;
	gint64 oldest_ms = (now_us - a->told_us[a->told_next]) / 1000;
	bool pause = oldest_ms >= ANNOUNCE_BURST * ANNOUNCE_GAP_MS;

	a->changed |= mask;
	if (!a->changed || a->timer)
		return;
	if (pause || since_ms >= ANNOUNCE_GAP_MS)
		announce_flush(a);
	else
		a->timer = g_timeout_add((guint)(ANNOUNCE_GAP_MS - since_ms), on_gap_over, a);
}

void announce_status(struct announce *a, const struct poke_status *status)
{
	g_free(a->status);
	a->status = poke_status_format(status);
	tell_all(a, a->status);
}

int announce_consoles(const struct announce *a)
{
	return (int)a->consoles->len;
}

struct announce *announce_new(const char *folder, bool group, const struct announce_callbacks *cb,
			      void *ctx, GError **err)
{
	GSocket *listener = poke_listen(folder, group, err);
	struct announce *a;

	if (!listener)
		return NULL;
	a = g_new0(struct announce, 1);
	a->cb = *cb;
	a->ctx = ctx;
	a->listener = listener;
	a->status = g_strdup("");
	a->consoles = g_ptr_array_new_with_free_func(console_free);
	for (int i = 0; i < ANNOUNCE_BURST; i++)
		a->told_us[i] = g_get_monotonic_time() - ANNOUNCE_BURST * ANNOUNCE_GAP_MS * 1000;
	g_socket_set_blocking(listener, FALSE);
	a->acceptor = g_socket_create_source(listener, G_IO_IN, NULL);
	g_source_set_callback(a->acceptor, G_SOURCE_FUNC(on_console), a, NULL);
	g_source_attach(a->acceptor, NULL);
	a->socket_path = g_build_filename(folder, "poke", NULL);
	return a;
}

void announce_free(struct announce *a)
{
	if (!a)
		return;
	announce_flush(a); /* ends the timer too */
	g_clear_handle_id(&a->count_idle, g_source_remove);
	g_unlink(a->socket_path); /* before the lock is given back: nobody else listens yet */
	drop_source(&a->acceptor);
	g_ptr_array_free(a->consoles, TRUE);
	g_socket_close(a->listener, NULL);
	g_object_unref(a->listener);
	g_free(a->status);
	g_free(a->socket_path);
	g_free(a);
}
