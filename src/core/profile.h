/* profile - which server, which cache, which habits: one group of the configuration file.
 *
 * $XDG_CONFIG_HOME/keyrack/keyrack.conf is a GLib key file: a comment is a line of its own.
 *
 *   [keyrack]
 *   # The one used when --profile is not given.
 *   profile = harbour
 *
 *   [profile harbour]
 *   # The title on the screen.
 *   name = Harbour House
 *   # http://, https:// or unix:/path
 *   endpoint = https://connect.getseam.com
 *   # Refused when others can read it.
 *   api-key-file = ~/.config/keyrack/harbour.key
 *   ca-file = /etc/ssl/private-ca.pem
 *   # Only for personal access tokens.
 *   workspace = <id>
 *   # For what has no lock; default: this computer's.
 *   zone = Europe/Berlin
 *   # The cache; default $XDG_CACHE_HOME/keyrack/<profile>
 *   folder = /var/lib/keyrack/harbour
 *   # Several users of this host share the folder (group rights).
 *   group = yes
 *   # Seconds.
 *   poll-interval = 2
 *   # Seconds without a byte from the server after which it counts as away.
 *   answer-timeout = 30
 *   check-in = 15:00
 *   check-out = 11:00
 *   # Minutes that the old room goes on opening after a move.
 *   move-overlap = 30
 *
 *   [screen]
 *   # auto: dark or light, as the terminal is.
 *   theme = auto
 *   ascii = no
 *   mouse = yes
 *   # A PIN may go to the clipboard, for half a minute.
 *   copy-pins = no
 *
 *   [rack]
 *   # Which columns, in this order; name:6 is six cells wide. | in the rack offers them all.
 *   columns = state, battery, now, next
 *
 *   [desk]
 *   # Locked after so long without a key; 'keyrack operator add NAME' makes who can unlock it.
 *   idle-lock = 5m
 *   # A kiosk (--desk) may print slips, lists and the night sheet; it never writes files.
 *   kiosk-print = no
 *
 *   [notify]
 *   code-failed = yes
 *   lock-offline = yes
 *   sync-stopped = yes
 *   refused = yes
 *   arrival-not-ready = yes
 *   bell = yes
 *
 * Groups [feed NAME] name calendars and lists of reservations: see core/profile_feed.h. [doors NAME] and
 * [pattern NAME] name sets of doors and hours of the week: see core/profile_named.h.
 *
 * KEYRACK_ENDPOINT and KEYRACK_API_KEY (and KEYRACK_WORKSPACE, KEYRACK_CA_FILE, KEYRACK_CACHE)
 * make or override a profile. An endpoint that overrides another one gets a cache folder of its
 * own, so that two servers never mix in one cache. An unknown key is a warning with its name,
 * never a failure; a known key with a value that makes no sense is a failure. */
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
	int answer_timeout_ms; /* without a byte from the server: then it is away. 0: 30 s */
	int check_in, check_out; /* minutes after midnight */
	int move_overlap;   /* minutes */
	char *theme;        /* NULL: chosen by the terminal */
	char *rack_columns; /* as written; NULL: nobody has */
	char *state_folder; /* what the program itself remembers between two days; NULL: nowhere */
	bool ascii;
	bool mouse;
	bool copy_pins;     /* a PIN may go to the clipboard */
	bool kiosk_print;   /* a kiosk, which has no files, may print */
	int idle_lock_ms;   /* the desk locks itself after that long without a key; 0: never */
	bool notify_code_failed, notify_lock_offline, notify_sync_stopped, notify_refused;
	bool notify_arrival, bell;
	GPtrArray *feeds;    /* of struct feed_profile * (core/profile_feed.h); NULL: none */
	GPtrArray *door_sets; /* of struct door_set * (core/profile_named.h); NULL: none */
	GPtrArray *patterns;  /* of struct named_pattern * */
	GPtrArray *warnings; /* of char *: what the file says and nobody understands */
};

/* id NULL: the file's default, else the environment's, else the only one in the file.
 * KEYRACK_ERROR_CONFIG with what to write where when there is none. */
struct profile *profile_load(const char *id, GError **err);
void profile_free(struct profile *p);
/* Takes over from another reading of the same profile what may change while it is in use: all but the
 * server, its key and the folder. */
void profile_take(struct profile *p, struct profile *from);
DEFINE_OWN(struct profile, profile, profile_free)

char *profile_config_path(void);           /* of keyrack.conf */
char **profile_names(GError **err);        /* NULL-terminated; may be empty */
char *profile_file(const struct profile *p, const char *name); /* folder/name */
/* The program's own, whichever the profile: $XDG_STATE_HOME/keyrack/name. Newly allocated. */
char *profile_state_file(const char *name);

/* Makes the folder (0700, or 2770 with group). KEYRACK_ERROR_IO. */
bool profile_make_folder(const struct profile *p, GError **err);

#endif
