/* rig - see rig.h. */
#include "config.h"

#include "tests/server/rig.h"

#include <glib/gstdio.h>
#include <stdlib.h>

static void *checked(void *made, GError *why)
{
	if (!made)
		fail_msg("%s", why ? why->message : "cannot be made");
	return made;
}

/* ---- beginning and end ---- */

void rig_reopen(struct rig *r)
{
	GError *why = NULL;
	struct simulated_options locks = { .property = r->property,
					   .memory = r->memory,
					   .seed = r->opt.seed,
					   .people = r->opt.people };
	struct engine_options engine = { .workspace_id = RIG_WORKSPACE,
					 .workspace_name = "Test",
					 .rate_limits = r->opt.rate_limits,
					 .backup_pool_size = r->opt.backup_pool_size,
					 .signer = r->opt.signer,
					 .seed = r->opt.seed };
	struct server_options server = { .workspace_id = RIG_WORKSPACE,
					 .workspace_name = "Test",
					 .version = "0.0.0",
					 .sandbox = true };

	r->store = checked(store_open(r->url, &why), why);
	r->driver = checked(simulated_new(r->clock, &locks, &why), why);
	r->engine = checked(engine_new(r->store, r->clock, r->driver, &engine, &why), why);
	server.simulated = r->opt.real ? NULL : r->driver;
	r->server = checked(server_new(r->engine, r->store, r->clock, &server, &why), why);
}

void rig_kill(struct rig *r)
{
	server_free(r->server);
	engine_free(r->engine);
	r->driver->ops->free(r->driver);
	store_close(r->store);
	r->server = NULL;
	r->engine = NULL;
	r->driver = NULL;
	r->store = NULL;
}

static char *key_of(struct rig *r, enum key_role role)
{
	GError *why = NULL;

	return checked(store_key_create(r->store, role, "test", &why), why);
}

static void answer_free(gpointer json)
{
	json_decref(json);
}

struct rig *rig_new_with(const char *property, const struct rig_options *opt)
{
	struct rig *r = g_new0(struct rig, 1);
	g_autofree char *text = g_strconcat("[property]\nname = Test\nzone = Europe/Berlin\n",
					    property ? property : "", NULL);
	struct instant noon = at(RIG_NOON);

	r->opt = *opt;
	r->opt.seed = opt->seed ? opt->seed : 7;
	r->answers = g_ptr_array_new_with_free_func(answer_free);
	r->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->clock = clock_new_standing(instant_add_ms(noon, -MINUTE_MS));
	r->folder = g_dir_make_tmp("keyrack-rig-XXXXXX", NULL);
	assert_non_null(r->folder);
	r->url = g_strdup_printf("sqlite:%s/store.db", r->folder);
	r->memory = g_build_filename(r->folder, "locks", NULL);
	r->property = opt->property_path ? g_strdup(opt->property_path)
					 : g_build_filename(r->folder, "property.ini", NULL);
	if (!opt->property_path)
		assert_true(g_file_set_contents(r->property, text, -1, NULL));
	r->peer = "unix";
	rig_reopen(r);
	r->key = key_of(r, KEY_ADMIN);
	r->desk_key = key_of(r, KEY_DESK);
	r->read_key = key_of(r, KEY_READ);
	r->as = r->key;
	rig_advance(r, MINUTE_MS);
	return r;
}

struct rig *rig_new(const char *property)
{
	return rig_new_with(property, &(struct rig_options){ 0 });
}

