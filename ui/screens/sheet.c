/* sheet - the night sheet on the screen, line for line as it is printed. With PINs only when they are asked
 * for, and then for a minute: a screen is read by whoever passes. */
#include "config.h"

#include <string.h>

#include "cache/night_sheet.h"
#include "core/i18n.h"
#include "ui/app_core.h"
#include "ui/screens/actions.h"
#include "ui/screens/page.h"
#include "ui/screens/paper.h"
#include "ui/seal.h"

#define PINS_SHOWN_MS (60 * SECOND_MS)

struct sheet_screen {
	struct screen base;
	bool pins, stale;
	unsigned timer;
	char *text;
	char *failed;     /* why there is none; NULL */
	int n_stays, n_pins;
	GPtrArray *lines; /* of const char *, within cut; NULL: a page ends */
	char *cut;        /* the text, its line feeds and form feeds made ends */
	int top, rows;
};

static struct sheet_screen *sheet_of(struct screen *s)
{
	return (struct sheet_screen *)s;
}

static void wipe(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	g_clear_pointer(text, g_free);
}

static const char *property(const struct world *w)
{
	return w->profile->name ? w->profile->name : w->property.place ? w->property.place : w->profile->id;
}

static void cut_lines(struct sheet_screen *s)
{
	size_t all = strlen(s->text);

	s->cut = g_strdup(s->text);
	for (char *line = s->cut, *end; *line; line = end + 1) {
		if (*line == '\f') {
			g_ptr_array_add(s->lines, NULL);
			line++;
		}
		g_ptr_array_add(s->lines, line);
		end = strchr(line, '\n');
		*end = '\0';
	}
	s->cut[all] = '\0';
}

static void load(struct sheet_screen *s)
{
	struct world *w = s->base.world;
	const struct night_sheet_query q = {
		.property = property(w),
		.made_by = w->operator_name,
		.zone = w->zone,
		.now = w->now,
		.day = INSTANT_NONE,
		.as_of = w->sync->ok_at,
		.check_out = w->profile->check_out,
		.pins = s->pins,
	};
	g_autoptr(GError) err = NULL;
	OWN(sheet) struct sheet *sheet = NULL;

	if (!s->stale)
		return;
	s->stale = false;
	g_ptr_array_set_size(s->lines, 0);
	size_t before = s->text ? strlen(s->text) : 0;

	if (s->cut)
		explicit_bzero(s->cut, before);
	g_clear_pointer(&s->cut, g_free);
	wipe(&s->text);
	g_clear_pointer(&s->failed, g_free);
	sheet = night_sheet(w->cache, &q, &err);
	if (!sheet) {
		s->failed = g_strdup_printf(_("There is no sheet: %s"), err ? err->message : "?");
		return;
	}
	s->text = sheet_text(sheet);
	s->n_stays = (int)sheet->stays->len;
	s->n_pins = sheet->n_pins;
	cut_lines(s);
}

static void scroll_to(struct sheet_screen *s, int top)
{
	s->top = CLAMP(top, 0, MAX((int)s->lines->len - s->rows, 0));
}

static void draw_line(struct grid *g, int row, int col, int cols, const char *line, int at)
{
	/* The first line of a page and the words in capitals are what an eye looks for. */
	bool head = at == 0 || (*line && *line != ' ' && g_ascii_isupper(line[0]) && g_ascii_isupper(line[1]));

	grid_put(g, row, col, cols, line, head ? ROLE_HEADER : ROLE_TEXT);
}

static void draw(struct screen *screen, struct grid *g, struct rect r)
{
	struct sheet_screen *s = sheet_of(screen);
	const char *head;
	int at = 0;

	load(s);
	grid_fill(g, (struct rect){ r.row, r.col, 1, r.cols }, ' ', ROLE_HEADER);
	head = s->failed ? s->failed
	       : s->pins ? _("With PINs: this is what is printed")
			 : _("Without PINs: this is what is printed");
	grid_put(g, r.row, r.col + 1, r.cols - 2, head, s->pins || s->failed ? ROLE_ALARM : ROLE_HEADER);
	s->rows = r.rows - 1;
	scroll_to(s, s->top);
	for (int i = 0; i < (int)s->lines->len; i++) {
		const char *line = s->lines->pdata[i];
		int row = r.row + 1 + i - s->top;

		at = line && (i == 0 || !s->lines->pdata[i - 1]) ? 0 : at + 1;
		if (row <= r.row || row >= r.row + r.rows)
			continue;
		if (line)
			draw_line(g, row, r.col + 1, r.cols - 2, line, at);
		else
			for (int col = r.col; col < r.col + r.cols; col++)
				grid_put_char(g, row, col, g->ascii ? '-' : 0x2500, ROLE_RULE, 0);
	}
	if (s->top + s->rows < (int)s->lines->len)
		page_draw_share(s->top + s->rows, (int)s->lines->len, g, r);
	g->cursor_row = r.row;
	g->cursor_col = 1;
}

