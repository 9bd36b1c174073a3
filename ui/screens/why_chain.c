/* why_chain - why a code is as it is, step by step: keyrackd's account of its own decisions, or what
 * can be told without one. */
#include "ui/screens/why.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/traits.h"
#include "core/vocab.h"
#include "ui/screens/server_words.h"
#include "ui/screens/words.h"

static void line_clear(void *p)
{
	g_free(((struct why_line *)p)->text);
}

static GArray *lines_new(void)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct why_line));

	g_array_set_clear_func(lines, line_clear);
	return lines;
}

/* Takes text. */
static void add(GArray *lines, struct instant at, enum role role, char *text)
{
	struct why_line l = { at, text, role };

	g_array_append_val(lines, l);
}

/* ---- keyrackd's account ---- */

struct decision {
	char *at, *words, *text;
};

static void decision_clear(void *p)
{
	struct decision *d = p;

	g_free(d->at);
	g_free(d->words);
	g_free(d->text);
}

/* "decisions.12.words" */
static void take_decision(const char *path, const char *text, void *ctx)
{
	static const struct {
		const char *member;
		size_t offset;
	} members[] = {
		{ "at", offsetof(struct decision, at) },
		{ "words", offsetof(struct decision, words) },
		{ "text", offsetof(struct decision, text) },
	};
	GArray *all = ctx;
	char *end;
	guint64 no;

	if (!text || !g_str_has_prefix(path, "decisions."))
		return;
	no = g_ascii_strtoull(path + strlen("decisions."), &end, 10);
	if (*end != '.' || no > all->len)
		return;
	if (no == all->len)
		g_array_set_size(all, all->len + 1);
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		char **to = (char **)(void *)((char *)&g_array_index(all, struct decision, no) +
					      members[i].offset);

		if (strcmp(end + 1, members[i].member) != 0)
			continue;
		g_free(*to);
		*to = g_strdup(text);
	}
}

bool why_is_explained(const struct dossier *d)
{
	return d->explained && d->explained->body;
}

/* Sentences begin large; so do those that are made of the words of a table. */
static char *sentence(const char *words)
{
	char *s = g_strdup(words && *words ? words : _("looked at"));

	s[0] = g_ascii_toupper(s[0]);
	return s;
}

static void add_decisions(const struct dossier *d, GArray *lines)
{
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct decision));
	const struct decision *before = NULL;

	g_array_set_clear_func(all, decision_clear);
	jsonin_walk(d->explained->body, take_decision, all);
	for (guint i = 0; i < all->len; i++) {
		const struct decision *one = &g_array_index(all, struct decision, i);
		struct instant at = INSTANT_NONE;
		char clock[CIVIL_TEXT_MAX];

		if (one->at)
			instant_parse(one->at, -1, &at);
		if (before && g_strcmp0(before->words, one->words) == 0 &&
		    g_strcmp0(before->text, one->text) == 0) {
			struct why_line *l = &g_array_index(lines, struct why_line, lines->len - 1);
			char *more =
				g_strdup_printf("%s%s %s", l->text, strstr(l->text, "; again ") ? "," : _("; again"),
						civil_clock(d->zone, at, clock));

			g_free(l->text);
			l->text = more;
			continue;
		}
		g_autofree char *words = sentence(server_words(one->words));

		add(lines, at, one->text ? ROLE_WARN : ROLE_TEXT,
		    one->text ? g_strdup_printf("%s: \"%s\"", words, one->text) : g_steal_pointer(&words));
		before = one;
	}
}

/* ---- what is known without it ---- */

static struct instant due_at(const struct dossier *d)
{
	bool native = d->lock && lock_is_native(&d->lock->lock);

	if (!instant_known(d->code->code.starts_at))
		return INSTANT_NONE;
	return instant_add_ms(d->code->code.starts_at, native ? -PRELOAD_LEAD_MS : -JUST_IN_TIME_LEAD_MS);
}

static bool has_passed(const struct dossier *d, struct instant t)
{
	return instant_known(t) && !instant_before(d->now, t);
}

