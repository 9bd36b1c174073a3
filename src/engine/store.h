/* store - what keyrackd must not forget: codes, devices, events, keys, webhooks.
 *
 * An interface, so that another database can be added; store_sqlite.c is the first. No SQL outside
 * the implementations. Everything acknowledged to a caller of the API is in a committed transaction
 * with a full fsync before the answer leaves. Strings are borrowed: on the way in from the caller,
 * on the way out from the row list that is returned. A store belongs to one thread. */
#ifndef KEYRACK_ENGINE_STORE_H
#define KEYRACK_ENGINE_STORE_H

#include "core/access_code.h"
#include "core/audit.h"
#include "core/error.h"
#include "core/event.h"
#include "core/own.h"
#include "engine/plan.h"

struct store;

/* "sqlite:PATH". Creates and migrates. TOO_NEW, CORRUPT, IO, BUSY (another keyrackd has it). */
struct store *store_open(const char *url, GError **err);
/* The PINs in it are sealed with a key that lies in a file of its own: seal_key, or PATH.seal.key where that
 * is NULL, as with store_open. It is made where the store has none yet. CONFIG: it is lost, it is another
 * store's, or others can read it. A rotation that was interrupted is ended here. */
struct store *store_open_sealed(const char *url, const char *seal_key, GError **err);
/* A new key, with which everything is sealed anew; older ones stay in the key file, for copies of the store
 * that were made before. Interrupted anywhere, the next opening goes on. */
bool store_rekey(struct store *s, GError **err);
/* For a command that changes keys while keyrackd may be running: does not ask to be alone. Only the
 * functions of keys and of the audit, and those that read what holds no PIN: it has not got their key. BUSY: the file
 * must be migrated first, and is in use or has PINs in it. */
struct store *store_open_beside(const char *url, GError **err);
void store_close(struct store *s);
DEFINE_OWN(struct store, store, store_close)

/* Without a transaction of the caller's each function below is one of its own. They do not nest. */
bool store_begin(struct store *s, GError **err);
bool store_commit(struct store *s, GError **err); /* durable when it returns true */
void store_rollback(struct store *s);
/* Could what was to be written last not be written? Then it is tried whether that still holds. */
bool store_fails(struct store *s);
/* Within a transaction: what is done between mark and unmark is kept or undone by itself. One mark
 * at a time. */
bool store_mark(struct store *s, GError **err);
bool store_unmark(struct store *s, bool keep, GError **err);

/* What is read between these is of one moment, and asked for at less cost. Whatever is written
 * there ends the reading first: it is as if it had not begun. They do not nest. */
void store_read_begin(struct store *s);
void store_read_end(struct store *s);

struct store_list {
	GArray *rows;
	GStringChunk *chunk;
};
void store_list_free(struct store_list *l);
DEFINE_OWN(struct store_list, store_list, store_list_free)
#define store_at(list, type, i) (&g_array_index((list)->rows, type, (i)))

/* A page: rows after this key in (created_at, id) order; has_more is set when there are others.
 * Where a function takes a page, NULL means all rows in that order. */
struct store_page {
	struct instant after_created_at; /* NONE: from the beginning */
	const char *after_id;            /* NULL: the same */
	int limit;                       /* 0: all */
	bool has_more;
};

/* ---- devices ---- */
struct store_device {
	const char *device_id, *device_type, *name, *nickname, *place, *room, *zone, *model, *serial;
	const char *account_id, *account_name;
	struct instant created_at;
	bool managed, online, locked, account_lost, removed;
	int battery_pct;
	bool can_lock, can_unlock;
	bool has_keypad;
	enum tri auto_lock;         /* UNKNOWN: it cannot be told to lock itself */
	int auto_lock_delay_s;      /* 0: not known */
	const char *zone_reported;  /* through the API: goes before the driver's; NULL */
	bool backup_pool;           /* switched on by the first code that asked for it */
	const char *code_lengths;   /* JSON int array reported through the API; NULL: the system's */
	const char *metadata;       /* custom_metadata, JSON object; NULL */
	struct instant read_at;     /* when its codes were last read */
	bool first_read_done;       /* until then nothing is written: first contact only reads */
};
bool store_put_device(struct store *s, const struct store_device *d, GError **err);
/* NULL with NOT_FOUND, like store_code below. */
struct store_list *store_device(struct store *s, const char *device_id, GError **err);
struct store_list *store_devices(struct store *s, struct store_page *page, GError **err);
/* NOT_FOUND. Its codes stay. */
bool store_delete_device(struct store *s, const char *device_id, GError **err);

