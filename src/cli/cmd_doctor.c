/* keyrack doctor - runs the checks and prints what they found, a line each. */
#include "cli/cli.h"
#include "cli/doctor.h"
#include "core/jsonout.h"
#include "core/text.h"
#include "sync/sync.h"

const struct doctor_check doctor_check[] = {
	{ "configuration", false, doctor_configuration },
	{ "credentials", true, doctor_credentials },
	{ "server", true, doctor_server },
	{ "clock", true, doctor_clock },
	{ "cache", true, doctor_cache },
	{ "doors", true, doctor_doors },
	{ "outbox", true, doctor_outbox },
	{ "sync", true, doctor_sync },
	{ "terminal", false, doctor_terminal },
	{ "keys", false, doctor_keys },
	{ "themes", false, doctor_themes },
	{ "columns", true, doctor_columns },
	{ "feeds", true, doctor_feeds },
	{ "notifications", false, doctor_notifications },
	{ NULL, false, NULL },
};

static const char *const level_word[] = { "ok", "warn", "bad" };

void doctor_say(struct doctor *d, enum doctor_level level, const char *remedy, const char *fmt, ...)
{
	struct doctor_finding f = { .check = d->check, .level = level, .remedy = remedy };
	va_list ap;

	va_start(ap, fmt);
	g_autofree char *text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	f.text = text_safe(text);
	g_array_append_val(d->finding, f);
}

static void print_person(struct cli *cli, const struct doctor_finding *f)
{
	fprintf(cli->out, "%-4s  %-14s %s\n", level_word[f->level], f->check, f->text);
	if (f->remedy)
		fprintf(cli->out, "%-4s  %-14s   %s %s\n", "", "", cli->ascii ? "->" : "→",
			f->remedy);
}

static void print_json(struct cli *cli, const struct doctor_finding *f)
{
	g_autoptr(GString) line = g_string_new(NULL);

	jsonout_object(line, NULL);
	jsonout_string(line, "check", f->check);
	jsonout_string(line, "level", level_word[f->level]);
	jsonout_string(line, "text", f->text);
	jsonout_string(line, "remedy", f->remedy);
	jsonout_object_end(line);
	fprintf(cli->out, "%s\n", line->str);
}

static void clear_finding(void *data)
{
	g_free(((struct doctor_finding *)data)->text);
}

/* Each finding is printed when its check is done: a server may take its time. */
static void run_check(struct doctor *d, const struct doctor_check *check)
{
	guint first = d->finding->len;

	d->check = check->name;
	check->run(d);
	for (guint i = first; i < d->finding->len; i++) {
		const struct doctor_finding *f =
			&g_array_index(d->finding, struct doctor_finding, i);
		if (d->cli->json)
			print_json(d->cli, f);
		else
			print_person(d->cli, f);
	}
	fflush(d->cli->out);
}

int cmd_doctor(struct cli *cli, const struct args *args, GError **err)
{
	struct doctor d = {
		.cli = cli,
		.finding = g_array_new(FALSE, TRUE, sizeof(struct doctor_finding)),
	};
	enum doctor_level worst = DOCTOR_OK;

	(void)args;
	(void)err;
	g_array_set_clear_func(d.finding, clear_finding);
	for (const struct doctor_check *check = doctor_check; check->name; check++)
		if (!check->needs_profile || cli->profile)
			run_check(&d, check);
	for (guint i = 0; i < d.finding->len; i++)
		worst = MAX(worst, g_array_index(d.finding, struct doctor_finding, i).level);
	g_array_unref(d.finding);
	if (d.api_key)
		credential_wipe(d.api_key);
	return worst == DOCTOR_BAD ? EXIT_FAILED : EXIT_OK;
}
