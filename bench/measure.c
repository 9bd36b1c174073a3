/* measure - runs a command and tells what it cost, as one line of JSON on file descriptor 3.
 *
 * usage: measure COMMAND [ARGUMENT...] 3>result
 * Wall and CPU seconds, and the peak resident set in KiB, of the command and its children. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec before, after;
	struct rusage used;
	int status = 0;

	if (argc < 2) {
		fputs("usage: measure COMMAND [ARGUMENT...] 3>result\n", stderr);
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &before);
	pid_t pid = fork();
	if (pid == 0) {
		close(3);
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("measure");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	getrusage(RUSAGE_CHILDREN, &used);
	dprintf(3, "{\"wall_s\":%.6f,\"user_s\":%.6f,\"sys_s\":%.6f,\"rss_kib\":%ld,\"status\":%d}\n",
		(double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9,
		seconds_of(used.ru_utime), seconds_of(used.ru_stime), used.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
