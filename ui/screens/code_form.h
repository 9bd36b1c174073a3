/* code_form - a code being made or changed, as the form's own files share it.
 *
 * form_open.c fills it, code_form.c takes keys and commits, form_check.c turns what was typed into a draft and says
 * what is wrong with it, form_doors.c chooses locks, form_draw.c draws. */
#ifndef KEYRACK_UI_CODE_FORM_H
#define KEYRACK_UI_CODE_FORM_H

#include "core/draft.h"
#include "core/pin.h"
#include "ui/screens/lock_names.h"
#include "ui/screens/screen.h"
#include "ui/widgets/field.h"
#include "ui/widgets/lane.h"

enum form_field {
	FORM_DOORS, /* its text is what is typed to choose */
	FORM_NAME,
	FORM_FROM,
	FORM_UNTIL,
	FORM_PIN,
	FORM_TEXTS, /* how many have a text */
	FORM_OPTIONS = FORM_TEXTS,
	FORM_FIELDS,
};

enum form_option {
	OPTION_JUST_IN_TIME,
	OPTION_EXTERNAL,
	OPTION_BACKUP,
	OPTION_OFFLINE,
	OPTION_ONE_TIME,
	OPTION_ROUND_DAY,
	OPTION_COUNT,
};

#define FORM_NOTES_MAX 8
#define FORM_KEY_PREFIX "keyrack-" /* of the common_code_key of a code made here */
#define FORM_ONE_NIGHT "+1n" /* what a new code's Until offers: a guest's code must not be endless */

struct form_door {
	int64_t lock_no;
	struct cache_list *list;     /* one struct lock_row */
	const struct lock_row *row;
	struct cache_list *codes;    /* what else is on it */
	GPtrArray *pins;             /* in use on it */
};

struct code_form {
	struct screen base;
	bool edit;
	GPtrArray *doors;            /* of struct form_door * */
	struct field field[FORM_TEXTS];
	char *before[FORM_TEXTS];    /* the texts that the form was opened with */
	enum form_field focus;
	bool until_seen;             /* somebody has been at it: Enter in Name need not lead there */
	bool tried;                  /* Enter was pressed: empty fields are mistakes now */
	unsigned suggested;          /* bits of fields that still hold what the form put there: typing
					replaces it whole */

	GPtrArray *names;            /* of struct lock_name *; NULL: not read yet */
	GArray *matches;             /* indexes in names */
	int match_at;

	bool options_open;
	bool option[OPTION_COUNT];
	bool offline_by_doors; /* OPTION_OFFLINE is on since the chosen doors take nothing else */
	int option_at;

	/* Edit: what is there now. */
	int64_t code_no;
	struct cache_list *code_list;
	const struct code_row *code; /* NULL: a new code */
	char *other_doors;           /* of the same stay, which this form does not change; NULL */
	int64_t beside_no;           /* the code whose guest this one shares the room with; 0: nobody's */
	/* A refusal that this form answers; 0: none. */
	int64_t again_no, again_lock_no;
	char *again_key;             /* its common_code_key; NULL: it had none */
	char *server_error[FORM_TEXTS];
	char *refused_text[FORM_TEXTS]; /* what that was said of */
	char *server_message;

	/* What form_check made of it all. */
	struct instant from, until;
	char *error[FORM_FIELDS];    /* NULL: fine */
	char *echo[FORM_FIELDS];     /* what was understood, or a caution */
	bool caution[FORM_FIELDS];
	struct form_note {
		char *text;          /* a sentence about what this code will do */
		bool caution;
	} note[FORM_NOTES_MAX];
	int notes;
	struct pin_rules rules;
	char generated[PIN_MAX + 1]; /* "": none yet */
	bool complete;
};

/* code_form.c */
extern const struct screen_ops form_ops;
void form_free(struct screen *s);
bool form_enter_goes_on(const struct code_form *f); /* Enter leads to the end before it makes the code */

/* form_check.c */
void form_check(struct code_form *f);
const struct zone *form_zone(const struct code_form *f);
bool form_option_offered(const struct code_form *f, enum form_option o);
const char *form_option_words(enum form_option o);
/* The draft for one door. Borrows from f. */
struct draft form_draft(const struct code_form *f, const struct form_door *door);
/* The PIN that would be sent to a door; NULL: chosen there. */
const char *form_pin_for(const struct code_form *f, const struct form_door *door);
bool form_text_is(const struct code_form *f, enum form_field field); /* anything but blanks */
bool form_changed(const struct code_form *f, enum form_field field); /* since it was opened */

/* form_notes.c */
void form_notes(struct code_form *f);
/* Who sleeps behind any of the doors, so that it is asked about first, and at which the first of them does; newly
 * allocated, NULL: nobody. */
char *form_taken(const struct code_form *f, const char **door);

/* form_doors.c */
struct form_door *form_door_add(struct code_form *f, int64_t lock_no);
void form_doors_toggle(struct code_form *f, int64_t lock_no);
void form_doors_match(struct code_form *f);
bool form_doors_key(struct code_form *f, const struct key *k); /* true: it was the chooser's */
int64_t form_match_lock(const struct code_form *f, int i); /* 0: no such */
bool form_has_door(const struct code_form *f, int64_t lock_no);
void form_door_free(void *door);
static inline struct form_door *form_door(const struct code_form *f, guint i)
{
	return i < f->doors->len ? g_ptr_array_index(f->doors, i) : NULL;
}

/* form_draw.c */
void form_draw(struct screen *s, struct grid *g, struct rect area);

#endif
