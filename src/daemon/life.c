/* life - see the header.
 *
 * The store comes first: its lock is what refuses a second keyrackd, before anything else has been
 * touched. The socket comes last: whoever can connect is answered. The end goes the other way. */
#include "config.h"

#include "daemon/life.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/exit.h"
#include "core/notify.h"
#include "daemon/confine.h"
#include "daemon/confine_files.h"
#include "daemon/first.h"
#include "daemon/log.h"
#include "server/http.h"

#define DRAIN_MS 10000
#define LOOK_MS	 20 /* between two looks whether all is done */

struct life {
	struct daemon_options *opt;
	const struct args *args;
	struct store *store;
	struct audit_signer *signer;
	struct clock *clock;
	struct driver *simulated;
	struct engine *engine;
	struct server *server;
	struct http *http;
	char *workspace_id;
	GMainLoop *loop;
	guint asked, hangup, look;
	int64_t drain_until_us; /* 0: not asked to end */
};

static bool rate_limits_of(const struct daemon_options *o)
{
	return o->rate_limits < 0 ? !o->simulate : o->rate_limits > 0;
}

/* ---- beginning ---- */

/* Simulated time does not go back behind what has happened already. */
static struct instant not_before_the_journal(struct store *store, struct instant t)
{
	const struct store_event_filter newest = { .since = INSTANT_NONE,
						   .until = INSTANT_NONE,
						   .limit = 1 };
	OWN(store_list) struct store_list *l = store_events(store, &newest, NULL);
	struct instant last;

	if (!l || l->rows->len == 0)
		return t;
	last = store_at(l, struct store_event, 0)->created_at;
	return instant_before(t, last) ? last : t;
}

static struct clock *make_clock(const struct daemon_options *o, struct store *store)
{
	struct instant start = instant_known(o->clock) ? o->clock : instant_now();
	struct instant from = not_before_the_journal(store, start);
	char text[INSTANT_TEXT_MAX];

	if (!instant_known(o->clock) && o->clock_rate <= 1)
		return clock_new_system();
	if (!instant_eq(start, from))
		g_message("the clock starts at %s, where the store's last event is",
			  instant_format(from, text));
	return instant_known(o->clock) ? clock_new_standing(from)
				       : clock_new_rated(from, (int)o->clock_rate);
}

/* The locks' own memories lie beside the store. */
static struct driver *make_driver(const struct daemon_options *o, struct clock *clock, GError **err)
{
	int people = o->people >= 0 ? o->people : !instant_known(o->clock);
	g_autofree char *memory = g_strconcat(strchr(o->store, ':') + 1, ".locks", NULL);
	const struct simulated_options how = { .property = o->simulate,
					       .memory = memory,
					       .seed = o->seed ? o->seed : g_random_int(),
					       .people = people > 0,
					       .people_times = people };

	return simulated_new(clock, &how, err);
}

static struct audit_signer *open_signer(const struct daemon_options *o, GError **err)
{
	g_autofree char *path = daemon_audit_key(o);

	return audit_signer_open(path, err);
}

static bool open_engine(struct life *l, GError **err)
{
	const struct daemon_options *o = l->opt;
	struct engine_options how = { .rate_limits = rate_limits_of(o),
				      .account_share = (int)o->account_limit,
				      .history_ms = o->history_ms,
				      .poll_ms = o->poll_ms,
				      .seed = o->seed };

	l->store = store_open_sealed(o->store, o->seal_key, err);
	if (!l->store)
		return false;
	l->workspace_id = first_workspace_id(l->store, err);
	if (!l->workspace_id)
		return false;
	l->clock = make_clock(o, l->store);
	l->simulated = make_driver(o, l->clock, err);
	if (!l->simulated)
		return false;
	l->signer = open_signer(o, err);
	if (!l->signer)
		return false;
	how.signer = l->signer;
	how.workspace_id = l->workspace_id;
	how.workspace_name = simulated_property_name(l->simulated);
	l->engine = engine_new(l->store, l->clock, l->simulated, &how, err);
	return l->engine && first_property_codes(l->engine, l->store, l->simulated, err);
}

/* The default socket's folder is not there yet. What cannot be made, listening will say. */
static void make_socket_folder(const char *listen)
{
	g_autofree char *folder = NULL;

	if (!g_str_has_prefix(listen, "unix:"))
		return;
	folder = g_path_get_dirname(listen + strlen("unix:"));
	g_mkdir_with_parents(folder, 0700);
}

