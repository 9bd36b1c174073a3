/* outbox_moves - what the files of the outbox share. */
#ifndef KEYRACK_CACHE_OUTBOX_MOVES_H
#define KEYRACK_CACHE_OUTBOX_MOVES_H

#include "cache/db.h"

/* A transaction that is on the disk when durable_end returns true: sync's connection, otherwise
 * relaxed (what it pulls can be pulled again), is made strict for as long as it lasts. That is why
 * an intent cannot be moved within cache_begin. */
bool durable_begin(struct cache *c, GError **err);
struct instant cache_now(const struct cache *c); /* by cache_clock's */
/* The door of all that a desk wishes; false with REFUSED: it is shut (cache_shut). */
bool desk_may(const struct cache *c, GError **err);
bool durable_end(struct cache *c, bool ok, GError **err);

/* Within durable_begin: puts one in, and sets its number. */
bool outbox_insert(struct cache *c, struct intent *in, GError **err);

/* Refuses in words every queued intent whose time has passed. */
bool outbox_refuse_late(struct cache *c, struct instant now, GError **err);
/* Of these, those whose PIN does not open any more: refused, and taken off the list. How many; -1 failed. */
int outbox_refuse_closed(struct cache *c, struct cache_list *list, GError **err);

enum intent_kind intent_kind_of(const char *name); /* INTENT_KIND_COUNT: none */
void intent_read(sqlite3_stmt *q, struct intent *in, GStringChunk *chunk);
/* Fills a list with rows of SQL_INTENT: at most limit (0: any number) of those that keep (NULL: all) says. NULL
 * with err. */
struct cache_list *intent_list_read(struct cache *c, sqlite3_stmt *q, int limit,
				    bool (*keep)(struct cache *c, const struct intent *in), GError **err);

#endif
