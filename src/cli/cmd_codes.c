/* keyrack codes - access codes, one line each. */
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"

/* Each page costs the cache a sort of all that fit: few large ones. */
enum { PAGE = 20000 };

static const struct table_column columns[] = {
	{ "NAME", false, 12 }, { "LOCK", false, 10 },  { "PIN", false, 0 }, { "FROM", false, 0 },
	{ "UNTIL", false, 0 }, { "STATE", false, 12 }, { NULL, false, 0 },
};
static const struct table_column columns_ids[] = {
	{ "NAME", false, 12 }, { "LOCK", false, 10 },  { "PIN", false, 0 }, { "FROM", false, 0 },
	{ "UNTIL", false, 0 }, { "STATE", false, 12 }, { "ID", false, 0 },  { NULL, false, 0 },
};

static void add_row(struct table *t, struct cli *cli, const struct code_row *row, bool ids)
{
	const struct access_code *c = &row->code;
	g_autofree char *from = cli_when(cli, row->zone, c->starts_at);
	g_autofree char *until = cli_when(cli, row->zone, c->ends_at);
	g_autofree char *state = words_of_code(cli, row);

	table_add(t, access_code_called(c));
	table_add(t, row->lock_name);
	table_add(t, cli_pin(cli, c->code));
	table_add(t, c->time_bound ? from : "ongoing");
	table_add(t, until);
	table_add(t, state);
	if (ids)
		table_add(t, c->access_code_id);
}

static void print_json(struct cli *cli, const struct code_row *row)
{
	g_autoptr(GString) line = g_string_new(NULL);

	json_code(line, row, cli->pins);
	fprintf(cli->out, "%s\n", line->str);
}

int cmd_codes(struct cli *cli, const struct args *args, GError **err)
{
	bool ids = args_has(args, "ids");
	struct code_query q = {
		.lock_no = cli_lock_of(cli, args, err),
		.from = INSTANT_NONE,
		.until = INSTANT_NONE,
		.with_ended = args_has(args, "ended"),
		.only_trouble = args_has(args, "trouble"),
		.find = args_text(args, "find"),
		.limit = PAGE,
	};
	guint got;

	if (q.lock_no < 0)
		return EXIT_NOT_FOUND;
	OWN(table) struct table *t = table_new(ids ? columns_ids : columns);
	do {
		OWN(cache_list)
		struct cache_list *list = cache_codes(cli->cache, &q, cli->now, err);
		if (!list)
			return EXIT_CACHE;
		got = list->rows->len;
		for (guint i = 0; i < got; i++) {
			const struct code_row *row = cache_list_at(list, struct code_row, i);
			if (cli->json)
				print_json(cli, row);
			else
				add_row(t, cli, row, ids);
		}
		q.offset += (int)got;
	} while (got == PAGE && !ferror(cli->out));
	if (!cli->json && q.offset)
		table_print(t, cli->out, cli->cells, cli->ascii, true);
	if (!q.offset && !cli->json)
		fputs("keyrack: No code fits\n", cli->err);
	cli_note_age(cli);
	return EXIT_OK;
}
