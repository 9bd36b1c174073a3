/* pin - checking and making PINs by a lock's rules. */
#include "config.h"

#include "core/i18n.h"
#include "core/pin.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define ALL_LENGTHS ((UINT32_C(2) << PIN_MAX) - (UINT32_C(1) << PIN_MIN))
#define DRAWS_MAX   1000

struct pin_rules pin_rules_join(struct pin_rules a, struct pin_rules b)
{
	struct pin_rules both = {
		.lengths = a.lengths & b.lengths,
		.rules = a.rules | b.rules,
		.name_min = MAX(a.name_min, b.name_min),
		.name_max = a.name_max && b.name_max ? MIN(a.name_max, b.name_max)
						     : MAX(a.name_max, b.name_max),
		.unknown = a.unknown + b.unknown,
	};

	return both;
}

/* The longest stretch of equal digits, or of digits that each go one up, or one down. */
static size_t longest_run(const char *pin)
{
	size_t longest = pin[0] ? 1 : 0;

	for (int step = -1; step <= 1; step++) {
		size_t run = 1;

		for (size_t i = 1; pin[0] && pin[i]; i++) {
			run = pin[i] - pin[i - 1] == step ? run + 1 : 1;
			longest = MAX(longest, run);
		}
	}
	return longest;
}

static size_t different_digits(const char *pin)
{
	unsigned seen = 0;

	for (; *pin; pin++)
		seen |= 1u << (*pin - '0');
	return (size_t)__builtin_popcount(seen);
}

static bool breaks_no_zeros(const char *pin)
{
	return strchr(pin, '0');
}

static bool breaks_not_12(const char *pin)
{
	return g_str_has_prefix(pin, "12");
}

static bool breaks_triple_run(const char *pin)
{
	return longest_run(pin) > 3;
}

static bool breaks_first_four(const char *pin)
{
	char four[5] = { 0 };

	for (size_t i = 0; i < 4 && pin[i]; i++)
		four[i] = pin[i];
	return different_digits(four) < strlen(four);
}

static bool breaks_no_089(const char *pin)
{
	return strpbrk(pin, "089");
}

static bool breaks_no_0789(const char *pin)
{
	return strpbrk(pin, "0789");
}

static bool breaks_no_sequence(const char *pin)
{
	return longest_run(pin) == strlen(pin) && pin[0] != pin[1];
}

static bool breaks_three_unique(const char *pin)
{
	return different_digits(pin) < 3;
}

static bool breaks_not_same(const char *pin)
{
	return different_digits(pin) < 2;
}

/* every_prefix: once broken, more digits cannot mend it, so it is said while typing. */
static const struct {
	enum pin_rule rule;
	bool every_prefix;
	bool (*broken)(const char *pin);
	const char *sentence;
	const char *words; /* in pin_rules_words */
} rules_table[] = {
	{ PIN_NO_ZEROS, true, breaks_no_zeros, N_("this lock takes no 0"), N_("no 0") },
	{ PIN_NOT_STARTING_12, true, breaks_not_12, N_("this lock takes no PIN that begins with 12"),
	  N_("not beginning with 12") },
	{ PIN_NO_TRIPLE_RUN, true, breaks_triple_run,
	  N_("this lock takes no four digits in a row that are equal or follow one another"),
	  N_("no long runs") },
	{ PIN_FIRST_FOUR_UNIQUE, true, breaks_first_four,
	  N_("the first four digits must all be different"), N_("first four digits all different") },
	{ PIN_NO_089, true, breaks_no_089, N_("this lock's keypad has the digits 1 to 7 only"),
	  N_("digits 1 to 7") },
	{ PIN_NO_0789, true, breaks_no_0789, N_("this lock's keypad has the digits 1 to 6 only"),
	  N_("digits 1 to 6") },
	{ PIN_NO_SEQUENCE, false, breaks_no_sequence,
	  N_("this lock takes no digits that just count up or down"), N_("not counting up or down") },
	{ PIN_THREE_UNIQUE, false, breaks_three_unique,
	  N_("this lock wants at least three different digits"), N_("at least three different digits") },
	{ PIN_NOT_ALL_SAME, false, breaks_not_same, N_("this lock wants more than one digit"),
	  N_("not all the same") },
};

