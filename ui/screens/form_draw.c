/* form_draw - the form's picture: fields with what was understood beside them, and the code on
 * the time axis of each door before it is sent. */
#include <string.h>

#include "core/i18n.h"
#include "ui/screens/code_form.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define LABEL_CELLS 9
#define FIELD_CELLS 24
#define PREVIEW_DOORS 4

static const char *const labels[FORM_TEXTS] = { N_("Doors"), N_("Name"), N_("From"), N_("Until"), N_("PIN") };
static const char *const empty_words[FORM_TEXTS] = {
	[FORM_NAME] = N_("the guest"),
	[FORM_FROM] = N_("now"),
	[FORM_UNTIL] = N_("ongoing"),
	[FORM_PIN] = N_("generated"),
};

/* An empty field is only a mistake once somebody wanted to be done. */
static const char *shown_error(const struct code_form *f, enum form_field i)
{
	if (i < FORM_TEXTS && f->server_error[i] &&
	    g_strcmp0(f->field[i].text->str, f->refused_text[i]) == 0)
		return f->server_error[i];
	if (!f->error[i])
		return NULL;
	if (f->tried || i == FORM_OPTIONS || (i < FORM_TEXTS && form_text_is(f, i)))
		return f->error[i];
	return NULL;
}

/* What is said of a field, and how loudly. Newly allocated; NULL: nothing. */
static char *said_of(const struct code_form *f, enum form_field i, enum role *role)
{
	const char *error = shown_error(f, i);

	*role = error ? ROLE_ALARM : f->caution[i] ? ROLE_WARN : ROLE_DIM;
	return error ? g_strdup_printf("! %s", error) : g_strdup(f->echo[i]);
}

/* Beside the field where it fits, else on the rows under it, as wide as the form: a reason that is
 * cut is none. Gives the rows used under the field's own. */
static int put_said(const struct code_form *f, enum form_field i, struct grid *g, struct rect beside,
		     struct rect under)
{
	enum role role;
	g_autofree char *said = said_of(f, i, &role);

	if (said && role != ROLE_DIM && text_width(said) > beside.cols)
		return page_wrap(g, under, said, role);
	if (said)
		grid_put(g, beside.row, beside.col, beside.cols, said, role);
	return 0;
}

static char *doors_text(const struct code_form *f)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < f->doors->len; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "", form_door(f, i)->row->lock.name);
	return g_string_free(s, FALSE);
}

/* Gives the rows used. */
static int draw_doors(const struct code_form *f, struct grid *g, int row, int col, int cells)
{
	g_autofree char *doors = doors_text(f);
	bool focused = f->focus == FORM_DOORS;
	enum role role;
	g_autofree char *said = focused ? NULL : said_of(f, FORM_DOORS, &role);
	int aside = said ? text_width(said) : 0, room = cells - aside - (aside ? 2 : 0);
	bool beside = text_width(*doors ? doors : _("none")) <= room;

	if (focused)
		room = MAX(cells - 16, 8);
	else if (!beside)
		room = cells;
	grid_put(g, row, col, room, *doors ? doors : _("none"), *doors ? ROLE_TEXT : ROLE_WARN);
	if (focused)
		field_draw(&f->field[FORM_DOORS], g, row, col + cells - 15, 15, true);
	else if (said && beside)
		grid_put(g, row, col + cells - aside, aside, said, role);
	else if (said)
		grid_put(g, row + 1, col, cells, said, role);
	return beside || focused ? 1 : 2;
}

/* A PIN is readable while its field is the one being filled: going there is asking for it. */
static void draw_pin(const struct code_form *f, struct grid *g, int row, int col)
{
	bool focused = f->focus == FORM_PIN;

	if (form_text_is(f, FORM_PIN) || focused) {
		struct field shown = f->field[FORM_PIN];

		shown.masked = !focused;
		field_draw(&shown, g, row, col, FIELD_CELLS, focused);
	}
	if (form_text_is(f, FORM_PIN))
		return;
	if (focused && *f->generated && !f->error[FORM_PIN] && !f->edit)
		grid_putf(g, row, col, FIELD_CELLS, ROLE_FIELD_FOCUS, "%s", f->generated);
	else if (!focused)
		grid_put(g, row, col, FIELD_CELLS, *f->generated && !f->edit ? PIN_HIDDEN(g->ascii)
			 : f->edit ? PIN_HIDDEN(g->ascii) : empty_words[FORM_PIN], ROLE_DIM);
}

