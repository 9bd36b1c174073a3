/* routes_webhooks - /webhooks. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_webhooks = { 0 };
