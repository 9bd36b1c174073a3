/* sync-child FOLDER ENDPOINT [once|service|console] - a sync as a process, for tests that stop,
 * kill and restart it. The API key comes from the environment. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "sync/sync.h"

int main(int argc, char **argv)
{
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
	p.endpoint = argv[2];
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
	return code;
}
