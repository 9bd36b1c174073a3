/* store_sqlite_fields - the structs of store.h as columns: one list each.
 *
 * From these lists come the SQL's column names and the tables that bind and read a row, so that
 * they cannot drift apart. A row: kind, column, member. The id, always a text, comes first and is
 * in no list. */
#ifndef KEYRACK_ENGINE_STORE_SQLITE_FIELDS_H
#define KEYRACK_ENGINE_STORE_SQLITE_FIELDS_H

#include <sqlite3.h>

#include "core/vault.h"
#include "engine/store.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_WHEN,   /* an instant; NULL for none */
	COLUMN_ORDER,  /* an instant that rows are ordered by: never NULL, none is before everything */
	COLUMN_BOOL,
	COLUMN_INT,    /* int, unsigned, enum */
	COLUMN_INT64,
	COLUMN_REASON, /* enum plan_reason, by its name: reasons may be added anywhere */
	COLUMN_PIN,    /* sealed, see store_seal.h */
	COLUMN_PIN_AGAIN, /* the same, but most often the row's own PIN, which it then only points to */
	COLUMN_PINS_IN,	  /* JSON in which PINs are sealed */
	COLUMN_MARK,   /* of the code's PIN on its lock; written, never read into the struct */
};
struct column {
	enum column_kind kind;
	size_t offset;
	const char *name;
};

#define DEVICE_FIELDS(X)                                                                           \
	X(TEXT, device_type, device_type)                                                          \
	X(TEXT, name, name)                                                                        \
	X(TEXT, nickname, nickname)                                                                \
	X(TEXT, place, place)                                                                      \
	X(TEXT, room, room)                                                                        \
	X(TEXT, zone, zone)                                                                        \
	X(TEXT, model, model)                                                                      \
	X(TEXT, serial, serial)                                                                    \
	X(TEXT, account_id, account_id)                                                            \
	X(TEXT, account_name, account_name)                                                        \
	X(ORDER, created_at, created_at)                                                           \
	X(BOOL, managed, managed)                                                                  \
	X(BOOL, online, online)                                                                    \
	X(BOOL, locked, locked)                                                                    \
	X(BOOL, account_lost, account_lost)                                                        \
	X(BOOL, removed, removed)                                                                  \
	X(INT, battery_pct, battery_pct)                                                           \
	X(BOOL, can_lock, can_lock)                                                                \
	X(BOOL, can_unlock, can_unlock)                                                            \
	X(BOOL, backup_pool, backup_pool)                                                          \
	X(TEXT, code_lengths, code_lengths)                                                        \
	X(TEXT, metadata, metadata)                                                                \
	X(WHEN, read_at, read_at)                                                                  \
	X(BOOL, first_read_done, first_read_done)                                                  \
	X(BOOL, has_keypad, has_keypad)                                                            \
	X(INT, auto_lock, auto_lock)                                                               \
	X(INT, auto_lock_delay_s, auto_lock_delay_s)                                               \
	X(TEXT, zone_reported, zone_reported)

/* What indexes hold and hardly ever changes; then what a code's life changes all the time. A row
 * in which only the latter has changed is written without touching those indexes. */
#define CODE_FIXED_FIELDS(X)                                                                       \
	X(TEXT, device_id, device_id)                                                              \
	X(MARK, pin_mark, pin)                                                                     \
	X(ORDER, created_at, created_at)                                                           \
	X(TEXT, common_code_key, common_code_key)
/* Sealed anew it is another word each time, so it is left alone while its mark stays. */
#define CODE_PIN_FIELD(X) X(PIN, pin, pin)
#define CODE_FIRST_MOVING(X) X(TEXT, name, name)
#define CODE_MOVING_FIELDS(X)                                                                      \
	X(BOOL, managed, managed)                                                                  \
	X(WHEN, starts_at, starts_at)                                                              \
	X(WHEN, ends_at, ends_at)                                                                  \
	X(BOOL, external_ok, external_ok)                                                          \
	X(BOOL, prefer_native, prefer_native)                                                      \
	X(BOOL, offline, offline)                                                                  \
	X(BOOL, one_time, one_time)                                                                \
	X(INT, backup, backup)                                                                     \
	X(TEXT, pulled_backup_id, pulled_backup_id)                                                \
	X(WHEN, removal_asked_at, removal_asked_at)                                                \
	X(WHEN, asked_at, asked_at)                                                                \
	X(INT, belief, done.belief)                                                                \
	X(PIN_AGAIN, last_pin, done.last.pin)                                                      \
	X(TEXT, last_name, done.last.name)                                                         \
	X(WHEN, last_starts_at, done.last.starts_at)                                               \
	X(WHEN, last_ends_at, done.last.ends_at)                                                   \
	X(BOOL, last_enabled, done.last.enabled)                                                   \
	X(INT, tries, done.tries)                                                                  \
	X(WHEN, last_try_at, done.last_try_at)                                                     \
	X(WHEN, first_try_at, done.first_try_at)                                                   \
	X(INT, fights, done.fights)                                                                \
	X(BOOL, refused, done.refused)                                                             \
	X(INT, dice, done.dice)                                                                    \
	X(BOOL, looked, done.looked)                                                               \
	X(INT, tried, done.tried)                                                                  \
	X(TEXT, handle, handle)                                                                    \
	X(TEXT, shown_name, shown_name)                                                            \
	X(TEXT, shown_first, shown_first)                                                          \
	X(TEXT, shown_last, shown_last)                                                            \
	X(TEXT, status, status)                                                                    \
	X(BOOL, scheduled_on_device, scheduled_on_device)                                          \
	X(INT, problems, problems)                                                                 \
	X(TEXT, problem_since, problem_since)                                                      \
	X(TEXT, rival_id, rival_id)                                                                \
	X(REASON, reason, reason)                                                                  \
	X(WHEN, next_look, next_look)                                                              \
	X(WHEN, next_try_text, next_try_text)                                                      \
	X(BOOL, ever_set, ever_set)                                                                \
	X(PINS_IN, changing, changing)                                                             \
	X(INT, unseen, done.unseen)
