/* triage_answers - the seven questions of 'my code does not work', answered; see triage.h. */
#include <stdlib.h>
#include <string.h>

#include "core/health.h"
#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/pin_rival.h"
#include "core/ready.h"
#include "core/vocab.h"
#include "ui/screens/triage.h"
#include "ui/screens/words.h"

#define DENIED_LATELY_MS (30 * MINUTE_MS) /* what may have been this guest */
#define BLOCKED_MS	 (10 * MINUTE_MS) /* how long keypads stay blocked, at most */
#define BURST_MS	 (5 * MINUTE_MS)
#define BURST		 5 /* wrong tries after which most keypads block */
#define OPENED_MS	 (10 * MINUTE_MS)
#define JAM_MS		 DAY_MS

/* Takes answer and evidence. */
static void say(struct triage_answer *a, enum triage_weight weight, char *answer, char *evidence)
{
	g_free(a->answer);
	g_free(a->evidence);
	a->weight = weight;
	a->answer = answer;
	a->evidence = evidence;
}

static bool lately(const struct dossier *d, struct instant t, int64_t ms)
{
	return instant_known(t) && instant_diff_ms(d->now, t) < ms;
}

/* ---- right door? ---- */

static bool same_lock(const struct dossier *d, const struct code_row *c)
{
	return d->code && c->lock_no == d->code->lock_no;
}

/* A code of the same guest that is open now: at another door, or here beside this one. */
static const struct code_row *open_instead(const struct dossier *d, bool here)
{
	for (size_t i = 0; i < d->elsewhere.n; i++) {
		const struct code_row *c = &d->elsewhere.at[i];

		if (same_lock(d, c) == here && access_code_in_window(&c->code, d->now))
			return c;
	}
	return NULL;
}

static char *other_doors(const struct dossier *d)
{
	GString *s = g_string_new(NULL);
	int n = 0;

	for (size_t i = 0; i < d->elsewhere.n && n < 4; i++)
		if (!same_lock(d, &d->elsewhere.at[i]) && d->elsewhere.at[i].lock_name)
			g_string_append_printf(s, "%s%s", n++ ? ", " : _("also at "), d->elsewhere.at[i].lock_name);
	return g_string_free(s, n == 0);
}

static void door_of_nobody(const struct dossier *d, struct triage_answer *a)
{
	int open = 0;

	for (size_t i = 0; i < d->here.n; i++)
		open += access_code_in_window(&d->here.at[i].code, d->now);
	say(a, TRIAGE_UNKNOWN, open ? g_strdup_printf(P_("who stands there? %d code may open now",
							      "who stands there? %d codes may open now", open), open)
				    : g_strdup(_("no code may open this door now")), NULL);
	if (!open)
		a->weight = TRIAGE_BAD;
}

static void door(const struct dossier *d, struct triage_answer *a)
{
	const struct code_row *here = open_instead(d, true), *there = open_instead(d, false);

	if (!d->code)
		door_of_nobody(d, a);
	else if (access_code_in_window(&d->code->code, d->now))
		say(a, TRIAGE_FINE, g_strdup(_("yes: it has a code for this door")), other_doors(d));
	else if (here)
		say(a, TRIAGE_DOUBT, g_strdup(_("yes, but another code of this name is the one that counts now")),
		    NULL);
	else if (there)
		say(a, TRIAGE_BAD,
		    g_strdup_printf(_("no: what is open now is for %s"),
				    there->lock_name ? there->lock_name : _("another door")),
		    NULL);
	else
		say(a, TRIAGE_FINE, g_strdup(_("yes: a code of this name is for this door")), other_doors(d));
	if (d->twice) {
		char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

		say(a, TRIAGE_BAD, g_strdup(_("the room is given twice")),
		    g_strdup_printf(_("%1$s has it too, from %2$s until %3$s"),
				    double_other(d->twice, d->code->code_no, 0)->name,
				    civil_near(d->zone, d->twice->from, d->now, from),
				    civil_near(d->zone, d->twice->until, d->now, until)));
	}
}

/* ---- window open? ---- */

