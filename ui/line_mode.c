/* line_mode - a loop around lines; see the header. */
#include "ui/line_mode.h"

#include <glib-unix.h>
#include <langinfo.h>
#include <string.h>
#include <unistd.h>

#include "core/i18n.h"
#include "ui/console.h"
#include "ui/keymap.h"
#include "ui/line_form.h"
#include "ui/line_read.h"
#include "ui/seal.h"
#include "ui/undo.h"

#define LINE_BYTES_MAX 4096
#define EVENTS_AT_ONCE 20

struct line_mode {
	struct console console; /* without a terminal */
	struct reader reader;
	struct line_form form;
	GString *in;
	struct screen *told;    /* the screen that was read out last */
	guint depth;            /* of it in the stack */
	int64_t event_no;       /* the newest that was read out */
	int at_risk;
	unsigned flush;
	unsigned undo_told;     /* revocations whose time to be taken back was read out */
	bool follow;            /* what happens at the doors is read out as it comes */
	bool quiet;             /* a command is being carried out: it speaks for itself */
};

bool line_mode_is_due(void)
{
	const char *name = g_getenv("TERM");

	return !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !name || !*name || strcmp(name, "dumb") == 0;
}

static struct app *app_of(struct line_mode *m)
{
	return m->console.app;
}

static struct screen *top_of(struct line_mode *m)
{
	GPtrArray *stack = app_of(m)->stack;

	return g_ptr_array_index(stack, stack->len - 1);
}

/* ---- saying ---- */

/* A message is said once, whenever it comes. */
static void say_message(struct line_mode *m)
{
	struct app *app = app_of(m);
	g_autofree char *undo = undo_made(app->undo) != m->undo_told ? undo_words(app->undo) : NULL;

	m->undo_told = undo_made(app->undo);
	if (app->message)
		reader_sayf(&m->reader, app->message_bad ? "! %s" : "%s", app->message);
	app_message_clear(app);
	if (undo)
		reader_say(&m->reader, undo);
}

static void say_events(struct line_mode *m)
{
	struct app *app = app_of(m);
	struct event_query q = { .after_no = m->event_no, .limit = EVENTS_AT_ONCE };
	int64_t last = cache_last_event_no(app->world.cache);
	OWN(cache_list) struct cache_list *list = last > m->event_no ? cache_events(app->world.cache, &q, NULL) : NULL;

	for (guint i = 0; list && i < list->rows->len; i++)
		reader_event(&m->reader, cache_list_at(list, struct event_row, i));
	if (list && list->rows->len == EVENTS_AT_ONCE)
		reader_say(&m->reader, _("There was more: 'events' lists all."));
	m->event_no = last;
	if (app->at_risk > m->at_risk)
		reader_sayf(&m->reader,
			    P_("%d guest of tonight is at risk.", "%d guests of tonight are at risk.", app->at_risk),
			    app->at_risk);
	m->at_risk = app->at_risk;
}

static void prompt(struct line_mode *m)
{
	struct screen *s = top_of(m);

	if (app_of(m)->quit)
		return;
	m->reader.said = 0;
	if (reader_holds(&m->reader))
		fputs(_("more? "), m->reader.out);
	else if (line_form_is(s))
		line_form_prompt(&m->form, &m->reader, s);
	else if (s->asks == ASKS_YES)
		fputs(_("yes or no? "), m->reader.out);
	else if (s->asks == ASKS_LINE)
		fputs(_("text, or . to leave it: "), m->reader.out);
	else if (s->asks == ASKS_CHOICE)
		fputs(_("Enter does it, . leaves it, or type something else: "), m->reader.out);
	else
		fprintf(m->reader.out, "%s> ", s->ops->name);
	fflush(m->reader.out);
}

/* What came while nobody typed: lines of their own, and the question again. Not amid a form, where they
 * would be taken for what it says. The answers to what was done here come unasked, the rest to who follows. */
