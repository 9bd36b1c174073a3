/* draft - see the header. The rules are a table: the first one that is broken is told. */
#include "core/draft.h"

#include <string.h>

#include "core/i18n.h"
#include "core/jsonout.h"
#include "core/pin.h"
#include "core/zone.h"

struct view {
	const struct draft *d;
	const struct lock *lock;
	struct pin_rules rules;
	struct instant now;
};

static bool has_from(const struct view *v)
{
	return instant_known(v->d->from);
}

static bool has_until(const struct view *v)
{
	return instant_known(v->d->until);
}

bool draft_pin_is_theirs(const struct draft *d, const struct lock *lock)
{
	return d->offline || pin_rules_of(lock).rules & PIN_CHOSEN_BY_PROVIDER;
}

/* Few different ones, kept for ever: a lock's limits. */
static const char *name_limit(int n)
{
	g_autofree char *text =
		g_strdup_printf(_("This lock takes names of at least %d characters"), n);

	return g_intern_string(text);
}

bool draft_only_offline(const struct lock *lock)
{
	return lock->can_program_offline == TRI_YES && lock->can_program_online != TRI_YES;
}

static const char *check_name(const struct view *v)
{
	glong len;

	if (!v->d->name || !v->d->name[strspn(v->d->name, " \t")])
		return _("A name is needed: it is how unlocks are recognised");
	len = g_utf8_strlen(v->d->name, -1);
	if (v->rules.name_min && len < v->rules.name_min)
		return name_limit(v->rules.name_min);
	return NULL;
}

struct instant draft_soonest(unsigned rules, struct instant now)
{
	return instant_add_ms(now, rules & PIN_START_IN_FUTURE ? SOONEST_START_MS : 0);
}

static const char *check_from(const struct view *v)
{
	if (has_until(v) && !has_from(v))
		return _("A start is needed too: a window has both ends");
	if ((v->rules.rules & PIN_START_IN_FUTURE) && has_from(v) &&
	    !instant_before(v->now, v->d->from))
		return _("This lock takes only codes that start in the future");
	return NULL;
}

static const char *check_until(const struct view *v)
{
	if (has_from(v) && !has_until(v))
		return _("An end is needed too: a window has both ends");
	if (!has_until(v))
		return NULL;
	if (!instant_before(v->d->from, v->d->until))
		return _("The end must come after the start");
	if (!instant_before(v->now, v->d->until))
		return _("That end has passed already");
	return NULL;
}

static const char *check_pin(const struct view *v)
{
	const char *problem;

	if (!v->d->pin)
		return NULL;
	if (draft_pin_is_theirs(v->d, v->lock))
		return v->d->offline ? _("The PIN of an offline code is computed by the lock's maker")
				     : _("This lock system chooses the PIN itself");
	problem = pin_check(v->d->pin, &v->rules);
	return problem && strcmp(problem, PIN_INCOMPLETE) == 0 ? _("The PIN has too few digits")
							       : problem;
}

static const char *check_options(const struct view *v)
{
	const struct draft *d = v->d;

	if (d->one_time && !d->offline)
		return _("Only offline codes can be for one use");
	if (d->offline && v->lock->can_program_offline != TRI_YES)
		return _("This lock takes no offline codes");
	if (d->offline && !has_from(v))
		return _("An offline code needs a window");
	if (!d->offline && draft_only_offline(v->lock))
		return _("This lock takes offline codes only");
	if (!d->offline && v->lock->can_program_online == TRI_NO)
		return _("This lock takes no codes now: its keypad or bridge is missing");
	if (d->backup_pool && !has_until(v))
		return _("The backup pool is for codes with a window");
	if (d->backup_pool && v->lock->supports_backup_pool == TRI_NO)
		return _("This lock has no backup pool");
	return NULL;
}

static const struct {
	enum draft_field field;
	const char *(*check)(const struct view *v);
} rule[] = {
	{ DRAFT_NAME, check_name },   { DRAFT_FROM, check_from },
	{ DRAFT_UNTIL, check_until }, { DRAFT_PIN, check_pin },
	{ DRAFT_OPTIONS, check_options },
};

enum draft_field draft_check_but(const struct draft *d, const struct lock *lock, struct instant now,
				 unsigned excused, const char **problem)
{
	struct view v = { d, lock, pin_rules_of(lock), now };

	for (size_t i = 0; i < G_N_ELEMENTS(rule); i++) {
		*problem = excused & 1u << rule[i].field ? NULL : rule[i].check(&v);
		if (*problem)
			return rule[i].field;
	}
	return DRAFT_FINE;
}

enum draft_field draft_check(const struct draft *d, const struct lock *lock, struct instant now,
			     const char **problem)
{
	return draft_check_but(d, lock, now, 0, problem);
}

char *draft_name_on_lock(const char *name, const struct lock *lock)
{
	int most = pin_rules_of(lock).name_max;

	if (!name || !most || g_utf8_strlen(name, -1) <= most)
		return NULL;
	return g_utf8_substring(name, 0, most);
}

char *draft_end_moved(struct instant before, struct instant after)
{
	char length[CIVIL_TEXT_MAX];

	if (!instant_known(before) || !instant_known(after) || instant_eq(before, after))
		return NULL;
	return g_strdup_printf("%s %s", duration_text(instant_diff_ms(after, before), length),
			       instant_before(after, before) ? _("shorter") : _("longer"));
}

static void add_text(GString *out, const char *key, const char *text)
{
	if (text)
		jsonout_string(out, key, text);
}

static void add_if(GString *out, const char *key, bool yes)
{
	if (yes)
		jsonout_bool(out, key, true);
}

static void add_window(GString *out, struct instant from, struct instant until)
{
	if (instant_known(from))
		jsonout_instant(out, "starts_at", from);
	if (instant_known(until))
		jsonout_instant(out, "ends_at", until);
}

char *draft_create_params(const struct draft *d, const char *device_id)
{
	GString *out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_string(out, "device_id", device_id);
	add_text(out, "name", d->name);
	add_text(out, "code", d->pin);
	add_window(out, d->from, d->until);
	add_if(out, "is_external_modification_allowed", d->external_ok);
	if (d->just_in_time)
		jsonout_bool(out, "prefer_native_scheduling", false);
	add_if(out, "use_backup_access_code_pool", d->backup_pool);
	add_if(out, "is_offline_access_code", d->offline);
	add_if(out, "is_one_time_use", d->one_time);
	add_text(out, "common_code_key", d->common_code_key);
	jsonout_object_end(out);
	return g_string_free(out, FALSE);
}

static struct instant or_else(struct instant t, struct instant otherwise)
{
	return instant_known(t) ? t : otherwise;
}

char *draft_update_params(const struct draft_change *c, const struct access_code *code)
{
	GString *out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_string(out, "access_code_id", code->access_code_id);
	add_text(out, "name", c->name);
	add_text(out, "code", c->pin);
	if (c->ongoing)
		jsonout_string(out, "type", "ongoing");
	else if (instant_known(c->from) || instant_known(c->until))
		add_window(out, or_else(c->from, code->starts_at),
			   or_else(c->until, code->ends_at));
	jsonout_object_end(out);
	return g_string_free(out, FALSE);
}

struct draft draft_changed(const struct draft_change *c, const struct access_code *code)
{
	struct draft d = {
		.name = c->name ? c->name : code->name,
		.pin = c->pin,
		.from = c->ongoing ? INSTANT_NONE : or_else(c->from, code->starts_at),
		.until = c->ongoing ? INSTANT_NONE : or_else(c->until, code->ends_at),
	};

	return d;
}