static void add_rule(const struct dossier *d, GArray *lines)
{
	const struct access_code *ac = &d->code->code;
	bool native = d->lock && lock_is_native(&d->lock->lock);
	const char *brand = d->lock ? brand_of(d->lock->lock.device_type, d->lock->lock.manufacturer) : _("the lock");
	struct instant due = due_at(d);

	if (!ac->managed)
		add(lines, ac->created_at, ROLE_TEXT,
		    g_strdup(_("Found on the lock: nobody looks after it from here")));
	else if (ac->is_offline_access_code == TRI_YES)
		add(lines, ac->created_at, ROLE_TEXT,
		    g_strdup(_("Made as an offline code: nothing is sent to the lock")));
	else if (!instant_known(ac->starts_at))
		add(lines, ac->created_at, ROLE_TEXT, g_strdup(_("Made without a start: written to the lock at once")));
	else
		add(lines, ac->created_at, ROLE_TEXT,
		    g_strdup_printf(_("Made; %s %s"), brand, native
				    ? _("keeps the times itself, so it is loaded up to 72 hours ahead")
				    : _("keeps no times, so it is written 60 minutes before its start")));
	if (ac->managed && !why_is_explained(d) && has_passed(d, due) && instant_known(ac->created_at) &&
	    instant_before(ac->created_at, due))
		add(lines, due, ROLE_TEXT, g_strdup(_("Due to be written to the lock")));
}

static bool said_by_issue(const struct dossier *d, const char *event_type)
{
	for (size_t i = 0; i < d->issues.n; i++)
		if (d->issues.at[i].code && g_str_has_suffix(event_type, d->issues.at[i].code))
			return true;
	return false;
}

static void add_news(const struct dossier *d, GArray *lines)
{
	for (size_t i = 0; i < d->events.n; i++) {
		const struct event_row *e = &d->events.at[i];
		const struct event_info *info = event_lookup(e->event.event_type);
		bool bad = info->kind == EVENT_CODE_TROUBLE;

		if (info->kind != EVENT_CODE_GOOD && info->kind != EVENT_CODE_CHANGE && !bad)
			continue;
		if (strcmp(e->event.event_type, "access_code.created") == 0 ||
		    (bad && said_by_issue(d, e->event.event_type)))
			continue;
		add(lines, e->event.occurred_at, bad ? ROLE_ALARM : ROLE_TEXT,
		    sentence(info->words ? info->words : e->event.event_type));
	}
}

static const struct {
	const char *mutation, *words;
} mutations[] = {
	{ "creating", N_("On its way: being made at the provider") },
	{ "deferring_creation", N_("Held back until its hour") },
	{ "deleting", N_("On its way: being erased") },
	{ "updating_code", N_("On its way: another PIN") },
	{ "updating_name", N_("On its way: another name") },
	{ "updating_time_frame", N_("On its way: other times") },
};

static void add_issues(const struct dossier *d, GArray *lines)
{
	for (size_t i = 0; i < d->issues.n; i++) {
		const struct issue_row *one = &d->issues.at[i];
		const char *on_its_way = NULL;

		for (size_t m = 0; one->kind == 'p' && m < G_N_ELEMENTS(mutations); m++)
			if (g_strcmp0(mutations[m].mutation, one->code) == 0)
				on_its_way = _(mutations[m].words);
		add(lines, one->created_at, one->kind == 'e' ? ROLE_ALARM : one->kind == 'w' ? ROLE_WARN : ROLE_PENDING,
		    on_its_way ? g_strdup(on_its_way) : words_issue(one->code, one->message));
	}
}

/* What keyrackd says of each code beside the API: its last word, without what led to it. */
static void add_last_word(const struct dossier *d, GArray *lines)
{
	g_autofree char *words = dossier_keyrackd(d, "words");

	if (words)
		add(lines, d->now, ROLE_TEXT, g_strdup_printf(_("keyrackd: %s"), server_words(words)));
	else if (d->explained && d->explained->refused)
		add(lines, d->explained->at, ROLE_DIM,
		    g_strdup_printf(_("The server, asked why: %s"), d->explained->refused));
}

/* ---- in both ---- */

