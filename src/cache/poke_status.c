/* poke_status - one line that says how the sync is, written and read. */
#include <string.h>

#include "cache/poke.h"

static const char *const phases[] = {
	[SYNC_STARTING] = "starting",	[SYNC_PULLING] = "pulling",
	[SYNC_FOLLOWING] = "following", [SYNC_COMPARING] = "comparing",
	[SYNC_WAITING] = "waiting",	[SYNC_NO_ACCESS] = "no-access",
	[SYNC_STOPPED] = "stopped",
};

const char *sync_phase_word(enum sync_phase p)
{
	return (unsigned)p < G_N_ELEMENTS(phases) ? phases[p] : "";
}

void poke_status_clear(struct poke_status *s)
{
	g_free(s->text);
	*s = (struct poke_status){ .ok_at = INSTANT_NONE, .next_at = INSTANT_NONE };
}

char *poke_status_format(const struct poke_status *s)
{
	GString *line = g_string_new("status");

	g_string_append_printf(line, " phase=%s interval=%d lag=%d", sync_phase_word(s->phase),
			       s->interval_ms, s->lag_ms);
	g_string_append_printf(line, " done=%" G_GINT64_FORMAT " total=%" G_GINT64_FORMAT, s->done,
			       s->total);
	if (s->live)
		g_string_append(line, " live=1");
	if (s->explains)
		g_string_append(line, " explains=1");
	if (instant_known(s->ok_at))
		g_string_append_printf(line, " ok=%" G_GINT64_FORMAT, s->ok_at.ms);
	if (instant_known(s->next_at))
		g_string_append_printf(line, " next=%" G_GINT64_FORMAT, s->next_at.ms);
	if (s->text) {
		g_string_append(line, " text=");
		g_string_append_uri_escaped(line, s->text, NULL, TRUE);
	}
	g_string_append_c(line, '\n');
	return g_string_free(line, FALSE);
}

static bool read_phase(const char *value, enum sync_phase *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(phases); i++) {
		if (strcmp(phases[i], value) != 0)
			continue;
		*out = (enum sync_phase)i;
		return true;
	}
	return false;
}

/* Unknown keys and values are let pass: the other side may be newer. */
static void read_pair(const char *key, const char *value, struct poke_status *s)
{
	gint64 n = 0;
	bool number = g_ascii_string_to_signed(value, 10, G_MININT64 + 1, G_MAXINT64, &n, NULL);

	if (strcmp(key, "phase") == 0) {
		read_phase(value, &s->phase);
	} else if (strcmp(key, "text") == 0) {
		g_free(s->text);
		s->text = g_uri_unescape_string(value, NULL);
	} else if (!number) {
		return;
	} else if (strcmp(key, "interval") == 0) {
		s->interval_ms = (int)CLAMP(n, 0, G_MAXINT);
	} else if (strcmp(key, "lag") == 0) {
		s->lag_ms = (int)CLAMP(n, 0, G_MAXINT);
	} else if (strcmp(key, "live") == 0) {
		s->live = n != 0;
	} else if (strcmp(key, "explains") == 0) {
		s->explains = n != 0;
	} else if (strcmp(key, "done") == 0) {
		s->done = n;
	} else if (strcmp(key, "total") == 0) {
		s->total = n;
	} else if (strcmp(key, "ok") == 0) {
		s->ok_at.ms = n;
	} else if (strcmp(key, "next") == 0) {
		s->next_at.ms = n;
	}
}

bool poke_status_parse(const char *line, struct poke_status *out)
{
	g_auto(GStrv) words = NULL;
	g_autofree char *copy = g_strchomp(g_strdup(line));

	words = g_strsplit(copy, " ", -1);
	if (!words[0] || strcmp(words[0], "status") != 0)
		return false;
	*out = (struct poke_status){ .ok_at = INSTANT_NONE, .next_at = INSTANT_NONE };
	for (char **w = words + 1; *w; w++) {
		char *equals = strchr(*w, '=');

		if (!equals)
			continue;
		*equals = '\0';
		read_pair(*w, equals + 1, out);
	}
	return true;
}
