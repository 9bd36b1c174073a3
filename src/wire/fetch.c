/* fetch - see the header. */
#include "config.h"

#include "wire/fetch.h"

#include <string.h>

#include "wire/curl_loop.h"
#include "wire/endpoint.h"

#define DEADLINE_MS	60000
#define CONNECT_MS	15000
#define REDIRECTS_MAX	4L
#define HEADER_MAX	512
#define SPEED_BYTES	20L /* a second: less for half a minute is no transfer */
#define SPEED_SECONDS	30L

struct fetcher {
	struct curl_loop *loop;
	GPtrArray *under_way; /* of struct fetch * */
};
struct fetch {
	struct fetcher *fetcher;
	CURL *easy;
	struct curl_slist *headers;
	GString *body;
	size_t bytes_max;
	int deadline_ms;
	bool too_large;
	char *host, *etag, *last_modified;
	fetch_done *done;
	void *ctx;
};

static void fetch_free(struct fetch *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	g_string_free(t->body, TRUE);
	g_free(t->host);
	g_free(t->etag);
	g_free(t->last_modified);
	g_free(t);
}

static size_t on_write(char *bytes, size_t size, size_t n, void *ctx)
{
	struct fetch *t = ctx;

	if (size * n > t->bytes_max - t->body->len) {
		t->too_large = true;
		return 0;
	}
	g_string_append_len(t->body, bytes, (gssize)(size * n));
	return size * n;
}

static void keep(char **to, const char *name, const char *bytes, size_t len)
{
	size_t n = strlen(name);

	if (len <= n || len > HEADER_MAX || g_ascii_strncasecmp(bytes, name, n) != 0)
		return;
	g_free(*to);
	*to = g_strstrip(g_strndup(bytes + n, len - n));
}

static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	struct fetch *t = ctx;

	if (size * n >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		g_clear_pointer(&t->etag, g_free);
		g_clear_pointer(&t->last_modified, g_free);
	}
	keep(&t->etag, "etag:", bytes, size * n);
	keep(&t->last_modified, "last-modified:", bytes, size * n);
	return size * n;
}

/* The sentence for what went wrong on the way; newly allocated. */
static char *way_trouble(const struct fetch *t, CURLcode result)
{
	if (t->too_large)
		return g_strdup_printf("The answer of %s is larger than any list of reservations.", t->host);
	switch (result) {
	case CURLE_OPERATION_TIMEDOUT:
		return g_strdup_printf("%s: no whole answer within %d s.", t->host, t->deadline_ms / 1000);
	case CURLE_COULDNT_RESOLVE_HOST:
		return g_strdup_printf("%s has no address; is the name right, is the network up?", t->host);
	case CURLE_COULDNT_CONNECT:
		return g_strdup_printf("%s cannot be reached.", t->host);
	case CURLE_PEER_FAILED_VERIFICATION:
		return g_strdup_printf("%s is not trusted: its certificate does not say that it is it.", t->host);
	case CURLE_TOO_MANY_REDIRECTS:
		return g_strdup_printf("%s sends from address to address.", t->host);
	case CURLE_UNSUPPORTED_PROTOCOL:
		return g_strdup_printf("%s sends to an address without https.", t->host);
	default: /* its text knows no part of the address */
		return g_strdup_printf("%s: %s.", t->host, curl_easy_strerror(result));
	}
}

static char *status_trouble(const struct fetch *t, long status)
{
	if (status == 401 || status == 403)
		return g_strdup_printf("%s refuses the address (%ld): is its secret still valid?", t->host, status);
	if (status == 404 || status == 410)
		return g_strdup_printf("%s has nothing at the address any more (%ld): make a new one there.", t->host,
				       status);
	if (status == 429)
		return g_strdup_printf("%s is asked too often (429): raise 'interval'.", t->host);
	return status == 200 ? NULL : g_strdup_printf("%s answers %ld.", t->host, status);
}

static void on_ended(CURL *easy, CURLcode result, void *ctx)
{
	struct fetcher *f = ctx;
	g_autofree char *trouble = NULL;
	struct fetch_answer a = { 0 };
	struct fetch *t = NULL;
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	g_ptr_array_remove_fast(f->under_way, t);
	a.same = result == CURLE_OK && status == 304;
	trouble = result != CURLE_OK ? way_trouble(t, result) : a.same ? NULL : status_trouble(t, status);
	a.trouble = trouble;
	a.etag = t->etag;
	a.last_modified = t->last_modified;
	if (!trouble && !a.same) {
		a.body = t->body->str;
		a.len = t->body->len;
	}
	t->done(&a, t->ctx);
	fetch_free(t);
}

struct fetcher *fetcher_new(GMainContext *context)
{
	struct fetcher *f = g_new0(struct fetcher, 1);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	f->loop = curl_loop_new(context, on_ended, f);
	f->under_way = g_ptr_array_new();
	return f;
}

void fetcher_free(struct fetcher *f)
{
	if (!f)
		return;
	for (guint i = 0; i < f->under_way->len; i++) {
		struct fetch *t = f->under_way->pdata[i];

		curl_loop_remove(f->loop, t->easy);
		fetch_free(t);
	}
	g_ptr_array_unref(f->under_way);
	curl_loop_free(f->loop);
	g_free(f);
}

static void add_header(struct fetch *t, const char *name, const char *value)
{
	g_autofree char *line = value && !strpbrk(value, "\r\n") ? g_strdup_printf("%s: %s", name, value) : NULL;

	if (line)
		t->headers = curl_slist_append(t->headers, line);
}

/* In clear only to this computer, also where it is sent on. */
static void set_protocols(struct fetch *t, const char *url)
{
	const char *allowed =
		g_ascii_strncasecmp(url, "http:", 5) == 0 && endpoint_is_loopback(t->host) ? "http,https" : "https";

#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, allowed);
	curl_easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS_STR, allowed);
#else
	long bits = strcmp(allowed, "https") == 0 ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS;

	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS, bits);
	curl_easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS, bits);
#endif
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(t->easy, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	if (endpoint_is_loopback(t->host))
		curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "*");
}

static void set_up(struct fetch *t, const struct fetch_request *r)
{
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_URL, r->url);
	curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
	set_protocols(t, r->url);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	add_header(t, "Accept", "text/calendar, text/csv, text/plain, */*;q=0.1");
	add_header(t, "If-None-Match", r->etag);
	add_header(t, "If-Modified-Since", r->last_modified);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(CONNECT_MS, t->deadline_ms));
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)t->deadline_ms);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, SPEED_BYTES);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, SPEED_SECONDS);
}

void fetcher_get(struct fetcher *f, const struct fetch_request *request, fetch_done *done, void *ctx)
{
	g_autoptr(GUri) uri = g_uri_parse(request->url, G_URI_FLAGS_ENCODED, NULL);
	struct fetch *t = g_new0(struct fetch, 1);

	t->fetcher = f;
	t->easy = curl_easy_init();
	g_assert(t->easy); /* only for want of memory, where GLib aborts too */
	t->body = g_string_new(NULL);
	t->bytes_max = request->bytes_max;
	t->deadline_ms = request->deadline_ms > 0 ? request->deadline_ms : DEADLINE_MS;
	t->host = g_strdup(uri && g_uri_get_host(uri) ? g_uri_get_host(uri) : "the feed");
	t->done = done;
	t->ctx = ctx;
	set_up(t, request);
	g_ptr_array_add(f->under_way, t);
	curl_loop_add(f->loop, t->easy);
}
