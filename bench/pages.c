/* pages - a server of the API that costs next to nothing, for measuring those who read from it.
 *
 * usage: pages [CODES [LOCKS [EVENTS [live]]]]
 *
 * Prints "listening on URL api_key=KEY" and serves until it is ended. Nothing is kept: an object is
 * written anew from its number each time it is asked for, so that a million codes take no memory and
 * the reader, not the server, is what is measured. The objects have the shape and size of those of
 * the vendor's server; ids are in no order, and guests follow each other on each lock.
 *
 *   POST /bench/change {"every":N}   each Nth code is renamed, and an event says so for each
 *   POST /bench/quiet                nothing has happened
 *   POST /bench/storm {"rate":N,"seconds":S}   with 'live': N doors a second are opened, as keyrackd tells it */
#include "config.h"

#include <glib.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <unistd.h>

#include "core/instant.h"

enum { PAGE = 1000, LIVE_MAX = 500, TEXT = 40 };

static struct house {
	int codes, locks, events;
	int every, round; /* of the changes */
	int64_t changed_at;
	bool live;
	int64_t storm_at; /* its first event's time */
	int rate, storm;  /* events a second, and in all */
	GMutex mutex;     /* over the storm */
	int64_t born_at;
	GPtrArray *windows; /* of char *: those of a lock's codes, one after the other */
} house;

struct request {
	GString *body;
};

/* ---- numbers and ids ---- */

static void id_text(char *out, char kind, int n)
{
	uint32_t mixed = ((uint32_t)n * UINT32_C(2654435761)) ^ UINT32_C(0x5bd1e995);

	g_snprintf(out, TEXT, "%08x-%04x-4000-8000-%c%011d", mixed, mixed & 0xffff, kind, n);
}

static int id_number(const char *id)
{
	return strlen(id) < 36 ? -1 : atoi(id + 25);
}

static int codes_on(int lock)
{
	return house.codes / house.locks + (lock < house.codes % house.locks);
}

/* ---- objects ---- */

static void put_device(GString *out, int lock)
{
	char id[TEXT];

	id_text(id, 'd', lock);
	g_string_append_printf(
		out,
		"{\"device_id\":\"%s\",\"device_type\":\"schlage_lock\",\"display_name\":\"Door %05d\","
		"\"nickname\":\"Door %05d\",\"connected_account_id\":\"schlage_connected_account\","
		"\"workspace_id\":\"seed_workspace_1\",\"is_managed\":true,\"capabilities_supported\":"
		"[\"lock\",\"access_code\"],\"created_at\":\"2025-10-20T00:30:00.000Z\",\"space_ids\":[],"
		"\"custom_metadata\":{},\"errors\":[],\"warnings\":[],\"location\":{\"location_name\":"
		"\"Building %c\",\"room_name\":null,\"time_zone\":\"Europe/Berlin\",\"timezone\":"
		"\"Europe/Berlin\"},\"device_provider\":{\"device_provider_name\":\"schlage\",\"display_name\":"
		"\"Schlage\",\"provider_category\":\"stable\"},\"can_remotely_lock\":true,"
		"\"can_remotely_unlock\":true,\"can_program_online_access_codes\":true,\"properties\":{"
		"\"name\":\"Door %05d\",\"appearance\":{\"name\":\"Door %05d\"},\"online\":true,"
		"\"manufacturer\":\"schlage\",\"model\":{\"display_name\":\"Encode Plus\","
		"\"manufacturer_display_name\":\"Schlage\"},\"locked\":false,\"battery\":{\"level\":0.46,"
		"\"status\":\"good\"},\"battery_level\":0.46,\"supported_code_lengths\":[4,5,6,7,8],"
		"\"max_active_codes_supported\":100,\"supports_backup_access_code_pool\":true}}",
		id, lock, lock, 'A' + lock % 26, lock, lock);
}

