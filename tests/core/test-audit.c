/* test-audit - a chain that was touched says where; a seal says who made it. */
#include "tests/core/rows.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "core/audit.h"
#include "core/error.h"
#include "tests/hostile/tame.h"

enum { RECORDS = 6, SEAL = 5 }; /* 1 to 4, their seal, and one after it */

struct place {
	char *folder, *key, *pub;
	char open_half[AUDIT_HEX];
	GPtrArray *lines; /* of char *: a whole chain */
	struct audit_head heads[RECORDS + 2]; /* and a cut */
};

static void add_at(struct place *p, const char *kind, const char *body, struct instant t)
{
	struct audit_head *head = &p->heads[p->lines->len + 1];
	struct audit_record r = { .no = p->lines->len + 1,
				  .at = t,
				  .kind = kind,
				  .who = "desk\"1",
				  .body = body };
	g_autoptr(GString) line = g_string_new(NULL), whole = g_string_new(NULL);

	*head = p->heads[p->lines->len];
	audit_line(line, &r);
	audit_link(head, line->str, line->len);
	audit_whole(whole, line->str, head->hash);
	g_ptr_array_add(p->lines, g_string_free(g_steal_pointer(&whole), FALSE));
}

static void add(struct place *p, const char *kind, const char *body)
{
	add_at(p, kind, body, at("2026-01-05T12:00:00Z"));
}

static void learn_open_half(struct place *p)
{
	g_autofree char *text = NULL;

	assert_true(g_file_get_contents(p->pub, &text, NULL, NULL));
	g_strlcpy(p->open_half, text, sizeof p->open_half);
}

static int up(void **state)
{
	struct place *p = g_new0(struct place, 1);
	OWN(audit_signer) struct audit_signer *signer = NULL;

	p->folder = g_dir_make_tmp("audit-XXXXXX", NULL);
	p->key = g_build_filename(p->folder, "audit.key", NULL);
	p->pub = g_strconcat(p->key, ".pub", NULL);
	p->lines = g_ptr_array_new_with_free_func(g_free);
	signer = audit_signer_open(p->key, NULL);
	assert_non_null(signer);
	learn_open_half(p);
	for (int i = 1; i < SEAL; i++)
		add(p, i == 2 ? "act" : "event", i == 2 ? "{\"path\":\"/seal\\\",\\\"seal\"}" : "{\"a\":[1,2]}");
	g_autofree char *seal = audit_seal(signer, &p->heads[SEAL - 1]);
	add(p, "seal", seal);
	add(p, "event", "{}");
	*state = p;
	return 0;
}

static int down(void **state)
{
	struct place *p = *state;

	g_unlink(p->key);
	g_unlink(p->pub);
	g_rmdir(p->folder);
	g_ptr_array_unref(p->lines);
	g_free(p->key);
	g_free(p->pub);
	g_free(p->folder);
	g_free(p);
	return 0;
}

static void verify(const char *text, const char *key, const struct audit_head *expect, struct audit_report *r)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	fputs(text, f);
	rewind(f);
	audit_verify(f, key, expect, r);
	fclose(f);
}

static char *joined(const struct place *p, int from, int to)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = from; i <= to; i++)
		g_string_append_printf(text, "%s\n", (char *)p->lines->pdata[i - 1]);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void test_a_whole_one(void **state)
{
	struct place *p = *state;
	g_autofree char *text = joined(p, 1, RECORDS), *words = NULL, *unknown = NULL;
	struct audit_report r;

	verify(text, p->open_half, &p->heads[RECORDS], &r);
	words = audit_words(&r);
	assert_int_equal(r.verdict, AUDIT_WHOLE);
	assert_int_equal(r.last, RECORDS);
	assert_int_equal(r.seals, 1);
	assert_int_equal(r.sealed, SEAL - 1);
	assert_memory_equal(r.head.hash, p->heads[RECORDS].hash, AUDIT_HASH_BYTES);
	assert_non_null(strstr(words, "6 records, whole. Sealed up to record 4 on 2026-01-05T12:00:00"));
	verify(text, NULL, NULL, &r);
	unknown = audit_words(&r);
	assert_int_equal(r.verdict, AUDIT_WHOLE);
	assert_non_null(strstr(unknown, "nobody vouches"));
}

static void assert_seen(const struct place *p, const char *text, int64_t record, const char *where)
{
	struct audit_report r;

	verify(text, p->open_half, NULL, &r);
	if (r.verdict == AUDIT_WHOLE || r.no != record)
		fail_msg("before '%.20s': verdict %d, record %" PRId64 " instead of %" PRId64, where, (int)r.verdict,
			 r.no, record);
}

