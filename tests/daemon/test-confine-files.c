/* Which files keyrackd can still touch once it serves, and which not: each row in a process of its own. */
#include "config.h"

#include "tests/core/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/confine_files.h"

/* Below a folder of its own: what was given, and 'home', which was not. The process stands in it. */
static const struct confine_place given[] = {
	{ "store", CONFINE_KEEP },
	{ "config", CONFINE_READ },
	{ "run", CONFINE_REMOVE },
	{ "is/not/there", CONFINE_KEEP },
	{ NULL, CONFINE_READ },
};

static int opened(const char *path, int how)
{
	int fd = open(path, how | O_CLOEXEC, 0600);

	return fd < 0 ? -1 : close(fd);
}

static int reads(const char *path)
{
	return opened(path, O_RDONLY);
}

static int writes(const char *path)
{
	return opened(path, O_WRONLY);
}

static int reads_and_writes(const char *path)
{
	return opened(path, O_RDWR);
}

static int makes(const char *path)
{
	return opened(path, O_WRONLY | O_CREAT | O_EXCL);
}

static int empties(const char *path)
{
	return truncate(path, 0);
}

static int lists(const char *path)
{
	return opened(path, O_RDONLY | O_DIRECTORY);
}

static int makes_folder(const char *path)
{
	return mkdir(path, 0700);
}

static int takes_in(const char *path)
{
	return link(path, "store/taken");
}

static int puts_beside(const char *path)
{
	g_autofree char *beside = g_strconcat(path, ".new", NULL);

	return makes(beside) < 0 ? -1 : rename(beside, path);
}

static int runs(const char *path)
{
	char *argv[] = { (char *)(uintptr_t)"true", NULL };

	return execv(path, argv);
}

static int finds_host(const char *name)
{
	struct addrinfo *found = NULL;
	int failed = getaddrinfo(name, "443", NULL, &found);

	if (found)
		freeaddrinfo(found);
	errno = EHOSTUNREACH;
	return failed ? -1 : 0;
}

static int finds_zone(const char *name)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);

	errno = ENOENT;
	return zone ? 0 : -1;
}

enum { ALLOWED = 0, REFUSED = EACCES };
static const struct row {
	const char *name;
	int (*act)(const char *path);
	const char *path;
	int outcome;
} rows[] = {
	{ "the store", reads, "store/k.db", ALLOWED },
	{ "the store, written", writes, "store/k.db", ALLOWED },
	{ "the store, cut", empties, "store/k.db", ALLOWED },
	{ "its journal, made", makes, "store/k.db-wal", ALLOWED },
	{ "its journal, removed", unlink, "store/k.db", ALLOWED },
	{ "a file put in another's place", puts_beside, "store/k.db.locks", ALLOWED },
	{ "its folder", lists, "store", ALLOWED },
	{ "a folder in it", makes_folder, "store/folder", REFUSED },
	{ "a way out of it", reads, "store/way-out", REFUSED },
	{ "another's file taken in", takes_in, "home/letter", EXDEV },
	{ "the configuration", reads, "config/keyrackd.conf", ALLOWED },
	{ "the configuration, written", writes, "config/keyrackd.conf", REFUSED },
	{ "the configuration, removed", unlink, "config/keyrackd.conf", REFUSED },
	{ "another configuration", makes, "config/other.conf", REFUSED },
	{ "the socket, removed", unlink, "run/socket", ALLOWED },
	{ "another socket's folder, listed", lists, "run", REFUSED },
	{ "a file beside the socket", makes, "run/file", REFUSED },
	{ "a letter at home", reads, "home/letter", REFUSED },
	{ "a letter, written", writes, "home/letter", REFUSED },
	{ "a letter, removed", unlink, "home/letter", REFUSED },
	{ "a new letter", makes, "home/new", REFUSED },
	{ "the home, listed", lists, "home", REFUSED },
	{ "the temporary folder", makes, "new", REFUSED },
	{ "the whole disk", lists, "/", REFUSED },
	{ "other processes", reads, "/proc/self/environ", REFUSED },
	{ "a program", runs, "/bin/true", REFUSED },
	{ "names of hosts", reads, "/etc/hosts", ALLOWED },
	{ "names of hosts, written", writes, "/etc/hosts", REFUSED },
	{ "a host", finds_host, "localhost", ALLOWED },
	{ "a zone", finds_zone, "Europe/Berlin", ALLOWED },
	{ "certificates", lists, "/etc/ssl/certs", ALLOWED },
	{ "chance", reads, "/dev/urandom", ALLOWED },
	{ "nothing", reads_and_writes, "/dev/null", ALLOWED },
	{ "a disk of its own", makes, "/dev/shm/keyrack-new", REFUSED },
};

