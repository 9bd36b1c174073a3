/* See rig.h. */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "rig.h"

struct rig t;

/* ---- the sync process ---- */

void start_sync_with(const char *mode, const char *compare_ms)
{
	t.sync = fork();
	assert_true(t.sync >= 0);
	if (t.sync == 0) {
		execl(SYNC_CHILD, SYNC_CHILD, t.folder, t.endpoint, mode, compare_ms, (char *)NULL);
		_exit(127);
	}
}

void start_sync(void)
{
	start_sync_with("service", NULL);
}

void forget_poke(void)
{
	if (t.poke) {
		g_socket_close(t.poke, NULL);
		g_clear_object(&t.poke);
	}
	if (t.heard)
		g_string_truncate(t.heard, 0);
	t.status_known = false;
}

/* Its exit code; -1 when it was killed or does not end in time. */
int wait_sync(void)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_MS * 1000;
	int status = 0;
	pid_t got = 0;

	while (got == 0 && g_get_monotonic_time() < until) {
		got = waitpid(t.sync, &status, WNOHANG);
		if (got == 0)
			poll(NULL, 0, 5); /* a child's end is no descriptor here */
	}
	forget_poke();
	if (got != t.sync)
		return -1;
	t.sync = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void kill_sync(void)
{
	kill(t.sync, SIGKILL);
	waitpid(t.sync, NULL, 0);
	t.sync = 0;
	forget_poke();
}

void stop_sync(void)
{
	kill(t.sync, SIGTERM);
	assert_int_equal(wait_sync(), 0);
}

static int64_t ahead_ms;

static struct instant desk_now(void)
{
	return instant_add_ms(instant_now(), ahead_ms);
}

void set_clock(int64_t to_ms)
{
	g_autofree char *path = g_build_filename(t.folder, "clock", NULL);
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, to_ms);

	ahead_ms = to_ms;
	cache_clock(t.desk, desk_now);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* ---- listening ---- */

static void take_line(const char *line)
{
	struct poke_status s = { 0 };

	if (!poke_status_parse(line, &s))
		return;
	poke_status_clear(&t.status);
	t.status = s;
	t.status_known = true;
}

bool connect_poke(void)
{
	if (t.poke)
		return true;
	t.poke = poke_connect(t.folder, NULL);
	if (t.poke)
		g_socket_set_blocking(t.poke, FALSE);
	return t.poke != NULL;
}

/* Until sync says something, for at most a moment: what is waited for may be at the server. */
void listen_a_moment(void)
{
	struct pollfd p = { .events = POLLIN };
	char buf[4096], *end;
	gssize n;

	if (!connect_poke()) {
		poll(NULL, 0, 5);
		return;
	}
	p.fd = g_socket_get_fd(t.poke);
	poll(&p, 1, 10);
	while ((n = g_socket_receive(t.poke, buf, sizeof buf, NULL, NULL)) > 0)
		g_string_append_len(t.heard, buf, n);
	if (n == 0)
		g_clear_object(&t.poke);
	while ((end = strchr(t.heard->str, '\n'))) {
		*end = '\0';
		take_line(t.heard->str);
		g_string_erase(t.heard, 0, end - t.heard->str + 1);
	}
}

void say(const char *line)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_MS * 1000;

	while (!connect_poke() && g_get_monotonic_time() < until)
		listen_a_moment();
	assert_non_null(t.poke);
	assert_true(g_socket_send(t.poke, line, strlen(line), NULL, NULL) > 0);
}

/* ---- looking into the cache ---- */

struct cache_list *all_codes(bool with_deleted)
{
	struct code_query q = { .with_ended = true,
				.with_deleted = with_deleted,
				.from = INSTANT_NONE,
				.until = INSTANT_NONE };

	return cache_codes(t.desk, &q, instant_now(), NULL);
}

/* Codes from the server (not the outbox's) that are not deleted. */
int cached_codes(void)
{
	OWN(cache_list) struct cache_list *list = all_codes(false);
	int n = 0;

	for (guint i = 0; list && i < list->rows->len; i++)
		n += cache_list_at(list, struct code_row, i)->code_no > 0;
	return n;
}

int cached_named(const char *name)
{
	OWN(cache_list) struct cache_list *list = all_codes(false);
	int n = 0;

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *row = cache_list_at(list, struct code_row, i);

		n += row->code_no > 0 && g_strcmp0(row->code.name, name) == 0;
	}
	return n;
}

bool is_deleted(const char *id)
{
	int64_t no = cache_code_no(t.desk, id);
	OWN(cache_list) struct cache_list *list =
		no ? cache_code(t.desk, no, instant_now(), NULL) : NULL;

	return list && instant_known(cache_list_at(list, struct code_row, 0)->deleted_at);
}

bool is_managed(const char *id)
{
	int64_t no = cache_code_no(t.desk, id);
	OWN(cache_list) struct cache_list *list =
		no ? cache_code(t.desk, no, instant_now(), NULL) : NULL;

	return list && cache_list_at(list, struct code_row, 0)->code.managed;
}

int64_t cached_locks(void)
{
	return cache_counts(t.desk, instant_now()).locks;
}

int64_t cached_events(void)
{
	return cache_counts(t.desk, instant_now()).events;
}

bool lock_is_locked(const char *device_id)
{
	OWN(cache_list) struct cache_list *list =
		cache_lock(t.desk, cache_lock_no(t.desk, device_id), instant_now(), NULL);

	return list && cache_list_at(list, struct lock_row, 0)->lock.locked == TRI_YES;
}

/* The name beside the newest unlock; to be freed. */
char *newest_unlocker(void)
{
	struct event_query q = { .type = "lock.unlocked",
				 .from = INSTANT_NONE,
				 .until = INSTANT_NONE,
				 .limit = 1 };
	OWN(cache_list) struct cache_list *list = cache_events(t.desk, &q, NULL);

	if (!list || list->rows->len == 0)
		return NULL;
	return g_strdup(cache_list_at(list, struct event_row, 0)->who);
}

bool unlocked_by(const char *who)
{
	g_autofree char *name = newest_unlocker();

	return g_strcmp0(name, who) == 0;
}

/* ---- setup ---- */

int rig_setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof t);
	t.folder = g_dir_make_tmp("keyrack-sync-XXXXXX", NULL);
	t.cache_path = g_build_filename(t.folder, "cache.db", NULL);
	t.server = server_new();
	t.endpoint = server_endpoint(t.server);
	t.heard = g_string_new(NULL);
	server_add_lock(t.server, "lock-1");
	server_add_lock(t.server, "lock-2");
	g_setenv("KEYRACK_API_KEY", "seam_test_key", TRUE);
	t.desk = cache_open(t.cache_path, CACHE_DESK, false, NULL);
	return t.desk ? 0 : -1;
}

int rig_teardown(void **state)
{
	const char *name;
	GDir *dir;

	(void)state;
	if (t.sync > 0)
		kill_sync();
	forget_poke();
	g_string_free(t.heard, TRUE);
	poke_status_clear(&t.status);
	cache_close(t.desk);
	server_free(t.server);
	dir = g_dir_open(t.folder, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(t.folder, name, NULL);

		g_unlink(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(t.folder);
	g_free(t.folder);
	g_free(t.cache_path);
	g_free(t.endpoint);
	return 0;
}

void start_and_follow(void)
{
	start_sync();
	wait_for(t.status_known && t.status.phase == SYNC_FOLLOWING);
}

