/* vocab - looking words up in the tables of vocab_problem.c and vocab_event.c. */
#include "core/vocab.h"

const struct problem_info *problem_lookup(const char *code)
{
	size_t n;
	const struct problem_info *row = problem_table(&n);

	for (; n > 0; row++, n--) {
		if (g_strcmp0(row->code, code) == 0)
			return row;
	}
	return NULL;
}

/* For types that the table does not have: what their first part says. Longest first. */
static const struct event_info guesses[] = {
	{ "access_code.unmanaged.", EVENT_OTHER, NULL, REFETCH_UNMANAGED },
	{ "access_code.", EVENT_OTHER, NULL, REFETCH_CODE },
	{ "lock.", EVENT_OTHER, NULL, REFETCH_DEVICE },
	{ "device.unmanaged.", EVENT_OTHER, NULL, REFETCH_DEVICES },
	{ "device.", EVENT_OTHER, NULL, REFETCH_DEVICE },
	{ "connected_account.", EVENT_OTHER, NULL, REFETCH_DEVICES },
	{ "", EVENT_OTHER, NULL, 0 }, /* fits everything */
};

const struct event_info *event_lookup(const char *type)
{
	size_t n;
	const struct event_info *row = event_table(&n);

	for (; n > 0; row++, n--) {
		if (g_strcmp0(row->type, type) == 0)
			return row;
	}
	for (row = guesses; !g_str_has_prefix(type ? type : "", row->type); row++)
		;
	return row;
}

static const struct {
	const char *method, *words;
} methods[] = {
	{ "keycode", "keypad" },  { "manual", "by hand" },   { "automatic", "by itself" },
	{ "remote", "remotely" }, { "seamapi", "remotely" }, { "card", "card" },
	{ "unknown", "unknown" },
};

const char *method_words(const char *method)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (g_strcmp0(methods[i].method, method) == 0)
			return methods[i].words;
	}
	return method ? method : "";
}
