/* simulate - what the two files of the simulate endpoints share. */
#ifndef KEYRACK_SERVER_SIMULATE_H
#define KEYRACK_SERVER_SIMULATE_H

#include "drivers/simulated.h"
#include "server/inside.h"

/* What the simulated locks could not do, as a refusal of the call. Takes err. */
enum call_end simulate_refused(struct call *c, GError *err);

/* Is the device one that hangs on a hub or bridge, so that a hub can be simulated to fail? */
bool simulate_has_hub(const char *device_type);

/* The extensions, under /keyrackd/simulate (simulate_ours.c). */
route_handler simulate_now, simulate_advance, simulate_app, simulate_enter, simulate_lock,
	simulate_fault, simulate_account;

/* Every lock of the account; 404 where it has none. */
enum call_end simulate_connect_account(struct call *c, const char *account_id, bool connected);

#endif
