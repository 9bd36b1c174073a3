/* shift - what one shift leaves to the next: notes that people type, and the lists as they were taken.
 *
 * The desk's own tables, written by the console itself; no server hears of them. */
#ifndef KEYRACK_CACHE_SHIFT_H
#define KEYRACK_CACHE_SHIFT_H

#include "cache/cache.h"

struct shift_note {
	int64_t note_no;
	const char *text, *made_by;
	struct instant made_at, due_at; /* due_at NONE: at any time */
};
bool shift_note_add(struct cache *c, const char *text, struct instant due_at, const char *by,
		    struct instant now, GError **err);
/* It is dealt with, and leaves the list. NOT_FOUND when somebody has done so already. */
bool shift_note_done(struct cache *c, int64_t note_no, const char *by, struct instant now, GError **err);
/* Those that are open, what is due first: struct shift_note. */
struct cache_list *shift_notes(struct cache *c, GError **err);

struct shift {
	int64_t shift_no;
	struct instant since, at;          /* since: the handover before; NONE: there was none */
	const char *handed_by, *taken_by;
	const char *list;                  /* as it was, lines of plain text */
};
/* Whoever takes it over has read that list. Whose it was: who took it last. */
bool shift_take(struct cache *c, const char *taken_by, const char *list, struct instant now, GError **err);
/* The last one (back 0), the one before it (1), ...: one struct shift, or none. */
struct cache_list *shift_past(struct cache *c, int back, GError **err);

/* What people did at this desk that no server hears of, newest first. */
struct desk_act {
	struct instant at;
	const char *by, *act, *about;
};
struct cache_list *desk_acts(struct cache *c, int limit, GError **err);

#endif
