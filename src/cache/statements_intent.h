/* statements_intent - the outbox. Every move names the state it starts from, so that of two
 * processes only one can make it. See cache/statements.h and cache/outbox.h. */
#ifndef KEYRACK_CACHE_STATEMENTS_INTENT_H
#define KEYRACK_CACHE_STATEMENTS_INTENT_H

#include "cache/fields.h"

#define SQL_INTENT                                                                                 \
	"SELECT t.intent_no, t.kind, t.state, l.lock_no, c.code_no, l.name, t.after_no, l.zone,"   \
	" t.again_no, t.settled_at, t.dismissed"                                                   \
	INTENT_FIELDS(INTENT_OF_T) " FROM intent t LEFT JOIN lock l ON l.device_id = t.device_id"   \
	" LEFT JOIN access_code c ON c.access_code_id = t.access_code_id"
/* What must come after another waits until that one is accepted, and nobody waits behind it. */
#define SQL_WAITS(t)                                                                               \
	"(" t ".state = 0 AND " t ".after_no IS NOT NULL AND NOT EXISTS"                           \
	" (SELECT 1 FROM intent w WHERE w.intent_no = " t ".after_no AND w.state = 2))"
/* It can still be taken back. A clock that was set back makes nobody wait longer. */
#define SQL_HELD(i)                                                                                \
	" " i ".state = 0 AND " i ".tries = 0 AND " i ".next_try_at IS NOT NULL"                   \
	" AND " i ".next_try_at > ?1 AND " i ".next_try_at <= ?1 + 10000"
/* The oldest unfinished of its lock. A door does not wait for changes to codes that have not left. */
#define SQL_FIRST                                                                                  \
	" t.state < 2 AND NOT " SQL_WAITS("t")                                                     \
	" AND NOT EXISTS (SELECT 1 FROM intent o INDEXED BY intent_open"                           \
	" WHERE o.device_id = t.device_id AND o.state < 2 AND o.intent_no < t.intent_no"           \
	" AND NOT (o.state = 0 AND t.kind IN ('lock', 'unlock') AND o.kind NOT IN ('lock', 'unlock'))" \
	" AND NOT " SQL_WAITS("o") ")"
/* All that was to come after ?1, and after that; 'those' says of which directly. */
#define SQL_FOLLOWERS(those)                                                                       \
	" WHERE intent_no IN (WITH RECURSIVE follower(n) AS (SELECT intent_no FROM intent"         \
	" WHERE after_no = ?1 AND state = 0" those " UNION SELECT i.intent_no FROM follower"       \
	" JOIN intent i ON i.after_no = follower.n WHERE i.state = 0) SELECT n FROM follower)"

/* A part of the outbox from a place on, to either side; see cache/outbox_find.c. ?2 to ?4 are bound only
 * where the part names them. */
#define OUTBOX_WAYS(X, part, where)                                                                \
	X(OUTBOX_##part##_OLDER, USE_SCREEN,                                                       \
	  where " AND t.intent_no < ?1 ORDER BY t.intent_no DESC")                                 \
	X(OUTBOX_##part##_NEWER, USE_SCREEN,                                                       \
	  where " AND t.intent_no > ?1 ORDER BY t.intent_no")

