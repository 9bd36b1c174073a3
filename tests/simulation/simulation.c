/* simulation - simulated years of small houses, by seeds: what must always hold, and everything that
 * can go wrong.
 *
 *   tests/simulation/simulation --seed=1 --houses=20 --days=30
 *
 * One seed is one house. Each runs in a process of its own; one that breaks a rule is run again with
 * fewer days and fewer acts until nothing more can be left out, and the command that repeats it is
 * printed. Without options it is a short one, for 'make check', with two runs of one seed whose
 * traces must be the same. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/simulation/acts.h"
#include "tests/simulation/desk.h"
#include "tests/simulation/hook.h"
#include "tests/simulation/judge.h"
#include "tests/simulation/line.h"
#include "tests/simulation/shrink.h"

#define STEP_MS (6 * HOUR_MS) /* judged at least so often, and at each start and end */

static GLogWriterOutput no_log(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	(void)fields;
	(void)n;
	(void)data;
	/* A fault of the program's own must be seen. */
	if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
		return g_log_writer_standard_streams(level, fields, n, data);
	return G_LOG_WRITER_HANDLED;
}

static GLogWriterOutput all_log(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	return g_log_writer_standard_streams(level, fields, n, data);
}

static void live_until(struct house *h, int64_t ms)
{
	while (world_mono_ms() < ms) {
		int64_t left = ms - world_mono_ms();

		house_run(h, judge_next_edge(h, MIN(left, STEP_MS)));
		judge_house(h);
	}
}

static void summary(struct result *out, const struct house *h)
{
	struct gate_count g = gate_counts(h->gate);

	out->hash = trace_hash();
	out->calls = h->calls;
	out->refused = h->refused;
	out->unanswered = h->unanswered;
	out->deaths = h->deaths;
	out->disk_errors = h->disk.refused;
	out->gate_faults = g.lost + g.late + g.doubled + g.turned_away;
	out->gate_requests = g.requests;
	out->judged = h->judged;
	out->opened = h->opened;
	out->events = h->seen_seq;
	out->line_requests = line_counts().requests;
	out->line_faults = line_counts().unsent + line_counts().lost + line_counts().late;
	out->hook_tries = hook_counts().tries;
	out->hook_taken = hook_counts().taken;
	out->hook_again = hook_counts().again;
	out->hook_passed_over = hook_counts().passed_over;
	out->sessions = desk_counts().sessions;
	out->decided = desk_counts().decided;
	out->desk_deaths = desk_counts().deaths;
	out->desk_disk_errors = desk_counts().disk_errors;
	out->agreed = desk_counts().agreed;
}

void simulate(const struct run *run, const GArray *plan, struct result *out)
{
	static const char start[] = "2026-01-05T12:00:00Z";
	struct instant t;
	struct house *h;
	uint64_t dice = dice_of(run->seed, 6);

	instant_parse(start, -1, &t);
	t = instant_add_ms(t, dice_below(&dice, 365) * DAY_MS);
	world_begin(run->seed, t);
	world_say(run->aloud);
	g_log_set_writer_func(run->aloud ? all_log : no_log, NULL, NULL);
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
	h = house_new(run->seed);
	line_to(h, run->seed);
	hook_begin(h, run->seed);
	for (guint i = 0; i < plan->len; i++) {
		const struct act *a = &g_array_index(plan, struct act, i);

		if (a->left_out || a->at_ms > run->days * DAY_MS)
			continue;
		live_until(h, a->at_ms);
		act_run(h, a);
		out->acts[a->kind]++;
	}
	live_until(h, run->days * DAY_MS);
	summary(out, h);
	for (int i = 0; i < DESKS; i++) {
		if (h->desk[i])
			desk_free(h->desk[i]);
	}
	house_free(h);
}

/* ---- figures ---- */

static double now_s(void)
{
	struct timespec t;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t); /* the world's clock is not meant here */
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add(struct result *sum, const struct result *r)
{
	int64_t *to = (int64_t *)(void *)sum;
	const int64_t *from = (const int64_t *)(const void *)r;

	for (size_t i = 0; i < offsetof(struct result, hash) / sizeof *to; i++)
		to[i] += from[i];
}

