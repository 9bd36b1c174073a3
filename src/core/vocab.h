/* vocab - the API's words and what they mean to a person at a desk.
 *
 * Every generation of the vocabulary is here (retired names too); every set is open, so an
 * unknown word is shown as it came, never refused. */
#ifndef KEYRACK_CORE_VOCAB_H
#define KEYRACK_CORE_VOCAB_H

#include "core/access_code.h"
#include "core/event.h"

struct problem_info {
	const char *code;   /* "no_space_for_access_code_on_device" */
	const char *words;  /* "The lock's memory is full" */
	const char *remedy; /* "Delete codes that have ended, or ..." */
	int severity;       /* 0 note, 1 warning, 2 error, 3 a person must act now */
};
/* NULL for an unknown code: show its message. */
const struct problem_info *problem_lookup(const char *code);
const struct problem_info *problem_table(size_t *n);

/* What decides how a guest can come in while a code does not work. */
struct way_in {
	bool not_begun, ended; /* the code's window */
	bool offline;          /* the lock does not answer */
	bool no_unlock;        /* it cannot be unlocked from here */
	bool backup_ready, backup_pulled;
};
/* lock: NULL when nothing is known of it. */
struct way_in way_in_of(const struct access_code *ac, const struct lock *lock, struct instant now);
/* What to do for whoever stands at the door: a sentence, true for these facts. */
const char *way_in_words(const struct way_in *w);
/* Does this problem keep its guest out? */
bool problem_keeps_out(const char *code);

enum event_kind {
	EVENT_OTHER,
	EVENT_UNLOCK,
	EVENT_LOCK,
	EVENT_DENIED,
	EVENT_CODE_GOOD,    /* set, scheduled, removed as wanted */
	EVENT_CODE_TROUBLE, /* failed, delayed, modified from outside */
	EVENT_CODE_CHANGE,  /* created, changed, deleted */
	EVENT_DEVICE_GOOD,
	EVENT_DEVICE_TROUBLE,
	EVENT_ACCOUNT,
	EVENT_KIND_COUNT,
};

struct event_info {
	const char *type;     /* "lock.unlocked" */
	enum event_kind kind;
	const char *words;    /* "unlocked" */
	unsigned refetch;     /* enum refetch: what the event says has changed */
};
enum refetch {
	REFETCH_DEVICE = 1 << 0,
	REFETCH_CODE = 1 << 1,       /* the code named by access_code_id */
	REFETCH_UNMANAGED = 1 << 2,  /* the lock's unmanaged codes */
	REFETCH_CODES = 1 << 3,      /* all codes of the lock */
	REFETCH_DEVICES = 1 << 4,    /* the list of devices */
};
/* Never NULL: an unknown type gives a row of kind EVENT_OTHER whose words are NULL (use the type
 * itself) and whose refetch is guessed from the type's first part. */
const struct event_info *event_lookup(const char *type);
const struct event_info *event_table(size_t *n);

/* "keypad", "by hand", "remotely", "by itself", "card"; the word itself when unknown, "" for
 * NULL. */
const char *method_words(const char *method);

#endif
