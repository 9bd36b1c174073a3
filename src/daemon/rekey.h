/* rekey - 'keyrackd rekey': a new key for the PINs in the store. */
#ifndef KEYRACK_DAEMON_REKEY_H
#define KEYRACK_DAEMON_REKEY_H

#include "daemon/options.h"

/* Its exit code. Only while no keyrackd runs on the store: BUSY otherwise. */
int rekey_run(const struct daemon_options *o, const struct args *args, GError **err);

#endif
