/* keyrack events - what happened, newest last, and what happens with --follow. */
#include "cache/export.h"
#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"

enum { LIMIT = 100, SINCE_LIMIT = 10000, FOLLOW_PAGE = 500 };

/* The clock beside the lock that is asked about, or the property's. */
static const struct zone *zone_asked(struct cli *cli, int64_t lock_no)
{
	OWN(cache_list) struct cache_list *lock = lock_no ? cache_lock(cli->cache, lock_no, cli->now, NULL) : NULL;

	return cli_zone(cli, lock ? cache_list_at(lock, struct lock_row, 0)->lock.zone : NULL);
}

static bool time_of(struct cli *cli, const struct args *args, const char *option, const struct zone *zone,
		    struct instant *out, GError **err)
{
	const char *text = args_text(args, option);

	return !text || when_past(text, zone, cli->now, false, out, err);
}

/* --find, and what --kind, --since and --until narrow further. */
static bool filter_of(struct cli *cli, const struct args *args, int64_t lock_no, struct event_filter **out,
		      GError **err)
{
	const struct zone *zone = zone_asked(cli, lock_no);
	OWN(event_filter) struct event_filter *f = event_filter_parse(args_text(args, "find"), zone, cli->now);
	struct instant from = f->from, until = f->until;
	const char *kinds = args_text(args, "kind");
	unsigned said = kinds ? event_kinds_named(kinds, err) : 0;

	if (kinds && !said)
		return false;
	if (f->wrong) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--find: %s", f->wrong);
		return false;
	}
	if (said)
		f->kinds = f->kinds ? (f->kinds & said ? f->kinds & said : 1u << EVENT_KIND_COUNT) : said;
	if (!time_of(cli, args, "since", zone, &from, err) || !time_of(cli, args, "until", zone, &until, err))
		return false;
	if (!instant_known(f->from) || instant_before(f->from, from))
		f->from = from;
	if (!instant_known(f->until) || (instant_known(until) && instant_before(until, f->until)))
		f->until = until;
	*out = g_steal_pointer(&f);
	return true;
}

static bool query_of(struct cli *cli, const struct args *args, struct event_find *q, struct event_filter **filter,
		     GError **err)
{
	const char *code = args_text(args, "code");

	*q = (struct event_find){ .from = { INSTANT_NONE, 0 } };
	q->lock_no = cli_lock_of(cli, args, err);
	if (q->lock_no < 0)
		return false;
	if (code) {
		q->code_no = cache_code_find(cli->cache, q->lock_no, code, err);
		if (!q->code_no)
			return false;
	}
	if (!filter_of(cli, args, q->lock_no, filter, err))
		return false;
	q->filter = *filter;
	/* Who names a span wants all of it. */
	q->limit = (int)MIN(args_number(args, "limit", instant_known((*filter)->from) ? SINCE_LIMIT : LIMIT), G_MAXINT);
	return true;
}

struct feed {
	struct cli *cli;
	struct event_find query;
	int64_t after_no; /* what is stored later is still to come */
	struct table *table;
	bool heads, nothing, csv;
	bool cut_by_us; /* nobody asked for just so many */
	GError *err;
};

static void add_row(struct table *t, struct cli *cli, const struct event_row *row)
{
	const struct zone *zone = cli_zone(cli, row->zone);
	char day[CIVIL_TEXT_MAX], clock[CIVIL_TEXT_MAX];
	g_autofree char *who = words_of_who(row), *how = words_of_how(row);

	table_addf(t, "%s %s", civil_day(zone, row->event.occurred_at, day),
		   civil_seconds(zone, row->event.occurred_at, clock));
	table_add(t, row->lock_name);
	table_add(t, words_of_event(row));
	table_add(t, who);
	table_add(t, how);
}

static void add(struct feed *f, const struct event_row *row)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (!f->cli->json && !f->csv) {
		add_row(f->table, f->cli, row);
		return;
	}
	if (f->csv) {
		export_csv_row(line, row, cli_zone(f->cli, NULL));
	} else {
		json_event(line, row, f->cli->pins);
		g_string_append_c(line, '\n');
	}
	fputs(line->str, f->cli->out);
}

