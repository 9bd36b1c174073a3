/* when_words - see the header. */
#include "core/when_words.h"

#include <glib.h>
#include <string.h>

#include "core/i18n.h"

#define NOON     (12 * 3600)
#define MIDNIGHT (24 * 3600)

/* ---- English ---- */

static const struct when_word en_weekdays[] = {
	{ "mon", 1 }, { "monday", 1 }, { "tue", 2 }, { "tues", 2 }, { "tuesday", 2 },
	{ "wed", 3 }, { "wednesday", 3 }, { "thu", 4 }, { "thur", 4 }, { "thurs", 4 },
	{ "thursday", 4 }, { "fri", 5 }, { "friday", 5 }, { "sat", 6 }, { "saturday", 6 },
	{ "sun", 7 }, { "sunday", 7 }, { NULL, 0 },
};
static const struct when_word en_months[] = {
	{ "jan", 1 }, { "january", 1 }, { "feb", 2 }, { "february", 2 }, { "mar", 3 },
	{ "march", 3 }, { "apr", 4 }, { "april", 4 }, { "may", 5 }, { "jun", 6 }, { "june", 6 },
	{ "jul", 7 }, { "july", 7 }, { "aug", 8 }, { "august", 8 }, { "sep", 9 }, { "sept", 9 },
	{ "september", 9 }, { "oct", 10 }, { "october", 10 }, { "nov", 11 }, { "november", 11 },
	{ "dec", 12 }, { "december", 12 }, { NULL, 0 },
};
static const struct when_word en_relatives[] = {
	{ "today", 0 }, { "tomorrow", 1 }, { "yesterday", -1 }, { NULL, 0 },
};
static const struct when_word en_times[] = {
	{ "noon", NOON }, { "midday", NOON }, { "midnight", MIDNIGHT }, { NULL, 0 },
};
static const struct when_word en_units[] = {
	{ "m", UNIT_MINUTE }, { "min", UNIT_MINUTE }, { "mins", UNIT_MINUTE },
	{ "minute", UNIT_MINUTE }, { "minutes", UNIT_MINUTE }, { "h", UNIT_HOUR },
	{ "hr", UNIT_HOUR }, { "hrs", UNIT_HOUR }, { "hour", UNIT_HOUR },
	{ "hours", UNIT_HOUR }, { "d", UNIT_DAY }, { "day", UNIT_DAY }, { "days", UNIT_DAY },
	{ "w", UNIT_WEEK }, { "week", UNIT_WEEK }, { "weeks", UNIT_WEEK }, { "n", UNIT_NIGHT },
	{ "night", UNIT_NIGHT }, { "nights", UNIT_NIGHT }, { NULL, 0 },
};
static const struct when_word en_nows[] = {
	{ "now", 0 }, { NULL, 0 },
};
static const struct when_word en_tonights[] = {
	{ "tonight", 0 }, { NULL, 0 },
};
static const struct when_word en_agos[] = {
	{ "ago", 0 }, { NULL, 0 },
};
static const struct when_word en_fillers[] = {
	{ "at", 0 }, { "on", 0 }, { "in", 0 }, { "the", 0 }, { "and", 0 }, { NULL, 0 },
};
static const struct when_word en_ordinals[] = {
	{ "st", 0 }, { "nd", 0 }, { "rd", 0 }, { "th", 0 }, { NULL, 0 },
};

/* ---- German: what English has too ("min", "april") stands there ---- */

