/* Judging answers without a network: waiting times, masks, repairs, and damaged input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/answer.h"
#include "wire/codec.h"
#include "wire/mask.h"

static void retry_after_is_seconds_or_a_date(void **state)
{
	static const struct { const char *text; int64_t ms; } ROWS[] = {
		{ NULL, 0 }, { "", 0 }, { "soon", 0 }, { "-5", 0 }, { "0", 0 }, { "5", 5000 },
		{ "  5 ", 5000 }, { "1.5", 1000 }, { "99999999999999999999999", DAY_MS },
		{ "Sun, 22 Nov 2026 20:00:30 GMT", 30000 },
		{ "Sunday, 22-Nov-26 20:00:30 GMT", 30000 },
		{ "Sun, 22 Nov 2026 19:00:00 GMT", 1 },
		{ "Sun, 22 Nov 2099 19:00:00 GMT", DAY_MS },
	};
	struct instant now = { INT64_C(1795377600000) };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
		assert_int_equal(retry_after_parse(ROWS[i].text, now), ROWS[i].ms);
}

static void a_read_waits_longer_each_time_and_gives_up(void **state)
{
	static const struct {
		enum wire_outcome outcome;
		int tries;
		int64_t after_ms;
		bool tls, too_large;
		double jitter;
		int64_t delay_ms;
	} ROWS[] = {
		{ WIRE_LOST, 1, 0, false, false, 0, 200 },
		{ WIRE_LOST, 1, 0, false, false, 1, 240 },
		{ WIRE_UNSENT, 2, 0, false, false, 0, 400 },
		{ WIRE_LIMITED, 2, 0, false, false, 0.5, 440 },
		{ WIRE_LOST, 3, 0, false, false, 0, -1 },
		{ WIRE_LIMITED, 1, 7000, false, false, 1, 7000 },
		{ WIRE_LIMITED, 1, 100, false, false, 0, 200 },
		{ WIRE_LIMITED, 1, 10000, false, false, 0, 10000 },
		{ WIRE_LIMITED, 1, 10001, false, false, 0, -1 },
		{ WIRE_LIMITED, 1, DAY_MS, false, false, 0, -1 },
		{ WIRE_UNSENT, 1, 0, true, false, 0, -1 },
		{ WIRE_LOST, 1, 0, false, true, 0, -1 },
		{ WIRE_OK, 1, 0, false, false, 0, -1 },
		{ WIRE_REFUSED, 1, 0, false, false, 0, -1 },
		{ WIRE_CANCELLED, 1, 0, false, false, 0, -1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		struct wire_answer a = { .outcome = ROWS[i].outcome, .retry_after_ms = ROWS[i].after_ms,
					 .tls = ROWS[i].tls };

		assert_int_equal(retry_delay_ms(ROWS[i].tries, &a, ROWS[i].too_large, ROWS[i].jitter),
				 ROWS[i].delay_ms);
	}
}

#define UUID "550e8400-e29b-41d4-a716-446655440000"

static void pins_are_masked_and_dates_and_ids_are_not(void **state)
{
	static const struct { const char *text, *masked; } ROWS[] = {
		{ "Cannot set duplicate access code 1234", "Cannot set duplicate access code ••••" },
		{ "1234", "••••" },
		{ "\"1234\",'567890123456'.", "\"••••\",'••••'." },
		{ "code=1234;pin:4321", "code=••••;pin:••••" },
		{ "PIN1234", "PIN••••" },
		{ "1234-5678", "••••-••••" },
		{ "123 or 1234567890123", "123 or 1234567890123" },
		{ "from 2026-11-22 to 2026-11-23", "from 2026-11-22 to 2026-11-23" },
		{ "ends 2025-01-01T16:00:00.946242Z.", "ends 2025-01-01T16:00:00.946242Z." },
		{ "at 2025-01-01T16:00:00.000+0200", "at 2025-01-01T16:00:00.000+0200" },
		{ "2025-01-01 1234", "2025-01-01 ••••" },
		{ "2025-01-01:1234", "2025-01-01:••••" },
		{ "device " UUID " has 1234", "device " UUID " has ••••" },
		{ "august_device_12345", "august_device_12345" },
		{ "_1234", "_••••" },
		{ "Must have at most 1000 characters", "Must have at most 1000 characters" },
		{ "1000 and 1234 codes", "•••• and 1234 codes" },
		{ "Zoë 1234 ü", "Zoë •••• ü" },
		{ "key seam_secret_99 here", "key •••• here" },
		{ "also august_seam_secret_99_12345 within a word", "also august_••••_•••• within a word" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		g_autofree char *masked = mask_text(ROWS[i].text, "seam_secret_99");

		assert_string_equal(masked, ROWS[i].masked);
	}
}

static void one_bad_text_does_not_spoil_a_page(void **state)
{
	static const struct { const char *json; size_t len; const char *name; } ROWS[] = {
		{ "{\"n\":\"ok\"}", 0, "ok" },
		{ "{\"n\":\"a\\ud83d\"}", 0, "a\uFFFD" },
		{ "{\"n\":\"\\ude00b\"}", 0, "\uFFFDb" },
		{ "{\"n\":\"\\ud83d\\ude00\",\"x\":\"\\ud83d\"}", 0, "😀" },
		{ "{\"n\":\"\\\\ud83d\",\"x\":\"\\ud83d\"}", 0, "\\ud83d" },
		{ "{\"n\":\"a\xff\"}", 0, "a\uFFFD" },
		{ "{\"n\":\"a\\u0000b\"}", 0, "a" },
		{ "{\"n\":\"big\",\"x\":123456789012345678901234567890}", 0, "big" },
		{ "{\"n\":\"cut", 0, NULL },
		{ "", 0, NULL },
		{ "404", 0, NULL },
		{ "{\"n\":\"\\ud8", 0, NULL },
		{ "\\", 1, NULL },
		{ "\\ud83d\\", 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		json_t *json = answer_parse(ROWS[i].json, strlen(ROWS[i].json));
		const char *name = json_string_value(json_object_get(json, "n"));

		if (g_strcmp0(name, ROWS[i].name) != 0)
			fail_msg("row %zu: %s", i, name);
		json_decref(json);
	}
}

static void an_outcome_is_an_error_for_people(void **state)
{
	static const struct { struct wire_answer answer; enum keyrack_error code; } ROWS[] = {
		{ { .outcome = WIRE_REFUSED, .status = 400 }, KEYRACK_ERROR_REFUSED },
		{ { .outcome = WIRE_REFUSED, .status = 401, .auth = true }, KEYRACK_ERROR_AUTH },
		{ { .outcome = WIRE_REFUSED, .status = 404, .error_type = "device_not_found" },
		  KEYRACK_ERROR_NOT_FOUND },
		{ { .outcome = WIRE_REFUSED, .status = 404 }, KEYRACK_ERROR_REFUSED },
		{ { .outcome = WIRE_LIMITED, .status = 429 }, KEYRACK_ERROR_REFUSED },
		{ { .outcome = WIRE_UNSENT }, KEYRACK_ERROR_NETWORK },
		{ { .outcome = WIRE_UNSENT, .tls = true }, KEYRACK_ERROR_TLS },
		{ { .outcome = WIRE_LOST }, KEYRACK_ERROR_NETWORK },
		{ { .outcome = WIRE_LOST, .status = 500 }, KEYRACK_ERROR_SERVER },
		{ { .outcome = WIRE_CANCELLED }, KEYRACK_ERROR_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		g_autoptr(GError) err = NULL;

		wire_answer_to_error(&ROWS[i].answer, &err);
		assert_true(g_error_matches(err, KEYRACK_ERROR, (int)ROWS[i].code));
	}
}

static void a_validation_tree_gives_the_first_text(void **state)
{
	json_t *tree = json_loads("{\"_errors\":[\"both or neither\",\"x\"],\"a\":{\"_errors\":[]},"
				  "\"b\":{\"_errors\":[\"Required\"]},\"c\":7,\"d\":{\"_errors\":\"no\"},"
				  "\"e\":{\"_errors\":[3]}}", 0, NULL);

	(void)state;
	assert_string_equal(wire_validation_text(tree, NULL), "both or neither");
	assert_string_equal(wire_validation_text(tree, "b"), "Required");
	for (const char *const *p = (const char *const[]){ "a", "c", "d", "e", "f", NULL }; *p; p++)
		assert_null(wire_validation_text(tree, *p));
	assert_null(wire_validation_text(NULL, NULL));
	assert_null(wire_validation_text(NULL, "a"));
	json_decref(tree);
}

/* ---- damaged input, always the same ---- */

