/* options - what keyrackd is told: on the command line, and in a GLib key file with the same words.
 *
 *   [keyrackd]
 *   listen = unix:/run/keyrack/keyrackd.sock
 *   simulate = harbour-house
 *
 * Options win over the file, the file over the defaults. One table (options.c) makes reading, help
 * and the manual page; nothing else lists them. An unknown key is a warning with its name, a value
 * that makes no sense an error that says where it stands. */
#ifndef KEYRACK_DAEMON_OPTIONS_H
#define KEYRACK_DAEMON_OPTIONS_H

#include "core/args.h"
#include "core/instant.h"

struct daemon_options {
	char *config;         /* the file that is read, where there is one */
	char *store, *listen; /* never NULL once read; listen NULL for a key command */
	char *audit_key;      /* of the audit's seals; NULL: beside the store */
	char *seal_key;       /* of the PINs in the store; NULL: beside it */
	char *tls_cert, *tls_key;
	char *simulate;       /* path of a property file; NULL: real locks */
	struct instant clock; /* NONE: it runs */
	int64_t clock_rate;   /* 0: not given */
	uint64_t seed;        /* 0: the system's randomness */
	int rate_limits;      /* 0, 1; -1 not given */
	gint64 account_limit; /* times the rates of one device; 0: not given, -1: no bound */
	gint64 poll_ms;       /* 0: not given, -1: never */
	int seccomp;          /* 0, 1; -1 not given: on */
	int landlock;         /* likewise */
	int people;           /* 0: none; so many times as many as the property file says; -1 */
	int64_t history_ms;   /* 0: the engine's default */
	int log_level;        /* GLogLevelFlags up to which is written; 0: the default */
	GPtrArray *warnings;  /* of char *: what the file says and nobody understands */
};

/* NULL with USAGE or CONFIG. for_key: a command about keys, which only needs the store. */
struct daemon_options *daemon_options_read(const struct args *args, bool for_key, GError **err);
void daemon_options_free(struct daemon_options *o);
DEFINE_OWN(struct daemon_options, daemon_options, daemon_options_free)

/* Where the key of the audit's seals lies; newly allocated. */
char *daemon_audit_key(const struct daemon_options *o);

/* Of two readings, the names of settings that differ: those that can change while keyrackd runs,
 * and those that cannot. Lent, NULL-terminated; g_free the arrays. */
void daemon_options_compare(const struct daemon_options *was, const struct daemon_options *is,
			    const char ***can, const char ***cannot);

/* The tables of options, for args_parse, help and the manual page. */
extern const struct option_row daemon_setting_option[]; /* also keys of the file */
extern const struct option_row daemon_option[];         /* only on the command line */
extern const struct option_row daemon_key_option[];     /* of 'keyrackd key create' */

#endif
