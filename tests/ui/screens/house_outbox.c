/* house_outbox - what the desk of Harbour House has asked for: something in every state, and of every kind of
 * trouble. Its times are the house's, not this computer's. */
#include <sqlite3.h>

#include "cache/outbox.h"
#include "house.h"

enum fate { FATE_WAITS, FATE_HELD, FATE_TRIED, FATE_SENDING, FATE_DOUBT, FATE_ACCEPTED, FATE_READ_BACK, FATE_REFUSED,
	    FATE_ASIDE, FATE_WITHDRAWN };

#define DAY "2026-11-24T14:00:00.000Z"
#define END "2026-11-22T10:00:00.000Z"

/* In the order in which they were asked for. */
static const struct wish {
	enum intent_kind kind;
	const char *lock, *code, *name, *by, *params;
	int after; /* how many rows before this one is what must come first; 0: nothing */
	int minutes; /* before HOUSE_NOW */
	enum fate fate;
	int status;
	const char *type, *message, *errors;
} wishes[] = {
	{ INTENT_UPDATE, "lock-101", "code-berg", "Anna Berg", "ana",
	  "{\"access_code_id\":\"code-berg\",\"ends_at\":\"" DAY "\"}", 0, 2900, FATE_ACCEPTED, 200, NULL, NULL,
	  NULL },
	{ INTENT_CREATE, "lock-103", "code-rossi", "Rossi family", "ana",
	  "{\"device_id\":\"lock-103\",\"name\":\"Rossi "
	  "family\",\"code\":\"3316\",\"starts_at\":\"2026-11-22T14:00:00.000Z\","
	  "\"ends_at\":\"2026-11-25T10:00:00.000Z\"}",
	  0, 400, FATE_READ_BACK, 0, NULL, NULL, NULL },
	{ INTENT_DELETE, "lock-102", "code-ito", "伊藤 さくら", "mk", "{\"access_code_id\":\"code-ito\"}", 0, 390,
	  FATE_WITHDRAWN, 0, NULL, NULL, NULL },
	{ INTENT_UNLOCK, "lock-201", NULL, "201 Sea", "mk", "{\"device_id\":\"lock-201\"}", 0, 110, FATE_ASIDE, 400,
	  "device_offline", "This device is offline", NULL },
	{ INTENT_CREATE, "lock-103", NULL, "x\x1b]0;owned\x07y", "mk",
	  "{\"device_id\":\"lock-103\",\"name\":\"x\\u001b]0;owned\\u0007y\",\"code\":\"1234\",\"starts_at\":\"" DAY
	  "\",\"ends_at\":\"" END "\","
	  "\"use_backup_access_code_pool\":true,\"mood\":\"hopeful\",\"common_code_key\":\"keyrack-1\"}",
	  0, 42, FATE_REFUSED, 400, "invalid_input",
	  "2 Input Errors: ends_at is before starts_at, code is too easily guessed",
	  "{\"_errors\":[],\"ends_at\":{\"_errors\":[\"Must be after starts_at\"]},"
	  "\"code\":{\"_errors\":[\"Too easily guessed\"]}}" },
	{ INTENT_DELETE, "lock-102", "code-mueller", "Mueller, J.", "mk", "{\"access_code_id\":\"code-mueller\"}", 1,
	  42, FATE_WAITS, 0, NULL, NULL, NULL },
	{ INTENT_PULL_BACKUP, "lock-201", "code-dubois", "Dubois", "mk", "{\"access_code_id\":\"code-dubois\"}", 0,
	  30, FATE_REFUSED, 404, "no_backup_available", "No backup access code is available", NULL },
	{ INTENT_CREATE, "lock-104", NULL, "Großmann-von-und-zu-Hohenlohe, Änne-Sophie", "mk",
	  "{\"device_id\":\"lock-104\",\"name\":\"Gro\\u00dfmann\",\"code\":\"551203\","
	  "\"starts_at\":\"2026-11-22T21:00:00.000Z\","
	  "\"ends_at\":\"" DAY "\",\"prefer_native_scheduling\":false,\"common_code_key\":\"keyrack-2\"}",
	  0, 3, FATE_DOUBT, 0, NULL, "no answer came; looking whether the code is there", NULL },
	{ INTENT_ADOPT, "lock-hall", "code-stray", "left over", "mk", "{\"access_code_id\":\"code-stray\"}", 0, 2,
	  FATE_TRIED, 0, NULL, "the server cannot be reached: no route to host", NULL },
	{ INTENT_UPDATE, "lock-gym", "code-priya", "Priya N.", "mk",
	  "{\"access_code_id\":\"code-priya\",\"name\":\"Priya Nair\"}", 0, 1, FATE_WAITS, 0, NULL, NULL, NULL },
	{ INTENT_DELETE, "lock-gym", "code-tom", "Tom O'Brien", "mk", "{\"access_code_id\":\"code-tom\"}", 0, 0,
	  FATE_HELD, 0, NULL, NULL, NULL },
};

