/* See server.h. One thread accepts, one more per connection; a mutex around the state. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/instant.h"
#include "server.h"

#define LIVE_PATH "/keyrackd/live"
#define LIVE_MAX 1000
#define KEY "Authorization: Bearer seam_test_key"

struct planned {
	char *path;
	enum fault fault;
	int n;
};

struct server {
	GMutex mutex;
	GCond idle;
	int listener;
	int port;
	GThread *acceptor;
	GArray *connections; /* of int: open descriptors */
	int threads;
	GPtrArray *planned;  /* of struct planned */
	GHashTable *requests, *carried_out; /* path -> count */
	int operators;                      /* requests that said for whom they are */
	json_t *devices, *codes, *events, *attempts;
	int next_id;
	bool ignore_filters, oldest_first;
	int page_max;
	char *attempt_status;
	bool confirmed;
	bool live, draining, stopping;
	char *journal;
	json_t *changed;     /* ids for the next live answer */
	GCond news;
	int explained;
	int asked_where;     /* live calls with no number */
	json_int_t asked_after; /* of the last one with a number; -1: none */
};

struct answer {
	int status;
	json_t *body;
};

/* ---- small things ---- */

static void count(GHashTable *t, const char *path)
{
	int n = GPOINTER_TO_INT(g_hash_table_lookup(t, path));

	g_hash_table_insert(t, g_strdup(path), GINT_TO_POINTER(n + 1));
}

static json_t *now_text(void)
{
	char buf[INSTANT_TEXT_MAX];

	return json_string(instant_format(instant_now(), buf));
}

static const char *text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static struct instant when(const json_t *o, const char *key)
{
	struct instant t = INSTANT_NONE;

	if (text(o, key))
		instant_parse(text(o, key), -1, &t);
	return t;
}

static size_t find(const json_t *array, const char *key, const char *value)
{
	size_t i;
	json_t *o;

	json_array_foreach(array, i, o) {
		if (g_strcmp0(text(o, key), value) == 0)
			return i;
	}
	return SIZE_MAX;
}

static struct answer fail(int status, const char *type, const char *message)
{
	return (struct answer){ status, json_pack("{s:{s:s,s:s},s:b}", "error", "type", type,
						  "message", message, "ok", 0) };
}

static struct answer good(const char *key, json_t *value)
{
	json_t *body = json_pack("{s:b}", "ok", 1);

	if (key)
		json_object_set_new(body, key, value);
	return (struct answer){ 200, body };
}

static json_t *event_at(struct server *s, const char *type, const char *device_id,
			const char *code_id, json_t *at)
{
	json_t *event = json_pack("{s:s, s:s, s:O, s:O}", "event_type", type, "workspace_id", "w",
				  "created_at", at, "occurred_at", at);
	char id[32];

	g_snprintf(id, sizeof id, "event-%d", ++s->next_id);
	json_object_set_new(event, "event_id", json_string(id));
	if (device_id)
		json_object_set_new(event, "device_id", json_string(device_id));
	if (code_id)
		json_object_set_new(event, "access_code_id", json_string(code_id));
	json_decref(at);
	json_array_append_new(s->events, event);
	g_cond_broadcast(&s->news);
	return event;
}

/* ---- lists ---- */

static bool among(const json_t *ids, const char *id)
{
	size_t i;
	json_t *v;

	json_array_foreach(ids, i, v) {
		if (g_strcmp0(json_string_value(v), id) == 0)
			return true;
	}
	return false;
}

/* Cuts a page out of all; the cursor is the number of the next one. */
static struct answer page_of(struct server *s, const char *key, json_t *all, const json_t *params)
{
	size_t n = json_array_size(all);
	size_t limit = (size_t)json_integer_value(json_object_get(params, "limit"));
	const char *cursor = text(params, "page_cursor");
	size_t from = cursor ? (size_t)atoi(cursor) : 0;
	json_t *page = json_array();
	struct answer a;
	size_t i;

