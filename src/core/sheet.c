/* sheet - rows to pages; see the header. */
#include "config.h"

#include "core/sheet.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"

#define DOOR_CELLS  20
#define SIDE_CELLS  16 /* a verdict at the right edge */
#define HEAD_ROWS   2  /* of every page: its title and a blank one */
#define FOOT_ROWS   2
#define BODY_ROWS   (SHEET_ROWS - HEAD_ROWS - FOOT_ROWS)

struct sheet *sheet_new(void)
{
	struct sheet *s = g_new0(struct sheet, 1);

	s->chunk = g_string_chunk_new(4096);
	s->stays = g_array_new(FALSE, FALSE, sizeof(struct sheet_stay));
	s->staff = g_array_new(FALSE, FALSE, sizeof(struct sheet_person));
	s->troubles = g_array_new(FALSE, FALSE, sizeof(struct sheet_trouble));
	s->made_at = s->good_until = s->as_of = INSTANT_NONE;
	return s;
}

void sheet_free(struct sheet *s)
{
	if (!s)
		return;
	g_string_chunk_free(s->chunk);
	g_array_unref(s->stays);
	g_array_unref(s->staff);
	g_array_unref(s->troubles);
	g_free(s);
}

/* ---- lines ---- */

/* What stands together on one page: some lines. */
struct block {
	GString *text;
	int rows;
	bool heading; /* never the last of a page */
};

static void block_free(void *p)
{
	struct block *b = p;

	explicit_bzero(b->text->str, b->text->len);
	g_string_free(b->text, TRUE);
	g_free(b);
}

static struct block *add_block(GPtrArray *blocks)
{
	struct block *b = g_new0(struct block, 1);

	b->text = g_string_new(NULL);
	g_ptr_array_add(blocks, b);
	return b;
}

static void pad(GString *out, const char *text, int cells)
{
	g_autofree char *fits = text_fit(text ? text : "", cells, CUT_END, false);

	g_string_append_printf(out, "%s%*s", fits, cells - text_width(fits), "");
}

static void end_line(struct block *b)
{
	while (b->text->len && b->text->str[b->text->len - 1] == ' ')
		g_string_truncate(b->text, b->text->len - 1);
	g_string_append_c(b->text, '\n');
	b->rows++;
}

/* Words over as many lines as they need, each after so many blanks, the first after lead. A word that is too
 * long is cut. */
static void wrap_after(struct block *b, const char *lead, int indent, const char *words)
{
	g_autofree char *safe = text_safe(words);
	g_auto(GStrv) all = g_strsplit(safe, " ", -1);
	int used = 0, room = SHEET_COLS - indent;

	for (char **w = all; *w; w++) {
		g_autofree char *fits = text_fit(*w, room, CUT_END, false);
		int cells = text_width(fits);

		if (!cells)
			continue;
		if (used && used + 1 + cells > room) {
			end_line(b);
			used = 0;
		}
		if (!used)
			pad(b->text, lead, indent);
		lead = "";
		g_string_append_printf(b->text, "%s%s", used ? " " : "", fits);
		used += cells + (used ? 1 : 0);
	}
	if (used)
		end_line(b);
}

static void wrap(struct block *b, int indent, const char *words)
{
	wrap_after(b, "", indent, words);
}

static void heading(GPtrArray *blocks, const char *words)
{
	struct block *b = add_block(blocks);

	b->heading = true;
	end_line(b);
	wrap(b, 0, words);
}

/* ---- what stands on it ---- */

static void add_head(GPtrArray *blocks, const struct sheet *s)
{
	struct block *b = add_block(blocks);
	char at[CIVIL_TEXT_MAX];
	g_autofree char *made = g_strdup_printf(_("Made %1$s by %2$s."), civil_full(s->zone, s->made_at, at),
						s->made_by ? s->made_by : "?");
	g_autofree char *pins = s->pins ? g_strdup_printf(P_("WITH %d PIN: for the desk alone, kept locked away.",
							     "WITH %d PINS: for the desk alone, kept locked away.",
							     s->n_pins), s->n_pins)
					: g_strdup(_("Without PINs."));
	g_autofree char *heard = instant_known(s->as_of)
		? g_strdup_printf(_("The server was heard last %s."), civil_full(s->zone, s->as_of, at))
		: g_strdup(_("The server has never been heard: nothing here is sure."));

	wrap(b, 0, made);
	wrap(b, 0, pins);
	wrap(b, 0, heard);
}

static void add_troubles(GPtrArray *blocks, const struct sheet *s)
{
	if (!s->troubles->len)
		return;
	heading(blocks, _("LOCKS THAT NEED HANDS"));
	for (guint i = 0; i < s->troubles->len; i++) {
		const struct sheet_trouble *t = &g_array_index(s->troubles, struct sheet_trouble, i);
		struct block *b = add_block(blocks);

		pad(b->text, t->door, DOOR_CELLS - 1);
		g_string_append_c(b->text, ' ');
		pad(b->text, t->words, SHEET_COLS - DOOR_CELLS);
		end_line(b);
	}
}

