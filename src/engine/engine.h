/* engine - keeps locks and declared codes in step: the shell around plan.h.
 *
 * One turn: take the codes that are due, ask plan_code for each, carry out its step through the
 * driver, note the answer, journal what changed. Requests of the API come in through the functions
 * below; each is one committed transaction. Results are JSON-free structs: the server writes JSON. */
#ifndef KEYRACK_ENGINE_ENGINE_H
#define KEYRACK_ENGINE_ENGINE_H

#include "engine/clock.h"
#include "engine/driver.h"
#include "engine/store.h"

struct engine;

struct engine_options {
	const char *workspace_id, *workspace_name;
	bool rate_limits;              /* so many requests of a kind a minute and device, ratelimit.c */
	int account_share;             /* of them, for all devices of an account: so many times
					  those of one; 0: 60, negative: no bound */
	int64_t history_ms;            /* closed codes are kept so long; 0: 400 days */
	int backup_pool_size;          /* per device; 0: 2 */
	int64_t poll_ms;               /* each lock that can be read is read so often, also unasked;
					  0: 15 minutes; negative: never */
	const struct audit_signer *signer; /* of the audit's seals; lent; NULL: none are made */
	uint64_t seed;                 /* of jitter and, in simulation, of generated ids and PINs; 0: the
					  system's randomness */
};
/* Borrows all three. The driver is started. */
struct engine *engine_new(struct store *store, struct clock *clock, struct driver *driver,
			  const struct engine_options *opt, GError **err);
void engine_free(struct engine *e);
DEFINE_OWN(struct engine, engine, engine_free)
/* SIGHUP: what can change while it runs; as in engine_options. */
void engine_set_limits(struct engine *e, bool rate_limits, int account_share, int64_t history_ms);
/* SIGTERM: no new steps; true once nothing is in flight. */
bool engine_drain(struct engine *e);

/* Told after each commit that added events: the highest seq. Webhooks and the live path use it; each
 * call adds a listener. fn NULL: those of ctx are told no more. */
void engine_on_events(struct engine *e, void (*fn)(int64_t seq, void *ctx), void *ctx);

/* Told after each commit of each code of which something shows that no event tells: its reason, its
 * status, a problem that is over, when it is next looked at. Perhaps of others too, never of all. */
void engine_on_codes(struct engine *e, void (*fn)(const char *access_code_id, void *ctx), void *ctx);

/* Between begin and end whatever is committed first is somebody's act, and the audit has it in the
 * same transaction; what changed nothing, or was refused, it has at the end. what: a JSON object
 * that says it, without PINs. They do not nest; end without begin does nothing. */
void engine_act_begin(struct engine *e, const char *who, const char *what);
/* Now, ahead of what is committed otherwise than by the engine. false: the store failed. */
bool engine_act_note(struct engine *e);
void engine_act_end(struct engine *e, const char *refused); /* the error's type; NULL: it was done */

/* A refusal as the API gives it: HTTP status, type, message, and per-parameter texts. */
struct refusal {
	int status;                    /* 400, 404, 409, 429; 503 for a store that failed */
	const char *type;              /* static: "invalid_input" */
	char *message;
	const char *param;             /* static: the parameter it is about; NULL: the whole */
	int retry_after_s;
};
void refusal_clear(struct refusal *r);
#define STORE_RETRY_AFTER_S 5 /* said where the store failed */

struct code_request {
	const char *device_id, *access_code_id;
	const char *code, *name, *common_code_key;
	bool has_name;                 /* name given (may be null) */
	struct instant starts_at, ends_at; /* NONE: not given */
	const char *type;              /* update: "ongoing", "time_bound"; NULL */
	enum tri external_ok, prefer_native, use_backup_pool, offline, one_time, managed;
	int preferred_code_length;     /* 0 */
	int64_t max_rounding_ms;       /* 0: an hour */
	bool attempt_for_offline_device;
	bool share_or_random;          /* create_multiple: behavior create_random_code */
};
/* All give false with *no filled, nothing changed. ids come back newly allocated. */
bool engine_create(struct engine *e, const struct code_request *r, char **id, struct refusal *no);
bool engine_create_multiple(struct engine *e, const char *const *device_ids, const struct code_request *r,
			    GPtrArray *ids, struct refusal *no);
