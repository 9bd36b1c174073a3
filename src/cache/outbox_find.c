/* outbox_find - the outbox as a screen looks at it: some of it, from a place on, to either side.
 *
 * What is shown is parts one after the other, each in the order of its numbers, the newest first, and each
 * read by an index, so that nobody pays for the years that lie below. Words are compared row by row. */
#include <string.h>

#include "cache/outbox_moves.h"
#include "core/i18n.h"
#include "core/text.h"

enum { LIMIT = 100, PARTS_MAX = 2 };

struct part {
	enum statement older, newer;
	enum intent_state state; /* ?2 of OUTBOX_STATE_* */
};
#define PART(name) { STATEMENT_OUTBOX_##name##_OLDER, STATEMENT_OUTBOX_##name##_NEWER, INTENT_STATE_COUNT }
#define STATE(s)   { STATEMENT_OUTBOX_STATE_OLDER, STATEMENT_OUTBOX_STATE_NEWER, INTENT_##s }

static const struct show {
	int n;
	struct part part[PARTS_MAX];
} shows[OUTBOX_SHOW_COUNT] = {
	[OUTBOX_ALL] = { 2, { PART(REFUSED), PART(OTHERS) } },
	[OUTBOX_WAITING] = { 2, { STATE(SENDING), STATE(QUEUED) } },
	[OUTBOX_REFUSED] = { 1, { PART(REFUSED) } },
	[OUTBOX_ACCEPTED] = { 1, { STATE(ACCEPTED) } },
	[OUTBOX_ASIDE] = { 2, { STATE(WITHDRAWN), PART(ASIDE) } },
};
/* What is about one code is little: one part, of which what is not shown is left out. */
static const struct show of_code = { 1, { PART(OF_CODE) } }, about = { 1, { PART(ABOUT) } };

static const struct show *show_of(const struct outbox_query *q)
{
	return q->access_code_id ? &of_code : q->intent_no ? &about : &shows[q->show];
}

static bool is_open_refusal(const struct intent *in)
{
	return in->state == INTENT_REFUSED && !in->dismissed;
}

static bool is_shown(enum outbox_show show, const struct intent *in)
{
	switch (show) {
	case OUTBOX_WAITING:
		return in->state == INTENT_QUEUED || in->state == INTENT_SENDING;
	case OUTBOX_REFUSED:
		return is_open_refusal(in);
	case OUTBOX_ACCEPTED:
		return in->state == INTENT_ACCEPTED;
	case OUTBOX_ASIDE:
		return in->state == INTENT_WITHDRAWN || (in->state == INTENT_REFUSED && in->dismissed);
	case OUTBOX_ALL:
	case OUTBOX_SHOW_COUNT:
		break;
	}
	return true;
}

static bool is_there(const struct outbox_query *q, const struct intent *in)
{
	return !q->lock_no || in->lock_no == q->lock_no;
}

/* ---- words ---- */

/* All that a person would type to find it again, folded. */
static char *words_of(const struct intent *in)
{
	g_autofree char *whole =
		g_strdup_printf("%" G_GINT64_FORMAT "\n%s\n%s\n%s\n%s\n%s", in->intent_no, in->name ? in->name : "",
				in->lock_name ? in->lock_name : "", in->made_by ? in->made_by : "",
				_(intent_kind_info(in->kind)->words), _(intent_state_word(in->state)));
	g_autofree char *folded = text_fold(whole), *respelled = text_respell(whole);

	return g_strconcat(folded, "\n", respelled, NULL);
}

static bool has_words(const struct intent *in, char *const *words)
{
	g_autofree char *text = words ? words_of(in) : NULL;

	for (char *const *w = words; w && *w; w++)
		if (**w && !strstr(text, *w))
			return false;
	return true;
}

static char **words_typed(const char *find)
{
	g_autofree char *folded = find && *find ? text_fold(find) : NULL;

	return folded ? g_strsplit(folded, " ", -1) : NULL;
}

bool outbox_fits(const struct outbox_query *q, const struct intent *in)
{
	g_auto(GStrv) words = words_typed(q->find);

	if (q->access_code_id ? g_strcmp0(in->access_code_id, q->access_code_id) != 0
	    : q->intent_no && in->intent_no != q->intent_no && in->after_no != q->intent_no)
		return false;
	return is_shown(q->show, in) && is_there(q, in) && has_words(in, words);
}

/* ---- places ---- */

struct outbox_place outbox_end(enum outbox_show show)
{
	return (struct outbox_place){ shows[show].n - 1, -1 };
}

/* In which of the show's parts it stands. */
static int part_of(const struct outbox_query *q, const struct intent *in)
{
	const struct show *show = show_of(q);

	if (show == &shows[OUTBOX_ALL])
		return is_open_refusal(in) ? 0 : 1;
	if (show == &shows[OUTBOX_WAITING])
		return in->state == INTENT_SENDING ? 0 : 1;
	if (show == &shows[OUTBOX_ASIDE])
		return in->state == INTENT_WITHDRAWN ? 0 : 1;
	return 0;
}

