/* triage_fixes - what to do for whoever stands at the door, what costs least first; see triage.h. */
#include <string.h>

#include "ui/screens/triage.h"
#include "core/draft.h"
#include "core/i18n.h"
#include "core/pin.h"
#include "ui/screens/words.h"

#define WAIT_MS (60 * MINUTE_MS) /* longer is no advice for somebody who stands at a door */

/* What every fix looks at. */
struct ward {
	const struct dossier *d;
	const struct triage_answer *by[TRIAGE_QUESTIONS]; /* by question */
	char at[CIVIL_TEXT_MAX];
};

static bool at_least(const struct ward *w, enum triage_question q, enum triage_weight weight)
{
	return w->by[q]->weight >= weight;
}

static bool not_begun(const struct ward *w)
{
	const struct code_row *c = w->d->code;

	return c && instant_known(c->code.starts_at) && instant_before(w->d->now, c->code.starts_at);
}

static bool over(const struct ward *w)
{
	const struct code_row *c = w->d->code;

	return c && (c->state == CODE_ENDED ||
		     (instant_known(c->code.ends_at) && !instant_before(w->d->now, c->code.ends_at)));
}

static bool can(const struct ward *w, enum command c)
{
	const char *hint = w->d->code ? code_hint(w->d->code, c) : "";

	return !hint || *hint;
}

static char *wait(struct ward *w)
{
	const struct dossier *d = w->d;
	const struct instant starts = d->code ? d->code->code.starts_at : INSTANT_NONE;

	if (not_begun(w) && at_least(w, TRIAGE_WINDOW, TRIAGE_BAD) &&
	    instant_diff_ms(starts, d->now) <= WAIT_MS)
		return g_strdup_printf(_("wait until %s: then the window opens"),
				       civil_near(d->zone, starts, d->now, w->at));
	if (at_least(w, TRIAGE_KEYPAD, TRIAGE_DOUBT) && strstr(w->by[TRIAGE_KEYPAD]->answer, "wrong tries"))
		return g_strdup(_("wait ten minutes without touching the keypad, then type it once"));
	if (d->code && d->code->state == CODE_SETTING && at_least(w, TRIAGE_LOCK, TRIAGE_DOUBT) &&
	    d->lock && d->lock->lock.online == TRI_YES)
		return g_strdup(_("wait a minute: it is just being written"));
	return NULL;
}

static char *try_door(struct ward *w)
{
	const struct triage_answer *a = w->by[TRIAGE_DOOR];

	if (a->weight == TRIAGE_BAD && w->d->code)
		return g_strdup(_("send the guest to the door that the code is for"));
	if (at_least(w, TRIAGE_ITSELF, TRIAGE_DOUBT) && !strstr(w->by[TRIAGE_ITSELF]->answer, "jammed"))
		return g_strdup(_("let the guest try the handle: press, pull, push"));
	return NULL;
}

static char *correct_pin(struct ward *w)
{
	const struct dossier *d = w->d;

	if (!d->code || !d->code->code.code || over(w) || at_least(w, TRIAGE_WINDOW, TRIAGE_BAD) ||
	    at_least(w, TRIAGE_LOCK, TRIAGE_BAD))
		return NULL;
	return g_strdup(_("go through the PIN with the guest, digit by digit"));
}

static char *pulled(struct ward *w)
{
	const struct dossier *d = w->d;

	return d->code && d->code->code.pulled_backup_access_code_id && !over(w)
		? g_strdup(_("give the PIN of its backup code, which is among the lock's codes")) : NULL;
}

static char *backup(struct ward *w)
{
	const struct dossier *d = w->d;

	if (!can(w, COMMAND_BACKUP) || over(w) || not_begun(w) ||
	    d->code->code.is_backup_access_code_available != TRI_YES)
		return NULL;
	return g_strdup(_("give a backup code: one is ready"));
}

static int nobody_manages(const struct dossier *d)
{
	int n = 0;

	for (size_t i = 0; i < d->here.n; i++)
		n += d->here.at[i].code_no && !d->here.at[i].code.managed && d->here.at[i].state != CODE_ENDED &&
		     d->here.at[i].state != CODE_REMOVING;
	return n;
}

