/* plan_words - the planner's reasons, by name and in words. */
#include "engine/plan.h"

static const struct {
	const char *name, *words;
} reasons[] = {
#define AS_ROW(id, name, words) [REASON_##id] = { name, words },
	PLAN_REASONS(AS_ROW)
#undef AS_ROW
};

const char *plan_reason_name(enum plan_reason r)
{
	return r < REASON_COUNT ? reasons[r].name : "";
}

const char *plan_reason_words(enum plan_reason r)
{
	return r < REASON_COUNT ? reasons[r].words : "";
}
