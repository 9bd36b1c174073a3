/* setup - the first configuration: what is asked, what is wrong with an answer, and how it is written. */
#ifndef KEYRACK_CLI_SETUP_H
#define KEYRACK_CLI_SETUP_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

struct setup {
	char *endpoint;
	char *api_key;  /* wiped when freed */
	char *name;
	char *zone;
};
void setup_clear(struct setup *s);

/* What is wrong with one, in a sentence that says what to write; NULL: nothing. */
const char *setup_wrong_endpoint(const char *text);
const char *setup_wrong_key(const char *text);
const char *setup_wrong_zone(const char *text);

/* The first line of a file, without blanks around it; NULL with err. Free with credential_wipe. */
char *setup_key_of_file(const char *path, GError **err);

/* "Harbour House" gives "harbour-house": the profile's id and the names of its files. Newly allocated. */
char *setup_id(const char *name);

/* Writes keyrack.conf and, beside it, the key, both 0600; neither over a file that is there already. On
 * failure nothing is left behind. */
bool setup_save(const struct setup *s, const char *config_path, GError **err);

#endif