static gboolean flush(gpointer p)
{
	struct line_mode *m = p;
	struct app *app = app_of(m);
	bool events = m->follow && (cache_last_event_no(app->world.cache) > m->event_no || app->at_risk > m->at_risk);

	m->flush = 0;
	if (app->quit || !(app->message || events) || line_form_is(top_of(m)) || top_of(m)->asks ||
	    reader_holds(&m->reader))
		return G_SOURCE_REMOVE;
	fputc('\n', m->reader.out);
	say_message(m);
	if (events)
		say_events(m);
	prompt(m);
	return G_SOURCE_REMOVE;
}

static void want_flush(void *ctx)
{
	struct line_mode *m = ctx;

	if (!m->flush && !m->quiet)
		m->flush = g_idle_add(flush, m);
}

/* Whatever a command has brought up is read out, once. */
static void say_screen(struct line_mode *m)
{
	struct screen *s = top_of(m);

	guint depth = app_of(m)->stack->len;
	bool back = depth < m->depth;
	g_autofree char *words = NULL;
	int row;

	if (s == m->told)
		return;
	m->told = s;
	m->depth = depth;
	if (back && !s->popup && !line_form_is(s)) {
		words = reader_row(&m->reader, &row);
		reader_sayf(&m->reader, "%s: %s", s->ops->name, words ? words : "");
	} else if (line_form_is(s)) {
		line_form_begin(&m->form, &m->reader, s);
	} else if (s->popup) {
		reader_popup(&m->reader, s);
	} else {
		reader_sayf(&m->reader, "%s:", s->ops->name);
		reader_list(&m->reader, 1);
	}
}

/* ---- doing ---- */

static void press(struct line_mode *m, const struct key *k)
{
	app_key(app_of(m), k);
	app_turn_done(app_of(m));
}

static void press_code(struct line_mode *m, enum key_code code)
{
	press(m, &(struct key){ .code = code });
}

static void type(struct line_mode *m, const char *text)
{
	press(m, &(struct key){ .code = KEYCODE_PASTE, .text = (char *)(uintptr_t)text });
}

static void say_help(struct line_mode *m)
{
	enum view view = top_of(m)->ops->view;

	reader_say(&m->reader,
		   _("A number goes to that row. Every command may have a row's number behind it: 'open 3', "
		     "'why 2'. 'list' reads the rows again, 'more' goes on, 'show' reads all that there "
		     "is, 'find NAME' searches, 'follow' reads out what happens as it comes, 'type TEXT' "
		     "and 'press KEY' are for what asks for text or a key. The end of input, or 'quit', leaves."));
	for (int c = 0; c < COMMAND_COUNT; c++) {
		const struct command_info *info = command_info((enum command)c);
		const char *keys[2] = { NULL };

		if (world_hides(&app_of(m)->world, info->flags))
			continue;
		keymap_keys(view, (enum command)c, keys, G_N_ELEMENTS(keys));
		reader_sayf(&m->reader, "%s%s%s: %s", info->name, keys[0] ? ", " : "", keys[0] ? keys[0] : "",
			    _(info->help));
	}
}

static void follow(struct line_mode *m, const char *rest)
{
	m->follow = strcmp(rest, "off") != 0 && (*rest || !m->follow);
	/* From now on: what was before, 'events' lists. */
	m->event_no = cache_last_event_no(app_of(m)->world.cache);
	m->at_risk = app_of(m)->at_risk;
	reader_say(&m->reader, m->follow ? _("What happens is read out as it comes; 'follow off' ends it.")
					 : _("What happens is not read out any more."));
}

static bool parse_number(const char *word, int *out)
{
	gint64 n;

	if (!g_ascii_string_to_signed(word, 10, 1, 9999, &n, NULL))
		return false;
	*out = (int)n;
	return true;
}

static void go(struct line_mode *m, int number, const char *typed)
{
	int row;

	if (!reader_go(&m->reader, number)) {
		/* As on the screen: a room's number and Enter. */
		for (const char *p = typed; *p; p++)
			press(m, &(struct key){ .code = KEYCODE_CHAR, .ch = (unsigned char)*p });
		press_code(m, KEYCODE_ENTER);
	}
	if (top_of(m) == m->told && !app_of(m)->message) {
		g_autofree char *words = reader_row(&m->reader, &row);

		reader_say(&m->reader, words ? words : _("There is nothing to go to."));
	}
}

