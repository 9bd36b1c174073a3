/* restore - the terminal as it was, however the program ends.
 *
 * One string (modes off, cursor on, normal screen) and the saved termios, sent from exit, from
 * SIGTERM and SIGHUP by way of the main loop, and from the crash signals by an async-safe handler
 * that then dies of the same signal. */
#ifndef KEYRACK_UI_RESTORE_H
#define KEYRACK_UI_RESTORE_H

/* Remembers the terminal of fd and installs the handlers for SEGV, BUS, FPE, ILL, ABRT, SYS, TRAP. */
void restore_arm(int fd);
void restore_disarm(void);
/* Async-signal-safe. Sends the restore string and sets termios, once per arming. */
void restore_now(void);

#endif
