/* fuzz-answer: whatever a server answers, there is an outcome and a sentence that can be shown, and neither
 * the key nor a PIN in it; a repaired body is UTF-8; an address is taken apart or refused.
 *
 * 'e' and an endpoint; 'm' and a sentence to be masked; 'r' and a body to be repaired; else a byte for the
 * status, a byte for how it ended, a header in a line, and the body. */
#include "config.h"

#include <string.h>

#include "core/text.h"
#include "tests/fuzz/fuzz.h"
#include "wire/answer.h"
#include "wire/endpoint.h"
#include "wire/mask.h"
#include "wire/repair.h"

#define KEY "seam_key_0123456789abcdef"
#define PIN "48215937" /* in a body's message: struck out */

static const struct instant now = { INT64_C(1795378680000) };

static void endpoint(const char *text)
{
	g_autoptr(GError) err = NULL;
	struct endpoint e;

	if (!endpoint_parse(text, &e, &err)) {
		g_assert_cmpint(err->code, ==, KEYRACK_ERROR_CONFIG);
		return;
	}
	g_assert_nonnull(e.base);
	g_assert_nonnull(e.host);
	g_assert_false(g_str_has_suffix(e.base, "/"));
	endpoint_done(&e);
}

static void mask(const char *text)
{
	g_autofree char *masked = mask_text(text, KEY);
	g_autofree char *again = mask_text(masked, KEY);
	g_autofree char *with = g_strconcat("code ", PIN, ". ", text, NULL);
	g_autofree char *without = mask_text(with, KEY);

	g_assert_cmpstr(masked, ==, again);
	g_assert_null(strstr(masked, KEY));
	g_assert_true(g_str_has_prefix(without, "code •"));
}

static void repair(const char *text, size_t len)
{
	size_t out_len;
	g_autofree char *out = repair_text(text, len, &out_len);
	g_autofree char *again = NULL;
	size_t again_len;

	g_assert_true(out_len == 0 || memchr(out, '\0', out_len) || g_utf8_validate(out, (gssize)out_len, NULL));
	again = repair_text(out, out_len, &again_len);
	g_assert_cmpuint(out_len, ==, again_len);
	g_assert_cmpint(memcmp(out, again, out_len), ==, 0);
}

static void look(const struct verdict *v)
{
	const struct wire_answer *a = &v->answer;

	if (a->outcome != WIRE_OK) {
		g_assert_nonnull(a->message);
		g_assert_true(g_utf8_validate(a->message, -1, NULL));
		g_assert_null(strstr(a->message, KEY));
	} else {
		g_assert_true(json_is_object(a->body));
	}
	g_assert_cmpint(a->retry_after_ms, >=, 0);
	g_assert_cmpint(a->retry_after_ms, <=, DAY_MS);
	for (int tries = 1; tries < 4; tries++)
		g_assert_cmpint(retry_delay_ms(tries, a, false, 0.5), <=, 10 * 1000);
}

static void answer(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 201, 204, 301, 400, 401, 404, 408, 409, 429, 500, 502, 503, 0, 99, 999 };
	const uint8_t *line = memchr(data + 2, '\n', size - 2);
	g_autofree char *header = line ? g_strndup((const char *)data + 2, (size_t)(line - data - 2)) : NULL;
	const char *body = line ? (const char *)line + 1 : (const char *)data + 2;
	struct reply r = {
		.end = (enum reply_end)(data[1] % 4),
		.untrusted = data[1] & 4,
		.too_large = data[1] & 8,
		.status = statuses[data[0] % G_N_ELEMENTS(statuses)],
		.location = header,
		.retry_after = header,
		.date = header,
		.request_id = data[1] & 16 ? header : NULL,
		.live = data[1] & 32 ? header : NULL,
		.body = body,
		.body_len = (size_t)((const char *)data + size - body),
		.host = "connect.example.org",
		.api_key = KEY,
		.now = now,
	};
	struct verdict v;

	r.trouble = r.end == REPLY_WHOLE ? NULL : "The connection broke.";
	verdict_init(&v, &r);
	look(&v);
	verdict_done(&v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = NULL;

	if (size < 2)
		return 0;
	text = g_strndup((const char *)data + 1, size - 1);
	switch (data[0]) {
	case 'e':
		endpoint(text);
		break;
	case 'm':
		mask(text);
		break;
	case 'r':
		repair((const char *)data + 1, size - 1);
		break;
	default:
		answer(data, size);
	}
	return 0;
}
