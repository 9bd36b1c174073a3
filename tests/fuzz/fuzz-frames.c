/* fuzz-frames: whatever a server says of its locks, codes and events, every screen of the desk is a whole frame
 * (frame.h). The first two bytes are the terminal's size, the third says which screen, 0 that each is opened, the
 * rest is JSON: one object, or an array of them.
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

/* ---- the screens; those of a lock or a code where one came ---- */

#define OPENER(name, is_there, how)                                                                \
	static struct screen *name(struct app *app, struct world *w, const struct come *come)      \
	{                                                                                          \
		return (is_there) ? (how) : NULL;                                                  \
	}
#define PLAIN(name)	   OPENER(open_##name, come, name##_new(app, w))
#define OF_LOCK(name, how) OPENER(open_##name, come->lock_no, how)
#define OF_CODE(name, how) OPENER(open_##name, come->code_no, how)
PLAIN(tonight)
PLAIN(locks)
PLAIN(outbox)
PLAIN(staff)
PLAIN(imports)
PLAIN(sheet_screen)
PLAIN(handover)
OPENER(open_strays, come, strays_new(app, w, 0))
OPENER(open_events, come, events_new(app, w, 0, 0))
OF_LOCK(lock, lock_new(app, w, come->lock_no))
OF_LOCK(lock_triage, triage_new(app, w, come->lock_no, 0))
OF_LOCK(could, could_new(app, w, come->lock_no, 0, INSTANT_NONE))
OF_LOCK(code_form, code_form_new(app, w, come->lock_no))
OF_CODE(code, code_new(app, w, come->code_no))
OF_CODE(why, why_new(app, w, come->code_no))
OF_CODE(code_triage, triage_new(app, w, 0, come->code_no))
OF_CODE(code_edit, code_form_edit(app, w, come->code_no))
OF_CODE(checkin, checkin_new(app, w, come->code_no, 0))

static struct screen *(*const screens[])(struct app *, struct world *, const struct come *) = {
	open_tonight,	   open_locks,	   open_outbox,	   open_staff,	open_imports,
	open_sheet_screen, open_handover,  open_strays,	   open_events, open_lock,
	open_lock_triage,  open_could,	   open_code_form, open_code,	open_why,
	open_code_triage,  open_code_edit, open_checkin,
};
enum { ALL, RACK, OTHERS };

static void show(struct app *app, size_t which, struct grid *g, const struct come *come)
{
	struct screen *s = screens[which](app, &app->world, come);

	if (!s)
		return;
	app_push(app, s);
	frame_draw(app, g);
	app_pop(app);
	app_turn_done(app);
}

/* Each costs a millisecond: alone they are tried twenty times as often. */
static void show_some(struct app *app, uint8_t which, struct grid *g, const struct come *come)
{
	which %= OTHERS + G_N_ELEMENTS(screens);
	if (which < OTHERS)
		frame_draw(app, g);
	for (size_t i = 0; which == ALL && i < G_N_ELEMENTS(screens); i++)
		show(app, i, g, come);
	if (which >= OTHERS)
		show(app, which - OTHERS, g, come);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *all = size > 3 ? answer_parse((const char *)data + 3, size - 3) : NULL;
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
	show_some(app, data[2], &g, &come);
	app_free(app);
	grid_done(&g);
	cache_rollback(c);
	return 0;
}
