/* Who may what: every route of keyrackd against everybody who could ask. The rights stand here once more, so that
 * a change of them is one that is meant; a route that has no row here fails.
 *
 * The routes are the real ones but for their handlers: whether a handler is reached is what is asked. */
#include "config.h"

#include "tests/server/rig.h"

#include "server/inside.h"

#define OPEN  KEY_NONE
#define READS true
#define CHANGES false

static const struct right {
	const char *path;
	enum key_role least; /* OPEN: whoever comes */
	bool reads;
} rights[] = {
	{ "/access_codes/create", KEY_DESK, CHANGES },
	{ "/access_codes/create_multiple", KEY_DESK, CHANGES },
	{ "/access_codes/delete", KEY_DESK, CHANGES },
	{ "/access_codes/generate_code", KEY_READ, READS },
	{ "/access_codes/get", KEY_READ, READS },
	{ "/access_codes/get_timeline", KEY_READ, READS },
	{ "/access_codes/list", KEY_READ, READS },
	{ "/access_codes/pull_backup_access_code", KEY_DESK, CHANGES },
	{ "/access_codes/report_device_constraints", KEY_ADMIN, CHANGES },
	{ "/access_codes/simulate/create_unmanaged_access_code", KEY_ADMIN, CHANGES },
	{ "/access_codes/unmanaged/convert_to_managed", KEY_DESK, CHANGES },
	{ "/access_codes/unmanaged/delete", KEY_DESK, CHANGES },
	{ "/access_codes/unmanaged/get", KEY_READ, READS },
	{ "/access_codes/unmanaged/list", KEY_READ, READS },
	{ "/access_codes/unmanaged/update", KEY_DESK, CHANGES },
	{ "/access_codes/update", KEY_DESK, CHANGES },
	{ "/access_codes/update_multiple", KEY_DESK, CHANGES },
	{ "/action_attempts/get", KEY_READ, READS },
	{ "/action_attempts/list", KEY_READ, READS },
	{ "/connected_accounts/delete", KEY_ADMIN, CHANGES },
	{ "/connected_accounts/get", KEY_READ, READS },
	{ "/connected_accounts/list", KEY_READ, READS },
	{ "/connected_accounts/simulate/disconnect", KEY_ADMIN, CHANGES },
	{ "/connected_accounts/sync", KEY_ADMIN, CHANGES },
	{ "/connected_accounts/update", KEY_ADMIN, CHANGES },
	{ "/devices/get", KEY_READ, READS },
	{ "/devices/list", KEY_READ, READS },
	{ "/devices/list_device_providers", KEY_READ, READS },
	{ "/devices/report_provider_metadata", KEY_ADMIN, CHANGES },
	{ "/devices/simulate/connect", KEY_ADMIN, CHANGES },
	{ "/devices/simulate/connect_to_hub", KEY_ADMIN, CHANGES },
	{ "/devices/simulate/disconnect", KEY_ADMIN, CHANGES },
	{ "/devices/simulate/disconnect_from_hub", KEY_ADMIN, CHANGES },
	{ "/devices/simulate/paid_subscription", KEY_ADMIN, CHANGES },
	{ "/devices/simulate/remove", KEY_ADMIN, CHANGES },
	{ "/devices/unmanaged/get", KEY_READ, READS },
	{ "/devices/unmanaged/list", KEY_READ, READS },
	{ "/devices/unmanaged/update", KEY_ADMIN, CHANGES },
	{ "/devices/update", KEY_ADMIN, CHANGES },
	{ "/events/get", KEY_READ, READS },
	{ "/events/list", KEY_READ, READS },
	{ "/health", OPEN, READS },
	{ "/keyrackd/access_codes/explain", KEY_READ, READS },
	{ "/keyrackd/access_codes/history", KEY_READ, READS },
	{ "/keyrackd/live", KEY_READ, READS },
	{ "/keyrackd/simulate/account", KEY_ADMIN, CHANGES },
	{ "/keyrackd/simulate/advance", KEY_ADMIN, CHANGES },
	{ "/keyrackd/simulate/app", KEY_ADMIN, CHANGES },
	{ "/keyrackd/simulate/enter", KEY_ADMIN, CHANGES },
	{ "/keyrackd/simulate/fault", KEY_ADMIN, CHANGES },
	{ "/keyrackd/simulate/lock", KEY_ADMIN, READS },
	{ "/keyrackd/simulate/now", KEY_ADMIN, READS },
	{ "/keyrackd/webhooks/replay", KEY_ADMIN, CHANGES },
	{ "/keyrackd/webhooks/rotate_secret", KEY_ADMIN, CHANGES },
	{ "/locks/configure_auto_lock", KEY_ADMIN, CHANGES },
	{ "/locks/get", KEY_READ, READS },
	{ "/locks/list", KEY_READ, READS },
	{ "/locks/lock_door", KEY_DESK, CHANGES },
	{ "/locks/simulate/keypad_code_entry", KEY_ADMIN, CHANGES },
	{ "/locks/simulate/manual_lock_via_keypad", KEY_ADMIN, CHANGES },
	{ "/locks/unlock_door", KEY_DESK, CHANGES },
	{ "/metrics", KEY_READ, READS },
	{ "/webhooks/create", KEY_ADMIN, CHANGES },
	{ "/webhooks/delete", KEY_ADMIN, CHANGES },
	{ "/webhooks/get", KEY_ADMIN, READS },
	{ "/webhooks/list", KEY_ADMIN, READS },
	{ "/webhooks/update", KEY_ADMIN, CHANGES },
	{ "/workspaces/get", KEY_READ, READS },
	{ "/workspaces/list", KEY_READ, READS },
	{ "/workspaces/update", KEY_ADMIN, CHANGES },
};

