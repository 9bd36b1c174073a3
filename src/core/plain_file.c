/* plain_file - see the header. */
#include "config.h"

#include "core/plain_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/i18n.h"

static void fail(GError **err, const char *path, int error, const char *why)
{
	g_set_error(err, G_FILE_ERROR, (gint)g_file_error_from_errno(error), _("%1$s cannot be read: %2$s"), path,
		    why ? why : g_strerror(error));
}

/* It may have become longer since it was looked at. */
static char *read_all(int fd, GError **err, const char *path)
{
	g_autofree char *text = g_malloc(PLAIN_FILE_BYTES_MAX + 2);
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n <= PLAIN_FILE_BYTES_MAX) {
		got = read(fd, text + n, PLAIN_FILE_BYTES_MAX + 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	if (got < 0 || n > PLAIN_FILE_BYTES_MAX) {
		fail(err, path, got < 0 ? errno : EFBIG, got < 0 ? NULL : _("it is too large"));
		return NULL;
	}
	text[n] = '\0';
	return g_realloc(g_steal_pointer(&text), n + 1);
}

char *plain_file_read(const char *path, GError **err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *text = NULL;

	if (fd < 0 || fstat(fd, &st) != 0)
		fail(err, path, errno, NULL);
	else if (!S_ISREG(st.st_mode))
		fail(err, path, EINVAL, _("it is no ordinary file"));
	else
		text = read_all(fd, err, path);
	if (fd >= 0)
		close(fd);
	return text;
}

bool plain_file_keys(GKeyFile *file, const char *path, GError **err)
{
	g_autofree char *text = plain_file_read(path, err);

	return text && (!*text || g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, err));
}
