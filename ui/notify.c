/* notify - what needs a person, told outside the window; see the header. */
#include "ui/notify.h"

#include <libnotify/notify.h>
#include <string.h>

#include "cache/shift.h"
#include "core/i18n.h"
#include "core/plain_file.h"
#include "core/text.h"
#include "core/vocab.h"
#include "ui/night_watch.h"
#include "ui/screens/words.h"

#define NOTICE_CELLS 200

#define SETTLE_MS 1500          /* a burst is told as one */
#define ARRIVAL_MS (24 * HOUR_MS)
#define TOLD_MAX 2000
#define CLOCK_MOVED (1u << 30)  /* beside enum poke_changed */
#define LOOKED_AHEAD (1u << 31) /* see notify_arrivals */
#define LOOK_MAX 200            /* rows looked at per kind: more is one sentence anyway */

struct notify {
	const struct profile *profile;
	notify_terminal_fn terminal;
	void *ctx;
	GHashTable *told;       /* keys */
	GPtrArray *told_order;  /* the same strings, oldest first; owns them */
	char *file;
	GPtrArray *waiting;     /* of struct notice * */
	unsigned timer;
	bool desktop;           /* a bus is there, as far as is known */
	bool covered;
	bool focused;           /* somebody looks at the screen, by the terminal's word */
	GCancellable *ending;
};

static void notice_free(void *p)
{
	struct notice *n = p;

	g_free(n->key);
	g_free(n->title);
	g_free(n->text);
	g_free(n);
}

/* ---- what there is to say ---- */

/* Text from outside goes through text_safe before any other program sees it. */
static void add(GPtrArray *all, char *key, const char *title, char *text)
{
	struct notice *n = g_new(struct notice, 1);

	n->key = key;
	n->title = g_strdup(title);
	n->text = text_safe(text);
	g_free(text);
	g_ptr_array_add(all, n);
}

/* When the trouble began: the same code failing again a week later is news again. */
static int64_t trouble_since(const struct world *w, int64_t code_no)
{
	OWN(cache_list) struct cache_list *issues = cache_issues_of_code(w->cache, code_no, NULL);
	int64_t since = 0;

	for (guint i = 0; issues && i < issues->rows->len; i++) {
		const struct issue_row *one = cache_list_at(issues, struct issue_row, i);

		if (one->kind == 'e' && instant_known(one->created_at))
			since = MAX(since, one->created_at.ms);
	}
	return since;
}

/* A code in trouble that is in force or will be within a day. */
static void codes_in_trouble(const struct world *w, GPtrArray *all)
{
	struct code_query q = {
		.from = w->now,
		.until = instant_add_ms(w->now, ARRIVAL_MS),
		.only_trouble = true,
		.only_managed = true,
		.limit = LOOK_MAX,
	};
	OWN(cache_list) struct cache_list *list = cache_codes(w->cache, &q, w->now, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *c = cache_list_at(list, struct code_row, i);
		char at[CIVIL_TEXT_MAX];
		const struct zone *z = zone_of(c->zone, w->zone);

		add(all, g_strdup_printf("code-failed %s %" G_GINT64_FORMAT,
					 c->code.access_code_id ? c->code.access_code_id : "?",
					 trouble_since(w, c->code_no)),
		    _("An access code is in trouble"),
		    instant_known(c->code.starts_at) && instant_before(w->now, c->code.starts_at)
			    ? g_strdup_printf(_("%s on %s, from %s"), code_name(&c->code), c->lock_name,
					      civil_near(z, c->code.starts_at, w->now, at))
			    : g_strdup_printf(_("%s on %s"), code_name(&c->code), c->lock_name));
	}
}

