/* Locks that belong to the open file, not to the process (F_OFD_*), where the system has them:
 * closing another descriptor of the same file does not drop them. flock() elsewhere. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "sync/lockfile.h"

static bool lock_exclusively(int fd)
{
#ifdef F_OFD_SETLK
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
#else
	return flock(fd, LOCK_EX | LOCK_NB) == 0;
#endif
}

static bool somebody_holds(int fd)
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

/* For people only; the lock is what counts, so a failure here is none. */
static void write_holder(int fd)
{
	char text[32];
	int n = g_snprintf(text, sizeof text, "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) != n)
		g_debug("the process id could not be written into " SYNC_LOCK_FILE);
}

int sync_lock_take(const char *folder, bool group, GError **err)
{
	g_autofree char *path = g_build_filename(folder, SYNC_LOCK_FILE, NULL);
	mode_t mode = group ? 0660 : 0600;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);

	if (fd < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s cannot be opened: %s", path,
			    g_strerror(errno));
		return -1;
	}
	if (group && fchmod(fd, mode) != 0 && errno != EPERM)
		g_debug("%s keeps its mode: %s", path, g_strerror(errno));
	if (!lock_exclusively(fd)) {
		int why = errno;

		close(fd);
		if (why == EAGAIN || why == EACCES || why == EWOULDBLOCK)
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
				    "another keyrack sync already looks after %s", folder);
		else
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
				    "%s cannot be locked: %s", path, g_strerror(why));
		return -1;
	}
	write_holder(fd);
	return fd;
}

bool sync_lock_is_held(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, SYNC_LOCK_FILE, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool held;

	if (fd < 0)
		return false;
	held = somebody_holds(fd);
	close(fd);
	return held;
}
