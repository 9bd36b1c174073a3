/* http_listen - where keyrackd listens: addresses as people write them, sockets, certificates. */
#include "config.h"

#include "server/http_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX	"unix:"
#define BACKLOG 511

G_GNUC_PRINTF(3, 4)
static bool fail(GError **err, enum keyrack_error code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (err)
		*err = g_error_new_valist(KEYRACK_ERROR, (int)code, format, args);
	va_end(args);
	return false;
}

/* ---- sockets ---- */

static GSocket *bound(GSocketAddress *address, const char *name, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GSocket) s = g_socket_new(g_socket_address_get_family(address),
					    G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &why);

	if (s)
		g_socket_set_listen_backlog(s, BACKLOG);
	if (s && g_socket_bind(s, address, TRUE, &why))
		return g_steal_pointer(&s);
	fail(err, KEYRACK_ERROR_IO, "cannot listen on %s: %s", name, why->message);
	return NULL;
}

/* The descriptor outlives the GSocket. */
static bool listening(GSocket *s, struct listener *l, GError **err)
{
	g_autoptr(GError) why = NULL;

	if (!g_socket_listen(s, &why))
		return fail(err, KEYRACK_ERROR_IO, "cannot listen on %s: %s", l->endpoint,
			    why->message);
	l->fd = fcntl(g_socket_get_fd(s), F_DUPFD_CLOEXEC, 3);
	if (l->fd >= 0)
		return true;
	return fail(err, KEYRACK_ERROR_IO, "cannot listen on %s: %s", l->endpoint,
		    g_strerror(errno));
}

/* ---- unix ---- */

static bool answers(GSocketAddress *address)
{
	g_autoptr(GSocket) s =
		g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
			     NULL);

	return s && g_socket_connect(s, address, NULL, NULL);
}

/* A socket that nobody listens on was left behind by a kill. */
static bool make_room(const char *path, GSocketAddress *address, GError **err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return true; /* what is wrong with the folder, bind will say */
	if (!S_ISSOCK(st.st_mode))
		return fail(err, KEYRACK_ERROR_IO, "%s is there and is no socket", path);
	if (answers(address))
		return fail(err, KEYRACK_ERROR_IO, "another program answers on %s", path);
	if (unlink(path) == 0 || errno == ENOENT)
		return true;
	return fail(err, KEYRACK_ERROR_IO, "cannot remove the old socket %s: %s", path,
		    g_strerror(errno));
}

static bool open_unix(struct listener *l, const char *path, GError **err)
{
	g_autoptr(GSocketAddress) address = NULL;
	g_autoptr(GSocket) s = NULL;
	struct stat st;

	if (!g_path_is_absolute(path))
		return fail(err, KEYRACK_ERROR_CONFIG, "unix:PATH needs an absolute path, not '%s'",
			    path);
	if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return fail(err, KEYRACK_ERROR_CONFIG, "the path of the socket is too long: %s",
			    path);
	address = g_unix_socket_address_new(path);
	l->endpoint = g_strconcat(UNIX, path, NULL);
	if (!make_room(path, address, err))
		return false;
	s = bound(address, l->endpoint, err);
	if (!s)
		return false;
	l->path = g_strdup(path);
	/* Before it listens, nobody is let in by a mode too wide. */
	if (chmod(path, 0660) != 0 || lstat(path, &st) != 0)
		return fail(err, KEYRACK_ERROR_IO, "cannot set the mode of %s: %s", path,
			    g_strerror(errno));
	l->device = st.st_dev;
	l->inode = st.st_ino;
	return listening(s, l, err);
}

void listener_unlink(struct listener *l)
{
	struct stat st;

	if (l->path && lstat(l->path, &st) == 0 && st.st_dev == l->device && st.st_ino == l->inode)
		g_unlink(l->path);
	g_clear_pointer(&l->path, g_free);
}

/* ---- HOST:PORT ---- */

