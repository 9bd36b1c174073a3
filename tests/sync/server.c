/* See server.h. One thread accepts, one more per connection; a mutex around the state. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/sync/server_inside.h"

#define KEY "Authorization: Bearer seam_test_key"

static enum fault take_fault(struct server *s, const char *path)
{
	for (guint i = 0; i < s->planned->len; i++) {
		struct planned *p = s->planned->pdata[i];

		if (p->n != 0 && strcmp(p->path, path) == 0) {
			if (p->n > 0)
				p->n--;
			return p->fault;
		}
	}
	return FAULT_NONE;
}

static void reset(int fd)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

static bool send_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static char *reply_text(const struct answer *a, int number, const char *extra)
{
	char *body = a->body ? json_dumps(a->body, JSON_COMPACT)
			     : strdup(a->status == 404 ? "404" : "");
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *date = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S GMT");
	char *out = g_strdup_printf(
		"HTTP/1.1 %d x\r\nDate: %s\r\nseam-request-id: request-%d\r\nContent-Type: %s\r\n"
		"Content-Length: %zu\r\n%s\r\n%s",
		a->status, date, number, a->body ? "application/json" : "text/plain", strlen(body), extra,
		body);

	free(body);
	return out;
}

static struct answer faulty(enum fault fault)
{
	switch (fault) {
	case FAULT_401:
		return server_fail(401, "unauthorized", "no such key");
	case FAULT_429:
	case FAULT_429_YEAR:
		return server_fail(429, "rate_limited", "slowly");
	case FAULT_500:
		return server_fail(500, "internal_server_error", "oh");
	case FAULT_404:
		return (struct answer){ 404, NULL };
	default:
		return (struct answer){ 503, NULL };
	}
}

/* Answers one request; false when the connection is over. */
static bool serve_one(struct server *s, int fd, const char *head, const char *path,
		      const char *body)
{
	g_autofree char *out = NULL;
	struct answer a = { 0, NULL };
	enum fault fault;

	g_mutex_lock(&s->mutex);
	server_count(s->requests, path);
	server_count(s->requests, "");
	s->operators += strstr(head, "\r\nkeyrack-operator: clerk\r\n") != NULL;
	fault = strstr(head, KEY) ? take_fault(s, path) : FAULT_401;
	if (fault == FAULT_NONE || fault == FAULT_RESET_AFTER || fault == FAULT_503_AFTER)
		a = server_carry_out(s, path, body);
	if (fault != FAULT_NONE) {
		json_decref(a.body);
		a = faulty(fault);
	}
	out = reply_text(&a, server_counted(s->requests, ""),
			 fault == FAULT_429	   ? "Retry-After: 1\r\n"
			 : fault == FAULT_429_YEAR ? "Retry-After: 31536000\r\n"
			 : s->live		   ? "keyrackd-live: " LIVE_PATH "\r\n"
						: "");
	json_decref(a.body);
	g_mutex_unlock(&s->mutex);
	if (fault == FAULT_RESET_BEFORE || fault == FAULT_RESET_AFTER) {
		reset(fd);
		return false;
	}
	return send_all(fd, out, strlen(out));
}

struct connection {
	struct server *s;
	int fd;
};

static bool read_more(int fd, GString *in)
{
	char buf[8192];
	ssize_t n = recv(fd, buf, sizeof buf, 0);

	if (n <= 0)
		return false;
	g_string_append_len(in, buf, n);
	return true;
}

static bool serve_next(struct server *s, int fd, GString *in)
{
	g_autofree char *head = NULL, *path = NULL, *body = NULL;
	char *end, *length;
	size_t head_len, body_len = 0;

	while (!(end = strstr(in->str, "\r\n\r\n"))) {
		if (!read_more(fd, in))
			return false;
	}
	head_len = (size_t)(end - in->str) + 4;
	head = g_strndup(in->str, head_len);
	length = strcasestr(head, "content-length:");
	if (length)
		body_len = (size_t)atoi(length + strlen("content-length:"));
	while (in->len < head_len + body_len) {
		if (!read_more(fd, in))
			return false;
	}
	body = g_strndup(in->str + head_len, body_len);
	g_string_erase(in, 0, (gssize)(head_len + body_len));
	path = g_strndup(head + strlen("POST "), strcspn(head + strlen("POST "), " "));
	return serve_one(s, fd, head, path, body);
}

