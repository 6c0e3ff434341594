#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box/protocol.h"
#include "worker/landlock.h"

/* A sanitiser reports on stderr and maps terabytes of shadow. */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITISED = 1 };
#else
enum { SANITISED = 0 };
#endif

/* Who may: the worker between jobs needs more than a child with hostile bytes. */
enum { WORKER = 1, CHILD = 2, BOTH = 3, SANITISER = 4 };

/* One allowed call; with conditions, each of them (argument & mask) == value. */
struct rule {
	int call;
	uint8_t who;
	uint8_t n;
	struct scmp_arg_cmp cmp[2];
};

#define ARG(arg, mask, value)                                                                      \
	{                                                                                          \
		arg, SCMP_CMP_MASKED_EQ, mask, value                                               \
	}
#define ANY(name, who)                                                                             \
	{                                                                                          \
		SCMP_SYS(name), who, 0,                                                            \
		{                                                                                  \
			{                                                                          \
				0                                                                  \
			}                                                                          \
		}                                                                                  \
	}
#define IF(name, who, arg, mask, value)                                                            \
	{                                                                                          \
		SCMP_SYS(name), who, 1,                                                            \
		{                                                                                  \
			ARG(arg, mask, value)                                                      \
		}                                                                                  \
	}
#define FD(name, who, fd) IF(name, who, 0, 0xffffffffu, fd)
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)
#endif
/* Fork's own flags may vary, but nothing shared and no namespace. */
#define FORK_MASK                                                                                  \
	(~((uint64_t)CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID |             \
		 CLONE_CLEAR_SIGHAND) &                                                            \
		~UINT64_C(0xff))

/* Whatever is not here kills. */
static const struct rule allowed[] = {
	/*
	 * memory, but never executable; nor shared: a descriptor that came open for writing as well
	 * (standard input may be) is only read
	 */
	{SCMP_SYS(mmap), BOTH, 2, {ARG(2, PROT_EXEC, 0), ARG(3, MAP_SHARED, 0)}},
	IF(mprotect, BOTH, 2, PROT_EXEC, 0),
	ANY(munmap, BOTH),
	ANY(mremap, BOTH),
	ANY(madvise, BOTH),
	ANY(brk, BOTH),
	/* bytes in and out */
	FD(pwrite64, BOTH, BOX_FD_OUTPUT),
	FD(read, BOTH, FD_DECODE_IN),
	FD(pread64, BOTH, FD_DECODE_IN),
	FD(write, BOTH, FD_DECODE_OUT),
	FD(write, SANITISER, STDERR_FILENO),
	/* A wait could last for ever without any processor time; nobody else could wake us. */
	IF(futex, BOTH, 1, FUTEX_CMD_MASK & 0xffffffffu, FUTEX_WAKE),
	ANY(clock_gettime, BOTH),
	ANY(gettimeofday, BOTH),
	ANY(getrandom, BOTH),
	ANY(getpid, BOTH),
	ANY(gettid, BOTH),
	ANY(rt_sigreturn, BOTH),
	ANY(exit, BOTH),
	ANY(exit_group, BOTH),
	ANY(sched_yield, SANITISER),
	ANY(sigaltstack, SANITISER),
	ANY(rt_sigaction, SANITISER),
	ANY(rt_sigprocmask, SANITISER),
	/* the worker: a request, a fork, a reply */
	FD(recvmsg, WORKER, BOX_FD_SOCKET),
	FD(sendto, WORKER, BOX_FD_SOCKET),
	IF(clone, WORKER, 0, FORK_MASK, 0),
	ANY(set_robust_list, WORKER),
	ANY(wait4, WORKER),
	ANY(close, WORKER),
	ANY(rt_sigprocmask, WORKER),
	ANY(getppid, WORKER),
	/* the child, on its way down */
	IF(prctl, WORKER, 0, 0xffffffffu, PR_SET_PDEATHSIG),
	IF(seccomp, WORKER, 0, 0xffffffffu, SECCOMP_SET_MODE_FILTER),
	ANY(rt_sigaction, WORKER),
	ANY(setitimer, WORKER),
	ANY(prlimit64, WORKER),
	ANY(setrlimit, WORKER),
};

/* What libraries try and do without: refused without killing a record for it. */
static const struct {
	int call, error;
} refused[] = {
	{SCMP_SYS(open), EACCES},
	{SCMP_SYS(openat), EACCES},
	{SCMP_SYS(access), EACCES},
	{SCMP_SYS(faccessat), EACCES},
	{SCMP_SYS(faccessat2), EACCES},
	{SCMP_SYS(readlink), EACCES},
	{SCMP_SYS(readlinkat), EACCES},
	{SCMP_SYS(stat), EACCES},
	{SCMP_SYS(lstat), EACCES},
	{SCMP_SYS(newfstatat), EACCES},
	{SCMP_SYS(statx), EACCES},
	{SCMP_SYS(fstat), EACCES},
	{SCMP_SYS(clone3), ENOSYS},
	{SCMP_SYS(ioctl), ENOTTY},
	{SCMP_SYS(sysinfo), EPERM},
	{SCMP_SYS(sched_getaffinity), EPERM},
	{SCMP_SYS(uname), EPERM},
};

