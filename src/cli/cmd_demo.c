/* keyrack demo - the console on a house that is not there: a keyrackd with simulated locks and people
 * who open them, in a temporary folder.
 *
 * A keeper, a process of its own, starts keyrackd and a sync, and holds the reading end of a pipe
 * whose other end only this process has. That pipe ends however this process does, also when it is
 * killed; then the keeper ends both and removes the folder. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined __linux__
#include <sys/prctl.h>
#endif

#include "cli/cli.h"
#include "cli/demo_config.h"
#include "core/shipped.h"
#include "sync/credential.h"

#define PROPERTY "harbour-house"
/* So many times as many people as live there: a night desk would see a line every few seconds. */
#define PEOPLE "--people=16"
#define SEED "--seed=7"
#define READY_FD 3

struct keeper {
	char *folder, *store, *listen, *key_file;
	GPid engine, sync;
};

/* ---- children ---- */

static void in_child(void *data)
{
	(void)data;
	setsid(); /* Ctrl-C is the console's */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
#if defined __linux__
	prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
}

/* Beside this program, else where the shell would find it. */
static char *program(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	g_autofree char *beside = folder ? g_build_filename(folder, name, NULL) : NULL;

	if (beside && access(beside, X_OK) == 0)
		return g_steal_pointer(&beside);
	return g_find_program_in_path(name);
}

static int log_of(const struct keeper *k, const char *name)
{
	g_autofree char *path = g_strdup_printf("%s/%s.log", k->folder, name);

	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/* What it said last, for a person. */
static void say_why(const struct keeper *k, const char *name, GError **err)
{
	g_autofree char *path = g_strdup_printf("%s/%s.log", k->folder, name);
	g_autofree char *text = NULL;
	const char *line;

	g_file_get_contents(path, &text, NULL, NULL);
	g_strchomp(text ? text : (text = g_strdup("")));
	line = strrchr(text, '\n');
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "The demo's %s did not start: %s",
		    name, *text ? (line ? line + 1 : text) : "it said nothing");
}

/* Returns once the child has said that it serves; it inherits the writing end as READY_FD. */
static bool start(const struct keeper *k, const char *name, const char *const *argv, GPid *pid,
		  GError **err)
{
	int pipe_fds[2], target = READY_FD, log;
	g_autoptr(GError) why = NULL;
	char byte;
	ssize_t got;
	bool spawned;

	if (!g_unix_open_pipe(pipe_fds, FD_CLOEXEC, err))
		return false;
	log = log_of(k, name);
	spawned = g_spawn_async_with_pipes_and_fds(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
						   in_child, NULL, -1, log, log, &pipe_fds[1],
						   &target, 1, pid, NULL, NULL, NULL, &why);
	close(pipe_fds[1]);
	close(log);
	if (!spawned)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "%s cannot be started: %s",
			    name, why->message);
	do
		got = spawned ? read(pipe_fds[0], &byte, 1) : -1;
	while (got < 0 && spawned && errno == EINTR);
	close(pipe_fds[0]);
	if (spawned && got != 1)
		say_why(k, name, err);
	return got == 1;
}

static void end(GPid pid, int signal_no)
{
	if (pid <= 0)
		return;
	kill(pid, signal_no);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* ---- the house ---- */

static bool start_engine(struct keeper *k, const char *property, GError **err)
{
	g_autofree char *binary = program("keyrackd");
	const char *argv[] = { binary,	 "--store", k->store, "--listen", k->listen,
			       "--simulate", property,	PEOPLE,	  SEED,
			       "--ready-fd=" G_STRINGIFY(READY_FD), NULL };

	if (binary)
		return start(k, "keyrackd", argv, &k->engine, err);
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "There is no keyrackd beside keyrack or on PATH");
	return false;
}

static bool make_key(struct keeper *k, GError **err)
{
	g_autofree char *binary = program("keyrackd");
	const char *argv[] = { binary, "key", "create", "--role=admin", "--store", k->store, NULL };
	g_autoptr(GError) why = NULL;
	char *key = NULL;
	int status;
	bool ok = g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL,
			       NULL, NULL, &key, NULL, &status, &why) &&
		  g_spawn_check_wait_status(status, &why) &&
		  g_file_set_contents_full(k->key_file, key, -1, G_FILE_SET_CONTENTS_NONE, 0600,
					   &why);

	if (key)
		credential_wipe(key);
	if (!ok)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			    "The demo's key could not be made: %s", why->message);
	return ok;
}

