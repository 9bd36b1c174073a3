/* locks_draw - the round's picture: a row a lock, and in words what the cursor is on.
 *
 * Columns are given up from the end of a list as the window narrows; what a clerk acts on tonight
 * goes last. */
#include "core/i18n.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "ui/screens/locks.h"
#include "ui/screens/page.h"
#include "ui/screens/words.h"

static const struct {
	const char *head;
	int width, align;
	const char *sort; /* "Sorted by ..."; NULL: not to be sorted by */
} columns[LOCKS_COLUMN_COUNT] = {
	[LOCKS_NAME] = { N_("LOCK"), 16, -1, N_("name") },
	[LOCKS_SIGN] = { "", 1, -1, N_("trouble, the worst first") },
	[LOCKS_BATTERY] = { N_("BATT"), 4, 1, N_("battery, the lowest first") },
	[LOCKS_OFFLINE] = { N_("OFFLINE"), 7, 1, N_("how long it has been offline") },
	[LOCKS_ACCOUNT] = { N_("ACCOUNT"), 7, -1, N_("trouble with the account") },
	[LOCKS_CLOCK] = { N_("CLOCK"), 5, -1, N_("trouble with its clock") },
	[LOCKS_CODES] = { N_("CODES"), 7, 1, NULL },
	[LOCKS_FULL] = { N_("FULL ON"), 10, -1, N_("the day its memory is full") },
	[LOCKS_STRAYS] = { N_("STRAY"), 5, 1, N_("stray codes") },
	[LOCKS_SEEN] = { N_("SEEN"), 4, 1, N_("the longest silence") },
	[LOCKS_PLACE] = { N_("PLACE"), 16, -1, N_("place") },
	[LOCKS_EVENT] = { N_("LAST EVENT"), 26, -1, NULL },
	[LOCKS_BRAND] = { N_("BRAND"), 12, -1, NULL },
};
const char *const locks_sort_names[LOCKS_COLUMN_COUNT + 1] = {
	[LOCKS_NAME] = "name",	     [LOCKS_SIGN] = "trouble",	 [LOCKS_BATTERY] = "battery",
	[LOCKS_OFFLINE] = "offline", [LOCKS_ACCOUNT] = "account", [LOCKS_CLOCK] = "clock",
	[LOCKS_CODES] = "",	     [LOCKS_FULL] = "memory",	 [LOCKS_STRAYS] = "stray",
	[LOCKS_SEEN] = "seen",	     [LOCKS_PLACE] = "place",	 [LOCKS_EVENT] = "",
	[LOCKS_BRAND] = "",
};
/* The first are the last to go. */
static const enum locks_column importance[] = {
	LOCKS_NAME, LOCKS_SIGN, LOCKS_BATTERY, LOCKS_OFFLINE, LOCKS_CODES, LOCKS_FULL, LOCKS_STRAYS,
	LOCKS_ACCOUNT, LOCKS_CLOCK, LOCKS_SEEN, LOCKS_PLACE, LOCKS_EVENT, LOCKS_BRAND,
};
#define NAME_MAX_CELLS 30

struct layout {
	int col[LOCKS_COLUMN_COUNT], width[LOCKS_COLUMN_COUNT]; /* width 0: left out */
};

/* said: the place is told elsewhere, by the title or over its locks. */
static struct layout layout_of(int cols, bool said)
{
	struct layout l = { 0 };
	int room = cols - 1, at = 1;

	for (size_t i = 0; i < G_N_ELEMENTS(importance); i++) {
		enum locks_column c = importance[i];

		if (c == LOCKS_PLACE && said)
			continue;
		int width = MAX(columns[c].width, text_width(_(columns[c].head)));

		if (width + 1 > room)
			break;
		l.width[c] = width;
		room -= width + 1;
	}
	l.width[LOCKS_NAME] += MIN(room, NAME_MAX_CELLS - l.width[LOCKS_NAME]);
	for (int c = 0; c < LOCKS_COLUMN_COUNT; c++) {
		l.col[c] = at;
		at += l.width[c] ? l.width[c] + 1 : 0;
	}
	return l;
}

