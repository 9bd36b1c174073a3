/* audit - 'keyrackd audit ...': the chain of acts and decisions, out of the store. */
#ifndef KEYRACK_DAEMON_AUDIT_H
#define KEYRACK_DAEMON_AUDIT_H

#include "daemon/options.h"

/* words: what stands behind "audit". Prints to stdout, also while keyrackd runs; an exit code, or err. */
int audit_run(const struct daemon_options *o, const struct args *args, GError **err);

#endif
