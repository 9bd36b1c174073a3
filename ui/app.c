/* app - the console on a terminal: the main loop and what feeds it.
 *
 * Keys, signals, sync's pokes, and one timer that fires when the minute changes; nothing else
 * wakes it, so while nothing changes it does nothing. All drawing happens once at the end of a
 * turn of the loop, after every key that had been typed was taken. */
#include "ui/app.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "core/i18n.h"
#include "ui/app_core.h"
#include "ui/clipboard.h"
#include "ui/notify.h"
#include "ui/screens/palette.h"
#include "ui/term/term.h"

#define KEYS_PER_TURN 256
#define RETRY_FIRST_MS 100
#define RETRY_LAST_MS 30000

struct console {
	struct app *app;
	struct term *term;
	struct grid grid;
	struct theme *theme;
	GMainLoop *loop;
	const struct profile *profile;
	const struct app_options *opt;
	struct poke_client *poke;
	struct poke_status sync;
	bool compare_asked; /* somebody waits to hear that it is done */
	struct notify *notify;
	struct clipboard *clipboard;
	char *title;             /* the window's, as told last */
	unsigned more;           /* source of the keys that one turn has left */
	unsigned frame;          /* source of the next frame; 0: none wanted */
	unsigned minute, retry;
	int retry_ms;
	bool start_tried;        /* sync was started since it was last seen */
	bool whole, mouse;
};

static struct instant read_clock(const struct console *c)
{
	return c->opt->clock ? c->opt->clock() : instant_now();
}

static void turn_begin(struct console *c)
{
	c->app->world.now = read_clock(c);
}

static void turn_end(struct console *c)
{
	app_turn_done(c->app);
	if (c->app->quit)
		g_main_loop_quit(c->loop);
}

/* ---- frames ---- */

static void show_title(struct console *c)
{
	g_autofree char *title = app_window_title(c->app);

	if (g_strcmp0(title, c->title) == 0)
		return;
	term_title(c->term, title);
	g_free(c->title);
	c->title = g_steal_pointer(&title);
}

static gboolean draw_frame(gpointer p)
{
	struct console *c = p;
	int rows, cols;

	c->frame = 0;
	term_size(c->term, &rows, &cols);
	if (rows != c->grid.rows || cols != c->grid.cols)
		grid_resize(&c->grid, rows, cols);
	c->grid.ascii = term_is_ascii(c->term);
	app_draw(c->app, &c->grid);
	term_show(c->term, &c->grid, c->whole);
	c->whole = false;
	show_title(c);
	return G_SOURCE_REMOVE;
}

/* Below input: keys that are waiting are taken first, frames are what is skipped. */
static void want_frame(void *ctx)
{
	struct console *c = ctx;

	if (!c->frame)
		c->frame = g_idle_add_full(G_PRIORITY_DEFAULT + 10, draw_frame, c, NULL);
}

/* ---- keys ---- */

static void take_key(struct console *c, const struct key *k)
{
	if (k->code == KEYCODE_EOF)
		c->app->quit = true;
	else if (k->code == KEYCODE_FOCUS_IN || k->code == KEYCODE_FOCUS_OUT)
		notify_focus(c->notify, k->code == KEYCODE_FOCUS_IN);
	else
		app_key(c->app, k);
}

static gboolean on_more(gpointer p);

/* What has been read and not taken the file does not tell again. */
static void take_keys(struct console *c)
{
	struct key k;
	int taken = 0;

	while (!c->app->quit && taken++ < KEYS_PER_TURN && term_key(c->term, &k)) {
		take_key(c, &k);
		g_free(k.text);
		app_turn_done(c->app);
	}
	if (taken > KEYS_PER_TURN && !c->more)
		c->more = g_idle_add_full(G_PRIORITY_DEFAULT, on_more, c, NULL);
}

static gboolean on_more(gpointer p)
{
	struct console *c = p;

	c->more = 0;
	turn_begin(c);
	take_keys(c);
	turn_end(c);
	return G_SOURCE_REMOVE;
}

