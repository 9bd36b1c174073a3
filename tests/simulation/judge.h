/* judge - what must be so in a simulated house, whatever has happened to it.
 *
 * The locks themselves are asked who opens, never keyrackd's tables; what should open is what was
 * acknowledged (struct promise). Some of it holds at every moment, the rest where a lock has been
 * calm: nothing was asked of it and nothing was wrong with it for a while. */
#ifndef KEYRACK_TESTS_SIMULATION_JUDGE_H
#define KEYRACK_TESTS_SIMULATION_JUDGE_H

#include "tests/simulation/house.h"

void judge_house(struct house *h);
/* ms until the next start or end of a code, with the time to carry it out; most when there is none. */
int64_t judge_next_edge(struct house *h, int64_t most);

#endif
