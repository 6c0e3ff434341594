/* spoor-worker: parses hostile bytes in a box (DESIGN §8).  Started by spoor (box/client.h). */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "box/jobs.h"
#include "text/domain.h"
#include "unpack/unpack.h"
#include "worker/job.h"
#include "worker/sandbox.h"
#include "worker/watch.h"

struct worker {
	struct formats *formats;
	struct mail_options mail;
	struct sandbox box;
	unsigned cpu_ms;
	const char *input;
	uint64_t input_size, output_size;
	struct box_progress *progress;
	pid_t pid;
};

static bool send_all(const void *p, size_t n)
{
	ssize_t sent;

	while ((sent = send(BOX_FD_SOCKET, p, n, MSG_NOSIGNAL)) < 0 && errno == EINTR)
		;
	return sent == (ssize_t)n;
}

static bool map_region(int fd, int prot, void **ret_p, uint64_t *ret_size, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size <= 0)
		return err_set(err, ERR_USAGE, "this program is started by spoor");
	*ret_size = (uint64_t)st.st_size;
	if (!ret_p)
		return true;
	*ret_p = mmap(NULL, (size_t)st.st_size, prot, MAP_SHARED, fd, 0);
	return *ret_p != MAP_FAILED ||
	       err_set(err, ERR_BOX, "cannot map descriptor %d: %s", fd, strerror(errno));
}

static bool map_regions(struct worker *w, struct err *err)
{
	void *input, *progress;
	uint64_t n;

	if (!map_region(BOX_FD_INPUT, PROT_READ, &input, &w->input_size, err) ||
		!map_region(BOX_FD_OUTPUT, PROT_NONE, NULL, &w->output_size, err) ||
		!map_region(BOX_FD_PROGRESS, PROT_READ | PROT_WRITE, &progress, &n, err))
		return false;
	if (n < sizeof(*w->progress))
		return err_set(err, ERR_BOX, "the progress page is too small");
	w->input = input;
	w->progress = progress;
	return true;
}

/* Tables that libraries load when first used: later no file can be opened. */
static void warm_up(void)
{
	struct arena a = {0};
	struct str name;

	(void)sha256_of(STR(""));
	unpack_warm_up();
	(void)domain_suffixes_version();
	(void)domain_registrable(STR("www.example.co.uk"));
	(void)domain_has_known_tld(STR("example.com"));
	(void)domain_to_ascii(&a,
		STR("b\xc3\xbc"
		    "cher.example"),
		&name);
	(void)domain_to_unicode(&a, STR("xn--bcher-kva.example"), &name);
	arena_release(&a);
}

/* Standard streams lead nowhere; whatever else was inherited is closed. */
static void close_others(void)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		(void)dup2(null, STDIN_FILENO);
		(void)dup2(null, STDOUT_FILENO);
#if !defined(__SANITIZE_ADDRESS__)
		(void)dup2(null, STDERR_FILENO);
#endif
	}
	(void)close_range(BOX_FD_PROGRESS + 1, ~0u, 0);
}

/* What stands behind "--" are names of hosts; returns where it stands. */
static int take_hosts(struct worker *w, int argc, char **argv)
{
	struct str *hosts = calloc((size_t)argc, sizeof(*hosts));
	int dashes = 4;

	if (!hosts)
		BUG("out of memory");
	while (dashes < argc && strcmp(argv[dashes], "--") != 0)
		dashes++;
	for (int i = dashes + 1; i < argc; i++)
		hosts[w->mail.n_own++] = str_of(argv[i]);
	w->mail.own_hosts = hosts;
	return dashes;
}

/* The recorded keys of DKIM, where a folder of formats has them; those of the last one count. */
static bool load_keys(struct worker *w, char *const *folders, int n, struct err *err)
{
	struct buf text = {0};
	char path[4096];

	for (int i = n; i > 0 && !w->mail.keys; i--) {
		snprintf(path, sizeof(path), "%s/dkim.keys", folders[i - 1]);
		if (access(path, F_OK))
			continue;
		if (!file_read(AT_FDCWD, path, LIMIT_YAML_BYTES, &text, err))
			return false;
		w->mail.keys = dkim_keys_read(buf_view(&text), err);
		buf_release(&text);
		if (!w->mail.keys)
			return err_in(err, "'%s'", path);
	}
	return true;
}

