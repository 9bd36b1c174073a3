/* code_rows - one row for a code, or for a create that stands in for it. */
#ifndef KEYRACK_CACHE_CODE_ROWS_H
#define KEYRACK_CACHE_CODE_ROWS_H

#include "cache/db.h"

struct chosen {
	int64_t code_no;   /* 0: it is a create */
	int64_t intent_no; /* of that create */
};

/* Reads each of chosen (GArray of struct chosen); those that have gone meanwhile are left out. */
struct cache_list *code_rows_read(struct cache *c, const GArray *chosen, struct instant now,
				  GError **err);

#endif
