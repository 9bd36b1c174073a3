/* seal - covered until an operator's PIN; see the header. A PIN is judged on a thread of its own: that
 * takes about a second, by intent. */
#include "ui/seal.h"

#include <gio/gio.h>
#include <string.h>

#include "core/i18n.h"
#include "core/operators.h"
#include "core/text.h"
#include "ui/screens/page.h"
#include "ui/widgets/field.h"

#define BOX_COLS 56
#define NAMES_SHOWN 8

struct seal {
	struct app *app;
	struct operators *operators;
	char **names;
	int who, n;
	int before;      /* who was chosen before what is typed was taken for the beginning of a name */
	bool chosen;     /* by a key or by their name: what is typed now is a PIN, whatever it looks like */
	struct field pin;
	char *said;
	bool checking;
	GCancellable *ending;
	/* It was asked for, and can be left; NULL: the desk is locked. */
	char *question;
	void (*yes)(struct app *app, void *ctx);
	void *ctx;
};

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	g_free(text);
}

static void clear_pin(struct seal *s)
{
	explicit_bzero(s->pin.text->str, s->pin.text->len);
	field_set(&s->pin, "");
}

static void say(struct seal *s, char *said)
{
	g_free(s->said);
	s->said = said;
	app_redraw(s->app);
}

/* False, with a message: nobody could unlock it. */
static bool cover(struct app *app)
{
	g_autofree char *path = operators_path();
	g_autoptr(GError) err = NULL;
	OWN(operators) struct operators *o = operators_load(path, &err);
	g_auto(GStrv) names = o ? operators_names(o) : NULL;
	struct seal *s;

	if (!o || !names[0]) {
		app_message(app, true, "%s",
			    o ? _("Not locked: nobody could unlock it. 'keyrack operator add NAME' makes somebody.")
			      : err->message);
		return false;
	}
	s = g_new0(struct seal, 1);
	s->app = app;
	s->operators = g_steal_pointer(&o);
	s->names = g_steal_pointer(&names);
	s->n = (int)g_strv_length(s->names);
	for (int i = 0; i < s->n; i++)
		if (g_strcmp0(s->names[i], app->world.operator_name) == 0)
			s->who = i;
	s->before = s->who;
	s->chosen = s->n == 1;
	field_init(&s->pin, "", OPERATOR_PIN_MAX);
	s->pin.masked = true;
	s->ending = g_cancellable_new();
	app->seal = s;
	app_redraw(app);
	return true;
}

void seal_free(struct seal *s)
{
	if (!s)
		return;
	g_cancellable_cancel(s->ending);
	g_object_unref(s->ending);
	clear_pin(s);
	field_done(&s->pin);
	operators_free(s->operators);
	g_strfreev(s->names);
	g_free(s->said);
	g_free(s->question);
	g_free(s);
}

/* Locked in earnest: what was asked is answered with no. */
static void forget_question(struct seal *s)
{
	g_clear_pointer(&s->question, g_free);
	s->yes = NULL;
	app_redraw(s->app);
}

bool seal_begin(struct app *app)
{
	if (app->seal)
		forget_question(app->seal);
	return app->seal || cover(app);
}

bool seal_ask(struct app *app, const char *question, void (*yes)(struct app *app, void *ctx), void *ctx)
{
	g_autofree char *path = operators_path();
	OWN(operators) struct operators *o = operators_load(path, NULL);
	g_auto(GStrv) names = o ? operators_names(o) : NULL;

	/* A file that cannot be read has operators in it, as far as anybody knows: cover() says so. */
	if (o && !names[0])
		return false;
	if (!app->seal && cover(app)) {
		app->seal->question = g_strdup(question);
		app->seal->yes = yes;
		app->seal->ctx = ctx;
	}
	return true;
}

bool seal_is_locked(const struct app *app)
{
	return app->seal && !app->seal->question;
}

void seal_ask_no_more(struct app *app, const void *ctx)
{
	if (app->seal && app->seal->yes && app->seal->ctx == ctx)
		app->seal->yes = NULL;
}

/* ---- a try ---- */

struct attempt {
	char *hash, *pin, *name;
};

static void attempt_free(void *p)
{
	struct attempt *a = p;

	wipe(a->pin);
	g_free(a->hash);
	g_free(a->name);
	g_free(a);
}