static void forget_answer(struct rig *r)
{
	g_clear_pointer(&r->text, g_free);
	g_clear_pointer(&r->allow, g_free);
	g_clear_pointer(&r->content_type, g_free);
	g_clear_pointer(&r->request_id, g_free);
	r->status = r->retry_after_s = 0;
	r->answered = false;
	r->call = NULL;
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

void rig_free(struct rig *r)
{
	if (r->server)
		rig_kill(r);
	clock_free(r->clock);
	remove_folder(r->folder);
	forget_answer(r);
	g_ptr_array_free(r->answers, TRUE);
	g_hash_table_destroy(r->devices);
	g_free(r->key);
	g_free(r->desk_key);
	g_free(r->read_key);
	g_free(r->folder);
	g_free(r->property);
	g_free(r->url);
	g_free(r->memory);
	g_free(r);
}

/* ---- requests ---- */

static void on_reply(const struct http_reply *a, void *ctx)
{
	struct rig *r = ctx;

	assert_false(r->answered); /* exactly once */
	r->answered = true;
	r->status = a->status;
	r->retry_after_s = a->retry_after_s;
	r->text = g_strndup(a->body, a->body_len);
	r->allow = g_strdup(a->allow);
	r->content_type = g_strdup(a->content_type);
	r->request_id = g_strdup(a->request_id);
	assert_non_null(a->request_id);
	assert_int_equal(strlen(a->request_id), 36);
}

const json_t *rig_later(struct rig *r)
{
	json_t *json;

	if (!r->answered)
		return NULL;
	r->call = NULL;
	json = json_loads(r->text, JSON_REJECT_DUPLICATES, NULL);
	if (g_str_has_prefix(r->content_type, "application/json") && !json)
		fail_msg("no JSON: %s", r->text);
	if (json)
		g_ptr_array_add(r->answers, json);
	return json;
}

/* ---- answers that may have been kept (answers.c) ---- */

static void on_other_words(const struct http_reply *a, void *ctx)
{
	*(char **)ctx = g_strndup(a->body, a->body_len);
}

/* The same question in words that nobody has used before. */
static void see_it_is_as_made_anew(struct rig *r, struct http_request rq)
{
	static int n;
	g_autofree char *type = g_strdup_printf("application/json; n=%d", ++n), *anew = NULL;

	rq.content_type = type;
	server_handle(r->server, &rq, on_other_words, &anew);
	ROW_TEXT(rq.path, r->text, anew);
}

const json_t *rig_raw(struct rig *r, const char *what, const char *content_type, const char *body,
		      size_t len)
{
	g_auto(GStrv) word = g_strsplit(what, " ", 2);
	g_auto(GStrv) path = g_strsplit(word[1], "?", 2);
	g_autofree char *authorization = r->as ? g_strconcat("Bearer ", r->as, NULL) : NULL;
	struct http_request rq = { .method = word[0],
				   .path = path[0] ? path[0] : "",
				   .query = path[0] ? path[1] : NULL,
				   .content_type = content_type,
				   .authorization = authorization,
				   .body = body,
				   .body_len = len,
				   .peer = r->peer,
				   .user = r->user,
				   .operator_name = r->operator_name,
				   .workspace = r->workspace,
				   .host = "keyrackd.test:7171",
				   .tls = true };

	forget_answer(r);
	r->call = server_handle(r->server, &rq, on_reply, r);
	if (r->status == 200 && g_str_has_prefix(r->text, "{\"access_code") &&
	    (strcmp(rq.path, "/access_codes/list") == 0 || strcmp(rq.path, "/access_codes/get") == 0))
		see_it_is_as_made_anew(r, rq);
	return rig_later(r);
}

static const json_t *call(struct rig *r, const char *what, char *body)
{
	const json_t *answer;

	for (char *p = body; p && *p; p++) {
		if (*p == '\'')
			*p = '"';
	}
	answer = rig_raw(r, what, body ? "application/json" : NULL, body, body ? strlen(body) : 0);
	g_free(body);
	return answer;
}

G_GNUC_PRINTF(1, 0) static char *format_body(const char *format, va_list args)
{
	return format ? g_strdup_vprintf(format, args) : NULL;
}

const json_t *rig_call(struct rig *r, const char *what, const char *body, ...)
{
	va_list args;
	char *text;

	va_start(args, body);
	text = format_body(body, args);
	va_end(args);
	return call(r, what, text);
}

const json_t *rig_ok(struct rig *r, const char *what, const char *body, ...)
{
	const json_t *answer;
	va_list args;
	char *text;

	va_start(args, body);
	text = format_body(body, args);
	va_end(args);
	answer = call(r, what, text);
	if (r->status != 200)
		fail_msg("%s: %d %s", what, r->status, r->text ? r->text : "waits");
	return answer;
}

const json_t *rig_refused(struct rig *r, int status, const char *type, const char *what,
			  const char *body, ...)
{
	const json_t *answer;
	const char *got;
	va_list args;
	char *text;

	va_start(args, body);
	text = format_body(body, args);
	va_end(args);
	answer = call(r, what, text);
	got = rig_text(answer, "error.type");
	if (r->status != status || !got || strcmp(got, type) != 0)
		fail_msg("%s: not %d %s but %d %s", what, status, type, r->status,
			 r->text ? r->text : "waits");
	return answer;
}

/* ---- answers ---- */

static const json_t *find(const json_t *v, const char *path)
{
	g_auto(GStrv) names = g_strsplit(path, ".", -1);

	for (size_t i = 0; v && names[i]; i++) {
		if (json_is_array(v))
			v = json_array_get(v, (size_t)g_ascii_strtoull(names[i], NULL, 10));
		else
			v = json_object_get(v, names[i]);
	}
	return v;
}

const char *rig_text(const json_t *answer, const char *path)
{
	const json_t *v = find(answer, path);
	char *text;
	const char *kept;

	if (!v || json_is_string(v))
		return json_string_value(v);
	text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	kept = g_intern_string(text);
	free(text);
	return kept;
}

int rig_count(const json_t *answer, const char *path)
{
	const json_t *v = find(answer, path);

	return json_is_array(v) ? (int)json_array_size(v) : -1;
}

/* ---- the house ---- */

const char *rig_device(struct rig *r, const char *name)
{
	OWN(store_list) struct store_list *l = store_devices(r->store, NULL, NULL);
	const char *id;

	assert_non_null(l);
	for (guint i = 0; i < l->rows->len; i++) {
		const struct store_device *d = store_at(l, struct store_device, i);

		g_hash_table_replace(r->devices, g_strdup(d->name), g_strdup(d->device_id));
	}
	id = g_hash_table_lookup(r->devices, name);
	if (!id)
		fail_msg("there is no lock '%s'", name);
	return g_intern_string(id);
}

void rig_advance(struct rig *r, int64_t ms)
{
	clock_advance(r->clock, ms);
}

void rig_until(struct rig *r, const char *iso)
{
	int64_t ms = instant_diff_ms(at(iso), clock_now(r->clock));

	assert_true(ms >= 0);
	rig_advance(r, ms);
}
