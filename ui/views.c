/* views - the keys and the bottom line of each view, one block each; see views.h.
 *
 * Keys avoided on purpose: Ctrl-A, Ctrl-B, Ctrl-Q, Ctrl-S and Ctrl-Space belong to multiplexers and
 * flow control, Delete and Backspace must never revoke anything, and nothing is reachable by a
 * function key or Alt alone. */
#include "ui/views.h"

#include <glib.h>
#include <string.h>

#include "core/i18n.h"

/* K: a command and its keys, the one that hints show first. H: a hint in the command's own word; HW: in
 * another; the most useful first. */
#define K(id, keys)   { COMMAND_##id, keys }
#define H(id)         { COMMAND_##id, NULL }
#define HW(id, words) { COMMAND_##id, words }

/* ---- any ---- */

static const struct view_key any_keys[] = {
	K(UP, "Up k"),
	K(DOWN, "Down j"),
	K(PAGE_UP, "PgUp Ctrl-U"),
	K(PAGE_DOWN, "PgDn Ctrl-D"),
	K(FIRST, "Home g"),
	K(LAST, "End G"),
	K(OPEN, "Enter"),
	K(TONIGHT, "A F2"),
	K(RACK, "F3"),
	K(OUTBOX, "o F8"),
	K(LOCKS, "F4 R"),
	K(STRAYS, "F5 U"),
	K(IMPORTS, "F6 I"),
	K(STAFF, "S"),
	K(MESSAGES, "V"),
	K(HANDOVER, "H"),
	K(SHEET, "N"),
	K(JOURNAL, "J"),
	K(UNDO, "Z"),
	K(REPEAT, "&"),
	K(LEAKED, "!"),
	K(COMPARE, "C"),
	K(COULD, "O"),
	K(THEME, "T"),
	K(COPY, "Y"),
	K(MOUSE, "m"),
	K(SEAL, "Q"),
	K(REDRAW, "Ctrl-L"),
	K(PALETTE, ": Ctrl-P"),
	K(TOUR_NEXT, "Ctrl-T"),
	K(HELP, "? F1"),
	K(BACK, "Esc"),
	K(SUSPEND, "Ctrl-Z"),
	K(QUIT, "q Ctrl-C"),
};
static const struct view_hint any_hints[] = {
	H(BACK), H(HELP),
};

/* ---- rack ---- */

