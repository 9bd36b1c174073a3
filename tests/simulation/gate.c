/* gate - see gate.h. */
#include "config.h"

#include "tests/simulation/gate.h"

#include "tests/simulation/world.h"

#define GIVEN_UP_MS (10 * SECOND_MS)  /* who asked waits so long */
#define LATE_MAX_MS (15 * MINUTE_MS)

struct gate {
	struct driver driver; /* first */
	struct driver *inner;
	const bool *shut;
	uint64_t dice;
	GHashTable *bad; /* set of device_id */
	struct gate_count count;
};

/* A request on its way: its own answer comes here first. */
struct crossing {
	struct gate *gate;
	driver_done *done;
	void *ctx;
	bool lose, twice;
	int64_t late_ms;
	struct driver_answer answer;
	GStringChunk *words;
	struct driver_code *codes;
};

static struct gate *gate_of(struct driver *d)
{
	return (struct gate *)(void *)d;
}

static const char *word(struct crossing *c, const char *text)
{
	return text ? g_string_chunk_insert(c->words, text) : NULL;
}

static void crossing_free(struct crossing *c)
{
	g_string_chunk_free(c->words);
	g_free(c->codes);
	g_free(c);
}

static void arrive(void *ctx)
{
	struct crossing *c = ctx;

	c->done(&c->answer, c->ctx);
	if (c->twice)
		c->done(&c->answer, c->ctx);
	crossing_free(c);
}

static void arrive_in(struct crossing *c, int64_t ms)
{
	struct clock *clock = c->gate->driver.clock;

	clock_at(clock, instant_add_ms(clock_now(clock), ms), arrive, c);
}

static void take(struct crossing *c, const struct driver_answer *a)
{
	c->answer = *a;
	c->answer.text = word(c, a->text);
	c->answer.handle = word(c, a->handle);
	c->answer.pin = word(c, a->pin);
	c->codes = g_new0(struct driver_code, a->n_codes + 1);
	for (size_t i = 0; i < a->n_codes; i++) {
		c->codes[i] = a->codes[i];
		c->codes[i].handle = word(c, a->codes[i].handle);
		c->codes[i].is.pin = word(c, a->codes[i].is.pin);
		c->codes[i].is.name = word(c, a->codes[i].is.name);
	}
	c->answer.codes = c->codes;
}

static void on_answer(const struct driver_answer *a, void *ctx)
{
	struct crossing *c = ctx;

	trace("lock says %d, %zu codes%s%s", (int)a->result, a->n_codes, c->lose ? ", lost" : "",
	      c->late_ms ? ", late" : "");
	if (c->lose) {
		c->answer = (struct driver_answer){ .result = DRIVER_LOST,
						    .text = "the answer was lost" };
		arrive_in(c, GIVEN_UP_MS);
		return;
	}
	if (c->late_ms) {
		take(c, a);
		arrive_in(c, c->late_ms);
		return;
	}
	c->done(a, c->ctx);
	if (c->twice)
		c->done(a, c->ctx);
	crossing_free(c);
}

static void refuse(struct crossing *c, enum driver_result result, int64_t in_ms)
{
	c->answer = (struct driver_answer){ .result = result,
					    .text = "simulated",
					    .retry_after_ms = result == DRIVER_BUSY ? 30000 : 0 };
	arrive_in(c, in_ms);
}

/* NULL: it does not get to the lock. */
static struct crossing *enter(struct driver *d, const char *device_id, driver_done *done, void *ctx)
{
	struct gate *g = gate_of(d);
	struct crossing *c;