	if (limit == 0)
		limit = 500;
	if (s->page_max > 0)
		limit = MIN(limit, (size_t)s->page_max);
	for (i = from; i < n && i < from + limit; i++)
		json_array_append(page, json_array_get(all, i));
	a = good(key, page);
	if (i < n) {
		g_autofree char *next = g_strdup_printf("%zu", i);

		json_object_set_new(a.body, "pagination",
				    json_pack("{s:b, s:s}", "has_next_page", 1, "next_page_cursor",
					      next));
	} else {
		json_object_set_new(a.body, "pagination",
				    json_pack("{s:b, s:n}", "has_next_page", 0,
					      "next_page_cursor"));
	}
	json_decref(all);
	return a;
}

static struct answer list_devices(struct server *s, const json_t *params)
{
	const json_t *ids = json_object_get(params, "device_ids");
	json_t *all = json_array(), *o;
	size_t i;

	json_array_foreach(s->devices, i, o) {
		if (!ids || among(ids, text(o, "device_id")))
			json_array_append(all, o);
	}
	return page_of(s, "devices", all, params);
}

static struct answer list_codes_of(struct server *s, const json_t *params, bool managed)
{
	const json_t *ids = json_object_get(params, "access_code_ids");
	const char *device_id = text(params, "device_id");
	json_t *all = json_array(), *o;
	size_t i;

	if (device_id && find(s->devices, "device_id", device_id) == SIZE_MAX) {
		json_decref(all);
		return fail(404, "device_not_found", "no such device");
	}
	json_array_foreach(s->codes, i, o) {
		bool fits = json_is_true(json_object_get(o, "is_managed")) == managed &&
			    !json_is_true(json_object_get(o, "is_backup"));

		if (device_id)
			fits = fits && g_strcmp0(text(o, "device_id"), device_id) == 0;
		if (ids)
			fits = fits && among(ids, text(o, "access_code_id"));
		if (fits || s->ignore_filters)
			json_array_append(all, o);
	}
	return page_of(s, "access_codes", all, params);
}

static struct answer list_codes(struct server *s, const json_t *params)
{
	return list_codes_of(s, params, true);
}

static struct answer list_unmanaged(struct server *s, const json_t *params)
{
	return list_codes_of(s, params, false);
}

static struct answer get_code_of(struct server *s, const json_t *params, bool managed)
{
	size_t i = find(s->codes, "access_code_id", text(params, "access_code_id"));
	json_t *o = i == SIZE_MAX ? NULL : json_array_get(s->codes, i);

	if (!o || json_is_true(json_object_get(o, "is_managed")) != managed)
		return fail(404, "access_code_not_found", "no such code here");
	return good("access_code", json_incref(o));
}

static struct answer get_code(struct server *s, const json_t *params)
{
	return get_code_of(s, params, true);
}

static struct answer get_unmanaged(struct server *s, const json_t *params)
{
	return get_code_of(s, params, false);
}

static struct answer list_events(struct server *s, const json_t *params)
{
	const json_t *between = json_object_get(params, "between");
	size_t limit = (size_t)json_integer_value(json_object_get(params, "limit"));
	size_t offset = (size_t)json_integer_value(json_object_get(params, "unstable_offset"));
	struct instant from = when(params, "since"), until = INSTANT_NONE;
	json_t *found = json_array();
	size_t n = json_array_size(s->events);

	if (between) {
		instant_parse(json_string_value(json_array_get(between, 0)), -1, &from);
		instant_parse(json_string_value(json_array_get(between, 1)), -1, &until);
	}
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_array_get(s->events, s->oldest_first ? i : n - 1 - i);
		struct instant t = when(o, "created_at");

		if (t.ms <= from.ms || (instant_known(until) && t.ms >= until.ms))
			continue;
		if (offset > 0) {
			offset--;
			continue;
		}
		if (s->oldest_first || json_array_size(found) < limit)
			json_array_append(found, o);
	}
	return good("events", found);
}

/* ---- changes ---- */

