/* actions - what can be done to a code or a door; see the header. */
#include "ui/screens/actions.h"

#include "core/i18n.h"
#include "core/jsonout.h"
#include "core/traits.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

/* An intent that waits for the operator's yes. Owns its strings. */
struct asked {
	struct world *world;
	enum intent_kind kind;
	int64_t lock_no, code_no, withdraw_no;
	char *device_id, *access_code_id, *name;
};

static void asked_free(void *p)
{
	struct asked *a = p;

	g_free(a->device_id);
	g_free(a->access_code_id);
	g_free(a->name);
	g_free(a);
}

/* Doors by their device, codes by their own id: all these endpoints take nothing else. */
static void commit(struct app *app, void *ctx)
{
	struct asked *a = ctx;
	g_autoptr(GString) params = g_string_new(NULL);
	struct intent in = {
		.kind = a->kind,
		.lock_no = a->lock_no,
		.code_no = a->code_no,
		.device_id = a->device_id,
		.access_code_id = a->access_code_id,
		.name = a->name,
		.undo_ms = a->kind == INTENT_DELETE || a->kind == INTENT_DELETE_UNMANAGED ? INTENT_UNDO_MS : 0,
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};

	jsonout_object(params, NULL);
	if (a->access_code_id)
		jsonout_string(params, "access_code_id", a->access_code_id);
	else
		jsonout_string(params, "device_id", a->device_id);
	jsonout_object_end(params);
	in.params = params->str;
	/* A door must not open an hour after somebody asked for it. */
	if (intent_kind_info(a->kind)->expires)
		in.expires_at = instant_add_ms(a->world->now, INTENT_DOOR_LIFE_MS);
	app_intend(app, &in);
}

static void do_withdraw(struct app *app, void *ctx)
{
	struct asked *a = ctx;
	g_autoptr(GError) err = NULL;

	if (outbox_withdraw(a->world->cache, a->withdraw_no, &err))
		app_message(app, false, _("Withdrawn: %s was never sent."), a->name);
	else
		app_message(app, true, _("Too late: %s"), err->message);
}

static struct asked *asked_new(struct world *w, enum intent_kind kind, const struct code_row *c)
{
	struct asked *a = g_new0(struct asked, 1);

	a->world = w;
	a->kind = kind;
	a->lock_no = c->lock_no;
	a->code_no = c->code_no;
	a->device_id = g_strdup(c->code.device_id);
	a->access_code_id = g_strdup(c->code.access_code_id);
	a->name = g_strdup(code_name(&c->code));
	return a;
}

void action_withdraw(struct app *app, struct world *w, const struct intent *in)
{
	struct asked *a = g_new0(struct asked, 1);
	g_autofree char *question = g_strdup_printf(_("Withdraw: %s %s?"), _(intent_kind_info(in->kind)->words),
						    in->name ? in->name : "");

	a->world = w;
	a->withdraw_no = in->intent_no;
	a->name = g_strdup(in->name ? in->name : _("it"));
	app_ask(app, question, _("It has not been sent yet, so nothing on the lock changes."), _("Withdraw"),
		do_withdraw, a, asked_free);
}

/* ---- codes ---- */

static const char *why_not_revoke(const struct code_row *c)
{
	if (c->state == CODE_ENDED)
		return _("It has ended already.");
	if (c->state == CODE_REMOVING)
		return _("It is being removed already.");
	if (c->code.is_offline_access_code == TRI_YES)
		return _("An offline code lives in the lock's arithmetic: nobody can revoke it before its end.");
	if (!c->code.managed && c->code.cannot_delete == TRI_YES)
		return _("This code can only be deleted in the lock maker's own app.");
	return NULL;
}

struct cache_list *action_spare(struct world *w, const struct access_code *ac)
{
	const char *id = ac->pulled_backup_access_code_id;
	int64_t no = id ? cache_code_no(w->cache, id) : 0;
	struct cache_list *list = no ? cache_code(w->cache, no, w->now, NULL) : NULL;

	if (list && list->rows->len)
		return list;
	if (list)
		cache_list_free(list);
	return NULL;
}

