/* fuzz-http: any bytes on a connection to keyrackd are answered with whole answers of HTTP or hung up on; the
 * connection is gone afterwards, and nothing is left under way. "@KEY" stands for a desk's key. A 0xff parts
 * what comes at once from what comes after it. */
#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <stdlib.h>

#include "server/http.h"
#include "tests/fuzz/fuzz.h"
#include "tests/server/rig.h"

enum { BODY_MAX = 4096, TURNS_MAX = 5000, IDLE_MAX = 20, PAUSES_MAX = 20 };

static struct {
	struct rig *rig;
	struct http *http;
	char *path;
} site;

static void at_exit(void)
{
	http_free(site.http);
	rig_free(site.rig);
	g_free(site.path);
}

static void build(void)
{
	struct http_options opt = { .body_bytes_max = BODY_MAX };
	g_autofree char *listen = NULL;

	if (site.http)
		return;
	site.rig = rig_new("[lock Front]\ntype = august_lock\n");
	site.path = g_build_filename(site.rig->folder, "d.sock", NULL);
	opt.listen = listen = g_strconcat("unix:", site.path, NULL);
	site.http = http_new(site.rig->server, &opt, NULL);
	if (!site.http)
		g_error("no server");
	atexit(at_exit);
}

static bool turn(void)
{
	bool moved = false;

	while (g_main_context_iteration(NULL, FALSE))
		moved = true;
	return moved;
}

/* What it says; true: more may come. */
static bool hear(GSocket *s, GString *heard)
{
	char buf[16384];
	g_autoptr(GError) err = NULL;
	gssize n = g_socket_receive(s, buf, sizeof buf, NULL, &err);

	if (n > 0)
		g_string_append_len(heard, buf, n);
	return n > 0 || g_error_matches(err, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

/* Until nothing moves any more, or it hangs up: false. */
static bool settle(GSocket *s, GString *heard)
{
	int idle = 0;

	for (int turns = 0; idle < IDLE_MAX; turns++) {
		gsize before = heard->len;
		bool moved = turn();

		if (!hear(s, heard))
			return false;
		idle = moved || heard->len > before ? 0 : idle + 1;
		if (turns > TURNS_MAX)
			g_error("it turns without end");
	}
	return true;
}

static void say(GSocket *s, const char *text, size_t len, GString *heard)
{
	for (int pauses = 0; len > 0; pauses++) {
		const char *end = pauses < PAUSES_MAX ? memchr(text, 0xff, len) : NULL;
		size_t n = end ? (size_t)(end - text) : len;
		gssize sent = n ? g_socket_send(s, text, n, NULL, NULL) : 0;

		if (sent < 0 || !settle(s, heard))
			return;
		n = (size_t)sent;
		text += n;
		len -= n;
		if (end && text == end) {
			text++;
			len--;
		}
	}
}

static GSocket *dial(void)
{
	g_autoptr(GSocketAddress) to = g_unix_socket_address_new(site.path);
	GSocket *s = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

	if (!s || !g_socket_connect(s, to, NULL, NULL))
		g_error("no connection");
	g_socket_set_blocking(s, FALSE);
	return s;
}

/* Each begins as one, and none is a fault of the server's own. */
static void look(const GString *heard)
{
	const char *status = heard->str + strlen("HTTP/1.1 ");

	if (heard->len == 0)
		return;
	if (!g_str_has_prefix(heard->str, "HTTP/1.") || heard->len < 20)
		g_error("that is no answer: %.40s", heard->str);
	if (g_str_has_prefix(status, "500"))
		g_error("%s", heard->str);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) text = g_string_new_len((const char *)data, (gssize)size), heard = g_string_new(NULL);
	g_autoptr(GSocket) s = NULL;

	build();
	if (!memchr(data, '\0', size))
		g_string_replace(text, "@KEY", site.rig->desk_key, 4);
	s = dial();
	say(s, text->str, text->len, heard);
	g_socket_shutdown(s, FALSE, TRUE, NULL);
	settle(s, heard);
	g_socket_close(s, NULL);
	for (int i = 0; http_counts(site.http).connections_now > 0; i++) {
		turn();
		if (i > TURNS_MAX)
			g_error("the connection is not let go of");
	}
	if (!http_idle(site.http))
		g_error("a request is left under way");
	look(heard);
	return 0;
}
