/* term - the terminal; see term.h. Only this and term_cells.c include curses.
 *
 * curses is used for what it is good at: the difference between two screens, the terminal's own
 * scrolling, and what terminals can do. Input is read by input.c, because curses would take the
 * terminal's answers for typing. A row that has not changed since the last frame is not even
 * shown to curses. */
#include "ui/term/term_own.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	ESC_DELAY_MS = 25,
	/* While answers may still come an ESC is more likely the first byte of one. */
	ESC_ANSWER_MS = 100,
	ANSWERS_MS = 2000,
	BROKEN_MS = 3000,      /* an answer that goes on after that long does not */
	BURST_GAP_MS = 5,
	BURST_KEYS = 8,        /* so many at such a pace were not typed */
	BURST_MAX = 4096,
	READ_BYTES = 4096,
};


void term_send(const struct term *t, const char *s)
{
	size_t left = strlen(s);

	while (left > 0) {
		ssize_t n = write(t->out, s, left);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			s += n;
			left -= (size_t)n;
		}
	}
}

/* --- which terminal ------------------------------------------------------------------------ */

static bool has_description(const char *name)
{
	int found = 0;
	bool good;

	if (setupterm(name, STDOUT_FILENO, &found) != OK || found != 1)
		return false;
	good = cursor_address != NULL && clear_screen != NULL;
	del_curterm(cur_term);
	return good;
}

/* TERM if it is known, else what most terminals understand. */
static char *choose_description(char **note, GError **err)
{
	static const char *const fallback[] = { "xterm-256color", "ansi", "vt100" };
	const char *wanted = g_getenv("TERM");

	if (wanted && strcmp(wanted, "dumb") == 0) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "this terminal cannot move its cursor (TERM is 'dumb'); the "
				    "commands work without a screen: see 'keyrack --help'");
		return NULL;
	}
	if (wanted && *wanted && has_description(wanted))
		return g_strdup(wanted);
	for (size_t i = 0; i < G_N_ELEMENTS(fallback); i++) {
		if (!has_description(fallback[i]))
			continue;
		*note = g_strdup_printf("The terminal '%.40s' is not known here; it is treated as %s",
					wanted ? wanted : "", fallback[i]);
		return g_strdup(fallback[i]);
	}
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
		    "there is no description of the terminal '%.40s' nor of any common one; install "
		    "ncurses-base or ncurses-term, or use the commands: see 'keyrack --help'",
		    wanted ? wanted : "");
	return NULL;
}

