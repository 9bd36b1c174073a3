/* pin - which PINs a lock takes, checking one while it is typed, making a new one.
 *
 * Rules come from the device: supported_code_lengths and code_constraints (spec of the API,
 * 'code constraints'). Pure but for pin_generate, which reads the system's randomness. */
#ifndef KEYRACK_CORE_PIN_H
#define KEYRACK_CORE_PIN_H

#include "core/lock.h"

#define PIN_MIN 4  /* digits; the API's own bounds */
#define PIN_MAX 12

enum pin_rule {
	PIN_NO_ZEROS = 1 << 0,
	PIN_NOT_STARTING_12 = 1 << 1,
	PIN_NO_TRIPLE_RUN = 1 << 2,
	PIN_CHOSEN_BY_PROVIDER = 1 << 3, /* cannot_specify_pin_code */
	PIN_FROM_EXISTING_SET = 1 << 4,
	PIN_NO_SEQUENCE = 1 << 5,
	PIN_THREE_UNIQUE = 1 << 6,
	PIN_NOT_ALL_SAME = 1 << 7,
	PIN_FIRST_FOUR_UNIQUE = 1 << 8,
	PIN_NO_089 = 1 << 9,
	PIN_NO_0789 = 1 << 10,
	PIN_START_IN_FUTURE = 1 << 11, /* start_date_in_future: about the window */
	PIN_NAME_UNIQUE = 1 << 12,
};

struct pin_rules {
	uint32_t lengths;  /* bit n set: n digits are taken */
	unsigned rules;    /* enum pin_rule */
	int name_min, name_max; /* characters; 0: no bound */
	unsigned unknown;  /* constraints this program does not know: the server will judge */
};

/* From the device's own JSON texts (may be NULL), the traits of its type where it says nothing. */
struct pin_rules pin_rules_of(const struct lock *lock);
/* The other way: an array of the API's words, and one of numbers of digits. As in core/jsonout.h. */
void pin_constraints_json(GString *out, const char *key, const struct pin_rules *rules);
void pin_lengths_json(GString *out, const char *key, uint32_t lengths);
/* What suits both: for one PIN on several locks. lengths may become 0: no PIN fits all. */
struct pin_rules pin_rules_join(struct pin_rules a, struct pin_rules b);

/* The digit 0 to 9 that this character is in any script, as somebody's keyboard writes it; '\0': it is none. */
char pin_digit(uint32_t ch);
/* NULL when pin fits, else a static or interned sentence saying which rule it breaks. A prefix
 * still being typed ("12" of four digits) gives PIN_INCOMPLETE. */
#define PIN_INCOMPLETE "more digits"
const char *pin_check(const char *pin, const struct pin_rules *rules);

/* True for PINs that are guessed first: all the same, runs, repeats, years, known common ones. */
bool pin_is_weak(const char *pin);

/* How like each other two PINs are, the likest last. "" is like nothing. */
enum pin_likeness {
	PIN_UNLIKE,
	PIN_SWAPPED,    /* two neighbours are swapped */
	PIN_ONE_DIGIT,  /* one digit differs */
	PIN_BEGINS,     /* one is the beginning of the other: a keypad may open on the shorter */
	PIN_EQUAL,
};
enum pin_likeness pin_likeness(const char *a, const char *b);
/* "one digit differs"; "" for PIN_UNLIKE. */
const char *pin_likeness_words(enum pin_likeness like);
/* True when they are like each other in any way. */
bool pin_confusable(const char *a, const char *b);

/* A PIN of the shortest length that fits (or of 'length' when that is taken), not weak, for which
 * taken(pin, data) is false. Unbiased, from getrandom. Returns false when a thousand draws did
 * not find one (or no length fits). out must hold PIN_MAX + 1. */
bool pin_generate(const struct pin_rules *rules, int length,
		  bool (*taken)(const char *pin, const void *data), const void *data,
		  char out[static PIN_MAX + 1]);

/* The same from other dice: below(n, dice) is 0..n-1, each equally likely. For simulations, which
 * must repeat themselves. */
bool pin_generate_from(const struct pin_rules *rules, int length,
		       unsigned (*below)(unsigned n, void *dice), void *dice,
		       bool (*taken)(const char *pin, const void *data), const void *data,
		       char out[static PIN_MAX + 1]);

/* The rules in words for a form: "4 to 6 digits, no zeros". Newly allocated. */
char *pin_rules_words(const struct pin_rules *rules);

/* "48 21", "118 264", "77 120": as one reads it aloud. Newly allocated. */
char *pin_grouped(const char *pin);

#endif
