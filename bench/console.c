/* console - how quickly a full-screen program answers keys: time to its first frame, and for each
 * key the time until the last byte of its answer, and how many bytes that was.
 *
 * usage: console LABEL TEXT ROWS COLS KEYS... -- COMMAND [ARGUMENT...]
 * The first frame is there when TEXT has come. KEYS are like "down*200": a key's name and how often. The command runs
 * in a terminal of its own (forkpty) that understands everything and draws nothing. An answer has ended when nothing
 * more has come for QUIET_MS; that silence is not counted. Beside keys there are "pss*1", its proportional memory
 * now, and "quiet*SECONDS", in which it is left alone: how often it ran, and what it sent. Prints one line of JSON.
 */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 25, FIRST_QUIET_MS = 300, DEADLINE_MS = 20000, SAMPLES_MAX = 4096 };

/* A key as a terminal in application mode sends it, and what every second press is where the first alone would soon
 * change nothing. */
static const struct {
	const char *name, *bytes, *other;
} keys[] = {
	{ "down", "\033OB", NULL },
	{ "page-down", "\033[6~", NULL },
	{ "page-up", "\033[5~", NULL },
	{ "step", "\033OB", "\033OA" },   /* down and up: for a list that soon ends */
	{ "pages", "\033[6~", "\033[5~" },
	{ "end-home", "\033OF", "\033OH" },
	{ "letter-g", "G", "g" }, /* end and home of less */
	{ "unfold-all", "z", NULL },
	{ "zoom", "-", "+" },
	{ "pan", ">", "<" },
	{ "find", "/", NULL },
	{ "leave", "\033", NULL },
	{ "by-status", "/trouble\r", "\033" },
};

/* Typed one character after the other, then taken back in the same way. */
static const struct {
	const char *name, *word;
} words[] = {
	{ "typed", "muel" },
	{ "typed-rare", "r-00777" },
};

struct answer {
	double ms;    /* from the key to the last byte */
	size_t bytes;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Reads until text has come; false when it does not. */
static bool await_text(int fd, double since, const char *text, struct answer *out)
{
	static char all[1 << 20];

	*out = (struct answer){ 0 };
	while (!memmem(all, out->bytes, text, strlen(text))) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (out->bytes == sizeof all || poll(&p, 1, DEADLINE_MS) == 0)
			return false;
		ssize_t n = read(fd, all + out->bytes, sizeof all - out->bytes);
		if (n <= 0)
			return false;
		out->bytes += (size_t)n;
		out->ms = now_ms() - since;
	}
	return true;
}

/* Reads until it has been quiet; false when the program has ended. The first byte may take long. */
static bool drain(int fd, double since, int quiet_ms, struct answer *out)
{
	char buf[65536];
	bool any = false;

	*out = (struct answer){ 0 };
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int wait_ms = any ? quiet_ms : DEADLINE_MS;
		if (poll(&p, 1, wait_ms) == 0)
			return any;
		ssize_t n = read(fd, buf, sizeof buf);
		if (n <= 0)
			return false;
		any = true;
		out->ms = now_ms() - since;
		out->bytes += (size_t)n;
	}
}

/* Until nothing comes for a while. */
static void settle(int fd)
{
	char buf[65536];
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (poll(&p, 1, FIRST_QUIET_MS) > 0 && read(fd, buf, sizeof buf) > 0)
		;
}

static int by_ms(const void *a, const void *b)
{
	double x = ((const struct answer *)a)->ms, y = ((const struct answer *)b)->ms;

	return (x > y) - (x < y);
}

/* What the program has had of the processors so far, all its threads; a busy machine does not change it. */
static double cpu_ms(pid_t pid)
{
	char path[300];
	double ns = 0;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		double one = 0;
		snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)pid, e->d_name);
		FILE *f = isdigit((unsigned char)e->d_name[0]) ? fopen(path, "re") : NULL;
		if (f && fscanf(f, "%lf", &one) == 1)
			ns += one;
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
	return ns / 1e6;
}

static void print_group(const char *name, struct answer *all, size_t n, double cpu)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++)
		bytes += all[i].bytes;
	qsort(all, n, sizeof *all, by_ms);
	printf(",\"%s\":{\"keys\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_ms\":%.3f,\"bytes_per_key\":%.0f}", name, n,
	       all[n / 2].ms, all[n * 99 / 100].ms, cpu / (double)n, (double)bytes / (double)n);
}

