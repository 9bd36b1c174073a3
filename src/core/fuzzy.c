/* fuzzy - typed letters against a name; see fuzzy.h. */
#include "core/fuzzy.h"

#include "core/text.h"

#define NEVER (INT32_MIN / 2)

struct cell {
	int score;    /* the best alignment whose last letter stands here; NEVER */
	int start;    /* what the run that it is part of began with, for the letters that go on */
	uint64_t at;
};

static bool begins_word(const gunichar *hay, int i)
{
	return i == 0 || (!g_unichar_isalnum(hay[i - 1]) && g_unichar_isalnum(hay[i]));
}

static uint64_t bit(int i)
{
	return i < 64 ? UINT64_C(1) << i : 0;
}

/* One letter of the needle against the whole of hay: next[i] from the row before it, NULL for the first. */
static void align_letter(const gunichar *hay, int n, gunichar letter, const struct cell *before,
			 struct cell *next)
{
	struct cell gap = { NEVER, 0, 0 }; /* the best that ended further back, with its gap paid */

	for (int i = 0; i < n; i++) {
		int start = begins_word(hay, i) ? FUZZY_START : 0;

		next[i] = (struct cell){ NEVER, 0, 0 };
		if (before && i >= 2) {
			int opened = before[i - 2].score - FUZZY_GAP;

			gap.score -= FUZZY_GAP_MORE;
			if (opened > gap.score)
				gap = (struct cell){ opened, 0, before[i - 2].at };
		}
		if (hay[i] != letter)
			continue;
		if (!before) {
			next[i] = (struct cell){ FUZZY_MATCH + start, start, bit(i) };
			continue;
		}
		if (gap.score > NEVER / 2)
			next[i] = (struct cell){ gap.score + FUZZY_MATCH + start, start, gap.at | bit(i) };
		if (i >= 1 && before[i - 1].score > NEVER / 2) {
			int run = MAX(MAX(before[i - 1].start, FUZZY_RUN), start);
			int score = before[i - 1].score + FUZZY_MATCH + run;

			if (score >= next[i].score)
				next[i] = (struct cell){ score, run, before[i - 1].at | bit(i) };
		}
	}
}

static bool match_word(const gunichar *hay, int n, const gunichar *word, int letters, struct fuzzy *out)
{
	struct cell rows[2][FUZZY_HAY_MAX];
	const struct cell *best = NULL;
	int now = 0;

	for (int j = 0; j < letters; j++, now = !now)
		align_letter(hay, n, word[j], j ? rows[!now] : NULL, rows[now]);
	for (int i = 0; i < n; i++)
		if (!best || rows[!now][i].score > best->score)
			best = &rows[!now][i];
	if (!best || best->score <= NEVER / 2)
		return false;
	out->score += best->score;
	out->letters += letters;
	out->at |= best->at;
	return true;
}

bool fuzzy_match(const char *hay, const char *needle, struct fuzzy *out)
{
	g_autofree char *h = text_fold(hay), *w = text_fold(needle);
	glong n = 0, m = 0;
	g_autofree gunichar *in = g_utf8_to_ucs4_fast(h, -1, &n), *typed = g_utf8_to_ucs4_fast(w, -1, &m);
	struct fuzzy f = { 0, 0, 0 };

	n = MIN(n, FUZZY_HAY_MAX);
	m = MIN(m, FUZZY_NEEDLE_MAX);
	for (glong i = 0, from; i < m; i++) {
		if (typed[i] == ' ')
			continue;
		for (from = i; i < m && typed[i] != ' ';)
			i++;
		if (!match_word(in, (int)n, typed + from, (int)(i - from), &f))
			return false;
	}
	*out = f;
	return true;
}
