/* outlook - what keyrackd says of a code beyond the API, in a person's words: why it is as it is, how
 * sure that is, what happens next and when. It stands in the object's "keyrackd". */
#include <string.h>

#include "core/i18n.h"
#include "core/jsonin.h"
#include "ui/screens/server_words.h"
#include "ui/screens/words.h"

static struct instant moment(const struct access_code *ac, const char *path)
{
	g_autofree char *text = jsonin_text(ac->rest, path);
	struct instant t = INSTANT_NONE;

	if (text)
		instant_parse(text, -1, &t);
	return t;
}

char *words_why(const struct access_code *ac)
{
	g_autofree char *words = jsonin_text(ac->rest, "keyrackd.words");

	return g_strdup(server_words(words));
}

static const struct {
	const char *proof, *words;
} proofs[] = {
	{ "proven", N_("proven on the lock") },
	{ "acknowledged", N_("acknowledged by the lock, not read back") },
};

static const char *proof_words(const char *proof)
{
	for (size_t i = 0; proof && i < G_N_ELEMENTS(proofs); i++)
		if (strcmp(proofs[i].proof, proof) == 0)
			return _(proofs[i].words);
	return NULL;
}

/* Of a moment alone the step is known by which line of the code's life it lies on. */
static const char *next_words(const struct access_code *ac, bool there, struct instant at)
{
	if (g_strcmp0(ac->status, "removing") == 0 ||
	    (instant_known(ac->ends_at) && !instant_before(at, ac->ends_at)))
		return _("removed");
	if (!there)
		return _("written");
	if (instant_known(ac->starts_at) && !instant_before(ac->starts_at, at))
		return _("switched on");
	return _("looked at again");
}

static const struct {
	const char *step, *words;
} steps[] = {
	{ "write", N_("written to the lock") }, { "enable", N_("switched on") }, { "remove", N_("taken off the lock") },
	{ "read", N_("read back from the lock") }, { "close", N_("closed") },
};

/* What the server says that has no time of its own: "goes on as soon as a code leaves 306 Loft". It is
 * the first of two sentences where a time comes too. NULL: nothing is foreseen. */
static char *hindrance(const struct access_code *ac, bool timed)
{
	g_autofree char *words = jsonin_text(ac->rest, "keyrackd.next.words");
	char *end = words ? strstr(words, ". ") : NULL;

	if (!words || (timed && !end) || g_str_has_prefix(words, "Nothing, until somebody"))
		return NULL;
	if (!end && g_str_has_suffix(words, "."))
		end = words + strlen(words) - 1;
	if (end)
		*end = '\0';
	return g_strdup(g_str_has_prefix(words, "It ") ? words + strlen("It ") : words);
}

/* Taken off before its end and not deleted: a lock that cannot change a code in place gets it written anew. */
static const char *step_words(const struct access_code *ac, const char *step, struct instant at)
{
	if (strcmp(step, "remove") == 0 && g_strcmp0(ac->status, "removing") != 0 &&
	    (!instant_known(ac->ends_at) || instant_before(at, ac->ends_at)))
		return _("written to the lock anew");
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (strcmp(steps[i].step, step) == 0)
			return _(steps[i].words);
	return NULL;
}

/* By the server's own reckoning. The time is told anew: its sentence is as old as the last change. */
static char *next_said(const struct access_code *ac, const char *step, const struct zone *z, struct instant now)
{
	struct instant at = moment(ac, "keyrackd.next.at");
	g_autofree char *first = hindrance(ac, instant_known(at));
	const char *words = instant_known(at) ? step_words(ac, step, at) : NULL;
	char when[CIVIL_TEXT_MAX];

	if (!words)
		return g_steal_pointer(&first);
	return g_strdup_printf("%s%s%s %s", first ? first : "", first ? ", " : "", words,
			       instant_before(now, at) ? civil_near(z, at, now, when) : _("now"));
}

char *words_sure(const struct access_code *ac)
{
	g_autofree char *proof = jsonin_text(ac->rest, "keyrackd.proof");

	return g_strdup(proof_words(proof));
}

struct instant words_written_at(const struct access_code *ac)
{
	g_autofree char *step = jsonin_text(ac->rest, "keyrackd.next.step");

	return g_strcmp0(step, "write") == 0 ? moment(ac, "keyrackd.next.at") : INSTANT_NONE;
}

char *words_next(const struct access_code *ac, const struct zone *z, struct instant now)
{
	g_autofree char *step = jsonin_text(ac->rest, "keyrackd.next.step"), *sure = words_sure(ac);
	struct instant at = moment(ac, "keyrackd.next_at");
	char when[CIVIL_TEXT_MAX];

	if (step)
		return next_said(ac, step, z, now);
	if (!instant_known(at))
		return NULL;
	return g_strdup_printf("%s %s", next_words(ac, sure != NULL, at),
			       instant_before(now, at) ? civil_near(z, at, now, when) : _("now"));
}

char *words_early(const struct access_code *ac, const struct zone *z, struct instant now)
{
	struct instant early = moment(ac, "keyrackd.early_from");
	char at[CIVIL_TEXT_MAX];

	if (!instant_known(early) || !instant_known(ac->starts_at) ||
	    !instant_before(now, ac->starts_at))
		return NULL;
	return g_strdup_printf(_("opens from %s, before its start"), civil_near(z, early, now, at));
}

char *words_outlook(const struct access_code *ac, const struct zone *z, struct instant now)
{
	g_autofree char *early = words_early(ac, z, now), *sure = words_sure(ac), *next = words_next(ac, z, now),
			*why = words_why(ac);
	GString *line = g_string_new(early);

	if (sure)
		g_string_append_printf(line, "%s%s", line->len ? ", " : "", sure);
	if (next)
		g_string_append_printf(line, _("%snext: %s"), line->len ? ", " : "", next);
	if (why)
		g_string_append_printf(line, _("%swhy: %s"), line->len ? "; " : "", why);
	return g_string_free(line, FALSE);
}
