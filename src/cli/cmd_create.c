/* keyrack code create - a new access code, on one lock or on several with the same PIN. */
#include "config.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/deliver.h"
#include "cli/pick.h"
#include "cli/pinfile.h"
#include "cli/window.h"
#include "core/text.h"
#include "core/draft.h"
#include "core/pin.h"

/* One lock that the code goes to. */
struct door {
	struct cache_list *row; /* struct lock_row */
	const struct lock *lock;
	int64_t lock_no;
	struct window window;   /* the same words on the clock beside this lock */
	char *params, *key;
};

struct creation {
	struct cli *cli;
	const char *name;
	char pin[PIN_MAX + 1]; /* "": not ours to choose */
	GArray *door;
	struct draft draft;
};

static void clear_door(void *data)
{
	struct door *door = data;

	cache_list_free(door->row);
	g_free(door->params);
	g_free(door->key);
}

static struct door *door_at(const struct creation *c, guint i)
{
	return &g_array_index(c->door, struct door, i);
}

static bool add_door(struct creation *c, const struct args *args, int64_t lock_no, GError **err)
{
	struct door door = { .lock_no = lock_no };
	struct instant soonest;

	if (!door.lock_no)
		return false;
	for (guint i = 0; i < c->door->len; i++)
		if (door_at(c, i)->lock_no == door.lock_no)
			return true; /* named twice is meant once */
	door.row = cache_lock(c->cli->cache, door.lock_no, c->cli->now, err);
	if (!door.row)
		return false;
	door.lock = &cache_list_at(door.row, struct lock_row, 0)->lock;
	g_array_append_val(c->door, door);
	struct door *kept = door_at(c, c->door->len - 1);
	soonest = draft_soonest(pin_rules_of(kept->lock).rules, c->cli->now);
	return window_of(c->cli, args, kept->lock->zone, soonest, NULL, &kept->window, err);
}

static bool add_doors(struct creation *c, const struct args *args, GError **err)
{
	const GPtrArray *locks = args_texts(args, "lock"), *sets = args_texts(args, "doors");
	g_autoptr(GArray) of_sets = g_array_new(FALSE, FALSE, sizeof(int64_t));

	if ((!locks->len && !sets->len) || !c->name) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--%s is needed: %s",
			    c->name ? "lock" : "name",
			    "keyrack code create --lock NAME --name NAME");
		return false;
	}
	for (guint i = 0; i < locks->len; i++)
		if (!add_door(c, args, cache_lock_find(c->cli->cache, locks->pdata[i], err), err))
			return false;
	if (!pick_door_sets(c->cli, sets, of_sets, err))
		return false;
	for (guint i = 0; i < of_sets->len; i++)
		if (!add_door(c, args, g_array_index(of_sets, int64_t, i), err))
			return false;
	return true;
}

/* ---- the PIN ---- */

static bool is_taken(const char *pin, const void *data)
{
	const GPtrArray *taken = data;

	for (guint i = 0; i < taken->len; i++)
		if (strcmp(taken->pdata[i], pin) == 0)
			return true;
	return false;
}

/* Also PINs that a slip of the finger would make another guest's. */
static bool is_near(const char *pin, const void *data)
{
	const GPtrArray *taken = data;

	for (guint i = 0; i < taken->len; i++)
		if (pin_confusable(taken->pdata[i], pin))
			return true;
	return is_taken(pin, data);
}

static bool is_theirs(const struct creation *c)
{
	for (guint i = 0; i < c->door->len; i++)
		if (draft_pin_is_theirs(&c->draft, door_at(c, i)->lock))
			return true;
	return false;
}

static bool generate(struct creation *c, GError **err)
{
	g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func(g_free);
	struct pin_rules rules = pin_rules_of(door_at(c, 0)->lock);

	for (guint i = 0; i < c->door->len; i++) {
		GPtrArray *pins = cache_pins(c->cli->cache, door_at(c, i)->lock_no, err);
		if (!pins)
			return false;
		g_ptr_array_extend_and_steal(taken, pins);
		rules = pin_rules_join(rules, pin_rules_of(door_at(c, i)->lock));
	}
	if (pin_generate(&rules, 0, is_near, taken, c->pin) ||
	    pin_generate(&rules, 0, is_taken, taken, c->pin))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
		    c->door->len > 1 ? "No PIN fits all of these locks: make a code for each"
				     : "No free PIN was found that this lock takes");
	return false;
}

static bool choose_pin(struct creation *c, const struct args *args, GError **err)
{
	const char *file = args_text(args, "pin-file");

	if (file) {
		if (!pinfile_read(file, c->pin, err))
			return false;
		if (pin_is_weak(c->pin))
			fprintf(c->cli->err, "keyrack: This PIN is one that is guessed first\n");
		return true;
	}
	return is_theirs(c) || generate(c, err);
}