static void window(const struct dossier *d, struct triage_answer *a)
{
	const struct access_code *ac = d->code ? &d->code->code : NULL;
	g_autofree char *early = ac ? dossier_keyrackd(d, "early_from") : NULL;
	struct instant opens = INSTANT_NONE;
	char at[CIVIL_TEXT_MAX], span[CIVIL_TEXT_MAX];

	if (!ac) {
		say(a, TRIAGE_UNKNOWN, g_strdup(_("not known whose")), NULL);
		return;
	}
	if (early)
		instant_parse(early, -1, &opens);
	if (instant_known(ac->starts_at) && instant_before(d->now, ac->starts_at)) {
		civil_near(d->zone, ac->starts_at, d->now, at);
		duration_text(instant_diff_ms(ac->starts_at, d->now), span);
		if (instant_known(opens) && !instant_before(d->now, opens))
			say(a, TRIAGE_FINE, g_strdup_printf(_("not yet, but this lock lets it in before %s"), at),
			    NULL);
		else
			say(a, TRIAGE_BAD, g_strdup_printf(_("no: it opens %s, in %s"), at, span), NULL);
		return;
	}
	if (instant_known(ac->ends_at) && !instant_before(d->now, ac->ends_at)) {
		say(a, TRIAGE_BAD,
		    g_strdup_printf(_("no: it ended %s"), civil_near(d->zone, ac->ends_at, d->now, at)), NULL);
		a->at = ac->ends_at;
		return;
	}
	say(a, TRIAGE_FINE,
	    instant_known(ac->ends_at)
		    ? g_strdup_printf(_("yes, until %s"), civil_near(d->zone, ac->ends_at, d->now, at))
		    : g_strdup(_("yes, without an end")),
	    NULL);
}

/* ---- on the lock? ---- */

static const struct {
	const char *said;
	enum ready_proof proof;
} proofs[] = {
	{ "proven", PROOF_PROVEN },
	{ "acknowledged", PROOF_ACKNOWLEDGED },
	{ "none", PROOF_NONE },
};

static struct ready_facts ready_of(const struct dossier *d)
{
	const struct code_row *c = d->code;
	const struct event_row *used = dossier_proof_of_use(d);
	g_autofree char *proof = dossier_keyrackd(d, "proof"), *reason = dossier_keyrackd(d, "reason");
	struct ready_facts f = {
		.code = c->code,
		.deleted_at = c->deleted_at,
		.declared = DECLARED_YES,
		.proof = reason ? PROOF_NONE : PROOF_NOT_SAID,
		.backup = c->code.pulled_backup_access_code_id ? BACKUP_PULLED : BACKUP_NONE,
		.has_pin = c->code.code != NULL,
		.native = d->lock && lock_is_native(&d->lock->lock),
		.online = d->lock ? d->lock->lock.online : TRI_UNKNOWN,
		.offline_since = dossier_offline_since(d),
		.errors_own = c->errors_own,
		.error_at = INSTANT_NONE,
		.used_at = used ? used->event.occurred_at : INSTANT_NONE,
		.last_used_at = used ? used->event.occurred_at : INSTANT_NONE,
	};

	for (size_t i = 0; proof && i < G_N_ELEMENTS(proofs); i++)
		if (strcmp(proof, proofs[i].said) == 0)
			f.proof = proofs[i].proof;
	for (size_t i = 0; i < d->issues.n; i++) {
		const struct issue_row *one = &d->issues.at[i];

		if (one->kind == 'p' || words_severity(one) <= f.severity)
			continue;
		f.severity = words_severity(one);
		f.worst = one->code;
		f.error_at = one->created_at;
	}
	if (c->intent_no && c->intent_state < INTENT_ACCEPTED)
		f.change = CHANGE_UNDER_WAY;
	return f;
}

