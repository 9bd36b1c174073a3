/* keyrack import - a list of reservations, shown as what it means for the locks, and then done. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/table.h"
#include "core/jsonout.h"
#include "core/text.h"
#include "feed/parse.h"
#include "feed/plan.h"
#include "feed/source.h"

static const struct table_column columns[] = {
	{ "", false, 0 },      { "LINE", true, 0 },  { "GUEST", false, 10 }, { "DOORS", false, 10 },
	{ "FROM", false, 0 },  { "UNTIL", false, 0 }, { "WHAT", false, 20 },  { NULL, false, 0 },
};

struct import {
	struct cli *cli;
	const char *file;
	char *source;
	bool partial;            /* what is not in it was not taken away */
	struct reservations *read;
	struct cache_list *stored, *rows;
	struct plan *plan;
};

static void import_done(struct import *m)
{
	if (m->plan)
		plan_free(m->plan);
	if (m->rows)
		cache_list_free(m->rows);
	if (m->stored)
		cache_list_free(m->stored);
	reservations_free(m->read);
	g_free(m->source);
}

/* A pipe is fine here: a person or a script waits for it. */
static char *read_all(const char *file, size_t *len, GError **err)
{
	int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text;

	if (fd < 0) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s cannot be read: %s", file, g_strerror(errno));
		return NULL;
	}
	text = source_read_fd(fd, file, len, err);
	if (fd != STDIN_FILENO)
		close(fd);
	return text;
}

static bool read_file(struct import *m, GError **err)
{
	const struct profile *p = m->cli->profile;
	struct parse_context ctx = { cli_zone(m->cli, NULL), m->cli->now, p->check_in, p->check_out };
	size_t len = 0;
	g_autofree char *text = read_all(m->file, &len, err);

	if (!text)
		return false;
	m->read = feed_parse(text, len, &ctx, err);
	if (!m->read)
		g_prefix_error(err, "%s: ", strcmp(m->file, "-") == 0 ? "standard input" : m->file);
	return m->read != NULL;
}

static bool make_plan(struct import *m, const struct args *args, GError **err)
{
	const struct feed_profile *feed = profile_feed(m->cli->profile, m->source);
	struct plan_rule rule = plan_rule_of(m->source, feed, cli_zone(m->cli, NULL), m->cli->now);

	if (args_text(args, "room"))
		rule.room = args_text(args, "room");
	m->stored = cache_feed_rows(m->cli->cache, m->source, err);
	if (!m->stored)
		return false;
	m->rows = plan_merge(m->read->rows, m->stored, m->partial);
	m->plan = plan_make(m->cli->cache, m->rows, &rule, err);
	if (m->plan)
		plan_hold(m->plan, m->cli->cache, &rule, &m->cli->now);
	return m->plan != NULL;
}

/* ---- showing ---- */

static const char signs[BATCH_SIGN_COUNT] = { '+', '~', '-', '!', '=' };

static void print_json(const struct import *m, const struct plan_row *r)
{
	g_autoptr(GString) s = g_string_new(NULL);
	char sign[2] = { signs[r->sign], '\0' };

	jsonout_object(s, NULL);
	jsonout_string(s, "source", m->source);
	jsonout_int(s, "line", r->row->is.line);
	jsonout_string(s, "key", r->row->is.key);
	if (!r->row->gone)
		jsonout_string(s, "answer", plan_answer_word(r->answer));
	jsonout_bool(s, "gone", r->row->gone);
	jsonout_string(s, "sign", sign);
	jsonout_string(s, "name", r->guest);
	jsonout_string(s, "doors", r->doors);
	jsonout_instant(s, "starts_at", r->row->is.starts_at);
	jsonout_instant(s, "ends_at", r->row->is.ends_at);
	jsonout_string(s, "words", r->words);
	jsonout_object_end(s);
	fprintf(m->cli->out, "%s\n", s->str);
}

static void add_row(struct table *t, const struct import *m, const struct plan_row *r)
{
	g_autofree char *from = cli_when(m->cli, NULL, r->row->is.starts_at);
	g_autofree char *until = cli_when(m->cli, NULL, r->row->is.ends_at);

	table_addf(t, "%c", signs[r->sign]);
	if (r->row->gone)
		table_add(t, "");
	else
		table_addf(t, "%d", r->row->is.line);
	table_add(t, r->guest ? r->guest : "");
	table_add(t, r->doors);
	table_add(t, from);
	table_add(t, until);
	table_add(t, r->words);
}

