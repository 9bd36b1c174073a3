/* statements_write - what sync stores. See cache/statements.h. */
#ifndef KEYRACK_CACHE_STATEMENTS_WRITE_H
#define KEYRACK_CACHE_STATEMENTS_WRITE_H

#include "cache/fields.h"
#include "cache/sealed.h"

/* Codes of one lock that existed at ?2: those that still do, and those deleted since. */
#define SQL_EXISTED(columns, where)                                                                \
	"SELECT " columns " FROM access_code INDEXED BY code_by_end WHERE lock_no = ?1"            \
	" AND deleted_at IS NULL AND (created_at IS NULL OR created_at <= ?2)" where               \
	" UNION ALL SELECT " columns " FROM access_code INDEXED BY code_gone WHERE lock_no = ?1"   \
	" AND deleted_at > ?2 AND (created_at IS NULL OR created_at <= ?2)" where

/* What somebody wrote may hold a PIN: it is sealed as a whole. What was written before version 7 was may not be. */
#define SQL_WORDS(column, what, id)                                                                \
	"iif(substr(" column ", 1, 1) = '~', coalesce(unseal(" column ", '" what "', " id "), '" PIN_LOST "'), " column ")"

/* Not first stored since a comparison began. What bears an hour still to come is of a clock that was set back. */
#define SQL_NOT_SINCE(began, now) " AND NOT (first_seen >= " began " AND first_seen <= " now ")"

