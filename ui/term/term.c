/* term - the terminal; see term.h. The only file that includes curses.
 *
 * curses is used for what it is good at: the difference between two screens, the terminal's own
 * scrolling, and what terminals can do. Input is read by input.c, because curses would take the
 * terminal's answers for typing. A row that has not changed since the last frame is not even
 * shown to curses. */
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include "config.h"

#include <curses.h>
#define term terminal_description /* terminfo has a struct of that name too */
#include <term.h>
#undef term
#undef bell
#undef lines
#undef columns

#include "ui/term/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ui/term/escape.h"
#include "ui/term/input.h"
#include "ui/term/paint.h"
#include "ui/term/restore.h"

enum {
	ESC_DELAY_MS = 25,
	READ_BYTES = 4096,
	PAIRS_MAX = 4096,
};

struct term {
	SCREEN *screen;
	int in, out;
	char *name;          /* of the description in use */
	char *note;
	bool ascii, mouse, gone;
	bool modern;         /* xterm's private modes and titles are understood */
	bool titled;
	bool default_colours;
	bool whole;          /* the next frame starts from nothing */
	enum depth depth;
	const struct theme *theme;
	struct grid shown;   /* the last frame */
	int cursor_shown;    /* -1 not known */
	struct input input;
	cchar_t *line;
	int line_cells;
	struct {
		int32_t fg, bg;
	} pair[PAIRS_MAX];
	int pairs;           /* pair 0 is the terminal's own colours */
	GHashTable *pair_of;
};

/* Straight to the terminal: modes, which curses knows nothing of. Gives up on one that is gone. */
static void send(const struct term *t, const char *s)
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
		t->modern ? "\033\\" SYNC_END MOUSE_OFF PASTE_OFF : "",
		exit_attribute_mode ? exit_attribute_mode : "",
		orig_pair ? orig_pair : "", cursor_normal ? cursor_normal : "",
		t->modern && change_scroll_region ? "\033[r" : "", t->titled ? TITLE_POP : "",
		exit_ca_mode ? exit_ca_mode : "\r\n", NULL);

	restore_set(s);
}

static void modes(struct term *t, bool on)
{
	if (!t->modern)
		return;
	send(t, on ? PASTE_ON : PASTE_OFF);
	if (t->mouse || !on)
		send(t, on ? MOUSE_ON : MOUSE_OFF);
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
	modes(t, true);
	if (t->modern && g_strcmp0(g_getenv("TERM_PROGRAM"), "Apple_Terminal") != 0)
		send(t, SYNC_ASK);
	return t;
}

/* To the shell's screen, modes and all. */
static void leave(struct term *t)
{
	modes(t, false);
	if (t->titled)
		send(t, TITLE_POP);
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
		send(t, on ? MOUSE_ON : MOUSE_OFF);
}

/* --- cells ---------------------------------------------------------------------------------- */

/* Colours to a pair, made when first used. When no more can be had, the terminal's own. */
static int pair_for(struct term *t, int32_t fg, int32_t bg)
{
	gint64 id = (gint64)((guint64)(guint32)fg << 32 | (guint32)bg);
	int number;

	if (fg < 0 && bg < 0)
		return 0;
	number = GPOINTER_TO_INT(g_hash_table_lookup(t->pair_of, &id));
	if (number)
		return number;
	if (t->pairs >= MIN(COLOR_PAIRS, PAIRS_MAX))
		return 0;
	if (!t->default_colours) {
		fg = fg < 0 ? COLOR_WHITE : fg;
		bg = bg < 0 ? COLOR_BLACK : bg;
	}
	if (init_extended_pair(t->pairs, fg, bg) == ERR)
		return 0;
	g_hash_table_insert(t->pair_of, g_memdup2(&id, sizeof id), GINT_TO_POINTER(t->pairs));
	return t->pairs++;
}

static attr_t attributes_of(uint8_t attr)
{
	attr_t a = A_NORMAL;

	if (attr & ATTR_BOLD)
		a |= A_BOLD;
	if (attr & ATTR_DIM)
		a |= A_DIM;
	if (attr & ATTR_UNDERLINE)
		a |= A_UNDERLINE;
	if (attr & ATTR_REVERSE)
		a |= A_REVERSE;
	if (attr & ATTR_ITALIC)
		a |= A_ITALIC;
	return a;
}

/* One cell of the grid, as one or two cells of curses. Returns how many were written to to. */
static int convert(struct term *t, const struct cell *c, cchar_t *to)
{
	struct paint p = paint_of(t->theme, t->depth, c->role, c->mark);
	wchar_t text[CCHARW_MAX + 1];
	int pair = pair_for(t, p.fg, p.bg), cells = paint_text(&c->glyph, text, G_N_ELEMENTS(text));

	setcchar(to, text, attributes_of(p.attr), (short)MIN(pair, SHRT_MAX), &pair);
	if (cells == c->glyph.width)
		return 1;
	setcchar(to + 1, L" ", attributes_of(p.attr), (short)MIN(pair, SHRT_MAX), &pair);
	return 2;
}

