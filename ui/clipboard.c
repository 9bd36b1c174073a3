/* clipboard - by a program, by tmux, by the terminal; see the header. */
#include "ui/clipboard.h"

#include <gio/gio.h>
#include <string.h>

#include "core/i18n.h"

#define PATIENCE_MS 2000 /* for a program whose display has gone */
#define WAYS_MAX    6
#define BLANK	    " "  /* what takes a secret's place: an empty text is refused by some */

static const struct clipboard_way ways[] = {
	{ "wl-copy", "WAYLAND_DISPLAY", { "wl-copy", "--type", "text/plain" }, { "wl-paste", "--no-newline" } },
	{ "xclip", "DISPLAY", { "xclip", "-selection", "clipboard" }, { "xclip", "-selection", "clipboard", "-o" } },
	{ "xsel", "DISPLAY", { "xsel", "--clipboard", "--input" }, { "xsel", "--clipboard", "--output" } },
	{ "pbcopy", NULL, { "pbcopy" }, { "pbpaste" } },
	/* -w: tmux hands it on to its own terminal. One buffer of ours, so that a stack of old ones does
	 * not keep what was taken back. */
	{ "tmux", "TMUX", { "tmux", "load-buffer", "-w", "-b", "keyrack", "-" },
	  { "tmux", "show-buffer", "-b", "keyrack" } },
	{ NULL, NULL, { NULL }, { NULL } },
};

/* A display of the computer that one is logged in to is not where the operator sits, but for one
 * that SSH brings along ("localhost:10.0"). */
static bool is_within_reach(const struct clipboard_way *w, const char *(*get)(const char *name))
{
	const char *value = w->variable ? get(w->variable) : NULL;
	bool away = get("SSH_CONNECTION") || get("SSH_TTY");

	if (!w->copy[0] || strcmp(w->copy[0], "tmux") == 0)
		return !w->variable || (value && *value);
	if (w->variable && (!value || !*value))
		return false;
	return !away || (w->variable && strcmp(w->variable, "DISPLAY") == 0 && *value != ':' && strchr(value, ':'));
}

size_t clipboard_ways(const char *(*get)(const char *name), bool (*has)(const char *program),
		      const struct clipboard_way **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(ways) && n < max; i++)
		if (is_within_reach(&ways[i], get) && (!ways[i].copy[0] || has(ways[i].copy[0])))
			out[n++] = &ways[i];
	return n;
}

struct clipboard {
	struct clipboard_host host;
	const struct clipboard_way *way[WAYS_MAX];
	size_t ways;
	GCancellable *ending;
	/* The secret that lies there now, and how it came there; NULL: none. */
	char *secret;
	const struct clipboard_way *secret_way;
	unsigned timer;
};

/* One copy on its way. Owns its text; c is not looked at once 'ending' is cancelled. */
struct copying {
	struct clipboard *c;
	char *text;
	bool secret, quiet;
	size_t at; /* of c->way */
	unsigned patience;
	GSubprocess *child;
};

static void wipe(char *text)
{
	if (text)
		memset(text, 0, strlen(text));
	__asm__ __volatile__("" : : "r"(text) : "memory");
	g_free(text);
}

static const char *environment(const char *name)
{
	return g_getenv(name);
}

static bool on_path(const char *program)
{
	g_autofree char *found = g_find_program_in_path(program);

	return found != NULL;
}

static void forget_secret(struct clipboard *c)
{
	if (c->timer)
		g_source_remove(c->timer);
	c->timer = 0;
	wipe(c->secret);
	c->secret = NULL;
	c->secret_way = NULL;
}

static GSubprocess *start(const char *const *argv, bool reads)
{
	GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDERR_SILENCE |
				 (reads ? G_SUBPROCESS_FLAGS_STDOUT_PIPE
					: G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);

	return g_subprocess_newv(argv, flags, NULL);
}

static void try_way(struct copying *k);

static void copying_free(struct copying *k)
{
	if (k->patience)
		g_source_remove(k->patience);
	g_clear_object(&k->child);
	wipe(k->text);
	g_free(k);
}

/* ---- taking a secret back ---- */

static void copy_quietly(struct clipboard *c, const struct clipboard_way *way, const char *text)
{
	struct copying *k = g_new0(struct copying, 1);

	*k = (struct copying){ .c = c, .text = g_strdup(text), .quiet = true };
	while (k->at < c->ways && c->way[k->at] != way)
		k->at++;
	try_way(k);
}

static void take_back(struct clipboard *c, const struct clipboard_way *way)
{
	copy_quietly(c, way, BLANK);
	c->host.tell(false, _("The PIN was taken out of the clipboard again."), c->host.ctx);
}

struct looking {
	struct clipboard *c;
	char *secret;
	const struct clipboard_way *way;
};

/* What somebody has copied since is theirs, and stays. */
static void looked(GObject *source, GAsyncResult *result, gpointer p)
{
	struct looking *l = p;
	g_autofree char *now = NULL;
	g_autoptr(GError) err = NULL;
	bool known = g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &now, NULL, &err);

	if (!g_error_matches(err, G_IO_ERROR, G_IO_ERROR_CANCELLED) && known && now &&
	    strcmp(g_strchomp(now), l->secret) == 0)
		take_back(l->c, l->way);
	wipe(l->secret);
	g_free(l);
}

