/* fuzz-files: whatever stands in a theme, a keys.conf, a keyrack.conf or an export is read or refused in
 * words. The first byte says which: t, k, c; e are the lines of an export whose head, end and digest are made here,
 * since no fuzzer finds a digest; anything else is a whole one. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/codes_file.h"
#include "core/profile.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"
#include "ui/keymap.h"
#include "ui/term/theme.h"

static char *folder, *config;

static void at_exit(void)
{
	g_autofree char *below = g_path_get_dirname(config);

	g_unlink(config);
	g_rmdir(below);
	g_rmdir(folder);
	g_free(config);
	g_free(folder);
}

/* One file for all of them, where keyrack.conf is looked for. */
static const char *put(const uint8_t *data, size_t size)
{
	if (!folder) {
		folder = g_dir_make_tmp("fuzz-XXXXXX", NULL);
		g_setenv("XDG_CONFIG_HOME", folder, TRUE);
		config = profile_config_path();
		g_autofree char *below = g_path_get_dirname(config);
		g_mkdir_with_parents(below, 0700);
		atexit(at_exit);
	}
	if (!g_file_set_contents_full(config, (const char *)data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
		g_error("%s cannot be written", config);
	return config;
}

static void read_theme(const uint8_t *data, size_t size)
{
	struct theme *t = theme_load(put(data, size));

	if (t)
		theme_free(t);
}

/* Errors may quote the file as it is: whoever prints one makes it safe. */
static void check_words(const char *words)
{
	if (!words || !*words)
		g_error("it is refused without words");
}

/* Shown as it is. */
static void check_shown(const char *words)
{
	g_autofree char *safe = text_safe(words);

	check_words(words);
	if (strcmp(safe, words) != 0)
		g_error("what is shown holds what a terminal obeys");
}

static void read_keys(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	const struct key esc = { .code = KEYCODE_ESC };

	keymap_load(put(data, size), warnings);
	for (guint i = 0; i < warnings->len; i++)
		check_shown(warnings->pdata[i]);
	if (keymap_find(VIEW_HELP, &esc) != COMMAND_BACK)
		g_error("Esc no longer leads back");
	keymap_reset();
}

static void read_config(const uint8_t *data, size_t size)
{
	g_autoptr(GError) err = NULL;
	struct profile *p;

	put(data, size);
	p = profile_load(NULL, &err);
	if (p)
		profile_free(p);
	else
		check_words(err ? err->message : NULL);
}

static void read_export(const uint8_t *data, size_t size)
{
	g_autoptr(GError) err = NULL;
	struct codes_file *f = codes_file_read((const char *)data, size, &err);

	if (f)
		codes_file_free(f);
	else
		check_words(err ? err->message : NULL);
}

static void read_sealed(const uint8_t *data, size_t size)
{
	const struct codes_file_head head = {
		.version = CODES_FILE_VERSION,
		.property = (char[]){ "house" },
		.made_at = { INT64_C(1795378680000) },
		.pins = true,
	};
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) out = g_string_new(NULL);
	int n = 0;

	codes_file_begin(out, &head);
	for (; lines[n] && *lines[n]; n++)
		codes_file_line(out, lines[n]);
	codes_file_end(out, n);
	read_export((const uint8_t *)out->str, out->len);
}

static const struct {
	char first;
	void (*read)(const uint8_t *data, size_t size);
} kinds[] = { { 't', read_theme }, { 'k', read_keys }, { 'c', read_config }, { 'e', read_sealed } };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; size > 0 && i < G_N_ELEMENTS(kinds); i++) {
		if (data[0] == (uint8_t)kinds[i].first) {
			kinds[i].read(data + 1, size - 1);
			return 0;
		}
	}
	read_export(data, size);
	return 0;
}
