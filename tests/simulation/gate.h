/* gate - the way between keyrackd and its locks, which can fail.
 *
 * A driver before the simulated one. While a lock's way is bad, requests get lost, are answered
 * late (so that answers of several locks come in another order), twice or not, or are turned away
 * for their number. Of a process that has died nothing arrives. */
#ifndef KEYRACK_TESTS_SIMULATION_GATE_H
#define KEYRACK_TESTS_SIMULATION_GATE_H

#include "drivers/sim.h"

struct gate;
/* inner must outlive it; shut is read at each request: true, and nothing goes through. */
struct gate *gate_new(struct driver *inner, const bool *shut, uint64_t seed);
void gate_free(struct gate *g);
struct driver *gate_driver(struct gate *g);
void gate_bad(struct gate *g, const char *device_id, bool bad);
bool gate_is_bad(const struct gate *g, const char *device_id);

struct gate_count {
	int64_t requests, lost, late, doubled, turned_away;
};
struct gate_count gate_counts(const struct gate *g);

#endif