/* Room and PIN stand on lines of their own. */
static void add_stay(GPtrArray *blocks, const struct sheet *s, guint i)
{
	const struct sheet_stay *stay = &g_array_index(s->stays, struct sheet_stay, i);
	bool same = i && g_strcmp0(g_array_index(s->stays, struct sheet_stay, i - 1).door, stay->door) == 0;
	struct block *b = add_block(blocks);

	pad(b->text, same ? "" : stay->door, DOOR_CELLS - 1);
	g_string_append_c(b->text, ' ');
	pad(b->text, stay->name, SHEET_COLS - DOOR_CELLS - SIDE_CELLS - 1);
	g_string_append_c(b->text, ' ');
	pad(b->text, stay->verdict, SIDE_CELLS);
	end_line(b);
	wrap(b, DOOR_CELLS, stay->window);
	if (stay->other)
		wrap(b, DOOR_CELLS, stay->other);
	if (stay->why)
		wrap(b, DOOR_CELLS, stay->why);
	if (s->pins) {
		g_autofree char *pin = g_strdup_printf("%s %s", _("PIN"), stay->pin ? stay->pin : _("not known"));

		wrap(b, DOOR_CELLS, pin);
	}
	if (stay->spare)
		wrap(b, DOOR_CELLS, stay->spare);
}

static void add_stays(GPtrArray *blocks, const struct sheet *s)
{
	heading(blocks, _("ROOMS"));
	for (guint i = 0; i < s->stays->len; i++)
		add_stay(blocks, s, i);
	if (!s->stays->len)
		wrap(add_block(blocks), 0, _("Nobody is expected before this sheet is over."));
}

static void add_staff(GPtrArray *blocks, const struct sheet *s)
{
	if (!s->staff->len)
		return;
	heading(blocks, _("STAFF, AND OTHERS WITHOUT AN END"));
	for (guint i = 0; i < s->staff->len; i++) {
		const struct sheet_person *p = &g_array_index(s->staff, struct sheet_person, i);
		g_autofree char *name = text_fit(p->name, DOOR_CELLS - 1, CUT_END, false);
		struct block *b = add_block(blocks);

		wrap_after(b, name, DOOR_CELLS, p->doors);
		if (s->pins) {
			g_autofree char *pin = g_strdup_printf("%s %s", _("PIN"), p->pin ? p->pin : _("not known"));

			wrap(b, DOOR_CELLS, pin);
		}
	}
}

/* ---- pages ---- */

/* After which block each page ends: blocks that stand together do, and a heading has something below it. */
static GArray *break_pages(const GPtrArray *blocks)
{
	GArray *ends = g_array_new(FALSE, FALSE, sizeof(guint));
	int used = 0;

	for (guint i = 0; i < blocks->len; i++) {
		const struct block *b = blocks->pdata[i], *next = i + 1 < blocks->len ? blocks->pdata[i + 1] : NULL;
		int wanted = b->rows + (b->heading && next ? next->rows : 0);

		if (used && used + wanted > BODY_ROWS) {
			g_array_append_val(ends, i);
			used = 0;
		}
		used += b->rows;
	}
	g_array_append_val(ends, blocks->len);
	return ends;
}

static void page_head(GString *out, const struct sheet *s, guint page, guint pages)
{
	g_autofree char *number = g_strdup_printf(_("Night sheet, page %1$u of %2$u"), page + 1, pages);
	int cells = MIN(text_width(number), SHEET_COLS / 2);

	pad(out, s->property, SHEET_COLS - cells - 1);
	g_string_append_c(out, ' ');
	pad(out, number, cells);
	g_string_append(out, "\n\n");
}

static void page_foot(GString *out, const struct sheet *s)
{
	char until[CIVIL_TEXT_MAX];
	g_autofree char *words = g_strdup_printf(_("Good until %s. Shred it when the next one is printed."),
						 civil_full(s->zone, s->good_until, until));

	g_string_append_c(out, '\n');
	pad(out, words, SHEET_COLS);
	g_string_append_c(out, '\n');
}

char *sheet_text(const struct sheet *s)
{
	g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func(block_free);
	g_autoptr(GArray) ends = NULL;
	GString *out = g_string_sized_new(16384);
	guint at = 0;

	add_head(blocks, s);
	add_troubles(blocks, s);
	add_stays(blocks, s);
	add_staff(blocks, s);
	ends = break_pages(blocks);
	for (guint page = 0; page < ends->len; page++) {
		if (page)
			g_string_append_c(out, '\f');
		page_head(out, s, page, ends->len);
		for (; at < g_array_index(ends, guint, page); at++)
			g_string_append(out, ((const struct block *)blocks->pdata[at])->text->str);
		page_foot(out, s);
	}
	return g_string_free(out, FALSE);
}
