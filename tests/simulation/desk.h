/* desk - a console's half of a simulated house: a cache, its outbox, and now and then a sync.
 *
 * A desk decides through its outbox, as a console does; its sync lives for a while, dies at any write
 * or is ended, and comes back. Judged: what was put into the outbox stays there until it is settled,
 * nothing is carried out twice, and a desk that is left in peace comes to show what the server has. */
#ifndef KEYRACK_TESTS_SIMULATION_DESK_H
#define KEYRACK_TESTS_SIMULATION_DESK_H

#include <stdint.h>

struct desk;
struct house;
struct desk *desk_new(struct house *h, uint64_t seed, int number);
void desk_free(struct desk *d);
/* One session: sync runs, things are decided, the line is bad or not, it may die. At its end, where
 * nothing hindered it, cache and server must agree. */
void desk_session(struct desk *d, uint64_t *dice);

struct desk_count {
	int64_t sessions, decided, accepted, refused, deaths, agreed, disk_errors;
};
struct desk_count desk_counts(void);

#endif