/* The newest offline spell of a lock that expects somebody today. */
static void locks_away(const struct world *w, GPtrArray *all)
{
	struct cache_counts counts = cache_counts(w->cache, w->now);
	g_autoptr(GArray) order = NULL;
	int left = LOOK_MAX;

	if (!counts.locks_offline)
		return;
	order = cache_lock_order(w->cache, LOCKS_BY_TROUBLE, NULL, w->now, NULL);
	for (guint i = 0; order && i < order->len && left-- > 0; i++) {
		OWN(cache_list) struct cache_list *one =
			cache_lock(w->cache, g_array_index(order, int64_t, i), w->now, NULL);
		const struct lock_row *row = one && one->rows->len ? cache_list_at(one, struct lock_row, 0) : NULL;
		char at[CIVIL_TEXT_MAX];

		if (!row || row->lock.online != TRI_NO || !instant_known(row->next_start) ||
		    instant_diff_ms(row->next_start, w->now) > ARRIVAL_MS)
			continue;
		add(all, g_strdup_printf("lock-offline %s %" G_GINT64_FORMAT, row->lock.device_id,
					 row->next_start.ms),
		    _("A lock with an arrival is offline"),
		    g_strdup_printf(_("%s is offline; the next code starts %s"), row->lock.name,
				    civil_near(zone_of(row->lock.zone, w->zone), row->next_start, w->now, at)));
	}
}

static void refusals(const struct world *w, GPtrArray *all)
{
	OWN(cache_list) struct cache_list *list =
		outbox_list(w->cache, 1u << INTENT_REFUSED, LOOK_MAX, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);

		add(all,
		    g_strdup_printf("refused %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, in->intent_no, in->made_at.ms),
		    _("The server refused a change"),
		    g_strdup_printf("%s %s%s%s: %s", _(intent_kind_info(in->kind)->words), in->name ? in->name : "",
				    in->lock_name ? _(" on ") : "", in->lock_name ? in->lock_name : "",
				    in->message ? in->message : _("no reason given")));
	}
}

static void sync_trouble(const struct world *w, GPtrArray *all)
{
	const struct poke_status *st = w->sync;

	if (st->phase != SYNC_NO_ACCESS && st->phase != SYNC_STOPPED)
		return;
	add(all, g_strdup_printf("sync-stopped %d %" G_GINT64_FORMAT, (int)st->phase,
				 instant_known(st->ok_at) ? st->ok_at.ms : 0),
	    st->phase == SYNC_NO_ACCESS ? _("The server refuses the API key") : _("sync has stopped"),
	    g_strdup(st->text ? st->text : _("Nothing comes in or goes out until somebody sees to it.")));
}

static void add_arrivals(const GPtrArray *alarms, GPtrArray *all)
{
	for (guint i = 0; i < alarms->len; i++) {
		const struct night_alarm *a = g_ptr_array_index(alarms, i);

		add(all, g_strdup(a->key), _("An arrival is not ready"), g_strdup(a->text));
	}
}

/* Not looked for here while a console runs: its look ahead finds them in slices, by the clock. */
static void arrivals_not_ready(const struct world *w, GPtrArray *all)
{
	g_autoptr(GPtrArray) alarms = night_watch(w);

	add_arrivals(alarms, all);
}

/* What somebody promised for an hour is told of when it has come. */
static void notes_due(const struct world *w, GPtrArray *all)
{
	OWN(cache_list) struct cache_list *list = shift_notes(w->cache, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct shift_note *n = cache_list_at(list, struct shift_note, i);

		if (instant_known(n->due_at) && !instant_before(w->now, n->due_at))
			add(all,
			    g_strdup_printf("note %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, n->note_no, n->due_at.ms),
			    _("A promise is due"), g_strdup(n->text));
	}
}

/* One row a kind, and the switch in the profile that turns it off. */
static const struct {
	size_t wanted; /* offset of a bool in struct profile */
	unsigned mask; /* changes that may give cause; 0: the status */
	void (*look)(const struct world *w, GPtrArray *all);
} kinds[] = {
	{ offsetof(struct profile, notify_code_failed), POKE_CODES | POKE_EVENTS, codes_in_trouble },
	{ offsetof(struct profile, notify_lock_offline), POKE_LOCKS | POKE_CODES, locks_away },
	{ offsetof(struct profile, notify_refused), POKE_OUTBOX, refusals },
	{ offsetof(struct profile, notify_arrival), LOOKED_AHEAD, arrivals_not_ready },
	{ offsetof(struct profile, notify_arrival), CLOCK_MOVED, notes_due },
	{ offsetof(struct profile, notify_sync_stopped), 0, sync_trouble },
};

GPtrArray *notify_causes(const struct world *w)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(notice_free);

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (*(const bool *)(const void *)((const char *)w->profile + kinds[i].wanted))
			kinds[i].look(w, all);
	return all;
}

