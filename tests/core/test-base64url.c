/* base64url as libsodium writes and reads it, for every length and every letter. */
#include <sodium.h>

#include "core/base64url.h"
#include "tests/core/rows.h"

enum { LONGEST = 100, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static void it_is_written_and_read_as_by_libsodium(void **state)
{
	unsigned char raw[LONGEST], back[LONGEST + 8];
	static const unsigned char seed[randombytes_SEEDBYTES] = { 7 };
	char want[2 * LONGEST], got[2 * LONGEST];
	size_t len;

	(void)state;
	for (size_t n = 0; n <= LONGEST; n++) {
		randombytes_buf_deterministic(raw, sizeof raw, seed);
		raw[0] = (unsigned char)n;
		sodium_bin2base64(want, sizeof want, raw, n, VARIANT);
		base64url_write(got, raw, n);
		ROW_TEXT("written", got, want);
		ROW_INT("letters", strlen(got), BASE64URL_LETTERS(n));
		assert_true(BASE64URL_BYTES(strlen(got)) >= n);
		assert_true(base64url_read(back, &len, got, strlen(got)));
		ROW_INT(got, len, n);
		assert_memory_equal(back, raw, n);
	}
}

/* Each word of up to three letters, some of them none, at the end of a longer one as well. */
static void what_libsodium_refuses_is_refused(void **state)
{
	static const char some[] = "AQgw_-z9+/=! \x7f";

	(void)state;
	for (size_t at = 0; at < (sizeof some) * (sizeof some) * (sizeof some); at++) {
		char word[12] = "QUJD", *w = word + (at % 2 ? 4 : 0);
		unsigned char a[16], b[16];
		size_t a_len = 0, b_len = 0;
		bool wants, gets;

		w[0] = some[at % sizeof some];
		w[1] = some[at / sizeof some % sizeof some];
		w[2] = some[at / sizeof some / sizeof some];
		w[3] = '\0';
		wants = sodium_base642bin(a, sizeof a, word, strlen(word), NULL, &a_len, NULL, VARIANT) == 0;
		gets = base64url_read(b, &b_len, word, strlen(word));
		ROW_INT(word, gets, wants);
		if (wants && (a_len != b_len || memcmp(a, b, a_len) != 0))
			fail_msg("%s: other bytes", word);
	}
}

/* libsodium takes some of these for letters. */
static void a_letter_beyond_ascii_is_none(void **state)
{
	unsigned char to[8];
	size_t len;

	(void)state;
	for (int i = 0x80; i <= 0xff; i++)
		assert_false(base64url_read(to, &len, (char[]){ 'A', (char)i, 'A', 'A' }, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_written_and_read_as_by_libsodium),
		cmocka_unit_test(what_libsodium_refuses_is_refused),
		cmocka_unit_test(a_letter_beyond_ascii_is_none),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
