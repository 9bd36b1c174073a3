/* A change must never reach the server twice, and must never be thought unsent when it was sent.
 * libcurl needs watching on both counts.
 *
 * Sent or not: the request's body is handed over by our read function, which libcurl calls only
 * after the connection stands, TLS included, and the server is about to get it. No endpoint can
 * act on a request whose body it has not got in full. So: read function never called, never carried out
 * (UNSENT); called once, perhaps carried out (LOST). This needs no guessing from result codes, and
 * is the same for time-outs, resets and broken handshakes.
 *
 * Twice: when a kept connection turns out to be dead before any byte of the answer, libcurl opens
 * another one and sends the request again by itself, POST included. For a read that is
 * welcome. For a change three things keep it from happening:
 *   - FRESH_CONNECT: only requests on a reused connection are sent again;
 *   - HTTP/1.1: over HTTP/2 another request may join the connection meanwhile, which makes it a
 *     'reused' one also for the change; and a refused stream is sent again;
 *   - the seek function refuses to rewind the body, and without that it cannot be sent again.
 * Where HTTP/2 may be had the connection of a change is closed afterwards, lest the reads that
 * follow take it and stay with HTTP/1.1; else it is kept for them. */
#include "config.h"

#include "wire/transfer.h"

#include <string.h>

#define READ_PATIENCE 20 /* times timeout_ms that an answer may take as long as it flows */
#define BUFFER_BYTES (256L * 1024)
#define HEADER_BYTES_MAX 2048 /* of one that we keep */

enum header { LOCATION, RETRY_AFTER, DATE, REQUEST_ID, LIVE, HEADER_COUNT };

static const char *const HEADERS[HEADER_COUNT] = {
	[LOCATION] = "location:",
	[RETRY_AFTER] = "retry-after:",
	[DATE] = "date:",
	[REQUEST_ID] = "seam-request-id:",
	[LIVE] = "keyrackd-live:",
};

struct transfer {
	const struct transfer_config *config;
	CURL *easy;
	enum wire_kind kind;
	const char *body;
	size_t body_len, body_at;
	bool body_taken;
	bool too_large;
	GByteArray *received;
	char *headers[HEADER_COUNT];
	struct curl_slist *own_header; /* and after it those of the config; NULL */
	GSource *silence;
	void (*silent)(void *owner);
	void *owner;
	gint64 started_us;
	char trouble[CURL_ERROR_SIZE];
	char *sentence;
};

/* ---- what libcurl calls ---- */

static size_t on_read(char *buffer, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t some = MIN(size * n, t->body_len - t->body_at);

	t->body_taken = true;
	memcpy(buffer, t->body + t->body_at, some);
	t->body_at += some;
	return some;
}

static int on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct transfer *t = ctx;

	if (t->kind == WIRE_CHANGE && t->body_taken)
		return CURL_SEEKFUNC_FAIL;
	if (origin != SEEK_SET || offset < 0 || (size_t)offset > t->body_len)
		return CURL_SEEKFUNC_FAIL;
	t->body_at = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

/* How long nothing may come before it is given up. */
static int silence_ms(const struct transfer *t)
{
	int more = t->kind == WIRE_WAIT ? WIRE_WAIT_MS : 0;

	return MIN(t->config->timeout_ms, G_MAXINT - more) + more;
}

static void alive(struct transfer *t)
{
	if (t->silence)
		g_source_set_ready_time(t->silence,
					g_get_monotonic_time() + (gint64)silence_ms(t) * 1000);
}

static void silence_end(struct transfer *t)
{
	if (t->silence)
		g_source_destroy(t->silence);
	g_clear_pointer(&t->silence, g_source_unref);
}

static size_t on_write(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t len = size * n;

	alive(t);
	if (len > t->config->answer_bytes_max - t->received->len) {
		t->too_large = true;
		return 0;
	}
	g_byte_array_append(t->received, (const guint8 *)bytes, (guint)len);
	return len;
}

