/* plain_file - a small file that a person wrote (configuration, keys, a property), read whole or not at all. A pipe in
 * its place would be waited for, for ever, and a device has no end: only an ordinary file of sensible size is read. */
#ifndef KEYRACK_CORE_PLAIN_FILE_H
#define KEYRACK_CORE_PLAIN_FILE_H

#include <glib.h>
#include <stdbool.h>

#define PLAIN_FILE_BYTES_MAX (1 << 20)

/* Its text, newly allocated. G_FILE_ERROR, in words that name the path: NOENT or NOTDIR where there is none. */
char *plain_file_read(const char *path, GError **err);
/* As a key file; also G_KEY_FILE_ERROR. */
bool plain_file_keys(GKeyFile *file, const char *path, GError **err);

#endif
