/* refetch - what refetch.c (wishes, rounds, codes) and refetch_device.c (devices, lists) share.
 * Private to the two. */
#ifndef KEYRACK_SYNC_REFETCH_H
#define KEYRACK_SYNC_REFETCH_H

#include "sync/machine.h"

#define REFETCH_BATCH 100 /* ids in one request */

struct wanted_code {
	char *id;
	char *device_id;   /* NULL: not known */
	struct instant at; /* of the event; NONE: no event */
	int tries;
};

struct answered {
	int64_t asked_us;
	bool deleted;
};

struct refetcher {
	struct sync *s;
	GHashTable *codes;    /* id -> struct wanted_code */
	GHashTable *devices;  /* set of ids */
	GHashTable *parts;    /* device_id -> enum lock_part bits */
	GHashTable *answered; /* access_code_id -> struct answered */
	bool all_devices;
	bool lacks_unmanaged_get;
	int under_way;
	bool ends_turn;
	bool failed;
	struct wire_answer failure; /* of the first call that failed; message owned */
	char *failure_message;
};

/* A request with the codes or devices that it asked for. */
struct batch {
	struct refetcher *r;
	GHashTable *codes; /* as above; NULL: a batch of devices */
	GPtrArray *ids;
	struct wanted_code *one; /* of a get; NULL: of a list */
	unsigned parts;          /* of a lock's lists; ids is that lock */
	int64_t asked_us;
	int64_t gen;
	struct instant asked;
	bool stored;
};

struct batch *refetch_batch_new(struct refetcher *r);
/* Frees it; the last one ends the round. */
void refetch_batch_end(struct batch *b);
/* True: nothing came that may be believed, and the wish must be kept. */
bool refetch_must_keep(struct refetcher *r, const struct wire_answer *a);

void refetch_ask_devices(struct refetcher *r);
void refetch_ask_lists(struct refetcher *r);

#endif
