/* event_types - see event_types.h. */
#include "config.h"

#include "server/event_types.h"

#include <string.h>

#include "core/vocab.h"

/* What keyrackd has none of. Their types are not counted up here: they come and go with the API's
 * revisions, and not one of them is ever sent. */
static const char *const foreign_families[] = {
	"access_grant.",
	"access_method.",
	"acs_access_group.",
	"acs_credential.",
	"acs_encoder.",
	"acs_entrance.",
	"acs_system.",
	"acs_user.",
	"camera.",
	"customer.",
	"enrollment_automation.",
	"noise_sensor.",
	"phone.",
	"space.",
	"thermostat.",
	"thermostat_schedule.",
	"user_identity.",
};

/* Of this year's SDK, never seen on the wire. */
static const char *const unsent[] = { "access_code.failed_to_remove" };

bool event_type_known(const char *type)
{
	size_t n;
	const struct event_info *table = event_table(&n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(table[i].type, type) == 0)
			return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(foreign_families); i++) {
		if (g_str_has_prefix(type, foreign_families[i]) &&
		    type[strlen(foreign_families[i])])
			return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(unsent); i++) {
		if (strcmp(unsent[i], type) == 0)
			return true;
	}
	return false;
}
