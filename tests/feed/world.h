/* world - Harbour House with a source of reservations and a server that does what the outbox says. */
#ifndef KEYRACK_TESTS_FEED_WORLD_H
#define KEYRACK_TESTS_FEED_WORLD_H

#include "tests/core/rows.h"
#include "tests/ui/screens/house.h"

#include <glib.h>

#include "core/jsonin.h"
#include "feed/parse.h"
#include "feed/plan.h"

struct house {
	char *folder;
	struct cache *sync, *desk;
	struct plan_rule rule;
};

static inline int house_up(void **state)
{
	struct house *w = g_new0(struct house, 1);

	w->folder = house_build();
	g_autofree char *path = g_build_filename(w->folder, "cache.db", NULL);
	w->sync = cache_open(path, CACHE_SYNC, false, NULL);
	w->desk = cache_open(path, CACHE_DESK, false, NULL);
	w->rule = plan_rule_of("list", NULL, zone_get("Europe/Berlin"), HOUSE_NOW);
	*state = w;
	return 0;
}

static inline int house_down(void **state)
{
	struct house *w = *state;

	cache_close(w->desk);
	cache_close(w->sync);
	house_pull_down(w->folder);
	g_free(w->folder);
	g_free(w);
	return 0;
}
#define in_the_house(test) cmocka_unit_test_setup_teardown(test, house_up, house_down)

static inline void must_(bool ok, GError *err)
{
	if (!ok)
		fail_msg("%s", err ? err->message : "failed");
}

#define HEAD "id,guest,room,arrival,departure,phone,status\n"

/* Reads and stores; what the source says. */
static inline void feed(struct house *w, const char *rows)
{
	g_autofree char *text = g_strconcat(HEAD, rows, NULL);
	struct parse_context ctx = { w->rule.zone, w->rule.now, 15 * 60, 11 * 60 };
	GError *err = NULL;
	OWN(reservations) struct reservations *all = feed_parse(text, strlen(text), &ctx, &err);

	must_(all != NULL, err);
	must_(cache_feed_store(w->desk, w->rule.source, all->rows, false, NULL, NULL, w->rule.now, &err), err);
}

static inline struct plan *plan(struct house *w, struct cache_list **rows)
{
	GError *err = NULL;
	struct plan *p;

	*rows = cache_feed_rows(w->desk, w->rule.source, &err);
	must_(*rows != NULL, err);
	p = plan_make(w->desk, *rows, &w->rule, &err);
	must_(p != NULL, err);
	return p;
}

/* "+ Anna | 101 Garden | random PIN\n" for each row. */
static inline char *said(struct house *w)
{
	OWN(cache_list) struct cache_list *rows = NULL;
	OWN(plan) struct plan *p = plan(w, &rows);
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < p->rows->len; i++) {
		const struct plan_row *r = p->rows->pdata[i];

		g_string_append_printf(s, "%c %s | %s | %s\n", "+~-!="[r->sign], r -> guest ? r -> guest : "?",
				       r->doors, r->words);
	}
	if (p->batch->guard)
		g_string_append_printf(s, "guard: %s\n", p->batch->guard);
	return g_string_free(s, FALSE);
}
#define assert_said(w, want)                                                                       \
	do {                                                                                       \
		g_autofree char *said_ = said(w);                                                  \
		if (strcmp(said_, want) != 0)                                                      \
			fail_msg("it says:\n%s\nnot:\n%s", said_, want);                           \
	} while (0)

/* How many intents were made. */
static inline guint apply(struct house *w)
{
	OWN(cache_list) struct cache_list *rows = NULL;
	OWN(plan) struct plan *p = plan(w, &rows);
	g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(int64_t));
	GError *err = NULL;

	must_(batch_apply(w->desk, p->batch, "desk", w->rule.now, made, &err), err);
	return made->len;
}

static inline void take_create(struct house *w, const struct intent *in)
{
	g_autofree char *id = g_strdup_printf("made-%" PRId64, in->intent_no), *name = jsonin_text(in->params, "name"),
			*pin = jsonin_text(in->params, "code"), *from = jsonin_text(in->params, "starts_at"),
			*until = jsonin_text(in->params, "ends_at");
	struct access_code ac = { .access_code_id = id,
				  .device_id = in->device_id,
				  .managed = true,
				  .time_bound = true,
				  .type = "time_bound",
				  .status = "unset",
				  .name = name,
				  .code = pin,
				  .starts_at = at(from),
				  .ends_at = at(until),
				  .created_at = w->rule.now };
	GError *err = NULL;

	must_(outbox_accepted(w->sync, in->intent_no, id, 200, &err), err);
	must_(cache_put_code(w->sync, &ac, 0, &err) >= 0, err);
}

/* As its object is now; NULL for what it does not change. */
static inline void put_window(struct house *w, const char *id, const char *name, const char *from, const char *until)
{
	OWN(cache_list) struct cache_list *list = cache_code(w->sync, cache_code_no(w->sync, id), w->rule.now, NULL);
	struct access_code ac = cache_list_at(list, struct code_row, 0)->code;
	GError *err = NULL;

	ac.name = name ? name : ac.name;
	ac.starts_at = from ? at(from) : ac.starts_at;
	ac.ends_at = until ? at(until) : ac.ends_at;
	must_(cache_put_code(w->sync, &ac, 0, &err) >= 0, err);
}

static inline void server_takes_all(struct house *w)
{
	OWN(cache_list) struct cache_list *list = NULL;
	GError *err = NULL;

	list = outbox_list(w->sync, 1u << INTENT_QUEUED, 0, &err);
	must_(list != NULL, err);
	for (guint i = list->rows->len; i-- > 0;) {
		const struct intent *in = cache_list_at(list, struct intent, i);

		must_(outbox_sending(w->sync, in->intent_no, w->rule.now, w->rule.now, &err), err);
		if (in->kind == INTENT_CREATE) {
			take_create(w, in);
			continue;
		}
		if (in->kind == INTENT_UPDATE) {
			g_autofree char *name = jsonin_text(in->params, "name"),
					*from = jsonin_text(in->params, "starts_at"),
					*until = jsonin_text(in->params, "ends_at");

			put_window(w, in->access_code_id, name, from, until);
		} else {
			must_(cache_delete_code(w->sync, in->access_code_id, w->rule.now, &err), err);
		}
		must_(outbox_accepted(w->sync, in->intent_no, in->access_code_id, 200, &err), err);
	}
}

#endif
