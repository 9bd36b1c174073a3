/* app - the console on a terminal: the main loop and what feeds it.
 *
 * Keys, signals, sync's pokes, and one timer that fires when the minute changes; nothing else
 * wakes it, so while nothing changes it does nothing. All drawing happens once at the end of a
 * turn of the loop, after every key that had been typed was taken. */
#include "ui/app.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cache/rekey.h"
#include "core/i18n.h"
#include "core/locale.h"
#include "core/operators.h"
#include "ui/console.h"
#include "ui/line_mode.h"
#include "ui/night_watch.h"
#include "ui/screens/palette.h"
#include "ui/seal.h"
#include "ui/tour.h"

#define KEYS_PER_TURN 256
#define LOOK_SLICE_US 2000

struct instant console_clock(const struct console *c)
{
	return c->opt->clock ? c->opt->clock() : instant_now();
}

void console_turn_begin(struct console *c)
{
	c->app->world.now = console_clock(c);
}

void console_turn_end(struct console *c)
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
	cache_look_begin(c->app->world.cache);
	app_draw(c->app, &c->grid);
	cache_look_end(c->app->world.cache);
	term_show(c->term, &c->grid, c->whole);
	c->whole = false;
	show_title(c);
	if (c->notify)
		notify_cover(c->notify, c->app->seal != NULL);
	return G_SOURCE_REMOVE;
}

/* Below input: keys that are waiting are taken first, frames are what is skipped. */
void console_want_frame(void *ctx)
{
	struct console *c = ctx;

	if (!c->frame)
		c->frame = g_idle_add_full(G_PRIORITY_DEFAULT + 10, draw_frame, c, NULL);
}

static void look_done(struct console *c)
{
	g_autoptr(GPtrArray) alarms = night_look_alarms(c->looking);

	app_look_end(c->app, c->looking);
	if (alarms && c->notify)
		notify_arrivals(c->notify, &c->app->world, alarms);
	g_clear_pointer(&c->looking, night_look_free);
}

/* No key waits longer than one slice. What came while one was looked at is looked at next. */
static gboolean look_ahead(gpointer p)
{
	struct console *c = p;
	unsigned mask = c->look_anyway ? 0 : c->look_mask;

	console_turn_begin(c);
	if (!c->looking) {
		c->look_mask = 0;
		c->look_anyway = false;
		c->looking = app_look_begin(c->app, mask);
	} else if (night_look_step(c->looking, LOOK_SLICE_US)) {
		look_done(c);
	}
	console_turn_end(c);
	if (c->looking || c->look_mask || c->look_anyway)
		return G_SOURCE_CONTINUE;
	c->look = 0;
	return G_SOURCE_REMOVE;
}

/* Below the frames: what is about to be looked at is shown first, with the counts of before. */
void console_want_look(struct console *c, unsigned mask)
{
	c->look_mask |= mask;
	c->look_anyway |= mask == 0;
	if (!c->look)
		c->look = g_idle_add_full(G_PRIORITY_DEFAULT + 20, look_ahead, c, NULL);
}

/* ---- the theme ---- */

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

static const char *fitting_theme(const struct console *c)
{
	return theme_for(c->term ? term_background(c->term) : -1, g_getenv("COLORFGBG"));
}

/* The terminal's answer is not waited for: what is likely is shown at once, and what fits once it is
 * known, unless somebody has chosen meanwhile. */
static void fit_theme(struct console *c)
{
	const char *name = fitting_theme(c);

	if (!c->theme_fits || !term_has_colour(c->term) || strcmp(name, c->theme->name) == 0)
		return;
	set_theme(c, name);
	console_want_frame(c);
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
	c->key_us = g_get_monotonic_time();
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
	fit_theme(c);
	if (taken > KEYS_PER_TURN && !c->more)
		c->more = g_idle_add_full(G_PRIORITY_DEFAULT, on_more, c, NULL);
}

