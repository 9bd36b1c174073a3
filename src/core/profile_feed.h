/* profile_feed - a feed of reservations, as the configuration names it.
 *
 *   [feed airbnb-101]
 *   # https://, or a file on this computer. May hold a secret: it is never shown whole.
 *   url = https://www.airbnb.com/calendar/ical/123.ics?s=secret
 *   # Only where there are several profiles.
 *   profile = harbour
 *   # ical or csv; else by its looks.
 *   kind = ical
 *   # All its stays are in this room.
 *   room = 101 Garden
 *   # Doors that every guest of it opens as well.
 *   doors = Gym; Pool gate
 *   # Minutes, 5 at least.
 *   interval = 15
 *   # What is done without asking: no; new (codes for new stays); all (also moves and cancellations).
 *   auto = no
 *   # random, or phone: its last four digits, where the lock takes them.
 *   pin = random */
#ifndef KEYRACK_CORE_PROFILE_FEED_H
#define KEYRACK_CORE_PROFILE_FEED_H

#include <glib.h>
#include <stdbool.h>

enum feed_auto { FEED_AUTO_NO, FEED_AUTO_NEW, FEED_AUTO_ALL };
enum feed_kind { FEED_ANY, FEED_ICAL, FEED_CSV };

struct feed_profile {
	char *name;
	char *url;          /* https://, http:// to this computer, or an absolute path */
	char *room, *doors; /* NULL: not said */
	enum feed_kind kind;
	enum feed_auto auto_apply;
	bool pin_from_phone;
	int interval_ms;
};
void feed_profile_free(struct feed_profile *f);

/* What a person may see of it: "https://www.airbnb.com/...". Newly allocated. */
char *feed_profile_place(const struct feed_profile *f);

#define FEED_GROUP_PREFIX "feed "

struct profile;
const struct feed_profile *profile_feed(const struct profile *p, const char *name); /* NULL: none is called so */

/* For profile.c: those of that profile (struct feed_profile, owned), in the file's order. others: those
 * that name no profile are meant too. Unknown keys are warnings. NULL with err. */
GPtrArray *profile_feeds_read(GKeyFile *file, const char *path, const char *id, bool others, GPtrArray *warnings,
			      GError **err);

#endif
