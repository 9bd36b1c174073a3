/* form_doors - which locks a new code is for: type to filter, Space and Enter mark. */
#include "ui/screens/code_form.h"

#include "core/i18n.h"

#include <string.h>

void form_door_free(void *p)
{
	struct form_door *d = p;

	if (d->list)
		cache_list_free(d->list);
	if (d->codes)
		cache_list_free(d->codes);
	if (d->pins)
		g_ptr_array_unref(d->pins);
	g_free(d);
}

struct form_door *form_door_add(struct code_form *f, int64_t lock_no)
{
	struct world *w = f->base.world;
	struct code_query q = {
		.lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = 200
	};
	struct form_door *d = g_new0(struct form_door, 1);

	d->lock_no = lock_no;
	d->list = cache_lock(w->cache, lock_no, w->now, NULL);
	if (!d->list || !d->list->rows->len) {
		form_door_free(d);
		return NULL;
	}
	d->row = cache_list_at(d->list, struct lock_row, 0);
	d->codes = cache_codes(w->cache, &q, w->now, NULL);
	d->pins = cache_pins(w->cache, lock_no, NULL);
	g_ptr_array_add(f->doors, d);
	return d;
}

static int door_index(const struct code_form *f, int64_t lock_no)
{
	for (guint i = 0; i < f->doors->len; i++)
		if (form_door(f, i)->lock_no == lock_no)
			return (int)i;
	return -1;
}

bool form_has_door(const struct code_form *f, int64_t lock_no)
{
	return door_index(f, lock_no) >= 0;
}

void form_doors_toggle(struct code_form *f, int64_t lock_no)
{
	int i = door_index(f, lock_no);

	if (i >= 0)
		g_ptr_array_remove_index(f->doors, (guint)i);
	else
		form_door_add(f, lock_no);
}

void form_doors_match(struct code_form *f)
{
	if (!f->names)
		f->names = lock_names_read(f->base.world->cache, f->base.world->now);
	lock_names_match(f->names, f->field[FORM_DOORS].text->str, f->matches);
	f->match_at = CLAMP(f->match_at, 0, MAX((int)f->matches->len - 1, 0));
}

/* The text has done its work; the cursor stays on the lock that was found. */
static void typed_done(struct code_form *f)
{
	int64_t lock = form_match_lock(f, f->match_at);

	field_set(&f->field[FORM_DOORS], "");
	form_doors_match(f);
	for (int i = 0; i < (int)f->matches->len; i++)
		if (form_match_lock(f, i) == lock)
			f->match_at = i;
}

int64_t form_match_lock(const struct code_form *f, int i)
{
	return lock_names_at(f->names, f->matches, i);
}

/* With something typed Enter takes the match, and where there is none it does nothing else: the
 * whole form is meant only when nothing is typed here. */
static void take_match(struct code_form *f, int64_t lock)
{
	if (!lock) {
		app_message(f->base.app, true, _("No lock is called “%s”."), f->field[FORM_DOORS].text->str);
		return;
	}
	if (!form_has_door(f, lock))
		form_doors_toggle(f, lock);
	typed_done(f);
}

/* With nothing typed there the marked doors are what the line holds: a letter's key takes the last away, Ctrl-U all. */
static bool take_away(struct code_form *f, const struct key *k)
{
	bool ctrl = k->code == KEYCODE_CHAR && k->ctrl && !k->alt, all = ctrl && k->ch == 'u';
	bool one = k->code == KEYCODE_BACKSPACE || (ctrl && (k->ch == 'h' || k->ch == 'w'));

	if (f->field[FORM_DOORS].text->len || !f->doors->len || !(one || all))
		return false;
	g_ptr_array_set_size(f->doors, all ? 0 : (int)f->doors->len - 1);
	return true;
}

bool form_doors_key(struct code_form *f, const struct key *k)
{
	int64_t lock = form_match_lock(f, f->match_at);
	int last = MAX((int)f->matches->len - 1, 0);

	if (take_away(f, k)) {
		form_check(f);
		return true;
	}
	switch ((int)k->code) {
	case KEYCODE_UP:
		f->match_at = MAX(f->match_at - 1, 0);
		return true;
	case KEYCODE_DOWN:
		f->match_at = MIN(f->match_at + 1, last);
		return true;
	case KEYCODE_ENTER:
		if (!form_text_is(f, FORM_DOORS))
			return false;
		take_match(f, lock);
		break;
	case KEYCODE_CHAR:
		if (k->ch != ' ' || k->ctrl || k->alt)
			return false;
		if (!lock)
			break;
		form_doors_toggle(f, lock);
		typed_done(f);
		break;
	default:
		return false;
	}
	form_check(f);
	return true;
}