/* nth: of its lock's. */
static void put_code(GString *out, int lock, int nth)
{
	int n = nth * house.locks + lock;
	bool changed = house.every > 0 && n % house.every == 0;
	char id[TEXT], device[TEXT], name[64];

	id_text(id, 'c', n);
	id_text(device, 'd', lock);
	g_snprintf(name, sizeof name, changed ? "Guest %d, %d" : "Guest %d",
		   (int)((uint32_t)n * UINT32_C(2654435761) % 1000000), house.round);
	g_string_append_printf(
		out,
		"{\"access_code_id\":\"%s\",\"workspace_id\":\"seed_workspace_1\",\"is_managed\":true,"
		"\"type\":\"time_bound\",\"status\":\"%s\",\"name\":\"%s\",\"code\":\"%06d\",\"created_at\":"
		"\"2026-01-02T12:30:00.000Z\",\"common_code_key\":null,\"is_scheduled_on_device\":true,"
		"\"is_waiting_for_code_assignment\":false,\"is_external_modification_allowed\":false,"
		"\"is_offline_access_code\":false,\"is_one_time_use\":false,\"is_backup\":false,"
		"\"is_backup_access_code_available\":true,\"pulled_backup_access_code_id\":null,\"errors\":[],"
		"\"warnings\":[],\"pending_mutations\":[],\"device_id\":\"%s\",%s,\"display_status\":\"set\"}",
		id, nth == 0 ? "set" : "unset", name, (int)((int64_t)n * 7919 % 1000000), device,
		(char *)house.windows->pdata[nth]);
}

static int64_t event_time(int k)
{
	return k < house.events ? house.born_at - (int64_t)(house.events - k) * MINUTE_MS :
				  house.changed_at + k - house.events;
}

static void put_event(GString *out, int k)
{
	char id[TEXT], device[TEXT], code[TEXT], at[INSTANT_TEXT_MAX];
	bool change = k >= house.events;
	int n = change ? (k - house.events) * house.every : k;

	id_text(id, 'e', change ? k + house.round * house.codes : k);
	id_text(device, 'd', n % house.locks);
	id_text(code, 'c', n);
	instant_format((struct instant){ event_time(k) }, at);
	g_string_append_printf(out,
			       "{\"event_id\":\"%s\",\"event_type\":\"%s\",\"workspace_id\":"
			       "\"seed_workspace_1\",\"created_at\":\"%s\",\"occurred_at\":\"%s\",\"device_id\":\"%s\","
			       "\"connected_account_id\":\"schlage_connected_account\",\"access_code_id\":\"%s\"}",
			       id, change ? "access_code.changed" : "access_code.set_on_device", at, at, device,
			       code);
}

/* ---- what was asked ---- */

/* A parameter's first letter, in the query or in compact JSON; NULL: not given. */
static const char *asked(struct MHD_Connection *c, const struct request *r, const char *name)
{
	const char *query = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name);
	g_autofree char *key = g_strdup_printf("\"%s\":", name);
	const char *found = query ? query : strstr(r->body->str, key);

	if (query || !found)
		return query;
	found += strlen(key);
	return *found == '"' ? found + 1 : found;
}

static int number(struct MHD_Connection *c, const struct request *r, const char *name, int otherwise)
{
	const char *text = asked(c, r, name);

	return text && g_ascii_isdigit(*text) ? atoi(text) : otherwise;
}

static struct instant when(const char *text)
{
	struct instant t = INSTANT_NONE;
	size_t len = text ? strcspn(text, "\"&") : 0;

	if (text)
		instant_parse(text, (gssize)len, &t);
	return t;
}

static void end_page(GString *out, int next, int of)
{
	if (next < of)
		g_string_append_printf(out,
				       "],\"pagination\":{\"has_next_page\":true,\"next_page_cursor\":\"%d\","
				       "\"next_page_url\":null},\"ok\":true}",
				       next);
	else
		g_string_append(out, "],\"pagination\":{\"has_next_page\":false,\"next_page_cursor\":null,"
				     "\"next_page_url\":null},\"ok\":true}");
}

typedef void put_fn(GString *out, int lock, int nth);

static void put_lock(GString *out, int lock, int nth)
{
	(void)lock;
	put_device(out, nth);
}

static void list(struct MHD_Connection *c, const struct request *r, GString *out, const char *key, put_fn *put,
		 int lock, int of)
{
	int from = number(c, r, "page_cursor", 0), until = MIN(from + number(c, r, "limit", PAGE), of);

	g_string_append_printf(out, "{\"%s\":[", key);
	for (int i = from; i < until; i++) {
		if (i > from)
			g_string_append_c(out, ',');
		put(out, lock, i);
	}
	end_page(out, until, of);
}

typedef void put_number_fn(GString *out, int n);

static void put_lock_numbered(GString *out, int n)
{
	put_device(out, n);
}

static void put_code_numbered(GString *out, int n)
{
	put_code(out, n % house.locks, n / house.locks);
}

