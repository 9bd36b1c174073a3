/* hook - see hook.h. */
#include "config.h"

#include "tests/simulation/hook.h"

#include <string.h>

#include "server/webhook.h"
#include "tests/simulation/house.h"

#define TRIES_MAX  8                /* of one event, before it is passed over */
#define LONGEST_MS (16 * HOUR_MS)   /* the longest pause between two tries, and keyrackd down meanwhile */
#define OFF_MS	   (5 * DAY_MS - 4 * HOUR_MS) /* nothing taken for that long: switched off. Its clock may be wrong */

/* One request of keyrackd's: struct post's 'easy'. */
struct flight {
	struct post *post;
	void *owner;
	char *event_id;
	hook_ended *ended;
	void *ctx;
	guint timer;
	bool is_taken;
	CURLcode result;
};

/* Where keyrackd died. */
static const char killed[] = "killed", cut_off[] = "cut off";

static struct {
	struct house *house;
	uint64_t dice;
	enum hook_mood mood;
	int64_t well_ms;      /* since when it has been there */
	GHashTable *flights;  /* set of struct flight */
	GHashTable *seqs;     /* event_id -> number, of those that may still come */
	GHashTable *tries;    /* event_id -> how often it was tried */
	GHashTable *told;     /* number -> the same, once the journal has been read so far */
	GHashTable *fresh;    /* set of the event_ids in 'tries' of which 'told' does not know yet */
	GHashTable *answered; /* set of event_id: keyrackd knows that it came */
	GPtrArray *came;      /* event_id, since the last judging, or how keyrackd died */
	int64_t last;         /* all up to it have come, or were passed over */
	int64_t moved_ms;     /* when it grew last, or there was nothing more */
	int64_t taken_ms;     /* when something came last */
	int64_t back;         /* so many may come again: what keyrackd knew of them is lost */
	int64_t refused;      /* of the disk's, at the last judging */
	bool begun;
	struct hook_count count;
} hook;

struct hook_count hook_counts(void)
{
	return hook.count;
}

/* ---- server/webhook.h: one request ---- */

void post_init(struct post *p, const char *url, void *owner)
{
	struct flight *f = g_new0(struct flight, 1);

	(void)url;
	f->owner = owner;
	*p = (struct post){ .easy = (CURL *)f };
	f->post = p;
	if (!hook.flights)
		hook.flights = g_hash_table_new(NULL, NULL);
	g_hash_table_add(hook.flights, f);
}

bool post_prepare(struct post *p, const char *secret, const char *before, const char *event_id, const char *body,
		  int timeout_ms)
{
	struct flight *f = (struct flight *)p->easy;
	g_autofree char *signature = webhook_sign(secret, event_id, world_now().ms / SECOND_MS, body,
						  strlen(body));

	(void)before, (void)timeout_ms;
	if (!signature || !strstr(body, event_id))
		broken("a webhook would be sent without its event or a signature");
	g_free(f->event_id);
	f->event_id = g_strdup(event_id);
	return true;
}

void *post_owner(CURL *easy)
{
	return ((struct flight *)easy)->owner;
}

bool post_taken(struct post *p, CURLcode result, char **why)
{
	if (((struct flight *)p->easy)->is_taken)
		return true;
	*why = g_strdup(curl_easy_strerror(result));
	return false;
}

void post_clear(struct post *p)
{
	struct flight *f = (struct flight *)p->easy;

	hook_remove(p->easy);
	g_hash_table_remove(hook.flights, f);
	g_free(f->event_id);
	g_free(f);
	*p = (struct post){ 0 };
}

/* ---- on its way ---- */

bool hook_owns(CURL *easy)
{
	return hook.flights && g_hash_table_contains(hook.flights, easy);
}

static gboolean deliver(gpointer data)
{
	struct flight *f = data;

	f->timer = 0;
	if (hook.house->disk.dead)
		return G_SOURCE_REMOVE;
	if (f->is_taken)
		g_hash_table_add(hook.answered, g_strdup(f->event_id));
	f->ended((CURL *)f, f->result, f->ctx);
	return G_SOURCE_REMOVE;
}

