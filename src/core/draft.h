/* draft - an access code as the desk wants it, before it becomes an intent.
 *
 * The form on the screen and the command line fill the same struct, are told by the same rules
 * what is wrong with it and in which field, and get the same parameters for the server. Pure. */
#ifndef KEYRACK_CORE_DRAFT_H
#define KEYRACK_CORE_DRAFT_H

#include "core/access_code.h"

/* A lock that wants its start in the future gets one soon enough to be of use tonight. */
#define SOONEST_START_MS (16 * MINUTE_MS)
/* What 'now' means for a start on a lock of these rules (enum pin_rule). */
struct instant draft_soonest(unsigned rules, struct instant now);

struct draft {
	const char *name;
	const char *pin;            /* NULL: the server or the provider chooses */
	struct instant from, until; /* both NONE: ongoing */
	bool external_ok;           /* is_external_modification_allowed */
	bool just_in_time;          /* prefer_native_scheduling false */
	bool backup_pool;
	bool offline;
	bool one_time;
	const char *common_code_key; /* settles a lost answer; NULL: left out */
};

/* What of a draft is wrong: the field that a form puts the sentence beside. */
enum draft_field {
	DRAFT_FINE,
	DRAFT_NAME,
	DRAFT_FROM,
	DRAFT_UNTIL,
	DRAFT_PIN,
	DRAFT_OPTIONS,
};

/* The first problem of a new code on this lock. *problem gets a static or interned sentence.
 * Whether the PIN is in use is not known here (cache_pin_holders). */
enum draft_field draft_check(const struct draft *d, const struct lock *lock, struct instant now,
			     const char **problem);

/* The same without the rules of some fields, bits 1 << enum draft_field: in a code that is there
 * already, what nobody touches is nothing to complain of. */
enum draft_field draft_check_but(const struct draft *d, const struct lock *lock, struct instant now,
				 unsigned excused, const char **problem);

/* The first characters of a name that is longer than the lock can show: the server keeps it whole
 * and writes so much of it to the lock. NULL when it fits. Newly allocated. */
char *draft_name_on_lock(const char *name, const struct lock *lock);

/* "1 d shorter", "20 h longer": how a stay becomes another by its new end. NULL when it does not.
 * Newly allocated. */
char *draft_end_moved(struct instant before, struct instant after);

/* Nothing but an offline code can be made for it: what a lock cannot, a server mostly leaves out. */
bool draft_only_offline(const struct lock *lock);

/* True where the lock system or the maker's algorithm picks the PIN. */
bool draft_pin_is_theirs(const struct draft *d, const struct lock *lock);

/* The parameters of /access_codes/create. Newly allocated JSON. */
char *draft_create_params(const struct draft *d, const char *device_id);

/* What is to become different about a code that exists: NULL, NONE and false leave it alone. */
struct draft_change {
	const char *name;
	const char *pin;
	struct instant from, until;
	bool ongoing; /* time-bound no longer */
};

/* The parameters of /access_codes/update. A change of one end of the window names both, as not
 * every server keeps the other. */
char *draft_update_params(const struct draft_change *c, const struct access_code *code);

/* The draft that code would be after the change, for draft_check. */
struct draft draft_changed(const struct draft_change *c, const struct access_code *code);

#endif
