/* cache - the local copy of what a server knows, and the outbox of what the desk wants.
 *
 * One SQLite file in WAL mode: one writer of server truth (sync), many readers (consoles), who
 * themselves write only the outbox. All SQL of the program lives in this folder. Lists are
 * windows: a caller asks for the rows it shows. Deleted codes stay as rows with deleted_at, so
 * last month's unlock still has a name. */
#ifndef KEYRACK_CACHE_CACHE_H
#define KEYRACK_CACHE_CACHE_H

#include "core/access_code.h"
#include "core/error.h"
#include "core/event.h"
#include "core/event_filter.h"
#include "core/forecast.h"
#include "core/health.h"
#include "core/lock.h"
#include "core/own.h"
#include "core/pin_rival.h"
#include "core/ready.h"
#include "core/zone.h"

struct cache;

enum cache_mode {
	CACHE_DESK, /* a console or a command: reads all, writes the outbox (synchronous=FULL) */
	CACHE_SYNC, /* the one writer: creates, migrates; pulled data NORMAL, outbox FULL */
};

#define CACHE_VERSION 7 /* the number of migrations */

/* Creates and migrates in either mode. KEYRACK_ERROR_TOO_NEW: written by a newer keyrack, left
 * alone. KEYRACK_ERROR_CORRUPT: cache_rescue may be tried. group: rights for the folder's group. */
struct cache *cache_open(const char *path, enum cache_mode mode, bool group, GError **err);
void cache_close(struct cache *c);
/* False when the file was deleted or replaced: what is written now, nobody will read. */
bool cache_is_in_place(const struct cache *c);
/* Opens what the path names now, behind the same pointer; on failure all stays as it was. Not while
 * rows are being read. */
bool cache_reopen(struct cache *c, bool group, GError **err);
DEFINE_OWN(struct cache, cache, cache_close)

/* A new file in the place of a damaged one, with what can still be read of its outbox. Only with the sync lock held.
 * Who queues something in the damaged one meanwhile is told so (durable_begin). */
struct cache_rescued {
	int saved;        /* intents, whatever their state */
	int waiting_lost; /* not sent yet, and not readable; -1: nobody knows how many */
	char *doors;      /* of those: "101 Garden, Gym"; NULL */
	char *aside;      /* what the damaged file is called now: path.damaged-<UTC time> */
};
bool cache_rescue(const char *path, bool group, struct cache_rescued *out, GError **err);
/* All of that in a sentence, newly allocated. */
char *cache_rescued_words(const struct cache_rescued *r);
void cache_rescued_clear(struct cache_rescued *r);

/* Between the two every read sees one moment of the file, and costs no lock of its own; they nest. Only reads
 * belong there: a transaction that is begun meanwhile ends the look. */
void cache_look_begin(struct cache *c);
void cache_look_end(struct cache *c);

/* ---- writing what the server said (CACHE_SYNC only) ---- */

bool cache_begin(struct cache *c, GError **err);
bool cache_commit(struct cache *c, GError **err);
/* Instead of commit: what was written stays uncommitted and is joined by whatever is written next,
 * until that, or cache_flush, commits both. A rollback takes back both. */
void cache_linger(struct cache *c);
bool cache_flush(struct cache *c, GError **err);
void cache_rollback(struct cache *c);
/* A first pull begins or is over: what is written in its midst is copied out of the log less often. */
void cache_in_bulk(struct cache *c, bool bulk);

/* What a put did: so that only true changes are told to the consoles. */
enum cache_put { CACHE_PUT_FAILED = -1, CACHE_PUT_SAME = 0, CACHE_PUT_NEW = 1, CACHE_PUT_CHANGED = 2 };

/* gen marks what a comparison has seen, see cache_sweep_*; 0: none. */
enum cache_put cache_put_lock(struct cache *c, const struct lock *lock, int64_t gen, GError **err);
/* The code's lock must be known, else KEYRACK_ERROR_NOT_FOUND. */
enum cache_put cache_put_code(struct cache *c, const struct access_code *ac, int64_t gen, GError **err);
/* Names the event while storing it (attribution rules in cache/attribute.h). NEW or SAME. */
enum cache_put cache_put_event(struct cache *c, const struct event *ev, GError **err);