static bool check_holders(const struct creation *c, const struct door *door, GError **err)
{
	OWN(cache_list) struct cache_list *list =
		cache_pin_holders(c->cli->cache, door->lock_no, c->pin, c->cli->now, err);

	if (!list)
		return false;
	if (!list->rows->len)
		return true;
	const struct code_row *row = cache_list_at(list, struct code_row, 0);
	g_autofree char *name = text_safe(row->code.name);
	g_autofree char *lock = text_safe(door->lock->name);
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s: this PIN is in use by “%s”", lock,
		    name);
	return false;
}

/* Two guests with a key to one room: to be known before the second stands in it. */
static void say_occupied(const struct creation *c, const struct door *door)
{
	struct code_query q = { .lock_no = door->lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE };
	OWN(cache_list) struct cache_list *codes = cache_codes(c->cli->cache, &q, c->cli->now, NULL);
	struct occupied_query when = {
		.from = instant_known(door->window.from) ? door->window.from : c->cli->now,
		.until = instant_known(door->window.until) ? door->window.until : INSTANT_MAX,
		.now = c->cli->now,
		.zone = cli_zone(c->cli, door->lock->zone),
		.door = door->lock->name,
	};
	g_autofree char *taken = codes ? cache_occupied(c->cli->cache, codes, &when) : NULL;
	g_autofree char *safe = taken ? text_safe(taken) : NULL;

	if (safe)
		fprintf(c->cli->err, "keyrack: %s\n", safe);
}

static bool check_door(struct creation *c, struct door *door, GError **err)
{
	const char *problem = NULL;

	c->draft.from = door->window.from;
	c->draft.until = door->window.until;
	if (draft_check(&c->draft, door->lock, c->cli->now, &problem) != DRAFT_FINE) {
		g_autofree char *lock = text_safe(door->lock->name);
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "%s: %s", lock, problem);
		return false;
	}
	g_autofree char *cut = draft_name_on_lock(c->draft.name, door->lock);
	if (cut) {
		g_autofree char *lock = text_safe(door->lock->name);
		g_autofree char *shown = text_safe(cut);
		fprintf(c->cli->err, "keyrack: %s will show “%s”\n", lock, shown);
	}
	say_occupied(c, door);
	return !c->pin[0] || check_holders(c, door, err);
}

/* ---- the intents ---- */

static void fill_intent(struct creation *c, struct door *door, struct intent *in)
{
	door->key = g_uuid_string_random();
	c->draft.from = door->window.from;
	c->draft.until = door->window.until;
	/* A key is shared only by codes that share a PIN; one each settles each by itself. */
	c->draft.common_code_key = door->key;
	door->params = draft_create_params(&c->draft, door->lock->device_id);
	*in = (struct intent){
		.kind = INTENT_CREATE,
		.lock_no = door->lock_no,
		.device_id = door->lock->device_id,
		.params = door->params,
		.name = c->name,
		.common_code_key = door->key,
		.expires_at = INSTANT_NONE,
		.next_try_at = INSTANT_NONE,
		.sent_at = INSTANT_NONE,
	};
}

static void print_plan(const struct creation *c)
{
	if (c->cli->json)
		return;
	for (guint i = 0; i < c->door->len; i++) {
		const struct door *door = door_at(c, i);
		g_autofree char *window = window_words(c->cli, door->lock->zone, door->window);
		g_autofree char *lock = text_safe(door->lock->name);
		fprintf(c->cli->out, "%s: %s\n", lock, window);
	}
	if (!c->pin[0])
		fputs("PIN: chosen by the lock's maker; 'keyrack code show' has it once it is "
		      "known\n",
		      c->cli->out);
	else
		fprintf(c->cli->out, "PIN: %s%s\n", cli_pin(c->cli, c->pin),
			c->cli->pins ? "" : " (--pins shows it)");
}

static int create(struct creation *c, const struct args *args, GError **err)
{
	if (!add_doors(c, args, err) || !choose_pin(c, args, err))
		return EXIT_USAGE;
	c->draft.pin = c->pin[0] ? c->pin : NULL;
	for (guint i = 0; i < c->door->len; i++)
		if (!check_door(c, door_at(c, i), err))
			return EXIT_USAGE;
	g_autofree struct intent *in = g_new0(struct intent, c->door->len);
	for (guint i = 0; i < c->door->len; i++)
		fill_intent(c, door_at(c, i), &in[i]);
	print_plan(c);
	return deliver(c->cli, args, in, c->door->len, err);
}

int cmd_code_create(struct cli *cli, const struct args *args, GError **err)
{
	struct creation c = {
		.cli = cli,
		.name = args_text(args, "name"),
		.door = g_array_new(FALSE, TRUE, sizeof(struct door)),
		.draft = {
			.name = args_text(args, "name"),
			.external_ok = args_has(args, "external-ok"),
			.just_in_time = args_has(args, "just-in-time"),
			.backup_pool = args_has(args, "backup-pool"),
			.offline = args_has(args, "offline"),
			.one_time = args_has(args, "one-time"),
		},
	};

	g_array_set_clear_func(c.door, clear_door);
	int code = create(&c, args, err);
	g_array_unref(c.door);
	explicit_bzero(c.pin, sizeof(c.pin));
	return code;
}
