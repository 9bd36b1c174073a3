/* ruler - the labels along an axis: axis_draw of lane.h.
 *
 * The marks to label are collected first, by the clock on the wall, so that a night on which the
 * clocks change has as many hours as it has. Then they are placed, the important ones first, each
 * in the longest form that is whole and has a blank on both sides. */
#include "ui/widgets/lane.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"

/* What is labelled: the first of these whose labels have the cells they need. */
static const struct step {
	int minutes, cells_min;
	enum { EVERY_MINUTES, EVERY_DAY, EVERY_MONDAY, EVERY_MONTH } unit;
} steps[] = {
	{ 5, 8, EVERY_MINUTES },          { 10, 8, EVERY_MINUTES },
	{ 15, 8, EVERY_MINUTES },         { 30, 8, EVERY_MINUTES },
	{ 60, 6, EVERY_MINUTES },         { 120, 6, EVERY_MINUTES },
	{ 180, 6, EVERY_MINUTES },        { 360, 6, EVERY_MINUTES },
	{ 720, 12, EVERY_MINUTES },       { 24 * 60, 4, EVERY_DAY },
	{ 7 * 24 * 60, 8, EVERY_MONDAY }, { 30 * 24 * 60, 5, EVERY_MONTH },
};

enum tick_kind { TICK_DAY, TICK_SHIFT, TICK_HOUR, TICK_KINDS };

struct tick {
	int cell;
	enum tick_kind kind;
	struct civil c;
	int shift_s; /* the clocks change here (TICK_SHIFT), or before the next TICK_DAY */
};

/* Forms of a label, the longest first. w weekday, d day, m month, h hour, t hour and minute, s the
 * change of the clocks. */
static const char *const forms_midnight[] = { "w d m", "w", NULL }; /* "Mon 23" would read as 11 pm */
static const char *const forms_day[] = { "w d m", "w d", "d", NULL };
static const char *const forms_first[] = { "w d m", "d m", "m", NULL };
static const char *const forms_monday[] = { "w d m", "d m", "d", NULL };
static const char *const forms_month[] = { "m y", "m", NULL };
static const char *const forms_day_shift[] = { "w d m s", "w d s", "w s", "d s", "s", NULL };
static const char *const forms_shift[] = { "h s", "hs", "s", NULL };
static const char *const forms_midnight_shift[] = { "w d m s", "w s", "s", NULL };
static const char *const forms_hour[] = { "h", NULL };
static const char *const forms_time[] = { "t", NULL };

static const char *const months[] = { "",	   N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
				      N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec") };

struct ruler {
	const struct axis *a;
	const struct step *step;
	struct grid *g;
	int row, col;
	GArray *ticks; /* of struct tick, from left to right */
	bool *taken;
	bool dated; /* some label says day and month */
};

static void write_shift(GString *out, int shift_s)
{
	int minutes = ABS(shift_s) / 60;

	g_string_append_c(out, shift_s < 0 ? '-' : '+');
	if (minutes % 60 == 0)
		g_string_append_printf(out, "%dh", minutes / 60);
	else
		g_string_append_printf(out, "%dm", minutes);
}

static char *write_label(const char *form, const struct tick *t)
{
	GString *out = g_string_new(NULL);

	for (; *form; form++) {
		switch (*form) {
		case 'w':
			g_string_append(out, weekday_name(t->c.weekday));
			break;
		case 'd':
			g_string_append_printf(out, "%d", t->c.day);
			break;
		case 'm':
			g_string_append(out, _(months[t->c.month]));
			break;
		case 'y':
			g_string_append_printf(out, "%d", t->c.year);
			break;
		case 'h':
			g_string_append_printf(out, "%02d", t->c.hour);
			break;
		case 't':
			g_string_append_printf(out, "%02d:%02d", t->c.hour, t->c.minute);
			break;
		case 's':
			write_shift(out, t->shift_s);
			break;
		default:
			g_string_append_c(out, *form);
		}
	}
	return g_string_free(out, FALSE);
}

static bool fits(const struct ruler *r, int cell, int n)
{
	if (cell < 0 || cell + n > r->a->cells)
		return false;
	for (int i = MAX(cell - 1, 0); i < MIN(cell + n + 1, r->a->cells); i++)
		if (r->taken[i])
			return false;
	return true;
}

/* Places the longest form that has at most cells_max cells. */
static bool place(struct ruler *r, const struct tick *t, int cells_max, const char *const *forms)
{
	for (; *forms; forms++) {
		g_autofree char *label = write_label(*forms, t);
		int n = text_width(label);

		if (n > cells_max)
			continue;
		if (!fits(r, t->cell, n)) {
			/* A day's number alone, among days with names, would look cut in half. */
			if (r->step->unit != EVERY_MINUTES && !t->shift_s)
				return false;
			continue;
		}
		memset(r->taken + t->cell, true, (size_t)n);
		grid_put(r->g, r->row, r->col + t->cell, n, label,
			 t->shift_s ? ROLE_WARN : ROLE_HEADER);
		r->dated |= strchr(*forms, 'd') && strchr(*forms, 'm');
		return true;
	}
	return false;
}

static double step_cells(const struct axis *a, const struct step *s)
{
	return (double)(s->minutes * MINUTE_MS) / (double)a->ms_per_cell;
}

static const struct step *step_for(const struct axis *a)
{
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(steps) && step_cells(a, &steps[i]) < steps[i].cells_min)
		i++;
	return &steps[i];
}