static void draw_row(struct term *t, const struct grid *g, int row, int cols)
{
	const struct cell *cell = g->cell + (size_t)row * (size_t)g->cols;
	int n = 0;

	for (int col = 0; col < cols; col++) {
		if (cell[col].glyph.width == 0)
			continue;
		if (cell[col].glyph.width == 2 && col + 1 >= cols)
			break;
		n += convert(t, &cell[col], &t->line[n]);
	}
	mvwadd_wchnstr(stdscr, row, 0, t->line, n);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->mark == b->mark && a->glyph.width == b->glyph.width &&
	       memcmp(a->glyph.ch, b->glyph.ch, sizeof a->glyph.ch) == 0;
}

static bool same_row(const struct grid *a, const struct grid *b, int row)
{
	size_t at = (size_t)row * (size_t)a->cols;

	for (int col = 0; col < a->cols; col++)
		if (!same_cell(&a->cell[at + (size_t)col], &b->cell[at + (size_t)col]))
			return false;
	return true;
}

/* Draws the rows that differ; returns how many. Remembers them. */
static int draw_rows(struct term *t, const struct grid *g, int rows, int cols)
{
	bool all = t->whole || t->shown.rows != g->rows || t->shown.cols != g->cols;
	int drawn = 0;

	if (t->line_cells < cols) {
		t->line = g_renew(cchar_t, t->line, (gsize)cols + 2);
		t->line_cells = cols;
	}
	for (int row = 0; row < rows; row++) {
		if (!all && same_row(g, &t->shown, row))
			continue;
		draw_row(t, g, row, cols);
		drawn++;
	}
	if (t->shown.rows != g->rows || t->shown.cols != g->cols)
		grid_resize(&t->shown, g->rows, g->cols);
	if (drawn > 0)
		memcpy(t->shown.cell, g->cell,
		       (size_t)g->rows * (size_t)g->cols * sizeof *g->cell);
	return drawn;
}

static void show_cursor(struct term *t, const struct grid *g, bool visible)
{
	if (t->cursor_shown != visible)
		curs_set(visible);
	t->cursor_shown = visible;
	leaveok(stdscr, !visible);
	if (visible)
		wmove(stdscr, g->cursor_row, g->cursor_col);
}

void term_show(struct term *t, const struct grid *g, bool whole)
{
	int rows = MIN(g->rows, LINES), cols = MIN(g->cols, COLS);
	bool visible = g->cursor_row >= 0 && g->cursor_row < rows && g->cursor_col >= 0 &&
		       g->cursor_col < cols;
	bool moved = t->cursor_shown != visible || g->cursor_row != t->shown.cursor_row ||
		     g->cursor_col != t->shown.cursor_col;

	if (t->gone)
		return;
	t->whole |= whole;
	if (t->whole) {
		werase(stdscr);
		clearok(curscr, TRUE);
	}
	if (draw_rows(t, g, rows, cols) == 0 && !moved && !t->whole)
		return;
	t->whole = false;
	t->shown.cursor_row = g->cursor_row;
	t->shown.cursor_col = g->cursor_col;
	if (t->input.sync_known)
		send(t, SYNC_BEGIN);
	show_cursor(t, g, visible);
	wnoutrefresh(stdscr);
	doupdate();
	if (t->input.sync_known)
		send(t, SYNC_END);
}

/* --- keys ----------------------------------------------------------------------------------- */

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
		input_add(&t->input, bytes, (size_t)n);
		return true;
	}
	if (n == 0 || (errno != EINTR && errno != EAGAIN))
		t->gone = true;
	return false;
}

bool term_key(struct term *t, struct key *out)
{
	enum input_result r = input_next(&t->input, false, out);

	while (r != INPUT_KEY) {
		if (!t->gone && take_input(t, r == INPUT_ESC ? ESC_DELAY_MS : 0)) {
			r = input_next(&t->input, false, out);
		} else if (t->gone) {
			*out = (struct key){ .code = KEYCODE_EOF };
			return true;
		} else if (r == INPUT_ESC) {
			r = input_next(&t->input, true, out);
			break;
		} else {
			return false;
		}
	}
	return r == INPUT_KEY;
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
		send(t, enter_ca_mode);
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
	g_autofree char *s = escape_notice(t->name, title, text);

	if (s)
		send(t, s);
	if (bell || !s)
		send(t, "\a");
}

void term_title(struct term *t, const char *text)
{
	g_autofree char *s = escape_title(text);

	if (!t->modern)
		return;
	if (!t->titled) {
		send(t, TITLE_PUSH);
		t->titled = true;
		prepare_restore(t);
	}
	send(t, s);
}
