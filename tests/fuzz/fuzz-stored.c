/* fuzz-stored: what is read again of what was once written (JSON in the cache), and the lines between sync and
 * console: any text is taken or refused, and what was taken is written and taken the same. 'p' and a line of
 * sync's; else JSON. */
#include "config.h"

#include <string.h>

#include "cache/poke.h"
#include "core/jsonin.h"
#include "tests/fuzz/fuzz.h"

static void poke(const char *line)
{
	struct poke_status s, again;
	g_autofree char *written = NULL, *twice = NULL;

	if (!poke_status_parse(line, &s))
		return;
	g_assert_nonnull(sync_phase_word(s.phase));
	written = poke_status_format(&s);
	g_assert_true(g_str_has_suffix(written, "\n"));
	g_assert_true(strchr(written, '\n') == written + strlen(written) - 1);
	g_assert_true(poke_status_parse(written, &again));
	twice = poke_status_format(&again);
	g_assert_cmpstr(written, ==, twice);
	poke_status_clear(&s);
	poke_status_clear(&again);
}

static void count(const char *path, const char *text, void *ctx)
{
	guint *n = ctx;

	g_assert_nonnull(path);
	(void)text;
	(*n)++;
}

static void json(const char *text)
{
	guint n = 0;

	g_free(jsonin_validation_lines(text));
	g_free(jsonin_validation_of(text, "ends_at"));
	g_free(jsonin_text(text, "a.0.b"));
	jsonin_walk(text, count, &n);
	g_assert_cmpuint(n, <=, strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);

	if (*text == 'p')
		poke(text + 1);
	else
		json(text);
	return 0;
}
