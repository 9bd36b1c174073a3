/* json - rows of the cache as JSON for programs: one object, with the API's own field names.
 *
 * What keyrack adds of its own (the lock's name, who it was) stands in one member, "keyrack", so
 * that it can never meet a field of the API. PINs are null unless pins is given. */
#ifndef KEYRACK_CLI_JSON_H
#define KEYRACK_CLI_JSON_H

#include "cache/cache.h"
#include "cache/event_json.h"
#include "cache/outbox.h"
#include "core/jsonout.h"

void json_lock(GString *out, const struct lock_row *row);
void json_code(GString *out, const struct code_row *row, bool pins);
/* An intent: what was asked for and what came of it; "error" as the API answers it. */
void json_intent(GString *out, const struct intent *in, bool pins);

#endif
