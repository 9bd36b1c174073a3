/* route - one row for each endpoint: path, methods, who may, parameters, handler.
 *
 * Rows stand in tables, one table a file (routes_*.c); dispatch.c knows nothing else of them. A
 * parameter is a row too, so that whatever is wrong with a request comes out in the documented
 * validation tree, all of it at once, and documentation can be made from the tables. */
#ifndef KEYRACK_SERVER_ROUTE_H
#define KEYRACK_SERVER_ROUTE_H

#include <jansson.h>

#include "server/server.h"

/* ---- parameters ---- */
enum param_kind {
	PARAM_TEXT,
	PARAM_UUID,      /* any id of ours: text that is not empty. An unknown one is the handler's 404 */
	PARAM_DIGITS,    /* a PIN: digits only, min..max of them */
	PARAM_BOOL,
	PARAM_INT,       /* min..max */
	PARAM_INSTANT,   /* ISO 8601 with an offset */
	PARAM_WORD,      /* one of words */
	PARAM_TEXTS,     /* array of min..max texts; in a query a=1&a=2, a[]=1, a=1,2, or a= for none */
	PARAM_INTS,      /* array of ints, each min..max */
	PARAM_INSTANTS,  /* array of instants, min..max of them */
	PARAM_OBJECT,    /* JSON object; in a query k.a=1 */
	PARAM_OBJECTS,   /* array of objects */
};
enum param_flag {
	PARAM_REQUIRED = 1 << 0,
	PARAM_NULLABLE = 1 << 1,  /* null is a value; else it is refused: "Expected string, received null" */
};
struct param {
	const char *name;
	enum param_kind kind;
	unsigned flags;
	int64_t min, max;         /* 0, 0: no bound, of an array 10,000 elements, of
				     a text 1,000 characters. TEXT: characters */
	const char *const *words; /* WORD: NULL-terminated */
	const char *same_as;      /* another name of the parameter of this name: given twice with
				     different values it is refused */
};

struct params;
/* By name. Absent (or null): NULL, NONE, TRI_UNKNOWN, the fallback. Lent by the call. */
const char *params_text(const struct params *p, const char *name);
struct instant params_instant(const struct params *p, const char *name);
enum tri params_tri(const struct params *p, const char *name);
bool params_is_true(const struct params *p, const char *name);
int64_t params_int(const struct params *p, const char *name, int64_t fallback);
/* NULL-terminated. */
const char *const *params_texts(const struct params *p, const char *name, size_t *n);
/* OBJECT, OBJECTS, INTS, INSTANTS. */
const json_t *params_json(const struct params *p, const char *name);
bool params_given(const struct params *p, const char *name);         /* null counts */
bool params_is_null(const struct params *p, const char *name);
/* The same for equal requests, whatever their order: of everything but limit and page_cursor. */
void params_digest(const struct params *p, char hex[static 65]);

/* ---- routes ---- */
enum method { METHOD_GET = 1 << 0, METHOD_POST = 1 << 1, METHOD_PATCH = 1 << 2, METHOD_PUT = 1 << 3,
	      METHOD_DELETE = 1 << 4 };
#define METHODS_READ   (METHOD_GET | METHOD_POST)
#define METHODS_UPDATE (METHOD_POST | METHOD_PATCH | METHOD_PUT)
#define METHODS_DELETE (METHOD_POST | METHOD_DELETE)

enum call_end {
	CALL_DONE,    /* the members of the answer are in out; "ok":true is added */
	CALL_REFUSED, /* by call_refuse, call_invalid or an engine's refusal in no */
	CALL_LATER,   /* call_finish will be called */
};
typedef enum call_end route_handler(struct call *c);

