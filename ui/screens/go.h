/* go - from a number or a name that was typed to the lock or the guest that is meant. */
#ifndef KEYRACK_UI_GO_H
#define KEYRACK_UI_GO_H

#include "cache/cache.h"

struct go_place {
	int64_t lock_no, code_no; /* code_no 0: the lock itself */
	int others;               /* that are meant just as well; the first in name order is this one */
};
/* "204": the room or the lock of that number before one whose name only begins with it; "mueller": else a
 * guest. False: nobody and nothing, and why in err. */
bool go_find(struct cache *c, const char *words, struct instant now, struct go_place *out, GError **err);

enum go_rank { GO_NOT, GO_PART, GO_WORD_BEGINS, GO_BEGINS, GO_WORD, GO_WHOLE };
/* How well the words stand for a name (or a room); all folded. */
enum go_rank go_rank(const char *name, const char *words);

#endif
