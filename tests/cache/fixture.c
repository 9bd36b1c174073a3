/* fixture - see fixture.h. */
#include "tests/cache/fixture.h"

#include <glib/gstdio.h>

int fixture_up(void **state)
{
	g_autoptr(GError) err = NULL;
	struct fixture *f = g_new0(struct fixture, 1);

	f->folder = g_dir_make_tmp("keyrack-cache-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "cache.db", NULL);
	f->sync = cache_open(f->path, CACHE_SYNC, false, &err);
	assert_no_error(err);
	*state = f;
	return 0;
}

int fixture_down(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
	const char *name;

	cache_close(f->sync);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(f->folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(f->folder);
	g_free(f->folder);
	g_free(f->path);
	g_free(f);
	return 0;
}

struct lock a_lock(const char *device_id, const char *name)
{
	return (struct lock){
		.device_id = device_id,
		.workspace_id = "workspace",
		.device_type = "august_lock",
		.name = name,
		.zone = "Europe/Berlin",
		.created_at = { NOW.ms - DAY_MS },
		.managed = TRI_YES,
		.online = TRI_YES,
		.locked = TRI_YES,
		.door_open = TRI_UNKNOWN,
		.battery_pct = 80,
		.can_lock = TRI_YES,
		.can_unlock = TRI_YES,
		.can_program_online = TRI_YES,
		.can_program_offline = TRI_NO,
		.supports_backup_pool = TRI_NO,
		.max_active_codes = -1,
		.object = "{}",
	};
}

struct access_code a_code(const char *id, const char *device_id, const char *name, const char *pin)
{
	return (struct access_code){
		.access_code_id = id,
		.device_id = device_id,
		.workspace_id = "workspace",
		.managed = true,
		.type = "ongoing",
		.status = "set",
		.name = name,
		.code = pin,
		.starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE,
		.created_at = { NOW.ms - DAY_MS },
		.is_scheduled_on_device = TRI_UNKNOWN,
		.is_waiting_for_code_assignment = TRI_UNKNOWN,
		.is_external_modification_allowed = TRI_NO,
		.is_offline_access_code = TRI_NO,
		.is_one_time_use = TRI_NO,
		.is_backup = TRI_NO,
		.is_backup_access_code_available = TRI_NO,
		.cannot_be_managed = TRI_UNKNOWN,
		.cannot_delete = TRI_UNKNOWN,
	};
}

struct event an_event(const char *id, const char *type, const char *device_id, struct instant at)
{
	return (struct event){
		.event_id = id,
		.event_type = type,
		.workspace_id = "workspace",
		.device_id = device_id,
		.created_at = at,
		.occurred_at = at,
		.object = "{}",
	};
}

int64_t put_lock(struct cache *c, struct lock lock)
{
	g_autoptr(GError) err = NULL;

	cache_put_lock(c, &lock, 0, &err);
	assert_no_error(err);
	return cache_lock_no(c, lock.device_id);
}

int64_t put_code(struct cache *c, struct access_code ac)
{
	g_autoptr(GError) err = NULL;

	cache_put_code(c, &ac, 0, &err);
	assert_no_error(err);
	return cache_code_no(c, ac.access_code_id);
}

int64_t add_intent(struct cache *c, struct intent in)
{
	g_autoptr(GError) err = NULL;
	int64_t no = outbox_add(c, &in, &err);

	assert_no_error(err);
	return no;
}
