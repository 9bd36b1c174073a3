/* frame - see frame.h. */
#include "config.h"

#include <stdlib.h>

#include "tests/fuzz/frame.h"
#include "tests/ui/screens/house.h"

static char *folder;
static struct cache *cache;
static struct profile *profile;

static void at_exit(void)
{
	cache_close(cache);
	profile_free(profile);
	house_pull_down(folder);
	g_free(folder);
}

struct cache *frame_cache(int mode)
{
	g_autofree char *path = NULL;

	if (cache)
		return cache;
	folder = house_build();
	path = g_build_filename(folder, "cache.db", NULL);
	profile = house_profile(folder);
	cache = cache_open(path, (enum cache_mode)mode, false, NULL);
	if (!cache)
		g_error("no cache");
	g_setenv("XDG_STATE_HOME", folder, TRUE);
	g_setenv("XDG_CONFIG_HOME", folder, TRUE);
	atexit(at_exit);
	return cache;
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static void say_nothing(const char *line, void *ctx)
{
	(void)line;
	(void)ctx;
}

static bool not_here(enum command c, void *ctx)
{
	(void)c;
	(void)ctx;
	return false;
}

struct app *frame_desk(struct cache *c)
{
	static const struct app_host host = { .redraw = nothing, .tell_sync = say_nothing, .command = not_here };
	static struct poke_status sync;
	struct app *app = app_new(c, profile, HOUSE_NOW, &host);

	sync = (struct poke_status){ .phase = SYNC_FOLLOWING, .interval_ms = 2000, .ok_at = HOUSE_NOW,
				     .next_at = INSTANT_NONE };
	app->world.sync = &sync;
	app->world.sync_connected = true;
	app->world.kiosk = true;
	app_push(app, rack_new(app, &app->world));
	return app;
}

static bool is_control(uint32_t ch)
{
	return ch < ' ' || (ch >= 0x7f && ch < 0xa0) || (ch >= 0x202a && ch <= 0x202e) ||
	       (ch >= 0x2066 && ch <= 0x2069);
}

static void check_cell(const struct cell *c, const struct grid *g, int i)
{
	for (size_t n = 0; n < G_N_ELEMENTS(c->glyph.ch) && c->glyph.ch[n]; n++) {
		uint32_t ch = c->glyph.ch[n];

		if (is_control(ch) || !g_unichar_validate(ch))
			g_error("cell %d,%d holds U+%04X", i / g->cols, i % g->cols, (unsigned)ch);
	}
	if (c->role >= ROLE_COUNT)
		g_error("cell %d,%d has no role", i / g->cols, i % g->cols);
	if (c->glyph.width == 2 && (i % g->cols == g->cols - 1 || c[1].glyph.width != 0))
		g_error("half of a glyph at %d,%d", i / g->cols, i % g->cols);
}

void frame_draw(struct app *app, struct grid *g)
{
	app_draw(app, g);
	for (int i = 0; i < g->rows * g->cols; i++)
		check_cell(&g->cell[i], g, i);
	if (g->cursor_row >= g->rows || g->cursor_col >= g->cols)
		g_error("the cursor is outside: %d,%d", g->cursor_row, g->cursor_col);
}
