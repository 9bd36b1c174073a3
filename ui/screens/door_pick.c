/* door_pick - one lock chosen by typing a part of its name or its number; Enter takes it. */
#include <string.h>

#include "core/i18n.h"
#include "ui/screens/lock_names.h"
#include "ui/screens/page.h"
#include "ui/screens/verbs.h"
#include "ui/widgets/field.h"

#define ROWS_SHOWN   8
#define COLS_MAX     66
#define COLS_SAID    76 /* where it is said beside the name who has it */
#define NAME_CELLS   20
#define LOOKS_MAX    400 /* doors: more would be waited for, and are typed for rather than looked over */
#define SHARED_CODES 3 /* a room has two guests; a door that more have at once is a common one */

struct pick {
	struct screen base;
	char *title, *detail;
	GPtrArray *names;
	GHashTable *said; /* of lock_no: "free", or who has it; NULL: nothing is said */
	GArray *matches;
	struct field field;
	int at;
	bool chosen; /* by the arrows; else only what is typed counts */
	void (*done)(struct app *app, int64_t lock_no, void *ctx);
	void *ctx;
	GDestroyNotify free_ctx;
};

static bool is_without(const struct door_pick *p, int64_t lock_no)
{
	for (size_t i = 0; i < p->n_without; i++)
		if (p->without[i] == lock_no)
			return true;
	return false;
}

/* g_ptr_array_sort keeps no order among equals: the name's is the second key. */
static int shared_first(gconstpointer pa, gconstpointer pb)
{
	const struct lock_name *a = *(struct lock_name *const *)pa, *b = *(struct lock_name *const *)pb;
	int by = (b->codes_now >= SHARED_CODES) - (a->codes_now >= SHARED_CODES);

	return by ? by : strcmp(a->folded, b->folded);
}

/* A room is a door with a number in its name (free.c); of others nobody asks whether they are free. */
static bool is_room(const struct lock_name *n)
{
	return strpbrk(n->name, "0123456789") != NULL;
}

/* The names come in the order of names: within a rank it stays. */
static void free_first(struct pick *s, const struct door_pick *p)
{
	GPtrArray *rank[3]; /* free rooms, taken ones, other doors */

	s->said = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	for (size_t i = 0; i < G_N_ELEMENTS(rank); i++)
		rank[i] = g_ptr_array_new();
	for (guint i = 0; i < s->names->len; i++) {
		struct lock_name *n = s->names->pdata[i];
		char *taken = is_room(n) ? p->taken(n->lock_no, p->ctx) : NULL;

		g_ptr_array_add(rank[!is_room(n) ? 2 : taken != NULL], n);
		if (is_room(n))
			g_hash_table_insert(s->said, &n->lock_no, taken ? taken : g_strdup(_("free")));
	}
	for (guint i = 0, at = 0; i < G_N_ELEMENTS(rank); i++) {
		for (guint k = 0; k < rank[i]->len; k++)
			s->names->pdata[at++] = rank[i]->pdata[k];
		g_ptr_array_unref(rank[i]);
	}
}

static void match(struct pick *s)
{
	lock_names_match(s->names, s->field.text->str, s->matches);
	s->at = 0;
}

static void leave(struct pick *s)
{
	app_pop(s->base.app);
	app_message(s->base.app, false, _("Nothing was changed."));
}

static void take(struct pick *s)
{
	int64_t lock_no = lock_names_at(s->names, s->matches, s->at);

	/* What merely stands first was chosen by nobody. */
	if (!s->field.text->len && !s->chosen) {
		app_message(s->base.app, true, _("Type a part of its name or its number, or choose with Down."));
		return;
	}
	if (!lock_no) {
		app_message(s->base.app, true, _("No lock is called “%s”."), s->field.text->str);
		return;
	}
	app_pop(s->base.app);
	s->done(s->base.app, lock_no, s->ctx);
}