/* Whatever byte of it is another one, also only a capital instead of a small letter, the record is named in
 * which it stands. */
static void test_each_byte_counts(void **state)
{
	struct place *p = *state;
	g_autofree char *text = joined(p, 1, RECORDS);
	int64_t record = 1;

	for (char *c = text; *c; c++) {
		char was = *c;

		if (was == '\n') {
			record++;
			continue;
		}
		*c = was == 'x' ? 'y' : 'x';
		assert_seen(p, text, record, c);
		*c = (char)(was ^ 0x20);
		assert_seen(p, text, record, c);
		*c = was;
	}
}

/* One that is known by what is done to the lines. */
static void test_what_was_done(void **state)
{
	struct place *p = *state;
	static const struct {
		const char *name;
		int order[RECORDS + 2]; /* lines of the file by number; 0 ends */
		bool with_head;
		enum audit_verdict verdict;
		int64_t no;
		const char *words;
	} rows[] = {
		{ "nothing in it", { 0 }, false, AUDIT_EMPTY, 0, "no record" },
		{ "one dropped", { 1, 2, 4, 5, 6 }, false, AUDIT_MISSING, 3, "Record 3 is missing: line 3" },
		{ "the first dropped", { 2, 3, 4, 5, 6 }, false, AUDIT_MISSING, 1, "Record 1 is missing" },
		{ "two changed places", { 1, 3, 2, 4, 5, 6 }, false, AUDIT_MISSING, 2, "Record 2 is missing" },
		{ "one twice", { 1, 2, 2, 3, 4, 5, 6 }, false, AUDIT_ALTERED, 3, "Record 3 (line 3) was altered" },
		{ "cut off, and nobody knows", { 1, 2, 3 }, false, AUDIT_WHOLE, 3, "None of it is sealed" },
		{ "cut off, and the head is known", { 1, 2, 3 }, true, AUDIT_CUT_OFF, 3, "ends with record 3" },
	};

	FOR_ROWS (i, rows) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autofree char *words = NULL;
		struct audit_report r;

		for (const int *n = rows[i].order; *n; n++)
			g_string_append_printf(text, "%s\n", (char *)p->lines->pdata[*n - 1]);
		verify(text->str, p->open_half, rows[i].with_head ? &p->heads[RECORDS] : NULL, &r);
		words = audit_words(&r);
		ROW_INT(rows[i].name, r.verdict, rows[i].verdict);
		ROW_INT(rows[i].name, r.no, rows[i].no);
		if (!strstr(words, rows[i].words))
			fail_msg("%s: %s", rows[i].name, words);
	}
}

/* All made anew by somebody who has the store, and not the key. */
static void test_a_chain_made_anew(void **state)
{
	struct place *p = *state;
	g_autofree char *mine = g_build_filename(p->folder, "mine.key", NULL), *pub = g_strconcat(mine, ".pub", NULL);
	OWN(audit_signer) struct audit_signer *signer = audit_signer_open(mine, NULL);
	struct audit_head known = p->heads[RECORDS];
	g_autofree char *text = NULL, *seal = NULL;
	struct audit_report r;

	g_ptr_array_set_size(p->lines, 0);
	for (int i = 1; i < SEAL; i++)
		add(p, "event", "{\"nothing\":\"happened\"}");
	seal = audit_seal(signer, &p->heads[SEAL - 1]);
	add(p, "seal", seal);
	add(p, "event", "{}");
	text = joined(p, 1, RECORDS);
	verify(text, p->open_half, NULL, &r);
	ROW_INT("by the key", r.verdict, AUDIT_FORGED_SEAL);
	ROW_INT("by the key", r.no, SEAL);
	verify(text, NULL, &known, &r);
	ROW_INT("by the head", r.verdict, AUDIT_OTHER_HEAD);
	verify(text, NULL, NULL, &r);
	ROW_INT("by neither", r.verdict, AUDIT_WHOLE);
	g_unlink(mine);
	g_unlink(pub);
}

