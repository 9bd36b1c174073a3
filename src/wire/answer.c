#include "wire/answer.h"

#include <curl/curl.h>
#include <string.h>

#include "core/text.h"
#include "wire/json_get.h"
#include "wire/mask.h"
#include "wire/repair.h"

#define MESSAGE_BYTES_MAX 400
#define PLAIN_BYTES_MAX 120 /* of a body that is a plain sentence */
#define PATH_BYTES_MAX 200
#define CROWD_BYTES 1000000
#define CONTAINERS_MAX 500000 /* objects and arrays */
#define VALUES_MAX 4000000
#define PARSE_FLAGS JSON_ALLOW_NUL

/* What a status means where the server gives no sentence of its own. A row with status 0 stands for
 * its whole class, and comes after those of single ones. The words follow the host. */
static const struct status_info {
	int status, class;
	enum wire_outcome outcome;
	const char *words;
} STATUSES[] = {
	{ 400, 4, WIRE_REFUSED, "did not understand the request" },
	{ 401, 4, WIRE_REFUSED, "does not accept the API key" },
	{ 403, 4, WIRE_REFUSED, "does not allow this with this API key" },
	{ 404, 4, WIRE_REFUSED, "has no such object or address; is the endpoint right?" },
	{ 405, 4, WIRE_REFUSED, "does not take this request at this address" },
	/* The proxy kept it: the server has seen nothing. */
	{ 407, 4, WIRE_UNSENT, "is behind a proxy that wants a login" },
	/* Gateways say this too when the server behind them was slow, so nobody knows. */
	{ 408, 4, WIRE_LOST, "gave up waiting" },
	{ 409, 4, WIRE_REFUSED, "says that it conflicts with what is there" },
	{ 413, 4, WIRE_REFUSED, "finds the request too large" },
	{ 429, 4, WIRE_LIMITED, "asks for fewer requests" },
	{ 501, 5, WIRE_LOST, "cannot do this" },
	{ 502, 5, WIRE_LOST, "gets no answer from the server behind it" },
	{ 503, 5, WIRE_LOST, "is out of service for now" },
	{ 504, 5, WIRE_LOST, "gets no answer in time from the server behind it" },
	{ 0, 2, WIRE_OK, NULL },
	/* Most often somebody on the way who wants a login; but some say it after it was carried out. */
	{ 0, 3, WIRE_LOST, NULL },
	{ 0, 4, WIRE_REFUSED, "refuses" },
	{ 0, 5, WIRE_LOST, "has failed inside" },
};

static const struct status_info *status_lookup(int status)
{
	static const struct status_info OTHER = { 0, 0, WIRE_LOST, "answers with no sense" };

	for (size_t i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
		const struct status_info *info = &STATUSES[i];

		if (info->status ? info->status == status : info->class == status / 100)
			return info;
	}
	return &OTHER;
}

json_t *answer_parse(const char *body, size_t len)
{
	json_error_t err;
	json_t *json = json_loadb(body, len, PARSE_FLAGS, &err);

	if (json)
		return json;

	/* A cut or foreign answer fails at its end or its beginning; no need to copy it. */
	enum json_error_code code = json_error_code(&err);

	if (code == json_error_premature_end_of_input || len == 0)
		return NULL;

	size_t repaired_len;
	char *repaired = repair_text(body, len, &repaired_len);

	json = json_loadb(repaired, repaired_len, PARSE_FLAGS, &err);
	if (!json && json_error_code(&err) == json_error_numeric_overflow)
		json = json_loadb(repaired, repaired_len, PARSE_FLAGS | JSON_DECODE_INT_AS_REAL,
				  &err);
	g_free(repaired);
	return json;
}

/* Server's sentences are cut at a character, made safe to keep, and end where a stack trace or a
 * second line begins. */
