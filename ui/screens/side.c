/* side - the pane beside a list; see the header. */
#include "ui/screens/side.h"

#include "core/i18n.h"
#include "ui/screens/actions.h"
#include "ui/screens/lock_rules.h"
#include "ui/screens/page_rows.h"
#include "ui/screens/words.h"

/* A list of fewer than some 108 columns loses columns of its own, which a pane is not worth. */
#define WIDE_COLS    160
#define LEAST_COLS   50
#define MOST_COLS    60
/* The screen's area in a terminal of 55 rows: title and bottom line are not its own. */
#define TALL_ROWS    53

#define CHAIN_SHOWN   6
#define CODES_SHOWN   12
#define EVENTS_SHOWN  8
#define INTENTS_SHOWN 5
#define LABEL_CELLS   17 /* "yesterday 20:19" */

bool side_is_tall(int rows)
{
	return rows >= TALL_ROWS;
}

int side_cols(int cols)
{
	return cols < WIDE_COLS ? 0 : CLAMP(cols * 3 / 10, LEAST_COLS, MOST_COLS);
}

/* "Dubois on 201 Sea": of several doors of a guest the list may not say which. */
static void add_title(struct page *p, struct world *w, const struct access_code *ac, const char *lock_name)
{
	char shown[NAME_SHOWN_MAX];
	g_autofree char *title = g_strconcat(ac ? code_name_shown(ac, w->ascii, shown) : "", ac ? _(" on ") : "",
					     lock_name ? lock_name : _("(no name)"), NULL);

	page_heading(p, title);
}

/* ---- of a code ---- */

/* "has it: read back, and right (19:20, keyrackd)" */
static void add_facts(struct page *p, const struct dossier *d)
{
	struct why_fact f[WHY_FACTS];

	why_facts(d, f);
	for (int i = 0; i < WHY_FACTS; i++) {
		bool since = instant_known(f[i].since), source = g_strcmp0(f[i].source, "-") != 0;
		char at[CIVIL_TEXT_MAX] = "";

		if (since)
			civil_near(d->zone, f[i].since, d->now, at);
		page_add(p, f[i].label,
			 since || source ? g_strdup_printf("%s (%s%s%s)", f[i].what, at, since && source ? ", " : "",
							   source ? f[i].source : "")
					 : g_strdup(f[i].what),
			 f[i].role, 0);
	}
	why_facts_clear(f);
}

static void add_code(struct page *p, struct world *w, const struct dossier *d, const struct side_of *of)
{
	g_autofree char *source = why_source(d);
	const struct code_row *c = d->code;

	add_title(p, w, &c->code, c->lock_name);
	if (of->verdict)
		page_add(p, _("state"), g_strdup(of->verdict), of->role, 0);
	else
		page_add(p, _("state"), words_state(c, d->lock && lock_is_native(&d->lock->lock), w->zone, w->now),
			 words_state_role(c), 0);
	add_facts(p, d);
	page_add(p, _("PIN"), !c->code.code ? g_strdup(_("not known here"))
			      : c->code.pulled_backup_access_code_id
				      ? action_pin_words(w, c, c->code.code, false, w->ascii)
				      : g_strdup(PIN_HIDDEN(w->ascii)), ROLE_TEXT, 0);
	rows_doors(p, w, c);
	page_heading(p, source);
	rows_why(p, d, why_chain(d), CHAIN_SHOWN);
	page_heading(p, _("What happens next"));
	rows_why(p, d, why_next(d), CHAIN_SHOWN);
	rows_intents(p, w, d->intents.at, MIN(d->intents.n, INTENTS_SHOWN));
	rows_lock_events(p, w, c->lock_no, d->zone, EVENTS_SHOWN);
}

/* ---- of a code that is in the outbox alone ---- */

static void add_unsent(struct page *p, struct world *w, const struct dossier *d, const struct side_of *of)
{
	OWN(cache_list) struct cache_list *list = outbox_get(w->cache, of->intent_no, NULL);

	add_title(p, w, of->unsent, d->lock ? d->lock->lock.name : NULL);
	if (of->verdict)
		page_add(p, _("state"), g_strdup(of->verdict), of->role, 0);
	if (of->unsent)
		page_add(p, _("window"), words_window(of->unsent, d->zone, w->now), ROLE_TEXT, 0);
	if (list && list->rows->len)
		rows_intents(p, w, cache_list_at(list, struct intent, 0), 1);
}

/* ---- of a lock ---- */

static void add_lock(struct page *p, struct world *w, const struct dossier *d)
{
	int64_t lock_no = d->lock->lock_no;

	add_title(p, w, NULL, d->lock->lock.name);
	rows_lock_power(p, w, &d->lock->lock);
	lock_rules_memory(p, w, d->lock, d->zone);
	rows_lock_issues(p, w, lock_no, d->zone);
	page_heading(p, _("Its codes"));
	rows_lock_codes(p, w, d->lock, d->zone, CODES_SHOWN);
}

/* ---- the pane ---- */

static void fill(struct side *s, struct world *w, const struct side_of *of)
{
	struct page *p = &s->page;
	struct dossier d;

	page_clear(p);
	s->lock_no = of->lock_no;
	s->code_no = of->code_no;
	s->intent_no = of->intent_no;
	s->stale = false;
	if (of->code_no)
		dossier_read(&d, w, of->code_no);
	else
		dossier_read_lock(&d, w, of->lock_no);
	if (d.code) {
		add_code(p, w, &d, of);
	} else if (!of->code_no && of->intent_no) {
		add_unsent(p, w, &d, of);
		rows_lock_events(p, w, of->lock_no, d.zone, EVENTS_SHOWN);
	} else if (!of->code_no && d.lock) {
		add_lock(p, w, &d);
		rows_lock_events(p, w, of->lock_no, d.zone, EVENTS_SHOWN);
	}
	dossier_done(&d);
}

void side_init(struct side *s)
{
	*s = (struct side){ .stale = true };
	page_init(&s->page, LABEL_CELLS);
	s->page.still = true;
}

void side_done(struct side *s)
{
	page_done(&s->page);
}

void side_forget(struct side *s)
{
	s->stale = true;
}

void side_draw(struct side *s, struct world *w, const struct side_of *of, struct grid *g, struct rect r)
{
	struct rect inner = { r.row, r.col + 1, r.rows, r.cols - 1 };

	grid_fill(g, r, ' ', ROLE_TEXT);
	grid_fill(g, (struct rect){ inner.row, inner.col, 1, inner.cols }, ' ', ROLE_HEADER);
	grid_fill(g, (struct rect){ r.row, r.col, r.rows, 1 }, 0x2502, ROLE_RULE);
	if (!of || !of->lock_no)
		return;
	if (s->stale || s->lock_no != of->lock_no || s->code_no != of->code_no || s->intent_no != of->intent_no)
		fill(s, w, of);
	page_draw(&s->page, g, inner);
}
