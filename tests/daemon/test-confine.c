/* What keyrackd cannot do any more once it serves, and what it still can: each row in a process of its own. */
#include "config.h"

#include "tests/core/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/confine.h"

static int execute(void)
{
	char *argv[] = { (char *)(uintptr_t)"true", NULL };

	return execv("/bin/true", argv);
}

static int execute_at(void)
{
	char *argv[] = { (char *)(uintptr_t)"true", NULL };

	return (int)syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, argv + 1, 0);
}

static int make_process(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child;
}

static int trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int read_another(void)
{
	return (int)syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
}

static int new_namespace(void)
{
	return (int)syscall(SYS_unshare, 0);
}

static int become_root(void)
{
	return setuid(0);
}

static int packets(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static int inet(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int map(int prot)
{
	void *p = mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static int map_written_and_run(void)
{
	return map(PROT_WRITE | PROT_EXEC);
}

static int map_written(void)
{
	return map(PROT_READ | PROT_WRITE);
}

static int written_then_run(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int code_without_a_file(void)
{
	return (int)syscall(SYS_memfd_create, "x", 0);
}

static int signal_another(void)
{
	return kill(getppid(), 0);
}

static int dump_again(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int raise_a_limit(void)
{
	const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_CORE, &none);
}

static int read_a_limit(void)
{
	struct rlimit is;

	return getrlimit(RLIMIT_NOFILE, &is);
}

static gpointer nothing(gpointer data)
{
	return data;
}

static int make_thread(void)
{
	return g_thread_join(g_thread_new("x", nothing, NULL)) == NULL ? 0 : -1;
}

static int write_a_file(void)
{
	char path[] = "/tmp/keyrack-confine-XXXXXX";
	int fd = g_mkstemp(path);

	return fd >= 0 && write(fd, "x", 1) == 1 && fsync(fd) == 0 && unlink(path) == 0 ? close(fd) : -1;
}

static int look_up_a_user(void)
{
	errno = 0;
	getpwuid(geteuid());
	return errno == EPERM ? -1 : 0;
}

static int give_up(void)
{
	abort();
}

enum { ALLOWED = 0, FORBIDDEN = EPERM, KILLED = 1000 };
static const struct row {
	const char *name;
	int (*act)(void);
	int outcome; /* KILLED + signal */
} rows[] = {
	{ "starting a program", execute, KILLED + SIGSYS },
	{ "starting a program, the other way", execute_at, KILLED + SIGSYS },
	{ "another process", make_process, FORBIDDEN },
	{ "being traced", trace, KILLED + SIGSYS },
	{ "reading another's memory", read_another, KILLED + SIGSYS },
	{ "a namespace", new_namespace, KILLED + SIGSYS },
	{ "being somebody else", become_root, KILLED + SIGSYS },
	{ "raw packets", packets, FORBIDDEN },
	{ "memory that is written and run", map_written_and_run, FORBIDDEN },
	{ "memory that was written, run", written_then_run, FORBIDDEN },
	{ "code without a file", code_without_a_file, FORBIDDEN },
	{ "a signal to another", signal_another, FORBIDDEN },
	{ "core dumps again", dump_again, FORBIDDEN },
	{ "another limit", raise_a_limit, FORBIDDEN },
	{ "reading a limit", read_a_limit, ALLOWED },
	{ "a connection", inet, ALLOWED },
	{ "memory", map_written, ALLOWED },
	{ "a thread", make_thread, ALLOWED },
	{ "a file", write_a_file, ALLOWED },
	{ "a user's name", look_up_a_user, ALLOWED },
	{ "its own end", give_up, KILLED + SIGABRT },
};

static int outcome_of(const struct row *r)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		const struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);
		errno = 0;
		if (!confine_calls(NULL))
			_exit(255);
		_exit(r->act() >= 0 ? ALLOWED : errno);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) ? KILLED + WTERMSIG(status) : WEXITSTATUS(status);
}

static void once_it_serves_it_can_do_its_work_and_no_more(void **state)
{
	(void)state;
#if !defined HAVE_SECCOMP || defined __SANITIZE_ADDRESS__
	print_message("built without seccomp, or with sanitizers\n");
	return;
#endif
	if (outcome_of(&(struct row){ "", read_a_limit, 0 }) == 255) {
		print_message("this kernel filters no system calls\n");
		return;
	}
	FOR_ROWS (i, rows)
		ROW_INT(rows[i].name, outcome_of(&rows[i]), rows[i].outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_it_serves_it_can_do_its_work_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