bool outbox_place_of(const struct outbox_query *q, const struct intent *in, struct outbox_place *place)
{
	if (!outbox_fits(q, in))
		return false;
	*place = (struct outbox_place){ part_of(q, in), in->intent_no + 1 };
	return true;
}

/* ---- reading ---- */

/* The number that a statement goes on from. Older than a place are those below its number, newer the others. */
static int64_t bound_of(const struct outbox_place *at, bool up)
{
	int64_t no = at->intent_no ? at->intent_no : INT64_MAX;

	return up ? no - 1 : no;
}

struct reading {
	struct cache *cache;
	const struct outbox_query *query;
	char **words;
	struct cache_list *list;
	struct outbox_place at;
	int looked;
};

static bool is_full(const struct reading *r)
{
	const struct outbox_query *q = r->query;

	return (int)r->list->rows->len >= (q->limit ? q->limit : LIMIT) || (q->look && r->looked >= q->look);
}

/* One part as far as is wanted. 1: it has more, 0: it is over, -1: it failed. */
static int read_part(struct reading *r, const struct part *part, GError **err)
{
	const struct outbox_query *q = r->query;
	QUERY s = db_query(r->cache, q->up ? part->newer : part->older, err);
	int more = 1, given;

	if (!s)
		return -1;
	given = sqlite3_bind_parameter_count(s);
	sqlite3_bind_int64(s, 1, bound_of(&r->at, q->up));
	if (part->state != INTENT_STATE_COUNT && given >= 2)
		sqlite3_bind_int(s, 2, (int)part->state);
	if (q->access_code_id && given >= 3)
		bind_text(s, 3, q->access_code_id);
	if (q->intent_no && given >= 4)
		sqlite3_bind_int64(s, 4, q->intent_no);
	while (!is_full(r) && (more = db_next(r->cache, s, err)) > 0) {
		struct intent in = { 0 };

		intent_read(s, &in, r->list->chunk);
		r->at.intent_no = q->up ? in.intent_no + 1 : in.intent_no;
		r->looked++;
		if (in.kind != INTENT_KIND_COUNT && is_shown(q->show, &in) && is_there(q, &in) &&
		    has_words(&in, r->words))
			g_array_append_val(r->list->rows, in);
	}
	return more;
}

struct cache_list *outbox_find(struct cache *c, const struct outbox_query *q, struct outbox_found *found,
			       GError **err)
{
	const struct show *show = show_of(q);
	g_auto(GStrv) words = words_typed(q->find);
	struct reading r = { .cache = c, .query = q, .words = words, .list = list_new(sizeof(struct intent)),
			     .at = q->from };
	int step = q->up ? -1 : 1, more = 0;

	r.at.part = CLAMP(r.at.part, 0, show->n - 1);
	for (;;) {
		more = read_part(&r, &show->part[r.at.part], err);
		if (more != 0 || r.at.part + step < 0 || r.at.part + step >= show->n)
			break;
		r.at = (struct outbox_place){ r.at.part + step, q->up ? -1 : 0 };
	}
	if (more < 0) {
		cache_list_free(r.list);
		return NULL;
	}
	*found = (struct outbox_found){ r.at, more == 0 };
	return r.list;
}

bool outbox_count(struct cache *c, int64_t n[OUTBOX_SHOW_COUNT], GError **err)
{
	int64_t of_state[INTENT_STATE_COUNT] = { 0 };
	int more;
	{
		QUERY q = db_query(c, STATEMENT_OUTBOX_COUNTS, err);

		while (q && (more = db_next(c, q, err)) > 0) {
			int state = sqlite3_column_int(q, 0);

			if (state >= 0 && state < INTENT_STATE_COUNT)
				of_state[state] = sqlite3_column_int64(q, 1);
		}
		if (!q || more < 0)
			return false;
	}
	QUERY q = db_query(c, STATEMENT_OUTBOX_COUNT_REFUSED, err);

	if (!q)
		return false;
	n[OUTBOX_REFUSED] = db_int(c, q, 0);
	n[OUTBOX_WAITING] = of_state[INTENT_QUEUED] + of_state[INTENT_SENDING];
	n[OUTBOX_ACCEPTED] = of_state[INTENT_ACCEPTED];
	n[OUTBOX_ASIDE] = of_state[INTENT_WITHDRAWN] + of_state[INTENT_REFUSED] - n[OUTBOX_REFUSED];
	n[OUTBOX_ALL] = n[OUTBOX_WAITING] + n[OUTBOX_REFUSED] + n[OUTBOX_ACCEPTED] + n[OUTBOX_ASIDE];
	return true;
}

struct cache_list *outbox_after(struct cache *c, int64_t intent_no, int limit, GError **err)
{
	QUERY q = db_query(c, STATEMENT_INTENTS_AFTER, err);

	if (!q)
		return NULL;
	sqlite3_bind_int64(q, 1, intent_no);
	sqlite3_bind_int(q, 2, limit > 0 ? limit : -1);
	return intent_list_read(c, q, limit, NULL, err);
}
