/* disk - see disk.h. A file is bytes in memory; what was written since its last sync lies beside
 * them in one block, so that a commit costs no allocation. The locks are those of SQLite's own
 * rules between the connections of this process: there is no other. */
#include "config.h"

#include "tests/simulation/disk.h"

#include <glib.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/simulation/world.h"

#define SECTOR 512
#define ROOM   (256 << 10) /* of a new file, so that it seldom has to move */

/* One write that no sync has followed: what it covered, then what it wrote, in 'bytes'. */
struct unsynced {
	int64_t at, size_before;
	gsize from, was_n, is_n;
	bool truncates;
};

struct content {
	struct disk *disk;
	char *path;            /* NULL: a temporary file */
	char *data;
	int64_t size, room;
	GArray *unsynced;      /* struct unsynced */
	GByteArray *bytes;
	GPtrArray *open;       /* struct file */
	GPtrArray *shm;        /* what the connections share, block by block */
	int shm_users;
	bool deleted;
};

struct file {
	sqlite3_file base;
	struct content *content;
	int level;
	unsigned shared, exclusive; /* of the shared memory's locks: a bit each */
	bool maps;
};

static sqlite3_vfs *below, ram;
static int checkpoint_after; /* pages of a journal */
static GPtrArray *mounts;    /* struct disk */
static GHashTable *contents; /* path -> struct content */

static struct content *content_new(struct disk *d, const char *path)
{
	struct content *c = g_new0(struct content, 1);

	c->disk = d;
	c->path = g_strdup(path);
	c->unsynced = g_array_new(FALSE, FALSE, sizeof(struct unsynced));
	c->bytes = g_byte_array_new();
	c->open = g_ptr_array_new();
	c->shm = g_ptr_array_new_with_free_func(g_free);
	if (path)
		g_hash_table_insert(contents, c->path, c);
	return c;
}

static void content_free(void *p)
{
	struct content *c = p;

	g_free(c->path);
	g_free(c->data);
	g_array_unref(c->unsynced);
	g_byte_array_unref(c->bytes);
	g_ptr_array_unref(c->open);
	g_ptr_array_unref(c->shm);
	g_free(c);
}

static void all_synced(struct content *c)
{
	g_array_set_size(c->unsynced, 0);
	g_byte_array_set_size(c->bytes, 0);
}

static void make_room(struct content *c, int64_t size)
{
	if (size <= c->room)
		return;
	c->room = MAX(MAX(size, ROOM), 2 * c->room);
	c->data = g_realloc(c->data, (gsize)c->room);
}

static void set_size(struct content *c, int64_t size)
{
	make_room(c, size);
	if (size > c->size)
		memset(c->data + c->size, 0, (gsize)(size - c->size));
	c->size = size;
}

static void put(struct content *c, int64_t at, const void *from, gsize n)
{
	if (n == 0)
		return;
	if (at > c->size)
		set_size(c, at);
	make_room(c, at + (int64_t)n);
	c->size = MAX(c->size, at + (int64_t)n);
	memcpy(c->data + at, from, n);
}

/* ---- failing ---- */

/* One more write. SQLITE_OK: it may be carried out. */
static int may_write(const struct content *c)
{
	struct disk *d = c->disk;

	if (!d || !c->path)
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

static bool is_dead(const struct content *c)
{
	return c->disk && c->disk->dead;
}

/* bytes NULL: it is cut off at 'at'. */
static void remember(struct content *c, int64_t at, const void *bytes, gsize n)
{
	int64_t end = bytes ? MIN(at + (int64_t)n, c->size) : c->size;
	struct unsynced u = { .at = at,
			      .size_before = c->size,
			      .from = c->bytes->len,
			      .was_n = (gsize)MAX(end - at, 0),
			      .is_n = bytes ? n : 0,
			      .truncates = !bytes };

	if (!c->path)
		return;
	if (u.was_n > 0)
		g_byte_array_append(c->bytes, (const guint8 *)c->data + at, (guint)u.was_n);
	if (u.is_n > 0)
		g_byte_array_append(c->bytes, bytes, (guint)n);
	g_array_append_val(c->unsynced, u);
}

/* ---- the methods of a file ---- */

static struct file *file_of(sqlite3_file *p)
{
	return (struct file *)(void *)p;
}

static struct content *content_of(sqlite3_file *p)
{
	return file_of(p)->content;
}

static int x_read(sqlite3_file *p, void *to, int n, sqlite3_int64 at)
{
	const struct content *c = content_of(p);
	int64_t there = MIN((int64_t)n, c->size - at);

	if (is_dead(c))
		return SQLITE_IOERR_READ;
	if (there > 0)
		memcpy(to, c->data + at, (gsize)there);
	if (there == n)
		return SQLITE_OK;
	there = MAX(there, 0);
	memset((char *)to + there, 0, (gsize)(n - there));
	return SQLITE_IOERR_SHORT_READ;
}

static int x_write(sqlite3_file *p, const void *from, int n, sqlite3_int64 at)
{
	struct content *c = content_of(p);
	int no = may_write(c);

	if (no != SQLITE_OK)
		return no == SQLITE_IOERR ? SQLITE_IOERR_WRITE : no;
	remember(c, at, from, (gsize)n);
	put(c, at, from, (gsize)n);
	return SQLITE_OK;
}

static int x_truncate(sqlite3_file *p, sqlite3_int64 size)
{
	struct content *c = content_of(p);

	if (may_write(c) != SQLITE_OK)
		return SQLITE_IOERR_TRUNCATE;
	remember(c, size, NULL, 0);
	set_size(c, size);
	return SQLITE_OK;
}

static int x_sync(sqlite3_file *p, int flags)
{
	(void)flags;
	if (may_write(content_of(p)) != SQLITE_OK)
		return SQLITE_IOERR_FSYNC;
	all_synced(content_of(p));
	return SQLITE_OK;
}

static int x_file_size(sqlite3_file *p, sqlite3_int64 *size)
{
	*size = content_of(p)->size;
	return SQLITE_OK;
}

/* The highest level that another connection has. */
static int level_of_others(const struct file *f)
{
	int most = SQLITE_LOCK_NONE;

	for (guint i = 0; i < f->content->open->len; i++) {
		const struct file *other = f->content->open->pdata[i];

		if (other != f)
			most = MAX(most, other->level);
	}
	return most;
}

static int x_lock(sqlite3_file *p, int level)
{
	struct file *f = file_of(p);
	int others = level_of_others(f);

	if (is_dead(f->content))
		return SQLITE_IOERR_LOCK;
	if (f->level >= level)
		return SQLITE_OK;
	if (others >= SQLITE_LOCK_PENDING ||
	    (level >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED))
		return SQLITE_BUSY;
	if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
		f->level = SQLITE_LOCK_PENDING;
		return SQLITE_BUSY;
	}
	f->level = level;
	return SQLITE_OK;
}

