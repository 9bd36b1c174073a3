/* rescue_patch - the outbox of a file whose list of tables is lost: its root is page 2 of every cache (schema.c), so a
 * copy is given the first page of a file that has no other table. See rescue.h. */
#include "config.h"

#include "cache/rescue.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	AT_FORMATS = 18, /* 2, 2: with a WAL */
	AT_PAGES = 28,   /* how many the file has, big-endian */
};

static bool write_all(int fd, const char *bytes, size_t n)
{
	for (ssize_t done; n > 0; bytes += done, n -= (size_t)done)
		if ((done = write(fd, bytes, n)) <= 0)
			return false;
	return true;
}

static bool copy_file(const char *from, const char *to)
{
	enum { BLOCK = 1 << 16 };
	g_autofree char *block = g_malloc(BLOCK);
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	ssize_t n = out >= 0 ? read(in, block, BLOCK) : -1;

	while (n > 0)
		n = write_all(out, block, (size_t)n) ? read(in, block, BLOCK) : -1;
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return n == 0;
}

/* What a file begins with that has the outbox and nothing else. */
static bool make_first_page(const char *path, sqlite3 *like, guchar page[static PAGE])
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	FILE *file = NULL;
	bool ok = sqlite3_prepare_v2(like, "SELECT sql FROM sqlite_schema WHERE name = 'intent'", -1, &q, NULL) ==
			  SQLITE_OK &&
		  sqlite3_step(q) == SQLITE_ROW && sqlite3_open(path, &db) == SQLITE_OK &&
		  sqlite3_exec(db, "PRAGMA page_size = 4096", NULL, NULL, NULL) == SQLITE_OK &&
		  sqlite3_exec(db, (const char *)sqlite3_column_text(q, 0), NULL, NULL, NULL) == SQLITE_OK;

	sqlite3_finalize(q);
	sqlite3_close(db);
	file = ok ? fopen(path, "rbe") : NULL;
	ok = file && fread(page, PAGE, 1, file) == 1;
	if (file)
		fclose(file);
	g_unlink(path);
	return ok;
}

static bool put_first_page(const char *path, guchar page[static PAGE])
{
	FILE *file = fopen(path, "r+be");
	struct stat st;
	guint32 pages;
	bool ok = file && fstat(fileno(file), &st) == 0 && st.st_size >= 2 * PAGE;

	if (ok) {
		pages = GUINT32_TO_BE((guint32)(st.st_size / PAGE));
		memset(page + AT_FORMATS, 2, 2);
		memcpy(page + AT_PAGES, &pages, sizeof pages);
		ok = fwrite(page, PAGE, 1, file) == 1;
	}
	return file && fclose(file) == 0 && ok;
}

char *rescue_patch(const char *path, sqlite3 *like)
{
	g_autofree char *patched = g_strconcat(path, ".patched", NULL), *first = g_strconcat(path, ".first", NULL);
	g_autofree char *wal = g_strconcat(path, "-wal", NULL), *patched_wal = g_strconcat(patched, "-wal", NULL);
	guchar page[PAGE];

	rescue_unlink(patched);
	rescue_unlink(first);
	if (make_first_page(first, like, page) && copy_file(path, patched) && put_first_page(patched, page) &&
	    (!g_file_test(wal, G_FILE_TEST_EXISTS) || copy_file(wal, patched_wal)))
		return g_steal_pointer(&patched);
	rescue_unlink(patched);
	return NULL;
}
