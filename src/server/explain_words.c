/* explain_words - why a code is as it is and what comes next, in sentences for a night clerk.
 *
 * One row for each situation; the first that fits is said. What stands in braces is filled in, times
 * as the clock beside the door shows them. */
#include "config.h"

#include "server/keyrackd.h"

#include <string.h>

/* ---- what a row can ask ---- */

static bool is_started(const struct matter *m)
{
	return !instant_known(m->code->starts_at) || !instant_before(m->now, m->code->starts_at);
}

static bool is_to_come(const struct matter *m)
{
	return !is_started(m);
}

static bool has_end(const struct matter *m)
{
	return instant_known(m->code->ends_at);
}

static bool was_never_set(const struct matter *m)
{
	return !m->code->ever_set;
}

static bool was_taken_away(const struct matter *m)
{
	return m->code->done.belief == BELIEF_GONE;
}

static bool is_ending(const struct matter *m)
{
	return instant_known(m->code->removal_asked_at) ||
	       (has_end(m) && !instant_before(m->now, m->code->ends_at));
}

static bool is_given_up(const struct matter *m)
{
	return m->code->problems & PROBLEM_FAILED_TO_SET;
}

struct saying {
	enum plan_reason reason;
	bool (*when)(const struct matter *m); /* NULL: always */
	const char *text;
};

static const struct saying of_closed[] = {
	{ REASON_REVOKED, was_never_set, "It was deleted before it was on {door}: it never opened." },
	{ REASON_REVOKED, NULL, "It was deleted, and is no longer on {door}." },
	{ REASON_ENDED, NULL, "It ended {until}." },
	{ REASON_GONE, was_taken_away,
	  "It ended {until}; somebody had removed it from {door} before." },
	{ REASON_GONE, NULL, "It ended {until}, and was taken off {door}." },
	{ REASON_MISSED, NULL, "It ended {until}, before it could be put on {door}: it never opened." },
};

static const struct saying of_open[] = {
	{ REASON_NOT_DUE, NULL, "It is not on {door} yet: it is put there {due}." },
	{ REASON_PRELOAD, NULL, "It is being loaded on {door}, which lets it in from {from} on." },
	{ REASON_JUST_IN_TIME, NULL,
	  "It is being put on {door}, an hour before its start: this lock keeps no times itself." },
	{ REASON_ONGOING, NULL, "It is being put on {door}." },
	{ REASON_LATE, NULL, "It should open by now and is not on {door} yet: it is being put there." },
	{ REASON_CHANGED, NULL, "It was changed, and {door} is being brought up to date." },
	{ REASON_ENABLE, NULL, "Its start has come: it is being switched on at {door}." },
	{ REASON_STARTED, NULL, "It works: {door} has switched it on by itself." },
	{ REASON_VERIFY, NULL, "It was written to {door}, which is now read to make sure." },
	{ REASON_PROVEN, is_to_come, "It is on {door}, read back and right; it opens from {from} on." },
	{ REASON_PROVEN, NULL, "It works: it is on {door}, read back and right." },
	{ REASON_ACKNOWLEDGED, is_to_come,
	  "{Door} has taken it, and opens to it from {from} on. What this lock holds cannot be read." },
	{ REASON_ACKNOWLEDGED, NULL,
	  "{Door} has taken it. What this lock holds cannot be read, so nobody can be surer." },
	{ REASON_UNCERTAIN, is_given_up,
	  "{Door} never said whether it took this code, and cannot be read. Try the PIN at the door; "
	  "if it does not open, change the code and it is written anew." },
	{ REASON_UNCERTAIN, NULL,
	  "{Door} did not say whether it was done: it is read before anything else." },
	{ REASON_OUTSIDE, NULL,
	  "Somebody changed or removed it with the maker's app: it is being put back on {door}." },
	{ REASON_OUTSIDE_OK, NULL,
	  "Somebody changed or removed it with the maker's app, which this code allows: it stays "
	  "so." },
	{ REASON_FIGHT, NULL,
	  "Somebody changes it with the maker's app again and again, so it is no longer put back. "
	  "Find out who it is, then change the code." },
	{ REASON_UNREACHABLE, is_ending,
	  "{Door} cannot be reached, so it could not be taken off: it may still open. See to the "
	  "lock's power and network." },
	{ REASON_UNREACHABLE, NULL,
	  "{Door} cannot be reached. See to the lock's power and network." },
	{ REASON_BACKOFF, is_ending, "Taking it off {door} failed: it may still open." },
	{ REASON_BACKOFF, NULL, "{Door} did not take it." },
	{ REASON_FULL, NULL, "The memory of {door} is full: remove a code from it." },
	{ REASON_DUPLICATE, NULL,
	  "Another code on {door} has the same PIN: give this one another, or remove that one." },
	{ REASON_REFUSED, NULL, "{Door} refuses this code: change its PIN or its name." },
	{ REASON_NO_PIN, NULL, "Its PIN is not known yet: the lock's maker chooses it." },
	{ REASON_OFFLINE_CODE, is_to_come,
	  "An offline code: nothing is sent to {door}, which knows the PIN by itself from {from} on." },
	{ REASON_OFFLINE_CODE, NULL,
	  "An offline code: nothing is sent to {door}, which knows the PIN by itself." },
	{ REASON_ENDED, NULL, "Its end has come: it is being taken off {door}." },
	{ REASON_REVOKED, NULL, "It was deleted: it is being taken off {door}." },
	{ REASON_GONE, NULL, "It is no longer on {door}." },
	{ REASON_MISSED, NULL, "Its time passed before it could be put on {door}." },
	{ REASON_ACCOUNT_LOST, NULL,
	  "The account that {door} belongs to is disconnected: nothing can be known or done." },
};

