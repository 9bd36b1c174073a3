/* keymap_file - the operator's keys: $XDG_CONFIG_HOME/keyrack/keys.conf, laid over the built-in ones.
 *
 * A group for each view, and in it a command with its keys, blanks between; a sequence of two stands in
 * quotation marks: first = Home "g g". Read line by line, so that a warning can say where. */
#include <string.h>

#include "core/args.h"
#include "core/i18n.h"
#include "core/plain_file.h"
#include "core/text.h"
#include "ui/keymap.h"
#include "ui/views.h"

struct reading {
	enum view view;     /* VIEW_COUNT: a group that nobody knows */
	int line;
	GPtrArray *warnings;
	GHashTable *seen;   /* "view key" as this file bound it already */
	GArray *taken;      /* of struct taken: may get another key further down */
};
struct taken {
	enum view view;
	enum command from;
	int line;
	char *key;
};

static void warn(const struct reading *r, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
static void warn(const struct reading *r, const char *fmt, ...)
{
	g_autofree char *said = NULL, *safe = NULL;
	va_list ap;

	va_start(ap, fmt);
	said = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	safe = text_safe(said); /* it quotes the file */
	g_ptr_array_add(r->warnings, g_strdup_printf(_("line %1$d: %2$s"), r->line, safe));
}

static const char *nearest_view(const char *typed)
{
	const char *names[VIEW_COUNT + 1] = { NULL };

	for (int v = 0; v < VIEW_COUNT; v++)
		names[v] = view_info((enum view)v)->name;
	return args_nearest(typed, names);
}

static const char *nearest_command(const char *typed)
{
	const char *names[COMMAND_COUNT + 1] = { NULL };

	for (int c = 0; c < COMMAND_COUNT; c++)
		names[c] = command_info((enum command)c)->name;
	return args_nearest(typed, names);
}

static void warn_unknown(const struct reading *r, const char *what, const char *near)
{
	if (near)
		warn(r, _("nothing is called '%1$s'; is '%2$s' meant?"), what, near);
	else
		warn(r, _("nothing is called '%s'"), what);
}

static void take_group(struct reading *r, const char *text)
{
	size_t n = strcspn(text + 1, "]");
	g_autofree char *name = g_strndup(text + 1, n);

	r->view = view_by_name(name);
	if (r->view == VIEW_COUNT)
		warn_unknown(r, name, nearest_view(name));
}

/* The next key of a list, NULL at its end: a word, or two between quotation marks. */
static char *next_key(const char **at)
{
	const char *p = *at + strspn(*at, " \t"), *close = *p == '"' ? strchr(p + 1, '"') : NULL;
	size_t n = strcspn(p, " \t");

	if (!*p)
		return NULL;
	if (close && close > p + 1 && memchr(p, ' ', (size_t)(close - p))) {
		*at = close + 1;
		return g_strndup(p + 1, (gsize)(close - p) - 1);
	}
	*at = p + n;
	return g_strndup(p, n);
}

static void take_key(struct reading *r, enum command c, const char *key)
{
	g_autofree char *once = g_strdup_printf("%d %s", (int)r->view, key);
	enum command before;

	if (g_hash_table_contains(r->seen, once)) {
		warn(r, _("'%s' stands for something else already, further up in this file"), key);
		return;
	}
	if (!keymap_add(r->view, c, key, &before)) {
		warn(r, _("'%s' is no key that can be given away"), key);
		return;
	}
	g_hash_table_add(r->seen, g_steal_pointer(&once));
	if (before != COMMAND_NONE) {
		struct taken t = { r->view, before, r->line, g_strdup(key) };

		g_array_append_val(r->taken, t);
	}
}

static void warn_of_lost(struct reading *r)
{
	for (guint i = 0; i < r->taken->len; i++) {
		struct taken *t = &g_array_index(r->taken, struct taken, i);
		const char *left[1];

		r->line = t->line;
		if (!keymap_keys(t->view, t->from, left, 1))
			warn(r, _("'%1$s' was the only key of '%2$s' here: it is in the palette (:) now"), t->key,
			     command_info(t->from)->name);
		g_free(t->key);
	}
}

static void take_command(struct reading *r, char *text)
{
	char *equals = strchr(text, '=');
	const char *at = equals ? equals + 1 : NULL;
	g_autofree char *name = equals ? g_strstrip(g_strndup(text, (gsize)(equals - text))) : NULL;
	enum command c = command_by_name(name);

	if (r->view == VIEW_COUNT)
		return;
	if (!equals) {
		warn(r, _("this is no 'command = keys'"));
		return;
	}
	if (c == COMMAND_NONE) {
		warn_unknown(r, name, nearest_command(name));
		return;
	}
	keymap_clear(r->view, c);
	for (char *key = next_key(&at); key; key = next_key(&at)) {
		take_key(r, c, key);
		g_free(key);
	}
}

void keymap_load(const char *path, GPtrArray *warnings)
{
	struct reading r = { .view = VIEW_ANY, .warnings = warnings };
	g_autofree char *text = NULL;
	g_autoptr(GError) err = NULL;

	if (!(text = plain_file_read(path, &err))) {
		if (!g_error_matches(err, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			g_ptr_array_add(warnings, g_strdup(err->message));
		return;
	}
	r.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r.taken = g_array_new(FALSE, FALSE, sizeof(struct taken));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **p = lines; *p; p++) {
		char *line = g_strstrip(*p);

		r.line++;
		if (*line == '[')
			take_group(&r, line);
		else if (*line && *line != '#')
			take_command(&r, line);
	}
	warn_of_lost(&r);
	g_array_unref(r.taken);
	g_hash_table_unref(r.seen);
}

char *keymap_path(void)
{
	return g_build_filename(g_get_user_config_dir(), "keyrack", "keys.conf", NULL);
}

static void print_keys(FILE *out, enum view v, enum command c)
{
	size_t n;
	const struct binding *b = keymap(&n);

	for (size_t i = 0; i < n; i++)
		if (b[i].view == v && b[i].command == c)
			fprintf(out, strchr(b[i].key, ' ') ? " \"%s\"" : " %s", b[i].key);
}

void keymap_print(FILE *out)
{
	fputs("# Keys of the keyrack console: $XDG_CONFIG_HOME/keyrack/keys.conf\n"
	      "#\n"
	      "# [view], then command = keys with blanks between. A command that is named here has these keys\n"
	      "# and no others in that view; none takes them all away. Two keys after each other stand in\n"
	      "# quotation marks: first = Home \"g g\". Arrows, Enter, Esc and Ctrl-C cannot be given away.\n"
	      "# A view's own keys come before those of [any]. Lines that begin with # are what is built in.\n",
	      out);
	for (enum view v = VIEW_ANY; v < VIEW_COUNT; v++) {
		const struct view_info *info = view_info(v);

		fprintf(out, "\n[%s]\n", info->name);
		for (size_t i = 0; i < info->n_keys; i++) {
			enum command c = info->keys[i].command;

			fprintf(out, "# %s\n#%s =", command_info(c)->help, command_info(c)->name);
			print_keys(out, v, c);
			fputc('\n', out);
		}
	}
}
