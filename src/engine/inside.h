/* inside - what the files of the engine share, and nobody else sees.
 *
 * The engine keeps next to nothing in memory: the store is the truth. What it does keep is one lane
 * per device: the one step that is in flight there, and the codes that wait for their turn, in
 * order of their starts. Lose the lanes and nothing is lost but a few seconds: a code that waits is
 * parked in the store with a look that soon comes due again. */
#ifndef KEYRACK_ENGINE_INSIDE_H
#define KEYRACK_ENGINE_INSIDE_H

#include "core/jsonout.h"
#include "engine/engine.h"

/* How long a code that waits for its lane rests in the store: what a crash may delay it by. */
#define PARKED_MS      (30 * SECOND_MS)
#define TURN_BATCH     256
#define RETRY_STORE_MS (5 * SECOND_MS)
#define DEFAULT_POOL   2
#define DEFAULT_KEEP   (400 * DAY_MS)
#define TURNS_FACT     "engine.turns" /* locks and unlocks that were never answered */
#define DEFAULT_SHARE  60
#define DEFAULT_POLL   (15 * MINUTE_MS)
#define LONG_PEACE_MS  DAY_MS /* after it an outside change is a first one again, no fight */

/* ---- flights: one request to the driver, and its answer ---- */
enum flight_kind { FLIGHT_READ, FLIGHT_SET, FLIGHT_REMOVE, FLIGHT_TURN, FLIGHT_AUTO_LOCK };

struct flight {
	struct engine *engine;
	struct lane *lane;
	enum flight_kind kind;
	size_t serial;	      /* what the driver holds in our stead */
	GStringChunk *words;  /* every string below */
	char *access_code_id; /* NULL: about the device */
	char *handle;
	struct on_lock write;
	struct attempt_record before; /* as it was when nothing was in flight */
	struct appearance shown;      /* of write */
	enum step_kind step;
	enum plan_reason reason;
	char *attempt_id; /* FLIGHT_TURN, FLIGHT_AUTO_LOCK */
	bool unlock;
	bool enabled; /* FLIGHT_AUTO_LOCK */
	int delay_s;
	struct driver_answer answer; /* once answered */
	struct driver_code *codes;   /* of the answer */
	unsigned char sight[16];     /* digest of them: FLIGHT_READ */
};

/* ---- lanes: one per device ---- */
struct waiting {
	struct instant starts_at; /* MIN for an ongoing code */
	struct instant since;    /* the code was made then */
	struct instant asked_at; /* it waits since then */
	char *access_code_id;
};

struct lane {
	char *device_id, *account_id;
	char *metadata; /* custom_metadata, as its events carry it; NULL */
	struct lock_system base,
		system; /* as the driver says; with what was reported through the API */
	bool managed, online, lost, removed, first_read_done, backup_pool;
	struct flight *flight;
	GSequence *line;     /* struct waiting, by start */
	GHashTable *in_line; /* access_code_id -> GSequenceIter */
	GQueue turns;	     /* struct flight with an attempt_id, not yet flown */
	bool read_wanted;
	int read_tries;
	uint64_t read_in_turn;	   /* the turn that noted what was read; 0: none has */
	struct instant not_before; /* of anything but turns: a rate limit, a read that failed */
	GSequenceIter *place;	   /* in engine.ready or engine.paused; NULL: in neither */
	struct instant rank;	   /* there */
	struct instant poll_at;	   /* read when nobody asks for it */
	GSequenceIter *poll;	   /* in engine.polls; NULL: never */
	bool unreadable;	   /* it said that it shows nothing */
	bool dirty;		   /* a code's row was put since it was last read */
	unsigned char shown[16];   /* digest of what it showed then */
	bool full;		   /* the lock said so; until something leaves it */
	bool blocked;		   /* some code waits for room, or for its PIN to be free */
	GHashTable *rivalled; /* ids of codes that the lock called duplicates, until it is read */
	int pool_ready;	      /* backup codes that are set; -1: count them */
	int pool_refused;     /* writes of backup codes in a row */
	int held;	      /* lane_crowd.c: codes in its memory; -1: count them */
	GHashTable *strangers; /* PINs of unmanaged codes; NULL: not known */
	unsigned strangers_asked;
	uint64_t crowd_as_of; /* engine.puts when these were asked for */
	uint64_t version; /* another number whenever something that shows of it or its codes may be another */
	char *turned_by;      /* the attempt that the next remote door event belongs to */
	bool turned_unlock;
	struct instant turned_at;
};

