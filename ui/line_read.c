/* line_read - rows as lines; see the header. The cursor is moved over a list to know its rows: so what
 * any screen can choose from can be chosen from here. */
#include "ui/line_read.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/feed.h"
#include "ui/twin.h"

#define STEPS_MAX 2000

void reader_init(struct reader *r, struct app *app, FILE *out, bool ascii)
{
	*r = (struct reader){ .app = app, .out = out, .ascii = ascii };
	r->paged = isatty(fileno(out));
	r->held = g_ptr_array_new_with_free_func(g_free);
	grid_init(&r->grid);
	grid_resize(&r->grid, LINE_ROWS, LINE_COLS);
}

void reader_done(struct reader *r)
{
	grid_done(&r->grid);
	g_ptr_array_unref(r->held);
}

void reader_turn(struct reader *r)
{
	g_ptr_array_set_size(r->held, 0);
}

bool reader_holds(const struct reader *r)
{
	return r->held->len > 0;
}

static void put_line(struct reader *r, const char *line)
{
	if (r->paged && (r->said >= LINE_HELD || reader_holds(r))) {
		g_ptr_array_add(r->held, g_strdup(line));
		return;
	}
	r->said++;
	fprintf(r->out, "%s\n", line);
}

bool reader_more(struct reader *r)
{
	guint n = MIN(r->held->len, LINE_HELD);

	for (guint i = 0; i < n; i++)
		fprintf(r->out, "%s\n", (const char *)g_ptr_array_index(r->held, i));
	if (n)
		g_ptr_array_remove_range(r->held, 0, n);
	return n > 0;
}

/* Its first letter is enough, as on the screen. */
static bool means(const char *line, const char *word)
{
	g_autofree char *typed = text_fold(line), *english = g_strdup(word), *own = text_fold(_(word));

	return strcmp(typed, english) == 0 || strcmp(typed, own) == 0 ||
	       (typed[0] && !typed[1] && (typed[0] == english[0] || typed[0] == own[0]));
}

bool reader_yes(const char *line)
{
	return means(line, N_("yes"));
}

bool reader_no(const char *line)
{
	return means(line, N_("no"));
}

/* A dot between two things is read as a word; a comma is a pause. One for nothing says nothing. */
static char *without_dots(const char *s)
{
	g_auto(GStrv) words = g_strsplit(s, " ", -1);
	GString *out = g_string_new(NULL);
	bool dot = false;

	for (char **w = words; *w; w++) {
		bool is_dot = strcmp(*w, "\xc2\xb7") == 0;

		if (!is_dot && **w)
			g_string_append_printf(out, "%s%s",
					       !out->len	      ? ""
					       : dot		      ? ", "
					       : w > words && !*w[-1] ? "  "
								      : " ",
					       *w);
		dot = is_dot || (dot && !**w);
	}
	return g_string_free(out, FALSE);
}

/* What is no more than words cannot begin a line: it would be read as what the program says. */
void reader_say(struct reader *r, const char *text)
{
	g_autofree char *safe = text_safe(text);
	g_autofree char *plain = without_dots(safe);
	g_autofree char *said = r->ascii ? g_str_to_ascii(plain, "C") : g_strdup(plain);

	put_line(r, said);
	fflush(r->out);
}

void reader_sayf(struct reader *r, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	reader_say(r, text);
}

static struct screen *top_of(const struct reader *r)
{
	return g_ptr_array_index(r->app->stack, r->app->stack->len - 1);
}

char *reader_row(struct reader *r, int *row)
{
	struct screen *s = top_of(r);
	char *twin;

	app_draw(r->app, &r->grid);
	*row = twin_cursor_row(&r->grid);
	twin = s->ops->twin ? s->ops->twin(s) : NULL;
	return twin ? twin : *row >= 0 ? twin_of_row(&r->grid, *row) : NULL;
}

/* The screen alone is asked: one that has no rows to go over must not be heard to say so. */
static void step(struct reader *r, enum command c)
{
	struct screen *s = top_of(r);

	if (s->ops->command)
		s->ops->command(s, c, 1);
	app_turn_done(r->app);
}

/* The rows that can be chosen, in order: their places in the grid, and their words. */
struct choices {
	GArray *row;
	GPtrArray *words;
};

static bool next_choice(struct reader *r, struct choices *c)
{
	guint n = c->row->len;
	int row;
	char *words = reader_row(r, &row);
	bool same = words && n && row == g_array_index(c->row, int, n - 1) &&
		    strcmp(words, g_ptr_array_index(c->words, n - 1)) == 0;

	if (!words || row < 0 || same) {
		g_free(words);
		return false;
	}
	g_array_append_val(c->row, row);
	g_ptr_array_add(c->words, words);
	return true;
}

