/* code_form - make a code, or change one: keys, and the intents that come of them.
 *
 * Everything is checked as it is typed (form_check.c); Enter makes the code from whichever field
 * one is in, but after the name of a new guest it asks until when first. A draft is never lost by a stray Esc, and a refusal comes back with its reason. */
#include "ui/screens/code_form.h"

#include <string.h>

#include "cache/doubles.h"
#include "core/i18n.h"
#include "core/jsonout.h"
#include "ui/screens/verbs.h"
#include "ui/screens/words.h"

static struct code_form *form_of(struct screen *s)
{
	return (struct code_form *)s;
}

static bool touched(const struct code_form *f)
{
	for (int i = FORM_NAME; i < FORM_TEXTS; i++)
		if (form_changed(f, (enum form_field)i))
			return true;
	return false;
}

/* ---- making it ---- */

/* Rounding is a word of the server's that a draft does not know. */
static char *create_params(const struct code_form *f, const struct draft *d, const char *device_id)
{
	g_autofree char *plain = draft_create_params(d, device_id);
	GString *out;

	if (!d->offline || !f->option[OPTION_ROUND_DAY])
		return g_steal_pointer(&plain);
	out = g_string_new(NULL);
	jsonout_object(out, NULL);
	jsonout_members(out, plain);
	jsonout_string(out, "max_time_rounding", "1d");
	jsonout_object_end(out);
	return g_string_free(out, FALSE);
}

/* A feed's or a rota's mark stays with its door: by it they know that this is theirs, and make no second. A
 * desk's own key says only which doors share a PIN, and this form draws another. NULL: a new one. */
static const char *key_again(const struct code_form *f, const struct form_door *door)
{
	bool kept = f->again_key && !g_str_has_prefix(f->again_key, FORM_KEY_PREFIX) &&
		    !g_str_has_prefix(f->again_key, DOUBLE_BESIDE);

	return kept && door->lock_no == f->again_lock_no ? f->again_key : NULL;
}

/* One intent a door. The key is shared where the PIN is: the server then keeps them equal. */
static void submit_new(struct code_form *f)
{
	g_autofree struct intent *in = g_new0(struct intent, f->doors->len);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	const char *prefix = f->beside_no ? DOUBLE_BESIDE : FORM_KEY_PREFIX;
	g_autofree char *uuid = g_uuid_string_random(), *shared = g_strconcat(prefix, uuid, NULL);

	for (guint i = 0; i < f->doors->len; i++) {
		const struct form_door *door = form_door(f, i);
		struct draft d = form_draft(f, door);
		g_autofree char *own = g_uuid_string_random();
		const char *again = key_again(f, door);
		char *key = again ? g_strdup(again) : d.pin ? g_strdup(shared) : g_strconcat(prefix, own, NULL), *params;

		g_ptr_array_add(texts, key);
		d.common_code_key = key;
		params = create_params(f, &d, door->row->lock.device_id);
		g_ptr_array_add(texts, params);
		in[i] = (struct intent){
			.kind = INTENT_CREATE,
			.lock_no = door->lock_no,
			.device_id = door->row->lock.device_id,
			.params = params,
			.name = d.name,
			.common_code_key = key,
			.expires_at = INSTANT_NONE,
			.next_try_at = INSTANT_NONE,
			.sent_at = INSTANT_NONE,
			.again_no = i == 0 ? f->again_no : 0,
		};
	}
	if (app_intend_all(f->base.app, in, f->doors->len))
		app_pop(f->base.app);
}

static void submit_edit(struct code_form *f)
{
	const struct access_code *ac = &f->code->code;
	struct draft_change c = { .from = INSTANT_NONE, .until = INSTANT_NONE };
	bool window = form_changed(f, FORM_FROM) || form_changed(f, FORM_UNTIL);
	bool ongoing = !instant_known(f->from) && !instant_known(f->until);
	g_autofree char *params = NULL;
	struct intent in = {
		.kind = INTENT_UPDATE,
		.lock_no = f->code->lock_no,
		.code_no = f->code_no,
		.device_id = ac->device_id,
		.access_code_id = ac->access_code_id,
		.name = f->field[FORM_NAME].text->str,
		.again_no = f->again_no,
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};

	if (!touched(f)) {
		app_message(f->base.app, false, _("Nothing was changed."));
		app_pop(f->base.app);
		return;
	}
	if (form_changed(f, FORM_NAME))
		c.name = f->field[FORM_NAME].text->str;
	if (form_changed(f, FORM_PIN) && form_text_is(f, FORM_PIN))
		c.pin = f->field[FORM_PIN].text->str;
	if (window && ongoing) {
		c.ongoing = ac->time_bound;
	} else if (window) {
		c.from = f->from;
		c.until = f->until;
	}
	params = draft_update_params(&c, ac);
	in.params = params;
	if (app_intend(f->base.app, &in))
		app_pop(f->base.app);
}

static void go_to(struct code_form *f, enum form_field i)
{
	f->focus = i;
	f->until_seen = f->until_seen || i == FORM_UNTIL;
	if (i == FORM_DOORS)
		form_doors_match(f);
	form_check(f);
}

