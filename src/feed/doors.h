/* doors - from a source's words for a room to the locks that its guest opens. Pure.
 *
 * A name fits as a whole or by its number ("204" is "204 Sea"); nothing is guessed from parts of words,
 * since the wrong door is worse than none. */
#ifndef KEYRACK_FEED_DOORS_H
#define KEYRACK_FEED_DOORS_H

#include "cache/feeds.h"

struct door_book;
/* locks: list of struct feed_lock, which must outlive it. */
struct door_book *door_book_new(const struct cache_list *locks);
void door_book_free(struct door_book *b);
DEFINE_OWN(struct door_book, door_book, door_book_free)

/* Those that words name, one or several ("101, 102", "Gym; Pool gate"); false with *why: a sentence,
 * newly allocated, that says what to do. Adds struct feed_lock * to doors, each once. */
bool door_book_find(const struct door_book *b, const char *words, GPtrArray *doors, char **why);

#endif
