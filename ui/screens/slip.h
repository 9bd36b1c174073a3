/* slip - what a guest is handed: the door's name, the window and the PIN; pure text. */
#ifndef KEYRACK_UI_SLIP_H
#define KEYRACK_UI_SLIP_H

#include <glib.h>

struct slip {
	const char *property, *name, *window;
	const char *doors; /* "101 Garden, Gym" */
	const char *pin;
};
/* For paper: who and where above the fold, the PIN below it, so that the two are not read together. Newly
 * allocated. */
char *slip_text(const struct slip *s);

/* For a message to the guest: no room, since others may read it. Newly allocated. */
char *slip_message(const struct slip *s);

#endif
