/* columns - which columns the rack shows beside its lanes, in which order and how wide; pure.
 *
 * One row of RACK_COLUMNS is one column. Nobody's choice: each comes with the width of the screen at which
 * there is room for it. Somebody's choice: those, in that order, as long as the lane keeps LANE_CELLS_MIN;
 * the last ones fall away first. */
#ifndef KEYRACK_UI_COLUMNS_H
#define KEYRACK_UI_COLUMNS_H

#include "cache/cache.h"

#define LANE_CELLS_MIN 24
#define COLUMN_CELLS_MAX 40

/* identifier, name in the configuration, heading, what it says, alignment, lock_sort that is by it (-1 none),
 * who reads it in rack_cells.c; then the widths: from the first screen on, and from 3 wider ones on. 0: not
 * shown there. A column that is 0 everywhere is shown only where it was chosen, COLUMN_CELLS wide. */
#define RACK_COLUMNS(X)                                                                                      \
	X(NAME, "name", N_("LOCK"), N_("The lock's name"), -1, LOCKS_BY_NAME, name, 16, 100, 18, 120, 22, 160, 28) \
	X(SIGN, "sign", "", N_("! trouble"), -1, -1, sign, 1, 0, 0, 0, 0, 0, 0)                               \
	X(STATE, "state", N_("STATE"), N_("Locked, unlocked, away since when"), -1, LOCKS_BY_TROUBLE, state,  \
	  12, 100, 11, 0, 0, 0, 0)                                                                           \
	X(PLACE, "place", N_("PLACE"), N_("Where it is"), -1, LOCKS_BY_PLACE, place, 0, 120, 12, 160, 20, 0, 0) \
	X(BRAND, "brand", N_("BRAND"), N_("Who made it"), -1, -1, brand, 0, 140, 10, 0, 0, 0, 0)              \
	X(BATTERY, "battery", N_("BAT"), N_("Battery, per cent"), 1, LOCKS_BY_BATTERY, battery,               \
	  0, 100, 4, 0, 0, 0, 0)                                                                             \
	X(NOW, "now", N_("NOW"), N_("Codes that open it now"), 1, -1, now, 0, 72, 3, 0, 0, 0, 0)              \
	X(NEXT, "next", N_("NEXT"), N_("Codes to come"), 1, LOCKS_BY_NEXT, next, 0, 100, 4, 0, 0, 0, 0)       \
	X(CODES, "codes", N_("HELD"), N_("Codes in its memory, of how many"), 1, -1, codes, 0, 160, 6, 0, 0, 0, 0) \
	X(OPENED, "opened", N_("OPENED"), N_("Who opened it last, and when"), -1, -1, opened,                 \
	  0, 180, 22, 0, 0, 0, 0)                                                                            \
	X(PROBLEM, "problem", N_("PROBLEM"), N_("What is wrong, in words"), -1, LOCKS_BY_TROUBLE, problem,    \
	  0, 220, 28, 0, 0, 0, 0)                                                           \
	X(ROOM, "room", N_("ROOM"), N_("Its room"), -1, LOCKS_BY_PLACE, room, 0, 0, 0, 0, 0, 0, 0)            \
	X(FULL, "full", N_("FULL"), N_("The first day on which its memory is full"), -1, -1, full,            \
	  0, 0, 0, 0, 0, 0, 0)

enum column {
#define AS_ENUM(id, ...) COLUMN_##id,
	RACK_COLUMNS(AS_ENUM)
#undef AS_ENUM
	COLUMN_COUNT,
};
#define COLUMN_CELLS 10

struct column_info {
	const char *name, *title, *help;
	int align, sort;
	int from[4], width[4];
};
const struct column_info *column_info(enum column c);

struct columns {
	bool chosen;                      /* by somebody; else as the width has it */
	int n;                            /* shown, after the name and the sign */
	enum column order[COLUMN_COUNT];  /* all of them: those that are shown first */
	int width[COLUMN_COUNT];          /* by column; 0: the usual one */
};
void columns_standard(struct columns *c);
/* "state, battery:6, now". False: *unknown gets the word that is no column, newly allocated. */
bool columns_parse(const char *text, struct columns *out, char **unknown);
char *columns_format(const struct columns *c);
char *columns_names(void); /* of all that can be chosen: "state, battery, now, ...". Newly allocated */
struct columns_layout;
/* Nobody's choice becomes somebody's: what is shown at this width now, the rest behind it. */
void columns_settle(struct columns *c, const struct columns_layout *l);
/* Of the place in order: shown or not; up or down among those shown. */
void columns_toggle(struct columns *c, int at);
int columns_shift(struct columns *c, int at, int by); /* gives where it is then */
void columns_widen(struct columns *c, int at, int by);

struct columns_layout {
	int col[COLUMN_COUNT], width[COLUMN_COUNT]; /* width 0: left out */
	int words;                                  /* where the words of a code's row begin */
	int state_cells;                            /* of them, for its state */
	int lane, lane_cells;
};
/* one_place: every lock is at the same, which the title says. margin: what is before the name. */
void columns_lay(const struct columns *c, int cols, int margin, bool one_place, struct columns_layout *out);

#endif
