/* words - what screens say about locks and codes; see the header. */
#include "ui/screens/words.h"

#include <string.h>

#include "core/alike.h"
#include "core/i18n.h"
#include "core/traits.h"
#include "core/vocab.h"

/* One row a state: the word for a column, its role. "Unset" is never said of a code to come: a
 * code that lies in the lock until its hour is ready, and a desk that reads otherwise acts. */
static const struct {
	const char *word;
	enum role role;
} states[CODE_STATE_COUNT] = {
	[CODE_TROUBLE] = { N_("trouble"), ROLE_ALARM },
	[CODE_REMOVING] = { N_("removing"), ROLE_PENDING },
	[CODE_QUEUED] = { N_("queued"), ROLE_PENDING },
	[CODE_SETTING] = { N_("setting"), ROLE_PENDING },
	[CODE_SET] = { N_("set"), ROLE_GOOD },
	[CODE_STORED] = { N_("stored"), ROLE_STORED },
	[CODE_WAITING] = { N_("to come"), ROLE_FUTURE },
	[CODE_UNKNOWN] = { N_("unknown"), ROLE_WARN },
	[CODE_ENDED] = { N_("ended"), ROLE_ENDED },
};

static bool refused(const struct code_row *row)
{
	return row->intent_no && row->intent_state == INTENT_REFUSED;
}

bool code_is_foreign(const struct code_row *row)
{
	return row->code_no && !row->code.managed;
}

const char *words_state_short(const struct code_row *row)
{
	bool quiet = row->state != CODE_TROUBLE && row->state != CODE_REMOVING &&
		     row->state != CODE_ENDED;

	if (code_is_foreign(row) && quiet)
		return _("unmanaged");
	if (refused(row) && !row->code_no)
		return _("refused");
	return _(states[row->state].word);
}

enum role words_state_role(const struct code_row *row)
{
	if (!refused(row) && code_is_foreign(row) && row->state == CODE_SET)
		return ROLE_DIM;
	return refused(row) ? ROLE_ALARM : states[row->state].role;
}

static char *state_to_come(const struct code_row *row, bool native, const struct zone *z,
			   struct instant now)
{
	char at[CIVIL_TEXT_MAX];
	struct instant due = instant_add_ms(row->code.starts_at,
					    native ? -PRELOAD_LEAD_MS : -JUST_IN_TIME_LEAD_MS);

	if (!instant_known(row->code.starts_at))
		return g_strdup(_("to come"));
	if (instant_before(due, now))
		return g_strdup(_("to come, due to be written to the lock now"));
	return g_strdup_printf(_("to come, written to the lock %s"), civil_near(z, due, now, at));
}

static char *state_set(const struct access_code *ac)
{
	if (!ac->managed)
		return g_strdup(_("on the lock, not managed from here"));
	if (ac->pulled_backup_access_code_id)
		return g_strdup(_("on the lock, but its backup stands in"));
	return g_strdup(_("set, opens the door"));
}

char *words_state(const struct code_row *row, bool native, const struct zone *property,
		  struct instant now)
{
	const struct zone *z = zone_of(row->zone, property);
	const struct access_code *ac = &row->code;
	char at[CIVIL_TEXT_MAX];

	switch (row->state) {
	case CODE_TROUBLE:
		return g_strdup(_("in trouble"));
	case CODE_REMOVING:
		return g_strdup(_("being erased from the lock"));
	case CODE_QUEUED:
		if (refused(row))
			return g_strdup(_("refused by the server: nothing is on the lock (o opens the outbox)"));
		if (row->intent_state == INTENT_SENDING)
			return g_strdup(_("on its way to the server"));
		return g_strdup(_("queued here, not sent yet"));
	case CODE_SETTING:
		return g_strdup(_("being set, not confirmed by the lock yet"));
	case CODE_SET:
		return state_set(ac);
	case CODE_STORED:
		return g_strdup_printf(_("stored in lock, starts %s"),
				       civil_near(z, ac->starts_at, now, at));
	case CODE_WAITING:
		return state_to_come(row, native, z, now);
	case CODE_UNKNOWN:
		return g_strdup(_("the lock's system cannot tell"));
	case CODE_ENDED:
		if (instant_known(row->deleted_at))
			return g_strdup_printf(_("removed %s"), civil_near(z, row->deleted_at, now, at));
		if (instant_known(ac->ends_at))
			return g_strdup_printf(_("ended %s"), civil_near(z, ac->ends_at, now, at));
		return g_strdup(_("ended"));
	case CODE_STATE_COUNT:
		break;
	}
	return g_strdup("");
}