/* "Harbour House" is also the property's title on the screen. */
static char *title_of(const char *property)
{
	g_autofree char *path = strchr(property, '/')
					? g_strdup(property)
					: shipped_property(property);
	g_autoptr(GKeyFile) file = g_key_file_new();
	char *name = NULL;

	if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
		name = g_key_file_get_string(file, "property", "name", NULL);
	return name ? name : g_strdup("Demo");
}

static bool write_config(const struct keeper *k, const char *property, GError **err)
{
	g_autofree char *title = title_of(property);
	struct demo_server d = { .folder = k->folder, .title = title, .listen = k->listen, .key_file = k->key_file };

	return demo_config_write(&d, err);
}

static bool start_sync(struct keeper *k, GError **err)
{
	g_autofree char *binary = program("keyrack");
	const char *argv[] = { binary, "sync", "--service", "--ready-fd=" G_STRINGIFY(READY_FD),
			       NULL };

	return binary && start(k, "sync", argv, &k->sync, err);
}

static bool keeper_open(struct keeper *k, const char *folder, const char *property, GError **err)
{
	k->folder = g_strdup(folder);
	k->store = g_strdup_printf("sqlite:%s/keyrackd.db", folder);
	k->listen = g_strdup_printf("unix:%s/keyrackd.sock", folder);
	k->key_file = g_build_filename(folder, "key", NULL);
	return start_engine(k, property, err) && make_key(k, err) &&
	       write_config(k, property, err) && start_sync(k, err);
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL
									: g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *inside = g_build_filename(path, name, NULL);

		remove_tree(inside);
	}
	g_remove(path);
}

/* ---- two processes ---- */

static void put(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t wrote;

	while (len > 0 && ((wrote = write(fd, text, len)) > 0 || errno == EINTR)) {
		text += MAX(wrote, 0);
		len -= (size_t)MAX(wrote, 0);
	}
}

/* up: told "" when all is well, else what is not. down: ends when the console's process does. */
G_NORETURN static void keep(const char *folder, const char *property, int up, int down)
{
	struct keeper k = { 0 };
	g_autoptr(GError) err = NULL;
	char byte;

	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (!keeper_open(&k, folder, property, &err))
		put(up, err ? err->message : "The demo did not start");
	close(up);
	while (read(down, &byte, 1) < 0 && errno == EINTR)
		;
	end(k.sync, SIGTERM);
	end(k.engine, SIGKILL); /* nothing of it is kept: no lock is waited for */
	remove_tree(folder);
	_exit(0);
}

/* All that comes, until the other side closes. */
static char *take_all(int fd)
{
	GString *text = g_string_new(NULL);
	char part[256];
	ssize_t got;

	while ((got = read(fd, part, sizeof part)) > 0 || (got < 0 && errno == EINTR))
		g_string_append_len(text, part, MAX(got, 0));
	return g_string_free(text, FALSE);
}

static int console(struct cli *cli, const struct args *args, const char *folder, int from_keeper,
		   GError **err)
{
	g_autofree char *wrong = take_all(from_keeper);

	if (*wrong) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, wrong);
		return EXIT_FAILED;
	}
	demo_live_in(folder);
	cli->profile_id = NULL;
	cli->demo = true;
	return cmd_console(cli, args, err);
}

int cmd_demo(struct cli *cli, const struct args *args, GError **err)
{
	const char *property = args->words->len ? args->words->pdata[0] : PROPERTY;
	g_autofree char *whole = strchr(property, '/') ? g_canonicalize_filename(property, NULL)
						       : g_strdup(property);
	g_autofree char *folder = NULL;
	int up[2], down[2], code;
	pid_t keeper;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "demo opens a screen: run it in a terminal");
		return EXIT_USAGE;
	}
	folder = g_dir_make_tmp("keyrack-demo-XXXXXX", err);
	if (!folder || !g_unix_open_pipe(up, FD_CLOEXEC, err) ||
	    !g_unix_open_pipe(down, FD_CLOEXEC, err))
		return EXIT_FAILED;
	keeper = fork();
	if (keeper == 0) {
		close(up[0]);
		close(down[1]);
		keep(folder, whole, up[1], down[0]);
	}
	close(up[1]);
	close(down[0]);
	code = console(cli, args, folder, up[0], err);
	close(up[0]);
	close(down[1]);
	while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
		;
	return code;
}