static bool start(struct worker *w, int argc, char **argv, struct err *err)
{
	uint64_t version, cpu_ms, memory;

	if (argc < 4 || !str_u64(str_of(argv[1]), &version) || !str_u64(str_of(argv[2]), &cpu_ms) ||
		!str_u64(str_of(argv[3]), &memory))
		return err_set(err, ERR_USAGE, "this program is started by spoor");
	if (version != BOX_VERSION)
		return err_set(err, ERR_BOX, "spoor-worker is of another version than spoor");
	if (cpu_ms == 0 || cpu_ms > UINT32_MAX / 64)
		cpu_ms = LIMIT_WORKER_CPU_SECONDS * 1000;
	if (!map_regions(w, err))
		return false;
	int hosts = take_hosts(w, argc, argv);
	if (!formats_load((const char *const *)(argv + 4), (size_t)(hosts - 4), &w->formats, err))
		return false;
	if (!load_keys(w, argv + 4, hosts - 4, err))
		return false;
	warm_up();
	close_others();
	w->pid = getpid();
	w->cpu_ms = (unsigned)cpu_ms;
	w->box = (struct sandbox){
		.file_bytes = w->output_size,
		.job_bytes = memory ? memory : LIMIT_WORKER_BYTES,
		/* A batch has many records; this only ends what has stopped the watch. */
		.job_cpu_s = (unsigned)(cpu_ms * 32 / 1000 + 1),
	};
	return sandbox_enter(&w->box, err);
}

/* Its own map, one of what is written of it, and what is kept of its keys. */
enum { INTEL_ROOM_FACTOR = 8 };

static bool (*const jobs[])(struct job *) = {
	[BOX_PARSE] = job_parse,
	[BOX_RENDER] = job_render,
	[BOX_SCAN] = job_scan,
	[BOX_DECODE] = job_decode,
	[BOX_UNPACK] = job_unpack,
	[BOX_INTEL] = job_intel,
	[BOX_NORMALISE] = job_normalise,
	[BOX_FORMATS] = job_formats,
	[BOX_PEOPLE] = job_people,
	[BOX_LOOK] = job_look,
	[BOX_NAMES] = job_names,
	[BOX_RULE] = job_rule,
	[BOX_SEARCH] = job_search,
	[BOX_DETECT] = job_detect,
	[BOX_COMBINE] = job_combine,
	[BOX_TRY] = job_try,
};

/*
 * A mailbox of decades is one job: its limit of processor time grows with it, a second a MiB.  Of
 * intelligence, which is read and written by maps, the address space does, too.
 */
static void allow_for_size(struct worker *w, const struct box_request *rq, struct str description)
{
	struct unpack_job u;
	struct arena a = {0};
	struct intel_job in;

	if (rq->job == BOX_INTEL && intel_job_unpack(&a, description, &in) &&
		in.size >> 20 < UINT32_MAX / 4) {
		w->box.job_cpu_s += (unsigned)(in.size >> 20);
		w->box.job_bytes += in.size * INTEL_ROOM_FACTOR;
	}
	arena_release(&a);

	if (rq->job == BOX_UNPACK && unpack_job_unpack(description, &u) &&
		u.size >> 20 < UINT32_MAX / 4)
		w->box.job_cpu_s += (unsigned)(u.size >> 20);
}

_Noreturn static void child(struct worker *w, const struct box_request *rq)
{
	struct job j = {
		.formats = w->formats,
		.mail = w->mail,
		.raw = {w->input, rq->raw_len},
		.description = {w->input + rq->raw_len, rq->input_len - rq->raw_len},
		.output_room = rq->output_room,
		.progress = w->progress,
	};

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != w->pid)
		_exit(CHILD_NO_BOX);
	close(BOX_FD_SOCKET);
	close(BOX_FD_INPUT);
	close(BOX_FD_PROGRESS);
	watch_start(w->progress, w->cpu_ms);
	allow_for_size(w, rq, j.description);
	if (!sandbox_child(&w->box))
		_exit(CHILD_NO_BOX);
	if (!jobs[rq->job](&j))
		_exit(CHILD_REFUSED);
	w->progress->output_len = j.output_len;
	_exit(CHILD_DONE);
}

