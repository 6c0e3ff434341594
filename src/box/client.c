#include "box/client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008u /* Linux 6.3 */
#endif
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010 /* Linux 5.1 */
#endif

/*
 * Regions are sparse: only what a job touches is memory.  A description can hold a place for each
 * record of a batch; a hostile batch can have a segment larger than itself.
 */
#define OUTPUT_ROOM ((size_t)256 << 20)
/* What an unusual job has touched beyond this is given back afterwards. */
#define OUTPUT_KEPT ((size_t)48 << 20)

struct region {
	int fd;
	char *p;
	size_t n;
};

struct box {
	pid_t pid;
	int sock;
	struct region input, output, progress;
	size_t output_used;
	uint64_t tag;
	struct box_hello hello;
};

/* Above the descriptors that the worker gets, so that dup2 in the child can't hit a source. */
static int move_high(int fd)
{
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, BOX_FD_PROGRESS + 4);
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	return high;
}

static int make_memfd(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return move_high(fd);
}

/*
 * The worker can't shrink a region, which would kill us by SIGBUS, nor grow it; the input it can't
 * write either, neither through its descriptor nor through a map of its own.
 */
static bool region_make(struct region *r, const char *name, size_t n, int prot, struct err *err)
{
	int seals = F_SEAL_SHRINK | F_SEAL_GROW;
	bool input = prot & PROT_WRITE;

	r->fd = make_memfd(name);
	if (r->fd < 0 || ftruncate(r->fd, (off_t)n) < 0)
		return err_set(
			err, ERR_BOX, "cannot make the %s of a worker: %s", name, strerror(errno));
	void *p = mmap(NULL, n, prot, MAP_SHARED, r->fd, 0);
	if (p == MAP_FAILED)
		return err_set(
			err, ERR_BOX, "cannot map the %s of a worker: %s", name, strerror(errno));
	r->p = p;
	r->n = n;
	if (input)
		seals |= F_SEAL_FUTURE_WRITE;
	if (fcntl(r->fd, F_ADD_SEALS, seals | F_SEAL_SEAL) < 0)
		return err_set(
			err, ERR_BOX, "cannot seal the %s of a worker: %s", name, strerror(errno));
	return true;
}

static void region_drop(struct region *r)
{
	if (r->p)
		munmap(r->p, r->n);
	if (r->fd >= 0)
		close(r->fd);
	*r = (struct region){.fd = -1};
}

static bool worker_path(const struct box_options *opt, char ret[PATH_MAX], struct err *err)
{
	const char *given = opt->worker ? opt->worker : getenv("SPOOR_WORKER");
	char self[PATH_MAX];

	if (given && *given) {
		if (strlen(given) >= PATH_MAX)
			return err_set(err, ERR_BOX, "the path of spoor-worker is too long");
		memcpy(ret, given, strlen(given) + 1);
		return true;
	}
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0)
		return err_set(err, ERR_BOX, "cannot tell where spoor-worker is: %s",
			n < 0 ? strerror(errno) : "/proc is empty");
	self[n] = '\0';
	char *slash = strrchr(self, '/');
	int len =
		snprintf(ret, PATH_MAX, "%.*s/spoor-worker", slash ? (int)(slash - self) : 0, self);
	if (len >= PATH_MAX)
		return err_set(err, ERR_BOX, "the path of spoor-worker is too long");
	return true;
}

