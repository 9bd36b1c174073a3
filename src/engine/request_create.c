/* request_create - new access codes, one or on a group of locks. */
#include "config.h"

#include "engine/inside.h"
#include "engine/offline.h"

#include <string.h>

/* ---- the row ---- */

char *make_code(struct engine *e, struct lane *l, const struct making *m)
{
	const struct code_request *r = m->r;
	char *id = chance_id(e);
	g_autofree char *pool_name = g_strdup_printf("Backup %s (Seam)", id);
	struct store_code c = {
		.access_code_id = id,
		.device_id = l->device_id,
		.name = m->backup == BACKUP_POOL ? pool_name : r->name,
		.pin = m->pin,
		.managed = true,
		.starts_at = r->starts_at,
		.ends_at = r->ends_at,
		.created_at = engine_now(e),
		.external_ok = r->external_ok == TRI_YES,
		.prefer_native = r->prefer_native != TRI_NO,
		.offline = r->offline == TRI_YES,
		.one_time = r->one_time == TRI_YES,
		.common_code_key = m->common_code_key,
		.backup = m->backup,
		.removal_asked_at = INSTANT_NONE,
		.asked_at = INSTANT_NONE,
		.status = "unset",
		.next_look = INSTANT_NONE,
		.next_try_text = INSTANT_NONE,
		.closed_at = INSTANT_NONE,
	};

	c.done.last.starts_at = c.done.last.ends_at = INSTANT_NONE;
	c.done.last_try_at = c.done.first_try_at = INSTANT_NONE;
	put_code(e, &c);
	journal_code(e, "access_code.created", &c);
	consider(e, &c);
	return id;
}

/* ---- what is refused ---- */

static bool check_pool(struct lane *l, const struct code_request *r, struct refusal *no)
{
	if (r->use_backup_pool != TRI_YES)
		return true;
	if (!instant_known(r->ends_at))
		return refuse(no, 400, "access_code_not_time_bound", "use_backup_access_code_pool",
			      "Only time-bound access codes can use the backup access code pool");
	if (!l->system.backup_pool)
		return refuse(no, 400, "invalid_input", "use_backup_access_code_pool",
			      "This device supports no backup access code pool");
	return true;
}

static bool check_device(struct lane *l, const struct code_request *r, struct refusal *no)
{
	if (!l->managed)
		return refuse(no, 404, "device_not_found", "device_id",
			      "This device is unmanaged: convert it first");
	if (r->offline == TRI_YES && !l->system.offline_codes)
		return refuse(no, 400, "device_type_not_supported", "is_offline_access_code",
			      "This device takes no offline access codes");
	if (r->offline != TRI_YES && !l->system.online_codes)
		return refuse(no, 400, "device_type_not_supported", "is_offline_access_code",
			      l->system.offline_codes
				      ? "This device takes offline access codes only"
				      : "This device takes no access codes");
	if (r->one_time == TRI_YES && r->offline != TRI_YES)
		return refuse(no, 400, "invalid_input", "is_one_time_use",
			      "Only offline access codes can be for one-time use");
	if (r->offline != TRI_YES && !r->attempt_for_offline_device && !l->online)
		return refuse(no, 400, "device_disconnected", "device_id",
			      "The device cannot be reached now, and attempt_for_offline_device is "
			      "false");
	return true;
}

/* ---- offline codes: computed, within their quotas ---- */

static void count_slot(struct store_list *codes, const struct offline_request *like,
		       const struct offline_code *slot, uint32_t *used)
{
	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);
		struct offline_request r = *like;
		struct offline_code is;
		const char *why;

		if (!c->offline)
			continue;
		r.starts_at = c->starts_at;
		r.ends_at = c->ends_at;
		r.one_time = c->one_time;
		r.now = c->created_at;
		if (offline_fit(&r, &is, &why) && is.kind == slot->kind &&
		    instant_eq(is.slot, slot->slot))
			(*used)++;
	}
}

