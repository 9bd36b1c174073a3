/* keyrack rota - who works on which days of the week, behind which doors. */
#include "config.h"

#include <string.h>

#include "cache/rotas.h"
#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/pick.h"
#include "cli/pinfile.h"
#include "cli/table.h"
#include "core/jsonout.h"
#include "core/profile_named.h"
#include "core/text.h"
#include "core/when.h"
#include "feed/rota_plan.h"

#define NOON_MIN (12 * 60)
#define DAYS_AHEAD_MAX 3660
#define NAME_MAX_CHARS 100

static const struct table_column columns[] = {
	{ "NO", true, 0 }, { "NAME", false, 12 }, { "HOURS", false, 0 }, { "DOOR", false, 10 },
	{ "NEXT", false, 0 }, { "STATE", false, 12 }, { NULL, false, 0 },
};

static char *next_words(struct cli *cli, const struct rota_at *at)
{
	if (!instant_known(at->next.from))
		return g_strdup("");
	g_autofree char *from = cli_when(cli, zone_name(at->zone), at->next.from);
	g_autofree char *until = cli_when(cli, zone_name(at->zone), at->next.until);

	return g_strdup_printf("%s to %s", from, until);
}

static void add_row(struct table *t, struct cli *cli, const struct rota *r, const struct rota_at *at)
{
	g_autofree char *hours = rota_hours_text(&r->hours), *next = next_words(cli, at);

	table_addf(t, "%" G_GINT64_FORMAT, r->rota_no);
	table_add(t, r->name);
	table_add(t, hours);
	table_add(t, at->door);
	table_add(t, next);
	table_add(t, instant_known(r->held_at) ? "suspended" : at->words);
}

static void print_json(struct cli *cli, const struct rota *r, const struct rota_plan *plan)
{
	g_autofree char *hours = rota_hours_text(&r->hours);
	g_autoptr(GString) out = g_string_new(NULL);

	jsonout_object(out, NULL);
	jsonout_int(out, "rota", r->rota_no);
	jsonout_string(out, "name", r->name);
	jsonout_string(out, "hours", hours);
	jsonout_string(out, "code", cli->pins ? r->pin : NULL);
	jsonout_string(out, "made_by", r->made_by);
	jsonout_bool(out, "suspended", instant_known(r->held_at));
	jsonout_array(out, "doors");
	for (guint i = 0; i < plan->at->len; i++) {
		const struct rota_at *at = plan->at->pdata[i];

		jsonout_object(out, NULL);
		jsonout_string(out, "lock", at->door);
		jsonout_instant(out, "starts_at", at->next.from);
		jsonout_instant(out, "ends_at", at->next.until);
		jsonout_string(out, "state", at->words);
		jsonout_object_end(out);
	}
	jsonout_array_end(out);
	jsonout_object_end(out);
	fprintf(cli->out, "%s\n", out->str);
}

int cmd_rota_list(struct cli *cli, const struct args *args, GError **err)
{
	OWN(cache_list) struct cache_list *list = cache_rotas(cli->cache, INSTANT_MAX, err);
	OWN(table) struct table *t = table_new(columns);

	(void)args;
	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct rota *r = cache_list_at(list, struct rota, i);
		OWN(rota_plan) struct rota_plan *plan =
			rota_plan_make(cli->cache, r, cli_zone(cli, NULL), cli->now, err);

		if (!plan)
			return EXIT_CACHE;
		if (cli->json)
			print_json(cli, r, plan);
		for (guint k = 0; !cli->json && k < plan->at->len; k++)
			add_row(t, cli, r, plan->at->pdata[k]);
	}
	if (!list)
		return EXIT_CACHE;
	if (!cli->json && list->rows->len)
		table_print(t, cli->out, cli->cells, cli->ascii, true);
	if (!cli->json && !list->rows->len)
		fputs("keyrack: Nobody works by a rota: keyrack help rota add\n", cli->err);
	return EXIT_OK;
}