static bool length_taken(const struct pin_rules *rules, size_t length)
{
	return length <= PIN_MAX && (rules->lengths & (UINT32_C(1) << length));
}

/* Pretty ranges: "4 to 6", "4, 6 or 8". */
static void append_lengths(GString *to, uint32_t lengths)
{
	int low = __builtin_ctz(lengths), high = 31 - __builtin_clz(lengths);

	if (high - low + 1 == __builtin_popcount(lengths) && high > low + 1) {
		g_string_append_printf(to, _("%d to %d"), low, high);
		return;
	}
	for (int n = low; n <= high; n++) {
		if (lengths & (UINT32_C(1) << n))
			g_string_append_printf(to, "%s%d",
					       n == low	   ? ""
					       : n == high ? _(" or ")
							   : ", ",
					       n);
	}
}

static const char *wrong_length(uint32_t lengths)
{
	g_autoptr(GString) s = g_string_new(_("this lock takes "));

	append_lengths(s, lengths);
	g_string_append(s, _(" digits"));
	return g_intern_string(s->str);
}

char pin_digit(uint32_t ch)
{
	return g_unichar_isdigit(ch) ? (char)('0' + g_unichar_digit_value(ch)) : '\0';
}

static bool has_other_digits(const char *pin)
{
	for (; *pin && g_utf8_validate(pin, -1, NULL); pin += g_utf8_skip[(guchar)*pin])
		if ((guchar)*pin >= 0x80 && pin_digit(g_utf8_get_char(pin)))
			return true;
	return false;
}

const char *pin_check(const char *pin, const struct pin_rules *rules)
{
	size_t length = strlen(pin);

	if (rules->rules & PIN_CHOSEN_BY_PROVIDER)
		return length ? _("the lock's maker chooses the PIN: leave it empty") : NULL;
	if (strspn(pin, "0123456789") != length)
		return has_other_digits(pin) ? _("these are digits of another script: a keypad has 0 to 9")
					     : _("a PIN is digits only");
	if (rules->lengths == 0)
		return _("no length of PIN suits all of these locks");
	for (size_t i = 0; i < G_N_ELEMENTS(rules_table); i++) {
		if (rules_table[i].every_prefix && (rules->rules & rules_table[i].rule) &&
		    rules_table[i].broken(pin))
			return _(rules_table[i].sentence);
	}
	if (length > PIN_MAX || rules->lengths >> length == 0)
		return wrong_length(rules->lengths);
	if (!length_taken(rules, length))
		return PIN_INCOMPLETE;
	for (size_t i = 0; i < G_N_ELEMENTS(rules_table); i++) {
		if ((rules->rules & rules_table[i].rule) && rules_table[i].broken(pin))
			return _(rules_table[i].sentence);
	}
	return NULL;
}

/* Those often tried first that no rule below covers: shapes on the keypad, words, numbers known
 * from elsewhere. */
static const char *const common_pins[] = {
	"0007",	  "0070",   "0852",   "2580",	"0911",	  "1004",   "1024",   "1236",	"1342",
	"1379",	  "1397",   "1452",   "1456",	"1470",	  "1478",   "1590",   "2110",	"2112",
	"2323",	  "2589",   "2684",   "3690",	"3698",	  "4200",   "4711",   "5150",	"5683",
	"7410",	  "7412",   "7419",   "8520",	"8675",	  "9630",   "9731",   "010203", "102030",
	"112211", "112358", "121314", "123654", "123789", "134679", "142536", "147258", "147852",
	"147896", "159357", "159753", "246810", "258369", "314159", "369258", "420420", "456123",
	"520131", "741852", "753951", "789456", "852456", "963852", "987123",
};