/* What the ith press of it sends; NULL: there is no such key. */
static const char *bytes_of(const char *name, int i, char typed[static 2])
{
	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		if (strcmp(keys[k].name, name) == 0)
			return i % 2 && keys[k].other ? keys[k].other : keys[k].bytes;
	for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
		size_t length = strlen(words[k].word), at = (size_t)i % (2 * length);

		if (strcmp(words[k].name, name) != 0)
			continue;
		typed[0] = at < length ? words[k].word[at] : '\177';
		typed[1] = 0;
		return typed;
	}
	return NULL;
}

/* One kind of key, so many times. */
static bool press(int fd, pid_t pid, const char *name, int times)
{
	static struct answer all[SAMPLES_MAX];
	char typed[2];
	double before = cpu_ms(pid);

	if (times > SAMPLES_MAX || !bytes_of(name, 0, typed))
		return false;
	for (int i = 0; i < times; i++) {
		const char *bytes = bytes_of(name, i, typed);
		double since = now_ms();
		if (write(fd, bytes, strlen(bytes)) < 0 || !drain(fd, since, QUIET_MS, &all[i]))
			return false;
	}
	print_group(name, all, (size_t)times, cpu_ms(pid) - before);
	return true;
}

/* The sum of what lines of that file call name; files of /proc. */
static long sum_of(const char *path, const char *name)
{
	FILE *f = fopen(path, "re");
	char line[256];
	long sum = 0;

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, name, strlen(name)) == 0)
			sum += strtol(line + strlen(name), NULL, 10);
	if (f)
		fclose(f);
	return sum;
}

/* Of all its threads. */
static long switches(pid_t pid)
{
	char path[300];
	long sum = 0;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)pid, e->d_name);
		sum += sum_of(path, "voluntary_ctxt_switches:") + sum_of(path, "nonvoluntary_ctxt_switches:");
	}
	if (d)
		closedir(d);
	return sum;
}

static bool say_pss(int fd, pid_t pid, int times)
{
	char path[64];

	(void)fd, (void)times;
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	printf(",\"pss_kib\":%ld", sum_of(path, "Pss:"));
	return true;
}

static bool stay_quiet(int fd, pid_t pid, int seconds)
{
	long before = switches(pid);
	double until = now_ms() + seconds * 1e3;
	size_t bytes = 0;
	char buf[4096];

	for (double left; (left = until - now_ms()) > 0;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n = poll(&p, 1, (int)left + 1) > 0 ? read(fd, buf, sizeof buf) : 0;
		if (n < 0)
			return false;
		bytes += (size_t)n;
	}
	printf(",\"quiet\":{\"seconds\":%d,\"switches\":%ld,\"bytes\":%zu}", seconds, switches(pid) - before, bytes);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(int fd, pid_t pid, int times);
} looks[] = {
	{ "pss", say_pss },
	{ "quiet", stay_quiet },
};

static bool act(int fd, pid_t pid, const char *what)
{
	char name[32];
	int times = 0;

	if (sscanf(what, "%31[^*]*%d", name, &times) != 2 || times < 1)
		return false;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
		if (strcmp(looks[i].name, name) == 0)
			return looks[i].run(fd, pid, times);
	return press(fd, pid, name, times);
}

static int run(int fd, pid_t pid, char **argv, double since, int n)
{
	const char *label = argv[1];
	struct answer first;
	char **what = argv + 5;
	bool ok = await_text(fd, since, argv[2], &first);

	/* What a start still sends (a status, a title) is no answer to the first key. */
	settle(fd);
	printf("{\"label\":\"%s\",\"first_frame_ms\":%.1f,\"first_frame_bytes\":%zu", label, first.ms, first.bytes);
	for (int i = 0; ok && i < n; i++)
		if (!(ok = act(fd, pid, what[i])))
			fprintf(stderr, "console: %s stopped at %s\n", label, what[i]);
	printf("}\n");
	kill(pid, SIGTERM);
	close(fd);
	waitpid(pid, NULL, 0);
	if (!ok)
		fprintf(stderr, "console: %s does not answer\n", label);
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	int dash = 5;

	while (dash < argc && strcmp(argv[dash], "--") != 0)
		dash++;
	if (dash + 1 >= argc) {
		fputs("usage: console LABEL TEXT ROWS COLS KEYS... -- COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	struct winsize size = { .ws_row = (unsigned short)atoi(argv[3]), .ws_col = (unsigned short)atoi(argv[4]) };
	double since = now_ms();
	int fd;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == 0) {
		execvp(argv[dash + 1], argv + dash + 1);
		perror(argv[dash + 1]);
		_exit(127);
	}
	if (pid < 0) {
		perror("console");
		return 1;
	}
	return run(fd, pid, argv, since, dash - 5);
}
