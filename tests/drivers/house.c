/* house - a property for a test. */
#include "tests/drivers/house.h"

static const char *name_of(struct house *h, const char *device_id)
{
	GHashTableIter iter;
	gpointer name, id;

	g_hash_table_iter_init(&iter, h->ids);
	while (g_hash_table_iter_next(&iter, &name, &id)) {
		if (strcmp(id, device_id) == 0)
			return name;
	}
	return "?";
}

static void on_device(const struct driver_device *d, void *ctx)
{
	struct house *h = ctx;

	g_hash_table_replace(h->ids, g_strdup(d->name), g_strdup(d->device_id));
	h->system = d->system;
	g_string_append_printf(h->told, "device %s %s %s %d\n", d->name,
			       d->online ? "online" : "offline", d->locked ? "locked" : "open",
			       d->battery_pct);
}

static void on_removed(const char *device_id, void *ctx)
{
	struct house *h = ctx;

	g_string_append_printf(h->told, "removed %s\n", name_of(h, device_id));
}

static void on_account(const char *account_id, bool connected, void *ctx)
{
	struct house *h = ctx;

	assert_int_equal(strlen(account_id), 36);
	g_string_append_printf(h->told, "account %s\n", connected ? "connected" : "lost");
}

static void on_door(const char *device_id, bool unlocked, const char *method, const char *handle,
		    const char *pin, struct instant at, void *ctx)
{
	struct house *h = ctx;
	char iso[INSTANT_TEXT_MAX];

	g_string_append_printf(h->told, "%s %s %s %s %s %.19s\n", unlocked ? "unlocked" : "locked",
			       name_of(h, device_id), method, handle ? handle : "-",
			       pin ? pin : "-", instant_format(at, iso));
}

static void on_denied(const char *device_id, const char *reason_code, struct instant at, void *ctx)
{
	struct house *h = ctx;

	(void)at;
	g_string_append_printf(h->told, "denied %s %s\n", name_of(h, device_id), reason_code);
}

static void on_codes_changed(const char *device_id, void *ctx)
{
	struct house *h = ctx;

	g_string_append_printf(h->told, "codes %s\n", name_of(h, device_id));
}

static void begin(struct house *h, uint64_t seed, bool people)
{
	g_autoptr(GError) why = NULL;
	struct simulated_options opt = {
		.property = h->property, .memory = h->memory, .seed = seed, .people = people
	};

	h->driver = simulated_new(h->clock, &opt, &why);
	if (!h->driver)
		fail_msg("%s", why->message);
	h->driver->events = (struct driver_events){ on_device, on_removed, on_account,
						    on_door,   on_denied,  on_codes_changed };
	h->driver->events_ctx = h;
	h->driver->ops->start(h->driver);
}

static struct house *house_bare(void)
{
	struct house *h = g_new0(struct house, 1);

	h->clock = clock_new_standing(at(NOON));
	h->told = g_string_new(NULL);
	h->said = g_string_new(NULL);
	h->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	h->folder = g_dir_make_tmp("keyrack-house-XXXXXX", NULL);
	assert_non_null(h->folder);
	h->memory = g_build_filename(h->folder, "locks", NULL);
	return h;
}

struct house *house_new(const char *property, uint64_t seed)
{
	struct house *h = house_bare();
	g_autofree char *text =
		g_strconcat("[property]\nname = Test\nzone = Europe/Berlin\n", property, NULL);

	h->property = g_build_filename(h->folder, "property.ini", NULL);
	assert_true(g_file_set_contents(h->property, text, -1, NULL));
	begin(h, seed, false);
	house_told(h);
	return h;
}

struct house *house_on(const char *path, uint64_t seed, bool people)
{
	struct house *h = house_bare();

	h->property = g_strdup(path);
	begin(h, seed, people);
	return h;
}

void house_restart(struct house *h)
{
	h->driver->ops->free(h->driver);
	g_string_truncate(h->told, 0);
	begin(h, 1, false);
}

