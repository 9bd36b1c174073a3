/* theme - reads theme files; see theme.h.
 *
 * The reader is its own, not GKeyFile, because a person who made a mistake wants its line. What it
 * cannot understand it reports and leaves as it was inherited: a theme never stops the console. */
#include "ui/term/theme.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "ui/term/theme-builtin.h"

enum {
	THEME_BYTES_MAX = 64 * 1024,
	THEME_DEPTH_MAX = 8,
	THEME_WARNINGS_MAX = 20,
};

static const struct {
	const char *name, *purpose;
} roles[ROLE_COUNT] = {
#define AS_ROW(id, name, what) [ROLE_##id] = { name, what },
	ROLES(AS_ROW)
#undef AS_ROW
};

const char *role_name(enum role r)
{
	return r >= 0 && r < ROLE_COUNT ? roles[r].name : "";
}

const char *role_purpose(enum role r)
{
	return r >= 0 && r < ROLE_COUNT ? roles[r].purpose : "";
}

static const char *const colour_names[16] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"bright-black", "bright-red", "bright-green", "bright-yellow",
	"bright-blue", "bright-magenta", "bright-cyan", "bright-white",
};

static const struct {
	const char *name;
	uint8_t bit;
} attributes[] = {
	{ "bold", ATTR_BOLD },       { "dim", ATTR_DIM },       { "underline", ATTR_UNDERLINE },
	{ "reverse", ATTR_REVERSE }, { "italic", ATTR_ITALIC }, { "plain", 0 },
};

/* How states differ without colour when nobody has said. */
static const struct {
	enum role role;
	uint8_t attr;
} mono_defaults[] = {
	{ ROLE_TITLE, ATTR_REVERSE },
	{ ROLE_HEADER, ATTR_UNDERLINE },
	{ ROLE_HINT_KEY, ATTR_BOLD },
	{ ROLE_CURSOR, ATTR_REVERSE },
	{ ROLE_WARN, ATTR_BOLD },
	{ ROLE_ALARM, ATTR_BOLD | ATTR_REVERSE },
	{ ROLE_NOW, ATTR_BOLD },
	{ ROLE_NAME, ATTR_BOLD },
	{ ROLE_INFERRED, ATTR_UNDERLINE },
	{ ROLE_MATCH, ATTR_BOLD | ATTR_UNDERLINE },
	{ ROLE_FIELD, ATTR_UNDERLINE },
	{ ROLE_FIELD_FOCUS, ATTR_REVERSE },
	{ ROLE_MESSAGE, ATTR_BOLD },
	{ ROLE_MESSAGE_BAD, ATTR_BOLD | ATTR_REVERSE },
};

struct reader {
	struct theme *theme;
	const char *source; /* for warnings: a path or "built-in dark" */
	int line;
	int depth;      /* of inheritance */
	bool inherit;   /* the first of two passes: only 'inherits', wherever it stands */
	enum { IN_NOTHING, IN_THEME, IN_ROLES, IN_MONO } section;
};

static void load_into(struct theme *t, const char *name, int depth);

