/* args - the words of a command line, checked against a table of options.
 *
 * Pure: knows no command and prints nothing. Long options take their value as --name=value or as
 * the next word, letters as the next word; "--" ends the options; options and words may be mixed.
 * What does not fit is KEYRACK_ERROR_USAGE with a sentence. */
#ifndef KEYRACK_CORE_ARGS_H
#define KEYRACK_CORE_ARGS_H

#include "core/error.h"
#include "core/own.h"

#include <stdbool.h>
#include <stdint.h>

enum option_kind {
	OPTION_FLAG,
	OPTION_TEXT,    /* given once */
	OPTION_TEXTS,   /* may be given again */
	OPTION_NUMBER,  /* 0 or more */
	OPTION_REFUSED, /* always an error: its help is the reason */
	OPTION_HIDDEN,  /* a number this program passes to itself; in no help */
};

/* One row of a table that ends with a row whose name is NULL. */
struct option_row {
	const char *name;  /* without dashes */
	char letter;       /* 0: none */
	enum option_kind kind;
	const char *value; /* what stands for the value in help: "NAME" */
	const char *help;
};
#define OPTION_END { NULL, 0, OPTION_FLAG, NULL, NULL }

struct args {
	GHashTable *values; /* name to GPtrArray of char *; a flag's array is empty */
	GPtrArray *words;   /* what is no option, in order */
};

/* tables: option tables searched in order, NULL-terminated. argv without the program's name. */
struct args *args_parse(char *const *argv, const struct option_row *const *tables, GError **err);
void args_free(struct args *a);
DEFINE_OWN(struct args, args, args_free)

bool args_has(const struct args *a, const char *name);
const char *args_text(const struct args *a, const char *name); /* NULL: not given */
const GPtrArray *args_texts(const struct args *a, const char *name); /* never NULL */
int64_t args_number(const struct args *a, const char *name, int64_t otherwise);

/* The row that an argument ("--lock", "--lock=x", "-l") names; NULL: none or no option. */
const struct option_row *args_row(const char *arg, const struct option_row *const *tables);
bool option_takes_value(const struct option_row *row);

/* The word of the list that was most likely meant by a mistyped one; NULL: none is near. */
const char *args_nearest(const char *typed, const char *const *list);

#endif
