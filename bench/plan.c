/* bench/plan - planner decisions per second; prints, judges nothing.
 *
 *   bench/plan [lives]     20000 of each lock system
 *
 * Whole lives of codes of four kinds on each of the lock systems: from the creation to the closing,
 * looked at whenever the planner asked for it, every step done at once by a lock that never fails.
 * So the mix of decisions is that of a quiet house. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/plan.h"

#define NOON ((struct instant){ INT64_C(1767614400000) })
enum { LOOKS_MAX = 200 };

static const struct kind {
	const char *name;
	int64_t starts_in_ms, lasts_ms; /* 0: ongoing, revoked after a week */
	bool outside;                   /* somebody changes it once */
} kinds[] = {
	{ "stay in a month", 30 * DAY_MS, 3 * DAY_MS, false },
	{ "stay tonight", 3 * HOUR_MS, DAY_MS, false },
	{ "stay, changed from outside", HOUR_MS, DAY_MS, true },
	{ "ongoing", 0, 0, false },
};

struct life {
	struct declared want;
	struct attempt_record done;
	struct instant now;
	struct on_lock there; /* what the lock holds */
	bool is_there;
};

static void carry_out(struct life *l, const struct plan *p, const struct lock_system *ls)
{
	switch (p->step) {
	case STEP_WRITE:
		l->there = p->write;
		l->is_there = true;
		plan_note_wrote(&l->done, &p->write, l->now);
		break;
	case STEP_ENABLE:
		l->there.enabled = true;
		plan_note_enabled(&l->done, l->now);
		break;
	case STEP_REMOVE:
		l->is_there = false;
		plan_note_removed(&l->done, l->now);
		break;
	case STEP_READ:
		plan_note_saw(&l->done, l->is_there ? &l->there : NULL, ls, l->now);
		break;
	case STEP_WAIT:
	case STEP_CLOSE:
		break;
	}
}

static struct life born(const struct kind *k)
{
	return (struct life){
		.want = {
			.pin = "194628",
			.name = "Guest",
			.starts_at = k->lasts_ms ? instant_add_ms(NOON, k->starts_in_ms) :
						   INSTANT_NONE,
			.ends_at = k->lasts_ms ? instant_add_ms(NOON, k->starts_in_ms + k->lasts_ms) :
						 INSTANT_NONE,
			.prefer_native = true,
			.asked_at = NOON,
			.removal_asked_at = INSTANT_NONE,
		},
		.done = { .last_try_at = INSTANT_NONE, .first_try_at = INSTANT_NONE },
		.now = NOON,
	};
}

/* How many decisions it took; 0: the life did not come to its end. */
static int live(const struct kind *k, const struct lock_system *ls)
{
	static const struct lock_facts facts = { .reachable = true };
	struct life l = born(k);
	bool outside = k->outside;

	for (int looks = 1; looks <= LOOKS_MAX; looks++) {
		struct plan p = plan_code(&l.want, ls, &l.done, &facts, l.now);

		carry_out(&l, &p, ls);
		if (p.step == STEP_CLOSE)
			return looks;
		if (p.step != STEP_WAIT)
			continue;
		if (outside && l.is_there && ls->read_back == READ_ALL) {
			l.there.pin = "555555";
			plan_note_saw(&l.done, &l.there, ls, l.now);
			outside = false;
			continue;
		}
		if (instant_known(p.next_look)) {
			l.now = p.next_look;
			continue;
		}
		l.now = instant_add_ms(l.now, 7 * DAY_MS);
		l.want.removal_asked = true;
		l.want.removal_asked_at = l.now;
	}
	return 0;
}

/* Of work: a busy machine does not make the planner slower. */
static gint64 worked_us(void)
{
	return (gint64)((double)clock() * 1e6 / CLOCKS_PER_SEC);
}

int main(int argc, char **argv)
{
	int lives = argc > 1 ? atoi(argv[1]) : 20000;
	int64_t all = 0, all_us = 0;
	size_t n;
	const struct lock_system *systems = lock_system_table(&n);

	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
		gint64 begun = worked_us(), us;
		int64_t looks = 0, lived = 0;

		for (size_t i = 0; i < n; i++) {
			if (!systems[i].online_codes)
				continue;
			for (int life = 0; life < lives; life++) {
				int took = live(&kinds[k], &systems[i]);

				if (took == 0) {
					g_printerr("bench/plan: a '%s' on %s did not end\n",
						   kinds[k].name, systems[i].device_type);
					return 1;
				}
				looks += took;
				lived++;
			}
		}
		us = worked_us() - begun;
		printf("%-28s %10.0f decisions/s  %5.1f of each life\n", kinds[k].name,
		       (double)looks * 1e6 / (double)us,
		       (double)looks / (double)lived);
		all += looks;
		all_us += us;
	}
	printf("%-28s %10.0f decisions/s  %" PRId64 " decisions\n", "together", (double)all * 1e6 / (double)all_us,
	       all);
	printf("(goal: 1,000,000 a second a core)\n");
	return 0;
}