bool locks_column_shown(enum locks_column c, int cols, bool said)
{
	return layout_of(cols, said).width[c] > 0;
}

const char *locks_sort_words(enum locks_column c)
{
	return _(columns[c].sort);
}

static void put(struct grid *g, int row, const struct layout *l, enum locks_column c, const char *s,
		enum role role)
{
	if (l->width[c])
		grid_put_field(g, row, l->col[c], l->width[c], columns[c].align, CUT_END, s ? s : "", role);
}

/* ---- cells ---- */

static void put_battery(const struct lock_health *h, struct grid *g, int row, const struct layout *l)
{
	g_autofree char *pct = g_strdup_printf("%d%s", h->battery_pct, h->battery_low ? "!" : " ");

	if (h->battery_pct < 0)
		put(g, row, l, LOCKS_BATTERY, h->battery_low ? _("low!") : "-- ", h->battery_low ? ROLE_WARN : ROLE_DIM);
	else
		put(g, row, l, LOCKS_BATTERY, pct, h->battery_low ? ROLE_WARN : ROLE_TEXT);
}

static void put_offline(const struct lock_health *h, struct instant now, struct grid *g, int row,
			const struct layout *l)
{
	char span[CIVIL_TEXT_MAX];

	if (!h->offline)
		put(g, row, l, LOCKS_OFFLINE, g->ascii ? "." : "·", ROLE_DIM);
	else if (!instant_known(h->offline_since) || instant_diff_ms(now, h->offline_since) < MINUTE_MS)
		put(g, row, l, LOCKS_OFFLINE, _("offline"), ROLE_ALARM);
	else
		put(g, row, l, LOCKS_OFFLINE, duration_short(instant_diff_ms(now, h->offline_since), span),
		    ROLE_ALARM);
}

static void put_flag(bool set, const char *word, enum role role, enum locks_column c, struct grid *g, int row,
		     const struct layout *l)
{
	put(g, row, l, c, set ? word : g->ascii ? "." : "·", set ? role : ROLE_DIM);
}

static void put_memory(const struct world *w, const struct round_row *r, const struct locks_seen *s,
		       struct grid *g, int row, const struct layout *l)
{
	const struct lock_health *h = &r->health;
	g_autofree char *codes = h->places >= 0 ? g_strdup_printf("%d/%d", s->memory.now, h->places)
						: g_strdup_printf("%d", s->memory.now);
	const struct zone *z = zone_of(s->row->lock.zone, w->zone);
	bool full = instant_known(h->full_at), now = full && !instant_before(w->now, h->full_at);
	char day[CIVIL_TEXT_MAX];

	put(g, row, l, LOCKS_CODES, codes, now ? ROLE_ALARM : ROLE_TEXT);
	if (!full)
		put(g, row, l, LOCKS_FULL, g->ascii ? "." : "·", ROLE_DIM);
	else
		put(g, row, l, LOCKS_FULL, now ? _("now") : civil_day(z, h->full_at, day),
		    now ? ROLE_ALARM : instant_diff_ms(h->full_at, w->now) < FULL_SOON_MS ? ROLE_WARN : ROLE_TEXT);
}

/* "unlocked, Anna Berg". */
static char *event_text(const struct locks_seen *s, bool ascii)
{
	const struct event_row *e = s->events && s->events->rows->len
		? cache_list_at(s->events, struct event_row, 0) : NULL;
	const struct event_info *info = e ? event_lookup(e->event.event_type) : NULL;
	char shown[NAME_SHOWN_MAX];

	if (!e)
		return g_strdup("");
	return g_strdup_printf("%s%s%s", info->words ? info->words : e->event.event_type, e->who ? ", " : "",
			       e->who ? name_shown(e->who, e->event.access_code_id, e->alike, ascii, shown) : "");
}