static bool locale_is_utf8(void)
{
	if (!setlocale(LC_CTYPE, "") && !setlocale(LC_CTYPE, "C.UTF-8"))
		return false;
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static enum depth colour_depth(const struct term_options *opt)
{
	const char *no_color = g_getenv("NO_COLOR");

	if (opt->no_color || (no_color && *no_color) || !has_colors() || start_color() == ERR)
		return DEPTH_MONO;
	if (COLORS > 256 && tigetflag("RGB") > 0)
		return DEPTH_DIRECT;
	return COLORS >= 256 ? DEPTH_256 : COLORS >= 16 ? DEPTH_16 : DEPTH_8;
}

/* Everything off that was put on, in an order that leaves the shell's screen as the last word. A
 * string terminator comes first: a crash may have happened inside a sequence. */
static void prepare_restore(const struct term *t)
{
	g_autofree char *s = g_strconcat(
		t->modern ? "\033\\" SYNC_END MOUSE_OFF FOCUS_OFF PASTE_OFF : "",
		exit_attribute_mode ? exit_attribute_mode : "",
		orig_pair ? orig_pair : "", cursor_normal ? cursor_normal : "",
		t->modern && change_scroll_region ? "\033[r" : "", t->titled ? TITLE_POP : "",
		exit_ca_mode ? exit_ca_mode : "\r\n", NULL);

	restore_set(s);
}

static void modes(struct term *t, bool on)
{
	const struct answers *said = &t->input.said;

	if (!t->modern)
		return;
	t->paste_on = on && said->paste != ANSWER_NO;
	t->focus_on = on && said->focus != ANSWER_NO;
	term_send(t, t->paste_on ? PASTE_ON : PASTE_OFF);
	term_send(t, t->focus_on ? FOCUS_ON : FOCUS_OFF);
	if (t->mouse || !on)
		term_send(t, on ? MOUSE_ON : MOUSE_OFF);
}

/* --- keys ----------------------------------------------------------------------------------- */

static int since_ms(gint64 us)
{
	return (int)MIN((g_get_monotonic_time() - us) / 1000, G_MAXINT);
}

/* Takes what the terminal has sent. False when there is nothing; a terminal that is gone is told
 * from one that is quiet. */
static bool take_input(struct term *t, int wait_ms)
{
	struct pollfd fd = { .fd = t->in, .events = POLLIN };
	uint8_t bytes[READ_BYTES];
	ssize_t n;

	if (poll(&fd, 1, wait_ms) <= 0)
		return false;
	n = read(t->in, bytes, sizeof bytes);
	if (n > 0) {
		if (since_ms(t->read_us) > BROKEN_MS)
			input_break(&t->input);
		t->read_us = g_get_monotonic_time();
		input_add(&t->input, bytes, (size_t)n);
		return true;
	}
	if (n == 0 || (errno != EINTR && errno != EAGAIN))
		t->gone = true;
	return false;
}

/* It has said that it does not know a mode: then nothing is left on that might mean something else. */
static void heed_answers(struct term *t)
{
	const struct answers *said = &t->input.said;

	if (t->paste_on && said->paste == ANSWER_NO)
		term_send(t, PASTE_OFF);
	if (t->focus_on && said->focus == ANSWER_NO)
		term_send(t, FOCUS_OFF);
	t->paste_on = t->paste_on && said->paste != ANSWER_NO;
	t->focus_on = t->focus_on && said->focus != ANSWER_NO;
}

static int esc_delay(const struct term *t)
{
	bool awaited = t->asked_us && !t->input.said.fence && since_ms(t->asked_us) < ANSWERS_MS;

	return awaited ? ESC_ANSWER_MS : ESC_DELAY_MS;
}

/* The next key, if one comes within wait_ms. */
static bool read_key(struct term *t, int wait_ms, struct key *out)
{
	enum input_result r = input_next(&t->input, false, out);

	while (r != INPUT_KEY) {
		if (!t->gone && take_input(t, r == INPUT_ESC ? esc_delay(t) : wait_ms)) {
			r = input_next(&t->input, false, out);
		} else if (t->gone) {
			*out = (struct key){ .code = KEYCODE_EOF };
			break;
		} else if (r == INPUT_ESC) {
			r = input_next(&t->input, true, out);
			break;
		} else {
			break;
		}
	}
	heed_answers(t);
	return r == INPUT_KEY || t->gone;
}

static void early_free(void *key)
{
	g_free(((struct key *)key)->text);
	g_free(key);
}

static void keep_early(struct term *t, const struct key *k)
{
	g_queue_push_tail(&t->early, g_memdup2(k, sizeof *k));
}

static bool take_early(struct term *t, struct key *out)
{
	g_autofree struct key *k = g_queue_pop_head(&t->early);

	if (k)
		*out = *k;
	return k != NULL;
}

void term_heed(struct term *t)
{
	struct key k;

	do
		while (input_next(&t->input, false, &k) == INPUT_KEY)
			keep_early(t, &k);
	while (!t->gone && take_input(t, 0));
	heed_answers(t);
}

/* ---- a paste that the terminal does not mark ---- */

static bool is_typed_text(const struct key *k, bool first)
{
	if (k->code == KEYCODE_CHAR)
		return !k->ctrl && !k->alt;
	return !first && (k->code == KEYCODE_ENTER || k->code == KEYCODE_TAB);
}

/* A key that is held down comes in bursts too, over a slow line. */
static bool is_burst(const GQueue *held)
{
	const struct key *first = held->head->data;

	if (held->length < BURST_KEYS)
		return false;
	for (const GList *l = held->head; l; l = l->next)
		if (!key_same(l->data, first))
			return true;
	return false;
}

/* Holds keys back as long as they come faster than fingers; then they are a paste, or themselves. */
static void hold_burst(struct term *t, struct key *k)
{
	GQueue held = G_QUEUE_INIT;
	GString *text;
	struct key next;
	bool more;

	g_queue_push_tail(&held, g_memdup2(k, sizeof *k));
	while ((more = held.length < BURST_MAX && read_key(t, BURST_GAP_MS, &next)) && is_typed_text(&next, false))
		g_queue_push_tail(&held, g_memdup2(&next, sizeof next));
	if (is_burst(&held)) {
		text = g_string_new(NULL);
		for (GList *l = held.head; l; l = l->next) {
			const struct key *one = l->data;

			g_string_append_unichar(text, one->code == KEYCODE_CHAR ? one->ch
						      : one->code == KEYCODE_TAB ? '\t' : '\n');
		}
		*k = (struct key){ .code = KEYCODE_PASTE, .text = g_string_free(text, FALSE) };
	} else {
		early_free(g_queue_pop_head(&held));
		while (held.length)
			g_queue_push_tail(&t->early, g_queue_pop_head(&held));
	}
	g_queue_clear_full(&held, early_free);
	if (more)
		keep_early(t, &next);
}

bool term_key(struct term *t, struct key *out)
{
	if (take_early(t, out))
		return true;
	if (!read_key(t, 0, out))
		return false;
	if (!t->paste_on && is_typed_text(out, true))
		hold_burst(t, out);
	return true;
}

/* --- open, close ---------------------------------------------------------------------------- */

/* newterm takes signals that are not curses' business here; they are given back. */
static SCREEN *start_curses(const char *name)
{
	static const int theirs[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	struct sigaction kept[G_N_ELEMENTS(theirs)];
	SCREEN *screen;

	for (size_t i = 0; i < G_N_ELEMENTS(theirs); i++)
		sigaction(theirs[i], NULL, &kept[i]);
	screen = newterm(name, stdout, stdin);
	for (size_t i = 0; i < G_N_ELEMENTS(theirs); i++)
		sigaction(theirs[i], &kept[i], NULL);
	return screen;
}

static void set_up_curses(struct term *t, const struct term_options *opt)
{
	raw(); /* ^C, ^Z and ^S are keys */
	noecho();
	nonl();
	typeahead(-1); /* a frame once begun is finished */
	set_escdelay(ESC_DELAY_MS);
	idlok(stdscr, TRUE); /* whole rows that moved are scrolled by the terminal */
	idcok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	t->depth = colour_depth(opt);
	t->default_colours = t->depth != DEPTH_MONO && use_default_colors() == OK;
}

struct term *term_open(const struct term_options *opt, GError **err)
{
	g_autofree char *note = NULL, *name = NULL;
	bool utf8 = locale_is_utf8();
	struct term *t;
	SCREEN *screen;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "the console needs a terminal on input and output; the commands "
				    "work without one: see 'keyrack --help'");
		return NULL;
	}
	name = choose_description(&note, err);
	if (!name)
		return NULL;
	restore_arm(STDIN_FILENO);
	screen = start_curses(name);
	if (!screen) {
		restore_disarm();
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "the terminal '%s' cannot be used as a screen", name);
		return NULL;
	}
	t = g_new0(struct term, 1);
	*t = (struct term){ .screen = screen, .in = STDIN_FILENO, .out = STDOUT_FILENO,
			    .theme = opt->theme, .mouse = opt->mouse, .ascii = opt->ascii || !utf8,
			    .modern = escape_is_modern(name), .whole = true, .cursor_shown = -1,
			    .pairs = 1 };
	t->name = g_steal_pointer(&name);
	t->note = g_steal_pointer(&note);
	t->pair_of = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	input_init(&t->input);
	grid_init(&t->shown);
	set_up_curses(t, opt);
	prepare_restore(t);
	/* To the other screen; what a question leaves there is gone with the first frame. */
	wrefresh(stdscr);
	if (t->modern && g_strcmp0(g_getenv("TERM_PROGRAM"), "Apple_Terminal") != 0) {
		term_send(t, ASK_ALL);
		t->asked_us = g_get_monotonic_time();
	}
	modes(t, true);
	return t;
}