static json_t *make_code(struct server *s, const char *device_id, const char *name,
			 const char *pin, bool managed)
{
	char id[32], made_pin[8];
	json_t *o;

	g_snprintf(id, sizeof id, "code-%d", ++s->next_id);
	g_snprintf(made_pin, sizeof made_pin, "%04d", 7000 + s->next_id);
	o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:o, s:[], s:[], s:n, s:b}",
		      "access_code_id", id, "device_id", device_id, "name", name, "code",
		      pin ? pin : made_pin, "is_managed", managed, "type", "ongoing", "status",
		      "set", "created_at", now_text(), "errors", "warnings", "common_code_key",
		      "is_backup", 0);
	json_array_append(s->codes, o);
	return o;
}

static struct answer create(struct server *s, const json_t *params)
{
	static const char *const kept[] = { "starts_at", "ends_at", "common_code_key" };
	const char *device_id = text(params, "device_id"), *pin = text(params, "code");
	json_t *o;
	size_t i;

	if (find(s->devices, "device_id", device_id) == SIZE_MAX)
		return fail(404, "device_not_found", "no such device");
	if (pin && strspn(pin, "0123456789") != strlen(pin)) {
		struct answer a = fail(400, "invalid_input", "digits only");

		json_object_set_new(json_object_get(a.body, "error"), "validation_errors",
				    json_pack("{s:[], s:{s:[s]}}", "_errors", "code", "_errors",
					      "digits only"));
		return a;
	}
	json_array_foreach(s->codes, i, o) {
		if (pin && g_strcmp0(text(o, "device_id"), device_id) == 0 &&
		    g_strcmp0(text(o, "code"), pin) == 0)
			return fail(409, "duplicate_access_code", "this PIN is in use");
	}
	o = make_code(s, device_id, text(params, "name"), pin, true);
	for (i = 0; i < G_N_ELEMENTS(kept); i++) {
		if (json_object_get(params, kept[i]))
			json_object_set(o, kept[i], json_object_get(params, kept[i]));
	}
	if (text(params, "ends_at"))
		json_object_set_new(o, "type", json_string("time_bound"));
	event_at(s, "access_code.created", device_id, text(o, "access_code_id"), now_text());
	return good("access_code", o);
}

static struct answer attempt(struct server *s, const char *type)
{
	char id[32];
	json_t *a;

	g_snprintf(id, sizeof id, "attempt-%d", ++s->next_id);
	a = json_pack("{s:s, s:s, s:s, s:n, s:n}", "action_attempt_id", id, "action_type", type,
		      "status", "pending", "result", "error");
	json_array_append(s->attempts, a);
	return good("action_attempt", a);
}

static struct answer get_attempt(struct server *s, const json_t *params)
{
	size_t i = find(s->attempts, "action_attempt_id", text(params, "action_attempt_id"));
	json_t *a;

	if (i == SIZE_MAX)
		return fail(404, "action_attempt_not_found", "no such attempt");
	a = json_array_get(s->attempts, i);
	json_object_set_new(a, "status", json_string(s->attempt_status));
	json_object_set_new(a, "result", json_pack("{s:b}", "was_confirmed_by_device",
						   s->confirmed));
	if (strcmp(s->attempt_status, "error") == 0)
		json_object_set_new(a, "error",
				    json_pack("{s:s,s:s}", "type", "jammed", "message",
					      "the bolt is jammed"));
	return good("action_attempt", json_incref(a));
}

static struct answer update(struct server *s, const json_t *params)
{
	size_t i = find(s->codes, "access_code_id", text(params, "access_code_id"));
	const char *key;
	json_t *o, *v;

	if (i == SIZE_MAX)
		return fail(404, "access_code_not_found", "no such code");
	o = json_array_get(s->codes, i);
	json_object_foreach((json_t *)(uintptr_t)params, key, v)
		json_object_set(o, key, v);
	event_at(s, "access_code.changed", text(o, "device_id"), text(o, "access_code_id"),
		 now_text());
	return attempt(s, "UPDATE_ACCESS_CODE");
}

static struct answer delete_from(struct server *s, const json_t *params, bool managed)
{
	size_t i = find(s->codes, "access_code_id", text(params, "access_code_id"));
	json_t *o = i == SIZE_MAX ? NULL : json_array_get(s->codes, i);

