/* cli - what every command is given, and the little that all of them share.
 *
 * Commands print to cli->out what was asked for and to cli->err what a person should know
 * besides; they return an exit code, or set err (the caller prints it and finds the code). */
#ifndef KEYRACK_CLI_CLI_H
#define KEYRACK_CLI_CLI_H

#include <stdio.h>

#include "cache/cache.h"
#include "cache/outbox.h"
#include "core/args.h"
#include "core/exit.h"
#include "core/profile.h"
#include "core/zone.h"

struct cli {
	FILE *out, *err;
	struct instant now;      /* read once, when the command line is */
	const char *profile_id;  /* --profile; NULL: the default one */
	const char *theme;
	bool ascii, no_color, read_only, desk, line;
	bool demo;               /* the server is keyrack demo's */
	bool json, pins;
	bool asks;               /* a person is there to answer: stdin and stderr are terminals */
	int cells;               /* width to cut tables to; 0: whole */
	/* Starts 'keyrack sync' when none runs; NULL where nothing may be started (tests). */
	bool (*start_sync)(const struct profile *p, GError **err);

	struct profile *profile; /* loaded when the command needs it */
	struct cache *cache;
	struct cache_property property; /* what its locks have in common */
};

enum cli_flags {
	CLI_PROFILE = 1 << 0, /* needs a configuration */
	CLI_CACHE = 1 << 1,   /* needs the cache, filled at least once */
	CLI_WRITES = 1 << 2,  /* changes something: not with --read-only */
};

/* One row of the table in commands.c, from which help, man page and completion are made. */
struct cli_command {
	const char *words;   /* "code create" */
	const char *usage;   /* what follows the words: "NAME|ID [options]" */
	const char *summary; /* one line */
	const char *text;    /* more, for help and the man page; NULL */
	unsigned flags;      /* enum cli_flags */
	unsigned words_min, words_max; /* arguments after the words */
	const struct option_row *options;
	int (*run)(struct cli *cli, const struct args *args, GError **err);
};
extern const struct cli_command cli_command[]; /* ends with words == NULL */
extern const struct option_row cli_global_option[];

/* The whole of a command line, argv[0] aside. Prints errors; returns the exit code. */
int cli_run(struct cli *cli, char *const *argv);
void cli_done(struct cli *cli);

bool cli_load_profile(struct cli *cli, GError **err);
bool cli_open_cache(struct cli *cli, GError **err);
/* When the data shown is old: says so on cli->err, with the reason. */
void cli_note_age(struct cli *cli);
/* The same as a sentence; NULL when the data is fresh. Newly allocated. */
char *cli_age(struct cli *cli);

/* When a server last answered sync well; NONE: never. */
struct instant cli_last_ok(struct cli *cli);

/* Zone of a lock, else of the property. */
const struct zone *cli_zone(const struct cli *cli, const char *lock_zone);
/* "21:18", "Fri 11:00"; with the zone's letters where it is not the property's. Newly allocated. */
char *cli_when(const struct cli *cli, const char *lock_zone, struct instant t);
/* The whole of it: "Sun 22 Nov 2026 21:18 CET". Newly allocated. */
char *cli_when_full(const struct cli *cli, const char *lock_zone, struct instant t);
/* The PIN, or dots unless --pins was given. Borrowed or static; "" for none. */
const char *cli_pin(const struct cli *cli, const char *pin);

/* One line of words from anywhere: a file's name, an argument, a server. Nothing of it is obeyed, by a terminal or as
 * a line of its own. */
void cli_say(FILE *out, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* Asks; true for yes. Without a person there: KEYRACK_ERROR_USAGE naming --yes. */
bool cli_confirm(struct cli *cli, const struct args *args, GError **err, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

/* The lock that --lock names; 0 without one, -1 with err. */
int64_t cli_lock_of(struct cli *cli, const struct args *args, GError **err);

/* help.c */
void cli_print_help(FILE *out, const struct cli_command *c); /* NULL: of the program */
const struct cli_command *cli_find(char *const *words, unsigned n, unsigned *used);

/* One function per command, in cmd_*.c. */
int cmd_locks(struct cli *cli, const struct args *args, GError **err);
int cmd_audit_verify(struct cli *cli, const struct args *args, GError **err);
int cmd_codes(struct cli *cli, const struct args *args, GError **err);
int cmd_events(struct cli *cli, const struct args *args, GError **err);
int cmd_who(struct cli *cli, const struct args *args, GError **err);
int cmd_doors(struct cli *cli, const struct args *args, GError **err);
int cmd_code_create(struct cli *cli, const struct args *args, GError **err);
int cmd_code_show(struct cli *cli, const struct args *args, GError **err);
int cmd_code_edit(struct cli *cli, const struct args *args, GError **err);
int cmd_code_delete(struct cli *cli, const struct args *args, GError **err);
int cmd_cache_rekey(struct cli *cli, const struct args *args, GError **err);
int cmd_journal(struct cli *cli, const struct args *args, GError **err);
int cmd_night_sheet(struct cli *cli, const struct args *args, GError **err);
int cmd_export(struct cli *cli, const struct args *args, GError **err);
int cmd_restore(struct cli *cli, const struct args *args, GError **err);
int cmd_lock(struct cli *cli, const struct args *args, GError **err);
int cmd_unlock(struct cli *cli, const struct args *args, GError **err);
int cmd_import(struct cli *cli, const struct args *args, GError **err);
int cmd_operator_add(struct cli *cli, const struct args *args, GError **err);
int cmd_operator_remove(struct cli *cli, const struct args *args, GError **err);
int cmd_operator_list(struct cli *cli, const struct args *args, GError **err);
int cmd_outbox(struct cli *cli, const struct args *args, GError **err);
int cmd_outbox_withdraw(struct cli *cli, const struct args *args, GError **err);
int cmd_outbox_retry(struct cli *cli, const struct args *args, GError **err);
int cmd_outbox_dismiss(struct cli *cli, const struct args *args, GError **err);
int cmd_rota_add(struct cli *cli, const struct args *args, GError **err);
int cmd_rota_end(struct cli *cli, const struct args *args, GError **err);
int cmd_rota_list(struct cli *cli, const struct args *args, GError **err);
int cmd_sync(struct cli *cli, const struct args *args, GError **err);
int cmd_doctor(struct cli *cli, const struct args *args, GError **err);
int cmd_help(struct cli *cli, const struct args *args, GError **err);
int cmd_setup(struct cli *cli, const struct args *args, GError **err);
int cmd_demo(struct cli *cli, const struct args *args, GError **err);
int cmd_console(struct cli *cli, const struct args *args, GError **err);

#endif