static gboolean on_more(gpointer p)
{
	struct console *c = p;

	c->more = 0;
	console_turn_begin(c);
	take_keys(c);
	console_turn_end(c);
	return G_SOURCE_REMOVE;
}

static gboolean on_input(gint fd, GIOCondition what, gpointer p)
{
	struct console *c = p;

	(void)fd;
	console_turn_begin(c);
	take_keys(c);
	if (what & (G_IO_HUP | G_IO_ERR | G_IO_NVAL))
		c->app->quit = true;
	console_turn_end(c);
	return c->app->quit ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

void console_suspend(struct console *c)
{
	term_suspend(c->term);
	console_turn_begin(c);
	c->whole = true;
	app_changed(c->app, POKE_ALL);
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
	c->theme_fits = false;
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

/* ---- the configuration again ---- */

static void watch_idle(struct console *c);

/* What has been changed here, the theme and the mouse, is again as the file says. */
void console_reload(struct console *c)
{
	g_autoptr(GError) err = NULL;
	OWN(profile) struct profile *now = profile_load(c->profile->id, &err);
	const char *name;

	if (!now) {
		app_message(c->app, true, _("Not read again: %s"), err->message);
		return;
	}
	profile_take(c->profile, now);
	name = wanted_theme(c);
	c->theme_fits = !name;
	set_theme(c, name ? name : fitting_theme(c));
	c->mouse = c->profile->mouse && !c->opt->no_mouse;
	term_set_mouse(c->term, c->mouse);
	watch_idle(c);
	if (c->theme->warnings->len)
		app_message(c->app, true, "%s", (char *)c->theme->warnings->pdata[0]);
	else if (c->profile->warnings->len)
		app_message(c->app, true, "%s", (char *)c->profile->warnings->pdata[0]);
	else
		app_message(c->app, false, "%s", _("The configuration was read again."));
	app_changed(c->app, POKE_ALL);
}

static bool terminal_command(enum command cmd, void *ctx)
{
	struct console *c = ctx;

	switch ((int)cmd) {
	case COMMAND_SUSPEND:
		console_suspend(c);
		return true;
	case COMMAND_REDRAW:
		c->whole = true;
		console_want_frame(c);
		return true;
	case COMMAND_THEME:
		next_theme(c);
		return true;
	case COMMAND_RELOAD:
		console_reload(c);
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

/* ---- the minute ---- */

static void aim_at_minute(struct console *c);

static gboolean on_minute(gpointer p)
{
	struct console *c = p;

	c->minute = 0;
	console_turn_begin(c);
	app_changed(c->app, 0);
	console_want_look(c, 0);
	notify_tick(c->notify, &c->app->world);
	console_turn_end(c);
	aim_at_minute(c);
	return G_SOURCE_REMOVE;
}

static void aim_at_minute(struct console *c)
{
	int64_t now = console_clock(c).ms;

	c->minute = g_timeout_add((unsigned)(MINUTE_MS - now % MINUTE_MS + 5), on_minute, c);
}

/* ---- left alone ---- */

static gboolean on_idle(gpointer p)
{
	struct console *c = p;
	int64_t quiet_ms = (g_get_monotonic_time() - c->key_us) / 1000;

	c->idle = 0;
	console_turn_begin(c);
	if (!seal_is_locked(c->app) && quiet_ms >= c->profile->idle_lock_ms && !seal_begin(c->app))
		return G_SOURCE_REMOVE; /* it has said why, and a locked desk would be worse */
	watch_idle(c);
	return G_SOURCE_REMOVE;
}

static void watch_idle(struct console *c)
{
	int64_t quiet_ms = (g_get_monotonic_time() - c->key_us) / 1000;
	int64_t after = c->profile->idle_lock_ms;

	if (c->idle)
		g_source_remove(c->idle);
	c->idle = 0;
	if (after)
		c->idle = g_timeout_add((unsigned)(quiet_ms < after ? after - quiet_ms : after), on_idle, c);
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
	console_want_frame(c);
}

static bool key_waits(void *ctx)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	(void)ctx;
	return poll(&in, 1, 0) > 0;
}

static bool operators_any(void)
{
	g_autofree char *path = operators_path();
	OWN(operators) struct operators *o = operators_load(path, NULL);
	g_auto(GStrv) names = o ? operators_names(o) : NULL;

	return !o || names[0];
}

static void run(struct console *c)
{
	const struct clipboard_host clipboard = { .terminal = copy_by_terminal, .tell = tell_copied, .ctx = c };
	g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(unsigned));
	unsigned input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, c);
	g_autofree char *locale = locale_complaint();
	int rows, cols;

	c->loop = g_main_loop_new(NULL, FALSE);
	c->notify = notify_new(c->profile, show_terminal_note, c);
	c->clipboard = clipboard_new(&clipboard);
	c->poke = poke_client_new(c->profile->folder, &console_poke_callbacks, c);
	c->retry_ms = RETRY_FIRST_MS;
	console_watch_signals(c, sources);
	term_size(c->term, &rows, &cols);
	grid_init(&c->grid);
	grid_resize(&c->grid, rows, cols);
	c->whole = true;
	app_push(c->app, rack_new(c->app, &c->app->world));
	if (locale)
		app_message(c->app, true, "%s", locale);
	if (term_note(c->term))
		app_message(c->app, false, "%s", term_note(c->term));
	/* Ending it must not be a way around: where somebody can unlock it, a kiosk begins locked. */
	if (c->opt->kiosk && operators_any())
		seal_begin(c->app);
	seal_begin_by_role(c->app);
	if (c->opt->tour)
		tour_toggle(c->app);
	term_heed(c->term);
	fit_theme(c); /* most terminals have answered by now */
	draw_frame(c); /* the cache is shown before anybody is waited for */
	take_keys(c);  /* those that came before anybody looked */
	console_connect_sync(c);
	aim_at_minute(c);
	c->key_us = g_get_monotonic_time();
	watch_idle(c);
	if (!c->app->quit)
		g_main_loop_run(c->loop);
	if (g_main_context_find_source_by_id(NULL, input))
		g_source_remove(input);
	console_forget_signals(sources);
	if (c->retry)
		g_source_remove(c->retry);
	if (c->minute)
		g_source_remove(c->minute);
	if (c->idle)
		g_source_remove(c->idle);
	if (c->more)
		g_source_remove(c->more);
	if (c->look)
		g_source_remove(c->look);
	g_clear_pointer(&c->looking, night_look_free);
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

int app_run(struct profile *profile, const struct app_options *opt, GError **err)
{
	struct console c = { .profile = profile, .opt = opt, .sync = { .ok_at = INSTANT_NONE } };
	struct app_host host = { console_want_frame, console_tell_sync, terminal_command, &c, copy_text, key_waits };
	OWN(cache) struct cache *cache = open_cache(profile, err);

	i18n_init();
	if (!cache)
		return 1;
	if (opt->line || line_mode_is_due())
		return line_mode_run(profile, cache, opt, err);
	if (opt->kiosk)
		theme_without_users_own();
	c.mouse = profile->mouse && !opt->no_mouse;
	c.sync.next_at = INSTANT_NONE;
	c.theme_fits = !wanted_theme(&c);
	set_theme(&c, c.theme_fits ? fitting_theme(&c) : wanted_theme(&c));
	c.term = open_term(&c, err);
	if (!c.term) {
		theme_free(c.theme);
		return 1;
	}
	c.app = app_new(cache, profile, console_clock(&c), &host);
	c.app->world.read_only = opt->read_only;
	c.app->world.kiosk = opt->kiosk;
	c.app->world.demo = opt->demo;
	c.app->world.sync = &c.sync;
	if (!opt->kiosk) /* the desk has the keys that everybody knows */
		load_keys(&c);
	if (cache_begun_anew(cache))
		app_message(c.app, true, _("The key of the cache's PINs was gone: there is a new one, and they are pulled again."));
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
