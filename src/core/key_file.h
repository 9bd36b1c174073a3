/* key_file - a small file that holds a secret: written whole or not at all, read only when it is its
 * owner's alone. */
#ifndef KEYRACK_CORE_KEY_FILE_H
#define KEYRACK_CORE_KEY_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* Written beside and then put into place, fsynced with its folder. Without replace a file that is there
 * stays, and that is no error: who comes second reads what the first one made. what: "the audit's key",
 * which begins each message. IO: the disk is full, the folder cannot be written. */
bool key_file_put(const char *what, const char *path, const char *text, mode_t mode, bool replace, GError **err);

/* It lies in $CREDENTIALS_DIRECTORY: systemd's, who sets its rights its own way and lets nobody write it. */
bool key_file_is_brought(const char *path);

/* A descriptor for reading, which the caller closes; -1. group: members of its group may read it, and it may be
 * anybody's of them. NOT_FOUND: there is none. CONFIG: it is a folder, or
 * others can read or change it, or a link that somebody else has made. IO. */
int key_file_open(const char *what, const char *path, bool group, GError **err);

#endif
