/* disk - an SQLite VFS whose files are in memory, and which can fail.
 *
 * A struct disk is the disk as one process sees it: the files of a folder, which on the real disk
 * are empty. It can stop at the n-th
 * write or sync (the process dies there: nothing that it does afterwards reaches a file), be full, or
 * fail. What was written since a file's last sync is remembered, so that a power cut can take it
 * back, in part and with a torn page. */
#ifndef KEYRACK_TESTS_SIMULATION_DISK_H
#define KEYRACK_TESTS_SIMULATION_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_mood { DISK_WELL, DISK_FULL, DISK_FAILING };

struct disk {
	char *folder;             /* of disk_mount */
	enum disk_mood mood;
	bool dead;                /* nothing reaches a file any more */
	int64_t writes;           /* writes, syncs and truncations until now */
	int64_t stop_at;          /* dies instead of this one; 0: never */
	void (*on_death)(struct disk *d);
	int64_t crashes, refused; /* for the figures */
};

/* The default VFS of this process. So many pages in a journal, and SQLite moves them into the file. */
void disk_install(int checkpoint_pages);
/* The innermost folder counts: mounted last. */
void disk_mount(struct disk *d, const char *folder);
void disk_unmount(struct disk *d);
/* All its files are closed; the power was cut: each write since a file's last sync is there, or
 * not, or torn, as the dice fall. */
void disk_cut_power(struct disk *d, uint64_t *dice);
void disk_forget(struct disk *d); /* what was not synced is there: only the process died */

#endif