static void add_intents(const struct dossier *d, GArray *lines)
{
	for (size_t i = 0; i < d->intents.n; i++) {
		const struct intent *in = &d->intents.at[i];
		bool refused = in->state == INTENT_REFUSED;

		add(lines, in->made_at, refused ? ROLE_ALARM : in->state == INTENT_ACCEPTED ? ROLE_TEXT : ROLE_PENDING,
		    g_strdup_printf(_("Asked for here by %s: %s, %s%s%s"), in->made_by ? in->made_by : "?",
				    _(intent_kind_info(in->kind)->words), _(intent_state_word(in->state)),
				    in->message ? ": " : "", in->message ? in->message : ""));
	}
}

/* How often it opened, not every time; and what was wrong with the door since the code was made. */
static void add_uses(const struct dossier *d, GArray *lines)
{
	const struct event_row *first = NULL, *last = NULL;
	int n = 0;

	for (size_t i = 0; i < d->events.n; i++) {
		const struct event_row *e = &d->events.at[i];

		if (event_lookup(e->event.event_type)->kind != EVENT_UNLOCK)
			continue;
		last = last ? last : e;
		first = e;
		n++;
	}
	if (n > 1)
		add(lines, first->event.occurred_at, ROLE_GOOD,
		    g_strdup_printf(_("Opened the door, the first of %d times"), n));
	if (n > 0)
		add(lines, last->event.occurred_at, ROLE_GOOD,
		    g_strdup_printf(_("Opened the door%s%s"), n > 1 ? _(", the last time so far") : "",
				    last->how == WHO_INFERRED ? _(" (concluded: the brand names no code)") : ""));
}

static void add_door(const struct dossier *d, GArray *lines)
{
	struct instant made = d->code->code.created_at;
	int shown = 0;

	for (size_t i = 0; i < d->door_events.n && shown < 8; i++) {
		const struct event_row *e = &d->door_events.at[i];
		const struct event_info *info = event_lookup(e->event.event_type);

		if (info->kind == EVENT_DENIED || (instant_known(made) && instant_before(e->event.occurred_at, made)))
			continue;
		add(lines, e->event.occurred_at, info->kind == EVENT_DEVICE_GOOD ? ROLE_TEXT : ROLE_ALARM,
		    g_strdup_printf(_("The lock: %s"), info->words ? info->words : e->event.event_type));
		shown++;
	}
}

/* What has no moment comes first: it was so all along. */
static int by_time(const void *a, const void *b)
{
	const struct why_line *x = a, *y = b;

	return x->at.ms < y->at.ms ? -1 : x->at.ms > y->at.ms;
}

static void sort(GArray *lines)
{
	/* qsort keeps no order among equals; insertion does, and these are a few dozen. */
	for (guint i = 1; i < lines->len; i++) {
		struct why_line l = g_array_index(lines, struct why_line, i);
		guint at = i;

		for (; at > 0 && by_time(&g_array_index(lines, struct why_line, at - 1), &l) > 0; at--)
			g_array_index(lines, struct why_line, at) = g_array_index(lines, struct why_line, at - 1);
		g_array_index(lines, struct why_line, at) = l;
	}
}

GArray *why_chain(const struct dossier *d)
{
	GArray *lines = lines_new();

	add_intents(d, lines);
	add_rule(d, lines);
	if (why_is_explained(d)) {
		add_decisions(d, lines);
	} else {
		add_news(d, lines);
		add_issues(d, lines);
		add_last_word(d, lines);
	}
	add_door(d, lines);
	add_uses(d, lines);
	sort(lines);
	return lines;
}

char *why_source(const struct dossier *d)
{
	char at[CIVIL_TEXT_MAX];

	if (why_is_explained(d))
		return g_strdup_printf(_("How it came to this: keyrackd's account of %s%s"),
				       civil_near(d->zone, d->explained->at, d->now, at),
				       d->more_coming ? _(", a newer one is coming") : "");
	return g_strdup_printf(_("How it came to this, derived from status and events%s"),
			       d->more_coming ? _("; more is coming") : "");
}

/* ---- what comes next ---- */

static void next_of_keyrackd(const struct dossier *d, GArray *lines)
{
	g_autofree char *words = jsonin_text(d->explained->body, "next.words");

	/* Its words say when; often it is 'as soon as', and the moment is only the last one. */
	add(lines, INSTANT_NONE, ROLE_TEXT, words ? g_steal_pointer(&words) : g_strdup(_("Nothing: it is closed.")));
}

