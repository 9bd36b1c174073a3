/* store_ops - what a database must be able to do to be a store: one list.
 *
 * From it come the table of functions that an implementation fills (its functions are called
 * <implementation>_<name>) and the functions of store.h that pass each call on. */
#ifndef KEYRACK_ENGINE_STORE_OPS_H
#define KEYRACK_ENGINE_STORE_OPS_H

#include "engine/store.h"

#define STORE_KEY_HASH_BYTES 32

/* result, name, parameters, arguments */
#define STORE_OPS(X)                                                                               \
	X(void, close, (struct store *s), (s))                                                     \
	X(bool, begin, (struct store *s, GError **err), (s, err))                                  \
	X(bool, commit, (struct store *s, GError **err), (s, err))                                 \
	X(bool, fails, (struct store *s), (s))                                                     \
	X(void, rollback, (struct store *s), (s))                                                  \
	X(bool, rekey, (struct store *s, GError **err), (s, err))                                  \
	X(bool, mark, (struct store *s, GError **err), (s, err))                                   \
	X(bool, unmark, (struct store *s, bool keep, GError **err), (s, keep, err))                \
	X(void, read_begin, (struct store *s), (s))                                                \
	X(void, read_end, (struct store *s), (s))                                                  \
	X(bool, put_device, (struct store *s, const struct store_device *d, GError **err),         \
	  (s, d, err))                                                                             \
	X(struct store_list *, device, (struct store *s, const char *id, GError **err),            \
	  (s, id, err))                                                                            \
	X(struct store_list *, devices, (struct store *s, struct store_page *page, GError **err),  \
	  (s, page, err))                                                                          \
	X(bool, delete_device, (struct store *s, const char *id, GError **err), (s, id, err))      \
	X(bool, put_code, (struct store *s, const struct store_code *c, GError **err), (s, c, err))\
	X(struct store_list *, code, (struct store *s, const char *id, GError **err), (s, id, err))\
	X(struct store_list *, code_by_pin,                                                        \
	  (struct store *s, const char *device_id, const char *pin, GError **err),                 \
	  (s, device_id, pin, err))                                                                \
	X(struct store_list *, codes,                                                              \
	  (struct store *s, const struct store_code_filter *f, struct store_page *page,            \
	   GError **err), (s, f, page, err))                                                       \
	X(struct store_list *, codes_due,                                                          \
	  (struct store *s, struct instant now, int limit, GError **err), (s, now, limit, err))    \
	X(struct instant, next_look, (struct store *s), (s))                                       \
	X(bool, close_code,                                                                        \
	  (struct store *s, const char *id, const char *final_status, enum plan_reason why,        \
	   struct instant at, GError **err), (s, id, final_status, why, at, err))                  \
	X(struct store_list *, history,                                                            \
	  (struct store *s, const char *device_id, const char *access_code_id,                     \
	   struct store_page *page, GError **err), (s, device_id, access_code_id, page, err))      \
	X(int, forget_history, (struct store *s, struct instant before, GError **err),             \
	  (s, before, err))                                                                        \
	X(int, count_on_lock, (struct store *s, const char *device_id), (s, device_id))            \
	X(bool, add_decision,                                                                      \
	  (struct store *s, const char *id, const struct store_decision *d, GError **err),         \
	  (s, id, d, err))                                                                         \
	X(struct store_list *, decisions, (struct store *s, const char *id, GError **err),         \
	  (s, id, err))                                                                            \
	X(bool, add_event, (struct store *s, struct store_event *e, GError **err), (s, e, err))    \
	X(struct store_list *, events,                                                             \
	  (struct store *s, const struct store_event_filter *f, GError **err), (s, f, err))        \
	X(int64_t, last_seq, (struct store *s), (s))                                               \
	X(bool, audit_head, (struct store *s, struct audit_head *head, GError **err),              \
	  (s, head, err))                                                                          \
	X(struct store_list *, audit_lines,                                                        \
	  (struct store *s, int64_t after_no, int limit, GError **err), (s, after_no, limit, err)) \
	X(bool, put_attempt, (struct store *s, const struct store_attempt *a, GError **err),       \
	  (s, a, err))                                                                             \
	X(struct store_list *, attempts,                                                           \
	  (struct store *s, const char *const *ids, const char *device_id,                         \
	   struct store_page *page, GError **err), (s, ids, device_id, page, err))                 \
	X(struct store_list *, attempts_pending, (struct store *s, GError **err), (s, err))        \
	X(bool, put_webhook, (struct store *s, const struct store_webhook *w, GError **err),       \
	  (s, w, err))                                                                             \
	X(bool, note_webhook, (struct store *s, const struct store_webhook *w, GError **err),      \
	  (s, w, err))                                                                             \
	X(bool, delete_webhook, (struct store *s, const char *id, GError **err), (s, id, err))     \
	X(struct store_list *, webhooks, (struct store *s, const char *id, GError **err),          \
	  (s, id, err))                                                                            \
	X(struct store_list *, tally, (struct store *s, GError **err), (s, err))                   \
	X(bool, sizes, (struct store *s, struct store_sizes *out, GError **err), (s, out, err))    \
	X(struct store_list *, keys, (struct store *s, GError **err), (s, err))                    \
	X(bool, note_key,                                                                          \
	  (struct store *s, const char *short_id, struct instant used_at, GError **err),           \
	  (s, short_id, used_at, err))                                                             \
	X(bool, key_revoke, (struct store *s, const char *short_id, GError **err),                 \
	  (s, short_id, err))                                                                      \
	X(char *, fact_get, (struct store *s, const char *key), (s, key))                          \
	X(bool, fact_set, (struct store *s, const char *key, const char *value, GError **err),     \
	  (s, key, value, err))

/* Under store_key_create, store_key_role and store_add_audit, which are the same for every database. */
#define STORE_INNER_OPS(X)                                                                           \
	X(bool, key_add,                                                                           \
	  (struct store *s, const struct store_key *k,                                             \
	   const unsigned char hash[static STORE_KEY_HASH_BYTES], GError **err), (s, k, hash, err))\
	X(enum key_role, key_find,                                                                 \
	  (struct store *s, const char *short_id, unsigned char hash[static STORE_KEY_HASH_BYTES], \
	   struct instant *expires_at), (s, short_id, hash, expires_at))                             \
	X(bool, audit_cut, (struct store *s, int64_t first, GError **err), (s, first, err))        \
	X(int64_t, audit_sealed_before, (struct store *s, struct instant t), (s, t))               \
	X(bool, audit_put,                                                                         \
	  (struct store *s, const struct audit_head *head, const char *line, GError **err),        \
	  (s, head, line, err))

#define STORE_OP_POINTER(result, name, parameters, arguments) result(*name) parameters;
struct store_ops {
	STORE_OPS(STORE_OP_POINTER)
	STORE_INNER_OPS(STORE_OP_POINTER)
};

/* The first member of an implementation's own struct. */
struct store {
	const struct store_ops *ops;
};

/* A new list of rows of that size. */
struct store_list *store_list_new(size_t row_size);

/* Declarations for an implementation: STORE_OPS(STORE_OP_DECLARED_sqlite) */
#define STORE_OP_DECLARED_sqlite(result, name, parameters, arguments)                              \
	result sqlite_##name parameters;

/* alone: TOO_NEW, BUSY...; see store_open and store_open_beside. */
struct store *store_sqlite_open(const char *path, const char *seal_key, bool alone, GError **err);

#endif
