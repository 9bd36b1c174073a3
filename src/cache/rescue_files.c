/* rescue_files - how a new cache comes into the place of a damaged one: see rescue.h.
 *
 * The new one is path.rescue while it is made and path.rescued once it is whole; only then is the damaged one given
 * another name and the place taken, in one step, so that at no moment there is nothing and an empty cache is begun. */
#include "config.h"

#include "cache/rescue.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/instant.h"

#define MAKING ".rescue"
#define WHOLE  ".rescued"

static const char *const companions[] = { "-wal", "-shm" };

void rescue_unlink(const char *path)
{
	g_unlink(path);
	for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
		g_autofree char *name = g_strconcat(path, companions[i], NULL);

		g_unlink(name);
	}
}

bool rescue_is_open(const char *path)
{
	g_autofree char *whole = g_strconcat(path, WHOLE, NULL);

	return g_file_test(whole, G_FILE_TEST_EXISTS);
}

char *rescue_begin(const char *path)
{
	g_autofree char *whole = g_strconcat(path, WHOLE, NULL);
	char *fresh = g_strconcat(path, MAKING, NULL);

	rescue_unlink(fresh);
	g_rename(whole, fresh);
	return fresh;
}

static bool failed(const char *path, const char *words, GError **err)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s %s: %s", path, words, g_strerror(errno));
	return false;
}

/* Where there are no two names for one file it goes to the other, and for a moment there is none. */
static bool name_it(const char *path, const char *aside, GError **err)
{
	if (link(path, aside) == 0 || g_rename(path, aside) == 0 || errno == ENOENT)
		return true;
	return failed(path, "is damaged, and cannot be renamed", err);
}

static bool move_companions(const char *path, const char *aside, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
		g_autofree char *from = g_strconcat(path, companions[i], NULL);
		g_autofree char *to = g_strconcat(aside, companions[i], NULL);

		if (g_rename(from, to) != 0 && errno != ENOENT)
			return failed(from, "belongs to a damaged cache, and cannot be renamed", err);
	}
	return true;
}

bool rescue_end(const char *path, const char *aside, GError **err)
{
	g_autofree char *fresh = g_strconcat(path, MAKING, NULL), *whole = g_strconcat(path, WHOLE, NULL);

	if (g_rename(fresh, whole) != 0)
		return failed(fresh, "cannot be renamed", err);
	if (!name_it(path, aside, err) || !move_companions(path, aside, err))
		return false;
	return g_rename(whole, path) == 0 || failed(whole, "cannot be renamed", err);
}

/* ---- names ---- */

#define DAMAGED ".damaged-"
#define LOSSY	"-lost"

/* path.damaged-20261122T211804Z, and a number where that is taken. */
char *rescue_name(const char *path, bool lossy)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(instant_now().ms / SECOND_MS);
	g_autofree char *when = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
	const char *how = lossy ? LOSSY : "";
	char *name = g_strdup_printf("%s" DAMAGED "%s%s", path, when, how);

	for (int i = 2; g_file_test(name, G_FILE_TEST_EXISTS); i++) {
		g_free(name);
		name = g_strdup_printf("%s" DAMAGED "%s-%d%s", path, when, i, how);
	}
	return name;
}

void rescue_remove_older(const char *path, const char *newest)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *kept = g_path_get_basename(newest);
	g_autofree char *prefix = g_strconcat(name, DAMAGED, NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir))) {
		g_autofree char *whole = g_build_filename(folder, entry, NULL);
		const char *rest = g_str_has_prefix(entry, kept) ? entry + strlen(kept) : NULL;
		bool of_kept = rest && (*rest == '\0' || strcmp(rest, "-wal") == 0 || strcmp(rest, "-shm") == 0);

		if (g_str_has_prefix(entry, prefix) && !of_kept && !strstr(entry, LOSSY))
			g_unlink(whole);
	}
}
