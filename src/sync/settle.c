/* See settle.h. */
#include "config.h"

#include "sync/settle.h"

static bool is_door(enum intent_kind kind)
{
	return kind == INTENT_LOCK || kind == INTENT_UNLOCK;
}

static bool is_delete(enum intent_kind kind)
{
	return kind == INTENT_DELETE || kind == INTENT_DELETE_UNMANAGED;
}

const char *settle_fallback_path(enum intent_kind kind)
{
	return kind == INTENT_ADOPT ? "/access_codes/unmanaged/update" : NULL;
}

static enum settle_step refused(enum intent_kind kind, const struct settle_answer *a, int tries)
{
	if (a->auth)
		return SETTLE_AGAIN; /* the key is wrong, not the wish */
	if (a->status == 404 && !a->has_type && settle_fallback_path(kind))
		return SETTLE_FALLBACK;
	/* No code, says the server: so it was asked for nothing, unless the code lives in the
	 * other collection. A 404 without an envelope means that the route is missing. */
	if (is_delete(kind) && a->status == 404 && a->has_type)
		return SETTLE_CHECK_GONE;
	if (kind == INTENT_CREATE && a->status == 409 && tries > 1)
		return SETTLE_READ_BACK;
	if (kind == INTENT_ADOPT && tries > 1)
		return SETTLE_CHECK_MANAGED;
	return SETTLE_REFUSE;
}

static enum settle_step lost(enum intent_kind kind, const struct settle_answer *a, int tries)
{
	if (kind == INTENT_CREATE)
		return SETTLE_READ_BACK;
	if (is_door(kind))
		return SETTLE_LOST_DOOR;
	/* 502 to 504 are an outage and pass. A 500 that comes back each time is about this
	 * request: it must not hold up what waits behind it for ever. */
	if (a->status == 500 && tries >= SETTLE_500_MAX)
		return SETTLE_REFUSE;
	return SETTLE_REPEAT;
}

enum settle_step settle_step_of(enum intent_kind kind, const struct settle_answer *a, int tries)
{
	switch (a->outcome) {
	case WIRE_OK:
		return is_door(kind) ? SETTLE_ATTEMPT : SETTLE_ACCEPT;
	case WIRE_REFUSED:
		return refused(kind, a, tries);
	case WIRE_LIMITED:
	case WIRE_UNSENT:
		return SETTLE_AGAIN;
	case WIRE_LOST:
		return lost(kind, a, tries);
	case WIRE_CANCELLED:
		break;
	}
	return SETTLE_LEAVE;
}

enum settle_step settle_step_of_lost(enum intent_kind kind)
{
	struct settle_answer nothing = { .outcome = WIRE_LOST };

	return lost(kind, &nothing, 1);
}

/* ---- finding the code of a create ---- */

static bool within(struct instant a, struct instant b, int64_t slack_ms)
{
	int64_t apart;

	if (!instant_known(a) || !instant_known(b))
		return instant_known(a) == instant_known(b);
	apart = instant_diff_ms(a, b);
	return apart >= -slack_ms && apart <= slack_ms;
}

/* Offline codes are rounded by their maker; where a zone is not known an hour is added at a change
 * of the clocks, which a matching PIN makes up for; else only seconds may have been cut. */
static bool same_window(const struct settle_want *w, const struct access_code *ac)
{
	int64_t slack_ms = w->offline ? DAY_MS : w->pin ? HOUR_MS : MINUTE_MS;

	return within(w->starts_at, ac->starts_at, slack_ms) &&
	       within(w->ends_at, ac->ends_at, slack_ms);
}

/* A wish without a name gets whatever name the server gives. */
static bool same_name(const struct settle_want *w, const struct access_code *ac)
{
	return !w->name || g_strcmp0(w->name, ac->name ? ac->name : "") == 0;
}

/* A code without created_at may be of any age: it is taken for older. */
static bool younger(const struct access_code *ac, struct instant than)
{
	if (!instant_known(ac->created_at))
		return false;
	return !instant_known(than) ||
	       instant_diff_ms(ac->created_at, than) >= -SETTLE_SKEW_MS;
}

static bool is_ours(const struct settle_want *w, const struct access_code *ac)
{
	if (w->common_code_key && g_strcmp0(w->common_code_key, ac->common_code_key) == 0)
		return true;
	if (!same_name(w, ac) || !same_window(w, ac))
		return false;
	/* A PIN stands once on a lock, so name, window and PIN are proof; made_at keeps out the
	 * twin of last week. */
	if (w->pin)
		return g_strcmp0(w->pin, ac->code) == 0 && younger(ac, w->made_at);
	return younger(ac, w->sent_at);
}

int settle_find(const struct settle_want *want, const struct access_code *codes, size_t n,
		settle_claimed *claimed, void *ctx, int *holder)
{
	if (holder)
		*holder = -1;
	for (size_t i = 0; i < n; i++) {
		const struct access_code *ac = &codes[i];

		if (g_strcmp0(ac->device_id, want->device_id) != 0)
			continue;
		if (is_ours(want, ac) && !(claimed && claimed(ac->access_code_id, ctx)))
			return (int)i;
		if (holder && want->pin && g_strcmp0(want->pin, ac->code) == 0)
			*holder = (int)i;
	}
	return -1;
}
