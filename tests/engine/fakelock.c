/* fakelock - a driver whose locks are rows in memory; see fakelock.h. */
#include "config.h"

#include "fakelock.h"

#include <string.h>

enum asked { ASKED_READ, ASKED_SET, ASKED_REMOVE, ASKED_TURN };

struct request {
	struct fake *fake;
	struct fake_lock *lock;
	enum asked asked;
	char *handle, *pin, *name;
	struct on_lock code;
	bool unlock;
	driver_done *done;
	void *ctx;
};

static void request_free(void *data)
{
	struct request *r = data;

	g_free(r->handle);
	g_free(r->pin);
	g_free(r->name);
	g_free(r);
}

struct fake_lock *fake_lock(struct fake *f, const char *device_id)
{
	for (guint i = 0; i < f->locks->len; i++) {
		struct fake_lock *l = g_ptr_array_index(f->locks, i);

		if (strcmp(l->device_id, device_id) == 0)
			return l;
	}
	return NULL;
}

struct fake_code *fake_code(struct fake_lock *l, const char *pin)
{
	for (size_t i = 0; i < l->n_codes; i++) {
		if (g_strcmp0(l->code[i].pin, pin) == 0)
			return &l->code[i];
	}
	return NULL;
}

static struct fake_code *by_handle(struct fake_lock *l, const char *handle)
{
	for (size_t i = 0; handle && i < l->n_codes; i++) {
		if (strcmp(l->code[i].handle, handle) == 0)
			return &l->code[i];
	}
	return NULL;
}

static void drop_code(struct fake_lock *l, struct fake_code *c)
{
	g_free(c->handle);
	g_free(c->pin);
	g_free(c->name);
	*c = l->code[--l->n_codes];
}

static struct fake_code *add_code(struct fake_lock *l)
{
	struct fake_code *c;

	g_assert(l->n_codes < FAKE_SLOTS);
	c = &l->code[l->n_codes++];
	*c = (struct fake_code){ .handle = g_strdup_printf("h%d", ++l->next_handle) };
	return c;
}

static void fill(struct fake_code *c, const char *pin, const char *name, const struct on_lock *is)
{
	g_free(c->pin);
	g_free(c->name);
	c->pin = g_strdup(pin);
	c->name = g_strdup(name);
	c->starts_at = is->starts_at;
	c->ends_at = is->ends_at;
	c->enabled = is->enabled;
}

/* ---- what it does ---- */

static enum driver_result do_set(struct request *r, char *chosen)
{
	struct fake_code *c = by_handle(r->lock, r->handle);
	int slots = r->lock->system.slots;

	if (r->handle && !c)
		return DRIVER_NOT_THERE;
	if (!c && slots && r->lock->n_codes >= (size_t)slots)
		return DRIVER_FULL;
	if (!c && r->pin && fake_code(r->lock, r->pin))
		return DRIVER_DUPLICATE;
	if (r->lock->forgets) {
		g_snprintf(chosen, 16, "h%d", ++r->lock->next_handle);
		return DRIVER_OK;
	}
	if (!c)
		c = add_code(r->lock);
	if (!r->pin)
		r->pin = g_strdup_printf("77%04d", r->lock->next_handle);
	fill(c, r->pin, r->name, &r->code);
	g_strlcpy(chosen, c->handle, 16);
	return DRIVER_OK;
}

static enum driver_result do_remove(struct request *r)
{
	struct fake_code *c = by_handle(r->lock, r->handle);

	if (!c)
		return DRIVER_NOT_THERE;
	drop_code(r->lock, c);
	return DRIVER_OK;
}

static void do_read(struct request *r, struct driver_answer *a,
		    struct driver_code out[static FAKE_SLOTS])
{
	bool masked = r->lock->system.read_back != READ_ALL;

	for (size_t i = 0; i < r->lock->n_codes; i++) {
		struct fake_code *c = &r->lock->code[i];

		out[i] = (struct driver_code){ .handle = c->handle,
					       .is = { .pin = masked || c->hidden ? NULL : c->pin,
						       .name = c->name,
						       .starts_at = c->starts_at,
						       .ends_at = c->ends_at,
						       .enabled = c->enabled } };
	}
	a->codes = out;
	a->n_codes = r->lock->n_codes;
}