/* Each digit as far from the one before as the second from the first: 1111, 2345, 9012, 2468. */
static bool has_even_steps(const char *pin)
{
	for (size_t i = 2; pin[i]; i++) {
		if ((pin[i] - pin[i - 1] + 10) % 10 != (pin[1] - pin[0] + 10) % 10)
			return false;
	}
	return true;
}

static bool repeats_itself(const char *pin, size_t length)
{
	for (size_t period = 1; period <= length / 2; period++) {
		if (length % period == 0 && memcmp(pin, pin + period, length - period) == 0)
			return true;
	}
	return false;
}

static bool reads_backwards(const char *pin, size_t length)
{
	for (size_t i = 0; i < length / 2; i++) {
		if (pin[i] != pin[length - 1 - i])
			return false;
	}
	return true;
}

static bool is_all_pairs(const char *pin, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2) {
		if (pin[i] != pin[i + 1])
			return false;
	}
	return length % 2 == 0;
}

bool pin_is_weak(const char *pin)
{
	size_t length = strlen(pin);

	if (length < PIN_MIN)
		return true;
	if (length == 4 && (g_str_has_prefix(pin, "19") || g_str_has_prefix(pin, "20")))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(common_pins); i++) {
		if (strcmp(pin, common_pins[i]) == 0)
			return true;
	}
	return has_even_steps(pin) || repeats_itself(pin, length) || reads_backwards(pin, length) ||
	       is_all_pairs(pin, length);
}

enum pin_likeness pin_likeness(const char *a, const char *b)
{
	size_t length = strlen(a), at = 0;

	if (!a[0] || !b[0])
		return PIN_UNLIKE;
	while (a[at] && a[at] == b[at])
		at++;
	if (!a[at] || !b[at])
		return a[at] || b[at] ? PIN_BEGINS : PIN_EQUAL;
	if (length != strlen(b))
		return PIN_UNLIKE;
	if (strcmp(a + at + 1, b + at + 1) == 0)
		return PIN_ONE_DIGIT;
	if (a[at] == b[at + 1] && a[at + 1] == b[at] && strcmp(a + at + 2, b + at + 2) == 0)
		return PIN_SWAPPED;
	return PIN_UNLIKE;
}

const char *pin_likeness_words(enum pin_likeness like)
{
	static const char *const words[] = {
		[PIN_UNLIKE] = "",
		[PIN_SWAPPED] = N_("two digits are swapped"),
		[PIN_ONE_DIGIT] = N_("one digit differs"),
		[PIN_BEGINS] = N_("one is the beginning of the other"),
		[PIN_EQUAL] = N_("the PIN is the same"),
	};

	return _(words[like]);
}

bool pin_confusable(const char *a, const char *b)
{
	return pin_likeness(a, b) != PIN_UNLIKE;
}

/* Bytes from the system, read ahead a little. */
struct random_bytes {
	unsigned char byte[64];
	size_t left;
};

static bool random_byte(struct random_bytes *r, unsigned char *out)
{
	while (r->left == 0) {
		ssize_t got = getrandom(r->byte, sizeof r->byte, 0);

		if (got < 0 && errno != EINTR)
			return false;
		r->left = got < 0 ? 0 : (size_t)got;
	}
	*out = r->byte[--r->left];
	return true;
}

/* Below n, each equally likely: the bytes at the top that do not fill a whole n are thrown away.
 * Without randomness it answers n, which is nobody's digit. */
static unsigned system_below(unsigned n, void *random)
{
	unsigned limit = 256 - 256 % n;
	unsigned char byte;

	do {
		if (!random_byte(random, &byte))
			return n;
	} while (byte >= limit);
	return byte % n;
}

static const char *digits_for(const struct pin_rules *rules)
{
	if (rules->rules & PIN_NO_0789)
		return "123456";
	if (rules->rules & PIN_NO_089)
		return "1234567";
	return rules->rules & PIN_NO_ZEROS ? "123456789" : "0123456789";
}

