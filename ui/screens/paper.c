/* paper - plain text to a file or to lp; see the header.
 *
 * Nothing is written over unasked, a file is its owner's alone, and a printer is not waited for:
 * lp reads from a file that has no name any more, and what became of it is said when it is known. */
#include "ui/screens/paper.h"

#include "ui/app_core.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct paper {
	char *what, *text, *path;
};

static struct paper *paper_new(const char *what, const char *text, const char *path)
{
	struct paper *p = g_new0(struct paper, 1);

	p->what = g_strdup(what);
	p->text = g_strdup(text);
	p->path = g_strdup(path);
	return p;
}

static void paper_free(void *data)
{
	struct paper *p = data;

	g_free(p->what);
	g_free(p->text);
	g_free(p->path);
	g_free(p);
}

/* ---- the printer ---- */

struct printing {
	struct app *app;
	char *what;
};

static void printed(GPid pid, int status, void *data)
{
	struct printing *p = data;

	g_spawn_close_pid(pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		app_message(p->app, false, "The %s is with the printer.", p->what);
	else
		app_message(p->app, true, "The %s was not printed: lp failed. Name a file instead.", p->what);
	app_redraw(p->app);
	g_free(p->what);
	g_free(p);
}

/* An open file with that text and no name; -1 with err. */
static int nameless(const char *text, GError **err)
{
	g_autofree char *name = NULL;
	int fd = g_file_open_tmp("keyrack-XXXXXX", &name, err);
	size_t left = strlen(text);

	if (fd < 0)
		return -1;
	g_unlink(name);
	while (left) {
		ssize_t n = write(fd, text, left);

		if (n <= 0) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "no room for it");
			close(fd);
			return -1;
		}
		text += n;
		left -= (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void print(struct app *app, const struct paper *paper)
{
	char lp[] = "lp", quiet[] = "-s";
	char *argv[] = { lp, quiet, NULL };
	g_autoptr(GError) err = NULL;
	int in = nameless(paper->text, &err), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct printing *p;
	GPid pid;

	if (in < 0 || !g_spawn_async_with_fds(NULL, argv, NULL,
					      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
					      &pid, in, nowhere, nowhere, &err)) {
		app_message(app, true, "Not printed: %s", err ? err->message : "lp cannot be started");
	} else {
		p = g_new0(struct printing, 1);
		p->app = app;
		p->what = g_strdup(paper->what);
		g_child_watch_add(pid, printed, p);
		app_message(app, false, "The %s goes to the printer.", paper->what);
	}
	if (in >= 0)
		close(in);
	if (nowhere >= 0)
		close(nowhere);
}

/* ---- a file ---- */

static void save(struct app *app, void *ctx)
{
	struct paper *p = ctx;
	g_autoptr(GError) err = NULL;

	if (g_file_set_contents_full(p->path, p->text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &err))
		app_message(app, false, "The %s is in %s.", p->what, p->path);
	else
		app_message(app, true, "Not written: %s", err->message);
}

char *paper_path(const char *typed)
{
	if (typed[0] == '~' && (typed[1] == '/' || !typed[1]))
		return g_build_filename(g_get_home_dir(), typed + 1, NULL);
	return g_canonicalize_filename(typed, g_get_home_dir());
}

static void named(struct app *app, const char *typed, void *ctx)
{
	const struct paper *p = ctx;
	g_autofree char *path = paper_path(typed), *question = NULL;

	if (g_strcmp0(typed, "lp") == 0) {
		print(app, p);
		return;
	}
	struct paper *mine = paper_new(p->what, p->text, path);

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		save(app, mine);
		paper_free(mine);
		return;
	}
	question = g_strdup_printf("Replace %s?", path);
	app_ask(app, question, "There is a file of this name already. What is in it now would be lost.",
		"Replace", save, mine, paper_free);
}

/* A desk that nothing leaves writes no file. */
static void print_or_say(struct app *app, const char *what, char *text)
{
	struct paper *p = paper_new(what, text, NULL);

	print(app, p);
	paper_free(p);
	g_free(text);
}

void paper_ask(struct app *app, const char *what, const char *name, char *text)
{
	g_autofree char *question = g_strdup_printf("Write the %s to which file?", what);
	g_autofree char *offered = g_strdup_printf("~/%s", name);

	if (app->world.kiosk) {
		print_or_say(app, what, text);
		return;
	}
	app_ask_line(app, question, "lp instead of a name prints it.", offered, named,
		     paper_new(what, text, NULL), paper_free);
	g_free(text);
}

bool paper_print(struct app *app, const char *what, const char *name, char *text)
{
	g_autofree char *lp = g_find_program_in_path("lp");
	struct paper *p;

	if (!lp) {
		paper_ask(app, what, name, text);
		return false;
	}
	p = paper_new(what, text, NULL);
	print(app, p);
	paper_free(p);
	g_free(text);
	return true;
}
