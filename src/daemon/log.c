/* log - see the header. */
#include "config.h"

#include "daemon/log.h"

#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

static int level_max = G_LOG_LEVEL_INFO;
static bool to_journal;

static const struct {
	int level;
	int priority; /* of syslog(3) */
	const char *word;
} kinds[] = {
	{ G_LOG_LEVEL_ERROR, 2, "error: " },   { G_LOG_LEVEL_CRITICAL, 3, "error: " },
	{ G_LOG_LEVEL_WARNING, 4, "warning: " }, { G_LOG_LEVEL_MESSAGE, 5, "" },
	{ G_LOG_LEVEL_INFO, 6, "" },	       { G_LOG_LEVEL_DEBUG, 7, "" },
};

/* systemd says in JOURNAL_STREAM which file is the journal's. */
static bool stderr_is_journal(void)
{
	const char *said = g_getenv("JOURNAL_STREAM");
	g_autofree char *is = NULL;
	struct stat st;

	if (!said || fstat(STDERR_FILENO, &st) != 0)
		return false;
	is = g_strdup_printf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return g_strcmp0(is, said) == 0;
}

static const char *message_of(const GLogField *fields, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		if (g_strcmp0(fields[i].key, "MESSAGE") == 0)
			return fields[i].value;
	}
	return "";
}

static GLogWriterOutput write_line(GLogLevelFlags level, const GLogField *fields, gsize n,
				   gpointer data)
{
	g_autoptr(GString) line = g_string_new(NULL);
	size_t kind = G_N_ELEMENTS(kinds) - 1;

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (level & (GLogLevelFlags)kinds[i].level) {
			kind = i;
			break;
		}
	}
	if (kinds[kind].level > level_max)
		return G_LOG_WRITER_HANDLED;
	if (to_journal)
		g_string_printf(line, "<%d>", kinds[kind].priority);
	else
		g_string_printf(line, "keyrackd: %s", kinds[kind].word);
	/* One line, and nothing in it that a terminal or a journal's reader would obey. */
	g_autofree char *one = g_strdelimit(g_strdup(message_of(fields, n)), "\t\r\n", ' ');
	g_autofree char *safe = text_safe(one);

	g_string_append_printf(line, "%s\n", safe);
	fputs(line->str, stderr);
	return G_LOG_WRITER_HANDLED;
}

void log_begin(void)
{
	to_journal = stderr_is_journal();
	g_log_set_writer_func(write_line, NULL, NULL);
}

void log_level(int level)
{
	level_max = level ? level : G_LOG_LEVEL_INFO;
}
