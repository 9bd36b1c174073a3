/* imports_draw - how the Imports screen looks; see imports.h. */
#include "ui/screens/imports.h"

#include "core/i18n.h"
#include "core/when.h"
#include "ui/screens/batch.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define SOURCES_SHOWN 4

static const enum role sign_roles[BATCH_SIGN_COUNT] = {
	[BATCH_ISSUE] = ROLE_GOOD,    [BATCH_CHANGE] = ROLE_PENDING, [BATCH_REVOKE] = ROLE_WARN,
	[BATCH_BLOCKED] = ROLE_ALARM, [BATCH_SAME] = ROLE_DIM,
};

static void put_cell(struct grid *g, int row, int *col, int cells, const char *s, enum role role)
{
	if (!cells)
		return;
	grid_put_field(g, row, *col, cells, -1, CUT_END, s ? s : "", role);
	*col += cells + 1;
}

/* ---- sources ---- */

static const char *state_words(const struct import_source *s, enum role *role)
{
	*role = ROLE_ALARM;
	if (s->guard)
		return _("held");
	if (s->state.error)
		return instant_known(s->state.ok_at) ? _("old") : _("failed");
	*role = ROLE_WARN;
	if (!s->state.source)
		return _("not read yet");
	*role = ROLE_GOOD;
	return s->feed ? _("read") : _("file");
}

static const char *auto_words(const struct import_source *s)
{
	static const char *const words[] = { [FEED_AUTO_NO] = N_("asks"), [FEED_AUTO_NEW] = N_("new by itself"),
					     [FEED_AUTO_ALL] = N_("all by itself") };

	return s->feed ? _(words[s->feed->auto_apply]) : _("asks");
}

static char *counts_words(const struct import_source *s)
{
	GString *out = g_string_new(NULL);

	for (int i = 0; i < BATCH_SIGN_COUNT; i++)
		if (s->signs[i])
			g_string_append_printf(out, "%s%c%d", out->len ? " " : "", batch_sign((enum batch_sign)i),
					       s->signs[i]);
	return g_string_free(out, FALSE);
}

static int name_cells(int cols)
{
	return cols >= 110 ? 32 : 22;
}

static void draw_source(const struct imports *m, const struct import_source *s, struct grid *g, struct rect r,
			bool chosen)
{
	const struct world *w = m->base.world;
	char age[CIVIL_TEXT_MAX] = "";
	g_autofree char *counts = counts_words(s);
	enum role role;
	const char *state = state_words(s, &role);
	int col = r.col + 1;

	if (instant_known(s->state.ok_at) && s->state.source)
		duration_short(instant_diff_ms(w->now, s->state.ok_at), age);
	grid_put(g, r.row, r.col, 1, chosen ? (g->ascii ? ">" : "▸") : " ", ROLE_TEXT);
	put_cell(g, r.row, &col, name_cells(r.cols), s->name, ROLE_TEXT);
	put_cell(g, r.row, &col, 12, state, role);
	put_cell(g, r.row, &col, 4, age, role == ROLE_ALARM ? role : ROLE_DIM);
	put_cell(g, r.row, &col, r.cols >= 110 ? 30 : 19, counts, ROLE_TEXT);
	put_cell(g, r.row, &col, MAX(r.col + r.cols - col - 1, 0), auto_words(s), ROLE_DIM);
	if (m->on_sources && chosen)
		grid_mark(g, r, MARK_CURSOR);
}

