/* form_check - what was typed, understood: instants, a PIN that fits every door, what is wrong
 * beside which field, and one sentence about what the code will do.
 *
 * The rules themselves are core's (draft.h, pin.h, when.h): the command line has the same. */
#include <string.h>

#include "cache/alike.h"
#include "core/i18n.h"
#include "core/traits.h"
#include "core/when.h"
#include "ui/screens/actions.h"
#include "ui/screens/code_form.h"
#include "ui/screens/words.h"

static const char *const option_words[OPTION_COUNT] = {
	[OPTION_JUST_IN_TIME] = N_("write it only when its time comes, not days ahead"),
	[OPTION_EXTERNAL] = N_("let changes made in the maker's app stand"),
	[OPTION_BACKUP] = N_("keep spare PINs on the lock, for when this one fails"),
	[OPTION_OFFLINE] = N_("offline code: works without a connection, cannot be revoked"),
	[OPTION_ONE_TIME] = N_("for one use"),
	[OPTION_ROUND_DAY] = N_("times may be rounded to whole days"),
};

const char *form_option_words(enum form_option o)
{
	return _(option_words[o]);
}

static bool native(const struct form_door *d)
{
	return lock_is_native(&d->row->lock);
}

static bool pool(const struct form_door *d)
{
	return d->row->lock.supports_backup_pool == TRI_YES;
}

static bool takes_offline(const struct form_door *d)
{
	return d->row->lock.can_program_offline == TRI_YES;
}

static bool takes_online(const struct form_door *d)
{
	return d->row->lock.can_program_online != TRI_NO;
}

/* What every chosen door must have for the option to be offered. */
static bool (*const option_needs[OPTION_COUNT])(const struct form_door *d) = {
	[OPTION_JUST_IN_TIME] = native, [OPTION_EXTERNAL] = takes_online, [OPTION_BACKUP] = pool,
	[OPTION_OFFLINE] = takes_offline, [OPTION_ONE_TIME] = takes_offline,
	[OPTION_ROUND_DAY] = takes_offline,
};

bool form_option_offered(const struct code_form *f, enum form_option o)
{
	for (guint i = 0; i < f->doors->len; i++)
		if (!option_needs[o](form_door(f, i)))
			return false;
	if ((o == OPTION_ONE_TIME || o == OPTION_ROUND_DAY) && !f->option[OPTION_OFFLINE])
		return false;
	return f->doors->len && !f->edit;
}

bool form_text_is(const struct code_form *f, enum form_field field)
{
	const char *s = f->field[field].text->str;

	return s[strspn(s, " \t")] != '\0';
}

bool form_changed(const struct code_form *f, enum form_field field)
{
	return g_strcmp0(f->field[field].text->str, f->before[field] ? f->before[field] : "") != 0;
}

/* Takes text. The first thing said of a field stays. */
static void say_error(struct code_form *f, enum form_field field, char *text)
{
	if (f->error[field])
		g_free(text);
	else
		f->error[field] = text;
}

static void say(struct code_form *f, enum form_field field, bool caution, char *text)
{
	g_free(f->echo[field]);
	f->echo[field] = text;
	f->caution[field] = caution;
}

static void clear(struct code_form *f)
{
	for (int i = 0; i < FORM_FIELDS; i++) {
		g_clear_pointer(&f->error[i], g_free);
		g_clear_pointer(&f->echo[i], g_free);
		f->caution[i] = false;
	}
	for (int i = 0; i < f->notes; i++)
		g_free(f->note[i].text);
	f->notes = 0;
}

/* ---- doors ---- */

const struct zone *form_zone(const struct code_form *f)
{
	const struct form_door *d = form_door(f, 0);

	return d ? zone_of(d->row->lock.zone, f->base.world->zone) : f->base.world->zone;
}

static bool only_offline(const struct form_door *d)
{
	return draft_only_offline(&d->row->lock);
}

/* Where nothing but an offline code can be made, it need not be asked for; and it can never be the same code as
 * other doors get, whose PIN is chosen here. */
