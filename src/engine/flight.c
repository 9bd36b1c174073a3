/* flight - one request to the driver, from the moment that it leaves to the note of its answer.
 *
 * The driver holds a number, not a pointer: whatever it answers after the engine has ended finds
 * nobody, and harms nobody. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* Flights that the driver still knows of, by their number. */
static GHashTable *in_the_air;
static size_t last_serial;

struct flight *flight_new(struct engine *e, struct lane *l, enum flight_kind kind)
{
	struct flight *f = g_new0(struct flight, 1);

	f->engine = e;
	f->lane = l;
	f->kind = kind;
	f->words = g_string_chunk_new(256);
	return f;
}

void flight_free(struct flight *f)
{
	appearance_clear(&f->shown);
	g_free(f->codes);
	g_string_chunk_free(f->words);
	g_free(f);
}

char *flight_word(struct flight *f, const char *text)
{
	return text ? g_string_chunk_insert(f->words, text) : NULL;
}

struct on_lock flight_code(struct flight *f, const struct on_lock *c)
{
	struct on_lock copy = *c;

	copy.pin = flight_word(f, c->pin);
	copy.name = flight_word(f, c->name);
	return copy;
}

/* A lock's own words may repeat the PIN that it was given. They are kept, shown and told. */
static char *words_without(struct flight *f, const char *text, const char *pin)
{
	char *words = flight_word(f, text);

	for (char *at = words; words && pin && *pin && (at = strstr(at, pin));)
		memset(at, '*', strlen(pin));
	return words;
}

static void take_answer(struct flight *f, const struct driver_answer *a)
{
	f->codes = g_new0(struct driver_code, a->n_codes + 1);
	for (size_t i = 0; i < a->n_codes; i++) {
		f->codes[i].handle = flight_word(f, a->codes[i].handle);
		f->codes[i].is = flight_code(f, &a->codes[i].is);
	}
	f->answer = *a;
	f->answer.codes = f->codes;
	f->answer.text = words_without(f, words_without(f, a->text, f->write.pin), a->pin);
	f->answer.handle = flight_word(f, a->handle);
	f->answer.pin = flight_word(f, a->pin);
	if (f->kind == FLIGHT_READ)
		digest_of(&f->answer, f->sight);
}

static void on_done(const struct driver_answer *a, void *serial)
{
	struct flight *f = in_the_air ? g_hash_table_lookup(in_the_air, serial) : NULL;

	if (!f)
		return;
	g_hash_table_remove(in_the_air, serial);
	f->engine->flying--;
	take_answer(f, a);
	g_queue_push_tail(&f->engine->answered, f);
	arm_now(f->engine);
}

void flight_drop(struct engine *e, struct flight *f)
{
	struct lane *l = f->lane;

	l->flight = NULL;
	l->version++;
	if (f->kind == FLIGHT_READ)
		l->read_wanted = true;
	if (f->attempt_id)
		g_queue_push_head(&l->turns, f);
	else
		flight_free(f);
	ready_add(e, l);
}

void flight_launch(struct engine *e, struct flight *f)
{
	const struct driver_ops *ops = e->driver->ops;
	const char *device_id = f->lane->device_id;
	void *ctx;

	if (!in_the_air)
		in_the_air = g_hash_table_new(NULL, NULL);
	f->serial = ++last_serial;
	ctx = GSIZE_TO_POINTER(f->serial);
	g_hash_table_insert(in_the_air, ctx, f);
	e->flying++;
	switch (f->kind) {
	case FLIGHT_READ:
		ops->read(e->driver, device_id, on_done, ctx);
		break;
	case FLIGHT_SET:
		ops->set(e->driver, device_id, f->handle, &f->write, on_done, ctx);
		break;
	case FLIGHT_REMOVE:
		ops->remove(e->driver, device_id, f->handle ? f->handle : "", on_done, ctx);
		break;
	case FLIGHT_TURN:
		ops->turn(e->driver, device_id, f->unlock, on_done, ctx);
		break;
	case FLIGHT_AUTO_LOCK:
		ops->auto_lock(e->driver, device_id, f->enabled, f->delay_s, on_done, ctx);
		break;
	}
}

void flight_forget_all(struct engine *e)
{
	GHashTableIter it;
	void *lane;

	g_hash_table_iter_init(&it, e->lanes);
	while (g_hash_table_iter_next(&it, NULL, &lane)) {
		struct flight *f = ((struct lane *)lane)->flight;

		if (!f)
			continue;
		if (in_the_air)
			g_hash_table_remove(in_the_air, GSIZE_TO_POINTER(f->serial));
		flight_free(f); /* answered or not */
	}
	g_queue_clear(&e->answered);
	if (in_the_air && g_hash_table_size(in_the_air) == 0)
		g_clear_pointer(&in_the_air, g_hash_table_unref);
}
