/* keys - 'keyrackd key ...': API keys, also while keyrackd runs. */
#ifndef KEYRACK_DAEMON_KEYS_H
#define KEYRACK_DAEMON_KEYS_H

#include "daemon/options.h"

/* words: what stands behind "key". Prints to stdout; an exit code, or err. */
int keys_run(const struct daemon_options *o, const struct args *args, GError **err);

#endif
