/* judge - see judge.h. A broken rule ends the process there and then, with its time. */
#include "config.h"

#include "tests/simulation/judge.h"

#include <string.h>

#include "tests/simulation/hook.h"

#define GRACE_MS    (90 * SECOND_MS)  /* after an edge: several codes of a lock, one after the other */
#define OVERDUE_MS  (3 * MINUTE_MS)
#define SETTLED_MS  (26 * HOUR_MS)    /* calm for so long: no failure of the past is left */
#define ORPHAN_MS   (2 * HOUR_MS)

/* What was read of a lock, and when: while nothing has been written it would be read the same. */
struct sight {
	int64_t writes;
	struct store_list *rows;
	bool pool_is_full;
};
static GHashTable *sights; /* device_id -> struct sight */

static void sight_free(void *p)
{
	struct sight *s = p;

	if (s->rows)
		store_list_free(s->rows);
	g_free(s);
}

static struct store_list *codes_on(struct house *h, const char *device_id)
{
	struct store_code_filter f = { .device_id = device_id, .managed = -1, .with_pool = true };
	GError *err = NULL;
	struct store_list *l = store_codes(h->store, &f, NULL, &err);

	if (!l && h->disk.mood == DISK_WELL)
		broken("the codes cannot be read: %s", err ? err->message : "");
	g_clear_error(&err);
	return l;
}

static struct sight *sight_of(struct house *h, const char *device_id)
{
	struct sight *s;

	if (!sights)
		sights = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, sight_free);
	s = g_hash_table_lookup(sights, device_id);
	if (s && s->writes == h->disk.writes)
		return s;
	s = g_new0(struct sight, 1);
	s->rows = codes_on(h, device_id);
	s->writes = s->rows ? h->disk.writes : -1;
	g_hash_table_replace(sights, g_strdup(device_id), s);
	return s;
}

static const struct store_code *row_of(struct store_list *rows, const char *id)
{
	for (guint i = 0; i < rows->rows->len; i++) {
		const struct store_code *c = store_at(rows, struct store_code, i);

		if (strcmp(c->access_code_id, id) == 0)
			return c;
	}
	return NULL;
}

/* ---- each code's state has a reason and an exit ---- */

#define STANDS                                                                      \
	(1u << REASON_PROVEN | 1u << REASON_ACKNOWLEDGED | 1u << REASON_STARTED |   \
	 1u << REASON_OUTSIDE_OK | 1u << REASON_FIGHT | 1u << REASON_UNREACHABLE |  \
	 1u << REASON_FULL | 1u << REASON_DUPLICATE | 1u << REASON_REFUSED |        \
	 1u << REASON_NO_PIN | 1u << REASON_ACCOUNT_LOST | 1u << REASON_UNCERTAIN | \
	 1u << REASON_OFFLINE_CODE)

static void check_told(struct house *h, const struct sim_lock *lock, const struct store_code *c)
{
	struct instant now = world_now();
	bool calm = house_calm_ms(h, lock->device_id) > 0;

	if (!c->status || !plan_reason_words(c->reason))
		broken("%s on %s: no status or reason", c->name, lock->name);
	if (!instant_known(c->next_look)) {
		if (!(STANDS & 1u << c->reason))
			broken("%s on %s: %s, and nothing is next", c->name, lock->name,
			       plan_reason_name(c->reason));
	} else if (calm && instant_diff_ms(now, c->next_look) > OVERDUE_MS) {
		broken("%s on %s: %s, and its look is %d s overdue", c->name, lock->name,
		       plan_reason_name(c->reason),
		       (int)(instant_diff_ms(now, c->next_look) / SECOND_MS));
	}
}

/* ---- nothing acknowledged is lost ---- */

static bool is_over(const struct promise *p)
{
	return p->deleted ||
	       (instant_known(p->ends_at) && !instant_before(world_now(), p->ends_at));
}

/* What the lost answer was about is taken as it turned out. */
static void take_as_is(struct promise *p, const struct store_code *c)
{
	if (!c || instant_known(c->removal_asked_at)) {
		p->deleted = true;
		p->deleted_ms = world_mono_ms();
	} else {
		p->starts_at = c->starts_at;
		p->ends_at = c->ends_at;
		g_free(p->pin);
		p->pin = g_strdup(c->pin);
	}
	p->unsure = false;
}

static void set_text(char **to, const char *text)
{
	char *copy = g_strdup(text);

	g_free(*to);
	*to = copy;
}

static void check_kept(struct house *h, const struct sim_lock *lock, struct promise *p,
		       struct store_list *rows)
{
	const struct store_code *c = row_of(rows, p->access_code_id);

