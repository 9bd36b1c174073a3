/* colour - what a colour is on terminals that have fewer; part of theme.h. */
#include "ui/term/theme.h"

#include <math.h>

/* The first sixteen as xterm shows them. */
static const int32_t basic[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

int32_t colour_rgb_of(int index)
{
	static const int level[6] = { 0, 95, 135, 175, 215, 255 };

	if (index < 0 || index > 255)
		return -1;
	if (index < 16)
		return basic[index];
	if (index >= 232)
		return (8 + 10 * (index - 232)) * 0x010101;
	index -= 16;
	return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
}

/* Squared distance, weighted the way eyes weigh the channels in light and dark colours. */
static int64_t distance(int32_t a, int32_t b)
{
	int64_t ra = a >> 16 & 255, rb = b >> 16 & 255, mean = (ra + rb) / 2;
	int64_t r = ra - rb, g = (a >> 8 & 255) - (b >> 8 & 255), blue = (a & 255) - (b & 255);

	return ((512 + mean) * r * r) / 256 + 4 * g * g + ((767 - mean) * blue * blue) / 256;
}

static int chroma(int32_t rgb)
{
	int r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255;

	return MAX(r, MAX(g, b)) - MIN(r, MIN(g, b));
}

/* A colour that means something must not become a grey, however near that is. */
static int nearest(int32_t rgb, int first, int last)
{
	int64_t best_distance = INT64_MAX;
	int best = first;

	for (int i = first; i <= last; i++) {
		int64_t d = distance(rgb, colour_rgb_of(i));

		if (d >= best_distance || (chroma(rgb) >= 48 && chroma(colour_rgb_of(i)) == 0))
			continue;
		best_distance = d;
		best = i;
	}
	return best;
}

/* The lowest sixteen are left out: people change them. */
int colour_to_256(int32_t rgb)
{
	return nearest(rgb, 16, 255);
}

int colour_to_16(int32_t rgb)
{
	return nearest(rgb, 0, 15);
}

static double linear(int channel)
{
	double c = channel / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int32_t rgb)
{
	return 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) +
	       0.0722 * linear(rgb & 255);
}

double colour_contrast(int32_t a, int32_t b)
{
	double la = luminance(a) + 0.05, lb = luminance(b) + 0.05;

	return la > lb ? la / lb : lb / la;
}
