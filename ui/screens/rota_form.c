/* rota_form - see the header. A letter takes a pattern or a door set that the configuration names, while
 * nothing is typed there; hours and doors can be typed as well. */
#include "config.h"

#include "ui/screens/rota_form.h"

#include <string.h>

#include "core/i18n.h"
#include "core/profile_named.h"
#include "core/text.h"
#include "core/when.h"
#include "feed/door_set.h"
#include "feed/rota_plan.h"
#include "ui/screens/lock_names.h"
#include "ui/screens/page.h"
#include "ui/widgets/field.h"

enum { ROTA_NAME, ROTA_HOURS, ROTA_DOORS, ROTA_LAST, ROTA_FIELDS };
static const char *const labels[ROTA_FIELDS] = { N_("Name"), N_("Hours"), N_("Doors"), N_("Last day") };
static const char *const empty_words[ROTA_FIELDS] = { N_("who it is"), N_("always: a code without an end"),
						      N_("type to find"), N_("it goes on") };

#define LABEL_CELLS 11
#define TEXT_BYTES  100
#define LISTED_MAX  6
#define NOON_MIN    (12 * 60)

struct rota_form {
	struct screen base;
	int64_t rota_no;         /* 0: a new one */
	int64_t first_day;
	struct field field[ROTA_FIELDS]; /* of ROTA_DOORS: what is typed to find one */
	GArray *doors;           /* int64_t lock_no */
	GPtrArray *names;        /* of struct lock_name * */
	GArray *matches;
	int focus;
	struct rota_hours hours; /* days 0: none typed */
	int64_t last_day;
	char *error[ROTA_FIELDS];
	char *echo[ROTA_FIELDS];  /* what was understood of what was typed; NULL: nothing to say */
};

static const char *text_of(const struct rota_form *f, int i)
{
	return f->field[i].text->str;
}

static const GPtrArray *list_of(const struct rota_form *f)
{
	const struct profile *p = f->base.world->profile;

	return f->focus == ROTA_HOURS ? p->patterns : f->focus == ROTA_DOORS ? p->door_sets : NULL;
}

/* ---- what was typed ---- */

static const char *name_of_lock(const struct rota_form *f, int64_t lock_no)
{
	for (guint i = 0; i < f->names->len; i++) {
		const struct lock_name *n = f->names->pdata[i];

		if (n->lock_no == lock_no)
			return n->name;
	}
	return "?";
}

static void check_hours(struct rota_form *f)
{
	g_autoptr(GError) err = NULL;

	f->hours.days = 0;
	if (*text_of(f, ROTA_HOURS) && !rota_hours_parse(text_of(f, ROTA_HOURS), &f->hours, &err))
		f->error[ROTA_HOURS] = g_strdup(err->message);
	else if (f->hours.days)
		f->echo[ROTA_HOURS] = rota_hours_text(&f->hours);
}

static void check_last(struct rota_form *f)
{
	const struct world *w = f->base.world;
	struct when_context ctx = { .zone = w->zone, .now = w->now, .base = w->now, .default_minutes = NOON_MIN };
	g_autoptr(GError) err = NULL;
	char day[CIVIL_TEXT_MAX];
	struct instant t;

	f->last_day = ROTA_NO_END;
	if (!*text_of(f, ROTA_LAST))
		return;
	if (!when_parse(text_of(f, ROTA_LAST), &ctx, &t, NULL, &err))
		f->error[ROTA_LAST] = g_strdup(err->message);
	else if (rota_day(w->zone, t) < rota_day(w->zone, w->now))
		f->error[ROTA_LAST] = g_strdup(_("That day is over."));
	else
		f->last_day = rota_day(w->zone, t);
	if (f->last_day != ROTA_NO_END)
		f->echo[ROTA_LAST] = g_strdup_printf("%s %d", civil_day(w->zone, t, day), civil_at(w->zone, t).year);
}

/* Doors where the same PIN cannot come again by itself are refused before anything is made. */
static void check_doors(struct rota_form *f)
{
	struct world *w = f->base.world;

	for (guint i = 0; i < f->doors->len && !f->error[ROTA_DOORS]; i++) {
		int64_t lock_no = g_array_index(f->doors, int64_t, i);
		OWN(cache_list) struct cache_list *list = cache_lock(w->cache, lock_no, w->now, NULL);
		const char *why =
			list && list->rows->len ? rota_why_not(&cache_list_at(list, struct lock_row, 0)->lock) : NULL;

		if (why)
			f->error[ROTA_DOORS] = g_strdup_printf("%s: %s", name_of_lock(f, lock_no), why);
	}
}

