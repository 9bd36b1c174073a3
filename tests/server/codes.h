/* codes - what the tests about access codes ask for again and again. */
#ifndef KEYRACK_TESTS_SERVER_CODES_H
#define KEYRACK_TESTS_SERVER_CODES_H

#include "tests/server/rig.h"

/* A code on this lock: members as in a body, without device_id. Its id. */
G_GNUC_PRINTF(3, 4)
const char *codes_make(struct rig *r, const char *lock, const char *members, ...);
const json_t *codes_get(struct rig *r, const char *id);
void codes_remove(struct rig *r, const char *id); /* as the SDK does: DELETE with a query */
/* Typed at the lock's keypad. */
bool codes_opens(struct rig *r, const char *lock, const char *pin);
void codes_fault(struct rig *r, const char *lock, const char *fault, bool on);
/* Somebody with the maker's app: change as in the body, "'remove':true". */
void codes_app(struct rig *r, const char *lock, const char *id, const char *change);
/* The types of its events, oldest first, without "access_code.". */
const char *codes_story(struct rig *r, const char *id);
/* A member of the error or warning with this code; NULL: there is no such one. */
const char *codes_problem(const json_t *a, const char *errors, const char *code,
			  const char *member);

#endif
