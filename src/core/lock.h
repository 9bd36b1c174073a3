/* lock - a device that opens a door and holds access codes.
 *
 * Field by field what the API's device object says (unknown fields stay in 'object'). The strings
 * are borrowed from whoever made the struct: a JSON answer on the way in, a list of rows on the
 * way out. NULL means absent. */
#ifndef KEYRACK_CORE_LOCK_H
#define KEYRACK_CORE_LOCK_H

#include "core/instant.h"

/* The API's capability flags and other facts are three-valued: true, false, and not said. */
enum tri { TRI_UNKNOWN = -1, TRI_NO = 0, TRI_YES = 1 };

struct lock {
	const char *device_id;
	const char *workspace_id;
	const char *connected_account_id;
	const char *device_type;  /* "august_lock"; open set */
	const char *name;         /* display_name, else the names among the properties */
	const char *place;        /* location.location_name */
	const char *room;         /* location.room_name */
	const char *zone;         /* IANA; location.time_zone, else .timezone */
	const char *manufacturer; /* as people read it */
	const char *model;
	struct instant created_at;
	enum tri managed;
	enum tri online;
	enum tri locked;
	enum tri door_open;
	int battery_pct;          /* 0..100; -1 unknown */
	const char *battery_status; /* "low"; open set */
	enum tri can_lock, can_unlock, can_program_online, can_program_offline;
	enum tri supports_backup_pool;
	const char *code_lengths;     /* JSON array of ints, NULL: any */
	const char *code_constraints; /* JSON array of {constraint_type,...}, NULL: none */
	int max_active_codes;         /* -1 unknown */
	const char *errors;           /* JSON arrays, NULL when empty */
	const char *warnings;
	const char *alike;            /* another lock here that is called as this name only seems to be; NULL */
	const char *object;           /* the whole object as it came */
};

/* Whether the bolt cannot be moved from afar. A device that tells of one direction and is silent
 * about the other has not got the other. */
static inline bool lock_cannot_turn(const struct lock *lock, bool unlock)
{
	enum tri can = unlock ? lock->can_unlock : lock->can_lock;
	enum tri other = unlock ? lock->can_lock : lock->can_unlock;

	return can == TRI_NO || (can == TRI_UNKNOWN && other != TRI_UNKNOWN);
}

#endif
