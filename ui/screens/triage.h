/* triage - 'my code does not work': seven questions answered from what is known, and what to do.
 *
 * Pure: a dossier in, answers and fixes out. The first answer is what most likely keeps the guest
 * out; the first fix is the one that costs least. */
#ifndef KEYRACK_UI_TRIAGE_H
#define KEYRACK_UI_TRIAGE_H

#include "ui/screens/dossier.h"

enum triage_question {
	TRIAGE_DOOR,   /* is it the right door? */
	TRIAGE_WINDOW,
	TRIAGE_LOCK,   /* is the code on the lock? */
	TRIAGE_TYPED,
	TRIAGE_KEYPAD, /* blocked by wrong tries? */
	TRIAGE_HEALTH, /* online, battery, clock */
	TRIAGE_ITSELF, /* jammed, open already */
	TRIAGE_QUESTIONS,
};
/* In weight: what is well is said last. */
enum triage_weight { TRIAGE_FINE, TRIAGE_UNKNOWN, TRIAGE_DOUBT, TRIAGE_BAD };

struct triage_answer {
	enum triage_question question;
	enum triage_weight weight;
	char *answer;      /* "no: it opens at 23:15" */
	char *evidence;    /* how we know; NULL */
	struct instant at; /* of the evidence; NONE: it is of now */
};
const char *triage_question_words(enum triage_question q);
/* Bad ones first, in the order of the questions among alike. */
void triage_answers(const struct dossier *d, struct triage_answer out[static TRIAGE_QUESTIONS]);
void triage_answers_clear(struct triage_answer a[static TRIAGE_QUESTIONS]);

struct triage_fix {
	enum command command; /* COMMAND_NONE: nothing that a key could do */
	char *words;
};
enum { TRIAGE_FIXES_MAX = 12 };
/* What costs least first; at least one, and the last always works: walk there with a key. */
size_t triage_fixes(const struct dossier *d, const struct triage_answer a[static TRIAGE_QUESTIONS],
		    struct triage_fix out[static TRIAGE_FIXES_MAX]);
void triage_fixes_clear(struct triage_fix *f, size_t n);

#endif