static char *sentence(const char *text, const char *api_key)
{
	g_autofree char *line = g_strndup(text, strcspn(text, "\r\n"));
	g_autofree char *safe = text_safe(g_strstrip(line)); /* it goes to logs and terminals as it is */
	char *masked = mask_text(safe, api_key);

	if (strlen(masked) > MESSAGE_BYTES_MAX) {
		const char *end = g_utf8_find_prev_char(masked, masked + MESSAGE_BYTES_MAX);

		memcpy(masked + (end - masked), "…", sizeof "…");
	}
	return masked;
}

/* A body such as "Invalid JSON": some words, no markup, more than a number. */
static bool is_plain_sentence(const struct reply *r)
{
	bool letters = false;

	if (r->body_len == 0 || r->body_len > PLAIN_BYTES_MAX)
		return false;
	for (size_t i = 0; i < r->body_len; i++) {
		char c = r->body[i];

		if (!g_ascii_isprint(c) || c == '<' || c == '{')
			return false;
		letters = letters || g_ascii_isalpha(c);
	}
	return letters;
}

/* The sentence that the server itself gave; NULL: none. */
static char *server_sentence(const struct reply *r, const json_t *error, const json_t *body)
{
	const char *message = json_get_word(error, "message");
	char *words = NULL;

	if (message)
		words = sentence(message, r->api_key);
	else if (!body && is_plain_sentence(r)) {
		g_autofree char *text = g_strndup(r->body, r->body_len);

		words = sentence(text, r->api_key);
	}
	if (words && !*words)
		g_clear_pointer(&words, g_free);
	return words;
}

static char *redirect_sentence(const struct reply *r)
{
	CURLU *url = curl_url();
	char *host = NULL;
	char *words;

	if (r->location && curl_url_set(url, CURLUPART_URL, r->location, 0) == CURLUE_OK)
		curl_url_get(url, CURLUPART_HOST, &host, 0);
	if (host) {
		g_autofree char *shown = text_safe(host), *safe = mask_text(shown, r->api_key);

		words = g_strdup_printf(
			"%s sends us on to %s; if that is right, make it the endpoint", r->host, safe);
	} else {
		words = g_strdup_printf("%s sends us on to another address of its own (%d); "
					"is the endpoint right?", r->host, r->status);
	}
	curl_free(host);
	curl_url_cleanup(url);
	return words;
}

static char *message_of(const struct status_info *info, const struct reply *r, const json_t *error,
			const json_t *body)
{
	g_autofree char *said = server_sentence(r, error, body);
	/* A bare word of whatever answers there is no explanation: whose it is comes with it. */
	bool bare = !json_get_word(error, "message") && (r->status == 404 || r->status >= 500);

	if (info->class == 3)
		return redirect_sentence(r);
	if (!info->words) /* 2xx, and no object in it */
		return g_strdup_printf("%s answers with something that is no JSON object (%d)",
				       r->host, r->status);
	if (said && r->status != 401 && !bare)
		return g_steal_pointer(&said);

	g_autofree char *words = g_strdup_printf("%s %s (%d)", r->host, info->words, r->status);

	return said ? g_strdup_printf("%s: %s", words, said) : g_steal_pointer(&words);
}

/* A parsed value takes up to a hundred times the bytes that it was written in: "[],[],[]" unpacked from a few
 * kilobytes would be gigabytes. What stands in strings is counted along; no page comes near either number. */
static bool is_crowded(const char *body, size_t len)
{
	size_t containers = 0, values = 0;

	if (len < CROWD_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		containers += body[i] == '[' || body[i] == '{';
		values += body[i] == ',';
	}
	return containers > CONTAINERS_MAX || values > VALUES_MAX;
}

