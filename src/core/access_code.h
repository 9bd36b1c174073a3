/* access_code - one PIN on one lock, and the window in which it should work.
 *
 * Managed and unmanaged codes are the same struct; 'managed' tells them apart. Strings are
 * borrowed (see core/lock.h). JSON arrays are NULL when absent or empty. */
#ifndef KEYRACK_CORE_ACCESS_CODE_H
#define KEYRACK_CORE_ACCESS_CODE_H

#include "core/lock.h"

struct access_code {
	const char *access_code_id;
	const char *device_id;
	const char *workspace_id;
	bool managed;
	bool time_bound;          /* type == "time_bound", or a window without a type */
	const char *type;         /* as sent; open set */
	const char *status;       /* "unset" "setting" "set" "removing" "unknown"; open set */
	const char *name;
	const char *code;         /* the PIN. NULL: not assigned or not readable */
	struct instant starts_at; /* NONE for ongoing */
	struct instant ends_at;
	struct instant created_at;
	const char *common_code_key;
	const char *pulled_backup_access_code_id;
	enum tri is_scheduled_on_device;
	enum tri is_waiting_for_code_assignment;
	enum tri is_external_modification_allowed;
	enum tri is_offline_access_code;
	enum tri is_one_time_use;
	enum tri is_backup;
	enum tri is_backup_access_code_available;
	enum tri cannot_be_managed;
	enum tri cannot_delete;   /* cannot_delete_unmanaged_access_code */
	const char *errors;
	const char *warnings;
	const char *pending_mutations;
	const char *appearance;   /* JSON object {name, first_name?, last_name?} */
	const char *alike;        /* somebody else here who is called as this name only seems to be (cache/alike.h); NULL */
	const char *rest;         /* JSON object of every field that has none of its own here */
};

/* Where a code stands in its life, for words, sign and colour. In order of display priority. */
enum code_state {
	CODE_TROUBLE,   /* has an error of its own: '!' */
	CODE_REMOVING,  /* being erased */
	CODE_QUEUED,    /* only in our outbox yet */
	CODE_SETTING,   /* being written, or its time has come and it is not confirmed */
	CODE_SET,       /* usable now */
	CODE_STORED,    /* in the lock's memory, its window is still to come */
	CODE_WAITING,   /* to come; nothing written yet */
	CODE_UNKNOWN,   /* the provider cannot tell */
	CODE_ENDED,     /* its window has passed, or it was removed */
	CODE_STATE_COUNT,
};

/* Pure. has_error: at least one error with is_access_code_error. */
enum code_state access_code_state(const struct access_code *ac, bool has_error, struct instant now);
const char *code_state_word(enum code_state s); /* "set", "stored in lock", ... untranslated */

/* As a person is told it: a guest's spare is not the guest's code. Lent by ac, or static. */
const char *access_code_called(const struct access_code *ac);

/* True while a PIN may open the door by its declared window: [starts_at, ends_at). */
bool access_code_in_window(const struct access_code *ac, struct instant t);

#endif