static void check_only_offline(struct code_form *f)
{
	guint n = 0;

	for (guint i = 0; i < f->doors->len; i++)
		n += only_offline(form_door(f, i));
	if (n && n == f->doors->len && !f->option[OPTION_OFFLINE])
		f->offline_by_doors = f->option[OPTION_OFFLINE] = true;
	else if (n < f->doors->len && f->offline_by_doors)
		f->offline_by_doors = f->option[OPTION_OFFLINE] = false;
	for (guint i = 0; n && n < f->doors->len && i < f->doors->len; i++)
		if (only_offline(form_door(f, i))) {
			const char *name = form_door(f, i)->row->lock.name;

			say_error(f, FORM_DOORS, g_strdup_printf(_("%s takes offline codes only: make its code by itself"), name));
			say(f, FORM_DOORS, true, g_strdup(f->error[FORM_DOORS])); /* as soon as it is chosen */
		}
}

static void check_doors(struct code_form *f)
{
	if (!f->edit)
		check_only_offline(f);
	/* What was typed to choose a door and chose none must not be left out in silence. */
	if (f->focus != FORM_DOORS && form_text_is(f, FORM_DOORS))
		say_error(f, FORM_DOORS, g_strdup_printf(_("“%s” has marked no door: Enter marks it, Esc clears it"),
							 f->field[FORM_DOORS].text->str));
	if (!f->doors->len)
		say_error(f, FORM_DOORS, g_strdup(_("Choose a door: type a part of its name, Space marks it")));
	for (guint i = 0; i < f->doors->len; i++) {
		const struct lock *lock = &form_door(f, i)->row->lock;

		if (zone_of(lock->zone, f->base.world->zone) != form_zone(f))
			say(f, FORM_DOORS, true, g_strdup_printf(_("times are those of %s"), form_door(f, 0)->row->lock.name));
		if (lock->online == TRI_NO)
			say(f, FORM_DOORS, true, g_strdup_printf(_("%s is offline: set when it returns"), lock->name));
	}
	if (!f->echo[FORM_DOORS] && f->doors->len > 1)
		say(f, FORM_DOORS, false, g_strdup_printf(_("%u doors"), f->doors->len));
}

/* ---- the window ---- */

/* That word, in English or in the operator's language. */
static bool says(const struct code_form *f, enum form_field field, const char *word)
{
	g_autofree char *typed = text_fold(f->field[field].text->str), *own = text_fold(_(word));

	g_strstrip(typed);
	return strcmp(typed, word) == 0 || strcmp(typed, own) == 0;
}

/* Said instead of an end. Emptying the field means it too. */
static bool says_ongoing(const struct code_form *f)
{
	return says(f, FORM_UNTIL, N_("ongoing"));
}

/* An untouched time keeps its seconds; a typed one is read. */
static struct instant read_time(struct code_form *f, enum form_field field, struct when_context *ctx,
				const char **note)
{
	struct instant t = INSTANT_NONE;
	g_autoptr(GError) err = NULL;

	*note = NULL;
	if (!form_text_is(f, field) || (field == FORM_UNTIL && says_ongoing(f)))
		return t;
	if (f->code && !form_changed(f, field))
		return field == FORM_FROM ? f->code->code.starts_at : f->code->code.ends_at;
	if (!when_parse(f->field[field].text->str, ctx, &t, note, &err))
		say_error(f, field, g_strdup(err->message));
	return t;
}

/* How long the stay is, as a desk counts: in nights where there is one. Newly allocated. */
static char *stay_words(const struct code_form *f)
{
	struct instant from = instant_known(f->from) ? f->from : f->base.world->now;
	int nights = when_nights(form_zone(f), from, f->until);
	char span[CIVIL_TEXT_MAX];

	if (nights > 0 && instant_before(from, f->until))
		return g_strdup_printf(P_("%d night", "%d nights", nights), nights);
	return g_strdup(duration_text(instant_diff_ms(f->until, from), span));
}

