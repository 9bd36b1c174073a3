/* repair - makes JSON readable that is right but for its text. */
#ifndef KEYRACK_WIRE_REPAIR_H
#define KEYRACK_WIRE_REPAIR_H

#include <stddef.h>

/* A copy in which bytes that are no UTF-8, and escapes of half a character ("\ud83d" alone: a name
 * that was cut by counting UTF-16 units), are U+FFFD. Newly allocated, NUL at the end. */
char *repair_text(const char *json, size_t len, size_t *out_len);

#endif
