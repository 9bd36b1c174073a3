/* imports - reservations from feeds and files, and what they mean for the locks.
 *
 * Each row says what would be done and how, or why it cannot be; what is missing is written here, stays,
 * and needs no other program. Nothing is done but through the batch, which is looked at first. */
#include "ui/screens/imports.h"

#include <string.h>

#include "core/i18n.h"
#include "feed/parse.h"
#include "feed/source.h"
#include "ui/screens/batch.h"

static void source_free(void *p)
{
	struct import_source *s = p;

	g_free(s->name);
	g_free(s->guard);
	g_free(s);
}

const struct import_source *imports_source(const struct imports *m)
{
	return m->source_at < (int)m->sources->len ? m->sources->pdata[m->source_at] : NULL;
}

const struct plan_row *imports_row(const struct imports *m, int i)
{
	return m->plan && i >= 0 && i < (int)m->order->len ? m->plan->rows->pdata[g_array_index(m->order, guint, i)]
							   : NULL;
}

/* ---- reading ---- */

static struct import_source *add_source(struct imports *m, const char *name)
{
	struct import_source *s;

	for (guint i = 0; i < m->sources->len; i++) {
		s = m->sources->pdata[i];
		if (strcmp(s->name, name) == 0)
			return s;
	}
	s = g_new0(struct import_source, 1);
	s->name = g_strdup(name);
	s->feed = profile_feed(m->base.world->profile, name);
	s->state.ok_at = s->state.tried_at = INSTANT_NONE;
	g_ptr_array_add(m->sources, s);
	return s;
}

static struct plan *plan_of(struct imports *m, const struct import_source *s, struct cache_list **rows)
{
	const struct world *w = m->base.world;
	struct plan_rule rule = plan_rule_of(s->name, s->feed, w->zone, w->now);
	g_autoptr(GError) err = NULL;
	struct plan *plan;

	*rows = cache_feed_rows(w->cache, s->name, &err);
	plan = *rows ? plan_make(w->cache, *rows, &rule, &err) : NULL;
	if (!plan)
		app_message(m->base.app, true, _("%1$s cannot be read: %2$s"), s->name, err->message);
	return plan;
}

static bool is_fixable(const struct plan_row *p)
{
	return p->sign == BATCH_BLOCKED && p->fix != FEED_FIX_NONE && p->row->row_no;
}

static void count(struct import_source *s, const struct plan *plan)
{
	memset(s->signs, 0, sizeof s->signs);
	s->fixable = 0;
	for (guint i = 0; i < plan->rows->len; i++) {
		const struct plan_row *p = plan->rows->pdata[i];

		s->signs[p->sign]++;
		s->fixable += is_fixable(p);
	}
	g_free(s->guard);
	s->guard = g_strdup(plan->batch->guard);
}

static void count_source(struct imports *m, struct import_source *s)
{
	struct cache_list *rows = NULL;
	struct plan *plan = plan_of(m, s, &rows);

	if (plan) {
		count(s, plan);
		plan_free(plan);
	}
	if (rows)
		cache_list_free(rows);
}

static void load_sources(struct imports *m)
{
	const struct world *w = m->base.world;

	g_ptr_array_set_size(m->sources, 0);
	if (m->states)
		cache_list_free(m->states);
	m->states = cache_feeds(w->cache, NULL);
	for (guint i = 0; w->profile->feeds && i < w->profile->feeds->len; i++)
		add_source(m, ((const struct feed_profile *)w->profile->feeds->pdata[i])->name);
	for (guint i = 0; m->states && i < m->states->rows->len; i++) {
		const struct feed_state *state = cache_list_at(m->states, struct feed_state, i);

		add_source(m, state->source)->state = *state;
	}
	for (guint i = 0; i < m->sources->len; i++)
		count_source(m, m->sources->pdata[i]);
}

/* What somebody can mend comes first, then what would be done, then what is only to be known. */
static int rank(const struct plan_row *p)
{
	static const int ranks[BATCH_SIGN_COUNT] = { [BATCH_ISSUE] = 1, [BATCH_CHANGE] = 2, [BATCH_REVOKE] = 3,
						     [BATCH_BLOCKED] = 4, [BATCH_SAME] = 5 };

	return is_fixable(p) ? 0 : ranks[p->sign];
}

