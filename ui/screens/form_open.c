/* form_open - what the form begins with: nothing, another's stay, a code as it is, a refusal. */
#include "core/i18n.h"
#include "core/jsonin.h"
#include "ui/screens/code_form.h"
#include "ui/screens/stay.h"
#include "ui/screens/words.h"

#define NAME_BYTES 200
#define TEXT_BYTES 60

static struct code_form *form_make(struct app *app, struct world *w)
{
	struct code_form *f = g_new0(struct code_form, 1);

	f->base = (struct screen){ .ops = &form_ops, .app = app, .world = w, .popup = true };
	f->doors = g_ptr_array_new_with_free_func(form_door_free);
	f->matches = g_array_new(FALSE, FALSE, sizeof(guint));
	for (int i = 0; i < FORM_TEXTS; i++)
		field_init(&f->field[i], "", i == FORM_NAME ? NAME_BYTES : i == FORM_PIN ? PIN_MAX : TEXT_BYTES);
	f->field[FORM_PIN].digits_only = true;
	f->focus = FORM_NAME;
	f->from = f->until = INSTANT_NONE;
	return f;
}

static void set_before(struct code_form *f, enum form_field i, const char *text)
{
	g_free(f->before[i]);
	f->before[i] = g_strdup(text ? text : "");
	field_set(&f->field[i], f->before[i]);
}