static void draw_row(struct locks *l, const struct round_row *r, struct grid *g, int row,
		     const struct layout *lay)
{
	static const enum role level_roles[] = { ROLE_DIM, ROLE_WARN, ROLE_WARN, ROLE_ALARM };
	const struct world *w = l->base.world;
	const struct locks_seen *s = locks_see(l, r->lock_no);
	int level = CLAMP(health_level(&r->health, w->now), 0, 3);
	char span[CIVIL_TEXT_MAX], count[16];
	g_autofree char *event = NULL;

	if (!s->row)
		return;
	event = event_text(s, g->ascii);
	g_snprintf(count, sizeof count, "%d", r->health.strays);
	put(g, row, lay, LOCKS_NAME, s->row->lock.name ? s->row->lock.name : _("(no name)"), ROLE_TEXT);
	put(g, row, lay, LOCKS_SIGN, level ? "!" : "", level_roles[level]);
	put_battery(&r->health, g, row, lay);
	put_offline(&r->health, w->now, g, row, lay);
	put_flag(r->health.account, _("trouble"), ROLE_ALARM, LOCKS_ACCOUNT, g, row, lay);
	put_flag(r->health.clock, _("check"), ROLE_WARN, LOCKS_CLOCK, g, row, lay);
	put_memory(w, r, s, g, row, lay);
	put_flag(r->health.strays > 0, count, ROLE_WARN, LOCKS_STRAYS, g, row, lay);
	put(g, row, lay, LOCKS_SEEN,
	    instant_known(r->last_seen) ? duration_short(MAX(instant_diff_ms(w->now, r->last_seen), 0), span)
					: "--", ROLE_DIM);
	put(g, row, lay, LOCKS_PLACE, s->row->lock.place, ROLE_DIM);
	put(g, row, lay, LOCKS_EVENT, event, ROLE_DIM);
	put(g, row, lay, LOCKS_BRAND, brand_of(s->row->lock.device_type, s->row->lock.manufacturer), ROLE_DIM);
}

static void draw_head(struct locks *l, struct grid *g, int row, const struct layout *lay)
{
	grid_fill(g, (struct rect){ row, 0, 1, g->cols }, ' ', ROLE_HEADER);
	for (int c = 0; c < LOCKS_COLUMN_COUNT; c++) {
		put(g, row, lay, (enum locks_column)c, _(columns[c].head), ROLE_HEADER);
		if ((int)l->sort == c && lay->width[c])
			grid_mark(g, (struct rect){ row, lay->col[c], 1, lay->width[c] }, MARK_UNDERLINE);
	}
	/* The sign has no head: how it is sorted stands where it is. */
	if (l->sort == LOCKS_SIGN && lay->width[LOCKS_SIGN])
		grid_put(g, row, lay->col[LOCKS_SIGN], 1, "!", ROLE_HEADER);
}

/* ---- in words ---- */

static char *issue_words(struct world *w, int64_t lock_no, int *severity)
{
	OWN(cache_list) struct cache_list *issues = cache_issues_of_lock(w->cache, lock_no, NULL);
	const struct issue_row *worst = NULL;

	for (guint i = 0; issues && i < issues->rows->len; i++) {
		const struct issue_row *one = cache_list_at(issues, struct issue_row, i);

		if (!worst || words_severity(one) > words_severity(worst))
			worst = one;
	}
	if (!worst || words_severity(worst) < 1)
		return NULL;
	g_autofree char *words = words_issue(worst->code, worst->message);
	const char *remedy = words_remedy(worst->code);

	*severity = words_severity(worst);
	return g_strdup_printf("%s. %s", words, remedy ? remedy : "");
}

