/* routes_locks - /locks. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_locks = { 0 };