/* After a '=' where keyrackd knew that it had come already. */
static void come(struct flight *f)
{
	bool known = g_hash_table_contains(hook.answered, f->event_id);

	g_ptr_array_add(hook.came, g_strconcat(known ? "=" : "", f->event_id, NULL));
	trace("hook: %s", f->event_id);
}

static gboolean arrive(gpointer data)
{
	struct flight *f = data;
	bool lost = hook.mood == HOOK_SILENT;

	f->timer = 0;
	if (hook.house->disk.dead)
		return G_SOURCE_REMOVE;
	f->is_taken = false;
	f->result = CURLE_COULDNT_CONNECT;
	if (hook.mood == HOOK_WELL || (lost && dice_hits(&hook.dice, 50)))
		come(f);
	if (hook.mood == HOOK_WELL) {
		f->is_taken = true;
		f->result = CURLE_OK;
	}
	f->timer = g_timeout_add(lost ? WEBHOOK_TIMEOUT_MS : 10, deliver, f);
	return G_SOURCE_REMOVE;
}

void hook_add(CURL *easy, hook_ended *ended, void *ctx)
{
	struct flight *f = (struct flight *)easy;
	gpointer n = g_hash_table_lookup(hook.tries, f->event_id);

	if (hook.house->disk.dead)
		return;
	hook.count.tries++;
	g_hash_table_replace(hook.tries, g_strdup(f->event_id),
			     GINT_TO_POINTER(GPOINTER_TO_INT(n) + 1));
	g_hash_table_add(hook.fresh, g_strdup(f->event_id));
	f->ended = ended;
	f->ctx = ctx;
	f->timer = g_timeout_add(5 + (guint)dice_below(&hook.dice, 100), arrive, f);
}

void hook_remove(CURL *easy)
{
	g_clear_handle_id(&((struct flight *)easy)->timer, g_source_remove);
}

/* ---- what is right ---- */

void hook_begin(struct house *h, uint64_t seed)
{
	int status;

	hook.house = h;
	hook.dice = dice_of(seed, 8);
	hook.seqs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	hook.tries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	hook.fresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	hook.told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	hook.answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	hook.came = g_ptr_array_new_with_free_func(g_free);
	json_decref(house_call(h, "/webhooks/create",
			       json_pack("{s:s}", "url", "http://127.0.0.1:9/"), &status));
	hook.begun = status == 200;
	hook.last = hook.begun ? store_last_seq(h->store) : 0;
}

void hook_mood(enum hook_mood mood)
{
	hook.mood = mood;
	hook.well_ms = world_mono_ms();
}

/* What was tried so often as is promised is done with, also when nothing has come after it. */
bool hook_is_behind(void)
{
	for (int64_t seq = hook.last + 1; seq <= hook.house->seen_seq; seq++) {
		if (GPOINTER_TO_INT(g_hash_table_lookup(hook.told, &seq)) < TRIES_MAX)
			return true;
	}
	return false;
}

void hook_journal(const char *event_id, int64_t seq)
{
	if (hook.begun && seq > hook.last)
		g_hash_table_replace(hook.seqs, g_strdup(event_id),
				     g_memdup2(&seq, sizeof seq));
}

void hook_died(bool power)
{
	if (hook.begun)
		g_ptr_array_add(hook.came, g_strdup(power ? cut_off : killed));
}

/* What was tried so often may be passed over. */
static gboolean note_tries(gpointer event_id, gpointer value, gpointer data)
{
	const int64_t *seq = g_hash_table_lookup(hook.seqs, event_id);

	(void)value;
	(void)data;
	if (seq)
		g_hash_table_replace(hook.told, g_memdup2(seq, sizeof *seq),
				     g_hash_table_lookup(hook.tries, event_id));
	return seq != NULL;
}

