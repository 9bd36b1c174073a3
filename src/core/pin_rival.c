/* pin_rival - codes of one lock that may be taken for each other; see the header. */
#include "core/pin_rival.h"

/* Both are [from, until): one that ends as the other begins does not meet it. */
static bool ends_before(const struct pin_use *a, const struct pin_use *b)
{
	return instant_known(a->until) && instant_known(b->from) && !instant_before(b->from, a->until);
}

int pin_rival(const struct pin_use *uses, size_t n, size_t i, enum pin_likeness *how)
{
	const struct pin_use *me = &uses[i];
	int found = -1;

	*how = PIN_UNLIKE;
	for (size_t j = 0; me->pin && j < n; j++) {
		const struct pin_use *other = &uses[j];
		enum pin_likeness like;

		if (j == i || !other->pin || ends_before(me, other) || ends_before(other, me))
			continue;
		like = pin_likeness(me->pin, other->pin);
		if (like > *how) {
			*how = like;
			found = (int)j;
		}
	}
	return found;
}
