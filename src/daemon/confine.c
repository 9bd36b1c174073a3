/* confine - the system calls that a keyrackd needs once it serves, as a filter of seccomp; see the header.
 *
 * A name that this machine's libseccomp or processor does not have is passed over: the lists are of all of them. */
#include "config.h"

#include "daemon/confine.h"

#include "core/error.h"

#if defined HAVE_SECCOMP && !defined __SANITIZE_ADDRESS__

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const needed[] = {
	/* files: the store, its journal and locks, certificates, zones */
	"open",
	"openat",
	"close",
	"close_range",
	"read",
	"readv",
	"pread64",
	"write",
	"writev",
	"pwrite64",
	"lseek",
	"_llseek",
	"fsync",
	"fdatasync",
	"ftruncate",
	"ftruncate64",
	"fallocate",
	"fcntl",
	"fcntl64",
	"flock",
	"dup",
	"dup2",
	"dup3",
	"pipe",
	"pipe2",
	"stat",
	"stat64",
	"lstat",
	"lstat64",
	"fstat",
	"fstat64",
	"newfstatat",
	"fstatat64",
	"statx",
	"statfs",
	"statfs64",
	"fstatfs",
	"fstatfs64",
	"access",
	"faccessat",
	"faccessat2",
	"readlink",
	"readlinkat",
	"getdents64",
	"getcwd",
	"unlink",
	"unlinkat",
	"rename",
	"renameat",
	"renameat2",
	"link",
	"linkat",
	"mkdir",
	"mkdirat",
	"chmod",
	"fchmod",
	"fchmodat",
	"umask",
	"fadvise64",
	/* memory; what makes code of it has rules of its own */
	"brk",
	"munmap",
	"mremap",
	"madvise",
	"mlock",
	"mlock2",
	"munlock",
	/* network */
	"connect",
	"bind",
	"listen",
	"accept",
	"accept4",
	"getsockname",
	"getpeername",
	"getsockopt",
	"setsockopt",
	"send",
	"sendto",
	"sendmsg",
	"sendmmsg",
	"recv",
	"recvfrom",
	"recvmsg",
	"recvmmsg",
	"recvmmsg_time64",
	"shutdown",
	"socketpair",
	"sendfile",
	"sendfile64",
	/* waiting */
	"poll",
	"ppoll",
	"ppoll_time64",
	"select",
	"_newselect",
	"pselect6",
	"pselect6_time64",
	"epoll_create",
	"epoll_create1",
	"epoll_ctl",
	"epoll_wait",
	"epoll_pwait",
	"epoll_pwait2",
	"eventfd2",
	"timerfd_create",
	"timerfd_settime",
	"timerfd_settime64",
	"timerfd_gettime",
	"nanosleep",
	"clock_nanosleep",
	"clock_nanosleep_time64",
	"restart_syscall",
	/* threads: the resolver's, GLib's */
	"futex",
	"futex_time64",
	"futex_waitv",
	"set_robust_list",
	"get_robust_list",
	"rseq",
	"set_tid_address",
	"exit",
	"exit_group",
	"gettid",
	"sched_yield",
	"sched_getaffinity",
	"sched_getparam",
	"sched_getscheduler",
	"getcpu",
	"membarrier",
	/* signals */
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"rt_sigpending",
	"rt_sigtimedwait",
	"sigaltstack",
	"sigreturn",
	/* what time it is, who we are, chance */
	"clock_gettime",
	"clock_gettime64",
	"clock_getres",
	"clock_getres_time64",
	"gettimeofday",
	"time",
	"times",
	"getrandom",
	"getpid",
	"getppid",
	"getuid",
	"geteuid",
	"getgid",
	"getegid",
	"getresuid",
	"getresgid",
	"getuid32",
	"geteuid32",
	"getgid32",
	"getegid32",
	"uname",
	"sysinfo",
	"getrusage",
	"getrlimit",
	"ugetrlimit",
};

/* Nothing here makes them, by whatever library: whoever does is not keyrackd any more. */
static const char *const fatal[] = {
	"execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
	"pidfd_getfd", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "bpf",
	"perf_event_open", "userfaultfd", "init_module", "finit_module", "delete_module", "kexec_load",
	"kexec_file_load", "reboot", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups",
	"capset", "iopl", "ioperm",
};