/* What is said of a problem besides, where the sentence before does not say it. */
static const struct {
	unsigned problem;
	const char *text;
} besides[] = {
	{ PROBLEM_DELAY_IN_SETTING, "This takes longer than it should." },
	{ PROBLEM_FAILED_TO_REMOVE, "It has been tried since {over}." },
};

/* ---- what comes next ---- */

/* What has to happen first, where that has no time of its own. */
static const struct saying of_hindrances[] = {
	{ REASON_UNREACHABLE, NULL, "It goes on as soon as {door} is back." },
	{ REASON_ACCOUNT_LOST, NULL, "It goes on as soon as the account is connected again." },
	{ REASON_FULL, NULL, "It goes on as soon as a code leaves {door}." },
	{ REASON_DUPLICATE, NULL, "It goes on as soon as the PIN is free on {door}." },
	{ REASON_NO_PIN, NULL, "It goes on as soon as the PIN is known." },
	{ REASON_REFUSED, NULL, "Nothing, until its PIN, its name or its times are changed." },
};

static const char *const of_steps[] = {
	[STEP_WAIT] = "Nothing, until somebody changes or deletes it.",
	[STEP_WRITE] = "It is written to {door} {next}.",
	[STEP_ENABLE] = "It is switched on at {door} {next}.",
	[STEP_REMOVE] = "It is taken off {door} {next}.",
	[STEP_READ] = "{Door} is read {next}.",
	[STEP_CLOSE] = "It is closed {next}.",
};
/* A lock that cannot change a code in place has it taken off first: that is no end of it. */
static const char taken_off_to_come_again[] = "It is taken off {door} {next}, to be written anew.";

/* ---- filling in ---- */

/* As it stands in a sentence: "at 21:18", "on Fri 11:00", "tomorrow 09:00", "now". */
static void put_moment(GString *out, const struct matter *m, struct instant t)
{
	char near[CIVIL_TEXT_MAX];

	if (!instant_known(t)) {
		g_string_append(out, "at a time that is not known");
		return;
	}
	if (instant_eq(t, m->now)) {
		g_string_append(out, "now");
		return;
	}
	civil_near(m->zone, t, m->now, near);
	if (!strchr(near, ' '))
		g_string_append(out, "at ");
	else if (!g_str_has_prefix(near, "tomorrow") && !g_str_has_prefix(near, "yesterday"))
		g_string_append(out, "on ");
	g_string_append(out, near);
}

/* "from {from} on": the bare time. */
static void put_bare(GString *out, const struct matter *m, struct instant t)
{
	char near[CIVIL_TEXT_MAX];

	g_string_append(out, civil_near(m->zone, t, m->now, near));
}

static void put_door(GString *out, const struct matter *m)
{
	g_string_append(out, m->door);
}

