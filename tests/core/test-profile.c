/* profile: the configuration file, the environment over it, and what is said when it is wrong. */
#include "tests/core/rows.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/profile.h"
#include "core/profile_feed.h"
#include "core/profile_named.h"

static char *home;

static const char *const variables[] = { "KEYRACK_ENDPOINT", "KEYRACK_API_KEY", "KEYRACK_WORKSPACE",
					 "KEYRACK_CA_FILE", "KEYRACK_CACHE" };

static void remove_below(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		remove_below(path);
		g_remove(path);
	}
}

/* A home of its own for each test: no configuration, no cache, nothing in the environment. */
static int setup(void **state)
{
	(void)state;
	home = g_dir_make_tmp("keyrack-profile-XXXXXX", NULL);
	g_setenv("HOME", home, TRUE);
	g_unsetenv("XDG_CONFIG_HOME");
	g_unsetenv("XDG_CACHE_HOME");
	FOR_ROWS(i, variables)
	g_unsetenv(variables[i]);
	return home ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	remove_below(home);
	g_rmdir(home);
	g_clear_pointer(&home, g_free);
	return 0;
}

static char *below_home(const char *path)
{
	return g_build_filename(home, path, NULL);
}

static void write_config(const char *text)
{
	g_autofree char *path = profile_config_path();
	g_autofree char *folder = g_path_get_dirname(path);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

static struct profile *load(const char *id)
{
	g_autoptr(GError) err = NULL;
	struct profile *p = profile_load(id, &err);

	if (!p)
		fail_msg("no profile: %s", err->message);
	return p;
}

static void assert_below_home(const char *path, const char *want)
{
	g_autofree char *whole = below_home(want);

	assert_string_equal(path, whole);
}

#define FULL                                                                                       \
	"[keyrack]\nprofile = harbour\n"                                                           \
	"[profile harbour]\nname = Harbour House\nendpoint = https://connect.getseam.com/\n"       \
	"api-key-file = ~/keys/harbour.key\nca-file = ca.pem\nworkspace = w1\n"                    \
	"zone = Europe/Berlin\nfolder = /var/lib/keyrack/harbour\ngroup = yes\n"                   \
	"poll-interval = 2.5\nanswer-timeout = 90\ncheck-in = 16:30\n"                          \
	"check-out = 9:00\nmove-overlap = 15\n"                                                  \
	"[profile attic]\nendpoint = unix:/run/keyrackd.sock\n"                                    \
	"[screen]\ntheme = light\nascii = on\nmouse = no\n"                                         \
	"[notify]\ncode-failed = no\nlock-offline = false\nsync-stopped = 0\nrefused = off\n"      \
	"bell = NO\narrival-not-ready = no\n"

static void every_key_of_the_file_is_read(void **state)
{
	(void)state;
	write_config(FULL);
	OWN(profile) struct profile *p = load(NULL);

	assert_string_equal(p->id, "harbour");
	assert_string_equal(p->name, "Harbour House");
	assert_string_equal(p->endpoint, "https://connect.getseam.com");
	assert_below_home(p->api_key_file, "keys/harbour.key");
	assert_below_home(p->ca_file, ".config/keyrack/ca.pem"); /* relative to the file */
	assert_string_equal(p->workspace, "w1");
	assert_string_equal(p->zone, "Europe/Berlin");
	assert_string_equal(p->folder, "/var/lib/keyrack/harbour");
	assert_true(p->group);
	assert_int_equal(p->poll_interval_ms, 2500);
	assert_int_equal(p->answer_timeout_ms, 90000);
	assert_int_equal(p->check_in, 16 * 60 + 30);
	assert_int_equal(p->check_out, 9 * 60);
	assert_int_equal(p->move_overlap, 15);
	assert_false(p->notify_arrival);
	assert_string_equal(p->theme, "light");
	assert_true(p->ascii && !p->mouse);
	assert_false(p->notify_code_failed || p->notify_lock_offline || p->notify_sync_stopped ||
		     p->notify_refused || p->bell);
	assert_int_equal(p->warnings->len, 0);

	g_autofree char *file = profile_file(p, "cache.db");

	assert_string_equal(file, "/var/lib/keyrack/harbour/cache.db");
}

static void what_the_file_does_not_say_is_usual(void **state)
{
	(void)state;
	write_config(FULL);
	remove_below(home);
	write_config("[profile attic]\nendpoint = unix:/run/keyrackd.sock\n");
	OWN(profile) struct profile *p = load(NULL); /* the only one */

	assert_string_equal(p->id, "attic");
	assert_string_equal(p->name, "attic");
	assert_string_equal(p->endpoint, "unix:/run/keyrackd.sock");
	assert_below_home(p->folder, ".cache/keyrack/attic");
	assert_null(p->api_key_file);
	assert_null(p->theme);
	assert_null(p->zone);
	assert_false(p->group || p->ascii);
	assert_int_equal(p->poll_interval_ms, 2000);
	assert_int_equal(p->answer_timeout_ms, 0);
	assert_int_equal(p->check_in, 15 * 60);
	assert_int_equal(p->check_out, 11 * 60);
	assert_int_equal(p->move_overlap, 30);
	assert_true(p->mouse && p->bell && p->notify_code_failed && p->notify_lock_offline &&
		    p->notify_sync_stopped && p->notify_refused);
}

static void the_environment_alone_makes_a_profile(void **state)
{
	(void)state;
	g_setenv("KEYRACK_ENDPOINT", "http://127.0.0.1:3020", TRUE);
	g_setenv("KEYRACK_WORKSPACE", "w2", TRUE);
	g_autofree char *cache = below_home("xdg-cache");

	g_setenv("XDG_CACHE_HOME", cache, TRUE);
	OWN(profile) struct profile *p = load(NULL);

	assert_string_equal(p->id, "default");
	assert_string_equal(p->endpoint, "http://127.0.0.1:3020");
	assert_string_equal(p->workspace, "w2");
	assert_below_home(p->folder, "xdg-cache/keyrack/default");
	assert_int_equal(p->warnings->len, 0);

	g_unsetenv("KEYRACK_ENDPOINT");
	g_setenv("KEYRACK_API_KEY", "seam_test", TRUE);
	OWN(profile) struct profile *cloud = load("default");

	assert_string_equal(cloud->endpoint, "https://connect.getseam.com");
}

static void the_environment_overrides_the_file_in_a_cache_of_its_own(void **state)
{
	(void)state;
	write_config(FULL);
	g_setenv("KEYRACK_ENDPOINT", "http://localhost:1", TRUE);
	g_setenv("KEYRACK_CA_FILE", "/etc/ca.pem", TRUE);
	OWN(profile) struct profile *p = load(NULL);

	assert_string_equal(p->id, "harbour");
	assert_string_equal(p->endpoint, "http://localhost:1");
	assert_string_equal(p->ca_file, "/etc/ca.pem");
	/* Another server's locks must not go into the harbour's cache. */
	assert_non_null(strstr(p->folder, "/.cache/keyrack/harbour@"));

	g_setenv("KEYRACK_CACHE", "/srv/cache", TRUE);
	OWN(profile) struct profile *named = load(NULL);

	assert_string_equal(named->folder, "/srv/cache");

	/* The same server is no other one. */
	g_unsetenv("KEYRACK_CACHE");
	g_setenv("KEYRACK_ENDPOINT", "https://connect.getseam.com", TRUE);
	OWN(profile) struct profile *same = load(NULL);

	assert_string_equal(same->folder, "/var/lib/keyrack/harbour");
}

static void what_is_wrong_is_said_with_where_to_write_it(void **state)
{
#define P "[profile a]\nendpoint = http://localhost\n"
	static const struct {
		const char *config; /* NULL: no file */
		const char *id;
		const char *says[3];
	} row[] = {
		{ NULL, NULL, { "keyrack.conf", "[profile home]", "KEYRACK_ENDPOINT" } },
		{ "", NULL, { "keyrack.conf", "[profile home]" } },
		{ "[profile a]\n", NULL, { "[profile a]", "no endpoint" } },
		{ P "[profile b]\n", NULL, { "a, b", "--profile" } },
		{ P, "b", { "'b'", "It has: a" } },
		{ "[keyrack]\nprofile = c\n" P, NULL, { "'c'", "It has: a" } },
		{ "[keyrack]\nprofile = ../x\n[profile ../x]\n", NULL, { "'../x'" } },
		{ P "endpoint = ftp://x\n", NULL, { "[profile a]", "endpoint must", "https://" } },
		{ P "endpoint = connect.getseam.com\n", NULL, { "endpoint must" } },
		{ P "endpoint = https://\n", NULL, { "endpoint must" } },
		{ P "endpoint = https://me:pw@x\n", NULL, { "endpoint must", "password" } },
		{ P "endpoint = unix:run/x\n", NULL, { "endpoint must", "unix:/run" } },
		{ P "poll-interval = 0\n", NULL, { "poll-interval must be 1 to 3600" } },
		{ P "answer-timeout = 0.5\n", NULL, { "answer-timeout must be 1 to 3600" } },
		{ P "poll-interval = 3601\n", NULL, { "poll-interval must" } },
		{ P "poll-interval = 2s\n", NULL, { "poll-interval must" } },
		{ P "poll-interval = nan\n", NULL, { "poll-interval must" } },
		{ P "poll-interval = 2 # seconds\n", NULL, { "poll-interval must" } },
		{ P "check-in = 3pm\n", NULL, { "check-in must be a time like 15:00" } },
		{ P "check-in = 24:00\n", NULL, { "check-in must" } },
		{ P "check-out = 11:0\n", NULL, { "check-out must" } },
		{ P "move-overlap = 1:00\n", NULL, { "move-overlap must" } },
		{ P "move-overlap = 241\n", NULL, { "move-overlap must" } },
		{ P "group = maybe\n", NULL, { "group must be yes or no" } },
		{ P "zone = Europe/Berln\n", NULL, { "zone must" } },
		{ P "api-key-file = ~anna/key\n", NULL, { "api-key-file may", "~/" } },
		{ P "[notify]\nbell = loud\n", NULL, { "[notify]", "bell must be yes or no" } },
		{ "# fine\n" P "seam_secretkey123\n", NULL, { "line 4" } },
		{ "endpoint = x\n" P, NULL, { "keyrack.conf", "[group]" } },
		{ P "name = \xff\n", NULL, { "name is not valid text" } },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_autoptr(GError) err = NULL;
		g_autofree char *name = g_strdup_printf("row %zu", i);

		if (row[i].config)
			write_config(row[i].config);
		OWN(profile) struct profile *p = profile_load(row[i].id, &err);

		ROW_INT(name, p != NULL, false);
		ROW_INT(name, g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG), true);
		for (size_t s = 0; s < 3 && row[i].says[s]; s++) {
			if (!strstr(err->message, row[i].says[s]))
				fail_msg("%s: '%s' is not in: %s", name, row[i].says[s],
					 err->message);
		}
		/* It may be a key or a password in the wrong place. */
		ROW_INT(name, strstr(err->message, "secret") || strstr(err->message, "me:pw"),
			false);
	}
}

