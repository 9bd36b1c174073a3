/* push - what push.c (which intent goes, and how its fate is recorded) and answer.c (what each
 * answer leads to) share. Private to the two. */
#ifndef KEYRACK_SYNC_PUSH_H
#define KEYRACK_SYNC_PUSH_H

#include "sync/machine.h"
#include "sync/settle.h"

enum fate { FATE_ACCEPTED, FATE_REFUSED, FATE_AGAIN, FATE_DOUBT };

/* One intent on its way. */
struct shot {
	struct sync *s;
	int64_t intent_no;
	enum intent_kind kind;
	char *device_id, *access_code_id, *name, *common_code_key, *made_by;
	json_t *params;
	struct instant made_at, sent_at;
	int tries;             /* this one included */

	/* The refusal that is being looked into. */
	int status;
	char *error_type, *message, *validation_errors;

	bool said_yes;         /* a create was accepted, without a word on which code it made */
	GPtrArray *codes;      /* read back: of json_t * */
	char *attempt_id;      /* of a door */
	int polls;
	guint timer;

	enum fate fate;        /* as it is to be recorded; tried again when the disk is full */
	char *given_id;
	const char *note;      /* static; beside an acceptance */
	struct instant next_try_at;
	char *request_id;      /* of the last answer, to the change or to reading back; NULL */
	enum intent_settled how;
};

void push_send(struct shot *shot, const char *path, const json_t *params);
/* Each records the fate durably and ends the shot. Texts are copied. */
void push_accept(struct shot *shot, const char *access_code_id, int status);
void push_refuse(struct shot *shot, const char *message);
void push_again(struct shot *shot, struct instant next_try_at, const char *why);
void push_doubt(struct shot *shot, struct instant next_try_at, const char *why);
void push_leave(struct shot *shot);    /* the client is going: only memory is freed */
/* How often a create's code was looked for and not seen; counted up. */
int push_look(struct shot *shot);

/* a NULL: the answer never came (the intent was found in 'sending'). */
void answer_step(struct shot *shot, enum settle_step step, const struct wire_answer *a);
void answer_came(const struct wire_answer *a, void *shot); /* wire_done of push_send */

#endif