/* Gives the rows used. */
static int draw_text_field(const struct code_form *f, enum form_field i, struct grid *g, int row,
			   struct rect box)
{
	int col = box.col + 2 + LABEL_CELLS, end = box.col + box.cols - 2;
	int cells = i == FORM_NAME ? end - col : FIELD_CELLS, aside = col + FIELD_CELLS + 2;
	bool focused = f->focus == i;

	grid_put(g, row, box.col + 2, LABEL_CELLS, _(labels[i]), focused ? ROLE_HINT_KEY : ROLE_DIM);
	if (i == FORM_DOORS)
		return draw_doors(f, g, row, col, end - col);
	if (i == FORM_NAME && (shown_error(f, i) || f->echo[i]))
		cells = MIN(cells, FIELD_CELLS);
	if (i == FORM_PIN)
		draw_pin(f, g, row, col);
	else
		field_draw(&f->field[i], g, row, col, cells, focused);
	/* What an empty field means is to be read while one is in it, too. */
	if (i != FORM_PIN && !f->field[i].text->len)
		grid_put(g, row, col, cells, _(empty_words[i]), ROLE_DIM);
	return 1 + put_said(f, i, g, (struct rect){ row, aside, 1, end - aside },
			    (struct rect){ row + 1, col, MIN(2, box.row + box.rows - 2 - row), end - col });
}

/* ---- options ---- */

static int draw_options(const struct code_form *f, struct grid *g, int row, struct rect box, int rows)
{
	int used = 0;

	for (int o = 0; o < OPTION_COUNT && used < rows; o++) {
		struct rect at = { row + used, box.col + 2, 1, box.cols - 4 };

		if (!form_option_offered(f, (enum form_option)o))
			continue;
		grid_putf(g, at.row, at.col, at.cols, ROLE_TEXT, "[%c] %s", f->option[o] ? 'x' : ' ',
			  form_option_words((enum form_option)o));
		if (f->focus == FORM_OPTIONS && o == f->option_at) {
			grid_mark(g, at, MARK_CURSOR);
			g->cursor_row = at.row;
			g->cursor_col = at.col + 1;
		}
		used++;
	}
	if (!used && rows > 0) {
		grid_put(g, row, box.col + 2, box.cols - 4,
			 f->edit ? _("Options cannot be changed later.")
				 : _("These doors have no options in common."),
			 ROLE_DIM);
		used = 1;
	}
	return used;
}

/* ---- the chooser ---- */

static void draw_chooser(const struct code_form *f, struct grid *g, struct rect r)
{
	int top = CLAMP(f->match_at - r.rows / 2, 0, MAX((int)f->matches->len - r.rows, 0));

	if (!f->matches->len)
		grid_put(g, r.row, r.col, r.cols, _("No lock is called that."), ROLE_WARN);
	for (int i = 0; i < r.rows && top + i < (int)f->matches->len; i++) {
		const struct lock_name *n = g_ptr_array_index(f->names, g_array_index(f->matches, guint, top + i));
		struct rect at = { r.row + i, r.col, 1, r.cols };

		grid_putf(g, at.row, at.col, at.cols, ROLE_TEXT, "[%c] %s",
			  form_has_door(f, n->lock_no) ? 'x' : ' ', n->name);
		if (top + i == f->match_at)
			grid_mark(g, at, MARK_CURSOR);
	}
}

/* ---- the preview ---- */

#define BEFORE_SHARE 0.15
static const int64_t preview_minutes[] = { 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080 };

static struct axis preview_axis(const struct code_form *f, int cells)
{
	const struct world *w = f->base.world;
	const struct form_door *d = form_door(f, 0);
	struct instant from = instant_known(f->from) ? f->from : w->now;
	int64_t span = instant_known(f->until) ? instant_diff_ms(f->until, from) : DAY_MS;
	const struct zone *zone = d ? zone_of(d->row->lock.zone, w->zone) : w->zone;
	struct axis a = axis_at(ZOOM_HOUR, from, BEFORE_SHARE, MAX(cells, 1), zone);
	struct instant midnight = zone_day_start(zone, from, 0);
	size_t i = 0;

	/* The whole stay and some time around it, in cells of a length that people know. */
	while (i + 1 < G_N_ELEMENTS(preview_minutes) &&
	       preview_minutes[i] * MINUTE_MS * a.cells * 2 / 3 < span)
		i++;
	a.ms_per_cell = preview_minutes[i] * MINUTE_MS;
	a.from = instant_add_ms(midnight, (instant_diff_ms(from, midnight) / a.ms_per_cell -
					   (int64_t)(a.cells * BEFORE_SHARE)) * a.ms_per_cell);
	return a;
}

