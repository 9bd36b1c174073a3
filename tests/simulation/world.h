/* world - the one clock, the one source of chance and the one trace of a simulated house.
 *
 * Whatever asks this process for the time or for random bytes, GLib's main loop included, gets them
 * from here; poll() does not wait but moves the clock. So the real engine, server and sync run in
 * their own main loop, a year in seconds, and the same each time. Nothing waits for a socket. */
#ifndef KEYRACK_TESTS_SIMULATION_WORLD_H
#define KEYRACK_TESTS_SIMULATION_WORLD_H

#include <glib.h>

#include "core/instant.h"

/* Once, before anything else of GLib is used in this process. */
void world_begin(uint64_t seed, struct instant start);
struct instant world_now(void);       /* as the wall shows it */
int64_t world_mono_ms(void);          /* since the beginning; never set back */
void world_set_wall(int64_t by_ms);   /* somebody sets the clock forward, or back */
/* Runs the main loop for so long. */
void world_run(int64_t ms);
/* Halts the run under way as soon as the callback that is running returns. */
void world_halt(void);

/* ---- chance: each user a stream of its own ---- */
uint64_t dice_next(uint64_t *state);
int dice_below(uint64_t *state, int n);            /* 0..n-1 */
bool dice_hits(uint64_t *state, int percent);
uint64_t dice_of(uint64_t seed, uint64_t number);  /* the state of a new stream */

/* ---- trace ---- */
void world_say(bool aloud, bool hashed); /* lines to stdout; or only their hash; or neither */
G_GNUC_PRINTF(1, 2) void trace(const char *format, ...);
uint64_t trace_hash(void);
/* An invariant does not hold: says so, with the time, and ends the process with 3. */
G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN void broken(const char *format, ...);

#endif
