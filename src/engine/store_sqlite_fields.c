/* store_sqlite_fields - binding and reading rows by their tables of columns. */
#include "engine/store_sqlite_fields.h"

#include <stddef.h>
#include <string.h>

#include "engine/store_seal.h"

/* These numbers are in files. */
G_STATIC_ASSERT(BELIEF_ABSENT == 0 && BELIEF_WRITTEN == 1 && BELIEF_PROVEN == 2 &&
		BELIEF_DIFFERENT == 3 && BELIEF_GONE == 4 && BELIEF_UNCERTAIN == 5);
G_STATIC_ASSERT(STEP_WAIT == 0 && STEP_WRITE == 1 && STEP_ENABLE == 2 && STEP_REMOVE == 3 &&
		STEP_READ == 4 && STEP_CLOSE == 5);
G_STATIC_ASSERT(BACKUP_NO == 0 && BACKUP_POOL == 1 && BACKUP_PULLED == 2);
G_STATIC_ASSERT(KEY_NONE == 0 && KEY_READ == 1 && KEY_DESK == 2 && KEY_ADMIN == 3);
G_STATIC_ASSERT(TRI_UNKNOWN == -1 && TRI_NO == 0 && TRI_YES == 1);
G_STATIC_ASSERT(sizeof(enum belief) == sizeof(int));
G_STATIC_ASSERT(sizeof(enum tri) == sizeof(int));

/* The names that reasons have in files: the same as plan_reason_name, by the same list. */
#define REASON_NAME(id, name, words) name,
static const char *const reason_names[REASON_COUNT] = { PLAN_REASONS(REASON_NAME) };