static void next_derived(const struct dossier *d, GArray *lines)
{
	const struct code_row *c = d->code;
	bool away = d->lock && d->lock->lock.online == TRI_NO;
	struct instant due = due_at(d);

	if (away && c->state != CODE_ENDED && c->state != CODE_SET && c->state != CODE_STORED)
		add(lines, INSTANT_NONE, ROLE_WARN, g_strdup(_("As soon as the lock is back: it is written")));
	if (c->state == CODE_WAITING && instant_known(due) && instant_before(d->now, due))
		add(lines, due, ROLE_TEXT, g_strdup(_("It is written to the lock")));
	if (c->state == CODE_SETTING && !away)
		add(lines, INSTANT_NONE, ROLE_PENDING, g_strdup(_("As soon as the lock confirms it: set")));
	if (c->state == CODE_REMOVING)
		add(lines, INSTANT_NONE, ROLE_PENDING, g_strdup(_("As soon as the lock confirms it: gone")));
	for (size_t i = 0; c->state == CODE_TROUBLE && i < d->issues.n; i++) {
		const char *remedy = words_remedy(d->issues.at[i].code);

		if (d->issues.at[i].kind == 'e' && remedy)
			add(lines, INSTANT_NONE, ROLE_WARN, g_strdup(remedy));
	}
}

GArray *why_next(const struct dossier *d)
{
	const struct access_code *ac = &d->code->code;
	GArray *lines = lines_new();
	g_autofree char *early = words_early(ac, d->zone, d->now);
	bool open = d->code->state != CODE_ENDED && d->code->state != CODE_REMOVING;
	bool there = d->code->state == CODE_SET || d->code->state == CODE_STORED;

	if (why_is_explained(d))
		next_of_keyrackd(d, lines);
	else
		next_derived(d, lines);
	if (open && early)
		add(lines, INSTANT_NONE, ROLE_WARN, sentence(early));
	if (open && instant_known(ac->starts_at) && instant_before(d->now, ac->starts_at))
		add(lines, ac->starts_at, ROLE_TEXT, g_strdup(_("Its window opens")));
	if (open && instant_known(ac->ends_at) && instant_before(d->now, ac->ends_at))
		add(lines, ac->ends_at, ROLE_TEXT,
		    g_strdup(there ? _("Its window ends: it is taken off the lock") : _("Its window ends")));
	if (!lines->len)
		add(lines, INSTANT_NONE, ROLE_DIM, g_strdup(_("Nothing, until somebody changes it")));
	sort(lines);
	return lines;
}

/* ---- the keys that help ---- */

static bool can(const struct dossier *d, enum command c)
{
	const char *hint = code_hint(d->code, c);

	return !hint || *hint;
}

void why_help(const struct dossier *d, struct why_help out[static WHY_HELP_MAX])
{
	bool spare = d->code->code.is_backup_access_code_available == TRI_YES;
	bool away = d->lock && d->lock->lock.online == TRI_NO;
	bool full = dossier_finds_no_room(d);
	bool turns = d->lock && !lock_cannot_turn(&d->lock->lock, true);
	const struct {
		bool fits;
		enum command command;
		const char *words;
	} rows[] = {
		{ full && d->lock, COMMAND_CODES, _("make room: delete or revoke a code of this lock that nobody needs") },
		{ can(d, COMMAND_BACKUP), COMMAND_BACKUP,
		  spare ? _("give a backup code: one is ready") : _("give a backup code: none is said to be ready") },
		{ can(d, COMMAND_EDIT) && !full, COMMAND_EDIT, _("edit: PIN, name or window; then it is written anew") },
		{ can(d, COMMAND_ADOPT) && code_is_foreign(d->code), COMMAND_ADOPT, _("manage it from here") },
		{ turns, COMMAND_UNLOCK, away ? _("unlock from here: given up after a minute, the lock is offline")
					      : _("unlock the door from here") },
		{ d->lock && !full, COMMAND_CODES, _("see all codes of this lock") },
		{ true, COMMAND_EVENTS, _("see what happened with this code") },
	};
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows) && n + 1 < WHY_HELP_MAX; i++)
		if (rows[i].fits)
			out[n++] = (struct why_help){ rows[i].command, rows[i].words };
	out[n] = (struct why_help){ COMMAND_NONE, NULL };
}
