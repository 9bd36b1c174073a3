/* pin_device - the PIN rules that a device states of itself, read from its JSON texts.
 *
 * Two small shapes are all there is to read: an array of whole numbers, and an array of flat
 * objects. The scanner below knows these, steps over anything else, and stops where the text
 * makes no sense, keeping what it has read: what comes from a server is never trusted to be
 * whole. */
#include "core/pin.h"

#include <string.h>

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

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* After p and the blanks behind it when p is at ch, else NULL. */
static const char *take(const char *p, char ch)
{
	return p && *p == ch ? skip_blanks(p + 1) : NULL;
}

/* A string without its quotes, cut to size; escapes stay as they are, no name here has any. */
static const char *take_string(const char *p, char *out, size_t size)
{
	size_t used = 0;

	if (!p || *p != '"')
		return NULL;
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		if (used + 1 < size)
			out[used++] = *p;
	}
	out[used] = '\0';
	return take(p, '"');
}

/* A number, cut to the int it begins with; the range of an int is kept. */
static const char *take_number(const char *p, int *out)
{
	if (!p || (!g_ascii_isdigit(*p) && *p != '-'))
		return NULL;
	*out = (int)CLAMP(g_ascii_strtoll(p, NULL, 10), -1000000, 1000000);
	return skip_blanks(p + strspn(p, "+-0123456789.eE"));
}

/* Steps over any value: up to the comma or bracket that ends it on its own level. */
static const char *skip_value(const char *p)
{
	int depth = 0;
	char ignored[2];

	while (p && *p) {
		if (*p == '"') {
			p = take_string(p, ignored, sizeof ignored);
			continue;
		}
		if (depth == 0 && strchr(",]}", *p))
			return p;
		depth += (*p == '[' || *p == '{') - (*p == ']' || *p == '}');
		p++;
	}
	return NULL;
}

/* Returns false when no number could be read. */
static bool read_lengths(const char *json, uint32_t *lengths)
{
	const char *p = take(skip_blanks(json), '[');
	bool any = false;
	int n;

	while (p && *p && *p != ']') {
		const char *after = take_number(p, &n);

		if (after) {
			any = true;
			if (n >= PIN_MIN && n <= PIN_MAX)
				*lengths |= UINT32_C(1) << n;
		}
		p = take(skip_value(p), ',');
	}
	return any;
}

struct constraint {
	char type[64];
	int min_length, max_length;
};

/* One object, from behind its brace to behind the closing one; NULL when it has no end. */
static const char *read_constraint(const char *p, struct constraint *c)
{
	char key[32];

	while (p && *p && *p != '}') {
		p = take(take_string(p, key, sizeof key), ':');
		if (!p)
			return NULL;
		if (strcmp(key, "constraint_type") == 0)
			take_string(p, c->type, sizeof c->type);
		else if (strcmp(key, "min_length") == 0)
			take_number(p, &c->min_length);
		else if (strcmp(key, "max_length") == 0)
			take_number(p, &c->max_length);
		p = skip_value(p);
		if (p && *p == ',')
			p = skip_blanks(p + 1);
	}
	return take(p, '}');
}

static void add_constraint(struct pin_rules *rules, const struct constraint *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(constraints); i++) {
		if (strcmp(constraints[i].type, c->type) != 0)
			continue;
		rules->rules |= constraints[i].rule;
		if (constraints[i].rule == 0) {
			rules->name_min = MAX(c->min_length, 0);
			rules->name_max = MAX(c->max_length, 0);
		}
		return;
	}
	rules->unknown++;
}

static void read_constraints(const char *json, struct pin_rules *rules)
{
	const char *p = take(skip_blanks(json), '[');

	while (p && *p && *p != ']') {
		struct constraint c = { .type = "" };
		const char *object = take(p, '{');

		if (object && read_constraint(object, &c) && c.type[0])
			add_constraint(rules, &c);
		p = take(skip_value(p), ',');
	}
}

/* A name's length is bounded only by what the device states: makers that cut long names do not
 * refuse them, so the table's name_max must not either. */
struct pin_rules pin_rules_of(const struct lock *lock)
{
	const struct traits *traits = traits_of(lock->device_type);
	struct pin_rules rules = { 0 };

	if (!lock->code_lengths || !read_lengths(lock->code_lengths, &rules.lengths))
		rules.lengths = traits && traits->pin_lengths ? traits->pin_lengths : ALL_LENGTHS;
	if (lock->code_constraints)
		read_constraints(lock->code_constraints, &rules);
	else if (traits && traits->chooses_pin)
		rules.rules |= PIN_CHOSEN_BY_PROVIDER;
	return rules;
}
