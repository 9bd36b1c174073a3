/* site - a keyrackd on a real socket, and a client of it that says and hears bytes. Both share one thread and one
 * main loop. /t/echo says what it was told, /t/wait waits, /t/large answers a megabyte, /t/open asks for no key. */
#ifndef KEYRACK_TESTS_SERVER_SITE_H
#define KEYRACK_TESTS_SERVER_SITE_H

#include "tests/server/rig.h"

#include <gio/gio.h>

#include "server/http.h"
#include "server/inside.h"

#define SITE_BODY_MAX 4096
#define SITE_DEADLINE_US (10 * G_USEC_PER_SEC)

/* The call that waits, and how many were cancelled. */
extern struct call *site_waiting;
extern int site_unhooked;

struct site {
	struct rig *rig;
	struct http *http;
	char *path;
};
void site_done(struct site *s);
#define SITE __attribute__((cleanup(site_done))) struct site

struct client {
	GSocket *socket;
	GString *in;    /* come, not taken yet */
	char *headers, *body; /* of the last answer */
	int status;
	bool closed;
};
void client_free(struct client *c);
DEFINE_OWN(struct client, client, client_free)

/* Listens on a socket in the rig's folder, unless opt says where. */
struct site site_of(struct http_options opt);
/* Turns the main loop for a while. */
void site_turn(void);
/* Until it is true; fails after SITE_DEADLINE_US. */
void site_until(const bool *flag);
GSocketAddress *site_address(const struct site *s);
struct client *client_new(const struct site *s);
void client_say_bytes(struct client *c, const char *text, size_t len);
void client_say(struct client *c, const char *text);
/* A request with the admin's key and a body, printf-wise, ' for ". */
G_GNUC_PRINTF(4, 5)
void client_ask(struct client *c, const struct site *s, const char *what, const char *body, ...);
/* What has come, into in; or closed. */
void client_take_in(struct client *c);
/* The status of the next answer; 0: the connection ended, or nothing came. */
int client_hear(struct client *c);
/* The same; no_body: of a HEAD. */
int client_hear_some(struct client *c, bool no_body);
bool client_hears_the_end(struct client *c);

#endif
