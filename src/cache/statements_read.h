/* statements_read - what screens and commands ask. See cache/statements.h. */
#ifndef KEYRACK_CACHE_STATEMENTS_READ_H
#define KEYRACK_CACHE_STATEMENTS_READ_H

#include "cache/fields.h"
#include "cache/sealed.h"

#define SQL_FOREVER "9223372036854775807" /* ends_at of what never ends */

/* A create of ours that is shown in place of the code which is not there yet: unsent, under way,
 * refused, or accepted within the hour. dismissed is set when the code arrives. ?2: now. */
#define SQL_SHOWN_CREATE                                                                           \
	" kind = 'create' AND dismissed = 0 AND state <> 4"                                        \
	" AND (state <> 2 OR settled_at > ?2 - 3600000)"

/* Lists of codes. One layout of parameters for all: ?1 lock_no, ?2 now, ?3 from, ?4 until,
 * ?5 managed (-1 any), ?6 limit, ?7 offset; and for the sorted ones ?8 with deleted, ?9 with
 * ended, ?10 only trouble, ?11 folded words, ?12 words as typed, ?13 folded as others spell it. */
#define SQL_CODE_FILTER                                                                            \
	" AND ends_at > ?3 AND starts_at < ?4 AND (?5 < 0 OR managed = ?5)"
#define SQL_CREATE_FILTER " AND ends_at > ?3 AND starts_at < ?4 AND ?5 <> 0"

/* A stretch of one lock's list: codes by an index, creates of the outbox merged in. */
#define SQL_STRETCH(index, where, key)                                                             \
	"SELECT code_no, 0 AS intent_no, " key " AS k FROM access_code INDEXED BY " index          \
	" WHERE lock_no = ?1 AND deleted_at IS NULL AND " where SQL_CODE_FILTER                    \
	" UNION ALL SELECT 0, intent_no, " key " FROM intent INDEXED BY intent_create"             \
	" WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND" SQL_SHOWN_CREATE  \
	" AND " where SQL_CREATE_FILTER
#define SQL_STRETCH_PAGE(index, where, key, order)                                                 \
	SQL_STRETCH(index, where, key) " ORDER BY k " order " LIMIT ?6 OFFSET ?7"
#define SQL_STRETCH_COUNT(index, where, key)                                                       \
	"SELECT count(*) FROM (" SQL_STRETCH(index, where, key) ")"

#define SQL_ONGOING "code_by_end", "ends_at = " SQL_FOREVER " AND starts_at <= ?2", "starts_at"
#define SQL_IN_FORCE                                                                               \
	"code_by_end", "ends_at > ?2 AND ends_at < " SQL_FOREVER " AND starts_at <= ?2", "ends_at"
#define SQL_TO_COME "code_by_start", "starts_at > ?2 AND ends_at > ?2", "starts_at"
#define SQL_ENDED   "code_by_end", "ends_at <= ?2", "ends_at"
#define SQL_GONE                                                                                   \
	"SELECT code_no, 0 AS intent_no, deleted_at AS k FROM access_code INDEXED BY code_gone"    \
	" WHERE lock_no = ?1 AND deleted_at IS NOT NULL" SQL_CODE_FILTER
#define SQL_PAGE(...)  SQL_STRETCH_PAGE(__VA_ARGS__)
#define SQL_COUNT(...) SQL_STRETCH_COUNT(__VA_ARGS__)

/* The same order, sorted: for every lock, for words, for trouble. */
#define SQL_SORT_PLACE(gone)                                                                       \
	"CASE WHEN " gone " THEN 4 WHEN ends_at <= ?2 THEN 3 WHEN starts_at > ?2 THEN 2"           \
	" WHEN ends_at = " SQL_FOREVER " THEN 0 ELSE 1 END AS place"
#define SQL_SORT_KEY                                                                               \
	"CASE WHEN ends_at <= ?2 THEN -ends_at WHEN starts_at > ?2 OR ends_at = " SQL_FOREVER      \
	" THEN starts_at ELSE ends_at END AS k"
/* Words of the state find too, from their fourth letter on. */
#define SQL_MEANS(word, words)                                                                     \
	"(length(" words ") >= 4 AND substr('" word "', 1, length(" words ")) = " words ")"