void house_free(struct house *h)
{
	if (h->driver)
		h->driver->ops->free(h->driver);
	clock_free(h->clock);
	g_unlink(h->memory);
	if (g_str_has_prefix(h->property, h->folder))
		g_unlink(h->property);
	g_rmdir(h->folder);
	g_string_free(h->told, TRUE);
	g_string_free(h->said, TRUE);
	g_hash_table_unref(h->ids);
	g_free(h->folder);
	g_free(h->property);
	g_free(h->memory);
	g_free(h);
}

const char *house_id(struct house *h, const char *name)
{
	const char *id = g_hash_table_lookup(h->ids, name);

	if (!id)
		fail_msg("no lock has told that it is '%s'", name);
	return id;
}

const char *house_told(struct house *h)
{
	g_string_assign(h->said, h->told->str);
	g_string_truncate(h->told, 0);
	return h->said->str;
}

/* ---- requests ---- */

static void on_answer(const struct driver_answer *a, void *ctx)
{
	struct house_answer *got = ctx;

	assert_false(got->answered);
	got->answered = true;
	got->result = a->result;
	g_strlcpy(got->text, a->text ? a->text : "", sizeof got->text);
	g_strlcpy(got->handle, a->handle ? a->handle : "", sizeof got->handle);
	g_strlcpy(got->pin, a->pin ? a->pin : "", sizeof got->pin);
	for (size_t i = 0; i < a->n_codes; i++) {
		const struct driver_code *c = &a->codes[i];
		char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];

		g_string_append_printf(got->codes, "%s %s '%s' %.19s..%.19s %s\n", c->handle,
				       c->is.pin ? c->is.pin : "****", c->is.name,
				       instant_format(c->is.starts_at, from),
				       instant_format(c->is.ends_at, until),
				       c->is.enabled ? "on" : "off");
	}
}

static void wait_for(struct house *h, struct house_answer *a)
{
	assert_false(a->answered); /* never from within the call */
	while (!a->answered && a->took_ms < 60 * SECOND_MS) {
		clock_advance(h->clock, 100);
		a->took_ms += 100;
	}
	assert_true(a->answered);
}

static struct house_answer nothing(void)
{
	return (struct house_answer){ .codes = g_string_new(NULL) };
}

void house_answer_clear(struct house_answer *a)
{
	g_string_free(a->codes, TRUE);
}

struct house_answer house_set(struct house *h, const char *name, const char *handle,
			      const struct on_lock *code)
{
	struct house_answer a = nothing();

	h->driver->ops->set(h->driver, house_id(h, name), handle, code, on_answer, &a);
	wait_for(h, &a);
	return a;
}

struct house_answer house_remove(struct house *h, const char *name, const char *handle)
{
	struct house_answer a = nothing();

	h->driver->ops->remove(h->driver, house_id(h, name), handle, on_answer, &a);
	wait_for(h, &a);
	return a;
}

struct house_answer house_read(struct house *h, const char *name)
{
	struct house_answer a = nothing();

	h->driver->ops->read(h->driver, house_id(h, name), on_answer, &a);
	wait_for(h, &a);
	return a;
}

struct house_answer house_turn(struct house *h, const char *name, bool unlock)
{
	struct house_answer a = nothing();

	h->driver->ops->turn(h->driver, house_id(h, name), unlock, on_answer, &a);
	wait_for(h, &a);
	return a;
}

bool house_opens(struct house *h, const char *name, const char *pin)
{
	bool opened = false;

	assert_true(simulated_enter(h->driver, house_id(h, name), pin, &opened, NULL));
	return opened;
}

void house_until(struct house *h, const char *iso)
{
	int64_t ms = instant_diff_ms(at(iso), clock_now(h->clock));

	assert_true(ms >= 0);
	clock_advance(h->clock, ms);
}

char *house_json(struct house *h, const char *name, const char *path)
{
	g_autofree char *json = simulated_lock_json(h->driver, house_id(h, name), NULL);

	assert_non_null(json);
	return jsonin_text(json, path);
}
