/* common_door - doors that belong to nobody; see the header. */
#include "cache/common_door.h"

#define GUESTS_OF_A_ROOM 2
#define COMMON_GUESTS	 6 /* who met two others there, each */
#define LOOKED_BACK_MS	 (60 * DAY_MS)
#define SLEPT_MS	 (5 * HOUR_MS) /* shorter is nobody's night */
#define LOOKED_BACK_MAX	 400

static bool is_same(const char *a, const char *b)
{
	return a && *a && g_strcmp0(a, b) == 0;
}

bool one_guest(const struct code_row *a, const struct code_row *b)
{
	return is_same(a->code.name, b->code.name) || is_same(a->code.code, b->code.code) ||
	       is_same(a->code.common_code_key, b->code.common_code_key);
}

/* Until when it opened or will open the door. */
static struct instant left_at(const struct code_row *c)
{
	return instant_known(c->deleted_at) && instant_before(c->deleted_at, c->code.ends_at) ? c->deleted_at : c->code.ends_at;
}

static bool has(const GPtrArray *guests, const struct code_row *c)
{
	for (guint i = 0; i < guests->len; i++)
		if (one_guest(g_ptr_array_index(guests, i), c))
			return true;
	return false;
}

static void add_guest(GPtrArray *guests, const struct code_row *c)
{
	if (!has(guests, c))
		g_ptr_array_add(guests, (void *)(uintptr_t)c);
}

/* The guests who are there when at begins, it too. */
static GPtrArray *there_with(const GPtrArray *stays, const struct code_row *at)
{
	GPtrArray *there = g_ptr_array_new();

	add_guest(there, at);
	for (guint i = 0; i < stays->len && there->len < COMMON_GUESTS; i++) {
		const struct code_row *c = g_ptr_array_index(stays, i);

		if (!instant_before(at->code.starts_at, c->code.starts_at) && instant_before(at->code.starts_at, left_at(c)))
			add_guest(there, c);
	}
	return there;
}

/* A stay of each guest who meets two others there; no more than it takes. */
static GPtrArray *crowd_of(const GPtrArray *stays)
{
	GPtrArray *crowd = g_ptr_array_new();

	for (guint i = 0; i < stays->len && crowd->len < COMMON_GUESTS; i++) {
		g_autoptr(GPtrArray) there = there_with(stays, g_ptr_array_index(stays, i));

		for (guint k = 0; there->len > GUESTS_OF_A_ROOM && k < there->len; k++)
			add_guest(crowd, g_ptr_array_index(there, k));
	}
	return crowd;
}

static bool meet(const struct code_row *a, const struct code_row *b)
{
	return instant_known(b->code.starts_at) && instant_known(b->code.ends_at) &&
	       instant_before(b->code.starts_at, a->code.ends_at) && instant_before(a->code.starts_at, b->code.ends_at);
}

/* ---- what is asked of the cache only where three to five meet ---- */

static bool opens(const struct cache_list *codes, int64_t lock_no)
{
	for (guint i = 0; codes && i < codes->rows->len; i++)
		if (cache_list_at(codes, struct code_row, i)->lock_no == lock_no)
			return true;
	return false;
}

/* Has the guest of at a door meanwhile that nobody else of the crowd has? */
static bool has_a_room(const GPtrArray *crowd, struct cache_list *const *of, guint at)
{
	const struct code_row *me = g_ptr_array_index(crowd, at);

	for (guint i = 0; of[at] && i < of[at]->rows->len; i++) {
		const struct code_row *c = cache_list_at(of[at], struct code_row, i);
		bool shared = c->lock_no == me->lock_no || !meet(me, c);

		for (guint k = 0; !shared && k < crowd->len; k++)
			shared = k != at && opens(of[k], c->lock_no);
		if (!shared)
			return true;
	}
	return false;
}

static bool have_rooms_elsewhere(struct cache *c, const GPtrArray *crowd, struct instant now)
{
	struct cache_list *of[COMMON_GUESTS] = { NULL };
	guint with = 0;

	for (guint i = 0; i < crowd->len; i++) {
		const struct code_row *row = g_ptr_array_index(crowd, i);

		of[i] = row->code_no ? cache_codes_of_guest(c, row->code_no, now, NULL) : NULL;
	}
	for (guint i = 0; i < crowd->len; i++)
		with += has_a_room(crowd, of, i);
	for (guint i = 0; i < crowd->len; i++)
		cache_list_free(of[i]);
	return 3 * with > 2 * crowd->len;
}

static bool was_a_stay(const struct code_row *c)
{
	return c->code.time_bound && c->code.managed && c->code.is_backup != TRI_YES && c->code_no &&
	       instant_known(c->code.starts_at) && instant_known(c->code.ends_at) &&
	       instant_diff_ms(left_at(c), c->code.starts_at) >= SLEPT_MS;
}

/* A dormitory that has few tonight had more before. */
static bool were_more_before(struct cache *c, int64_t lock_no, struct instant now)
{
	struct code_query q = { .lock_no = lock_no, .from = instant_add_ms(now, -LOOKED_BACK_MS), .until = INSTANT_MAX,
				.with_ended = true, .with_deleted = true, .limit = LOOKED_BACK_MAX };
	OWN(cache_list) struct cache_list *codes = cache_codes(c, &q, now, NULL);
	g_autoptr(GPtrArray) stays = g_ptr_array_new(), crowd = NULL;

	for (guint i = 0; codes && i < codes->rows->len; i++)
		if (was_a_stay(cache_list_at(codes, struct code_row, i)))
			g_ptr_array_add(stays, cache_list_at(codes, struct code_row, i));
	crowd = crowd_of(stays);
	return crowd->len >= COMMON_GUESTS;
}

bool common_door(struct cache *c, const GPtrArray *stays, struct instant now)
{
	g_autoptr(GPtrArray) crowd = stays->len > GUESTS_OF_A_ROOM ? crowd_of(stays) : NULL;

	if (!crowd || !crowd->len)
		return false;
	if (crowd->len >= COMMON_GUESTS)
		return true;
	return c && (have_rooms_elsewhere(c, crowd, now) ||
		     were_more_before(c, ((const struct code_row *)g_ptr_array_index(crowd, 0))->lock_no, now));
}