#define SQL_SORTED(index, where)                                                                   \
	"SELECT code_no, 0 AS intent_no, " SQL_SORT_PLACE("deleted_at IS NOT NULL") ", "           \
	SQL_SORT_KEY " FROM access_code " index " WHERE (?1 = 0 OR lock_no = ?1)" where            \
	" AND (ends_at > ?2 OR ?9 OR ?10 OR deleted_at IS NOT NULL)" SQL_CODE_FILTER               \
	" AND (NOT ?10 OR errors_own > 0)"                                                         \
	" AND (?11 IS NULL OR instr(name_folded, ?11) > 0 OR instr(name_folded, ?13) > 0"          \
	" OR code_mark = pin_mark(?12) OR (NOT managed AND " SQL_MEANS("unmanaged", "?11") ")"                    \
	" OR (errors_own > 0 AND " SQL_MEANS("trouble", "?11") ")"                                 \
	" OR (length(?12) >= 6 AND substr(access_code_id, 1, length(?12)) = ?12))"                 \
	" UNION ALL SELECT 0, intent_no, " SQL_SORT_PLACE("0") ", " SQL_SORT_KEY " FROM intent"    \
	" WHERE (?1 = 0 OR device_id = (SELECT device_id FROM lock WHERE lock_no = ?1)) AND"       \
	SQL_SHOWN_CREATE " AND (ends_at > ?2 OR ?9 OR ?10)" SQL_CREATE_FILTER                      \
	" AND (NOT ?10 OR state = 3) AND (?11 IS NULL OR instr(name_folded, ?11) > 0"              \
	" OR instr(name_folded, ?13) > 0"                                                          \
	" OR " SQL_INTENT_PIN " = ?12)"
#define SQL_ALL_CODES	  SQL_SORTED("", " AND (deleted_at IS NULL OR ?8)")
#define SQL_LOCK_CODES                                                                             \
	SQL_SORTED("INDEXED BY code_by_end", " AND lock_no = ?1 AND deleted_at IS NULL")
#define SQL_TROUBLE_CODES                                                                          \
	SQL_SORTED("INDEXED BY code_trouble", " AND deleted_at IS NULL AND severity > 0")
#define SQL_SORTED_PAGE " ORDER BY place, k, code_no, intent_no LIMIT ?6 OFFSET ?7"

#define SQL_LOCK_ORDER "SELECT lock_no FROM lock l WHERE deleted_at IS NULL ORDER BY "
#define SQL_LOCK_WORST                                                                             \
	"max(l.severity, coalesce((SELECT max(severity) FROM access_code c"                        \
	" WHERE c.lock_no = l.lock_no AND deleted_at IS NULL AND c.severity > 0), 0))"
#define SQL_LOCK_NEXT                                                                              \
	"(SELECT min(starts_at) FROM access_code c INDEXED BY code_by_start"                       \
	" WHERE c.lock_no = l.lock_no AND deleted_at IS NULL AND starts_at > ?1)"

/* ?1 lock_no ?2 code_no ?3 kinds ?4 type ?5 from ?6 until ?7 after ?8 limit ?9 offset. The rows
 * are chosen first, by the index alone where it can, then read. */
#define SQL_EVENTS(index, where, order, outer)                                                     \
	"SELECT t.event_no, t.event_id, t.lock_no, t.code_no, l.name, l.zone, t.who, t.how, t.why" \
	EVENT_FIELDS(EVENT_OF_T) " FROM (SELECT event_no AS chosen FROM event " index              \
	" WHERE " where " AND occurred_at >= ?5 AND occurred_at < ?6"                              \
	" AND (?3 = 0 OR (?3 >> kind) & 1) AND (?4 IS NULL OR event_type = ?4)"                    \
	" ORDER BY " order " LIMIT ?8 OFFSET ?9)"                                                  \
	" CROSS JOIN event t ON t.event_no = chosen LEFT JOIN lock l ON l.lock_no = t.lock_no"     \
	" ORDER BY " outer
#define SQL_NEWEST	 "occurred_at DESC, event_no DESC"
#define SQL_NEWEST_OUTER "t.occurred_at DESC, t.event_no DESC"

/* Events from a place (?1 time, ?2 number) to a time (?3), at most ?4: by the index alone. ?5 whose. */
#define SQL_OLDER(index, where)                                                                    \
	"SELECT occurred_at, event_no, kind FROM event INDEXED BY " index " WHERE " where          \
	" AND (occurred_at, event_no) < (?1, ?2) AND occurred_at >= ?3"                            \
	" ORDER BY occurred_at DESC, event_no DESC LIMIT ?4"
#define SQL_NEWER(index, where)                                                                    \
	"SELECT occurred_at, event_no, kind FROM event INDEXED BY " index " WHERE " where          \
	" AND (occurred_at, event_no) > (?1, ?2) AND occurred_at < ?3"                             \
	" ORDER BY occurred_at, event_no LIMIT ?4"
#define SQL_RARE_KINDS "kind IN (3, 5, 8, 9)" /* as the index has it */

/* A name typed by a person: 0 id, 1 exact, 2 folded, 3 beginning, 4 part or beginning of an id.
 * ?1 as typed, ?2 folded. */
#define SQL_RANK(id)                                                                               \
	"CASE WHEN t." id " = ?1 THEN 0 WHEN t.name = ?1 THEN 1 WHEN t.name_folded = ?2 THEN 2"    \
	" WHEN substr(t.name_folded, 1, length(?2)) = ?2 THEN 3 ELSE 4 END AS rank"
#define SQL_FITS(id)                                                                               \
	"(t." id " = ?1 OR instr(t.name_folded, ?2) > 0"                                           \
	" OR (length(?1) >= 6 AND substr(t." id ", 1, length(?1)) = ?1))"

