/* dossier - all that the cache knows about one code; see the header. */
#include "ui/screens/dossier.h"

#include <string.h>

#include "core/jsonin.h"
#include "core/vocab.h"
#include "ui/screens/words.h"

#define EVENTS_READ  60
#define INTENTS_READ 50
#define CODES_READ   200

static struct cache_list *keep(struct dossier *d, struct cache_list *list)
{
	g_assert(d->kept_n < G_N_ELEMENTS(d->kept)); /* one more is one more line of dossier_read */
	if (list)
		d->kept[d->kept_n++] = list;
	return list;
}

#define TAKE(d, to, list, type)                                                            \
	do {                                                                               \
		struct cache_list *taken = keep(d, list);                                  \
		/* Not &rows[0]: of none there is no first. */                             \
		(to).at = taken ? (type *)(void *)taken->rows->data : NULL;                \
		(to).n = taken ? taken->rows->len : 0;                                           \
	} while (0)

static void read_events(struct dossier *d, struct cache *c, int64_t lock_no, int64_t code_no)
{
	struct event_query of_code = { .code_no = code_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				       .limit = EVENTS_READ };
	struct event_query of_door = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				       .kinds = 1u << EVENT_DENIED | 1u << EVENT_DEVICE_GOOD |
						1u << EVENT_DEVICE_TROUBLE | 1u << EVENT_ACCOUNT,
				       .limit = EVENTS_READ };

	TAKE(d, d->events, cache_events(c, &of_code, NULL), struct event_row);
	TAKE(d, d->door_events, cache_events(c, &of_door, NULL), struct event_row);
}

void dossier_read(struct dossier *d, struct world *w, int64_t code_no)
{
	ROWS_OF(struct code_row) codes;
	ROWS_OF(struct lock_row) locks;
	ROWS_OF(struct explanation) said;
	struct cache *c = w->cache;

	*d = (struct dossier){ .now = w->now, .zone = w->zone };
	TAKE(d, codes, cache_code(c, code_no, w->now, NULL), struct code_row);
	if (!codes.n)
		return;
	d->code = codes.at;
	d->zone = zone_of(d->code->zone, w->zone);
	TAKE(d, locks, cache_lock(c, d->code->lock_no, w->now, NULL), struct lock_row);
	d->lock = locks.n ? locks.at : NULL;
	TAKE(d, d->issues, cache_issues_of_code(c, code_no, NULL), struct issue_row);
	TAKE(d, d->lock_issues, cache_issues_of_lock(c, d->code->lock_no, NULL), struct issue_row);
	read_events(d, c, d->code->lock_no, code_no);
	TAKE(d, d->intents, outbox_of_code(c, d->code->code.access_code_id, INTENTS_READ, NULL),
	     struct intent);
	TAKE(d, said, cache_explanation(c, code_no, NULL), struct explanation);
	d->explained = said.n ? said.at : NULL;
}

void dossier_read_lock(struct dossier *d, struct world *w, int64_t lock_no)
{
	ROWS_OF(struct lock_row) locks;

	*d = (struct dossier){ .now = w->now, .zone = w->zone };
	TAKE(d, locks, cache_lock(w->cache, lock_no, w->now, NULL), struct lock_row);
	if (!locks.n)
		return;
	d->lock = locks.at;
	d->zone = zone_of(d->lock->lock.zone, w->zone);
	TAKE(d, d->lock_issues, cache_issues_of_lock(w->cache, lock_no, NULL), struct issue_row);
	read_events(d, w->cache, lock_no, 0);
	d->events.n = 0; /* none was asked for: every code's are no code's */
}

void dossier_read_around(struct dossier *d, struct world *w, int64_t lock_no)
{
	struct code_query here = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				   .limit = CODES_READ };

	ROWS_OF(struct double_row) twice = { 0 };
	struct cache_list *codes = cache_codes(w->cache, &here, w->now, NULL);

	TAKE(d, d->here, codes, struct code_row);
	if (codes)
		TAKE(d, twice, cache_doubles_among(w->cache, codes, w->zone, w->now), struct double_row);
	for (size_t i = 0; d->code && i < twice.n && !d->twice; i++)
		if (double_other(&twice.at[i], d->code->code_no, 0))
			d->twice = &twice.at[i];
	if (d->code)
		TAKE(d, d->elsewhere, cache_codes_of_guest(w->cache, d->code->code_no, w->now, NULL),
		     struct code_row);
}

bool dossier_finds_no_room(const struct dossier *d)
{
	for (size_t i = 0; i < d->issues.n; i++)
		if (g_strcmp0(d->issues.at[i].code, "no_space_for_access_code_on_device") == 0)
			return true;
	return false;
}

void dossier_done(struct dossier *d)
{
	for (size_t i = 0; i < d->kept_n; i++)
		cache_list_free(d->kept[i]);
	*d = (struct dossier){ 0 };
}

struct instant dossier_offline_since(const struct dossier *d)
{
	if (!d->lock || d->lock->lock.online != TRI_NO)
		return INSTANT_NONE;
	for (size_t i = 0; i < d->door_events.n; i++) {
		const struct event_row *e = &d->door_events.at[i];

		if (g_strcmp0(e->event.event_type, "device.disconnected") == 0)
			return e->event.occurred_at;
	}
	for (size_t i = 0; i < d->lock_issues.n; i++)
		if (d->lock_issues.at[i].kind == 'e')
			return d->lock_issues.at[i].created_at;
	return INSTANT_NONE;
}

char *dossier_keyrackd(const struct dossier *d, const char *member)
{
	g_autofree char *path = g_strconcat("keyrackd.", member, NULL);

	return d->code ? jsonin_text(d->code->code.rest, path) : NULL;
}

const struct event_row *dossier_proof_of_use(const struct dossier *d)
{
	for (size_t i = 0; i < d->events.n; i++) {
		const struct event_row *e = &d->events.at[i];

		if (event_lookup(e->event.event_type)->kind == EVENT_UNLOCK && e->how != WHO_INFERRED)
			return e;
	}
	return NULL;
}
