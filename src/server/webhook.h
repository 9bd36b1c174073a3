/* webhook - the parts of delivery, which nobody but webhook*.c and its tests sees.
 *
 *   journal ─► blocks ─► endpoint 1 ─► post ─► receiver
 *              (read     endpoint 2 ─► post ─► receiver
 *               once)    …
 *
 * Each endpoint goes through the journal by itself, one event after the other, and is one number
 * in the store: the last event that is done with. */
#ifndef KEYRACK_SERVER_WEBHOOK_H
#define KEYRACK_SERVER_WEBHOOK_H

#include <curl/curl.h>

#include "server/inside.h"

#define WEBHOOKS_MAX	   50
#define WEBHOOK_TIMEOUT_MS 15000
#define WEBHOOK_GIVE_UP_MS (5 * DAY_MS) /* of failure without a break: it is switched off */

/* ---- webhook_sign.c: the Svix scheme ---- */
#define WEBHOOK_SECRET_MAX 48
/* "whsec_" and 24 random bytes. */
void webhook_secret_new(char secret[static WEBHOOK_SECRET_MAX]);
/* "v1,<base64>" over "<id>.<timestamp>.<body>". Newly allocated; NULL: the secret is none. */
char *webhook_sign(const char *secret, const char *id, int64_t timestamp, const char *body,
		   size_t len);

/* ---- webhook_journal.c: the journal in blocks that all endpoints share ---- */
struct journal;
struct journal_entry {
	int64_t seq;
	char *event_id, *body;
	const char *event_type; /* interned */
};
struct journal *journal_new(struct store *store);
void journal_free(struct journal *j);
/* There are events up to this one. */
void journal_grown(struct journal *j, int64_t seq);
int64_t journal_last(const struct journal *j);
/* NULL: not there yet (or the store failed). Lent until the next call. */
const struct journal_entry *journal_at(struct journal *j, int64_t seq);
uint64_t journal_reads(const struct journal *j); /* how often the store was asked */

/* ---- webhook_post.c: one request ---- */
struct post {
	CURL *easy;
	struct curl_slist *headers;
	char *body;
	size_t answer_bytes;
};
void post_init(struct post *p, const char *url, void *owner);
/* From here on curl_loop_add(p->easy) sends it, signed with both secrets; before: NULL, with one. False: it cannot
 * be made. */
bool post_prepare(struct post *p, const char *secret, const char *before, const char *event_id, const char *body,
		  int timeout_ms);
void *post_owner(CURL *easy);
/* Was it taken? If not, why: newly allocated, for people; the URL is not in it. */
bool post_taken(struct post *p, CURLcode result, char **why);
void post_clear(struct post *p);

/* ---- webhook.c ---- */
/* Brings the row up to date with what was passed over because nobody asked for it. Before a route
 * reads the row to show or change it. */
void webhooks_settle(struct webhooks *w, const char *webhook_id);
/* What the last try came to grief on; NULL. Lent. */
const char *webhooks_trouble(const struct webhooks *w, const char *webhook_id);
void webhooks_set_timeout(struct webhooks *w, int ms);
uint64_t webhooks_journal_reads(const struct webhooks *w);

#endif
