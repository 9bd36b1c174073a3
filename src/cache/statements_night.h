/* statements_night - the codes that begin or end on a day, with all that the readiness board judges
 * them by. One seek per lock in either index; a row costs the same however many codes there are.
 *
 * ?1 from, ?2 until, ?3 limit; for creates ?4 now; of the locks from ?5 to before ?6. Of one: ?1 its number. */
#ifndef KEYRACK_CACHE_STATEMENTS_NIGHT_H
#define KEYRACK_CACHE_STATEMENTS_NIGHT_H

#include "cache/statements_read.h"

/* The newest moment that a list of problems tells. */
#define SQL_NEWEST_IN(json, where)                                                                 \
	"(SELECT max(value->>'$.created_at') FROM json_each(CASE WHEN json_valid(" json ") THEN "  \
	json " ELSE '[]' END) WHERE type = 'object'" where ")"
/* A use of the code, first or last; how: cache/attribute.h, 1 and 2 name it, 3 concludes. */
#define SQL_USE(how, order)                                                                        \
	"(SELECT e.occurred_at FROM event e INDEXED BY event_by_code WHERE e.code_no = c.code_no"  \
	" AND e.kind = 1 AND e.how " how " ORDER BY e.occurred_at " order " LIMIT 1)"
#define SQL_KEYRACKD(path)                                                                         \
	"CASE WHEN json_valid(c.rest) THEN c.rest" path " END"

#define SQL_NIGHT_COLUMNS                                                                          \
	"SELECT c.code_no, 0, c.lock_no, l.name, l.name_key, l.zone, l.device_type, l.device_id,"  \
	" l.online, CASE WHEN l.online = 0 THEN " SQL_NEWEST_IN("l.errors",                        \
	" AND (value->>'$.error_code' LIKE '%disconnected%'"                                       \
	" OR value->>'$.error_code' LIKE '%offline%')") " END, l.severity, l.worst,"               \
	" c.access_code_id, c.name, c.name_folded, c.common_code_key, c.status, c.starts_at,"      \
	" c.ends_at, c.created_at, c.deleted_at, c.is_scheduled_on_device,"                        \
	" c.is_offline_access_code, c.is_waiting_for_code_assignment, c.code IS NOT NULL,"         \
	" c.errors_own, c.severity, c.worst,"                                                      \
	" CASE WHEN c.errors_own > 0 THEN " SQL_NEWEST_IN("c.errors", "") " END, "                 \
	SQL_KEYRACKD("->'$.keyrackd'") " IS NOT NULL, " SQL_KEYRACKD("->>'$.keyrackd.proof'")      \
	", i.intent_no, i.kind, i.state, CASE WHEN c.pulled_backup_access_code_id IS NOT NULL"     \
	" THEN coalesce((SELECT b.status FROM access_code b WHERE b.access_code_id ="              \
	" c.pulled_backup_access_code_id AND b.deleted_at IS NULL AND b.errors_own = 0), '')"      \
	" END, " SQL_USE("IN (1, 2)", "") ", " SQL_USE("= 3", "") ", "                             \
	SQL_USE("IN (1, 2, 3)", "DESC")
#define SQL_NIGHT_INTENT                                                                           \
	" LEFT JOIN intent i ON i.state <> 2 AND i.intent_no = (SELECT max(j.intent_no)"           \
	" FROM intent j WHERE j.access_code_id = c.access_code_id AND j.kind <> 'create'"          \
	" AND j.state <> 4 AND j.dismissed = 0)"
#define SQL_NIGHT_FROM(index)                                                                      \
	" FROM lock l CROSS JOIN access_code c INDEXED BY " index " ON c.lock_no = l.lock_no"      \
	SQL_NIGHT_INTENT " WHERE l.lock_no >= ?5 AND l.lock_no < ?6"                               \
	" AND l.deleted_at IS NULL AND c.managed AND c.is_backup <> 1"