static void put_due(GString *out, const struct matter *m)
{
	put_moment(out, m, m->outlook.due_at);
}

static void put_from(GString *out, const struct matter *m)
{
	put_bare(out, m, m->code->starts_at);
}

static void put_until(GString *out, const struct matter *m)
{
	put_moment(out, m, m->code->ends_at);
}

static void put_over(GString *out, const struct matter *m)
{
	bool asked = instant_known(m->code->removal_asked_at);

	put_bare(out, m, asked ? m->code->removal_asked_at : m->code->ends_at);
}

static void put_next(GString *out, const struct matter *m)
{
	put_moment(out, m, m->outlook.next_at);
}

static void put_early(GString *out, const struct matter *m)
{
	put_bare(out, m, m->outlook.early_from);
}

static const struct {
	const char *name;
	void (*put)(GString *out, const struct matter *m);
} blanks[] = {
	{ "door", put_door },	{ "Door", put_door }, { "due", put_due },   { "from", put_from },
	{ "until", put_until }, { "over", put_over }, { "next", put_next }, { "early", put_early },
};

static void fill(GString *out, const char *text, const struct matter *m)
{
	if (out->len > 0)
		g_string_append_c(out, ' ');
	while (*text) {
		size_t plain = strcspn(text, "{"), i = 0, len;

		g_string_append_len(out, text, (gssize)plain);
		text += plain;
		if (!*text)
			return;
		len = strcspn(++text, "}");
		while (i < G_N_ELEMENTS(blanks) && (strlen(blanks[i].name) != len ||
						    strncmp(blanks[i].name, text, len) != 0))
			i++;
		g_return_if_fail(i < G_N_ELEMENTS(blanks));
		blanks[i].put(out, m);
		text += len + 1;
	}
}

static const char *first_that_fits(const struct saying *rows, size_t n, enum plan_reason reason,
				   const struct matter *m)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].reason == reason && (!rows[i].when || rows[i].when(m)))
			return rows[i].text;
	}
	return NULL;
}

static void say_besides(GString *out, const struct matter *m)
{
	for (size_t i = 0; i < G_N_ELEMENTS(besides); i++) {
		if (m->code->problems & besides[i].problem)
			fill(out, besides[i].text, m);
	}
	if (instant_known(m->outlook.early_from) && is_to_come(m))
		fill(out, "This lock keeps no times itself: it opens from {early} on, before its start.",
		     m);
	if (m->lock_said && (m->outlook.reason == REASON_REFUSED ||
			     m->outlook.reason == REASON_BACKOFF))
		g_string_append_printf(out, " It said: %s.", m->lock_said);
}

char *explain_words(const struct matter *m)
{
	enum plan_reason reason = m->closed ? m->code->reason : m->outlook.reason;
	const struct saying *rows = m->closed ? of_closed : of_open;
	size_t n = m->closed ? G_N_ELEMENTS(of_closed) : G_N_ELEMENTS(of_open);
	const char *text = first_that_fits(rows, n, reason, m);
	GString *out = g_string_new(NULL);

	/* A code without an end that is closed as one that had it: its door was deleted. */
	if (m->closed && !has_end(m) && reason != REASON_REVOKED)
		text = NULL;
	if (text)
		fill(out, text, m);
	else
		g_string_append_printf(out, "It is closed: %s.", plan_reason_words(reason));
	if (!m->closed)
		say_besides(out, m);
	return g_string_free(out, FALSE);
}

static bool comes_again(const struct matter *m)
{
	return m->outlook.next_step == STEP_REMOVE && !instant_known(m->code->removal_asked_at) &&
	       instant_known(m->outlook.next_at) &&
	       (!has_end(m) || instant_before(m->outlook.next_at, m->code->ends_at));
}

char *explain_next(const struct matter *m)
{
	GString *out = g_string_new(NULL);
	const char *first = first_that_fits(of_hindrances, G_N_ELEMENTS(of_hindrances),
					    m->outlook.reason, m);

	if (first)
		fill(out, first, m);
	if (!first || instant_known(m->outlook.next_at))
		fill(out, comes_again(m) ? taken_off_to_come_again : of_steps[m->outlook.next_step], m);
	return g_string_free(out, FALSE);
}