static void warn(struct reader *r, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
static void warn(struct reader *r, const char *fmt, ...)
{
	g_autofree char *said = NULL, *safe = NULL;
	va_list ap;

	if (r->theme->warnings->len >= THEME_WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	said = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	safe = text_safe(said);
	g_ptr_array_add(r->theme->warnings,
			r->line ? g_strdup_printf("%s:%d: %s", r->source, r->line, safe)
				: g_strdup_printf("%s: %s", r->source, safe));
}

static bool parse_rgb(const char *s, int32_t *out)
{
	char *end;

	if (*s != '#' || strlen(s) != 7 || !g_ascii_isxdigit(s[1]))
		return false;
	*out = (int32_t)strtol(s + 1, &end, 16);
	return *end == '\0';
}

static bool parse_index(const char *s, int max, int16_t *out)
{
	gint64 n;

	for (int i = 0; i < 16; i++) {
		if (g_ascii_strcasecmp(s, colour_names[i]) == 0) {
			*out = (int16_t)i;
			return true;
		}
	}
	if (!g_ascii_string_to_signed(s, 10, 0, max, &n, NULL))
		return false;
	*out = (int16_t)n;
	return true;
}

/* "default", "red", "208", "#ff6b6b", each with "/fallback" behind it if wanted. */
static bool parse_colour(const char *word, struct colour *out)
{
	g_auto(GStrv) part = g_strsplit(word, "/", 2);
	struct colour c = { .rgb = -1, .index = -1, .basic = -1 };

	if (g_ascii_strcasecmp(part[0], "default") == 0) {
		*out = c;
		return part[1] == NULL;
	}
	if (parse_rgb(part[0], &c.rgb)) {
		c.index = (int16_t)colour_to_256(c.rgb);
		c.basic = (int16_t)colour_to_16(c.rgb);
	} else if (parse_index(part[0], 255, &c.index)) {
		c.basic = c.index < 16 ? c.index : (int16_t)colour_to_16(colour_rgb_of(c.index));
	} else {
		return false;
	}
	if (part[1] && g_ascii_strcasecmp(part[1], "default") == 0)
		c.basic = -1;
	else if (part[1] && !parse_index(part[1], 15, &c.basic))
		return false;
	*out = c;
	return true;
}

static bool parse_attr(const char *word, uint8_t *attr)
{
	for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
		if (g_ascii_strcasecmp(word, attributes[i].name) == 0) {
			*attr |= attributes[i].bit;
			return true;
		}
	}
	return false;
}

/* FG [on BG] ATTR...: what is not understood is reported and the rest still holds. */
static void parse_style(struct reader *r, char **word, struct style *style)
{
	bool background = false, any = false;

	style->attr = 0;
	for (; *word; word++) {
		struct colour *place = background ? &style->bg : &style->fg;

		if (**word == '\0')
			continue;
		if (g_ascii_strcasecmp(*word, "on") == 0) {
			background = true;
			any = false;
		} else if (!any && parse_colour(*word, place)) {
			any = true;
		} else if (!parse_attr(*word, &style->attr)) {
			warn(r, "'%s' is no colour and no attribute", *word);
		}
	}
}

static void parse_role(struct reader *r, const char *key, char **words)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		struct style *style = &r->theme->style[i];

		if (strcmp(key, roles[i].name) != 0)
			continue;
		if (r->section == IN_ROLES) {
			parse_style(r, words, style);
			return;
		}
		style->mono_attr = 0;
		for (; *words; words++)
			if (**words && !parse_attr(*words, &style->mono_attr))
				warn(r, "'%s' is no attribute", *words);
		return;
	}
	warn(r, "there is no role '%s'", key);
}

static void parse_setting(struct reader *r, const char *key, const char *value)
{
	struct theme *t = r->theme;

	if (strcmp(key, "name") == 0) {
		if (r->depth > 0)
			return;
		g_free(t->name);
		t->name = text_safe(value);
	} else if (strcmp(key, "inherits") == 0) {
		if (!r->inherit)
			return;
		if (r->depth >= THEME_DEPTH_MAX)
			warn(r, "themes inherit from each other in a circle");
		else
			load_into(t, value, r->depth + 1);
	} else if (strcmp(key, "background") == 0) {
		if (!parse_rgb(value, &t->background))
			warn(r, "a background is #rrggbb, not '%s'", value);
	} else {
		warn(r, "there is no setting '%s'", key);
	}
}

static void parse_section(struct reader *r, const char *line)
{
	r->section = strcmp(line, "[theme]") == 0   ? IN_THEME
		     : strcmp(line, "[roles]") == 0 ? IN_ROLES
		     : strcmp(line, "[mono]") == 0  ? IN_MONO
						    : IN_NOTHING;
	if (r->section == IN_NOTHING && !r->inherit)
		warn(r, "there is no section %s", line);
}

static void parse_line(struct reader *r, char *line)
{
	char *value;

	g_strstrip(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return;
	if (*line == '[') {
		parse_section(r, line);
		return;
	}
	value = strchr(line, '=');
	if (!value) {
		if (!r->inherit)
			warn(r, "'%s' has no '='", line);
		return;
	}
	*value++ = '\0';
	g_strstrip(line);
	g_strstrip(value);
	if (r->inherit && (r->section != IN_THEME || strcmp(line, "inherits") != 0))
		return;
	if (r->section == IN_THEME) {
		parse_setting(r, line, value);
	} else if (r->section != IN_NOTHING) {
		g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);

		parse_role(r, line, words);
	}
}

static void parse_pass(struct theme *t, const char *source, const char *text, int depth,
		       bool inherit)
{
	struct reader r = { .theme = t, .source = source, .depth = depth, .inherit = inherit };
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		r.line++;
		parse_line(&r, *line);
	}
}

static void parse_text(struct theme *t, const char *source, const char *text, int depth)
{
	parse_pass(t, source, text, depth, true);
	parse_pass(t, source, text, depth, false);
}

