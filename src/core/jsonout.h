/* jsonout - JSON written member by member to the end of a GString.
 *
 * There is no state but the text itself: whether a comma is due is seen from its last byte. key is
 * the member's name inside an object, and NULL inside an array or at the top. A newline between
 * two top-level values ("one object a line") is the caller's. Texts may hold anything: what JSON
 * must escape is escaped, a byte that is no UTF-8 becomes U+FFFD. */
#ifndef KEYRACK_CORE_JSONOUT_H
#define KEYRACK_CORE_JSONOUT_H

#include "core/instant.h"
#include "core/lock.h"

void jsonout_object(GString *out, const char *key);
void jsonout_object_end(GString *out);
void jsonout_array(GString *out, const char *key);
void jsonout_array_end(GString *out);

void jsonout_string(GString *out, const char *key, const char *text); /* NULL gives null */
void jsonout_int(GString *out, const char *key, int64_t n);
void jsonout_bool(GString *out, const char *key, bool b);
void jsonout_tri(GString *out, const char *key, enum tri t);          /* unknown gives null */
void jsonout_instant(GString *out, const char *key, struct instant t); /* NONE gives null */
void jsonout_null(GString *out, const char *key);

/* json is already JSON, of this program's own making (a column of the cache); NULL or "": null. */
void jsonout_raw(GString *out, const char *key, const char *json);
/* The members of an object that is already JSON, as members of the one being written. NULL, "{}"
 * and what is no object add nothing. */
void jsonout_members(GString *out, const char *object);

/* The same JSON with every PIN in it null: members named "code" that hold digits, and what a code
 * was changed from and to. Newly allocated; NULL for NULL. */
char *json_without_pins(const char *json);
/* The same JSON with other values where PINs may be: those of members named "code", "from" or "to". map is
 * given each as it stands there, quotes and all, and either appends what comes instead or says false: it
 * stays. Newly allocated; NULL for NULL. */
typedef bool json_pin_map(GString *out, const char *begin, const char *end, void *ctx);
char *json_map_pins(const char *json, json_pin_map *map, void *ctx);
/* The same words without that PIN: each run of digits that is it becomes dots, a longer one stays. NULL: it is
 * not in them, or pin is none. Newly allocated. */
char *pin_struck(const char *words, const char *pin);
/* The same JSON without that PIN in the values of its members of that name ("message"); key NULL: in any text of it.
 * NULL: there was none. Newly allocated. */
char *json_pin_struck(const char *json, const char *key, const char *pin);
/* Digits alone, quoted or not. */
bool json_is_pin(const char *begin, const char *end);

#endif
