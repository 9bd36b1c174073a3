/* plan-fixture - six locks, a stay and a resident, for the planner's tests.
 *
 * Moments are milliseconds from the stay's start. */
#ifndef KEYRACK_TESTS_ENGINE_PLAN_FIXTURE_H
#define KEYRACK_TESTS_ENGINE_PLAN_FIXTURE_H

#include "tests/core/rows.h"

#include "engine/plan.h"

#define START 1772377200000 /* 2026-03-01T15:00:00Z */
#define ST    INT64_C(0)
#define EN    (68 * HOUR_MS) /* 2026-03-04T11:00:00Z */
#define L72   (-72 * HOUR_MS)
#define L60   (-60 * MINUTE_MS)
#define DELAY (2 * MINUTE_MS)
#define NEVER INT64_MIN

enum lock_kind { NAT, MASK, AUG, BLIND, DIS, NON, LOCK_KINDS };
static const struct lock_system locks[LOCK_KINDS] = {
	[NAT] = { .schedule = SCHEDULE_NATIVE, .read_back = READ_ALL, .edit_in_place = true },
	[MASK] = { .schedule = SCHEDULE_NATIVE, .read_back = READ_MASKED, .edit_in_place = true },
	[AUG] = { .schedule = SCHEDULE_NATIVE, .read_back = READ_ALL },
	[BLIND] = { .schedule = SCHEDULE_NATIVE, .read_back = READ_NOTHING, .edit_in_place = true },
	[DIS] = { .schedule = SCHEDULE_DISABLED, .read_back = READ_ALL, .edit_in_place = true },
	[NON] = { .schedule = SCHEDULE_NONE, .read_back = READ_ALL, .edit_in_place = true },
};

enum code_kind { STAY, FORCED, ONGOING, OFFLINE, CODE_KINDS }; /* FORCED: not native */

static inline struct instant moment(int64_t ms)
{
	return ms == NEVER ? INSTANT_NONE : (struct instant){ START + ms };
}

static inline struct declared declared_of(enum code_kind kind)
{
	bool bound = kind != ONGOING;

	return (struct declared){ .pin = "4821",
				  .name = "Anna Smith",
				  .starts_at = bound ? moment(ST) : INSTANT_NONE,
				  .ends_at = bound ? moment(EN) : INSTANT_NONE,
				  .prefer_native = kind != FORCED,
				  .offline = kind == OFFLINE,
				  .asked_at = INSTANT_NONE,
				  .removal_asked_at = INSTANT_NONE };
}

/* What the lock holds when all is well: with a window where it keeps windows. */
static inline struct on_lock held_by(enum lock_kind lock, enum code_kind kind, int64_t now)
{
	bool native = locks[lock].schedule == SCHEDULE_NATIVE && kind == STAY;

	return (struct on_lock){ .pin = "4821",
				 .name = "Anna Smith",
				 .starts_at = native ? moment(ST) : INSTANT_NONE,
				 .ends_at = native ? moment(EN) : INSTANT_NONE,
				 .enabled = !(lock == DIS && kind != ONGOING && now < ST) };
}

#endif
