/* routes_codes - /access_codes, managed ones. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_access_codes = { 0 };
