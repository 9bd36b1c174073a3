/* routes_events - events and action attempts. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_events = { 0 };