static const struct builtin_theme *builtin(const char *name)
{
	for (const struct builtin_theme *b = builtin_themes; b->name; b++)
		if (strcmp(b->name, name) == 0)
			return b;
	return NULL;
}

static bool without_users_own;

void theme_without_users_own(void)
{
	without_users_own = true;
}

static char *theme_folder(int i)
{
	if (i == 0 && without_users_own)
		return g_strdup("/dev/null");
	return i == 0 ? g_build_filename(g_get_user_config_dir(), "keyrack", "themes", NULL)
		      : g_strdup(DATADIR "/themes");
}

/* True when the file was read, or is there and cannot be (which is warned of). */
static bool load_file(struct theme *t, const char *path, int depth)
{
	struct reader r = { .theme = t, .source = path };
	g_autoptr(GMappedFile) file = NULL;
	g_autofree char *text = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return false;
	file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_mapped_file_new(path, FALSE, NULL)
							  : NULL;
	if (!file) {
		warn(&r, "cannot be read");
	} else if (g_mapped_file_get_length(file) > THEME_BYTES_MAX) {
		warn(&r, "is too large for a theme");
	} else {
		text = g_strndup(g_mapped_file_get_contents(file), g_mapped_file_get_length(file));
		parse_text(t, path, text, depth);
	}
	return true;
}

static bool load_named(struct theme *t, const char *name, int depth)
{
	const struct builtin_theme *b = builtin(name);
	g_autofree char *source = NULL;

	if (strchr(name, '/'))
		return load_file(t, name, depth);
	for (int i = 0; i < 2; i++) {
		g_autofree char *folder = theme_folder(i);
		g_autofree char *path = g_strdup_printf("%s/%s.theme", folder, name);

		if (load_file(t, path, depth))
			return true;
	}
	if (!b)
		return false;
	source = g_strdup_printf("built-in %s", name);
	parse_text(t, source, b->text, depth);
	return true;
}

static void load_into(struct theme *t, const char *name, int depth)
{
	struct reader r = { .theme = t, .source = "theme" };
	g_autofree char *wanted = g_strdup(name);

	if (load_named(t, wanted, depth))
		return;
	warn(&r, "there is no theme '%s', so 'dark' is used", wanted);
	parse_text(t, "built-in dark", builtin("dark")->text, THEME_DEPTH_MAX);
}

struct theme *theme_load(const char *name)
{
	const struct colour unset = { .rgb = -1, .index = -1, .basic = -1 };
	struct theme *t = g_new0(struct theme, 1);

	t->name = g_strdup(name ? name : "dark");
	t->background = -1;
	t->warnings = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < ROLE_COUNT; i++)
		t->style[i] = (struct style){ .fg = unset, .bg = unset };
	for (size_t i = 0; i < G_N_ELEMENTS(mono_defaults); i++)
		t->style[mono_defaults[i].role].mono_attr = mono_defaults[i].attr;
	load_into(t, name && *name ? name : "dark", 0);
	return t;
}

const char *theme_for(int32_t background, const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	int16_t index = -1;

	/* Of the sixteen the palettes agree only on which are light: 7, and those from 9 on. */
	if (background < 0 && last && parse_index(last + 1, 15, &index))
		return index == 7 || index > 8 ? "light" : "dark";
	if (background < 0)
		return "dark";
	return colour_contrast(background, 0x000000) > colour_contrast(background, 0xffffff) ? "light" : "dark";
}

void theme_free(struct theme *t)
{
	if (!t)
		return;
	g_ptr_array_unref(t->warnings);
	g_free(t->name);
	g_free(t);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_name(GPtrArray *names, const char *name, size_t len)
{
	for (guint i = 0; i < names->len; i++)
		if (strlen(names->pdata[i]) == len && memcmp(names->pdata[i], name, len) == 0)
			return;
	g_ptr_array_add(names, g_strndup(name, len));
}

char **theme_names(void)
{
	GPtrArray *names = g_ptr_array_new();

	for (const struct builtin_theme *b = builtin_themes; b->name; b++)
		add_name(names, b->name, strlen(b->name));
	for (int i = 0; i < 2; i++) {
		g_autofree char *folder = theme_folder(i);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		const char *file;

		while (dir && (file = g_dir_read_name(dir)))
			if (g_str_has_suffix(file, ".theme"))
				add_name(names, file, strlen(file) - strlen(".theme"));
	}
	g_ptr_array_sort(names, by_name);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}
