/* extend - a stay lasts longer, by nights: until the house's check-out of that later day. The PIN stays. */
#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/page.h"
#include "ui/screens/stay.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

#define NIGHTS_MAX  99
#define SMALL_HOURS 5 /* an end before it is still of the night before */

struct extend {
	struct screen base;
	int64_t code_no;
	int nights;
	bool typed;      /* a digit replaces what was offered, the next ones are added */
};

static struct instant later_end(const struct world *w, const struct code_row *c, int nights)
{
	const struct zone *z = zone_of(c->zone, w->zone);
	struct civil day = civil_at(z, c->code.ends_at);
	struct civil end = { .year = day.year, .month = day.month,
			     .day = day.day + nights - (day.hour < SMALL_HOURS ? 1 : 0),
			     .minute = w->profile->check_out };
	struct instant t;

	civil_resolve(z, end, &t);
	return t;
}

static char *end_words(const struct world *w, const struct code_row *c, int nights)
{
	const struct zone *z = zone_of(c->zone, w->zone);
	char now[CIVIL_TEXT_MAX], then[CIVIL_TEXT_MAX];

	return g_strdup_printf(_("until %1$s (was %2$s)"), civil_full(z, later_end(w, c, nights), then),
			       civil_near(z, c->code.ends_at, w->now, now));
}

static struct batch *make(struct world *w, const struct stay *stay, int nights)
{
	g_autofree char *title =
		g_strdup_printf(P_("%1$s stays %2$d night longer", "%1$s stays %2$d nights longer", nights),
				code_name(&stay->at[0]->code), nights);
	struct batch *b = batch_new(title, NULL);

	for (size_t i = 0; i < stay->n; i++) {
		const struct code_row *c = stay->at[i];
		const char *why = instant_known(c->code.ends_at) ? action_why_not_edit(c) : _("it has no end");

		if (why)
			batch_add_code(b, BATCH_BLOCKED, c)->words = g_strdup(why);
		else
			verb_change(b, c, later_end(w, c, nights), NULL, end_words(w, c, nights));
	}
	return b;
}

static void go(struct app *app, void *ctx)
{
	struct extend *s = ctx;
	struct world *w = s->base.world;
	struct stay stay;

	stay_read(&stay, w, s->code_no);
	app_pop(app);
	if (stay.n)
		verb_submit(app, w, make(w, &stay, s->nights));
	else
		app_message(app, true, _("This code is not in the cache any more."));
	stay_done(&stay);
}

/* Only what would put somebody into another's bed is asked about: the plan of several doors says the rest. */
static void submit(struct extend *s)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = cache_code(w->cache, s->code_no, w->now, NULL);
	const struct code_row *c = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	g_autofree char *taken = c ? verb_clash(w, c, c->code.starts_at, later_end(w, c, s->nights)) : NULL;

	if (taken)
		verb_ask_taken(s->base.app, c->lock_name, taken, _("Longer"), go, s, NULL);
	else
		go(s->base.app, s);
}

static void take_digit(struct extend *s, int digit)
{
	int nights = s->typed ? s->nights * 10 + digit : digit;

	if (nights > NIGHTS_MAX || nights < 1)
		return;
	s->nights = nights;
	s->typed = true;
}

/* As a whole, or not at all: of '205' or '2 nights, 2 beds' no part is what was meant. */
static void take_words(struct extend *s, const char *text)
{
	g_autofree char *typed = g_strstrip(g_strdup(text));
	guint64 nights;

	if (g_ascii_string_to_unsigned(typed, 10, 1, NIGHTS_MAX, &nights, NULL)) {
		s->nights = (int)nights;
		s->typed = true;
	} else {
		app_message(s->base.app, true, _("'%1$s' is no number of nights: 1 to %2$d are possible."), typed, NIGHTS_MAX);
	}
}

