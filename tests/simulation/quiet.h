/* quiet - the poke socket without a socket: what a console says to sync is said by a call. */
#ifndef KEYRACK_TESTS_SIMULATION_QUIET_H
#define KEYRACK_TESTS_SIMULATION_QUIET_H

#include "sync/announce.h"

struct announce *announce_newest(void);
void announce_say_outbox(struct announce *a);

#endif
