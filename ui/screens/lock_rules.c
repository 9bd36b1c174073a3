/* lock_rules - what one lock makes of codes, in words; see the header.
 *
 * From three sources, the nearest first: what the device says of itself, the PIN rules read from it,
 * and what is known of its maker's locks. What none of them says is not guessed. */
#include "ui/screens/lock_rules.h"

#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/pin.h"
#include "core/traits.h"
#include "ui/screens/words.h"

#define CODES_LOOKED_AT 200

static void add(struct page *p, const char *label, char *text)
{
	page_add(p, label, text, ROLE_TEXT, 0);
}

static void add_names(struct page *p, const struct pin_rules *rules)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (rules->name_min > 1)
		g_string_append_printf(s, _("at least %d letters"), rules->name_min);
	if (rules->name_max)
		g_string_append_printf(s, _("%sthe lock shows the first %d letters"), s->len ? "; " : "",
				       rules->name_max);
	if (rules->rules & PIN_NAME_UNIQUE)
		g_string_append_printf(s, _("%seach name once on this lock"), s->len ? "; " : "");
	if (s->len)
		add(p, _("names"), g_strdup(s->str));
}

void lock_rules_memory(struct page *p, struct world *w, const struct lock_row *row, const struct zone *z)
{
	const struct forecast f = cache_memory(w->cache, row->lock_no, &row->lock, w->now);
	int places = row->lock.max_active_codes;
	char day[CIVIL_TEXT_MAX];
	bool now = instant_known(f.full_at) && !instant_before(w->now, f.full_at);

	if (places < 0) {
		add(p, _("memory"), g_strdup_printf(_("%d %s on it; how many it holds is not said"), f.now,
						 f.now == 1 ? _("code") : _("codes")));
		return;
	}
	if (!instant_known(f.full_at)) {
		add(p, _("memory"), g_strdup_printf(_("%d of %d codes on it; never full by what is known today"), f.now,
						 places));
		return;
	}
	page_add(p, _("memory"),
		 g_strdup_printf(_("%d of %d codes on it; %s%s"), f.now, places, now ? _("full now") : _("full on "),
				 now ? "" : civil_day(z, f.full_at, day)),
		 ROLE_WARN, 0);
	if (instant_known(f.short_at))
		page_add(p, NULL, g_strdup_printf(_("On %s a code finds no place: delete what is not needed before."),
						  civil_day(z, f.short_at, day)), ROLE_ALARM, 0);
}

/* What it means for somebody who comes before the hour, or leaves after it. */
static void add_schedule(struct page *p, const struct traits *t, const struct lock *lock)
{
	if (lock->can_program_online == TRI_NO) {
		add(p, _("start and end"),
		    g_strdup(_("are in the PIN itself: the lock is not written to, and nobody can take it back")));
		return;
	}
	if (t && t->native_schedule) {
		add(p, _("start and end"),
		    g_strdup(_("the lock keeps them itself: codes are stored up to three days ahead")));
		add(p, NULL,
		    g_strdup(_(
			    "A guest comes in from the very minute, also while the lock is offline, if the "
			    "code was stored before.")));
		return;
	}
	if (!t) {
		add(p, _("start and end"), g_strdup(_("whether this lock keeps them itself is not known")));
		return;
	}
	add(p, _("start and end"),
	    g_strdup(_("a code is written to the lock up to an hour before its start, and erased at its end")));
	add(p, NULL,
	    g_strdup(_(
		    "A guest may come in up to an hour early. If the lock is offline at the start the code "
		    "does not open; if it is offline at the end the code goes on opening until the lock is back.")));
}

/* Only keyrackd says how sure it is of a code; of the API's own 'set' nobody can say where it is from. */
static void add_read_back(struct page *p, struct world *w, int64_t lock_no)
{
	struct code_query q = { .lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE,
				.limit = CODES_LOOKED_AT };
	OWN(cache_list) struct cache_list *codes = cache_codes(w->cache, &q, w->now, NULL);
	int told = 0, proven = 0;

	for (guint i = 0; codes && i < codes->rows->len; i++) {
		const struct code_row *c = cache_list_at(codes, struct code_row, i);
		g_autofree char *proof = jsonin_text(c->code.rest, "keyrackd.proof");

		told += proof != NULL;
		proven += g_strcmp0(proof, "proven") == 0;
	}
	add(p, _("read back"),
	    !told     ? g_strdup(_("not told: 'set' is the word of the server"))
	    : !proven ? g_strdup(_("no code on it has been read back: it may not let anybody read"))
		      : g_strdup_printf(_("%d of %d codes proven on the lock by reading or by use"), proven, told));
}

static void add_proof(struct page *p, const struct traits *t)
{
	if (!t) {
		add(p, _("in an unlock"), g_strdup(_("whether it names the code is not known")));
		return;
	}
	add(p, _("in an unlock"), g_strdup(t->names_code_in_unlock
		? _("it names the code that was used: who came in is known, not guessed")
		: _("it does not name the code: who came in is a conclusion from who could")));
}

void lock_rules_add(struct page *p, struct world *w, const struct lock_row *row, const struct zone *z)
{
	const struct lock *lock = &row->lock;
	const struct traits *t = traits_of(lock->device_type);
	struct pin_rules rules = pin_rules_of(lock);

	page_heading(p, _("Its codes"));
	add(p, _("PINs"), rules.rules & PIN_CHOSEN_BY_PROVIDER ? g_strdup(_("chosen by the lock's maker"))
							    : pin_rules_words(&rules));
	if (rules.rules & PIN_START_IN_FUTURE)
		add(p, NULL, g_strdup(_("A code must begin in the future: one for now begins a little later.")));
	add_names(p, &rules);
	lock_rules_memory(p, w, row, z);
	add_schedule(p, t, lock);
	add_read_back(p, w, row->lock_no);
	add_proof(p, t);
	if (lock->supports_backup_pool == TRI_YES)
		add(p, _("backup codes"), g_strdup(_("spare PINs can be kept ready on it")));
	if (lock->can_program_offline == TRI_YES)
		add(p, _("offline codes"), g_strdup(_("can be made without reaching the lock")));
}
