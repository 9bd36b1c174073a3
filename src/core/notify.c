/* notify - see the header. */
#include "config.h"

#include "core/notify.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <unistd.h>

void notify_systemd(const char *state)
{
	const char *path = g_getenv("NOTIFY_SOCKET");
	g_autoptr(GSocket) socket = NULL;
	g_autoptr(GSocketAddress) address = NULL;

	if (!path || (*path != '/' && *path != '@'))
		return;
	socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, 0, NULL);
	if (!socket)
		return;
	address = *path == '@' ? g_unix_socket_address_new_with_type(
					 path + 1, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT)
			       : g_unix_socket_address_new(path);
	g_socket_set_blocking(socket, FALSE);
	g_socket_send_to(socket, address, state, strlen(state), NULL, NULL);
}

void notify_parent(int fd)
{
	ssize_t wrote;

	do
		wrote = write(fd, "r", 1);
	while (wrote < 0 && errno == EINTR);
	close(fd);
}
