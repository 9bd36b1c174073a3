/* keyrack code edit, code delete - changes of a code that exists. */
#include "config.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/deliver.h"
#include "cli/pick.h"
#include "cli/pinfile.h"
#include "cli/window.h"
#include "core/draft.h"
#include "core/jsonout.h"
#include "core/text.h"

struct change {
	struct picked picked;
	struct draft_change to;
	char pin[PIN_MAX + 1];
};

static void fail(GError **err, const struct code_row *row, const char *why)
{
	g_autofree char *name = text_safe(access_code_called(&row->code));

	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "“%s”: %s", name, why);
}

static struct intent intent_about(const struct picked *p, enum intent_kind kind, const char *params)
{
	return (struct intent){
		.kind = kind,
		.lock_no = p->code->lock_no,
		.code_no = p->code->code_no,
		.device_id = p->code->code.device_id,
		.access_code_id = p->code->code.access_code_id,
		.params = params,
		.name = p->code->code.name,
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};
}

static const char *why_not_editable(const struct access_code *code)
{
	if (!code->managed)
		return "it is not managed from here; take it over in the console first (adopt)";
	if (code->is_offline_access_code == TRI_YES)
		return "an offline code cannot be changed: its PIN is computed from its window";
	return NULL;
}

static bool check_pin_free(struct cli *cli, const struct change *c, GError **err)
{
	if (!c->pin[0])
		return true;
	OWN(cache_list) struct cache_list *list = cache_pin_holders(
		cli->cache, c->picked.code->lock_no, c->pin, cli->now, err);
	if (!list)
		return false;
	for (guint i = 0; i < list->rows->len; i++) {
		const struct code_row *row = cache_list_at(list, struct code_row, i);
		if (row->code_no == c->picked.code->code_no)
			continue;
		g_autofree char *name = text_safe(access_code_called(&row->code));
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "This PIN is in use by “%s” on the same lock", name);
		return false;
	}
	return true;
}

static bool read_change(struct cli *cli, const struct args *args, struct change *c, GError **err)
{
	const struct code_row *row = c->picked.code;
	const char *file = args_text(args, "pin-file");
	struct window w, present = { row->code.starts_at, row->code.ends_at };

	if (args_has(args, "ongoing") && (args_has(args, "from") || args_has(args, "until"))) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "--ongoing means no window: leave --from and --until out");
		return false;
	}
	if (!window_of(cli, args, row->zone, row->code.time_bound ? INSTANT_NONE : cli->now, &present, &w, err))
		return false;
	if (file && !pinfile_read(file, c->pin, err))
		return false;
	if (file && pin_is_weak(c->pin))
		fprintf(cli->err, "keyrack: This PIN is one that is guessed first\n");
	c->to = (struct draft_change){
		.name = args_text(args, "name"),
		.pin = c->pin[0] ? c->pin : NULL,
		.from = w.from,
		.until = w.until,
		.ongoing = args_has(args, "ongoing"),
	};
	if (c->to.name || c->to.pin || c->to.ongoing || instant_known(w.from) ||
	    instant_known(w.until))
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "Nothing to change: --name, --from, --until, --ongoing, --pin-file");
	return false;
}

/* The rules for new codes hold for the code it becomes, but for a start that has passed already. */
static bool check_change(struct cli *cli, const struct change *c, GError **err)
{
	struct draft after = draft_changed(&c->to, &c->picked.code->code);
	unsigned excused = 1u << DRAFT_OPTIONS | (instant_known(c->to.from) ? 0 : 1u << DRAFT_FROM) |
			   (c->to.name ? 0 : 1u << DRAFT_NAME);
	const char *problem = NULL;

	if (draft_check_but(&after, &c->picked.lock->lock, cli->now, excused, &problem) == DRAFT_FINE)
		return check_pin_free(cli, c, err);
	fail(err, c->picked.code, problem);
	return false;
}

