/* spawn - starts 'keyrack sync' for a console or a command that finds none. */
#ifndef KEYRACK_CLI_SPAWN_H
#define KEYRACK_CLI_SPAWN_H

#include "core/profile.h"

/* Returns when the new process is ready (its socket accepts), or another one is; false with its
 * last log line when it died. It lives on when this process ends. */
bool spawn_sync(const struct profile *p, GError **err);

#endif
