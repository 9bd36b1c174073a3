/* life - keyrackd from its start to its end. */
#ifndef KEYRACK_DAEMON_LIFE_H
#define KEYRACK_DAEMON_LIFE_H

#include "daemon/options.h"

/* Serves until SIGTERM or SIGINT, rereads at SIGHUP. Takes the options over; args are read again
 * over the file, and must live on. EXIT_OK, or err. ready_fd: -1, or told once it serves. */
int life_run(struct daemon_options *o, const struct args *args, int ready_fd, GError **err);

#endif
