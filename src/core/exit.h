/* exit - exit codes of keyrack and keyrackd, listed in their manual pages. */
#ifndef KEYRACK_CORE_EXIT_H
#define KEYRACK_CORE_EXIT_H

#include <glib.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,      /* none of the below */
	EXIT_USAGE = 2,       /* wrong command line, or a value not understood */
	EXIT_CONFIG = 3,      /* configuration or API key missing or wrong */
	EXIT_NETWORK = 4,     /* server not reached, or not trusted */
	EXIT_REFUSED = 5,     /* the server refused it, or has it already */
	EXIT_NOT_FOUND = 6,   /* no such lock or code, or more than one fits */
	EXIT_BUSY = 7,        /* another process holds the cache or the store, or was there first */
	EXIT_CACHE = 8,       /* cache or store damaged, too new, or the disk full */
	EXIT_TIMEOUT = 9,     /* --wait: no answer yet; the intent stays queued */
};

enum exit_code exit_code_of(const GError *err); /* EXIT_FAILED for one that is not ours, or NULL */

#endif
