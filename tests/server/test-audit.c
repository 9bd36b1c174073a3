/* test-audit - who did what, and what keyrackd decided, in a chain that is whole. */
#include "config.h"

#include "tests/server/rig.h"

#include <glib/gstdio.h>

#define DOOR "[lock Door]\ntype = august_lock\n"
#define PIN  "482193"

static char *chain(struct rig *r)
{
	OWN(store_list) struct store_list *l = store_audit_lines(r->store, 0, 0, NULL);
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; l && i < l->rows->len; i++) {
		const struct store_audit *a = store_at(l, struct store_audit, i);

		audit_whole(out, a->line, a->hash);
		g_string_append_c(out, '\n');
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static struct audit_report verified_with(struct rig *r, const char *key)
{
	g_autofree char *text = chain(r);
	struct audit_report report;
	FILE *f = tmpfile();

	fputs(text, f);
	rewind(f);
	audit_verify(f, key, NULL, &report);
	fclose(f);
	return report;
}

static struct audit_report verified(struct rig *r)
{
	return verified_with(r, NULL);
}

/* The lines of this kind that have all the words (separated by a blank). */
static int count(struct rig *r, const char *kind, const char *words)
{
	g_autofree char *text = chain(r), *mark = g_strdup_printf("\"kind\":\"%s\"", kind);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1), each = g_strsplit(words, " ", -1);
	int n = 0;

	for (char **line = lines; *line; line++) {
		bool has = strstr(*line, mark) != NULL;

		for (char **w = each; has && *w; w++)
			has = strstr(*line, *w) != NULL;
		n += has;
	}
	return n;
}

static char *make_code(struct rig *r)
{
	const json_t *a = rig_ok(r, "POST /access_codes/create",
				 "{'device_id':'%s','code':'" PIN "','name':'Berg, Anna'}", rig_device(r, "Door"));

	return g_strdup(rig_text(a, "access_code.access_code_id"));
}

static void an_act_its_decisions_and_events(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOOR);
	g_autofree char *id = NULL, *about = NULL, *text = NULL;
	struct audit_report report;

	(void)state;
	r->as = r->desk_key;
	id = make_code(r);
	rig_advance(r, 5 * MINUTE_MS);
	rig_ok(r, "POST /access_codes/delete", "{'access_code_id':'%s'}", id);
	rig_advance(r, 5 * MINUTE_MS);
	about = g_strdup_printf("\"access_code_id\":\"%s\"", id);
	report = verified(r);
	ROW_INT("chain", report.verdict, AUDIT_WHOLE);
	ROW_INT("created", count(r, "act", "/access_codes/create \"code\":\"(not kept)\""), 1);
	ROW_INT("deleted", count(r, "act", "/access_codes/delete"), 1);
	ROW_INT("set", count(r, "event", "access_code.set_on_device"), 1);
	ROW_INT("gone", count(r, "event", "access_code.deleted"), 1);
	if (count(r, "decision", about) < 2)
		fail_msg("too few decisions about the code");
	text = chain(r);
	assert_null(strstr(text, PIN));
	assert_null(strstr(text, "Berg"));
	g_autofree char *who = g_strndup(r->desk_key + strlen("seam_"), 8);
	g_autofree char *by = g_strdup_printf("\"who\":\"%s\"", who);
	ROW_INT("by whom", count(r, "act", by), 2);
}

/* How often the chain has it once the request is over. */
static void what_is_refused_is_noted(void **state)
{
	static const struct {
		const char *name, *path, *body;
		bool as_reader;
		int status;
		const char *type, *mark;
		int acts;
	} rows[] = {
		{ "too low a role", "/access_codes/create", "{'device_id':'x'}", true, 403,
		  "insufficient_permissions", "\"refused\":\"insufficient_permissions\"", 1 },
		{ "not there", "/access_codes/delete", "{'access_code_id':'x'}", false, 404,
		  "access_code_not_found", "\"refused\":\"access_code_not_found\"", 1 },
		{ "no such parameter", "/access_codes/delete", "{}", false, 400, "invalid_input",
		  "\"refused\":\"invalid_input\"", 1 },
		{ "a question", "/access_codes/get", "{'access_code_id':'x'}", true, 404, "access_code_not_found",
		  "/access_codes/get", 0 },
	};

	(void)state;
	FOR_ROWS (i, rows) {
		OWN(rig) struct rig *r = rig_new(DOOR);
		g_autofree char *what = g_strconcat("POST ", rows[i].path, NULL);

		r->as = rows[i].as_reader ? r->read_key : r->desk_key;
		rig_refused(r, rows[i].status, rows[i].type, what, "%s", rows[i].body);
		ROW_INT(rows[i].name, count(r, "act", rows[i].mark), rows[i].acts);
		ROW_INT(rows[i].name, verified(r).verdict, AUDIT_WHOLE);
	}
}

