/* device_filter - which devices a list is about. What does not exist here (spaces, webviews,
 * users) is asked for in vain: nothing fits. */
#include "config.h"

#include "core/text.h"
#include "server/device.h"

#include <string.h>

#define ID_PREFIX_MIN 4

void device_filter_init(struct call *c, bool managed, struct device_filter *f)
{
	static const char *const nowhere[] = { "connect_webview_id", "space_id",
					       "user_identifier_key" };
	const struct params *p = c->params;
	const char *search = params_text(p, "search");
	size_t n;

	*f = (struct device_filter){
		.managed = managed,
		.account_id = params_text(p, "connected_account_id"),
		.type = params_text(p, "device_type"),
		.maker = params_text(p, "manufacturer"),
		.customer_key = params_text(p, "customer_key"),
		.account_ids = params_texts(p, "connected_account_ids", &n),
		.types = params_texts(p, "device_types", &n),
		.device_ids = params_texts(p, "device_ids", &n),
		.created_before = params_instant(p, "created_before"),
		.metadata = params_json(p, "custom_metadata_has"),
		.search = search && *search ? text_fold(search) : NULL,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(nowhere); i++)
		f->nothing = f->nothing || params_text(p, nowhere[i]);
}

void device_filter_done(struct device_filter *f)
{
	g_free(f->search);
}

bool texts_hold(const char *folded, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree char *text = texts[i] ? text_fold(texts[i]) : NULL;

		if (text && strstr(text, folded))
			return true;
	}
	return false;
}

/* An id is searched for by its beginning, of at least four characters; or it is another's whole. */
static bool search_fits(const char *folded, const struct store_device *d)
{
	const char *const texts[] = { device_name(d), d->place };

	if (strlen(folded) >= ID_PREFIX_MIN && g_str_has_prefix(d->device_id, folded))
		return true;
	return g_strcmp0(d->account_id, folded) == 0 ||
	       texts_hold(folded, texts, G_N_ELEMENTS(texts)) ||
	       (d->metadata && metadata_says(d->metadata, folded));
}

static bool is_one_of(const char *const *list, const char *text)
{
	return !list || (text && g_strv_contains(list, text));
}

static bool is_that(const char *wanted, const char *text)
{
	return !wanted || g_strcmp0(wanted, text) == 0;
}

bool device_fits(struct server *s, const struct device_filter *f, const struct store_device *d)
{
	return d->managed == f->managed && !f->nothing && is_that(f->account_id, d->account_id) &&
	       is_one_of(f->account_ids, d->account_id) && is_that(f->type, d->device_type) &&
	       is_one_of(f->types, d->device_type) && is_one_of(f->device_ids, d->device_id) &&
	       is_that(f->maker, device_maker(d->device_type)) &&
	       !(instant_known(f->created_before) &&
		 !instant_before(d->created_at, f->created_before)) &&
	       (!f->metadata || metadata_has(d->metadata, f->metadata)) &&
	       (!f->search || search_fits(f->search, d)) &&
	       (!f->customer_key || account_has_customer_key(s, d->account_id, f->customer_key));
}
