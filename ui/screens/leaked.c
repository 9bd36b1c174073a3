/* leaked - a PIN was seen by somebody who should not know it: every door that it opens now or later, for
 * whom, how it was used lately, and the batch that puts an end to it.
 *
 * The PIN is typed masked and is in no message, title or row. */
#include <string.h>

#include "cache/rotas.h"
#include "core/draft.h"
#include "core/i18n.h"
#include "core/pin_rival.h"
#include "core/text.h"
#include "core/vocab.h"
#include "ui/screens/actions.h"
#include "ui/screens/batch.h"
#include "ui/screens/page.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"
#include "ui/widgets/field.h"

#define USES_DAYS  7
#define CODES_MAX  1000
#define DRAWS_MAX  50
#define SIMILAR_MAX 20

/* What the batch is made of again, when the world has moved. */
struct leak {
	struct world *world;
	char pin[PIN_MAX + 1];
};

static void leak_free(void *p)
{
	explicit_bzero(p, sizeof(struct leak));
	g_free(p);
}

/* One stay's codes with that PIN: they get one new PIN. */
struct holder {
	GArray *codes;         /* of const struct code_row * */
	char pin[PIN_MAX + 1]; /* the new one; "" : none was found for all its doors */
};

struct making {
	struct world *world;
	struct batch *batch;
	struct cache_list *found;
	GPtrArray *holders;  /* of struct holder * */
	GString *uses;       /* "Gym 3, 101 Garden 1" */
	int used, similar;
};

static void holder_free(void *p)
{
	struct holder *h = p;

	explicit_bzero(h->pin, sizeof h->pin);
	g_array_unref(h->codes);
	g_free(h);
}

/* Why its PIN cannot be replaced; NULL: it can. Borrowed. */
static const char *why_not(struct world *w, const struct code_row *c)
{
	OWN(cache_list) struct cache_list *lock = NULL;
	struct draft d = { 0 };
	const char *why;

	if (!c->code_no)
		return _("not sent yet: withdraw it in the outbox, then make it anew");
	if (c->code.is_offline_access_code == TRI_YES)
		return _(
			"an offline code opens until its end, whatever is done here: only the lock's maker can bar it");
	if (c->code.is_backup == TRI_YES)
		return _("a spare cannot be changed: renew the guest's own code, then revoke this one");
	why = action_why_not_edit(c);
	if (why)
		return why;
	lock = cache_lock(w->cache, c->lock_no, w->now, NULL);
	if (lock && lock->rows->len && draft_pin_is_theirs(&d, &cache_list_at(lock, struct lock_row, 0)->lock))
		return _("this lock system chooses the PIN itself: revoke it and make another");
	return NULL;
}

static bool is_stray(const struct code_row *c)
{
	return c->code_no && !c->code.managed;
}

/* Two guests may be called the same and have the same PIN: one stay shares the desk's key or an end of its
 * window, and whoever may always come in is one person. Nobody named is nobody else. */
static bool is_same_person(const struct access_code *a, const struct access_code *b)
{
	g_autofree char *name = text_fold(a->name ? a->name : ""), *other = text_fold(b->name ? b->name : "");

	if (!*name || strcmp(name, other) != 0)
		return false;
	return (a->common_code_key && *a->common_code_key && g_strcmp0(a->common_code_key, b->common_code_key) == 0) ||
	       instant_eq(a->starts_at, b->starts_at) || instant_eq(a->ends_at, b->ends_at);
}

static struct holder *holder_of(GPtrArray *holders, const struct code_row *c)
{
	struct holder *h;

	for (guint i = 0; i < holders->len; i++) {
		h = g_ptr_array_index(holders, i);
		for (guint k = 0; k < h->codes->len; k++)
			if (is_same_person(&g_array_index(h->codes, const struct code_row *, k)->code, &c->code))
				return h;
	}
	h = g_new0(struct holder, 1);
	h->codes = g_array_new(FALSE, FALSE, sizeof(const struct code_row *));
	g_ptr_array_add(holders, h);
	return h;
}

/* ---- new PINs ---- */

static bool is_drawn(const struct making *m, const char *pin, const char *old)
{
	for (guint i = 0; i < m->holders->len; i++) {
		const struct holder *h = g_ptr_array_index(m->holders, i);

		if (h->pin != pin && pin_confusable(h->pin, pin))
			return true;
	}
	return pin_confusable(old, pin);
}