static const struct view_key rack_keys[] = {
	K(UNFOLD, "Right l"),
	K(FOLD, "Left h"),
	K(UNFOLD_ALL, "z"),
	K(MARK, "Space"),
	K(MARK_ALL, "*"),
	K(START_EARLIER, "["),
	K(START_LATER, "{"),
	K(END_LATER, "]"),
	K(END_EARLIER, "}"),
	K(NEXT_BAR, "Tab"),
	K(PREVIOUS_BAR, "Shift-Tab"),
	K(NEXT_PANE, "W"),
	K(ZOOM_IN, "+ ="),
	K(ZOOM_OUT, "-"),
	K(PAN_LEFT, "< Shift-Left"),
	K(PAN_RIGHT, "> Shift-Right"),
	K(GO_NOW, "."),
	K(NEW, "n"),
	K(EDIT, "e"),
	K(REVOKE, "x"),
	K(BACKUP, "b"),
	K(ADOPT, "a"),
	K(LOCK, "L"),
	K(UNLOCK, "u"),
	K(REVEAL, "p"),
	K(FIND, "/"),
	K(FIND_NEXT, "f"),
	K(FIND_PREVIOUS, "F"),
	K(SORT, "s"),
	K(REVERSE, "~"),
	K(COLUMNS, "|"),
	K(GROUP, "P"),
	K(DAY, "d"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(WHY, "w"),
	K(CHECK_IN, "i"),
	K(RENEW, "r"),
	K(EXTEND, "E"),
	K(MOVE, "M"),
	K(ADD_DOOR, "D"),
	K(SECOND_GUEST, "c"),
	K(TRIAGE, "t"),
};
static const struct view_hint rack_hints[] = {
	H(NEW), H(OPEN), H(FIND), H(CHECK_IN), H(EDIT), H(REVOKE), HW(ADOPT, "adopt"), H(WHY),
	H(HELP), H(REVEAL), H(UNLOCK), H(TRIAGE), HW(EVENTS, "events"), H(UNFOLD), H(BACKUP),
	HW(NEXT_BAR, "next bar"), H(ZOOM_IN), H(GO_NOW), H(ASKED), H(QUIT),
};

/* ---- lock ---- */

static const struct view_key lock_keys[] = {
	K(NEW, "n"),
	K(LOCK, "L"),
	K(UNLOCK, "u"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(WHY, "w"),
	K(CHECK_IN, "i"),
	K(RENEW, "r"),
	K(EXTEND, "E"),
	K(MOVE, "M"),
	K(ADD_DOOR, "D"),
	K(SECOND_GUEST, "c"),
	K(TRIAGE, "t"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint lock_hints[] = {
	H(BACK), H(NEW), H(OPEN), H(UNLOCK), H(LOCK), H(TRIAGE), H(HELP), HW(EVENTS, "events"),
	HW(STRAYS, "strays"),
};

/* ---- code ---- */

static const struct view_key code_keys[] = {
	K(EDIT, "e"),
	K(REVOKE, "x"),
	K(BACKUP, "b"),
	K(ADOPT, "a"),
	K(LOCK, "L"),
	K(UNLOCK, "u"),
	K(REVEAL, "p"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(WHY, "w"),
	K(CHECK_IN, "i"),
	K(RENEW, "r"),
	K(EXTEND, "E"),
	K(MOVE, "M"),
	K(ADD_DOOR, "D"),
	K(SECOND_GUEST, "c"),
	K(TRIAGE, "t"),
	K(NEW, "n"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint code_hints[] = {
	H(BACK), H(WHY), H(CHECK_IN), H(EDIT), H(REVOKE), H(REVEAL), H(BACKUP), HW(ADOPT, "adopt"), H(HELP),
	HW(EVENTS, "events"), H(TRIAGE), H(UNLOCK),
};

/* ---- events ---- */

static const struct view_key events_keys[] = {
	K(FIND, "/"),
	K(NEXT_PANE, "Tab"),
	K(UNFOLD, "Right l"),
	K(FOLD, "Left h"),
	K(FOLD_REPEATS, "z"),
	K(EXPORT_EVENTS, "X"),
	K(PRINT_EVENTS, "p"),
	K(EVENTS, "v"),
	K(WHY, "w"),
	K(TRIAGE, "t"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint events_hints[] = {
	H(BACK),
	H(FIND),
	HW(NEXT_PANE, N_("kind")),
	H(OPEN),
	H(WHY),
	HW(EVENTS, N_("every lock")),
	H(HELP),
	HW(FIRST, N_("newest")),
	H(EXPORT_EVENTS),
	H(PRINT_EVENTS),
	H(FOLD_REPEATS),
	H(UNFOLD),
};

/* ---- outbox ---- */

static const struct view_key outbox_keys[] = {
	K(NEXT_PANE, "Tab"),
	K(FIND, "/"),
	K(RESEND, "r"),
	K(EDIT, "e"),
	K(REVOKE, "x"),
	K(MARK, "Space"),
	K(MARK_ALL, "*"),
	K(BACK, "q"),
};
static const struct view_hint outbox_hints[] = {
	H(BACK), H(OPEN), H(RESEND), H(EDIT), H(REVOKE), HW(NEXT_PANE, N_("what is shown")), H(FIND), H(HELP),
	HW(MARK, N_("mark")), HW(OUTBOX, "outbox"),
};

/* ---- one of the outbox ---- */

static const struct view_key intent_keys[] = {
	K(RESEND, "r"),
	K(EDIT, "e"),
	K(REVOKE, "x"),
	K(REVEAL, "p"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint intent_hints[] = {
	H(BACK), H(OPEN), H(RESEND), H(EDIT), H(REVOKE), H(REVEAL), H(HELP),
};

/* ---- help ---- */

static const struct view_key help_keys[] = {
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint help_hints[] = {
	H(BACK), HW(OPEN, "do it"),
};

/* ---- why ---- */

static const struct view_key why_keys[] = {
	K(BACKUP, "b"),
	K(EDIT, "e"),
	K(UNLOCK, "u"),
	K(CODES, "c"),
	K(REVOKE, "x"),
	K(ADOPT, "a"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(TRIAGE, "t"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "w q"),
};
static const struct view_hint why_hints[] = {
	H(BACK), H(OPEN), H(BACKUP), H(EDIT), H(UNLOCK), H(CODES), HW(EVENTS, "events"), H(HELP),
};

/* ---- tonight ---- */

static const struct view_key tonight_keys[] = {
	K(NEXT_RISK, "n"),
	K(DAY_BEFORE, "["),
	K(DAY_AFTER, "]"),
	K(DAY, "d"),
	K(GO_NOW, "."),
	K(NEXT_PANE, "Tab"),
	K(UNFOLD, "Right l"),
	K(FOLD, "Left h"),
	K(UNFOLD_ALL, "z"),
	K(MARK, "Space"),
	K(MARK_ALL, "*"),
	K(WHY, "w"),
	K(CHECK_IN, "i"),
	K(RENEW, "r"),
	K(EXTEND, "E"),
	K(MOVE, "M"),
	K(ADD_DOOR, "D"),
	K(SECOND_GUEST, "c"),
	K(TRIAGE, "t"),
	K(BACKUP, "b"),
	K(UNLOCK, "u"),
	K(LOCK, "L"),
	K(EDIT, "e"),
	K(REVOKE, "x"),
	K(REVEAL, "p"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(FREE, "F"),
	K(BACK, "q"),
};
static const struct view_hint tonight_hints[] = {
	H(BACK), H(NEXT_RISK), H(OPEN), H(DAY_AFTER), H(DAY), H(GO_NOW), H(HELP),
	HW(NEXT_PANE, "arrivals, departures"), H(FREE), HW(EVENTS, "events"),
};

/* ---- free rooms ---- */

static const struct view_key free_keys[] = {
	K(NIGHT_MORE, "+ ="),
	K(NIGHT_FEWER, "-"),
	K(EXTEND, "E"),
	K(DAY_BEFORE, "["),
	K(DAY_AFTER, "]"),
	K(GO_NOW, "."),
	K(NEW, "n"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "F q"),
};
static const struct view_hint free_hints[] = {
	H(BACK),      HW(OPEN, N_("new code")),	 H(NIGHT_MORE), H(NIGHT_FEWER),
	H(DAY_AFTER), HW(GO_NOW, N_("tonight")), H(HELP),
};

/* ---- locks ---- */

static const struct view_key locks_keys[] = {
	K(SORT, "s"),
	K(GROUP, "P"),
	K(WALK_LIST, "p"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(TRIAGE, "t"),
	K(LOCK, "L"),
	K(UNLOCK, "u"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint locks_hints[] = {
	H(BACK), HW(OPEN, "open lock"), H(WALK_LIST), HW(SORT, "sort"), HW(GROUP, "by place"),
	HW(STRAYS, "strays"), H(HELP), HW(EVENTS, "events"), H(UNLOCK),
};

/* ---- strays ---- */

static const struct view_key strays_keys[] = {
	K(ADOPT, "a"),
	K(EVICT, "e x"),
	K(IGNORE, "i"),
	K(REVEAL, "p"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(MARK, "Space"),
	K(MARK_ALL, "*"),
	K(BACK, "q"),
};
static const struct view_hint strays_hints[] = {
	H(BACK), HW(ADOPT, "adopt"), H(EVICT), H(IGNORE), H(REVEAL), HW(OPEN, "open code"),
	H(HELP), HW(EVENTS, "events"),
};

/* ---- triage ---- */

static const struct view_key triage_keys[] = {
	K(REVEAL, "p"),
	K(BACKUP, "b"),
	K(UNLOCK, "u"),
	K(EDIT, "e"),
	K(NEW, "n"),
	K(WHY, "w"),
	K(CODES, "c"),
	K(REVOKE, "x"),
	K(CHECK_IN, "i"),
	K(RENEW, "r"),
	K(EXTEND, "E"),
	K(MOVE, "M"),
	K(ADD_DOOR, "D"),
	K(ADOPT, "a"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "t q"),
};
static const struct view_hint triage_hints[] = {
	H(BACK), H(OPEN), H(REVEAL), H(BACKUP), H(UNLOCK), H(EDIT), H(WHY), H(HELP), H(CODES),
	HW(EVENTS, "events"),
};

/* ---- batch ---- */

static const struct view_key batch_keys[] = {
	K(APPLY, "a"),
	K(LEAVE_OUT, "x Space"),
	K(BACK, "q"),
};
static const struct view_hint batch_hints[] = {
	H(BACK), H(APPLY), H(LEAVE_OUT), HW(OPEN, N_("open code")), H(HELP),
};

/* ---- could ---- */

static const struct view_key could_keys[] = {
	K(MOMENT, "d T"),
	K(PAN_LEFT, "["),
	K(PAN_RIGHT, "]"),
	K(NEXT_UNLOCK, "n"),
	K(PREVIOUS_UNLOCK, "N"),
	K(GO_NOW, "."),
	K(EVENTS, "v"),
	K(WHY, "w"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint could_hints[] = {
	H(BACK),
	H(MOMENT),
	HW(PAN_LEFT, N_("hour before")),
	HW(PAN_RIGHT, N_("after")),
	H(NEXT_UNLOCK),
	H(OPEN),
	H(HELP),
	HW(EVENTS, N_("events")),
	H(WHY),
	H(GO_NOW),
};

/* ---- imports ---- */

static const struct view_key imports_keys[] = {
	K(APPLY, "a"),
	K(IMPORT_FILE, "f"),
	K(FIX_GUEST, "n"),
	K(FIX_DOOR, "d"),
	K(FIX_PHONE, "p"),
	K(NEXT_PANE, "Tab"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint imports_hints[] = {
	H(BACK),
	HW(OPEN, N_("mend it")),
	H(APPLY),
	H(IMPORT_FILE),
	HW(NEXT_PANE, N_("feeds, rows")),
	H(FIX_GUEST),
	H(FIX_DOOR),
	H(FIX_PHONE),
	H(HELP),
};

/* ---- handover ---- */

static const struct view_key handover_keys[] = {
	K(ACKNOWLEDGE, "Enter a"),
	K(LOOK, "Right l"),
	K(NOTE, "n"),
	K(DONE, "x"),
	K(DAY_BEFORE, "["),
	K(DAY_AFTER, "]"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint handover_hints[] = {
	H(BACK), H(ACKNOWLEDGE), H(NOTE), H(DONE), H(LOOK), HW(DAY_BEFORE, "shift before"), H(HELP),
};

/* ---- sheet ---- */

static const struct view_key sheet_keys[] = {
	K(PRINT_SHEET, "p"),
	K(SHEET_FILE, "f"),
	K(SHEET_PINS, "P"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint sheet_hints[] = {
	H(BACK), H(PRINT_SHEET), H(SHEET_FILE), H(SHEET_PINS), H(HELP),
};

/* ---- journal ---- */

static const struct view_key journal_keys[] = {
	K(FIND, "/"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint journal_hints[] = {
	H(BACK), H(FIND), H(HELP),
};

/* ---- check-in ---- */

static const struct view_key checkin_keys[] = {
	K(REVEAL, "p"),
	K(SLIP, "P"),
	K(COPY, "c Y"),
	K(BACK, "i q"),
};
static const struct view_hint checkin_hints[] = {
	H(BACK), H(REVEAL), H(SLIP), HW(COPY, N_("copy for the guest")), H(HELP),
};

/* ---- staff ---- */

static const struct view_key staff_keys[] = {
	K(HOLD, "z"),
	K(NEW, "n"),
	K(CHECK_IN, "i"),
	K(RENEW, "r"),
	K(ADD_DOOR, "D"),
	K(EDIT, "e"),
	K(REVOKE, "x"),
	K(EVENTS, "v"),
	K(ASKED, "o"),
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint staff_hints[] = {
	H(BACK), H(HOLD), H(OPEN), H(NEW), H(EDIT), H(REVOKE), HW(EVENTS, N_("events")), H(HELP),
};

/* ---- palette ---- */

static const struct view_key palette_keys[] = {
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint palette_hints[] = {
	H(BACK), H(HELP),
};

/* ---- messages ---- */

static const struct view_key messages_keys[] = {
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint messages_hints[] = {
	H(BACK), H(HELP),
};

/* ---- setup ---- */

static const struct view_key setup_keys[] = {
	K(PAGE_DOWN, "Space"),
	K(BACK, "q"),
};
static const struct view_hint setup_hints[] = {
	H(BACK), H(HELP),
};

static const struct view_info views[VIEW_COUNT] = {
#define AS_ROW(id, name, title, flags)                                                             \
	[VIEW_##id] = { #name, title, flags, name##_keys, G_N_ELEMENTS(name##_keys),              \
			name##_hints, G_N_ELEMENTS(name##_hints) },
	VIEWS(AS_ROW)
#undef AS_ROW
};

const struct view_info *view_info(enum view v)
{
	return &views[v >= 0 && v < VIEW_COUNT ? v : VIEW_ANY];
}

enum view view_by_name(const char *name)
{
	for (int v = 0; name && v < VIEW_COUNT; v++)
		if (strcmp(views[v].name, name) == 0)
			return (enum view)v;
	return VIEW_COUNT;
}
