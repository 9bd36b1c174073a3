/* stay - which codes belong together; see the header. */
#include "ui/screens/stay.h"

#include <string.h>

bool stay_same(const struct access_code *a, const struct access_code *b)
{
	bool windows = instant_known(a->starts_at) && instant_known(a->ends_at);

	if (a->common_code_key && *a->common_code_key && g_strcmp0(a->common_code_key, b->common_code_key) == 0)
		return true;
	if (a->code && g_strcmp0(a->code, b->code) == 0)
		return true;
	return windows && instant_eq(a->starts_at, b->starts_at) && instant_eq(a->ends_at, b->ends_at);
}

void stay_read(struct stay *s, struct world *w, int64_t code_no)
{
	*s = (struct stay){ .own = code_no ? cache_code(w->cache, code_no, w->now, NULL) : NULL };
	if (!s->own || !s->own->rows->len)
		return;
	s->at[s->n++] = cache_list_at(s->own, struct code_row, 0);
	s->others = cache_codes_of_guest(w->cache, code_no, w->now, NULL);
	for (guint i = 0; s->others && i < s->others->rows->len && s->n < STAY_DOORS_MAX; i++) {
		const struct code_row *c = cache_list_at(s->others, struct code_row, i);

		if (c->code.managed && c->code.is_backup != TRI_YES && c->state != CODE_ENDED &&
		    c->state != CODE_REMOVING && stay_same(&s->at[0]->code, &c->code))
			s->at[s->n++] = c;
	}
}

void stay_done(struct stay *s)
{
	if (s->own)
		cache_list_free(s->own);
	if (s->others)
		cache_list_free(s->others);
	*s = (struct stay){ 0 };
}

char *stay_other_doors(const struct stay *s)
{
	GString *out = s->n > 1 ? g_string_new(NULL) : NULL;

	for (size_t i = 1; i < s->n; i++)
		g_string_append_printf(out, "%s%s", out->len ? ", " : "",
				       s->at[i]->lock_name ? s->at[i]->lock_name : "?");
	return out ? g_string_free(out, FALSE) : NULL;
}
