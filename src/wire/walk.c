/* walk - a list endpoint, page by page.
 *
 * The next page is asked for before the last one is handed over, so that the server works while
 * we do. */
#include <stdlib.h>
#include <string.h>

#include "wire/call.h"
#include "wire/json_get.h"

#define PAGES_MAX 20000 /* of a thousand each */

struct walk {
	struct wire_client *client;
	unsigned number;
	char *path, *key;
	json_t *params;
	GHashTable *cursors; /* used so far: a server that repeats one would keep us forever */
	GHashTable *firsts;  /* digests of what each page began with: so would one that repeats a page */
	int pages;
	wire_page *page;
	wire_done *done;
	void *ctx;
	bool in_page;        /* the caller's page function is on the stack */
	bool ended;          /* done has been called */
};

static void walk_free(struct walk *w)
{
	g_free(w->path);
	g_free(w->key);
	json_decref(w->params);
	g_hash_table_unref(w->cursors);
	g_hash_table_unref(w->firsts);
	g_free(w);
}

static void walk_end(struct walk *w, const struct wire_answer *answer)
{
	g_hash_table_remove(client_walks(w->client), GUINT_TO_POINTER(w->number));
	w->ended = true;
	w->done(answer, w->ctx);
	if (!w->in_page)
		walk_free(w);
}

void walk_cancel(struct wire_client *client, unsigned number)
{
	struct walk *w = g_hash_table_lookup(client_walks(client), GUINT_TO_POINTER(number));

	if (w)
		walk_end(w, &WIRE_ANSWER_CANCELLED);
}

/* The cursor of the next page; NULL: this was the last. */
static const char *next_cursor(struct walk *w, const json_t *body)
{
	const json_t *pagination = json_object_get(body, "pagination");
	const char *cursor = json_get_word(pagination, "next_page_cursor");

	if (!cursor || json_get_tri(pagination, "has_next_page") == TRI_NO)
		return NULL;
	return g_hash_table_add(w->cursors, g_strdup(cursor)) ? cursor : NULL;
}

/* A server that gives page after page of the same, with a new cursor each time, would keep us and itself
 * busy for ever. Pages of nothing are let pass: a filter may leave some. */
static bool is_seen_page(struct walk *w, const json_t *list)
{
	const json_t *first = json_array_get(list, 0);
	char *text = first ? json_dumps(first, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	bool fresh = !text || g_hash_table_add(w->firsts, g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1));

	free(text);
	return !fresh || ++w->pages > PAGES_MAX;
}

/* A list that is none or has no end is no whole one: whoever compares would think that all else is gone. */
static void end_in_trouble(struct walk *w, const struct wire_answer *answer, char *message)
{
	g_autofree char *words = message;
	struct wire_answer lost = *answer;

	lost.outcome = WIRE_LOST;
	lost.message = words;
	walk_end(w, &lost);
}

static void on_answer(const struct wire_answer *answer, void *ctx)
{
	struct walk *w = ctx;
	json_t *list = json_object_get(answer->body, w->key);
	const char *cursor;

	if (answer->outcome != WIRE_OK) {
		walk_end(w, answer);
		return;
	}
	if (!json_is_array(list)) {
		end_in_trouble(w, answer, g_strdup_printf("the answer to %s has no list of %s", w->path, w->key));
		return;
	}
	cursor = next_cursor(w, answer->body);
	if (cursor && is_seen_page(w, list)) {
		end_in_trouble(w, answer,
			       g_strdup_printf("%s gives the same %s page after page, without end", w->path, w->key));
		return;
	}
	if (cursor) {
		json_object_set_new(w->params, "page_cursor", json_string(cursor));
		client_queue(w->client, w->number, WIRE_READ, w->path, w->params, on_answer, w);
	}

	w->in_page = true;
	w->page(list, answer, w->ctx);
	w->in_page = false;
	if (w->ended)
		walk_free(w);
	else if (!cursor)
		walk_end(w, answer);
}

unsigned wire_walk(struct wire_client *client, const char *path, const json_t *params,
		   const char *key, wire_page *page, wire_done *done, void *ctx)
{
	struct walk *w = g_new0(struct walk, 1);

	w->client = client;
	w->number = client_number(client);
	w->path = g_strdup(path);
	w->key = g_strdup(key);
	w->params = params ? json_deep_copy(params) : json_object();
	w->cursors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	w->firsts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	w->page = page;
	w->done = done;
	w->ctx = ctx;
	g_hash_table_insert(client_walks(client), GUINT_TO_POINTER(w->number), w);
	client_queue(client, w->number, WIRE_READ, path, w->params, on_answer, w);
	return w->number;
}
