/* store_sqlite_statements - every SQL statement of the store, in one list.
 *
 * A row: name, use, SQL. HOT statements run for each request or each turn of the engine: a test
 * explains each and refuses one that scans codes or events or sorts them. SOME ones may sort what
 * they found, or read much of a table when a caller searches it. */
#ifndef KEYRACK_ENGINE_STORE_SQLITE_STATEMENTS_H
#define KEYRACK_ENGINE_STORE_SQLITE_STATEMENTS_H

#include "engine/store_sqlite_fields.h"

enum statement_use { USE_HOT, USE_SOME };

#define SQL_INSERT(table, id, FIELDS)                                                              \
	"INSERT INTO " table "(" id FIELDS(FIELD_NAME) ") VALUES(?" FIELDS(FIELD_MARK) ")"
/* first: the first of FIELDS, named twice because of SQL's commas. */
#define SQL_UPSERT(table, id, first, FIELDS)                                                       \
	SQL_INSERT(table, id, FIELDS)                                                              \
	" ON CONFLICT(" id ") DO UPDATE SET " first " = excluded." first FIELDS(FIELD_TAKE)

#define SQL_DEVICE  "SELECT device_id" DEVICE_FIELDS(FIELD_NAME) " FROM device"
#define SQL_CODE    "SELECT access_code_id" CODE_FIELDS(FIELD_NAME) " FROM access_code"
#define SQL_ATTEMPT "SELECT action_attempt_id" ATTEMPT_FIELDS(FIELD_NAME) " FROM action_attempt"
#define SQL_WEBHOOK "SELECT webhook_id" WEBHOOK_FIELDS(FIELD_NAME) " FROM webhook"
#define SQL_HISTORY "SELECT access_code_id" CODE_FIELDS(FIELD_NAME) ", closed_at FROM history"

/* ?1 and ?2: the page's key, ?3: how many. ?4 on: the filter's own. */
#define SQL_PAGE(id)                                                                               \
	" AND (created_at, " id ") > (?1, ?2) ORDER BY created_at, " id " LIMIT ?3"
#define SQL_ONE_OF(value, list) value " IN (SELECT value FROM json_each(" list "))"

/* ?4 device ?5 ids ?6 common_code_key ?7 managed (-1 any) ?8 with pool ?9 folded words ?10 words */
#define SQL_CODES(index, where)                                                                    \
	SQL_CODE " " index " WHERE " where                                                         \
	" AND (?4 IS NULL OR device_id = ?4)"                                                      \
	" AND (?5 IS NULL OR " SQL_ONE_OF("access_code_id", "?5") ")"                              \
	" AND (?6 IS NULL OR common_code_key = ?6)"                                                \
	" AND (?7 < 0 OR managed = ?7) AND (?8 OR backup <> 1)"                                    \
	" AND (?9 IS NULL OR instr(folded(name), ?9) > 0 OR"                      \
	" instr(pin_opened('access code', access_code_id, 'pin', pin), ?10) > 0"                   \
	" OR instr(access_code_id, ?10) > 0)" SQL_PAGE("access_code_id")

/* The events that fit, as keys: they are merged, ordered and cut before any is read. ?1 the value
 * that the index is asked for, ?2 since, ?3 until, ?4 after_seq, ?5 types ?6 devices ?7 codes
 * ?8 accounts ?9 ids (sets, for among()), ?10 how many, ?11 a bit for each set that counts: what is
 * not asked for needs no column, and so the index alone. */
#define SQL_AMONG(bit, set, column) " AND ((?11 & " bit ") = 0 OR among(" set ", " column "))"
#define SQL_EVENTS(index, where, order)                                                            \
	"SELECT created_at, seq FROM event " index " WHERE " where                                 \
	" AND created_at > ?2 AND created_at < ?3 AND seq > ?4"                                    \
	SQL_AMONG("1", "?5", "event_type")                                                         \
	SQL_AMONG("2", "?6", "device_id")                                                          \
	SQL_AMONG("4", "?7", "access_code_id")                                                     \
	SQL_AMONG("8", "?8", "account_id")                                                         \
	SQL_AMONG("16", "?9", "event_id")                                                          \
	" ORDER BY " order " LIMIT ?10"
