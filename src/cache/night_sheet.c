/* night_sheet - rooms, staff and locks of a night out of the cache; see the header. */
#include "config.h"

#include "cache/night_sheet.h"

#include <string.h>

#include "cache/doubles.h"
#include "cache/outbox.h"
#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/pin.h"

struct making {
	struct cache *c;
	const struct night_sheet_query *q;
	struct sheet *s;
};

static const char *keep(struct making *m, const char *text)
{
	return text ? g_string_chunk_insert(m->s->chunk, text) : NULL;
}

/* Takes text. */
static const char *keep_own(struct making *m, char *text)
{
	const char *kept = keep(m, text);

	if (text)
		explicit_bzero(text, strlen(text));
	g_free(text);
	return kept;
}

static const struct zone *zone_of_row(const struct making *m, const char *iana)
{
	return iana && *iana ? zone_get(iana) : m->q->zone;
}

static const char *name_of(struct making *m, const struct access_code *ac)
{
	return keep(m, ac->name && *ac->name ? ac->name : _("(no name)"));
}

/* ---- PINs ---- */

/* Counts it; NULL: it is not asked for, or not known. */
static const char *put_pin(struct making *m, const char *pin)
{
	if (!m->q->pins || !pin || !*pin)
		return NULL;
	m->s->n_pins++;
	return keep_own(m, pin_grouped(pin));
}

static const char *pin_of_create(struct making *m, int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(m->c, intent_no, NULL);
	char *pin = list && list->rows->len ? jsonin_text(cache_list_at(list, struct intent, 0)->params, "code") : NULL;
	const char *kept = put_pin(m, pin);

	if (pin)
		explicit_bzero(pin, strlen(pin));
	g_free(pin);
	return kept;
}

/* A backup that was pulled is a code of its own; one that waits has no PIN yet that anybody knows. */
static const char *spare_of(struct making *m, const struct access_code *ac)
{
	int64_t no = ac->pulled_backup_access_code_id ? cache_code_no(m->c, ac->pulled_backup_access_code_id) : 0;
	OWN(cache_list) struct cache_list *list = no ? cache_code(m->c, no, m->q->now, NULL) : NULL;
	const char *pin;

	if (list && list->rows->len) {
		pin = put_pin(m, cache_list_at(list, struct code_row, 0)->code.code);
		return pin ? keep_own(m, g_strdup_printf(_("Backup code pulled: PIN %s"), pin))
			   : keep(m, _("Backup code pulled"));
	}
	return ac->is_backup_access_code_available == TRI_YES
		       ? keep(m, _("A backup code waits: pull it while there is power"))
		       : NULL;
}

static const char *pin_and_spare(struct making *m, const struct night_row *row, const char **spare)
{
	OWN(cache_list) struct cache_list *list = row->code_no ? cache_code(m->c, row->code_no, m->q->now, NULL) : NULL;
	const struct code_row *code = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;

	*spare = NULL;
	if (!row->code_no)
		return pin_of_create(m, row->intent_no);
	if (!code)
		return NULL;
	*spare = spare_of(m, &code->code);
	return put_pin(m, code->code.code);
}

/* ---- rooms ---- */

/* Weekday, day and hour, whatever is near: paper is read later than it is written. */
static void moment(GString *out, const struct zone *z, struct instant t)
{
	char day[CIVIL_TEXT_MAX], clock[CIVIL_TEXT_MAX];

	g_string_append_printf(out, "%s %s", civil_day(z, t, day), civil_clock(z, t, clock));
}

static char *window_of(const struct access_code *ac, const struct zone *z)
{
	g_autoptr(GString) from = g_string_new(NULL), until = g_string_new(NULL);

	moment(until, z, ac->ends_at);
	if (!instant_known(ac->starts_at))
		return g_strdup_printf(_("until %s"), until->str);
	moment(from, z, ac->starts_at);
	return g_strdup_printf(_("%s to %s"), from->str, until->str);
}

