/* command - everything the operator can do, one row each, and the views in which keys stand for it.
 *
 * The only list: it makes the enum, the dispatch, the help, the palette, the manual page's key
 * section and the completion. Keys (ui/views.c) name commands, so help cannot disagree with what happens. */
#ifndef KEYRACK_UI_COMMAND_H
#define KEYRACK_UI_COMMAND_H

#include <stddef.h>

#include "core/i18n.h"
#include "ui/term/key.h"

enum command_flags {
	COMMAND_WRITES = 1 << 0,  /* puts an intent into the outbox: off in read-only mode */
	COMMAND_ASKS = 1 << 1,	  /* asks before it does it */
	COMMAND_REPEATS = 1 << 2, /* a count repeats it */
	COMMAND_OUTSIDE = 1 << 3, /* leaves the screen: a file, a program, the shell; off on a kiosk */
	COMMAND_PRINTS = 1 << 4,  /* puts something on paper; on a kiosk only with kiosk-print */
	COMMAND_ADMIN =
		1 << 6, /* changes many codes by a file: for operators who are admin, where operators have roles */
	COMMAND_PINS = 1 << 7, /* shows a PIN, on the screen or on paper: not to an operator whose role is read */
	COMMAND_ASIDE = 1 << 5, /* on the way to what 'repeat' is pressed on: it is not what is repeated */
};

