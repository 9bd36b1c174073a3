/* events_draw - the feed's screen as it looks: what is looked for, the lines, everything about one. */
#include "core/i18n.h"
#include "core/vocab.h"
#include "ui/screens/events.h"
#include "ui/screens/feed.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

#define KIND(k) (1u << EVENT_##k)

/* The first is all. */
static const struct {
	const char *words;
	unsigned kinds;
} chips[EVENTS_CHIPS] = {
	{ N_("everything"), 0 },
	{ N_("doors"), KIND(UNLOCK) | KIND(LOCK) | KIND(DENIED) },
	{ N_("refused"), KIND(DENIED) },
	{ N_("codes"), KIND(CODE_GOOD) | KIND(CODE_TROUBLE) | KIND(CODE_CHANGE) },
	{ N_("trouble"), KIND(CODE_TROUBLE) | KIND(DEVICE_TROUBLE) | KIND(DENIED) | KIND(ACCOUNT) },
};

const char *events_chip_word(int chip)
{
	return _(chips[chip].words);
}

unsigned events_chip_kinds(int chip)
{
	return chips[chip].kinds;
}

/* ---- the head ---- */

static char *following_text(const struct events_screen *s)
{
	if (s->unseen)
		return g_strdup_printf(_("paused, %s%d new: Home"), s->unseen >= 1000 ? ">" : "", s->unseen);
	return g_strdup(events_paused(s) ? _("paused: Home follows") : _("following"));
}

static void draw_head(const struct events_screen *s, struct grid *g, struct rect area)
{
	g_autofree char *state = following_text(s);
	int end = area.cols - text_width(state) - 2, col = 1, need = 0;

	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	grid_put(g, area.row, end, area.cols - end, state, s->unseen ? ROLE_WARN : ROLE_HEADER);
	for (int i = 0; i < EVENTS_CHIPS; i++)
		need += text_width(events_chip_word(i)) + 3;
	col += grid_put(g, area.row, col, MAX(end - 3 - MIN(need, end / 2), 8), s->about, ROLE_HEADER) + 2;
	bool whole = col + need <= end;

	for (int i = 0; i < EVENTS_CHIPS; i++) {
		int cells = text_width(events_chip_word(i));
		bool chosen = i == s->chip;

		if ((!whole && !chosen) || col + cells + 2 > end)
			continue;
		grid_putf(g, area.row, col, cells + 2, chosen ? ROLE_HEADER : ROLE_HINT, chosen ? "[%s]" : " %s ",
			  events_chip_word(i));
		if (chosen)
			grid_mark(g, (struct rect){ area.row, col, 1, cells + 2 }, MARK_BOLD);
		col += cells + 3;
	}
}

/* How many fit, as far as that is known without reading all. */
static char *count_text(const struct events_screen *s)
{
	guint n = s->rows->len;
	char day[CIVIL_TEXT_MAX];

	if (s->search_timer && instant_known(s->older_from.at))
		return g_strdup_printf(_("looking, back to %s"), civil_day(s->base.world->zone, s->older_from.at, day));
	if (s->at_newest && s->at_oldest)
		return g_strdup_printf(P_("%u event", "%u events", n), n);
	if (!s->filter->terms->len && !s->chip && !s->lock_no && !s->code_no)
		return g_strdup_printf(_("%ld events"), (long)MAX(s->all, (int64_t)n));
	return g_strdup_printf(_("over %u events"), n);
}

/* What is not understood stands out where it was typed, and is said. */
static void draw_find(const struct events_screen *s, struct grid *g, struct rect area)
{
	g_autofree char *n = count_text(s);
	const char *wrong = s->filter->wrong, *line = s->find.text->str;
	const char *right = wrong ? wrong : n;
	int row = area.row, said = MIN(text_width(right), area.cols / 2), room = area.cols - said - 6;

	grid_put(g, row, 1, 1, "/", ROLE_HINT_KEY);
	if (s->typing || *line)
		field_draw(&s->find, g, row, 3, room, s->typing);
	else
		grid_put(g, row, 3, room, _("lock:204 code:berg kind:denied since:yesterday until:fri !offline"),
			 ROLE_HINT);
	for (guint i = 0; i < s->filter->terms->len && text_width(line) < room; i++) {
		const struct filter_term *t = &g_array_index(s->filter->terms, struct filter_term, i);
		g_autofree char *before = g_strndup(line, t->from);
		g_autofree char *term = g_strndup(line + t->from, t->until - t->from);
		struct rect r = { row, 3 + text_width(before), 1, text_width(term) };

		if (!t->wrong)
			continue;
		grid_paint(g, r, ROLE_WARN);
		grid_mark(g, r, MARK_UNDERLINE);
	}
	grid_put_field(g, row, area.cols - said - 2, said + 1, 1, CUT_END, right, wrong ? ROLE_WARN : ROLE_DIM);
}