/* Gives how many of them are within the axis: bars may cover each other. */
static guint draw_others(const struct code_form *f, const struct form_door *d, const struct axis *a,
			struct grid *g, int row, int col)
{
	g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(struct bar));
	struct instant end = axis_instant(a, a->cells);

	for (guint i = 0; d->codes && i < d->codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(d->codes, struct code_row, i);
		struct bar b = { .from = instant_known(c->code.starts_at) ? c->code.starts_at : c->code.created_at,
				 .until = c->code.ends_at, .state = c->state,
				 .label = code_name(&c->code) };

		if ((f->code_no && c->code_no == f->code_no) ||
		    (instant_known(b.until) && !instant_before(a->from, b.until)) ||
		    (instant_known(b.from) && !instant_before(b.from, end)))
			continue;
		g_array_append_val(bars, b);
	}
	lane_draw(a, (const struct bar *)(const void *)bars->data, bars->len, f->base.world->now, g, row, col);
	return bars->len;
}

static void draw_preview(const struct code_form *f, struct grid *g, struct rect r)
{
	int name = 14, col = r.col + name + 1, row = r.row, end = r.row + r.rows;
	struct axis a = preview_axis(f, r.cols - name - 1);
	/* Others of the lock under it, when there is room for every door. */
	bool others = r.rows >= 1 + 2 * (int)MIN(f->doors->len, PREVIEW_DOORS);
	guint n;

	if (r.rows < 2)
		return;
	axis_draw(&a, g, row++, col);
	for (guint i = 0; i < f->doors->len && i < PREVIEW_DOORS && row < end; i++) {
		const struct form_door *d = form_door(f, i);
		struct bar b = {
			.from = instant_known(f->from) || f->edit ? f->from : f->base.world->now,
			.until = f->until,
			.state = CODE_QUEUED,
			.native = lock_is_native(&d->row->lock) && !f->option[OPTION_JUST_IN_TIME],
			.show_lead = instant_known(f->from) && instant_before(f->base.world->now, f->from),
			.selected = true,
			.label = form_text_is(f, FORM_NAME) ? f->field[FORM_NAME].text->str : _("new"),
		};

		grid_put_field(g, row, r.col, name, -1, CUT_END, d->row->lock.name, ROLE_TEXT);
		lane_draw(&a, &b, 1, f->base.world->now, g, row++, col);
		if (!others || row >= end)
			continue;
		n = draw_others(f, d, &a, g, row, col);
		grid_putf(g, row++, r.col + 2, name - 2, ROLE_DIM, n > 1 ? _("%u others") : _("others"), n);
	}
}

/* ---- all of it ---- */

void form_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct code_form *f = (struct code_form *)s;
	int cols = CLAMP(area.cols - 2, 20, 110);
	int want = FORM_TEXTS + 6 + 2 * (int)MIN(MAX(f->doors->len, 1), PREVIEW_DOORS) +
		   (f->options_open ? OPTION_COUNT : 0);
	int rows = MIN(MAX(want, 16), area.rows), row, end;
	struct rect box = { area.row + (area.rows - rows) / 3, area.col + (area.cols - cols) / 2, rows, cols };
	struct rect rest;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box,
		   f->edit	  ? _("Change code")
		   : f->again_no  ? _("Refused: correct it")
		   : f->beside_no ? _("Second guest")
				  : _("New code"),
		   ROLE_RULE);
	row = box.row + 1;
	end = box.row + box.rows - 1;
	for (int i = 0; i < FORM_TEXTS && row < end; i++)
		row += draw_text_field(f, (enum form_field)i, g, row, box);
	if (f->options_open)
		row += draw_options(f, g, row, box, end - row);
	if (row < end && f->server_message)
		grid_putf(g, row++, box.col + 2, cols - 4, ROLE_ALARM, _("! The server said: %s"), f->server_message);
	if (row < end && shown_error(f, FORM_OPTIONS))
		grid_putf(g, row++, box.col + 2, cols - 4, ROLE_ALARM, "! %s", shown_error(f, FORM_OPTIONS));
	for (int i = 0; i < f->notes && row < end; i++)
		grid_putf(g, row++, box.col + 2, cols - 4, f->note[i].caution ? ROLE_WARN : ROLE_DIM, "%s%s",
			  f->note[i].caution ? "! " : "", f->note[i].text);
	row += f->notes < 1;
	rest = (struct rect){ row, box.col + 2, end - row, cols - 4 };
	if (rest.rows > 0 && f->focus == FORM_DOORS && !f->edit)
		draw_chooser(f, g, rest);
	else if (rest.rows > 0)
		draw_preview(f, g, rest);
}
