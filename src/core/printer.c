/* printer - lp, asked without waiting for it; see the header. */
#include "config.h"

#include "core/printer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

struct job {
	GSubprocess *lp;
	GCancellable *late;
	guint timer;
	bool over; /* the deadline has passed */
	printer_done *done;
	void *ctx;
};

/* As lp says it in English, and what helps. The first that fits. */
static const struct {
	const char *part, *words;
} sayings[] = {
	{ "no default destination",
	  N_("no printer is chosen on this computer: 'lpoptions -d NAME' chooses one, 'lpstat -p' names them") },
	{ "not accepting", N_("its queue takes nothing now: 'lpstat -a' says why, 'cupsaccept NAME' opens it") },
	{ "scheduler not responding", N_("the print service does not run: start CUPS") },
	{ "connection refused", N_("the print service does not run: start CUPS") },
	{ "does not exist",
	  N_("the printer that was chosen is not there any more: 'lpoptions -d NAME' chooses another") },
	{ "forbidden", N_("this user may not print there") },
	{ "not authorized", N_("this user may not print there") },
};

char *printer_words(const char *said)
{
	g_autofree char *safe = NULL, *folded = g_ascii_strdown(said ? said : "", -1);
	char *end;

	for (size_t i = 0; i < G_N_ELEMENTS(sayings); i++)
		if (strstr(folded, sayings[i].part))
			return g_strdup(_(sayings[i].words));
	safe = g_strstrip(g_strdup(said ? said : ""));
	end = strchr(safe, '\n');
	if (end)
		*end = '\0';
	if (g_str_has_prefix(safe, "lp: "))
		memmove(safe, safe + 4, strlen(safe) - 3);
	return *safe ? text_fit(safe, 120, CUT_END, false) : g_strdup(_("lp failed and gave no reason"));
}

/* An open file of that text at its beginning, with no name; -1 with err. */
static int nameless(const char *text, GError **err)
{
	size_t left = strlen(text);
	int fd = -1;

#ifdef MFD_CLOEXEC
	fd = memfd_create("keyrack", MFD_CLOEXEC);
#endif
	if (fd < 0) {
		g_autofree char *name = NULL;

		fd = g_file_open_tmp("keyrack-XXXXXX", &name, err);
		if (fd < 0)
			return -1;
		g_unlink(name);
	}
	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s", g_strerror(errno));
			close(fd);
			return -1;
		}
		text += n;
		left -= (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void job_free(struct job *j)
{
	if (j->timer)
		g_source_remove(j->timer);
	g_object_unref(j->lp);
	g_object_unref(j->late);
	g_free(j);
}

/* A group of its own, so that what lp has started ends with it. */
static void lead_a_group(gpointer unused)
{
	(void)unused;
	setpgid(0, 0);
}

static void end_group(GSubprocess *lp)
{
	const char *id = g_subprocess_get_identifier(lp); /* NULL: it has ended */
	pid_t pid = id ? (pid_t)g_ascii_strtoll(id, NULL, 10) : 0;

	if (pid > 1)
		kill(-pid, SIGKILL);
	g_subprocess_force_exit(lp);
}

/* What lp has started may hold its end of the pipe for ever: so the reading is given up as well. */
static gboolean too_late(gpointer p)
{
	struct job *j = p;

	j->timer = 0;
	j->over = true;
	end_group(j->lp);
	g_cancellable_cancel(j->late);
	return G_SOURCE_REMOVE;
}

static void ended(GObject *source, GAsyncResult *result, gpointer p)
{
	struct job *j = p;
	g_autoptr(GError) err = NULL;
	g_autofree char *said = NULL, *words = NULL;
	bool read = g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, NULL, &said, NULL);

	if (j->over)
		g_set_error(&err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "%s",
			    _("the printer does not answer; it may still print"));
	else if (!read || !g_subprocess_get_if_exited(j->lp) || g_subprocess_get_exit_status(j->lp) != 0)
		g_set_error(&err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED, "%s", words = printer_words(said));
	j->done(err, j->ctx);
	job_free(j);
}

bool printer_send(const char *text, int wait_ms, printer_done *done, void *ctx, GError **err)
{
	g_autoptr(GSubprocessLauncher) how = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
								       G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autoptr(GError) why = NULL;
	GSubprocess *lp;
	struct job *j;
	int in = nameless(text, err);

	if (in < 0)
		return false;
	g_subprocess_launcher_take_stdin_fd(how, in);
	g_subprocess_launcher_set_child_setup(how, lead_a_group, NULL, NULL);
	g_subprocess_launcher_setenv(how, "LC_ALL", "C.UTF-8", TRUE); /* its words are looked for */
	lp = g_subprocess_launcher_spawn(how, &why, "lp", "-s", NULL);
	if (!lp) {
		bool none = g_error_matches(why, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);

		g_set_error(err, KEYRACK_ERROR, none ? KEYRACK_ERROR_NOT_FOUND : KEYRACK_ERROR_IO, "%s",
			    none ? _("this computer has no 'lp': the package cups-client brings it") : why->message);
		return false;
	}
	j = g_new0(struct job, 1);
	*j = (struct job){ .lp = lp, .late = g_cancellable_new(), .done = done, .ctx = ctx };
	j->timer = g_timeout_add((guint)wait_ms, too_late, j);
	g_subprocess_communicate_utf8_async(lp, NULL, j->late, ended, j);
	return true;
}