static void headers_clear(struct transfer *t)
{
	for (int i = 0; i < HEADER_COUNT; i++)
		g_clear_pointer(&t->headers[i], g_free);
}

static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t len = size * n;

	alive(t);
	if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
		headers_clear(t); /* those before belonged to a '100 Continue' */
	for (int i = 0; i < HEADER_COUNT; i++) {
		size_t name = strlen(HEADERS[i]);

		if (len < name || len > HEADER_BYTES_MAX ||
		    g_ascii_strncasecmp(bytes, HEADERS[i], name) != 0)
			continue;
		g_free(t->headers[i]);
		t->headers[i] = g_strstrip(g_strndup(bytes + name, len - name));
	}
	return len;
}

static gboolean on_silence(gpointer data)
{
	struct transfer *t = data;

	t->silent(t->owner);
	return G_SOURCE_REMOVE;
}

/* ---- setting one up ---- */

static void set_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static void set_place(struct transfer *t, const char *path)
{
	const struct endpoint *e = &t->config->endpoint;
	g_autofree char *url = g_strconcat(e->base, path, NULL);

	curl_easy_setopt(t->easy, CURLOPT_URL, url);
	if (e->unix_path)
		curl_easy_setopt(t->easy, CURLOPT_UNIX_SOCKET_PATH, e->unix_path);
	if (e->loopback)
		curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (t->config->ca_file) {
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, t->config->ca_file);
		curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL); /* that file, and no others */
	}
	set_protocols(t->easy);
	/* With the key in its headers, no request goes where a server points. */
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void set_request(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_len);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(t->easy, CURLOPT_SEEKDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->config->headers);
	curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->trouble);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)t->config->connect_timeout_ms);
}

static void set_kind(struct transfer *t, GMainContext *context)
{
	long timeout_ms = t->config->timeout_ms;

	if (t->kind == WIRE_CHANGE) {
		curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, t->config->endpoint.tls ? 1L : 0L);
		curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
		curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
		return;
	}
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	if (t->config->endpoint.tls)
		curl_easy_setopt(t->easy, CURLOPT_PIPEWAIT, 1L);
	/* A first pull is tens of megabytes, on whatever line the house has: for a read the
	 * time-out is one of silence. */
	if (t->kind == WIRE_READ)
		curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, timeout_ms > G_MAXINT / READ_PATIENCE ?
				 (long)G_MAXINT : timeout_ms * READ_PATIENCE);
	t->silence = g_timeout_source_new((guint)silence_ms(t));
	g_source_set_callback(t->silence, on_silence, t, NULL);
	g_source_attach(t->silence, context);
}

struct transfer *transfer_new(const struct transfer_config *config, enum wire_kind kind,
			      const char *path, const char *body, GMainContext *context,
			      void (*silent)(void *owner), void *owner)
{
	struct transfer *t = g_new0(struct transfer, 1);

	t->config = config;
	t->kind = kind;
	t->body = body;
	t->body_len = strlen(body);
	t->received = g_byte_array_new();
	t->silent = silent;
	t->owner = owner;
	t->started_us = g_get_monotonic_time();
	t->easy = curl_easy_init();
	g_assert(t->easy); /* only for want of memory, where GLib aborts too */
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, owner);
	set_place(t, path);
	set_request(t);
	set_kind(t, context);
	return t;
}

void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	silence_end(t);
	curl_easy_cleanup(t->easy);
	if (t->own_header)
		t->own_header->next = NULL;
	curl_slist_free_all(t->own_header);
	g_byte_array_unref(t->received);
	headers_clear(t);
	g_free(t->sentence);
	g_free(t);
}

void transfer_say(struct transfer *t, const char *header)
{
	if (!header)
		return;
	/* Before the client's own, which are not copied: the key is among them. */
	t->own_header = curl_slist_append(NULL, header);
	t->own_header->next = t->config->headers;
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->own_header);
}

