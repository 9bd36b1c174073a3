/* rack_jump - to the lock that a number names, and to the guest there who matters now.
 *
 * The desk says "204" and means whoever sleeps in it. So a jump chooses that bar at once, and the next
 * key acts on a guest, not on a door. */
#include "ui/screens/rack.h"

#include <string.h>

#include "core/i18n.h"
#include "core/when.h"
#include "ui/screens/go.h"
#include "ui/screens/words.h"

#define STAY_NIGHTS_MAX 60 /* longer is a lodger or a contractor: after the guests */

/* The smaller the sooner is it the one that matters; NOBODY: whoever may always come in. */
enum claim { CLAIM_IN_HOUSE, CLAIM_TO_ARRIVE, CLAIM_LODGER, CLAIM_VISIT_NOW, CLAIM_VISIT, CLAIM_NOBODY };

static enum claim claim_of(const struct code_row *c, const struct zone *z, struct instant now)
{
	const struct access_code *ac = &c->code;
	bool begun;
	int nights;

	if (!ac->time_bound || !instant_known(ac->starts_at) || !instant_known(ac->ends_at) ||
	    c->state == CODE_ENDED || c->state == CODE_REMOVING || ac->is_backup == TRI_YES ||
	    (!ac->managed && c->code_no) || !instant_before(now, ac->ends_at))
		return CLAIM_NOBODY;
	begun = !instant_before(now, ac->starts_at);
	nights = when_nights(z, ac->starts_at, ac->ends_at);
	if (nights < 1)
		return begun ? CLAIM_VISIT_NOW : CLAIM_VISIT;
	if (nights > STAY_NIGHTS_MAX)
		return CLAIM_LODGER;
	return begun ? CLAIM_IN_HOUSE : CLAIM_TO_ARRIVE;
}

/* Of those to come the next: tonight's before tomorrow's, also while it is still in the outbox. */
static bool comes_before(const struct code_row *a, const struct code_row *b, struct instant now)
{
	return instant_before(now, a->code.starts_at) && instant_before(a->code.starts_at, b->code.starts_at);
}

int rack_guest(const struct rack_lock *l, const struct zone *property, struct instant now)
{
	enum claim best = CLAIM_NOBODY;
	int chosen = -1;

	for (int i = 0; i < rack_lock_codes(l); i++) {
		const struct code_row *c = rack_lock_code(l, i);
		enum claim claim = claim_of(c, zone_of(c->zone, property), now);

		if (claim > best || claim == CLAIM_NOBODY ||
		    (claim == best && !comes_before(c, rack_lock_code(l, chosen), now)))
			continue;
		best = claim;
		chosen = i;
	}
	return chosen;
}

/* The next lock after (or before) 'from', in the order of the list and round it, that is one of these. */
static int next_of(const struct rack_rows *rows, const GArray *numbered, int from, int direction)
{
	int len = (int)rows->order->len;

	for (int i = 1; i <= len; i++) {
		int at = ((from + direction * i) % len + len) % len;
		int64_t no = g_array_index(rows->order, int64_t, at);

		for (guint k = 0; k < numbered->len; k++)
			if (g_array_index(numbered, int64_t, k) == no)
				return at;
	}
	return -1;
}

static void arrive(struct rack *r, int lock)
{
	struct world *w = r->base.world;

	/* From now, else one who comes next week would leave the timeline there for all who follow. */
	rack_now(r);
	rack_choose(r, lock, rack_guest(rack_rows_at(&r->rows, lock), w->zone, w->now));
	r->settled = true;
	r->feed_focus = false;
	rack_nudge_drop(r);
}

bool rack_jump(struct screen *s, const char *digits)
{
	struct rack *r = rack_of(s);
	g_autoptr(GArray) numbered = cache_locks_numbered(s->world->cache, digits, NULL);
	int lock;

	if (!numbered || !numbered->len) {
		app_message(s->app, true, _("No lock has the number %s, in its name or its room."), digits);
		return false;
	}
	if (r->rows.find || r->finding)
		rack_find_end(r);
	lock = next_of(&r->rows, numbered, -1, 1);
	if (lock < 0)
		return false;
	g_free(r->number);
	r->number = g_strdup(digits);
	arrive(r, lock);
	if (numbered->len > 1)
		app_message(s->app, false, P_("%1$d more lock with %2$s: f goes on, F back.",
					      "%1$d more locks with %2$s: f goes on, F back.", numbered->len - 1),
			    (int)numbered->len - 1, digits);
	return true;
}

void rack_go_named(struct rack *r, const char *words)
{
	struct world *w = r->base.world;
	struct app *app = r->base.app;
	g_autoptr(GError) err = NULL;
	struct go_place to;
	int lock;

	if (!words[strspn(words, "0123456789")]) {
		rack_jump(&r->base, words);
		return;
	}
	if (!go_find(w->cache, words, w->now, &to, &err)) {
		app_message(app, true, "%s", err->message);
		return;
	}
	if (r->rows.find || r->finding)
		rack_find_end(r);
	lock = rack_rows_find_lock(&r->rows, to.lock_no);
	if (lock < 0)
		return;
	arrive(r, lock);
	if (to.code_no)
		rack_choose(r, lock, rack_lock_find_code(rack_rows_at(&r->rows, lock), to.code_no, 0));
	if (to.others)
		app_message(app, false, P_("One more is called so: this is the first.",
					   "%d more are called so: this is the first.", to.others), to.others);
}

bool rack_jump_on(struct rack *r, int n)
{
	g_autoptr(GArray) numbered = r->number ? cache_locks_numbered(r->base.world->cache, r->number, NULL) : NULL;
	int direction = n < 0 ? -1 : 1, lock = r->at.lock;

	if (!numbered || !numbered->len || r->rows.find)
		return false;
	for (n = ABS(n); n > 0 && lock >= 0; n--)
		lock = next_of(&r->rows, numbered, lock, direction);
	if (lock >= 0)
		arrive(r, lock);
	return true;
}
