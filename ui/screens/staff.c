/* staff - who has codes without an end, person by person: on which doors, when they were used last. z
 * suspends somebody on all doors at once, and lets them in again.
 *
 * A person is a name; the same name on two doors is one person. */
#include <string.h>

#include "cache/staff.h"
#include "core/i18n.h"
#include "ui/app_core.h"
#include "ui/screens/actions.h"
#include "ui/screens/page.h"
#include "ui/screens/rota_form.h"
#include "ui/screens/staff_rotas.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

#define LABEL_CELLS 26

struct staff {
	struct screen base;
	struct cache_list *list; /* struct staff_row; the ref of a line is the index in it, and one */
	struct page page;
	struct staff_rotas *rotas;
	guint n_rotas;
	bool stale;
};

static const struct staff_row *row_at(const struct staff *s, guint i)
{
	return s->list && i < s->list->rows->len ? cache_list_at(s->list, struct staff_row, i) : NULL;
}

static int64_t chosen_ref(const struct staff *s)
{
	const struct page_line *l = page_chosen(&s->page);

	return l ? l->ref : 0;
}

static const struct staff_row *chosen(const struct staff *s)
{
	int64_t ref = chosen_ref(s);

	return ref > 0 ? row_at(s, (guint)ref - 1) : NULL;
}

static bool is_suspended(const struct staff_row *r)
{
	return !r->code_no && !r->intent_no;
}

static bool same_person(const struct staff_row *a, const struct staff_row *b)
{
	return a && b && g_strcmp0(a->name_folded, b->name_folded) == 0;
}

/* ---- what is shown ---- */

static const char *name_of(const struct staff_row *r)
{
	return r->name && *r->name ? r->name : _("(no name)");
}

static char *use_words(const struct staff *s, const struct staff_row *r)
{
	const struct world *w = s->base.world;
	char at[CIVIL_TEXT_MAX];

	if (!instant_known(r->last_used))
		return g_strdup(_("not used yet"));
	return g_strdup_printf(_("last used %s"), civil_near(zone_of(r->zone, w->zone), r->last_used, w->now, at));
}

/* One door: "Gym: set, last used 21:16". */
static char *door_words(const struct staff *s, const struct staff_row *r, enum role *role)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = r->code_no ? cache_code(w->cache, r->code_no, w->now, NULL) : NULL;
	const struct code_row *c = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	g_autofree char *used = use_words(s, r), *intent = c ? words_intent(c) : NULL;
	const char *door = r->lock_name ? r->lock_name : "?";
	char at[CIVIL_TEXT_MAX];

	if (r->intent_no) {
		*role = r->intent_state == INTENT_REFUSED ? ROLE_ALARM : ROLE_PENDING;
		return g_strdup_printf(_("%1$s: new code %2$s"), door,
				       _(intent_state_word((enum intent_state)r->intent_state)));
	}
	if (!c) {
		*role = ROLE_WARN;
		return g_strdup_printf(
			_("%1$s: suspended %2$s by %3$s%4$s"), door, civil_near(w->zone, r->suspended_at, w->now, at),
			r->suspended_by ? r->suspended_by : "?", r->has_pin ? "" : _(", PIN not known"));
	}
	*role = words_state_role(c);
	return g_strdup_printf("%s: %s, %s%s", door, intent ? intent : words_state_short(c), used,
			       r->has_pin ? "" : _(", PIN not known"));
}

static void fill(struct staff *s)
{
	g_clear_pointer(&s->list, cache_list_free);
	s->list = cache_staff(s->base.world->cache, NULL);
	s->stale = false;
	page_clear(&s->page);
	for (guint i = 0; row_at(s, i); i++) {
		const struct staff_row *r = row_at(s, i);
		enum role role;
		char *words = door_words(s, r, &role);

		page_add(&s->page, same_person(r, i ? row_at(s, i - 1) : NULL) ? NULL : name_of(r), words, role,
			 (int64_t)i + 1);
	}
	s->n_rotas = staff_rotas_fill(s->rotas, &s->page);
	if (!row_at(s, 0) && !s->n_rotas)
		page_add(&s->page, NULL, g_strdup(_("Nobody has a code without an end. n makes one.")), ROLE_DIM, 0);
}

