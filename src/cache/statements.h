/* statements - every SQL statement of the program, in one list.
 *
 * A row: name, what it is used for, SQL. SCREEN statements run while somebody looks: a test
 * explains each and refuses one that scans the codes or the events. FIND ones are asked for in
 * words and may read a whole index; WRITE ones are sync's and the outbox's.
 *
 * ?1, ?2 ... are numbered by the reader; the fields' own marks follow (see cache/fields.h). */
#ifndef KEYRACK_CACHE_STATEMENTS_H
#define KEYRACK_CACHE_STATEMENTS_H

#include "cache/statements_feed.h"
#include "cache/statements_history.h"
#include "cache/statements_intent.h"
#include "cache/statements_night.h"
#include "cache/statements_read.h"
#include "cache/statements_rota.h"
#include "cache/statements_write.h"

enum statement_use { USE_SCREEN, USE_FIND, USE_WRITE };

#define STATEMENTS(X)                                                                              \
	STATEMENTS_READ(X)                                                                         \
	STATEMENTS_HISTORY(X)                                                                      \
	STATEMENTS_NIGHT(X)                                                                        \
	STATEMENTS_WRITE(X)                                                                        \
	STATEMENTS_INTENT(X)                                                                       \
	STATEMENTS_FEED(X)                                                                         \
	STATEMENTS_ROTA(X)

#define STATEMENT_NUMBER(name, use, sql) STATEMENT_##name,
enum statement { STATEMENTS(STATEMENT_NUMBER) STATEMENT_COUNT };

#endif
