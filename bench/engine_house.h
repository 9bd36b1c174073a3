/* engine_house - the codes and locks of bench/engine and bench/answers, and how they come into a store. */
#ifndef KEYRACK_BENCH_ENGINE_HOUSE_H
#define KEYRACK_BENCH_ENGINE_HOUSE_H

#include "engine/engine.h"

#define NOON	   ((struct instant){ INT64_C(1767614400000) })
#define SYSTEM	   "august_lock"

/* Code i is on lock i % locks; its handle is i. */
struct house {
	struct driver driver; /* first */
	int codes, locks, checkouts;
	bool *held;           /* by code */
	int reads, sets, removals;
	GArray *order;        /* int: codes in the order in which their removal was asked for */
	struct instant last_removal;
};

enum { CHECKOUTS_MAX = 50000 };
void house_init(struct house *h, int codes, int locks);
void house_clear(struct house *h);
/* A folder with a store of the house in it, "store.db". g_free. */
char *house_store(const struct house *h);
void house_remove_store(const char *folder);

struct instant check_out(void); /* of the first h->checkouts codes */
struct instant starts_at(int code);
struct on_lock on_lock(const struct house *h, int code, char pin[static 8], char name[static 32]);
char *device_id(int lock);
void must(bool ok, GError *err);

/* Makes the store at path and loads it. */
void fill(const char *path, const struct house *h);
/* As many rows as check out, moved from one table to another by SQLite alone: seconds. */
double bare_moves(const char *path, int rows, double *work);

#endif
