/* hostile: the names of tests/hostile/names in lists that somebody sends, as names of files and of lists, and among
 * those who unlock the desk. What a command says of them is words, a line for each row. */
#include "config.h"

#include "tests/cli/desk.h"
#include "tests/hostile/tame.h"

#include <glib/gstdio.h>
#include <string.h>

#include "feed/parse.h"

#define CSV "id,guest,room,arrival,departure,phone\n1,\"%1$s\",102,2027-11-26,2027-11-28,\"%1$s\"\n" \
	    "2,Ben,\"%1$s\",2027-11-26,2027-11-28,\n"
#define ICAL "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTART;VALUE=DATE:20271126\r\n" \
	     "DTEND;VALUE=DATE:20271128\r\nSUMMARY:%1$s\r\nLOCATION:%1$s\r\nDESCRIPTION:Guest: %1$s\r\n" \
	     "END:VEVENT\r\nEND:VCALENDAR\r\n"

static const char *folder;

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static char *written(const char *name, const char *fmt, const char *word)
{
	char *path = in_folder(name);
	g_auto(GStrv) parts = g_strsplit(fmt, "%1$s", -1);
	g_autofree char *text = g_strjoinv(word, parts);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static const struct outcome *of_csv(const char *name)
{
	g_autofree char *path = written("list.csv", CSV, name);
	const struct outcome *o = desk_run("import", path, "--dry-run", NULL);
	g_auto(GStrv) lines = g_strsplit(o->out, "\n", -1);

	/* A heading, two rows, and the end; or it is refused whole. */
	if (*o->out && g_strv_length(lines) != 4 && !strchr(name, '"'))
		fail_msg("%u lines: %s", g_strv_length(lines), o->out);
	return o;
}

static const struct outcome *of_csv_json(const char *name)
{
	g_autofree char *path = written("list.csv", CSV, name);

	return desk_run("import", path, "--dry-run", "--json", NULL);
}

static const struct outcome *of_csv_done(const char *name)
{
	g_autofree char *path = written("list.csv", CSV, name);

	return desk_run("import", path, "--yes", NULL);
}

static const struct outcome *of_outbox(const char *name)
{
	(void)name;
	return desk_run("outbox", NULL);
}

static const struct outcome *of_ical(const char *name)
{
	g_autofree char *path = written("list.ics", ICAL, name);

	return desk_run("import", path, "--room", "Gym", "--dry-run", NULL);
}

static const struct outcome *of_ical_json(const char *name)
{
	g_autofree char *path = written("list.ics", ICAL, name);

	return desk_run("import", path, "--dry-run", "--json", NULL);
}

static const struct outcome *of_lists_name(const char *name)
{
	g_autofree char *path = written("list.csv", CSV, "Ana");

	return desk_run("import", path, "--feed", name, "--yes", NULL);
}

static const struct outcome *of_journal(const char *name)
{
	(void)name;
	return desk_run("journal", NULL);
}

/* A file that came with a mail is called as its sender liked. */
static const struct outcome *of_file(const char *name)
{
	g_autofree char *flat = g_strdelimit(g_strndup(name, 100), "/", '_'), *last = g_strconcat(flat, ".csv", NULL);
	g_autofree char *path = written(last, CSV, "Ana");
	const struct outcome *o = desk_run("import", path, "--dry-run", NULL);

	g_unlink(path);
	return o;
}

static const struct outcome *of_file_not_there(const char *name)
{
	return desk_run("import", name, "--dry-run", NULL);
}

static const struct outcome *of_export(const char *name)
{
	g_autofree char *flat = g_strdelimit(g_strndup(name, 100), "/", '_'), *path = in_folder(flat);
	const struct outcome *o = desk_run("export", path, NULL);

	g_unlink(path);
	return o;
}

static const struct outcome *of_restore(const char *name)
{
	g_autofree char *path = written("list.csv", "%1$s", name);

	return desk_run("restore", path, "--yes", NULL);
}

static const struct outcome *of_operator(const char *name)
{
	return desk_run("operator", "remove", name, NULL);
}

static const struct {
	const char *where;
	const struct outcome *(*run)(const char *name);
} places[] = {
	{ "a list in CSV", of_csv },
	{ "a list in CSV, as JSON", of_csv_json },
	{ "a list in CSV, done", of_csv_done },
	{ "what is queued of it", of_outbox },
	{ "a calendar", of_ical },
	{ "a calendar, as JSON", of_ical_json },
	{ "a list's name", of_lists_name },
	{ "the journal of it", of_journal },
	{ "a file's name", of_file },
	{ "the name of a file that is not there", of_file_not_there },
	{ "an export's name", of_export },
	{ "an export", of_restore },
	{ "somebody who unlocks", of_operator },
};

static void no_name_gets_out_of_its_place(void **state)
{
	g_autoptr(GPtrArray) names = hostile_names();

	folder = desk_house(state)->folder;
	for (guint n = 0; n < names->len; n++) {
		const struct hostile_name *name = names->pdata[n];

		for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
			const struct outcome *o = places[i].run(name->bytes);

			if (!is_tame(o->out, true) || !is_tame(o->err, true))
				fail_msg("%s in %s: %s%s", name->file, places[i].where, o->out, o->err);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_name_gets_out_of_its_place, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
