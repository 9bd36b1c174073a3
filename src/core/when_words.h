/* when_words - the words of typed times, a table for each language; core's own.
 *
 * English is understood everywhere, since scripts and the manual write it; the operator's own language
 * besides. A new language is one row in when_words.c and the two letters that its catalogue gives for "en". */
#ifndef KEYRACK_CORE_WHEN_WORDS_H
#define KEYRACK_CORE_WHEN_WORDS_H

enum when_class {
	WORD_WEEKDAY,  /* 1 Monday .. 7 Sunday */
	WORD_MONTH,    /* 1..12 */
	WORD_RELATIVE, /* days from now */
	WORD_TIME,     /* seconds after midnight */
	WORD_UNIT,     /* enum when_unit, behind a number */
	WORD_NOW,
	WORD_TONIGHT,
	WORD_EVENING,  /* behind today: tonight ("heute Abend") */
	WORD_AGO,      /* behind a length */
	WORD_BEFORE,   /* in front of a length: it is ago ("vor 2 Stunden") */
	WORD_CLOCK,    /* behind an hour: it is a time of day ("15 Uhr") */
	WORD_FILLER,   /* says nothing of its own */
	WORD_ORDINAL,  /* behind a day: "24th" */
	WORD_CLASSES,
};
enum when_unit { UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNIT_NIGHT };

/* In small letters. */
struct when_word {
	const char *text;
	int value;
};

/* The word of that class in English or in the language ("de"; NULL: that of the catalogue). NULL: it is none. */
const struct when_word *when_word(const char *language, enum when_class cls, const char *text);

#endif
