/* table - rows and columns for people, on standard output.
 *
 * Widths are terminal cells and every text is made safe (core/text.h). On a terminal a table is
 * cut to its width, the columns that may shrink first; into a file or a pipe it goes whole. */
#ifndef KEYRACK_CLI_TABLE_H
#define KEYRACK_CLI_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/own.h"

struct table_column {
	const char *title; /* NULL ends the array of columns */
	bool right;        /* numbers */
	int shrink_to;     /* cells it may be cut to when the terminal is narrow; 0: never cut */
};

struct table;
struct table *table_new(const struct table_column *columns);
void table_free(struct table *t);
/* Widths that columns have whatever is in them (0: as the widest text needs); borrowed. For
 * tables that grow while they are read. Off a terminal a longer text still goes whole. */
void table_fix(struct table *t, const int *cells);
DEFINE_OWN(struct table, table, table_free)

/* One cell after the other, row by row; NULL is an empty cell. */
void table_add(struct table *t, const char *text);
void table_addf(struct table *t, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* Drops the rows, keeps the widths: what is printed next stands under what was. */
void table_clear(struct table *t);

/* cells: of the terminal, 0: whole. heads: with the line of titles. */
void table_print(struct table *t, FILE *out, int cells, bool ascii, bool heads);

/* The width to cut to: that of the terminal out is, else 0. */
int table_cells(FILE *out);

#endif
