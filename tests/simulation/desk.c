/* desk - see desk.h. */
#include "config.h"

#include "tests/simulation/desk.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache/outbox.h"
#include "core/draft.h"
#include "sync/machine.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/line.h"
#include "tests/simulation/quiet.h"
#include "tests/simulation/side.h"
#include "tests/simulation/world.h"

#define HISTORY_MS (15 * DAY_MS) /* keyrackd forgets what has ended, later than that */
#define CLOCK_WRONG_MS (6 * HOUR_MS) /* at most, when it is set wrong */
#define PEACE_MS (6 * MINUTE_MS) /* in which a sync that nothing hinders settles and compares */

/* One decision of this desk, as it was committed. */
struct decision {
	int64_t intent_no, at_ms;
	char *key; /* of a create; NULL */
};

struct desk {
	struct house *house;
	int number;
	struct profile profile;
	struct disk disk;
	struct sync *sync;         /* NULL: none runs */
	struct announce *announce;
	struct cache *console;     /* NULL: its machine is off */
	GArray *decisions;
	int64_t ahead_ms;          /* its clock, of keyrackd's */
};

static int64_t ahead_ms; /* of the one whose machine is on */

struct instant instant_now(void)
{
	return instant_add_ms(world_now(), ahead_ms);
}

static struct desk_count count;

struct desk_count desk_counts(void)
{
	return count;
}

static void on_death(struct disk *d)
{
	(void)d;
	world_halt();
}

static void decision_clear(void *p)
{
	g_free(((struct decision *)p)->key);
}

struct desk *desk_new(struct house *h, uint64_t seed, int number)
{
	struct desk *d = g_new0(struct desk, 1);
	struct profile *p = &d->profile;
	uint64_t dice = dice_of(seed, 30 + (uint64_t)number);
	int64_t most[] = { 0, 3 * MINUTE_MS, 3 * HOUR_MS };
	int64_t most_ms = most[dice_below(&dice, 3)];

	d->ahead_ms = (dice_below(&dice, 2001) - 1000) * most_ms / 1000;
	d->house = h;
	d->number = number;
	d->disk.on_death = on_death;
	d->decisions = g_array_new(FALSE, FALSE, sizeof(struct decision));
	g_array_set_clear_func(d->decisions, decision_clear);
	p->id = g_strdup_printf("desk%d", number);
	p->name = g_strdup("Desk");
	p->endpoint = g_strdup("http://127.0.0.1:9");
	p->folder = g_build_filename(side_folder(h), p->id, NULL);
	p->poll_interval_ms = 5000;
	g_mkdir(p->folder, 0700);
	disk_mount(&d->disk, p->folder);
	return d;
}

/* ---- its machine ---- */

/* Somebody sets it right, or wrong by hours. */
static void set_clock(struct desk *d, uint64_t *dice)
{
	bool right = dice_hits(dice, 50) && d->ahead_ms;
	int64_t wrong_ms = (dice_below(dice, 2001) - 1000) * (int64_t)CLOCK_WRONG_MS / 1000;

	d->ahead_ms = ahead_ms = right ? 0 : wrong_ms;
	trace("desk %d's clock is set: %d s ahead", d->number, (int)(ahead_ms / SECOND_MS));
}

static void off(struct desk *d)
{
	g_clear_pointer(&d->sync, sync_free);
	g_clear_pointer(&d->console, cache_close);
}

static void die(struct desk *d, uint64_t *dice)
{
	bool power = dice_hits(dice, 50);

	count.deaths++;
	d->disk.dead = true; /* closing would tidy */
	off(d);
	d->disk.dead = false;
	d->disk.stop_at = 0;
	if (power)
		disk_cut_power(&d->disk, dice);
	else
		disk_forget(&d->disk);
	trace("desk %d died%s", d->number, power ? " with the power" : "");
}