static gboolean on_input(gint fd, GIOCondition what, gpointer p)
{
	struct console *c = p;

	(void)fd;
	turn_begin(c);
	take_keys(c);
	if (what & (G_IO_HUP | G_IO_ERR | G_IO_NVAL))
		c->app->quit = true;
	turn_end(c);
	return c->app->quit ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void suspend(struct console *c)
{
	term_suspend(c->term);
	turn_begin(c);
	c->whole = true;
	app_changed(c->app, POKE_ALL);
}

/* NULL: the one that fits the terminal. */
static const char *wanted_theme(const struct console *c)
{
	const char *name = c->opt->theme ? c->opt->theme : c->profile->theme;

	return g_strcmp0(name, "auto") == 0 ? NULL : name;
}

static void set_theme(struct console *c, const char *name)
{
	struct theme *next = theme_load(name);

	if (c->term)
		term_set_theme(c->term, next);
	theme_free(c->theme);
	c->theme = next;
	c->whole = true;
}

/* The one that was named, else the next. NULL: there is no such theme, which was said. */
static const char *next_theme_name(struct console *c, char **names)
{
	const char *asked = app_argument(c->app);
	guint n = g_strv_length(names), at = 0;
	int found;

	if (asked) {
		found = palette_pick(c->app, asked, (const char *const *)names);
		return found < 0 ? NULL : names[found];
	}
	while (at < n && g_strcmp0(names[at], c->theme->name) != 0)
		at++;
	return n ? names[at + 1 < n ? at + 1 : 0] : NULL;
}

static void next_theme(struct console *c)
{
	g_auto(GStrv) names = theme_names();
	const char *name = names ? next_theme_name(c, names) : NULL;

	if (!name)
		return;
	set_theme(c, name);
	app_message(c->app, false, _("Theme: %s"), c->theme->name);
}

static bool set_mouse(struct console *c, const char *asked)
{
	static const char *const words[] = { N_("off"), N_("on"), NULL };
	int to = asked ? palette_pick(c->app, asked, words) : !c->mouse;

	if (to >= 0)
		c->mouse = to;
	return to >= 0;
}

static bool terminal_command(enum command cmd, void *ctx)
{
	struct console *c = ctx;

	switch ((int)cmd) {
	case COMMAND_SUSPEND:
		suspend(c);
		return true;
	case COMMAND_REDRAW:
		c->whole = true;
		want_frame(c);
		return true;
	case COMMAND_THEME:
		next_theme(c);
		return true;
	case COMMAND_MOUSE:
		if (!set_mouse(c, app_argument(c->app)))
			return true;
		term_set_mouse(c->term, c->mouse);
		app_message(c->app, false, c->mouse ? _("Mouse on: hold Shift to select text.")
						    : _("Mouse off: the terminal selects text."));
		return true;
	default:
		return false;
	}
}

/* ---- signals ---- */

static gboolean on_end_signal(gpointer p)
{
	struct console *c = p;

	c->app->quit = true;
	turn_end(c);
	return G_SOURCE_CONTINUE;
}

static gboolean on_resize(gpointer p)
{
	struct console *c = p;

	if (term_resized(c->term))
		want_frame(c);
	return G_SOURCE_CONTINUE;
}

/* GLib has no source for SIGTSTP; a byte through a pipe brings it into the loop. */
static int stop_pipe[2] = { -1, -1 };

static void on_stop_signal(int sig)
{
	int saved = errno;

	(void)sig;
	if (write(stop_pipe[1], "z", 1) < 0)
		errno = 0; /* full: a stop is on its way already */
	errno = saved;
}

static gboolean on_stop_byte(gint fd, GIOCondition what, gpointer p)
{
	char drop[16];

	(void)what;
	while (read(fd, drop, sizeof drop) > 0)
		;
	suspend(p);
	return G_SOURCE_CONTINUE;
}

static void watch_signals(struct console *c, GArray *sources)
{
	const int end[] = { SIGTERM, SIGINT, SIGHUP };
	struct sigaction stop = { .sa_handler = on_stop_signal, .sa_flags = SA_RESTART };
	unsigned id;

	for (size_t i = 0; i < G_N_ELEMENTS(end); i++) {
		id = g_unix_signal_add(end[i], on_end_signal, c);
		g_array_append_val(sources, id);
	}
	id = g_unix_signal_add(SIGWINCH, on_resize, c);
	g_array_append_val(sources, id);
	if (!g_unix_open_pipe(stop_pipe, FD_CLOEXEC, NULL))
		return;
	g_unix_set_fd_nonblocking(stop_pipe[0], TRUE, NULL);
	g_unix_set_fd_nonblocking(stop_pipe[1], TRUE, NULL);
	sigaction(SIGTSTP, &stop, NULL);
	id = g_unix_fd_add(stop_pipe[0], G_IO_IN, on_stop_byte, c);
	g_array_append_val(sources, id);
}

static void forget_signals(GArray *sources)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(SIGTSTP, &usual, NULL);
	for (guint i = 0; i < sources->len; i++)
		g_source_remove(g_array_index(sources, unsigned, i));
	for (int i = 0; i < 2; i++)
		if (stop_pipe[i] >= 0)
			close(stop_pipe[i]);
	stop_pipe[0] = stop_pipe[1] = -1;
}

