/* What tests say that the server has and does, and ask of it. */
#include "config.h"

#include <string.h>

#include "tests/sync/server_inside.h"

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
			  server_now_text(), "is_managed", 1, "errors", "warnings",
			  "can_program_online_access_codes", 1, "properties", "online", 1, "locked",
			  1));
}

char *server_add_code(struct server *s, const char *device_id, const char *name, const char *pin,
		      bool managed, bool with_event)
{
	json_t *o;
	char *id;
	LOCKED(s);

	o = server_make_code(s, device_id, name, pin, managed);
	id = g_strdup(server_text(o, "access_code_id"));
	if (with_event)
		server_event_at(s, managed ? "access_code.created" : "access_code.unmanaged.created",
			 device_id, id, server_now_text());
	json_decref(o);
	return id;
}

void server_delete_code(struct server *s, const char *id, bool with_event)
{
	size_t i;
	LOCKED(s);

	i = server_find(s->codes, "access_code_id", id);
	if (i == SIZE_MAX)
		return;
	if (with_event)
		server_event_at(s, "access_code.deleted", NULL, id, server_now_text());
	json_array_append(s->closed, json_array_get(s->codes, i));
	json_array_remove(s->codes, i);
}

void server_set(struct server *s, const char *id, const char *key, json_t *value)
{
	LOCKED(s);
	json_object_set_new(json_array_get(s->codes, server_find(s->codes, "access_code_id", id)), key,
			    value);
}

void server_rename_code(struct server *s, const char *id, const char *name, bool with_event)
{
	json_t *o;
	LOCKED(s);

	o = json_array_get(s->codes, server_find(s->codes, "access_code_id", id));
	json_object_set_new(o, "name", json_string(name));
	if (with_event)
		server_event_at(s, "access_code.changed", server_text(o, "device_id"), id, server_now_text());
}

void server_add_event(struct server *s, const char *type, const char *device_id,
		      const char *access_code_id)
{
	LOCKED(s);
	server_event_at(s, type, device_id, access_code_id, server_now_text());
}

void server_add_events_at(struct server *s, const char *device_id, const char *at, int n)
{
	LOCKED(s);
	for (int i = 0; i < n; i++)
		server_event_at(s, "lock.unlocked", device_id, NULL, json_string(at));
}

int server_requests(struct server *s, const char *path)
{
	LOCKED(s);
	return server_counted(s->requests, path);
}

int server_operators(struct server *s)
{
	LOCKED(s);
	return s->operators;
}

int server_carried_out(struct server *s, const char *path)
{
	LOCKED(s);
	return server_counted(s->carried_out, path);
}

int server_codes_named(struct server *s, const char *name)
{
	int n = 0;
	size_t i;
	json_t *o;
	LOCKED(s);

	json_array_foreach(s->codes, i, o)
		n += g_strcmp0(server_text(o, "name"), name) == 0;
	return n;
}

char *server_id_named(struct server *s, const char *name)
{
	size_t i;
	LOCKED(s);

	i = server_find(s->codes, "name", name);
	return i == SIZE_MAX ? NULL :
			       g_strdup(server_text(json_array_get(s->codes, i), "access_code_id"));
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