/* ---- what was said already ---- */

static void told_add(struct notify *n, const char *key)
{
	char *own;

	if (g_hash_table_contains(n->told, key))
		return;
	own = g_strdup(key);
	g_hash_table_add(n->told, own);
	g_ptr_array_add(n->told_order, own);
	if (n->told_order->len > TOLD_MAX) {
		g_hash_table_remove(n->told, g_ptr_array_index(n->told_order, 0));
		g_ptr_array_remove_index(n->told_order, 0);
	}
}

static void told_load(struct notify *n)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!(text = plain_file_read(n->file, NULL)))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **p = lines; *p; p++)
		if (**p)
			told_add(n, *p);
}

/* Several consoles may share the file; the worst of a race is a notice told twice. */
static void told_save(struct notify *n)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (guint i = 0; i < n->told_order->len; i++)
		g_string_append_printf(s, "%s\n", (const char *)g_ptr_array_index(n->told_order, i));
	g_file_set_contents_full(n->file, s->str, (gssize)s->len, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/* ---- saying it ---- */

static bool desktop_possible(void)
{
	g_autofree char *socket = NULL;

	if (g_getenv("DBUS_SESSION_BUS_ADDRESS"))
		return true;
	socket = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
	return g_file_test(socket, G_FILE_TEST_EXISTS);
}

char *notify_body(const char *text)
{
	g_autofree char *safe = text_fit(text, NOTICE_CELLS, CUT_END, false);

	return g_markup_escape_text(safe, -1);
}

/* In a thread: the bus may take its time, or for ever. Owns nothing of struct notify. */
static void show_on_desktop(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
	const struct notice *one = data;
	GError *err = NULL;
	NotifyNotification *note;

	(void)source;
	(void)cancel;
	if (!notify_is_initted() && !notify_init("keyrack")) {
		g_task_return_boolean(task, FALSE);
		return;
	}
	g_autofree char *body = notify_body(one->text);

	note = notify_notification_new(one->title, body, "dialog-warning");
	notify_notification_set_category(note, "device");
	if (notify_notification_show(note, &err))
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, err);
	g_object_unref(note);
}

static void tell_terminal(struct notify *n, const struct notice *one)
{
	if (n->terminal)
		n->terminal(one->title, one->text, n->profile->bell, n->ctx);
}

static void desktop_answered(GObject *source, GAsyncResult *result, gpointer p)
{
	GTask *task = G_TASK(result);
	struct notify *n = p;

	(void)source;
	/* After the end nobody is left to be told. */
	if (g_cancellable_is_cancelled(g_task_get_cancellable(task)))
		return;
	if (g_task_propagate_boolean(task, NULL))
		return;
	n->desktop = false;
	tell_terminal(n, g_task_get_task_data(task));
}

static struct notice *together(GPtrArray *waiting)
{
	struct notice *all = g_new0(struct notice, 1), *first = g_ptr_array_index(waiting, 0);
	GString *text = g_string_new(first->text);

	for (guint i = 1; i < waiting->len && i < 3; i++)
		g_string_append_printf(text, "\n%s",
				       ((struct notice *)g_ptr_array_index(waiting, i))->text);
	if (waiting->len > 3)
		g_string_append_printf(text, _("\nand %u more"), waiting->len - 3);
	all->title = waiting->len == 1 ? g_strdup(first->title)
				       : g_strdup_printf(_("keyrack: %u things need a person"), waiting->len);
	all->text = g_string_free(text, FALSE);
	return all;
}

