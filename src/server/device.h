/* device - what the files about devices and accounts share: who made a lock, which of them are
 * meant, custom metadata, accounts. */
#ifndef KEYRACK_SERVER_DEVICE_H
#define KEYRACK_SERVER_DEVICE_H

#include "server/inside.h"

/* ---- show_device_*.c ---- */
/* The name that people gave it. */
const char *device_name(const struct store_device *d);
/* Answers, as far as anybody can know: its account is there, and it is in it. */
bool device_online(const struct store_device *d);
/* "two_n" of two_n_intercom: the API's word for the manufacturer. Interned. */
const char *device_maker(const char *device_type);
void show_provider(GString *out, const char *key, const struct lock_system *ls);
void show_maker(GString *out, const char *key, const struct store_device *d);
/* <brand>_metadata: what is known of it. */
void show_brand_metadata(GString *out, const struct store_device *d, const struct lock_system *ls);
void show_offline_options(GString *out, const struct lock_system *ls);
void show_properties(struct server *s, GString *out, const struct store_device *d,
		     const struct lock_system *ls);
void show_unmanaged_properties(struct server *s, GString *out, const struct store_device *d,
			       const struct lock_system *ls);

/* ---- metadata.c: custom_metadata ---- */
/* was with what change says: null and "" delete a key. NULL and *why (static): not allowed. */
char *metadata_change(const char *was, const json_t *change, const char **why);
/* Does it hold every pair of has? A query has texts only: "true" there is true. */
bool metadata_has(const char *metadata, const json_t *has);
/* Is the folded text in one of its keys or values? */
bool metadata_says(const char *metadata, const char *folded);

/* ---- account.c: accounts are what the locks name ---- */
struct account {
	const char *account_id, *device_type, *name; /* lent by devices */
	struct instant created_at;                   /* of its first lock */
	bool lost;
};
struct accounts {
	struct store_list *devices;
	GArray *rows; /* struct account, by created_at and id */
};
bool accounts_read(struct server *s, struct accounts *a);
void accounts_clear(struct accounts *a);
const struct account *accounts_find(const struct accounts *a, const char *account_id);

/* ---- account_settings.c: what callers have set of one ---- */
struct account_settings {
	json_t *object; /* custom_metadata, display_name, accepted_capabilities, customer_key */
	bool manages_new;
};
void account_settings_read(struct server *s, const char *account_id, struct account_settings *to);
void account_settings_clear(struct account_settings *a);
const char *account_settings_text(const struct account_settings *a, const char *key); /* NULL */
/* Newly allocated. */
char *account_settings_metadata(const struct account_settings *a);
bool account_has_customer_key(struct server *s, const char *account_id, const char *key);
void show_account_row(struct server *s, GString *out, const char *key, const struct account *a);

/* ---- device_filter.c: which devices a list is about ---- */
struct device_filter {
	bool managed;
	bool nothing; /* asked for what does not exist here */
	const char *account_id, *type, *maker, *customer_key;
	const char *const *account_ids, *const *types, *const *device_ids;
	struct instant created_before; /* NONE */
	const json_t *metadata;
	char *search;                  /* folded; NULL */
};
void device_filter_init(struct call *c, bool managed, struct device_filter *f);
void device_filter_done(struct device_filter *f);
bool device_fits(struct server *s, const struct device_filter *f, const struct store_device *d);
/* Is the folded text in any of these? NULLs are skipped. */
bool texts_hold(const char *folded, const char *const *texts, size_t n);

/* By device_id or name: NULL list where neither fits, and the call is refused. */
bool find_device_asked(struct call *c, bool managed, struct store_list **list,
		       struct store_device **d);
/* The answer where the store failed. */
enum call_end refuse_no_store(struct call *c);
/* An action attempt of the engine's as the answer. Takes id. */
enum call_end answer_attempt(struct call *c, char *id);

#endif