char *locks_trouble(struct world *w, const struct round_row *r, const struct lock *lock, bool *loud)
{
	const struct lock_health *h = &r->health;
	g_autoptr(GString) s = g_string_new(NULL);
	g_autofree char *clock = health_clock_words(lock, w->now), *issue = NULL;
	int severity = 0;

	issue = issue_words(w, r->lock_no, &severity);
	if (issue)
		g_string_append(s, issue);
	else if (h->offline)
		g_string_append(s, _("The lock is offline. Check its batteries and its bridge."));
	if (h->battery_low && h->battery_pct >= 0)
		g_string_append_printf(s, _("%sIts battery is at %d %%: change it."), s->len ? " " : "", h->battery_pct);
	else if (h->battery_low)
		g_string_append_printf(s, _("%sIts battery is low: change it."), s->len ? " " : "");
	if (clock)
		g_string_append_printf(s, _("%sThe lock %s: set its time zone in the maker's app, or its codes "
				       "begin and end at the wrong hour."), s->len ? " " : "", clock);
	*loud = severity >= 2 || h->offline || h->account;
	return s->len ? g_strdup(g_strchomp(s->str)) : NULL;
}

static char *memory_words(const struct world *w, const struct round_row *r, const struct locks_seen *s)
{
	const struct zone *z = zone_of(s->row->lock.zone, w->zone);
	GString *said = g_string_new(NULL);
	char day[CIVIL_TEXT_MAX];

	if (r->health.places < 0)
		g_string_printf(said, P_("%d code on it; how many it holds is not said",
					 "%d codes on it; how many it holds is not said", s->memory.now), s->memory.now);
	else
		g_string_printf(said, _("%d of %d codes on it"), s->memory.now, r->health.places);
	if (instant_known(r->health.full_at) && !instant_before(w->now, r->health.full_at))
		g_string_append(said, _("; it is full now"));
	else if (instant_known(r->health.full_at))
		g_string_append_printf(said, _("; full on %s"), civil_day(z, r->health.full_at, day));
	if (r->health.places >= 0 && instant_known(s->memory.short_at))
		g_string_append_printf(said, _(", and on %s a code finds no place"),
				       civil_day(z, s->memory.short_at, day));
	if (r->health.strays)
		g_string_append_printf(said, P_("; %d code that nobody manages: U shows it",
						"; %d codes that nobody manages: U shows them", r->health.strays),
				       r->health.strays);
	return g_string_free(said, FALSE);
}

static char *name_line(const struct world *w, const struct round_row *r, const struct lock *lock, bool ascii)
{
	const char *dot = ascii ? " - " : " · ";
	GString *s = g_string_new(lock->name ? lock->name : _("(no name)"));
	char at[CIVIL_TEXT_MAX], span[CIVIL_TEXT_MAX];
	enum role role;
	g_autofree char *state = words_lock_state(lock, INSTANT_NONE, w->now, &role);

	if (lock->place && *lock->place)
		g_string_append_printf(s, "%s%s", dot, lock->place);
	if (lock->room && *lock->room)
		g_string_append_printf(s, "%s%s", dot, lock->room);
	g_string_append_printf(s, "%s%s%s%s", dot, brand_of(lock->device_type, lock->manufacturer), dot, state);
	if (r->health.offline && instant_known(r->health.offline_since))
		g_string_append_printf(s, _(" since %s (%s)"),
				       civil_near(zone_of(lock->zone, w->zone), r->health.offline_since, w->now, at),
				       duration_text(instant_diff_ms(w->now, r->health.offline_since), span));
	return g_string_free(s, FALSE);
}

/* What helps against a memory that is full, or will be in a few days; NULL: there is room. */
static char *memory_remedy(const struct world *w, const struct round_row *r)
{
	const char *remedy = words_remedy("max_access_codes_reached");
	struct instant full = r->health.full_at;

	if (!instant_known(full) || instant_diff_ms(full, w->now) >= FULL_SOON_MS)
		return NULL;
	return g_strdup_printf("%s %s", instant_before(w->now, full) ? _("Its memory will be full soon.")
								      : _("Its memory is full."),
			       remedy ? remedy : "");
}