/* The next variant of the slot whose PIN no other code of the lock has. */
static bool choose_offline_pin(struct engine *e, struct lane *l, const struct offline_request *fit,
			       const struct offline_code *slot, char pin[static PIN_MAX + 1],
			       struct refusal *no)
{
	const char *token = e->driver->ops->offline_token(e->driver, l->device_id);
	uint32_t lengths = l->system.pins.lengths & ((UINT32_C(2) << 9) - 1);
	int digits = lengths ? 31 - __builtin_clz(lengths) : 6;
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, 1);
	OWN(store_list)
	struct store_list *closed = store_history(e->store, l->device_id, NULL, NULL, NULL);
	struct refusal unused = { 0 };
	uint32_t used = 0;

	if (!token)
		return refuse(no, 400, "device_type_not_supported", "is_offline_access_code",
			      "This device has no token to compute offline access codes from");
	count_slot(codes, fit, slot, &used);
	count_slot(closed, fit, slot, &used);
	for (int variant = (int)used; variant < slot->per_slot; variant++) {
		offline_pin(token, slot, variant, digits, pin);
		if (pin_is_free(e, l->device_id, pin, NULL, &unused))
			return true;
		refusal_clear(&unused);
	}
	return refuse(no, 400, "invalid_input", "starts_at",
		      "No more offline access codes are possible that start at this time: the lock "
		      "takes %d",
		      slot->per_slot);
}

static bool create_offline(struct engine *e, struct lane *l, const struct store_device *d,
			   const struct code_request *r, char **id, struct refusal *no)
{
	struct offline_request fit = {
		.device_type = l->system.device_type,
		.zone = d->zone ? zone_get(d->zone) : zone_get("UTC"),
		.starts_at = r->starts_at,
		.ends_at = r->ends_at,
		.one_time = r->one_time == TRI_YES,
		.max_rounding_ms = r->max_rounding_ms ? r->max_rounding_ms : HOUR_MS,
		.now = engine_now(e),
	};
	struct code_request rounded = *r;
	struct offline_code slot;
	char pin[PIN_MAX + 1];
	const char *why;

	if (r->code)
		return refuse(
			no, 400, "invalid_input", "code",
			"The code of an offline access code is computed: it must be left out");
	if (r->use_backup_pool == TRI_YES)
		return refuse(no, 400, "invalid_input", "use_backup_access_code_pool",
			      "Offline access codes have no backup");
	if (!offline_fit(&fit, &slot, &why))
		return refuse(no, 400, "invalid_input",
			      instant_known(r->starts_at) ? "ends_at" : "starts_at", "%s", why);
	if (!choose_offline_pin(e, l, &fit, &slot, pin, no))
		return false;
	rounded.starts_at = slot.starts_at;
	rounded.ends_at = slot.ends_at;
	struct making m = { .r = &rounded, .pin = pin };
	*id = make_code(e, l, &m);
	return true;
}

/* ---- online codes ---- */

/* Codes of one key share one PIN: that of the group, where there is one. */
static bool pin_of_group(struct engine *e, const struct code_request *r, const char **pin,
			 struct refusal *no)
{
	struct store_code_filter filter = { .common_code_key = r->common_code_key, .managed = 1 };
	OWN(store_list)
	struct store_list *l =
		r->common_code_key ? store_codes(e->store, &filter, NULL, NULL) : NULL;

	const struct store_code *member = NULL;

	/* One that is being removed may still have the PIN of before. */
	for (guint i = 0; i < rows_in(l) && !member; i++) {
		const struct store_code *c = store_at(l, struct store_code, i);

		if (!is_ending(e, c))
			member = c;
	}
	if (!member || !member->pin)
		return true;
	if (*pin && strcmp(*pin, member->pin) != 0)
		return refuse(no, 400, "invalid_input", "code",
			      "Codes with this common_code_key have another code");
	*pin = keep(e, member->pin);
	return true;
}

static bool create_online(struct engine *e, struct lane *l, struct store_device *d,
			  const struct code_request *r, char **id, struct refusal *no)
{
	struct making m = { .r = r, .pin = r->code, .common_code_key = r->common_code_key };
	char pin[PIN_MAX + 1];

	if (!check_window(e, &l->system, r->starts_at, r->ends_at, true, no) ||
	    !check_pool(l, r, no) || !pin_of_group(e, r, &m.pin, no))
		return false;
	if (m.pin) {
		if (!check_pin(&l->system, m.pin, no) ||
		    !pin_is_free(e, l->device_id, m.pin, NULL, no))
			return false;
	} else if (!l->system.provider_chooses_pin) {
		if (!pin_for(e, &l, 1, r->starts_at, r->ends_at, r->preferred_code_length, pin))
			return refuse(no, 409, "no_code_available", "code",
				      "No free code that the device takes was found");
		m.pin = pin;
	}
	*id = make_code(e, l, &m);
	if (r->use_backup_pool == TRI_YES)
		pool_switch(e, d, true);
	return true;
}

