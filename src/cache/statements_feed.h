/* statements_feed - reservations from outside as they were last read, and what was made of each. See
 * cache/statements.h and cache/feeds.h. */
#ifndef KEYRACK_CACHE_STATEMENTS_FEED_H
#define KEYRACK_CACHE_STATEMENTS_FEED_H

#include "cache/sealed.h"

#define STATEMENTS_FEED(X)                                                                         \
	X(FEEDS, USE_SCREEN,                                                                       \
	  "SELECT source, tried_at, ok_at, error, etag, last_modified,"                            \
	  " (SELECT count(*) FROM feed_row r WHERE r.source = f.source AND NOT r.gone)"            \
	  " FROM feed f ORDER BY source")                                                          \
	X(FEED_GET, USE_SCREEN,                                                                    \
	  "SELECT source, tried_at, ok_at, error, etag, last_modified,"                            \
	  " (SELECT count(*) FROM feed_row r WHERE r.source = f.source AND NOT r.gone)"            \
	  " FROM feed f WHERE source = ?1")                                                        \
	X(FEED_ROWS, USE_SCREEN,                                                                   \
	  "SELECT row_no, key, guest, door, phone, starts_at, ends_at, status, line, refused,"     \
	  " note, gone, fix_guest, fix_phone, fix_door, fix_by, fix_at"                            \
	  " FROM feed_row r WHERE source = ?1 ORDER BY starts_at, row_no")                         \
	X(FEED_CODES, USE_SCREEN,                                                                  \
	  "SELECT i.intent_no, i.kind, i.state, i.dismissed, i.device_id, i.access_code_id,"       \
	  " i.starts_at, i.ends_at, i.name, i.message, a.code_no, l.lock_no, i.common_code_key,"   \
	  " " SQL_INTENT_PIN_OF("i")                                                               \
	  " FROM intent i INDEXED BY intent_mark"                                                  \
	  " LEFT JOIN access_code a ON a.access_code_id = i.access_code_id"                        \
	  " LEFT JOIN lock l ON l.device_id = i.device_id"                                         \
	  " WHERE i.common_code_key >= ?1 || '.' AND i.common_code_key < ?1 || '/'"                \
	  " ORDER BY i.intent_no")                                                                 \
	X(FEED_LOCKS, USE_SCREEN,                                                                  \
	  "SELECT lock_no, device_id, name, place, room FROM lock l WHERE deleted_at IS NULL"       \
	  " ORDER BY name_key")                                                                    \
	X(FEED_PINS, USE_FIND,                                                                     \
	  "SELECT " SQL_PIN_OF("c") " FROM access_code c WHERE deleted_at IS NULL AND code IS NOT NULL" \
	  " UNION SELECT " SQL_INTENT_PIN " FROM intent WHERE state < 2"                           \
	  " AND params->>'$.code' IS NOT NULL")                                                    \
	X(FEED_TRIED, USE_WRITE,                                                                   \
	  "INSERT INTO feed(source, tried_at, error) VALUES(?1, ?2, ?3)"                           \
	  " ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at, error = excluded.error")       \
	X(FEED_GOOD, USE_WRITE,                                                                    \
	  "INSERT INTO feed(source, tried_at, ok_at, etag, last_modified) VALUES(?1, ?2, ?2, ?3, ?4)" \
	  " ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at, ok_at = excluded.ok_at,"       \
	  " error = NULL, etag = excluded.etag, last_modified = excluded.last_modified")           \
	X(FEED_ROWS_GONE, USE_WRITE, "UPDATE feed_row SET gone = 1 WHERE source = ?1 AND NOT gone")\
	X(FEED_ROWS_REFUSED, USE_WRITE,                                                            \
	  "DELETE FROM feed_row WHERE source = ?1 AND refused IS NOT NULL")                        \
	X(FEED_ROWS_OLD, USE_WRITE,                                                                \
	  "DELETE FROM feed_row WHERE source = ?1 AND gone AND ends_at < ?2")                      \
	X(FEED_ROW_PUT, USE_WRITE,                                                                 \
	  "INSERT INTO feed_row(source, key, door_key, guest, door, phone, starts_at, ends_at,"    \
	  " status, line, refused, note, gone)"                                                    \
	  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0)"                          \
	  " ON CONFLICT DO UPDATE SET guest = excluded.guest, door = excluded.door,"               \
	  " phone = excluded.phone, starts_at = excluded.starts_at, ends_at = excluded.ends_at,"   \
	  " status = excluded.status, line = excluded.line, refused = excluded.refused,"           \
	  " note = excluded.note, gone = 0")                                                       \
	X(FEED_FIX, USE_WRITE,                                                                     \
	  "UPDATE feed_row SET fix_guest = CASE ?2 WHEN 0 THEN ?3 ELSE fix_guest END,"             \
	  " fix_phone = CASE ?2 WHEN 1 THEN ?3 ELSE fix_phone END,"                                \
	  " fix_door = CASE ?2 WHEN 2 THEN ?3 ELSE fix_door END, fix_by = ?4, fix_at = ?5"         \
	  " WHERE row_no = ?1")

#endif
