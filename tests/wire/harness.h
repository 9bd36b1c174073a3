/* harness - a client, a server, and waiting for what should happen, with a deadline. */
#ifndef KEYRACK_TESTS_WIRE_HARNESS_H
#define KEYRACK_TESTS_WIRE_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/wire/server.h"
#include "wire/client.h"

/* What a call was answered, copied. */
struct seen {
	int times; /* that done was called */
	enum wire_outcome outcome;
	int status;
	bool auth, tls;
	char *type, *message, *request_id, *body, *field_text;
	int64_t retry_after_ms, bytes;
	struct instant server_date;
	int pages;
	GString *items; /* of pages: the strings in their lists */
};

void seen_clear(struct seen *seen);
wire_done seen_done; /* ctx: struct seen */
wire_page seen_page;

/* Runs the main loop until *value is at least wanted; fails the test after ten seconds. */
void await(const int *value, int wanted);
/* Runs what is ready, and no more. */
void settle(void);

struct wire_client *client_of(const struct server *server, const struct wire_config *config);

/* One call from beginning to end; config's endpoint is filled in. */
void ask(const struct server *server, struct wire_config config, enum wire_kind kind,
	 struct seen *seen);

#endif
