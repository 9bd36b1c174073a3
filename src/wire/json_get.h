/* json_get - reading JSON values that may be missing, null or of another type.
 *
 * Whatever does not fit is absent: NULL, NONE, TRI_UNKNOWN. Nothing here fails. */
#ifndef KEYRACK_WIRE_JSON_GET_H
#define KEYRACK_WIRE_JSON_GET_H

#include <jansson.h>

#include "core/lock.h"
#include "wire/codec.h"

/* By key; object may be NULL or no object at all. Texts are borrowed from the value. */
const char *json_get_text(const json_t *object, const char *key);
/* As above, and absent when empty. */
const char *json_get_word(const json_t *object, const char *key);
enum tri json_get_tri(const json_t *object, const char *key);
bool json_get_number(const json_t *object, const char *key, double *out);

struct instant json_to_instant(const json_t *value);
enum tri json_to_tri(const json_t *value);

/* Compact JSON of a value, living as long as what is in the scratch. NULL for a value that is
 * absent or null; for an array or object also when it is empty. */
const char *json_to_text(const json_t *value, struct wire_scratch *s);

/* What something is called: NULL where nobody could read it, as of blanks alone, so that another name or its
 * id stands there; cut where nobody would read on. Borrowed from text or the scratch. */
const char *json_to_label(const char *text, struct wire_scratch *s);

/* ---- objects by table ---- */

enum field_kind {
	FIELD_TEXT,    /* const char * */
	FIELD_TRI,     /* enum tri */
	FIELD_BOOL,    /* bool; left as it was unless a boolean comes */
	FIELD_INSTANT, /* struct instant */
	FIELD_ARRAY,   /* const char *: the dump of an array that is not empty */
	FIELD_OBJECT,  /* const char *: the dump of an object that is not empty */
};

struct field {
	const char *name; /* in the JSON object */
	enum field_kind kind;
	size_t at;        /* offsetof the member */
};

/* Fills the members of out that the table names, in one pass over the object. fields must be
 * sorted by name. Members whose field does not come must have been set to absent before. rest
 * (may be NULL) gets the JSON object of all fields that the table does not name, NULL when there
 * are none. */
void json_decode(const json_t *object, const struct field *fields, size_t n,
		 struct wire_scratch *s, void *out, const char **rest);

#endif
