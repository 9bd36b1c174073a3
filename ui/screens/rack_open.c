/* rack_open - from the rack to other screens: all about what the cursor is on, be it a room, a guest or a line of
 * the feed. */
#include "ui/screens/rack.h"

#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/words.h"

/* The one that the cursor is on, where it is in the feed; NULL. */
static const struct event_row *feed_event(const struct rack *r)
{
	return r->feed_focus && r->feed && r->feed_at < (int)r->feed->rows->len
		       ? cache_list_at(r->feed, struct event_row, (guint)r->feed_at) : NULL;
}

/* What an event in the feed is about: its code, else its lock. */
static void open_event(struct rack *r)
{
	const struct event_row *e = feed_event(r);
	int lock;

	if (!e)
		return;
	if (e->code_no) {
		app_push(r->base.app, code_new(r->base.app, r->base.world, e->code_no));
		return;
	}
	lock = rack_rows_find_lock(&r->rows, e->lock_no);
	if (lock >= 0) {
		rack_go(r, (struct place){ lock, -1 });
		r->feed_focus = false;
	}
}

void rack_open(struct rack *r, int n)
{
	const struct code_row *c = rack_code(r);
	struct rack_lock *l = rack_lock(r);
	struct app *app = r->base.app;

	(void)n;
	if (r->feed_focus)
		open_event(r);
	else if (r->at.code == PLACE_HEAD)
		rack_rows_fold_group(&r->rows, r->at.lock, !rack_rows_heading(&r->rows, r->at.lock)->folded);
	else if (c && c->code_no)
		app_push(app, code_new(app, r->base.world, c->code_no));
	else if (c && c->intent_state == INTENT_REFUSED)
		app_push(app, code_form_again(app, r->base.world, c->intent_no));
	else if (c)
		app_push(app, outbox_new(app, r->base.world));
	else if (l)
		app_push(app, lock_new(app, r->base.world, l->lock_no));
}

/* Whoever is at a room's row asks about its door, also with a guest of it chosen. */
static bool on_room(const struct rack *r)
{
	return r->at.code == -1;
}

void rack_open_events(struct rack *r, int n)
{
	const struct code_row *c = rack_code(r);
	struct rack_lock *l = rack_lock(r);

	(void)n;
	app_push(r->base.app, events_new(r->base.app, r->base.world, l ? l->lock_no : 0,
					 c && !on_room(r) ? c->code_no : 0));
}

void rack_open_asked(struct rack *r, int n)
{
	const struct event_row *e = feed_event(r);
	struct rack_lock *l = rack_lock(r);

	(void)n;
	action_run(r->base.app, r->base.world, COMMAND_ASKED, e ? e->lock_no : l ? l->lock_no : 0,
		   r->feed_focus ? NULL : rack_code(r));
}

void rack_open_could(struct rack *r, int n)
{
	const struct code_row *c = rack_code(r);
	struct rack_lock *l = rack_lock(r);

	(void)n;
	if (l)
		app_push(r->base.app, could_new(r->base.app, r->base.world, !c || on_room(r) ? l->lock_no : 0,
						c ? c->code_no : 0, INSTANT_NONE));
}

/* About the chosen code, or the one that the feed's event names. */
void rack_open_why(struct rack *r, int n)
{
	const struct event_row *e = feed_event(r);
	const struct code_row *c = r->feed_focus ? NULL : rack_code(r);
	int64_t code_no = e ? e->code_no : c ? c->code_no : 0;

	(void)n;
	if (code_no)
		app_push(r->base.app, why_new(r->base.app, r->base.world, code_no));
	else if (c)
		app_message(r->base.app, false, _("It has not reached the server: o opens the outbox."));
	else
		app_message(r->base.app, false, e ? _("This event names no code.")
						  : _("Choose a code first: Tab goes from bar to bar."));
}

void rack_open_triage(struct rack *r, int n)
{
	const struct event_row *e = feed_event(r);
	const struct code_row *c = r->feed_focus ? NULL : rack_code(r);
	struct rack_lock *l = rack_lock(r);
	int64_t lock_no = e ? e->lock_no : l ? l->lock_no : 0;

	(void)n;
	if (lock_no)
		app_push(r->base.app, triage_new(r->base.app, r->base.world, lock_no,
						 e ? e->code_no : c ? c->code_no : 0));
	else
		app_message(r->base.app, false, _("There is no lock here."));
}
