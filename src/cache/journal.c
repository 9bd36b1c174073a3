/* journal - acts and intents as one list; see the header. */
#include "cache/journal.h"

#include <string.h>

#include "cache/db.h"
#include "cache/outbox_moves.h"
#include "core/i18n.h"
#include "core/text.h"

/* Acts of the desk as they are kept, in English; shown they are translated. Those on paper are paper.c's. */
static const char *const acts[] = {
	N_("export"),	   N_("restore"),   N_("import"),  N_("events exported"),
	N_("code copied"), N_("suspended"), N_("resumed"), N_("PIN shown"),
};

static const char *act_words(const char *act)
{
	for (size_t i = 0; i < G_N_ELEMENTS(acts); i++)
		if (g_strcmp0(acts[i], act) == 0)
			return _(acts[i]);
	return act ? _(act) : "?";
}

static struct journal_row read_act(sqlite3_stmt *q, GStringChunk *chunk)
{
	return (struct journal_row){
		.act_no = sqlite3_column_int64(q, 0),
		.at = column_when(q, 1),
		.by = column_text(q, 2, chunk),
		.act = column_text(q, 3, chunk),
		.about = column_text(q, 4, chunk),
	};
}

static struct journal_row read_intent(sqlite3_stmt *q, GStringChunk *chunk)
{
	return (struct journal_row){
		.intent_no = sqlite3_column_int64(q, 0),
		.at = column_when(q, 1),
		.by = column_text(q, 2, chunk),
		.kind = intent_kind_of((const char *)sqlite3_column_text(q, 3)),
		.state = (enum intent_state)sqlite3_column_int(q, 4),
		.name = column_text(q, 5, chunk),
		.lock_name = column_text(q, 6, chunk),
		.message = column_text(q, 7, chunk),
	};
}

static bool read_all(struct cache *c, enum statement s, int64_t below, int limit, GStringChunk *chunk, GArray *rows,
		     GError **err)
{
	QUERY q = db_query(c, s, err);
	int more;

	if (!q)
		return false;
	sqlite3_bind_int64(q, 1, below);
	sqlite3_bind_int(q, 2, limit);
	while ((more = db_next(c, q, err)) > 0) {
		struct journal_row row = s == STATEMENT_JOURNAL_ACTS ? read_act(q, chunk) : read_intent(q, chunk);

		g_array_append_val(rows, row);
	}
	return more == 0;
}

/* Each is in the order of its numbers; between the two the time decides, the later first. */
struct cache_list *journal_page(struct cache *c, struct journal_key *from, int limit, GError **err)
{
	struct cache_list *list = list_new(sizeof(struct journal_row));
	g_autoptr(GArray) a = g_array_new(FALSE, FALSE, sizeof(struct journal_row));
	g_autoptr(GArray) b = g_array_new(FALSE, FALSE, sizeof(struct journal_row));
	guint i = 0, k = 0;

	if (!read_all(c, STATEMENT_JOURNAL_ACTS, from->act_no, limit, list->chunk, a, err) ||
	    !read_all(c, STATEMENT_JOURNAL_INTENTS, from->intent_no, limit, list->chunk, b, err)) {
		cache_list_free(list);
		return NULL;
	}
	while ((int)list->rows->len < limit && (i < a->len || k < b->len)) {
		const struct journal_row *act = i < a->len ? &g_array_index(a, struct journal_row, i) : NULL;
		const struct journal_row *in = k < b->len ? &g_array_index(b, struct journal_row, k) : NULL;
		bool is_act = act && (!in || !instant_before(act->at, in->at));
		const struct journal_row *next = is_act ? act : in;

		if (is_act) {
			from->act_no = act->act_no;
			i++;
		} else {
			from->intent_no = in->intent_no;
			k++;
		}
		g_array_append_vals(list->rows, next, 1);
	}
	return list;
}

static char *intent_words(const struct journal_row *r)
{
	const struct intent_kind_info *kind = r->kind < INTENT_KIND_COUNT ? intent_kind_info(r->kind) : NULL;
	const char *what = kind ? _(kind->words) : "?", *door = r->lock_name ? r->lock_name : _("its door");
	const char *state = _(intent_state_word(r->state));
	g_autofree char *head = r->name && *r->name
					? g_strdup_printf(_("%1$s: %2$s on %3$s, %4$s"), what, r->name, door, state)
					: g_strdup_printf(_("%1$s: %2$s, %3$s"), what, door, state);

	return r->message && r->state == INTENT_REFUSED ? g_strdup_printf("%s (%s)", head, r->message)
							: g_steal_pointer(&head);
}

char *journal_words(const struct journal_row *r)
{
	if (r->intent_no)
		return intent_words(r);
	return r->about && *r->about ? g_strdup_printf("%s: %s", act_words(r->act), r->about)
				     : g_strdup(act_words(r->act));
}

bool journal_fits(const struct journal_row *r, const char *folded)
{
	g_autofree char *words = NULL, *both = NULL, *text = NULL;
	g_auto(GStrv) all = NULL;

	if (!*folded)
		return true;
	words = journal_words(r);
	both = g_strdup_printf("%s %s", r->by ? r->by : "", words);
	text = text_fold(both);
	all = g_strsplit(folded, " ", -1);
	for (char **w = all; *w; w++)
		if (!strstr(text, *w))
			return false;
	return true;
}
