/* routes_keyrackd - what Seam's API has not: explain, history, health, metrics. */
#include "config.h"

#include "server/keyrackd.h"

static const struct route rows[] = {
	{ .path = "/keyrackd/access_codes/explain",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = keyrackd_explain,
	  PARAMS({ .name = "access_code_id", .kind = PARAM_UUID, .flags = PARAM_REQUIRED }) },
	{ .path = "/keyrackd/access_codes/history",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = keyrackd_history,
	  PARAMS({ .name = "access_code_id", .kind = PARAM_UUID },
		 { .name = "device_id", .kind = PARAM_UUID },
		 { .name = "created_after", .kind = PARAM_INSTANT },
		 { .name = "limit", .kind = PARAM_INT, .min = 1, .max = 10000 },
		 { .name = "page_cursor", .kind = PARAM_TEXT, .flags = PARAM_NULLABLE }) },
	{ .path = "/health",
	  .methods = METHODS_READ,
	  .handle = keyrackd_health,
	  .flags = ROUTE_OPEN },
	/* A scraper on this machine needs no key; one that comes over the network does. */
	{ .path = "/metrics",
	  .methods = METHODS_READ,
	  .role = KEY_READ,
	  .handle = keyrackd_metrics,
	  .flags = ROUTE_OPEN_UNIX | ROUTE_PLAIN },
};

const struct route_table routes_keyrackd = { rows, G_N_ELEMENTS(rows) };
