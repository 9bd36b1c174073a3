/* notify - what needs a person, told outside the window too.
 *
 * Looks at the cache when something changed, never on the path of a key, and says each thing
 * once: what was told is remembered in a file beside the cache, so a restart does not repeat it.
 * The desktop's notifications are spoken to in a thread of their own (a bus may hang); where
 * there is none, the terminal's own notification or the bell. */
#ifndef KEYRACK_UI_NOTIFY_H
#define KEYRACK_UI_NOTIFY_H

#include "ui/screens/screen.h"

struct notify;
typedef void (*notify_terminal_fn)(const char *title, const char *text, bool bell, void *ctx);

struct notify *notify_new(const struct profile *profile, notify_terminal_fn terminal, void *ctx);
void notify_free(struct notify *n);
void notify_changed(struct notify *n, const struct world *w, unsigned mask);
void notify_status(struct notify *n, const struct world *w);
/* The terminal says whether somebody looks at it: then its screen is enough. Until it has said anything
 * nobody knows, and all is told. */
void notify_focus(struct notify *n, bool focused);
/* While the desk is locked: only how many things, not which. */
void notify_cover(struct notify *n, bool on);
void notify_tick(struct notify *n, const struct world *w);
/* Of struct night_alarm: what the look ahead has found. */
void notify_arrivals(struct notify *n, const struct world *w, const GPtrArray *alarms);

/* One thing to tell; key is what makes it the same thing. */
struct notice {
	char *key, *title, *text;
};
/* What a desktop gets of a text: bodies are markup to some, so names are only words there, no longer than anybody
 * reads. Newly allocated. */
char *notify_body(const char *text);
/* What the cache and sync give cause to say now, told before or not. Pure but for reading.
 * GPtrArray of struct notice *, owning. */
GPtrArray *notify_causes(const struct world *w);

#endif
