/* fields - the structs of core and the outbox as columns: one list each.
 *
 * From these lists come the SQL's column names and the tables that bind, read and compare a row,
 * so that they cannot drift apart. A column has the name of its field. */
#ifndef KEYRACK_CACHE_FIELDS_H
#define KEYRACK_CACHE_FIELDS_H

#include <sqlite3.h>

#include "cache/outbox.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_PIN = COLUMN_TEXT,  /* sealed in the file: see cache/sealed.h */
	COLUMN_JSON = COLUMN_TEXT, /* with PINs that are */
	COLUMN_WHEN,  /* an instant; NULL for none */
	COLUMN_FROM,  /* an instant that begins a span: none is before everything */
	COLUMN_UNTIL, /* one that ends a span: none is after everything */
	COLUMN_TRI,
	COLUMN_BOOL,
	COLUMN_INT,
};
struct column {
	enum column_kind kind;
	size_t offset;
};

#define LOCK_FIELDS(X)                                                                             \
	X(TEXT, workspace_id)                                                                      \
	X(TEXT, connected_account_id)                                                              \
	X(TEXT, device_type)                                                                       \
	X(TEXT, name)                                                                              \
	X(TEXT, place)                                                                             \
	X(TEXT, room)                                                                              \
	X(TEXT, zone)                                                                              \
	X(TEXT, manufacturer)                                                                      \
	X(TEXT, model)                                                                             \
	X(WHEN, created_at)                                                                        \
	X(TRI, managed)                                                                            \
	X(TRI, online)                                                                             \
	X(TRI, locked)                                                                             \
	X(TRI, door_open)                                                                          \
	X(INT, battery_pct)                                                                        \
	X(TEXT, battery_status)                                                                    \
	X(TRI, can_lock)                                                                           \
	X(TRI, can_unlock)                                                                         \
	X(TRI, can_program_online)                                                                 \
	X(TRI, can_program_offline)                                                                \
	X(TRI, supports_backup_pool)                                                               \
	X(TEXT, code_lengths)                                                                      \
	X(TEXT, code_constraints)                                                                  \
	X(INT, max_active_codes)                                                                   \
	X(TEXT, errors)                                                                            \
	X(TEXT, warnings)                                                                          \
	X(TEXT, object)

#define CODE_FIELDS(X)                                                                             \
	X(TEXT, workspace_id)                                                                      \
	X(BOOL, managed)                                                                           \
	X(BOOL, time_bound)                                                                        \
	X(TEXT, type)                                                                              \
	X(TEXT, status)                                                                            \
	X(TEXT, name)                                                                              \
	X(PIN, code)                                                                               \
	X(FROM, starts_at)                                                                         \
	X(UNTIL, ends_at)                                                                          \
	X(WHEN, created_at)                                                                        \
	X(TEXT, common_code_key)                                                                   \
	X(TEXT, pulled_backup_access_code_id)                                                      \
	X(TRI, is_scheduled_on_device)                                                             \
	X(TRI, is_waiting_for_code_assignment)                                                     \
	X(TRI, is_external_modification_allowed)                                                   \
	X(TRI, is_offline_access_code)                                                             \
	X(TRI, is_one_time_use)                                                                    \
	X(TRI, is_backup)                                                                          \
	X(TRI, is_backup_access_code_available)                                                    \
	X(TRI, cannot_be_managed)                                                                  \
	X(TRI, cannot_delete)                                                                      \
	X(JSON, errors)                                                                            \
	X(JSON, warnings)                                                                          \
	X(JSON, pending_mutations)                                                                 \
	X(TEXT, appearance)                                                                        \
	X(JSON, rest)

#define EVENT_FIELDS(X)                                                                            \
	X(TEXT, event_type)                                                                        \
	X(TEXT, workspace_id)                                                                      \
	X(TEXT, device_id)                                                                         \
	X(TEXT, access_code_id)                                                                    \
	X(TEXT, connected_account_id)                                                              \
	X(TEXT, action_attempt_id)                                                                 \
	X(TEXT, method)                                                                            \
	X(PIN, code)                                                                               \
	X(TEXT, description)                                                                       \
	X(TEXT, backup_access_code_id)                                                             \
	X(WHEN, created_at)                                                                        \
	X(WHEN, occurred_at)                                                                       \
	X(JSON, object)

/* kind is stored by its name and read apart. What a later version added comes last: a rescue reads files
 * that have not got it. */