	if (p->unsure)
		take_as_is(p, c);
	if (c && p->deleted && !instant_known(c->removal_asked_at))
		broken("%s on %s: its revocation is lost", c->name, lock->name);
	if (is_over(p))
		return;
	/* By the host's clock, while that was ahead, it may have been over. */
	if (!c && world_mono_ms() < h->wrong_until_ms) {
		p->deleted = true;
		p->deleted_ms = world_mono_ms();
		return;
	}
	if (!c)
		broken("a code on %s that was acknowledged is not there", lock->name);
	if (!instant_eq(c->starts_at, p->starts_at) || !instant_eq(c->ends_at, p->ends_at))
		broken("%s on %s: its window is not the one that was acknowledged", c->name,
		       lock->name);
	if (!p->pin && c->pin)
		p->pin = g_strdup(c->pin);
	else if (c->common_code_key) /* a new PIN of one is that of all */
		set_text(&p->pin, c->pin);
	else if (g_strcmp0(p->pin, c->pin) != 0 && !lock->system.provider_chooses_pin)
		broken("%s on %s: its PIN is not the one that was acknowledged", c->name,
		       lock->name);
}

/* ---- who opens ---- */

static const struct sim_code *opener(const struct sim_lock *lock, const char *pin)
{
	const struct sim_code *code = pin ? sim_lock_code_of_pin(lock, pin) : NULL;

	return code && sim_lock_opens(lock, code) ? code : NULL;
}

/* A start by which a lock that is calm must open; one before which it must not. */
static void check_opens(struct house *h, const struct sim_lock *lock, struct promise *p,
			struct store_list *rows)
{
	const struct store_code *c = row_of(rows, p->access_code_id);
	struct instant now = world_now();
	int64_t calm = house_calm_ms(h, lock->device_id);
	/* Some take no start that has passed: one at once is one in a minute. */
	int64_t late = MAX(lock->late_ms, 0) + lock->system.start_lead_ms + lock->system.granularity_ms;
	bool begun = !instant_known(p->starts_at) ||
		     instant_diff_ms(now, p->starts_at) >= GRACE_MS + late;

	if (!c || calm <= 0 || is_over(p) || p->offline || c->external_ok || !begun)
		return;
	/* So too one that could be written only now: its lock was full until a moment ago. */
	if (lock->system.start_lead_ms > 0 && instant_known(c->done.last_try_at) &&
	    instant_diff_ms(now, c->done.last_try_at) < GRACE_MS + late)
		return;
	/* A lock whose clock is ahead closes early. */
	if (instant_known(p->ends_at) && instant_diff_ms(p->ends_at, now) <= MAX(-lock->late_ms, 0))
		return;
	if (c->problems)
		return;
	h->opened++;
	if (!opener(lock, c->pin))
		broken("%s on %s (%s) does not open: %s, %s", c->name, lock->name,
		       lock->system.device_type, c->status, plan_reason_name(c->reason));
}

static void check_problems(struct house *h, const struct sim_lock *lock, const struct store_code *c)
{
	const unsigned passing = PROBLEM_DELAY_IN_SETTING | PROBLEM_FAILED_TO_SET |
				 PROBLEM_FAILED_TO_REMOVE;

	if (house_calm_ms(h, lock->device_id) > SETTLED_MS && c->problems & passing &&
	    !(c->problems & ~passing))
		broken("%s on %s (%s), calm for %d h: still problems %x, %s, %s", c->name, lock->name,
		       lock->system.device_type,
		       (int)(house_calm_ms(h, lock->device_id) / HOUR_MS), c->problems, c->status,
		       plan_reason_name(c->reason));
}

/* Who waits for something that is there has been forgotten. */
static void check_waiting(struct house *h, const struct sim_lock *lock, const struct store_code *c,
			  struct store_list *rows)
{
	bool room = lock->system.slots == 0 || (int)lock->codes->len < lock->system.slots;
	const struct sim_code *rival = c->pin ? sim_lock_code_of_pin(lock, c->pin) : NULL;
	bool declared = false;

	if (house_calm_ms(h, lock->device_id) <= SETTLED_MS || c->backup == BACKUP_POOL)
		return;
	for (guint i = 0; i < rows->rows->len; i++) {
		const struct store_code *other = store_at(rows, struct store_code, i);

		declared |= other != c && g_strcmp0(other->pin, c->pin) == 0;
	}
	/* One that is on its way waits for the answer. */
	if (c->problems & PROBLEM_NO_SPACE && room && c->done.belief != BELIEF_UNCERTAIN)
		broken("%s on %s (%s) waits for room, and %u of %d places are taken", c->name,
		       lock->name, lock->system.device_type, lock->codes->len, lock->system.slots);
	if (c->problems & PROBLEM_DUPLICATE && !rival && !declared)
		broken("%s on %s (%s) waits for its PIN, and nobody has it", c->name, lock->name,
		       lock->system.device_type);
}