static void judge(GTask *task, gpointer source, gpointer data, GCancellable *ending)
{
	struct attempt *a = data;

	(void)source;
	(void)ending;
	g_task_return_boolean(task, operators_right(a->hash, a->pin));
}

/* Who may only look is held to it in two places: commands, as on a console that is started so, and the door of what is
 * written. That they came is in the journal, by which what follows is theirs. */
static void take_desk(struct app *app, const char *name, enum operator_role role)
{
	struct world *w = &app->world;
	char *copy = g_strdup(name);

	if (!app->desk_taken)
		app->begun_read_only = w->read_only;
	app->desk_taken = true;
	g_free(w->operator_name);
	w->operator_name = copy;
	w->role = role;
	w->read_only = app->begun_read_only || role == OPERATOR_READ;
	cache_shut(w->cache, role == OPERATOR_READ);
	cache_note_act(w->cache, N_("took the desk"), operator_role_word(role), name, w->now, NULL);
}

void seal_begin_by_role(struct app *app)
{
	g_autofree char *path = operators_path();
	OWN(operators) struct operators *o = operators_load(path, NULL);

	if (o && !operators_have_roles(o))
		return;
	if (!app->line_mode) {
		seal_begin(app);
		return;
	}
	/* Nobody can say there who they are. */
	app->world.read_only = true;
	app->world.role = OPERATOR_READ;
	cache_shut(app->world.cache, true);
}

static void let_in(struct seal *s, const char *name)
{
	struct app *app = s->app;
	void (*yes)(struct app *app, void *ctx) = s->yes;
	void *ctx = s->ctx;

	operators_note_right(s->operators, NULL);
	take_desk(app, name, operators_role(s->operators, name));
	app->seal = NULL;
	seal_free(s);
	app_message(app, false, _("%s has the desk."), app->world.operator_name);
	if (yes && app->world.role > OPERATOR_READ) /* what is asked so shows PINs */
		yes(app, ctx);
	else if (yes)
		app_may_write(app); /* says why not */
	app_redraw(app);
}

static void judged(GObject *source, GAsyncResult *result, gpointer p)
{
	GTask *task = G_TASK(result);
	struct attempt *a = g_task_get_task_data(task);
	struct seal *s = p;
	int wait;

	(void)source;
	if (g_cancellable_is_cancelled(g_task_get_cancellable(task)))
		return; /* the seal is gone */
	s->checking = false;
	if (g_task_propagate_boolean(task, NULL)) {
		let_in(s, a->name);
		return;
	}
	wait = (operators_wait_ms(s->operators, s->app->world.now) + 999) / 1000;
	say(s, g_strdup_printf(P_("Wrong. The next try counts in %d second.",
				  "Wrong. The next try counts in %d seconds.", wait),
			       wait));
}

static void try_pin(struct seal *s)
{
	int wait = (operators_wait_ms(s->operators, s->app->world.now) + 999) / 1000;
	g_autoptr(GError) err = NULL;
	g_autoptr(GTask) task = NULL;
	struct attempt *a;

	if (s->checking || !s->pin.text->len)
		return;
	if (wait > 0) {
		say(s, g_strdup_printf(P_("Too soon: in %d second.", "Too soon: in %d seconds.", wait), wait));
		return;
	}
	if (!operators_note_try(s->operators, s->app->world.now, &err)) {
		say(s, g_strdup(err->message));
		return;
	}
	a = g_new0(struct attempt, 1);
	a->name = g_strdup(s->names[s->who]);
	a->hash = operators_hash(s->operators, a->name);
	a->pin = g_strdup(s->pin.text->str);
	clear_pin(s);
	s->checking = true;
	say(s, g_strdup(_("One moment ...")));
	task = g_task_new(NULL, s->ending, judged, s);
	g_task_set_check_cancellable(task, FALSE);
	g_task_set_task_data(task, a, attempt_free);
	g_task_run_in_thread(task, judge);
}

/* ---- keys ---- */

static void choose(struct seal *s, int by)
{
	s->who = s->before = (s->who + by + s->n) % s->n;
	s->chosen = true;
	clear_pin(s);
	app_redraw(s->app);
}

/* Who is called so, or has a name that begins so; -1: nobody. */
static int find_name(const struct seal *s, const char *typed)
{
	g_autofree char *start = text_fold(typed);

	for (int i = 0; *start && i < s->n; i++) {
		g_autofree char *name = text_fold(s->names[i]);

		for (const char *word = name; word; word = strchr(word, ' ')) {
			word += *word == ' ';
			if (g_str_has_prefix(word, start))
				return i;
		}
	}
	return -1;
}

