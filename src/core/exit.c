/* exit - which exit code a failure ends the program with. */
#include "core/exit.h"

#include "core/error.h"

enum exit_code exit_code_of(const GError *err)
{
	static const enum exit_code code[] = {
		[KEYRACK_ERROR_FAILED] = EXIT_FAILED,
		[KEYRACK_ERROR_USAGE] = EXIT_USAGE,
		[KEYRACK_ERROR_CONFIG] = EXIT_CONFIG,
		[KEYRACK_ERROR_AUTH] = EXIT_CONFIG,
		[KEYRACK_ERROR_NETWORK] = EXIT_NETWORK,
		[KEYRACK_ERROR_TLS] = EXIT_NETWORK,
		[KEYRACK_ERROR_SERVER] = EXIT_NETWORK,
		[KEYRACK_ERROR_REFUSED] = EXIT_REFUSED,
		[KEYRACK_ERROR_NOT_FOUND] = EXIT_NOT_FOUND,
		[KEYRACK_ERROR_AMBIGUOUS] = EXIT_NOT_FOUND,
		[KEYRACK_ERROR_IO] = EXIT_CACHE,
		[KEYRACK_ERROR_CORRUPT] = EXIT_CACHE,
		[KEYRACK_ERROR_TOO_NEW] = EXIT_CACHE,
		[KEYRACK_ERROR_BUSY] = EXIT_BUSY,
		[KEYRACK_ERROR_KEY_LOST] = EXIT_CONFIG,
	};

	if (!err || err->domain != KEYRACK_ERROR || err->code < 0 ||
	    (size_t)err->code >= G_N_ELEMENTS(code))
		return EXIT_FAILED;
	return code[err->code];
}
