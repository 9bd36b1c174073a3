/* figures - what the houses of a run did, each density apart: to be read, and as lines of a ledger. */
#ifndef KEYRACK_TESTS_SIMULATION_FIGURES_H
#define KEYRACK_TESTS_SIMULATION_FIGURES_H

#include "tests/simulation/shrink.h"

struct figures {
	uint64_t seed; /* the first */
	int days;      /* of each house */
	struct {
		int houses, failed;
		struct result sum; /* of those that broke no rule */
	} of[DENSITIES];
};

void figures_add(struct figures *f, const struct density *d, const struct result *r, bool ok);
void figures_print(const struct figures *f);
/* One line for each density that was there, with a head where the file is new. */
bool figures_write(const struct figures *f, const char *path);

#endif