static const struct when_word de_weekdays[] = {
	{ "mo", 1 }, { "montag", 1 }, { "di", 2 }, { "dienstag", 2 }, { "mi", 3 },
	{ "mittwoch", 3 }, { "do", 4 }, { "donnerstag", 4 }, { "fr", 5 }, { "freitag", 5 },
	{ "sa", 6 }, { "samstag", 6 }, { "sonnabend", 6 }, { "so", 7 }, { "sonntag", 7 },
	{ NULL, 0 },
};
static const struct when_word de_months[] = {
	{ "jän", 1 }, { "januar", 1 }, { "jänner", 1 }, { "februar", 2 }, { "mär", 3 },
	{ "mrz", 3 }, { "märz", 3 }, { "maerz", 3 }, { "mai", 5 }, { "juni", 6 }, { "juli", 7 },
	{ "okt", 10 }, { "oktober", 10 }, { "dez", 12 }, { "dezember", 12 }, { NULL, 0 },
};
static const struct when_word de_relatives[] = {
	{ "heute", 0 }, { "morgen", 1 }, { "übermorgen", 2 }, { "uebermorgen", 2 },
	{ "gestern", -1 }, { "vorgestern", -2 }, { NULL, 0 },
};
static const struct when_word de_times[] = {
	{ "mittag", NOON }, { "mittags", NOON }, { "mitternacht", MIDNIGHT },
	{ "mitternachts", MIDNIGHT }, { NULL, 0 },
};
static const struct when_word de_units[] = {
	{ "minuten", UNIT_MINUTE }, { "std", UNIT_HOUR }, { "stunde", UNIT_HOUR },
	{ "stunden", UNIT_HOUR }, { "t", UNIT_DAY }, { "tag", UNIT_DAY }, { "tage", UNIT_DAY },
	{ "tagen", UNIT_DAY }, { "woche", UNIT_WEEK }, { "wochen", UNIT_WEEK },
	{ "nacht", UNIT_NIGHT }, { "nächte", UNIT_NIGHT }, { "nächten", UNIT_NIGHT },
	{ "naechte", UNIT_NIGHT }, { "naechten", UNIT_NIGHT }, { NULL, 0 },
};
static const struct when_word de_nows[] = {
	{ "jetzt", 0 }, { "sofort", 0 }, { NULL, 0 },
};
static const struct when_word de_evenings[] = {
	{ "abend", 0 }, { "nacht", 0 }, { NULL, 0 },
};
static const struct when_word de_befores[] = {
	{ "vor", 0 }, { NULL, 0 },
};
static const struct when_word de_clocks[] = {
	{ "uhr", 0 }, { NULL, 0 },
};
static const struct when_word de_fillers[] = {
	{ "um", 0 }, { "am", 0 }, { "ab", 0 }, { "bis", 0 }, { "den", 0 }, { "dem", 0 },
	{ "der", 0 }, { "und", 0 }, { "noch", 0 }, { NULL, 0 },
};

/* ---- all ---- */

static const struct {
	const char *name;
	const struct when_word *words[WORD_CLASSES];
} languages[] = {
	{ "en",
	  {
		  [WORD_WEEKDAY] = en_weekdays,
		  [WORD_MONTH] = en_months,
		  [WORD_RELATIVE] = en_relatives,
		  [WORD_TIME] = en_times,
		  [WORD_UNIT] = en_units,
		  [WORD_NOW] = en_nows,
		  [WORD_TONIGHT] = en_tonights,
		  [WORD_AGO] = en_agos,
		  [WORD_FILLER] = en_fillers,
		  [WORD_ORDINAL] = en_ordinals,
	  } },
	{ "de",
	  {
		  [WORD_WEEKDAY] = de_weekdays,
		  [WORD_MONTH] = de_months,
		  [WORD_RELATIVE] = de_relatives,
		  [WORD_TIME] = de_times,
		  [WORD_UNIT] = de_units,
		  [WORD_NOW] = de_nows,
		  [WORD_EVENING] = de_evenings,
		  [WORD_BEFORE] = de_befores,
		  [WORD_CLOCK] = de_clocks,
		  [WORD_FILLER] = de_fillers,
	  } },
};

static const struct when_word *find(const struct when_word *words, const char *text)
{
	for (; words && words->text; words++)
		if (strcmp(words->text, text) == 0)
			return words;
	return NULL;
}

const struct when_word *when_word(const char *language, enum when_class cls, const char *text)
{
	/* The two letters of the language in which times may be typed besides English: "de". */
	const char *own = language ? language : _("en");

	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
		const struct when_word *w =
			i == 0 || strcmp(languages[i].name, own) == 0 ? find(languages[i].words[cls], text) : NULL;

		if (w)
			return w;
	}
	return NULL;
}
