/* routes_unmanaged - /access_codes/unmanaged. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_unmanaged = { 0 };
