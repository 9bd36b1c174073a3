/* disk - see disk.h. */
#include "config.h"

#include "tests/simulation/disk.h"

#include <fcntl.h>
#include <glib.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "tests/simulation/world.h"

#define SECTOR 512

/* One write that no sync has followed. was: what it covered. */
struct unsynced {
	int64_t at, size_before;
	GBytes *was, *is;      /* is NULL: a truncation to 'at' */
};

struct tracked {
	struct disk *disk;
	char *path;
	GArray *unsynced;      /* struct unsynced */
};

struct file {
	sqlite3_file base;
	struct disk *disk;
	struct tracked *track; /* NULL: a temporary one */
	sqlite3_file *real;    /* in the same block of memory, behind this struct */
};

static sqlite3_vfs *below, shim;
static GPtrArray *mounts; /* struct disk */
static GHashTable *tracks; /* path -> struct tracked */

static void unsynced_clear(void *p)
{
	struct unsynced *u = p;

	g_bytes_unref(u->was);
	g_clear_pointer(&u->is, g_bytes_unref);
}

static struct tracked *track_of(struct disk *d, const char *path)
{
	struct tracked *t = g_hash_table_lookup(tracks, path);

	if (!t) {
		t = g_new0(struct tracked, 1);
		t->path = g_strdup(path);
		t->unsynced = g_array_new(FALSE, FALSE, sizeof(struct unsynced));
		g_array_set_clear_func(t->unsynced, unsynced_clear);
		g_hash_table_insert(tracks, t->path, t);
	}
	t->disk = d;
	return t;
}

/* ---- failing ---- */

/* One more write. SQLITE_OK: it may be carried out. */
static int may_write(struct file *f)
{
	struct disk *d = f->disk;

	if (!d || !f->track)
		return SQLITE_OK;
	d->writes++;
	if (!d->dead && d->stop_at && d->writes >= d->stop_at) {
		d->dead = true;
		d->stop_at = 0;
		d->crashes++;
		if (d->on_death)
			d->on_death(d);
	}
	if (d->dead)
		return SQLITE_IOERR;
	if (d->mood == DISK_WELL)
		return SQLITE_OK;
	d->refused++;
	return d->mood == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR;
}

static bool is_dead(const struct file *f)
{
	return f->disk && f->disk->dead;
}

static void remember(struct file *f, int64_t at, const void *bytes, int n)
{
	sqlite3_int64 size = 0;
	struct unsynced u = { .at = at };
	int64_t end = at + n;
	char *was;

	if (!f->track)
		return;
	f->real->pMethods->xFileSize(f->real, &size);
	u.size_before = size;
	if (!bytes)
		end = size;
	end = MIN(end, size);
	was = g_malloc0((gsize)MAX(end - at, 1));
	if (end > at)
		f->real->pMethods->xRead(f->real, was, (int)(end - at), at);
	u.was = g_bytes_new_take(was, (gsize)MAX(end - at, 0));
	u.is = bytes ? g_bytes_new(bytes, (gsize)n) : NULL;
	g_array_append_val(f->track->unsynced, u);
}

/* ---- the methods of a file ---- */

#define REAL(p) (((struct file *)(void *)(p))->real)

static int x_close(sqlite3_file *p)
{
	return REAL(p)->pMethods ? REAL(p)->pMethods->xClose(REAL(p)) : SQLITE_OK;
}

static int x_read(sqlite3_file *p, void *to, int n, sqlite3_int64 at)
{
	return is_dead((void *)p) ? SQLITE_IOERR_READ : REAL(p)->pMethods->xRead(REAL(p), to, n, at);
}

static int x_write(sqlite3_file *p, const void *from, int n, sqlite3_int64 at)
{
	struct file *f = (void *)p;
	int no = may_write(f);

	if (no != SQLITE_OK)
		return no == SQLITE_IOERR ? SQLITE_IOERR_WRITE : no;
	remember(f, at, from, n);
	return f->real->pMethods->xWrite(f->real, from, n, at);
}