/* Time passes here too; false: this desk has died meanwhile. */
static bool run(struct desk *d, int64_t ms, uint64_t *dice)
{
	side_run_until(d->house, ms, &d->disk.dead);
	if (!d->disk.dead)
		return true;
	die(d, dice);
	return false;
}

/* Sync as it is begun by a console: sync_run without its own main loop. */
static bool on(struct desk *d, uint64_t *dice)
{
	g_autofree char *path = profile_file(&d->profile, "cache.db");
	g_autoptr(GError) err = NULL;

	g_setenv("KEYRACK_API_KEY", side_key(d->house), TRUE);
	/* The key of its PINs is made from the same dice each time: none of an earlier house. */
	g_setenv("XDG_STATE_HOME", side_folder(d->house), TRUE);
	if (dice_hits(dice, 10))
		set_clock(d, dice); /* while it was off */
	ahead_ms = d->ahead_ms;
	d->sync = sync_new(&d->profile, &(struct sync_options){ .service = true }, &err);
	if (d->sync) {
		d->announce = announce_newest();
		d->console = cache_open(path, CACHE_DESK, false, &err);
	}
	if (d->disk.dead || (!d->console && d->disk.mood != DISK_WELL)) {
		die(d, dice);
		return false;
	}
	if (!d->console)
		broken("desk %d does not open its cache: %s", d->number,
		       err ? err->message : "no reason given");
	if (d->sync->note)
		broken("desk %d: %s", d->number, d->sync->note);
	turn_schedule(d->sync, 0);
	count.sessions++;
	return true;
}

void desk_free(struct desk *d)
{
	off(d);
	g_array_unref(d->decisions);
	g_free(d->profile.id);
	g_free(d->profile.name);
	g_free(d->profile.endpoint);
	disk_unmount(&d->disk);
	g_free(d->profile.folder);
	g_free(d);
}

/* ---- deciding ---- */

static void add(struct desk *d, struct intent *in)
{
	struct decision is = { .at_ms = world_mono_ms(), .key = g_strdup(in->common_code_key) };

	in->made_by = "clerk";
	is.intent_no = outbox_add(d->console, in, NULL);
	if (is.intent_no <= 0) {
		g_free(is.key);
		return;
	}
	count.decided++;
	g_array_append_val(d->decisions, is);
	trace("desk %d decides %d: %s", d->number, (int)is.intent_no,
	      intent_kind_info(in->kind)->name);
	announce_say_outbox(d->announce);
}

static void decide_new(struct desk *d, uint64_t *dice)
{
	struct side_lock lock = side_lock(d->house, dice);
	int64_t lock_no = cache_lock_find(d->console, lock.name, NULL);
	g_autofree char *key = g_strdup_printf("desk%d-%d", d->number, dice_below(dice, 1 << 30));
	g_autofree char *name = g_strdup_printf("Desk %d: %d", d->number, dice_below(dice, 1000));
	char pin[PIN_MAX + 1];
	struct draft draft = { .name = name, .from = INSTANT_NONE, .until = INSTANT_NONE,
			       .common_code_key = key };
	g_autofree char *params = NULL;

	if (lock_no <= 0)
		return;
	if (!lock.provider_chooses_pin) {
		g_snprintf(pin, sizeof pin, "%d", 100000 + dice_below(dice, 899999));
		draft.pin = pin;
	}
	if (dice_hits(dice, 80)) {
		draft.from = instant_add_ms(instant_now(), dice_below(dice, 48 * 60) * MINUTE_MS);
		draft.until = instant_add_ms(draft.from, (1 + dice_below(dice, 72)) * HOUR_MS);
	}
	params = draft_create_params(&draft, lock.device_id);
	add(d, &(struct intent){ .kind = INTENT_CREATE,
				 .lock_no = lock_no,
				 .device_id = lock.device_id,
				 .params = params,
				 .name = name,
				 .common_code_key = key,
				 .expires_at = INSTANT_NONE,
				 .next_try_at = INSTANT_NONE,
				 .sent_at = INSTANT_NONE });
}