/* ---- add ---- */

static bool usage(GError **err, const char *text)
{
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, text);
	return false;
}

static bool take_day(struct cli *cli, const struct args *args, const char *option, int64_t *day, GError **err)
{
	const struct zone *zone = cli_zone(cli, NULL);
	struct when_context ctx = { .zone = zone, .now = cli->now, .base = cli->now, .default_minutes = NOON_MIN };
	const char *text = args_text(args, option);
	struct instant t;

	if (!text)
		return true;
	if (!when_parse(text, &ctx, &t, NULL, err))
		return false;
	if (ABS(instant_diff_ms(t, cli->now)) > DAYS_AHEAD_MAX * DAY_MS) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--%s %s: that is more than ten years away",
			    option, text);
		return false;
	}
	*day = rota_day(zone, t);
	return true;
}

static bool check_days(struct cli *cli, const struct rota *r, GError **err)
{
	if (r->last_day != ROTA_NO_END && r->last_day < rota_day(cli_zone(cli, NULL), cli->now))
		return usage(err, "--last: that day is over, so nobody would ever come in");
	if (r->last_day != ROTA_NO_END && r->last_day < r->first_day)
		return usage(err, "--last must not come before --first");
	return true;
}

static bool take_hours(struct cli *cli, const struct args *args, struct rota *r, GError **err)
{
	const char *hours = args_text(args, "hours");
	const struct named_pattern *named = hours ? profile_pattern(cli->profile, hours) : NULL;

	if (!hours)
		return usage(err, "--hours is needed: keyrack rota add --name NAME --hours 'mon-fri 8-14' --lock NAME");
	if (named)
		r->hours = named->hours;
	return named || rota_hours_parse(hours, &r->hours, err);
}

static bool take_doors(struct cli *cli, const struct args *args, GArray *locks, GError **err)
{
	const GPtrArray *names = args_texts(args, "lock"), *sets = args_texts(args, "doors");

	for (guint i = 0; i < names->len; i++) {
		int64_t lock_no = cache_lock_find(cli->cache, names->pdata[i], err);

		if (!lock_no)
			return false;
		for (guint k = 0; k < locks->len; k++) {
			if (g_array_index(locks, int64_t, k) != lock_no)
				continue;
			g_autofree char *again = text_safe(names->pdata[i]);
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--lock %s: that door is given twice",
				    again);
			return false;
		}
		g_array_append_val(locks, lock_no);
	}
	if (!pick_door_sets(cli, sets, locks, err))
		return false;
	return locks->len || usage(err, "--lock or --doors is needed: which doors?");
}

/* A door that can never be kept is refused before anything is made. */
static bool check_doors(struct cli *cli, const GArray *locks, GError **err)
{
	for (guint i = 0; i < locks->len; i++) {
		OWN(cache_list) struct cache_list *list =
			cache_lock(cli->cache, g_array_index(locks, int64_t, i), cli->now, err);
		const struct lock *lock = list ? &cache_list_at(list, struct lock_row, 0)->lock : NULL;
		const char *why = lock ? rota_why_not(lock) : NULL;

		if (!lock)
			return false;
		if (!why)
			continue;
		g_autofree char *name = text_safe(lock->name);
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s: %s", name, why);
		return false;
	}
	return true;
}

static bool take_pin(struct cli *cli, const struct args *args, const GArray *locks, char pin[static PIN_MAX + 1],
		     GError **err)
{
	const char *file = args_text(args, "pin-file");

	if (file)
		return pinfile_read(file, pin, err);
	return rota_choose_pin(cli->cache, locks, cli->now, pin) ||
	       usage(err, "No PIN fits all of these locks: make a rota for each");
}

static void tell(struct cli *cli, const char *act, const char *about)
{
	cache_note_act(cli->cache, act, about, g_get_user_name(), cli->now, NULL);
	follow_nudge(cli, "outbox", NULL);
}

