/* codes_file - writing codes to a file and reading them again: see the header. */
#include "config.h"

#include "core/codes_file.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/jsonin.h"
#include "core/jsonout.h"

/* ---- writing ---- */

void codes_file_begin(GString *out, const struct codes_file_head *head)
{
	jsonout_object(out, NULL);
	jsonout_int(out, "keyrack_export", CODES_FILE_VERSION);
	jsonout_string(out, "property", head->property);
	jsonout_instant(out, "made_at", head->made_at);
	jsonout_bool(out, "pins", head->pins);
	if (head->device_ids) {
		jsonout_array(out, "device_ids");
		for (char **id = head->device_ids; *id; id++)
			jsonout_string(out, NULL, *id);
		jsonout_array_end(out);
	}
	jsonout_object_end(out);
	g_string_append_c(out, '\n');
}

void codes_file_line(GString *out, const char *object)
{
	g_string_append(out, object);
	g_string_append_c(out, '\n');
}

void codes_file_end(GString *out, int codes)
{
	g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)out->str, out->len);

	jsonout_object(out, NULL);
	jsonout_int(out, "keyrack_export_end", CODES_FILE_VERSION);
	jsonout_int(out, "codes", codes);
	jsonout_string(out, "sha256", digest);
	jsonout_object_end(out);
	g_string_append_c(out, '\n');
}

/* ---- reading ---- */

struct line {
	struct codes_file *e;
	struct access_code *ac;  /* NULL: the head or the end */
	char *lock_name;
	GPtrArray *device_ids;
	char *digest;
	int version, end;
};

/* As much as an int holds of what a file says. */
static int number_of(const char *text)
{
	return (int)CLAMP(g_ascii_strtoll(text, NULL, 10), 0, G_MAXINT);
}

static void read_head_member(struct line *l, const char *path, const char *text)
{
	struct codes_file_head *h = &l->e->head;

	if (strcmp(path, "keyrack_export") == 0)
		l->version = number_of(text);
	else if (strcmp(path, "keyrack_export_end") == 0)
		l->end = number_of(text);
	else if (strcmp(path, "property") == 0 && !h->property)
		h->property = g_strdup(text);
	else if (strcmp(path, "made_at") == 0)
		instant_parse(text, -1, &h->made_at);
	else if (strcmp(path, "pins") == 0)
		h->pins = strcmp(text, "true") == 0;
	else if (strcmp(path, "codes") == 0)
		h->codes = number_of(text);
	else if (strcmp(path, "sha256") == 0 && !l->digest)
		l->digest = g_strdup(text);
	else if (g_str_has_prefix(path, "device_ids."))
		g_ptr_array_add(l->device_ids, g_strdup(text));
}

enum member_kind { MEMBER_TEXT, MEMBER_WHEN, MEMBER_TRI, MEMBER_BOOL };
static const struct {
	const char *path;
	enum member_kind kind;
	size_t offset;
} members[] = {
#define MEMBER(kind, name) { #name, MEMBER_##kind, offsetof(struct access_code, name) }
	MEMBER(TEXT, access_code_id),
	MEMBER(TEXT, device_id),
	MEMBER(TEXT, type),
	MEMBER(TEXT, name),
	MEMBER(TEXT, code),
	MEMBER(TEXT, common_code_key),
	MEMBER(WHEN, starts_at),
	MEMBER(WHEN, ends_at),
	MEMBER(TRI, is_offline_access_code),
	MEMBER(TRI, is_one_time_use),
	MEMBER(TRI, is_backup),
	MEMBER(TRI, is_external_modification_allowed),
	{ "is_managed", MEMBER_BOOL, offsetof(struct access_code, managed) },
};

static void read_member(const char *path, const char *text, void *ctx)
{
	struct line *l = ctx;

	if (!text)
		return;
	if (!l->ac) {
		read_head_member(l, path, text);
		return;
	}
	if (strcmp(path, "keyrack.lock_name") == 0)
		l->lock_name = g_string_chunk_insert(l->e->texts, text);
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		void *field = (char *)l->ac + members[i].offset;
		bool yes = strcmp(text, "true") == 0;

		if (strcmp(members[i].path, path) != 0)
			continue;
		if (members[i].kind == MEMBER_TEXT)
			*(const char **)field = g_string_chunk_insert(l->e->texts, text);
		else if (members[i].kind == MEMBER_WHEN)
			instant_parse(text, -1, field);
		else if (members[i].kind == MEMBER_TRI)
			*(enum tri *)field = yes ? TRI_YES : TRI_NO;
		else
			*(bool *)field = yes;
	}
}

static bool fail(GError **err, enum keyrack_error code, const char *words)
{
	g_set_error(err, KEYRACK_ERROR, code, "%s", words);
	return false;
}