	if (!o || json_is_true(json_object_get(o, "is_managed")) != managed)
		return fail(404, "access_code_not_found", "no such code in this collection");
	event_at(s, managed ? "access_code.deleted" : "access_code.unmanaged.removed",
		 text(o, "device_id"), text(o, "access_code_id"), now_text());
	json_array_remove(s->codes, i);
	return attempt(s, "DELETE_ACCESS_CODE");
}

static struct answer delete_code(struct server *s, const json_t *params)
{
	return delete_from(s, params, true);
}

static struct answer delete_unmanaged(struct server *s, const json_t *params)
{
	return delete_from(s, params, false);
}

static struct answer pull_backup(struct server *s, const json_t *params)
{
	size_t i = find(s->codes, "access_code_id", text(params, "access_code_id"));
	json_t *o, *backup;
	const char *had;

	if (i == SIZE_MAX)
		return fail(404, "access_code_not_found", "no such code");
	o = json_array_get(s->codes, i);
	had = text(o, "pulled_backup_access_code_id");
	if (had) {
		backup = json_incref(
			json_array_get(s->codes, find(s->codes, "access_code_id", had)));
	} else {
		backup = make_code(s, text(o, "device_id"), "Backup", NULL, true);
		json_object_set_new(backup, "is_backup", json_true());
		json_object_set(o, "pulled_backup_access_code_id",
				json_object_get(backup, "access_code_id"));
		json_object_set(event_at(s, "access_code.backup_access_code_pulled",
					 text(o, "device_id"), text(o, "access_code_id"),
					 now_text()),
				"backup_access_code_id", json_object_get(backup, "access_code_id"));
	}
	return good("backup_access_code", backup);
}

static struct answer adopt(struct server *s, const json_t *params)
{
	size_t i = find(s->codes, "access_code_id", text(params, "access_code_id"));
	json_t *o = i == SIZE_MAX ? NULL : json_array_get(s->codes, i);

	if (!o || json_is_true(json_object_get(o, "is_managed")))
		return fail(404, "access_code_not_found", "not among the unmanaged codes");
	json_object_set_new(o, "is_managed", json_true());
	event_at(s, "access_code.unmanaged.converted_to_managed", text(o, "device_id"),
		 text(o, "access_code_id"), now_text());
	return good(NULL, NULL);
}

static struct answer move_door(struct server *s, const json_t *params, bool locked)
{
	size_t i = find(s->devices, "device_id", text(params, "device_id"));

	if (i == SIZE_MAX)
		return fail(404, "device_not_found", "no such device");
	json_object_set_new(json_object_get(json_array_get(s->devices, i), "properties"), "locked",
			    json_boolean(locked));
	event_at(s, locked ? "lock.locked" : "lock.unlocked", text(params, "device_id"), NULL,
		 now_text());
	return attempt(s, locked ? "LOCK_DOOR" : "UNLOCK_DOOR");
}

static struct answer lock_door(struct server *s, const json_t *params)
{
	return move_door(s, params, true);
}

static struct answer unlock_door(struct server *s, const json_t *params)
{
	return move_door(s, params, false);
}

/* ---- the live call: the number of an event is its place ---- */

/* The words are a number that grows: a newer answer can be told from an older one. */
static struct answer explain(struct server *s, const json_t *params)
{
	const char *id = text(params, "access_code_id");

	if (find(s->codes, "access_code_id", id ? id : "") == SIZE_MAX)
		return fail(404, "access_code_not_found", "There is no code with this id.");
	return good("explanation", json_pack("{s:s, s:o}", "access_code_id", id, "words",
					     json_sprintf("answer %d", ++s->explained)));
}

static struct answer live_answer(struct server *s, size_t after)
{
	json_t *events = json_array();
	struct answer a;

