/* pick - see the header. */
#include "cli/pick.h"

#include "core/text.h"
#include "feed/door_set.h"

bool pick_code(struct cli *cli, const struct args *args, struct picked *out, GError **err)
{
	int64_t lock_no = cli_lock_of(cli, args, err);

	*out = (struct picked){ 0 };
	if (lock_no < 0)
		return false;
	g_autoptr(GError) why = NULL;
	int64_t code_no = cache_code_find(cli->cache, lock_no, args->words->pdata[0], &why);
	if (!code_no) {
		if (!lock_no && g_error_matches(why, KEYRACK_ERROR, KEYRACK_ERROR_AMBIGUOUS))
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_AMBIGUOUS,
				    "%s\nOr add --lock NAME", why->message);
		else
			g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	out->codes = cache_code(cli->cache, code_no, cli->now, err);
	if (!out->codes)
		return false;
	out->code = cache_list_at(out->codes, struct code_row, 0);
	out->locks = cache_lock(cli->cache, out->code->lock_no, cli->now, err);
	if (out->locks) {
		out->lock = cache_list_at(out->locks, struct lock_row, 0);
		return true;
	}
	picked_clear(out);
	return false;
}

void picked_clear(struct picked *p)
{
	g_clear_pointer(&p->codes, cache_list_free);
	g_clear_pointer(&p->locks, cache_list_free);
	p->code = NULL;
	p->lock = NULL;
}

bool pick_door_sets(struct cli *cli, const GPtrArray *names, GArray *lock_nos, GError **err)
{
	for (guint i = 0; i < names->len; i++) {
		const struct door_set *set = profile_door_set(cli->profile, names->pdata[i]);
		g_autofree char *missing = NULL;
		guint before = lock_nos->len;

		if (!set) {
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "There is no [doors %s] in the configuration", (const char *)names->pdata[i]);
			return false;
		}
		if (!door_set_find(cli->cache, set, lock_nos, &missing, err))
			return false;
		g_autofree char *safe = missing ? text_safe(missing) : NULL;

		if (safe && lock_nos->len > before)
			fprintf(cli->err, "keyrack: %s\n", safe);
		if (safe && lock_nos->len == before) {
			g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, safe);
			return false;
		}
	}
	return true;
}
