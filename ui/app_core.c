/* app_core - screens, keys and messages of the console; see the header. */
#include "ui/app_core.h"

#include <stdarg.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/batch_watch.h"
#include "ui/night_watch.h"
#include "ui/screens/palette.h"
#include "ui/seal.h"
#include "ui/tour.h"
#include "ui/undo.h"

#define MESSAGE_MS 4000

struct screen *app_top(struct app *app)
{
	return app->stack->len ? g_ptr_array_index(app->stack, app->stack->len - 1) : NULL;
}

struct screen *app_below(struct app *app)
{
	for (guint at = app->stack->len; at-- > 0;) {
		struct screen *s = app->stack->pdata[at];

		if (s->ops->view != VIEW_PALETTE)
			return s;
	}
	return NULL;
}

static void said_clear(void *p)
{
	g_free(((struct said *)p)->text);
}

static void screen_end(void *p)
{
	struct screen *s = p;

	s->ops->free(s);
}

/* What the profile leaves open the locks say: a desk is often a window over SSH, so this computer's
 * zone is not the property's. */
static void look_at_property(struct app *app)
{
	struct world *w = &app->world;

	cache_property_clear(&w->property);
	w->property = cache_property(w->cache);
	if ((!w->profile->zone || !*w->profile->zone) && w->property.zone)
		w->zone = zone_get(w->property.zone);
}

struct app *app_new(struct cache *cache, const struct profile *profile, struct instant now,
		    const struct app_host *host)
{
	static const struct poke_status nothing_heard = {
		.ok_at = { INT64_MIN },
		.next_at = { INT64_MIN },
	};
	struct app *app = g_new0(struct app, 1);

	app->world = (struct world){
		.cache = cache,
		.profile = profile,
		.zone = zone_get(profile->zone),
		.now = now,
		.sync = &nothing_heard,
		.ascii = profile->ascii,
		.operator_name = g_strdup(g_get_user_name()),
		.role = OPERATOR_ADMIN,
	};
	if (host)
		app->host = *host;
	app->stack = g_ptr_array_new();
	look_at_property(app);
	app->counts = cache_counts(cache, now);
	app->leaving = g_ptr_array_new_with_free_func(screen_end);
	app->watched = g_array_new(FALSE, FALSE, sizeof(int64_t));
	app->past_lines = g_ptr_array_new_with_free_func(g_free);
	app->said = g_array_new(FALSE, FALSE, sizeof(struct said));
	g_array_set_clear_func(app->said, said_clear);
	app->undo = undo_new(app);
	app->ending = g_cancellable_new();
	app->last.command = COMMAND_NONE;
	return app;
}

void app_free(struct app *app)
{
	g_cancellable_cancel(app->ending);
	while (app->stack->len)
		app_pop(app);
	app_turn_done(app);
	g_ptr_array_free(app->stack, TRUE);
	g_ptr_array_free(app->leaving, TRUE);
	if (app->message_timer)
		g_source_remove(app->message_timer);
	g_free(app->message);
	g_free(app->last.word);
	seal_free(app->seal);
	tour_free(app->tour);
	g_array_unref(app->watched);
	batch_watch_free(app);
	g_ptr_array_unref(app->past_lines);
	g_array_unref(app->said);
	undo_free(app->undo);
	g_object_unref(app->ending);
	g_free(app->world.operator_name);
	cache_property_clear(&app->world.property);
	g_free(app);
}

bool app_ask_why(struct app *app, const char *access_code_id)
{
	const struct poke_status *st = app->world.sync;
	g_autofree char *line = NULL;

	if (!app->world.sync_connected || !st->explains || !app->host.tell_sync || !access_code_id ||
	    strpbrk(access_code_id, " \r\n"))
		return false;
	line = g_strdup_printf("explain %s", access_code_id);
	app->host.tell_sync(line, app->host.ctx);
	return true;
}

void app_redraw(struct app *app)
{
	if (app->host.redraw)
		app->host.redraw(app->host.ctx);
}

void app_message_clear(struct app *app)
{
	if (app->message_timer)
		g_source_remove(app->message_timer);
	app->message_timer = 0;
	g_clear_pointer(&app->message, g_free);
	app_redraw(app);
}

/* What was said on one screen is not about the next, and would hide its keys; but what this very
 * key has said (queued, refused) is. */
static void message_left_behind(struct app *app)
{
	if (app->message && app->message_turn != app->turn)
		app_message_clear(app);
}

void app_push(struct app *app, struct screen *s)
{
	g_ptr_array_add(app->stack, s);
	app->unseen = true;
	message_left_behind(app);
	app_redraw(app);
}

