/* tour_steps - what the tour shows, one row a step: words, where, and when it is done. */
#include "ui/tour_own.h"

#include <string.h>

#include "core/text.h"
#include "ui/undo.h"

/* ---- done when ---- */

static bool view_is_open(const struct tour *t, int view)
{
	struct screen *top = app_top(t->app);

	return top && (int)top->ops->view == view;
}

static bool command_ran(const struct tour *t, int c)
{
	return t->ran[c / 64] >> (c % 64) & 1;
}

/* Out of the search first: what follows is about all locks. */
static bool command_ran_after_esc(const struct tour *t, int c)
{
	return command_ran(t, c) && command_ran(t, COMMAND_BACK);
}

static bool intent_was_made(const struct tour *t, int kind)
{
	return t->made >> kind & 1;
}

/* The cursor of the rack stands on them, and nothing is being typed any more. */
static bool cursor_is_on_guest(const struct tour *t, int what)
{
	struct screen *top = app_top(t->app);
	g_autofree char *row = NULL, *folded = NULL;

	(void)what;
	if (!top || top->ops->view != VIEW_RACK || (top->ops->hints && top->ops->hints(top)))
		return false;
	if (!t->guest)
		return command_ran(t, COMMAND_FIND);
	row = top->ops->twin(top);
	folded = text_fold(row ? row : "");
	return strstr(folded, t->guest) != NULL;
}

/* Half an hour earlier is no late check-out, though it is sent the same way. */
static bool stay_ends_later(const struct tour *t, int what)
{
	return intent_was_made(t, what) && t->ends_later;
}

static bool palette_did(const struct tour *t, int what)
{
	(void)what;
	return t->app->past_lines->len > t->lines;
}

static bool revocation_is_back(const struct tour *t, int what)
{
	OWN(cache_list) struct cache_list *list = NULL;

	(void)what;
	if (!command_ran(t, COMMAND_UNDO))
		return false;
	list = outbox_get(t->app->world.cache, t->revoked_no, NULL);
	return list && list->rows->len && cache_list_at(list, struct intent, 0)->state == INTENT_WITHDRAWN;
}

/* ---- words that depend ---- */

static const char *undo_too_late(const struct tour *t)
{
	g_autofree char *waits = undo_words(t->app->undo);

	return waits ? NULL
		     : N_("Nothing waits to be taken back any more. Revoke one with {revoke} and y, then "
			  "{undo} within ten "
			  "seconds; or {tour-next} goes on without.");
}

