/* first - see the header. */
#include "config.h"

#include "daemon/first.h"

#define WORKSPACE_FACT "workspace_id"
#define CODES_FACT "property_codes"

char *first_workspace_id(struct store *store, GError **err)
{
	char *id = store_fact_get(store, WORKSPACE_FACT);

	if (id)
		return id;
	id = g_uuid_string_random();
	if (store_fact_set(store, WORKSPACE_FACT, id, err))
		return id;
	g_free(id);
	return NULL;
}

static struct code_request request_for(const struct simulated_code *c)
{
	return (struct code_request){ .device_id = c->device_id,
				      .name = c->name,
				      .has_name = true,
				      .code = c->pin,
				      .common_code_key = c->common_code_key,
				      .starts_at = c->starts_at,
				      .ends_at = c->ends_at,
				      .external_ok = TRI_UNKNOWN,
				      .prefer_native = TRI_UNKNOWN,
				      .use_backup_pool = c->backup_pool ? TRI_YES : TRI_UNKNOWN,
				      .offline = c->offline ? TRI_YES : TRI_UNKNOWN,
				      .one_time = c->one_time ? TRI_YES : TRI_UNKNOWN,
				      .managed = TRI_UNKNOWN,
				      .max_rounding_ms = c->max_rounding_ms,
				      .attempt_for_offline_device = true };
}

/* One that is refused is said and left out: a property that was made by hand is not all or
 * nothing. */
static void ask_for_each(struct engine *engine, struct driver *simulated)
{
	size_t n, refused = 0;
	const struct simulated_code *codes = simulated_property_codes(simulated, &n);

	for (size_t i = 0; i < n; i++) {
		struct code_request r = request_for(&codes[i]);
		struct refusal no = { 0 };
		g_autofree char *id = NULL;

		if (engine_create(engine, &r, &id, &no))
			continue;
		refused++;
		g_warning("the property's code '%s' is refused: %s", codes[i].name,
			  no.message ? no.message : no.type);
		refusal_clear(&no);
	}
	g_info("the property's %zu codes were asked for", n - refused);
}

bool first_property_codes(struct engine *engine, struct store *store, struct driver *simulated,
			  GError **err)
{
	g_autofree char *done = store_fact_get(store, CODES_FACT);
	struct refusal no = { 0 };
	bool noted;

	if (done)
		return true;
	if (!engine_group_begin(engine, &no))
		goto failed;
	ask_for_each(engine, simulated);
	noted = store_fact_set(store, CODES_FACT, "asked for", NULL);
	if (engine_group_end(engine, noted, &no) && noted)
		return true;
failed:
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
		    "The property's codes could not be stored: %s",
		    no.message ? no.message : "see whether the disk is full");
	refusal_clear(&no);
	return false;
}