static int x_truncate(sqlite3_file *p, sqlite3_int64 size)
{
	struct file *f = (void *)p;

	if (may_write(f) != SQLITE_OK)
		return SQLITE_IOERR_TRUNCATE;
	remember(f, size, NULL, 0);
	return f->real->pMethods->xTruncate(f->real, size);
}

static int x_sync(sqlite3_file *p, int flags)
{
	struct file *f = (void *)p;

	(void)flags;
	if (may_write(f) != SQLITE_OK)
		return SQLITE_IOERR_FSYNC;
	if (f->track)
		g_array_set_size(f->track->unsynced, 0);
	return SQLITE_OK; /* this machine's own disk has nothing to do with it */
}

static int x_file_size(sqlite3_file *p, sqlite3_int64 *size)
{
	return REAL(p)->pMethods->xFileSize(REAL(p), size);
}

static int x_lock(sqlite3_file *p, int level)
{
	return is_dead((void *)p) ? SQLITE_IOERR_LOCK : REAL(p)->pMethods->xLock(REAL(p), level);
}

static int x_unlock(sqlite3_file *p, int level)
{
	return REAL(p)->pMethods->xUnlock(REAL(p), level);
}

static int x_check_lock(sqlite3_file *p, int *out)
{
	return REAL(p)->pMethods->xCheckReservedLock(REAL(p), out);
}

static int x_control(sqlite3_file *p, int op, void *arg)
{
	return REAL(p)->pMethods->xFileControl(REAL(p), op, arg);
}

static int x_sector(sqlite3_file *p)
{
	(void)p;
	return SECTOR;
}

static int x_traits(sqlite3_file *p)
{
	(void)p;
	return 0; /* nothing is promised: no power-safe overwrite, no atomic page */
}

static int x_shm_map(sqlite3_file *p, int page, int size, int extend, void volatile **out)
{
	return is_dead((void *)p) ? SQLITE_IOERR_SHMMAP
				  : REAL(p)->pMethods->xShmMap(REAL(p), page, size, extend, out);
}

static int x_shm_lock(sqlite3_file *p, int at, int n, int flags)
{
	if (is_dead((void *)p) && !(flags & SQLITE_SHM_UNLOCK))
		return SQLITE_IOERR_SHMLOCK;
	return REAL(p)->pMethods->xShmLock(REAL(p), at, n, flags);
}

static void x_shm_barrier(sqlite3_file *p)
{
	REAL(p)->pMethods->xShmBarrier(REAL(p));
}

static int x_shm_unmap(sqlite3_file *p, int drop)
{
	return REAL(p)->pMethods->xShmUnmap(REAL(p), drop);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_file_size,
	.xLock = x_lock,
	.xUnlock = x_unlock,
	.xCheckReservedLock = x_check_lock,
	.xFileControl = x_control,
	.xSectorSize = x_sector,
	.xDeviceCharacteristics = x_traits,
	.xShmMap = x_shm_map,
	.xShmLock = x_shm_lock,
	.xShmBarrier = x_shm_barrier,
	.xShmUnmap = x_shm_unmap,
};

static struct disk *disk_of(const char *path)
{
	for (guint i = mounts->len; path && i-- > 0;) {
		struct disk *d = mounts->pdata[i];

		if (g_str_has_prefix(path, d->folder))
			return d;
	}
	return NULL;
}

/* ---- the methods of the VFS: those that matter; the others are the system's own ---- */

static int x_open(sqlite3_vfs *v, const char *path, sqlite3_file *p, int flags, int *out)
{
	struct file *f = (void *)p;
	int result;

	(void)v;
	memset(f, 0, sizeof *f);
	f->real = (sqlite3_file *)(void *)(f + 1);
	f->disk = disk_of(path);
	if (is_dead(f))
		return SQLITE_CANTOPEN;
	result = below->xOpen(below, path, f->real, flags, out);
	if (result != SQLITE_OK)
		return result;
	if (path && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))
		f->track = track_of(f->disk, path);
	f->base.pMethods = &methods;
	return SQLITE_OK;
}

/* A journal that is dropped is gone for good: its folder is synced at once. */
static int x_delete(sqlite3_vfs *v, const char *path, int sync)
{
	struct tracked *t = g_hash_table_lookup(tracks, path);

	(void)v;
	if (t && t->disk && t->disk->dead)
		return SQLITE_IOERR_DELETE;
	if (t)
		g_array_set_size(t->unsynced, 0);
	return below->xDelete(below, path, sync);
}

