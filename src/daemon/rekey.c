/* rekey - see the header. */
#include "config.h"

#include "daemon/rekey.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/exit.h"
#include "engine/store.h"

int rekey_run(const struct daemon_options *o, const struct args *args, GError **err)
{
	OWN(store) struct store *store = NULL;

	if (args->words->len != 1) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "It is 'keyrackd rekey', without a word more");
		return EXIT_USAGE;
	}
	if (!g_file_test(strchr(o->store, ':') + 1, G_FILE_TEST_EXISTS)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "There is no store %s", o->store);
		return EXIT_FAILED;
	}
	store = store_open_sealed(o->store, o->seal_key, err);
	if (!store || !store_rekey(store, err))
		return EXIT_FAILED;
	printf("All PINs are sealed with a new key. It is in the key file before the older ones, which only open older "
	       "copies of the store: make a copy of both now, apart from each other.\n");
	return EXIT_OK;
}
