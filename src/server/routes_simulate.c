/* routes_simulate - the simulate endpoints, the API's own and ours. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_simulate = { 0 };
