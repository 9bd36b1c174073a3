/* move - a guest changes rooms: a code there, and once that is accepted the one here goes, or lasts some
 * minutes more for whoever still carries suitcases. */
#include <string.h>

#include "cache/feeds.h"
#include "core/draft.h"
#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/stay.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

struct moving {
	struct world *world;
	int64_t code_no, lock_no;
};

static bool has_begun(const struct code_row *c, struct instant now)
{
	return !instant_known(c->code.starts_at) || !instant_before(now, c->code.starts_at);
}

/* What the guest has is kept where that lock takes it. */
struct new_pin {
	char pin[PIN_MAX + 1]; /* "": the lock's maker chooses */
	const char *why;       /* it is another one; NULL: the same */
	bool none;             /* there is none */
};

static struct new_pin choose_pin(struct world *w, const struct code_row *c, const struct lock_row *to,
				 struct instant from)
{
	struct draft d = { 0 };
	struct new_pin p = { .pin = "" };

	if (draft_pin_is_theirs(&d, &to->lock)) {
		p.why = _("that lock's maker chooses it");
		return p;
	}
	p.why = verb_pin_why_not(w, to, c->code.code, from, c->code.ends_at);
	if (!p.why)
		g_strlcpy(p.pin, c->code.code, sizeof p.pin);
	else
		p.none = !verb_pin_new(w, &to->lock_no, 1, c->code.code ? (int)strlen(c->code.code) : 0, from,
				       c->code.ends_at, p.pin);
	return p;
}

static void add_issue(struct batch *b, struct world *w, const struct code_row *c, const struct lock_row *to)
{
	bool bound = instant_known(c->code.ends_at);
	struct instant from = !bound ? INSTANT_NONE
			      : !has_begun(c, w->now) ? c->code.starts_at
						      : draft_soonest(pin_rules_of(&to->lock).rules, w->now);
	struct new_pin pin = choose_pin(w, c, to, from);
	g_autofree char *uuid = g_uuid_string_random(), *own = g_strconcat("keyrack-", uuid, NULL);
	g_autofree char *taken = verb_occupant(w, c, to, from, NULL);
	/* A feed goes on knowing whom it means by the mark of what was made. */
	g_autofree char *fed = cache_feed_moved_key(w->cache, c->code.access_code_id, c->code.device_id);
	char *pin_words = pin.why ? g_strdup_printf(_("another PIN: %s"), pin.why) : g_strdup(_("the same PIN"));
	char *words = taken ? g_strdup_printf("! %s. %s", taken, pin_words) : g_strdup(pin_words);

	if (pin.none) {
		struct batch_row *r = batch_add(b, BATCH_BLOCKED);

		r->lock_no = to->lock_no;
		r->name = g_strdup(code_name(&c->code));
		r->door = g_strdup(to->lock.name);
		r->words = g_strdup(_("no free PIN was found for that lock"));
		g_free(words);
	} else {
		verb_issue(b, w, to, c->code.name, *pin.pin ? pin.pin : NULL,
			   fed					 ? fed
			   : !pin.why && c->code.common_code_key ? c->code.common_code_key
								 : own,
			   from, c->code.ends_at, words);
	}
	g_free(pin_words);
	explicit_bzero(&pin, sizeof pin);
}

/* Who has not begun yet has nothing to fetch. */
static void add_leaving(struct batch *b, struct world *w, const struct code_row *c)
{
	struct instant last = instant_add_ms(w->now, (int64_t)w->profile->move_overlap * MINUTE_MS);
	bool overlaps = w->profile->move_overlap > 0 && has_begun(c, w->now) &&
			(!instant_known(c->code.ends_at) || instant_before(last, c->code.ends_at));
	char at[CIVIL_TEXT_MAX];
	struct batch_row *r;

	if (overlaps) {
		r = verb_change(b, c, last, NULL,
				g_strdup_printf(_("opens until %s, to fetch what is left; then it is gone"),
						civil_near(zone_of(c->zone, w->zone), last, w->now, at)));
	} else {
		r = verb_revoke(b, c, g_strdup(_("revoked as soon as the other room's code is accepted")));
	}
	r->after = 0;
}