int cmd_rota_add(struct cli *cli, const struct args *args, GError **err)
{
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct rota r = { .name = args_text(args, "name"), .first_day = rota_day(cli_zone(cli, NULL), cli->now),
			  .last_day = ROTA_NO_END };
	char pin[PIN_MAX + 1] = "";
	int64_t no;
	bool ok;

	if (r.name && g_utf8_strlen(r.name, -1) > NAME_MAX_CHARS) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "A name has at most %d characters",
			    NAME_MAX_CHARS);
		return EXIT_USAGE;
	}
	if (!r.name || !r.name[strspn(r.name, " \t")]) {
		usage(err, "--name is needed: keyrack rota add --name NAME --hours 'mon-fri 8-14' --lock NAME");
		return EXIT_USAGE;
	}
	if (!take_hours(cli, args, &r, err) || !take_day(cli, args, "first", &r.first_day, err) ||
	    !take_day(cli, args, "last", &r.last_day, err) || !check_days(cli, &r, err) ||
	    !take_doors(cli, args, locks, err) || !check_doors(cli, locks, err) ||
	    !take_pin(cli, args, locks, pin, err))
		return EXIT_USAGE;
	r.pin = pin;
	no = cache_rota_add(cli->cache, &r, locks, g_get_user_name(), cli->now, err);
	ok = no && rota_carry_out(cli->cache, no, cli_zone(cli, NULL), cli->now, err);
	if (ok) {
		g_autofree char *hours = rota_hours_text(&r.hours), *name = text_safe(r.name);

		tell(cli, "rota", name);
		fprintf(cli->out, "Rota %" G_GINT64_FORMAT ": %s, %s, on %u door%s. PIN: %s%s\n", no, name, hours,
			locks->len, locks->len == 1 ? "" : "s", cli_pin(cli, pin),
			cli->pins ? "" : " (--pins shows it)");
	}
	explicit_bzero(pin, sizeof pin);
	return ok ? EXIT_OK : EXIT_FAILED;
}

/* ---- end ---- */

static int64_t find(struct cli *cli, const char *word, GError **err)
{
	OWN(cache_list) struct cache_list *list = cache_rotas(cli->cache, INSTANT_MAX, err);
	g_autofree char *folded = text_fold(word);
	int64_t found = 0;

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct rota *r = cache_list_at(list, struct rota, i);
		g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, r->rota_no);

		if (strcmp(number, word) != 0 && strcmp(r->name_folded, folded) != 0)
			continue;
		/* Whoever is called 5 and the rota of number 5 are two: neither is ended by guessing. */
		if (found) {
			g_set_error(
				err, KEYRACK_ERROR, KEYRACK_ERROR_AMBIGUOUS,
				"Several rotas are called that, or one has that number: 'keyrack rota list' "
				"has them; say another "
				"number or name");
			return 0;
		}
		found = r->rota_no;
	}
	if (list && !found)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND,
			    "No rota is called that: 'keyrack rota list' has them");
	return found;
}

int cmd_rota_end(struct cli *cli, const struct args *args, GError **err)
{
	const char *word = args->words->pdata[0];
	int64_t no = find(cli, word, err);
	g_autofree char *name = NULL;

	if (!no)
		return EXIT_USAGE;
	OWN(cache_list) struct cache_list *list = cache_rota(cli->cache, no, err);
	name = list && list->rows->len ? text_safe(cache_list_at(list, struct rota, 0)->name) : g_strdup("");
	if (!cli_confirm(cli, args, err, "End the rota of %s? Its codes are revoked.", name))
		return EXIT_USAGE;
	if (!cache_rota_end(cli->cache, no, g_get_user_name(), cli->now, err) ||
	    !rota_carry_out(cli->cache, no, cli_zone(cli, NULL), cli->now, err))
		return EXIT_FAILED;
	tell(cli, "rota ended", name);
	fprintf(cli->out, "The rota of %s has ended; its codes are revoked.\n", name);
	return EXIT_OK;
}
