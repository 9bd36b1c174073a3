/* sealed - PINs in the cache: sealed words in the columns, opened by the statements themselves.
 *
 * A statement names what it reads by column and row, which are sealed along (core/vault.h):
 *
 *   seal(pin, 'access_code.code', id)       a word; NULL stays NULL
 *   unseal(word, 'access_code.code', id)    the PIN; NULL where it does not open
 *   seal_json(json, what, id)               the same JSON, the PINs in it sealed (core/jsonout.h says where)
 *   unseal_json(json, what, id)             ... opened; PIN_LOST in place of one that does not open
 *   pin_mark(pin)                           what code_mark holds: for looking up, never for showing
 *   reseal, reseal_json, remark             of what is sealed or still plain: for the walk in reseal.c
 *
 * Which key of the vault is in use is a fact of the cache ('vault.key'), changed by the same transaction that
 * seals everything anew: a mark is looked up by the key that it was made with. */
#ifndef KEYRACK_CACHE_SEALED_H
#define KEYRACK_CACHE_SEALED_H

#include <sqlite3.h>

#include "core/vault.h"

#define PIN_LOST "~" /* in JSON: here was a PIN that does not open any more. No keypad takes it */

#define SQL_PIN_OF(t)	     "unseal(" t ".code, 'access_code.code', " t ".access_code_id)"
#define SQL_INTENT_PIN       "unseal(params->>'$.code', 'intent.params', intent_no)"
#define SQL_INTENT_PIN_OF(i) "unseal(" i ".params->>'$.code', 'intent.params', " i ".intent_no)"
#define SQL_ROTA_PIN(r)      "unseal(" r ".pin, 'rota.pin', " r ".rota_id)"
#define SQL_DOOR_PIN(d)      "unseal(" d ".pin, 'rota_door.pin', " d ".rota_no || '/' || " d ".device_id)"
#define SQL_KEPT_PIN(s)      "unseal(" s ".pin, 'suspended.pin', " s ".device_id || '/' || " s ".name_folded)"

struct sealing;

/* Opens the vault and teaches db the functions. lost: a cache whose key is not there is opened all the same, with a
 * new key (reseal.c then forgets what nobody can read). CONFIG: the key is lost, or cannot be trusted. */
struct sealing *sealing_open(sqlite3 *db, const char *path, bool group, bool lost, GError **err);
void sealing_free(struct sealing *s);

bool sealing_is_lost(const struct sealing *s);
struct vault *sealing_vault(struct sealing *s);
/* From now to sealing_end all is sealed with that key; 0: the one that the cache says, asked once. */
void sealing_begin(struct sealing *s, uint32_t key);
void sealing_end(struct sealing *s);
uint32_t sealing_key(struct sealing *s); /* the one in use */

/* Where the key of a cache lies. Newly allocated. */
char *sealing_place(const char *path, bool group);

#endif
