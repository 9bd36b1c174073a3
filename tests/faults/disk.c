/* disk - a disk that fills up or fails, laid before a program with LD_PRELOAD.
 *
 * Files under KEYRACK_FAULT_FOLDER are on it. KEYRACK_FAULT_FILE is two numbers of 32 bits that are shared with
 * the test: what goes wrong, and how many operations still go well. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { GOOD, FULL, WRITE_FAILS, SYNC_FAILS, READ_FAILS, SHORT };

static volatile int32_t *told;

static void look(void)
{
	const char *path = getenv("KEYRACK_FAULT_FILE");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	told = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (told == MAP_FAILED)
		told = NULL;
	close(fd);
}

__attribute__((constructor)) static void begin(void)
{
	look();
}

static int is_there(int fd)
{
	const char *folder = getenv("KEYRACK_FAULT_FOLDER");
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	if (!folder || n <= 0)
		return 0;
	path[n] = '\0';
	return strncmp(path, folder, strlen(folder)) == 0;
}

/* Does this operation go wrong? Then errno says how. */
static int fails(int fd, unsigned modes, int how)
{
	if (!told || !(modes & 1u << told[0]) || !is_there(fd))
		return 0;
	if (told[1] > 0) {
		told[1]--;
		return 0;
	}
	errno = how;
	return 1;
}

#define WRITES (1u << FULL | 1u << WRITE_FAILS | 1u << SHORT)
#define real(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int write_error(void)
{
	return told && told[0] == WRITE_FAILS ? EIO : ENOSPC;
}

/* Half of it is written the first time, nothing from then on. */
static size_t shortened(size_t n)
{
	if (told[0] != SHORT || n < 2)
		return 0;
	told[0] = FULL;
	return n / 2;
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	if (fails(fd, WRITES, write_error())) {
		size_t some = shortened(n);

		return some ? real(pwrite64)(fd, data, some, at) : -1;
	}
	return real(pwrite64)(fd, data, n, at);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	return pwrite64(fd, data, n, at);
}

ssize_t write(int fd, const void *data, size_t n)
{
	if (fails(fd, WRITES, write_error()))
		return -1;
	return real(write)(fd, data, n);
}

ssize_t pread64(int fd, void *data, size_t n, off64_t at)
{
	if (fails(fd, 1u << READ_FAILS, EIO))
		return -1;
	return real(pread64)(fd, data, n, at);
}

int fsync(int fd)
{
	return fails(fd, 1u << SYNC_FAILS, EIO) ? -1 : real(fsync)(fd);
}

int fdatasync(int fd)
{
	return fails(fd, 1u << SYNC_FAILS, EIO) ? -1 : real(fdatasync)(fd);
}

int ftruncate64(int fd, off64_t n)
{
	return fails(fd, 1u << WRITE_FAILS | 1u << FULL, write_error()) ? -1 : real(ftruncate64)(fd, n);
}

int posix_fallocate64(int fd, off64_t at, off64_t n)
{
	return fails(fd, WRITES, ENOSPC) ? errno : real(posix_fallocate64)(fd, at, n);
}
