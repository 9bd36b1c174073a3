/* keyrack code show - everything about one code, with what to do about its problems. */
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/pick.h"
#include "cli/table.h"
#include "cli/window.h"
#include "cli/words.h"
#include "core/text.h"
#include "core/vocab.h"

enum { EVENTS = 10 };

static const struct table_column two_columns[] = { { "", false, 0 },
						   { "", false, 0 },
						   { NULL, false, 0 } };

static void add(struct table *t, const char *what, const char *text)
{
	if (!text || !*text)
		return;
	table_add(t, what);
	table_add(t, text);
}

static void add_flags(struct table *t, const struct access_code *c)
{
	const struct {
		enum tri flag;
		const char *words;
	} row[] = {
		{ c->is_scheduled_on_device, "stored in the lock with its window" },
		{ c->is_waiting_for_code_assignment, "waiting for its PIN" },
		{ c->is_external_modification_allowed, "changes in the maker's app stand" },
		{ c->is_offline_access_code, "offline code" },
		{ c->is_one_time_use, "for one use" },
		{ c->is_backup, "backup code" },
		{ c->is_backup_access_code_available, "a backup code is ready" },
		{ c->cannot_be_managed, "cannot be managed from here" },
	};
	g_autoptr(GString) all = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(row); i++)
		if (row[i].flag == TRI_YES)
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", row[i].words);
	add(t, "options", all->str);
}

static void print_facts(struct cli *cli, const struct picked *p)
{
	OWN(table) struct table *t = table_new(two_columns);
	const struct access_code *c = &p->code->code;
	struct window w = { c->starts_at, c->ends_at };
	g_autofree char *window = window_words(cli, p->code->zone, w);
	g_autofree char *made = cli_when_full(cli, p->code->zone, c->created_at);
	g_autofree char *state = words_of_code(cli, p->code);

	add(t, "name", access_code_called(c));
	add(t, "lock", p->code->lock_name);
	add(t, "window", window);
	add(t, "PIN", cli_pin(cli, c->code));
	add(t, "state", state);
	add(t, "status", c->status);
	add(t, "managed", c->managed ? "yes" : "no, made elsewhere");
	add_flags(t, c);
	add(t, "made", made);
	add(t, "id", c->access_code_id);
	add(t, "backup", c->pulled_backup_access_code_id);
	table_print(t, cli->out, 0, cli->ascii, false);
}

static void print_issue(struct cli *cli, const struct picked *p, const struct issue_row *issue)
{
	const struct problem_info *info = issue->code ? problem_lookup(issue->code) : NULL;
	g_autofree char *words = text_safe(words_of_issue(issue));
	g_autofree char *since = cli_when(cli, p->code->zone, issue->created_at);
	g_autofree char *message = text_safe(issue->message);
	size_t len = strlen(words);
	const char *whose = issue->of_device ? " (the lock's)"
			    : issue->of_account ? " (the account's)" : "";

	/* A message is a sentence: here it goes on. */
	if (*since && len && words[len - 1] == '.')
		words[len - 1] = '\0';
	fprintf(cli->out, "%c %s%s%s%s\n",
		issue->kind == 'e'   ? '!'
		: issue->kind == 'w' ? '*'
				     : '-',
		words, whose, *since ? ", since " : "", since);
	if (problem_keeps_out(issue->code)) {
		struct way_in w = way_in_of(&p->code->code, &p->lock->lock, cli->now);

		fprintf(cli->out, "    %s\n", way_in_words(&w));
	}
	if (info && info->remedy)
		fprintf(cli->out, "    %s\n", info->remedy);
	if (info && *message)
		fprintf(cli->out, "    The server says: %s\n", message);
}

static bool print_issues(struct cli *cli, const struct picked *p, GError **err)
{
	OWN(cache_list) struct cache_list *list =
		cache_issues_of_code(cli->cache, p->code->code_no, err);

	if (!list)
		return false;
	if (list->rows->len)
		fputc('\n', cli->out);
	for (guint i = 0; i < list->rows->len; i++)
		print_issue(cli, p, cache_list_at(list, struct issue_row, i));
	return true;
}

static bool print_events(struct cli *cli, const struct picked *p, GError **err)
{
	struct event_query q = { .code_no = p->code->code_no,
				 .from = INSTANT_NONE,
				 .until = INSTANT_NONE,
				 .limit = EVENTS };
	OWN(cache_list) struct cache_list *list = cache_events(cli->cache, &q, err);
	OWN(table) struct table *t = table_new(two_columns);

	if (!list)
		return false;
	for (guint i = list->rows->len; i > 0; i--) {
		const struct event_row *row = cache_list_at(list, struct event_row, i - 1);
		g_autofree char *when = cli_when(cli, row->zone, row->event.occurred_at);
		table_add(t, when);
		table_add(t, words_of_event(row));
	}
	if (list->rows->len)
		fputc('\n', cli->out);
	table_print(t, cli->out, 0, cli->ascii, false);
	return true;
}

int cmd_code_show(struct cli *cli, const struct args *args, GError **err)
{
	struct picked p;
	bool ok = true;

	if (!pick_code(cli, args, &p, err))
		return EXIT_NOT_FOUND;
	if (cli->json) {
		g_autoptr(GString) line = g_string_new(NULL);
		json_code(line, p.code, cli->pins);
		fprintf(cli->out, "%s\n", line->str);
	} else {
		print_facts(cli, &p);
		ok = print_issues(cli, &p, err) && print_events(cli, &p, err);
	}
	picked_clear(&p);
	cli_note_age(cli);
	return ok ? EXIT_OK : EXIT_CACHE;
}
