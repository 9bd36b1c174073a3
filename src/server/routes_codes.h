/* routes_codes - what the files about access codes share: handlers for the table in
 * routes_codes.c, and answers that all of them give. */
#ifndef KEYRACK_SERVER_ROUTES_CODES_H
#define KEYRACK_SERVER_ROUTES_CODES_H

#include "server/device.h"
#include "server/show_code.h"

/* routes_codes_change.c */
enum call_end codes_create(struct call *c);
enum call_end codes_create_multiple(struct call *c);
enum call_end codes_update(struct call *c);
enum call_end codes_update_multiple(struct call *c);
enum call_end codes_delete(struct call *c);
enum call_end codes_pull_backup(struct call *c);
/* routes_timeline.c */
enum call_end codes_timeline(struct call *c);
/* routes_unmanaged.c */
enum call_end codes_simulate_unmanaged(struct call *c);

/* Both spellings of one wish. */
#define PARAM_EXTERNAL                                                                             \
	{ .name = "is_external_modification_allowed", .kind = PARAM_BOOL },                        \
	{ .name = "allow_external_modification",                                                   \
	  .kind = PARAM_BOOL,                                                                      \
	  .same_as = "is_external_modification_allowed" }

/* One request and the attempt about it, kept together or not at all. action_type: the attempt's;
 * its id comes back in *attempt_id. ask gives false with c->no filled. */
typedef bool code_ask(struct call *c, void *ctx, const char **about);
bool ask_with_attempt(struct call *c, code_ask *ask, void *ctx, const char *action_type,
		      char **attempt_id);

/* "key":{…}; false with c->no filled when it is not there. */
bool answer_code(struct call *c, const char *key, const char *access_code_id);
enum call_end end_of(bool ok);

/* "access_codes":[…] and "pagination":{…} of what the filter finds. filter NULL: nothing. */
enum call_end answer_list(struct call *c, const struct store_code_filter *filter, int limit);

#endif
