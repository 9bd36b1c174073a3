/* lines - see the header. */
#include "config.h"

#include "tests/cli/lines.h"

#include <string.h>

json_t *lines_of(const struct outcome *o)
{
	g_auto(GStrv) line = g_strsplit(o->out, "\n", -1);
	json_t *all = json_array();

	for (char **l = line; *l && **l; l++) {
		json_error_t e;
		json_t *v = json_loads(*l, 0, &e);
		if (!v || !json_is_object(v))
			fail_msg("%s in: %s", e.text, *l);
		json_array_append_new(all, v);
	}
	return all;
}

const char *text_at(json_t *lines, size_t i, const char *key)
{
	return json_string_value(json_object_get(json_array_get(lines, i), key));
}

json_t *line_with(json_t *lines, const char *key, const char *text)
{
	size_t i;
	json_t *v;

	json_array_foreach(lines, i, v) {
		const char *s = json_string_value(json_object_get(v, key));
		if (s && strcmp(s, text) == 0)
			return v;
	}
	fail_msg("no line has %s %s", key, text);
	return NULL;
}