static bool spawn(struct box *b, const struct box_options *opt, int far, struct err *err)
{
	/*
	 * First touch of small pages is slow (a third of a GB/s), and each child's memory is new.
	 * So the heap is one run of huge pages, and large blocks come from it too (mallopt(3)).
	 */
	static char heap[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:"
			     "glibc.malloc.mmap_threshold=33554432:glibc.malloc.top_pad=67108864";
	static char dashes[] = "--";
	char *env[] = {heap, NULL};
	char path[PATH_MAX], version[16], cpu[16], memory[24];
	const int fds[] = {far, b->input.fd, b->output.fd, b->progress.fd};
	VEC(char *) argv = {0};
	posix_spawn_file_actions_t fa;

	if (!worker_path(opt, path, err))
		return false;
	snprintf(version, sizeof(version), "%u", BOX_VERSION);
	snprintf(cpu, sizeof(cpu), "%u",
		opt->cpu_ms ? opt->cpu_ms : LIMIT_WORKER_CPU_SECONDS * 1000);
	snprintf(memory, sizeof(memory), "%llu",
		(unsigned long long)(opt->memory ? opt->memory : LIMIT_WORKER_BYTES));
	*vec_push(&argv) = path;
	*vec_push(&argv) = version;
	*vec_push(&argv) = cpu;
	*vec_push(&argv) = memory;
	for (size_t i = 0; i < opt->n_formats; i++)
		*vec_push(&argv) = (char *)(uintptr_t)opt->formats[i];
	*vec_push(&argv) = dashes;
	for (size_t i = 0; i < opt->n_own_hosts; i++)
		*vec_push(&argv) = strndup(opt->own_hosts[i].p, opt->own_hosts[i].n);
	*vec_push(&argv) = NULL;

	int rc = posix_spawn_file_actions_init(&fa);
	if (rc == 0) {
		for (int i = 0; i < 4 && rc == 0; i++)
			rc = posix_spawn_file_actions_adddup2(&fa, fds[i], BOX_FD_SOCKET + i);
		if (rc == 0)
			rc = posix_spawn(&b->pid, path, &fa, NULL, argv.at, env);
		posix_spawn_file_actions_destroy(&fa);
	}
	for (size_t i = argv.n - 1; argv.at[--i] != dashes;)
		free(argv.at[i]);
	vec_release(&argv);
	return rc == 0 || err_set(err, ERR_BOX, "cannot start '%s': %s", path, strerror(rc));
}

/* Says how the worker ended, and forgets its pid. */
static bool lost(struct box *b, const char *doing, struct err *err)
{
	int status = 0;
	pid_t got = 0;

	if (b->pid > 0) {
		kill(b->pid, SIGKILL); /* it may only have closed its end */
		while ((got = waitpid(b->pid, &status, 0)) < 0 && errno == EINTR)
			;
		b->pid = 0;
	}
	if (got > 0 && WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		return err_set(err, ERR_BOX, "the worker was killed by signal %d %s",
			WTERMSIG(status), doing);
	if (got > 0 && WIFEXITED(status))
		return err_set(err, ERR_BOX, "the worker ended with status %d %s",
			WEXITSTATUS(status), doing);
	return err_set(err, ERR_BOX, "the worker is gone %s", doing);
}

/* One message of exactly n bytes; false if the worker is gone or talks nonsense. */
static bool receive(int sock, void *p, size_t n)
{
	ssize_t got;

	while ((got = recv(sock, p, n, MSG_TRUNC)) < 0 && errno == EINTR)
		;
	return got >= 0 && (size_t)got == n;
}

static bool greet(struct box *b, struct err *err)
{
	if (!receive(b->sock, &b->hello, sizeof(b->hello)))
		return lost(b, "while it started", err);
	b->hello.text[sizeof(b->hello.text) - 1] = '\0';
	if (b->hello.version != BOX_VERSION)
		return err_set(err, ERR_BOX, "spoor-worker is of another version than spoor");
	if (!b->hello.ready)
		return err_set(err, ERR_BOX, "spoor-worker: %s", b->hello.text);
	return true;
}

bool box_start(const struct box_options *opt, struct box **ret_b, struct err *err)
{
	struct box *b = calloc(1, sizeof(*b));
	int pair[2] = {-1, -1};

	if (!b)
		BUG("out of memory");
	b->sock = b->input.fd = b->output.fd = b->progress.fd = -1;
	bool good =
		region_make(&b->input, "input", opt->input_room ? opt->input_room : BOX_INPUT_ROOM,
			PROT_READ | PROT_WRITE, err) &&
		region_make(&b->output, "output", opt->output_room ? opt->output_room : OUTPUT_ROOM,
			PROT_READ, err) &&
		region_make(&b->progress, "progress", sizeof(struct box_progress), PROT_READ, err);
	if (good && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		good = err_set(
			err, ERR_BOX, "cannot make a socket for a worker: %s", strerror(errno));
	if (good) {
		b->sock = pair[0];
		pair[1] = move_high(pair[1]);
		good = pair[1] >= 0 ? spawn(b, opt, pair[1], err)
				    : err_set(err, ERR_BOX, "cannot start a worker: %s",
					      strerror(errno));
		if (pair[1] >= 0)
			close(pair[1]);
	}
	if (!good || !greet(b, err)) {
		box_stop(b);
		return false;
	}
	*ret_b = b;
	return true;
}

void box_stop(struct box *b)
{
	if (!b)
		return;
	if (b->sock >= 0)
		close(b->sock);
	if (b->pid > 0) {
		/* Its child, if it has one, dies with it. */
		kill(b->pid, SIGKILL);
		while (waitpid(b->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	region_drop(&b->input);
	region_drop(&b->output);
	region_drop(&b->progress);
	free(b);
}

char *box_input(struct box *b)
{
	return b->input.p;
}

size_t box_input_room(const struct box *b)
{
	return b->input.n;
}

static bool send_request(
	struct box *b, const struct box_request *rq, const int *fds, size_t n_fds, struct err *err)
{
	struct iovec iov = {(void *)(uintptr_t)rq, sizeof(*rq)};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control = {0};
	ssize_t n;

	if (n_fds) {
		m.msg_control = control.room;
		m.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	while ((n = sendmsg(b->sock, &m, MSG_NOSIGNAL)) < 0 && errno == EINTR)
		;
	return n == (ssize_t)sizeof(*rq) || lost(b, "before a job", err);
}

static bool send_job(struct box *b, enum box_job job, size_t raw_len, size_t input_len,
	const int fds[2], struct err *err)
{
	struct box_request rq = {
		.version = BOX_VERSION,
		.job = job,
		.raw_len = raw_len,
		.input_len = input_len,
		.output_room = b->output.n,
		.tag = ++b->tag,
	};

	if (b->pid <= 0)
		return err_set(err, ERR_BOX, "the worker is gone");
	/* No failure if it can't: only memory that stays taken. */
	if (b->output_used > OUTPUT_KEPT)
		(void)!fallocate(b->output.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			(off_t)OUTPUT_KEPT, (off_t)(b->output.n - OUTPUT_KEPT));
	b->output_used = 0;
	return send_request(b, &rq, fds, fds ? 2 : 0, err);
}

bool box_send(
	struct box *b, enum box_job job, size_t raw_len, struct str description, struct err *err)
{
	if (raw_len > b->input.n || description.n > b->input.n - raw_len)
		return err_set(err, ERR_LIMIT, "%zu bytes are too many for a worker's input",
			raw_len + description.n);
	if (description.n)
		memcpy(b->input.p + raw_len, description.p, description.n);
	return send_job(b, job, raw_len, raw_len + description.n, NULL, err);
}

bool box_send_decode(struct box *b, int in, int out, struct err *err)
{
	const int fds[2] = {in, out};

	return send_job(b, BOX_DECODE, 0, 0, fds, err);
}

bool box_send_unpack(struct box *b, int container, uint64_t size, int in, int out, struct err *err)
{
	const int fds[2] = {in, out};
	const struct unpack_job j = {(uint8_t)container, size};
	struct buf packed = {0};

	unpack_job_pack(&j, &packed);
	size_t n = packed.n;
	if (n > b->input.n)
		BUG("a worker's input of %zu bytes is too small", b->input.n);
	memcpy(b->input.p, packed.p, n);
	buf_release(&packed);
	return send_job(b, BOX_UNPACK, 0, n, fds, err);
}

bool box_send_intel(struct box *b, const struct intel_job *j, int in, int out, struct err *err)
{
	const int fds[2] = {in, out};
	struct buf packed = {0};

	intel_job_pack(j, &packed);
	size_t n = packed.n;
	bool fits = n <= b->input.n;
	if (fits)
		memcpy(b->input.p, packed.p, n);
	buf_release(&packed);
	return fits ? send_job(b, BOX_INTEL, 0, n, fds, err)
		    : err_set(err, ERR_LIMIT, "%zu bytes are too many for a worker's input", n);
}

int box_fd(const struct box *b)
{
	return b->sock;
}

bool box_receive(struct box *b, struct box_reply *ret_r, struct str *ret_output, struct err *err)
{
	struct box_reply r;

	if (b->pid <= 0)
		return err_set(err, ERR_BOX, "the worker is gone");
	if (!receive(b->sock, &r, sizeof(r)))
		return lost(b, "during a job", err);
	if (r.version != BOX_VERSION || r.tag != b->tag || r.status > BOX_FAILED ||
		r.output_len > b->output.n)
		return lost(b, "after an answer that makes no sense", err);
	b->output_used = r.output_len;
	*ret_output = (struct str){b->output.p, r.status == BOX_OK ? r.output_len : 0};
	*ret_r = r;
	return true;
}

uint32_t box_progress_record(const struct box *b)
{
	return ((const struct box_progress *)(const void *)b->progress.p)->record;
}

struct str box_strength(const struct box *b)
{
	return str_of(b->hello.text);
}
