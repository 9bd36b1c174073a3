/* keyrack who, keyrack doors - who could open a door at a moment, and which doors a person could. */
#include "cache/history.h"
#include "cli/cli.h"
#include "cli/table.h"
#include "core/event_filter.h"
#include "core/jsonout.h"
#include "core/text.h"

static const char *const verdict_name[COULD_VERDICT_COUNT] = {
	[COULD_YES] = "would_have_opened",
	[COULD_UNSURE] = "cannot_be_said",
	[COULD_NO] = "would_not",
};

static void add_json(struct cli *cli, const struct could_row *r, struct instant at)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autofree char *why = could_words(&r->could, cli_zone(cli, r->zone), at);

	jsonout_object(line, NULL);
	jsonout_string(line, "access_code_id", r->access_code_id);
	jsonout_string(line, "name", r->name);
	jsonout_string(line, "lock_name", r->lock_name);
	jsonout_bool(line, "is_managed", r->managed);
	jsonout_instant(line, "at", at);
	jsonout_string(line, "verdict", verdict_name[r->could.verdict]);
	jsonout_string(line, "why", why);
	jsonout_bool(line, "times_known", r->could.times_known);
	jsonout_instant(line, "starts_at", r->could.times_known ? r->could.starts_at : INSTANT_NONE);
	jsonout_instant(line, "ends_at", r->could.times_known ? r->could.ends_at : INSTANT_NONE);
	jsonout_instant(line, "used_at", r->could.used_at);
	if (instant_known(r->could.used_at))
		jsonout_string(line, "used_how", r->could.used_perhaps ? "inferred" : "reported");
	jsonout_object_end(line);
	fprintf(cli->out, "%s\n", line->str);
}

static void add_row(struct cli *cli, struct table *t, const struct could_row *r, struct instant at)
{
	const struct zone *z = cli_zone(cli, r->zone);
	g_autofree char *why = could_words(&r->could, z, at), *window = could_window(&r->could, z);
	char used[CIVIL_TEXT_MAX];

	table_add(t, could_verdict_words(r->could.verdict));
	table_add(t, r->name);
	table_add(t, r->lock_name);
	table_add(t, window);
	table_addf(t, "%s%s", r->could.used_perhaps ? "~" : "", civil_clock(z, r->could.used_at, used));
	table_add(t, why);
}

static const struct table_column columns[] = {
	{ "VERDICT", false, 0 }, { "CODE", false, 10 }, { "LOCK", false, 10 },
	{ "WINDOW", false, 10 }, { "USED", false, 0 },  { "WHY", false, 10 },
	{ NULL, false, 0 },
};

static bool moment_of(struct cli *cli, const struct args *args, const struct zone *zone, struct instant *at,
		      GError **err)
{
	const char *text = args_text(args, "at");

	*at = cli->now;
	if (text && !when_past(text, zone, cli->now, false, at, err))
		return false;
	if (!instant_before(cli->now, *at))
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "--at is still to come: 'keyrack codes' shows what is declared");
	return false;
}

static int print(struct cli *cli, const struct could_query *q, GError **err)
{
	bool more;
	struct instant since = cache_known_since(cli->cache);
	OWN(cache_list) struct cache_list *list = cache_could(cli->cache, q, &more, err);
	OWN(table) struct table *t = table_new(columns);

	if (!list)
		return EXIT_CACHE;
	for (guint i = 0; i < list->rows->len; i++) {
		const struct could_row *r = cache_list_at(list, struct could_row, i);

		if (cli->json)
			add_json(cli, r, q->at);
		else
			add_row(cli, t, r, q->at);
	}
	if (!cli->json && list->rows->len)
		table_print(t, cli->out, cli->cells, cli->ascii, true);
	if (!cli->json && !list->rows->len)
		fputs("keyrack: No code is known that was good for it about then\n", cli->err);
	if (more)
		fputs("keyrack: These are not all: there are more than a thousand codes\n", cli->err);
	if (instant_known(since) && instant_before(q->at, since)) {
		g_autofree char *when = cli_when_full(cli, NULL, since);

		fprintf(cli->err,
			"keyrack: This computer has looked since %s: what was changed before is not known\n", when);
	}
	cli_note_age(cli);
	return EXIT_OK;
}

int cmd_who(struct cli *cli, const struct args *args, GError **err)
{
	struct could_query q = { .lock_no = cache_lock_find(cli->cache, args->words->pdata[0], err) };

	if (!q.lock_no)
		return EXIT_NOT_FOUND;
	OWN(cache_list) struct cache_list *lock = cache_lock(cli->cache, q.lock_no, cli->now, err);

	if (!lock)
		return EXIT_CACHE;
	if (!moment_of(cli, args, cli_zone(cli, cache_list_at(lock, struct lock_row, 0)->lock.zone), &q.at, err))
		return EXIT_USAGE;
	return print(cli, &q, err);
}

int cmd_doors(struct cli *cli, const struct args *args, GError **err)
{
	const char *name = args->words->pdata[0];
	g_autofree char *folded = text_fold(name);
	struct could_query q = { .name_folded = folded, .code_no = cache_code_no(cli->cache, name) };

	if (!moment_of(cli, args, cli_zone(cli, NULL), &q.at, err))
		return EXIT_USAGE;
	return print(cli, &q, err);
}
