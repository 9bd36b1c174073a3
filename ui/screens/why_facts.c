/* why_facts - the four facts about a code, each with since when and on whose word.
 *
 * They stand side by side because each can be true without the next: asked for, open by its hours,
 * set at the provider, and really on the lock. */
#include "ui/screens/why.h"

#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "ui/screens/words.h"

/* ---- declared ---- */

/* "Sun 22 Nov 23:15 to Thu 26 Nov 11:00" */
static char *span_words(const struct access_code *ac, const struct zone *z)
{
	char day[2][CIVIL_TEXT_MAX], clock[2][CIVIL_TEXT_MAX];
	bool starts = instant_known(ac->starts_at), ends = instant_known(ac->ends_at);

	civil_day(z, ac->starts_at, day[0]);
	civil_clock(z, ac->starts_at, clock[0]);
	civil_day(z, ac->ends_at, day[1]);
	civil_clock(z, ac->ends_at, clock[1]);
	if (!starts && !ends)
		return g_strdup(_("ongoing, no end"));
	if (!ends)
		return g_strdup_printf(_("from %s %s, no end"), day[0], clock[0]);
	if (!starts)
		return g_strdup_printf(_("until %s %s"), day[1], clock[1]);
	return g_strdup_printf(_("%s %s to %s %s"), day[0], clock[0], day[1], clock[1]);
}

static const struct intent *last_of(const struct dossier *d, enum intent_kind kind)
{
	for (size_t i = 0; i < d->intents.n; i++)
		if (d->intents.at[i].kind == kind &&
		    (kind == INTENT_CREATE || d->intents.at[i].state == INTENT_ACCEPTED))
			return &d->intents.at[i];
	return NULL;
}

/* Who made it, where that was here: else it is the server's word, since the outbox does not go back for ever and
 * other desks have theirs; and who changed it here. */
static void declared(const struct dossier *d, struct why_fact *f)
{
	const struct access_code *ac = &d->code->code;
	const struct intent *made = last_of(d, INTENT_CREATE), *changed = last_of(d, INTENT_UPDATE),
			    *told = changed ? changed : made;

	f->what = span_words(ac, d->zone);
	f->since = told ? told->made_at : ac->created_at;
	f->source = told ? g_strdup_printf(changed ? _("changed (%s)") : _("desk (%s)"),
					   told->made_by ? told->made_by : "?")
		    : ac->managed ? g_strdup(_("server"))
				  : g_strdup(_("the lock's app"));
	f->role = ROLE_TEXT;
}

/* ---- in its window ---- */

static void window(const struct dossier *d, struct why_fact *f)
{
	const struct access_code *ac = &d->code->code;
	bool starts = instant_known(ac->starts_at), ends = instant_known(ac->ends_at);
	char span[CIVIL_TEXT_MAX];

	f->source = g_strdup(_("clock"));
	f->since = INSTANT_NONE;
	if (starts && instant_before(d->now, ac->starts_at)) {
		f->what = g_strdup_printf(_("no, opens in %s"),
					  duration_text(instant_diff_ms(ac->starts_at, d->now), span));
		f->role = ROLE_FUTURE;
		return;
	}
	if (ends && !instant_before(d->now, ac->ends_at)) {
		f->what = g_strdup_printf(_("no, closed %s ago"),
					  duration_text(instant_diff_ms(d->now, ac->ends_at), span));
		f->since = ac->ends_at;
		f->role = ROLE_ENDED;
		return;
	}
	f->role = ROLE_GOOD;
	f->since = ac->starts_at;
	f->what = ends ? g_strdup_printf(_("yes, for another %s"),
					 duration_text(instant_diff_ms(ac->ends_at, d->now), span))
		       : g_strdup(_("yes, it has no end"));
}

/* ---- provider says ---- */

static const char *const provider_words[CODE_STATE_COUNT] = {
	[CODE_TROUBLE] = N_("failed"),
	[CODE_REMOVING] = N_("being erased"),
	[CODE_QUEUED] = N_("not told yet"),
	[CODE_SETTING] = N_("being set, not confirmed"),
	[CODE_SET] = N_("set"),
	[CODE_STORED] = N_("set, waits for its hour"),
	[CODE_WAITING] = N_("accepted, not written yet"),
	[CODE_UNKNOWN] = N_("cannot tell"),
	[CODE_ENDED] = N_("ended"),
};

static const struct issue_row *worst_issue(const struct dossier *d)
{
	const struct issue_row *worst = NULL;

	for (size_t i = 0; i < d->issues.n; i++) {
		const struct issue_row *one = &d->issues.at[i];

		if (one->kind == 'p' || one->of_account)
			continue;
		if (!worst || words_severity(one) > words_severity(worst))
			worst = one;
	}
	return worst;
}

/* When the newest event said something of how the code stands. */
static struct instant last_news(const struct dossier *d)
{
	const unsigned news = 1u << EVENT_CODE_GOOD | 1u << EVENT_CODE_TROUBLE | 1u << EVENT_CODE_CHANGE;