/* identifier, name, hint (short, for the bottom line; "" none), help, flags */
#define COMMANDS(X)                                                                                                  \
	X(UP, "up", "", "One row up", COMMAND_REPEATS | COMMAND_ASIDE)                                               \
	X(DOWN, "down", "", "One row down", COMMAND_REPEATS | COMMAND_ASIDE)                                         \
	X(PAGE_UP, "page-up", "", "A screen up", COMMAND_REPEATS | COMMAND_ASIDE)                                    \
	X(PAGE_DOWN, "page-down", "", "A screen down", COMMAND_REPEATS | COMMAND_ASIDE)                              \
	X(FIRST, "first", "", "First row", 0)                                                                        \
	X(LAST, "last", "", "Last row", 0)                                                                           \
	X(OPEN, "open", "open", "Open what the cursor is on", 0)                                                     \
	X(UNFOLD, "unfold", "unfold", "Show a lock's codes, or what is folded, one row each", 0)                     \
	X(FOLD, "fold", "", "Fold them away again", 0)                                                               \
	X(UNFOLD_ALL, "unfold-all", "", "Unfold or fold every lock", 0)                                              \
	X(NEXT_BAR, "next-bar", "", "To the next bar", COMMAND_REPEATS | COMMAND_ASIDE)                              \
	X(PREVIOUS_BAR, "previous-bar", "", "To the bar before", COMMAND_REPEATS | COMMAND_ASIDE)                    \
	X(NEXT_PANE, "next-pane", "", "To the next pane", 0)                                                         \
	X(ZOOM_IN, "zoom-in", "zoom", "Show less time, larger", COMMAND_REPEATS)                                     \
	X(ZOOM_OUT, "zoom-out", "", "Show more time, smaller", COMMAND_REPEATS)                                      \
	X(ZOOM, "zoom", "", "Show an hour, a day, a week or a month", 0)                                             \
	X(PAN_LEFT, "pan-left", "", "Earlier", COMMAND_REPEATS)                                                      \
	X(PAN_RIGHT, "pan-right", "", "Later", COMMAND_REPEATS)                                                      \
	X(GO_NOW, "now", "now", "The timeline back to now", 0)                                                       \
	X(MARK, "mark", "", "Mark this row for what is done next, and go on; or no more", COMMAND_REPEATS)           \
	X(MARK_ALL, "mark-all", "", "Mark all that are shown", 0)                                                    \
	X(START_EARLIER, "start-earlier", "", "This stay starts half an hour earlier; Enter sends it",               \
	  COMMAND_WRITES | COMMAND_REPEATS)                                                                          \
	X(START_LATER, "start-later", "", "This stay starts half an hour later", COMMAND_WRITES | COMMAND_REPEATS)   \
	X(END_LATER, "end-later", "", "This stay ends half an hour later; Enter sends it",                           \
	  COMMAND_WRITES | COMMAND_REPEATS)                                                                          \
	X(END_EARLIER, "end-earlier", "", "This stay ends half an hour earlier", COMMAND_WRITES | COMMAND_REPEATS)   \
	X(NEW, "new", "new", "New access code", COMMAND_WRITES)                                                      \
	X(EDIT, "edit", "edit", "Change this code: name, window, PIN", COMMAND_WRITES)                               \
	X(REVOKE, "revoke", "revoke", "Revoke this code, or take back what was not sent",                            \
	  COMMAND_WRITES | COMMAND_ASKS)                                                                             \
	X(RESEND, "resend", "ask again", "Ask again, as it was, for what the server has refused",                    \
	  COMMAND_WRITES | COMMAND_ASKS)                                                                             \
	X(UNDO, "undo", "undo", "Take back the last revocation, in the ten seconds before it leaves",                \
	  COMMAND_WRITES | COMMAND_ASIDE)                                                                            \
	X(REPEAT, "repeat", "",                                                                                      \
	  "Once more, and here, what was changed or moved last, as often as then or as a number before it says",     \
	  COMMAND_REPEATS | COMMAND_ASIDE)                                                                           \
	X(BACKUP, "backup", "backup", "Pull a backup code for this one", COMMAND_WRITES | COMMAND_ASKS)              \
	X(ADOPT, "adopt", "", "Manage this unmanaged code from here", COMMAND_WRITES | COMMAND_ASKS)                 \
	X(EVICT, "evict", "evict", "Delete this unmanaged code from its lock", COMMAND_WRITES | COMMAND_ASKS)        \
	X(IGNORE, "ignore", "ignore", "Leave this unmanaged code alone, with a reason; or no more", COMMAND_WRITES)  \
	X(CHECK_IN, "check-in", "check-in", "The card of a check-in: is the code on the lock, the PIN, a slip",      \
	  COMMAND_PINS)                                                                                              \
	X(RENEW, "renew", "", "A new PIN for this guest, on every door of the stay", COMMAND_WRITES | COMMAND_ASKS)  \
	X(EXTEND, "extend", "", "Let this stay last longer, by nights; a number before it says how many",            \
	  COMMAND_WRITES | COMMAND_REPEATS)                                                                          \
	X(MOVE, "move", "", "Move this guest to another room", COMMAND_WRITES | COMMAND_ASKS)                        \
	X(ADD_DOOR, "add-door", "", "Another door for this stay, with the same PIN", COMMAND_WRITES)                 \
	X(SECOND_GUEST, "second-guest", "", "A second guest in this room, for the same time", COMMAND_WRITES)        \
	X(SLIP, "slip", "print", "Print the slip for the guest", COMMAND_PRINTS | COMMAND_PINS)                      \
	X(LOCK, "lock", "", "Lock this door", COMMAND_WRITES | COMMAND_ASKS)                                         \
	X(UNLOCK, "unlock", "unlock", "Unlock this door", COMMAND_WRITES | COMMAND_ASKS)                             \
	X(REVEAL, "reveal", "PIN", "Show this PIN for ten seconds", COMMAND_PINS)                                    \
	X(FIND, "find", "find", "Find a lock, a guest, a PIN", 0)                                                    \
	X(FIND_NEXT, "find-next", "", "Next match", COMMAND_REPEATS | COMMAND_ASIDE)                                 \
	X(FIND_PREVIOUS, "find-previous", "", "Match before", COMMAND_REPEATS | COMMAND_ASIDE)                       \
	X(GO, "go", "", "Go to a room, a lock or a guest: digits and Enter, or go NAME", 0)                          \
	X(SORT, "sort", "", "Sort the locks by the next column", 0)                                                  \
	X(REVERSE, "reverse", "", "Sort the other way round", 0)                                                     \
	X(COLUMNS, "columns", "", "Choose columns, their order and width", 0)                                        \
	X(GROUP, "group", "", "Group the locks by place, or not", 0)                                                 \
	X(WHY, "why", "why", "Why this code is as it is, what comes next, what helps", 0)                            \
	X(TRIAGE, "triage", "triage", "'My code does not work': what it is, and what helps", 0)                      \
	X(CODES, "codes", "codes", "The codes of this lock", 0)                                                      \
	X(EVENTS, "events", "", "Events of this lock or code", 0)                                                    \
	X(FOLD_REPEATS, "fold-repeats", "repeats", "Show what repeats at one lock as one row, or not", 0)            \
	X(COULD, "who-could", "who could", "Who could open this door then; of a code: which doors", 0)               \
	X(MOMENT, "moment", "moment", "Type the moment that is asked about: yesterday 23:00", 0)                     \
	X(NEXT_UNLOCK, "next-unlock", "next unlock", "To the next unlock there", COMMAND_REPEATS | COMMAND_ASIDE)    \
	X(PREVIOUS_UNLOCK, "previous-unlock", "", "To the unlock there before", COMMAND_REPEATS | COMMAND_ASIDE)     \
	X(PRINT_EVENTS, "print-events", "print", "Print the events shown, or write them as a page", COMMAND_PRINTS)  \
	X(EXPORT_EVENTS, "export-events", "export", "Write the events shown into a CSV or JSON Lines file",          \
	  COMMAND_OUTSIDE)                                                                                           \
	X(RACK, "rack", "", "Back to the rack", 0)                                                                   \
	X(TONIGHT, "tonight", "", "Tonight: who arrives and leaves, and whether the locks have their codes", 0)      \
	X(NEXT_RISK, "next-risk", "next at risk", "To the next guest at risk", COMMAND_REPEATS | COMMAND_ASIDE)      \
	X(DAY_BEFORE, "day-before", "", "The day before", COMMAND_REPEATS)                                           \
	X(DAY_AFTER, "day-after", "next day", "The day after", COMMAND_REPEATS)                                      \
	X(DAY, "day", "a day", "Type a day: tomorrow, fri, 24.12.", 0)                                               \
	X(OUTBOX, "outbox", "", "What has been asked for, and what came of it", 0)                                   \
	X(ASKED, "asked", "outbox", "What was asked for about what the cursor is on; o again: all", 0)               \
	X(LOCKS, "locks", "", "Round of the locks: batteries, offline, clocks, memory, strays", 0)                   \
	X(STRAYS, "strays", "", "Codes on locks that nobody manages from here", 0)                                   \
	X(IMPORTS, "imports", "", "Reservations from feeds and files, and what they mean for the locks", 0)          \
	X(IMPORT_FILE, "import-file", "import a file",                                                               \
	  "Read a list of reservations (CSV, .ics) and show what it means",                                          \
	  COMMAND_WRITES | COMMAND_OUTSIDE | COMMAND_ADMIN)                                                          \
	X(FIX_GUEST, "fix-guest", "name", "Write who comes, where the reservation does not say it", COMMAND_WRITES)  \
	X(FIX_DOOR, "fix-door", "door", "Write which lock a reservation is for", COMMAND_WRITES)                     \
	X(FIX_PHONE, "fix-phone", "phone", "Write a guest's phone, where the reservation does not say it",           \
	  COMMAND_WRITES)                                                                                            \
	X(STAFF, "staff", "", "Staff: codes without an end, person by person", 0)                                    \
	X(HOLD, "hold", "suspend", "Suspend this person on all doors, or let them in again",                         \
	  COMMAND_WRITES | COMMAND_ASKS)                                                                             \
	X(WALK_LIST, "walk-list", "walk list", "Write or print which locks need hands, floor by floor",              \
	  COMMAND_PRINTS)                                                                                            \
	X(LEAKED, "leaked", "", "A PIN was seen: what it opens, and new ones in its place", 0)                       \
	X(RESTORE, "restore", "", "Bring codes back to what an export says; shown first",                            \
	  COMMAND_WRITES | COMMAND_OUTSIDE | COMMAND_ADMIN)                                                          \
	X(APPLY, "apply", "apply", "Queue all that stands here and is not left out", COMMAND_WRITES | COMMAND_ASIDE) \
	X(LEAVE_OUT, "leave-out", "leave out", "Leave this row out, or take it in again", 0)                         \
	X(MESSAGES, "messages", "", "What was said on the bottom line, to be read again", 0)                         \
	X(HANDOVER, "handover", "", "The list for the next shift, and taking it over", 0)                            \
	X(ACKNOWLEDGE, "acknowledge", "take over", "Take the shift over: the list is kept as it is", COMMAND_WRITES) \
	X(SHEET, "night-sheet", "", "The page for a power cut: rooms, guests, staff, locks in trouble", 0)           \
	X(PRINT_SHEET, "print-sheet", "print", "Print the night sheet as it stands here", COMMAND_PRINTS)            \
	X(SHEET_FILE, "write-sheet", "to a file", "Write the night sheet as it stands here into a file",             \
	  COMMAND_OUTSIDE)                                                                                           \
	X(SHEET_PINS, "sheet-pins", "PINs", "The night sheet with the PINs of all rooms, or without",                \
	  COMMAND_ASKS | COMMAND_PINS)                                                                               \
	X(FREE, "free-rooms", "free rooms", "Rooms that nobody sleeps in, for whoever walks in", 0)                  \
	X(NIGHT_MORE, "night-more", "a night more", "One night more", COMMAND_REPEATS | COMMAND_ASIDE)               \
	X(NIGHT_FEWER, "night-fewer", "fewer", "One night fewer", COMMAND_REPEATS | COMMAND_ASIDE)                   \
	X(JOURNAL, "journal", "", "Who did what at this desk, the newest first", 0)                                  \
	X(LOOK, "look", "look at it", "What this line is about", 0)                                                  \
	X(NOTE, "note", "note", "A note for the next shift, told of at its hour: words @ 13:00", COMMAND_WRITES)     \
	X(DONE, "done", "done", "This note is dealt with", COMMAND_WRITES)                                           \
	X(COMPARE, "compare", "", "Compare everything with the server now", 0)                                       \
	X(PALETTE, "palette", "", "Everything that can be done, by a few letters of it", 0)                          \
	X(THEME, "theme", "", "Next theme", 0)                                                                       \
	X(COPY, "copy", "", "Copy the row that the cursor is on, as text", COMMAND_OUTSIDE)                          \
	X(MOUSE, "mouse", "", "Mouse on or off (off: the terminal selects text)", 0)                                 \
	X(SEAL, "seal", "", "Lock the desk: nothing is shown until an operator's PIN", 0)                            \
	X(RELOAD, "reload", "", "Read the configuration and the theme again", 0)                                     \
	X(REDRAW, "redraw", "", "Draw the screen anew", 0)                                                           \
	X(TOUR, "tour", "", "The tour: what can be done, in five minutes, on the demo; or its end", 0)               \
	X(TOUR_NEXT, "tour-next", "", "The next step of the tour, without doing this one", 0)                        \
	X(HELP, "help", "help", "This help", 0)                                                                      \
	X(BACK, "back", "back", "Back, or out of what is open", 0)                                                   \
	X(SUSPEND, "suspend", "", "To the shell; fg comes back", COMMAND_OUTSIDE)                                    \
	X(QUIT, "quit", "quit", "Leave keyrack", COMMAND_OUTSIDE)