static void on_lock(const struct dossier *d, struct triage_answer *a)
{
	static const struct {
		enum triage_weight weight;
		const char *answer;
	} verdicts[READY_COUNT] = {
		[READY_REMOVED] = { TRIAGE_BAD, N_("no") },
		[READY_REVOKED] = { TRIAGE_BAD, N_("no: revoked") },
		[READY_STAYING] = { TRIAGE_FINE, N_("yes") },
		[READY_YES] = { TRIAGE_FINE, N_("yes") },
		[READY_WAITING] = { TRIAGE_FINE, N_("not due") },
		[READY_LEAVING] = { TRIAGE_BAD, N_("it is being erased") },
		[READY_UNPROVEN] = { TRIAGE_DOUBT, N_("not certain") },
		[READY_AT_RISK] = { TRIAGE_BAD, N_("no") },
		[READY_DOUBLE] = { TRIAGE_BAD, N_("yes, and another's too") },
	};
	struct ready_facts f;
	struct ready r;

	if (!d->code) {
		say(a, TRIAGE_UNKNOWN, g_strdup(_("not known whose")), NULL);
		return;
	}
	f = ready_of(d);
	r = ready_judge(&f, d->now);
	char *words = ready_words(&f, &r, d->zone, d->now);

	words[0] = g_ascii_tolower(words[0]);
	say(a, verdicts[r.verdict].weight, g_strdup(_(verdicts[r.verdict].answer)), words);
	if (r.lock == ON_LOCK_USED || f.error_at.ms > 0)
		a->at = r.lock == ON_LOCK_USED ? f.used_at : f.error_at;
	if (f.backup == BACKUP_PULLED)
		say(a, TRIAGE_BAD, g_strdup(_("its backup code stands in for it")),
		    g_strdup(_("the guest needs the backup's PIN")));
}

/* ---- typed wrong? blocked? ---- */

struct denials {
	int wrong, burst; /* unknown PINs lately; within five minutes of the last */
	struct instant last_wrong, expired, blocked, blocklisted, privacy;
};

static struct denials denials_of(const struct dossier *d)
{
	struct denials n = { 0, 0, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE };
	const struct {
		const char *reason;
		struct instant *at;
	} rows[] = { { "expired_code", &n.expired },
		     { "too_many_attempts", &n.blocked },
		     { "blocklisted_code", &n.blocklisted },
		     { "blocked_by_privacy_mode", &n.privacy } };

	for (size_t i = 0; i < d->door_events.n; i++) {
		const struct event *e = &d->door_events.at[i].event;
		struct instant *at = NULL;

		if (event_lookup(e->event_type)->kind != EVENT_DENIED || !lately(d, e->occurred_at, DENIED_LATELY_MS))
			continue;
		g_autofree char *reason = jsonin_text(e->object, "reason.reason_code");

		for (size_t r = 0; r < G_N_ELEMENTS(rows); r++)
			if (g_strcmp0(reason, rows[r].reason) == 0)
				at = rows[r].at;
		if (at && !instant_known(*at))
			*at = e->occurred_at;
		if (at)
			continue;
		n.wrong++;
		if (!instant_known(n.last_wrong))
			n.last_wrong = e->occurred_at;
		n.burst += instant_diff_ms(n.last_wrong, e->occurred_at) < BURST_MS;
	}
	return n;
}

/* Another code of this lock whose PIN is taken for this one's easily. */
static const struct code_row *rival_of(const struct dossier *d, enum pin_likeness *how)
{
	g_autofree struct pin_use *uses = g_new0(struct pin_use, d->here.n + 1);
	g_autofree const struct code_row **rows = g_new0(const struct code_row *, d->here.n + 1);
	size_t n = 1;
	int at;

	uses[0] = (struct pin_use){ d->code->code.code, d->code->code.starts_at, d->code->code.ends_at };
	for (size_t i = 0; i < d->here.n; i++) {
		const struct access_code *ac = &d->here.at[i].code;

		if (d->here.at[i].code_no == d->code->code_no)
			continue;
		rows[n] = &d->here.at[i];
		uses[n++] = (struct pin_use){ ac->code, ac->starts_at, ac->ends_at };
	}
	at = pin_rival(uses, n, 0, how);
	return at > 0 ? rows[at] : NULL;
}

