/* inside - what the files of the server share, and nobody else sees. */
#ifndef KEYRACK_SERVER_INSIDE_H
#define KEYRACK_SERVER_INSIDE_H

#include "core/jsonout.h"
#include "server/route.h"

struct live;
struct webhooks;

struct server {
	struct engine *engine;
	struct store *store;
	struct clock *clock;
	struct driver *simulated;
	char *workspace_id, *workspace_name, *version;
	bool sandbox, draining;
	GHashTable *routes;      /* path -> const struct route */
	GHashTable *guesses;     /* peer -> when it gave wrong keys */
	GHashTable *keys_used;   /* a key's short id -> the hour for which its use is noted */
	GHashTable *waiting;     /* set of struct call: CALL_LATER, not answered yet */
	const char *live_path;   /* of the live call; NULL: there is none */
	struct live *live;
	struct webhooks *webhooks;
	struct instant started_at;
	uint64_t answered[6];    /* by hundreds of the status, for /metrics */
	int64_t busy_us;         /* spent in handlers */
	struct answers *answers; /* answers.c: what was answered lately */
	GHashTable *trouble;     /* show_device_trouble.c: what it found out in this call; NULL */
};

/* ---- live.c: calls that wait for events ---- */
struct live *live_new(struct server *s);
void live_drain(struct live *l);
void live_free(struct live *l);

/* ---- webhook.c: delivery ---- */
struct webhooks *webhooks_new(struct server *s, GError **err);
/* A row was made, changed or deleted by a route. */
void webhooks_changed(struct webhooks *w, const char *webhook_id);
bool webhooks_quiet(const struct webhooks *w);
void webhooks_free(struct webhooks *w);

/* ---- show_*.c: objects of the API, appended to out; key as in core/jsonout.h ---- */
void show_device(struct server *s, GString *out, const char *key, const struct store_device *d);
void show_unmanaged_device(struct server *s, GString *out, const char *key,
			   const struct store_device *d);
void show_account(struct server *s, GString *out, const char *key, const char *account_id);
/* Its name as set through the API goes before the one that keyrackd was started with. */
#define WORKSPACE_NAME_FACT "workspace.name"
void show_workspace(struct server *s, GString *out, const char *key);
/* Managed or unmanaged, as the row says. */
void show_code(struct server *s, GString *out, const char *key, const struct store_code *c);
void show_attempt(struct server *s, GString *out, const char *key, const struct store_attempt *a);
/* The errors and warnings of a device and its account: in the device's arrays, and repeated in
 * those of its codes (the array is open). */
void show_device_errors(struct server *s, GString *out, const struct store_device *d);
void show_device_warnings(struct server *s, GString *out, const struct store_device *d);
/* What was found out of locks holds for one call: at its beginning, and at the server's end. */
void show_trouble_forget(struct server *s);

/* ---- lookups with the API's 404s; false: refused ---- */
bool find_device_for(struct call *c, const char *device_id, bool managed, struct store_list **list,
		     struct store_device **d);
bool find_code_for(struct call *c, bool managed, struct store_list **list,
		   struct store_code **code);

#endif
