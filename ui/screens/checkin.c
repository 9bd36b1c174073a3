/* checkin - the card of a check-in: whose code for which door, whether the lock has it and how that is
 * known, the PIN, the guest's other doors.
 *
 * Room and PIN never stand on one line: what is read aloud over a counter is heard by others. Opening the
 * card is asking for the PIN; it is masked again by itself. */
#include <string.h>

#include "cache/doubles.h"
#include "cache/alike.h"
#include "core/i18n.h"
#include "core/pin.h"
#include "ui/screens/actions.h"
#include "ui/screens/page.h"
#include "ui/screens/paper.h"
#include "ui/screens/slip.h"
#include "ui/screens/stay.h"
#include "ui/screens/tonight.h"
#include "ui/screens/words.h"

#define CARD_COLS   66
#define LABEL_CELLS 9

struct door {
	char *name, *verdict, *why;
	enum role role;
};

struct checkin {
	struct screen base;
	int64_t code_no, intent_no;
	bool stale;
	char *name, *id, *window;
	char *times;    /* the window as paper says it: no hours left */
	char *to_come;  /* it does not open yet; NULL: it does, or did */
	struct door door;
	char *pin;
	bool spare;        /* it is the PIN of a backup that was pulled */
	GArray *others;    /* of struct door */
	bool shown;
	unsigned timer;
};

static void door_clear(void *p)
{
	struct door *d = p;

	g_free(d->name);
	g_free(d->verdict);
	g_free(d->why);
	*d = (struct door){ 0 };
}

static struct door door_of(struct night_row *row, const struct world *w)
{
	struct ready ready = ready_judge_moved(&row->facts, w->now);
	const struct zone *z = zone_of(row->zone, w->zone);

	return (struct door){
		.name = g_strdup(row->lock_name ? row->lock_name : "?"),
		.verdict = ready_verdict_text(&row->facts, &ready, false, z, w->now),
		.why = ready_words(&row->facts, &ready, z, w->now),
		.role = tonight_role(ready.verdict),
	};
}

/* ---- reading ---- */

static void forget_pin(struct checkin *s)
{
	if (s->pin)
		explicit_bzero(s->pin, strlen(s->pin));
	g_clear_pointer(&s->pin, g_free);
}

static void clear(struct checkin *s)
{
	forget_pin(s);
	g_clear_pointer(&s->name, g_free);
	g_clear_pointer(&s->id, g_free);
	g_clear_pointer(&s->window, g_free);
	g_clear_pointer(&s->times, g_free);
	g_clear_pointer(&s->to_come, g_free);
	door_clear(&s->door);
	g_array_set_size(s->others, 0);
}

/* A create that the server has taken meanwhile goes by the code's own number. */
static char *pin_of_create(struct checkin *s)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = outbox_get(w->cache, s->intent_no, NULL);
	const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;

	if (in && in->access_code_id)
		s->code_no = cache_code_no(w->cache, in->access_code_id);
	return in && !s->code_no ? intent_pin(in) : NULL;
}

static void read_others(struct checkin *s)
{
	struct world *w = s->base.world;
	struct stay stay;

	stay_read(&stay, w, s->code_no);
	if (stay.n)
		s->pin = action_pin(w, &stay.at[0]->code, stay.at[0]->code.code, &s->spare);
	for (size_t i = 1; i < stay.n; i++) {
		OWN(cache_list) struct cache_list *list = cache_night_of(w->cache, stay.at[i]->code_no, 0, NULL);
		struct door d;

		if (!list || !list->rows->len)
			continue;
		cache_look_moved(w->cache, list, w->now);
		d = door_of(cache_list_at(list, struct night_row, 0), w);
		g_array_append_val(s->others, d);
	}
	stay_done(&stay);
}

static char *times_of(const struct access_code *ac, const struct zone *z)
{
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

	if (!instant_known(ac->ends_at))
		return g_strdup(_("ongoing, no end"));
	return g_strdup_printf(_("%s to %s"), civil_full(z, ac->starts_at, from), civil_full(z, ac->ends_at, until));
}