struct listener {
	void (*fn)(int64_t seq, void *ctx);
	void *ctx;
};
struct code_listener {
	void (*fn)(const char *access_code_id, void *ctx);
	void *ctx;
};

struct engine {
	struct store *store;
	struct clock *clock;
	struct driver *driver;
	char *workspace_id, *workspace_name;
	bool rate_limits, draining;
	int64_t history_ms;
	int pool_size;
	uint64_t random[2];	 /* both 0: the system's */
	GHashTable *lanes;	 /* device_id -> struct lane */
	GSequence *ready;	 /* lanes that may have something to do, by start: ready.c */
	GSequence *paused;	 /* lanes that must not, by the end of that */
	GHashTable *limits;	 /* "device kind" -> GQueue of instants */
	GHashTable *first_syncs; /* account_id -> devices whose first read is still to come */
	GQueue answered;	 /* struct flight */
	GHashTable *held;	 /* access_code_id -> row that this turn has yet to put */
	int64_t turn_began_us;
	uint64_t turns;
	int flying;
	uint64_t timer;
	struct instant timer_due;
	struct instant look_at; /* no code is due before it */
	int transaction;       /* depth */
	bool grouped;	       /* the outermost is the caller's: each request in it is a part */
	GHashTable *touched;   /* lanes whose row was put in it */
	GQueue held_turns;     /* struct flight that wait for its end */
	GStringChunk *scratch; /* strings that live until the next transaction */
	GError *failed;	       /* the first thing that went wrong in the transaction */
	int64_t seq_told;
	GHashTable *counts;	   /* provider -> what came of what was asked (counts.c) */
	GArray *listeners;	   /* struct listener */
	GArray *code_listeners;	   /* struct code_listener */
	GHashTable *quiet;	   /* ids of codes that changed in the transaction, in scratch */
	bool starting;		   /* the driver tells what there is */
	bool missed;		   /* it told something that the store would not have */
	GHashTable *lost_at_start; /* accounts that it says are lost */
	GHashTable *told_at_start; /* locks that it tells of */
	struct instant forget_at;  /* when history is next looked through */
	GHashTable *attempts;	   /* access_code_id -> those that are pending, see attempts.c */
	bool attempts_moved;	   /* ... otherwise than in the store, if it is rolled back */
	GSequence *polls;	   /* struct lane, by poll_at */
	int64_t poll_ms;	   /* negative: none */
	int account_share;	   /* negative: no bound */
	const struct audit_signer *signer;
	struct act *act;	   /* audit.c: whose request this is; NULL */
	int64_t audit_day;	   /* of the last record */
	bool audit_open;	   /* there are records after the last seal */
	uint64_t puts;		   /* another number whenever codes' rows may have changed */
	char *unchanged;	   /* the code whose update, the last one, changed nothing */
};

/* ---- engine.c ---- */
bool work_begin(struct engine *e);
/* Commits, or rolls back what failed or is not to be kept. Tells of new events. */
bool work_end(struct engine *e, bool keep);
void work_failed(struct engine *e, GError *err); /* takes err */
const char *keep(struct engine *e,
		 const char *text); /* a copy that lives as long as the work; NULL stays */
void put_code(struct engine *e, const struct store_code *c);
void put_device(struct engine *e, const struct store_device *d);
/* The turn is run no later than t. */
void arm(struct engine *e, struct instant t);
void arm_now(struct engine *e);
struct instant engine_now(const struct engine *e);

/* One row, or NULL; keep lists alive as long as the row is used. */
struct store_code *first_code(struct store_list *l);
struct store_device *first_device(struct store_list *l);
/* Every code of a device, pool and unmanaged too. Never NULL. */
struct store_list *codes_of(struct engine *e, const char *device_id, int managed);
guint rows_in(const struct store_list *l);

/* ---- audit.c ---- */
void audit_load(struct engine *e); /* anew from the store */
void audit_start(struct engine *e);
void audit_decision(struct engine *e, const char *access_code_id, const struct store_decision *d);
void audit_event(struct engine *e, const struct store_event *v);
void audit_before_commit(struct engine *e);
void audit_committed(struct engine *e);
void audit_turn(struct engine *e);		     /* seals the days that are over */
struct instant audit_next(const struct engine *e);   /* when that is due; NONE */

