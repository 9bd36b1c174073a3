/* outbox_acts - what is done to one intent or to several: withdrawn, put aside, asked for again; see outbox.h. */
#include "ui/screens/outbox.h"

#include "core/i18n.h"
#include "core/text.h"
#include "ui/screens/actions.h"

#define NAMED_MAX 4 /* of several that are asked about */

static struct intent *get(struct world *w, int64_t no, struct cache_list **list)
{
	*list = outbox_get(w->cache, no, NULL);
	return *list && (*list)->rows->len ? cache_list_at(*list, struct intent, 0) : NULL;
}

/* "new code Anna Berg on 101 Garden". Newly allocated. */
static char *whole_words(const struct world *w, const struct intent *in)
{
	g_autofree char *what = intent_what(w, in, w->ascii), *lock = text_safe(in->lock_name);

	return *lock ? g_strdup_printf(_("%s on %s"), what, lock) : g_steal_pointer(&what);
}

static void tell_resent(struct app *app, const struct world *w, const struct intent *in)
{
	g_autofree char *what = whole_words(w, in);

	app_message(app, false, _("Asked for again: %s"), what);
}

/* How many waited for it and were refused along with it. */
static int left_behind(struct world *w, int64_t no)
{
	OWN(cache_list) struct cache_list *list = outbox_after(w->cache, no, 0, NULL);
	int n = 0;

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);

		n += in->state == INTENT_REFUSED && !in->dismissed;
	}
	return n;
}

static void resend_one(struct app *app, struct world *w, const struct intent *in)
{
	g_autoptr(GError) err = NULL;
	int64_t no = outbox_resend(w->cache, in->intent_no, w->operator_name, w->now, &err);
	int behind;

	if (!no) {
		app_message(app, true, _("Not sent again: %s"), err->message);
		return;
	}
	tell_resent(app, w, in);
	behind = left_behind(w, in->intent_no);
	if (behind)
		app_message(app, false, P_("Asked for again. %d that was to come after it was refused with it: r on that too.",
					   "Asked for again. %d that were to come after it were refused with it: r on those too.",
					   behind), behind);
	app_made(app, &no, 1);
}

struct again {
	struct world *world;
	int64_t intent_no;
};

static void resend_yes(struct app *app, void *ctx)
{
	const struct again *a = ctx;
	OWN(cache_list) struct cache_list *list = NULL;
	const struct intent *in = get(a->world, a->intent_no, &list);

	if (in)
		resend_one(app, a->world, in);
}

/* A door opens where nobody may stand any more: it is asked about as the first time. */
static void resend(struct app *app, struct world *w, const struct intent *in)
{
	const char *why = outbox_why_not_resend(in, w->now);
	g_autofree char *what = NULL, *question = NULL;
	struct again *a;

	if (why) {
		app_message(app, true, _("Not sent again: %s"), why);
		return;
	}
	if (!intent_is_door(in)) {
		resend_one(app, w, in);
		return;
	}
	what = whole_words(w, in);
	question = g_strdup_printf(_("Ask again now: %s?"), what);
	a = g_new0(struct again, 1);
	*a = (struct again){ w, in->intent_no };
	(in->kind == INTENT_UNLOCK ? app_ask : app_offer)(app, question,
		in->kind == INTENT_UNLOCK
			? _("Whoever stands there can walk in. Given up when it cannot be done within a minute.")
			: _("Given up when it cannot be done within a minute."),
		_("Ask again"), resend_yes, a, g_free);
}

static void put_aside(struct app *app, struct world *w, const struct intent *in)
{
	g_autoptr(GError) err = NULL;

	if (in->state == INTENT_QUEUED) {
		action_withdraw(app, w, in);
	} else if (in->state != INTENT_REFUSED || in->dismissed) {
		app_message(app, true, "%s", in->state == INTENT_ACCEPTED || in->state == INTENT_SENDING
			    ? _("It has been sent: revoke the code itself if it should not be.")
			    : _("It has been put aside already."));
	} else if (outbox_dismiss(w->cache, in->intent_no, &err)) {
		app_message(app, false, _("Put aside."));
		app_made(app, NULL, 0);
	} else {
		app_message(app, true, "%s", err->message);
	}
}

static void edit(struct app *app, struct world *w, const struct intent *in)
{
	if (in->state == INTENT_REFUSED && !in->dismissed && intent_has_form(in))
		app_push(app, code_form_again(app, w, in->intent_no));
	else if (in->state == INTENT_REFUSED && !in->dismissed)
		app_message(app, true, _("There is nothing to correct in it: r sends it again as it is."));
	else if (in->state == INTENT_QUEUED)
		app_message(app, true, _("It is still waiting: x withdraws it, then ask for it as it should be."));
	else
		app_message(app, true, _("Only what was refused can be corrected here; Enter leads to the code."));
}

