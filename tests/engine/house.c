/* house - see house.h. */
#include "config.h"

#include "house.h"

#include <glib/gstdio.h>

int house_up(void **state)
{
	struct house *h = g_new0(struct house, 1);

	h->folder = g_dir_make_tmp("keyrack-engine-XXXXXX", NULL);
	h->url = g_strdup_printf("sqlite:%s/k.db", h->folder);
	h->clock = clock_new_standing(AT(0));
	h->fake = fake_new(h->clock);
	h->options = (struct engine_options){ .workspace_id = "ws",
					      .workspace_name = "House",
					      .poll_ms = -1,
					      .seed = 7 };
	*state = h;
	return 0;
}

void house_open(struct house *h)
{
	g_autoptr(GError) err = NULL;

	h->store = store_open(h->url, &err);
	if (!h->store)
		fail_msg("%s", err->message);
	h->engine = engine_new(h->store, h->clock, &h->fake->driver, &h->options, &err);
	if (!h->engine)
		fail_msg("%s", err->message);
}

void house_kill(struct house *h)
{
	engine_free(h->engine);
	store_close(h->store);
	h->engine = NULL;
	h->store = NULL;
}

int house_down(void **state)
{
	struct house *h = *state;
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (h->engine)
		house_kill(h);
	clock_free(h->clock);
	fake_free(h->fake);
	refusal_clear(&h->no);
	dir = g_dir_open(h->folder, 0, NULL);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(h->folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(h->folder);
	g_free(h->folder);
	g_free(h->url);
	g_free(h);
	return 0;
}

void house_run(struct house *h, int64_t ms)
{
	clock_advance(h->clock, ms);
}

struct code_request house_request(const char *device_id)
{
	return (struct code_request){ .device_id = device_id,
				      .name = "Anna",
				      .starts_at = INSTANT_NONE,
				      .ends_at = INSTANT_NONE,
				      .external_ok = TRI_UNKNOWN,
				      .prefer_native = TRI_UNKNOWN,
				      .use_backup_pool = TRI_UNKNOWN,
				      .offline = TRI_UNKNOWN,
				      .one_time = TRI_UNKNOWN,
				      .managed = TRI_UNKNOWN,
				      .attempt_for_offline_device = true };
}

bool house_make(struct house *h, struct code_request r, const char **id)
{
	g_autofree char *made = NULL;
	bool ok;

	refusal_clear(&h->no);
	ok = engine_create(h->engine, &r, &made, &h->no);
	*id = g_intern_string(made);
	return ok;
}

const char *house_code(struct house *h, const char *device_id, const char *pin, int64_t from_ms,
		       int64_t until_ms)
{
	struct code_request r = house_request(device_id);
	const char *id;

	r.code = pin;
	if (until_ms) {
		r.starts_at = AT(from_ms);
		r.ends_at = AT(until_ms);
	}
	if (!house_make(h, r, &id))
		fail_msg("create: %s", h->no.message);
	return id;
}

static const char *types_of(struct house *h, const struct store_event_filter *f, const char *cut)
{
	OWN(store_list) struct store_list *l = store_events(h->store, f, NULL);
	g_autoptr(GString) s = g_string_new(NULL);

	for (guint i = 0; l && i < l->rows->len; i++) {
		const char *type = store_at(l, struct store_event, i)->event_type;

		g_string_append_printf(s, "%s%s", s->len ? " " : "",
				       g_str_has_prefix(type, cut) ? type + strlen(cut) : type);
	}
	return g_intern_string(s->str);
}

const char *house_events(struct house *h, const char *access_code_id)
{
	const char *ids[] = { access_code_id, NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE,
					      .until = INSTANT_NONE,
					      .access_code_ids = ids,
					      .oldest_first = true };

	return types_of(h, &f, "access_code.");
}

const char *house_device_events(struct house *h, const char *device_id)
{
	const char *ids[] = { device_id, NULL };
	const struct store_event_filter f = { .since = INSTANT_NONE,
					      .until = INSTANT_NONE,
					      .device_ids = ids,
					      .oldest_first = true };

	return types_of(h, &f, "device.");
}

struct store_code house_row(struct house *h, const char *access_code_id)
{
	OWN(store_list) struct store_list *l = store_code(h->store, access_code_id, NULL);
	struct store_code c = { 0 };

	if (!l || !l->rows->len)
		return c;
	c = *store_at(l, struct store_code, 0);
	c.access_code_id = g_intern_string(c.access_code_id);
	c.device_id = g_intern_string(c.device_id);
	c.name = g_intern_string(c.name);
	c.pin = g_intern_string(c.pin);
	c.status = g_intern_string(c.status);
	c.shown_name = g_intern_string(c.shown_name);
	c.common_code_key = g_intern_string(c.common_code_key);
	c.pulled_backup_id = g_intern_string(c.pulled_backup_id);
	c.rival_id = g_intern_string(c.rival_id);
	c.problem_since = g_intern_string(c.problem_since);
	c.handle = g_intern_string(c.handle);
	c.shown_first = g_intern_string(c.shown_first);
	c.shown_last = g_intern_string(c.shown_last);
	c.done.last.pin = g_intern_string(c.done.last.pin);
	c.done.last.name = g_intern_string(c.done.last.name);
	return c;
}

const char *house_status(struct house *h, const char *access_code_id)
{
	struct store_code c = house_row(h, access_code_id);

	return c.status ? c.status : "404";
}

unsigned house_problems(struct house *h, const char *access_code_id)
{
	return house_row(h, access_code_id).problems;
}
