/* cli - see the header: context, ages, times, questions. The command line itself is in run.c. */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

#include "cache/rekey.h"
#include "core/text.h"
#include "sync/sync.h"

/* Younger than this is live: a poll every few seconds, and some patience. */
#define FRESH_MS (2 * MINUTE_MS)

bool cli_load_profile(struct cli *cli, GError **err)
{
	if (cli->profile)
		return true;
	cli->profile = profile_load(cli->profile_id, err);
	if (!cli->profile)
		return false;
	for (guint i = 0; cli->profile->warnings && i < cli->profile->warnings->len; i++)
		cli_say(cli->err, "keyrack: %s", (char *)cli->profile->warnings->pdata[i]);
	cli->ascii = cli->ascii || cli->profile->ascii;
	return true;
}

bool cli_open_cache(struct cli *cli, GError **err)
{
	if (cli->cache)
		return true;
	if (!cli_load_profile(cli, err))
		return false;
	g_autofree char *path = profile_file(cli->profile, "cache.db");
	if (access(path, F_OK) != 0) {
		g_set_error(
			err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
			"Nothing has been fetched for profile %s yet: run 'keyrack sync --once'",
			cli->profile->id);
		return false;
	}
	cli->cache = cache_open(path, CACHE_DESK, cli->profile->group, err);
	if (!cli->cache)
		return false;
	if (cache_begun_anew(cli->cache))
		fputs("keyrack: the key that the PINs in the cache were sealed with is gone. Nothing but them is lost, and the "
		      "next pull brings them again: there is a new key\n",
		      cli->err);
	cli->property = cache_property(cli->cache);
	return true;
}

void cli_done(struct cli *cli)
{
	cache_property_clear(&cli->property);
	if (cli->cache)
		cache_close(cli->cache);
	if (cli->profile)
		profile_free(cli->profile);
	cli->cache = NULL;
	cli->profile = NULL;
}

struct instant cli_last_ok(struct cli *cli)
{
	/* sync notes the first from time to time; the other moves with each new event. */
	int64_t ok = cache_fact_get_int(cli->cache, "ok_at", INT64_MIN);
	int64_t mark = cache_fact_get_int(cli->cache, "watermark", INT64_MIN);

	return (struct instant){ MAX(ok, mark) };
}

char *cli_age(struct cli *cli)
{
	struct instant ok = cli_last_ok(cli);
	bool running = sync_lock_is_held(cli->profile->folder);
	char age[CIVIL_TEXT_MAX];

	if (!instant_known(ok))
		return g_strdup(running ? "the first fetch is still under way"
					: "never fetched completely: run 'keyrack sync --once'");
	int64_t old_ms = instant_diff_ms(cli->now, ok);
	if (old_ms < FRESH_MS)
		return NULL;
	g_autofree char *at = cli_when(cli, NULL, ok);
	return g_strdup_printf("as of %s, %s ago; %s", at, duration_text(old_ms, age),
			       running ? "the server does not answer" : "sync is not running");
}

void cli_note_age(struct cli *cli)
{
	g_autofree char *age = cli_age(cli);

	if (age)
		cli_say(cli->err, "keyrack: %s", age);
}

/* What the profile leaves open the locks say: this computer may stand anywhere, and most servers
 * are in UTC. What is typed and what is printed go by the same clock. */
const struct zone *cli_zone(const struct cli *cli, const char *lock_zone)
{
	const char *own = cli->profile ? cli->profile->zone : NULL;

	if (lock_zone && *lock_zone)
		return zone_get(lock_zone);
	return zone_get(own && *own ? own : cli->property.zone);
}

static bool same_wall(const struct zone *a, const struct zone *b, struct instant t)
{
	return a == b || civil_at(a, t).offset_s == civil_at(b, t).offset_s;
}

char *cli_when(const struct cli *cli, const char *lock_zone, struct instant t)
{
	const struct zone *zone = cli_zone(cli, lock_zone);
	char text[CIVIL_TEXT_MAX];

	if (!instant_known(t))
		return g_strdup("");
	civil_near(zone, t, cli->now, text);
	if (same_wall(zone, cli_zone(cli, NULL), t))
		return g_strdup(text);
	return g_strdup_printf("%s %s", text, civil_at(zone, t).abbrev);
}

char *cli_when_full(const struct cli *cli, const char *lock_zone, struct instant t)
{
	char text[CIVIL_TEXT_MAX];

	return g_strdup(instant_known(t) ? civil_full(cli_zone(cli, lock_zone), t, text) : "");
}

const char *cli_pin(const struct cli *cli, const char *pin)
{
	if (!pin || !*pin)
		return "";
	if (cli->pins)
		return pin;
	return cli->ascii ? "****" : "••••";
}

void cli_say(FILE *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_autofree char *text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	g_autofree char *safe = text_safe(text);
	fprintf(out, "%s\n", safe);
}

bool cli_confirm(struct cli *cli, const struct args *args, GError **err, const char *fmt, ...)
{
	char answer[16];
	va_list ap;

	if (args_has(args, "yes"))
		return true;
	if (!cli->asks) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "Nobody is there to ask: add --yes to do it");
		return false;
	}
	va_start(ap, fmt);
	g_autofree char *question = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	g_autofree char *safe = text_safe(question);
	fprintf(cli->err, "%s [y/N] ", safe);
	fflush(cli->err);
	if (fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED, "Nothing was done");
	return false;
}

int64_t cli_lock_of(struct cli *cli, const struct args *args, GError **err)
{
	const char *words = args_text(args, "lock");

	if (!words)
		return 0;
	int64_t lock_no = cache_lock_find(cli->cache, words, err);
	return lock_no ? lock_no : -1;
}
