/* app_intents - what the screens want done: into the outbox, told as queued only then, and what became
 * of it. */
#include "core/i18n.h"
#include "core/jsonin.h"
#include "ui/app_core.h"
#include "ui/screens/actions.h"
#include "ui/screens/words.h"
#include "ui/tour.h"
#include "ui/undo.h"

void app_made(struct app *app, const int64_t *intents, size_t n)
{
	g_array_append_vals(app->watched, intents, (guint)n);
	undo_note(app->undo, intents, n);
	tour_made(app, intents, n);
	if (app->host.tell_sync)
		app->host.tell_sync("outbox", app->host.ctx);
	app_changed(app, POKE_OUTBOX | POKE_CODES);
}

/* What can be undone says so by itself, until it leaves. */
static void tell_queued(struct app *app, const struct intent *in, size_t n)
{
	if (in[0].undo_ms) {
		app_message_clear(app);
		return;
	}
	if (n > 1)
		app_message(app, false, _("Queued: %s, %u doors"), _(intent_kind_info(in[0].kind)->words),
			    (unsigned)n);
	else
		app_message(app, false, _("Queued: %s%s%s%s"), _(intent_kind_info(in[0].kind)->words),
			    in[0].name ? " " : "", in[0].name ? in[0].name : "",
			    in[0].kind == INTENT_CREATE ? _(" (p shows the PIN)") : "");
}

bool app_intend_all(struct app *app, struct intent *in, size_t n)
{
	g_autofree int64_t *made = g_new(int64_t, n);
	g_autoptr(GError) err = NULL;

	if (!app_may_write(app))
		return false;
	for (size_t i = 0; i < n; i++)
		in[i].made_by = app->world.operator_name;
	if (!outbox_add_all(app->world.cache, in, n, &err)) {
		app_message(app, true, _("Not queued: %s"), err ? err->message : _("the cache is closed"));
		return false;
	}
	/* Only now may anybody read 'queued'. */
	tell_queued(app, in, n);
	for (size_t i = 0; i < n; i++)
		made[i] = in[i].intent_no;
	if (in[0].kind == INTENT_CREATE) {
		app->world.made_intent_no = in[0].intent_no;
		app->world.made_lock_no = in[0].lock_no;
	}
	app_made(app, made, n);
	return true;
}

int64_t app_intend(struct app *app, struct intent *in)
{
	return app_intend_all(app, in, 1) ? MAX(in->intent_no, 1) : 0;
}

char *app_intent_words(const struct intent *in)
{
	bool of_lock = !in->name || !*in->name || g_strcmp0(in->name, in->lock_name) == 0;
	const char *lock = in->lock_name ? in->lock_name : _("this lock");

	if (of_lock)
		return g_strdup_printf("%s %s", _(intent_kind_info(in->kind)->words), lock);
	return g_strdup_printf(_("%s %s on %s"), _(intent_kind_info(in->kind)->words), in->name, lock);
}

static void tell_refused(struct app *app, const struct intent *in)
{
	g_autofree char *what = app_intent_words(in);

	app_message(app, true, _("Refused: %s: %s (o: outbox)"), what,
		    in->message ? in->message : _("no reason was given"));
}

/* A spare need not begin when the guest needs it. NULL: it has not been heard of yet. */
static char *spare_words(struct app *app, int64_t code_no)
{
	OWN(cache_list) struct cache_list *list = cache_code(app->world.cache, code_no, app->world.now, NULL);

	if (!list || !list->rows->len)
		return NULL;
	return action_backup_words(&app->world, cache_list_at(list, struct code_row, 0));
}

/* A PIN that is handed over and does not open yet sends its guest back to the desk. NULL: it opens, or is about to. */
static char *opens_from(struct app *app, const struct intent *in)
{
	OWN(cache_list) struct cache_list *list =
		in->access_code_id ? cache_code(app->world.cache, cache_code_no(app->world.cache, in->access_code_id),
						app->world.now, NULL)
				   : NULL;
	const struct code_row *c = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	g_autofree char *starts = jsonin_text(in->params, "starts_at");
	const struct zone *z = zone_of(c ? c->zone : NULL, app->world.zone);
	struct instant from = INSTANT_NONE;
	char at[CIVIL_TEXT_MAX];

	if (starts)
		instant_parse(starts, -1, &from);
	if (instant_known(from) && instant_diff_ms(from, app->world.now) >= MINUTE_MS)
		return g_strdup_printf(_("opens from %s"), civil_near(z, from, app->world.now, at));
	/* A lock that only polls has it when it comes by. */
	from = c ? words_written_at(&c->code) : INSTANT_NONE;
	if (!instant_known(from) || instant_diff_ms(from, app->world.now) < MINUTE_MS)
		return NULL;
	return g_strdup_printf(_("on the lock from %s"), civil_near(z, from, app->world.now, at));
}

static void tell_accepted(struct app *app, const struct intent *in, int n)
{
	g_autofree char *what = app_intent_words(in), *more = NULL;

	/* A reason to act is not covered by good news. */
	if (app->message && app->message_bad)
		return;
	if (n > 1) {
		app_message(app, false, _("Done: %s and %d more"), what, n - 1);
		return;
	}
	more = in->message			    ? g_strdup(in->message)
	       : in->kind == INTENT_PULL_BACKUP ? spare_words(app, in->code_no)
	       : in->kind == INTENT_CREATE	    ? opens_from(app, in) : NULL;
	app_message(app, false, _("Done: %s%s%s%s"), what, more ? ": " : "", more ? more : "",
		    in->kind == INTENT_CREATE ? _(" (p shows the PIN)") : "");
}

/* What became of those made here: 'queued' is not yet an answer. */
void app_tell_outcomes(struct app *app)
{
	OWN(cache_list) struct cache_list *accepted = NULL, *refused = NULL;
	int done = 0;

	for (guint i = app->watched->len; i-- > 0;) {
		OWN(cache_list) struct cache_list *list =
			outbox_get(app->world.cache, g_array_index(app->watched, int64_t, i), NULL);
		const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;
		struct cache_list **kept = in && in->state == INTENT_ACCEPTED ? &accepted
					   : in && in->state == INTENT_REFUSED ? &refused : NULL;

		if (in && (in->state == INTENT_QUEUED || in->state == INTENT_SENDING))
			continue;
		g_array_remove_index(app->watched, i);
		done += kept == &accepted;
		if (!kept)
			continue;
		if (*kept)
			cache_list_free(*kept);
		*kept = g_steal_pointer(&list);
	}
	if (refused)
		tell_refused(app, cache_list_at(refused, struct intent, 0));
	else if (accepted)
		tell_accepted(app, cache_list_at(accepted, struct intent, 0), done);
}
