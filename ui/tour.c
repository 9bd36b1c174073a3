/* tour - the life of the tour; see tour.h. */
#include "ui/tour_own.h"

#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"

const struct tour_step *tour_now(const struct tour *t)
{
	return t->at < TOUR_STEPS_MAX ? &tour_step[t->at] : NULL;
}

int tour_count(const struct tour *t, int until)
{
	int n = 0;

	for (int i = 0; i < until && tour_step[i].id; i++)
		n += (t->steps & 1U << i) != 0;
	return n;
}

enum view tour_view(const struct tour *t)
{
	GPtrArray *stack = t->app->stack;

	for (guint i = stack->len; i-- > 0;) {
		enum view v = ((struct screen *)stack->pdata[i])->ops->view;

		if (v != VIEW_ANY && v != VIEW_PALETTE)
			return v;
	}
	return VIEW_ANY;
}

/* The first step from there on. */
static void go_to(struct tour *t, int at)
{
	while (tour_step[at].id && !(t->steps & 1U << at))
		at++;
	t->at = tour_step[at].id ? at : TOUR_STEPS_MAX;
	t->last = COMMAND_NONE;
	memset(t->ran, 0, sizeof t->ran);
	t->made = 0;
	t->ends_later = false;
	t->lines = t->app->past_lines->len;
	app_redraw(t->app);
}

const char *tour_why_not(const struct app *app)
{
	return app->world.demo
		       ? NULL
		       : _("The tour makes and revokes codes, so it runs on a house that is not there: "
			   "keyrack demo --tour.");
}

static void begin(struct app *app)
{
	struct tour *t = g_new0(struct tour, 1);

	t->app = app;
	for (int i = 0; tour_step[i].id; i++)
		if (!tour_step[i].writes || !app->world.read_only)
			t->steps |= 1U << i;
	app->tour = t;
	go_to(t, 0);
	tour_look(app);
}

static void end(struct app *app)
{
	tour_free(app->tour);
	app->tour = NULL;
	app_message(app, false, "%s", _("The tour has ended; 'tour' among the commands begins it again."));
}

void tour_toggle(struct app *app)
{
	if (app->tour)
		end(app);
	else if (tour_why_not(app))
		app_message(app, true, "%s", tour_why_not(app));
	else
		begin(app);
}

void tour_next(struct app *app)
{
	struct tour *t = app->tour;

	if (!t)
		app_message(app, false, "%s", _("The tour is not under way; 'tour' among the commands begins it."));
	else if (t->at >= TOUR_STEPS_MAX)
		end(app);
	else
		go_to(t, t->at + 1);
}

void tour_free(struct tour *t)
{
	if (!t)
		return;
	g_free(t->guest);
	g_free(t);
}

bool tour_key(struct app *app, const struct key *k)
{
	if (!app->tour || keymap_find(VIEW_ANY, k) != COMMAND_TOUR_NEXT)
		return false;
	tour_next(app);
	return true;
}

void tour_ran(struct app *app, enum command c)
{
	struct tour *t = app->tour;

	if (!t)
		return;
	t->ran[c / 64] |= UINT64_C(1) << (c % 64);
	t->last = c;
}

static bool lets_last_longer(struct app *app, const struct intent *in)
{
	OWN(cache_list) struct cache_list *list =
		in->code_no ? cache_code(app->world.cache, in->code_no, app->world.now, NULL) : NULL;
	g_autofree char *ends = jsonin_text(in->params, "ends_at");
	struct instant end = INSTANT_NONE;

	if (!list || !list->rows->len || !ends || !instant_parse(ends, -1, &end))
		return false;
	return instant_before(cache_list_at(list, struct code_row, 0)->code.ends_at, end);
}

void tour_made(struct app *app, const int64_t *intents, size_t n)
{
	struct tour *t = app->tour;

	for (size_t i = 0; t && i < n; i++) {
		OWN(cache_list) struct cache_list *list = outbox_get(app->world.cache, intents[i], NULL);

		if (!list || !list->rows->len)
			continue;
		t->made |= 1U << cache_list_at(list, struct intent, 0)->kind;
		t->ends_later = t->ends_later || lets_last_longer(app, cache_list_at(list, struct intent, 0));
		if (cache_list_at(list, struct intent, 0)->kind == INTENT_DELETE)
			t->revoked_no = intents[i];
	}
}

void tour_look(struct app *app)
{
	struct tour *t = app->tour;

	if (!t || !tour_now(t))
		return;
	/* The demo's house may still be on its way here when the tour begins. */
	if (!t->guest)
		t->guest = tour_pick_guest(&app->world);
	if (tour_now(t)->done(t, tour_now(t)->what))
		go_to(t, t->at + 1);
}
