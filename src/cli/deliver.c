/* deliver - see the header. Once the intents are committed nothing is an error of the command
 * but what the server says, or its silence: they stay in the outbox. */
#include "cli/deliver.h"

#include "cli/follow.h"
#include "cli/json.h"
#include "cli/words.h"
#include "core/text.h"

#define TIMEOUT_S 30

struct delivery {
	struct cli *cli;
	GArray *open;        /* int64_t: not settled yet */
	guint refused;
	bool hopeless;       /* sync cannot go on without a person */
	enum sync_phase told;
};

static void print_intent(struct cli *cli, const struct intent *in)
{
	g_autofree char *what = words_of_intent(in);
	g_autofree char *answer = words_of_answer(in);

	if (cli->json) {
		g_autoptr(GString) line = g_string_new(NULL);
		json_intent(line, in, cli->pins);
		fprintf(cli->out, "%s\n", line->str);
		return;
	}
	g_autofree char *safe = text_safe(what);
	fprintf(in->state == INTENT_REFUSED ? cli->err : cli->out, "%" G_GINT64_FORMAT " %s: %s\n",
		in->intent_no, intent_state_word(in->state), safe);
	if (in->state == INTENT_ACCEPTED && in->access_code_id && in->kind == INTENT_CREATE)
		fprintf(cli->out, "  id %s\n", in->access_code_id);
	if (in->state != INTENT_REFUSED || !*answer)
		return;
	g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
	for (char **l = lines; *l; l++) {
		g_autofree char *line = text_safe(*l);
		fprintf(cli->err, "  %s\n", line);
	}
}

static void print_now(struct cli *cli, int64_t intent_no)
{
	OWN(cache_list) struct cache_list *list = outbox_get(cli->cache, intent_no, NULL);

	if (list)
		print_intent(cli, cache_list_at(list, struct intent, 0));
}

/* Prints those that are settled and forgets them; true while some are open. */
static bool settle(struct delivery *d)
{
	for (guint i = 0; i < d->open->len;) {
		int64_t no = g_array_index(d->open, int64_t, i);
		OWN(cache_list) struct cache_list *list = outbox_get(d->cli->cache, no, NULL);
		const struct intent *in = list ? cache_list_at(list, struct intent, 0) : NULL;

		if (in && (in->state == INTENT_QUEUED || in->state == INTENT_SENDING)) {
			i++;
			continue;
		}
		if (in)
			print_intent(d->cli, in);
		d->refused += in && in->state == INTENT_REFUSED;
		g_array_remove_index(d->open, i);
	}
	return d->open->len > 0;
}

static bool on_changed(unsigned mask, void *ctx)
{
	return !(mask & POKE_OUTBOX) || settle(ctx);
}

static bool on_status(const struct poke_status *s, void *ctx)
{
	struct delivery *d = ctx;

	d->hopeless = s->phase == SYNC_NO_ACCESS || s->phase == SYNC_STOPPED;
	if (s->phase >= SYNC_WAITING && s->phase != d->told) {
		cli_say(d->cli->err, "keyrack: %s", s->text && *s->text ? s->text : sync_phase_word(s->phase));
	}
	d->told = s->phase;
	return !d->hopeless;
}

static int wait_for(struct cli *cli, GArray *numbers, int timeout_ms)
{
	static const struct follow_ops ops = { on_changed, on_status };
	struct delivery d = { .cli = cli, .open = numbers, .told = SYNC_STARTING };
	g_autoptr(GError) why = NULL;
	enum follow_end end = follow_sync(cli, &ops, &d, "outbox", timeout_ms, &why);

	if (d.open->len == 0)
		return d.refused ? EXIT_REFUSED : EXIT_OK;
	if (end == FOLLOW_FAILED)
		cli_say(cli->err, "keyrack: %s", why ? why->message : "sync is not there");
	else if (!d.hopeless)
		fprintf(cli->err, "keyrack: No answer yet\n");
	fprintf(cli->err, "keyrack: It stays queued, and is sent when the server can be reached; "
			  "'keyrack outbox' shows it\n");
	if (cli->json)
		for (guint i = 0; i < d.open->len; i++)
			print_now(cli, g_array_index(d.open, int64_t, i));
	if (d.refused)
		return EXIT_REFUSED;
	return d.hopeless ? EXIT_CONFIG : EXIT_TIMEOUT;
}

int deliver(struct cli *cli, const struct args *args, struct intent *in, size_t n, GError **err)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	bool wait = args_has(args, "wait");
	int64_t timeout_s = args_number(args, "timeout", TIMEOUT_S);
	g_autoptr(GError) why = NULL;

	for (size_t i = 0; i < n; i++)
		in[i].made_by = g_get_user_name();
	if (!outbox_add_all(cli->cache, in, n, err))
		return EXIT_CACHE;
	for (size_t i = 0; i < n; i++) {
		g_array_append_val(numbers, in[i].intent_no);
		if (!wait || !cli->json)
			print_now(cli, in[i].intent_no);
	}
	fflush(cli->out);
	if (wait)
		return wait_for(cli, numbers, (int)MIN(timeout_s, 86400) * 1000);
	if (!follow_nudge(cli, "outbox", &why))
		cli_say(cli->err, "keyrack: Queued safely; it is sent when sync runs (%s)",
			why ? why->message : "it does not now");
	return EXIT_OK;
}
