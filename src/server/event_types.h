/* event_types - which words are event types: for filters and for webhooks. */
#ifndef KEYRACK_SERVER_EVENT_TYPES_H
#define KEYRACK_SERVER_EVENT_TYPES_H

#include <stdbool.h>

/* A type that the API has: one that keyrackd sends or may send, or one about things that are not
 * here (thermostats, cameras, access systems), which is asked for in vain and rightly so. What is
 * left is a slip of the pen, and is refused: a webhook that waits for 'lock.unlockd' would wait for
 * ever. */
bool event_type_known(const char *type);

#endif
