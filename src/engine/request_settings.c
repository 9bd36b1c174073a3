/* request_settings - what callers of the API keep with a lock or an account: metadata, zones,
 * names. No lock is asked for any of it.
 *
 * Accounts have no rows of their own: they are what the locks name. What was set of one is a fact
 * of the store. */
#include "config.h"

#include "engine/inside.h"

static bool put_changed(struct engine *e, const struct store_device *d, struct refusal *no)
{
	if (!work_begin(e))
		return refuse_store(no);
	put_device(e, d);
	return work_end(e, true) ? true : refuse_store(no);
}

bool engine_device_metadata(struct engine *e, const char *device_id, const char *metadata,
			    struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, device_id, no);

	if (!rows)
		return false;
	struct store_device d = *first_device(rows);
	d.metadata = metadata;
	return put_changed(e, &d, no);
}

bool engine_report_zone(struct engine *e, const char *device_id, const char *zone,
			struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, device_id, no);

	if (!rows)
		return false;
	struct store_device d = *first_device(rows);
	d.zone = d.zone_reported = zone;
	return put_changed(e, &d, no);
}

/* ---- accounts ---- */

static char *settings_fact(const char *account_id)
{
	return g_strconcat("account_settings.", account_id, NULL);
}

static char *manages_fact(const char *account_id)
{
	return g_strconcat("account_manages.", account_id, NULL);
}

char *engine_account_settings(struct engine *e, const char *account_id)
{
	g_autofree char *fact = settings_fact(account_id);

	return store_fact_get(e->store, fact);
}

bool engine_account_manages(struct engine *e, const char *account_id)
{
	g_autofree char *fact = account_id ? manages_fact(account_id) : NULL;
	g_autofree char *is = fact ? store_fact_get(e->store, fact) : NULL;

	return g_strcmp0(is, "no") != 0;
}

bool engine_account_set(struct engine *e, const char *account_id, const char *settings,
			bool manages_new, struct refusal *no)
{
	g_autofree char *fact = settings_fact(account_id);
	g_autofree char *manages = manages_fact(account_id);
	GError *err = NULL;

	if (!work_begin(e))
		return refuse_store(no);
	if (!store_fact_set(e->store, fact, settings, &err) ||
	    !store_fact_set(e->store, manages, manages_new ? NULL : "no", &err))
		work_failed(e, err);
	return work_end(e, true) ? true : refuse_store(no);
}
