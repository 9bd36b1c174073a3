/* codes_file - access codes in a file that can be read again: JSON Lines, a head, one code a line with the
 * API's field names, and an end with a digest of all that stands before it.
 *
 * A file that is cut short, was changed, is of a newer keyrack or of something else is told apart in
 * words, and nothing of it is used. */
#ifndef KEYRACK_CORE_CODES_FILE_H
#define KEYRACK_CORE_CODES_FILE_H

#include "core/access_code.h"
#include "core/own.h"

#define CODES_FILE_VERSION	 1
#define CODES_FILE_BYTES_MAX (256 * 1024 * 1024)

struct codes_file_head {
	int version;
	char *property;         /* the profile's id */
	struct instant made_at;
	bool pins;              /* PINs are in it */
	char **device_ids;      /* only these locks; NULL: all */
	int codes;              /* as the end says */
};
struct codes_file {
	struct codes_file_head head;
	GPtrArray *codes;       /* of struct access_code *; their texts are the export's */
	GPtrArray *lock_names;  /* of const char *, beside codes: for those whose lock is gone */
	GStringChunk *texts;
};

/* Writing: the head, then one line (a JSON object) for each code, then the end. */
void codes_file_begin(GString *out, const struct codes_file_head *head);
void codes_file_line(GString *out, const char *object);
void codes_file_end(GString *out, int codes);

/* text need not end with NUL. KEYRACK_ERROR_TOO_NEW, _CORRUPT (damaged, cut short) or _USAGE (no export). */
struct codes_file *codes_file_read(const char *text, gsize size, GError **err);
struct codes_file *codes_file_load(const char *path, GError **err);
void codes_file_free(struct codes_file *e);
DEFINE_OWN(struct codes_file, codes_file, codes_file_free)

#endif
