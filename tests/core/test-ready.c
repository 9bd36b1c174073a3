/* ready: from four facts to READY, WAITING, UNPROVEN, AT RISK, for every situation that a night
 * brings; the day a board shows; and the moments at which an arrival is told of. */
#include "tests/core/rows.h"

#include "core/ready.h"

/* Sunday 22 November 2026, 21:18 in Berlin. */
#define NOW	 ((struct instant){ INT64_C(1795378680000) })
#define NEVER	 INT_MIN
#define AT(m)	 ((m) == NEVER ? INSTANT_NONE : (struct instant){ NOW.ms + (m) * MINUTE_MS })
#define LONG_AGO (-20000)

enum {
	NATIVE = 1 << 0,
	SCHEDULED = 1 << 1,
	OFFLINE_LOCK = 1 << 2,
	FAILED = 1 << 3,
	USED = 1 << 4,     /* five minutes ago */
	INFERRED = 1 << 5,
	ARITHMETIC = 1 << 6, /* an offline code */
	NO_PIN = 1 << 7,
	LOCK_ILL = 1 << 8,
	FAILED_LONG_AGO = 1 << 9,
	NO_PIN_YET = 1 << 10,
	CHANGING = 1 << 11,
	CHANGE_DENIED = 1 << 12,
	REVOKING = 1 << 13,
	BACKUP_ASKED = 1 << 14,
	BACKUP_THERE = 1 << 15,
	TAKEN_OFF = 1 << 16, /* ten minutes ago */
};

struct situation {
	const char *name;
	int from, until, made; /* minutes from now */
	const char *status;
	unsigned with;
	enum ready_proof proof;
	enum ready_declared declared;
};

static struct ready_facts facts_of(const struct situation *s, bool departs)
{
	bool used = s->with & (USED | INFERRED), failed = s->with & (FAILED | FAILED_LONG_AGO);

	return (struct ready_facts){
		.departs = departs,
		.code = {
			.managed = true,
			.time_bound = true,
			.status = s->status,
			.code = s->with & (NO_PIN | NO_PIN_YET) ? NULL : "1",
			.starts_at = AT(s->from),
			.ends_at = AT(s->until),
			.created_at = AT(s->made),
			.is_scheduled_on_device = s->with & SCHEDULED ? TRI_YES : TRI_NO,
			.is_offline_access_code = s->with & ARITHMETIC ? TRI_YES : TRI_NO,
			.is_waiting_for_code_assignment = s->with & NO_PIN_YET ? TRI_YES : TRI_NO,
		},
		.deleted_at = s->with & TAKEN_OFF ? AT(-10) : INSTANT_NONE,
		.declared = s->declared,
		.change = s->with & CHANGING	     ? CHANGE_UNDER_WAY
			  : s->with & CHANGE_DENIED ? CHANGE_REFUSED
			  : s->with & REVOKING	     ? CHANGE_REVOKE
						     : CHANGE_NONE,
		.proof = s->proof,
		.backup = s->with & BACKUP_ASKED ? BACKUP_PULLED
			  : s->with & BACKUP_THERE ? BACKUP_SET
						   : BACKUP_NONE,
		.has_pin = !(s->with & (NO_PIN | NO_PIN_YET)),
		.native = s->with & NATIVE,
		.online = s->with & OFFLINE_LOCK ? TRI_NO : TRI_YES,
		.offline_since = s->with & OFFLINE_LOCK ? AT(-118) : INSTANT_NONE,
		.lock_severity = s->with & LOCK_ILL ? 3 : 0,
		.lock_worst = s->with & LOCK_ILL ? "account_disconnected" : NULL,
		.errors_own = failed,
		.severity = failed ? 3 : 0,
		.worst = failed ? "failed_to_set_on_device" : NULL,
		.error_at = s->with & FAILED ? AT(-2) : failed ? AT(-60) : INSTANT_NONE,
		.used_at = used ? AT(-5) : INSTANT_NONE,
		.last_used_at = used ? AT(-5) : INSTANT_NONE,
		.used_inferred = s->with & INFERRED,
	};
}

#define YES	  DECLARED_YES
#define SAID	  PROOF_NOT_SAID
#define NEW(name) name, 42, 3702, LONG_AGO
#define JIT	  0

