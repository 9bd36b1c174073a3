/* floor - what a first pull cannot do without, as a bare program: bytes from the socket, JSON parsed,
 * rows inserted. Each stage alone, one page after the other, timed by itself.
 *
 * usage: floor ENDPOINT FOLDER; prints one line of JSON: seconds of wall and of CPU of each stage
 *
 * fetch: libcurl, one kept connection, into memory. parse: jansson. insert: the cache's own INSERT and
 * its own schema, one transaction for all, nothing looked up, nothing compared, nothing told. Taking a row out of the
 * parsed value is in none of them. */
#include "config.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cache/db.h"
#include "core/text.h"
#include "wire/codec.h"

enum part { FETCH, PARSE, INSERT, PARTS };

static const char *const part_names[PARTS] = { "fetch", "parse", "insert" };

struct floor {
	CURL *curl;
	struct curl_slist *headers;
	const char *endpoint;
	GString *body;
	struct cache *cache;
	struct wire_scratch *scratch;
	int64_t lock_no;
	double wall[PARTS], cpu[PARTS], wall_at, cpu_at;
	int rows;
};

static void must(bool ok, const char *what, GError *err)
{
	if (ok)
		return;
	g_printerr("floor: %s: %s\n", what, err ? err->message : "failed");
	exit(1);
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void start(struct floor *f)
{
	f->wall_at = seconds(CLOCK_MONOTONIC);
	f->cpu_at = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void stop(struct floor *f, enum part part)
{
	f->wall[part] += seconds(CLOCK_MONOTONIC) - f->wall_at;
	f->cpu[part] += seconds(CLOCK_PROCESS_CPUTIME_ID) - f->cpu_at;
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *ctx)
{
	g_string_append_len(ctx, bytes, (gssize)(size * n));
	return size * n;
}

static json_t *ask(struct floor *f, const char *path, const char *params)
{
	g_autofree char *url = g_strconcat(f->endpoint, path, NULL);
	json_t *answer;

	start(f);
	g_string_truncate(f->body, 0);
	curl_easy_setopt(f->curl, CURLOPT_URL, url);
	curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, f->headers);
	curl_easy_setopt(f->curl, CURLOPT_POSTFIELDS, params);
	curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, f->body);
	must(curl_easy_perform(f->curl) == CURLE_OK, path, NULL);
	stop(f, FETCH);
	start(f);
	answer = json_loadb(f->body->str, f->body->len, JSON_ALLOW_NUL, NULL);
	stop(f, PARSE);
	must(answer != NULL, path, NULL);
	return answer;
}

static void insert(struct floor *f, const struct access_code *codes, char *const *folded, size_t n)
{
	start(f);
	for (size_t i = 0; i < n; i++) {
		QUERY q = db_query(f->cache, STATEMENT_CODE_INSERT, NULL);

		bind_text(q, 1, codes[i].access_code_id);
		sqlite3_bind_int64(q, 2, f->lock_no);
		bind_text(q, 3, folded[i]);
		sqlite3_bind_int(q, 4, 0);
		sqlite3_bind_int(q, 6, 0);
		sqlite3_bind_int64(q, 7, 0);
		bind_text(q, 8, codes[i].code);
		columns_bind(q, 9, code_columns, CODE_FIELD_COUNT, &codes[i]);
		must(db_run(f->cache, q, NULL), "insert", NULL);
	}
	stop(f, INSERT);
	f->rows += (int)n;
}

static void take(struct floor *f, const char *path, const char *device_id)
{
	g_autofree char *cursor = NULL;

	do {
		g_autofree char *params =
			g_strdup_printf("{\"device_id\":\"%s\",\"limit\":1000%s%s%s}", device_id,
					cursor ? ",\"page_cursor\":\"" : "", cursor ? cursor : "", cursor ? "\"" : "");
		json_t *answer = ask(f, path, params), *list = json_object_get(answer, "access_codes"), *object;
		g_autofree struct access_code *codes = g_new0(struct access_code, json_array_size(list) + 1);
		g_auto(GStrv) folded = g_new0(char *, json_array_size(list) + 1);
		size_t i;

		json_array_foreach(list, i, object) {
			wire_decode_code(object, f->scratch, &codes[i]);
			folded[i] = text_fold(codes[i].name ? codes[i].name : "");
		}
		insert(f, codes, folded, json_array_size(list));
		wire_scratch_reset(f->scratch);
		g_free(cursor);
		cursor = g_strdup(json_string_value(
			json_object_get(json_object_get(answer, "pagination"), "next_page_cursor")));
		json_decref(answer);
	} while (cursor);
}

int main(int argc, char **argv)
{
	struct floor f = { .body = g_string_new(NULL) };
	g_autofree char *path = NULL, *bearer = NULL;
	json_t *answer, *device;
	GError *err = NULL;
	size_t i;

	if (argc < 3)
		return 2;
	path = g_build_filename(argv[2], "floor.db", NULL);
	f.endpoint = argv[1];
	f.curl = curl_easy_init();
	bearer = g_strconcat("Authorization: Bearer ", g_getenv("KEYRACK_API_KEY"), NULL);
	f.headers = curl_slist_append(NULL, bearer);
	f.headers = curl_slist_append(f.headers, "Content-Type: application/json");
	f.scratch = wire_scratch_new();
	f.cache = cache_open(path, CACHE_SYNC, false, &err);
	must(f.cache, "cache", err);
	answer = ask(&f, "/devices/list", "{\"limit\":100000}");
	must(cache_begin(f.cache, &err), "begin", err);
	json_array_foreach(json_object_get(answer, "devices"), i, device) {
		const char *id = json_string_value(json_object_get(device, "device_id"));

		f.lock_no = (int64_t)i + 1;
		take(&f, "/access_codes/list", id);
		take(&f, "/access_codes/unmanaged/list", id);
	}
	start(&f);
	must(cache_commit(f.cache, &err), "commit", err);
	cache_close(f.cache);
	stop(&f, INSERT);
	for (i = 0; i < PARTS; i++)
		printf("%s\"%s\":{\"wall_s\":%.6f,\"cpu_s\":%.6f}", i ? "," : "{", part_names[i], f.wall[i], f.cpu[i]);
	printf(",\"rows\":%d}\n", f.rows);
	return 0;
}
