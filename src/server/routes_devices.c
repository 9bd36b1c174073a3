/* routes_devices - /devices and unmanaged devices. */
#include "config.h"

#include "server/inside.h"

const struct route_table routes_devices = { 0 };