static enum box_status status_of(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return BOX_LOOPED;
	if (WIFSIGNALED(status)) /* SIGKILL: by the kernel, which had no memory left */
		return WTERMSIG(status) == SIGKILL ? BOX_STARVED : BOX_CRASHED;
	switch (WEXITSTATUS(status)) {
	case CHILD_DONE:
		return BOX_OK;
	case CHILD_REFUSED:
		return BOX_REFUSED;
	case CHILD_LOOPED:
		return BOX_LOOPED;
	case CHILD_STARVED:
		return BOX_STARVED;
	case CHILD_NO_BOX:
		return BOX_FAILED;
	}
	/* CHILD_BUG, or a status that is none of ours: something else called exit. */
	return BOX_CRASHED;
}

static struct box_reply run(struct worker *w, const struct box_request *rq, int n_fds)
{
	struct box_reply r = {.version = BOX_VERSION, .status = BOX_FAILED, .tag = rq->tag};
	int status;

	w->progress->record = UINT32_MAX;
	w->progress->starved = 0;
	w->progress->output_len = 0;
	pid_t pid = fork();
	if (pid == 0)
		child(w, rq);
	/* Ours are closed at once, so that the child's end is seen as the end of the bytes. */
	for (int i = 0; i < n_fds; i++)
		close(FD_DECODE_IN + i);
	if (pid < 0)
		return r;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return r;
	r.status = status_of(status);
	r.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	r.output_len = w->progress->output_len;
	if (r.status != BOX_OK)
		r.output_len = 0;
	else if (r.output_len > rq->output_room)
		r = (struct box_reply){BOX_VERSION, BOX_FAILED, 0, rq->tag, 0, 0};
	return r;
}

static bool request_makes_sense(const struct worker *w, const struct box_request *rq, int n_fds)
{
	return rq->version == BOX_VERSION && rq->job >= BOX_PARSE && rq->job <= BOX_TRY &&
	       rq->raw_len <= rq->input_len && rq->input_len <= w->input_size &&
	       rq->output_room <= w->output_size &&
	       n_fds == (rq->job == BOX_DECODE || rq->job == BOX_UNPACK || rq->job == BOX_INTEL
					? 2
					: 0);
}

/* Returns how many descriptors came with it (they are FD_DECODE_IN and up), or -1 at the end. */
static int receive(struct box_request *ret_rq, bool *ret_whole)
{
	struct iovec iov = {ret_rq, sizeof(*ret_rq)};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control;
	struct msghdr m = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room)};
	ssize_t n;

	while ((n = recvmsg(BOX_FD_SOCKET, &m, 0)) < 0 && errno == EINTR)
		;
	if (n <= 0)
		return -1;
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int n_fds = 0;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		n_fds = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	*ret_whole = n == (ssize_t)sizeof(*ret_rq) && !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC));
	return n_fds;
}

int main(int argc, char **argv)
{
	struct worker w = {0};
	struct err err = {0};
	struct box_hello hello = {.version = BOX_VERSION};

	clearenv();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	bool ready = start(&w, argc, argv, &err);
	hello.ready = ready;
	snprintf(hello.text, sizeof(hello.text), "%s", ready ? w.box.strength : err.msg);
	if (!send_all(&hello, sizeof(hello)) && !ready)
		fprintf(stderr, "spoor-worker: %s\n", err.msg);
	if (!ready)
		return err.code == ERR_USAGE ? 2 : 1;
	for (;;) {
		struct box_request rq = {0};
		bool whole = false;
		int n_fds = receive(&rq, &whole);
		if (n_fds < 0)
			_exit(0);
		struct box_reply r = {BOX_VERSION, BOX_REFUSED, 0, rq.tag, 0, 0};
		if (whole && request_makes_sense(&w, &rq, n_fds))
			r = run(&w, &rq, n_fds);
		else
			for (int i = 0; i < n_fds; i++)
				close(FD_DECODE_IN + i);
		if (!send_all(&r, sizeof(r)))
			_exit(0);
	}
}