/* A new comparison's number. */
int64_t cache_next_gen(struct cache *c, GError **err);
/* What a complete list did not show is gone: marks deleted_at = now. Returns how many, -1 failed.
 * What was first stored after 'started' is spared (it may be younger than the list), unless its hour is still to
 * come: then the clock was set back since. So are backup codes, which lists leave out. */
int cache_sweep_locks(struct cache *c, int64_t gen, struct instant started, GError **err);
int cache_sweep_codes(struct cache *c, const char *device_id, bool managed, int64_t gen,
		      struct instant started, GError **err);
bool cache_delete_code(struct cache *c, const char *access_code_id, struct instant at, GError **err);

/* What the server says about why a code is as it is, when it was asked last. Only the codes asked
 * about lately are kept, and nothing that is longer than any reader would read. */
#define EXPLANATIONS_KEPT     64
#define EXPLANATION_BYTES_MAX (256 * 1024)
struct explanation {
	struct instant at;   /* of the answer */
	const char *body;    /* the "explanation" object as it came; NULL: there is none */
	const char *refused; /* then: why not, in the server's words */
};
/* A code that the cache does not know is no failure. */
bool cache_put_explanation(struct cache *c, const char *access_code_id, const struct explanation *e,
			   GError **err);

/* Small facts of the sync: watermark, server, last comparison. NULL: absent; newly allocated. */
char *cache_fact_get(struct cache *c, const char *key);
bool cache_fact_set(struct cache *c, const char *key, const char *value, GError **err);
int64_t cache_fact_get_int(struct cache *c, const char *key, int64_t otherwise);

/* The ids of codes whose window begins or ends in (after, until]: what the server makes of them shows
 * a little later. GPtrArray of char *, owning. */
GPtrArray *cache_codes_due(struct cache *c, struct instant after, struct instant until, GError **err);

/* Drops events older than 'before'; returns how many or -1. */
int cache_forget_events(struct cache *c, struct instant before, int limit, GError **err);

/* ---- reading, for screens and commands ---- */

/* Every list owns its strings (one allocation block); free with cache_list_free. */
struct cache_list {
	GArray *rows;         /* of the struct named at each function */
	GStringChunk *chunk;
};
void cache_list_free(struct cache_list *list);
DEFINE_OWN(struct cache_list, cache_list, cache_list_free)
#define cache_list_at(list, type, i) (&g_array_index((list)->rows, type, (i)))

enum lock_sort { LOCKS_BY_NAME, LOCKS_BY_PLACE, LOCKS_BY_TROUBLE, LOCKS_BY_BATTERY, LOCKS_BY_NEXT,
		 LOCKS_BACKWARDS = 1 << 4 /* beside one of these: the other way, what is alike by name as ever */ };

/* The order of the whole rack: numbers only (8 bytes a lock). find NULL or "": all; else locks whose
 * name, place or room contains it, or that have a code (or an outbox entry) whose name contains
 * it, whose PIN is it, or whose id begins with it. Brands and the words of a state ("offline",
 * "unlocked", "trouble", "unmanaged") find too. GArray of int64_t. */
GArray *cache_lock_order(struct cache *c, enum lock_sort sort, const char *find, struct instant now,
			 GError **err);
/* The same; codes: how many that are there the words find by name, PIN, id or state (NULL: not asked). */
GArray *cache_lock_order_found(struct cache *c, enum lock_sort sort, const char *find, struct instant now,
			       int64_t *codes, GError **err);

/* What locks are put together by. Lock numbers to names (char *), "" where it is not said. */
enum lock_group { GROUP_NONE, GROUP_PLACE, GROUP_BRAND, GROUP_COUNT };
GHashTable *cache_lock_groups(struct cache *c, enum lock_group by, GError **err);

