/* night_watch - the arrivals that a person must be told of: not ready at the moment at which a code is
 * to be in the lock, an hour and a quarter of an hour before the start. And how many are at risk
 * tonight, for the title line. Reads the cache, never on the path of a key. */
#ifndef KEYRACK_UI_NIGHT_WATCH_H
#define KEYRACK_UI_NIGHT_WATCH_H

#include "ui/screens/screen.h"

struct night_alarm {
	enum ready_stage stage;
	char *key;  /* of guest and stage: the same alarm again has the same */
	char *text; /* "Dubois on 201 Sea, 23:15: Not on the lock, which is offline since 19:20" */
};
/* Of struct night_alarm, owning; one a guest, for the last stage that was reached. */
GPtrArray *night_watch(const struct world *w);

/* One look at all doors, a few at a time: between two steps keys are taken. The world must outlive it; what
 * changes meanwhile is for the next look. */
struct night_look;
struct night_look *night_look_new(const struct world *w, bool alarms); /* alarms: also what night_watch tells */
bool night_look_step(struct night_look *l, int budget_us); /* true: it is done */
int night_look_at_risk(const struct night_look *l, int *doubles); /* guests of tonight; rooms of doubles_ahead */
GPtrArray *night_look_alarms(const struct night_look *l);  /* as night_watch; the caller's; NULL: not asked for */
void night_look_free(struct night_look *l);
/* Rooms that two guests have today, or that are given twice from a moment of the next seven days: struct
 * double_row. NULL: the cache cannot be read. */
struct cache_list *doubles_ahead(const struct world *w);

#endif