static void add_stay(struct making *m, struct night_row *row)
{
	const struct zone *z = zone_of_row(m, row->zone);
	struct ready ready = ready_judge_moved(&row->facts, m->q->now);
	struct sheet_stay stay = {
		.door = keep(m, row->lock_name ? row->lock_name : "?"),
		.door_key = keep(m, row->lock_key ? row->lock_key : ""),
		.name = name_of(m, &row->facts.code),
		.window = keep_own(m, window_of(&row->facts.code, z)),
		.verdict = keep_own(m, ready_verdict_text(&row->facts, &ready, true, z, m->q->now)),
		.starts_at = row->facts.code.starts_at,
	};

	if (row->facts.other)
		stay.other = keep_own(m, g_strdup_printf(_("DOUBLE: also %s"), row->facts.other));
	if (ready.verdict != READY_YES && ready.reason != BECAUSE_DOUBLE)
		stay.why = keep_own(m, ready_words(&row->facts, &ready, z, m->q->now));
	stay.pin = pin_and_spare(m, row, &stay.spare);
	g_array_append_val(m->s->stays, stay);
}

static int compare_stays(gconstpointer pa, gconstpointer pb)
{
	const struct sheet_stay *a = pa, *b = pb;
	int by = strcmp(a->door_key, b->door_key);

	by = by ? by : strcmp(a->door, b->door);
	by = by ? by : (a->starts_at.ms > b->starts_at.ms) - (a->starts_at.ms < b->starts_at.ms);
	return by ? by : g_strcmp0(a->name, b->name);
}

/* ---- staff: one entry a person and PIN, with its doors ---- */

struct person {
	const char *folded, *name, *pin;
	GString *doors;
};

static void person_clear(void *p)
{
	g_string_free(((struct person *)p)->doors, TRUE);
}

static void add_ongoing(struct making *m, GArray *people, const struct night_row *row)
{
	const char *spare, *folded = row->name_folded ? row->name_folded : "";
	int before = m->s->n_pins;
	const char *pin = pin_and_spare(m, row, &spare);
	struct person one;

	for (guint i = 0; i < people->len; i++) {
		struct person *p = &g_array_index(people, struct person, i);

		if (*folded && strcmp(p->folded, folded) == 0 && g_strcmp0(p->pin, pin) == 0) {
			g_string_append_printf(p->doors, ", %s", row->lock_name ? row->lock_name : "?");
			m->s->n_pins = before; /* it stands there once */
			return;
		}
	}
	one = (struct person){ keep(m, folded), name_of(m, &row->facts.code), pin,
			       g_string_new(row->lock_name ? row->lock_name : "?") };
	g_array_append_val(people, one);
}

static int compare_people(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct person *)a)->folded, ((const struct person *)b)->folded);
}

static int compare_rows(gconstpointer pa, gconstpointer pb)
{
	const struct night_row *a = *(const struct night_row *const *)pa, *b = *(const struct night_row *const *)pb;
	int by = g_strcmp0(a->lock_key, b->lock_key);

	return by ? by : (a->code_no > b->code_no) - (a->code_no < b->code_no);
}

static void add_codes(struct making *m, struct cache_list *list)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(struct person));
	g_autoptr(GPtrArray) ongoing = g_ptr_array_new();

	g_array_set_clear_func(people, person_clear);
	for (guint i = 0; i < list->rows->len; i++) {
		struct night_row *row = cache_list_at(list, struct night_row, i);

		if (row->facts.declared == DECLARED_REFUSED || row->facts.change == CHANGE_REVOKE)
			continue;
		if (instant_known(row->facts.code.ends_at))
			add_stay(m, row);
		else
			g_ptr_array_add(ongoing, row);
	}
	g_array_sort(m->s->stays, compare_stays);
	g_ptr_array_sort(ongoing, compare_rows);
	for (guint i = 0; i < ongoing->len; i++)
		add_ongoing(m, people, ongoing->pdata[i]);
	g_array_sort(people, compare_people);
	for (guint i = 0; i < people->len; i++) {
		const struct person *p = &g_array_index(people, struct person, i);
		struct sheet_person row = { p->name, keep(m, p->doors->str), p->pin };

		g_array_append_val(m->s->staff, row);
	}
}

