/* vt - see vt.h. */
#include "config.h"
#include "tests/ui/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

enum { ENDING_MS = 5000, MODES = 4096 };

/* What the shell tells us, and 'c' the other way. */
struct report {
	enum { STARTED, STOPPED, ENDED } what;
	int value; /* pid or wait status */
};

struct vt {
	int master, report, order;
	pid_t shell, pid;
	bool stopped, ended, silent, sync;
	int status;
	VTerm *vterm;
	VTermScreen *screen;
	GString *output;
	bool mode[MODES];
	size_t scanned; /* of output, for modes */
	size_t fed;     /* of output, to libvterm */
	const char *const *script;
	size_t played[16]; /* of output, by line of the script */
	char *title;
};

/* --- the shell ------------------------------------------------------------------------------- */

static void say(int fd, int what, int value)
{
	struct report r = { what, value };

	if (write(fd, &r, sizeof r) != (ssize_t)sizeof r)
		_exit(120);
}

G_GNUC_NORETURN static void run_program(const struct vt_options *opt)
{
	static const int defaults[] = { SIGTTOU, SIGTTIN, SIGTSTP, SIGINT, SIGQUIT, SIGHUP };

	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++)
		signal(defaults[i], SIG_DFL);
	if (opt->ignore_hup)
		signal(SIGHUP, SIG_IGN);
	for (const char *const *e = opt->env; e && *e; e++) {
		if (strchr(*e, '='))
			putenv(g_strdup(*e));
		else
			unsetenv(*e);
	}
	execv(opt->argv[0], (char *const *)(uintptr_t)opt->argv);
	_exit(127);
}

/* Waits for the program; when it stops, takes the terminal, waits for an order and gives it back. */
G_GNUC_NORETURN static void run_shell(const struct vt_options *opt, int report, int order)
{
	static const int ignored[] = { SIGTTOU, SIGTTIN, SIGTSTP, SIGINT, SIGQUIT, SIGHUP };
	pid_t pid;
	int status;
	char c;

	for (size_t i = 0; i < G_N_ELEMENTS(ignored); i++)
		signal(ignored[i], SIG_IGN);
	pid = fork();
	if (pid == 0)
		run_program(opt);
	setpgid(pid, pid);
	say(report, STARTED, pid);
	while (waitpid(pid, &status, WUNTRACED) == pid) {
		if (!WIFSTOPPED(status))
			break;
		tcsetpgrp(STDIN_FILENO, getpgrp());
		say(report, STOPPED, status);
		if (read(order, &c, 1) != 1)
			break;
		tcsetpgrp(STDIN_FILENO, pid);
		kill(-pid, SIGCONT);
	}
	say(report, ENDED, status);
	if (read(order, &c, 1) < 0) /* the terminal lives as long as we look at it */
		_exit(1);
	_exit(0);
}

static void set_size(int fd, int rows, int cols)
{
	struct winsize w = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	ioctl(fd, TIOCSWINSZ, &w);
}

static void start_shell(struct vt *vt, const struct vt_options *opt)
{
	int report[2], order[2], slave;
	const char *name;

	vt->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (vt->master < 0 || grantpt(vt->master) || unlockpt(vt->master) || pipe(report) ||
	    pipe(order))
		g_error("no pseudo-terminal: %s", g_strerror(errno));
	name = ptsname(vt->master);
	set_size(vt->master, opt->rows, opt->cols);
	vt->shell = fork();
	if (vt->shell == 0) {
		setsid();
		slave = open(name, O_RDWR);
		ioctl(slave, TIOCSCTTY, 0);
		for (int fd = 0; fd < 3; fd++)
			dup2(slave, fd);
		if (slave > 2)
			close(slave);
		fcntl(report[1], F_SETFD, FD_CLOEXEC);
		fcntl(order[0], F_SETFD, FD_CLOEXEC);
		close(vt->master);
		close(report[0]);
		close(order[1]);
		run_shell(opt, report[1], order[0]);
	}
	close(report[1]);
	close(order[0]);
	vt->report = report[0];
	vt->order = order[1];
	fcntl(vt->report, F_SETFD, FD_CLOEXEC);
	fcntl(vt->order, F_SETFD, FD_CLOEXEC);
}

/* --- the terminal ---------------------------------------------------------------------------- */

