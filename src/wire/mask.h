/* mask - takes PINs and keys out of sentences that a server wrote.
 *
 * Servers repeat what was sent ("Cannot set duplicate access code 1234"). Such a sentence goes to
 * logs, lists and the desk's screen, where the PIN has no business. */
#ifndef KEYRACK_WIRE_MASK_H
#define KEYRACK_WIRE_MASK_H

#include <jansson.h>

/* text with every run of 4 to 12 digits shown as "••••", and key (may be NULL) too. Kept are the
 * digits of
 *   - dates, alone or with a time: 2025-01-01, 2025-01-01T16:00:00.000Z
 *   - UUIDs
 *   - ids with an underscore that begin with a letter: august_device_12345
 * and what is no PIN by its length. When in doubt it is masked. Newly allocated. */
char *mask_text(const char *text, const char *key);

/* The same for every string in a JSON tree, in place. */
void mask_tree(json_t *tree, const char *key);

#endif