static gpointer serve(gpointer data)
{
	struct connection *c = data;
	struct server *s = c->s;
	GString *in = g_string_new(NULL);

	while (serve_next(s, c->fd, in))
		continue;
	g_mutex_lock(&s->mutex);
	for (guint i = 0; i < s->connections->len; i++) {
		if (g_array_index(s->connections, int, i) == c->fd)
			g_array_remove_index_fast(s->connections, i);
	}
	close(c->fd);
	s->threads--;
	g_cond_signal(&s->idle);
	g_mutex_unlock(&s->mutex);
	g_string_free(in, TRUE);
	g_free(c);
	return NULL;
}

static gpointer accept_all(gpointer data)
{
	struct server *s = data;
	int listener = s->listener, one = 1;

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		struct connection *c;

		if (fd < 0 && errno == EINTR)
			continue;
		if (fd < 0)
			return NULL;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		c = g_new0(struct connection, 1);
		c->s = s;
		c->fd = fd;
		g_mutex_lock(&s->mutex);
		g_array_append_val(s->connections, fd);
		s->threads++;
		g_mutex_unlock(&s->mutex);
		g_thread_unref(g_thread_new("connection", serve, c));
	}
}

void server_start(struct server *s)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)s->port) };
	socklen_t len = sizeof address;
	int one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->stopping = false;
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(s->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(s->listener, 64) != 0)
		g_error("the test's server cannot listen: %s", g_strerror(errno));
	getsockname(s->listener, (struct sockaddr *)&address, &len);
	s->port = ntohs(address.sin_port);
	s->acceptor = g_thread_new("acceptor", accept_all, s);
}

void server_stop(struct server *s)
{
	if (!s->acceptor)
		return;
	shutdown(s->listener, SHUT_RDWR);
	g_thread_join(s->acceptor);
	s->acceptor = NULL;
	close(s->listener);
	g_mutex_lock(&s->mutex);
	s->stopping = true;
	g_cond_broadcast(&s->news);
	for (guint i = 0; i < s->connections->len; i++) {
		reset(g_array_index(s->connections, int, i));
		shutdown(g_array_index(s->connections, int, i), SHUT_RDWR);
	}
	while (s->threads > 0)
		g_cond_wait(&s->idle, &s->mutex);
	g_mutex_unlock(&s->mutex);
}

static void planned_free(void *data)
{
	struct planned *p = data;

	g_free(p->path);
	g_free(p);
}

struct server *server_new(void)
{
	struct server *s = g_new0(struct server, 1);

	g_mutex_init(&s->mutex);
	g_cond_init(&s->idle);
	g_cond_init(&s->news);
	s->journal = g_strdup("journal-1");
	s->changed = json_array();
	s->asked_after = -1;
	s->connections = g_array_new(FALSE, FALSE, sizeof(int));
	s->planned = g_ptr_array_new_with_free_func(planned_free);
	s->requests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->carried_out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->devices = json_array();
	s->codes = json_array();
	s->events = json_array();
	s->attempts = json_array();
	s->closed = json_array();
	s->attempt_status = g_strdup("success");
	s->confirmed = true;
	server_start(s);
	return s;
}

void server_free(struct server *s)
{
	server_stop(s);
	g_array_free(s->connections, TRUE);
	g_ptr_array_free(s->planned, TRUE);
	g_hash_table_destroy(s->requests);
	g_hash_table_destroy(s->carried_out);
	json_decref(s->devices);
	json_decref(s->codes);
	json_decref(s->events);
	json_decref(s->attempts);
	json_decref(s->closed);
	json_decref(s->changed);
	g_free(s->journal);
	g_free(s->attempt_status);
	g_cond_clear(&s->news);
	g_mutex_clear(&s->mutex);
	g_cond_clear(&s->idle);
	g_free(s);
}

char *server_endpoint(struct server *s)
{
	return g_strdup_printf("http://127.0.0.1:%d", s->port);
}