/* ---- lane.c ---- */
struct lane *lane_of(struct engine *e, const char *device_id);
void lane_moved(struct engine *e, const char *device_id); /* something that shows may be another: its version */
void lane_take(struct lane *l, const struct store_device *d); /* what it caches of the row */
void lane_system(struct lane *l, const struct lock_system *ls, const char *device_type,
		 const char *code_lengths);
void lane_free(struct lane *l);
void lane_wait(struct engine *e, struct lane *l, const struct store_code *c);
void lane_leave(struct lane *l, const char *access_code_id);
void lane_read(struct engine *e, struct lane *l);
void wake_blocked(struct engine *e, struct lane *l);
bool lane_flies(const struct lane *l, const char *access_code_id);
bool lane_reachable(const struct lane *l);

/* ---- lane_crowd.c ---- */
int held_on(struct engine *e, struct lane *l); /* codes in its memory */
bool stranger_holds(struct engine *e, struct lane *l, const char *pin); /* an unmanaged code */

/* ---- ready.c ---- */
void ready_add(struct engine *e, struct lane *l); /* whenever it has something new to do */
struct lane *ready_take(struct engine *e);	  /* the first, taken out; NULL: none is left */
void ready_pause(struct engine *e, struct lane *l);
void ready_resume(struct engine *e); /* those whose pause is over */
struct instant ready_next(struct engine *e); /* the first pause ends; NONE */

/* ---- chance.c ---- */
uint64_t chance_bits(struct engine *e);
unsigned chance_below(unsigned n, void *engine);
char *chance_id(struct engine *e);

/* ---- reconcile.c ---- */
struct question { /* to the planner; shown is the asker's to clear */
	struct declared want;
	const struct lock_system *system;
	const struct attempt_record *done;
	struct lock_facts lock;
	struct appearance shown;
};
void ask(struct engine *e, struct lane *l, const struct store_code *c,
	 const struct attempt_record *done, struct question *q);
struct thought {
	struct plan plan;
	struct appearance shown;
};
struct thought think(struct engine *e, struct lane *l, const struct store_code *c,
		     const struct attempt_record *done);
/* Plans the code, tells what changed, stores it, lets it wait in its lane where a step is due,
 * closes it where its life has ended: then it is no longer in the store and false comes back. */
bool consider(struct engine *e, struct store_code *c);
void wake_device(struct engine *e, const char *device_id);
void wake_cut_off(struct engine *e, const char *device_id);
void turn(void *engine);

/* ---- flight.c ---- */
struct flight *flight_new(struct engine *e, struct lane *l, enum flight_kind kind);
void flight_free(struct flight *f);
char *flight_word(struct flight *f, const char *text);
struct on_lock flight_code(struct flight *f, const struct on_lock *c);
void flight_launch(struct engine *e, struct flight *f);
void flight_drop(struct engine *e, struct flight *f); /* what was prepared is not flown */
void flight_forget_all(struct engine *e);

/* ---- carry.c ---- */
/* Inside the transaction: what is believed while it flies. NULL: nothing to do now. */
struct flight *carry_prepare(struct engine *e, struct lane *l);
void carry_settle(struct engine *e, struct flight *f);

/* ---- request_autolock.c ---- */
void settle_auto_lock(struct engine *e, struct flight *f);
/* An attempt as the lock's answer ends it. result: JSON, of a success. */
bool attempt_end(struct engine *e, const char *attempt_id, const struct driver_answer *a,
		 const char *result);

/* ---- counts.c ---- */
void count_answer(struct engine *e, const struct flight *f);

/* ---- told.c ---- */
void tell(struct engine *e, struct store_code *c, const struct plan *p);
void decide(struct engine *e, const char *access_code_id, enum plan_reason reason,
	    enum step_kind step, const char *text);
/* To history; what was still asked of it is answered. */
void close_row(struct engine *e, const struct store_code *c, const char *final_status,
	       enum plan_reason why);
bool is_ending(const struct engine *e, const struct store_code *c);
bool is_on_lock(const struct attempt_record *done);
/* The provider has chosen the PIN: told once, when it is first heard of. */
void take_assigned_pin(struct engine *e, struct store_code *c, const char *pin);

/* ---- observe.c ---- */
void observe(struct engine *e, struct flight *f);
/* Does it show what it showed, to those who know what they knew? Then nothing follows from it. */
bool is_old_news(const struct flight *f);
void digest_of(const struct driver_answer *a, unsigned char out[static 16]);
void saw_code(struct engine *e, struct lane *l, struct store_code *c, const struct on_lock *found);