/* A backup that was pulled is a code of its own, and outlives the one that it stands in for. */
static char *backup_goes_on(struct world *w, const struct code_row *c)
{
	OWN(cache_list) struct cache_list *list = action_spare(w, &c->code);
	const struct code_row *spare = list ? cache_list_at(list, struct code_row, 0) : NULL;
	char until[CIVIL_TEXT_MAX];

	if (!spare || spare->state == CODE_ENDED || spare->state == CODE_REMOVING)
		return g_strdup("");
	if (!instant_known(spare->code.ends_at))
		return g_strdup(_(" Its backup code goes on opening: revoke that too."));
	return g_strdup_printf(_(" Its backup code goes on opening until %s: revoke that too."),
			       civil_near(zone_of(spare->zone, w->zone), spare->code.ends_at, w->now, until));
}

static void ask_revoke(struct app *app, struct world *w, const struct code_row *c)
{
	const char *door = c->lock_name ? c->lock_name : _("this lock");
	g_autofree char *question = code_is_foreign(c)
		? g_strdup_printf(_("Delete %s from %s?"), code_name(&c->code), door)
		: g_strdup_printf(_("Revoke %s on %s?"), code_name(&c->code), door);
	g_autofree char *window = words_window(&c->code, zone_of(c->zone, w->zone), w->now);
	g_autofree char *others = cache_other_doors(w->cache, c->code_no, w->now);
	g_autofree char *spare = backup_goes_on(w, c);
	g_autofree char *detail =
		others ? g_strdup_printf(_("Only this door: the same PIN goes on opening %s. %s.%s"), others,
					 window, spare)
		       : g_strdup_printf(_("%s. The PIN stops opening the door once the lock confirms.%s"),
					 window, spare);
	const char *why = why_not_revoke(c);

	if (!c->code_no && c->intent_no) {
		struct intent in = { .intent_no = c->intent_no, .kind = INTENT_CREATE,
				     .name = code_name(&c->code) };

		action_withdraw(app, w, &in);
		return;
	}
	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	app_ask(app, question, detail, code_is_foreign(c) ? _("Delete") : _("Revoke"), commit,
		asked_new(w, c->code.managed ? INTENT_DELETE : INTENT_DELETE_UNMANAGED, c), asked_free);
}

char *action_pin(struct world *w, const struct access_code *ac, const char *own, bool *spare)
{
	OWN(cache_list) struct cache_list *list = action_spare(w, ac);

	*spare = list != NULL;
	return g_strdup(list ? cache_list_at(list, struct code_row, 0)->code.code : own);
}

char *action_pin_words(struct world *w, const struct code_row *code, const char *own, bool shown, bool ascii)
{
	bool spare;
	g_autofree char *pin = action_pin(w, &code->code, own, &spare);

	return g_strdup_printf("%s %s", spare ? _("backup") : _("PIN"),
			       !pin ? _("not known") : shown ? pin : PIN_HIDDEN(ascii));
}

char *action_backup_words(struct world *w, const struct code_row *code)
{
	OWN(cache_list) struct cache_list *list = action_spare(w, &code->code);
	const struct code_row *spare;
	g_autofree char *window = NULL;

	if (!list)
		return NULL;
	spare = cache_list_at(list, struct code_row, 0);
	window = words_window(&spare->code, zone_of(spare->zone, w->zone), w->now);
	return g_strdup_printf("%s, %s", words_state_short(spare), window);
}

/* Only what is true of every lock: a spare may begin later, and one whose lock is away may be in
 * the lock already or not. */
static char *backup_promise(struct world *w, const struct code_row *c)
{
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, c->lock_no, w->now, NULL);
	bool away = list && list->rows->len &&
		    cache_list_at(list, struct lock_row, 0)->lock.online == TRI_NO;

	if (c->code.is_backup_access_code_available != TRI_YES)
		return g_strdup(_("The server does not say whether a spare is ready; it may refuse."));
	return g_strdup_printf(_("The spare is a code of its own on this lock, with its own PIN, start and "
			       "end. Read its times before you give it out.%s"),
			       away ? _(" The lock is offline: only a spare that it holds already will open.") : "");
}

