/* alike - see the header. */
#include "cache/alike.h"

#include "cache/db.h"
#include "core/alike.h"

/* Names whose key is that of the name as it is read; of those the first that is written otherwise. */
static char *find(struct cache *c, enum statement s, const char *key, const char *name, GStringChunk *chunk)
{
	QUERY q = db_query(c, s, NULL);

	if (!q)
		return NULL;
	bind_text(q, 1, key);
	bind_text(q, 2, name);
	if (db_next(c, q, NULL) <= 0)
		return NULL;
	return chunk ? g_string_chunk_insert(chunk, (const char *)sqlite3_column_text(q, 0))
		     : g_strdup((const char *)sqlite3_column_text(q, 0));
}

char *cache_alike_code(struct cache *c, const char *name, GStringChunk *chunk)
{
	g_autofree char *read_as = NULL;

	return text_alike(name, &read_as) ? find(c, STATEMENT_ALIKE_CODE, read_as, name, chunk) : NULL;
}

char *cache_alike_lock(struct cache *c, const char *name, GStringChunk *chunk)
{
	g_autofree char *read_as = NULL, *key = NULL;

	if (!text_alike(name, &read_as))
		return NULL;
	key = sort_key(read_as);
	return find(c, STATEMENT_ALIKE_LOCK, key, name, chunk);
}