/* A name is typed where the PIN is, and looks like one: a PIN that was begun too early is not seen. It chooses as long
 * as it can be the beginning of a name; then it was a PIN, of whoever was chosen before. */
static void choose_typed(struct seal *s)
{
	int found = s->chosen ? -1 : find_name(s, s->pin.text->str);

	s->who = found >= 0 ? found : s->before;
}

/* True: what stands there was a name, and has been taken as one. */
static bool take_name(struct seal *s)
{
	if (s->chosen || find_name(s, s->pin.text->str) < 0)
		return false;
	choose(s, 0);
	return true;
}

static bool leaves(struct app *app, const struct key *k)
{
	if (k->code != KEYCODE_CHAR || !k->ctrl || app->world.kiosk)
		return false;
	if (k->ch == 'c')
		app->quit = true;
	else if (k->ch == 'z' && app->host.command)
		app->host.command(COMMAND_SUSPEND, app->host.ctx);
	return k->ch == 'c' || k->ch == 'z';
}

void seal_key(struct app *app, const struct key *k)
{
	struct seal *s = app->seal;

	if (leaves(app, k))
		return;
	switch ((int)k->code) {
	case KEYCODE_UP:
	case KEYCODE_SHIFT_TAB:
		choose(s, -1);
		break;
	case KEYCODE_DOWN:
	case KEYCODE_TAB:
		choose(s, 1);
		break;
	case KEYCODE_ENTER:
		if (!take_name(s))
			try_pin(s);
		break;
	case KEYCODE_ESC:
		if (s->question) {
			app->seal = NULL;
			seal_free(s);
			app_message(app, false, _("Nothing was changed."));
			return;
		}
		clear_pin(s);
		s->who = s->before;
		s->chosen = s->n == 1;
		break;
	case KEYCODE_CHAR:
		if (k->ctrl && k->ch == 'l' && app->host.command)
			app->host.command(COMMAND_REDRAW, app->host.ctx);
		else if (!k->ctrl && !k->alt && field_key(&s->pin, k, NULL))
			choose_typed(s);
		break;
	case KEYCODE_BACKSPACE:
		field_key(&s->pin, k, NULL);
		choose_typed(s);
		break;
	default:
		break; /* nothing is pasted or clicked here */
	}
	app_redraw(app);
}

/* ---- drawing ---- */

void seal_draw(struct app *app, struct grid *g, struct rect area)
{
	struct seal *s = app->seal;
	int cols = MIN(BOX_COLS, area.cols - 2), shown = MIN(s->n, MIN(NAMES_SHOWN, MAX(area.rows - 7, 1)));
	int first = CLAMP(s->who - shown / 2, 0, s->n - shown), room = cols - 4;
	const char *words = s->question ? s->question : _("This desk is locked. Nothing is lost, and all goes on.");
	int head = text_width(words) > room ? 2 : 1, rows = shown + 6 + head;
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2,
			    MIN(rows, area.rows), cols };
	int row = box.row + 1, in = box.col + 2;

	grid_fill(g, area, ' ', ROLE_TEXT);
	grid_frame(g, box, NULL, ROLE_RULE);
	page_wrap(g, (struct rect){ row, in, head, room }, words, ROLE_TEXT);
	row += head;
	for (int i = 0; i < shown; i++) {
		bool chosen = first + i == s->who;

		row++;
		if (s->n > 1 && chosen)
			grid_put_char(g, row, in, '>', ROLE_HINT_KEY, MARK_BOLD);
		grid_put(g, row, in + 2, room - 2, s->names[first + i], chosen ? ROLE_NAME : ROLE_DIM);
	}
	row += 2;
	in += 2 + grid_put(g, row, in + 2, 8, _("PIN"), ROLE_HEADER);
	field_draw(&s->pin, g, row, in + 1, MIN(24, box.col + cols - in - 3), true);
	if (s->said)
		grid_put(g, row + 1, box.col + 2, room, s->said, s->checking ? ROLE_TEXT : ROLE_WARN);
	else if (!s->chosen)
		grid_put(g, row + 1, box.col + 2, room, _("Another name: its beginning and Enter, or arrows"),
			 ROLE_DIM);
}
