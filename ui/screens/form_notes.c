/* form_notes - what will be so at the doors of a code that the form's fields do not show: who has the room, when the
 * lock gets the code, what stays as it is. */
#include "core/i18n.h"
#include "core/traits.h"
#include "ui/screens/actions.h"
#include "ui/screens/code_form.h"
#include "ui/screens/words.h"

/* Takes text; NULL: nothing to say. */
static void note(struct code_form *f, bool caution, char *text)
{
	if (!text || f->notes == FORM_NOTES_MAX)
		g_free(text);
	else
		f->note[f->notes++] = (struct form_note){ text, caution };
}

static bool window_changed(const struct code_form *f)
{
	return form_changed(f, FORM_FROM) || form_changed(f, FORM_UNTIL);
}

/* A spare is a code of its own: the guest who has it is not helped by this form. */
static char *backup_note(const struct code_form *f, const struct form_door *d)
{
	g_autofree char *spare = f->code && window_changed(f) ? action_backup_words(f->base.world, f->code) : NULL;

	(void)d;
	return spare ? g_strdup_printf(_("Its backup code keeps its own times: %s"), spare) : NULL;
}

static struct occupied_query query_of(const struct code_form *f, const struct form_door *d)
{
	bool ongoing = !instant_known(f->from) && !instant_known(f->until) && !f->error[FORM_FROM] && !f->error[FORM_UNTIL];

	return (struct occupied_query){
		.from = ongoing ? f->base.world->now : f->from, .until = ongoing ? INSTANT_MAX : f->until,
		.now = f->base.world->now, .zone = form_zone(f), .door = d->row->lock.name,
		.but_code_no = f->code_no ? f->code_no : f->beside_no, .but_intent_no = f->again_no,
	};
}

/* Somebody else's stay on this door at the same time. */
static char *overlap_note(const struct code_form *f, const struct form_door *d)
{
	struct occupied_query q = query_of(f, d);

	if (!d->codes || (f->edit && !window_changed(f)))
		return NULL;
	return cache_occupied(f->base.world->cache, d->codes, &q);
}

char *form_taken(const struct code_form *f, const char **door)
{
	g_autofree int64_t *locks = g_new(int64_t, MAX(f->doors->len, 1));
	GString *said = g_string_new(NULL);

	for (guint i = 0; i < f->doors->len; i++)
		locks[i] = form_door(f, i)->lock_no;
	for (guint i = 0; i < f->doors->len && !(f->edit && !window_changed(f)); i++) {
		const struct form_door *d = form_door(f, i);
		struct occupied_query q = query_of(f, d);
		g_autofree char *here = NULL;

		q.name = f->field[FORM_NAME].text->str;
		q.locks = locks;
		q.n_locks = f->doors->len;
		if (f->code) {
			q.was_from = f->code->code.starts_at;
			q.was_until = f->code->code.ends_at;
		}
		here = d->codes ? cache_taken(f->base.world->cache, d->codes, &q) : NULL;
		if (here && !said->len)
			*door = d->row->lock.name;
		if (here)
			g_string_append_printf(said, "%s%s", said->len ? ". " : "", here);
	}
	return g_string_free(said, said->len == 0);
}

/* When the lock gets the code, where that is later than one might think. */
static void note_lead(struct code_form *f, const struct form_door *d)
{
	struct instant now = f->base.world->now;
	bool itself = lock_is_native(&d->row->lock) && !f->option[OPTION_JUST_IN_TIME];
	struct instant lead = instant_known(f->from) ? instant_add_ms(f->from, -JUST_IN_TIME_LEAD_MS) : INSTANT_NONE;
	char at[CIVIL_TEXT_MAX];

	if (f->option[OPTION_OFFLINE])
		note(f, true, g_strdup(_("An offline code cannot be changed or revoked once it is made.")));
	else if (!itself && instant_known(lead) && instant_before(now, lead))
		note(f, true, g_strdup_printf(_("%s %s: the code works from %s"), d->row->lock.name,
					      lock_is_native(&d->row->lock) ? _("gets it just in time") : _("has no schedule of its own"),
					      civil_near(form_zone(f), lead, now, at)));
	else if (!itself && instant_known(f->from) && instant_before(now, f->from))
		note(f, true, g_strdup_printf(_("%1$s %2$s: the code works as soon as it is set, before %3$s"), d->row->lock.name,
					      lock_is_native(&d->row->lock) ? _("gets it just in time") : _("has no schedule of its own"),
					      civil_near(form_zone(f), f->from, now, at)));
	else if (itself && instant_known(f->from) && instant_diff_ms(f->from, now) > PRELOAD_LEAD_MS)
		note(f, false, g_strdup_printf(_("%s is given it %s and keeps start and end itself"), d->row->lock.name,
					       civil_near(form_zone(f), instant_add_ms(f->from, -PRELOAD_LEAD_MS), now, at)));
}

void form_notes(struct code_form *f)
{
	if (f->edit && f->other_doors && f->doors->len)
		note(f, true, g_strdup_printf(_("Only %1$s is changed: %2$s stays as it is"),
					      form_door(f, 0)->row->lock.name, f->other_doors));
	for (guint i = 0, before = (guint)f->notes; i < f->doors->len && (guint)f->notes == before; i++)
		note(f, true, backup_note(f, form_door(f, i)));
	for (guint i = 0; i < f->doors->len; i++)
		note(f, true, overlap_note(f, form_door(f, i)));
	for (guint i = 0, before = (guint)f->notes; i < f->doors->len && (guint)f->notes == before; i++)
		note_lead(f, form_door(f, i));
}
