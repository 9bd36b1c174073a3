/* rig - a whole keyrackd without sockets for a test: locks, clock, store, engine, server, keys.
 *
 *   static void a_code_is_made(void **state)
 *   {
 *           OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = august_lock\n");
 *           const json_t *a = rig_ok(r, "POST /access_codes/create",
 *                                    "{'device_id':'%s','code':'4821'}", rig_device(r, "Door"));
 *
 *           assert_text(rig_text(a, "access_code.status"), "unset");
 *           rig_advance(r, MINUTE_MS);
 *           ...
 *
 * The clock stands at 2026-01-05T12:00:00Z, a minute after the locks were first met. Bodies are
 * JSON with ' for ", printf-wise; NULL: none. Answers live as long as the rig. */
#ifndef KEYRACK_TESTS_SERVER_RIG_H
#define KEYRACK_TESTS_SERVER_RIG_H

#include "tests/core/rows.h"

#include <jansson.h>

#include "drivers/simulated.h"
#include "server/server.h"

#define RIG_NOON      "2026-01-05T12:00:00Z"
#define RIG_WORKSPACE "7f9d3a52-0000-4000-8000-000000000001"

struct rig_options {
	const char *property_path; /* a property file, instead of text */
	uint64_t seed;             /* 0: 7 */
	bool people, rate_limits;
	bool real;                 /* the server is not told that the locks are simulated */
	const struct audit_signer *signer; /* of the audit; lent; NULL: no seals */
	int backup_pool_size;
};

struct rig {
	struct clock *clock;
	struct driver *driver;
	struct store *store;
	struct engine *engine;
	struct server *server;
	char *key, *desk_key, *read_key; /* admin, desk, read */
	/* of the next request; rig_new sets the admin's key */
	const char *as;            /* a key, or NULL for none */
	const char *peer;
	const char *user;          /* of the machine; NULL */
	const char *operator_name; /* header keyrack-operator; NULL */
	const char *workspace;     /* header seam-workspace; NULL */
	/* of the last answer */
	int status, retry_after_s;
	char *text, *allow, *content_type, *request_id;
	bool answered;             /* false: it waits, see call */
	struct call *call;
	/* the rig's own */
	struct rig_options opt;
	char *folder, *property, *url, *memory;
	GPtrArray *answers;        /* json_t */
	GHashTable *devices;       /* name -> id */
};

/* property: the file's text without [property]; times are of Europe/Berlin. */
struct rig *rig_new(const char *property);
struct rig *rig_new_with(const char *property, const struct rig_options *opt);
void rig_free(struct rig *r);
DEFINE_OWN(struct rig, rig, rig_free)

/* "POST /path?query". Its answer, whatever the status (r->status); NULL: it waits, or is no JSON. */
G_GNUC_PRINTF(3, 4)
const json_t *rig_call(struct rig *r, const char *what, const char *body, ...);
/* The same, and fails the test unless it is 200. */
G_GNUC_PRINTF(3, 4)
const json_t *rig_ok(struct rig *r, const char *what, const char *body, ...);
/* The same, and fails the test unless it is this status and this error type. */
G_GNUC_PRINTF(5, 6)
const json_t *rig_refused(struct rig *r, int status, const char *type, const char *what,
			  const char *body, ...);
/* The body as it is, of any bytes and type. */
const json_t *rig_raw(struct rig *r, const char *what, const char *content_type, const char *body,
		      size_t len);
/* What a call that waits was answered with meanwhile; NULL: nothing yet. */
const json_t *rig_later(struct rig *r);

/* "access_code.errors.0.error_code": a string, or any other value as JSON; NULL: not there. */
const char *rig_text(const json_t *answer, const char *path);
/* How many elements the array there has; -1: there is none. */
int rig_count(const json_t *answer, const char *path);

const char *rig_device(struct rig *r, const char *name); /* its id */
void rig_advance(struct rig *r, int64_t ms);
void rig_until(struct rig *r, const char *iso);
/* As kill -9: nothing is finished. Then the same store, locks and keys again. */
void rig_kill(struct rig *r);
void rig_reopen(struct rig *r);

#define assert_text(got, want) ROW_TEXT(#got, got, want)

#endif
