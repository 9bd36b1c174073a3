/* file_lock - see the header. */
#include "config.h" /* F_OFD_* are system extensions */

#include "core/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

bool file_lock(int fd)
{
#ifdef F_OFD_SETLK
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
#else
	return flock(fd, LOCK_EX | LOCK_NB) == 0;
#endif
}

bool file_is_locked(int fd)
{
#ifdef F_OFD_SETLK
	struct flock probe = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_GETLK, &probe) == 0 && probe.l_type != F_UNLCK;
#else
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		return false;
	return errno == EWOULDBLOCK;
#endif
}
