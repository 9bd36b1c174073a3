/* attribute - the rules of attribute.h. */
#include "cache/attribute.h"

#include <stdio.h>
#include <string.h>

#include "core/jsonin.h"

static const char *const methods_without_code[] = { "manual", "remote", "automatic", "card",
						    "seamapi" };

static bool is_about_a_person(enum event_kind kind)
{
	return kind == EVENT_UNLOCK || kind == EVENT_LOCK || kind == EVENT_DENIED;
}

static bool used_no_code(const struct event *ev)
{
	/* keycode with an attempt: a keypad press cannot have been asked for by the API. */
	if (ev->method && strcmp(ev->method, "keycode") == 0)
		return false;
	if (ev->action_attempt_id)
		return true;
	for (size_t i = 0; ev->method && i < G_N_ELEMENTS(methods_without_code); i++)
		if (strcmp(ev->method, methods_without_code[i]) == 0)
			return true;
	return false;
}

/* An unlock that says no method at all comes from a lock that only knows its keypad. */
static bool was_keypad(const struct who_facts *f)
{
	return f->kind == EVENT_UNLOCK &&
	       (!f->event->method || strcmp(f->event->method, "keycode") == 0);
}

static struct who by_code(enum attribution how, struct who_code code)
{
	return (struct who){ .how = how,
			     .code_no = code.code_no,
			     .name = code.name && *code.name ? code.name : "unnamed code" };
}

static struct who unknown(const char *why)
{
	struct who w = { .how = WHO_UNKNOWN };

	g_strlcpy(w.why, why, sizeof(w.why));
	return w;
}

static bool brand_is_silent(const struct who_facts *f)
{
	return f->traits && !f->traits->names_code_in_unlock;
}

bool attribute_needs_valid(const struct who_facts *f)
{
	return !f->event->access_code_id && !f->event->code && !used_no_code(f->event) &&
	       was_keypad(f) && brand_is_silent(f);
}

static struct who infer(const struct who_facts *f)
{
	struct who w;

	if (f->valid == 1) {
		w = by_code(WHO_INFERRED, f->only_valid);
		g_strlcpy(w.why, "only code valid then; this brand does not report codes",
			  sizeof(w.why));
		return w;
	}
	w = (struct who){ .how = WHO_UNKNOWN };
	if (f->valid == 0)
		g_strlcpy(w.why, "this brand does not report the code; none was valid",
			  sizeof(w.why));
	else
		snprintf(w.why, sizeof(w.why),
			 "this brand does not report the code; %s%d were valid",
			 f->valid > WHO_VALID_MAX ? "over " : "",
			 MIN(f->valid, WHO_VALID_MAX));
	return w;
}

/* ---- an entry that was refused ---- */

/* The reasons of the API, as a desk says them. */
static const struct {
	const char *code, *words;
} reasons[] = {
	{ "unknown_code", "PIN not known to the lock" },
	{ "expired_code", "expired code" },
	{ "blocklisted_code", "blocked code" },
	{ "too_many_attempts", "too many attempts" },
	{ "blocked_by_privacy_mode", "privacy mode is on" },
	{ "credential_error", "the lock could not read it" },
};

static const char *reason_words(const struct event *ev, char code[static WHO_WHY_MAX])
{
	g_autofree char *said = jsonin_text(ev->object, "reason.reason_code");

	g_strlcpy(code, said ? said : "", WHO_WHY_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reasons[i].code, code) == 0)
			return reasons[i].words;
	return code;
}

static const char *const near_words[] = {
	[WHO_NEAR_START] = "a code of theirs starts",
	[WHO_NEAR_END] = "a code of theirs ended",
	[WHO_NEAR_REMOVED] = "a code of theirs was removed",
};

bool attribute_needs_near(const struct who_facts *f)
{
	return f->kind == EVENT_DENIED && !f->event->access_code_id && !f->event->code &&
	       !used_no_code(f->event);
}

static struct who refused(const struct who_facts *f)
{
	char code[WHO_WHY_MAX], at[CIVIL_TEXT_MAX] = "";
	const char *reason = reason_words(f->event, code);
	bool fits = strcmp(reason, "privacy mode is on") != 0 &&
		    (strcmp(reason, "expired code") != 0 || f->near_how != WHO_NEAR_START);
	struct who w = { .how = WHO_UNKNOWN };

	if (f->near == 1 && fits) {
		w = by_code(WHO_INFERRED, f->of_near);
		if (f->zone)
			civil_clock(f->zone, f->near_at, at);
		snprintf(w.why, sizeof w.why, "%s %s%s%.60s", near_words[f->near_how],
			 f->zone ? at : "about then", *reason ? ", " : "", reason);
		return w;
	}
	snprintf(w.why, sizeof w.why, "%.60s%sthis brand does not say which PIN was typed", reason,
		 *reason ? ", " : "");
	return w;
}

static struct who by_pin(const struct who_facts *f)
{
	if (f->pin_holders == 1)
		return by_code(WHO_BY_PIN, f->of_pin);
	return unknown(f->pin_holders == 0 ? "no code known here has the PIN that was used" :
					     "several codes have the PIN that was used");
}

struct who attribute(const struct who_facts *f)
{
	const struct event *ev = f->event;

	if (f->named.code_no != 0)
		return by_code(WHO_REPORTED, f->named);
	if (!is_about_a_person(f->kind))
		return (struct who){ .how = WHO_NOT_ASKED };
	if (ev->access_code_id)
		return unknown("the lock named a code that is not known here");
	if (ev->code)
		return by_pin(f);
	if (used_no_code(ev))
		return (struct who){ .how = WHO_BY_METHOD };
	if (f->kind == EVENT_DENIED)
		return refused(f);
	if (f->kind != EVENT_UNLOCK)
		return (struct who){ .how = WHO_NOT_ASKED };
	if (!was_keypad(f))
		return unknown("the lock did not say how it was opened");
	if (!brand_is_silent(f))
		return unknown("the lock did not say which code");
	return infer(f);
}