static void judge_whole(struct verdict *v, const struct reply *r)
{
	struct wire_answer *a = &v->answer;
	const struct status_info *info = status_lookup(r->status);
	bool crowded = is_crowded(r->body, r->body_len);
	json_t *body = crowded ? NULL : answer_parse(r->body, r->body_len);

	if (json_is_object(body))
		v->body = body;
	else
		json_decref(body);

	a->body = v->body;
	a->outcome = info->outcome;
	if (a->outcome == WIRE_OK && v->body)
		return;
	if (a->outcome == WIRE_OK)
		a->outcome = WIRE_LOST;

	json_t *error = json_object_get(v->body, "error");

	mask_tree(json_object_get(error, "validation_errors"), r->api_key);
	a->auth = r->status == 401;
	a->error_type = json_get_word(error, "type");
	a->validation_errors = json_object_get(error, "validation_errors");
	if (!json_is_object(a->validation_errors))
		a->validation_errors = NULL;
	if (!a->request_id)
		a->request_id = json_get_word(error, "request_id");
	v->message = crowded ? g_strdup_printf("the answer of %s holds more than any page of a list", r->host)
			     : message_of(info, r, error, v->body);
}

/* An address at the same server and nothing else: what stands behind the endpoint cannot lead away
 * from it. */
static const char *path_of(const char *said)
{
	static const char *const marks = "/_-.~";

	if (!said || *said != '/' || strlen(said) > PATH_BYTES_MAX || strstr(said, ".."))
		return NULL;
	for (const char *p = said; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr(marks, *p))
			return NULL;
	}
	return said;
}

void verdict_init(struct verdict *v, const struct reply *r)
{
	static const enum wire_outcome BROKEN[] = {
		[REPLY_UNSENT] = WIRE_UNSENT,
		[REPLY_LOST] = WIRE_LOST,
		[REPLY_CANCELLED] = WIRE_CANCELLED,
	};
	struct wire_answer *a = &v->answer;
	time_t date = r->date ? curl_getdate(r->date, NULL) : (time_t)-1;

	*v = (struct verdict){ .answer = {
		.status = r->status,
		.request_id = r->request_id,
		.live = path_of(r->live),
		.took_ms = r->took_ms,
		.bytes = (int64_t)r->body_len,
		.server_date = INSTANT_NONE,
	} };
	if (date != (time_t)-1)
		a->server_date = (struct instant){ (int64_t)date * SECOND_MS };
	/* Against the server's own clock where it told it: ours may be wrong. */
	a->retry_after_ms = retry_after_parse(
		r->retry_after, instant_known(a->server_date) ? a->server_date : r->now);

	if (r->end == REPLY_WHOLE) {
		judge_whole(v, r);
	} else {
		a->outcome = BROKEN[r->end];
		a->tls = r->untrusted;
		v->message = g_strdup(r->trouble ? r->trouble : "no answer");
	}
	a->message = v->message;
}

void verdict_done(struct verdict *v)
{
	json_decref(v->body);
	g_free(v->message);
	*v = (struct verdict){ 0 };
}

/* ---- for callers ---- */

static const char *first_text(const json_t *node)
{
	const char *text = json_string_value(json_array_get(json_object_get(node, "_errors"), 0));

	return text && *text ? text : NULL;
}

const char *wire_validation_text(const json_t *tree, const char *param)
{
	return first_text(param ? json_object_get(tree, param) : tree);
}

static enum keyrack_error error_code_of(const struct wire_answer *a)
{
	if (a->auth)
		return KEYRACK_ERROR_AUTH;
	if (a->tls)
		return KEYRACK_ERROR_TLS;
	switch (a->outcome) {
	case WIRE_REFUSED:
		return a->status == 404 && a->error_type ? KEYRACK_ERROR_NOT_FOUND :
							   KEYRACK_ERROR_REFUSED;
	case WIRE_LIMITED:
		return KEYRACK_ERROR_REFUSED;
	case WIRE_UNSENT:
		return KEYRACK_ERROR_NETWORK;
	case WIRE_LOST:
		return a->status ? KEYRACK_ERROR_SERVER : KEYRACK_ERROR_NETWORK;
	case WIRE_OK:
	case WIRE_CANCELLED:
		break;
	}
	return KEYRACK_ERROR_FAILED;
}

void wire_answer_to_error(const struct wire_answer *answer, GError **err)
{
	g_set_error_literal(err, KEYRACK_ERROR, (int)error_code_of(answer),
			    answer->message ? answer->message : "the server answered");
}
