/*
 * The job try, for tests: does one forbidden thing, named by the raw bytes, as a parser that was
 * taken over would, and says what came of it if it lives: "permitted" or the error.  "list" gives
 * the names; "nothing" is permitted.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "worker/job.h"
#include "worker/sandbox.h"

static const struct job *trying;

static long nothing(void)
{
	return 0;
}

static long open_file(void)
{
	return open("/etc/hostname", O_RDONLY);
}

static long open_raw(void)
{
	return syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY);
}

static long open_how(void)
{
	const uint64_t how[3] = {O_RDONLY, 0, 0};

	return syscall(SYS_openat2, AT_FDCWD, "/etc/hostname", how, sizeof(how));
}

static long create_file(void)
{
	return open("/tmp/spoor-was-here", O_WRONLY | O_CREAT, 0600);
}

static long make_folder(void)
{
	return syscall(SYS_mkdirat, AT_FDCWD, "/tmp/spoor-was-here", 0700);
}

static long remove_file(void)
{
	return syscall(SYS_unlinkat, AT_FDCWD, "/tmp/spoor-was-here", 0);
}

static long make_memfd(void)
{
	return syscall(SYS_memfd_create, "x", 0);
}

static long socket_inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long socket_inet6(void)
{
	return socket(AF_INET6, SOCK_DGRAM, 0);
}

static long socket_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long socket_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static long socket_alg(void)
{
	return socket(AF_ALG, SOCK_SEQPACKET, 0);
}

static long socket_pair(void)
{
	int fds[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static long connect_kept(void)
{
	const struct sockaddr_un to = {.sun_family = AF_UNIX, .sun_path = "/run/x"};

	return connect(BOX_FD_SOCKET, (const struct sockaddr *)&to, sizeof(to));
}

static long talk_to_parent(void)
{
	return send(BOX_FD_SOCKET, "x", 1, MSG_NOSIGNAL);
}

static long write_socket(void)
{
	return write(BOX_FD_SOCKET, "x", 1);
}

static long write_stderr(void)
{
	return write(STDERR_FILENO, "", 0);
}

static long io_uring(void)
{
	char params[256] = {0};

	return syscall(SYS_io_uring_setup, 4, params);
}

static long do_fork(void)
{
	return fork();
}

static long raw_clone(void)
{
	return syscall(SYS_clone, (long)SIGCHLD, 0, 0, 0, 0);
}

static long thread(void)
{
	return syscall(SYS_clone,
		(long)(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD), 0, 0, 0,
		0);
}

static long raw_clone3(void)
{
	uint64_t args[11] = {0};

	return syscall(SYS_clone3, args, sizeof(args));
}

static long do_exec(void)
{
	char *argv[] = {NULL};

	return execve("/bin/true", argv, argv);
}

static long do_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long kill_parent(void)
{
	return kill(getppid(), SIGKILL);
}

static long kill_all(void)
{
	return kill(-1, SIGCONT);
}

static long tgkill_parent(void)
{
	return syscall(SYS_tgkill, 1, 1, 0);
}

static long pidfd_parent(void)
{
	return syscall(SYS_pidfd_open, 1, 0);
}

static long do_mount(void)
{
	return syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL);
}

static long do_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long do_setns(void)
{
	return setns(BOX_FD_OUTPUT, 0);
}

static long do_bpf(void)
{
	char attr[128] = {0};

	return syscall(SYS_bpf, 0, attr, sizeof(attr));
}

static long do_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, 0);
}

static long do_keyctl(void)
{
	return syscall(SYS_keyctl, 0, -3, 0, 0, 0);
}

static long do_perf(void)
{
	char attr[128] = {0};

	return syscall(SYS_perf_event_open, attr, 0, -1, -1, 0);
}

static long read_parent(void)
{
	char c;
	const struct iovec mine = {&c, 1}, theirs = {&c, 1};

	return process_vm_readv(1, &mine, 1, &theirs, 1, 0);
}

/* The descriptor of a container is its only one to read by places. */
static long read_output(void)
{
	char c;

	return pread(BOX_FD_OUTPUT, &c, 1, 0);
}

static long move_input(void)
{
	return lseek(FD_DECODE_IN, 0, SEEK_SET);
}

static long write_input(void)
{
	*(volatile char *)(uintptr_t)trying->raw.p = 'x';
	return 0;
}