/* Own words of the line mode; what it knows no command for is a key. */
static bool own_word(struct line_mode *m, const char *word, const char *rest)
{
	struct key k;

	if (strcmp(word, "help") == 0 || strcmp(word, "?") == 0)
		say_help(m);
	else if (strcmp(word, "list") == 0 || strcmp(word, "rows") == 0)
		reader_list(&m->reader, 1);
	else if (strcmp(word, "more") == 0 && m->reader.next)
		reader_list(&m->reader, m->reader.next);
	else if (strcmp(word, "more") == 0)
		reader_say(&m->reader, _("That was all."));
	else if (strcmp(word, "show") == 0 && !*rest)
		reader_show(&m->reader);
	else if (strcmp(word, "follow") == 0)
		follow(m, rest);
	else if (strcmp(word, "type") == 0)
		type(m, rest);
	else if (strcmp(word, "press") == 0 && key_parse(rest, &k))
		press(m, &k);
	else
		return false;
	return true;
}

static enum command command_of(struct line_mode *m, const char *word)
{
	enum command c = command_by_name(word);
	struct key k;

	return c == COMMAND_NONE && key_parse(word, &k) ? keymap_find(top_of(m)->ops->view, &k) : c;
}

static bool is_locked_off(enum command c)
{
	return c == COMMAND_SEAL || c == COMMAND_PALETTE;
}

/* A mark goes on to the next row: the one that was meant is said first. */
static void say_marked(struct line_mode *m, int was)
{
	g_autofree char *here = NULL, *words = NULL;
	int row;

	here = reader_row(&m->reader, &row);
	if (row == was)
		return;
	app_run_command(app_of(m), COMMAND_UP);
	words = reader_row(&m->reader, &row);
	app_run_command(app_of(m), COMMAND_DOWN);
	app_turn_done(app_of(m));
	if (words)
		reader_say(&m->reader, words);
}

/* Only the cursor goes, or only its row changes: that row is enough to hear. */
static bool is_of_one_row(enum command c)
{
	static const enum command of_one[] = {
		COMMAND_UP, COMMAND_DOWN, COMMAND_PAGE_UP, COMMAND_PAGE_DOWN, COMMAND_FIRST, COMMAND_LAST,
		COMMAND_NEXT_BAR, COMMAND_PREVIOUS_BAR, COMMAND_NEXT_PANE, COMMAND_NEXT_RISK, COMMAND_FIND_NEXT,
		COMMAND_FIND_PREVIOUS, COMMAND_NEXT_UNLOCK, COMMAND_PREVIOUS_UNLOCK, COMMAND_MARK,
		COMMAND_START_EARLIER, COMMAND_START_LATER, COMMAND_END_EARLIER, COMMAND_END_LATER,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(of_one); i++)
		if (of_one[i] == c)
			return true;
	return false;
}

/* A command, and behind it a row's number or what it will ask for. */
static void do_command(struct line_mode *m, enum command c, const char *rest)
{
	struct screen *before = top_of(m);
	char *was;
	int row, now_row, number;

	if (*rest && parse_number(rest, &number) && c != COMMAND_FIND && c != COMMAND_DAY) {
		if (!reader_go(&m->reader, number)) {
			reader_sayf(&m->reader, _("! There is no row %d."), number);
			return;
		}
		rest = "";
	}
	was = reader_row(&m->reader, &row);
	if (*rest)
		app_run_command_with(app_of(m), c, rest);
	else
		app_run_command(app_of(m), c);
	app_turn_done(app_of(m));
	if (c == COMMAND_MARK)
		say_marked(m, row);
	if (top_of(m) == before && !app_of(m)->quit && !app_of(m)->message) {
		g_autofree char *now = reader_row(&m->reader, &now_row);

		/* Moved, searched or sorted: what is there now. */
		if (*rest || (!is_of_one_row(c) && g_strcmp0(was, now) != 0))
			reader_list(&m->reader, 1);
		else if (now)
			reader_say(&m->reader, now);
	}
	g_free(was);
}

