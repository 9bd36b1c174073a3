/* door_add - one more door for a stay: the gym, the garage. Same PIN where that lock takes it, same window. */
#include <string.h>

#include "core/draft.h"
#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/stay.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

struct adding {
	struct world *world;
	int64_t code_no;
	struct batch *batch; /* waits for a yes */
};

static void adding_free(void *p)
{
	struct adding *a = p;

	if (a->batch)
		batch_free(a->batch);
	g_free(a);
}

static void go(struct app *app, void *ctx)
{
	struct adding *a = ctx;

	verb_submit(app, a->world, g_steal_pointer(&a->batch));
}

/* *why gets the reason for another PIN; NULL: it is the same. */
static struct batch *make(struct world *w, const struct code_row *c, const struct lock_row *to, const char **why)
{
	bool bound = instant_known(c->code.ends_at);
	bool begun = !instant_known(c->code.starts_at) || !instant_before(w->now, c->code.starts_at);
	struct instant from = !bound ? INSTANT_NONE
			      : begun ? draft_soonest(pin_rules_of(&to->lock).rules, w->now) : c->code.starts_at;
	g_autofree char *uuid = g_uuid_string_random(), *own = g_strconcat("keyrack-", uuid, NULL);
	struct batch *b = batch_new(_("One more door"), NULL);
	char pin[PIN_MAX + 1] = "";
	struct draft d = { 0 };
	bool theirs = draft_pin_is_theirs(&d, &to->lock);

	*why = theirs ? _("that lock's maker chooses the PIN")
		      : verb_pin_why_not(w, to, c->code.code, from, c->code.ends_at);
	if (!*why)
		g_strlcpy(pin, c->code.code, sizeof pin);
	else if (!theirs && !verb_pin_new(w, &to->lock_no, 1, c->code.code ? (int)strlen(c->code.code) : 0, from,
					  c->code.ends_at, pin)) {
		batch_add(b, BATCH_BLOCKED)->words = g_strdup(_("No free PIN was found for that lock."));
		return b;
	}
	verb_issue(b, w, to, c->code.name, theirs ? NULL : pin,
		   !*why && c->code.common_code_key ? c->code.common_code_key : own, from, c->code.ends_at, NULL);
	explicit_bzero(pin, sizeof pin);
	return b;
}

static void picked(struct app *app, int64_t lock_no, void *ctx)
{
	struct adding *a = ctx, *waits;
	struct world *w = a->world;
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, lock_no, w->now, NULL);
	OWN(cache_list) struct cache_list *code = cache_code(w->cache, a->code_no, w->now, NULL);
	g_autofree char *question = NULL, *detail = NULL, *taken = NULL;
	const struct lock_row *to = list && list->rows->len ? cache_list_at(list, struct lock_row, 0) : NULL;
	const struct code_row *c = code && code->rows->len ? cache_list_at(code, struct code_row, 0) : NULL;
	struct batch *b;
	struct stay stay;
	const char *why;

	if (!to || !c) {
		app_message(app, true, _("This code is not in the cache any more."));
		return;
	}
	stay_read(&stay, w, a->code_no);
	taken = verb_occupant(w, c, to, instant_known(c->code.starts_at) && instant_before(w->now, c->code.starts_at)
						? c->code.starts_at : w->now, &stay);
	stay_done(&stay);
	b = make(w, c, to, &why);
	if ((!why && !taken) || batch_count(b, BATCH_BLOCKED)) {
		verb_submit(app, w, b);
		return;
	}
	/* A room that somebody sleeps in is asked about before a PIN. */
	question = g_strdup_printf(taken ? _("%1$s for %2$s too?") : _("%1$s for %2$s, with another PIN?"),
				   to->lock.name ? to->lock.name : "?", code_name(&c->code));
	detail = taken ? g_strdup_printf(_("%s. Whoever has this PIN could then walk in."), taken)
		       : g_strdup_printf(
				 _("The PIN that the guest has cannot be used there: %s. i shows the other one."),
				 why);
	waits = g_new0(struct adding, 1);
	*waits = (struct adding){ w, a->code_no, b };
	(taken ? app_ask : app_offer)(app, question, detail, _("Add"), go, waits, adding_free);
}

void verb_add_door(struct app *app, struct world *w, const struct code_row *c)
{
	const char *why = action_why_not_edit(c);
	g_autofree char *detail = NULL;
	int64_t doors[STAY_DOORS_MAX];
	struct adding *a;
	struct stay stay;

	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	stay_read(&stay, w, c->code_no);
	for (size_t i = 0; i < stay.n; i++)
		doors[i] = stay.at[i]->lock_no;
	detail = g_strdup_printf(_("Which door is %s to open too, with the same PIN and for the same time?"),
				 code_name(&c->code));
	a = g_new0(struct adding, 1);
	*a = (struct adding){ w, c->code_no, NULL };
	app_push(app, door_pick_new(app, w,
				    &(struct door_pick){ .title = _("One more door"),
							 .detail = detail,
							 .without = doors,
							 .n_without = stay.n,
							 .shared_first = true,
							 .done = picked,
							 .ctx = a,
							 .free_ctx = adding_free }));
	stay_done(&stay);
}
