/* house - Harbour House: a small property that is the same on every run, for tests of screens. */
#ifndef KEYRACK_TESTS_UI_HOUSE_H
#define KEYRACK_TESTS_UI_HOUSE_H

#include "cache/cache.h"
#include "core/profile.h"

/* Sunday 22 November 2026, 21:18 in Berlin. */
#define HOUSE_NOW ((struct instant){ INT64_C(1795378680000) })

/* Fills a new cache file; aborts with the reason when it cannot. */
void house_make(const char *path);
/* And an outbox with something in every state, as it stood at HOUSE_NOW. */
void house_make_outbox(const char *path);
/* A profile for it, folder and all; free with profile_free. */
struct profile *house_profile(const char *folder);
/* Makes the folder, the cache in it, and gives the folder's name. */
char *house_build(void);
void house_pull_down(const char *folder);

#endif