/* Whoever has no key can leave the seals out: a day that is over gives them away. */
static void test_seals_left_out(void **state)
{
	static const struct {
		const char *name, *next_day;
		bool with_key;
		enum audit_verdict verdict;
	} rows[] = {
		{ "today's, not sealed yet", "2026-01-05T23:59:59Z", true, AUDIT_WHOLE },
		{ "of a day that is over", "2026-01-06T00:00:00Z", true, AUDIT_UNSEALED },
		{ "nobody has the key", "2026-01-06T00:00:00Z", false, AUDIT_WHOLE },
	};
	struct place *p = *state;

	FOR_ROWS (i, rows) {
		g_autofree char *text = NULL;
		struct audit_report r;

		g_ptr_array_set_size(p->lines, 0);
		add(p, "event", "{}");
		add_at(p, "event", "{}", at(rows[i].next_day));
		text = joined(p, 1, 2);
		verify(text, rows[i].with_key ? p->open_half : NULL, NULL, &r);
		ROW_INT(rows[i].name, r.verdict, rows[i].verdict);
		ROW_INT(rows[i].name, r.no, rows[i].verdict == AUDIT_WHOLE ? 2 : 1);
	}
}

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/* An export is somebody's file: who makes the chain anew chooses what stands where the time of a seal should. */
static void test_a_time_that_a_terminal_would_obey(void **state)
{
	static const char then[] = "2026-01-05T12:00:00.000Z", instead[] = "\\u001b[2J\xe2\x80\xae\\u009b31m";
	struct place *p = *state;
	OWN(audit_signer) struct audit_signer *signer = audit_signer_open(p->key, NULL);
	g_autofree char *body = audit_seal(signer, &p->heads[0]), *words = NULL;
	struct audit_head head = { .no = 0 };
	struct audit_record r = { .no = 1, .at = at("2026-01-05T12:00:00Z"), .kind = "seal", .who = "x", .body = body };
	struct audit_report report;
	g_autoptr(GString) line = g_string_new(NULL), whole = g_string_new(NULL);

	audit_line(line, &r);
	assert_int_equal(g_string_replace(line, then, instead, 1), 1);
	audit_link(&head, line->str, line->len);
	audit_whole(whole, line->str, head.hash);
	verify(whole->str, NULL, NULL, &report);
	words = audit_words(&report);
	assert_int_equal(report.verdict, AUDIT_WHOLE);
	assert_non_null(strstr(words, "Sealed up to record 0 on"));
	if (!is_tame(words, false))
		fail_msg("%s", words);
}

static void test_lines_of_others(void **state)
{
	static const char *const lines[] = { "", "{}", "\n", "{\"no\":1}", "keyrack", "{\"no\":1,\"hash\":\"00\"}",
					     "{\"no\":-1,\"hash\":\"" NO_HASH "\"}x" };
	(void)state;

	FOR_ROWS (i, lines) {
		struct audit_report r;
		g_autofree char *text = g_strconcat(lines[i], "\n", NULL);

		verify(text, NULL, NULL, &r);
		ROW_INT(lines[i], r.verdict, AUDIT_NO_RECORD);
		ROW_INT(lines[i], r.no, 1);
	}
}