/* ---- the minute ---- */

static void aim_at_minute(struct console *c);

static gboolean on_minute(gpointer p)
{
	struct console *c = p;

	c->minute = 0;
	turn_begin(c);
	app_changed(c->app, 0);
	app_look_ahead(c->app, 0);
	notify_tick(c->notify, &c->app->world);
	turn_end(c);
	aim_at_minute(c);
	return G_SOURCE_REMOVE;
}

static void aim_at_minute(struct console *c)
{
	int64_t now = read_clock(c).ms;

	c->minute = g_timeout_add((unsigned)(MINUTE_MS - now % MINUTE_MS + 5), on_minute, c);
}

/* ---- sync ---- */

static void connect_sync(struct console *c);

static gboolean on_retry(gpointer p)
{
	struct console *c = p;

	c->retry = 0;
	connect_sync(c);
	return G_SOURCE_REMOVE;
}

/* No sync yet: start one, then look for it again soon, and ever less often. */
static void connect_sync(struct console *c)
{
	g_autoptr(GError) err = NULL;

	turn_begin(c);
	if (poke_client_connect(c->poke, NULL)) {
		c->app->world.sync_connected = true;
		c->start_tried = false;
		c->retry_ms = RETRY_FIRST_MS;
		app_changed(c->app, POKE_ALL);
		app_look_ahead(c->app, POKE_ALL);
		return;
	}
	c->app->world.sync_connected = false;
	if (!c->start_tried && c->opt->start_sync) {
		c->start_tried = true;
		if (!c->opt->start_sync(c->profile, &err))
			app_message(c->app, true, _("sync did not start: %s"), err ? err->message : _("no reason given"));
	}
	c->retry = g_timeout_add((unsigned)c->retry_ms, on_retry, c);
	c->retry_ms = MIN(c->retry_ms * 2, RETRY_LAST_MS);
	/* A sync that did not come up in half a minute is started anew. */
	if (c->retry_ms == RETRY_LAST_MS)
		c->start_tried = false;
}

static void on_poke_changed(unsigned mask, void *ctx)
{
	struct console *c = ctx;
	struct cache *cache = c->app->world.cache;

	/* Sync made a new file, because the old one was deleted or damaged. */
	if (!cache_is_in_place(cache) && cache_reopen(cache, c->profile->group, NULL))
		mask = POKE_ALL;
	turn_begin(c);
	app_changed(c->app, mask);
	app_look_ahead(c->app, mask);
	notify_changed(c->notify, &c->app->world, mask);
	turn_end(c);
}

static void on_poke_status(const struct poke_status *s, void *ctx)
{
	struct console *c = ctx;

	bool compared = c->sync.phase == SYNC_COMPARING && s->phase == SYNC_FOLLOWING;

	turn_begin(c);
	if (compared && c->compare_asked) {
		c->compare_asked = false;
		app_message(c->app, false, _("Compared: what is shown is what the server has."));
	}
	poke_status_clear(&c->sync);
	c->sync = *s;
	c->sync.text = g_strdup(s->text);
	c->app->world.sync = &c->sync;
	c->app->world.sync_connected = true;
	notify_status(c->notify, &c->app->world);
	want_frame(c);
}

static void on_poke_gone(void *ctx)
{
	struct console *c = ctx;

	c->app->world.sync_connected = false;
	want_frame(c);
	if (!c->retry)
		c->retry = g_timeout_add((unsigned)c->retry_ms, on_retry, c);
}

static void tell_sync(const char *line, void *ctx)
{
	struct console *c = ctx;

	c->compare_asked = c->compare_asked || strcmp(line, "compare") == 0;
	poke_client_send(c->poke, line);
}

/* ---- start and end ---- */

static struct cache *open_cache(const struct profile *p, GError **err)
{
	g_autofree char *path = profile_file(p, "cache.db");

	if (!profile_make_folder(p, err))
		return NULL;
	return cache_open(path, CACHE_DESK, p->group, err);
}