#define INTENT_FIELDS_OF_1(X)                                                                      \
	X(TEXT, device_id)                                                                         \
	X(TEXT, access_code_id)                                                                    \
	X(JSON, params)                                                                            \
	X(TEXT, name)                                                                              \
	X(TEXT, made_by)                                                                           \
	X(TEXT, common_code_key)                                                                   \
	X(WHEN, made_at)                                                                           \
	X(WHEN, expires_at)                                                                        \
	X(WHEN, next_try_at)                                                                       \
	X(WHEN, sent_at)                                                                           \
	X(INT, tries)                                                                              \
	X(INT, status)                                                                             \
	X(TEXT, error_type)                                                                        \
	X(TEXT, message)                                                                           \
	X(TEXT, validation_errors)
#define INTENT_FIELDS_SINCE_5(X)                                                                   \
	X(TEXT, request_id)                                                                        \
	X(INT, settled_how)
#define INTENT_FIELDS(X) INTENT_FIELDS_OF_1(X) INTENT_FIELDS_SINCE_5(X)

/* ", name" ", t.name" ", name = ?" ", ?" for each field. */
#define FIELD_NAME(kind, name) ", " #name
#define FIELD_OF_T(kind, name) ", t." #name
#define FIELD_SET(kind, name)  ", " #name " = ?"
#define FIELD_MARK(kind, name) ", ?"
#define FIELD_COUNT(kind, name) +1

/* The same where PINs are among them: opened as they are read, sealed as they are written. id: the row's, in SQL. */
#define OPEN_TEXT(name, table, id)  ", t." #name
#define OPEN_WHEN(name, table, id)  ", t." #name
#define OPEN_FROM(name, table, id)  ", t." #name
#define OPEN_UNTIL(name, table, id) ", t." #name
#define OPEN_TRI(name, table, id)   ", t." #name
#define OPEN_BOOL(name, table, id)  ", t." #name
#define OPEN_INT(name, table, id)   ", t." #name
#define OPEN_PIN(name, table, id)   ", unseal(t." #name ", '" table "." #name "', t." id ")"
#define OPEN_JSON(name, table, id)  ", unseal_json(t." #name ", '" table "." #name "', t." id ")"
#define SEAL_TEXT(name, table, id)  "?"
#define SEAL_WHEN(name, table, id)  "?"
#define SEAL_FROM(name, table, id)  "?"
#define SEAL_UNTIL(name, table, id) "?"
#define SEAL_TRI(name, table, id)   "?"
#define SEAL_BOOL(name, table, id)  "?"
#define SEAL_INT(name, table, id)   "?"
#define SEAL_PIN(name, table, id)   "seal(?, '" table "." #name "', " id ")"
#define SEAL_JSON(name, table, id)  "seal_json(?, '" table "." #name "', " id ")"

#define CODE_OF_T(kind, name)	OPEN_##kind(name, "access_code", "access_code_id")
#define CODE_MARK(kind, name)	", " SEAL_##kind(name, "access_code", "?1")
#define CODE_SET(kind, name)	", " #name " = " SEAL_##kind(name, "access_code", "?1")
#define EVENT_OF_T(kind, name)	OPEN_##kind(name, "event", "event_id")
#define EVENT_MARK(kind, name)	", " SEAL_##kind(name, "event", "?1")
#define INTENT_OF_T(kind, name) OPEN_##kind(name, "intent", "intent_no")
#define INTENT_MARK(kind, name) ", " SEAL_##kind(name, "intent", "?1")

#define LOCK_FIELD_COUNT   (0 LOCK_FIELDS(FIELD_COUNT))
#define CODE_FIELD_COUNT   (0 CODE_FIELDS(FIELD_COUNT))
#define EVENT_FIELD_COUNT  (0 EVENT_FIELDS(FIELD_COUNT))
#define INTENT_FIELD_COUNT (0 INTENT_FIELDS(FIELD_COUNT))

extern const struct column lock_columns[LOCK_FIELD_COUNT];
extern const struct column code_columns[CODE_FIELD_COUNT];
extern const struct column event_columns[EVENT_FIELD_COUNT];
extern const struct column intent_columns[INTENT_FIELD_COUNT];

/* row points to the struct the columns are of; first: number of the first parameter or column. */
void columns_bind(sqlite3_stmt *q, int first, const struct column *cols, int n, const void *row);
void columns_read(sqlite3_stmt *q, int first, const struct column *cols, int n, void *row,
		  GStringChunk *chunk);
bool columns_same(sqlite3_stmt *q, int first, const struct column *cols, int n, const void *row);

/* NULL stays NULL; the text's storage in SQLite must outlive the step. */
void bind_text(sqlite3_stmt *q, int i, const char *s);
void bind_when(sqlite3_stmt *q, int i, struct instant t);
struct instant column_when(sqlite3_stmt *q, int i);
/* One that is written as the server wrote it; none where that is no instant. */
struct instant column_when_said(sqlite3_stmt *q, int i);
char *column_text(sqlite3_stmt *q, int i, GStringChunk *chunk);

#endif
