/* spawn - see the header.
 *
 * The child is this very binary: by its path, after which the kernel names the process; by
 * /proc/self/exe where the file was replaced meanwhile (an upgrade under way). It runs in a
 * session of its own, without a terminal, its words in folder/sync.log. It inherits the writing
 * end of a pipe: one byte says 'ready', and the pipe closing without one says that it died. So the
 * wait is one read, without polling. */
#include "config.h"

#include "cli/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/poke.h"
#include "core/error.h"

#define LOG_BYTES_MAX (1 << 20) /* then it is started anew */
#define READY_TIMEOUT_MS 15000
#define READY_FD 3              /* in the child */

static int open_log(const struct profile *p, off_t *begin, GError **err)
{
	g_autofree char *path = profile_file(p, "sync.log");
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, p->group ? 0660 : 0600);
	struct stat st;

	if (fd < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s: %s", path,
			    g_strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && st.st_size > LOG_BYTES_MAX && ftruncate(fd, 0) == 0)
		st.st_size = 0;
	*begin = st.st_size;
	return fd;
}

/* What the child said last, without the program's name in front. */
static char *last_line(const struct profile *p, off_t begin)
{
	g_autofree char *path = profile_file(p, "sync.log");
	g_autofree char *text = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, NULL) || (gsize)begin > len)
		return NULL;
	char *line = g_strchomp(text + begin);
	char *newline = strrchr(line, '\n');
	line = newline ? newline + 1 : line;
	if (g_str_has_prefix(line, "keyrack: "))
		line += strlen("keyrack: ");
	return *line ? g_strdup(line) : NULL;
}

static void in_child(void *data)
{
	(void)data;
	setsid();
	signal(SIGPIPE, SIG_DFL);
}

/* A profile made from the environment alone needs no --profile, and has none. */
static bool is_in_file(const struct profile *p)
{
	g_auto(GStrv) names = profile_names(NULL);

	return names && g_strv_contains((const char *const *)names, p->id);
}

static bool start(const struct profile *p, int log_fd, int ready_fd, GError **err)
{
	static const char exe[] = "/proc/self/exe";
	g_autofree char *self = g_file_read_link(exe, NULL);
	const char *argv[8];
	int n = 0, target = READY_FD;
	g_autoptr(GError) why = NULL;
	g_autofree char *binary = g_find_program_in_path("keyrack");

	if (self && access(self, X_OK) == 0)
		argv[n++] = self;
	else
		argv[n++] = access(exe, X_OK) == 0 || !binary ? exe : binary;
	argv[n++] = "keyrack";
	argv[n++] = "sync";
	argv[n++] = "--ready-fd=" G_STRINGIFY(READY_FD);
	if (is_in_file(p)) {
		argv[n++] = "--profile";
		argv[n++] = p->id;
	}
	argv[n] = NULL;
	if (g_spawn_async_with_pipes_and_fds(NULL, argv, NULL, G_SPAWN_FILE_AND_ARGV_ZERO, in_child,
					     NULL, -1, log_fd, log_fd, &ready_fd, &target, 1, NULL,
					     NULL, NULL, NULL, &why))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "sync cannot be started: %s",
		    why->message);
	return false;
}

enum outcome { READY, DIED, SLOW };

static enum outcome wait_ready(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char byte;
	int got;

	do
		got = poll(&pfd, 1, READY_TIMEOUT_MS);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return SLOW;
	return read(fd, &byte, 1) == 1 ? READY : DIED;
}

static bool somebody_listens(const struct profile *p)
{
	g_autoptr(GSocket) socket = poke_connect(p->folder, NULL);

	return socket != NULL;
}

static bool judge(const struct profile *p, enum outcome outcome, off_t begin, GError **err)
{
	/* It may have died because another console's child was first. */
	if (outcome == READY || somebody_listens(p))
		return true;
	g_autofree char *line = last_line(p, begin);
	if (outcome == SLOW)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "sync was started and does not get ready%s%s", line ? ": " : "",
			    line ? line : "");
	else
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "sync could not start: %s",
			    line ? line : "it ended without a word");
	return false;
}

bool spawn_sync(const struct profile *p, GError **err)
{
	int ready[2];
	off_t begin = 0;

	if (somebody_listens(p))
		return true;
	if (!profile_make_folder(p, err))
		return false;
	int log_fd = open_log(p, &begin, err);
	if (log_fd < 0)
		return false;
	if (!g_unix_open_pipe(ready, FD_CLOEXEC, err)) {
		close(log_fd);
		return false;
	}
	bool ok = start(p, log_fd, ready[1], err);
	close(log_fd);
	close(ready[1]);
	ok = ok && judge(p, wait_ready(ready[0]), begin, err);
	close(ready[0]);
	return ok;
}