static void fill(struct checkin *s)
{
	struct world *w = s->base.world;
	char at[CIVIL_TEXT_MAX];
	OWN(cache_list) struct cache_list *list = NULL;
	struct night_row *row;

	clear(s);
	s->stale = false;
	s->spare = false;
	if (!s->code_no)
		s->pin = pin_of_create(s);
	if (s->code_no)
		read_others(s);
	list = cache_night_of(w->cache, s->code_no, s->intent_no, NULL);
	if (!list || !list->rows->len)
		return;
	cache_look_moved(w->cache, list, w->now);
	row = cache_list_at(list, struct night_row, 0);
	s->door = door_of(row, w);
	s->name = g_strdup(code_name(&row->facts.code));
	s->id = g_strdup(row->facts.code.access_code_id);
	s->window = words_window(&row->facts.code, zone_of(row->zone, w->zone), w->now);
	s->times = times_of(&row->facts.code, zone_of(row->zone, w->zone));
	if (instant_known(row->facts.code.starts_at) && instant_before(w->now, row->facts.code.starts_at))
		s->to_come = g_strdup_printf(_("does not open before %s"),
					     civil_near(zone_of(row->zone, w->zone), row->facts.code.starts_at, w->now, at));
}

/* ---- drawing ---- */

/* A line, or two where it is long; moves r down. */
static void put(struct grid *g, struct rect *r, const char *label, const char *text, enum role role, unsigned mark)
{
	int used;

	if (r->rows < 1 || !text)
		return;
	if (label)
		grid_put(g, r->row, r->col, LABEL_CELLS - 1, label, ROLE_DIM);
	used = page_wrap(g, (struct rect){ r->row, r->col + LABEL_CELLS, MIN(r->rows, 2), r->cols - LABEL_CELLS }, text, role);
	if (mark)
		grid_mark(g, (struct rect){ r->row, r->col + LABEL_CELLS, 1, MIN(text_width(text), r->cols - LABEL_CELLS) }, mark);
	r->row += used;
	r->rows -= used;
}

static void skip(struct rect *r)
{
	r->row++;
	r->rows--;
}

static void put_pin(const struct checkin *s, struct grid *g, struct rect *r)
{
	g_autofree char *spaced = s->pin && s->shown ? pin_grouped(s->pin) : NULL;
	g_autofree char *text = g_strdup_printf("  %s  ", !s->pin ? _("not known here") : spaced ? spaced : PIN_HIDDEN(g->ascii));

	if (r->rows < 1)
		return;
	grid_put(g, r->row, r->col, LABEL_CELLS - 1, s->spare ? _("backup") : _("PIN"), ROLE_DIM);
	grid_put(g, r->row, r->col + LABEL_CELLS, r->cols - LABEL_CELLS, text, ROLE_NAME);
	if (s->pin)
		grid_mark(g, (struct rect){ r->row, r->col + LABEL_CELLS, 1, text_width(text) }, MARK_BOLD | MARK_REVERSE);
	skip(r);
}

static void put_doors(const struct checkin *s, struct grid *g, struct rect *r)
{
	for (guint i = 0; i < s->others->len && r->rows > 0; i++) {
		const struct door *d = &g_array_index(s->others, struct door, i);
		g_autofree char *text = g_strdup_printf("%s: %s. %s", d->name, d->verdict, d->why);

		put(g, r, i ? "" : _("also"), text, d->role, 0);
	}
}

static void draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct checkin *s = (struct checkin *)screen;
	int cols = MIN(area.cols - 4, CARD_COLS), rows;
	g_autofree char *alike = NULL, *not_them = NULL;
	char shown[NAME_SHOWN_MAX];
	struct rect box, r;

	if (s->stale)
		fill(s);
	alike = cache_alike_code(s->base.world->cache, s->name, NULL);
	rows = MIN(13 + (s->to_come != NULL) + (alike != NULL) + 2 * (int)s->others->len, area.rows);
	box = (struct rect){ area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2, rows, cols };
	r = (struct rect){ box.row + 1, box.col + 2, rows - 2, cols - 4 };
	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, _("Check-in"), ROLE_RULE);
	g->cursor_row = r.row;
	g->cursor_col = r.col;
	if (!s->name) {
		put(g, &r, NULL, _("This code is not in the cache any more."), ROLE_WARN, 0);
		return;
	}
	put(g, &r, _("door"), s->door.name, ROLE_NAME, MARK_BOLD);
	not_them = words_alike(s->name, alike);
	put(g, &r, _("guest"), name_shown(s->name, s->id, alike, g->ascii, shown), ROLE_NAME, MARK_BOLD);
	if (not_them)
		put(g, &r, NULL, not_them, ROLE_WARN, 0);
	put(g, &r, _("window"), s->window, s->to_come ? ROLE_WARN : ROLE_TEXT, 0);
	if (s->to_come)
		put(g, &r, NULL, s->to_come, ROLE_WARN, MARK_BOLD);
	skip(&r);
	put(g, &r, _("lock"), s->door.verdict, s->door.role, MARK_BOLD);
	put(g, &r, NULL, s->door.why, s->door.role, 0);
	skip(&r);
	put_pin(s, g, &r);
	if (s->others->len)
		skip(&r);
	put_doors(s, g, &r);
}