/* The rule speaks of 'triple' and its explanation of 'more than three': what we make suits both. */
static bool is_good_draw(const char *pin, const struct pin_rules *rules)
{
	if ((rules->rules & PIN_NO_TRIPLE_RUN) && longest_run(pin) >= 3)
		return false;
	return !pin_check(pin, rules) && !pin_is_weak(pin);
}

static bool draw_pin(const char *digits, int length, unsigned (*below)(unsigned n, void *dice),
		     void *dice, char out[static PIN_MAX + 1])
{
	unsigned base = (unsigned)strlen(digits);

	for (int i = 0; i < length; i++) {
		unsigned digit = below(base, dice);

		if (digit >= base)
			return false;
		out[i] = digits[digit];
	}
	out[length] = '\0';
	return true;
}

bool pin_generate_from(const struct pin_rules *rules, int length,
		       unsigned (*below)(unsigned n, void *dice), void *dice,
		       bool (*taken)(const char *pin, const void *data), const void *data,
		       char out[static PIN_MAX + 1])
{
	uint32_t lengths = rules->lengths & ALL_LENGTHS;
	const char *digits = digits_for(rules);
	bool found = false;

	out[0] = '\0';
	/* These PINs are not ours to make. */
	if (lengths == 0 || (rules->rules & (PIN_CHOSEN_BY_PROVIDER | PIN_FROM_EXISTING_SET)))
		return false;
	if (length < PIN_MIN || length > PIN_MAX || !(lengths & (UINT32_C(1) << length)))
		length = __builtin_ctz(lengths);
	for (int draw = 0; draw < DRAWS_MAX && !found; draw++) {
		if (!draw_pin(digits, length, below, dice, out))
			break;
		found = is_good_draw(out, rules) && !(taken && taken(out, data));
	}
	if (!found)
		out[0] = '\0';
	return found;
}

bool pin_generate(const struct pin_rules *rules, int length,
		  bool (*taken)(const char *pin, const void *data), const void *data,
		  char out[static PIN_MAX + 1])
{
	struct random_bytes random = { .left = 0 };
	bool found = pin_generate_from(rules, length, system_below, &random, taken, data, out);

	explicit_bzero(&random, sizeof random);
	return found;
}

char *pin_rules_words(const struct pin_rules *rules)
{
	GString *s = g_string_new(NULL);

	if (rules->rules & PIN_CHOSEN_BY_PROVIDER)
		g_string_append(s, _("chosen by the lock's maker"));
	else if (rules->lengths == 0)
		g_string_append(s, _("no length suits all of these locks"));
	else
		append_lengths(s, rules->lengths);
	if (rules->rules & PIN_CHOSEN_BY_PROVIDER)
		return g_string_free(s, FALSE);
	if (rules->lengths)
		g_string_append(s, _(" digits"));
	if (rules->rules & PIN_FROM_EXISTING_SET)
		g_string_append(s, _(", from the account's own set"));
	for (size_t i = 0; i < G_N_ELEMENTS(rules_table); i++) {
		if (rules->rules & rules_table[i].rule)
			g_string_append_printf(s, ", %s", _(rules_table[i].words));
	}
	if (rules->unknown)
		g_string_append(s, _(", and rules only the server knows"));
	return g_string_free(s, FALSE);
}

/* Pairs, and threes where the digits are six or odd in number: no group of one, none of four. */
char *pin_grouped(const char *pin)
{
	size_t n = strlen(pin), group = n == 6 || n == 9 ? 3 : 2;
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < n;) {
		size_t left = n - i, take = left == 3 ? 3 : MIN(group, left);

		if (s->len)
			g_string_append_c(s, ' ');
		g_string_append_len(s, pin + i, (gssize)take);
		i += take;
	}
	return g_string_free(s, FALSE);
}