static bool may_open(struct house *h, const struct sim_lock *lock, const struct store_code *c)
{
	struct instant now = world_now();
	bool native = lock->system.schedule == SCHEDULE_NATIVE && c->prefer_native;
	int64_t step = lock->system.granularity_ms + GRACE_MS + ABS(lock->late_ms);
	int64_t early = native ? step : HOUR_MS + GRACE_MS;

	(void)h;
	if (!c->managed)
		return true;
	if (instant_known(c->removal_asked_at))
		return instant_diff_ms(now, c->removal_asked_at) < GRACE_MS;
	return !instant_known(c->starts_at) || (instant_diff_ms(c->starts_at, now) <= early &&
						instant_diff_ms(now, c->ends_at) <= step);
}

/* It was sent there, and its answer is still to come: the lock may have carried it out. */
static bool is_on_its_way(const struct store_code *c, const struct sim_code *code)
{
	const struct on_lock *sent = &c->done.last;

	return c->done.belief == BELIEF_UNCERTAIN &&
	       (sent->pin ? strcmp(sent->pin, code->pin) == 0
			  : g_strcmp0(sent->name, code->name) == 0);
}

static const struct store_code *owner_of(struct store_list *rows, const struct sim_code *code)
{
	char handle[16];

	g_snprintf(handle, sizeof handle, "%u", code->handle);
	for (guint i = 0; i < rows->rows->len; i++) {
		const struct store_code *c = store_at(rows, struct store_code, i);

		if (c->handle ? strcmp(c->handle, handle) == 0 : is_on_its_way(c, code))
			return c;
	}
	return NULL;
}

static void check_memory(struct house *h, const struct sim_lock *lock, struct store_list *rows)
{
	int64_t calm = house_calm_ms(h, lock->device_id);

	for (guint i = 0; i < lock->codes->len; i++) {
		const struct sim_code *code = lock->codes->pdata[i];
		const struct store_code *c = owner_of(rows, code);

		for (guint j = 0; j < i; j++) {
			if (strcmp(((struct sim_code *)lock->codes->pdata[j])->pin, code->pin) == 0)
				broken("%s holds a PIN twice", lock->name);
		}
		if (!sim_lock_opens(lock, code) || (!c && code->foreign) || calm <= 0)
			continue;
		if (!c || !may_open(h, lock, c))
			broken("%s on %s (%s) opens and should not: %s", code->name, lock->name,
			       lock->system.device_type,
			       c ? plan_reason_name(c->reason) : "nobody's");
	}
}

/* Before its hour nothing opens, calm or not: no trouble is an excuse for that. */
static void check_not_early(struct house *h, const struct sim_lock *lock, const struct promise *p)
{
	bool native = lock->system.schedule == SCHEDULE_NATIVE && p->native;
	int64_t early = native ? lock->system.granularity_ms + SECOND_MS : HOUR_MS + GRACE_MS;

	if (p->edited || p->unsure || is_over(p) || !instant_known(p->starts_at) ||
	    world_mono_ms() < h->wrong_until_ms)
		return;
	early += MAX(-lock->late_ms, 0);
	if (instant_diff_ms(p->starts_at, world_now()) > early && opener(lock, p->pin) &&
	    !opener(lock, p->pin)->foreign)
		broken("a code on %s (%s) opens %d s before its start", lock->name,
		       lock->system.device_type,
		       (int)(instant_diff_ms(p->starts_at, world_now()) / SECOND_MS));
}

/* ---- the backup pool ---- */

static int pool_size; /* of each lock; 0: nobody has asked yet */

static int ready_in(const struct store_list *rows)
{
	int n = 0;

	for (guint i = 0; i < rows->rows->len; i++) {
		const struct store_code *c = store_at(rows, struct store_code, i);

		n += c->backup == BACKUP_POOL && !instant_known(c->removal_asked_at) &&
		     g_strcmp0(c->status, "set") == 0;
	}
	return n;
}