static bool read_code(struct line *l, const char *text, GError **err)
{
	l->ac = g_new0(struct access_code, 1);
	l->ac->starts_at = l->ac->ends_at = l->ac->created_at = INSTANT_NONE;
	l->ac->is_offline_access_code = l->ac->is_one_time_use = l->ac->is_backup = TRI_UNKNOWN;
	l->ac->is_external_modification_allowed = TRI_UNKNOWN;
	l->lock_name = NULL;
	g_ptr_array_add(l->e->codes, l->ac);
	if (!jsonin_walk(text, read_member, l) || !l->ac->device_id)
		return fail(err, KEYRACK_ERROR_CORRUPT,
			    _("The export is damaged: a line of it is no access code. Nothing was changed."));
	l->ac->time_bound = instant_known(l->ac->ends_at);
	g_ptr_array_add(l->e->lock_names, l->lock_name);
	l->ac = NULL;
	return true;
}

static bool read_head(struct line *l, const char *text, GError **err)
{
	if (!jsonin_walk(text, read_member, l) || l->version < 1)
		return fail(err, KEYRACK_ERROR_USAGE, _("This file is no keyrack export."));
	if (l->version > CODES_FILE_VERSION) {
		g_set_error(
			err, KEYRACK_ERROR, KEYRACK_ERROR_TOO_NEW,
			_("This export was written by a newer keyrack (its version is %1$d, this program knows %2$d): "
			  "update keyrack. Nothing was changed."),
			l->version, CODES_FILE_VERSION);
		return false;
	}
	l->e->head.version = l->version;
	return true;
}

static bool check_end(struct line *l, const char *text, gsize before, GError **err)
{
	g_autofree char *is = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, before);

	if (g_strcmp0(l->digest, is) != 0 || l->e->head.codes != (int)l->e->codes->len)
		return fail(err, KEYRACK_ERROR_CORRUPT,
			    _("The export is damaged or was changed: its digest does not fit. Nothing was changed."));
	return true;
}

static bool read_lines(struct line *l, const char *text, gsize size, GError **err)
{
	const char *end = text + size;

	for (const char *p = text; p < end;) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		g_autofree char *one = stop ? g_strndup(p, (gsize)(stop - p)) : NULL;

		if (!stop)
			break;
		if (p == text && !read_head(l, one, err))
			return false;
		if (p != text && g_str_has_prefix(one, "{\"keyrack_export_end\""))
			return jsonin_walk(one, read_member, l) && check_end(l, text, (gsize)(p - text), err) &&
			       (stop + 1 == end ||
				fail(err, KEYRACK_ERROR_CORRUPT,
				     _("Something stands behind the end of the export. Nothing was changed.")));
		if (p != text && !read_code(l, one, err))
			return false;
		p = stop + 1;
	}
	if (!l->version)
		return fail(err, KEYRACK_ERROR_USAGE, _("This file is no keyrack export."));
	return fail(err, KEYRACK_ERROR_CORRUPT, _("The export is cut short: its end is missing. Nothing was changed."));
}

struct codes_file *codes_file_read(const char *text, gsize size, GError **err)
{
	struct codes_file *e = g_new0(struct codes_file, 1);
	struct line l = { .e = e, .device_ids = g_ptr_array_new_with_free_func(g_free) };
	bool ok;

	e->texts = g_string_chunk_new(64 * 1024);
	e->codes = g_ptr_array_new_with_free_func(g_free);
	e->lock_names = g_ptr_array_new();
	e->head.made_at = INSTANT_NONE;
	ok = read_lines(&l, text, size, err);
	if (ok && l.device_ids->len) {
		g_ptr_array_add(l.device_ids, NULL);
		e->head.device_ids = g_strdupv((char **)l.device_ids->pdata);
	}
	g_ptr_array_unref(l.device_ids);
	g_free(l.digest);
	if (ok)
		return e;
	/* A digest that could not be read has set no error. */
	if (err && !*err)
		fail(err, KEYRACK_ERROR_CORRUPT, _("The export is damaged at its end. Nothing was changed."));
	codes_file_free(e);
	return NULL;
}

struct codes_file *codes_file_load(const char *path, GError **err)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) why = NULL;
	struct codes_file *e;
	gsize size;

	if (!g_file_get_contents(path, &text, &size, &why)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s", why->message);
		return NULL;
	}
	if (size > CODES_FILE_BYTES_MAX) {
		fail(err, KEYRACK_ERROR_USAGE, _("This file is too large for an export."));
		return NULL;
	}
	e = codes_file_read(text, size, err);
	explicit_bzero(text, size);
	return e;
}

void codes_file_free(struct codes_file *e)
{
	g_free(e->head.property);
	g_strfreev(e->head.device_ids);
	g_ptr_array_unref(e->codes);
	g_ptr_array_unref(e->lock_names);
	g_string_chunk_free(e->texts);
	g_free(e);
}