/* Of the desks' codes, its own or another's; what was promised through the API itself stays so. */
static void decide_about(struct desk *d, uint64_t *dice)
{
	struct code_query q = { .only_managed = true, .from = INSTANT_NONE, .until = INSTANT_NONE };
	OWN(cache_list) struct cache_list *list = cache_codes(d->console, &q, instant_now(), NULL);
	const struct code_row *row = NULL;
	g_autofree char *params = NULL;
	g_autofree char *other = g_strdup_printf("Desk %d: renamed", d->number);
	bool revokes = dice_hits(dice, 40);
	struct draft_change change = { .name = other, .from = INSTANT_NONE,
				       .until = INSTANT_NONE };

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct code_row *r = cache_list_at(list, struct code_row, i);

		if (r->code.access_code_id && r->code.name &&
		    g_str_has_prefix(r->code.name, "Desk ") &&
		    (!row || dice_hits(dice, 30)))
			row = r;
	}
	if (!row)
		return;
	if (instant_known(row->code.ends_at) && dice_hits(dice, 50))
		change.until = instant_add_ms(MAX(row->code.ends_at.ms, instant_now().ms) ==
							      row->code.ends_at.ms
						      ? row->code.ends_at
						      : instant_now(),
					      (1 + dice_below(dice, 24)) * HOUR_MS);
	params = revokes ? g_strdup_printf("{\"access_code_id\":\"%s\"}", row->code.access_code_id)
			 : draft_update_params(&change, &row->code);
	add(d, &(struct intent){ .kind = revokes ? INTENT_DELETE : INTENT_UPDATE,
				 .lock_no = row->lock_no,
				 .code_no = row->code_no,
				 .device_id = row->code.device_id,
				 .access_code_id = row->code.access_code_id,
				 .params = params,
				 .name = row->code.name,
				 .expires_at = INSTANT_NONE,
				 .next_try_at = INSTANT_NONE,
				 .sent_at = INSTANT_NONE,
				 .undo_ms = revokes ? INTENT_UNDO_MS : 0 });
}

/* ---- judging ---- */

static void check_decisions(struct desk *d, bool settled)
{
	for (guint i = 0; i < d->decisions->len; i++) {
		const struct decision *is = &g_array_index(d->decisions, struct decision, i);
		OWN(cache_list) struct cache_list *l = outbox_get(d->console, is->intent_no, NULL);
		const struct intent *in = l && l->rows->len ? cache_list_at(l, struct intent, 0)
							     : NULL;
		int alive = 0, n = is->key ? side_made_with(d->house, is->key, &alive) : 0;

		if (!in)
			broken("desk %d: intent %d is lost", d->number, (int)is->intent_no);
		if (n > 1)
			broken("desk %d: intent %d was carried out %d times", d->number,
			       (int)is->intent_no, n);
		if (is->key && in->state == INTENT_ACCEPTED && n == 0 &&
		    world_mono_ms() - is->at_ms < HISTORY_MS)
			broken("desk %d: intent %d was accepted, and there is no code", d->number,
			       (int)is->intent_no);
		/* One that has ended before its answer came is looked for in vain, and refused anew. */
		if (is->key && (in->state == INTENT_REFUSED || in->state == INTENT_WITHDRAWN) &&
		    alive > 0)
			broken("desk %d: intent %d was refused, and there is a code", d->number,
			       (int)is->intent_no);
		if (settled && (in->state == INTENT_QUEUED || in->state == INTENT_SENDING))
			broken("desk %d: intent %d (%s) is not settled: %s", d->number,
			       (int)is->intent_no, intent_kind_info(in->kind)->name,
			       in->message ? in->message : "");
		count.accepted += settled && in->state == INTENT_ACCEPTED;
		count.refused += settled && in->state == INTENT_REFUSED;
	}
	if (settled)
		g_array_set_size(d->decisions, 0);
}

