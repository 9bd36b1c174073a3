/* store-fixture - see store-fixture.h. */
#include "tests/engine/store-fixture.h"

#include <glib/gstdio.h>

int fixture_up(void **state)
{
	g_autoptr(GError) err = NULL;
	struct fixture *f = g_new0(struct fixture, 1);

	f->folder = g_dir_make_tmp("keyrack-store-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "keyrackd.db", NULL);
	f->url = g_strconcat("sqlite:", f->path, NULL);
	f->s = store_open(f->url, &err);
	assert_no_error(err);
	*state = f;
	return 0;
}

int fixture_down(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
	const char *name;

	if (f->s)
		store_close(f->s);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(f->folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(f->folder);
	g_free(f->folder);
	g_free(f->path);
	g_free(f->url);
	g_free(f);
	return 0;
}

struct store_code a_code(const char *id, const char *device_id)
{
	return (struct store_code){
		.access_code_id = id,
		.device_id = device_id,
		.name = "Guest",
		.managed = true,
		.starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE,
		.created_at = AT(0),
		.removal_asked_at = INSTANT_NONE,
		.asked_at = INSTANT_NONE,
		.done = {
			.last = { .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE },
			.last_try_at = INSTANT_NONE,
			.first_try_at = INSTANT_NONE,
		},
		.status = "unset",
		.next_look = INSTANT_NONE,
		.next_try_text = INSTANT_NONE,
		.closed_at = INSTANT_NONE,
	};
}

struct store_event an_event(const char *id, const char *type, struct instant at)
{
	return (struct store_event){
		.event_id = id,
		.event_type = type,
		.created_at = at,
		.occurred_at = at,
		.body = "{}",
	};
}

void put_code(struct store *s, struct store_code c)
{
	g_autoptr(GError) err = NULL;

	store_put_code(s, &c, &err);
	assert_no_error(err);
}

int64_t add_event(struct store *s, struct store_event e)
{
	g_autoptr(GError) err = NULL;

	store_add_event(s, &e, &err);
	assert_no_error(err);
	return e.seq;
}

void check_text(const char *what, const char *a, const char *b)
{
	if (g_strcmp0(a, b) != 0)
		fail_msg("%s: %s and %s", what, a ? a : "NULL", b ? b : "NULL");
}
