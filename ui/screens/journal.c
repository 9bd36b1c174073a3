/* journal - who did what at this desk, newest first. Of a long journal one page is held: going over its edge
 * reads the next. */
#include <string.h>

#include "cache/journal.h"
#include "core/i18n.h"
#include "core/text.h"
#include "ui/app_core.h"
#include "ui/screens/page.h"

enum { PAGE_LINES = 200, LOOKED_AT_ONCE = 20000 };

struct journal {
	struct screen base;
	struct page page;
	GArray *begins;  /* struct journal_key: of this page and of those before it */
	struct journal_key next;
	bool stale, end;
	char *find, *folded; /* NULL, "": everything */
	char *head;
};

static struct journal *journal_of(struct screen *s)
{
	return (struct journal *)s;
}

static void add_row(struct journal *j, const struct journal_row *r)
{
	const struct world *w = j->base.world;
	char day[CIVIL_TEXT_MAX], clock[CIVIL_TEXT_MAX];
	g_autofree char *label =
		g_strdup_printf("%s %s", civil_day(w->zone, r->at, day), civil_clock(w->zone, r->at, clock));
	g_autofree char *words = journal_words(r);
	bool refused = r->intent_no && r->state == INTENT_REFUSED;

	page_add(&j->page, label, g_strdup_printf("%s: %s", r->by && *r->by ? r->by : "?", words),
		 refused ? ROLE_ALARM : ROLE_TEXT, 1);
}

/* Fills one page with what fits, and gives up after so many that do not: its end says that it goes on. */
static void load(struct journal *j)
{
	struct journal_key at = g_array_index(j->begins, struct journal_key, j->begins->len - 1);
	int looked = 0, shown = 0;

	if (!j->stale)
		return;
	j->stale = false;
	j->end = false;
	page_clear(&j->page);
	while (!j->end && shown < PAGE_LINES && looked < LOOKED_AT_ONCE) {
		int wanted = PAGE_LINES - shown;
		g_autoptr(GError) err = NULL;
		OWN(cache_list) struct cache_list *list = journal_page(j->base.world->cache, &at, wanted, &err);

		if (!list) {
			page_add(&j->page, NULL,
				 g_strdup_printf(_("The journal cannot be read: %s"), err ? err->message : "?"),
				 ROLE_ALARM, 0);
			break;
		}
		for (guint i = 0; i < list->rows->len; i++) {
			const struct journal_row *r = cache_list_at(list, struct journal_row, i);

			if (!journal_fits(r, j->folded))
				continue;
			add_row(j, r);
			shown++;
		}
		looked += (int)list->rows->len;
		j->end = (int)list->rows->len < wanted;
	}
	j->next = at;
	if (!shown)
		page_add(&j->page, NULL,
			 g_strdup(*j->folded ? _("Nothing fits. / shows everything again.")
					     : _("Nothing was done here yet.")),
			 ROLE_DIM, 0);
	g_free(j->head);
	j->head = *j->folded ? g_strdup_printf(_("Done at this desk, with '%s'; the newest first"), j->find)
			     : g_strdup(_("Done at this desk; the newest first"));
}

static void draw(struct screen *s, struct grid *g, struct rect r)
{
	struct journal *j = journal_of(s);

	load(j);
	grid_fill(g, (struct rect){ r.row, r.col, 1, r.cols }, ' ', ROLE_HEADER);
	grid_put(g, r.row, r.col + 1, r.cols - 2, j->head, ROLE_HEADER);
	page_draw(&j->page, g, (struct rect){ r.row + 1, r.col, r.rows - 1, r.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = r.row;
		g->cursor_col = 1;
	}
}

/* ---- moving ---- */

static void turn(struct journal *j, int at)
{
	j->page.top = 0;
	j->page.at = at;
	j->page.follow = true;
	j->stale = true;
	load(j);
	if (at)
		page_command(&j->page, COMMAND_LAST, 1);
}

static bool moved(struct journal *j, enum command c, int count)
{
	int before = j->page.at;
	bool down = c == COMMAND_DOWN || c == COMMAND_PAGE_DOWN, up = c == COMMAND_UP || c == COMMAND_PAGE_UP;

	if (c == COMMAND_FIRST && j->begins->len > 1) {
		g_array_set_size(j->begins, 1);
		turn(j, 0);
		return true;
	}
	if (!page_command(&j->page, c, count))
		return false;
	if (down && j->page.at == before && !j->end) {
		g_array_append_val(j->begins, j->next);
		turn(j, 0);
	} else if (up && j->page.at == before && j->begins->len > 1) {
		g_array_set_size(j->begins, j->begins->len - 1);
		turn(j, 1);
	}
	return true;
}

static void find(struct journal *j, const char *words)
{
	g_free(j->find);
	g_free(j->folded);
	j->find = g_strdup(words);
	j->folded = text_fold(words);
	g_array_set_size(j->begins, 1);
	turn(j, 0);
}

static void typed(struct app *app, const char *text, void *ctx)
{
	(void)app;
	find(ctx, text);
}

static bool command(struct screen *s, enum command c, int count)
{
	struct journal *j = journal_of(s);

	load(j);
	if (c != COMMAND_FIND)
		return moved(j, c, count);
	if (*j->folded)
		find(j, "");
	else
		app_ask_line(s->app, _("Show only what has these words in it:"),
			     _("A person, a guest, a lock, what was done. / shows everything again."), "", typed, j,
			     NULL);
	return true;
}

static bool changed(struct screen *s, unsigned mask)
{
	struct journal *j = journal_of(s);

	(void)mask;
	/* What is read further back stays as it is: new rows are on the first page. */
	j->stale = j->stale || j->begins->len == 1;
	return true;
}

static void journal_free(struct screen *s)
{
	struct journal *j = journal_of(s);

	page_done(&j->page);
	g_array_unref(j->begins);
	g_free(j->find);
	g_free(j->folded);
	g_free(j->head);
	g_free(j);
}

static const struct screen_ops ops = {
	.name = N_("Journal"),
	.view = VIEW_JOURNAL,
	.draw = draw,
	.command = command,
	.changed = changed,
	.free = journal_free,
};

struct screen *journal_new(struct app *app, struct world *w)
{
	struct journal *j = g_new0(struct journal, 1);

	j->base = (struct screen){ .ops = &ops, .app = app, .world = w };
	page_init(&j->page, 18);
	j->begins = g_array_new(FALSE, FALSE, sizeof(struct journal_key));
	g_array_append_val(j->begins, JOURNAL_NEWEST);
	j->find = g_strdup("");
	j->folded = g_strdup("");
	j->stale = true;
	return &j->base;
}