static struct choices look_over(struct reader *r, int most)
{
	struct choices c = { g_array_new(FALSE, FALSE, sizeof(int)), g_ptr_array_new_with_free_func(g_free) };

	app_draw(r->app, &r->grid);
	step(r, COMMAND_FIRST);
	while ((int)c.row->len < most && next_choice(r, &c))
		step(r, COMMAND_DOWN);
	return c;
}

static void choices_done(struct choices *c)
{
	g_array_unref(c->row);
	g_ptr_array_unref(c->words);
}

bool reader_go(struct reader *r, int number)
{
	struct choices c = look_over(r, MIN(number, STEPS_MAX));
	bool there = number >= 1 && (int)c.row->len == number;

	/* The last step went one too far, where there was one. */
	step(r, COMMAND_FIRST);
	for (int i = 1; there && i < number; i++)
		step(r, COMMAND_DOWN);
	choices_done(&c);
	return there;
}

/* Of these the words around the rows are what one came for. */
static bool is_page(enum view v)
{
	static const enum view pages[] = { VIEW_LOCK, VIEW_CODE, VIEW_WHY, VIEW_TRIAGE, VIEW_CHECKIN, VIEW_SHEET,
					   VIEW_HANDOVER, VIEW_SETUP };

	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++)
		if (pages[i] == v)
			return true;
	return false;
}

static int number_of(const struct choices *c, int row)
{
	for (guint i = 0; i < c->row->len; i++)
		if (g_array_index(c->row, int, i) == row)
			return (int)i + 1;
	return 0;
}

static void say_rows(struct reader *r, const struct choices *c, int from, int until)
{
	for (int row = from; row < until; row++) {
		g_autofree char *words = twin_of_row(&r->grid, row);
		int number = c ? number_of(c, row) : 0;

		if (number)
			reader_sayf(r, "%d. %s", number, words);
		else if (*words)
			reader_say(r, words);
	}
}

static void say_page(struct reader *r, const struct choices *c)
{
	app_draw(r->app, &r->grid);
	say_rows(r, c, 1, r->grid.rows - 1);
}

void reader_show(struct reader *r)
{
	say_page(r, NULL);
}

static void say_list(struct reader *r, const struct choices *c, int from, int here)
{
	int until = MIN(from + LINE_PAGE - 1, (int)c->row->len);

	for (int i = from; i <= until; i++) {
		const char *words = g_ptr_array_index(c->words, (guint)i - 1);

		if (i == here)
			reader_sayf(r, _("%1$d. %2$s (here)"), i, words);
		else
			reader_sayf(r, "%d. %s", i, words);
	}
	if (until < (int)c->row->len) {
		r->next = until + 1;
		reader_say(r, _("There are more: 'more' reads on."));
	}
}

void reader_list(struct reader *r, int from)
{
	struct screen *s = top_of(r);
	int here_row, here;
	struct choices c;

	g_free(reader_row(r, &here_row)); /* only where it is */
	c = look_over(r, from + LINE_PAGE);
	here = number_of(&c, here_row);
	step(r, COMMAND_FIRST);
	for (int i = 1; i < here; i++)
		step(r, COMMAND_DOWN);
	r->next = 0;
	if (is_page(s->ops->view) || !c.row->len)
		say_page(r, &c);
	else
		say_list(r, &c, from, here);
	choices_done(&c);
}

void reader_popup(struct reader *r, struct screen *s)
{
	int row = r->grid.rows - 1;

	grid_clear(&r->grid);
	s->ops->draw(s, &r->grid, (struct rect){ 1, 0, r->grid.rows - 2, 80 });
	/* The buttons of a question stand last; here they are words to type. */
	for (row = r->grid.rows - 1; s->asks == ASKS_YES && row > 0; row--) {
		g_autofree char *words = twin_of_row(&r->grid, row);

		if (*words)
			break;
	}
	say_rows(r, NULL, 1, row);
}

void reader_event(struct reader *r, const struct event_row *e)
{
	struct feed_columns columns = feed_columns(LINE_COLS, true);
	struct grid g;
	g_autofree char *words = NULL;

	grid_init(&g);
	grid_resize(&g, 1, LINE_COLS);
	feed_draw_row(&r->app->world, &columns, e, &g, (struct rect){ 0, 0, 1, LINE_COLS });
	words = twin_of_row(&g, 0);
	reader_say(r, words);
	grid_done(&g);
}