static bool open_server(struct life *l, GError **err)
{
	const struct server_options serve = { .workspace_id = l->workspace_id,
					      .workspace_name =
						      simulated_property_name(l->simulated),
					      .version = PACKAGE_VERSION,
					      .simulated = l->simulated,
					      .sandbox = true };
	const struct http_options listen = { .listen = l->opt->listen,
					     .tls_cert = l->opt->tls_cert,
					     .tls_key = l->opt->tls_key };

	l->server = server_new(l->engine, l->store, l->clock, &serve, err);
	if (!l->server)
		return false;
	/* Where the clock stands, what is due at its first moment is done now. */
	if (clock_is_standing(l->clock))
		clock_advance(l->clock, 0);
	make_socket_folder(l->opt->listen);
	l->http = http_new(l->server, &listen, err);
	return l->http != NULL;
}

static void close_all(struct life *l)
{
	g_clear_handle_id(&l->asked, g_source_remove);
	g_clear_handle_id(&l->hangup, g_source_remove);
	g_clear_handle_id(&l->look, g_source_remove);
	g_clear_pointer(&l->http, http_free);
	g_clear_pointer(&l->server, server_free);
	g_clear_pointer(&l->engine, engine_free);
	g_clear_pointer(&l->signer, audit_signer_free);
	if (l->simulated)
		l->simulated->ops->free(l->simulated);
	g_clear_pointer(&l->clock, clock_free);
	g_clear_pointer(&l->store, store_close);
	g_clear_pointer(&l->loop, g_main_loop_unref);
	g_clear_pointer(&l->opt, daemon_options_free);
	g_free(l->workspace_id);
}

/* ---- ending ---- */

/* Where the clock stands, what a lock is busy with ends when somebody moves it: that is not waited
 * for, and done at the next start like what a kill has cut. */
static bool all_done(struct life *l)
{
	bool engine_done = engine_drain(l->engine) || clock_is_standing(l->clock);

	return engine_done && http_idle(l->http) && server_quiet(l->server);
}

static gboolean on_look(gpointer data)
{
	struct life *l = data;
	bool late = g_get_monotonic_time() >= l->drain_until_us;

	if (!late && !all_done(l))
		return G_SOURCE_CONTINUE;
	if (late)
		g_message("not everything under way was waited for");
	l->look = 0;
	g_main_loop_quit(l->loop);
	return G_SOURCE_REMOVE;
}

/* How often it was asked to end. A real signal's handler counts, for the loop may be busy with one
 * long request: the first stops a clock on its way, the second ends whatever goes on. What is left
 * behind is what a kill leaves: the next start finds its way through it. */
static volatile sig_atomic_t asked_to_end;
static int asked_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
	static const char words[] = "asked to end again: ending at once\n";
	int was = errno;
	ssize_t n;

	(void)number;
	if (asked_to_end) {
		n = write(STDERR_FILENO, words, sizeof words - 1);
		_exit(EXIT_OK);
	}
	asked_to_end = 1;
	n = write(asked_pipe[1], "", 1);
	(void)n;
	errno = was;
}

static gboolean on_end(gint fd, GIOCondition condition, gpointer data)
{
	struct life *l = data;

	(void)fd;
	(void)condition;
	l->asked = 0;
	g_info("asked to end: finishing what is under way");
	notify_systemd("STOPPING=1");
	l->drain_until_us = g_get_monotonic_time() + DRAIN_MS * G_GINT64_CONSTANT(1000);
	http_stop_listening(l->http);
	server_drain(l->server);
	l->look = g_timeout_add(LOOK_MS, on_look, l);
	return G_SOURCE_REMOVE;
}

/* The pipe stays open: a handler may run until the process ends. */
static bool listen_for_the_end(struct life *l, GError **err)
{
	struct sigaction how = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (!g_unix_open_pipe(asked_pipe, FD_CLOEXEC, err))
		return false;
	l->asked = g_unix_fd_add(asked_pipe[0], G_IO_IN, on_end, l);
	clock_halt_when(l->clock, &asked_to_end);
	sigemptyset(&how.sa_mask);
	sigaction(SIGTERM, &how, NULL);
	sigaction(SIGINT, &how, NULL);
	return true;
}

/* ---- reading again ---- */

