/* density - see density.h. */
#include "config.h"

#include "tests/simulation/density.h"

#include <string.h>

#include "tests/simulation/world.h"

static const struct density table[DENSITIES] = {
	{ "quiet", 875, 1, 5, 4, 15, 6 * HOUR_MS, 0, 4 },
	{ "ordinary", 117, 1, 12, 24, 66, 6 * HOUR_MS, 0, 2 },
	{ "dense", 8, 3, 6, 120, 570, 3 * HOUR_MS, 15, 1 },
};

const struct density *density_at(int i)
{
	return &table[i];
}

const struct density *density_named(const char *name)
{
	for (int i = 0; i < DENSITIES; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}

const struct density *density_of(uint64_t seed)
{
	uint64_t dice = dice_of(seed, 20);
	int at = dice_below(&dice, 1000), i = 0;

	while (i + 1 < DENSITIES && (at -= table[i].permille) >= 0)
		i++;
	return &table[i];
}

int density_number(const struct density *d)
{
	return (int)(d - table);
}