/* Gives the rows used. */
static int draw_sources(struct imports *m, struct grid *g, struct rect area)
{
	int n = (int)m->sources->len, shown = CLAMP(n, 1, SOURCES_SHOWN), col = area.col + 1;

	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	put_cell(g, area.row, &col, name_cells(area.cols), _("FEED OR FILE"), ROLE_HEADER);
	put_cell(g, area.row, &col, 12, _("STATE"), ROLE_HEADER);
	put_cell(g, area.row, &col, 4, _("AGE"), ROLE_HEADER);
	put_cell(g, area.row, &col, area.cols >= 110 ? 30 : 19, _("ROWS"), ROLE_HEADER);
	put_cell(g, area.row, &col, MAX(area.col + area.cols - col - 1, 0), _("DONE"), ROLE_HEADER);
	if (!n)
		grid_put(g, area.row + 1, 1, g->cols - 2,
			 _("No feed is configured and no file was imported. f imports one."), ROLE_DIM);
	m->source_top = CLAMP(m->source_top, MAX(m->source_at - shown + 1, 0), m->source_at);
	for (int i = 0; i < shown && m->source_top + i < n; i++)
		draw_source(m, m->sources->pdata[m->source_top + i], g,
			    (struct rect){ area.row + 1 + i, area.col, 1, area.cols },
			    m->source_top + i == m->source_at);
	return 1 + shown;
}

/* ---- rows ---- */

struct columns {
	int guest, doors, window;
};

static struct columns columns_of(int cols)
{
	return cols >= 150 ? (struct columns){ 28, 28, 20 } : cols >= 110 ? (struct columns){ 22, 20, 18 }
							    : (struct columns){ 16, 12, 14 };
}

/* "Tue 24 Nov 3n" */
static char *window_words(const struct world *w, const struct reservation *r)
{
	char day[CIVIL_TEXT_MAX];
	int nights;

	if (!instant_known(r->starts_at) || !instant_known(r->ends_at))
		return g_strdup("");
	nights = when_nights(w->zone, r->starts_at, r->ends_at);
	civil_day(w->zone, r->starts_at, day);
	return nights ? g_strdup_printf("%s %dn", day, nights) : g_strdup(day);
}

static void draw_row(const struct imports *m, const struct plan_row *p, struct grid *g, struct rect r)
{
	struct columns c = columns_of(r.cols);
	g_autofree char *window = window_words(m->base.world, &p->row->is);
	char sign[2] = { batch_sign(p->sign), '\0' };
	enum role role = p->sign == BATCH_SAME ? ROLE_DIM : ROLE_TEXT;
	int col = r.col + 1;

	put_cell(g, r.row, &col, 1, sign, sign_roles[p->sign]);
	put_cell(g, r.row, &col, c.guest, p->guest ? p->guest : p->row->is.refused ? "" : _("nobody named"),
		 p->guest ? role : ROLE_DIM);
	put_cell(g, r.row, &col, c.doors, p->doors, role);
	put_cell(g, r.row, &col, c.window, window, ROLE_DIM);
	if (col < r.col + r.cols)
		grid_put(g, r.row, col, r.col + r.cols - col, p->words, sign_roles[p->sign]);
}

static void draw_rows(struct imports *m, struct grid *g, struct rect area)
{
	struct columns c = columns_of(area.cols);
	int col = area.col + 3;

	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	put_cell(g, area.row, &col, c.guest, _("GUEST"), ROLE_HEADER);
	put_cell(g, area.row, &col, c.doors, _("DOORS"), ROLE_HEADER);
	put_cell(g, area.row, &col, c.window, _("ARRIVES"), ROLE_HEADER);
	put_cell(g, area.row, &col, MAX(area.col + area.cols - col, 0), _("WHAT IS DONE, OR WHY NOT"), ROLE_HEADER);
	m->first = area.row + 1;
	m->rows_shown = MAX(area.rows - 1, 1);
	m->top = CLAMP(m->top, MAX(m->at - m->rows_shown + 1, 0), m->at);
	for (int i = 0; i < m->rows_shown; i++) {
		struct rect r = { m->first + i, area.col, 1, area.cols };
		const struct plan_row *p = imports_row(m, m->top + i);

		if (!p)
			break;
		draw_row(m, p, g, r);
		if (m->top + i != m->at || m->on_sources)
			continue;
		grid_mark(g, r, MARK_CURSOR);
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
}

/* ---- in words ---- */

static const char *fix_words(const struct plan_row *p)
{
	static const char *const words[] = {
		[FEED_FIX_GUEST] = N_("Enter writes who comes; the next reading leaves that alone."),
		[FEED_FIX_PHONE] = N_("Enter writes the phone; the next reading leaves that alone."),
		[FEED_FIX_DOOR] = N_("Enter names the door; the next reading leaves that alone."),
		[FEED_FIX_NONE] = "",
	};

	return p->row->row_no ? _(words[p->fix]) : "";
}

static char *first_line(const struct world *w, const struct plan_row *p, bool ascii)
{
	const struct reservation *r = &p->row->is;
	const char *dot = ascii ? " - " : " · ";
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];
	GString *s = g_string_new(NULL);

	g_string_append_printf(s, _("line %d"), r->line);
	if (p->guest)
		g_string_append_printf(s, "%s%s", dot, p->guest);
	if (instant_known(r->starts_at) && instant_known(r->ends_at)) {
		g_string_append(s, dot);
		g_string_append_printf(s, _("%1$s to %2$s"), civil_full(w->zone, r->starts_at, from),
				       civil_full(w->zone, r->ends_at, until));
	}
	if (p->row->fix_by) {
		g_string_append(s, dot);
		g_string_append_printf(s, _("written over by %s"), p->row->fix_by);
	}
	return g_string_free(s, FALSE);
}