#define SOCKET_OPEN "/metrics" /* read without a key through a unix: socket */

static int reached;

static enum call_end reach(struct call *c)
{
	(void)c;
	reached++;
	return CALL_DONE;
}

/* ---- who asks ---- */

struct everybody {
	struct rig *r;
	char *revoked, *over, *elsewhere;
};

static const struct caller {
	const char *name;
	enum key_role role; /* KEY_NONE: nobody whom this store knows */
	size_t key;         /* a char * of struct rig or struct everybody */
	bool of_rig, over_network, other_workspace, sends_none;
	const char *text;   /* instead of a key's */
} callers[] = {
#define RIG(member) .of_rig = true, .key = offsetof(struct rig, member)
#define HERE(member) .key = offsetof(struct everybody, member)
	{ "admin", KEY_ADMIN, RIG(key) },
	{ "desk", KEY_DESK, RIG(desk_key) },
	{ "read", KEY_READ, RIG(read_key) },
	{ "admin over a network", KEY_ADMIN, RIG(key), .over_network = true },
	{ "read over a network", KEY_READ, RIG(read_key), .over_network = true },
	{ "a revoked key", KEY_NONE, HERE(revoked) },
	{ "a key whose time is over", KEY_NONE, HERE(over) },
	{ "an admin of another keyrackd", KEY_NONE, HERE(elsewhere) },
	{ "an admin of another workspace", KEY_NONE, RIG(key), .other_workspace = true },
	{ "nobody, through the socket", KEY_NONE, .sends_none = true },
	{ "nobody, over a network", KEY_NONE, .sends_none = true, .over_network = true },
	{ "a key with nothing in it", KEY_NONE, .text = "" },
	{ "a personal access token", KEY_NONE, .text = "seam_at1_key" },
	{ "half a key", KEY_NONE, .text = "seam_12345678" },
#undef RIG
#undef HERE
};

static void be(const struct everybody *all, const struct caller *who)
{
	struct rig *r = all->r;
	const char *base = who->of_rig ? (const char *)r : (const char *)all;

	r->as = who->sends_none ? NULL : who->text ? who->text : *(char *const *)(base + who->key);
	r->peer = who->over_network ? "192.0.2.7" : "unix";
	r->workspace = who->other_workspace ? "7f9d3a52-0000-4000-8000-000000000002" : NULL;
}

/* 0: the handler is reached. */
static int refusal_for(const struct right *to, const struct caller *who)
{
	if (to->least == OPEN)
		return 0;
	if (who->sends_none && !who->over_network && strcmp(to->path, SOCKET_OPEN) == 0)
		return 0;
	if (who->role == KEY_NONE)
		return 401;
	return who->role >= to->least ? 0 : 403;
}

static void begin(struct everybody *all)
{
	struct rig *r = all->r = rig_new("[lock Door]\ntype = august_lock\n");
	struct rig *other = rig_new("[lock Door]\ntype = august_lock\n");
	struct instant now = clock_now(r->clock);
	char short_id[9] = "";

	all->elsewhere = g_strdup(other->key);
	rig_free(other);
	all->over = store_key_create_until(r->store, KEY_ADMIN, "over", now, NULL);
	all->revoked = store_key_create(r->store, KEY_ADMIN, "revoked", NULL);
	memcpy(short_id, all->revoked + strlen("seam_"), 8);
	assert_true(store_key_revoke(r->store, short_id, NULL));
	rig_advance(r, 1);
}

static void end(struct everybody *all)
{
	rig_free(all->r);
	g_free(all->revoked);
	g_free(all->over);
	g_free(all->elsewhere);
}

/* ---- the tests ---- */

static const struct right *right_of(const char *path)
{
	FOR_ROWS (i, rights)
		if (strcmp(rights[i].path, path) == 0)
			return &rights[i];
	return NULL;
}

