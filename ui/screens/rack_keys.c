/* rack_keys - keys of the rack that are no commands: a search being typed, the mouse. */
#include "ui/screens/rack.h"

static bool click(struct rack *r, const struct key *k)
{
	struct place p = r->top;
	int down = k->row - r->list_row;

	if (k->col >= r->list_cols)
		return false;
	if (down == -1)
		return rack_click_head(r, k->col);
	if (down < 0 || down >= r->list_rows)
		return false;
	if (rack_rows_move(&r->rows, &p, down) != down)
		return true;
	r->feed_focus = false;
	if (p.lock == r->at.lock && p.code == r->at.code)
		rack_open(r, 1);
	else
		rack_go(r, p);
	return true;
}

static bool find_key(struct rack *r, const struct key *k)
{
	bool changed = false;

	switch ((int)k->code) {
	case KEYCODE_ESC:
		rack_find_end(r);
		return true;
	case KEYCODE_ENTER:
		rack_find_now(r);
		r->finding = false;
		if (!r->rows.find)
			rack_find_end(r);
		return true;
	case KEYCODE_UP:
	case KEYCODE_DOWN:
		rack_find_now(r);
		rack_move(r, k->code == KEYCODE_UP ? -1 : 1);
		return true;
	default:
		if (r->find_old && field_replaces(k))
			field_set(&r->find, "");
		r->find_old = false;
		if (!field_key(&r->find, k, &changed))
			return k->code == KEYCODE_CHAR && k->ch >= ' ';
		r->find_stale = r->find_stale || changed;
		return true;
	}
}

bool rack_key(struct screen *s, const struct key *k)
{
	struct rack *r = rack_of(s);

	if (k->code == KEYCODE_MOUSE_PRESS)
		return click(r, k);
	/* While an end is moved: its other doors too, not Tonight. */
	if (r->nudge.code_no && k->code == KEYCODE_CHAR && !k->ctrl && !k->alt && k->ch == 'A')
		return rack_nudge_all(r);
	/* As Esc: out of the search, not out of the program. */
	if (r->finding && k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c')
		return find_key(r, &(struct key){ .code = KEYCODE_ESC });
	return r->finding && find_key(r, k);
}

const char *const *rack_hints(struct screen *s)
{
	static const char *const finding[] = { "Enter", "keep", "Esc", "all again", "Up Down", "choose",
					       NULL };

	static const char *const moving[] = { "Enter", "send", "Esc", "drop", "[ {", "start earlier, later",
					      "] }", "end later, earlier", NULL };

	if (rack_of(s)->nudge.code_no)
		return moving;
	return rack_of(s)->finding ? finding : NULL;
}
