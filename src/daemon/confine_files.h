/* confine_files - keyrackd gives up the files it will not need, before anybody can speak to it: whoever takes it over
 * by a defect finds its store, and not what else its user could open. Landlock does it, where the kernel has it. */
#ifndef KEYRACK_DAEMON_CONFINE_FILES_H
#define KEYRACK_DAEMON_CONFINE_FILES_H

#include <glib.h>

enum confine_right {
	CONFINE_READ,   /* its files are read, and listed */
	CONFINE_KEEP,   /* files in it are made, written and removed too */
	CONFINE_REMOVE, /* files in it are removed, and that is all */
	CONFINE_DEVICE, /* read and written */
};

/* All below a folder, or one file. What is not there is passed over. */
struct confine_place {
	const char *path;
	enum confine_right right;
};

enum confined {
	CONFINE_FAILED, /* FAILED: everything is as it was */
	CONFINED,
	CONFINE_ABSENT, /* this kernel has it not, or this program was built without it or for sanitizers */
};

/* For good, and for all threads to come: called while there is one, and before the system calls are given up. Besides
 * `places` stay readable what libraries read of the system: zones, certificates, names of hosts, shared objects.
 * Nothing can be run. */
enum confined confine_files(const struct confine_place *places, size_t n, GError **err);

#endif