/* The same codes, with the same words, in the cache as at the server. */
struct comparing {
	const struct desk *desk;
	GHashTable *shown; /* access_code_id -> struct code_row */
};

static void compare(const struct side_code *c, void *ctx)
{
	struct comparing *with = ctx;
	const struct code_row *r = g_hash_table_lookup(with->shown, c->access_code_id);

	if (c->pool) {
		g_hash_table_remove(with->shown, c->access_code_id);
		return;
	}
	if (!r)
		broken("desk %d does not show %s, which the server has", with->desk->number, c->name);
	if (g_strcmp0(r->code.name, c->name) != 0 || r->code.managed != c->managed ||
	    !instant_eq(r->code.starts_at, c->starts_at) ||
	    !instant_eq(r->code.ends_at, c->ends_at))
		broken("desk %d shows %s as it is no longer", with->desk->number, c->name);
	g_hash_table_remove(with->shown, c->access_code_id);
}

static void check_agreement(struct desk *d)
{
	struct code_query q = { .with_ended = true,
				.from = INSTANT_NONE,
				.until = INSTANT_NONE,
				.limit = 5000 };
	OWN(cache_list) struct cache_list *list = cache_codes(d->console, &q, instant_now(), NULL);
	g_autoptr(GHashTable) shown = g_hash_table_new(g_str_hash, g_str_equal);
	struct comparing with = { d, shown };

	for (guint i = 0; list && i < list->rows->len; i++) {
		struct code_row *r = cache_list_at(list, struct code_row, i);

		if (r->code_no > 0)
			g_hash_table_insert(shown, (char *)(uintptr_t)r->code.access_code_id, r);
	}
	side_codes(d->house, compare, &with);
	if (g_hash_table_size(shown) > 0)
		broken("desk %d shows %u codes that the server does not have", d->number,
		       g_hash_table_size(shown));
	count.agreed++;
}

/* ---- a session ---- */

static bool live(struct desk *d, uint64_t *dice)
{
	int bad_disk;

	if (!run(d, MINUTE_MS, dice))
		return false;
	line_bad(dice_hits(dice, 50));
	if (dice_hits(dice, 40))
		d->disk.stop_at = d->disk.writes + 1 + dice_below(dice, 150);
	bad_disk = dice_hits(dice, 20) ? 1 + dice_below(dice, 3) : 0;
	for (int i = 1 + dice_below(dice, 4); i > 0; i--) {
		d->disk.mood = i != bad_disk	     ? DISK_WELL
			       : dice_hits(dice, 50) ? DISK_FULL
						     : DISK_FAILING;
		if (dice_hits(dice, 20))
			set_clock(d, dice);
		if (dice_hits(dice, 60))
			decide_new(d, dice);
		else
			decide_about(d, dice);
		if (d->disk.dead) {
			die(d, dice);
			return false;
		}
		if (!run(d, 1 + dice_below(dice, 40) * SECOND_MS, dice))
			return false;
	}
	return true;
}

void desk_session(struct desk *d, uint64_t *dice)
{
	bool lived = on(d, dice) && live(d, dice);
	int64_t before, after;

	line_bad(false);
	d->disk.stop_at = 0;
	d->disk.mood = DISK_WELL;
	count.disk_errors += d->disk.refused;
	d->disk.refused = 0;
	if (!lived && !on(d, dice))
		return;
	if (!lived && side_is_well(d->house, &before))
		check_decisions(d, false);
	if (dice_hits(dice, 50)) {
		bool peace = side_is_well(d->house, &before);

		turn_compare(d->sync);
		if (run(d, PEACE_MS, dice) && peace && side_is_well(d->house, &after) && before == after) {
			check_decisions(d, true);
			check_agreement(d);
		}
	}
	if (dice_hits(dice, 30))
		die(d, dice);
	else
		off(d);
}