static void must(bool ok, GError *err)
{
	if (!ok)
		g_error("the house's outbox: %s", err ? err->message : "failed");
}

static void settle(struct cache *c, const struct wish *w, int64_t no)
{
	struct instant later = { HOUSE_NOW.ms + 12 * SECOND_MS };
	GError *err = NULL;

	if (w->fate == FATE_WITHDRAWN)
		must(outbox_withdraw(c, no, &err), err);
	if (w->fate == FATE_WAITS || w->fate == FATE_HELD || w->fate == FATE_WITHDRAWN)
		return;
	must(outbox_sending(c, no, instant_now(), instant_now(), &err), err);
	if (w->fate != FATE_TRIED)
		must(outbox_heard(c, no, "5f0c2a4e-7d1b-4c1e-9a57-3a9f2f6f0d11",
				  w->fate == FATE_READ_BACK ? INTENT_BY_READING_BACK : INTENT_BY_ANSWER, &err), err);
	if (w->fate == FATE_ACCEPTED || w->fate == FATE_READ_BACK)
		must(outbox_accepted(c, no, w->code, w->status, &err), err);
	if (w->fate == FATE_REFUSED || w->fate == FATE_ASIDE)
		must(outbox_refused(c, no, w->status, w->type, w->message, w->errors, &err), err);
	if (w->fate == FATE_ASIDE)
		must(outbox_dismiss(c, no, &err), err);
	if (w->fate == FATE_TRIED)
		must(outbox_again(c, no, later, w->message, &err), err);
	if (w->fate == FATE_DOUBT)
		must(outbox_doubt(c, no, later, w->message, &err), err);
}

/* Where it has one. */
static void set_time(sqlite3 *db, const char *column, int64_t at, int64_t no)
{
	g_autofree char *whole =
		g_strdup_printf("UPDATE intent SET %s = %ld WHERE intent_no = %ld AND %s IS NOT NULL", column,
				(long)at, (long)no, column);

	if (sqlite3_exec(db, whole, NULL, NULL, NULL) != SQLITE_OK)
		g_error("the house's outbox: %s", sqlite3_errmsg(db));
}

/* What the outbox puts down is this computer's time. */
static void set_times(const char *path, const int64_t *no)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		g_error("the house's outbox: %s", sqlite3_errmsg(db));
	for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++) {
		int64_t at = HOUSE_NOW.ms - wishes[i].minutes * MINUTE_MS - 2 * SECOND_MS;

		set_time(db, "made_at", at, no[i]);
		set_time(db, "sent_at", at + SECOND_MS, no[i]);
		set_time(db, "settled_at", at + SECOND_MS + 400, no[i]);
		set_time(db, "expires_at", at + MINUTE_MS, no[i]);
		if (wishes[i].fate == FATE_HELD)
			set_time(db, "next_try_at", at + INTENT_UNDO_MS, no[i]);
	}
	sqlite3_close(db);
}

void house_make_outbox(const char *path)
{
	int64_t no[G_N_ELEMENTS(wishes)];
	GError *err = NULL;
	struct cache *c = cache_open(path, CACHE_SYNC, false, &err);

	must(c != NULL, err);
	for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++) {
		const struct wish *w = &wishes[i];
		struct intent in = {
			.kind = w->kind,
			.device_id = w->lock,
			.access_code_id = w->kind == INTENT_CREATE ? NULL : w->code,
			.params = w->params,
			.name = w->name,
			.made_by = w->by,
			.after_no = w->after ? no[i - (size_t)w->after] : 0,
			.undo_ms = w->fate == FATE_HELD ? INTENT_UNDO_MS : 0,
		};

		no[i] = outbox_add(c, &in, &err);
		must(no[i] != 0, err);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++)
		settle(c, &wishes[i], no[i]);
	cache_close(c);
	set_times(path, no);
}