static void every_route_has_its_row_and_every_row_its_route(void **state)
{
	size_t n, routes = 0;
	const struct route_table *const *tables = route_tables(&n);

	(void)state;
	for (size_t t = 0; t < n; t++) {
		for (size_t i = 0; i < tables[t]->n; i++, routes++) {
			const struct route *r = &tables[t]->routes[i];
			const struct right *is = right_of(r->path);

			if (!is)
				fail_msg("%s: who may? Write its row into the table of this test", r->path);
			ROW_INT(r->path, (r->methods & METHOD_GET) != 0, is->reads);
			/* What changes something is not for those who only read, nor is what shows secrets. */
			if (!is->reads && is->least < KEY_DESK)
				fail_msg("%s changes something, and whoever reads may", r->path);
			if (g_str_has_prefix(r->path, "/webhooks/") || strstr(r->path, "/simulate/"))
				ROW_INT(r->path, is->least, KEY_ADMIN);
		}
	}
	assert_int_equal(routes, G_N_ELEMENTS(rights));
}

/* The row with another handler, and without parameters that could be missing. */
static struct route probe_of(const struct route *real)
{
	struct route probe = *real;

	probe.handle = reach;
	probe.params = NULL;
	probe.n_params = 0;
	return probe;
}

static void put(struct rig *r, const struct route *route)
{
	g_hash_table_insert(r->server->routes, (char *)(uintptr_t)route->path, (void *)(uintptr_t)route);
}

static void only_who_may_reaches_a_handler(void **state)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = { { "GET", METHOD_GET }, { "POST", METHOD_POST }, { "PATCH", METHOD_PATCH },
			{ "PUT", METHOD_PUT }, { "DELETE", METHOD_DELETE } };
	struct everybody all;

	(void)state;
	begin(&all);
	FOR_ROWS (i, rights) {
		const struct route *real = g_hash_table_lookup(all.r->server->routes, rights[i].path);
		struct route probe = probe_of(real);

		put(all.r, &probe);
		FOR_ROWS (m, methods) {
			g_autofree char *what = g_strconcat(methods[m].name, " ", rights[i].path, NULL);

			FOR_ROWS (k, callers) {
				const struct caller *who = &callers[k];
				g_autofree char *row = g_strdup_printf("%s by %s", what, who->name);
				bool taken = (probe.methods & methods[m].method) != 0;
				int refused = taken ? refusal_for(&rights[i], who) : 405;

				be(&all, who);
				reached = 0;
				rig_call(all.r, what, NULL);
				/* Of guesses there are many here: they are told to wait, and that is a no as well. */
				if (refused == 401 && all.r->status == 429)
					refused = 429;
				ROW_INT(row, reached, refused == 0);
				ROW_INT(row, all.r->status, refused ? refused : 200);
			}
		}
		put(all.r, real);
	}
	end(&all);
}

/* With the real handlers: what a refused one may not do is leave anything but its line in the audit. */
static void what_is_refused_changes_nothing(void **state)
{
	struct everybody all;
	struct audit_head before, after;

	(void)state;
	begin(&all);
	FOR_ROWS (i, rights) {
		g_autofree char *what = g_strconcat("POST ", rights[i].path, NULL);
		int64_t events = store_last_seq(all.r->store);

		FOR_ROWS (k, callers) {
			if (refusal_for(&rights[i], &callers[k]) == 0)
				continue;
			be(&all, &callers[k]);
			assert_true(store_audit_head(all.r->store, &before, NULL));
			rig_call(all.r, what, NULL);
			assert_true(store_audit_head(all.r->store, &after, NULL));
			ROW_INT(what, after.no - before.no <= 1, true);
			ROW_INT(what, store_last_seq(all.r->store), events);
		}
	}
	end(&all);
}

/* A route that only reads writes no act: whoever may only read has none. */
static void reading_leaves_no_act(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = august_lock\n");
	struct audit_head before, after;

	(void)state;
	FOR_ROWS (i, rights) {
		g_autofree char *what = g_strconcat("POST ", rights[i].path, NULL);

		if (!rights[i].reads || rights[i].least > KEY_READ || strcmp(rights[i].path, "/keyrackd/live") == 0)
			continue;
		r->as = r->read_key;
		assert_true(store_audit_head(r->store, &before, NULL));
		rig_call(r, what, NULL);
		assert_true(store_audit_head(r->store, &after, NULL));
		ROW_INT(what, after.no, before.no);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_has_its_row_and_every_row_its_route),
		cmocka_unit_test(only_who_may_reaches_a_handler),
		cmocka_unit_test(what_is_refused_changes_nothing),
		cmocka_unit_test(reading_leaves_no_act),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
