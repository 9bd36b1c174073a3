/* hook - somebody who is told of each event by a webhook, and is not always there.
 *
 * It stands where src/server has webhook_post.c: keyrackd's own queue, retries and rows are the real
 * ones. Judged: each event comes, in order, and again only where nobody can know that it came; one
 * is passed over only after as many tries as keyrackd promises. */
#ifndef KEYRACK_TESTS_SIMULATION_HOOK_H
#define KEYRACK_TESTS_SIMULATION_HOOK_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

struct house;
enum hook_mood { HOOK_WELL, HOOK_GONE, HOOK_REFUSING, HOOK_SILENT };

/* It asks keyrackd for all events from now on. */
void hook_begin(struct house *h, uint64_t seed);
void hook_mood(enum hook_mood mood);
bool hook_is_behind(void);
/* The journal has this event, under this number. */
void hook_journal(const char *event_id, int64_t seq);
/* What came since the last time, against the journal. */
void hook_judge(void);
void hook_died(bool power);

/* Of line.c, which is the one libcurl of this process. */
typedef void hook_ended(CURL *easy, CURLcode result, void *ctx);
bool hook_owns(CURL *easy);
void hook_add(CURL *easy, hook_ended *ended, void *ctx);
void hook_remove(CURL *easy);

struct hook_count {
	int64_t tries, taken, again, passed_over;
};
struct hook_count hook_counts(void);

#endif
