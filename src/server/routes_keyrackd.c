/* routes_keyrackd - what Seam's API has not: explain, history, health, metrics. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_keyrackd = { 0 };