	for (size_t i = after; i < json_array_size(s->events) && i < after + LIVE_MAX; i++)
		json_array_append(events, json_array_get(s->events, i));
	a = good("events", events);
	json_object_set_new(a.body, "seq",
			    json_integer((json_int_t)(after + json_array_size(events))));
	json_object_set_new(a.body, "changed", s->changed);
	json_object_set_new(a.body, "journal", json_string(s->journal));
	s->changed = json_array();
	return a;
}

static struct answer live(struct server *s, const json_t *params)
{
	const json_t *after = json_object_get(params, "after");
	const char *journal = text(params, "journal");
	json_int_t wait_s = json_integer_value(json_object_get(params, "wait_s"));
	gint64 until = g_get_monotonic_time() + wait_s * G_USEC_PER_SEC;
	size_t seq = (size_t)json_integer_value(after);

	if (!json_is_integer(after)) {
		s->asked_where++;
		return live_answer(s, json_array_size(s->events));
	}
	s->asked_after = json_integer_value(after);
	if (seq > json_array_size(s->events) || (journal && strcmp(journal, s->journal) != 0))
		return fail(400, "unknown_seq", "not of this journal");
	while (seq == json_array_size(s->events) && json_array_size(s->changed) == 0 &&
	       !s->draining && !s->stopping && g_cond_wait_until(&s->news, &s->mutex, until))
		continue;
	return live_answer(s, seq);
}

static const struct route {
	const char *path;
	struct answer (*fn)(struct server *s, const json_t *params);
	bool change;
} routes[] = {
	{ "/devices/list", list_devices, false },
	{ "/access_codes/list", list_codes, false },
	{ "/access_codes/unmanaged/list", list_unmanaged, false },
	{ "/access_codes/get", get_code, false },
	{ "/access_codes/unmanaged/get", get_unmanaged, false },
	{ "/events/list", list_events, false },
	{ "/action_attempts/get", get_attempt, false },
	{ LIVE_PATH, live, false },
	{ "/keyrackd/access_codes/explain", explain, false },
	{ "/access_codes/create", create, true },
	{ "/access_codes/update", update, true },
	{ "/access_codes/delete", delete_code, true },
	{ "/access_codes/unmanaged/delete", delete_unmanaged, true },
	{ "/access_codes/unmanaged/convert_to_managed", adopt, true },
	{ "/access_codes/unmanaged/update", adopt, true },
	{ "/access_codes/pull_backup_access_code", pull_backup, true },
	{ "/locks/lock_door", lock_door, true },
	{ "/locks/unlock_door", unlock_door, true },
};

/* ---- HTTP ---- */

static enum fault take_fault(struct server *s, const char *path)
{
	for (guint i = 0; i < s->planned->len; i++) {
		struct planned *p = s->planned->pdata[i];

		if (p->n != 0 && strcmp(p->path, path) == 0) {
			if (p->n > 0)
				p->n--;
			return p->fault;
		}
	}
	return FAULT_NONE;
}

static struct answer carry_out(struct server *s, const char *path, const char *body)
{
	json_t *params = json_loads(body, 0, NULL);
	struct answer a = { 404, NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
		if (strcmp(routes[i].path, path) != 0)
			continue;
		a = routes[i].fn(s, params);
		if (routes[i].change && a.status == 200)
			count(s->carried_out, path);
	}
	json_decref(params);
	return a;
}

static void reset(int fd)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

static bool send_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static int counted(GHashTable *t, const char *path)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(t, path ? path : ""));
}

/* The whole answer as text: made under the mutex, as it borrows from the state. */
static char *reply_text(const struct answer *a, int number, const char *extra)
{
	char *body = a->body ? json_dumps(a->body, JSON_COMPACT)
			     : strdup(a->status == 404 ? "404" : "");
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *date = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S GMT");
	char *out = g_strdup_printf(
		"HTTP/1.1 %d x\r\nDate: %s\r\nseam-request-id: request-%d\r\nContent-Type: %s\r\n"
		"Content-Length: %zu\r\n%s\r\n%s",
		a->status, date, number, a->body ? "application/json" : "text/plain", strlen(body), extra,
		body);

	free(body);
	return out;
}

