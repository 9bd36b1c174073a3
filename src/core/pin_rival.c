/* pin_rival - codes of one lock that may be taken for each other; see the header. */
#include "core/pin_rival.h"

/* Both are [from, until): one that ends as the other begins does not meet it. */
static bool ends_before(const struct pin_use *a, const struct pin_use *b)
{
	return instant_known(a->until) && instant_known(b->from) && !instant_before(b->from, a->until);
}

enum pin_likeness pin_use_likeness(const struct pin_use *a, const struct pin_use *b)
{
	if (!a->pin || !b->pin || ends_before(a, b) || ends_before(b, a))
		return PIN_UNLIKE;
	return pin_likeness(a->pin, b->pin);
}

int pin_rival(const struct pin_use *uses, size_t n, size_t i, enum pin_likeness *how)
{
	int found = -1;

	*how = PIN_UNLIKE;
	for (size_t j = 0; j < n; j++) {
		enum pin_likeness like = j == i ? PIN_UNLIKE : pin_use_likeness(&uses[i], &uses[j]);

		if (like <= *how)
			continue;
		*how = like;
		found = (int)j;
	}
	return found;
}