	for (size_t i = 0; i < d->events.n; i++)
		if (1u << event_lookup(d->events.at[i].event.event_type)->kind & news)
			return d->events.at[i].event.occurred_at;
	return INSTANT_NONE;
}

static void provider(const struct dossier *d, struct why_fact *f)
{
	const struct code_row *c = d->code;
	const struct issue_row *worst = worst_issue(d);
	g_autofree char *keyrackd = dossier_keyrackd(d, "reason"), *issue = NULL;

	if (worst)
		issue = words_issue(worst->code, worst->message);
	f->what = g_strdup_printf("%s%s%s", _(provider_words[c->state]), issue ? ": " : "", issue ? issue : "");
	f->since = worst && instant_known(worst->created_at) ? worst->created_at : last_news(d);
	f->source = keyrackd ? g_strdup(_("keyrackd"))
		    : d->lock ? g_strdup(brand_of(d->lock->lock.device_type, d->lock->lock.manufacturer))
			      : g_strdup(_("server"));
	f->role = c->state == CODE_TROUBLE ? ROLE_ALARM : words_state_role(c);
}

/* ---- lock says ---- */

/* keyrackd's belief of what is on the lock, and its proof; the first that fits. */
static const struct {
	const char *member, *value, *words;
	enum role role;
} beliefs[] = {
	{ "proof", "proven", N_("has it: read back, and right"), ROLE_GOOD },
	{ "proof", "acknowledged", N_("has taken it; it cannot be read"), ROLE_GOOD },
	{ "on_lock.belief", "different", N_("has something else in its place"), ROLE_ALARM },
	{ "on_lock.belief", "gone", N_("no longer has it"), ROLE_ALARM },
	{ "on_lock.belief", "uncertain", N_("never said whether it took it"), ROLE_WARN },
	{ "on_lock.belief", "absent", N_("does not have it"), ROLE_FUTURE },
};

static bool believed(const struct dossier *d, const char *member, const char *value)
{
	g_autofree char *live = dossier_keyrackd(d, member);
	g_autofree char *said = d->explained ? jsonin_text(d->explained->body, member) : NULL;

	/* The code's own member is as new as the code; the explanation as the last question. */
	return g_strcmp0(live ? live : said, value) == 0;
}

static void lock_by_belief(const struct dossier *d, struct why_fact *f)
{
	for (size_t i = 0; !f->what && i < G_N_ELEMENTS(beliefs); i++) {
		if (!believed(d, beliefs[i].member, beliefs[i].value))
			continue;
		f->what = g_strdup(_(beliefs[i].words));
		f->role = beliefs[i].role;
		f->since = last_news(d);
		f->source = g_strdup(_("keyrackd"));
	}
}

static void lock(const struct dossier *d, struct why_fact *f)
{
	const struct event_row *used = dossier_proof_of_use(d);
	bool there = d->code->state == CODE_SET || d->code->state == CODE_STORED;

	lock_by_belief(d, f);
	if (d->lock && d->lock->lock.online == TRI_NO) {
		g_free(f->source);
		g_autofree char *was = f->what;

		f->what = was && f->role == ROLE_GOOD ? g_strdup_printf(_("offline; last known: it %s"), was)
						      : g_strdup(_("nothing: it is offline"));
		f->role = ROLE_ALARM;
		f->since = dossier_offline_since(d);
		f->source = g_strdup(_("server"));
	} else if (used && there && !f->what) {
		f->what = g_strdup(_("has opened the door for it"));
		f->role = ROLE_GOOD;
		f->since = used->event.occurred_at;
		f->source = g_strdup(_("unlock event"));
	}
	if (f->what)
		return;
	f->what = g_strdup(there ? _("nothing: only the provider's word") : _("nothing known"));
	f->role = there ? ROLE_TEXT : ROLE_DIM;
	f->source = g_strdup("-");
}

void why_facts(const struct dossier *d, struct why_fact out[static WHY_FACTS])
{
	static const struct {
		const char *label;
		void (*fill)(const struct dossier *d, struct why_fact *f);
	} rows[WHY_FACTS] = {
		[WHY_DECLARED] = { N_("declared"), declared },
		[WHY_WINDOW] = { N_("in its window"), window },
		[WHY_PROVIDER] = { N_("provider says"), provider },
		[WHY_LOCK] = { N_("lock says"), lock },
	};

	for (int i = 0; i < WHY_FACTS; i++) {
		out[i] = (struct why_fact){ .label = _(rows[i].label), .since = INSTANT_NONE };
		rows[i].fill(d, &out[i]);
	}
}

void why_facts_clear(struct why_fact f[static WHY_FACTS])
{
	for (int i = 0; i < WHY_FACTS; i++) {
		g_free(f[i].what);
		g_free(f[i].source);
		f[i] = (struct why_fact){ 0 };
	}
}