static int x_random(sqlite3_vfs *v, int n, char *out)
{
	static uint64_t dice = 7; /* salts only: no outcome */

	(void)v;
	for (int i = 0; i < n; i++)
		out[i] = (char)(dice_next(&dice) >> 40);
	return n;
}

/* Who waits for a lock would wait for ever: the other one is in this thread. */
static int x_sleep(sqlite3_vfs *v, int us)
{
	(void)v;
	return us;
}

void disk_install(void)
{
	if (below)
		return;
	mounts = g_ptr_array_new();
	tracks = g_hash_table_new(g_str_hash, g_str_equal);
	below = sqlite3_vfs_find("unix");
	shim = *below;
	shim.zName = "disk";
	shim.szOsFile = (int)sizeof(struct file) + below->szOsFile;
	shim.xOpen = x_open;
	shim.xDelete = x_delete;
	shim.xRandomness = x_random;
	shim.xSleep = x_sleep;
	sqlite3_vfs_register(&shim, 1);
}

void disk_mount(struct disk *d, const char *folder)
{
	d->folder = g_strconcat(folder, "/", NULL);
	g_ptr_array_add(mounts, d);
}

void disk_unmount(struct disk *d)
{
	g_ptr_array_remove(mounts, d);
	g_free(d->folder);
}

/* ---- the power cut ---- */

static void put(int fd, int64_t at, GBytes *bytes, size_t most)
{
	size_t n;
	const char *from = g_bytes_get_data(bytes, &n);

	n = MIN(n, most);
	if (n > 0 && pwrite(fd, from, n, at) != (ssize_t)n)
		g_error("simulated disk: pwrite failed");
}

static void set_size(int fd, int64_t size)
{
	if (ftruncate(fd, size) != 0)
		g_error("simulated disk: ftruncate failed");
}

static void cut(struct tracked *t, uint64_t *dice)
{
	int fd = open(t->path, O_RDWR | O_CLOEXEC);
	GArray *all = t->unsynced;

	for (guint i = fd < 0 ? 0 : all->len; i-- > 0;) { /* back to the last sync ... */
		struct unsynced *u = &g_array_index(all, struct unsynced, i);

		set_size(fd, u->size_before);
		put(fd, u->at, u->was, SIZE_MAX);
	}
	for (guint i = 0; fd >= 0 && i < all->len; i++) { /* ... and what made it all the same */
		struct unsynced *u = &g_array_index(all, struct unsynced, i);
		size_t whole = u->is ? g_bytes_get_size(u->is) : 0;
		int fate = dice_below(dice, 4);

		if (fate == 0 || fate == 1)
			continue;
		if (!u->is)
			set_size(fd, u->at);
		else if (fate == 2)
			put(fd, u->at, u->is, SIZE_MAX);
		else /* torn, at a sector's edge */
			put(fd, u->at, u->is, (size_t)dice_below(dice, (int)(whole / SECTOR) + 1) * SECTOR);
	}
	if (fd >= 0)
		close(fd);
	g_array_set_size(all, 0);
}

/* In the order of their names: no outcome may hang on where a table has put them. */
static GList *tracks_of(struct disk *d)
{
	GList *all = g_list_sort(g_hash_table_get_keys(tracks), (GCompareFunc)strcmp), *some = NULL;

	for (GList *i = all; i; i = i->next) {
		struct tracked *t = g_hash_table_lookup(tracks, i->data);

		if (t->disk == d)
			some = g_list_append(some, t);
	}
	g_list_free(all);
	return some;
}

void disk_cut_power(struct disk *d, uint64_t *dice)
{
	g_autoptr(GList) some = tracks_of(d);

	for (GList *i = some; i; i = i->next)
		cut(i->data, dice);
}

void disk_forget(struct disk *d)
{
	g_autoptr(GList) some = tracks_of(d);

	for (GList *i = some; i; i = i->next)
		g_array_set_size(((struct tracked *)i->data)->unsynced, 0);
}
