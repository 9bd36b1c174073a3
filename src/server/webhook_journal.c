/* webhook_journal - the journal as endpoints read it: in blocks, and each block once for all.
 *
 * Endpoints that keep up are all in the newest block, and one that lags shares the blocks of those
 * that lag with it. A block that is not full yet is read on from where it ends. */
#include "config.h"

#include "server/webhook.h"

#define BLOCK	   256
#define BLOCKS_MAX 32

struct block {
	int64_t number; /* of the events number * BLOCK + 1 and on */
	int n;		/* read so far */
	uint64_t used;
	struct journal_entry entry[BLOCK];
};

struct journal {
	struct store *store;
	int64_t last;
	GHashTable *blocks; /* &number -> struct block */
	uint64_t uses, reads;
};

static void block_free(void *data)
{
	struct block *b = data;

	for (int i = 0; i < b->n; i++) {
		g_free(b->entry[i].event_id);
		g_free(b->entry[i].body);
	}
	g_free(b);
}

struct journal *journal_new(struct store *store)
{
	struct journal *j = g_new0(struct journal, 1);

	j->store = store;
	j->last = store_last_seq(store);
	j->blocks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, block_free);
	return j;
}

void journal_free(struct journal *j)
{
	g_hash_table_destroy(j->blocks);
	g_free(j);
}

void journal_grown(struct journal *j, int64_t seq)
{
	j->last = MAX(j->last, seq);
}

int64_t journal_last(const struct journal *j)
{
	return j->last;
}

uint64_t journal_reads(const struct journal *j)
{
	return j->reads;
}

static void drop_oldest_block(struct journal *j)
{
	GHashTableIter it;
	void *value;
	struct block *oldest = NULL;

	g_hash_table_iter_init(&it, j->blocks);
	while (g_hash_table_iter_next(&it, NULL, &value)) {
		struct block *b = value;

		if (!oldest || b->used < oldest->used)
			oldest = b;
	}
	if (oldest)
		g_hash_table_remove(j->blocks, &oldest->number);
}

static struct block *block_of(struct journal *j, int64_t number)
{
	struct block *b = g_hash_table_lookup(j->blocks, &number);

	if (!b) {
		if (g_hash_table_size(j->blocks) >= BLOCKS_MAX)
			drop_oldest_block(j);
		b = g_new0(struct block, 1);
		b->number = number;
		g_hash_table_insert(j->blocks, &b->number, b);
	}
	b->used = ++j->uses;
	return b;
}

static void read_on(struct journal *j, struct block *b)
{
	const struct store_event_filter f = {
		.after_seq = b->number * BLOCK + b->n,
		.limit = BLOCK - b->n,
		.oldest_first = true,
	};
	g_autoptr(GError) err = NULL;
	OWN(store_list) struct store_list *rows = store_events(j->store, &f, &err);

	j->reads++;
	if (!rows)
		g_warning("webhooks: the journal cannot be read: %s", err->message);
	for (guint i = 0; rows && i < rows->rows->len; i++) {
		const struct store_event *e = store_at(rows, struct store_event, i);

		/* Numbers go up by one: this one fits, or the journal is damaged. */
		if (e->seq != b->number * BLOCK + b->n + 1)
			break;
		b->entry[b->n++] = (struct journal_entry){
			.seq = e->seq,
			.event_id = g_strdup(e->event_id),
			.body = g_strdup(e->body),
			.event_type = g_intern_string(e->event_type),
		};
	}
}

const struct journal_entry *journal_at(struct journal *j, int64_t seq)
{
	struct block *b;
	int at = (int)((seq - 1) % BLOCK);

	if (seq < 1 || seq > j->last)
		return NULL;
	b = block_of(j, (seq - 1) / BLOCK);
	if (at >= b->n)
		read_on(j, b);
	return at < b->n ? &b->entry[at] : NULL;
}