struct lock_row {
	int64_t lock_no;
	struct lock lock;
	struct instant deleted_at;
	int codes_now;      /* managed and unmanaged, in their window now */
	int codes_to_come;
	int codes_unmanaged;
	int codes_trouble;  /* with an error of their own */
	int codes_all;      /* not deleted and not ended: the rows an unfolded lock has */
	struct instant next_start; /* of the next code to come */
	const char *worst;  /* most severe problem code of lock or its codes; NULL */
	int worst_severity;
};
/* Row by number; NULL with NOT_FOUND. cache_list of one struct lock_row. */
struct cache_list *cache_lock(struct cache *c, int64_t lock_no, struct instant now, GError **err);
int64_t cache_lock_no(struct cache *c, const char *device_id); /* 0: none */
/* Those in whose name or room this number stands; where there is none, those with one that begins so. By
 * name. GArray of int64_t lock_no. */
GArray *cache_locks_numbered(struct cache *c, const char *digits, GError **err);
bool cache_has_lock(struct cache *c, int64_t lock_no); /* not deleted */
/* By id, by exact name, then by folded beginning or part; AMBIGUOUS names the candidates. */
int64_t cache_lock_find(struct cache *c, const char *words, GError **err);

/* Since when a lock that is away has been; NONE: not said. */
struct instant cache_offline_since(struct cache *c, int64_t lock_no);
/* How full the lock's memory is and when it will be, by its codes and the outbox's creates. */
struct forecast cache_memory(struct cache *c, int64_t lock_no, const struct lock *lock,
			     struct instant now);

/* The health round: what of each lock decides its place. GArray of struct round_row, in floor order:
 * by place, room, name. health.held is left to cache_memory. */
struct round_row {
	int64_t lock_no;
	int floor_no, name_no; /* its place in floor order, and by name */
	int place_no, room_no; /* the same for all locks at one place; in one room of it */
	struct instant last_seen; /* of the newest event there */
	struct lock_health health;
};
GArray *cache_round(struct cache *c, struct instant now, GError **err);

struct code_row {
	int64_t code_no;     /* 0 for one that is only in the outbox */
	int64_t lock_no;
	struct access_code code;
	struct instant deleted_at;
	int64_t intent_no;   /* newest unfinished or refused intent about it; 0: none */
	const char *intent_kind;
	int intent_state;    /* enum intent_state */
	int errors_own;      /* errors with is_access_code_error, or unmarked */
	enum code_state state;
	const char *lock_name;
	const char *zone;
};

struct code_query {
	int64_t lock_no;      /* 0: of every lock */
	struct instant from, until; /* only codes whose window touches it; NONE: any */
	bool with_ended;      /* also ended ones that still exist */
	bool with_deleted;
	bool only_managed, only_unmanaged, only_trouble;
	const char *find;     /* as in cache_lock_order */
	int limit, offset;    /* limit 0: 1,000 */
};
/* struct code_row: codes in force first (ongoing, then by end), then to come by start, then
 * ended; the outbox's unsent creates where they will stand. */
struct cache_list *cache_codes(struct cache *c, const struct code_query *q, struct instant now,
			       GError **err);
struct cache_list *cache_code(struct cache *c, int64_t code_no, struct instant now, GError **err);
int64_t cache_code_no(struct cache *c, const char *access_code_id);
bool cache_has_code(struct cache *c, int64_t code_no); /* not deleted */
/* By id, then by name on the lock (lock_no 0: anywhere). */
int64_t cache_code_find(struct cache *c, int64_t lock_no, const char *words, GError **err);
int64_t cache_count_codes(struct cache *c, const struct code_query *q, struct instant now);

/* One above the highest number of a lock: who looks at them in slices ends there. */
int64_t cache_lock_end(struct cache *c);
#define NIGHT_MAX	  5000 /* rows of a kind: more is no list that anybody reads */
#define NIGHT_OVERDUE_MAX 500

/* A code, or a create of the outbox, that begins or ends within a span: what the readiness board
 * judges it by. facts.code has no PIN, only whether there is one. */
struct night_row {
	int64_t code_no;     /* 0 for one that is only in the outbox */
	int64_t intent_no;   /* unfinished or refused, about it; 0: none */
	int64_t lock_no;
	const char *lock_name, *lock_key; /* the second sorts */
	const char *zone;
	const char *name_folded;
	struct ready_facts facts;
};
struct night_query {
	struct instant from, until; /* [from, until) */
	bool arrivals, departures;
	bool inside;                /* all whose window touches it, as arrivals */
	struct instant overdue_from; /* also what ended from then to 'from' and is not gone; NONE */
	int64_t lock_from, lock_until; /* of the locks numbered [from, until) alone; until 0: of all */
};
/* struct night_row, arrivals first, otherwise in no order. */
struct cache_list *cache_night(struct cache *c, const struct night_query *q, struct instant now,
			       GError **err);