/* While any of its codes is in force. */
static bool draw(struct making *m, const struct code_row *const *codes, guint n, const char *old,
		 char out[static PIN_MAX + 1])
{
	g_autofree int64_t *locks = g_new(int64_t, n);
	struct instant from = INSTANT_MAX, until = INSTANT_MIN;

	for (guint i = 0; i < n; i++) {
		struct instant a = codes[i]->code.starts_at, b = codes[i]->code.ends_at;

		locks[i] = codes[i]->lock_no;
		from = !instant_known(a) || instant_before(a, from) ? a : from;
		until = !instant_known(until) || !instant_known(b) ? INSTANT_NONE
			: instant_before(until, b)		   ? b
								   : until;
	}
	for (int i = 0; i < DRAWS_MAX; i++)
		if (!verb_pin_new(m->world, locks, n, (int)strlen(old), from, until, out))
			return false;
		else if (!is_drawn(m, out, old))
			return true;
	return false;
}

/* ---- rows ---- */

/* "used 3 times in 7 days, last 21:18"; "" when it was not. */
static char *uses_words(struct making *m, const struct code_row *c)
{
	struct world *w = m->world;
	struct event_query q = {
		.code_no = c->code_no, .kinds = 1u << EVENT_UNLOCK, .from = instant_add_ms(w->now, -USES_DAYS * DAY_MS),
		.until = INSTANT_NONE, .limit = CODES_MAX,
	};
	OWN(cache_list) struct cache_list *list = c->code_no ? cache_events(w->cache, &q, NULL) : NULL;
	int n = list ? (int)list->rows->len : 0;
	char at[CIVIL_TEXT_MAX];

	if (!n)
		return g_strdup("");
	m->used += n;
	g_string_append_printf(m->uses, "%s%s %d", m->uses->len ? ", " : "", c->lock_name ? c->lock_name : "?", n);
	civil_near(zone_of(c->zone, w->zone), cache_list_at(list, struct event_row, 0)->event.occurred_at, w->now, at);
	return g_strdup_printf(
		P_("; used %1$d time in %2$d days, last %3$s", "; used %1$d times in %2$d days, last %3$s", n), n,
		USES_DAYS, at);
}

static void add_stray(struct making *m, const struct code_row *c)
{
	bool can = c->code.cannot_delete != TRI_YES;
	g_autofree char *uses = uses_words(m, c),
			*window = words_window_short(&c->code, zone_of(c->zone, m->world->zone), m->world->now);
	struct batch_row *r = batch_add_code(m->batch, can ? BATCH_REVOKE : BATCH_BLOCKED, c);

	r->words =
		can ? g_strdup_printf(_("a stray with the same PIN, %1$s: deleted from the lock%2$s"), window, uses)
		    : g_strdup_printf(
			      _("a stray with the same PIN, %1$s: only its maker's own app can delete it%2$s"),
			      window, uses);
	r->kind = INTENT_DELETE_UNMANAGED;
	r->params = batch_code_params(c->code.access_code_id);
}

static void add_change(struct making *m, const struct code_row *c, const char *pin)
{
	g_autofree char *uses = uses_words(m, c),
			*window = words_window_short(&c->code, zone_of(c->zone, m->world->zone), m->world->now);

	verb_change(m->batch, c, INSTANT_NONE, pin,
		    g_strdup_printf(_("a new PIN, %1$s%2$s"), window, uses));
}

static void add_blocked(struct making *m, const struct code_row *c, const char *why)
{
	g_autofree char *uses = uses_words(m, c),
			*window = words_window_short(&c->code, zone_of(c->zone, m->world->zone), m->world->now);

	batch_add_code(m->batch, BATCH_BLOCKED, c)->words = g_strdup_printf("%s; %s%s", why, window, uses);
}

static void add_holder(struct making *m, struct holder *h, const char *old)
{
	const struct code_row *const *codes = (const struct code_row *const *)(const void *)h->codes->data;
	bool one_for_all = draw(m, codes, h->codes->len, old, h->pin);

	for (guint i = 0; i < h->codes->len; i++) {
		if (!one_for_all && !draw(m, &codes[i], 1, old, h->pin))
			add_blocked(m, codes[i], _("no free PIN was found that this lock takes: revoke it"));
		else
			add_change(m, codes[i], h->pin);
	}
}

/* Each code with that PIN: what can be changed is put with its holder's others. */
static void sort_out(struct making *m, const char *pin)
{
	for (guint i = 0; i < m->found->rows->len; i++) {
		const struct code_row *c = cache_list_at(m->found, struct code_row, i);
		const char *why;

		if (g_strcmp0(c->code.code, pin) != 0)
			continue;
		why = is_stray(c) ? NULL : why_not(m->world, c);
		if (c->state == CODE_REMOVING)
			batch_add_code(m->batch, BATCH_SAME, c)->words = g_strdup(_("is being removed already"));
		else if (is_stray(c))
			add_stray(m, c);
		else if (why)
			add_blocked(m, c, why);
		else
			g_array_append_val(holder_of(m->holders, c)->codes, c);
	}
}

