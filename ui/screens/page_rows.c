/* page_rows - the lines that several pages say alike; see the header. */
#include "ui/screens/page_rows.h"

#include "core/i18n.h"
#include "core/vocab.h"
#include "ui/screens/outbox.h"
#include "ui/screens/stay.h"
#include "ui/screens/words.h"

void rows_draw_head(struct grid *g, struct rect area, const char *before, const struct code_row *c)
{
	char shown[NAME_SHOWN_MAX];
	int col = area.col + 1, end = area.col + area.cols, from;

	grid_fill(g, (struct rect){ area.row, area.col, 1, area.cols }, ' ', ROLE_HEADER);
	if (!c)
		return;
	col += grid_put(g, area.row, col, area.cols / 3, before, ROLE_HEADER);
	from = col;
	col += grid_put(g, area.row, col, area.cols / 2, code_name_shown(&c->code, g->ascii, shown), ROLE_NAME);
	grid_mark(g, (struct rect){ area.row, from, 1, col - from }, MARK_BOLD);
	col += grid_put(g, area.row, col, area.cols / 6, _(" on "), ROLE_HEADER);
	grid_put(g, area.row, col, end - col - 14, c->lock_name ? c->lock_name : "?", ROLE_HEADER);
	grid_put_field(g, area.row, end - 13, 12, 1, CUT_END, words_state_short(c), words_state_role(c));
}

/* ---- of a code ---- */

/* The group's key tells a desk nothing, and of a code for one door there is nothing to tell. */
void rows_doors(struct page *p, struct world *w, const struct code_row *c)
{
	g_autofree char *doors = NULL;
	struct stay stay;

	stay_read(&stay, w, c->code_no);
	doors = stay_other_doors(&stay);
	if (doors && c->code.common_code_key)
		page_add(p, _("shared with"), g_strdup_printf(_("%s: one PIN for all of them"), doors), ROLE_DIM, 0);
	else if (doors)
		page_add(p, _("same stay"), g_steal_pointer(&doors), ROLE_DIM, 0);
	stay_done(&stay);
}

void rows_why(struct page *p, const struct dossier *d, GArray *lines, guint max)
{
	for (guint i = lines->len - MIN(lines->len, max); i < lines->len; i++) {
		struct why_line *l = &g_array_index(lines, struct why_line, i);
		char at[CIVIL_TEXT_MAX];

		page_add(p, instant_known(l->at) ? civil_near(d->zone, l->at, d->now, at) : NULL,
			 g_steal_pointer(&l->text), l->role, 0);
	}
	for (guint i = 0; i < lines->len; i++)
		g_clear_pointer(&g_array_index(lines, struct why_line, i).text, g_free);
	g_array_unref(lines);
}

void rows_intents(struct page *p, const struct world *w, const struct intent *at, size_t n)
{
	if (n)
		page_heading(p, _("Asked for from this desk (o)"));
	for (size_t i = 0; i < n; i++) {
		const struct intent *in = &at[i];
		char made[CIVIL_TEXT_MAX];

		page_add(p, civil_near(w->zone, in->made_at, w->now, made),
			 g_strdup_printf(_("%s, %s, by %s%s%s"), _(intent_kind_info(in->kind)->words),
					 intent_state_said(in), in->made_by ? in->made_by : "?",
					 in->message ? ": " : "", in->message ? in->message : ""),
			 in->state == INTENT_REFUSED && !in->dismissed ? ROLE_ALARM : ROLE_TEXT, -in->intent_no);
	}
}

/* ---- of a lock ---- */