static void take_command(struct line_mode *m, char *line)
{
	char *rest = line + strcspn(line, " \t");
	enum command c;
	int number;

	if (*rest)
		*rest++ = '\0';
	g_strstrip(rest);
	if (!*line)
		return;
	if (parse_number(line, &number)) {
		go(m, number, line);
	} else if (!own_word(m, line, rest)) {
		c = command_of(m, line);
		if (c == COMMAND_NONE)
			reader_sayf(&m->reader, _("! '%s' is no command here; 'help' lists them."), line);
		else if (is_locked_off(c))
			reader_sayf(&m->reader, _("! '%s' needs a screen."), line);
		else
			do_command(m, c, rest);
	}
}

static void take_yes(struct line_mode *m, const char *line)
{
	bool yes = reader_yes(line), no = reader_no(line);

	if (yes || no)
		press(m, &(struct key){ .code = KEYCODE_CHAR, .ch = yes ? 'y' : 'n' });
	else
		reader_say(&m->reader, _("! Answer yes or no."));
}

static void take_text(struct line_mode *m, const char *line)
{
	if (strcmp(line, ".") == 0) {
		press_code(m, KEYCODE_ESC);
		return;
	}
	if (*line) {
		press(m, &(struct key){ .code = KEYCODE_CHAR, .ch = 'u', .ctrl = true });
		type(m, line);
	}
	press_code(m, KEYCODE_ENTER);
}

/* What is typed is seen, and heard, before it is done. */
static void take_choice(struct line_mode *m, const char *line)
{
	struct screen *s = top_of(m);

	if (strcmp(line, ".") == 0 || !*line) {
		press_code(m, *line ? KEYCODE_ESC : KEYCODE_ENTER);
		return;
	}
	press(m, &(struct key){ .code = KEYCODE_CHAR, .ch = 'u', .ctrl = true });
	type(m, line);
	reader_popup(&m->reader, s);
}

/* At a question with a few answers it is none of them. Where text is asked for, it may be that. */
static bool take_quit(struct line_mode *m, const char *line)
{
	struct screen *s = top_of(m);
	bool quit = strcmp(line, "quit") == 0 && (s->asks == ASKS_YES || s->asks == ASKS_CHOICE);

	if (quit) {
		press_code(m, KEYCODE_ESC);
		app_run_command(app_of(m), COMMAND_QUIT);
	}
	return quit;
}

/* True: it was only the next page that was asked for. */
static bool take_more(struct line_mode *m, const char *line)
{
	if (reader_holds(&m->reader) && (!*line || strcmp(line, "more") == 0))
		return reader_more(&m->reader);
	reader_turn(&m->reader);
	return false;
}

static void take_line(struct line_mode *m, char *line)
{
	struct screen *s = top_of(m);

	console_turn_begin(&m->console);
	m->quiet = true;
	g_strstrip(line);
	if (take_more(m, line) || take_quit(m, line))
		;
	else if (line_form_is(s))
		line_form_take(&m->form, &m->reader, s, line);
	else if (s->asks == ASKS_YES)
		take_yes(m, line);
	else if (s->asks == ASKS_LINE)
		take_text(m, line);
	else if (s->asks == ASKS_CHOICE)
		take_choice(m, line);
	else
		take_command(m, line);
	app_turn_done(app_of(m));
	say_message(m);
	if (!app_of(m)->quit)
		say_screen(m);
	m->quiet = false;
	prompt(m);
	console_turn_end(&m->console);
}

/* ---- the loop ---- */

static void take_lines(struct line_mode *m, bool end)
{
	char *newline;

	while (!app_of(m)->quit && ((newline = strchr(m->in->str, '\n')) || (end && m->in->len))) {
		size_t n = newline ? (size_t)(newline - m->in->str) : m->in->len;
		g_autofree char *bytes = g_strndup(m->in->str, n);
		g_autofree char *line = g_utf8_make_valid(bytes, -1);

		g_string_erase(m->in, 0, (gssize)MIN(n + 1, m->in->len));
		take_line(m, line);
	}
}

