/* line_form - a form by questions; see the header. It presses the form's own keys, so that nothing can be
 * made here that could not be made there. */
#include "ui/line_form.h"

#include <string.h>

#include "core/i18n.h"

static const char *const labels[FORM_TEXTS] = {
	[FORM_DOORS] = N_("Doors"), [FORM_NAME] = N_("Name"), [FORM_FROM] = N_("From"),
	[FORM_UNTIL] = N_("Until"), [FORM_PIN] = N_("PIN"),
};

/* The option of that number, counting those that the doors offer; OPTION_COUNT: there are not so many. */
static int option_of(const struct code_form *f, int number)
{
	int o = 0;

	for (; o < OPTION_COUNT; o++)
		if (form_option_offered(f, (enum form_option)o) && --number == 0)
			break;
	return o;
}

bool line_form_is(const struct screen *s)
{
	return s->ops->draw == form_draw;
}

static struct code_form *form_of(struct screen *s)
{
	return (struct code_form *)s;
}

static void press(struct reader *r, const struct key *k)
{
	app_key(r->app, k);
	app_turn_done(r->app);
}

static char *doors_of(const struct code_form *f)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < f->doors->len; i++) {
		const struct form_door *d = form_door(f, i);

		if (d->row)
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", d->row->lock.name);
	}
	return g_string_free(s, FALSE);
}

/* What is offered, and what the form makes of it: "+1n: Mon 23 Nov 11:00, 1 night". */
static char *value_of(const struct code_form *f, int field)
{
	const char *text = f->field[field].text->str, *echo = f->echo[field];

	if (field == FORM_DOORS)
		return doors_of(f);
	if (field == FORM_PIN && !*text)
		return g_strdup(_("chosen for you"));
	return g_strdup_printf("%s%s%s", text, *text && echo ? ": " : "", echo ? echo : "");
}

void line_form_begin(struct line_form *l, struct reader *r, struct screen *s)
{
	struct code_form *f = form_of(s);

	l->field = f->edit ? FORM_NAME : FORM_DOORS;
	reader_sayf(r, "%s:", s->ops->name);
	reader_say(r, _("Enter keeps what is offered, '-' empties it, '.' leaves."));
}

void line_form_prompt(struct line_form *l, struct reader *r, struct screen *s)
{
	struct code_form *f = form_of(s);
	g_autofree char *value = l->field < FORM_TEXTS ? value_of(f, l->field) : NULL, *safe = text_safe(value);

	if (l->field == FORM_TEXTS)
		fputs(f->edit || option_of(f, 1) == OPTION_COUNT ? _("Do it, yes or no? ")
								 : _("Do it, yes or no, or an option's number? "),
		      r->out);
	else if (l->field == FORM_DOORS)
		fprintf(r->out, _("Doors [%s], a name adds or takes away: "), safe);
	else
		fprintf(r->out, "%s [%s]: ", _(labels[l->field]), safe);
}

static void say_all(struct reader *r, const struct code_form *f)
{
	for (int i = 0; i < FORM_TEXTS; i++) {
		g_autofree char *value = value_of(f, i);

		if (!(f->edit && i == FORM_DOORS))
			reader_sayf(r, "%s: %s", _(labels[i]), value);
	}
	for (int n = 1, o; !f->edit && (o = option_of(f, n)) < OPTION_COUNT; n++)
		reader_sayf(r, f->option[o] ? _("Option %1$d, on: %2$s") : _("Option %1$d, off: %2$s"), n,
			    form_option_words((enum form_option)o));
	for (int i = 0; i < f->notes; i++)
		reader_sayf(r, f->note[i].caution ? "! %s" : "%s", f->note[i].text);
}

/* As the blank does on the screen. */
static bool take_option(struct reader *r, struct code_form *f, const char *line)
{
	gint64 n;
	int o;

	if (f->edit || !g_ascii_string_to_signed(line, 10, 1, OPTION_COUNT, &n, NULL) ||
	    (o = option_of(f, (int)n)) == OPTION_COUNT)
		return false;
	f->focus = FORM_OPTIONS;
	f->option_at = o;
	press(r, &(struct key){ .code = KEYCODE_CHAR, .ch = ' ' });
	say_all(r, f);
	return true;
}

/* It is still there: what is wrong, and the first field of it again. */
static void say_wrong(struct line_form *l, struct reader *r, const struct code_form *f)
{
	for (int i = FORM_TEXTS - 1; i >= 0; i--) {
		if (!f->error[i])
			continue;
		reader_sayf(r, "! %s: %s", _(labels[i]), f->error[i]);
		l->field = i;
	}
	if (f->server_message)
		reader_sayf(r, "! %s", f->server_message);
}

static void submit(struct line_form *l, struct reader *r, struct screen *s, const char *line)
{
	struct code_form *f = form_of(s);
	guint depth = r->app->stack->len;

	if (take_option(r, f, line))
		return;
	if (!reader_yes(line)) {
		reader_say(r, _("From the start again; '.' leaves."));
		l->field = f->edit ? FORM_NAME : FORM_DOORS;
		return;
	}
	f->focus = FORM_PIN; /* where Enter asks for nothing more */
	app_key(r->app, &(struct key){ .code = KEYCODE_ENTER });
	if (r->app->stack->len == depth && g_ptr_array_index(r->app->stack, depth - 1) == (gpointer)s)
		say_wrong(l, r, f);
	app_turn_done(r->app);
}

static void fill(struct reader *r, const struct code_form *f, const char *line)
{
	if (f->field[f->focus].text->len) /* else it would take the doors away */
		press(r, &(struct key){ .code = KEYCODE_CHAR, .ch = 'u', .ctrl = true });
	if (strcmp(line, "-") != 0)
		press(r, &(struct key){ .code = KEYCODE_PASTE, .text = (char *)(uintptr_t)line });
}

/* The door that the name means comes, or goes. What is no door's name does not stay in the field, where
 * it would keep the form from going on. */
static void take_door(struct reader *r, struct code_form *f, const char *line)
{
	if (strcmp(line, "-") == 0) {
		while (f->doors->len)
			form_doors_toggle(f, form_door(f, f->doors->len - 1)->lock_no);
		form_check(f);
		return;
	}
	fill(r, f, line);
	if (!f->matches->len)
		reader_sayf(r, _("! No door is called '%s'."), line);
	else
		press(r, &(struct key){ .code = KEYCODE_CHAR, .ch = ' ' });
	if (f->field[FORM_DOORS].text->len)
		press(r, &(struct key){ .code = KEYCODE_CHAR, .ch = 'u', .ctrl = true });
}

void line_form_take(struct line_form *l, struct reader *r, struct screen *s, const char *line)
{
	struct code_form *f = form_of(s);

	if (strcmp(line, ".") == 0) {
		f->focus = FORM_PIN; /* not where Esc only clears what is searched for */
		press(r, &(struct key){ .code = KEYCODE_ESC });
		return;
	}
	if (l->field == FORM_TEXTS) {
		submit(l, r, s, line);
		return;
	}
	f->focus = (enum form_field)l->field;
	if (*line && l->field == FORM_DOORS) {
		take_door(r, f, line);
		return; /* until nothing more is added */
	}
	if (*line)
		fill(r, f, line);
	if (f->error[l->field]) {
		reader_sayf(r, "! %s", f->error[l->field]);
		return;
	}
	if (*line && f->echo[l->field])
		reader_sayf(r, f->caution[l->field] ? "! %s" : "%s", f->echo[l->field]);
	if (++l->field == FORM_TEXTS)
		say_all(r, f);
}
