/* http - the daemon of libmicrohttpd in the GLib main loop: its epoll descriptor is one source. */
#include "config.h"

#include "server/http_inside.h"

#include <unistd.h>

/* TLS 1.2 and 1.3; keys that are made for one connection, and ciphers that say whether a byte was changed. */
#define TLS_PRIORITIES                                                                             \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:"  \
	"+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"

struct mhd_source {
	GSource source; /* first: the two share their address */
	struct http *http;
};

static gboolean source_prepare(GSource *source, gint *timeout_ms)
{
	struct http *h = ((struct mhd_source *)source)->http;
	MHD_UNSIGNED_LONG_LONG ms;

	*timeout_ms = -1;
	if (!h->mhd || MHD_get_timeout(h->mhd, &ms) != MHD_YES)
		return FALSE;
	*timeout_ms = (gint)MIN(ms, G_MAXINT);
	return ms == 0;
}

static gboolean source_dispatch(GSource *source, GSourceFunc callback, gpointer ctx)
{
	struct http *h = ((struct mhd_source *)source)->http;

	(void)callback, (void)ctx;
	g_source_set_ready_time(source, -1); /* before: something may be resumed on the way */
	if (h->mhd)
		MHD_run(h->mhd);
	return G_SOURCE_CONTINUE;
}

/* Whether it was the descriptor or the time makes no difference: both are MHD_run's. A prepare
 * with a timeout that has passed must be dispatched as well. */
static gboolean source_check(GSource *source)
{
	struct http *h = ((struct mhd_source *)source)->http;
	MHD_UNSIGNED_LONG_LONG ms;

	return h->mhd && MHD_get_timeout(h->mhd, &ms) == MHD_YES && ms == 0;
}

static GSourceFuncs source_funcs = {
	.prepare = source_prepare,
	.check = source_check,
	.dispatch = source_dispatch,
};

G_GNUC_PRINTF(2, 0) static void on_log(void *ctx, const char *format, va_list args)
{
	g_autofree char *line = g_strdup_vprintf(format, args);

	(void)ctx;
	g_debug("http: %s", g_strchomp(line));
}

static void attach(struct http *h)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_EPOLL_FD);

	h->source = g_source_new(&source_funcs, sizeof(struct mhd_source));
	((struct mhd_source *)h->source)->http = h;
	g_source_set_name(h->source, "http");
	g_source_add_unix_fd(h->source, info->epoll_fd, G_IO_IN);
	g_source_attach(h->source, g_main_context_get_thread_default());
}

static bool start(struct http *h, const struct http_options *opt, GError **err)
{
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, h->listener.cert },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, h->listener.key },
		{ MHD_OPTION_END, 0, NULL },
	};
	unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
			 MHD_USE_TURBO | MHD_USE_SUPPRESS_DATE_NO_CLOCK | (h->listener.tls ? MHD_USE_TLS : 0);

	h->mhd = MHD_start_daemon(
		flags, 0, NULL, NULL, request_moved, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
		MHD_OPTION_LISTEN_SOCKET, h->listener.fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT,
		h->connections_max + CONNECTIONS_SPARE, MHD_OPTION_CONNECTION_TIMEOUT,
		opt->silence_s_max ? opt->silence_s_max : 60u, MHD_OPTION_URI_LOG_CALLBACK,
		request_begun, h, MHD_OPTION_NOTIFY_COMPLETED, request_ended, h,
		MHD_OPTION_NOTIFY_CONNECTION, connection_noted, h, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_ARRAY, h->listener.tls ? tls : tls + G_N_ELEMENTS(tls) - 1, MHD_OPTION_END);
	h->listener.fd = -1; /* its own now, and closed by it also when it does not start */
	if (h->mhd) {
		attach(h);
		return true;
	}
	g_set_error(err, KEYRACK_ERROR,
		    h->listener.tls ? KEYRACK_ERROR_CONFIG : KEYRACK_ERROR_IO,
		    h->listener.tls ? "cannot start on %s: is the TLS certificate one, and the key "
				      "its own?"
				    : "cannot start on %s",
		    h->listener.endpoint);
	return false;
}

struct http *http_new(struct server *s, const struct http_options *opt, GError **err)
{
	struct http *h = g_new0(struct http, 1);

	h->server = s;
	h->body_bytes_max = opt->body_bytes_max ? opt->body_bytes_max : 1024 * 1024;
	h->connections_max = opt->connections_max ? opt->connections_max : 1000;
	h->per_address_max = opt->per_address_max ? opt->per_address_max : 200;
	h->peers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	h->waiting = g_hash_table_new(NULL, NULL);
	if (listener_open(&h->listener, opt, err) && start(h, opt, err))
		return h;
	http_free(h);
	return NULL;
}

const char *http_endpoint(const struct http *h)
{
	return h->listener.endpoint;
}

void http_stop_listening(struct http *h)
{
	int fd = h->stopping ? -1 : MHD_quiesce_daemon(h->mhd);

	h->stopping = true;
	listener_unlink(&h->listener);
	if (fd >= 0)
		close(fd);
}

bool http_idle(const struct http *h)
{
	return h->under_way == 0;
}

struct http_counts http_counts(const struct http *h)
{
	return h->counts;
}

/* libmicrohttpd wants nothing suspended when it stops. What is half sent is cut off. */
void http_free(struct http *h)
{
	if (!h)
		return;
	h->stopping = true;
	requests_cancel(h);
	if (h->mhd)
		MHD_stop_daemon(h->mhd);
	h->mhd = NULL;
	if (h->source) {
		g_source_destroy(h->source);
		g_source_unref(h->source);
	}
	listener_close(&h->listener);
	g_hash_table_destroy(h->peers);
	g_hash_table_destroy(h->waiting);
	g_free(h);
}
