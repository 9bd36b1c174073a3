/* schema - the migrations: an append-only list whose length is the cache's version. */
#ifndef KEYRACK_CACHE_SCHEMA_H
#define KEYRACK_CACHE_SCHEMA_H

#include <sqlite3.h>

#include "cache/cache.h"

#define CACHE_APPLICATION_ID 0x6b657972 /* "keyr": file(1) and we know the file by it */

/* The SQL that leads from version n to n + 1; n < CACHE_VERSION. */
const char *schema_migration(int n);

/* Brings the file to CACHE_VERSION, each step in a transaction of its own. A new file is given
 * everything; TOO_NEW and FAILED (not a keyrack cache) leave it untouched. */
bool schema_migrate(sqlite3 *db, const char *path, GError **err);

#endif
