/* shrink - one house in a process of its own, and a failure made as small as it gets. */
#ifndef KEYRACK_TESTS_SIMULATION_SHRINK_H
#define KEYRACK_TESTS_SIMULATION_SHRINK_H

#include "tests/simulation/acts.h"

struct run {
	uint64_t seed;
	const struct density *density;
	int days;
	bool aloud, hashed;
	int patience_s; /* of the processor; 0: enough for any house that does not stand still */
};

#define ACT_KINDS_MAX 40
struct result {
	int64_t acts[ACT_KINDS_MAX];
	int64_t calls, refused, unanswered, deaths, disk_errors, gate_faults, gate_requests, judged,
		opened, events, line_requests, line_faults, sessions, decided, desk_deaths, desk_disk_errors,
		agreed, hook_tries, hook_taken, hook_again, hook_passed_over, entered, done, faults, cpu_ms;
	uint64_t hash;
};

/* The world of one house from its beginning to its end: simulation.c. */
void simulate(const struct run *run, const GArray *plan, struct result *out);

/* 0: every rule held. said (may be NULL): what it said otherwise, newly allocated. */
int shrink_run(const struct run *run, const GArray *plan, struct result *out, char **said);
/* Marks what is not to happen. Lists of numbers, NULL: all, none. */
void shrink_choose(GArray *plan, const char *only, const char *without);
/* Leaves out days, then acts, while it still fails; prints the command that repeats the rest. */
void shrink(struct run *run, GArray *plan, const char *said, int64_t took_ms);

#endif