static void print_plan(const struct import *m)
{
	OWN(table) struct table *t = table_new(columns);
	const struct plan *p = m->plan;
	int all = 0;

	for (guint i = 0; i < p->rows->len; i++) {
		if (m->cli->json)
			print_json(m, p->rows->pdata[i]);
		else
			add_row(t, m, p->rows->pdata[i]);
	}
	if (!m->cli->json && p->rows->len)
		table_print(t, m->cli->out, m->cli->cells, m->cli->ascii, true);
	for (int i = 0; i < PLAN_ANSWER_COUNT; i++)
		all += p->answers[i];
	cli_say(m->cli->err,
		"%s: %d rows, %d accepted, %d unchanged, %d refused. Codes: +%d issue, ~%d change, -%d revoke",
		m->source, all, p->answers[PLAN_ACCEPTED], p->answers[PLAN_UNCHANGED], p->answers[PLAN_REFUSED],
		batch_count(p->batch, BATCH_ISSUE), batch_count(p->batch, BATCH_CHANGE),
		batch_count(p->batch, BATCH_REVOKE));
	fflush(m->cli->out);
}

/* ---- doing ---- */

static bool passes_guard(const struct import *m, const struct args *args, GError **err)
{
	int wanted = batch_guard_number(m->plan->batch);

	if (!m->plan->batch->guard || args_number(args, "accept-removals", -1) == wanted)
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
		    "%s Nothing was done; --accept-removals %d does it", m->plan->batch->guard, wanted);
	return false;
}

static bool is_wanted(const struct import *m, const struct args *args, GError **err)
{
	int issue = batch_count(m->plan->batch, BATCH_ISSUE), change = batch_count(m->plan->batch, BATCH_CHANGE),
	    revoke = batch_count(m->plan->batch, BATCH_REVOKE);

	return cli_confirm(m->cli, args, err, "Issue %d, change %d and revoke %d access codes on %d doors?", issue,
			   change, revoke, batch_doors(m->plan->batch));
}

static bool store(const struct import *m, GError **err)
{
	return cache_feed_store(m->cli->cache, m->source, m->read->rows, m->partial, NULL, NULL, m->cli->now, err);
}

static bool do_it(const struct import *m, GError **err)
{
	struct batch *b = m->plan->batch;
	int issue = batch_count(b, BATCH_ISSUE), change = batch_count(b, BATCH_CHANGE),
	    revoke = batch_count(b, BATCH_REVOKE);
	g_autofree char *about = g_strdup_printf("%s: %d issued, %d changed, %d revoked, %d refused", m->source,
						 issue, change, revoke, m->plan->answers[PLAN_REFUSED]);
	g_autoptr(GError) why = NULL;

	if (!batch_apply(m->cli->cache, b, g_get_user_name(), m->cli->now, NULL, err) ||
	    !cache_note_act(m->cli->cache, "import", about, g_get_user_name(), m->cli->now, err))
		return false;
	fprintf(m->cli->err, "Queued: +%d ~%d -%d\n", issue, change, revoke);
	if (!follow_nudge(m->cli, "outbox", &why))
		cli_say(m->cli->err, "keyrack: Queued safely; it is sent when sync runs (%s)",
			why ? why->message : "it does not now");
	return true;
}

/* Somebody was there first: what is left to do by now is for whoever asked to see, not done unseen. */
static void show_anew(struct import *m, const struct args *args)
{
	plan_free(m->plan);
	cache_list_free(m->rows);
	cache_list_free(m->stored);
	m->plan = NULL;
	m->rows = m->stored = NULL;
	if (!make_plan(m, args, NULL))
		return;
	fputs("This is how it would be now:\n", m->cli->err);
	print_plan(m);
}

static int import(struct import *m, const struct args *args, GError **err)
{
	GError *why = NULL;
	struct batch *b;
	bool busy;
	int done;

	if (!read_file(m, err))
		return EXIT_USAGE;
	if (!make_plan(m, args, err))
		return EXIT_CACHE;
	b = m->plan->batch;
	done = m->plan->answers[PLAN_REFUSED] ? EXIT_FAILED : EXIT_OK;
	print_plan(m);
	if (args_has(args, "dry-run"))
		return done;
	if (!batch_count(b, BATCH_ISSUE) && !batch_count(b, BATCH_CHANGE) && !batch_count(b, BATCH_REVOKE))
		return store(m, err) ? done : EXIT_CACHE;
	if (!passes_guard(m, args, err))
		return EXIT_FAILED;
	if (!is_wanted(m, args, err))
		return EXIT_USAGE;
	if (!store(m, err))
		return EXIT_CACHE;
	if (do_it(m, &why))
		return done;
	busy = g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_BUSY);
	if (busy)
		show_anew(m, args);
	g_propagate_error(err, why);
	return busy ? EXIT_FAILED : EXIT_CACHE;
}

int cmd_import(struct cli *cli, const struct args *args, GError **err)
{
	struct import m = { .cli = cli, .file = args->words->pdata[0] };
	const char *feed = args_text(args, "feed");
	bool in = strcmp(m.file, "-") == 0;
	int code;

	m.source = feed ? g_strdup(feed) : in ? g_strdup("standard input") : g_path_get_basename(m.file);
	/* What comes through a pipe without a name is no list that was there before. */
	m.partial = in && !feed;
	code = import(&m, args, err);
	import_done(&m);
	return code;
}
