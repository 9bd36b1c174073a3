/* night_sheet - what the cache knows, as the night sheet's rows (core/sheet.h): for the console and the
 * command alike. */
#ifndef KEYRACK_CACHE_NIGHT_SHEET_H
#define KEYRACK_CACHE_NIGHT_SHEET_H

#include "cache/cache.h"
#include "core/sheet.h"

struct night_sheet_query {
	const char *property, *made_by;
	const struct zone *zone;  /* the property's */
	struct instant now;
	struct instant day;       /* what lies in it; NONE: tonight */
	struct instant as_of;     /* when the server was heard last; NONE */
	int check_out;            /* minutes after midnight: then it is good no more */
	bool pins;
};
/* From now, or from the day's beginning, to the check-out after its night. KEYRACK_ERROR_USAGE: that night is
 * over. */
struct sheet *night_sheet(struct cache *c, const struct night_sheet_query *q, GError **err);

#endif
