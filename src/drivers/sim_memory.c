/* sim_memory - the locks' memories in a file: what a power cut in the house would not wipe.
 *
 * A line of JSON per change, appended; at start the whole is read, and written anew (to another
 * file, fsync, rename) with nothing in it but what is so. A last line without its end is from a
 * machine that stopped while writing it, and was never acknowledged: it is dropped. What was written
 * anew ends with a mark: a file without it was cut. The file holds PINs, so it is its owner's
 * alone. */
#include "config.h"

#include "drivers/sim.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/jsonin.h"
#include "core/jsonout.h"

#define MEMORY_VERSION 2 /* since 2 what is written anew ends with a mark */
#define JOURNAL_MAX    20000 /* then the file is written anew, if most of it is history */
#define HISTORY_PART   4

struct sim_memory {
	struct sim *sim;
	char *path;
	int fd;
	bool broken;
	uint64_t written, synced; /* lines in the life of this process */
	size_t lines, lines_live;
};

/* ---- lines ---- */

static void line_begin(GString *out, const char *op, const struct sim_lock *lock)
{
	jsonout_object(out, NULL);
	jsonout_string(out, "op", op);
	if (lock)
		jsonout_string(out, "lock", lock->device_id);
}

static void line_end(GString *out)
{
	jsonout_object_end(out);
	g_string_append_c(out, '\n');
}

static void put_born(GString *out, const struct sim *sim)
{
	line_begin(out, "born", NULL);
	jsonout_int(out, "version", MEMORY_VERSION);
	jsonout_instant(out, "at", sim->born);
	line_end(out);
}

static void put_state(GString *out, const struct sim_lock *lock)
{
	g_autoptr(GString) faults = g_string_new(NULL);

	for (unsigned i = 0; i < SIM_FAULT_COUNT; i++) {
		if (lock->faults & SIM_BIT(i))
			g_string_append_printf(faults, "%s%s", faults->len ? "," : "",
					       sim_fault_name(i));
	}
	line_begin(out, "lock", lock);
	jsonout_bool(out, "locked", lock->locked);
	jsonout_bool(out, "relocks", lock->relocks);
	jsonout_int(out, "relock_ms", lock->relock_ms);
	jsonout_int(out, "next", lock->next_handle);
	jsonout_string(out, "faults", faults->str);
	line_end(out);
}

static void put_code(GString *out, const struct sim_lock *lock, const struct sim_code *code)
{
	line_begin(out, "code", lock);
	jsonout_int(out, "handle", code->handle);
	jsonout_string(out, "pin", code->pin);
	jsonout_string(out, "name", code->name);
	jsonout_instant(out, "starts_at", code->starts_at);
	jsonout_instant(out, "ends_at", code->ends_at);
	jsonout_bool(out, "enabled", code->enabled);
	jsonout_bool(out, "foreign", code->foreign);
	line_end(out);
}

static void put_gone(GString *out, const struct sim_lock *lock, unsigned handle)
{
	line_begin(out, "gone", lock);
	jsonout_int(out, "handle", handle);
	line_end(out);
}

static void put_entered(GString *out, const struct sim_lock *lock, const struct sim_entered *e)
{
	line_begin(out, "entered", lock);
	jsonout_string(out, "pin", e->pin);
	jsonout_instant(out, "starts_at", e->starts_at);
	jsonout_instant(out, "ends_at", e->ends_at);
	line_end(out);
}

static void put_assigned(GString *out, const struct sim_lock *lock, const char *pin)
{
	line_begin(out, "assigned", lock);
	jsonout_string(out, "pin", pin);
	line_end(out);
}

/* ---- writing ---- */

static size_t put_lock(GString *out, const struct sim_lock *lock)
{
	struct instant now = sim_lock_clock(lock);
	g_autoptr(GList) assigned = g_hash_table_get_keys(lock->assigned);
	size_t lines = 1 + lock->codes->len;

	put_state(out, lock);
	for (guint i = 0; i < lock->codes->len; i++)
		put_code(out, lock, lock->codes->pdata[i]);
	for (guint i = 0; i < lock->entered->len; i++) {
		const struct sim_entered *e = &g_array_index(lock->entered, struct sim_entered, i);

		if (instant_before(e->ends_at, now))
			continue; /* its window says no by itself */
		put_entered(out, lock, e);
		lines++;
	}
	assigned = g_list_sort(assigned, (GCompareFunc)(void (*)(void))strcmp);
	for (GList *l = assigned; l; l = l->next, lines++)
		put_assigned(out, lock, l->data);
	return lines;
}

static bool io_error(GError **err, const char *path, const char *what)
{
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
		    "The simulated locks' memory %s cannot be written: %s", path, what);
	return false;
}