bool intent_act(struct app *app, struct world *w, enum command c, const struct intent *in)
{
	static const struct {
		enum command command;
		void (*act)(struct app *app, struct world *w, const struct intent *in);
	} acts[] = {
		{ COMMAND_RESEND, resend },
		{ COMMAND_REVOKE, put_aside },
		{ COMMAND_EDIT, edit },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
		if (acts[i].command != c)
			continue;
		if (in)
			acts[i].act(app, w, in);
		else
			app_message(app, false, _("Nothing stands here."));
		return true;
	}
	return false;
}

/* ---- several ---- */

struct several {
	struct world *world;
	bool resend;
	struct marks *marks; /* of the screen below the question: spent when it is done */
	GArray *numbers;     /* of int64_t, oldest first: what comes first is asked for first */
};

static void several_free(void *p)
{
	struct several *s = p;

	g_array_unref(s->numbers);
	g_free(s);
}

static bool is_meant(const struct intent *in, bool again, struct instant now)
{
	if (again)
		return !outbox_why_not_resend(in, now);
	return in->state == INTENT_QUEUED || (in->state == INTENT_REFUSED && !in->dismissed);
}

static bool do_one(const struct several *s, int64_t no, GArray *made, GError **err)
{
	struct world *w = s->world;
	OWN(cache_list) struct cache_list *list = NULL;
	const struct intent *in = get(w, no, &list);
	int64_t again;

	if (!in)
		return false;
	if (!s->resend)
		return in->state == INTENT_QUEUED ? outbox_withdraw(w->cache, no, err) : outbox_dismiss(w->cache, no, err);
	again = outbox_resend(w->cache, no, w->operator_name, w->now, err);
	if (again)
		g_array_append_val(made, again);
	return again != 0;
}

static void several_yes(struct app *app, void *ctx)
{
	const struct several *s = ctx;
	g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autofree char *why = NULL;
	guint done = 0, n = s->numbers->len;

	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) err = NULL;

		if (do_one(s, g_array_index(s->numbers, int64_t, i), made, &err))
			done++;
		else if (!why && err)
			why = g_strdup(err->message);
	}
	if (done < n)
		app_message(app, true, _("%1$u of %2$u done; of the others the first: %3$s"), done, n,
			    why ? why : _("it is gone"));
	else
		app_message(app, false, s->resend ? P_("%u asked for again.", "%u asked for again.", done)
						  : P_("%u withdrawn or put aside.", "%u withdrawn or put aside.", done), done);
	marks_clear(s->marks);
	app_made(app, (const int64_t *)(const void *)made->data, made->len);
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void take_number(const struct marked *what, void *ctx)
{
	g_array_append_val((GArray *)ctx, what->intent_no);
}

/* Of those that are meant: which they are, the first by name. Newly allocated. */
static char *take_meant(struct several *s)
{
	g_autoptr(GString) words = g_string_new(NULL);
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));

	marks_each(s->marks, take_number, numbers);
	g_array_sort(numbers, compare_numbers);

	for (guint i = 0; i < numbers->len; i++) {
		int64_t no = g_array_index(numbers, int64_t, i);
		OWN(cache_list) struct cache_list *list = NULL;
		const struct intent *in = get(s->world, no, &list);
		g_autofree char *what = NULL;

		if (!in || !is_meant(in, s->resend, s->world->now))
			continue;
		g_array_append_val(s->numbers, no);
		if (s->numbers->len > NAMED_MAX)
			continue;
		what = whole_words(s->world, in);
		g_string_append_printf(words, "%s%s", words->len ? "; " : "", what);
	}
	if (s->numbers->len > NAMED_MAX)
		g_string_append_printf(words, _("; and %u more"), s->numbers->len - NAMED_MAX);
	return g_strdup(words->str);
}

bool intents_act(struct app *app, struct world *w, enum command c, struct marks *marks)
{
	struct several *s;
	g_autofree char *which = NULL, *question = NULL;
	guint n;

	if (c != COMMAND_RESEND && c != COMMAND_REVOKE)
		return false;
	s = g_new0(struct several, 1);
	s->world = w;
	s->resend = c == COMMAND_RESEND;
	s->marks = marks;
	s->numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	which = take_meant(s);
	n = s->numbers->len;
	if (!n) {
		app_message(app, true, s->resend ? _("Of those that are marked none can be asked for again.")
						 : _("Of those that are marked none waits or was refused."));
		several_free(s);
		return true;
	}
	question = s->resend ? g_strdup_printf(P_("Ask again for %u that was refused?", "Ask again for %u that were refused?", n), n)
			     : g_strdup_printf(P_("Withdraw or put aside %u?", "Withdraw or put aside %u?", n), n);
	app_ask(app, question, which, s->resend ? _("Ask again") : _("Put aside"), several_yes, s, several_free);
	return true;
}