#define STATEMENTS_INTENT(X)                                                                       \
	X(INTENT_ADD, USE_WRITE,                                                                   \
	  "INSERT INTO intent(intent_no, kind, state, after_no, starts_at, ends_at, name_folded, again_no" \
	  INTENT_FIELDS(FIELD_NAME) ") VALUES(?1, ?2, 0, ?3, ?4, ?5, ?6, ?7"                       \
	  INTENT_FIELDS(INTENT_MARK) ")")                                                          \
	/* Its number is sealed along with its PIN, so that it must be known before. */            \
	X(INTENT_NEXT_NO, USE_WRITE,                                                               \
	  "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'intent'), 0) + 1")       \
	X(INTENT_CHECK, USE_WRITE,                                                                 \
	  "SELECT json_valid(?1) AND json_type(?1) = 'object',"                                    \
	  " ?1->>'$.starts_at', ?1->>'$.ends_at', ?1->>'$.name'")                                  \
	X(INTENT_GET, USE_SCREEN, SQL_INTENT " WHERE t.intent_no = ?1")                            \
	X(INTENT_LIST, USE_SCREEN,                                                                 \
	  SQL_INTENT " WHERE (?1 >> t.state) & 1 AND NOT (t.state = 3 AND t.dismissed = 1)"        \
	  " ORDER BY t.intent_no DESC LIMIT ?2")                                                   \
	OUTBOX_WAYS(X, REFUSED, SQL_INTENT " WHERE t.state = 3 AND t.dismissed = 0")               \
	OUTBOX_WAYS(X, OTHERS, SQL_INTENT " WHERE NOT (t.state = 3 AND t.dismissed = 0)")          \
	OUTBOX_WAYS(X, STATE, SQL_INTENT " WHERE t.state = ?2")                                    \
	OUTBOX_WAYS(X, ASIDE, SQL_INTENT " WHERE t.state = 3 AND t.dismissed = 1")                 \
	OUTBOX_WAYS(X, OF_CODE, SQL_INTENT " WHERE t.access_code_id = ?3")                         \
	OUTBOX_WAYS(X, ABOUT, SQL_INTENT " WHERE (t.intent_no = ?4 OR t.after_no = ?4)")           \
	X(OUTBOX_COUNTS, USE_SCREEN, "SELECT state, count(*) FROM intent GROUP BY state")          \
	X(OUTBOX_COUNT_REFUSED, USE_SCREEN,                                                        \
	  "SELECT count(*) FROM intent WHERE state = 3 AND dismissed = 0")                         \
	X(INTENTS_AFTER, USE_SCREEN,                                                               \
	  SQL_INTENT " WHERE t.after_no = ?1 ORDER BY t.intent_no LIMIT ?2")                       \
	X(INTENT_AGAIN_AS, USE_SCREEN,                                                             \
	  "SELECT max(intent_no) FROM intent WHERE again_no = ?1")                                 \
	X(INTENT_OF_KEY, USE_WRITE,                                                                \
	  "SELECT count(*) FROM intent INDEXED BY intent_mark WHERE common_code_key = ?1")         \
	X(INTENTS_OF_CODE, USE_SCREEN,                                                             \
	  SQL_INTENT " WHERE t.access_code_id = ?1 ORDER BY t.intent_no DESC LIMIT ?2")            \
	X(INTENT_DUE, USE_WRITE,                                                                   \
	  SQL_INTENT " WHERE" SQL_FIRST " AND (t.next_try_at IS NULL OR t.next_try_at <= ?1"       \
	  " OR (t.tries = 0 AND t.next_try_at > ?1 + 10000))"                                      \
	  " ORDER BY t.intent_no")                                                                 \
	X(INTENT_LATE, USE_WRITE,                                                                  \
	  SQL_INTENT " WHERE t.state = 0 AND t.expires_at IS NOT NULL"                             \
	  " AND (t.expires_at <= ?1 OR t.made_at > ?1 + 60000)")                                   \
	X(INTENT_NEXT, USE_WRITE,                                                                  \
	  "SELECT min(at) FROM (SELECT next_try_at AS at FROM intent t WHERE" SQL_FIRST            \
	  " AND next_try_at > ?1 UNION ALL SELECT expires_at FROM intent"                          \
	  " WHERE state = 0 AND expires_at > ?1)")                                                 \
	X(INTENT_HELD, USE_WRITE,                                                                  \
	  "SELECT max(next_try_at) FROM intent t WHERE t.state < 2 AND" SQL_HELD("t"))             \
	X(INTENT_STATE, USE_WRITE, "SELECT state, access_code_id FROM intent WHERE intent_no = ?1")\
	X(INTENT_SENDING, USE_WRITE,                                                               \
	  "UPDATE intent SET state = 1, sent_at = ?3, tries = tries + 1, next_try_at = NULL"       \
	  " WHERE intent_no = ?1 AND state = 0 AND (expires_at IS NULL OR expires_at > ?2)")       \
	X(INTENT_ACCEPTED, USE_WRITE,                                                              \
	  "UPDATE intent SET state = 2, status = ?2, access_code_id = coalesce(?3, access_code_id),"\
	  " settled_at = ?4, next_try_at = NULL, error_type = NULL, message = NULL,"               \
	  " validation_errors = NULL, dismissed = kind = 'create' AND EXISTS"                      \
	  " (SELECT 1 FROM access_code c WHERE c.access_code_id = ?3)"                             \
	  " WHERE intent_no = ?1 AND state = 1")                                                   \
	X(INTENT_REFUSED, USE_WRITE,                                                               \
	  "UPDATE intent SET state = 3, status = ?2, settled_at = ?3, error_type = ?4,"            \
	  " message = ?5, validation_errors = ?6, next_try_at = NULL"                              \
	  " WHERE intent_no = ?1 AND state < 2")                                                   \
	X(INTENT_AGAIN, USE_WRITE,                                                                 \
	  "UPDATE intent SET state = 0, next_try_at = ?2, message = ?3"                            \
	  " WHERE intent_no = ?1 AND state = 1")                                                   \
	X(INTENT_DOUBT, USE_WRITE,                                                                 \
	  "UPDATE intent SET next_try_at = ?2, message = ?3 WHERE intent_no = ?1 AND state = 1")   \
	X(INTENTS_HURRY, USE_WRITE,                                                                \
	  "UPDATE intent SET next_try_at = NULL"                                                   \
	  " WHERE state IN (0, 1) AND tries > 0 AND next_try_at IS NOT NULL")                      \
	X(INTENT_NOTE, USE_WRITE,                                                                  \
	  "UPDATE intent SET message = ?2 WHERE intent_no = ?1 AND state = 2")                     \
	X(INTENT_HEARD, USE_WRITE,                                                                 \
	  "UPDATE intent SET request_id = ?2, settled_how = ?3 WHERE intent_no = ?1 AND state = 1")\
	X(INTENT_WITHDRAW, USE_WRITE,                                                              \
	  "UPDATE intent SET state = 4, settled_at = ?2 WHERE intent_no = ?1 AND state = 0")       \
	X(INTENT_DISMISS, USE_WRITE,                                                               \
	  "UPDATE intent SET dismissed = 1 WHERE intent_no = ?1 AND state = 3")                    \
	X(INTENT_ANSWERED, USE_WRITE,                                                              \
	  "UPDATE intent SET dismissed = 1 WHERE intent_no = ?1 AND state = 3 AND dismissed = 0")  \
	/* The id is for what changes the new code itself; a revoke that waited has its own. */      \
	X(AFTER_ACCEPTED, USE_WRITE,                                                               \
	  "UPDATE intent SET access_code_id = ?2,"                                                 \
	  " params = json_set(params, '$.access_code_id', ?2)"                                     \
	  " WHERE after_no = ?1 AND state = 0 AND access_code_id IS NULL")                         \
	X(AFTER_NAMELESS, USE_WRITE,                                                               \
	  "UPDATE intent SET state = 3, settled_at = ?2, message = ?3"                             \
	  SQL_FOLLOWERS(" AND access_code_id IS NULL"))                                            \
	X(AFTER_REFUSED, USE_WRITE,                                                                \
	  "UPDATE intent SET state = 3, settled_at = ?2, message ="                                \
	  " CASE WHEN access_code_id IS NULL THEN ?3 ELSE ?4 END" SQL_FOLLOWERS(""))               \
	X(AFTER_WITHDRAWN, USE_WRITE,                                                              \
	  "UPDATE intent SET state = 4, settled_at = ?2" SQL_FOLLOWERS(""))                        \
	X(AFTER_LOST, USE_WRITE,                                                                   \
	  "UPDATE intent SET state = 3, settled_at = ?1, message = ?2 WHERE state = 0"             \
	  " AND after_no NOT IN (SELECT intent_no FROM intent)")

#endif
