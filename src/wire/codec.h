/* codec - the API's JSON objects as structs, and intents as parameters.
 *
 * Decoding never fails on an unknown word, a missing or null field, or a field of the wrong type:
 * such a field is absent. It fails only on what cannot be kept at all (no id, not an object).
 * The structs borrow from the JSON value and from the scratch, and live as long as both. */
#ifndef KEYRACK_WIRE_CODEC_H
#define KEYRACK_WIRE_CODEC_H

#include <jansson.h>

#include "core/access_code.h"
#include "core/event.h"
#include "core/lock.h"

/* Texts made while decoding (dumped arrays, built names). */
struct wire_scratch;
struct wire_scratch *wire_scratch_new(void);
void wire_scratch_reset(struct wire_scratch *s); /* everything decoded with it is gone */
void wire_scratch_free(struct wire_scratch *s);

bool wire_decode_lock(const json_t *object, struct wire_scratch *s, struct lock *out);
bool wire_decode_code(const json_t *object, struct wire_scratch *s, struct access_code *out);
bool wire_decode_event(const json_t *object, struct wire_scratch *s, struct event *out);

/* True for a device that is a lock: it takes codes or can be locked, or its type ends in _lock,
 * _door and the like. Thermostats, sensors and phones are not. */
bool wire_is_lock(const json_t *device);

#endif
