/* lane - access codes as bars on a time axis, in one row of cells.
 *
 * Pure drawing. Ends are placed to an eighth of a cell: the end cell holds a partial block whose
 * edge is the instant (a left end is the reversed block). In ASCII a bar covers every cell it
 * touches. State is a shape and a sign before it is a colour:
 *
 *   set        ▐━━━ Anna Berg ━━━▌     [=== Anna Berg ===]
 *   stored     ▐╌╌╌ Ito ╌╌╌▌           [~~~ Ito ~~~]       in the lock, to come
 *   to come    ▐┄┄┄ Ito ┄┄┄▌           [... Ito ...]
 *   pending    ▐┄┄? Ito ┄┄┄▌           [--? Ito ---]       queued or being set
 *   trouble    ▐━━! Dubois ━▌          [==! Dubois =]
 *   ongoing    ━━━ staff ━━━▶          === staff ===>      open on the side that goes on
 *   lead       ░░                      ..                  preload or just-in-time
 *   now        ┃                       |
 *   several    ━━━═══━━                ===%%%===           where more than one bar with an end lie on each other
 *   double     ━━━╪╪╪━━                ===&&&===           of them, two that cannot both be right
 *
 * A bar that is wholly covered is counted behind the name of the one that covers it: "Anna Berg +1". */
#ifndef KEYRACK_UI_LANE_H
#define KEYRACK_UI_LANE_H

#include "core/access_code.h"
#include "core/zone.h"
#include "ui/term/grid.h"

/* The window of time that the columns show. */
struct axis {
	struct instant from;   /* left edge of the first cell */
	int64_t ms_per_cell;
	int cells;
	const struct zone *zone;
};
enum zoom { ZOOM_HOUR, ZOOM_DAY, ZOOM_WEEK, ZOOM_MONTH, ZOOM_COUNT };
const char *zoom_word(enum zoom z);
int64_t zoom_span_ms(enum zoom z); /* shown across the whole lane: 6 h, 36 h, 10 d, 45 d or better */

/* An axis of that zoom with instant t in the cell that is at share (0..1) of the width; from is
 * rounded down to whole minutes or hours so that it does not crawl. */
struct axis axis_at(enum zoom z, struct instant t, double share, int cells, const struct zone *zone);
struct axis axis_pan(struct axis a, int cells);
struct instant axis_instant(const struct axis *a, int cell);
/* Eighths of a cell from the left edge; outside values are clamped to -8 and cells * 8 + 8. */
int axis_eighths(const struct axis *a, struct instant t);

/* Hours or days along the top, each where it is on the clock of the zone, with day names; on a
 * night that the clocks change a day's cells follow its true 23 or 25 hours, marked "±1h". */
void axis_draw(const struct axis *a, struct grid *g, int row, int col);

struct bar {
	struct instant from, until; /* NONE: open on that side */
	enum code_state state;
	bool native;          /* its lead is 72 h, else 60 min */
	bool show_lead;       /* only while nothing is on the lock yet */
	bool selected;
	bool dim;             /* there, but not ours */
	bool clash;           /* one of a double booking */
	const char *label;
};
/* Later bars do not cover earlier ones: the caller orders by importance. The label stands inside
 * where there is room, else right of it where that is free, else it is left out. */
void lane_draw(const struct axis *a, const struct bar *bars, size_t n, struct instant now,
	       struct grid *g, int row, int col);

enum role code_state_role(enum code_state s);

#endif