static void typed(const struct dossier *d, struct triage_answer *a)
{
	struct denials n = denials_of(d);
	enum pin_likeness how = PIN_UNLIKE;
	const struct code_row *rival = d->code ? rival_of(d, &how) : NULL;
	char *like = rival ? g_strdup_printf("%s: %s", code_name(&rival->code), pin_likeness_words(how)) : NULL;

	if (d->code && !d->code->code.code)
		say(a, TRIAGE_UNKNOWN, g_strdup(_("its PIN is not known here")), like);
	else if (instant_known(n.expired))
		say(a, TRIAGE_DOUBT, g_strdup(_("a PIN whose time has passed was typed here")), like);
	else if (n.wrong)
		say(a, TRIAGE_DOUBT,
		    g_strdup_printf(_("likely: %d wrong %s lately"), n.wrong, n.wrong == 1 ? _("PIN") : _("PINs")),
		    like);
	else if (rival)
		say(a, TRIAGE_UNKNOWN, g_strdup(_("maybe: another code here is easily taken for it")), like);
	else
		say(a, TRIAGE_FINE, g_strdup(_("no refused entry reported, as far as this brand tells")), NULL);
	a->at = instant_known(n.expired) ? n.expired : n.last_wrong;
}

static void keypad(const struct dossier *d, struct triage_answer *a)
{
	struct denials n = denials_of(d);

	a->at = INSTANT_NONE;
	if (instant_known(n.privacy)) {
		say(a, TRIAGE_BAD, g_strdup(_("yes: privacy mode, no PIN opens")),
		    g_strdup(_("somebody inside has set it")));
		a->at = n.privacy;
	} else if (instant_known(n.blocklisted)) {
		say(a, TRIAGE_BAD, g_strdup(_("this PIN itself is blocked")), g_strdup(_("the lock said so")));
		a->at = n.blocklisted;
	} else if (lately(d, n.blocked, BLOCKED_MS)) {
		say(a, TRIAGE_BAD, g_strdup(_("yes: too many wrong tries")), g_strdup(_("the lock said so")));
		a->at = n.blocked;
	} else if (n.burst >= BURST) {
		say(a, TRIAGE_DOUBT, g_strdup_printf(_("perhaps: %d wrong tries in five minutes"), n.burst), NULL);
		a->at = n.last_wrong;
	} else {
		say(a, TRIAGE_FINE, g_strdup(_("no sign of it")), NULL);
	}
}

/* ---- the lock, the door ---- */

static const struct issue_row *issue_of_part(const struct dossier *d, enum health_part part)
{
	for (size_t i = 0; i < d->lock_issues.n; i++)
		if (health_part_of(d->lock_issues.at[i].code, d->lock_issues.at[i].of_account) == part)
			return &d->lock_issues.at[i];
	return NULL;
}

static void health(const struct dossier *d, struct triage_answer *a)
{
	const struct lock *l = d->lock ? &d->lock->lock : NULL;
	const struct issue_row *account = issue_of_part(d, HEALTH_ACCOUNT);
	g_autofree char *clock = l ? health_clock_words(l, d->now) : NULL;
	bool low = l && (battery_is_low(l->battery_pct, l->battery_status) || issue_of_part(d, HEALTH_BATTERY));
	char *charge = low && l->battery_pct >= 0 ? g_strdup_printf(_("%d %% left"), l->battery_pct) : NULL;

	if (!l) {
		say(a, TRIAGE_UNKNOWN, g_strdup(_("nothing is known of the lock")), charge);
	} else if (l->online == TRI_NO) {
		say(a, TRIAGE_DOUBT, g_strdup(_("offline: it opens only for what it holds already")), charge);
		a->at = dossier_offline_since(d);
	} else if (dossier_finds_no_room(d)) {
		say(a, TRIAGE_DOUBT, g_strdup(_("its memory is full: it has no place for this code")), charge);
	} else if (low) {
		say(a, TRIAGE_DOUBT, g_strdup(_("its battery is low: a weak lock may not turn")), charge);
	} else if (clock) {
		say(a, TRIAGE_DOUBT, g_strdup_printf(_("its clock is another: it %s"), clock), NULL);
	} else if (account) {
		say(a, TRIAGE_DOUBT, words_issue(account->code, account->message), NULL);
		a->at = account->created_at;
	} else {
		say(a, l->online == TRI_YES ? TRIAGE_FINE : TRIAGE_UNKNOWN,
		    g_strdup(l->online == TRI_YES ? _("online, and nothing is reported")
						  : _("whether it is online is not known")),
		    l->battery_pct >= 0 ? g_strdup_printf(_("battery %d %%"), l->battery_pct) : NULL);
	}
}