#define STATEMENTS_READ(X)                                                                         \
	X(LOCKS_BY_NAME, USE_SCREEN, SQL_LOCK_ORDER "name_key, lock_no")                           \
	X(LOCKS_BY_PLACE, USE_SCREEN, SQL_LOCK_ORDER "place_key, name_key, lock_no")               \
	X(LOCKS_BY_TROUBLE, USE_SCREEN, SQL_LOCK_ORDER SQL_LOCK_WORST " DESC, name_key, lock_no")  \
	X(LOCKS_BY_BATTERY, USE_SCREEN,                                                            \
	  SQL_LOCK_ORDER "battery_pct < 0, battery_pct, name_key, lock_no")                        \
	X(LOCKS_BY_NEXT, USE_SCREEN, SQL_LOCK_ORDER SQL_LOCK_NEXT " NULLS LAST, name_key, lock_no")\
	X(LOCKS_BY_NAME_BACK, USE_SCREEN, SQL_LOCK_ORDER "name_key DESC, lock_no")                 \
	X(LOCKS_BY_PLACE_BACK, USE_SCREEN, SQL_LOCK_ORDER "place_key DESC, name_key, lock_no")     \
	X(LOCKS_BY_TROUBLE_BACK, USE_SCREEN, SQL_LOCK_ORDER SQL_LOCK_WORST ", name_key, lock_no")  \
	X(LOCKS_BY_BATTERY_BACK, USE_SCREEN,                                                       \
	  SQL_LOCK_ORDER "battery_pct < 0, battery_pct DESC, name_key, lock_no")                   \
	X(LOCKS_BY_NEXT_BACK, USE_SCREEN,                                                          \
	  SQL_LOCK_ORDER SQL_LOCK_NEXT " DESC NULLS LAST, name_key, lock_no")                      \
	X(LOCKS_FOUND, USE_FIND,                                                                   \
	  "SELECT lock_no FROM lock WHERE deleted_at IS NULL"                                      \
	  " AND (instr(name_folded, ?1) > 0 OR instr(place_folded, ?1) > 0"                        \
	  " OR instr(name_folded, ?3) > 0 OR instr(place_folded, ?3) > 0"                          \
	  " OR instr(lower(manufacturer), ?1) > 0"                                                 \
	  " OR instr(replace(replace(device_type, '_lock', ''), '_', ' '), ?1) > 0"                \
	  " OR (online = 0 AND " SQL_MEANS("offline", "?1") ")"                                    \
	  " OR (locked = 0 AND " SQL_MEANS("unlocked", "?1") ")"                                   \
	  " OR (severity > 1 AND " SQL_MEANS("trouble", "?1") ")"                                  \
	  " OR (length(?2) >= 6 AND substr(device_id, 1, length(?2)) = ?2))"                       \
	  " UNION SELECT lock_no FROM access_code INDEXED BY code_trouble WHERE"                   \
	  " " SQL_MEANS("trouble", "?1")                                                           \
	  " AND deleted_at IS NULL AND severity > 0 AND errors_own > 0"                            \
	  " UNION SELECT lock_no FROM access_code WHERE " SQL_MEANS("unmanaged", "?1")             \
	  " AND deleted_at IS NULL AND NOT managed"                                                \
	  " UNION SELECT lock_no FROM access_code WHERE deleted_at IS NULL"                        \
	  " AND length(?2) >= 6 AND access_code_id >= ?2 AND access_code_id < ?2 || '~'"           \
	  " UNION SELECT l.lock_no FROM intent i JOIN lock l ON l.device_id = i.device_id"         \
	  " WHERE kind = 'create' AND dismissed = 0 AND state <> 4"                                \
	  " AND (instr(i.name_folded, ?1) > 0 OR instr(i.name_folded, ?3) > 0"                     \
	  " OR " SQL_INTENT_PIN_OF("i") " = ?2)")                                                  \
	/* Each code that is called so, or has that PIN, by one index alone; ?2: NULL where it is no PIN, \
	 * ?3: NULL where others spell it the same. */                                             \
	X(CODES_SOUGHT, USE_FIND,                                                                  \
	  "SELECT lock_no FROM access_code INDEXED BY code_by_name WHERE deleted_at IS NULL"       \
	  " AND (instr(name_folded, ?1) > 0 OR (?3 IS NOT NULL AND instr(name_folded, ?3) > 0)"    \
	  " OR (?2 IS NOT NULL AND code_mark = pin_mark(?2)))")                                    \
	/* What else a search shows: found by its id, or still in the outbox. */                   \
	X(COUNT_BESIDE, USE_FIND,                                                                  \
	  "SELECT (SELECT count(*) FROM access_code WHERE deleted_at IS NULL"                      \
	  " AND length(?1) >= 6 AND access_code_id >= ?1 AND access_code_id < ?1 || '~')"          \
	  " + (SELECT count(*) FROM intent WHERE" SQL_SHOWN_CREATE                                 \
	  " AND (instr(name_folded, ?3) > 0 OR instr(name_folded, ?4) > 0"                         \
	  " OR " SQL_INTENT_PIN " = ?1))"                                                          \
	  " + CASE WHEN " SQL_MEANS("trouble", "?3") " THEN (SELECT count(*) FROM access_code"     \
	  " INDEXED BY code_trouble WHERE deleted_at IS NULL AND severity > 0 AND errors_own > 0)" \
	  " WHEN " SQL_MEANS("unmanaged", "?3") " THEN (SELECT n FROM tally WHERE what = 'unmanaged')" \
	  " ELSE 0 END")                                                                           \
	X(PROPERTY, USE_SCREEN,                                                                    \
	  "SELECT (SELECT CASE WHEN count(DISTINCT place) = 1 AND count(place) = count(*)"         \
	  " THEN max(place) END FROM lock WHERE deleted_at IS NULL AND managed),"                  \
	  " (SELECT zone FROM lock WHERE deleted_at IS NULL AND zone <> ''"                        \
	  " GROUP BY zone ORDER BY count(*) DESC, zone LIMIT 1)")                                  \
	X(LOCK_ROW, USE_SCREEN,                                                                    \
	  "SELECT t.lock_no, t.device_id, t.deleted_at, t.worst, t.severity"                       \
	  LOCK_FIELDS(FIELD_OF_T) " FROM lock t WHERE lock_no = ?1")                               \
	X(ALIKE_CODE, USE_SCREEN,                                                                  \
	  "SELECT name FROM access_code INDEXED BY code_by_name"                                   \
	  " WHERE name_folded = ?1 AND name <> ?2 AND deleted_at IS NULL LIMIT 1")                 \
	X(ALIKE_LOCK, USE_SCREEN,                                                                  \
	  "SELECT name FROM lock WHERE name_key = ?1 AND name <> ?2 AND deleted_at IS NULL LIMIT 1") \
	X(LOCK_COUNTS, USE_SCREEN,                                                                 \
	  "SELECT count(*), sum(starts_at <= ?2), sum(NOT managed)"                                \
	  " FROM access_code INDEXED BY code_by_end"                                               \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND ends_at > ?2")                           \
	X(LOCK_CREATES, USE_SCREEN,                                                                \
	  "SELECT count(*) FROM intent INDEXED BY intent_create"                                   \
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND"                 \
	  SQL_SHOWN_CREATE " AND ends_at > ?2")                                                    \
	X(LOCK_NEXT, USE_SCREEN,                                                                   \
	  "SELECT min(starts_at) FROM access_code INDEXED BY code_by_start"                        \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND starts_at > ?2")                         \
	X(LOCK_TROUBLE, USE_SCREEN,                                                                \
	  "SELECT worst, severity, (SELECT count(*) FROM access_code INDEXED BY code_trouble"      \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND severity > 0 AND errors_own > 0)"        \
	  " FROM access_code INDEXED BY code_trouble WHERE lock_no = ?1 AND deleted_at IS NULL"    \
	  " AND severity > 0 ORDER BY severity DESC LIMIT 1")                                      \
	X(ROUND, USE_SCREEN,                                                                       \
	  "SELECT l.lock_no, row_number() OVER (ORDER BY l.name_key, l.lock_no),"                  \
	  " coalesce(l.place, ''), coalesce(l.room, ''), l.online, l.battery_pct, l.battery_status, l.severity,"         \
	  " l.errors IS NOT NULL OR l.warnings IS NOT NULL, l.max_active_codes, l.device_type,"    \
	  " (SELECT count(*) FROM access_code c INDEXED BY code_stray WHERE c.lock_no = l.lock_no" \
	  " AND c.deleted_at IS NULL AND c.managed = 0 AND c.ends_at > ?1"                         \
	  " AND c.access_code_id NOT IN (SELECT access_code_id FROM ignored)),"                    \
	  " CASE WHEN l.max_active_codes >= 0 THEN (SELECT count(*) FROM access_code c"            \
	  " INDEXED BY code_by_end WHERE c.lock_no = l.lock_no AND c.deleted_at IS NULL"           \
	  " AND c.ends_at > ?1) + (SELECT count(*) FROM intent i INDEXED BY intent_create"         \
	  " WHERE i.device_id = l.device_id AND i.kind = 'create' AND i.dismissed = 0"             \
	  " AND i.state <> 4) END,"                                                                \
	  " (SELECT max(e.occurred_at) FROM event e INDEXED BY event_by_lock"                      \
	  " WHERE e.lock_no = l.lock_no), l.zone,"                                                 \
	  " CASE WHEN instr(l.object, 'zone') > 0 THEN l.object END"                               \
	  " FROM lock l WHERE l.deleted_at IS NULL ORDER BY l.place_key, l.name_key, l.lock_no")   \
	/* status 'unset' for a create: it takes its place when it will be written. */             \
	X(LOCK_HELD, USE_SCREEN,                                                                   \
	  "SELECT starts_at, ends_at, managed, status, is_scheduled_on_device,"                    \
	  " is_offline_access_code FROM access_code INDEXED BY code_by_end"                        \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND ends_at > ?2"                            \
	  " UNION ALL SELECT starts_at, ends_at, 1, 'unset', -1,"                                  \
	  " coalesce(params->>'$.is_offline_access_code', -1) FROM intent INDEXED BY intent_create"\
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND"                 \
	  SQL_SHOWN_CREATE " AND state <> 3 AND ends_at > ?2")                                     \
	X(PIN_USES, USE_SCREEN,                                                                    \
	  "SELECT code_no, 0, managed, " SQL_PIN_OF("c") ", starts_at, ends_at FROM access_code c" \
	  " INDEXED BY code_by_end WHERE lock_no = ?1 AND deleted_at IS NULL AND ends_at > ?2"     \
	  " AND code IS NOT NULL"                                                                  \
	  " UNION ALL SELECT 0, intent_no, 1, " SQL_INTENT_PIN ", starts_at, ends_at FROM intent"  \
	  " INDEXED BY intent_create"                                                              \
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND"                 \
	  SQL_SHOWN_CREATE " AND ends_at > ?2 AND params->>'$.code' IS NOT NULL")                  \
	X(STRAYS, USE_SCREEN,                                                                      \
	  "SELECT c.code_no FROM lock l CROSS JOIN access_code c INDEXED BY code_stray"            \
	  " ON c.lock_no = l.lock_no WHERE l.deleted_at IS NULL AND c.deleted_at IS NULL"          \
	  " AND c.managed = 0 AND c.ends_at > ?1"                                                  \
	  " ORDER BY c.access_code_id IN (SELECT access_code_id FROM ignored), l.name_key,"        \
	  " l.lock_no, c.starts_at, c.code_no")                                                    \
	X(STRAYS_OF_LOCK, USE_SCREEN,                                                              \
	  "SELECT code_no FROM access_code c INDEXED BY code_stray WHERE lock_no = ?2"             \
	  " AND deleted_at IS NULL AND managed = 0 AND ends_at > ?1"                               \
	  " ORDER BY access_code_id IN (SELECT access_code_id FROM ignored), starts_at, code_no")  \
	X(STRAY_ROW, USE_SCREEN,                                                                   \
	  "SELECT t.first_seen, i.reason, i.made_by, i.made_at FROM access_code t"                 \
	  " LEFT JOIN ignored i ON i.access_code_id = t.access_code_id WHERE t.code_no = ?1")      \
	X(LOCK_NO, USE_SCREEN, "SELECT lock_no FROM lock WHERE device_id = ?1")                    \
	X(LOCK_GROUPS, USE_SCREEN,                                                                 \
	  "SELECT lock_no, place, device_type, manufacturer FROM lock WHERE deleted_at IS NULL")   \
	X(LOCK_NUMBERS, USE_SCREEN,                                                                \
	  "SELECT lock_no, name, room FROM lock WHERE deleted_at IS NULL ORDER BY name_key, lock_no") \
	X(HAS_LOCK, USE_SCREEN, "SELECT deleted_at IS NULL FROM lock WHERE lock_no = ?1")          \
	X(HAS_CODE, USE_SCREEN, "SELECT deleted_at IS NULL FROM access_code WHERE code_no = ?1")   \
	X(LOCK_DEVICE, USE_SCREEN, "SELECT device_id FROM lock WHERE lock_no = ?1")                \
	X(LOCK_NAMED, USE_FIND,                                                                    \
	  "SELECT t.lock_no, t.name, t.place, " SQL_RANK("device_id") ", t.device_id FROM lock t"  \
	  " WHERE t.deleted_at IS NULL AND " SQL_FITS("device_id")                                 \
	  " ORDER BY rank, name_key LIMIT 6")                                                      \
	X(CODES_ONGOING, USE_SCREEN, SQL_PAGE(SQL_ONGOING, ""))                                    \
	X(CODES_IN_FORCE, USE_SCREEN, SQL_PAGE(SQL_IN_FORCE, ""))                                  \
	X(CODES_TO_COME, USE_SCREEN, SQL_PAGE(SQL_TO_COME, ""))                                    \
	X(CODES_ENDED, USE_SCREEN, SQL_PAGE(SQL_ENDED, "DESC"))                                    \
	X(CODES_GONE, USE_SCREEN, SQL_GONE " ORDER BY k DESC LIMIT ?6 OFFSET ?7")                  \
	X(COUNT_ONGOING, USE_SCREEN, SQL_COUNT(SQL_ONGOING))                                       \
	X(COUNT_IN_FORCE, USE_SCREEN, SQL_COUNT(SQL_IN_FORCE))                                     \
	X(COUNT_TO_COME, USE_SCREEN, SQL_COUNT(SQL_TO_COME))                                       \
	X(COUNT_ENDED, USE_SCREEN, SQL_COUNT(SQL_ENDED))                                           \
	X(COUNT_GONE, USE_SCREEN, "SELECT count(*) FROM (" SQL_GONE ")")                           \
	X(CODES_ALL, USE_FIND, SQL_ALL_CODES SQL_SORTED_PAGE)                                      \
	X(COUNT_ALL, USE_FIND, "SELECT count(*) FROM (" SQL_ALL_CODES ")")                         \
	X(CODES_ON_LOCK, USE_FIND, SQL_LOCK_CODES SQL_SORTED_PAGE)                                 \
	X(CODES_TROUBLE, USE_FIND, SQL_TROUBLE_CODES SQL_SORTED_PAGE)                              \
	X(COUNT_TROUBLE, USE_FIND, "SELECT count(*) FROM (" SQL_TROUBLE_CODES ")")                 \
	X(CODE_ROW, USE_SCREEN,                                                                    \
	  "SELECT t.code_no, t.access_code_id, t.lock_no, l.device_id, t.deleted_at, t.errors_own,"\
	  " l.name, l.zone, i.intent_no, i.kind, i.state" CODE_FIELDS(CODE_OF_T)                   \
	  " FROM access_code t JOIN lock l ON l.lock_no = t.lock_no"                               \
	  " LEFT JOIN intent i ON i.state <> 2 AND i.intent_no = (SELECT max(j.intent_no)"         \
	  " FROM intent j WHERE j.access_code_id = t.access_code_id AND j.kind <> 'create'"        \
	  " AND j.state <> 4 AND j.dismissed = 0)"                                                 \
	  " WHERE t.code_no = ?1")                                                                 \
	X(CREATE_ROW, USE_SCREEN,                                                                  \
	  "SELECT i.intent_no, i.state, l.lock_no, l.name, l.zone, i.device_id, i.access_code_id," \
	  " coalesce(i.params->>'$.name', i.name), " SQL_INTENT_PIN_OF("i") ", i.starts_at, i.ends_at," \
	  " i.made_at, i.common_code_key, i.params->>'$.is_offline_access_code',"                  \
	  " i.params->>'$.is_one_time_use', i.params->>'$.is_external_modification_allowed'"       \
	  " FROM intent i LEFT JOIN lock l ON l.device_id = i.device_id WHERE i.intent_no = ?1")   \
	X(CODE_NO, USE_SCREEN, "SELECT code_no FROM access_code WHERE access_code_id = ?1")        \
	X(CODE_NAMED, USE_FIND,                                                                    \
	  "SELECT t.code_no, t.name, l.name, " SQL_RANK("access_code_id") ", t.access_code_id"     \
	  " FROM access_code t JOIN lock l ON l.lock_no = t.lock_no"                               \
	  " WHERE t.deleted_at IS NULL AND (?3 = 0 OR t.lock_no = ?3) AND "                        \
	  SQL_FITS("access_code_id") " ORDER BY rank, t.name_folded, t.code_no LIMIT 6")           \
	X(CODE_OTHER_DOORS, USE_SCREEN,                                                            \
	  "SELECT group_concat(name, ', ') FROM (SELECT DISTINCT l.name FROM access_code me"       \
	  " JOIN access_code c INDEXED BY code_by_name ON c.name_folded = me.name_folded"          \
	  " AND c.code_mark = me.code_mark AND c.lock_no <> me.lock_no JOIN lock l ON l.lock_no = c.lock_no" \
	  " WHERE me.code_no = ?1 AND me.name_folded <> '' AND c.deleted_at IS NULL"               \
	  " AND c.ends_at > ?2 AND l.deleted_at IS NULL ORDER BY l.name_key LIMIT 20)")            \
	X(CODES_OF_GUEST, USE_SCREEN,                                                              \
	  "SELECT c.code_no FROM access_code me"                                                   \
	  " JOIN access_code c INDEXED BY code_by_name ON c.name_folded = me.name_folded"          \
	  " WHERE me.code_no = ?1 AND me.name_folded <> '' AND c.code_no <> ?1"                    \
	  " AND c.deleted_at IS NULL AND c.ends_at > ?2 LIMIT 20")                                 \
	X(CODES_WITH_PIN, USE_SCREEN,                                                              \
	  "SELECT code_no, 0 AS intent_no FROM access_code INDEXED BY code_by_end"                 \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND ends_at > ?2 AND code_mark = pin_mark(?3)"              \
	  " UNION ALL SELECT 0, intent_no FROM intent INDEXED BY intent_create"                    \
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND"                 \
	  SQL_SHOWN_CREATE " AND ends_at > ?2 AND " SQL_INTENT_PIN " = ?3"                          \
	  " UNION ALL SELECT c.code_no, 0 FROM intent i INDEXED BY intent_open"                    \
	  " JOIN access_code c ON c.access_code_id = i.access_code_id"                             \
	  " WHERE i.device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND i.state < 2"   \
	  " AND i.kind = 'update' AND " SQL_INTENT_PIN_OF("i") " = ?3"                             \
	  " AND c.code_mark IS NOT pin_mark(?3)")                                                 \
	X(PINS, USE_SCREEN,                                                                        \
	  "SELECT " SQL_PIN_OF("c") " FROM access_code c INDEXED BY code_by_end"                   \
	  " WHERE lock_no = ?1 AND deleted_at IS NULL AND ends_at > ?2 AND code IS NOT NULL"       \
	  " UNION SELECT " SQL_INTENT_PIN " FROM intent INDEXED BY intent_open"                    \
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND state < 2"       \
	  " AND params->>'$.code' IS NOT NULL"                                                     \
	  " UNION SELECT " SQL_INTENT_PIN " FROM intent INDEXED BY intent_create"                  \
	  " WHERE device_id = (SELECT device_id FROM lock WHERE lock_no = ?1) AND"                 \
	  SQL_SHOWN_CREATE " AND state = 2 AND params->>'$.code' IS NOT NULL")                     \
	X(ISSUES_OF_CODE, USE_SCREEN,                                                              \
	  "SELECT unseal_json(errors, 'access_code.errors', access_code_id),"                      \
	  " unseal_json(warnings, 'access_code.warnings', access_code_id),"                        \
	  " unseal_json(pending_mutations, 'access_code.pending_mutations', access_code_id)"       \
	  " FROM access_code WHERE code_no = ?1")                                                  \
	X(ISSUES_OF_LOCK, USE_SCREEN,                                                              \
	  "SELECT errors, warnings, NULL FROM lock WHERE lock_no = ?1")                            \
	X(ISSUES, USE_SCREEN,                                                                      \
	  "SELECT coalesce(value->>'$.error_code', value->>'$.warning_code',"                      \
	  " value->>'$.mutation_code'), value->>'$.message', value->>'$.created_at',"              \
	  " value->>'$.scheduled_at', coalesce(value->>'$.is_access_code_error', 0) = 0"           \
	  " AND (coalesce(value->>'$.is_device_error', 0) = 1"                                     \
	  " OR coalesce(value->>'$.is_bridge_error', 0) = 1),"                                     \
	  " coalesce(value->>'$.is_access_code_error', 0) = 0"                                     \
	  " AND coalesce(value->>'$.is_connected_account_error', 0) = 1,"                          \
	  " json_remove(value, '$.error_code', '$.warning_code', '$.mutation_code', '$.message',"  \
	  " '$.created_at', '$.scheduled_at', '$.is_access_code_error', '$.is_device_error',"      \
	  " '$.is_bridge_error', '$.is_connected_account_error')"                                  \
	  " FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '[]' END) WHERE type = 'object'") \
	X(EXPLANATION, USE_SCREEN,                                                                 \
	  "SELECT at, unseal_json(body, 'explanation.body', code_no), refused FROM explanation"    \
	  " WHERE code_no = ?1")                                                                   \
	X(EVENTS_ALL, USE_SCREEN,                                                                  \
	  SQL_EVENTS("INDEXED BY event_by_time", "1", SQL_NEWEST, SQL_NEWEST_OUTER))               \
	X(EVENTS_OF_LOCK, USE_SCREEN,                                                              \
	  SQL_EVENTS("INDEXED BY event_by_lock", "lock_no = ?1 AND (?2 = 0 OR code_no = ?2)",      \
		     SQL_NEWEST, SQL_NEWEST_OUTER))                                                \
	X(EVENTS_OF_CODE, USE_SCREEN,                                                              \
	  SQL_EVENTS("INDEXED BY event_by_code", "code_no = ?2", SQL_NEWEST, SQL_NEWEST_OUTER))    \
	X(EVENTS_AFTER, USE_SCREEN,                                                                \
	  SQL_EVENTS("", "event_no > ?7 AND (?1 = 0 OR lock_no = ?1)"                              \
		     " AND (?2 = 0 OR code_no = ?2)", "event_no", "t.event_no"))                   \
	X(EVENTS_OLDER, USE_SCREEN, SQL_OLDER("event_by_time", "?5 = 0"))                          \
	X(EVENTS_NEWER, USE_SCREEN, SQL_NEWER("event_by_time", "?5 = 0"))                          \
	X(EVENTS_OLDER_RARE, USE_SCREEN, SQL_OLDER("event_rare", SQL_RARE_KINDS " AND ?5 = 0"))    \
	X(EVENTS_NEWER_RARE, USE_SCREEN, SQL_NEWER("event_rare", SQL_RARE_KINDS " AND ?5 = 0"))    \
	X(EVENTS_OLDER_OF_LOCK, USE_SCREEN, SQL_OLDER("event_by_lock", "lock_no = ?5"))            \
	X(EVENTS_NEWER_OF_LOCK, USE_SCREEN, SQL_NEWER("event_by_lock", "lock_no = ?5"))            \
	X(EVENTS_OLDER_OF_CODE, USE_SCREEN, SQL_OLDER("event_by_code", "code_no = ?5"))            \
	X(EVENTS_NEWER_OF_CODE, USE_SCREEN, SQL_NEWER("event_by_code", "code_no = ?5"))            \
	X(EVENTS_STORED_AFTER, USE_SCREEN,                                                         \
	  "SELECT occurred_at, event_no, kind FROM event WHERE event_no > ?1 ORDER BY event_no LIMIT ?2") \
	X(EVENT_FACTS, USE_SCREEN,                                                                 \
	  "SELECT e.event_type, e.method, e.who, e.lock_no, e.code_no, l.name_folded FROM event e" \
	  " LEFT JOIN lock l ON l.lock_no = e.lock_no WHERE e.event_no = ?1")                      \
	X(EVENT_ROW, USE_SCREEN,                                                                   \
	  "SELECT t.event_no, t.event_id, t.lock_no, t.code_no, l.name, l.zone, t.who, t.how, t.why" \
	  EVENT_FIELDS(EVENT_OF_T) " FROM event t LEFT JOIN lock l ON l.lock_no = t.lock_no"       \
	  " WHERE t.event_no = ?1")                                                                \
	/* For a filter: ?1 folded, ?2 as others spell it, ?3 at most. Names of before, too. */    \
	X(LOCKS_CALLED, USE_FIND,                                                                  \
	  "SELECT lock_no FROM lock WHERE instr(name_folded, ?1) > 0 OR instr(name_folded, ?2) > 0 LIMIT ?3") \
	X(CODES_CALLED, USE_FIND,                                                                  \
	  "SELECT code_no FROM access_code INDEXED BY code_by_name WHERE deleted_at IS NULL"       \
	  " AND (instr(name_folded, ?1) > 0 OR instr(name_folded, ?2) > 0)"                        \
	  " UNION SELECT code_no FROM access_code INDEXED BY code_gone_by_name"                    \
	  " WHERE deleted_at IS NOT NULL AND (instr(name_folded, ?1) > 0 OR instr(name_folded, ?2) > 0)" \
	  " UNION SELECT code_no FROM code_was INDEXED BY code_was_by_name"                        \
	  " WHERE instr(name_folded, ?1) > 0 OR instr(name_folded, ?2) > 0 LIMIT ?3")              \
	X(LAST_EVENT_NO, USE_SCREEN, "SELECT coalesce(max(event_no), 0) FROM event")               \
	X(CHECK, USE_FIND, "PRAGMA quick_check(1)")                                                \
	/* PINs that do not open. */                                                               \
	X(SEALED_CLOSED, USE_FIND,                                                                 \
	  "SELECT (SELECT count(*) FROM access_code c WHERE code IS NOT NULL AND " SQL_PIN_OF("c") " IS NULL)" \
	  " + (SELECT count(*) FROM intent WHERE params->>'$.code' IS NOT NULL"                    \
	  " AND " SQL_INTENT_PIN " IS NULL)"                                                       \
	  " + (SELECT count(*) FROM rota r WHERE pin IS NOT NULL AND " SQL_ROTA_PIN("r") " IS NULL)" \
	  " + (SELECT count(*) FROM rota_door d WHERE pin IS NOT NULL AND " SQL_DOOR_PIN("d") " IS NULL)" \
	  " + (SELECT count(*) FROM suspended s WHERE pin IS NOT NULL AND " SQL_KEPT_PIN("s") " IS NULL)") \
	X(COUNTS, USE_SCREEN,                                                                      \
	  "SELECT (SELECT count(*) FROM lock WHERE deleted_at IS NULL),"                           \
	  " (SELECT count(*) FROM lock WHERE deleted_at IS NULL AND online = 0),"                  \
	  " (SELECT n FROM tally WHERE what = 'codes'),"                                           \
	  " (SELECT n FROM tally WHERE what = 'unmanaged'),"                                       \
	  " (SELECT n FROM tally WHERE what = 'events'),"                                          \
	  " (SELECT count(*) FROM intent WHERE state < 2),"                                        \
	  " (SELECT count(*) FROM intent WHERE state = 3 AND dismissed = 0)")                      \
	X(COUNT_CODE_TROUBLE, USE_FIND,                                                            \
	  "SELECT count(*) FROM access_code INDEXED BY code_trouble"                               \
	  " WHERE deleted_at IS NULL AND severity > 0 AND errors_own > 0")                         \
	X(CODES_DUE, USE_WRITE,                                                                    \
	  "SELECT c.access_code_id FROM lock l CROSS JOIN access_code c INDEXED BY code_by_end"    \
	  " ON c.lock_no = l.lock_no WHERE l.deleted_at IS NULL AND c.deleted_at IS NULL"          \
	  " AND c.ends_at > ?1 AND c.ends_at <= ?2 UNION"                                          \
	  " SELECT c.access_code_id FROM lock l CROSS JOIN access_code c INDEXED BY code_by_start" \
	  " ON c.lock_no = l.lock_no WHERE l.deleted_at IS NULL AND c.deleted_at IS NULL"          \
	  " AND c.starts_at > ?1 AND c.starts_at <= ?2")                                           \
	X(FACT_GET, USE_SCREEN, "SELECT value FROM fact WHERE key = ?1")

#endif
