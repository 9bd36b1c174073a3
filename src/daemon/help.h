/* help - what 'keyrackd --help' says; from the tables of options. */
#ifndef KEYRACK_DAEMON_HELP_H
#define KEYRACK_DAEMON_HELP_H

void help_print(void);

#endif