static void put_in_order(struct imports *m)
{
	g_array_set_size(m->order, 0);
	for (int n = 0; n <= 5; n++)
		for (guint i = 0; i < m->plan->rows->len; i++)
			if (rank(m->plan->rows->pdata[i]) == n)
				g_array_append_val(m->order, i);
	for (guint i = 0; m->row_no && i < m->order->len; i++)
		if (imports_row(m, (int)i)->row->row_no == m->row_no)
			m->at = (int)i;
	m->at = CLAMP(m->at, 0, MAX((int)m->order->len - 1, 0));
}

static void drop_plan(struct imports *m)
{
	m->broken = false;
	g_clear_pointer(&m->plan, plan_free);
	g_clear_pointer(&m->rows, cache_list_free);
	g_array_set_size(m->order, 0);
}

static void choose(struct imports *m, int at)
{
	m->source_at = CLAMP(at, 0, MAX((int)m->sources->len - 1, 0));
	g_free(m->chosen);
	m->chosen = imports_source(m) ? g_strdup(imports_source(m)->name) : NULL;
	m->at = m->top = 0;
	m->row_no = 0;
	drop_plan(m);
}

static void choose_by_name(struct imports *m)
{
	for (guint i = 0; m->chosen && i < m->sources->len; i++)
		if (strcmp(((struct import_source *)m->sources->pdata[i])->name, m->chosen) == 0)
			m->source_at = (int)i;
	m->source_at = CLAMP(m->source_at, 0, MAX((int)m->sources->len - 1, 0));
}

/* The one where somebody is needed, else the first. */
static void choose_first(struct imports *m)
{
	for (guint i = 0; i < m->sources->len; i++)
		if (((struct import_source *)m->sources->pdata[i])->fixable) {
			choose(m, (int)i);
			return;
		}
	choose(m, 0);
}

static void load(struct imports *m)
{
	struct import_source *s;

	if (m->plan || m->broken)
		return;
	if (!m->sources->len)
		load_sources(m);
	if (!m->chosen)
		choose_first(m);
	choose_by_name(m);
	s = m->source_at < (int)m->sources->len ? m->sources->pdata[m->source_at] : NULL;
	m->plan = s ? plan_of(m, s, &m->rows) : NULL;
	m->broken = s && !m->plan;
	if (!m->plan)
		return;
	count(s, m->plan);
	put_in_order(m);
}

static void reload(struct imports *m)
{
	drop_plan(m);
	g_ptr_array_set_size(m->sources, 0);
}

static void draw(struct screen *screen, struct grid *g, struct rect area)
{
	load((struct imports *)screen);
	imports_draw(screen, g, area);
}

/* ---- what the desk writes over a row ---- */

struct fixing {
	struct imports *screen;
	int64_t row_no;
	enum feed_fix fix;
};

static bool is_phone(const char *text)
{
	int digits = 0;

	for (const char *p = text; *p; p++)
		digits += g_ascii_isdigit(*p);
	return digits >= 4;
}

/* The row as it is after that, in the words of the list. */
static void tell_fixed(struct imports *m, int64_t row_no)
{
	m->row_no = row_no;
	load(m);
	for (guint i = 0; i < m->order->len; i++) {
		const struct plan_row *p = imports_row(m, (int)i);

		if (p->row->row_no != row_no)
			continue;
		if (p->sign == BATCH_BLOCKED)
			app_message(m->base.app, true, "%s", p->words);
		else
			app_message(m->base.app, false, _("%1$s: %2$s. a shows all that would be done."),
				    p->guest ? p->guest : _("nobody named"), p->words);
	}
}

static void fixed(struct app *app, const char *text, void *ctx)
{
	struct fixing *f = ctx;
	struct imports *m = f->screen;
	const struct world *w = m->base.world;
	bool take_back = strcmp(text, "-") == 0;
	g_autofree char *safe = text_safe(text), *digits = NULL;
	g_autoptr(GError) err = NULL;

	if (f->fix == FEED_FIX_PHONE && !take_back) {
		GString *s = g_string_new(NULL);

		for (const char *p = text; *p; p++)
			if (g_ascii_isdigit(*p))
				g_string_append_c(s, *p);
		digits = g_string_free(s, FALSE);
		if (!is_phone(text)) {
			app_message(app, true, _("A phone has four digits at least: nothing was changed."));
			return;
		}
	}
	if (!cache_feed_fix(w->cache, f->row_no, f->fix,
			    take_back ? NULL
			    : digits  ? digits
				      : safe,
			    w->operator_name, w->now, &err)) {
		app_message(app, true, _("It could not be kept: %s"), err->message);
		return;
	}
	reload(m);
	tell_fixed(m, f->row_no);
}

