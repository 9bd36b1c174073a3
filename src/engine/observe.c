/* observe - what a lock holds, compared with the store.
 *
 * Three answers for each of our codes: there as written, there but different, gone. And what is
 * there and not ours: an unmanaged code, found or vanished. A PIN that the lock hides proves
 * nothing and disproves nothing. */
#include "config.h"

#include "engine/inside.h"

#include <sodium.h>
#include <string.h>

/* The codes that were read, and which of them are spoken for. */
struct reading {
	const struct driver_answer *answer;
	GHashTable *by_handle; /* handle -> index + 1 */
	bool *used;
};

static const struct driver_code *take(struct reading *r, size_t i)
{
	r->used[i] = true;
	return &r->answer->codes[i];
}

static const struct driver_code *find_by_handle(struct reading *r, const char *handle)
{
	size_t i = handle ? GPOINTER_TO_SIZE(g_hash_table_lookup(r->by_handle, handle)) : 0;

	return i && !r->used[i - 1] ? take(r, i - 1) : NULL;
}

/* A code whose handle we do not know: its write was not answered. Its PIN says which it is; where
 * PINs are hidden its name and its window. */
static const struct driver_code *find_by_look(struct reading *r, const struct store_code *c,
					      const struct lock_system *ls)
{
	for (size_t i = 0; i < r->answer->n_codes; i++) {
		const struct on_lock *is = &r->answer->codes[i].is;

		if (r->used[i])
			continue;
		if (is->pin && c->done.last.pin ? strcmp(is->pin, c->done.last.pin) == 0
						: plan_compare(&c->done.last, is, ls) != DIFFERENT)
			return take(r, i);
	}
	return NULL;
}

/* ---- changes from outside ---- */

static void write_field(GString *b, const char *field, const char *from, const char *to)
{
	if (g_strcmp0(from, to) == 0)
		return;
	jsonout_object(b, NULL);
	jsonout_string(b, "field", field);
	jsonout_string(b, "from", from);
	jsonout_string(b, "to", to);
	jsonout_object_end(b);
}

static const char *time_text(struct instant t, char buf[static INSTANT_TEXT_MAX])
{
	return instant_known(t) ? instant_format(t, buf) : NULL;
}

static void write_fields(GString *b, const struct on_lock *was, const struct on_lock *is)
{
	char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];

	jsonout_array(b, "modified_fields");
	if (is->pin)
		write_field(b, "code", was->pin, is->pin);
	write_field(b, "name", was->name, is->name);
	write_field(b, "starts_at", time_text(was->starts_at, from), time_text(is->starts_at, to));
	write_field(b, "ends_at", time_text(was->ends_at, from), time_text(is->ends_at, to));
	jsonout_array_end(b);
}

static void tell_outside(struct engine *e, const struct store_code *c, const struct on_lock *was,
			 const struct on_lock *found)
{
	struct note n;

	note_begin(e, &n,
		   found ? "access_code.modified_external_to_seam"
			 : "access_code.deleted_external_to_seam",
		   c->device_id, c->access_code_id, NULL, INSTANT_NONE);
	jsonout_string(n.body, "change_type", found ? "modified" : "removed");
	if (found)
		write_fields(n.body, was, found);
	note_issues(&n, c, lane_of(e, c->device_id));
	note_end(e, &n);
}

/* ---- one of ours ---- */

/* Is what came from outside, as the record has it, at odds with what was declared? */
static bool at_odds(struct engine *e, struct lane *l, const struct store_code *c)
{
	struct thought t = think(e, l, c, &c->done);

	appearance_clear(&t.shown);
	return t.plan.problems & (PROBLEM_MODIFIED_ERROR | PROBLEM_MODIFIED_WARNING);
}