static struct answer faulty(enum fault fault)
{
	switch (fault) {
	case FAULT_401:
		return fail(401, "unauthorized", "no such key");
	case FAULT_429:
		return fail(429, "rate_limited", "slowly");
	case FAULT_500:
		return fail(500, "internal_server_error", "oh");
	case FAULT_404:
		return (struct answer){ 404, NULL };
	default:
		return (struct answer){ 503, NULL };
	}
}

/* Answers one request; false when the connection is over. */
static bool serve_one(struct server *s, int fd, const char *head, const char *path,
		      const char *body)
{
	g_autofree char *out = NULL;
	struct answer a = { 0, NULL };
	enum fault fault;

	g_mutex_lock(&s->mutex);
	count(s->requests, path);
	count(s->requests, "");
	s->operators += strstr(head, "\r\nkeyrack-operator: clerk\r\n") != NULL;
	fault = strstr(head, KEY) ? take_fault(s, path) : FAULT_401;
	if (fault == FAULT_NONE || fault == FAULT_RESET_AFTER || fault == FAULT_503_AFTER)
		a = carry_out(s, path, body);
	if (fault != FAULT_NONE) {
		json_decref(a.body);
		a = faulty(fault);
	}
	out = reply_text(&a, counted(s->requests, ""),
			 fault == FAULT_429 ? "Retry-After: 1\r\n"
			 : s->live	    ? "keyrackd-live: " LIVE_PATH "\r\n"
						: "");
	json_decref(a.body);
	g_mutex_unlock(&s->mutex);
	if (fault == FAULT_RESET_BEFORE || fault == FAULT_RESET_AFTER) {
		reset(fd);
		return false;
	}
	return send_all(fd, out, strlen(out));
}

struct connection {
	struct server *s;
	int fd;
};

static bool read_more(int fd, GString *in)
{
	char buf[8192];
	ssize_t n = recv(fd, buf, sizeof buf, 0);

	if (n <= 0)
		return false;
	g_string_append_len(in, buf, n);
	return true;
}

static bool serve_next(struct server *s, int fd, GString *in)
{
	g_autofree char *head = NULL, *path = NULL, *body = NULL;
	char *end, *length;
	size_t head_len, body_len = 0;

	while (!(end = strstr(in->str, "\r\n\r\n"))) {
		if (!read_more(fd, in))
			return false;
	}
	head_len = (size_t)(end - in->str) + 4;
	head = g_strndup(in->str, head_len);
	length = strcasestr(head, "content-length:");
	if (length)
		body_len = (size_t)atoi(length + strlen("content-length:"));
	while (in->len < head_len + body_len) {
		if (!read_more(fd, in))
			return false;
	}
	body = g_strndup(in->str + head_len, body_len);
	g_string_erase(in, 0, (gssize)(head_len + body_len));
	path = g_strndup(head + strlen("POST "), strcspn(head + strlen("POST "), " "));
	return serve_one(s, fd, head, path, body);
}

static gpointer serve(gpointer data)
{
	struct connection *c = data;
	struct server *s = c->s;
	GString *in = g_string_new(NULL);

	while (serve_next(s, c->fd, in))
		continue;
	g_mutex_lock(&s->mutex);
	for (guint i = 0; i < s->connections->len; i++) {
		if (g_array_index(s->connections, int, i) == c->fd)
			g_array_remove_index_fast(s->connections, i);
	}
	close(c->fd);
	s->threads--;
	g_cond_signal(&s->idle);
	g_mutex_unlock(&s->mutex);
	g_string_free(in, TRUE);
	g_free(c);
	return NULL;
}

static gpointer accept_all(gpointer data)
{
	struct server *s = data;
	int listener = s->listener, one = 1;

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		struct connection *c;

		if (fd < 0 && errno == EINTR)
			continue;
		if (fd < 0)
			return NULL;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		c = g_new0(struct connection, 1);
		c->s = s;
		c->fd = fd;
		g_mutex_lock(&s->mutex);
		g_array_append_val(s->connections, fd);
		s->threads++;
		g_mutex_unlock(&s->mutex);
		g_thread_unref(g_thread_new("connection", serve, c));
	}
}