/* Codes of these doors whose PIN is like it: whoever saw the one and mistypes it stands in there. They stay
 * as they are, which is for a person to judge. */
static void add_similar(struct making *m, const char *pin)
{
	struct world *w = m->world;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct pin_use leaked = { pin, INSTANT_NONE, INSTANT_NONE };

	for (guint i = 0, n = m->batch->rows->len; i < n; i++) {
		int64_t lock_no = ((struct batch_row *)g_ptr_array_index(m->batch->rows, i))->lock_no;
		OWN(cache_list) struct cache_list *uses = g_hash_table_add(seen, g_memdup2(&lock_no, sizeof lock_no))
						  ? cache_pin_uses(w->cache, lock_no, w->now, NULL)
						  : NULL;

		for (guint k = 0; uses && k < uses->rows->len && m->similar < SIMILAR_MAX; k++) {
			const struct pin_holder *h = cache_list_at(uses, struct pin_holder, k);
			enum pin_likeness like = pin_use_likeness(&leaked, &h->use);
			OWN(cache_list) struct cache_list *code = NULL;

			if (like == PIN_UNLIKE || like == PIN_EQUAL || !h->code_no)
				continue;
			code = cache_code(w->cache, h->code_no, w->now, NULL);
			if (!code || !code->rows->len)
				continue;
			batch_add_code(m->batch, BATCH_SAME, cache_list_at(code, struct code_row, 0))->words =
				g_strdup_printf(
					_("a PIN like it (%s): not changed. Space on the rack and r give another"),
					pin_likeness_words(like));
			m->similar++;
		}
	}
}

/* "Anna Berg, Mueller (2 of that name)": as many as there are people, in the order found. */
static char *people(const struct making *m, const char *pin)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(holder_free),
			     names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) count = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < m->found->rows->len; i++) {
		const struct code_row *c = cache_list_at(m->found, struct code_row, i);
		struct holder *h = g_strcmp0(c->code.code, pin) == 0 ? holder_of(all, c) : NULL;

		if (h)
			g_array_append_val(h->codes, c);
	}
	for (guint i = 0; i < all->len; i++) {
		const struct holder *h = g_ptr_array_index(all, i);
		const char *name = g_array_index(h->codes, const struct code_row *, 0)->code.name;
		char *folded = text_fold(name ? name : "");
		int n = GPOINTER_TO_INT(g_hash_table_lookup(count, folded));

		if (!n)
			g_ptr_array_add(names, g_strdup(name && *name ? name : _("nobody named")));
		g_hash_table_replace(count, folded, GINT_TO_POINTER(n + 1));
	}
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *folded = text_fold(g_ptr_array_index(names, i));
		int n = GPOINTER_TO_INT(g_hash_table_lookup(count, folded));

		g_string_append_printf(s, "%s%s", i ? ", " : "", (const char *)g_ptr_array_index(names, i));
		if (n > 1)
			g_string_append_printf(s, _(" (%d of that name)"), n);
	}
	return g_string_free(s, FALSE);
}

