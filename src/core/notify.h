/* notify - tells whoever started this process how far it is: systemd, or a parent that waits. */
#ifndef KEYRACK_CORE_NOTIFY_H
#define KEYRACK_CORE_NOTIFY_H

/* "READY=1" to systemd; nothing where it does not listen. */
void notify_systemd(const char *state);
/* One byte, and the end: ready. The descriptor is closed. */
void notify_parent(int fd);

#endif
