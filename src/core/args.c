/* args - see the header. */
#include "core/args.h"

#include <string.h>

bool option_takes_value(const struct option_row *row)
{
	return row->kind != OPTION_FLAG && row->kind != OPTION_REFUSED;
}

static bool row_fits(const struct option_row *row, const char *arg)
{
	if (arg[1] != '-')
		return row->letter && arg[1] == row->letter && !arg[2];
	size_t len = strcspn(arg + 2, "=");
	return strlen(row->name) == len && strncmp(row->name, arg + 2, len) == 0;
}

const struct option_row *args_row(const char *arg, const struct option_row *const *tables)
{
	if (arg[0] != '-' || !arg[1])
		return NULL;
	for (; *tables; tables++)
		for (const struct option_row *row = *tables; row->name; row++)
			if (row_fits(row, arg))
				return row;
	return NULL;
}

/* Edits between two short words: insertions, deletions, replacements. */
static size_t distance(const char *a, const char *b)
{
	enum { WORD_MAX = 32 };
	size_t row[WORD_MAX + 1], n = strlen(b);

	if (n > WORD_MAX || strlen(a) > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t best = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			best = MIN(best, MIN(row[j], row[j + 1]) + 1);
			row[j + 1] = best;
		}
	}
	return row[n];
}

const char *args_nearest(const char *typed, const char *const *list)
{
	const char *best = NULL;
	/* Two letters swapped are two edits. */
	size_t best_distance = strlen(typed) < 4 ? 2 : 3;

	for (; *list; list++) {
		size_t d = distance(typed, *list);
		if (d < best_distance) {
			best_distance = d;
			best = *list;
		}
	}
	return best;
}

static void fail_unknown(const char *arg, const struct option_row *const *tables, GError **err)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = g_strndup(arg, strcspn(arg, "="));

	for (; *tables; tables++)
		for (const struct option_row *row = *tables; row->name; row++)
			if (row->kind != OPTION_REFUSED && row->kind != OPTION_HIDDEN)
				g_ptr_array_add(names, (void *)(uintptr_t)row->name);
	g_ptr_array_add(names, NULL);
	const char *near = NULL;
	if (shown[1] == '-')
		near = args_nearest(shown + 2, (const char *const *)names->pdata);
	if (near)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "There is no option %s here; is --%s meant?", shown, near);
	else
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "There is no option %s here", shown);
}

static bool is_number(const char *text)
{
	return *text && strlen(text) <= 18 && strspn(text, "0123456789") == strlen(text);
}

/* Takes argv[0], an option, and its value; returns how many words were used, 0 with err. */
static size_t take_option(struct args *a, char *const *argv,
			  const struct option_row *const *tables, GError **err)
{
	const struct option_row *row = args_row(argv[0], tables);
	const char *value = argv[0][1] == '-' ? strchr(argv[0], '=') : NULL;
	bool attached = value != NULL;

	if (!row) {
		fail_unknown(argv[0], tables, err);
		return 0;
	}
	if (row->kind == OPTION_REFUSED) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, row->help);
		return 0;
	}
	value = attached ? value + 1 : argv[1];
	if (!option_takes_value(row) && attached) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--%s takes no value",
			    row->name);
		return 0;
	}
	if (option_takes_value(row) && (!value || (!attached && g_str_has_prefix(value, "--")))) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--%s needs a value: --%s %s",
			    row->name, row->name, row->value ? row->value : "VALUE");
		return 0;
	}
	GPtrArray *values = g_hash_table_lookup(a->values, row->name);
	if (values && row->kind != OPTION_TEXTS && row->kind != OPTION_FLAG) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--%s is given twice",
			    row->name);
		return 0;
	}
	if ((row->kind == OPTION_NUMBER || row->kind == OPTION_HIDDEN) && !is_number(value)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "--%s takes a number, not “%s”", row->name, value);
		return 0;
	}
	if (!values) {
		values = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(a->values, (void *)(uintptr_t)row->name, values);
	}
	if (option_takes_value(row))
		g_ptr_array_add(values, g_strdup(value));
	return option_takes_value(row) && !attached ? 2 : 1;
}

static void free_values(void *values)
{
	g_ptr_array_unref(values);
}

struct args *args_parse(char *const *argv, const struct option_row *const *tables, GError **err)
{
	struct args *a = g_new0(struct args, 1);

	a->values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_values);
	a->words = g_ptr_array_new_with_free_func(g_free);
	while (*argv) {
		const char *arg = *argv;
		if (strcmp(arg, "--") == 0) {
			while (*++argv)
				g_ptr_array_add(a->words, g_strdup(*argv));
			break;
		}
		if (arg[0] != '-' || !arg[1]) {
			g_ptr_array_add(a->words, g_strdup(arg));
			argv++;
			continue;
		}
		size_t used = take_option(a, argv, tables, err);
		if (!used) {
			args_free(a);
			return NULL;
		}
		argv += used;
	}
	return a;
}

void args_free(struct args *a)
{
	if (!a)
		return;
	g_hash_table_unref(a->values);
	g_ptr_array_unref(a->words);
	g_free(a);
}

bool args_has(const struct args *a, const char *name)
{
	return g_hash_table_contains(a->values, name);
}

const GPtrArray *args_texts(const struct args *a, const char *name)
{
	static const GPtrArray none;
	const GPtrArray *values = g_hash_table_lookup(a->values, name);

	return values ? values : &none;
}

const char *args_text(const struct args *a, const char *name)
{
	const GPtrArray *values = args_texts(a, name);

	return values->len ? values->pdata[0] : NULL;
}

int64_t args_number(const struct args *a, const char *name, int64_t otherwise)
{
	const char *text = args_text(a, name);

	return text ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}
