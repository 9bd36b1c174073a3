/* announce - the poke socket's serving end: consoles connect, are told, and may ask.
 *
 * A console that does not read is dropped rather than waited for. 'changed' lines are collected
 * and leave at most ten times a second. */
#ifndef KEYRACK_SYNC_ANNOUNCE_H
#define KEYRACK_SYNC_ANNOUNCE_H

#include "cache/poke.h"

#define ANNOUNCE_GAP_MS 100

struct announce;

struct announce_callbacks {
	void (*hello)(void *ctx);
	void (*outbox)(void *ctx);
	void (*compare)(void *ctx);
	void (*consoles)(int count, void *ctx); /* one came or went */
};

struct announce *announce_new(const char *folder, bool group, const struct announce_callbacks *cb,
			      void *ctx, GError **err);
void announce_free(struct announce *a);
void announce_changed(struct announce *a, unsigned mask);
/* To all, and to each console that comes later. */
void announce_status(struct announce *a, const struct poke_status *status);
int announce_consoles(const struct announce *a);
void announce_flush(struct announce *a);

#endif
