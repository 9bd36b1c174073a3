/* palette_find - what a few typed letters may mean, the likeliest first. */
#include <string.h>

#include "core/args.h"
#include "core/fuzzy.h"
#include "ui/app_core.h"
#include "ui/screens/palette.h"

/* Strewn letters are no find: so much a letter is the least. A sentence has more of them than a name. */
#define NAME_LEAST  12
#define WORDS_LEAST 20
/* A command's name says what it is; its help says it, too. */
#define NAME_COUNTS 3
#define WORDS_COUNT 2
#define NAME_WHOLE  1000
#define NAME_BEGINS 60

void palette_row_free(void *p)
{
	struct palette_row *r = p;

	g_free(r->name);
	g_free(r->words);
	g_free(r->key);
	g_free(r->why_not);
	g_free(r);
}

/* also: words that it goes by besides. */
static bool score(struct palette_row *r, const char *also, const char *typed)
{
	struct fuzzy name, words;
	bool in_name = fuzzy_match(r->name, typed, &name) && name.score >= NAME_LEAST * name.letters;
	g_autofree char *all = g_strconcat(r->name, " ", r->words, " ", also, NULL);
	bool in_words = fuzzy_match(all, typed, &words) && words.score >= WORDS_LEAST * words.letters;

	if (!in_name && !in_words)
		return false;
	r->score = MAX(in_name ? NAME_COUNTS * name.score - (int)strlen(r->name) : 0,
		       in_words ? WORDS_COUNT * words.score - (int)strlen(r->words) / 4 : 0);
	r->at = in_name ? name.at : 0;
	if (*typed && g_ascii_strcasecmp(r->name, typed) == 0)
		r->score += NAME_WHOLE;
	else if (*typed && g_ascii_strncasecmp(r->name, typed, strlen(typed)) == 0)
		r->score += NAME_BEGINS;
	return true;
}

static int compare(gconstpointer a, gconstpointer b)
{
	const struct palette_row *x = *(struct palette_row *const *)a, *y = *(struct palette_row *const *)b;
	bool x_off = x->why_not != NULL, y_off = y->why_not != NULL;

	/* Without letters what can be done comes first; with letters what was meant does. */
	if (!x->score && !y->score && x_off != y_off)
		return x_off - y_off;
	if (x->score != y->score)
		return y->score - x->score;
	return (int)x->command - (int)y->command;
}

static void add_command(struct app *app, GPtrArray *rows, enum command c, const char *typed)
{
	const struct screen *below = app_below(app);
	const struct command_info *info = command_info(c);
	struct palette_row *r = g_new0(struct palette_row, 1);
	const char *key;

	r->command = c;
	r->name = g_strdup(info->name);
	r->words = g_strdup(_(info->help));
	if (score(r, command_also(c), typed)) {
		r->key = g_strdup(keymap_keys(below->ops->view, c, &key, 1) ? key : "");
		r->why_not = app_why_not(app, c);
		g_ptr_array_add(rows, r);
	} else {
		palette_row_free(r);
	}
	/* Without letters the order is the table's. */
	if (!*typed)
		r->score = 0;
}

static void palette_word_free(void *p)
{
	struct palette_word *w = p;

	g_free(w->word);
	g_free(w->meaning);
	g_free(w);
}

/* A word with the typed letters in its meaning is found, too: "go garden" by the room. */
static void add_words(struct app *app, GPtrArray *rows, const struct palette_argument *a, const char *typed)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(palette_word_free);

	a->list(app, typed, words);
	for (guint i = 0; i < words->len; i++) {
		const struct palette_word *w = words->pdata[i];
		struct palette_row *r = g_new0(struct palette_row, 1);

		r->command = a->command;
		r->name = g_strdup(w->word);
		r->words = g_strdup(w->meaning);
		r->key = g_strdup("");
		r->argument = true;
		if (score(r, "", typed)) {
			r->score = *typed ? r->score : -(int)i;
			g_ptr_array_add(rows, r);
		} else {
			palette_row_free(r);
		}
	}
}

/* "theme da": the command whose name stands before the blank, when it takes a word here. */
const struct palette_argument *palette_taken(struct app *app, const char *typed, const char **rest)
{
	const char *blank = strchr(typed, ' ');
	g_autofree char *name = blank ? g_ascii_strdown(typed, blank - typed) : NULL;
	enum command c = command_by_name(name);

	while (blank && *blank == ' ')
		blank++;
	*rest = blank;
	return c == COMMAND_NONE ? NULL : palette_argument(c, app_below(app)->ops->view);
}

static bool has_letter(const char *s)
{
	while (*s && !g_unichar_isalpha(g_utf8_get_char(s)))
		s = g_utf8_find_next_char(s, NULL);
	return *s != '\0';
}

GPtrArray *palette_rows(struct app *app, const char *typed)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(palette_row_free);
	const char *rest;
	const struct palette_argument *a = palette_taken(app, typed, &rest);

	if (a)
		add_words(app, rows, a, rest);
	/* No command has a number in its name: 10 is a time, typed where none was asked for. */
	for (int c = 0; !a && (!*typed || has_letter(typed)) && c < COMMAND_COUNT; c++)
		if (c != COMMAND_PALETTE)
			add_command(app, rows, (enum command)c, typed);
	g_ptr_array_sort(rows, compare);
	return rows;
}

const char *palette_nearest(const char *typed)
{
	const char *names[COMMAND_COUNT + 1] = { NULL };
	g_autofree char *first = g_ascii_strdown(typed, (gssize)strcspn(typed, " "));

	for (int c = 0; c < COMMAND_COUNT; c++)
		names[c] = command_info((enum command)c)->name;
	return args_nearest(first, names);
}