static const char *const SEEDS[] = {
	"{\"devices\":[{\"device_id\":\"d\",\"properties\":{\"battery\":{\"level\":0.5},\"model\":{}},"
	"\"location\":{\"time_zone\":\"UTC\"},\"errors\":[{\"a\":1}]}],\"pagination\":null}",
	"{\"access_code_id\":\"c\",\"device_id\":\"d\",\"errors\":[{}],\"code\":\"1234\",\"new\":"
	"\"\\ud83d\\ude00\",\"starts_at\":\"2026-11-22T15:00:00.000Z\",\"appearance\":{\"name\":\"é\"}}",
	"{\"error\":{\"type\":\"invalid_input\",\"message\":\"2026-01-01T00:00:00Z 1234 " UUID "\","
	"\"validation_errors\":{\"_errors\":[],\"code\":{\"_errors\":[\"1234\"]}}},\"ok\":false}",
	"{\"event_id\":\"e\",\"event_type\":\"lock.unlocked\",\"created_at\":\"2026-11-22T20:00:02Z\"}",
};
static const char *const HEADERS[] = {
	"Sun, 22 Nov 2026 20:00:30 GMT", "120", "https://other.example/x?y", "r-1", "",
};

static char *damaged(GRand *rand, const char *seed, size_t *len)
{
	GString *s = g_string_new(seed);
	int times = g_rand_int_range(rand, 1, 6);

	while (times-- && s->len) {
		gssize at = g_rand_int_range(rand, 0, (gint32)s->len);

		switch (g_rand_int_range(rand, 0, 4)) {
		case 0:
			s->str[at] = (char)g_rand_int_range(rand, 0, 256);
			break;
		case 1:
			g_string_erase(s, at, g_rand_int_range(rand, 1, (gint32)((gssize)s->len - at) + 1));
			break;
		case 2:
			g_string_insert_c(s, at, "{}[]\",:\\u0d8-.eTZn"[g_rand_int_range(rand, 0, 18)]);
			break;
		default:
			g_string_insert(s, at, "null");
		}
	}
	*len = s->len;
	return g_string_free(s, FALSE);
}

