/* machine - the parts of a running sync and what they say to each other. Private to this folder.
 *
 *   sync.c     lifecycle: opening, signals, idle end
 *   turn.c     one turn after the other: pull or follow, then refetch; phases and pace
 *   pull.c     locks and codes by their lists: first pull and comparison
 *   events.c   walks /events/list in whatever order and size a server answers
 *   follow.c   what new events say has changed
 *   live.c     waits for them where the server offers it
 *   refetch.c  reads those objects again, by id; refetch_device.c devices and whole lists
 *   store.c    puts an answer's objects into the cache
 *   push.c     carries out the outbox; answer.c what its answers lead to
 *   explain.c  asks why a code is as it is, where the server can say
 *   feeds.c    reads feeds of reservations
 *   rotas.c    makes the next code of whoever works on some days of the week
 *   announce.c the poke socket
 *
 * Everything runs in one thread. A callback of a call that was cancelled (WIRE_CANCELLED: the
 * client is being freed) only frees its own memory. */
#ifndef KEYRACK_SYNC_MACHINE_H
#define KEYRACK_SYNC_MACHINE_H

#include <jansson.h>

#include "cache/cache.h"
#include "cache/outbox.h"
#include "cache/poke.h"
#include "sync/pace.h"
#include "sync/sync.h"
#include "wire/client.h"
#include "wire/codec.h"

/* Small facts in the cache. */
#define FACT_SERVER    "server"         /* endpoint and workspace that it was pulled from */
#define FACT_WATERMARK "watermark"      /* ms: everything created before it is in the cache */
#define FACT_PULLED    "pulled"         /* ms: when the first pull was complete */
#define FACT_COMPARED  "compared"       /* ms: when the last full comparison was complete */
#define FACT_OK        "ok_at"          /* ms: when the server answered well, within a minute */
#define FACT_LIVE      "live"           /* number in the server's journal, and which journal */
#define FACT_GEN       "pull.gen"       /* of a first pull under way */
#define FACT_MARK      "pull.mark"      /* its watermark-to-be */
#define FACT_AFTER     "pull.after"     /* device_id up to which its locks are done */

#define CODES_PAGE     1000
#define DEVICES_PAGE   500
#define EVENTS_PAGE    500
#define EVENTS_OVERLAP_MS (10 * SECOND_MS)

struct pull;
struct follow;
struct live;
struct explain;
struct feeds;
struct rotas;
struct refetcher;
struct push;
struct announce;

struct sync {
	const struct profile *profile;
	struct sync_options opt;
	GMainLoop *loop;
	int lock_fd;
	char *cache_path;
	struct cache *cache;
	struct wire_client *client;
	struct wire_scratch *scratch;
	struct announce *announce;
	struct pull *pull;       /* NULL: none under way */
	struct follow *follow;
	struct live *live;
	struct explain *explain;
	struct feeds *feeds;
	struct rotas *rotas;
	struct refetcher *refetch;
	struct push *push;
	struct pace pace;
	struct poke_status status;
	struct poke_status said; /* as the consoles know it */
	struct instant ok_noted; /* status.ok_at as the cache has it */
	int64_t said_us;         /* monotonic, as are the next two; 0: not yet */
	char *note;              /* beside the status until the next pull: 'was damaged' */
	unsigned changed;        /* poke bits collected by the stores of a transaction */
	guint flush_timer;       /* what a first pull has stored is to be committed */
	guint turn_timer, idle_timer, quit_timer, doubt_timer, signal_term, signal_int;
	int64_t not_before_us;   /* the server asked for a pause until then */
	int64_t server_us;       /* when it said what time it was there */
	struct instant server_at;
	bool in_turn;
	bool turn_wanted;        /* asked for, and not begun yet */
	int limited;             /* turns in a row that a rate limit ended, with no lock done */
	bool well;               /* the server answered lately */
	bool pulled;             /* the first pull is complete */
	bool compare_wanted;     /* by a person, or once: not slowly */
	bool lacks_unmanaged;    /* no /access_codes/unmanaged/list */
	bool damaged;            /* the cache is to be rescued before the next turn */
	bool quitting;           /* nothing new is sent */
	bool by_signal;
	bool in_doubt;           /* once ended before an intent's fate was known */
	bool ending;             /* the loop has ended: calls are being cancelled */
	struct instant compared_at;
	int64_t compared_us;     /* monotonic; 0: before this run */
	int64_t compare_after_us; /* one that failed is not begun again before */
	GError *failure;         /* what ended the run */
};