static void ask(struct imports *m, const struct plan_row *p, enum feed_fix fix)
{
	const char *door = p->doors && *p->doors ? p->doors : "?";
	g_autofree char *question = NULL;
	struct fixing *f;

	if (!p->row->row_no || p->row->is.refused) {
		app_message(m->base.app, true, _("%s. This is mended where the list is made."), p->words);
		return;
	}
	f = g_new0(struct fixing, 1);
	*f = (struct fixing){ m, p->row->row_no, fix };
	question = fix == FEED_FIX_GUEST ? g_strdup_printf(_("Who comes to %s?"), door)
		   : fix == FEED_FIX_PHONE ? g_strdup_printf(_("Which phone has the guest of %s?"), door)
					   : g_strdup_printf(_("Which lock is meant with '%s'?"), door);
	app_ask_line(m->base.app, question,
		     _("What is written here stays when the list is read again. '-' takes it back."),
		     p->row->fix[fix] ? p->row->fix[fix] : "", fixed, f, g_free);
}

/* ---- the batch ---- */

static void show_batch(struct imports *m)
{
	const struct import_source *s = imports_source(m);
	const struct world *w = m->base.world;
	struct cache_list *rows = NULL;
	struct plan_rule rule;
	struct plan *plan;

	if (!s || !m->plan || !batch_doors(m->plan->batch)) {
		app_message(m->base.app, false, _("There is nothing to be done here."));
		return;
	}
	plan = plan_of(m, s, &rows);
	if (plan) {
		rule = plan_rule_of(s->name, s->feed, w->zone, w->now);
		plan_hold(plan, w->cache, &rule, &w->now);
		app_push(m->base.app, batch_screen_new(m->base.app, m->base.world, plan_take_batch(plan)));
	}
	if (rows)
		cache_list_free(rows);
}

/* ---- a file ---- */

static bool import_file(struct imports *m, const char *path, GError **err)
{
	const struct world *w = m->base.world;
	struct parse_context ctx = { w->zone, w->now, w->profile->check_in, w->profile->check_out };
	g_autofree char *name = g_path_get_basename(path), *text = NULL;
	OWN(reservations) struct reservations *read = NULL;
	size_t len = 0;

	text = source_read_file(path, &len, err);
	read = text ? feed_parse(text, len, &ctx, err) : NULL;
	if (!read || !cache_feed_store(w->cache, name, read->rows, false, NULL, NULL, w->now, err))
		return false;
	reload(m);
	g_free(m->chosen);
	m->chosen = g_steal_pointer(&name);
	m->at = m->top = 0;
	m->row_no = 0;
	m->on_sources = false;
	return true;
}

static void file_named(struct app *app, const char *typed, void *ctx)
{
	struct imports *m = ctx;
	g_autofree char *path = typed[0] == '~' && typed[1] == '/' ? g_build_filename(g_get_home_dir(), typed + 2, NULL)
								    : g_strdup(typed);
	g_autoptr(GError) err = NULL;

	if (!import_file(m, path, &err)) {
		app_message(app, true, _("Nothing was imported: %s"), err->message);
		return;
	}
	load(m);
	if (m->plan)
		app_message(app, false,
			    _("%1$s: %2$d accepted, %3$d unchanged, %4$d refused. a shows what would be done."),
			    m->chosen, m->plan->answers[PLAN_ACCEPTED], m->plan->answers[PLAN_UNCHANGED],
			    m->plan->answers[PLAN_REFUSED]);
}

/* ---- commands ---- */

static void move(struct imports *m, int n)
{
	if (m->on_sources) {
		choose(m, m->source_at + n);
		return;
	}
	m->at = CLAMP(m->at + n, 0, MAX((int)m->order->len - 1, 0));
	m->row_no = imports_row(m, m->at) ? imports_row(m, m->at)->row->row_no : 0;
}

static void open_row(struct imports *m)
{
	const struct plan_row *p = imports_row(m, m->at);

	if (m->on_sources)
		m->on_sources = false;
	else if (p && m->base.world->read_only)
		app_message(m->base.app, false, "%s", p->words);
	else if (p && p->fix != FEED_FIX_NONE)
		ask(m, p, p->fix);
	else if (p)
		app_message(m->base.app, p->sign == BATCH_BLOCKED, "%s", p->words);
}