static void ask_backup(struct app *app, struct world *w, const struct code_row *c)
{
	const struct access_code *ac = &c->code;
	g_autofree char *question = g_strdup_printf(_("Pull a backup code for %s on %s?"), code_name(ac),
						    c->lock_name ? c->lock_name : _("this lock"));
	const char *why = !c->code_no || !ac->managed ? _("Only a managed code that is at the server has backups.")
			  : !ac->time_bound ? _("Only codes with an end can have a backup code.")
			  : c->state == CODE_ENDED ? _("It has ended.")
			  : ac->is_backup == TRI_YES ? _("This is a backup code itself.")
			  : NULL;
	g_autofree char *pulled = ac->pulled_backup_access_code_id ? action_backup_words(w, c) : NULL;
	g_autofree char *promise = NULL;

	if (!why && ac->pulled_backup_access_code_id) {
		app_message(app, true, _("Its backup was pulled already: %s"),
			    pulled ? pulled : _("it will be on this lock's list."));
		return;
	}

	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	if (ac->is_backup_access_code_available == TRI_NO) {
		app_message(app, true, _("No backup code is ready for %s, the server says. r makes a new PIN."),
			    code_name(ac));
		return;
	}
	promise = backup_promise(w, c);
	app_offer(app, question, promise, _("Pull backup"), commit, asked_new(w, INTENT_PULL_BACKUP, c), asked_free);
}

static void ask_adopt(struct app *app, struct world *w, const struct code_row *c)
{
	g_autofree char *question = g_strdup_printf(_("Manage %s on %s from here?"), code_name(&c->code),
						    c->lock_name ? c->lock_name : _("this lock"));
	const char *why = c->code.managed ? _("It is managed from here already.")
			  : c->code.cannot_be_managed == TRI_YES
				  ? _("This lock's maker does not let anybody else manage the code.")
				  : NULL;

	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	app_ask(app, question, _("Its PIN stays. Changes made in the maker's app will be put back."), _("Adopt"),
		commit, asked_new(w, INTENT_ADOPT, c), asked_free);
}

static void ask_evict(struct app *app, struct world *w, const struct code_row *c)
{
	g_autofree char *question = g_strdup_printf(_("Evict %s from %s?"), code_name(&c->code),
						    c->lock_name ? c->lock_name : _("this lock"));
	const char *why = c->code.managed ? _("It is managed from here: revoke it instead.") : why_not_revoke(c);

	if (why) {
		app_message(app, true, "%s", why);
		return;
	}
	app_ask(app, question,
		_("It is deleted from the lock itself: whoever has that PIN does not come in any more. "
		"It cannot be brought back from here."),
		_("Evict"), commit, asked_new(w, INTENT_DELETE_UNMANAGED, c), asked_free);
}

/* ---- doors ---- */

static void door(struct app *app, struct world *w, enum intent_kind kind, int64_t lock_no)
{
	OWN(cache_list) struct cache_list *list = cache_lock(w->cache, lock_no, w->now, NULL);
	bool opens = kind == INTENT_UNLOCK;
	const char *verb = opens ? _("Unlock") : _("Lock");
	struct asked *a;

	if (!list || !list->rows->len)
		return;
	const struct lock_row *row = cache_list_at(list, struct lock_row, 0);
	const char *name = row->lock.name ? row->lock.name : _("this door");
	g_autofree char *question = g_strdup_printf(_("%s %s now?"), verb, name);

	if (lock_cannot_turn(&row->lock, opens)) {
		app_message(app, true, _("%s cannot be %s from afar%s."), name, opens ? _("unlocked") : _("locked"),
			    lock_cannot_turn(&row->lock, !opens) ? ""
			    : opens				 ? _(", only locked")
								 : _(", only unlocked"));
		return;
	}
	a = g_new0(struct asked, 1);
	a->world = w;
	a->kind = kind;
	a->lock_no = lock_no;
	a->device_id = g_strdup(row->lock.device_id);
	a->name = g_strdup(name);
	(opens ? app_ask : app_offer)(
		app, question,
		row->lock.online == TRI_NO
			? _("The lock is offline. If it does not answer within a minute, this is given up.")
		: opens ? _("Whoever stands there can walk in. Given up when it cannot be done within a minute.")
			: _("Given up when it cannot be done within a minute."),
		verb, commit, a, asked_free);
}

/* ---- by command ---- */

static void check_in(struct app *app, struct world *w, const struct code_row *c)
{
	if (c->code_no && !c->code.managed)
		app_message(app, true, _("Not managed from here: a adopts it first."));
	else
		app_push(app, checkin_new(app, w, c->code_no, c->code_no ? 0 : c->intent_no));
}