/* found NULL: it is not there. The record learns it; what somebody did is told once. */
void saw_code(struct engine *e, struct lane *l, struct store_code *c, const struct on_lock *found)
{
	struct attempt_record was = c->done;
	bool ending = is_ending(e, c), known = c->handle != NULL;
	/* A change after a long peace is no fight. */
	bool peace = instant_known(was.last_try_at) &&
		     instant_diff_ms(engine_now(e), was.last_try_at) > LONG_PEACE_MS;

	plan_note_saw(&c->done, found, &l->system, engine_now(e));
	/* Nobody can see whether the PIN whose write was not answered is there: it is written
	 * again, which does no harm, rather than believed. */
	if (found && !found->pin && was.belief == BELIEF_UNCERTAIN && pin_before(e, c))
		c->done.last.pin = pin_before(e, c);
	/* The answer that would have brought the PIN was lost. */
	if (found && found->pin && !c->pin) {
		take_assigned_pin(e, c, found->pin);
		c->done.last.pin = found->pin;
	}
	if (!found) {
		c->handle = NULL;
		c->shown_name = c->shown_first = c->shown_last = NULL;
		if (ending && known && is_on_lock(&was))
			journal_code(e, "access_code.removed_from_device", c);
		else if (!ending && c->done.belief == BELIEF_GONE && was.belief != BELIEF_GONE)
			tell_outside(e, c, &was.last, NULL);
	} else if (!ending && c->done.belief == BELIEF_DIFFERENT &&
		   (was.belief != BELIEF_DIFFERENT ||
		    plan_compare(&was.last, found, &l->system) == DIFFERENT) &&
		   at_odds(e, l, c)) {
		tell_outside(e, c, &was.last, found);
	}
	if (peace && (c->done.belief == BELIEF_GONE || c->done.belief == BELIEF_DIFFERENT))
		c->done.fights = 0;
}

static bool concerns_lock(const struct store_code *c)
{
	return c->managed && !c->offline && c->done.belief != BELIEF_ABSENT;
}

/* True: something is known otherwise than before. */
static bool compare_managed(struct engine *e, struct lane *l, struct store_list *codes,
			    struct reading *r)
{
	bool moved = false;
	g_autofree const struct driver_code **found =
		g_new0(const struct driver_code *, codes->rows->len + 1);

	/* Handles first: what looks alike must not take another's place. */
	for (guint i = 0; i < codes->rows->len; i++) {
		const struct store_code *c = store_at(codes, struct store_code, i);

		if (concerns_lock(c))
			found[i] = find_by_handle(r, c->handle);
	}
	for (guint i = 0; i < codes->rows->len; i++) {
		const struct store_code *was = store_at(codes, struct store_code, i);
		struct store_code c = *was;

		if (!concerns_lock(&c))
			continue;
		if (!found[i])
			found[i] = find_by_look(r, &c, &l->system);
		if (found[i])
			c.handle = found[i]->handle;
		saw_code(e, l, &c, found[i] ? &found[i]->is : NULL);
		/* Padding may differ as well, and costs one look more. NOLINTNEXTLINE(*-memory-comparison,*-c) */
		if (memcmp(&c.done, &was->done, sizeof c.done) != 0 ||
		    g_strcmp0(c.handle, was->handle) != 0) {
			moved = true;
			consider(e, &c);
		}
	}
	return moved;
}

/* ---- those that are not ours ---- */

static bool same_code(const struct store_code *c, const struct on_lock *is)
{
	return g_strcmp0(c->name, is->name) == 0 && g_strcmp0(c->pin, is->pin) == 0 &&
	       instant_eq(c->starts_at, is->starts_at) && instant_eq(c->ends_at, is->ends_at) &&
	       g_strcmp0(c->status, is->enabled ? "set" : "unset") == 0;
}

static void take_over(struct store_code *c, const struct driver_code *d)
{
	c->name = d->is.name;
	c->pin = d->is.pin;
	c->starts_at = d->is.starts_at;
	c->ends_at = d->is.ends_at;
	c->status = d->is.enabled ? "set" : "unset";
	c->handle = d->handle;
	c->done.belief = BELIEF_PROVEN;
	c->done.last = d->is;
}

/* Its id: newly allocated. */
static char *add_unmanaged(struct engine *e, struct lane *l, const struct driver_code *d)
{
	char *id = chance_id(e);
	struct store_code c = {
		.access_code_id = id,
		.device_id = l->device_id,
		.created_at = engine_now(e),
		.removal_asked_at = INSTANT_NONE,
		.asked_at = INSTANT_NONE,
		.next_look = INSTANT_NONE,
		.next_try_text = INSTANT_NONE,
		.done.last_try_at = INSTANT_NONE,
		.done.first_try_at = INSTANT_NONE,
	};

	take_over(&c, d);
	put_code(e, &c);
	journal_code(e, "access_code.unmanaged.created", &c);
	l->blocked = true; /* a code of ours may hold its PIN; the next that leaves wakes it */
	return id;
}