/* ---- PINs ---- */

static void hide(void *ctx)
{
	struct sheet_screen *s = ctx;

	s->timer = 0;
	s->pins = false;
	s->stale = true;
	app_redraw(s->base.app);
}

static void set_pins(struct sheet_screen *s, bool pins)
{
	app_cancel_after(s->base.app, s->timer);
	s->timer = pins ? app_after(s->base.app, PINS_SHOWN_MS, hide, s) : 0;
	s->pins = pins;
	s->stale = true;
	app_redraw(s->base.app);
}

static void agreed(struct app *app, void *ctx)
{
	action_pin_shown(&app->world, _("night sheet"), NULL);
	set_pins(ctx, true);
}

/* Where operators are known one of them says so with a PIN of theirs; else it is a question in words. */
static void ask_for_pins(struct sheet_screen *s)
{
	if (s->pins) {
		set_pins(s, false);
		return;
	}
	if (seal_ask(s->base.app, _("The PINs of all rooms are shown for a minute, and can be printed."), agreed, s))
		return;
	app_ask(s->base.app, _("Show the sheet with the PINs of all rooms?"),
		_("They stand on the screen for a minute, and on paper if it is printed now: who has it "
		  "opens the doors."),
		_("With PINs"), agreed, s, NULL);
}

/* ---- paper ---- */

static void leave(struct sheet_screen *s, void (*how)(struct app *, enum paper_kind, char *, const char *))
{
	g_autofree char *about = NULL;

	s->stale = true; /* of this moment */
	load(s);
	if (s->failed) {
		app_message(s->base.app, true, "%s", s->failed);
		return;
	}
	about = g_strdup_printf("%d stays, %d PINs", s->n_stays, s->n_pins);
	how(s->base.app, PAPER_SHEET, g_strdup(s->text), about);
}

static bool command(struct screen *screen, enum command c, int count)
{
	struct sheet_screen *s = sheet_of(screen);
	int page = MAX(s->rows - 1, 1);

	load(s);
	switch ((int)c) {
	case COMMAND_UP: scroll_to(s, s->top - count); return true;
	case COMMAND_DOWN: scroll_to(s, s->top + count); return true;
	case COMMAND_PAGE_UP: scroll_to(s, s->top - count * page); return true;
	case COMMAND_PAGE_DOWN: scroll_to(s, s->top + count * page); return true;
	case COMMAND_FIRST: scroll_to(s, 0); return true;
	case COMMAND_LAST: scroll_to(s, (int)s->lines->len); return true;
	case COMMAND_PRINT_SHEET: leave(s, paper_print); return true;
	case COMMAND_SHEET_FILE: leave(s, paper_ask); return true;
	case COMMAND_SHEET_PINS: ask_for_pins(s); return true;
	default: return false;
	}
}

static bool changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	sheet_of(screen)->stale = true;
	return true;
}

static void sheet_screen_free(struct screen *screen)
{
	struct sheet_screen *s = sheet_of(screen);

	app_cancel_after(screen->app, s->timer);
	seal_ask_no_more(screen->app, s);
	if (s->cut)
		explicit_bzero(s->cut, strlen(s->text));
	g_free(s->cut);
	wipe(&s->text);
	g_free(s->failed);
	g_ptr_array_unref(s->lines);
	g_free(s);
}

static const struct screen_ops ops = {
	.name = N_("Night sheet"),
	.view = VIEW_SHEET,
	.draw = draw,
	.command = command,
	.changed = changed,
	.free = sheet_screen_free,
};

struct screen *sheet_screen_new(struct app *app, struct world *w)
{
	struct sheet_screen *s = g_new0(struct sheet_screen, 1);

	s->base = (struct screen){ .ops = &ops, .app = app, .world = w };
	s->lines = g_ptr_array_new();
	s->stale = true;
	return &s->base;
}
