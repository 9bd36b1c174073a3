/* statements_rota - who works when, behind which doors. See cache/statements.h and cache/rotas.h. */
#ifndef KEYRACK_CACHE_STATEMENTS_ROTA_H
#define KEYRACK_CACHE_STATEMENTS_ROTA_H

#include "cache/sealed.h"

#define SQL_ROTA                                                                                   \
	"SELECT rota_no, rota_id, name, name_folded, " SQL_ROTA_PIN("r") ", days, begins_min,"     \
	" ends_min, first_day, last_day, made_by, made_at, held_by, held_at, ended_by, ended_at FROM rota r"
/* Codes of one that has ended are taken away by then, or never. */
#define SQL_ROTA_OPEN "(ended_at IS NULL OR ended_at > ?1)"

#define STATEMENTS_ROTA(X)                                                                         \
	X(ROTAS, USE_SCREEN, SQL_ROTA " WHERE " SQL_ROTA_OPEN " ORDER BY name_folded, rota_no")    \
	X(ROTA_GET, USE_SCREEN, SQL_ROTA " WHERE rota_no = ?1")                                    \
	X(ROTA_OF_ID, USE_SCREEN, SQL_ROTA " WHERE rota_id = ?1")                                  \
	X(ROTA_DOORS, USE_SCREEN,                                                                  \
	  "SELECT d.device_id, " SQL_DOOR_PIN("d") ", l.lock_no, l.name, l.zone FROM rota_door d"  \
	  " LEFT JOIN lock l ON l.device_id = d.device_id AND l.deleted_at IS NULL"                \
	  " WHERE d.rota_no = ?1 ORDER BY l.name_key, d.device_id")                                \
	X(ROTA_ADD, USE_WRITE,                                                                     \
	  "INSERT INTO rota(rota_id, name, name_folded, pin, days, begins_min, ends_min,"          \
	  " first_day, last_day, made_by, made_at)"                                                \
	  " VALUES(?1, ?2, ?3, seal(?4, 'rota.pin', ?1), ?5, ?6, ?7, ?8, ?9, ?10, ?11)")           \
	X(ROTA_CHANGE, USE_WRITE,                                                                  \
	  "UPDATE rota SET name = ?2, name_folded = ?3,"                                           \
	  " pin = coalesce(seal(?4, 'rota.pin', rota_id), pin), days = ?5,"                        \
	  " begins_min = ?6, ends_min = ?7, first_day = ?8, last_day = ?9, changed_by = ?10,"      \
	  " changed_at = ?11 WHERE rota_no = ?1 AND ended_at IS NULL")                             \
	X(ROTA_HOLD, USE_WRITE,                                                                    \
	  "UPDATE rota SET held_by = ?2, held_at = ?3 WHERE rota_no = ?1 AND ended_at IS NULL")    \
	X(ROTA_END, USE_WRITE,                                                                     \
	  "UPDATE rota SET ended_by = ?2, ended_at = ?3 WHERE rota_no = ?1 AND ended_at IS NULL")  \
	X(ROTA_DOOR_ADD, USE_WRITE,                                                                \
	  "INSERT OR IGNORE INTO rota_door(rota_no, device_id)"                                    \
	  " SELECT ?1, device_id FROM lock WHERE lock_no = ?2")                                    \
	X(ROTA_DOORS_CLEAR, USE_WRITE, "DELETE FROM rota_door WHERE rota_no = ?1")                 \
	X(ROTA_DOOR_PIN, USE_WRITE,                                                                \
	  "UPDATE rota_door SET pin = seal(?3, 'rota_door.pin', ?1 || '/' || ?2)"                  \
	  " WHERE rota_no = ?1 AND device_id = ?2")                                                \
	X(ROTA_PIN, USE_WRITE,                                                                     \
	  "UPDATE rota SET pin = seal(?2, 'rota.pin', rota_id) WHERE rota_no = ?1")                \
	X(ROTA_PIN_SEEN, USE_WRITE,                                                                \
	  "UPDATE rota SET pin = NULL WHERE " SQL_ROTA_PIN("rota") " = ?1")                        \
	X(ROTA_DOOR_PIN_SEEN, USE_WRITE,                                                           \
	  "UPDATE rota_door SET pin = NULL WHERE " SQL_DOOR_PIN("rota_door") " = ?1")

#endif