static void second_guest(struct app *app, struct world *w, const struct code_row *c)
{
	if (!c->code_no)
		app_message(app, true, _("It has not been sent yet: wait until the server has it."));
	else if (c->state == CODE_ENDED || c->state == CODE_REMOVING)
		app_message(app, true, _("It has ended: n makes a new one."));
	else
		app_push(app, code_form_second(app, w, c->code_no));
}

const char *action_why_not_edit(const struct code_row *c)
{
	if (!c->code_no)
		return _("It has not been sent yet: x withdraws it, then make it anew.");
	if (!c->code.managed)
		return _("Not managed from here: a adopts it first.");
	if (c->code.is_offline_access_code == TRI_YES)
		return _("An offline code is computed by the lock's maker and cannot be changed.");
	if (c->state == CODE_ENDED || c->state == CODE_REMOVING)
		return _("It has ended: n makes a new one.");
	return NULL;
}

static void edit(struct app *app, struct world *w, const struct code_row *c)
{
	const char *why = action_why_not_edit(c);

	if (!c->code_no && c->intent_state == INTENT_REFUSED)
		app_push(app, code_form_again(app, w, c->intent_no));
	else if (why)
		app_message(app, true, "%s", why);
	else
		app_push(app, code_form_edit(app, w, c->code_no));
}

static const struct {
	enum command command;
	void (*run)(struct app *app, struct world *w, const struct code_row *c);
} code_actions[] = {
	{ COMMAND_EDIT, edit },
	{ COMMAND_CHECK_IN, check_in },
	{ COMMAND_RENEW, verb_renew },
	{ COMMAND_EXTEND, verb_extend },
	{ COMMAND_MOVE, verb_move },
	{ COMMAND_ADD_DOOR, verb_add_door },
	{ COMMAND_SECOND_GUEST, second_guest },
	{ COMMAND_REVOKE, ask_revoke },
	{ COMMAND_BACKUP, ask_backup },
	{ COMMAND_ADOPT, ask_adopt },
	{ COMMAND_EVICT, ask_evict },
};

/* Of a door the latest that were asked for anywhere are looked at: an outbox of years is not read for one key. */
#define LOOK_MAX 1000

static bool has_asked(struct world *w, const struct code_row *c, int64_t lock_no)
{
	struct outbox_query q = { .access_code_id = c && c->code_no ? c->code.access_code_id : NULL,
				  .intent_no = c && !c->code_no ? c->intent_no : 0,
				  .lock_no = c ? 0 : lock_no, .limit = 1, .look = LOOK_MAX };
	OWN(cache_list) struct cache_list *list = NULL;
	struct outbox_found found;

	if (!c && !lock_no)
		return false;
	list = outbox_find(w->cache, &q, &found, NULL);
	return list && list->rows->len;
}

/* A door's where no code is chosen. Nobody is shown an empty list: then it is all. */
static void asked(struct app *app, struct world *w, int64_t lock_no, const struct code_row *c)
{
	if (has_asked(w, c, lock_no)) {
		app_push(app, c ? outbox_about(app, w, c) : outbox_at(app, w, lock_no));
		return;
	}
	app_push(app, outbox_new(app, w));
	if (c || lock_no)
		app_message(app, false, _("Nothing was asked for about what the cursor was on: this is all."));
}

bool action_run(struct app *app, struct world *w, enum command c, int64_t lock_no,
		const struct code_row *code)
{
	if (c == COMMAND_LOCK || c == COMMAND_UNLOCK) {
		if (lock_no)
			door(app, w, c == COMMAND_LOCK ? INTENT_LOCK : INTENT_UNLOCK, lock_no);
		return true;
	}
	if (c == COMMAND_ASKED) {
		asked(app, w, lock_no, code);
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(code_actions); i++) {
		if (code_actions[i].command != c)
			continue;
		if (code)
			code_actions[i].run(app, w, code);
		else
			app_message(app, true, _("Choose a code first: Tab goes from bar to bar."));
		return true;
	}
	return false;
}

void action_pin_shown(const struct world *w, const char *whose, const char *door)
{
	if (!w->read_only)
		cache_note_pin_shown(w->cache, whose, door, w->operator_name, w->now, NULL);
}
