/* probe - one read and one change, for tests/wire/test-tls: prints what came of each.
 *
 *   probe ENDPOINT [CA-FILE]
 *
 *   read ok http=2.0
 *   change unsent untrusted */
#include <stdio.h>

#include "wire/client.h"

static const char *const OUTCOMES[] = {
	[WIRE_OK] = "ok", [WIRE_REFUSED] = "refused", [WIRE_LIMITED] = "limited",
	[WIRE_UNSENT] = "unsent", [WIRE_LOST] = "lost", [WIRE_CANCELLED] = "cancelled",
};

static int left = 2;

static void on_done(const struct wire_answer *a, void *kind)
{
	const char *version = json_string_value(json_object_get(a->body, "http"));

	printf("%s %s%s%s%s\n", (const char *)kind, OUTCOMES[a->outcome],
	       a->tls ? " untrusted" : "", version ? " http=" : "", version ? version : "");
	if (a->message)
		fprintf(stderr, "%s: %s\n", (const char *)kind, a->message);
	left--;
}

int main(int argc, char **argv)
{
	struct wire_config config = {
		.endpoint = argc > 1 ? argv[1] : NULL,
		.ca_file = argc > 2 ? argv[2] : NULL,
		.parallel = 1,
	};
	GError *err = NULL;
	struct wire_client *client = wire_client_new(&config, &err);
	char read[] = "read", change[] = "change";

	if (!client) {
		fprintf(stderr, "%s\n", err->message);
		g_error_free(err);
		return 2;
	}
	wire_call(client, WIRE_CHANGE, "/change", NULL, on_done, change);
	wire_call(client, WIRE_READ, "/read", NULL, on_done, read);
	while (left > 0)
		g_main_context_iteration(NULL, TRUE);
	wire_client_free(client);
	return 0;
}