static void draw_row_detail(const struct imports *m, const struct plan_row *p, struct grid *g, struct rect area)
{
	g_autofree char *first = first_line(m->base.world, p, g->ascii);
	int row = area.row;

	grid_put(g, row++, 1, g->cols - 2, first, ROLE_TEXT);
	if (area.rows > 2)
		row += page_wrap(g, (struct rect){ row, 1, area.rows - 2, g->cols - 2 }, p->words, sign_roles[p->sign]);
	if (row < area.row + area.rows)
		grid_put(g, row, 1, g->cols - 2, fix_words(p), ROLE_DIM);
}

static void draw_source_detail(const struct imports *m, const struct import_source *s, struct grid *g, struct rect area)
{
	const struct world *w = m->base.world;
	g_autofree char *place = s->feed ? feed_profile_place(s->feed)
					 : g_strdup(_("a file; the same name again brings it up to date"));
	g_autofree char *said = NULL;
	char at[CIVIL_TEXT_MAX];
	int row = area.row;

	grid_put(g, row++, 1, g->cols - 2, place, ROLE_TEXT);
	if (s->guard)
		said = g_strdup(s->guard);
	else if (s->state.error && instant_known(s->state.ok_at))
		said = g_strdup_printf(_("%1$s What is shown was read %2$s."), s->state.error,
				       civil_near(w->zone, s->state.ok_at, w->now, at));
	else if (s->state.error)
		said = g_strdup(s->state.error);
	else if (instant_known(s->state.ok_at) && s->state.source)
		said = g_strdup_printf(_("Read %s."), civil_near(w->zone, s->state.ok_at, w->now, at));
	if (said)
		page_wrap(g, (struct rect){ row, 1, MAX(area.rows - 1, 1), g->cols - 2 }, said,
			  s->guard || s->state.error ? ROLE_ALARM : ROLE_DIM);
}

void imports_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct imports *m = (struct imports *)screen;
	const struct import_source *s = imports_source(m);
	const struct plan_row *p = imports_row(m, m->at);
	int detail = area.rows >= 20 ? 4 : area.rows >= 14 ? 3 : 2;
	int used = draw_sources(m, g, area), rows = MAX(area.rows - used - 1 - detail, 2);
	struct rect below = { area.row + used + rows + 1, area.col, detail, area.cols };

	draw_rows(m, g, (struct rect){ area.row + used, area.col, rows, area.cols });
	if (s && !m->order->len && s->state.source)
		grid_put(g, area.row + used + 1, 1, g->cols - 2, _("There is no reservation in it."), ROLE_DIM);
	grid_rule(g, area.row + used + rows, NULL, ROLE_RULE);
	if (s && (m->on_sources || !p))
		draw_source_detail(m, s, g, below);
	else if (p)
		draw_row_detail(m, p, g, below);
}