static void answer(void *data)
{
	struct request *r = data;
	struct fake_lock *l = r->lock;
	struct driver_code codes[FAKE_SLOTS];
	struct driver_answer a = { .result = DRIVER_OK };
	char handle[16] = "";
	bool faulty = l->next != DRIVER_OK && r->asked != ASKED_READ && r->asked != ASKED_TURN;

	l->in_flight--;
	if (!l->online)
		a.result = DRIVER_UNREACHABLE;
	else if (faulty)
		a.result = l->next;
	else if (r->asked == ASKED_READ && l->reads_that_fail-- > 0)
		a.result = DRIVER_UNREACHABLE;
	if (faulty && l->online && --l->next_count <= 0)
		l->next = DRIVER_OK;
	if (a.result == DRIVER_OK || (a.result == DRIVER_LOST && l->lost_but_done)) {
		enum driver_result is = r->asked == ASKED_SET	   ? do_set(r, handle)
					: r->asked == ASKED_REMOVE ? do_remove(r)
								   : DRIVER_OK;
		if (a.result == DRIVER_OK)
			a.result = is;
		if (r->asked == ASKED_READ)
			do_read(r, &a, codes);
	}
	if (a.result == DRIVER_OK && r->asked == ASKED_SET) {
		a.handle = handle;
		a.pin = l->system.provider_chooses_pin ? r->pin : NULL;
	}
	if (a.result == DRIVER_BUSY)
		a.retry_after_ms = 7 * SECOND_MS;
	if (a.result == DRIVER_OK && r->asked == ASKED_TURN) {
		l->locked = !r->unlock;
		if (r->fake->driver.events.door)
			r->fake->driver.events.door(l->device_id, r->unlock, "remote", NULL, NULL,
						    clock_now(r->fake->driver.clock),
						    r->fake->driver.events_ctx);
	}
	r->done(&a, r->ctx);
	g_ptr_array_remove(r->fake->pending, r);
}

static void ask(struct driver *d, const char *device_id, struct request r)
{
	struct fake *f = (struct fake *)d;
	struct request *copy = g_new(struct request, 1);
	struct fake_lock *l = fake_lock(f, device_id);
	static const char *const words[] = { "read", "set", "remove", "turn" };

	r.fake = f;
	r.lock = l;
	*copy = r;
	l->in_flight++;
	l->in_flight_most = MAX(l->in_flight_most, l->in_flight);
	l->reads += r.asked == ASKED_READ;
	l->sets += r.asked == ASKED_SET;
	l->removes += r.asked == ASKED_REMOVE;
	g_string_append_printf(f->log, "%s %s", words[r.asked], device_id);
	if (r.pin || r.handle)
		g_string_append_printf(f->log, " %s", r.pin ? r.pin : r.handle);
	g_string_append_c(f->log, '\n');
	g_ptr_array_add(f->pending, copy);
	clock_at(d->clock, instant_add_ms(clock_now(d->clock), l->latency_ms), answer, copy);
}

static void fake_read(struct driver *d, const char *device_id, driver_done *done, void *ctx)
{
	ask(d, device_id, (struct request){ .asked = ASKED_READ, .done = done, .ctx = ctx });
}

static void fake_set(struct driver *d, const char *device_id, const char *handle,
		     const struct on_lock *code, driver_done *done, void *ctx)
{
	ask(d, device_id,
	    (struct request){ .asked = ASKED_SET,
			      .handle = g_strdup(handle),
			      .pin = g_strdup(code->pin),
			      .name = g_strdup(code->name),
			      .code = *code,
			      .done = done,
			      .ctx = ctx });
}

static void fake_remove(struct driver *d, const char *device_id, const char *handle,
			driver_done *done, void *ctx)
{
	ask(d, device_id,
	    (struct request){
		    .asked = ASKED_REMOVE, .handle = g_strdup(handle), .done = done, .ctx = ctx });
}