static gboolean secret_is_over(gpointer p)
{
	struct clipboard *c = p;
	const struct clipboard_way *way = c->secret_way;
	g_autoptr(GSubprocess) child = NULL;

	c->timer = 0;
	if (way->paste[0] && (child = start(way->paste, true))) {
		struct looking *l = g_new0(struct looking, 1);

		*l = (struct looking){ c, g_steal_pointer(&c->secret), way };
		g_subprocess_communicate_utf8_async(child, NULL, c->ending, looked, l);
	} else {
		/* A terminal does not tell what lies there: better something else is lost than a PIN kept. */
		take_back(c, way);
	}
	forget_secret(c);
	return G_SOURCE_REMOVE;
}

/* ---- copying ---- */

static void copied(struct copying *k)
{
	struct clipboard *c = k->c;
	const struct clipboard_way *way = c->way[k->at];
	g_autofree char *how = way->name ? g_strdup_printf(_("Copied with %s"), way->name)
					 : g_strdup(_("Handed to the terminal to copy"));
	g_autofree char *said = NULL;

	if (!k->quiet) {
		forget_secret(c);
		if (k->secret) {
			int ms = c->host.secret_ms ? c->host.secret_ms : CLIPBOARD_SECRET_MS;

			c->secret = g_strdup(k->text);
			c->secret_way = way;
			c->timer = g_timeout_add((unsigned)ms, secret_is_over, c);
		}
		said = g_strdup_printf(k->secret ? _("%s; taken back in 30 s.") : "%s.", how);
		c->host.tell(false, said, c->host.ctx);
	}
	copying_free(k);
}

static void next_way(struct copying *k)
{
	k->at++;
	try_way(k);
}

static void program_ended(GObject *source, GAsyncResult *result, gpointer p)
{
	struct copying *k = p;
	g_autoptr(GError) err = NULL;
	bool done = g_subprocess_communicate_finish(G_SUBPROCESS(source), result, NULL, NULL, &err);

	if (g_error_matches(err, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		copying_free(k);
		return;
	}
	if (k->patience)
		g_source_remove(k->patience);
	k->patience = 0;
	if (done && g_subprocess_get_successful(G_SUBPROCESS(source))) {
		copied(k);
	} else {
		g_clear_object(&k->child);
		next_way(k);
	}
}

static gboolean out_of_patience(gpointer p)
{
	struct copying *k = p;

	k->patience = 0;
	g_subprocess_force_exit(k->child);
	return G_SOURCE_REMOVE;
}

static void try_way(struct copying *k)
{
	struct clipboard *c = k->c;
	const struct clipboard_way *way = k->at < c->ways ? c->way[k->at] : NULL;
	g_autoptr(GBytes) in = NULL;

	if (!way) {
		if (!k->quiet)
			c->host.tell(true, _("Not copied: neither this desk nor this terminal has a clipboard "
					     "that takes it. m hands the mouse back, to select with."),
				     c->host.ctx);
		copying_free(k);
		return;
	}
	if (!way->copy[0]) {
		if (c->host.terminal(k->text, c->host.ctx))
			copied(k);
		else
			next_way(k);
		return;
	}
	k->child = start(way->copy, false);
	if (!k->child) {
		next_way(k);
		return;
	}
	in = g_bytes_new(k->text, strlen(k->text));
	k->patience = g_timeout_add(PATIENCE_MS, out_of_patience, k);
	g_subprocess_communicate_async(k->child, in, c->ending, program_ended, k);
}

void clipboard_copy(struct clipboard *c, const char *text, bool secret)
{
	struct copying *k = g_new0(struct copying, 1);

	*k = (struct copying){ .c = c, .text = g_strdup(text), .secret = secret };
	c->ways = clipboard_ways(environment, on_path, c->way, WAYS_MAX);
	try_way(k);
}

struct clipboard *clipboard_new(const struct clipboard_host *host)
{
	struct clipboard *c = g_new0(struct clipboard, 1);

	c->host = *host;
	c->ending = g_cancellable_new();
	return c;
}

/* At the end nobody can wait for what lies there: it is written over, and the program left to itself. */
static void leave_nothing(struct clipboard *c)
{
	g_autoptr(GSubprocess) child = NULL;

	if (!c->secret_way->copy[0]) {
		c->host.terminal(BLANK, c->host.ctx);
		return;
	}
	child = start(c->secret_way->copy, false);
	if (child) {
		GOutputStream *in = g_subprocess_get_stdin_pipe(child);

		g_output_stream_write_all(in, BLANK, strlen(BLANK), NULL, NULL, NULL);
		g_output_stream_close(in, NULL, NULL);
	}
}

void clipboard_free(struct clipboard *c)
{
	if (!c)
		return;
	g_cancellable_cancel(c->ending);
	/* What was cancelled ends in the loop, and must not find us gone. */
	while (g_main_context_iteration(NULL, FALSE))
		;
	if (c->secret)
		leave_nothing(c);
	forget_secret(c);
	g_object_unref(c->ending);
	g_free(c);
}