#define SQL_NIGHT_CREATES                                                                          \
	"SELECT 0, n.intent_no, l.lock_no, l.name, l.name_key, l.zone, l.device_type,"             \
	" n.device_id, l.online, CASE WHEN l.online = 0 THEN " SQL_NEWEST_IN("l.errors",           \
	" AND (value->>'$.error_code' LIKE '%disconnected%'"                                       \
	" OR value->>'$.error_code' LIKE '%offline%')") " END, l.severity, l.worst,"               \
	" n.access_code_id, coalesce(n.params->>'$.name', n.name), n.name_folded,"                 \
	" n.common_code_key, NULL, n.starts_at, n.ends_at, n.made_at, NULL, -1, -1, -1,"           \
	" n.params->>'$.code' IS NOT NULL, 0, 0, NULL, NULL, 0, NULL, n.intent_no, n.kind,"        \
	" n.state, NULL, NULL, NULL, NULL FROM intent n"

#define STATEMENTS_NIGHT(X)                                                                        \
	X(NIGHT_ARRIVALS, USE_SCREEN,                                                              \
	  SQL_NIGHT_COLUMNS SQL_NIGHT_FROM("code_by_start") " AND c.deleted_at IS NULL"            \
	  " AND c.starts_at >= ?1 AND c.starts_at < ?2 LIMIT ?3")                                  \
	X(NIGHT_DEPARTURES, USE_SCREEN,                                                            \
	  SQL_NIGHT_COLUMNS SQL_NIGHT_FROM("code_by_end") " AND c.deleted_at IS NULL"              \
	  " AND c.ends_at >= ?1 AND c.ends_at < ?2 LIMIT ?3")                                      \
	X(NIGHT_REMOVED, USE_SCREEN,                                                               \
	  SQL_NIGHT_COLUMNS SQL_NIGHT_FROM("code_gone") " AND c.deleted_at IS NOT NULL"            \
	  " AND c.deleted_at >= ?1 AND c.ends_at >= ?1 AND c.ends_at < ?2 LIMIT ?3")               \
	X(NIGHT_CREATES, USE_SCREEN,                                                               \
	  SQL_NIGHT_CREATES " INDEXED BY intent_create"                                            \
	  " JOIN lock l ON l.device_id = n.device_id WHERE n.kind = 'create' AND n.dismissed = 0"  \
	  " AND n.state <> 4 AND (n.state <> 2 OR n.settled_at > ?4 - 3600000)"                    \
	  " AND n.starts_at >= ?1 AND n.starts_at < ?2"                                         \
	  " AND l.lock_no >= ?5 AND l.lock_no < ?6 LIMIT ?3")                                  \
	X(NIGHT_INSIDE, USE_SCREEN,                                                                \
	  SQL_NIGHT_COLUMNS SQL_NIGHT_FROM("code_by_end") " AND c.deleted_at IS NULL"              \
	  " AND c.ends_at > ?1 AND c.starts_at < ?2 LIMIT ?3")                                     \
	X(NIGHT_CREATES_INSIDE, USE_SCREEN,                                                        \
	  SQL_NIGHT_CREATES " INDEXED BY intent_create"                                            \
	  " JOIN lock l ON l.device_id = n.device_id WHERE n.kind = 'create' AND n.dismissed = 0"  \
	  " AND n.state <> 4 AND (n.state <> 2 OR n.settled_at > ?4 - 3600000)"                    \
	  " AND n.ends_at > ?1 AND n.starts_at < ?2"                                            \
	  " AND l.lock_no >= ?5 AND l.lock_no < ?6 LIMIT ?3")                                     \
	X(NIGHT_OF_CODE, USE_SCREEN,                                                               \
	  SQL_NIGHT_COLUMNS " FROM access_code c JOIN lock l ON l.lock_no = c.lock_no"             \
	  SQL_NIGHT_INTENT " WHERE c.code_no = ?1")                                                \
	/* What may be a stay, lock by lock as they begin: ?1 from, ?2 until, ?3 as early as one    \
	 * that lasts until then begins, ?5 and ?6 as above. What they are is for doubles.c to judge. */ \
	X(DOUBLE_STAYS, USE_SCREEN,                                                                \
	  "SELECT c.lock_no, c.starts_at, c.ends_at, c.name_folded"                                \
	  " FROM lock l CROSS JOIN access_code c INDEXED BY code_by_start ON c.lock_no = l.lock_no"\
	  " WHERE l.lock_no >= ?5 AND l.lock_no < ?6 AND l.deleted_at IS NULL AND c.deleted_at IS NULL" \
	  " AND c.starts_at >= ?3 AND c.starts_at < ?2 AND c.ends_at > ?1"                         \
	  " AND c.ends_at - c.starts_at BETWEEN 21600000 AND 5356800000 AND c.managed"             \
	  " AND c.is_backup <> 1 ORDER BY l.lock_no, c.starts_at")                                 \
	X(DOUBLE_CREATES, USE_SCREEN,                                                              \
	  "SELECT DISTINCT l.lock_no FROM intent n INDEXED BY intent_create"                       \
	  " JOIN lock l ON l.device_id = n.device_id WHERE n.kind = 'create' AND n.dismissed = 0"  \
	  " AND n.state < 3 AND n.state <> 4 AND n.starts_at < ?2 AND n.ends_at > ?1"              \
	  " AND l.deleted_at IS NULL AND n.made_at > ?1 - 172800000"                               \
	  " AND l.lock_no >= ?5 AND l.lock_no < ?6"                                                \
	  " ORDER BY l.lock_no")                              \
	X(LOCK_END, USE_SCREEN, "SELECT max(lock_no) + 1 FROM lock")                               \
	X(LOCK_SPANS, USE_SCREEN,                                                                  \
	  "SELECT starts_at, ends_at FROM access_code INDEXED BY code_by_end"                      \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND ends_at > ?2 AND ends_at < " SQL_FOREVER \
	  " UNION ALL SELECT starts_at, ends_at FROM intent INDEXED BY intent_create"              \
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND"                 \
	  SQL_SHOWN_CREATE " AND ends_at > ?2 AND ends_at < " SQL_FOREVER " ORDER BY 2")           \
	X(KEY_OF_CODE, USE_SCREEN,                                                                 \
	  "SELECT common_code_key FROM intent WHERE access_code_id = ?1 AND kind = 'create'"       \
	  " AND common_code_key IS NOT NULL ORDER BY intent_no DESC LIMIT 1")                      \
	/* Codes without an end, creates of such, and what was kept of those whose code is gone. */ \
	X(STAFF, USE_SCREEN,                                                                       \
	  "SELECT c.name, c.name_folded, c.lock_no, c.code_no, l.name, l.zone, c.code IS NOT NULL,"\
	  " " SQL_USE("IN (1, 2, 3)", "DESC") ", NULL, NULL, 0, 0, l.name_key"                     \
	  " FROM lock l CROSS JOIN access_code c INDEXED BY code_by_end ON c.lock_no = l.lock_no"  \
	  " WHERE l.deleted_at IS NULL AND c.deleted_at IS NULL AND c.ends_at = " SQL_FOREVER      \
	  " AND c.managed AND c.is_backup <> 1"                                                    \
	  " UNION ALL SELECT n.name, n.name_folded, l.lock_no, 0, l.name, l.zone, 1, NULL, NULL,"  \
	  " NULL, n.intent_no, n.state, l.name_key FROM intent n INDEXED BY intent_create"         \
	  " JOIN lock l ON l.device_id = n.device_id WHERE n.kind = 'create' AND n.dismissed = 0"  \
	  " AND n.state <> 4 AND n.ends_at = " SQL_FOREVER                                         \
	  " UNION ALL SELECT s.name, s.name_folded, l.lock_no, 0, l.name, l.zone,"                 \
	  " s.pin IS NOT NULL, NULL, s.made_by, s.made_at, 0, 0, l.name_key"                       \
	  " FROM suspended s JOIN lock l ON l.device_id = s.device_id WHERE l.deleted_at IS NULL"  \
	  " AND NOT EXISTS (SELECT 1 FROM access_code a WHERE a.access_code_id = s.access_code_id" \
	  " AND a.deleted_at IS NULL) ORDER BY 2, 13, 4 LIMIT ?1")                                 \
	X(STAFF_PIN, USE_SCREEN,                                                                   \
	  "SELECT " SQL_KEPT_PIN("s") " FROM suspended s WHERE name_folded = ?2"                   \
	  " AND device_id = (SELECT device_id FROM lock WHERE lock_no = ?1)")                      \
	X(NIGHT_OF_CREATE, USE_SCREEN,                                                             \
	  SQL_NIGHT_CREATES " JOIN lock l ON l.device_id = n.device_id"                            \
	  " WHERE n.intent_no = ?1 AND n.kind = 'create'")

#endif
