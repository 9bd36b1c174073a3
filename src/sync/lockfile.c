/* lockfile - see the header; the lock itself is core/file_lock.h. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/file_lock.h"
#include "sync/lockfile.h"

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
	if (!file_lock(fd)) {
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
	held = file_is_locked(fd);
	close(fd);
	return held;
}