enum route_flag {
	ROUTE_OPEN = 1 << 0,      /* no key needed: /health */
	ROUTE_SIMULATED = 1 << 1, /* 404 unless the locks are simulated */
	ROUTE_PLAIN = 1 << 2,     /* out is the whole body, of content_type */
	ROUTE_OWN_ROWS = 1 << 4,  /* its handler commits rows itself, not through the engine */
	ROUTE_KEEPS = 1 << 5,     /* its handler may call call_keep */
	ROUTE_OPEN_UNIX = 1 << 3, /* no key needed through a unix: socket: /metrics */
};
struct route {
	const char *path;
	unsigned methods;
	enum key_role role;       /* the least that may */
	const struct param *params;
	size_t n_params;
	route_handler *handle;
	unsigned flags;
};
struct route_table {
	const struct route *routes;
	size_t n;
};
#define PARAMS(...)                                                                                \
	.params = (const struct param[]){ __VA_ARGS__ },                                           \
	.n_params = sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)

extern const struct route_table routes_access_codes; /* routes_codes.c */
extern const struct route_table routes_unmanaged;    /* routes_unmanaged.c: unmanaged codes */
extern const struct route_table routes_devices;      /* routes_devices.c: devices, unmanaged ones */
extern const struct route_table routes_locks;        /* routes_locks.c */
extern const struct route_table routes_accounts;     /* routes_accounts.c: accounts, workspaces */
extern const struct route_table routes_events;       /* routes_events.c: events, action attempts */
extern const struct route_table routes_webhooks;     /* routes_webhooks.c */
extern const struct route_table routes_simulate;     /* routes_simulate.c: the API's own and ours */
extern const struct route_table routes_keyrackd;     /* routes_keyrackd.c: explain, history, health,
							metrics */
extern const struct route_table routes_live;         /* live.c */
/* Every route, for dispatch, tests and documentation. */
const struct route_table *const *route_tables(size_t *n);

/* ---- a call on its way ---- */
struct call {
	struct server *server;
	const struct route *route;
	const struct http_request *rq; /* NULL while it waits */
	struct params *params;
	enum key_role role;
	char key_id[9];           /* the key's short id; "" without one */
	char request_id[37];
	GString *out;             /* handlers write members with core/jsonout.h: "device":{…} */
	const char *content_type; /* ROUTE_PLAIN */
	struct refusal no;
	json_t *invalid;          /* validation tree under way; NULL */
	char *page_id;            /* of page_begin */
	/* of call_keep */
	char *keep_as;            /* the words of the request; NULL: it is none that can be kept */
	char *keep_of;            /* the device; NULL: the handler did not say so */
	uint64_t keep_version;
	struct instant keep_until;
	GBytes *kept;             /* what it is answered with: made before; NULL */
	/* of CALL_LATER */
	http_reply_fn *reply;
	void *reply_ctx;
	void (*cancelled)(struct call *c); /* set by the handler: unhook; the call is freed after it */
	void *waiting;            /* the handler's */
};

/* Fill no, and return CALL_REFUSED. */
G_GNUC_PRINTF(4, 5)
enum call_end call_refuse(struct call *c, int status, const char *type, const char *format, ...);
/* 400 invalid_input with a node of the validation tree; param NULL: the root's. May be called
 * several times: all of them are told. */
G_GNUC_PRINTF(3, 4)
enum call_end call_invalid(struct call *c, const char *param, const char *format, ...);
/* A CALL_LATER is over: writes the answer as dispatch would, and frees the call. Not from within
 * the handler. */
void call_finish(struct call *c, enum call_end end);

/* This answer is made of one device and its codes, and is the same until then as long as nothing happens to them: who
 * asks the same in the same words may be given it again (answers.c). */
void call_keep(struct call *c, const char *device_id, struct instant until);

/* ---- pages ---- */
/* Cursor of the request into page (keys are copied to the call); a bad cursor, or one of other
 * parameters: call_refuse 400 and false. fallback: the documented default of limit. */
bool page_begin(struct call *c, struct store_page *page, int fallback);
/* "pagination":{…}: last is the last row shown (NULL: none). */
void page_end(struct call *c, const struct store_page *page, struct instant last_created_at,
	      const char *last_id);

#endif
