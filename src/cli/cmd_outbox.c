/* keyrack outbox - what was asked for and is not settled, and taking it back. */
#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/words.h"

enum { LIMIT = 1000 };

static const struct table_column columns[] = {
	{ "NO", true, 0 },   { "MADE", false, 0 }, { "BY", false, 6 },	   { "WHAT", false, 16 },
	{ "STATE", false, 0 }, { "TRIES", true, 0 }, { "ANSWER", false, 12 }, { NULL, false, 0 },
};

static void add_row(struct table *t, struct cli *cli, const struct intent *in)
{
	g_autofree char *made = cli_when(cli, NULL, in->made_at);
	g_autofree char *what = words_of_intent(in);
	g_autofree char *answer = words_of_answer(in);

	table_addf(t, "%" G_GINT64_FORMAT, in->intent_no);
	table_add(t, made);
	table_add(t, in->made_by);
	table_add(t, what);
	table_add(t, intent_state_word(in->state));
	table_addf(t, "%d", in->tries);
	g_strdelimit(answer, "\n", ';');
	table_add(t, answer);
}

/* What --state takes. */
static const struct {
	const char *word;
	enum outbox_show show;
} shows[] = {
	{ "all", OUTBOX_ALL },	       { "waiting", OUTBOX_WAITING }, { "refused", OUTBOX_REFUSED },
	{ "accepted", OUTBOX_ACCEPTED }, { "aside", OUTBOX_ASIDE },
};

static struct cache_list *list_shown(struct cli *cli, const char *word, GError **err)
{
	struct outbox_query q = { .limit = LIMIT };
	struct outbox_found found;

	for (size_t i = 0; i < G_N_ELEMENTS(shows); i++)
		if (g_strcmp0(word, shows[i].word) == 0) {
			q.show = shows[i].show;
			return outbox_find(cli->cache, &q, &found, err);
		}
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
		    "--state is one of all, waiting, refused, accepted, aside, not '%s'", word);
	return NULL;
}

int cmd_outbox(struct cli *cli, const struct args *args, GError **err)
{
	unsigned states = 1u << INTENT_QUEUED | 1u << INTENT_SENDING | 1u << INTENT_REFUSED;
	const char *state = args_text(args, "state");
	OWN(table) struct table *t = table_new(columns);
	OWN(cache_list) struct cache_list *list =
		state ? list_shown(cli, state, err)
		      : outbox_list(cli->cache, args_has(args, "all") ? 0 : states, LIMIT, err);

	if (!list)
		return err && g_error_matches(*err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE) ? EXIT_USAGE : EXIT_CACHE;
	for (guint i = 0; i < list->rows->len; i++) {
		const struct intent *in = cache_list_at(list, struct intent, i);
		if (!cli->json) {
			add_row(t, cli, in);
			continue;
		}
		g_autoptr(GString) line = g_string_new(NULL);
		json_intent(line, in, cli->pins);
		fprintf(cli->out, "%s\n", line->str);
	}
	if (!cli->json && list->rows->len)
		table_print(t, cli->out, cli->cells, cli->ascii, true);
	if (!list->rows->len && !cli->json)
		fputs("keyrack: The outbox is empty\n", cli->err);
	return EXIT_OK;
}

static bool number_of(const struct args *args, int64_t *no, GError **err)
{
	const char *word = args->words->pdata[0];
	gint64 n;

	if (g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &n, NULL)) {
		*no = n;
		return true;
	}
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
		    "'%s' is no number: 'keyrack outbox' lists them", word);
	return false;
}

/* Consoles hear of it from sync; without one there is nobody to tell. */
static void tell(struct cli *cli)
{
	bool (*start)(const struct profile *, GError **) = cli->start_sync;

	cli->start_sync = NULL;
	follow_nudge(cli, "outbox", NULL);
	cli->start_sync = start;
}

/* Why it cannot be taken back, and what can be done instead. */
static void fail_not_queued(struct cli *cli, int64_t no, GError **err)
{
	OWN(cache_list) struct cache_list *list = outbox_get(cli->cache, no, NULL);
	enum intent_state state = list && list->rows->len
		? cache_list_at(list, struct intent, 0)->state : INTENT_SENDING;

	g_clear_error(err);
	if (state == INTENT_REFUSED)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED,
			    "%" G_GINT64_FORMAT " was refused, so nothing came of it: 'keyrack outbox "
			    "dismiss %" G_GINT64_FORMAT "' puts it aside", no, no);
	else
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED,
			    "%" G_GINT64_FORMAT " cannot be taken back: it is %s", no,
			    state == INTENT_SENDING ? "on its way already" : intent_state_word(state));
}

int cmd_outbox_withdraw(struct cli *cli, const struct args *args, GError **err)
{
	g_autoptr(GError) why = NULL;
	int64_t no;

	if (!number_of(args, &no, err))
		return EXIT_USAGE;
	if (!outbox_withdraw(cli->cache, no, &why)) {
		if (g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_BUSY))
			fail_not_queued(cli, no, &why);
		g_propagate_error(err, g_steal_pointer(&why));
		return EXIT_FAILED;
	}
	fprintf(cli->out, "%" G_GINT64_FORMAT " withdrawn\n", no);
	tell(cli);
	return EXIT_OK;
}

int cmd_outbox_dismiss(struct cli *cli, const struct args *args, GError **err)
{
	int64_t no;

	if (!number_of(args, &no, err))
		return EXIT_USAGE;
	if (!outbox_dismiss(cli->cache, no, err))
		return EXIT_FAILED;
	fprintf(cli->out, "%" G_GINT64_FORMAT " put aside\n", no);
	tell(cli);
	return EXIT_OK;
}

int cmd_outbox_retry(struct cli *cli, const struct args *args, GError **err)
{
	g_autoptr(GError) why = NULL;
	int64_t no, again;

	if (!number_of(args, &no, err))
		return EXIT_USAGE;
	again = outbox_resend(cli->cache, no, g_get_user_name(), instant_now(), &why);
	if (!again) {
		if (g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_USAGE))
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_REFUSED,
				    "%" G_GINT64_FORMAT " is not asked for again: %s", no, why->message);
		else
			g_propagate_error(err, g_steal_pointer(&why));
		return EXIT_FAILED;
	}
	fprintf(cli->out, "%" G_GINT64_FORMAT " asked for again as %" G_GINT64_FORMAT "\n", no, again);
	tell(cli);
	return EXIT_OK;
}