static void list_ids(const char *ids, const char *key, int of, put_number_fn *put, GString *out)
{
	const char *end = strchr(ids, ']');
	bool first = true;

	g_string_append_printf(out, "{\"%s\":[", key);
	for (const char *p = strchr(strchr(ids, '['), '"'); p && end && p < end; p = strchr(p + 1, '"')) {
		int n = id_number(++p);

		if (n >= 0 && n < of) {
			if (!first)
				g_string_append_c(out, ',');
			first = false;
			put(out, n);
		}
		p = strchr(p, '"');
		if (!p)
			break;
	}
	end_page(out, 0, 0);
}

static void devices(struct MHD_Connection *c, const struct request *r, GString *out)
{
	const char *ids = strstr(r->body->str, "\"device_ids\":[");

	if (ids) {
		list_ids(ids, "devices", house.locks, put_lock_numbered, out);
		return;
	}
	list(c, r, out, "devices", put_lock, 0, house.locks);
}

static void codes(struct MHD_Connection *c, const struct request *r, GString *out)
{
	const char *ids = strstr(r->body->str, "\"access_code_ids\":["), *device = asked(c, r, "device_id");
	int lock = device ? id_number(device) : -1;

	if (ids)
		list_ids(ids, "access_codes", house.codes, put_code_numbered, out);
	else
		list(c, r, out, "access_codes", put_code, MAX(lock, 0), lock < 0 ? 0 : codes_on(lock));
}

static void unmanaged(struct MHD_Connection *c, const struct request *r, GString *out)
{
	list(c, r, out, "access_codes", put_code, 0, 0);
}

/* Newest first. */
static void events(struct MHD_Connection *c, const struct request *r, GString *out)
{
	const char *between = strstr(r->body->str, "\"between\":[\"");
	int of = house.events + (house.every ? (house.codes + house.every - 1) / house.every : 0);
	int limit = number(c, r, "limit", 500), offset = number(c, r, "unstable_offset", 0), n = 0;
	struct instant from = when(between ? between + 12 : asked(c, r, "since")), until = INSTANT_NONE;

	if (between)
		until = when(strstr(between + 12, "\",\"") + 3);
	g_string_append(out, "{\"events\":[");
	for (int k = of - 1; k >= 0 && n < limit; k--) {
		int64_t t = event_time(k);

		if ((instant_known(from) && t <= from.ms) || (instant_known(until) && t >= until.ms) ||
		    offset-- > 0)
			continue;
		if (n++ > 0)
			g_string_append_c(out, ',');
		put_event(out, k);
	}
	g_string_append(out, "],\"ok\":true}");
}

static void change(struct MHD_Connection *c, const struct request *r, GString *out)
{
	house.every = number(c, r, "every", 100);
	house.round++;
	house.changed_at = instant_now().ms;
	g_string_append(out, "{\"ok\":true}");
}

static void quiet(struct MHD_Connection *c, const struct request *r, GString *out)
{
	(void)c;
	(void)r;
	house.every = 0;
	g_string_append(out, "{\"ok\":true}");
}

/* ---- a storm ---- */

static void storm(struct MHD_Connection *c, const struct request *r, GString *out)
{
	g_mutex_lock(&house.mutex);
	house.rate = number(c, r, "rate", 100);
	house.storm = house.rate * number(c, r, "seconds", 1);
	house.storm_at = instant_now().ms;
	g_mutex_unlock(&house.mutex);
	g_string_append(out, "{\"ok\":true}");
}

/* How many of its events have happened. */
static int happened(void)
{
	int n;

	g_mutex_lock(&house.mutex);
	n = house.rate ? (int)MIN((instant_now().ms - house.storm_at) * house.rate / 1000, house.storm) : 0;
	g_mutex_unlock(&house.mutex);
	return n;
}

static void put_unlock(GString *out, int k)
{
	char id[TEXT], device[TEXT], code[TEXT], at[INSTANT_TEXT_MAX];

	id_text(id, 'u', k);
	id_text(device, 'd', k % house.locks);
	id_text(code, 'c', k % house.locks);
	instant_format((struct instant){ house.storm_at + (int64_t)k * 1000 / house.rate }, at);
	g_string_append_printf(out,
			       "%s{\"event_id\":\"%s\",\"event_type\":\"lock.unlocked\",\"workspace_id\":"
			       "\"seed_workspace_1\",\"created_at\":\"%s\",\"occurred_at\":\"%s\",\"device_id\":\"%s\","
			       "\"connected_account_id\":\"schlage_connected_account\",\"method\":\"keycode\","
			       "\"access_code_id\":\"%s\"}",
			       out->str[out->len - 1] == '[' ? "" : ",", id, at, at, device, code);
}