static struct term *open_term(struct console *c, GError **err)
{
	const struct app_options *o = c->opt;
	struct term_options to = {
		.theme = c->theme,
		.no_color = o->no_color,
		.ascii = o->ascii || c->profile->ascii,
		.mouse = c->mouse,
		.want_background = !wanted_theme(c) && !o->no_color,
	};

	return term_open(&to, err);
}

static void show_terminal_note(const char *title, const char *text, bool bell, void *ctx)
{
	struct console *c = ctx;

	term_notify(c->term, title, text, bell);
}

/* ---- the clipboard ---- */

static void copy_text(const char *text, bool secret, void *ctx)
{
	struct console *c = ctx;

	clipboard_copy(c->clipboard, text, secret);
}

static bool copy_by_terminal(const char *text, void *ctx)
{
	struct console *c = ctx;

	return term_copy(c->term, text);
}

static void tell_copied(bool bad, const char *message, void *ctx)
{
	struct console *c = ctx;

	app_message(c->app, bad, "%s", message);
	want_frame(c);
}

static void run(struct console *c)
{
	const struct clipboard_host clipboard = { .terminal = copy_by_terminal, .tell = tell_copied, .ctx = c };
	static const struct poke_callbacks callbacks = { on_poke_changed, on_poke_status, on_poke_gone };
	g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(unsigned));
	unsigned input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, c);
	int rows, cols;

	c->loop = g_main_loop_new(NULL, FALSE);
	c->notify = notify_new(c->profile, show_terminal_note, c);
	c->clipboard = clipboard_new(&clipboard);
	c->poke = poke_client_new(c->profile->folder, &callbacks, c);
	c->retry_ms = RETRY_FIRST_MS;
	watch_signals(c, sources);
	term_size(c->term, &rows, &cols);
	grid_init(&c->grid);
	grid_resize(&c->grid, rows, cols);
	c->whole = true;
	app_push(c->app, rack_new(c->app, &c->app->world));
	if (term_note(c->term))
		app_message(c->app, false, "%s", term_note(c->term));
	draw_frame(c); /* the cache is shown before anybody is waited for */
	take_keys(c);  /* those that came before anybody looked */
	connect_sync(c);
	aim_at_minute(c);
	if (!c->app->quit)
		g_main_loop_run(c->loop);
	if (g_main_context_find_source_by_id(NULL, input))
		g_source_remove(input);
	forget_signals(sources);
	if (c->retry)
		g_source_remove(c->retry);
	if (c->minute)
		g_source_remove(c->minute);
	if (c->more)
		g_source_remove(c->more);
	clipboard_free(c->clipboard);
	poke_client_free(c->poke);
	notify_free(c->notify);
	g_main_loop_unref(c->loop);
}

static void load_keys(struct console *c)
{
	g_autofree char *path = NULL;
	g_autoptr(GPtrArray) warnings = app_check_keys(&path);

	if (warnings->len == 1)
		app_message(c->app, true, _("keys.conf, %s"), (char *)warnings->pdata[0]);
	else if (warnings->len)
		app_message(c->app, true, _("keys.conf, %1$s; keyrack doctor tells %2$u more."),
			    (char *)warnings->pdata[0], warnings->len - 1);
}

int app_run(const struct profile *profile, const struct app_options *opt, GError **err)
{
	struct console c = { .profile = profile, .opt = opt, .sync = { .ok_at = INSTANT_NONE } };
	struct app_host host = { want_frame, tell_sync, terminal_command, &c, copy_text };
	OWN(cache) struct cache *cache = open_cache(profile, err);

	i18n_init();
	if (!cache)
		return 1;
	c.mouse = profile->mouse && !opt->no_mouse;
	c.sync.next_at = INSTANT_NONE;
	set_theme(&c, wanted_theme(&c));
	c.term = open_term(&c, err);
	if (!c.term) {
		theme_free(c.theme);
		return 1;
	}
	if (!wanted_theme(&c))
		set_theme(&c, theme_for(term_background(c.term), g_getenv("COLORFGBG")));
	c.app = app_new(cache, profile, read_clock(&c), &host);
	c.app->world.read_only = opt->read_only;
	c.app->world.sync = &c.sync;
	load_keys(&c);
	run(&c);
	app_free(c.app);
	if (c.frame)
		g_source_remove(c.frame);
	term_close(c.term);
	grid_done(&c.grid);
	theme_free(c.theme);
	g_free(c.title);
	poke_status_clear(&c.sync);
	return 0;
}
