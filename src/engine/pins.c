/* pins - PINs made for locks, and PINs that somebody else holds.
 *
 * One PIN per lock at a time, whatever the windows: a lock can tell two people apart by nothing
 * else. A new PIN also keeps its distance from those that could be mistaken for it while both are
 * valid, on locks that open before the last digit is typed. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

/* ---- held by others ---- */

static void describe(GString *to, const struct store_code *c)
{
	char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];

	if (c->name)
		g_string_append_printf(to, " named \"%s\"", c->name);
	if (instant_known(c->starts_at))
		g_string_append_printf(to, ", valid from %s to %s",
				       instant_format(c->starts_at, from),
				       instant_format(c->ends_at, until));
	else
		g_string_append(to, ", without an end");
}

bool pin_is_free(struct engine *e, const char *device_id, const char *pin, const char *but_for,
		 struct refusal *no)
{
	OWN(store_list)
	struct store_list *holders = store_code_by_pin(e->store, device_id, pin, NULL);

	for (guint i = 0; i < rows_in(holders); i++) {
		const struct store_code *c = store_at(holders, struct store_code, i);
		g_autoptr(GString) who = g_string_new(NULL);

		/* An unmanaged one is not seen at the call: it shows as duplicate_code_on_device.
		 */
		if (!c->managed || g_strcmp0(c->access_code_id, but_for) == 0)
			continue;
		describe(who, c);
		return refuse(no, 409, "duplicate_access_code", "code",
			      "The device has this code already: access code %s%s",
			      c->access_code_id, who->str);
	}
	return true;
}

const char *unmanaged_rival(struct engine *e, const char *device_id, const char *pin)
{
	OWN(store_list)
	struct store_list *holders = pin ? store_code_by_pin(e->store, device_id, pin, NULL) : NULL;

	for (guint i = 0; i < rows_in(holders); i++) {
		const struct store_code *c = store_at(holders, struct store_code, i);

		if (!c->managed)
			return keep(e, c->access_code_id);
	}
	return NULL;
}

/* ---- made here ---- */

struct held {
	const char *pin;
	struct instant from, until;
	bool matches_early;
};
struct taken {
	GArray *held;
	struct instant from, until;
};

static bool overlap(const struct held *h, const struct taken *t)
{
	bool ends_before = instant_known(h->until) && instant_known(t->from) &&
			   !instant_before(t->from, h->until);
	bool begins_after = instant_known(h->from) && instant_known(t->until) &&
			    !instant_before(h->from, t->until);

	return !ends_before && !begins_after;
}

static bool is_taken(const char *pin, const void *data)
{
	const struct taken *t = data;

	for (guint i = 0; i < t->held->len; i++) {
		const struct held *h = &g_array_index(t->held, struct held, i);

		if (strcmp(pin, h->pin) == 0)
			return true;
		if (h->matches_early && overlap(h, t) && pin_confusable(pin, h->pin))
			return true;
	}
	return false;
}

static void add_held(struct store_list *codes, bool matches_early, GArray *to)
{
	for (guint i = 0; i < rows_in(codes); i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);
		struct held h = { .pin = c->pin,
				  .from = c->starts_at,
				  .until = c->ends_at,
				  .matches_early = matches_early };

		if (c->pin)
			g_array_append_val(to, h);
		/* What an edit has not yet replaced still opens. */
		h.pin = c->done.last.pin;
		if (h.pin && is_on_lock(&c->done) && g_strcmp0(h.pin, c->pin) != 0)
			g_array_append_val(to, h);
	}
}

static void free_list(void *list)
{
	store_list_free(list);
}

bool pin_for(struct engine *e, struct lane *const *lanes, guint n, struct instant from,
	     struct instant until, int length, char pin[static PIN_MAX + 1])
{
	g_autoptr(GArray) held = g_array_new(FALSE, FALSE, sizeof(struct held));
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(free_list);
	struct taken taken = { .held = held, .from = from, .until = until };
	struct pin_rules rules = lanes[0]->system.pins;

	for (guint i = 0; i < n; i++) {
		struct store_list *codes = codes_of(e, lanes[i]->device_id, -1);

		g_ptr_array_add(lists, codes);
		add_held(codes, lanes[i]->system.matches_early, held);
		rules = pin_rules_join(rules, lanes[i]->system.pins);
	}
	if (e->random[0] || e->random[1])
		return pin_generate_from(&rules, length, chance_below, e, is_taken, &taken, pin);
	return pin_generate(&rules, length, is_taken, &taken, pin);
}

bool engine_generate_code(struct engine *e, const char *device_id, char pin[static PIN_MAX + 1],
			  struct refusal *no)
{
	OWN(store_list) struct store_list *rows = find_device(e, device_id, no);
	struct lane *l;

	if (!rows)
		return false;
	l = lane_of(e, device_id);
	if (l->system.provider_chooses_pin || !l->system.online_codes)
		return refuse(no, 400, "invalid_input", "device_id",
			      "The lock's maker chooses the codes of this device");
	if (!pin_for(e, &l, 1, INSTANT_NONE, INSTANT_NONE, 0, pin))
		return refuse(no, 409, "no_code_available", "device_id",
			      "No free code that the device takes was found");
	return true;
}