static void check(struct rota_form *f)
{
	for (int i = 0; i < ROTA_FIELDS; i++) {
		g_clear_pointer(&f->error[i], g_free);
		g_clear_pointer(&f->echo[i], g_free);
	}
	check_hours(f);
	check_last(f);
	check_doors(f);
	lock_names_match(f->names, text_of(f, ROTA_DOORS), f->matches);
}

static void go_to(struct rota_form *f, int i)
{
	f->focus = (i + ROTA_FIELDS) % ROTA_FIELDS;
}

/* ---- doors ---- */

static int door_at(const struct rota_form *f, int64_t lock_no)
{
	for (guint i = 0; i < f->doors->len; i++)
		if (g_array_index(f->doors, int64_t, i) == lock_no)
			return (int)i;
	return -1;
}

static void toggle_door(struct rota_form *f, int64_t lock_no)
{
	int i = door_at(f, lock_no);

	if (i >= 0)
		g_array_remove_index(f->doors, (guint)i);
	else
		g_array_append_val(f->doors, lock_no);
}

static void take_set(struct rota_form *f, const struct door_set *set)
{
	g_autofree char *missing = NULL;

	door_set_find(f->base.world->cache, set, f->doors, &missing, NULL);
	if (missing)
		app_message(f->base.app, true, "%s", missing);
}

static void take_match(struct rota_form *f)
{
	int64_t lock_no = lock_names_at(f->names, f->matches, 0);

	if (!lock_no) {
		app_message(f->base.app, true, _("No lock is called “%s”."), text_of(f, ROTA_DOORS));
		return;
	}
	toggle_door(f, lock_no);
	field_set(&f->field[ROTA_DOORS], "");
}

/* ---- making it ---- */

bool rota_changed(struct app *app, struct world *w, int64_t rota_no, const char *act, const char *name)
{
	g_autoptr(GError) err = NULL;

	if (!rota_carry_out(w->cache, rota_no, w->zone, w->now, &err)) {
		app_message(app, true, _("Nothing was changed: %s"), err ? err->message : "");
		return false;
	}
	cache_note_act(w->cache, act, name, w->operator_name, w->now, NULL);
	app_made(app, NULL, 0);
	return true;
}

static bool submit(struct rota_form *f)
{
	struct world *w = f->base.world;
	struct app *app = f->base.app;
	struct rota r = { .rota_no = f->rota_no,
			  .name = text_of(f, ROTA_NAME),
			  .hours = f->hours,
			  .first_day = f->first_day,
			  .last_day = f->last_day };
	char pin[PIN_MAX + 1] = "";
	g_autoptr(GError) err = NULL;
	int64_t no = f->rota_no;
	bool ok;

	if (!no && rota_choose_pin(w->cache, f->doors, w->now, pin))
		r.pin = pin;
	if (no)
		ok = cache_rota_change(w->cache, &r, f->doors, w->operator_name, w->now, &err);
	else
		ok = (no = cache_rota_add(w->cache, &r, f->doors, w->operator_name, w->now, &err)) != 0;
	explicit_bzero(pin, sizeof pin);
	if (!ok) {
		app_message(app, true, _("Nothing was changed: %s"), err ? err->message : "");
		return false;
	}
	if (rota_changed(app, w, no, f->rota_no ? "rota changed" : "rota", r.name)) {
		g_autofree char *hours = rota_hours_text(&f->hours);

		app_message(app, false, _("%1$s: %2$s. i on the line shows the PIN."), r.name, hours);
	}
	app_pop(app);
	return true;
}

/* Enter: on to what is missing, or it is made. */
static void enter(struct rota_form *f)
{
	struct app *app = f->base.app;

	if (f->focus == ROTA_DOORS && *text_of(f, ROTA_DOORS)) {
		take_match(f);
		check(f);
		return;
	}
	for (int i = 0; i < ROTA_FIELDS; i++) {
		if (!f->error[i])
			continue;
		go_to(f, i);
		app_message(app, true, "%s", f->error[i]);
		return;
	}
	if (!*text_of(f, ROTA_NAME)) {
		go_to(f, ROTA_NAME);
	} else if (f->focus == ROTA_NAME) {
		go_to(f, ROTA_HOURS);
	} else if (!f->hours.days && f->rota_no) {
		go_to(f, ROTA_HOURS);
	} else if (!f->hours.days) {
		app_pop(app);
		app_push(app, code_form_ongoing(app, f->base.world, text_of(f, ROTA_NAME)));
	} else if (!f->doors->len) {
		go_to(f, ROTA_DOORS);
	} else {
		submit(f);
	}
}

/* ---- keys ---- */

