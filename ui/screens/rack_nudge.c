/* rack_nudge - a stay's ends by half hours, under the hand: early check-in, late check-out.
 *
 * The bar is drawn as it would be and the words say what that means; nothing is asked for until Enter. */
#include "ui/screens/rack.h"

#include "core/draft.h"
#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/stay.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

bool rack_nudging(const struct rack *r, const struct code_row *c)
{
	return c && r->nudge.code_no && c->code_no == r->nudge.code_no;
}

void rack_nudge_drop(struct rack *r)
{
	r->nudge = (struct nudge){ 0 };
}

static const char *why_not(const struct rack *r, const struct code_row *c)
{
	if (!c)
		return _("Choose a code first: Tab goes from bar to bar.");
	if (r->feed_focus)
		return _("That is the feed: W goes back to the locks.");
	if (action_why_not_edit(c))
		return action_why_not_edit(c);
	if (!c->code.time_bound || !instant_known(c->code.starts_at) || !instant_known(c->code.ends_at))
		return _("An ongoing code has neither start nor end to move.");
	return NULL;
}

void rack_nudge(struct rack *r, bool start, int steps)
{
	const struct code_row *c = rack_code(r);
	const char *why = why_not(r, c);

	if (why) {
		app_message(r->base.app, true, "%s", why);
		return;
	}
	if (!rack_nudging(r, c))
		r->nudge = (struct nudge){ .code_no = c->code_no,
					   .was_from = c->code.starts_at,
					   .was_until = c->code.ends_at,
					   .from = c->code.starts_at,
					   .until = c->code.ends_at };
	if (!nudge_move(&r->nudge, start, steps, r->base.world->now))
		app_message(r->base.app, true, "%s", nudge_limit(&r->nudge, start, steps, r->base.world->now));
	if (!nudge_is_change(&r->nudge))
		rack_nudge_drop(r);
}

/* What is under way no longer fits what is there. */
void rack_nudge_check(struct rack *r)
{
	OWN(cache_list) struct cache_list *list = NULL;
	const struct code_row *c;

	if (!r->nudge.code_no)
		return;
	list = cache_code(r->base.world->cache, r->nudge.code_no, r->base.world->now, NULL);
	c = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	if (c && !action_why_not_edit(c) && instant_eq(c->code.starts_at, r->nudge.was_from) &&
	    instant_eq(c->code.ends_at, r->nudge.was_until))
		return;
	rack_nudge_drop(r);
	app_message(r->base.app, true, "%s", _("Not moved: the code was changed meanwhile."));
}

/* The codes of the door are the caller's to free: what a search shows of them is not all. */
static struct nudge_ask ask_of(struct rack *r, const struct code_row *c)
{
	struct world *w = r->base.world;
	struct rack_lock *l = rack_lock(r);
	struct code_query q = { .lock_no = c->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				.limit = RACK_CODES_MAX };

	return (struct nudge_ask){ .nudge = &r->nudge, .code = c, .lock = l && l->row ? &l->row->lock : NULL,
				   .codes = cache_codes(w->cache, &q, w->now, NULL),
				   .zone = zone_of(c->zone, w->zone), .now = w->now };
}

static void ask_done(struct nudge_ask *a)
{
	cache_list_free((struct cache_list *)(uintptr_t)a->codes);
}

static void submit(struct rack *r, const struct code_row *c)
{
	struct draft_change change = { .from = r->nudge.from, .until = r->nudge.until };
	struct nudge_ask ask = ask_of(r, c);
	const char *refused = ask.codes ? nudge_refused(&ask) : NULL;
	g_autofree char *params = draft_update_params(&change, &c->code), *id = g_strdup(c->code.access_code_id);
	g_autofree char *name = g_strdup(code_name(&c->code)), *device = g_strdup(c->code.device_id);
	struct intent in = { .kind = INTENT_UPDATE, .lock_no = c->lock_no, .code_no = c->code_no,
			     .device_id = device, .access_code_id = id, .name = name, .params = params,
			     .expires_at = INSTANT_NONE, .next_try_at = INSTANT_NONE, .sent_at = INSTANT_NONE };

	if (ask.codes)
		ask_done(&ask);
	if (refused) {
		app_message(r->base.app, true, "%s", refused);
		return;
	}
	rack_nudge_drop(r);
	app_intend(r->base.app, &in);
}

/* While it was asked about, others may have changed it: that was said then. */
static void send_it(struct app *app, void *ctx)
{
	struct rack *r = ctx;
	const struct code_row *c = rack_code(r);

	(void)app;
	if (rack_nudging(r, c))
		submit(r, c);
}

