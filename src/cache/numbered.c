/* numbered - locks by the number that people call them by: "204" is 204, Room 204, Garden 2.204. */
#include <string.h>

#include "cache/db.h"

enum fit { FIT_NONE, FIT_BEGINS, FIT_WHOLE };

static const char *without_zeros(const char *digits)
{
	while (digits[0] == '0' && g_ascii_isdigit(digits[1]))
		digits++;
	return digits;
}

/* The best that any number in text does. */
static enum fit fit_of(const char *text, const char *wanted)
{
	enum fit best = FIT_NONE;

	for (const char *p = text ? text : ""; *p;) {
		size_t n = strspn(p, "0123456789");
		const char *run = p, *end = p + n;

		if (n) {
			while (run[0] == '0' && run + 1 < end)
				run++;
			if (g_str_has_prefix(run, wanted))
				best = MAX(best, run + strlen(wanted) == end ? FIT_WHOLE : FIT_BEGINS);
		}
		p += n ? n : 1;
	}
	return best;
}

GArray *cache_locks_numbered(struct cache *c, const char *digits, GError **err)
{
	g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(int64_t));
	const char *wanted = without_zeros(digits);
	QUERY q = db_query(c, STATEMENT_LOCK_NUMBERS, err);
	int more = -1;

	while (q && (more = db_next(c, q, err)) > 0) {
		int64_t no = sqlite3_column_int64(q, 0);
		enum fit name = fit_of((const char *)sqlite3_column_text(q, 1), wanted);
		enum fit room = fit_of((const char *)sqlite3_column_text(q, 2), wanted);

		if (MAX(name, room) == FIT_WHOLE)
			g_array_append_val(whole, no);
		else if (MAX(name, room) == FIT_BEGINS)
			g_array_append_val(begins, no);
	}
	if (more < 0)
		return NULL;
	return whole->len ? g_steal_pointer(&whole) : g_steal_pointer(&begins);
}