static bool create_one(struct engine *e, const struct code_request *r, char **id,
		       struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, r->device_id, no);
	struct store_device *d = first_device(rows);
	struct lane *l;

	if (!d)
		return false;
	l = lane_of(e, d->device_id);
	if (!within_limit(e, d->device_id, LIMIT_CREATE, no) || !check_device(l, r, no))
		return false;
	if (r->offline == TRI_YES)
		return create_offline(e, l, d, r, id, no);
	return create_online(e, l, d, r, id, no);
}

bool engine_create(struct engine *e, const struct code_request *r, char **id, struct refusal *no)
{
	bool ok;

	*id = NULL;
	if (!work_begin(e))
		return refuse_store(no);
	ok = create_one(e, r, id, no);
	if (work_end(e, ok))
		return true;
	g_clear_pointer(id, g_free);
	return ok ? refuse_store(no) : false;
}

/* ---- the same on several locks ---- */

/* A PIN that suits the lock and that nobody holds there. */
static bool suits(struct engine *e, struct lane *l, const char *pin)
{
	struct refusal no = { 0 };
	bool ok = check_pin(&l->system, pin, &no) && pin_is_free(e, l->device_id, pin, NULL, &no);

	refusal_clear(&no);
	return ok;
}

/* The locks that can share a PIN: those that do not get theirs from the maker. */
static bool common_pin(struct engine *e, const char *const *ids, const struct code_request *r,
		       char pin[static PIN_MAX + 1])
{
	g_autoptr(GPtrArray) lanes = g_ptr_array_new();

	for (; *ids; ids++) {
		struct lane *l = lane_of(e, *ids);

		if (!l->system.provider_chooses_pin && l->system.online_codes)
			g_ptr_array_add(lanes, l);
	}
	return lanes->len && pin_for(e, (struct lane *const *)lanes->pdata, lanes->len,
				     r->starts_at, r->ends_at, r->preferred_code_length, pin);
}

static bool create_shared(struct engine *e, const char *const *ids, const struct code_request *r,
			  const char *pin, GPtrArray *made, struct refusal *no)
{
	for (; *ids; ids++) {
		struct code_request one = *r;
		char *id = NULL;

		one.device_id = *ids;
		one.code = pin;
		if (pin && r->share_or_random && !suits(e, lane_of(e, *ids), pin))
			one.code = one.common_code_key = NULL;
		if (!create_one(e, &one, &id, no))
			return false;
		g_ptr_array_add(made, id);
	}
	return true;
}

static bool create_group(struct engine *e, const char *const *device_ids,
			 const struct code_request *r, GPtrArray *ids, struct refusal *no)
{
	g_autofree char *group = chance_id(e);
	g_autofree char *key = g_strconcat("auto_set_by_create_multiple_", group, NULL);
	struct code_request each = *r;
	char pin[PIN_MAX + 1] = "";

	if (!device_ids || !device_ids[0])
		return refuse(no, 400, "invalid_input", "device_ids",
			      "device_ids must not be empty");
	for (const char *const *id = device_ids; *id; id++) {
		OWN(store_list) struct store_list *known = find_device(e, *id, no);

		if (!known)
			return false;
	}
	if (r->code) /* the caller's own PIN makes no group */
		return create_shared(e, device_ids, r, r->code, ids, no);
	each.common_code_key = key;
	if (!common_pin(e, device_ids, r, pin)) {
		if (!r->share_or_random)
			return refuse(no, 400, "invalid_input", "device_ids",
				      "No code suits all of these devices: ask for "
				      "create_random_code, or for fewer devices");
		each.common_code_key = NULL;
		return create_shared(e, device_ids, &each, NULL, ids, no);
	}
	return create_shared(e, device_ids, &each, pin, ids, no);
}

bool engine_create_multiple(struct engine *e, const char *const *device_ids,
			    const struct code_request *r, GPtrArray *ids, struct refusal *no)
{
	g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
	bool ok;

	if (!work_begin(e))
		return refuse_store(no);
	ok = create_group(e, device_ids, r, made, no);
	if (!work_end(e, ok))
		return ok ? refuse_store(no) : false;
	for (guint i = 0; i < made->len; i++)
		g_ptr_array_add(ids, g_strdup(g_ptr_array_index(made, i)));
	return true;
}
