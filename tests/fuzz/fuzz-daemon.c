/* fuzz-daemon: any text as a property of simulated locks or as keyrackd's configuration is read, or refused in
 * words. The first byte says which. */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "daemon/options.h"
#include "drivers/simulated.h"
#include "engine/clock.h"
#include "tests/fuzz/fuzz.h"

static char *folder, *path;

static void at_exit(void)
{
	g_unlink(path);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
}

static void put(const uint8_t *data, size_t size)
{
	if (!folder) {
		folder = g_dir_make_tmp("fuzz-XXXXXX", NULL);
		path = g_build_filename(folder, "file", NULL);
		g_setenv("XDG_RUNTIME_DIR", folder, TRUE);
		g_setenv("XDG_DATA_HOME", folder, TRUE);
		atexit(at_exit);
	}
	if (!g_file_set_contents_full(path, (const char *)data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
		g_error("%s cannot be written", path);
}

static void look_at_error(const GError *err)
{
	g_assert_nonnull(err);
	g_assert_true(*err->message);
}

static void property(void)
{
	struct clock *clock = clock_new_standing((struct instant){ INT64_C(1767614400000) });
	struct simulated_options opt = { .property = path, .seed = 7 };
	g_autoptr(GError) err = NULL;
	struct driver *d = simulated_new(clock, &opt, &err);
	size_t n = 0;

	g_assert_true((d != NULL) != (err != NULL));
	if (d) {
		g_assert_true(simulated_property_codes(d, &n) || n == 0);
		d->ops->free(d);
	} else {
		look_at_error(err);
	}
	clock_free(clock);
}

static void configuration(void)
{
	static const struct option_row *const tables[] = { daemon_setting_option, daemon_option, NULL };
	char *words[] = { (char[]){ "--config" }, path, NULL };
	g_autoptr(GError) err = NULL;
	OWN(args) struct args *a = args_parse(words, tables, NULL);
	OWN(daemon_options) struct daemon_options *o = daemon_options_read(a, false, &err);

	g_assert_true((o != NULL) != (err != NULL));
	if (err)
		look_at_error(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	put(data + 1, size - 1);
	if (data[0] == 'c')
		configuration();
	else
		property();
	return 0;
}