/* ---- devices.c ---- */
extern const struct driver_events engine_driver_events;
void first_read_over(struct engine *e, struct lane *l);
/* The driver has told what there is: accounts that came back unseen, and those without a lock to
 * read. */
void accounts_started(struct engine *e);
/* Has the driver say again what could not be kept when it did. false: nor can it be now. */
bool listen_again(struct engine *e);

/* ---- attempts.c ---- */
void attempts_load(struct engine *e); /* anew from the store */
void attempts_look(struct engine *e, const struct store_code *c, const struct plan *p);
void attempts_closed(struct engine *e, const char *access_code_id);
bool plan_holds(const struct plan *p);

/* ---- poll.c ---- */
void poll_plan(struct engine *e, struct lane *l); /* whenever its row was put */
void poll_due(struct engine *e);
void poll_soon(struct engine *e, struct lane *l); /* what was read could not be kept */
struct instant poll_next(struct engine *e); /* NONE */

/* ---- mutations.c ---- */
void mutation_begin(struct engine *e, const struct store_code *was, struct store_code *is);
void mutation_end(struct engine *e, struct store_code *c);
/* While an edit of its PIN is under way: the one that the lock was last known to have. NULL */
const char *pin_before(struct engine *e, const struct store_code *c);

/* ---- request_change.c, request_device.c ---- */
void release(struct engine *e, struct store_code *c);
void let_turn(struct engine *e, struct flight *f);

/* ---- backup.c ---- */
void pool_fill(struct engine *e, struct lane *l);
void pool_empty(struct engine *e, struct lane *l);
/* What the lock said to its write: true when another takes its place, and it is closed. */
bool pool_replaces(struct engine *e, struct lane *l, struct store_code *c, bool refused);
void pool_renew(struct engine *e, struct lane *l); /* it took a code that is no backup */
void pool_switch(struct engine *e, struct store_device *d, bool on);

/* ---- request_device.c ---- */
/* Ends with the program, at its next start, if nobody answers before. */
void remember_turn(struct engine *e, const char *attempt_id);

/* ---- journal.c ---- */
struct note {
	struct store_event event;
	GString *body;
	char *event_id;
};
void note_begin(struct engine *e, struct note *n, const char *type, const char *device_id,
		const char *access_code_id, const char *account_id, struct instant occurred_at);
void note_end(struct engine *e, struct note *n);
void note_issues(struct note *n, const struct store_code *c, const struct lane *l);
void journal_code(struct engine *e, const char *type, const struct store_code *c);
void journal_device(struct engine *e, const char *type, const struct store_device *d);
/* An attempt about a door that has ended: status success or error. */
void journal_attempt(struct engine *e, const struct store_attempt *a);
void journal_account(struct engine *e, const char *type, const char *account_id);

/* ---- validate.c ---- */
G_GNUC_PRINTF(5, 6)
bool refuse(struct refusal *no, int status, const char *type, const char *param, const char *format,
	    ...);
bool refuse_store(struct refusal *no); /* 503 */
struct store_list *find_device(struct engine *e, const char *device_id, struct refusal *no);
struct store_list *find_managed(struct engine *e, const char *access_code_id, struct refusal *no);
struct store_list *find_unmanaged(struct engine *e, const char *access_code_id, struct refusal *no);
bool check_window(struct engine *e, const struct lock_system *ls, struct instant from,
		  struct instant until, bool start_moved, struct refusal *no);
bool check_pin(const struct lock_system *ls, const char *pin, struct refusal *no);

/* ---- pins.c ---- */
bool pin_is_free(struct engine *e, const char *device_id, const char *pin, const char *but_for,
		 struct refusal *no);
/* One PIN for all of them, the window being [from, until). */
bool pin_for(struct engine *e, struct lane *const *lanes, guint n, struct instant from,
	     struct instant until, int length, char pin[static PIN_MAX + 1]);
/* The id of an unmanaged code with this PIN; NULL. */
const char *unmanaged_rival(struct engine *e, const char *device_id, const char *pin);

/* ---- request_create.c ---- */
struct making {
	const struct code_request *r;
	const char *pin, *common_code_key;
	enum backup_role backup;
};
char *make_code(struct engine *e, struct lane *l, const struct making *m);

/* ---- ratelimit.c ---- */
enum limited { LIMIT_CREATE, LIMIT_UPDATE, LIMIT_DELETE, LIMIT_LOCK, LIMIT_UNLOCK };
bool within_limit(struct engine *e, const char *device_id, enum limited what, struct refusal *no);

#endif
