/* axis - the window of time that a lane shows; see lane.h. Its labels are drawn by ruler.c.
 *
 * A cell is always a length that people know (15 minutes, 3 hours), so that hours and days begin
 * on the edge of a cell and bars of one night line up with those of the next. */
#include "ui/widgets/lane.h"

static const struct {
	const char *word;
	int64_t span_ms;
} zooms[ZOOM_COUNT] = {
	[ZOOM_HOUR] = { "hours", 6 * HOUR_MS },
	[ZOOM_DAY] = { "day", 36 * HOUR_MS },
	[ZOOM_WEEK] = { "week", 10 * DAY_MS },
	[ZOOM_MONTH] = { "month", 45 * DAY_MS },
};

const char *zoom_word(enum zoom z)
{
	return zooms[z].word;
}

int64_t zoom_span_ms(enum zoom z)
{
	return zooms[z].span_ms;
}

/* Lengths that a cell may have, in minutes. */
static const int cell_minutes[] = { 1,  2,   3,   4,   5,   6,   10,  12,   15,
				    20, 30,  60,  120, 180, 240, 360, 480,  720,
				    1440, 2880, 10080 };

/* The one nearest in proportion to showing span in cells. */
static int64_t cell_length(int64_t span_ms, int cells)
{
	int64_t exact = MAX(span_ms / MAX(cells, 1), 1), best = 0;
	double best_ratio = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(cell_minutes); i++) {
		int64_t ms = cell_minutes[i] * MINUTE_MS;
		double ratio = ms > exact ? (double)exact / (double)ms : (double)ms / (double)exact;

		if (ratio > best_ratio) {
			best_ratio = ratio;
			best = ms;
		}
	}
	return best;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct axis axis_at(enum zoom z, struct instant t, double share, int cells, const struct zone *zone)
{
	struct axis a = { .cells = MAX(cells, 1), .zone = zone };
	struct instant midnight = zone_day_start(zone, t, 0);
	int64_t cell = CLAMP((int64_t)(share * a.cells), 0, a.cells - 1);

	a.ms_per_cell = cell_length(zooms[z].span_ms, a.cells);
	a.from = instant_add_ms(
		midnight, (floor_div(instant_diff_ms(t, midnight), a.ms_per_cell) - cell) *
				  a.ms_per_cell);
	return a;
}

struct axis axis_pan(struct axis a, int cells)
{
	a.from = instant_add_ms(a.from, cells * a.ms_per_cell);
	return a;
}

struct instant axis_instant(const struct axis *a, int cell)
{
	return instant_add_ms(a->from, cell * a->ms_per_cell);
}

int axis_eighths(const struct axis *a, struct instant t)
{
	int64_t ms = instant_diff_ms(t, a->from);

	if (ms <= -a->ms_per_cell)
		return -8;
	if (ms >= (a->cells + 1) * a->ms_per_cell)
		return a->cells * 8 + 8;
	return (int)floor_div(ms * 8, a->ms_per_cell);
}