bool sim_memory_rewrite(struct sim_memory *m, GError **err)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) why = NULL;

	put_born(out, m->sim);
	m->lines = 1;
	for (guint i = 0; i < m->sim->locks->len; i++)
		m->lines += put_lock(out, m->sim->locks->pdata[i]);
	line_begin(out, "whole", NULL);
	line_end(out);
	m->lines_live = ++m->lines;
	if (!g_file_set_contents_full(m->path, out->str, (gssize)out->len,
				      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
				      0600, &why))
		return io_error(err, m->path, why->message);
	if (m->fd >= 0)
		close(m->fd);
	m->fd = g_open(m->path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
	m->synced = m->written;
	return m->fd >= 0 || io_error(err, m->path, g_strerror(errno));
}

/* One write a line: a kill leaves it whole or not begun. */
static void append(struct sim_lock *lock, GString *line, bool must_last)
{
	struct sim_memory *m = lock->sim->memory;
	size_t done = 0;

	while (done < line->len && !m->broken) {
		ssize_t n = write(m->fd, line->str + done, line->len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EINTR)
			m->broken = true;
	}
	m->lines++;
	m->written += must_last;
}

void sim_memory_code(struct sim_lock *lock, const struct sim_code *code)
{
	if (!lock->sim->memory)
		return;

	g_autoptr(GString) line = g_string_new(NULL);

	put_code(line, lock, code);
	append(lock, line, true);
}

void sim_memory_gone(struct sim_lock *lock, unsigned handle)
{
	if (!lock->sim->memory)
		return;

	g_autoptr(GString) line = g_string_new(NULL);

	put_gone(line, lock, handle);
	append(lock, line, true);
}

void sim_memory_entered(struct sim_lock *lock, const struct sim_entered *e)
{
	if (!lock->sim->memory)
		return;

	g_autoptr(GString) line = g_string_new(NULL);

	put_entered(line, lock, e);
	append(lock, line, true);
}

void sim_memory_assigned(struct sim_lock *lock, const char *pin)
{
	if (!lock->sim->memory)
		return;

	g_autoptr(GString) line = g_string_new(NULL);

	put_assigned(line, lock, pin);
	append(lock, line, true);
}

/* A bolt is where it is, whatever the file says: not worth waiting for the disk. */
void sim_memory_state(struct sim_lock *lock)
{
	if (!lock->sim->memory)
		return;

	g_autoptr(GString) line = g_string_new(NULL);

	put_state(line, lock);
	append(lock, line, false);
}

uint64_t sim_memory_mark(const struct sim *sim)
{
	return sim->memory ? sim->memory->written : 0;
}

bool sim_memory_sync(struct sim *sim, uint64_t mark)
{
	struct sim_memory *m = sim->memory;

	if (!m)
		return true;
	/* What was half written is healed by writing the whole again, once there is room. */
	if (m->broken || (m->lines > JOURNAL_MAX && m->lines > HISTORY_PART * m->lines_live))
		m->broken = !sim_memory_rewrite(m, NULL);
	if (!m->broken && m->synced < mark) {
		m->broken = fdatasync(m->fd) != 0;
		m->synced = m->broken ? m->synced : m->written;
	}
	return !m->broken;
}

void sim_memory_close(struct sim_memory *m)
{
	if (!m)
		return;
	if (m->fd >= 0)
		close(m->fd);
	g_free(m->path);
	g_free(m);
}

/* ---- reading ---- */

struct record {
	char *op, *lock, *handle, *pin, *name, *starts_at, *ends_at, *enabled, *foreign, *locked,
		*relocks, *relock_ms, *next, *faults, *at, *version;
};

#define FIELD(f)                                                                                   \
	{                                                                                          \
#f, offsetof(struct record, f)                                                     \
	}
static const struct {
	const char *key;
	size_t offset;
} fields[] = { FIELD(op),	 FIELD(lock),	 FIELD(handle),	 FIELD(pin),	 FIELD(name),
	       FIELD(starts_at), FIELD(ends_at), FIELD(enabled), FIELD(foreign), FIELD(locked),
	       FIELD(next),	 FIELD(faults),	 FIELD(at),	 FIELD(version),
	       FIELD(relocks),	 FIELD(relock_ms) };

static char **field(struct record *r, size_t i)
{
	return (char **)(void *)((char *)r + fields[i].offset);
}

static void record_clear(struct record *r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		g_clear_pointer(field(r, i), g_free);
}

static void take_value(const char *path, const char *text, void *ctx)
{
	struct record *r = ctx;

	for (size_t i = 0; text && i < G_N_ELEMENTS(fields); i++) {
		if (strcmp(fields[i].key, path) == 0 && !*field(r, i))
			*field(r, i) = g_strdup(text);
	}
}

static unsigned number_of(const char *text)
{
	guint64 n = 0;

	return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &n, NULL) ? (unsigned)n
										    : 0;
}

static bool is_true(const char *text)
{
	return g_strcmp0(text, "true") == 0;
}

static bool read_instant(const char *text, struct instant *out)
{
	*out = INSTANT_NONE;
	return !text || instant_parse(text, -1, out);
}

