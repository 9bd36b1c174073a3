/* statements_history - what was so at a moment that has passed. See cache/statements.h. */
#ifndef KEYRACK_CACHE_STATEMENTS_HISTORY_H
#define KEYRACK_CACHE_STATEMENTS_HISTORY_H

#include "cache/fields.h"

#define SQL_DAY "86400000"
/* Its window, as it is or was, touches the days around ?2. */
#define SQL_TOUCHES " AND starts_at <= ?2 + " SQL_DAY " AND ends_at > ?2 - " SQL_DAY
/* kind: enum event_kind; 1 is an unlock. Along the index of the code's events. */
#define SQL_OF_CODE(where, order)                                                                  \
	"SELECT e.occurred_at, e.event_type, e.how FROM event e INDEXED BY event_by_code"          \
	" WHERE e.code_no = ?1 AND " where " ORDER BY e.occurred_at " order " LIMIT ?3"
#define SQL_UNLOCK(where, order)                                                                   \
	"SELECT occurred_at FROM event INDEXED BY event_by_lock WHERE lock_no = ?1 AND kind = 1"   \
	" AND " where " ORDER BY occurred_at " order " LIMIT 1"

#define STATEMENTS_HISTORY(X)                                                                      \
	/* ?1 lock ?2 when ?3 at most. The last: changed since, so that its window may have been   \
	 * another. */                                                                             \
	X(COULD_AT_LOCK, USE_SCREEN,                                                               \
	  "SELECT code_no FROM access_code INDEXED BY code_by_end WHERE lock_no = ?1"              \
	  " AND deleted_at IS NULL" SQL_TOUCHES                                                    \
	  " UNION SELECT code_no FROM access_code INDEXED BY code_gone WHERE lock_no = ?1"         \
	  " AND deleted_at IS NOT NULL AND deleted_at > ?2 - " SQL_DAY SQL_TOUCHES                 \
	  " UNION SELECT code_no FROM code_was INDEXED BY code_was_on_lock WHERE lock_no = ?1"     \
	  " AND until_known_at > ?2" SQL_TOUCHES                                                   \
	  " UNION SELECT code_no FROM (SELECT code_no FROM event INDEXED BY event_by_lock"         \
	  " WHERE lock_no = ?1 AND occurred_at > ?2 AND occurred_at < ?2 + 90 * " SQL_DAY          \
	  " AND kind = 6 AND code_no IS NOT NULL AND event_type IN"                                \
	  " ('access_code.time_frame_changed', 'access_code.changed') LIMIT 2000) LIMIT ?3")       \
	X(COULD_OF_NAME, USE_SCREEN,                                                               \
	  "SELECT ?1 AS code_no WHERE ?1 <> 0"                                                     \
	  " UNION SELECT code_no FROM access_code INDEXED BY code_by_name"                         \
	  " WHERE deleted_at IS NULL AND name_folded = ?2 AND ?2 <> ''"                            \
	  " UNION SELECT code_no FROM access_code INDEXED BY code_gone_by_name"                    \
	  " WHERE deleted_at IS NOT NULL AND name_folded = ?2 AND ?2 <> ''"                        \
	  " UNION SELECT code_no FROM code_was INDEXED BY code_was_by_name"                        \
	  " WHERE name_folded = ?2 AND ?2 <> '' LIMIT ?3")                                         \
	X(COULD_CODE, USE_SCREEN,                                                                  \
	  "SELECT t.lock_no, l.name, l.zone, l.device_type, l.name_key, t.access_code_id,"         \
	  " t.deleted_at, t.first_seen" CODE_FIELDS(CODE_OF_T)                                     \
	  " FROM access_code t JOIN lock l ON l.lock_no = t.lock_no WHERE t.code_no = ?1")         \
	X(COULD_WAS, USE_SCREEN,                                                                   \
	  "SELECT until_known_at, gone_at, starts_at, ends_at FROM code_was"                       \
	  " INDEXED BY code_was_of_code WHERE code_no = ?1 ORDER BY until_known_at LIMIT ?2")      \
	X(COULD_TOLD, USE_SCREEN,                                                                  \
	  "SELECT settled_at, kind = 'create', params->>'$.starts_at', params->>'$.ends_at'"       \
	  " FROM intent INDEXED BY intent_by_code WHERE access_code_id = ?1 AND state = 2"         \
	  " AND kind IN ('create', 'update') AND settled_at IS NOT NULL ORDER BY settled_at LIMIT ?2") \
	X(COULD_USES_BEFORE, USE_SCREEN, SQL_OF_CODE("e.kind = 1 AND e.occurred_at <= ?2", "DESC")) \
	X(COULD_USES_AFTER, USE_SCREEN, SQL_OF_CODE("e.kind = 1 AND e.occurred_at > ?2", ""))      \
	X(COULD_CHANGES_BEFORE, USE_SCREEN,                                                        \
	  SQL_OF_CODE("e.kind IN (4, 5, 6) AND e.occurred_at <= ?2", "DESC"))                      \
	X(COULD_CHANGES_AFTER, USE_SCREEN,                                                         \
	  SQL_OF_CODE("e.kind IN (4, 5, 6) AND e.occurred_at > ?2", ""))                           \
	/* Looked for in the month before. */                                                      \
	X(COULD_OFFLINE, USE_SCREEN,                                                               \
	  "SELECT occurred_at, event_type = 'device.disconnected' FROM event INDEXED BY event_by_lock" \
	  " WHERE lock_no = ?1 AND occurred_at <= ?2 AND occurred_at > ?2 - 30 * " SQL_DAY         \
	  " AND kind IN (7, 8) AND event_type IN ('device.disconnected', 'device.connected')"      \
	  " ORDER BY occurred_at DESC, event_no DESC LIMIT 1")                                     \
	X(KNOWN_SINCE, USE_SCREEN, "SELECT min(first_seen) FROM lock")                             \
	X(UNLOCK_AFTER, USE_SCREEN, SQL_UNLOCK("occurred_at > ?2", ""))                            \
	X(UNLOCK_BEFORE, USE_SCREEN, SQL_UNLOCK("occurred_at < ?2", "DESC"))

#endif
