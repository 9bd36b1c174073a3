/* file_lock - a lock of the kernel on an open file, which ends with the process however that ends.
 *
 * It belongs to the open file, not to the process (F_OFD_*), where the system has such: closing another descriptor
 * of the same file does not drop it. flock() elsewhere. */
#ifndef KEYRACK_FILE_LOCK_H
#define KEYRACK_FILE_LOCK_H

#include <stdbool.h>

/* The whole file, for this one alone, without waiting; false with errno. */
bool file_lock(int fd);
/* Somebody else has it, or shares it. */
bool file_is_locked(int fd);

#endif
