/* event_json - an event as JSON, for programs: the API's object, and what keyrack adds of its own in one
 * member. Without pins every PIN in it is null. */
#ifndef KEYRACK_CACHE_EVENT_JSON_H
#define KEYRACK_CACHE_EVENT_JSON_H

#include "cache/cache.h"

void json_event(GString *out, const struct event_row *row, bool pins);
/* "reported", "by_pin"; NULL where nobody was asked for. Static. */
const char *attribution_word(enum attribution how);

#endif