static void what_nobody_understands_is_a_warning(void **state)
{
	(void)state;
	write_config(P "colour = blue\napi-key = seam_secret\n[profile b]\nendpont = x\n"
		       "[screen]\nteme = dark\n[extra]\nx = 1\n");
	OWN(profile) struct profile *p = load("a");
	static const char *const says[] = { "'colour' of [profile a]", "api-key-file",
					    "'endpont' of [profile b]", "'teme' of [screen]",
					    "[extra]" };

	assert_int_equal(p->warnings->len, G_N_ELEMENTS(says));
	FOR_ROWS(i, says)
	{
		const char *warning = g_ptr_array_index(p->warnings, i);

		if (!strstr(warning, says[i]))
			fail_msg("'%s' is not in: %s", says[i], warning);
		assert_null(strstr(warning, "secret"));
	}
}

static void a_key_in_clear_over_the_network_is_a_warning(void **state)
{
	static const struct {
		const char *endpoint;
		guint warnings;
	} row[] = {
		{ "http://10.0.0.5:3020", 1 },	{ "HTTP://seam.example", 1 },
		{ "http://localhost:3020", 0 }, { "http://127.0.0.1:3020", 0 },
		{ "http://[::1]:3020", 0 },	{ "https://10.0.0.5", 0 },
		{ "unix:/run/x", 0 },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		g_setenv("KEYRACK_ENDPOINT", row[i].endpoint, TRUE);
		OWN(profile) struct profile *p = load(NULL);

		ROW_INT(row[i].endpoint, p->warnings->len, row[i].warnings);
	}
}