static void print_change(struct cli *cli, const struct change *c)
{
	struct draft after = draft_changed(&c->to, &c->picked.code->code);
	struct window w = { after.from, after.until };
	g_autofree char *words = window_words(cli, c->picked.code->zone, w);
	g_autofree char *name = text_safe(after.name);
	g_autofree char *moved = draft_end_moved(c->picked.code->code.ends_at, after.until);
	g_autofree char *cut = c->to.name ? draft_name_on_lock(c->to.name, &c->picked.lock->lock) : NULL;
	g_autofree char *shown = text_safe(cut);

	if (!cli->json)
		fprintf(cli->out, "%s: %s%s%s%s\n", name, words, moved ? ", " : "",
			moved ? moved : "", c->pin[0] ? ", new PIN" : "");
	if (cut)
		fprintf(cli->err, "keyrack: the lock will show “%s”\n", shown);
}

int cmd_code_edit(struct cli *cli, const struct args *args, GError **err)
{
	struct change c = { .pin = "" };
	int code = EXIT_USAGE;

	if (!pick_code(cli, args, &c.picked, err))
		return EXIT_NOT_FOUND;
	const char *why = why_not_editable(&c.picked.code->code);
	if (why)
		fail(err, c.picked.code, why);
	else if (read_change(cli, args, &c, err) && check_change(cli, &c, err)) {
		g_autofree char *params = draft_update_params(&c.to, &c.picked.code->code);
		struct intent in = intent_about(&c.picked, INTENT_UPDATE, params);
		print_change(cli, &c);
		code = deliver(cli, args, &in, 1, err);
	}
	explicit_bzero(c.pin, sizeof(c.pin));
	picked_clear(&c.picked);
	return code;
}

static const char *why_not_deletable(const struct access_code *code)
{
	if (!code->managed && code->cannot_delete == TRI_YES)
		return "it can only be deleted in the maker's app";
	if (code->is_offline_access_code == TRI_YES)
		return "an offline code cannot be revoked: it ends when its window does";
	return NULL;
}

/* What is done to one door of a guest is not done to the others. */
static void say_other_doors(struct cli *cli, const struct picked *p)
{
	g_autofree char *others = cache_other_doors(cli->cache, p->code->code_no, cli->now);
	g_autofree char *safe = others ? text_safe(others) : NULL;

	if (safe)
		fprintf(cli->err, "Only this door: the same PIN goes on opening %s.\n", safe);
}

/* A backup that was pulled is a code of its own, and outlives the one that it stands in for. */
static void say_backup(struct cli *cli, const struct picked *p)
{
	const char *id = p->code->code.pulled_backup_access_code_id;
	int64_t no = id ? cache_code_no(cli->cache, id) : 0;
	OWN(cache_list)
	struct cache_list *list = no ? cache_code(cli->cache, no, cli->now, NULL) : NULL;
	const struct code_row *spare =
		list && list->rows->len ? cache_list_at(list, struct code_row, 0) : NULL;
	g_autofree char *end = NULL;

	if (!spare || spare->state == CODE_ENDED || spare->state == CODE_REMOVING)
		return;
	if (instant_known(spare->code.ends_at))
		end = window_words(cli, spare->zone,
				   (struct window){ INSTANT_NONE, spare->code.ends_at });
	fprintf(cli->err, "Its backup code goes on opening%s%s: revoke that too.\n",
		end ? " " : "", end ? end : "");
}

static int delete_picked(struct cli *cli, const struct args *args, const struct picked *p,
			 GError **err)
{
	const struct access_code *code = &p->code->code;
	g_autofree char *name = text_safe(code->name);
	g_autofree char *lock = text_safe(p->code->lock_name);
	const char *why = why_not_deletable(code);
	g_autoptr(GString) params = g_string_new(NULL);

	if (why) {
		fail(err, p->code, why);
		return EXIT_USAGE;
	}
	say_other_doors(cli, p);
	say_backup(cli, p);
	if (!cli_confirm(cli, args, err, "Revoke “%s” on %s? It will no longer open the door.",
			 name, lock))
		return EXIT_USAGE;
	jsonout_object(params, NULL);
	jsonout_string(params, "access_code_id", code->access_code_id);
	jsonout_object_end(params);
	struct intent in = intent_about(
		p, code->managed ? INTENT_DELETE : INTENT_DELETE_UNMANAGED, params->str);
	return deliver(cli, args, &in, 1, err);
}

int cmd_code_delete(struct cli *cli, const struct args *args, GError **err)
{
	struct picked p = { 0 };

	if (!pick_code(cli, args, &p, err))
		return EXIT_NOT_FOUND;
	int code = delete_picked(cli, args, &p, err);
	picked_clear(&p);
	return code;
}
