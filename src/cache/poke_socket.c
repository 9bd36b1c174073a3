/* poke_socket - the socket beside the cache, however long the folder's path is.
 *
 * A Unix socket's address holds 107 bytes. A longer path goes through a descriptor of the folder
 * (/proc/self/fd/N/poke), which is short. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cache/poke.h"
#include "core/error.h"

#define SOCKET_NAME "poke"

/* An address for folder/poke, good while *fd (-1: none) is open. */
static GSocketAddress *address_of(const char *folder, int *fd, GError **err)
{
	g_autofree char *path = g_build_filename(folder, SOCKET_NAME, NULL);

	*fd = -1;
	if (strlen(path) < sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return g_unix_socket_address_new(path);
	*fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "the folder %s cannot be opened: %s",
			    folder, g_strerror(errno));
		return NULL;
	}
	g_free(path);
	path = g_strdup_printf("/proc/self/fd/%d/" SOCKET_NAME, *fd);
	return g_unix_socket_address_new(path);
}

typedef gboolean action(GSocket *socket, GSocketAddress *address, GError **err);

static gboolean bind_socket(GSocket *socket, GSocketAddress *address, GError **err)
{
	return g_socket_bind(socket, address, FALSE, err);
}

static gboolean connect_socket(GSocket *socket, GSocketAddress *address, GError **err)
{
	return g_socket_connect(socket, address, NULL, err);
}

/* A new socket with the action done on it. */
static GSocket *socket_at(const char *folder, action *act, GError **err)
{
	GSocketAddress *address;
	GSocket *socket = NULL;
	int fd;

	address = address_of(folder, &fd, err);
	if (address)
		socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
				      G_SOCKET_PROTOCOL_DEFAULT, err);
	if (socket) {
		g_socket_set_blocking(socket, FALSE);
		if (!act(socket, address, err))
			g_clear_object(&socket);
	}
	g_clear_object(&address);
	if (fd >= 0)
		close(fd);
	return socket;
}

GSocket *poke_connect(const char *folder, GError **err)
{
	g_autoptr(GError) why = NULL;
	GSocket *socket = socket_at(folder, connect_socket, &why);

	if (!socket)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
			    "no sync serves %s: %s", folder, why->message);
	return socket;
}

/* True when the name is free, or was left behind by a process that has gone. */
static bool clear_stale(const char *folder, GError **err)
{
	g_autofree char *path = g_build_filename(folder, SOCKET_NAME, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GSocket) other = socket_at(folder, connect_socket, &why);

	/* A full backlog is a live one; one we may not talk to is somebody's. */
	if (other || g_error_matches(why, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
	    g_error_matches(why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY,
			    "another sync answers on %s", path);
		return false;
	}
	if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
		return true;
	if (g_unlink(path) == 0 || errno == ENOENT)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "the old socket %s cannot be removed: %s",
		    path, g_strerror(errno));
	return false;
}

GSocket *poke_listen(const char *folder, bool group, GError **err)
{
	g_autofree char *path = g_build_filename(folder, SOCKET_NAME, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GSocket) socket = NULL;

	if (!clear_stale(folder, err))
		return NULL;
	socket = socket_at(folder, bind_socket, &why);
	/* Rights before listening: nobody can have connected by then. */
	if (socket && g_chmod(path, group ? 0660 : 0600) != 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "the rights of %s cannot be set: %s", path, g_strerror(errno));
		return NULL;
	}
	if (!socket || !g_socket_listen(socket, &why)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "the socket %s cannot be made: %s", path, why->message);
		return NULL;
	}
	return g_steal_pointer(&socket);
}
