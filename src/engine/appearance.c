/* appearance - a code's name as the lock shows it.
 *
 * In this order: what no lock can show is dropped, letters become ASCII, punctuation goes, what is
 * too long is cut, a number tells equals apart, and the first word is split off. Each is done only
 * where the lock system asks for it; the name on the API stays as it is. */
#include "engine/lock_system.h"

#include <string.h>

/* For a code without a name, or with one of which the lock can show nothing. */
#define NAMELESS "Code"

static void put_blank(GString *out)
{
	if (out->len > 0 && out->str[out->len - 1] != ' ')
		g_string_append_c(out, ' ');
}

/* The nearest in ASCII; nothing for what has none, as an emoji. What stands for a letter may be
 * punctuation again. */
static void put_ascii(GString *out, gunichar ch, unsigned rules)
{
	char utf8[7] = { 0 };

	g_unichar_to_utf8(ch, utf8);

	g_autofree char *near = g_str_to_ascii(utf8, "C");

	if (ch >= 128 && strcmp(near, "?") == 0)
		return;
	for (const char *s = near; *s; s++) {
		if (*s == ' ' || (!g_ascii_isalnum(*s) && (rules & NAME_NO_PUNCTUATION)))
			put_blank(out);
		else
			g_string_append_c(out, *s);
	}
}

/* O'Brien is one word: where punctuation is refused, this kind leaves no gap. */
static bool is_apostrophe(gunichar ch)
{
	return ch == '\'' || ch == 0x2019 || ch == 0x02bc;
}

static bool is_invisible(gunichar ch)
{
	GUnicodeType type = g_unichar_type(ch);

	return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
	       type == G_UNICODE_SURROGATE || type == G_UNICODE_UNASSIGNED ||
	       type == G_UNICODE_PRIVATE_USE;
}

/* Most names: ASCII that can be seen, of which nothing needs to be composed or looked up. */
static bool is_simple(const char *name)
{
	while (*name >= ' ' && *name < 0x7f)
		name++;
	return *name == '\0';
}

/* The same as spell for one of these. */
static GString *spell_simple(const char *name, unsigned rules)
{
	GString *out = g_string_sized_new(strlen(name) + 8);

	for (; *name; name++) {
		bool letter = g_ascii_isalnum(*name) || !(rules & NAME_NO_PUNCTUATION);

		if (*name == ' ')
			put_blank(out);
		else if (letter)
			g_string_append_c(out, *name);
		else if (!is_apostrophe((gunichar)*name))
			put_blank(out);
	}
	return out;
}

/* Composed, visible, single blanks, and of the characters that the lock takes. */
static GString *spell(const char *name, unsigned rules)
{
	if (name && is_simple(name))
		return spell_simple(name, rules);

	g_autofree char *valid = g_utf8_make_valid(name ? name : "", -1);
	g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	GString *out = g_string_new(NULL);

	for (const char *s = composed; *s; s += g_utf8_skip[(unsigned char)*s]) {
		gunichar ch = g_utf8_get_char(s);
		bool letter = g_unichar_isalnum(ch) || g_unichar_ismark(ch);

		if (is_apostrophe(ch) && (rules & NAME_NO_PUNCTUATION))
			continue;
		if (g_unichar_isspace(ch) || (!letter && (rules & NAME_NO_PUNCTUATION)))
			put_blank(out);
		else if (is_invisible(ch))
			continue;
		else if (rules & NAME_ASCII)
			put_ascii(out, ch, rules);
		else
			g_string_append_unichar(out, ch);
	}
	return out;
}

/* At most max characters (0: any number), no mark without its letter, no blank at the end. */
static void cut(GString *s, glong max)
{
	if (max > 0 && g_utf8_strlen(s->str, (gssize)s->len) > max) {
		const char *end = g_utf8_offset_to_pointer(s->str, max);

		if (g_unichar_ismark(g_utf8_get_char(end))) {
			while (end > s->str && g_unichar_ismark(g_utf8_get_char(end)))
				end = g_utf8_prev_char(end);
		}
		g_string_truncate(s, (gsize)(end - s->str));
	}
	while (s->len > 0 && s->str[s->len - 1] == ' ')
		g_string_truncate(s, s->len - 1);
}

/* "Anna Smith", "Anna Smith 2", "Anna Smith 3": the number always fits. */
static void make_unique(GString *s, int max, bool (*taken)(const char *shown, const void *data),
			const void *data)
{
	g_autofree char *base = g_strdup(s->str);

	for (int n = 2; taken(s->str, data) && n < 100000; n++) {
		char suffix[16];

		g_snprintf(suffix, sizeof suffix, " %d", n);
		g_string_assign(s, base);
		if (max > 0)
			cut(s, MAX(max - (int)strlen(suffix), 1));
		g_string_append(s, suffix);
	}
}

static void split(struct appearance *a)
{
	const char *blank = strchr(a->name, ' ');

	a->first = blank ? g_strndup(a->name, (gsize)(blank - a->name)) : g_strdup(a->name);
	a->last = g_strdup(blank ? blank + 1 : "");
}

struct appearance appearance_of(const struct lock_system *ls, const char *name,
				bool (*taken)(const char *shown, const void *data), const void *data)
{
	struct appearance a = { 0 };
	GString *s = spell(name, ls->name_rules);

	cut(s, ls->name_max);
	if (s->len == 0) {
		g_string_assign(s, NAMELESS);
	} else if (g_utf8_strlen(s->str, -1) < ls->pins.name_min) {
		g_string_append(s, " " NAMELESS);
		cut(s, ls->name_max);
	}
	if ((ls->name_rules & NAME_UNIQUE) && taken)
		make_unique(s, ls->name_max, taken, data);
	a.name = g_string_free(s, FALSE);
	if (ls->name_rules & NAME_FIRST_LAST)
		split(&a);
	return a;
}

void appearance_clear(struct appearance *a)
{
	g_free(a->name);
	g_free(a->first);
	g_free(a->last);
	*a = (struct appearance){ 0 };
}