static void echo_from(struct code_form *f, const char *note)
{
	char at[CIVIL_TEXT_MAX];

	if (instant_known(f->from))
		say(f, FORM_FROM, note != NULL, g_strdup_printf("%s%s%s", civil_full(form_zone(f), f->from, at),
								note ? "  " : "", note ? note : ""));
	else if (!f->error[FORM_FROM])
		say(f, FORM_FROM, false, g_strdup(f->edit ? _("no start: ongoing") : _("from now on")));
}

static void echo_until(struct code_form *f, const char *note)
{
	g_autofree char *moved = f->code ? draft_end_moved(f->code->code.ends_at, f->until) : NULL;
	g_autofree char *stay = NULL;
	char at[CIVIL_TEXT_MAX];

	if (!instant_known(f->until)) {
		if (!f->error[FORM_UNTIL])
			say(f, FORM_UNTIL, !f->edit, g_strdup(_("no end: ongoing, until it is revoked")));
		return;
	}
	stay = stay_words(f);
	/* A stay cut short by a slip must be seen. */
	say(f, FORM_UNTIL, note || (moved && instant_before(f->until, f->code->code.ends_at)),
	    g_strdup_printf("%s  %s", civil_full(form_zone(f), f->until, at), note ? note : moved ? moved : stay));
}

/* An end alone means from now: a window has both ends at the server. It is so from the first
 * letter of the end on, whether that can be read already or not. */
static void start_now(struct code_form *f, const char **note)
{
	struct instant now = f->base.world->now;

	f->from = draft_soonest(f->rules.rules, now);
	if (!instant_eq(f->from, now))
		*note = _("the soonest this lock takes");
}

static void check_window(struct code_form *f)
{
	struct world *w = f->base.world;
	struct when_context ctx = {
		.zone = form_zone(f), .now = w->now, .base = w->now,
		.default_minutes = w->profile->check_in,
	};
	const char *from_note, *until_note;
	bool said_now, endless;

	f->from = read_time(f, FORM_FROM, &ctx, &from_note);
	/* Whichever words say now ('tonight' at three in the morning) mean what the empty field means. */
	said_now = instant_eq(f->from, w->now);
	if (said_now)
		start_now(f, &from_note);
	ctx.base = instant_known(f->from) ? f->from : w->now;
	ctx.default_minutes = w->profile->check_out;
	ctx.is_end = true;
	if (f->code && instant_known(f->code->code.ends_at))
		ctx.present = &f->code->code.ends_at;
	f->until = read_time(f, FORM_UNTIL, &ctx, &until_note);
	endless = says_ongoing(f) || !form_text_is(f, FORM_UNTIL);
	if ((says_ongoing(f) && !form_changed(f, FORM_FROM)) || (endless && said_now)) {
		f->from = INSTANT_NONE; /* a code that is changed loses its start with its end */
		from_note = NULL;
	} else if (form_text_is(f, FORM_UNTIL) && !says_ongoing(f) && !form_text_is(f, FORM_FROM)) {
		start_now(f, &from_note);
	}
	echo_from(f, from_note);
	echo_until(f, until_note);
}

/* ---- the PIN ---- */

static bool is_taken(const char *pin, const void *data)
{
	const struct code_form *f = data;

	for (guint i = 0; i < f->doors->len; i++) {
		const GPtrArray *pins = form_door(f, i)->pins;

		for (guint k = 0; pins && k < pins->len; k++)
			if (strcmp(g_ptr_array_index(pins, k), pin) == 0)
				return true;
	}
	return false;
}

static bool is_own(const struct code_form *f, const char *pin)
{
	return f->code && g_strcmp0(f->code->code.code, pin) == 0;
}

static bool all_theirs(const struct code_form *f)
{
	struct draft d = { .offline = f->option[OPTION_OFFLINE] };

	for (guint i = 0; i < f->doors->len; i++)
		if (!draft_pin_is_theirs(&d, &form_door(f, i)->row->lock))
			return false;
	return f->doors->len > 0;
}