static void print_figures(const struct result *sum, double years, double seconds)
{
	struct rusage used;
	double cpu_s;

	getrusage(RUSAGE_CHILDREN, &used);
	cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
	printf("%.2f property-years in %.1f s, %.1f s of the processor: %.1f a minute of it\n", years,
	       seconds, cpu_s, years / MAX(cpu_s, 0.001) * 60);
	printf("%ld requests (%ld refused, %ld without an answer), %ld events, judged %ld times, "
	       "%ld openings asked for\n",
	       (long)sum->calls, (long)sum->refused, (long)sum->unanswered, (long)sum->events,
	       (long)sum->judged, (long)sum->opened);
	printf("%ld deaths of keyrackd, %ld writes that the disk refused, %ld of %ld requests to locks "
	       "lost, late, doubled or turned away\n",
	       (long)sum->deaths, (long)sum->disk_errors, (long)sum->gate_faults,
	       (long)sum->gate_requests);
	printf("%ld tries of a webhook, %ld taken, %ld of them again, %ld given up\n",
	       (long)sum->hook_tries, (long)sum->hook_taken, (long)sum->hook_again,
	       (long)sum->hook_passed_over);
	printf("%ld sessions of desks, %ld decisions, %ld deaths of desks, %ld writes that their disks "
	       "refused, %ld of %ld requests of sync unsent, lost or late, %ld times cache and server "
	       "agreed\nacts:",
	       (long)sum->sessions, (long)sum->decided, (long)sum->desk_deaths,
	       (long)sum->desk_disk_errors, (long)sum->line_faults, (long)sum->line_requests,
	       (long)sum->agreed);
	for (int i = 0; i < acts_kinds(); i++)
		printf(" %s %ld", act_name(i), (long)sum->acts[i]);
	putchar('\n');
}

/* ---- options ---- */

static gint64 seed = 1;
static gint houses, days;
static gchar *only, *without;
static gboolean aloud, whole, no_shrink;

static const GOptionEntry options[] = {
	{ "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "the first house", "N" },
	{ "houses", 0, 0, G_OPTION_ARG_INT, &houses, "how many, each the next seed", "N" },
	{ "days", 0, 0, G_OPTION_ARG_INT, &days, "of each", "N" },
	{ "only", 0, 0, G_OPTION_ARG_STRING, &only, "these acts of the plan alone", "1,5,.." },
	{ "without", 0, 0, G_OPTION_ARG_STRING, &without, "all but these", "1,5,.." },
	{ "trace", 0, 0, G_OPTION_ARG_NONE, &aloud, "print all that happens", NULL },
	{ "keep-going", 0, 0, G_OPTION_ARG_NONE, &whole, "after a broken house, the next", NULL },
	{ "as-is", 0, 0, G_OPTION_ARG_NONE, &no_shrink, "do not make a failure smaller", NULL },
	{ NULL, 0, 0, 0, NULL, NULL, NULL }
};

static bool traces_are_the_same(struct run run)
{
	struct result a = { 0 }, b = { 0 };
	GArray *plan = acts_plan(run.seed, run.days);
	bool ok = shrink_run(&run, plan, &a, NULL) == 0 && shrink_run(&run, plan, &b, NULL) == 0;

	g_array_free(plan, TRUE);
	printf("seed %ld, %d days, twice: %016lx %016lx\n", (long)run.seed, run.days,
	       (unsigned long)a.hash, (unsigned long)b.hash);
	return ok && a.hash == b.hash;
}

static int run_houses(int n)
{
	struct result sum = { 0 };
	double began = now_s();
	int failed = 0, i;

	for (i = 0; i < n && (!failed || whole); i++) {
		struct run run = { .seed = (uint64_t)(seed + i), .days = days, .aloud = aloud };
		g_autoptr(GArray) plan = acts_plan(run.seed, run.days);
		g_autofree char *said = NULL;
		struct result one = { 0 };

		shrink_choose(plan, only, without);
		if (shrink_run(&run, plan, &one, &said) == 0) {
			add(&sum, &one);
			continue;
		}
		failed++;
		printf("seed %ld: %s", (long)run.seed, said);
		fflush(stdout);
		if (!no_shrink)
			shrink(&run, plan, said);
	}
	print_figures(&sum, (double)(i - failed) * days / 365.25, now_s() - began);
	if (failed)
		printf("%d of %d houses broke a rule\n", failed, i);
	return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) how = g_option_context_new(NULL);
	g_autoptr(GError) err = NULL;
	bool short_one = argc == 1;

	g_option_context_add_main_entries(how, options, NULL);
	if (!g_option_context_parse(how, &argc, &argv, &err)) {
		fprintf(stderr, "%s\n", err->message);
		return 2;
	}
	if (houses <= 0)
		houses = short_one ? 8 : 1;
	if (days <= 0)
		days = short_one ? 12 : 30;
	if (short_one &&
	    !traces_are_the_same((struct run){ .seed = (uint64_t)seed + 1000, .days = 6 })) {
		fprintf(stderr, "the same seed did two different things\n");
		return 1;
	}
	return run_houses(houses);
}
