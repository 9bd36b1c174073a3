/* plan_pin - one PIN for all the doors of a stay.
 *
 * Random, free in the whole property; nothing of a reservation goes into it, since feeds are read by
 * others too. Where the feed's rule wants the phone's last digits and they do not do, the reason is said. */
#include <string.h>

#include "core/i18n.h"
#include "feed/plan_parts.h"

struct taken {
	const struct planner *p;
	const GPtrArray *doors; /* of struct plan_door * */
};

static bool is_taken(const char *pin, const void *data)
{
	const struct taken *t = data;

	return g_hash_table_contains(t->p->pins, pin);
}

static bool is_near(const char *pin, const void *data)
{
	const struct taken *t = data;

	if (is_taken(pin, data))
		return true;
	for (guint i = 0; i < t->doors->len; i++) {
		const struct plan_door *d = t->doors->pdata[i];

		for (guint k = 0; k < d->near->len; k++)
			if (pin_confusable(d->near->pdata[k], pin))
				return true;
	}
	return false;
}

static struct pin_rules rules_of(const GPtrArray *doors)
{
	struct pin_rules rules = pin_rules_of(plan_door_lock((struct plan_door *)doors->pdata[0]));

	for (guint i = 1; i < doors->len; i++)
		rules = pin_rules_join(rules, pin_rules_of(plan_door_lock((struct plan_door *)doors->pdata[i])));
	return rules;
}

/* NULL: they do. */
static const char *why_not_phone(const struct taken *t, const char *phone, const struct pin_rules *rules)
{
	const char *last;

	if (!phone || strlen(phone) < 4)
		return N_("no phone is known");
	last = phone + strlen(phone) - 4;
	if (pin_check(last, rules))
		return N_("the doors do not take the phone's last four digits");
	if (pin_is_weak(last))
		return N_("the phone's last four digits are guessed first");
	return is_taken(last, t) ? N_("the phone's last four digits are in use") : NULL;
}

static bool generate(const struct taken *t, const struct pin_rules *rules, char pin[static PIN_MAX + 1])
{
	return pin_generate(rules, 0, is_near, t, pin) || pin_generate(rules, 0, is_taken, t, pin);
}

static bool is_held_at(const GPtrArray *doors, const char *pin)
{
	for (guint i = 0; i < doors->len; i++) {
		const struct plan_door *d = doors->pdata[i];

		for (guint k = 0; k < d->near->len; k++)
			if (strcmp(d->near->pdata[k], pin) == 0)
				return true;
	}
	return false;
}

bool plan_choose_pin(struct planner *p, const GPtrArray *doors, const char *phone, const char *same_as,
		     char pin[static PIN_MAX + 1], char **why)
{
	struct pin_rules rules = rules_of(doors);
	struct taken t = { p, doors };
	const char *not_phone = NULL;

	/* A door more, for somebody who has a PIN already. */
	if (same_as && !pin_check(same_as, &rules) && !is_held_at(doors, same_as)) {
		g_strlcpy(pin, same_as, PIN_MAX + 1);
		*why = g_strdup(_("new code, the same PIN"));
		return true;
	}
	if (p->rule->pin_from_phone)
		not_phone = why_not_phone(&t, phone, &rules);
	if (p->rule->pin_from_phone && !not_phone) {
		g_strlcpy(pin, phone + strlen(phone) - 4, PIN_MAX + 1);
		*why = g_strdup(_("new code, PIN: the phone's last four digits"));
	} else if (generate(&t, &rules, pin)) {
		*why = not_phone ? g_strdup_printf(_("new code, random PIN, as %s"), _(not_phone))
				 : g_strdup(_("new code, random PIN"));
	} else {
		*why = g_strdup(doors->len > 1 ? _("No PIN fits all of its doors")
					       : _("No free PIN was found that its door takes"));
		return false;
	}
	g_hash_table_add(p->pins, g_strdup(pin));
	return true;
}
