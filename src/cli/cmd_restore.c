/* keyrack restore - an export compared with what is there, shown, and done after a yes. */
#include "cache/restore.h"
#include "cli/cli.h"
#include "cli/follow.h"
#include "core/text.h"

static const char sign_of[BATCH_SIGN_COUNT] = {
	[BATCH_ISSUE] = '+', [BATCH_CHANGE] = '~', [BATCH_REVOKE] = '-', [BATCH_BLOCKED] = '!', [BATCH_SAME] = '=',
};

static void print_plan(struct cli *cli, const struct batch *b)
{
	for (guint i = 0; i < b->rows->len; i++) {
		const struct batch_row *r = g_ptr_array_index(b->rows, i);
		g_autofree char *door = text_safe(r->door), *name = text_safe(r->name), *words = text_safe(r->words);

		fprintf(cli->out, "%c %s, %s: %s\n", sign_of[r->sign], *door ? door : "?", *name ? name : "(no name)",
			words);
	}
	cli_say(cli->out, "%s: %d to issue, %d to change, %d blocked, %d so already", b->title,
		batch_count(b, BATCH_ISSUE), batch_count(b, BATCH_CHANGE), batch_count(b, BATCH_BLOCKED),
		batch_count(b, BATCH_SAME));
	if (b->about)
		cli_say(cli->out, "%s", b->about);
	fflush(cli->out);
}

static int apply(struct cli *cli, const struct args *args, struct batch *b, const char *path, GError **err)
{
	int n = batch_count(b, BATCH_ISSUE) + batch_count(b, BATCH_CHANGE);
	g_autofree char *about = g_strdup_printf("%d changes from %s", n, path);
	g_autoptr(GError) why = NULL;

	if (!n) {
		fputs("Nothing to do\n", cli->out);
		return EXIT_OK;
	}
	if (!cli_confirm(cli, args, err, "Queue these %d changes?", n))
		return EXIT_USAGE;
	if (!batch_apply(cli->cache, b, g_get_user_name(), cli->now, NULL, err))
		return EXIT_CACHE;
	/* What is queued stays queued, whatever becomes of the note. */
	if (!cache_note_act(cli->cache, "restore", about, g_get_user_name(), cli->now, &why))
		cli_say(cli->err, "keyrack: this could not be noted: %s", why->message);
	g_clear_error(&why);
	fprintf(cli->out, "Queued: %d changes\n", n);
	if (!follow_nudge(cli, "outbox", &why))
		cli_say(cli->err, "keyrack: Queued safely; it is sent when sync runs (%s)",
			why ? why->message : "it does not now");
	return EXIT_OK;
}

struct again {
	struct cli *cli;
	const struct codes_file *file;
};

static struct batch *make(void *ctx)
{
	const struct again *a = ctx;

	return restore_batch(a->cli->cache, a->file, a->cli->profile->id, cli_zone(a->cli, NULL), a->cli->now, NULL);
}

int cmd_restore(struct cli *cli, const struct args *args, GError **err)
{
	const char *path = args->words->pdata[0];
	OWN(codes_file) struct codes_file *e = codes_file_load(path, err);
	struct again again = { cli, e };
	OWN(batch) struct batch *b = NULL;

	if (!e)
		return EXIT_USAGE;
	b = restore_batch(cli->cache, e, cli->profile->id, cli_zone(cli, NULL), cli->now, err);
	if (!b)
		return EXIT_USAGE;
	b->strict = true;
	b->again = make;
	b->again_ctx = &again;
	print_plan(cli, b);
	cli_note_age(cli);
	return apply(cli, args, b, path, err);
}
