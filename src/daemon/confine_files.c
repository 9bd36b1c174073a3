/* confine_files - see the header.
 *
 * The kernel's interface is used as it is: three calls, and numbers that never change. Those that this machine's
 * headers are too old for stand here; a kernel that is too old for them is asked for less. */
#include "config.h"

#include "daemon/confine_files.h"

#include "core/error.h"

#if defined HAVE_LINUX_LANDLOCK_H && !defined __SANITIZE_ADDRESS__

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RIGHT(name, bit) static const uint64_t name = UINT64_C(1) << (bit);
RIGHT(EXECUTE, 0)
RIGHT(WRITE_FILE, 1)
RIGHT(READ_FILE, 2)
RIGHT(READ_DIR, 3)
RIGHT(REMOVE_FILE, 5)
RIGHT(MAKE_FILE, 8)
RIGHT(TRUNCATE, 14)
RIGHT(IOCTL, 15)

/* How many rights the kernels know, by what they call themselves: 1, 2, .. */
static const unsigned rights_known[] = { 13, 14, 15, 15, 16 };

/* What libraries read while keyrackd serves. Files in /etc are put in each other's place while it runs, so it is the
 * folder; who may read which of them is still the system's to say. */
static const struct confine_place system_places[] = {
	{ "/etc", CONFINE_READ },
	{ "/lib", CONFINE_READ },
	{ "/lib32", CONFINE_READ },
	{ "/lib64", CONFINE_READ },
	{ "/usr/lib", CONFINE_READ },
	{ "/usr/lib32", CONFINE_READ },
	{ "/usr/lib64", CONFINE_READ },
	{ "/usr/local/lib", CONFINE_READ },
	{ "/usr/share/zoneinfo", CONFINE_READ },
	{ "/usr/share/ca-certificates", CONFINE_READ },
	{ "/usr/local/share/ca-certificates", CONFINE_READ },
	{ "/usr/share/pki", CONFINE_READ },
	{ "/usr/share/p11-kit", CONFINE_READ },
	{ "/usr/share/locale", CONFINE_READ },
	{ "/var/lib/ca-certificates", CONFINE_READ },
	{ "/nix/store", CONFINE_READ },
	{ "/gnu/store", CONFINE_READ },
	{ "/dev/null", CONFINE_DEVICE },
	{ "/dev/random", CONFINE_READ },
	{ "/dev/urandom", CONFINE_READ },
};

/* And where the environment leads them. */
static const char *const system_variables[] = { "TZDIR", "SSL_CERT_FILE", "SSL_CERT_DIR" };

/* Links out of /etc: the folder that each leads into. */
static const char *const system_links[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/localtime" };

static uint64_t allowed(enum confine_right right, bool folder)
{
	const uint64_t rows[] = {
		[CONFINE_READ] = READ_FILE | READ_DIR,
		[CONFINE_KEEP] = READ_FILE | READ_DIR | WRITE_FILE | MAKE_FILE | REMOVE_FILE | TRUNCATE,
		[CONFINE_REMOVE] = REMOVE_FILE,
		[CONFINE_DEVICE] = READ_FILE | WRITE_FILE,
	};
	const uint64_t of_files = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL;

	return folder ? rows[right] : rows[right] & of_files;
}

static bool add(int set, uint64_t handled, const char *path, enum confine_right right)
{
	int fd = path ? open(path, O_PATH | O_CLOEXEC) : -1;
	struct landlock_path_beneath_attr rule = { .parent_fd = fd };
	struct stat st;
	bool ok;

	if (fd < 0)
		return true;
	ok = fstat(fd, &st) == 0;
	rule.allowed_access = ok ? allowed(right, S_ISDIR(st.st_mode)) & handled : 0;
	ok = ok && (!rule.allowed_access ||
		    syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0);
	close(fd);
	return ok;
}

static bool add_end_of(int set, uint64_t handled, const char *link)
{
	char *end = realpath(link, NULL);
	g_autofree char *folder = end ? g_path_get_dirname(end) : NULL;

	free(end);
	return !folder || add(set, handled, folder, CONFINE_READ);
}

static bool fill(int set, uint64_t handled, const struct confine_place *places, size_t n)
{
	bool ok = true;

	for (size_t i = 0; i < G_N_ELEMENTS(system_places); i++)
		ok = ok && add(set, handled, system_places[i].path, system_places[i].right);
	for (size_t i = 0; i < G_N_ELEMENTS(system_variables); i++)
		ok = ok && add(set, handled, g_getenv(system_variables[i]), CONFINE_READ);
	for (size_t i = 0; i < G_N_ELEMENTS(system_links); i++)
		ok = ok && add_end_of(set, handled, system_links[i]);
	for (size_t i = 0; i < n; i++)
		ok = ok && add(set, handled, places[i].path, places[i].right);
	return ok;
}

/* A thread that is there already would go on as it is. */
static bool alone(void)
{
	g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);

	return !tasks || !g_dir_read_name(tasks) || !g_dir_read_name(tasks);
}

static bool restrict_to(const struct confine_place *places, size_t n, uint64_t handled)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = handled };
	int set = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0), was;
	bool ok = set >= 0 && fill(set, handled, places, n) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		  syscall(SYS_landlock_restrict_self, set, 0) == 0;

	was = errno;
	if (set >= 0)
		close(set);
	errno = was;
	return ok;
}

enum confined confine_files(const struct confine_place *places, size_t n, GError **err)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	size_t row = (size_t)CLAMP(version, 1, (long)G_N_ELEMENTS(rights_known)) - 1;
	const char *why;

	if (version < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
		return CONFINE_ABSENT;
	if (version < 0)
		why = g_strerror(errno);
	else if (!alone())
		why = "threads run already";
	else if (restrict_to(places, n, (UINT64_C(1) << rights_known[row]) - 1))
		return CONFINED;
	else
		why = g_strerror(errno);
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
		    "No files could be given up (%s): keyrackd goes on without ('landlock = off' says so on purpose)",
		    why);
	return CONFINE_FAILED;
}

#else

enum confined confine_files(const struct confine_place *places, size_t n, GError **err)
{
	(void)places;
	(void)n;
	(void)err;
	return CONFINE_ABSENT;
}

#endif