static gboolean on_input(gint fd, GIOCondition what, gpointer p)
{
	struct line_mode *m = p;
	char bytes[LINE_BYTES_MAX];
	ssize_t n = read(fd, bytes, sizeof bytes);

	(void)what;
	if (n > 0)
		g_string_append_len(m->in, bytes, n);
	if (m->in->len > 16 * LINE_BYTES_MAX) /* nobody has typed that line */
		g_string_truncate(m->in, 0);
	take_lines(m, n <= 0);
	if (n <= 0)
		app_of(m)->quit = true;
	console_turn_end(&m->console);
	return app_of(m)->quit ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean on_end_signal(gpointer p)
{
	struct line_mode *m = p;

	app_of(m)->quit = true;
	console_turn_end(&m->console);
	return G_SOURCE_CONTINUE;
}

static gboolean on_minute(gpointer p)
{
	struct line_mode *m = p;

	console_turn_begin(&m->console);
	app_changed(app_of(m), 0);
	app_look_ahead(app_of(m), 0);
	return G_SOURCE_CONTINUE;
}

static void begin(struct line_mode *m)
{
	struct app *app = app_of(m);
	g_autofree char *name = app_window_title(app);

	app_push(app, rack_new(app, &app->world));
	m->event_no = cache_last_event_no(app->world.cache);
	m->quiet = true;
	console_connect_sync(&m->console);
	app_look_ahead(app, 0);
	m->at_risk = app->at_risk;
	app_draw(app, &m->reader.grid);
	m->told = top_of(m);
	m->depth = app->stack->len;
	reader_say(&m->reader, name);
	reader_say(&m->reader, _("'help' lists the commands, 'list' the rows."));
	say_message(m);
	m->quiet = false;
	prompt(m);
}

static void run(struct line_mode *m)
{
	const int ends[] = { SIGTERM, SIGHUP, SIGINT };
	unsigned source[G_N_ELEMENTS(ends)], minute = g_timeout_add(MINUTE_MS, on_minute, m);
	unsigned input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, m);
	struct console *c = &m->console;

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		source[i] = g_unix_signal_add(ends[i], on_end_signal, m);
	c->loop = g_main_loop_new(NULL, FALSE);
	c->poke = poke_client_new(c->profile->folder, &console_poke_callbacks, c);
	c->retry_ms = RETRY_FIRST_MS;
	begin(m);
	if (!c->app->quit)
		g_main_loop_run(c->loop);
	if (g_main_context_find_source_by_id(NULL, input))
		g_source_remove(input);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		g_source_remove(source[i]);
	g_source_remove(minute);
	if (c->retry)
		g_source_remove(c->retry);
	if (m->flush)
		g_source_remove(m->flush);
	poke_client_free(c->poke);
	g_main_loop_unref(c->loop);
}

int line_mode_run(struct profile *profile, struct cache *cache, const struct app_options *opt, GError **err)
{
	struct line_mode m = { .console = { .profile = profile, .opt = opt, .sync = { .ok_at = INSTANT_NONE } } };
	struct app_host host = { want_flush, console_tell_sync, NULL, &m, NULL, NULL };
	bool ascii = opt->ascii || profile->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;

	(void)err;
	m.console.sync.next_at = INSTANT_NONE;
	m.console.app = app_new(cache, profile, console_clock(&m.console), &host);
	m.console.app->world.read_only = opt->read_only;
	m.console.app->world.kiosk = opt->kiosk;
	m.console.app->line_mode = true;
	seal_begin_by_role(m.console.app);
	m.console.app->world.sync = &m.console.sync;
	m.in = g_string_new(NULL);
	reader_init(&m.reader, m.console.app, stdout, ascii);
	run(&m);
	app_free(m.console.app);
	reader_done(&m.reader);
	g_string_free(m.in, TRUE);
	poke_status_clear(&m.console.sync);
	fputc('\n', stdout);
	return 0;
}
