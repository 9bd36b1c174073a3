/* batch_again - the same batch made of today's cache: shown anew, or held against what was shown. See batch.h. */
#include "config.h"

#include <string.h>

#include "cache/batch.h"
#include "core/i18n.h"
#include "core/jsonin.h"

/* The same row of another batch: what it does, to whom, where. */
static bool is_same_row(const struct batch_row *a, const struct batch_row *b)
{
	return a->kind == b->kind && a->lock_no == b->lock_no && g_strcmp0(a->name, b->name) == 0 &&
	       g_strcmp0(a->access_code_id, b->access_code_id) == 0;
}

struct batch *batch_make_again(struct batch *b)
{
	struct batch *made = b->again ? b->again(b->again_ctx) : NULL;

	if (!made)
		return NULL;
	for (guint i = 0; i < b->rows->len; i++) {
		const struct batch_row *old = g_ptr_array_index(b->rows, i);

		for (guint k = 0; old->left_out && k < made->rows->len; k++) {
			struct batch_row *r = g_ptr_array_index(made->rows, k);

			r->left_out = r->left_out || is_same_row(old, r);
		}
	}
	made->again = b->again;
	made->again_ctx = g_steal_pointer(&b->again_ctx);
	made->again_free = b->again_free;
	made->strict = b->strict;
	b->again = NULL;
	b->again_free = NULL;
	return made;
}

/* ---- as it was shown ---- */

/* A start that has passed is past, whichever it was. */
static bool is_same_start(struct instant a, struct instant b, struct instant now)
{
	return a.ms == b.ms || (!instant_before(now, a) && !instant_before(now, b));
}

/* Of a new code PIN and key are made by chance; name, door and window are all else that is asked for. */
static bool is_made_the_same(const struct batch_row *a, const struct batch_row *b, struct instant now)
{
	return a->sign == b->sign && is_same_row(a, b) && is_same_start(a->starts_at, b->starts_at, now) &&
	       a->ends_at.ms == b->ends_at.ms &&
	       (a->sign == BATCH_ISSUE || g_strcmp0(a->params, b->params) == 0);
}

/* Each row made now stands for one that was shown. */
static bool is_found(const struct batch_row *r, GPtrArray *made, struct instant now)
{
	for (guint i = 0; i < made->len; i++)
		if (is_made_the_same(r, made->pdata[i], now)) {
			g_ptr_array_remove_index_fast(made, i);
			return true;
		}
	return false;
}

static bool is_pin_taken(const struct batch_row *r, struct cache *c, struct instant now)
{
	g_autofree char *pin = r->sign == BATCH_ISSUE ? jsonin_text(r->params, "code") : NULL;
	OWN(cache_list) struct cache_list *held = pin ? cache_pin_holders(c, r->lock_no, pin, now, NULL) : NULL;

	if (pin)
		explicit_bzero(pin, strlen(pin));
	return held && held->rows->len;
}

bool batch_still_so(const struct batch *b, struct cache *c, struct instant now, const struct batch_row **moved,
		    GError **err)
{
	OWN(batch) struct batch *today = b->strict && b->again ? b->again(b->again_ctx) : NULL;
	g_autoptr(GPtrArray) made = g_ptr_array_new();

	if (!b->strict)
		return true;
	if (!today || (today->guard && !b->guard)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY, "%s",
			    today ? today->guard : _("what this was made from cannot be read now: nothing was changed"));
		return false;
	}
	for (guint i = 0; i < today->rows->len; i++)
		g_ptr_array_add(made, today->rows->pdata[i]);
	for (guint i = 0; i < b->rows->len && !*moved; i++) {
		const struct batch_row *r = b->rows->pdata[i];

		if (batch_applies(b, i) && (!is_found(r, made, now) || is_pin_taken(r, c, now)))
			*moved = r;
	}
	return !*moved;
}
