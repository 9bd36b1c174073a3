/* store - which database a URL means, and every call passed on to it. */
#include "engine/store_ops.h"

#include <string.h>

static const struct {
	const char *scheme;
	struct store *(*open)(const char *place, const char *seal_key, bool alone, GError **err);
} kinds[] = {
	{ "sqlite:", store_sqlite_open },
};

static struct store *open_url(const char *url, const char *seal_key, bool alone, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const char *place = url + strlen(kinds[i].scheme);

		if (g_str_has_prefix(url, kinds[i].scheme) && *place)
			return kinds[i].open(place, seal_key, alone, err);
	}
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
		    "'%s' is no store: write sqlite:PATH, for example "
		    "sqlite:/var/lib/keyrackd/keyrackd.db",
		    url);
	return NULL;
}

struct store *store_open(const char *url, GError **err)
{
	return open_url(url, NULL, true, err);
}

struct store *store_open_sealed(const char *url, const char *seal_key, GError **err)
{
	return open_url(url, seal_key, true, err);
}

struct store *store_open_beside(const char *url, GError **err)
{
	return open_url(url, NULL, false, err);
}

#define PASS_ON(result, name, parameters, arguments)                                               \
	result store_##name parameters                                                             \
	{                                                                                          \
		return s->ops->name arguments;                                                     \
	}
STORE_OPS(PASS_ON)

struct store_list *store_list_new(size_t row_size)
{
	enum { STRINGS_AT_ONCE = 2048 };
	struct store_list *list = g_new(struct store_list, 1);

	list->rows = g_array_new(FALSE, TRUE, (guint)row_size);
	list->chunk = g_string_chunk_new(STRINGS_AT_ONCE);
	return list;
}

void store_list_free(struct store_list *l)
{
	if (!l)
		return;
	g_array_unref(l->rows);
	g_string_chunk_free(l->chunk);
	g_free(l);
}