static int x_unlock(sqlite3_file *p, int level)
{
	file_of(p)->level = MIN(file_of(p)->level, level);
	return SQLITE_OK;
}

static int x_check_lock(sqlite3_file *p, int *out)
{
	*out = MAX(file_of(p)->level, level_of_others(file_of(p))) >= SQLITE_LOCK_RESERVED;
	return SQLITE_OK;
}

/* The programs ask for a journal of up to 16 MB, which would be read through after each death, and so
 * large that a small house never moves it into its file: here that is done sooner. */
static int x_control(sqlite3_file *p, int op, void *arg)
{
	(void)p;
	return op == SQLITE_FCNTL_PRAGMA &&
			       strcmp(((char **)arg)[1], "wal_autocheckpoint") == 0
		       ? SQLITE_OK
		       : SQLITE_NOTFOUND;
}

static int set_checkpoint(sqlite3 *db, char **why, const struct sqlite3_api_routines *api)
{
	(void)why;
	(void)api;
	return sqlite3_wal_autocheckpoint(db, checkpoint_after);
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
	struct file *f = file_of(p);
	struct content *c = f->content;

	*out = NULL;
	if (is_dead(c))
		return SQLITE_IOERR_SHMMAP;
	c->shm_users += !f->maps;
	f->maps = true;
	while (extend && c->shm->len <= (guint)page)
		g_ptr_array_add(c->shm, g_malloc0((gsize)size));
	if ((guint)page < c->shm->len)
		*out = c->shm->pdata[page];
	return SQLITE_OK;
}

static int x_shm_lock(sqlite3_file *p, int at, int n, int flags)
{
	struct file *f = file_of(p);
	unsigned mask = ((1u << n) - 1) << at;

	if (flags & SQLITE_SHM_UNLOCK) {
		f->shared &= ~mask;
		f->exclusive &= ~mask;
		return SQLITE_OK;
	}
	if (is_dead(f->content))
		return SQLITE_IOERR_SHMLOCK;
	for (guint i = 0; i < f->content->open->len; i++) {
		const struct file *other = f->content->open->pdata[i];

		if (other != f && (other->exclusive & mask ||
				   (flags & SQLITE_SHM_EXCLUSIVE && other->shared & mask)))
			return SQLITE_BUSY;
	}
	*(flags & SQLITE_SHM_SHARED ? &f->shared : &f->exclusive) |= mask;
	return SQLITE_OK;
}

static void x_shm_barrier(sqlite3_file *p)
{
	(void)p;
}

/* Who comes first finds nothing, as after a death of all, and reads the journal anew. */
static int x_shm_unmap(sqlite3_file *p, int drop)
{
	struct file *f = file_of(p);

	(void)drop;
	if (f->maps && --f->content->shm_users == 0)
		g_ptr_array_set_size(f->content->shm, 0);
	f->maps = false;
	f->shared = f->exclusive = 0;
	return SQLITE_OK;
}

