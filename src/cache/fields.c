/* fields - binding, reading and comparing rows by their tables of columns. */
#include "cache/fields.h"

#include <stddef.h>
#include <string.h>

#define LOCK_COLUMN(kind, name)	  { COLUMN_##kind, offsetof(struct lock, name) },
#define CODE_COLUMN(kind, name)	  { COLUMN_##kind, offsetof(struct access_code, name) },
#define EVENT_COLUMN(kind, name)  { COLUMN_##kind, offsetof(struct event, name) },
#define INTENT_COLUMN(kind, name) { COLUMN_##kind, offsetof(struct intent, name) },

const struct column lock_columns[LOCK_FIELD_COUNT] = { LOCK_FIELDS(LOCK_COLUMN) };
const struct column code_columns[CODE_FIELD_COUNT] = { CODE_FIELDS(CODE_COLUMN) };
const struct column event_columns[EVENT_FIELD_COUNT] = { EVENT_FIELDS(EVENT_COLUMN) };
const struct column intent_columns[INTENT_FIELD_COUNT] = { INTENT_FIELDS(INTENT_COLUMN) };

void bind_text(sqlite3_stmt *q, int i, const char *s)
{
	sqlite3_bind_text(q, i, s, -1, SQLITE_STATIC);
}

void bind_when(sqlite3_stmt *q, int i, struct instant t)
{
	if (instant_known(t))
		sqlite3_bind_int64(q, i, t.ms);
	else
		sqlite3_bind_null(q, i);
}

struct instant column_when(sqlite3_stmt *q, int i)
{
	if (sqlite3_column_type(q, i) == SQLITE_NULL)
		return INSTANT_NONE;
	return (struct instant){ sqlite3_column_int64(q, i) };
}

struct instant column_when_said(sqlite3_stmt *q, int i)
{
	const char *text = (const char *)sqlite3_column_text(q, i);
	struct instant t = INSTANT_NONE;

	if (text)
		instant_parse(text, -1, &t);
	return t;
}

char *column_text(sqlite3_stmt *q, int i, GStringChunk *chunk)
{
	const char *s = (const char *)sqlite3_column_text(q, i);

	return s ? g_string_chunk_insert_len(chunk, s, sqlite3_column_bytes(q, i)) : NULL;
}

/* A span's open end as the number that is stored, and back. */
static int64_t span_stored(enum column_kind kind, struct instant t)
{
	if (instant_known(t))
		return t.ms;
	return kind == COLUMN_FROM ? INSTANT_MIN.ms : INSTANT_MAX.ms;
}

static struct instant span_read(enum column_kind kind, int64_t ms)
{
	struct instant open = kind == COLUMN_FROM ? INSTANT_MIN : INSTANT_MAX;

	return ms == open.ms ? INSTANT_NONE : (struct instant){ ms };
}

#define AT(type, row, col) (*(type const *)((const char *)(row) + (col)->offset))

static int64_t integer_of(const struct column *col, const void *row)
{
	switch (col->kind) {
	case COLUMN_FROM:
	case COLUMN_UNTIL:
		return span_stored(col->kind, AT(struct instant, row, col));
	case COLUMN_WHEN:
		return AT(struct instant, row, col).ms;
	case COLUMN_TRI:
		return (int64_t)AT(enum tri, row, col);
	case COLUMN_BOOL:
		return AT(bool, row, col);
	case COLUMN_INT:
		return AT(int, row, col);
	case COLUMN_TEXT:
		break;
	}
	return 0;
}

void columns_bind(sqlite3_stmt *q, int first, const struct column *cols, int n, const void *row)
{
	for (int i = 0; i < n; i++) {
		if (cols[i].kind == COLUMN_TEXT)
			bind_text(q, first + i, AT(char *, row, &cols[i]));
		else if (cols[i].kind == COLUMN_WHEN)
			bind_when(q, first + i, AT(struct instant, row, &cols[i]));
		else
			sqlite3_bind_int64(q, first + i, integer_of(&cols[i], row));
	}
}

void columns_read(sqlite3_stmt *q, int first, const struct column *cols, int n, void *row,
		  GStringChunk *chunk)
{
	for (int i = 0; i < n; i++) {
		void *at = (char *)row + cols[i].offset;
		int col = first + i;

		switch (cols[i].kind) {
		case COLUMN_TEXT:
			*(const char **)at = column_text(q, col, chunk);
			break;
		case COLUMN_WHEN:
			*(struct instant *)at = column_when(q, col);
			break;
		case COLUMN_FROM:
		case COLUMN_UNTIL:
			*(struct instant *)at =
				span_read(cols[i].kind, sqlite3_column_int64(q, col));
			break;
		case COLUMN_TRI:
			*(enum tri *)at = (enum tri)sqlite3_column_int(q, col);
			break;
		case COLUMN_BOOL:
			*(bool *)at = sqlite3_column_int(q, col) != 0;
			break;
		case COLUMN_INT:
			*(int *)at = sqlite3_column_int(q, col);
			break;
		}
	}
}

static bool text_same(sqlite3_stmt *q, int col, const char *s)
{
	const void *stored = sqlite3_column_text(q, col);
	size_t len = (size_t)sqlite3_column_bytes(q, col);

	if (!stored || !s)
		return !stored && !s;
	return strlen(s) == len && memcmp(stored, s, len) == 0;
}

bool columns_same(sqlite3_stmt *q, int first, const struct column *cols, int n, const void *row)
{
	for (int i = 0; i < n; i++) {
		int col = first + i;
		bool same;

		if (cols[i].kind == COLUMN_TEXT)
			same = text_same(q, col, AT(char *, row, &cols[i]));
		else if (cols[i].kind == COLUMN_WHEN)
			same = instant_eq(column_when(q, col), AT(struct instant, row, &cols[i]));
		else
			same = sqlite3_column_int64(q, col) == integer_of(&cols[i], row);
		if (!same)
			return false;
	}
	return true;
}