static void count(const struct staff *s, guint *people, guint *suspended)
{
	*people = *suspended = 0;
	for (guint i = 0; row_at(s, i); i++) {
		*people += !same_person(row_at(s, i), i ? row_at(s, i - 1) : NULL);
		*suspended += is_suspended(row_at(s, i));
	}
}

static void draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct staff *s = (struct staff *)screen;
	guint people, suspended;
	g_autofree char *head = NULL;

	if (s->stale)
		fill(s);
	count(s, &people, &suspended);
	head = suspended ? g_strdup_printf(_("Codes without an end: %1$u people; doors suspended: %2$u"), people,
					   suspended)
			 : g_strdup_printf(
				   P_("Codes without an end: %u person", "Codes without an end: %u people", people),
				   people);
	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	grid_put(g, area.row, area.col + 1, area.cols - 2, head, ROLE_HEADER);
	page_draw(&s->page, g, (struct rect){ area.row + 1, area.col, area.rows - 1, area.cols });
	if (g->cursor_row < 0) {
		g->cursor_row = area.row;
		g->cursor_col = 1;
	}
}

/* ---- suspending ---- */

/* What waits for a yes: the batch, and what is kept or forgotten with it. */
struct holding {
	struct world *world;
	struct batch *batch;
	bool resume;
	char *name, *name_folded;
	GArray *codes, *locks; /* of int64_t */
};

static void holding_free(void *p)
{
	struct holding *h = p;

	batch_free(h->batch);
	g_array_unref(h->codes);
	g_array_unref(h->locks);
	g_free(h->name);
	g_free(h->name_folded);
	g_free(h);
}

static void forget_all(const struct holding *h)
{
	for (guint i = 0; i < h->locks->len; i++)
		cache_staff_forget(h->world->cache, g_array_index(h->locks, int64_t, i), h->name_folded, NULL);
}

/* What is revoked is kept first: a crash between the two leaves a code that is there, and is not shown
 * as suspended. */
static void go(struct app *app, void *ctx)
{
	struct holding *h = ctx;
	struct world *w = h->world;
	g_autoptr(GError) err = NULL;
	bool ok = true;

	for (guint i = 0; ok && i < h->codes->len; i++)
		ok = cache_staff_keep(w->cache, g_array_index(h->codes, int64_t, i), w->operator_name, w->now, &err);
	ok = ok && app_intend_batch(app, h->batch, &err);
	if (ok == h->resume)
		forget_all(h);
	if (ok)
		cache_note_act(w->cache, h->resume ? "resumed" : "suspended", h->name, w->operator_name, w->now, NULL);
	else
		app_message(app, true, _("Nothing was changed: %s"), err ? err->message : "");
}

static void add_name(GString *all, const char *name)
{
	g_string_append_printf(all, "%s%s", all->len ? ", " : "", name ? name : "?");
}

/* False: this code cannot be revoked. */
static bool add_revoke(struct holding *h, const struct staff_row *r, GString *doors)
{
	struct world *w = h->world;
	OWN(cache_list) struct cache_list *list = cache_code(w->cache, r->code_no, w->now, NULL);
	const struct code_row *c = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	const char *hint = c ? code_hint(c, COMMAND_REVOKE) : "";

	if (hint && !*hint)
		return false;
	verb_revoke(h->batch, c, NULL);
	g_array_append_val(h->codes, r->code_no);
	g_array_append_val(h->locks, r->lock_no);
	add_name(doors, r->lock_name);
	return true;
}

