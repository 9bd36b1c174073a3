/* error - the kinds of failure that keyrack tells apart.
 *
 * Everything that can fail takes a GError ** and fills it with a sentence a person can act on;
 * the code below is for the caller that must decide (retry, ask, refuse). A message never holds
 * a PIN or an API key. */
#ifndef KEYRACK_CORE_ERROR_H
#define KEYRACK_CORE_ERROR_H

#include <glib.h>

#define KEYRACK_ERROR keyrack_error_quark()
GQuark keyrack_error_quark(void);

enum keyrack_error {
	KEYRACK_ERROR_FAILED,    /* none of the below */
	KEYRACK_ERROR_USAGE,     /* the command line or a typed value is wrong */
	KEYRACK_ERROR_CONFIG,    /* the configuration is wrong or incomplete */
	KEYRACK_ERROR_AUTH,      /* no key, or the server refused it */
	KEYRACK_ERROR_NETWORK,   /* the server could not be reached */
	KEYRACK_ERROR_TLS,       /* it was reached, and is not who it should be */
	KEYRACK_ERROR_SERVER,    /* it answered, but not with sense */
	KEYRACK_ERROR_REFUSED,   /* it said no (4xx) */
	KEYRACK_ERROR_NOT_FOUND, /* no such lock, code, intent */
	KEYRACK_ERROR_AMBIGUOUS, /* more than one fits what was typed */
	KEYRACK_ERROR_IO,        /* disk, socket, file */
	KEYRACK_ERROR_CORRUPT,   /* the cache is damaged */
	KEYRACK_ERROR_TOO_NEW,   /* the cache was written by a newer keyrack */
	KEYRACK_ERROR_BUSY,      /* another process holds it */
	KEYRACK_ERROR_KEY_LOST,  /* what is sealed needs a key that is not there */
};

#endif