const struct tour_step tour_step[] = {
	{ "find", N_("find a guest"),
	  N_("{find} finds a guest, a lock or a PIN while you type. Press it, type {guest} and press Enter: the cursor "
	     "stands on the stay."),
	  VIEW_RACK, COMMAND_FIND, false, cursor_is_on_guest, 0, NULL },
	{ "unfold", N_("a lock's codes"),
	  N_("Esc shows all locks again. Each row is a lock, each bar somebody's code: {fold} folds a lock's codes "
	     "away, {unfold} shows them again, one row each."),
	  VIEW_RACK, COMMAND_UNFOLD, false, command_ran_after_esc, COMMAND_UNFOLD, NULL },
	{ "why", N_("why it is so"),
	  N_("{next-bar} goes to the next code, and {why} says why that is as it is: what was decided when, what "
	     "happens next, and what helps."),
	  VIEW_RACK, COMMAND_WHY, false, view_is_open, VIEW_WHY, NULL },
	{ "tonight", N_("tonight"),
	  N_("{tonight} opens Tonight from any screen: who arrives, who leaves, and whether each lock really has the "
	     "code."),
	  VIEW_ANY, COMMAND_TONIGHT, false, view_is_open, VIEW_TONIGHT, NULL },
	{ "at-risk", N_("who is at risk"),
	  N_("READY is the lock's word, not a hope. {next-risk} goes to the next guest at risk; the lines below the "
	     "list say what is wrong and what helps."),
	  VIEW_TONIGHT, COMMAND_NEXT_RISK, false, command_ran, COMMAND_NEXT_RISK, NULL },
	{ "check-in", N_("somebody at the desk"),
	  N_("{check-in} opens the card of a check-in: is the code on the lock, from when does it open, the PIN to "
	     "read out, the slip to print."),
	  VIEW_TONIGHT, COMMAND_CHECK_IN, false, view_is_open, VIEW_CHECKIN, NULL },
	{ "later", N_("late check-out"),
	  N_("Each {end-later} lets the stay end half an hour later. The bar shows it, the lines below say what that "
	     "means, and Enter sends it."),
	  VIEW_RACK, COMMAND_END_LATER, true, stay_ends_later, INTENT_UPDATE, NULL },
	{ "new", N_("a new code"),
	  N_("{new} makes a code for this door: a name, Enter, 4h, Enter, as a cleaner needs it. 'Queued' "
	     "says that it is "
	     "kept, 'Done' that the server has it. For a night {free-rooms} has the rooms that are free."),
	  VIEW_RACK, COMMAND_NEW, true, intent_was_made, INTENT_CREATE, NULL },
	{ "revoke", N_("revoke it"),
	  N_("The cursor stands on the new code. {revoke} revokes it, y says yes; and it leaves only after ten "
	     "seconds."),
	  VIEW_RACK, COMMAND_REVOKE, true, intent_was_made, INTENT_DELETE, NULL },
	{ "undo", N_("and undo"),
	  N_("The last line counts the ten seconds down. {undo} takes the revocation back: the code stays as it was."),
	  VIEW_ANY, COMMAND_REVOKE, true, revocation_is_back, 0, undo_too_late },
	{ "unlock", N_("open a door"),
	  N_("{unlock} unlocks the door of this row, y says yes. It is asked of the lock at once, or not at all: after "
	     "a minute it is too late."),
	  VIEW_RACK, COMMAND_UNLOCK, true, intent_was_made, INTENT_UNLOCK, NULL },
	{ "who-could", N_("who could open it"),
	  N_("{who-could} asks about any moment that you type: of a lock, who could open it and who did; of a code, "
	     "which doors it opens."),
	  VIEW_RACK, COMMAND_COULD, false, view_is_open, VIEW_COULD, NULL },
	{ "palette", N_("everything by name"),
	  N_("{palette} does all there is, by a few letters of it. Press it, type zoom week and press Enter: the bars "
	     "show a week."),
	  VIEW_RACK, COMMAND_PALETTE, false, palette_did, 0, NULL },
	{ "help", N_("help"),
	  N_("{help} lists what each key does on a screen, finds it by a word, and does it with Enter."), VIEW_ANY,
	  COMMAND_HELP, false, view_is_open, VIEW_HELP, NULL },
	{ .id = NULL },
};

/* ---- whom ---- */

/* The first word of a name, where every keyboard has its letters. Newly allocated; NULL: it is none of those. */
static char *typed_name(const char *name)
{
	g_autofree char *folded = text_fold(name ? name : "");
	size_t n = strspn(folded, "abcdefghijklmnopqrstuvwxyz");

	return n >= 4 && strchr(" ,", folded[n]) ? g_strndup(folded, n) : NULL;
}

static bool opens_from_afar(const struct world *w, int64_t lock_no)
{
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, lock_no, w->now, NULL);
	const struct lock *l = list && list->rows->len ? &cache_list_at(list, struct lock_row, 0)->lock : NULL;

	return l && l->online != TRI_NO && l->can_unlock == TRI_YES;
}

#define STAYS_LOOKED_AT 200
#define GOES_ON_FOR (2 * HOUR_MS) /* else the stay may be over before it is spoken of */

char *tour_pick_guest(const struct world *w)
{
	struct code_query q = { .from = w->now, .until = instant_add_ms(w->now, 1), .only_managed = true,
				.limit = STAYS_LOOKED_AT };
	OWN(cache_list) struct cache_list *list = cache_codes(w->cache, &q, w->now, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);
		char *name;

		if (!c->code.time_bound || c->code.is_offline_access_code == TRI_YES || c->state == CODE_TROUBLE ||
		    !instant_before(instant_add_ms(w->now, GOES_ON_FOR), c->code.ends_at) ||
		    !opens_from_afar(w, c->lock_no) || !(name = typed_name(c->code.name)))
			continue;
		return name;
	}
	return NULL;
}

/* ---- astray ---- */

static const char *way_to(enum view v)
{
	return v == VIEW_TONIGHT ? N_("The tour goes on in Tonight: {tonight} opens it.")
				 : N_("The tour goes on at the rack: {rack} goes back to it.");
}

const char *tour_way_back(const struct tour *t)
{
	const struct tour_step *step = tour_now(t);
	struct screen *top = app_top(t->app);
	enum view v = top ? top->ops->view : VIEW_ANY;

	if (!step || v == VIEW_PALETTE)
		return NULL;
	if (v == VIEW_ANY)
		return t->last == step->by ? NULL : N_("Something is being written or asked here: Esc leaves it.");
	return step->view == VIEW_ANY || step->view == v ? NULL : way_to(step->view);
}