/* The same PIN where nobody has got it, or one like it, meanwhile. */
static bool add_again(struct holding *h, const struct staff_row *r, GString *doors, GString *others)
{
	struct world *w = h->world;
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, r->lock_no, w->now, NULL);
	const struct lock_row *lock = list && list->rows->len ? cache_list_at(list, struct lock_row, 0) : NULL;
	g_autofree char *kept = cache_staff_pin(w->cache, r->lock_no, r->name_folded);
	g_autofree char *uuid = g_uuid_string_random(), *key = g_strconcat("keyrack-", uuid, NULL);
	const char *why = lock ? verb_pin_why_not(w, lock, kept, INSTANT_NONE, INSTANT_NONE) : NULL;
	char pin[PIN_MAX + 1] = "";
	bool ok = lock != NULL;

	if (ok && !why)
		g_strlcpy(pin, kept, sizeof pin);
	else if (ok)
		ok = verb_pin_new(w, &r->lock_no, 1, kept ? (int)strlen(kept) : 0, INSTANT_NONE, INSTANT_NONE, pin);
	if (ok)
		ok = verb_issue(h->batch, w, lock, r->name, pin, key, INSTANT_NONE, INSTANT_NONE, NULL)->sign ==
		     BATCH_ISSUE;
	if (ok) {
		g_array_append_val(h->locks, r->lock_no);
		add_name(why ? others : doors, r->lock_name);
	}
	if (kept)
		explicit_bzero(kept, strlen(kept));
	explicit_bzero(pin, sizeof pin);
	return ok;
}

static void ask(struct app *app, struct holding *h, GString *doors, GString *others, GString *not_possible)
{
	g_autofree char *question = NULL, *detail = NULL, *cannot = NULL;

	g_string_prepend(others,
			 others->len ? _(" Another PIN, since the old one is somebody else's or like it: ") : "");
	cannot = not_possible->len ? g_strdup_printf(_(" Not possible: %s."), not_possible->str) : g_strdup("");
	if (h->resume) {
		question = g_strdup_printf(_("Let %s in again?"), h->name);
		detail = g_strdup_printf("%s%s%s%s", doors->len ? _("The same PIN: ") : "", doors->str, others->str,
					 cannot);
	} else {
		question = g_strdup_printf(_("Suspend %1$s on %2$s?"), h->name, doors->str);
		detail = g_strdup_printf(
			"%s%s", _("Revoked there. Name, doors and PIN are kept here: z lets them in again."), cannot);
	}
	app_ask(app, question, detail, h->resume ? _("Let in") : _("Suspend"), go, h, holding_free);
}

static bool is_active(const struct staff *s, const struct staff_row *person)
{
	for (guint i = 0; row_at(s, i); i++)
		if (same_person(row_at(s, i), person) && row_at(s, i)->code_no)
			return true;
	return false;
}

static void hold(struct staff *s)
{
	const struct staff_row *person = chosen(s);
	g_autoptr(GString) doors = g_string_new(NULL), others = g_string_new(NULL), not_possible = g_string_new(NULL);
	g_autofree char *title = NULL;
	struct holding *h;

	if (!person)
		return;
	h = g_new0(struct holding, 1);
	h->world = s->base.world;
	h->resume = !is_active(s, person);
	h->name = g_strdup(name_of(person));
	h->name_folded = g_strdup(person->name_folded);
	h->codes = g_array_new(FALSE, FALSE, sizeof(int64_t));
	h->locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	title = g_strdup_printf(h->resume ? _("%s again") : _("%s suspended"), h->name);
	h->batch = batch_new(title, NULL);
	for (guint i = 0; row_at(s, i); i++) {
		const struct staff_row *r = row_at(s, i);

		if (!same_person(r, person) || r->intent_no || is_suspended(r) != h->resume)
			continue;
		if (!(h->resume ? add_again(h, r, doors, others) : add_revoke(h, r, doors)))
			add_name(not_possible, r->lock_name);
	}
	if (h->locks->len) {
		ask(s->base.app, h, doors, others, not_possible);
		return;
	}
	app_message(s->base.app, true,
		    h->resume ? _("No door takes a code for them now.") : _("It is being removed already."));
	holding_free(h);
}

/* ---- forgetting who has left for good ---- */

static void forget(struct app *app, void *ctx)
{
	struct holding *h = ctx;

	forget_all(h);
	app_message(app, false, _("%s is not kept any more."), h->name);
	app_changed(app, POKE_CODES);
}

