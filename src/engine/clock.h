/* clock - the only way in which time comes into keyrackd, and the only timers it has.
 *
 * Three kinds, one interface: the system's, the system's run at a multiple (a demo), and one that
 * stands still until it is told to move (simulation, tests). Engine, drivers and webhooks take
 * their 'now' from here and their 'later' too; so the same code runs a week in a second, in the
 * same order each time. */
#ifndef KEYRACK_ENGINE_CLOCK_H
#define KEYRACK_ENGINE_CLOCK_H

#include <signal.h>

#include "core/instant.h"
#include "core/own.h"

struct clock;

struct clock *clock_new_system(void);
/* start: the moment it begins to run from; rate: simulated seconds per second, 1..86,400. */
struct clock *clock_new_rated(struct instant start, int rate);
struct clock *clock_new_standing(struct instant start);
void clock_free(struct clock *c); /* timers that have not run are dropped */
DEFINE_OWN(struct clock, clock, clock_free)

struct instant clock_now(const struct clock *c);
bool clock_is_standing(const struct clock *c);
int clock_rate(const struct clock *c); /* its seconds in one of the system's; 0: it stands */

/* The system's wall clock may be set while we sleep, so nobody sleeps longer than half a minute. Who will
 * say when it is set needs no such look. */
void clock_sleep_at_most(struct clock *c, int64_t ms);
void clock_was_set(struct clock *c);

/* fn(ctx) once, at due or as soon after as the loop allows; never from within the call. Timers
 * that are due at the same moment run in the order in which they were asked for. */
typedef void clock_fn(void *ctx);
uint64_t clock_at(struct clock *c, struct instant due, clock_fn *fn, void *ctx);
void clock_cancel(struct clock *c, uint64_t timer); /* 0 and unknown ones are fine */

/* A standing clock: runs everything that is due up to now + ms, moving from one due moment to
 * the next, and stands at now + ms when it returns. What a timer asks for on the way runs too when
 * it is due. ms 0: what is due now. Must not be called from within a timer. false: it was halted
 * on the way, and stands where it was then. */
bool clock_advance(struct clock *c, int64_t ms);
/* From within a timer: the advance under way goes no further. */
void clock_halt(struct clock *c);
/* And so it does when this is not 0, which a signal's handler may set. */
void clock_halt_when(struct clock *c, const volatile sig_atomic_t *ending);

#endif
