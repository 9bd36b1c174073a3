/* figures - see figures.h. */
#include "config.h"

#include "tests/simulation/figures.h"

#include <stdio.h>

#define FIELD(name) { #name, offsetof(struct result, name) / sizeof(int64_t) }
static const struct {
	const char *name;
	size_t at;
} fields[] = {
	FIELD(cpu_ms),	     FIELD(done),	   FIELD(faults),     FIELD(calls),
	FIELD(refused),	     FIELD(unanswered),	   FIELD(events),     FIELD(judged),
	FIELD(opened),	     FIELD(entered),	   FIELD(deaths),     FIELD(disk_errors),
	FIELD(gate_requests), FIELD(gate_faults),  FIELD(hook_tries), FIELD(hook_taken),
	FIELD(hook_again),   FIELD(hook_passed_over), FIELD(sessions), FIELD(decided),
	FIELD(desk_deaths),  FIELD(desk_disk_errors), FIELD(line_requests), FIELD(line_faults),
	FIELD(agreed),
};

static void add(struct result *sum, const struct result *r)
{
	int64_t *to = (int64_t *)(void *)sum;
	const int64_t *from = (const int64_t *)(const void *)r;

	for (size_t i = 0; i < offsetof(struct result, hash) / sizeof *to; i++)
		to[i] += from[i];
}

void figures_add(struct figures *f, const struct density *d, const struct result *r, bool ok)
{
	int i = density_number(d);

	f->of[i].houses++;
	f->of[i].failed += !ok;
	if (ok)
		add(&f->of[i].sum, r);
}

static double years_of(const struct figures *f, int i)
{
	return (double)(f->of[i].houses - f->of[i].failed) * f->days / 365.25;
}

static void print_one(const struct result *sum)
{
	printf("  %ld acts, %ld of them faults; %ld requests (%ld refused, %ld without an answer), %ld "
	       "events, judged %ld times, %ld openings asked for\n",
	       (long)sum->done, (long)sum->faults, (long)sum->calls, (long)sum->refused,
	       (long)sum->unanswered, (long)sum->events, (long)sum->judged, (long)sum->opened);
	printf("  %ld deaths of keyrackd, %ld writes that the disk refused, %ld of %ld requests to locks "
	       "lost, late, doubled or turned away\n",
	       (long)sum->deaths, (long)sum->disk_errors, (long)sum->gate_faults,
	       (long)sum->gate_requests);
	printf("  %ld tries of a webhook, %ld taken, %ld of them again, %ld given up\n",
	       (long)sum->hook_tries, (long)sum->hook_taken, (long)sum->hook_again,
	       (long)sum->hook_passed_over);
	printf("  %ld sessions of desks, %ld decisions, %ld deaths of desks, %ld writes that their disks "
	       "refused, %ld of %ld requests of sync unsent, lost or late, %ld times cache and server "
	       "agreed\n  acts:",
	       (long)sum->sessions, (long)sum->decided, (long)sum->desk_deaths,
	       (long)sum->desk_disk_errors, (long)sum->line_faults, (long)sum->line_requests,
	       (long)sum->agreed);
	for (int i = 0; i < acts_kinds(); i++)
		printf(" %s %ld", act_name(i), (long)sum->acts[i]);
	putchar('\n');
}

void figures_print(const struct figures *f)
{
	double years = 0, minutes = 0;

	for (int i = 0; i < DENSITIES; i++) {
		double cpu = (double)f->of[i].sum.cpu_ms / 60000;

		if (!f->of[i].houses)
			continue;
		printf("%s: %d houses, %d broke a rule, %.2f property-years, %.1f a core-minute\n",
		       density_at(i)->name, f->of[i].houses, f->of[i].failed, years_of(f, i),
		       years_of(f, i) / MAX(cpu, 1e-5));
		print_one(&f->of[i].sum);
		years += years_of(f, i);
		minutes += cpu;
	}
	printf("%.2f property-years in %.1f core-minutes: %.1f a minute\n", years, minutes,
	       years / MAX(minutes, 1e-5));
}

bool figures_write(const struct figures *f, const char *path)
{
	FILE *file = fopen(path, "a");
	bool head;

	if (!file)
		return false;
	head = fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0;
	if (head) {
		fprintf(file, "density seed houses failed days");
		for (size_t k = 0; k < G_N_ELEMENTS(fields); k++)
			fprintf(file, " %s", fields[k].name);
		fputc('\n', file);
	}
	for (int i = 0; i < DENSITIES; i++) {
		if (!f->of[i].houses)
			continue;
		fprintf(file, "%s %ld %d %d %d", density_at(i)->name, (long)f->seed, f->of[i].houses,
			f->of[i].failed, f->days);
		for (size_t k = 0; k < G_N_ELEMENTS(fields); k++)
			fprintf(file, " %ld",
				(long)((const int64_t *)(const void *)&f->of[i].sum)[fields[k].at]);
		fputc('\n', file);
	}
	return fclose(file) == 0;
}