/* "[::1]:7171" too. */
static bool split(const char *listen, char **host, guint16 *port)
{
	const char *colon = strrchr(listen, ':');
	size_t len = colon ? (size_t)(colon - listen) : 0;
	guint64 n;

	if (len == 0 || !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &n, NULL))
		return false;
	if (listen[0] == '[' && listen[len - 1] == ']')
		*host = g_strndup(listen + 1, len - 2);
	else if (memchr(listen, ':', len))
		return false;
	else
		*host = g_strndup(listen, len);
	*port = (guint16)n;
	return true;
}

static GInetAddress *address_of(const char *host, GError **err)
{
	g_autoptr(GError) why = NULL;
	GInetAddress *a = g_inet_address_new_from_string(host);
	GList *all;

	if (a)
		return a;
	all = g_resolver_lookup_by_name(g_resolver_get_default(), host, NULL, &why);
	if (!all) {
		fail(err, KEYRACK_ERROR_CONFIG, "cannot listen on '%s': %s", host, why->message);
		return NULL;
	}
	a = g_object_ref(all->data);
	g_resolver_free_addresses(all);
	return a;
}

static bool endpoint_of(struct listener *l, GSocket *s, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GSocketAddress) at = g_socket_get_local_address(s, &why);
	g_autofree char *text = NULL;

	if (!at)
		return fail(err, KEYRACK_ERROR_IO, "cannot listen: %s", why->message);
	text = g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(at));
	g_free(l->endpoint);
	l->endpoint = g_strconcat(l->tls ? "https://" : "http://", text, NULL);
	return true;
}

static bool open_inet(struct listener *l, const char *listen, GError **err)
{
	g_autofree char *host = NULL;
	guint16 port;
	g_autoptr(GInetAddress) a = NULL;
	g_autoptr(GSocketAddress) address = NULL;
	g_autoptr(GSocket) s = NULL;

	if (!split(listen, &host, &port))
		return fail(err, KEYRACK_ERROR_CONFIG,
			    "'%s' is neither unix:PATH nor HOST:PORT to listen on", listen);
	a = address_of(host, err);
	if (!a)
		return false;
	if (!l->tls && !g_inet_address_get_is_loopback(a))
		return fail(err, KEYRACK_ERROR_CONFIG,
			    "%s can be reached from other machines: give a TLS certificate and "
			    "key, or listen on 127.0.0.1 or unix:PATH",
			    host);
	address = g_inet_socket_address_new(a, port);
	l->endpoint = g_strdup(listen);
	s = bound(address, listen, err);
	return s && listening(s, l, err) && endpoint_of(l, s, err);
}

/* ---- both ---- */

static bool read_pem(const char *path, char **text, GError **err)
{
	g_autoptr(GError) why = NULL;

	if (g_file_get_contents(path, text, NULL, &why))
		return true;
	return fail(err, KEYRACK_ERROR_CONFIG, "cannot read the TLS file: %s", why->message);
}

bool listener_open(struct listener *l, const struct http_options *opt, GError **err)
{
	const char *listen = opt->listen ? opt->listen : "";
	bool local = g_str_has_prefix(listen, UNIX);

	*l = (struct listener){ .fd = -1, .local = local, .tls = opt->tls_cert || opt->tls_key };
	if (l->tls && local)
		return fail(err, KEYRACK_ERROR_CONFIG, "a unix socket takes no TLS certificate");
	if (l->tls && (!opt->tls_cert || !opt->tls_key))
		return fail(err, KEYRACK_ERROR_CONFIG,
			    "TLS needs both a certificate file and a key file");
	if (l->tls && (!read_pem(opt->tls_cert, &l->cert, err) ||
		       !read_pem(opt->tls_key, &l->key, err)))
		return false;
	return local ? open_unix(l, listen + strlen(UNIX), err) : open_inet(l, listen, err);
}

void listener_close(struct listener *l)
{
	listener_unlink(l);
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	if (l->key)
		memset(l->key, 0, strlen(l->key));
	g_clear_pointer(&l->key, g_free);
	g_clear_pointer(&l->cert, g_free);
	g_clear_pointer(&l->endpoint, g_free);
}
