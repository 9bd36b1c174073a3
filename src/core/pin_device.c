/* pin_device - the PIN rules that a device states of itself, read from its JSON texts and written.
 *
 * Two small shapes are all there is to read: an array of whole numbers, and an array of flat
 * objects. Where the text makes no sense the reading stops, and what came before counts. */
#include "core/pin.h"

#include <string.h>

#include "core/jsonin.h"
#include "core/jsonout.h"
#include "core/traits.h"

#define ALL_LENGTHS ((UINT32_C(2) << PIN_MAX) - (UINT32_C(1) << PIN_MIN))

static const struct {
	const char *type;
	unsigned rule; /* 0: known, but not a bit of its own */
} constraints[] = {
	{ "no_zeros", PIN_NO_ZEROS },
	{ "cannot_start_with_12", PIN_NOT_STARTING_12 },
	{ "no_triple_consecutive_ints", PIN_NO_TRIPLE_RUN },
	{ "cannot_specify_pin_code", PIN_CHOSEN_BY_PROVIDER },
	{ "pin_code_matches_existing_set", PIN_FROM_EXISTING_SET },
	{ "no_ascending_or_descending_sequence", PIN_NO_SEQUENCE },
	{ "at_least_three_unique_digits", PIN_THREE_UNIQUE },
	{ "no_all_same_digits", PIN_NOT_ALL_SAME },
	{ "unique_first_four_digits", PIN_FIRST_FOUR_UNIQUE },
	{ "cannot_contain_089", PIN_NO_089 },
	{ "cannot_contain_0789", PIN_NO_0789 },
	{ "start_date_in_future", PIN_START_IN_FUTURE },
	{ "name_must_be_unique", PIN_NAME_UNIQUE },
	{ "name_length", 0 },
};

static int int_of(const char *text)
{
	return (int)CLAMP(g_ascii_strtoll(text, NULL, 10), -1000000, 1000000);
}

struct lengths {
	uint32_t bits;
	bool any; /* a number was there, even if no PIN can have that many digits */
};

/* [4, 5, 6]: the paths are "0", "1", "2". */
static void keep_length(const char *path, const char *text, void *ctx)
{
	struct lengths *lengths = ctx;

	if (!text || !g_ascii_isdigit(text[0]) || strchr(path, '.'))
		return;
	lengths->any = true;
	if (int_of(text) >= PIN_MIN && int_of(text) <= PIN_MAX)
		lengths->bits |= UINT32_C(1) << int_of(text);
}

/* The object that is being walked through. Its type may come before or after its numbers. */
struct constraint {
	int index; /* -1: none yet */
	char type[64];
	int min_length, max_length;
	struct pin_rules *rules;
};

static void constraint_end(struct constraint *c)
{
	size_t row = 0;

	if (c->type[0] == '\0')
		return;
	while (row < G_N_ELEMENTS(constraints) && strcmp(constraints[row].type, c->type) != 0)
		row++;
	if (row == G_N_ELEMENTS(constraints)) {
		c->rules->unknown++;
	} else if (constraints[row].rule) {
		c->rules->rules |= constraints[row].rule;
	} else {
		c->rules->name_min = MAX(c->min_length, 0);
		c->rules->name_max = MAX(c->max_length, 0);
	}
}

/* [{"constraint_type": "name_length", "max_length": 9}]: the paths are "0.constraint_type" and
 * "0.max_length". */
static void keep_constraint(const char *path, const char *text, void *ctx)
{
	struct constraint *c = ctx;
	const char *dot = strchr(path, '.');
	int index = int_of(path);

	if (!dot || !text)
		return;
	if (index != c->index) {
		constraint_end(c);
		*c = (struct constraint){ .index = index, .rules = c->rules };
	}
	if (strcmp(dot, ".constraint_type") == 0)
		g_strlcpy(c->type, text, sizeof c->type);
	else if (strcmp(dot, ".min_length") == 0)
		c->min_length = int_of(text);
	else if (strcmp(dot, ".max_length") == 0)
		c->max_length = int_of(text);
}

static void read_constraints(const char *json, struct pin_rules *rules)
{
	struct constraint c = { .index = -1, .rules = rules };

	jsonin_walk(json, keep_constraint, &c);
	constraint_end(&c);
}

/* A name's length is bounded only by what the device states: makers that cut long names do not
 * refuse them, so the table's name_max must not either. */
struct pin_rules pin_rules_of(const struct lock *lock)
{
	const struct traits *traits = traits_of(lock->device_type);
	struct pin_rules rules = { 0 };
	struct lengths lengths = { 0 };

	jsonin_walk(lock->code_lengths, keep_length, &lengths);
	rules.lengths = lengths.any			? lengths.bits
			: traits && traits->pin_lengths ? traits->pin_lengths
							: ALL_LENGTHS;
	if (lock->code_constraints)
		read_constraints(lock->code_constraints, &rules);
	else if (traits && traits->chooses_pin)
		rules.rules |= PIN_CHOSEN_BY_PROVIDER;
	return rules;
}

static void put_name_length(GString *out, const struct pin_rules *rules)
{
	if (rules->name_min > 0)
		jsonout_int(out, "min_length", rules->name_min);
	if (rules->name_max > 0)
		jsonout_int(out, "max_length", rules->name_max);
}

void pin_constraints_json(GString *out, const char *key, const struct pin_rules *rules)
{
	bool has_length = rules->name_min > 0 || rules->name_max > 0;

	jsonout_array(out, key);
	for (size_t i = 0; i < G_N_ELEMENTS(constraints); i++) {
		unsigned rule = constraints[i].rule;

		if (rule ? !(rules->rules & rule) : !has_length)
			continue;
		jsonout_object(out, NULL);
		jsonout_string(out, "constraint_type", constraints[i].type);
		if (!rule)
			put_name_length(out, rules);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
}

void pin_lengths_json(GString *out, const char *key, uint32_t lengths)
{
	jsonout_array(out, key);
	for (int n = 0; n < 32; n++) {
		if (lengths & UINT32_C(1) << n)
			jsonout_int(out, NULL, n);
	}
	jsonout_array_end(out);
}
