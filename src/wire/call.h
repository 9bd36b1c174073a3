/* call - the inside of struct wire_client, shared by client.c and walk.c. */
#ifndef KEYRACK_WIRE_CALL_H
#define KEYRACK_WIRE_CALL_H

#include "wire/client.h"

/* A number for a call or a walk that is about to begin; never 0, never one in use. */
unsigned client_number(struct wire_client *client);

/* wire_call under a number that is given: the pages of a walk all bear the walk's. */
void client_queue(struct wire_client *client, unsigned number, enum wire_kind kind,
		  const char *path, const json_t *params, wire_done *done, void *ctx);

/* Walks by their number, for wire_cancel while no call of theirs is queued. */
GHashTable *client_walks(struct wire_client *client);
/* Answers the walk WIRE_CANCELLED and forgets it. */
void walk_cancel(struct wire_client *client, unsigned number);

/* The answer to what was taken back. */
extern const struct wire_answer WIRE_ANSWER_CANCELLED;

#endif