/* The same of one code, or of a create (code_no 0), whatever its day; none when it is gone. */
struct cache_list *cache_night_of(struct cache *c, int64_t code_no, int64_t intent_no, GError **err);

/* The codes on a lock that hold this PIN now (not deleted), the outbox's too: struct code_row. */
struct cache_list *cache_pin_holders(struct cache *c, int64_t lock_no, const char *pin,
				     struct instant now, GError **err);
/* The other codes, at any door, of whoever has this one's name, that have not ended: at most 20.
 * struct code_row. */
struct cache_list *cache_codes_of_guest(struct cache *c, int64_t code_no, struct instant now,
					GError **err);
/* The other doors that this code's holder opens with the same PIN: "Gym, Pool gate". Newly allocated;
 * NULL: none. What is done to one door leaves these as they are, and somebody must say so. */
char *cache_other_doors(struct cache *c, int64_t code_no, struct instant now);
/* Somebody else's stay on a door in a span: what a new code would be a double booking with. codes: those
 * of the door. A sentence, newly allocated; NULL: nobody's, or a common door. c NULL: it is told by codes alone. */
struct occupied_query {
	struct instant from, until, now; /* until INSTANT_MAX: an ongoing code, which is one night's as it begins */
	const struct zone *zone;
	const char *door;
	int64_t but_code_no, but_intent_no; /* the code that is changed itself; 0: a new one */
	struct instant was_from, was_until; /* of the code that is changed: whoever shares that is no news */
	const char *name;        /* whom the new code is for, who is no other guest; NULL: not said */
	const int64_t *locks;    /* all doors that it is for: */
	size_t n_locks;          /* a door that two guests with rooms of their own share is a common one */
};
char *cache_occupied(struct cache *c, const struct cache_list *codes, const struct occupied_query *q);
/* Does nobody have it for a night in that time? */
bool cache_is_free(const struct cache_list *codes, const struct occupied_query *q);
/* cache_occupied, but only where a guest would walk in on another: the new code is for a night at least, and so is
 * theirs. That is asked about, where cache_occupied is only told. */
char *cache_taken(struct cache *c, const struct cache_list *codes, const struct occupied_query *q);
/* All PINs that a lock holds or will hold, for choosing a new one. GPtrArray of char *, owning. */
GPtrArray *cache_pins(struct cache *c, int64_t lock_no, GError **err);

/* Who holds which PIN on a lock, those that have ended aside, the outbox's creates too. */
struct pin_holder {
	int64_t code_no, intent_no; /* one of them 0 */
	bool managed;
	struct pin_use use;
};
struct cache_list *cache_pin_uses(struct cache *c, int64_t lock_no, struct instant now, GError **err);

/* Unmanaged codes that are on a lock (0: any) and have not ended, by lock and start; those to be
 * ignored last. Numbers only, as in cache_lock_order. */
GArray *cache_strays(struct cache *c, int64_t lock_no, struct instant now, GError **err);
struct stray_row {
	int64_t code_no;
	struct instant first_seen; /* by this cache */
	const char *reason;        /* why it is to be ignored; NULL: it is not */
	const char *ignored_by;
	struct instant ignored_at;
};
struct cache_list *cache_stray(struct cache *c, int64_t code_no, GError **err); /* one struct stray_row */
/* The desk leaves this stray alone, and says why; reason NULL takes that back. */
bool cache_ignore(struct cache *c, int64_t code_no, const char *reason, const char *by, struct instant now,
		  GError **err);

/* The desk's own journal: what a person did here that is no intent ("night-sheet printed", "export").
 * No PIN in about. */
bool cache_note_act(struct cache *c, const char *act, const char *about, const char *by, struct instant now,
		    GError **err);