/* A letter that the configuration gave to a pattern or a set, where nothing is typed yet. */
static bool letter_key(struct rota_form *f, const struct key *k)
{
	const GPtrArray *list = list_of(f);

	if (!list || k->code != KEYCODE_CHAR || k->ctrl || k->alt || *text_of(f, f->focus))
		return false;
	for (guint i = 0; i < list->len; i++) {
		const struct named_pattern *pattern = f->focus == ROTA_HOURS ? list->pdata[i] : NULL;
		const struct door_set *set = pattern ? NULL : list->pdata[i];
		char letter = pattern ? pattern->letter : set->letter;

		if (!letter || k->ch != (uint32_t)letter)
			continue;
		if (set) {
			take_set(f, set);
		} else {
			g_autofree char *hours = rota_hours_text(&pattern->hours);

			field_set(&f->field[ROTA_HOURS], hours);
			go_to(f, ROTA_DOORS);
		}
		check(f);
		return true;
	}
	return false;
}

static bool form_key(struct screen *s, const struct key *k)
{
	struct rota_form *f = (struct rota_form *)s;
	bool changed = false;

	if (k->code == KEYCODE_ESC || (k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c')) {
		app_pop(s->app);
		app_message(s->app, false, _("Nothing was changed."));
		return true;
	}
	if (k->code == KEYCODE_ENTER) {
		enter(f);
		return true;
	}
	if (k->code == KEYCODE_TAB || k->code == KEYCODE_DOWN || k->code == KEYCODE_SHIFT_TAB ||
	    k->code == KEYCODE_UP) {
		go_to(f, f->focus + (k->code == KEYCODE_TAB || k->code == KEYCODE_DOWN ? 1 : -1));
		return true;
	}
	if (letter_key(f, k))
		return true;
	/* Out of the doors by Backspace, the last one first. */
	if (f->focus == ROTA_DOORS && k->code == KEYCODE_BACKSPACE && !*text_of(f, ROTA_DOORS) && f->doors->len) {
		g_array_set_size(f->doors, f->doors->len - 1);
		check(f);
		return true;
	}
	if (!field_key(&f->field[f->focus], k, &changed))
		return !k->ctrl;
	if (changed)
		check(f);
	return true;
}

static const char *const *form_hints(struct screen *s)
{
	static const char *const hints[] = { "Enter", N_("next, or make it"), "Tab", N_("next"), "Esc", N_("leave"),
					     NULL };

	(void)s;
	return hints;
}

/* ---- drawing ---- */

static char *doors_words(const struct rota_form *f)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < f->doors->len; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "", name_of_lock(f, g_array_index(f->doors, int64_t, i)));
	return g_string_free(s, FALSE);
}

/* Patterns or sets with their letters, else locks that fit what is typed. */
static void draw_list(const struct rota_form *f, struct grid *g, struct rect r)
{
	const GPtrArray *list = *text_of(f, f->focus) ? NULL : list_of(f);
	int row = 0;

	for (guint i = 0; list && i < list->len && row < r.rows; i++, row++) {
		const struct named_pattern *pattern = f->focus == ROTA_HOURS ? list->pdata[i] : NULL;
		const struct door_set *set = pattern ? NULL : list->pdata[i];
		g_autofree char *hours = pattern ? rota_hours_text(&pattern->hours) : NULL;
		char letter = pattern ? pattern->letter : set->letter;

		grid_putf(g, r.row + row, r.col, 2, ROLE_HINT_KEY, "%c", letter ? letter : ' ');
		grid_putf(g, r.row + row, r.col + 2, r.cols - 2, ROLE_TEXT, "%s%s%s",
			  pattern ? pattern->name : set->name, pattern ? "  " : "", pattern ? hours : "");
	}
	for (guint i = 0; f->focus == ROTA_DOORS && i < f->matches->len && row < r.rows; i++, row++) {
		const struct lock_name *n = f->names->pdata[g_array_index(f->matches, guint, i)];

		grid_putf(g, r.row + row, r.col, r.cols, ROLE_DIM, "[%c] %s", door_at(f, n->lock_no) >= 0 ? 'x' : ' ',
			  n->name);
	}
	if (f->focus == ROTA_HOURS && *text_of(f, ROTA_HOURS) == '\0' && row < r.rows)
		grid_put(g, r.row + row, r.col, r.cols, _("or typed: mon-fri 8-14, tue sat 22:00-06:00"), ROLE_DIM);
}

