/* window - see the header. */
#include "cli/window.h"

#include "core/when.h"

static bool parse(struct cli *cli, const char *option, const char *text, struct when_context *ctx,
		  struct instant *out, GError **err)
{
	const char *note = NULL;

	if (!when_parse(text, ctx, out, &note, err)) {
		g_prefix_error(err, "--%s: ", option);
		return false;
	}
	if (note)
		fprintf(cli->err, "keyrack: --%s: %s\n", option, note);
	return true;
}

/* What was not said so is said back. */
static void start(struct cli *cli, const char *zone, struct instant soonest, struct window *out)
{
	g_autofree char *at = cli_when_full(cli, zone, soonest);

	out->from = soonest;
	if (!instant_eq(soonest, cli->now))
		fprintf(cli->err, "keyrack: the code starts at %s, the soonest this lock takes\n", at);
}

bool window_of(struct cli *cli, const struct args *args, const char *zone, struct instant soonest,
	       const struct window *present, struct window *out, GError **err)
{
	const char *from = args_text(args, "from"), *until = args_text(args, "until");
	struct when_context ctx = {
		.zone = cli_zone(cli, zone),
		.now = cli->now,
		.base = cli->now,
		.default_minutes = cli->profile->check_in,
	};

	out->from = INSTANT_NONE;
	out->until = INSTANT_NONE;
	if (from && !parse(cli, "from", from, &ctx, &out->from, err))
		return false;
	if (instant_known(soonest) && (from ? instant_eq(out->from, cli->now) : until != NULL))
		start(cli, zone, soonest, out);
	if (!until)
		return true;
	ctx.base = instant_known(out->from)			    ? out->from
		   : present && instant_known(present->from) ? present->from
							     : cli->now;
	if (present && instant_known(present->until))
		ctx.present = &present->until;
	ctx.default_minutes = cli->profile->check_out;
	ctx.is_end = true;
	return parse(cli, "until", until, &ctx, &out->until, err);
}

char *window_words(const struct cli *cli, const char *zone, struct window w)
{
	g_autofree char *from = cli_when_full(cli, zone, w.from);
	g_autofree char *until = cli_when_full(cli, zone, w.until);
	char length[CIVIL_TEXT_MAX];

	if (!instant_known(w.from) && !instant_known(w.until))
		return g_strdup("ongoing");
	if (!instant_known(w.until))
		return g_strdup_printf("from %s on", from);
	if (!instant_known(w.from))
		return g_strdup_printf("until %s", until);
	return g_strdup_printf("from %s until %s (%s)", from, until,
			       duration_text(instant_diff_ms(w.until, w.from), length));
}
