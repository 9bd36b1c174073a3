/* tonight_detail - what the cursor is on, in words: who and until when, how it stands and why, what
 * helps whoever stands at the door, and the keys for it. */
#include "core/i18n.h"
#include "core/vocab.h"
#include "ui/screens/actions.h"
#include "ui/screens/tonight.h"
#include "ui/screens/words.h"

bool tonight_code(struct tonight *t, struct cache_list **list, struct code_row *own,
		  const struct code_row **row)
{
	const struct board_door *d = board_door(&t->board, t->at);
	static const enum intent_state states[DECLARED_COUNT] = {
		[DECLARED_QUEUED] = INTENT_QUEUED, [DECLARED_SENDING] = INTENT_SENDING,
		[DECLARED_YES] = INTENT_ACCEPTED,  [DECLARED_REFUSED] = INTENT_REFUSED,
	};

	*row = NULL;
	if (!d)
		return false;
	if (d->row->code_no) {
		*list = cache_code(t->base.world->cache, d->row->code_no, t->base.world->now, NULL);
		if (*list && (*list)->rows->len)
			*row = cache_list_at(*list, struct code_row, 0);
		return *row != NULL;
	}
	*own = (struct code_row){
		.lock_no = d->row->lock_no,
		.code = d->row->facts.code,
		.deleted_at = INSTANT_NONE,
		.intent_no = d->row->intent_no,
		.intent_kind = _("create"),
		.intent_state = (int)states[d->row->facts.declared],
		.state = CODE_QUEUED,
		.lock_name = d->row->lock_name,
		.zone = d->row->zone,
	};
	*row = own;
	return true;
}

/* A create's PIN is in the outbox. Newly allocated; NULL: not known. */
static char *pin_of(struct tonight *t, const struct code_row *c)
{
	OWN(cache_list) struct cache_list *list = NULL;

	if (c->code_no)
		return g_strdup(c->code.code);
	list = outbox_get(t->base.world->cache, c->intent_no, NULL);
	return list && list->rows->len
		       ? intent_pin(cache_list_at(list, struct intent, 0)) : NULL;
}

static char *pin_text(struct tonight *t, const struct code_row *c, bool ascii)
{
	bool shown = c->code_no ? c->code_no == t->shown_code_no
				: c->intent_no && c->intent_no == t->shown_intent_no;
	g_autofree char *pin = pin_of(t, c);

	return action_pin_words(t->base.world, c, pin, shown, ascii);
}

/* "104 Sea READY, Gym UNPROVEN": the doors of one guest. */
static char *doors_text(const struct board *b, const struct board_guest *guest)
{
	GString *s = g_string_new(NULL);

	for (guint i = guest->first; i < guest->first + guest->n; i++) {
		const struct board_door *d = &g_array_index(b->doors, struct board_door, i);

		g_string_append_printf(s, "%s%s %s", s->len ? ", " : "",
				       d->row->lock_name ? d->row->lock_name : "?",
				       ready_verdict_word(d->ready.verdict));
	}
	return g_string_free(s, FALSE);
}

/* "22:00 to Wed 11:00 (in 42 m)": what is near is told as people say it. */
static char *stay_text(const struct access_code *ac, const struct zone *z, struct instant now, bool wide)
{
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];

	if (wide || !instant_known(ac->starts_at) || !instant_known(ac->ends_at))
		return words_window(ac, z, now);
	return g_strdup_printf(_("%s to %s"), civil_near(z, ac->starts_at, now, from),
			       civil_near(z, ac->ends_at, now, until));
}

