/* shrink - see shrink.h. */
#include "config.h"

#include "tests/simulation/shrink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_S 240 /* of the processor for one house: more is one that stands still */
#define TRIES_MAX  1000
#define BUDGET_S   600 /* of the processor for making one failure smaller */

static void child(const struct run *run, const GArray *plan, int result_fd, int said_fd)
{
	struct result r = { 0 };

	if (said_fd >= 0)
		dup2(said_fd, STDERR_FILENO);
	setitimer(ITIMER_VIRTUAL,
		  &(struct itimerval){ .it_value.tv_sec = run->patience_s ? run->patience_s : PATIENCE_S }, NULL);
	mallopt(M_TRIM_THRESHOLD, 512 << 20); /* what was given back is wanted again at once */
	mallopt(M_MMAP_THRESHOLD, 512 << 20);
	mallopt(M_TOP_PAD, 16 << 20);
	simulate(run, plan, &r);
	fflush(stdout);
	_exit(write(result_fd, &r, sizeof r) == sizeof r ? 0 : 4);
}

static char *all_of(int fd)
{
	GString *text = g_string_new(NULL);
	char some[4096];
	ssize_t n;

	while ((n = read(fd, some, sizeof some)) > 0)
		g_string_append_len(text, some, n);
	return g_string_free(text, FALSE);
}

int shrink_run(const struct run *run, const GArray *plan, struct result *out, char **said)
{
	int result[2], words[2], status = 0;
	g_autofree char *text = NULL;
	struct rusage used;
	pid_t pid;

	fflush(stdout);
	if (pipe(result) != 0 || pipe(words) != 0 || (pid = fork()) < 0) {
		perror("simulation");
		exit(2);
	}
	if (pid == 0)
		child(run, plan, result[1], words[1]);
	close(result[1]);
	close(words[1]);
	text = all_of(words[0]);
	if (read(result[0], out, sizeof *out) != sizeof *out)
		memset(out, 0, sizeof *out);
	close(result[0]);
	close(words[0]);
	wait4(pid, &status, 0, &used);
	out->cpu_ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000) +
		      (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (said)
		*said = WIFSIGNALED(status) ? g_strdup_printf("%sended by signal %d\n", text,
							      WTERMSIG(status))
					    : g_steal_pointer(&text);
	return 1;
}

/* ---- which acts ---- */

static bool is_in(const char *list, guint i)
{
	g_auto(GStrv) words = g_strsplit(list, ",", -1);

	for (char **w = words; *w; w++) {
		if (g_ascii_strtoull(*w, NULL, 10) == i && **w)
			return true;
	}
	return false;
}

void shrink_choose(GArray *plan, const char *only, const char *without)
{
	for (guint i = 0; i < plan->len; i++)
		g_array_index(plan, struct act, i).left_out =
			(only && !is_in(only, i)) || (without && is_in(without, i));
}

/* ---- smaller ---- */

struct shrinking {
	struct run run;
	GArray *plan;
	char *rule; /* what is said without its time: it must stay the same failure */
	int tries;
	int64_t spent_ms;
};

/* "broken at TIME, day N: Guest 12 on Door 3 (x) does not open": the words behind the last name. */
static char *rule_of(const char *said)
{
	const char *broken_at = strstr(said, "broken at "); /* after what the programs logged */
	const char *at = strstr(broken_at ? broken_at : said, ": ");
	GString *rule = g_string_new(NULL);

	for (const char *p = at ? at + 2 : said; *p && *p != '\n'; p++) {
		if (!g_ascii_isdigit(*p))
			g_string_append_c(rule, *p);
	}
	return g_string_free(rule, FALSE);
}

static bool is_enough(const struct shrinking *s)
{
	return s->tries >= TRIES_MAX || s->spent_ms > BUDGET_S * 1000;
}

static bool still_fails(struct shrinking *s)
{
	struct result r;
	g_autofree char *said = NULL, *rule = NULL;

	bool ok;

	if (is_enough(s))
		return false;
	s->tries++;
	ok = shrink_run(&s->run, s->plan, &r, &said) == 0;
	s->spent_ms += r.cpu_ms;
	if (ok)
		return false;
	rule = rule_of(said);
	return strcmp(rule, s->rule) == 0;
}

static int day_of(const char *said)
{
	const char *day = strstr(said, "day ");

	return day ? atoi(day + 4) : -1;
}

/* Tries to do without a run of n acts, from the last ones to the first. */
static bool leave_out(struct shrinking *s, guint n)
{
	g_autoptr(GArray) in = g_array_new(FALSE, FALSE, sizeof(guint));
	bool less = false;

	for (guint i = 0; i < s->plan->len; i++) {
		const struct act *a = &g_array_index(s->plan, struct act, i);

		if (!a->left_out && a->at_ms <= s->run.days * DAY_MS)
			g_array_append_val(in, i);
	}
	for (guint end = in->len; end > 0; end -= MIN(end, n)) {
		guint from = end > n ? end - n : 0;

		for (guint i = from; i < end; i++)
			g_array_index(s->plan, struct act, g_array_index(in, guint, i)).left_out = true;
		if (still_fails(s)) {
			less = true;
			continue;
		}
		for (guint i = from; i < end; i++)
			g_array_index(s->plan, struct act, g_array_index(in, guint, i)).left_out = false;
	}
	return less;
}

static void print_command(const struct shrinking *s)
{
	GString *only = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < s->plan->len; i++) {
		const struct act *a = &g_array_index(s->plan, struct act, i);

		if (a->left_out || a->at_ms > s->run.days * DAY_MS)
			continue;
		g_string_append_printf(only, "%s%u", n++ ? "," : "", i);
		printf("  %u %s\n", i, act_name(a->kind));
	}
	printf("again: tests/simulation/simulation --seed=%ld --days=%d --only=%s --as-is --trace\n",
	       (long)s->run.seed, s->run.days, only->len ? only->str : "none");
	fflush(stdout);
	g_string_free(only, TRUE);
}

void shrink(struct run *run, GArray *plan, const char *said, int64_t took_ms)
{
	struct shrinking s = { .run = *run, .plan = plan, .rule = rule_of(said) };
	int day = day_of(said);

	s.run.aloud = false;
	/* Nothing that is left out takes longer; what stands still now is another failure. */
	s.run.patience_s = (int)(5 + 3 * took_ms / 1000);
	if (day >= 0 && day + 1 < s.run.days) {
		s.run.days = day + 1;
		if (!still_fails(&s))
			s.run.days = run->days;
	}
	for (guint n = plan->len / 2; n > 0; n /= 2)
		leave_out(&s, n);
	while (leave_out(&s, 1) && !is_enough(&s))
		;
	print_command(&s);
	g_free(s.rule);
}
