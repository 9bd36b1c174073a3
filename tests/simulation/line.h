/* line - the way between the desks' sync and keyrackd, in this process.
 *
 * It stands where src/wire has libcurl: the functions of wire/transfer.h and wire/curl_loop.h are
 * linked from here, everything above them is the real client. A request goes to the server's own
 * dispatch; on a bad line it does not leave, is lost before or after it was carried out, or its
 * answer is late, behind those of others. */
#ifndef KEYRACK_TESTS_SIMULATION_LINE_H
#define KEYRACK_TESTS_SIMULATION_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct house;
void line_to(struct house *h, uint64_t seed);
void line_bad(bool bad);

struct line_count {
	int64_t requests, unsent, lost, late;
};
struct line_count line_counts(void);

#endif