bool form_enter_goes_on(const struct code_form *f)
{
	return f->focus == FORM_NAME && !f->until_seen && f->doors->len && form_text_is(f, FORM_NAME);
}

static void commit(struct app *app, void *ctx)
{
	struct code_form *f = ctx;

	(void)app;
	if (!f->complete) /* no more: something has changed while it was asked */
		return;
	if (f->edit)
		submit_edit(f);
	else
		submit_new(f);
}

/* Whoever walks in on a sleeper was sent there by one Enter too many. */
static void commit_or_ask(struct code_form *f)
{
	const char *door = NULL;
	g_autofree char *taken = form_taken(f, &door);

	if (taken)
		verb_ask_taken(f->base.app, door, taken, f->edit ? _("Change") : _("Create"), commit, f, NULL);
	else
		commit(f->base.app, f);
}

/* Enter: what is missing is said where it is missing. */
static void submit(struct code_form *f)
{
	if (form_enter_goes_on(f)) {
		go_to(f, FORM_UNTIL);
		return;
	}
	f->tried = true;
	form_check(f);
	if (f->complete) {
		commit_or_ask(f);
		return;
	}
	for (int i = 0; i < FORM_FIELDS; i++) {
		if (!f->error[i])
			continue;
		f->focus = (enum form_field)i;
		f->options_open = f->options_open || i == FORM_OPTIONS;
		app_message(f->base.app, true, "%s", f->error[i]);
		return;
	}
}

/* ---- keys ---- */

static bool is_ctrl(const struct key *k, char letter)
{
	struct key want = { .code = KEYCODE_CHAR, .ch = (uint32_t)letter, .ctrl = true };

	return key_same(k, &want);
}

static bool can_focus(const struct code_form *f, int i)
{
	if (i == FORM_DOORS)
		return !f->edit;
	return i != FORM_OPTIONS || (f->options_open && !f->edit);
}

static void next_field(struct code_form *f, int direction)
{
	int i = (int)f->focus;

	do
		i = (i + direction + FORM_FIELDS) % FORM_FIELDS;
	while (!can_focus(f, i));
	go_to(f, (enum form_field)i);
}

static void throw_away(struct app *app, void *ctx)
{
	(void)ctx;
	app_pop(app);
}

static void leave(struct code_form *f)
{
	if (touched(f))
		app_ask(f->base.app, _("Throw away what was typed?"),
			f->edit ? _("The code stays as it is.") : _("No code has been made."), _("Throw away"),
			throw_away, NULL, NULL);
	else
		app_pop(f->base.app);
}

static void toggle_options(struct code_form *f)
{
	if (f->edit) {
		app_message(f->base.app, false, _("Options are chosen when a code is made and cannot be changed later."));
		return;
	}
	f->options_open = !f->options_open;
	f->option_at = 0;
	while (f->option_at < OPTION_COUNT && !form_option_offered(f, (enum form_option)f->option_at))
		f->option_at++;
	if (f->option_at == OPTION_COUNT) {
		f->options_open = false;
		app_message(f->base.app, false, _("These doors have no options in common."));
		return;
	}
	f->focus = f->options_open ? FORM_OPTIONS : FORM_NAME;
}

/* Ctrl-G: another PIN than the one drawn. */
static void another_pin(struct code_form *f)
{
	if (f->edit) {
		app_message(f->base.app, false, _("Type the new PIN; empty leaves the present one."));
		return;
	}
	field_set(&f->field[FORM_PIN], "");
	f->generated[0] = '\0';
	form_check(f);
}

static bool options_key(struct code_form *f, const struct key *k)
{
	int step = k->code == KEYCODE_UP ? -1 : k->code == KEYCODE_DOWN ? 1 : 0, at = f->option_at;

	if (k->code == KEYCODE_CHAR && k->ch == ' ') {
		if (form_option_offered(f, (enum form_option)at))
			f->option[at] = !f->option[at];
		form_check(f);
		return true;
	}
	if (!step)
		return false;
	do
		at += step;
	while (at >= 0 && at < OPTION_COUNT && !form_option_offered(f, (enum form_option)at));
	if (at < 0 || at >= OPTION_COUNT)
		return false; /* past either end: the next field */
	f->option_at = at;
	return true;
}

static bool moving_key(struct code_form *f, const struct key *k)
{
	switch ((int)k->code) {
	case KEYCODE_TAB:
	case KEYCODE_DOWN:
		next_field(f, 1);
		return true;
	case KEYCODE_SHIFT_TAB:
	case KEYCODE_UP:
		next_field(f, -1);
		return true;
	case KEYCODE_ENTER:
		submit(f);
		return true;
	case KEYCODE_ESC:
		if (f->focus == FORM_DOORS && f->field[FORM_DOORS].text->len) {
			field_set(&f->field[FORM_DOORS], "");
			form_doors_match(f);
		} else {
			leave(f);
		}
		return true;
	default:
		return false;
	}
}

/* A time that the form put there goes whole at the first letter typed or deleted; who moves in it
 * keeps it. */
