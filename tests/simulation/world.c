/* world - see world.h. */
#define _GNU_SOURCE
#include "config.h"

#include "tests/simulation/world.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define BEGIN_US INT64_C(1000000000) /* GLib takes a monotonic 0 for never */

static int64_t mono_us = BEGIN_US, wall_us;
static uint64_t os_dice;
static bool begun, halted, aloud, is_hashed;
static uint64_t hash = UINT64_C(0xcbf29ce484222325);

/* ---- what the C library would say ---- */

int clock_gettime(clockid_t id, struct timespec *out)
{
	int64_t us = mono_us;

	if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
		us += wall_us;
	out->tv_sec = us / G_USEC_PER_SEC;
	out->tv_nsec = us % G_USEC_PER_SEC * 1000;
	return 0;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	(void)zone;
	out->tv_sec = (mono_us + wall_us) / G_USEC_PER_SEC;
	out->tv_usec = (mono_us + wall_us) % G_USEC_PER_SEC;
	return 0;
}

time_t time(time_t *out)
{
	time_t now = (mono_us + wall_us) / G_USEC_PER_SEC;

	if (out)
		*out = now;
	return now;
}

ssize_t getrandom(void *to, size_t n, unsigned flags)
{
	unsigned char *byte = to;

	(void)flags;
	for (size_t i = 0; i < n; i++)
		byte[i] = (unsigned char)(dice_next(&os_dice) >> 32);
	return (ssize_t)n;
}

/* Who would wait, is told at once that the time is over: nobody outside this process speaks. The
 * first descriptor is the loop's own, for other threads, of which there are none. */
static gint no_waiting(GPollFD *fds, guint n, gint timeout_ms)
{
	int ready = n > 1 ? poll((struct pollfd *)(void *)fds, n, 0) : 0;

	if (ready == 0 && timeout_ms > 0)
		mono_us += (int64_t)timeout_ms * 1000;
	return ready;
}

/* ---- the clock ---- */

void world_begin(uint64_t seed, struct instant start)
{
	begun = true;
	mono_us = BEGIN_US;
	wall_us = start.ms * 1000 - mono_us;
	os_dice = dice_of(seed, 1);
	g_random_set_seed((guint32)dice_next(&os_dice));
	g_main_context_set_poll_func(NULL, no_waiting);
}

struct instant world_now(void)
{
	return (struct instant){ (mono_us + wall_us) / 1000 };
}

int64_t world_mono_ms(void)
{
	return (mono_us - BEGIN_US) / 1000;
}

void world_set_wall(int64_t by_ms)
{
	wall_us += by_ms * 1000;
}

static gboolean on_end(gpointer over)
{
	*(bool *)over = true;
	return G_SOURCE_REMOVE;
}

void world_run(int64_t ms)
{
	bool over = false;
	guint end = g_timeout_add_full(G_PRIORITY_LOW, (guint)ms, on_end, &over, NULL);

	halted = false;
	while (!over && !halted)
		g_main_context_iteration(NULL, TRUE);
	if (!over)
		g_source_remove(end);
}

void world_halt(void)
{
	halted = true;
}

/* ---- chance: splitmix64, by its author in the public domain ---- */

uint64_t dice_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

int dice_below(uint64_t *state, int n)
{
	return (int)(dice_next(state) % (uint64_t)n);
}

bool dice_hits(uint64_t *state, int percent)
{
	return dice_below(state, 100) < percent;
}

uint64_t dice_of(uint64_t seed, uint64_t number)
{
	uint64_t state = seed * UINT64_C(0xd1342543de82ef95) + number;

	dice_next(&state);
	return dice_next(&state) ^ number;
}

/* ---- trace ---- */

void world_say(bool on, bool hashed)
{
	aloud = on;
	is_hashed = hashed;
	if (on)
		setvbuf(stdout, NULL, _IOLBF, 0);
}

void trace(const char *format, ...)
{
	char line[1024];
	va_list args;
	int n;

	if (!aloud && !is_hashed)
		return;
	n = g_snprintf(line, sizeof line, "%10.3f ", (double)world_mono_ms() / 1000);
	va_start(args, format);
	g_vsnprintf(line + n, sizeof line - (gulong)n, format, args);
	va_end(args);
	for (const char *p = line; *p; p++)
		hash = (hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	if (!aloud)
		return;
	char now[INSTANT_TEXT_MAX];
	printf("%s %s\n", instant_format(world_now(), now), line);
}

uint64_t trace_hash(void)
{
	return hash;
}

void broken(const char *format, ...)
{
	char now[INSTANT_TEXT_MAX];
	va_list args;

	fflush(stdout);
	fprintf(stderr, "broken at %s, day %d: ", instant_format(world_now(), now),
		(int)(world_mono_ms() / DAY_MS));
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	fflush(stderr);
	_exit(3);
}