/* Somebody has looked at the PIN of that code (whose, at which door), or of many (door NULL): once in ten minutes. */
bool cache_note_pin_shown(struct cache *c, const char *whose, const char *door, const char *by, struct instant now,
			  GError **err);

/* Errors, warnings and pending mutations of a code or lock, one row each. */
struct issue_row {
	char kind;           /* 'e' error, 'w' warning, 'p' pending mutation */
	const char *code;    /* error_code, warning_code, mutation_code */
	const char *message;
	struct instant created_at;
	struct instant scheduled_at; /* pending: deferring_creation */
	bool of_device, of_account;  /* repeated from the device or the account */
	const char *detail;  /* from/to, change_type, rival's id...: JSON of what is left; NULL */
};
struct cache_list *cache_issues_of_code(struct cache *c, int64_t code_no, GError **err);
struct cache_list *cache_issues_of_lock(struct cache *c, int64_t lock_no, GError **err);

/* One struct explanation, or none where nobody has asked. */
struct cache_list *cache_explanation(struct cache *c, int64_t code_no, GError **err);

struct event_row {
	int64_t event_no;    /* grows with each event stored */
	struct event event;
	int64_t lock_no, code_no; /* 0: none */
	const char *lock_name;
	const char *zone;
	const char *who;     /* the code's name as it was then; NULL */
	const char *alike;   /* somebody else here whom that name seems to be; NULL */
	enum attribution how;
	const char *why;     /* for WHO_UNKNOWN and WHO_INFERRED: the reason, in words */
};
struct event_query {
	int64_t lock_no, code_no; /* 0: any */
	unsigned kinds;           /* bit 1 << enum event_kind; 0: any */
	const char *type;         /* exact; NULL: any */
	struct instant from, until; /* by occurred_at; NONE: open */
	int64_t after_no;         /* only newer than this event_no (follow); oldest first then */
	int limit, offset;        /* 0: 100 */
};
/* Newest first by occurred_at (oldest first with after_no). struct event_row. */
struct cache_list *cache_events(struct cache *c, const struct event_query *q, GError **err);

/* A place in the order of events: by time, then by number. */
struct event_key {
	struct instant at;
	int64_t event_no;
};
/* Events by what a person typed, from a place on. What it costs does not depend on how many events
 * there are, only on 'look'. */
struct event_find {
	int64_t lock_no, code_no;          /* 0: any */
	unsigned kinds;                    /* bits 1 << enum event_kind, beside the filter's; 0: any */
	const struct event_filter *filter; /* NULL: everything */
	struct event_key from;             /* not itself; at NONE: from the newest, or the oldest, on */
	bool newer;                        /* upwards: oldest first */
	int limit;                         /* 0: 100 */
	int look;                          /* at so many at least before giving up; 0: until the end */
};
struct event_found {
	struct event_key next; /* where to go on */
	bool end;              /* there are no more this way */
};
/* struct event_row, in the order in which they are met. */
struct cache_list *cache_find_events(struct cache *c, const struct event_find *find, struct event_found *found,
				     GError **err);
/* Whether an event that was read otherwise fits a filter, its kinds and times too. */
bool event_row_fits(const struct event_row *row, const struct event_filter *filter);
/* How many that fit have been stored since that number, whatever their time, counted to max. */
int cache_count_events_after(struct cache *c, const struct event_find *find, int64_t after_no, int max);

/* The number of the event stored last, whatever its time; 0: none. Where following begins. */
int64_t cache_last_event_no(struct cache *c);

/* Reads the whole file for damage (seconds on a large one). KEYRACK_ERROR_CORRUPT. */
bool cache_check(struct cache *c, GError **err);

/* What the locks have in common: a name and a zone where the profile gives none. */
struct cache_property {
	char *place; /* the one place that every lock is at; NULL: several, or not said */
	char *zone;  /* IANA, the one that most locks are in; NULL: none says */
};
struct cache_property cache_property(struct cache *c);
void cache_property_clear(struct cache_property *p);

/* Counts for the title and doctor. */
struct cache_counts {
	int64_t locks, locks_offline, codes, codes_unmanaged, codes_trouble, events;
	int64_t outbox_waiting, outbox_refused;
};
struct cache_counts cache_counts(struct cache *c, struct instant now);

#endif
