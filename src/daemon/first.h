/* first - what keyrackd does once in the life of a store. */
#ifndef KEYRACK_DAEMON_FIRST_H
#define KEYRACK_DAEMON_FIRST_H

#include "drivers/simulated.h"
#include "engine/engine.h"

/* Made at the first start, the same ever after. Newly allocated; NULL with err. */
char *first_workspace_id(struct store *store, GError **err);

/* Asks for the codes that a simulated property declares, unless they have been asked for already:
 * one commit together with the note that says so, so that a kill leaves all of them or none. */
bool first_property_codes(struct engine *engine, struct store *store, struct driver *simulated,
			  GError **err);

#endif