/* ---- turn.c ---- */
void turn_schedule(struct sync *s, int wait_ms);
void turn_now(struct sync *s);        /* as soon as the one under way is over */
/* How a call of the turn went, when it did not go well: pace, phase and words; ends the turn. */
void turn_failed(struct sync *s, const struct wire_answer *a);
/* What an answer says that did not go well; where it asks for more rest than it gets the 'times'th time, with
 * that. Newly allocated; NULL: it says nothing. */
char *turn_words(const struct wire_answer *a, int times);
void turn_cache_failed(struct sync *s, GError *err); /* takes err */
void turn_done(struct sync *s);
void turn_note_ok(struct sync *s);    /* status.ok_at into the cache, for those who read it alone */
void turn_alive(struct sync *s);      /* the server answers: what waits for it may go */
void turn_status(struct sync *s);     /* tell if there is something to tell */
void turn_phase(struct sync *s, enum sync_phase phase, const char *text);
void turn_compare(struct sync *s);    /* a person asked */
struct instant turn_server_now(struct sync *s, const struct wire_answer *a);
/* By the server's clock, as far as it is known; nobody can set that one here. */
struct instant turn_server_clock(const struct sync *s);

/* ---- pull.c ---- */
/* slow: only as many locks as each poll's pull_allow lets through. */
void pull_start(struct sync *s, bool slow);
void pull_allow(struct sync *s, int interval_ms);
void pull_hurry(struct sync *s);
void pull_cancel(struct sync *s);

enum lock_part { PART_MANAGED = 1 << 0, PART_UNMANAGED = 1 << 1 };
typedef void lock_codes_done(const struct wire_answer *a, bool ok, void *ctx);
/* Reads the codes of one lock and sweeps what is gone. ok is false when it failed; a lock that
 * the server does not know, or a list that it does not have, is no failure. */
void lock_codes_read(struct sync *s, const char *device_id, unsigned parts, int64_t gen,
		     lock_codes_done *done, void *ctx);

/* ---- events.c ---- */
typedef void events_page(json_t *events, void *ctx);
typedef void events_done(const struct wire_answer *a, struct instant newest, void *ctx);
/* All events created after since; at most max of them. Pages may overlap. */
void events_read(struct sync *s, struct instant since, int max, events_page *page,
		 events_done *done, void *ctx);

/* ---- follow.c ---- */
struct follow *follow_new(struct sync *s);
void follow_free(struct follow *f);
void follow_poll(struct sync *s);                            /* ends in refetch, or turn_failed */
void follow_history(struct sync *s, struct instant since);   /* the first pull's last step */
/* Events that came without a poll: ends as a poll does. NULL: none. */
void follow_take(struct sync *s, json_t *events);
void follow_refetched(struct sync *s);                       /* by refetch: all that was asked */
void follow_release(struct sync *s);  /* stores what still waits for a name */
void follow_mark(struct sync *s, struct instant mark);
struct instant follow_mark_get(const struct follow *f);
void follow_forget(struct sync *s);                          /* after a failed disk */