void app_pop(struct app *app)
{
	if (!app->stack->len)
		return;
	g_ptr_array_add(app->leaving, g_ptr_array_steal_index(app->stack, app->stack->len - 1));
	message_left_behind(app);
	app_redraw(app);
}

void app_turn_done(struct app *app)
{
	g_ptr_array_set_size(app->leaving, 0);
}

/* ---- messages ---- */

static gboolean message_over(gpointer p)
{
	struct app *app = p;

	app->message_timer = 0;
	app_message_clear(app);
	return G_SOURCE_REMOVE;
}

static void keep_said(struct app *app)
{
	struct said s = { app->world.now, g_strdup(app->message), app->message_bad };

	if (app->said->len == SAID_MAX)
		g_array_remove_index(app->said, 0);
	g_array_append_val(app->said, s);
	app->said_count++;
}

/* Good news goes by itself, and what a key was answered with at the next one; bad news stays until a key
 * says that it was seen. */
void app_message(struct app *app, bool bad, const char *fmt, ...)
{
	va_list ap;

	app_message_clear(app);
	va_start(ap, fmt);
	app->message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	app->message_bad = bad;
	keep_said(app);
	app->message_turn = app->turn;
	app->message_answers = app->in_key;
	if (!bad)
		app->message_timer = g_timeout_add(MESSAGE_MS, message_over, app);
}

/* ---- later ---- */

struct later {
	void (*fn)(void *ctx);
	void *ctx;
};

static gboolean later_run(gpointer p)
{
	struct later *l = p;

	l->fn(l->ctx);
	return G_SOURCE_REMOVE;
}

unsigned app_after(struct app *app, int ms, void (*fn)(void *ctx), void *ctx)
{
	struct later *l = g_new(struct later, 1);

	(void)app;
	*l = (struct later){ fn, ctx };
	return g_timeout_add_full(G_PRIORITY_DEFAULT, (unsigned)ms, later_run, l, g_free);
}

void app_cancel_after(struct app *app, unsigned id)
{
	(void)app;
	if (id)
		g_source_remove(id);
}

/* ---- keys and commands ---- */

static void remember(struct app *app, enum command c, int count)
{
	unsigned flags = command_info(c)->flags;
	char *word;

	if (!(flags & (COMMAND_WRITES | COMMAND_REPEATS)) || (flags & COMMAND_ASIDE))
		return;
	word = g_strdup(app->argument); /* which may be what was remembered */
	g_free(app->last.word);
	app->last.command = c;
	app->last.count = count;
	app->last.word = word;
}

static void do_command(struct app *app, enum command c, int count);

/* With a count of its own that one counts from now on, as vi has it. */
static void repeat(struct app *app, int count)
{
	g_autofree char *word = g_strdup(app->last.word);

	if (app->last.command == COMMAND_NONE) {
		app_message(app, false, _("Nothing was changed or moved yet that could be repeated."));
		return;
	}
	app->argument = word;
	do_command(app, app->last.command, app->counted ? count : app->last.count);
	app->argument = NULL;
}

static void do_command(struct app *app, enum command c, int count)
{
	const struct command_info *info = command_info(c);
	struct screen *s = app_top(app);
	g_autofree char *off = NULL;

	if (app->seal)
		return;
	if (c == COMMAND_REPEAT) {
		repeat(app, count);
		return;
	}
	off = app_why_off(app, info->flags);
	if (off) {
		app_message(app, true, _("'%s' is off: %s."), info->name, off);
		return;
	}
	if (!(info->flags & COMMAND_REPEATS))
		count = 1;
	app->count = count;
	app_see(app);
	if (s && s->ops->command && s->ops->command(s, c, count)) {
		remember(app, c, count);
		tour_ran(app, c);
		app_redraw(app);
		return;
	}
	if (!app_own_command(app, c)) {
		g_autofree char *why = app_why_not(app, c);

		app_message(app, false, "%s: %s", info->name, why ? why : _("there is nothing here to do it to"));
		return;
	}
	tour_ran(app, c);
}

int app_count(const struct app *app)
{
	return MAX(app->count, 1);
}

void app_run_command(struct app *app, enum command c)
{
	app->counted = false;
	do_command(app, c, 1);
}

void app_run_command_with(struct app *app, enum command c, const char *word)
{
	const struct screen *s = app_top(app);

	if (word && !palette_argument(c, s ? s->ops->view : VIEW_ANY)) {
		app_message(app, true, _("'%s' takes no word here."), command_info(c)->name);
		return;
	}
	app->argument = word;
	app->counted = false;
	do_command(app, c, 1);
	app->argument = NULL;
}

