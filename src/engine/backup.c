/* backup - the pool of codes that are on a lock before anybody needs them.
 *
 * A member of the pool is an ongoing code named after its own id. Pulled, it takes the end of the
 * code that it stands in for, and another takes its place. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

#define POOL_REFUSALS_MAX 5

static bool is_ready(const struct store_code *c)
{
	return c->backup == BACKUP_POOL && g_strcmp0(c->status, "set") == 0 &&
	       !instant_known(c->removal_asked_at);
}

void pool_fill(struct engine *e, struct lane *l)
{
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);
	int there = 0;

	if (!l->backup_pool || !l->managed || !l->first_read_done || l->removed)
		return;
	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		there += c->backup == BACKUP_POOL && !instant_known(c->removal_asked_at);
	}
	for (; there < e->pool_size; there++) {
		char pin[PIN_MAX + 1];
		struct code_request r = { .device_id = l->device_id,
					  .starts_at = INSTANT_NONE,
					  .ends_at = INSTANT_NONE };
		struct making m = { .r = &r, .pin = pin, .backup = BACKUP_POOL };

		/* A lock with so many codes that no PIN is left has no use for a pool either. */
		if (!pin_for(e, &l, 1, INSTANT_NONE, INSTANT_NONE, 0, pin))
			return;
		g_free(make_code(e, l, &m));
	}
}

static void drop_member(struct engine *e, struct store_code *c)
{
	c->removal_asked_at = engine_now(e);
	journal_code(e, "access_code.deleted", c);
	consider(e, c);
}

/* A lock that refuses everything has its members refused a few times over, and no more. */
bool pool_replaces(struct engine *e, struct lane *l, struct store_code *c, bool refused)
{
	if (c->backup != BACKUP_POOL || instant_known(c->removal_asked_at))
		return false;
	l->pool_refused = refused ? l->pool_refused + 1 : 0;
	if (!refused || l->pool_refused > POOL_REFUSALS_MAX || is_on_lock(&c->done))
		return false;
	drop_member(e, c); /* closed, which fills the pool again, with another PIN */
	return true;
}

/* It refused for a time, and takes codes again: members that it refused then have another PIN. */
void pool_renew(struct engine *e, struct lane *l)
{
	if (!l->backup_pool || l->pool_ready >= e->pool_size)
		return;
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);

	for (guint i = 0; i < rows_in(codes); i++) {
		struct store_code c = *store_at(codes, struct store_code, i);

		if (c.backup == BACKUP_POOL && c.done.refused && !is_on_lock(&c.done) &&
		    !instant_known(c.removal_asked_at) && !lane_flies(l, c.access_code_id))
			drop_member(e, &c);
	}
}

void pool_empty(struct engine *e, struct lane *l)
{
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);

	for (guint i = 0; i < rows_in(codes); i++) {
		struct store_code c = *store_at(codes, struct store_code, i);

		if (c.backup != BACKUP_POOL || instant_known(c.removal_asked_at))
			continue;
		drop_member(e, &c);
	}
	l->pool_refused = 0;
}

void pool_switch(struct engine *e, struct store_device *d, bool on)
{
	struct lane *l = lane_of(e, d->device_id);

	if (d->backup_pool == on)
		return;
	d->backup_pool = on;
	put_device(e, d);
	if (on)
		pool_fill(e, l);
	else
		pool_empty(e, l);
}

static int count_ready(struct engine *e, struct lane *l)
{
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);
	int ready = 0;

	for (guint i = 0; i < rows_in(codes); i++)
		ready += is_ready(store_at(codes, struct store_code, i));
	return ready;
}

bool engine_backup_ready(struct engine *e, const struct store_code *c)
{
	struct lane *l;

	if (!c->managed || c->offline || c->backup != BACKUP_NO || !instant_known(c->ends_at))
		return false;
	l = lane_of(e, c->device_id);
	if (!l->backup_pool)
		return false;
	if (l->pool_ready < 0)
		l->pool_ready = count_ready(e, l);
	return l->pool_ready > 0;
}

/* The member that has been on the lock longest. */
static bool find_ready(struct store_list *codes, struct store_code *out)
{
	bool found = false;

	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (!is_ready(c) || (found && !instant_before(c->created_at, out->created_at)))
			continue;
		*out = *c;
		found = true;
	}
	return found;
}

static void pull(struct engine *e, struct store_code *original, struct store_code *backup)
{
	struct note n;

	backup->backup = BACKUP_PULLED;
	backup->starts_at = engine_now(e);
	backup->ends_at = original->ends_at;
	plan_note_edited(&backup->done);
	original->pulled_backup_id = backup->access_code_id;
	put_code(e, original);
	note_begin(e, &n, "access_code.backup_access_code_pulled", original->device_id,
		   original->access_code_id, NULL, INSTANT_NONE);
	jsonout_string(n.body, "backup_access_code_id", backup->access_code_id);
	note_end(e, &n);
	consider(e, backup);
	pool_fill(e, lane_of(e, original->device_id));
}

static bool pull_for(struct engine *e, struct store_code *original, char **backup_id,
		     struct refusal *no)
{
	OWN(store_list) struct store_list *codes = codes_of(e, original->device_id, 1);
	struct store_code backup;

	if (original->pulled_backup_id) {
		*backup_id = g_strdup(original->pulled_backup_id);
		return true;
	}
	if (!instant_known(original->ends_at))
		return refuse(no, 400, "access_code_not_time_bound", "access_code_id",
			      "Only a time-bound access code can have a backup");
	if (original->backup != BACKUP_NO)
		return refuse(no, 400, "invalid_input", "access_code_id",
			      "This access code is a backup itself");
	if (is_ending(e, original) || !find_ready(codes, &backup))
		return refuse(no, 404, "backup_access_code_not_found", NULL,
			      "No backup access code is ready on this device");
	*backup_id = g_strdup(backup.access_code_id);
	pull(e, original, &backup);
	return true;
}

bool engine_pull_backup(struct engine *e, const char *access_code_id, char **backup_id,
			struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_managed(e, access_code_id, no);
	bool ok;

	*backup_id = NULL;
	if (!rows || !work_begin(e))
		return rows ? refuse_store(no) : false;
	struct store_code c = *first_code(rows);
	ok = pull_for(e, &c, backup_id, no);
	if (work_end(e, ok) || !ok)
		return ok;
	g_clear_pointer(backup_id, g_free);
	return refuse_store(no);
}
