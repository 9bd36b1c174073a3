/* sync-child FOLDER ENDPOINT [once|service|console] - a sync as a process, for tests that stop,
 * kill and restart it. The API key comes from the environment; so does a feed of reservations, named
 * list: KEYRACK_TEST_FEED is its address, KEYRACK_TEST_AUTO what is done without asking. Its clock is that of the
 * machine, and so many ms ahead of it as a file named clock in FOLDER says. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/instant.h"
#include "core/profile_feed.h"
#include "sync/sync.h"

static const char *clock_file;

struct instant __real_instant_now(void);
struct instant __wrap_instant_now(void);
struct instant __wrap_instant_now(void)
{
	g_autofree char *ahead_ms = NULL;

	if (!clock_file || !g_file_get_contents(clock_file, &ahead_ms, NULL, NULL))
		return __real_instant_now();
	return instant_add_ms(__real_instant_now(), g_ascii_strtoll(ahead_ms, NULL, 10));
}

static GPtrArray *feeds(struct feed_profile *f)
{
	const char *what = g_getenv("KEYRACK_TEST_AUTO");
	GPtrArray *all = g_ptr_array_new();

	f->name = (char *)(uintptr_t)"list";
	f->url = (char *)(uintptr_t)g_getenv("KEYRACK_TEST_FEED");
	f->interval_ms = 300000;
	f->auto_apply = g_strcmp0(what, "all") == 0   ? FEED_AUTO_ALL
			: g_strcmp0(what, "new") == 0 ? FEED_AUTO_NEW
						      : FEED_AUTO_NO;
	if (f->url)
		g_ptr_array_add(all, f);
	return all;
}

int main(int argc, char **argv)
{
	struct feed_profile feed = { 0 };
	struct profile p = { .poll_interval_ms = 250 };
	struct sync_options opt = { 0 };
	char id[] = "test";
	GError *err = NULL;
	struct sync *s;
	int code;

	if (argc < 4)
		return 2;
	p.id = p.name = id;
	p.folder = argv[1];
	clock_file = g_build_filename(p.folder, "clock", NULL);
	p.endpoint = argv[2];
	p.check_in = 15 * 60;
	p.check_out = 11 * 60;
	p.feeds = feeds(&feed);
	opt.once = strcmp(argv[3], "once") == 0;
	opt.service = strcmp(argv[3], "service") == 0;
	opt.idle_ms = 300;
	opt.doubt_ms = 1500;
	opt.compare_ms = argc > 4 ? atoi(argv[4]) : 0;
	s = sync_new(&p, &opt, &err);
	if (!s) {
		fprintf(stderr, "sync-child: %s\n", err->message);
		code = err->code == KEYRACK_ERROR_BUSY ? 7 : 1;
		g_error_free(err);
		return code;
	}
	code = sync_run(s, &err);
	if (err)
		fprintf(stderr, "sync-child: %s\n", err->message);
	g_clear_error(&err);
	sync_free(s);
	g_ptr_array_unref(p.feeds);
	return code;
}