static bool extend_key(struct screen *screen, const struct key *k)
{
	struct extend *s = (struct extend *)screen;

	switch ((int)k->code) {
	case KEYCODE_ENTER:
		submit(s);
		return true;
	case KEYCODE_ESC:
		app_pop(screen->app);
		app_message(screen->app, false, _("Nothing was changed."));
		return true;
	case KEYCODE_UP:
		s->nights = MIN(s->nights + 1, NIGHTS_MAX);
		return true;
	case KEYCODE_DOWN:
		s->nights = MAX(s->nights - 1, 1);
		return true;
	case KEYCODE_BACKSPACE:
		s->nights = MAX(s->nights / 10, 1);
		s->typed = false;
		return true;
	case KEYCODE_PASTE:
		take_words(s, k->text);
		return true;
	case KEYCODE_CHAR:
		if (k->ctrl && k->ch == 'c')
			return extend_key(screen, &(struct key){ .code = KEYCODE_ESC });
		if (k->ctrl && k->ch == 'u') {
			s->typed = false;
			return true;
		}
		if (k->ctrl)
			return false;
		if (k->ch >= '0' && k->ch <= '9')
			take_digit(s, (int)(k->ch - '0'));
		return true;
	default:
		return true;
	}
}

/* Somebody else's stay in the nights that would be added. Newly allocated; NULL: nobody's. */
static char *clash(const struct world *w, const struct code_row *c, int nights)
{
	struct code_query all = { .lock_no = c->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 200 };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &all, w->now, NULL);
	struct occupied_query q = {
		.from = c->code.ends_at, .until = later_end(w, c, nights), .now = w->now,
		.zone = zone_of(c->zone, w->zone), .door = c->lock_name ? c->lock_name : "?", .but_code_no = c->code_no,
	};

	return codes ? cache_occupied(w->cache, codes, &q) : NULL;
}

static void extend_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct extend *s = (struct extend *)screen;
	struct world *w = screen->world;
	int cols = MIN(area.cols - 4, 66), rows = MIN(11, area.rows);
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2, rows, cols };
	struct rect r = { box.row + 1, box.col + 2, 2, cols - 4 };
	struct stay stay;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, _("Longer"), ROLE_RULE);
	stay_read(&stay, w, s->code_no);
	if (stay.n) {
		const struct code_row *c = stay.at[0];
		g_autofree char *question = g_strdup_printf(_("How many nights longer does %1$s stay in %2$s?"),
							    code_name(&c->code), c->lock_name ? c->lock_name : "?");
		g_autofree char *end = end_words(w, c, s->nights), *taken = clash(w, c, s->nights);
		g_autofree char *spare = action_backup_words(w, c), *others = stay_other_doors(&stay), *said = NULL;

		r.row += page_wrap(g, r, question, ROLE_TEXT) + 1;
		g->cursor_row = r.row;
		g->cursor_col = r.col;
		grid_putf(g, r.row, r.col, 6, ROLE_FIELD_FOCUS, " %d ", s->nights);
		r.row += page_wrap(g, (struct rect){ r.row, r.col + 6, 2, r.cols - 6 }, end, ROLE_NAME) + 1;
		said = taken ? g_strdup_printf("! %s", taken)
		       : spare ? g_strdup_printf(_("! Its backup code keeps its own times: %s"), spare)
		       : others ? g_strdup_printf(_("With it: %s. You see all of it before it is done."), others)
				: g_strdup(_("The PIN stays as it is."));
		page_wrap(g, r, said, taken || spare ? ROLE_WARN : ROLE_DIM);
	}
	stay_done(&stay);
}

static const char *const *extend_hints(struct screen *s)
{
	static const char *const hints[] = { "1-9", N_("nights"), "Enter", N_("do it"), "Esc", N_("leave it"), NULL };

	(void)s;
	return hints;
}

static void extend_free(struct screen *s)
{
	g_free(s);
}

static const struct screen_ops ops = {
	.name = N_("Longer"),
	.view = VIEW_ANY,
	.draw = extend_draw,
	.key = extend_key,
	.hints = extend_hints,
	.free = extend_free,
};

void verb_extend(struct app *app, struct world *w, const struct code_row *c)
{
	const char *why = action_why_not_edit(c);
	struct extend *s;

	if (!why && !instant_known(c->code.ends_at))
		why = _("It has no end: there is nothing to make longer.");
	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	s = g_new0(struct extend, 1);
	s->base = (struct screen){ .ops = &ops, .app = app, .world = w, .popup = true, .asks = ASKS_CHOICE };
	s->code_no = c->code_no;
	s->nights = CLAMP(app_count(app), 1, NIGHTS_MAX);
	app_push(app, &s->base);
}
