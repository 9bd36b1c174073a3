/* endpoint - where a server is: https://, http:// or unix:/path, taken apart. */
#ifndef KEYRACK_WIRE_ENDPOINT_H
#define KEYRACK_WIRE_ENDPOINT_H

#include <glib.h>
#include <stdbool.h>

struct endpoint {
	char *base;        /* "https://host:port/prefix", no slash at its end */
	char *unix_path;   /* NULL: TCP */
	char *host;        /* for messages: the host, or the socket's path */
	bool tls;
	bool loopback;     /* this computer: no proxy is asked for it */
};

/* KEYRACK_ERROR_CONFIG with what to write. On failure out holds nothing. */
bool endpoint_parse(const char *text, struct endpoint *out, GError **err);
void endpoint_done(struct endpoint *e);
/* A host as it stands in a URL: is it this computer? */
bool endpoint_is_loopback(const char *host);

#endif