enum { NO_LANDLOCK = 254, NOT_DONE = 255 };
static int outcome_of(const struct row *r)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		g_autoptr(GError) err = NULL;

		switch (confine_files(given, G_N_ELEMENTS(given), &err)) {
		case CONFINE_ABSENT:
			_exit(NO_LANDLOCK);
		case CONFINE_FAILED:
			fprintf(stderr, "%s\n", err->message);
			_exit(NOT_DONE);
		case CONFINED:
			errno = 0;
			_exit(r->act(r->path) >= 0 ? ALLOWED : errno);
		}
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool absent(void)
{
	bool is = outcome_of(&rows[0]) == NO_LANDLOCK;

	if (is)
		print_message("no Landlock here, or built without it or with sanitizers\n");
	return is;
}

static const char *const folders[] = { "store", "config", "run", "home" };
static const char *const files[] = { "store/k.db", "store/k.db.locks", "config/keyrackd.conf", "run/socket",
				     "home/letter" };
static const char *const made[] = { "store/k.db-wal", "store/taken", "config/other.conf", "run/file", "home/new", "new",
				    "/dev/shm/keyrack-new" };

static void lay_out(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		g_mkdir(folders[i], 0700);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		assert_true(g_file_set_contents(files[i], "x", 1, NULL));
	if (symlink("../home/letter", "store/way-out") != 0)
		assert_int_equal(errno, EEXIST);
}

static void tidy(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(made); i++)
		g_unlink(made[i]);
	g_rmdir("store/folder");
}

static void clear_away(void)
{
	tidy();
	g_unlink("store/way-out");
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		g_unlink(files[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		g_rmdir(folders[i]);
}

/* Without a thing given up each row does what it says, so that a refusal is Landlock's. */
static int outcome_without(const struct row *r)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(r->act(r->path) >= 0 ? ALLOWED : errno);
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WEXITSTATUS(status);
}

static void it_finds_its_store_and_the_system_s_files_and_no_others(void **state)
{
	(void)state;
	lay_out();
	if (absent())
		return;
	FOR_ROWS (i, rows) {
		lay_out();
		ROW_INT(rows[i].name, outcome_of(&rows[i]), rows[i].outcome);
		if (rows[i].outcome == REFUSED && rows[i].path[0] != '/')
			ROW_INT(rows[i].name, outcome_without(&rows[i]), ALLOWED);
		tidy();
	}
}

static gpointer waits(gpointer data)
{
	g_mutex_lock(data);
	g_mutex_unlock(data);
	return NULL;
}

/* It would keep all files: so nothing is done, and said. */
static void a_thread_that_runs_already_is_said(void **state)
{
	GMutex hold;
	GThread *thread;
	g_autoptr(GError) err = NULL;

	(void)state;
	if (absent())
		return;
	g_mutex_init(&hold);
	g_mutex_lock(&hold);
	thread = g_thread_new("x", waits, &hold);
	assert_int_equal(confine_files(given, G_N_ELEMENTS(given), &err), CONFINE_FAILED);
	assert_non_null(strstr(err->message, "threads"));
	g_mutex_unlock(&hold);
	g_thread_join(thread);
	assert_int_equal(reads("home/letter"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_finds_its_store_and_the_system_s_files_and_no_others),
		cmocka_unit_test(a_thread_that_runs_already_is_said),
	};
	char folder[] = "/tmp/keyrack-confine-XXXXXX";
	int failed;

	if (!g_mkdtemp(folder) || chdir(folder) != 0)
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	clear_away();
	g_rmdir(folder);
	return failed;
}
