/* jsonin - see the header. A recursive descent, bounded in depth; the path is one GString that
 * grows and shrinks on the way. */
#include "core/jsonin.h"

#include <string.h>

#define DEPTH_MAX 32

struct walk {
	const char *p;
	GString *path;
	jsonin_value *value;
	void *ctx;
	int depth;
};

static void skip_blanks(struct walk *w)
{
	w->p += strspn(w->p, " \t\r\n");
}

static bool take(struct walk *w, char ch)
{
	skip_blanks(w);
	if (*w->p != ch)
		return false;
	w->p++;
	return true;
}

static bool read_hex4(const char *p, gunichar *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(p[i]);
		if (digit < 0)
			return false;
		*out = *out << 4 | (gunichar)digit;
	}
	return true;
}

/* w->p is behind "\u". A pair of surrogates is one character, a single one U+FFFD. */
static bool append_unicode(struct walk *w, GString *text)
{
	gunichar ch, low;

	if (!read_hex4(w->p, &ch))
		return false;
	w->p += 4;
	if (ch >= 0xd800 && ch < 0xdc00 && w->p[0] == '\\' && w->p[1] == 'u' &&
	    read_hex4(w->p + 2, &low) && low >= 0xdc00 && low < 0xe000) {
		w->p += 6;
		ch = 0x10000 + ((ch - 0xd800) << 10) + (low - 0xdc00);
	}
	if (ch == 0 || (ch >= 0xd800 && ch < 0xe000))
		ch = 0xfffd;
	g_string_append_unichar(text, ch);
	return true;
}

static bool read_string(struct walk *w, GString *text)
{
	static const char escape[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";

	if (!take(w, '"'))
		return false;
	while (*w->p && *w->p != '"') {
		if (*w->p != '\\') {
			g_string_append_c(text, *w->p++);
			continue;
		}
		w->p++;
		const char *e = *w->p ? strchr(escape, *w->p) : NULL;
		if (e) {
			g_string_append_c(text, meant[e - escape]);
			w->p++;
		} else if (*w->p++ != 'u' || !append_unicode(w, text)) {
			return false;
		}
	}
	return *w->p == '"' && w->p++;
}

static bool walk_value(struct walk *w);

static bool walk_member(struct walk *w, const char *name)
{
	gsize len = w->path->len;

	g_string_append_printf(w->path, "%s%s", len ? "." : "", name);
	bool ok = walk_value(w);
	g_string_truncate(w->path, len);
	return ok;
}

static bool walk_object(struct walk *w)
{
	if (take(w, '}'))
		return true;
	do {
		g_autoptr(GString) name = g_string_new(NULL);
		if (!read_string(w, name) || !take(w, ':') || !walk_member(w, name->str))
			return false;
	} while (take(w, ','));
	return take(w, '}');
}

static bool walk_array(struct walk *w)
{
	char index[16];

	if (take(w, ']'))
		return true;
	for (int i = 0; i == 0 || take(w, ','); i++) {
		g_snprintf(index, sizeof(index), "%d", i);
		if (!walk_member(w, index))
			return false;
	}
	return take(w, ']');
}

static bool walk_word(struct walk *w)
{
	size_t len = strcspn(w->p, ",]} \t\r\n");
	g_autofree char *word = g_strndup(w->p, len);

	if (!len)
		return false;
	w->p += len;
	w->value(w->path->str, strcmp(word, "null") == 0 ? NULL : word, w->ctx);
	return true;
}

static bool walk_string(struct walk *w)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!read_string(w, text))
		return false;
	w->value(w->path->str, text->str, w->ctx);
	return true;
}

static bool walk_value(struct walk *w)
{
	bool ok;

	skip_blanks(w);
	if (*w->p == '"')
		return walk_string(w);
	if (*w->p != '{' && *w->p != '[')
		return walk_word(w);
	if (w->depth == DEPTH_MAX)
		return false;
	w->depth++;
	ok = *w->p++ == '{' ? walk_object(w) : walk_array(w);
	w->depth--;
	return ok;
}

bool jsonin_walk(const char *json, jsonin_value *value, void *ctx)
{
	g_autoptr(GString) path = g_string_new(NULL);
	struct walk w = { json, path, value, ctx, 0 };

	if (!json)
		return true;
	if (!walk_value(&w))
		return false;
	skip_blanks(&w);
	return *w.p == '\0';
}

struct wanted {
	const char *path;
	char *text;
};

static void keep_wanted(const char *path, const char *text, void *ctx)
{
	struct wanted *wanted = ctx;

	if (!wanted->text && strcmp(path, wanted->path) == 0)
		wanted->text = g_strdup(text);
}

char *jsonin_text(const char *json, const char *path)
{
	struct wanted wanted = { path, NULL };

	jsonin_walk(json, keep_wanted, &wanted);
	return wanted.text;
}

/* "ends_at._errors.0" is about "ends_at"; "_errors.0" about the whole. */
static void add_line(const char *path, const char *text, void *ctx)
{
	GString *lines = ctx;
	const char *end = g_strrstr(path, "_errors.");

	if (!end || !text)
		return;
	if (lines->len)
		g_string_append_c(lines, '\n');
	if (end > path)
		g_string_append_printf(lines, "%.*s: ", (int)(end - path) - 1, path);
	g_string_append(lines, text);
}

char *jsonin_validation_lines(const char *tree)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	jsonin_walk(tree, add_line, lines);
	return lines->len ? g_strdup(lines->str) : NULL;
}

char *jsonin_validation_of(const char *tree, const char *field)
{
	g_autofree char *path = g_strconcat(field, "._errors.0", NULL);

	return jsonin_text(tree, path);
}