/* A desk that is locked names nobody, there or elsewhere. */
static struct notice *covered(guint n)
{
	struct notice *one = g_new0(struct notice, 1);

	one->title = g_strdup("keyrack");
	one->text = g_strdup_printf("%u %s a person. The desk is locked.", n, n == 1 ? "thing needs" : "things need");
	return one;
}

void notify_cover(struct notify *n, bool on)
{
	n->covered = on;
}

void notify_focus(struct notify *n, bool focused)
{
	n->focused = focused;
}

static gboolean settle(gpointer p)
{
	struct notify *n = p;
	struct notice *one = n->covered ? covered(n->waiting->len) : together(n->waiting);

	n->timer = 0;
	g_ptr_array_set_size(n->waiting, 0);
	told_save(n);
	if (n->focused) {
		notice_free(one);
		return G_SOURCE_REMOVE;
	}
	if (!n->desktop) {
		tell_terminal(n, one);
		notice_free(one);
		return G_SOURCE_REMOVE;
	}
	g_autoptr(GTask) task = g_task_new(NULL, n->ending, desktop_answered, n);

	g_task_set_check_cancellable(task, FALSE);
	g_task_set_task_data(task, one, notice_free);
	g_task_run_in_thread(task, show_on_desktop);
	return G_SOURCE_REMOVE;
}

static void tell_new(struct notify *n, GPtrArray *all)
{
	while (all->len) {
		struct notice *one = g_ptr_array_steal_index(all, 0);

		if (g_hash_table_contains(n->told, one->key)) {
			notice_free(one);
			continue;
		}
		told_add(n, one->key);
		g_ptr_array_add(n->waiting, one);
	}
	if (n->waiting->len && !n->timer)
		n->timer = g_timeout_add(SETTLE_MS, settle, n);
}

static void look(struct notify *n, const struct world *w, unsigned mask, bool status)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(notice_free);

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		bool due = kinds[i].mask ? (kinds[i].mask & mask) != 0 : status;

		if (due && *(const bool *)(const void *)((const char *)n->profile + kinds[i].wanted))
			kinds[i].look(w, all);
	}
	tell_new(n, all);
}

void notify_arrivals(struct notify *n, const struct world *w, const GPtrArray *alarms)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(notice_free);

	if (!n->profile->notify_arrival || w->sync->phase == SYNC_PULLING)
		return;
	add_arrivals(alarms, all);
	tell_new(n, all);
}

void notify_changed(struct notify *n, const struct world *w, unsigned mask)
{
	/* While the first copy is being pulled everything is news, and nothing is. */
	if (w->sync->phase != SYNC_PULLING)
		look(n, w, mask, false);
}

void notify_status(struct notify *n, const struct world *w)
{
	look(n, w, 0, true);
}

/* Time alone makes an arrival near: looked at with the clock, every minute. */
void notify_tick(struct notify *n, const struct world *w)
{
	notify_changed(n, w, POKE_CODES | POKE_LOCKS | CLOCK_MOVED);
}

struct notify *notify_new(const struct profile *profile, notify_terminal_fn terminal, void *ctx)
{
	struct notify *n = g_new0(struct notify, 1);

	n->profile = profile;
	n->terminal = terminal;
	n->ctx = ctx;
	n->told = g_hash_table_new(g_str_hash, g_str_equal);
	n->told_order = g_ptr_array_new_with_free_func(g_free);
	n->waiting = g_ptr_array_new_with_free_func(notice_free);
	n->ending = g_cancellable_new();
	n->desktop = desktop_possible();
	n->file = profile_file(profile, "told");
	told_load(n);
	return n;
}

void notify_free(struct notify *n)
{
	g_cancellable_cancel(n->ending);
	g_object_unref(n->ending);
	if (n->timer)
		g_source_remove(n->timer);
	g_ptr_array_free(n->waiting, TRUE);
	g_hash_table_destroy(n->told);
	g_ptr_array_free(n->told_order, TRUE);
	g_free(n->file);
	g_free(n);
}
