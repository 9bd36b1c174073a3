/* fuzzy - how well a few typed letters stand for a name or a sentence.
 *
 * Letters must come in order, blanks in what is typed part it into words that each must be found. The
 * beginnings of words and letters that follow each other count for more than letters strewn about, as in
 * Smith and Waterman's alignment with gaps that are dearer to open than to go on. */
#ifndef KEYRACK_CORE_FUZZY_H
#define KEYRACK_CORE_FUZZY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	FUZZY_MATCH = 16,    /* a letter found */
	FUZZY_START = 10,    /* more: it begins a word */
	FUZZY_RUN = 8,       /* more: it follows the letter before */
	FUZZY_GAP = 3,       /* less: something lies between */
	FUZZY_GAP_MORE = 1,  /* less: for each further letter of it */
	FUZZY_HAY_MAX = 160, /* letters looked at */
	FUZZY_NEEDLE_MAX = 40,
};

struct fuzzy {
	int score;       /* of all words; 0 for an empty needle */
	int letters;     /* of the needle: score / letters tells strewn letters from words */
	uint64_t at;     /* which of the first 64 letters of hay were meant */
};
/* False: not to be found. Case and accents do not matter; at counts letters of the folded hay. */
bool fuzzy_match(const char *hay, const char *needle, struct fuzzy *out);

#endif
