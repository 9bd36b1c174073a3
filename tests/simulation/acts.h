/* acts - everything that happens to a simulated house, one row each.
 *
 * A seed makes a plan: which act when, and the seed of its own dice. So an act that is left out
 * changes none of the others: that is how a failure is made smaller (shrink.h). */
#ifndef KEYRACK_TESTS_SIMULATION_ACTS_H
#define KEYRACK_TESTS_SIMULATION_ACTS_H

#include "tests/simulation/house.h"

struct act {
	int64_t at_ms;  /* world_mono_ms */
	int kind;
	uint64_t dice;
	bool left_out;
};
GArray *acts_plan(uint64_t seed, const struct density *density, int days); /* struct act, by time */
const char *act_name(int kind);
bool act_is_fault(int kind);
int acts_kinds(void);
void act_run(struct house *h, const struct act *a);

#endif
