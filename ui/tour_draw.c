/* tour_draw - the tour's rows: which step, what to do, with the keys that are in force. */
#include "ui/tour_own.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "ui/keymap.h"

enum { ROWS_OF_WORDS = 3, ROWS_OF_WORDS_WIDE = 2, WIDE = 120 };

/* A window that is just high enough gives two rows: which step, and one of words. */
int tour_rows(const struct app *app, int rows, int cols)
{
	int wanted = 1 + (cols < WIDE ? ROWS_OF_WORDS : ROWS_OF_WORDS_WIDE);

	return app->tour ? CLAMP(rows - APP_ROWS_MIN, 2, wanted) : 0;
}

/* ---- words with keys in them ---- */

/* What {NAME} stands for on that screen. Newly allocated. */
static char *named(const struct tour *t, const char *name, size_t len, enum view v)
{
	g_autofree char *word = g_strndup(name, len);
	enum command c = command_by_name(word);
	const char *key;

	if (strcmp(word, "guest") == 0)
		return g_strdup(t->guest ? t->guest : _("a name"));
	if (c == COMMAND_NONE)
		return g_steal_pointer(&word);
	return keymap_keys(v, c, &key, 1) ? g_strdup(key) : g_strconcat(":", word, NULL);
}

struct pen {
	struct grid *g;
	struct rect r;
	int row, col;
};

/* One word: text before a key, the key, text after it. False: there is no room, and that is shown. */
static bool put_word(struct pen *p, const char *before, const char *key, const char *after)
{
	int n = text_width(before) + text_width(key) + text_width(after);

	if (p->col && p->col + 1 + n > p->r.cols) {
		if (p->row + 1 >= p->r.rows) {
			grid_put_char(p->g, p->r.row + p->row, p->r.col + MIN(p->col, p->r.cols - 1), 0x2026,
				      ROLE_TEXT, 0);
			return false;
		}
		p->row++;
		p->col = 0;
	}
	p->col += p->col ? 1 : 0;
	p->col += grid_put(p->g, p->r.row + p->row, p->r.col + p->col, p->r.cols - p->col, before, ROLE_TEXT);
	p->col += grid_put(p->g, p->r.row + p->row, p->r.col + p->col, p->r.cols - p->col, key, ROLE_HINT_KEY);
	p->col += grid_put(p->g, p->r.row + p->row, p->r.col + p->col, p->r.cols - p->col, after, ROLE_TEXT);
	return true;
}

static void put_words(const struct tour *t, struct grid *g, struct rect r, const char *words, enum view v)
{
	g_auto(GStrv) word = g_strsplit(words, " ", -1);
	struct pen pen = { .g = g, .r = r };
	bool room = true;

	for (char **p = word; *p && room; p++) {
		char *from = strchr(*p, '{'), *to = from ? strchr(from, '}') : NULL;
		g_autofree char *key = to ? named(t, from + 1, (size_t)(to - from - 1), v) : g_strdup("");

		if (to)
			*from = '\0';
		room = put_word(&pen, *p, key, to ? to + 1 : "");
	}
}

/* ---- drawing ---- */

static void draw_head(const struct tour *t, struct grid *g, int row)
{
	const struct tour_step *step = tour_now(t);
	bool over = step == NULL;
	g_autofree char *key = named(t, "tour-next", strlen("tour-next"), VIEW_ANY);
	const char *what = over ? _("ends it") : _("next step");
	g_autofree char *title = over ? g_strdup(_("Tour: that was it"))
				      : g_strdup_printf(_("Tour %1$d of %2$d: %3$s"), tour_count(t, t->at) + 1,
							tour_count(t, TOUR_STEPS_MAX), _(step->title));
	int col = g->cols - text_width(key) - text_width(what) - 4;

	grid_rule(g, row, title, ROLE_RULE);
	grid_fill(g, (struct rect){ row, col, 1, g->cols - col - 1 }, ' ', ROLE_RULE);
	col += 1 + grid_put(g, row, col + 1, g->cols - col - 1, key, ROLE_HINT_KEY) + 1;
	grid_put(g, row, col, g->cols - col - 1, what, ROLE_HINT);
}

void tour_draw(struct app *app, struct grid *g, struct rect area)
{
	const struct tour *t = app->tour;
	const struct tour_step *step = tour_now(t);
	struct rect words = { area.row + 1, area.col + 1, area.rows - 1, area.cols - 2 };
	const char *say = tour_way_back(t);

	grid_fill(g, area, ' ', ROLE_TEXT);
	draw_head(t, g, area.row);
	if (!say && step && step->instead)
		say = step->instead(t);
	if (!say)
		say = step ? step->words
			   : N_("The rest is in the help. {handover} hands a shift over, {staff} is for "
				"staff, {imports} for "
				"reservations, {events} for what the doors did. Your own locks: keyrack setup.");
	put_words(t, g, words, _(say), tour_view(t));
}
