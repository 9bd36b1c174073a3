/* plan_words - the planner's reasons, by name and in words. */
#include "engine/plan.h"

static const struct {
	const char *name, *words;
} reasons[] = {
#define AS_ROW(id, name, words) [REASON_##id] = { name, words },
	PLAN_REASONS(AS_ROW)
#undef AS_ROW
};

static const char *const steps[] = {
	[STEP_WAIT] = "wait",	  [STEP_WRITE] = "write", [STEP_ENABLE] = "enable",
	[STEP_REMOVE] = "remove", [STEP_READ] = "read",	  [STEP_CLOSE] = "close",
};

const char *plan_step_name(enum step_kind k)
{
	return (size_t)k < G_N_ELEMENTS(steps) ? steps[k] : "";
}

const char *plan_reason_name(enum plan_reason r)
{
	return r < REASON_COUNT ? reasons[r].name : "";
}

const char *plan_reason_words(enum plan_reason r)
{
	return r < REASON_COUNT ? reasons[r].words : "";
}