static void apply(struct life *l, struct daemon_options *is)
{
	g_autofree const char **can = NULL, **cannot = NULL;
	g_autofree char *changed = NULL;

	daemon_options_compare(l->opt, is, &can, &cannot);
	for (const char **name = cannot; *name; name++)
		g_warning("%s has changed in the configuration: it counts from the next start",
			  *name);
	changed = g_strjoinv(", ", (char **)(uintptr_t)can);
	l->opt->rate_limits = is->rate_limits;
	l->opt->account_limit = is->account_limit;
	l->opt->history_ms = is->history_ms;
	l->opt->log_level = is->log_level;
	log_level(is->log_level);
	engine_set_limits(l->engine, rate_limits_of(is), (int)is->account_limit, is->history_ms);
	g_info("the configuration was read again: %s",
	       *changed ? changed : "nothing in it changes what is running");
}

static gboolean on_hangup(gpointer data)
{
	struct life *l = data;
	g_autofree char *state = g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
						 g_get_monotonic_time());
	g_autoptr(GError) err = NULL;
	OWN(daemon_options) struct daemon_options *is = NULL;

	if (l->drain_until_us)
		return G_SOURCE_CONTINUE;
	notify_systemd(state);
	is = daemon_options_read(l->args, false, &err);
	for (guint i = 0; is && i < is->warnings->len; i++)
		g_warning("%s", (char *)is->warnings->pdata[i]);
	if (is)
		apply(l, is);
	else
		g_warning("everything stays as it was: %s", err->message);
	if (l->opt->tls_cert)
		g_message("the TLS certificate stays as it was read: a new one counts from the "
			  "next start");
	notify_systemd("READY=1");
	return G_SOURCE_CONTINUE;
}

/* ---- life ---- */

/* What is opened while it serves: the store with what lies beside it, the configuration, which SIGHUP reads again, and
 * the socket, which goes at the end. Keys, certificates and properties have been read. A file that is a link lies in
 * two folders. */
static enum confined confine_to_files(const struct daemon_options *o, GError **err)
{
	const struct confine_place files[] = {
		{ strchr(o->store, ':') + 1, CONFINE_KEEP },
		{ o->config, CONFINE_READ },
		{ g_str_has_prefix(o->listen, "unix:") ? o->listen + strlen("unix:") : NULL, CONFINE_REMOVE },
	};
	struct confine_place folders[2 * G_N_ELEMENTS(files)];
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		char *end = files[i].path ? realpath(files[i].path, NULL) : NULL;
		const char *of[] = { files[i].path, end };

		for (size_t k = 0; k < G_N_ELEMENTS(of); k++) {
			if (!of[k])
				continue;
			g_ptr_array_add(paths, g_path_get_dirname(of[k]));
			folders[n++] = (struct confine_place){ paths->pdata[paths->len - 1], files[i].right };
		}
		free(end);
	}
	return confine_files(folders, n, err);
}

/* Before the loop runs, and with it anybody is listened to. Files first: the calls that give them up are given up. */
static void confine_before_threads(const struct daemon_options *o)
{
	static const char *const words[] = {
		[CONFINED] = "gave up all files but the store's and the system's (Landlock)",
		[CONFINE_ABSENT] = "this kernel or this program has no Landlock: all files of its user stay open to it",
	};
	g_autoptr(GError) err = NULL;
	enum confined done = o->landlock != 0 ? confine_to_files(o, &err) : CONFINE_FAILED;

	if (err)
		g_warning("%s", err->message);
	else if (o->landlock != 0)
		g_info("%s", words[done]);
}

static void confine(const struct daemon_options *o)
{
	g_autoptr(GError) err = NULL;

	if (o->seccomp != 0 && !confine_calls(&err))
		g_warning("%s", err->message);
}

int life_run(struct daemon_options *o, const struct args *args, int ready_fd, GError **err)
{
	struct life l = { .opt = o, .args = args };
	bool ok;

	log_level(o->log_level);
	for (guint i = 0; i < o->warnings->len; i++)
		g_warning("%s", (char *)o->warnings->pdata[i]);
	l.loop = g_main_loop_new(NULL, FALSE);
	ok = open_engine(&l, err) && open_server(&l, err) && listen_for_the_end(&l, err);
	if (ok) {
		confine_before_threads(o);
		l.hangup = g_unix_signal_add(SIGHUP, on_hangup, &l);
		confine(o);
		g_info("serving %s at %s", simulated_property_name(l.simulated),
		       http_endpoint(l.http));
		notify_systemd("READY=1");
		if (ready_fd >= 0)
			notify_parent(ready_fd);
		g_main_loop_run(l.loop);
		g_info("ending");
	}
	close_all(&l);
	return ok ? EXIT_OK : EXIT_FAILED;
}
