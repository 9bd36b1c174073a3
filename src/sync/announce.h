/* announce - the poke socket's serving end: consoles connect, are told, and may ask.
 *
 * A console that does not read is dropped rather than waited for. 'changed' lines are collected
 * and leave seventy times a second at most, but for the first few: a door that is opened is an event,
 * then a lock that has changed, then a code, and each should be seen when it comes. */
#ifndef KEYRACK_SYNC_ANNOUNCE_H
#define KEYRACK_SYNC_ANNOUNCE_H

#include "cache/poke.h"

#define ANNOUNCE_GAP_MS 15
#define ANNOUNCE_BURST  4   /* so many may leave at once, after a pause */

struct announce;

struct announce_callbacks {
	void (*hello)(void *ctx);
	void (*outbox)(void *ctx);
	void (*compare)(void *ctx);
	void (*explain)(const char *access_code_id, void *ctx);
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