static void tell(struct vt *vt, const char *s, size_t n)
{
	if (!vt->silent && vt->master >= 0 && write(vt->master, s, n) < 0)
		g_test_message("the program does not take the terminal's answer");
}

/* libvterm's own answers; it has no mode 2026 and says so. */
static void answer(const char *s, size_t n, void *user)
{
	struct vt *vt = user;

	if (!vt->script && !(vt->sync && g_strstr_len(s, (gssize)n, "?2026;")))
		tell(vt, s, n);
}

static int on_prop(VTermProp prop, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_TITLE) {
		g_free(vt->title);
		vt->title = g_strdup(value->string);
	}
	return 1;
}

struct vt *vt_start(const struct vt_options *opt)
{
	static const VTermScreenCallbacks callbacks = { .settermprop = on_prop };
	struct vt *vt = g_new0(struct vt, 1);

	vt->output = g_string_new(NULL);
	vt->title = g_strdup("");
	vt->silent = opt->silent;
	vt->sync = opt->sync;
	vt->script = opt->script;
	vt->mode[25] = true;
	vt->vterm = vterm_new(opt->rows, opt->cols);
	vterm_set_utf8(vt->vterm, 1);
	vt->screen = vterm_obtain_screen(vt->vterm);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_output_set_callback(vt->vterm, answer, vt);
	vterm_screen_reset(vt->screen, 1);
	start_shell(vt, opt);
	return vt;
}

/* Follows ESC [ ? n ; n h and l, and the question for mode 2026, which libvterm does not know. */
static void scan_modes(struct vt *vt)
{
	const char *s = vt->output->str;
	size_t end = vt->output->len;

	while (vt->scanned < end) {
		const char *start = memchr(s + vt->scanned, 0x1b, end - vt->scanned);
		size_t at = start ? (size_t)(start - s) + 3 : end;
		size_t stop;

		vt->scanned = start ? (size_t)(start - s) : end;
		if (!start || at > end)
			return;
		if (start[1] != '[' || start[2] != '?') {
			vt->scanned++;
			continue;
		}
		for (stop = at; stop < end && strchr("0123456789;$", s[stop]); stop++)
			;
		if (stop == end)
			return; /* the rest is still to come */
		while (s[stop] == 'h' || s[stop] == 'l') {
			char *next;
			unsigned long mode = strtoul(s + at, &next, 10);

			if (mode < MODES)
				vt->mode[mode] = s[stop] == 'h';
			at = (size_t)(next - s) + 1;
			if (*next != ';')
				break;
		}
		if (s[stop] == 'p' && vt->sync && g_str_has_prefix(s + at, "2026$p"))
			tell(vt, "\033[?2026;2$y", 11);
		vt->scanned = stop;
	}
}

/* Each question once for each time it was asked, in the order of the script. */
static void play_script(struct vt *vt)
{
	for (size_t i = 0; vt->script && vt->script[2 * i] && i < G_N_ELEMENTS(vt->played); i++) {
		const char *asked = vt->script[2 * i], *said = vt->script[2 * i + 1];
		const char *found;

		while ((found = strstr(vt->output->str + vt->played[i], asked))) {
			vt->played[i] = (size_t)(found - vt->output->str) + strlen(asked);
			tell(vt, said, strlen(said));
		}
	}
}

/* Gives the output to libvterm with ESC [ n b (the last character n times more) written out:
 * libvterm 0.1 takes the next character to the next line when that ends one short of the edge. */
static void feed(struct vt *vt)
{
	const char *s = vt->output->str;
	size_t end = vt->output->len, at = vt->fed;

	while (at < end) {
		size_t stop = at + 2;

		if (s[at] != 0x1b || (at + 1 < end && s[at + 1] != '[')) {
			at++;
			continue;
		}
		while (stop < end && g_ascii_isdigit(s[stop]))
			stop++;
		if (stop >= end)
			break; /* the rest is still to come */
		if (s[stop] == 'b' && at > 0) {
			vterm_input_write(vt->vterm, s + vt->fed, at - vt->fed);
			for (long n = strtol(s + at + 2, NULL, 10); n > 0; n--)
				vterm_input_write(vt->vterm, s + at - 1, 1);
			vt->fed = stop + 1;
		}
		at = stop + (s[stop] == 'b');
	}
	vterm_input_write(vt->vterm, s + vt->fed, at - vt->fed);
	vt->fed = at;
}