void rack_nudge_send(struct rack *r)
{
	const struct code_row *c = rack_code(r);
	g_autofree char *taken = verb_clash(r->base.world, c, r->nudge.from, r->nudge.until);

	if (taken)
		verb_ask_taken(r->base.app, c->lock_name, taken, _("Change"), send_it, r, NULL);
	else
		send_it(r->base.app, r);
}

/* The same stay at its other doors, where it has the same times there. */
bool rack_nudge_all(struct rack *r)
{
	struct world *w = r->base.world;
	struct draft_change change = { .from = r->nudge.from, .until = r->nudge.until };
	struct stay stay;
	struct batch *b;

	stay_read(&stay, w, r->nudge.code_no);
	if (stay.n < 2) {
		stay_done(&stay);
		app_message(r->base.app, true, "%s", _("This stay has no other door."));
		return true;
	}
	b = batch_new(_("A stay's times at all its doors"), NULL);
	for (size_t i = 0; i < stay.n; i++) {
		const struct code_row *c = stay.at[i];
		bool same = instant_eq(c->code.starts_at, r->nudge.was_from) &&
			    instant_eq(c->code.ends_at, r->nudge.was_until);
		const char *why = same ? action_why_not_edit(c) : _("it has times of its own there");
		struct batch_row *row = batch_add_code(b, !same ? BATCH_SAME : why ? BATCH_BLOCKED : BATCH_CHANGE, c);

		row->words = why ? g_strdup(why) : nudge_by(&r->nudge);
		if (why)
			continue;
		row->kind = INTENT_UPDATE;
		row->starts_at = change.from;
		row->ends_at = change.until;
		row->params = draft_update_params(&change, &c->code);
	}
	stay_done(&stay);
	rack_nudge_drop(r);
	verb_submit(r->base.app, w, b);
	return true;
}

/* ---- words ---- */

static void put_line(struct grid *g, struct rect *area, const char *s, enum role role)
{
	if (area->rows < 1 || !s || !*s)
		return;
	grid_put(g, area->row, area->col + 1, area->cols - 2, s, role);
	area->row++;
	area->rows--;
}

/* With its days and the name of its time, and short enough for 80 columns. */
static char *window_words(const struct nudge *n, const struct zone *z)
{
	char day[2][CIVIL_TEXT_MAX], clock[2][CIVIL_TEXT_MAX];
	struct civil end = civil_at(z, n->until);

	return g_strdup_printf(_("%1$s %2$s to %3$s %4$s %5$s"), civil_day(z, n->from, day[0]),
			       civil_clock(z, n->from, clock[0]), civil_day(z, n->until, day[1]),
			       civil_clock(z, n->until, clock[1]), end.abbrev);
}

void rack_draw_nudge(struct rack *r, const struct code_row *c, struct grid *g, struct rect area)
{
	struct world *w = r->base.world;
	struct nudge_ask ask = ask_of(r, c);
	const char *dot = g->ascii ? " - " : " · ", *refused;
	g_autofree char *window = NULL, *by = nudge_by(&r->nudge), *clash = NULL, *gap = NULL, *first = NULL,
			*bad = NULL, *good = NULL, *others = NULL, *also = NULL;
	char shown[NAME_SHOWN_MAX];

	if (!ask.codes)
		return;
	window = window_words(&r->nudge, ask.zone);
	refused = nudge_refused(&ask);
	clash = refused ? NULL : nudge_clash(&ask);
	gap = clash ? NULL : nudge_gap(&ask);
	bad = refused || clash ? g_strdup_printf("! %s", refused ? refused : clash) : NULL;
	others = cache_other_doors(w->cache, c->code_no, w->now);
	/* One line of room: what is against it comes before where it is. */
	if (area.rows == 1)
		first = g_strdup_printf("%s%s%s%s%s", bad ? bad : "", bad ? dot : "", window, dot, by);
	else
		first = g_strdup_printf("%s%s%s%s%s", code_name_shown(&c->code, g->ascii, shown), dot, window, dot, by);
	put_line(g, &area, first, bad && area.rows == 1 ? ROLE_WARN : ROLE_PENDING);
	put_line(g, &area, bad, refused ? ROLE_ALARM : ROLE_WARN);
	also = others ? g_strdup_printf(_("also at %s: A takes that along"), others) : NULL;
	good = g_strdup_printf("%s%s%s%s%s", nudge_pin(&ask), gap ? dot : "", gap ? gap : "", also ? dot : "",
			       also ? also : "");
	put_line(g, &area, good, ROLE_DIM);
	ask_done(&ask);
}