static void ask_forget(struct staff *s, const struct staff_row *r)
{
	struct holding *h = g_new0(struct holding, 1);
	g_autofree char *question =
		g_strdup_printf(_("Forget that %1$s had %2$s?"), name_of(r), r->lock_name ? r->lock_name : "?");

	h->world = s->base.world;
	h->name = g_strdup(name_of(r));
	h->name_folded = g_strdup(r->name_folded);
	h->codes = g_array_new(FALSE, FALSE, sizeof(int64_t));
	h->locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	h->batch = batch_new("", NULL);
	g_array_append_val(h->locks, r->lock_no);
	app_ask(s->base.app, question,
		_("The code is gone from the lock already. What was kept of it is deleted too."), _("Forget"), forget,
		h, holding_free);
}

/* ---- commands ---- */

static bool on_code(struct staff *s, const struct staff_row *r, enum command c)
{
	struct world *w = s->base.world;
	OWN(cache_list) struct cache_list *list = r->code_no ? cache_code(w->cache, r->code_no, w->now, NULL) : NULL;

	return action_run(s->base.app, w, c, r->lock_no,
			  list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL);
}

static bool command(struct screen *screen, enum command c, int n)
{
	struct staff *s = (struct staff *)screen;
	const struct staff_row *r = chosen(s);
	struct app *app = screen->app;

	if (page_command(&s->page, c, n) || staff_rotas_command(s->rotas, chosen_ref(s), c))
		return true;
	switch ((int)c) {
	case COMMAND_HOLD:
		hold(s);
		return true;
	case COMMAND_OPEN:
		if (r && r->code_no)
			app_push(app, code_new(app, screen->world, r->code_no));
		else if (r)
			app_push(app, lock_new(app, screen->world, r->lock_no));
		return true;
	case COMMAND_NEW:
		app_push(app, rota_form_new(app, screen->world, 0));
		return true;
	case COMMAND_EVENTS:
		if (r)
			app_push(app, events_new(app, screen->world, r->lock_no, r->code_no));
		return true;
	case COMMAND_REVOKE:
		if (r && is_suspended(r))
			ask_forget(s, r);
		else if (r && r->code_no)
			on_code(s, r, c);
		else if (r)
			app_push(app, outbox_new(app, screen->world));
		return true;
	case COMMAND_EDIT:
	case COMMAND_RENEW:
	case COMMAND_ADD_DOOR:
	case COMMAND_CHECK_IN:
		if (r && r->code_no)
			on_code(s, r, c);
		else if (r)
			app_message(app, true, is_suspended(r) ? _("Suspended: z lets them in again.")
							       : _("It has not been sent yet: o opens the outbox."));
		return true;
	default:
		return false;
	}
}

static const char *hint(struct screen *screen, enum command c)
{
	struct staff *s = (struct staff *)screen;
	const struct staff_row *r = chosen(s);

	if (c == COMMAND_BACK || c == COMMAND_HELP || c == COMMAND_NEW)
		return NULL;
	if (chosen_ref(s) < 0)
		return staff_rotas_hint(s->rotas, chosen_ref(s), c);
	if (!r)
		return "";
	if (c == COMMAND_HOLD)
		return is_active(s, r) ? NULL : _("let in again");
	if (c == COMMAND_REVOKE)
		return is_suspended(r) ? _("forget") : r->code_no ? NULL : "";
	return r->code_no || c == COMMAND_OPEN ? NULL : "";
}

static bool changed(struct screen *screen, unsigned mask)
{
	(void)mask;
	((struct staff *)screen)->stale = true;
	return true;
}

static void staff_free(struct screen *screen)
{
	struct staff *s = (struct staff *)screen;

	if (s->list)
		cache_list_free(s->list);
	page_done(&s->page);
	staff_rotas_free(s->rotas);
	g_free(s);
}

static const struct screen_ops ops = {
	.name = N_("Staff"),
	.view = VIEW_STAFF,
	.draw = draw,
	.command = command,
	.changed = changed,
	.hint = hint,
	.free = staff_free,
};

struct screen *staff_new(struct app *app, struct world *w)
{
	struct staff *s = g_new0(struct staff, 1);

	s->base = (struct screen){ .ops = &ops, .app = app, .world = w };
	page_init(&s->page, LABEL_CELLS);
	s->rotas = staff_rotas_new(app, w);
	fill(s);
	return &s->base;
}