static void take_output(struct vt *vt)
{
	char bytes[65536];
	ssize_t n = read(vt->master, bytes, sizeof bytes);

	if (n <= 0) {
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return;
		vt_hang_up(vt);
		return;
	}
	g_string_append_len(vt->output, bytes, n);
	scan_modes(vt);
	play_script(vt);
	feed(vt);
	vterm_screen_flush_damage(vt->screen);
}

static void take_report(struct vt *vt)
{
	struct report r;

	if (read(vt->report, &r, sizeof r) != (ssize_t)sizeof r) {
		close(vt->report);
		vt->report = -1;
		return;
	}
	if (r.what == STARTED) {
		vt->pid = r.value;
	} else if (r.what == STOPPED) {
		vt->stopped = true;
	} else {
		vt->ended = true;
		vt->status = r.value;
	}
}

/* One turn: output before reports, so that what was sent before the end is seen before it. */
static bool turn(struct vt *vt, int ms)
{
	struct pollfd fd[2] = { { .fd = vt->master, .events = POLLIN },
				{ .fd = vt->report, .events = POLLIN } };

	if (poll(fd, 2, ms) <= 0)
		return false;
	if (fd[0].revents)
		take_output(vt);
	else if (fd[1].revents)
		take_report(vt);
	return true;
}

bool vt_wait(struct vt *vt, bool (*test)(struct vt *vt, const void *ctx), const void *ctx, int ms)
{
	gint64 deadline = g_get_monotonic_time() + (gint64)ms * 1000;

	while (!test(vt, ctx)) {
		gint64 left = (deadline - g_get_monotonic_time()) / 1000;

		if (left <= 0 || (vt->master < 0 && vt->report < 0))
			return false;
		turn(vt, (int)left);
	}
	return true;
}

static bool has_started(struct vt *vt, const void *ctx)
{
	(void)ctx;
	return vt->pid > 0;
}

void vt_free(struct vt *vt)
{
	if (!vt)
		return;
	/* A screen can be read before the shell's word of who drew it. */
	vt_wait(vt, has_started, NULL, ENDING_MS);
	if (!vt->ended && vt->pid > 0)
		kill(vt->pid, SIGKILL);
	vt_wait_end(vt, ENDING_MS);
	close(vt->order);
	if (vt->report >= 0)
		close(vt->report);
	kill(vt->shell, SIGKILL); /* it has nothing left to do */
	waitpid(vt->shell, NULL, 0);
	if (vt->master >= 0)
		close(vt->master);
	vterm_free(vt->vterm);
	g_string_free(vt->output, TRUE);
	g_free(vt->title);
	g_free(vt);
}

pid_t vt_pid(const struct vt *vt)
{
	struct vt *moving = (struct vt *)(uintptr_t)vt; /* only to wait */

	vt_wait(moving, has_started, NULL, ENDING_MS);
	return vt->pid;
}

void vt_send(struct vt *vt, const char *bytes)
{
	size_t n = strlen(bytes);

	while (n > 0 && vt->master >= 0) {
		ssize_t done = write(vt->master, bytes, n);

		if (done < 0)
			return;
		bytes += done;
		n -= (size_t)done;
	}
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	vterm_set_size(vt->vterm, rows, cols);
	set_size(vt->master, rows, cols);
}

void vt_hang_up(struct vt *vt)
{
	if (vt->master >= 0)
		close(vt->master);
	vt->master = -1;
}

void vt_continue(struct vt *vt)
{
	vt->stopped = false;
	if (write(vt->order, "c", 1) != 1)
		g_test_message("the shell is gone");
}

static bool has_text(struct vt *vt, const void *text)
{
	return vt_has(vt, text);
}

static bool has_no_text(struct vt *vt, const void *text)
{
	return !vt_has(vt, text);
}

bool vt_wait_text(struct vt *vt, const char *text, int ms)
{
	return vt_wait(vt, has_text, text, ms);
}

bool vt_wait_gone(struct vt *vt, const char *text, int ms)
{
	return vt_wait(vt, has_no_text, text, ms);
}

static bool mode_is_on(struct vt *vt, const void *mode)
{
	return vt_mode(vt, *(const int *)mode);
}

static bool mode_is_off(struct vt *vt, const void *mode)
{
	return !vt_mode(vt, *(const int *)mode);
}