static void fake_turn(struct driver *d, const char *device_id, bool unlock, driver_done *done,
		      void *ctx)
{
	ask(d, device_id,
	    (struct request){ .asked = ASKED_TURN, .unlock = unlock, .done = done, .ctx = ctx });
}

static const char *fake_token(struct driver *d, const char *device_id)
{
	(void)d;
	return device_id;
}

/* ---- telling ---- */

void fake_tell(struct fake *f, struct fake_lock *l)
{
	struct driver_device d = { .device_id = l->device_id,
				   .device_type = l->system.device_type,
				   .name = l->device_id,
				   .zone = "Europe/Berlin",
				   .account_id = l->account_id,
				   .account_name = "house",
				   .online = l->online,
				   .locked = l->locked,
				   .has_keypad = true,
				   .battery_pct = 90,
				   .can_lock = true,
				   .can_unlock = true,
				   .system = &l->system };

	if (f->driver.events.device)
		f->driver.events.device(&d, f->driver.events_ctx);
}

static void fake_start(struct driver *d)
{
	struct fake *f = (struct fake *)d;

	for (guint i = 0; i < f->locks->len; i++) {
		struct fake_lock *l = g_ptr_array_index(f->locks, i);

		if (!l->removed)
			fake_tell(f, l);
	}
}

static const struct driver_ops ops = {
	.name = "fake",
	.start = fake_start,
	.read = fake_read,
	.set = fake_set,
	.remove = fake_remove,
	.turn = fake_turn,
	.offline_token = fake_token,
};

static void changed(struct fake *f, const char *device_id)
{
	if (f->driver.events.codes_changed)
		f->driver.events.codes_changed(device_id, f->driver.events_ctx);
}

void fake_online(struct fake *f, const char *device_id, bool online)
{
	struct fake_lock *l = fake_lock(f, device_id);

	l->online = online;
	fake_tell(f, l);
}

void fake_app_add(struct fake *f, const char *device_id, const char *pin, const char *name)
{
	const struct on_lock is = { .starts_at = INSTANT_NONE,
				    .ends_at = INSTANT_NONE,
				    .enabled = true };

	fill(add_code(fake_lock(f, device_id)), pin, name, &is);
	changed(f, device_id);
}

void fake_app_pin(struct fake *f, const char *device_id, const char *pin, const char *other)
{
	struct fake_code *c = fake_code(fake_lock(f, device_id), pin);

	g_assert(c);
	g_free(c->pin);
	c->pin = g_strdup(other);
	changed(f, device_id);
}

void fake_app_remove(struct fake *f, const char *device_id, const char *pin)
{
	struct fake_lock *l = fake_lock(f, device_id);

	g_assert(fake_code(l, pin));
	drop_code(l, fake_code(l, pin));
	changed(f, device_id);
}

void fake_fail(struct fake *f, const char *device_id, enum driver_result result, int times)
{
	fake_lock(f, device_id)->next = result;
	fake_lock(f, device_id)->next_count = times;
}

struct fake_lock *fake_add(struct fake *f, const char *device_id, const char *device_type)
{
	struct fake_lock *l = g_new0(struct fake_lock, 1);

	l->device_id = g_strdup(device_id);
	l->account_id = g_strdup("acc");
	l->system = *lock_system_of(device_type);
	l->online = l->locked = true;
	l->latency_ms = 300;
	g_ptr_array_add(f->locks, l);
	return l;
}

static void lock_free(void *data)
{
	struct fake_lock *l = data;

	while (l->n_codes)
		drop_code(l, &l->code[0]);
	g_free(l->device_id);
	g_free(l->account_id);
	g_free(l);
}

struct fake *fake_new(struct clock *clock)
{
	struct fake *f = g_new0(struct fake, 1);

	f->driver = (struct driver){ .ops = &ops, .clock = clock };
	f->locks = g_ptr_array_new_with_free_func(lock_free);
	f->pending = g_ptr_array_new_with_free_func(request_free);
	f->log = g_string_new(NULL);
	return f;
}

void fake_free(struct fake *f)
{
	g_ptr_array_unref(f->pending);
	g_ptr_array_unref(f->locks);
	g_string_free(f->log, TRUE);
	g_free(f);
}
