/* poke - how sync tells consoles that something has changed: lines on a Unix socket.
 *
 * The socket lies beside the cache (folder/poke). sync serves it (sync/announce.c); this is the
 * format and the client. Lines end in \n; unknown ones are ignored by both sides.
 *
 *   sync → console   changed <mask>              enum poke_changed bits, decimal
 *                    status key=value ...        see struct poke_status; values URI-escaped
 *   console → sync   hello <pid>                 first line
 *                    outbox                      an intent was committed: send it now
 *                    compare                     compare everything now (a user asked)
 *                    explain <access_code_id>    ask the server why this code is as it is
 *
 * A closed socket says that sync has gone. */
#ifndef KEYRACK_CACHE_POKE_H
#define KEYRACK_CACHE_POKE_H

#include <gio/gio.h>

#include "core/instant.h"

enum poke_changed {
	POKE_LOCKS = 1 << 0,
	POKE_CODES = 1 << 1,
	POKE_EVENTS = 1 << 2,
	POKE_OUTBOX = 1 << 3,
	POKE_EXPLAINED = 1 << 4, /* what was asked by 'explain' has been answered, or will not be */
	POKE_FEEDS = 1 << 5,     /* a feed of reservations was read, or could not be */
	POKE_ALL = POKE_LOCKS | POKE_CODES | POKE_EVENTS | POKE_OUTBOX | POKE_EXPLAINED | POKE_FEEDS,
};

enum sync_phase {
	SYNC_STARTING,
	SYNC_PULLING,    /* the first pull: done of total */
	SYNC_FOLLOWING,  /* live */
	SYNC_COMPARING,  /* live, and a full comparison under way */
	SYNC_WAITING,    /* the server is away: trying again */
	SYNC_NO_ACCESS,  /* the key is refused: a person must act */
	SYNC_STOPPED,    /* cannot go on: disk full, cache damaged */
};

struct poke_status {
	enum sync_phase phase;
	bool live;            /* the server says by itself what happens; polls are a safety net */
	bool explains;        /* the server can be asked why a code is as it is */
	int interval_ms;      /* between two polls, where it does not */
	int lag_ms;           /* how long the last poll took to come back */
	int64_t done, total;  /* while pulling */
	struct instant ok_at; /* last time that the server answered well */
	struct instant next_at; /* waiting: the next try */
	char *text;           /* for people: "connection refused", NULL */
};
void poke_status_clear(struct poke_status *s);
const char *sync_phase_word(enum sync_phase p);

char *poke_status_format(const struct poke_status *s);          /* one line, with \n */
bool poke_status_parse(const char *line, struct poke_status *out); /* false: not a status line */

/* Listening or connected sockets for folder/poke, whatever the length of the folder's path. */
GSocket *poke_listen(const char *folder, bool group, GError **err);
GSocket *poke_connect(const char *folder, GError **err);

/* A console's end. Callbacks run in the default main context. */
struct poke_client;
struct poke_callbacks {
	void (*changed)(unsigned mask, void *ctx);
	void (*status)(const struct poke_status *s, void *ctx);
	void (*gone)(void *ctx); /* sync ended or was never there; call poke_client_connect again */
};
struct poke_client *poke_client_new(const char *folder, const struct poke_callbacks *cb, void *ctx);
bool poke_client_connect(struct poke_client *p, GError **err);
bool poke_client_is_connected(const struct poke_client *p);
void poke_client_send(struct poke_client *p, const char *line); /* "outbox" */
void poke_client_free(struct poke_client *p);

#endif
