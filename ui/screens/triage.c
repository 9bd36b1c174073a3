/* triage - the screen for a call from the door: what keeps the guest out, the worst first, and what to
 * do, the cheapest first, each with its key.
 *
 * Of a lock it is not known who stands there: where one code alone may open it now, that one is
 * meant; else the screen lists who may. */
#include "ui/screens/triage.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define LABEL_CELLS 20
#define GUESTS_MAX  20
#define GUEST_REF   (INT64_C(1) << 20) /* above it a code, below it a command */

struct triage_screen {
	struct screen base;
	int64_t lock_no, code_no; /* code_no 0: whoever it is */
	struct dossier d;
	struct page page;
	bool stale, pin_shown;
	unsigned pin_timer;
};

/* ---- who ---- */

/* The one code that may open this lock now; 0: several, or none. */
static int64_t only_one(const struct dossier *d)
{
	int64_t found = 0;

	for (size_t i = 0; i < d->here.n; i++) {
		const struct code_row *c = &d->here.at[i];

		if (!c->code_no || !access_code_in_window(&c->code, d->now))
			continue;
		if (found)
			return 0;
		found = c->code_no;
	}
	return found;
}

static void look(struct triage_screen *s)
{
	struct world *w = s->base.world;

	dossier_done(&s->d);
	if (!s->code_no) {
		dossier_read_lock(&s->d, w, s->lock_no);
		dossier_read_around(&s->d, w, s->lock_no);
		s->code_no = only_one(&s->d);
		if (!s->code_no)
			return;
		dossier_done(&s->d);
	}
	dossier_read(&s->d, w, s->code_no);
	dossier_read_around(&s->d, w, s->lock_no);
}

/* ---- what is shown ---- */

static const struct {
	const char *sign;
	enum role role;
} weights[] = {
	[TRIAGE_FINE] = { "+", ROLE_DIM },
	[TRIAGE_UNKNOWN] = { "?", ROLE_TEXT },
	[TRIAGE_DOUBT] = { "?", ROLE_WARN },
	[TRIAGE_BAD] = { "!", ROLE_ALARM },
};

static void add_answers(struct triage_screen *s, const struct triage_answer *a)
{
	for (int i = 0; i < TRIAGE_QUESTIONS; i++) {
		char span[CIVIL_TEXT_MAX];
		g_autofree char *ago = NULL;
		bool old = instant_known(a[i].at) && !instant_before(s->d.now, a[i].at);

		if (old)
			ago = g_strdup_printf(_("%s ago"), duration_text(instant_diff_ms(s->d.now, a[i].at), span));
		page_add(&s->page, triage_question_words(a[i].question),
			 g_strdup_printf("%s %s%s%s%s%s", weights[a[i].weight].sign, a[i].answer,
					 a[i].evidence ? "; " : "", a[i].evidence ? a[i].evidence : "",
					 ago ? ", " : "", ago ? ago : ""),
			 weights[a[i].weight].role, 0);
	}
}

static void add_fixes(struct triage_screen *s, const struct triage_answer *a)
{
	struct triage_fix fix[TRIAGE_FIXES_MAX];
	size_t n = triage_fixes(&s->d, a, fix);
	const char *pin = s->d.code ? s->d.code->code.code : NULL;

	page_heading(&s->page, _("What to do, the least first"));
	for (size_t i = 0; i < n; i++) {
		enum command c = fix[i].command;
		const char *key = NULL;

		if (c != COMMAND_NONE && (world_hides(s->base.world, command_info(c)->flags) ||
					  !keymap_keys(VIEW_TRIAGE, c, &key, 1)))
			continue;
		page_add(&s->page, key, g_strdup_printf("%s%s%s", fix[i].words,
							c == COMMAND_REVEAL && s->pin_shown && pin ? ": " : "",
							c == COMMAND_REVEAL && s->pin_shown && pin ? pin : ""),
			 ROLE_TEXT, c == COMMAND_NONE ? 0 : (int64_t)c + 1);
	}
	triage_fixes_clear(fix, n);
}

static void add_guests(struct triage_screen *s)
{
	int n = 0;

	page_heading(&s->page, _("Who is it?"));
	for (size_t i = 0; i < s->d.here.n && n < GUESTS_MAX; i++) {
		const struct code_row *c = &s->d.here.at[i];
		g_autofree char *window = words_window_short(&c->code, s->d.zone, s->d.now);
		char shown[NAME_SHOWN_MAX];

		if (!c->code_no)
			continue;
		n++;
		page_add(&s->page, words_state_short(c),
			 g_strdup_printf("%s, %s", code_name_shown(&c->code, s->base.world->ascii, shown), window),
			 words_state_role(c), GUEST_REF + c->code_no);
	}
	if (!n)
		page_add(&s->page, NULL, g_strdup(_("No code is on this lock or to come.")), ROLE_WARN, 0);
}

static void fill(struct triage_screen *s)
{
	struct triage_answer a[TRIAGE_QUESTIONS];

	look(s);
	s->stale = false;
	page_clear(&s->page);
	if (!s->d.lock && !s->d.code) {
		page_add(&s->page, NULL, g_strdup(_("This is not in the cache any more. Esc goes back.")), ROLE_WARN,
			 0);
		return;
	}
	triage_answers(&s->d, a);
	add_answers(s, a);
	if (!s->d.code)
		add_guests(s);
	add_fixes(s, a);
	triage_answers_clear(a);
}

