/* base64url - bytes as words of A-Z a-z 0-9 - _, without padding (RFC 4648, 5), for what is no secret.
 *
 * libsodium's takes the same time for each word, so that nobody learns from it what is in it. What is sealed may be
 * known to everybody: looking its letters up in a table costs a quarter. */
#ifndef KEYRACK_CORE_BASE64URL_H
#define KEYRACK_CORE_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

/* Letters of n bytes, and bytes of n letters at most; neither counts a final NUL. */
#define BASE64URL_LETTERS(n) (((n) * 4 + 2) / 3)
#define BASE64URL_BYTES(n)   ((n) / 4 * 3 + 2)

/* to: room for BASE64URL_LETTERS(n) and a NUL, which is written. */
void base64url_write(char *to, const unsigned char *from, size_t n);
/* n letters; to: room for BASE64URL_BYTES(n). false: another letter, or a number of letters or last bits that nothing
 * is written as. */
bool base64url_read(unsigned char *to, size_t *len, const char *from, size_t n);

#endif
