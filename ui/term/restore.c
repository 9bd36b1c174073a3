/* restore - see restore.h. All that runs in a signal handler here is on POSIX' list of
 * async-signal-safe functions: write, poll, tcsetattr, tcflush, sigaction, raise, getpid. */
#include "config.h"
#include "ui/term/restore.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum {
	STACK_BYTES = 64 * 1024,
	PATIENCE_MS = 200, /* for a terminal that reads nothing any more */
};

static struct {
	int fd;
	pid_t owner; /* a child that dies before its exec must not touch the terminal */
	struct termios shell;
	char string[512];
	size_t len;
	volatile sig_atomic_t armed, due, left, resumed;
} saved = { .fd = -1 };

/* The first ones end the process in any case. The others are usually taken by the main loop; this
 * is for those that nobody takes. */
static const int signals[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP,
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF,
	SIGXCPU, SIGTSTP, SIGCONT,
};
enum { CRASHES = 7, SIGNALS = sizeof(signals) / sizeof(signals[0]) };
static struct sigaction before[SIGNALS];
static _Alignas(16) char stack[STACK_BYTES];
static stack_t stack_before;

static void send_string(void)
{
	const char *p = saved.string;
	size_t left = saved.len;

	while (left > 0) {
		struct pollfd out = { .fd = saved.fd, .events = POLLOUT };
		ssize_t n;

		if (poll(&out, 1, PATIENCE_MS) <= 0 || !(out.revents & POLLOUT))
			return;
		n = write(saved.fd, p, left);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0) {
			p += n;
			left -= (size_t)n;
		}
	}
}

/* With SIGTTOU blocked the terminal can be set right from the background too. */
static void leave(void)
{
	sigset_t ttou, old;
	int error = errno;

	if (getpid() != saved.owner)
		return;
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &ttou, &old);
	send_string();
	tcsetattr(saved.fd, TCSANOW, &saved.shell);
	tcflush(saved.fd, TCIFLUSH); /* mouse reports on their way would be typed into the shell */
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = error;
}

void restore_now(void)
{
	if (!saved.armed || !saved.due)
		return;
	saved.due = 0;
	leave();
}

static void on_end(int sig)
{
	restore_now();
	for (int i = 0; i < SIGNALS; i++)
		if (signals[i] == sig)
			sigaction(sig, &before[i], NULL);
	raise(sig); /* blocked until this returns; then it does what it did before */
}

static void on_continue(int sig)
{
	(void)sig;
	saved.resumed = saved.left ? RESUMED_FROM_SHELL : RESUMED_IN_PLACE;
	saved.left = 0;
	raise(SIGWINCH); /* so that the main loop asks term_resized and draws everything */
}

static void on_stop(int sig)
{
	struct sigaction mine, stop = { .sa_handler = SIG_DFL };
	sigset_t just, old;
	int error = errno;

	leave();
	saved.left = 1;
	sigemptyset(&just);
	sigaddset(&just, sig);
	sigaction(sig, &stop, &mine);
	raise(sig);
	pthread_sigmask(SIG_UNBLOCK, &just, &old); /* stops here */
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	sigaction(sig, &mine, NULL);
	tcgetattr(saved.fd, &saved.shell);
	errno = error;
}

static void (*handler_for(int sig))(int)
{
	return sig == SIGTSTP ? on_stop : sig == SIGCONT ? on_continue : on_end;
}

void restore_set(const char *string)
{
	size_t n = strlen(string);

	if (n >= sizeof saved.string)
		n = 0;
	memcpy(saved.string, string, n);
	saved.len = n;
}

void restore_arm(int fd)
{
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof stack };

	if (saved.armed || tcgetattr(fd, &saved.shell) != 0)
		return;
	saved.fd = fd;
	saved.owner = getpid();
	saved.left = saved.resumed = 0;
	saved.due = 1;
	saved.armed = 1;
	sigaltstack(&alt, &stack_before);
	for (int i = 0; i < SIGNALS; i++) {
		struct sigaction sa = { .sa_handler = handler_for(signals[i]),
					.sa_flags = SA_ONSTACK | SA_RESTART };

		sigfillset(&sa.sa_mask);
		sigaction(signals[i], NULL, &before[i]);
		if (i < CRASHES || before[i].sa_handler == SIG_DFL)
			sigaction(signals[i], &sa, NULL);
	}
}

void restore_disarm(void)
{
	if (!saved.armed)
		return;
	for (int i = 0; i < SIGNALS; i++) {
		struct sigaction now;

		if (sigaction(signals[i], NULL, &now) == 0 &&
		    now.sa_handler == handler_for(signals[i]))
			sigaction(signals[i], &before[i], NULL);
	}
	sigaltstack(&stack_before, NULL);
	saved.armed = 0;
}

void restore_left(void)
{
	if (!saved.armed || !saved.due)
		return;
	saved.due = 0;
	tcsetattr(saved.fd, TCSANOW, &saved.shell);
	tcflush(saved.fd, TCIFLUSH);
}

enum resumed restore_resumed(void)
{
	enum resumed was = (enum resumed)saved.resumed;

	saved.resumed = NOT_RESUMED;
	return was;
}
