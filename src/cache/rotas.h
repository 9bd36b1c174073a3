/* rotas - who works when, behind which doors: kept by the desk, since no server has a place for it.
 *
 * Which codes were made for one is not kept here but in the outbox, as with feeds: each intent carries the
 * rota's mark in its common_code_key. A rescue of a damaged cache does not bring rotas along: their codes
 * then stand until their windows end. */
#ifndef KEYRACK_CACHE_ROTAS_H
#define KEYRACK_CACHE_ROTAS_H

#include "cache/cache.h"
#include "core/rota.h"

struct rota {
	int64_t rota_no;
	const char *rota_id;     /* in each common_code_key */
	const char *name, *name_folded;
	const char *pin;         /* NULL: chosen with the next code */
	struct rota_hours hours;
	int64_t first_day, last_day; /* as rota_day; last_day ROTA_NO_END: none */
	const char *made_by;
	struct instant made_at;
	const char *held_by;     /* suspended */
	struct instant held_at;  /* NONE: it is not */
	const char *ended_by;
	struct instant ended_at; /* NONE: it goes on */
};
struct rota_door {
	const char *device_id;
	const char *pin;         /* where the rota's own was taken: what it has here; NULL */
	int64_t lock_no;         /* 0: the lock is gone */
	const char *lock_name, *zone;
};

/* By name; those that ended after 'since' too. struct rota. */
struct cache_list *cache_rotas(struct cache *c, struct instant since, GError **err);
struct cache_list *cache_rota(struct cache *c, int64_t rota_no, GError **err);       /* one, or none */
struct cache_list *cache_rota_doors(struct cache *c, int64_t rota_no, GError **err); /* struct rota_door, by name */
/* The rota that a code was made for, by its common_code_key; one struct rota, or none. */
struct cache_list *cache_rota_of_key(struct cache *c, const char *common_code_key, GError **err);
/* What the common_code_key of its intents begins with, and a '.' behind it. Newly allocated. */
char *rota_mark(const struct rota *r);

/* All or nothing, on the disk when it returns. r: name, pin, hours, days. The number; 0 with err. */
int64_t cache_rota_add(struct cache *c, const struct rota *r, const GArray *lock_nos, const char *by,
		       struct instant now, GError **err);
/* r->rota_no is to be as r says; pin NULL leaves it. A PIN that is given is that of every door again. */
bool cache_rota_change(struct cache *c, const struct rota *r, const GArray *lock_nos, const char *by,
		       struct instant now, GError **err);
bool cache_rota_hold(struct cache *c, int64_t rota_no, bool held, const char *by, struct instant now, GError **err);
/* NOT_FOUND when it has ended already. */
bool cache_rota_end(struct cache *c, int64_t rota_no, const char *by, struct instant now, GError **err);
/* device_id NULL: of the rota itself. */
bool cache_rota_pin(struct cache *c, int64_t rota_no, const char *device_id, const char *pin, GError **err);
/* Somebody saw this PIN: no rota uses it again. */
bool cache_rota_pin_seen(struct cache *c, const char *pin, GError **err);

#endif
