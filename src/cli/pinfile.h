/* pinfile - a PIN that comes from a file or standard input, never from the command line. */
#ifndef KEYRACK_CLI_PINFILE_H
#define KEYRACK_CLI_PINFILE_H

#include <glib.h>
#include <stdbool.h>

#include "core/pin.h"

/* The digits on the first line of path ("-": standard input). Only their form is checked. */
bool pinfile_read(const char *path, char out[static PIN_MAX + 1], GError **err);

#endif