/* What can be done: the problem's own remedy, and how the guest comes in meanwhile. */
static char *help_text(struct tonight *t, const struct board_door *d, const struct code_row *c)
{
	struct world *w = t->base.world;
	OWN(cache_list) struct cache_list *locks = NULL;
	const struct lock *lock;
	const char *remedy = d->ready.problem ? words_remedy(d->ready.problem) : NULL, *way;

	if (d->row->facts.departs || d->ready.verdict < READY_UNPROVEN)
		return words_outlook(&c->code, zone_of(c->zone, w->zone), w->now);
	locks = cache_lock(w->cache, d->row->lock_no, w->now, NULL);
	lock = locks && locks->rows->len ? &cache_list_at(locks, struct lock_row, 0)->lock : NULL;
	way = d->ready.verdict == READY_AT_RISK ? words_way_in(c, lock, w->now) : NULL;
	if (!remedy && !way)
		return words_outlook(&c->code, zone_of(c->zone, w->zone), w->now);
	return g_strdup_printf("%s%s%s", way ? way : "", way && remedy ? " " : "", remedy ? remedy : "");
}

static const struct {
	enum command command;
	const char *words;
} helps[] = {
	{ COMMAND_BACKUP, N_("backup code") }, { COMMAND_UNLOCK, N_("unlock") },
	{ COMMAND_EDIT, N_("edit") },	   { COMMAND_REVOKE, N_("revoke") },
	{ COMMAND_REVEAL, N_("PIN") },	   { COMMAND_WHY, N_("why") },
};

/* Only what this code takes, in the order in which it helps. */
static char *keys_text(struct tonight *t, const struct code_row *c)
{
	GString *s = g_string_new(NULL);
	const char *key, *hint;

	for (size_t i = 0; i < G_N_ELEMENTS(helps); i++) {
		enum command cmd = helps[i].command;

		if (world_hides(t->base.world, command_info(cmd)->flags))
			continue;
		hint = code_hint(c, cmd);
		if ((hint && !*hint) || !keymap_keys(VIEW_TONIGHT, cmd, &key, 1))
			continue;
		g_string_append_printf(s, "%s%s %s", s->len ? "   " : "", key, hint ? hint : _(helps[i].words));
	}
	g_string_append_printf(s, _("%sEnter open"), s->len ? "   " : "");
	return g_string_free(s, FALSE);
}

void tonight_draw_detail(struct tonight *t, struct grid *g, struct rect area)
{
	struct world *w = t->base.world;
	const struct board_line *line = board_line(&t->board, t->at);
	const struct board_door *d = board_door(&t->board, t->at);
	const struct board_guest *guest = line ? board_guest(&t->board, line->guest) : NULL;
	OWN(cache_list) struct cache_list *list = NULL;
	const struct code_row *c;
	struct code_row own;
	char shown[NAME_SHOWN_MAX];
	int spare = MAX(area.rows - 4, 0);

	if (!guest || !tonight_code(t, &list, &own, &c))
		return;
	const struct zone *z = zone_of(d->row->zone, w->zone);
	bool group = guest->n > 1 && line->door < 0;
	g_autofree char *window = stay_text(&d->row->facts.code, z, w->now, area.cols >= 110);
	g_autofree char *pin = pin_text(t, c, g->ascii);
	g_autofree char *why = ready_words(&d->row->facts, &d->ready, z, w->now), *help = help_text(t, d, c);
	g_autofree char *keys = keys_text(t, c), *doors = group ? doors_text(&t->board, guest) : NULL;
	g_autofree char *verdict = ready_verdict_text(&d->row->facts, &d->ready, false, z, w->now);
	g_autofree char *second = g_strdup_printf("%s: %s%s%s", verdict, group ? d->row->lock_name : "",
						  group ? ": " : "", why);
	g_autoptr(GString) first = g_string_new(group ? "" : d->row->lock_name);

	words_also(first, g->ascii, code_name_shown(&c->code, g->ascii, shown));
	if (!group)
		words_also(first, g->ascii, pin);
	words_also(first, g->ascii, window);
	words_also(first, g->ascii, doors);
	page_put(g, &area, &spare, first->str, ROLE_TEXT);
	page_put(g, &area, &spare, second, tonight_role(d->ready.verdict));
	if (area.rows > 1)
		page_put(g, &area, &spare, help, ROLE_TEXT);
	page_put(g, &area, &spare, keys, ROLE_DIM);
}
