/* batch_watch - applying a batch and telling its outcome; see the header. */
#include "ui/batch_watch.h"

#include "core/i18n.h"
#include "ui/undo.h"

struct watched {
	char *title;
	GArray *open;   /* of int64_t: intents without an answer */
	int accepted, refused, withdrawn;
	char *first;    /* the first that was refused, and why */
};

static void watched_free(void *p)
{
	struct watched *w = p;

	g_array_unref(w->open);
	g_free(w->title);
	g_free(w->first);
	g_free(w);
}

/* What is queued stays queued, whatever becomes of the note. */
static void note_act(struct app *app, const struct batch *b, guint changes)
{
	const struct world *w = &app->world;
	g_autofree char *about = g_strdup_printf("%u changes from %s", changes, b->source ? b->source : "?");
	g_autoptr(GError) err = NULL;

	if (b->act && !cache_note_act(w->cache, b->act, about, w->operator_name, w->now, &err))
		app_message(app, true, _("This could not be noted: %s"), err->message);
}

bool app_intend_batch(struct app *app, struct batch *b, GError **err)
{
	g_autoptr(GArray) intents = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autofree char *off = app_why_off(app, COMMAND_WRITES);
	struct watched *w;

	if (off) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, _("Nothing is changed: %s."), off);
		return false;
	}
	if (!batch_apply(app->world.cache, b, app->world.operator_name, app->world.now, intents, err))
		return false;
	app_message_clear(app);
	/* What can be undone says so by itself. */
	if (!undo_note(app->undo, (const int64_t *)(const void *)intents->data, intents->len))
		app_message(app, false, P_("Queued: %1$s, %2$u change", "Queued: %1$s, %2$u changes", intents->len),
			    b->title, intents->len);
	app->world.batches_applied++;
	if (b->show_made && intents->len) {
		app->world.made_intent_no = g_array_index(intents, int64_t, 0);
		app->world.made_lock_no = ((const struct batch_row *)g_ptr_array_index(b->rows, 0))->lock_no;
	}
	note_act(app, b, intents->len);
	w = g_new0(struct watched, 1);
	*w = (struct watched){ .title = g_strdup(b->title), .open = g_steal_pointer(&intents) };
	if (!app->batches)
		app->batches = g_ptr_array_new_with_free_func(watched_free);
	g_ptr_array_add(app->batches, w);
	if (app->host.tell_sync)
		app->host.tell_sync("outbox", app->host.ctx);
	app_changed(app, POKE_OUTBOX | POKE_CODES);
	return true;
}

static void note_refused(struct watched *w, const struct intent *in)
{
	w->refused++;
	if (!w->first)
		w->first = g_strdup_printf(_("%1$s on %2$s: %3$s"),
					   in->name ? in->name : _(intent_kind_info(in->kind)->words),
					   in->lock_name ? in->lock_name : _("its door"),
					   in->message ? in->message : _("no reason was given"));
}

static void look(struct app *app, struct watched *w)
{
	for (guint i = w->open->len; i-- > 0;) {
		OWN(cache_list) struct cache_list *list =
			outbox_get(app->world.cache, g_array_index(w->open, int64_t, i), NULL);
		const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;

		if (in && (in->state == INTENT_QUEUED || in->state == INTENT_SENDING))
			continue;
		g_array_remove_index(w->open, i);
		if (in && in->state == INTENT_REFUSED)
			note_refused(w, in);
		else if (in && in->state == INTENT_ACCEPTED)
			w->accepted++;
		else
			w->withdrawn++;
	}
}

static void tell(struct app *app, const struct watched *w)
{
	if (w->refused)
		app_message(app, true, _("%1$s: %2$d accepted, %3$d refused, first %4$s (F8: outbox)"), w->title,
			    w->accepted, w->refused, w->first);
	else if (w->accepted && !(app->message && app->message_bad))
		app_message(app, false, P_("Done: %1$s, %2$d accepted", "Done: %1$s, all %2$d accepted", w->accepted),
			    w->title, w->accepted);
}

void batch_watch_tell(struct app *app)
{
	for (guint i = app->batches ? app->batches->len : 0; i-- > 0;) {
		struct watched *w = g_ptr_array_index(app->batches, i);

		look(app, w);
		if (w->open->len)
			continue;
		tell(app, w);
		g_ptr_array_remove_index(app->batches, i);
	}
}

void batch_watch_free(struct app *app)
{
	if (app->batches)
		g_ptr_array_free(app->batches, TRUE);
}