bool vt_wait_mode(struct vt *vt, int mode, bool on, int ms)
{
	return vt_wait(vt, on ? mode_is_on : mode_is_off, &mode, ms);
}

static bool has_stopped(struct vt *vt, const void *ctx)
{
	(void)ctx;
	return vt->stopped;
}

bool vt_wait_stopped(struct vt *vt, int ms)
{
	return vt_wait(vt, has_stopped, NULL, ms);
}

static bool has_ended(struct vt *vt, const void *ctx)
{
	(void)ctx;
	return vt->ended;
}

int vt_wait_end(struct vt *vt, int ms)
{
	if (!vt_wait(vt, has_ended, NULL, ms))
		return -1;
	while (vt->master >= 0 && turn(vt, 0)) /* what it sent last */
		;
	return vt->status;
}

static void size_of(const struct vt *vt, int *rows, int *cols)
{
	vterm_get_size(vt->vterm, rows, cols);
}

struct vt_cell vt_cell(struct vt *vt, int row, int col)
{
	VTermScreenCell cell;
	struct vt_cell c = { .width = 1, .fg = -1, .bg = -1 };
	VTermColor *from[2] = { &cell.fg, &cell.bg };
	int *to[2] = { &c.fg, &c.bg };

	vterm_screen_get_cell(vt->screen, (VTermPos){ row, col }, &cell);
	if (cell.chars[0] == (uint32_t)-1) {
		c.width = 0;
	} else {
		for (size_t i = 0; i < G_N_ELEMENTS(c.ch) && cell.chars[i]; i++)
			c.ch[i] = cell.chars[i];
		c.width = cell.width;
	}
	c.bold = cell.attrs.bold;
	c.underline = cell.attrs.underline;
	c.italic = cell.attrs.italic;
	c.reverse = cell.attrs.reverse;
	for (int i = 0; i < 2; i++) {
		if (VTERM_COLOR_IS_DEFAULT_FG(from[i]) || VTERM_COLOR_IS_DEFAULT_BG(from[i]))
			continue;
		*to[i] = VTERM_COLOR_IS_INDEXED(from[i]) ? from[i]->indexed.idx : -2;
	}
	return c;
}

char *vt_text(struct vt *vt)
{
	GString *text = g_string_new(NULL);
	int rows, cols;

	size_of(vt, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			struct vt_cell c = vt_cell(vt, row, col);

			if (c.width > 0 && !c.ch[0])
				g_string_append_c(text, ' ');
			for (size_t i = 0; c.width > 0 && i < G_N_ELEMENTS(c.ch) && c.ch[i]; i++)
				g_string_append_unichar(text, c.ch[i]);
		}
		while (text->len > 0 && text->str[text->len - 1] == ' ')
			g_string_truncate(text, text->len - 1);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

bool vt_has(struct vt *vt, const char *text)
{
	g_autofree char *all = vt_text(vt);

	return strstr(all, text) != NULL;
}

static bool any_cell(struct vt *vt, bool (*test)(const struct vt_cell *c))
{
	int rows, cols;

	size_of(vt, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			struct vt_cell c = vt_cell(vt, row, col);

			if (test(&c))
				return true;
		}
	}
	return false;
}

static bool is_coloured(const struct vt_cell *c)
{
	return c->fg != -1 || c->bg != -1;
}

static bool has_attribute(const struct vt_cell *c)
{
	return c->bold || c->underline || c->italic || c->reverse;
}

bool vt_any_colour(struct vt *vt)
{
	return any_cell(vt, is_coloured);
}

bool vt_any_attribute(struct vt *vt)
{
	return any_cell(vt, has_attribute);
}

void vt_cursor(struct vt *vt, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->vterm), &pos);
	*row = pos.row;
	*col = pos.col;
}

bool vt_mode(const struct vt *vt, int mode)
{
	return mode >= 0 && mode < MODES && vt->mode[mode];
}

bool vt_cooked(const struct vt *vt)
{
	struct termios t;
	const tcflag_t wanted = ICANON | ECHO | ISIG;

	return tcgetattr(vt->master, &t) == 0 && (t.c_lflag & wanted) == wanted;
}

const char *vt_title(const struct vt *vt)
{
	return vt->title;
}

const GString *vt_output(const struct vt *vt)
{
	return vt->output;
}
