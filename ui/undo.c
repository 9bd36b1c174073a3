/* undo - see the header. */
#include "ui/undo.h"

#include "core/i18n.h"
#include "core/text.h"
#include "ui/app_core.h"

struct act {
	char *what;
	GArray *intents; /* of int64_t */
	int left;        /* seconds */
};
struct undo {
	struct app *app;
	GPtrArray *acts; /* of struct act, the last one last */
	unsigned made;
	unsigned timer;
	int64_t last_no; /* what was done since and cannot be taken back; 0: nothing */
};

static void act_free(void *p)
{
	struct act *a = p;

	g_free(a->what);
	g_array_unref(a->intents);
	g_free(a);
}

struct undo *undo_new(struct app *app)
{
	struct undo *u = g_new0(struct undo, 1);

	u->app = app;
	u->acts = g_ptr_array_new_with_free_func(act_free);
	return u;
}

void undo_free(struct undo *u)
{
	if (u->timer)
		g_source_remove(u->timer);
	g_ptr_array_free(u->acts, TRUE);
	g_free(u);
}

static struct act *last_of(const struct undo *u)
{
	return u->acts->len ? g_ptr_array_index(u->acts, u->acts->len - 1) : NULL;
}

static gboolean on_second(gpointer p)
{
	struct undo *u = p;

	undo_tick(u);
	if (!u->acts->len)
		u->timer = 0;
	return u->acts->len ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void undo_tick(struct undo *u)
{
	for (guint i = u->acts->len; i-- > 0;)
		if (--((struct act *)g_ptr_array_index(u->acts, i))->left <= 0)
			g_ptr_array_remove_index(u->acts, i);
	app_redraw(u->app);
}

/* "Mueller, J. on 102 Garden". */
static char *words_of(const struct intent *in)
{
	g_autofree char *name = text_safe(in->name), *lock = text_safe(in->lock_name);

	if (!*name)
		name = (g_free(name), g_strdup(_("a code")));
	return *lock ? g_strdup_printf(_("%s on %s"), name, lock) : g_steal_pointer(&name);
}

bool undo_note(struct undo *u, const int64_t *intents, size_t n)
{
	struct act *a = g_new0(struct act, 1);

	a->intents = g_array_new(FALSE, FALSE, sizeof(int64_t));
	a->left = INTENT_UNDO_MS / SECOND_MS;
	for (size_t i = 0; i < n; i++) {
		OWN(cache_list) struct cache_list *list = outbox_get(u->app->world.cache, intents[i], NULL);
		const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;

		if (!in || !intent_is_held(in))
			continue;
		if (!a->what)
			a->what = words_of(in);
		g_array_append_val(a->intents, intents[i]);
	}
	if (n)
		u->last_no = a->intents->len ? 0 : intents[0];
	if (!a->intents->len) {
		act_free(a);
		return false;
	}
	g_ptr_array_add(u->acts, a);
	u->made++;
	if (!u->timer)
		u->timer = g_timeout_add(1000, on_second, u);
	app_redraw(u->app);
	return true;
}

unsigned undo_made(const struct undo *u)
{
	return u->made;
}

char *undo_words(const struct undo *u)
{
	const struct act *a = last_of(u);

	if (!a)
		return NULL;
	if (a->intents->len == 1)
		return g_strdup_printf(_("Revoking %s in %d s: Z undoes"), a->what, a->left);
	return g_strdup_printf(P_("Revoking %1$s and %2$u more in %3$d s: Z undoes",
				  "Revoking %1$s and %2$u more in %3$d s: Z undoes", a->intents->len - 1),
			       a->what, a->intents->len - 1, a->left);
}

static void tell(struct undo *u, const struct act *a, guint back)
{
	guint n = a->intents->len;

	if (!back)
		app_message(u->app, true, _("Too late: the revocation of %s has left."), a->what);
	else if (back < n)
		app_message(u->app, true, _("Undone: %u of %u; the others had left already (F8: outbox)."), back, n);
	else if (n == 1)
		app_message(u->app, false, _("Undone: %s stays as it was."), a->what);
	else
		app_message(u->app, false, _("Undone: %u codes stay as they were."), n);
}

/* What leaves at once is put right by another change. */
static const char *const put_right[INTENT_KIND_COUNT] = {
	[INTENT_CREATE] = N_("x revokes it"),
	[INTENT_UPDATE] = N_("e changes it back"),
	[INTENT_PULL_BACKUP] = N_("x on the backup code revokes it"),
	[INTENT_ADOPT] = N_("it stays managed from here"),
	[INTENT_LOCK] = N_("u unlocks it"),
	[INTENT_UNLOCK] = N_("L locks it"),
};

static void tell_none(struct undo *u)
{
	OWN(cache_list) struct cache_list *list = u->last_no ? outbox_get(u->app->world.cache, u->last_no, NULL) : NULL;
	const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;
	g_autofree char *what = in ? app_intent_words(in) : NULL;

	if (in && put_right[in->kind])
		app_message(u->app, true, _("Z takes back revocations only. %1$s: %2$s"), what, _(put_right[in->kind]));
	else
		app_message(u->app, false, _("Nothing to undo: what was revoked has left, or nothing was."));
}

void undo_last(struct undo *u)
{
	struct act *a = last_of(u);
	guint back = 0;

	if (!a) {
		tell_none(u);
		return;
	}
	for (guint i = 0; i < a->intents->len; i++)
		back += outbox_withdraw(u->app->world.cache, g_array_index(a->intents, int64_t, i), NULL);
	tell(u, a, back);
	g_ptr_array_remove_index(u->acts, u->acts->len - 1);
	app_made(u->app, NULL, 0);
}