static void test_the_key_stays_ones_own(void **state)
{
	struct place *p = *state;
	g_autoptr(GError) open = NULL, none = NULL;
	OWN(audit_signer) struct audit_signer *again = audit_signer_open(p->key, NULL);
	g_autofree char *seal = audit_seal(again, &p->heads[2]);
	struct stat st;

	assert_non_null(strstr(seal, p->open_half)); /* the same key as before */
	assert_int_equal(stat(p->key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	g_chmod(p->key, 0644);
	assert_null(audit_signer_open(p->key, &open));
	assert_true(g_error_matches(open, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
	g_chmod(p->key, 0600);
	assert_true(g_file_set_contents(p->key, "no key\n", -1, NULL));
	g_chmod(p->key, 0600);
	assert_null(audit_signer_open(p->key, &none));
	assert_non_null(strstr(none->message, "it is no key"));
}

static void test_heads_as_text(void **state)
{
	struct place *p = *state;
	char hex[AUDIT_HEX];
	struct audit_head head;
	g_autofree char *text = NULL;

	audit_hex(p->heads[3].hash, hex);
	text = g_strdup_printf("3:%s", hex);
	assert_true(audit_head_parse(text, &head));
	assert_int_equal(head.no, 3);
	assert_memory_equal(head.hash, p->heads[3].hash, AUDIT_HASH_BYTES);
	assert_false(audit_head_parse(hex, &head));
	assert_false(audit_head_parse("3:", &head));
	assert_false(audit_head_parse("", &head));
}

/* What is before the seal, record 5, was put away, as record 7 says. */
static void test_one_that_was_cut(void **state)
{
	static const struct {
		const char *name;
		int from, to, head; /* head: 0 none */
		bool other_key;     /* signs the cut */
		int up_to;          /* of which the cut speaks */
		enum audit_verdict verdict;
		int64_t no;
		const char *words;
	} rows[] = {
		{ "cut", 5, 7, 0, false, 4, AUDIT_WHOLE, 7,
		  "3 records, whole. Records 1 to 4 were put away on 2026-01-05" },
		{ "cut, with its last head", 5, 7, 7, false, 4, AUDIT_WHOLE, 7, "as record 7 says" },
		{ "nothing is put away yet", 1, 7, 0, false, 4, AUDIT_WHOLE, 7, "7 records, whole. Sealed" },
		{ "nobody says so", 5, 6, 0, false, 4, AUDIT_BEHEADED, 5, "It begins with record 5" },
		{ "another cut is told of", 5, 7, 0, false, 3, AUDIT_BEHEADED, 5, "It begins with record 5" },
		{ "not at a seal", 6, 7, 0, false, 4, AUDIT_MISSING, 1, "Record 1 is missing" },
		{ "somebody else's cut", 5, 7, 0, true, 4, AUDIT_FORGED_SEAL, 7, "Record 7" },
		{ "a head that was put away", 5, 7, 3, false, 4, AUDIT_HEAD_GONE, 3,
		  "of record 3, which was put away" },
		{ "the head of the cut", 5, 7, 4, false, 4, AUDIT_HEAD_GONE, 4, "of record 4, which was put away" },
	};

	(void)state;
	FOR_ROWS (i, rows) {
		void *own = NULL;
		struct place *p;
		OWN(audit_signer) struct audit_signer *signer = NULL;
		g_autofree char *other = NULL, *pub = NULL, *body = NULL, *text = NULL, *words = NULL;
		struct audit_report r;

		up(&own);
		p = own;
		other = g_strconcat(p->key, ".other", NULL);
		pub = g_strconcat(other, ".pub", NULL);
		signer = audit_signer_open(rows[i].other_key ? other : p->key, NULL);
		body = audit_cut(signer, &p->heads[rows[i].up_to]);
		add(p, "cut", body);
		text = joined(p, rows[i].from, rows[i].to);
		verify(text, p->open_half, rows[i].head ? &p->heads[rows[i].head] : NULL, &r);
		words = audit_words(&r);
		ROW_INT(rows[i].name, r.verdict, rows[i].verdict);
		ROW_INT(rows[i].name, r.no, rows[i].no);
		if (!strstr(words, rows[i].words))
			fail_msg("%s: '%s'", rows[i].name, words);
		if (rows[i].other_key) {
			g_unlink(other);
			g_unlink(pub);
		}
		down(&own);
	}
}

/* The seal that stands first says what the hash before it was: another one is not signed. */
static void test_a_cut_with_another_past(void **state)
{
	struct place *p = *state;
	OWN(audit_signer) struct audit_signer *signer = audit_signer_open(p->key, NULL);
	g_autofree char *body = audit_cut(signer, &p->heads[SEAL - 1]), *text = NULL;
	struct audit_report r;
	char *hash;

	add(p, "cut", body);
	text = joined(p, SEAL, RECORDS + 1);
	hash = strstr(text, "\"hash\":\"") + strlen("\"hash\":\"");
	*hash = *hash == '0' ? '1' : '0';
	verify(text, p->open_half, NULL, &r);
	assert_int_equal(r.verdict, AUDIT_ALTERED);
	assert_int_equal(r.no, SEAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_whole_one, up, down),
		cmocka_unit_test_setup_teardown(test_each_byte_counts, up, down),
		cmocka_unit_test_setup_teardown(test_what_was_done, up, down),
		cmocka_unit_test_setup_teardown(test_a_chain_made_anew, up, down),
		cmocka_unit_test_setup_teardown(test_seals_left_out, up, down),
		cmocka_unit_test_setup_teardown(test_a_time_that_a_terminal_would_obey, up, down),
		cmocka_unit_test(test_lines_of_others),
		cmocka_unit_test_setup_teardown(test_the_key_stays_ones_own, up, down),
		cmocka_unit_test_setup_teardown(test_heads_as_text, up, down),
		cmocka_unit_test_setup_teardown(test_one_that_was_cut, up, down),
		cmocka_unit_test_setup_teardown(test_a_cut_with_another_past, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