const char *app_argument(const struct app *app)
{
	return app->argument;
}

static bool take_hint_click(struct app *app, const struct key *k)
{
	if (k->code != KEYCODE_MOUSE_PRESS || k->row != app->rows - 1)
		return false;
	for (int i = 0; i < app->hints; i++) {
		if (k->col < app->hint[i].from || k->col >= app->hint[i].until)
			continue;
		do_command(app, app->hint[i].command, 1);
		return true;
	}
	return true;
}

static bool shows_nothing(const struct app *app)
{
	return app->rows && !app_fits(app->rows, app->cols);
}

static void take_key_unseen(struct app *app, const struct key *k)
{
	const struct screen *s = app_top(app);

	if (s && keymap_find(s->ops->view, k) == COMMAND_QUIT)
		do_command(app, COMMAND_QUIT, 1);
}

static void take_key(struct app *app, const struct key *k)
{
	struct screen *s = app_top(app);
	enum command c;
	int count;

	if (app->message && (app->message_bad || app->message_answers))
		app_message_clear(app);
	if (shows_nothing(app)) {
		take_key_unseen(app, k);
		return;
	}
	app_see(app);
	if (tour_key(app, k))
		return;
	if (app->prefixed && app_take_prefix(app, k, &c)) {
		if (c != COMMAND_NONE)
			do_command(app, c, app->prefix_count);
		return;
	}
	if (s && s->ops->key && s->ops->key(s, k)) {
		app_redraw(app);
		return;
	}
	if (take_hint_click(app, k) || app_take_number(app, k, &count))
		return;
	if (k->code == KEYCODE_MOUSE_WHEEL_UP || k->code == KEYCODE_MOUSE_WHEEL_DOWN) {
		do_command(app, k->code == KEYCODE_MOUSE_WHEEL_UP ? COMMAND_UP : COMMAND_DOWN, 3);
		return;
	}
	if (k->code == KEYCODE_PASTE) {
		app_message(app, true, _("What was pasted was not taken: no field is open for it."));
		return;
	}
	app->prefix_count = count;
	if (app_take_prefix(app, k, &c))
		return;
	c = keymap_find(s ? s->ops->view : VIEW_ANY, k);
	if (c != COMMAND_NONE)
		do_command(app, c, count);
}

void app_key(struct app *app, const struct key *k)
{
	if (k->code == KEYCODE_RESIZED || k->code == KEYCODE_FOCUS_IN || k->code == KEYCODE_FOCUS_OUT)
		return;
	app->turn++;
	if (app->seal) {
		seal_key(app, k);
		return;
	}
	app->in_key = true;
	take_key(app, k);
	tour_look(app);
	app->in_key = false;
}

void app_changed(struct app *app, unsigned mask)
{
	app->counts = cache_counts(app->world.cache, app->world.now);
	if (mask & POKE_LOCKS)
		look_at_property(app);
	if (mask & POKE_OUTBOX)
		batch_watch_tell(app);
	if ((mask & POKE_OUTBOX) && app->watched->len)
		app_tell_outcomes(app);
	bool draw = true; /* the title counts and the clock are the app's own */

	for (guint i = 0; i < app->stack->len; i++) {
		struct screen *s = g_ptr_array_index(app->stack, i);

		if (s->ops->changed && s->ops->changed(s, mask))
			draw = true;
	}
	tour_look(app);
	if (draw)
		app_redraw(app);
}

/* Of a large property the night is read by the clock alone: changes come by the hundred there. */
#define LOOKED_AT_OFTEN 500 /* locks */

struct night_look *app_look_begin(struct app *app, unsigned mask)
{
	if (mask && (!(mask & (POKE_CODES | POKE_LOCKS | POKE_OUTBOX)) || app->counts.locks > LOOKED_AT_OFTEN))
		return NULL;
	return night_look_new(&app->world, mask == 0);
}

void app_look_end(struct app *app, struct night_look *look)
{
	int before = app->at_risk, doubles = app->doubles;

	app->at_risk = night_look_at_risk(look, &app->doubles);
	if (app->at_risk != before || app->doubles != doubles)
		app_redraw(app);
}

void app_look_ahead(struct app *app, unsigned mask)
{
	struct night_look *look = app_look_begin(app, mask);

	if (!look)
		return;
	while (!night_look_step(look, G_MAXINT))
		;
	app_look_end(app, look);
	night_look_free(look);
}
