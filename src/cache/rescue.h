/* rescue - parts of cache_rescue: the files of a rescue, in rescue_files.c and rescue_patch.c. */
#ifndef KEYRACK_CACHE_RESCUE_H
#define KEYRACK_CACHE_RESCUE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Where the new file is made; what one that was stopped has left there is gone, unless it was whole. Newly
 * allocated. */
char *rescue_begin(const char *path);
/* Puts the new file into the damaged one's place, which is called aside from then on. */
bool rescue_end(const char *path, const char *aside, GError **err);
/* Was one stopped when it had nearly ended? Then it is to be done again. */
bool rescue_is_open(const char *path);

/* A name for the damaged file that is not taken. lossy: something in it was not saved, and it is kept. */
char *rescue_name(const char *path, bool lossy);
/* They hold PINs, and nobody needs more than the newest, and those that something was lost with. */
void rescue_remove_older(const char *path, const char *newest);
void rescue_unlink(const char *path); /* with -wal and -shm */

/* A copy of a damaged file with a first page that knows the outbox alone, as like's has it. Newly allocated; NULL. */
char *rescue_patch(const char *path, sqlite3 *like);

#endif