/* ---- codes, managed and unmanaged ---- */
enum backup_role { BACKUP_NO, BACKUP_POOL, BACKUP_PULLED };
struct store_code {
	const char *access_code_id, *device_id;
	const char *name;            /* as on the API */
	const char *pin;
	bool managed;
	struct instant starts_at, ends_at, created_at;
	bool external_ok, prefer_native, offline, one_time;
	const char *common_code_key;
	enum backup_role backup;
	const char *pulled_backup_id;  /* on the original */
	struct instant removal_asked_at;
	struct instant asked_at;       /* last edited; NONE: never */
	/* what was done and what is known: struct attempt_record, kept */
	struct attempt_record done;
	const char *handle;            /* the driver's */
	const char *shown_name, *shown_first, *shown_last; /* appearance; NULL until programmed */
	/* what the API says; kept so that a change of it makes exactly one event */
	const char *status;
	bool scheduled_on_device;
	unsigned problems;
	const char *problem_since;     /* JSON object {problem bit: instant} */
	const char *rival_id;          /* duplicate: the other code's id */
	enum plan_reason reason;
	struct instant next_look;      /* NONE: nothing is due */
	struct instant next_try_text;  /* for explain */
	bool ever_set;                 /* set_on_device was told */
	const char *changing;          /* an edit is under way: what the lock had until then, as JSON
					  {code,name,starts_at,ends_at,at}; NULL: none */
	struct instant closed_at;      /* out of store_history only; else NONE, and not stored */
};
bool store_put_code(struct store *s, const struct store_code *c, GError **err);
struct store_list *store_code(struct store *s, const char *access_code_id, GError **err);
/* Every code of the device that declares this PIN, whatever its state; empty: none. */
struct store_list *store_code_by_pin(struct store *s, const char *device_id, const char *pin,
				     GError **err);
struct store_code_filter {
	const char *device_id;         /* NULL: any */
	const char *const *ids;        /* NULL-terminated; NULL: any */
	const char *common_code_key;
	const char *search;            /* part of name, PIN or id */
	int managed;                   /* 1, 0; -1 both */
	bool with_pool;                /* un-pulled backup codes too */
	bool cut_off;                  /* only those that wait for the lock or its account to be there
					  again: device_id must be given */
};
struct store_list *store_codes(struct store *s, const struct store_code_filter *f,
			       struct store_page *page, GError **err);
/* Codes whose next_look is due, by next_look, then by starts_at (ongoing ones first): struct
 * store_code. Through an index. limit 0: all. */
struct store_list *store_codes_due(struct store *s, struct instant now, int limit, GError **err);
struct instant store_next_look(struct store *s); /* the earliest; NONE */
/* The life has ended: to history with its final state; store_code no longer finds it. NOT_FOUND. */
bool store_close_code(struct store *s, const char *access_code_id, const char *final_status,
		      enum plan_reason why, struct instant at, GError **err);
struct store_list *store_history(struct store *s, const char *device_id, const char *access_code_id,
				 struct store_page *page, GError **err); /* struct store_code */
/* Closed before then, with their decisions. How many; -1 failed. */
int store_forget_history(struct store *s, struct instant before, GError **err);
int store_count_on_lock(struct store *s, const char *device_id); /* beliefs not ABSENT or GONE */

/* Every decision about a code, with its reason: for explain. */
struct store_decision {
	struct instant at;
	enum plan_reason reason;
	enum step_kind step;
	const char *text;              /* the lock's own words; NULL */
};
bool store_add_decision(struct store *s, const char *access_code_id, const struct store_decision *d,
			GError **err);
/* Oldest first; a closed code's too. */
struct store_list *store_decisions(struct store *s, const char *access_code_id, GError **err);

/* ---- events: append-only, numbered without gap ---- */
struct store_event {
	int64_t seq;                   /* set by add */
	const char *event_id, *event_type, *device_id, *access_code_id, *account_id;
	struct instant created_at, occurred_at;
	const char *body;              /* the whole event object as JSON */
};
/* Numbers go on by one with each event committed: a transaction that is rolled back leaves no gap.
 * An event_id that is stored already is refused. */
bool store_add_event(struct store *s, struct store_event *e, GError **err);
struct store_event_filter {
	struct instant since, until;   /* created_at strictly between; NONE or 0: open */
	int64_t after_seq;             /* for webhooks and the live path; 0 */
	const char *const *types, *const *device_ids, *const *access_code_ids, *const *event_ids,
		*const *account_ids;
	int limit, offset;             /* limit 0: all */
	bool oldest_first;
};
/* By created_at, then seq. By seq alone when the oldest come first and after_seq is given, or
 * nothing bounds the time: so that a reader who goes on after the last seq it got misses none. A
 * list of ids that is there but empty fits nothing. */
struct store_list *store_events(struct store *s, const struct store_event_filter *f, GError **err);
int64_t store_last_seq(struct store *s);

/* ---- audit: every act and decision, chained (core/audit.h); append-only ---- */
#define AUDIT_START	"start"	   /* kinds of record; AUDIT_START: keyrackd began */
#define AUDIT_ACT	"act"	   /* a caller of the API wanted a change, or was refused it */
#define AUDIT_DECISION	"decision" /* the engine took a step, or said why a code is as it is */
#define AUDIT_EVENT	"event"	   /* an event was added to the journal */
#define AUDIT_KEY	"key"	   /* an API key was made or revoked on the command line */
#define AUDIT_SEAL	"seal"
#define AUDIT_CUT	"cut"	   /* what was up to a seal was put away */
#define AUDIT_WHO_SELF	"keyrackd"
/* no is set. Within a transaction of the caller's, as what it is about. */
bool store_add_audit(struct store *s, struct audit_record *r, GError **err);
/* The same of a seal over all there is. */
bool store_seal_audit(struct store *s, const struct audit_signer *signer, struct instant at, GError **err);
/* Puts away what lies before the last seal made before 'before'. That seal then stands first, and a record that the key
 * signs says so. gone: the head of what was put away, 0: there was nothing. A transaction of its own. */
