/* term-frame - see term-frame.h. */
#include "tests/ui/term-frame.h"

#include "ui/widgets/lane.h"

static const char *const names[] = {
	"Anna Berg", "M\xc3\xbcller, J\xc3\xb6rg", "Nguy\xe1\xbb\x85n V\xc4\x83n",
	"\xe4\xbc\x8a\xe8\x97\xa4 \xe5\xa4\xaa\xe9\x83\x8e", "Zoe\xcc\x88 combining",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "evil \x1b[2J\x1b]0;x\x07 name", "\xed\x95\x9c\xea\xb8\x80",
};

static void draw_item(struct grid *g, int row, int item)
{
	enum role role = (enum role)(item % ROLE_COUNT);
	int col = 5 + grid_putf(g, row, 5, 30, role, "%s", names[item % (int)G_N_ELEMENTS(names)]);

	grid_putf(g, row, 0, 5, ROLE_DIM, "%04d", item);
	grid_put(g, row, col + 1, 14, role_name(role), role);
	grid_mark(g, (struct rect){ row, col + 1, 1, 14 }, (unsigned)item / ROLE_COUNT % 8);
	grid_put_char(g, row, g->cols - 2, 0x258a, ROLE_GOOD, item % 2 ? MARK_REVERSE : 0);
}

void frame_draw(struct grid *g, int top, const char *last_key)
{
	int rows = g->rows, cursor = rows / 2;

	grid_clear(g);
	grid_fill(g, (struct rect){ 0, 0, 1, g->cols }, ' ', ROLE_TITLE);
	grid_put(g, 0, 1, g->cols - 2, "term-demo", ROLE_TITLE);
	for (int row = 1; row < rows - 2; row++)
		draw_item(g, row, top + row);
	if (top % 2)
		grid_mark(g, (struct rect){ cursor, 0, 1, g->cols }, MARK_CURSOR);
	grid_rule(g, rows - 2, NULL, ROLE_RULE);
	g->cursor_row = rows - 1;
	g->cursor_col = 5 + grid_put(g, rows - 1, 5, g->cols - 6, last_key, ROLE_HINT_KEY);
	grid_put(g, rows - 1, 0, 5, "key:", ROLE_HINT);
}