static bool build_filter(uint8_t who, scmp_filter_ctx *ret_ctx, struct err *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = 0;

	if (!ctx)
		return err_set(
			err, ERR_BOX, "no seccomp here, so hostile bytes can't be parsed in a box");

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && rc == 0; i++) {
		const struct rule *r = &allowed[i];
		if (!(r->who & who))
			continue;
		rc = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, r->call, r->n, r->cmp);
	}
	/* A call that this machine's architecture doesn't have is no failure. */
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]) && rc == 0; i++)
		rc = seccomp_rule_add(
			ctx, SCMP_ACT_ERRNO((unsigned)refused[i].error), refused[i].call, 0);
	if (rc != 0) {
		seccomp_release(ctx);
		return err_set(
			err, ERR_BOX, "libseccomp can't build the filter: %s", strerror(-rc));
	}
	*ret_ctx = ctx;
	return true;
}

/* Compiled once: building a filter takes longer than a fork. */
static bool compile_child_filter(struct sandbox *sb, struct err *err)
{
	static struct sock_filter code[4096]; /* BPF_MAXINSNS */
	static struct sock_fprog prog = {.filter = code};
	scmp_filter_ctx ctx;

	if (!build_filter(CHILD | (SANITISED ? SANITISER : 0), &ctx, err))
		return false;
	int fd = memfd_create("filter", MFD_CLOEXEC);
	int rc = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	seccomp_release(ctx);
	ssize_t n = rc == 0 ? pread(fd, code, sizeof(code), 0) : -1;
	if (fd >= 0)
		close(fd);
	if (n <= 0 || (size_t)n % sizeof(code[0]) || (size_t)n == sizeof(code))
		return err_set(err, ERR_BOX, "cannot compile the filter of jobs");
	prog.len = (unsigned short)((size_t)n / sizeof(code[0]));
	sb->job_filter = &prog;
	return true;
}

static bool limit(int what, uint64_t n)
{
	const struct rlimit r = {n, n};

	return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}, {0}};

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &head, none) == 0;
}

static bool load_worker_filter(struct err *err)
{
	scmp_filter_ctx ctx;

	if (!build_filter(BOTH | (SANITISED ? SANITISER : 0), &ctx, err))
		return false;
	int rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc == 0 || err_set(err, ERR_BOX,
				  "no seccomp here (%s), so hostile bytes can't be parsed in a box",
				  strerror(-rc));
}

/* What the worker has mapped before it sees a job, in bytes (proc(5), statm). */
static uint64_t address_space_now(void)
{
	char text[64];
	unsigned long long pages = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	for (ssize_t i = 0; i < n && ascii_is_digit(text[i]); i++)
		pages = pages * 10 + (unsigned)(text[i] - '0');
	/* Without /proc: what the libraries and a batch's input come to. */
	return pages ? pages * (uint64_t)sysconf(_SC_PAGESIZE) : UINT64_C(512) << 20;
}

bool sandbox_enter(struct sandbox *sb, struct err *err)
{
	char landlock[100];

	sb->base_bytes = address_space_now();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_set(err, ERR_BOX, "cannot give up privileges: %s", strerror(errno));
	if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, 16) || !limit(RLIMIT_MEMLOCK, 0) ||
		!limit(RLIMIT_MSGQUEUE, 0))
		return err_set(err, ERR_BOX, "cannot set limits: %s", strerror(errno));
	if (!drop_capabilities())
		return err_set(err, ERR_BOX, "cannot drop capabilities: %s", strerror(errno));
	int abi = landlock_drop_all();
	if (abi > 0)
		snprintf(landlock, sizeof(landlock), "landlock %d%s", abi,
			abi < 4   ? " (files only)"
			: abi < 6 ? " (files, TCP)"
				  : "");
	else
		snprintf(landlock, sizeof(landlock), "NO LANDLOCK (%s)",
			abi == 0 ? "this kernel has none" : strerror(errno));
	if (!compile_child_filter(sb, err))
		return false;
	/* Not before: the filter was compiled through a file. */
	if (!limit(RLIMIT_FSIZE, sb->file_bytes))
		return err_set(err, ERR_BOX, "cannot set limits: %s", strerror(errno));
	if (!load_worker_filter(err))
		return false;
	snprintf(sb->strength, sizeof(sb->strength), "seccomp, %s%s", landlock,
		SANITISED ? ", weakened for a sanitiser" : "");
	return true;
}

bool sandbox_child(const struct sandbox *sb)
{
	if (!SANITISED && !limit(RLIMIT_AS, sb->base_bytes + sb->job_bytes))
		return false;
	/* SIGXCPU first, so that SIGKILL means that the machine ran out of memory. */
	const struct rlimit cpu = {sb->job_cpu_s, sb->job_cpu_s + 5};
	if (!limit(RLIMIT_NPROC, 0) || !limit(RLIMIT_NOFILE, 0) || setrlimit(RLIMIT_CPU, &cpu) != 0)
		return false;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, sb->job_filter) == 0;
}
