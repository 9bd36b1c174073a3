/* demo_config - what the demo's console is configured by: a server of its own, and the operator's own keys,
 * themes, columns and habits of the screen. Everything is below one folder, which goes with the demo. */
#ifndef KEYRACK_CLI_DEMO_CONFIG_H
#define KEYRACK_CLI_DEMO_CONFIG_H

#include <glib.h>
#include <stdbool.h>

struct demo_server {
	const char *folder; /* there, and empty of configuration */
	const char *title, *listen, *key_file;
};
/* Takes over what the operator has set, where it makes sense, and lives in the folder from then on. */
bool demo_config_write(const struct demo_server *d, GError **err);
/* From then on this process, and what it starts, has the configuration below that folder and knows none of
 * the operator's servers. */
void demo_live_in(const char *folder);

#endif
