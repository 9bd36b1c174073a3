/* density - how much happens in a house: a seed chooses. Most small properties are quiet, and only in
 * those do years pass cheaply enough to see many of them; in a dense one each day has what elsewhere
 * takes weeks. A year is not a year: figures are kept for each apart. */
#ifndef KEYRACK_TESTS_SIMULATION_DENSITY_H
#define KEYRACK_TESTS_SIMULATION_DENSITY_H

#include <stdint.h>

struct density {
	const char *name;
	int permille;                   /* of the seeds */
	int locks_least, locks_most;
	int acts_least, acts_most;      /* in thirty days, on average; a quarter of them faults */
	int64_t poll_ms;                /* of keyrackd, in all but 'often' */
	int often_percent;              /* of the houses: polled as by default */
	int stay;                       /* times so long: what lasts, and how far ahead it is made */
};

enum { DENSITIES = 3 };
const struct density *density_at(int i);
const struct density *density_named(const char *name); /* NULL: there is none */
const struct density *density_of(uint64_t seed);
int density_number(const struct density *d);

#endif