static void an_arrival_is_ready_only_by_what_the_lock_has(void **state)
{
	static const struct {
		struct situation is;
		enum ready_verdict verdict;
		enum ready_reason reason;
		enum ready_lock lock;
		enum ready_provider provider;
	} row[] = {
		/* keyrackd says how sure it is. */
		{ { NEW("proven"), "setting", JIT, PROOF_PROVEN, YES },
		  READY_YES, BECAUSE_PROVEN, ON_LOCK_PROVEN, PROVIDER_SETTING },
		{ { NEW("proven, native"), "unset", NATIVE | SCHEDULED, PROOF_PROVEN, YES },
		  READY_YES, BECAUSE_PROVEN, ON_LOCK_PROVEN, PROVIDER_STORED },
		{ { NEW("acknowledged"), "set", JIT, PROOF_ACKNOWLEDGED, YES },
		  READY_YES, BECAUSE_ACKNOWLEDGED, ON_LOCK_ACKNOWLEDGED, PROVIDER_SET },
		{ { NEW("proven, lock away since"), "set", OFFLINE_LOCK, PROOF_PROVEN, YES },
		  READY_YES, BECAUSE_PROVEN, ON_LOCK_PROVEN, PROVIDER_SET },
		{ { NEW("set, no proof"), "set", JIT, PROOF_NONE, YES },
		  READY_UNPROVEN, BECAUSE_SILENT, ON_LOCK_UNKNOWN, PROVIDER_SET },
		{ { NEW("stored, no proof, an hour left"), "unset", NATIVE | SCHEDULED, PROOF_NONE, YES },
		  READY_AT_RISK, BECAUSE_SILENT, ON_LOCK_UNKNOWN, PROVIDER_STORED },
		{ { "set, no proof, ten minutes left", 10, 3702, LONG_AGO, "set", JIT, PROOF_NONE, YES },
		  READY_AT_RISK, BECAUSE_SILENT, ON_LOCK_UNKNOWN, PROVIDER_SET },
		{ { NEW("proven, but in trouble"), "set", FAILED, PROOF_PROVEN, YES },
		  READY_AT_RISK, BECAUSE_PROBLEM, ON_LOCK_PROVEN, PROVIDER_FAILED },
		/* Elsewhere the provider's word is all there is. */
		{ { NEW("set"), "set", JIT, SAID, YES },
		  READY_YES, BECAUSE_ACCEPTED, ON_LOCK_ACCEPTED, PROVIDER_SET },
		{ { NEW("stored"), "unset", NATIVE | SCHEDULED, SAID, YES },
		  READY_YES, BECAUSE_STORED, ON_LOCK_STORED, PROVIDER_STORED },
		{ { "stored, at its hour", 0, 3702, LONG_AGO, "unset", NATIVE | SCHEDULED, SAID, YES },
		  READY_YES, BECAUSE_STORED, ON_LOCK_STORED, PROVIDER_SETTING },
		{ { "stored, two days ahead", 2880, 4000, LONG_AGO, "unset", NATIVE | SCHEDULED, SAID, YES },
		  READY_YES, BECAUSE_STORED, ON_LOCK_STORED, PROVIDER_STORED },
		{ { NEW("set, lock away since"), "set", OFFLINE_LOCK, SAID, YES },
		  READY_YES, BECAUSE_ACCEPTED, ON_LOCK_ACCEPTED, PROVIDER_SET },
		{ { NEW("unknown"), "unknown", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_UNKNOWN, ON_LOCK_UNKNOWN, PROVIDER_UNKNOWN },
		{ { NEW("a word of the future"), "polished", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_UNKNOWN, ON_LOCK_UNKNOWN, PROVIDER_UNKNOWN },
		{ { "unknown, ten minutes left", 10, 3702, LONG_AGO, "unknown", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_UNKNOWN, ON_LOCK_UNKNOWN, PROVIDER_UNKNOWN },
		/* Time: an hour ahead without a schedule, three days with one. */
		{ { "a minute before it is due", 61, 3702, LONG_AGO, "unset", JIT, SAID, YES },
		  READY_WAITING, BECAUSE_NOT_DUE, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "due this minute", 60, 3702, LONG_AGO, "unset", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "due this minute, native", 72 * 60, 9000, LONG_AGO, "unset", NATIVE, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "not due, native", 72 * 60 + 1, 9000, LONG_AGO, "unset", NATIVE, SAID, YES },
		  READY_WAITING, BECAUSE_NOT_DUE, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "a day and not loaded, native", 1440, 9000, LONG_AGO, "unset", NATIVE, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "an hour and not loaded, native", 60, 9000, LONG_AGO, "unset", NATIVE, SAID, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "sixteen minutes left", 16, 3702, LONG_AGO, "unset", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "a quarter of an hour left", 15, 3702, LONG_AGO, "setting", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "its hour has come", 0, 3702, LONG_AGO, "unset", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "hours after its start", -240, 3702, LONG_AGO, "setting", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { NEW("being set"), "setting", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		/* Who has just been given a code at the desk is not at risk for it. */
		{ { "a walk-in, this minute", 0, 900, 0, "setting", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "a walk-in, four minutes ago", -4, 900, -4, "setting", JIT, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "a walk-in, five minutes ago", -5, 900, -5, "setting", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "booked for tonight, native", 30, 900, -2, "unset", NATIVE, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "booked for tonight, native, six minutes ago", 30, 900, -6, "unset", NATIVE, SAID, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { NEW("no PIN yet"), "setting", NO_PIN_YET, SAID, YES },
		  READY_UNPROVEN, BECAUSE_NO_PIN, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "no PIN yet, ten minutes left", 10, 3702, LONG_AGO, "setting", NO_PIN_YET, SAID, YES },
		  READY_AT_RISK, BECAUSE_NO_PIN, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		/* The lock is away, or its account. */
		{ { NEW("due, lock away"), "unset", OFFLINE_LOCK, SAID, YES },
		  READY_AT_RISK, BECAUSE_OFFLINE, ON_LOCK_OFFLINE, PROVIDER_TO_COME },
		{ { "not due, lock away", 117, 3702, LONG_AGO, "unset", OFFLINE_LOCK, SAID, YES },
		  READY_WAITING, BECAUSE_NOT_DUE, ON_LOCK_OFFLINE, PROVIDER_TO_COME },
		{ { "two days, lock away, native", 2880, 9000, LONG_AGO, "unset", NATIVE | OFFLINE_LOCK, SAID, YES },
		  READY_AT_RISK, BECAUSE_OFFLINE, ON_LOCK_OFFLINE, PROVIDER_TO_COME },
		{ { NEW("being set, lock away, no proof"), "setting", OFFLINE_LOCK, PROOF_NONE, YES },
		  READY_AT_RISK, BECAUSE_OFFLINE, ON_LOCK_OFFLINE, PROVIDER_SETTING },
		{ { NEW("due, account gone"), "unset", LOCK_ILL, SAID, YES },
		  READY_AT_RISK, BECAUSE_LOCK_PROBLEM, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { "not due, account gone", 117, 3702, LONG_AGO, "unset", LOCK_ILL, SAID, YES },
		  READY_WAITING, BECAUSE_NOT_DUE, ON_LOCK_NOT_THERE, PROVIDER_TO_COME },
		{ { NEW("set, account gone since"), "set", LOCK_ILL, SAID, YES },
		  READY_YES, BECAUSE_ACCEPTED, ON_LOCK_ACCEPTED, PROVIDER_SET },
		/* An error stands. */
		{ { NEW("failed"), "setting", FAILED, SAID, YES },
		  READY_AT_RISK, BECAUSE_PROBLEM, ON_LOCK_NOT_THERE, PROVIDER_FAILED },
		{ { "failed, days ahead", 4000, 9000, LONG_AGO, "unset", FAILED, SAID, YES },
		  READY_AT_RISK, BECAUSE_PROBLEM, ON_LOCK_NOT_THERE, PROVIDER_FAILED },
		{ { NEW("failed, lock away"), "unset", FAILED | OFFLINE_LOCK, SAID, YES },
		  READY_AT_RISK, BECAUSE_PROBLEM, ON_LOCK_OFFLINE, PROVIDER_FAILED },
		{ { NEW("failed, backup only asked for"), "unset", FAILED | BACKUP_ASKED, SAID, YES },
		  READY_AT_RISK, BECAUSE_PROBLEM, ON_LOCK_NOT_THERE, PROVIDER_FAILED },
		{ { NEW("failed, backup set"), "unset", FAILED | BACKUP_THERE, SAID, YES },
		  READY_YES, BECAUSE_BACKUP, ON_LOCK_NOT_THERE, PROVIDER_FAILED },
		/* Use proves, where it is known whose it was. */
		{ { "arrived", -60, 3702, LONG_AGO, "set", USED, SAID, YES },
		  READY_YES, BECAUSE_USED, ON_LOCK_USED, PROVIDER_SET },
		{ { "arrived, never confirmed", -60, 3702, LONG_AGO, "setting", USED, PROOF_NONE, YES },
		  READY_YES, BECAUSE_USED, ON_LOCK_USED, PROVIDER_SETTING },
		{ { "arrived after it had failed", -90, 3702, LONG_AGO, "setting", USED | FAILED_LONG_AGO, SAID, YES },
		  READY_YES, BECAUSE_USED, ON_LOCK_USED, PROVIDER_FAILED },
		{ { "arrived, then it failed", -60, 3702, LONG_AGO, "set", USED | FAILED, SAID, YES },
		  READY_AT_RISK, BECAUSE_PROBLEM, ON_LOCK_NOT_THERE, PROVIDER_FAILED },
		{ { "somebody came, by conclusion", -60, 3702, LONG_AGO, "setting", INFERRED, PROOF_NONE, YES },
		  READY_AT_RISK, BECAUSE_LATE, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		{ { "arrived, by conclusion", -60, 3702, LONG_AGO, "set", INFERRED, SAID, YES },
		  READY_YES, BECAUSE_ACCEPTED, ON_LOCK_ACCEPTED, PROVIDER_SET },
		/* Offline codes live in the lock's arithmetic. */
		{ { NEW("offline code"), "unset", ARITHMETIC, SAID, YES },
		  READY_YES, BECAUSE_COMPUTED, ON_LOCK_COMPUTED, PROVIDER_STORED },
		{ { NEW("offline code, keyrackd, lock away"), "unset", ARITHMETIC | OFFLINE_LOCK, PROOF_NONE, YES },
		  READY_YES, BECAUSE_COMPUTED, ON_LOCK_COMPUTED, PROVIDER_STORED },
		{ { NEW("offline code without its PIN"), "setting", ARITHMETIC | NO_PIN, SAID, YES },
		  READY_UNPROVEN, BECAUSE_SETTING, ON_LOCK_UNKNOWN, PROVIDER_SETTING },
		/* The outbox. */
		{ { NEW("queued"), NULL, JIT, SAID, DECLARED_QUEUED },
		  READY_UNPROVEN, BECAUSE_QUEUED, ON_LOCK_NOT_THERE, PROVIDER_NOTHING },
		{ { "queued, for tomorrow", 1200, 3702, -30, NULL, JIT, SAID, DECLARED_QUEUED },
		  READY_WAITING, BECAUSE_QUEUED, ON_LOCK_NOT_THERE, PROVIDER_NOTHING },
		{ { "queued a minute ago, from now", 0, 3702, -1, NULL, JIT, SAID, DECLARED_QUEUED },
		  READY_UNPROVEN, BECAUSE_QUEUED, ON_LOCK_NOT_THERE, PROVIDER_NOTHING },
		{ { "queued, ten minutes left", 10, 3702, -30, NULL, JIT, SAID, DECLARED_QUEUED },
		  READY_AT_RISK, BECAUSE_QUEUED, ON_LOCK_NOT_THERE, PROVIDER_NOTHING },
		{ { NEW("sending"), NULL, JIT, SAID, DECLARED_SENDING },
		  READY_UNPROVEN, BECAUSE_QUEUED, ON_LOCK_NOT_THERE, PROVIDER_NOTHING },
		{ { "refused, days ahead", 4000, 9000, -30, NULL, JIT, SAID, DECLARED_REFUSED },
		  READY_AT_RISK, BECAUSE_REFUSED, ON_LOCK_NOT_THERE, PROVIDER_NOTHING },
		{ { NEW("set, a change queued"), "set", CHANGING, PROOF_PROVEN, YES },
		  READY_UNPROVEN, BECAUSE_CHANGE, ON_LOCK_PROVEN, PROVIDER_SET },
		{ { NEW("set, a change refused"), "set", CHANGE_DENIED, PROOF_PROVEN, YES },
		  READY_AT_RISK, BECAUSE_CHANGE_REFUSED, ON_LOCK_PROVEN, PROVIDER_SET },
		{ { NEW("being revoked here"), "set", REVOKING, SAID, YES },
		  READY_REVOKED, BECAUSE_REVOKED, ON_LOCK_ACCEPTED, PROVIDER_SET },
		{ { NEW("being removed there"), "removing", JIT, SAID, YES },
		  READY_REVOKED, BECAUSE_REVOKED, ON_LOCK_UNKNOWN, PROVIDER_REMOVING },
		{ { "over again already", -240, -10, LONG_AGO, "set", JIT, SAID, YES },
		  READY_REMOVED, BECAUSE_OVER, ON_LOCK_UNKNOWN, PROVIDER_GONE },
	};

	(void)state;
	assert_true(G_N_ELEMENTS(row) >= 60);
	FOR_ROWS(i, row)
	{
		struct ready_facts f = facts_of(&row[i].is, false);
		struct ready r = ready_judge(&f, NOW);

		ROW_TEXT(row[i].is.name, ready_verdict_word(r.verdict), ready_verdict_word(row[i].verdict));
		ROW_INT(row[i].is.name, r.reason, row[i].reason);
		ROW_INT(row[i].is.name, r.lock, row[i].lock);
		ROW_TEXT(row[i].is.name, ready_provider_word(r.provider), ready_provider_word(row[i].provider));
		ROW_INT(row[i].is.name, r.declared, row[i].is.declared);
	}
}

static void a_departure_is_over_when_the_lock_is_free_of_it(void **state)
{
	static const struct {
		struct situation is;
		enum ready_verdict verdict;
		enum ready_reason reason;
		const char *text;
	} row[] = {
		{ { "comes and goes", 60, 402, LONG_AGO, "unset", JIT, SAID, YES }, READY_STAYING,
		  BECAUSE_NOT_BEGUN, "to come" },
		{ { "to come", -3000, 402, LONG_AGO, "set", JIT, SAID, YES },
		  READY_STAYING, BECAUSE_STAYING, "stays" },
		{ { "its last minute", -3000, 1, LONG_AGO, "set", JIT, SAID, YES },
		  READY_STAYING, BECAUSE_STAYING, "stays" },
		{ { "this minute", -3000, 0, LONG_AGO, "set", JIT, SAID, YES },
		  READY_LEAVING, BECAUSE_LEAVING, "leaving" },
		{ { "being removed", -3000, -4, LONG_AGO, "removing", JIT, SAID, YES },
		  READY_LEAVING, BECAUSE_LEAVING, "leaving" },
		{ { "five minutes and still there", -3000, -5, LONG_AGO, "removing", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_STILL_THERE, "AT RISK 5m" },
		{ { "two hours and still there", -3000, -130, LONG_AGO, "set", OFFLINE_LOCK, SAID, YES },
		  READY_AT_RISK, BECAUSE_STILL_THERE, "AT RISK 2h" },
		{ { "days and still there", -9000, -3000, LONG_AGO, "removing", FAILED, PROOF_PROVEN, YES },
		  READY_AT_RISK, BECAUSE_STILL_THERE, "AT RISK 2d" },
		{ { "acknowledged, still there", -3000, -130, LONG_AGO, "unset", JIT, PROOF_ACKNOWLEDGED, YES },
		  READY_AT_RISK, BECAUSE_STILL_THERE, "AT RISK 2h" },
		{ { "nobody can tell", -3000, -130, LONG_AGO, "unknown", JIT, SAID, YES },
		  READY_AT_RISK, BECAUSE_STILL_THERE, "AT RISK 2h" },
		{ { "removed", -3000, -130, LONG_AGO, "removing", TAKEN_OFF, SAID, YES },
		  READY_REMOVED, BECAUSE_REMOVED, "removed" },
		{ { "removed before its end", -3000, 130, LONG_AGO, "set", TAKEN_OFF, SAID, YES },
		  READY_REMOVED, BECAUSE_REMOVED, "removed" },
		{ { "never was there", -3000, -130, LONG_AGO, "unset", JIT, SAID, YES },
		  READY_REMOVED, BECAUSE_EXPIRED, "removed" },
		{ { "never was sent", -3000, -130, LONG_AGO, NULL, JIT, SAID, DECLARED_REFUSED },
		  READY_REMOVED, BECAUSE_EXPIRED, "removed" },
		{ { "offline code", -3000, -130, LONG_AGO, "set", ARITHMETIC, SAID, YES },
		  READY_REMOVED, BECAUSE_EXPIRED, "removed" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct ready_facts f = facts_of(&row[i].is, true);
		struct ready r = ready_judge(&f, NOW);
		g_autofree char *text = ready_verdict_text(&f, &r, false, zone_get("Europe/Berlin"), NOW);

		ROW_TEXT(row[i].is.name, ready_verdict_word(r.verdict), ready_verdict_word(row[i].verdict));
		ROW_INT(row[i].is.name, r.reason, row[i].reason);
		ROW_TEXT(row[i].is.name, text, row[i].text);
	}
}

static void the_reason_is_a_sentence(void **state)
{
	static const struct {
		struct situation is;
		bool departs;
		const char *words, *lock, *verdict;
	} row[] = {
		{ { "not due, at once", 117, 3702, LONG_AGO, "unset", JIT, SAID, YES },
		  false,
		  "Not due yet: it is loaded 22:15, 60 minutes before its start",
		  "not there",
		  "WAITING" },
		{ { "not due, native", 80 * 60, 9000, LONG_AGO, "unset", NATIVE, SAID, YES },
		  false,
		  "Not due yet: it is loaded tomorrow 05:18, 72 hours before its start",
		  "not there",
		  "WAITING" },
		{ { NEW("lock away"), "unset", OFFLINE_LOCK, SAID, YES },
		  false,
		  "Not on the lock, which is offline since 19:20",
		  "offline since 19:20",
		  "AT RISK" },
		{ { NEW("in trouble"), "unset", FAILED, SAID, YES },
		  false,
		  "The code could not be set",
		  "not there",
		  "AT RISK" },
		{ { NEW("by the provider's word"), "set", JIT, SAID, YES },
		  false,
		  "On the lock: the provider's word, nobody has read it back",
		  "accepted",
		  "READY" },
		{ { "arrived", -60, 3702, LONG_AGO, "set", USED, SAID, YES },
		  false,
		  "Proven by use: it opened this door at 21:13",
		  "used 21:13",
		  "arrived 21:13" },
		{ { "arrived, by conclusion", -60, 3702, LONG_AGO, "set", INFERRED, SAID, YES },
		  false,
		  "On the lock: the provider's word, nobody has read it back",
		  "accepted",
		  "arrived 21:13?" },
		{ { "still there", -3000, -130, LONG_AGO, "set", JIT, SAID, YES },
		  true,
		  "Still on the lock 2 h 10 m after its end: it may still open the door",
		  "nothing known",
		  "AT RISK 2h" },
		{ { "still there, native", -3000, -130, LONG_AGO, "set", NATIVE, SAID, YES },
		  true,
		  "Still on the lock 2 h 10 m after its end; the lock keeps the end itself, but has not "
		  "freed its place",
		  "nothing known",
		  "AT RISK 2h" },
	};
	const struct zone *z = zone_get("Europe/Berlin");

	(void)state;
	FOR_ROWS(i, row)
	{
		struct ready_facts f = facts_of(&row[i].is, row[i].departs);
		struct ready r = ready_judge(&f, NOW);
		g_autofree char *words = ready_words(&f, &r, z, NOW), *lock = ready_lock_word(&f, &r, false, z, NOW),
				*verdict = ready_verdict_text(&f, &r, false, z, NOW);

		ROW_TEXT(row[i].is.name, words, row[i].words);
		ROW_TEXT(row[i].is.name, lock, row[i].lock);
		ROW_TEXT(row[i].is.name, verdict, row[i].verdict);
	}
}

static void the_window_has_four_words(void **state)
{
	static const struct {
		int from, until;
		const char *word;
	} row[] = {
		{ 181, 3702, "later" }, { 180, 3702, "soon" }, { 1, 3702, "soon" },	  { 0, 3702, "open" },
		{ -60, 1, "open" },	{ -60, 0, "over" },    { NEVER, 60, "open" },	  { -60, NEVER, "open" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct situation s = { "window", row[i].from, row[i].until, LONG_AGO, "set", JIT, SAID, YES };
		struct ready_facts f = facts_of(&s, false);

		ROW_TEXT(row[i].word, ready_window_word(ready_judge(&f, NOW).window), row[i].word);
	}
}

/* Until five it is the evening before; on the nights of the clock change too. */
static void a_night_belongs_to_its_evening(void **state)
{
	static const struct {
		const char *t;
		int days;
		const char *from, *until;
	} row[] = {
		{ "2026-11-22T20:18:00Z", 0, "2026-11-22T04:00:00.000Z", "2026-11-23T04:00:00.000Z" },
		{ "2026-11-23T03:59:59Z", 0, "2026-11-22T04:00:00.000Z", "2026-11-23T04:00:00.000Z" },
		{ "2026-11-23T04:00:00Z", 0, "2026-11-23T04:00:00.000Z", "2026-11-24T04:00:00.000Z" },
		{ "2026-11-22T23:30:00Z", 0, "2026-11-22T04:00:00.000Z", "2026-11-23T04:00:00.000Z" },
		{ "2026-11-22T20:18:00Z", 1, "2026-11-23T04:00:00.000Z", "2026-11-24T04:00:00.000Z" },
		{ "2026-11-22T20:18:00Z", -1, "2026-11-21T04:00:00.000Z", "2026-11-22T04:00:00.000Z" },
		{ "2026-11-30T20:00:00Z", 1, "2026-12-01T04:00:00.000Z", "2026-12-02T04:00:00.000Z" },
		{ "2027-01-01T02:00:00Z", 0, "2026-12-31T04:00:00.000Z", "2027-01-01T04:00:00.000Z" },
		/* 25 October 2026 has 25 hours, 28 March 2027 has 23. */
		{ "2026-10-25T00:30:00Z", 0, "2026-10-24T03:00:00.000Z", "2026-10-25T04:00:00.000Z" },
		{ "2027-03-28T00:30:00Z", 0, "2027-03-27T04:00:00.000Z", "2027-03-28T03:00:00.000Z" },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		char from_text[INSTANT_TEXT_MAX], until_text[INSTANT_TEXT_MAX];
		struct instant t, from, until;

		assert_true(instant_parse(row[i].t, -1, &t));
		ready_day(zone_get("Europe/Berlin"), t, row[i].days, &from, &until);
		ROW_TEXT(row[i].t, instant_format(from, from_text), row[i].from);
		ROW_TEXT(row[i].t, instant_format(until, until_text), row[i].until);
	}
}

/* The start is at 00:00 of an imaginary clock that counts minutes. */
static void an_alarm_comes_at_its_minute_and_once(void **state)
{
	static const struct {
		const char *name;
		int made, seconds; /* minutes before the start it was made; seconds before the start it is now */
		unsigned with;
		const char *status;
		enum ready_stage told, want;
	} row[] = {
		{ "native, before its loading", 10000, 72 * 3600 + 1, NATIVE, "unset", STAGE_NONE, STAGE_NONE },
		{ "native, while it is being loaded", 10000, 72 * 3600 - 299, NATIVE, "unset", STAGE_NONE,
		  STAGE_NONE },
		{ "native, loading has had its grace", 10000, 72 * 3600 - 300, NATIVE, "unset", STAGE_NONE,
		  STAGE_LOAD },
		{ "native, told", 10000, 72 * 3600 - 301, NATIVE, "unset", STAGE_LOAD, STAGE_NONE },
		{ "native, loaded", 10000, 72 * 3600 - 300, NATIVE | SCHEDULED, "unset", STAGE_NONE, STAGE_NONE },
		{ "native, a second before the hour", 10000, 3601, NATIVE, "unset", STAGE_LOAD, STAGE_NONE },
		{ "native, the hour", 10000, 3600, NATIVE, "unset", STAGE_LOAD, STAGE_HOUR },
		{ "native, the hour, nothing told before", 10000, 3600, NATIVE, "unset", STAGE_NONE, STAGE_HOUR },
		{ "native, the hour was told", 10000, 3000, NATIVE, "unset", STAGE_HOUR, STAGE_NONE },
		{ "native, a second before the quarter", 10000, 901, NATIVE, "unset", STAGE_HOUR, STAGE_NONE },
		{ "native, the quarter", 10000, 900, NATIVE, "unset", STAGE_HOUR, STAGE_QUARTER },
		{ "native, all told", 10000, 0, NATIVE, "unset", STAGE_QUARTER, STAGE_NONE },
		{ "just in time, the hour", 10000, 3600, 0, "unset", STAGE_NONE, STAGE_NONE },
		{ "just in time, within its grace", 10000, 3301, 0, "unset", STAGE_NONE, STAGE_NONE },
		{ "just in time, after its grace", 10000, 3300, 0, "unset", STAGE_NONE, STAGE_LOAD },
		{ "just in time, told", 10000, 3240, 0, "setting", STAGE_LOAD, STAGE_NONE },
		{ "just in time, a second before the quarter", 10000, 901, 0, "setting", STAGE_LOAD, STAGE_NONE },
		{ "just in time, the quarter", 10000, 900, 0, "setting", STAGE_LOAD, STAGE_QUARTER },
		{ "just in time, set", 10000, 900, 0, "set", STAGE_LOAD, STAGE_NONE },
		{ "just in time, set and failed", 10000, 900, FAILED, "set", STAGE_LOAD, STAGE_QUARTER },
		{ "failed days ahead: no stage yet", 10000, 80 * 3600, FAILED | NATIVE, "unset", STAGE_NONE,
		  STAGE_NONE },
		{ "this console was closed meanwhile", 10000, -600, 0, "setting", STAGE_NONE, STAGE_QUARTER },
		{ "a walk-in, within its grace", 0, -299, 0, "setting", STAGE_NONE, STAGE_NONE },
		{ "a walk-in, after its grace", 0, -300, 0, "setting", STAGE_NONE, STAGE_QUARTER },
		{ "booked within the hour, native", 30, 1501, NATIVE, "unset", STAGE_NONE, STAGE_NONE },
		{ "booked within the hour, native, after its grace", 30, 1500, NATIVE, "unset", STAGE_NONE,
		  STAGE_HOUR },
		{ "over before anybody looked", 10000, -7200, 0, "setting", STAGE_NONE, STAGE_NONE },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		struct situation s = { row[i].name, 0, 90, -row[i].made, row[i].status, row[i].with, SAID, YES };
		struct ready_facts f = facts_of(&s, false);
		struct instant now = instant_add_ms(NOW, -row[i].seconds * SECOND_MS);

		f.error_at = INSTANT_NONE;
		ROW_INT(row[i].name, ready_alarm(&f, now, row[i].told), row[i].want);
	}
}

static void a_guest_with_three_doors_is_told_of_once(void **state)
{
	struct situation late = { "late", 10, 900, LONG_AGO, "setting", JIT, SAID, YES },
			 fine = { "fine", 10, 900, LONG_AGO, "set", JIT, SAID, YES };
	struct ready_facts a = facts_of(&late, false), b = facts_of(&fine, false);
	const struct ready_facts *codes[] = { &a, &b, &a, &b };
	const size_t guest[] = { 0, 0, 0, 1 };
	enum ready_stage told[2] = { STAGE_LOAD, STAGE_NONE }, alarms[2];

	(void)state;
	ready_alarms(codes, guest, 4, NOW, told, alarms, 2);
	assert_int_equal(alarms[0], STAGE_QUARTER);
	assert_int_equal(alarms[1], STAGE_NONE);
	assert_int_equal(told[0], STAGE_QUARTER);
	assert_int_equal(told[1], STAGE_NONE);
	ready_alarms(codes, guest, 4, NOW, told, alarms, 2);
	assert_int_equal(alarms[0], STAGE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arrival_is_ready_only_by_what_the_lock_has),
		cmocka_unit_test(a_departure_is_over_when_the_lock_is_free_of_it),
		cmocka_unit_test(the_reason_is_a_sentence),
		cmocka_unit_test(the_window_has_four_words),
		cmocka_unit_test(a_night_belongs_to_its_evening),
		cmocka_unit_test(an_alarm_comes_at_its_minute_and_once),
		cmocka_unit_test(a_guest_with_three_doors_is_told_of_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
