/* app - the console: its loop, its stack of screens, the lines around them. */
#ifndef KEYRACK_UI_APP_H
#define KEYRACK_UI_APP_H

#include <glib.h>
#include <stdio.h>

#include "core/error.h"
#include "core/instant.h"
#include "core/profile.h"

struct app_options {
	bool read_only;
	bool ascii, no_color, no_mouse;
	const char *theme; /* NULL: the profile's */
	bool line;         /* plain lines instead of a screen; so it is too where no screen can be */
	bool demo;         /* the house is not there: the tour may be taken */
	bool tour;         /* and begins at once */
	bool kiosk;        /* nothing leaves the screen, and only SIGTERM ends it */
	/* Starts 'keyrack sync' for this profile; called when none runs. May be NULL (a test). */
	bool (*start_sync)(const struct profile *p, GError **err);
	/* Where 'now' comes from; NULL: the system's clock. A test's stands still. */
	struct instant (*clock)(void);
};

/* Runs until the operator leaves. Returns an exit code (core/exit.h). What may change while it runs is
 * read into profile again when told so. */
int app_run(struct profile *profile, const struct app_options *opt, GError **err);

/* The keys in force, as a file to begin with. */
void app_print_keys(FILE *out);
/* What the operator's keys.conf says and cannot be done, with its lines; empty: nothing. *path: the file.
 * GPtrArray of char *, owning. */
GPtrArray *app_check_keys(char **path);
/* The same of every theme that can be chosen (*n), and of wanted where that is another: "FILE:12: ...". */
GPtrArray *app_check_themes(const char *wanted, unsigned *n);
/* The word in [rack] columns that is no column; NULL: each is one. *known: all that there are. Newly allocated. */
char *app_check_columns(const char *written, char **known);

#endif
