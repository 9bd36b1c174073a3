/* log - keyrackd's one writer of its log: stderr, a line for each message.
 *
 * Where journald reads, a line begins with its priority; else with the program's name. What is
 * logged holds no PIN and no key: that is for whoever writes the message. */
#ifndef KEYRACK_DAEMON_LOG_H
#define KEYRACK_DAEMON_LOG_H

void log_begin(void);
void log_level(int level); /* GLogLevelFlags up to which is written; 0: INFO */

#endif