/* ---- the lines ---- */

static void draw_day(const struct events_screen *s, const struct event_row *e, struct grid *g, int row)
{
	const struct zone *z = events_zone(s, e);
	struct instant at = e->event.occurred_at, now = s->base.world->now;
	struct instant of = zone_day_start(z, at, 0);
	char day[CIVIL_TEXT_MAX];
	const char *near = instant_eq(of, zone_day_start(z, now, 0))	? _("today")
			   : instant_eq(of, zone_day_start(z, now, -1)) ? _("yesterday") : NULL;
	g_autofree char *title = near ? g_strdup_printf("%s, %s", near, civil_day(z, at, day))
				      : g_strdup_printf("%s %d", civil_day(z, at, day), civil_at(z, at).year);

	grid_put(g, row, 1, g->cols - 2, title, ROLE_HEADER);
	grid_mark(g, (struct rect){ row, 1, 1, text_width(title) }, MARK_BOLD);
}

static void draw_line(const struct events_screen *s, int at, const struct feed_columns *c, struct grid *g, int row)
{
	const struct events_line *line = &g_array_index(s->lines, struct events_line, (guint)at);
	const struct event_row *e = events_row(s, at);

	if (!e) {
		if (events_row(s, at + 1))
			draw_day(s, events_row(s, at + 1), g, row);
		return;
	}
	feed_draw_folded(s->base.world, c, e, line->count, line->span_ms, g, (struct rect){ row, 3, 1, g->cols - 4 });
	if (s->fresh_timer && e->event_no > s->fresh_no)
		grid_put_char(g, row, 0, g->ascii ? '*' : 0x2022, ROLE_NOW, MARK_BOLD);
	if (line->count > 1)
		grid_put_char(g, row, 1, line->unfolded ? (g->ascii ? '-' : 0x25be) : (g->ascii ? '+' : 0x25b8),
			      ROLE_WARN, MARK_BOLD);
	else if (line->member)
		grid_put_char(g, row, 2, g->ascii ? '|' : 0x2502, ROLE_WARN, 0);
	if (at != s->at)
		return;
	grid_mark(g, (struct rect){ row, 0, 1, g->cols }, MARK_CURSOR);
	g->cursor_row = row;
	g->cursor_col = 1;
}

/* 0 events are no news where something keeps the others away: what it is, is said. */
static char *none_text(const struct events_screen *s)
{
	const char *chip = s->chip ? events_chip_word(s->chip) : NULL, *typed = s->find.text->str;

	if (s->search_timer)
		return g_strdup(_("Looking ..."));
	if (s->filter->terms->len && chip)
		return g_strdup_printf(_("0 events fit '%1$s' among '%2$s'. Esc shows all again."), typed, chip);
	if (s->filter->terms->len)
		return g_strdup_printf(_("0 events fit '%s'. Esc shows all again."), typed);
	return chip ? g_strdup_printf(_("0 events among '%s'. Tab shows others, Esc all."), chip)
		    : g_strdup(_("Nothing has happened yet."));
}

static void draw_lines(struct events_screen *s, struct grid *g, struct rect r)
{
	struct feed_columns c = feed_columns(r.cols - 4, !s->lock_no || s->code_no);
	int n = (int)s->lines->len;

	s->top = page_top(s->at, s->top, r.rows, n);
	if (!n) {
		g_autofree char *none = none_text(s);

		grid_put(g, r.row, 1, r.cols - 2, none, ROLE_DIM);
	}
	for (int i = 0; i < r.rows && s->top + i < n; i++)
		draw_line(s, s->top + i, &c, g, r.row + i);
}

