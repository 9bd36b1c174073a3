/* palette - everything that can be done, found by a few letters, as its own files share it.
 *
 * palette.c is the popup, palette_find.c makes its rows (no drawing), palette_words.c has the words that
 * follow a command: "theme dark", "go 204". */
#ifndef KEYRACK_UI_PALETTE_H
#define KEYRACK_UI_PALETTE_H

#include "ui/screens/screen.h"

struct palette_row {
	enum command command;
	char *name;      /* as typed: "sort", or the word after it */
	char *words;     /* what it does */
	char *key;       /* "" none */
	char *why_not;   /* NULL: it can be done now */
	bool argument;   /* name is the word after the command */
	int score;
	uint64_t at;     /* letters of name that were meant */
};
void palette_row_free(void *row);
/* What typed may mean on the screen below, the likeliest first. GPtrArray of struct palette_row, owning. */
GPtrArray *palette_rows(struct app *app, const char *typed);
/* The command whose name stands before a blank, when it takes a word here; *rest: what follows. */
const struct palette_argument *palette_taken(struct app *app, const char *typed, const char **rest);
/* The command nearest to what finds nothing: "sort"; NULL: none is near. */
const char *palette_nearest(const char *typed);

/* A command that takes a word, where. Others add rows to the table in palette_words.c. */
struct palette_argument {
	enum command command;
	enum view view;       /* VIEW_ANY: everywhere */
	const char *takes;    /* "a room, a lock or a guest" */
	bool any;             /* also what the list does not have */
	/* Adds words, and what they mean (NULL: nothing), that begin or go on as typed does. */
	void (*list)(struct app *app, const char *typed, GPtrArray *words);
};
const struct palette_argument *palette_argument(enum command c, enum view view);
void palette_add_word(GPtrArray *words, const char *word, const char *meaning);
struct palette_word {
	char *word, *meaning;
};

/* Where the list has only some words: which of them is meant, also by its beginning. -1: none, and a
 * message names them. */
int palette_pick(struct app *app, const char *typed, const char *const *words);

#endif