/* What the desk says of its operator stands beside the key, and is bounded and plain whatever it is. */
static void who_stood_at_the_desk_is_noted(void **state)
{
	g_autofree char *long_name = g_strnfill(200, 'x'), *cut = g_strnfill(40, 'x'), *huge = g_strnfill(601, 'x');
	g_autofree char *cut_mark = g_strdup_printf("\"operator\":\"%s\"", cut);
	const struct {
		const char *name, *header, *mark;
	} rows[] = {
		{ "none", NULL, NULL },
		{ "empty", "", NULL },
		{ "plain", "Ines", "\"operator\":\"Ines\"" },
		{ "encoded", "In%C3%A9s", "\"operator\":\"In\303\251s\"" },
		{ "an escape sequence", "a%1b%5b2Jb", "\"operator\":\"a" },
		{ "no UTF-8", "a%ff", NULL },
		{ "a broken escape", "a%", NULL },
		{ "a NUL", "a%00b", NULL },
		{ "long", long_name, cut_mark },
		{ "far too long", huge, NULL },
	};

	(void)state;
	FOR_ROWS (i, rows) {
		OWN(rig) struct rig *r = rig_new(DOOR);
		g_autofree char *text = NULL;

		r->operator_name = rows[i].header;
		r->user = "1000 anna";
		rig_call(r, "POST /access_codes/delete", "{'access_code_id':'x'}");
		text = chain(r);
		ROW_INT(rows[i].name, strchr(text, '\033') != NULL || strstr(text, "\\u001b") != NULL, false);
		ROW_INT(rows[i].name, strstr(text, "\"operator\"") != NULL, rows[i].mark != NULL);
		ROW_INT(rows[i].name, count(r, "act", "\"user\":\"1000"), 1);
		if (rows[i].mark && !strstr(text, rows[i].mark))
			fail_msg("%s: no %s in %s", rows[i].name, rows[i].mark, text);
		ROW_INT(rows[i].name, verified(r).verdict, AUDIT_WHOLE);
	}
}

/* Of nobody who has shown no key is anything written down. */
static void strangers_fill_nothing(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOOR);
	int64_t before;

	(void)state;
	before = verified(r).last;
	r->as = "seam_11111111_111111111111111111111111";
	rig_refused(r, 401, "unauthorized", "POST /access_codes/create", "{'device_id':'x'}");
	ROW_INT("records", verified(r).last, before);
}

static void rows_of_the_server_are_noted_ahead(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOOR);

	(void)state;
	rig_ok(r, "POST /webhooks/create", "{'url':'https://127.0.0.1:9/x'}");
	ROW_INT("made", count(r, "act", "/webhooks/create"), 1);
	rig_ok(r, "POST /workspaces/update", "{'name':'Harbour'}");
	ROW_INT("renamed", count(r, "act", "/workspaces/update"), 1);
}

static void it_goes_on_after_a_kill(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOOR);
	int64_t before;

	(void)state;
	g_free(make_code(r));
	before = verified(r).last;
	rig_kill(r);
	rig_reopen(r);
	ROW_INT("whole", verified(r).verdict, AUDIT_WHOLE);
	ROW_INT("starts", count(r, "start", "version"), 2);
	if (verified(r).last <= before)
		fail_msg("nothing was added");
}