static int draw_field(const struct rota_form *f, struct grid *g, int i, int row, struct rect box)
{
	int col = box.col + 2 + LABEL_CELLS, cells = box.col + box.cols - 2 - col;
	bool focused = f->focus == i;
	g_autofree char *doors = i == ROTA_DOORS ? doors_words(f) : NULL;
	int used = 1;

	grid_put(g, row, box.col + 2, LABEL_CELLS, _(labels[i]), focused ? ROLE_HINT_KEY : ROLE_DIM);
	if (doors && *doors) {
		used = MAX(page_wrap(g, (struct rect){ row, col, 2, cells }, doors, ROLE_TEXT), 1);
		if (focused)
			row += used++;
	}
	if (!doors || !*doors || focused)
		field_draw(&f->field[i], g, row, col, cells, focused);
	if (!*text_of(f, i) && (!doors || !*doors))
		grid_put(g, row, col + (focused ? 1 : 0), cells - 1, _(empty_words[i]), ROLE_DIM);
	if (f->error[i] && *f->error[i])
		used += page_wrap(g, (struct rect){ row + 1, col, 2, cells }, f->error[i], ROLE_WARN);
	else if (f->echo[i] && strcmp(f->echo[i], text_of(f, i)) != 0)
		used += page_wrap(g, (struct rect){ row + 1, col, 1, cells }, f->echo[i], ROLE_GOOD);
	return used;
}

static void form_draw_(struct screen *s, struct grid *g, struct rect area)
{
	struct rota_form *f = (struct rota_form *)s;
	int cols = MIN(area.cols - 4, 76), rows = MIN(ROTA_FIELDS + 5 + LISTED_MAX, area.rows), row;
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2, rows, cols };
	int end = box.row + box.rows - 1;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, f->rota_no ? _("Change the rota") : _("Staff: a new code"), ROLE_RULE);
	row = box.row + 1;
	for (int i = 0; i < ROTA_FIELDS && row < end; i++)
		row += draw_field(f, g, i, row, box);
	if (row + 1 < end)
		draw_list(f, g,
			  (struct rect){ row + 1, box.col + 2 + LABEL_CELLS, end - row - 1, cols - 4 - LABEL_CELLS });
}

/* ---- its life ---- */

static void form_free_(struct screen *s)
{
	struct rota_form *f = (struct rota_form *)s;

	for (int i = 0; i < ROTA_FIELDS; i++) {
		field_done(&f->field[i]);
		g_free(f->error[i]);
		g_free(f->echo[i]);
	}
	g_array_unref(f->doors);
	g_array_unref(f->matches);
	g_ptr_array_unref(f->names);
	g_free(f);
}

static const struct screen_ops ops = {
	.name = N_("Rota"),
	.view = VIEW_ANY,
	.draw = form_draw_,
	.key = form_key,
	.hints = form_hints,
	.free = form_free_,
};

static void fill(struct rota_form *f, const struct rota *r)
{
	OWN(cache_list) struct cache_list *doors = cache_rota_doors(f->base.world->cache, r->rota_no, NULL);
	g_autofree char *hours = rota_hours_text(&r->hours);
	const struct zone *z = f->base.world->zone;

	field_set(&f->field[ROTA_NAME], r->name);
	field_set(&f->field[ROTA_HOURS], hours);
	f->first_day = r->first_day;
	if (r->last_day != ROTA_NO_END) {
		struct civil c = civil_at(z, rota_day_start(z, r->last_day));
		g_autofree char *last = g_strdup_printf("%04d-%02d-%02d", c.year, c.month, c.day);

		field_set(&f->field[ROTA_LAST], last);
	}
	for (guint i = 0; doors && i < doors->rows->len; i++) {
		int64_t lock_no = cache_list_at(doors, struct rota_door, i)->lock_no;

		if (lock_no)
			g_array_append_val(f->doors, lock_no);
	}
	f->focus = ROTA_HOURS;
}

struct screen *rota_form_new(struct app *app, struct world *w, int64_t rota_no)
{
	struct rota_form *f = g_new0(struct rota_form, 1);
	OWN(cache_list) struct cache_list *list = rota_no ? cache_rota(w->cache, rota_no, NULL) : NULL;

	f->base = (struct screen){ .ops = &ops, .app = app, .world = w, .popup = true };
	f->rota_no = rota_no;
	f->first_day = rota_day(w->zone, w->now);
	f->doors = g_array_new(FALSE, FALSE, sizeof(int64_t));
	f->matches = g_array_new(FALSE, FALSE, sizeof(guint));
	f->names = lock_names_read(w->cache, w->now);
	for (int i = 0; i < ROTA_FIELDS; i++)
		field_init(&f->field[i], "", TEXT_BYTES);
	if (list && list->rows->len)
		fill(f, cache_list_at(list, struct rota, 0));
	check(f);
	return &f->base;
}
