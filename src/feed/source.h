/* source - the bytes of a list, from a file of this computer. */
#ifndef KEYRACK_FEED_SOURCE_H
#define KEYRACK_FEED_SOURCE_H

#include <glib.h>
#include <stdbool.h>

/* All of it, or one byte more than any list may have. Text with a NUL behind its end; NULL with
 * KEYRACK_ERROR_IO. */
char *source_read_fd(int fd, const char *name, size_t *len, GError **err);
/* An ordinary file: nobody is waited for. */
char *source_read_file(const char *path, size_t *len, GError **err);

#endif