/* As when_parse reads it, in the lock's own zone; seconds are kept while it is not touched. */
static char *typed_time(struct instant t, const struct zone *z)
{
	struct civil c;

	if (!instant_known(t))
		return g_strdup("");
	c = civil_at(z, t);
	return g_strdup_printf("%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

static void set_window(struct code_form *f, struct instant from, struct instant until)
{
	const struct form_door *d = form_door(f, 0);
	const struct zone *z = d ? zone_of(d->row->lock.zone, f->base.world->zone) : f->base.world->zone;
	g_autofree char *a = typed_time(from, z), *b = typed_time(until, z);

	set_before(f, FORM_FROM, a);
	set_before(f, FORM_UNTIL, b);
}

struct screen *code_form_new(struct app *app, struct world *w, int64_t lock_no)
{
	struct code_form *f = form_make(app, w);

	if (lock_no)
		form_door_add(f, lock_no);
	if (!f->doors->len) {
		f->focus = FORM_DOORS;
		form_doors_match(f);
	}
	set_before(f, FORM_UNTIL, FORM_ONE_NIGHT);
	f->suggested = 1u << FORM_UNTIL;
	form_check(f);
	return &f->base;
}

struct screen *code_form_ongoing(struct app *app, struct world *w, const char *name)
{
	struct code_form *f = form_make(app, w);

	f->focus = FORM_DOORS;
	form_doors_match(f);
	field_set(&f->field[FORM_NAME], name);
	set_before(f, FORM_UNTIL, _("ongoing"));
	f->suggested = 1u << FORM_UNTIL;
	f->until_seen = true;
	form_check(f);
	return &f->base;
}

struct screen *code_form_for(struct app *app, struct world *w, int64_t lock_no, struct instant from,
			     struct instant until)
{
	struct code_form *f = form_make(app, w);

	form_door_add(f, lock_no);
	set_window(f, from, until);
	f->suggested = 1u << FORM_FROM | 1u << FORM_UNTIL;
	f->until_seen = true;
	form_check(f);
	return &f->base;
}

struct screen *code_form_second(struct app *app, struct world *w, int64_t code_no)
{
	OWN(cache_list) struct cache_list *list = cache_code(w->cache, code_no, w->now, NULL);
	const struct code_row *c = list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	struct code_form *f;

	if (!c)
		return code_new(app, w, code_no); /* it says that the code is not there */
	f = form_make(app, w);
	form_door_add(f, c->lock_no);
	/* What has begun begins now for whoever comes later. */
	set_window(f, instant_known(c->code.starts_at) && instant_before(w->now, c->code.starts_at)
			      ? c->code.starts_at : INSTANT_NONE, c->code.ends_at);
	f->suggested = 1u << FORM_FROM | 1u << FORM_UNTIL;
	f->until_seen = true;
	f->beside_no = code_no;
	form_check(f);
	return &f->base;
}

static struct code_form *make_edit(struct app *app, struct world *w, int64_t code_no)
{
	struct code_form *f = form_make(app, w);
	struct stay stay;

	f->edit = f->until_seen = true;
	f->code_no = code_no;
	f->code_list = cache_code(w->cache, code_no, w->now, NULL);
	if (f->code_list && f->code_list->rows->len)
		f->code = cache_list_at(f->code_list, struct code_row, 0);
	if (!f->code)
		return f;
	stay_read(&stay, w, code_no);
	f->other_doors = stay_other_doors(&stay);
	stay_done(&stay);
	form_door_add(f, f->code->lock_no);
	set_before(f, FORM_NAME, f->code->code.name);
	set_window(f, f->code->code.starts_at, f->code->code.ends_at);
	f->suggested = 1u << FORM_FROM | 1u << FORM_UNTIL;
	form_check(f);
	return f;
}

struct screen *code_form_edit(struct app *app, struct world *w, int64_t code_no)
{
	struct code_form *f = make_edit(app, w, code_no);

	if (!f->code) {
		form_free(&f->base);
		return code_new(app, w, code_no); /* it says that the code is not there */
	}
	return &f->base;
}

/* ---- a refusal comes back ---- */

static const struct {
	enum form_field field;
	const char *member; /* of params and of validation_errors */
} members[] = {
	{ FORM_DOORS, "device_id" },
	{ FORM_NAME, "name" },
	{ FORM_FROM, "starts_at" },
	{ FORM_UNTIL, "ends_at" },
	{ FORM_PIN, "code" },
};

static const struct {
	enum form_option option;
	const char *member, *text;
} option_members[] = {
	{ OPTION_JUST_IN_TIME, "prefer_native_scheduling", "false" },
	{ OPTION_EXTERNAL, "is_external_modification_allowed", "true" },
	{ OPTION_BACKUP, "use_backup_access_code_pool", "true" },
	{ OPTION_OFFLINE, "is_offline_access_code", "true" },
	{ OPTION_ONE_TIME, "is_one_time_use", "true" },
	{ OPTION_ROUND_DAY, "max_time_rounding", "1d" },
};

static struct instant instant_member(const char *params, const char *member)
{
	g_autofree char *text = jsonin_text(params, member);
	struct instant t = INSTANT_NONE;

	if (text)
		instant_parse(text, -1, &t);
	return t;
}

/* As typed then, over what the code is now. A PIN that the desk had drawn is drawn anew. */
static void fill_from(struct code_form *f, const struct intent *in)
{
	g_autofree char *name = jsonin_text(in->params, "name");
	struct instant from = instant_member(in->params, "starts_at"), until = instant_member(in->params, "ends_at");
	const struct form_door *d = form_door(f, 0);
	const struct zone *z = d ? zone_of(d->row->lock.zone, f->base.world->zone) : f->base.world->zone;
	g_autofree char *a = typed_time(from, z), *b = typed_time(until, z);

	if (name)
		field_set(&f->field[FORM_NAME], name);
	if (instant_known(from))
		field_set(&f->field[FORM_FROM], a);
	if (instant_known(until))
		field_set(&f->field[FORM_UNTIL], b);
	for (size_t i = 0; i < G_N_ELEMENTS(option_members); i++) {
		g_autofree char *v = jsonin_text(in->params, option_members[i].member);

		f->option[option_members[i].option] = g_strcmp0(v, option_members[i].text) == 0;
		f->options_open = f->options_open || f->option[option_members[i].option];
	}
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		f->server_error[members[i].field] =
			jsonin_validation_of(in->validation_errors, members[i].member);
	f->server_message = g_strdup(in->message ? in->message : _("no reason was given"));
}

struct screen *code_form_again(struct app *app, struct world *w, int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(w->cache, intent_no, NULL);
	const struct intent *in = list && list->rows->len ? cache_list_at(list, struct intent, 0) : NULL;
	struct code_form *f;

	if (!in)
		return outbox_new(app, w);
	if (in->kind == INTENT_UPDATE) {
		f = make_edit(app, w, in->code_no);
		if (!f->code) {
			form_free(&f->base);
			return outbox_new(app, w);
		}
	} else {
		f = form_make(app, w);
		form_door_add(f, in->lock_no);
	}
	f->again_no = intent_no;
	f->again_lock_no = in->lock_no;
	f->again_key = g_strdup(in->common_code_key);
	f->until_seen = true;
	fill_from(f, in);
	/* A server's word stands beside its field until that field is changed. */
	for (int i = 0; i < FORM_TEXTS; i++) {
		f->refused_text[i] = g_strdup(f->field[i].text->str);
		if (!f->edit)
			set_before(f, (enum form_field)i, f->refused_text[i]);
	}
	form_check(f);
	return &f->base;
}
