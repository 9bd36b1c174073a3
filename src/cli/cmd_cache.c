/* keyrack cache rekey - another key for the PINs in the cache, or a new start where the key is gone. */
#include "cache/rekey.h"
#include "cli/cli.h"

static int rekey(struct cli *cli, GError **err)
{
	struct cache_key key;

	if (!cli_open_cache(cli, err) || !cache_rekey(cli->cache, err) || !cache_key(cli->cache, &key, err))
		return EXIT_FAILED;
	fprintf(cli->out, "The PINs in the cache are sealed with the new key %08x, the first of %d in %s\n", key.in_use,
		key.keys, key.path);
	if (key.closed)
		fprintf(cli->err, "keyrack: %" G_GINT64_FORMAT " of them could not be opened and stay as they are\n",
			key.closed);
	cache_key_clear(&key);
	return EXIT_OK;
}

static int forget(struct cli *cli, const struct args *args, GError **err)
{
	g_autofree char *path = profile_file(cli->profile, "cache.db");
	struct cache_lost lost;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "%s is not there: nothing is lost", path);
		return EXIT_NOT_FOUND;
	}
	if (!cli_confirm(
		    cli, args, err,
		    "Without its key the PINs of changes that are not sent yet, of rotas and of the suspended are lost "
		    "for good; the others are pulled again. Is there really no backup of the key file?") ||
	    !cache_forget_key(path, cli->profile->group, &lost, err))
		return EXIT_FAILED;
	fprintf(cli->out,
		"The cache has a new key. 'keyrack sync --once' brings back the PINs of %" G_GINT64_FORMAT " codes\n",
		lost.codes);
	if (lost.intents)
		fprintf(cli->out,
			"%d changes were not sent yet and held a PIN: 'keyrack outbox' lists them as refused; enter "
			"them again if they are still wanted\n",
			lost.intents);
	if (lost.staff)
		fprintf(cli->out,
			"%d PINs of rotas and of suspended staff are gone: new ones are drawn when they are next "
			"let in\n",
			lost.staff);
	return EXIT_OK;
}

int cmd_cache_rekey(struct cli *cli, const struct args *args, GError **err)
{
	return args_has(args, "lost") ? forget(cli, args, err) : rekey(cli, err);
}