static char *make_room_of_strays(struct ward *w)
{
	int n = nobody_manages(w->d);

	return dossier_finds_no_room(w->d) && n
		? g_strdup_printf(P_("make room: %d code on this lock nobody manages", "make room: %d codes on this lock nobody manages", n), n)
		: NULL;
}

static char *make_room(struct ward *w)
{
	return dossier_finds_no_room(w->d) && !nobody_manages(w->d)
		? g_strdup(_("make room: revoke a code of this lock that nobody needs")) : NULL;
}

/* Where nothing that is sent would help. */
static char *move(struct ward *w)
{
	bool away = w->d->lock && w->d->lock->lock.online == TRI_NO;

	if (over(w) || !can(w, COMMAND_MOVE) ||
	    !(dossier_finds_no_room(w->d) || (away && at_least(w, TRIAGE_LOCK, TRIAGE_BAD))))
		return NULL;
	return g_strdup(_("move the guest to another room, if one is free"));
}

static char *unlock(struct ward *w)
{
	const struct lock_row *l = w->d->lock;

	if (!l || lock_cannot_turn(&l->lock, true) || l->lock.online == TRI_NO)
		return NULL;
	return g_strdup(_("unlock the door from here, once you know who it is"));
}

/* A lock that takes only windows to come has a soonest start, and this code may have it. */
static bool begins_as_soon_as_it_can(const struct ward *w)
{
	const struct lock_row *l = w->d->lock;

	return l && (pin_rules_of(&l->lock).rules & PIN_START_IN_FUTURE) &&
	       instant_diff_ms(w->d->code->code.starts_at, w->d->now) <= SOONEST_START_MS;
}

static char *edit(struct ward *w)
{
	bool away = w->d->lock && w->d->lock->lock.online == TRI_NO;

	/* What is changed has to get to the lock. */
	if (!can(w, COMMAND_EDIT) || dossier_finds_no_room(w->d) || (away && at_least(w, TRIAGE_LOCK, TRIAGE_BAD)))
		return NULL;
	if (not_begun(w))
		return begins_as_soon_as_it_can(w) ? NULL : g_strdup(_("let the window begin earlier"));
	if (over(w) || !at_least(w, TRIAGE_LOCK, TRIAGE_DOUBT))
		return NULL;
	return g_strdup(_("change the PIN: the code is then written anew"));
}

static char *make_new(struct ward *w)
{
	return w->d->code && over(w) ? g_strdup(_("make a new code, if the guest may still come in")) : NULL;
}

static char *walk(struct ward *w)
{
	const struct lock_row *l = w->d->lock;
	bool low = l && at_least(w, TRIAGE_HEALTH, TRIAGE_DOUBT) && strstr(w->by[TRIAGE_HEALTH]->answer, "battery");

	return g_strdup_printf(_("walk there with a key%s"), low ? _(", and with batteries") : "");
}

size_t triage_fixes(const struct dossier *d, const struct triage_answer a[static TRIAGE_QUESTIONS],
		    struct triage_fix out[static TRIAGE_FIXES_MAX])
{
	static const struct {
		enum command command;
		char *(*words)(struct ward *w);
	} rows[TRIAGE_FIXES_MAX] = {
		{ COMMAND_NONE, wait },	   { COMMAND_NONE, try_door },		{ COMMAND_REVEAL, correct_pin },
		{ COMMAND_CODES, pulled }, { COMMAND_STRAYS, make_room_of_strays }, { COMMAND_CODES, make_room },
		{ COMMAND_BACKUP, backup }, { COMMAND_UNLOCK, unlock },		{ COMMAND_EDIT, edit },
		{ COMMAND_NEW, make_new }, { COMMAND_MOVE, move },		{ COMMAND_NONE, walk },
	};
	struct ward w = { .d = d };
	size_t n = 0;

	for (int i = 0; i < TRIAGE_QUESTIONS; i++)
		w.by[a[i].question] = &a[i];
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *words = rows[i].words(&w);

		if (words)
			out[n++] = (struct triage_fix){ rows[i].command, words };
	}
	return n;
}

void triage_fixes_clear(struct triage_fix *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g_free(f[i].words);
}