/* Who has it already: the first holder found, by name and door. */
static char *holder_text(const struct code_form *f, const char *pin)
{
	struct world *w = f->base.world;

	for (guint i = 0; i < f->doors->len; i++) {
		const struct form_door *d = form_door(f, i);
		OWN(cache_list) struct cache_list *list = cache_pin_holders(w->cache, d->lock_no, pin, w->now, NULL);

		for (guint k = 0; list && k < list->rows->len; k++) {
			const struct code_row *c = cache_list_at(list, struct code_row, k);

			if (f->code_no && c->code_no == f->code_no)
				continue;
			return g_strdup_printf(_("%s has this PIN on %s"), code_name(&c->code), d->row->lock.name);
		}
	}
	return NULL;
}

static bool is_confusable(const struct code_form *f, const char *pin)
{
	for (guint i = 0; i < f->doors->len; i++) {
		const GPtrArray *pins = form_door(f, i)->pins;

		for (guint k = 0; pins && k < pins->len; k++) {
			const char *other = g_ptr_array_index(pins, k);

			if (strcmp(other, pin) != 0 && !is_own(f, other) && pin_confusable(other, pin))
				return true;
		}
	}
	return false;
}

/* Of several doors the one that does not take it is named. False when all take it. */
static bool say_pin_problem(struct code_form *f, const char *pin)
{
	for (guint i = 0; i < f->doors->len; i++) {
		const struct lock *lock = &form_door(f, i)->row->lock;
		struct pin_rules rules = pin_rules_of(lock);
		const char *problem = pin_check(pin, &rules);
		g_autofree char *words = NULL;

		if (!problem || rules.rules & PIN_CHOSEN_BY_PROVIDER)
			continue;
		words = pin_rules_words(&rules);
		say_error(f, FORM_PIN, g_strdup_printf("%s%s%s (%s)", f->doors->len > 1 ? lock->name : "",
						       f->doors->len > 1 ? ": " : "", problem, words));
		return true;
	}
	return false;
}

static void check_typed_pin(struct code_form *f, const char *pin)
{
	g_autofree char *held = NULL;

	if (say_pin_problem(f, pin))
		return;
	held = holder_text(f, pin);
	if (held)
		say_error(f, FORM_PIN, g_steal_pointer(&held));
	else if (pin_is_weak(pin))
		say(f, FORM_PIN, true, g_strdup(_("fits, but is one of those guessed first")));
	else if (is_confusable(f, pin))
		say(f, FORM_PIN, true, g_strdup(_("fits, but is easily mistyped for another on this lock")));
	else
		say(f, FORM_PIN, false, g_strdup(f->doors->len > 1 ? _("fits all doors") : _("fits")));
}

static void check_generated_pin(struct code_form *f)
{
	bool good = *f->generated && !pin_check(f->generated, &f->rules) && !is_taken(f->generated, f);

	if (!good && !pin_generate(&f->rules, 0, is_taken, f, f->generated)) {
		f->generated[0] = '\0';
		say_error(f, FORM_PIN, g_strdup(f->rules.lengths ? _("No free PIN was found: type one")
							  : _("No length of PIN suits all these doors: make the codes one by one")));
		return;
	}
	say(f, FORM_PIN, false, g_strdup_printf(_("generated, %zu digits%s"), strlen(f->generated),
						f->doors->len > 1 ? _(", fits all doors") : ""));
}

static void check_pin(struct code_form *f)
{
	bool typed = form_text_is(f, FORM_PIN);

	if (!f->doors->len)
		return;
	if (all_theirs(f)) {
		if (typed)
			say_error(f, FORM_PIN, g_strdup(f->option[OPTION_OFFLINE]
								? _("The maker computes the PIN of an offline code: leave this empty")
								: _("This lock system chooses the PIN itself: leave this empty")));
		else
			say(f, FORM_PIN, false, g_strdup(_("chosen by the lock's maker, shown when it is there")));
	} else if (f->edit && !form_changed(f, FORM_PIN)) {
		say(f, FORM_PIN, false, g_strdup(_("stays as it is")));
	} else if (typed) {
		check_typed_pin(f, f->field[FORM_PIN].text->str);
	} else if (f->edit) {
		say(f, FORM_PIN, false, g_strdup(_("stays as it is")));
	} else {
		check_generated_pin(f);
	}
}