#define CODE_FIELDS(X)                                                                             \
	CODE_FIXED_FIELDS(X) CODE_PIN_FIELD(X) CODE_FIRST_MOVING(X) CODE_MOVING_FIELDS(X)

#define DECISION_FIELDS(X)                                                                         \
	X(WHEN, at, at)                                                                            \
	X(REASON, reason, reason)                                                                  \
	X(INT, step, step)                                                                         \
	X(TEXT, text, text)

#define EVENT_FIELDS(X)                                                                            \
	X(TEXT, event_type, event_type)                                                            \
	X(TEXT, device_id, device_id)                                                              \
	X(TEXT, access_code_id, access_code_id)                                                    \
	X(TEXT, account_id, account_id)                                                            \
	X(ORDER, created_at, created_at)                                                           \
	X(WHEN, occurred_at, occurred_at)                                                          \
	X(PINS_IN, body, body)

#define ATTEMPT_FIELDS(X)                                                                          \
	X(TEXT, action_type, action_type)                                                          \
	X(TEXT, status, status)                                                                    \
	X(TEXT, device_id, device_id)                                                              \
	X(TEXT, result, result)                                                                    \
	X(TEXT, error, error)                                                                      \
	X(ORDER, created_at, created_at)                                                           \
	X(TEXT, access_code_id, access_code_id)

#define KEY_FIELDS(X)                                                                              \
	X(TEXT, name, name)                                                                        \
	X(INT, role, role)                                                                         \
	X(ORDER, created_at, created_at)                                                           \
	X(WHEN, expires_at, expires_at)                                                            \
	X(WHEN, used_at, used_at)

#define WEBHOOK_FIXED_FIELDS(X)                                                                    \
	X(TEXT, url, url)                                                                          \
	X(TEXT, secret, secret)                                                                    \
	X(TEXT, event_types, event_types)                                                          \
	X(TEXT, secret_before, secret_before)                                                      \
	X(WHEN, before_until, before_until)
#define WEBHOOK_FIRST_MOVING(X) X(INT64, delivered_seq, delivered_seq)
#define WEBHOOK_MOVING_FIELDS(X)                                                                   \
	X(INT, tries, tries)                                                                       \
	X(WHEN, next_try_at, next_try_at)                                                          \
	X(WHEN, failing_since, failing_since)                                                      \
	X(BOOL, disabled, disabled)
#define WEBHOOK_FIELDS(X)                                                                          \
	WEBHOOK_FIXED_FIELDS(X) WEBHOOK_FIRST_MOVING(X) WEBHOOK_MOVING_FIELDS(X)

/* ", name" ", name = excluded.name" ", name = ?" ", ?" for each field. */
#define FIELD_NAME(kind, name, member) ", " #name
#define FIELD_TAKE(kind, name, member) ", " #name " = excluded." #name
#define FIELD_SET(kind, name, member)  ", " #name " = ?"
#define FIELD_MARK(kind, name, member) ", ?"

/* A struct of store.h as a row: its id, then its fields. */
struct row_type {
	size_t size;
	const struct column *columns;
	int n_columns;
	const char *what; /* "code", for words */
};
extern const struct row_type device_rows, code_rows, code_move_rows, decision_rows, event_rows, attempt_rows,
	key_rows, webhook_rows, webhook_note_rows;

/* first: number of the first parameter or column. row: the struct. v: for PINs; NULL: a row that holds one
 * fails. */
bool columns_put(const struct vault *v, sqlite3_stmt *q, int first, const struct row_type *type, const void *row,
		 GError **err);
bool columns_get(const struct vault *v, sqlite3_stmt *q, int first, const struct row_type *type, void *row,
		 GStringChunk *chunk, GError **err);

/* NULL stays NULL; the text must outlive the step. */
void bind_words(sqlite3_stmt *q, int i, const char *s);
void bind_instant(sqlite3_stmt *q, int i, struct instant t); /* NONE: NULL */
void bind_reason(sqlite3_stmt *q, int i, enum plan_reason r);
/* What pin_mark holds of a code of this lock with this PIN. */
bool bind_pin_mark(const struct vault *v, sqlite3_stmt *q, int i, const char *device_id, const char *pin, GError **err);

#endif