static struct batch *make(struct world *w, const struct stay *stay, const struct lock_row *to)
{
	const struct code_row *c = stay->at[0];
	g_autofree char *title =
		g_strdup_printf(_("%1$s moves from %2$s to %3$s"), code_name(&c->code),
				c->lock_name ? c->lock_name : "?", to->lock.name ? to->lock.name : "?");
	struct batch *b = batch_new(title, NULL);

	b->show_made = true;
	add_issue(b, w, c, to);
	add_leaving(b, w, c);
	for (size_t i = 1; i < stay->n; i++)
		batch_add_code(b, BATCH_SAME, stay->at[i])->words =
			g_strdup(_("stays as it is, with the PIN that it has"));
	return b;
}

/* asked: somebody has said that the guest shall go there although the room is another's. */
static void propose(struct app *app, const struct moving *m, bool asked);

static void all_the_same(struct app *app, void *ctx)
{
	propose(app, ctx, true);
}

static void ask_first(struct app *app, const struct moving *m, const struct lock_row *to, const char *taken)
{
	g_autofree char *question =
		g_strdup_printf(_("Move into %s, which is taken?"), to->lock.name ? to->lock.name : "?");
	g_autofree char *detail = g_strdup_printf(_("%s. Whoever moves in could walk in on them."), taken);

	app_ask(app, question, detail, _("Move"), all_the_same, g_memdup2(m, sizeof *m), g_free);
}

static void propose(struct app *app, const struct moving *m, bool asked)
{
	struct world *w = m->world;
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, m->lock_no, w->now, NULL);
	const struct lock_row *to = list && list->rows->len ? cache_list_at(list, struct lock_row, 0) : NULL;
	g_autofree char *taken = NULL;
	struct stay stay;

	stay_read(&stay, w, m->code_no);
	if (stay.n && to && !asked)
		taken = verb_occupant(w, stay.at[0], to,
				      has_begun(stay.at[0], w->now) ? w->now : stay.at[0]->code.starts_at, NULL);
	if (taken)
		ask_first(app, m, to, taken);
	else if (stay.n && to)
		verb_submit(app, w, make(w, &stay, to));
	else
		app_message(app, true, _("This code is not in the cache any more."));
	stay_done(&stay);
}

static void picked(struct app *app, int64_t lock_no, void *ctx)
{
	struct moving m = *(struct moving *)ctx;

	m.lock_no = lock_no;
	propose(app, &m, false);
}

/* Said beside the room's name. */
static char *who_has(int64_t lock_no, void *ctx)
{
	const struct moving *m = ctx;
	struct world *w = m->world;
	OWN(cache_list) struct cache_list *codes = cache_code(w->cache, m->code_no, w->now, NULL);
	OWN(cache_list) struct cache_list *locks = cache_lock(w->cache, lock_no, w->now, NULL);
	const struct code_row *c = codes && codes->rows->len ? cache_list_at(codes, struct code_row, 0) : NULL;
	struct lock_row room;

	if (!c || !locks || !locks->rows->len)
		return NULL;
	room = *cache_list_at(locks, struct lock_row, 0);
	room.lock.name = _("the room");
	return verb_occupant(w, c, &room, has_begun(c, w->now) ? w->now : c->code.starts_at, NULL);
}

void verb_move(struct app *app, struct world *w, const struct code_row *c)
{
	const char *why = action_why_not_edit(c);
	g_autofree char *title = NULL, *detail = NULL;
	struct moving *m;

	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	title = g_strdup_printf(_("%s moves"), code_name(&c->code));
	detail = g_strdup_printf(_("From %s to which room? Type its number or a part of its name."),
				 c->lock_name ? c->lock_name : "?");
	m = g_new(struct moving, 1);
	*m = (struct moving){ w, c->code_no, 0 };
	app_push(app, door_pick_new(app, w,
				    &(struct door_pick){ .title = title,
							 .detail = detail,
							 .without = &c->lock_no,
							 .n_without = 1,
							 .taken = who_has,
							 .done = picked,
							 .ctx = m,
							 .free_ctx = g_free }));
}