/* As keyrackd answers: see docs/keyrackd-api.md. */
static void live(struct MHD_Connection *c, const struct request *r, GString *out)
{
	int after = number(c, r, "after", -1), wait_ms = number(c, r, "wait_s", 0) * 1000, now = happened();

	for (; after >= 0 && now <= after && wait_ms > 0; wait_ms -= 2, now = happened())
		g_usleep(2000);
	if (after < 0)
		after = now;
	now = MIN(now, after + LIVE_MAX);
	g_string_append(out, "{\"events\":[");
	for (int k = after; k < now; k++)
		put_unlock(out, k);
	g_string_append_printf(out, "],\"changed\":[],\"seq\":%d,\"mark\":1,\"journal\":\"bench\",\"ok\":true}", now);
}

static const struct {
	const char *path;
	void (*answer)(struct MHD_Connection *c, const struct request *r, GString *out);
} routes[] = {
	{ "/devices/list", devices }, { "/access_codes/list", codes }, { "/access_codes/unmanaged/list", unmanaged },
	{ "/events/list", events },   { "/bench/change", change },     { "/bench/quiet", quiet },
	{ "/bench/storm", storm },	{ "/keyrackd/live", live },
};

/* ---- HTTP ---- */

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
				  const char *version, const char *data, size_t *len, void **state)
{
	struct request *r = *state;
	GString *out = g_string_sized_new(4096);
	struct MHD_Response *response;
	enum MHD_Result result;
	unsigned status = MHD_HTTP_NOT_FOUND;
	size_t bytes;

	(void)ctx;
	(void)method;
	(void)version;
	if (!r || *len > 0) {
		if (!r) {
			*state = r = g_new0(struct request, 1);
			r->body = g_string_new(NULL);
		}
		g_string_append_len(r->body, data, (gssize)*len);
		*len = 0;
		g_string_free(out, TRUE);
		return MHD_YES;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (strcmp(url, routes[i].path) == 0) {
			routes[i].answer(c, r, out);
			status = MHD_HTTP_OK;
		}
	}
	bytes = out->len;
	response = MHD_create_response_from_buffer(bytes, g_string_free(out, FALSE), MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(response, "Content-Type", "application/json");
	if (house.live)
		MHD_add_response_header(response, "keyrackd-live", "/keyrackd/live");
	result = MHD_queue_response(c, status, response);
	MHD_destroy_response(response);
	return result;
}

static void on_over(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	struct request *r = *state;

	(void)ctx;
	(void)c;
	(void)why;
	if (!r)
		return;
	g_string_free(r->body, TRUE);
	g_free(r);
}

int main(int argc, char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon;

	house.codes = argc > 1 ? atoi(argv[1]) : 100000;
	house.locks = argc > 2 ? atoi(argv[2]) : 1000;
	house.events = argc > 3 ? atoi(argv[3]) : 500;
	house.live = argc > 4;
	if (house.codes < 1 || house.locks < 1 || house.events < 0)
		return 2;
	house.born_at = instant_now().ms;
	house.windows = g_ptr_array_new();
	for (int i = 0; i < codes_on(0); i++) {
		char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];

		instant_format((struct instant){ house.born_at + (int64_t)(3 * i - 1) * DAY_MS }, from);
		instant_format((struct instant){ house.born_at + (int64_t)(3 * i + 2) * DAY_MS }, until);
		g_ptr_array_add(house.windows, g_strdup_printf("\"starts_at\":\"%s\",\"ends_at\":\"%s\"", from, until));
	}
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* Who waits live has a thread; all others are one that never waits. */
	daemon = MHD_start_daemon(house.live ? MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD :
					       MHD_USE_EPOLL_INTERNAL_THREAD,
				  0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR,
				  &here, MHD_OPTION_NOTIFY_COMPLETED, on_over, NULL, MHD_OPTION_END);
	info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (!info) {
		fputs("pages: cannot listen\n", stderr);
		return 1;
	}
	printf("listening on http://127.0.0.1:%d api_key=bench\n", info->port);
	fflush(stdout);
	for (;;)
		pause();
}
