/* keyrack journal - who did what at this desk. */
#include "cache/journal.h"
#include "cli/cli.h"
#include "cli/table.h"
#include "core/jsonout.h"
#include "core/text.h"

enum { PAGE = 500, LIMIT_USUAL = 100 };

static const struct table_column columns[] = {
	{ "WHEN", false, 0 }, { "WHO", false, 6 }, { "WHAT", false, 20 }, { NULL, false, 0 },
};

static void add_json(struct cli *cli, const struct journal_row *r)
{
	g_autoptr(GString) line = g_string_new(NULL);

	jsonout_object(line, NULL);
	jsonout_instant(line, "at", r->at);
	jsonout_string(line, "by", r->by);
	jsonout_string(line, "act", r->intent_no ? intent_kind_info(r->kind)->name : r->act);
	jsonout_string(line, "about", r->intent_no ? r->name : r->about);
	if (r->intent_no) {
		jsonout_string(line, "lock_name", r->lock_name);
		jsonout_string(line, "state", intent_state_word(r->state));
	}
	jsonout_object_end(line);
	fprintf(cli->out, "%s\n", line->str);
}

static void add_row(struct cli *cli, struct table *t, const struct journal_row *r)
{
	g_autofree char *at = cli_when_full(cli, NULL, r->at), *words = journal_words(r);

	table_add(t, at);
	table_add(t, r->by);
	table_add(t, words);
}

int cmd_journal(struct cli *cli, const struct args *args, GError **err)
{
	const char *find = args_text(args, "find");
	g_autofree char *folded = text_fold(find ? find : "");
	struct journal_key at = JOURNAL_NEWEST;
	int limit = (int)MIN(args_number(args, "limit", LIMIT_USUAL), G_MAXINT), shown = 0;
	OWN(table) struct table *t = table_new(columns);
	guint got = PAGE;

	while (got == PAGE && shown < limit) {
		OWN(cache_list) struct cache_list *list = journal_page(cli->cache, &at, PAGE, err);

		if (!list)
			return EXIT_CACHE;
		got = list->rows->len;
		for (guint i = 0; i < got && shown < limit; i++) {
			const struct journal_row *r = cache_list_at(list, struct journal_row, i);

			if (!journal_fits(r, folded))
				continue;
			shown++;
			if (cli->json)
				add_json(cli, r);
			else
				add_row(cli, t, r);
		}
	}
	if (!cli->json && shown)
		table_print(t, cli->out, cli->cells, cli->ascii, true);
	if (!shown && !cli->json)
		fputs("keyrack: Nothing of that was done here\n", cli->err);
	return EXIT_OK;
}
