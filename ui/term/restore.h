/* restore - the terminal as it was, however the program ends.
 *
 * One string (modes off, cursor on, normal screen) and the saved termios, sent from exit, from
 * SIGTERM and SIGHUP by way of the main loop, and from the crash signals by an async-safe handler
 * that then dies of the same signal. HUP, INT, QUIT, TERM and TSTP, and the timers' and users'
 * signals that end a program by default, are handled here too as long as the main loop has not taken them: so there
 * is no moment in which they could leave a mess. */
#ifndef KEYRACK_UI_RESTORE_H
#define KEYRACK_UI_RESTORE_H

/* Remembers the terminal of fd and installs the handlers for SEGV, BUS, FPE, ILL, ABRT, SYS, TRAP,
 * and for the ones above where they are at their default. */
void restore_arm(int fd);
void restore_disarm(void);
/* What is sent; copied. Set it before arming. */
void restore_set(const char *string);
/* Async-signal-safe. Sends the restore string and sets termios, once per arming. */
void restore_now(void);
/* The same without the string: the screen has been left in order. */
void restore_left(void);

/* Whether the process was stopped and continued since the last call: the screen is not what it
 * was. FROM_SHELL: the restore string was sent before. */
enum resumed { NOT_RESUMED, RESUMED_IN_PLACE, RESUMED_FROM_SHELL };
enum resumed restore_resumed(void);

#endif