static int offset_at(const struct axis *a, struct instant t)
{
	return civil_at(a->zone, t).offset_s;
}

/* The first moment of the new offset, where the clocks change between two moments. */
static struct instant find_shift(const struct axis *a, struct instant before, struct instant after)
{
	int old = offset_at(a, before);

	while (instant_diff_ms(after, before) > SECOND_MS) {
		struct instant middle =
			instant_add_ms(before, instant_diff_ms(after, before) / 2);

		if (offset_at(a, middle) == old)
			before = middle;
		else
			after = middle;
	}
	after.ms -= after.ms % SECOND_MS;
	return after;
}

static void add_tick(struct ruler *r, enum tick_kind kind, struct instant at, int shift_s)
{
	int eighths = axis_eighths(r->a, at);
	struct tick t = { .cell = eighths / 8, .kind = kind, .shift_s = shift_s };

	if (eighths < 0 || t.cell >= r->a->cells)
		return;
	t.c = civil_at(r->a->zone, at);
	g_array_append_val(r->ticks, t);
}

/* The hours (or minutes) of one day; one that comes twice is there twice, one that is left out
 * is not. */
static void add_hours(struct ruler *r, struct instant midnight, int shift_s)
{
	struct civil day = civil_at(r->a->zone, midnight);

	for (int m = r->step->minutes; m < 24 * 60; m += r->step->minutes) {
		struct civil c = { .year = day.year, .month = day.month, .day = day.day,
				   .hour = m / 60, .minute = m % 60 };
		struct instant at;
		enum civil_fit fit = civil_resolve(r->a->zone, c, &at);

		if (fit == CIVIL_NEVER)
			continue;
		add_tick(r, TICK_HOUR, at, 0);
		if (fit == CIVIL_TWICE && shift_s < 0)
			add_tick(r, TICK_HOUR, instant_add_ms(at, -shift_s * SECOND_MS), 0);
	}
}

static bool starts_step(const struct step *s, const struct civil *c)
{
	return s->unit == EVERY_MONDAY  ? c->weekday == 1
	       : s->unit == EVERY_MONTH ? c->day == 1
					: true;
}

/* On an axis of days a change of the clocks belongs to the label before it. */
static void give_shift(struct ruler *r, struct instant at, int shift_s)
{
	for (guint i = r->ticks->len; i-- > 0;) {
		struct tick *t = &g_array_index(r->ticks, struct tick, i);

		if (t->kind == TICK_DAY) {
			t->shift_s = shift_s;
			return;
		}
	}
	add_tick(r, TICK_SHIFT, at, shift_s);
}