	if (*g->shut)
		return NULL;
	g->count.requests++;
	c = g_new0(struct crossing, 1);
	*c = (struct crossing){
		.gate = g, .done = done, .ctx = ctx, .words = g_string_chunk_new(64)
	};
	if (!gate_is_bad(g, device_id))
		return c;
	switch (dice_below(&g->dice, 8)) {
	case 0: /* the request is lost: nothing is done */
		g->count.lost++;
		refuse(c, DRIVER_LOST, GIVEN_UP_MS);
		return NULL;
	case 1:
		g->count.turned_away++;
		refuse(c, DRIVER_BUSY, 300);
		return NULL;
	case 2:
		g->count.lost++;
		c->lose = true;
		break;
	case 3:
		g->count.late++;
		c->late_ms = 1 + dice_below(&g->dice, LATE_MAX_MS);
		break;
	case 4:
		g->count.doubled++;
		c->twice = true;
		break;
	default:
		break;
	}
	return c;
}

static void gate_start(struct driver *d)
{
	struct gate *g = gate_of(d);

	g->inner->events = d->events;
	g->inner->events_ctx = d->events_ctx;
	g->inner->ops->start(g->inner);
}

static void gate_read(struct driver *d, const char *device_id, driver_done *done, void *ctx)
{
	struct crossing *c = enter(d, device_id, done, ctx);

	if (c)
		gate_of(d)->inner->ops->read(gate_of(d)->inner, device_id, on_answer, c);
}

static void gate_set(struct driver *d, const char *device_id, const char *handle,
		     const struct on_lock *code, driver_done *done, void *ctx)
{
	struct crossing *c = enter(d, device_id, done, ctx);

	trace("set %s on %s, handle %s", code->name ? code->name : "-", device_id,
	      handle ? handle : "-");
	if (c)
		gate_of(d)->inner->ops->set(gate_of(d)->inner, device_id, handle, code, on_answer, c);
}

static void gate_remove(struct driver *d, const char *device_id, const char *handle,
			driver_done *done, void *ctx)
{
	struct crossing *c = enter(d, device_id, done, ctx);

	trace("remove handle %s on %s", handle, device_id);
	if (c)
		gate_of(d)->inner->ops->remove(gate_of(d)->inner, device_id, handle, on_answer, c);
}

static void gate_turn(struct driver *d, const char *device_id, bool unlock, driver_done *done,
		      void *ctx)
{
	struct crossing *c = enter(d, device_id, done, ctx);

	if (c)
		gate_of(d)->inner->ops->turn(gate_of(d)->inner, device_id, unlock, on_answer, c);
}

static void gate_auto_lock(struct driver *d, const char *device_id, bool enabled, int delay_s,
			   driver_done *done, void *ctx)
{
	struct crossing *c = enter(d, device_id, done, ctx);

	if (c)
		gate_of(d)->inner->ops->auto_lock(gate_of(d)->inner, device_id, enabled, delay_s,
						  on_answer, c);
}

static const char *gate_token(struct driver *d, const char *device_id)
{
	return gate_of(d)->inner->ops->offline_token(gate_of(d)->inner, device_id);
}

static void gate_driver_free(struct driver *d)
{
	(void)d; /* gate_free */
}

static const struct driver_ops ops = {
	.name = "simulated",
	.start = gate_start,
	.read = gate_read,
	.set = gate_set,
	.remove = gate_remove,
	.turn = gate_turn,
	.auto_lock = gate_auto_lock,
	.offline_token = gate_token,
	.free = gate_driver_free,
};

struct gate *gate_new(struct driver *inner, const bool *shut, uint64_t seed)
{
	struct gate *g = g_new0(struct gate, 1);

	g->driver = (struct driver){ .ops = &ops, .clock = inner->clock };
	g->inner = inner;
	g->shut = shut;
	g->dice = dice_of(seed, 2);
	g->bad = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return g;
}

void gate_free(struct gate *g)
{
	g_hash_table_unref(g->bad);
	g_free(g);
}

struct driver *gate_driver(struct gate *g)
{
	return &g->driver;
}

void gate_bad(struct gate *g, const char *device_id, bool bad)
{
	if (bad)
		g_hash_table_add(g->bad, g_strdup(device_id));
	else
		g_hash_table_remove(g->bad, device_id);
}

bool gate_is_bad(const struct gate *g, const char *device_id)
{
	return g_hash_table_contains(g->bad, device_id);
}

struct gate_count gate_counts(const struct gate *g)
{
	return g->count;
}