static const struct event_row *last_failed_turn(const struct dossier *d)
{
	for (size_t i = 0; i < d->door_events.n; i++) {
		const struct event_row *e = &d->door_events.at[i];
		const char *type = e->event.event_type ? e->event.event_type : "";

		if ((strcmp(type, "action_attempt.unlock_door.failed") == 0 ||
		     strcmp(type, "action_attempt.lock_door.failed") == 0) &&
		    lately(d, e->event.occurred_at, JAM_MS))
			return e;
	}
	return NULL;
}

static bool is_office_mode(const struct dossier *d)
{
	for (size_t i = 0; i < d->lock_issues.n; i++)
		if (d->lock_issues.at[i].code && strstr(d->lock_issues.at[i].code, "office_mode"))
			return true;
	return false;
}

static void itself(const struct dossier *d, struct triage_answer *a)
{
	const struct event_row *used = dossier_proof_of_use(d), *failed = last_failed_turn(d);
	const struct lock *l = d->lock ? &d->lock->lock : NULL;

	if (failed) {
		say(a, TRIAGE_DOUBT, g_strdup(_("the bolt may be jammed: it could not be turned")),
		    g_strdup(event_lookup(failed->event.event_type)->words));
		a->at = failed->event.occurred_at;
	} else if (used && lately(d, used->event.occurred_at, OPENED_MS)) {
		say(a, TRIAGE_DOUBT, g_strdup(_("it has just opened for this code: pull or push the door")), NULL);
		a->at = used->event.occurred_at;
	} else if (l && l->door_open == TRI_YES) {
		say(a, TRIAGE_DOUBT, g_strdup(_("the door stands open")), NULL);
	} else if (is_office_mode(d)) {
		say(a, TRIAGE_DOUBT, g_strdup(_("office mode: it needs no code, try the handle")), NULL);
	} else if (l && l->locked == TRI_NO) {
		say(a, TRIAGE_DOUBT, g_strdup(_("it is unlocked already: try the handle")), NULL);
	} else {
		say(a, l && l->locked == TRI_YES ? TRIAGE_FINE : TRIAGE_UNKNOWN,
		    g_strdup(l && l->locked == TRI_YES ? _("locked, as it should be") : _("not known")), NULL);
	}
}

static const struct {
	const char *words;
	void (*judge)(const struct dossier *d, struct triage_answer *a);
} questions[TRIAGE_QUESTIONS] = {
	[TRIAGE_DOOR] = { N_("right door?"), door },
	[TRIAGE_WINDOW] = { N_("window open?"), window },
	[TRIAGE_LOCK] = { N_("on the lock?"), on_lock },
	[TRIAGE_TYPED] = { N_("PIN typed wrong?"), typed },
	[TRIAGE_KEYPAD] = { N_("keypad blocked?"), keypad },
	[TRIAGE_HEALTH] = { N_("lock well?"), health },
	[TRIAGE_ITSELF] = { N_("door itself?"), itself },
};

const char *triage_question_words(enum triage_question q)
{
	return _(questions[q].words);
}

static int by_weight(const void *a, const void *b)
{
	const struct triage_answer *x = a, *y = b;

	return x->weight != y->weight ? (int)y->weight - (int)x->weight : (int)x->question - (int)y->question;
}

void triage_answers(const struct dossier *d, struct triage_answer out[static TRIAGE_QUESTIONS])
{
	for (int q = 0; q < TRIAGE_QUESTIONS; q++) {
		out[q] = (struct triage_answer){ .question = (enum triage_question)q, .at = INSTANT_NONE };
		questions[q].judge(d, &out[q]);
	}
	qsort(out, TRIAGE_QUESTIONS, sizeof *out, by_weight);
}

void triage_answers_clear(struct triage_answer a[static TRIAGE_QUESTIONS])
{
	for (int q = 0; q < TRIAGE_QUESTIONS; q++) {
		g_free(a[q].answer);
		g_free(a[q].evidence);
		a[q] = (struct triage_answer){ 0 };
	}
}