void rows_lock_issues(struct page *p, struct world *w, int64_t lock_no, const struct zone *z)
{
	OWN(cache_list) struct cache_list *issues = cache_issues_of_lock(w->cache, lock_no, NULL);
	char at[CIVIL_TEXT_MAX];

	if (!issues || !issues->rows->len)
		return;
	page_heading(p, _("What is wrong"));
	for (guint i = 0; i < issues->rows->len; i++) {
		const struct issue_row *one = cache_list_at(issues, struct issue_row, i);
		g_autofree char *words = words_issue(one->code, one->message);
		const char *remedy = words_remedy(one->code);
		g_autofree char *since = instant_known(one->created_at)
			? g_strdup_printf(_(", since %s"), civil_near(z, one->created_at, w->now, at)) : NULL;

		page_add(p, one->kind == 'e' ? _("error") : _("warning"),
			 g_strdup_printf("%s%s%s", words, one->of_account ? _(" (of the account)") : "",
					 since ? since : ""),
			 one->kind == 'e' ? ROLE_ALARM : ROLE_WARN, 0);
		if (remedy)
			page_add(p, NULL, g_strdup(remedy), ROLE_TEXT, 0);
		if (one->message && g_strcmp0(one->message, words) != 0)
			page_add(p, NULL, g_strdup_printf("\"%s\" (%s)", one->message,
								 one->code ? one->code : "?"), ROLE_DIM, 0);
	}
}

static char *battery_text(const struct lock *lock)
{
	if (lock->battery_pct < 0)
		return g_strdup(lock->battery_status ? lock->battery_status : _("not reported"));
	return g_strdup_printf("%d %%%s%s", lock->battery_pct, lock->battery_status ? ", " : "",
			       lock->battery_status ? lock->battery_status : "");
}

void rows_lock_power(struct page *p, struct world *w, const struct lock *lock)
{
	bool low = lock->battery_pct >= 0 && lock->battery_pct < 20;
	enum role role;
	char *state = words_lock_state(lock, INSTANT_NONE, w->now, &role);

	page_add(p, _("state"), state, role, 0);
	page_add(p, _("battery"), battery_text(lock), low ? ROLE_WARN : ROLE_TEXT, 0);
}

void rows_lock_codes(struct page *p, struct world *w, const struct lock_row *row, const struct zone *z, int max)
{
	struct code_query q = { .lock_no = row->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				.limit = max };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &q, w->now, NULL);

	page_add(p, _("now"), g_strdup_printf(_("%d in force, %d to come, %d not managed from here"),
						  row->codes_now, row->codes_to_come, row->codes_unmanaged),
		 ROLE_TEXT, 0);
	for (guint i = 0; codes && i < codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(codes, struct code_row, i);
		g_autofree char *window = words_window_short(&c->code, z, w->now);
		char shown[NAME_SHOWN_MAX];

		page_add(p, words_state_short(c),
			 g_strdup_printf("%s, %s", code_name_shown(&c->code, w->ascii, shown), window),
			 words_state_role(c), c->code_no);
	}
}

void rows_lock_events(struct page *p, struct world *w, int64_t lock_no, const struct zone *z, int max)
{
	struct event_query q = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				 .limit = max };
	OWN(cache_list) struct cache_list *list = cache_events(w->cache, &q, NULL);

	page_heading(p, _("Events"));
	if (!list || !list->rows->len)
		page_add(p, NULL, g_strdup(_("none yet")), ROLE_DIM, 0);
	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct event_row *e = cache_list_at(list, struct event_row, i);
		const struct event_info *info = event_lookup(e->event.event_type);
		const char *method = method_words(e->event.method);
		char at[CIVIL_TEXT_MAX], shown[NAME_SHOWN_MAX];
		const char *who = e->who ? name_shown(e->who, e->event.access_code_id, e->alike, w->ascii, shown) : NULL;

		page_add(p, civil_near(z, e->event.occurred_at, w->now, at),
			 g_strdup_printf("%s%s%s%s%s%s", info->words ? info->words : e->event.event_type,
					 who ? ", " : "", who && e->how == WHO_INFERRED ? "~" : "",
					 who ? who : "", *method ? ", " : "", method),
			 info->kind == EVENT_DEVICE_TROUBLE || info->kind == EVENT_CODE_TROUBLE ? ROLE_ALARM
											: ROLE_TEXT, 0);
	}
}