enum command {
#define AS_ENUM(id, name, hint, help, flags) COMMAND_##id,
	COMMANDS(AS_ENUM)
#undef AS_ENUM
	COMMAND_COUNT,
	COMMAND_NONE = -1,
};

struct command_info {
	const char *name, *hint, *help;
	unsigned flags;
};
const struct command_info *command_info(enum command c);
/* What desks call it besides, for who searches for it; "" nothing. */
const char *command_also(enum command c);
enum command command_by_name(const char *name); /* COMMAND_NONE */

/* Where a key holds: a view's own come before VIEW_ANY's. */
enum view_flags {
	VIEW_READS = 1 << 0, /* only looked at: another of its kind goes back to the first */
};

/* identifier, name in the key file, title, flags; its keys and hints stand in ui/views.c */
#define VIEWS(X)                                                                                   \
	X(ANY, any, N_("Everywhere"), 0)                                                           \
	X(RACK, rack, N_("Rack"), 0)                                                               \
	X(LOCK, lock, N_("Lock"), 0)                                                               \
	X(CODE, code, N_("Code"), 0)                                                               \
	X(EVENTS, events, N_("Events"), 0)                                                         \
	X(OUTBOX, outbox, N_("Outbox"), VIEW_READS)                                                \
	X(INTENT, intent, N_("Outbox entry"), VIEW_READS)                                          \
	X(HELP, help, N_("Help"), VIEW_READS)                                                      \
	X(WHY, why, N_("Why"), 0)                                                                  \
	X(TONIGHT, tonight, N_("Tonight"), 0)                                                      \
	X(FREE, free, N_("Free rooms"), VIEW_READS)                                                \
	X(LOCKS, locks, N_("Locks"), VIEW_READS)                                                   \
	X(STRAYS, strays, N_("Strays"), VIEW_READS)                                                \
	X(TRIAGE, triage, N_("Triage"), 0)                                                         \
	X(BATCH, batch, N_("Batch"), 0)                                                            \
	X(COULD, could, N_("Who could open"), VIEW_READS)                                          \
	X(IMPORTS, imports, N_("Imports"), VIEW_READS)                                             \
	X(HANDOVER, handover, N_("Handover"), VIEW_READS)                                          \
	X(JOURNAL, journal, N_("Journal"), VIEW_READS)                                             \
	X(SHEET, sheet, N_("Night sheet"), VIEW_READS)                                             \
	X(CHECKIN, checkin, N_("Check-in"), 0)                                                     \
	X(STAFF, staff, N_("Staff"), VIEW_READS)                                                   \
	X(PALETTE, palette, N_("Commands"), 0)                                                     \
	X(MESSAGES, messages, N_("Messages"), VIEW_READS)                                          \
	X(SETUP, setup, N_("Set-up"), 0)

enum view {
#define AS_ENUM(id, name, title, flags) VIEW_##id,
	VIEWS(AS_ENUM)
#undef AS_ENUM
	VIEW_COUNT,
};

#endif