bool engine_update(struct engine *e, const struct code_request *r, bool *changed, struct refusal *no);
bool engine_update_multiple(struct engine *e, const struct code_request *r, struct refusal *no);
bool engine_delete(struct engine *e, const char *access_code_id, struct refusal *no);
bool engine_pull_backup(struct engine *e, const char *access_code_id, char **backup_id, struct refusal *no);
bool engine_convert(struct engine *e, const char *access_code_id, enum tri external_ok, struct refusal *no);
bool engine_delete_unmanaged(struct engine *e, const char *access_code_id, struct refusal *no);
/* A code that is on the lock and not ours, known before the lock is read again: simulation. */
bool engine_found_unmanaged(struct engine *e, const char *device_id,
			    const struct driver_code *found, char **id, struct refusal *no);
bool engine_generate_code(struct engine *e, const char *device_id, char pin[static PIN_MAX + 1],
			  struct refusal *no);
/* attempt_id: newly allocated; the attempt is pending. */
bool engine_turn(struct engine *e, const char *device_id, bool unlock, char **attempt_id, struct refusal *no);
bool engine_device_update(struct engine *e, const char *device_id, const char *name, bool has_name,
			  enum tri managed, enum tri backup_pool, struct refusal *no);
bool engine_report_lengths(struct engine *e, const char *device_id, uint32_t lengths, struct refusal *no);
bool engine_account_delete(struct engine *e, const char *account_id, struct refusal *no);
bool engine_sync_account(struct engine *e, const char *account_id, struct refusal *no);

/* Locks itself after delay_s (0: as it was), or no longer. As engine_turn. */
bool engine_auto_lock(struct engine *e, const char *device_id, bool enabled, int delay_s,
		      char **attempt_id, struct refusal *no);

/* ---- settings: request_settings.c ---- */
/* metadata: a JSON object, NULL for none. */
bool engine_device_metadata(struct engine *e, const char *device_id, const char *metadata,
			    struct refusal *no);
/* The zone in which this lock hangs, where its provider does not say. */
bool engine_report_zone(struct engine *e, const char *device_id, const char *zone,
			struct refusal *no);
/* What callers have set of a connected account: a JSON object, newly allocated; NULL: nothing. */
char *engine_account_settings(struct engine *e, const char *account_id);
bool engine_account_set(struct engine *e, const char *account_id, const char *settings,
			bool manages_new, struct refusal *no);
/* Do new locks of the account begin as managed ones? */
bool engine_account_manages(struct engine *e, const char *account_id);

/* What there is on a lock beside its codes' own rows. */
struct engine_load {
	int held;                      /* codes in its memory */
	bool full;                     /* no room for one more */
	int pool_ready, pool_pulled;   /* backup codes that wait, and those in use */
	int pool_size;                 /* as many as should wait */
	struct instant short_first, short_last; /* one was lacking since, and the last since; NONE */
	struct instant pulled_last;    /* NONE */
};
struct engine_load engine_load_of(struct engine *e, const struct store_device *d);
const char *engine_battery_word(int pct); /* "low"; NULL: not known */

/* Several requests that are answered together are one commit: what is asked for between begin and
 * end. keep false, or a store that failed on the way: nothing of it was (false: it should have been
 * kept and could not). One that is refused undoes itself alone. They do not nest. */
