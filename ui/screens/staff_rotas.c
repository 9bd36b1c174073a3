/* staff_rotas - see the header. */
#include "ui/screens/staff_rotas.h"

#include "core/i18n.h"
#include "feed/rota_plan.h"
#include "ui/screens/actions.h"
#include "ui/screens/rota_form.h"
#include "ui/screens/words.h"

struct at_line { /* of one door */
	int64_t rota_no, lock_no, code_no, intent_no;
	bool held;
	char *name;
};
struct staff_rotas {
	struct app *app;
	struct world *world;
	GPtrArray *lines; /* of struct at_line *; the ref of one is -1 - its index */
};

static void line_free(void *data)
{
	g_free(((struct at_line *)data)->name);
	g_free(data);
}

struct staff_rotas *staff_rotas_new(struct app *app, struct world *w)
{
	struct staff_rotas *s = g_new0(struct staff_rotas, 1);

	s->app = app;
	s->world = w;
	s->lines = g_ptr_array_new_with_free_func(line_free);
	return s;
}

void staff_rotas_free(struct staff_rotas *s)
{
	g_ptr_array_unref(s->lines);
	g_free(s);
}

/* "Gym: has its code, tomorrow 08:00 to 14:00". */
static char *door_words(const struct world *w, const struct rota *r, const struct rota_at *at, enum role *role)
{
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];
	const char *words = instant_known(r->held_at) ? _("suspended") : at->words;

	*role = instant_known(r->held_at) || at->sign == BATCH_BLOCKED ? ROLE_WARN
		: at->sign == BATCH_SAME			       ? ROLE_TEXT
								       : ROLE_PENDING;
	if (!instant_known(at->next.from))
		return g_strdup_printf("%s: %s", at->door, words);
	return g_strdup_printf(_("%1$s: %2$s, %3$s to %4$s"), at->door, words,
			       civil_near(at->zone, at->next.from, w->now, from),
			       civil_clock(at->zone, at->next.until, until));
}

static void add_one(struct staff_rotas *s, struct page *page, const struct rota *r)
{
	const struct world *w = s->world;
	OWN(rota_plan) struct rota_plan *plan = rota_plan_make(w->cache, r, w->zone, w->now, NULL);
	g_autofree char *hours = rota_hours_text(&r->hours);
	g_autofree char *head = g_strdup_printf("%s  %s", r->name, hours);

	page_heading(page, head);
	for (guint i = 0; plan && i < plan->at->len; i++) {
		const struct rota_at *at = plan->at->pdata[i];
		struct at_line *l = g_new0(struct at_line, 1);
		enum role role;
		char *words = door_words(w, r, at, &role);

		*l = (struct at_line){
			r->rota_no,	  at->lock_no, at->code_no, at->intent_no, instant_known(r->held_at),
			g_strdup(r->name)
		};
		g_ptr_array_add(s->lines, l);
		page_add(page, NULL, words, role, -(int64_t)s->lines->len);
	}
}

guint staff_rotas_fill(struct staff_rotas *s, struct page *page)
{
	OWN(cache_list) struct cache_list *list = cache_rotas(s->world->cache, INSTANT_MAX, NULL);

	g_ptr_array_set_size(s->lines, 0);
	for (guint i = 0; list && i < list->rows->len; i++)
		add_one(s, page, cache_list_at(list, struct rota, i));
	return list ? list->rows->len : 0;
}

static const struct at_line *line_of(const struct staff_rotas *s, int64_t ref)
{
	return ref < 0 && -ref <= (int64_t)s->lines->len ? s->lines->pdata[-ref - 1] : NULL;
}

/* ---- commands ---- */

struct asked { /* waits for a yes */
	struct world *world;
	int64_t rota_no;
	bool end, hold;
	char *name;
};

static void asked_free(void *p)
{
	g_free(((struct asked *)p)->name);
	g_free(p);
}

static void go(struct app *app, void *ctx)
{
	struct asked *a = ctx;
	struct world *w = a->world;
	g_autoptr(GError) err = NULL;
	bool ok = a->end ? cache_rota_end(w->cache, a->rota_no, w->operator_name, w->now, &err)
			 : cache_rota_hold(w->cache, a->rota_no, a->hold, w->operator_name, w->now, &err);

	if (!ok)
		app_message(app, true, _("Nothing was changed: %s"), err ? err->message : "");
	else
		rota_changed(app, w, a->rota_no,
			     a->end    ? "rota ended"
			     : a->hold ? "rota suspended"
				       : "rota resumed",
			     a->name);
}

static void ask(struct staff_rotas *s, const struct at_line *l, bool end)
{
	struct asked *a = g_new0(struct asked, 1);
	g_autofree char *question = g_strdup_printf(end	      ? _("End the rota of %s?")
						    : l->held ? _("Let %s in again?")
							      : _("Suspend the rota of %s?"),
						    l->name);

	*a = (struct asked){ s->world, l->rota_no, end, !l->held, g_strdup(l->name) };
	app_ask(s->app, question,
		end	  ? _("Its codes are revoked on all of its doors, and no more are made.")
		: l->held ? _("Its codes are made again, with the same PIN.")
			  : _("Its codes are revoked. The rota is kept here: z lets them in again."),
		end ? _("End it") : l->held ? _("Let in") : _("Suspend"), go, a, asked_free);
}

bool staff_rotas_command(struct staff_rotas *s, int64_t ref, enum command c)
{
	const struct at_line *l = line_of(s, ref);
	struct app *app = s->app;

	if (!l)
		return false;
	if (c == COMMAND_HOLD || c == COMMAND_REVOKE) {
		ask(s, l, c == COMMAND_REVOKE);
	} else if (c == COMMAND_EDIT) {
		app_push(app, rota_form_new(app, s->world, l->rota_no));
	} else if (c == COMMAND_EVENTS) {
		app_push(app, events_new(app, s->world, l->lock_no, l->code_no));
	} else if (c == COMMAND_OPEN) {
		app_push(app, l->code_no ? code_new(app, s->world, l->code_no) : lock_new(app, s->world, l->lock_no));
	} else if (c == COMMAND_CHECK_IN && (l->code_no || l->intent_no)) {
		app_push(app, checkin_new(app, s->world, l->code_no, l->code_no ? 0 : l->intent_no));
	} else if (c == COMMAND_CHECK_IN || c == COMMAND_RENEW || c == COMMAND_ADD_DOOR) {
		app_message(app, true,
			    c == COMMAND_CHECK_IN ? _("There is no code of it at this door now.")
						  : _("e changes the rota."));
	} else {
		return false;
	}
	return true;
}

const char *staff_rotas_hint(struct staff_rotas *s, int64_t ref, enum command c)
{
	const struct at_line *l = line_of(s, ref);

	if (l && c == COMMAND_HOLD && l->held)
		return _("let in again");
	return l && c == COMMAND_REVOKE ? _("end") : NULL;
}
