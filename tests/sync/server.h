/* server - a scripted server of the API, in a thread of the test, on 127.0.0.1.
 *
 * It keeps devices, codes and events as JSON and answers the routes that sync uses as the API
 * does: real filters, page cursors, newest events first, 409 for a PIN that stands. Faults are put
 * on a path: the next n requests there are answered otherwise. */
#ifndef KEYRACK_TESTS_SYNC_SERVER_H
#define KEYRACK_TESTS_SYNC_SERVER_H

#include <jansson.h>
#include <stdbool.h>

struct server;

enum fault {
	FAULT_NONE,
	FAULT_RESET_BEFORE, /* nothing is carried out, the connection is reset */
	FAULT_RESET_AFTER,  /* carried out, then the connection is reset */
	FAULT_503,          /* nothing is carried out; an empty body */
	FAULT_503_AFTER,    /* carried out, and a proxy says 503 */
	FAULT_500,
	FAULT_429,          /* with Retry-After: 1 */
	FAULT_429_YEAR,     /* with that of a year */
	FAULT_401,
	FAULT_404,          /* plain text: the route is missing */
};

struct server *server_new(void);
void server_free(struct server *s);
char *server_endpoint(struct server *s);

void server_fault(struct server *s, const char *path, enum fault fault, int n); /* n -1: for good */
void server_stop(struct server *s);   /* nobody listens, connections are reset */
void server_start(struct server *s);  /* again, on the same port */
void server_ignore_filters(struct server *s, bool yes);
void server_oldest_first(struct server *s, bool yes); /* events, and no limit: as the fake does */
void server_page_max(struct server *s, int n);
void server_accept_then_hold(struct server *s, const char *attempt_status);

void server_confirm(struct server *s, bool yes); /* whether the device says that it did it */

/* keyrackd's live call is offered, and answered; the number of an event is how many there were. */
void server_live(struct server *s, bool yes);
void server_drain(struct server *s, bool yes);            /* it is answered at once */
void server_journal(struct server *s, const char *journal); /* another one than it was */
void server_changed(struct server *s, const char *code_id); /* without an event */
int server_asked_where(struct server *s);                  /* live calls without a number */
int64_t server_asked_after(struct server *s);              /* the number in the last; -1 */

void server_add_lock(struct server *s, const char *device_id);
/* Makes a code; its id is returned, to be freed. with_event: as if through the API. */
char *server_add_code(struct server *s, const char *device_id, const char *name, const char *pin,
		      bool managed, bool with_event);
void server_delete_code(struct server *s, const char *id, bool with_event);
void server_rename_code(struct server *s, const char *id, const char *name, bool with_event);
void server_set(struct server *s, const char *id, const char *key, json_t *value); /* takes value */
void server_add_event(struct server *s, const char *type, const char *device_id,
		      const char *access_code_id);
/* At a given moment, n of them. */
void server_add_events_at(struct server *s, const char *device_id, const char *at, int n);

int server_requests(struct server *s, const char *path); /* NULL: all */
int server_codes_named(struct server *s, const char *name);
char *server_id_named(struct server *s, const char *name); /* NULL: none; to be freed */
int server_codes(struct server *s);
int server_events(struct server *s);
int server_operators(struct server *s); /* requests that said that they are for 'clerk' */
/* How often this change was carried out. */
int server_carried_out(struct server *s, const char *path);

#endif