static void draw_detail(struct locks *l, struct grid *g, struct rect area)
{
	struct world *w = l->base.world;
	const struct round_row *r = locks_row(l, l->at);
	const struct locks_seen *s = r ? locks_see(l, r->lock_no) : NULL;
	g_autofree char *first = NULL, *trouble = NULL, *memory = NULL;
	bool loud = false;
	int row = area.row;

	if (!s || !s->row)
		return;
	first = name_line(w, r, &s->row->lock, g->ascii);
	trouble = locks_trouble(w, r, &s->row->lock, &loud);
	trouble = trouble ? trouble : memory_remedy(w, r);
	memory = memory_words(w, r, s);
	grid_put(g, row++, 1, g->cols - 2, first, ROLE_TEXT);
	if (row < area.row + area.rows)
		row += page_wrap(g, (struct rect){ row, 1, MAX(area.rows - 2, 1), g->cols - 2 },
				 trouble ? trouble : _("Nothing is wrong with it."),
				 !trouble ? ROLE_DIM : loud ? ROLE_ALARM : ROLE_WARN);
	if (row < area.row + area.rows)
		grid_put(g, row, 1, g->cols - 2, memory,
			 instant_known(r->health.full_at) && instant_diff_ms(r->health.full_at, w->now) < FULL_SOON_MS
				 ? ROLE_WARN : ROLE_DIM);
}

char *locks_twin(struct screen *screen)
{
	struct locks *l = (struct locks *)screen;
	const struct round_row *r = locks_row(l, l->at);
	const struct locks_seen *s = r ? locks_see(l, r->lock_no) : NULL;
	g_autofree char *name = NULL, *trouble = NULL, *memory = NULL, *battery = NULL;
	bool loud;

	if (!s || !s->row)
		return NULL;
	name = name_line(screen->world, r, &s->row->lock, screen->world->ascii);
	trouble = locks_trouble(screen->world, r, &s->row->lock, &loud);
	memory = memory_words(screen->world, r, s);
	battery = r->health.battery_pct >= 0 ? g_strdup_printf(_(", battery %d %%"), r->health.battery_pct) : g_strdup("");
	return g_strdup_printf("%s%s. %s %s", name, battery, trouble ? trouble : _("Nothing is wrong with it."), memory);
}

/* ---- all of it ---- */

static void draw_line(struct locks *l, int line, struct grid *g, int row, const struct layout *lay)
{
	const struct round_row *r = locks_row(l, line);
	const struct locks_seen *s;

	if (!g_array_index(l->lines, struct locks_line, line).head) {
		draw_row(l, r, g, row, lay);
		return;
	}
	s = locks_see(l, r->lock_no);
	if (s->row)
		grid_put(g, row, 1, g->cols - 2, locks_group_name(l, &s->row->lock), ROLE_NAME);
}

void locks_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct locks *l = locks_of(screen);
	struct layout lay = layout_of(area.cols, l->grouped || screen->world->property.place != NULL);
	int detail = area.rows >= 20 ? 4 : area.rows >= 14 ? 3 : 1;
	int list = MAX(area.rows - 2 - detail, 1);

	locks_load(l);
	l->cols = area.cols;
	l->rows = list;
	l->top = CLAMP(l->top, MAX(l->at - list + 1, 0), l->at);
	/* The place of the first lock is not left out of sight. */
	if (l->top == l->at && l->at && g_array_index(l->lines, struct locks_line, l->at - 1).head && list > 1)
		l->top--;
	draw_head(l, g, area.row, &lay);
	if (!l->lines->len)
		grid_put(g, area.row + 1, 1, g->cols - 2, _("No locks yet."), ROLE_DIM);
	for (int i = 0; i < list && l->top + i < (int)l->lines->len; i++) {
		int row = area.row + 1 + i;

		draw_line(l, l->top + i, g, row, &lay);
		if (l->top + i != l->at)
			continue;
		grid_mark(g, (struct rect){ row, 0, 1, g->cols }, MARK_CURSOR);
		g->cursor_row = row;
		g->cursor_col = 1;
	}
	grid_rule(g, area.row + 1 + list, NULL, ROLE_RULE);
	draw_detail(l, g, (struct rect){ area.row + 2 + list, area.col, detail, area.cols });
}