static bool pick_key(struct screen *screen, const struct key *k)
{
	struct pick *s = (struct pick *)screen;
	bool changed = false;

	switch ((int)k->code) {
	case KEYCODE_ENTER:
		take(s);
		return true;
	case KEYCODE_ESC:
		leave(s);
		return true;
	case KEYCODE_UP:
	case KEYCODE_DOWN:
		if (!s->chosen && !s->field.text->len) {
			s->chosen = true; /* the first Down is the first row */
			return true;
		}
		s->at = CLAMP(s->at + (k->code == KEYCODE_UP ? -1 : 1), 0, MAX((int)s->matches->len - 1, 0));
		return true;
	default:
		break;
	}
	if (k->code == KEYCODE_CHAR && k->ctrl && k->ch == 'c') {
		leave(s);
		return true;
	}
	if (!field_key(&s->field, k, &changed))
		return !k->ctrl;
	if (changed)
		match(s);
	return true;
}

static void pick_draw(struct screen *screen, struct grid *g, struct rect area)
{
	struct pick *s = (struct pick *)screen;
	int cols = MIN(area.cols - 4, s->said ? COLS_SAID : COLS_MAX), rows = MIN(7 + ROWS_SHOWN, area.rows), row;
	struct rect box = { area.row + MAX((area.rows - rows) / 3, 0), area.col + (area.cols - cols) / 2, rows, cols };
	int top = CLAMP(s->at - ROWS_SHOWN + 1, 0, MAX((int)s->matches->len - 1, 0)), end = box.row + box.rows - 1;

	grid_fill(g, box, ' ', ROLE_TEXT);
	grid_frame(g, box, s->title, ROLE_RULE);
	row = box.row + 1 + page_wrap(g, (struct rect){ box.row + 1, box.col + 2, 2, cols - 4 }, s->detail, ROLE_DIM);
	field_draw(&s->field, g, row, box.col + 2, cols - 4, true);
	row += 2;
	if (!s->matches->len)
		grid_put(g, row, box.col + 2, cols - 4, _("No lock is called that."), ROLE_WARN);
	for (int i = top; i < (int)s->matches->len && row < end; i++, row++) {
		const struct lock_name *n = g_ptr_array_index(s->names, g_array_index(s->matches, guint, i));

		const char *said = s->said ? g_hash_table_lookup(s->said, &n->lock_no) : NULL;

		grid_put(g, row, box.col + 2, said ? NAME_CELLS : cols - 4, n->name, ROLE_TEXT);
		if (said)
			grid_put(g, row, box.col + 3 + NAME_CELLS, cols - NAME_CELLS - 5, said, ROLE_DIM);
		if (i == s->at && (s->chosen || s->field.text->len))
			grid_mark(g, (struct rect){ row, box.col + 1, 1, cols - 2 }, MARK_CURSOR);
	}
}

static const char *const *pick_hints(struct screen *s)
{
	static const char *const hints[] = { "Enter", N_("this one"), "Up Down", N_("choose"),
					     "Esc",   N_("leave it"), NULL };

	(void)s;
	return hints;
}

static void pick_free(struct screen *screen)
{
	struct pick *s = (struct pick *)screen;

	if (s->free_ctx)
		s->free_ctx(s->ctx);
	field_done(&s->field);
	g_clear_pointer(&s->said, g_hash_table_unref);
	g_ptr_array_unref(s->names);
	g_array_unref(s->matches);
	g_free(s->title);
	g_free(s->detail);
	g_free(s);
}

static const struct screen_ops ops = {
	.name = N_("Door"),
	.view = VIEW_ANY,
	.draw = pick_draw,
	.key = pick_key,
	.hints = pick_hints,
	.free = pick_free,
};

struct screen *door_pick_new(struct app *app, struct world *w, const struct door_pick *p)
{
	struct pick *s = g_new0(struct pick, 1);

	s->base = (struct screen){ .ops = &ops, .app = app, .world = w, .popup = true, .asks = ASKS_CHOICE };
	s->title = g_strdup(p->title);
	s->detail = g_strdup(p->detail);
	s->done = p->done;
	s->ctx = p->ctx;
	s->free_ctx = p->free_ctx;
	s->names = lock_names_read(w->cache, w->now);
	s->matches = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = s->names->len; i-- > 0;)
		if (is_without(p, ((struct lock_name *)g_ptr_array_index(s->names, i))->lock_no))
			g_ptr_array_remove_index(s->names, i);
	if (p->shared_first)
		g_ptr_array_sort(s->names, shared_first);
	if (p->taken && s->names->len <= LOOKS_MAX)
		free_first(s, p);
	field_init(&s->field, "", 100);
	match(s);
	return &s->base;
}