/* ---- everything about one ---- */

static const char *how_named(const struct event_row *e)
{
	enum event_kind kind = event_lookup(e->event.event_type)->kind;
	bool at_the_door = kind == EVENT_UNLOCK || kind == EVENT_LOCK || kind == EVENT_DENIED;

	switch (e->how) {
	case WHO_REPORTED: return at_the_door ? _("the lock named the code") : _("the event is about this code");
	case WHO_BY_PIN: return _("by the PIN that was typed: one code on this lock has it");
	case WHO_BY_METHOD: return _("no code was used");
	case WHO_INFERRED:
	case WHO_UNKNOWN: return e->why && *e->why ? e->why : _("nobody was named");
	case WHO_NOT_ASKED: break;
	}
	return NULL;
}

static char *who_text(const struct event_row *e)
{
	const char *how = how_named(e), *method = method_words(e->event.method);
	const char *who = e->who ? e->who : e->how == WHO_UNKNOWN ? _("unknown") : NULL;
	GString *out = g_string_new(NULL);

	if (who)
		g_string_append_printf(out, "%s%s", e->how == WHO_INFERRED ? "~" : "", who);
	if (how)
		g_string_append_printf(out, "%s%s", who ? ": " : "", how);
	if (*method)
		g_string_append_printf(out, "%s%s", out->len ? "; " : "", method);
	return g_string_free(out, FALSE);
}

static char *stored_text(const struct events_screen *s, const struct event_row *e)
{
	const struct zone *z = events_zone(s, e);
	int64_t late = feed_late_ms(&e->event);
	char at[CIVIL_TEXT_MAX], span[CIVIL_TEXT_MAX];

	if (late)
		return g_strdup_printf(_("late: told %1$s, %2$s after it happened"),
				       civil_full(z, e->event.created_at, at), duration_text(late, span));
	return g_strdup(e->event.description ? e->event.description : "");
}

static void draw_detail(const struct events_screen *s, struct grid *g, struct rect r)
{
	const struct event_row *e = events_row(s, s->at);
	char full[CIVIL_TEXT_MAX], seconds[CIVIL_TEXT_MAX];

	if (!e)
		return;
	const struct zone *z = events_zone(s, e);
	const char *words = event_lookup(e->event.event_type)->words;
	g_autofree char *what = g_strdup_printf("%s (%s)   %s: %s%s%s%s", civil_full(z, e->event.occurred_at, full),
						civil_seconds(z, e->event.occurred_at, seconds),
						e->lock_name ? e->lock_name : _("no lock"), words ? words : "",
						words ? " (" : "", e->event.event_type ? e->event.event_type : "?",
						words ? ")" : "");
	g_autofree char *who = who_text(e), *stored = stored_text(s, e);
	g_autofree char *ids = g_strdup_printf("%s   %s%s", zone_name(z), e->event.event_id ? e->event.event_id : "",
					       zone_is_known(z) ? "" : _("   the zone is not known: UTC"));
	const char *const lines[] = { what, who, stored, ids };
	static const enum role roles[] = { ROLE_TEXT, ROLE_TEXT, ROLE_DIM, ROLE_DIM };
	int row = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(lines) && row < r.rows; i++)
		if (*lines[i])
			grid_put(g, r.row + row++, 1, r.cols - 2, lines[i],
				 i == 2 && feed_late_ms(&e->event) ? ROLE_WARN : roles[i]);
}

void events_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct events_screen *s = (struct events_screen *)screen;
	int detail = area.rows >= 20 ? 4 : 2;
	int rows = MAX(area.rows - 3 - detail, 1);
	bool grown = rows != s->shown;

	s->shown = rows;
	if (!s->lines)
		events_read_anew(s);
	else if (grown)
		events_look_further(s);
	draw_head(s, g, area);
	draw_find(s, g, (struct rect){ area.row + 1, area.col, 1, area.cols });
	draw_lines(s, g, (struct rect){ area.row + 2, area.col, rows, area.cols });
	grid_rule(g, area.row + 2 + rows, NULL, ROLE_RULE);
	draw_detail(s, g, (struct rect){ area.row + 3 + rows, area.col, detail, area.cols });
}