static void draw_head(const struct triage_screen *s, struct grid *g, struct rect area)
{
	const struct code_row *c = s->d.code;
	const char *lock = c ? c->lock_name : s->d.lock ? s->d.lock->lock.name : NULL;
	char shown[NAME_SHOWN_MAX];
	int col = area.col + 1;

	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	col += grid_put(g, area.row, col, area.cols / 3, _("Does not open: "), ROLE_HEADER);
	if (c) {
		int from = col;

		col += grid_put(g, area.row, col, area.cols / 2, code_name_shown(&c->code, g->ascii, shown), ROLE_NAME);
		grid_mark(g, (struct rect){ area.row, from, 1, col - from }, MARK_BOLD);
		col += grid_put(g, area.row, col, area.cols / 6, _(" on "), ROLE_HEADER);
	}
	grid_put(g, area.row, col, area.cols - col - 14, lock ? lock : "?", ROLE_HEADER);
	if (c)
		grid_put_field(g, area.row, area.cols - 13, 12, 1, CUT_END, words_state_short(c),
			       words_state_role(c));
}

static void triage_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct triage_screen *s = (struct triage_screen *)screen;

	if (s->stale)
		fill(s);
	draw_head(s, g, area);
	page_draw(&s->page, g, (struct rect){ area.row + 1, area.col, area.rows - 1, area.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = area.row;
		g->cursor_col = 1;
	}
}

/* ---- what can be done ---- */

static void hide_pin(void *ctx)
{
	struct triage_screen *s = ctx;

	s->pin_timer = 0;
	s->pin_shown = false;
	s->stale = true;
	app_redraw(s->base.app);
}

static void show_pin(struct triage_screen *s)
{
	if (!s->d.code || !s->d.code->code.code) {
		app_message(s->base.app, false,
			    s->d.code ? _("This PIN is not known here.") : _("Choose who it is first."));
		return;
	}
	app_cancel_after(s->base.app, s->pin_timer);
	s->pin_shown = true;
	s->stale = true;
	action_pin_shown(s->base.world, code_name(&s->d.code->code), s->d.code->lock_name);
	s->pin_timer = app_after(s->base.app, PIN_SHOWN_MS, hide_pin, s);
}

static void open_chosen(struct triage_screen *s)
{
	const struct page_line *l = page_chosen(&s->page);

	if (l && l->ref > GUEST_REF) {
		s->code_no = l->ref - GUEST_REF;
		s->page.at = -1;
		s->stale = true;
	} else if (l) {
		app_run_command(s->base.app, (enum command)(l->ref - 1));
	}
}

static bool triage_command(struct screen *screen, enum command cmd, int count)
{
	struct triage_screen *s = (struct triage_screen *)screen;
	const struct code_row *c = s->d.code;
	struct app *app = screen->app;

	if (page_command(&s->page, cmd, count))
		return true;
	switch ((int)cmd) {
	case COMMAND_OPEN:
		open_chosen(s);
		return true;
	case COMMAND_REVEAL:
		show_pin(s);
		return true;
	case COMMAND_WHY:
		if (c)
			app_push(app, why_new(app, screen->world, s->code_no));
		else
			app_message(app, false, _("Choose who it is first."));
		return true;
	case COMMAND_CODES:
		app_push(app, lock_new(app, screen->world, s->lock_no));
		return true;
	case COMMAND_NEW:
		app_push(app, code_form_new(app, screen->world, s->lock_no));
		return true;
	case COMMAND_COULD:
		app_push(app, could_new(app, screen->world, s->lock_no, 0, INSTANT_NONE));
		return true;
	case COMMAND_EVENTS:
		app_push(app, events_new(app, screen->world, s->lock_no, 0));
		return true;
	default:
		return action_run(app, screen->world, cmd, s->lock_no, c);
	}
}

static const char *triage_hint(struct screen *screen, enum command c)
{
	const struct triage_screen *s = (const struct triage_screen *)screen;
	const struct page_line *l = page_chosen(&s->page);

	if (c == COMMAND_OPEN)
		return !l ? "" : l->ref > GUEST_REF ? _("this one") : _("do it");
	if (c == COMMAND_UNLOCK && s->d.lock && lock_cannot_turn(&s->d.lock->lock, true))
		return "";
	if (s->d.code)
		return code_hint(s->d.code, c);
	return c == COMMAND_EDIT || c == COMMAND_BACKUP || c == COMMAND_WHY || c == COMMAND_REVEAL ? "" : NULL;
}

static bool triage_changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	((struct triage_screen *)screen)->stale = true;
	return true;
}

static void triage_free(struct screen *screen)
{
	struct triage_screen *s = (struct triage_screen *)screen;

	app_cancel_after(screen->app, s->pin_timer);
	dossier_done(&s->d);
	page_done(&s->page);
	g_free(s);
}

static const struct screen_ops triage_ops = {
	.name = N_("Triage"),
	.view = VIEW_TRIAGE,
	.draw = triage_draw,
	.command = triage_command,
	.changed = triage_changed,
	.hint = triage_hint,
	.free = triage_free,
};

struct screen *triage_new(struct app *app, struct world *w, int64_t lock_no, int64_t code_no)
{
	struct triage_screen *s = g_new0(struct triage_screen, 1);

	s->base = (struct screen){ .ops = &triage_ops, .app = app, .world = w };
	s->lock_no = lock_no;
	s->code_no = code_no;
	page_init(&s->page, LABEL_CELLS);
	fill(s);
	return &s->base;
}