/* To the shell's screen, modes and all. */
static void leave(struct term *t)
{
	modes(t, false);
	if (t->titled)
		term_send(t, TITLE_POP);
	t->titled = false;
	endwin();
	restore_left();
	restore_disarm();
}

void term_close(struct term *t)
{
	if (!t)
		return;
	leave(t);
	delscreen(t->screen);
	input_done(&t->input);
	g_queue_clear_full(&t->early, early_free);
	grid_done(&t->shown);
	g_hash_table_unref(t->pair_of);
	g_free(t->line);
	g_free(t->name);
	g_free(t->note);
	g_free(t);
}

const char *term_note(const struct term *t)
{
	return t->note;
}

void term_size(const struct term *t, int *rows, int *cols)
{
	(void)t;
	getmaxyx(stdscr, *rows, *cols);
}

bool term_is_ascii(const struct term *t)
{
	return t->ascii;
}

bool term_has_colour(const struct term *t)
{
	return t->depth != DEPTH_MONO;
}

void term_set_theme(struct term *t, const struct theme *theme)
{
	t->theme = theme;
	t->whole = true;
}

void term_set_mouse(struct term *t, bool on)
{
	t->mouse = on;
	if (t->modern)
		term_send(t, on ? MOUSE_ON : MOUSE_OFF);
}