static int x_close(sqlite3_file *p)
{
	struct content *c = content_of(p);

	x_shm_unmap(p, 0);
	g_ptr_array_remove_fast(c->open, p);
	if (c->open->len == 0 && (!c->path || c->deleted))
		content_free(c);
	return SQLITE_OK;
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

/* ---- the methods of the VFS ---- */

static struct disk *disk_of(const char *path)
{
	for (guint i = mounts->len; path && i-- > 0;) {
		struct disk *d = mounts->pdata[i];

		if (g_str_has_prefix(path, d->folder))
			return d;
	}
	return NULL;
}

static int x_open(sqlite3_vfs *v, const char *path, sqlite3_file *p, int flags, int *out)
{
	struct file *f = file_of(p);
	struct content *c = path ? g_hash_table_lookup(contents, path) : NULL;
	struct disk *d = disk_of(path);

	(void)v;
	memset(f, 0, sizeof *f);
	if (d && d->dead)
		return SQLITE_CANTOPEN;
	if (!c)
		c = content_new(d, path);
	c->disk = d;
	f->content = c;
	g_ptr_array_add(c->open, f);
	if (out)
		*out = flags;
	f->base.pMethods = &methods;
	return SQLITE_OK;
}

/* A journal that is dropped is gone for good: its folder is synced at once. */
static int x_delete(sqlite3_vfs *v, const char *path, int sync)
{
	struct content *c = g_hash_table_lookup(contents, path);

	(void)v;
	(void)sync;
	if (!c)
		return SQLITE_IOERR_DELETE_NOENT;
	if (is_dead(c))
		return SQLITE_IOERR_DELETE;
	g_hash_table_steal(contents, path);
	c->deleted = true;
	if (c->open->len == 0)
		content_free(c);
	return SQLITE_OK;
}

static int x_access(sqlite3_vfs *v, const char *path, int flags, int *out)
{
	const struct content *c = g_hash_table_lookup(contents, path);

	(void)v;
	*out = c && (flags != SQLITE_ACCESS_EXISTS || c->size > 0);
	return SQLITE_OK;
}

static int x_full_path(sqlite3_vfs *v, const char *path, int n, char *out)
{
	(void)v;
	return g_strlcpy(out, path, (gsize)n) < (gsize)n ? SQLITE_OK : SQLITE_CANTOPEN;
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

void disk_install(int checkpoint_pages)
{
	checkpoint_after = checkpoint_pages;
	if (below)
		return;
	/* One thread, and nobody reads SQLite's account of its memory. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	mounts = g_ptr_array_new();
	contents = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, content_free);
	below = sqlite3_vfs_find("unix");
	ram = *below;
	ram.zName = "disk";
	ram.szOsFile = (int)sizeof(struct file);
	ram.xOpen = x_open;
	ram.xDelete = x_delete;
	ram.xAccess = x_access;
	ram.xFullPathname = x_full_path;
	ram.xRandomness = x_random;
	ram.xSleep = x_sleep;
	sqlite3_vfs_register(&ram, 1);
	sqlite3_auto_extension((void (*)(void))set_checkpoint);
}

void disk_mount(struct disk *d, const char *folder)
{
	d->folder = g_strconcat(folder, "/", NULL);
	g_ptr_array_add(mounts, d);
}

static gboolean is_on(gpointer path, gpointer content, gpointer disk)
{
	(void)path;
	return ((struct content *)content)->disk == disk;
}

void disk_unmount(struct disk *d)
{
	g_hash_table_foreach_remove(contents, is_on, d);
	g_ptr_array_remove(mounts, d);
	g_free(d->folder);
}

/* ---- the power cut ---- */

static void cut(struct content *c, uint64_t *dice)
{
	const guint8 *bytes = c->bytes->data;

	for (guint i = c->unsynced->len; i-- > 0;) { /* back to the last sync ... */
		const struct unsynced *u = &g_array_index(c->unsynced, struct unsynced, i);

		set_size(c, u->size_before);
		put(c, u->at, bytes + u->from, u->was_n);
	}
	for (guint i = 0; i < c->unsynced->len; i++) { /* ... and what made it all the same */
		const struct unsynced *u = &g_array_index(c->unsynced, struct unsynced, i);
		int fate = dice_below(dice, 4);
		gsize torn;

		if (fate == 0 || fate == 1)
			continue;
		if (u->truncates) {
			set_size(c, u->at);
			continue;
		}
		/* torn, at a sector's edge */
		torn = fate == 2 ? u->is_n
				 : (gsize)dice_below(dice, (int)(u->is_n / SECTOR) + 1) * SECTOR;
		put(c, u->at, bytes + u->from + u->was_n, torn);
	}
	all_synced(c);
}

/* In the order of their names: no outcome may hang on where a table has put them. */
static GList *contents_of(struct disk *d)
{
	GList *all = g_list_sort(g_hash_table_get_keys(contents), (GCompareFunc)strcmp), *some = NULL;

	for (GList *i = all; i; i = i->next) {
		struct content *c = g_hash_table_lookup(contents, i->data);

		if (c->disk == d)
			some = g_list_append(some, c);
	}
	g_list_free(all);
	return some;
}

void disk_cut_power(struct disk *d, uint64_t *dice)
{
	g_autoptr(GList) some = contents_of(d);

	for (GList *i = some; i; i = i->next)
		cut(i->data, dice);
}

void disk_forget(struct disk *d)
{
	g_autoptr(GList) some = contents_of(d);

	for (GList *i = some; i; i = i->next)
		all_synced(i->data);
}