bool engine_group_begin(struct engine *e, struct refusal *no);
bool engine_group_end(struct engine *e, bool keep, struct refusal *no);
/* An action attempt about what was just asked for: pending, and ended by the engine when the lock
 * has done its part (or at once, where nothing is due now or the request changed nothing).
 * action_type: "CREATE_ACCESS_CODE", "UPDATE_ACCESS_CODE", "DELETE_ACCESS_CODE",
 * "CONVERT_ACCESS_CODE_TO_MANAGED", "DELETE_UNMANAGED_ACCESS_CODE". What could not be set, or not
 * be removed, ends in error with the code's own problem. The stored result is {}: the code that
 * belongs to it is store_attempt.access_code_id, NULL when the last engine_update of it changed
 * nothing. */
bool engine_attempt(struct engine *e, const char *action_type, const char *access_code_id,
		    char **attempt_id, struct refusal *no);
/* One about a lock that has ended when it is made, with its event: what was simulated at the door.
 * failure: why not; NULL: it succeeded. */
bool engine_attempt_done(struct engine *e, const char *action_type, const char *device_id,
			 const char *failure, char **attempt_id, struct refusal *no);
/* Newly allocated uuid: of events, attempts, webhooks. Seeded in simulation. */
char *engine_new_id(struct engine *e);

/* Why is this code in this state, and what happens next, when. */
struct outlook {
	enum plan_reason reason;
	enum belief belief;            /* PROVEN or WRITTEN: proven, or only acknowledged */
	enum step_kind next_step;      /* STEP_WAIT: nothing is foreseen */
	enum plan_reason next_reason;
	struct instant next_at;        /* NONE: when something else changes */
	struct instant due_at;         /* first write; NONE for an offline code */
	struct instant early_from;     /* it may open from here, before starts_at (a lock without a
					  schedule); NONE: it does not open early */
	struct instant holds_until;    /* as long as nothing happens all of this is so until then; at the latest
					  now: it is not so in the next moment. MAX: for good */
};
struct outlook engine_outlook(struct engine *e, const struct store_code *c);

/* Another number whenever anything may have changed that shows of this lock or of its codes, but for what time alone
 * changes (outlook.holds_until). 0: nobody has asked about it yet. */
uint64_t engine_version_of(struct engine *e, const char *device_id);

/* What came of what the locks were asked, since the start: for /metrics. */
struct engine_count {
	const char *provider;
	const char *step, *result;     /* "write", "ok"; both NULL: how many of all were retries */
	uint64_t n;
};
GArray *engine_counts(struct engine *e); /* struct engine_count; answers that came */
/* Steps that wait for their lock, and those on their way to one. */
struct engine_queue {
	size_t waiting, in_flight;
	struct instant oldest;         /* the one that waits longest does since then; NONE */
};
struct engine_queue engine_queue(struct engine *e);

/* What was asked of a code and is not on its lock yet: pending_mutations. */
struct mutation_side {
	const char *code, *name;
	struct instant starts_at, ends_at;
};
struct engine_mutation {
	const char *code;              /* static: "creating", "deferring_creation", "deleting",
					  "updating_code", "updating_name", "updating_time_frame" */
	const char *message;           /* static */
	struct instant created_at;
	struct instant scheduled_at;   /* deferring_creation; else NONE */
	struct mutation_side from, to; /* updating_*: the members that its code is about */
};
#define ENGINE_MUTATIONS_MAX 3
/* How many there are. Texts are lent until the next request or turn of the engine. */
int engine_mutations(struct engine *e, const struct store_code *c,
		     struct engine_mutation out[static ENGINE_MUTATIONS_MAX]);

/* What is known of it on its lock: as it was before the step that is under way. Lent. */
const struct attempt_record *engine_known(struct engine *e, const struct store_code *c);

/* Is a backup code ready for this one? is_backup_access_code_available. */
bool engine_backup_ready(struct engine *e, const struct store_code *c);

struct lock_system *engine_system_of(struct engine *e, const struct store_device *d); /* lent */

/* What a bit of store_code.problems is called on the API: error_code or warning_code, and words. */
struct engine_problem {
	unsigned bit;                  /* enum plan_problem */
	bool is_error;
	const char *code, *message;
};
const struct engine_problem *engine_problem_table(size_t *n);

#endif
