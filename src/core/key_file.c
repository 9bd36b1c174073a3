/* key_file - see the header. */
#include "config.h"

#include "core/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

static bool key_error(GError **err, enum keyrack_error code, const char *what, const char *path, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, code, "%s %s: %s", what, path, why);
	return false;
}

/* Else the name may be gone after a power cut, and what was sealed with the key stays. */
static bool sync_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (fd >= 0)
		close(fd);
	return ok;
}

bool key_file_put(const char *what, const char *path, const char *text, mode_t mode, bool replace, GError **err)
{
	g_autofree char *beside = g_strdup_printf("%s.%d", path, (int)getpid());
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	size_t len = strlen(text);
	bool ok = fd >= 0 && fchmod(fd, mode) == 0 && write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	if (ok && replace)
		ok = rename(beside, path) == 0;
	else if (ok)
		ok = link(beside, path) == 0 || errno == EEXIST;
	ok = ok && sync_folder(path);
	if (!ok)
		key_error(err, KEYRACK_ERROR_IO, what, path, g_strerror(errno));
	unlink(beside);
	return ok;
}

bool key_file_is_brought(const char *path)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *of = g_path_get_dirname(path);

	return folder && strcmp(folder, of) == 0;
}

/* Of a file that systemd brings the owner is root, and its access list shows as the group's right. */
static const char *why_not(const char *path, int fd, bool group)
{
	bool brought = key_file_is_brought(path);
	mode_t others = brought || group ? 037 : 077;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return g_strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is no file";
	if ((st.st_mode & others) || (st.st_uid != geteuid() && !group && !(brought && st.st_uid == 0)))
		return group ? "others can read it, or its group can change it: chmod 640"
			     : "others can read or change it: make it yours alone (chmod 600)";
	return NULL;
}

int key_file_open(const char *what, const char *path, bool group, GError **err)
{
	struct stat link;
	const char *why;
	int fd;

	if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode) && link.st_uid != geteuid() && !group) {
		key_error(err, KEYRACK_ERROR_CONFIG, what, path, "it is a link that somebody else has made");
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		key_error(err, errno == ENOENT || errno == ENOTDIR ? KEYRACK_ERROR_NOT_FOUND : KEYRACK_ERROR_IO, what,
			  path, g_strerror(errno));
		return -1;
	}
	why = why_not(path, fd, group);
	if (!why)
		return fd;
	key_error(err, KEYRACK_ERROR_CONFIG, what, path, why);
	close(fd);
	return -1;
}
