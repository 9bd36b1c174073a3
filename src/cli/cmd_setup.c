/* keyrack setup - four questions at the first start; nothing is written before the server has answered, or
 * somebody has said that it should be all the same. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/setup.h"
#include "sync/credential.h"
#include "sync/probe.h"

enum { LINE_MAX_BYTES = 600 };

static struct termios shown; /* the terminal as it was, while a line is hidden */

/* Who leaves in the middle of it must see what they type afterwards. */
static void on_interrupt(int sig)
{
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A line, without blanks around it; NULL at the end of the input. Hidden: nobody beside reads it. */
static char *ask(struct cli *cli, const char *question, const char *otherwise, bool hidden)
{
	struct termios now;
	char line[LINE_MAX_BYTES] = "";
	bool off = hidden && tcgetattr(STDIN_FILENO, &shown) == 0, got;
	char *answer;

	/* Before it is asked: who answers at once, or pastes, is neither seen nor unheard. */
	if (off) {
		now = shown;
		signal(SIGINT, on_interrupt);
		signal(SIGTERM, on_interrupt);
		now.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
	}
	if (otherwise && *otherwise)
		fprintf(cli->err, "%s [%s]: ", question, otherwise);
	else
		fprintf(cli->err, "%s: ", question);
	fflush(cli->err);
	got = fgets(line, sizeof line, stdin) != NULL;
	if (off) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		fputc('\n', cli->err);
	}
	answer = got ? g_strdup(g_strstrip(line)) : NULL;
	explicit_bzero(line, sizeof line);
	if (answer && !*answer && otherwise) {
		g_free(answer);
		answer = g_strdup(otherwise);
	}
	return answer;
}

static void say(struct cli *cli, const char *what)
{
	cli_say(cli->err, "  %s", what);
}

/* Until nothing is wrong with it; false: the input has ended. */
static bool ask_text(struct cli *cli, char **value, const char *question, const char *otherwise,
		     const char *(*wrong)(const char *text))
{
	for (;;) {
		g_autofree char *before = *value ? g_steal_pointer(value) : g_strdup(otherwise);

		*value = ask(cli, question, before, false);
		if (!*value)
			return false;
		if (!wrong || !wrong(*value))
			return true;
		say(cli, wrong(*value));
		g_clear_pointer(value, g_free);
	}
}

static bool ask_key(struct cli *cli, struct setup *s)
{
	for (;;) {
		char *key = ask(cli, "API key, or the path of a file that has it (not shown)", NULL, true);
		g_autoptr(GError) err = NULL;

		if (key && (*key == '/' || *key == '~')) {
			g_autofree char *path = key;

			key = setup_key_of_file(path, &err);
			if (!key) {
				say(cli, err->message);
				continue;
			}
		}
		if (!key)
			return false;
		if (!setup_wrong_key(key)) {
			if (s->api_key)
				credential_wipe(s->api_key);
			s->api_key = key;
			return true;
		}
		say(cli, setup_wrong_key(key));
		credential_wipe(key);
	}
}

enum next { NEXT_SAVE, NEXT_ASK, NEXT_LEAVE };

/* The server's own answer, before anything is written. */
static enum next try_it(struct cli *cli, struct setup *s)
{
	char id[] = "setup";
	struct profile p = { .id = id, .endpoint = s->endpoint };
	struct probe probe;
	g_autoptr(GError) err = NULL;
	g_autofree char *answer = NULL;
	bool key;

	cli_say(cli->err, "Asking %s ...", s->endpoint);
	if (probe_server(&p, s->api_key, &probe, &err)) {
		fprintf(cli->err, "  It answers, in %" G_GINT64_FORMAT " ms, and knows the key.\n", probe.took_ms);
		return NEXT_SAVE;
	}
	say(cli, err->message);
	say(cli, doctor_server_remedy(err));
	key = g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_AUTH);
	answer = ask(cli, key ? "k: another key, e: another endpoint, s: save all the same, q: leave"
			      : "e: another endpoint, k: another key, s: save all the same, q: leave",
		     key ? "k" : "e", false);
	if (!answer || *answer == 'q')
		return NEXT_LEAVE;
	if (*answer == 's')
		return NEXT_SAVE;
	if (*answer == 'k')
		return ask_key(cli, s) ? NEXT_ASK : NEXT_LEAVE;
	return ask_text(cli, &s->endpoint, "Endpoint", NULL, setup_wrong_endpoint) ? NEXT_ASK : NEXT_LEAVE;
}

static const char *wrong_first(const char *text)
{
	return strcmp(text, "d") == 0 ? NULL : setup_wrong_endpoint(text);
}

static bool wants_demo(const struct setup *s)
{
	return g_strcmp0(s->endpoint, "d") == 0;
}

static bool ask_all(struct cli *cli, struct setup *s)
{
	enum next next;

	if (!ask_text(cli, &s->endpoint, "Endpoint", "https://connect.getseam.com", wrong_first) ||
	    wants_demo(s) || !ask_key(cli, s))
		return false;
	while ((next = try_it(cli, s)) == NEXT_ASK)
		;
	return next == NEXT_SAVE && ask_text(cli, &s->name, "Name of the property", "My house", NULL) &&
	       ask_text(cli, &s->zone, "Time zone", zone_name(zone_get(NULL)), setup_wrong_zone);
}

int cmd_setup(struct cli *cli, const struct args *args, GError **err)
{
	g_autofree char *path = profile_config_path();
	struct setup s = { 0 };
	int code = EXIT_CONFIG;

	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CONFIG,
			    "%s is there already and is not overwritten: edit it, or move it away first", path);
		return EXIT_CONFIG;
	}
	if (!cli->asks) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "setup asks questions: run it in a terminal");
		return EXIT_USAGE;
	}
	fprintf(cli->err, "keyrack has no configuration yet. Four questions; Enter takes what stands in brackets,\n"
			  "Ctrl-C leaves without a trace, and d opens the demo, without a server.\n\n");
	bool answered = ask_all(cli, &s);

	if (wants_demo(&s)) {
		setup_clear(&s);
		return cmd_demo(cli, args, err);
	}
	if (!answered) {
		fputs("\nNothing was written.\n", cli->err);
		code = EXIT_OK;
	} else if (setup_save(&s, path, err)) {
		fprintf(cli->err, "Saved as %s, for you alone. 'keyrack' opens the console.\n", path);
		code = EXIT_OK;
	}
	setup_clear(&s);
	return code;
}
