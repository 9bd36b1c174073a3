/* profile - which server, which cache, which habits: one group of the configuration file.
 *
 * $XDG_CONFIG_HOME/keyrack/keyrack.conf is a GLib key file:
 *
 *   [keyrack]
 *   profile = harbour            # the one used when --profile is not given
 *
 *   [profile harbour]
 *   name = Harbour House         # the title on the screen
 *   endpoint = https://connect.getseam.com      # http://, https:// or unix:/path
 *   api-key-file = ~/.config/keyrack/harbour.key    # refused when others can read it
 *   ca-file = /etc/ssl/private-ca.pem
 *   workspace = <id>             # only for personal access tokens
 *   zone = Europe/Berlin         # for what has no lock; default: this computer's
 *   folder = /var/lib/keyrack/harbour   # the cache; default $XDG_CACHE_HOME/keyrack/<profile>
 *   group = yes                  # several users of this host share the folder (group rights)
 *   poll-interval = 2            # seconds
 *   check-in = 15:00
 *   check-out = 11:00
 *
 *   [screen]
 *   theme = dark
 *   ascii = no
 *   mouse = yes
 *   clock = 24                   # or 12
 *
 *   [notify]
 *   code-failed = yes
 *   lock-offline = yes
 *   sync-stopped = yes
 *   refused = yes
 *   bell = yes
 *
 * KEYRACK_ENDPOINT and KEYRACK_API_KEY (and KEYRACK_WORKSPACE, KEYRACK_CA_FILE, KEYRACK_CACHE)
 * make or override a profile. An unknown key is a warning with its name, never a failure. */
#ifndef KEYRACK_CORE_PROFILE_H
#define KEYRACK_CORE_PROFILE_H

#include <glib.h>
#include <stdbool.h>

#include "core/own.h"

struct profile {
	char *id;           /* "harbour"; "default" when made from the environment alone */
	char *name;         /* shown */
	char *endpoint;
	char *api_key_file; /* NULL: from the keyring, a systemd credential, or the environment */
	char *ca_file;
	char *workspace;
	char *zone;
	char *folder;       /* absolute; holds cache.db, cache.lock, poke, sync.log */
	bool group;
	int poll_interval_ms;
	int check_in, check_out; /* minutes after midnight */
	char *theme;        /* NULL: chosen by the terminal */
	bool ascii;
	bool mouse;
	bool clock_12;
	bool notify_code_failed, notify_lock_offline, notify_sync_stopped, notify_refused, bell;
	GPtrArray *warnings; /* of char *: what the file says and nobody understands */
};

/* id NULL: the file's default, else the environment's, else the only one in the file.
 * KEYRACK_ERROR_CONFIG with what to write where when there is none. */
struct profile *profile_load(const char *id, GError **err);
void profile_free(struct profile *p);
DEFINE_OWN(struct profile, profile, profile_free)

char *profile_config_path(void);           /* of keyrack.conf */
char **profile_names(GError **err);        /* NULL-terminated; may be empty */
char *profile_file(const struct profile *p, const char *name); /* folder/name */

/* Makes the folder (0700, or 2770 with group). KEYRACK_ERROR_IO. */
bool profile_make_folder(const struct profile *p, GError **err);

#endif
