/* bench/answers - keyrackd's answers without a socket: what a request costs from its bytes to the bytes of its answer.
 *
 *   bench/answers list|get|create|all [rounds [codes [locks]]]     100 500 1
 *
 * list: all codes of the first lock, in other words each time, so that no answer is one that was kept. Prints
 * microseconds of work a request, and judges nothing. tests/instructions counts what measured_part does. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/engine_house.h"
#include "server/server.h"

struct bench {
	struct house house;
	struct server *server;
	char *authorization, *device;
	char *code; /* an id */
	size_t bytes;
	int bad;
};

static void on_reply(const struct http_reply *r, void *ctx)
{
	struct bench *b = ctx;

	b->bytes += r->body_len;
	b->bad += r->status != 200;
	if (!b->code) {
		const char *id = strstr(r->body, "\"access_code_id\":\"");

		b->code = id ? g_strndup(id + 18, 36) : NULL;
	}
}

static void post(struct bench *b, const char *path, const char *body)
{
	const struct http_request rq = { .method = "POST",
					 .path = path,
					 .content_type = "application/json",
					 .authorization = b->authorization,
					 .body = body,
					 .body_len = strlen(body),
					 .peer = "unix" };

	server_handle(b->server, &rq, on_reply, b);
}

static void list(struct bench *b, int i)
{
	g_autofree char *body = g_strdup_printf("{\"device_id\":\"%s\",\"limit\":%d}", b->device, 100000 + i);

	post(b, "/access_codes/list", body);
}

static void get(struct bench *b, int i)
{
	g_autofree char *body = g_strdup_printf("{\"access_code_id\":\"%s\"%*s}", b->code, i % 400, "");

	post(b, "/access_codes/get", body);
}

static void create(struct bench *b, int i)
{
	g_autofree char *body =
		g_strdup_printf("{\"device_id\":\"%s\",\"name\":\"Guest\",\"code\":\"%d\","
				"\"starts_at\":\"2027-02-01T15:00:00Z\",\"ends_at\":\"2027-02-03T10:00:00Z\"}",
				b->device, 9000000 + i);

	post(b, "/access_codes/create", body);
}

static const struct work {
	const char *name;
	void (*once)(struct bench *b, int i);
} works[] = { { "list", list }, { "get", get }, { "create", create } };

/* By its name callgrind knows when to count. */
__attribute__((noinline)) void measured_part(struct bench *b, const struct work *w, int rounds);
__attribute__((noinline)) void measured_part(struct bench *b, const struct work *w, int rounds)
{
	for (int i = 1; i <= rounds; i++)
		w->once(b, i);
}

static void report(struct bench *b, const struct work *w, int rounds)
{
	clock_t begun = clock();

	b->bytes = 0;
	measured_part(b, w, rounds);
	printf("%s: %.1f us of work, %zu bytes a request; %d codes, %d locks%s\n", w->name,
	       (double)(clock() - begun) * 1e6 / CLOCKS_PER_SEC / rounds, b->bytes / (size_t)rounds, b->house.codes,
	       b->house.locks, b->bad ? "; SOME WERE REFUSED" : "");
}

/* name: of a work; another: all of them. */
static void run(struct bench *b, const char *name, int rounds, const char *url)
{
	bool one = false;

	static const struct engine_options opt = { .workspace_id = "w", .workspace_name = "Bench", .seed = 1 };
	static const struct server_options sopt = { .workspace_id = "w", .workspace_name = "Bench", .version = "0" };
	GError *err = NULL;
	OWN(store) struct store *s = store_open(url, &err);
	OWN(clock) struct clock *time = clock_new_standing(NOON);
	struct engine *e;
	g_autofree char *key = NULL;

	must(s, err);
	e = engine_new(s, time, &b->house.driver, &opt, &err);
	must(e, err);
	clock_advance(time, 30 * MINUTE_MS);
	b->server = server_new(e, s, time, &sopt, &err);
	must(b->server, err);
	key = store_key_create(s, KEY_ADMIN, "bench", &err);
	must(key, err);
	b->authorization = g_strconcat("Bearer ", key, NULL);
	b->device = device_id(0);
	list(b, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(works); i++)
		one |= strcmp(name, works[i].name) == 0;
	for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
		if (!one || strcmp(name, works[i].name) == 0)
			report(b, &works[i], rounds);
	}
	server_free(b->server);
	engine_free(e);
	g_free(b->authorization);
	g_free(b->device);
	g_free(b->code);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	g_autofree char *folder = NULL, *url = NULL;

	house_init(&b.house, argc > 3 ? atoi(argv[3]) : 500, argc > 4 ? atoi(argv[4]) : 1);
	folder = house_store(&b.house);
	url = g_strdup_printf("sqlite:%s/store.db", folder);
	run(&b, argc > 1 ? argv[1] : "all", argc > 2 ? MAX(1, atoi(argv[2])) : 100, url);
	house_remove_store(folder);
	house_clear(&b.house);
	return b.bad ? 1 : 0;
}