void server_start(struct server *s)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)s->port) };
	socklen_t len = sizeof address;
	int one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->stopping = false;
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(s->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(s->listener, 64) != 0)
		g_error("the test's server cannot listen: %s", g_strerror(errno));
	getsockname(s->listener, (struct sockaddr *)&address, &len);
	s->port = ntohs(address.sin_port);
	s->acceptor = g_thread_new("acceptor", accept_all, s);
}

void server_stop(struct server *s)
{
	if (!s->acceptor)
		return;
	shutdown(s->listener, SHUT_RDWR);
	g_thread_join(s->acceptor);
	s->acceptor = NULL;
	close(s->listener);
	g_mutex_lock(&s->mutex);
	s->stopping = true;
	g_cond_broadcast(&s->news);
	for (guint i = 0; i < s->connections->len; i++) {
		reset(g_array_index(s->connections, int, i));
		shutdown(g_array_index(s->connections, int, i), SHUT_RDWR);
	}
	while (s->threads > 0)
		g_cond_wait(&s->idle, &s->mutex);
	g_mutex_unlock(&s->mutex);
}

static void planned_free(void *data)
{
	struct planned *p = data;

	g_free(p->path);
	g_free(p);
}

struct server *server_new(void)
{
	struct server *s = g_new0(struct server, 1);

	g_mutex_init(&s->mutex);
	g_cond_init(&s->idle);
	g_cond_init(&s->news);
	s->journal = g_strdup("journal-1");
	s->changed = json_array();
	s->asked_after = -1;
	s->connections = g_array_new(FALSE, FALSE, sizeof(int));
	s->planned = g_ptr_array_new_with_free_func(planned_free);
	s->requests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->carried_out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->devices = json_array();
	s->codes = json_array();
	s->events = json_array();
	s->attempts = json_array();
	s->attempt_status = g_strdup("success");
	s->confirmed = true;
	server_start(s);
	return s;
}

void server_free(struct server *s)
{
	server_stop(s);
	g_array_free(s->connections, TRUE);
	g_ptr_array_free(s->planned, TRUE);
	g_hash_table_destroy(s->requests);
	g_hash_table_destroy(s->carried_out);
	json_decref(s->devices);
	json_decref(s->codes);
	json_decref(s->events);
	json_decref(s->attempts);
	json_decref(s->changed);
	g_free(s->journal);
	g_free(s->attempt_status);
	g_cond_clear(&s->news);
	g_mutex_clear(&s->mutex);
	g_cond_clear(&s->idle);
	g_free(s);
}

char *server_endpoint(struct server *s)
{
	return g_strdup_printf("http://127.0.0.1:%d", s->port);
}

/* ---- the script ---- */

#define LOCKED(s) g_autoptr(GMutexLocker) locked = g_mutex_locker_new(&(s)->mutex); (void)locked

void server_fault(struct server *s, const char *path, enum fault fault, int n)
{
	struct planned *p = g_new0(struct planned, 1);
	LOCKED(s);

	p->path = g_strdup(path);
	p->fault = fault;
	p->n = n;
	/* The newest plan for a path is the one that counts. */
	for (guint i = s->planned->len; i > 0; i--) {
		if (strcmp(((struct planned *)s->planned->pdata[i - 1])->path, path) == 0)
			g_ptr_array_remove_index(s->planned, i - 1);
	}
	g_ptr_array_add(s->planned, p);
}

void server_ignore_filters(struct server *s, bool yes)
{
	LOCKED(s);
	s->ignore_filters = yes;
}

void server_oldest_first(struct server *s, bool yes)
{
	LOCKED(s);
	s->oldest_first = yes;
}

void server_page_max(struct server *s, int n)
{
	LOCKED(s);
	s->page_max = n;
}

void server_accept_then_hold(struct server *s, const char *attempt_status)
{
	LOCKED(s);
	g_free(s->attempt_status);
	s->attempt_status = g_strdup(attempt_status);
}

