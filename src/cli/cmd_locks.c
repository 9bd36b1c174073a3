/* keyrack locks - the rack, one line a lock. */
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/table.h"
#include "core/traits.h"
#include "core/vocab.h"

static const struct {
	const char *word;
	enum lock_sort sort;
} sort_word[] = {
	{ "name", LOCKS_BY_NAME },	 { "place", LOCKS_BY_PLACE },
	{ "trouble", LOCKS_BY_TROUBLE }, { "battery", LOCKS_BY_BATTERY },
	{ "next", LOCKS_BY_NEXT },
};

static bool sort_of(const char *word, enum lock_sort *sort, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sort_word); i++) {
		if (!word || strcmp(word, sort_word[i].word) == 0) {
			*sort = sort_word[i].sort;
			return true;
		}
	}
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
		    "Locks cannot be sorted by '%s': name, place, trouble, battery, next", word);
	return false;
}

static const char *state_word(const struct lock *lock)
{
	if (lock->online == TRI_NO)
		return "offline";
	if (lock->locked == TRI_YES)
		return lock->door_open == TRI_YES ? "locked, open" : "locked";
	if (lock->locked == TRI_NO)
		return "unlocked";
	return lock->online == TRI_YES ? "online" : "unknown";
}

static void add_trouble(struct table *t, const struct lock_row *row)
{
	const struct problem_info *info = row->worst ? problem_lookup(row->worst) : NULL;

	table_add(t, info ? info->words : row->worst);
}

static void add_row(struct table *t, const struct cli *cli, const struct lock_row *row)
{
	const struct lock *lock = &row->lock;

	table_add(t, lock->name);
	table_add(t, lock->place);
	table_add(t, brand_of(lock->device_type, lock->manufacturer));
	table_add(t, state_word(lock));
	if (lock->battery_pct >= 0)
		table_addf(t, "%d%%", lock->battery_pct);
	else
		table_add(t, lock->battery_status);
	table_addf(t, "%d", row->codes_now);
	table_addf(t, "%d", row->codes_to_come);
	g_autofree char *next = cli_when(cli, lock->zone, row->next_start);
	table_add(t, next);
	add_trouble(t, row);
}

static void print_json(struct cli *cli, const struct lock_row *row)
{
	g_autoptr(GString) line = g_string_new(NULL);

	json_lock(line, row);
	fprintf(cli->out, "%s\n", line->str);
}

static const struct table_column columns[] = {
	{ "LOCK", false, 12 },	  { "PLACE", false, 6 }, { "BRAND", false, 6 },
	{ "STATE", false, 0 },	  { "BAT", true, 0 },	 { "NOW", true, 0 },
	{ "TO COME", true, 0 },	  { "NEXT", false, 0 },	 { "TROUBLE", false, 8 },
	{ NULL, false, 0 },
};

int cmd_locks(struct cli *cli, const struct args *args, GError **err)
{
	bool only_trouble = args_has(args, "trouble");
	enum lock_sort sort;
	guint shown = 0;

	if (!sort_of(args_text(args, "sort"), &sort, err))
		return EXIT_USAGE;
	g_autoptr(GArray) order =
		cache_lock_order(cli->cache, sort, args_text(args, "find"), cli->now, err);
	if (!order)
		return EXIT_CACHE;
	OWN(table) struct table *t = table_new(columns);
	for (guint i = 0; i < order->len; i++) {
		OWN(cache_list) struct cache_list *one =
			cache_lock(cli->cache, g_array_index(order, int64_t, i), cli->now, NULL);
		if (!one)
			continue; /* gone since the order was made */
		const struct lock_row *row = cache_list_at(one, struct lock_row, 0);
		if (only_trouble && row->worst_severity < 1)
			continue;
		shown++;
		if (cli->json)
			print_json(cli, row);
		else
			add_row(t, cli, row);
	}
	if (!cli->json && shown)
		table_print(t, cli->out, cli->cells, cli->ascii, true);
	if (!shown && !cli->json)
		fputs("keyrack: No lock fits\n", cli->err);
	cli_note_age(cli);
	return EXIT_OK;
}
