#include "wire/endpoint.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/un.h>

#include "core/error.h"

#define UNIX_PREFIX "unix:"

static bool fail(GError **err, const char *sentence)
{
	/* The endpoint itself is not repeated: people put passwords into URLs. */
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG, sentence);
	return false;
}

static bool parse_unix(const char *path, struct endpoint *out, GError **err)
{
	if (g_str_has_prefix(path, "//"))
		path += strspn(path, "/") - 1;
	if (*path != '/')
		return fail(err, "The endpoint unix: needs an absolute path, as in "
				 "unix:/run/keyrackd.sock.");
	if (strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return fail(err, "The endpoint's socket path is longer than the 107 bytes that the "
				 "system takes.");
	out->base = g_strdup("http://localhost");
	out->unix_path = g_strdup(path);
	out->host = g_strdup(path);
	out->loopback = true;
	return true;
}

bool endpoint_is_loopback(const char *host)
{
	return g_ascii_strcasecmp(host, "localhost") == 0 || g_str_has_suffix(host, ".localhost") ||
	       g_str_has_prefix(host, "127.") || strcmp(host, "[::1]") == 0;
}

static char *url_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;

	return curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}

/* What a URL may have and an endpoint may not. */
static const struct {
	CURLUPart part;
	const char *sentence;
} UNWANTED[] = {
	{ CURLUPART_QUERY, "The endpoint must not have a query (the part from '?' on)." },
	{ CURLUPART_FRAGMENT, "The endpoint must not have a fragment (the part from '#' on)." },
	{ CURLUPART_USER, "The endpoint must not have a user name; the API key logs in." },
	{ CURLUPART_PASSWORD, "The endpoint must not have a password; the API key logs in." },
};

static bool parse_url(CURLU *url, const char *text, struct endpoint *out, GError **err)
{
	if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
		return fail(err, "The endpoint is no address, as in https://connect.getseam.com.");
	for (size_t i = 0; i < G_N_ELEMENTS(UNWANTED); i++) {
		char *part = url_part(url, UNWANTED[i].part);

		curl_free(part);
		if (part)
			return fail(err, UNWANTED[i].sentence);
	}

	char *host = url_part(url, CURLUPART_HOST);
	char *base = url_part(url, CURLUPART_URL);

	if (host && base) {
		out->host = g_strdup(host);
		out->base = g_strdup(base);
		while (g_str_has_suffix(out->base, "/"))
			out->base[strlen(out->base) - 1] = '\0';
		out->loopback = endpoint_is_loopback(host);
	}
	curl_free(host);
	curl_free(base);
	return out->base || fail(err, "The endpoint has no host name.");
}

bool endpoint_parse(const char *text, struct endpoint *out, GError **err)
{
	*out = (struct endpoint){ 0 };
	if (!text || !*text)
		return fail(err, "No endpoint is set, as in https://connect.getseam.com.");
	for (const char *c = text; *c; c++)
		if (g_ascii_isspace(*c) || g_ascii_iscntrl(*c))
			return fail(err, "The endpoint must not have spaces in it.");
	if (g_ascii_strncasecmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		return parse_unix(text + strlen(UNIX_PREFIX), out, err);

	out->tls = g_ascii_strncasecmp(text, "https://", 8) == 0;
	if (!out->tls && g_ascii_strncasecmp(text, "http://", 7) != 0)
		return fail(err, "The endpoint must begin with https://, http:// or unix:/.");

	CURLU *url = curl_url();
	bool ok = url && parse_url(url, text, out, err);

	curl_url_cleanup(url);
	return ok;
}

void endpoint_done(struct endpoint *e)
{
	g_free(e->base);
	g_free(e->unix_path);
	g_free(e->host);
	*e = (struct endpoint){ 0 };
}