void server_confirm(struct server *s, bool yes)
{
	LOCKED(s);
	s->confirmed = yes;
}

void server_live(struct server *s, bool yes)
{
	LOCKED(s);
	s->live = yes;
}

void server_drain(struct server *s, bool yes)
{
	LOCKED(s);
	s->draining = yes;
	g_cond_broadcast(&s->news);
}

void server_journal(struct server *s, const char *journal)
{
	LOCKED(s);
	g_free(s->journal);
	s->journal = g_strdup(journal);
}

void server_changed(struct server *s, const char *code_id)
{
	LOCKED(s);
	json_array_append_new(s->changed, json_string(code_id));
	g_cond_broadcast(&s->news);
}

int server_asked_where(struct server *s)
{
	LOCKED(s);
	return s->asked_where;
}

int64_t server_asked_after(struct server *s)
{
	LOCKED(s);
	return s->asked_after;
}

void server_add_lock(struct server *s, const char *device_id)
{
	LOCKED(s);
	json_array_append_new(
		s->devices,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:[], s:[], s:b, s:{s:b, s:b}}",
			  "device_id", device_id, "workspace_id", "w", "connected_account_id", "a",
			  "device_type", "august_lock", "display_name", device_id, "created_at",
			  now_text(), "is_managed", 1, "errors", "warnings",
			  "can_program_online_access_codes", 1, "properties", "online", 1, "locked",
			  1));
}

char *server_add_code(struct server *s, const char *device_id, const char *name, const char *pin,
		      bool managed, bool with_event)
{
	json_t *o;
	char *id;
	LOCKED(s);

	o = make_code(s, device_id, name, pin, managed);
	id = g_strdup(text(o, "access_code_id"));
	if (with_event)
		event_at(s, managed ? "access_code.created" : "access_code.unmanaged.created",
			 device_id, id, now_text());
	json_decref(o);
	return id;
}

void server_delete_code(struct server *s, const char *id, bool with_event)
{
	size_t i;
	LOCKED(s);

	i = find(s->codes, "access_code_id", id);
	if (i == SIZE_MAX)
		return;
	if (with_event)
		event_at(s, "access_code.deleted", NULL, id, now_text());
	json_array_remove(s->codes, i);
}

void server_set(struct server *s, const char *id, const char *key, json_t *value)
{
	LOCKED(s);
	json_object_set_new(json_array_get(s->codes, find(s->codes, "access_code_id", id)), key,
			    value);
}

void server_rename_code(struct server *s, const char *id, const char *name, bool with_event)
{
	json_t *o;
	LOCKED(s);

	o = json_array_get(s->codes, find(s->codes, "access_code_id", id));
	json_object_set_new(o, "name", json_string(name));
	if (with_event)
		event_at(s, "access_code.changed", text(o, "device_id"), id, now_text());
}

void server_add_event(struct server *s, const char *type, const char *device_id,
		      const char *access_code_id)
{
	LOCKED(s);
	event_at(s, type, device_id, access_code_id, now_text());
}

void server_add_events_at(struct server *s, const char *device_id, const char *at, int n)
{
	LOCKED(s);
	for (int i = 0; i < n; i++)
		event_at(s, "lock.unlocked", device_id, NULL, json_string(at));
}

int server_requests(struct server *s, const char *path)
{
	LOCKED(s);
	return counted(s->requests, path);
}

int server_operators(struct server *s)
{
	LOCKED(s);
	return s->operators;
}

int server_carried_out(struct server *s, const char *path)
{
	LOCKED(s);
	return counted(s->carried_out, path);
}

int server_codes_named(struct server *s, const char *name)
{
	int n = 0;
	size_t i;
	json_t *o;
	LOCKED(s);

	json_array_foreach(s->codes, i, o)
		n += g_strcmp0(text(o, "name"), name) == 0;
	return n;
}

int server_codes(struct server *s)
{
	LOCKED(s);
	return (int)json_array_size(s->codes);
}

int server_events(struct server *s)
{
	LOCKED(s);
	return (int)json_array_size(s->events);
}
