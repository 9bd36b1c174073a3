/* anew - a cache whose key is gone, and of which nothing would be lost that the server does not say again. */
#ifndef KEYRACK_CACHE_ANEW_H
#define KEYRACK_CACHE_ANEW_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* What would be lost with the key: PINs of what is not sent or was refused, and of what the desk keeps for itself.
 * *what: "the PINs of 2 changes that are not done (Anna Berg, Ito Kenji)", newly allocated; NULL: nothing. False: it
 * cannot be told, so that it must be taken for something. */
bool anew_would_lose(sqlite3 *db, char **what);

#endif
