/* routes_accounts - connected accounts and the workspace. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_accounts = { 0 };
