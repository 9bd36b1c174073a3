/* desk - a console on Harbour House; see the header. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/jsonin.h"
#include "desk.h"

int desk_up(void **state)
{
	struct desk *d = g_new0(struct desk, 1);
	g_autofree char *path = NULL;

	d->folder = house_build();
	path = g_build_filename(d->folder, "cache.db", NULL);
	d->profile = house_profile(d->folder);
	d->cache = cache_open(path, CACHE_DESK, false, NULL);
	d->app = app_new(d->cache, d->profile, HOUSE_NOW, NULL);
	d->sync = (struct poke_status){ .phase = SYNC_FOLLOWING, .interval_ms = 2000, .ok_at = HOUSE_NOW,
					.next_at = INSTANT_NONE };
	d->app->world.sync = &d->sync;
	d->app->world.sync_connected = true;
	grid_init(&d->grid);
	grid_resize(&d->grid, 40, 120);
	app_push(d->app, rack_new(d->app, &d->app->world));
	app_draw(d->app, &d->grid);
	*state = d;
	return 0;
}

int desk_down(void **state)
{
	struct desk *d = *state;

	app_free(d->app);
	cache_close(d->cache);
	grid_done(&d->grid);
	profile_free(d->profile);
	house_pull_down(d->folder);
	g_free(d->folder);
	g_free(d);
	return 0;
}

static void press_key(struct desk *d, const struct key *k)
{
	app_key(d->app, k);
	app_turn_done(d->app);
	app_draw(d->app, &d->grid);
}

/* "Down Tab =text Enter": keys by name, text after '='. '_' in text is a blank. */
void press(struct desk *d, const char *keys)
{
	g_auto(GStrv) all = g_strsplit(keys, " ", -1);

	for (char **p = all; *p; p++) {
		struct key k;

		if ((*p)[0] != '=' || !(*p)[1]) {
			if (!key_parse(*p, &k))
				fail_msg("no key is called %s", *p);
			press_key(d, &k);
			continue;
		}
		for (const char *c = *p + 1; *c; c += g_utf8_skip[(guchar)*c])
			press_key(d, &(struct key){ .code = KEYCODE_CHAR, .ch = *c == '_' ? ' ' : g_utf8_get_char(c) });
	}
}

char *screen_text(struct desk *d)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	grid_print(&d->grid, f);
	fclose(f);
	return text;
}

bool shows(struct desk *d, const char *words)
{
	char *text = screen_text(d);
	bool found = strstr(text, words) != NULL;

	if (!found)
		print_message("looked for \"%s\" in:\n%s\n", words, text);
	free(text);
	return found;
}

bool hides(struct desk *d, const char *words)
{
	char *text = screen_text(d);
	bool found = strstr(text, words) != NULL;

	if (found)
		print_message("\"%s\" should not be in:\n%s\n", words, text);
	free(text);
	return !found;
}

struct cache_list *outbox(struct desk *d, guint expected)
{
	struct cache_list *list = outbox_list(d->cache, 0, 100, NULL);

	assert_non_null(list);
	assert_int_equal(list->rows->len, expected);
	return list;
}

void assert_param(const struct intent *in, const char *path, const char *expected)
{
	g_autofree char *v = jsonin_text(in->params, path);

	if (g_strcmp0(v, expected) != 0)
		fail_msg("%s is %s, not %s, in %s", path, v ? v : "absent", expected ? expected : "absent", in->params);
}
