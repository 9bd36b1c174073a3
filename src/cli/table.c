/* table - see the header. Columns are two blanks apart; the last one is not padded. */
#include "cli/table.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/text.h"

enum {
	GAP = 2,
	NATURAL_MAX = 60, /* one endless name must not push every line out; --json has it whole */
};

struct table {
	const struct table_column *columns;
	guint n;
	const int *fixed; /* NULL: none */
	int *width;      /* natural, and of what was printed before: columns stay where they are */
	GPtrArray *cell; /* safe texts, row by row */
};

struct table *table_new(const struct table_column *columns)
{
	struct table *t = g_new0(struct table, 1);

	t->columns = columns;
	while (columns[t->n].title)
		t->n++;
	t->width = g_new0(int, t->n);
	t->cell = g_ptr_array_new_with_free_func(g_free);
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	g_ptr_array_unref(t->cell);
	g_free(t->width);
	g_free(t);
}

void table_clear(struct table *t)
{
	g_ptr_array_set_size(t->cell, 0);
}

void table_add(struct table *t, const char *text)
{
	g_ptr_array_add(t->cell, text_safe(text));
}

void table_addf(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_autofree char *text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	table_add(t, text);
}

void table_fix(struct table *t, const int *cells)
{
	t->fixed = cells;
}

/* The last column is padded for nobody, and may be as wide as its text. */
static int natural_width(const struct table *t, guint column, const char *text)
{
	int width = text_width(text);

	return column == t->n - 1 ? width : MIN(width, NATURAL_MAX);
}

static int *fixed_widths(const struct table *t, int cells)
{
	int *width = g_memdup2(t->width, t->n * sizeof(*t->width));

	for (guint i = 0; t->fixed && i < t->n; i++)
		if (t->fixed[i])
			width[i] = t->fixed[i];
	for (guint i = 0; t->fixed && !cells && i < t->cell->len; i++)
		width[i % t->n] = MAX(width[i % t->n],
				      natural_width(t, i % t->n, t->cell->pdata[i]));
	return width;
}

static int *natural_widths(struct table *t, bool heads, int cells)
{
	for (guint i = 0; heads && i < t->n; i++)
		t->width[i] = MAX(t->width[i], text_width(t->columns[i].title));
	for (guint i = 0; i < t->cell->len; i++)
		t->width[i % t->n] = MAX(t->width[i % t->n],
					 natural_width(t, i % t->n, t->cell->pdata[i]));
	return fixed_widths(t, cells);
}

/* Takes what is too much, a cell at a time, from the widest column that may still shrink. */
static void shrink(const struct table *t, int *width, int cells)
{
	int total = GAP * (int)(t->n - 1);

	for (guint i = 0; i < t->n; i++)
		total += width[i];
	while (total > cells) {
		guint widest = t->n;
		for (guint i = 0; i < t->n; i++) {
			int least = t->columns[i].shrink_to;
			if (least && width[i] > least &&
			    (widest == t->n || width[i] > width[widest]))
				widest = i;
		}
		if (widest == t->n)
			return;
		width[widest]--;
		total--;
	}
}

static void append_blanks(GString *line, int n)
{
	for (; n > 0; n--)
		g_string_append_c(line, ' ');
}

static void append_cell(GString *line, const struct table_column *column, const char *text,
			int width, bool ascii)
{
	g_autofree char *fitted = text_fit(text, width, CUT_END, ascii);
	int blanks = width - text_width(fitted);

	if (column->right)
		append_blanks(line, blanks);
	g_string_append(line, fitted);
	if (!column->right)
		append_blanks(line, blanks);
}

static void print_line(FILE *out, GString *line, int cells, bool ascii)
{
	while (line->len && line->str[line->len - 1] == ' ')
		g_string_truncate(line, line->len - 1);
	/* Columns that may not shrink can still be too wide together: then the line is cut. */
	g_autofree char *cut = cells ? text_fit(line->str, cells, CUT_END, ascii) : NULL;
	fprintf(out, "%s\n", cut ? cut : line->str);
	g_string_truncate(line, 0);
}

void table_print(struct table *t, FILE *out, int cells, bool ascii, bool heads)
{
	g_autofree int *width = natural_widths(t, heads, cells);
	g_autoptr(GString) line = g_string_new(NULL);

	if (cells)
		shrink(t, width, cells);
	for (guint i = 0; heads && i < t->n; i++) {
		append_cell(line, &t->columns[i], t->columns[i].title, width[i], ascii);
		append_blanks(line, GAP);
	}
	if (heads)
		print_line(out, line, cells, ascii);
	for (guint i = 0; i < t->cell->len; i++) {
		append_cell(line, &t->columns[i % t->n], t->cell->pdata[i], width[i % t->n], ascii);
		append_blanks(line, GAP);
		if (i % t->n == t->n - 1)
			print_line(out, line, cells, ascii);
	}
}

int table_cells(FILE *out)
{
	int fd = fileno(out);
	struct winsize size;

	if (fd < 0 || !isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}
