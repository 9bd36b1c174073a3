/* columns - which columns the rack shows; see the header. */
#include "ui/screens/columns.h"

#include <string.h>

#include "core/i18n.h"

enum { FIXED = 2, STATE_CELLS = 12 }; /* the name and the sign; the longest short word of a code's state */

static const struct column_info infos[COLUMN_COUNT] = {
#define AS_ROW(id, name, title, help, align, sort, read, w0, f1, w1, f2, w2, f3, w3) \
	[COLUMN_##id] = { name, title, help, align, sort, { 0, f1, f2, f3 }, { w0, w1, w2, w3 } },
	RACK_COLUMNS(AS_ROW)
#undef AS_ROW
};

const struct column_info *column_info(enum column c)
{
	return &infos[c];
}

/* At this width of the screen; 0: there is no room for it. */
static int usual_width(enum column c, int cols)
{
	const struct column_info *info = &infos[c];
	int width = info->width[0];

	for (int i = 1; i < 4; i++)
		if (info->from[i] && cols >= info->from[i])
			width = info->width[i];
	return width;
}

static int least_width(enum column c)
{
	for (int i = 0; i < 4; i++)
		if (infos[c].width[i])
			return infos[c].width[i];
	return COLUMN_CELLS;
}

void columns_standard(struct columns *c)
{
	*c = (struct columns){ .n = 0 };
	for (int i = FIXED; i < COLUMN_COUNT; i++)
		c->order[i - FIXED] = (enum column)i;
	while (c->n < COLUMN_COUNT - FIXED && infos[c->order[c->n]].width[0] + infos[c->order[c->n]].width[1] > 0)
		c->n++;
}

static int find_name(const char *name)
{
	for (int i = FIXED; i < COLUMN_COUNT; i++)
		if (g_ascii_strcasecmp(infos[i].name, name) == 0)
			return i;
	return -1;
}

static bool is_shown(const struct columns *c, enum column what)
{
	for (int i = 0; i < c->n; i++)
		if (c->order[i] == what)
			return true;
	return false;
}

bool columns_parse(const char *text, struct columns *out, char **unknown)
{
	g_auto(GStrv) words = g_strsplit_set(text, ",; \t", -1);
	struct columns c = { .chosen = true };
	int at;

	for (char **w = words; *w; w++) {
		char *colon = strchr(*w, ':');
		int id;

		if (!**w)
			continue;
		if (colon)
			*colon = '\0';
		id = find_name(*w);
		if (id < 0) {
			if (unknown)
				*unknown = g_strdup(*w);
			return false;
		}
		if (is_shown(&c, (enum column)id))
			continue;
		c.order[c.n++] = (enum column)id;
		if (colon)
			c.width[id] = (int)CLAMP(g_ascii_strtoll(colon + 1, NULL, 10), 0, COLUMN_CELLS_MAX);
	}
	at = c.n;
	for (int i = FIXED; i < COLUMN_COUNT; i++)
		if (!is_shown(&c, (enum column)i))
			c.order[at++] = (enum column)i;
	*out = c;
	return true;
}

char *columns_names(void)
{
	GString *s = g_string_new(NULL);

	for (int i = FIXED; i < COLUMN_COUNT; i++)
		g_string_append_printf(s, "%s%s", s->len ? ", " : "", infos[i].name);
	return g_string_free(s, FALSE);
}

char *columns_format(const struct columns *c)
{
	GString *s = g_string_new(NULL);

	for (int i = 0; i < c->n; i++) {
		g_string_append_printf(s, "%s%s", i ? ", " : "", infos[c->order[i]].name);
		if (c->width[c->order[i]])
			g_string_append_printf(s, ":%d", c->width[c->order[i]]);
	}
	return g_string_free(s, FALSE);
}

static void put_at(struct columns *c, int from, int to)
{
	enum column what = c->order[from];

	for (; from < to; from++)
		c->order[from] = c->order[from + 1];
	for (; from > to; from--)
		c->order[from] = c->order[from - 1];
	c->order[to] = what;
}

void columns_settle(struct columns *c, const struct columns_layout *l)
{
	int n = 0;

	for (int i = 0; !c->chosen && i < c->n; i++)
		if (l->width[c->order[i]])
			put_at(c, i, n++);
	c->n = c->chosen ? c->n : n;
}

void columns_toggle(struct columns *c, int at)
{
	c->chosen = true;
	if (at < c->n) {
		put_at(c, at, c->n - 1);
		c->n--;
	} else {
		put_at(c, at, c->n);
		c->n++;
	}
}

int columns_shift(struct columns *c, int at, int by)
{
	int to = at + by;

	if (at >= c->n || to < 0 || to >= c->n)
		return at;
	c->chosen = true;
	put_at(c, at, to);
	return to;
}

void columns_widen(struct columns *c, int at, int by)
{
	enum column what = c->order[at];
	int width = c->width[what] ? c->width[what] : least_width(what);

	c->chosen = true;
	c->width[what] = CLAMP(width + by, 2, COLUMN_CELLS_MAX);
}

static int place_columns(const struct columns *c, int n, int margin, struct columns_layout *l)
{
	int at = margin;

	for (int i = -FIXED; i < n; i++) {
		enum column what = i < 0 ? (enum column)(i + FIXED) : c->order[i];

		if (i == 0)
			l->words = at;
		l->col[what] = at;
		at += l->width[what] ? l->width[what] + 1 : 0;
	}
	if (n == 0)
		l->words = at;
	return at;
}

void columns_lay(const struct columns *c, int cols, int margin, bool one_place, struct columns_layout *out)
{
	struct columns_layout l = { 0 };
	int n = c->n;

	for (int i = 0; i < FIXED; i++)
		l.width[i] = usual_width((enum column)i, cols);
	for (int i = 0; i < n; i++) {
		enum column what = c->order[i];
		/* Where no place is shown, its room is the brand's. */
		int room = one_place && what == COLUMN_BRAND && !c->chosen ? cols + 20 : cols;

		l.width[what] = c->width[what] ? c->width[what] : usual_width(what, room);
		if (c->chosen && !l.width[what])
			l.width[what] = least_width(what);
		if (!c->chosen && one_place && what == COLUMN_PLACE)
			l.width[what] = 0;
	}
	l.lane = place_columns(c, n, margin, &l);
	while (c->chosen && n > 0 && cols - l.lane < LANE_CELLS_MIN) {
		l.width[c->order[--n]] = 0;
		l.lane = place_columns(c, n, margin, &l);
	}
	l.lane_cells = MAX(cols - l.lane, 0);
	l.state_cells = n && c->order[0] == COLUMN_STATE ? l.width[COLUMN_STATE] : STATE_CELLS;
	l.state_cells = CLAMP(l.state_cells, 0, MAX(l.lane - l.words - 1, 0));
	*out = l;
}