static bool imports_command(struct screen *screen, enum command c, int n)
{
	struct imports *m = (struct imports *)screen;
	const struct plan_row *p;

	load(m);
	p = imports_row(m, m->at);
	switch ((int)c) {
	case COMMAND_UP: move(m, -n); return true;
	case COMMAND_DOWN: move(m, n); return true;
	case COMMAND_PAGE_UP: move(m, -n * MAX(m->rows_shown - 1, 1)); return true;
	case COMMAND_PAGE_DOWN: move(m, n * MAX(m->rows_shown - 1, 1)); return true;
	case COMMAND_FIRST: move(m, -(int)m->order->len - (int)m->sources->len); return true;
	case COMMAND_LAST: move(m, (int)m->order->len + (int)m->sources->len); return true;
	case COMMAND_NEXT_PANE: m->on_sources = !m->on_sources; return true;
	case COMMAND_OPEN: open_row(m); return true;
	case COMMAND_APPLY: show_batch(m); return true;
	case COMMAND_IMPORTS: return true; /* here already */
	case COMMAND_IMPORT_FILE:
		app_ask_line(m->base.app, _("Which file is imported?"),
			     _("CSV or a calendar (.ics). First it is only shown what it would mean."), "",
			     file_named, m, NULL);
		return true;
	case COMMAND_FIX_GUEST:
	case COMMAND_FIX_DOOR:
	case COMMAND_FIX_PHONE:
		if (p)
			ask(m, p,
			    c == COMMAND_FIX_GUEST  ? FEED_FIX_GUEST
			    : c == COMMAND_FIX_DOOR ? FEED_FIX_DOOR
						    : FEED_FIX_PHONE);
		return true;
	default: return false;
	}
}

static bool imports_key(struct screen *screen, const struct key *k)
{
	struct imports *m = (struct imports *)screen;
	int line = k->row - m->first;

	if (k->code != KEYCODE_MOUSE_PRESS || line < 0 || line >= m->rows_shown || !imports_row(m, m->top + line))
		return false;
	m->on_sources = false;
	if (m->top + line == m->at)
		return imports_command(screen, COMMAND_OPEN, 1);
	move(m, m->top + line - m->at);
	return true;
}

static const char *imports_hint(struct screen *screen, enum command c)
{
	struct imports *m = (struct imports *)screen;
	const struct plan_row *p = imports_row(m, m->at);

	if (c == COMMAND_OPEN)
		return m->on_sources					? N_("its rows")
		       : p && p->fix != FEED_FIX_NONE && p->row->row_no ? N_("mend it")
									: "";
	if (c == COMMAND_APPLY)
		return m->plan && batch_doors(m->plan->batch) ? N_("what would be done") : "";
	if (c == COMMAND_FIX_GUEST || c == COMMAND_FIX_DOOR || c == COMMAND_FIX_PHONE)
		return p && !m->on_sources ? NULL : "";
	return NULL;
}

static bool imports_changed(struct screen *screen, unsigned mask)
{
	struct imports *m = (struct imports *)screen;

	if (mask && !(mask & (POKE_LOCKS | POKE_CODES | POKE_OUTBOX | POKE_FEEDS)))
		return false;
	if (mask & POKE_FEEDS || !mask)
		reload(m);
	else
		drop_plan(m);
	return true;
}

static void imports_free(struct screen *screen)
{
	struct imports *m = (struct imports *)screen;

	drop_plan(m);
	g_ptr_array_unref(m->sources);
	if (m->states)
		cache_list_free(m->states);
	g_array_unref(m->order);
	g_free(m->chosen);
	g_free(m);
}

static const struct screen_ops imports_ops = {
	.name = N_("Imports"),
	.view = VIEW_IMPORTS,
	.draw = draw,
	.command = imports_command,
	.key = imports_key,
	.changed = imports_changed,
	.hint = imports_hint,
	.free = imports_free,
};

struct screen *imports_new(struct app *app, struct world *w)
{
	struct imports *m = g_new0(struct imports, 1);

	m->base = (struct screen){ .ops = &imports_ops, .app = app, .world = w };
	m->sources = g_ptr_array_new_with_free_func(source_free);
	m->order = g_array_new(FALSE, FALSE, sizeof(guint));
	return &m->base;
}
