/* server_inside - what the files of the scripted server share: its state, and what routes answer with. All
 * of it is used under the mutex. */
#ifndef KEYRACK_TESTS_SYNC_SERVER_INSIDE_H
#define KEYRACK_TESTS_SYNC_SERVER_INSIDE_H

#include <glib.h>

#include "core/instant.h"
#include "tests/sync/server.h"

#define LIVE_PATH "/keyrackd/live"

struct planned {
	char *path;
	enum fault fault;
	int n;
};

struct server {
	GMutex mutex;
	GCond idle;
	int listener;
	int port;
	GThread *acceptor;
	GArray *connections; /* of int: open descriptors */
	int threads;
	GPtrArray *planned;  /* of struct planned */
	GHashTable *requests, *carried_out; /* path -> count */
	int operators;                      /* requests that said for whom they are */
	json_t *devices, *codes, *events, *attempts;
	json_t *closed;      /* what was a code */
	int next_id;
	bool ignore_filters, oldest_first;
	int page_max;
	char *attempt_status;
	bool confirmed;
	bool live, draining, stopping;
	char *journal;
	json_t *changed;     /* ids for the next live answer */
	GCond news;
	int explained;
	int asked_where;     /* live calls with no number */
	json_int_t asked_after; /* of the last one with a number; -1: none */
};

struct answer {
	int status;
	json_t *body;
};

/* ---- server_objects.c ---- */
/* How often a path was asked for: one more; so far. */
void server_count(GHashTable *t, const char *path);
int server_counted(GHashTable *t, const char *path);
json_t *server_now_text(void);
const char *server_text(const json_t *o, const char *key);
struct instant server_when(const json_t *o, const char *key);
size_t server_find(const json_t *array, const char *key, const char *value);
struct answer server_fail(int status, const char *type, const char *message);
struct answer server_good(const char *key, json_t *value);
json_t *server_event_at(struct server *s, const char *type, const char *device_id, const char *code_id, json_t *at);

/* ---- server_routes.c ---- */
struct answer server_carry_out(struct server *s, const char *path, const char *body);
json_t *server_make_code(struct server *s, const char *device_id, const char *name, const char *pin, bool managed);

#endif