#define SQL_OLDEST	     "created_at, seq"
#define SQL_NEWEST	     "created_at DESC, seq DESC"
#define SQL_BY_TIME(order)   SQL_EVENTS("INDEXED BY event_by_time", "?1 IS NULL", order)
#define SQL_BY_TYPE(order)   SQL_EVENTS("INDEXED BY event_by_type", "event_type = ?1", order)
#define SQL_BY_DEVICE(order) SQL_EVENTS("INDEXED BY event_by_device", "device_id = ?1", order)
#define SQL_BY_CODE(order)   SQL_EVENTS("INDEXED BY event_by_code", "access_code_id = ?1", order)
#define SQL_BY_ACCOUNT(order)                                                                      \
	SQL_EVENTS("INDEXED BY event_by_account", "account_id = ?1", order)

/* Neither ABSENT nor GONE: as in the index code_held. */
#define SQL_HELD "belief NOT IN (0, 4)"

/* By their reasons' names: as in the index code_cut_off. */
#define SQL_CUT_OFF "reason IN ('unreachable', 'account-lost')"

#define STATEMENTS(X)                                                                              \
	X(BEGIN, USE_HOT, "BEGIN IMMEDIATE")                                                       \
	X(BEGIN_READING, USE_HOT, "BEGIN")                                                         \
	X(COMMIT, USE_HOT, "COMMIT")                                                               \
	X(MARK, USE_HOT, "SAVEPOINT mark")                                                         \
	X(UNMARK, USE_HOT, "RELEASE mark")                                                         \
	X(BACK_TO_MARK, USE_HOT, "ROLLBACK TO mark")                                               \
	X(FACT_GET, USE_HOT, "SELECT value FROM fact WHERE key = ?1")                              \
	X(FACT_SET, USE_HOT,                                                                       \
	  "INSERT INTO fact VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")      \
	X(FACT_DROP, USE_HOT, "DELETE FROM fact WHERE key = ?1")                                   \
	X(DEVICE_PUT, USE_HOT, SQL_UPSERT("device", "device_id", "device_type", DEVICE_FIELDS))    \
	X(DEVICE, USE_HOT, SQL_DEVICE " WHERE device_id = ?1")                                     \
	X(DEVICES, USE_HOT, SQL_DEVICE " WHERE true" SQL_PAGE("device_id"))                        \
	X(DEVICE_DROP, USE_HOT, "DELETE FROM device WHERE device_id = ?1")                         \
	X(CODE_MOVE, USE_HOT,                                                                      \
	  "UPDATE access_code SET name = ?6" CODE_MOVING_FIELDS(FIELD_SET)                         \
	  " WHERE access_code_id = ?1 AND device_id = ?2 AND pin_mark IS ?3 AND created_at = ?4"      \
	  " AND common_code_key IS ?5")                                                            \
	X(CODE_PUT, USE_HOT, SQL_UPSERT("access_code", "access_code_id", "device_id", CODE_FIELDS))\
	X(CODE, USE_HOT, SQL_CODE " WHERE access_code_id = ?1")                                    \
	X(CODE_BY_PIN, USE_HOT,                                                                    \
	  SQL_CODE " INDEXED BY code_by_pin WHERE device_id = ?1 AND pin_mark = ?2")                  \
	X(CODES_ALL, USE_HOT, SQL_CODES("INDEXED BY code_page", "true"))                           \
	X(CODES_OF_DEVICE, USE_HOT, SQL_CODES("INDEXED BY code_by_device", "device_id = ?4"))      \
	X(CODES_CUT_OFF, USE_SOME,                                                                 \
	  SQL_CODES("INDEXED BY code_cut_off", "device_id = ?4 AND " SQL_CUT_OFF))                 \
	X(CODES_OF_KEY, USE_HOT, SQL_CODES("INDEXED BY code_by_key", "common_code_key = ?6"))      \
	X(CODES_OF_IDS, USE_SOME, SQL_CODES("", SQL_ONE_OF("access_code_id", "?5")))               \
	X(CODES_DUE, USE_HOT,                                                                      \
	  SQL_CODE " INDEXED BY code_due WHERE next_look <= ?1 ORDER BY next_look, starts_at"      \
	  " LIMIT ?2")                                                                             \
	X(NEXT_LOOK, USE_HOT,                                                                      \
	  "SELECT min(next_look) FROM access_code INDEXED BY code_due"                             \
	  " WHERE next_look IS NOT NULL")                                                          \
	X(HELD, USE_HOT,                                                                           \
	  "SELECT count(*) FROM access_code INDEXED BY code_held WHERE device_id = ?1"             \
	  " AND " SQL_HELD)                                                                        \
	X(CODE_TO_HISTORY, USE_HOT,                                                                \
	  "INSERT OR REPLACE INTO history(access_code_id" CODE_FIELDS(FIELD_NAME) ", closed_at)"   \
	  " SELECT access_code_id" CODE_FIELDS(FIELD_NAME) ", ?2"                                  \
	  " FROM access_code WHERE access_code_id = ?1")                                           \
	X(HISTORY_FINAL, USE_HOT,                                                                  \
	  "UPDATE history SET status = ?2, reason = ?3, next_look = NULL, next_try_text = NULL"    \
	  " WHERE access_code_id = ?1")                                                            \
	X(CODE_DROP, USE_HOT, "DELETE FROM access_code WHERE access_code_id = ?1")                 \
	X(HISTORY_ALL, USE_HOT,                                                                    \
	  SQL_HISTORY " WHERE ?4 IS NULL AND ?5 IS NULL" SQL_PAGE("access_code_id"))               \
	X(HISTORY_OF_DEVICE, USE_HOT,                                                              \
	  SQL_HISTORY " INDEXED BY history_by_device WHERE device_id = ?4 AND ?5 IS NULL"          \
	  SQL_PAGE("access_code_id"))                                                              \
	X(HISTORY_OF_CODE, USE_HOT,                                                                \
	  SQL_HISTORY " WHERE access_code_id = ?5"                                                 \
	  " AND (?4 IS NULL OR device_id = ?4)" SQL_PAGE("access_code_id"))                        \
	X(DECISIONS_FORGET, USE_SOME,                                                              \
	  "DELETE FROM decision WHERE access_code_id IN"                                           \
	  " (SELECT access_code_id FROM history WHERE closed_at < ?1)")                            \
	X(HISTORY_FORGET, USE_SOME, "DELETE FROM history WHERE closed_at < ?1")                    \
	X(DECISION_ADD, USE_HOT, SQL_INSERT("decision", "access_code_id", DECISION_FIELDS))        \
	X(DECISIONS, USE_HOT,                                                                      \
	  "SELECT at, reason, step, text FROM decision"                                            \
	  " WHERE access_code_id = ?1 ORDER BY decision_no")                                       \
	X(EVENT_ADD, USE_HOT, SQL_INSERT("event", "event_id", EVENT_FIELDS))                       \
	X(EVENT, USE_HOT,                                                                          \
	  "SELECT seq, event_id" EVENT_FIELDS(FIELD_NAME) " FROM event WHERE seq = ?1")            \
	X(AUDIT_PUT, USE_HOT, "INSERT INTO audit VALUES(?1, ?2, ?3)")                              \
	X(AUDIT_HEAD, USE_HOT, "SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1")              \
	X(AUDIT_SEALED, USE_SOME,                                                                  \
	  "SELECT max(no) FROM audit WHERE instr(line, '\"kind\":\"seal\"')"                       \
	  " AND (line || '}') ->> '$.kind' = 'seal' AND (line || '}') ->> '$.at' < ?1")            \
	X(AUDIT_CUT, USE_HOT, "DELETE FROM audit WHERE no < ?1")                                   \
	X(AUDIT_LINES, USE_SOME,                                                                   \
	  "SELECT no, line, hash FROM audit WHERE no > ?1 ORDER BY no LIMIT ?2")                   \
	X(LAST_SEQ, USE_HOT, "SELECT max(seq) FROM event")                                         \
	X(EVENTS_JOURNAL, USE_HOT, SQL_EVENTS("NOT INDEXED", "?1 IS NULL", "seq"))                 \
	X(EVENTS_BY_ID, USE_SOME, SQL_EVENTS("", "event_id = ?1", "seq"))                          \
	X(EVENTS_OLDEST, USE_HOT, SQL_BY_TIME(SQL_OLDEST))                                         \
	X(EVENTS_NEWEST, USE_HOT, SQL_BY_TIME(SQL_NEWEST))                                         \
	X(EVENTS_OF_TYPE_OLDEST, USE_HOT, SQL_BY_TYPE(SQL_OLDEST))                                 \
	X(EVENTS_OF_TYPE_NEWEST, USE_HOT, SQL_BY_TYPE(SQL_NEWEST))                                 \
	X(EVENTS_OF_DEVICE_OLDEST, USE_HOT, SQL_BY_DEVICE(SQL_OLDEST))                             \
	X(EVENTS_OF_DEVICE_NEWEST, USE_HOT, SQL_BY_DEVICE(SQL_NEWEST))                             \
	X(EVENTS_OF_CODE_OLDEST, USE_HOT, SQL_BY_CODE(SQL_OLDEST))                                 \
	X(EVENTS_OF_CODE_NEWEST, USE_HOT, SQL_BY_CODE(SQL_NEWEST))                                 \
	X(EVENTS_OF_ACCOUNT_OLDEST, USE_HOT, SQL_BY_ACCOUNT(SQL_OLDEST))                           \
	X(EVENTS_OF_ACCOUNT_NEWEST, USE_HOT, SQL_BY_ACCOUNT(SQL_NEWEST))                           \
	X(ATTEMPT_PUT, USE_HOT,                                                                    \
	  SQL_UPSERT("action_attempt", "action_attempt_id", "action_type", ATTEMPT_FIELDS))        \
	X(ATTEMPTS_ALL, USE_HOT,                                                                   \
	  SQL_ATTEMPT " WHERE ?4 IS NULL AND ?5 IS NULL" SQL_PAGE("action_attempt_id"))            \
	X(ATTEMPTS_OF_DEVICE, USE_HOT,                                                             \
	  SQL_ATTEMPT " INDEXED BY attempt_by_device WHERE device_id = ?4 AND ?5 IS NULL"          \
	  SQL_PAGE("action_attempt_id"))                                                           \
	X(ATTEMPTS_OF_IDS, USE_SOME,                                                               \
	  SQL_ATTEMPT " WHERE " SQL_ONE_OF("action_attempt_id", "?5")                              \
	  " AND (?4 IS NULL OR device_id = ?4)" SQL_PAGE("action_attempt_id"))                     \
	X(ATTEMPTS_PENDING, USE_HOT,                                                               \
	  SQL_ATTEMPT " INDEXED BY attempt_pending WHERE status = 'pending'"                       \
	  " AND access_code_id > ''")                                                              \
	X(KEY_ADD, USE_HOT,                                                                        \
	  "INSERT INTO api_key(short_id" KEY_FIELDS(FIELD_NAME) ", hash)"                          \
	  " VALUES(?" KEY_FIELDS(FIELD_MARK) ", ?)")                                               \
	X(KEY_FIND, USE_HOT, "SELECT role, hash, expires_at FROM api_key WHERE short_id = ?1")     \
	X(KEY_NOTE, USE_HOT, "UPDATE api_key SET used_at = ?2 WHERE short_id = ?1")                \
	X(KEY_DROP, USE_HOT, "DELETE FROM api_key WHERE short_id = ?1")                            \
	X(KEYS, USE_SOME,                                                                          \
	  "SELECT short_id" KEY_FIELDS(FIELD_NAME) " FROM api_key ORDER BY created_at, short_id")  \
	X(WEBHOOK_PUT, USE_HOT, SQL_UPSERT("webhook", "webhook_id", "url", WEBHOOK_FIELDS))        \
	X(WEBHOOK_NOTE, USE_HOT,                                                                   \
	  "UPDATE webhook SET delivered_seq = ?2" WEBHOOK_MOVING_FIELDS(FIELD_SET)                 \
	  " WHERE webhook_id = ?1")                                                                \
	X(WEBHOOKS, USE_HOT, SQL_WEBHOOK " WHERE ?1 IS NULL OR webhook_id = ?1 ORDER BY webhook_no")\
	X(WEBHOOK_DROP, USE_HOT, "DELETE FROM webhook WHERE webhook_id = ?1")                      \
	X(PROOF, USE_HOT, "SELECT proof, clean FROM sealing")                                      \
	X(PROOF_PUT, USE_SOME,                                                                     \
	  "INSERT INTO sealing VALUES(1, ?1, ?2)"                                                  \
	  " ON CONFLICT DO UPDATE SET proof = excluded.proof, clean = excluded.clean")             \
	X(TALLY, USE_HOT,                                                                          \
	  "SELECT managed, status, problems, codes FROM tally WHERE codes > 0")                    \
	X(DEVICE_COUNT, USE_SOME, "SELECT count(*) FROM device INDEXED BY device_page")            \
	X(DEVICES_AWAY, USE_SOME,                                                                  \
	  "SELECT count(*) FROM device INDEXED BY device_away"                                     \
	  " WHERE online = 0 OR account_lost = 1 OR removed = 1")                                  \
	X(BYTES, USE_HOT, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")

#define STATEMENT_NUMBER(name, use, sql) STATEMENT_##name,
enum statement { STATEMENTS(STATEMENT_NUMBER) STATEMENT_COUNT };

#endif