static bool apply_born(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	(void)lock;
	return r->at && read_instant(r->at, &sim->born);
}

static bool apply_lock(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	g_auto(GStrv) faults = g_strsplit(r->faults ? r->faults : "", ",", -1);

	(void)sim;
	lock->remembered = true;
	lock->locked = is_true(r->locked);
	if (r->relocks) {
		lock->relocks = is_true(r->relocks);
		lock->relock_ms = (int)number_of(r->relock_ms);
	}
	lock->next_handle = MAX(lock->next_handle, number_of(r->next));
	lock->faults = 0;
	for (char **f = faults; *f; f++) {
		int which = sim_fault_of(*f);

		if (which >= 0)
			lock->faults |= SIM_BIT(which);
	}
	return true;
}

static bool apply_code(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	struct sim_code code = { .handle = number_of(r->handle),
				 .pin = r->pin,
				 .name = r->name,
				 .enabled = is_true(r->enabled),
				 .foreign = is_true(r->foreign) };

	(void)sim;
	if (!code.handle || !r->pin || !r->name || !read_instant(r->starts_at, &code.starts_at) ||
	    !read_instant(r->ends_at, &code.ends_at))
		return false;
	sim_lock_put(lock, &code);
	return true;
}

static bool apply_gone(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	(void)sim;
	sim_lock_drop(lock, number_of(r->handle));
	return r->handle;
}

static bool apply_entered(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	struct sim_entered e = { 0 };

	(void)sim;
	if (!r->pin || !read_instant(r->starts_at, &e.starts_at) ||
	    !read_instant(r->ends_at, &e.ends_at))
		return false;
	g_strlcpy(e.pin, r->pin, sizeof e.pin);
	sim_lock_note_entered(lock, &e);
	return true;
}

static bool apply_assigned(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	(void)sim;
	if (r->pin)
		g_hash_table_add(lock->assigned, g_strdup(r->pin));
	return r->pin;
}

/* That it was there is seen by who looks through the lines. */
static bool apply_whole(struct sim *sim, struct sim_lock *lock, const struct record *r)
{
	(void)sim;
	(void)lock;
	(void)r;
	return true;
}

static const struct {
	const char *op;
	bool of_lock;
	bool (*apply)(struct sim *sim, struct sim_lock *lock, const struct record *r);
} operations[] = {
	{ "born", false, apply_born },	    { "lock", true, apply_lock },
	{ "code", true, apply_code },	    { "gone", true, apply_gone },
	{ "entered", true, apply_entered }, { "assigned", true, apply_assigned },
	{ "whole", false, apply_whole },
};

/* A lock that the property file no longer has is forgotten. */
static bool apply(struct sim *sim, const struct record *r)
{
	struct sim_lock *lock = r->lock ? sim_find(sim, r->lock, NULL) : NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
		if (g_strcmp0(operations[i].op, r->op) != 0)
			continue;
		if (operations[i].of_lock && !r->lock)
			return false;
		return (operations[i].of_lock && !lock) || operations[i].apply(sim, lock, r);
	}
	return false;
}

/* Of the file so far. */
struct seen {
	unsigned lines, version;
	bool whole;
};

static bool read_line(struct sim *sim, const char *path, const char *line, struct seen *seen,
		      GError **err)
{
	struct record r = { 0 };
	bool fine = jsonin_walk(line, take_value, &r);

	if (fine && number_of(r.version) > MEMORY_VERSION) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_TOO_NEW,
			    "The simulated locks' memory %s was written by a newer keyrackd.",
			    path);
		record_clear(&r);
		return false;
	}
	fine = fine && apply(sim, &r);
	seen->lines++;
	seen->version = r.version ? number_of(r.version) : seen->version;
	seen->whole |= g_strcmp0(r.op, "whole") == 0;
	record_clear(&r);
	if (!fine)
		g_set_error(
			err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT,
			"The simulated locks' memory %s is damaged at line %u. Without the file "
			"the locks start as the property file has them.",
			path, seen->lines);
	return fine;
}

static bool read_all(struct sim *sim, const char *path, char *text, GError **err)
{
	struct seen seen = { 0 };

	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (!read_line(sim, path, line, &seen, err))
			return false;
	}
	if (seen.version == 1 || (seen.version && seen.whole))
		return true;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_CORRUPT,
		    "The simulated locks' memory %s is cut off after line %u: put a copy of it back, "
		    "or remove it, and the locks start as the property file has them.",
		    path, seen.lines);
	return false;
}

struct sim_memory *sim_memory_open(struct sim *sim, const char *path, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, &why) &&
	    !g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
			    "The simulated locks' memory %s cannot be read: %s", path,
			    why->message);
		return NULL;
	}
	if (text && !read_all(sim, path, text, err))
		return NULL;

	struct sim_memory *m = g_new0(struct sim_memory, 1);

	m->sim = sim;
	m->path = g_strdup(path);
	m->fd = -1;
	return m;
}
