/* offline_layout - how much there is to say in an offline PIN: its kinds and their measures.
 *
 * For offline.c, offline_pin.c and whoever shows what a lock offers. A PIN says which kind, which start (as a
 * remainder, for the lock knows the date), how long and which of several; see offline_pin.c. */
#ifndef KEYRACK_ENGINE_OFFLINE_LAYOUT_H
#define KEYRACK_ENGINE_OFFLINE_LAYOUT_H

#include "engine/offline.h"

/* One kind of one lock system. Counts that the makers do not give are own choices, marked in
 * offline.c. */
struct offline_layout {
	const char *device_type;
	enum offline_kind kind;
	int digits;
	int per_slot;
	int starts;       /* remainders told apart; far more than the longest code has of them */
	int length_min;   /* in hours, for DAILY in days; SLOT: 0 */
	int length_max;   /* SLOT: slot and nights in one number */
};
#define OFFLINE_LAYOUTS 6
extern const struct offline_layout offline_layouts[OFFLINE_LAYOUTS];
const struct offline_layout *offline_layout_of(const char *device_type, enum offline_kind kind);

/* The predefined slots of an Oracode door: from and until o'clock. */
struct offline_slot {
	int from_hour, until_hour;
};
#define OFFLINE_SLOTS 4
#define OFFLINE_NIGHTS_MAX 31
extern const struct offline_slot offline_slots[OFFLINE_SLOTS];

/* Hours and days since 1970 as the lock counts them: the last whole one at or before t. */
int64_t offline_hour_of(const struct zone *z, struct instant t);
struct instant offline_hour_start(const struct zone *z, int64_t hour);
int64_t offline_day_of(const struct zone *z, struct instant t);

/* The window that begins at start (an hour; SLOT: a day) and has this length. */
void offline_window(const struct offline_layout *l, const struct zone *z, int64_t start, int length,
		    struct offline_code *out);
/* The other way; *length -1: no such window. */
int64_t offline_measure(const struct offline_layout *l, const struct zone *z,
			const struct offline_code *c, int *length);

#endif