const char *form_pin_for(const struct code_form *f, const struct form_door *door)
{
	struct draft d = { .offline = f->option[OPTION_OFFLINE] };

	if (draft_pin_is_theirs(&d, &door->row->lock))
		return NULL;
	if (form_text_is(f, FORM_PIN))
		return f->field[FORM_PIN].text->str;
	return *f->generated ? f->generated : NULL;
}

/* ---- the whole ---- */

struct draft form_draft(const struct code_form *f, const struct form_door *door)
{
	bool offline = f->option[OPTION_OFFLINE] && form_option_offered(f, OPTION_OFFLINE);

	return (struct draft){
		.name = f->field[FORM_NAME].text->str,
		.pin = f->edit && !form_changed(f, FORM_PIN) ? NULL : form_pin_for(f, door),
		.from = f->from,
		.until = f->until,
		.external_ok = f->option[OPTION_EXTERNAL] && !offline,
		.just_in_time = f->option[OPTION_JUST_IN_TIME] && !offline && native(door),
		.backup_pool = f->option[OPTION_BACKUP] && !offline && pool(door),
		.offline = offline,
		.one_time = offline && f->option[OPTION_ONE_TIME],
	};
}

static const enum form_field field_of[] = {
	[DRAFT_NAME] = FORM_NAME, [DRAFT_FROM] = FORM_FROM, [DRAFT_UNTIL] = FORM_UNTIL,
	[DRAFT_PIN] = FORM_PIN, [DRAFT_OPTIONS] = FORM_OPTIONS,
};

/* A start that has passed is nothing to complain of in a code that is there already, nor is its
 * name. */
static unsigned excused(const struct code_form *f)
{
	if (!f->edit)
		return 0;
	return (form_changed(f, FORM_FROM) ? 0 : 1u << DRAFT_FROM) |
	       (form_changed(f, FORM_NAME) ? 0 : 1u << DRAFT_NAME) | 1u << DRAFT_OPTIONS;
}

/* The server keeps a long name whole; who stands at the lock's own list reads less of it. */
static void check_name(struct code_form *f)
{
	const char *name = f->field[FORM_NAME].text->str;
	g_autofree char *alike = cache_alike_code(f->base.world->cache, name, NULL);

	for (guint i = 0; i < f->doors->len; i++) {
		const struct lock *lock = &form_door(f, i)->row->lock;
		g_autofree char *shown = draft_name_on_lock(name, lock);

		if (shown && (!f->edit || form_changed(f, FORM_NAME)))
			say(f, FORM_NAME, false,
			    g_strdup_printf(_("%s shows %ld letters: “%s”"), f->doors->len > 1 ? lock->name : _("the lock"),
					    g_utf8_strlen(shown, -1), shown));
	}
	if (alike)
		say(f, FORM_NAME, true, words_alike(name, alike));
}

static void check_draft(struct code_form *f)
{
	const char *problem = NULL;

	for (guint i = 0; i < f->doors->len; i++) {
		const struct form_door *d = form_door(f, i);
		struct draft draft = form_draft(f, d);
		enum draft_field field = draft_check_but(&draft, &d->row->lock, f->base.world->now, excused(f),
							 &problem);

		if (field == DRAFT_FINE)
			continue;
		if (f->doors->len > 1)
			say_error(f, field_of[field], g_strdup_printf("%s: %s", d->row->lock.name, problem));
		else
			say_error(f, field_of[field], g_strdup(problem));
	}
}

void form_check(struct code_form *f)
{
	clear(f);
	if (f->doors->len)
		f->rules = pin_rules_of(&form_door(f, 0)->row->lock);
	for (guint i = 1; i < f->doors->len; i++)
		f->rules = pin_rules_join(f->rules, pin_rules_of(&form_door(f, i)->row->lock));
	check_doors(f);
	check_window(f);
	check_pin(f);
	check_name(f);
	check_draft(f);
	form_notes(f);
	f->complete = true;
	for (int i = 0; i < FORM_FIELDS; i++)
		f->complete = f->complete && !f->error[i];
}
