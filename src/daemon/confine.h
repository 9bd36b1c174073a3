/* confine - keyrackd gives up what it will not need, before anybody can speak to it: whoever takes it over by a defect
 * can start no program, look into no other, and make no memory that is written and run. */
#ifndef KEYRACK_DAEMON_CONFINE_H
#define KEYRACK_DAEMON_CONFINE_H

#include <glib.h>
#include <stdbool.h>

/* For all threads, and for good. Calls that are not needed fail with EPERM; those that only somebody else would make
 * end the process (SIGSYS). True without doing anything where this program was built without seccomp, or for
 * sanitizers. FAILED: the kernel does not do it; everything is as it was. */
bool confine_calls(GError **err);

#endif