/* Needed, but not with every argument. Several rows of a call: one must fit. */
enum rule_kind { EQUAL, BITS };
struct rule {
	const char *call;
	unsigned arg;
	enum rule_kind kind;
	scmp_datum_t mask, value; /* BITS: (arg & mask) == value; EQUAL: arg == value */
};
static const struct rule rules[] = {
	{ "socket", 0, EQUAL, 0, AF_UNIX },
	{ "socket", 0, EQUAL, 0, AF_INET },
	{ "socket", 0, EQUAL, 0, AF_INET6 },
	{ "socket", 0, EQUAL, 0, AF_NETLINK }, /* which addresses this machine has, for the resolver */
	/* threads, no processes */
	{ "clone", 0, BITS, CLONE_THREAD, CLONE_THREAD },
	/* written or run, never both; libraries that the resolver loads are only run */
	{ "mmap", 2, BITS, PROT_EXEC, 0 },
	{ "mmap", 2, BITS, PROT_WRITE, 0 },
	{ "mmap2", 2, BITS, PROT_EXEC, 0 },
	{ "mmap2", 2, BITS, PROT_WRITE, 0 },
	{ "mprotect", 2, BITS, PROT_EXEC, 0 },
	/* limits are read */
	{ "prlimit64", 2, EQUAL, 0, 0 },
	{ "prctl", 0, EQUAL, 0, PR_SET_NAME },
	{ "prctl", 0, EQUAL, 0, PR_GET_NAME },
	{ "ioctl", 1, EQUAL, 0, FIONREAD },
	{ "ioctl", 1, EQUAL, 0, FIONBIO },
	{ "ioctl", 1, EQUAL, 0, TCGETS },
};

static bool add(scmp_filter_ctx f, uint32_t action, const char *call, const struct scmp_arg_cmp *arg)
{
	int number = seccomp_syscall_resolve_name(call), failed;

	if (number == __NR_SCMP_ERROR)
		return true;
	failed = seccomp_rule_add_array(f, action, number, arg ? 1 : 0, arg);
	return failed == 0 || failed == -EDOM; /* EDOM: this processor has it not */
}

static bool add_rule(scmp_filter_ctx f, const struct rule *r)
{
	struct scmp_arg_cmp arg = r->kind == BITS ? SCMP_CMP64(r->arg, SCMP_CMP_MASKED_EQ, r->mask, r->value)
						  : SCMP_CMP64(r->arg, SCMP_CMP_EQ, r->value, 0);

	return add(f, SCMP_ACT_ALLOW, r->call, &arg);
}

static bool fill(scmp_filter_ctx f)
{
	struct scmp_arg_cmp self = SCMP_CMP64(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	bool ok = true;

	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
		ok = ok && add(f, SCMP_ACT_ALLOW, needed[i], NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(fatal); i++)
		ok = ok && add(f, SCMP_ACT_KILL_PROCESS, fatal[i], NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		ok = ok && add_rule(f, &rules[i]);
	/* Its flags lie in memory, where no filter sees them: libc then takes clone. */
	ok = ok && add(f, SCMP_ACT_ERRNO(ENOSYS), "clone3", NULL);
	/* abort(), and no other process. */
	return ok && add(f, SCMP_ACT_ALLOW, "tgkill", &self);
}

bool confine_calls(GError **err)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int failed = f ? 0 : -ENOMEM;

	if (f)
		failed = seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1); /* threads that are there already too */
	if (f && failed == 0)
		failed = fill(f) ? seccomp_load(f) : -EINVAL;
	if (f)
		seccomp_release(f);
	if (failed == 0)
		return true;
	g_set_error(
		err, KEYRACK_ERROR, KEYRACK_ERROR_FAILED,
		"No system calls could be given up (%s): keyrackd goes on without ('seccomp = off' says so on purpose)",
		g_strerror(-failed));
	return false;
}

#else

bool confine_calls(GError **err)
{
	(void)err;
	return true;
}

#endif
