/* keyrack audit verify - is an export of keyrackd's audit whole? Needs no server and no cache. */
#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "core/audit.h"
#include "core/error.h"

/* The public key, as hex or as the file that holds it. NULL with err. */
static char *key_of(const char *given, GError **err)
{
	g_autofree char *text = NULL, *beside = g_strconcat(given, ".pub", NULL);

	if (strlen(given) == AUDIT_HEX - 1 && strspn(given, "0123456789abcdef") == AUDIT_HEX - 1)
		return g_strdup(given);
	/* The private half looks like the public one: only where it lies tells them apart. */
	if (g_file_test(beside, G_FILE_TEST_EXISTS)) {
		g_set_error(
			err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			"%s is the private key that seals, which nobody needs to verify: leave it where "
			"keyrackd keeps it, and give %s",
			given, beside);
		return NULL;
	}
	if (!g_file_get_contents(given, &text, NULL, err))
		return NULL;
	g_strstrip(text);
	if (strlen(text) == AUDIT_HEX - 1 && strspn(text, "0123456789abcdef") == AUDIT_HEX - 1)
		return g_steal_pointer(&text);
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
		    "%s is no public key: keyrackd keeps it beside its audit's key, in a file that ends in .pub",
		    given);
	return NULL;
}

static FILE *open_export(const char *path, GError **err)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");

	if (!f)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s: %s", path, g_strerror(errno));
	return f;
}

int cmd_audit_verify(struct cli *cli, const struct args *args, GError **err)
{
	const char *given = args_text(args, "key"), *head_text = args_text(args, "head");
	g_autofree char *key = given ? key_of(given, err) : NULL, *words = NULL;
	struct audit_head head;
	struct audit_report r;
	FILE *f;

	if (given && !key)
		return EXIT_USAGE;
	if (head_text && !audit_head_parse(head_text, &head)) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "--head is NUMBER:HASH, as 'keyrackd audit head' prints it");
		return EXIT_USAGE;
	}
	f = open_export(args->words->pdata[0], err);
	if (!f)
		return EXIT_FAILED;
	audit_verify(f, key, head_text ? &head : NULL, &r);
	if (f != stdin)
		fclose(f);
	words = audit_words(&r);
	fprintf(cli->out, "%s\n", words);
	return r.verdict == AUDIT_WHOLE ? EXIT_OK : EXIT_FAILED;
}
