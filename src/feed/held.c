/* held - what was made for a reservation so far, door by door; see plan_parts.h. */
#include "feed/plan_parts.h"

#include <string.h>

static void held_clear(void *data)
{
	struct issued *h = data;

	if (h->list)
		cache_list_free(h->list);
	g_free((gpointer)(uintptr_t)h->device_id);
	g_free((gpointer)(uintptr_t)h->name);
	g_free((gpointer)(uintptr_t)h->message);
	g_free((gpointer)(uintptr_t)h->key);
	g_free((gpointer)(uintptr_t)h->pin);
}

static struct issued *of_device(GArray *all, const struct feed_act *act)
{
	struct issued fresh = { .lock_no = act->lock_no, .starts_at = INSTANT_NONE, .ends_at = INSTANT_NONE };

	for (guint i = 0; i < all->len; i++)
		if (strcmp(g_array_index(all, struct issued, i).device_id, act->device_id) == 0)
			return &g_array_index(all, struct issued, i);
	fresh.device_id = g_strdup(act->device_id);
	g_array_append_val(all, fresh);
	return &g_array_index(all, struct issued, all->len - 1);
}

static void take_words(struct issued *h, const struct feed_act *act)
{
	h->starts_at = act->starts_at;
	h->ends_at = act->ends_at;
	g_free((gpointer)(uintptr_t)h->name);
	h->name = g_strdup(act->name);
	if (act->pin) {
		g_free((gpointer)(uintptr_t)h->pin);
		h->pin = g_strdup(act->pin);
	}
}

static bool is_open(enum intent_state s)
{
	return s == INTENT_QUEUED || s == INTENT_SENDING;
}

/* Act after act, oldest first: what each leaves behind. Of the code itself later. */
static void take_act(struct issued *h, const struct feed_act *act)
{
	bool create = act->kind == INTENT_CREATE;

	h->intent_no = create && is_open(act->state) ? act->intent_no : 0;
	if (act->state == INTENT_REFUSED) {
		g_free((gpointer)(uintptr_t)h->message);
		h->message = g_strdup(act->message);
		if (!act->dismissed)
			h->is = HELD_REFUSED;
		else if (create)
			h->is = HELD_NOTHING;
		return;
	}
	if (act->state == INTENT_WITHDRAWN) {
		if (create)
			h->is = HELD_TAKEN_BACK;
		return;
	}
	if (act->kind == INTENT_DELETE) {
		h->is = is_open(act->state) ? HELD_LEAVING : HELD_NOTHING;
		return;
	}
	take_words(h, act);
	if (create) {
		g_free((gpointer)(uintptr_t)h->key);
		h->key = g_strdup(act->key);
		h->made_no = act->intent_no;
	}
	h->is = is_open(act->state) ? (create ? HELD_QUEUED : HELD_CHANGING) : HELD_LIVE;
}

/* What has become of the code since, by whoever's hand. */
static bool look_at_code(struct cache *c, struct issued *h, int64_t code_no, struct instant now, GError **err)
{
	const struct code_row *code;

	if (h->is != HELD_LIVE && h->is != HELD_CHANGING && h->is != HELD_REFUSED)
		return true;
	if (!code_no) {
		if (h->is == HELD_LIVE)
			h->is = HELD_QUEUED; /* accepted, and not pulled yet */
		return true;
	}
	h->list = cache_code(c, code_no, now, err);
	if (!h->list)
		return false;
	code = held_code(h);
	if (instant_known(code->deleted_at))
		h->is = HELD_GONE;
	else if (code->intent_no && is_open((enum intent_state)code->intent_state))
		h->is = g_strcmp0(code->intent_kind, "delete") == 0 ? HELD_LEAVING : HELD_CHANGING;
	else if (code->state == CODE_REMOVING)
		h->is = HELD_LEAVING;
	return true;
}

GArray *held_read(struct cache *c, const char *mark, struct instant now, GError **err)
{
	OWN(cache_list) struct cache_list *acts = cache_feed_acts(c, mark, err);
	GArray *all = g_array_new(FALSE, TRUE, sizeof(struct issued));
	g_autoptr(GHashTable) code_of = g_hash_table_new(g_str_hash, g_str_equal);
	bool ok = acts != NULL;

	g_array_set_clear_func(all, held_clear);
	for (guint i = 0; acts && i < acts->rows->len; i++) {
		struct feed_act *act = cache_list_at(acts, struct feed_act, i);

		take_act(of_device(all, act), act);
		if (act->code_no)
			g_hash_table_insert(code_of, (gpointer)(uintptr_t)act->device_id, &act->code_no);
		else if (act->kind == INTENT_CREATE)
			g_hash_table_remove(code_of, act->device_id);
	}
	for (guint i = 0; ok && i < all->len; i++) {
		struct issued *h = &g_array_index(all, struct issued, i);
		const int64_t *code_no = g_hash_table_lookup(code_of, h->device_id);

		ok = look_at_code(c, h, code_no ? *code_no : 0, now, err);
	}
	if (ok)
		return all;
	g_array_unref(all);
	return NULL;
}

/* Whoever moves there and back again is where the newest create is. A move that came to nothing is none. */
const struct issued *held_moved_to(const GArray *all, const char *device_id)
{
	const struct issued *to = NULL;
	int64_t newest = 0;

	for (guint i = 0; i < all->len; i++) {
		const struct issued *h = &g_array_index(all, struct issued, i);

		if (strcmp(h->device_id, device_id) == 0)
			newest = MAX(newest, h->made_no);
	}
	for (guint i = 0; i < all->len; i++) {
		const struct issued *h = &g_array_index(all, struct issued, i);

		if (h->made_no <= newest || !feed_moved_from(h->key, device_id) || h->is == HELD_NOTHING ||
		    h->is == HELD_TAKEN_BACK || (h->is == HELD_REFUSED && !h->list))
			continue;
		newest = h->made_no;
		to = h;
	}
	return to;
}

bool held_has_code(const struct issued *h)
{
	return h->is == HELD_QUEUED || h->is == HELD_LIVE || h->is == HELD_CHANGING ||
	       (h->is == HELD_REFUSED && h->list);
}