static void check_passed_over(int64_t from, int64_t to)
{
	for (int64_t seq = from; seq < to; seq++) {
		int tries = GPOINTER_TO_INT(g_hash_table_lookup(hook.told, &seq));

		if (tries < TRIES_MAX)
			broken("event %d was not told to a webhook, after %d tries", (int)seq, tries);
		hook.count.passed_over++;
	}
}

/* A kill repeats the one on its way, a power cut the last few, which were noted without a sync. */
static bool is_death(const char *word)
{
	if (strcmp(word, killed) != 0 && strcmp(word, cut_off) != 0)
		return false;
	hook.back = MAX(hook.back, strcmp(word, killed) == 0 ? 1 : INT64_MAX / 2);
	if (strcmp(word, cut_off) == 0)
		hook.taken_ms = 0; /* when anything was taken last, it may have forgotten */
	return true;
}

static void take(const char *came)
{
	bool known = *came == '=';
	const char *event_id = came + known;
	const int64_t *seq = g_hash_table_lookup(hook.seqs, event_id);

	if (is_death(came))
		return;
	if (!seq)
		broken("a webhook was told of event %s, which is not in the journal", event_id);
	hook.count.taken++;
	if (*seq <= hook.last) {
		hook.count.again++;
		if (known && *seq <= hook.last - hook.back)
			broken("a webhook was told of event %d again, after %d", (int)*seq,
			       (int)hook.last);
		return;
	}
	check_passed_over(hook.last + 1, *seq);
	hook.back = 0;
	hook.last = *seq;
	hook.moved_ms = hook.taken_ms = world_mono_ms();
}

static gboolean is_old(gpointer event_id, gpointer seq, gpointer data)
{
	(void)data;
	if (*(int64_t *)seq > hook.last - 200)
		return FALSE;
	g_hash_table_remove(hook.tries, event_id);
	g_hash_table_remove(hook.fresh, event_id);
	g_hash_table_remove(hook.answered, event_id);
	g_hash_table_remove(hook.told, seq);
	return TRUE;
}

/* Two absences with no try between them are one to keyrackd: it has switched the webhook off, as it says it does, and
 * whoever it belongs to switches it on again. */
static bool is_switched_off(struct house *h)
{
	int status;
	json_t *answer = house_call(h, "/webhooks/list", json_object(), &status);
	const json_t *w = answer ? json_array_get(json_object_get(answer, "webhooks"), 0) : NULL;
	bool off = json_is_true(json_object_get(w, "is_disabled")) && world_mono_ms() - hook.taken_ms > OFF_MS;

	if (off) {
		json_decref(house_call(h, "/webhooks/update",
				       json_pack("{s:O, s:O}", "webhook_id", json_object_get(w, "webhook_id"),
						 "event_types", json_object_get(w, "event_types")),
				       &status));
		trace("the webhook is switched on again: %d", status);
		off = status < 400 || status >= 500; /* a disk or a death in between: at the next judging */
		if (status == 200)
			hook.moved_ms = world_mono_ms();
	}
	json_decref(answer);
	return off;
}

void hook_judge(void)
{
	struct house *h = hook.house;

	if (!hook.begun)
		return;
	if (hook.refused != h->disk.refused) /* a note that could not be written is as one that is lost */
		hook.back = INT64_MAX / 2;
	hook.refused = h->disk.refused;
	g_hash_table_foreach_remove(hook.fresh, note_tries, NULL);
	for (guint i = 0; i < hook.came->len; i++)
		take(hook.came->pdata[i]);
	g_ptr_array_set_size(hook.came, 0);
	if (g_hash_table_size(hook.seqs) > 500)
		g_hash_table_foreach_remove(hook.seqs, is_old, NULL);
	if (!hook_is_behind())
		hook.moved_ms = world_mono_ms();
	if (hook.mood != HOOK_WELL || h->disk.mood != DISK_WELL || h->clock_wrong_ms ||
	    world_mono_ms() - MAX(hook.well_ms, hook.moved_ms) <= LONGEST_MS)
		return;
	if (!is_switched_off(h))
		broken("a webhook has been there for long, and waits for event %d of %d",
		       (int)hook.last + 1, (int)h->seen_seq);
}