static void a_day_is_sealed_when_it_is_over(void **state)
{
	g_autofree char *folder = g_dir_make_tmp("audit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "key", NULL), *pub = g_strconcat(path, ".pub", NULL);
	OWN(audit_signer) struct audit_signer *signer = audit_signer_open(path, NULL);
	struct rig_options how = { .signer = signer };
	struct rig *r = rig_new_with(DOOR, &how);

	(void)state;
	g_free(make_code(r));
	ROW_INT("the same day", count(r, "seal", ""), 0);
	rig_until(r, "2026-01-05T23:59:59Z");
	ROW_INT("the last second", count(r, "seal", ""), 0);
	rig_until(r, "2026-01-06T00:00:01Z");
	ROW_INT("the next day", count(r, "seal", ""), 1);
	ROW_INT("the chain", verified(r).verdict, AUDIT_WHOLE);
	ROW_INT("seals that hold", verified(r).seals, 1);
	rig_until(r, "2026-01-16T12:00:00Z");
	ROW_INT("the chain later", verified(r).verdict, AUDIT_WHOLE);
	if (verified(r).seals > 11)
		fail_msg("days on which nothing happened were sealed");
	rig_free(r);
	g_unlink(path);
	g_unlink(pub);
	g_rmdir(folder);
}

/* keyrackd was down over midnight, and a key was made meanwhile: at its start it seals the day that was left open. */
static void a_key_of_a_later_day_leaves_no_day_unsealed(void **state)
{
	g_autofree char *folder = g_dir_make_tmp("audit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "key", NULL), *pub = g_strconcat(path, ".pub", NULL);
	OWN(audit_signer) struct audit_signer *signer = audit_signer_open(path, NULL);
	struct rig_options how = { .signer = signer };
	struct rig *r = rig_new_with(DOOR, &how);
	g_autofree char *public = NULL;
	struct audit_record key = { .kind = AUDIT_KEY, .who = "anna", .body = "{\"act\":\"created\"}" };

	(void)state;
	assert_true(g_file_get_contents(pub, &public, NULL, NULL));
	g_strstrip(public);
	g_free(make_code(r));
	rig_kill(r);
	clock_advance(r->clock, DAY_MS);
	key.at = clock_now(r->clock);
	r->store = store_open(r->url, NULL);
	assert_true(store_add_audit(r->store, &key, NULL));
	assert_true(store_add_audit(r->store, &key, NULL));
	ROW_INT("before the start", verified_with(r, public).verdict, AUDIT_UNSEALED);
	store_close(r->store);
	rig_reopen(r);
	ROW_INT("after it", verified_with(r, public).verdict, AUDIT_WHOLE);
	ROW_INT("seals", verified(r).seals, 1);
	rig_free(r);
	g_unlink(path);
	g_unlink(pub);
	g_rmdir(folder);
}

/* Days that nobody needs any more go, and the chain that is left is whole and says so; keyrackd goes on with it. */
static void what_is_old_is_put_away(void **state)
{
	g_autofree char *folder = g_dir_make_tmp("audit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "key", NULL), *pub = g_strconcat(path, ".pub", NULL);
	OWN(audit_signer) struct audit_signer *signer = audit_signer_open(path, NULL);
	struct rig_options how = { .signer = signer };
	struct rig *r = rig_new_with(DOOR, &how);
	struct instant now;
	struct audit_head gone;
	struct audit_report report;
	int64_t last;

	(void)state;
	g_free(make_code(r));
	now = clock_now(r->clock);
	assert_true(store_prune_audit(r->store, signer, "anna", now, now, &gone, NULL));
	ROW_INT("before there is a seal", gone.no, 0);
	for (int day = 0; day < 3; day++) {
		rig_advance(r, DAY_MS);
		rig_ok(r, "POST /workspaces/update", "{'name':'Harbour %d'}", day);
	}
	now = clock_now(r->clock);
	assert_true(store_prune_audit(r->store, signer, "anna", instant_add_ms(now, -DAY_MS), now, &gone, NULL));
	assert_true(gone.no > 0);
	report = verified(r);
	ROW_INT("the rest", report.verdict, AUDIT_WHOLE);
	ROW_INT("what is gone", report.cut, gone.no);
	ROW_INT("its first", report.first, gone.no + 1);
	ROW_INT("who", count(r, "cut", "\"who\":\"anna\""), 1);
	last = report.last;
	assert_true(store_prune_audit(r->store, signer, "anna", instant_add_ms(now, -DAY_MS), now, &gone, NULL));
	ROW_INT("once more", gone.no, 0);
	rig_kill(r);
	rig_reopen(r);
	rig_advance(r, 2 * DAY_MS);
	rig_ok(r, "POST /workspaces/update", "{'name':'Harbour'}");
	report = verified(r);
	ROW_INT("later", report.verdict, AUDIT_WHOLE);
	assert_true(report.last > last);
	/* A second cut: that of the first is put away with it. */
	now = clock_now(r->clock);
	assert_true(store_prune_audit(r->store, signer, "anna", now, now, &gone, NULL));
	assert_true(gone.no > last);
	ROW_INT("twice", verified(r).verdict, AUDIT_WHOLE);
	rig_free(r);
	g_unlink(path);
	g_unlink(pub);
	g_rmdir(folder);
}

/* The head that a transaction keeps goes with it. */
static void what_is_taken_back_is_no_head(void **state)
{
	OWN(rig) struct rig *r = rig_new(DOOR);
	struct audit_head before, after;

	(void)state;
	assert_true(store_audit_head(r->store, &before, NULL));
	assert_true(store_begin(r->store, NULL));
	assert_true(store_add_audit(r->store, &(struct audit_record){ .at = at(RIG_NOON), .kind = "event", .who = "x",
									.body = "{}" }, NULL));
	assert_true(store_audit_head(r->store, &after, NULL));
	ROW_INT("within", after.no, before.no + 1);
	store_rollback(r->store);
	assert_true(store_audit_head(r->store, &after, NULL));
	ROW_INT("taken back", after.no, before.no);
	assert_memory_equal(after.hash, before.hash, sizeof after.hash);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_act_its_decisions_and_events),
		cmocka_unit_test(what_is_refused_is_noted),
		cmocka_unit_test(who_stood_at_the_desk_is_noted),
		cmocka_unit_test(strangers_fill_nothing),
		cmocka_unit_test(rows_of_the_server_are_noted_ahead),
		cmocka_unit_test(it_goes_on_after_a_kill),
		cmocka_unit_test(a_day_is_sealed_when_it_is_over),
		cmocka_unit_test(a_key_of_a_later_day_leaves_no_day_unsealed),
		cmocka_unit_test(what_is_old_is_put_away),
		cmocka_unit_test(what_is_taken_back_is_no_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
