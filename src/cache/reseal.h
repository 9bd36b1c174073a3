/* reseal - everything sealed anew with another key, and what an unsealed file left behind swept away; the walk
 * that the migration to version 7 is too. For this folder; cache/rekey.h is for others. */
#ifndef KEYRACK_CACHE_RESEAL_H
#define KEYRACK_CACHE_RESEAL_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Every PIN in the file, sealed or plain, with the key in use. A column that is to hold PINs gets a line here, and in
 * SQL_CLOSED. What does not open stays as it is. */
#define SQL_RESEAL                                                                                 \
	"UPDATE access_code SET code_mark = remark(code, 'access_code.code', access_code_id),"     \
	" code = reseal(code, 'access_code.code', access_code_id),"                                \
	" errors = reseal_json(errors, 'access_code.errors', access_code_id),"                     \
	" warnings = reseal_json(warnings, 'access_code.warnings', access_code_id),"               \
	" pending_mutations = reseal_json(pending_mutations, 'access_code.pending_mutations', access_code_id)," \
	" rest = reseal_json(rest, 'access_code.rest', access_code_id)"                            \
	" WHERE coalesce(code, errors, warnings, pending_mutations, rest) IS NOT NULL;"            \
	"UPDATE intent SET params = reseal_json(params, 'intent.params', intent_no)"               \
	" WHERE instr(params, '\"code\"') > 0;"                                                    \
	"UPDATE event SET code = reseal(code, 'event.code', event_id),"                            \
	" object = reseal_json(object, 'event.object', event_id) WHERE code IS NOT NULL"           \
	" OR instr(object, '\"code\"') > 0 OR instr(object, '\"from\"') > 0 OR instr(object, '\"to\"') > 0;" \
	"UPDATE explanation SET body = reseal_json(body, 'explanation.body', code_no);"            \
	"UPDATE suspended SET pin = reseal(pin, 'suspended.pin', device_id || '/' || name_folded);" \
	"UPDATE shift_note SET text = reseal(text, 'shift_note.text', made_at);"                  \
	"UPDATE shift SET list = reseal(list, 'shift.list', at);"                                \
	"UPDATE rota SET pin = reseal(pin, 'rota.pin', rota_id);"                                  \
	"UPDATE rota_door SET pin = reseal(pin, 'rota_door.pin', rota_no || '/' || device_id);"

/* Once after version 7 was reached: the file without free pages, an empty log. Left for the next one where another
 * process reads just now or the disk is full. */
void reseal_sweep(sqlite3 *db);

#endif