/* ---- what it does ---- */

static void hide(void *ctx)
{
	struct checkin *s = ctx;

	s->timer = 0;
	s->shown = false;
	app_redraw(s->base.app);
}

static void show(struct checkin *s)
{
	app_cancel_after(s->base.app, s->timer);
	s->shown = true;
	action_pin_shown(s->base.world, s->name, s->door.name);
	s->timer = app_after(s->base.app, PIN_SHOWN_MS, hide, s);
}

static char *door_names(const struct checkin *s)
{
	GString *all = g_string_new(s->door.name);

	for (guint i = 0; i < s->others->len; i++)
		g_string_append_printf(all, ", %s", g_array_index(s->others, struct door, i).name);
	return g_string_free(all, FALSE);
}

static const char *property(const struct world *w)
{
	return w->profile->name ? w->profile->name : w->property.place ? w->property.place : w->profile->id;
}

static bool has_pin(struct checkin *s)
{
	if (!s->pin)
		app_message(s->base.app, true, _("This PIN is not known here."));
	return s->pin != NULL;
}

/* For the desk's journal: that a PIN left the screen is written down, which one is not. */
static char *about_words(const struct checkin *s, const char *doors)
{
	return g_strdup_printf("%s, %s, 1 PIN", s->name, doors);
}

static void give(struct checkin *s, bool on_paper)
{
	g_autofree char *doors = door_names(s), *message = NULL;
	struct slip slip = { .property = property(s->base.world), .name = s->name, .window = s->times, .doors = doors, .pin = s->pin };

	if (!has_pin(s))
		return;
	if (on_paper) {
		g_autofree char *about = about_words(s, doors);

		paper_print(s->base.app, PAPER_SLIP, slip_text(&slip), about);
		return;
	}
	message = slip_message(&slip);
	if (app_copy(s->base.app, message, true)) {
		struct world *w = s->base.world;
		g_autofree char *about = about_words(s, doors);

		cache_note_act(w->cache, N_("code copied"), about, w->operator_name, w->now, NULL);
	}
	explicit_bzero(message, strlen(message));
}

static bool command(struct screen *screen, enum command c, int count)
{
	struct checkin *s = (struct checkin *)screen;

	(void)count;
	if (c == COMMAND_REVEAL) {
		if (has_pin(s))
			show(s);
	} else if (c == COMMAND_SLIP || c == COMMAND_COPY) {
		give(s, c == COMMAND_SLIP);
	} else {
		return false;
	}
	return true;
}

static bool changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	((struct checkin *)screen)->stale = true;
	return true;
}

static void checkin_free(struct screen *screen)
{
	struct checkin *s = (struct checkin *)screen;

	app_cancel_after(screen->app, s->timer);
	clear(s);
	g_array_unref(s->others);
	g_free(s);
}

static const struct screen_ops ops = {
	.name = N_("Check-in"),
	.view = VIEW_CHECKIN,
	.draw = draw,
	.command = command,
	.changed = changed,
	.free = checkin_free,
};

struct screen *checkin_new(struct app *app, struct world *w, int64_t code_no, int64_t intent_no)
{
	struct checkin *s = g_new0(struct checkin, 1);

	s->base = (struct screen){ .ops = &ops, .app = app, .world = w, .popup = true };
	s->code_no = code_no;
	s->intent_no = intent_no;
	s->others = g_array_new(FALSE, TRUE, sizeof(struct door));
	g_array_set_clear_func(s->others, door_clear);
	fill(s);
	show(s);
	return &s->base;
}