static void profiles_are_listed(void **state)
{
	(void)state;
	g_auto(GStrv) none = profile_names(NULL);

	assert_null(none[0]);
	write_config(FULL);
	g_auto(GStrv) names = profile_names(NULL);

	assert_string_equal(names[0], "harbour");
	assert_string_equal(names[1], "attic");
	assert_null(names[2]);
	write_config("nonsense");
	assert_null(profile_names(NULL));
}

static void the_folder_is_for_the_owner_or_the_group_alone(void **state)
{
	static const struct {
		const char *folder;
		bool group;
		mode_t before; /* 0: it is not there yet */
		mode_t after;
	} row[] = {
		{ "a/b/private", false, 0, 0700 }, { "c/d/shared", true, 0, 02770 },
		{ "open", false, 0755, 0700 },	   { "narrow", true, 0700, 02770 },
		{ "kept", false, 0700, 0700 },
	};

	(void)state;
	mode_t mask = umask(027);

	FOR_ROWS(i, row)
	{
		g_autofree char *folder = below_home(row[i].folder);
		struct profile p = { .folder = folder,
				     .group = row[i].group,
				     .id = (char[]){ "x" } };
		g_autoptr(GError) err = NULL;
		struct stat st;

		if (row[i].before) {
			g_mkdir(folder, 0700);
			chmod(folder, row[i].before);
		}
		ROW_INT(folder, profile_make_folder(&p, &err), true);
		ROW_INT(folder, stat(folder, &st), 0);
		ROW_INT(folder, st.st_mode & 07777, row[i].after);
		ROW_INT(folder, profile_make_folder(&p, &err), true); /* again is fine */
	}
	umask(mask);

	g_autofree char *file = below_home("file");
	g_autofree char *below = below_home("file/below");
	g_autoptr(GError) err = NULL, err2 = NULL;
	struct profile on_file = { .folder = file, .id = (char[]){ "x" } };
	struct profile below_file = { .folder = below, .id = (char[]){ "x" } };

	assert_true(g_file_set_contents(file, "", 0, NULL));
	assert_false(profile_make_folder(&on_file, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	assert_false(profile_make_folder(&below_file, &err2));
	assert_true(g_error_matches(err2, KEYRACK_ERROR, KEYRACK_ERROR_IO));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* ---- what would be waited for ---- */

static void a_pipe_in_place_of_the_file_is_said_and_not_waited_for(void **state)
{
	g_autofree char *path = profile_config_path();
	g_autoptr(GError) err = NULL;

	(void)state;
	write_config("");
	g_unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(10);
	assert_null(profile_load(NULL, &err));
	alarm(0);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
	assert_non_null(strstr(err->message, "no ordinary file"));
}

static void a_profile_without_its_word_is_named(void **state)
{
	g_autoptr(GError) err = NULL;

	(void)state;
	write_config("[harbour]\nendpoint = https://example.com\n");
	assert_null(profile_load(NULL, &err));
	assert_non_null(strstr(err->message, "[profile harbour]"));
}

static void a_strangers_folder_that_all_can_write_is_refused(void **state)
{
	g_autofree char *folder = below_home("open");
	struct profile p = { .id = home, .folder = folder };
	g_autoptr(GError) err = NULL;

	(void)state;
	if (geteuid() != 0)
		skip(); /* only root can give a folder away */
	assert_int_equal(g_mkdir(folder, 0700), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(chown(folder, 12345, 12345), 0);
	assert_false(profile_make_folder(&p, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG));
}

#define ONE_PROFILE "[profile a]\nendpoint = http://127.0.0.1:1\n"

static void feeds_are_read_with_their_profile(void **state)
{
	const struct feed_profile *f;
	g_autofree char *place = NULL;

	(void)state;
	write_config(ONE_PROFILE
		     "[feed airbnb 101]\nurl = https://www.airbnb.com/calendar/1.ics?s=SECRET\nroom = 101 Garden\n"
		     "doors = Gym; Pool\ninterval = 5\nauto = new\npin = phone\nkind = ical\ncolour = red\n"
		     "[feed other]\nprofile = b\nurl = /tmp/x.csv\n");
	OWN(profile) struct profile *p = profile_load(NULL, NULL);
	assert_non_null(p);
	assert_int_equal(p->feeds->len, 1);
	f = profile_feed(p, "airbnb 101");
	assert_non_null(f);
	assert_string_equal(f->room, "101 Garden");
	assert_string_equal(f->doors, "Gym; Pool");
	assert_int_equal(f->interval_ms, 300000);
	assert_int_equal(f->auto_apply, FEED_AUTO_NEW);
	assert_int_equal(f->kind, FEED_ICAL);
	assert_true(f->pin_from_phone);
	place = feed_profile_place(f);
	assert_string_equal(place, "https://www.airbnb.com/...");
	assert_int_equal(p->warnings->len, 1);
	assert_null(strstr(p->warnings->pdata[0], "SECRET"));
	assert_null(profile_feed(p, "other"));
}

static void door_sets_and_patterns_are_read_and_have_letters(void **state)
{
	(void)state;
	write_config(
		ONE_PROFILE
		"[doors housekeeping]\nlocks = 101 Garden, 2*\nplace = Sea\n[doors Halls]\nlocks = Gym\nletter = h\n"
		"[doors other]\nlocks = 1\nprofile = b\n"
		"[pattern early]\nhours = mon-fri 8-14\n[pattern tuesdays]\nhours = tue 22-6\nletter = e\n");
	OWN(profile) struct profile *p = profile_load(NULL, NULL);

	assert_non_null(p);
	assert_int_equal(p->warnings->len, 0);
	assert_int_equal(p->door_sets->len, 2);
	assert_string_equal(profile_door_set(p, "HOUSEKEEPING")->locks, "101 Garden, 2*");
	/* A letter that is written goes before one that is guessed, wherever it stands. */
	assert_int_equal(profile_door_set(p, "Halls")->letter, 'h');
	assert_int_equal(profile_door_set(p, "housekeeping")->letter, 'o');
	assert_int_equal(profile_pattern(p, "tuesdays")->letter, 'e');
	assert_int_equal(profile_pattern(p, "early")->letter, 'a');
	assert_int_equal(profile_pattern(p, "early")->hours.days, 0x1f);
	assert_null(profile_pattern(p, "late"));
}

static void a_set_or_pattern_that_makes_no_sense_says_what_to_write(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "[doors x]\nletter = a\n", "locks is missing" },
		{ "[doors x]\nlocks = 1\nletter = ab\n", "letter must be one letter, a to z" },
		{ "[doors ]\nlocks = 1\n", "its name is 1 to 40 letters" },
		{ "[pattern x]\n", "hours is missing: mon-fri 8-14" },
		{ "[pattern x]\nhours = mon\n", "hours cannot be read: From when until when?" },
		{ "[pattern x]\nhours = mon 8-9\nletter = m\n", "letter must be one letter, and none that a day" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		g_autofree char *text = g_strconcat(ONE_PROFILE, rows[i].text, NULL);
		g_autoptr(GError) err = NULL;

		write_config(text);
		assert_null(profile_load(NULL, &err));
		if (!strstr(err->message, rows[i].want))
			fail_msg("%s: it says: %s", rows[i].text, err->message);
	}
}

static void a_feed_that_makes_no_sense_says_what_to_write(void **state)
{
	static const struct {
		const char *feed, *want;
	} rows[] = {
		{ "[feed x]\nroom = 1\n", "url is missing: the address of the feed, or a file" },
		{ "[feed x]\nurl = ftp://h/x\n", "url must be https://..., or a file on this computer" },
		{ "[feed x]\nurl = http://example.org/x.ics?s=SECRET\n",
		  "url must be https://: over http:// everybody on the way reads who comes, and the address itself" },
		{ "[feed x]\nurl = /x\ninterval = 4\n", "interval must be 5 to 1440 minutes" },
		{ "[feed x]\nurl = /x\nauto = yes\n", "auto must be no, new or all" },
		{ "[feed x]\nurl = /x\npin = birthday\n", "pin must be random or phone" },
		{ "[feed ]\nurl = /x\n", "a feed's name is 1 to 40 letters that can be printed" },
	};

	(void)state;
	FOR_ROWS(i, rows) {
		g_autofree char *text = g_strconcat(ONE_PROFILE, rows[i].feed, NULL);
		g_autoptr(GError) err = NULL;

		write_config(text);
		assert_null(profile_load(NULL, &err));
		assert_non_null(err);
		if (!g_str_has_suffix(err->message, rows[i].want) || strstr(err->message, "SECRET"))
			fail_msg("%s: %s", rows[i].feed, err->message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_key_of_the_file_is_read),
		TEST(what_the_file_does_not_say_is_usual),
		TEST(the_environment_alone_makes_a_profile),
		TEST(the_environment_overrides_the_file_in_a_cache_of_its_own),
		TEST(what_is_wrong_is_said_with_where_to_write_it),
		TEST(what_nobody_understands_is_a_warning),
		TEST(a_key_in_clear_over_the_network_is_a_warning),
		TEST(profiles_are_listed),
		TEST(the_folder_is_for_the_owner_or_the_group_alone),
		TEST(a_pipe_in_place_of_the_file_is_said_and_not_waited_for),
		TEST(a_profile_without_its_word_is_named),
		TEST(a_strangers_folder_that_all_can_write_is_refused),
		TEST(feeds_are_read_with_their_profile),
		TEST(door_sets_and_patterns_are_read_and_have_letters),
		TEST(a_set_or_pattern_that_makes_no_sense_says_what_to_write),
		TEST(a_feed_that_makes_no_sense_says_what_to_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
