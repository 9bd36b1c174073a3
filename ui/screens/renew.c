/* renew - another PIN for a guest who forgot it or whose PIN others know: the same on all doors of the stay. */
#include <string.h>

#include "core/i18n.h"
#include "core/draft.h"
#include "ui/screens/actions.h"
#include "ui/screens/stay.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

struct renewal {
	struct world *world;
	struct batch *batch;
};

static void renewal_free(void *p)
{
	struct renewal *r = p;

	if (r->batch)
		batch_free(r->batch);
	g_free(r);
}

static void go(struct app *app, void *ctx)
{
	struct renewal *r = ctx;

	verb_submit(app, r->world, g_steal_pointer(&r->batch));
}

/* The codes that can have a chosen PIN; the others are blocked, each with its reason. */
static struct batch *make(struct world *w, const struct stay *stay, const char **why)
{
	const struct code_row *c = stay->at[0];
	g_autofree char *title = g_strdup_printf(_("A new PIN for %s"), code_name(&c->code));
	struct batch *b = batch_new(title, NULL);
	int64_t locks[STAY_DOORS_MAX];
	char pin[PIN_MAX + 1] = "";
	bool can[STAY_DOORS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < stay->n; i++) {
		OWN(cache_list) struct cache_list *list = cache_lock(w->cache, stay->at[i]->lock_no, w->now, NULL);
		struct draft d = { 0 };

		can[i] = list && list->rows->len && !action_why_not_edit(stay->at[i]) &&
			 !draft_pin_is_theirs(&d, &cache_list_at(list, struct lock_row, 0)->lock);
		if (can[i])
			locks[n++] = stay->at[i]->lock_no;
	}
	*why = !can[0] ? _("This lock system chooses the PIN itself: it cannot be changed from here.")
	       : !verb_pin_new(w, locks, n, c->code.code ? (int)strlen(c->code.code) : 0, c->code.starts_at,
			       c->code.ends_at, pin)
		       ? _("No PIN was found that is free on all its doors: e changes them one by one.") : NULL;
	for (size_t i = 0; !*why && i < stay->n; i++) {
		if (can[i])
			verb_change(b, stay->at[i], INSTANT_NONE, pin,
				    g_strdup(_("a new PIN; the old one opens until the lock has it")));
		else
			batch_add_code(b, BATCH_BLOCKED, stay->at[i])->words =
				g_strdup(_("its PIN cannot be chosen from here"));
	}
	explicit_bzero(pin, sizeof pin);
	return b;
}

void verb_renew(struct app *app, struct world *w, const struct code_row *c)
{
	const char *why = action_why_not_edit(c);
	g_autofree char *question = NULL, *doors = NULL;
	struct renewal *r;
	struct stay stay;

	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	stay_read(&stay, w, c->code_no);
	r = g_new0(struct renewal, 1);
	r->world = w;
	r->batch = stay.n ? make(w, &stay, &why) : NULL;
	doors = stay_other_doors(&stay);
	stay_done(&stay);
	if (!r->batch || why) {
		if (why)
			app_message(app, true, "%s", why);
		renewal_free(r);
		return;
	}
	if (doors) {
		go(app, r);
		renewal_free(r);
		return;
	}
	question = g_strdup_printf(_("A new PIN for %1$s on %2$s?"), code_name(&c->code),
				   c->lock_name ? c->lock_name : "?");
	app_ask(app, question,
		_("It is drawn at random; the window stays. Tell the guest: the old PIN opens until the lock has "
		  "the new one, then only the new one does. i shows it."),
		_("New PIN"), go, r, renewal_free);
}
