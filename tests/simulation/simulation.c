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

#include "tests/simulation/acts.h"
#include "tests/simulation/desk.h"
#include "tests/simulation/figures.h"
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
	out->entered = h->entered;
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
	world_say(run->aloud, run->hashed);
	g_log_set_writer_func(run->aloud ? all_log : no_log, NULL, NULL);
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
	h = house_new(run->seed, run->density);
	line_to(h, run->seed);
	hook_begin(h, run->seed);
	for (guint i = 0; i < plan->len; i++) {
		const struct act *a = &g_array_index(plan, struct act, i);

		if (a->left_out || a->at_ms > run->days * DAY_MS)
			continue;
		live_until(h, a->at_ms);
		act_run(h, a);
		out->acts[a->kind]++;
		out->done++;
		out->faults += act_is_fault(a->kind);
	}
	live_until(h, run->days * DAY_MS);
	summary(out, h);
	for (int i = 0; i < DESKS; i++) {
		if (h->desk[i])
			desk_free(h->desk[i]);
	}
	house_free(h);
}

/* ---- options ---- */

static gint64 seed = 1;
static gint houses, days;
static gchar *only, *without, *density_name, *ledger;
static const struct density *density; /* NULL: the seed chooses */
static gboolean aloud, whole, no_shrink;

static const GOptionEntry options[] = {
	{ "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "the first house", "N" },
	{ "houses", 0, 0, G_OPTION_ARG_INT, &houses, "how many, each the next seed", "N" },
	{ "days", 0, 0, G_OPTION_ARG_INT, &days, "of each", "N" },
	{ "density", 0, 0, G_OPTION_ARG_STRING, &density_name, "of all; else the seed chooses",
	  "quiet|ordinary|dense" },
	{ "ledger", 0, 0, G_OPTION_ARG_FILENAME, &ledger, "add the figures to this file", "FILE" },
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
	GArray *plan = acts_plan(run.seed, run.density, run.days);
	bool ok = shrink_run(&run, plan, &a, NULL) == 0 && shrink_run(&run, plan, &b, NULL) == 0;

	g_array_free(plan, TRUE);
	printf("seed %ld, %d days, twice: %016lx %016lx\n", (long)run.seed, run.days,
	       (unsigned long)a.hash, (unsigned long)b.hash);
	return ok && a.hash == b.hash;
}

static struct run run_of(gint64 its_seed)
{
	return (struct run){ .seed = (uint64_t)its_seed,
			     .density = density ? density : density_of((uint64_t)its_seed),
			     .days = days,
			     .aloud = aloud };
}

static int run_houses(int n)
{
	struct figures f = { .days = days, .seed = (uint64_t)seed };
	int failed = 0;

	for (int i = 0; i < n && (!failed || whole); i++) {
		struct run run = run_of(seed + i);
		g_autoptr(GArray) plan = acts_plan(run.seed, run.density, run.days);
		g_autofree char *said = NULL;
		struct result one = { 0 };
		bool ok;

		shrink_choose(plan, only, without);
		ok = shrink_run(&run, plan, &one, &said) == 0;
		figures_add(&f, run.density, &one, ok);
		if (ok)
			continue;
		failed++;
		printf("seed %ld, %s: %s", (long)run.seed, run.density->name, said);
		fflush(stdout);
		if (!no_shrink)
			shrink(&run, plan, said, one.cpu_ms);
	}
	figures_print(&f);
	if (ledger && !figures_write(&f, ledger))
		fprintf(stderr, "%s cannot be written\n", ledger);
	if (failed)
		printf("%d houses broke a rule\n", failed);
	return failed ? 1 : 0;
}

/* For 'make check': much at once, long quiet, and one seed twice. */
static int short_one(void)
{
	struct run twice;

	days = 6;
	twice = run_of(seed + 1000);
	twice.density = density_named("dense");
	twice.hashed = true;
	if (!traces_are_the_same(twice)) {
		fprintf(stderr, "the same seed did two different things\n");
		return 1;
	}
	density = density_named("dense");
	days = 12;
	if (run_houses(10) != 0)
		return 1;
	density = NULL;
	days = 120;
	return run_houses(12);
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) how = g_option_context_new(NULL);
	g_autoptr(GError) err = NULL;
	bool is_short = argc == 1;

	g_option_context_add_main_entries(how, options, NULL);
	if (!g_option_context_parse(how, &argc, &argv, &err)) {
		fprintf(stderr, "%s\n", err->message);
		return 2;
	}
	if (density_name && !(density = density_named(density_name))) {
		fprintf(stderr, "no density is called %s\n", density_name);
		return 2;
	}
	if (is_short)
		return short_one();
	days = days > 0 ? days : 30;
	return run_houses(houses > 0 ? houses : 1);
}
