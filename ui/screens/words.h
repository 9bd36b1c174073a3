/* words - what screens say about locks and codes, in a person's words; pure.
 *
 * One place, so that the rack's line, the code's page and the form never disagree. */
#ifndef KEYRACK_UI_WORDS_H
#define KEYRACK_UI_WORDS_H

#include "cache/outbox.h"
#include "ui/command.h"
#include "core/zone.h"
#include "ui/term/theme.h"

#define PIN_HIDDEN(ascii) ((ascii) ? "****" : "••••")

/* One word for a column: "set", "stored", "to come". */
const char *words_state_short(const struct code_row *row);
enum role words_state_role(const struct code_row *row);
/* The whole state: "stored in lock, starts Mon 15:00". native: the lock keeps times itself.
 * Newly allocated, as all below. */
char *words_state(const struct code_row *row, bool native, const struct zone *property,
		  struct instant now);
/* "Sun 22 Nov 2026 15:00 CET to Mon 23 Nov 2026 04:00 CET, 6 h 42 m left"; "ongoing". */
char *words_window(const struct access_code *ac, const struct zone *z, struct instant now);
/* "until Mon 04:00", "from 15:00", "ongoing": for a column. */
char *words_window_short(const struct access_code *ac, const struct zone *z, struct instant now);
/* "The lock's memory is full: delete codes that have ended": words and remedy, else the message. */
char *words_issue(const char *code, const char *message);
const char *words_remedy(const char *code); /* NULL: none known; borrowed */
/* How its guest comes in when it does not work; borrowed. lock: NULL when not known. */
const char *words_way_in(const struct code_row *row, const struct lock *lock, struct instant now);
/* "Its window opens tomorrow 15:00, in 17 h"; NULL: it is open. */
char *words_not_open(const struct code_row *row, const struct zone *z, struct instant now);
int words_severity(const struct issue_row *issue);

/* "locked", "unlocked", "offline 2h": role says how loud. since: when it went offline, or NONE. */
char *words_lock_state(const struct lock *lock, struct instant since, struct instant now,
		       enum role *role);
/* ---- what keyrackd says beyond the API; NULL where the server is another ---- */
/* Why it is as it is: "60 minutes before its start: the lock has no schedule". */
char *words_why(const struct access_code *ac);
/* "proven on the lock". */
char *words_sure(const struct access_code *ac);
/* "taken off the lock Mon 11:00", "goes on as soon as 201 Sea is back": by the server's reckoning, or by
 * what its moment alone tells. */
char *words_next(const struct access_code *ac, const struct zone *z, struct instant now);
/* When the server means to write it to the lock; NONE: it is there, or that is not said. */
struct instant words_written_at(const struct access_code *ac);
/* All of it on one line, "" for none: "proven on the lock, next: removed Mon 11:00; why: ...". */
char *words_outlook(const struct access_code *ac, const struct zone *z, struct instant now);
/* "opens from 14:00, before its start"; NULL also where it opens when it should, or has begun. */
char *words_early(const struct access_code *ac, const struct zone *z, struct instant now);

/* What an intent in the outbox means for the code's row: "revoke queued"; NULL: no intent. */
char *words_intent(const struct code_row *row);

/* "2h", "17m", "3d": one unit, for columns. */
const char *duration_short(int64_t ms, char buf[static CIVIL_TEXT_MAX]);
const struct zone *zone_of(const char *iana, const struct zone *otherwise);
bool lock_is_native(const struct lock *lock);
/* Appends " · s", in ASCII " - s"; nothing for NULL and "". */
void words_also(GString *line, bool ascii, const char *s);
/* A code with no name is called by what it is. */
const char *code_name(const struct access_code *ac);
/* The same, but in ASCII a name that has no letter left is told by its id: "code ..3fa2"; and a code of the backup
 * pool by the beginning of it: "backup code 4c2a". */
#define NAME_SHOWN_MAX 240
/* alike: whom it only seems to be, NULL nobody; else it has ALIKE_SIGN before it. */
const char *name_shown(const char *name, const char *id, const char *alike, bool ascii, char buf[static NAME_SHOWN_MAX]);
#define ALIKE_SIGN(ascii) ((ascii) ? "=?" : "≈")
/* "Looks like Anna Berg, who is somebody else: Cyrillic letters". Newly allocated; NULL: it does not. */
char *words_alike(const char *name, const char *alike);
/* The same of a lock: "... which is another door: ...". */
char *words_lock_alike(const struct lock *lock);
const char *code_name_shown(const struct access_code *ac, bool ascii, char buf[static NAME_SHOWN_MAX]);
/* What a command of the bottom line would do to this code; "" nothing, NULL what its word says. */
const char *code_hint(const struct code_row *row, enum command c);
/* On the lock, and nobody manages it from here. */
bool code_is_foreign(const struct code_row *row);

#endif
