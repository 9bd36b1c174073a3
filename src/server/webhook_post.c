/* webhook_post - one event, signed and sent to one URL.
 *
 * No redirect is followed: a secret signature goes to whom it was made for. The certificate is
 * checked against the system's authorities. A message whose connection broke may be sent again by
 * libcurl itself: it has the same id, and whoever receives it is told to look at that. */
#include "config.h"

#include "server/webhook.h"

#include <string.h>

#include "wire/endpoint.h"

#define ANSWER_BYTES_MAX   ((size_t)64 << 10) /* more of an answer is not read */
#define CONNECT_TIMEOUT_MS 10000L

static size_t on_write(char *bytes, size_t size, size_t n, void *ctx)
{
	struct post *p = ctx;

	(void)bytes;
	p->answer_bytes += size * n;
	return p->answer_bytes > ANSWER_BYTES_MAX ? 0 : size * n;
}

static void set_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

/* This computer is not asked for through a proxy. */
static void set_proxy(CURL *easy, const char *url)
{
	CURLU *parts = curl_url();
	char *host = NULL;

	if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    endpoint_is_loopback(host))
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_free(host);
	curl_url_cleanup(parts);
}

void post_init(struct post *p, const char *url, void *owner)
{
	*p = (struct post){ .easy = curl_easy_init() };
	g_assert(p->easy); /* only for want of memory, where GLib aborts too */
	curl_easy_setopt(p->easy, CURLOPT_URL, url);
	curl_easy_setopt(p->easy, CURLOPT_PRIVATE, owner);
	set_proxy(p->easy, url);
	set_protocols(p->easy);
	curl_easy_setopt(p->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(p->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(p->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(p->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(p->easy, CURLOPT_USERAGENT, "keyrackd/" PACKAGE_VERSION);
	curl_easy_setopt(p->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(p->easy, CURLOPT_WRITEDATA, p);
	curl_easy_setopt(p->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(p->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
}

static void add_header(struct post *p, const char *name, const char *value)
{
	g_autofree char *line = g_strdup_printf("%s: %s", name, value);

	p->headers = curl_slist_append(p->headers, line);
}

/* Both brandings: Svix's own, which Seam's SDK looks for, and the standard's. */
static void add_signature(struct post *p, const char *id, const char *timestamp,
			  const char *signature)
{
	add_header(p, "svix-id", id);
	add_header(p, "svix-timestamp", timestamp);
	add_header(p, "svix-signature", signature);
	add_header(p, "webhook-id", id);
	add_header(p, "webhook-timestamp", timestamp);
	add_header(p, "webhook-signature", signature);
}

/* "v1,… v1,…": a receiver takes what one of its secrets has made. */
static char *signed_by(const char *secret, const char *before, const char *id, int64_t now, const char *body)
{
	g_autofree char *one = webhook_sign(secret, id, now, body, strlen(body));
	g_autofree char *other = before ? webhook_sign(before, id, now, body, strlen(body)) : NULL;

	return one && other ? g_strconcat(one, " ", other, NULL) : g_steal_pointer(&one);
}

bool post_prepare(struct post *p, const char *secret, const char *before, const char *event_id, const char *body,
		  int timeout_ms)
{
	/* Of the event alone: the same at each try, after each restart, and when it is replayed. */
	g_autofree char *id = g_strconcat("msg_", event_id, NULL);
	/* Not the engine's clock: whoever receives this compares it with the true time. */
	int64_t now = instant_now().ms / SECOND_MS;
	g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, now);
	g_autofree char *signature = signed_by(secret, before, id, now, body);

	if (!signature)
		return false;
	curl_slist_free_all(g_steal_pointer(&p->headers));
	add_header(p, "content-type", "application/json");
	p->headers = curl_slist_append(p->headers, "Expect:"); /* no asking before a long body */
	add_signature(p, id, timestamp, signature);
	g_free(p->body);
	p->body = g_strdup(body);
	p->answer_bytes = 0;
	curl_easy_setopt(p->easy, CURLOPT_HTTPHEADER, p->headers);
	curl_easy_setopt(p->easy, CURLOPT_POSTFIELDS, p->body);
	curl_easy_setopt(p->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(p->body));
	curl_easy_setopt(p->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	return true;
}

void *post_owner(CURL *easy)
{
	void *owner = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
	return owner;
}

bool post_taken(struct post *p, CURLcode result, char **why)
{
	long status = 0;

	curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
	/* The status is the answer. What comes after it is of no interest, nor how it ends. */
	if (status >= 200 && status < 300)
		return true;
	*why = status ? g_strdup_printf("HTTP status %ld", status)
		      : g_strdup(curl_easy_strerror(result));
	return false;
}

void post_clear(struct post *p)
{
	curl_easy_cleanup(p->easy);
	curl_slist_free_all(p->headers);
	g_free(p->body);
	*p = (struct post){ 0 };
}
