/* live - calls that wait for events: from lock to screen without polling. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_live = { 0 };
