/* source - see the header. */
#include "config.h"

#include "feed/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "feed/parse.h"

static void fail(GError **err, const char *name, const char *why)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, _("%1$s cannot be read: %2$s"), name, why);
}

char *source_read_fd(int fd, const char *name, size_t *len, GError **err)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	char block[16384];
	ssize_t n = 1;

	while (n > 0 && bytes->len <= FEED_BYTES_MAX) {
		n = read(fd, block, sizeof block);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			g_string_append_len(bytes, block, n);
	}
	if (n < 0) {
		fail(err, name, g_strerror(errno));
		return NULL;
	}
	*len = bytes->len;
	return g_string_free(g_steal_pointer(&bytes), FALSE);
}

char *source_read_file(const char *path, size_t *len, GError **err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	char *text = NULL;

	if (fd < 0 || fstat(fd, &st) < 0)
		fail(err, path, g_strerror(errno));
	else if (!S_ISREG(st.st_mode))
		fail(err, path, _("it is no ordinary file"));
	else
		text = source_read_fd(fd, path, len, err);
	if (fd >= 0)
		close(fd);
	return text;
}
