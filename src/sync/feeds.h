/* feeds - reads the profile's feeds of reservations when their time has come, and does by itself what
 * the profile allows. */
#ifndef KEYRACK_SYNC_FEEDS_H
#define KEYRACK_SYNC_FEEDS_H

#include <stdbool.h>

struct sync;
struct feeds;
struct feeds *feeds_new(struct sync *s);
void feeds_free(struct feeds *f);
bool feeds_busy(const struct feeds *f); /* NULL: none of them is. One is being read; in a run that is to end: or has
					   still to be */
void feeds_hurry(struct feeds *f);       /* a person asked: all that were not read within the last minute */

#endif