static void replace_suggestion(struct code_form *f, const struct key *k)
{
	unsigned bit = 1u << f->focus;

	if (!(f->suggested & bit))
		return;
	if (field_replaces(k)) {
		field_set(&f->field[f->focus], "");
		form_check(f);
	}
	f->suggested &= ~bit;
}

static void say_if_no_digit(struct code_form *f, const struct key *k)
{
	if (f->focus != FORM_PIN || k->code != KEYCODE_CHAR || !field_replaces(k) || (k->ch >= '0' && k->ch <= '9'))
		return;
	if (pin_digit(k->ch))
		app_message(f->base.app, false, _("Taken as the digits of a keypad, 0 to 9."));
	else
		app_message(f->base.app, true, _("A PIN is digits only."));
}

static bool text_key(struct code_form *f, const struct key *k)
{
	bool changed = false;

	if (f->focus >= FORM_TEXTS)
		return false;
	replace_suggestion(f, k);
	say_if_no_digit(f, k);
	if (!field_key(&f->field[f->focus], k, &changed))
		return false;
	if (changed && f->focus == FORM_DOORS) {
		f->match_at = 0;
		form_doors_match(f);
	}
	if (changed)
		form_check(f);
	return true;
}

static bool form_key(struct screen *s, const struct key *k)
{
	struct code_form *f = form_of(s);

	/* It would end keyrack and what was typed with it. */
	if (is_ctrl(k, 'c')) {
		leave(f);
		return true;
	}
	if (f->focus == FORM_DOORS && form_doors_key(f, k))
		return true;
	if (f->focus == FORM_OPTIONS && options_key(f, k))
		return true;
	if (moving_key(f, k))
		return true;
	if (is_ctrl(k, 'o')) {
		toggle_options(f);
		return true;
	}
	if (is_ctrl(k, 'g')) {
		another_pin(f);
		return true;
	}
	if (text_key(f, k))
		return true;
	/* Only Ctrl-L, Ctrl-Z and their like are left to the app: a letter here is never a command. */
	return k->code != KEYCODE_CHAR || !k->ctrl;
}

static const char *const *form_hints(struct screen *s)
{
	static const char *const doors[] = { N_("type"), N_("to find"), "Space", N_("mark"), "Backspace",
					     N_("take away"), "Enter", N_("create"), "Esc", N_("leave"), NULL };
	static const char *const found[] = { "Enter", N_("mark"), "Up Down", N_("choose"), "Esc", N_("clear"), NULL };
	static const char *const make[] = { "Enter", N_("create"), "Tab", N_("next"), "Ctrl-G", N_("another PIN"),
					    "Ctrl-O", N_("options"), "Esc", N_("leave"), NULL };
	static const char *const on[] = { "Enter", N_("until when"), "Tab", N_("next"), "Ctrl-O", N_("options"), "Esc", N_("leave"), NULL };
	static const char *const change[] = { "Enter", N_("change"), "Tab", N_("next"), "Esc", N_("leave"), NULL };
	const struct code_form *f = form_of(s);

	if (f->focus == FORM_DOORS)
		return form_text_is(f, FORM_DOORS) ? found : doors;
	return f->edit ? change : form_enter_goes_on(f) ? on : make;
}

/* ---- its life ---- */

/* The doors are read again: what is in use on them may have changed. What was typed stays. */
static bool form_changed_outside(struct screen *s, unsigned mask)
{
	struct code_form *f = form_of(s);
	g_autofree int64_t *nos = g_new(int64_t, MAX(f->doors->len, 1));
	guint n = f->doors->len;

	if (mask & (POKE_CODES | POKE_LOCKS)) {
		for (guint i = 0; i < n; i++)
			nos[i] = form_door(f, i)->lock_no;
		g_ptr_array_set_size(f->doors, 0);
		for (guint i = 0; i < n; i++)
			form_door_add(f, nos[i]);
	}
	form_check(f);
	return true;
}

void form_free(struct screen *s)
{
	struct code_form *f = form_of(s);

	for (int i = 0; i < FORM_TEXTS; i++) {
		field_done(&f->field[i]);
		g_free(f->before[i]);
		g_free(f->server_error[i]);
		g_free(f->refused_text[i]);
	}
	for (int i = 0; i < FORM_FIELDS; i++) {
		g_free(f->error[i]);
		g_free(f->echo[i]);
	}
	for (int i = 0; i < f->notes; i++)
		g_free(f->note[i].text);
	g_free(f->server_message);
	g_free(f->again_key);
	g_free(f->other_doors);
	g_ptr_array_unref(f->doors);
	if (f->names)
		g_ptr_array_unref(f->names);
	g_array_unref(f->matches);
	if (f->code_list)
		cache_list_free(f->code_list);
	explicit_bzero(f->generated, sizeof f->generated);
	g_free(f);
}

const struct screen_ops form_ops = {
	.name = N_("New code"),
	.view = VIEW_ANY,
	.draw = form_draw,
	.key = form_key,
	.changed = form_changed_outside,
	.hints = form_hints,
	.free = form_free,
};