char *words_window(const struct access_code *ac, const struct zone *z, struct instant now)
{
	char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX], span[CIVIL_TEXT_MAX];
	bool starts = instant_known(ac->starts_at), ends = instant_known(ac->ends_at);

	if (!starts && !ends)
		return g_strdup(_("ongoing, no end"));
	if (!ends)
		return g_strdup_printf(_("from %s, no end"), civil_full(z, ac->starts_at, from));
	civil_full(z, ac->ends_at, until);
	if (starts && instant_before(now, ac->starts_at)) {
		duration_text(instant_diff_ms(ac->starts_at, now), span);
		return g_strdup_printf(_("%s to %s (in %s)"), civil_full(z, ac->starts_at, from), until, span);
	}
	duration_text(instant_diff_ms(ac->ends_at, now), span);
	if (!instant_before(now, ac->ends_at))
		return g_strdup_printf(_("until %s (%s ago)"), until, span);
	if (!starts)
		return g_strdup_printf(_("until %s (%s left)"), until, span);
	return g_strdup_printf(_("%s to %s (%s left)"), civil_full(z, ac->starts_at, from), until, span);
}

char *words_window_short(const struct access_code *ac, const struct zone *z, struct instant now)
{
	char at[CIVIL_TEXT_MAX];

	if (instant_known(ac->starts_at) && instant_before(now, ac->starts_at))
		return g_strdup_printf(_("from %s"), civil_near(z, ac->starts_at, now, at));
	if (instant_known(ac->ends_at))
		return g_strdup_printf(_("until %s"), civil_near(z, ac->ends_at, now, at));
	return g_strdup(_("ongoing"));
}

const char *words_remedy(const char *code)
{
	const struct problem_info *p = code ? problem_lookup(code) : NULL;

	return p && p->remedy && *p->remedy ? p->remedy : NULL;
}

const char *words_way_in(const struct code_row *row, const struct lock *lock, struct instant now)
{
	struct way_in w = way_in_of(&row->code, lock, now);

	return way_in_words(&w);
}

char *words_not_open(const struct code_row *row, const struct zone *z, struct instant now)
{
	const struct access_code *ac = &row->code;
	char at[CIVIL_TEXT_MAX], span[CIVIL_TEXT_MAX];

	if (instant_known(ac->starts_at) && instant_before(now, ac->starts_at))
		return g_strdup_printf(_("Its window opens %s, in %s"), civil_near(z, ac->starts_at, now, at),
				       duration_text(instant_diff_ms(ac->starts_at, now), span));
	if (instant_known(ac->ends_at) && !instant_before(now, ac->ends_at))
		return g_strdup_printf(_("Its window closed %s, %s ago"), civil_near(z, ac->ends_at, now, at),
				       duration_text(instant_diff_ms(now, ac->ends_at), span));
	return NULL;
}

char *words_issue(const char *code, const char *message)
{
	const struct problem_info *p = code ? problem_lookup(code) : NULL;

	if (p && p->words)
		return g_strdup(p->words);
	return g_strdup(message && *message ? message : code ? code : _("unknown problem"));
}

int words_severity(const struct issue_row *issue)
{
	const struct problem_info *p = issue->code ? problem_lookup(issue->code) : NULL;

	if (p)
		return p->severity;
	return issue->kind == 'e' ? 2 : issue->kind == 'w' ? 1 : 0;
}

const char *duration_short(int64_t ms, char buf[static CIVIL_TEXT_MAX])
{
	static const struct {
		int64_t ms;
		char sign;
	} units[] = { { DAY_MS, 'd' }, { HOUR_MS, 'h' }, { MINUTE_MS, 'm' } };

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (ms < units[i].ms)
			continue;
		g_snprintf(buf, CIVIL_TEXT_MAX, "%" G_GINT64_FORMAT "%c", ms / units[i].ms, units[i].sign);
		return buf;
	}
	g_strlcpy(buf, _("now"), CIVIL_TEXT_MAX);
	return buf;
}

char *words_lock_state(const struct lock *lock, struct instant since, struct instant now,
		       enum role *role)
{
	char span[CIVIL_TEXT_MAX];

	*role = ROLE_TEXT;
	if (lock->online == TRI_NO) {
		*role = ROLE_ALARM;
		if (!instant_known(since) || instant_diff_ms(now, since) < MINUTE_MS)
			return g_strdup(_("offline"));
		return g_strdup_printf(_("offline %s"), duration_short(instant_diff_ms(now, since), span));
	}
	if (lock->door_open == TRI_YES) {
		*role = ROLE_WARN;
		return g_strdup(_("door open"));
	}
	if (lock->locked == TRI_NO) {
		*role = ROLE_WARN;
		return g_strdup(_("unlocked"));
	}
	if (lock->locked == TRI_YES) {
		*role = ROLE_GOOD;
		return g_strdup(_("locked"));
	}
	*role = ROLE_DIM;
	return g_strdup(lock->online == TRI_YES ? _("online") : _("not known"));
}

/* By the kind's name in the row: the row has no enum, so that it can show a newer kind too. */
char *words_intent(const struct code_row *row)
{
	const char *words = row->intent_kind;

	if (!row->intent_no || !row->code_no)
		return NULL;
	for (int k = 0; k < INTENT_KIND_COUNT; k++) {
		const struct intent_kind_info *info = intent_kind_info((enum intent_kind)k);

		if (g_strcmp0(info->name, row->intent_kind) == 0)
			words = _(info->words);
	}
	return g_strdup_printf("%s %s", words ? words : _("change"),
			       _(intent_state_word((enum intent_state)row->intent_state)));
}