#define ROWS(row, type, id, noun, FIELDS)                                                          \
	static const struct column row##_columns[] = { { COLUMN_TEXT, offsetof(type, id), #id },   \
						       FIELDS };                                   \
	const struct row_type row##_rows = { sizeof(type), row##_columns,                          \
					     G_N_ELEMENTS(row##_columns), noun };
#define OF_DEVICE(kind, name, member)	{ COLUMN_##kind, offsetof(struct store_device, member), #name },
#define OF_CODE(kind, name, member)	{ COLUMN_##kind, offsetof(struct store_code, member), #name },
#define OF_DECISION(kind, name, member) { COLUMN_##kind, offsetof(struct store_decision, member), #name },
#define OF_EVENT(kind, name, member)	{ COLUMN_##kind, offsetof(struct store_event, member), #name },
#define OF_ATTEMPT(kind, name, member)	{ COLUMN_##kind, offsetof(struct store_attempt, member), #name },
#define OF_KEY(kind, name, member)	{ COLUMN_##kind, offsetof(struct store_key, member), #name },
#define OF_WEBHOOK(kind, name, member)	{ COLUMN_##kind, offsetof(struct store_webhook, member), #name },

ROWS(device, struct store_device, device_id, "device", DEVICE_FIELDS(OF_DEVICE))
ROWS(code, struct store_code, access_code_id, "access code", CODE_FIELDS(OF_CODE))
ROWS(code_move, struct store_code, access_code_id, "access code",
     CODE_FIXED_FIELDS(OF_CODE) CODE_FIRST_MOVING(OF_CODE) CODE_MOVING_FIELDS(OF_CODE))
ROWS(event, struct store_event, event_id, "event", EVENT_FIELDS(OF_EVENT))
ROWS(attempt, struct store_attempt, action_attempt_id, "action attempt",
     ATTEMPT_FIELDS(OF_ATTEMPT))
ROWS(key, struct store_key, short_id, "key", KEY_FIELDS(OF_KEY))
ROWS(webhook, struct store_webhook, webhook_id, "webhook", WEBHOOK_FIELDS(OF_WEBHOOK))
ROWS(webhook_note, struct store_webhook, webhook_id, "webhook",
     WEBHOOK_FIRST_MOVING(OF_WEBHOOK) WEBHOOK_MOVING_FIELDS(OF_WEBHOOK))

/* Decisions have no id of their own. */
static const struct column decision_columns[] = { DECISION_FIELDS(OF_DECISION) };
const struct row_type decision_rows = { sizeof(struct store_decision), decision_columns,
					G_N_ELEMENTS(decision_columns), "decision" };

void bind_words(sqlite3_stmt *q, int i, const char *s)
{
	sqlite3_bind_text(q, i, s, -1, SQLITE_STATIC);
}

void bind_instant(sqlite3_stmt *q, int i, struct instant t)
{
	if (instant_known(t))
		sqlite3_bind_int64(q, i, t.ms);
	else
		sqlite3_bind_null(q, i);
}

void bind_reason(sqlite3_stmt *q, int i, enum plan_reason r)
{
	bind_words(q, i, r < REASON_COUNT ? reason_names[r] : NULL);
}

/* One that a newer program wrote and this one does not know counts as the first. */
static enum plan_reason reason_of(const char *name)
{
	for (int r = 0; name && r < REASON_COUNT; r++)
		if (*name == *reason_names[r] && strcmp(name, reason_names[r]) == 0)
			return (enum plan_reason)r;
	return (enum plan_reason)0;
}

#define AT(type, row, col) (*(type const *)((const char *)(row) + (col)->offset))

/* ---- PINs ---- */

static const char same_pin[] = "~"; /* PIN_AGAIN: as the row's */

static struct seal_place place_of(const struct vault *v, const struct row_type *type, const struct column *col,
				  const void *row)
{
	return (struct seal_place){ v, type->what, AT(char *, row, &type->columns[0]), col->name };
}

static const char *own_pin(const void *row)
{
	return ((const struct store_code *)row)->pin;
}

static bool bind_mark(const struct vault *v, sqlite3_stmt *q, int i, const struct store_code *c, GError **err)
{
	unsigned char mark[VAULT_MARK_BYTES];

	if (!c->pin) {
		sqlite3_bind_null(q, i);
		return true;
	}
	if (!seal_mark(v, c->device_id, c->pin, mark, err))
		return false;
	sqlite3_bind_blob(q, i, mark, sizeof mark, SQLITE_TRANSIENT);
	return true;
}

bool bind_pin_mark(const struct vault *v, sqlite3_stmt *q, int i, const char *device_id, const char *pin, GError **err)
{
	return bind_mark(v, q, i, &(struct store_code){ .device_id = device_id, .pin = pin }, err);
}

static bool put_secret(const struct vault *v, sqlite3_stmt *q, int i, const struct row_type *type,
		       const struct column *col, const void *row, GError **err)
{
	struct seal_place at = place_of(v, type, col, row);
	const char *secret = AT(char *, row, col);
	char *sealed;

	if (col->kind == COLUMN_MARK)
		return bind_mark(v, q, i, row, err);
	if (col->kind == COLUMN_PIN_AGAIN && secret && g_strcmp0(secret, own_pin(row)) == 0) {
		bind_words(q, i, same_pin);
		return true;
	}
	sealed = col->kind == COLUMN_PINS_IN ? seal_pins_in(&at, secret, err) : seal_pin(&at, secret, err);
	sqlite3_bind_text(q, i, sealed, -1, g_free);
	return !secret || sealed;
}

static bool get_secret(const struct vault *v, const char *text, const struct row_type *type, const struct column *col,
		       void *row, GStringChunk *chunk, GError **err)
{
	struct seal_place at = place_of(v, type, col, row);
	const char **to = (const char **)((char *)row + col->offset);
	char *secret;

	if (!text || (col->kind == COLUMN_PINS_IN && !seal_pins_found(text))) {
		*to = text ? g_string_chunk_insert(chunk, text) : NULL;
		return true;
	}
	if (col->kind == COLUMN_PIN_AGAIN && strcmp(text, same_pin) == 0) {
		*to = own_pin(row);
		return true;
	}
	secret = col->kind == COLUMN_PINS_IN ? unseal_pins_in(&at, text, err) : unseal_pin(&at, text, err);
	*to = secret ? g_string_chunk_insert(chunk, secret) : NULL;
	vault_forget(secret);
	return *to;
}

/* ---- all kinds ---- */

static void put(sqlite3_stmt *q, int i, const struct column *col, const void *row)
{
	switch (col->kind) {
	case COLUMN_TEXT:
		bind_words(q, i, AT(char *, row, col));
		break;
	case COLUMN_WHEN:
		bind_instant(q, i, AT(struct instant, row, col));
		break;
	case COLUMN_ORDER:
		sqlite3_bind_int64(q, i, AT(struct instant, row, col).ms);
		break;
	case COLUMN_BOOL:
		sqlite3_bind_int(q, i, AT(bool, row, col));
		break;
	case COLUMN_INT:
		sqlite3_bind_int(q, i, AT(int, row, col));
		break;
	case COLUMN_INT64:
		sqlite3_bind_int64(q, i, AT(int64_t, row, col));
		break;
	case COLUMN_REASON:
		bind_reason(q, i, AT(enum plan_reason, row, col));
		break;
	case COLUMN_PIN:
	case COLUMN_PIN_AGAIN:
	case COLUMN_PINS_IN:
	case COLUMN_MARK:
		break; /* put_secret */
	}
}

static void get(sqlite3_stmt *q, int i, const struct column *col, void *row, GStringChunk *chunk)
{
	void *at = (char *)row + col->offset;
	/* Taken once: asking for a column by its number costs as much as the answer. That such a
	 * value is unprotected makes no difference to a connection of one thread. */
	sqlite3_value *v = sqlite3_column_value(q, i);
	const char *text;

	switch (col->kind) {
	case COLUMN_TEXT:
		text = (const char *)sqlite3_value_text(v);
		*(const char **)at = text ? g_string_chunk_insert_len(
						    chunk, text, sqlite3_value_bytes(v)) :
					    NULL;
		break;
	case COLUMN_WHEN:
		*(struct instant *)at = sqlite3_value_type(v) == SQLITE_NULL ?
						INSTANT_NONE :
						(struct instant){ sqlite3_value_int64(v) };
		break;
	case COLUMN_ORDER:
		*(struct instant *)at = (struct instant){ sqlite3_value_int64(v) };
		break;
	case COLUMN_BOOL:
		*(bool *)at = sqlite3_value_int(v) != 0;
		break;
	case COLUMN_INT:
		*(int *)at = sqlite3_value_int(v);
		break;
	case COLUMN_INT64:
		*(int64_t *)at = sqlite3_value_int64(v);
		break;
	case COLUMN_REASON:
		*(enum plan_reason *)at = reason_of((const char *)sqlite3_value_text(v));
		break;
	case COLUMN_PIN:
	case COLUMN_PIN_AGAIN:
	case COLUMN_PINS_IN:
	case COLUMN_MARK:
		break; /* get_secret */
	}
}

bool columns_put(const struct vault *v, sqlite3_stmt *q, int first, const struct row_type *type, const void *row,
		 GError **err)
{
	for (int i = 0; i < type->n_columns; i++) {
		const struct column *col = &type->columns[i];

		if (col->kind < COLUMN_PIN)
			put(q, first + i, col, row);
		else if (!put_secret(v, q, first + i, type, col, row, err))
			return false;
	}
	return true;
}

bool columns_get(const struct vault *v, sqlite3_stmt *q, int first, const struct row_type *type, void *row,
		 GStringChunk *chunk, GError **err)
{
	for (int i = 0; i < type->n_columns; i++) {
		const struct column *col = &type->columns[i];

		if (col->kind < COLUMN_PIN)
			get(q, first + i, col, row, chunk);
		else if (col->kind != COLUMN_MARK &&
			 !get_secret(v, (const char *)sqlite3_column_text(q, first + i), type, col, row, chunk, err))
			return false;
	}
	return true;
}