bool store_prune_audit(struct store *s, const struct audit_signer *signer, const char *who, struct instant before,
		       struct instant now, struct audit_head *gone, GError **err);
struct store_audit {
	int64_t no;
	const char *line;              /* as audit_line made it */
	unsigned char hash[AUDIT_HASH_BYTES];
};
/* In order; limit 0: all. */
struct store_list *store_audit_lines(struct store *s, int64_t after_no, int limit, GError **err);
bool store_audit_head(struct store *s, struct audit_head *head, GError **err);

/* ---- action attempts ---- */
struct store_attempt {
	const char *action_attempt_id, *action_type, *status, *device_id;
	const char *result, *error;    /* JSON objects; NULL */
	struct instant created_at;
	const char *access_code_id;    /* what it is about, shown with its success; NULL: about a
					  lock, or the request changed nothing */
};
bool store_put_attempt(struct store *s, const struct store_attempt *a, GError **err);
/* Those about codes that are pending, by code. Through an index. */
struct store_list *store_attempts_pending(struct store *s, GError **err);
struct store_list *store_attempts(struct store *s, const char *const *ids, const char *device_id,
				  struct store_page *page, GError **err);

/* ---- API keys: hashed (BLAKE2b of the key), never stored as they are ---- */
enum key_role { KEY_NONE, KEY_READ, KEY_DESK, KEY_ADMIN };
/* Makes "seam_<8>_<24 base58>" and stores its hash. It ends at expires_at, NONE: never. The caller wipes it before
 * it is freed. */
char *store_key_create(struct store *s, enum key_role role, const char *name, GError **err);
char *store_key_create_until(struct store *s, enum key_role role, const char *name, struct instant expires_at,
			     GError **err);
struct store_key {
	const char *short_id, *name;   /* the 8 characters; name may be NULL */
	enum key_role role;
	struct instant created_at;
	struct instant expires_at;     /* NONE: never */
	struct instant used_at;        /* to the hour; NONE: not yet */
};
/* What the key may, whether or not its time is over; KEY_NONE: there is no such key. Constant time in the key.
 * expires_at may be NULL. */
enum key_role store_key_role(struct store *s, const char *key, struct instant *expires_at);
/* The same of a key that was found right before. */
enum key_role store_key_role_still(struct store *s, const char *short_id, struct instant *expires_at);
bool store_key_revoke(struct store *s, const char *short_id, GError **err); /* NOT_FOUND */
/* That it was used. A power cut may take it back. Nothing happens to a key that is not there. */
bool store_note_key(struct store *s, const char *short_id, struct instant used_at, GError **err);
struct store_list *store_keys(struct store *s, GError **err); /* oldest first */

/* ---- webhooks ---- */
struct store_webhook {
	const char *webhook_id, *url, *secret;
	const char *event_types;       /* JSON array of strings */
	int64_t delivered_seq;         /* every event up to it is delivered or given up */
	int tries;                     /* of the next one */
	struct instant next_try_at, failing_since;
	bool disabled;
	const char *secret_before;     /* the one before secret signs as well ... */
	struct instant before_until;   /* ... until then; NULL, NONE: there is none */
};
bool store_put_webhook(struct store *s, const struct store_webhook *w, GError **err);
/* How far it is: everything of the row but url, secrets and event_types. For once an event: it
 * outlives this process at once, but a power cut may take back the last few. Nothing happens to a
 * row that is not there. */
bool store_note_webhook(struct store *s, const struct store_webhook *w, GError **err);
bool store_delete_webhook(struct store *s, const char *webhook_id, GError **err); /* NOT_FOUND */
/* webhook_id NULL: all, as they were made. One that is not there gives an empty list. */
struct store_list *store_webhooks(struct store *s, const char *webhook_id, GError **err);

/* ---- how many: kept as rows change, never by looking through codes ---- */
struct store_tally {
	bool managed;
	const char *status;            /* "": none yet */
	unsigned problems;
	int64_t codes;
};
/* One row for each kind of code that there is, pool codes among the managed ones. */
struct store_list *store_tally(struct store *s, GError **err);
struct store_sizes {
	int64_t devices, devices_away; /* away: offline, account lost or removed */
	int64_t bytes;                 /* of the database */
};
/* Both counts of devices go through an index of them. */
bool store_sizes(struct store *s, struct store_sizes *out, GError **err);

/* Small facts, by key. NULL: absent; newly allocated. Setting NULL drops one. */

char *store_fact_get(struct store *s, const char *key);
bool store_fact_set(struct store *s, const char *key, const char *value, GError **err);

#endif