/* ---- locks ---- */

static char *trouble_of(const struct lock_health *h, const struct zone *z)
{
	g_autoptr(GString) s = g_string_new(NULL), at = g_string_new(NULL);

	if (h->offline && instant_known(h->offline_since)) {
		moment(at, z, h->offline_since);
		g_string_append_printf(s, _("offline since %s"), at->str);
	} else if (h->offline) {
		g_string_append(s, _("offline"));
	}
	if (h->battery_low)
		g_string_append(s, s->len ? ", " : "");
	if (h->battery_low && h->battery_pct >= 0)
		g_string_append_printf(s, _("battery %d %%"), h->battery_pct);
	else if (h->battery_low)
		g_string_append(s, _("battery low"));
	return g_string_free(g_steal_pointer(&s), FALSE);
}

static bool add_troubles(struct making *m, GError **err)
{
	g_autoptr(GArray) round = cache_round(m->c, m->q->now, err);

	for (guint i = 0; round && i < round->len; i++) {
		const struct round_row *r = &g_array_index(round, struct round_row, i);

		if (!r->health.offline && !r->health.battery_low)
			continue;
		OWN(cache_list) struct cache_list *list = cache_lock(m->c, r->lock_no, m->q->now, NULL);
		const struct lock *lock =
			list && list->rows->len ? &cache_list_at(list, struct lock_row, 0)->lock : NULL;
		struct sheet_trouble t;

		if (!lock)
			continue;
		t = (struct sheet_trouble){ keep(m, lock->name ? lock->name : _("(no name)")),
					    keep_own(m, trouble_of(&r->health, zone_of_row(m, lock->zone))) };
		g_array_append_val(m->s->troubles, t);
	}
	return round != NULL;
}

/* ---- the whole ---- */

static bool span_of(const struct night_sheet_query *q, struct instant *from, struct instant *until, GError **err)
{
	struct instant end;
	struct civil out;

	ready_day(q->zone, instant_known(q->day) ? q->day : q->now, 0, from, &end);
	out = civil_at(q->zone, end);
	out.hour = 0;
	out.minute = q->check_out;
	out.second = 0;
	civil_resolve(q->zone, out, until);
	if (instant_before(*until, end))
		*until = end;
	if (instant_before(*from, q->now))
		*from = q->now;
	if (instant_before(q->now, *until))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s",
		    _("That night is over: a sheet is made for one to come."));
	return false;
}

struct sheet *night_sheet(struct cache *c, const struct night_sheet_query *q, GError **err)
{
	struct night_query inside = { .inside = true, .overdue_from = INSTANT_NONE };
	struct making m = { .c = c, .q = q };

	if (!span_of(q, &inside.from, &inside.until, err))
		return NULL;
	OWN(cache_list) struct cache_list *list = cache_night(c, &inside, q->now, err);

	if (!list)
		return NULL;
	/* Only held: the rows borrow of it. */
	OWN(cache_list) G_GNUC_UNUSED struct cache_list *around = cache_look_around(c, list, &inside, q->zone, q->now);

	m.s = sheet_new();
	m.s->zone = q->zone;
	m.s->property = keep(&m, q->property);
	m.s->made_by = keep(&m, q->made_by);
	m.s->made_at = q->now;
	m.s->good_until = inside.until;
	m.s->as_of = q->as_of;
	m.s->pins = q->pins;
	add_codes(&m, list);
	if (add_troubles(&m, err))
		return m.s;
	sheet_free(m.s);
	return NULL;
}