/* ---- live.c ---- */
struct live *live_new(struct sync *s);
void live_free(struct live *l);
void live_offer(struct sync *s, const char *path); /* by each poll's answer; NULL: not offered */
void live_poll_begins(struct sync *s);
/* What the end of this turn has reached goes into the cache. */
bool live_commit(struct sync *s, GError **err);
bool live_turn_over(struct sync *s); /* did the turn begin with its answer? */
/* Between turns: waits for more. True: an answer was there already, and is the next turn. */
bool live_go_on(struct sync *s);
int live_poll_in_ms(struct sync *s, int wait_ms); /* wait_ms: without it */
bool live_is_up(const struct live *l);
bool live_is_offered(const struct live *l); /* the server says that it is keyrackd */
void live_stop(struct sync *s);      /* a turn failed: until one goes well */
void live_forget(struct sync *s);    /* after a failed disk */

/* ---- explain.c ---- */
struct explain *explain_new(struct sync *s);
void explain_free(struct explain *e);
void explain_want(struct sync *s, const char *access_code_id);

/* ---- refetch.c ---- */
struct refetcher *refetch_new(struct sync *s);
void refetch_free(struct refetcher *r);
void refetch_code(struct sync *s, const char *access_code_id, const char *device_id);
/* at: when an event named it; the moment of its deletion, should the server have none. */
void refetch_code_at(struct sync *s, const char *access_code_id, const char *device_id,
		     struct instant at);
void refetch_device(struct sync *s, const char *device_id);
void refetch_devices(struct sync *s);
void refetch_lock_codes(struct sync *s, const char *device_id, unsigned parts);
bool refetch_is_empty(const struct refetcher *r);
void refetch_run(struct sync *s);    /* ends in follow_refetched, or turn_failed */
/* Outside a turn (after a push): now when idle, else with the turn under way. */
void refetch_soon(struct sync *s);
bool refetch_is_running(const struct refetcher *r);
/* Whether an answer about this code came in that was asked for after 'asked_us' (monotonic): an
 * older answer must not overwrite a newer one. */
enum newer { NEWER_NONE, NEWER_EXISTS, NEWER_DELETED };
enum newer refetch_newer(const struct refetcher *r, const char *access_code_id, int64_t asked_us);

/* ---- store.c ---- */
bool store_begin(struct sync *s);
bool store_commit(struct sync *s);
/* In a first pull, commits a little later, together with what comes until then; else at once. */
bool store_commit_soon(struct sync *s);
bool store_flush(struct sync *s);
enum store { STORE_FAILED = -1, STORE_SKIPPED, STORE_DONE, STORE_NO_LOCK };
enum store store_lock(struct sync *s, const json_t *object, int64_t gen);
/* device_id NULL: of any lock. managed: what it is when the object does not say. */
enum store store_code(struct sync *s, const json_t *object, const char *device_id, bool managed,
		      int64_t gen);
/* Within a transaction too. False: failed. */
bool store_sweep_codes(struct sync *s, const char *device_id, bool managed, int64_t gen,
		       struct instant started);
enum store store_event(struct sync *s, const json_t *object);
/* Was the clock set back since a list was asked for, what has gone cannot be told from what came since: the next
 * list says it. */
bool store_may_sweep(struct instant asked);
void store_tell(struct sync *s, unsigned mask); /* changed, and announce */

/* ---- push.c, answer.c ---- */
struct push *push_new(struct sync *s);
void push_free(struct push *p);
void push_kick(struct sync *s);      /* what is due goes as soon as the loop is reached */
int push_under_way(const struct push *p);

/* ---- rotas.c ---- */
struct rotas *rotas_new(struct sync *s);
void rotas_free(struct rotas *r);
void rotas_keep(struct sync *s);     /* at the end of a turn: what codes there are is known as well as it can be */

/* ---- sync.c ---- */
const struct zone *sync_zone(struct sync *s); /* the property's: what has no lock is said in it */
void sync_end(struct sync *s, GError *why);       /* takes why; NULL: all is well */
bool sync_reopen(struct sync *s, GError **err);   /* a cache that turned out damaged */
void sync_push_idle(struct sync *s);              /* by push: nothing is being sent */
void sync_maybe_done(struct sync *s);             /* once: everything pulled and pushed? */

#endif