/* "Opens 3 doors for 2 people: ...": a PIN that two strangers have is no accident. */
static char *about(const struct making *m, const char *pin)
{
	g_autoptr(GHashTable) doors = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autofree char *names = people(m, pin);
	g_autoptr(GString) out = g_string_new(NULL);
	int n;

	for (guint i = 0; i < m->batch->rows->len; i++)
		g_hash_table_add(doors, &((struct batch_row *)g_ptr_array_index(m->batch->rows, i))->lock_no);
	n = (int)g_hash_table_size(doors);
	g_string_append_printf(
		out,
		P_("It opens %1$d door now or later, for: %2$s.", "It opens %1$d doors now or later, for: %2$s.", n),
		n, names);
	g_string_append_c(out, ' ');
	if (m->used)
		g_string_append_printf(out, _("Used in %1$d days: %2$s."), USES_DAYS, m->uses->str);
	else
		g_string_append_printf(out, _("No use of it is known in the last %d days."), USES_DAYS);
	if (batch_count(m->batch, BATCH_CHANGE)) {
		g_string_append_c(out, ' ');
		g_string_append(out, _("At each door the old PIN stops when the lock has the new one."));
	}
	if (m->similar)
		g_string_append_printf(
			out, P_(" %d PIN there is like it.", " %d PINs there are like it.", m->similar), m->similar);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static struct batch *make(void *ctx)
{
	struct leak *leak = ctx;
	struct code_query q = { .find = leak->pin, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = CODES_MAX };
	struct making m = { .world = leak->world, .batch = batch_new(_("A PIN that was seen"), NULL) };

	m.batch->at_once = true;
	m.batch->pin_seen = g_strdup(leak->pin);
	m.found = cache_codes(leak->world->cache, &q, leak->world->now, NULL);
	m.holders = g_ptr_array_new_with_free_func(holder_free);
	m.uses = g_string_new(NULL);
	if (m.found)
		sort_out(&m, leak->pin);
	for (guint i = 0; i < m.holders->len; i++)
		add_holder(&m, g_ptr_array_index(m.holders, i), leak->pin);
	add_similar(&m, leak->pin);
	if (m.batch->rows->len)
		m.batch->about = about(&m, leak->pin);
	g_ptr_array_unref(m.holders);
	g_string_free(m.uses, TRUE);
	if (m.found)
		cache_list_free(m.found);
	return m.batch;
}

/* ---- the question ---- */

struct leaked {
	struct screen base;
	struct field pin;
};

static void enter(struct leaked *l)
{
	struct app *app = l->base.app;
	const char *pin = l->pin.text->str;
	struct batch *b;
	struct leak *leak;

	if (strlen(pin) < PIN_MIN) {
		app_message(app, true, _("A PIN has %d digits or more. Esc leaves it."), PIN_MIN);
		return;
	}
	leak = g_new0(struct leak, 1);
	leak->world = l->base.world;
	g_strlcpy(leak->pin, pin, sizeof leak->pin);
	b = make(leak);
	app_pop(app);
	if (!b->rows->len) {
		/* Between two shifts it may be a rota's: whatever else, that makes no code of it again. */
		if (!l->base.world->read_only)
			cache_rota_pin_seen(l->base.world->cache, pin, NULL);
		app_message(app, false, _("No code has this PIN, now or to come."));
		leak_free(leak);
		batch_free(b);
		return;
	}
	b->again = make;
	b->again_ctx = leak;
	b->again_free = leak_free;
	app_push(app, batch_screen_new(app, l->base.world, b));
}

static bool leaked_key(struct screen *s, const struct key *k)
{
	struct leaked *l = (struct leaked *)s;

	if (k->code == KEYCODE_ESC || (k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c')) {
		app_pop(s->app);
		return true;
	}
	if (k->code == KEYCODE_ENTER) {
		enter(l);
		return true;
	}
	return field_key(&l->pin, k, NULL) || !k->ctrl;
}

static void leaked_draw(struct screen *s, struct grid *g, struct rect area)
{
	struct leaked *l = (struct leaked *)s;
	int cols = MIN(area.cols - 4, 66), rows = 8;
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2,
			    MIN(rows, area.rows), cols };
	int row = box.row + 1;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, NULL, ROLE_RULE);
	row += page_wrap(g, (struct rect){ row, box.col + 2, 2, cols - 4 }, _("Which PIN was seen?"), ROLE_TEXT);
	page_wrap(g, (struct rect){ row, box.col + 2, 3, cols - 4 },
		  _("What it opens is shown before anything is changed. It is not kept."), ROLE_DIM);
	field_draw(&l->pin, g, box.row + box.rows - 2, box.col + 2, PIN_MAX + 2, true);
}

static const char *const *leaked_hints(struct screen *s)
{
	static const char *hints[] = { "Enter", NULL, "Esc", NULL, NULL };

	(void)s;
	hints[1] = _("what it opens");
	hints[3] = _("leave it");
	return hints;
}

static void leaked_free(struct screen *s)
{
	struct leaked *l = (struct leaked *)s;

	explicit_bzero(l->pin.text->str, l->pin.text->allocated_len);
	field_done(&l->pin);
	g_free(l);
}

static const struct screen_ops leaked_ops = {
	.name = N_("Question"),
	.view = VIEW_ANY,
	.draw = leaked_draw,
	.key = leaked_key,
	.hints = leaked_hints,
	.free = leaked_free,
};

struct screen *leaked_new(struct app *app, struct world *w)
{
	struct leaked *l = g_new0(struct leaked, 1);

	l->base = (struct screen){ .ops = &leaked_ops, .app = app, .world = w, .popup = true };
	field_init(&l->pin, "", PIN_MAX);
	l->pin.masked = l->pin.digits_only = true;
	return &l->base;
}