#define STATEMENTS_WRITE(X)                                                                        \
	X(FACT_SET, USE_WRITE,                                                                     \
	  "INSERT INTO fact VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value"       \
	  " WHERE value <> excluded.value")                                                        \
	X(TALLY_ADD, USE_WRITE,                                                                    \
	  "UPDATE tally SET n = n + CASE what WHEN 'codes' THEN ?1 WHEN 'unmanaged' THEN ?2"       \
	  " ELSE ?3 END")                                                                          \
	X(FACT_DROP, USE_WRITE, "DELETE FROM fact WHERE key = ?1")                                 \
	X(JUDGE, USE_WRITE,                                                                        \
	  "SELECT coalesce(value->>'$.error_code', value->>'$.warning_code'),"                     \
	  " coalesce(value->>'$.is_access_code_error', 0) = 1"                                     \
	  " OR NOT (coalesce(value->>'$.is_device_error', 0) = 1"                                  \
	  " OR coalesce(value->>'$.is_bridge_error', 0) = 1"                                       \
	  " OR coalesce(value->>'$.is_connected_account_error', 0) = 1)"                           \
	  " FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '[]' END) WHERE type = 'object'") \
	X(LOCK_STORED, USE_WRITE,                                                                  \
	  "SELECT t.lock_no, t.deleted_at" LOCK_FIELDS(FIELD_OF_T)                                 \
	  " FROM lock t WHERE device_id = ?1")                                                     \
	X(LOCK_INSERT, USE_WRITE,                                                                  \
	  "INSERT INTO lock(device_id, name_folded, place_folded, name_key, place_key, worst,"     \
	  " severity, first_seen" LOCK_FIELDS(FIELD_NAME) ")"                                      \
	  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8" LOCK_FIELDS(FIELD_MARK) ")")                    \
	X(LOCK_UPDATE, USE_WRITE,                                                                  \
	  "UPDATE lock SET name_folded = ?2, place_folded = ?3, name_key = ?4, place_key = ?5,"    \
	  " worst = ?6, severity = ?7, first_seen = iif(deleted_at IS NULL, first_seen, ?8),"      \
	  " deleted_at = NULL" LOCK_FIELDS(FIELD_SET) " WHERE device_id = ?1")                     \
	X(LOCK_SEEN, USE_WRITE, "INSERT OR REPLACE INTO temp.seen_lock VALUES(?1, ?2)")            \
	X(LOCK_SWEEP, USE_WRITE,                                                                   \
	  "UPDATE lock SET deleted_at = ?3 WHERE deleted_at IS NULL" SQL_NOT_SINCE("?2", "?3")     \
	  " AND NOT EXISTS (SELECT 1 FROM temp.seen_lock s"                                        \
	  " WHERE s.lock_no = lock.lock_no AND s.gen >= ?1)")                                      \
	X(LOCK_SWEEP_CODES, USE_WRITE,                                                             \
	  "UPDATE access_code SET deleted_at = ?1 WHERE deleted_at IS NULL"                        \
	  " AND lock_no IN (SELECT lock_no FROM lock WHERE deleted_at = ?1)"                       \
	  " RETURNING managed")                                                                    \
	X(LOCK_FACTS, USE_WRITE, "SELECT lock_no, device_type, zone FROM lock WHERE device_id = ?1") \
	X(LOCK_FACTS_BY_NO, USE_WRITE, "SELECT lock_no, device_type, zone FROM lock WHERE lock_no = ?1") \
	X(CODE_STORED, USE_WRITE,                                                                  \
	  "SELECT t.code_no, t.lock_no, t.deleted_at" CODE_FIELDS(CODE_OF_T)                       \
	  " FROM access_code t WHERE access_code_id = ?1")                                         \
	X(CODE_INSERT, USE_WRITE,                                                                  \
	  "INSERT INTO access_code(access_code_id, lock_no, name_folded, errors_own, worst,"       \
	  " severity, first_seen, code_mark" CODE_FIELDS(FIELD_NAME) ")"                           \
	  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, pin_mark(?8)" CODE_FIELDS(CODE_MARK) ")"            \
	  " ON CONFLICT(access_code_id) DO NOTHING")                                               \
	X(CODE_UPDATE, USE_WRITE,                                                                  \
	  "UPDATE access_code SET lock_no = ?2, name_folded = ?3, errors_own = ?4, worst = ?5,"    \
	  " severity = ?6, first_seen = iif(deleted_at IS NULL, first_seen, ?7),"                  \
	  " code_mark = pin_mark(?8), deleted_at = NULL" CODE_FIELDS(CODE_SET) " WHERE access_code_id = ?1") \
	/* ?2 now ?3 start ?4 end ?5 name ?6 PIN, as they will be */                              \
	X(CODE_WAS, USE_WRITE,                                                                     \
	  "INSERT INTO code_was(code_no, lock_no, until_known_at, gone_at, starts_at, ends_at,"    \
	  " name, name_folded, pin_changed) SELECT code_no, lock_no, ?2, deleted_at, starts_at,"   \
	  " ends_at, name, name_folded, code_mark IS NOT NULL AND code_mark IS NOT pin_mark(?6) FROM access_code" \
	  " WHERE access_code_id = ?1 AND (starts_at <> ?3 OR ends_at <> ?4 OR name IS NOT ?5"     \
	  " OR (code_mark IS NOT NULL AND code_mark IS NOT pin_mark(?6)) OR deleted_at IS NOT NULL)") \
	X(CODE_WAS_TRIM, USE_WRITE,                                                                \
	  "DELETE FROM code_was WHERE code_no = ?1 AND was_no NOT IN (SELECT was_no FROM code_was" \
	  " WHERE code_no = ?1 ORDER BY until_known_at DESC, was_no DESC LIMIT ?2)")               \
	X(CODE_SWEEP, USE_WRITE,                                                                   \
	  "UPDATE access_code SET deleted_at = ?5 WHERE deleted_at IS NULL AND lock_no = ?1"       \
	  " AND managed = ?2 AND is_backup <> 1" SQL_NOT_SINCE("?4", "?5")                         \
	  " AND seen_gen(code_no) < ?3 RETURNING managed")                                         \
	X(CODE_DELETE, USE_WRITE,                                                                  \
	  "UPDATE access_code SET deleted_at = ?2 WHERE access_code_id = ?1"                       \
	  " AND deleted_at IS NULL RETURNING managed")                                             \
	/* Both asked first: an update that finds nothing costs several times as much. */          \
	X(CODES_AWAITED, USE_WRITE,                                                                \
	  "SELECT EXISTS(SELECT 1 FROM event INDEXED BY event_unnamed"                             \
	  " WHERE access_code_id IS NOT NULL AND code_no IS NULL)"                                 \
	  " OR EXISTS(SELECT 1 FROM intent INDEXED BY intent_create"                               \
	  " WHERE kind = 'create' AND dismissed = 0 AND state <> 4 AND state = 2)")                \
	X(CODE_AWAITED, USE_WRITE,                                                                 \
	  "SELECT EXISTS(SELECT 1 FROM event WHERE access_code_id = ?1 AND code_no IS NULL),"      \
	  " EXISTS(SELECT 1 FROM intent WHERE access_code_id = ?1 AND kind = 'create'"             \
	  " AND state = 2 AND dismissed = 0)")                                                     \
	X(CODE_NAMES_EVENTS, USE_WRITE,                                                            \
	  "UPDATE event SET code_no = ?2, lock_no = coalesce(lock_no, ?3), who = ?4, how = ?5,"    \
	  " why = NULL WHERE access_code_id = ?1 AND code_no IS NULL")                             \
	X(CODE_ENDS_CREATE, USE_WRITE,                                                             \
	  "UPDATE intent SET dismissed = 1 WHERE access_code_id = ?1 AND kind = 'create'"          \
	  " AND state = 2 AND dismissed = 0")                                                      \
	X(LOCK_HOUSES_EVENTS, USE_WRITE,                                                           \
	  "UPDATE event SET lock_no = ?2 WHERE device_id = ?1 AND lock_no IS NULL")                \
	X(CODE_FACTS, USE_WRITE,                                                                   \
	  "SELECT code_no, lock_no, name || iif(is_backup = 1, ' (backup)', '') FROM access_code"            \
	  " WHERE access_code_id = ?1")              \
	X(PIN_HELD_AT, USE_WRITE,                                                                  \
	  SQL_EXISTED("code_no, name, starts_at <= ?2 AND ends_at > ?2", " AND code_mark = pin_mark(?3)")) \
	X(VALID_AT, USE_WRITE,                                                                     \
	  "SELECT count(*), min(code_no), min(name) FROM ("                                        \
	  SQL_EXISTED("code_no, name", " AND ends_at > ?2 AND starts_at <= ?2")        \
	  " LIMIT 51)")             \
	/* how: enum who_near */                                                                   \
	X(NEAR_AT, USE_WRITE,                                                                      \
	  "SELECT count(*), min(code_no), min(name), min(how), min(at) FROM ("                     \
	  "SELECT code_no, name, ends_at <= ?2 AS how, iif(ends_at <= ?2, ends_at, starts_at) AS at" \
	  " FROM access_code INDEXED BY code_by_end WHERE lock_no = ?1 AND deleted_at IS NULL"     \
	  " AND ends_at > ?2 - ?3 AND (ends_at <= ?2 OR starts_at > ?2 AND starts_at <= ?2 + ?3)"  \
	  " UNION ALL SELECT code_no, name, iif(ends_at <= ?2, 1, 2), min(ends_at, deleted_at)"    \
	  " FROM access_code INDEXED BY code_gone WHERE lock_no = ?1 AND deleted_at > ?2 - ?3"     \
	  " AND deleted_at <= ?2 LIMIT 2)")                                                        \
	X(IGNORE, USE_WRITE,                                                                       \
	  "INSERT INTO ignored SELECT access_code_id, ?2, ?3, ?4 FROM access_code"                 \
	  " WHERE code_no = ?1 AND true ON CONFLICT DO UPDATE SET reason = excluded.reason,"       \
	  " made_by = excluded.made_by, made_at = excluded.made_at")                               \
	X(IGNORE_NO_MORE, USE_WRITE,                                                               \
	  "DELETE FROM ignored WHERE access_code_id ="                                             \
	  " (SELECT access_code_id FROM access_code WHERE code_no = ?1)")                          \
	X(ACT_ADD, USE_WRITE, "INSERT INTO desk_act(made_at, made_by, act, about) VALUES(?1, ?2, ?3, ?4)") \
	X(NOTE_ADD, USE_WRITE, \
	  "INSERT INTO shift_note(made_at, made_by, due_at, text)" \
	  " VALUES(?1, ?2, ?3, seal(?4, 'shift_note.text', ?1))") \
	X(NOTE_DONE, USE_WRITE, \
	  "UPDATE shift_note SET done_at = ?2, done_by = ?3 WHERE note_no = ?1 AND done_at IS NULL") \
	X(NOTES, USE_SCREEN, \
	  "SELECT note_no, " SQL_WORDS("text", "shift_note.text", "made_at") ", made_by, made_at, due_at FROM shift_note WHERE done_at IS NULL" \
	  " ORDER BY due_at IS NULL, due_at, note_no LIMIT 200") \
	/* Since when, and from whom: what the handover before says. */ \
	X(SHIFT_TAKE, USE_WRITE, \
	  "INSERT INTO shift(since, at, handed_by, taken_by, list) SELECT (SELECT at FROM shift" \
	  " ORDER BY shift_no DESC LIMIT 1), ?1, (SELECT taken_by FROM shift ORDER BY shift_no DESC" \
	  " LIMIT 1), ?2, seal(?3, 'shift.list', ?1)") \
	X(SHIFT_PAST, USE_SCREEN, \
	  "SELECT shift_no, since, at, handed_by, taken_by, " SQL_WORDS("list", "shift.list", "at") " FROM shift ORDER BY shift_no DESC" \
	  " LIMIT 1 OFFSET ?1") \
	X(JOURNAL_ACTS, USE_SCREEN, "SELECT act_no, made_at, made_by, act, about FROM desk_act WHERE act_no < ?1" \
	  " ORDER BY act_no DESC LIMIT ?2") \
	X(JOURNAL_INTENTS, USE_SCREEN, \
	  "SELECT t.intent_no, t.made_at, t.made_by, t.kind, t.state, t.name, l.name, t.message FROM intent t" \
	  " LEFT JOIN lock l ON l.device_id = t.device_id WHERE t.intent_no < ?1" \
	  " ORDER BY t.intent_no DESC LIMIT ?2") \
	X(ACTS, USE_SCREEN, "SELECT made_at, made_by, act, about FROM desk_act ORDER BY act_no DESC LIMIT ?1") \
	X(STAFF_KEEP, USE_WRITE,                                                                   \
	  "INSERT OR REPLACE INTO suspended(device_id, name_folded, name, pin, access_code_id,"    \
	  " made_by, made_at) SELECT l.device_id, a.name_folded, a.name, seal(" SQL_PIN_OF("a") "," \
	  " 'suspended.pin', l.device_id || '/' || a.name_folded), a.access_code_id,"              \
	  " ?2, ?3 FROM access_code a JOIN lock l ON l.lock_no = a.lock_no WHERE a.code_no = ?1")  \
	X(STAFF_FORGET, USE_WRITE,                                                                 \
	  "DELETE FROM suspended WHERE name_folded = ?2"                                           \
	  " AND device_id = (SELECT device_id FROM lock WHERE lock_no = ?1)")                      \
	X(EVENT_KNOWN, USE_WRITE, "SELECT 1 FROM event WHERE event_id = ?1")                       \
	X(EVENT_INSERT, USE_WRITE,                                                                 \
	  "INSERT INTO event(event_id, kind, lock_no, code_no, who, how, why"                      \
	  EVENT_FIELDS(FIELD_NAME) ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7"                           \
	  EVENT_FIELDS(EVENT_MARK) ")")                                                            \
	X(EXPLANATION_SET, USE_WRITE,                                                              \
	  "INSERT OR REPLACE INTO explanation SELECT code_no, ?2,"                                 \
	  " seal_json(?3, 'explanation.body', code_no), ?4 FROM access_code"                       \
	  " WHERE access_code_id = ?1")                                                            \
	X(EXPLANATIONS_TRIM, USE_WRITE,                                                            \
	  "DELETE FROM explanation WHERE code_no NOT IN"                                           \
	  " (SELECT code_no FROM explanation ORDER BY at DESC LIMIT ?1)")                          \
	X(EVENTS_FORGET, USE_WRITE,                                                                \
	  "DELETE FROM event WHERE event_no IN (SELECT event_no FROM event"                        \
	  " WHERE occurred_at < ?1 ORDER BY occurred_at LIMIT ?2)")

#endif