static long unprotect_input(void)
{
	void *page = (void *)((uintptr_t)trying->raw.p & ~(uintptr_t)4095);

	return mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static long write_input_fd(void)
{
	return pwrite(BOX_FD_INPUT, "x", 1, 0);
}

static long map_executable(void)
{
	void *p = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static long make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static long grow_output(void)
{
	return pwrite(BOX_FD_OUTPUT, "x", 1, (off_t)1 << 40) < 0 ? -1 : 0;
}

static long shrink_output(void)
{
	return ftruncate(BOX_FD_OUTPUT, 0);
}

/* As it could be done to a container whose descriptor is open for writing. */
static long map_shared(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, BOX_FD_OUTPUT, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static long dup_output(void)
{
	return dup(BOX_FD_OUTPUT);
}

static long raise_limit(void)
{
	const struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};

	return setrlimit(RLIMIT_AS, &r);
}

static long stop_watch(void)
{
	return setpriority(PRIO_PROCESS, 0, -20) == 0 || signal(SIGPROF, SIG_IGN) != SIG_ERR ? 0
											     : -1;
}

static long do_sleep(void)
{
	const struct timespec t = {0, 1};

	return nanosleep(&t, NULL);
}

static long wait_for_ever(void)
{
	static int word;
	const struct timespec t = {0, 1};

	return syscall(SYS_futex, &word, 0, 0, &t, NULL, 0);
}

#if defined(__x86_64__)
/* The 32-bit calls have other numbers: 20 is getpid there, writev here. */
static long call_32_bit(void)
{
	long r = 20;

	__asm__ volatile("int $0x80" : "+a"(r) : : "memory");
	return r;
}

static long call_x32(void)
{
	return syscall(0x40000000 | SYS_getpid);
}
#else
static long call_32_bit(void)
{
	errno = ENOSYS;
	return -1;
}

static long call_x32(void)
{
	errno = ENOSYS;
	return -1;
}
#endif

static const struct {
	const char *name;
	long (*fn)(void);
} things[] = {
	{"nothing", nothing},
	{"open", open_file},
	{"openat", open_raw},
	{"openat2", open_how},
	{"create", create_file},
	{"mkdir", make_folder},
	{"unlink", remove_file},
	{"memfd", make_memfd},
	{"socket-inet", socket_inet},
	{"socket-inet6", socket_inet6},
	{"socket-unix", socket_unix},
	{"socket-netlink", socket_netlink},
	{"socket-alg", socket_alg},
	{"socketpair", socket_pair},
	{"connect", connect_kept},
	{"send", talk_to_parent},
	{"write-socket", write_socket},
	{"write-stderr", write_stderr},
	{"io-uring", io_uring},
	{"fork", do_fork},
	{"clone", raw_clone},
	{"thread", thread},
	{"clone3", raw_clone3},
	{"exec", do_exec},
	{"ptrace", do_ptrace},
	{"kill-parent", kill_parent},
	{"kill-all", kill_all},
	{"tgkill", tgkill_parent},
	{"pidfd", pidfd_parent},
	{"mount", do_mount},
	{"unshare", do_unshare},
	{"setns", do_setns},
	{"bpf", do_bpf},
	{"userfaultfd", do_userfaultfd},
	{"keyctl", do_keyctl},
	{"perf", do_perf},
	{"read-process", read_parent},
	{"read-output", read_output},
	{"move-input", move_input},
	{"write-input", write_input},
	{"unprotect-input", unprotect_input},
	{"write-input-fd", write_input_fd},
	{"map-executable", map_executable},
	{"make-executable", make_executable},
	{"map-shared", map_shared},
	{"grow-output", grow_output},
	{"shrink-output", shrink_output},
	{"dup", dup_output},
	{"raise-limit", raise_limit},
	{"stop-watch", stop_watch},
	{"sleep", do_sleep},
	{"wait", wait_for_ever},
	{"call-32-bit", call_32_bit},
	{"call-x32", call_x32},
};

bool job_try(struct job *j)
{
	struct buf out = {0};

	trying = j;
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		if (str_eq(j->raw, STR("list"))) {
			buf_addf(&out, "%s\n", things[i].name);
		} else if (str_eq(j->raw, str_of(things[i].name))) {
			long r = things[i].fn();
			buf_addf(&out, "%s", r < 0 ? strerror(errno) : "permitted");
			return job_write(j, buf_view(&out));
		}
	}
	return out.n && job_write(j, buf_view(&out));
}