/* --- the outside ---------------------------------------------------------------------------- */

/* After somebody else had the terminal: its size, its modes, everything drawn. */
static void come_back(struct term *t)
{
	reset_prog_mode();
	modes(t, true);
	t->cursor_shown = -1;
	t->whole = true;
}

static bool take_size(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_row == 0 || w.ws_col == 0 ||
	    (w.ws_row == LINES && w.ws_col == COLS))
		return false;
	resizeterm(w.ws_row, w.ws_col);
	return true;
}

void term_suspend(struct term *t)
{
	struct sigaction old, stop = { .sa_handler = SIG_DFL };

	leave(t); /* and from here on ^Z means what it means to the system */
	sigaction(SIGTSTP, &stop, &old);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
	prepare_restore(t);
	restore_arm(t->in);
	def_shell_mode();
	come_back(t);
	take_size();
}

bool term_resized(struct term *t)
{
	enum resumed resumed = restore_resumed();

	if (resumed == RESUMED_FROM_SHELL && enter_ca_mode)
		term_send(t, enter_ca_mode);
	if (resumed)
		come_back(t);
	if (take_size())
		t->whole = true;
	return t->whole;
}

bool term_busy(const struct term *t)
{
	int unsent = 0;

	return ioctl(t->out, TIOCOUTQ, &unsent) == 0 && unsent > 0;
}

void term_notify(struct term *t, const char *title, const char *text, bool bell)
{
	g_autofree char *s = escape_notice(t->name, t->input.said.version, title, text);

	if (s)
		term_send(t, s);
	if (bell || !s)
		term_send(t, "\a");
}

void term_title(struct term *t, const char *text)
{
	g_autofree char *s = escape_title(text);

	if (!t->modern)
		return;
	if (!t->titled) {
		term_send(t, TITLE_PUSH);
		t->titled = true;
		prepare_restore(t);
	}
	term_send(t, s);
}

bool term_copy(struct term *t, const char *text)
{
	g_autofree char *s = t->modern ? escape_copy(text) : NULL;

	if (s)
		term_send(t, s);
	return s != NULL;
}

int32_t term_background(const struct term *t)
{
	return t->input.said.background;
}
