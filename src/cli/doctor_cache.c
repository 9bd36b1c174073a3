/* doctor_cache - the checks of what lies on this computer's disk. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cache/rekey.h"
#include "cli/doctor.h"
#include "feed/door_set.h"
#include "sync/sync.h"

#define FREE_WARN (INT64_C(200) << 20)
#define FREE_BAD  (INT64_C(20) << 20)

static void say_disk(struct doctor *d)
{
	struct statvfs fs;

	if (statvfs(d->cli->profile->folder, &fs) != 0)
		return;
	int64_t left = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	g_autofree char *words = g_format_size((guint64)left);
	if (left < FREE_WARN)
		doctor_say(d, left < FREE_BAD ? DOCTOR_BAD : DOCTOR_WARN,
			   "Make room: without it nothing can be queued", "only %s free in %s",
			   words, d->cli->profile->folder);
}

static void say_cache(struct doctor *d, const char *path)
{
	struct cache_counts n = cache_counts(d->cli->cache, d->cli->now);
	GStatBuf st;
	g_autofree char *size = g_format_size(g_stat(path, &st) == 0 ? (guint64)st.st_size : 0);

	doctor_say(d, DOCTOR_OK, NULL,
		   "%s: version %d, %s, %" G_GINT64_FORMAT " locks, %" G_GINT64_FORMAT
		   " codes, %" G_GINT64_FORMAT " events",
		   path, CACHE_VERSION, size, n.locks, n.codes, n.events);
}

/* Where the key of its PINs is, and whether it opens them. */
static void say_key(struct doctor *d)
{
	struct cache_key key;

	if (!cache_key(d->cli->cache, &key, NULL))
		return;
	if (key.closed)
		doctor_say(d, DOCTOR_BAD,
			   "keyrack sync brings them again; what else was altered, ask whoever can write there",
			   "%" G_GINT64_FORMAT " PINs in the cache do not open with %s", key.closed, key.path);
	else if (!key.is_newest)
		doctor_say(d, DOCTOR_WARN, "keyrack cache rekey goes on with it",
			   "the cache is not sealed with the newest key in %s", key.path);
	else
		doctor_say(d, DOCTOR_OK, NULL,
			   "PINs are sealed; their key is in %s (back it up, apart from the cache)", key.path);
	if (key.sweep_due)
		doctor_say(d, DOCTOR_WARN, "End consoles and sync, then start one of them again",
			   "PINs of before they were sealed may be left in free pages of the cache");
	cache_key_clear(&key);
}

/* What a rescue set aside. */
static void say_aside(struct doctor *d)
{
	const char *folder = d->cli->profile->folder;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		GStatBuf st;

		if (!g_str_has_prefix(name, "cache.db.damaged-") || g_str_has_suffix(name, "-wal") ||
		    g_str_has_suffix(name, "-shm") || g_stat(path, &st) != 0)
			continue;
		g_autofree char *size = g_format_size((guint64)st.st_size);
		if (strstr(name, "-lost"))
			doctor_say(d, DOCTOR_WARN, "keyrack journal says what; delete the file when nobody needs it: it holds PINs",
				   "a damaged cache was set aside, and not all that was queued could be saved: %s, %s", path,
				   size);
		else
			doctor_say(d, DOCTOR_WARN, "Delete it when nobody needs it: it holds PINs",
				   "a damaged cache was set aside: %s, %s", path, size);
	}
}

static const char *remedy_for(const GError *err)
{
	static const struct {
		enum keyrack_error code;
		const char *remedy;
	} known[] = {
		{ KEYRACK_ERROR_TOO_NEW, "Update keyrack on this computer" },
		{ KEYRACK_ERROR_KEY_LOST, "Put the key file back from its backup; else keyrack cache rekey --lost" },
		{ KEYRACK_ERROR_CONFIG, "Put the key file right, as it says" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_error_matches(err, KEYRACK_ERROR, (int)known[i].code))
			return known[i].remedy;
	return "keyrack sync sets a damaged cache aside and saves its outbox";
}

void doctor_cache(struct doctor *d)
{
	struct cli *cli = d->cli;
	g_autofree char *path = profile_file(cli->profile, "cache.db");
	g_autoptr(GError) err = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		doctor_say(d, DOCTOR_WARN, "keyrack sync --once fetches everything",
			   "%s is not there yet", path);
		say_disk(d);
		return;
	}
	if (!cli_open_cache(cli, &err))
		doctor_say(d, DOCTOR_BAD, remedy_for(err), "%s", err->message);
	else if (!cache_check(cli->cache, &err))
		doctor_say(d, DOCTOR_BAD,
			   "End consoles and sync, move the file away, and run keyrack sync",
			   "%s", err->message);
	else {
		say_cache(d, path);
		say_key(d);
	}
	say_aside(d);
	say_disk(d);
}

void doctor_outbox(struct doctor *d)
{
	if (!d->cli->cache)
		return;
	struct cache_counts n = cache_counts(d->cli->cache, d->cli->now);
	bool held = sync_lock_is_held(d->cli->profile->folder);

	if (n.outbox_refused)
		doctor_say(d, DOCTOR_WARN, "keyrack outbox says why",
			   "%" G_GINT64_FORMAT " refused by the server", n.outbox_refused);
	if (n.outbox_waiting)
		doctor_say(d, held ? DOCTOR_OK : DOCTOR_WARN,
			   held ? NULL : "keyrack sync --once sends it",
			   "%" G_GINT64_FORMAT " waiting to be sent", n.outbox_waiting);
	if (!n.outbox_refused && !n.outbox_waiting)
		doctor_say(d, DOCTOR_OK, NULL, "empty");
}

void doctor_sync(struct doctor *d)
{
	bool held = sync_lock_is_held(d->cli->profile->folder);

	if (!d->cli->cache)
		return;
	g_autofree char *age = cli_age(d->cli);
	if (!age)
		doctor_say(d, DOCTOR_OK, NULL, "%s, data is fresh",
			   held ? "running" : "not running");
	else
		doctor_say(d, DOCTOR_WARN,
			   held ? "See the server's lines above"
				: "It starts with the console; or: keyrack sync --once",
			   "%s", age);
}

/* A set that names a lock which was renamed leaves it out from then on, and nobody sees it. */
void doctor_doors(struct doctor *d)
{
	const GPtrArray *sets = d->cli->profile->door_sets;

	for (guint i = 0; d->cli->cache && sets && i < sets->len; i++) {
		const struct door_set *set = sets->pdata[i];
		g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_autofree char *missing = NULL;

		if (!door_set_find(d->cli->cache, set, locks, &missing, NULL))
			continue;
		doctor_say(d, missing ? DOCTOR_WARN : DOCTOR_OK,
			   missing ? "Write the locks' names as 'keyrack locks' has them" : NULL,
			   "[doors %s]: %u locks%s%s", set->name, locks->len, missing ? "; " : "",
			   missing ? missing : "");
	}
}