static void print(struct feed *f)
{
	if (!f->cli->json && !f->csv)
		table_print(f->table, f->cli->out, f->cli->cells, f->cli->ascii, f->heads);
	table_clear(f->table);
	f->heads = false;
}

/* The past, in the order it happened: the list comes newest first. */
static bool print_past(struct feed *f, GError **err)
{
	struct event_found found;
	OWN(cache_list) struct cache_list *list = cache_find_events(f->cli->cache, &f->query, &found, err);

	if (!list)
		return false;
	for (guint i = list->rows->len; i > 0; i--)
		add(f, cache_list_at(list, struct event_row, i - 1));
	f->nothing = !list->rows->len;
	if (f->cut_by_us && list->rows->len == (guint)f->query.limit)
		fprintf(f->cli->err, "Only the newest %d events are shown: --limit N shows more.\n",
			f->query.limit);
	if (list->rows->len)
		print(f);
	return true;
}

static bool on_changed(unsigned mask, void *ctx)
{
	struct feed *f = ctx;
	guint got = FOLLOW_PAGE;

	if (f->after_no == 0 && !print_past(f, &f->err))
		return false;
	if (f->after_no == 0)
		f->after_no = cache_last_event_no(f->cli->cache);
	while (f->after_no > 0 && (mask & POKE_EVENTS) && got == FOLLOW_PAGE) {
		struct event_query q = { .lock_no = f->query.lock_no, .code_no = f->query.code_no, .from = INSTANT_NONE,
					 .until = INSTANT_NONE, .after_no = f->after_no, .limit = FOLLOW_PAGE };
		OWN(cache_list) struct cache_list *list = cache_events(f->cli->cache, &q, &f->err);

		if (!list)
			return false;
		got = list->rows->len;
		for (guint i = 0; i < got; i++) {
			const struct event_row *row = cache_list_at(list, struct event_row, i);
			if (event_row_fits(row, f->query.filter))
				add(f, row);
			f->after_no = row->event_no;
		}
		if (got)
			print(f);
	}
	/* A reader that has gone (head) ends it quietly. */
	return fflush(f->cli->out) == 0;
}

static const struct table_column columns[] = {
	{ "WHEN", false, 0 }, { "LOCK", false, 10 }, { "WHAT", false, 10 },
	{ "WHO", false, 10 }, { "HOW", false, 10 },  { NULL, false, 0 },
};
/* What comes later stands below what came first, however long its names are. */
static const int follow_widths[] = { 19, 20, 27, 22, 0 };

int cmd_events(struct cli *cli, const struct args *args, GError **err)
{
	bool follow = args_has(args, "follow");
	OWN(table) struct table *t = table_new(columns);
	struct feed feed = { .cli = cli, .table = t, .heads = true,
			     .csv = args_has(args, "csv"),
			     .cut_by_us = !args_text(args, "limit") };
	OWN(event_filter) struct event_filter *filter = NULL;
	int64_t last_no;
	static const struct follow_ops ops = { on_changed, NULL };

	if (follow)
		table_fix(t, follow_widths);
	if (!query_of(cli, args, &feed.query, &filter, err))
		return EXIT_USAGE;
	if (feed.csv) {
		g_autoptr(GString) head = g_string_new(NULL);

		export_csv_head(head);
		fputs(head->str, cli->out);
	}
	last_no = cache_last_event_no(cli->cache);
	if (!print_past(&feed, err))
		return EXIT_CACHE;
	if (feed.nothing && !cli->json && !feed.csv && !follow)
		fputs("keyrack: No event fits\n", cli->err);
	cli_note_age(cli);
	if (!follow)
		return EXIT_OK;
	feed.after_no = last_no;
	follow_sync(cli, &ops, &feed, NULL, 0, err);
	if (feed.err)
		g_propagate_error(err, feed.err);
	return EXIT_OK;
}