static void decode_all(const json_t *json, struct wire_scratch *s)
{
	struct lock lock;
	struct access_code ac;
	struct event ev;

	wire_is_lock(json);
	if (wire_decode_lock(json, s, &lock))
		assert_non_null(lock.object);
	if (wire_decode_code(json, s, &ac) && ac.rest) {
		json_t *rest = json_loads(ac.rest, JSON_ALLOW_NUL, NULL);

		assert_true(json_is_object(rest));
		json_decref(rest);
	}
	if (wire_decode_event(json, s, &ev))
		assert_non_null(ev.event_type);
}

static void damaged_answers_are_judged_all_the_same(void **state)
{
	GRand *rand = g_rand_new_with_seed(20261122);
	struct wire_scratch *s = wire_scratch_new();

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t len, header_len;
		const char *seed = SEEDS[g_rand_int_range(rand, 0, G_N_ELEMENTS(SEEDS))];
		const char *head = HEADERS[g_rand_int_range(rand, 0, G_N_ELEMENTS(HEADERS))];
		g_autofree char *header = damaged(rand, head, &header_len);
		g_autofree char *text = damaged(rand, seed, &len);
		/* exactly its length, so that reading past the end is noticed */
		g_autofree char *body = len ? memcpy(g_malloc(len), text, len) : NULL;
		struct reply reply = {
			.end = REPLY_WHOLE, .status = g_rand_int_range(rand, 0, 700), .host = "h",
			.body = body, .body_len = len, .location = header, .date = header,
			.retry_after = header, .api_key = "seam_secret_99",
		};
		struct verdict v;

		verdict_init(&v, &reply);
		assert_true(v.answer.outcome == WIRE_OK || v.answer.message);
		assert_true(!v.answer.message || g_utf8_validate(v.answer.message, -1, NULL));
		wire_validation_text(v.answer.validation_errors, "code");
		decode_all(v.body, s);
		decode_all(json_array_get(json_object_get(v.body, "devices"), 0), s);
		verdict_done(&v);
		wire_scratch_reset(s);
	}
	wire_scratch_free(s);
	g_rand_free(rand);
}

static void a_long_reason_is_cut_between_characters(void **state)
{
	g_autofree char *blank = g_strnfill(398, 'x');
	g_autofree char *body = g_strdup_printf("{\"error\":{\"message\":\"%sëëëëë\\nsecond\"}}", blank);
	struct reply reply = { .end = REPLY_WHOLE, .status = 400, .host = "h", .body = body,
			       .body_len = strlen(body) };
	struct verdict v;

	(void)state;
	verdict_init(&v, &reply);
	assert_true(g_utf8_validate(v.answer.message, -1, NULL));
	assert_true(g_str_has_suffix(v.answer.message, "x…"));
	verdict_done(&v);
}

static void a_live_path_is_one_of_this_server(void **state)
{
	static const struct { const char *said, *believed; } ROWS[] = {
		{ NULL, NULL }, { "", NULL }, { "/keyrackd/live", "/keyrackd/live" },
		{ "keyrackd/live", NULL }, { "http://elsewhere/live", NULL },
		{ "/a@elsewhere/live", NULL }, { "/live?x=1", NULL }, { "/live#x", NULL },
		{ "/a b", NULL }, { "/%2e%2e/live", NULL }, { "/../live", NULL },
		{ "/v1/live_2-b.c~", "/v1/live_2-b.c~" }, { "/\xc3\xa4", NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		struct reply reply = { .end = REPLY_WHOLE, .status = 200, .host = "h", .body = "{}",
				       .body_len = 2, .live = ROWS[i].said };
		struct verdict v;

		verdict_init(&v, &reply);
		assert_int_equal(!!v.answer.live, !!ROWS[i].believed);
		if (ROWS[i].believed)
			assert_string_equal(v.answer.live, ROWS[i].believed);
		verdict_done(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
		cmocka_unit_test(a_read_waits_longer_each_time_and_gives_up),
		cmocka_unit_test(pins_are_masked_and_dates_and_ids_are_not),
		cmocka_unit_test(one_bad_text_does_not_spoil_a_page),
		cmocka_unit_test(an_outcome_is_an_error_for_people),
		cmocka_unit_test(a_validation_tree_gives_the_first_text),
		cmocka_unit_test(damaged_answers_are_judged_all_the_same),
		cmocka_unit_test(a_long_reason_is_cut_between_characters),
		cmocka_unit_test(a_live_path_is_one_of_this_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
