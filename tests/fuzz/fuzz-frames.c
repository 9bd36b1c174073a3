/* fuzz-frames: whatever a server says of its locks, codes and events, every screen of the desk is a whole frame
 * (frame.h). The first two bytes are the screen's size, the rest JSON: one object, or an array of them.
 *
 * What is put into the cache for one input is rolled back before the next. */
#include "config.h"

#include <jansson.h>

#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ui/screens/house.h"
#include "wire/answer.h"
#include "wire/codec.h"

enum { ROWS_MAX = 60, COLS_MAX = 200, OBJECTS_MAX = 8 };

/* The last of each that came; 0: none. */
struct come {
	int64_t lock_no, code_no;
};

static void take(const json_t *o, struct wire_scratch *s, struct cache *c, struct come *come)
{
	struct lock lock;
	struct access_code code;
	struct event event;

	if (wire_decode_lock(o, s, &lock) && cache_put_lock(c, &lock, 0, NULL) > 0)
		come->lock_no = cache_lock_no(c, lock.device_id);
	if (wire_decode_code(o, s, &code) && cache_put_code(c, &code, 0, NULL) > 0)
		come->code_no = cache_code_no(c, code.access_code_id);
	if (wire_decode_event(o, s, &event))
		cache_put_event(c, &event, NULL);
}

static void take_all(const json_t *all, struct cache *c, struct come *come)
{
	struct wire_scratch *s = wire_scratch_new();

	if (!json_is_array(all))
		take(all, s, c, come);
	for (size_t i = 0; i < MIN(json_array_size(all), (size_t)OBJECTS_MAX); i++)
		take(json_array_get(all, i), s, c, come);
	wire_scratch_free(s);
}

static void show(struct app *app, struct screen *s, struct grid *g)
{
	if (!s)
		return;
	app_push(app, s);
	frame_draw(app, g);
	app_pop(app);
	app_turn_done(app);
}

static void show_all(struct app *app, struct grid *g, const struct come *come)
{
	struct world *w = &app->world;
	struct screen *(*const plain[])(struct app *, struct world *) = {
		tonight_new, locks_new, outbox_new, staff_new, imports_new, sheet_screen_new, handover_new,
	};

	frame_draw(app, g);
	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		show(app, plain[i](app, w), g);
	show(app, strays_new(app, w, 0), g);
	show(app, events_new(app, w, 0, 0), g);
	if (come->lock_no) {
		show(app, lock_new(app, w, come->lock_no), g);
		show(app, triage_new(app, w, come->lock_no, 0), g);
		show(app, could_new(app, w, come->lock_no, 0, INSTANT_NONE), g);
		show(app, code_form_new(app, w, come->lock_no), g);
	}
	if (come->code_no) {
		show(app, code_new(app, w, come->code_no), g);
		show(app, why_new(app, w, come->code_no), g);
		show(app, triage_new(app, w, 0, come->code_no), g);
		show(app, code_form_edit(app, w, come->code_no), g);
		show(app, checkin_new(app, w, come->code_no, 0), g);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *all = size > 2 ? answer_parse((const char *)data + 2, size - 2) : NULL;
	struct cache *c;
	struct come come = { 0 };
	struct app *app;
	struct grid g;

	if (!all)
		return 0;
	c = frame_cache(CACHE_SYNC);
	if (!cache_begin(c, NULL))
		g_error("the cache does not begin");
	take_all(all, c, &come);
	json_decref(all);
	app = frame_desk(c);
	grid_init(&g);
	g.ascii = data[1] & 1;
	grid_resize(&g, 1 + data[0] % ROWS_MAX, 1 + data[1] % COLS_MAX);
	show_all(app, &g, &come);
	app_free(app);
	grid_done(&g);
	cache_rollback(c);
	return 0;
}