const struct zone *zone_of(const char *iana, const struct zone *otherwise)
{
	return iana && *iana ? zone_get(iana) : otherwise;
}

bool lock_is_native(const struct lock *lock)
{
	const struct traits *t = traits_of(lock->device_type);

	return t && t->native_schedule;
}

const char *code_name(const struct access_code *ac)
{
	return access_code_called(ac);
}

static bool has_ascii_letters(const char *s)
{
	for (; *s; s++)
		if (g_ascii_isalnum(*s))
			return true;
	return false;
}

/* Of a name that is longer than anybody shows the beginning. */
static const char *marked(const char *name, bool ascii, char buf[static NAME_SHOWN_MAX])
{
	const char *sign = ALIKE_SIGN(ascii);
	size_t most = NAME_SHOWN_MAX - 1 - strlen(sign), n = strlen(name);

	while (n > most || (n && ((guchar)name[n] & 0xC0) == 0x80))
		n = n > most ? most : n - 1;
	g_snprintf(buf, NAME_SHOWN_MAX, "%s%.*s", sign, (int)n, name);
	return buf;
}

char *words_alike(const char *name, const char *alike)
{
	g_autofree char *letters = alike ? alike_words(text_alike(name, NULL)) : NULL;

	return alike ? g_strdup_printf(_("Looks like %1$s, who is somebody else: %2$s"), alike, letters) : NULL;
}

char *words_lock_alike(const struct lock *lock)
{
	g_autofree char *letters = lock->alike ? alike_words(text_alike(lock->name, NULL)) : NULL;

	return lock->alike ? g_strdup_printf(_("Looks like %1$s, which is another door: %2$s"), lock->alike, letters) : NULL;
}

#define POOL_NAME   "Backup "
#define UUID_LENGTH 36

/* A code of the backup pool is called after its own id until somebody gets it: its beginning tells it apart.
 * NULL: the name is none of those. */
static const char *pool_name(const char *name, char buf[static NAME_SHOWN_MAX])
{
	size_t at = strlen(POOL_NAME);
	g_autofree char *id = g_str_has_prefix(name, POOL_NAME) ? g_strndup(name + at, UUID_LENGTH) : NULL;

	if (!id || !g_uuid_string_is_valid(id))
		return NULL;
	g_snprintf(buf, NAME_SHOWN_MAX, _("backup code %.4s"), id);
	return buf;
}

const char *name_shown(const char *name, const char *id, const char *alike, bool ascii, char buf[static NAME_SHOWN_MAX])
{
	size_t n = id ? strlen(id) : 0;
	const char *pool = pool_name(name, buf);

	if (pool)
		return pool;
	if (!ascii || !id || has_ascii_letters(name))
		return alike ? marked(name, ascii, buf) : name;
	g_snprintf(buf, NAME_SHOWN_MAX, _("code ..%s"), id + (n > 4 ? n - 4 : 0));
	return buf;
}

const char *code_name_shown(const struct access_code *ac, bool ascii, char buf[static NAME_SHOWN_MAX])
{
	return name_shown(code_name(ac), ac->access_code_id, ac->alike, ascii, buf);
}

static bool can_edit(const struct code_row *c)
{
	return c->code_no && c->code.managed && c->code.is_offline_access_code != TRI_YES &&
	       c->state != CODE_ENDED && c->state != CODE_REMOVING;
}

static bool can_revoke(const struct code_row *c)
{
	return c->state != CODE_ENDED && c->state != CODE_REMOVING &&
	       c->code.is_offline_access_code != TRI_YES &&
	       (c->code.managed || c->code.cannot_delete != TRI_YES);
}

static bool can_pull(const struct code_row *c)
{
	return can_edit(c) && c->code.time_bound && c->code.is_backup != TRI_YES &&
	       !c->code.pulled_backup_access_code_id;
}

const char *code_hint(const struct code_row *c, enum command cmd)
{
	bool waits = !c->code_no && c->intent_no;

	switch ((int)cmd) {
	case COMMAND_EDIT:
		return waits && refused(c) ? _("correct") : can_edit(c) ? NULL : "";
	case COMMAND_REVOKE:
		return waits ? _("take back") : !can_revoke(c) ? "" : c->code.managed ? NULL : _("delete");
	case COMMAND_BACKUP:
		return can_pull(c) ? NULL : "";
	case COMMAND_CHECK_IN:
		return code_is_foreign(c) || c->state == CODE_ENDED ? "" : NULL;
	case COMMAND_ADOPT:
		return code_is_foreign(c) && c->code.cannot_be_managed != TRI_YES ? _("adopt") : "";
	case COMMAND_REVEAL:
		return c->code.code ? NULL : "";
	default:
		return NULL;
	}
}

void words_also(GString *line, bool ascii, const char *s)
{
	if (!s || !*s)
		return;
	if (line->len)
		g_string_append(line, ascii ? " - " : " · ");
	g_string_append(line, s);
}
