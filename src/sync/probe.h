/* probe - one question to the server, for doctor: is it there, does it know the key, what time
 * does it have. Touches neither cache nor lock. */
#ifndef KEYRACK_SYNC_PROBE_H
#define KEYRACK_SYNC_PROBE_H

#include "core/instant.h"
#include "core/profile.h"

struct probe {
	int64_t took_ms;         /* name, connection, TLS and answer together */
	bool has_clock;          /* the answer had a Date */
	int64_t clock_offset_ms; /* server minus ours, to about a second */
};

/* Runs the default main context until the answer is there, at most some ten seconds. */
bool probe_server(const struct profile *p, const char *api_key, struct probe *out, GError **err);

#endif