bool engine_found_unmanaged(struct engine *e, const char *device_id,
			    const struct driver_code *found, char **id, struct refusal *no)
{
	*id = NULL;
	if (!work_begin(e))
		return refuse_store(no);
	*id = add_unmanaged(e, lane_of(e, device_id), found);
	if (work_end(e, true))
		return true;
	g_clear_pointer(id, g_free);
	return refuse_store(no);
}

static bool compare_unmanaged(struct engine *e, struct lane *l, struct store_list *codes,
			      struct reading *r)
{
	bool moved = false;

	for (guint i = 0; i < codes->rows->len; i++) {
		struct store_code c = *store_at(codes, struct store_code, i);
		const struct driver_code *d;

		if (c.managed)
			continue;
		d = find_by_handle(r, c.handle);
		if (d && !same_code(&c, &d->is)) {
			moved = true;
			take_over(&c, d);
			put_code(e, &c);
		} else if (!d) {
			moved = true;
			journal_code(e, "access_code.unmanaged.removed", &c);
			lane_leave(l, c.access_code_id);
			close_row(e, &c, "removed", REASON_GONE);
		}
	}
	for (size_t i = 0; i < r->answer->n_codes; i++) {
		if (!r->used[i])
			g_free(add_unmanaged(e, l, take(r, i)));
	}
	return moved;
}

static void digest_text(crypto_generichash_state *s, const char *text)
{
	crypto_generichash_update(s, (const unsigned char *)(text ? text : "\x01"),
				  text ? strlen(text) + 1 : 2);
}

void digest_of(const struct driver_answer *a, unsigned char out[static 16])
{
	crypto_generichash_state s;

	crypto_generichash_init(&s, NULL, 0, 16);
	for (size_t i = 0; i < a->n_codes; i++) {
		const struct driver_code *c = &a->codes[i];
		const int64_t numbers[] = { c->is.starts_at.ms, c->is.ends_at.ms, c->is.enabled };

		digest_text(&s, c->handle);
		digest_text(&s, c->is.pin);
		digest_text(&s, c->is.name);
		crypto_generichash_update(&s, (const unsigned char *)numbers, sizeof numbers);
	}
	crypto_generichash_final(&s, out, 16);
}

/* A lock that said it is full is tried again with each read: it need not tell what made room. */
bool is_old_news(const struct flight *f)
{
	const struct lane *l = f->lane;

	return !l->dirty && !l->full && g_hash_table_size(l->rivalled) == 0 &&
	       memcmp(f->sight, l->shown, sizeof l->shown) == 0;
}

void observe(struct engine *e, struct flight *f)
{
	struct lane *l = f->lane;
	const struct driver_answer *a = &f->answer;
	bool old = is_old_news(f);
	/* May there be room, or a PIN be free, where there was none? A lock that shows what it
	 * showed and of which nothing is known otherwise wakes nobody: that would be at each read. */
	bool moved = memcmp(f->sight, l->shown, sizeof l->shown) != 0 || l->full ||
		     g_hash_table_size(l->rivalled) > 0;

	memcpy(l->shown, f->sight, sizeof l->shown);
	l->dirty = false;
	if (old)
		return;
	OWN(store_list) struct store_list *codes = codes_of(e, l->device_id, -1);
	g_autoptr(GHashTable) by_handle =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree bool *used = g_new0(bool, a->n_codes + 1);
	struct reading r = { .answer = a, .by_handle = by_handle, .used = used };

	for (size_t i = 0; i < a->n_codes; i++) {
		if (a->codes[i].handle)
			g_hash_table_insert(by_handle, g_strdup(a->codes[i].handle),
					    GSIZE_TO_POINTER(i + 1));
	}
	g_hash_table_remove_all(l->rivalled);
	if (rows_in(codes) && l->system.read_back != READ_NOTHING)
		moved |= compare_managed(e, l, codes, &r);
	if (l->system.unmanaged_listable && l->managed)
		moved |= compare_unmanaged(e, l, codes, &r);
	first_read_over(e, l);
	if (moved)
		wake_blocked(e, l);
}