CURL *transfer_easy(struct transfer *t)
{
	return t->easy;
}

void *transfer_owner(CURL *easy)
{
	void *owner = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
	return owner;
}

/* ---- how it went ---- */

static bool is_untrusted(CURLcode result)
{
	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return true;
	default:
		return false;
	}
}

static char *timeout_sentence(const struct transfer *t)
{
	if (t->body_taken)
		return g_strdup_printf("no answer from %s within %g s", t->config->endpoint.host,
				       silence_ms(t) / 1000.0);
	return g_strdup_printf("no connection to %s within %g s", t->config->endpoint.host,
			       MIN(t->config->connect_timeout_ms, t->config->timeout_ms) / 1000.0);
}

static char *connect_sentence(const struct transfer *t)
{
	const char *host = t->config->endpoint.host;
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &code);
	if (code == 0)
		return g_strdup_printf("%s cannot be reached", host);
	return g_strdup_printf("%s cannot be reached: %s", host, g_strerror((int)code));
}

static char *trouble_sentence(const struct transfer *t, CURLcode result)
{
	const char *host = t->config->endpoint.host;
	const char *detail = *t->trouble ? t->trouble : curl_easy_strerror(result);

	if (t->too_large)
		return g_strdup_printf("the answer of %s is larger than %" G_GSIZE_FORMAT " bytes",
				       host, t->config->answer_bytes_max);
	if (is_untrusted(result))
		return g_strdup_printf("%s is not trusted: %s", host, detail);
	switch (result) {
	case CURLE_OPERATION_TIMEDOUT:
		return timeout_sentence(t);
	case CURLE_COULDNT_RESOLVE_HOST:
		return g_strdup_printf("%s has no address; is the name right, is the network up?",
				       host);
	case CURLE_COULDNT_RESOLVE_PROXY:
		return g_strdup_printf("the proxy on the way to %s has no address", host);
	case CURLE_COULDNT_CONNECT:
		return connect_sentence(t);
	case CURLE_SSL_CONNECT_ERROR:
		return g_strdup_printf("no secure connection to %s: %s", host, detail);
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return g_strdup_printf("the connection to %s broke before the answer was there",
				       host);
	case CURLE_UNSUPPORTED_PROTOCOL: /* of HTTP 0.9, which is what anything else looks like */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return g_strdup_printf("%s answers in no HTTP that is understood; is the endpoint right?", host);
	case CURLE_BAD_CONTENT_ENCODING:
		return g_strdup_printf("the answer of %s is packed in a way that cannot be read", host);
	case CURLE_OUT_OF_MEMORY: /* libcurl's word for a header without end */
		return g_strdup_printf("the head of the answer of %s is larger than any", host);
	default: /* curl_easy_strerror knows no part of the request, the error buffer may */
		return g_strdup_printf("%s: %s", host, curl_easy_strerror(result));
	}
}

void transfer_reply(struct transfer *t, CURLcode result, struct reply *out)
{
	long status = 0;

	silence_end(t);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	*out = (struct reply){
		.status = (int)status,
		.location = t->headers[LOCATION],
		.retry_after = t->headers[RETRY_AFTER],
		.date = t->headers[DATE],
		.request_id = t->headers[REQUEST_ID],
		.live = t->headers[LIVE],
		.body = (const char *)t->received->data,
		.body_len = t->received->len,
		.host = t->config->endpoint.host,
		.api_key = t->config->api_key,
		.now = instant_now(),
		.took_ms = (g_get_monotonic_time() - t->started_us) / 1000,
	};
	if (result == CURLE_OK) {
		out->end = REPLY_WHOLE;
		return;
	}
	g_free(t->sentence);
	t->sentence = trouble_sentence(t, result);
	out->trouble = t->sentence;
	out->too_large = t->too_large;
	out->untrusted = !t->body_taken && is_untrusted(result);
	out->end = t->body_taken ? REPLY_LOST : REPLY_UNSENT;
}
