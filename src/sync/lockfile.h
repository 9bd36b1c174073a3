/* lockfile - one sync per cache: a lock that the kernel holds, gone with the process.
 *
 * The file folder/cache.lock stays where it is; only the kernel's lock on it counts, so nothing
 * that died can hold it. It names the holder's process id, for doctor and for messages. */
#ifndef KEYRACK_SYNC_LOCKFILE_H
#define KEYRACK_SYNC_LOCKFILE_H

#include <glib.h>
#include <stdbool.h>

#define SYNC_LOCK_FILE "cache.lock"

/* A descriptor to close when done; -1 with KEYRACK_ERROR_BUSY or _IO. group: rights for the
 * folder's group. */
int sync_lock_take(const char *folder, bool group, GError **err);
/* Looks without taking. False also where nothing can be seen (no folder, no file). */
bool sync_lock_is_held(const char *folder);

#endif
