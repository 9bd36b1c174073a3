/* side - what a desk may know of the house that it is in. The two halves of the program share few
 * headers, and here none: desk.c is built with the desk's half, side.c with keyrackd's. */
#ifndef KEYRACK_TESTS_SIMULATION_SIDE_H
#define KEYRACK_TESTS_SIMULATION_SIDE_H

#include "core/instant.h"

struct house;
const char *side_key(const struct house *h);
const char *side_folder(const struct house *h);
void side_run_until(struct house *h, int64_t ms, const bool *over);
/* Nothing is wrong with keyrackd and its machine now. *troubles: another number whenever it died or could not write. */
bool side_is_well(const struct house *h, int64_t *troubles);

struct side_lock {
	const char *name, *device_id;
	bool provider_chooses_pin;
};
struct side_lock side_lock(struct house *h, uint64_t *dice);

/* How many codes were ever made with this common_code_key; *alive: how many of them there are now. */
int side_made_with(struct house *h, const char *key, int *alive);
struct side_code {
	const char *access_code_id, *name;
	bool managed, pool; /* pool: one that waits, which a server may show or not */
	struct instant starts_at, ends_at;
};
void side_codes(struct house *h, void (*fn)(const struct side_code *c, void *ctx), void *ctx);

#endif