static void collect(struct ruler *r)
{
	const struct axis *a = r->a;
	struct instant end = axis_instant(a, a->cells), day = zone_day_start(a->zone, a->from, 0);

	while (instant_before(day, end)) {
		struct instant next = zone_day_start(a->zone, day, 1);
		int shift_s = offset_at(a, next) - offset_at(a, day);
		struct civil c = civil_at(a->zone, day);

		if (!instant_before(day, next))
			break;
		if (starts_step(r->step, &c))
			add_tick(r, TICK_DAY, day, 0);
		if (shift_s && r->step->unit == EVERY_MINUTES)
			add_tick(r, TICK_SHIFT, find_shift(a, day, next), shift_s);
		else if (shift_s)
			give_shift(r, find_shift(a, day, next), shift_s);
		if (r->step->unit == EVERY_MINUTES)
			add_hours(r, day, shift_s);
		day = next;
	}
}

static int by_cell(gconstpointer a, gconstpointer b)
{
	const struct tick *x = a, *y = b;

	return x->cell != y->cell ? (x->cell > y->cell) - (x->cell < y->cell)
				  : (int)x->kind - (int)y->kind;
}

/* Cells to the nth tick behind tick i that stands in another cell, less the blank before it; as
 * far as it would usually be where there is none. */
static int room_after(const struct ruler *r, guint i, int nth)
{
	const struct tick *ticks = (const struct tick *)(const void *)r->ticks->data;
	int cell = ticks[i].cell;

	for (guint j = i + 1; j < r->ticks->len; j++)
		if (ticks[j].cell > cell && --nth == 0)
			return ticks[j].cell - ticks[i].cell - 1;
		else
			cell = ticks[j].cell;
	return (int)(nth * step_cells(r->a, r->step)) - 1;
}

static void place_day(struct ruler *r, guint i, const struct tick *t)
{
	const char *const *forms = r->step->unit == EVERY_MONDAY  ? forms_monday
				   : r->step->unit == EVERY_MONTH ? forms_month
				   : t->c.day == 1                ? forms_first
								  : forms_day;

	if (r->step->unit == EVERY_MINUTES)
		place(r, t, room_after(r, i, 2), forms_midnight);
	else
		place(r, t, room_after(r, i, 1), t->shift_s ? forms_day_shift : forms);
}

/* Rather the next hour is not labelled than the change of the clocks. */
static void place_shift(struct ruler *r, guint i, const struct tick *t)
{
	bool at_midnight = i > 0 && t[-1].kind == TICK_DAY && t[-1].cell == t->cell;
	const char *const *forms = at_midnight ? forms_midnight_shift : forms_shift;

	if (!place(r, t, room_after(r, i, 1), forms))
		place(r, t, room_after(r, i, 2), forms);
}

static void place_hour(struct ruler *r, guint i, const struct tick *t)
{
	bool minutes = r->step->minutes <= 60 && step_cells(r->a, r->step) >= 8;

	(void)i;
	place(r, t, r->a->cells, minutes ? forms_time : forms_hour);
}

static void place_all(struct ruler *r, enum tick_kind kind,
		      void (*fn)(struct ruler *r, guint i, const struct tick *t))
{
	for (guint i = 0; i < r->ticks->len; i++) {
		const struct tick *t = &g_array_index(r->ticks, struct tick, i);

		if (t->kind == kind)
			fn(r, i, t);
	}
}

void axis_draw(const struct axis *a, struct grid *g, int row, int col)
{
	static const char *const date[] = { "w d m", NULL };
	g_autoptr(GArray) ticks = g_array_new(FALSE, FALSE, sizeof(struct tick));
	g_autofree bool *taken = g_new0(bool, (gsize)MAX(a->cells, 1));
	struct ruler r = { .a = a, .step = step_for(a), .g = g, .row = row, .col = col,
			   .ticks = ticks, .taken = taken };
	struct tick left = { .cell = 0, .kind = TICK_DAY, .c = civil_at(a->zone, a->from) };

	collect(&r);
	g_array_sort(ticks, by_cell);
	place_all(&r, TICK_SHIFT, place_shift);
	place_all(&r, TICK_DAY, place_day);
	if (!r.dated)
		place(&r, &left, a->cells, date);
	place_all(&r, TICK_HOUR, place_hour);
}
