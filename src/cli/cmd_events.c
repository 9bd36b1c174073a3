/* keyrack events - what happened, newest last, and what happens with --follow. */
#include <string.h>

#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"
#include "core/vocab.h"
#include "core/when.h"

enum { LIMIT = 100, SINCE_LIMIT = 10000, FOLLOW_PAGE = 500 };

static const char *const kind_word[EVENT_KIND_COUNT] = {
	[EVENT_OTHER] = "other",
	[EVENT_UNLOCK] = "unlock",
	[EVENT_LOCK] = "lock",
	[EVENT_DENIED] = "denied",
	[EVENT_CODE_GOOD] = "code-good",
	[EVENT_CODE_TROUBLE] = "code-trouble",
	[EVENT_CODE_CHANGE] = "code-change",
	[EVENT_DEVICE_GOOD] = "device-good",
	[EVENT_DEVICE_TROUBLE] = "device-trouble",
	[EVENT_ACCOUNT] = "account",
};

static bool kinds_of(const char *text, unsigned *kinds, GError **err)
{
	g_auto(GStrv) word = g_strsplit(text ? text : "", ",", -1);

	*kinds = 0;
	for (char **w = word; *w; w++) {
		int k = 0;
		while (k < EVENT_KIND_COUNT && strcmp(g_strstrip(*w), kind_word[k]) != 0)
			k++;
		if (k == EVENT_KIND_COUNT) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "There is no kind '%s': unlock, lock, denied, code-good, "
				    "code-trouble, code-change, device-good, device-trouble, "
				    "account, other",
				    *w);
			return false;
		}
		*kinds |= 1u << k;
	}
	return true;
}

/* An option's time on the clock beside the lock, or the property's. */
static bool time_of(struct cli *cli, const struct args *args, const char *option, int64_t lock_no,
		    struct instant *out, GError **err)
{
	const char *text = args_text(args, option);
	OWN(cache_list) struct cache_list *lock = NULL;

	*out = INSTANT_NONE;
	if (!text)
		return true;
	if (lock_no)
		lock = cache_lock(cli->cache, lock_no, cli->now, NULL);
	struct when_context ctx = {
		.zone = cli_zone(cli, lock ? cache_list_at(lock, struct lock_row, 0)->lock.zone
					   : NULL),
		.now = cli->now,
		.base = cli->now,
		.default_minutes = 0,
	};
	return when_parse(text, &ctx, out, NULL, err);
}

static bool query_of(struct cli *cli, const struct args *args, struct event_query *q, GError **err)
{
	const char *code = args_text(args, "code");

	*q = (struct event_query){ .from = INSTANT_NONE, .until = INSTANT_NONE };
	/* Who names a span wants all of it. */
	q->limit = (int)MIN(args_number(args, "limit", args_text(args, "since") ? SINCE_LIMIT : LIMIT), G_MAXINT);
	q->lock_no = cli_lock_of(cli, args, err);
	if (q->lock_no < 0)
		return false;
	if (code) {
		q->code_no = cache_code_find(cli->cache, q->lock_no, code, err);
		if (!q->code_no)
			return false;
	}
	return kinds_of(args_text(args, "kind"), &q->kinds, err) &&
	       time_of(cli, args, "since", q->lock_no, &q->from, err) &&
	       time_of(cli, args, "until", q->lock_no, &q->until, err);
}

struct feed {
	struct cli *cli;
	struct event_query query;
	struct table *table;
	bool heads, nothing;
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
	if (!f->cli->json) {
		add_row(f->table, f->cli, row);
		return;
	}
	g_autoptr(GString) line = g_string_new(NULL);
	json_event(line, row, f->cli->pins);
	fprintf(f->cli->out, "%s\n", line->str);
}

static void print(struct feed *f)
{
	if (!f->cli->json)
		table_print(f->table, f->cli->out, f->cli->cells, f->cli->ascii, f->heads);
	table_clear(f->table);
	f->heads = false;
}

/* The past, in the order it happened: the list comes newest first. */
static bool print_past(struct feed *f, GError **err)
{
	OWN(cache_list) struct cache_list *list = cache_events(f->cli->cache, &f->query, err);

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

	if (f->query.after_no == 0 && !print_past(f, &f->err))
		return false;
	if (f->query.after_no == 0)
		f->query.after_no = cache_last_event_no(f->cli->cache);
	while (f->query.after_no > 0 && (mask & POKE_EVENTS) && got == FOLLOW_PAGE) {
		OWN(cache_list) struct cache_list *list =
			cache_events(f->cli->cache, &f->query, &f->err);
		if (!list)
			return false;
		got = list->rows->len;
		for (guint i = 0; i < got; i++) {
			const struct event_row *row = cache_list_at(list, struct event_row, i);
			add(f, row);
			f->query.after_no = row->event_no;
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
			     .cut_by_us = !args_text(args, "limit") };
	int64_t last_no;
	static const struct follow_ops ops = { on_changed, NULL };

	if (follow)
		table_fix(t, follow_widths);
	if (!query_of(cli, args, &feed.query, err))
		return EXIT_USAGE;
	last_no = cache_last_event_no(cli->cache);
	if (!print_past(&feed, err))
		return EXIT_CACHE;
	if (feed.nothing && !cli->json && !follow)
		fputs("keyrack: No event fits\n", cli->err);
	cli_note_age(cli);
	if (!follow)
		return EXIT_OK;
	feed.query.limit = FOLLOW_PAGE;
	feed.query.after_no = last_no;
	follow_sync(cli, &ops, &feed, NULL, 0, err);
	if (feed.err)
		g_propagate_error(err, feed.err);
	return EXIT_OK;
}
