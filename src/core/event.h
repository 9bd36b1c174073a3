/* event - something that happened: a door opened, a code set, a lock gone offline.
 *
 * Strings are borrowed (see core/lock.h). */
#ifndef KEYRACK_CORE_EVENT_H
#define KEYRACK_CORE_EVENT_H

#include "core/lock.h"

struct event {
	const char *event_id;
	const char *event_type;
	const char *workspace_id;
	const char *device_id;
	const char *access_code_id;
	const char *connected_account_id;
	const char *action_attempt_id;
	const char *method;       /* "keycode" "manual" "automatic" "remote" "card"; open set */
	const char *code;         /* the PIN that was used, where the server says it (2026 on) */
	const char *description;
	const char *backup_access_code_id;
	struct instant created_at;  /* stored at the server: what 'since' compares */
	struct instant occurred_at; /* when it happened; created_at where absent */
	const char *object;         /* the whole object as it came */
};

/* How the name beside an unlock came to be there. */
enum attribution {
	WHO_NOT_ASKED, /* the event is not about a person */
	WHO_REPORTED,  /* the server named the code */
	WHO_BY_PIN,    /* the server gave the PIN, one code on the lock has it */
	WHO_INFERRED,  /* the brand names no code; exactly one was valid at that moment */
	WHO_BY_METHOD, /* no code was used: by hand, remotely, by card, by itself */
	WHO_UNKNOWN,   /* nobody can tell; 'why' says the reason */
};

#endif