static void check_pool(struct house *h, const struct sim_lock *lock, struct sight *sight)
{
	OWN(store_list) struct store_list *d = NULL;
	struct store_list *rows = sight->rows;
	struct engine_load load;
	bool cramped;

	if (sight->pool_is_full || (pool_size > 0 && ready_in(rows) >= pool_size))
		return;
	d = store_device(h->store, lock->device_id, NULL);
	if (!d)
		return;
	load = engine_load_of(h->engine, store_at(d, struct store_device, 0));
	cramped = load.full;
	/* Refused, a member waits until the lock has taken some other code. */
	for (guint i = 0; i < rows->rows->len; i++)
		cramped |= store_at(rows, struct store_code, i)->problems &
			   (PROBLEM_NO_SPACE | PROBLEM_CONSTRAINTS);
	pool_size = load.pool_size;
	sight->pool_is_full = !store_at(d, struct store_device, 0)->backup_pool ||
			      load.pool_ready >= load.pool_size;
	if (!sight->pool_is_full && !cramped)
		broken("%s (%s) has %d backup codes, calm for %d min", lock->name,
		       lock->system.device_type, load.pool_ready,
		       (int)(house_calm_ms(h, lock->device_id) / MINUTE_MS));
}

/* ---- events ---- */

static void check_events(struct house *h)
{
	struct store_event_filter f = { .since = INSTANT_NONE,
					.until = INSTANT_NONE,
					.after_seq = h->seen_seq,
					.oldest_first = true };
	OWN(store_list) struct store_list *l = store_events(h->store, &f, NULL);

	for (guint i = 0; l && i < l->rows->len; i++) {
		const struct store_event *e = store_at(l, struct store_event, i);

		if (e->seq != h->seen_seq + 1)
			broken("after event %d comes %d", (int)h->seen_seq, (int)e->seq);
		h->seen_seq = e->seq;
		hook_journal(e->event_id, e->seq);
		trace("%s %s", e->event_type, e->device_id ? e->device_id : "-");
	}
	if (l && store_last_seq(h->store) != h->seen_seq)
		broken("event %d is lost: the last is %d", (int)h->seen_seq,
		       (int)store_last_seq(h->store));
}

/* ---- all of it ---- */

static void judge_lock(struct house *h, struct sim_lock *lock)
{
	struct sight *sight = sight_of(h, lock->device_id);
	struct store_list *rows = sight->rows;
	GHashTableIter it;
	void *p;

	if (!rows)
		return;
	if (lock->faults)
		house_disturb(h, lock->device_id, MINUTE_MS);
	for (guint i = 0; i < rows->rows->len; i++) {
		const struct store_code *c = store_at(rows, struct store_code, i);

		if (!c->managed)
			continue;
		check_told(h, lock, c);
		check_problems(h, lock, c);
		check_waiting(h, lock, c, rows);
	}
	g_hash_table_iter_init(&it, h->promises);
	while (g_hash_table_iter_next(&it, NULL, &p)) {
		if (strcmp(((struct promise *)p)->device_id, lock->device_id) != 0)
			continue;
		check_kept(h, lock, p, rows);
		check_not_early(h, lock, p);
		check_opens(h, lock, p, rows);
	}
	check_memory(h, lock, rows);
	if (house_calm_ms(h, lock->device_id) > 0)
		check_pool(h, lock, sight);
}

static gboolean is_long_gone(gpointer key, gpointer value, gpointer data)
{
	const struct promise *p = value;

	(void)key;
	(void)data;
	return (p->deleted && world_mono_ms() - p->deleted_ms > 10 * DAY_MS) ||
	       (instant_known(p->ends_at) &&
		instant_diff_ms(world_now(), p->ends_at) > 10 * DAY_MS);
}

void judge_house(struct house *h)
{
	if (!house_is_up(h) || h->disk.dead)
		return;
	h->judged++;
	for (guint i = 0; i < house_locks(h); i++)
		judge_lock(h, house_lock_at(h, i));
	if (h->judged_writes != h->disk.writes)
		check_events(h);
	h->judged_writes = h->disk.writes;
	hook_judge();
	g_hash_table_foreach_remove(h->promises, is_long_gone, NULL);
}

int64_t judge_next_edge(struct house *h, int64_t most)
{
	struct instant now = world_now();
	GHashTableIter it;
	void *p;

	g_hash_table_iter_init(&it, h->promises);
	while (g_hash_table_iter_next(&it, NULL, &p)) {
		const struct promise *is = p;
		const struct instant edges[] = { is->starts_at, is->ends_at };

		for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
			int64_t ms = instant_known(edges[i])
					     ? instant_diff_ms(edges[i], now) + GRACE_MS + SECOND_MS
					     : 0;

			if (ms > 0)
				most = MIN(most, ms);
		}
	}
	return most;
}
