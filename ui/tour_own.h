/* tour_own - the tour as its own files share it: tour.c has its life, tour_steps.c the steps, tour_draw.c
 * what is shown of it. */
#ifndef KEYRACK_UI_TOUR_OWN_H
#define KEYRACK_UI_TOUR_OWN_H

#include "ui/tour.h"

struct tour {
	struct app *app;
	unsigned steps;       /* bits: which steps of the table there are on this console */
	int at;               /* of the table; TOUR_STEPS_MAX: all are done */
	char *guest;          /* whose stay is looked for, as typed: "mueller"; NULL: nobody fits */
	/* Since this step began: */
	enum command last;    /* the last command that did something */
	uint64_t ran[(COMMAND_COUNT + 63) / 64];
	unsigned made;        /* bits 1 << enum intent_kind */
	bool ends_later;      /* one of them lets a stay last longer */
	guint lines;          /* done from the palette by then */
	int64_t revoked_no;   /* the last revocation of the whole tour */
};

/* One row a step. In words {find} is the key of that command where it is pressed, {guest} a name to type. */
struct tour_step {
	const char *id;
	const char *title, *words; /* N_() */
	enum view view;            /* where it is done; VIEW_ANY: on any screen */
	enum command by;           /* what begins it: the form or question that this opens is no way astray */
	bool writes;               /* left out where nothing may be changed */
	bool (*done)(const struct tour *t, int what);
	int what;                  /* a command, a view, an intent's kind: as done takes it */
	/* What else is to be said now; NULL: words. May be NULL. */
	const char *(*instead)(const struct tour *t);
};
enum { TOUR_STEPS_MAX = 32 };
extern const struct tour_step tour_step[]; /* ends with id == NULL */
/* Somebody who is in the house, whose name is easily typed and whose door can be opened from afar: newly
 * allocated; NULL: nobody. */
char *tour_pick_guest(const struct world *w);
/* The way back to where the step is done; borrowed, NULL: one is there. */
const char *tour_way_back(const struct tour *t);

/* The step that is under way; NULL: all are done. */
const struct tour_step *tour_now(const struct tour *t);
int tour_count(const struct tour *t, int until); /* steps there are before that one of the table */
/* The screen whose keys are meant: the one that is no question and no list of commands. */
enum view tour_view(const struct tour *t);

#endif
