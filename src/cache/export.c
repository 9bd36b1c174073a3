/* export - see the header. */
#include <config.h>

#include "cache/export.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/event_json.h"
#include "core/text.h"

struct export {
	struct cache *c;
	struct event_find find;
	const struct zone *zone;
	enum export_form form;
	bool replace;
	char *path, *part; /* part: while it is not whole; NULL: there is none */
	int fd;
	GChecksum *sum;
	int64_t count;
	GString *block;
};

bool export_form_of(const char *path, enum export_form *form, GError **err)
{
	static const struct {
		const char *ending;
		enum export_form form;
	} endings[] = { { ".csv", EXPORT_CSV }, { ".jsonl", EXPORT_JSONL }, { ".ndjson", EXPORT_JSONL } };
	g_autofree char *lower = g_ascii_strdown(path, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		*form = endings[i].form;
		if (g_str_has_suffix(lower, endings[i].ending))
			return true;
	}
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
			    "The file's name ends in .csv or .jsonl: that says how it is written");
	return false;
}

/* ---- a row ---- */

/* Excel, LibreOffice and Sheets compute a cell that begins so, quoted or not; some trim blanks before it,
 * and where people write wide letters their signs count too. */
static bool is_formula(const char *s)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };

	s += strspn(s, " ");
	for (size_t i = 0; i < G_N_ELEMENTS(wide); i++)
		if (g_str_has_prefix(s, wide[i]))
			return true;
	return *s && strchr("=+-@\t\r|%", *s) != NULL;
}

static void add_cell(GString *out, const char *text)
{
	g_autofree char *safe = text_safe(text);

	if (out->len && out->str[out->len - 1] != '\n')
		g_string_append_c(out, ',');
	g_string_append_c(out, '"');
	if (is_formula(safe))
		g_string_append_c(out, '\'');
	for (const char *p = safe; *p; p++) {
		if (*p == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
}

static void end_line(GString *out)
{
	g_string_append(out, "\r\n");
}

void export_csv_head(GString *out)
{
	static const char *const names[] = { "time_utc", "time_local", "lock", "event", "event_type", "who", "how",
					     "why", "method", "told_utc", "event_id", "device_id", "access_code_id" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		add_cell(out, names[i]);
	end_line(out);
}

void export_csv_row(GString *out, const struct event_row *row, const struct zone *zone)
{
	const struct zone *z = row->zone && *row->zone ? zone_get(row->zone) : zone;
	const struct event *e = &row->event;
	const char *words = event_lookup(e->event_type)->words, *how = attribution_word(row->how);
	char at[INSTANT_TEXT_MAX], told[INSTANT_TEXT_MAX], local[64];
	struct civil c = civil_at(z, e->occurred_at);

	g_snprintf(local, sizeof local, "%04d-%02d-%02d %02d:%02d:%02d %s", c.year, c.month, c.day, c.hour, c.minute,
		   c.second, c.abbrev);
	add_cell(out, instant_format(e->occurred_at, at));
	add_cell(out, local);
	add_cell(out, row->lock_name);
	add_cell(out, words ? words : e->event_type);
	add_cell(out, e->event_type);
	add_cell(out, row->who);
	add_cell(out, how);
	add_cell(out, row->why);
	add_cell(out, e->method);
	add_cell(out, instant_format(e->created_at, told));
	add_cell(out, e->event_id);
	add_cell(out, e->device_id);
	add_cell(out, e->access_code_id);
	end_line(out);
}

/* ---- the file ---- */

static bool fail_io(const char *path, GError **err)
{
	g_autofree char *safe = text_safe(path);

	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s: %s", safe, g_strerror(errno));
	return false;
}

static bool put_block(struct export *x, GError **err)
{
	const char *p = x->block->str;
	size_t left = x->block->len;

	while (left) {
		ssize_t n = write(x->fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail_io(x->path, err);
		p += n;
		left -= (size_t)n;
	}
	g_checksum_update(x->sum, (const guchar *)x->block->str, (gssize)x->block->len);
	g_string_truncate(x->block, 0);
	return true;
}

struct export *export_new(struct cache *c, const struct event_find *find, const struct zone *zone,
			  const char *path, enum export_form form, bool replace, GError **err)
{
	struct export *x = g_new0(struct export, 1);

	*x = (struct export){ .c = c, .find = *find, .zone = zone, .form = form, .replace = replace };
	x->find.newer = true;
	x->find.from = (struct event_key){ INSTANT_NONE, 0 };
	x->path = g_strdup(path);
	x->part = g_strdup_printf("%s.part-XXXXXX", path);
	x->sum = g_checksum_new(G_CHECKSUM_SHA256);
	x->block = g_string_new(NULL);
	x->fd = g_mkstemp_full(x->part, O_RDWR | O_CLOEXEC, 0600);
	if (form == EXPORT_CSV)
		export_csv_head(x->block);
	if (x->fd >= 0)
		return x;
	fail_io(path, err);
	g_clear_pointer(&x->part, g_free);
	export_free(x);
	return NULL;
}

bool export_step(struct export *x, int rows, bool *done, GError **err)
{
	struct event_found found;

	x->find.limit = rows;
	x->find.look = 20 * rows;
	OWN(cache_list) struct cache_list *list = cache_find_events(x->c, &x->find, &found, err);

	if (!list)
		return false;
	for (guint i = 0; i < list->rows->len; i++) {
		const struct event_row *row = cache_list_at(list, struct event_row, i);

		if (x->form == EXPORT_CSV) {
			export_csv_row(x->block, row, x->zone);
			continue;
		}
		json_event(x->block, row, false);
		g_string_append_c(x->block, '\n');
	}
	x->count += list->rows->len;
	x->find.from = found.next;
	*done = found.end;
	return put_block(x, err);
}

static bool write_digest(const struct export *x, GError **err)
{
	g_autofree char *path = g_strconcat(x->path, ".sha256", NULL);
	g_autofree char *base = g_path_get_basename(x->path);
	g_autofree char *line = g_strdup_printf("%s  %s\n", g_checksum_get_string(x->sum), base);
	g_autoptr(GError) why = NULL;

	if (g_file_set_contents_full(path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why))
		return true;
	g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, why->message);
	return false;
}

bool export_finish(struct export *x, GError **err)
{
	bool ok = put_block(x, err);

	if (ok && fsync(x->fd) != 0)
		ok = fail_io(x->path, err);
	/* A link fails where a rename would write over what somebody made meanwhile. */
	if (ok && !x->replace && link(x->part, x->path) != 0)
		ok = fail_io(x->path, err);
	if (ok && x->replace && g_rename(x->part, x->path) != 0)
		ok = fail_io(x->path, err);
	if (ok && x->replace)
		g_clear_pointer(&x->part, g_free);
	return ok && write_digest(x, err);
}

int64_t export_count(const struct export *x)
{
	return x->count;
}

const char *export_digest(const struct export *x)
{
	return g_checksum_get_string(x->sum);
}

void export_free(struct export *x)
{
	if (x->fd >= 0)
		close(x->fd);
	if (x->part)
		g_unlink(x->part);
	g_free(x->part);
	g_free(x->path);
	g_checksum_free(x->sum);
	g_string_free(x->block, TRUE);
	g_free(x);
}
