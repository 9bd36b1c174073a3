/* keyrack lock, keyrack unlock - a door, through the outbox like everything else. */
#include "cli/cli.h"
#include "cli/deliver.h"
#include "core/jsonout.h"
#include "core/text.h"

static const struct door_kind {
	enum intent_kind kind;
	const char *cannot;
	bool asks;
} door_lock = { INTENT_LOCK, "it cannot be locked from here", false },
  door_unlock = { INTENT_UNLOCK, "it cannot be unlocked from here", true };

static int move_bolt(struct cli *cli, const struct args *args, const struct door_kind *k,
		     GError **err)
{
	int64_t lock_no = cache_lock_find(cli->cache, args->words->pdata[0], err);

	if (!lock_no)
		return EXIT_NOT_FOUND;
	OWN(cache_list) struct cache_list *list = cache_lock(cli->cache, lock_no, cli->now, err);
	if (!list)
		return EXIT_NOT_FOUND;
	const struct lock *lock = &cache_list_at(list, struct lock_row, 0)->lock;
	g_autofree char *name = text_safe(lock->name);
	if (lock_cannot_turn(lock, k->kind == INTENT_UNLOCK)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s: %s", name, k->cannot);
		return EXIT_USAGE;
	}
	if (k->asks && !cli_confirm(cli, args, err, "Unlock %s now?", name))
		return EXIT_USAGE;
	g_autoptr(GString) params = g_string_new(NULL);
	jsonout_object(params, NULL);
	jsonout_string(params, "device_id", lock->device_id);
	jsonout_object_end(params);
	struct intent in = {
		.kind = k->kind,
		.lock_no = lock_no,
		.device_id = lock->device_id,
		.params = params->str,
		/* The clock now, not when the command began: the question may have waited. */
		.expires_at = instant_add_ms(instant_now(), INTENT_DOOR_LIFE_MS),
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};
	return deliver(cli, args, &in, 1, err);
}

int cmd_lock(struct cli *cli, const struct args *args, GError **err)
{
	return move_bolt(cli, args, &door_lock, err);
}

int cmd_unlock(struct cli *cli, const struct args *args, GError **err)
{
	return move_bolt(cli, args, &door_unlock, err);
}
