/* fuzz-desk: any keys at a desk leave a whole frame (frame.h). The first two bytes are the screen's size,
 * the rest what a keyboard sends. From the first byte's 128 on all of it comes at once, as from a paste or over a slow
 * line, with a frame at its end alone. */
#include "config.h"

#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"
#include "ui/term/input.h"

enum { ROWS_MAX = 70, COLS_MAX = 210, KEYS_MAX = 200 };

static void press_all(struct app *app, struct grid *g, struct input *in, bool at_once)
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
		g_clear_pointer(&k.text, g_free);
		app_turn_done(app);
		if (!at_once)
			frame_draw(app, g);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;
	struct grid g;
	struct app *app;

	if (size < 2)
		return 0;
	app = frame_desk(frame_cache(CACHE_DESK));
	grid_init(&g);
	g.ascii = data[1] & 1;
	grid_resize(&g, 1 + data[0] % ROWS_MAX, 1 + data[1] % COLS_MAX);
	frame_draw(app, &g);
	input_init(&in);
	input_add(&in, data + 2, size - 2);
	press_all(app, &g, &in, data[0] >= 128);
	frame_draw(app, &g);
	input_done(&in);
	app_free(app);
	grid_done(&g);
	return 0;
}
