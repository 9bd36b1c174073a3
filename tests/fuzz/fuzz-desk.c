/* fuzz-desk: any keys at a desk leave a whole frame: no control character in any cell, wide glyphs in two
 * cells, the cursor inside. The first two bytes are the screen's size, the rest what a keyboard sends.
 *
 * The desk is a kiosk, so that nothing is written or run outside of its cache. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/ui/screens/house.h"
#include "ui/app_core.h"
#include "ui/term/input.h"

enum { ROWS_MAX = 70, COLS_MAX = 210, KEYS_MAX = 200 };

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

static void build(void)
{
	g_autofree char *path = NULL;

	folder = house_build();
	path = g_build_filename(folder, "cache.db", NULL);
	profile = house_profile(folder);
	cache = cache_open(path, CACHE_DESK, false, NULL);
	if (!cache)
		g_error("no cache");
	g_setenv("XDG_STATE_HOME", folder, TRUE);
	g_setenv("XDG_CONFIG_HOME", folder, TRUE);
	atexit(at_exit);
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

static const struct app_host host = { .redraw = nothing, .tell_sync = say_nothing, .command = not_here };

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

static void check(const struct grid *g)
{
	for (int i = 0; i < g->rows * g->cols; i++)
		check_cell(&g->cell[i], g, i);
	if (g->cursor_row >= g->rows || g->cursor_col >= g->cols)
		g_error("the cursor is outside: %d,%d", g->cursor_row, g->cursor_col);
}

static void press_all(struct app *app, struct grid *g, struct input *in)
{
	struct key k = { 0 };
	int keys = 0;

	for (bool final = false; keys < KEYS_MAX && !app->quit;) {
		enum input_result r = input_next(in, final, &k);

		if (r == INPUT_EMPTY || (final && r != INPUT_KEY))
			return;
		final = r != INPUT_KEY;
		if (r != INPUT_KEY)
			continue;
		keys++;
		app_key(app, &k);
		app_turn_done(app);
		app_draw(app, g);
		check(g);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct poke_status sync = { .phase = SYNC_FOLLOWING, .interval_ms = 2000, .ok_at = HOUSE_NOW,
				    .next_at = INSTANT_NONE };
	struct input in;
	struct grid g;
	struct app *app;

	if (size < 2)
		return 0;
	if (!cache)
		build();
	app = app_new(cache, profile, HOUSE_NOW, &host);
	app->world.sync = &sync;
	app->world.sync_connected = true;
	app->world.kiosk = true;
	grid_init(&g);
	g.ascii = data[1] & 1;
	grid_resize(&g, 1 + data[0] % ROWS_MAX, 1 + data[1] % COLS_MAX);
	app_push(app, rack_new(app, &app->world));
	app_draw(app, &g);
	check(&g);
	input_init(&in);
	input_add(&in, data + 2, size - 2);
	press_all(app, &g, &in);
	input_done(&in);
	app_free(app);
	grid_done(&g);
	return 0;
}
