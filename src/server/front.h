/* front - what the files between a request and its handler share: nothing here is for routes. */
#ifndef KEYRACK_SERVER_FRONT_H
#define KEYRACK_SERVER_FRONT_H

#include "server/inside.h"

/* ---- query.c ---- */
/* "a=1&a=2&b.c=x" as names, decoded, each with its values in order. false: a broken escape, a NUL,
 * no UTF-8, hundreds of names; *q is empty then. text NULL gives an empty one. */
struct query_value {
	char *name; /* without "[]" */
	GPtrArray *texts;
	bool brackets; /* written as a[]=1: an array, however few there are */
};
struct query {
	GPtrArray *values; /* struct query_value, as first named */
};
bool query_parse(const char *text, struct query *q);
void query_clear(struct query *q);
struct query_value *query_find(const struct query *q, const char *name);
void query_encode(GString *out, const char *name, const char *value); /* "&name=value" */

/* ---- params.c, params_check.c ---- */
struct params {
	const struct route *route;
	struct param_value {
		json_t *json;         /* as given, typed; NULL: absent */
		struct instant at;    /* INSTANT */
		const char **texts;   /* TEXTS; lent by json */
		size_t n;
	} *values;                    /* one for each row of the route */
};
/* Fills c->params from body (a JSON object or NULL) and query; what is wrong goes to c->invalid. */
void params_read(struct call *c, const json_t *body, const struct query *q);
void params_free(struct params *p);
/* One value against its row. false: the complaint is said, out is as it was. */
bool param_check(struct call *c, const struct param *row, json_t *given, struct param_value *out);
/* What a query says about a parameter, in JSON; NULL: nothing. New reference. */
json_t *param_of_query(const struct param *row, const struct query *q);

/* ---- auth.c ---- */
/* Fills c->role and c->key_id; false: refused in c->no. */
bool auth_check(struct call *c, const struct http_request *rq);
/* Before a call that has waited is answered: a key may have been revoked meanwhile. */
bool auth_still(struct call *c);
GHashTable *guesses_new(void);

/* ---- answers.c ---- */
struct answers *answers_new(void);
void answers_free(struct answers *a);
/* Once it is known that the caller may: the answer that the same words had, if it still holds, as c->kept. */
bool answers_find(struct call *c);
/* Takes text, the whole answer. Keeps it if the handler said so. */
GBytes *answers_keep(struct call *c, GString *text);

/* ---- act.c ---- */
void act_begin(struct call *c);
bool act_ahead(struct call *c); /* false: refused */
void act_end(struct call *c, enum call_end end);

/* ---- envelope.c ---- */
void refusal_set(struct refusal *no, int status, const char *type, char *message);
/* Writes the answer of a call that has ended, calls its reply and frees it. */
void call_answer(struct call *c, enum call_end end, const char *allow);
void call_free(struct call *c);
struct call *call_new(struct server *s, http_reply_fn *reply, void *ctx);

#endif
